# shellcheck shell=sh
# What the host says about itself, one line a fact, in one round trip. Changes nothing. Every fact is gathered in a
# subshell of its own, so that one that cannot be had costs only itself. Files under "$ROOT/proc" and "$ROOT/sys" are
# preferred to programs: they are there on every host and cost no process. Most facts are in survey-*.sh beside this file.
# A distribution appends its own part as a function survey_distribution, and may name in data_folders where it keeps its
# data and in kernel_modules what it needs of the kernel. After it come survey_prerequisites and
# survey_gpu_runtime, where somebody appended them.

# first FILE: its first line; fails when there is none.
first() {
  [ -r "$1" ] || return 1
  IFS= read -r _first <"$1" || [ -n "${_first:-}" ] || return 1
  printf '%s\n' "$_first"
}

mark=$(printf '\001')

# limited SECONDS COMMAND...: a program that may hang on a broken driver or file system.
limited() {
  if has timeout; then timeout "$@"; else
    shift
    "$@"
  fi
}

# asked SECONDS COMMAND...: prints what it says, on standard error too, and ends as it did; 124 when it did not answer in
# time. A broken driver can keep a program from ever being killed, so nobody waits for the program itself: its words and
# then its code come through a pipe, into which a second process writes 124 when the time is over. \001 begins that line.
# Of its words 1024 lines are kept and of each 512 bytes, by sed, because a shell needs minutes for a line of megabytes. Not by
# awk: mawk waits until it has read 4 KiB or all there is, and a program that cannot be killed keeps the pipe open. An empty line comes
# after the last one, because busybox's sed looks at a line only when it has the next one.
asked() (
  limit=$1
  shift
  {
    {
      "$@" </dev/null 2>&1 &
      program=$!
      {
        trap 'kill "$pause"; exit' TERM
        sleep "$limit" &
        pause=$!
        wait "$pause"
        printf '\n\001124\n\n'
        kill -s KILL "$program"
      } &
      watch=$!
      code=0
      wait "$program" || code=$?
      printf '\n\001%s\n\n' "$code"
      kill "$watch"
    } 2>/dev/null &
  } | sed -n -e "/^${mark}[0-9][0-9]*\$/{p;q;}" -e "/^$mark/d" -e '1025,$d' -e 's/^\(.\{512\}\).*/\1/' -e p | {
    said='' code=''
    while [ -z "$code" ] && IFS= read -r line; do
      case $line in
        "$mark"*) code=${line#"$mark"} ;;
        *) said="$said$line
" ;;
      esac
    done
    printf '%s' "$said"
    exit "${code:-124}"
  }
)

survey_clock() {
  clock=$(date +%s%3N)
  case $clock in
    # busybox knows no %N.
    *[!0-9]* | ?????????? | '') clock=$(date +%s)000 ;;
  esac
  emit fact clock ms:n "$clock"
}

main() {
  for part in clock identity os read_only kernel init privilege cgroup memory ports disks route addresses resolver selinux \
    modules kubernetes firewall sshd runtimes gpu; do
    ("survey_$part") || :
  done
  if command -v survey_distribution >/dev/null 2>&1; then survey_distribution; fi
  if command -v survey_prerequisites >/dev/null 2>&1; then survey_prerequisites; fi
  if command -v survey_gpu_runtime >/dev/null 2>&1; then survey_gpu_runtime; fi
}
