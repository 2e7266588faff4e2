const Ir=363,Nr=[363],Ar={93745:((fe,z,P)=>{P.d(z,{WE:()=>x,ae:()=>S,jL:()=>k});function I(h){const $=h;return h instanceof Error&&typeof $?.code=="string"&&typeof $.remedy=="string"}class S extends Error{failure;constructor($){super($.title),this.name="RunFailure",this.failure=$}}const K=[[/^handshake\.apiserver/,"api-unreachable"],[/^handshake\.ca$/,"ca-mismatch"],[/^handshake\.token$/,"token-refused"],[/^host\.disk/,"host-disk"],[/^host\.port/,"host-port"],[/^k3s\.labels$/,"restricted-label"],[/^(k3s|plan)\.node-password$/,"node-password-rejected"]];function y(h){return K.find(([$])=>$.test(h))?.[1]??h.replaceAll(".","-")}const v=[[/^handshake\.apiserver/,h=>`the API server at ${h}`],[/^handshake\.ca$/,h=>`what answers the host is not the API server of the kubeconfig (${h})`],[/^handshake\.token$/,()=>"the server refused its token"],[/^host\.sudo$/,h=>`its user cannot become root (${h})`],[/^host\.clock$/,h=>`its clock is ${h}`],[/^host\.port/,h=>`a port that the agent needs is ${h}`],[/^host\.disk/,h=>`its disk has no room (${h})`],[/^host\.route$/,()=>"it has no default route"],[/^host\.cgroup$/,h=>`its control groups are not what a kubelet needs (${h})`],[/^host\.modules$/,h=>`its kernel lacks what containers need (${h})`],[/^host\.cni$/,h=>`another Kubernetes is in its way: ${h}`],[/^cluster\.name$/,h=>`the name is taken: ${h}`],[/^k3s\.node-password$/,h=>`the server would reject its node password: ${h}`],[/^confirm\.gpu-processes$/,h=>`a process outside the cluster lost the GPU: ${h}`],[/^(kubeconfig\.credentials|server\.(dns|tcp|tls|http))$/,h=>h],[/^(gpu|capacity|install)\.|^confirm\.(plugin|runtime-config|gpu-calls|gpu-pods)$/,h=>h],[/^plan\.node-password$/,h=>`its node would not come back: ${h.replace(/^no: /,"")}`],[/^cluster\.machine$/,h=>`this machine is a node already: ${h}`],[/^cluster\.address$/,h=>`its address is taken: ${h}`],[/^k3s\.version$/,h=>`the wanted version does not go with the cluster: ${h}`],[/^k3s\.labels$/,h=>`its kubelet would refuse to start: ${h}`]];function b(h){return v.find(([$])=>$.test(h.id))?.[1](h.found)??`${h.question} ${h.found}`}function k(h,$){const[_,...D]=$,B=D.map(F=>`also: ${F.id}: ${F.found}${F.remedy?`; ${F.remedy}`:""}`);return new S({code:y(_?.id??"check"),title:_?`${h}: ${b(_)}`:h,cause:_?.cause??"see the checks",remedy:_?.remedy??"see the checks",evidence:[..._?.evidence??[],...B]})}function x(h,$){if(h instanceof S)return h.failure;if(I(h))return{code:h.code,title:`${$}: ${h.title??h.message}`,cause:typeof h.cause=="string"?h.cause:h.cause instanceof Error?h.cause.message:"see the evidence",remedy:h.remedy,evidence:h.evidence??[]};const _=h instanceof Error?h.stack??h.message:String(h);return{code:"unexpected-error",title:`${$}: unexpected error: ${h instanceof Error?h.message:String(h)}`,cause:"probably a bug in k3s-gpu-actions",remedy:"press the button again; if it happens twice, open an issue with this text",evidence:_.split(`
`).slice(0,12)}}}),44751:((fe,z,P)=>{P.d(z,{M:()=>S});var I=P(42471);class S{sources={};problems=[];#e;#t;#n;constructor(y,v,b){this.#e=y,this.#t=v,this.#n=b}#i(y){const v=this.#n?.content;if(!v)return;const b=v.nodes,k=this.#e!=="verify"&&this.#e!=="deploy"&&Object.hasOwn(b,this.#t)?b[this.#t]?.[this.#e]:void 0;for(const[x,h]of[[k,["nodes",this.#t,this.#e]],[v[this.#e],[this.#e]]]){const $=x?.[y];if($!==void 0)return{value:$,place:[...h,String(y)]}}}pick(y,v,b){const k=v===void 0?this.#i(y):void 0;return this.sources[String(y)]=v!==void 0?"input":k?this.#n?.path??"":"default",v??k?.value??b}duration(y,v,b,k){const x=v===void 0?this.#i(y):void 0;if(this.sources[y]=v!==void 0?"input":x?this.#n?.path??"":"default",v!==void 0||!x||!this.#n)return v??k;const h=(0,I.$7)(String(x.value),b.minimum,b.maximum);return"value"in h?h.value:(this.problems.push({input:this.#n.at(x.place),...h.problem}),k)}}}),58091:((fe,z,P)=>{P.d(z,{UN:()=>k,US:()=>x,ep:()=>v,g$:()=>y,ts:()=>h,uw:()=>$});var I=P(12113),S=P(53665),K=P(78350);const y={"cluster-file":{type:"path",description:"Path of the cluster file in the workspace, e.g. clusters/oceanid.yaml. An input wins over what the file says; the summary tells where each value came from."},kubeconfig:{type:"path",description:"Path of a kubeconfig on the runner, never its content. Default: $KUBECONFIG.",twin:"kubeconfig.path"},context:{type:"string",description:"Context of the kubeconfig. Default: its current context.",twin:"kubeconfig.context"}},v={"cluster-file":y["cluster-file"],node:{type:"string",required:!0,description:"Name of the node in the cluster, and in the cluster file.",twin:"nodes.<node>"},host:{type:"string",description:"Name or address of the machine, for SSH.",twin:"nodes.<node>.ssh.host"},port:{type:"integer",minimum:1,maximum:65535,description:"Port of its SSH server. Default: 22.",twin:"nodes.<node>.ssh.port"},user:{type:"string",description:"User to log in as: root, or one who may use sudo.",twin:"nodes.<node>.ssh.user"},transport:{type:"enum",choices:["ssh","local"],description:"How the machine is reached: ssh, or local when the workflow runs on the machine itself. Default: ssh.",twin:"nodes.<node>.transport"},"ssh-private-key":{type:"lines",secret:!0,description:"Private key for the machine, as text from a secret. It has no passphrase.",twin:"nodes.<node>.ssh.private-key-property"},"ssh-private-key-file":{type:"path",description:"Path of the private key on the runner, instead of its text.",twin:"nodes.<node>.ssh.private-key-file"},"known-hosts":{type:"lines",description:"known_hosts lines that pin the machine's host key. This or host-key-fingerprint is needed: without a pin there is no connection.",twin:"nodes.<node>.ssh.known-hosts"},"host-key-fingerprint":{type:"list",description:"SHA256 fingerprint of the machine's host key, or several, as ssh-keygen -lf prints them on its console.",twin:"nodes.<node>.ssh.host-key-fingerprint"},"sudo-password":{type:"string",secret:!0,description:"Password for sudo, from a secret, where sudo asks for one. It travels by standard input only."},kubeconfig:y.kubeconfig,context:y.context},b=["host","port","user","ssh-private-key","ssh-private-key-file","known-hosts","host-key-fingerprint"];function k(_,D){return b.filter(B=>D==="local"&&_[B]!==void 0).map(B=>({input:B,problem:"is given, but with transport local nothing is reached over SSH",allowed:"leave it out, or use transport ssh"}))}function x(_,D){const B=["transport",_.input,..._.input==="ssh-private-key"?["ssh-private-key-file"]:[]];return!D.some(({input:F})=>B.includes(F))}function h(_,D){return{node:_.node,transport:_.transport,host:_.host,port:_.port,user:_.user,privateKey:D,knownHosts:_["known-hosts"],hostKeyFingerprints:_["host-key-fingerprint"],sudoPassword:_["sudo-password"]}}class $ extends S.C{privateKey(D,B){const F=D["ssh-private-key"],pe=D["ssh-private-key-file"];F!==void 0&&pe!==void 0&&this.problems.push({input:"ssh-private-key-file",value:(0,I.hD)(pe),problem:"is given besides `ssh-private-key`",allowed:"one of the two"});const Ie=F===void 0?"ssh-private-key-file":"ssh-private-key",Ne=pe??B.ssh?.["private-key-file"],Ae=F??(Ne===void 0?void 0:this.file(Ie,Ne));if(Ae===void 0)return;this.runner.mask(Ae);const Z=Ae.replaceAll(/\r\n?/g,`
`).trim(),Se=(0,K.C)(Z);return Se&&this.problems.push({input:Ie,...Se}),`${Z}
`}}}),78350:((fe,z,P)=>{P.d(z,{C:()=>K});const I="the text of an OpenSSH or PEM private key without a passphrase, from its first to its last dash";function S(y){const v=Buffer.from(y.replace(/\s+/g,""),"base64"),b="openssh-key-v1\0";if(v.subarray(0,b.length).toString("latin1")!==b||v.length<b.length+4)return!1;const k=v.readUInt32BE(b.length);return v.subarray(b.length+4,b.length+4+Math.min(k,64)).toString("latin1")!=="none"}function K(y){if(/^(ssh-|ecdsa-)\S+ [A-Za-z0-9+/]/.test(y))return{problem:"is the public half of a key",allowed:I};if(y.startsWith("PuTTY-User-Key-File"))return{problem:"is a PuTTY key",allowed:"export it as an OpenSSH key (PuTTYgen: Conversions)"};const v=/^-----BEGIN ((?:[A-Z]+ )*PRIVATE KEY)-----\n([\s\S]+)\n-----END \1-----$/.exec(y.trim());if(!v)return/-----BEGIN.*\\n/.test(y)?{problem:"has \\n written out instead of line breaks",allowed:I}:!y.includes(`
`)&&y.includes("PRIVATE KEY")?{problem:"has lost its line breaks",allowed:I}:y.includes("PRIVATE KEY")?{problem:"is cut, or has other text around it",allowed:I}:{problem:"is no private key",allowed:y.includes(`
`)?I:`${I}; for a path use \`ssh-private-key-file\``};const[,b="",k=""]=v;return b==="PRIVATE KEY"?{problem:"is in PKCS #8 format, which SSH does not use",allowed:'an OpenSSH key: ssh-keygen -p -N "" -f KEYFILE converts it'}:b.startsWith("ENCRYPTED")||/^Proc-Type: 4,ENCRYPTED/.test(k)||S(k)?{problem:"is protected by a passphrase",allowed:'a key of its own without one: ssh-keygen -t ed25519 -N ""'}:void 0}}),76232:((fe,z,P)=>{P.d(z,{k:()=>b});var I=P(99874),S=P(93745);const K=new Set(["api-unreachable","api-failed","timeout"]),y=new Set(["node-not-registered","node-not-ready"]);function v(k){if(k instanceof S.ae)return k.failure.code;const{code:x}=k??{};return typeof x=="string"?x:""}function b(k,x){const h=v(k);if(x===""||!(K.has(h)||y.has(h)))return k;const $=(0,I.z3)(x);if($===void 0||y.has(h)&&$.code!=="tunnel-ended")return k;const _=k instanceof Error?[`this run saw: ${k.message}`]:[];return k instanceof S.ae&&_.push(...k.failure.evidence),Object.assign(new Error($.title),$,{evidence:[...$.evidence,..._]})}}),37142:((fe,z,P)=>{P.d(z,{Rc:()=>mi,AS:()=>ms,Fo:()=>Xi,UF:()=>ns,lN:()=>Li,rY:()=>Vo,P3:()=>Ho,lv:()=>os,i7:()=>K,XL:()=>er,kh:()=>fs,Nu:()=>Ii,v$:()=>Ie,JL:()=>b,Wi:()=>at,Vn:()=>ss,fF:()=>me,MS:()=>h,zi:()=>ar,aS:()=>ve,p4:()=>an,rl:()=>L,Bw:()=>je,Ph:()=>Hs,kD:()=>Bo,Y9:()=>De,NQ:()=>x,LD:()=>k,eN:()=>v,_y:()=>Qo,Zy:()=>Xo,YX:()=>Zo,Ow:()=>Wo,wt:()=>si,r$:()=>pr,uB:()=>li,_4:()=>ye,Kw:()=>hr,kW:()=>Q,JY:()=>We,I$:()=>Vi,xs:()=>mr,BB:()=>zt});const I=["nvidia-container-toolkit","nvidia-container-toolkit-base","libnvidia-container-tools","libnvidia-container1"],S="1.20.0",K="nvcr.io/nvidia/k8s-device-plugin:v0.20.0",y="k3s-gpu-actions",v="nvidia.com/gpu.present",b="k3s-gpu-actions/gpu",k="kube-system",x="k3s-gpu-actions-nvidia-device-plugin",h=["add-repository","install-toolkit","hold-packages","link-devices","quarantine-template","write-default-runtime","remove-default-runtime"],$={restart:"restart",label:"label-node",unlabel:"unlabel-node",applyPlugin:"apply-device-plugin",deletePlugin:"delete-device-plugin",replacePlugin:"replace-device-plugin",record:"record-gpu"},_=(e,n,...t)=>t.map(i=>({verb:i,group:e,resource:n})),D={group:"apps",resource:"daemonsets",namespace:k},B=[..._("","nodes","get","list","watch"),..._("","pods","list","watch"),..._("apps","daemonsets","list"),{verb:"get",group:"node.k8s.io",resource:"runtimeclasses",name:"nvidia"},...["get","list","watch"].map(e=>({verb:e,group:"coordination.k8s.io",resource:"leases",namespace:"kube-node-lease"}))],F=_("","nodes","patch"),pe=[{verb:"create",...D},{verb:"patch",...D,name:x},{verb:"delete",...D,name:x}];function Ie(e){const n=e.devicePlugin==="apply"||e.devicePlugin==="absent";return[...B,...F,...n?pe:[],...Ne(e.replaceDevicePlugin)]}function Ne(e){const[n="",t=""]=e.split("/");return t===""?[]:[{verb:"delete",group:"apps",resource:"daemonsets",namespace:n,name:t},{verb:"patch",group:"apps",resource:"daemonsets",namespace:n,name:t},{verb:"create",group:"apps",resource:"daemonsets",namespace:n}]}const Ae=[{verb:"get",group:"",resource:"pods/log",namespace:k},{verb:"list",group:"",resource:"events",namespace:k},{verb:"list",group:"",resource:"events",namespace:"default"},{verb:"get",group:"",resource:"configmaps",namespace:k}],Z=e=>e.slice(0,128),Se=e=>Z(e).replace(/-[^-]*$/,""),Cn=64;function ni(e,{toolkit:n,isLabelOurs:t}){const i=[...e.devices].sort((s,o)=>s.uuid<o.uuid?-1:s.uuid>o.uuid?1:0).slice(0,Cn);return JSON.stringify({by:y,gpus:i.map(({uuid:s,name:o})=>({uuid:Z(s),product:Z(o)})),driver:Z(e.driver.loaded),cuda:Z(e.cudaVersion),toolkit:Se(n??e.toolkit.packages[0]?.version??""),label:t?v:""})}function Ze(e){const n=e[b];if(n===void 0)return!1;try{const t=JSON.parse(n);return typeof t=="object"&&t!==null&&"label"in t&&t.label===v}catch{return!1}}function ti(e){if(!Ze(e))return JSON.stringify({by:y,label:v})}const ii=64*1024;function si(e){const n=Object.hasOwn(e,b)?e[b]:void 0;if(n===void 0)return;const t=i=>typeof i=="string"?Z(i.replace(/[^\x20-\x7e]+/g," ")):"";try{const i=n.length>ii?null:JSON.parse(n);if(typeof i!="object"||i===null||Array.isArray(i))return"unreadable";const{gpus:s,driver:o,cuda:r}=i;return s===void 0&&o===void 0?void 0:Array.isArray(s)?{gpus:s.slice(0,Cn).map(d=>{const{uuid:u,product:c}=typeof d=="object"&&d!==null?d:{};return{uuid:t(u),product:t(c)}}),driver:t(o),cuda:/^\d{1,3}(\.\d{1,3})?$/.test(t(r))?t(r):""}:"unreadable"}catch{return"unreadable"}}var H=P(82867);const oi={"bad-unit":"this is a mistake of k3s-gpu-actions: please report it","bad-step":"this is a mistake of k3s-gpu-actions: please report it","init-unsupported":"use a host that runs systemd","gpg-missing":"install gpg on the host (Debian and Ubuntu: sudo apt-get install gpg), then run it again","keyring-differs":"look whose key that is (gpg --show-keys on that file); for a mirror of your own give `repository` and `repository-keys`, else move the file away: sudo mv it to another folder, and run it again","key-unreachable":"let the host reach that address (proxy, firewall), or give `repository` a mirror that it can reach, then run it again","key-differs":"do not trust it: something between the host and the repository answers in its place, or NVIDIA has a new key; compare with NVIDIA's own documents and give `repository-keys`","key-unusable":"give `repository-keys` the fingerprint of the repository's present key","prerequisites-failed":"install them by hand: sudo apt-get update && sudo apt-get install curl gpg ca-certificates","repository-unusable":"read what the package manager said below; a signature that does not fit right after an upload fits some minutes later: run it again","dpkg-interrupted":"finish it on the host when that suits you: sudo dpkg --configure -a; then run it again","would-disturb":"look at it on the host: sudo apt-get -s install with the four packages of the toolkit; correct it there, then run it again","version-unavailable":"give `toolkit-version` one of the versions named below, or another `repository`","install-failed":"read what the package manager said below, correct it on the host, and run it again","install-incomplete":"look on the host: dpkg -l | grep nvidia-container","hold-failed":"read what the package manager said below; `hold-packages: none` leaves it out","template-changed":"somebody edits it right now: look at it, then run it again","runtime-missing":"let this action install the toolkit (`toolkit: install`), or leave `default-runtime` out: runtimeClassName nvidia does without","bad-value":"run it again: it continues from what it finds"};function en(e,n,t){return H.lZ(e,n,t,oi)}const C={apply:`
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
      emit evidence "to be had: $(apt-cache madison nvidia-container-toolkit 2>/dev/null 9>&- | awk -F '|' '
        { version = $2; gsub(/[ \\t]/, "", version); sub(/-[^-]*$/, "", version) }
        version != "" && !(version in seen) && count++ < 8 { seen[version] = 1; printf "%s ", version }')"
      emit_said
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
most=32 seconds=40

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
    k3s) asked 5 k3s crictl inspect --output go-template --template '{{ index .status.labels "io.kubernetes.pod.namespace" }}/{{ index .status.labels "io.kubernetes.pod.name" }}/{{ .status.metadata.name }}' "$2" ;;
    *) asked 5 "$1" inspect --format '{{ .Name }}' "$2" ;;
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
  seen=' ' count=0 began=$(date +%s)
  for pid in $(candidates | sort -nu); do
    container_of "$pid" || continue
    case $seen in *" $id "*) continue ;; esac
    seen="$seen$id "
    count=$((count + 1))
    if [ "$count" -gt "$most" ] || [ "$(($(date +%s) - began))" -ge "$seconds" ]; then
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

is_dpkg_busy() {
  for file in lock-frontend lock; do
    inode=$(ls -i "$ROOT/var/lib/dpkg/$file" 2>/dev/null | awk '{ print $1 }')
    if [ -n "$inode" ] && grep -Eqs "^[0-9]+: (POSIX|OFDLCK) .*:$inode [0-9]" "$ROOT/proc/locks"; then return 0; fi
  done
  return 1
}

look_at_dpkg() {
  half=$(half_installed) cut=no
  for file in "$ROOT/var/lib/dpkg/updates"/[0-9]*; do if [ -e "$file" ]; then cut=yes; fi; done
}

settle_packages() {
  if [ "$MANAGER" != apt ]; then return 0; fi
  look_at_dpkg
  if [ -z "$half" ] && [ "$cut" = no ]; then return 0; fi
  waited=0
  while is_dpkg_busy; do
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
    /^c/ && $NF ~ /\\/nvidia([0-9]+|ctl|-modeset|-uvm|-uvm-tools|-caps\\/nvidia-cap[0-9]+)$/ && count++ < 256 { major = $5; sub(/,$/, "", major); print major ":" $6 ":" $NF }'); do
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
  if [ -z "$cards" ] && [ -d "$ROOT/sys/bus/pci/devices" ] && [ ! -e "$ROOT/proc/driver/nvidia/version" ] && ! has nvidia-smi; then return 0; fi
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
`},Mn="https://nvidia.github.io/libnvidia-container",ri="C95B321B61E88C1809C4F759DDCAE044F796ECB0",nn="1.17.8";function tn(e){return{url:e.repository??Mn,keys:e.repositoryKeys.length>0?e.repositoryKeys:[ri]}}const Gn=e=>e.replace(/^\d+:/,"").split("-")[0]??"";function Un(e,n){const t=o=>(o.split("~")[0]??"").split(".").map(Number),[i,s]=[t(e),t(n)];for(let o=0;o<s.length;o++){const r=(i[o]??0)-(s[o]??0);if(r!==0)return r<0}return!1}function sn(e){const n=e.toolkit.packages.filter(({version:o})=>o!==""),t=new Set(n.map(({version:o})=>Gn(o))),[i]=[...t];if(i!==void 0){if(t.size===1&&n.length===I.length)return{kind:"whole",version:i};const o=n.find(({name:r})=>r===I[0]);return{kind:"mixed",installed:n,version:Gn(o?.version??"")}}const s=e.runtimes.find(({name:o})=>o==="nvidia-container-runtime");return s?{kind:"unpackaged",path:s.path,version:e.toolkit.ctkVersion}:{kind:"none"}}function Te(e,n){if(e.toolkit!=="install")return;const t=sn(n),i=e.toolkitVersion;if(t.kind==="none")return{version:i??S,reason:"not installed"};if(t.kind==="mixed"){const o=t.version!==""&&!Un(t.version,nn)?t.version:S;return{version:i??o,reason:`its packages do not fit together: ${jn(t.installed)}`}}if(i===void 0||i===t.version)return;const s=t.kind==="unpackaged"?` (${t.path}, from no package)`:"";return{version:i,reason:`${t.version||"an unknown version"}${s} is there, ${i} is wanted`}}function jn(e){return I.map(n=>`${n} ${e.find(t=>t.name===n)?.version??"missing"}`).join(", ")}function ai(e,n){const{path:t,urls:i}=n.toolkit.repository;if(t==="")return!1;const s=(r,a)=>r===a||r.startsWith(`${a}/`),o=e.repository;return o!==void 0?i.some(r=>s(r,o)):i.some(r=>!s(r,Mn)||/\/stable\/(deb|rpm)(\/|$)/.test(r))}const di={apt:{curl:"curl",gpg:"gpg","ca-certificates":"ca-certificates"},dnf:{curl:"curl",gpg:"gnupg2","ca-certificates":"ca-certificates"},zypper:{curl:"curl",gpg:"gpg2","ca-certificates":"ca-certificates"}};function Fn(e){const n=di[e.toolkit.packageManager]??{};return e.toolkit.missingPrerequisites.flatMap(t=>n[t]??[])}function qn(e,n){if(e.holdPackages==="none"||n.toolkit.packageManager==="")return[];const t=Te(e,n)!==void 0,i=I.filter(o=>{const r=n.toolkit.packages.find(a=>a.name===o);return r?.isHeld!==!0&&(t||r!==void 0&&r.version!=="")}),s=e.holdPackages==="all"?n.driver.packages.filter(({version:o,isHeld:r})=>o!==""&&!r).map(({name:o})=>o):[];return[...i,...s]}const ci={apt:"/etc/apt/sources.list.d/nvidia-container-toolkit.list",dnf:"/etc/yum.repos.d/nvidia-container-toolkit.repo",zypper:"/etc/zypp/repos.d/nvidia-container-toolkit.repo"};function ui(e,n){const t=(i,s="")=>I.map(o=>`${o}${i}${n}${s}`).join(" ");return e==="apt"?`apt-get install --no-install-recommends ${t("=","-*")}`:e==="dnf"?`dnf install --setopt=install_weak_deps=False ${t("-")}`:`zypper install --no-recommends --oldpackage ${t("=")}`}const Ln=e=>e==="apt"?"":`; this way has not yet run on a real machine with ${e}`;function De(e,n){const t=[],i=(p,g)=>{t.push({id:p,...g})},s=sn(n),o=Te(e,n),r=n.toolkit.packageManager;if(o&&r!==""){const{url:p,keys:g}=tn(e);if(!ai(e,n)){const m=Fn(n);i("add-repository",{kind:"write",target:ci[r],reason:`${r} does not know ${p}; its key must be ${g.join(" or ")}`+(m.length>0?`; installs ${m.join(", ")} for it`:"")+Ln(r),undo:"what was there before comes back"})}i("install-toolkit",{kind:"install",target:`nvidia-container-toolkit ${o.version}`,reason:`${o.reason}; ${ui(r,o.version)}${Ln(r)}`,disrupts:"its scripts ask systemd to reload, which can take the GPU from running containers; from systemd 237 on they are kept from it",undo:"packages that were not there are removed, others get their former version back where it can be had"})}const a=qn(e,n);a.length>0&&i("hold-packages",{kind:"hold",target:a.join(", "),reason:"an upgrade would change them under running containers, at a time that nobody chose",...a.some(p=>/^linux-(modules|objects)-nvidia/.test(p))&&{disrupts:"the next kernel comes without a module of the driver: let go of them, or hold the kernel, before it is upgraded"},undo:"upgrades may touch them again"});const{missing:d,hasRule:u,isNeeded:c}=n.deviceLinks;c&&(d.length>0||!u)&&(n.toolkit.ctkVersion!==""||o&&r!=="")&&i("link-devices",{kind:"write",target:"/dev/char, /etc/udev/rules.d/71-k3s-gpu-actions-dev-char.rules",reason:(d.length>0?`no link for ${d.join(", ")}`:"the links would be gone after the next boot")+": without them a reload of systemd takes the GPU from running containers",undo:"the rule is deleted; links do no harm and are gone after the next boot"});const l=s.kind==="none"?"":s.version;return{changes:t,version:o&&r!==""?o.version:l}}function li(e,n,t,i,s=[]){if(t.k3s.unit==="")throw new TypeError("no unit runs k3s here");const o=new Set(i.filter(r=>r.waitsFor===void 0).map(r=>r.id));return{...e,steps:h.filter(r=>o.has(r)),unit:t.k3s.unit,packageManager:t.toolkit.packageManager,toolkitVersion:De(n,t).version,repository:tn(n),prerequisites:Fn(t),hold:qn(n,t),templates:s.map(({path:r,sha256:a})=>({path:r,sha256:a})),searchPath:t.k3s.searchPath}}const fi=/^\d+\.\d+\.\d+(~[a-z0-9.]+)?$/,pi=/^[a-z0-9][a-z0-9.+_:-]*$/;function hi(e){const{steps:n,toolkitVersion:t,repository:i,hold:s,prerequisites:o,templates:r,searchPath:a}=e,d=(u,c)=>{throw new TypeError(`${JSON.stringify(c.slice(0,200))} is no ${u}`)};if(n.includes("install-toolkit")&&!fi.test(t)&&d("version",t),n.includes("add-repository")){/^(https?|file):\/\/[A-Za-z0-9._~:/%+-]*[A-Za-z0-9_~%+-]$/.test(i.url)||d("URL",i.url),i.keys.length===0&&d("fingerprint of a key","");for(const u of i.keys)/^[0-9A-F]{40}$/.test(u)||d("fingerprint of a key",u)}for(const u of[...s,...o])pi.test(u)||d("name of a package",u);for(const{path:u,sha256:c}of r)(!/^[0-9a-f]{64}$/.test(c)||/[\s:]/.test(u))&&d("template",`${u}:${c}`);for(const u of a)/[:\n\0]/.test(u)&&d("folder of a search path",u)}function Vn(e){if(!(typeof e.step!="string"||e.state!=="done"&&e.state!=="unchanged"))return{step:e.step,state:e.state}}async function mi(e,n,t){hi(n);const i=await e.run({name:"apply",script:[C.files,H.gY,C.packages,C.repository,C["runtime-files"],C.apply].join(`
`),env:{RUN_ID:(0,H.np)(n.runId),HOLDER:(0,H.$R)(n.holder),LOCK_WAIT:(0,H.ET)(t),STEPS:n.steps.join(" "),UNIT:n.unit,MANAGER:n.packageManager,VERSION:n.toolkitVersion,REPOSITORY:n.repository.url,KEYS:n.repository.keys.join(" "),PREREQUISITES:n.prerequisites.join(" "),HOLD:n.hold.join(" "),TEMPLATES:n.templates.map(({path:r,sha256:a})=>`${r}:${a}`).join(" "),SEARCH_PATH:n.searchPath.join(":")},privilege:"root",timeoutMs:t.timeoutMs,signal:t.signal,onLine:r=>{const a=Vn(r);a&&t.onStep?.(a.step,a.state),typeof r.waiting_for=="string"&&t.onWaiting?.(r.waiting_for)}}),s=en(e.label,"the preparation",i);if(s)throw s;const o=i.lines.flatMap(r=>Vn(r)??[]);return{steps:o,isChanged:o.some(r=>r.state==="done"),interrupted:i.lines.flatMap(r=>typeof r.interrupted=="string"?[{runId:r.interrupted,step:String(r.step??"")}]:[]),warnings:i.lines.flatMap(r=>typeof r.warning=="string"?[r.warning]:[])}}var gi=P(38815);const q=e=>typeof e=="object"&&e!==null&&!Array.isArray(e)?e:{},te=e=>Array.isArray(e)?e.map(q):[],M=e=>typeof e=="string"?e:"",on=e=>Array.isArray(e)?e.map(M):[],zn=e=>Object.fromEntries(Object.entries(q(e)).map(([n,t])=>[n,M(t)]));function Bn(e){return{name:M(e.name),image:M(e.image),words:[...on(e.command),...on(e.args)],env:Object.fromEntries(te(e.env).map(n=>[M(n.name),M(n.value)])),isPrivileged:q(e.securityContext).privileged===!0}}function $i(e){const n=te(e.matchExpressions),t=te(e.matchFields).map(i=>({...i,key:`field ${M(i.key)}`}));return[...n,...t].map(i=>({key:M(i.key),operator:M(i.operator),values:on(i.values)}))}function vi(e){const n=e.filter(({configMap:i})=>M(q(i).name)!==""),t=n.find(({name:i})=>i==="available-configs")??n.find(({name:i})=>/config$/.test(M(i)));return M(q(t?.configMap).name)}function Q({object:e}){const n=q(q(q(e.spec).template).spec),t=q(q(n.affinity).nodeAffinity).requiredDuringSchedulingIgnoredDuringExecution,i=te(n.volumes);return{containers:te(n.containers).map(Bn),initContainers:te(n.initContainers).map(Bn),hostPaths:i.map(({hostPath:s})=>M(q(s).path)).filter(s=>s!==""),configMap:vi(i),runtimeClass:M(n.runtimeClassName),nodeSelector:zn(n.nodeSelector),...t===void 0?{}:{affinity:te(q(t).nodeSelectorTerms).map($i)},tolerations:te(n.tolerations).map(zn)}}const he=e=>typeof e=="object"&&e!==null&&!Array.isArray(e)?e:{},ki=64*1024,yi=1e4,bi={sharing:"none",copies:{}},rn=e=>e==="none"||e==="single"||e==="mixed"?e:void 0;function wi(e,n){const{words:t}=e;return t.find(s=>s.startsWith(`--${n}=`))?.slice(n.length+3)??t[t.indexOf(`--${n}`)+1||t.length]}function _i(e,n,t){const i=n.map(({env:r})=>r.DEFAULT_CONFIG).find(r=>r),s=t["nvidia.com/device-plugin.config"]??i;if(s!==void 0)return Object.hasOwn(e,s)?e[s]:void 0;const o=Object.keys(e);return e.default??(o.length===1?e[o[0]??""]:void 0)}function Oi(e){const n=he(e.sharing),t=n.mps===void 0||n.mps===null?"time-slicing":"mps",i=he(t==="mps"?n.mps:n.timeSlicing),s=i.renameByDefault===!0,o={};for(const a of Array.isArray(i.resources)?i.resources.map(he):[]){const d=typeof a.name=="string"?a.name:"",u=Number(a.replicas);if(d===""||!Number.isInteger(u)||u<1||u>yi)continue;const c=d.startsWith("nvidia.com/")?d:`nvidia.com/${d}`;o[c]={replicas:u,name:s?`${c}.shared`:c}}return{sharing:Object.values(o).some(({replicas:a})=>a>1)?t:"none",copies:o}}function xi(e,n,t){const{containers:i,initContainers:s,configMap:o}=Q(e),r=[...i,...s],a=i.find(({name:c})=>/device-plugin(-ctr)?$/.test(c))??i[0];let d={};if(o!==""){const c=n&&_i(n,r,t);if(c===void 0||c.length>ki)return;try{d=he((0,gi.qg)(c))}catch{return}}return{mig:(a&&(rn(wi(a,"mig-strategy"))??rn(a.env.MIG_STRATEGY)))??rn(he(d.flags).migStrategy)??"none",...o===""?bi:Oi(d)}}const me="nvidia.com/gpu",an=e=>e.startsWith("nvidia.com/");function L(e,n){const t=Object.hasOwn(e,n)?e[n]??"":"";return/^\d{1,9}$/.test(t)?Number(t):0}const Hn=e=>`${e} GPU${e===1?"":"s"}`;function Ce(e,n,t){t>0&&(e[n]=(e[n]??0)+t)}function Ri(e,n){const t={},i=n==="none"?e.devices:e.devices.filter(s=>s.isMigEnabled!==!0);if(Ce(t,me,i.length),n==="none")return t;for(const{profile:s}of e.migDevices)Ce(t,n==="single"?me:`nvidia.com/mig-${s.replaceAll("+",".")}`,1);return t}function Pi(e,n){const t={},i=[];for(const[s,o]of Object.entries(Ri(e,n.mig))){const r=n.copies[s]??{replicas:1,name:s};Ce(t,r.name,o*r.replicas);const a=s===me&&n.mig!=="single"?Hn(o):`${o} ${s}`;i.push(r.replicas>1?`${a} \xD7 ${r.replicas} (${n.sharing})`:a)}return{resources:t,words:i.join(" and ")||"nothing"}}function Wn(e,n){const t=Object.hasOwn(e,n)?e[n]??"":"";return/^\d{1,6}$/.test(t)?Number(t):void 0}function Ei(e){const n={};for(const i of Object.keys(e)){const s=/^(nvidia\.com\/(?:gpu|mig-[0-9a-z.]+))\.count$/.exec(i)?.[1],o=s===void 0?void 0:Wn(e,i);if(s===void 0||o===void 0)continue;const r=Wn(e,`${s}.replicas`)??1;if(r===0)continue;const a=r>1&&!(e[`${s}.product`]??"").endsWith("-SHARED");Ce(n,a?`${s}.shared`:s,o*r)}const t=Object.entries(n);if(t.length!==0)return{resources:n,words:`${t.map(([i,s])=>`${s} ${i}`).join(" and ")} (labels of the node)`}}function Ii(e,n,t,i){if(n===void 0)return;const s=i?.labels??{},o=xi(n,t,s);return o!==void 0?Pi(e,o):Ei(s)??{resources:e.devices.length===0?{}:{[me]:e.devices.length},words:`${Hn(e.devices.length)} (the plugin's configuration could not be read)`}}var Ni=P(58500),ge=P(84072);const $e=e=>typeof e=="object"&&e!==null&&!Array.isArray(e);function Me(e,n){if(Array.isArray(e)&&Array.isArray(n))return e.length===n.length&&e.every((i,s)=>Me(i,n[s]));if(!$e(e)||!$e(n))return e===n;const t=Object.keys(e);return t.length===Object.keys(n).length&&t.every(i=>Object.hasOwn(n,i)&&Me(e[i],n[i]))}const Ai=new Set(["nodeSelector","selector","tolerations","drop"]),Si={containers:"name",env:"name",volumes:"name",volumeMounts:"mountPath"};function dn(e,n,t,i){if(Ai.has(i))return Me(e,n)?[]:[t];if($e(e))return $e(n)?Object.entries(e).flatMap(([o,r])=>dn(r,Object.hasOwn(n,o)?n[o]:void 0,`${t}.${o}`,o)):[t];const s=Si[i];return Array.isArray(e)&&s!==void 0&&Array.isArray(n)?e.flatMap(o=>{const r=n.find(a=>$e(a)&&a[s]===o[s]);return dn(o,r,`${t}[${String(o[s])}]`,"")}):Me(e,n)?[]:[t]}function cn(e,n){const{metadata:t,spec:i}=e,s={metadata:{labels:t.labels??{},annotations:t.annotations??{}},spec:i};return dn(s,n.object,"","")}const Kn=(e,n)=>cn(e,n).some(t=>t.endsWith(".image")),T=({namespace:e,name:n})=>`${e}/${n}`;function Ti(e){return e.replace(/@.*$/,"").replace(/:[^/:]*$/,"")}function Di({image:e,name:n}){const t=Ti(e);return/rocm|amd|intel|kubevirt/i.test(t)?!1:/nvidia/i.test(`${t} ${n}`)||/(^|\/)k8s-device-plugin$/.test(t)}function ve(e){const n=Q(e);return n.hostPaths.some(t=>/\/device-plugins\/?$/.test(t))&&n.containers.some(Di)}function Ge(e){return e.namespace===k&&e.name===x&&e.labels["app.kubernetes.io/managed-by"]===y}function Ue(e){const{labels:n,annotations:t,fieldManagers:i,owners:s}=e,o=(n["app.kubernetes.io/managed-by"]??"").toLowerCase();if(Ge(e))return{kind:"ours",words:"this project"};const r=s.find(c=>c.startsWith("ClusterPolicy/")),a="nvidia.com/gpu.deploy.device-plugin"in Q(e).nodeSelector;if(r!==void 0||o==="gpu-operator"||a)return{kind:"gpu-operator",words:`gpu-operator${r?` (${r})`:""}`};for(const[c,l]of[["kustomize.toolkit.fluxcd.io","Kustomization"],["helm.toolkit.fluxcd.io","HelmRelease"]]){const p=n[`${c}/name`];if(p!==void 0)return{kind:"flux",words:`Flux (${l} ${n[`${c}/namespace`]??""}/${p})`}}if(i.includes("kustomize-controller"))return{kind:"flux",words:"Flux (kustomize-controller)"};if("argocd.argoproj.io/tracking-id"in t||i.includes("argocd-controller"))return{kind:"argo-cd",words:"Argo CD"};const d=t["meta.helm.sh/release-name"];if(d!==void 0||o==="helm"||i.includes("helm")){const c=t["meta.helm.sh/release-namespace"]??e.namespace;return{kind:"helm",words:`Helm (release ${d??n["app.kubernetes.io/instance"]??"?"} of ${c})`}}if(Object.values({...n,...t}).some(c=>/k3s\.cattle\.io\/.*Kind=Addon/.test(c)))return{kind:"k3s-manifest",words:`k3s's folder of manifests (addon ${t["objectset.rio.cattle.io/owner-name"]??"?"})`};const u=i.filter(c=>!/^k(3s|ube-controller-manager)$/.test(c)).join(", ");return{kind:"hand",words:u===""?"nobody that left a name":`whoever applied it by hand (${u})`}}function un(e){const{containers:n,hostPaths:t,runtimeClass:i}=Q(e),s=t.filter(r=>/libnvidia-ml\.so/.test(r)),o=[];return s.length>0&&o.push(`mounts ${s.join(", ")} from the host: the next update of the driver breaks it`),n.some(r=>r.isPrivileged)&&o.push("runs privileged: it needs no privilege"),n.some(({env:r})=>r.FAIL_ON_INIT_ERROR==="false")&&o.push("has FAIL_ON_INIT_ERROR=false: it stays Running without a GPU, and hides why"),i===""&&s.length===0&&o.push("has no runtimeClassName: it sees the GPU only where nvidia is the default runtime"),o}function xr(e){return templateOf(e).hostPaths.some(n=>/libnvidia-ml\.so/.test(n))}var ln=P(77598);const Ci=({key:e})=>/^node\.(cloudprovider\.)?kubernetes\.io\//.test(e);function fn(e){return e.taints.filter(n=>!Ci(n)&&n.effect!=="PreferNoSchedule")}function Qn({key:e="",operator:n="",value:t="",effect:i=""},s){return i!==""&&i!==s.effect||e!==""&&e!==s.key?!1:n==="Exists"?!0:(n===""||n==="Equal")&&e!==""&&t===(s.value??"")}function Mi({key:e,operator:n,values:t},i){const s=e==="field metadata.name"?i.name:Object.hasOwn(i.labels,e)?i.labels[e]:void 0;switch(n){case"In":return s!==void 0&&t.includes(s);case"NotIn":return s===void 0||!t.includes(s);case"Exists":return s!==void 0;case"DoesNotExist":return s===void 0;case"Gt":return s!==void 0&&Number(s)>Number(t[0]);case"Lt":return s!==void 0&&Number(s)<Number(t[0]);default:return!1}}const Gi=({key:e,operator:n,values:t})=>`${e} ${n}${t.length>0?` ${t.join(", ")}`:""}`;function je(e,n){const t=Object.entries(e.nodeSelector).filter(([r,a])=>!Object.hasOwn(n.labels,r)||n.labels[r]!==a).map(([r,a])=>`the node lacks the label ${r}=${a}`),i=e.affinity===void 0||e.affinity.some(r=>r.length>0&&r.every(a=>Mi(a,n))),s=(e.affinity??[]).map(r=>r.map(Gi).join(" and ")).join(", or "),o=fn(n).filter(r=>!e.tolerations.some(a=>Qn(a,r))).map(r=>`the taint ${(0,ge.eh)(r)} is not tolerated`);return[...t,...i?[]:[`its node affinity wants: ${s}`],...o]}const Ui="k3s-gpu-actions/rendered",Yn="nvidia.com/gpu",Jn="/var/lib/kubelet/device-plugins";function ke(e){const n=e.flatMap(fn).map(({key:i,value:s,effect:o})=>({key:i,...s?{value:s}:{},effect:o}));return[...new Map(n.map(i=>[JSON.stringify([i.key,i.effect,i.value??""]),i]))].sort(([i],[s])=>i<s?-1:1).map(([,i])=>i)}function Xn(e){const n=e.filter(({key:t})=>t!==Yn).map(({key:t,value:i,effect:s})=>i===void 0?{key:t,operator:"Exists",effect:s}:{key:t,operator:"Equal",value:i,effect:s});return[{key:Yn,operator:"Exists"},...n]}function Fe({image:e,taints:n}){const t={"app.kubernetes.io/name":"nvidia-device-plugin","app.kubernetes.io/instance":x,"app.kubernetes.io/component":"device-plugin","app.kubernetes.io/part-of":y,"app.kubernetes.io/managed-by":y},s={selector:{matchLabels:{"app.kubernetes.io/name":t["app.kubernetes.io/name"],"app.kubernetes.io/instance":t["app.kubernetes.io/instance"]}},updateStrategy:{type:"RollingUpdate"},template:{metadata:{labels:t},spec:{runtimeClassName:"nvidia",nodeSelector:{[v]:"true"},tolerations:Xn(n),priorityClassName:"system-node-critical",automountServiceAccountToken:!1,containers:[{name:"nvidia-device-plugin-ctr",image:e,env:[{name:"NVIDIA_VISIBLE_DEVICES",value:"all"},{name:"NVIDIA_DRIVER_CAPABILITIES",value:"compute,utility"}],securityContext:{allowPrivilegeEscalation:!1,capabilities:{drop:["ALL"]}},volumeMounts:[{name:"kubelet-device-plugins-dir",mountPath:Jn}]}],volumes:[{name:"kubelet-device-plugins-dir",hostPath:{path:Jn,type:"Directory"}}]}}},o=(0,ln.createHash)("sha256").update(JSON.stringify({labels:t,spec:s})).digest("hex");return{apiVersion:"apps/v1",kind:"DaemonSet",metadata:{name:x,namespace:k,labels:t,annotations:{[Ui]:o.slice(0,16)}},spec:s}}function re(e){return e.daemonSets.find(Ge)}function pn(e){return e.daemonSets.filter(n=>!Ge(n)&&(ve(n)||n.namespace===k&&n.name===x))}function ye(e){const n=re(e);if(n!==void 0)return n;const t=pn(e).filter(ve),{node:i}=e,s=o=>i!==void 0&&je(Q(o),i).length===0;return t.find(s)??t[0]}function Rr({wish:e,reading:n}){if(e.devicePlugin==="absent")return;if(e.devicePlugin!=="apply")return ye(n);const{metadata:t,spec:i}=renderDevicePlugin({image:e.devicePluginImage,taints:taintsOfGpuNodes(n.gpuNodes)});return{namespace:pluginNamespace,name:pluginName,object:{metadata:t,spec:i}}}const ji=e=>e==="hand";function qe(e,n){if(!(n.devicePlugin!=="apply"||n.replaceDevicePlugin===""))return pn(e).find(t=>T(t)===n.replaceDevicePlugin&&ji(Ue(t).kind))}function hn(e){const n=T(e),t="keep it and press again with `device-plugin: verify`",i=`kubectl -n ${e.namespace} delete daemonset ${e.name}`;switch(Ue(e).kind){case"gpu-operator":return`${t}, or switch the operator's off: kubectl patch clusterpolicies.nvidia.com cluster-policy --type merge -p '{"spec":{"devicePlugin":{"enabled":false}}}'`;case"flux":return`${t}, or take it out of the repository that Flux reads: deleted by hand, it comes back`;case"argo-cd":return`${t}, or take it out of its Argo CD application: deleted by hand, it comes back`;case"helm":{const s=e.annotations["meta.helm.sh/release-name"]??"<release>",o=e.annotations["meta.helm.sh/release-namespace"]??e.namespace;return`${t}, or: helm uninstall ${s} -n ${o}`}case"k3s-manifest":return`${t}, or remove its file from /var/lib/rancher/k3s/server/manifests on every server, then: ${i}`;case"ours":case"hand":return`have it replaced: press again with \`replace-device-plugin: ${n}\`; or ${t}`}}const Zn=6e4,Fi=3,Le=e=>n=>n.namespace===e.namespace&&n.owner===`DaemonSet/${e.name}`;async function et(e,n,t,i){const s=Le(t);let o=250;for(let r=0;;r+=o){const a=(await e.podsOnNode(n,i)).filter(s);if(a.length===0)return;if(r>=Zn)throw new ge.b$("timeout",{title:`the pods of ${T(t)} on ${n} did not end within ${Zn/1e3} s`,cause:"the kubelet does not end them, or is not connected",remedy:`look at them: kubectl -n ${t.namespace} get pods --field-selector spec.nodeName=${n}; then press again`,evidence:a.map(T)});await(0,Ni.setTimeout)(o,void 0,{signal:i}),o=Math.min(o*2,2e3)}}async function qi(e,n,t){const i=n.wish.devicePluginImage,s=async()=>ke(await e.nodesWithLabel(v,"true",t));let o=await s();for(let r=1;;r++){await e.applyObject(Fe({image:i,taints:o}),t);const a=await s();if(JSON.stringify(a)===JSON.stringify(o)||r===Fi)return;o=a}}async function Li(e,n,t,i,s){const{reading:o,wish:r}=n,{node:a}=o,d=[],u=g=>{d.push(g),i(g)};if(a===void 0)return{applied:d,oldPods:[]};const c=[];if(t.has($.label)){const g=ti(a.annotations);await e.changeNode(a.name,{labels:{[v]:"true"},...g===void 0?{}:{annotations:{[b]:g}}},s),u($.label)}const l=t.has($.replacePlugin)?qe(o,r):void 0;if(l!==void 0){await e.deleteDaemonSet(l.namespace,l.name,l.uid,s),u($.replacePlugin);const g=new Set([a.name,...o.gpuNodes.map(({name:m})=>m)]);await Promise.all([...g].map(m=>et(e,m,l,s)))}const p=re(o);if(t.has($.applyPlugin)){const g=Fe({image:r.devicePluginImage,taints:ke(o.gpuNodes)});p!==void 0&&cn(g,p).some(m=>m.startsWith(".spec.template"))&&c.push(...o.pods.filter(Le(p)).map(({uid:m})=>m)),await qi(e,n,s),u($.applyPlugin)}return t.has($.deletePlugin)&&p!==void 0&&(await e.nodesWithLabel(v,"true",s)).filter(({name:m})=>m!==a.name).length===0&&(await e.deleteDaemonSet(p.namespace,p.name,p.uid,s),u($.deletePlugin)),t.has($.unlabel)&&(await e.changeNode(a.name,{labels:{[v]:null}},s),u($.unlabel)),{applied:d,oldPods:c}}function nt({namespace:e,name:n,labels:t,annotations:i,object:s}){const o=Object.entries(i).filter(([r])=>!r.startsWith("deprecated.daemonset."));return{apiVersion:"apps/v1",kind:"DaemonSet",metadata:{name:n,namespace:e,labels:t,annotations:Object.fromEntries(o)},spec:s.spec}}async function Vi(e,n,t,i){const{reading:s,wish:o}=n,r=[],a=re(s),d=Fe({image:o.devicePluginImage,taints:ke(s.gpuNodes)});if(t.includes($.applyPlugin)&&a!==void 0&&Kn(d,a)&&(await e.applyObject(nt(a),i),r.push($.applyPlugin)),t.includes($.applyPlugin)&&a===void 0){const p=(await e.daemonSets(i)).find(({namespace:w,name:R})=>w===k&&R===x),g=await e.nodesWithLabel(v,"true",i),m=g.some(({name:w})=>w!==s.node?.name);p!==void 0&&!m&&(await e.deleteDaemonSet(p.namespace,p.name,p.uid,i),t.includes($.replacePlugin)&&await Promise.all(g.map(({name:w})=>et(e,w,p,i)))),m||r.push($.applyPlugin)}const c=(!t.includes($.applyPlugin)||r.includes($.applyPlugin))&&t.includes($.replacePlugin)?qe(s,o):void 0;c!==void 0&&(await e.applyObject(nt(c),i),r.push($.replacePlugin));const{node:l}=s;if(t.includes($.label)&&l!==void 0){const p=l.annotations[b];await e.changeNode(l.name,{labels:{[v]:l.labels[v]??null},annotations:{[b]:p??null}},i),r.push($.label)}return r}const mn=3e3,zi=3e4,Bi=25e3,Hi=/^(ImagePullBackOff|InvalidImageName|ErrImageNeverPull|ImageInspectError|RegistryUnavailable)\b/,tt=/Incompatible (strategy|platform) detected|Failed to initialize NVML|could not load NVML|nvml init failed|No devices found|invalid MIG configuration|error starting plugins|Failed to start plugin|unable to (load|validate)/;function it(e){return(e.find(t=>tt.test(t))??e.findLast(t=>/^E|error|fail/i.test(t))??e.at(-1)??"").replace(/^[EWIF]\d{4} [\d:.]+ +\d+ [^\]]*\] /,"").slice(0,300)}function st(e){return/Incompatible|could not load NVML|Failed to initialize NVML: ERROR_LIBRARY_NOT_FOUND/i.test(e)?"the pod does not run under the NVIDIA runtime, or the runtime found no driver: on the host, nvidia-smi, and grep nvidia /var/lib/rancher/k3s/agent/etc/containerd/config.toml":/NVML|No devices found/i.test(e)?"the driver gives no GPU: nvidia-smi on the host says more":"look at the whole log: kubectl -n kube-system logs daemonset/k3s-gpu-actions-nvidia-device-plugin"}function Wi(e,n,t){const{node:i,pods:s,log:o,events:r}=e,a=s.at(-1);if(a===void 0){const m=i===void 0||t<mn?[]:je(Q(n.plugin),i);return m.length===0?void 0:{kind:"not-tolerated",reason:`no pod of ${n.plugin.namespace}/${n.plugin.name} comes to the node: ${m.join("; ")}`,remedy:"add what is missing where the plugin is kept; `device-plugin: apply` keeps one that fits"}}const d=a.problems.find(m=>Hi.test(m));if(d!==void 0)return{kind:"image",reason:`the image ${a.images[0]??""} does not come: ${d}`,remedy:"check name and tag (input device-plugin-image), that the node reaches the registry, and its credentials in registries.yaml"};const u=a.phase==="Failed"?a.problems[0]??"it failed without a reason":void 0;if(u!==void 0&&t>=mn)return{kind:"rejected",reason:`the kubelet refuses the plugin's pod: ${u}`,remedy:"see its words"};const c=[...r,...a.problems].find(m=>/no runtime for ".*" is configured/.test(m));if(c!==void 0)return{kind:"no-runtime",reason:`containerd on the node does not know the runtime: ${c}`,remedy:"the toolkit has to be installed there before k3s starts: press again with `toolkit: install`; or restart k3s-agent"};const l=a.problems.find(m=>m.startsWith("Unschedulable"));if(l!==void 0&&t>=zi)return{kind:"unschedulable",reason:`no room for the plugin's pod: ${l}`,remedy:"make room on the node"};if((a.problems.some(m=>m.startsWith("CrashLoopBackOff"))||a.restarts>=2)&&!a.isReady&&(o.length>0||t>=Bi)){const m=it(o),w=m===""?a.problems[0]??"it says nothing":m;return{kind:"crash",reason:`the device plugin ends again and again: ${w}`,remedy:st(w)}}const g=o.find(m=>tt.test(m));if(a.isReady&&g!==void 0&&t>=mn){const m=it([g]);return{kind:"no-device",reason:`the device plugin runs without a GPU: ${m}`,remedy:st(m)}}}const Ki={judge:250,ask:2e3},Qi=12e3;function ot(e,{resources:n}){return Object.entries(n).every(([t,i])=>e!==void 0&&L(e.capacity,t)>=i&&L(e.allocatable,t)>=i)}function Yi(e,n){const{node:t,pods:i}=e;return t===void 0?"the node":i.length===0?"a pod of the device plugin on the node":i.some(s=>s.isReady&&!s.isTerminating)?ot(t,n.expected)?e.isFresh?void 0:"a sign that the numbers are those of the new plugin":Object.entries(n.expected.resources).map(([o,r])=>`${o}: capacity ${L(t.capacity,o)}, allocatable ${L(t.allocatable,o)} of ${r}`).join("; "):"a Ready pod of the device plugin"}const Ji=/Registered device plugin for '[^']+' with Kubelet/;async function Xi(e,n,t){const i=e.now(),s=()=>e.now()-i,o=new AbortController,r=AbortSignal.any([t,o.signal]),{promise:a,resolve:d,reject:u}=Promise.withResolvers(),c=Le(n.plugin),l=new Map,p=new Set(n.oldPods);let g,m=!1,w,R=[],ie=[];const N=()=>{const O=[...l.values()],A=O.filter(X=>c(X)&&!p.has(X.uid)),ne=A.some(X=>X.isReady&&!X.isTerminating),oe=ot(g,n.expected);g!==void 0&&!oe&&(m=!0),w=oe&&ne?w??s():void 0;const kr=w!==void 0&&s()-w>=Qi,yr=A.some(X=>X.isReady&&!n.podsBefore.includes(X.uid))&&R.some(X=>Ji.test(X)),br=n.isRestarted&&!n.isPluginChanged&&g?.heartbeatAt!==void 0&&g.heartbeatAt!==n.before?.heartbeatAt,wr=n.isPluginChanged||n.isRestarted,_r=m||kr||yr||n.before!==void 0&&br;return{...g===void 0?{}:{node:g},pods:A,allPods:O,isFresh:!wr||oe&&ne&&_r,log:R,events:ie}},Xe=()=>{const O=N(),A=s();e.onState?.(O,A);const ne=Yi(O,n),oe=ne===void 0?void 0:Wi(O,n,A);ne===void 0?d({type:"ready",state:O,elapsedMs:A}):oe?d({type:"hopeless",...oe,state:O,elapsedMs:A}):A>=n.timeoutMs&&d({type:"deadline",missing:ne,state:O,elapsedMs:A})};let Dn=!1;const gr=async()=>{const O=N().pods.at(-1);if(!(O===void 0||Dn)){Dn=!0;try{const{namespace:A,name:ne}=O;O.restarts>0||O.isReady||O.problems.length>0?R=(await e.cluster.podLog(A,ne,40,r)).split(`
`).filter(Boolean):ie=await e.cluster.podEvents(A,ne,r),Xe()}catch(A){r.aborted||u(A)}finally{Dn=!1}}},Zt=e.intervalsMs??Ki,$r=[setInterval(Xe,Zt.judge),setInterval(()=>{gr()},Zt.ask)],ei=()=>u(t.reason);t.addEventListener("abort",ei,{once:!0});const vr=[e.cluster.watch(n.node,O=>{O.type==="node"?g=O.node:O.type==="gone"&&(g=void 0),O.type!=="lease"&&Xe()},r),e.cluster.watchPods(n.node,O=>{O.type==="pod"?l.set(`${O.pod.namespace}/${O.pod.name}`,O.pod):l.delete(`${O.namespace}/${O.name}`),Xe()},r)].map(O=>O.then(()=>{r.aborted||u(new Error("a watch ended before the GPU was registered"))},A=>{r.aborted||u(A)}));try{return t.throwIfAborted(),await a}finally{for(const O of $r)clearInterval(O);t.removeEventListener("abort",ei),o.abort(new Error("the wait is over")),await Promise.all(vr)}}var f=P(37131);const rt=e=>`kubectl -n ${e.namespace} logs daemonset/${e.name} --tail=40`;function Zi({node:e,plugin:n,pods:t,outcome:i},s){const o="Does the device plugin run on the node?",r=t.filter(Le(s)),a=r.find(l=>l.isReady&&!l.isTerminating),d=i?.type==="hopeless",u=r.flatMap(l=>l.problems)[0],c=a?`${T(a)} is Ready`:u??(r.length===0?"no pod of it is there":"not Ready");return(0,f.oQ)("confirm.plugin",o,a!==void 0&&!d,d?i.reason:c,{cause:d?"waiting any longer would not mend it":`${n?T(n):"the plugin"} has no Ready pod on ${e?.name??"the node"}`,remedy:d?i.remedy:rt(s),evidence:[...(i?.state.events??[]).slice(0,3),...(i?.state.log??[]).slice(-8)]})}function es(e,n){return n.map(t=>`${t}: capacity ${L(e.capacity,t)}, allocatable ${L(e.allocatable,t)}`).join("; ")}function ns(e){const{wish:n,gpu:t,node:i,plugin:s,expected:o,outcome:r}=e;if(n.devicePlugin==="absent"||n.devicePlugin==="none"||i===void 0)return[];if(s===void 0||o===void 0)return[(0,f.oQ)("confirm.plugin","Does the device plugin run on the node?",!1,"there is no device plugin",{cause:"without one the kubelet does not know of the GPUs, and no pod gets one",remedy:"press with `device-plugin: apply`, or put back the one that was there; `none` does without"})];const a=Zi(e,s),d=Object.keys(o.resources),u=Object.keys(i.capacity).filter(an),c=es(i,[...new Set([...d,...u])].slice(0,12))||"no GPU resource",l=d.filter(N=>L(i.capacity,N)===0),p=d.filter(N=>L(i.allocatable,N)<L(i.capacity,N)),g=d.filter(N=>L(i.capacity,N)<(o.resources[N]??0)),m=d.filter(N=>L(i.capacity,N)>(o.resources[N]??0)),w=l.length===d.length,R=[a,(0,f.oQ)("capacity.registered","Has the kubelet heard of the GPU?",d.length>0&&!w,c,{cause:d.length===0?"the host shows no GPU that could be registered":"no device plugin has registered it: it does not run, sees no GPU, or lost its registration (NVIDIA/k8s-device-plugin#1228)",remedy:`${rt(s)}; when it says nothing: kubectl -n ${s.namespace} rollout restart daemonset/${s.name}`})];if(d.length===0||w)return R;R.push((0,f.oQ)("capacity.healthy","Are all registered GPUs healthy?",p.length===0,c,{cause:"the plugin reported a device as unhealthy (an Xid error, or it fell off the bus), and never takes that back (NVIDIA/k8s-device-plugin#1014)",remedy:`on the host: nvidia-smi, and dmesg | grep -i xid; when the GPU is well: kubectl -n ${s.namespace} rollout restart daemonset/${s.name}`,evidence:t.driver.kernelLog.slice(0,5)}),ts(e,o,c,{lacking:l,short:g,more:m}));const ie=a.verdict==="fail"||r!==void 0&&!r.state.isFresh;return R.push((0,f.oQ)("capacity.fresh","Are the numbers those of the plugin that runs now?",!ie,c,{cause:a.verdict==="fail"?"the numbers stand, but the plugin that told them does not run: they are left over":"the plugin has started anew, and nothing shows that it has registered since",remedy:`kubectl -n ${s.namespace} rollout restart daemonset/${s.name}, then press again`})),R}function ts({wish:e,gpu:n},t,i,{lacking:s,short:o,more:r}){const a="capacity.complete",d="Does the node offer all its GPUs?",u=n.devices.length,c=e.expectGpus,l=c!==void 0&&u<c,p=`${i}; expected: ${t.words}${l?`, of ${c} wanted`:""}`;return o.length>0||s.length>0?(0,f.oQ)(a,d,!1,p,{cause:"the plugin registered fewer than there are: a GPU was not there yet when it started, or its configuration leaves some out",remedy:"compare nvidia-smi -L on the host with the log of the plugin, then restart the plugin"}):l?(0,f.oQ)(a,d,!1,p,{cause:`the host shows ${u} GPU${u===1?"":"s"}, and expect-gpus says ${c}`,remedy:"on the host: nvidia-smi -L and lspci -nn -d 10de: show which one is missing; or correct expect-gpus"}):r.length>0?(0,f.oQ)(a,d,!1,p,{verdict:"warn",cause:"GPUs are shared by a configuration that could not be read, or somebody set the numbers by hand",remedy:"look at the configuration of the plugin"}):(0,f.bF)(a,d,p)}const is=e=>Object.keys(e.devices).some(an);function ss(e,n,t){const i=e.filter(c=>is(c)&&!c.isTerminating&&["Running","Pending"].includes(c.phase));if(i.length===0)return;const s="confirm.gpu-pods",o="Do the pods that had a GPU still have it?",r=new Map(n.map(c=>[c.uid,c])),a=i.filter(c=>{const l=r.get(c.uid);return l===void 0||l.phase==="Failed"}),d=i.filter(c=>{const l=r.get(c.uid);return l!==void 0&&c.isReady&&!l.isReady&&!["Failed","Succeeded"].includes(l.phase)}),u=`${i.length} before, ${i.length-a.length} still there`;return(0,f.oQ)(s,o,a.length+d.length===0,u,{verdict:t||a.length===0?"warn":"fail",cause:a.length===0?"some are not ready at this moment":"they ended or failed since this run began",remedy:"a pod that failed at admission stays so: delete it, and its owner makes a new one",evidence:[...a,...d].slice(0,8).map(c=>{const l=r.get(c.uid);return`${T(c)}: ${l===void 0?"gone":(0,f.H$)([l.isReady||l.phase==="Failed"?l.phase:`${l.phase}, not ready`,...l.problems],2)}`})})}const ae=({runtime:e,name:n,id:t})=>`${n||t.slice(0,12)} (${e})`;function os(e,n,t,i=""){const s=e.filter(({outcome:p})=>p==="ok");if(s.length===0)return;const o="confirm.gpu-calls",r="Does a GPU call still work in every container that had the GPU?";if(n===void 0)return{id:o,verdict:"error",question:r,found:`not known: it worked before in ${(0,f.H$)(s.map(ae))}`,cause:i||"the containers could not be asked again",remedy:"look on the host: docker exec CONTAINER nvidia-smi -L, k3s crictl exec CONTAINER nvidia-smi -L"};const a=new Map(n.map(p=>[`${p.runtime} ${p.id}`,p])),d=s.map(p=>({call:p,later:a.get(`${p.runtime} ${p.id}`)})),u=d.filter(({later:p})=>p!==void 0&&p.outcome!=="ok"),c=d.filter(({later:p})=>p===void 0),l=[...u.map(({call:p,later:g})=>`${ae(p)}: ${g?.said??""}`),...c.map(({call:p})=>`${ae(p)}: it no longer runs, or has no GPU any more`)].slice(0,12);return u.length>0?{id:o,verdict:t?"warn":"fail",question:r,found:`no more in ${(0,f.H$)(u.map(({call:p})=>ae(p)))}`,cause:"the control group of a running container no longer lets it use the device, most often after a reload of systemd",remedy:`restart it: ${(0,f.H$)(u.map(({call:p})=>rs(p)))}`,evidence:l}:c.length>0?{id:o,verdict:"warn",question:r,found:`${(0,f.H$)(c.map(({call:p})=>ae(p)))} could not be asked again`,cause:"it ended while the host was changed, or was replaced",remedy:"look whether it should run: docker ps -a, kubectl get pods -A",evidence:l}:{id:o,verdict:"pass",question:r,found:`yes, in ${(0,f.H$)(s.map(ae))}`}}function rs({runtime:e,name:n,id:t}){if(e!=="k3s")return`${e} restart ${t.slice(0,12)}`;const[i,s]=n.split("/");return s?`kubectl delete pod -n ${i} ${s}`:`the pod of container ${t.slice(0,12)}`}const W=(e,n,t,i,s)=>({id:n,stage:e,severity:"fail",asks:t,remedy:i,isIgnorable:s}),as=[W("preflight","gpu.node","Is the node there, and Ready? A warning when a containerd template that is moved aside may be the cause","join it first with k3s-join; `kubectl describe node`",!0),W("preflight","gpu.machine","Is the host the machine of this node? A warning when neither tells its identity","give the right `host` or `node`",!1),W("preflight","gpu.runtime-class","Does the RuntimeClass nvidia lead to the runtime that k3s renders?","start the servers without `--disable=runtimes`; the check gives the object",!0),W("preflight","gpu.plugin-owner","Does nobody else keep a device plugin (gpu-operator, Flux, Helm, Argo CD, a manifest by hand)?","`device-plugin: verify` keeps it; `replace-device-plugin` replaces one that was made by hand",!0),W("preflight","gpu.tolerations","Do the pods of the device plugin come to the node: taints, labels, affinity?","the toleration or label that it names, or `device-plugin: apply`",!0),W("confirm","confirm.plugin","Does the device plugin run on the node?","its log says why not",!1),W("confirm","capacity.registered","Has the kubelet heard of the GPU?","see the log of the plugin; restart it when it says nothing",!1),W("confirm","capacity.healthy","Are all registered GPUs healthy (allocatable = capacity)?","nvidia-smi and dmesg on the host; then restart the plugin",!1),W("confirm","capacity.complete","Does the node offer all its GPUs, sharing and MIG counted? A warning when it offers more","compare nvidia-smi with the log of the plugin",!1),W("confirm","capacity.fresh","Are the numbers those of the plugin that runs now?","restart the plugin, then press again",!1),W("confirm","confirm.gpu-pods","Do the pods that had a GPU still have it? A warning with `allow-gpu-disruption`","delete those that failed at admission; their owners make new ones",!1)],de=(e,n,t,i,s=!0)=>({id:e,stage:"preflight",severity:n,asks:t,remedy:i,isIgnorable:s}),ds=[de("k3s.service","fail","Does k3s run on this host?","let the machine join first, or start the unit",!1),de("gpu.search-path","fail","Does k3s find the right nvidia-container-runtime by itself, and not what gpu-operator left in /usr/local/nvidia/toolkit?","`sudo mv /usr/local/nvidia/toolkit /usr/local/nvidia/toolkit.disabled`, or a link in /usr/local/bin"),de("gpu.containerd-template","fail","Does a containerd template take away what k3s sets itself, or repeat a table? A warning for one that does neither","`quarantine-template: true`; k3s needs no template for GPUs",!1),de("gpu.default-runtime","fail","Can k3s find the default runtime that it is told? A warning when nvidia is the default","take `default-runtime` out of the place that the check names",!1),de("gpu.runtime-config","fail","Does containerd run with the runtime nvidia and the right program?","restart k3s; move a template away that sets the runtimes itself"),de("gpu.restart-pending","warn","Would the next restart of k3s change what containerd runs with, without this plan?","restart k3s when it suits, or take the change back")],cs=[["present","fail","Is an NVIDIA GPU in this host? Without one there is nothing to do, unless `expect-gpus` says otherwise","look at the machine: power and seat of the card"],["driver","fail","Does the driver answer?","install or load it; the check names what keeps it away"],["driver-version","fail","Have the parts of the driver one version? A warning when the next boot changes it","reboot; then `hold-packages: all`"],["nouveau","fail","Is the card free of nouveau, the kernel's own driver?","blacklist it, rebuild the initramfs, reboot"],["secure-boot","fail","Does Secure Boot let the driver's module in?","enrol its key at the console, or use signed modules"],["next-kernel","warn","Does the driver also have a module for the kernel that the next boot starts?","install the headers of that kernel, `sudo dkms autoinstall`"],["reboot","warn","Is no reboot pending?","reboot when it suits"],["inforom","warn","Is the card's infoROM whole?","none needed"],["count","fail","Are all GPUs there: on the bus, with the driver, as many as expected?","find the missing card, or correct `expect-gpus`"],["product","fail","Are they the expected product?","find the right host, or correct `expect-product`"],["processes","warn","Who uses the GPU now?","none needed; nothing that could disturb it is done unless `allow-gpu-disruption` says so"],["upgrades","warn","Can no unattended upgrade replace driver or toolkit?","`hold-packages: all`"],["device-links","warn","Do containers keep the GPU when systemd reloads its units?","`toolkit: install`"]].map(([e,n,t,i])=>({id:`gpu.${e}`,stage:"preflight",severity:n,asks:t,remedy:i,isIgnorable:e!=="present"})),us=[{id:"gpu.toolkit",stage:"preflight",severity:"fail",asks:"Is NVIDIA's container toolkit there, all four packages at one version, the one that was asked for, and not too old?",remedy:"`toolkit: install`, with `toolkit-version` for another one than is there",isIgnorable:!0},{id:"gpu.toolkit-repository",stage:"preflight",severity:"fail",asks:"Do the toolkit's packages come from a repository that the package manager checks by the right key?",remedy:"move a strange keyring away, or give `repository` and `repository-keys`",isIgnorable:!1},{id:"confirm.gpu-calls",stage:"confirm",severity:"fail",asks:"Does a GPU call in every container that had the GPU still work after the changes? A warning with `allow-gpu-disruption`",remedy:"restart those containers: their device rules are made anew at their start",isIgnorable:!0}],ls=[{id:"host.sudo",stage:"preflight",severity:"fail",asks:"May the user become root?",remedy:"give `sudo-password`, or let the user become root without one",isIgnorable:!1},{id:"plan.gpu-in-use",stage:"plan",severity:"fail",asks:"Does the plan disturb a process outside the cluster that uses the GPU?",remedy:"`allow-gpu-disruption`, or stop the process first",isIgnorable:!1},{id:"confirm.runtime-config",stage:"confirm",severity:"fail",asks:"Does k3s\u2019s containerd have the NVIDIA runtime, with the program that k3s finds?",remedy:"see containerd\u2019s log in the evidence",isIgnorable:!1},{id:"confirm.gpu-processes",stage:"confirm",severity:"fail",asks:"Do the processes that used the GPU before still run?",remedy:"start them again; the report names them",isIgnorable:!1}],at=[...cs,...us,...ds,...as,...ls],fs=e=>(0,f.Ms)(at,e),ps=new Set(["k3s","docker","podman"]),hs=new Set(["ok","failed","not-asked"]);async function ms(e,n){const t=await e.run({name:"container-calls",script:[H.kj,C["container-calls"]].join(`
`),env:{},privilege:"root",timeoutMs:n.timeoutMs,signal:n.signal}),i=en(e.label,"asking the containers for the GPU",t);if(i)throw i;const s=o=>typeof o=="string"?o:"";return t.lines.flatMap(o=>!hs.has(o.container_call)||!ps.has(o.runtime)?[]:[{runtime:o.runtime,id:s(o.id),name:s(o.name).trim(),outcome:o.container_call,said:s(o.said).trim()}])}var gn=P(3292);const V={cri:"io.containerd.grpc.v1.cri",runtime:"io.containerd.cri.v1.runtime",images:"io.containerd.cri.v1.images"};function Y(e,n){let t=e;for(const i of n){if(typeof t!="object"||t===null||Array.isArray(t)||!Object.hasOwn(t,i))return;t=t[i]}return t}const ee=(e,n)=>{const t=Y(e,n);return typeof t=="string"?t:""},dt=(e,n)=>{const t=Y(e,n);return Array.isArray(t)?t.filter(i=>typeof i=="string"):[]},ce=(e,n)=>{const t=Y(e,n);return typeof t=="object"&&t!==null&&!Array.isArray(t)?t:{}};function $n(e){try{return{tables:(0,gn.qg)(e,{maxDepth:100})}}catch(n){if(!(n instanceof gn.zx||n instanceof RangeError))throw n;const t=(n.message.split(`
`)[0]??"").replace("Invalid TOML document: ","");return{tables:{},problem:n instanceof gn.zx?`line ${n.line}: ${t}`:t}}}const ct={cri:V.cri,opt:"io.containerd.internal.v1.opt"};function gs(e){const n=Y(e,["version"]);if(n===2)return e;const t=n===void 0||n===0||n===1,i={};for(const[s,o]of Object.entries(ce(e,["plugins"]))){const r=t&&Object.hasOwn(ct,s)?ct[s]??s:s,a=r===V.cri?Object.fromEntries(Object.entries(ce(o,[])).filter(([d])=>d.startsWith("stream_"))):o;Object.defineProperty(i,r,{value:a,enumerable:!0,configurable:!0,writable:!0})}return{...e,plugins:i}}function se(e){const{tables:n,problem:t}=$n(e),i=Y(n,["version"]),s=gs(n),o=["plugins",V.runtime],r=["plugins",V.images],a=["plugins",V.cri],d=(l,p)=>ee(s,l)||ee(s,[...a,...p]),u={...ce(s,[...a,"cni"]),...ce(s,[...o,"cni"])},c=[a,o].flatMap(l=>Object.entries(ce(s,[...l,"containerd","runtimes"])));return{...typeof i=="number"?{version:i}:{},isOwnText:/^# File generated by k3s\b/.test(e.trimStart()),runtimes:[...new Map(c)].map(([l,p])=>{const g=Y(p,["options","SystemdCgroup"]);return{name:l,type:ee(p,["runtime_type"]),binaryName:ee(p,["options","BinaryName"]),...typeof g=="boolean"?{systemdCgroup:g}:{}}}),defaultRuntime:d([...o,"containerd","default_runtime_name"],["containerd","default_runtime_name"]),cniBinFolders:[...dt(u,["bin_dirs"]),ee(u,["bin_dir"])].filter(l=>l!==""),cniConfFolder:ee(u,["conf_dir"]),snapshotter:d([...r,"snapshotter"],["containerd","snapshotter"]),sandboxImage:d([...r,"pinned_images","sandbox"],["sandbox_image"]),registryPath:d([...r,"registry","config_path"],["registry","config_path"]),address:ee(s,["grpc","address"]),root:ee(s,["root"]),state:ee(s,["state"]),imports:dt(s,["imports"]),ignored:$s(n),...t===void 0?{}:{problem:t},tables:s}}function $s(e){return Y(e,["version"])===2?[]:["cri",V.cri].flatMap(n=>Object.entries(ce(e,["plugins",n])).filter(([,t])=>typeof t=="object").map(([t])=>`plugins.${n.includes(".")?`"${n}"`:n}.${t}`))}const Ve="/var/lib/rancher/k3s/agent",ut="pods get no network: the node stays NotReady (cni plugin not initialized)",lt="kubelet and runc manage control groups in different ways: pods restart for ever",vs="mirrors, certificates and passwords of /etc/rancher/k3s/registries.yaml have no effect",ks="the pause image comes from elsewhere: no pod starts where that registry cannot be reached",ze="a setting of k3s is gone";function ft(e){const[,n,t]=/^v?1\.(\d+)\.(\d+)/.exec(e)??[];return n===void 0?!0:Number(n)===31?Number(t)>=6:Number(n)===32?Number(t)>=2:Number(n)>32}function ys(e,n,t,i,s){const o=["plugins",V.cri],r=e===2?o:["plugins",V.runtime],a=e===2?o:["plugins",V.images],d=(l,p,g,m=!1,w)=>({path:l,value:p,breaks:g,isEssential:m,...w?{otherwise:w}:{}}),u=l=>n===3?[l,!0]:["nothing: k3s gives it to containerd as an argument, too",!1],c=[...r,"containerd","runtimes","runc"];return[d(["version"],e,"containerd takes it for version 1 and drops tables that it knows under new names, without an error",!0),d(["root"],`${Ve}/containerd`,...u("images and containers of this node are looked for elsewhere")),d(["state"],"/run/k3s/containerd",...u("running containers are looked for elsewhere")),d(["grpc","address"],"/run/k3s/containerd/containerd.sock",...u("k3s waits for a socket that containerd opens elsewhere")),d(["plugins","io.containerd.internal.v1.opt","path"],`${Ve}/containerd`,"containerd looks for its own programs elsewhere"),d([...o,"stream_server_address"],"127.0.0.1",ze),d([...o,"stream_server_port"],"10010",ze),d([...r,"enable_selinux"],!1,"SELinux labels of containers, where k3s was started with --selinux"),d([...r,"enable_unprivileged_ports"],!0,"containers without root may not open ports below 1024"),d([...r,"enable_unprivileged_icmp"],!0,"containers without root may not ping"),d(e===2?[...o,"sandbox_image"]:[...a,"pinned_images","sandbox"],"rancher/mirrored-pause:3.6",ks),d(e===2?[...o,"containerd","snapshotter"]:[...a,"snapshotter"],"overlayfs","containerd chooses its snapshotter itself"),d(e===2?[...o,"containerd","disable_snapshot_annotations"]:[...a,"disable_snapshot_annotations"],!0,ze),d([...r,"cni","bin_dir"],"/var/lib/rancher/k3s/data/cni",ut,!0,[...r,"cni","bin_dirs"]),d([...r,"cni","conf_dir"],`${Ve}/etc/cni/net.d`,ut,!0),...i===""?[]:[d([...r,"containerd","default_runtime_name"],i,"the default runtime that k3s was told has no effect")],d([...c,"runtime_type"],"io.containerd.runc.v2",ze),d([...c,"options","SystemdCgroup"],s,lt,!0),d([...a,"registry","config_path"],`${Ve}/etc/containerd/certs.d`,vs,!0),...t.flatMap(({name:l,path:p})=>{const g=[...r,"containerd","runtimes",l],m=`no runtime for "${l}" is configured: pods that ask for it do not start`;return[d([...g,"runtime_type"],"io.containerd.runc.v2",m,l==="nvidia"),d([...g,"options","BinaryName"],p,m,l==="nvidia"),d([...g,"options","SystemdCgroup"],s,lt,l==="nvidia")]})]}function bs(e,n){const t=e.find(({path:a})=>a[0]==="version")?.value;if(!n?.isOwnText||n.problem!==void 0||n.version!==t)return e;const i=a=>ht(n.tables,a),s=a=>a.path.includes("cni"),o=a=>a.path.at(-1)==="config_path",r=e.filter(a=>a.isEssential&&!s(a)&&!o(a)&&!a.path.includes("nvidia")).every(a=>i(a)!==void 0);return e.filter(a=>i(a)!==void 0||!(o(a)||r&&s(a))).map(a=>{const d=i(a);return a.path.at(-1)==="BinaryName"||a.path[0]==="version"||a.path.at(-1)==="default_runtime_name"?a:vn(d)?{...a,value:d}:a})}function vn(e){return Array.isArray(e)?e.every(n=>typeof n=="string"):["string","number","boolean"].includes(typeof e)}function be(e){return e.map(n=>/^[\w-]+$/.test(n)?n:JSON.stringify(n).replaceAll("\x7F","")).join(".")}function pt(e,n){const t=new Map;for(const{path:o,value:r}of n){const a=be(o.slice(0,-1)),d=t.get(a)??[];d.push(`${be(o.slice(-1))} = ${JSON.stringify(r).replaceAll("\x7F","")}`),t.set(a,d)}const i=be(["plugins",e===2?V.cri:V.runtime]);return t.set(`${i}.containerd.runtimes.runhcs-wcow-process`,['runtime_type = "io.containerd.runhcs.v1"']),`# File generated by k3s. DO NOT EDIT.
${[...t].map(([o,r])=>[...o===""?[]:["",`[${o}]`],...r].join(`
`)).join(`
`)}
`}function ht(e,n){return Y(e,n.path)??(n.otherwise?Y(e,n.otherwise):void 0)}const mt=100;class G extends Error{}function ws(e){const n=[];let t=0,i=!1;for(;t<e.length;){const s=e.indexOf("{{",t);let o=e.slice(t,s<0?void 0:s);if(i&&(o=o.replace(/^[ \t\r\n]+/,"")),s<0){n.push({kind:"text",text:o});break}let r=s+2;/^-[ \t\r\n]/.test(e.slice(r,r+2))&&(o=o.trimEnd(),r+=1),n.push({kind:"text",text:o});const a=_s(e,r);let d=e.slice(r,a);i=/[ \t\r\n]-$/.test(d),i&&(d=d.slice(0,-1)),/^[ \t\r\n]*\/\*/.test(d)||n.push({kind:"action",text:d.trim()}),t=a+2}return n}function _s(e,n){const t=/^[ \t\r\n]*\/\*/.exec(e.slice(n,n+200));if(t){const s=e.indexOf("*/",n+t[0].length),o=s<0?-1:e.indexOf("}}",s);if(o<0)throw new G("unclosed comment");return o}let i="";for(let s=n;s<e.length;s+=1){const o=e[s]??"";if(i!=="")o==="\\"&&i!=="`"?s+=1:o===i&&(i="");else if(o==='"'||o==="'"||o==="`")i=o;else if(o==="}"&&e[s+1]==="}")return s}throw new G("unclosed action")}function Be(e,n,t,i){if(i>mt)throw new G("nested too deeply");const s=[];for(;n.at<e.length;){const o=e[n.at];if(n.at+=1,o.kind==="text"){s.push({kind:"text",text:o.text});continue}const[,r="",a=""]=/^([a-z]*)\b([\s\S]*)$/.exec(o.text)??[];if(r==="end"||r==="else"){if(!t.includes(r))throw new G(`unexpected {{${r}}}`);return{nodes:s,end:o.text}}if(o.text==="")throw new G("an action without a command");if(r==="if"||r==="with"||r==="range")s.push(gt(r,a,e,n,i));else if(r==="define"||r==="block"){if(r==="define"&&i>0)throw new G("{{define}} inside of a block");const[,d="",u=""]=/^\s*"([^"]*)"([\s\S]*)$/.exec(a)??[],{nodes:c}=Be(e,n,["end"],i+1);s.push({kind:"define",name:d,body:c}),r==="block"&&s.push({kind:"call",name:d,data:u.trim()})}else if(r==="template"){const[,,d="",u=""]=/^\s*(["`])([^"`]*)\1([\s\S]*)$/.exec(a)??[];s.push({kind:"call",name:d,data:u.trim()})}else!/^(?:break|continue)?$/.test(o.text)&&!/^\$\w*\s*:?=/.test(o.text)&&s.push({kind:"output",text:o.text})}if(t.length>0)throw new G("a block is not closed by {{end}}");return{nodes:s,end:""}}function gt(e,n,t,i,s){if(/^\s*(?:nil\s*)?$/.test(n))throw new G(`{{${e}}} without a condition`);const o=Be(t,i,["end","else"],s+1);if(o.end==="end")return{kind:e,condition:n.trim(),body:o.nodes,otherwise:[]};const[,r,a=""]=/^else\s+(if|with)\b([\s\S]*)$/.exec(o.end)??[],d=r?[gt(r,a,t,i,s+1)]:Be(t,i,["end"],s+1).nodes;return{kind:e,condition:n.trim(),body:o.nodes,otherwise:d}}const Os=1e6;function $t(e,n){const t={text:"",hasBase:!1,listsRuntimes:!1};try{const i=ws(e),o=Be(i,{at:0},[],0).nodes,r=new Map;return He(o,r),kn(o,{values:n.values},n,r,t,0),t}catch(i){if(!(i instanceof G))throw i;return{...t,problem:i.message}}}function He(e,n){for(const t of e)t.kind==="define"?(n.set(t.name,t.body),He(t.body,n)):"otherwise"in t&&(He(t.body,n),He(t.otherwise,n))}function kn(e,n,t,i,s,o){if(o>mt)throw new G("a template that calls itself");for(const r of e){if(s.text.length>Os)throw new G("too long");if(r.kind==="text")s.text+=r.text;else if(r.kind==="output")s.text+=Rs(r.text,n,s.text);else if(r.kind==="call")if(r.name==="base"){if(r.data==="")throw new G('{{ template "base" }} lacks its dot: write {{ template "base" . }}');s.hasBase=!0,s.text+=t.base}else{const a=i.get(r.name);if(!a)throw new G(`template "${r.name}" is not defined`);kn(a,n,t,i,s,o+1)}else if("condition"in r)for(const[a,d]of xs(r,n,t,s))kn(a,d,t,i,s,o+1)}}function xs(e,n,t,i){const[,s="",o=""]=/^(?:(\$\w+(?:\s*,\s*\$\w+)?)\s*:?=)?([\s\S]*)$/.exec(e.condition)??[],r=o.trim();if(e.kind==="range"&&/^\$?\.ExtraRuntimes$/.test(r)){i.listsRuntimes=!0;const[u,c]=s.split(",").map(l=>l.trim());return t.runtimes.map(({name:l,path:p})=>{const g={BinaryName:p,RuntimeType:"io.containerd.runc.v2"},m={...n.values};c&&u&&(m[u]=l);for(const[w,R]of Object.entries(g))m[`${c??u??""}.${w}`]=R;return[e.body,{values:m}]})}const a=vt(r,n);return(a===void 0?!/^(?:false|nil|0|""|``)$|"(?:stargz|nix)"/.test(r):a!=="")?[[e.body,e.kind==="with"&&a!==void 0?{values:{...n.values,".":a}}:n]]:[[e.otherwise,n]]}function vt(e,{values:n}){for(const t of[e,e.replace(/^\$\./,".")])if(Object.hasOwn(n,t))return n[t]}function Rs(e,n,t){const i=/^printf\s+"%q"\s+(?=\S)|\|\s*printf\s+"%q"$/.test(e),s=e.replace(/^printf\s+"%q"\s+/,"").replace(/\s*\|\s*printf\s+"%q"$/,""),o=/^"((?:[^"\\]|\\["\\])*)"$|^`([^`]*)`$/.exec(s),a=o?.[2]??o?.[1]?.replace(/\\(["\\])/g,"$1")??vt(s,n);if(a!==void 0)return i?JSON.stringify(a):a;const d=`{{ ${s.replace(/["'\\\r\n]+/g," ").slice(0,100)} }}`,u=t.slice(Math.max(t.lastIndexOf(`
`)+1,t.length-1e3));return((u.match(/"/g)?.length??0)+(u.match(/'/g)?.length??0))%2===1?d:`"${d}"`}const Ps=64*1024,Es=e=>e.endsWith("/config-v3.toml.tmpl")?3:2;function Is(e,n,t){const i=ft(n)?3:2;return se(pt(i,yn(i,i,e,t)))}function yn(e,n,t,i){const s=t&&se(t.text);return bs(ys(e,n,i.runtimes,i.defaultRuntime,!0),s)}function kt(e,n,t,i={runtimes:[],defaultRuntime:""}){const s=Es(e.path),o={base:pt(s,yn(s,s,n,i)),runtimes:i.runtimes,values:{".NodeConfig.DefaultRuntime":i.defaultRuntime,".DisableCgroup":"",".IsRunningInUserNS":""}},r=$t(e.text,o),a=se(r.text),d=$t(e.text,{...o,base:""}).text,u=a.version===3||a.version!==2&&Y(a.tables,["plugins",V.runtime])!==void 0,c=yn(u?3:s,s,n,i),l=r.problem??a.problem??Ns(a.version,t),p=r.hasBase&&a.problem!==void 0?Ts(d,o.base):[],g=r.hasBase&&a.problem!==void 0&&$n(d).problem===void 0,m=l===void 0?c.flatMap(N=>As(N,a)):[],w=m.filter(N=>N.value===void 0),R=m.filter(N=>N.value!==void 0),ie=l!==void 0||m.some(N=>N.isEssential);return{path:e.path,verdict:e.text.length>=Ps?"unknown":g&&r.problem===void 0?"duplicates":ie?"harmful":"harmless",hasBase:r.hasBase,isHeeded:s===2||ft(t),removes:w,changes:R,duplicates:g&&p.length===0?[a.problem??""]:p,ignored:a.ignored,...l===void 0?{}:{problem:l},result:a}}function Ns(e,n){const i=Number(/^v?1\.(\d+)\./.exec(n)?.[1]??0)>=36?4:3;return e!==void 0&&e>i?`containerd reads configurations up to version ${i}, this one says ${e}`:void 0}function As(e,n){const t=ht(n.tables,e),i={key:be(e.path),ownValue:yt(e.value),breaks:e.breaks};if(t===void 0)return[{...i,isEssential:e.isEssential}];if(Ss(t,e.value))return[];const s=e.isEssential&&e.path.at(-1)==="SystemdCgroup";return[{...i,value:yt(t),isEssential:s}]}const yt=e=>typeof e=="string"?e:vn(e)?JSON.stringify(e):"a table";function Ss(e,n){const[t,i]=[e,n].map(s=>Array.isArray(s)&&s.length===1?s[0]:s);return vn(t)&&JSON.stringify(t)===JSON.stringify(i)||typeof t=="string"&&t.includes("{{")}function Ts(e,n){const t=new Set(bt(n));return[...new Set(bt(e).filter(i=>t.has(i)))]}function bt(e){return e.split(`
`).flatMap(n=>{const t=/^[ \t]*\[([^[][^\r\n]*)\][ \t]*(?:#.*)?\r?$/.exec(n)?.[1];if(t===void 0)return[];const{tables:i,problem:s}=$n(`[${t}]`);return s===void 0?[be(Ds(i))]:[]})}function Ds(e){const n=[];let t=e;for(;typeof t=="object"&&t!==null;){const[i]=Object.entries(t);if(!i)break;n.push(i[0]),t=i[1]}return n}const wt={"nvidia-container-runtime":"nvidia","nvidia-container-runtime.cdi":"nvidia-cdi","nvidia-container-runtime-experimental":"nvidia-experimental"},bn={name:"nvidia-container-runtime",folder:"/usr/bin"},J="/etc/rancher/k3s/config.yaml.d/60-k3s-gpu-actions-runtime.yaml",we="/usr/local/nvidia/toolkit",_e=e=>e.slice(0,Math.max(1,e.lastIndexOf("/")));function ue(e,n=[]){const{searchPath:t}=e.k3s,i=d=>t.indexOf(_e(d)),s=e.runtimes.map(({name:d,path:u})=>({name:d,path:u})),o=`${bn.folder}/${bn.name}`;n.includes("install-toolkit")&&!s.some(({path:d})=>d===o)&&s.push({name:bn.name,path:o});const r=new Map,a=s.filter(({path:d})=>i(d)>=0).sort((d,u)=>i(d.path)-i(u.path));for(const{name:d,path:u}of a){const c=Object.hasOwn(wt,d)?wt[d]:void 0;c!==void 0&&!r.has(c)&&r.set(c,{name:c,path:u})}return[...r.values()].sort((d,u)=>d.name<u.name?-1:1)}function wn(e,n=[]){const t=e.k3s.defaultRuntimes.filter(({place:u})=>u!==J),i=e.k3s.defaultRuntimes.find(({place:u})=>u===J),s=i!==void 0&&!n.includes("remove-default-runtime"),r=n.includes("write-default-runtime")?{place:J,value:"nvidia"}:s?i:void 0,a=t.filter(({place:u})=>_t(u));return[...t.filter(({place:u})=>!_t(u)),...r?[r]:[],...a].at(-1)??{place:"",value:""}}function _t(e){if(e==="/etc/rancher/k3s/config.yaml")return!1;const n=`${_e(J)}/`;return e.startsWith(n)?e>J:!0}function Ot(e,n=[]){return{runtimes:ue(e,n),defaultRuntime:wn(e,n).value}}function Oe(e,n=[]){const t=Ot(e,n);return e.containerd.templates.map(i=>kt(i,e.containerd.rendered,e.k3s.version,t)).filter(i=>i.isHeeded).sort((i,s)=>Number(s.path.endsWith("/config-v3.toml.tmpl"))-Number(i.path.endsWith("/config-v3.toml.tmpl")))}const xe=e=>e.verdict==="harmful"||e.verdict==="duplicates";function We({wish:e,gpu:n}){if(!e.quarantineTemplate)return[];const t=new Set(Oe(n).filter(xe).map(({path:i})=>i));return n.containerd.templates.filter(({path:i})=>t.has(i))}function Ke(e,n){const t=Ot(e,n),i=Oe(e,n).filter(o=>!(n.includes("quarantine-template")&&xe(o))),[s]=i;return s?{config:s.result,template:s}:{config:Is(e.containerd.rendered,e.k3s.version,t)}}function xt(e){const{rendered:n}=e.containerd;if(!n)return!1;const t={...n,path:"/config.toml.tmpl",text:n.text.replaceAll("{{","{ {")},{removes:i,problem:s,verdict:o}=kt(t,n,e.k3s.version);return o!=="unknown"&&(s!==void 0||i.some(r=>r.isEssential))}const _n=256;function E(e,n,t=512){const i=e?.[n];return typeof i=="string"?i.slice(0,t).trim():""}function U(e,n,t=`
`){return E(e,n,128*1024).split(t).map(i=>i.trim().slice(0,1024)).filter(i=>i!=="").slice(0,_n)}const Qe=e=>/(?<![\d.])\d{2,4}\.\d{1,3}(?:\.\d{1,3})?(?![\d.])/.exec(e)?.[0]??"";function Ye(e,n){const t=o=>o.match(/\d+|[^\d]+/g)??[],i=t(e),s=t(n);for(let o=0;o<Math.max(i.length,s.length);o++){const[r="",a=""]=[i[o],s[o]];if(r===a)continue;const d=Number(r)-Number(a);if(/^\d/.test(r)&&/^\d/.test(a)&&d!==0)return d;if(!/^\d/.test(r)||!/^\d/.test(a))return r<a?-1:1}return 0}const Cs=/^(?:cuda-drivers|nvidia-(?:driver|dkms|kernel|open|headless|compute-utils|utils|firmware|modprobe|persistenced|fabricmanager|legacy|smi)|(?:lib|lib64)nvidia-(?!container)|libcuda1|linux-(?:modules|objects|signatures)-nvidia|(?:kmod|akmod|dkms)-nvidia|xorg-x11-drv-nvidia|xserver-xorg-video-nvidia|x11-video-nvidia)/;function Rt(e,n){return n.some(t=>{const i=/^(?:solvable_name:|name\s*=)\s*"?([^"]+)"?$/.exec(t)?.[1]?.trim()??t;if(i.startsWith("!"))return!1;const s=i.indexOf("*");return i===e||s>0&&s<=e.length&&e.startsWith(i.slice(0,s))?!0:i.startsWith(`${e}-`)&&/^-(?:\d+:)?\d/.test(i.slice(e.length))})}function Ms(e){const n=["apt","dnf","zypper"].find(s=>s===e?.manager)??"",t=U(e,"locks").filter(s=>!s.startsWith("#")),i=new Map;for(const s of E(e,"list",128*1024).split(`
`).slice(0,2048)){const[o="",r="",a=""]=s.split("	");if(!/^[a-z0-9][a-z0-9+._-]*$/i.test(o)||r===""||!/^.i/.test(a))continue;const d=a.startsWith("h")||Rt(o,t);i.set(o,{name:o,version:r.slice(0,128),isHeld:d})}return{driver:[...i.values()].filter(({name:s})=>Cs.test(s)),toolkit:{packageManager:n,packages:I.map(s=>i.get(s)??{name:s,version:"",isHeld:Rt(s,t)}),missingPrerequisites:U(e,"missing"," "),ctkVersion:/version v?(\d+\.\d+\.\d+\S*)/.exec(E(e,"ctk",1024))?.[1]??""}}}function Gs(e){const n=U(e,"text").filter(t=>!t.startsWith("#")).filter(t=>/^(?:deb(?:-src)?\s|URIs:|baseurl\s*=)/i.test(t)).flatMap(t=>t.match(/[a-z][a-z0-9+.-]*:\/{1,3}[^\s\]]+/gi)??[]);return{repository:{path:E(e,"path"),urls:[...new Set(n)].slice(0,16),keyring:E(e,"keyring")},keyFingerprints:U(e,"keys").map(t=>t.toUpperCase()).filter(t=>/^[0-9A-F]{40}$/.test(t))}}const Us=128;function Re(e){return/^\d{1,9}$/.test(e)?Number(e):void 0}const js=e=>/^\[.*\]$/.test(e)?"":e;function Pt(e){const n=e.split(",").map(m=>m.trim());if(n.length<12)return;const[t="",i=""]=n,[s="",o="",r="",a="",d="",u="",c="",l=""]=n.slice(-9);if(Re(t)===void 0||!/^GPU-[0-9a-f-]{8,64}$/i.test(i))return;const p=n.slice(2,-9).join(", "),g={memoryTotalMiB:Re(r),memoryUsedMiB:Re(a),utilisationPercent:Re(d),temperatureCelsius:Re(u)};return{index:Number(t),uuid:i,name:js(p).slice(0,128),driverVersion:/^[\d.]{1,32}$/.test(s)?s:"",pciBusId:/^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f]$/i.test(o)?o:"",...Object.fromEntries(Object.entries(g).filter(([,m])=>m!==void 0)),...(c==="Enabled"||c==="Disabled")&&{isMigEnabled:c==="Enabled"},computeCapability:/^\d{1,2}\.\d{1,2}$/.test(l)?l:""}}function Fs(e){const n=[];let t="";for(const i of e.split(`
`).slice(0,1024)){t=/^GPU \d+: .*\(UUID: (GPU-[0-9a-f-]{8,64})\)/i.exec(i)?.[1]??t;const[,s,o]=/^\s+MIG (\S{1,64})\s+Device\s+\d+: \(UUID: (MIG-[0-9a-zA-Z/-]{8,128})\)/.exec(i)??[];s!==void 0&&o!==void 0&&t!==""&&n.push({gpuUuid:t,uuid:o,profile:s})}return n.slice(0,Us)}function qs(e){if(e===void 0)return{smi:{isInstalled:!1,said:""},devices:[],migDevices:[],cudaVersion:""};const n=E(e,"said",64*1024),t=typeof e.code=="number"&&e.code>=0&&e.code<256?e.code:void 0,i=t===0||t===14,s=n.split(`
`).slice(0,_n),o=new Map;for(const u of i?s.flatMap(c=>Pt(c)??[]):[])o.has(u.uuid)||o.set(u.uuid,u);const r=[...o.values()].sort((u,c)=>u.index-c.index),a=s.filter(u=>r.length===0||Pt(u)===void 0).join(`
`),d=E(e,"cuda",16);return{smi:{isInstalled:!0,...t!==void 0&&t!==124&&{exitCode:t},said:a.trim().slice(0,2048)},devices:r,migDevices:Fs(typeof e.list=="string"?e.list.slice(0,64*1024):""),cudaVersion:/^\d{1,3}\.\d{1,3}$/.test(d)?d:""}}const Et=64*1024,It=e=>e.split(/[-.]/).at(-1)??"";function Ls(e,n){const t=new Set(U(e,"with_module"," ")),i=U(e,"installed"," ").filter(s=>/^\d/.test(s)&&!s.includes("rescue")&&It(s)===It(n)).sort(Ye).at(-1);if(!(i===void 0||n===""||Ye(i,n)<=0))return{release:i.slice(0,128),hasModule:t.has(i)}}function Vs(e,n){const t=a=>e.find(d=>d.fact===`gpu.${a}`),i=t("driver"),s=t("reboot"),o=Ls(t("kernels"),n),r=[...new Set(U(s,"packages"))];return{loaded:Qe(E(i,"loaded")),onDisk:Qe(E(i,"on_disk")),userSpace:Qe(E(i,"library").replace(/^.*\.so\./,"")),...o&&{nextKernel:o},isNouveauLoaded:i?.nouveau===!0,secureBoot:["enabled","disabled"].find(a=>a===i?.secure_boot)??"unknown",rebootPending:r.length>0?r:s?.pending===!0?[""]:[],hasUnattendedUpgrades:t("unattended")?.on===!0,kernelLog:U(t("kernel-log"),"lines").slice(-20)}}function Nt(e){const n=typeof e.text=="string"?e.text.slice(0,Et):"";return{path:E(e,"path",4096),sha256:E(e,"sha256",64),text:n}}function zs(e){const n=E(e,"arguments",Et).split(`
`);return n.flatMap((t,i)=>{const s=/^--?default-runtime=(.*)$/.exec(t)?.[1]??(/^--?default-runtime$/.test(t)?n[i+1]:void 0);return s===void 0?[]:[{place:E(e,"path",4096),value:s.slice(0,128)}]})}function Bs(e){const n=new Map;for(const t of U(e,"owners")){const[,i,s]=/^([^:,\s]+)(?::[a-z0-9]+)?(?:, [^:]+)?: (\/.*)$/.exec(t)??[];i!==void 0&&s!==void 0&&n.set(s,i)}return{search:U(e,"search",":").slice(0,64),runtimes:U(e,"paths").map(t=>({name:t.slice(t.lastIndexOf("/")+1),path:t,package:n.get(t)??""}))}}function Hs(e){const n=e.distribution,t=g=>n.filter(m=>m.fact===`gpu.${g}`).slice(0,_n),i=g=>n.find(m=>m.fact===g),s=i("k3s.unit"),o=i("gpu.device-links"),r=i("gpu.handlers"),a=Ms(i("gpu.packages")),{search:d,runtimes:u}=Bs(i("gpu.runtimes")),c=t("containerd"),l=c.filter(g=>g.name==="config.toml").map(Nt)[0],p=l===void 0||/^\s*SystemdCgroup\s*=\s*true/m.test(l.text);return{pci:t("pci").map(g=>({address:E(g,"address",32),id:E(g,"id",16).toLowerCase(),driver:E(g,"driver",64)})).filter(({address:g})=>/^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f]$/i.test(g)),...qs(i("gpu.smi")),driver:{...Vs(n,e.kernel),packages:a.driver},toolkit:{...a.toolkit,...Gs(i("gpu.repository"))},k3s:{unit:["k3s","k3s-agent"].find(g=>g===s?.name)??"",activeState:E(s,"active",64),version:E(i("k3s.binary"),"version",128),searchPath:d,defaultRuntimes:[...t("default-runtime").map(g=>({place:E(g,"place",4096),value:E(g,"value",128)})),...zs(s)]},runtimes:u,containerd:{...l&&{rendered:l},templates:c.filter(g=>g.name!=="config.toml").map(Nt),...r&&{handlers:[...new Set(U(r,"names"))]}},deviceLinks:{missing:U(o,"missing"," "),hasRule:o?.rule===!0,isNeeded:e.init==="systemd"&&p},ownFiles:t("own-file").map(g=>({path:E(g,"path",4096),sha256:E(g,"sha256",64)}))}}function At(e,n=[]){const{wish:t,gpu:i}=e,s=[];We(e).length>0&&s.push("quarantine-template");const o=i.k3s.defaultRuntimes.find(({place:d})=>d===J),r=o!==void 0||i.ownFiles.some(({path:d})=>d===J),a=ue(i,n).some(({name:d})=>d==="nvidia");return t.defaultRuntime==="nvidia"&&a&&wn(i).value!=="nvidia"&&o?.value!=="nvidia"&&s.push("write-default-runtime"),t.defaultRuntime==="unset"&&r&&s.push("remove-default-runtime"),s}const St=({k3s:e,containerd:n})=>e.activeState==="active"&&n.rendered===void 0&&n.handlers===void 0;function le(e,n){const{wish:t,gpu:i}=e,{config:s,template:o}=Ke(i,n);if(o&&o.verdict!=="harmless")return[];const r=se(i.containerd.rendered?.text??""),a=R=>R.runtimes.find(({name:ie})=>ie==="nvidia")?.binaryName,d=[],[u,c]=[a(r),a(s)],l=i.containerd.rendered===void 0&&i.containerd.handlers?.includes("nvidia"),p=St(i)&&ue(i).some(({name:R})=>R==="nvidia");c!==void 0&&u===void 0&&!l&&!p&&d.push("runtime-missing"),c!==void 0&&u!==void 0&&c!==u&&d.push("binary-path-changed");const[g,m]=[r,s].map(R=>R.defaultRuntime==="nvidia"),w=t.defaultRuntime===(m?"nvidia":"unset");return g!==m&&w&&d.push("default-runtime-changed"),xt(i)&&d.push("harmful-template-removed"),d}const Ws={"runtime-missing":"what k3s rendered at its last start lacks the runtime nvidia, which it will find now","binary-path-changed":"k3s rendered another program for the runtime nvidia than it will find now","default-runtime-changed":"the default runtime changes","harmful-template-removed":"containerd runs with what a harmful template left of its configuration"};function Ks(e,n=[]){const{gpu:t}=e,i=At(e,n),s=[...n,...i],o=i.map(a=>Qs(a,e)),r=le(e,s);return r.length>0&&t.k3s.unit!==""&&o.push({id:$.restart,kind:"restart",target:t.k3s.unit,reason:r.map(a=>Ws[a]).join("; "),disrupts:`restarts ${t.k3s.unit}; containers keep running, GPU pods may be refused until the device plugin is back`,undo:"restarted with what was there before"}),o}function Qs(e,n){if(e==="quarantine-template"){const t=new Set(We(n).map(({path:s})=>s)),i=Oe(n.gpu).filter(s=>t.has(s.path)&&xe(s));return{id:e,kind:"edit",target:`${[...t].join(", ")} (renamed to \u2026disabled-<hash>)`,reason:i.map(({verdict:s})=>s==="duplicates"?"it writes a table once more, and containerd does not start":"it takes a part of k3s's own configuration away: gpu.containerd-template says which").join("; "),undo:"renamed back"}}return e==="write-default-runtime"?{id:e,kind:"write",target:`${J} (default-runtime: nvidia)`,reason:"default-runtime: nvidia is wished, and k3s will find the program",disrupts:"after the restart every image that sets NVIDIA_VISIBLE_DEVICES sees all GPUs without asking for one",undo:"restored, or deleted where it was not there"}:{id:e,kind:"remove",target:J,reason:"default-runtime: unset is wished, and this project wrote the file",undo:"restored"}}const Pe="gpu.default-runtime",Ee="Can k3s find the default runtime that it is told, and is that one meant?";function Ys({wish:e,gpu:n},t){const{value:i,place:s}=wn(n,t),o=ue(n,t).map(({name:l})=>l),r=se(n.containerd.rendered?.text??""),{unit:a}=n.k3s,d=n.k3s.defaultRuntimes.map(l=>`${l.place}: ${l.value||"none"}`);if(!(i===""||o.includes(i)||!i.startsWith("nvidia")&&i!=="runc"&&r.runtimes.some(({name:l})=>l===i))){const l=!i.startsWith("nvidia")&&i!=="runc";return{id:Pe,verdict:l?"warn":"fail",question:Ee,found:`${s} says ${i}, which k3s ${l?"did not render at its last start":"does not find"}`,cause:i==="runc"?`k3s looks for other runtimes only: with runc as a value ${a} does not start (default runtime runc was not found)`:`${a} does not start any more: default runtime ${i} was not found`,remedy:i==="nvidia"?`let the toolkit be installed (toolkit: install), or take default-runtime out of ${s}`:`take default-runtime out of ${s}; without it k3s uses runc`,evidence:d}}if(e.defaultRuntime==="nvidia"&&i!=="nvidia"){const l=o.includes("nvidia");return{id:Pe,verdict:"fail",question:Ee,found:i===""?"nvidia is wished and cannot be set":`nvidia is wished, but ${s} says ${i} and wins`,cause:l?`k3s takes what stands last: files of config.yaml.d after ${J} and arguments of the unit win over it`:"k3s finds no nvidia-container-runtime, and does not start with a default runtime that it cannot find",remedy:l?`take default-runtime out of ${s}`:"let the toolkit be installed first (toolkit: install)",evidence:d}}if(e.defaultRuntime==="unset"&&i==="nvidia")return{id:Pe,verdict:"warn",question:Ee,found:`${s} says nvidia, and this project did not write it`,cause:"only the file that this project wrote is taken away",remedy:`take default-runtime out of ${s}, then: sudo systemctl restart ${a}`,evidence:d};if((Ke(n,t).config.defaultRuntime||i)==="nvidia"){const l=e.defaultRuntime==="nvidia";return{id:Pe,verdict:"warn",question:Ee,found:`nvidia is the default runtime${s?`, said by ${s}`:", said by a template"}`,cause:"every image that sets NVIDIA_VISIBLE_DEVICES sees all GPUs without asking for one (README of NVIDIA/k8s-device-plugin)",remedy:`none needed if that is meant; else ${l?"give default-runtime: unset":`take it out of ${s||"the template"}`} and name runtimeClassName: nvidia in the pods that need a GPU`,evidence:d}}return(0,f.bF)(Pe,Ee,i===""?"none is set: runc, and nvidia for pods that name its runtime class":`${i}, said by ${s}`)}const On="gpu.containerd-template",xn="Does a containerd template take away what k3s sets itself?",Rn=40;function Tt({key:e,ownValue:n,value:t,breaks:i}){return t===void 0?`removes ${e} (${n}): ${i}`:`sets ${e} to ${t} instead of ${n}: ${i}`}function Js(e){const n=(t,i)=>Number(i.isEssential)-Number(t.isEssential);return[`${e.path}:`,...e.problem?[`cannot be read: ${e.problem}`]:[],...e.duplicates.map(t=>`writes ${t} once more`),...[...e.removes].sort(n).map(Tt),...e.changes.map(Tt),...e.ignored.map(t=>`${t} has no effect: containerd 2 drops it without an error`)]}function Xs(e){const n=[...e.removes,...e.changes].filter(({isEssential:s})=>s),t=[...new Set(n.map(({breaks:s})=>s))],i=t.length-2;return[...t.slice(0,2),...i>0?[`and ${i} more`]:[]].join("; ")}function Zs(e){if(e.verdict==="duplicates")return`${e.path} writes ${e.duplicates.join(", ")} once more: containerd does not start`;if(e.problem!==void 0)return`${e.path} cannot be read: ${e.problem}`;const{length:n}=e.removes,t=e.changes.filter(({isEssential:s})=>s).map(({key:s})=>s),i=[...n>0?[`removes ${n} ${n===1?"key":"keys"} of k3s's own configuration`]:[],...t.length>0?[`changes ${t.join(", ")}`]:[]];return`${e.path} ${i.join(" and ")}`}function eo({gpu:e},n){const t=Oe(e,n),[i]=t;if(!i)return(0,f.bF)(On,xn,"there is none: k3s writes the configuration itself");const s=t.flatMap(Js),o=s.length>Rn?[...s.slice(0,Rn),`and ${s.length-Rn} more`]:s,r=t.find(xe);if(r){const d=n.includes("quarantine-template"),u=r!==i;return{id:On,verdict:d?"warn":"fail",question:xn,found:`${Zs(r)}${u?`; k3s takes ${i.path} now, and this one if that goes`:""}`,cause:r.verdict==="duplicates"?"it extends k3s\u2019s own text and repeats a table that stands in it, which TOML forbids":r.problem===void 0?`${r.hasBase?"":'without {{ template "base" . }} it replaces the whole configuration: '}${Xs(r)}`:"k3s renders containerd\u2019s configuration from it, and one of both stops there",remedy:d?"nothing to do: the plan moves it aside; it comes back if k3s does not":r.verdict==="duplicates"?"take the repeated table out of it, or give quarantine-template: true; k3s needs no template for GPUs":"give quarantine-template: true to have it moved aside (and back if k3s does not come up); k3s needs no template for GPUs",evidence:o}}const a=t.find(({verdict:d})=>d==="unknown");return{id:On,verdict:"warn",question:xn,found:a?`${a.path} is too long to be judged`:`${i.path} ${i.hasBase?"extends k3s\u2019s own configuration":"replaces it, and leaves nothing out that the node needs today"}`,cause:i.hasBase?"what it adds is not checked against releases of k3s to come":"a copy ages: what a newer k3s sets is missing in it",remedy:i.hasBase?"none needed; k3s needs no template for GPUs":'replace it by {{ template "base" . }} and what you add to it, or move it away',evidence:o}}function no(e,n=[]){const t=[...n,...At(e,n)];return e.gpu.k3s.unit===""?[Dt(e,t)]:[Dt(e,t),io(e,t),eo(e,t),Ys(e,t),Ct(e,t),so(e,t)]}function Dt({gpu:e},n){const t="k3s.service",i="Does k3s run on this host?",{unit:s,activeState:o,version:r}=e.k3s;if(s==="")return{id:t,verdict:"fail",question:i,found:"neither k3s nor k3s-agent is installed as a unit",cause:"GPUs are made usable on a machine that is a node already",remedy:"let the machine join first (k3s-join), then run gpu-runtime"};if(o==="active")return(0,f.bF)(t,i,`${s} is active${r?`, ${r}`:""}`);const a=n.includes("quarantine-template")||n.includes("remove-default-runtime")||n.includes("install-toolkit")&&e.k3s.defaultRuntimes.at(-1)?.value==="nvidia";return{id:t,verdict:a?"warn":"fail",question:i,found:`${s} is ${o||"in an unknown state"}`,cause:a?"what keeps it from starting is mended by this plan":"a node that is down cannot be given GPUs",remedy:a?`nothing to do: ${s} is started again`:`on the host: sudo journalctl -u ${s} -n 50; sudo systemctl start ${s}`}}function to(e){const{gpu:n}=e,t={...Ct(e,[]),id:"confirm.runtime-config"},i=le(e,[]);return t.verdict==="skip"&&i.length>0?{...t,verdict:"fail",found:`not so, although k3s was restarted: ${i.join(", ")}`,cause:"k3s rendered its configuration before this, or a template or another PATH of its unit is in the way",remedy:`on the host: sudo journalctl -u ${n.k3s.unit} -n 50 | grep -i runtime; sudo cat ${n.containerd.rendered?.path??"/var/lib/rancher/k3s/agent/etc/containerd/config.toml"}`,evidence:[`runtimes: ${Mt(n.containerd.rendered?.text)}`]}:t.verdict!=="skip"?t:{...t,verdict:"error",cause:"the host did not say enough to prove it",remedy:"press the button again; on the host: sudo k3s crictl info | grep -A3 nvidia"}}function io({gpu:e,reading:n},t){const i="gpu.search-path",s="Does k3s find the right nvidia-container-runtime by itself?",o=e.runtimes.filter(({name:l})=>l==="nvidia-container-runtime"),r=ue(e,t).find(({name:l})=>l==="nvidia");if(!r){const l=o[0];return l?{id:i,verdict:"fail",question:s,found:`${l.path} is there, but ${e.k3s.unit} does not look in ${_e(l.path)}`,cause:`it looks in ${e.k3s.searchPath.join(", ")||"no folder"}, which is not the PATH of a shell`,remedy:`sudo ln -s ${l.path} /usr/local/bin/nvidia-container-runtime, or install the packages (toolkit: install)`}:(0,f.uG)(i,s,"there is no nvidia-container-runtime: see gpu.toolkit")}if(!(_e(r.path)===we))return(0,f.bF)(i,s,`${r.path}, the first one in its search path`);const d=n.daemonSets.find(({name:l,namespace:p})=>p==="gpu-operator"||l.includes("nvidia-container-toolkit"));if(d)return(0,f.bF)(i,s,`${r.path}, kept by ${d.namespace}/${d.name}`);const c=o.find(({path:l})=>_e(l)!==we)?.path??(t.includes("install-toolkit")?"/usr/bin/nvidia-container-runtime":void 0);return{id:i,verdict:"fail",question:s,found:`${r.path} comes before ${c??"every other folder"}`,cause:`k3s looks in ${we} first; gpu-operator left the folder behind, and nobody keeps it up to date`,remedy:`sudo mv ${we} ${we}.disabled; then run this again: k3s is restarted with the packaged one`,evidence:e.runtimes.map(l=>`${l.path}${l.package?` (package ${l.package})`:" (no package)"}`)}}function Ct(e,n){const{gpu:t}=e,i="gpu.runtime-config",s="Does containerd run with the runtime nvidia and the right program?",{rendered:o,handlers:r}=t.containerd;if(Oe(t,n).some(xe)&&!n.includes("quarantine-template"))return(0,f.uG)(i,s,"a template is in the way: see gpu.containerd-template");if(St(t)){const l=e.host.privilege.state!=="none";return{id:i,verdict:"fail",question:s,found:"unknown: neither /var/lib/rancher/k3s/agent/etc/containerd/config.toml nor k3s crictl info could be read",cause:l?"k3s runs with another data-dir, with docker or with a containerd of its own, which this action does not know how to prepare":`root could not be had on this host (${e.host.privilege.problem||"no sudo"}), and nobody else may read them`,remedy:l?`on the host: sudo systemctl cat ${t.k3s.unit} | grep -E 'data-dir|docker|container-runtime-endpoint'; sudo k3s crictl info`:"give `sudo-password`, or a user who may use sudo without one"}}const{config:a,template:d}=Ke(t,n),u=ue(t,n).find(({name:l})=>l==="nvidia")?.path;if(u===void 0)return(0,f.uG)(i,s,"k3s finds no nvidia-container-runtime: see gpu.toolkit and gpu.search-path");const c=a.runtimes.find(({name:l})=>l==="nvidia")?.binaryName;return c!==u?{id:i,verdict:"fail",question:s,found:c===void 0?"k3s will not render the runtime nvidia":`${c} instead of ${u}`,cause:`${d?.path??"a template"} sets the runtimes itself, and no restart changes that`,remedy:`add {{ template "base" . }} as its first line and take the nvidia tables out, or move it away: sudo mv ${d?.path??""} /root/`}:le(e,n).length>0?{id:i,verdict:"skip",question:s,found:"not yet: the plan restarts k3s, which brings it; it is confirmed then"}:r&&!r.includes("nvidia")?{id:i,verdict:"fail",question:s,found:`config.toml has it, but the running containerd names only ${r.join(", ")||"no handler"}`,cause:"containerd dropped the table, or still runs with an older configuration",remedy:`on the host: sudo tail /var/lib/rancher/k3s/agent/containerd/containerd.log; sudo systemctl restart ${t.k3s.unit}`,evidence:[`${o?.path??"config.toml"}: runtimes ${Mt(o?.text)}`]}:(0,f.bF)(i,s,`${u}${r?", and the running containerd names it":""}`)}const Mt=(e="")=>se(e).runtimes.map(({name:n})=>n).join(", ")||"none";function so(e,n){const{gpu:t}=e,i="gpu.restart-pending",s="Would the next restart of k3s change what containerd runs with?",{rendered:o}=t.containerd;if(!o)return(0,f.uG)(i,s,"k3s has rendered no configuration yet, or it could not be read");if(le(e,n).length>0)return{id:i,verdict:"skip",question:s,found:"yes: the plan restarts it"};const{config:r}=Ke(t,n),a=se(o.text),[d,u]=[a,r].map(l=>l.defaultRuntime||"runc"),c=u==="runc"||r.runtimes.some(({name:l})=>l===u);return d!==u&&c&&!xt(t)?{id:i,verdict:"warn",question:s,found:`the default runtime is ${d}, and ${u} after the next restart`,cause:"somebody changed default-runtime without restarting k3s",remedy:`restart it when it suits: sudo systemctl restart ${t.k3s.unit}; or take the change back`}:(0,f.bF)(i,s,"no")}const oo=e=>/driver\/library version mismatch/i.test(e.smi.said);function Gt(e){const{loaded:n,userSpace:t}=e.driver,i=n!==""&&t!==""&&n!==t;return oo(e)||i&&e.devices.length===0}function ro(e){return`install it, then reboot: ${{apt:"`sudo ubuntu-drivers install --gpgpu` (Ubuntu) or `sudo apt-get install nvidia-driver` (Debian, non-free)",dnf:"the package `nvidia-open` or `cuda-drivers` of NVIDIA's repository for this distribution",zypper:"the package `nvidia-open-driver-G06-signed` with `nvidia-compute-utils-G06` of SUSE's or NVIDIA's repository","":"the driver as its distribution says"}[e.toolkit.packageManager]}; this action installs no driver`}const ao=e=>e.driver.kernelLog.some(n=>n.includes("Key was rejected by service"));function Ut(e,n){const{driver:t,pci:i}=e;return i.length>0&&i.every(s=>s.driver==="vfio-pci")?{cause:"the card is set aside for virtual machines: vfio-pci holds it",remedy:"take its ids out of `vfio-pci.ids` (kernel command line, /etc/modprobe.d), rebuild the initramfs and reboot"}:t.isNouveauLoaded||i.some(s=>s.driver==="nouveau")?{cause:"nouveau, the kernel's own driver, holds the card, so NVIDIA's cannot be loaded",remedy:"printf 'blacklist nouveau\\noptions nouveau modeset=0\\n' | sudo tee /etc/modprobe.d/blacklist-nouveau.conf; rebuild the initramfs (sudo update-initramfs -u, or sudo dracut --force) and reboot"}:t.onDisk===""?t.packages.length>0?{cause:`the driver is installed, but there is no module of it for the running kernel${n&&` ${n}`}`,remedy:`sudo apt-get install linux-headers-${n||"$(uname -r)"} && sudo dkms autoinstall && sudo modprobe nvidia (elsewhere: the kernel's headers, or its package of ready modules)`}:{cause:"there is no NVIDIA driver on this host",remedy:ro(e)}:t.secureBoot==="enabled"||ao(e)?{cause:`Secure Boot ${t.secureBoot==="enabled"?"is on":"may be on"}, and the kernel loads only modules whose key it knows`,remedy:"enrol the key that signed the module (sudo mokutil --import /var/lib/shim-signed/mok/MOK.der, then confirm at the machine's console at the next boot), install the distribution's signed modules, or switch Secure Boot off in the firmware"}:{cause:`the module (${t.onDisk}) is on the disk, but it is not loaded`,remedy:'sudo modprobe nvidia; when it refuses: sudo dmesg | grep -iE "nvrm|nvidia" tells why'}}const co={cause:"a GPU has fallen off the bus (Xid 79): power, heat, riser, or a hardware fault",remedy:"reboot, better switch the machine off and on; when it comes back: power cables, seat of the card, temperature"},jt=[{codes:[9],words:/couldn't communicate with the NVIDIA driver/i,why:Ut},{codes:[12],words:/couldn't find libnvidia-ml\.so|could not load NVML/i,why:e=>e.driver.userSpace===""?{cause:"libnvidia-ml.so.1, the library that belongs to the driver, is not on this host",remedy:`install the driver's libraries in the version of the module${e.driver.loaded&&` (${e.driver.loaded})`}, e.g. the package libnvidia-compute-<branch> or nvidia-driver-cuda-libs`}:{cause:"libnvidia-ml.so.1 is there, but the loader does not find it",remedy:"sudo ldconfig; when that does not help, reinstall the packages of the driver"}},{codes:[15],words:/GPU is lost|Unable to determine the device handle/i,why:()=>co},{codes:[6],words:/No devices were found|No supported GPUs were found/i,why:e=>({cause:/No supported GPUs/i.test(e.smi.said)?"the driver is loaded, but no card is bound to it, or this branch of it does not know the card":"the driver is loaded, but could not start the card: firmware, power, passthrough to a virtual machine, or a branch that does not know it",remedy:'sudo dmesg | grep -iE "nvrm|rminitadapter" names the reason; switch the machine off and on; for a new card the open modules of a newer driver, and Above 4G Decoding in the firmware'})},{codes:[4],words:/Insufficient Permissions/i,why:()=>({cause:"the user may not ask the driver",remedy:"give `sudo-password`, or let the user become root without one; sudo nvidia-smi shows whether that helps"})},{codes:[8],words:/power cables/i,why:()=>({cause:"the card's power cables are not attached properly",remedy:"switch the machine off, attach them, and try again"})},{codes:[10],words:/interrupt/i,why:()=>({cause:"the kernel has a problem with the interrupts of a GPU",remedy:"sudo dmesg | grep -i nvrm; firmware (BIOS) update, another slot, or `pci=nomsi` on the kernel command line"})}];function uo(e,n){const{smi:t,driver:i}=e;if(!t.isInstalled)return i.loaded===""?Ut(e,n):{cause:`the module (${i.loaded}) is loaded, but nvidia-smi is not on this host`,remedy:"install the programs of the driver in the same version: the package nvidia-utils-<branch>, or nvidia-driver-cuda"};if(t.exitCode===void 0)return{cause:"nvidia-smi gave no answer in 10 s: the driver or a GPU hangs",remedy:'sudo dmesg | grep -E "NVRM|Xid" names the reason; only a reboot ends a driver that hangs'};const{exitCode:s}=t,o=jt.find(a=>a.words.test(t.said))??jt.find(a=>a.codes.includes(s));if(o!==void 0)return o.why(e,n);const r=t.said.split(`
`)[0]?.slice(0,200)??"";return s===0||s===14?{cause:"nvidia-smi answered, but listed no GPU in the form that was asked for",remedy:"look at it on the host: nvidia-smi --query-gpu=index,uuid,name --format=csv"}:{cause:`nvidia-smi ended with exit code ${s}${r&&`: ${r}`}`,remedy:'sudo nvidia-smi and sudo dmesg | grep -E "NVRM|Xid" on the host say more'}}const lo=/^(?:libnvidia-compute|nvidia-utils|nvidia-compute-utils|nvidia-driver|libnvidia-ml|nvidia-open$|cuda-drivers$|xorg-x11-drv-nvidia-cuda)/;function Pn(e){return e.driver.packages.filter(({name:t})=>lo.test(t)).map(({version:t})=>Qe(t)).filter(t=>t!=="").sort(Ye).at(-1)??""}function fo({gpu:e}){const n="gpu.driver-version",t="Have the parts of the driver one version, now and after the next boot?",{loaded:i,userSpace:s,onDisk:o}=e.driver;if(Gt(e)){const d=/NVML library version: ([\d.]+)/.exec(e.smi.said)?.[1]??"",u=s||d||"another version";return(0,f.oQ)(n,t,!1,`the module is ${i||"of another version"}, the libraries are ${u}`,{cause:"the driver was upgraded while its old module is loaded, so no new program gets the GPU",remedy:"reboot; or without one, after every program on the GPU has ended: sudo rmmod nvidia_drm nvidia_modeset nvidia_uvm nvidia && sudo nvidia-smi. Then hold the packages: `hold-packages: all`",evidence:[`loaded: ${i}`,`libraries: ${s||d}`,`module on disk: ${o}`]})}if(i==="")return(0,f.uG)(n,t,"no module is loaded");const r=[...o!==""&&o!==i?[`the module on disk is ${o}`]:[],...s!==""&&s!==i?[`a library on disk is ${s}`]:[],...Pn(e)!==""&&Ye(Pn(e),i)>0?[`the packages are ${Pn(e)}`]:[]],a=r.length===0;return(0,f.oQ)(n,t,a,a?i:`${i} is loaded, ${r.join(", ")}`,{verdict:"warn",cause:"the next boot changes the driver",remedy:"reboot at a moment of your choice and press the button again, so that the change meets nobody unprepared"})}function po({gpu:e}){const n="gpu.nouveau",t="Is the card free of nouveau, the kernel's own driver?",i=e.pci.filter(r=>r.driver==="nouveau"),s=i.length===0&&!e.driver.isNouveauLoaded,o=i.length>0?`nouveau holds ${(0,f.H$)(i.map(r=>r.address))}`:"nouveau is loaded";return(0,f.oQ)(n,t,s,s?"not loaded":o,{verdict:i.length>0?"fail":"warn",cause:"a card has one driver: NVIDIA's cannot have one that nouveau holds",remedy:"printf 'blacklist nouveau\\noptions nouveau modeset=0\\n' | sudo tee /etc/modprobe.d/blacklist-nouveau.conf; rebuild the initramfs (sudo update-initramfs -u, or sudo dracut --force) and reboot"})}function ho({gpu:e}){const n="gpu.secure-boot",t="Does Secure Boot let the driver's module in?",{secureBoot:i,loaded:s,onDisk:o,kernelLog:r}=e.driver,a=r.filter(d=>d.includes("Key was rejected by service"));return s!==""?(0,f.bF)(n,t,`${i==="unknown"?"it":i}; the module is loaded`):a.length===0&&i==="disabled"?(0,f.bF)(n,t,"off"):a.length===0&&(i==="unknown"||o==="")?(0,f.uG)(n,t,"no module was loaded that it could have refused"):(0,f.oQ)(n,t,!1,a.length>0?"the kernel refused it":"on, and no module is loaded",{verdict:a.length>0?"fail":"warn",cause:"the kernel loads only modules that are signed with a key it knows",remedy:"enrol the key (sudo mokutil --import /var/lib/shim-signed/mok/MOK.der, then confirm at the machine's console at the next boot), or use the distribution's signed modules, or switch Secure Boot off in the firmware; over SSH alone it cannot be done",...a.length>0&&{evidence:a.slice(-3)}})}function mo({gpu:e}){const n="gpu.next-kernel",t="Does the driver also have a module for the kernel that the next boot starts?",{nextKernel:i}=e.driver;if(i===void 0)return(0,f.bF)(n,t,"the newest installed kernel runs");const{release:s,hasModule:o}=i;return(0,f.oQ)(n,t,o,`${s} ${o?"has one":"has none"}`,{verdict:"warn",cause:"after the next boot the driver would not be loaded, and the GPU would be gone",remedy:`sudo apt-get install linux-headers-${s} && sudo dkms autoinstall -k ${s} (elsewhere: the headers, or the ready modules, of that kernel)`})}function go({gpu:e}){const n="gpu.reboot",t="Is no reboot pending?",i=e.driver.rebootPending,s=(0,f.H$)(i.filter(o=>o!==""));return(0,f.oQ)(n,t,i.length===0,i.length===0?"none":`pending${s&&` for ${s}`}`,{verdict:"warn",cause:"upgraded packages take effect at the next boot only; until then the host runs what was there before",remedy:"sudo reboot at a moment of your choice; this action never reboots a host"})}function $o({gpu:e}){const n="gpu.inforom",t="Is the card's own memory of itself (infoROM) whole?";if(e.devices.length===0)return(0,f.uG)(n,t,"the driver does not answer");const i=/infoROM is corrupted[^\n]*/i.exec(e.smi.said)?.[0]??"",s=e.smi.exitCode!==14&&i==="";return(0,f.oQ)(n,t,s,s?"no complaint":i||"nvidia-smi ended with exit code 14",{verdict:"warn",cause:"a part of the card that holds its serial number and error counters is damaged; it computes all the same",remedy:"none needed now; a card that also shows Xid errors should be replaced"})}function vo(e){return[fo,po,ho,mo,go,$o].map(n=>n(e))}const Ft=e=>{const[n="",...t]=e.toLowerCase().split(":");return[Number.parseInt(n,16).toString(16),...t].join(":")};function ko({wish:e,gpu:n}){const t="gpu.count",i="Are all GPUs there?",s=n.devices.length;if(s===0)return(0,f.uG)(t,i,"the driver lists none");const o=new Set(n.devices.map(c=>Ft(c.pciBusId))),a=n.devices.every(c=>c.pciBusId!=="")?n.pci.filter(c=>!o.has(Ft(c.address))):[],d=`${n.pci.length} on the bus, ${s} listed by the driver${e.expectGpus===void 0?"":`, ${e.expectGpus} expected`}`;if(e.expectGpus!==void 0&&s!==e.expectGpus)return(0,f.oQ)(t,i,!1,d,{verdict:s<e.expectGpus?"fail":"warn",cause:s<e.expectGpus?"a card is out, dead, or not served by the driver":"the machine has more cards than expect-gpus says",remedy:s<e.expectGpus?'sudo dmesg | grep -E "NVRM|Xid"; power and seat of the cards; or correct `expect-gpus` (in a cluster file gpu.count) to what the machine has':"set `expect-gpus` to what the machine has",...a.length>0&&{evidence:a.map(c=>`${c.address} ${c.id} ${c.driver||"no driver"}`)}});const u=a.filter(c=>c.driver==="nvidia");return(0,f.oQ)(t,i,a.length===0,d,{verdict:u.length>0&&e.expectGpus===void 0?"fail":"warn",cause:u.length>0?`the driver holds ${(0,f.H$)(u.map(c=>c.address))} and does not list it: it could not be started, or fell off the bus`:`not with NVIDIA's driver: ${(0,f.H$)(a.map(c=>`${c.address} (${c.driver||"no driver"})`))}`,remedy:u.length>0?'sudo dmesg | grep -E "NVRM|Xid"; switch the machine off and on; or accept it with `expect-gpus`':"none needed where that is meant; `expect-gpus` says how many there should be"})}function yo({wish:e,gpu:n}){const t="gpu.product",i="Are they the expected product?";if(n.devices.length===0)return(0,f.uG)(t,i,"the driver lists no GPU");const s=[...new Set(n.devices.map(a=>a.name))],o=n.devices.filter(a=>a.name!==e.expectProduct),r=e.expectProduct===void 0||o.length===0;return(0,f.oQ)(t,i,r,(0,f.H$)(s),{cause:`expect-product says ${e.expectProduct}, but ${o.length} of ${n.devices.length} ${o.length===1?"is":"are"} another: the wrong machine, or another card was put in`,remedy:`look whether this is the right host; else write the name as nvidia-smi prints it: ${(0,f.H$)(s)}`})}function bo({host:e,gpu:n}){const t="gpu.processes",i="Who uses the GPU now?";if(!e.gpu.areProcessesKnown)return(0,f.oQ)(t,i,!1,"could not be found out",{verdict:"warn",cause:"the driver did not list the processes; the GPU counts as used",remedy:"nothing to do: what could disturb it is not done unless `allow-gpu-disruption` says so"});const s=(0,f.gD)(e),o=e.gpu.processes.length-s.length,r=o===0?"":`${o} process${o===1?"":"es"} in pods`;if(s.length===0)return(0,f.bF)(t,i,r||"nobody");const a=(0,f.H$)(s.map(l=>`${l.name} (pid ${l.pid}, ${l.ownerDetail||l.owner})`)),d=s.reduce((l,p)=>l+(p.usedMemoryMiB??0),0),u=n.devices.reduce((l,p)=>l+(p.memoryTotalMiB??0),0),c=d>0?`, ${d}${u>0?` of ${u}`:""} MiB`:"";return(0,f.oQ)(t,i,!1,`outside the cluster: ${a}${c}${r&&`; ${r}`}`,{verdict:"warn",cause:"the cluster does not know of it: it gives the GPU to a pod as if nobody used it, and both share its memory",remedy:"leave enough memory for both, or move that program into the cluster; it is not disturbed unless `allow-gpu-disruption` says so"})}function wo({wish:e,gpu:n}){const t=o=>o.version!==""&&!o.isHeld,i=e.holdPackages==="all"?[]:n.driver.packages.filter(t),s=e.holdPackages==="none"?n.toolkit.packages.filter(t):[];return[...i,...s]}function _o(e){const n="gpu.upgrades",t="Can no unattended upgrade replace driver or toolkit under a running GPU?";if(!e.gpu.driver.hasUnattendedUpgrades)return(0,f.bF)(n,t,"unattended upgrades are off");const i=wo(e),s=i.some(({name:o})=>I.includes(o));return(0,f.oQ)(n,t,i.length===0,i.length===0?"held":`not held: ${(0,f.H$)(i.map(({name:o})=>o))}`,{verdict:"warn",cause:s?"upgrades happen by themselves here; one of the toolkit to a part only, or of the driver, breaks new containers at once":"upgrades happen by themselves here; after one of the driver no new program gets the GPU until the next boot",remedy:"`hold-packages: all`, or by hand: sudo apt-mark hold <packages>; then upgrade them when you can reboot"})}const Oo=e=>[...e.deviceLinks.missing.length>0?[`no link in /dev/char for ${(0,f.H$)(e.deviceLinks.missing)}`]:[],...e.deviceLinks.hasRule?[]:["no udev rule that makes them at boot"]].join(", ");function xo({gpu:e}){const n="gpu.device-links",t="Do containers keep the GPU when systemd reloads its units?";if(!e.deviceLinks.isNeeded)return(0,f.bF)(n,t,"systemd does not manage their control groups here");const i=Oo(e);return(0,f.oQ)(n,t,i==="",i||"the links are there, and a rule makes them at boot",{verdict:"warn",cause:"a container whose devices have no link in /dev/char loses them at the next daemon-reload: `Failed to initialize NVML: Unknown Error`",remedy:"`toolkit: install` makes them; by hand: sudo nvidia-ctk system create-dev-char-symlinks --create-all"})}function Ro(e){return[ko,yo,bo,_o,xo].map(n=>n(e))}function qt(e){const n=new Map;for(const{name:t}of e.devices)n.set(t,(n.get(t)??0)+1);return(0,f.H$)([...n].map(([t,i])=>`${i} \xD7 ${t||"a GPU without a name"}`))}function Po({wish:e,gpu:n}){const t="gpu.present",i="Is an NVIDIA GPU in this host?";return n.pci.length>0?(0,f.bF)(t,i,(0,f.H$)(n.pci.map(s=>`${s.address} (${s.id})`))):n.devices.length>0?(0,f.bF)(t,i,`${qt(n)}, not on the PCI bus`):(e.expectGpus??0)===0?{id:t,verdict:"skip",question:i,found:"no NVIDIA device on the PCI bus"}:(0,f.oQ)(t,i,!1,"no NVIDIA device on the PCI bus",{cause:`expect-gpus says ${e.expectGpus}: the card is out, dead, or switched off in the firmware`,remedy:"look at the machine: power and seat of the card; lspci -nn -d 10de: lists what is there"})}function Eo({host:e,gpu:n}){const t="gpu.driver",i="Does the driver answer?";if(n.devices.length>0){const a=n.devices[0]?.driverVersion||n.driver.loaded,d=n.cudaVersion&&`, CUDA up to ${n.cudaVersion}`;return(0,f.bF)(t,i,`driver ${a}${d}: ${qt(n)}`)}if(Gt(n))return(0,f.uG)(t,i,"its parts have different versions, see gpu.driver-version");const{smi:s}=n,o=s.isInstalled?s.exitCode===void 0?"no answer":`nvidia-smi ended with exit code ${s.exitCode}`:"nvidia-smi is not installed",r=[...s.said.split(`
`).slice(0,5),...n.driver.kernelLog.slice(-5)].filter(a=>a!=="");return(0,f.oQ)(t,i,!1,o,{...uo(n,e.kernel),...r.length>0&&{evidence:r}})}function Io(e){const n=Po(e);return n.verdict!=="pass"?[n]:[n,Eo(e),...vo(e),...Ro(e)]}function No(e,n){return n.pci.length===0&&n.devices.length===0?[]:[Ao(e,n),So(e,n)]}function Ao(e,n){const t="gpu.toolkit",i="Is NVIDIA's container toolkit there, whole, and as asked for?",s=sn(n),o=Te(e,n);if(o)return{id:t,verdict:"pass",question:i,found:`${o.reason}; this run installs ${o.version}`};const r="let this action install it (`toolkit: install`)";if(s.kind==="none")return{id:t,verdict:"fail",question:i,found:"not installed",cause:"without nvidia-container-runtime no container gets a GPU",remedy:`${r}, or install it by hand; see NVIDIA's guide`};if(s.kind==="mixed")return{id:t,verdict:"fail",question:i,found:jn(s.installed),cause:"its four packages only fit together at one version",remedy:r};const a=s.kind==="whole"?s.version:`${s.version||"unknown version"}, ${s.path}, from no package`;return e.toolkitVersion!==void 0&&s.version!==e.toolkitVersion?{id:t,verdict:"fail",question:i,found:a,cause:`${e.toolkitVersion} is asked for, and \`toolkit: verify\` changes nothing`,remedy:`${r}, or ask for the version that is there`}:s.version!==""&&Un(s.version,nn)?{id:t,verdict:e.toolkit==="verify"?"fail":"warn",question:i,found:a,cause:`before ${nn} an image can break out of its container (CVE-2025-23266, CVE-2025-23267)`,remedy:`toolkit-version: ${S}`}:{id:t,verdict:"pass",question:i,found:a}}function So(e,n){const t="gpu.toolkit-repository",i="Do the toolkit's packages come from where they should, signed by the right key?",{packageManager:s,repository:o,keyFingerprints:r}=n.toolkit,{keys:a}=tn(e),d=r.filter(c=>!a.includes(c));if(d.length>0)return{id:t,verdict:"fail",question:i,found:`${o.keyring||"the keyring"} holds ${d.join(", ")}`,cause:`wanted: only ${a.join(" or ")}. Whoever has the other key can give this host packages that run as root`,remedy:"find out whose key it is; for a mirror of your own give `repository` and `repository-keys`, else move the file away",evidence:o.urls.slice(0,8)};if(Te(e,n)&&s==="")return{id:t,verdict:"fail",question:i,found:"neither apt nor dnf nor zypper",cause:"this action installs the toolkit with a package manager only",remedy:"install the toolkit with that system's own means, and set `toolkit: verify`"};if(o.path==="")return{id:t,verdict:"pass",question:i,found:"none is set up yet"};const u=`${o.urls.slice(0,3).join(", ")||"no address"} (${o.path})`;return o.keyring!==""&&r.length===0?{id:t,verdict:"skip",question:i,found:`${u}; unknown: the keys in ${o.keyring} could not be read`}:{id:t,verdict:"pass",question:i,found:u}}function To(e){const{wish:n,reading:t,gpu:i}=e,s="gpu.node",o="Is the node there, and Ready?",{node:r}=t;if(r===void 0)return(0,f.oQ)(s,o,!1,`the cluster has no node ${n.node}`,{cause:"the machine has not joined, or under another name",remedy:"join it first (action k3s-join), or give the name that kubectl get nodes shows"});const a=le(e,[]).includes("harmful-template-removed"),d=We(e).length>0||a,u=`Ready=${r.ready} ${r.readyReason} ${r.readyMessage}`.trim();return(0,f.oQ)(s,o,r.ready==="True",u,{verdict:d?"warn":"fail",cause:"the kubelet does not run, or cannot run pods: a device plugin would not start",remedy:d?`nothing to do yet: the containerd template that ${a?"was":"is"} moved aside may be the cause`:`kubectl describe node ${n.node}; on the host: journalctl -u ${i.k3s.unit||"k3s-agent"} -n 50`})}function Do({wish:e,reading:{node:n},host:t}){if(n===void 0)return;const i="gpu.machine",s="Is the host the machine of this node?",o=(0,f.Pd)(n,t);if(o==="this-machine")return(0,f.bF)(i,s,"both name the same machine");const r=o==="another-machine"||n.machineId!==""&&t.machineId!=="";return(0,f.oQ)(i,s,!1,r?"no: it is another machine":"unknown: neither says which it is",{verdict:r?"fail":"warn",cause:r?`what is planned for ${e.node} would be done to another machine, and its k3s restarted`:"without an identity nothing shows that both are one machine",remedy:r?`give the \`host\` of ${e.node}, or the \`node\` of this host; when it is the right one, restart its k3s once, which tells its identity anew`:"compare the addresses yourself",evidence:[`node ${n.name}: system UUID ${n.systemUuid||"unknown"}, machine-id ${n.machineId||"unknown"}, ${(0,f.H$)(n.internalIps)||"no address"}`,`host ${t.hostname}: system UUID ${t.systemUuid||"unknown"}, machine-id ${t.machineId||"unknown"}, ${(0,f.H$)(t.addresses)||"no address"}`]})}const Lt=`echo '{"apiVersion":"node.k8s.io/v1","kind":"RuntimeClass","metadata":{"name":"nvidia"},"handler":"nvidia"}' | kubectl apply -f -`;function Co({wish:e,reading:n}){if(e.devicePlugin==="absent")return;const t="gpu.runtime-class",i="Does the RuntimeClass nvidia lead to the runtime that k3s renders?",s=e.devicePlugin==="apply"?"fail":"warn",o=n.runtimeClass;return o===void 0?(0,f.oQ)(t,i,!1,"there is no RuntimeClass nvidia",{verdict:s,cause:"the servers run with --disable=runtimes, or are older than the releases of k3s that ship it (k3s-io/k3s#8751)",remedy:`start the servers without --disable=runtimes, or: ${Lt}`}):(0,f.oQ)(t,i,o.handler==="nvidia",`handler ${o.handler}`,{verdict:s,cause:`k3s renders the NVIDIA runtime under the name nvidia; a pod of this class would ask containerd for "${o.handler}"`,remedy:`a handler cannot be changed: kubectl delete runtimeclass nvidia, then: ${Lt}`})}function Mo({wish:e,reading:n}){if(e.devicePlugin==="none")return;const t="gpu.plugin-owner",i="Whose is the device plugin?",s=re(n),o=pn(n),r=o.map(m=>`${T(m)} of ${Ue(m).words}`),a=o.flatMap(m=>un(m).map(w=>`${T(m)} ${w}`)),d=a.length>0?{evidence:a.slice(0,8)}:{},u=[...s?[`${T(s)} of this project`]:[],...r].join(", ")||"there is none";if(e.devicePlugin==="absent")return(0,f.bF)(t,i,`${u}; what is of others stays`);if(e.devicePlugin==="verify"){const m=ye(n);return m===void 0?(0,f.oQ)(t,i,!1,u,{cause:"nothing tells the kubelet of the GPU, so no pod can ask for one",remedy:"press again with `device-plugin: apply`"}):(0,f.oQ)(t,i,a.length===0,u,{verdict:"warn",cause:"it may work today; this is how such plugins break",remedy:hn(o.find(w=>un(w).length>0)??m),...d})}const c=qe(n,e),l=o.filter(m=>m!==c),[p]=l;if(p!==void 0){const m=!ve(p);return(0,f.oQ)(t,i,!1,u,{cause:m?`${T(p)} has the name that our DaemonSet needs, and is not ours`:"two device plugins for one GPU take it from each other: both register nvidia.com/gpu at the kubelet",remedy:l.length===1?hn(p):l.map(w=>`${T(w)}: ${hn(w)}`).join("; "),...d})}if(e.replaceDevicePlugin!==""&&c===void 0&&s===void 0)return(0,f.oQ)(t,i,!1,u,{cause:`replace-device-plugin names ${e.replaceDevicePlugin}, and there is no such plugin`,remedy:"leave replace-device-plugin empty, or give the namespace and name that kubectl get daemonsets -A shows"});if(n.hasClusterPolicy===!0)return(0,f.oQ)(t,i,!1,"none yet, but gpu-operator is installed (clusterpolicies.nvidia.com)",{cause:"it waits for a node with a GPU: as soon as one is labelled, it brings its own plugin, toolkit and driver",remedy:"leave the GPU to it, or remove it: helm uninstall gpu-operator -n gpu-operator. When it is gone already and only its CRD stayed: kubectl delete crd clusterpolicies.nvidia.com"});const g=c===void 0?u:`${T(c)}, which is replaced by ours as asked for`;return(0,f.bF)(t,i,s===void 0&&c===void 0?"there is none; ours is made":g)}function Go(e,n){const t=e.annotations["meta.helm.sh/release-name"]??"<release>",i=e.annotations["meta.helm.sh/release-namespace"]??e.namespace,{tolerations:s}=Q(e),o=fn(n).filter(d=>!s.some(u=>Qn(u,d))),r=`helm upgrade ${t} <its chart> -n ${i} --reuse-values --set-json`,a=JSON.stringify([...s,...Xn(o).slice(1)]);return`${o.length>0?`${r} 'tolerations=${a}'`:`give the chart a nodeSelector and affinity that fit: ${r} \u2026`}; or: helm uninstall ${t} -n ${i}, and press with \`device-plugin: apply\``}function Uo({wish:e,reading:n}){if(e.devicePlugin==="none"||e.devicePlugin==="absent")return;const t="gpu.tolerations",i="Do the pods of the device plugin come to the node?",{node:s}=n;if(s===void 0)return(0,f.uG)(t,i,"there is no such node");if(e.devicePlugin==="apply"){const d=ke(n.gpuNodes).map(ge.eh);return(0,f.bF)(t,i,d.length===0?"no taint is in the way":`tolerated: ${(0,f.H$)(d,8)}`)}const o=ye(n);if(o===void 0)return(0,f.uG)(t,i,"there is no device plugin");const r=je(Q(o),s),a=Ue(o).kind==="helm";return(0,f.oQ)(t,i,r.length===0,r.length===0?`${T(o)} does`:r.join("; "),{cause:`${T(o)} is not made for this node, so its DESIRED does not count it (NVIDIA/k8s-device-plugin#708)`,remedy:a?Go(o,s):"add the toleration or the label where the plugin is kept, or let ours be made: `device-plugin: apply`",evidence:[`taints: ${s.taints.map(ge.eh).join(", ")||"none"}`]})}function jo(e){return[To,Do,Co,Mo,Uo].map(t=>t(e)).filter(t=>t!==void 0)}const Vt=`${k}/${x}`;function Fo({wish:e,reading:{node:n}}){return n===void 0||e.devicePlugin==="absent"?!1:n.labels[v]==="true"?Ze(n.annotations):e.devicePlugin==="apply"}function qo({wish:e,reading:n}){const{node:t,gpuNodes:i}=n;if(t===void 0)return[];const s=[],o=t.labels[v];o!=="true"&&s.push({id:$.label,kind:"label",target:`node ${t.name}: ${v}=true`,reason:o===void 0?"the device plugin runs where this label is":`it says ${o}`,undo:o===void 0?"the label is taken away":`the label is set to ${o} again`});const r=qe(n,e);if(r!==void 0){const c=un(r).slice(0,2).join("; ");s.push({id:$.replacePlugin,kind:"delete",target:`DaemonSet ${T(r)} (uid ${r.uid})`,reason:`replace-device-plugin names it${c===""?"":`: it ${c}`}`,disrupts:"for some seconds no new pod gets a GPU; pods that have one keep it"+(r.desired>i.length?`; it runs on ${r.desired} nodes, ours on ${i.length}, those with the label: a GPU elsewhere is offered no more until this action was run for its node`:""),undo:"it is made again as it was read"})}const a=Fe({image:e.devicePluginImage,taints:ke(i)}),d=re(n),u=d===void 0?[]:cn(a,d);if(d===void 0||u.length>0){const c=u.filter(l=>!l.startsWith(".metadata.annotations")).slice(0,3);s.push({id:$.applyPlugin,kind:"apply",target:`DaemonSet ${Vt}, ${e.devicePluginImage}`,reason:d===void 0?"nothing tells the kubelet of the GPU":`differs in ${c.join(", ")||"what this version sets"}`,...d===void 0?{}:{disrupts:"the plugin starts anew on every GPU node; pods that have a GPU keep it"},undo:d===void 0?"the DaemonSet is deleted":Kn(a,d)?"the former one is applied again":"none: the next run applies what is wanted then"})}return s}function Lo({reading:e}){const{node:n,gpuNodes:t}=e,i=[],s=re(e),o=t.filter(r=>r.name!==n?.name&&r.labels[v]==="true");return s!==void 0&&o.length===0&&i.push({id:$.deletePlugin,kind:"delete",target:`DaemonSet ${Vt} (uid ${s.uid})`,reason:"device-plugin: absent, and no other node has its label",disrupts:"no new pod gets a GPU; pods that have one keep it",undo:"none: device-plugin: apply makes it again"}),n!==void 0&&n.labels[v]!==void 0&&Ze(n.annotations)&&i.push({id:$.unlabel,kind:"label",target:`node ${n.name}: ${v} is taken away`,reason:"device-plugin: absent, and this project set it",...o.length>0?{disrupts:`the plugin leaves this node; it stays on ${o.length} other${o.length===1?"":"s"}`}:{},undo:"none: device-plugin: apply sets it again"}),i}function En(e,n){const{wish:t,reading:i}=e,s=jo(e),o=t.devicePlugin==="apply"?qo(e):t.devicePlugin==="absent"?Lo(e):[],{node:r}=i;if(r===void 0)return{changes:o,checks:s};const a=r.annotations[b],d=zt(e,n),u={id:$.record,kind:"annotate",target:`node ${r.name}: ${b}`,reason:a===void 0?"says which GPUs, driver and toolkit were found":"what was found is no longer what it says",undo:"not needed: a hint only"};return{changes:a===d?o:[...o,u],checks:s}}function zt(e,n){return ni(e.gpu,{...n?{toolkit:n}:{},isLabelOurs:Fo(e)})}const Bt=({gpu:e})=>e.pci.length>0||e.devices.length>0,In=h,Ht=e=>In.includes(e),Nn=e=>e.map(({id:n})=>n).filter(Ht);function Vo(e){const{wish:n,gpu:t,host:i}=e,s=Io(e);if(!Bt(e))return s;const o=Nn(De(n,t).changes);return[(0,f.sp)({facts:i}),...s,...No(n,t),...no(e,o),...En(e).checks]}function zo(e,{gpu:n,reading:t}){const[i,s]=[t.node?.kubeletVersion??"",n.k3s.version];return e.id!==$.restart||i===""||s===""||i===s?e:{...e,disrupts:`${e.disrupts??""}; k3s is on the disk as ${s} instead of ${i}, and starts so`}}function Bo(e,n){const{host:t,wish:i,gpu:s}=e;if(!Bt(e))return{plan:{changes:i.devicePlugin==="absent"?En(e).changes:[],blockers:n},restart:[]};const o=De(i,s),r=Ks(e,Nn(o.changes)),a=({id:c})=>Ht(c)?In.indexOf(c):In.length,d=[...o.changes,...r].toSorted((c,l)=>a(c)-a(l)),u=[...d.map(c=>zo(c,e)),...En(e,o.version).changes];return{plan:{changes:u,blockers:[...n,...(0,f.h_)(t,u,i.allowGpuDisruption)]},restart:r.some(({id:c})=>c==="restart")?le(e,Nn(d)):[]}}function Ho(e){return[to(e)]}async function Wo(e,n,t,i="apply"){const[s,o,r,a]=await Promise.all([i==="apply"||i==="absent"?e.nodesWithLabel(v,"true",t):[],e.daemonSets(t),e.podsOnNode(n,t),i==="absent"?void 0:e.runtimeClass("nvidia",t)]),d=s.some(({name:R})=>R===n),u=i==="apply"&&!o.some(R=>Ge(R)||ve(R)),[c,l]=await Promise.all([d?void 0:e.node(n,t),u?e.hasResource("nvidia.com/v1","clusterpolicies",t):void 0]),p=c===void 0?s:[...s,c],g=p.find(({name:R})=>R===n),m={...g===void 0?{}:{node:g},gpuNodes:p,daemonSets:o,pods:r,...a===void 0?{}:{runtimeClass:a},...l===void 0?{}:{hasClusterPolicy:l}},w=await Ko(e,m,t);return w===void 0?m:{...m,pluginConfig:w}}async function Ko(e,n,t){const i=ye(n),s=i===void 0?"":Q(i).configMap;if(!(i===void 0||s===""))try{return await e.configMap(i.namespace,s,t)}catch(o){if(o instanceof ge.b$&&o.code==="forbidden")return;throw o}}const An="k3s-gpu-actions/gpu-proof",Sn={compute:`import array
import ctypes
import hashlib
import json
import os
import sys

COUNT = 1 << 16
ROUNDS = 64
LEAST_FREE_MIB = 1024

fact = {"fact": "compute", "seed": os.environ.get("PROOF_SEED", "0"), "by": "libcuda", "code": "", "said": "", "cuda": 0, "gpus": []}


class Refused(Exception):
    pass


def tell():
    sys.stdout.write(os.environ.get("PROOF_MARK", "") + " " + json.dumps(fact, separators=(",", ":")) + "\\n")
    sys.stdout.flush()


def call(cuda, name, *arguments):
    code = getattr(cuda, name)(*arguments)
    if code == 0:
        return
    text = ctypes.c_char_p()
    word = str(code)
    if cuda.cuGetErrorName(ctypes.c_int(code), ctypes.byref(text)) == 0 and text.value:
        word = text.value.decode("ascii", "replace")
    said = ""
    if cuda.cuGetErrorString(ctypes.c_int(code), ctypes.byref(text)) == 0 and text.value:
        said = text.value.decode("ascii", "replace")
    raise Refused(word, name + ": " + said)


def attribute(cuda, device, number):
    value = ctypes.c_int()
    call(cuda, "cuDeviceGetAttribute", ctypes.byref(value), ctypes.c_int(number), device)
    return value.value


def begin():
    words = array.array("I", bytes(4 * COUNT))
    for index in range(COUNT):
        words[index] = (index * 2654435761) & 0xFFFFFFFF
    return words


def compute(cuda, ordinal, seed):
    device = ctypes.c_int()
    call(cuda, "cuDeviceGet", ctypes.byref(device), ctypes.c_int(ordinal))
    name = ctypes.create_string_buffer(128)
    call(cuda, "cuDeviceGetName", name, ctypes.c_int(128), device)
    raw = (ctypes.c_ubyte * 16)()
    call(cuda, "cuDeviceGetUuid", ctypes.byref(raw), device)
    h = bytes(raw).hex()
    one = {
        "uuid": "GPU-%s-%s-%s-%s-%s" % (h[:8], h[8:12], h[12:16], h[16:20], h[20:]),
        "name": name.value.decode("ascii", "replace"),
        "capability": "%d.%d" % (attribute(cuda, device, 75), attribute(cuda, device, 76)),
        "digest": "",
    }
    fact["gpus"].append(one)
    words = begin()
    size = ctypes.c_size_t(4 * COUNT)
    host = (ctypes.c_ubyte * (4 * COUNT)).from_buffer(words)
    context = ctypes.c_void_p()
    call(cuda, "cuDevicePrimaryCtxRetain", ctypes.byref(context), device)
    try:
        call(cuda, "cuCtxSetCurrent", context)
        module = ctypes.c_void_p()
        ptx = ctypes.c_char_p(os.environ["PROOF_PTX"].encode("ascii"))
        call(cuda, "cuModuleLoadData", ctypes.byref(module), ptx)
        function = ctypes.c_void_p()
        call(cuda, "cuModuleGetFunction", ctypes.byref(function), module, ctypes.c_char_p(b"proof"))
        data = ctypes.c_uint64()
        call(cuda, "cuMemAlloc_v2", ctypes.byref(data), size)
        call(cuda, "cuMemcpyHtoD_v2", data, host, size)
        values = [data, ctypes.c_uint32(seed), ctypes.c_uint32(COUNT), ctypes.c_uint32(ROUNDS)]
        pointers = (ctypes.c_void_p * 4)(*[ctypes.addressof(value) for value in values])
        numbers = [ctypes.c_uint(number) for number in (COUNT // 256, 1, 1, 256, 1, 1, 0)]
        call(cuda, "cuLaunchKernel", function, *numbers, None, pointers, None)
        call(cuda, "cuCtxSynchronize")
        ctypes.memset(host, 0, 4 * COUNT)
        call(cuda, "cuMemcpyDtoH_v2", host, data, size)
        call(cuda, "cuMemFree_v2", data)
        call(cuda, "cuModuleUnload", module)
    finally:
        cuda.cuDevicePrimaryCtxRelease_v2(device)
    if sys.byteorder != "little":
        words.byteswap()
    one["digest"] = hashlib.sha256(bytes(host)).hexdigest()[:16]


def main():
    seed = int(fact["seed"]) & 0xFFFFFFFF
    free = os.environ.get("PROOF_FREE", "")
    if free.isdigit() and int(free) < LEAST_FREE_MIB:
        raise Refused("no-memory", free + " MiB are free")
    try:
        cuda = ctypes.CDLL("libcuda.so.1")
    except OSError as error:
        raise Refused("no-libcuda", str(error))
    call(cuda, "cuInit", ctypes.c_uint(0))
    version = ctypes.c_int()
    call(cuda, "cuDriverGetVersion", ctypes.byref(version))
    fact["cuda"] = version.value
    number = ctypes.c_int()
    call(cuda, "cuDeviceGetCount", ctypes.byref(number))
    if number.value < 1:
        raise Refused("CUDA_ERROR_NO_DEVICE", "cuDeviceGetCount: 0")
    for ordinal in range(min(number.value, 64)):
        compute(cuda, ordinal, seed)


try:
    main()
except Refused as refused:
    fact["code"], fact["said"] = refused.args[0][:60], refused.args[1][:200]
except Exception as error:
    fact["code"], fact["said"] = "broken", (type(error).__name__ + ": " + str(error))[:200]
tell()
`,kernel:`.version 6.0
.target sm_50
.address_size 64

.visible .entry proof(
  .param .u64 data,
  .param .u32 seed,
  .param .u32 count,
  .param .u32 rounds
)
{
  .reg .pred %p<3>;
  .reg .f32 %f<3>;
  .reg .b32 %r<12>;
  .reg .b64 %rd<5>;

  ld.param.u64 %rd1, [data];
  ld.param.u32 %r1, [seed];
  ld.param.u32 %r2, [count];
  ld.param.u32 %r3, [rounds];
  mov.u32 %r4, %ctaid.x;
  mov.u32 %r5, %ntid.x;
  mov.u32 %r6, %tid.x;
  mad.lo.u32 %r7, %r4, %r5, %r6;
  setp.ge.u32 %p1, %r7, %r2;
  @%p1 bra done;
  cvta.to.global.u64 %rd2, %rd1;
  mul.wide.u32 %rd3, %r7, 4;
  add.u64 %rd4, %rd2, %rd3;
  ld.global.u32 %r8, [%rd4];
  xor.b32 %r8, %r8, %r1;
  mov.u32 %r9, 0;
again:
  mad.lo.u32 %r8, %r8, 1664525, 1013904223;
  shr.u32 %r10, %r8, 13;
  xor.b32 %r8, %r8, %r10;
  and.b32 %r10, %r8, 2047;
  cvt.rn.f32.u32 %f1, %r10;
  fma.rn.f32 %f2, %f1, 0f40400000, 0f3F800000;
  cvt.rzi.u32.f32 %r11, %f2;
  add.u32 %r8, %r8, %r11;
  add.u32 %r9, %r9, 1;
  setp.lt.u32 %p2, %r9, %r3;
  @%p2 bra again;
  st.global.u32 [%rd4], %r8;
done:
  ret;
}
`,proof:`set -eu
LC_ALL=C
export LC_ALL

plain() { tr '\\n\\t' '  ' | tr -cd 'A-Za-z0-9 ._:,;/()+[]=#*%-' | head -c "\${1:-120}"; }
digits() { case $1 in '' | *[!0-9]*) printf null ;; *) printf '%.9s' "$1" ;; esac; }
asked() { if command -v timeout >/dev/null 2>&1; then timeout 30 "$@"; else "$@"; fi; }

free='' gpus='' uuids='' cuda='' said=''
code=0
if command -v nvidia-smi >/dev/null 2>&1; then
  list=$(asked nvidia-smi --query-gpu=uuid,driver_version,memory.total,memory.used,name --format=csv,noheader,nounits 2>&1) || code=$?
else
  list='nvidia-smi is not in the container' code=127
fi
while IFS= read -r line; do
  case $line in
    GPU-*', '*', '*', '*', '?*) ;;
    *) continue ;;
  esac
  uuid=\${line%%, *} line=\${line#*, }
  driver=\${line%%, *} line=\${line#*, }
  total=\${line%%, *} line=\${line#*, }
  used=\${line%%, *} name=\${line#*, }
  total=$(digits "$total") used=$(digits "$used")
  case $total$used in
    *null*) ;;
    *) left=$((total - used)) && if [ -z "$free" ] || [ "$left" -lt "$free" ]; then free=$left; fi ;;
  esac
  uuid=$(printf %s "$uuid" | tr -cd 'A-Za-z0-9-' | head -c 80)
  uuids="$uuids\${uuids:+ }$uuid"
  gpus="$gpus\${gpus:+,}{\\"uuid\\":\\"$uuid\\",\\"name\\":\\"$(printf %s "$name" | plain)\\",\\"driver\\":\\"$(printf %s "$driver" | plain 40)\\",\\"total\\":$total,\\"used\\":$used}"
done <<END
$list
END
if [ -n "$gpus" ]; then
  table=$(asked nvidia-smi 2>/dev/null) || :
  case $table in
    *CUDA*Version:\\ [0-9]*) cuda=\${table#*CUDA*Version: } && cuda=\${cuda%%[!0-9.]*} ;;
  esac
else
  said=$(printf %s "$list" | plain 300)
fi
printf '%s {"fact":"device","seed":"%s","exit":%s,"said":"%s","cuda":"%s","gpus":[%s]}\\n' \\
  "$PROOF_MARK" "$PROOF_SEED" "$code" "$said" "$(printf %s "$cuda" | plain 20)" "$gpus"
[ "$PROOF_STEPS" = all ] || exit 0

python=''
for one in python3 python /usr/libexec/platform-python /opt/conda/bin/python3; do
  if command -v "$one" >/dev/null 2>&1; then python=$one && break; fi
done
case \${LD_LIBRARY_PATH:-} in
  *compat*) unset LD_LIBRARY_PATH ;;
esac
compute_line() {
  printf '%s {"fact":"compute","seed":"%s","by":"%s","code":"%s","said":"%s","cuda":0,"gpus":[%s]}\\n' \\
    "$PROOF_MARK" "$PROOF_SEED" "$1" "$2" "$(printf %s "$3" | plain 300)" "\${4:-}"
}
if [ -n "$python" ]; then
  code=0
  PROOF_FREE=$free CUDA_CACHE_DISABLE=1 PYTHONDONTWRITEBYTECODE=1 \\
    "$python" -c "$PROOF_PY" 2>&1 || code=$?
  case $code in
    0) ;;
    132 | 134 | 135 | 136 | 139) compute_line none crashed "$python was ended by signal $((code - 128))" ;;
    *) compute_line none no-python "$python ended with exit code $code" ;;
  esac
  exit 0
fi
sample=/cuda-samples/sample
if [ ! -x "$sample" ]; then
  compute_line none no-python 'neither Python nor a CUDA sample is in this image'
elif [ -n "$free" ] && [ "$free" -lt 1024 ]; then
  compute_line sample no-memory "$free MiB are free"
else
  passed='' failed=''
  for uuid in \${uuids:=unknown}; do
    [ "$uuid" = "$uuids" ] || export CUDA_VISIBLE_DEVICES="$uuid"
    code=0
    said=$("$sample" 2>&1) || code=$?
    case $code$said in
      0*'Test PASSED'*) passed="$passed\${passed:+,}{\\"uuid\\":\\"$uuid\\"}" ;;
      *) failed="exit code $code: $said" && break ;;
    esac
  done
  if [ -n "$failed" ]; then
    compute_line sample sample-failed "$failed" "$passed"
  else
    compute_line sample '' 'Test PASSED' "$passed"
  fi
