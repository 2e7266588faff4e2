# shellcheck shell=sh
# shellcheck disable=SC2034 # used by the scripts that are appended
# shellcheck disable=SC2154 # unit, unit_path and runs_folder are assigned by the room's own script before this one
# The host's locks and the change log, for the scripts of a room that change a host or take a change back.
# Before it, the room sets: unit (whose state is written down), unit_path, runs_folder (of its change logs).
#
# Everything that a run changes is written down before it is changed, with a backup, so that it can be taken back even
# when the run is killed between two lines. Lines of <runs_folder>/<run-id>/log, paths without ROOT:
#   unit NAME STATE PID     how the unit was before the first change
#   continues RUN           that one was interrupted; this one sets right what it left, and is taken back together with it
#   step NAME               what follows belongs to this step
#   created PATH            was not there    replaced N PATH    backups/N is what was there
#   folder PATH             was not there    temporary PATH     only there between two moments
#   reload                  systemd read its units again        finished    every step ended well
# A room may have lines of its own (note_before, called when a log is begun). The apply script of a room sets changed=yes
# when a step changed something. undo-log.sh follows a log backwards.

state=$ROOT/var/lib/k3s-gpu-actions
lock=$ROOT/run/k3s-gpu-actions.lock

check_run_id() {
  case $RUN_ID in
    '' | [!A-Za-z0-9]* | *[!A-Za-z0-9._-]*) die bad-run-id 'the id of a run has only letters, digits, dots, dashes and underscores' ;;
  esac
  run=$runs_folder/$RUN_ID
}

# take_lock: of one script, or of a whole run (hold.sh). The kernel keeps the lock for as long as this process or a child of it lives, however they end. Polled, because
# busybox's flock cannot wait for a limited time.
take_lock() {
  has flock || die lock-unavailable 'there is no flock command on this host (package util-linux), so nothing keeps two runs apart'
  mkdir -p "$ROOT/run"
  (: >>"$lock") 2>/dev/null || die lock-unavailable "the lock file ${lock#"$ROOT"} cannot be written"
  exec 9>>"$lock"
  deadline=$(($(date +%s) + LOCK_WAIT)) waiting=no
  while :; do
    code=0
    flock -n 9 2>/dev/null || code=$?
    if [ "$code" = 0 ]; then break; fi
    if [ "$code" != 1 ]; then die lock-unavailable "flock ended with exit code $code"; fi
    holder=''
    IFS= read -r holder <"$lock" 2>/dev/null || :
    if [ "$(date +%s)" -ge "$deadline" ]; then
      die host-locked "another run holds this host: ${holder:-it left no name} (waited $LOCK_WAIT s)"
    fi
    if [ "$waiting" = no ]; then emit waiting_for "$holder" && waiting=yes; fi
    sleep 0.2 2>/dev/null || sleep 1
  done
  # shellcheck disable=SC2153 # HOLDER comes from the runner, holder from the file
  printf '%s, since %s\n' "$HOLDER" "$(date -u '+%Y-%m-%d %H:%M:%S UTC')" >"$lock"
  on_stop forget_holder
}

forget_holder() { : >"$lock"; }

note() { printf '%s\n' "$*" >>"$run/log"; }

is_there() { [ -e "$ROOT$1" ] || [ -L "$ROOT$1" ]; }

# unit_property NAME: as systemd knows it now; empty when it does not answer.
unit_property() {
  timeout 10 systemctl show "$unit" -p "$1" 2>/dev/null | sed -n "s/^$1=//p"
}

is_running() {
  case $1 in active | activating | reloading | refreshing) return 0 ;; esac
  return 1
}

# SELinux labels a file by where it is made, and ours are made under temporary names.
relabel() {
  if has restorecon; then restorecon "$ROOT$1" >/dev/null 2>&1 || :; fi
}

# open_log: the folder of this run. Another try of the same run goes on in the same log.
open_log() {
  (umask 077 && mkdir -p "$runs_folder" "$run/backups")
  number=0
  if [ ! -e "$run/log" ]; then
    before=$(unit_property ActiveState) pid=$(unit_property MainPID)
    note "unit $unit ${before:-unknown} ${pid:-0}"
    note_before
  fi
}

