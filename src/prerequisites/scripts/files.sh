# shellcheck shell=sh
# shellcheck disable=SC2034 # used by the scripts that are appended
# What the changes for a machine's prerequisites are about. change-log.sh comes after it.
# Lines of its own in the change log, besides those of packages.sh, before what they tell of is done:
#   module NAME                 it was not loaded
#   sysctl KEY VALUE            what the kernel had
#   service UNIT ACTIVE FILE    ActiveState and UnitFileState as they were; - where there was none

runs_folder=$ROOT/var/lib/k3s-gpu-actions/prerequisite-runs
# No unit decides here; the log has the state of this one, which nobody reads.
unit=multi-user.target
unit_path=''
modules_path=/etc/modules-load.d/k3s-gpu-actions.conf
sysctl_path=/etc/sysctl.d/90-k3s-gpu-actions.conf
# Packages are only added.
may_change=''

note_before() { :; }

# One broken repository of somebody else is no reason to fail: what is looked for may stand in another one.
refresh() {
  case $MANAGER in
    apt) patient apt_get update || : ;;
    dnf) patient quietly dnf -q -y makecache || : ;;
    zypper) patient quietly zypper --non-interactive refresh || : ;;
  esac
}

# property UNIT NAME
property() { timeout 10 systemctl show "$1" -p "$2" 2>/dev/null | sed -n "s/^$2=//p"; }

# "net.ipv4.ip_forward" → the file that the kernel has for it.
sysctl_file() { printf '%s/proc/sys/%s' "$ROOT" "$(printf '%s' "$1" | tr . /)"; }

is_loaded() { grep -qs "^$1 " "$ROOT/proc/modules" || [ -d "$ROOT/sys/module/$1" ]; }