fi
`};function Qo(e,n){return{command:["/bin/sh","-c",Sn.proof],env:{PROOF_MARK:An,PROOF_SEED:String(e),PROOF_STEPS:n,PROOF_PY:n==="all"?Sn.compute:"",PROOF_PTX:n==="all"?Sn.kernel:"",NVIDIA_DRIVER_CAPABILITIES:"compute,utility",NVIDIA_DISABLE_REQUIRE:"1",...n==="device"?{NVIDIA_VISIBLE_DEVICES:"all"}:{}}}}const Wt=65536,Yo=64,{imul:Kt}=Math;function Jo(e,n){let t=(Kt(e,2654435761)^n)>>>0;for(let i=0;i<Yo;i++)t=Kt(t,1664525)+1013904223>>>0,t=(t^t>>>13)>>>0,t=t+((t&2047)*3+1)>>>0;return t}const Tn=new Map;function Xo(e){const n=Tn.get(e);if(n!==void 0)return n;const t=new DataView(new ArrayBuffer(4*Wt));for(let s=0;s<Wt;s++)t.setUint32(4*s,Jo(s,e),!0);const i=(0,ln.createHash)("sha256").update(t).digest("hex").slice(0,16);return Tn.clear(),Tn.set(e,i),i}function Zo(e,n){return(0,ln.createHash)("sha256").update(`${e}/${n}`).digest().readUInt32LE(0)}const er={image:"nvcr.io/nvidia/k8s/cuda-sample:vectoradd-cuda12.5.0",grade:"computes"},nr=[/(^|\/)tritonserver$/,/(^|\/)python$/,/(^|\/)(pytorch|tensorflow|tensorrt|rapids|nemo|jax|cuda-python|vllm-openai|vllm|text-generation-inference|sglang)$/,/(^|\/)[a-z0-9._-]*(notebook|jupyter)[a-z0-9._-]*$/],tr=/(^|\/)cuda-sample$/,ir=/(^|\/)(cuda|debian|ubuntu|ubi[89][a-z-]*|rockylinux|almalinux|fedora)$/,Qt=/alpine|musl|distroless|busybox|windows|-min(-|$)/;function sr(e){const[n=""]=e.split("@"),t=n.lastIndexOf(":");return t>n.lastIndexOf("/")?{path:n.slice(0,t),tag:n.slice(t+1)}:{path:n,tag:""}}const or=e=>/^[a-z0-9][a-z0-9._/:@-]{0,254}$/i.test(e);function rr(e){const{path:n,tag:t}=sr(e);if(!or(e)||Qt.test(t)||Qt.test(n))return;const i=nr.findIndex(s=>s.test(n));return i>=0?{rank:i,grade:"computes"}:tr.test(n)&&/^vectoradd/.test(t)?{rank:10,grade:"computes"}:ir.test(n)?{rank:20,grade:"lists"}:void 0}function ar(e){const n=e.flatMap(i=>{const s=rr(i);return s===void 0?[]:[{image:i,...s,isDigest:i.includes("@")}]}).sort((i,s)=>i.rank-s.rank||Number(i.isDigest)-Number(s.isDigest)||(i.image<s.image?-1:i.image>s.image?1:0)),[t]=n;return t&&{image:t.image,grade:t.grade}}const Yt=e=>typeof e=="object"&&e!==null&&!Array.isArray(e)?e:{},j=(e,n=120)=>typeof e=="string"?e.replace(/[^\x20-\x7e]+/g," ").slice(0,n):"",Je=e=>typeof e=="number"&&Number.isSafeInteger(e)&&e>=0?e:void 0,dr=64,cr=16*1024,ur=/^(GPU|MIG)-[0-9A-Za-z/-]{8,80}$/,Jt=e=>Array.isArray(e)?e.slice(0,dr).map(Yt):[],Xt=e=>ur.test(j(e.uuid))?j(e.uuid):"";function lr(e){return{fact:"device",exit:Je(e.exit)??-1,said:j(e.said,300),cuda:/^\d{1,3}(\.\d{1,3})?$/.test(j(e.cuda))?j(e.cuda):"",gpus:Jt(e.gpus).flatMap(n=>{const t=Xt(n);if(t==="")return[];const[i,s]=[Je(n.total),Je(n.used)];return{uuid:t,name:j(n.name),driver:j(n.driver,40),...i===void 0?{}:{totalMiB:i},...s===void 0?{}:{usedMiB:s}}})}}function fr(e){return{fact:"compute",by:e.by==="libcuda"||e.by==="sample"?e.by:"none",code:typeof e.code=="string"?j(e.code,60):"unreadable",said:j(e.said,300),cuda:Je(e.cuda)??0,gpus:Jt(e.gpus).map(n=>({uuid:Xt(n),name:j(n.name),capability:j(n.capability,10),digest:/^[0-9a-f]{16}$/.test(j(n.digest))?j(n.digest):""}))}}function pr(e,n){let t={};for(const i of e.split(`
`)){if(!i.startsWith(`${An} {`)||i.length>cr)continue;let s;try{s=Yt(JSON.parse(i.slice(An.length+1)))}catch{continue}s.seed===String(n)&&(s.fact==="device"&&(t={...t,device:lr(s)}),s.fact==="compute"&&(t={...t,compute:fr(s)}))}return t}const hr=[C["survey-smi"],C["survey-driver"],C["survey-packages"],C["survey-runtime"],C.survey].join(`
`);async function mr(e,n,t){const i=await e.run({name:"undo",script:[C.files,H.gY,H.O,C.packages,C.undo].join(`
`),env:{RUN_ID:(0,H.np)(n),HOLDER:(0,H.$R)(t.holder??`undo of run ${n}`),LOCK_WAIT:(0,H.ET)(t),UNIT:t.unit},privilege:"root",timeoutMs:t.timeoutMs,signal:t.signal}),s=en(e.label,"the undo",i);if(s)throw s;const o=r=>i.lines.flatMap(a=>typeof a[r]=="string"?[a[r]]:[]);return{undone:[...new Set(o("undone"))],remaining:o("remaining"),evidence:o("evidence")}}})};export{Ir as id,Nr as ids,Ar as modules};
