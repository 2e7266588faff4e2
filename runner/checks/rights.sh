# shellcheck shell=sh disable=SC2154 # what is known of the runner is set by facts.sh, options by check-runner-host.sh
# What the runner's user may do with a file, by owner, group and mode of it and of every folder above it. Asked this way
# and not by becoming that user: nothing of the runner's runs while this script runs, often as root.
# Set before: uid, gids (with blanks around each), ROOT.

# mode_for PATH: the three bits of the runner's user as a digit; fails when the file cannot be seen. Never follows a link.
mode_for() {
  _stat=$(stat -c '%u %g %a' -- "$ROOT$1" 2>/dev/null) || return 1
  # shellcheck disable=SC2086 # three numbers
  set -- $_stat
  _mode=$((0$3))
  if [ "$1" = "$uid" ]; then
    echo $((_mode >> 6 & 7))
  else
    case $gids in
      *" $2 "*) echo $((_mode >> 3 & 7)) ;;
      *) echo $((_mode & 7)) ;;
    esac
  fi
}

# parent PATH; empty for what lies in /
parent() {
  printf '%s' "${1%/*}"
}

# is_there PATH: also a link that leads nowhere.
is_there() {
  [ -e "$ROOT$1" ] || [ -L "$ROOT$1" ]
}

# may_reach PATH: whether the user may pass every folder above it. 0 yes, 1 no, 2 it cannot be told.
may_reach() {
  _at=$(parent "$1")
  while [ -n "$_at" ]; do
    _bits=$(mode_for "$_at") || return 2
    [ $((_bits & 1)) -ne 0 ] || return 1
    _at=$(parent "$_at")
  done
}

# has_list PATH: an access list (acl(5)) decides beside the mode; `ls` marks it with a plus.
has_list() {
  # shellcheck disable=SC2012 # one path, and only its first column
  case $(ls -ld -- "$ROOT$1" 2>/dev/null | head -c 11) in ??????????+) return 0 ;; esac
  return 1
}

# real PATH: where it leads to; a link has a mode of its own that says nothing.
real() {
  _real=$(readlink -f -- "$ROOT$1" 2>/dev/null) || _real=$ROOT$1
  printf '%s' "${_real#"$ROOT"}"
}

# may R|W PATH: 0 yes, 1 no, 2 it cannot be told (not seen, or an access list decides).
may() {
  [ "$uid" != 0 ] || return 0
  may_reach "$2" || return $?
  _target=$(real "$2")
  may_reach "$_target" || return $?
  _bits=$(mode_for "$_target") || return 2
  case $1 in r) _bit=4 ;; *) _bit=2 ;; esac
  [ $((_bits & _bit)) -eq 0 ] || return 0
  if has_list "$_target"; then return 2; fi
  return 1
}

# owns PATH: then it may change the mode, too.
owns() {
  [ "$(stat -c '%u' -- "$ROOT$1" 2>/dev/null)" = "$uid" ]
}

# may_replace PATH: whether the user may change the file, or put another in its place. A sticky folder protects what is
# not the user's.
may_replace() {
  if may w "$1"; then return 0; fi
  for _path in "$1" "$(real "$1")"; do
    while [ -n "$_path" ]; do
      if owns "$_path"; then return 0; fi
      _folder=$(parent "$_path")
      [ -n "$_folder" ] || break
      if may w "$_folder" && [ ! -k "$ROOT$_folder" ]; then return 0; fi
      _path=$_folder
    done
  done
  return 1
}

# text_of PATH: at most 64 KiB of a regular file; nothing of a link, a pipe or a device, which somebody may have put there
# for a script that runs as root.
text_of() {
  [ -f "$ROOT$1" ] && [ ! -L "$ROOT$1" ] || return 1
  limited head -c 65536 -- "$ROOT$1" 2>/dev/null | tr -d '\000'
}
