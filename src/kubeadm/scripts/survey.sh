# shellcheck shell=sh
# What of kubeadm's Kubernetes is installed, and what a join before this one left: kubeadm's part of the survey, called at
# the end of the generic one. Changes nothing. Of kubeconfigs only the server and the authority's certificates leave the
# host, which are public; never a key or a token.

# What the generic survey looks at: where containerd and the kubelet keep their data, and parts of the kernel that they need.
# shellcheck disable=SC2034
data_folders='/var/lib/kubelet /var/lib/containerd'
# shellcheck disable=SC2034
kernel_modules='overlay br_netfilter nf_conntrack'

kubeadm_flags=/var/lib/kubelet/kubeadm-flags.env

# kubeadm_program NAME WORDS...: where it is, and the first word of its answer that is a version.
kubeadm_program() {
  name=$1
  shift
  path=$(command -v "$name" 2>/dev/null) || return 0
  case $path in /*) ;; *) return 0 ;; esac
  version=$(limited 10 "$path" "$@" 2>/dev/null </dev/null | tr -s ' \t' '\n' | sed -n '/^v\{0,1\}[0-9][0-9]*\.[0-9][0-9]*\.[0-9]/{s/[^0-9A-Za-z.+~-].*//;p;q;}') || version=''
  case $version in [0-9]*) version=v$version ;; esac
  emit fact kubeadm.program name "$name" path "${path#"$ROOT"}" version "$version"
}

# "v1.33.13" · "Kubernetes v1.33.13" · "containerd github.com/containerd/containerd v1.7.24 88bf19b…" · "crictl version v1.33.0"
kubeadm_programs() {
  kubeadm_program kubeadm version -o short
  kubeadm_program kubelet --version
  kubeadm_program containerd --version
  kubeadm_program crictl --version
}

# What the kubeadms of the supported versions demand (cmd/kubeadm/app/preflight/checks_linux.go): up to 1.31 conntrack, up to
# 1.32 ip, iptables and nsenter, from 1.33 losetup, always mount.
kubeadm_tools() {
  missing=''
  for name in conntrack ip iptables losetup mount nsenter; do
    has "$name" || missing="$missing $name"
  done
  emit fact kubeadm.tools missing "${missing# }"
}

# kubeadm_property NAME: from $shown, the output of systemctl show.
kubeadm_property() { printf '%s\n' "$shown" | sed -n "s/^$1=//p"; }

# kubeadm_started PID: seconds since the epoch, by the clock as it is now; proc(5): field 22 of stat counts ticks from boot.
kubeadm_started() {
  case $1 in '' | 0) return 1 ;; esac
  if [ ! -r "$ROOT/proc/$1/stat" ] || [ ! -r "$ROOT/proc/uptime" ]; then return 1; fi
  IFS= read -r stat <"$ROOT/proc/$1/stat"
  read -r uptime _ <"$ROOT/proc/uptime"
  hertz=$(getconf CLK_TCK 2>/dev/null) || hertz=100
  # The name of the program, in brackets, may hold spaces and brackets.
  # shellcheck disable=SC2086
  set -- ${stat##*) }
  [ $# -ge 20 ] || return 1
  case ${20}${uptime%%.*}$hertz in *[!0-9]*) return 1 ;; esac
  # Rounded up: no change may be seen where there is none.
  printf '%s\n' $(($(date +%s) - ${uptime%%.*} + ${20} / hertz + 1))
}

