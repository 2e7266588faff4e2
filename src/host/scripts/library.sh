# shellcheck shell=sh
# What every script has: emit, die, has, sha256, on_stop, and the guard that ends a script whose runner is gone.
# The guard is a background job, so scripts wait for named pids, never with a bare wait.
# Set before this text: KGA_GROUP (inner.sh), GUARD (input | watch | none), GUARD_PID, GUARD_FILE.
set -eu
LC_ALL=C
export LC_ALL
umask 022

# ROOT belongs to the rehearsal. A variable of that name in somebody's login environment must not lead a script astray.
if [ -z "${REHEARSAL:-}" ]; then
  ROOT=''
  # sudo's and sshd's PATH may lack the places where system programs live.
  PATH="${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
  export PATH
fi
ROOT=${ROOT:-}

has() { command -v "$1" >/dev/null 2>&1; }

# Valid JSON string content for any bytes: broken UTF-8 becomes U+FFFD. One awk a value, only for values that need it.
# awk works on bytes here (LC_ALL=C; mawk and busybox always), and the final x keeps trailing newlines.
_escape() {
  printf '%sx' "$1" | awk '
    BEGIN {
      for (i = 1; i < 256; i++) code[sprintf("%c", i)] = i
    }
    function continues(text, at, low, high,   value) {
      value = at <= length(text) ? code[substr(text, at, 1)] : 0
      return value >= low && value <= high
    }
    # Number of bytes of the well-formed UTF-8 sequence that begins here (Unicode, table 3-7); 0 when it is broken.
    function sequence(text, at, lead) {
      if (lead >= 194 && lead <= 223) return continues(text, at + 1, 128, 191) ? 2 : 0
      if (lead >= 224 && lead <= 239)
        return continues(text, at + 1, lead == 224 ? 160 : 128, lead == 237 ? 159 : 191) && continues(text, at + 2, 128, 191) ? 3 : 0
      if (lead >= 240 && lead <= 244)
        return continues(text, at + 1, lead == 240 ? 144 : 128, lead == 244 ? 143 : 191) && continues(text, at + 2, 128, 191) && continues(text, at + 3, 128, 191) ? 4 : 0
      return 0
    }
    function escaped(text,   out, at, char, value, size) {
      if (text !~ /[^ -~]/) {
        if (text !~ /["\\]/) return text
      }
      out = ""
      for (at = 1; at <= length(text); at += size) {
        char = substr(text, at, 1)
        value = code[char]
        size = 1
        if (char == "\"" || char == "\\") out = out "\\" char
        else if (value < 32 || value == 127) out = out sprintf("\\u%04x", value)
        else if (value < 127) out = out char
        else {
          size = sequence(text, at, value)
          if (size == 0) { out = out "\\ufffd"; size = 1 } else out = out substr(text, at, size)
        }
      }
      return out
    }
    NR > 1 { printf "%s\\n", held }
    { held = escaped($0) }
    END { printf "%s", substr(held, 1, length(held) - 1) }'
}

# emit KEY VALUE [KEY VALUE]...: one JSON object on one line. A key ending in :n takes a number or boolean as it is.
# A text is cut after 160 KiB: somebody's endless line is no answer, and a longer line of ours would end the session.
emit() {
  _line=''
  while [ $# -gt 1 ]; do
    case $1 in
      *:n)
        case $2 in
          true | false) _value=$2 ;;
          '' | - | *[!0-9-]* | ?*-* | 0?* | -0*) _value=null ;;
          *) _value=$2 ;;
        esac
        _line="$_line,\"${1%:n}\":$_value"
        ;;
      *)
        _value=$2
        if [ ${#_value} -gt 163840 ]; then _value=$(printf '%.163840s (cut)' "$_value"); fi
        case $_value in
          *[!A-Za-z0-9\ _.,:\;/=+@%\(\)\[\]{}\<\>\&\|\*?\!\#\$^~\'\`-]*) _value=$(_escape "$_value") ;;
        esac
        _line="$_line,\"$1\":\"$_value\""
        ;;
    esac
    shift 2
  done
  printf '{%s}\n' "${_line#,}"
}

# die CODE MESSAGE...: says why and ends the script. Not inside $(...), which would end only the substitution.
die() {
  _code=$1
  shift
  emit error "$_code" message "$*"
  exit 70
}

if [ -n "${REHEARSAL:-}" ] && [ -z "$ROOT" ]; then die no-root 'REHEARSAL is set and ROOT is empty: refusing to touch this machine'; fi

# sha256 FILE: the hex digest.
sha256() {
  if has sha256sum; then
    _sum=$(sha256sum <"$1") || return 1
  elif has openssl; then
    _sum=$(openssl dgst -sha256 -r <"$1") || return 1
  else
    return 1
  fi
  printf '%s\n' "${_sum%% *}"
}

# on_stop COMMAND: runs when the script ends, however it ends; the last one registered runs first.
_stops=''
on_stop() {
  _stops="{ $1
} || :
$_stops"
}

# Signals come in pairs (the guard signals the group, and timeout, which is in it, does so again). The first one decides;
# one that arrives while the cleanups run must not end them: _status is set by the first command of the exit trap.
_guard=''
_status=''
_stopped=''
_stop() {
  trap '' HUP INT TERM PIPE
  _stopped=yes
  # busybox timeout signals this shell alone; its children must not outlive it.
  if [ "${KGA_GROUP:-shared}" = own ]; then kill -s TERM 0 2>/dev/null || :; fi
  if [ -z "$_status" ]; then exit "$1"; fi
}
# A child that was forked, but had not begun its program yet when the signal came, has lost it: the handler was still the
# shell's. So whoever is left in the group is told again, and killed in the end. Not this shell, timeout above it, or the guard.
_end_stragglers() {
  IFS=' '
  { read -r _seen </proc/$$/stat; } 2>/dev/null || return 0
  # shellcheck disable=SC2086 # words are meant: state, parent, group, …
  set -- ${_seen##*) }
  _own=${3:-}
  for _try in 1 2 3 4 5 6 7 8 9 10; do
    _left=''
    for _stat in /proc/[0-9]*/stat; do
      _pid=${_stat#/proc/}
      _pid=${_pid%/stat}
      case $_pid in "$$" | "$PPID" | "${_guard:-0}") continue ;; esac
      { read -r _seen <"$_stat"; } 2>/dev/null || continue
      # shellcheck disable=SC2086
      set -- ${_seen##*) }
      if [ "${3:-}" = "$_own" ] && [ "${1:-Z}" != Z ] && [ "${2:-0}" != "${_guard:-0}" ]; then _left="$_left $_pid"; fi
    done
    if [ -z "$_left" ]; then return 0; fi
    _signal=TERM
    if [ "$_try" -gt 8 ]; then _signal=KILL; fi
    # shellcheck disable=SC2086
    kill -s "$_signal" $_left 2>/dev/null || :
    sleep 0.1 2>/dev/null || sleep 1
  done
}
_finish() {
  trap '' HUP INT TERM PIPE
  set +e
  eval "$_stops"
  if [ -n "$_stopped" ] && [ "${KGA_GROUP:-shared}" = own ]; then _end_stragglers; fi
  # KILL, because the guard ignores TERM; not before the cleanups, which it must be able to end.
  if [ -n "$_guard" ]; then kill -s KILL "$_guard" 2>/dev/null; fi
  exit "$_status"
}
trap '_status=$?; _finish' EXIT
trap '_stop 129' HUP
trap '_stop 130' INT
trap '_stop 141' PIPE
trap '_stop 143' TERM

# Signal 0 addresses the own process group: this script, its children, and GNU timeout, which then ends what is left.
_end_group() {
  if [ "${KGA_GROUP:-shared}" = own ]; then _target=0; else _target=$$; fi
  kill -s TERM "$_target" 2>/dev/null || :
  # In steps: a machine that stood still for longer (suspended, starved) must not find its cleanups killed unbegun.
  for _step in 1 2 3 4 5; do sleep 1; done
  kill -s KILL "$_target" 2>/dev/null || :
}

# The runner is alive as long as it keeps this script's input open. Reading by the shell itself leaves no child behind.
_guard_input() {
  trap '' HUP INT TERM PIPE
  while IFS= read -r _; do :; done
  _end_group
}

# A local run gets its whole input at once, so the runner's pid and a file that it keeps stand in for it.
_guard_watch() {
  trap '' HUP INT TERM PIPE
  while [ -d "/proc/$GUARD_PID" ] && [ -e "$GUARD_FILE" ]; do sleep 0.2 2>/dev/null || sleep 1; done
  _end_group
}

# Descriptor 3, because a background command's standard input is /dev/null before its own redirections are looked at.
case ${GUARD:-none} in
  input)
    exec 3<&0 </dev/null
    _guard_input <&3 3<&- >/dev/null 2>&1 &
    _guard=$!
    exec 3<&-
    ;;
  watch)
    exec </dev/null
    _guard_watch >/dev/null 2>&1 &
    _guard=$!
    ;;
esac
