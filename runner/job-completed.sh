#!/bin/sh
# Hook for ACTIONS_RUNNER_HOOK_JOB_COMPLETED: removes what a job of k3s-gpu-actions left because it was killed, and says what.
# After an ordinary job there is nothing, and it says that.
#
# The runner starts it as the last step of every job, as the user of the jobs, with `bash -e` (or sh -e), before it kills what
# is left of the job's processes and empties its _temp (actions/runner: src/Runner.Worker/JobExtension.cs, JobHookProvider.cs,
# TempDirectoryManager.cs). It is not started when the service is stopped or the runner is killed (actions/runner issue 2595);
# a tunnel then ends by itself, and the next job finds an empty _temp.
#
# Only what is this job's is touched: folders of ours in RUNNER_TEMP, which one runner has for itself, and processes that carry
# both the mark of our tunnel (or a Pulumi home in that RUNNER_TEMP) and this job's RUNNER_TRACKING_ID. It always ends with 0:
# another exit code fails the job. Install it where only root writes: docs/runner.md.

# A job may have put folders before PATH (GITHUB_PATH), and that PATH comes here.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
unset CDPATH ENV BASH_ENV LD_PRELOAD 2>/dev/null || :
umask 077
set +e

patience_s=${K3S_GPU_ACTIONS_HOOK_PATIENCE_S:-60}
case $patience_s in '' | *[!0-9]* | ????*) patience_s=60 ;; esac

# Names in RUNNER_TEMP are text of the job. A line of ours begins with our words, and no command is found in it.
safe() {
  printf '%s' "$1" | head -c 400 | tr -c ' -~' '?' | sed 's/##\[/# #[/g'
}
say() { printf 'k3s-gpu-actions: %s\n' "$(safe "$1")"; }
# The text of an annotation is ours alone: fixed words and numbers.
announce() { printf '::warning title=A job of k3s-gpu-actions left something::%s\n' "$1"; }

# started PID: what tells it from a later process with the same number: field 22 of proc_pid_stat(5), counted from behind the
# name, which may hold anything.
started() {
  sed -n '$s/.*) //p' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20
}

# carries PID VARIABLE=VALUE: whole entry of its environment.
carries() { grep -qzxF -- "$2" "/proc/$1/environ" 2>/dev/null; }

# begins PID TEXT: some entry of its environment begins so.
begins() {
  tr '\n\000' ' \n' <"/proc/$1/environ" 2>/dev/null | head -c 1048576 | with=$2 awk 'index($0, ENVIRON["with"]) == 1 { found = 1 } END { exit !found }'
}

# own_processes: of this user, but not this one.
own_processes() {
  find /proc -maxdepth 1 -user "$(id -u)" -name '[1-9]*' 2>/dev/null | sed 's|^/proc/||' | grep -vx -e "$$" -e "$PPID"
}

is_of_this_job() {
  [ -n "${RUNNER_TRACKING_ID:-}" ] && carries "$1" "RUNNER_TRACKING_ID=$RUNNER_TRACKING_ID"
}

# is_over PID STARTED SECONDS: waits until that very process is gone.
is_over() {
  _waited=0
  while [ "$(started "$1")" = "$2" ]; do
    # A zombie holds nothing any more.
    case $(sed -n '$s/.*) \(.\).*/\1/p' "/proc/$1/stat" 2>/dev/null) in Z | X) return 0 ;; esac
    [ "$_waited" -lt $(($3 * 5)) ] || return 1
    sleep 0.2
    _waited=$((_waited + 1))
  done
  return 0
}

tunnels=0
end_tunnel() {
  _started=$(started "$1")
  begins "$1" 'K3S_GPU_ACTIONS_TUNNEL=' || return 0
  [ -n "$_started" ] && [ "$(started "$1")" = "$_started" ] || return 0
  tunnels=$((tunnels + 1))
  kill -s TERM "$1" 2>/dev/null
  is_over "$1" "$_started" 3 || kill -s KILL "$1" 2>/dev/null
}