kubeadm_unit() {
  has systemctl || return 0
  shown=$(limited 10 systemctl show kubelet.service -p LoadState -p FragmentPath -p DropInPaths -p ActiveState -p SubState -p MainPID \
    -p NRestarts -p NeedDaemonReload -p UnitFileState 2>/dev/null </dev/null) || shown=''
  file=$(kubeadm_property FragmentPath)
  # A file that systemd has not read yet is there all the same.
  for folder in /etc /usr/local/lib /usr/lib /lib; do
    if [ -z "$file" ] && [ -f "$ROOT$folder/systemd/system/kubelet.service" ]; then file=$folder/systemd/system/kubelet.service; fi
  done
  masked=false
  case $(kubeadm_property LoadState)$(kubeadm_property UnitFileState) in *masked*) masked=true ;; esac
  if [ -z "$file" ] && [ "$masked" = false ]; then return 0; fi
  drop_ins=$(kubeadm_property DropInPaths)
  if [ -z "$drop_ins" ]; then
    for folder in /etc /usr/local/lib /usr/lib /lib; do
      for path in "$ROOT$folder/systemd/system/kubelet.service.d"/*.conf; do
        if [ -f "$path" ]; then drop_ins="$drop_ins ${path#"$ROOT"}"; fi
      done
    done
  fi
  # The last command line that is not empty counts, with the environment files that stand beside it.
  reads=false words=''
  for path in $file $drop_ins; do
    if [ -r "$ROOT$path" ]; then words="$words $(head -c 16384 "$ROOT$path" | grep -v '^[[:blank:]]*[#;]')"; fi
  done
  case $words in
    */etc/kubernetes/kubelet.conf*) case $words in
      */etc/kubernetes/bootstrap-kubelet.conf*) case $words in
        */var/lib/kubelet/config.yaml*) case $words in *"$kubeadm_flags"*) reads=true ;; esac ;;
      esac ;;
    esac ;;
  esac
  active=$(kubeadm_property ActiveState) sub=$(kubeadm_property SubState) restarts=$(kubeadm_property NRestarts)
  enabled=false reload=false
  case $(kubeadm_property UnitFileState) in enabled | enabled-runtime) enabled=true ;; esac
  if [ "$(kubeadm_property NeedDaemonReload)" = yes ]; then reload=true; fi
  changed=''
  if [ "$active" = active ] && since=$(kubeadm_started "$(kubeadm_property MainPID)"); then
    program=$(command -v kubelet 2>/dev/null) || program=''
    for path in "${program#"$ROOT"}" $file $drop_ins; do
      if [ -z "$path" ] || [ ! -f "$ROOT$path" ]; then continue; fi
      # ctime: a package keeps the mtime that its files had when it was built.
      time=$(stat -c %Z "$ROOT$path" 2>/dev/null) || continue
      if [ "$time" -gt "$since" ]; then changed="$changed $path"; fi
    done
  fi
  emit fact kubeadm.unit path "$file" active "${active:-inactive}" sub "${sub:-dead}" enabled:n "$enabled" masked:n "$masked" \
    restarts:n "${restarts:-0}" needs_reload:n "$reload" drop_ins "$(printf '%s' "${drop_ins# }" | tr '\n' ' ')" reads_kubeadm:n "$reads" changed "${changed# }"
}

