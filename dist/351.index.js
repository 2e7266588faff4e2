const Or=351,_r=[351],xr={351:((hr,In,w)=>{w.r(In),w.d(In,{main:()=>sr});var _=w(2867),Z=w(1929),Tn=w(3183),H=w(3745),oe=w(8614),ai=w(6232);function ri({run:e,inputs:n,cluster:t}){const{desired:i,wish:s}=n,{access:o}=i,a=`\u25B8 Make the GPUs of ${i.node} usable${n.dryRun?" (dry run)":""}`;e.runner.line(e.runner.runLabel?`${a.padEnd(66)}${e.runner.runLabel}`:a),e.runner.line(`  cluster   ${i.cluster}, ${t.server}   (kubeconfig)`);const r=o.transport==="local"?"this runner itself":`${o.user}@${o.address}${o.port===22?"":`:${o.port}`}`,d=i.sources[o.transport==="local"?"transport":"host"]??"default";e.runner.line(`  node      ${i.node} as ${r}   (${d})`),e.runner.line(),e.cluster=i.cluster,e.node=i.node,e.host=r,e.dryRun=n.dryRun;const c={node:i.node,host:o.address,user:o.user,toolkit:s.toolkit,"toolkit-version":s.toolkitVersion??"",repository:s.repository??"","hold-packages":s.holdPackages,"device-plugin":s.devicePlugin,"device-plugin-image":s.devicePluginImage,"default-runtime":s.defaultRuntime,"expect-gpus":s.expectGpus===void 0?"":String(s.expectGpus),"expect-product":s.expectProduct??""};for(const[l,u]of Object.entries(c))u!==""&&e.provenance.push({name:l,value:u,source:i.sources[l]??"default"})}const K=["nvidia-container-toolkit","nvidia-container-toolkit-base","libnvidia-container-tools","libnvidia-container1"],Be="1.20.0",di="nvcr.io/nvidia/k8s-device-plugin:v0.20.0",ae="k3s-gpu-actions",x="nvidia.com/gpu.present",Q="k3s-gpu-actions/gpu",j="kube-system",V="k3s-gpu-actions-nvidia-device-plugin",we=["add-repository","install-toolkit","hold-packages","link-devices","quarantine-template","write-default-runtime","remove-default-runtime"],y={restart:"restart",label:"label-node",unlabel:"unlabel-node",applyPlugin:"apply-device-plugin",deletePlugin:"delete-device-plugin",replacePlugin:"replace-device-plugin",record:"record-gpu"},be=(e,n,...t)=>t.map(i=>({verb:i,group:e,resource:n})),He={group:"apps",resource:"daemonsets",namespace:j},ci=[...be("","nodes","get","list","watch"),...be("","pods","list","watch"),...be("apps","daemonsets","list"),{verb:"get",group:"node.k8s.io",resource:"runtimeclasses",name:"nvidia"},...["get","list","watch"].map(e=>({verb:e,group:"coordination.k8s.io",resource:"leases",namespace:"kube-node-lease"}))],li=be("","nodes","patch"),ui=[{verb:"create",...He},{verb:"patch",...He,name:V},{verb:"delete",...He,name:V}];function fi(e){const n=e.devicePlugin==="apply"||e.devicePlugin==="absent";return[...ci,...li,...n?ui:[],...pi(e.replaceDevicePlugin)]}function pi(e){const[n="",t=""]=e.split("/");return t===""?[]:[{verb:"delete",group:"apps",resource:"daemonsets",namespace:n,name:t},{verb:"patch",group:"apps",resource:"daemonsets",namespace:n,name:t},{verb:"create",group:"apps",resource:"daemonsets",namespace:n}]}const mr=[{verb:"get",group:"",resource:"pods/log",namespace:j},{verb:"list",group:"",resource:"events",namespace:j},{verb:"list",group:"",resource:"events",namespace:"default"},{verb:"get",group:"",resource:"configmaps",namespace:j}],re=e=>e.slice(0,128),hi=e=>re(e).replace(/-[^-]*$/,""),mi=64;function gi(e,{toolkit:n,isLabelOurs:t}){const i=[...e.devices].sort((s,o)=>s.uuid<o.uuid?-1:s.uuid>o.uuid?1:0).slice(0,mi);return JSON.stringify({by:ae,gpus:i.map(({uuid:s,name:o})=>({uuid:re(s),product:re(o)})),driver:re(e.driver.loaded),cuda:re(e.cudaVersion),toolkit:hi(n??e.toolkit.packages[0]?.version??""),label:t?x:""})}function We(e){const n=e[Q];if(n===void 0)return!1;try{const t=JSON.parse(n);return typeof t=="object"&&t!==null&&"label"in t&&t.label===x}catch{return!1}}function $i(e){if(!We(e))return JSON.stringify({by:ae,label:x})}const vi={"bad-unit":"this is a mistake of k3s-gpu-actions: please report it","bad-step":"this is a mistake of k3s-gpu-actions: please report it","init-unsupported":"use a host that runs systemd","gpg-missing":"install gpg on the host (Debian and Ubuntu: sudo apt-get install gpg), then run it again","keyring-differs":"look whose key that is (gpg --show-keys on that file); for a mirror of your own give `repository` and `repository-keys`, else move the file away: sudo mv it to another folder, and run it again","key-unreachable":"let the host reach that address (proxy, firewall), or give `repository` a mirror that it can reach, then run it again","key-differs":"do not trust it: something between the host and the repository answers in its place, or NVIDIA has a new key; compare with NVIDIA's own documents and give `repository-keys`","key-unusable":"give `repository-keys` the fingerprint of the repository's present key","prerequisites-failed":"install them by hand: sudo apt-get update && sudo apt-get install curl gpg ca-certificates","repository-unusable":"read what the package manager said below; a signature that does not fit right after an upload fits some minutes later: run it again","dpkg-interrupted":"finish it on the host when that suits you: sudo dpkg --configure -a; then run it again","would-disturb":"look at it on the host: sudo apt-get -s install with the four packages of the toolkit; correct it there, then run it again","version-unavailable":"give `toolkit-version` one of the versions named below, or another `repository`","install-failed":"read what the package manager said below, correct it on the host, and run it again","install-incomplete":"look on the host: dpkg -l | grep nvidia-container","hold-failed":"read what the package manager said below; `hold-packages: none` leaves it out","template-changed":"somebody edits it right now: look at it, then run it again","runtime-missing":"let this action install the toolkit (`toolkit: install`), or leave `default-runtime` out: runtimeClassName nvidia does without","bad-value":"run it again: it continues from what it finds"};function Ke(e,n,t){return _.lZ(e,n,t,vi)}const N={apply:`
step=''

report_failed_step() { if [ -n "$step" ]; then emit step "$step" state failed; fi; }

begun_packages() { sed -n 's/^package [a-z]* \\([^ ]*\\) .*/\\1/p' "$runs_folder"/*/log 2>/dev/null | sort -u | tr '\\n' ' '; }

find_version() {
  wanted='' revision=''
  for name in $toolkit_packages; do
    found=$(found_version "$name")
    : "\${revision:=$found}"
    if [ -z "$found" ] || [ "$found" != "$revision" ]; then return 1; fi
    wanted="$wanted $name=$found"
  done
}

name_versions() {
  case $MANAGER in
    apt)
      if find_version; then return 0; fi
      refresh own || :
      if find_version; then return 0; fi
      refresh all || :
      if find_version; then return 0; fi
      emit_said
      emit evidence "to be had: $(apt-cache madison nvidia-container-toolkit 2>/dev/null 9>&- | awk -F '|' 'NR <= 8 { printf "%s", $2 }')"
      die version-unavailable "the package manager knows no revision of $VERSION that all of these have: $toolkit_packages"
      ;;
    dnf) wanted=$(for name in $toolkit_packages; do printf ' %s-%s' "$name" "$VERSION"; done) ;;
    zypper) wanted=$(for name in $toolkit_packages; do printf ' %s=%s' "$name" "$VERSION"; done) ;;
  esac
}

is_toolkit_installed() {
  for name in $toolkit_packages; do
    if ! has_version "$(installed_version "$name")" "$VERSION"; then return 1; fi
  done
}

install_toolkit() {
  outcome=unchanged
  settle_packages $toolkit_packages $(begun_packages)
  if is_toolkit_installed; then return 0; fi
  name_versions
  kept=''
  for name in $(held_packages); do
    case " $toolkit_packages " in *" $name "*) kept="$kept $name" && note "was_held $MANAGER $name" ;; esac
  done
  if [ ! -d "$ROOT/etc/nvidia-container-runtime" ]; then note 'folder /etc/nvidia-container-runtime'; fi
  preserve /etc/nvidia-container-runtime/config.toml
  for path in /etc/systemd/system/multi-user.target.wants/nvidia-cdi-refresh.path \\
    /etc/systemd/system/multi-user.target.wants/nvidia-cdi-refresh.service; do
    if ! is_there "$path"; then note "created $path"; fi
  done
  if ! install_packages $wanted; then
    refresh all || :
    install_packages $wanted || { emit_said && die install-failed "these packages could not be installed:$wanted"; }
  fi
  for name in $kept; do patient hold yes "$name" || { emit_said && die hold-failed "upgrades could not be kept from $name again"; }; done
  if ! is_toolkit_installed; then
    emit_said
    die install-incomplete "the package manager ended well, and not all packages have version $VERSION"
  fi
  outcome=changed
}

hold_packages() {
  outcome=unchanged
  held=" $(held_packages | tr '\\n' ' ') "
  for name in $HOLD; do
    case $held in *" $name "*) continue ;; esac
    case $(installed_version "$name") in -*) continue ;; esac
    note "held $MANAGER $name"
    patient hold yes "$name" || { emit_said && die hold-failed "upgrades could not be kept from $name"; }
    outcome=changed
  done
}

count_links() {
  set -- "$ROOT/dev/char"/*
  echo $#
}

link_devices() {
  outcome=unchanged
  ctk=$(command -v nvidia-ctk) || ctk=''
  case $ctk in
    /*) ;;
    *)
      emit warning 'there is no nvidia-ctk on this host, so the links in /dev/char were not made'
      return 0
      ;;
  esac
  ctk=\${ctk#"$ROOT"}
  case $ctk in
    *[!A-Za-z0-9/._-]*)
      emit warning "the path of nvidia-ctk ($ctk) cannot stand in a rule of udev, so the links in /dev/char were not made"
      return 0
      ;;
  esac
  before=$(count_links)
  if ! quietly timeout 30 nvidia-ctk system create-dev-char-symlinks --create-all; then
    emit warning "nvidia-ctk could not make the links in /dev/char: $(tail -n 1 "$run/said")"
    return 0
  fi
  make_folder "\${rule_path%/*}"
  temporary "$rule_path"
  {
    printf '# Written by gpu-runtime of k3s-gpu-actions: without these links a reload of systemd takes the GPU from running containers.\\n'
    printf 'ACTION=="add", DEVPATH=="/bus/pci/drivers/nvidia", RUN+="%s system create-dev-char-symlinks --create-all"\\n' "$ctk"
  } >"$temp" || die write-failed "$rule_path could not be written (is the disk full?)"
  chmod 644 "$temp"
  if [ -f "$ROOT$rule_path" ] && cmp -s "$temp" "$ROOT$rule_path"; then
    rm -f "$temp"
  else
    preserve "$rule_path"
    replace "$rule_path"
    outcome=changed
  fi
  if [ "$(count_links)" != "$before" ]; then outcome=changed; fi
}

quarantine_templates() {
  outcome=unchanged
  for word in $TEMPLATES; do
    path=\${word%:*} sum=\${word##*:}
    disabled=$path.disabled-$(printf '%.8s' "$sum")
    if ! is_there "$path"; then continue; fi
    found=$(sha256 "$ROOT$path") || die hash-unavailable 'neither sha256sum nor openssl is on this host'
    if [ "$found" != "$sum" ]; then die template-changed "$path is not what it was when it was judged; it was left as it is"; fi
    preserve "$path"
    if ! is_there "$disabled"; then note "created $disabled"; fi
    mv -f "$ROOT$path" "$ROOT$disabled" || die replace-failed "$path could not be renamed"
    outcome=changed
  done
}

write_default_runtime() {
  outcome=unchanged
  found=''
  rest=$SEARCH_PATH:
  while [ -n "$rest" ]; do
    folder=\${rest%%:*} rest=\${rest#*:}
    case $folder in /*) ;; *) continue ;; esac
    if [ -f "$ROOT$folder/nvidia-container-runtime" ] && [ -x "$ROOT$folder/nvidia-container-runtime" ]; then
      found=$folder/nvidia-container-runtime
      break
    fi
  done
  if [ -z "$found" ]; then
    die runtime-missing "there is no nvidia-container-runtime where k3s looks for it ($SEARCH_PATH), so k3s would not start"
  fi
  make_folder "\${default_runtime_path%/*}"
  temporary "$default_runtime_path"
  printf '# Written by gpu-runtime of k3s-gpu-actions; its input default-runtime: unset takes it away.\\ndefault-runtime: nvidia\\n' \\
    >"$temp" || die write-failed "$default_runtime_path could not be written (is the disk full?)"
  if [ -f "$ROOT$default_runtime_path" ] && cmp -s "$temp" "$ROOT$default_runtime_path"; then
    rm -f "$temp"
    return 0
  fi
  preserve "$default_runtime_path"
  replace "$default_runtime_path"
  outcome=changed
}

remove_default_runtime() {
  outcome=unchanged
  if ! is_there "$default_runtime_path"; then return 0; fi
  preserve "$default_runtime_path"
  rm -f "$ROOT$default_runtime_path" || die replace-failed "$default_runtime_path could not be deleted"
  outcome=changed
}

check_arguments() {
  for name in $STEPS; do
    case $name in
      add-repository | install-toolkit | hold-packages)
        case $MANAGER in apt | dnf | zypper) ;; *) die bad-value "there is no package manager $MANAGER" ;; esac
        ;;
      link-devices | quarantine-template | write-default-runtime | remove-default-runtime) ;;
      *) die bad-step "there is no step $name" ;;
    esac
  done
  for word in $TEMPLATES; do
    name=\${word%:*}
    case \${name#"$containerd_folder/"} in
      config.toml.tmpl | config-v3.toml.tmpl) ;;
      *) die bad-value "$name is no template of k3s" ;;
    esac
  done
}

main() {
  on_stop report_failed_step
  check_run_id
  check_arguments
  [ -d "$ROOT/run/systemd/system" ] || die init-unsupported 'this host does not run systemd; other init systems are not supported yet'
  take_lock
  open_log
  report_interrupted
  changed=no
  for step in $STEPS; do
    note "step $step"
    case $step in
      add-repository) add_repository ;;
      install-toolkit) install_toolkit ;;
      hold-packages) hold_packages ;;
      link-devices) link_devices ;;
      quarantine-template) quarantine_templates ;;
      write-default-runtime) write_default_runtime ;;
      remove-default-runtime) remove_default_runtime ;;
    esac
    if [ "$outcome" = changed ]; then changed=yes outcome='done'; fi
    emit step "$step" state "$outcome"
  done
  step=''
  note finished
  discard_older
  emit finished "$RUN_ID"
}
`,"container-calls":`
most=32

container_of() {
  [ -r "$ROOT/proc/$1/cgroup" ] || return 1
  while IFS= read -r group; do
    group=\${group#*:*:}
    id=\${group##*/} id=\${id%.scope}
    case $group in
      *libpod-conmon-*) continue ;;
      *kubepods*/docker-* | */docker/* | *docker-*) runtime=docker ;;
      *kubepods*) runtime=k3s ;;
      *libpod-*) runtime=podman ;;
      *) continue ;;
    esac
    id=\${id##*-}
    case $id in *[!0-9a-f]* | '') continue ;; esac
    if [ \${#id} = 64 ]; then return 0; fi
  done <"$ROOT/proc/$1/cgroup"
  return 1
}

candidates() {
  if has nvidia-smi; then
    asked 10 nvidia-smi --query-compute-apps=pid --format=csv,noheader,nounits | awk '$1 ~ /^[0-9]+$/ { print $1 }'
  fi
  for path in "$ROOT/proc"/[0-9]*; do
    if [ -e "$path/root/dev/nvidiactl" ]; then echo "\${path##*/}"; fi
  done
}

exec_in() {
  _runtime=$1 _id=$2 _limit=$3
  shift 3
  case $_runtime in
    k3s) asked "$_limit" k3s crictl exec --sync --timeout "$_limit" "$_id" "$@" ;;
    *) asked "$_limit" "$_runtime" exec "$_id" "$@" ;;
  esac
}

name_of() {
  case $1 in
    k3s) asked 10 k3s crictl inspect --output go-template --template '{{ index .status.labels "io.kubernetes.pod.namespace" }}/{{ index .status.labels "io.kubernetes.pod.name" }}/{{ .status.metadata.name }}' "$2" ;;
    *) asked 10 "$1" inspect --format '{{ .Name }}' "$2" ;;
  esac
}

call() {
  program=$1
  case $1 in k3s) ;; *) has "$1" || return 0 ;; esac
  has "$program" || return 0
  name=$(name_of "$1" "$2") || name=''
  code=0
  said=$(exec_in "$1" "$2" 15 nvidia-smi -L) || code=$?
  case $code-$said in
    0-*'GPU '* | 14-*'GPU '*) outcome=ok ;;
    *'executable file not found'* | 126-* | 127-*) outcome=not-asked ;;
    124-*) outcome=failed said='no answer in 15 s' ;;
    *) outcome=failed said="exit code $code: $said" ;;
  esac
  emit container_call "$outcome" runtime "$1" id "$2" name "$(printf '%.200s' "$name")" said "$(printf '%.500s' "$said")"
}

main() {
  seen=' ' count=0
  for pid in $(candidates | sort -nu); do
    container_of "$pid" || continue
    case $seen in *" $id "*) continue ;; esac
    seen="$seen$id "
    count=$((count + 1))
    if [ "$count" -gt "$most" ]; then
      emit left_out yes
      break
    fi
    call "$runtime" "$id"
  done
  emit finished yes
}
`,files:`
case \${UNIT:-} in k3s | k3s-agent) ;; *) die bad-unit "there is no unit \${UNIT:-} that runs k3s" ;; esac
runs_folder=$ROOT/var/lib/k3s-gpu-actions/gpu-runs
unit=$UNIT.service
unit_path=/etc/systemd/system/$unit

apt_keyring=/usr/share/keyrings/nvidia-container-toolkit-keyring.gpg
apt_list=/etc/apt/sources.list.d/nvidia-container-toolkit.list
rpm_keyring=/etc/pki/rpm-gpg/RPM-GPG-KEY-nvidia-container-toolkit
dnf_list=/etc/yum.repos.d/nvidia-container-toolkit.repo
zypper_list=/etc/zypp/repos.d/nvidia-container-toolkit.repo

toolkit_packages='nvidia-container-toolkit nvidia-container-toolkit-base libnvidia-container-tools libnvidia-container1'
rule_path=/etc/udev/rules.d/71-k3s-gpu-actions-dev-char.rules
default_runtime_path=/etc/rancher/k3s/config.yaml.d/60-k3s-gpu-actions-runtime.yaml
containerd_folder=/var/lib/rancher/k3s/agent/etc/containerd

note_before() { :; }
`,packages:`
quietly() {
  env DEBIAN_FRONTEND=noninteractive DEBCONF_NONINTERACTIVE_SEEN=true NEEDRESTART_SUSPEND=1 NEEDRESTART_MODE=l \\
    APT_LISTCHANGES_FRONTEND=none APT_LISTBUGS_FRONTEND=none SYSTEMD_OFFLINE=1 LC_ALL=C "$@" >"$run/said" 2>&1 </dev/null 9>&-
}

apt_get() {
  quietly apt-get -q -y -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3 -o Acquire::http::Timeout=30 \\
    -o Acquire::https::Timeout=30 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold \\
    -o APT::Install-Recommends=false -o APT::Install-Suggests=false "$@"
}

patient() {
  tries=0
  while :; do
    code=0
    "$@" || code=$?
    if [ "$code" = 0 ]; then return 0; fi
    if [ "$tries" -ge 24 ] || ! grep -Eqs 'Could not get lock|Unable to (acquire|lock)|is locked by|System management is locked' "$run/said"; then
      return "$code"
    fi
    tries=$((tries + 1))
    sleep 5
  done
}

emit_said() {
  { grep -E '^(E|W|Err|Error|error|dpkg|gpg|curl):?' "$run/said" || tail -n 12 "$run/said"; } 2>/dev/null | tail -n 12 |
    while IFS= read -r line; do emit evidence "$line"; done
}

installed_version() {
  case $MANAGER in
    apt)
      dpkg-query -W -f='\${db:Status-Status} \${Version}\\n' "$1" 2>/dev/null | awk '
        $1 == "installed" || $1 == "triggers-pending" || $1 == "triggers-awaited" { found = $2; exit }
        $1 != "not-installed" && $1 != "config-files" && found == "" { found = "(" $1 ")" }
        END { print found == "" ? "-" : found }'
      ;;
    *)
      if ! rpm -q --qf '%{VERSION}-%{RELEASE}\\n' "$1" >"$run/version" 2>/dev/null; then echo - >"$run/version"; fi
      awk 'NR == 1' "$run/version"
      ;;
  esac
}

has_version() { case $1 in "$2" | "$2"-*) return 0 ;; esac; return 1; }

found_version() {
  apt-cache madison "$1" 2>/dev/null 9>&- | awk -F '|' -v wanted="$VERSION" '
    { version = $2; gsub(/[ \\t]/, "", version) }
    version == wanted || index(version, wanted "-") == 1 { print version; exit }'
}

refresh() {
  case $MANAGER in
    apt)
      if [ "$1" = own ]; then
        set -- -o "Dir::Etc::SourceList=$ROOT$apt_list" -o Dir::Etc::SourceParts=- -o APT::Get::List-Cleanup=0
      else
        set --
      fi
      patient apt_get -o APT::Update::Error-Mode=any "$@" update || return 1
      ! grep -Eqs '^(Err:|W: (Failed to fetch|GPG error|Some index files failed))|NO_PUBKEY' "$run/said"
      ;;
    dnf) patient quietly dnf -q -y --disablerepo='*' --enablerepo=nvidia-container-toolkit makecache ;;
    zypper) patient quietly zypper --non-interactive --gpg-auto-import-keys refresh nvidia-container-toolkit ;;
  esac
}

note_packages() {
  for name in "$@"; do
    case $name in '' | *[!a-z0-9.+:_~-]*) continue ;; esac
    note "package $MANAGER $name $(installed_version "$name")"
  done
}

allow_only() {
  refused=$(awk -v allowed=" $* " '
    $1 == "Remv" || $1 == "Purg" { print "removes " $2; next }
    $1 == "Inst" && $3 ~ /^\\[/ && !index(allowed, " " $2 " ") { print "changes " $2 }' "$run/said" | head -n 8 | tr '\\n' ' ')
  brought=$(awk '$1 == "Inst" { print $2 }' "$run/said" | tr '\\n' ' ')
  [ -z "$refused" ]
}

install_packages() {
  case $MANAGER in
    apt)
      set -- --no-install-recommends --allow-downgrades --allow-change-held-packages install "$@"
      patient apt_get -s "$@" || return 1
      if ! allow_only $toolkit_packages; then
        die would-disturb "apt would also do this, which nobody asked for: $refused"
      fi
      note_packages $brought
      patient apt_get "$@"
      ;;
    dnf)
      for word in "$@"; do note_packages "\${word%-"$VERSION"}"; done
      patient quietly dnf -q -y --setopt=install_weak_deps=False install "$@"
      ;;
    zypper)
      for word in "$@"; do note_packages "\${word%%=*}"; done
      patient quietly zypper --non-interactive --gpg-auto-import-keys install --no-recommends --oldpackage "$@"
      ;;
  esac
}

half_installed() {
  dpkg-query -W -f='\${db:Status-Status} \${Package}\\n' 2>/dev/null |
    awk '$1 == "unpacked" || $1 == "half-configured" || $1 == "half-installed" { print $2 }'
}

settle_packages() {
  if [ "$MANAGER" != apt ]; then return 0; fi
  half=$(half_installed) cut=no
  for file in "$ROOT/var/lib/dpkg/updates"/[0-9]*; do if [ -e "$file" ]; then cut=yes; fi; done
  if [ -z "$half" ] && [ "$cut" = no ]; then return 0; fi
  for name in $half; do
    case " $* " in
      *" $name "*) ;;
      *) die dpkg-interrupted "the installation of $name was cut off by somebody else; dpkg does nothing before that is finished" ;;
    esac
  done
  quietly dpkg --force-confdef --force-confold --configure -a || :
}

held_packages() {
  case $MANAGER in
    apt) apt-mark showhold 2>/dev/null 9>&- ;;
    dnf) dnf -q versionlock list 2>/dev/null 9>&- | sed -n 's/^\\(Package name: \\)\\{0,1\\}\\([a-z0-9-]*[a-z0-9]\\)-[0-9]*:.*/\\2/p; s/^Package name: //p' ;;
    zypper) zypper --non-interactive locks 2>/dev/null 9>&- | awk -F '|' 'NR > 2 { gsub(/ /, "", $2); print $2 }' ;;
  esac
}

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
`,repository:`
fetch() {
  protocols='=https'
  case $1 in
    http:*) protocols='=http,https' ;;
    file:*) protocols='=file' ;;
  esac
  for pause in 1 3 0; do
    rm -f "$2"
    if has curl && quietly curl -fsSL --proto "$protocols" --connect-timeout 15 --max-time 60 --max-filesize 65536 -o "$2" "$1"; then return 0; fi
    case $1 in https:* | http:*) if ! has curl && has wget && quietly wget -q -T 30 -t 1 -O "$2" "$1"; then return 0; fi ;; esac
    if [ -x "$ROOT/usr/lib/apt/apt-helper" ] && quietly "$ROOT/usr/lib/apt/apt-helper" download-file "$1" "$2"; then return 0; fi
    sleep "$pause"
  done
  return 1
}

own_gpg() {
  gpg --homedir "$gpg_home" --no-options --batch --no-tty --quiet --no-default-keyring --keyring "$gpg_home/keys.gpg" \\
    --trust-model always "$@" 2>"$run/said" </dev/null 9>&-
}

read_keys() {
  has gpg || die gpg-missing 'there is no gpg on this host, so the key of the repository cannot be compared'
  gpg_home=$run/gnupg
  rm -rf "$gpg_home"
  mkdir "$gpg_home"
  chmod 700 "$gpg_home"
  : >"$gpg_home/keys.gpg"
  own_gpg --import "$1" || :
  own_gpg --with-colons --fixed-list-mode --list-keys >"$run/keys" || :
  fingerprints=$(awk -F: '$1 == "pub" { primary = 1 } $1 == "sub" { primary = 0 } $1 == "fpr" && primary { print $10; primary = 0 }' "$run/keys" | tr '\\n' ' ')
  unusable=$(awk -F: '$1 == "pub" && $2 ~ /^[red]/ { print $5 }' "$run/keys" | tr '\\n' ' ')
}

are_wanted() {
  if [ $# = 0 ]; then return 1; fi
  for fingerprint in "$@"; do
    case " $KEYS " in *" $fingerprint "*) ;; *) return 1 ;; esac
  done
}

install_key() {
  if is_there "$keyring"; then
    read_keys "$ROOT$keyring"
    if are_wanted $fingerprints; then return 0; fi
    die keyring-differs "$keyring holds the key \${fingerprints:-of nobody }and not \${KEYS}; it was left as it is"
  fi
  fetch "$REPOSITORY/gpgkey" "$run/gpgkey" || { emit_said && die key-unreachable "the key of the repository could not be fetched from $REPOSITORY/gpgkey"; }
  read_keys "$run/gpgkey"
  if ! are_wanted $fingerprints; then
    die key-differs "$REPOSITORY/gpgkey is the key \${fingerprints:-of nobody }and not \${KEYS}; nothing was installed"
  fi
  if [ -n "$unusable" ]; then die key-unusable "the key $unusable of $REPOSITORY/gpgkey is expired or revoked"; fi
  make_folder "\${keyring%/*}"
  temporary "$keyring"
  case $MANAGER in
    apt) own_gpg --export >"$temp" || die key-unusable "gpg could not write the key: $(cat "$run/said")" ;;
    *) own_gpg --armor --export >"$temp" || die key-unusable "gpg could not write the key: $(cat "$run/said")" ;;
  esac
  chmod 644 "$temp"
  preserve "$keyring"
  replace "$keyring"
  outcome=changed
}

describe_repository() {
  case $MANAGER in
    apt) printf 'deb [signed-by=%s] %s/stable/deb/$(ARCH) /\\n' "$keyring" "$REPOSITORY" ;;
    *) printf '[nvidia-container-toolkit]\\nname=nvidia-container-toolkit\\nbaseurl=%s/stable/rpm/$basearch\\nrepo_gpgcheck=1\\ngpgcheck=0\\nenabled=1\\ngpgkey=file://%s\\n' "$REPOSITORY" "$keyring" ;;
  esac
}

effective() { sed -e 's/[[:blank:]][[:blank:]]*/ /g' -e 's/^ //' -e 's/ $//' -e '/^#/d' -e '/^$/d'; }

write_list() {
  if [ -f "$ROOT$list" ]; then
    effective <"$ROOT$list" >"$run/found-list"
    if describe_repository | effective | cmp -s - "$run/found-list"; then return 0; fi
  fi
  make_folder "\${list%/*}"
  temporary "$list"
  describe_repository >"$temp" || die write-failed "$list could not be written (is the disk full?)"
  chmod 644 "$temp"
  preserve "$list"
  replace "$list"
  outcome=changed
}

install_prerequisites() {
  missing=''
  for name in $PREREQUISITES; do
    if [ "$(installed_version "$name")" = - ]; then missing="$missing $name"; fi
  done
  if [ -z "$missing" ]; then return 0; fi
  if ! install_packages $missing; then
    refresh all || :
    install_packages $missing || { emit_said && die prerequisites-failed "these packages could not be installed:$missing"; }
  fi
  outcome=changed
}

add_repository() {
  outcome=unchanged
  case $MANAGER in
    apt) keyring=$apt_keyring list=$apt_list ;;
    dnf) keyring=$rpm_keyring list=$dnf_list ;;
    zypper) keyring=$rpm_keyring list=$zypper_list ;;
  esac
  settle_packages $toolkit_packages $PREREQUISITES $(begun_packages)
  install_prerequisites
  install_key
  write_list
  if [ "$outcome" = unchanged ]; then return 0; fi
  refresh own || { emit_said && die repository-unusable "the repository $REPOSITORY could not be read, or is not signed by its key"; }
}
`,"survey-driver":`
gpu_pci() {
  for device in "$ROOT/sys/bus/pci/devices"/*; do
    vendor=$(first "$device/vendor") || continue
    class=$(first "$device/class") || continue
    case $vendor$class in 0x10de0x0300* | 0x10de0x0302*) ;; *) continue ;; esac
    id=$(first "$device/device") || id=''
    driver=$(cd -P "$device/driver" 2>/dev/null && printf '%s' "\${PWD##*/}") || driver=''
    emit fact gpu.pci address "\${device##*/}" id "10de:\${id#0x}" driver "$driver"
  done
}

gpu_module_version() {
  has modinfo || return 0
  for name in nvidia nvidia-current; do
    version=$(limited 5 modinfo -F version "$name" 2>/dev/null </dev/null) || continue
    if [ -n "$version" ]; then
      printf '%.128s' "\${version%%"
"*}"
      return 0
    fi
  done
}

gpu_library() {
  for folder in /usr/lib/x86_64-linux-gnu /usr/lib/aarch64-linux-gnu /usr/lib64 /usr/lib /lib64 /lib; do
    library=$ROOT$folder/libnvidia-ml.so.1
    [ -e "$library" ] || continue
    library=$(readlink -f "$library" 2>/dev/null) || continue
    printf '%s' "\${library##*/}"
    return 0
  done
}

gpu_secure_boot() {
  state=unknown
  variable=$ROOT/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c
  if [ -d "$ROOT/sys/firmware" ] && [ ! -d "$ROOT/sys/firmware/efi" ]; then
    state=disabled
  elif [ -r "$variable" ]; then
    case $(head -c 5 "$variable" 2>/dev/null | tail -c 1 | tr '\\000\\001' '01') in
      0) state=disabled ;;
      1) state=enabled ;;
    esac
  fi
  if [ "$state" = unknown ] && has mokutil; then
    case $(limited 5 mokutil --sb-state 2>/dev/null </dev/null) in
      *'SecureBoot enabled'*) state=enabled ;;
      *'SecureBoot disabled'*) state=disabled ;;
    esac
  fi
  printf '%s' "$state"
}

gpu_driver() {
  loaded=$(first "$ROOT/proc/driver/nvidia/version") || loaded=$(first "$ROOT/sys/module/nvidia/version") || loaded=''
  nouveau=false
  if [ -d "$ROOT/sys/module/nouveau" ]; then nouveau=true; fi
  emit fact gpu.driver loaded "$loaded" on_disk "$(gpu_module_version)" library "$(gpu_library)" nouveau:n "$nouveau" \\
    secure_boot "$(gpu_secure_boot)"
}

gpu_kernels() {
  kernels=''
  for path in "$ROOT/boot"/vmlinuz-*; do
    if [ -f "$path" ]; then kernels="$kernels \${path##*/vmlinuz-}"; fi
  done
  [ -n "$kernels" ] || return 0
  with=$(grep -lE '(^|/)nvidia(-current)?\\.ko' "$ROOT/lib/modules"/*/modules.dep 2>/dev/null |
    sed 's|/modules\\.dep$||; s|.*/||' | tr '\\n' ' ') || with=''
  emit fact gpu.kernels installed "\${kernels# }" with_module "$with"
}

gpu_reboot() {
  pending=false packages=''
  for folder in /run /var/run; do
    if [ -e "$ROOT$folder/reboot-required" ]; then
      pending=true
      if [ -r "$ROOT$folder/reboot-required.pkgs" ]; then packages=$(head -c 8192 "$ROOT$folder/reboot-required.pkgs"); fi
      break
    fi
  done
  if [ -e "$ROOT/run/reboot-needed" ]; then pending=true; fi
  if [ "$pending" = false ] && has needs-restarting; then
    packages=$(limited 20 needs-restarting -r 2>/dev/null </dev/null | awk 'NR <= 256 && $1 == "*" { print $2 }') || packages=''
    if [ -n "$packages" ]; then pending=true; fi
  fi
  emit fact gpu.reboot pending:n "$pending" packages "$packages"
}

gpu_unattended() {
  on=false
  case $(cat "$ROOT/etc/apt/apt.conf" "$ROOT/etc/apt/apt.conf.d"/* 2>/dev/null | head -c 1048576 | awk '
    /^[ \\t]*(\\/\\/|#)/ { next }
    match($0, /APT::Periodic::Unattended-Upgrade[ \\t]+"[^"]*"/) { value = substr($0, RSTART, RLENGTH); gsub(/^[^"]*"|"$/, "", value) }
    END { print value }') in
    '' | 0) ;;
    *) if [ -e "$ROOT/usr/bin/unattended-upgrade" ] || has unattended-upgrade; then on=true; fi ;;
  esac
  for path in "$ROOT/etc/systemd/system/timers.target.wants"/dnf*automatic*.timer "$ROOT/etc/systemd/system/timers.target.wants/transactional-update.timer"; do
    if [ -e "$path" ] || [ -L "$path" ]; then on=true; fi
  done
  emit fact gpu.unattended on:n "$on"
}

gpu_kernel_log() {
  has dmesg || return 0
  lines=$(limited 5 dmesg 2>/dev/null </dev/null | head -c 4194304 | awk '
    /NVRM|Xid|Key was rejected by service|nvidia.*(version magic|disagrees|verification failed)/ { kept[count++ % 20] = substr($0, 1, 400) }
    END { for (at = count > 20 ? count - 20 : 0; at < count; at++) print kept[at % 20] }') || lines=''
  if [ -n "$lines" ]; then emit fact gpu.kernel-log lines "$lines"; fi
}
`,"survey-packages":`
gpu_manager() {
  if has apt-get && has dpkg-query; then
    printf apt
  elif has dnf && has rpm; then
    printf dnf
  elif has zypper && has rpm; then
    printf zypper
  fi
}

gpu_packages() {
  manager=$(gpu_manager)
  list='' locks=''
  case $manager in
    apt)
      list=$(limited 20 dpkg-query -W -f '\${Package}\\t\${Version}\\t\${db:Status-Abbrev}\\n' '*nvidia*' 'cuda-drivers*' 2>/dev/null </dev/null | head -c 65536) || list=''
      ;;
    dnf | zypper)
      list=$(limited 20 rpm -qa --qf '%{NAME}\\t%{VERSION}-%{RELEASE}\\tii\\n' '*nvidia*' 'cuda-drivers*' 2>/dev/null </dev/null | head -c 65536) || list=''
      locks=$(cat "$ROOT/etc/dnf/plugins/versionlock.list" "$ROOT/etc/dnf/versionlock.toml" "$ROOT/etc/zypp/locks" 2>/dev/null | head -c 65536) || locks=''
      ;;
  esac
  missing=''
  if [ "$manager" = apt ]; then
    for name in curl gpg; do has "$name" || missing="$missing $name"; done
    [ -s "$ROOT/etc/ssl/certs/ca-certificates.crt" ] || missing="$missing ca-certificates"
  fi
  version=''
  if has nvidia-ctk; then version=$(limited 5 nvidia-ctk --version 2>/dev/null </dev/null | head -c 1024) || version=''; fi
  emit fact gpu.packages manager "$manager" list "$list" locks "$locks" missing "\${missing# }" ctk "$version"
}

gpu_without_credentials() { sed 's|//[^/@[:blank:]]*@|//***@|g'; }

gpu_repository() {
  set -- /etc/apt/sources.list.d/nvidia-container-toolkit.list /etc/apt/sources.list.d/nvidia-container-toolkit.sources \\
    /etc/yum.repos.d/nvidia-container-toolkit.repo /etc/zypp/repos.d/nvidia-container-toolkit.repo
  file=''
  for path in "$@"; do
    if [ -f "$ROOT$path" ]; then file=$path && break; fi
  done
  if [ -z "$file" ]; then
    file=$(grep -lsE '^[^#]*(libnvidia-container|nvidia-container-toolkit)' "$ROOT/etc/apt/sources.list" "$ROOT/etc/apt/sources.list.d"/*.list \\
      "$ROOT/etc/apt/sources.list.d"/*.sources "$ROOT/etc/yum.repos.d"/*.repo "$ROOT/etc/zypp/repos.d"/*.repo) || :
    file=\${file%%"
"*}
    file=\${file#"$ROOT"}
  fi
  text='' keyring=''
  if [ -n "$file" ]; then
    text=$(head -c 8192 "$ROOT$file" | gpu_without_credentials) || text=''
    keyring=$(printf '%s\\n' "$text" | sed -n '/^#/d; s/.*[Ss]igned-[Bb]y[=:][[:blank:]]*\\(\\/[^],[:blank:]]*\\).*/\\1/p' | head -n 1) || keyring=''
  fi
  usual=/usr/share/keyrings/nvidia-container-toolkit-keyring.gpg
  if [ -z "$keyring" ] && [ -f "$ROOT$usual" ]; then keyring=$usual; fi
  keys=''
  if [ -n "$keyring" ] && [ -f "$ROOT$keyring" ] && has gpg; then
    keys=$(head -c 262144 "$ROOT$keyring" | limited 5 gpg --homedir /proc --batch --no-options --no-autostart --no-default-keyring \\
      --no-keyring --lock-never --trust-model always --show-keys --with-colons 2>/dev/null |
      awk -F: '$1 == "pub" { isKey = 1 } $1 == "fpr" && isKey && count++ < 16 { print $10; isKey = 0 }') || keys=''
  fi
  emit fact gpu.repository path "$file" text "$text" keyring "$keyring" keys "$keys"
}
`,"survey-runtime":`
gpu_containerd_folder=/var/lib/rancher/k3s/agent/etc/containerd

gpu_search_path() {
  path=''
  pid=$(printf '%s\\n' "\${shown:-}" | sed -n 's/^MainPID=//p')
  case $pid in
    '' | 0 | *[!0-9]*) ;;
    *) if [ -r "$ROOT/proc/$pid/environ" ]; then path=$(tr '\\000' '\\n' <"$ROOT/proc/$pid/environ" 2>/dev/null | sed -n 's/^PATH=//p' | head -n 1 | head -c 4096) || path=''; fi ;;
  esac
  printf '%s' "/usr/local/nvidia/toolkit:/opt/kwasm/bin:\${path:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}"
}

gpu_runtimes() {
  search=$(gpu_search_path)
  others=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/nvidia/bin:/usr/local/cuda/bin:/opt/nvidia/toolkit:/opt/bin:/run/current-system/sw/bin
  found='' done=:
  set -f
  IFS=:
  set -- $search $others
  unset IFS
  set +f
  for folder in "$@"; do
    case $folder in /*) ;; *) continue ;; esac
    case $done in *":$folder:"*) continue ;; esac
    done="$done$folder:"
    for name in nvidia-container-runtime nvidia-container-runtime.cdi nvidia-container-runtime-experimental; do
      path=\${folder%/}/$name
      if [ -f "$ROOT$path" ] && [ -x "$ROOT$path" ]; then found="$found\${found:+
}$path"; fi
    done
  done
  owners=''
  if [ -n "$found" ]; then
    set -f
    IFS='
'
    set -- $found
    unset IFS
    set +f
    case $(gpu_manager) in
      apt) owners=$(limited 10 dpkg-query -S "$@" 2>/dev/null </dev/null) || : ;;
      dnf | zypper)
        for path in "$@"; do
          owner=$(limited 10 rpm -qf --qf '%{NAME}' "$path" 2>/dev/null </dev/null) || continue
          owners="$owners$owner: $path
"
        done
        ;;
    esac
  fi
  emit fact gpu.runtimes search "$search" paths "$found" owners "$owners"
}

gpu_default_runtimes() {
  set -- "$ROOT/etc/rancher/k3s/config.yaml"
  for file in "$ROOT/etc/rancher/k3s/config.yaml.d"/.[!.]* "$ROOT/etc/rancher/k3s/config.yaml.d"/*; do
    case $file in *.yaml | *.yml) if [ -f "$file" ] && [ -r "$file" ]; then set -- "$@" "$file"; fi ;; esac
  done
  if [ ! -f "$1" ] || [ ! -r "$1" ]; then shift; fi
  [ $# -gt 0 ] || return 0
  lines=$(awk '
    match($0, /^["\\047]?default-runtime["\\047]?[ \\t]*:([ \\t]|$|\\r)/) {
      value = substr($0, RLENGTH + 1)
      sub(/\\r$/, "", value)
      gsub(/^[ \\t]+|[ \\t]+$/, "", value)
      if (value ~ /^"[^"]*"/) { sub(/^"/, "", value); sub(/".*/, "", value) }
      else if (value ~ /^\\047[^\\047]*\\047/) { sub(/^\\047/, "", value); sub(/\\047.*/, "", value) }
      else { sub(/^#.*/, "", value); sub(/[ \\t]+#.*/, "", value) }
      if (count++ < 64) printf "%s\\001%s\\n", FILENAME, substr(value, 1, 200)
    }' "$@" 2>/dev/null) || lines=''
  while IFS= read -r line; do
    case $line in *"$mark"*) ;; *) continue ;; esac
    path=\${line%%"$mark"*}
    emit fact gpu.default-runtime place "\${path#"$ROOT"}" value "\${line#*"$mark"}"
  done <<END
$lines
END
}

gpu_text() {
  head -c 65536 "$1" | awk '
    function ends(text, quote) { return index(text, quote) > 0 }
    quote != "" { if (ends($0, quote)) quote = ""; next }
    tolower($0) ~ /(password|passwd|identity_?token|registrytoken|auth|secret|token)[a-z0-9_-]*["\\047]?[ \\t]*=/ {
      at = index($0, "\\"\\"\\"")
      if (at && !ends(substr($0, at + 3), "\\"\\"\\"")) quote = "\\"\\"\\""
      at = index($0, "\\047\\047\\047")
      if (at && !ends(substr($0, at + 3), "\\047\\047\\047")) quote = "\\047\\047\\047"
      next
    }
    tolower($0) ~ /(authorization|proxy-auth|cookie|x-[a-z-]*(token|key))["\\047]?[ \\t]*=/ { next }
    { print }' | gpu_without_credentials
}

gpu_containerd() {
  for name in config.toml config.toml.tmpl config-v3.toml.tmpl; do
    path=$gpu_containerd_folder/$name
    if [ ! -f "$ROOT$path" ] || [ ! -r "$ROOT$path" ]; then continue; fi
    text=$(gpu_text "$ROOT$path" && printf x) || text=x
    sum=$(limited 10 sha256sum <"$ROOT$path" 2>/dev/null) || sum=''
    emit fact gpu.containerd name "$name" path "$path" sha256 "\${sum%% *}" text "\${text%x}"
  done
}

gpu_handlers() {
  program=\${unit_program:-}
  case \${unit_name:-}$(printf '%s\\n' "\${shown:-}" | sed -n 's/^ActiveState=//p') in
    k3sactive | k3s-agentactive) ;;
    *) return 0 ;;
  esac
  case $program in */k3s) program=$ROOT$program ;; *) program=k3s ;; esac
  has "$program" || return 0
  names=$(limited 5 "$program" crictl info 2>/dev/null </dev/null | head -c 1048576 | awk '
    function name(text) { gsub(/^[ \\t]*"|"[^"]*$/, "", text); return text }
    /^  "/ { top = $1 }
    /^    "/ { second = $1 }
    /^      "/ { third = $1 }
    /^{/ { answered = 1 }
    top == "\\"runtimeHandlers\\":" && /^      "name": "/ { text = $0; sub(/^      "name": "/, "", text); sub(/".*/, "", text); if (text != "") print text }
    top == "\\"config\\":" && second == "\\"containerd\\":" && third == "\\"runtimes\\":" && /^        "[^"]*": {/ { text = $0; sub(/^ *"/, "", text); sub(/".*/, "", text); print text }
    END { if (answered) print "\\001" }' | head -c 16384) || names=''
  case $names in *"$mark"*) emit fact gpu.handlers names "\${names%"$mark"*}" ;; esac
}

gpu_device_links() {
  missing='' rule=false
  for line in $(ls -dln "$ROOT/dev"/nvidia* "$ROOT/dev/nvidia-caps"/* 2>/dev/null | awk '
    /^c/ && count++ < 256 { major = $5; sub(/,$/, "", major); print major ":" $6 ":" $NF }'); do
    path=\${line#*:*:}
    number=\${line%":$path"}
    if [ ! -e "$ROOT/dev/char/$number" ] && [ ! -L "$ROOT/dev/char/$number" ]; then missing="$missing \${path#"$ROOT"}"; fi
  done
  if grep -Eqs '^[^#]*create-dev-char-symlinks' "$ROOT/etc/udev/rules.d"/*.rules "$ROOT/usr/lib/udev/rules.d"/*nvidia*.rules \\
    "$ROOT/lib/udev/rules.d"/*nvidia*.rules; then rule=true; fi
  emit fact gpu.device-links missing "\${missing# }" rule:n "$rule"
}

gpu_own_files() {
  set --
  for path in "$ROOT/etc/rancher/k3s/config.yaml.d"/*k3s-gpu-actions* "$ROOT/etc/udev/rules.d"/*k3s-gpu-actions* \\
    "$ROOT/etc/apt/sources.list.d"/*k3s-gpu-actions* "$ROOT/etc/apt/preferences.d"/*k3s-gpu-actions* \\
    "$ROOT/etc/yum.repos.d"/*k3s-gpu-actions* "$ROOT/etc/zypp/repos.d"/*k3s-gpu-actions* \\
    "$ROOT/usr/share/keyrings"/*k3s-gpu-actions*; do
    case $path in */50-k3s-gpu-actions.yaml) continue ;; esac
    if [ -f "$path" ] && [ -r "$path" ]; then set -- "$@" "$path"; fi
  done
  if [ $# -gt 0 ]; then limited 10 sha256sum "$@" 2>/dev/null </dev/null; fi | while read -r sum path; do
    path=\${path#\\*}
    emit fact gpu.own-file path "\${path#"$ROOT"}" sha256 "$sum"
  done
}
`,"survey-smi":`
gpu_fields=index,uuid,name,driver_version,pci.bus_id,memory.total,memory.used,utilization.gpu,temperature.gpu,mig.mode.current,compute_cap,persistence_mode
gpu_old_fields=index,uuid,name,driver_version,pci.bus_id,memory.total,memory.used,utilization.gpu,temperature.gpu,pstate,fan.speed,persistence_mode

gpu_query() {
  said=$(asked 10 nvidia-smi "--query-gpu=$gpu_fields" --format=csv,noheader,nounits) && code=0 || code=$?
  case $code$said in
    2*'not a valid field'*) said=$(asked 10 nvidia-smi "--query-gpu=$gpu_old_fields" --format=csv,noheader,nounits) && code=0 || code=$? ;;
  esac
  cuda='' list='' devices=''
  while IFS= read -r line; do
    case $line in
      [0-9]*', GPU-'*', '*', '*', '*', '*', '*', '*', '*', '*', '*', '*)
        case $line in *', Enabled, '*', '*) list=wanted ;; esac
        line=\${line%, *, *, *, *, *, *}
        memory=\${line##*, } line=\${line%, *, *}
        line=\${line#*, }
        line="\${line#*, }, $memory"
        ;;
    esac
    devices="$devices\${devices:+
}$line"
  done <<END
$said
END
  case $code in
    0 | 14)
      case $devices in
        *', '*)
          cuda=$(asked 10 nvidia-smi) || :
          case $cuda in
            *CUDA*Version:\\ [0-9]*) cuda=\${cuda#*CUDA*Version: } cuda=\${cuda%%[!0-9.]*} ;;
            *) cuda='' ;;
          esac
          if [ "$list" = wanted ]; then list=$(asked 10 nvidia-smi -L) || :; fi
          ;;
      esac
      ;;
  esac
  emit fact gpu.smi code:n "$code" said "$said" cuda "$cuda" list "$list"
}
`,survey:`
survey_gpu_runtime() {
  cards=$(gpu_pci)
  if [ -n "$cards" ]; then printf '%s\\n' "$cards"; fi
  if [ -z "$cards" ] && [ -d "$ROOT/sys/bus/pci/devices" ]; then return 0; fi
  for part in driver kernels reboot unattended kernel_log packages repository runtimes default_runtimes containerd handlers \\
    device_links own_files; do
    ("gpu_$part") || :
  done
}
`,undo:`
is_foreign() { return 1; }
undo_line() { :; }

read_manager() {
  MANAGER=$(awk '$2 == "package" || $2 == "held" || $2 == "was_held" { print $3; exit }' "$run/backwards")
  case $MANAGER in '' | apt | dnf | zypper) ;; *) die bad-log "the change log names a package manager $MANAGER" ;; esac
}

names_of() { awk -v kind="$1" '$2 == kind { print $4 }' "$run/backwards" | sort -u; }

undo_holds() {
  freed=no
  for name in $(names_of held); do
    case $(installed_version "$name") in -*) continue ;; esac
    held_packages | grep -qxF "$name" || continue
    if patient hold no "$name"; then freed=yes; else
      incomplete=yes
      remains "package $name" 'upgrades are still kept from it'
    fi
  done
  if [ "$freed" = yes ]; then emit undone hold-packages; fi
}

hold_again() {
  for name in $(names_of was_held); do
    case $(installed_version "$name") in -*) continue ;; esac
    if held_packages | grep -qxF "$name" || patient hold yes "$name"; then continue; fi
    incomplete=yes
    remains "package $name" 'upgrades were kept from it before, and are no more'
  done
}

concerns_only() {
  others=$(awk -v allowed=" $* " '($1 == "Remv" || $1 == "Purg" || $1 == "Inst") && !index(allowed, " " $2 " ") { print $2 }' "$run/said" | head -n 8 | tr '\\n' ' ')
  [ -z "$others" ]
}

change_back() {
  case $MANAGER in
    apt)
      patient apt_get -s --allow-downgrades --allow-change-held-packages --purge --no-install-recommends install "$@" &&
        concerns_only $names &&
        patient apt_get --allow-downgrades --allow-change-held-packages --purge --no-install-recommends install "$@"
      ;;
    dnf | zypper)
      for word in "$@"; do
        case $MANAGER-$word in
          dnf-*=*) patient quietly dnf -q -y install "\${word%%=*}-\${word#*=}" || return 1 ;;
          dnf-*) patient quietly dnf -q -y --noautoremove remove "\${word%-}" || return 1 ;;
          zypper-*=*) patient quietly zypper --non-interactive install --no-recommends --oldpackage "$word" || return 1 ;;
          *) patient quietly zypper --non-interactive remove "\${word%-}" || return 1 ;;
        esac
      done
      ;;
    *) return 1 ;;
  esac
}

undo_packages() {
  awk '$2 == "package" { former[$4] = $4 " " $5 } END { for (name in former) print former[name] }' "$run/backwards" | sort >"$run/packages"
  [ -s "$run/packages" ] || return 0
  names=$(awk '{ print $1 }' "$run/packages" | tr '\\n' ' ')
  settle_packages $names
  wanted=''
  while read -r name version; do
    now=$(installed_version "$name")
    if [ "$now" = "$version" ]; then continue; fi
    case $version in
      -) wanted="$wanted $name-" ;;
      '('*) ;;
      *) wanted="$wanted $name=$version" ;;
    esac
  done <"$run/packages"
  if [ -z "$wanted" ]; then return 0; fi
  if change_back $wanted; then
    emit undone install-toolkit
    return 0
  fi
  emit_said
  incomplete=yes
  while read -r name version; do
    now=$(installed_version "$name")
    if [ "$now" = "$version" ]; then continue; fi
    if [ "$version" = - ]; then
      remains "package $name" "$now was not there before; it could not be removed\${others:+, because that would change $others}"
    else
      remains "package $name" "it is $now now; $version, which was there before, could not be put back"
    fi
  done <"$run/packages"
}

main() {
  begin_undo
  if [ "$begun" = no ]; then return 0; fi
  others=''
  read_manager
  undo_holds
  undo_packages
  hold_again
  follow_log_backwards
  restart_unit
  end_undo
}
`},En="https://nvidia.github.io/libnvidia-container",ki="C95B321B61E88C1809C4F759DDCAE044F796ECB0",Qe="1.17.8";function Je(e){return{url:e.repository??En,keys:e.repositoryKeys.length>0?e.repositoryKeys:[ki]}}const Dn=e=>e.replace(/^\d+:/,"").split("-")[0]??"";function jn(e,n){const t=o=>(o.split("~")[0]??"").split(".").map(Number),[i,s]=[t(e),t(n)];for(let o=0;o<s.length;o++){const a=(i[o]??0)-(s[o]??0);if(a!==0)return a<0}return!1}function Ye(e){const n=e.toolkit.packages.filter(({version:o})=>o!==""),t=new Set(n.map(({version:o})=>Dn(o))),[i]=[...t];if(i!==void 0){if(t.size===1&&n.length===K.length)return{kind:"whole",version:i};const o=n.find(({name:a})=>a===K[0]);return{kind:"mixed",installed:n,version:Dn(o?.version??"")}}const s=e.runtimes.find(({name:o})=>o==="nvidia-container-runtime");return s?{kind:"unpackaged",path:s.path,version:e.toolkit.ctkVersion}:{kind:"none"}}function Oe(e,n){if(e.toolkit!=="install")return;const t=Ye(n),i=e.toolkitVersion;if(t.kind==="none")return{version:i??Be,reason:"not installed"};if(t.kind==="mixed"){const o=t.version!==""&&!jn(t.version,Qe)?t.version:Be;return{version:i??o,reason:`its packages do not fit together: ${Mn(t.installed)}`}}if(i===void 0||i===t.version)return;const s=t.kind==="unpackaged"?` (${t.path}, from no package)`:"";return{version:i,reason:`${t.version||"an unknown version"}${s} is there, ${i} is wanted`}}function Mn(e){return K.map(n=>`${n} ${e.find(t=>t.name===n)?.version??"missing"}`).join(", ")}function yi(e,n){const{path:t,urls:i}=n.toolkit.repository;if(t==="")return!1;const s=(a,r)=>a===r||a.startsWith(`${r}/`),o=e.repository;return o!==void 0?i.some(a=>s(a,o)):i.some(a=>!s(a,En)||/\/stable\/(deb|rpm)(\/|$)/.test(a))}const wi={apt:{curl:"curl",gpg:"gpg","ca-certificates":"ca-certificates"},dnf:{curl:"curl",gpg:"gnupg2","ca-certificates":"ca-certificates"},zypper:{curl:"curl",gpg:"gpg2","ca-certificates":"ca-certificates"}};function Gn(e){const n=wi[e.toolkit.packageManager]??{};return e.toolkit.missingPrerequisites.flatMap(t=>n[t]??[])}function Cn(e,n){if(e.holdPackages==="none"||n.toolkit.packageManager==="")return[];const t=Oe(e,n)!==void 0,i=K.filter(o=>{const a=n.toolkit.packages.find(r=>r.name===o);return a?.isHeld!==!0&&(t||a!==void 0&&a.version!=="")}),s=e.holdPackages==="all"?n.driver.packages.filter(({version:o,isHeld:a})=>o!==""&&!a).map(({name:o})=>o):[];return[...i,...s]}const bi={apt:"/etc/apt/sources.list.d/nvidia-container-toolkit.list",dnf:"/etc/yum.repos.d/nvidia-container-toolkit.repo",zypper:"/etc/zypp/repos.d/nvidia-container-toolkit.repo"};function Oi(e,n){const t=(i,s="")=>K.map(o=>`${o}${i}${n}${s}`).join(" ");return e==="apt"?`apt-get install --no-install-recommends ${t("=","-*")}`:e==="dnf"?`dnf install --setopt=install_weak_deps=False ${t("-")}`:`zypper install --no-recommends --oldpackage ${t("=")}`}const Un=e=>e==="apt"?"":`; this way has not yet run on a real machine with ${e}`;function _e(e,n){const t=[],i=(f,p)=>{t.push({id:f,...p})},s=Ye(n),o=Oe(e,n),a=n.toolkit.packageManager;if(o&&a!==""){const{url:f,keys:p}=Je(e);if(!yi(e,n)){const h=Gn(n);i("add-repository",{kind:"write",target:bi[a],reason:`${a} does not know ${f}; its key must be ${p.join(" or ")}`+(h.length>0?`; installs ${h.join(", ")} for it`:"")+Un(a),undo:"what was there before comes back"})}i("install-toolkit",{kind:"install",target:`nvidia-container-toolkit ${o.version}`,reason:`${o.reason}; ${Oi(a,o.version)}${Un(a)}`,disrupts:"its scripts ask systemd to reload, which can take the GPU from running containers; from systemd 237 on they are kept from it",undo:"packages that were not there are removed, others get their former version back where it can be had"})}const r=Cn(e,n);r.length>0&&i("hold-packages",{kind:"hold",target:r.join(", "),reason:"an upgrade would change them under running containers, at a time that nobody chose",undo:"upgrades may touch them again"});const{missing:d,hasRule:c,isNeeded:l}=n.deviceLinks;l&&(d.length>0||!c)&&(n.toolkit.ctkVersion!==""||o&&a!=="")&&i("link-devices",{kind:"write",target:"/dev/char, /etc/udev/rules.d/71-k3s-gpu-actions-dev-char.rules",reason:(d.length>0?`no link for ${d.join(", ")}`:"the links would be gone after the next boot")+": without them a reload of systemd takes the GPU from running containers",undo:"the rule is deleted; links do no harm and are gone after the next boot"});const u=s.kind==="none"?"":s.version;return{changes:t,version:o&&a!==""?o.version:u}}function _i(e,n,t,i,s=[]){if(t.k3s.unit==="")throw new TypeError("no unit runs k3s here");const o=new Set(i.filter(a=>a.waitsFor===void 0).map(a=>a.id));return{...e,steps:we.filter(a=>o.has(a)),unit:t.k3s.unit,packageManager:t.toolkit.packageManager,toolkitVersion:_e(n,t).version,repository:Je(n),prerequisites:Gn(t),hold:Cn(n,t),templates:s.map(({path:a,sha256:r})=>({path:a,sha256:r})),searchPath:t.k3s.searchPath}}const xi=/^\d+\.\d+\.\d+(~[a-z0-9.]+)?$/,Ri=/^[a-z0-9][a-z0-9.+_:-]*$/;function Pi(e){const{steps:n,toolkitVersion:t,repository:i,hold:s,prerequisites:o,templates:a,searchPath:r}=e,d=(c,l)=>{throw new TypeError(`${JSON.stringify(l.slice(0,200))} is no ${c}`)};if(n.includes("install-toolkit")&&!xi.test(t)&&d("version",t),n.includes("add-repository")){/^(https?|file):\/\/[A-Za-z0-9._~:/%+-]+[A-Za-z0-9_~%+-]$/.test(i.url)||d("URL",i.url),i.keys.length===0&&d("fingerprint of a key","");for(const c of i.keys)/^[0-9A-F]{40}$/.test(c)||d("fingerprint of a key",c)}for(const c of[...s,...o])Ri.test(c)||d("name of a package",c);for(const{path:c,sha256:l}of a)(!/^[0-9a-f]{64}$/.test(l)||/[\s:]/.test(c))&&d("template",`${c}:${l}`);for(const c of r)/[:\n\0]/.test(c)&&d("folder of a search path",c)}function qn(e){if(!(typeof e.step!="string"||e.state!=="done"&&e.state!=="unchanged"))return{step:e.step,state:e.state}}async function Ai(e,n,t){Pi(n);const i=await e.run({name:"apply",script:[N.files,_.gY,N.packages,N.repository,N.apply].join(`
`),env:{RUN_ID:(0,_.np)(n.runId),HOLDER:(0,_.$R)(n.holder),LOCK_WAIT:(0,_.ET)(t),STEPS:n.steps.join(" "),UNIT:n.unit,MANAGER:n.packageManager,VERSION:n.toolkitVersion,REPOSITORY:n.repository.url,KEYS:n.repository.keys.join(" "),PREREQUISITES:n.prerequisites.join(" "),HOLD:n.hold.join(" "),TEMPLATES:n.templates.map(({path:a,sha256:r})=>`${a}:${r}`).join(" "),SEARCH_PATH:n.searchPath.join(":")},privilege:"root",timeoutMs:t.timeoutMs,signal:t.signal,onLine:a=>{const r=qn(a);r&&t.onStep?.(r.step,r.state),typeof a.waiting_for=="string"&&t.onWaiting?.(a.waiting_for)}}),s=Ke(e.label,"the preparation",i);if(s)throw s;const o=i.lines.flatMap(a=>qn(a)??[]);return{steps:o,isChanged:o.some(a=>a.state==="done"),interrupted:i.lines.flatMap(a=>typeof a.interrupted=="string"?[{runId:a.interrupted,step:String(a.step??"")}]:[]),warnings:i.lines.flatMap(a=>typeof a.warning=="string"?[a.warning]:[])}}var Si=w(8815);const T=e=>typeof e=="object"&&e!==null&&!Array.isArray(e)?e:{},W=e=>Array.isArray(e)?e.map(T):[],S=e=>typeof e=="string"?e:"",Xe=e=>Array.isArray(e)?e.map(S):[],Fn=e=>Object.fromEntries(Object.entries(T(e)).map(([n,t])=>[n,S(t)]));function Vn(e){return{name:S(e.name),image:S(e.image),words:[...Xe(e.command),...Xe(e.args)],env:Object.fromEntries(W(e.env).map(n=>[S(n.name),S(n.value)])),isPrivileged:T(e.securityContext).privileged===!0}}function Ni(e){const n=W(e.matchExpressions),t=W(e.matchFields).map(i=>({...i,key:`field ${S(i.key)}`}));return[...n,...t].map(i=>({key:S(i.key),operator:S(i.operator),values:Xe(i.values)}))}function Ii(e){const n=e.filter(({configMap:i})=>S(T(i).name)!==""),t=n.find(({name:i})=>i==="available-configs")??n.find(({name:i})=>/config$/.test(S(i)));return S(T(t?.configMap).name)}function L({object:e}){const n=T(T(T(e.spec).template).spec),t=T(T(n.affinity).nodeAffinity).requiredDuringSchedulingIgnoredDuringExecution,i=W(n.volumes);return{containers:W(n.containers).map(Vn),initContainers:W(n.initContainers).map(Vn),hostPaths:i.map(({hostPath:s})=>S(T(s).path)).filter(s=>s!==""),configMap:Ii(i),runtimeClass:S(n.runtimeClassName),nodeSelector:Fn(n.nodeSelector),...t===void 0?{}:{affinity:W(T(t).nodeSelectorTerms).map(Ni)},tolerations:W(n.tolerations).map(Fn)}}const de=e=>typeof e=="object"&&e!==null&&!Array.isArray(e)?e:{},Ti=64*1024,Ei=1e4,Di={sharing:"none",copies:{}},Ze=e=>e==="none"||e==="single"||e==="mixed"?e:void 0;function ji(e,n){const{words:t}=e;return t.find(s=>s.startsWith(`--${n}=`))?.slice(n.length+3)??t[t.indexOf(`--${n}`)+1||t.length]}function Mi(e,n,t){const i=n.map(({env:a})=>a.DEFAULT_CONFIG).find(a=>a),s=t["nvidia.com/device-plugin.config"]??i;if(s!==void 0)return Object.hasOwn(e,s)?e[s]:void 0;const o=Object.keys(e);return e.default??(o.length===1?e[o[0]??""]:void 0)}function Gi(e){const n=de(e.sharing),t=n.mps===void 0||n.mps===null?"time-slicing":"mps",i=de(t==="mps"?n.mps:n.timeSlicing),s=i.renameByDefault===!0,o={};for(const r of Array.isArray(i.resources)?i.resources.map(de):[]){const d=typeof r.name=="string"?r.name:"",c=Number(r.replicas);if(d===""||!Number.isInteger(c)||c<1||c>Ei)continue;const l=d.startsWith("nvidia.com/")?d:`nvidia.com/${d}`;o[l]={replicas:c,name:s?`${l}.shared`:l}}return{sharing:Object.values(o).some(({replicas:r})=>r>1)?t:"none",copies:o}}function Ci(e,n,t){const{containers:i,initContainers:s,configMap:o}=L(e),a=[...i,...s],r=i.find(({name:l})=>/device-plugin(-ctr)?$/.test(l))??i[0];let d={};if(o!==""){const l=n&&Mi(n,a,t);if(l===void 0||l.length>Ti)return;try{d=de((0,Si.qg)(l))}catch{return}}return{mig:(r&&(Ze(ji(r,"mig-strategy"))??Ze(r.env.MIG_STRATEGY)))??Ze(de(d.flags).migStrategy)??"none",...o===""?Di:Gi(d)}}const xe="nvidia.com/gpu",Re=e=>e.startsWith("nvidia.com/");function D(e,n){const t=Object.hasOwn(e,n)?e[n]??"":"";return/^\d{1,9}$/.test(t)?Number(t):0}const Ln=e=>`${e} GPU${e===1?"":"s"}`;function Pe(e,n,t){t>0&&(e[n]=(e[n]??0)+t)}function Ui(e,n){const t={},i=n==="none"?e.devices:e.devices.filter(s=>s.isMigEnabled!==!0);if(Pe(t,xe,i.length),n==="none")return t;for(const{profile:s}of e.migDevices)Pe(t,n==="single"?xe:`nvidia.com/mig-${s.replaceAll("+",".")}`,1);return t}function qi(e,n){const t={},i=[];for(const[s,o]of Object.entries(Ui(e,n.mig))){const a=n.copies[s]??{replicas:1,name:s};Pe(t,a.name,o*a.replicas);const r=s===xe&&n.mig!=="single"?Ln(o):`${o} ${s}`;i.push(a.replicas>1?`${r} \xD7 ${a.replicas} (${n.sharing})`:r)}return{resources:t,words:i.join(" and ")||"nothing"}}function zn(e,n){const t=Object.hasOwn(e,n)?e[n]??"":"";return/^\d{1,6}$/.test(t)?Number(t):void 0}function Fi(e){const n={};for(const i of Object.keys(e)){const s=/^(nvidia\.com\/(?:gpu|mig-[0-9a-z.]+))\.count$/.exec(i)?.[1],o=s===void 0?void 0:zn(e,i);if(s===void 0||o===void 0)continue;const a=zn(e,`${s}.replicas`)??1;if(a===0)continue;const r=a>1&&!(e[`${s}.product`]??"").endsWith("-SHARED");Pe(n,r?`${s}.shared`:s,o*a)}const t=Object.entries(n);if(t.length!==0)return{resources:n,words:`${t.map(([i,s])=>`${s} ${i}`).join(" and ")} (labels of the node)`}}function Bn(e,n,t,i){if(n===void 0)return;const s=i?.labels??{},o=Ci(n,t,s);return o!==void 0?qi(e,o):Fi(s)??{resources:e.devices.length===0?{}:{[xe]:e.devices.length},words:`${Ln(e.devices.length)} (the plugin's configuration could not be read)`}}const ce=e=>typeof e=="object"&&e!==null&&!Array.isArray(e);function Ae(e,n){if(Array.isArray(e)&&Array.isArray(n))return e.length===n.length&&e.every((i,s)=>Ae(i,n[s]));if(!ce(e)||!ce(n))return e===n;const t=Object.keys(e);return t.length===Object.keys(n).length&&t.every(i=>Object.hasOwn(n,i)&&Ae(e[i],n[i]))}const Vi=new Set(["nodeSelector","selector","tolerations","drop"]),Li={containers:"name",env:"name",volumes:"name",volumeMounts:"mountPath"};function en(e,n,t,i){if(Vi.has(i))return Ae(e,n)?[]:[t];if(ce(e))return ce(n)?Object.entries(e).flatMap(([o,a])=>en(a,Object.hasOwn(n,o)?n[o]:void 0,`${t}.${o}`,o)):[t];const s=Li[i];return Array.isArray(e)&&s!==void 0&&Array.isArray(n)?e.flatMap(o=>{const a=n.find(r=>ce(r)&&r[s]===o[s]);return en(o,a,`${t}[${String(o[s])}]`,"")}):Ae(e,n)?[]:[t]}function Hn(e,n){const{metadata:t,spec:i}=e,s={metadata:{labels:t.labels??{},annotations:t.annotations??{}},spec:i};return en(s,n.object,"","")}const A=({namespace:e,name:n})=>`${e}/${n}`;function zi(e){return e.replace(/@.*$/,"").replace(/:[^/:]*$/,"")}function Bi({image:e,name:n}){const t=zi(e);return/rocm|amd|intel|kubevirt/i.test(t)?!1:/nvidia/i.test(`${t} ${n}`)||/(^|\/)k8s-device-plugin$/.test(t)}function Se(e){const n=L(e);return n.hostPaths.some(t=>/\/device-plugins\/?$/.test(t))&&n.containers.some(Bi)}function Ne(e){return e.namespace===j&&e.name===V&&e.labels["app.kubernetes.io/managed-by"]===ae}function Ie(e){const{labels:n,annotations:t,fieldManagers:i,owners:s}=e,o=(n["app.kubernetes.io/managed-by"]??"").toLowerCase();if(Ne(e))return{kind:"ours",words:"this project"};const a=s.find(l=>l.startsWith("ClusterPolicy/")),r="nvidia.com/gpu.deploy.device-plugin"in L(e).nodeSelector;if(a!==void 0||o==="gpu-operator"||r)return{kind:"gpu-operator",words:`gpu-operator${a?` (${a})`:""}`};for(const[l,u]of[["kustomize.toolkit.fluxcd.io","Kustomization"],["helm.toolkit.fluxcd.io","HelmRelease"]]){const f=n[`${l}/name`];if(f!==void 0)return{kind:"flux",words:`Flux (${u} ${n[`${l}/namespace`]??""}/${f})`}}if(i.includes("kustomize-controller"))return{kind:"flux",words:"Flux (kustomize-controller)"};if("argocd.argoproj.io/tracking-id"in t||i.includes("argocd-controller"))return{kind:"argo-cd",words:"Argo CD"};const d=t["meta.helm.sh/release-name"];if(d!==void 0||o==="helm"||i.includes("helm")){const l=t["meta.helm.sh/release-namespace"]??e.namespace;return{kind:"helm",words:`Helm (release ${d??n["app.kubernetes.io/instance"]??"?"} of ${l})`}}if(Object.values({...n,...t}).some(l=>/k3s\.cattle\.io\/.*Kind=Addon/.test(l)))return{kind:"k3s-manifest",words:`k3s's folder of manifests (addon ${t["objectset.rio.cattle.io/owner-name"]??"?"})`};const c=i.filter(l=>!/^k(3s|ube-controller-manager)$/.test(l)).join(", ");return{kind:"hand",words:c===""?"nobody that left a name":`people (${c})`}}function nn(e){const{containers:n,hostPaths:t,runtimeClass:i}=L(e),s=t.filter(a=>/libnvidia-ml\.so/.test(a)),o=[];return s.length>0&&o.push(`mounts ${s.join(", ")} from the host: the next update of the driver breaks it`),n.some(a=>a.isPrivileged)&&o.push("runs privileged: it needs no privilege"),n.some(({env:a})=>a.FAIL_ON_INIT_ERROR==="false")&&o.push("has FAIL_ON_INIT_ERROR=false: it stays Running without a GPU, and hides why"),i===""&&s.length===0&&o.push("has no runtimeClassName: it sees the GPU only where nvidia is the default runtime"),o}function $r(e){return templateOf(e).hostPaths.some(n=>/libnvidia-ml\.so/.test(n))}var Hi=w(7598);const Wi=({key:e})=>/^node\.(cloudprovider\.)?kubernetes\.io\//.test(e);function Wn(e){return e.taints.filter(n=>!Wi(n)&&n.effect!=="PreferNoSchedule")}function Ki({key:e="",operator:n="",value:t="",effect:i=""},s){return i!==""&&i!==s.effect||e!==""&&e!==s.key?!1:n==="Exists"?!0:(n===""||n==="Equal")&&e!==""&&t===(s.value??"")}function Qi({key:e,operator:n,values:t},i){const s=e==="field metadata.name"?i.name:Object.hasOwn(i.labels,e)?i.labels[e]:void 0;switch(n){case"In":return s!==void 0&&t.includes(s);case"NotIn":return s===void 0||!t.includes(s);case"Exists":return s!==void 0;case"DoesNotExist":return s===void 0;case"Gt":return s!==void 0&&Number(s)>Number(t[0]);case"Lt":return s!==void 0&&Number(s)<Number(t[0]);default:return!1}}const Ji=({key:e,operator:n,values:t})=>`${e} ${n}${t.length>0?` ${t.join(", ")}`:""}`;function tn(e,n){const t=Object.entries(e.nodeSelector).filter(([a,r])=>!Object.hasOwn(n.labels,a)||n.labels[a]!==r).map(([a,r])=>`the node lacks the label ${a}=${r}`),i=e.affinity===void 0||e.affinity.some(a=>a.length>0&&a.every(r=>Qi(r,n))),s=(e.affinity??[]).map(a=>a.map(Ji).join(" and ")).join(", or "),o=Wn(n).filter(a=>!e.tolerations.some(r=>Ki(r,a))).map(a=>`the taint ${(0,Z.eh)(a)} is not tolerated`);return[...t,...i?[]:[`its node affinity wants: ${s}`],...o]}const Yi="k3s-gpu-actions/rendered",Kn="nvidia.com/gpu",Qn="/var/lib/kubelet/device-plugins";function Te(e){const n=e.flatMap(Wn).map(({key:i,value:s,effect:o})=>({key:i,...s?{value:s}:{},effect:o}));return[...new Map(n.map(i=>[JSON.stringify([i.key,i.effect,i.value??""]),i]))].sort(([i],[s])=>i<s?-1:1).map(([,i])=>i)}function Xi(e){const n=e.filter(({key:t})=>t!==Kn).map(({key:t,value:i,effect:s})=>i===void 0?{key:t,operator:"Exists",effect:s}:{key:t,operator:"Equal",value:i,effect:s});return[{key:Kn,operator:"Exists"},...n]}function sn({image:e,taints:n}){const t={"app.kubernetes.io/name":"nvidia-device-plugin","app.kubernetes.io/instance":V,"app.kubernetes.io/component":"device-plugin","app.kubernetes.io/part-of":ae,"app.kubernetes.io/managed-by":ae},s={selector:{matchLabels:{"app.kubernetes.io/name":t["app.kubernetes.io/name"],"app.kubernetes.io/instance":t["app.kubernetes.io/instance"]}},updateStrategy:{type:"RollingUpdate"},template:{metadata:{labels:t},spec:{runtimeClassName:"nvidia",nodeSelector:{[x]:"true"},tolerations:Xi(n),priorityClassName:"system-node-critical",automountServiceAccountToken:!1,containers:[{name:"nvidia-device-plugin-ctr",image:e,env:[{name:"NVIDIA_VISIBLE_DEVICES",value:"all"},{name:"NVIDIA_DRIVER_CAPABILITIES",value:"compute,utility"}],securityContext:{allowPrivilegeEscalation:!1,capabilities:{drop:["ALL"]}},volumeMounts:[{name:"kubelet-device-plugins-dir",mountPath:Qn}]}],volumes:[{name:"kubelet-device-plugins-dir",hostPath:{path:Qn,type:"Directory"}}]}}},o=(0,Hi.createHash)("sha256").update(JSON.stringify({labels:t,spec:s})).digest("hex");return{apiVersion:"apps/v1",kind:"DaemonSet",metadata:{name:V,namespace:j,labels:t,annotations:{[Yi]:o.slice(0,16)}},spec:s}}function ee(e){return e.daemonSets.find(Ne)}function on(e){return e.daemonSets.filter(n=>!Ne(n)&&(Se(n)||n.namespace===j&&n.name===V))}function ne(e){const n=ee(e);if(n!==void 0)return n;const t=on(e).filter(Se),{node:i}=e,s=o=>i!==void 0&&tn(L(o),i).length===0;return t.find(s)??t[0]}function vr({wish:e,reading:n}){if(e.devicePlugin==="absent")return;if(e.devicePlugin!=="apply")return ne(n);const{metadata:t,spec:i}=renderDevicePlugin({image:e.devicePluginImage,taints:taintsOfGpuNodes(n.gpuNodes)});return{namespace:pluginNamespace,name:pluginName,object:{metadata:t,spec:i}}}const Zi=e=>e==="hand";function Ee(e,n){if(!(n.devicePlugin!=="apply"||n.replaceDevicePlugin===""))return on(e).find(t=>A(t)===n.replaceDevicePlugin&&Zi(Ie(t).kind))}function an(e){const n=A(e),t="keep it and press again with `device-plugin: verify`",i=`kubectl -n ${e.namespace} delete daemonset ${e.name}`;switch(Ie(e).kind){case"gpu-operator":return`${t}, or switch the operator's off: kubectl patch clusterpolicies.nvidia.com cluster-policy --type merge -p '{"spec":{"devicePlugin":{"enabled":false}}}'`;case"flux":return`${t}, or take it out of the repository that Flux reads: deleted by hand, it comes back`;case"argo-cd":return`${t}, or take it out of its Argo CD application: deleted by hand, it comes back`;case"helm":{const s=e.annotations["meta.helm.sh/release-name"]??"<release>",o=e.annotations["meta.helm.sh/release-namespace"]??e.namespace;return`${t}, or: helm uninstall ${s} -n ${o}`}case"k3s-manifest":return`${t}, or remove its file from /var/lib/rancher/k3s/server/manifests on every server, then: ${i}`;case"ours":case"hand":return`have it replaced: press again with \`replace-device-plugin: ${n}\`; or ${t}`}}const Jn=6e4,es=3,De=e=>n=>n.namespace===e.namespace&&n.owner===`DaemonSet/${e.name}`;async function Yn(e,n,t,i){const s=new AbortController,o=AbortSignal.timeout(Jn),a=new Set,r=De(t);let d;const c=()=>{clearTimeout(d),a.size===0&&(d=setTimeout(()=>s.abort(),300))};c();try{await e.watchPods(n,l=>{l.type==="pod"&&r(l.pod)&&a.add(`${l.pod.namespace}/${l.pod.name}`),l.type==="gone"&&a.delete(`${l.namespace}/${l.name}`),c()},AbortSignal.any([i,s.signal,o]))}finally{clearTimeout(d)}if(i.throwIfAborted(),a.size>0)throw new Z.b$("timeout",{title:`the pods of ${A(t)} on ${n} did not end within ${Jn/1e3} s`,cause:"the kubelet does not end them, or is not connected",remedy:`look at them: kubectl -n ${t.namespace} get pods --field-selector spec.nodeName=${n}; then press again`,evidence:[...a]})}async function ns(e,n,t){const i=n.wish.devicePluginImage,s=async()=>Te(await e.nodesWithLabel(x,"true",t));let o=await s();for(let a=1;;a++){await e.applyObject(sn({image:i,taints:o}),t);const r=await s();if(JSON.stringify(r)===JSON.stringify(o)||a===es)return;o=r}}async function ts(e,n,t,i,s){const{reading:o,wish:a}=n,{node:r}=o,d=[],c=p=>{d.push(p),i(p)};if(r===void 0)return{applied:d,oldPods:[]};const l=[];if(t.has(y.label)){const p=$i(r.annotations);await e.changeNode(r.name,{labels:{[x]:"true"},...p===void 0?{}:{annotations:{[Q]:p}}},s),c(y.label)}const u=t.has(y.replacePlugin)?Ee(o,a):void 0;if(u!==void 0){await e.deleteDaemonSet(u.namespace,u.name,u.uid,s),c(y.replacePlugin);const p=new Set([r.name,...o.gpuNodes.map(({name:h})=>h)]);await Promise.all([...p].map(h=>Yn(e,h,u,s)))}const f=ee(o);if(t.has(y.applyPlugin)){const p=sn({image:a.devicePluginImage,taints:Te(o.gpuNodes)});f!==void 0&&Hn(p,f).some(h=>h.startsWith(".spec.template"))&&l.push(...o.pods.filter(De(f)).map(({uid:h})=>h)),await ns(e,n,s),c(y.applyPlugin)}return t.has(y.deletePlugin)&&f!==void 0&&(await e.deleteDaemonSet(f.namespace,f.name,f.uid,s),c(y.deletePlugin)),t.has(y.unlabel)&&(await e.changeNode(r.name,{labels:{[x]:null}},s),c(y.unlabel)),{applied:d,oldPods:l}}async function is(e,n,t,i){const{reading:s,wish:o}=n,a=[];if(t.includes(y.applyPlugin)&&ee(s)===void 0){const l=(await e.daemonSets(i)).find(({namespace:p,name:h})=>p===j&&h===V),u=await e.nodesWithLabel(x,"true",i),f=u.some(({name:p})=>p!==s.node?.name);l!==void 0&&!f&&(await e.deleteDaemonSet(l.namespace,l.name,l.uid,i),t.includes(y.replacePlugin)&&await Promise.all(u.map(({name:p})=>Yn(e,p,l,i)))),f||a.push(y.applyPlugin)}const d=(!t.includes(y.applyPlugin)||a.includes(y.applyPlugin))&&t.includes(y.replacePlugin)?Ee(s,o):void 0;if(d!==void 0){const{annotations:l,labels:u}=d,f=Object.entries(l).filter(([h])=>!h.startsWith("deprecated.daemonset.")),p=d.object.spec;await e.applyObject({apiVersion:"apps/v1",kind:"DaemonSet",metadata:{name:d.name,namespace:d.namespace,labels:u,annotations:Object.fromEntries(f)},spec:p},i),a.push(y.replacePlugin)}const{node:c}=s;if(t.includes(y.label)&&c!==void 0){const l=c.annotations[Q];await e.changeNode(c.name,{labels:{[x]:c.labels[x]??null},annotations:{[Q]:l??null}},i),a.push(y.label)}return a}const rn=3e3,ss=3e4,os=25e3,as=/^(ImagePullBackOff|InvalidImageName|ErrImageNeverPull|ImageInspectError|RegistryUnavailable)\b/,Xn=/Incompatible (strategy|platform) detected|Failed to initialize NVML|could not load NVML|nvml init failed|No devices found|invalid MIG configuration|error starting plugins|Failed to start plugin|unable to (load|validate)/;function Zn(e){return(e.find(t=>Xn.test(t))??e.findLast(t=>/^E|error|fail/i.test(t))??e.at(-1)??"").replace(/^[EWIF]\d{4} [\d:.]+ +\d+ [^\]]*\] /,"").slice(0,300)}function et(e){return/Incompatible|could not load NVML|Failed to initialize NVML: ERROR_LIBRARY_NOT_FOUND/i.test(e)?"the pod does not run under the NVIDIA runtime, or the runtime found no driver: on the host, nvidia-smi, and grep nvidia /var/lib/rancher/k3s/agent/etc/containerd/config.toml":/NVML|No devices found/i.test(e)?"the driver gives no GPU: nvidia-smi on the host says more":"look at the whole log: kubectl -n kube-system logs daemonset/k3s-gpu-actions-nvidia-device-plugin"}function rs(e,n,t){const{node:i,pods:s,log:o,events:a}=e,r=s.at(-1);if(r===void 0){const h=i===void 0||t<rn?[]:tn(L(n.plugin),i);return h.length===0?void 0:{kind:"not-tolerated",reason:`no pod of ${n.plugin.namespace}/${n.plugin.name} comes to the node: ${h.join("; ")}`,remedy:"add what is missing where the plugin is kept; `device-plugin: apply` keeps one that fits"}}const d=r.problems.find(h=>as.test(h));if(d!==void 0)return{kind:"image",reason:`the image ${r.images[0]??""} does not come: ${d}`,remedy:"check name and tag (input device-plugin-image), that the node reaches the registry, and its credentials in registries.yaml"};const c=r.phase==="Failed"?r.problems[0]??"it failed without a reason":void 0;if(c!==void 0&&t>=rn)return{kind:"rejected",reason:`the kubelet refuses the plugin's pod: ${c}`,remedy:"see its words"};const l=[...a,...r.problems].find(h=>/no runtime for ".*" is configured/.test(h));if(l!==void 0)return{kind:"no-runtime",reason:`containerd on the node does not know the runtime: ${l}`,remedy:"the toolkit has to be installed there before k3s starts: press again with `toolkit: install`; or restart k3s-agent"};const u=r.problems.find(h=>h.startsWith("Unschedulable"));if(u!==void 0&&t>=ss)return{kind:"unschedulable",reason:`no room for the plugin's pod: ${u}`,remedy:"make room on the node"};if((r.problems.some(h=>h.startsWith("CrashLoopBackOff"))||r.restarts>=2)&&!r.isReady&&(o.length>0||t>=os)){const h=Zn(o),g=h===""?r.problems[0]??"it says nothing":h;return{kind:"crash",reason:`the device plugin ends again and again: ${g}`,remedy:et(g)}}const p=o.find(h=>Xn.test(h));if(r.isReady&&p!==void 0&&t>=rn){const h=Zn([p]);return{kind:"no-device",reason:`the device plugin runs without a GPU: ${h}`,remedy:et(h)}}}const ds={judge:250,ask:2e3},cs=12e3;function nt(e,{resources:n}){return Object.entries(n).every(([t,i])=>e!==void 0&&D(e.capacity,t)>=i&&D(e.allocatable,t)>=i)}function ls(e,n){const{node:t,pods:i}=e;return t===void 0?"the node":i.length===0?"a pod of the device plugin on the node":i.some(s=>s.isReady&&!s.isTerminating)?nt(t,n.expected)?e.isFresh?void 0:"a sign that the numbers are those of the new plugin":Object.entries(n.expected.resources).map(([o,a])=>`${o}: capacity ${D(t.capacity,o)}, allocatable ${D(t.allocatable,o)} of ${a}`).join("; "):"a Ready pod of the device plugin"}const us=/Registered device plugin for '[^']+' with Kubelet/;async function fs(e,n,t){const i=e.now(),s=()=>e.now()-i,o=new AbortController,a=AbortSignal.any([t,o.signal]),{promise:r,resolve:d,reject:c}=Promise.withResolvers(),l=De(n.plugin),u=new Map,f=new Set(n.oldPods);let p,h=!1,g,k=[],O=[];const $=()=>{const v=[...u.values()],P=v.filter(F=>l(F)&&!f.has(F.uid)),B=P.some(F=>F.isReady&&!F.isTerminating),X=nt(p,n.expected);p!==void 0&&!X&&(h=!0),g=X&&B?g??s():void 0;const cr=g!==void 0&&s()-g>=cs,lr=P.some(F=>F.isReady&&!n.podsBefore.includes(F.uid))&&k.some(F=>us.test(F)),ur=n.isRestarted&&!n.isPluginChanged&&p?.heartbeatAt!==void 0&&p.heartbeatAt!==n.before?.heartbeatAt,fr=n.isPluginChanged||n.isRestarted,pr=h||cr||lr||n.before!==void 0&&ur;return{...p===void 0?{}:{node:p},pods:P,allPods:v,isFresh:!fr||X&&B&&pr,log:k,events:O}},q=()=>{const v=$(),P=s();e.onState?.(v,P);const B=ls(v,n),X=B===void 0?void 0:rs(v,n,P);B===void 0?d({type:"ready",state:v,elapsedMs:P}):X?d({type:"hopeless",...X,state:v,elapsedMs:P}):P>=n.timeoutMs&&d({type:"deadline",missing:B,state:v,elapsedMs:P})};let Nn=!1;const ar=async()=>{const v=$().pods.at(-1);if(!(v===void 0||Nn)){Nn=!0;try{const{namespace:P,name:B}=v;v.restarts>0||v.isReady||v.problems.length>0?k=(await e.cluster.podLog(P,B,40,a)).split(`
`).filter(Boolean):O=await e.cluster.podEvents(P,B,a),q()}catch(P){a.aborted||c(P)}finally{Nn=!1}}},si=e.intervalsMs??ds,rr=[setInterval(q,si.judge),setInterval(()=>{ar()},si.ask)],oi=()=>c(t.reason);t.addEventListener("abort",oi,{once:!0});const dr=[e.cluster.watch(n.node,v=>{v.type==="node"?p=v.node:v.type==="gone"&&(p=void 0),v.type!=="lease"&&q()},a),e.cluster.watchPods(n.node,v=>{v.type==="pod"?u.set(`${v.pod.namespace}/${v.pod.name}`,v.pod):u.delete(`${v.namespace}/${v.name}`),q()},a)].map(v=>v.then(()=>{a.aborted||c(new Error("a watch ended before the GPU was registered"))},P=>{a.aborted||c(P)}));try{return t.throwIfAborted(),await r}finally{for(const v of rr)clearInterval(v);t.removeEventListener("abort",oi),o.abort(new Error("the wait is over")),await Promise.all(dr)}}var m=w(7131);const tt=e=>`kubectl -n ${e.namespace} logs daemonset/${e.name} --tail=40`;function ps({node:e,plugin:n,pods:t,outcome:i},s){const o="Does the device plugin run on the node?",a=t.filter(De(s)),r=a.find(u=>u.isReady&&!u.isTerminating),d=i?.type==="hopeless",c=a.flatMap(u=>u.problems)[0],l=r?`${A(r)} is Ready`:c??(a.length===0?"no pod of it is there":"not Ready");return(0,m.oQ)("confirm.plugin",o,r!==void 0&&!d,d?i.reason:l,{cause:d?"waiting any longer would not mend it":`${n?A(n):"the plugin"} has no Ready pod on ${e?.name??"the node"}`,remedy:d?i.remedy:tt(s),evidence:[...(i?.state.events??[]).slice(0,3),...(i?.state.log??[]).slice(-8)]})}function hs(e,n){return n.map(t=>`${t}: capacity ${D(e.capacity,t)}, allocatable ${D(e.allocatable,t)}`).join("; ")}function ms(e){const{wish:n,gpu:t,node:i,plugin:s,expected:o,outcome:a}=e;if(n.devicePlugin==="absent"||s===void 0||o===void 0||i===void 0)return[];const r=ps(e,s),d=Object.keys(o.resources),c=Object.keys(i.capacity).filter(Re),l=hs(i,[...new Set([...d,...c])].slice(0,12))||"no GPU resource",u=d.filter($=>D(i.capacity,$)===0),f=d.filter($=>D(i.allocatable,$)<D(i.capacity,$)),p=d.filter($=>D(i.capacity,$)<(o.resources[$]??0)),h=d.filter($=>D(i.capacity,$)>(o.resources[$]??0)),g=u.length===d.length,k=[r,(0,m.oQ)("capacity.registered","Has the kubelet heard of the GPU?",d.length>0&&!g,l,{cause:d.length===0?"the host shows no GPU that could be registered":"no device plugin has registered it: it does not run, sees no GPU, or lost its registration (NVIDIA/k8s-device-plugin#1228)",remedy:`${tt(s)}; when it says nothing: kubectl -n ${s.namespace} rollout restart daemonset/${s.name}`})];if(d.length===0||g)return k;k.push((0,m.oQ)("capacity.healthy","Are all registered GPUs healthy?",f.length===0,l,{cause:"the plugin reported a device as unhealthy (an Xid error, or it fell off the bus), and never takes that back (NVIDIA/k8s-device-plugin#1014)",remedy:`on the host: nvidia-smi, and dmesg | grep -i xid; when the GPU is well: kubectl -n ${s.namespace} rollout restart daemonset/${s.name}`,evidence:t.driver.kernelLog.slice(0,5)}),gs(e,o,l,{lacking:u,short:p,more:h}));const O=r.verdict==="fail"||a!==void 0&&!a.state.isFresh;return k.push((0,m.oQ)("capacity.fresh","Are the numbers those of the plugin that runs now?",!O,l,{cause:r.verdict==="fail"?"the numbers stand, but the plugin that told them does not run: they are left over":"the plugin has started anew, and nothing shows that it has registered since",remedy:`kubectl -n ${s.namespace} rollout restart daemonset/${s.name}, then press again`})),k}function gs({wish:e,gpu:n},t,i,{lacking:s,short:o,more:a}){const r="capacity.complete",d="Does the node offer all its GPUs?",c=n.devices.length,l=e.expectGpus,u=l!==void 0&&c<l,f=`${i}; expected: ${t.words}${u?`, of ${l} wanted`:""}`;return o.length>0||s.length>0?(0,m.oQ)(r,d,!1,f,{cause:"the plugin registered fewer than there are: a GPU was not there yet when it started, or its configuration leaves some out",remedy:"compare nvidia-smi -L on the host with the log of the plugin, then restart the plugin"}):u?(0,m.oQ)(r,d,!1,f,{cause:`the host shows ${c} GPU${c===1?"":"s"}, and expect-gpus says ${l}`,remedy:"on the host: nvidia-smi -L and lspci -nn -d 10de: show which one is missing; or correct expect-gpus"}):a.length>0?(0,m.oQ)(r,d,!1,f,{verdict:"warn",cause:"GPUs are shared by a configuration that could not be read, or somebody set the numbers by hand",remedy:"look at the configuration of the plugin"}):(0,m.bF)(r,d,f)}const $s=e=>Object.keys(e.devices).some(Re),vs=e=>e.phase==="Succeeded";function ks(e,n,t){const i=e.filter(c=>$s(c)&&!c.isTerminating&&["Running","Pending"].includes(c.phase));if(i.length===0)return;const s="confirm.gpu-pods",o="Do the pods that had a GPU still have it?",a=new Map(n.map(c=>[c.uid,c])),r=i.filter(c=>{const l=a.get(c.uid);return l===void 0||!vs(l)&&(l.phase==="Failed"||c.isReady&&!l.isReady)}),d=`${i.length} before, ${i.length-r.length} still there`;return(0,m.oQ)(s,o,r.length===0,d,{verdict:t?"warn":"fail",cause:"they ended, failed or are not ready any more since this run began",remedy:"a pod that failed at admission stays so: delete it, and its owner makes a new one",evidence:r.slice(0,8).map(c=>{const l=a.get(c.uid);return`${A(c)}: ${l===void 0?"gone":(0,m.H$)([l.phase,...l.problems],2)}`})})}const te=({runtime:e,name:n,id:t})=>`${n||t.slice(0,12)} (${e})`;function ys(e,n,t,i=""){const s=e.filter(({outcome:f})=>f==="ok");if(s.length===0)return;const o="confirm.gpu-calls",a="Does a GPU call still work in every container that had the GPU?";if(n===void 0)return{id:o,verdict:"error",question:a,found:`not known: it worked before in ${(0,m.H$)(s.map(te))}`,cause:i||"the containers could not be asked again",remedy:"look on the host: docker exec CONTAINER nvidia-smi -L, k3s crictl exec CONTAINER nvidia-smi -L"};const r=new Map(n.map(f=>[`${f.runtime} ${f.id}`,f])),d=s.map(f=>({call:f,later:r.get(`${f.runtime} ${f.id}`)})),c=d.filter(({later:f})=>f!==void 0&&f.outcome!=="ok"),l=d.filter(({later:f})=>f===void 0),u=[...c.map(({call:f,later:p})=>`${te(f)}: ${p?.said??""}`),...l.map(({call:f})=>`${te(f)}: it no longer runs, or has no GPU any more`)].slice(0,12);return c.length>0?{id:o,verdict:t?"warn":"fail",question:a,found:`no more in ${(0,m.H$)(c.map(({call:f})=>te(f)))}`,cause:"the control group of a running container no longer lets it use the device, most often after a reload of systemd",remedy:`restart it: ${(0,m.H$)(c.map(({call:f})=>ws(f)))}`,evidence:u}:l.length>0?{id:o,verdict:"warn",question:a,found:`${(0,m.H$)(l.map(({call:f})=>te(f)))} could not be asked again`,cause:"it ended while the host was changed, or was replaced",remedy:"look whether it should run: docker ps -a, kubectl get pods -A",evidence:u}:{id:o,verdict:"pass",question:a,found:`yes, in ${(0,m.H$)(s.map(te))}`}}function ws({runtime:e,name:n,id:t}){if(e!=="k3s")return`${e} restart ${t.slice(0,12)}`;const[i,s]=n.split("/");return s?`kubectl delete pod -n ${i} ${s}`:`the pod of container ${t.slice(0,12)}`}const M=(e,n,t,i,s)=>({id:n,stage:e,severity:"fail",asks:t,remedy:i,isIgnorable:s}),bs=[M("preflight","gpu.node","Is the node there, and Ready? A warning when a containerd template that is moved aside may be the cause","join it first with k3s-join; `kubectl describe node`",!0),M("preflight","gpu.runtime-class","Does the RuntimeClass nvidia lead to the runtime that k3s renders?","start the servers without `--disable=runtimes`; the check gives the object",!0),M("preflight","gpu.plugin-owner","Does nobody else keep a device plugin (gpu-operator, Flux, Helm, Argo CD, a manifest by hand)?","`device-plugin: verify` keeps it; `replace-device-plugin` replaces one that was made by hand",!0),M("preflight","gpu.tolerations","Do the pods of the device plugin come to the node: taints, labels, affinity?","the toleration or label that it names, or `device-plugin: apply`",!0),M("confirm","confirm.plugin","Does the device plugin run on the node?","its log says why not",!1),M("confirm","capacity.registered","Has the kubelet heard of the GPU?","see the log of the plugin; restart it when it says nothing",!1),M("confirm","capacity.healthy","Are all registered GPUs healthy (allocatable = capacity)?","nvidia-smi and dmesg on the host; then restart the plugin",!1),M("confirm","capacity.complete","Does the node offer all its GPUs, sharing and MIG counted? A warning when it offers more","compare nvidia-smi with the log of the plugin",!1),M("confirm","capacity.fresh","Are the numbers those of the plugin that runs now?","restart the plugin, then press again",!1),M("confirm","confirm.gpu-pods","Do the pods that had a GPU still have it? A warning with `allow-gpu-disruption`","delete those that failed at admission; their owners make new ones",!1)],ie=(e,n,t,i,s=!0)=>({id:e,stage:"preflight",severity:n,asks:t,remedy:i,isIgnorable:s}),Os=[ie("k3s.service","fail","Does k3s run on this host?","let the machine join first, or start the unit",!1),ie("gpu.search-path","fail","Does k3s find the right nvidia-container-runtime by itself, and not what gpu-operator left in /usr/local/nvidia/toolkit?","`sudo mv /usr/local/nvidia/toolkit /usr/local/nvidia/toolkit.disabled`, or a link in /usr/local/bin"),ie("gpu.containerd-template","fail","Does a containerd template take away what k3s sets itself, or repeat a table? A warning for one that does neither","`quarantine-template: true`; k3s needs no template for GPUs",!1),ie("gpu.default-runtime","fail","Can k3s find the default runtime that it is told? A warning when nvidia is the default","take `default-runtime` out of the place that the check names",!1),ie("gpu.runtime-config","fail","Does containerd run with the runtime nvidia and the right program?","restart k3s; move a template away that sets the runtimes itself"),ie("gpu.restart-pending","warn","Would the next restart of k3s change what containerd runs with, without this plan?","restart k3s when it suits, or take the change back")],_s=[["present","fail","Is an NVIDIA GPU in this host? Without one there is nothing to do, unless `expect-gpus` says otherwise","look at the machine: power and seat of the card"],["driver","fail","Does the driver answer?","install or load it; the check names what keeps it away"],["driver-version","fail","Have the parts of the driver one version? A warning when the next boot changes it","reboot; then `hold-packages: all`"],["nouveau","fail","Is the card free of nouveau, the kernel's own driver?","blacklist it, rebuild the initramfs, reboot"],["secure-boot","fail","Does Secure Boot let the driver's module in?","enrol its key at the console, or use signed modules"],["next-kernel","warn","Does the driver also have a module for the kernel that the next boot starts?","install the headers of that kernel, `sudo dkms autoinstall`"],["reboot","warn","Is no reboot pending?","reboot when it suits"],["inforom","warn","Is the card's infoROM whole?","none needed"],["count","fail","Are all GPUs there: on the bus, with the driver, as many as expected?","find the missing card, or correct `expect-gpus`"],["product","fail","Are they the expected product?","find the right host, or correct `expect-product`"],["processes","warn","Who uses the GPU now?","none needed; nothing that could disturb it is done unless `allow-gpu-disruption` says so"],["upgrades","warn","Can no unattended upgrade replace driver or toolkit?","`hold-packages: all`"],["device-links","warn","Do containers keep the GPU when systemd reloads its units?","`toolkit: install`"]].map(([e,n,t,i])=>({id:`gpu.${e}`,stage:"preflight",severity:n,asks:t,remedy:i,isIgnorable:e!=="present"})),xs=[{id:"gpu.toolkit",stage:"preflight",severity:"fail",asks:"Is NVIDIA's container toolkit there, all four packages at one version, the one that was asked for, and not too old?",remedy:"`toolkit: install`, with `toolkit-version` for another one than is there",isIgnorable:!0},{id:"gpu.toolkit-repository",stage:"preflight",severity:"fail",asks:"Do the toolkit's packages come from a repository that the package manager checks by the right key?",remedy:"move a strange keyring away, or give `repository` and `repository-keys`",isIgnorable:!1},{id:"confirm.gpu-calls",stage:"confirm",severity:"fail",asks:"Does a GPU call in every container that had the GPU still work after the changes? A warning with `allow-gpu-disruption`",remedy:"restart those containers: their device rules are made anew at their start",isIgnorable:!0}],Rs=[{id:"plan.gpu-in-use",stage:"plan",severity:"fail",asks:"Does the plan disturb a process outside the cluster that uses the GPU?",remedy:"`allow-gpu-disruption`, or stop the process first",isIgnorable:!1},{id:"confirm.runtime-config",stage:"confirm",severity:"fail",asks:"Does k3s\u2019s containerd have the NVIDIA runtime, with the program that k3s finds?",remedy:"see containerd\u2019s log in the evidence",isIgnorable:!1},{id:"confirm.gpu-processes",stage:"confirm",severity:"fail",asks:"Do the processes that used the GPU before still run?",remedy:"start them again; the report names them",isIgnorable:!1}],it=[..._s,...xs,...Os,...bs,...Rs],dn=e=>(0,m.Ms)(it,e),Ps=new Set(["k3s","docker","podman"]),As=new Set(["ok","failed","not-asked"]);async function Ss(e,n){const t=await e.run({name:"container-calls",script:[_.kj,N["container-calls"]].join(`
`),env:{},privilege:"root",timeoutMs:n.timeoutMs,signal:n.signal}),i=Ke(e.label,"asking the containers for the GPU",t);if(i)throw i;const s=o=>typeof o=="string"?o:"";return t.lines.flatMap(o=>!As.has(o.container_call)||!Ps.has(o.runtime)?[]:[{runtime:o.runtime,id:s(o.id),name:s(o.name).trim(),outcome:o.container_call,said:s(o.said).trim()}])}var cn=w(3292);const E={cri:"io.containerd.grpc.v1.cri",runtime:"io.containerd.cri.v1.runtime",images:"io.containerd.cri.v1.images"};function G(e,n){let t=e;for(const i of n){if(typeof t!="object"||t===null||Array.isArray(t)||!Object.hasOwn(t,i))return;t=t[i]}return t}const z=(e,n)=>{const t=G(e,n);return typeof t=="string"?t:""},st=(e,n)=>{const t=G(e,n);return Array.isArray(t)?t.filter(i=>typeof i=="string"):[]},se=(e,n)=>{const t=G(e,n);return typeof t=="object"&&t!==null&&!Array.isArray(t)?t:{}};function ln(e){try{return{tables:(0,cn.qg)(e,{maxDepth:100})}}catch(n){if(!(n instanceof cn.zx||n instanceof RangeError))throw n;const t=(n.message.split(`
`)[0]??"").replace("Invalid TOML document: ","");return{tables:{},problem:n instanceof cn.zx?`line ${n.line}: ${t}`:t}}}const ot={cri:E.cri,opt:"io.containerd.internal.v1.opt"};function Ns(e){const n=G(e,["version"]);if(n===2)return e;const t=n===void 0||n===0||n===1,i={};for(const[s,o]of Object.entries(se(e,["plugins"]))){const a=t&&Object.hasOwn(ot,s)?ot[s]??s:s,r=a===E.cri?Object.fromEntries(Object.entries(se(o,[])).filter(([d])=>d.startsWith("stream_"))):o;Object.defineProperty(i,a,{value:r,enumerable:!0,configurable:!0,writable:!0})}return{...e,plugins:i}}function J(e){const{tables:n,problem:t}=ln(e),i=G(n,["version"]),s=Ns(n),o=["plugins",E.runtime],a=["plugins",E.images],r=["plugins",E.cri],d=(u,f)=>z(s,u)||z(s,[...r,...f]),c={...se(s,[...r,"cni"]),...se(s,[...o,"cni"])},l=[r,o].flatMap(u=>Object.entries(se(s,[...u,"containerd","runtimes"])));return{...typeof i=="number"?{version:i}:{},isOwnText:/^# File generated by k3s\b/.test(e.trimStart()),runtimes:[...new Map(l)].map(([u,f])=>{const p=G(f,["options","SystemdCgroup"]);return{name:u,type:z(f,["runtime_type"]),binaryName:z(f,["options","BinaryName"]),...typeof p=="boolean"?{systemdCgroup:p}:{}}}),defaultRuntime:d([...o,"containerd","default_runtime_name"],["containerd","default_runtime_name"]),cniBinFolders:[...st(c,["bin_dirs"]),z(c,["bin_dir"])].filter(u=>u!==""),cniConfFolder:z(c,["conf_dir"]),snapshotter:d([...a,"snapshotter"],["containerd","snapshotter"]),sandboxImage:d([...a,"pinned_images","sandbox"],["sandbox_image"]),registryPath:d([...a,"registry","config_path"],["registry","config_path"]),address:z(s,["grpc","address"]),root:z(s,["root"]),state:z(s,["state"]),imports:st(s,["imports"]),ignored:Is(n),...t===void 0?{}:{problem:t},tables:s}}function Is(e){return G(e,["version"])===2?[]:["cri",E.cri].flatMap(n=>Object.entries(se(e,["plugins",n])).filter(([,t])=>typeof t=="object").map(([t])=>`plugins.${n.includes(".")?`"${n}"`:n}.${t}`))}const je="/var/lib/rancher/k3s/agent",at="pods get no network: the node stays NotReady (cni plugin not initialized)",rt="kubelet and runc manage control groups in different ways: pods restart for ever",Ts="mirrors, certificates and passwords of /etc/rancher/k3s/registries.yaml have no effect",Es="the pause image comes from elsewhere: no pod starts where that registry cannot be reached",Me="a setting of k3s is gone";function dt(e){const[,n,t]=/^v?1\.(\d+)\.(\d+)/.exec(e)??[];return n===void 0?!0:Number(n)===31?Number(t)>=6:Number(n)===32?Number(t)>=2:Number(n)>32}function Ds(e,n,t,i,s){const o=["plugins",E.cri],a=e===2?o:["plugins",E.runtime],r=e===2?o:["plugins",E.images],d=(u,f,p,h=!1,g)=>({path:u,value:f,breaks:p,isEssential:h,...g?{otherwise:g}:{}}),c=u=>n===3?[u,!0]:["nothing: k3s gives it to containerd as an argument, too",!1],l=[...a,"containerd","runtimes","runc"];return[d(["version"],e,"containerd takes it for version 1 and drops tables that it knows under new names, without an error",!0),d(["root"],`${je}/containerd`,...c("images and containers of this node are looked for elsewhere")),d(["state"],"/run/k3s/containerd",...c("running containers are looked for elsewhere")),d(["grpc","address"],"/run/k3s/containerd/containerd.sock",...c("k3s waits for a socket that containerd opens elsewhere")),d(["plugins","io.containerd.internal.v1.opt","path"],`${je}/containerd`,"containerd looks for its own programs elsewhere"),d([...o,"stream_server_address"],"127.0.0.1",Me),d([...o,"stream_server_port"],"10010",Me),d([...a,"enable_selinux"],!1,"SELinux labels of containers, where k3s was started with --selinux"),d([...a,"enable_unprivileged_ports"],!0,"containers without root may not open ports below 1024"),d([...a,"enable_unprivileged_icmp"],!0,"containers without root may not ping"),d(e===2?[...o,"sandbox_image"]:[...r,"pinned_images","sandbox"],"rancher/mirrored-pause:3.6",Es),d(e===2?[...o,"containerd","snapshotter"]:[...r,"snapshotter"],"overlayfs","containerd chooses its snapshotter itself"),d(e===2?[...o,"containerd","disable_snapshot_annotations"]:[...r,"disable_snapshot_annotations"],!0,Me),d([...a,"cni","bin_dir"],"/var/lib/rancher/k3s/data/cni",at,!0,[...a,"cni","bin_dirs"]),d([...a,"cni","conf_dir"],`${je}/etc/cni/net.d`,at,!0),...i===""?[]:[d([...a,"containerd","default_runtime_name"],i,"the default runtime that k3s was told has no effect")],d([...l,"runtime_type"],"io.containerd.runc.v2",Me),d([...l,"options","SystemdCgroup"],s,rt,!0),d([...r,"registry","config_path"],`${je}/etc/containerd/certs.d`,Ts,!0),...t.flatMap(({name:u,path:f})=>{const p=[...a,"containerd","runtimes",u],h=`no runtime for "${u}" is configured: pods that ask for it do not start`;return[d([...p,"runtime_type"],"io.containerd.runc.v2",h,u==="nvidia"),d([...p,"options","BinaryName"],f,h,u==="nvidia"),d([...p,"options","SystemdCgroup"],s,rt,u==="nvidia")]})]}function js(e,n){const t=e.find(({path:r})=>r[0]==="version")?.value;if(!n?.isOwnText||n.problem!==void 0||n.version!==t)return e;const i=r=>lt(n.tables,r),s=r=>r.path.includes("cni"),o=r=>r.path.at(-1)==="config_path",a=e.filter(r=>r.isEssential&&!s(r)&&!o(r)&&!r.path.includes("nvidia")).every(r=>i(r)!==void 0);return e.filter(r=>i(r)!==void 0||!(o(r)||a&&s(r))).map(r=>{const d=i(r);return r.path.at(-1)==="BinaryName"||r.path[0]==="version"||r.path.at(-1)==="default_runtime_name"?r:un(d)?{...r,value:d}:r})}function un(e){return Array.isArray(e)?e.every(n=>typeof n=="string"):["string","number","boolean"].includes(typeof e)}function le(e){return e.map(n=>/^[\w-]+$/.test(n)?n:JSON.stringify(n).replaceAll("\x7F","")).join(".")}function ct(e,n){const t=new Map;for(const{path:o,value:a}of n){const r=le(o.slice(0,-1)),d=t.get(r)??[];d.push(`${le(o.slice(-1))} = ${JSON.stringify(a).replaceAll("\x7F","")}`),t.set(r,d)}const i=le(["plugins",e===2?E.cri:E.runtime]);return t.set(`${i}.containerd.runtimes.runhcs-wcow-process`,['runtime_type = "io.containerd.runhcs.v1"']),`# File generated by k3s. DO NOT EDIT.
${[...t].map(([o,a])=>[...o===""?[]:["",`[${o}]`],...a].join(`
`)).join(`
`)}
`}function lt(e,n){return G(e,n.path)??(n.otherwise?G(e,n.otherwise):void 0)}const Ms=1e6,ut=100;class C extends Error{}function ft(e,n){const t={text:"",hasBase:!1,listsRuntimes:!1};try{const i=Gs(e),o=Ge(i,{at:0},[],0).nodes,a=new Map;return Ce(o,a),fn(o,{values:n.values},n,a,t,0),t}catch(i){if(!(i instanceof C))throw i;return{...t,problem:i.message}}}function Gs(e){const n=[];let t=0,i=!1;for(;t<e.length;){const s=e.indexOf("{{",t);let o=e.slice(t,s<0?void 0:s);if(i&&(o=o.replace(/^[ \t\r\n]+/,"")),s<0){n.push({kind:"text",text:o});break}let a=s+2;/^-[ \t\r\n]/.test(e.slice(a,a+2))&&(o=o.trimEnd(),a+=1),n.push({kind:"text",text:o});const r=Cs(e,a);let d=e.slice(a,r);i=/[ \t\r\n]-$/.test(d),i&&(d=d.slice(0,-1)),/^[ \t\r\n]*\/\*/.test(d)||n.push({kind:"action",text:d.trim()}),t=r+2}return n}function Cs(e,n){const t=/^[ \t\r\n]*\/\*/.exec(e.slice(n,n+200));if(t){const s=e.indexOf("*/",n+t[0].length),o=s<0?-1:e.indexOf("}}",s);if(o<0)throw new C("unclosed comment");return o}let i="";for(let s=n;s<e.length;s+=1){const o=e[s]??"";if(i!=="")o==="\\"&&i!=="`"?s+=1:o===i&&(i="");else if(o==='"'||o==="'"||o==="`")i=o;else if(o==="}"&&e[s+1]==="}")return s}throw new C("unclosed action")}function Ge(e,n,t,i){if(i>ut)throw new C("nested too deeply");const s=[];for(;n.at<e.length;){const o=e[n.at];if(n.at+=1,o.kind==="text"){s.push({kind:"text",text:o.text});continue}const[,a="",r=""]=/^([a-z]*)\b([\s\S]*)$/.exec(o.text)??[];if(a==="end"||a==="else"){if(!t.includes(a))throw new C(`unexpected {{${a}}}`);return{nodes:s,end:o.text}}if(a==="if"||a==="with"||a==="range")s.push(pt(a,r,e,n,i));else if(a==="define"||a==="block"){const[,d="",c=""]=/^\s*"([^"]*)"([\s\S]*)$/.exec(r)??[],{nodes:l}=Ge(e,n,["end"],i+1);s.push({kind:"define",name:d,body:l}),a==="block"&&s.push({kind:"call",name:d,data:c.trim()})}else if(a==="template"){const[,,d="",c=""]=/^\s*(["`])([^"`]*)\1([\s\S]*)$/.exec(r)??[];s.push({kind:"call",name:d,data:c.trim()})}else!/^(?:break|continue)?$/.test(o.text)&&!/^\$\w*\s*:?=/.test(o.text)&&s.push({kind:"output",text:o.text})}if(t.length>0)throw new C("a block is not closed by {{end}}");return{nodes:s,end:""}}function pt(e,n,t,i,s){const o=Ge(t,i,["end","else"],s+1);if(o.end==="end")return{kind:e,condition:n.trim(),body:o.nodes,otherwise:[]};const[,a,r=""]=/^else\s+(if|with)\b([\s\S]*)$/.exec(o.end)??[],d=a?[pt(a,r,t,i,s+1)]:Ge(t,i,["end"],s+1).nodes;return{kind:e,condition:n.trim(),body:o.nodes,otherwise:d}}function Ce(e,n){for(const t of e)t.kind==="define"?(n.set(t.name,t.body),Ce(t.body,n)):"otherwise"in t&&(Ce(t.body,n),Ce(t.otherwise,n))}function fn(e,n,t,i,s,o){if(o>ut)throw new C("a template that calls itself");for(const a of e){if(s.text.length>Ms)throw new C("too long");if(a.kind==="text")s.text+=a.text;else if(a.kind==="output")s.text+=qs(a.text,n,s.text);else if(a.kind==="call")if(a.name==="base"){if(a.data==="")throw new C('{{ template "base" }} lacks its dot: write {{ template "base" . }}');s.hasBase=!0,s.text+=t.base}else{const r=i.get(a.name);if(!r)throw new C(`template "${a.name}" is not defined`);fn(r,n,t,i,s,o+1)}else if("condition"in a)for(const[r,d]of Us(a,n,t,s))fn(r,d,t,i,s,o+1)}}function Us(e,n,t,i){const[,s="",o=""]=/^(?:(\$\w+(?:\s*,\s*\$\w+)?)\s*:?=)?([\s\S]*)$/.exec(e.condition)??[],a=o.trim();if(e.kind==="range"&&/^\$?\.ExtraRuntimes$/.test(a)){i.listsRuntimes=!0;const[c,l]=s.split(",").map(u=>u.trim());return t.runtimes.map(({name:u,path:f})=>{const p={BinaryName:f,RuntimeType:"io.containerd.runc.v2"},h={...n.values};l&&c&&(h[c]=u);for(const[g,k]of Object.entries(p))h[`${l??c??""}.${g}`]=k;return[e.body,{values:h}]})}const r=ht(a,n);return(r===void 0?!/^(?:false|nil|0|""|``)$|"(?:stargz|nix)"/.test(a):r!=="")?[[e.body,e.kind==="with"&&r!==void 0?{values:{...n.values,".":r}}:n]]:[[e.otherwise,n]]}function ht(e,{values:n}){for(const t of[e,e.replace(/^\$\./,".")])if(Object.hasOwn(n,t))return n[t]}function qs(e,n,t){const i=/^printf\s+"%q"\s+(?=\S)|\|\s*printf\s+"%q"$/.test(e),s=e.replace(/^printf\s+"%q"\s+/,"").replace(/\s*\|\s*printf\s+"%q"$/,""),o=ht(s,n);if(o!==void 0)return i?JSON.stringify(o):o;const a=`{{ ${s.replace(/["'\\\r\n]+/g," ").slice(0,100)} }}`,r=t.slice(Math.max(t.lastIndexOf(`
`)+1,t.length-1e3));return((r.match(/"/g)?.length??0)+(r.match(/'/g)?.length??0))%2===1?a:`"${a}"`}const Fs=64*1024,Vs=e=>e.endsWith("/config-v3.toml.tmpl")?3:2;function Ls(e,n,t){const i=dt(n)?3:2;return J(ct(i,pn(i,i,e,t)))}function pn(e,n,t,i){const s=t&&J(t.text);return js(Ds(e,n,i.runtimes,i.defaultRuntime,!0),s)}function mt(e,n,t,i={runtimes:[],defaultRuntime:""}){const s=Vs(e.path),o={base:ct(s,pn(s,s,n,i)),runtimes:i.runtimes,values:{".NodeConfig.DefaultRuntime":i.defaultRuntime,".DisableCgroup":"",".IsRunningInUserNS":""}},a=ft(e.text,o),r=J(a.text),d=ft(e.text,{...o,base:""}).text,c=r.version===3||r.version!==2&&G(r.tables,["plugins",E.runtime])!==void 0,l=pn(c?3:s,s,n,i),u=a.problem??r.problem??zs(r.version,t),f=a.hasBase&&r.problem!==void 0?Ws(d,o.base):[],p=a.hasBase&&r.problem!==void 0&&ln(d).problem===void 0,h=u===void 0?l.flatMap($=>Bs($,r)):[],g=h.filter($=>$.value===void 0),k=h.filter($=>$.value!==void 0),O=u!==void 0||h.some($=>$.isEssential);return{path:e.path,verdict:e.text.length>=Fs?"unknown":p&&a.problem===void 0?"duplicates":O?"harmful":"harmless",hasBase:a.hasBase,isHeeded:s===2||dt(t),removes:g,changes:k,duplicates:p&&f.length===0?[r.problem??""]:f,ignored:r.ignored,...u===void 0?{}:{problem:u},result:r}}function zs(e,n){const i=Number(/^v?1\.(\d+)\./.exec(n)?.[1]??0)>=36?4:3;return e!==void 0&&e>i?`containerd reads configurations up to version ${i}, this one says ${e}`:void 0}function Bs(e,n){const t=lt(n.tables,e),i={key:le(e.path),ownValue:gt(e.value),breaks:e.breaks};if(t===void 0)return[{...i,isEssential:e.isEssential}];if(Hs(t,e.value))return[];const s=e.isEssential&&e.path.at(-1)==="SystemdCgroup";return[{...i,value:gt(t),isEssential:s}]}const gt=e=>typeof e=="string"?e:un(e)?JSON.stringify(e):"a table";function Hs(e,n){const[t,i]=[e,n].map(s=>Array.isArray(s)&&s.length===1?s[0]:s);return un(t)&&JSON.stringify(t)===JSON.stringify(i)||typeof t=="string"&&t.includes("{{")}function Ws(e,n){const t=new Set($t(n));return[...new Set($t(e).filter(i=>t.has(i)))]}function $t(e){return e.split(`
`).flatMap(n=>{const t=/^[ \t]*\[([^[][^\r\n]*)\][ \t]*(?:#.*)?\r?$/.exec(n)?.[1];if(t===void 0)return[];const{tables:i,problem:s}=ln(`[${t}]`);return s===void 0?[le(Ks(i))]:[]})}function Ks(e){const n=[];let t=e;for(;typeof t=="object"&&t!==null;){const[i]=Object.entries(t);if(!i)break;n.push(i[0]),t=i[1]}return n}const vt={"nvidia-container-runtime":"nvidia","nvidia-container-runtime.cdi":"nvidia-cdi","nvidia-container-runtime-experimental":"nvidia-experimental"},hn={name:"nvidia-container-runtime",folder:"/usr/bin"},U="/etc/rancher/k3s/config.yaml.d/60-k3s-gpu-actions-runtime.yaml",ue="/usr/local/nvidia/toolkit",fe=e=>e.slice(0,Math.max(1,e.lastIndexOf("/")));function pe(e,n=[]){const{searchPath:t}=e.k3s,i=d=>t.indexOf(fe(d)),s=e.runtimes.map(({name:d,path:c})=>({name:d,path:c})),o=`${hn.folder}/${hn.name}`;n.includes("install-toolkit")&&!s.some(({path:d})=>d===o)&&s.push({name:hn.name,path:o});const a=new Map,r=s.filter(({path:d})=>i(d)>=0).sort((d,c)=>i(d.path)-i(c.path));for(const{name:d,path:c}of r){const l=Object.hasOwn(vt,d)?vt[d]:void 0;l!==void 0&&!a.has(l)&&a.set(l,{name:l,path:c})}return[...a.values()].sort((d,c)=>d.name<c.name?-1:1)}function mn(e,n=[]){const t=e.k3s.defaultRuntimes.filter(({place:c})=>c!==U),i=e.k3s.defaultRuntimes.find(({place:c})=>c===U),s=i!==void 0&&!n.includes("remove-default-runtime"),a=n.includes("write-default-runtime")?{place:U,value:"nvidia"}:s?i:void 0,r=t.filter(({place:c})=>kt(c));return[...t.filter(({place:c})=>!kt(c)),...a?[a]:[],...r].at(-1)??{place:"",value:""}}function kt(e){if(e==="/etc/rancher/k3s/config.yaml")return!1;const n=`${fe(U)}/`;return e.startsWith(n)?e>U:!0}function yt(e,n=[]){return{runtimes:pe(e,n),defaultRuntime:mn(e,n).value}}function he(e,n=[]){const t=yt(e,n);return e.containerd.templates.map(i=>mt(i,e.containerd.rendered,e.k3s.version,t)).filter(i=>i.isHeeded).sort((i,s)=>Number(s.path.endsWith("/config-v3.toml.tmpl"))-Number(i.path.endsWith("/config-v3.toml.tmpl")))}const me=e=>e.verdict==="harmful"||e.verdict==="duplicates";function gn({wish:e,gpu:n}){if(!e.quarantineTemplate)return[];const t=new Set(he(n).filter(me).map(({path:i})=>i));return n.containerd.templates.filter(({path:i})=>t.has(i))}function Ue(e,n){const t=yt(e,n),i=he(e,n).filter(o=>!(n.includes("quarantine-template")&&me(o))),[s]=i;return s?{config:s.result,template:s}:{config:Ls(e.containerd.rendered,e.k3s.version,t)}}function wt(e){const{rendered:n}=e.containerd;if(!n)return!1;const t={...n,path:"/config.toml.tmpl",text:n.text.replaceAll("{{","{ {")},{removes:i,problem:s,verdict:o}=mt(t,n,e.k3s.version);return o!=="unknown"&&(s!==void 0||i.some(a=>a.isEssential))}const $n=256;function b(e,n,t=512){const i=e?.[n];return typeof i=="string"?i.slice(0,t).trim():""}function I(e,n,t=`
`){return b(e,n,128*1024).split(t).map(i=>i.trim().slice(0,1024)).filter(i=>i!=="").slice(0,$n)}const qe=e=>/(?<![\d.])\d{2,4}\.\d{1,3}(?:\.\d{1,3})?(?![\d.])/.exec(e)?.[0]??"";function Fe(e,n){const t=o=>o.match(/\d+|[^\d]+/g)??[],i=t(e),s=t(n);for(let o=0;o<Math.max(i.length,s.length);o++){const[a="",r=""]=[i[o],s[o]];if(a===r)continue;const d=Number(a)-Number(r);if(/^\d/.test(a)&&/^\d/.test(r)&&d!==0)return d;if(!/^\d/.test(a)||!/^\d/.test(r))return a<r?-1:1}return 0}const Qs=/^(?:cuda-drivers|nvidia-(?:driver|dkms|kernel|open|headless|compute-utils|utils|firmware|modprobe|persistenced|fabricmanager|legacy|smi)|(?:lib|lib64)nvidia-(?!container)|libcuda1|linux-(?:modules|objects|signatures)-nvidia|(?:kmod|akmod|dkms)-nvidia|xorg-x11-drv-nvidia|xserver-xorg-video-nvidia|x11-video-nvidia)/;function bt(e,n){return n.some(t=>{const i=/^(?:solvable_name:|name\s*=)\s*"?([^"]+)"?$/.exec(t)?.[1]?.trim()??t;if(i.startsWith("!"))return!1;const s=i.indexOf("*");return i===e||s>0&&s<=e.length&&e.startsWith(i.slice(0,s))?!0:i.startsWith(`${e}-`)&&/^-(?:\d+:)?\d/.test(i.slice(e.length))})}function Js(e){const n=["apt","dnf","zypper"].find(s=>s===e?.manager)??"",t=I(e,"locks").filter(s=>!s.startsWith("#")),i=new Map;for(const s of b(e,"list",128*1024).split(`
`).slice(0,2048)){const[o="",a="",r=""]=s.split("	");if(!/^[a-z0-9][a-z0-9+._-]*$/i.test(o)||a===""||!/^.i/.test(r))continue;const d=r.startsWith("h")||bt(o,t);i.set(o,{name:o,version:a.slice(0,128),isHeld:d})}return{driver:[...i.values()].filter(({name:s})=>Qs.test(s)),toolkit:{packageManager:n,packages:K.map(s=>i.get(s)??{name:s,version:"",isHeld:bt(s,t)}),missingPrerequisites:I(e,"missing"," "),ctkVersion:/version v?(\d+\.\d+\.\d+\S*)/.exec(b(e,"ctk",1024))?.[1]??""}}}function Ys(e){const n=I(e,"text").filter(t=>!t.startsWith("#")).filter(t=>/^(?:deb(?:-src)?\s|URIs:|baseurl\s*=)/i.test(t)).flatMap(t=>t.match(/[a-z][a-z0-9+.-]*:\/{1,3}[^\s\]]+/gi)??[]);return{repository:{path:b(e,"path"),urls:[...new Set(n)].slice(0,16),keyring:b(e,"keyring")},keyFingerprints:I(e,"keys").map(t=>t.toUpperCase()).filter(t=>/^[0-9A-F]{40}$/.test(t))}}const Xs=128;function ge(e){return/^\d{1,9}$/.test(e)?Number(e):void 0}const Zs=e=>/^\[.*\]$/.test(e)?"":e;function Ot(e){const n=e.split(",").map(h=>h.trim());if(n.length<12)return;const[t="",i=""]=n,[s="",o="",a="",r="",d="",c="",l="",u=""]=n.slice(-9);if(ge(t)===void 0||!/^GPU-[0-9a-f-]{8,64}$/i.test(i))return;const f=n.slice(2,-9).join(", "),p={memoryTotalMiB:ge(a),memoryUsedMiB:ge(r),utilisationPercent:ge(d),temperatureCelsius:ge(c)};return{index:Number(t),uuid:i,name:Zs(f).slice(0,128),driverVersion:/^[\d.]{1,32}$/.test(s)?s:"",pciBusId:/^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f]$/i.test(o)?o:"",...Object.fromEntries(Object.entries(p).filter(([,h])=>h!==void 0)),...(l==="Enabled"||l==="Disabled")&&{isMigEnabled:l==="Enabled"},computeCapability:/^\d{1,2}\.\d{1,2}$/.test(u)?u:""}}function eo(e){const n=[];let t="";for(const i of e.split(`
`).slice(0,1024)){t=/^GPU \d+: .*\(UUID: (GPU-[0-9a-f-]{8,64})\)/i.exec(i)?.[1]??t;const[,s,o]=/^\s+MIG (\S{1,64})\s+Device\s+\d+: \(UUID: (MIG-[0-9a-zA-Z/-]{8,128})\)/.exec(i)??[];s!==void 0&&o!==void 0&&t!==""&&n.push({gpuUuid:t,uuid:o,profile:s})}return n.slice(0,Xs)}function no(e){if(e===void 0)return{smi:{isInstalled:!1,said:""},devices:[],migDevices:[],cudaVersion:""};const n=b(e,"said",64*1024),t=typeof e.code=="number"&&e.code>=0&&e.code<256?e.code:void 0,i=t===0||t===14,s=n.split(`
`).slice(0,$n),o=new Map;for(const c of i?s.flatMap(l=>Ot(l)??[]):[])o.has(c.uuid)||o.set(c.uuid,c);const a=[...o.values()].sort((c,l)=>c.index-l.index),r=s.filter(c=>a.length===0||Ot(c)===void 0).join(`
`),d=b(e,"cuda",16);return{smi:{isInstalled:!0,...t!==void 0&&t!==124&&{exitCode:t},said:r.trim().slice(0,2048)},devices:a,migDevices:eo(typeof e.list=="string"?e.list.slice(0,64*1024):""),cudaVersion:/^\d{1,3}\.\d{1,3}$/.test(d)?d:""}}const _t=64*1024,xt=e=>e.split(/[-.]/).at(-1)??"";function to(e,n){const t=new Set(I(e,"with_module"," ")),i=I(e,"installed"," ").filter(s=>/^\d/.test(s)&&!s.includes("rescue")&&xt(s)===xt(n)).sort(Fe).at(-1);if(!(i===void 0||n===""||Fe(i,n)<=0))return{release:i.slice(0,128),hasModule:t.has(i)}}function io(e,n){const t=r=>e.find(d=>d.fact===`gpu.${r}`),i=t("driver"),s=t("reboot"),o=to(t("kernels"),n),a=[...new Set(I(s,"packages"))];return{loaded:qe(b(i,"loaded")),onDisk:qe(b(i,"on_disk")),userSpace:qe(b(i,"library").replace(/^.*\.so\./,"")),...o&&{nextKernel:o},isNouveauLoaded:i?.nouveau===!0,secureBoot:["enabled","disabled"].find(r=>r===i?.secure_boot)??"unknown",rebootPending:a.length>0?a:s?.pending===!0?[""]:[],hasUnattendedUpgrades:t("unattended")?.on===!0,kernelLog:I(t("kernel-log"),"lines").slice(-20)}}function Rt(e){const n=typeof e.text=="string"?e.text.slice(0,_t):"";return{path:b(e,"path",4096),sha256:b(e,"sha256",64),text:n}}function so(e){const n=b(e,"arguments",_t).split(`
`);return n.flatMap((t,i)=>{const s=/^--?default-runtime=(.*)$/.exec(t)?.[1]??(/^--?default-runtime$/.test(t)?n[i+1]:void 0);return s===void 0?[]:[{place:b(e,"path",4096),value:s.slice(0,128)}]})}function oo(e){const n=new Map;for(const t of I(e,"owners")){const[,i,s]=/^([^:,\s]+)(?::[a-z0-9]+)?(?:, [^:]+)?: (\/.*)$/.exec(t)??[];i!==void 0&&s!==void 0&&n.set(s,i)}return{search:I(e,"search",":").slice(0,64),runtimes:I(e,"paths").map(t=>({name:t.slice(t.lastIndexOf("/")+1),path:t,package:n.get(t)??""}))}}function ao(e){const n=e.distribution,t=p=>n.filter(h=>h.fact===`gpu.${p}`).slice(0,$n),i=p=>n.find(h=>h.fact===p),s=i("k3s.unit"),o=i("gpu.device-links"),a=i("gpu.handlers"),r=Js(i("gpu.packages")),{search:d,runtimes:c}=oo(i("gpu.runtimes")),l=t("containerd"),u=l.filter(p=>p.name==="config.toml").map(Rt)[0],f=u===void 0||/^\s*SystemdCgroup\s*=\s*true/m.test(u.text);return{pci:t("pci").map(p=>({address:b(p,"address",32),id:b(p,"id",16).toLowerCase(),driver:b(p,"driver",64)})).filter(({address:p})=>/^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f]$/i.test(p)),...no(i("gpu.smi")),driver:{...io(n,e.kernel),packages:r.driver},toolkit:{...r.toolkit,...Ys(i("gpu.repository"))},k3s:{unit:["k3s","k3s-agent"].find(p=>p===s?.name)??"",activeState:b(s,"active",64),version:b(i("k3s.binary"),"version",128),searchPath:d,defaultRuntimes:[...t("default-runtime").map(p=>({place:b(p,"place",4096),value:b(p,"value",128)})),...so(s)]},runtimes:c,containerd:{...u&&{rendered:u},templates:l.filter(p=>p.name!=="config.toml").map(Rt),...a&&{handlers:[...new Set(I(a,"names"))]}},deviceLinks:{missing:I(o,"missing"," "),hasRule:o?.rule===!0,isNeeded:e.init==="systemd"&&f},ownFiles:t("own-file").map(p=>({path:b(p,"path",4096),sha256:b(p,"sha256",64)}))}}function Pt(e,n=[]){const{wish:t,gpu:i}=e,s=[];gn(e).length>0&&s.push("quarantine-template");const o=i.k3s.defaultRuntimes.find(({place:d})=>d===U),a=o!==void 0||i.ownFiles.some(({path:d})=>d===U),r=pe(i,n).some(({name:d})=>d==="nvidia");return t.defaultRuntime==="nvidia"&&r&&mn(i).value!=="nvidia"&&o?.value!=="nvidia"&&s.push("write-default-runtime"),t.defaultRuntime==="unset"&&a&&s.push("remove-default-runtime"),s}function Ve(e,n){const{wish:t,gpu:i}=e,{config:s,template:o}=Ue(i,n);if(o&&o.verdict!=="harmless")return[];const a=J(i.containerd.rendered?.text??""),r=g=>g.runtimes.find(({name:k})=>k==="nvidia")?.binaryName,d=[],[c,l]=[r(a),r(s)],u=i.containerd.rendered===void 0&&i.containerd.handlers?.includes("nvidia");l!==void 0&&c===void 0&&!u&&d.push("runtime-missing"),l!==void 0&&c!==void 0&&l!==c&&d.push("binary-path-changed");const[f,p]=[a,s].map(g=>g.defaultRuntime==="nvidia"),h=t.defaultRuntime===(p?"nvidia":"unset");return f!==p&&h&&d.push("default-runtime-changed"),wt(i)&&d.push("harmful-template-removed"),d}const ro={"runtime-missing":"what k3s rendered at its last start lacks the runtime nvidia, which it will find now","binary-path-changed":"k3s rendered another program for the runtime nvidia than it will find now","default-runtime-changed":"the default runtime changes","harmful-template-removed":"containerd runs with what a harmful template left of its configuration"};function co(e,n=[]){const{gpu:t}=e,i=Pt(e,n),s=[...n,...i],o=i.map(r=>lo(r,e)),a=Ve(e,s);return a.length>0&&t.k3s.unit!==""&&o.push({id:y.restart,kind:"restart",target:t.k3s.unit,reason:a.map(r=>ro[r]).join("; "),disrupts:`restarts ${t.k3s.unit}; containers keep running, GPU pods may be refused until the device plugin is back`,undo:"restarted with what was there before"}),o}function lo(e,n){if(e==="quarantine-template"){const t=new Set(gn(n).map(({path:s})=>s)),i=he(n.gpu).filter(s=>t.has(s.path)&&me(s));return{id:e,kind:"edit",target:`${[...t].join(", ")} (renamed to \u2026disabled-<hash>)`,reason:i.map(({verdict:s,removes:o})=>s==="duplicates"?"it writes a table once more, and containerd does not start":`it takes ${o.length||"all"} keys out of k3s's own configuration`).join("; "),undo:"renamed back"}}return e==="write-default-runtime"?{id:e,kind:"write",target:`${U} (default-runtime: nvidia)`,reason:"default-runtime: nvidia is wished, and k3s will find the program",disrupts:"after the restart every image that sets NVIDIA_VISIBLE_DEVICES sees all GPUs without asking for one",undo:"restored, or deleted where it was not there"}:{id:e,kind:"remove",target:U,reason:"default-runtime: unset is wished, and this project wrote the file",undo:"restored"}}const $e="gpu.default-runtime",ve="Can k3s find the default runtime that it is told, and is that one meant?";function uo({wish:e,gpu:n},t){const{value:i,place:s}=mn(n,t),o=pe(n,t).map(({name:u})=>u),a=J(n.containerd.rendered?.text??""),{unit:r}=n.k3s,d=n.k3s.defaultRuntimes.map(u=>`${u.place}: ${u.value||"none"}`);if(!(i===""||o.includes(i)||!i.startsWith("nvidia")&&i!=="runc"&&a.runtimes.some(({name:u})=>u===i))){const u=!i.startsWith("nvidia")&&i!=="runc";return{id:$e,verdict:u?"warn":"fail",question:ve,found:`${s} says ${i}, which k3s ${u?"did not render at its last start":"does not find"}`,cause:i==="runc"?`k3s looks for other runtimes only: with runc as a value ${r} does not start (default runtime runc was not found)`:`${r} does not start any more: default runtime ${i} was not found`,remedy:i==="nvidia"?`let the toolkit be installed (toolkit: install), or take default-runtime out of ${s}`:`take default-runtime out of ${s}; without it k3s uses runc`,evidence:d}}if(e.defaultRuntime==="nvidia"&&i!=="nvidia"){const u=o.includes("nvidia");return{id:$e,verdict:"fail",question:ve,found:i===""?"nvidia is wished and cannot be set":`nvidia is wished, but ${s} says ${i} and wins`,cause:u?`k3s takes what stands last: files of config.yaml.d after ${U} and arguments of the unit win over it`:"k3s finds no nvidia-container-runtime, and does not start with a default runtime that it cannot find",remedy:u?`take default-runtime out of ${s}`:"let the toolkit be installed first (toolkit: install)",evidence:d}}if(e.defaultRuntime==="unset"&&i==="nvidia")return{id:$e,verdict:"warn",question:ve,found:`${s} says nvidia, and this project did not write it`,cause:"only the file that this project wrote is taken away",remedy:`take default-runtime out of ${s}, then: sudo systemctl restart ${r}`,evidence:d};if((Ue(n,t).config.defaultRuntime||i)==="nvidia"){const u=e.defaultRuntime==="nvidia";return{id:$e,verdict:"warn",question:ve,found:`nvidia is the default runtime${s?`, said by ${s}`:", said by a template"}`,cause:"every image that sets NVIDIA_VISIBLE_DEVICES sees all GPUs without asking for one (README of NVIDIA/k8s-device-plugin)",remedy:`none needed if that is meant; else ${u?"give default-runtime: unset":`take it out of ${s||"the template"}`} and name runtimeClassName: nvidia in the pods that need a GPU`,evidence:d}}return(0,m.bF)($e,ve,i===""?"none is set: runc, and nvidia for pods that name its runtime class":`${i}, said by ${s}`)}const vn="gpu.containerd-template",kn="Does a containerd template take away what k3s sets itself?",yn=40;function At({key:e,ownValue:n,value:t,breaks:i}){return t===void 0?`removes ${e} (${n}): ${i}`:`sets ${e} to ${t} instead of ${n}: ${i}`}function fo(e){const n=(t,i)=>Number(i.isEssential)-Number(t.isEssential);return[`${e.path}:`,...e.problem?[`cannot be read: ${e.problem}`]:[],...e.duplicates.map(t=>`writes ${t} once more`),...[...e.removes].sort(n).map(At),...e.changes.map(At),...e.ignored.map(t=>`${t} has no effect: containerd 2 drops it without an error`)]}function po(e){const n=[...e.removes,...e.changes].filter(({isEssential:t})=>t).map(({breaks:t})=>t);return[...new Set(n)].join("; ")}function ho(e){if(e.verdict==="duplicates")return`${e.path} writes ${e.duplicates.join(", ")} once more: containerd does not start`;if(e.problem!==void 0)return`${e.path} cannot be read: ${e.problem}`;const{length:n}=e.removes,t=e.removes.filter(({isEssential:o})=>o).map(({key:o})=>o),i=e.changes.filter(({isEssential:o})=>o).map(({key:o})=>o),s=[...n>0?[`removes ${n} ${n===1?"key":"keys"} of k3s's own configuration`]:[],...i.length>0?[`changes ${i.join(", ")}`]:[]];return`${e.path} ${s.join(" and ")}${t.length>0?`, among them ${t.join(", ")}`:""}`}function mo({gpu:e},n){const t=he(e,n),[i]=t;if(!i)return(0,m.bF)(vn,kn,"there is none: k3s writes the configuration itself");const s=t.flatMap(fo),o=s.length>yn?[...s.slice(0,yn),`and ${s.length-yn} more`]:s,a=t.find(me);if(a){const d=n.includes("quarantine-template"),c=a!==i;return{id:vn,verdict:d?"warn":"fail",question:kn,found:`${ho(a)}${c?`; k3s takes ${i.path} now, and this one if that goes`:""}`,cause:a.verdict==="duplicates"?"it extends k3s\u2019s own text and repeats a table that stands in it, which TOML forbids":a.problem===void 0?`${a.hasBase?"":'without {{ template "base" . }} it replaces the whole configuration: '}${po(a)}`:"k3s renders containerd\u2019s configuration from it, and one of both stops there",remedy:d?"nothing to do: the plan moves it aside; it comes back if k3s does not":a.verdict==="duplicates"?"take the repeated table out of it, or give quarantine-template: true; k3s needs no template for GPUs":"give quarantine-template: true to have it moved aside (and back if k3s does not come up); k3s needs no template for GPUs",evidence:o}}const r=t.find(({verdict:d})=>d==="unknown");return{id:vn,verdict:"warn",question:kn,found:r?`${r.path} is too long to be judged`:`${i.path} ${i.hasBase?"extends k3s\u2019s own configuration":"replaces it, and leaves nothing out that the node needs today"}`,cause:i.hasBase?"what it adds is not checked against releases of k3s to come":"a copy ages: what a newer k3s sets is missing in it",remedy:i.hasBase?"none needed; k3s needs no template for GPUs":'replace it by {{ template "base" . }} and what you add to it, or move it away',evidence:o}}function St(e,n=[]){const t=[...n,...Pt(e,n)];return e.gpu.k3s.unit===""?[Nt(e,t)]:[Nt(e,t),go(e,t),mo(e,t),uo(e,t),$o(e,t),ko(e,t)]}function Nt({gpu:e},n){const t="k3s.service",i="Does k3s run on this host?",{unit:s,activeState:o,version:a}=e.k3s;if(s==="")return{id:t,verdict:"fail",question:i,found:"neither k3s nor k3s-agent is installed as a unit",cause:"GPUs are made usable on a machine that is a node already",remedy:"let the machine join first (k3s-join), then run gpu-runtime"};if(o==="active")return(0,m.bF)(t,i,`${s} is active${a?`, ${a}`:""}`);const r=n.includes("quarantine-template")||n.includes("remove-default-runtime")||n.includes("install-toolkit")&&e.k3s.defaultRuntimes.at(-1)?.value==="nvidia";return{id:t,verdict:r?"warn":"fail",question:i,found:`${s} is ${o||"in an unknown state"}`,cause:r?"what keeps it from starting is mended by this plan":"a node that is down cannot be given GPUs",remedy:r?`nothing to do: ${s} is started again`:`on the host: sudo journalctl -u ${s} -n 50; sudo systemctl start ${s}`}}function go({gpu:e,reading:n},t){const i="gpu.search-path",s="Does k3s find the right nvidia-container-runtime by itself?",o=e.runtimes.filter(({name:u})=>u==="nvidia-container-runtime"),a=pe(e,t).find(({name:u})=>u==="nvidia");if(!a){const u=o[0];return u?{id:i,verdict:"fail",question:s,found:`${u.path} is there, but ${e.k3s.unit} does not look in ${fe(u.path)}`,cause:`it looks in ${e.k3s.searchPath.join(", ")||"no folder"}, which is not the PATH of a shell`,remedy:`sudo ln -s ${u.path} /usr/local/bin/nvidia-container-runtime, or install the packages (toolkit: install)`}:(0,m.uG)(i,s,"there is no nvidia-container-runtime: see gpu.toolkit")}if(!(fe(a.path)===ue))return(0,m.bF)(i,s,`${a.path}, the first one in its search path`);const d=n.daemonSets.find(({name:u,namespace:f})=>f==="gpu-operator"||u.includes("nvidia-container-toolkit"));if(d)return(0,m.bF)(i,s,`${a.path}, kept by ${d.namespace}/${d.name}`);const l=o.find(({path:u})=>fe(u)!==ue)?.path??(t.includes("install-toolkit")?"/usr/bin/nvidia-container-runtime":void 0);return{id:i,verdict:"fail",question:s,found:`${a.path} comes before ${l??"every other folder"}`,cause:`k3s looks in ${ue} first; gpu-operator left the folder behind, and nobody keeps it up to date`,remedy:`sudo mv ${ue} ${ue}.disabled; then run this again: k3s is restarted with the packaged one`,evidence:e.runtimes.map(u=>`${u.path}${u.package?` (package ${u.package})`:" (no package)"}`)}}function $o(e,n){const{gpu:t}=e,i="gpu.runtime-config",s="Does containerd run with the runtime nvidia and the right program?",{rendered:o,handlers:a}=t.containerd;if(he(t,n).some(me)&&!n.includes("quarantine-template"))return(0,m.uG)(i,s,"a template is in the way: see gpu.containerd-template");const{config:r,template:d}=Ue(t,n),c=pe(t,n).find(({name:u})=>u==="nvidia")?.path;if(c===void 0)return(0,m.uG)(i,s,"k3s finds no nvidia-container-runtime: see gpu.toolkit and gpu.search-path");const l=r.runtimes.find(({name:u})=>u==="nvidia")?.binaryName;return l!==c?{id:i,verdict:"fail",question:s,found:l===void 0?"k3s will not render the runtime nvidia":`${l} instead of ${c}`,cause:`${d?.path??"a template"} sets the runtimes itself, and no restart changes that`,remedy:`add {{ template "base" . }} as its first line and take the nvidia tables out, or move it away: sudo mv ${d?.path??""} /root/`}:Ve(e,n).length>0?{id:i,verdict:"skip",question:s,found:"not yet: the plan restarts k3s, which brings it; it is confirmed then"}:!o&&!a?(0,m.uG)(i,s,"neither config.toml nor crictl could be read"):a&&!a.includes("nvidia")?{id:i,verdict:"fail",question:s,found:`config.toml has it, but the running containerd names only ${a.join(", ")||"no handler"}`,cause:"containerd dropped the table, or still runs with an older configuration",remedy:`on the host: sudo tail /var/lib/rancher/k3s/agent/containerd/containerd.log; sudo systemctl restart ${t.k3s.unit}`,evidence:[`${o?.path??"config.toml"}: runtimes ${vo(o?.text)}`]}:(0,m.bF)(i,s,`${c}${a?", and the running containerd names it":""}`)}const vo=(e="")=>J(e).runtimes.map(({name:n})=>n).join(", ")||"none";function ko(e,n){const{gpu:t}=e,i="gpu.restart-pending",s="Would the next restart of k3s change what containerd runs with?",{rendered:o}=t.containerd;if(!o)return(0,m.uG)(i,s,"k3s has rendered no configuration yet, or it could not be read");if(Ve(e,n).length>0)return{id:i,verdict:"skip",question:s,found:"yes: the plan restarts it"};const{config:a}=Ue(t,n),r=J(o.text),[d,c]=[r,a].map(u=>u.defaultRuntime||"runc"),l=c==="runc"||a.runtimes.some(({name:u})=>u===c);return d!==c&&l&&!wt(t)?{id:i,verdict:"warn",question:s,found:`the default runtime is ${d}, and ${c} after the next restart`,cause:"somebody changed default-runtime without restarting k3s",remedy:`restart it when it suits: sudo systemctl restart ${t.k3s.unit}; or take the change back`}:(0,m.bF)(i,s,"no")}const yo=e=>/driver\/library version mismatch/i.test(e.smi.said);function It(e){const{loaded:n,userSpace:t}=e.driver,i=n!==""&&t!==""&&n!==t;return yo(e)||i&&e.devices.length===0}function wo(e){return`install it, then reboot: ${{apt:"`sudo ubuntu-drivers install --gpgpu` (Ubuntu) or `sudo apt-get install nvidia-driver` (Debian, non-free)",dnf:"the package `nvidia-open` or `cuda-drivers` of NVIDIA's repository for this distribution",zypper:"the package `nvidia-open-driver-G06-signed` with `nvidia-compute-utils-G06` of SUSE's or NVIDIA's repository","":"the driver as its distribution says"}[e.toolkit.packageManager]}; this action installs no driver`}const bo=e=>e.driver.kernelLog.some(n=>n.includes("Key was rejected by service"));function Tt(e,n){const{driver:t,pci:i}=e;return i.length>0&&i.every(s=>s.driver==="vfio-pci")?{cause:"the card is set aside for virtual machines: vfio-pci holds it",remedy:"take its ids out of `vfio-pci.ids` (kernel command line, /etc/modprobe.d), rebuild the initramfs and reboot"}:t.isNouveauLoaded||i.some(s=>s.driver==="nouveau")?{cause:"nouveau, the kernel's own driver, holds the card, so NVIDIA's cannot be loaded",remedy:"printf 'blacklist nouveau\\noptions nouveau modeset=0\\n' | sudo tee /etc/modprobe.d/blacklist-nouveau.conf; rebuild the initramfs (sudo update-initramfs -u, or sudo dracut --force) and reboot"}:t.onDisk===""?t.packages.length>0?{cause:`the driver is installed, but there is no module of it for the running kernel${n&&` ${n}`}`,remedy:`sudo apt-get install linux-headers-${n||"$(uname -r)"} && sudo dkms autoinstall && sudo modprobe nvidia (elsewhere: the kernel's headers, or its package of ready modules)`}:{cause:"there is no NVIDIA driver on this host",remedy:wo(e)}:t.secureBoot==="enabled"||bo(e)?{cause:`Secure Boot ${t.secureBoot==="enabled"?"is on":"may be on"}, and the kernel loads only modules whose key it knows`,remedy:"enrol the key that signed the module (sudo mokutil --import /var/lib/shim-signed/mok/MOK.der, then confirm at the machine's console at the next boot), install the distribution's signed modules, or switch Secure Boot off in the firmware"}:{cause:`the module (${t.onDisk}) is on the disk, but it is not loaded`,remedy:'sudo modprobe nvidia; when it refuses: sudo dmesg | grep -iE "nvrm|nvidia" tells why'}}const Oo={cause:"a GPU has fallen off the bus (Xid 79): power, heat, riser, or a hardware fault",remedy:"reboot, better switch the machine off and on; when it comes back: power cables, seat of the card, temperature"},Et=[{codes:[9],words:/couldn't communicate with the NVIDIA driver/i,why:Tt},{codes:[12],words:/couldn't find libnvidia-ml\.so|could not load NVML/i,why:e=>e.driver.userSpace===""?{cause:"libnvidia-ml.so.1, the library that belongs to the driver, is not on this host",remedy:`install the driver's libraries in the version of the module${e.driver.loaded&&` (${e.driver.loaded})`}, e.g. the package libnvidia-compute-<branch> or nvidia-driver-cuda-libs`}:{cause:"libnvidia-ml.so.1 is there, but the loader does not find it",remedy:"sudo ldconfig; when that does not help, reinstall the packages of the driver"}},{codes:[15],words:/GPU is lost|Unable to determine the device handle/i,why:()=>Oo},{codes:[6],words:/No devices were found|No supported GPUs were found/i,why:e=>({cause:/No supported GPUs/i.test(e.smi.said)?"the driver is loaded, but no card is bound to it, or this branch of it does not know the card":"the driver is loaded, but could not start the card: firmware, power, passthrough to a virtual machine, or a branch that does not know it",remedy:'sudo dmesg | grep -iE "nvrm|rminitadapter" names the reason; switch the machine off and on; for a new card the open modules of a newer driver, and Above 4G Decoding in the firmware'})},{codes:[4],words:/Insufficient Permissions/i,why:()=>({cause:"the user may not ask the driver",remedy:"give `sudo-password`, or let the user become root without one; sudo nvidia-smi shows whether that helps"})},{codes:[8],words:/power cables/i,why:()=>({cause:"the card's power cables are not attached properly",remedy:"switch the machine off, attach them, and try again"})},{codes:[10],words:/interrupt/i,why:()=>({cause:"the kernel has a problem with the interrupts of a GPU",remedy:"sudo dmesg | grep -i nvrm; firmware (BIOS) update, another slot, or `pci=nomsi` on the kernel command line"})}];function _o(e,n){const{smi:t,driver:i}=e;if(!t.isInstalled)return i.loaded===""?Tt(e,n):{cause:`the module (${i.loaded}) is loaded, but nvidia-smi is not on this host`,remedy:"install the programs of the driver in the same version: the package nvidia-utils-<branch>, or nvidia-driver-cuda"};if(t.exitCode===void 0)return{cause:"nvidia-smi gave no answer in 10 s: the driver or a GPU hangs",remedy:'sudo dmesg | grep -E "NVRM|Xid" names the reason; only a reboot ends a driver that hangs'};const{exitCode:s}=t,o=Et.find(r=>r.words.test(t.said))??Et.find(r=>r.codes.includes(s));if(o!==void 0)return o.why(e,n);const a=t.said.split(`
`)[0]?.slice(0,200)??"";return s===0||s===14?{cause:"nvidia-smi answered, but listed no GPU in the form that was asked for",remedy:"look at it on the host: nvidia-smi --query-gpu=index,uuid,name --format=csv"}:{cause:`nvidia-smi ended with exit code ${s}${a&&`: ${a}`}`,remedy:'sudo nvidia-smi and sudo dmesg | grep -E "NVRM|Xid" on the host say more'}}const xo=/^(?:libnvidia-compute|nvidia-utils|nvidia-compute-utils|nvidia-driver|libnvidia-ml|nvidia-open$|cuda-drivers$|xorg-x11-drv-nvidia-cuda)/;function wn(e){return e.driver.packages.filter(({name:t})=>xo.test(t)).map(({version:t})=>qe(t)).filter(t=>t!=="").sort(Fe).at(-1)??""}function Ro({gpu:e}){const n="gpu.driver-version",t="Have the parts of the driver one version, now and after the next boot?",{loaded:i,userSpace:s,onDisk:o}=e.driver;if(It(e)){const d=/NVML library version: ([\d.]+)/.exec(e.smi.said)?.[1]??"",c=s||d||"another version";return(0,m.oQ)(n,t,!1,`the module is ${i||"of another version"}, the libraries are ${c}`,{cause:"the driver was upgraded while its old module is loaded, so no new program gets the GPU",remedy:"reboot; or without one, after every program on the GPU has ended: sudo rmmod nvidia_drm nvidia_modeset nvidia_uvm nvidia && sudo nvidia-smi. Then hold the packages: `hold-packages: all`",evidence:[`loaded: ${i}`,`libraries: ${s||d}`,`module on disk: ${o}`]})}if(i==="")return(0,m.uG)(n,t,"no module is loaded");const a=[...o!==""&&o!==i?[`the module on disk is ${o}`]:[],...s!==""&&s!==i?[`a library on disk is ${s}`]:[],...wn(e)!==""&&Fe(wn(e),i)>0?[`the packages are ${wn(e)}`]:[]],r=a.length===0;return(0,m.oQ)(n,t,r,r?i:`${i} is loaded, ${a.join(", ")}`,{verdict:"warn",cause:"the next boot changes the driver",remedy:"reboot at a moment of your choice and press the button again, so that the change meets nobody unprepared"})}function Po({gpu:e}){const n="gpu.nouveau",t="Is the card free of nouveau, the kernel's own driver?",i=e.pci.filter(a=>a.driver==="nouveau"),s=i.length===0&&!e.driver.isNouveauLoaded,o=i.length>0?`nouveau holds ${(0,m.H$)(i.map(a=>a.address))}`:"nouveau is loaded";return(0,m.oQ)(n,t,s,s?"not loaded":o,{verdict:i.length>0?"fail":"warn",cause:"a card has one driver: NVIDIA's cannot have one that nouveau holds",remedy:"printf 'blacklist nouveau\\noptions nouveau modeset=0\\n' | sudo tee /etc/modprobe.d/blacklist-nouveau.conf; rebuild the initramfs (sudo update-initramfs -u, or sudo dracut --force) and reboot"})}function Ao({gpu:e}){const n="gpu.secure-boot",t="Does Secure Boot let the driver's module in?",{secureBoot:i,loaded:s,onDisk:o,kernelLog:a}=e.driver,r=a.filter(d=>d.includes("Key was rejected by service"));return s!==""?(0,m.bF)(n,t,`${i==="unknown"?"it":i}; the module is loaded`):r.length===0&&i==="disabled"?(0,m.bF)(n,t,"off"):r.length===0&&(i==="unknown"||o==="")?(0,m.uG)(n,t,"no module was loaded that it could have refused"):(0,m.oQ)(n,t,!1,r.length>0?"the kernel refused it":"on, and no module is loaded",{verdict:r.length>0?"fail":"warn",cause:"the kernel loads only modules that are signed with a key it knows",remedy:"enrol the key (sudo mokutil --import /var/lib/shim-signed/mok/MOK.der, then confirm at the machine's console at the next boot), or use the distribution's signed modules, or switch Secure Boot off in the firmware; over SSH alone it cannot be done",...r.length>0&&{evidence:r.slice(-3)}})}function So({gpu:e}){const n="gpu.next-kernel",t="Does the driver also have a module for the kernel that the next boot starts?",{nextKernel:i}=e.driver;if(i===void 0)return(0,m.bF)(n,t,"the newest installed kernel runs");const{release:s,hasModule:o}=i;return(0,m.oQ)(n,t,o,`${s} ${o?"has one":"has none"}`,{verdict:"warn",cause:"after the next boot the driver would not be loaded, and the GPU would be gone",remedy:`sudo apt-get install linux-headers-${s} && sudo dkms autoinstall -k ${s} (elsewhere: the headers, or the ready modules, of that kernel)`})}function No({gpu:e}){const n="gpu.reboot",t="Is no reboot pending?",i=e.driver.rebootPending,s=(0,m.H$)(i.filter(o=>o!==""));return(0,m.oQ)(n,t,i.length===0,i.length===0?"none":`pending${s&&` for ${s}`}`,{verdict:"warn",cause:"upgraded packages take effect at the next boot only; until then the host runs what was there before",remedy:"sudo reboot at a moment of your choice; this action never reboots a host"})}function Io({gpu:e}){const n="gpu.inforom",t="Is the card's own memory of itself (infoROM) whole?";if(e.devices.length===0)return(0,m.uG)(n,t,"the driver does not answer");const i=/infoROM is corrupted[^\n]*/i.exec(e.smi.said)?.[0]??"",s=e.smi.exitCode!==14&&i==="";return(0,m.oQ)(n,t,s,s?"no complaint":i||"nvidia-smi ended with exit code 14",{verdict:"warn",cause:"a part of the card that holds its serial number and error counters is damaged; it computes all the same",remedy:"none needed now; a card that also shows Xid errors should be replaced"})}function To(e){return[Ro,Po,Ao,So,No,Io].map(n=>n(e))}const Dt=e=>{const[n="",...t]=e.toLowerCase().split(":");return[Number.parseInt(n,16).toString(16),...t].join(":")};function Eo({wish:e,gpu:n}){const t="gpu.count",i="Are all GPUs there?",s=n.devices.length;if(s===0)return(0,m.uG)(t,i,"the driver lists none");const o=new Set(n.devices.map(l=>Dt(l.pciBusId))),r=n.devices.every(l=>l.pciBusId!=="")?n.pci.filter(l=>!o.has(Dt(l.address))):[],d=`${n.pci.length} on the bus, ${s} listed by the driver${e.expectGpus===void 0?"":`, ${e.expectGpus} expected`}`;if(e.expectGpus!==void 0&&s!==e.expectGpus)return(0,m.oQ)(t,i,!1,d,{verdict:s<e.expectGpus?"fail":"warn",cause:s<e.expectGpus?"a card is out, dead, or not served by the driver":"the machine has more cards than expect-gpus says",remedy:s<e.expectGpus?'sudo dmesg | grep -E "NVRM|Xid"; power and seat of the cards; or set `expect-gpus` to what the machine has':"set `expect-gpus` to what the machine has",...r.length>0&&{evidence:r.map(l=>`${l.address} ${l.id} ${l.driver||"no driver"}`)}});const c=r.filter(l=>l.driver==="nvidia");return(0,m.oQ)(t,i,r.length===0,d,{verdict:c.length>0&&e.expectGpus===void 0?"fail":"warn",cause:c.length>0?`the driver holds ${(0,m.H$)(c.map(l=>l.address))} and does not list it: it could not be started, or fell off the bus`:`not with NVIDIA's driver: ${(0,m.H$)(r.map(l=>`${l.address} (${l.driver||"no driver"})`))}`,remedy:c.length>0?'sudo dmesg | grep -E "NVRM|Xid"; switch the machine off and on; or accept it with `expect-gpus`':"none needed where that is meant; `expect-gpus` says how many there should be"})}function Do({wish:e,gpu:n}){const t="gpu.product",i="Are they the expected product?";if(n.devices.length===0)return(0,m.uG)(t,i,"the driver lists no GPU");const s=[...new Set(n.devices.map(r=>r.name))],o=n.devices.filter(r=>r.name!==e.expectProduct),a=e.expectProduct===void 0||o.length===0;return(0,m.oQ)(t,i,a,(0,m.H$)(s),{cause:`expect-product says ${e.expectProduct}, but ${o.length} of ${n.devices.length} ${o.length===1?"is":"are"} another: the wrong machine, or another card was put in`,remedy:`look whether this is the right host; else write the name as nvidia-smi prints it: ${(0,m.H$)(s)}`})}function jo({host:e,gpu:n}){const t="gpu.processes",i="Who uses the GPU now?";if(!e.gpu.areProcessesKnown)return(0,m.oQ)(t,i,!1,"could not be found out",{verdict:"warn",cause:"the driver did not list the processes; the GPU counts as used",remedy:"nothing to do: what could disturb it is not done unless `allow-gpu-disruption` says so"});const s=(0,m.gD)(e),o=e.gpu.processes.length-s.length,a=o===0?"":`${o} process${o===1?"":"es"} in pods`;if(s.length===0)return(0,m.bF)(t,i,a||"nobody");const r=(0,m.H$)(s.map(u=>`${u.name} (pid ${u.pid}, ${u.ownerDetail||u.owner})`)),d=s.reduce((u,f)=>u+(f.usedMemoryMiB??0),0),c=n.devices.reduce((u,f)=>u+(f.memoryTotalMiB??0),0),l=d>0?`, ${d}${c>0?` of ${c}`:""} MiB`:"";return(0,m.oQ)(t,i,!1,`outside the cluster: ${r}${l}${a&&`; ${a}`}`,{verdict:"warn",cause:"the cluster does not know of it: it gives the GPU to a pod as if nobody used it, and both share its memory",remedy:"leave enough memory for both, or move that program into the cluster; it is not disturbed unless `allow-gpu-disruption` says so"})}function Mo({wish:e,gpu:n}){const t=o=>o.version!==""&&!o.isHeld,i=e.holdPackages==="all"?[]:n.driver.packages.filter(t),s=e.holdPackages==="none"?n.toolkit.packages.filter(t):[];return[...i,...s]}function Go(e){const n="gpu.upgrades",t="Can no unattended upgrade replace driver or toolkit under a running GPU?";if(!e.gpu.driver.hasUnattendedUpgrades)return(0,m.bF)(n,t,"unattended upgrades are off");const i=Mo(e),s=i.some(({name:o})=>K.includes(o));return(0,m.oQ)(n,t,i.length===0,i.length===0?"held":`not held: ${(0,m.H$)(i.map(({name:o})=>o))}`,{verdict:"warn",cause:s?"upgrades happen by themselves here; one of the toolkit to a part only, or of the driver, breaks new containers at once":"upgrades happen by themselves here; after one of the driver no new program gets the GPU until the next boot",remedy:"`hold-packages: all`, or by hand: sudo apt-mark hold <packages>; then upgrade them when you can reboot"})}const Co=e=>[...e.deviceLinks.missing.length>0?[`no link in /dev/char for ${(0,m.H$)(e.deviceLinks.missing)}`]:[],...e.deviceLinks.hasRule?[]:["no udev rule that makes them at boot"]].join(", ");function Uo({gpu:e}){const n="gpu.device-links",t="Do containers keep the GPU when systemd reloads its units?";if(!e.deviceLinks.isNeeded)return(0,m.bF)(n,t,"systemd does not manage their control groups here");const i=Co(e);return(0,m.oQ)(n,t,i==="",i||"the links are there, and a rule makes them at boot",{verdict:"warn",cause:"a container whose devices have no link in /dev/char loses them at the next daemon-reload: `Failed to initialize NVML: Unknown Error`",remedy:"`toolkit: install` makes them; by hand: sudo nvidia-ctk system create-dev-char-symlinks --create-all"})}function qo(e){return[Eo,Do,jo,Go,Uo].map(n=>n(e))}function jt(e){const n=new Map;for(const{name:t}of e.devices)n.set(t,(n.get(t)??0)+1);return(0,m.H$)([...n].map(([t,i])=>`${i} \xD7 ${t||"a GPU without a name"}`))}function Fo({wish:e,gpu:n}){const t="gpu.present",i="Is an NVIDIA GPU in this host?";return n.pci.length>0?(0,m.bF)(t,i,(0,m.H$)(n.pci.map(s=>`${s.address} (${s.id})`))):n.devices.length>0?(0,m.bF)(t,i,`${jt(n)}, not on the PCI bus`):(e.expectGpus??0)===0?{id:t,verdict:"skip",question:i,found:"no NVIDIA device on the PCI bus"}:(0,m.oQ)(t,i,!1,"no NVIDIA device on the PCI bus",{cause:`expect-gpus says ${e.expectGpus}: the card is out, dead, or switched off in the firmware`,remedy:"look at the machine: power and seat of the card; lspci -nn -d 10de: lists what is there"})}function Vo({host:e,gpu:n}){const t="gpu.driver",i="Does the driver answer?";if(n.devices.length>0){const r=n.devices[0]?.driverVersion||n.driver.loaded,d=n.cudaVersion&&`, CUDA up to ${n.cudaVersion}`;return(0,m.bF)(t,i,`driver ${r}${d}: ${jt(n)}`)}if(It(n))return(0,m.uG)(t,i,"its parts have different versions, see gpu.driver-version");const{smi:s}=n,o=s.isInstalled?s.exitCode===void 0?"no answer":`nvidia-smi ended with exit code ${s.exitCode}`:"nvidia-smi is not installed",a=[...s.said.split(`
`).slice(0,5),...n.driver.kernelLog.slice(-5)].filter(r=>r!=="");return(0,m.oQ)(t,i,!1,o,{..._o(n,e.kernel),...a.length>0&&{evidence:a}})}function Lo(e){const n=Fo(e);return n.verdict!=="pass"?[n]:[n,Vo(e),...To(e),...qo(e)]}function zo(e,n){return n.pci.length===0?[]:[Bo(e,n),Ho(e,n)]}function Bo(e,n){const t="gpu.toolkit",i="Is NVIDIA's container toolkit there, whole, and as asked for?",s=Ye(n),o=Oe(e,n);if(o)return{id:t,verdict:"pass",question:i,found:`${o.reason}; this run installs ${o.version}`};const a="let this action install it (`toolkit: install`)";if(s.kind==="none")return{id:t,verdict:"fail",question:i,found:"not installed",cause:"without nvidia-container-runtime no container gets a GPU",remedy:`${a}, or install it by hand; see NVIDIA's guide`};if(s.kind==="mixed")return{id:t,verdict:"fail",question:i,found:Mn(s.installed),cause:"its four packages only fit together at one version",remedy:a};const r=s.kind==="whole"?s.version:`${s.version||"unknown version"}, ${s.path}, from no package`;return e.toolkitVersion!==void 0&&s.version!==e.toolkitVersion?{id:t,verdict:"fail",question:i,found:r,cause:`${e.toolkitVersion} is asked for, and \`toolkit: verify\` changes nothing`,remedy:`${a}, or ask for the version that is there`}:s.version!==""&&jn(s.version,Qe)?{id:t,verdict:e.toolkit==="verify"?"fail":"warn",question:i,found:r,cause:`before ${Qe} an image can break out of its container (CVE-2025-23266, CVE-2025-23267)`,remedy:`toolkit-version: ${Be}`}:{id:t,verdict:"pass",question:i,found:r}}function Ho(e,n){const t="gpu.toolkit-repository",i="Do the toolkit's packages come from where they should, signed by the right key?",{packageManager:s,repository:o,keyFingerprints:a}=n.toolkit,{keys:r}=Je(e),d=a.filter(l=>!r.includes(l));if(d.length>0)return{id:t,verdict:"fail",question:i,found:`${o.keyring||"the keyring"} holds ${d.join(", ")}`,cause:`wanted: only ${r.join(" or ")}. Whoever has the other key can give this host packages that run as root`,remedy:"find out whose key it is; for a mirror of your own give `repository` and `repository-keys`, else move the file away",evidence:o.urls.slice(0,8)};if(Oe(e,n)&&s==="")return{id:t,verdict:"fail",question:i,found:"neither apt nor dnf nor zypper",cause:"this action installs the toolkit with a package manager only",remedy:"install the toolkit with that system's own means, and set `toolkit: verify`"};if(o.path==="")return{id:t,verdict:"pass",question:i,found:"none is set up yet"};const c=`${o.urls.slice(0,3).join(", ")||"no address"} (${o.path})`;return o.keyring!==""&&a.length===0?{id:t,verdict:"skip",question:i,found:`${c}; unknown: the keys in ${o.keyring} could not be read`}:{id:t,verdict:"pass",question:i,found:c}}function Wo({wish:e,reading:n,gpu:t}){const i="gpu.node",s="Is the node there, and Ready?",{node:o}=n;if(o===void 0)return(0,m.oQ)(i,s,!1,`the cluster has no node ${e.node}`,{cause:"the machine has not joined, or under another name",remedy:"join it first (action k3s-join), or give the name that kubectl get nodes shows"});const a=e.quarantineTemplate&&t.containerd.templates.length>0,r=`Ready=${o.ready} ${o.readyReason} ${o.readyMessage}`.trim();return(0,m.oQ)(i,s,o.ready==="True",r,{verdict:a?"warn":"fail",cause:"the kubelet does not run, or cannot run pods: a device plugin would not start",remedy:a?"none yet: the containerd template that is moved aside may be the cause":`kubectl describe node ${e.node}; on the host: journalctl -u ${t.k3s.unit||"k3s-agent"} -n 50`})}const Mt=`echo '{"apiVersion":"node.k8s.io/v1","kind":"RuntimeClass","metadata":{"name":"nvidia"},"handler":"nvidia"}' | kubectl apply -f -`;function Ko({wish:e,reading:n}){const t="gpu.runtime-class",i="Does the RuntimeClass nvidia lead to the runtime that k3s renders?",s=e.devicePlugin==="apply"?"fail":"warn",o=n.runtimeClass;return o===void 0?(0,m.oQ)(t,i,!1,"there is no RuntimeClass nvidia",{verdict:s,cause:"the servers run with --disable=runtimes, or are older than the releases of k3s that ship it (k3s-io/k3s#8751)",remedy:`start the servers without --disable=runtimes, or: ${Mt}`}):(0,m.oQ)(t,i,o.handler==="nvidia",`handler ${o.handler}`,{verdict:s,cause:`k3s renders the NVIDIA runtime under the name nvidia; a pod of this class would ask containerd for "${o.handler}"`,remedy:`a handler cannot be changed: kubectl delete runtimeclass nvidia, then: ${Mt}`})}function Qo({wish:e,reading:n}){if(e.devicePlugin==="none")return;const t="gpu.plugin-owner",i="Whose is the device plugin?",s=ee(n),o=on(n),a=o.map(h=>`${A(h)} of ${Ie(h).words}`),r=o.flatMap(h=>nn(h).map(g=>`${A(h)} ${g}`)),d=r.length>0?{evidence:r.slice(0,8)}:{},c=[...s?[`${A(s)} of this project`]:[],...a].join(", ")||"there is none";if(e.devicePlugin==="absent")return(0,m.bF)(t,i,`${c}; what is of others stays`);if(e.devicePlugin==="verify"){const h=ne(n);return h===void 0?(0,m.oQ)(t,i,!1,c,{cause:"nothing tells the kubelet of the GPU, so no pod can ask for one",remedy:"press again with `device-plugin: apply`"}):(0,m.oQ)(t,i,r.length===0,c,{verdict:"warn",cause:"it may work today; this is how such plugins break",remedy:an(o.find(g=>nn(g).length>0)??h),...d})}const l=Ee(n,e),u=o.filter(h=>h!==l),[f]=u;if(f!==void 0){const h=!Se(f);return(0,m.oQ)(t,i,!1,c,{cause:h?`${A(f)} has the name that our DaemonSet needs, and is not ours`:"two device plugins for one GPU take it from each other: both register nvidia.com/gpu at the kubelet",remedy:u.length===1?an(f):u.map(g=>`${A(g)}: ${an(g)}`).join("; "),...d})}if(e.replaceDevicePlugin!==""&&l===void 0&&s===void 0)return(0,m.oQ)(t,i,!1,c,{cause:`replace-device-plugin names ${e.replaceDevicePlugin}, and there is no such plugin`,remedy:"leave replace-device-plugin empty, or give the namespace and name that kubectl get daemonsets -A shows"});if(n.hasClusterPolicy===!0)return(0,m.oQ)(t,i,!1,"none yet, but gpu-operator is installed (clusterpolicies.nvidia.com)",{cause:"it waits for a node with a GPU: as soon as one is labelled, it brings its own plugin, toolkit and driver",remedy:"leave the GPU to it, or remove it: helm uninstall gpu-operator -n gpu-operator. When it is gone already and only its CRD stayed: kubectl delete crd clusterpolicies.nvidia.com"});const p=l===void 0?c:`${A(l)}, which is replaced by ours as asked for`;return(0,m.bF)(t,i,s===void 0&&l===void 0?"there is none; ours is made":p)}function Jo({wish:e,reading:n}){if(e.devicePlugin==="none"||e.devicePlugin==="absent")return;const t="gpu.tolerations",i="Do the pods of the device plugin come to the node?",{node:s}=n;if(s===void 0)return(0,m.uG)(t,i,"there is no such node");if(e.devicePlugin==="apply"){const d=Te(n.gpuNodes).map(Z.eh);return(0,m.bF)(t,i,d.length===0?"no taint is in the way":`tolerated: ${(0,m.H$)(d,8)}`)}const o=ne(n);if(o===void 0)return(0,m.uG)(t,i,"there is no device plugin");const a=tn(L(o),s),r=Ie(o).kind==="helm";return(0,m.oQ)(t,i,a.length===0,a.length===0?`${A(o)} does`:a.join("; "),{cause:`${A(o)} is not made for this node, so its DESIRED does not count it (NVIDIA/k8s-device-plugin#708)`,remedy:r?"give the chart the values tolerations and nodeSelector that fit: helm upgrade \u2026 --reuse-values --set-json \u2026; or press with `device-plugin: apply` after helm uninstall":"add the toleration or the label where the plugin is kept, or let ours be made: `device-plugin: apply`",evidence:[`taints: ${s.taints.map(Z.eh).join(", ")||"none"}`]})}function Yo(e){return[Wo,Ko,Qo,Jo].map(t=>t(e)).filter(t=>t!==void 0)}const Gt=`${j}/${V}`;function Xo({wish:e,reading:{node:n}}){return n===void 0||e.devicePlugin==="absent"?!1:n.labels[x]==="true"?We(n.annotations):e.devicePlugin==="apply"}function Zo({wish:e,reading:n}){const{node:t,gpuNodes:i}=n;if(t===void 0)return[];const s=[],o=t.labels[x];o!=="true"&&s.push({id:y.label,kind:"label",target:`node ${t.name}: ${x}=true`,reason:o===void 0?"the device plugin runs where this label is":`it says ${o}`,undo:o===void 0?"the label is taken away":`the label is set to ${o} again`});const a=Ee(n,e);if(a!==void 0){const l=nn(a).slice(0,2).join("; ");s.push({id:y.replacePlugin,kind:"delete",target:`DaemonSet ${A(a)} (uid ${a.uid})`,reason:`replace-device-plugin names it${l===""?"":`: it ${l}`}`,disrupts:"for some seconds no new pod gets a GPU; pods that have one keep it",undo:"it is made again as it was read"})}const r=sn({image:e.devicePluginImage,taints:Te(i)}),d=ee(n),c=d===void 0?[]:Hn(r,d);if(d===void 0||c.length>0){const l=c.filter(u=>!u.startsWith(".metadata.annotations")).slice(0,3);s.push({id:y.applyPlugin,kind:"apply",target:`DaemonSet ${Gt}, ${e.devicePluginImage}`,reason:d===void 0?"nothing tells the kubelet of the GPU":`differs in ${l.join(", ")||"what this version sets"}`,...d===void 0?{}:{disrupts:"the plugin starts anew on every GPU node; pods that have a GPU keep it"},undo:d===void 0?"the DaemonSet is deleted":"none: the next run applies what is wanted then"})}return s}function ea({reading:e}){const{node:n,gpuNodes:t}=e,i=[],s=ee(e),o=t.filter(a=>a.name!==n?.name&&a.labels[x]==="true");return s!==void 0&&o.length===0&&i.push({id:y.deletePlugin,kind:"delete",target:`DaemonSet ${Gt} (uid ${s.uid})`,reason:"device-plugin: absent, and no other node has its label",disrupts:"no new pod gets a GPU; pods that have one keep it",undo:"none: device-plugin: apply makes it again"}),n!==void 0&&n.labels[x]!==void 0&&We(n.annotations)&&i.push({id:y.unlabel,kind:"label",target:`node ${n.name}: ${x} is taken away`,reason:"device-plugin: absent, and this project set it",...o.length>0?{disrupts:`the plugin leaves this node; it stays on ${o.length} other${o.length===1?"":"s"}`}:{},undo:"none: device-plugin: apply sets it again"}),i}function bn(e,n){const{wish:t,reading:i}=e,s=Yo(e),o=t.devicePlugin==="apply"?Zo(e):t.devicePlugin==="absent"?ea(e):[],{node:a}=i;if(a===void 0)return{changes:o,checks:s};const r=a.annotations[Q],d=Ct(e,n),c={id:y.record,kind:"annotate",target:`node ${a.name}: ${Q}`,reason:r===void 0?"says which GPUs, driver and toolkit were found":"what was found is no longer what it says",undo:"not needed: a hint only"};return{changes:r===d?o:[...o,c],checks:s}}function Ct(e,n){return gi(e.gpu,{...n?{toolkit:n}:{},isLabelOurs:Xo(e)})}const Ut=({gpu:e})=>e.pci.length>0||e.devices.length>0,On=we,qt=e=>On.includes(e),_n=e=>e.map(({id:n})=>n).filter(qt);function na(e){const{wish:n,gpu:t}=e,i=Lo(e);if(!Ut(e))return i;const s=_n(_e(n,t).changes);return[...i,...zo(n,t),...St(e,s),...bn(e).checks]}function ta(e,n){const{host:t,wish:i,gpu:s}=e;if(!Ut(e))return{plan:{changes:i.devicePlugin==="absent"?bn(e).changes:[],blockers:n},restart:[]};const o=_e(i,s),a=co(e,_n(o.changes)),r=({id:l})=>qt(l)?On.indexOf(l):On.length,d=[...o.changes,...a].toSorted((l,u)=>r(l)-r(u)),c=[...d,...bn(e,o.version).changes];return{plan:{changes:c,blockers:[...n,...(0,m.h_)(t,c,i.allowGpuDisruption)]},restart:a.some(({id:l})=>l==="restart")?Ve(e,_n(d)):[]}}function ia(e){return St(e).filter(({id:n})=>n==="gpu.runtime-config").map(n=>({...n,id:"confirm.runtime-config"}))}async function sa(e,n,t){const[i,s,o,a]=await Promise.all([e.nodesWithLabel(x,"true",t),e.daemonSets(t),e.podsOnNode(n,t),e.runtimeClass("nvidia",t)]),r=i.some(({name:g})=>g===n),d=!s.some(g=>Ne(g)||Se(g)),[c,l]=await Promise.all([r?void 0:e.node(n,t),d?e.hasResource("nvidia.com/v1","clusterpolicies",t):void 0]),u=c===void 0?i:[...i,c],f=u.find(({name:g})=>g===n),p={...f===void 0?{}:{node:f},gpuNodes:u,daemonSets:s,pods:o,...a===void 0?{}:{runtimeClass:a},...l===void 0?{}:{hasClusterPolicy:l}},h=await oa(e,p,t);return h===void 0?p:{...p,pluginConfig:h}}async function oa(e,n,t){const i=ne(n),s=i===void 0?"":L(i).configMap;if(!(i===void 0||s===""))try{return await e.configMap(i.namespace,s,t)}catch(o){if(o instanceof Z.b$&&o.code==="forbidden")return;throw o}}const aa=[N["survey-smi"],N["survey-driver"],N["survey-packages"],N["survey-runtime"],N.survey].join(`
`);async function ra(e,n,t){const i=await e.run({name:"undo",script:[N.files,_.gY,_.O,N.packages,N.undo].join(`
`),env:{RUN_ID:(0,_.np)(n),HOLDER:(0,_.$R)(t.holder??`undo of run ${n}`),LOCK_WAIT:(0,_.ET)(t),UNIT:t.unit},privilege:"root",timeoutMs:t.timeoutMs,signal:t.signal}),s=Ke(e.label,"the undo",i);if(s)throw s;const o=a=>i.lines.flatMap(r=>typeof r[a]=="string"?[r[a]]:[]);return{undone:[...new Set(o("undone"))],remaining:o("remaining"),evidence:o("evidence")}}const da=["label-node","replace-device-plugin","apply-device-plugin","delete-device-plugin","unlabel-node"];async function ca(e,n,t){const{run:i,cluster:s,inputs:o,signal:a}=e,r=new Set((0,m.Jp)(n.plan).map(({id:d})=>d).filter(d=>da.includes(d)));if(r.size!==0){if(o.dryRun)throw new Error("the cluster would be changed, and this is a dry run");await i.stage("Change the cluster",async d=>{const c=u=>{i.record.applied(u),t.inCluster.push(u),d(`  ${(0,m.Jp)(n.plan).find(f=>f.id===u)?.target??u}`)},{oldPods:l}=await ts(s,n.situation,r,c,a);t.oldPods=l})}}var Le=w(3133),R=w(7949),xn=w(1461),Ft=w(6605);const ke=(e,n)=>(0,m.Jp)(e.plan).some(t=>t.id===n);async function Vt(e,n,t,i){if(e.inputs.dryRun)throw new Error(`${t} would be a change, and this is a dry run`);if(!ke(n,t))throw new Error(`${t} is not in the plan`);const s=await i();return e.run.record.applied(t),s}async function Lt({cluster:e,inputs:n,signal:t}){const s=(await e.canI(fi(n.wish),t)).filter(a=>!a.allowed);if(s.length===0)return;const o=s.map(a=>`${a.verb} ${a.resource}${a.group?`.${a.group}`:""}${a.namespace?` in ${a.namespace}`:""}`);throw new H.ae({code:"kubeconfig-rights",title:`${n.desired.node} cannot be prepared with this kubeconfig: it may not ${o[0]}`,cause:`the kubeconfig's user lacks ${o.length} of the rights that gpu-runtime needs`,remedy:"apply manifests/gpu-runtime-rbac.yaml with an administrator kubeconfig and use its service account",evidence:o.map(a=>`SelfSubjectAccessReview: not allowed: ${a}`)})}const la=9e4;async function zt({run:e,cluster:n,inputs:t,signal:i}){return await e.stage("Read the cluster",async s=>{const o=await sa(n,t.desired.node,i),{node:a,gpuNodes:r}=o,d=r.filter(c=>c.name!==a?.name).length;return s(a===void 0?`  there is no node ${t.desired.node}`:`  ${a.name} is ${a.ready==="True"?"Ready":`not Ready (${a.readyReason||a.ready})`}, ${a.kubeletVersion}; ${(0,R.U9)(d,"other node")} with GPUs`),o})}async function Rn(e,n,t=`Survey ${e.inputs.desired.node}`){const{run:i,inputs:s,signal:o}=e;return await i.stage(t,async a=>{const{lines:r}=await n.run({name:"survey",script:[_.kj,Le.$R,aa].join(`
`),privilege:"root-if-possible",timeoutMs:la,signal:o}),d=(0,_.hx)(r,Date.now()),c=ao(d);n.hostKeyFingerprint&&a(`  ${n.label}, host key ${n.hostKeyFingerprint} \u2713 (${s.desired.access.hostKeySource})`);for(const l of ua(d,c))a(`  ${l}`);return fa(e,n,d,c),{host:d,gpu:c}})}const Pn=({toolkit:e})=>e.packages.find(({version:n})=>n!=="")?.version??"";function Bt({devices:e}){return[...new Set(e.map(({name:t})=>t))].map(t=>`${e.filter(i=>i.name===t).length} \xD7 ${t}`).join(", ")}function ua(e,n){const t=n.driver.loaded||n.devices[0]?.driverVersion,i=Pn(n);return[[e.os.prettyName||e.os.id||"unknown system",e.architecture,`kernel ${e.kernel}`].join(", "),n.pci.length===0&&n.devices.length===0?"no NVIDIA GPU":[Bt(n)||`${(0,R.U9)(n.pci.length,"NVIDIA device")} on the bus`,t?`driver ${t}`:"no driver loaded",n.cudaVersion===""?"":`CUDA ${n.cudaVersion}`,i===""?"no container toolkit":`container toolkit ${i}`,n.k3s.unit===""?"no k3s":`${n.k3s.unit} ${n.k3s.activeState}`].filter(Boolean).join(", ")]}function fa({run:e},n,t,i){Object.assign(e.outputs,{"gpu-count":String(i.devices.length),"gpu-products":JSON.stringify(i.devices.map(({name:s})=>s)),"driver-version":i.driver.loaded||(i.devices[0]?.driverVersion??""),"toolkit-version":Pn(i)}),Object.assign(e.facts,{host:[t.os.prettyName,t.architecture].filter(Boolean).join(", "),kernel:t.kernel,"host key":n.hostKeyFingerprint??"local transport",GPUs:i.devices.map(s=>`${s.index}: ${s.name}, ${s.uuid}, ${s.pciBusId}`).join("; ")||"none",driver:i.driver.loaded,CUDA:i.cudaVersion,"container toolkit":Pn(i),k3s:[i.k3s.unit,i.k3s.version].filter(Boolean).join(" "),runtimes:i.runtimes.map(({name:s,path:o})=>`${s} at ${o}`).join("; ")||"none"})}async function Ht(e,n,t,i){const{run:s,inputs:o}=e,a={wish:o.wish,host:i.host,gpu:i.gpu,reading:n},{checks:r,unknown:d}=(0,R.iL)(na(a),o.ignoreChecks.filter(h=>dn(h)?.isIgnorable!==!1),it.map(({id:h})=>h));s.record.check(...r);for(const h of(0,R.gH)(r))s.runner.line(h);for(const{id:h,nearest:g}of d)s.runner.line(`  ! ignore-checks: there is no check ${h}${g?`; did you mean ${g}?`:""}`);for(const h of o.ignoreChecks.filter(g=>dn(g)?.isIgnorable===!1))s.runner.line(`  ! ignore-checks: ${h} cannot be ignored`);const c=new Set((0,R.Ki)(r,o.failOn).failing),l=h=>h.verdict==="fail"&&dn(h.id)?.isIgnorable===!1,u=r.filter(h=>c.has(h)||l(h));let f="";const p=await s.stage("Plan",async h=>{const{plan:g,restart:k}=ta(a,u);f=(0,R.MD)(g);for(const O of(0,R.EG)(g))h(O);return{host:t,situation:a,plan:g,restart:k}},()=>f);return s.plan=p.plan,s.outputs["restart-reason"]=p.restart.join(","),p}const pa=10*6e4,ha=6e4,ma=6e4;async function Wt({run:e,signal:n},{host:t},i){return await e.stage(`Call the GPU in running containers, ${i}`,async s=>{const o=await Ss(t,{signal:n,timeoutMs:ha}),a=o.filter(({outcome:r})=>r==="ok").length;return s(o.length===0?"  no container uses it":`  ${a} of ${(0,R.U9)(o.length,"container")} answered`),o})}async function ga(e,n){const{run:t,identity:i,inputs:s,signal:o}=e,{host:a,situation:r}=n,d=(0,m.Jp)(n.plan).map(({id:c})=>c).filter(c=>we.includes(c));d.length!==0&&await t.stage("Apply",async c=>{const l=_i({runId:i.runId,holder:i.label},s.wish,r.gpu,n.plan.changes,gn(r)),{interrupted:u,warnings:f}=await Ai(a,l,{signal:o,timeoutMs:pa,onStep:(p,h)=>{h==="done"&&t.record.applied(p)},onWaiting:p=>t.runner.line(`  waits for another run on this host: ${p}`)});d.includes("install-toolkit")&&c(`  toolkit ${_e(s.wish,r.gpu).version}`);for(const p of f)c(`  ! ${p}`);for(const{step:p}of u)c(`  an earlier run was interrupted here (${p}); what it left is as this run wants it`)})}async function $a(e,n,t){if(!ke(n,"restart"))return;const{run:i,cluster:s,inputs:o,signal:a}=e,{unit:r}=n.situation.gpu.k3s,{node:d}=o.desired,{node:c,leaseRenewedAtMs:l}=await s.read(d,a),u={node:d,version:c?.kubeletVersion??"",leaseBeforeMs:l,uidBefore:c?.uid,isFirstStart:!1,timeoutMs:o.timeoutMs};i.startedAtMs=i.record.elapsedMs(),await i.liveStage(`Restart ${r} (${n.restart.join(", ")}) and wait for Ready`,async f=>{t.isRestarted=!0;const p=await Vt(e,n,"restart",()=>va(e,n,u,f));if(f(p.type==="ready"?"Ready":(0,xn.YO)(p.state,u)),p.type!=="ready")throw(0,xn.cr)(r,"restart",u,p)})}async function va({run:e,cluster:n,inputs:t,signal:i},{host:s,situation:o},a,r){const{unit:d}=o.gpu.k3s,c=t.timeoutMs+ma;let l=!1;return await(0,m.k3)(a,{cluster:n,follow:(u,f)=>(0,_.iJ)(s,{unit:d,log:Le.f0.containerdLog,action:"restart",signal:f,onEvent:u,timeoutMs:c}),now:()=>performance.now(),judge:(0,Ft.Sl)(t.desired.node,d,"restart"),onEvent:u=>{if(e.record.applied("restart"),u.type==="unit"){u.isNew&&u.activeState==="active"&&!l&&(l=!0,r(`${d} up`));return}e.evidence.push((0,Ft.ag)({...u,atMs:0}));const f=u.source===void 0?(0,Le.Cw)(u.text):void 0;f!==void 0&&r(f)}},i)}async function ka(e,n,t){const{run:i,inputs:s}=e,{allowGpuDisruption:o}=s.wish,a=await Rn(e,n.host,`Survey ${s.desired.node} again`),r=ia({...n.situation,...a});i.record.check(...r);const d=r.filter(u=>u.verdict==="fail");if(d.length>0)throw(0,H.jL)(`the GPUs of ${s.desired.node} are not as wanted`,d);const c=t.length>0?await Wt(e,n,"after"):[],l=[(0,m.k_)(n.situation.host,a.host.gpu,o),ys(t,c,o)].flatMap(u=>u??[]);return i.record.check(...l),l.filter(u=>u.verdict==="fail")}var ya=w(2512);function wa({inputs:e},{situation:n},t,i,s){const{node:o}=e.desired,a=(0,H.jL)(`the GPUs of ${o} are not usable`,t),d=[...(i?.state.pods??s.filter(l=>l.images.some(u=>u.includes("device-plugin")))).flatMap(({problems:l})=>l),...i?.state.events??[],...i?.state.log??[],...n.gpu.smi.said.split(`
`)].filter(l=>l.trim()!=="");if(i?.type!=="hopeless"||d.length===0)return a;const c=(0,ya.h4)({stage:"plugin",subject:o,fails:"does not offer its GPUs",texts:d});return c?new H.ae({...c,evidence:[...c.evidence,...a.failure.evidence].slice(0,20)}):a}async function An(e,n,t){const{run:i,inputs:s}=e,{reading:o}=n.situation,a=["apply-device-plugin","replace-device-plugin","label-node","restart"].some(f=>i.record.parts().applied.includes(f)),r={node:o.node,pods:o.pods,plugin:ne(o)},d=s.wish.devicePlugin==="apply"||s.wish.devicePlugin==="verify",c=d&&!a?await Kt(e,n,r):[],l=c.every(({verdict:f})=>f!=="fail"),u=d&&(a||!l)?await ba(e,n,t,r):r;await i.stage("Confirm",async f=>{const p=u===r?[...c]:[...await Kt(e,n,u)],h=a?ks(o.pods,u.pods,s.wish.allowGpuDisruption):void 0;h&&p.push(h),i.record.check(...p);const g=Object.entries(u.node?.allocatable??{}).filter(([O])=>Re(O));i.outputs.allocatable=JSON.stringify(Object.fromEntries(g)),i.facts.allocatable=g.map(([O,$])=>`${O}: ${$}`).join(", ")||"no GPU";const k=p.filter(({verdict:O})=>O==="fail");if(k.length>0)throw wa(e,n,k,u.outcome,u.pods);for(const O of p)f(`  ${O.verdict==="pass"?"\u2713":"!"} ${O.found}`);p.length===0&&f("  the device plugin was not looked at")})}async function Kt(e,n,t){const{situation:i}=n,s={wish:i.wish,gpu:i.gpu,node:t.node,plugin:t.plugin,expected:Bn(i.gpu,t.plugin,await Qt(e,t.plugin),t.node),pods:t.pods,...t.outcome?{outcome:t.outcome}:{}};return ms(s)}async function Qt({cluster:e,signal:n},t){const i=t?L(t).configMap:"";return t&&i!==""?await e.configMap(t.namespace,i,n):void 0}async function ba(e,n,t,i){const{run:s,cluster:o,inputs:a,signal:r}=e,{reading:d}=n.situation,{applied:c}=s.record.parts(),l=["apply-device-plugin","replace-device-plugin"].some(h=>c.includes(h)),u=l?ne({...d,daemonSets:await o.daemonSets(r)}):i.plugin,f=Bn(n.situation.gpu,u,await Qt(e,u),d.node);if(u===void 0||f===void 0)return{...i,plugin:u};const p={node:a.desired.node,plugin:u,expected:f,oldPods:t.oldPods??[],isPluginChanged:l,isRestarted:c.includes("restart"),...d.node?{before:d.node}:{},podsBefore:d.pods.map(({uid:h})=>h),timeoutMs:a.timeoutMs};return await s.liveStage("Wait for the device plugin and its GPUs",async h=>{const g=await fs({cluster:o,now:()=>performance.now(),onState:k=>{k.pods.length>0&&h("plugin pod scheduled"),k.pods.some($=>$.isReady&&!$.isTerminating)&&h("plugin pod Ready");const O=Object.entries(k.node?.allocatable??{}).filter(([$])=>Re($));for(const[$,q]of O)q!=="0"&&h(`${q} ${$} allocatable`)}},p,r);return g.type==="deadline"&&h(`still missing: ${g.missing}`),t.mayStillCome=g.type==="deadline",g.type==="hopeless"&&h(g.reason),{node:g.state.node??d.node,pods:g.state.allPods,plugin:u,outcome:g}})}async function Oa(e,n){if(!ke(n,"record-gpu"))return;const{cluster:t,inputs:i,run:s,signal:o}=e,a=Ct(n.situation,s.outputs["toolkit-version"]);await Vt(e,n,"record-gpu",()=>t.changeNode(i.desired.node,{annotations:{[Q]:a}},o))}const _a=["result","changed","restarted","plan","node-name","failure-code","report","evidence"];function Jt({run:e},{situation:n}){const t=Object.entries(JSON.parse(e.outputs.allocatable||"{}")).map(([i,s])=>`${s} ${i}`).join(", ");return[Bt(n.gpu),`driver ${e.outputs["driver-version"]}`,t===""?"":`allocatable ${t}`].filter(Boolean).join(", ")}function xa({inputs:e,run:n}){return Object.assign(n.outputs,{allocatable:"{}"}),{result:"skipped",headline:`${e.desired.node} has no NVIDIA GPU: nothing to prepare`,next:oe.T}}function Yt(e,n,t){const{run:i,inputs:s,cluster:o}=e,a=o.requests;return i.facts.calls=`${(0,R.U9)(a,"API call")}, ${(0,R.U9)(t,"SSH channel")}`,{result:"unchanged",headline:`The GPUs of ${s.desired.node} are as wanted (${Jt(e,n)}). Nothing was changed; ${(0,R.U9)(t,"SSH channel")}, ${(0,R.U9)(a,"API call")}`,next:oe.T}}function Ra({inputs:e,run:n},{plan:t}){Object.assign(n.outputs,{allocatable:n.outputs.allocatable??"{}"});const{node:i}=e.desired,s=(0,m.Jp)(t).length;return t.blockers.length>0?{result:"planned",headline:`${i}: ${(0,R.U9)(s,"change")} planned, but ${(0,R.U9)(t.blockers.length,"check")} would stop the run; nothing was changed (dry run)`,next:t.blockers[0]?.remedy??"read the checks"}:{result:"planned",headline:`${i}: ${(0,R.U9)(s,"change")} planned, nothing was changed (dry run)`,next:s>0?"run it without dry-run":oe.T}}function Pa(e,n){const{run:t,inputs:i}=e,s=t.record.parts().applied.length,o=i.wish.devicePlugin==="absent"?"are no longer offered by our device plugin":"are usable";return{result:"prepared",headline:`The GPUs of ${i.desired.node} ${o} (${Jt(e,n)}): ${(0,R.U9)(s,"change")} in ${(0,R.a3)(t.record.elapsedMs())}`,next:oe.T}}function Aa(e,n,t,i){const s=e.node===""?"the run could not start":`the GPUs of ${e.node} are not ready`,o=`${i}${e.bundleSentence}`,a=t?{code:"cancelled",title:`${e.node||"the node"}: the run was cancelled`,cause:"somebody cancelled the run, or the runner was stopped",remedy:"run it again: it continues from what is there",evidence:[],state:o}:{...(0,H.WE)(n,s),state:o};return e.evidence.push(...a.evidence),{result:"failed",headline:a.title,next:a.remedy,failure:a}}var Xt=w(5344);const Sa=3e4,Na=3;async function Zt(e,n,t){const{run:i,signal:s}=e;if(s.aborted||i.isCollected)return t;i.isCollected=!0;try{return await i.stage("Collect evidence",async o=>{const{texts:a,problems:r}=await Ea(e,n);for(const c of r)o(`  ! ${c}`);if(s.aborted||(o(`  ${i.keepBundle(a.map(({name:c,text:l})=>({name:c,text:(0,Xt.Hk)(l,i.redact)})))}`),!(t instanceof xn.V5)))return t;const d=a.flatMap(c=>c.recent===void 0?[]:(0,Xt.Hk)(c.recent,i.redact).split(`
`));return t.inTheLightOf(d)})}catch(o){return i.runner.debug(`evidence: ${o instanceof Error?o.message:String(o)}`),t}}function Ia({smi:e,driver:n,devices:t,containerd:i,runtimes:s,k3s:o,toolkit:a}){const r=[`nvidia-smi: ${e.isInstalled?`exit code ${e.exitCode??"none in time"}`:"not installed"}`,...e.said===""?[]:[e.said],...t.map(c=>`${c.index}: ${c.name}, ${c.uuid}, ${c.pciBusId}, driver ${c.driverVersion}`),`module loaded: ${n.loaded||"none"}; on disk: ${n.onDisk||"none"}; libraries: ${n.userSpace||"none"}`,...a.packages.map(({name:c,version:l})=>`${c} ${l||"not installed"}`),`k3s looks in: ${o.searchPath.join(":")}`,...s.map(({name:c,path:l})=>`${c}: ${l}`),...n.kernelLog.length>0?["","== kernel log",...n.kernelLog]:[]],d=[...i.rendered?[i.rendered]:[],...i.templates];return[{name:"nvidia.txt",text:r.join(`
`)},{name:"containerd-config.txt",text:d.map(({path:c,text:l})=>`== ${c}
${l}`).join(`

`)}]}async function Ta({cluster:e,inputs:n},t){const s=(await e.podsOnNode(n.desired.node,t)).filter(({namespace:a,owner:r,images:d})=>a===j&&r===`DaemonSet/${V}`||d.some(c=>c.includes("device-plugin"))),o=await Promise.all(s.slice(0,Na).map(async a=>{const r=await e.podLog(a.namespace,a.name,100,t);return[`== ${a.namespace}/${a.name}: ${a.phase}`,...a.problems,r].join(`
`)}));return o.length===0?[]:[{name:"device-plugin.log",text:o.join(`

`)}]}async function Ea(e,{host:n,situation:t}){const{run:i,cluster:s,inputs:o}=e,a=AbortSignal.any([e.signal,AbortSignal.timeout(Sa)]),r=t.gpu.k3s.unit||"k3s-agent",d=i.startedAtMs===void 0?void 0:i.record.elapsedMs()-i.startedAtMs,c=await Promise.allSettled([(0,Le.At)(n,{unit:r,startedAgoMs:d},a),s.describeNode(o.desired.node,a).then(u=>[{name:"node.txt",text:u}]),Ta(e,a)]),l=["the host","the node","the device plugin"];return{texts:[...c.flatMap(u=>u.status==="fulfilled"?u.value:[]),...Ia(t.gpu)],problems:c.flatMap((u,f)=>u.status==="rejected"?[`no evidence of ${l[f]}: ${u.reason instanceof Error?u.reason.message:String(u.reason)}`]:[])}}const ze=5*6e4,Da=15e3,ja=3e4;async function Ma(e,n,t,i){if(e.signal.aborted||!t.hostTouched)return;const{run:s}=e,o=AbortSignal.any([e.signal,AbortSignal.timeout(ze)]);try{return await s.stage("Undo",async a=>{const r=await Ua(e,n.host,(0,_.pb)(i),o,async c=>ra(c,s.id,{signal:o,timeoutMs:ze,unit:Ca(n)})),d=[...new Set(r.undone)];for(const c of d)s.record.undone(c);a(`  ${d.length>0?`taken back: ${d.join(", ")}`:"nothing to take back"}`);for(const c of r.remaining)a(`  ! left as it is: ${c}`);return t.isRestarted&&(t.nodeAfter=await qa(e,o),a(`  ${t.nodeAfter}`)),{changes:d,remaining:r.remaining}})}catch(a){return{changes:[],remaining:[],failed:a instanceof Error?a.message:String(a)}}}async function Ga(e,n,t){const{run:i,cluster:s}=e,o=t.inCluster.includes("replace-device-plugin");if(e.signal.aborted||t.inCluster.length===0||t.mayStillCome&&!o)return;const a=AbortSignal.any([e.signal,AbortSignal.timeout(ze)]);try{await i.stage("Undo",async r=>{const d=await is(s,n.situation,t.inCluster,a);for(const c of d)i.record.undone(c);r(`  ${d.length>0?`taken back: ${d.join(", ")}`:"nothing to take back"}`),t.undone={changes:d,remaining:[]}})}catch(r){t.undone={changes:[],remaining:[],failed:r instanceof Error?r.message:String(r)}}}function Ca({situation:e}){return e.gpu.k3s.unit||"k3s-agent"}async function Ua(e,n,t,i,s){if(!t)try{return await s(n)}catch(a){if(!(0,_.pb)(a)||i.aborted)throw a}const o=await e.connect(AbortSignal.any([i,AbortSignal.timeout(Da)]));try{const{runId:a,label:r}=e.identity,d=await(0,_.Qw)(o,{runId:a,holder:r,waitMs:ja,holdMs:ze,onWaiting:()=>{},signal:i});try{return await s(o)}finally{await d.release()}}finally{await o.close()}}async function qa({cluster:e,inputs:n},t){const{node:i}=n.desired,{leaseRenewedAtMs:s=0}=await e.read(i,t),o=new AbortController,a=AbortSignal.any([t,o.signal,AbortSignal.timeout(n.timeoutMs)]);let r=!1,d=!1;return await e.watch(i,c=>{c.type==="node"&&(r=c.node.ready==="True"),c.type==="lease"&&(d||=c.renewedAtMs>s),r&&d&&o.abort()},a).catch(()=>{}),r&&d?`${i} is Ready again with what was there before`:`${i} is not Ready again yet (${d?"its kubelet is back":"no heartbeat since"})`}function ei(e){const{applied:n}=e.record.parts(),t=(0,m.Jp)(e.plan).map(o=>o.id),i=t.findLast(o=>n.includes(o)),s=t[t.findLastIndex(o=>n.includes(o))+1];return[i?`last finished: ${i}`:"nothing was finished",s?`under way: ${s}`:""].filter(Boolean).join(", ")}function Fa(e){return e?e.failed?`taking it back failed: ${e.failed}`:`taken back in the cluster: ${e.changes.join(", ")||"nothing"}`:"nothing was taken back"}function Va(e,{undone:n,hostTouched:t,isHostDone:i,nodeAfter:s}){const o=e.node||"the host",{applied:a}=e.record.parts();if(!t&&a.length===0)return`nothing was changed on ${o} or in the cluster`;if(!t||i){const d=(0,m.Jp)(e.plan).filter(u=>!a.includes(u.id)),c=d.length>0?`; not done yet: ${d.map(u=>u.id).join(", ")}`:"",l=Fa(n);return`done: ${a.join(", ")||"nothing"}${c}; ${l}; run it again, it goes on from there`}if(!n)return`not undone (${ei(e)}); the next run converges`;if(n.failed)return`not undone (${ei(e)}), because the undo failed: ${n.failed}; run it again, the next run converges`;const r=n.remaining.length>0?`; left as it is: ${n.remaining.join(", ")}`:"";return`undone: ${n.changes.join(", ")||"nothing"}${r}${s===void 0?"":`; ${s}`}`}const La=12e4,za=15*6e4,ni=({plan:e})=>(0,m.Jp)(e).some(({id:n})=>n==="restart"||we.includes(n));async function Ba(e,n,t){if(await Lt(e),!ni(n))return await ti(e,n,t);const{run:i,inputs:s,identity:o,signal:a}=e,r=await(0,_.Qw)(n.host,{runId:o.runId,holder:o.label,waitMs:Math.min(La,s.timeoutMs),holdMs:s.timeoutMs+za,onWaiting:d=>i.runner.line(`  waits for another run on this host: ${d}`),signal:a});try{const c=r.hasWaited||r.releasedAtMs>n.situation.host.clock.hostMs?await Ha(e,n):n;return c.plan.changes.length>0?await ti(e,c,t):(await An(e,c,t),Yt(e,c,c.host.counts.sessions))}finally{await r.release()}}async function Ha(e,{host:n}){const t=await Ht(e,await zt(e),n,await Rn(e,n));if(t.plan.blockers.length>0)throw(0,H.jL)(`the GPUs of ${e.inputs.desired.node} are not prepared`,t.plan.blockers);return t}async function ti(e,n,t){try{return ni(n)&&await Wa(e,n,t),t.isHostDone=!0,await ca(e,n,t),await An(e,n,t),await Oa(e,n),Pa(e,n)}catch(i){const s=await Zt(e,n,i);throw t.isHostDone&&await Ga(e,n,t),s}}async function Wa(e,n,t){const s=ke(n,"install-toolkit")||ke(n,"restart")?await Wt(e,n,"before"):[];t.hostTouched=!0;let o;try{await ga(e,n),await $a(e,n,t),o=await ka(e,n,s)}catch(a){const r=await Zt(e,n,a);throw t.undone=await Ma(e,n,t,a),r}if(t.isHostDone=!0,o.length>0)throw(0,H.jL)(`the GPUs of ${e.inputs.desired.node} are as wanted, but not all who used them still do`,o)}var Ka=w(3024),Y=w(2113),ii=w(1438),ye=w(8091),Qa=w(2471),Ja=w(2602),Ya=w(4751);const Sn={...ye.ep,toolkit:{type:"enum",choices:["install","verify"],description:"What to do about NVIDIA's container toolkit: install it where it is missing or has another version than the wanted one, or only look at it (verify). Default: install.",twin:"nodes.<node>.gpu-runtime.toolkit"},"toolkit-version":{type:"string",grammar:Y.L2,description:"Exact version of the toolkit, e.g. 1.20.0. Default: an installed one is kept; where there is none, 1.20.0.",twin:"nodes.<node>.gpu-runtime.toolkit-version"},repository:{type:"string",grammar:Y.Ek,description:"Base URL of a mirror of NVIDIA's package repository. Default: NVIDIA's own.",twin:"nodes.<node>.gpu-runtime.repository"},"repository-keys":{type:"list",grammar:Y.yy,description:"OpenPGP fingerprints, one of which must be that of the repository's key. Default: NVIDIA's.",twin:"nodes.<node>.gpu-runtime.repository-keys"},"hold-packages":{type:"enum",choices:["none","toolkit","all"],description:"Packages that no upgrade may touch: none, the toolkit's four (toolkit), or also the driver's (all). Default: toolkit.",twin:"nodes.<node>.gpu-runtime.hold-packages"},"device-plugin":{type:"enum",choices:["apply","verify","none","absent"],description:"apply: NVIDIA's device plugin is applied as this project makes it. verify: another one is only looked at. none: not looked at. absent: ours is removed, and nothing else. Default: apply.",twin:"nodes.<node>.gpu-runtime.device-plugin"},"device-plugin-image":{type:"string",grammar:Y.rA,description:"Image of the device plugin, with tag or digest. Default: nvcr.io/nvidia/k8s-device-plugin:v0.20.0.",twin:"nodes.<node>.gpu-runtime.device-plugin-image"},"replace-device-plugin":{type:"string",grammar:Y.vq,description:"Namespace/name of a device plugin that somebody applied by hand, typed again, to allow that it is deleted and replaced."},"default-runtime":{type:"enum",choices:["keep","nvidia","unset"],description:"keep: k3s's default runtime stays as it is. nvidia: it becomes nvidia, once k3s can find it. unset: what this action set is taken away. Default: keep.",twin:"nodes.<node>.gpu-runtime.default-runtime"},"quarantine-template":{type:"boolean",default:"false",description:"Allow that a containerd template that takes k3s's own configuration away is moved aside; it comes back by itself when the node does not."},"expect-gpus":{type:"integer",minimum:1,maximum:64,description:"Number of GPUs that the machine must have. Default: those that it shows.",twin:"nodes.<node>.gpu.count"},"expect-product":{type:"string",description:"Product name that every GPU must have, as nvidia-smi prints it, e.g. NVIDIA GeForce RTX 4090.",twin:"nodes.<node>.gpu.product"},"allow-gpu-disruption":{type:"boolean",default:"false",description:"Allow package changes and restarts while a process outside the cluster uses the GPU."},"ignore-checks":{type:"list",grammar:Y.ij,description:"Checks that are reported but stop nothing, by id, e.g. gpu.product; docs/checks.md lists them.",twin:"nodes.<node>.gpu-runtime.ignore-checks"},"fail-on":{type:"enum",choices:["fail","warn","never"],description:"Verdict of a check that stops the run: fail; warn also stops at warnings; never only reports. Default: fail.",twin:"nodes.<node>.gpu-runtime.fail-on"},timeout:{type:"duration",minimum:10*1e3,maximum:30*6e4,description:"How long a restart of k3s, and then the device plugin, may each take, e.g. 90s or 5m. Default: 180s.",twin:"nodes.<node>.gpu-runtime.timeout"},"dry-run":{type:"boolean",default:"false",description:"Show the plan and change nothing."}},Xa=18e4,Za=e=>e.replaceAll(" ","").toUpperCase();function er(e,n,t){const i=new Ya.M("gpu-runtime",e.node??"",n),s=i.pick("toolkit-version",e["toolkit-version"],void 0),o=i.pick("repository",e.repository,void 0)?.replace(/\/+$/,""),a=e["expect-gpus"]??t.gpu?.count,r=e["expect-product"]??t.gpu?.product,d={node:e.node??"",toolkit:i.pick("toolkit",e.toolkit,"install"),...s===void 0?{}:{toolkitVersion:s},...o===void 0?{}:{repository:o},repositoryKeys:i.pick("repository-keys",e["repository-keys"],[]).map(Za),holdPackages:i.pick("hold-packages",e["hold-packages"],"toolkit"),devicePlugin:i.pick("device-plugin",e["device-plugin"],"apply"),devicePluginImage:i.pick("device-plugin-image",e["device-plugin-image"],di),replaceDevicePlugin:e["replace-device-plugin"]??"",defaultRuntime:i.pick("default-runtime",e["default-runtime"],"keep"),quarantineTemplate:e["quarantine-template"],...a===void 0?{}:{expectGpus:a},...r===void 0?{}:{expectProduct:r},allowGpuDisruption:e["allow-gpu-disruption"]},c={timeoutMs:i.duration("timeout",e.timeout,Sn.timeout,Xa),failOn:i.pick("fail-on",e["fail-on"],"fail"),ignoreChecks:i.pick("ignore-checks",e["ignore-checks"],[])},l=(f,p)=>f!==void 0?"input":p!==void 0?n?.path??"":"default",u={...i.sources,"expect-gpus":l(e["expect-gpus"],t.gpu?.count),"expect-product":l(e["expect-product"],t.gpu?.product)};return{wish:d,settings:c,sources:u,problems:i.problems}}function nr(e){const n=[];return e.replaceDevicePlugin!==""&&e.devicePlugin!=="apply"&&n.push({input:"replace-device-plugin",value:JSON.stringify(e.replaceDevicePlugin),problem:`is given, but with device-plugin ${e.devicePlugin} nothing is applied in its place`,allowed:"leave it out, or use device-plugin apply"}),e.repository!==void 0&&e.toolkit==="verify"&&n.push({input:"repository",problem:"is given, but with toolkit verify nothing is installed",allowed:"leave it out, or use toolkit install"}),n}function tr(e){return e?.content.distribution!=="kubeadm"?[]:[{input:e.at(["distribution"]),value:'"kubeadm"',problem:"is another distribution",allowed:"gpu-runtime prepares nodes of k3s"}]}function ir(e,n,t=i=>(0,Ka.readFileSync)(i,"utf8")){const i=(0,Ja.i)(Sn,e,n),{values:s,problems:o}=(0,Qa.TP)(Sn,$=>i.get($)??""),a=new ye.uw(e,t),r=a.clusterFile(s["cluster-file"]),d=s.node??"",c=r&&Object.hasOwn(r.content.nodes,d)?r.content.nodes[d]??{}:{},l=s.transport??c.transport??"ssh",u=l==="local"?void 0:a.privateKey(s,c),f=a.kubeconfig(s,r),p=er(s,r,c),h=[...o,...a.problems,...(0,ye.UN)(s,l),...tr(r),...nr(p.wish),...p.problems],g=s["cluster-file"]===void 0||r!==void 0,k=(0,Y.hl)((0,ye.ts)(s,u),r);if("problems"in k){const $=q=>!q.problem.startsWith("is missing")||g&&(0,ye.US)(q,h);throw new ii.j([...h,...k.problems.filter($)])}if(h.length>0)throw new ii.j(h);const{desired:O}=k;return{desired:{...O,sources:{...O.sources,...p.sources,kubeconfig:f.source}},wish:p.wish,...p.settings,kubeconfig:f.path,context:s.context??r?.content.kubeconfig?.context??"",dryRun:s["dry-run"]}}async function sr(){const e=await(0,Tn.NH)(process.env),n=new oe.K(e,"gpu-runtime",_a);let t="";const i={undone:void 0,hostTouched:!1,isHostDone:!1,inCluster:[]};try{const s=ir(e,Tn.es),{desired:o,kubeconfig:a,context:r}=s;t=a,n.node=o.node;const d=await(0,Z.DT)({kubeconfigPath:a,...r?{context:r}:{},signal:e.signal}),c={runId:n.id,label:n.label},l=p=>(0,_.Zj)(o.access,{exec:e.exec},p),u={run:n,inputs:s,cluster:d,identity:c,connect:l,signal:e.signal};ri(u);const f=await l(e.signal);try{return await n.end(await or(u,f,i))}finally{await f.close()}}catch(s){const o=(0,ai.k)(s,t);return await n.end(Aa(n,o,e.signal.aborted,Va(n,i)))}}async function or(e,n,t){const{inputs:i}=e,s=await zt(e),o=await Rn(e,n),a=o.gpu.pci.length>0||o.gpu.devices.length>0,r=await Ht(e,s,n,o);if(r.plan.blockers.length>0&&!i.dryRun)throw(0,H.jL)(`the GPUs of ${i.desired.node} are not prepared`,r.plan.blockers);return!a&&r.plan.changes.length===0?xa(e):i.dryRun?(await Lt(e),Ra(e,r)):r.plan.changes.length>0?await Ba(e,r,t):(await An(e,r,t),Yt(e,r,n.counts.sessions))}})};export{Or as id,_r as ids,xr as modules};
