# shellcheck shell=sh
# The constant program of every session: sh -c '<this>' k3s-gpu-actions '<inner.sh>'.
# It decides how the script becomes root, starts it under a time limit, and reads nothing of the script itself.
#
# Standard input:  1 sudo password (may be empty)   2 user | root | root-if-possible   3 time limit in seconds
#                  4 open | closed: whether the runner keeps the input open while the script runs
#                  5 the sudo password again, for the sudo that runs the script   6 the rest belongs to inner.sh
# The password comes twice because a wrong one must meet an input of its own: sudo asks up to three times and would
# take the lines of the script as further guesses. Only the second copy stands before the script, and sudo, which
# reads byte by byte, takes exactly that line. Where sudo does not need it, it is read away here.
#
# The text is handed to an unknown login shell inside single quotes, so it holds no single quote and no
# backslash.

refuse() {
  cat <<END
{"error":"$1","message":"$2"}
END
  # A runner that wrote everything at once sees an error of its own when nobody reads it.
  if [ "$input" = closed ]; then cat >/dev/null; fi
  exit 77
}

# What sudo said, as text that needs no escapes in JSON.
plain() {
  printf %s "$1" | LC_ALL=C tr -c "[:alnum:] .,:;()/_=+@-" " " | cut -c 1-300
}

classify() {
  case $1 in
    *"not in the sudoers"* | *"not allowed"* | *"may not run"* | *"afraid I can"*) problem=sudo-not-allowed ;;
    *"have a tty"* | *"a terminal is required"*) problem=sudo-needs-tty ;;
    *) problem=$2 ;;
  esac
}

# Sets state to root, passwordless, password or none; with none also problem and said.
find_root() {
  if [ "$(id -u)" = 0 ]; then
    state=root
    return
  fi
  state=none
  if [ -z "$(command -v sudo)" ]; then
    problem=sudo-missing said="there is no sudo on this host"
  elif said=$(LC_ALL=C sudo -n true 2>&1 </dev/null); then
    state=passwordless
  elif [ -z "$password" ]; then
    classify "$said" sudo-password-required
  elif said=$(printf %s "$password$newline" | LC_ALL=C sudo -k -S -p "" true 2>&1); then
    # -k: a remembered authentication must not hide that the password is wrong, and sudo will take the second copy.
    state=password
  else
    classify "$said" sudo-password-wrong
  fi
}

inner=$1 state="" problem="" said=""
newline="
"
IFS= read -r password || exit 74
IFS= read -r privilege || exit 74
IFS= read -r seconds || exit 74
IFS= read -r input || exit 74

if [ "$privilege" != user ]; then
  find_root
  if [ "$privilege" = root ] && [ "$state" = none ]; then refuse "$problem" "$(plain "$said")"; fi
fi
if [ "$state" != password ]; then IFS= read -r password; fi
password=""

if [ -z "$(command -v timeout)" ]; then refuse timeout-missing "there is no timeout command on this host"; fi
set -- "$seconds" sh -c "$inner" k3s-gpu-actions "$inner" "$state" "$problem"
# Older busybox has no -k.
if timeout -k 1 5 true >/dev/null 2>&1; then set -- -k 5 "$@"; fi

case $state in
  passwordless) sudo -n timeout "$@" ;;
  password) sudo -k -S -p "" timeout "$@" ;;
  *) timeout "$@" ;;
esac
status=$?
if [ "$input" = closed ]; then cat >/dev/null; fi
exit "$status"