# Of containerd's configuration, which can hold passwords of registries, only what decides whether a kubelet can use it.
kubeadm_containerd() {
  active='' enabled=false
  if has systemctl; then
    shown=$(limited 10 systemctl show containerd.service -p LoadState -p ActiveState -p UnitFileState 2>/dev/null </dev/null) || shown=''
    if [ "$(kubeadm_property LoadState)" != not-found ]; then active=$(kubeadm_property ActiveState); fi
    case $(kubeadm_property UnitFileState) in enabled | enabled-runtime) enabled=true ;; esac
  fi
  emit fact kubeadm.containerd active "$active" enabled:n "$enabled"
  path=/etc/containerd/config.toml
  [ -r "$ROOT$path" ] || return 0
  head -c 262144 "$ROOT$path" | awk '
    function value(text) { sub(/^[^=]*=[ \t]*/, "", text); sub(/[ \t]*(#.*)?$/, "", text); gsub(/["\047]/, "", text); return text }
    { sub(/\r$/, ""); line = $0; sub(/^[ \t]+/, "", line) }
    line ~ /^#/ || line == "" { next }
    line ~ /^\[/ {
      section = line
      runtime = ""
      if (match(section, /runtimes\.[^]]*\.options[ \t]*\]/)) {
        runtime = substr(section, RSTART + 9, RLENGTH - 9)
        sub(/\.options[ \t]*\]$/, "", runtime)
        gsub(/["\047 ]/, "", runtime)
      }
      next
    }
    section == "" && line ~ /^version[ \t]*=/ { version = value(line) }
    section == "" && line ~ /^imports[ \t]*=/ { if (line ~ /=[ \t]*\[[ \t]*\]/) next; imports = "yes" }
    section == "" && line ~ /^disabled_plugins[ \t]*=/ { list = 1 }
    list { if (line ~ /["\047](io\.containerd\.grpc\.v1\.)?cri["\047]/) disabled = "yes"; if (line ~ /\]/) list = 0 }
    line ~ /^default_runtime_name[ \t]*=/ { defaultRuntime = value(line) }
    runtime != "" && line ~ /^SystemdCgroup[ \t]*=/ { driver[runtime] = value(line) == "true" ? "true" : "false" }
    END {
      printf "version %s\ndisabled %s\nimports %s\ndefault %s\n", version, disabled, imports, defaultRuntime
      for (name in driver) printf "runtime %s %s\n", name, driver[name]
    }' | {
    version='' disabled=false imports=false default='' runtimes=''
    while read -r key one two; do
      case $key in
        version) version=$one ;;
        disabled) if [ -n "$one" ]; then disabled=true; fi ;;
        imports) if [ -n "$one" ]; then imports=true; fi ;;
        default) default=$one ;;
        runtime) runtimes="$runtimes $one=$two" ;;
      esac
    done
    emit fact kubeadm.containerd-config path "$path" version:n "$version" cri_disabled:n "$disabled" imports:n "$imports" default "$default" runtimes "${runtimes# }"
  }
}

# The sockets that kubeadm looks for (cmd/kubeadm/app/util/runtime/runtime.go, isExistingSocket). containerd serves its CRI
# also while it has none of it, so a socket is there as soon as containerd is.
kubeadm_sockets() {
  for path in /var/run/containerd/containerd.sock /var/run/crio/crio.sock /var/run/cri-dockerd.sock; do
    # A tree of a rehearsal may lack the link from /var/run to /run.
    if [ -S "$ROOT$path" ] || [ -S "$ROOT${path#/var}" ]; then emit fact kubeadm.socket address "unix://$path"; fi
  done
}

kubeadm_kernel() {
  forward=$(first "$ROOT/proc/sys/net/ipv4/ip_forward") || forward=''
  forward6=$(first "$ROOT/proc/sys/net/ipv6/conf/default/forwarding") || forward6=''
  bridge=$(first "$ROOT/proc/sys/net/bridge/bridge-nf-call-iptables") || bridge=''
  emit fact kubeadm.kernel ip_forward "$forward" ip6_forward "$forward6" bridge_nf "$bridge"
}

# kubeadm_decode: base64 from standard input; nothing when it is none.
kubeadm_decode() {
  if has base64; then base64 -d 2>/dev/null; else openssl base64 -A -d 2>/dev/null; fi
}

# kubeadm_kubeconfig PATH: of the first cluster in it, as kubeadm and the kubelet write it: one cluster, block style.
kubeadm_kubeconfig() {
  [ -e "$ROOT$1" ] || return 0
  server='' data='' file='' text=''
  if [ -r "$ROOT$1" ]; then
    while read -r key value _; do
      case $key in
        server:) [ -n "$server" ] || server=$value ;;
        certificate-authority-data:) [ -n "$data" ] || data=$value ;;
        certificate-authority:) [ -n "$file" ] || file=$value ;;
      esac
    done <<END
