# shellcheck shell=sh
# shellcheck disable=SC2034 # read by the host's packages.sh
# shellcheck disable=SC2154 # assigned by files.sh and change-log.sh
# What apply.sh and undo.sh ask of the package manager for the toolkit alone; the host's packages.sh comes before it.
may_change=$toolkit_packages

# has_version INSTALLED WANTED: wanted has no revision of the package.
has_version() { case $1 in "$2" | "$2"-*) return 0 ;; esac; return 1; }

# found_version NAME: the newest revision of $VERSION that the package manager can get; nothing when there is none.
found_version() {
  apt-cache madison "$1" 2>/dev/null 9>&- | awk -F '|' -v wanted="$VERSION" '
    { version = $2; gsub(/[ \t]/, "", version) }
    version == wanted || index(version, wanted "-") == 1 { print version; exit }'
}

# refresh own | all: reads the toolkit's repository only, so that a broken one of somebody else is no reason to fail.
refresh() {
  case $MANAGER in
    apt)
      if [ "$1" = own ]; then
        set -- -o "Dir::Etc::SourceList=$ROOT$apt_list" -o Dir::Etc::SourceParts=- -o APT::Get::List-Cleanup=0
      else
        set --
      fi
      # Without this mode a repository that cannot be read is a warning, and apt goes on with what it had.
      patient apt_get -o APT::Update::Error-Mode=any "$@" update || return 1
      # An apt that is too old for the mode says so in words only.
      ! grep -Eqs '^(Err:|W: (Failed to fetch|GPG error|Some index files failed))|NO_PUBKEY' "$run/said"
      ;;
    dnf) patient quietly dnf -q -y --disablerepo='*' --enablerepo=nvidia-container-toolkit makecache ;;
    zypper) patient quietly zypper --non-interactive --gpg-auto-import-keys refresh nvidia-container-toolkit ;;
  esac
}

# held_packages: names, one a line.
held_packages() {
  case $MANAGER in
    apt) apt-mark showhold 2>/dev/null 9>&- ;;
    dnf) dnf -q versionlock list 2>/dev/null 9>&- | sed -n 's/^\(Package name: \)\{0,1\}\([a-z0-9-]*[a-z0-9]\)-[0-9]*:.*/\2/p; s/^Package name: //p' ;;
    zypper) zypper --non-interactive locks 2>/dev/null 9>&- | awk -F '|' 'NR > 2 { gsub(/ /, "", $2); print $2 }' ;;
  esac
}

# hold yes | no NAME
hold() {
  case $MANAGER-$1 in
    apt-yes) quietly apt-mark hold "$2" ;;
    apt-no) quietly apt-mark unhold "$2" ;;
    dnf-yes) quietly dnf -q -y versionlock add "$2" ;;
    dnf-no) quietly dnf -q -y versionlock delete "$2" ;;
    zypper-yes) quietly zypper --non-interactive addlock "$2" ;;
    zypper-no) quietly zypper --non-interactive removelock "$2" ;;
  esac
}
