# shellcheck shell=sh
# shellcheck disable=SC2154 # assigned by change-log.sh and the room's own script
# The package manager, for the scripts of a room that install packages. MANAGER: apt | dnf | zypper. change-log.sh comes before it.
# Before it is used, the room sets may_change: installed packages that an installation may replace (words; empty: none), and
# defines refresh (WHICH lists).
# Lines of its own in the change log, before what they tell of is done:
#   package MANAGER NAME VERSION   what was installed; - for nothing
# apt is proven by tests with the real one. dnf and zypper are written from their manuals and have not run on a real
# machine yet.
# Nothing here may restart a service, ask a question or replace somebody's configuration file:
# - SYSTEMD_OFFLINE keeps the packages' scripts from reloading systemd or starting units, from systemd 237 on (a reload can
#   take the GPU from running containers; NVIDIA/nvidia-container-toolkit:packaging/debian/nvidia-container-toolkit-base.postinst
#   asks for one). What they enable is there after the next boot; who needs it before starts it.
# - needrestart's hook of apt would restart what uses a replaced library.

# Its words are in $run/said. The lock of the host (9) is not for what a package starts.
quietly() {
  env DEBIAN_FRONTEND=noninteractive DEBCONF_NONINTERACTIVE_SEEN=true NEEDRESTART_SUSPEND=1 NEEDRESTART_MODE=l \
    APT_LISTCHANGES_FRONTEND=none APT_LISTBUGS_FRONTEND=none SYSTEMD_OFFLINE=1 LC_ALL=C "$@" >"$run/said" 2>&1 </dev/null 9>&-
}

# The limits are for each connection; the whole is bounded by that of the script.
apt_get() {
  quietly apt-get -q -y -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3 -o Acquire::http::Timeout=30 \
    -o Acquire::https::Timeout=30 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold \
    -o APT::Install-Recommends=false -o APT::Install-Suggests=false "$@"
}

# apt before 1.9.11 knows no DPkg::Lock::Timeout and gives up at once when another one has the lock.
# patient COMMAND...: tries again for two minutes while that is so; one that waits by itself has had them after the first try.
patient() {
  tries=0
  patient_since=$(date +%s)
  while :; do
    code=0
    "$@" || code=$?
    if [ "$code" = 0 ]; then return 0; fi
    if [ "$tries" -ge 24 ] || [ $(($(date +%s) - patient_since)) -ge 110 ] || ! grep -Eqs 'Could not get lock|Unable to (acquire|lock)|is locked by|System management is locked' "$run/said"; then
      return "$code"
    fi
    tries=$((tries + 1))
    sleep 5
  done
}

# What a failed program said: complaints, else the end of it.
emit_said() {
  { grep -E '^(E|W|Err|Error|error|dpkg|gpg|curl):?' "$run/said" || tail -n 12 "$run/said"; } 2>/dev/null | tail -n 12 |
    while IFS= read -r line; do emit evidence "$line"; done
}

# installed_version NAME: prints the version; - when it is not installed, and for what a killed run left half installed
# a word that is no version.
installed_version() {
  case $MANAGER in
    apt)
      # shellcheck disable=SC2016 # dpkg's own variables
      dpkg-query -W -f='${db:Status-Status} ${Version}\n' "$1" 2>/dev/null | awk '
        $1 == "installed" || $1 == "triggers-pending" || $1 == "triggers-awaited" { found = $2; exit }
        $1 != "not-installed" && $1 != "config-files" && found == "" { found = "(" $1 ")" }
        END { print found == "" ? "-" : found }'
      ;;
    *)
      if ! rpm -q --qf '%{VERSION}-%{RELEASE}\n' "$1" >"$run/version" 2>/dev/null; then echo - >"$run/version"; fi
      awk 'NR == 1' "$run/version"
      ;;
  esac
}

# note_packages NAME...: before they are changed, what they are.
note_packages() {
  for name in "$@"; do
    case $name in '' | *[!a-z0-9.+:_~-]*) continue ;; esac
    note "package $MANAGER $name $(installed_version "$name")"
  done
}

