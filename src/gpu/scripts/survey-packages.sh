# shellcheck shell=sh
# Part of gpu-runtime's survey: packages of the driver and the toolkit, which of them no upgrade touches, where they come from.

# One program for all packages. dpkg's own record says whether one is held ("hi"), which is what apt-mark shows. The lists
# of dnf and zypper are read as files: their programs take seconds, and may ask the network.
gpu_packages() {
  manager=$(package_manager)
  list='' locks=''
  case $manager in
    apt)
      # shellcheck disable=SC2016 # dpkg-query fills these in
      list=$(limited 20 dpkg-query -W -f '${Package}\t${Version}\t${db:Status-Abbrev}\n' '*nvidia*' 'cuda-drivers*' 2>/dev/null </dev/null | head -c 65536) || list=''
      ;;
    dnf | zypper)
      list=$(limited 20 rpm -qa --qf '%{NAME}\t%{VERSION}-%{RELEASE}\tii\n' '*nvidia*' 'cuda-drivers*' 2>/dev/null </dev/null | head -c 65536) || list=''
      locks=$(cat "$ROOT/etc/dnf/plugins/versionlock.list" "$ROOT/etc/dnf/versionlock.toml" "$ROOT/etc/zypp/locks" 2>/dev/null | head -c 65536) || locks=''
      ;;
  esac
  missing='' bundle=false
  for path in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem /var/lib/ca-certificates/ca-bundle.pem; do
    if [ -s "$ROOT$path" ]; then bundle=true; fi
  done
  if [ -n "$manager" ]; then
    for name in curl gpg; do has "$name" || missing="$missing $name"; done
    if [ "$bundle" = false ]; then missing="$missing ca-certificates"; fi
  fi
  version=''
  if has nvidia-ctk; then version=$(limited 5 nvidia-ctk --version 2>/dev/null </dev/null | head -c 1024) || version=''; fi
  emit fact gpu.packages manager "$manager" list "$list" locks "$locks" missing "${missing# }" ctk "$version"
}

# What stands in a file for a secret: a user and password in a URL.
gpu_without_credentials() { sed 's|//[^/@[:blank:]]*@|//***@|g'; }

# The file by which the package manager knows the toolkit: the usual one, which may name a mirror, or any that names NVIDIA's.
gpu_repository() {
  set -- /etc/apt/sources.list.d/nvidia-container-toolkit.list /etc/apt/sources.list.d/nvidia-container-toolkit.sources \
    /etc/yum.repos.d/nvidia-container-toolkit.repo /etc/zypp/repos.d/nvidia-container-toolkit.repo
  file=''
  for path in "$@"; do
    if [ -f "$ROOT$path" ]; then file=$path && break; fi
  done
  if [ -z "$file" ]; then
    file=$(grep -lsE '^[^#]*(libnvidia-container|nvidia-container-toolkit)' "$ROOT/etc/apt/sources.list" "$ROOT/etc/apt/sources.list.d"/*.list \
      "$ROOT/etc/apt/sources.list.d"/*.sources "$ROOT/etc/yum.repos.d"/*.repo "$ROOT/etc/zypp/repos.d"/*.repo) || :
    file=${file%%"
"*}
    file=${file#"$ROOT"}
  fi
  text='' keyring=''
  if [ -n "$file" ]; then
    text=$(head -c 8192 "$ROOT$file" | gpu_without_credentials) || text=''
    # "deb [signed-by=/usr/…] https://…", "Signed-By: /usr/…" on a line of its own, or rpm's "gpgkey=file:///etc/…".
    keyring=$(printf '%s\n' "$text" | sed -n '/^#/d; s/.*[Ss]igned-[Bb]y[=:][[:blank:]]*\(\/[^],[:blank:]]*\).*/\1/p
      s/^gpgkey[[:blank:]]*=[[:blank:]]*file:\/\/\(\/[^],[:blank:]]*\).*/\1/p' | head -n 1) || keyring=''
  fi
  # A key that is there, but named nowhere: it would be in the way of ours.
  for path in /usr/share/keyrings/nvidia-container-toolkit-keyring.gpg /etc/pki/rpm-gpg/RPM-GPG-KEY-nvidia-container-toolkit; do
    if [ -z "$keyring" ] && [ -f "$ROOT$path" ]; then keyring=$path; fi
  done
  keys=''
  if [ -n "$keyring" ] && [ -f "$ROOT$keyring" ] && has gpg; then
    # With a home that can hold nothing, so that looking at a key makes no folder and no file.
    keys=$(head -c 262144 "$ROOT$keyring" | limited 5 gpg --homedir /proc --batch --no-options --no-autostart --no-default-keyring \
      --no-keyring --lock-never --trust-model always --show-keys --with-colons 2>/dev/null |
      awk -F: '$1 == "pub" { isKey = 1 } $1 == "fpr" && isKey && count++ < 16 { print $10; isKey = 0 }') || keys=''
  fi
  emit fact gpu.repository path "$file" text "$text" keyring "$keyring" keys "$keys"
}
