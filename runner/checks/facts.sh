# shellcheck shell=sh disable=SC2034 # what is set here the files beside this one read
# Which runners are on this machine, and what is known of one of them before anything is judged.

has() { command -v "$1" >/dev/null 2>&1; }

# limited COMMAND...: a program that may hang must not keep the report.
limited() {
  if has timeout; then timeout 10 "$@"; else "$@"; fi
}

# value_of KEY TEXT: of lines `KEY=value`; the last one counts.
value_of() {
  printf '%s\n' "$2" | sed -n "s/^$1=//p" | tail -n 1
}

# names_of TEXT: names of its variables, one a line; never a value.
names_of() {
  printf '%s\n' "$1" | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/\1/p' | sort -u
}

# runner_units: services that svc.sh of a runner installed (actions/runner: src/Misc/layoutbin/systemd.svc.sh.template,
# named `actions.runner.<owner>-<repository>.<name>.service`).
runner_units() {
  for _unit in "$ROOT"/etc/systemd/system/actions.runner.*.service; do
    if [ ! -f "$_unit" ] || [ -L "$_unit" ]; then continue; fi
    printf '%s\n' "${_unit##*/}"
  done
}

# unit_setting UNIT KEY: as it stands in the unit file.
unit_setting() {
  text_of "/etc/systemd/system/$1" | sed -n "s/^$2=//p" | head -n 1
}

# field KEY: of the runner's settings `.runner`, JSON that the runner wrote. A quote inside a value is escaped there, so the
# quotes around the key cannot be forged by a name of a runner or a group.
field() {
  _letter=$(printf '%s' "$1" | cut -c1)
  _upper=$(printf '%s' "$_letter" | tr '[:lower:]' '[:upper:]')
  printf '%s' "$settings" | tr '\n\r' '  ' |
    sed -n "s/.*\"[$_letter$_upper]${1#?}\"[ ]*:[ ]*\(\"\([^\"\\\\]*\)\"\|\([a-z0-9]*\)\).*/\2\3/p" | head -n 1
}

# know_runner UNIT FOLDER USER: sets everything that the checks ask. Fails when the user is not there.
know_runner() {
  unit=$1 folder=$2 user=$3
  uid=$(id -u -- "$user" 2>/dev/null) || return 1
  case $uid in '' | *[!0-9]*) return 1 ;; esac
  gids=" $(id -G -- "$user" 2>/dev/null) "
  groups=$(id -Gn -- "$user" 2>/dev/null) || groups=''
  home=$(getent passwd "$user" 2>/dev/null | head -n 1 | cut -d: -f6) || home=''
  settings=$(text_of "$folder/.runner") || settings=''
  # What every job gets: read line by line by the listener, names and values split at the first `=` (Program.cs, LoadAndSetEnv).
  environment=$(text_of "$folder/.env" | tr -d '\r') || environment=''
  _work=$(field workFolder)
  case ${_work:-_work} in
    /*) work=$_work ;;
    *) work=$folder/${_work:-_work} ;;
  esac
  is_ephemeral=no
  [ "$(field ephemeral)" != true ] || is_ephemeral=yes
  unit_properties=''
  if [ -n "$unit" ] && has systemctl; then
    unit_properties=$(limited systemctl show "$unit" --property=ActiveState,UnitFileState,NoNewPrivileges,PrivateTmp,ProtectSystem,ProtectHome,InaccessiblePaths,KillMode,Environment 2>/dev/null) || unit_properties=''
  fi
}
