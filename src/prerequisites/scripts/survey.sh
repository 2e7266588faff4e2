# shellcheck shell=sh
# shellcheck disable=SC2154 # assigned by survey.sh of the host
# What a machine has of what it needs besides the agent, for the survey. Changes nothing.
# WANTED_PACKAGES (words, names of all families), WANTED_SERVICES, WANTED_MODULES, WANTED_SYSCTL (keys), WANTED_DISK.

# dpkg and rpm answer for all of them at once; a name that they do not know costs a complaint and nothing else.
prerequisite_packages() {
  manager=$(package_manager)
  list=''
  # shellcheck disable=SC2086,SC2016 # words are meant; the fields are dpkg's own
  case $manager in
    apt)
      list=$(limited 20 dpkg-query -W -f '${Package}\t${db:Status-Status}\t${Version}\n' $WANTED_PACKAGES 2>/dev/null </dev/null | head -c 65536) || :
      ;;
    dnf | zypper)
      list=$(limited 20 rpm -q --qf '%{NAME}\tinstalled\t%{VERSION}-%{RELEASE}\n' $WANTED_PACKAGES 2>/dev/null </dev/null | grep '	installed	' | head -c 65536) || :
      ;;
  esac
  emit fact prerequisites.packages manager "$manager" list "$list"
}

prerequisite_services() {
  for name in $WANTED_SERVICES; do
    shown=$(limited 10 systemctl show "$name" -p LoadState -p ActiveState -p UnitFileState 2>/dev/null </dev/null) || shown=''
    emit fact prerequisites.service name "$name" shown "$shown"
  done
}

prerequisite_modules() {
  release=$(first "$ROOT/proc/sys/kernel/osrelease") || release=$(uname -r)
  folder=$ROOT/lib/modules/$release
  for name in $WANTED_MODULES; do
    state=unknown
    if [ -r "$folder/modules.dep" ]; then
      state=missing
      if cat "$folder/modules.builtin" "$folder/modules.dep" 2>/dev/null | sed -e 's/:.*//' -e 's|.*/||' -e 's/\.ko.*//' -e 's/-/_/g' | grep -qxF "$name"; then state=loadable; fi
    fi
    if grep -qs "^$name " "$ROOT/proc/modules" || [ -d "$ROOT/sys/module/$name" ]; then state=loaded; fi
    emit fact prerequisites.module name "$name" state "$state"
  done
}

prerequisite_sysctl() {
  for key in $WANTED_SYSCTL; do
    file=$ROOT/proc/sys/$(printf '%s' "$key" | tr . /)
    if [ -r "$file" ]; then
      emit fact prerequisites.sysctl key "$key" value "$(head -c 4096 "$file" | tr '\t\n' '  ')" known:n true
    else
      emit fact prerequisites.sysctl key "$key" value '' known:n false
    fi
  done
}

prerequisite_files() {
  for path in /etc/modules-load.d/k3s-gpu-actions.conf /etc/sysctl.d/90-k3s-gpu-actions.conf; do
    if [ -r "$ROOT$path" ]; then emit fact prerequisites.file path "$path" text "$(head -c 16384 "$ROOT$path")"; fi
  done
}

# A mount comes back after a boot when fstab or a unit of somebody's says so; systemd makes units of fstab below /run.
comes_back() {
  if awk -v path="$1" '$1 !~ /^#/ && $2 == path { found = 1 } END { exit !found }' "$ROOT/etc/fstab" 2>/dev/null; then return 0; fi
  grep -lqsx "[[:blank:]]*Where[[:blank:]]*=[[:blank:]]*$1[[:blank:]]*" "$ROOT/etc/systemd/system"/*.mount "$ROOT/usr/lib/systemd/system"/*.mount
}

# Which mount holds a folder, from the kernel's own table: DEVICE MOUNT TYPE OPTIONS; the last of those on one place is the
# one that is seen.
mount_of() {
  awk -v path="$1" '
    { at = $2; prefix = at == "/" ? "/" : at "/" }
    (at == path || index(path "/", prefix) == 1) && length(at) >= longest { longest = length(at); found = $1 " " at " " $3 " " $4 }
    END { print found }' "$ROOT/proc/mounts" 2>/dev/null
}

# Where a path leads, symbolic links followed, without ROOT; itself when it is not there.
real_path() {
  _top=$(cd -P "${ROOT:-/}" 2>/dev/null && pwd -P) || _top=/
  if _real=$(cd -P "$ROOT$1" 2>/dev/null && pwd -P); then printf '%s' "${_real#"${_top%/}"}"; else printf '%s' "$1"; fi
}

prerequisite_disk() {
  if [ -z "$WANTED_DISK" ]; then return 0; fi
  there=false
  if [ -d "$ROOT$WANTED_DISK" ]; then there=true; fi
  boot=false
  if comes_back "$WANTED_DISK"; then boot=true; fi
  # Blocks of 1024 bytes, the mount point last (POSIX).
  free=$(limited 10 df -P -k "$ROOT$WANTED_DISK" 2>/dev/null | awk 'NR == 2 { print $2, $4 }') || free=''
  emit fact prerequisites.disk path "$WANTED_DISK" there:n "$there" boot:n "$boot" \
    mount "$(mount_of "$(real_path "$WANTED_DISK")")" root "$(mount_of /)" total:n "${free% *}" free:n "${free#* }"
}

# https://longhorn.io/kb/troubleshooting-volume-with-multipath: it takes the block devices of volumes for its own.
prerequisite_multipath() {
  shown=$(limited 10 systemctl show multipathd -p ActiveState 2>/dev/null </dev/null) || shown=''
  # A line that keeps it from devices named sd…, as that page has it.
  kept=false
  if grep -qsE '^[[:blank:]]*devnode[[:blank:]]+"\^sd\[a-z0-9\]\+"' "$ROOT/etc/multipath.conf" "$ROOT/etc/multipath/conf.d"/*.conf; then kept=true; fi
  emit fact prerequisites.multipath state "${shown#ActiveState=}" kept:n "$kept"
}

survey_prerequisites() {
  for prerequisite in packages services modules sysctl files disk multipath; do
    ("prerequisite_$prerequisite") || :
  done
}