# allow_only UPGRADED...: reads apt's simulation in $run/said. Fails, and sets $refused, when it removes a package or
# changes one that is there already and not among the named. $brought: everything that it installs.
allow_only() {
  refused=$(awk -v allowed=" $* " '
    $1 == "Remv" || $1 == "Purg" { print "removes " $2; next }
    $1 == "Inst" && $3 ~ /^\[/ && !index(allowed, " " $2 " ") { print "changes " $2 }' "$run/said" | head -n 8 | tr '\n' ' ')
  brought=$(awk '$1 == "Inst" { print $2 }' "$run/said" | tr '\n' ' ')
  [ -z "$refused" ]
}

# install_packages WHAT...: apt's NAME=VERSION or NAME; dnf's NAME-$VERSION. Simulated first: it may only add packages, and change those named in may_change.
install_packages() {
  case $MANAGER in
    apt)
      set -- --no-install-recommends --allow-downgrades --allow-change-held-packages install "$@"
      patient apt_get -s "$@" || return 1
      # shellcheck disable=SC2086 # words are meant
      if ! allow_only $may_change; then
        die would-disturb "apt would also do this, which nobody asked for: $refused"
      fi
      # shellcheck disable=SC2086
      note_packages $brought
      patient apt_get "$@"
      ;;
    dnf)
      for word in "$@"; do note_packages "${word%-"${VERSION:-}"}"; done
      patient quietly dnf -q -y --setopt=install_weak_deps=False install "$@"
      ;;
    zypper)
      for word in "$@"; do note_packages "${word%%=*}"; done
      patient quietly zypper --non-interactive --gpg-auto-import-keys install --no-recommends --oldpackage "$@"
      ;;
  esac
}

# Packages whose installation was cut off, by a killed run of ours or by somebody else's.
half_installed() {
  # shellcheck disable=SC2016
  dpkg-query -W -f='${db:Status-Status} ${Package}\n' 2>/dev/null |
    awk '$1 == "unpacked" || $1 == "half-configured" || $1 == "half-installed" { print $2 }'
}

# Another program works with dpkg right now. Its locks are those of fcntl, which flock does not see, so the kernel's list is
# read (proc_pid_locks(5)): "3: POSIX  ADVISORY  WRITE 4242 08:02:131102 0 EOF", the last number of the triple being the inode.
is_dpkg_busy() {
  for file in lock-frontend lock; do
    # shellcheck disable=SC2012 # stat has other options on every system
    inode=$(ls -i "$ROOT/var/lib/dpkg/$file" 2>/dev/null | awk '{ print $1 }')
    if [ -n "$inode" ] && grep -Eqs "^[0-9]+: (POSIX|OFDLCK) .*:$inode [0-9]" "$ROOT/proc/locks"; then return 0; fi
  done
  return 1
}

# Sets $half and $cut: what of dpkg's work is not finished, by whomever.
look_at_dpkg() {
  half=$(half_installed) cut=no
  for file in "$ROOT/var/lib/dpkg/updates"/[0-9]*; do if [ -e "$file" ]; then cut=yes; fi; done
}

# settle_packages OURS...: dpkg refuses everything until what was cut off is finished. That may be anything, a kernel or a
# driver; only what a run of ours began is finished here.
settle_packages() {
  if [ "$MANAGER" != apt ]; then return 0; fi
  look_at_dpkg
  if [ -z "$half" ] && [ "$cut" = no ]; then return 0; fi
  # An installation that goes on, as unattended upgrades after a boot, looks just like one that was cut off.
  waited=0
  while is_dpkg_busy; do
    # Longer than that apt says itself who has the lock.
    if [ "$waited" -ge 120 ]; then return 0; fi
    sleep 1
    waited=$((waited + 1))
  done
  look_at_dpkg
  if [ -z "$half" ] && [ "$cut" = no ]; then return 0; fi
  for name in $half; do
    case " $* " in
      *" $name "*) ;;
      *) die dpkg-interrupted "the installation of $name was cut off by somebody else; dpkg does nothing before that is finished" ;;
    esac
  done
  # What was cut off while it was unpacked cannot be configured; the installation unpacks it anew.
  quietly dpkg --force-confdef --force-confold --configure -a || :
}
