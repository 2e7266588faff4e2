# shellcheck shell=sh disable=SC2154 # what is known of the runner is set by facts.sh, options by check-runner-host.sh
# How the report is written. Whatever the machine says (file names, users, settings) is text of strangers: a job of the
# runner could have put it there, and this script may run inside a step, where GitHub reads every line for commands.

passed=0 warned=0 failed=0 skipped=0

# safe TEXT: one bounded line of printable ASCII that no runner takes for a command. `##[` counts anywhere in a line
# (actions/runner: src/Runner.Common/ActionCommand.cs); `::` only at its start, and every line here starts with a word of ours.
safe() {
  case $1 in
    *[!\ -~]* | *'##['*) ;;
    *)
      if [ ${#1} -le 300 ]; then
        printf '%s' "$1"
        return
      fi
      ;;
  esac
  printf '%s' "$1" | head -c 2000 | tr '\n\t' '  ' | tr -c ' -~' '?' | sed -e 's/##\[/# #[/g' -e 's/^\(.\{300\}\).*/\1 .../'
}

# is_plain TEXT: can be typed as it is.
is_plain() {
  case $1 in '' | -* | *[!A-Za-z0-9/._@:+,=-]*) return 1 ;; esac
}

# typed PATH: as an argument in a remedy. A name that no terminal shows as it is must not be typed, and none is.
typed() {
  if is_plain "$1"; then
    printf '%s' "$1"
  elif [ "$(printf '%s' "$1" | tr -d ' -~' | wc -c)" -eq 0 ]; then
    printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"
  else
    printf '<the path that is shown above>'
  fi
}

_line() {
  [ -z "$2" ] || printf '      %-8s %s\n' "$1" "$(safe "$2")"
}

# pass ID FOUND
pass() {
  passed=$((passed + 1))
  printf 'pass  %-22s %s\n' "$1" "$(safe "$2")"
}

# skip ID WHY
skip() {
  skipped=$((skipped + 1))
  printf 'skip  %-22s %s\n' "$1" "$(safe "$2")"
}

# warn ID FOUND CAUSE REMEDY
warn() {
  warned=$((warned + 1))
  printf 'WARN  %-22s %s\n' "$1" "$(safe "$2")"
  _line cause "$3"
  _line remedy "$4"
}

# fail ID FOUND CAUSE REMEDY
fail() {
  failed=$((failed + 1))
  printf 'FAIL  %-22s %s\n' "$1" "$(safe "$2")"
  _line cause "$3"
  _line remedy "$4"
}

# worst VERDICT ID FOUND CAUSE REMEDY: warn or fail, where that depends.
worst() {
  _verdict=$1
  shift
  "$_verdict" "$@"
}

# verdict: the last line; 1 when anything failed.
verdict() {
  printf '\n%s passed, %s warned, %s failed, %s skipped: ' "$passed" "$warned" "$failed" "$skipped"
  if [ "$failed" -gt 0 ]; then
    printf 'do not let this runner take jobs yet\n'
    return 1
  elif [ "$skipped" -gt 0 ] && [ "$is_root" != yes ]; then
    printf 'nothing wrong was found, but not everything could be seen; run it with sudo\n'
  elif [ "$warned" -gt 0 ]; then
    printf 'usable; read what is warned of\n'
  else
    printf 'fit\n'
  fi
}
