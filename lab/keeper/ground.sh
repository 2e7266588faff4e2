# shellcheck shell=sh
# What a lab stands on outside of its namespaces, and how it is removed: control groups, a few settings of the kernel that no
# namespace holds, and the state folder. Sourced by keeper.sh and sweep.sh, which have set STATE.

# The control groups of a lab are named after it; a lab in another folder (a test's) has others.
case $STATE in
  /var/tmp/k3s-gpu-actions-lab) NAME=k3s-gpu-actions-lab ;;
  *) NAME=k3s-gpu-actions-lab-$(printf %s "$STATE" | cksum | cut -d ' ' -f 1) ;;
esac

say() { printf '%s\n' "$*" >&2; }

# When process PID started, in clock ticks since boot: with the pid it names one process, however often pids are used again.
start_of() {
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  # The second field is the program's name and may hold anything; the twentieth word after it is the start.
  # shellcheck disable=SC2086
  set -- ${stat##*) }
  shift 19
  printf '%s\n' "$1"
}

# One value of the one-line owner file.
owner_value() { sed -n "s/.*\"$1\":\"\\{0,1\\}\\([^\",}]*\\).*/\\1/p" "$STATE/owner" 2>/dev/null; }

# Whether the keeper that the owner file names is alive: same boot, same pid, same start.
keeper_lives() {
  [ "$(owner_value boot)" = "$(cat /proc/sys/kernel/random/boot_id)" ] || return 1
  start=$(start_of "$(owner_value pid)") && [ "$start" = "$(owner_value start)" ]
}

# The lab's control groups, one for each hierarchy. Version 1 has several, and each is made below the one we are in.
# Version 2 alone has one, made below the root: a group that has processes, as ours has, may not hand controllers down.
# (Version 2 alone is not yet run.)
group_folders() {
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then printf '%s\n' "/sys/fs/cgroup/$NAME"; else
    folders_in /proc/self/cgroup | sed "s|\$|/$NAME|"
  fi
}

# Folders of the control groups that a /proc/PID/cgroup names.
folders_in() {
  while IFS=: read -r _ controllers path; do
    case $controllers in
      '') base=/sys/fs/cgroup && [ -e $base/cgroup.controllers ] || base=/sys/fs/cgroup/unified ;;
      name=*) base=/sys/fs/cgroup/${controllers#name=} ;;
      *) base=/sys/fs/cgroup/$controllers ;;
    esac
    if [ -d "$base$path" ]; then printf '%s\n' "${base}${path%/}"; fi
  done <"$1"
}

make_groups() {
  group_folders >"$STATE/cgroups"
  control=/sys/fs/cgroup/cgroup.subtree_control
  if [ -e $control ]; then
    cat $control >"$STATE/controllers"
    tr ' ' '\n' </sys/fs/cgroup/cgroup.controllers | while read -r controller; do
      printf '+%s' "$controller" 2>/dev/null >$control || say "control group controller $controller cannot be handed down"
    done
  fi
  while read -r group; do
    mkdir -p "$group" || return 1
    # A cpuset has no processors until it is told.
    for file in cpuset.cpus cpuset.mems; do
      if [ -w "$group/$file" ] && [ -z "$(cat "$group/$file")" ] && [ ! -e "$group/cgroup.controllers" ]; then
        cat "${group%/*}/$file" >"$group/$file"
      fi
    done
  done <"$STATE/cgroups"
}

# Removes the groups and whatever was made in them, deepest first. The kernel takes a moment to let go of processes that it
# ended, so a bounded number of attempts; who still lives in them after the first belongs to the lab and is ended.
remove_groups() {
  attempt=0
  while [ $attempt -lt 200 ]; do
    left=
    while read -r group; do
      case $group in
        /sys/fs/cgroup/*"/$NAME" | "/sys/fs/cgroup/$NAME") ;;
        *) continue ;;
      esac
      [ -d "$group" ] || continue
      # A frozen process does not even die.
      find "$group" -name freezer.state -exec sh -c 'for file do echo THAWED >"$file"; done' sh {} + 2>/dev/null
      find "$group" -depth -type d -exec rmdir {} + 2>/dev/null
      [ -d "$group" ] || continue
      left="$left $group"
      if [ $attempt -gt 0 ]; then
        find "$group" -name cgroup.procs -exec cat {} + 2>/dev/null | while read -r pid; do
          if [ "$pid" -gt 1 ]; then kill -KILL "$pid" 2>/dev/null; fi
        done
      fi
    done <"$STATE/cgroups"
    [ -n "$left" ] || break
    attempt=$((attempt + 1))
    sleep 0.05
  done
  if [ -n "$left" ]; then say "control groups that cannot be removed:$left"; fi
  if [ -s "$STATE/controllers" ]; then
    tr ' ' '\n' </sys/fs/cgroup/cgroup.subtree_control | while read -r controller; do
      case " $(cat "$STATE/controllers") " in
        *" $controller "*) ;;
        *) printf '%s' "-$controller" 2>/dev/null >/sys/fs/cgroup/cgroup.subtree_control ;;
      esac
    done
  fi
  [ -z "$left" ]
}

# Settings of the whole machine that a lab's programs are known to write: the kubelet's (container manager, "kernel
# tunables") and those of systemd as the first process of a host with a writable /proc/sys.
SETTINGS='kernel/panic kernel/panic_on_oops kernel/keys/root_maxkeys kernel/keys/root_maxbytes vm/overcommit_memory
  vm/panic_on_oom kernel/core_pattern kernel/core_uses_pid kernel/pid_max kernel/sysrq kernel/printk fs/nr_open fs/file-max
  fs/protected_hardlinks fs/protected_symlinks fs/protected_regular fs/protected_fifos'

save_settings() {
  for setting in $SETTINGS; do
    if [ -r "/proc/sys/$setting" ]; then printf '%s %s\n' "$setting" "$(cat "/proc/sys/$setting")"; fi
  done >"$STATE/settings"
}

restore_settings() {
  [ -r "$STATE/settings" ] || return 0
  while read -r setting value; do
    if [ "$(cat "/proc/sys/$setting")" != "$value" ]; then printf '%s\n' "$value" >"/proc/sys/$setting"; fi
  done <"$STATE/settings"
}

# Removes the state folder, and nothing that only looks like one: a real folder of root's that holds an owner file.
remove_state() {
  if [ -L "$STATE" ] || [ ! -d "$STATE" ] || [ ! -f "$STATE/owner" ] || [ ! -O "$STATE" ]; then
    say "$STATE is not a lab's: it is left as it is"
    return 1
  fi
  rm -rf --one-file-system -- "$STATE"
}
