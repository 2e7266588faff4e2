const xr=311,_r=[311],Rr={3311:((mr,In,y)=>{y.r(In),y.d(In,{main:()=>or});var x=y(2867),ee=y(1233),Tn=y(3183),W=y(3745),ae=y(8614),ri=y(6232);function di({run:e,inputs:n,cluster:t}){const{desired:i,wish:s}=n,{access:o}=i,a=`\u25B8 Make the GPUs of ${i.node} usable${n.dryRun?" (dry run)":""}`;e.runner.line(e.runner.runLabel?`${a.padEnd(66)}${e.runner.runLabel}`:a),e.runner.line(`  cluster   ${i.cluster}, ${t.server}   (kubeconfig)`);const r=o.transport==="local"?"this runner itself":`${o.user}@${o.address}${o.port===22?"":`:${o.port}`}`,d=i.sources[o.transport==="local"?"transport":"host"]??"default";e.runner.line(`  node      ${i.node} as ${r}   (${d})`),e.runner.line(),e.cluster=i.cluster,e.node=i.node,e.host=r,e.dryRun=n.dryRun;const c={node:i.node,host:o.address,user:o.user,toolkit:s.toolkit,"toolkit-version":s.toolkitVersion??"",repository:s.repository??"","hold-packages":s.holdPackages,"device-plugin":s.devicePlugin,"device-plugin-image":s.devicePluginImage,"default-runtime":s.defaultRuntime,"expect-gpus":s.expectGpus===void 0?"":String(s.expectGpus),"expect-product":s.expectProduct??""};for(const[u,l]of Object.entries(c))l!==""&&e.provenance.push({name:u,value:l,source:i.sources[u]??"default"})}const Q=["nvidia-container-toolkit","nvidia-container-toolkit-base","libnvidia-container-tools","libnvidia-container1"],He="1.20.0",ci="nvcr.io/nvidia/k8s-device-plugin:v0.20.0",re="k3s-gpu-actions",_="nvidia.com/gpu.present",J="k3s-gpu-actions/gpu",G="kube-system",V="k3s-gpu-actions-nvidia-device-plugin",Oe=["add-repository","install-toolkit","hold-packages","link-devices","quarantine-template","write-default-runtime","remove-default-runtime"],w={restart:"restart",label:"label-node",unlabel:"unlabel-node",applyPlugin:"apply-device-plugin",deletePlugin:"delete-device-plugin",replacePlugin:"replace-device-plugin",record:"record-gpu"},xe=(e,n,...t)=>t.map(i=>({verb:i,group:e,resource:n})),We={group:"apps",resource:"daemonsets",namespace:G},li=[...xe("","nodes","get","list","watch"),...xe("","pods","list","watch"),...xe("apps","daemonsets","list"),{verb:"get",group:"node.k8s.io",resource:"runtimeclasses",name:"nvidia"},...["get","list","watch"].map(e=>({verb:e,group:"coordination.k8s.io",resource:"leases",namespace:"kube-node-lease"}))],ui=xe("","nodes","patch"),fi=[{verb:"create",...We},{verb:"patch",...We,name:V},{verb:"delete",...We,name:V}];function pi(e){const n=e.devicePlugin==="apply"||e.devicePlugin==="absent";return[...li,...ui,...n?fi:[],...hi(e.replaceDevicePlugin)]}function hi(e){const[n="",t=""]=e.split("/");return t===""?[]:[{verb:"delete",group:"apps",resource:"daemonsets",namespace:n,name:t},{verb:"patch",group:"apps",resource:"daemonsets",namespace:n,name:t},{verb:"create",group:"apps",resource:"daemonsets",namespace:n}]}const gr=[{verb:"get",group:"",resource:"pods/log",namespace:G},{verb:"list",group:"",resource:"events",namespace:G},{verb:"list",group:"",resource:"events",namespace:"default"},{verb:"get",group:"",resource:"configmaps",namespace:G}],de=e=>e.slice(0,128),mi=e=>de(e).replace(/-[^-]*$/,""),gi=64;function $i(e,{toolkit:n,isLabelOurs:t}){const i=[...e.devices].sort((s,o)=>s.uuid<o.uuid?-1:s.uuid>o.uuid?1:0).slice(0,gi);return JSON.stringify({by:re,gpus:i.map(({uuid:s,name:o})=>({uuid:de(s),product:de(o)})),driver:de(e.driver.loaded),cuda:de(e.cudaVersion),toolkit:mi(n??e.toolkit.packages[0]?.version??""),label:t?_:""})}function Ke(e){const n=e[J];if(n===void 0)return!1;try{const t=JSON.parse(n);return typeof t=="object"&&t!==null&&"label"in t&&t.label===_}catch{return!1}}function vi(e){if(!Ke(e))return JSON.stringify({by:re,label:_})}const ki={"bad-unit":"this is a mistake of k3s-gpu-actions: please report it","bad-step":"this is a mistake of k3s-gpu-actions: please report it","init-unsupported":"use a host that runs systemd","gpg-missing":"install gpg on the host (Debian and Ubuntu: sudo apt-get install gpg), then run it again","keyring-differs":"look whose key that is (gpg --show-keys on that file); for a mirror of your own give `repository` and `repository-keys`, else move the file away: sudo mv it to another folder, and run it again","key-unreachable":"let the host reach that address (proxy, firewall), or give `repository` a mirror that it can reach, then run it again","key-differs":"do not trust it: something between the host and the repository answers in its place, or NVIDIA has a new key; compare with NVIDIA's own documents and give `repository-keys`","key-unusable":"give `repository-keys` the fingerprint of the repository's present key","prerequisites-failed":"install them by hand: sudo apt-get update && sudo apt-get install curl gpg ca-certificates","repository-unusable":"read what the package manager said below; a signature that does not fit right after an upload fits some minutes later: run it again","dpkg-interrupted":"finish it on the host when that suits you: sudo dpkg --configure -a; then run it again","would-disturb":"look at it on the host: sudo apt-get -s install with the four packages of the toolkit; correct it there, then run it again","version-unavailable":"give `toolkit-version` one of the versions named below, or another `repository`","install-failed":"read what the package manager said below, correct it on the host, and run it again","install-incomplete":"look on the host: dpkg -l | grep nvidia-container","hold-failed":"read what the package manager said below; `hold-packages: none` leaves it out","template-changed":"somebody edits it right now: look at it, then run it again","runtime-missing":"let this action install the toolkit (`toolkit: install`), or leave `default-runtime` out: runtimeClassName nvidia does without","bad-value":"run it again: it continues from what it finds"};function Qe(e,n,t){return x.lZ(e,n,t,ki)}const S={apply:`
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
    k3s) asked "$_limit" k3s crictl exec "$_id" "$@" ;;
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
    0-*'GPU '* | 14-*'GPU '* | *-*'GPU '*'exit code 14'*) outcome=ok ;;
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
`,"runtime-files":`
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
  if has apt-get && has dpkg-query && { [ -s "$ROOT/var/lib/dpkg/status" ] || ! has rpm; }; then
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
    keyring=$(printf '%s\\n' "$text" | sed -n '/^#/d; s/.*[Ss]igned-[Bb]y[=:][[:blank:]]*\\(\\/[^],[:blank:]]*\\).*/\\1/p
      s/^gpgkey[[:blank:]]*=[[:blank:]]*file:\\/\\/\\(\\/[^],[:blank:]]*\\).*/\\1/p' | head -n 1) || keyring=''
  fi
  for path in /usr/share/keyrings/nvidia-container-toolkit-keyring.gpg /etc/pki/rpm-gpg/RPM-GPG-KEY-nvidia-container-toolkit; do
    if [ -z "$keyring" ] && [ -f "$ROOT$path" ]; then keyring=$path; fi
  done
  keys=''
  if [ -n "$keyring" ] && [ -f "$ROOT$keyring" ] && has gpg; then
    keys=$(head -c 262144 "$ROOT$keyring" | limited 5 gpg --homedir /proc --batch --no-options --no-autostart --no-default-keyring \\
      --no-keyring --lock-never --trust-model always --show-keys --with-colons 2>/dev/null |
      awk -F: '$1 == "pub" { isKey = 1 } $1 == "fpr" && isKey && count++ < 16 { print $10; isKey = 0 }') || keys=''
  fi
  emit fact gpu.repository path "$file" text "$text" keyring "$keyring" keys "$keys"
}
`,"survey-runtime":`
gpu_property() {
  value="
\${shown:-}"
  case $value in *"
$1="*) ;; *) return 0 ;; esac
  value=\${value#*"
$1="}
  printf '%s' "\${value%%"
"*}"
}

gpu_containerd_folder=/var/lib/rancher/k3s/agent/etc/containerd

gpu_search_path() {
  path=''
  pid=$(gpu_property MainPID)
  case $pid in
    '' | 0 | *[!0-9]*) ;;
    *) if [ -r "$ROOT/proc/$pid/environ" ]; then path=$(tr '\\000' '\\n' <"$ROOT/proc/$pid/environ" 2>/dev/null | sed -n '/^PATH=/{s///;s/^\\(.\\{4096\\}\\).*/\\1/;p;q;}') || path=''; fi ;;
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
  case \${unit_name:-}$(gpu_property ActiveState) in
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
`},En="https://nvidia.github.io/libnvidia-container",yi="C95B321B61E88C1809C4F759DDCAE044F796ECB0",Je="1.17.8";function Ye(e){return{url:e.repository??En,keys:e.repositoryKeys.length>0?e.repositoryKeys:[yi]}}const Dn=e=>e.replace(/^\d+:/,"").split("-")[0]??"";function jn(e,n){const t=o=>(o.split("~")[0]??"").split(".").map(Number),[i,s]=[t(e),t(n)];for(let o=0;o<s.length;o++){const a=(i[o]??0)-(s[o]??0);if(a!==0)return a<0}return!1}function Xe(e){const n=e.toolkit.packages.filter(({version:o})=>o!==""),t=new Set(n.map(({version:o})=>Dn(o))),[i]=[...t];if(i!==void 0){if(t.size===1&&n.length===Q.length)return{kind:"whole",version:i};const o=n.find(({name:a})=>a===Q[0]);return{kind:"mixed",installed:n,version:Dn(o?.version??"")}}const s=e.runtimes.find(({name:o})=>o==="nvidia-container-runtime");return s?{kind:"unpackaged",path:s.path,version:e.toolkit.ctkVersion}:{kind:"none"}}function _e(e,n){if(e.toolkit!=="install")return;const t=Xe(n),i=e.toolkitVersion;if(t.kind==="none")return{version:i??He,reason:"not installed"};if(t.kind==="mixed"){const o=t.version!==""&&!jn(t.version,Je)?t.version:He;return{version:i??o,reason:`its packages do not fit together: ${Mn(t.installed)}`}}if(i===void 0||i===t.version)return;const s=t.kind==="unpackaged"?` (${t.path}, from no package)`:"";return{version:i,reason:`${t.version||"an unknown version"}${s} is there, ${i} is wanted`}}function Mn(e){return Q.map(n=>`${n} ${e.find(t=>t.name===n)?.version??"missing"}`).join(", ")}function wi(e,n){const{path:t,urls:i}=n.toolkit.repository;if(t==="")return!1;const s=(a,r)=>a===r||a.startsWith(`${r}/`),o=e.repository;return o!==void 0?i.some(a=>s(a,o)):i.some(a=>!s(a,En)||/\/stable\/(deb|rpm)(\/|$)/.test(a))}const bi={apt:{curl:"curl",gpg:"gpg","ca-certificates":"ca-certificates"},dnf:{curl:"curl",gpg:"gnupg2","ca-certificates":"ca-certificates"},zypper:{curl:"curl",gpg:"gpg2","ca-certificates":"ca-certificates"}};function Gn(e){const n=bi[e.toolkit.packageManager]??{};return e.toolkit.missingPrerequisites.flatMap(t=>n[t]??[])}function Cn(e,n){if(e.holdPackages==="none"||n.toolkit.packageManager==="")return[];const t=_e(e,n)!==void 0,i=Q.filter(o=>{const a=n.toolkit.packages.find(r=>r.name===o);return a?.isHeld!==!0&&(t||a!==void 0&&a.version!=="")}),s=e.holdPackages==="all"?n.driver.packages.filter(({version:o,isHeld:a})=>o!==""&&!a).map(({name:o})=>o):[];return[...i,...s]}const Oi={apt:"/etc/apt/sources.list.d/nvidia-container-toolkit.list",dnf:"/etc/yum.repos.d/nvidia-container-toolkit.repo",zypper:"/etc/zypp/repos.d/nvidia-container-toolkit.repo"};function xi(e,n){const t=(i,s="")=>Q.map(o=>`${o}${i}${n}${s}`).join(" ");return e==="apt"?`apt-get install --no-install-recommends ${t("=","-*")}`:e==="dnf"?`dnf install --setopt=install_weak_deps=False ${t("-")}`:`zypper install --no-recommends --oldpackage ${t("=")}`}const Un=e=>e==="apt"?"":`; this way has not yet run on a real machine with ${e}`;function Re(e,n){const t=[],i=(f,p)=>{t.push({id:f,...p})},s=Xe(n),o=_e(e,n),a=n.toolkit.packageManager;if(o&&a!==""){const{url:f,keys:p}=Ye(e);if(!wi(e,n)){const h=Gn(n);i("add-repository",{kind:"write",target:Oi[a],reason:`${a} does not know ${f}; its key must be ${p.join(" or ")}`+(h.length>0?`; installs ${h.join(", ")} for it`:"")+Un(a),undo:"what was there before comes back"})}i("install-toolkit",{kind:"install",target:`nvidia-container-toolkit ${o.version}`,reason:`${o.reason}; ${xi(a,o.version)}${Un(a)}`,disrupts:"its scripts ask systemd to reload, which can take the GPU from running containers; from systemd 237 on they are kept from it",undo:"packages that were not there are removed, others get their former version back where it can be had"})}const r=Cn(e,n);r.length>0&&i("hold-packages",{kind:"hold",target:r.join(", "),reason:"an upgrade would change them under running containers, at a time that nobody chose",undo:"upgrades may touch them again"});const{missing:d,hasRule:c,isNeeded:u}=n.deviceLinks;u&&(d.length>0||!c)&&(n.toolkit.ctkVersion!==""||o&&a!=="")&&i("link-devices",{kind:"write",target:"/dev/char, /etc/udev/rules.d/71-k3s-gpu-actions-dev-char.rules",reason:(d.length>0?`no link for ${d.join(", ")}`:"the links would be gone after the next boot")+": without them a reload of systemd takes the GPU from running containers",undo:"the rule is deleted; links do no harm and are gone after the next boot"});const l=s.kind==="none"?"":s.version;return{changes:t,version:o&&a!==""?o.version:l}}function _i(e,n,t,i,s=[]){if(t.k3s.unit==="")throw new TypeError("no unit runs k3s here");const o=new Set(i.filter(a=>a.waitsFor===void 0).map(a=>a.id));return{...e,steps:Oe.filter(a=>o.has(a)),unit:t.k3s.unit,packageManager:t.toolkit.packageManager,toolkitVersion:Re(n,t).version,repository:Ye(n),prerequisites:Gn(t),hold:Cn(n,t),templates:s.map(({path:a,sha256:r})=>({path:a,sha256:r})),searchPath:t.k3s.searchPath}}const Ri=/^\d+\.\d+\.\d+(~[a-z0-9.]+)?$/,Pi=/^[a-z0-9][a-z0-9.+_:-]*$/;function Ai(e){const{steps:n,toolkitVersion:t,repository:i,hold:s,prerequisites:o,templates:a,searchPath:r}=e,d=(c,u)=>{throw new TypeError(`${JSON.stringify(u.slice(0,200))} is no ${c}`)};if(n.includes("install-toolkit")&&!Ri.test(t)&&d("version",t),n.includes("add-repository")){/^(https?|file):\/\/[A-Za-z0-9._~:/%+-]*[A-Za-z0-9_~%+-]$/.test(i.url)||d("URL",i.url),i.keys.length===0&&d("fingerprint of a key","");for(const c of i.keys)/^[0-9A-F]{40}$/.test(c)||d("fingerprint of a key",c)}for(const c of[...s,...o])Pi.test(c)||d("name of a package",c);for(const{path:c,sha256:u}of a)(!/^[0-9a-f]{64}$/.test(u)||/[\s:]/.test(c))&&d("template",`${c}:${u}`);for(const c of r)/[:\n\0]/.test(c)&&d("folder of a search path",c)}function qn(e){if(!(typeof e.step!="string"||e.state!=="done"&&e.state!=="unchanged"))return{step:e.step,state:e.state}}async function Ni(e,n,t){Ai(n);const i=await e.run({name:"apply",script:[S.files,x.gY,S.packages,S.repository,S["runtime-files"],S.apply].join(`
`),env:{RUN_ID:(0,x.np)(n.runId),HOLDER:(0,x.$R)(n.holder),LOCK_WAIT:(0,x.ET)(t),STEPS:n.steps.join(" "),UNIT:n.unit,MANAGER:n.packageManager,VERSION:n.toolkitVersion,REPOSITORY:n.repository.url,KEYS:n.repository.keys.join(" "),PREREQUISITES:n.prerequisites.join(" "),HOLD:n.hold.join(" "),TEMPLATES:n.templates.map(({path:a,sha256:r})=>`${a}:${r}`).join(" "),SEARCH_PATH:n.searchPath.join(":")},privilege:"root",timeoutMs:t.timeoutMs,signal:t.signal,onLine:a=>{const r=qn(a);r&&t.onStep?.(r.step,r.state),typeof a.waiting_for=="string"&&t.onWaiting?.(a.waiting_for)}}),s=Qe(e.label,"the preparation",i);if(s)throw s;const o=i.lines.flatMap(a=>qn(a)??[]);return{steps:o,isChanged:o.some(a=>a.state==="done"),interrupted:i.lines.flatMap(a=>typeof a.interrupted=="string"?[{runId:a.interrupted,step:String(a.step??"")}]:[]),warnings:i.lines.flatMap(a=>typeof a.warning=="string"?[a.warning]:[])}}var Si=y(8815);const D=e=>typeof e=="object"&&e!==null&&!Array.isArray(e)?e:{},K=e=>Array.isArray(e)?e.map(D):[],I=e=>typeof e=="string"?e:"",Ze=e=>Array.isArray(e)?e.map(I):[],Fn=e=>Object.fromEntries(Object.entries(D(e)).map(([n,t])=>[n,I(t)]));function Vn(e){return{name:I(e.name),image:I(e.image),words:[...Ze(e.command),...Ze(e.args)],env:Object.fromEntries(K(e.env).map(n=>[I(n.name),I(n.value)])),isPrivileged:D(e.securityContext).privileged===!0}}function Ii(e){const n=K(e.matchExpressions),t=K(e.matchFields).map(i=>({...i,key:`field ${I(i.key)}`}));return[...n,...t].map(i=>({key:I(i.key),operator:I(i.operator),values:Ze(i.values)}))}function Ti(e){const n=e.filter(({configMap:i})=>I(D(i).name)!==""),t=n.find(({name:i})=>i==="available-configs")??n.find(({name:i})=>/config$/.test(I(i)));return I(D(t?.configMap).name)}function L({object:e}){const n=D(D(D(e.spec).template).spec),t=D(D(n.affinity).nodeAffinity).requiredDuringSchedulingIgnoredDuringExecution,i=K(n.volumes);return{containers:K(n.containers).map(Vn),initContainers:K(n.initContainers).map(Vn),hostPaths:i.map(({hostPath:s})=>I(D(s).path)).filter(s=>s!==""),configMap:Ti(i),runtimeClass:I(n.runtimeClassName),nodeSelector:Fn(n.nodeSelector),...t===void 0?{}:{affinity:K(D(t).nodeSelectorTerms).map(Ii)},tolerations:K(n.tolerations).map(Fn)}}const ce=e=>typeof e=="object"&&e!==null&&!Array.isArray(e)?e:{},Ei=64*1024,Di=1e4,ji={sharing:"none",copies:{}},en=e=>e==="none"||e==="single"||e==="mixed"?e:void 0;function Mi(e,n){const{words:t}=e;return t.find(s=>s.startsWith(`--${n}=`))?.slice(n.length+3)??t[t.indexOf(`--${n}`)+1||t.length]}function Gi(e,n,t){const i=n.map(({env:a})=>a.DEFAULT_CONFIG).find(a=>a),s=t["nvidia.com/device-plugin.config"]??i;if(s!==void 0)return Object.hasOwn(e,s)?e[s]:void 0;const o=Object.keys(e);return e.default??(o.length===1?e[o[0]??""]:void 0)}function Ci(e){const n=ce(e.sharing),t=n.mps===void 0||n.mps===null?"time-slicing":"mps",i=ce(t==="mps"?n.mps:n.timeSlicing),s=i.renameByDefault===!0,o={};for(const r of Array.isArray(i.resources)?i.resources.map(ce):[]){const d=typeof r.name=="string"?r.name:"",c=Number(r.replicas);if(d===""||!Number.isInteger(c)||c<1||c>Di)continue;const u=d.startsWith("nvidia.com/")?d:`nvidia.com/${d}`;o[u]={replicas:c,name:s?`${u}.shared`:u}}return{sharing:Object.values(o).some(({replicas:r})=>r>1)?t:"none",copies:o}}function Ui(e,n,t){const{containers:i,initContainers:s,configMap:o}=L(e),a=[...i,...s],r=i.find(({name:u})=>/device-plugin(-ctr)?$/.test(u))??i[0];let d={};if(o!==""){const u=n&&Gi(n,a,t);if(u===void 0||u.length>Ei)return;try{d=ce((0,Si.qg)(u))}catch{return}}return{mig:(r&&(en(Mi(r,"mig-strategy"))??en(r.env.MIG_STRATEGY)))??en(ce(d.flags).migStrategy)??"none",...o===""?ji:Ci(d)}}const Pe="nvidia.com/gpu",Ae=e=>e.startsWith("nvidia.com/");function M(e,n){const t=Object.hasOwn(e,n)?e[n]??"":"";return/^\d{1,9}$/.test(t)?Number(t):0}const Ln=e=>`${e} GPU${e===1?"":"s"}`;function Ne(e,n,t){t>0&&(e[n]=(e[n]??0)+t)}function qi(e,n){const t={},i=n==="none"?e.devices:e.devices.filter(s=>s.isMigEnabled!==!0);if(Ne(t,Pe,i.length),n==="none")return t;for(const{profile:s}of e.migDevices)Ne(t,n==="single"?Pe:`nvidia.com/mig-${s.replaceAll("+",".")}`,1);return t}function Fi(e,n){const t={},i=[];for(const[s,o]of Object.entries(qi(e,n.mig))){const a=n.copies[s]??{replicas:1,name:s};Ne(t,a.name,o*a.replicas);const r=s===Pe&&n.mig!=="single"?Ln(o):`${o} ${s}`;i.push(a.replicas>1?`${r} \xD7 ${a.replicas} (${n.sharing})`:r)}return{resources:t,words:i.join(" and ")||"nothing"}}function zn(e,n){const t=Object.hasOwn(e,n)?e[n]??"":"";return/^\d{1,6}$/.test(t)?Number(t):void 0}function Vi(e){const n={};for(const i of Object.keys(e)){const s=/^(nvidia\.com\/(?:gpu|mig-[0-9a-z.]+))\.count$/.exec(i)?.[1],o=s===void 0?void 0:zn(e,i);if(s===void 0||o===void 0)continue;const a=zn(e,`${s}.replicas`)??1;if(a===0)continue;const r=a>1&&!(e[`${s}.product`]??"").endsWith("-SHARED");Ne(n,r?`${s}.shared`:s,o*a)}const t=Object.entries(n);if(t.length!==0)return{resources:n,words:`${t.map(([i,s])=>`${s} ${i}`).join(" and ")} (labels of the node)`}}function Bn(e,n,t,i){if(n===void 0)return;const s=i?.labels??{},o=Ui(n,t,s);return o!==void 0?Fi(e,o):Vi(s)??{resources:e.devices.length===0?{}:{[Pe]:e.devices.length},words:`${Ln(e.devices.length)} (the plugin's configuration could not be read)`}}var Li=y(8500);const le=e=>typeof e=="object"&&e!==null&&!Array.isArray(e);function Se(e,n){if(Array.isArray(e)&&Array.isArray(n))return e.length===n.length&&e.every((i,s)=>Se(i,n[s]));if(!le(e)||!le(n))return e===n;const t=Object.keys(e);return t.length===Object.keys(n).length&&t.every(i=>Object.hasOwn(n,i)&&Se(e[i],n[i]))}const zi=new Set(["nodeSelector","selector","tolerations","drop"]),Bi={containers:"name",env:"name",volumes:"name",volumeMounts:"mountPath"};function nn(e,n,t,i){if(zi.has(i))return Se(e,n)?[]:[t];if(le(e))return le(n)?Object.entries(e).flatMap(([o,a])=>nn(a,Object.hasOwn(n,o)?n[o]:void 0,`${t}.${o}`,o)):[t];const s=Bi[i];return Array.isArray(e)&&s!==void 0&&Array.isArray(n)?e.flatMap(o=>{const a=n.find(r=>le(r)&&r[s]===o[s]);return nn(o,a,`${t}[${String(o[s])}]`,"")}):Se(e,n)?[]:[t]}function Hn(e,n){const{metadata:t,spec:i}=e,s={metadata:{labels:t.labels??{},annotations:t.annotations??{}},spec:i};return nn(s,n.object,"","")}const A=({namespace:e,name:n})=>`${e}/${n}`;function Hi(e){return e.replace(/@.*$/,"").replace(/:[^/:]*$/,"")}function Wi({image:e,name:n}){const t=Hi(e);return/rocm|amd|intel|kubevirt/i.test(t)?!1:/nvidia/i.test(`${t} ${n}`)||/(^|\/)k8s-device-plugin$/.test(t)}function Ie(e){const n=L(e);return n.hostPaths.some(t=>/\/device-plugins\/?$/.test(t))&&n.containers.some(Wi)}function Te(e){return e.namespace===G&&e.name===V&&e.labels["app.kubernetes.io/managed-by"]===re}function Ee(e){const{labels:n,annotations:t,fieldManagers:i,owners:s}=e,o=(n["app.kubernetes.io/managed-by"]??"").toLowerCase();if(Te(e))return{kind:"ours",words:"this project"};const a=s.find(u=>u.startsWith("ClusterPolicy/")),r="nvidia.com/gpu.deploy.device-plugin"in L(e).nodeSelector;if(a!==void 0||o==="gpu-operator"||r)return{kind:"gpu-operator",words:`gpu-operator${a?` (${a})`:""}`};for(const[u,l]of[["kustomize.toolkit.fluxcd.io","Kustomization"],["helm.toolkit.fluxcd.io","HelmRelease"]]){const f=n[`${u}/name`];if(f!==void 0)return{kind:"flux",words:`Flux (${l} ${n[`${u}/namespace`]??""}/${f})`}}if(i.includes("kustomize-controller"))return{kind:"flux",words:"Flux (kustomize-controller)"};if("argocd.argoproj.io/tracking-id"in t||i.includes("argocd-controller"))return{kind:"argo-cd",words:"Argo CD"};const d=t["meta.helm.sh/release-name"];if(d!==void 0||o==="helm"||i.includes("helm")){const u=t["meta.helm.sh/release-namespace"]??e.namespace;return{kind:"helm",words:`Helm (release ${d??n["app.kubernetes.io/instance"]??"?"} of ${u})`}}if(Object.values({...n,...t}).some(u=>/k3s\.cattle\.io\/.*Kind=Addon/.test(u)))return{kind:"k3s-manifest",words:`k3s's folder of manifests (addon ${t["objectset.rio.cattle.io/owner-name"]??"?"})`};const c=i.filter(u=>!/^k(3s|ube-controller-manager)$/.test(u)).join(", ");return{kind:"hand",words:c===""?"nobody that left a name":`people (${c})`}}function tn(e){const{containers:n,hostPaths:t,runtimeClass:i}=L(e),s=t.filter(a=>/libnvidia-ml\.so/.test(a)),o=[];return s.length>0&&o.push(`mounts ${s.join(", ")} from the host: the next update of the driver breaks it`),n.some(a=>a.isPrivileged)&&o.push("runs privileged: it needs no privilege"),n.some(({env:a})=>a.FAIL_ON_INIT_ERROR==="false")&&o.push("has FAIL_ON_INIT_ERROR=false: it stays Running without a GPU, and hides why"),i===""&&s.length===0&&o.push("has no runtimeClassName: it sees the GPU only where nvidia is the default runtime"),o}function vr(e){return templateOf(e).hostPaths.some(n=>/libnvidia-ml\.so/.test(n))}var Ki=y(7598);const Qi=({key:e})=>/^node\.(cloudprovider\.)?kubernetes\.io\//.test(e);function Wn(e){return e.taints.filter(n=>!Qi(n)&&n.effect!=="PreferNoSchedule")}function Ji({key:e="",operator:n="",value:t="",effect:i=""},s){return i!==""&&i!==s.effect||e!==""&&e!==s.key?!1:n==="Exists"?!0:(n===""||n==="Equal")&&e!==""&&t===(s.value??"")}function Yi({key:e,operator:n,values:t},i){const s=e==="field metadata.name"?i.name:Object.hasOwn(i.labels,e)?i.labels[e]:void 0;switch(n){case"In":return s!==void 0&&t.includes(s);case"NotIn":return s===void 0||!t.includes(s);case"Exists":return s!==void 0;case"DoesNotExist":return s===void 0;case"Gt":return s!==void 0&&Number(s)>Number(t[0]);case"Lt":return s!==void 0&&Number(s)<Number(t[0]);default:return!1}}const Xi=({key:e,operator:n,values:t})=>`${e} ${n}${t.length>0?` ${t.join(", ")}`:""}`;function sn(e,n){const t=Object.entries(e.nodeSelector).filter(([a,r])=>!Object.hasOwn(n.labels,a)||n.labels[a]!==r).map(([a,r])=>`the node lacks the label ${a}=${r}`),i=e.affinity===void 0||e.affinity.some(a=>a.length>0&&a.every(r=>Yi(r,n))),s=(e.affinity??[]).map(a=>a.map(Xi).join(" and ")).join(", or "),o=Wn(n).filter(a=>!e.tolerations.some(r=>Ji(r,a))).map(a=>`the taint ${(0,ee.eh)(a)} is not tolerated`);return[...t,...i?[]:[`its node affinity wants: ${s}`],...o]}const Zi="k3s-gpu-actions/rendered",Kn="nvidia.com/gpu",Qn="/var/lib/kubelet/device-plugins";function De(e){const n=e.flatMap(Wn).map(({key:i,value:s,effect:o})=>({key:i,...s?{value:s}:{},effect:o}));return[...new Map(n.map(i=>[JSON.stringify([i.key,i.effect,i.value??""]),i]))].sort(([i],[s])=>i<s?-1:1).map(([,i])=>i)}function es(e){const n=e.filter(({key:t})=>t!==Kn).map(({key:t,value:i,effect:s})=>i===void 0?{key:t,operator:"Exists",effect:s}:{key:t,operator:"Equal",value:i,effect:s});return[{key:Kn,operator:"Exists"},...n]}function on({image:e,taints:n}){const t={"app.kubernetes.io/name":"nvidia-device-plugin","app.kubernetes.io/instance":V,"app.kubernetes.io/component":"device-plugin","app.kubernetes.io/part-of":re,"app.kubernetes.io/managed-by":re},s={selector:{matchLabels:{"app.kubernetes.io/name":t["app.kubernetes.io/name"],"app.kubernetes.io/instance":t["app.kubernetes.io/instance"]}},updateStrategy:{type:"RollingUpdate"},template:{metadata:{labels:t},spec:{runtimeClassName:"nvidia",nodeSelector:{[_]:"true"},tolerations:es(n),priorityClassName:"system-node-critical",automountServiceAccountToken:!1,containers:[{name:"nvidia-device-plugin-ctr",image:e,env:[{name:"NVIDIA_VISIBLE_DEVICES",value:"all"},{name:"NVIDIA_DRIVER_CAPABILITIES",value:"compute,utility"}],securityContext:{allowPrivilegeEscalation:!1,capabilities:{drop:["ALL"]}},volumeMounts:[{name:"kubelet-device-plugins-dir",mountPath:Qn}]}],volumes:[{name:"kubelet-device-plugins-dir",hostPath:{path:Qn,type:"Directory"}}]}}},o=(0,Ki.createHash)("sha256").update(JSON.stringify({labels:t,spec:s})).digest("hex");return{apiVersion:"apps/v1",kind:"DaemonSet",metadata:{name:V,namespace:G,labels:t,annotations:{[Zi]:o.slice(0,16)}},spec:s}}function ne(e){return e.daemonSets.find(Te)}function an(e){return e.daemonSets.filter(n=>!Te(n)&&(Ie(n)||n.namespace===G&&n.name===V))}function te(e){const n=ne(e);if(n!==void 0)return n;const t=an(e).filter(Ie),{node:i}=e,s=o=>i!==void 0&&sn(L(o),i).length===0;return t.find(s)??t[0]}function kr({wish:e,reading:n}){if(e.devicePlugin==="absent")return;if(e.devicePlugin!=="apply")return te(n);const{metadata:t,spec:i}=renderDevicePlugin({image:e.devicePluginImage,taints:taintsOfGpuNodes(n.gpuNodes)});return{namespace:pluginNamespace,name:pluginName,object:{metadata:t,spec:i}}}const ns=e=>e==="hand";function je(e,n){if(!(n.devicePlugin!=="apply"||n.replaceDevicePlugin===""))return an(e).find(t=>A(t)===n.replaceDevicePlugin&&ns(Ee(t).kind))}function rn(e){const n=A(e),t="keep it and press again with `device-plugin: verify`",i=`kubectl -n ${e.namespace} delete daemonset ${e.name}`;switch(Ee(e).kind){case"gpu-operator":return`${t}, or switch the operator's off: kubectl patch clusterpolicies.nvidia.com cluster-policy --type merge -p '{"spec":{"devicePlugin":{"enabled":false}}}'`;case"flux":return`${t}, or take it out of the repository that Flux reads: deleted by hand, it comes back`;case"argo-cd":return`${t}, or take it out of its Argo CD application: deleted by hand, it comes back`;case"helm":{const s=e.annotations["meta.helm.sh/release-name"]??"<release>",o=e.annotations["meta.helm.sh/release-namespace"]??e.namespace;return`${t}, or: helm uninstall ${s} -n ${o}`}case"k3s-manifest":return`${t}, or remove its file from /var/lib/rancher/k3s/server/manifests on every server, then: ${i}`;case"ours":case"hand":return`have it replaced: press again with \`replace-device-plugin: ${n}\`; or ${t}`}}const Jn=6e4,ts=3,Me=e=>n=>n.namespace===e.namespace&&n.owner===`DaemonSet/${e.name}`;async function Yn(e,n,t,i){const s=Me(t);let o=250;for(let a=0;;a+=o){const r=(await e.podsOnNode(n,i)).filter(s);if(r.length===0)return;if(a>=Jn)throw new ee.b$("timeout",{title:`the pods of ${A(t)} on ${n} did not end within ${Jn/1e3} s`,cause:"the kubelet does not end them, or is not connected",remedy:`look at them: kubectl -n ${t.namespace} get pods --field-selector spec.nodeName=${n}; then press again`,evidence:r.map(A)});await(0,Li.setTimeout)(o,void 0,{signal:i}),o=Math.min(o*2,2e3)}}async function is(e,n,t){const i=n.wish.devicePluginImage,s=async()=>De(await e.nodesWithLabel(_,"true",t));let o=await s();for(let a=1;;a++){await e.applyObject(on({image:i,taints:o}),t);const r=await s();if(JSON.stringify(r)===JSON.stringify(o)||a===ts)return;o=r}}async function ss(e,n,t,i,s){const{reading:o,wish:a}=n,{node:r}=o,d=[],c=p=>{d.push(p),i(p)};if(r===void 0)return{applied:d,oldPods:[]};const u=[];if(t.has(w.label)){const p=vi(r.annotations);await e.changeNode(r.name,{labels:{[_]:"true"},...p===void 0?{}:{annotations:{[J]:p}}},s),c(w.label)}const l=t.has(w.replacePlugin)?je(o,a):void 0;if(l!==void 0){await e.deleteDaemonSet(l.namespace,l.name,l.uid,s),c(w.replacePlugin);const p=new Set([r.name,...o.gpuNodes.map(({name:h})=>h)]);await Promise.all([...p].map(h=>Yn(e,h,l,s)))}const f=ne(o);if(t.has(w.applyPlugin)){const p=on({image:a.devicePluginImage,taints:De(o.gpuNodes)});f!==void 0&&Hn(p,f).some(h=>h.startsWith(".spec.template"))&&u.push(...o.pods.filter(Me(f)).map(({uid:h})=>h)),await is(e,n,s),c(w.applyPlugin)}return t.has(w.deletePlugin)&&f!==void 0&&(await e.deleteDaemonSet(f.namespace,f.name,f.uid,s),c(w.deletePlugin)),t.has(w.unlabel)&&(await e.changeNode(r.name,{labels:{[_]:null}},s),c(w.unlabel)),{applied:d,oldPods:u}}async function os(e,n,t,i){const{reading:s,wish:o}=n,a=[];if(t.includes(w.applyPlugin)&&ne(s)===void 0){const u=(await e.daemonSets(i)).find(({namespace:p,name:h})=>p===G&&h===V),l=await e.nodesWithLabel(_,"true",i),f=l.some(({name:p})=>p!==s.node?.name);u!==void 0&&!f&&(await e.deleteDaemonSet(u.namespace,u.name,u.uid,i),t.includes(w.replacePlugin)&&await Promise.all(l.map(({name:p})=>Yn(e,p,u,i)))),f||a.push(w.applyPlugin)}const d=(!t.includes(w.applyPlugin)||a.includes(w.applyPlugin))&&t.includes(w.replacePlugin)?je(s,o):void 0;if(d!==void 0){const{annotations:u,labels:l}=d,f=Object.entries(u).filter(([h])=>!h.startsWith("deprecated.daemonset.")),p=d.object.spec;await e.applyObject({apiVersion:"apps/v1",kind:"DaemonSet",metadata:{name:d.name,namespace:d.namespace,labels:l,annotations:Object.fromEntries(f)},spec:p},i),a.push(w.replacePlugin)}const{node:c}=s;if(t.includes(w.label)&&c!==void 0){const u=c.annotations[J];await e.changeNode(c.name,{labels:{[_]:c.labels[_]??null},annotations:{[J]:u??null}},i),a.push(w.label)}return a}const dn=3e3,as=3e4,rs=25e3,ds=/^(ImagePullBackOff|InvalidImageName|ErrImageNeverPull|ImageInspectError|RegistryUnavailable)\b/,Xn=/Incompatible (strategy|platform) detected|Failed to initialize NVML|could not load NVML|nvml init failed|No devices found|invalid MIG configuration|error starting plugins|Failed to start plugin|unable to (load|validate)/;function Zn(e){return(e.find(t=>Xn.test(t))??e.findLast(t=>/^E|error|fail/i.test(t))??e.at(-1)??"").replace(/^[EWIF]\d{4} [\d:.]+ +\d+ [^\]]*\] /,"").slice(0,300)}function et(e){return/Incompatible|could not load NVML|Failed to initialize NVML: ERROR_LIBRARY_NOT_FOUND/i.test(e)?"the pod does not run under the NVIDIA runtime, or the runtime found no driver: on the host, nvidia-smi, and grep nvidia /var/lib/rancher/k3s/agent/etc/containerd/config.toml":/NVML|No devices found/i.test(e)?"the driver gives no GPU: nvidia-smi on the host says more":"look at the whole log: kubectl -n kube-system logs daemonset/k3s-gpu-actions-nvidia-device-plugin"}function cs(e,n,t){const{node:i,pods:s,log:o,events:a}=e,r=s.at(-1);if(r===void 0){const h=i===void 0||t<dn?[]:sn(L(n.plugin),i);return h.length===0?void 0:{kind:"not-tolerated",reason:`no pod of ${n.plugin.namespace}/${n.plugin.name} comes to the node: ${h.join("; ")}`,remedy:"add what is missing where the plugin is kept; `device-plugin: apply` keeps one that fits"}}const d=r.problems.find(h=>ds.test(h));if(d!==void 0)return{kind:"image",reason:`the image ${r.images[0]??""} does not come: ${d}`,remedy:"check name and tag (input device-plugin-image), that the node reaches the registry, and its credentials in registries.yaml"};const c=r.phase==="Failed"?r.problems[0]??"it failed without a reason":void 0;if(c!==void 0&&t>=dn)return{kind:"rejected",reason:`the kubelet refuses the plugin's pod: ${c}`,remedy:"see its words"};const u=[...a,...r.problems].find(h=>/no runtime for ".*" is configured/.test(h));if(u!==void 0)return{kind:"no-runtime",reason:`containerd on the node does not know the runtime: ${u}`,remedy:"the toolkit has to be installed there before k3s starts: press again with `toolkit: install`; or restart k3s-agent"};const l=r.problems.find(h=>h.startsWith("Unschedulable"));if(l!==void 0&&t>=as)return{kind:"unschedulable",reason:`no room for the plugin's pod: ${l}`,remedy:"make room on the node"};if((r.problems.some(h=>h.startsWith("CrashLoopBackOff"))||r.restarts>=2)&&!r.isReady&&(o.length>0||t>=rs)){const h=Zn(o),g=h===""?r.problems[0]??"it says nothing":h;return{kind:"crash",reason:`the device plugin ends again and again: ${g}`,remedy:et(g)}}const p=o.find(h=>Xn.test(h));if(r.isReady&&p!==void 0&&t>=dn){const h=Zn([p]);return{kind:"no-device",reason:`the device plugin runs without a GPU: ${h}`,remedy:et(h)}}}const ls={judge:250,ask:2e3},us=12e3;function nt(e,{resources:n}){return Object.entries(n).every(([t,i])=>e!==void 0&&M(e.capacity,t)>=i&&M(e.allocatable,t)>=i)}function fs(e,n){const{node:t,pods:i}=e;return t===void 0?"the node":i.length===0?"a pod of the device plugin on the node":i.some(s=>s.isReady&&!s.isTerminating)?nt(t,n.expected)?e.isFresh?void 0:"a sign that the numbers are those of the new plugin":Object.entries(n.expected.resources).map(([o,a])=>`${o}: capacity ${M(t.capacity,o)}, allocatable ${M(t.allocatable,o)} of ${a}`).join("; "):"a Ready pod of the device plugin"}const ps=/Registered device plugin for '[^']+' with Kubelet/;async function hs(e,n,t){const i=e.now(),s=()=>e.now()-i,o=new AbortController,a=AbortSignal.any([t,o.signal]),{promise:r,resolve:d,reject:c}=Promise.withResolvers(),u=Me(n.plugin),l=new Map,f=new Set(n.oldPods);let p,h=!1,g,k=[],N=[];const $=()=>{const v=[...l.values()],P=v.filter(F=>u(F)&&!f.has(F.uid)),H=P.some(F=>F.isReady&&!F.isTerminating),Z=nt(p,n.expected);p!==void 0&&!Z&&(h=!0),g=Z&&H?g??s():void 0;const lr=g!==void 0&&s()-g>=us,ur=P.some(F=>F.isReady&&!n.podsBefore.includes(F.uid))&&k.some(F=>ps.test(F)),fr=n.isRestarted&&!n.isPluginChanged&&p?.heartbeatAt!==void 0&&p.heartbeatAt!==n.before?.heartbeatAt,pr=n.isPluginChanged||n.isRestarted,hr=h||lr||ur||n.before!==void 0&&fr;return{...p===void 0?{}:{node:p},pods:P,allPods:v,isFresh:!pr||Z&&H&&hr,log:k,events:N}},O=()=>{const v=$(),P=s();e.onState?.(v,P);const H=fs(v,n),Z=H===void 0?void 0:cs(v,n,P);H===void 0?d({type:"ready",state:v,elapsedMs:P}):Z?d({type:"hopeless",...Z,state:v,elapsedMs:P}):P>=n.timeoutMs&&d({type:"deadline",missing:H,state:v,elapsedMs:P})};let B=!1;const rr=async()=>{const v=$().pods.at(-1);if(!(v===void 0||B)){B=!0;try{const{namespace:P,name:H}=v;v.restarts>0||v.isReady||v.problems.length>0?k=(await e.cluster.podLog(P,H,40,a)).split(`
`).filter(Boolean):N=await e.cluster.podEvents(P,H,a),O()}catch(P){a.aborted||c(P)}finally{B=!1}}},oi=e.intervalsMs??ls,dr=[setInterval(O,oi.judge),setInterval(()=>{rr()},oi.ask)],ai=()=>c(t.reason);t.addEventListener("abort",ai,{once:!0});const cr=[e.cluster.watch(n.node,v=>{v.type==="node"?p=v.node:v.type==="gone"&&(p=void 0),v.type!=="lease"&&O()},a),e.cluster.watchPods(n.node,v=>{v.type==="pod"?l.set(`${v.pod.namespace}/${v.pod.name}`,v.pod):l.delete(`${v.namespace}/${v.name}`),O()},a)].map(v=>v.then(()=>{a.aborted||c(new Error("a watch ended before the GPU was registered"))},P=>{a.aborted||c(P)}));try{return t.throwIfAborted(),await r}finally{for(const v of dr)clearInterval(v);t.removeEventListener("abort",ai),o.abort(new Error("the wait is over")),await Promise.all(cr)}}var m=y(7131);const tt=e=>`kubectl -n ${e.namespace} logs daemonset/${e.name} --tail=40`;function ms({node:e,plugin:n,pods:t,outcome:i},s){const o="Does the device plugin run on the node?",a=t.filter(Me(s)),r=a.find(l=>l.isReady&&!l.isTerminating),d=i?.type==="hopeless",c=a.flatMap(l=>l.problems)[0],u=r?`${A(r)} is Ready`:c??(a.length===0?"no pod of it is there":"not Ready");return(0,m.oQ)("confirm.plugin",o,r!==void 0&&!d,d?i.reason:u,{cause:d?"waiting any longer would not mend it":`${n?A(n):"the plugin"} has no Ready pod on ${e?.name??"the node"}`,remedy:d?i.remedy:tt(s),evidence:[...(i?.state.events??[]).slice(0,3),...(i?.state.log??[]).slice(-8)]})}function gs(e,n){return n.map(t=>`${t}: capacity ${M(e.capacity,t)}, allocatable ${M(e.allocatable,t)}`).join("; ")}function $s(e){const{wish:n,gpu:t,node:i,plugin:s,expected:o,outcome:a}=e;if(n.devicePlugin==="absent"||s===void 0||o===void 0||i===void 0)return[];const r=ms(e,s),d=Object.keys(o.resources),c=Object.keys(i.capacity).filter(Ae),u=gs(i,[...new Set([...d,...c])].slice(0,12))||"no GPU resource",l=d.filter($=>M(i.capacity,$)===0),f=d.filter($=>M(i.allocatable,$)<M(i.capacity,$)),p=d.filter($=>M(i.capacity,$)<(o.resources[$]??0)),h=d.filter($=>M(i.capacity,$)>(o.resources[$]??0)),g=l.length===d.length,k=[r,(0,m.oQ)("capacity.registered","Has the kubelet heard of the GPU?",d.length>0&&!g,u,{cause:d.length===0?"the host shows no GPU that could be registered":"no device plugin has registered it: it does not run, sees no GPU, or lost its registration (NVIDIA/k8s-device-plugin#1228)",remedy:`${tt(s)}; when it says nothing: kubectl -n ${s.namespace} rollout restart daemonset/${s.name}`})];if(d.length===0||g)return k;k.push((0,m.oQ)("capacity.healthy","Are all registered GPUs healthy?",f.length===0,u,{cause:"the plugin reported a device as unhealthy (an Xid error, or it fell off the bus), and never takes that back (NVIDIA/k8s-device-plugin#1014)",remedy:`on the host: nvidia-smi, and dmesg | grep -i xid; when the GPU is well: kubectl -n ${s.namespace} rollout restart daemonset/${s.name}`,evidence:t.driver.kernelLog.slice(0,5)}),vs(e,o,u,{lacking:l,short:p,more:h}));const N=r.verdict==="fail"||a!==void 0&&!a.state.isFresh;return k.push((0,m.oQ)("capacity.fresh","Are the numbers those of the plugin that runs now?",!N,u,{cause:r.verdict==="fail"?"the numbers stand, but the plugin that told them does not run: they are left over":"the plugin has started anew, and nothing shows that it has registered since",remedy:`kubectl -n ${s.namespace} rollout restart daemonset/${s.name}, then press again`})),k}function vs({wish:e,gpu:n},t,i,{lacking:s,short:o,more:a}){const r="capacity.complete",d="Does the node offer all its GPUs?",c=n.devices.length,u=e.expectGpus,l=u!==void 0&&c<u,f=`${i}; expected: ${t.words}${l?`, of ${u} wanted`:""}`;return o.length>0||s.length>0?(0,m.oQ)(r,d,!1,f,{cause:"the plugin registered fewer than there are: a GPU was not there yet when it started, or its configuration leaves some out",remedy:"compare nvidia-smi -L on the host with the log of the plugin, then restart the plugin"}):l?(0,m.oQ)(r,d,!1,f,{cause:`the host shows ${c} GPU${c===1?"":"s"}, and expect-gpus says ${u}`,remedy:"on the host: nvidia-smi -L and lspci -nn -d 10de: show which one is missing; or correct expect-gpus"}):a.length>0?(0,m.oQ)(r,d,!1,f,{verdict:"warn",cause:"GPUs are shared by a configuration that could not be read, or somebody set the numbers by hand",remedy:"look at the configuration of the plugin"}):(0,m.bF)(r,d,f)}const ks=e=>Object.keys(e.devices).some(Ae);function ys(e,n,t){const i=e.filter(u=>ks(u)&&!u.isTerminating&&["Running","Pending"].includes(u.phase));if(i.length===0)return;const s="confirm.gpu-pods",o="Do the pods that had a GPU still have it?",a=new Map(n.map(u=>[u.uid,u])),r=i.filter(u=>{const l=a.get(u.uid);return l===void 0||l.phase==="Failed"}),d=i.filter(u=>{const l=a.get(u.uid);return l!==void 0&&u.isReady&&!l.isReady&&!["Failed","Succeeded"].includes(l.phase)}),c=`${i.length} before, ${i.length-r.length} still there`;return(0,m.oQ)(s,o,r.length+d.length===0,c,{verdict:t||r.length===0?"warn":"fail",cause:r.length===0?"some are not ready at this moment":"they ended or failed since this run began",remedy:"a pod that failed at admission stays so: delete it, and its owner makes a new one",evidence:[...r,...d].slice(0,8).map(u=>{const l=a.get(u.uid);return`${A(u)}: ${l===void 0?"gone":(0,m.H$)([l.isReady||l.phase==="Failed"?l.phase:`${l.phase}, not ready`,...l.problems],2)}`})})}const ie=({runtime:e,name:n,id:t})=>`${n||t.slice(0,12)} (${e})`;function ws(e,n,t,i=""){const s=e.filter(({outcome:f})=>f==="ok");if(s.length===0)return;const o="confirm.gpu-calls",a="Does a GPU call still work in every container that had the GPU?";if(n===void 0)return{id:o,verdict:"error",question:a,found:`not known: it worked before in ${(0,m.H$)(s.map(ie))}`,cause:i||"the containers could not be asked again",remedy:"look on the host: docker exec CONTAINER nvidia-smi -L, k3s crictl exec CONTAINER nvidia-smi -L"};const r=new Map(n.map(f=>[`${f.runtime} ${f.id}`,f])),d=s.map(f=>({call:f,later:r.get(`${f.runtime} ${f.id}`)})),c=d.filter(({later:f})=>f!==void 0&&f.outcome!=="ok"),u=d.filter(({later:f})=>f===void 0),l=[...c.map(({call:f,later:p})=>`${ie(f)}: ${p?.said??""}`),...u.map(({call:f})=>`${ie(f)}: it no longer runs, or has no GPU any more`)].slice(0,12);return c.length>0?{id:o,verdict:t?"warn":"fail",question:a,found:`no more in ${(0,m.H$)(c.map(({call:f})=>ie(f)))}`,cause:"the control group of a running container no longer lets it use the device, most often after a reload of systemd",remedy:`restart it: ${(0,m.H$)(c.map(({call:f})=>bs(f)))}`,evidence:l}:u.length>0?{id:o,verdict:"warn",question:a,found:`${(0,m.H$)(u.map(({call:f})=>ie(f)))} could not be asked again`,cause:"it ended while the host was changed, or was replaced",remedy:"look whether it should run: docker ps -a, kubectl get pods -A",evidence:l}:{id:o,verdict:"pass",question:a,found:`yes, in ${(0,m.H$)(s.map(ie))}`}}function bs({runtime:e,name:n,id:t}){if(e!=="k3s")return`${e} restart ${t.slice(0,12)}`;const[i,s]=n.split("/");return s?`kubectl delete pod -n ${i} ${s}`:`the pod of container ${t.slice(0,12)}`}const C=(e,n,t,i,s)=>({id:n,stage:e,severity:"fail",asks:t,remedy:i,isIgnorable:s}),Os=[C("preflight","gpu.node","Is the node there, and Ready? A warning when a containerd template that is moved aside may be the cause","join it first with k3s-join; `kubectl describe node`",!0),C("preflight","gpu.runtime-class","Does the RuntimeClass nvidia lead to the runtime that k3s renders?","start the servers without `--disable=runtimes`; the check gives the object",!0),C("preflight","gpu.plugin-owner","Does nobody else keep a device plugin (gpu-operator, Flux, Helm, Argo CD, a manifest by hand)?","`device-plugin: verify` keeps it; `replace-device-plugin` replaces one that was made by hand",!0),C("preflight","gpu.tolerations","Do the pods of the device plugin come to the node: taints, labels, affinity?","the toleration or label that it names, or `device-plugin: apply`",!0),C("confirm","confirm.plugin","Does the device plugin run on the node?","its log says why not",!1),C("confirm","capacity.registered","Has the kubelet heard of the GPU?","see the log of the plugin; restart it when it says nothing",!1),C("confirm","capacity.healthy","Are all registered GPUs healthy (allocatable = capacity)?","nvidia-smi and dmesg on the host; then restart the plugin",!1),C("confirm","capacity.complete","Does the node offer all its GPUs, sharing and MIG counted? A warning when it offers more","compare nvidia-smi with the log of the plugin",!1),C("confirm","capacity.fresh","Are the numbers those of the plugin that runs now?","restart the plugin, then press again",!1),C("confirm","confirm.gpu-pods","Do the pods that had a GPU still have it? A warning with `allow-gpu-disruption`","delete those that failed at admission; their owners make new ones",!1)],se=(e,n,t,i,s=!0)=>({id:e,stage:"preflight",severity:n,asks:t,remedy:i,isIgnorable:s}),xs=[se("k3s.service","fail","Does k3s run on this host?","let the machine join first, or start the unit",!1),se("gpu.search-path","fail","Does k3s find the right nvidia-container-runtime by itself, and not what gpu-operator left in /usr/local/nvidia/toolkit?","`sudo mv /usr/local/nvidia/toolkit /usr/local/nvidia/toolkit.disabled`, or a link in /usr/local/bin"),se("gpu.containerd-template","fail","Does a containerd template take away what k3s sets itself, or repeat a table? A warning for one that does neither","`quarantine-template: true`; k3s needs no template for GPUs",!1),se("gpu.default-runtime","fail","Can k3s find the default runtime that it is told? A warning when nvidia is the default","take `default-runtime` out of the place that the check names",!1),se("gpu.runtime-config","fail","Does containerd run with the runtime nvidia and the right program?","restart k3s; move a template away that sets the runtimes itself"),se("gpu.restart-pending","warn","Would the next restart of k3s change what containerd runs with, without this plan?","restart k3s when it suits, or take the change back")],_s=[["present","fail","Is an NVIDIA GPU in this host? Without one there is nothing to do, unless `expect-gpus` says otherwise","look at the machine: power and seat of the card"],["driver","fail","Does the driver answer?","install or load it; the check names what keeps it away"],["driver-version","fail","Have the parts of the driver one version? A warning when the next boot changes it","reboot; then `hold-packages: all`"],["nouveau","fail","Is the card free of nouveau, the kernel's own driver?","blacklist it, rebuild the initramfs, reboot"],["secure-boot","fail","Does Secure Boot let the driver's module in?","enrol its key at the console, or use signed modules"],["next-kernel","warn","Does the driver also have a module for the kernel that the next boot starts?","install the headers of that kernel, `sudo dkms autoinstall`"],["reboot","warn","Is no reboot pending?","reboot when it suits"],["inforom","warn","Is the card's infoROM whole?","none needed"],["count","fail","Are all GPUs there: on the bus, with the driver, as many as expected?","find the missing card, or correct `expect-gpus`"],["product","fail","Are they the expected product?","find the right host, or correct `expect-product`"],["processes","warn","Who uses the GPU now?","none needed; nothing that could disturb it is done unless `allow-gpu-disruption` says so"],["upgrades","warn","Can no unattended upgrade replace driver or toolkit?","`hold-packages: all`"],["device-links","warn","Do containers keep the GPU when systemd reloads its units?","`toolkit: install`"]].map(([e,n,t,i])=>({id:`gpu.${e}`,stage:"preflight",severity:n,asks:t,remedy:i,isIgnorable:e!=="present"})),Rs=[{id:"gpu.toolkit",stage:"preflight",severity:"fail",asks:"Is NVIDIA's container toolkit there, all four packages at one version, the one that was asked for, and not too old?",remedy:"`toolkit: install`, with `toolkit-version` for another one than is there",isIgnorable:!0},{id:"gpu.toolkit-repository",stage:"preflight",severity:"fail",asks:"Do the toolkit's packages come from a repository that the package manager checks by the right key?",remedy:"move a strange keyring away, or give `repository` and `repository-keys`",isIgnorable:!1},{id:"confirm.gpu-calls",stage:"confirm",severity:"fail",asks:"Does a GPU call in every container that had the GPU still work after the changes? A warning with `allow-gpu-disruption`",remedy:"restart those containers: their device rules are made anew at their start",isIgnorable:!0}],Ps=[{id:"plan.gpu-in-use",stage:"plan",severity:"fail",asks:"Does the plan disturb a process outside the cluster that uses the GPU?",remedy:"`allow-gpu-disruption`, or stop the process first",isIgnorable:!1},{id:"confirm.runtime-config",stage:"confirm",severity:"fail",asks:"Does k3s\u2019s containerd have the NVIDIA runtime, with the program that k3s finds?",remedy:"see containerd\u2019s log in the evidence",isIgnorable:!1},{id:"confirm.gpu-processes",stage:"confirm",severity:"fail",asks:"Do the processes that used the GPU before still run?",remedy:"start them again; the report names them",isIgnorable:!1}],it=[..._s,...Rs,...xs,...Os,...Ps],cn=e=>(0,m.Ms)(it,e),As=new Set(["k3s","docker","podman"]),Ns=new Set(["ok","failed","not-asked"]);async function Ss(e,n){const t=await e.run({name:"container-calls",script:[x.kj,S["container-calls"]].join(`
`),env:{},privilege:"root",timeoutMs:n.timeoutMs,signal:n.signal}),i=Qe(e.label,"asking the containers for the GPU",t);if(i)throw i;const s=o=>typeof o=="string"?o:"";return t.lines.flatMap(o=>!Ns.has(o.container_call)||!As.has(o.runtime)?[]:[{runtime:o.runtime,id:s(o.id),name:s(o.name).trim(),outcome:o.container_call,said:s(o.said).trim()}])}var ln=y(3292);const j={cri:"io.containerd.grpc.v1.cri",runtime:"io.containerd.cri.v1.runtime",images:"io.containerd.cri.v1.images"};function U(e,n){let t=e;for(const i of n){if(typeof t!="object"||t===null||Array.isArray(t)||!Object.hasOwn(t,i))return;t=t[i]}return t}const z=(e,n)=>{const t=U(e,n);return typeof t=="string"?t:""},st=(e,n)=>{const t=U(e,n);return Array.isArray(t)?t.filter(i=>typeof i=="string"):[]},oe=(e,n)=>{const t=U(e,n);return typeof t=="object"&&t!==null&&!Array.isArray(t)?t:{}};function un(e){try{return{tables:(0,ln.qg)(e,{maxDepth:100})}}catch(n){if(!(n instanceof ln.zx||n instanceof RangeError))throw n;const t=(n.message.split(`
`)[0]??"").replace("Invalid TOML document: ","");return{tables:{},problem:n instanceof ln.zx?`line ${n.line}: ${t}`:t}}}const ot={cri:j.cri,opt:"io.containerd.internal.v1.opt"};function Is(e){const n=U(e,["version"]);if(n===2)return e;const t=n===void 0||n===0||n===1,i={};for(const[s,o]of Object.entries(oe(e,["plugins"]))){const a=t&&Object.hasOwn(ot,s)?ot[s]??s:s,r=a===j.cri?Object.fromEntries(Object.entries(oe(o,[])).filter(([d])=>d.startsWith("stream_"))):o;Object.defineProperty(i,a,{value:r,enumerable:!0,configurable:!0,writable:!0})}return{...e,plugins:i}}function Y(e){const{tables:n,problem:t}=un(e),i=U(n,["version"]),s=Is(n),o=["plugins",j.runtime],a=["plugins",j.images],r=["plugins",j.cri],d=(l,f)=>z(s,l)||z(s,[...r,...f]),c={...oe(s,[...r,"cni"]),...oe(s,[...o,"cni"])},u=[r,o].flatMap(l=>Object.entries(oe(s,[...l,"containerd","runtimes"])));return{...typeof i=="number"?{version:i}:{},isOwnText:/^# File generated by k3s\b/.test(e.trimStart()),runtimes:[...new Map(u)].map(([l,f])=>{const p=U(f,["options","SystemdCgroup"]);return{name:l,type:z(f,["runtime_type"]),binaryName:z(f,["options","BinaryName"]),...typeof p=="boolean"?{systemdCgroup:p}:{}}}),defaultRuntime:d([...o,"containerd","default_runtime_name"],["containerd","default_runtime_name"]),cniBinFolders:[...st(c,["bin_dirs"]),z(c,["bin_dir"])].filter(l=>l!==""),cniConfFolder:z(c,["conf_dir"]),snapshotter:d([...a,"snapshotter"],["containerd","snapshotter"]),sandboxImage:d([...a,"pinned_images","sandbox"],["sandbox_image"]),registryPath:d([...a,"registry","config_path"],["registry","config_path"]),address:z(s,["grpc","address"]),root:z(s,["root"]),state:z(s,["state"]),imports:st(s,["imports"]),ignored:Ts(n),...t===void 0?{}:{problem:t},tables:s}}function Ts(e){return U(e,["version"])===2?[]:["cri",j.cri].flatMap(n=>Object.entries(oe(e,["plugins",n])).filter(([,t])=>typeof t=="object").map(([t])=>`plugins.${n.includes(".")?`"${n}"`:n}.${t}`))}const Ge="/var/lib/rancher/k3s/agent",at="pods get no network: the node stays NotReady (cni plugin not initialized)",rt="kubelet and runc manage control groups in different ways: pods restart for ever",Es="mirrors, certificates and passwords of /etc/rancher/k3s/registries.yaml have no effect",Ds="the pause image comes from elsewhere: no pod starts where that registry cannot be reached",Ce="a setting of k3s is gone";function dt(e){const[,n,t]=/^v?1\.(\d+)\.(\d+)/.exec(e)??[];return n===void 0?!0:Number(n)===31?Number(t)>=6:Number(n)===32?Number(t)>=2:Number(n)>32}function js(e,n,t,i,s){const o=["plugins",j.cri],a=e===2?o:["plugins",j.runtime],r=e===2?o:["plugins",j.images],d=(l,f,p,h=!1,g)=>({path:l,value:f,breaks:p,isEssential:h,...g?{otherwise:g}:{}}),c=l=>n===3?[l,!0]:["nothing: k3s gives it to containerd as an argument, too",!1],u=[...a,"containerd","runtimes","runc"];return[d(["version"],e,"containerd takes it for version 1 and drops tables that it knows under new names, without an error",!0),d(["root"],`${Ge}/containerd`,...c("images and containers of this node are looked for elsewhere")),d(["state"],"/run/k3s/containerd",...c("running containers are looked for elsewhere")),d(["grpc","address"],"/run/k3s/containerd/containerd.sock",...c("k3s waits for a socket that containerd opens elsewhere")),d(["plugins","io.containerd.internal.v1.opt","path"],`${Ge}/containerd`,"containerd looks for its own programs elsewhere"),d([...o,"stream_server_address"],"127.0.0.1",Ce),d([...o,"stream_server_port"],"10010",Ce),d([...a,"enable_selinux"],!1,"SELinux labels of containers, where k3s was started with --selinux"),d([...a,"enable_unprivileged_ports"],!0,"containers without root may not open ports below 1024"),d([...a,"enable_unprivileged_icmp"],!0,"containers without root may not ping"),d(e===2?[...o,"sandbox_image"]:[...r,"pinned_images","sandbox"],"rancher/mirrored-pause:3.6",Ds),d(e===2?[...o,"containerd","snapshotter"]:[...r,"snapshotter"],"overlayfs","containerd chooses its snapshotter itself"),d(e===2?[...o,"containerd","disable_snapshot_annotations"]:[...r,"disable_snapshot_annotations"],!0,Ce),d([...a,"cni","bin_dir"],"/var/lib/rancher/k3s/data/cni",at,!0,[...a,"cni","bin_dirs"]),d([...a,"cni","conf_dir"],`${Ge}/etc/cni/net.d`,at,!0),...i===""?[]:[d([...a,"containerd","default_runtime_name"],i,"the default runtime that k3s was told has no effect")],d([...u,"runtime_type"],"io.containerd.runc.v2",Ce),d([...u,"options","SystemdCgroup"],s,rt,!0),d([...r,"registry","config_path"],`${Ge}/etc/containerd/certs.d`,Es,!0),...t.flatMap(({name:l,path:f})=>{const p=[...a,"containerd","runtimes",l],h=`no runtime for "${l}" is configured: pods that ask for it do not start`;return[d([...p,"runtime_type"],"io.containerd.runc.v2",h,l==="nvidia"),d([...p,"options","BinaryName"],f,h,l==="nvidia"),d([...p,"options","SystemdCgroup"],s,rt,l==="nvidia")]})]}function Ms(e,n){const t=e.find(({path:r})=>r[0]==="version")?.value;if(!n?.isOwnText||n.problem!==void 0||n.version!==t)return e;const i=r=>lt(n.tables,r),s=r=>r.path.includes("cni"),o=r=>r.path.at(-1)==="config_path",a=e.filter(r=>r.isEssential&&!s(r)&&!o(r)&&!r.path.includes("nvidia")).every(r=>i(r)!==void 0);return e.filter(r=>i(r)!==void 0||!(o(r)||a&&s(r))).map(r=>{const d=i(r);return r.path.at(-1)==="BinaryName"||r.path[0]==="version"||r.path.at(-1)==="default_runtime_name"?r:fn(d)?{...r,value:d}:r})}function fn(e){return Array.isArray(e)?e.every(n=>typeof n=="string"):["string","number","boolean"].includes(typeof e)}function ue(e){return e.map(n=>/^[\w-]+$/.test(n)?n:JSON.stringify(n).replaceAll("\x7F","")).join(".")}function ct(e,n){const t=new Map;for(const{path:o,value:a}of n){const r=ue(o.slice(0,-1)),d=t.get(r)??[];d.push(`${ue(o.slice(-1))} = ${JSON.stringify(a).replaceAll("\x7F","")}`),t.set(r,d)}const i=ue(["plugins",e===2?j.cri:j.runtime]);return t.set(`${i}.containerd.runtimes.runhcs-wcow-process`,['runtime_type = "io.containerd.runhcs.v1"']),`# File generated by k3s. DO NOT EDIT.
${[...t].map(([o,a])=>[...o===""?[]:["",`[${o}]`],...a].join(`
`)).join(`
`)}
`}function lt(e,n){return U(e,n.path)??(n.otherwise?U(e,n.otherwise):void 0)}const ut=100;class T extends Error{}function Gs(e){const n=[];let t=0,i=!1;for(;t<e.length;){const s=e.indexOf("{{",t);let o=e.slice(t,s<0?void 0:s);if(i&&(o=o.replace(/^[ \t\r\n]+/,"")),s<0){n.push({kind:"text",text:o});break}let a=s+2;/^-[ \t\r\n]/.test(e.slice(a,a+2))&&(o=o.trimEnd(),a+=1),n.push({kind:"text",text:o});const r=Cs(e,a);let d=e.slice(a,r);i=/[ \t\r\n]-$/.test(d),i&&(d=d.slice(0,-1)),/^[ \t\r\n]*\/\*/.test(d)||n.push({kind:"action",text:d.trim()}),t=r+2}return n}function Cs(e,n){const t=/^[ \t\r\n]*\/\*/.exec(e.slice(n,n+200));if(t){const s=e.indexOf("*/",n+t[0].length),o=s<0?-1:e.indexOf("}}",s);if(o<0)throw new T("unclosed comment");return o}let i="";for(let s=n;s<e.length;s+=1){const o=e[s]??"";if(i!=="")o==="\\"&&i!=="`"?s+=1:o===i&&(i="");else if(o==='"'||o==="'"||o==="`")i=o;else if(o==="}"&&e[s+1]==="}")return s}throw new T("unclosed action")}function Ue(e,n,t,i){if(i>ut)throw new T("nested too deeply");const s=[];for(;n.at<e.length;){const o=e[n.at];if(n.at+=1,o.kind==="text"){s.push({kind:"text",text:o.text});continue}const[,a="",r=""]=/^([a-z]*)\b([\s\S]*)$/.exec(o.text)??[];if(a==="end"||a==="else"){if(!t.includes(a))throw new T(`unexpected {{${a}}}`);return{nodes:s,end:o.text}}if(o.text==="")throw new T("an action without a command");if(a==="if"||a==="with"||a==="range")s.push(ft(a,r,e,n,i));else if(a==="define"||a==="block"){if(a==="define"&&i>0)throw new T("{{define}} inside of a block");const[,d="",c=""]=/^\s*"([^"]*)"([\s\S]*)$/.exec(r)??[],{nodes:u}=Ue(e,n,["end"],i+1);s.push({kind:"define",name:d,body:u}),a==="block"&&s.push({kind:"call",name:d,data:c.trim()})}else if(a==="template"){const[,,d="",c=""]=/^\s*(["`])([^"`]*)\1([\s\S]*)$/.exec(r)??[];s.push({kind:"call",name:d,data:c.trim()})}else!/^(?:break|continue)?$/.test(o.text)&&!/^\$\w*\s*:?=/.test(o.text)&&s.push({kind:"output",text:o.text})}if(t.length>0)throw new T("a block is not closed by {{end}}");return{nodes:s,end:""}}function ft(e,n,t,i,s){if(/^\s*(?:nil\s*)?$/.test(n))throw new T(`{{${e}}} without a condition`);const o=Ue(t,i,["end","else"],s+1);if(o.end==="end")return{kind:e,condition:n.trim(),body:o.nodes,otherwise:[]};const[,a,r=""]=/^else\s+(if|with)\b([\s\S]*)$/.exec(o.end)??[],d=a?[ft(a,r,t,i,s+1)]:Ue(t,i,["end"],s+1).nodes;return{kind:e,condition:n.trim(),body:o.nodes,otherwise:d}}const Us=1e6;function pt(e,n){const t={text:"",hasBase:!1,listsRuntimes:!1};try{const i=Gs(e),o=Ue(i,{at:0},[],0).nodes,a=new Map;return qe(o,a),pn(o,{values:n.values},n,a,t,0),t}catch(i){if(!(i instanceof T))throw i;return{...t,problem:i.message}}}function qe(e,n){for(const t of e)t.kind==="define"?(n.set(t.name,t.body),qe(t.body,n)):"otherwise"in t&&(qe(t.body,n),qe(t.otherwise,n))}function pn(e,n,t,i,s,o){if(o>ut)throw new T("a template that calls itself");for(const a of e){if(s.text.length>Us)throw new T("too long");if(a.kind==="text")s.text+=a.text;else if(a.kind==="output")s.text+=Fs(a.text,n,s.text);else if(a.kind==="call")if(a.name==="base"){if(a.data==="")throw new T('{{ template "base" }} lacks its dot: write {{ template "base" . }}');s.hasBase=!0,s.text+=t.base}else{const r=i.get(a.name);if(!r)throw new T(`template "${a.name}" is not defined`);pn(r,n,t,i,s,o+1)}else if("condition"in a)for(const[r,d]of qs(a,n,t,s))pn(r,d,t,i,s,o+1)}}function qs(e,n,t,i){const[,s="",o=""]=/^(?:(\$\w+(?:\s*,\s*\$\w+)?)\s*:?=)?([\s\S]*)$/.exec(e.condition)??[],a=o.trim();if(e.kind==="range"&&/^\$?\.ExtraRuntimes$/.test(a)){i.listsRuntimes=!0;const[c,u]=s.split(",").map(l=>l.trim());return t.runtimes.map(({name:l,path:f})=>{const p={BinaryName:f,RuntimeType:"io.containerd.runc.v2"},h={...n.values};u&&c&&(h[c]=l);for(const[g,k]of Object.entries(p))h[`${u??c??""}.${g}`]=k;return[e.body,{values:h}]})}const r=ht(a,n);return(r===void 0?!/^(?:false|nil|0|""|``)$|"(?:stargz|nix)"/.test(a):r!=="")?[[e.body,e.kind==="with"&&r!==void 0?{values:{...n.values,".":r}}:n]]:[[e.otherwise,n]]}function ht(e,{values:n}){for(const t of[e,e.replace(/^\$\./,".")])if(Object.hasOwn(n,t))return n[t]}function Fs(e,n,t){const i=/^printf\s+"%q"\s+(?=\S)|\|\s*printf\s+"%q"$/.test(e),s=e.replace(/^printf\s+"%q"\s+/,"").replace(/\s*\|\s*printf\s+"%q"$/,""),o=/^"((?:[^"\\]|\\["\\])*)"$|^`([^`]*)`$/.exec(s),r=o?.[2]??o?.[1]?.replace(/\\(["\\])/g,"$1")??ht(s,n);if(r!==void 0)return i?JSON.stringify(r):r;const d=`{{ ${s.replace(/["'\\\r\n]+/g," ").slice(0,100)} }}`,c=t.slice(Math.max(t.lastIndexOf(`
`)+1,t.length-1e3));return((c.match(/"/g)?.length??0)+(c.match(/'/g)?.length??0))%2===1?d:`"${d}"`}const Vs=64*1024,Ls=e=>e.endsWith("/config-v3.toml.tmpl")?3:2;function zs(e,n,t){const i=dt(n)?3:2;return Y(ct(i,hn(i,i,e,t)))}function hn(e,n,t,i){const s=t&&Y(t.text);return Ms(js(e,n,i.runtimes,i.defaultRuntime,!0),s)}function mt(e,n,t,i={runtimes:[],defaultRuntime:""}){const s=Ls(e.path),o={base:ct(s,hn(s,s,n,i)),runtimes:i.runtimes,values:{".NodeConfig.DefaultRuntime":i.defaultRuntime,".DisableCgroup":"",".IsRunningInUserNS":""}},a=pt(e.text,o),r=Y(a.text),d=pt(e.text,{...o,base:""}).text,c=r.version===3||r.version!==2&&U(r.tables,["plugins",j.runtime])!==void 0,u=hn(c?3:s,s,n,i),l=a.problem??r.problem??Bs(r.version,t),f=a.hasBase&&r.problem!==void 0?Ks(d,o.base):[],p=a.hasBase&&r.problem!==void 0&&un(d).problem===void 0,h=l===void 0?u.flatMap($=>Hs($,r)):[],g=h.filter($=>$.value===void 0),k=h.filter($=>$.value!==void 0),N=l!==void 0||h.some($=>$.isEssential);return{path:e.path,verdict:e.text.length>=Vs?"unknown":p&&a.problem===void 0?"duplicates":N?"harmful":"harmless",hasBase:a.hasBase,isHeeded:s===2||dt(t),removes:g,changes:k,duplicates:p&&f.length===0?[r.problem??""]:f,ignored:r.ignored,...l===void 0?{}:{problem:l},result:r}}function Bs(e,n){const i=Number(/^v?1\.(\d+)\./.exec(n)?.[1]??0)>=36?4:3;return e!==void 0&&e>i?`containerd reads configurations up to version ${i}, this one says ${e}`:void 0}function Hs(e,n){const t=lt(n.tables,e),i={key:ue(e.path),ownValue:gt(e.value),breaks:e.breaks};if(t===void 0)return[{...i,isEssential:e.isEssential}];if(Ws(t,e.value))return[];const s=e.isEssential&&e.path.at(-1)==="SystemdCgroup";return[{...i,value:gt(t),isEssential:s}]}const gt=e=>typeof e=="string"?e:fn(e)?JSON.stringify(e):"a table";function Ws(e,n){const[t,i]=[e,n].map(s=>Array.isArray(s)&&s.length===1?s[0]:s);return fn(t)&&JSON.stringify(t)===JSON.stringify(i)||typeof t=="string"&&t.includes("{{")}function Ks(e,n){const t=new Set($t(n));return[...new Set($t(e).filter(i=>t.has(i)))]}function $t(e){return e.split(`
`).flatMap(n=>{const t=/^[ \t]*\[([^[][^\r\n]*)\][ \t]*(?:#.*)?\r?$/.exec(n)?.[1];if(t===void 0)return[];const{tables:i,problem:s}=un(`[${t}]`);return s===void 0?[ue(Qs(i))]:[]})}function Qs(e){const n=[];let t=e;for(;typeof t=="object"&&t!==null;){const[i]=Object.entries(t);if(!i)break;n.push(i[0]),t=i[1]}return n}const vt={"nvidia-container-runtime":"nvidia","nvidia-container-runtime.cdi":"nvidia-cdi","nvidia-container-runtime-experimental":"nvidia-experimental"},mn={name:"nvidia-container-runtime",folder:"/usr/bin"},q="/etc/rancher/k3s/config.yaml.d/60-k3s-gpu-actions-runtime.yaml",fe="/usr/local/nvidia/toolkit",pe=e=>e.slice(0,Math.max(1,e.lastIndexOf("/")));function he(e,n=[]){const{searchPath:t}=e.k3s,i=d=>t.indexOf(pe(d)),s=e.runtimes.map(({name:d,path:c})=>({name:d,path:c})),o=`${mn.folder}/${mn.name}`;n.includes("install-toolkit")&&!s.some(({path:d})=>d===o)&&s.push({name:mn.name,path:o});const a=new Map,r=s.filter(({path:d})=>i(d)>=0).sort((d,c)=>i(d.path)-i(c.path));for(const{name:d,path:c}of r){const u=Object.hasOwn(vt,d)?vt[d]:void 0;u!==void 0&&!a.has(u)&&a.set(u,{name:u,path:c})}return[...a.values()].sort((d,c)=>d.name<c.name?-1:1)}function gn(e,n=[]){const t=e.k3s.defaultRuntimes.filter(({place:c})=>c!==q),i=e.k3s.defaultRuntimes.find(({place:c})=>c===q),s=i!==void 0&&!n.includes("remove-default-runtime"),a=n.includes("write-default-runtime")?{place:q,value:"nvidia"}:s?i:void 0,r=t.filter(({place:c})=>kt(c));return[...t.filter(({place:c})=>!kt(c)),...a?[a]:[],...r].at(-1)??{place:"",value:""}}function kt(e){if(e==="/etc/rancher/k3s/config.yaml")return!1;const n=`${pe(q)}/`;return e.startsWith(n)?e>q:!0}function yt(e,n=[]){return{runtimes:he(e,n),defaultRuntime:gn(e,n).value}}function me(e,n=[]){const t=yt(e,n);return e.containerd.templates.map(i=>mt(i,e.containerd.rendered,e.k3s.version,t)).filter(i=>i.isHeeded).sort((i,s)=>Number(s.path.endsWith("/config-v3.toml.tmpl"))-Number(i.path.endsWith("/config-v3.toml.tmpl")))}const ge=e=>e.verdict==="harmful"||e.verdict==="duplicates";function $n({wish:e,gpu:n}){if(!e.quarantineTemplate)return[];const t=new Set(me(n).filter(ge).map(({path:i})=>i));return n.containerd.templates.filter(({path:i})=>t.has(i))}function Fe(e,n){const t=yt(e,n),i=me(e,n).filter(o=>!(n.includes("quarantine-template")&&ge(o))),[s]=i;return s?{config:s.result,template:s}:{config:zs(e.containerd.rendered,e.k3s.version,t)}}function wt(e){const{rendered:n}=e.containerd;if(!n)return!1;const t={...n,path:"/config.toml.tmpl",text:n.text.replaceAll("{{","{ {")},{removes:i,problem:s,verdict:o}=mt(t,n,e.k3s.version);return o!=="unknown"&&(s!==void 0||i.some(a=>a.isEssential))}const vn=256;function b(e,n,t=512){const i=e?.[n];return typeof i=="string"?i.slice(0,t).trim():""}function E(e,n,t=`
`){return b(e,n,128*1024).split(t).map(i=>i.trim().slice(0,1024)).filter(i=>i!=="").slice(0,vn)}const Ve=e=>/(?<![\d.])\d{2,4}\.\d{1,3}(?:\.\d{1,3})?(?![\d.])/.exec(e)?.[0]??"";function Le(e,n){const t=o=>o.match(/\d+|[^\d]+/g)??[],i=t(e),s=t(n);for(let o=0;o<Math.max(i.length,s.length);o++){const[a="",r=""]=[i[o],s[o]];if(a===r)continue;const d=Number(a)-Number(r);if(/^\d/.test(a)&&/^\d/.test(r)&&d!==0)return d;if(!/^\d/.test(a)||!/^\d/.test(r))return a<r?-1:1}return 0}const Js=/^(?:cuda-drivers|nvidia-(?:driver|dkms|kernel|open|headless|compute-utils|utils|firmware|modprobe|persistenced|fabricmanager|legacy|smi)|(?:lib|lib64)nvidia-(?!container)|libcuda1|linux-(?:modules|objects|signatures)-nvidia|(?:kmod|akmod|dkms)-nvidia|xorg-x11-drv-nvidia|xserver-xorg-video-nvidia|x11-video-nvidia)/;function bt(e,n){return n.some(t=>{const i=/^(?:solvable_name:|name\s*=)\s*"?([^"]+)"?$/.exec(t)?.[1]?.trim()??t;if(i.startsWith("!"))return!1;const s=i.indexOf("*");return i===e||s>0&&s<=e.length&&e.startsWith(i.slice(0,s))?!0:i.startsWith(`${e}-`)&&/^-(?:\d+:)?\d/.test(i.slice(e.length))})}function Ys(e){const n=["apt","dnf","zypper"].find(s=>s===e?.manager)??"",t=E(e,"locks").filter(s=>!s.startsWith("#")),i=new Map;for(const s of b(e,"list",128*1024).split(`
`).slice(0,2048)){const[o="",a="",r=""]=s.split("	");if(!/^[a-z0-9][a-z0-9+._-]*$/i.test(o)||a===""||!/^.i/.test(r))continue;const d=r.startsWith("h")||bt(o,t);i.set(o,{name:o,version:a.slice(0,128),isHeld:d})}return{driver:[...i.values()].filter(({name:s})=>Js.test(s)),toolkit:{packageManager:n,packages:Q.map(s=>i.get(s)??{name:s,version:"",isHeld:bt(s,t)}),missingPrerequisites:E(e,"missing"," "),ctkVersion:/version v?(\d+\.\d+\.\d+\S*)/.exec(b(e,"ctk",1024))?.[1]??""}}}function Xs(e){const n=E(e,"text").filter(t=>!t.startsWith("#")).filter(t=>/^(?:deb(?:-src)?\s|URIs:|baseurl\s*=)/i.test(t)).flatMap(t=>t.match(/[a-z][a-z0-9+.-]*:\/{1,3}[^\s\]]+/gi)??[]);return{repository:{path:b(e,"path"),urls:[...new Set(n)].slice(0,16),keyring:b(e,"keyring")},keyFingerprints:E(e,"keys").map(t=>t.toUpperCase()).filter(t=>/^[0-9A-F]{40}$/.test(t))}}const Zs=128;function $e(e){return/^\d{1,9}$/.test(e)?Number(e):void 0}const eo=e=>/^\[.*\]$/.test(e)?"":e;function Ot(e){const n=e.split(",").map(h=>h.trim());if(n.length<12)return;const[t="",i=""]=n,[s="",o="",a="",r="",d="",c="",u="",l=""]=n.slice(-9);if($e(t)===void 0||!/^GPU-[0-9a-f-]{8,64}$/i.test(i))return;const f=n.slice(2,-9).join(", "),p={memoryTotalMiB:$e(a),memoryUsedMiB:$e(r),utilisationPercent:$e(d),temperatureCelsius:$e(c)};return{index:Number(t),uuid:i,name:eo(f).slice(0,128),driverVersion:/^[\d.]{1,32}$/.test(s)?s:"",pciBusId:/^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f]$/i.test(o)?o:"",...Object.fromEntries(Object.entries(p).filter(([,h])=>h!==void 0)),...(u==="Enabled"||u==="Disabled")&&{isMigEnabled:u==="Enabled"},computeCapability:/^\d{1,2}\.\d{1,2}$/.test(l)?l:""}}function no(e){const n=[];let t="";for(const i of e.split(`
`).slice(0,1024)){t=/^GPU \d+: .*\(UUID: (GPU-[0-9a-f-]{8,64})\)/i.exec(i)?.[1]??t;const[,s,o]=/^\s+MIG (\S{1,64})\s+Device\s+\d+: \(UUID: (MIG-[0-9a-zA-Z/-]{8,128})\)/.exec(i)??[];s!==void 0&&o!==void 0&&t!==""&&n.push({gpuUuid:t,uuid:o,profile:s})}return n.slice(0,Zs)}function to(e){if(e===void 0)return{smi:{isInstalled:!1,said:""},devices:[],migDevices:[],cudaVersion:""};const n=b(e,"said",64*1024),t=typeof e.code=="number"&&e.code>=0&&e.code<256?e.code:void 0,i=t===0||t===14,s=n.split(`
`).slice(0,vn),o=new Map;for(const c of i?s.flatMap(u=>Ot(u)??[]):[])o.has(c.uuid)||o.set(c.uuid,c);const a=[...o.values()].sort((c,u)=>c.index-u.index),r=s.filter(c=>a.length===0||Ot(c)===void 0).join(`
`),d=b(e,"cuda",16);return{smi:{isInstalled:!0,...t!==void 0&&t!==124&&{exitCode:t},said:r.trim().slice(0,2048)},devices:a,migDevices:no(typeof e.list=="string"?e.list.slice(0,64*1024):""),cudaVersion:/^\d{1,3}\.\d{1,3}$/.test(d)?d:""}}const xt=64*1024,_t=e=>e.split(/[-.]/).at(-1)??"";function io(e,n){const t=new Set(E(e,"with_module"," ")),i=E(e,"installed"," ").filter(s=>/^\d/.test(s)&&!s.includes("rescue")&&_t(s)===_t(n)).sort(Le).at(-1);if(!(i===void 0||n===""||Le(i,n)<=0))return{release:i.slice(0,128),hasModule:t.has(i)}}function so(e,n){const t=r=>e.find(d=>d.fact===`gpu.${r}`),i=t("driver"),s=t("reboot"),o=io(t("kernels"),n),a=[...new Set(E(s,"packages"))];return{loaded:Ve(b(i,"loaded")),onDisk:Ve(b(i,"on_disk")),userSpace:Ve(b(i,"library").replace(/^.*\.so\./,"")),...o&&{nextKernel:o},isNouveauLoaded:i?.nouveau===!0,secureBoot:["enabled","disabled"].find(r=>r===i?.secure_boot)??"unknown",rebootPending:a.length>0?a:s?.pending===!0?[""]:[],hasUnattendedUpgrades:t("unattended")?.on===!0,kernelLog:E(t("kernel-log"),"lines").slice(-20)}}function Rt(e){const n=typeof e.text=="string"?e.text.slice(0,xt):"";return{path:b(e,"path",4096),sha256:b(e,"sha256",64),text:n}}function oo(e){const n=b(e,"arguments",xt).split(`
`);return n.flatMap((t,i)=>{const s=/^--?default-runtime=(.*)$/.exec(t)?.[1]??(/^--?default-runtime$/.test(t)?n[i+1]:void 0);return s===void 0?[]:[{place:b(e,"path",4096),value:s.slice(0,128)}]})}function ao(e){const n=new Map;for(const t of E(e,"owners")){const[,i,s]=/^([^:,\s]+)(?::[a-z0-9]+)?(?:, [^:]+)?: (\/.*)$/.exec(t)??[];i!==void 0&&s!==void 0&&n.set(s,i)}return{search:E(e,"search",":").slice(0,64),runtimes:E(e,"paths").map(t=>({name:t.slice(t.lastIndexOf("/")+1),path:t,package:n.get(t)??""}))}}function ro(e){const n=e.distribution,t=p=>n.filter(h=>h.fact===`gpu.${p}`).slice(0,vn),i=p=>n.find(h=>h.fact===p),s=i("k3s.unit"),o=i("gpu.device-links"),a=i("gpu.handlers"),r=Ys(i("gpu.packages")),{search:d,runtimes:c}=ao(i("gpu.runtimes")),u=t("containerd"),l=u.filter(p=>p.name==="config.toml").map(Rt)[0],f=l===void 0||/^\s*SystemdCgroup\s*=\s*true/m.test(l.text);return{pci:t("pci").map(p=>({address:b(p,"address",32),id:b(p,"id",16).toLowerCase(),driver:b(p,"driver",64)})).filter(({address:p})=>/^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f]$/i.test(p)),...to(i("gpu.smi")),driver:{...so(n,e.kernel),packages:r.driver},toolkit:{...r.toolkit,...Xs(i("gpu.repository"))},k3s:{unit:["k3s","k3s-agent"].find(p=>p===s?.name)??"",activeState:b(s,"active",64),version:b(i("k3s.binary"),"version",128),searchPath:d,defaultRuntimes:[...t("default-runtime").map(p=>({place:b(p,"place",4096),value:b(p,"value",128)})),...oo(s)]},runtimes:c,containerd:{...l&&{rendered:l},templates:u.filter(p=>p.name!=="config.toml").map(Rt),...a&&{handlers:[...new Set(E(a,"names"))]}},deviceLinks:{missing:E(o,"missing"," "),hasRule:o?.rule===!0,isNeeded:e.init==="systemd"&&f},ownFiles:t("own-file").map(p=>({path:b(p,"path",4096),sha256:b(p,"sha256",64)}))}}function Pt(e,n=[]){const{wish:t,gpu:i}=e,s=[];$n(e).length>0&&s.push("quarantine-template");const o=i.k3s.defaultRuntimes.find(({place:d})=>d===q),a=o!==void 0||i.ownFiles.some(({path:d})=>d===q),r=he(i,n).some(({name:d})=>d==="nvidia");return t.defaultRuntime==="nvidia"&&r&&gn(i).value!=="nvidia"&&o?.value!=="nvidia"&&s.push("write-default-runtime"),t.defaultRuntime==="unset"&&a&&s.push("remove-default-runtime"),s}function ve(e,n){const{wish:t,gpu:i}=e,{config:s,template:o}=Fe(i,n);if(o&&o.verdict!=="harmless")return[];const a=Y(i.containerd.rendered?.text??""),r=g=>g.runtimes.find(({name:k})=>k==="nvidia")?.binaryName,d=[],[c,u]=[r(a),r(s)],l=i.containerd.rendered===void 0&&i.containerd.handlers?.includes("nvidia");u!==void 0&&c===void 0&&!l&&d.push("runtime-missing"),u!==void 0&&c!==void 0&&u!==c&&d.push("binary-path-changed");const[f,p]=[a,s].map(g=>g.defaultRuntime==="nvidia"),h=t.defaultRuntime===(p?"nvidia":"unset");return f!==p&&h&&d.push("default-runtime-changed"),wt(i)&&d.push("harmful-template-removed"),d}const co={"runtime-missing":"what k3s rendered at its last start lacks the runtime nvidia, which it will find now","binary-path-changed":"k3s rendered another program for the runtime nvidia than it will find now","default-runtime-changed":"the default runtime changes","harmful-template-removed":"containerd runs with what a harmful template left of its configuration"};function lo(e,n=[]){const{gpu:t}=e,i=Pt(e,n),s=[...n,...i],o=i.map(r=>uo(r,e)),a=ve(e,s);return a.length>0&&t.k3s.unit!==""&&o.push({id:w.restart,kind:"restart",target:t.k3s.unit,reason:a.map(r=>co[r]).join("; "),disrupts:`restarts ${t.k3s.unit}; containers keep running, GPU pods may be refused until the device plugin is back`,undo:"restarted with what was there before"}),o}function uo(e,n){if(e==="quarantine-template"){const t=new Set($n(n).map(({path:s})=>s)),i=me(n.gpu).filter(s=>t.has(s.path)&&ge(s));return{id:e,kind:"edit",target:`${[...t].join(", ")} (renamed to \u2026disabled-<hash>)`,reason:i.map(({verdict:s,removes:o})=>s==="duplicates"?"it writes a table once more, and containerd does not start":`it takes ${o.length||"all"} keys out of k3s's own configuration`).join("; "),undo:"renamed back"}}return e==="write-default-runtime"?{id:e,kind:"write",target:`${q} (default-runtime: nvidia)`,reason:"default-runtime: nvidia is wished, and k3s will find the program",disrupts:"after the restart every image that sets NVIDIA_VISIBLE_DEVICES sees all GPUs without asking for one",undo:"restored, or deleted where it was not there"}:{id:e,kind:"remove",target:q,reason:"default-runtime: unset is wished, and this project wrote the file",undo:"restored"}}const ke="gpu.default-runtime",ye="Can k3s find the default runtime that it is told, and is that one meant?";function fo({wish:e,gpu:n},t){const{value:i,place:s}=gn(n,t),o=he(n,t).map(({name:l})=>l),a=Y(n.containerd.rendered?.text??""),{unit:r}=n.k3s,d=n.k3s.defaultRuntimes.map(l=>`${l.place}: ${l.value||"none"}`);if(!(i===""||o.includes(i)||!i.startsWith("nvidia")&&i!=="runc"&&a.runtimes.some(({name:l})=>l===i))){const l=!i.startsWith("nvidia")&&i!=="runc";return{id:ke,verdict:l?"warn":"fail",question:ye,found:`${s} says ${i}, which k3s ${l?"did not render at its last start":"does not find"}`,cause:i==="runc"?`k3s looks for other runtimes only: with runc as a value ${r} does not start (default runtime runc was not found)`:`${r} does not start any more: default runtime ${i} was not found`,remedy:i==="nvidia"?`let the toolkit be installed (toolkit: install), or take default-runtime out of ${s}`:`take default-runtime out of ${s}; without it k3s uses runc`,evidence:d}}if(e.defaultRuntime==="nvidia"&&i!=="nvidia"){const l=o.includes("nvidia");return{id:ke,verdict:"fail",question:ye,found:i===""?"nvidia is wished and cannot be set":`nvidia is wished, but ${s} says ${i} and wins`,cause:l?`k3s takes what stands last: files of config.yaml.d after ${q} and arguments of the unit win over it`:"k3s finds no nvidia-container-runtime, and does not start with a default runtime that it cannot find",remedy:l?`take default-runtime out of ${s}`:"let the toolkit be installed first (toolkit: install)",evidence:d}}if(e.defaultRuntime==="unset"&&i==="nvidia")return{id:ke,verdict:"warn",question:ye,found:`${s} says nvidia, and this project did not write it`,cause:"only the file that this project wrote is taken away",remedy:`take default-runtime out of ${s}, then: sudo systemctl restart ${r}`,evidence:d};if((Fe(n,t).config.defaultRuntime||i)==="nvidia"){const l=e.defaultRuntime==="nvidia";return{id:ke,verdict:"warn",question:ye,found:`nvidia is the default runtime${s?`, said by ${s}`:", said by a template"}`,cause:"every image that sets NVIDIA_VISIBLE_DEVICES sees all GPUs without asking for one (README of NVIDIA/k8s-device-plugin)",remedy:`none needed if that is meant; else ${l?"give default-runtime: unset":`take it out of ${s||"the template"}`} and name runtimeClassName: nvidia in the pods that need a GPU`,evidence:d}}return(0,m.bF)(ke,ye,i===""?"none is set: runc, and nvidia for pods that name its runtime class":`${i}, said by ${s}`)}const kn="gpu.containerd-template",yn="Does a containerd template take away what k3s sets itself?",wn=40;function At({key:e,ownValue:n,value:t,breaks:i}){return t===void 0?`removes ${e} (${n}): ${i}`:`sets ${e} to ${t} instead of ${n}: ${i}`}function po(e){const n=(t,i)=>Number(i.isEssential)-Number(t.isEssential);return[`${e.path}:`,...e.problem?[`cannot be read: ${e.problem}`]:[],...e.duplicates.map(t=>`writes ${t} once more`),...[...e.removes].sort(n).map(At),...e.changes.map(At),...e.ignored.map(t=>`${t} has no effect: containerd 2 drops it without an error`)]}function ho(e){const n=[...e.removes,...e.changes].filter(({isEssential:t})=>t).map(({breaks:t})=>t);return[...new Set(n)].join("; ")}function mo(e){if(e.verdict==="duplicates")return`${e.path} writes ${e.duplicates.join(", ")} once more: containerd does not start`;if(e.problem!==void 0)return`${e.path} cannot be read: ${e.problem}`;const{length:n}=e.removes,t=e.changes.filter(({isEssential:s})=>s).map(({key:s})=>s),i=[...n>0?[`removes ${n} ${n===1?"key":"keys"} of k3s's own configuration`]:[],...t.length>0?[`changes ${t.join(", ")}`]:[]];return`${e.path} ${i.join(" and ")}`}function go({gpu:e},n){const t=me(e,n),[i]=t;if(!i)return(0,m.bF)(kn,yn,"there is none: k3s writes the configuration itself");const s=t.flatMap(po),o=s.length>wn?[...s.slice(0,wn),`and ${s.length-wn} more`]:s,a=t.find(ge);if(a){const d=n.includes("quarantine-template"),c=a!==i;return{id:kn,verdict:d?"warn":"fail",question:yn,found:`${mo(a)}${c?`; k3s takes ${i.path} now, and this one if that goes`:""}`,cause:a.verdict==="duplicates"?"it extends k3s\u2019s own text and repeats a table that stands in it, which TOML forbids":a.problem===void 0?`${a.hasBase?"":'without {{ template "base" . }} it replaces the whole configuration: '}${ho(a)}`:"k3s renders containerd\u2019s configuration from it, and one of both stops there",remedy:d?"nothing to do: the plan moves it aside; it comes back if k3s does not":a.verdict==="duplicates"?"take the repeated table out of it, or give quarantine-template: true; k3s needs no template for GPUs":"give quarantine-template: true to have it moved aside (and back if k3s does not come up); k3s needs no template for GPUs",evidence:o}}const r=t.find(({verdict:d})=>d==="unknown");return{id:kn,verdict:"warn",question:yn,found:r?`${r.path} is too long to be judged`:`${i.path} ${i.hasBase?"extends k3s\u2019s own configuration":"replaces it, and leaves nothing out that the node needs today"}`,cause:i.hasBase?"what it adds is not checked against releases of k3s to come":"a copy ages: what a newer k3s sets is missing in it",remedy:i.hasBase?"none needed; k3s needs no template for GPUs":'replace it by {{ template "base" . }} and what you add to it, or move it away',evidence:o}}function $o(e,n=[]){const t=[...n,...Pt(e,n)];return e.gpu.k3s.unit===""?[Nt(e,t)]:[Nt(e,t),ko(e,t),go(e,t),fo(e,t),St(e,t),yo(e,t)]}function Nt({gpu:e},n){const t="k3s.service",i="Does k3s run on this host?",{unit:s,activeState:o,version:a}=e.k3s;if(s==="")return{id:t,verdict:"fail",question:i,found:"neither k3s nor k3s-agent is installed as a unit",cause:"GPUs are made usable on a machine that is a node already",remedy:"let the machine join first (k3s-join), then run gpu-runtime"};if(o==="active")return(0,m.bF)(t,i,`${s} is active${a?`, ${a}`:""}`);const r=n.includes("quarantine-template")||n.includes("remove-default-runtime")||n.includes("install-toolkit")&&e.k3s.defaultRuntimes.at(-1)?.value==="nvidia";return{id:t,verdict:r?"warn":"fail",question:i,found:`${s} is ${o||"in an unknown state"}`,cause:r?"what keeps it from starting is mended by this plan":"a node that is down cannot be given GPUs",remedy:r?`nothing to do: ${s} is started again`:`on the host: sudo journalctl -u ${s} -n 50; sudo systemctl start ${s}`}}function vo(e){const{gpu:n}=e,t={...St(e,[]),id:"confirm.runtime-config"},i=ve(e,[]);return t.verdict==="skip"&&i.length>0?{...t,verdict:"fail",found:`not so, although k3s was restarted: ${i.join(", ")}`,cause:"k3s rendered its configuration before this, or a template or another PATH of its unit is in the way",remedy:`on the host: sudo journalctl -u ${n.k3s.unit} -n 50 | grep -i runtime; sudo cat ${n.containerd.rendered?.path??"/var/lib/rancher/k3s/agent/etc/containerd/config.toml"}`,evidence:[`runtimes: ${It(n.containerd.rendered?.text)}`]}:t.verdict!=="skip"?t:{...t,verdict:"error",cause:"the host did not say enough to prove it",remedy:"press the button again; on the host: sudo k3s crictl info | grep -A3 nvidia"}}function ko({gpu:e,reading:n},t){const i="gpu.search-path",s="Does k3s find the right nvidia-container-runtime by itself?",o=e.runtimes.filter(({name:l})=>l==="nvidia-container-runtime"),a=he(e,t).find(({name:l})=>l==="nvidia");if(!a){const l=o[0];return l?{id:i,verdict:"fail",question:s,found:`${l.path} is there, but ${e.k3s.unit} does not look in ${pe(l.path)}`,cause:`it looks in ${e.k3s.searchPath.join(", ")||"no folder"}, which is not the PATH of a shell`,remedy:`sudo ln -s ${l.path} /usr/local/bin/nvidia-container-runtime, or install the packages (toolkit: install)`}:(0,m.uG)(i,s,"there is no nvidia-container-runtime: see gpu.toolkit")}if(!(pe(a.path)===fe))return(0,m.bF)(i,s,`${a.path}, the first one in its search path`);const d=n.daemonSets.find(({name:l,namespace:f})=>f==="gpu-operator"||l.includes("nvidia-container-toolkit"));if(d)return(0,m.bF)(i,s,`${a.path}, kept by ${d.namespace}/${d.name}`);const u=o.find(({path:l})=>pe(l)!==fe)?.path??(t.includes("install-toolkit")?"/usr/bin/nvidia-container-runtime":void 0);return{id:i,verdict:"fail",question:s,found:`${a.path} comes before ${u??"every other folder"}`,cause:`k3s looks in ${fe} first; gpu-operator left the folder behind, and nobody keeps it up to date`,remedy:`sudo mv ${fe} ${fe}.disabled; then run this again: k3s is restarted with the packaged one`,evidence:e.runtimes.map(l=>`${l.path}${l.package?` (package ${l.package})`:" (no package)"}`)}}function St(e,n){const{gpu:t}=e,i="gpu.runtime-config",s="Does containerd run with the runtime nvidia and the right program?",{rendered:o,handlers:a}=t.containerd;if(me(t,n).some(ge)&&!n.includes("quarantine-template"))return(0,m.uG)(i,s,"a template is in the way: see gpu.containerd-template");const{config:r,template:d}=Fe(t,n),c=he(t,n).find(({name:l})=>l==="nvidia")?.path;if(c===void 0)return(0,m.uG)(i,s,"k3s finds no nvidia-container-runtime: see gpu.toolkit and gpu.search-path");const u=r.runtimes.find(({name:l})=>l==="nvidia")?.binaryName;return u!==c?{id:i,verdict:"fail",question:s,found:u===void 0?"k3s will not render the runtime nvidia":`${u} instead of ${c}`,cause:`${d?.path??"a template"} sets the runtimes itself, and no restart changes that`,remedy:`add {{ template "base" . }} as its first line and take the nvidia tables out, or move it away: sudo mv ${d?.path??""} /root/`}:ve(e,n).length>0?{id:i,verdict:"skip",question:s,found:"not yet: the plan restarts k3s, which brings it; it is confirmed then"}:!o&&!a?(0,m.uG)(i,s,"neither config.toml nor crictl could be read"):a&&!a.includes("nvidia")?{id:i,verdict:"fail",question:s,found:`config.toml has it, but the running containerd names only ${a.join(", ")||"no handler"}`,cause:"containerd dropped the table, or still runs with an older configuration",remedy:`on the host: sudo tail /var/lib/rancher/k3s/agent/containerd/containerd.log; sudo systemctl restart ${t.k3s.unit}`,evidence:[`${o?.path??"config.toml"}: runtimes ${It(o?.text)}`]}:(0,m.bF)(i,s,`${c}${a?", and the running containerd names it":""}`)}const It=(e="")=>Y(e).runtimes.map(({name:n})=>n).join(", ")||"none";function yo(e,n){const{gpu:t}=e,i="gpu.restart-pending",s="Would the next restart of k3s change what containerd runs with?",{rendered:o}=t.containerd;if(!o)return(0,m.uG)(i,s,"k3s has rendered no configuration yet, or it could not be read");if(ve(e,n).length>0)return{id:i,verdict:"skip",question:s,found:"yes: the plan restarts it"};const{config:a}=Fe(t,n),r=Y(o.text),[d,c]=[r,a].map(l=>l.defaultRuntime||"runc"),u=c==="runc"||a.runtimes.some(({name:l})=>l===c);return d!==c&&u&&!wt(t)?{id:i,verdict:"warn",question:s,found:`the default runtime is ${d}, and ${c} after the next restart`,cause:"somebody changed default-runtime without restarting k3s",remedy:`restart it when it suits: sudo systemctl restart ${t.k3s.unit}; or take the change back`}:(0,m.bF)(i,s,"no")}const wo=e=>/driver\/library version mismatch/i.test(e.smi.said);function Tt(e){const{loaded:n,userSpace:t}=e.driver,i=n!==""&&t!==""&&n!==t;return wo(e)||i&&e.devices.length===0}function bo(e){return`install it, then reboot: ${{apt:"`sudo ubuntu-drivers install --gpgpu` (Ubuntu) or `sudo apt-get install nvidia-driver` (Debian, non-free)",dnf:"the package `nvidia-open` or `cuda-drivers` of NVIDIA's repository for this distribution",zypper:"the package `nvidia-open-driver-G06-signed` with `nvidia-compute-utils-G06` of SUSE's or NVIDIA's repository","":"the driver as its distribution says"}[e.toolkit.packageManager]}; this action installs no driver`}const Oo=e=>e.driver.kernelLog.some(n=>n.includes("Key was rejected by service"));function Et(e,n){const{driver:t,pci:i}=e;return i.length>0&&i.every(s=>s.driver==="vfio-pci")?{cause:"the card is set aside for virtual machines: vfio-pci holds it",remedy:"take its ids out of `vfio-pci.ids` (kernel command line, /etc/modprobe.d), rebuild the initramfs and reboot"}:t.isNouveauLoaded||i.some(s=>s.driver==="nouveau")?{cause:"nouveau, the kernel's own driver, holds the card, so NVIDIA's cannot be loaded",remedy:"printf 'blacklist nouveau\\noptions nouveau modeset=0\\n' | sudo tee /etc/modprobe.d/blacklist-nouveau.conf; rebuild the initramfs (sudo update-initramfs -u, or sudo dracut --force) and reboot"}:t.onDisk===""?t.packages.length>0?{cause:`the driver is installed, but there is no module of it for the running kernel${n&&` ${n}`}`,remedy:`sudo apt-get install linux-headers-${n||"$(uname -r)"} && sudo dkms autoinstall && sudo modprobe nvidia (elsewhere: the kernel's headers, or its package of ready modules)`}:{cause:"there is no NVIDIA driver on this host",remedy:bo(e)}:t.secureBoot==="enabled"||Oo(e)?{cause:`Secure Boot ${t.secureBoot==="enabled"?"is on":"may be on"}, and the kernel loads only modules whose key it knows`,remedy:"enrol the key that signed the module (sudo mokutil --import /var/lib/shim-signed/mok/MOK.der, then confirm at the machine's console at the next boot), install the distribution's signed modules, or switch Secure Boot off in the firmware"}:{cause:`the module (${t.onDisk}) is on the disk, but it is not loaded`,remedy:'sudo modprobe nvidia; when it refuses: sudo dmesg | grep -iE "nvrm|nvidia" tells why'}}const xo={cause:"a GPU has fallen off the bus (Xid 79): power, heat, riser, or a hardware fault",remedy:"reboot, better switch the machine off and on; when it comes back: power cables, seat of the card, temperature"},Dt=[{codes:[9],words:/couldn't communicate with the NVIDIA driver/i,why:Et},{codes:[12],words:/couldn't find libnvidia-ml\.so|could not load NVML/i,why:e=>e.driver.userSpace===""?{cause:"libnvidia-ml.so.1, the library that belongs to the driver, is not on this host",remedy:`install the driver's libraries in the version of the module${e.driver.loaded&&` (${e.driver.loaded})`}, e.g. the package libnvidia-compute-<branch> or nvidia-driver-cuda-libs`}:{cause:"libnvidia-ml.so.1 is there, but the loader does not find it",remedy:"sudo ldconfig; when that does not help, reinstall the packages of the driver"}},{codes:[15],words:/GPU is lost|Unable to determine the device handle/i,why:()=>xo},{codes:[6],words:/No devices were found|No supported GPUs were found/i,why:e=>({cause:/No supported GPUs/i.test(e.smi.said)?"the driver is loaded, but no card is bound to it, or this branch of it does not know the card":"the driver is loaded, but could not start the card: firmware, power, passthrough to a virtual machine, or a branch that does not know it",remedy:'sudo dmesg | grep -iE "nvrm|rminitadapter" names the reason; switch the machine off and on; for a new card the open modules of a newer driver, and Above 4G Decoding in the firmware'})},{codes:[4],words:/Insufficient Permissions/i,why:()=>({cause:"the user may not ask the driver",remedy:"give `sudo-password`, or let the user become root without one; sudo nvidia-smi shows whether that helps"})},{codes:[8],words:/power cables/i,why:()=>({cause:"the card's power cables are not attached properly",remedy:"switch the machine off, attach them, and try again"})},{codes:[10],words:/interrupt/i,why:()=>({cause:"the kernel has a problem with the interrupts of a GPU",remedy:"sudo dmesg | grep -i nvrm; firmware (BIOS) update, another slot, or `pci=nomsi` on the kernel command line"})}];function _o(e,n){const{smi:t,driver:i}=e;if(!t.isInstalled)return i.loaded===""?Et(e,n):{cause:`the module (${i.loaded}) is loaded, but nvidia-smi is not on this host`,remedy:"install the programs of the driver in the same version: the package nvidia-utils-<branch>, or nvidia-driver-cuda"};if(t.exitCode===void 0)return{cause:"nvidia-smi gave no answer in 10 s: the driver or a GPU hangs",remedy:'sudo dmesg | grep -E "NVRM|Xid" names the reason; only a reboot ends a driver that hangs'};const{exitCode:s}=t,o=Dt.find(r=>r.words.test(t.said))??Dt.find(r=>r.codes.includes(s));if(o!==void 0)return o.why(e,n);const a=t.said.split(`
`)[0]?.slice(0,200)??"";return s===0||s===14?{cause:"nvidia-smi answered, but listed no GPU in the form that was asked for",remedy:"look at it on the host: nvidia-smi --query-gpu=index,uuid,name --format=csv"}:{cause:`nvidia-smi ended with exit code ${s}${a&&`: ${a}`}`,remedy:'sudo nvidia-smi and sudo dmesg | grep -E "NVRM|Xid" on the host say more'}}const Ro=/^(?:libnvidia-compute|nvidia-utils|nvidia-compute-utils|nvidia-driver|libnvidia-ml|nvidia-open$|cuda-drivers$|xorg-x11-drv-nvidia-cuda)/;function bn(e){return e.driver.packages.filter(({name:t})=>Ro.test(t)).map(({version:t})=>Ve(t)).filter(t=>t!=="").sort(Le).at(-1)??""}function Po({gpu:e}){const n="gpu.driver-version",t="Have the parts of the driver one version, now and after the next boot?",{loaded:i,userSpace:s,onDisk:o}=e.driver;if(Tt(e)){const d=/NVML library version: ([\d.]+)/.exec(e.smi.said)?.[1]??"",c=s||d||"another version";return(0,m.oQ)(n,t,!1,`the module is ${i||"of another version"}, the libraries are ${c}`,{cause:"the driver was upgraded while its old module is loaded, so no new program gets the GPU",remedy:"reboot; or without one, after every program on the GPU has ended: sudo rmmod nvidia_drm nvidia_modeset nvidia_uvm nvidia && sudo nvidia-smi. Then hold the packages: `hold-packages: all`",evidence:[`loaded: ${i}`,`libraries: ${s||d}`,`module on disk: ${o}`]})}if(i==="")return(0,m.uG)(n,t,"no module is loaded");const a=[...o!==""&&o!==i?[`the module on disk is ${o}`]:[],...s!==""&&s!==i?[`a library on disk is ${s}`]:[],...bn(e)!==""&&Le(bn(e),i)>0?[`the packages are ${bn(e)}`]:[]],r=a.length===0;return(0,m.oQ)(n,t,r,r?i:`${i} is loaded, ${a.join(", ")}`,{verdict:"warn",cause:"the next boot changes the driver",remedy:"reboot at a moment of your choice and press the button again, so that the change meets nobody unprepared"})}function Ao({gpu:e}){const n="gpu.nouveau",t="Is the card free of nouveau, the kernel's own driver?",i=e.pci.filter(a=>a.driver==="nouveau"),s=i.length===0&&!e.driver.isNouveauLoaded,o=i.length>0?`nouveau holds ${(0,m.H$)(i.map(a=>a.address))}`:"nouveau is loaded";return(0,m.oQ)(n,t,s,s?"not loaded":o,{verdict:i.length>0?"fail":"warn",cause:"a card has one driver: NVIDIA's cannot have one that nouveau holds",remedy:"printf 'blacklist nouveau\\noptions nouveau modeset=0\\n' | sudo tee /etc/modprobe.d/blacklist-nouveau.conf; rebuild the initramfs (sudo update-initramfs -u, or sudo dracut --force) and reboot"})}function No({gpu:e}){const n="gpu.secure-boot",t="Does Secure Boot let the driver's module in?",{secureBoot:i,loaded:s,onDisk:o,kernelLog:a}=e.driver,r=a.filter(d=>d.includes("Key was rejected by service"));return s!==""?(0,m.bF)(n,t,`${i==="unknown"?"it":i}; the module is loaded`):r.length===0&&i==="disabled"?(0,m.bF)(n,t,"off"):r.length===0&&(i==="unknown"||o==="")?(0,m.uG)(n,t,"no module was loaded that it could have refused"):(0,m.oQ)(n,t,!1,r.length>0?"the kernel refused it":"on, and no module is loaded",{verdict:r.length>0?"fail":"warn",cause:"the kernel loads only modules that are signed with a key it knows",remedy:"enrol the key (sudo mokutil --import /var/lib/shim-signed/mok/MOK.der, then confirm at the machine's console at the next boot), or use the distribution's signed modules, or switch Secure Boot off in the firmware; over SSH alone it cannot be done",...r.length>0&&{evidence:r.slice(-3)}})}function So({gpu:e}){const n="gpu.next-kernel",t="Does the driver also have a module for the kernel that the next boot starts?",{nextKernel:i}=e.driver;if(i===void 0)return(0,m.bF)(n,t,"the newest installed kernel runs");const{release:s,hasModule:o}=i;return(0,m.oQ)(n,t,o,`${s} ${o?"has one":"has none"}`,{verdict:"warn",cause:"after the next boot the driver would not be loaded, and the GPU would be gone",remedy:`sudo apt-get install linux-headers-${s} && sudo dkms autoinstall -k ${s} (elsewhere: the headers, or the ready modules, of that kernel)`})}function Io({gpu:e}){const n="gpu.reboot",t="Is no reboot pending?",i=e.driver.rebootPending,s=(0,m.H$)(i.filter(o=>o!==""));return(0,m.oQ)(n,t,i.length===0,i.length===0?"none":`pending${s&&` for ${s}`}`,{verdict:"warn",cause:"upgraded packages take effect at the next boot only; until then the host runs what was there before",remedy:"sudo reboot at a moment of your choice; this action never reboots a host"})}function To({gpu:e}){const n="gpu.inforom",t="Is the card's own memory of itself (infoROM) whole?";if(e.devices.length===0)return(0,m.uG)(n,t,"the driver does not answer");const i=/infoROM is corrupted[^\n]*/i.exec(e.smi.said)?.[0]??"",s=e.smi.exitCode!==14&&i==="";return(0,m.oQ)(n,t,s,s?"no complaint":i||"nvidia-smi ended with exit code 14",{verdict:"warn",cause:"a part of the card that holds its serial number and error counters is damaged; it computes all the same",remedy:"none needed now; a card that also shows Xid errors should be replaced"})}function Eo(e){return[Po,Ao,No,So,Io,To].map(n=>n(e))}const jt=e=>{const[n="",...t]=e.toLowerCase().split(":");return[Number.parseInt(n,16).toString(16),...t].join(":")};function Do({wish:e,gpu:n}){const t="gpu.count",i="Are all GPUs there?",s=n.devices.length;if(s===0)return(0,m.uG)(t,i,"the driver lists none");const o=new Set(n.devices.map(u=>jt(u.pciBusId))),r=n.devices.every(u=>u.pciBusId!=="")?n.pci.filter(u=>!o.has(jt(u.address))):[],d=`${n.pci.length} on the bus, ${s} listed by the driver${e.expectGpus===void 0?"":`, ${e.expectGpus} expected`}`;if(e.expectGpus!==void 0&&s!==e.expectGpus)return(0,m.oQ)(t,i,!1,d,{verdict:s<e.expectGpus?"fail":"warn",cause:s<e.expectGpus?"a card is out, dead, or not served by the driver":"the machine has more cards than expect-gpus says",remedy:s<e.expectGpus?'sudo dmesg | grep -E "NVRM|Xid"; power and seat of the cards; or set `expect-gpus` to what the machine has':"set `expect-gpus` to what the machine has",...r.length>0&&{evidence:r.map(u=>`${u.address} ${u.id} ${u.driver||"no driver"}`)}});const c=r.filter(u=>u.driver==="nvidia");return(0,m.oQ)(t,i,r.length===0,d,{verdict:c.length>0&&e.expectGpus===void 0?"fail":"warn",cause:c.length>0?`the driver holds ${(0,m.H$)(c.map(u=>u.address))} and does not list it: it could not be started, or fell off the bus`:`not with NVIDIA's driver: ${(0,m.H$)(r.map(u=>`${u.address} (${u.driver||"no driver"})`))}`,remedy:c.length>0?'sudo dmesg | grep -E "NVRM|Xid"; switch the machine off and on; or accept it with `expect-gpus`':"none needed where that is meant; `expect-gpus` says how many there should be"})}function jo({wish:e,gpu:n}){const t="gpu.product",i="Are they the expected product?";if(n.devices.length===0)return(0,m.uG)(t,i,"the driver lists no GPU");const s=[...new Set(n.devices.map(r=>r.name))],o=n.devices.filter(r=>r.name!==e.expectProduct),a=e.expectProduct===void 0||o.length===0;return(0,m.oQ)(t,i,a,(0,m.H$)(s),{cause:`expect-product says ${e.expectProduct}, but ${o.length} of ${n.devices.length} ${o.length===1?"is":"are"} another: the wrong machine, or another card was put in`,remedy:`look whether this is the right host; else write the name as nvidia-smi prints it: ${(0,m.H$)(s)}`})}function Mo({host:e,gpu:n}){const t="gpu.processes",i="Who uses the GPU now?";if(!e.gpu.areProcessesKnown)return(0,m.oQ)(t,i,!1,"could not be found out",{verdict:"warn",cause:"the driver did not list the processes; the GPU counts as used",remedy:"nothing to do: what could disturb it is not done unless `allow-gpu-disruption` says so"});const s=(0,m.gD)(e),o=e.gpu.processes.length-s.length,a=o===0?"":`${o} process${o===1?"":"es"} in pods`;if(s.length===0)return(0,m.bF)(t,i,a||"nobody");const r=(0,m.H$)(s.map(l=>`${l.name} (pid ${l.pid}, ${l.ownerDetail||l.owner})`)),d=s.reduce((l,f)=>l+(f.usedMemoryMiB??0),0),c=n.devices.reduce((l,f)=>l+(f.memoryTotalMiB??0),0),u=d>0?`, ${d}${c>0?` of ${c}`:""} MiB`:"";return(0,m.oQ)(t,i,!1,`outside the cluster: ${r}${u}${a&&`; ${a}`}`,{verdict:"warn",cause:"the cluster does not know of it: it gives the GPU to a pod as if nobody used it, and both share its memory",remedy:"leave enough memory for both, or move that program into the cluster; it is not disturbed unless `allow-gpu-disruption` says so"})}function Go({wish:e,gpu:n}){const t=o=>o.version!==""&&!o.isHeld,i=e.holdPackages==="all"?[]:n.driver.packages.filter(t),s=e.holdPackages==="none"?n.toolkit.packages.filter(t):[];return[...i,...s]}function Co(e){const n="gpu.upgrades",t="Can no unattended upgrade replace driver or toolkit under a running GPU?";if(!e.gpu.driver.hasUnattendedUpgrades)return(0,m.bF)(n,t,"unattended upgrades are off");const i=Go(e),s=i.some(({name:o})=>Q.includes(o));return(0,m.oQ)(n,t,i.length===0,i.length===0?"held":`not held: ${(0,m.H$)(i.map(({name:o})=>o))}`,{verdict:"warn",cause:s?"upgrades happen by themselves here; one of the toolkit to a part only, or of the driver, breaks new containers at once":"upgrades happen by themselves here; after one of the driver no new program gets the GPU until the next boot",remedy:"`hold-packages: all`, or by hand: sudo apt-mark hold <packages>; then upgrade them when you can reboot"})}const Uo=e=>[...e.deviceLinks.missing.length>0?[`no link in /dev/char for ${(0,m.H$)(e.deviceLinks.missing)}`]:[],...e.deviceLinks.hasRule?[]:["no udev rule that makes them at boot"]].join(", ");function qo({gpu:e}){const n="gpu.device-links",t="Do containers keep the GPU when systemd reloads its units?";if(!e.deviceLinks.isNeeded)return(0,m.bF)(n,t,"systemd does not manage their control groups here");const i=Uo(e);return(0,m.oQ)(n,t,i==="",i||"the links are there, and a rule makes them at boot",{verdict:"warn",cause:"a container whose devices have no link in /dev/char loses them at the next daemon-reload: `Failed to initialize NVML: Unknown Error`",remedy:"`toolkit: install` makes them; by hand: sudo nvidia-ctk system create-dev-char-symlinks --create-all"})}function Fo(e){return[Do,jo,Mo,Co,qo].map(n=>n(e))}function Mt(e){const n=new Map;for(const{name:t}of e.devices)n.set(t,(n.get(t)??0)+1);return(0,m.H$)([...n].map(([t,i])=>`${i} \xD7 ${t||"a GPU without a name"}`))}function Vo({wish:e,gpu:n}){const t="gpu.present",i="Is an NVIDIA GPU in this host?";return n.pci.length>0?(0,m.bF)(t,i,(0,m.H$)(n.pci.map(s=>`${s.address} (${s.id})`))):n.devices.length>0?(0,m.bF)(t,i,`${Mt(n)}, not on the PCI bus`):(e.expectGpus??0)===0?{id:t,verdict:"skip",question:i,found:"no NVIDIA device on the PCI bus"}:(0,m.oQ)(t,i,!1,"no NVIDIA device on the PCI bus",{cause:`expect-gpus says ${e.expectGpus}: the card is out, dead, or switched off in the firmware`,remedy:"look at the machine: power and seat of the card; lspci -nn -d 10de: lists what is there"})}function Lo({host:e,gpu:n}){const t="gpu.driver",i="Does the driver answer?";if(n.devices.length>0){const r=n.devices[0]?.driverVersion||n.driver.loaded,d=n.cudaVersion&&`, CUDA up to ${n.cudaVersion}`;return(0,m.bF)(t,i,`driver ${r}${d}: ${Mt(n)}`)}if(Tt(n))return(0,m.uG)(t,i,"its parts have different versions, see gpu.driver-version");const{smi:s}=n,o=s.isInstalled?s.exitCode===void 0?"no answer":`nvidia-smi ended with exit code ${s.exitCode}`:"nvidia-smi is not installed",a=[...s.said.split(`
`).slice(0,5),...n.driver.kernelLog.slice(-5)].filter(r=>r!=="");return(0,m.oQ)(t,i,!1,o,{..._o(n,e.kernel),...a.length>0&&{evidence:a}})}function zo(e){const n=Vo(e);return n.verdict!=="pass"?[n]:[n,Lo(e),...Eo(e),...Fo(e)]}function Bo(e,n){return n.pci.length===0?[]:[Ho(e,n),Wo(e,n)]}function Ho(e,n){const t="gpu.toolkit",i="Is NVIDIA's container toolkit there, whole, and as asked for?",s=Xe(n),o=_e(e,n);if(o)return{id:t,verdict:"pass",question:i,found:`${o.reason}; this run installs ${o.version}`};const a="let this action install it (`toolkit: install`)";if(s.kind==="none")return{id:t,verdict:"fail",question:i,found:"not installed",cause:"without nvidia-container-runtime no container gets a GPU",remedy:`${a}, or install it by hand; see NVIDIA's guide`};if(s.kind==="mixed")return{id:t,verdict:"fail",question:i,found:Mn(s.installed),cause:"its four packages only fit together at one version",remedy:a};const r=s.kind==="whole"?s.version:`${s.version||"unknown version"}, ${s.path}, from no package`;return e.toolkitVersion!==void 0&&s.version!==e.toolkitVersion?{id:t,verdict:"fail",question:i,found:r,cause:`${e.toolkitVersion} is asked for, and \`toolkit: verify\` changes nothing`,remedy:`${a}, or ask for the version that is there`}:s.version!==""&&jn(s.version,Je)?{id:t,verdict:e.toolkit==="verify"?"fail":"warn",question:i,found:r,cause:`before ${Je} an image can break out of its container (CVE-2025-23266, CVE-2025-23267)`,remedy:`toolkit-version: ${He}`}:{id:t,verdict:"pass",question:i,found:r}}function Wo(e,n){const t="gpu.toolkit-repository",i="Do the toolkit's packages come from where they should, signed by the right key?",{packageManager:s,repository:o,keyFingerprints:a}=n.toolkit,{keys:r}=Ye(e),d=a.filter(u=>!r.includes(u));if(d.length>0)return{id:t,verdict:"fail",question:i,found:`${o.keyring||"the keyring"} holds ${d.join(", ")}`,cause:`wanted: only ${r.join(" or ")}. Whoever has the other key can give this host packages that run as root`,remedy:"find out whose key it is; for a mirror of your own give `repository` and `repository-keys`, else move the file away",evidence:o.urls.slice(0,8)};if(_e(e,n)&&s==="")return{id:t,verdict:"fail",question:i,found:"neither apt nor dnf nor zypper",cause:"this action installs the toolkit with a package manager only",remedy:"install the toolkit with that system's own means, and set `toolkit: verify`"};if(o.path==="")return{id:t,verdict:"pass",question:i,found:"none is set up yet"};const c=`${o.urls.slice(0,3).join(", ")||"no address"} (${o.path})`;return o.keyring!==""&&a.length===0?{id:t,verdict:"skip",question:i,found:`${c}; unknown: the keys in ${o.keyring} could not be read`}:{id:t,verdict:"pass",question:i,found:c}}function Ko({wish:e,reading:n,gpu:t}){const i="gpu.node",s="Is the node there, and Ready?",{node:o}=n;if(o===void 0)return(0,m.oQ)(i,s,!1,`the cluster has no node ${e.node}`,{cause:"the machine has not joined, or under another name",remedy:"join it first (action k3s-join), or give the name that kubectl get nodes shows"});const a=e.quarantineTemplate&&t.containerd.templates.length>0,r=`Ready=${o.ready} ${o.readyReason} ${o.readyMessage}`.trim();return(0,m.oQ)(i,s,o.ready==="True",r,{verdict:a?"warn":"fail",cause:"the kubelet does not run, or cannot run pods: a device plugin would not start",remedy:a?"none yet: the containerd template that is moved aside may be the cause":`kubectl describe node ${e.node}; on the host: journalctl -u ${t.k3s.unit||"k3s-agent"} -n 50`})}const Gt=`echo '{"apiVersion":"node.k8s.io/v1","kind":"RuntimeClass","metadata":{"name":"nvidia"},"handler":"nvidia"}' | kubectl apply -f -`;function Qo({wish:e,reading:n}){const t="gpu.runtime-class",i="Does the RuntimeClass nvidia lead to the runtime that k3s renders?",s=e.devicePlugin==="apply"?"fail":"warn",o=n.runtimeClass;return o===void 0?(0,m.oQ)(t,i,!1,"there is no RuntimeClass nvidia",{verdict:s,cause:"the servers run with --disable=runtimes, or are older than the releases of k3s that ship it (k3s-io/k3s#8751)",remedy:`start the servers without --disable=runtimes, or: ${Gt}`}):(0,m.oQ)(t,i,o.handler==="nvidia",`handler ${o.handler}`,{verdict:s,cause:`k3s renders the NVIDIA runtime under the name nvidia; a pod of this class would ask containerd for "${o.handler}"`,remedy:`a handler cannot be changed: kubectl delete runtimeclass nvidia, then: ${Gt}`})}function Jo({wish:e,reading:n}){if(e.devicePlugin==="none")return;const t="gpu.plugin-owner",i="Whose is the device plugin?",s=ne(n),o=an(n),a=o.map(h=>`${A(h)} of ${Ee(h).words}`),r=o.flatMap(h=>tn(h).map(g=>`${A(h)} ${g}`)),d=r.length>0?{evidence:r.slice(0,8)}:{},c=[...s?[`${A(s)} of this project`]:[],...a].join(", ")||"there is none";if(e.devicePlugin==="absent")return(0,m.bF)(t,i,`${c}; what is of others stays`);if(e.devicePlugin==="verify"){const h=te(n);return h===void 0?(0,m.oQ)(t,i,!1,c,{cause:"nothing tells the kubelet of the GPU, so no pod can ask for one",remedy:"press again with `device-plugin: apply`"}):(0,m.oQ)(t,i,r.length===0,c,{verdict:"warn",cause:"it may work today; this is how such plugins break",remedy:rn(o.find(g=>tn(g).length>0)??h),...d})}const u=je(n,e),l=o.filter(h=>h!==u),[f]=l;if(f!==void 0){const h=!Ie(f);return(0,m.oQ)(t,i,!1,c,{cause:h?`${A(f)} has the name that our DaemonSet needs, and is not ours`:"two device plugins for one GPU take it from each other: both register nvidia.com/gpu at the kubelet",remedy:l.length===1?rn(f):l.map(g=>`${A(g)}: ${rn(g)}`).join("; "),...d})}if(e.replaceDevicePlugin!==""&&u===void 0&&s===void 0)return(0,m.oQ)(t,i,!1,c,{cause:`replace-device-plugin names ${e.replaceDevicePlugin}, and there is no such plugin`,remedy:"leave replace-device-plugin empty, or give the namespace and name that kubectl get daemonsets -A shows"});if(n.hasClusterPolicy===!0)return(0,m.oQ)(t,i,!1,"none yet, but gpu-operator is installed (clusterpolicies.nvidia.com)",{cause:"it waits for a node with a GPU: as soon as one is labelled, it brings its own plugin, toolkit and driver",remedy:"leave the GPU to it, or remove it: helm uninstall gpu-operator -n gpu-operator. When it is gone already and only its CRD stayed: kubectl delete crd clusterpolicies.nvidia.com"});const p=u===void 0?c:`${A(u)}, which is replaced by ours as asked for`;return(0,m.bF)(t,i,s===void 0&&u===void 0?"there is none; ours is made":p)}function Yo({wish:e,reading:n}){if(e.devicePlugin==="none"||e.devicePlugin==="absent")return;const t="gpu.tolerations",i="Do the pods of the device plugin come to the node?",{node:s}=n;if(s===void 0)return(0,m.uG)(t,i,"there is no such node");if(e.devicePlugin==="apply"){const d=De(n.gpuNodes).map(ee.eh);return(0,m.bF)(t,i,d.length===0?"no taint is in the way":`tolerated: ${(0,m.H$)(d,8)}`)}const o=te(n);if(o===void 0)return(0,m.uG)(t,i,"there is no device plugin");const a=sn(L(o),s),r=Ee(o).kind==="helm";return(0,m.oQ)(t,i,a.length===0,a.length===0?`${A(o)} does`:a.join("; "),{cause:`${A(o)} is not made for this node, so its DESIRED does not count it (NVIDIA/k8s-device-plugin#708)`,remedy:r?"give the chart the values tolerations and nodeSelector that fit: helm upgrade \u2026 --reuse-values --set-json \u2026; or press with `device-plugin: apply` after helm uninstall":"add the toleration or the label where the plugin is kept, or let ours be made: `device-plugin: apply`",evidence:[`taints: ${s.taints.map(ee.eh).join(", ")||"none"}`]})}function Xo(e){return[Ko,Qo,Jo,Yo].map(t=>t(e)).filter(t=>t!==void 0)}const Ct=`${G}/${V}`;function Zo({wish:e,reading:{node:n}}){return n===void 0||e.devicePlugin==="absent"?!1:n.labels[_]==="true"?Ke(n.annotations):e.devicePlugin==="apply"}function ea({wish:e,reading:n}){const{node:t,gpuNodes:i}=n;if(t===void 0)return[];const s=[],o=t.labels[_];o!=="true"&&s.push({id:w.label,kind:"label",target:`node ${t.name}: ${_}=true`,reason:o===void 0?"the device plugin runs where this label is":`it says ${o}`,undo:o===void 0?"the label is taken away":`the label is set to ${o} again`});const a=je(n,e);if(a!==void 0){const u=tn(a).slice(0,2).join("; ");s.push({id:w.replacePlugin,kind:"delete",target:`DaemonSet ${A(a)} (uid ${a.uid})`,reason:`replace-device-plugin names it${u===""?"":`: it ${u}`}`,disrupts:"for some seconds no new pod gets a GPU; pods that have one keep it",undo:"it is made again as it was read"})}const r=on({image:e.devicePluginImage,taints:De(i)}),d=ne(n),c=d===void 0?[]:Hn(r,d);if(d===void 0||c.length>0){const u=c.filter(l=>!l.startsWith(".metadata.annotations")).slice(0,3);s.push({id:w.applyPlugin,kind:"apply",target:`DaemonSet ${Ct}, ${e.devicePluginImage}`,reason:d===void 0?"nothing tells the kubelet of the GPU":`differs in ${u.join(", ")||"what this version sets"}`,...d===void 0?{}:{disrupts:"the plugin starts anew on every GPU node; pods that have a GPU keep it"},undo:d===void 0?"the DaemonSet is deleted":"none: the next run applies what is wanted then"})}return s}function na({reading:e}){const{node:n,gpuNodes:t}=e,i=[],s=ne(e),o=t.filter(a=>a.name!==n?.name&&a.labels[_]==="true");return s!==void 0&&o.length===0&&i.push({id:w.deletePlugin,kind:"delete",target:`DaemonSet ${Ct} (uid ${s.uid})`,reason:"device-plugin: absent, and no other node has its label",disrupts:"no new pod gets a GPU; pods that have one keep it",undo:"none: device-plugin: apply makes it again"}),n!==void 0&&n.labels[_]!==void 0&&Ke(n.annotations)&&i.push({id:w.unlabel,kind:"label",target:`node ${n.name}: ${_} is taken away`,reason:"device-plugin: absent, and this project set it",...o.length>0?{disrupts:`the plugin leaves this node; it stays on ${o.length} other${o.length===1?"":"s"}`}:{},undo:"none: device-plugin: apply sets it again"}),i}function On(e,n){const{wish:t,reading:i}=e,s=Xo(e),o=t.devicePlugin==="apply"?ea(e):t.devicePlugin==="absent"?na(e):[],{node:a}=i;if(a===void 0)return{changes:o,checks:s};const r=a.annotations[J],d=Ut(e,n),c={id:w.record,kind:"annotate",target:`node ${a.name}: ${J}`,reason:r===void 0?"says which GPUs, driver and toolkit were found":"what was found is no longer what it says",undo:"not needed: a hint only"};return{changes:r===d?o:[...o,c],checks:s}}function Ut(e,n){return $i(e.gpu,{...n?{toolkit:n}:{},isLabelOurs:Zo(e)})}const qt=({gpu:e})=>e.pci.length>0||e.devices.length>0,xn=Oe,Ft=e=>xn.includes(e),_n=e=>e.map(({id:n})=>n).filter(Ft);function ta(e){const{wish:n,gpu:t}=e,i=zo(e);if(!qt(e))return i;const s=_n(Re(n,t).changes);return[...i,...Bo(n,t),...$o(e,s),...On(e).checks]}function ia(e,n){const{host:t,wish:i,gpu:s}=e;if(!qt(e))return{plan:{changes:i.devicePlugin==="absent"?On(e).changes:[],blockers:n},restart:[]};const o=Re(i,s),a=lo(e,_n(o.changes)),r=({id:u})=>Ft(u)?xn.indexOf(u):xn.length,d=[...o.changes,...a].toSorted((u,l)=>r(u)-r(l)),c=[...d,...On(e,o.version).changes];return{plan:{changes:c,blockers:[...n,...(0,m.h_)(t,c,i.allowGpuDisruption)]},restart:a.some(({id:u})=>u==="restart")?ve(e,_n(d)):[]}}function sa(e){return[vo(e)]}async function oa(e,n,t){const[i,s,o,a]=await Promise.all([e.nodesWithLabel(_,"true",t),e.daemonSets(t),e.podsOnNode(n,t),e.runtimeClass("nvidia",t)]),r=i.some(({name:g})=>g===n),d=!s.some(g=>Te(g)||Ie(g)),[c,u]=await Promise.all([r?void 0:e.node(n,t),d?e.hasResource("nvidia.com/v1","clusterpolicies",t):void 0]),l=c===void 0?i:[...i,c],f=l.find(({name:g})=>g===n),p={...f===void 0?{}:{node:f},gpuNodes:l,daemonSets:s,pods:o,...a===void 0?{}:{runtimeClass:a},...u===void 0?{}:{hasClusterPolicy:u}},h=await aa(e,p,t);return h===void 0?p:{...p,pluginConfig:h}}async function aa(e,n,t){const i=te(n),s=i===void 0?"":L(i).configMap;if(!(i===void 0||s===""))try{return await e.configMap(i.namespace,s,t)}catch(o){if(o instanceof ee.b$&&o.code==="forbidden")return;throw o}}const ra=[S["survey-smi"],S["survey-driver"],S["survey-packages"],S["survey-runtime"],S.survey].join(`
`);async function da(e,n,t){const i=await e.run({name:"undo",script:[S.files,x.gY,x.O,S.packages,S.undo].join(`
`),env:{RUN_ID:(0,x.np)(n),HOLDER:(0,x.$R)(t.holder??`undo of run ${n}`),LOCK_WAIT:(0,x.ET)(t),UNIT:t.unit},privilege:"root",timeoutMs:t.timeoutMs,signal:t.signal}),s=Qe(e.label,"the undo",i);if(s)throw s;const o=a=>i.lines.flatMap(r=>typeof r[a]=="string"?[r[a]]:[]);return{undone:[...new Set(o("undone"))],remaining:o("remaining"),evidence:o("evidence")}}const ca=["label-node","replace-device-plugin","apply-device-plugin","delete-device-plugin","unlabel-node"];async function la(e,n,t){const{run:i,cluster:s,inputs:o,signal:a}=e,r=new Set((0,m.Jp)(n.plan).map(({id:d})=>d).filter(d=>ca.includes(d)));if(r.size!==0){if(o.dryRun)throw new Error("the cluster would be changed, and this is a dry run");await i.stage("Change the cluster",async d=>{const c=l=>{i.record.applied(l),t.inCluster.push(l),d(`  ${(0,m.Jp)(n.plan).find(f=>f.id===l)?.target??l}`)},{oldPods:u}=await ss(s,n.situation,r,c,a);t.oldPods=u})}}var ze=y(3133),R=y(7949),Rn=y(1461),Vt=y(6605);const we=(e,n)=>(0,m.Jp)(e.plan).some(t=>t.id===n);async function Lt(e,n,t,i){if(e.inputs.dryRun)throw new Error(`${t} would be a change, and this is a dry run`);if(!we(n,t))throw new Error(`${t} is not in the plan`);const s=await i();return e.run.record.applied(t),s}async function zt({cluster:e,inputs:n,signal:t}){const s=(await e.canI(pi(n.wish),t)).filter(a=>!a.allowed);if(s.length===0)return;const o=s.map(a=>`${a.verb} ${a.resource}${a.group?`.${a.group}`:""}${a.namespace?` in ${a.namespace}`:""}`);throw new W.ae({code:"kubeconfig-rights",title:`${n.desired.node} cannot be prepared with this kubeconfig: it may not ${o[0]}`,cause:`the kubeconfig's user lacks ${o.length} of the rights that gpu-runtime needs`,remedy:"apply manifests/gpu-runtime-rbac.yaml with an administrator kubeconfig and use its service account",evidence:o.map(a=>`SelfSubjectAccessReview: not allowed: ${a}`)})}const ua=9e4;async function Bt({run:e,cluster:n,inputs:t,signal:i}){return await e.stage("Read the cluster",async s=>{const o=await oa(n,t.desired.node,i),{node:a,gpuNodes:r}=o,d=r.filter(c=>c.name!==a?.name).length;return s(a===void 0?`  there is no node ${t.desired.node}`:`  ${a.name} is ${a.ready==="True"?"Ready":`not Ready (${a.readyReason||a.ready})`}, ${a.kubeletVersion}; ${(0,R.U9)(d,"other node")} with GPUs`),o})}async function Pn(e,n,t=`Survey ${e.inputs.desired.node}`){const{run:i,inputs:s,signal:o}=e;return await i.stage(t,async a=>{const{lines:r}=await n.run({name:"survey",script:[x.kj,ze.$R,ra].join(`
`),privilege:"root-if-possible",timeoutMs:ua,signal:o}),d=(0,x.hx)(r,Date.now()),c=ro(d);n.hostKeyFingerprint&&a(`  ${n.label}, host key ${n.hostKeyFingerprint} \u2713 (${s.desired.access.hostKeySource})`);for(const u of fa(d,c))a(`  ${u}`);return pa(e,n,d,c),{host:d,gpu:c}})}const An=({toolkit:e})=>e.packages.find(({version:n})=>n!=="")?.version??"";function Ht({devices:e}){return[...new Set(e.map(({name:t})=>t))].map(t=>`${e.filter(i=>i.name===t).length} \xD7 ${t}`).join(", ")}function fa(e,n){const t=n.driver.loaded||n.devices[0]?.driverVersion,i=An(n);return[[e.os.prettyName||e.os.id||"unknown system",e.architecture,`kernel ${e.kernel}`].join(", "),n.pci.length===0&&n.devices.length===0?"no NVIDIA GPU":[Ht(n)||`${(0,R.U9)(n.pci.length,"NVIDIA device")} on the bus`,t?`driver ${t}`:"no driver loaded",n.cudaVersion===""?"":`CUDA ${n.cudaVersion}`,i===""?"no container toolkit":`container toolkit ${i}`,n.k3s.unit===""?"no k3s":`${n.k3s.unit} ${n.k3s.activeState}`].filter(Boolean).join(", ")]}function pa({run:e},n,t,i){Object.assign(e.outputs,{"gpu-count":String(i.devices.length),"gpu-products":JSON.stringify(i.devices.map(({name:s})=>s)),"driver-version":i.driver.loaded||(i.devices[0]?.driverVersion??""),"toolkit-version":An(i)}),Object.assign(e.facts,{host:[t.os.prettyName,t.architecture].filter(Boolean).join(", "),kernel:t.kernel,"host key":n.hostKeyFingerprint??"local transport",GPUs:i.devices.map(s=>`${s.index}: ${s.name}, ${s.uuid}, ${s.pciBusId}`).join("; ")||"none",driver:i.driver.loaded,CUDA:i.cudaVersion,"container toolkit":An(i),k3s:[i.k3s.unit,i.k3s.version].filter(Boolean).join(" "),runtimes:i.runtimes.map(({name:s,path:o})=>`${s} at ${o}`).join("; ")||"none"})}async function Wt(e,n,t,i){const{run:s,inputs:o}=e,a={wish:o.wish,host:i.host,gpu:i.gpu,reading:n},{checks:r,unknown:d}=(0,R.iL)(ta(a),o.ignoreChecks.filter(h=>cn(h)?.isIgnorable!==!1),it.map(({id:h})=>h));s.record.check(...r);for(const h of(0,R.gH)(r))s.runner.line(h);for(const{id:h,nearest:g}of d)s.runner.line(`  ! ignore-checks: there is no check ${h}${g?`; did you mean ${g}?`:""}`);for(const h of o.ignoreChecks.filter(g=>cn(g)?.isIgnorable===!1))s.runner.line(`  ! ignore-checks: ${h} cannot be ignored`);const c=new Set((0,R.Ki)(r,o.failOn).failing),u=h=>h.verdict==="fail"&&cn(h.id)?.isIgnorable===!1,l=r.filter(h=>c.has(h)||u(h));let f="";const p=await s.stage("Plan",async h=>{const{plan:g,restart:k}=ia(a,l);f=(0,R.MD)(g);for(const N of(0,R.EG)(g))h(N);return{host:t,situation:a,plan:g,restart:k}},()=>f);return s.plan=p.plan,s.outputs["restart-reason"]=p.restart.join(","),p}const ha=10*6e4,ma=6e4,ga=6e4;async function Kt({run:e,signal:n},{host:t},i){return await e.stage(`Call the GPU in running containers, ${i}`,async s=>{const o=await Ss(t,{signal:n,timeoutMs:ma}),a=o.filter(({outcome:r})=>r==="ok").length;return s(o.length===0?"  no container uses it":`  ${a} of ${(0,R.U9)(o.length,"container")} answered`),o})}async function $a(e,n){const{run:t,identity:i,inputs:s,signal:o}=e,{host:a,situation:r}=n,d=(0,m.Jp)(n.plan).map(({id:c})=>c).filter(c=>Oe.includes(c));d.length!==0&&await t.stage("Apply",async c=>{const u=_i({runId:i.runId,holder:i.label},s.wish,r.gpu,n.plan.changes,$n(r)),{interrupted:l,warnings:f}=await Ni(a,u,{signal:o,timeoutMs:ha,onStep:(p,h)=>{h==="done"&&t.record.applied(p)},onWaiting:p=>t.runner.line(`  waits for another run on this host: ${p}`)});d.includes("install-toolkit")&&c(`  toolkit ${Re(s.wish,r.gpu).version}`);for(const p of f)c(`  ! ${p}`);for(const{step:p}of l)c(`  an earlier run was interrupted here (${p}); what it left is as this run wants it`)})}async function va(e,n,t){if(!we(n,"restart"))return;const{run:i,cluster:s,inputs:o,signal:a}=e,{unit:r}=n.situation.gpu.k3s,{node:d}=o.desired,{node:c,leaseRenewedAtMs:u}=await s.read(d,a),l={node:d,version:c?.kubeletVersion??"",leaseBeforeMs:u,uidBefore:c?.uid,isFirstStart:!1,timeoutMs:o.timeoutMs};i.startedAtMs=i.record.elapsedMs(),await i.liveStage(`Restart ${r} (${n.restart.join(", ")}) and wait for Ready`,async f=>{t.isRestarted=!0;const p=await Lt(e,n,"restart",()=>ka(e,n,l,f));if(f(p.type==="ready"?"Ready":(0,Rn.YO)(p.state,l)),p.type!=="ready")throw(0,Rn.cr)(r,"restart",l,p,`did not come back after the restart of ${r}`)})}async function ka({run:e,cluster:n,inputs:t,signal:i},{host:s,situation:o},a,r){const{unit:d}=o.gpu.k3s,c=t.timeoutMs+ga;let u=!1;return await(0,m.k3)(a,{cluster:n,follow:(l,f)=>(0,x.iJ)(s,{unit:d,log:ze.f0.containerdLog,action:"restart",signal:f,onEvent:l,timeoutMs:c}),now:()=>performance.now(),judge:(0,Vt.Sl)(t.desired.node,d,"restart"),onEvent:l=>{if(e.record.applied("restart"),l.type==="unit"){l.isNew&&l.activeState==="active"&&!u&&(u=!0,r(`${d} up`));return}e.evidence.push((0,Vt.ag)({...l,atMs:0}));const f=l.source===void 0?(0,ze.Cw)(l.text):void 0;f!==void 0&&r(f)}},i)}async function ya(e,n,t){const{run:i,inputs:s}=e,{allowGpuDisruption:o}=s.wish,a=await Pn(e,n.host,`Survey ${s.desired.node} again`),r=sa({...n.situation,...a});i.record.check(...r);const d=r.filter(l=>l.verdict==="fail");if(d.length>0)throw(0,W.jL)(`the GPUs of ${s.desired.node} are not as wanted`,d);const c=t.length>0?await Kt(e,n,"after"):[],u=[(0,m.k_)(n.situation.host,a.host.gpu,o),ws(t,c,o)].flatMap(l=>l??[]);return i.record.check(...u),u.filter(l=>l.verdict==="fail")}var wa=y(2512);function ba({inputs:e},{situation:n},t,i,s){const{node:o}=e.desired,a=(0,W.jL)(`the GPUs of ${o} are not usable`,t),d=[...(i?.state.pods??s.filter(u=>u.images.some(l=>l.includes("device-plugin")))).flatMap(({problems:u})=>u),...i?.state.events??[],...i?.state.log??[],...n.gpu.smi.said.split(`
`)].filter(u=>u.trim()!=="");if(i?.type!=="hopeless"||d.length===0)return a;const c=(0,wa.h4)({stage:"plugin",subject:o,fails:"does not offer its GPUs",texts:d});return c?new W.ae({...c,evidence:[...c.evidence,...a.failure.evidence].slice(0,20)}):a}async function Nn(e,n,t){const{run:i,inputs:s}=e,{reading:o}=n.situation,a=["apply-device-plugin","replace-device-plugin","label-node","restart"].some(f=>i.record.parts().applied.includes(f)),r={node:o.node,pods:o.pods,plugin:te(o)},d=s.wish.devicePlugin==="apply"||s.wish.devicePlugin==="verify",c=d&&!a?await Qt(e,n,r):[],u=c.every(({verdict:f})=>f!=="fail"),l=d&&(a||!u)?await Oa(e,n,t,r):r;await i.stage("Confirm",async f=>{const p=l===r?[...c]:[...await Qt(e,n,l)],h=a?ys(o.pods,l.pods,s.wish.allowGpuDisruption):void 0;h&&p.push(h),i.record.check(...p);const g=Object.entries(l.node?.allocatable??{}).filter(([O])=>Ae(O));i.outputs.allocatable=JSON.stringify(Object.fromEntries(g)),i.facts.allocatable=g.map(([O,B])=>`${O}: ${B}`).join(", ")||"no GPU";const k=p.filter(({verdict:O})=>O==="fail");if(k.length>0)throw ba(e,n,k,l.outcome,l.pods);const N=["confirm.plugin","capacity.complete","confirm.gpu-pods"],$=p.filter(({id:O,verdict:B})=>B==="pass"&&N.includes(O));f(`  ${$.map(({found:O})=>O).join("; ")||"the device plugin was not looked at"}`);for(const O of p.filter(({verdict:B})=>B!=="pass"))f(`  ! ${O.id}  ${O.found}`)})}async function Qt(e,n,t){const{situation:i}=n,s={wish:i.wish,gpu:i.gpu,node:t.node,plugin:t.plugin,expected:Bn(i.gpu,t.plugin,await Jt(e,t.plugin),t.node),pods:t.pods,...t.outcome?{outcome:t.outcome}:{}};return $s(s)}async function Jt({cluster:e,signal:n},t){const i=t?L(t).configMap:"";return t&&i!==""?await e.configMap(t.namespace,i,n):void 0}async function Oa(e,n,t,i){const{run:s,cluster:o,inputs:a,signal:r}=e,{reading:d}=n.situation,{applied:c}=s.record.parts(),u=["apply-device-plugin","replace-device-plugin"].some(h=>c.includes(h)),l=u?te({...d,daemonSets:await o.daemonSets(r)}):i.plugin,f=Bn(n.situation.gpu,l,await Jt(e,l),d.node);if(l===void 0||f===void 0)return{...i,plugin:l};const p={node:a.desired.node,plugin:l,expected:f,oldPods:t.oldPods??[],isPluginChanged:u,isRestarted:c.includes("restart"),...d.node?{before:d.node}:{},podsBefore:d.pods.map(({uid:h})=>h),timeoutMs:a.timeoutMs};return await s.liveStage("Wait for the device plugin and its GPUs",async h=>{const g=await hs({cluster:o,now:()=>performance.now(),onState:k=>{k.pods.length>0&&h("plugin pod scheduled"),k.pods.some($=>$.isReady&&!$.isTerminating)&&h("plugin pod Ready");const N=Object.entries(k.node?.allocatable??{}).filter(([$])=>Ae($));for(const[$,O]of N)O!=="0"&&h(`${O} ${$} allocatable`)}},p,r);return g.type==="deadline"&&h(`still missing: ${g.missing}`),t.mayStillCome=g.type==="deadline",g.type==="hopeless"&&h(g.reason),{node:g.state.node??d.node,pods:g.state.allPods,plugin:l,outcome:g}})}async function xa(e,n){if(!we(n,"record-gpu"))return;const{cluster:t,inputs:i,run:s,signal:o}=e,a=Ut(n.situation,s.outputs["toolkit-version"]);await Lt(e,n,"record-gpu",()=>t.changeNode(i.desired.node,{annotations:{[J]:a}},o))}const _a=["result","changed","restarted","plan","node-name","failure-code","report","evidence"];function Yt({run:e},{situation:n}){const t=Object.entries(JSON.parse(e.outputs.allocatable||"{}")).map(([i,s])=>`${s} ${i}`).join(", ");return[Ht(n.gpu),`driver ${e.outputs["driver-version"]}`,t===""?"":`allocatable ${t}`].filter(Boolean).join(", ")}function Ra({inputs:e,run:n}){return Object.assign(n.outputs,{allocatable:"{}"}),{result:"skipped",headline:`${e.desired.node} has no NVIDIA GPU: nothing to prepare`,next:ae.T}}function Xt(e,n,t){const{run:i,inputs:s,cluster:o}=e,a=o.requests;return i.facts.calls=`${(0,R.U9)(a,"API call")}, ${(0,R.U9)(t,"SSH channel")}`,{result:"unchanged",headline:`The GPUs of ${s.desired.node} are as wanted (${Yt(e,n)}). Nothing was changed; ${(0,R.U9)(t,"SSH channel")}, ${(0,R.U9)(a,"API call")}`,next:ae.T}}function Pa({inputs:e,run:n},{plan:t}){Object.assign(n.outputs,{allocatable:n.outputs.allocatable??"{}"});const{node:i}=e.desired,s=(0,m.Jp)(t).length;return t.blockers.length>0?{result:"planned",headline:`${i}: ${(0,R.U9)(s,"change")} planned, but ${(0,R.U9)(t.blockers.length,"check")} would stop the run; nothing was changed (dry run)`,next:t.blockers[0]?.remedy??"read the checks"}:{result:"planned",headline:`${i}: ${(0,R.U9)(s,"change")} planned, nothing was changed (dry run)`,next:s>0?"run it without dry-run":ae.T}}function Aa(e,n){const{run:t,inputs:i}=e,s=t.record.parts().applied.length,o=i.wish.devicePlugin==="absent"?"are no longer offered by our device plugin":"are usable";return{result:"prepared",headline:`The GPUs of ${i.desired.node} ${o} (${Yt(e,n)}): ${(0,R.U9)(s,"change")} in ${(0,R.a3)(t.record.elapsedMs())}`,next:ae.T}}function Na(e,n,t,i){const s=e.node===""?"the run could not start":`the GPUs of ${e.node} are not ready`,o=`${i}${e.bundleSentence}`,a=t?{code:"cancelled",title:`${e.node||"the node"}: the run was cancelled`,cause:"somebody cancelled the run, or the runner was stopped",remedy:"run it again: it continues from what is there",evidence:[],state:o}:{...(0,W.WE)(n,s),state:o};return e.evidence.push(...a.evidence),{result:"failed",headline:a.title,next:a.remedy,failure:a}}var Zt=y(5344);const Sa=3e4,Ia=3;async function ei(e,n,t){const{run:i,signal:s}=e;if(s.aborted||i.isCollected)return t;i.isCollected=!0;try{return await i.stage("Collect evidence",async o=>{const{texts:a,problems:r}=await Da(e,n);for(const c of r)o(`  ! ${c}`);if(s.aborted||(o(`  ${i.keepBundle(a.map(({name:c,text:u})=>({name:c,text:(0,Zt.Hk)(u,i.redact)})))}`),!(t instanceof Rn.V5)))return t;const d=a.flatMap(c=>c.recent===void 0?[]:(0,Zt.Hk)(c.recent,i.redact).split(`
`));return t.inTheLightOf(d)})}catch(o){return i.runner.debug(`evidence: ${o instanceof Error?o.message:String(o)}`),t}}function Ta({smi:e,driver:n,devices:t,containerd:i,runtimes:s,k3s:o,toolkit:a}){const r=[`nvidia-smi: ${e.isInstalled?`exit code ${e.exitCode??"none in time"}`:"not installed"}`,...e.said===""?[]:[e.said],...t.map(c=>`${c.index}: ${c.name}, ${c.uuid}, ${c.pciBusId}, driver ${c.driverVersion}`),`module loaded: ${n.loaded||"none"}; on disk: ${n.onDisk||"none"}; libraries: ${n.userSpace||"none"}`,...a.packages.map(({name:c,version:u})=>`${c} ${u||"not installed"}`),`k3s looks in: ${o.searchPath.join(":")}`,...s.map(({name:c,path:u})=>`${c}: ${u}`),...n.kernelLog.length>0?["","== kernel log",...n.kernelLog]:[]],d=[...i.rendered?[i.rendered]:[],...i.templates];return[{name:"nvidia.txt",text:r.join(`
`)},{name:"containerd-config.txt",text:d.map(({path:c,text:u})=>`== ${c}
${u}`).join(`

`)}]}async function Ea({cluster:e,inputs:n},t){const s=(await e.podsOnNode(n.desired.node,t)).filter(({namespace:a,owner:r,images:d})=>a===G&&r===`DaemonSet/${V}`||d.some(c=>c.includes("device-plugin"))),o=await Promise.all(s.slice(0,Ia).map(async a=>{const r=await e.podLog(a.namespace,a.name,100,t);return[`== ${a.namespace}/${a.name}: ${a.phase}`,...a.problems,r].join(`
`)}));return o.length===0?[]:[{name:"device-plugin.log",text:o.join(`

`)}]}async function Da(e,{host:n,situation:t}){const{run:i,cluster:s,inputs:o}=e,a=AbortSignal.any([e.signal,AbortSignal.timeout(Sa)]),r=t.gpu.k3s.unit||"k3s-agent",d=i.startedAtMs===void 0?void 0:i.record.elapsedMs()-i.startedAtMs,c=await Promise.allSettled([(0,ze.At)(n,{unit:r,startedAgoMs:d},a),s.describeNode(o.desired.node,a).then(l=>[{name:"node.txt",text:l}]),Ea(e,a)]),u=["the host","the node","the device plugin"];return{texts:[...c.flatMap(l=>l.status==="fulfilled"?l.value:[]),...Ta(t.gpu)],problems:c.flatMap((l,f)=>l.status==="rejected"?[`no evidence of ${u[f]}: ${l.reason instanceof Error?l.reason.message:String(l.reason)}`]:[])}}const Be=5*6e4,ja=15e3,Ma=3e4;async function Ga(e,n,t,i){if(e.signal.aborted||!t.hostTouched)return;const{run:s}=e,o=AbortSignal.any([e.signal,AbortSignal.timeout(Be)]);try{return await s.stage("Undo",async a=>{const r=await qa(e,n.host,(0,x.pb)(i),o,async c=>da(c,s.id,{signal:o,timeoutMs:Be,unit:Ua(n)})),d=[...new Set(r.undone)];for(const c of d)s.record.undone(c);a(`  ${d.length>0?`taken back: ${d.join(", ")}`:"nothing to take back"}`);for(const c of r.remaining)a(`  ! left as it is: ${c}`);return t.isRestarted&&(t.nodeAfter=await Fa(e,o),a(`  ${t.nodeAfter}`)),{changes:d,remaining:r.remaining}})}catch(a){return{changes:[],remaining:[],failed:a instanceof Error?a.message:String(a)}}}async function Ca(e,n,t){const{run:i,cluster:s}=e,o=t.inCluster.includes("replace-device-plugin");if(e.signal.aborted||t.inCluster.length===0||t.mayStillCome&&!o)return;const a=AbortSignal.any([e.signal,AbortSignal.timeout(Be)]);try{await i.stage("Undo",async r=>{const d=await os(s,n.situation,t.inCluster,a);for(const c of d)i.record.undone(c);r(`  ${d.length>0?`taken back: ${d.join(", ")}`:"nothing to take back"}`),t.undone={changes:d,remaining:[]}})}catch(r){t.undone={changes:[],remaining:[],failed:r instanceof Error?r.message:String(r)}}}function Ua({situation:e}){return e.gpu.k3s.unit||"k3s-agent"}async function qa(e,n,t,i,s){if(!t)try{return await s(n)}catch(a){if(!(0,x.pb)(a)||i.aborted)throw a}const o=await e.connect(AbortSignal.any([i,AbortSignal.timeout(ja)]));try{const{runId:a,label:r}=e.identity,d=await(0,x.Qw)(o,{runId:a,holder:r,waitMs:Ma,holdMs:Be,onWaiting:()=>{},signal:i});try{return await s(o)}finally{await d.release()}}finally{await o.close()}}async function Fa({cluster:e,inputs:n},t){const{node:i}=n.desired,{leaseRenewedAtMs:s=0}=await e.read(i,t),o=new AbortController,a=AbortSignal.any([t,o.signal,AbortSignal.timeout(n.timeoutMs)]);let r=!1,d=!1;return await e.watch(i,c=>{c.type==="node"&&(r=c.node.ready==="True"),c.type==="lease"&&(d||=c.renewedAtMs>s),r&&d&&o.abort()},a).catch(()=>{}),r&&d?`${i} is Ready again with what was there before`:`${i} is not Ready again yet (${d?"its kubelet is back":"no heartbeat since"})`}function ni(e){const{applied:n}=e.record.parts(),t=(0,m.Jp)(e.plan).map(o=>o.id),i=t.findLast(o=>n.includes(o)),s=t[t.findLastIndex(o=>n.includes(o))+1];return[i?`last finished: ${i}`:"nothing was finished",s?`under way: ${s}`:""].filter(Boolean).join(", ")}function Va(e){return e?e.failed?`taking it back failed: ${e.failed}`:`taken back in the cluster: ${e.changes.join(", ")||"nothing"}`:"nothing was taken back"}function La(e,{undone:n,hostTouched:t,isHostDone:i,nodeAfter:s}){const o=e.node||"the host",{applied:a}=e.record.parts();if(!t&&a.length===0)return`nothing was changed on ${o} or in the cluster`;if(!t||i){const d=(0,m.Jp)(e.plan).filter(l=>!a.includes(l.id)),c=d.length>0?`; not done yet: ${d.map(l=>l.id).join(", ")}`:"",u=Va(n);return`done: ${a.join(", ")||"nothing"}${c}; ${u}; run it again, it goes on from there`}if(!n)return`not undone (${ni(e)}); the next run converges`;if(n.failed)return`not undone (${ni(e)}), because the undo failed: ${n.failed}; run it again, the next run converges`;const r=n.remaining.length>0?`; left as it is: ${n.remaining.join(", ")}`:"";return`undone: ${n.changes.join(", ")||"nothing"}${r}${s===void 0?"":`; ${s}`}`}const za=12e4,Ba=15*6e4,ti=({plan:e})=>(0,m.Jp)(e).some(({id:n})=>n==="restart"||Oe.includes(n));async function Ha(e,n,t){if(await zt(e),!ti(n))return await ii(e,n,t);const{run:i,inputs:s,identity:o,signal:a}=e,r=await(0,x.Qw)(n.host,{runId:o.runId,holder:o.label,waitMs:Math.min(za,s.timeoutMs),holdMs:s.timeoutMs+Ba,onWaiting:d=>i.runner.line(`  waits for another run on this host: ${d}`),signal:a});try{const c=r.hasWaited||r.releasedAtMs>n.situation.host.clock.hostMs?await Wa(e,n):n;return c.plan.changes.length>0?await ii(e,c,t):(await Nn(e,c,t),Xt(e,c,c.host.counts.sessions))}finally{await r.release()}}async function Wa(e,{host:n}){const t=await Wt(e,await Bt(e),n,await Pn(e,n));if(t.plan.blockers.length>0)throw(0,W.jL)(`the GPUs of ${e.inputs.desired.node} are not prepared`,t.plan.blockers);return t}async function ii(e,n,t){try{return ti(n)&&await Ka(e,n,t),t.isHostDone=!0,await la(e,n,t),await Nn(e,n,t),await xa(e,n),Aa(e,n)}catch(i){const s=await ei(e,n,i);throw t.isHostDone&&await Ca(e,n,t),s}}async function Ka(e,n,t){const s=we(n,"install-toolkit")||we(n,"restart")?await Kt(e,n,"before"):[];t.hostTouched=!0;let o;try{await $a(e,n),await va(e,n,t),o=await ya(e,n,s)}catch(a){const r=await ei(e,n,a);throw t.undone=await Ga(e,n,t,a),r}if(t.isHostDone=!0,o.length>0)throw(0,W.jL)(`the GPUs of ${e.inputs.desired.node} are as wanted, but not all who used them still do`,o)}var Qa=y(3024),X=y(2113),si=y(1438),be=y(8091),Ja=y(2471),Ya=y(2602),Xa=y(4751);const Sn={...be.ep,toolkit:{type:"enum",choices:["install","verify"],description:"What to do about NVIDIA's container toolkit: install it where it is missing or has another version than the wanted one, or only look at it (verify). Default: install.",twin:"nodes.<node>.gpu-runtime.toolkit"},"toolkit-version":{type:"string",grammar:X.L2,description:"Exact version of the toolkit, e.g. 1.20.0. Default: an installed one is kept; where there is none, 1.20.0.",twin:"nodes.<node>.gpu-runtime.toolkit-version"},repository:{type:"string",grammar:X.Ek,description:"Base URL of a mirror of NVIDIA's package repository. Default: NVIDIA's own.",twin:"nodes.<node>.gpu-runtime.repository"},"repository-keys":{type:"list",grammar:X.yy,description:"OpenPGP fingerprints, one of which must be that of the repository's key. Default: NVIDIA's.",twin:"nodes.<node>.gpu-runtime.repository-keys"},"hold-packages":{type:"enum",choices:["none","toolkit","all"],description:"Packages that no upgrade may touch: none, the toolkit's four (toolkit), or also the driver's (all). Default: toolkit.",twin:"nodes.<node>.gpu-runtime.hold-packages"},"device-plugin":{type:"enum",choices:["apply","verify","none","absent"],description:"apply: NVIDIA's device plugin is applied as this project makes it. verify: another one is only looked at. none: not looked at. absent: ours is removed, and nothing else. Default: apply.",twin:"nodes.<node>.gpu-runtime.device-plugin"},"device-plugin-image":{type:"string",grammar:X.rA,description:"Image of the device plugin, with tag or digest. Default: nvcr.io/nvidia/k8s-device-plugin:v0.20.0.",twin:"nodes.<node>.gpu-runtime.device-plugin-image"},"replace-device-plugin":{type:"string",grammar:X.vq,description:"Namespace/name of a device plugin that somebody applied by hand, typed again, to allow that it is deleted and replaced."},"default-runtime":{type:"enum",choices:["keep","nvidia","unset"],description:"keep: k3s's default runtime stays as it is. nvidia: it becomes nvidia, once k3s can find it. unset: what this action set is taken away. Default: keep.",twin:"nodes.<node>.gpu-runtime.default-runtime"},"quarantine-template":{type:"boolean",default:"false",description:"Allow that a containerd template that takes k3s's own configuration away is moved aside; it comes back by itself when the node does not."},"expect-gpus":{type:"integer",minimum:1,maximum:64,description:"Number of GPUs that the machine must have. Default: those that it shows.",twin:"nodes.<node>.gpu.count"},"expect-product":{type:"string",description:"Product name that every GPU must have, as nvidia-smi prints it, e.g. NVIDIA GeForce RTX 4090.",twin:"nodes.<node>.gpu.product"},"allow-gpu-disruption":{type:"boolean",default:"false",description:"Allow package changes and restarts while a process outside the cluster uses the GPU."},"ignore-checks":{type:"list",grammar:X.ij,description:"Checks that are reported but stop nothing, by id, e.g. gpu.product; docs/checks.md lists them.",twin:"nodes.<node>.gpu-runtime.ignore-checks"},"fail-on":{type:"enum",choices:["fail","warn","never"],description:"Verdict of a check that stops the run: fail; warn also stops at warnings; never only reports. Default: fail.",twin:"nodes.<node>.gpu-runtime.fail-on"},timeout:{type:"duration",minimum:10*1e3,maximum:30*6e4,description:"How long a restart of k3s, and then the device plugin, may each take, e.g. 90s or 5m. Default: 180s.",twin:"nodes.<node>.gpu-runtime.timeout"},"dry-run":{type:"boolean",default:"false",description:"Show the plan and change nothing."}},Za=18e4,er=e=>e.replaceAll(" ","").toUpperCase();function nr(e,n,t){const i=new Xa.M("gpu-runtime",e.node??"",n),s=i.pick("toolkit-version",e["toolkit-version"],void 0),o=i.pick("repository",e.repository,void 0)?.replace(/\/+$/,""),a=e["expect-gpus"]??t.gpu?.count,r=e["expect-product"]??t.gpu?.product,d={node:e.node??"",toolkit:i.pick("toolkit",e.toolkit,"install"),...s===void 0?{}:{toolkitVersion:s},...o===void 0?{}:{repository:o},repositoryKeys:i.pick("repository-keys",e["repository-keys"],[]).map(er),holdPackages:i.pick("hold-packages",e["hold-packages"],"toolkit"),devicePlugin:i.pick("device-plugin",e["device-plugin"],"apply"),devicePluginImage:i.pick("device-plugin-image",e["device-plugin-image"],ci),replaceDevicePlugin:e["replace-device-plugin"]??"",defaultRuntime:i.pick("default-runtime",e["default-runtime"],"keep"),quarantineTemplate:e["quarantine-template"],...a===void 0?{}:{expectGpus:a},...r===void 0?{}:{expectProduct:r},allowGpuDisruption:e["allow-gpu-disruption"]},c={timeoutMs:i.duration("timeout",e.timeout,Sn.timeout,Za),failOn:i.pick("fail-on",e["fail-on"],"fail"),ignoreChecks:i.pick("ignore-checks",e["ignore-checks"],[])},u=(f,p)=>f!==void 0?"input":p!==void 0?n?.path??"":"default",l={...i.sources,"expect-gpus":u(e["expect-gpus"],t.gpu?.count),"expect-product":u(e["expect-product"],t.gpu?.product)};return{wish:d,settings:c,sources:l,problems:i.problems}}function tr(e){const n=[];return e.replaceDevicePlugin!==""&&e.devicePlugin!=="apply"&&n.push({input:"replace-device-plugin",value:JSON.stringify(e.replaceDevicePlugin),problem:`is given, but with device-plugin ${e.devicePlugin} nothing is applied in its place`,allowed:"leave it out, or use device-plugin apply"}),e.repository!==void 0&&e.toolkit==="verify"&&n.push({input:"repository",problem:"is given, but with toolkit verify nothing is installed",allowed:"leave it out, or use toolkit install"}),n}function ir(e){return e?.content.distribution!=="kubeadm"?[]:[{input:e.at(["distribution"]),value:'"kubeadm"',problem:"is another distribution",allowed:"gpu-runtime prepares nodes of k3s"}]}function sr(e,n,t=i=>(0,Qa.readFileSync)(i,"utf8")){const i=(0,Ya.i)(Sn,e,n),{values:s,problems:o}=(0,Ja.TP)(Sn,$=>i.get($)??""),a=new be.uw(e,t),r=a.clusterFile(s["cluster-file"]),d=s.node??"",c=r&&Object.hasOwn(r.content.nodes,d)?r.content.nodes[d]??{}:{},u=s.transport??c.transport??"ssh",l=u==="local"?void 0:a.privateKey(s,c),f=a.kubeconfig(s,r),p=nr(s,r,c),h=[...o,...a.problems,...(0,be.UN)(s,u),...ir(r),...tr(p.wish),...p.problems],g=s["cluster-file"]===void 0||r!==void 0,k=(0,X.hl)((0,be.ts)(s,l),r);if("problems"in k){const $=O=>!O.problem.startsWith("is missing")||g&&(0,be.US)(O,h);throw new si.j([...h,...k.problems.filter($)])}if(h.length>0)throw new si.j(h);const{desired:N}=k;return{desired:{...N,sources:{...N.sources,...p.sources,kubeconfig:f.source}},wish:p.wish,...p.settings,kubeconfig:f.path,context:s.context??r?.content.kubeconfig?.context??"",dryRun:s["dry-run"]}}async function or(){const e=await(0,Tn.NH)(process.env),n=new ae.K(e,"gpu-runtime",_a);let t="";const i={undone:void 0,hostTouched:!1,isHostDone:!1,inCluster:[]};try{const s=sr(e,Tn.es),{desired:o,kubeconfig:a,context:r}=s;t=a,n.node=o.node;const d=await(0,ee.DT)({kubeconfigPath:a,...r?{context:r}:{},signal:e.signal}),c={runId:n.id,label:n.label},u=p=>(0,x.Zj)(o.access,{exec:e.exec},p),l={run:n,inputs:s,cluster:d,identity:c,connect:u,signal:e.signal};di(l);const f=await u(e.signal);try{return await n.end(await ar(l,f,i))}finally{await f.close()}}catch(s){const o=(0,ri.k)(s,t);return await n.end(Na(n,o,e.signal.aborted,La(n,i)))}}async function ar(e,n,t){const{inputs:i}=e,s=await Bt(e),o=await Pn(e,n),a=o.gpu.pci.length>0||o.gpu.devices.length>0,r=await Wt(e,s,n,o);if(r.plan.blockers.length>0&&!i.dryRun)throw(0,W.jL)(`the GPUs of ${i.desired.node} are not prepared`,r.plan.blockers);return!a&&r.plan.changes.length===0?Ra(e):i.dryRun?(await zt(e),Pa(e,r)):r.plan.changes.length>0?await Ha(e,r,t):(await Nn(e,r,t),Xt(e,r,n.counts.sessions))}})};export{xr as id,_r as ids,Rr as modules};
