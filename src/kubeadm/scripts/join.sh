# shellcheck shell=sh
# shellcheck disable=SC2034 # read by change-log.sh
# shellcheck disable=SC2154 # assigned by kubeadm-files.sh, change-log.sh and follow-unit.sh
# `kubeadm join` as the start of the kubelet: change-log.sh and kubeadm-files.sh before it, follow-unit.sh after it.
# RUN_ID, HOLDER, LOCK_WAIT and JOIN_LIMIT (seconds), ENDPOINT (host:port). CONFIG, a secret: kubeadm's configuration, with the token.
# It goes to kubeadm on standard input: never into an argument, which every user of the machine can read, nor into a file.

program='' program_told=no

# Nothing is ever joined over: what is here was looked at, and has been taken back where it was ours.
prepare_start() {
  check_run_id
  has kubeadm || die kubeadm-missing 'there is no kubeadm on this host'
  take_lock
  for path in $join_files; do
    if is_there "$path"; then die kubeadm-joined-already "$path is there: this machine is, or was, a node of a cluster"; fi
  done
  open_log
  report_interrupted
  note 'step start'
  # A kubelet that has no configuration yet is started again and again by systemd; what that one says is not about this join. kubeadm
  # stops it as well.
  timeout 40 systemctl stop "$unit" >/dev/null 2>&1 || :
  keep_settings
  note "joining $ENDPOINT"
}

tell_program() {
  while IFS= read -r line || [ -n "$line" ]; do
    emit event journal source kubeadm text "$line"
    line=''
  done
}

# kubeadm in the group of this script, so that whatever ends the script ends kubeadm: GNU timeout would else make a group of its own.
run_program() {
  foreground=''
  if timeout --foreground 5 true >/dev/null 2>&1; then foreground=--foreground; fi
  code=0
  # shellcheck disable=SC2086 # none or one word
  printf '%s' "$CONFIG" | timeout $foreground "$JOIN_LIMIT" kubeadm join --config /dev/stdin >"$folder/program" 2>&1 || code=$?
  printf '%s\n' "$code" >"$folder/code.new"
  mv -f "$folder/code.new" "$folder/code"
}

start_by_program() {
  mkfifo "$folder/program"
  tell_program <"$folder/program" 9>&- &
  teller=$!
  run_program </dev/null &
  program=$!
  CONFIG=''
  followers="$followers $teller $program"
}

# Its last line is told before its end is.
look_at_program() {
  if [ "$program_told" = yes ] || [ ! -f "$folder/code" ]; then return 0; fi
  read -r code <"$folder/code" || return 0
  for _look in 1 2 3 4 5 6 7 8 9 10; do
    kill -0 "$teller" 2>/dev/null || break
    sleep 0.1 2>/dev/null || sleep 1
  done
  program_told=yes
  if [ "$code" = 0 ]; then
    note finished
    changed=yes
    discard_older
  fi
  emit event ended program kubeadm status:n "$code"
}
