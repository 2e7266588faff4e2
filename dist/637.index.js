const k=637,h=[637],v={91637:((b,s,o)=>{o.r(s),o.d(s,{leavingKubeadm:()=>$});var r=o(89427);const l={apply:`
step=''
report_failed_step() { if [ -n "$step" ]; then emit step "$step" state failed; fi; }

complain() {
  emit evidence "$1: $2"
  complaints="$complaints$1: $2; "
}

oldest_log() {
  oldest=''
  for name in $continued; do oldest=$runs_folder/$name/log; done
  printf '%s\\n' "$oldest"
}

reset_join() {
  outcome=unchanged left=no complaints=''
  for path in $join_files; do if is_there "$path"; then left=yes; fi; done
  if [ "$left" = no ]; then return 0; fi
  before=$(oldest_log)
  if [ -z "$before" ] || ! grep -qs '^joining ' "$runs_folder"/*/log; then
    die not-ours 'what is left of a join on this host was not begun by this project, and is not taken back'
  fi
  take_join_back "$before"
  if [ "$taken" != yes ]; then die reset-failed "what an interrupted run left could not be taken back: \${complaints%; }"; fi
  outcome=changed
}

enable_unit() {
  outcome=unchanged
  if is_there "$link_path"; then return 0; fi
  make_folder "\${link_path%/*}"
  note "created $link_path"
  if ! timeout 30 systemctl enable --no-reload "$unit" >/dev/null 2>"$run/said" || ! is_there "$link_path"; then
    die enable-failed "systemctl enable $unit: $(cat "$run/said")"
  fi
  outcome=changed
}

main() {
  on_stop report_failed_step
  check_run_id
  for name in $STEPS; do
    case $name in reset | enable) ;; *) die bad-step "there is no step $name" ;; esac
  done
  [ -d "$ROOT/run/systemd/system" ] || die init-unsupported 'this host does not run systemd; other init systems are not supported yet'
  take_lock
  open_log
  report_interrupted
  changed=no
  for step in $STEPS; do
    note "step $step"
    case $step in
      reset) reset_join ;;
      enable) enable_unit ;;
    esac
    if [ "$outcome" = changed ]; then changed=yes outcome='done'; fi
    emit step "$step" state "$outcome"
  done
  step=''
  if [ "$JOINS" = no ]; then
    note finished
    discard_older
  fi
  emit finished "$RUN_ID"
}
`,evidence:`
containerd_journal() {
  if [ -n "$since" ]; then
    { timeout 8 journalctl -u containerd -q --no-pager -o short-iso -n 200 --since "@$since" 2>&1 </dev/null || :; } | keep containerd.log recent tail
  else
    { timeout 8 journalctl -u containerd -q --no-pager -o short-iso -n 200 2>&1 </dev/null || :; } | keep containerd.log before tail
  fi
}

installed() {
  show kubeadm version -o short
  show kubelet --version
  show containerd --version
  for path in /etc/kubernetes/kubelet.conf /etc/kubernetes/bootstrap-kubelet.conf /etc/kubernetes/pki/ca.crt \\
    /var/lib/kubelet/config.yaml /var/lib/kubelet/kubeadm-flags.env /var/lib/kubelet/pki; do
    describe list "$path"
  done
  for folder in /etc/kubernetes/manifests /etc/cni/net.d /var/lib/kubelet/pki /etc/containerd; do
    for file in "$ROOT$folder"/*; do describe list "\${file#"$ROOT"}"; done
  done
  for file in "$ROOT/var/lib/kubelet/config.yaml" "$ROOT/var/lib/kubelet/kubeadm-flags.env"; do
    if [ -f "$file" ]; then
      printf '== %s\\n' "\${file#"$ROOT"}"
      head -c 20000 "$file" 2>&1 || :
    fi
  done
}

evidence_distribution() {
  {
    unit_status
    show systemctl status --no-pager --full -n 0 containerd
  } | keep unit-status.txt before head
  unit_journal
  containerd_journal
  installed | keep files.txt before head
}
`,join:`
program='' program_told=no

prepare_start() {
  check_run_id
  has kubeadm || die kubeadm-missing 'there is no kubeadm on this host'
  take_lock
  for path in $join_files; do
    if is_there "$path"; then die joined-already "$path is there: this machine is, or was, a node of a cluster"; fi
  done
  open_log
  report_interrupted
  note 'step start'
  timeout 40 systemctl stop "$unit" >/dev/null 2>&1 || :
  note "joining $ENDPOINT"
}

tell_program() {
  while IFS= read -r line || [ -n "$line" ]; do
    emit event journal source kubeadm text "$line"
    line=''
  done
}

run_program() {
  foreground=''
  if timeout --foreground 5 true >/dev/null 2>&1; then foreground=--foreground; fi
  code=0
  printf '%s' "$CONFIG" | timeout $foreground "$JOIN_LIMIT" kubeadm join --config /dev/stdin >"$folder/program" 2>&1 || code=$?
  printf '%s\\n' "$code" >"$folder/code.new"
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
`,"kubeadm-files":`
runs_folder=$ROOT/var/lib/k3s-gpu-actions/runs
unit=kubelet.service
unit_path=/etc/systemd/system/kubelet.service
link_path=/etc/systemd/system/multi-user.target.wants/kubelet.service
kubelet_folder=/var/lib/kubelet
cni_folder=/etc/cni/net.d

join_files='/etc/kubernetes/kubelet.conf /etc/kubernetes/bootstrap-kubelet.conf /etc/kubernetes/pki/ca.crt'
kubelet_files="$kubelet_folder/config.yaml $kubelet_folder/kubeadm-flags.env $kubelet_folder/pki"
join_folders="/etc/kubernetes/pki /etc/kubernetes/manifests /etc/kubernetes $kubelet_folder $cni_folder /etc/cni"

kubelet_names=' config.yaml kubeadm-flags.env instance-config.yaml pki pods plugins plugins_registry plugin-containers pod-resources
 device-plugins cpu_manager_state memory_manager_state checkpoints allocated_pods_state actuated_pods_state dra_manager_state
 volumeplugins seccomp usernamespaces volumes image_manager graceful_node_shutdown_state '

note_before() {
  for path in $join_folders; do is_there "$path" || note "absent $path"; done
  for file in "$ROOT$cni_folder"/*; do
    if [ -e "$file" ] || [ -L "$file" ]; then note "cni \${file#"$ROOT"}"; fi
  done
  for file in "$ROOT$kubelet_folder"/* "$ROOT$kubelet_folder"/.[!.]*; do
    if [ ! -e "$file" ] && [ ! -L "$file" ]; then continue; fi
    name=\${file##*/}
    case $name in *' '*) note "keeps $name" ;; *)
      case $kubelet_names in *" $name "*) ;; *) note "keeps $name" ;; esac
      ;;
    esac
  done
}

foreign_mounts() {
  { cat "$ROOT/proc/mounts" 2>/dev/null || echo "? $kubelet_folder/ unreadable"; } |
    awk -v below="$kubelet_folder/" 'index($2, below) == 1 && $3 != "tmpfs" { print $2 }'
}
`,"leave-survey":`
FOLDERS='/var/lib/kubelet /etc/kubernetes'

kubeadm_traces() {
  for path in /etc/kubernetes/kubelet.conf /etc/kubernetes/bootstrap-kubelet.conf /etc/kubernetes/pki/ca.crt /var/lib/kubelet/config.yaml; do
    if [ -e "$ROOT$path" ]; then emit fact leave.trace path "$path"; fi
  done
}

kubeadm_server() {
  for path in /etc/kubernetes/kubelet.conf /etc/kubernetes/bootstrap-kubelet.conf; do
    [ -r "$ROOT$path" ] || continue
    server=$(sed -n 's/^[[:blank:]]*server:[[:blank:]]*["'\\'']\\{0,1\\}\\(https:[^"'\\''[:blank:]]*\\).*/\\1/p' "$ROOT$path" | head -n 1)
    if [ -n "$server" ]; then
      emit fact leave.server url "$server"
      return 0
    fi
  done
}

kubeadm_programs() {
  found=$(command -v kubeadm) || found=''
  if [ -n "$found" ]; then emit fact leave.uninstaller path "kubeadm reset (\${found#"$ROOT"})"; fi
  version=$(timeout 10 kubelet --version 2>/dev/null </dev/null) || version=''
  case $version in 'Kubernetes v'*) emit fact leave.version version "\${version#Kubernetes }" ;; esac
}

kubeadm_unit() {
  state=$(timeout 10 systemctl show kubelet.service -p ActiveState 2>/dev/null | sed -n 's/^ActiveState=//p') || state=''
  emit fact leave.unit state "$state"
}

kubeadm_role() {
  for name in kube-apiserver kube-controller-manager etcd; do
    if [ -e "$ROOT/etc/kubernetes/manifests/$name.yaml" ]; then emit fact leave.control-plane present:n true; fi
  done
}

kubeadm_half_gone() { if [ -e "$ROOT/var/lib/k3s-gpu-actions/leave/begun" ]; then emit fact leave.half present:n true; fi; }

survey_distribution() {
  for part in traces server programs unit role half_gone; do ("kubeadm_$part") || :; done
  (emit_mounts) || :
}
`,leave:`
runs_folder=$ROOT/var/lib/k3s-gpu-actions/runs
unit=kubelet.service

is_installed() { [ -f "$ROOT/etc/kubernetes/kubelet.conf" ]; }

prepare() {
  has kubeadm || die uninstaller-missing 'there is no kubeadm on this host'
  : >"$kept/begun"
}

refuse_server() {
  for name in kube-apiserver kube-controller-manager etcd; do
    if [ -e "$ROOT/etc/kubernetes/manifests/$name.yaml" ]; then
      die server-present "this host is a control plane (/etc/kubernetes/manifests/$name.yaml)"
    fi
  done
}

cri_socket() {
  sed -n 's/.*--container-runtime-endpoint=\\([^ "]*\\).*/\\1/p' "$ROOT/var/lib/kubelet/kubeadm-flags.env" 2>/dev/null | head -n 1
}

take_away() {
  socket=$(cri_socket) || socket=''
  set -- reset --force --skip-phases=remove-etcd-member
  if [ -n "$socket" ]; then set -- "$@" --cri-socket "$socket"; fi
  limited_away kubeadm "$@"
  left=''
  for path in /etc/kubernetes/kubelet.conf /etc/kubernetes/bootstrap-kubelet.conf /etc/kubernetes/pki/ca.crt /var/lib/kubelet/config.yaml \\
    /var/lib/kubelet/pki; do
    if is_there "$path"; then left="$left $path"; fi
  done
  if [ -z "$left" ] && [ "$code" = 0 ]; then return 0; fi
  emit_log
  die uninstall-failed "kubeadm reset ended with exit code $code\${left:+, and there is still:$left}"
}

clear_rest() {
  for name in 10-calico.conflist calico-kubeconfig 10-canal.conflist 10-flannel.conflist 05-cilium.conflist 05-cilium.conf 10-weave.conflist \\
    10-kuberouter.conflist 00-multus.conf; do
    rm -f "$ROOT/etc/cni/net.d/$name"
  done
  rm -rf "$ROOT/etc/kubernetes/tmp"
  timeout 10 systemctl reset-failed "$unit" >/dev/null 2>&1 || :
}

name_rest() {
  for path in "$ROOT/etc/modules-load.d"/*k3s-gpu-actions* "$ROOT/etc/sysctl.d"/*k3s-gpu-actions* "$ROOT/etc/udev/rules.d"/*k3s-gpu-actions* \\
    "$ROOT/etc/containerd/conf.d"/*k3s-gpu-actions* "$ROOT/etc/apt/sources.list.d"/*k3s-gpu-actions* \\
    "$ROOT/etc/apt/preferences.d"/*k3s-gpu-actions* "$ROOT/usr/share/keyrings"/*k3s-gpu-actions* "$ROOT/etc/cni/net.d"/*; do
    if [ -e "$path" ]; then emit stays "\${path#"$ROOT"}"; fi
  done
  emit stays 'packages kubeadm, kubelet and containerd'
  emit stays 'rules of the cluster network in iptables, until the next reboot'
}
`,survey:`
data_folders='/var/lib/kubelet /var/lib/containerd'
kernel_modules='overlay br_netfilter nf_conntrack'

kubeadm_flags=/var/lib/kubelet/kubeadm-flags.env

kubeadm_program() {
  name=$1
  shift
  path=$(command -v "$name" 2>/dev/null) || return 0
  case $path in /*) ;; *) return 0 ;; esac
  version=$(limited 10 "$path" "$@" 2>/dev/null </dev/null | tr -s ' \\t' '\\n' | sed -n '/^v\\{0,1\\}[0-9][0-9]*\\.[0-9][0-9]*\\.[0-9]/{s/[^0-9A-Za-z.+~-].*//p;q;}') || version=''
  case $version in [0-9]*) version=v$version ;; esac
  emit fact kubeadm.program name "$name" path "\${path#"$ROOT"}" version "$version"
}

kubeadm_programs() {
  kubeadm_program kubeadm version -o short
  kubeadm_program kubelet --version
  kubeadm_program containerd --version
  kubeadm_program crictl --version
}

kubeadm_tools() {
  missing=''
  for name in conntrack ip iptables losetup mount nsenter; do
    has "$name" || missing="$missing $name"
  done
  emit fact kubeadm.tools missing "\${missing# }"
}

kubeadm_property() { printf '%s\\n' "$shown" | sed -n "s/^$1=//p"; }

kubeadm_started() {
  case $1 in '' | 0) return 1 ;; esac
  if [ ! -r "$ROOT/proc/$1/stat" ] || [ ! -r "$ROOT/proc/uptime" ]; then return 1; fi
  IFS= read -r stat <"$ROOT/proc/$1/stat"
  read -r uptime _ <"$ROOT/proc/uptime"
  hertz=$(getconf CLK_TCK 2>/dev/null) || hertz=100
  set -- \${stat##*) }
  [ $# -ge 20 ] || return 1
  case \${20}\${uptime%%.*}$hertz in *[!0-9]*) return 1 ;; esac
  printf '%s\\n' $(($(date +%s) - \${uptime%%.*} + \${20} / hertz + 1))
}

kubeadm_unit() {
  has systemctl || return 0
  shown=$(limited 10 systemctl show kubelet.service -p LoadState -p FragmentPath -p DropInPaths -p ActiveState -p SubState -p MainPID \\
    -p NRestarts -p NeedDaemonReload -p UnitFileState 2>/dev/null </dev/null) || shown=''
  file=$(kubeadm_property FragmentPath)
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
        if [ -f "$path" ]; then drop_ins="$drop_ins \${path#"$ROOT"}"; fi
      done
    done
  fi
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
    for path in "\${program#"$ROOT"}" $file $drop_ins; do
      if [ -z "$path" ] || [ ! -f "$ROOT$path" ]; then continue; fi
      time=$(stat -c %Z "$ROOT$path" 2>/dev/null) || continue
      if [ "$time" -gt "$since" ]; then changed="$changed $path"; fi
    done
  fi
  emit fact kubeadm.unit path "$file" active "\${active:-inactive}" sub "\${sub:-dead}" enabled:n "$enabled" masked:n "$masked" \\
    restarts:n "\${restarts:-0}" needs_reload:n "$reload" drop_ins "$(printf '%s' "\${drop_ins# }" | tr '\\n' ' ')" reads_kubeadm:n "$reads" changed "\${changed# }"
}

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
    function value(text) { sub(/^[^=]*=[ \\t]*/, "", text); sub(/[ \\t]*(#.*)?$/, "", text); gsub(/["\\047]/, "", text); return text }
    { sub(/\\r$/, ""); line = $0; sub(/^[ \\t]+/, "", line) }
    line ~ /^#/ || line == "" { next }
    line ~ /^\\[/ {
      section = line
      runtime = ""
      if (match(section, /runtimes\\.[^]]*\\.options[ \\t]*\\]/)) {
        runtime = substr(section, RSTART + 9, RLENGTH - 9)
        sub(/\\.options[ \\t]*\\]$/, "", runtime)
        gsub(/["\\047 ]/, "", runtime)
      }
      next
    }
    section == "" && line ~ /^version[ \\t]*=/ { version = value(line) }
    section == "" && line ~ /^imports[ \\t]*=/ { if (line ~ /=[ \\t]*\\[[ \\t]*\\]/) next; imports = "yes" }
    section == "" && line ~ /^disabled_plugins[ \\t]*=/ { list = 1 }
    list { if (line ~ /["\\047](io\\.containerd\\.grpc\\.v1\\.)?cri["\\047]/) disabled = "yes"; if (line ~ /\\]/) list = 0 }
    line ~ /^default_runtime_name[ \\t]*=/ { defaultRuntime = value(line) }
    runtime != "" && line ~ /^SystemdCgroup[ \\t]*=/ { driver[runtime] = value(line) == "true" ? "true" : "false" }
    END {
      printf "version %s\\ndisabled %s\\nimports %s\\ndefault %s\\n", version, disabled, imports, defaultRuntime
      for (name in driver) printf "runtime %s %s\\n", name, driver[name]
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
    emit fact kubeadm.containerd-config path "$path" version:n "$version" cri_disabled:n "$disabled" imports:n "$imports" default "$default" runtimes "\${runtimes# }"
  }
}

kubeadm_sockets() {
  for path in /var/run/containerd/containerd.sock /var/run/crio/crio.sock /var/run/cri-dockerd.sock; do
    if [ -S "$ROOT$path" ] || [ -S "$ROOT\${path#/var}" ]; then emit fact kubeadm.socket address "unix://$path"; fi
  done
}

kubeadm_kernel() {
  forward=$(first "$ROOT/proc/sys/net/ipv4/ip_forward") || forward=''
  forward6=$(first "$ROOT/proc/sys/net/ipv6/conf/default/forwarding") || forward6=''
  bridge=$(first "$ROOT/proc/sys/net/bridge/bridge-nf-call-iptables") || bridge=''
  emit fact kubeadm.kernel ip_forward "$forward" ip6_forward "$forward6" bridge_nf "$bridge"
}

kubeadm_decode() {
  if has base64; then base64 -d 2>/dev/null; else openssl base64 -A -d 2>/dev/null; fi
}

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
      text=$(printf '%s\\n' "$data" | kubeadm_decode) || text=''
    elif [ -n "$file" ]; then
      case $file in /*) text=$(kubeadm_certificates "$file") || text='' ;; esac
    fi
    case $text in *'PRIVATE KEY'*) text='' ;; *'BEGIN CERTIFICATE'*) ;; *) text='' ;; esac
  fi
  emit fact kubeadm.kubeconfig path "$1" server "$server" ca "$text"
}

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
    emit fact kubeadm.manifest name "\${path##*/}"
  done
  present=false
  if [ -e "$ROOT/var/lib/kubelet/pki/kubelet-client-current.pem" ]; then present=true; fi
  emit fact kubeadm.certificate present:n "$present"
  if [ -r "$ROOT/var/lib/kubelet/config.yaml" ]; then
    driver=$(head -c 65536 "$ROOT/var/lib/kubelet/config.yaml" | sed -n 's/^cgroupDriver:[[:blank:]]*["'"'"']\\{0,1\\}\\([a-z]*\\).*/\\1/p' | head -n 1) || driver=''
    emit fact kubeadm.settings cgroup_driver "$driver"
  fi
}

kubeadm_interrupted() {
  runs=$ROOT/var/lib/k3s-gpu-actions/runs
  settled=' '
  for log in "$runs"/*/log; do
    if grep -qs '^finished' "$log"; then settled="$settled$(sed -n 's/^continues //p' "$log" | tr '\\n' ' ')"; fi
  done
  for name in $(ls -1t "$runs"/*/log 2>/dev/null | sed 's|.*/\\([^/]*\\)/log$|\\1|' | head -n 16); do
    if grep -q '^finished' "$runs/$name/log"; then continue; fi
    case $settled in *" $name "*) continue ;; esac
    server=$(sed -n 's/^joining //p' "$runs/$name/log" | tail -n 1)
    if [ -n "$server" ]; then emit fact kubeadm.interrupted run "$name" server "$server"; fi
  done
}

survey_distribution() {
  for part in programs tools unit containerd sockets kernel leftovers interrupted; do
    ("kubeadm_$part") || :
  done
}
`,"take-back":`
forget_join() {
  if ! timeout 40 systemctl stop "$unit" >/dev/null 2>&1; then complain "$unit" 'it did not stop in 40 s'; fi
  for path in $join_files $kubelet_files; do
    if is_there "$path" && ! rm -rf --one-file-system "$ROOT$path" 2>/dev/null && ! rm -rf "$ROOT$path"; then complain "$path" 'could not be deleted'; fi
  done
}

take_join_back() {
  taken=yes
  kept=$(sed -n 's/^keeps //p' "$1" | head -n 5 | tr '\\n' ' ')
  mounts=$(foreign_mounts | head -n 5 | tr '\\n' ' ')
  if [ -n "$mounts" ]; then
    complain "$kubelet_folder" "mounts below it are not the kubelet's own: \${mounts% }"
    forget_join
  elif [ -n "$kept" ]; then
    complain "$kubelet_folder" "it held \${kept% } before, which kubeadm reset would delete"
    forget_join
  else
    set -- "$1" reset -f
    if [ -n "\${CRI_SOCKET:-}" ]; then set -- "$@" --cri-socket "$CRI_SOCKET"; fi
    log=$1
    shift
    code=0
    timeout $forced 40 kubeadm "$@" >"$run/reset.log" 2>&1 </dev/null || code=$?
    set -- "$log"
    if [ "$code" != 0 ]; then
      tail -n 5 "$run/reset.log" | while IFS= read -r line; do emit evidence "kubeadm reset: $line"; done
      complain kubeadm "kubeadm reset ended with exit code $code"
      forget_join
    fi
    rm -f "$run/reset.log"
  fi
  for path in $join_files; do if is_there "$path"; then taken=no; fi; done
  clear_network_files "$1"
}

forced=''
if timeout -k 1 5 true >/dev/null 2>&1; then forced='-k 5'; fi

clear_network_files() {
  for file in "$ROOT$cni_folder"/*; do
    if [ ! -e "$file" ] && [ ! -L "$file" ]; then continue; fi
    if grep -qxF "cni \${file#"$ROOT"}" "$1"; then continue; fi
    if ! rm -rf "$file"; then complain "\${file#"$ROOT"}" 'could not be deleted'; fi
  done
  for path in $join_folders; do
    if [ -d "$ROOT$path" ] && grep -qxF "absent $path" "$1"; then rmdir "$ROOT$path" 2>/dev/null || :; fi
  done
}
`,undo:`
complain() {
  incomplete=yes
  remains "$1" "$2"
}

is_foreign() { return 1; }
undo_line() { :; }

has_joined() {
  for name in $runs; do
    if grep -q '^joining ' "$runs_folder/$name/log"; then return 0; fi
  done
  return 1
}

main() {
  begin_undo
  if [ "$begun" = no ]; then return 0; fi
  if has_joined; then
    take_join_back "$oldest/log"
    if [ "$taken" = yes ]; then emit undone start; else incomplete=yes; fi
    timeout 10 systemctl reset-failed "$unit" >/dev/null 2>&1 || :
  fi
  follow_log_backwards
  restart_unit
  end_undo
}
`},d=["/var/lib/kubelet","/etc/kubernetes"],f={before:[],script:l.leave,folders:d};function $(){return{name:"kubeadm",unit:"kubelet",surveyScript:[r.Gg,l["leave-survey"]].join(`
`),presence(e){const t=(a,m)=>{const c=e.find(p=>p.fact===a)?.[m];return typeof c=="string"?c.slice(0,4096):""},n=(0,r.OE)(e),i=n.traces.length>0||n.isHalfGone,u=t("leave.unit","state");return{...n,isThere:i,isRunning:i&&(0,r.Np)(u),isServer:e.some(a=>a.fact==="leave.control-plane"&&a.present===!0),version:t("leave.version","version"),unitState:u,server:t("leave.server","url")}},disturbs:()=>{},mounts:(e,t,n,i)=>(0,r.X0)(e,d,n,i),uninstall:(e,t,n,i)=>(0,r.oN)(f,e,t,n,i),nodePassword:()=>{}}}})};export{k as id,h as ids,v as modules};
