# sudo 1.9.9, that of Ubuntu 22.04, as a user without a terminal meets it. $STATE/sudo holds: mode, password (0600), delay
# (seconds), stamps of cached credentials.
MODE=$(cat "$STATE/sudo/mode")
CALLER=$(cat "$STATE/user")
PROMPT="[sudo] password for $CALLER: "
INTERACTIVE=true
FROM_STDIN=false
VALIDATE=false
FORGET=false
STAMP=$STATE/sudo/stamp.$PPID

# The options of sudo may be clustered (-nS) and -p, -u, -g, -C take a value, attached or apart.
while [ $# -gt 0 ]; do
  case $1 in
    --)
      shift
      break
      ;;
    --non-interactive) INTERACTIVE=false ;;
    --stdin) FROM_STDIN=true ;;
    --validate) VALIDATE=true ;;
    --reset-timestamp | --remove-timestamp) FORGET=true ;;
    --prompt=*) PROMPT=${1#--prompt=} ;;
    --prompt)
      PROMPT=${2-}
      shift
      ;;
    --user)
      shift
      ;;
    --preserve-env | --preserve-env=* | --set-home | --user=*) ;;
    --*)
      echo "sudo: unrecognized option '$1'" >&2
      exit 1
      ;;
    -?*)
      cluster=${1#-}
      while [ -n "$cluster" ]; do
        rest=${cluster#?}
        case ${cluster%"$rest"} in
          n) INTERACTIVE=false ;;
          S) FROM_STDIN=true ;;
          v) VALIDATE=true ;;
          k | K) FORGET=true ;;
          E | H | b) ;;
          p)
            if [ -n "$rest" ]; then
              PROMPT=$rest
            else
              PROMPT=${2-}
              shift
            fi
            rest=
            ;;
          u | g | C)
            if [ -z "$rest" ]; then shift; fi
            rest=
            ;;
          *)
            echo "sudo: invalid option -- '${cluster%"$rest"}'" >&2
            exit 1
            ;;
        esac
        cluster=$rest
      done
      ;;
    *) break ;;
  esac
  shift
done

if $FORGET; then
  rm -f "$STAMP"
  [ $# -gt 0 ] || $VALIDATE || exit 0
fi
if [ $# -eq 0 ] && ! $VALIDATE; then
  echo "usage: sudo -h | -K | -k | -V" >&2
  exit 1
fi

if [ "$MODE" = requiretty ] && [ "${REHEARSAL_UID-}" != 0 ]; then
  echo "sudo: sorry, you must have a tty to run sudo" >&2
  exit 1
fi

# Asks as sudo does: three times, character by character (read takes no byte after the line's end from a pipe).
authenticate() {
  if ! $INTERACTIVE; then
    echo "sudo: a password is required" >&2
    exit 1
  fi
  if ! $FROM_STDIN; then
    echo "sudo: a terminal is required to read the password; either use the -S option to read from standard input or configure an askpass helper" >&2
    echo "sudo: a password is required" >&2
    exit 1
  fi
  wrong=0
  while [ $wrong -lt 3 ]; do
    printf '%s' "$PROMPT" >&2
    answer=
    if ! IFS= read -r answer && [ -z "$answer" ]; then
      echo >&2
      echo "sudo: no password was provided" >&2
      if [ $wrong -eq 0 ]; then
        echo "sudo: a password is required" >&2
      elif [ $wrong -eq 1 ]; then
        echo "sudo: 1 incorrect password attempt" >&2
      else
        echo "sudo: $wrong incorrect password attempts" >&2
      fi
      exit 1
    fi
    if [ "$answer" = "$(cat "$STATE/sudo/password")" ]; then
      answer=
      $FORGET || : > "$STAMP"
      return 0
    fi
    # pam_unix: whoever was wrong waits (2.0 s each time on a real machine).
    sleep "$(cat "$STATE/sudo/delay")"
    wrong=$((wrong + 1))
    [ $wrong -lt 3 ] && echo "Sorry, try again." >&2
  done
  echo "sudo: 3 incorrect password attempts" >&2
  exit 1
}

if [ "${REHEARSAL_UID-}" != 0 ]; then
  case $MODE in
    passwordless) ;;
    cached)
      # Credentials that somebody entered a moment ago on the same terminal; -k says to ignore them.
      if $FORGET; then authenticate; fi
      ;;
    *)
      if $FORGET || [ ! -e "$STAMP" ]; then authenticate; fi
      ;;
  esac
  if [ "$MODE" = none ]; then
    # 1.9.9's words (plugins/sudoers/logging.c). The 1.9.13 of a Debian 12 was seen to say the first sentence only.
    echo "$CALLER is not in the sudoers file.  This incident will be reported." >&2
    exit 1
  fi
fi
if $VALIDATE && [ $# -eq 0 ]; then exit 0; fi

for word in "$@"; do
  case $word in
    [A-Za-z_]*=*) continue ;;
  esac
  if ! command -v "$word" > /dev/null 2>&1; then
    echo "sudo: $word: command not found" >&2
    exit 1
  fi
  break
done
# env_reset: only what sudo itself sets, and what marks this host as embedded, goes on.
exec env -i HOME="$ROOT/root" USER=root LOGNAME=root SHELL=/bin/sh PATH="$PATH" ROOT="$ROOT" REHEARSAL=1 LANG=C \
  REHEARSAL_UID=0 SUDO_USER="$CALLER" SUDO_UID=1000 SUDO_GID=1000 SUDO_COMMAND="$*" "$@"