# preserve PATH [link]: before PATH is made or replaced. With `link` the backup is a second name of the same file: for
# files that are replaced by rename, never written into.
preserve() {
  if ! is_there "$1"; then
    note "created $1"
    return 0
  fi
  while [ -e "$run/backups/$number" ] || [ -L "$run/backups/$number" ]; do number=$((number + 1)); done
  backup=$run/backups/$number
  rm -rf "$backup.part"
  if [ "${2:-}" != link ] || [ -L "$ROOT$1" ] || ! ln "$ROOT$1" "$backup.part" 2>/dev/null; then
    cp -a "$ROOT$1" "$backup.part" || die backup-failed "$1 could not be copied to ${run#"$ROOT"} (is the disk full?)"
  fi
  mv -f "$backup.part" "$backup"
  note "replaced $number $1"
}

# make_folder PATH: with every missing folder above it, 0755 as the installer and k3s make them.
make_folder() {
  if [ -z "$1" ] || [ -d "$ROOT$1" ]; then return 0; fi
  make_folder "${1%/*}"
  note "folder $1"
  mkdir "$ROOT$1" 2>/dev/null || die folder-read-only "the folder $1 cannot be made"
  chmod 755 "$ROOT$1"
}

# temporary PATH: sets $temp, a name beside PATH that only this run uses.
temporary() {
  temp_path=${1%/*}/.k3s-gpu-actions.$RUN_ID.new
  temp=$ROOT$temp_path
  note "temporary $temp_path"
  rm -f "$temp" 2>/dev/null || :
  (umask 077 && : >"$temp") 2>/dev/null || die folder-read-only "nothing can be written to ${1%/*} (read-only file system?)"
}

# replace PATH: $temp becomes PATH in one step. When no restart follows, the running agent needs none for it: then the
# file keeps the time of its former version, or has that of the unit, so that no survey takes it for pending. The unit
# itself waits for the reload: by its time systemd tells that it has to read it again.
replace() {
  if [ "${RESTART:-yes}" = no ] && [ "$1" != "$unit_path" ]; then
    if is_there "$1"; then touch -r "$ROOT$1" "$temp"; elif is_there "$unit_path"; then touch -r "$ROOT$unit_path" "$temp"; fi
  fi
  mv -f "$temp" "$ROOT$1" || die replace-failed "$1 could not be replaced"
  relabel "$1"
}

# Folders of runs that did not end, the newest first, and the temporary files that they left. This run sets right what
# they changed, and belongs to them when it is undone. Those that a later run has set right are settled.
report_interrupted() {
  continued=' ' settled=' '
  for _log in "$runs_folder"/*/log; do
    if grep -qs '^finished' "$_log"; then settled="$settled$(sed -n 's/^continues //p' "$_log" | tr '\n' ' ')"; fi
  done
  # shellcheck disable=SC2012 # names of runs hold letters, digits and dashes only
  for _name in $(ls -1t "$runs_folder"/*/log 2>/dev/null | sed 's|.*/\([^/]*\)/log$|\1|'); do
    _folder=$runs_folder/$_name
    if [ "$_folder" = "$run" ] || grep -q '^finished' "$_folder/log"; then continue; fi
    case $settled in *" $_name "*) continue ;; esac
    emit interrupted "$_name" step "$(sed -n 's/^step //p' "$_folder/log" | tail -n 1)"
    sed -n 's/^temporary //p' "$_folder/log" | while IFS= read -r path; do rm -f "$ROOT$path"; done
    note "continues $_name"
    continued="$continued$_name "
  done
}

# The backups of the last run that changed something stay, with those of the runs that it went on from; a run that
# changed nothing must not push them out.
discard_older() {
  if [ "$changed" = no ] && [ "$continued" = ' ' ]; then : >"$run/unchanged"; fi
  for _folder in "$runs_folder"/*; do
    if [ "$_folder" = "$run" ] || [ ! -d "$_folder" ]; then continue; fi
    case $continued in *" ${_folder##*/} "*) continue ;; esac
    if [ ! -e "$run/unchanged" ] || [ -e "$_folder/unchanged" ]; then rm -rf "$_folder"; fi
  done
}