$(head -c 65536 "$ROOT$1" | grep -E '^[[:blank:]]*(- )?(server|certificate-authority|certificate-authority-data):' | sed 's/^[[:blank:]]*- //; s/["'"'"']//g')
END
    if [ -n "$data" ]; then
      text=$(printf '%s\n' "$data" | kubeadm_decode) || text=''
    elif [ -n "$file" ]; then
      case $file in /*) text=$(kubeadm_certificates "$file") || text='' ;; esac
    fi
    case $text in *'PRIVATE KEY'*) text='' ;; *'BEGIN CERTIFICATE'*) ;; *) text='' ;; esac
  fi
  emit fact kubeadm.kubeconfig path "$1" server "$server" ca "$text"
}

# kubeadm_certificates PATH: only what stands between BEGIN and END CERTIFICATE.
kubeadm_certificates() {
  [ -r "$ROOT$1" ] || return 1
  head -c 65536 "$ROOT$1" | sed -n '/^-----BEGIN CERTIFICATE-----/,/^-----END CERTIFICATE-----/p'
}

kubeadm_leftovers() {
  for path in /etc/kubernetes/kubelet.conf /etc/kubernetes/bootstrap-kubelet.conf /etc/kubernetes/pki/ca.crt /var/lib/kubelet/config.yaml "$kubeadm_flags"; do
    if [ -e "$ROOT$path" ]; then emit fact kubeadm.file path "$path"; fi
  done
  kubeadm_kubeconfig /etc/kubernetes/kubelet.conf
  kubeadm_kubeconfig /etc/kubernetes/bootstrap-kubelet.conf
  if text=$(kubeadm_certificates /etc/kubernetes/pki/ca.crt); then emit fact kubeadm.ca text "$text"; fi
  count=0
  for path in "$ROOT/etc/kubernetes/manifests"/*; do
    if [ ! -e "$path" ] || [ "$count" -ge 32 ]; then continue; fi
    count=$((count + 1))
    emit fact kubeadm.manifest name "${path##*/}"
  done
  present=false
  if [ -e "$ROOT/var/lib/kubelet/pki/kubelet-client-current.pem" ]; then present=true; fi
  emit fact kubeadm.certificate present:n "$present"
  if [ -r "$ROOT/var/lib/kubelet/config.yaml" ]; then
    driver=$(head -c 65536 "$ROOT/var/lib/kubelet/config.yaml" | sed -n 's/^cgroupDriver:[[:blank:]]*["'"'"']\{0,1\}\([a-z]*\).*/\1/p' | head -n 1) || driver=''
    emit fact kubeadm.settings cgroup_driver "$driver"
  fi
}

# Joins that a run of this project began (`joining HOST:PORT` in its change log) and neither ended (`finished`) nor took
# back (its folder is gone then), unless a later run that ended well has set them right (`continues`).
kubeadm_interrupted() {
  runs=$ROOT/var/lib/k3s-gpu-actions/runs
  settled=' '
  for log in "$runs"/*/log; do
    if grep -qs '^finished' "$log"; then settled="$settled$(sed -n 's/^continues //p' "$log" | tr '\n' ' ')"; fi
  done
  # shellcheck disable=SC2012 # names of runs hold letters, digits and dashes only
  for name in $(ls -1t "$runs"/*/log 2>/dev/null | sed 's|.*/\([^/]*\)/log$|\1|' | head -n 16); do
    if grep -q '^finished' "$runs/$name/log"; then continue; fi
    case $settled in *" $name "*) continue ;; esac
    server=$(sed -n 's/^joining //p' "$runs/$name/log" | tail -n 1)
    if [ -n "$server" ]; then emit fact kubeadm.interrupted run "$name" server "$server"; fi
  done
}

# Another Kubernetes on the same host has the same folder for its kubelet (/var/lib/kubelet), and the same port.
kubeadm_others() {
  for name in k3s k3s-agent rke2-server rke2-agent k0sworker k0scontroller snap.microk8s.daemon-kubelite; do
    for folder in /etc /usr/local/lib /usr/lib /lib; do
      if [ -e "$ROOT$folder/systemd/system/$name.service" ]; then
        emit fact kubeadm.other unit "$name.service"
        break
      fi
    done
  done
}

survey_distribution() {
  for part in programs tools unit containerd sockets kernel leftovers interrupted others; do
    ("kubeadm_$part") || :
  done
}