# A Pulumi CLI that lives after its job has lost nobody but its reader: its update goes on, and holds the stack. It is given
# time, because the runner kills it next, and a killed one leaves the stack locked. A SIGINT ends an update in order, a second one
# at once (pulumi/pulumi: pkg/backend/cancellation_scope.go), and the action that was killed may have sent the first.
updates=0 locked=0
end_update() {
  case $(cat "/proc/$1/comm" 2>/dev/null) in pulumi) ;; *) return 0 ;; esac
  _started=$(started "$1")
  # As the runner names its folder, which may be a link.
  begins "$1" "PULUMI_HOME=$temp/" || begins "$1" "PULUMI_HOME=${RUNNER_TEMP%/}/" || return 0
  [ -n "$_started" ] || return 0
  updates=$((updates + 1))
  say "a Pulumi CLI of this job still runs (process $1); it has $patience_s s to end its update"
  _patience_s=$patience_s
  # One job has one update; who starts many of that name shall not keep the runner.
  patience_s=1
  is_over "$1" "$_started" "$_patience_s" && return 0
  kill -s INT "$1" 2>/dev/null
  is_over "$1" "$_started" "$_patience_s" && return 0
  locked=$((locked + 1))
  say "it did not end; the runner kills it now, and the stack stays locked: pulumi cancel --stack <stack>, after a look that no other update runs"
}

folders=0 stayed=0
remove_folder() {
  _name=${1##*/}
  if [ -L "$1" ]; then
    rm -f -- "$1"
  elif [ -d "$1" ]; then
    # Names alone: what is in the files is nobody's to print.
    _holds=$(find "$1" -type f 2>/dev/null | wc -l)
    # A folder that somebody made unreadable is made readable first; find follows no link.
    find "$1" -type d ! -perm -0700 -exec chmod u+rwx {} + 2>/dev/null
    rm -rf -- "$1" 2>/dev/null
    say "removed $_name from the runner's temporary folder ($_holds files)"
  else
    return 0
  fi
  if [ -e "$1" ] || [ -L "$1" ]; then
    stayed=$((stayed + 1))
    say "$_name could not be removed whole; the runner empties its temporary folder next"
  else
    folders=$((folders + 1))
  fi
}

main() {
  case ${RUNNER_TEMP:-} in
    /?*) ;;
    *)
      say 'RUNNER_TEMP is not set: this is a hook of a self-hosted runner'
      return
      ;;
  esac
  temp=$(cd -- "$RUNNER_TEMP" 2>/dev/null && pwd -P) || {
    say "there is no $RUNNER_TEMP: nothing to do"
    return
  }
  case $temp in
    / | /home | /root | /tmp | /var | /etc | /usr | /opt)
      say "$temp is no temporary folder of a runner: nothing is touched"
      return
      ;;
  esac
  for pid in $(own_processes); do
    is_of_this_job "$pid" || continue
    # More than that no job of ours has; the runner kills them all in a moment.
    [ $((tunnels + updates)) -lt 20 ] || break
    end_update "$pid"
    end_tunnel "$pid"
  done
  # The folder that a living job of this runner would use is this job's: a runner has one job at a time, and it is over.
  for path in "$temp"/k3s-gpu-actions-*; do remove_folder "$path"; done
  if [ -e "${HOME:-/nonexistent}/.pulumi/credentials.json" ]; then
    say 'note: ~/.pulumi/credentials.json is there. A token of Pulumi lies in clear, for every later job; it is none of ours, and stays'
  fi
  if [ $((tunnels + updates + folders + stayed)) -eq 0 ]; then
    say 'this job left nothing of ours'
  else
    say "ended $tunnels processes of tunnels and waited for $updates of Pulumi; removed $folders folders, $stayed stayed"
    announce "processes of tunnels $tunnels, of Pulumi $updates (still running $locked); folders removed $folders, not removed $stayed. A step was killed before it could do that itself: see its log."
  fi
}

main
exit 0
