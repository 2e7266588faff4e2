const oa=119,ra=[119],aa={93745:((ge,H,I)=>{I.d(H,{WE:()=>E,ae:()=>N,jL:()=>_});function A(f){const w=f;return f instanceof Error&&typeof w?.code=="string"&&typeof w.remedy=="string"}class N extends Error{failure;constructor(w){super(w.title),this.name="RunFailure",this.failure=w}}const K=[[/^handshake\.apiserver/,"api-unreachable"],[/^handshake\.ca$/,"ca-mismatch"],[/^handshake\.token$/,"token-refused"],[/^host\.disk/,"host-disk"],[/^host\.port/,"host-port"],[/^k3s\.labels$/,"restricted-label"],[/^leave\.pods$/,"drain-blocked"],[/^leave\.mounts$/,"foreign-mounts"],[/^(k3s|plan)\.node-password$/,"node-password-rejected"],[/^kubeadm\.port$/,"host-port"],[/^kubeadm\.leftovers$/,"kubeadm-joined-already"],[/^plan\.kubeadm-cluster$/,"kubeadm-other-cluster"],[/^plan\.kubeadm-node$/,"kubeadm-node-exists"]];function y(f){return K.find(([w])=>w.test(f))?.[1]??f.replaceAll(".","-")}const k=[[/^handshake\.apiserver/,f=>`the API server at ${f}`],[/^handshake\.ca$/,f=>`what answers the host is not the API server of the kubeconfig (${f})`],[/^handshake\.token$/,()=>"the server refused its token"],[/^host\.sudo$/,f=>`its user cannot become root (${f})`],[/^host\.clock$/,f=>`its clock is ${f}`],[/^(host|kubeadm)\.port/,f=>`a port that the agent needs is ${f}`],[/^host\.disk/,f=>`its disk has no room (${f})`],[/^host\.(packages|services|wanted-modules|sysctl)$/,f=>`it lacks what the node needs: ${f}`],[/^storage\.disk$/,f=>`there is no disk for storage: ${f}`],[/^storage\.longhorn$/,f=>f],[/^host\.route$/,()=>"it has no default route"],[/^host\.cgroup$/,f=>`its control groups are not what a kubelet needs (${f})`],[/^host\.modules$/,f=>`its kernel lacks what containers need (${f})`],[/^host\.cni$/,f=>`another Kubernetes is in its way: ${f}`],[/^cluster\.name$/,f=>`the name is taken: ${f}`],[/^k3s\.node-password$/,f=>`the server would reject its node password: ${f}`],[/^confirm\.gpu-processes$/,f=>`a process outside the cluster lost the GPU: ${f}`],[/^(kubeconfig\.credentials|server\.(dns|tcp|tls|http))$/,f=>f],[/^(gpu|capacity|install)\.|^confirm\.(plugin|runtime-config|gpu-calls|gpu-pods)$/,f=>f],[/^plan\.node-password$/,f=>`its node would not come back: ${f.replace(/^no: /,"")}`],[/^leave\.role$/,f=>`${f}, and servers are never removed here`],[/^leave\.(pods|cluster|uninstaller)$/,f=>f],[/^leave\.mounts$/,f=>`something of somebody else is mounted where leaving deletes: ${f}`],[/^leave\.volumes$/,f=>`data lies on this machine alone: ${f}`],[/^leave\.machine$/,f=>`is this machine the node? ${f}`],[/^leave\.alive$/,f=>`host-gone is not true: ${f}`],[/^cluster\.machine$/,f=>`this machine is a node already: ${f}`],[/^cluster\.address$/,f=>`its address is taken: ${f}`],[/^(plan\.)?kubeadm[.-]/,f=>f],[/^k3s\.version$/,f=>`the wanted version does not go with the cluster: ${f}`],[/^k3s\.labels$/,f=>`its kubelet would refuse to start: ${f}`]];function R(f){return k.find(([w])=>w.test(f.id))?.[1](f.found)??`${f.question} ${f.found}`}function _(f,w){const[b,...T]=w,U=T.map(v=>`also: ${v.id}: ${v.found}${v.remedy?`; ${v.remedy}`:""}`);return new N({code:y(b?.id??"check"),title:b?`${f}: ${R(b)}`:f,cause:b?.cause??"see the checks",remedy:b?.remedy??"see the checks",evidence:[...b?.evidence??[],...U]})}function E(f,w){if(f instanceof N)return f.failure;if(A(f))return{code:f.code,title:`${w}: ${f.title??f.message}`,cause:typeof f.cause=="string"?f.cause:f.cause instanceof Error?f.cause.message:"see the evidence",remedy:f.remedy,evidence:f.evidence??[]};const b=f instanceof Error?f.stack??f.message:String(f);return{code:"unexpected-error",title:`${w}: unexpected error: ${f instanceof Error?f.message:String(f)}`,cause:"probably a bug in k3s-gpu-actions",remedy:"press the button again; if it happens twice, open an issue with this text",evidence:b.split(`
`).slice(0,12)}}}),44751:((ge,H,I)=>{I.d(H,{M:()=>N});var A=I(42471);class N{sources={};problems=[];#e;#t;#n;constructor(y,k,R){this.#e=y,this.#t=k,this.#n=R}#i(y){const k=this.#n?.content;if(!k)return;const R=k.nodes,_=this.#e!=="verify"&&this.#e!=="deploy"&&Object.hasOwn(R,this.#t)?R[this.#t]?.[this.#e]:void 0;for(const[E,f]of[[_,["nodes",this.#t,this.#e]],[k[this.#e],[this.#e]]]){const w=E?.[y];if(w!==void 0)return{value:w,place:[...f,String(y)]}}}pick(y,k,R){const _=k===void 0?this.#i(y):void 0;return this.sources[String(y)]=k!==void 0?"input":_?this.#n?.path??"":"default",k??_?.value??R}duration(y,k,R,_){const E=k===void 0?this.#i(y):void 0;if(this.sources[y]=k!==void 0?"input":E?this.#n?.path??"":"default",k!==void 0||!E||!this.#n)return k??_;const f=(0,A.$7)(String(E.value),R.minimum,R.maximum);return"value"in f?f.value:(this.problems.push({input:this.#n.at(E.place),...f.problem}),_)}}}),58091:((ge,H,I)=>{I.d(H,{UN:()=>_,US:()=>E,ep:()=>k,g$:()=>y,ts:()=>f,uw:()=>w});var A=I(6924),N=I(53665),K=I(78350);const y={"cluster-file":{type:"path",description:"Path of the cluster file in the workspace, e.g. clusters/oceanid.yaml. An input wins over what the file says; the summary tells where each value came from."},kubeconfig:{type:"path",description:"Path of a kubeconfig on the runner, never its content. Default: $KUBECONFIG.",twin:"kubeconfig.path"},context:{type:"string",description:"Context of the kubeconfig. Default: its current context.",twin:"kubeconfig.context"}},k={"cluster-file":y["cluster-file"],node:{type:"string",required:!0,description:"Name of the node in the cluster, and in the cluster file.",twin:"nodes.<node>"},host:{type:"string",description:"Name or address of the machine, for SSH.",twin:"nodes.<node>.ssh.host"},port:{type:"integer",minimum:1,maximum:65535,description:"Port of its SSH server. Default: 22.",twin:"nodes.<node>.ssh.port"},user:{type:"string",description:"User to log in as: root, or one who may use sudo.",twin:"nodes.<node>.ssh.user"},transport:{type:"enum",choices:["ssh","local"],description:"How the machine is reached: ssh, or local when the workflow runs on the machine itself. Default: ssh.",twin:"nodes.<node>.transport"},"ssh-private-key":{type:"lines",secret:!0,description:"Private key for the machine, as text from a secret. It has no passphrase.",twin:"nodes.<node>.ssh.private-key-property"},"ssh-private-key-file":{type:"path",description:"Path of the private key on the runner, instead of its text.",twin:"nodes.<node>.ssh.private-key-file"},"known-hosts":{type:"lines",description:"known_hosts lines that pin the machine's host key. This or host-key-fingerprint is needed: without a pin there is no connection.",twin:"nodes.<node>.ssh.known-hosts"},"host-key-fingerprint":{type:"list",description:"SHA256 fingerprint of the machine's host key, or several, as ssh-keygen -lf prints them on its console.",twin:"nodes.<node>.ssh.host-key-fingerprint"},"sudo-password":{type:"string",secret:!0,description:"Password for sudo, from a secret, where sudo asks for one. It travels by standard input only."},kubeconfig:y.kubeconfig,context:y.context},R=["host","port","user","ssh-private-key","ssh-private-key-file","known-hosts","host-key-fingerprint"];function _(b,T){return R.filter(U=>T==="local"&&b[U]!==void 0).map(U=>({input:U,problem:"is given, but with transport local nothing is reached over SSH",allowed:"leave it out, or use transport ssh"}))}function E(b,T){const U=["transport",b.input,...b.input==="ssh-private-key"?["ssh-private-key-file"]:[]];return!T.some(({input:v})=>U.includes(v))}function f(b,T){return{node:b.node,transport:b.transport,host:b.host,port:b.port,user:b.user,privateKey:T,knownHosts:b["known-hosts"],hostKeyFingerprints:b["host-key-fingerprint"],sudoPassword:b["sudo-password"]}}class w extends N.C{privateKey(T,U){const v=T["ssh-private-key"],te=T["ssh-private-key-file"];v!==void 0&&te!==void 0&&this.problems.push({input:"ssh-private-key-file",value:(0,A.hD)(te),problem:"is given besides `ssh-private-key`",allowed:"one of the two"});const ce=v===void 0?"ssh-private-key-file":"ssh-private-key",Ge=te??U.ssh?.["private-key-file"],$e=v??(Ge===void 0?void 0:this.file(ce,Ge));if($e===void 0)return;this.runner.mask($e);const Me=$e.replaceAll(/\r\n?/g,`
`).trim(),Ue=(0,K.C)(Me);return Ue&&this.problems.push({input:ce,...Ue}),`${Me}
`}}}),78350:((ge,H,I)=>{I.d(H,{C:()=>K});const A="the text of an OpenSSH or PEM private key without a passphrase, from its first to its last dash";function N(y){const k=Buffer.from(y.replace(/\s+/g,""),"base64"),R="openssh-key-v1\0";if(k.subarray(0,R.length).toString("latin1")!==R||k.length<R.length+4)return!1;const _=k.readUInt32BE(R.length);return k.subarray(R.length+4,R.length+4+Math.min(_,64)).toString("latin1")!=="none"}function K(y){if(/^(ssh-|ecdsa-)\S+ [A-Za-z0-9+/]/.test(y))return{problem:"is the public half of a key",allowed:A};if(y.startsWith("PuTTY-User-Key-File"))return{problem:"is a PuTTY key",allowed:"export it as an OpenSSH key (PuTTYgen: Conversions)"};const k=/^-----BEGIN ((?:[A-Z]+ )*PRIVATE KEY)-----\n([\s\S]+)\n-----END \1-----$/.exec(y.trim());if(!k)return/-----BEGIN.*\\n/.test(y)?{problem:"has \\n written out instead of line breaks",allowed:A}:!y.includes(`
`)&&y.includes("PRIVATE KEY")?{problem:"has lost its line breaks",allowed:A}:y.includes("PRIVATE KEY")?{problem:"is cut, or has other text around it",allowed:A}:{problem:"is no private key",allowed:y.includes(`
`)?A:`${A}; for a path use \`ssh-private-key-file\``};const[,R="",_=""]=k;return R==="PRIVATE KEY"?{problem:"is in PKCS #8 format, which SSH does not use",allowed:'an OpenSSH key: ssh-keygen -p -N "" -f KEYFILE converts it'}:R.startsWith("ENCRYPTED")||/^Proc-Type: 4,ENCRYPTED/.test(_)||N(_)?{problem:"is protected by a passphrase",allowed:'a key of its own without one: ssh-keygen -t ed25519 -N ""'}:void 0}}),76232:((ge,H,I)=>{I.d(H,{k:()=>R});var A=I(99874),N=I(93745);const K=new Set(["api-unreachable","api-failed","timeout"]),y=new Set(["node-not-registered","node-not-ready"]);function k(_){if(_ instanceof N.ae)return _.failure.code;const{code:E}=_??{};return typeof E=="string"?E:""}function R(_,E){const f=k(_);if(E===""||!(K.has(f)||y.has(f)))return _;const w=(0,A.z3)(E);if(w===void 0||y.has(f)&&w.code!=="tunnel-ended")return _;const b=_ instanceof Error?[`this run saw: ${_.message}`]:[];return _ instanceof N.ae&&b.push(..._.failure.evidence),Object.assign(new Error(w.title),w,{evidence:[...w.evidence,...b]})}}),38114:((ge,H,I)=>{I.d(H,{Rc:()=>as,AS:()=>co,Fo:()=>zs,UF:()=>Ks,lN:()=>Cs,rY:()=>vr,P3:()=>br,lv:()=>Zs,i7:()=>K,XL:()=>Er,kh:()=>oo,Nu:()=>bs,v$:()=>Ue,JL:()=>w,Wi:()=>qt,Vn:()=>Js,fF:()=>Pe,MS:()=>U,zi:()=>Gr,aS:()=>Ae,p4:()=>_n,rl:()=>z,Bw:()=>nn,Ph:()=>wo,kD:()=>yr,Y9:()=>Ye,NQ:()=>T,LD:()=>b,eN:()=>f,_y:()=>Or,Zy:()=>Pr,YX:()=>Ir,Ow:()=>wr,wt:()=>wi,r$:()=>qr,uB:()=>is,lK:()=>_,_4:()=>Te,Kw:()=>Vr,kW:()=>J,JY:()=>Ve,I$:()=>Gs,xs:()=>Br,BB:()=>oi});const A=["nvidia-container-toolkit","nvidia-container-toolkit-base","libnvidia-container-tools","libnvidia-container1"],N="1.20.0",K="nvcr.io/nvidia/k8s-device-plugin:v0.20.0",y="/etc/containerd/conf.d/99-nvidia.toml",k="/etc/containerd/config.toml",R="/usr/bin/nvidia-container-runtime",_=({k3s:e,service:n})=>e.unit!==""?e.unit:n===void 0?"":"containerd",E="k3s-gpu-actions",f="nvidia.com/gpu.present",w="k3s-gpu-actions/gpu",b="kube-system",T="k3s-gpu-actions-nvidia-device-plugin",U=["add-repository","install-toolkit","hold-packages","link-devices","configure-runtime","quarantine-template","write-default-runtime","remove-default-runtime"],v={restart:"restart",label:"label-node",unlabel:"unlabel-node",applyPlugin:"apply-device-plugin",deletePlugin:"delete-device-plugin",runtimeClass:"apply-runtime-class",replacePlugin:"replace-device-plugin",record:"record-gpu"},te=(e,n,...t)=>t.map(i=>({verb:i,group:e,resource:n})),ce={group:"apps",resource:"daemonsets",namespace:b},Ge=[...te("","nodes","get","list","watch"),...te("","pods","list","watch"),...te("apps","daemonsets","list"),{verb:"get",group:"node.k8s.io",resource:"runtimeclasses",name:"nvidia"},...["get","list","watch"].map(e=>({verb:e,group:"coordination.k8s.io",resource:"leases",namespace:"kube-node-lease"}))],$e=te("","nodes","patch"),Me=[{verb:"create",...ce},{verb:"patch",...ce,name:T},{verb:"delete",...ce,name:T}];function Ue(e,n=!1){const t=e.devicePlugin==="apply"||e.devicePlugin==="absent";return[...Ge,...$e,...t?Me:[],...n?gi:[],...$i(e.replaceDevicePlugin)]}const gi=[{verb:"create",group:"node.k8s.io",resource:"runtimeclasses"},{verb:"patch",group:"node.k8s.io",resource:"runtimeclasses",name:"nvidia"}];function $i(e){const[n="",t=""]=e.split("/");return t===""?[]:[{verb:"delete",group:"apps",resource:"daemonsets",namespace:n,name:t},{verb:"patch",group:"apps",resource:"daemonsets",namespace:n,name:t},{verb:"create",group:"apps",resource:"daemonsets",namespace:n}]}const Xr=[{verb:"get",group:"",resource:"pods/log",namespace:b},{verb:"list",group:"",resource:"events",namespace:b},{verb:"list",group:"",resource:"events",namespace:"default"},{verb:"get",group:"",resource:"configmaps",namespace:b}],ue=e=>e.slice(0,128),vi=e=>ue(e).replace(/-[^-]*$/,""),Bn=64;function ki(e,{toolkit:n,isLabelOurs:t}){const i=[...e.devices].sort((s,o)=>s.uuid<o.uuid?-1:s.uuid>o.uuid?1:0).slice(0,Bn);return JSON.stringify({by:E,gpus:i.map(({uuid:s,name:o})=>({uuid:ue(s),product:ue(o)})),driver:ue(e.driver.loaded),cuda:ue(e.cudaVersion),toolkit:vi(n??e.toolkit.packages[0]?.version??""),label:t?f:""})}function cn(e){const n=e[w];if(n===void 0)return!1;try{const t=JSON.parse(n);return typeof t=="object"&&t!==null&&"label"in t&&t.label===f}catch{return!1}}function yi(e){if(!cn(e))return JSON.stringify({by:E,label:f})}const bi=64*1024;function wi(e){const n=Object.hasOwn(e,w)?e[w]:void 0;if(n===void 0)return;const t=i=>typeof i=="string"?ue(i.replace(/[^\x20-\x7e]+/g," ")):"";try{const i=n.length>bi?null:JSON.parse(n);if(typeof i!="object"||i===null||Array.isArray(i))return"unreadable";const{gpus:s,driver:o,cuda:r}=i;return s===void 0&&o===void 0?void 0:Array.isArray(s)?{gpus:s.slice(0,Bn).map(d=>{const{uuid:u,product:c}=typeof d=="object"&&d!==null?d:{};return{uuid:t(u),product:t(c)}}),driver:t(o),cuda:/^\d{1,3}(\.\d{1,3})?$/.test(t(r))?t(r):""}:"unreadable"}catch{return"unreadable"}}var M=I(82867);const _i={"bad-unit":"this is a mistake of k3s-gpu-actions: please report it","bad-step":"this is a mistake of k3s-gpu-actions: please report it","init-unsupported":"use a host that runs systemd","gpg-missing":"install gpg on the host (Debian and Ubuntu: sudo apt-get install gpg), then run it again","keyring-differs":"look whose key that is (gpg --show-keys on that file); for a mirror of your own give `repository` and `repository-keys`, else move the file away: sudo mv it to another folder, and run it again","key-unreachable":"let the host reach that address (proxy, firewall), or give `repository` a mirror that it can reach, then run it again","key-differs":"do not trust it: something between the host and the repository answers in its place, or NVIDIA has a new key; compare with NVIDIA's own documents and give `repository-keys`","key-unusable":"give `repository-keys` the fingerprint of the repository's present key","prerequisites-failed":"install them by hand: sudo apt-get update && sudo apt-get install curl gpg ca-certificates","repository-unusable":"read what the package manager said below; a signature that does not fit right after an upload fits some minutes later: run it again","dpkg-interrupted":"finish it on the host when that suits you: sudo dpkg --configure -a; then run it again","would-disturb":"look at it on the host: sudo apt-get -s install with the four packages of the toolkit; correct it there, then run it again","version-unavailable":"give `toolkit-version` one of the versions named below, or another `repository`","install-failed":"read what the package manager said below, correct it on the host, and run it again","install-incomplete":"look on the host: dpkg -l | grep nvidia-container","hold-failed":"read what the package manager said below; `hold-packages: none` leaves it out","template-changed":"somebody edits it right now: look at it, then run it again","runtime-missing":"let this action install the toolkit (`toolkit: install`), or leave `default-runtime` out: runtimeClassName nvidia does without","bad-value":"run it again: it continues from what it finds"};function un(e,n,t){return M.lZ(e,n,t,_i)}const C={apply:`
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
      configure-runtime)
        [ "$UNIT" = containerd ] || die bad-step "$UNIT has a containerd of its own, and no file of it is written"
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
      configure-runtime) configure_runtime ;;
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
`,"configure-runtime":`
sum_of() { if [ -f "$ROOT$1" ]; then sha256 "$ROOT$1" || echo unknown; else echo none; fi; }

configure_runtime() {
  outcome=unchanged
  has nvidia-ctk || die runtime-missing 'there is no nvidia-ctk on this host (package nvidia-container-toolkit-base)'
  if [ ! -x "$ROOT$PROGRAM" ]; then die runtime-missing "there is no $PROGRAM on this host, so containerd could not start it"; fi
  before="$(sum_of "$containerd_config") $(sum_of "$runtime_drop_in")"
  make_folder "\${containerd_config%/*}"
  make_folder "\${runtime_drop_in%/*}"
  preserve "$containerd_config"
  preserve "$runtime_drop_in"
  if [ "$DEFAULT_RUNTIME" = unset ]; then rm -f "$ROOT$runtime_drop_in"; fi
  set -- --runtime=containerd --config="$containerd_config" --drop-in-config="$runtime_drop_in" --nvidia-runtime-path="$PROGRAM"
  if [ "$DEFAULT_RUNTIME" = nvidia ]; then set -- "$@" --nvidia-set-as-default; fi
  quietly timeout 30 nvidia-ctk runtime configure "$@" || { emit_said && die configure-failed 'nvidia-ctk runtime configure ended with an error'; }
  relabel "$containerd_config"
  relabel "$runtime_drop_in"
  quietly timeout 30 containerd config dump || { emit_said && die config-invalid "containerd does not understand $containerd_config as nvidia-ctk left it"; }
  if [ "$(sum_of "$containerd_config") $(sum_of "$runtime_drop_in")" != "$before" ]; then outcome=changed; fi
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
      *kubepods*) if has k3s; then runtime=k3s; else runtime=crictl; fi ;;
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

pod_crictl() {
  _runtime=$1 _limit=$2
  shift 2
  case $_runtime in
    k3s) asked "$_limit" k3s crictl "$@" ;;
    *) asked "$_limit" crictl --runtime-endpoint unix:///run/containerd/containerd.sock "$@" ;;
  esac
}

exec_in() {
  _runtime=$1 _id=$2 _limit=$3
  shift 3
  case $_runtime in
    k3s | crictl) pod_crictl "$_runtime" "$_limit" exec "$_id" "$@" ;;
    *) asked "$_limit" "$_runtime" exec "$_id" "$@" ;;
  esac
}

name_of() {
  case $1 in
    k3s | crictl) pod_crictl "$1" 5 inspect --output go-template --template '{{ index .status.labels "io.kubernetes.pod.namespace" }}/{{ index .status.labels "io.kubernetes.pod.name" }}/{{ .status.metadata.name }}' "$2" ;;
    *) asked 5 "$1" inspect --format '{{ .Name }}' "$2" ;;
  esac
}

call() {
  has "$1" || return 0
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
case \${UNIT:-} in k3s | k3s-agent | containerd) ;; *) die bad-unit "there is no unit \${UNIT:-} that runs the containers of a node" ;; esac
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
containerd_config=/etc/containerd/config.toml
runtime_drop_in=/etc/containerd/conf.d/99-nvidia.toml
containerd_folder=/var/lib/rancher/k3s/agent/etc/containerd

note_before() { :; }
`,packages:`may_change=$toolkit_packages

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
`,"survey-containerd":`
gpu_has_own_containerd() {
  if [ -n "\${unit_name:-}" ]; then return 1; fi
  [ -e "$ROOT/etc/kubernetes/kubelet.conf" ] || [ -n "$(gpu_unit_file kubelet)" ]
}

gpu_unit_file() { limited 10 systemctl show "$1.service" -p FragmentPath 2>/dev/null </dev/null | sed -n 's/^FragmentPath=//p'; }

gpu_service_file() {
  text=$(gpu_text "$3" && printf x) || text=x
  sum=$(limited 10 sha256sum <"$3" 2>/dev/null) || sum=''
  emit fact gpu.service-file name "$1" path "$2" sha256 "\${sum%% *}" text "\${text%x}"
}

gpu_own_containerd() {
  gpu_has_own_containerd || return 0
  if [ -z "$(gpu_unit_file containerd)" ]; then return 0; fi
  shown=$(limited 10 systemctl show containerd.service -p ActiveState -p MainPID 2>/dev/null </dev/null) || shown=''
  pid=$(gpu_property MainPID) changed='' problem='' version=''
  config=/etc/containerd/config.toml
  if has containerd; then
    version=$(limited 5 containerd --version 2>/dev/null </dev/null | awk '{ print $3; exit }') || version=''
  fi
  if [ -f "$ROOT$config" ] && [ -r "$ROOT$config" ]; then gpu_service_file config "$config" "$ROOT$config"; fi
  for file in "$ROOT/etc/containerd/conf.d"/*.toml; do
    if [ -f "$file" ] && [ -r "$file" ]; then gpu_service_file drop-in "\${file#"$ROOT"}" "$file"; fi
  done
  case $pid in
    '' | 0 | *[!0-9]*) ;;
    *)
      for file in "$ROOT$config" "$ROOT/etc/containerd/conf.d"/*.toml; do
        if [ -f "$file" ] && [ -d "$ROOT/proc/$pid" ] && [ -n "$(find "$file" -newer "$ROOT/proc/$pid" 2>/dev/null)" ]; then
          changed="$changed\${changed:+
}\${file#"$ROOT"}"
        fi
      done
      ;;
  esac
  if has containerd; then
    if dump=$(limited 10 containerd config dump 2>/dev/null </dev/null); then
      text=$(printf '%s\\n' "$dump" | gpu_text - && printf x) || text=x
      emit fact gpu.service-file name effective path 'containerd config dump' sha256 '' text "\${text%x}"
    else
      problem=$(limited 10 containerd config dump 2>&1 >/dev/null </dev/null | head -c 400 | tr '\\n' ' ' | gpu_without_credentials) || problem=''
      problem=\${problem:-'containerd config dump ended with an error and said nothing'}
    fi
  else
    problem='there is no program containerd on the PATH'
  fi
  emit fact gpu.service active "$(gpu_property ActiveState)" version "$version" problem "$problem" changed "$changed"
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
gpu_packages() {
  manager=$(package_manager)
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
    case $(package_manager) in
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
    k3sactive | k3s-agentactive)
      case $program in */k3s) program=$ROOT$program ;; *) program=k3s ;; esac
      set -- "$program" crictl info
      ;;
    *) if gpu_has_own_containerd; then set -- crictl --runtime-endpoint unix:///run/containerd/containerd.sock info; else return 0; fi ;;
  esac
  has "$1" || return 0
  names=$(limited 5 "$@" 2>/dev/null </dev/null | head -c 1048576 | awk '
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
  for part in driver kernels reboot unattended kernel_log packages repository runtimes default_runtimes containerd own_containerd handlers \\
    device_links own_files; do
    ("gpu_$part") || :
  done
}
`,undo:`
is_foreign() { return 1; }
undo_line() { :; }

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

main() {
  begin_undo
  if [ "$begun" = no ]; then return 0; fi
  read_manager
  undo_holds
  undo_packages install-toolkit
  hold_again
  follow_log_backwards
  restart_unit
  end_undo
}
`};var h=I(61971),ln=I(3292);const V={cri:"io.containerd.grpc.v1.cri",runtime:"io.containerd.cri.v1.runtime",images:"io.containerd.cri.v1.images"};function Q(e,n){let t=e;for(const i of n){if(typeof t!="object"||t===null||Array.isArray(t)||!Object.hasOwn(t,i))return;t=t[i]}return t}const X=(e,n)=>{const t=Q(e,n);return typeof t=="string"?t:""},zn=(e,n)=>{const t=Q(e,n);return Array.isArray(t)?t.filter(i=>typeof i=="string"):[]},le=(e,n)=>{const t=Q(e,n);return typeof t=="object"&&t!==null&&!Array.isArray(t)?t:{}};function fn(e){try{return{tables:(0,ln.qg)(e,{maxDepth:100})}}catch(n){if(!(n instanceof ln.zx||n instanceof RangeError))throw n;const t=(n.message.split(`
`)[0]??"").replace("Invalid TOML document: ","");return{tables:{},problem:n instanceof ln.zx?`line ${n.line}: ${t}`:t}}}const Hn={cri:V.cri,opt:"io.containerd.internal.v1.opt"};function Oi(e){const n=Q(e,["version"]);if(n===2)return e;const t=n===void 0||n===0||n===1,i={};for(const[s,o]of Object.entries(le(e,["plugins"]))){const r=t&&Object.hasOwn(Hn,s)?Hn[s]??s:s,a=r===V.cri?Object.fromEntries(Object.entries(le(o,[])).filter(([d])=>d.startsWith("stream_"))):o;Object.defineProperty(i,r,{value:a,enumerable:!0,configurable:!0,writable:!0})}return{...e,plugins:i}}function ee(e){const{tables:n,problem:t}=fn(e),i=Q(n,["version"]),s=Oi(n),o=["plugins",V.runtime],r=["plugins",V.images],a=["plugins",V.cri],d=(l,p)=>X(s,l)||X(s,[...a,...p]),u={...le(s,[...a,"cni"]),...le(s,[...o,"cni"])},c=[a,o].flatMap(l=>Object.entries(le(s,[...l,"containerd","runtimes"])));return{...typeof i=="number"?{version:i}:{},isOwnText:/^# File generated by k3s\b/.test(e.trimStart()),runtimes:[...new Map(c)].map(([l,p])=>{const g=Q(p,["options","SystemdCgroup"]);return{name:l,type:X(p,["runtime_type"]),binaryName:X(p,["options","BinaryName"]),...typeof g=="boolean"?{systemdCgroup:g}:{}}}),defaultRuntime:d([...o,"containerd","default_runtime_name"],["containerd","default_runtime_name"]),cniBinFolders:[...zn(u,["bin_dirs"]),X(u,["bin_dir"])].filter(l=>l!==""),cniConfFolder:X(u,["conf_dir"]),snapshotter:d([...r,"snapshotter"],["containerd","snapshotter"]),sandboxImage:d([...r,"pinned_images","sandbox"],["sandbox_image"]),registryPath:d([...r,"registry","config_path"],["registry","config_path"]),address:X(s,["grpc","address"]),root:X(s,["root"]),state:X(s,["state"]),imports:zn(s,["imports"]),ignored:xi(n),...t===void 0?{}:{problem:t},tables:s}}function xi(e){return Q(e,["version"])===2?[]:["cri",V.cri].flatMap(n=>Object.entries(le(e,["plugins",n])).filter(([,t])=>typeof t=="object").map(([t])=>`plugins.${n.includes(".")?`"${n}"`:n}.${t}`))}const je="/var/lib/rancher/k3s/agent",Wn="pods get no network: the node stays NotReady (cni plugin not initialized)",Kn="kubelet and runc manage control groups in different ways: pods restart for ever",Ri="mirrors, certificates and passwords of /etc/rancher/k3s/registries.yaml have no effect",Pi="the pause image comes from elsewhere: no pod starts where that registry cannot be reached",Fe="a setting of k3s is gone";function Qn(e){const[,n,t]=/^v?1\.(\d+)\.(\d+)/.exec(e)??[];return n===void 0?!0:Number(n)===31?Number(t)>=6:Number(n)===32?Number(t)>=2:Number(n)>32}function Ii(e,n,t,i,s){const o=["plugins",V.cri],r=e===2?o:["plugins",V.runtime],a=e===2?o:["plugins",V.images],d=(l,p,g,m=!1,$)=>({path:l,value:p,breaks:g,isEssential:m,...$?{otherwise:$}:{}}),u=l=>n===3?[l,!0]:["nothing: k3s gives it to containerd as an argument, too",!1],c=[...r,"containerd","runtimes","runc"];return[d(["version"],e,"containerd takes it for version 1 and drops tables that it knows under new names, without an error",!0),d(["root"],`${je}/containerd`,...u("images and containers of this node are looked for elsewhere")),d(["state"],"/run/k3s/containerd",...u("running containers are looked for elsewhere")),d(["grpc","address"],"/run/k3s/containerd/containerd.sock",...u("k3s waits for a socket that containerd opens elsewhere")),d(["plugins","io.containerd.internal.v1.opt","path"],`${je}/containerd`,"containerd looks for its own programs elsewhere"),d([...o,"stream_server_address"],"127.0.0.1",Fe),d([...o,"stream_server_port"],"10010",Fe),d([...r,"enable_selinux"],!1,"SELinux labels of containers, where k3s was started with --selinux"),d([...r,"enable_unprivileged_ports"],!0,"containers without root may not open ports below 1024"),d([...r,"enable_unprivileged_icmp"],!0,"containers without root may not ping"),d(e===2?[...o,"sandbox_image"]:[...a,"pinned_images","sandbox"],"rancher/mirrored-pause:3.6",Pi),d(e===2?[...o,"containerd","snapshotter"]:[...a,"snapshotter"],"overlayfs","containerd chooses its snapshotter itself"),d(e===2?[...o,"containerd","disable_snapshot_annotations"]:[...a,"disable_snapshot_annotations"],!0,Fe),d([...r,"cni","bin_dir"],"/var/lib/rancher/k3s/data/cni",Wn,!0,[...r,"cni","bin_dirs"]),d([...r,"cni","conf_dir"],`${je}/etc/cni/net.d`,Wn,!0),...i===""?[]:[d([...r,"containerd","default_runtime_name"],i,"the default runtime that k3s was told has no effect")],d([...c,"runtime_type"],"io.containerd.runc.v2",Fe),d([...c,"options","SystemdCgroup"],s,Kn,!0),d([...a,"registry","config_path"],`${je}/etc/containerd/certs.d`,Ri,!0),...t.flatMap(({name:l,path:p})=>{const g=[...r,"containerd","runtimes",l],m=`no runtime for "${l}" is configured: pods that ask for it do not start`;return[d([...g,"runtime_type"],"io.containerd.runc.v2",m,l==="nvidia"),d([...g,"options","BinaryName"],p,m,l==="nvidia"),d([...g,"options","SystemdCgroup"],s,Kn,l==="nvidia")]})]}function Ei(e,n){const t=e.find(({path:a})=>a[0]==="version")?.value;if(!n?.isOwnText||n.problem!==void 0||n.version!==t)return e;const i=a=>Jn(n.tables,a),s=a=>a.path.includes("cni"),o=a=>a.path.at(-1)==="config_path",r=e.filter(a=>a.isEssential&&!s(a)&&!o(a)&&!a.path.includes("nvidia")).every(a=>i(a)!==void 0);return e.filter(a=>i(a)!==void 0||!(o(a)||r&&s(a))).map(a=>{const d=i(a);return a.path.at(-1)==="BinaryName"||a.path[0]==="version"||a.path.at(-1)==="default_runtime_name"?a:hn(d)?{...a,value:d}:a})}function hn(e){return Array.isArray(e)?e.every(n=>typeof n=="string"):["string","number","boolean"].includes(typeof e)}function ve(e){return e.map(n=>/^[\w-]+$/.test(n)?n:JSON.stringify(n).replaceAll("\x7F","")).join(".")}function Yn(e,n){const t=new Map;for(const{path:o,value:r}of n){const a=ve(o.slice(0,-1)),d=t.get(a)??[];d.push(`${ve(o.slice(-1))} = ${JSON.stringify(r).replaceAll("\x7F","")}`),t.set(a,d)}const i=ve(["plugins",e===2?V.cri:V.runtime]);return t.set(`${i}.containerd.runtimes.runhcs-wcow-process`,['runtime_type = "io.containerd.runhcs.v1"']),`# File generated by k3s. DO NOT EDIT.
${[...t].map(([o,r])=>[...o===""?[]:["",`[${o}]`],...r].join(`
`)).join(`
`)}
`}function Jn(e,n){return Q(e,n.path)??(n.otherwise?Q(e,n.otherwise):void 0)}const Zn=100;class L extends Error{}function Ai(e){const n=[];let t=0,i=!1;for(;t<e.length;){const s=e.indexOf("{{",t);let o=e.slice(t,s<0?void 0:s);if(i&&(o=o.replace(/^[ \t\r\n]+/,"")),s<0){n.push({kind:"text",text:o});break}let r=s+2;/^-[ \t\r\n]/.test(e.slice(r,r+2))&&(o=o.trimEnd(),r+=1),n.push({kind:"text",text:o});const a=Si(e,r);let d=e.slice(r,a);i=/[ \t\r\n]-$/.test(d),i&&(d=d.slice(0,-1)),/^[ \t\r\n]*\/\*/.test(d)||n.push({kind:"action",text:d.trim()}),t=a+2}return n}function Si(e,n){const t=/^[ \t\r\n]*\/\*/.exec(e.slice(n,n+200));if(t){const s=e.indexOf("*/",n+t[0].length),o=s<0?-1:e.indexOf("}}",s);if(o<0)throw new L("unclosed comment");return o}let i="";for(let s=n;s<e.length;s+=1){const o=e[s]??"";if(i!=="")o==="\\"&&i!=="`"?s+=1:o===i&&(i="");else if(o==='"'||o==="'"||o==="`")i=o;else if(o==="}"&&e[s+1]==="}")return s}throw new L("unclosed action")}function Le(e,n,t,i){if(i>Zn)throw new L("nested too deeply");const s=[];for(;n.at<e.length;){const o=e[n.at];if(n.at+=1,o.kind==="text"){s.push({kind:"text",text:o.text});continue}const[,r="",a=""]=/^([a-z]*)\b([\s\S]*)$/.exec(o.text)??[];if(r==="end"||r==="else"){if(!t.includes(r))throw new L(`unexpected {{${r}}}`);return{nodes:s,end:o.text}}if(o.text==="")throw new L("an action without a command");if(r==="if"||r==="with"||r==="range")s.push(Xn(r,a,e,n,i));else if(r==="define"||r==="block"){if(r==="define"&&i>0)throw new L("{{define}} inside of a block");const[,d="",u=""]=/^\s*"([^"]*)"([\s\S]*)$/.exec(a)??[],{nodes:c}=Le(e,n,["end"],i+1);s.push({kind:"define",name:d,body:c}),r==="block"&&s.push({kind:"call",name:d,data:u.trim()})}else if(r==="template"){const[,,d="",u=""]=/^\s*(["`])([^"`]*)\1([\s\S]*)$/.exec(a)??[];s.push({kind:"call",name:d,data:u.trim()})}else!/^(?:break|continue)?$/.test(o.text)&&!/^\$\w*\s*:?=/.test(o.text)&&s.push({kind:"output",text:o.text})}if(t.length>0)throw new L("a block is not closed by {{end}}");return{nodes:s,end:""}}function Xn(e,n,t,i,s){if(/^\s*(?:nil\s*)?$/.test(n))throw new L(`{{${e}}} without a condition`);const o=Le(t,i,["end","else"],s+1);if(o.end==="end")return{kind:e,condition:n.trim(),body:o.nodes,otherwise:[]};const[,r,a=""]=/^else\s+(if|with)\b([\s\S]*)$/.exec(o.end)??[],d=r?[Xn(r,a,t,i,s+1)]:Le(t,i,["end"],s+1).nodes;return{kind:e,condition:n.trim(),body:o.nodes,otherwise:d}}const Ti=1e6;function et(e,n){const t={text:"",hasBase:!1,listsRuntimes:!1};try{const i=Ai(e),o=Le(i,{at:0},[],0).nodes,r=new Map;return qe(o,r),pn(o,{values:n.values},n,r,t,0),t}catch(i){if(!(i instanceof L))throw i;return{...t,problem:i.message}}}function qe(e,n){for(const t of e)t.kind==="define"?(n.set(t.name,t.body),qe(t.body,n)):"otherwise"in t&&(qe(t.body,n),qe(t.otherwise,n))}function pn(e,n,t,i,s,o){if(o>Zn)throw new L("a template that calls itself");for(const r of e){if(s.text.length>Ti)throw new L("too long");if(r.kind==="text")s.text+=r.text;else if(r.kind==="output")s.text+=Di(r.text,n,s.text);else if(r.kind==="call")if(r.name==="base"){if(r.data==="")throw new L('{{ template "base" }} lacks its dot: write {{ template "base" . }}');s.hasBase=!0,s.text+=t.base}else{const a=i.get(r.name);if(!a)throw new L(`template "${r.name}" is not defined`);pn(a,n,t,i,s,o+1)}else if("condition"in r)for(const[a,d]of Ni(r,n,t,s))pn(a,d,t,i,s,o+1)}}function Ni(e,n,t,i){const[,s="",o=""]=/^(?:(\$\w+(?:\s*,\s*\$\w+)?)\s*:?=)?([\s\S]*)$/.exec(e.condition)??[],r=o.trim();if(e.kind==="range"&&/^\$?\.ExtraRuntimes$/.test(r)){i.listsRuntimes=!0;const[u,c]=s.split(",").map(l=>l.trim());return t.runtimes.map(({name:l,path:p})=>{const g={BinaryName:p,RuntimeType:"io.containerd.runc.v2"},m={...n.values};c&&u&&(m[u]=l);for(const[$,O]of Object.entries(g))m[`${c??u??""}.${$}`]=O;return[e.body,{values:m}]})}const a=nt(r,n);return(a===void 0?!/^(?:false|nil|0|""|``)$|"(?:stargz|nix)"/.test(r):a!=="")?[[e.body,e.kind==="with"&&a!==void 0?{values:{...n.values,".":a}}:n]]:[[e.otherwise,n]]}function nt(e,{values:n}){for(const t of[e,e.replace(/^\$\./,".")])if(Object.hasOwn(n,t))return n[t]}function Di(e,n,t){const i=/^printf\s+"%q"\s+(?=\S)|\|\s*printf\s+"%q"$/.test(e),s=e.replace(/^printf\s+"%q"\s+/,"").replace(/\s*\|\s*printf\s+"%q"$/,""),o=/^"((?:[^"\\]|\\["\\])*)"$|^`([^`]*)`$/.exec(s),a=o?.[2]??o?.[1]?.replace(/\\(["\\])/g,"$1")??nt(s,n);if(a!==void 0)return i?JSON.stringify(a):a;const d=`{{ ${s.replace(/["'\\\r\n]+/g," ").slice(0,100)} }}`,u=t.slice(Math.max(t.lastIndexOf(`
`)+1,t.length-1e3));return((u.match(/"/g)?.length??0)+(u.match(/'/g)?.length??0))%2===1?d:`"${d}"`}const Ci=64*1024,Gi=e=>e.endsWith("/config-v3.toml.tmpl")?3:2;function Mi(e,n,t){const i=Qn(n)?3:2;return ee(Yn(i,mn(i,i,e,t)))}function mn(e,n,t,i){const s=t&&ee(t.text);return Ei(Ii(e,n,i.runtimes,i.defaultRuntime,!0),s)}function tt(e,n,t,i={runtimes:[],defaultRuntime:""}){const s=Gi(e.path),o={base:Yn(s,mn(s,s,n,i)),runtimes:i.runtimes,values:{".NodeConfig.DefaultRuntime":i.defaultRuntime,".DisableCgroup":"",".IsRunningInUserNS":""}},r=et(e.text,o),a=ee(r.text),d=et(e.text,{...o,base:""}).text,u=a.version===3||a.version!==2&&Q(a.tables,["plugins",V.runtime])!==void 0,c=mn(u?3:s,s,n,i),l=r.problem??a.problem??Ui(a.version,t),p=r.hasBase&&a.problem!==void 0?Li(d,o.base):[],g=r.hasBase&&a.problem!==void 0&&fn(d).problem===void 0,m=l===void 0?c.flatMap(S=>ji(S,a)):[],$=m.filter(S=>S.value===void 0),O=m.filter(S=>S.value!==void 0),oe=l!==void 0||m.some(S=>S.isEssential);return{path:e.path,verdict:e.text.length>=Ci?"unknown":g&&r.problem===void 0?"duplicates":oe?"harmful":"harmless",hasBase:r.hasBase,isHeeded:s===2||Qn(t),removes:$,changes:O,duplicates:g&&p.length===0?[a.problem??""]:p,ignored:a.ignored,...l===void 0?{}:{problem:l},result:a}}function Ui(e,n){const i=Number(/^v?1\.(\d+)\./.exec(n)?.[1]??0)>=36?4:3;return e!==void 0&&e>i?`containerd reads configurations up to version ${i}, this one says ${e}`:void 0}function ji(e,n){const t=Jn(n.tables,e),i={key:ve(e.path),ownValue:it(e.value),breaks:e.breaks};if(t===void 0)return[{...i,isEssential:e.isEssential}];if(Fi(t,e.value))return[];const s=e.isEssential&&e.path.at(-1)==="SystemdCgroup";return[{...i,value:it(t),isEssential:s}]}const it=e=>typeof e=="string"?e:hn(e)?JSON.stringify(e):"a table";function Fi(e,n){const[t,i]=[e,n].map(s=>Array.isArray(s)&&s.length===1?s[0]:s);return hn(t)&&JSON.stringify(t)===JSON.stringify(i)||typeof t=="string"&&t.includes("{{")}function Li(e,n){const t=new Set(st(n));return[...new Set(st(e).filter(i=>t.has(i)))]}function st(e){return e.split(`
`).flatMap(n=>{const t=/^[ \t]*\[([^[][^\r\n]*)\][ \t]*(?:#.*)?\r?$/.exec(n)?.[1];if(t===void 0)return[];const{tables:i,problem:s}=fn(`[${t}]`);return s===void 0?[ve(qi(i))]:[]})}function qi(e){const n=[];let t=e;for(;typeof t=="object"&&t!==null;){const[i]=Object.entries(t);if(!i)break;n.push(i[0]),t=i[1]}return n}const ot={"nvidia-container-runtime":"nvidia","nvidia-container-runtime.cdi":"nvidia-cdi","nvidia-container-runtime-experimental":"nvidia-experimental"},gn={name:"nvidia-container-runtime",folder:"/usr/bin"},Y="/etc/rancher/k3s/config.yaml.d/60-k3s-gpu-actions-runtime.yaml",ke="/usr/local/nvidia/toolkit",ye=e=>e.slice(0,Math.max(1,e.lastIndexOf("/")));function fe(e,n=[]){const{searchPath:t}=e.k3s,i=d=>t.indexOf(ye(d)),s=e.runtimes.map(({name:d,path:u})=>({name:d,path:u})),o=`${gn.folder}/${gn.name}`;n.includes("install-toolkit")&&!s.some(({path:d})=>d===o)&&s.push({name:gn.name,path:o});const r=new Map,a=s.filter(({path:d})=>i(d)>=0).sort((d,u)=>i(d.path)-i(u.path));for(const{name:d,path:u}of a){const c=Object.hasOwn(ot,d)?ot[d]:void 0;c!==void 0&&!r.has(c)&&r.set(c,{name:c,path:u})}return[...r.values()].sort((d,u)=>d.name<u.name?-1:1)}function $n(e,n=[]){const t=e.k3s.defaultRuntimes.filter(({place:u})=>u!==Y),i=e.k3s.defaultRuntimes.find(({place:u})=>u===Y),s=i!==void 0&&!n.includes("remove-default-runtime"),r=n.includes("write-default-runtime")?{place:Y,value:"nvidia"}:s?i:void 0,a=t.filter(({place:u})=>rt(u));return[...t.filter(({place:u})=>!rt(u)),...r?[r]:[],...a].at(-1)??{place:"",value:""}}function rt(e){if(e==="/etc/rancher/k3s/config.yaml")return!1;const n=`${ye(Y)}/`;return e.startsWith(n)?e>Y:!0}function at(e,n=[]){return{runtimes:fe(e,n),defaultRuntime:$n(e,n).value}}function be(e,n=[]){const t=at(e,n);return e.containerd.templates.map(i=>tt(i,e.containerd.rendered,e.k3s.version,t)).filter(i=>i.isHeeded).sort((i,s)=>Number(s.path.endsWith("/config-v3.toml.tmpl"))-Number(i.path.endsWith("/config-v3.toml.tmpl")))}const we=e=>e.verdict==="harmful"||e.verdict==="duplicates";function Ve({wish:e,gpu:n}){if(!e.quarantineTemplate)return[];const t=new Set(be(n).filter(we).map(({path:i})=>i));return n.containerd.templates.filter(({path:i})=>t.has(i))}function Be(e,n){const t=at(e,n),i=be(e,n).filter(o=>!(n.includes("quarantine-template")&&we(o))),[s]=i;return s?{config:s.result,template:s}:{config:Mi(e.containerd.rendered,e.k3s.version,t)}}function dt(e){const{rendered:n}=e.containerd;if(!n)return!1;const t={...n,path:"/config.toml.tmpl",text:n.text.replaceAll("{{","{ {")},{removes:i,problem:s,verdict:o}=tt(t,n,e.k3s.version);return o!=="unknown"&&(s!==void 0||i.some(r=>r.isEssential))}const ze=256;function P(e,n,t=512){const i=e?.[n];return typeof i=="string"?i.slice(0,t).trim():""}function j(e,n,t=`
`){return P(e,n,128*1024).split(t).map(i=>i.trim().slice(0,1024)).filter(i=>i!=="").slice(0,ze)}const He=e=>/(?<![\d.])\d{2,4}\.\d{1,3}(?:\.\d{1,3})?(?![\d.])/.exec(e)?.[0]??"";function _e(e,n){const t=o=>o.match(/\d+|[^\d]+/g)??[],i=t(e),s=t(n);for(let o=0;o<Math.max(i.length,s.length);o++){const[r="",a=""]=[i[o],s[o]];if(r===a)continue;const d=Number(r)-Number(a);if(/^\d/.test(r)&&/^\d/.test(a)&&d!==0)return d;if(!/^\d/.test(r)||!/^\d/.test(a))return r<a?-1:1}return 0}const ct="1.18.0";function Oe({effective:e}){return e===void 0?void 0:ee(e.text)}function We(e,n=[]){const t=e.runtimes.filter(({name:i})=>i==="nvidia-container-runtime").map(({path:i})=>i);return t.includes(R)||n.includes("install-toolkit")?R:t[0]}const re=e=>e?.runtimes.find(({name:n})=>n==="nvidia")?.binaryName;function Ke(e){const{config:n,problem:t,effective:i}=e;if(t!=="")return{found:`containerd cannot read its configuration: ${t}`,cause:"it would not start again with what is there",remedy:`mend ${k} until this is quiet: sudo containerd config dump >/dev/null`};if(n!==void 0&&n.text.trim()!==""&&!/^\s*version\s*=\s*[0-9]+/m.test(n.text))return{found:`${k} names no version, so it is one of version 1`,cause:"nvidia-ctk cannot write a drop-in for it: it would say that all went well, and nothing would change",remedy:`let containerd make it anew, then set SystemdCgroup again: sudo cp ${k} ${k}.v1; containerd config default | sudo tee ${k}`};if((i===void 0?[]:Vi(i.text)).some(o=>/cri$|\.cri\./.test(o)))return{found:`its plugin cri is disabled (${k})`,cause:"docker's package ships such a file; a kubelet cannot use this containerd",remedy:`take cri out of disabled_plugins in ${k}, then: sudo systemctl restart containerd`}}function Vi(e){const[,n=""]=/^\s*disabled_plugins\s*=\s*\[([^\]]*)\]/m.exec(e)??[];return[...n.matchAll(/["']([^"']+)["']/g)].map(([,t=""])=>t)}function ut({wish:e,gpu:n},t){const{service:i}=n;if(i===void 0||Ke(i)!==void 0)return!1;const s=We(n,t),o=Oe(i);if(s===void 0||o===void 0)return!1;const r=o.defaultRuntime==="nvidia",a=e.defaultRuntime==="nvidia"&&!r||e.defaultRuntime==="unset"&&r&&pt(i);return re(o)!==s||a}function lt({toolkit:e},n){const{ctkVersion:t}=e;return t!==""&&_e(t,ct)<0&&!n.includes("install-toolkit")}function ft(e,n){if(!(!ut(e,n)||!lt(e.gpu,n)))return{found:`the toolkit is ${e.gpu.toolkit.ctkVersion}, and its nvidia-ctk writes no drop-in`,cause:`it would rewrite ${k} itself; from ${ct} on it writes ${y}`,remedy:`press with \`toolkit-version: ${N}\` (gpu-runtime.toolkit-version in the cluster file): the toolkit is upgraded first`}}function ht(e,n=[]){return ut(e,n)&&!lt(e.gpu,n)?["configure-runtime"]:[]}function pt({dropIns:e}){const n=e.find(({path:t})=>t===y);return n!==void 0&&ee(n.text).defaultRuntime==="nvidia"}function xe({wish:e,gpu:n},t){const{service:i}=n;if(i===void 0||Ke(i)!==void 0)return[];const s=Oe(i),{handlers:o}=n.containerd,r=[];if(t.includes("configure-runtime")){const u=re(s);return u===void 0?r.push("runtime-missing"):u!==We(n,t)&&r.push("binary-path-changed"),s?.defaultRuntime==="nvidia"!=(e.defaultRuntime==="nvidia")&&e.defaultRuntime!=="keep"&&r.push("default-runtime-changed"),r}const a=i.changedSinceStart.length>0,d=o===void 0?a:!o.includes("nvidia");return re(s)!==void 0&&d&&(a||o!==void 0)&&r.push("runtime-missing"),r}const Bi={"runtime-missing":"the running containerd does not know the runtime nvidia yet","binary-path-changed":"the running containerd starts another program for the runtime nvidia","default-runtime-changed":"the default runtime changes"};function zi(e,n=[]){const t=ht(e,n),i=t.map(o=>({id:o,kind:"write",target:`${y}, imported by ${k} (nvidia-ctk runtime configure)`,reason:re(e.gpu.service&&Oe(e.gpu.service))===void 0?"containerd has no runtime nvidia":"the runtime nvidia is set otherwise than wanted",undo:"both files are put back as they were"})),s=xe(e,[...n,...t]);return s.length>0&&i.push({id:v.restart,kind:"restart",target:"containerd",reason:s.map(o=>Bi[o]??o).join("; "),disrupts:"restarts containerd; containers keep running, and none is started for some seconds",undo:"restarted with what was there before"}),i}const ae="Does containerd run with the runtime nvidia and the right program?";function Hi(e,n=[]){const t=[...n,...ht(e,n)];return[Wi(e),Ki(e,n),Qi(e),mt(e,t),Yi(e,t)]}function Wi({gpu:e}){const{activeState:n="",version:t=""}=e.service??{},i="Does containerd run on this host?";return n==="active"?(0,h.bF)("containerd.service",i,`containerd is active${t?`, ${t}`:""}`):{id:"containerd.service",verdict:"fail",question:i,found:`containerd is ${n||"in an unknown state"}`,cause:"a node whose containers cannot be started cannot be given GPUs",remedy:"on the host: sudo journalctl -u containerd -n 50; sudo systemctl start containerd"}}function Ki(e,n){const{gpu:t}=e,i="gpu.containerd-config",s="Can nvidia-ctk add a runtime to containerd's configuration?",o=(t.service&&Ke(t.service))??ft(e,n);return o?{id:i,verdict:"fail",question:s,...o}:(0,h.bF)(i,s,t.service?.config?`by a file that ${k} imports`:"yes: there is none yet")}function Qi({wish:e,gpu:n}){const t="gpu.default-runtime",i="Is the default runtime the one that is meant?",s=n.service&&Oe(n.service);return s===void 0?(0,h.uG)(t,i,"containerd could not say: see gpu.containerd-config"):s.defaultRuntime!=="nvidia"||e.defaultRuntime==="nvidia"?(0,h.bF)(t,i,s.defaultRuntime||"runc"):{id:t,verdict:"warn",question:i,found:"nvidia is the default runtime",cause:"every image that sets NVIDIA_VISIBLE_DEVICES sees all GPUs without asking for one",remedy:`press with \`default-runtime: unset\` where ${y} sets it; else take default_runtime_name out of ${k}`}}function mt(e,n){const{gpu:t}=e,i="gpu.runtime-config",{service:s}=t;if(s===void 0||Ke(s))return(0,h.uG)(i,ae,"see gpu.containerd-config");const o=Oe(s);if(o===void 0)return{id:i,verdict:"fail",question:ae,found:"unknown: containerd config dump could not be asked",cause:"root could not be had on this host, or the program is not on the PATH",remedy:"give `sudo-password`, or a user who may use sudo without one"};const r=We(t,n);if(r===void 0)return(0,h.uG)(i,ae,"there is no nvidia-container-runtime: see gpu.toolkit");if(ft(e,n))return(0,h.uG)(i,ae,"see gpu.containerd-config");if(xe(e,n).length>0)return{id:i,verdict:"skip",question:ae,found:"not yet: the plan brings it, and it is confirmed then"};const{handlers:a}=t.containerd;return re(o)!==r||a&&!a.includes("nvidia")?{id:i,verdict:"fail",question:ae,found:re(o)===r?`it would start with it, but the running one names only ${a?.join(", ")||"no handler"}`:`${re(o)??"no runtime nvidia"} instead of ${r}`,cause:`another file overrides ${y}, or containerd dropped the table`,remedy:"on the host: sudo containerd config dump | grep -A6 nvidia; sudo journalctl -u containerd -n 50",evidence:s.dropIns.map(({path:d})=>d)}:(0,h.bF)(i,ae,`${r}${a?", and the running containerd names it":""}`)}function Yi(e,n){const t="gpu.restart-pending",i="Would the next restart of containerd change what it runs with?",{changedSinceStart:s=[]}=e.gpu.service??{};return xe(e,n).length>0?{id:t,verdict:"skip",question:i,found:"yes: the plan restarts it"}:s.length===0?(0,h.bF)(t,i,"no"):e.gpu.service?.problem?(0,h.uG)(t,i,"it would not start again: see gpu.containerd-config"):{id:t,verdict:"warn",question:i,found:`${s.join(", ")} changed after it was started`,cause:"somebody changed its configuration without restarting it",remedy:"restart it when it suits: sudo systemctl restart containerd; or take the change back"}}function Ji(e){const n={...mt(e,[]),id:"confirm.runtime-config"};if(n.verdict!=="skip")return n;const t=xe(e,[]);return t.length===0?{...n,verdict:"error",cause:"the host did not say enough to prove it",remedy:"press the button again; on the host: sudo containerd config dump | grep -A6 nvidia"}:{...n,verdict:"fail",found:`not so, although containerd was restarted: ${t.join(", ")}`,cause:"containerd started with another configuration than the one that was written",remedy:"on the host: sudo journalctl -u containerd -n 50; sudo systemctl cat containerd | grep ExecStart"}}const gt="https://nvidia.github.io/libnvidia-container",Zi="C95B321B61E88C1809C4F759DDCAE044F796ECB0",vn="1.17.8";function kn(e){return{url:e.repository??gt,keys:e.repositoryKeys.length>0?e.repositoryKeys:[Zi]}}const $t=e=>e.replace(/^\d+:/,"").split("-")[0]??"";function vt(e,n){const t=o=>(o.split("~")[0]??"").split(".").map(Number),[i,s]=[t(e),t(n)];for(let o=0;o<s.length;o++){const r=(i[o]??0)-(s[o]??0);if(r!==0)return r<0}return!1}function yn(e){const n=e.toolkit.packages.filter(({version:o})=>o!==""),t=new Set(n.map(({version:o})=>$t(o))),[i]=[...t];if(i!==void 0){if(t.size===1&&n.length===A.length)return{kind:"whole",version:i};const o=n.find(({name:r})=>r===A[0]);return{kind:"mixed",installed:n,version:$t(o?.version??"")}}const s=e.runtimes.find(({name:o})=>o==="nvidia-container-runtime");return s?{kind:"unpackaged",path:s.path,version:e.toolkit.ctkVersion}:{kind:"none"}}function Qe(e,n){if(e.toolkit!=="install")return;const t=yn(n),i=e.toolkitVersion;if(t.kind==="none")return{version:i??N,reason:"not installed"};if(t.kind==="mixed"){const o=t.version!==""&&!vt(t.version,vn)?t.version:N;return{version:i??o,reason:`its packages do not fit together: ${kt(t.installed)}`}}if(i===void 0||i===t.version)return;const s=t.kind==="unpackaged"?` (${t.path}, from no package)`:"";return{version:i,reason:`${t.version||"an unknown version"}${s} is there, ${i} is wanted`}}function kt(e){return A.map(n=>`${n} ${e.find(t=>t.name===n)?.version??"missing"}`).join(", ")}function Xi(e,n){const{path:t,urls:i}=n.toolkit.repository;if(t==="")return!1;const s=(r,a)=>r===a||r.startsWith(`${a}/`),o=e.repository;return o!==void 0?i.some(r=>s(r,o)):i.some(r=>!s(r,gt)||/\/stable\/(deb|rpm)(\/|$)/.test(r))}const es={apt:{curl:"curl",gpg:"gpg","ca-certificates":"ca-certificates"},dnf:{curl:"curl",gpg:"gnupg2","ca-certificates":"ca-certificates"},zypper:{curl:"curl",gpg:"gpg2","ca-certificates":"ca-certificates"}};function yt(e){const n=es[e.toolkit.packageManager]??{};return e.toolkit.missingPrerequisites.flatMap(t=>n[t]??[])}function bt(e,n){if(e.holdPackages==="none"||n.toolkit.packageManager==="")return[];const t=Qe(e,n)!==void 0,i=A.filter(o=>{const r=n.toolkit.packages.find(a=>a.name===o);return r?.isHeld!==!0&&(t||r!==void 0&&r.version!=="")}),s=e.holdPackages==="all"?n.driver.packages.filter(({version:o,isHeld:r})=>o!==""&&!r).map(({name:o})=>o):[];return[...i,...s]}const ns={apt:"/etc/apt/sources.list.d/nvidia-container-toolkit.list",dnf:"/etc/yum.repos.d/nvidia-container-toolkit.repo",zypper:"/etc/zypp/repos.d/nvidia-container-toolkit.repo"};function ts(e,n){const t=(i,s="")=>A.map(o=>`${o}${i}${n}${s}`).join(" ");return e==="apt"?`apt-get install --no-install-recommends ${t("=","-*")}`:e==="dnf"?`dnf install --setopt=install_weak_deps=False ${t("-")}`:`zypper install --no-recommends --oldpackage ${t("=")}`}const wt=e=>e==="apt"?"":`; this way has not yet run on a real machine with ${e}`;function Ye(e,n){const t=[],i=(p,g)=>{t.push({id:p,...g})},s=yn(n),o=Qe(e,n),r=n.toolkit.packageManager;if(o&&r!==""){const{url:p,keys:g}=kn(e);if(!Xi(e,n)){const m=yt(n);i("add-repository",{kind:"write",target:ns[r],reason:`${r} does not know ${p}; its key must be ${g.join(" or ")}`+(m.length>0?`; installs ${m.join(", ")} for it`:"")+wt(r),undo:"what was there before comes back"})}i("install-toolkit",{kind:"install",target:`nvidia-container-toolkit ${o.version}`,reason:`${o.reason}; ${ts(r,o.version)}${wt(r)}`,disrupts:"its scripts ask systemd to reload, which can take the GPU from running containers; from systemd 237 on they are kept from it",undo:"packages that were not there are removed, others get their former version back where it can be had"})}const a=bt(e,n);a.length>0&&i("hold-packages",{kind:"hold",target:a.join(", "),reason:"an upgrade would change them under running containers, at a time that nobody chose",...a.some(p=>/^linux-(modules|objects)-nvidia/.test(p))&&{disrupts:"the next kernel comes without a module of the driver: let go of them, or hold the kernel, before it is upgraded"},undo:"upgrades may touch them again"});const{missing:d,hasRule:u,isNeeded:c}=n.deviceLinks;c&&(d.length>0||!u)&&(n.toolkit.ctkVersion!==""||o&&r!=="")&&i("link-devices",{kind:"write",target:"/dev/char, /etc/udev/rules.d/71-k3s-gpu-actions-dev-char.rules",reason:(d.length>0?`no link for ${d.join(", ")}`:"the links would be gone after the next boot")+": without them a reload of systemd takes the GPU from running containers",undo:"the rule is deleted; links do no harm and are gone after the next boot"});const l=s.kind==="none"?"":s.version;return{changes:t,version:o&&r!==""?o.version:l}}function is(e,n,t,i,s=[]){const o=_(t);if(o==="")throw new TypeError("no unit runs containers for a kubelet here");const r=new Set(i.filter(a=>a.waitsFor===void 0).map(a=>a.id));return{...e,steps:U.filter(a=>r.has(a)),unit:o,packageManager:t.toolkit.packageManager,toolkitVersion:Ye(n,t).version,repository:kn(n),prerequisites:yt(t),hold:bt(n,t),templates:s.map(({path:a,sha256:d})=>({path:a,sha256:d})),searchPath:t.k3s.searchPath,program:We(t,U.filter(a=>r.has(a)))??"",defaultRuntime:n.defaultRuntime==="keep"&&t.service&&pt(t.service)?"nvidia":n.defaultRuntime}}const ss=/^\d+\.\d+\.\d+(~[a-z0-9.]+)?$/,os=/^[a-z0-9][a-z0-9.+_:-]*$/;function rs(e){const{steps:n,toolkitVersion:t,repository:i,hold:s,prerequisites:o,templates:r,searchPath:a,program:d}=e,u=(c,l)=>{throw new TypeError(`${JSON.stringify(l.slice(0,200))} is no ${c}`)};if(n.includes("install-toolkit")&&!ss.test(t)&&u("version",t),n.includes("add-repository")){/^(https?|file):\/\/[A-Za-z0-9._~:/%+-]*[A-Za-z0-9_~%+-]$/.test(i.url)||u("URL",i.url),i.keys.length===0&&u("fingerprint of a key","");for(const c of i.keys)/^[0-9A-F]{40}$/.test(c)||u("fingerprint of a key",c)}for(const c of[...s,...o])os.test(c)||u("name of a package",c);for(const{path:c,sha256:l}of r)(!/^[0-9a-f]{64}$/.test(l)||/[\s:]/.test(c))&&u("template",`${c}:${l}`);n.includes("configure-runtime")&&!/^\/[A-Za-z0-9/._-]+$/.test(d)&&u("path of a runtime",d);for(const c of a)/[:\n\0]/.test(c)&&u("folder of a search path",c)}function _t(e){if(!(typeof e.step!="string"||e.state!=="done"&&e.state!=="unchanged"))return{step:e.step,state:e.state}}async function as(e,n,t){rs(n);const i=await e.run({name:"apply",script:[C.files,M.gY,M.pl,C.packages,C.repository,C["runtime-files"],C["configure-runtime"],C.apply].join(`
`),env:{RUN_ID:(0,M.np)(n.runId),HOLDER:(0,M.$R)(n.holder),LOCK_WAIT:(0,M.ET)(t),STEPS:n.steps.join(" "),UNIT:n.unit,MANAGER:n.packageManager,VERSION:n.toolkitVersion,REPOSITORY:n.repository.url,KEYS:n.repository.keys.join(" "),PREREQUISITES:n.prerequisites.join(" "),HOLD:n.hold.join(" "),TEMPLATES:n.templates.map(({path:r,sha256:a})=>`${r}:${a}`).join(" "),SEARCH_PATH:n.searchPath.join(":"),PROGRAM:n.program,DEFAULT_RUNTIME:n.defaultRuntime},privilege:"root",timeoutMs:t.timeoutMs,signal:t.signal,onLine:r=>{const a=_t(r);a&&t.onStep?.(a.step,a.state),typeof r.waiting_for=="string"&&t.onWaiting?.(r.waiting_for)}}),s=un(e.label,"the preparation",i);if(s)throw s;const o=i.lines.flatMap(r=>_t(r)??[]);return{steps:o,isChanged:o.some(r=>r.state==="done"),interrupted:i.lines.flatMap(r=>typeof r.interrupted=="string"?[{runId:r.interrupted,step:String(r.step??"")}]:[]),warnings:i.lines.flatMap(r=>typeof r.warning=="string"?[r.warning]:[])}}var ds=I(38815);const B=e=>typeof e=="object"&&e!==null&&!Array.isArray(e)?e:{},ie=e=>Array.isArray(e)?e.map(B):[],F=e=>typeof e=="string"?e:"",bn=e=>Array.isArray(e)?e.map(F):[],Ot=e=>Object.fromEntries(Object.entries(B(e)).map(([n,t])=>[n,F(t)]));function xt(e){return{name:F(e.name),image:F(e.image),words:[...bn(e.command),...bn(e.args)],env:Object.fromEntries(ie(e.env).map(n=>[F(n.name),F(n.value)])),isPrivileged:B(e.securityContext).privileged===!0}}function cs(e){const n=ie(e.matchExpressions),t=ie(e.matchFields).map(i=>({...i,key:`field ${F(i.key)}`}));return[...n,...t].map(i=>({key:F(i.key),operator:F(i.operator),values:bn(i.values)}))}function us(e){const n=e.filter(({configMap:i})=>F(B(i).name)!==""),t=n.find(({name:i})=>i==="available-configs")??n.find(({name:i})=>/config$/.test(F(i)));return F(B(t?.configMap).name)}function J({object:e}){const n=B(B(B(e.spec).template).spec),t=B(B(n.affinity).nodeAffinity).requiredDuringSchedulingIgnoredDuringExecution,i=ie(n.volumes);return{containers:ie(n.containers).map(xt),initContainers:ie(n.initContainers).map(xt),hostPaths:i.map(({hostPath:s})=>F(B(s).path)).filter(s=>s!==""),configMap:us(i),runtimeClass:F(n.runtimeClassName),nodeSelector:Ot(n.nodeSelector),...t===void 0?{}:{affinity:ie(B(t).nodeSelectorTerms).map(cs)},tolerations:ie(n.tolerations).map(Ot)}}const Re=e=>typeof e=="object"&&e!==null&&!Array.isArray(e)?e:{},ls=64*1024,fs=1e4,hs={sharing:"none",copies:{}},wn=e=>e==="none"||e==="single"||e==="mixed"?e:void 0;function ps(e,n){const{words:t}=e;return t.find(s=>s.startsWith(`--${n}=`))?.slice(n.length+3)??t[t.indexOf(`--${n}`)+1||t.length]}function ms(e,n,t){const i=n.map(({env:r})=>r.DEFAULT_CONFIG).find(r=>r),s=t["nvidia.com/device-plugin.config"]??i;if(s!==void 0)return Object.hasOwn(e,s)?e[s]:void 0;const o=Object.keys(e);return e.default??(o.length===1?e[o[0]??""]:void 0)}function gs(e){const n=Re(e.sharing),t=n.mps===void 0||n.mps===null?"time-slicing":"mps",i=Re(t==="mps"?n.mps:n.timeSlicing),s=i.renameByDefault===!0,o={};for(const a of Array.isArray(i.resources)?i.resources.map(Re):[]){const d=typeof a.name=="string"?a.name:"",u=Number(a.replicas);if(d===""||!Number.isInteger(u)||u<1||u>fs)continue;const c=d.startsWith("nvidia.com/")?d:`nvidia.com/${d}`;o[c]={replicas:u,name:s?`${c}.shared`:c}}return{sharing:Object.values(o).some(({replicas:a})=>a>1)?t:"none",copies:o}}function $s(e,n,t){const{containers:i,initContainers:s,configMap:o}=J(e),r=[...i,...s],a=i.find(({name:c})=>/device-plugin(-ctr)?$/.test(c))??i[0];let d={};if(o!==""){const c=n&&ms(n,r,t);if(c===void 0||c.length>ls)return;try{d=Re((0,ds.qg)(c))}catch{return}}return{mig:(a&&(wn(ps(a,"mig-strategy"))??wn(a.env.MIG_STRATEGY)))??wn(Re(d.flags).migStrategy)??"none",...o===""?hs:gs(d)}}const Pe="nvidia.com/gpu",_n=e=>e.startsWith("nvidia.com/");function z(e,n){const t=Object.hasOwn(e,n)?e[n]??"":"";return/^\d{1,9}$/.test(t)?Number(t):0}const Rt=e=>`${e} GPU${e===1?"":"s"}`;function Je(e,n,t){t>0&&(e[n]=(e[n]??0)+t)}function vs(e,n){const t={},i=n==="none"?e.devices:e.devices.filter(s=>s.isMigEnabled!==!0);if(Je(t,Pe,i.length),n==="none")return t;for(const{profile:s}of e.migDevices)Je(t,n==="single"?Pe:`nvidia.com/mig-${s.replaceAll("+",".")}`,1);return t}function ks(e,n){const t={},i=[];for(const[s,o]of Object.entries(vs(e,n.mig))){const r=n.copies[s]??{replicas:1,name:s};Je(t,r.name,o*r.replicas);const a=s===Pe&&n.mig!=="single"?Rt(o):`${o} ${s}`;i.push(r.replicas>1?`${a} \xD7 ${r.replicas} (${n.sharing})`:a)}return{resources:t,words:i.join(" and ")||"nothing"}}function Pt(e,n){const t=Object.hasOwn(e,n)?e[n]??"":"";return/^\d{1,6}$/.test(t)?Number(t):void 0}function ys(e){const n={};for(const i of Object.keys(e)){const s=/^(nvidia\.com\/(?:gpu|mig-[0-9a-z.]+))\.count$/.exec(i)?.[1],o=s===void 0?void 0:Pt(e,i);if(s===void 0||o===void 0)continue;const r=Pt(e,`${s}.replicas`)??1;if(r===0)continue;const a=r>1&&!(e[`${s}.product`]??"").endsWith("-SHARED");Je(n,a?`${s}.shared`:s,o*r)}const t=Object.entries(n);if(t.length!==0)return{resources:n,words:`${t.map(([i,s])=>`${s} ${i}`).join(" and ")} (labels of the node)`}}function bs(e,n,t,i){if(n===void 0)return;const s=i?.labels??{},o=$s(n,t,s);return o!==void 0?ks(e,o):ys(s)??{resources:e.devices.length===0?{}:{[Pe]:e.devices.length},words:`${Rt(e.devices.length)} (the plugin's configuration could not be read)`}}var ws=I(58500),Ie=I(93549);const Ee=e=>typeof e=="object"&&e!==null&&!Array.isArray(e);function Ze(e,n){if(Array.isArray(e)&&Array.isArray(n))return e.length===n.length&&e.every((i,s)=>Ze(i,n[s]));if(!Ee(e)||!Ee(n))return e===n;const t=Object.keys(e);return t.length===Object.keys(n).length&&t.every(i=>Object.hasOwn(n,i)&&Ze(e[i],n[i]))}const _s=new Set(["nodeSelector","selector","tolerations","drop"]),Os={containers:"name",env:"name",volumes:"name",volumeMounts:"mountPath"};function On(e,n,t,i){if(_s.has(i))return Ze(e,n)?[]:[t];if(Ee(e))return Ee(n)?Object.entries(e).flatMap(([o,r])=>On(r,Object.hasOwn(n,o)?n[o]:void 0,`${t}.${o}`,o)):[t];const s=Os[i];return Array.isArray(e)&&s!==void 0&&Array.isArray(n)?e.flatMap(o=>{const r=n.find(a=>Ee(a)&&a[s]===o[s]);return On(o,r,`${t}[${String(o[s])}]`,"")}):Ze(e,n)?[]:[t]}function xn(e,n){const{metadata:t,spec:i}=e,s={metadata:{labels:t.labels??{},annotations:t.annotations??{}},spec:i};return On(s,n.object,"","")}const It=(e,n)=>xn(e,n).some(t=>t.endsWith(".image")),G=({namespace:e,name:n})=>`${e}/${n}`;function xs(e){return e.replace(/@.*$/,"").replace(/:[^/:]*$/,"")}function Rs({image:e,name:n}){const t=xs(e);return/rocm|amd|intel|kubevirt/i.test(t)?!1:/nvidia/i.test(`${t} ${n}`)||/(^|\/)k8s-device-plugin$/.test(t)}function Ae(e){const n=J(e);return n.hostPaths.some(t=>/\/device-plugins\/?$/.test(t))&&n.containers.some(Rs)}function Xe(e){return e.namespace===b&&e.name===T&&e.labels["app.kubernetes.io/managed-by"]===E}function en(e){const{labels:n,annotations:t,fieldManagers:i,owners:s}=e,o=(n["app.kubernetes.io/managed-by"]??"").toLowerCase();if(Xe(e))return{kind:"ours",words:"this project"};const r=s.find(c=>c.startsWith("ClusterPolicy/")),a="nvidia.com/gpu.deploy.device-plugin"in J(e).nodeSelector;if(r!==void 0||o==="gpu-operator"||a)return{kind:"gpu-operator",words:`gpu-operator${r?` (${r})`:""}`};for(const[c,l]of[["kustomize.toolkit.fluxcd.io","Kustomization"],["helm.toolkit.fluxcd.io","HelmRelease"]]){const p=n[`${c}/name`];if(p!==void 0)return{kind:"flux",words:`Flux (${l} ${n[`${c}/namespace`]??""}/${p})`}}if(i.includes("kustomize-controller"))return{kind:"flux",words:"Flux (kustomize-controller)"};if("argocd.argoproj.io/tracking-id"in t||i.includes("argocd-controller"))return{kind:"argo-cd",words:"Argo CD"};const d=t["meta.helm.sh/release-name"];if(d!==void 0||o==="helm"||i.includes("helm")){const c=t["meta.helm.sh/release-namespace"]??e.namespace;return{kind:"helm",words:`Helm (release ${d??n["app.kubernetes.io/instance"]??"?"} of ${c})`}}if(Object.values({...n,...t}).some(c=>/k3s\.cattle\.io\/.*Kind=Addon/.test(c)))return{kind:"k3s-manifest",words:`k3s's folder of manifests (addon ${t["objectset.rio.cattle.io/owner-name"]??"?"})`};const u=i.filter(c=>!/^k(3s|ube-controller-manager)$/.test(c)).join(", ");return{kind:"hand",words:u===""?"nobody that left a name":`whoever applied it by hand (${u})`}}function Rn(e){const{containers:n,hostPaths:t,runtimeClass:i}=J(e),s=t.filter(r=>/libnvidia-ml\.so/.test(r)),o=[];return s.length>0&&o.push(`mounts ${s.join(", ")} from the host: the next update of the driver breaks it`),n.some(r=>r.isPrivileged)&&o.push("runs privileged: it needs no privilege"),n.some(({env:r})=>r.FAIL_ON_INIT_ERROR==="false")&&o.push("has FAIL_ON_INIT_ERROR=false: it stays Running without a GPU, and hides why"),i===""&&s.length===0&&o.push("has no runtimeClassName: it sees the GPU only where nvidia is the default runtime"),o}function na(e){return templateOf(e).hostPaths.some(n=>/libnvidia-ml\.so/.test(n))}var Pn=I(77598);const Ps=({key:e})=>/^node\.(cloudprovider\.)?kubernetes\.io\//.test(e);function In(e){return e.taints.filter(n=>!Ps(n)&&n.effect!=="PreferNoSchedule")}function Et({key:e="",operator:n="",value:t="",effect:i=""},s){return i!==""&&i!==s.effect||e!==""&&e!==s.key?!1:n==="Exists"?!0:(n===""||n==="Equal")&&e!==""&&t===(s.value??"")}function Is({key:e,operator:n,values:t},i){const s=e==="field metadata.name"?i.name:Object.hasOwn(i.labels,e)?i.labels[e]:void 0;switch(n){case"In":return s!==void 0&&t.includes(s);case"NotIn":return s===void 0||!t.includes(s);case"Exists":return s!==void 0;case"DoesNotExist":return s===void 0;case"Gt":return s!==void 0&&Number(s)>Number(t[0]);case"Lt":return s!==void 0&&Number(s)<Number(t[0]);default:return!1}}const Es=({key:e,operator:n,values:t})=>`${e} ${n}${t.length>0?` ${t.join(", ")}`:""}`;function nn(e,n){const t=Object.entries(e.nodeSelector).filter(([r,a])=>!Object.hasOwn(n.labels,r)||n.labels[r]!==a).map(([r,a])=>`the node lacks the label ${r}=${a}`),i=e.affinity===void 0||e.affinity.some(r=>r.length>0&&r.every(a=>Is(a,n))),s=(e.affinity??[]).map(r=>r.map(Es).join(" and ")).join(", or "),o=In(n).filter(r=>!e.tolerations.some(a=>Et(a,r))).map(r=>`the taint ${(0,Ie.eh)(r)} is not tolerated`);return[...t,...i?[]:[`its node affinity wants: ${s}`],...o]}const As="k3s-gpu-actions/rendered",At="nvidia.com/gpu",St="/var/lib/kubelet/device-plugins";function Tt({wish:e,gpu:n,reading:t}){return n.service!==void 0&&e.devicePlugin==="apply"&&t.runtimeClass===void 0}function Ss(){return{apiVersion:"node.k8s.io/v1",kind:"RuntimeClass",metadata:{name:"nvidia",labels:{"app.kubernetes.io/managed-by":E}},handler:"nvidia"}}function Se(e){const n=e.flatMap(In).map(({key:i,value:s,effect:o})=>({key:i,...s?{value:s}:{},effect:o}));return[...new Map(n.map(i=>[JSON.stringify([i.key,i.effect,i.value??""]),i]))].sort(([i],[s])=>i<s?-1:1).map(([,i])=>i)}function Nt(e){const n=e.filter(({key:t})=>t!==At).map(({key:t,value:i,effect:s})=>i===void 0?{key:t,operator:"Exists",effect:s}:{key:t,operator:"Equal",value:i,effect:s});return[{key:At,operator:"Exists"},...n]}function tn({image:e,taints:n}){const t={"app.kubernetes.io/name":"nvidia-device-plugin","app.kubernetes.io/instance":T,"app.kubernetes.io/component":"device-plugin","app.kubernetes.io/part-of":E,"app.kubernetes.io/managed-by":E},s={selector:{matchLabels:{"app.kubernetes.io/name":t["app.kubernetes.io/name"],"app.kubernetes.io/instance":t["app.kubernetes.io/instance"]}},updateStrategy:{type:"RollingUpdate"},template:{metadata:{labels:t},spec:{runtimeClassName:"nvidia",nodeSelector:{[f]:"true"},tolerations:Nt(n),priorityClassName:"system-node-critical",automountServiceAccountToken:!1,containers:[{name:"nvidia-device-plugin-ctr",image:e,env:[{name:"NVIDIA_VISIBLE_DEVICES",value:"all"},{name:"NVIDIA_DRIVER_CAPABILITIES",value:"compute,utility"}],securityContext:{allowPrivilegeEscalation:!1,capabilities:{drop:["ALL"]}},volumeMounts:[{name:"kubelet-device-plugins-dir",mountPath:St}]}],volumes:[{name:"kubelet-device-plugins-dir",hostPath:{path:St,type:"Directory"}}]}}},o=(0,Pn.createHash)("sha256").update(JSON.stringify({labels:t,spec:s})).digest("hex");return{apiVersion:"apps/v1",kind:"DaemonSet",metadata:{name:T,namespace:b,labels:t,annotations:{[As]:o.slice(0,16)}},spec:s}}function he(e){return e.daemonSets.find(Xe)}function En(e){return e.daemonSets.filter(n=>!Xe(n)&&(Ae(n)||n.namespace===b&&n.name===T))}function Te(e){const n=he(e);if(n!==void 0)return n;const t=En(e).filter(Ae),{node:i}=e,s=o=>i!==void 0&&nn(J(o),i).length===0;return t.find(s)??t[0]}function ta({wish:e,reading:n}){if(e.devicePlugin==="absent")return;if(e.devicePlugin!=="apply")return Te(n);const{metadata:t,spec:i}=renderDevicePlugin({image:e.devicePluginImage,taints:taintsOfGpuNodes(n.gpuNodes)});return{namespace:pluginNamespace,name:pluginName,object:{metadata:t,spec:i}}}const Ts=e=>e==="hand";function sn(e,n){if(!(n.devicePlugin!=="apply"||n.replaceDevicePlugin===""))return En(e).find(t=>G(t)===n.replaceDevicePlugin&&Ts(en(t).kind))}function An(e){const n=G(e),t="keep it and press again with `device-plugin: verify`",i=`kubectl -n ${e.namespace} delete daemonset ${e.name}`;switch(en(e).kind){case"gpu-operator":return`${t}, or switch the operator's off: kubectl patch clusterpolicies.nvidia.com cluster-policy --type merge -p '{"spec":{"devicePlugin":{"enabled":false}}}'`;case"flux":return`${t}, or take it out of the repository that Flux reads: deleted by hand, it comes back`;case"argo-cd":return`${t}, or take it out of its Argo CD application: deleted by hand, it comes back`;case"helm":{const s=e.annotations["meta.helm.sh/release-name"]??"<release>",o=e.annotations["meta.helm.sh/release-namespace"]??e.namespace;return`${t}, or: helm uninstall ${s} -n ${o}`}case"k3s-manifest":return`${t}, or remove its file from /var/lib/rancher/k3s/server/manifests on every server, then: ${i}`;case"ours":case"hand":return`have it replaced: press again with \`replace-device-plugin: ${n}\`; or ${t}`}}const Dt=6e4,Ns=3,on=e=>n=>n.namespace===e.namespace&&n.owner===`DaemonSet/${e.name}`;async function Ct(e,n,t,i){const s=on(t);let o=250;for(let r=0;;r+=o){const a=(await e.podsOnNode(n,i)).filter(s);if(a.length===0)return;if(r>=Dt)throw new Ie.b$("timeout",{title:`the pods of ${G(t)} on ${n} did not end within ${Dt/1e3} s`,cause:"the kubelet does not end them, or is not connected",remedy:`look at them: kubectl -n ${t.namespace} get pods --field-selector spec.nodeName=${n}; then press again`,evidence:a.map(G)});await(0,ws.setTimeout)(o,void 0,{signal:i}),o=Math.min(o*2,2e3)}}async function Ds(e,n,t){const i=n.wish.devicePluginImage,s=async()=>Se(await e.nodesWithLabel(f,"true",t));let o=await s();for(let r=1;;r++){await e.applyObject(tn({image:i,taints:o}),t);const a=await s();if(JSON.stringify(a)===JSON.stringify(o)||r===Ns)return;o=a}}async function Cs(e,n,t,i,s){const{reading:o,wish:r}=n,{node:a}=o,d=[],u=g=>{d.push(g),i(g)};if(a===void 0)return{applied:d,oldPods:[]};const c=[];if(t.has(v.label)){const g=yi(a.annotations);await e.changeNode(a.name,{labels:{[f]:"true"},...g===void 0?{}:{annotations:{[w]:g}}},s),u(v.label)}t.has(v.runtimeClass)&&(await e.applyObject(Ss(),s),u(v.runtimeClass));const l=t.has(v.replacePlugin)?sn(o,r):void 0;if(l!==void 0){await e.deleteDaemonSet(l.namespace,l.name,l.uid,s),u(v.replacePlugin);const g=new Set([a.name,...o.gpuNodes.map(({name:m})=>m)]);await Promise.all([...g].map(m=>Ct(e,m,l,s)))}const p=he(o);if(t.has(v.applyPlugin)){const g=tn({image:r.devicePluginImage,taints:Se(o.gpuNodes)});p!==void 0&&xn(g,p).some(m=>m.startsWith(".spec.template"))&&c.push(...o.pods.filter(on(p)).map(({uid:m})=>m)),await Ds(e,n,s),u(v.applyPlugin)}return t.has(v.deletePlugin)&&p!==void 0&&(await e.nodesWithLabel(f,"true",s)).filter(({name:m})=>m!==a.name).length===0&&(await e.deleteDaemonSet(p.namespace,p.name,p.uid,s),u(v.deletePlugin)),t.has(v.unlabel)&&(await e.changeNode(a.name,{labels:{[f]:null}},s),u(v.unlabel)),{applied:d,oldPods:c}}function Gt({namespace:e,name:n,labels:t,annotations:i,object:s}){const o=Object.entries(i).filter(([r])=>!r.startsWith("deprecated.daemonset."));return{apiVersion:"apps/v1",kind:"DaemonSet",metadata:{name:n,namespace:e,labels:t,annotations:Object.fromEntries(o)},spec:s.spec}}async function Gs(e,n,t,i){const{reading:s,wish:o}=n,r=[],a=he(s),d=tn({image:o.devicePluginImage,taints:Se(s.gpuNodes)});if(t.includes(v.applyPlugin)&&a!==void 0&&It(d,a)&&(await e.applyObject(Gt(a),i),r.push(v.applyPlugin)),t.includes(v.applyPlugin)&&a===void 0){const p=(await e.daemonSets(i)).find(({namespace:$,name:O})=>$===b&&O===T),g=await e.nodesWithLabel(f,"true",i),m=g.some(({name:$})=>$!==s.node?.name);p!==void 0&&!m&&(await e.deleteDaemonSet(p.namespace,p.name,p.uid,i),t.includes(v.replacePlugin)&&await Promise.all(g.map(({name:$})=>Ct(e,$,p,i)))),m||r.push(v.applyPlugin)}const c=(!t.includes(v.applyPlugin)||r.includes(v.applyPlugin))&&t.includes(v.replacePlugin)?sn(s,o):void 0;c!==void 0&&(await e.applyObject(Gt(c),i),r.push(v.replacePlugin));const{node:l}=s;if(t.includes(v.label)&&l!==void 0){const p=l.annotations[w];await e.changeNode(l.name,{labels:{[f]:l.labels[f]??null},annotations:{[w]:p??null}},i),r.push(v.label)}return r}const Sn=3e3,Ms=3e4,Us=25e3,js=/^(ImagePullBackOff|InvalidImageName|ErrImageNeverPull|ImageInspectError|RegistryUnavailable)\b/,Mt=/Incompatible (strategy|platform) detected|Failed to initialize NVML|could not load NVML|nvml init failed|No devices found|invalid MIG configuration|error starting plugins|Failed to start plugin|unable to (load|validate)/;function Ut(e){return(e.find(t=>Mt.test(t))??e.findLast(t=>/^E|error|fail/i.test(t))??e.at(-1)??"").replace(/^[EWIF]\d{4} [\d:.]+ +\d+ [^\]]*\] /,"").slice(0,300)}function jt(e){return/Incompatible|could not load NVML|Failed to initialize NVML: ERROR_LIBRARY_NOT_FOUND/i.test(e)?"the pod does not run under the NVIDIA runtime, or the runtime found no driver: on the host, nvidia-smi, and grep nvidia /var/lib/rancher/k3s/agent/etc/containerd/config.toml":/NVML|No devices found/i.test(e)?"the driver gives no GPU: nvidia-smi on the host says more":"look at the whole log: kubectl -n kube-system logs daemonset/k3s-gpu-actions-nvidia-device-plugin"}function Fs(e,n,t){const{node:i,pods:s,log:o,events:r}=e,a=s.at(-1);if(a===void 0){const m=i===void 0||t<Sn?[]:nn(J(n.plugin),i);return m.length===0?void 0:{kind:"not-tolerated",reason:`no pod of ${n.plugin.namespace}/${n.plugin.name} comes to the node: ${m.join("; ")}`,remedy:"add what is missing where the plugin is kept; `device-plugin: apply` keeps one that fits"}}const d=a.problems.find(m=>js.test(m));if(d!==void 0)return{kind:"image",reason:`the image ${a.images[0]??""} does not come: ${d}`,remedy:"check name and tag (input device-plugin-image), that the node reaches the registry, and its credentials in registries.yaml"};const u=a.phase==="Failed"?a.problems[0]??"it failed without a reason":void 0;if(u!==void 0&&t>=Sn)return{kind:"rejected",reason:`the kubelet refuses the plugin's pod: ${u}`,remedy:"see its words"};const c=[...r,...a.problems].find(m=>/no runtime for ".*" is configured/.test(m));if(c!==void 0)return{kind:"no-runtime",reason:`containerd on the node does not know the runtime: ${c}`,remedy:"the toolkit has to be installed there before k3s starts: press again with `toolkit: install`; or restart k3s-agent"};const l=a.problems.find(m=>m.startsWith("Unschedulable"));if(l!==void 0&&t>=Ms)return{kind:"unschedulable",reason:`no room for the plugin's pod: ${l}`,remedy:"make room on the node"};if((a.problems.some(m=>m.startsWith("CrashLoopBackOff"))||a.restarts>=2)&&!a.isReady&&(o.length>0||t>=Us)){const m=Ut(o),$=m===""?a.problems[0]??"it says nothing":m;return{kind:"crash",reason:`the device plugin ends again and again: ${$}`,remedy:jt($)}}const g=o.find(m=>Mt.test(m));if(a.isReady&&g!==void 0&&t>=Sn){const m=Ut([g]);return{kind:"no-device",reason:`the device plugin runs without a GPU: ${m}`,remedy:jt(m)}}}const Ls={judge:250,ask:2e3},qs=12e3;function Ft(e,{resources:n}){return Object.entries(n).every(([t,i])=>e!==void 0&&z(e.capacity,t)>=i&&z(e.allocatable,t)>=i)}function Vs(e,n){const{node:t,pods:i}=e;return t===void 0?"the node":i.length===0?"a pod of the device plugin on the node":i.some(s=>s.isReady&&!s.isTerminating)?Ft(t,n.expected)?e.isFresh?void 0:"a sign that the numbers are those of the new plugin":Object.entries(n.expected.resources).map(([o,r])=>`${o}: capacity ${z(t.capacity,o)}, allocatable ${z(t.allocatable,o)} of ${r}`).join("; "):"a Ready pod of the device plugin"}const Bs=/Registered device plugin for '[^']+' with Kubelet/;async function zs(e,n,t){const i=e.now(),s=()=>e.now()-i,o=new AbortController,r=AbortSignal.any([t,o.signal]),{promise:a,resolve:d,reject:u}=Promise.withResolvers(),c=on(n.plugin),l=new Map,p=new Set(n.oldPods);let g,m=!1,$,O=[],oe=[];const S=()=>{const x=[...l.values()],D=x.filter(Z=>c(Z)&&!p.has(Z.uid)),ne=D.some(Z=>Z.isReady&&!Z.isTerminating),de=Ft(g,n.expected);g!==void 0&&!de&&(m=!0),$=de&&ne?$??s():void 0;const Kr=$!==void 0&&s()-$>=qs,Qr=D.some(Z=>Z.isReady&&!n.podsBefore.includes(Z.uid))&&O.some(Z=>Bs.test(Z)),Yr=n.isRestarted&&!n.isPluginChanged&&g?.heartbeatAt!==void 0&&g.heartbeatAt!==n.before?.heartbeatAt,Jr=n.isPluginChanged||n.isRestarted,Zr=m||Kr||Qr||n.before!==void 0&&Yr;return{...g===void 0?{}:{node:g},pods:D,allPods:x,isFresh:!Jr||de&&ne&&Zr,log:O,events:oe}},dn=()=>{const x=S(),D=s();e.onState?.(x,D);const ne=Vs(x,n),de=ne===void 0?void 0:Fs(x,n,D);ne===void 0?d({type:"ready",state:x,elapsedMs:D}):de?d({type:"hopeless",...de,state:x,elapsedMs:D}):D>=n.timeoutMs&&d({type:"deadline",missing:ne,state:x,elapsedMs:D})};let Vn=!1;const zr=async()=>{const x=S().pods.at(-1);if(!(x===void 0||Vn)){Vn=!0;try{const{namespace:D,name:ne}=x;x.restarts>0||x.isReady||x.problems.length>0?O=(await e.cluster.podLog(D,ne,40,r)).split(`
`).filter(Boolean):oe=await e.cluster.podEvents(D,ne,r),dn()}catch(D){r.aborted||u(D)}finally{Vn=!1}}},pi=e.intervalsMs??Ls,Hr=[setInterval(dn,pi.judge),setInterval(()=>{zr()},pi.ask)],mi=()=>u(t.reason);t.addEventListener("abort",mi,{once:!0});const Wr=[e.cluster.watch(n.node,x=>{x.type==="node"?g=x.node:x.type==="gone"&&(g=void 0),x.type!=="lease"&&dn()},r),e.cluster.watchPods(n.node,x=>{x.type==="pod"?l.set(`${x.pod.namespace}/${x.pod.name}`,x.pod):l.delete(`${x.namespace}/${x.name}`),dn()},r)].map(x=>x.then(()=>{r.aborted||u(new Error("a watch ended before the GPU was registered"))},D=>{r.aborted||u(D)}));try{return t.throwIfAborted(),await a}finally{for(const x of Hr)clearInterval(x);t.removeEventListener("abort",mi),o.abort(new Error("the wait is over")),await Promise.all(Wr)}}const Lt=e=>`kubectl -n ${e.namespace} logs daemonset/${e.name} --tail=40`;function Hs({node:e,plugin:n,pods:t,outcome:i},s){const o="Does the device plugin run on the node?",r=t.filter(on(s)),a=r.find(l=>l.isReady&&!l.isTerminating),d=i?.type==="hopeless",u=r.flatMap(l=>l.problems)[0],c=a?`${G(a)} is Ready`:u??(r.length===0?"no pod of it is there":"not Ready");return(0,h.oQ)("confirm.plugin",o,a!==void 0&&!d,d?i.reason:c,{cause:d?"waiting any longer would not mend it":`${n?G(n):"the plugin"} has no Ready pod on ${e?.name??"the node"}`,remedy:d?i.remedy:Lt(s),evidence:[...(i?.state.events??[]).slice(0,3),...(i?.state.log??[]).slice(-8)]})}function Ws(e,n){return n.map(t=>`${t}: capacity ${z(e.capacity,t)}, allocatable ${z(e.allocatable,t)}`).join("; ")}function Ks(e){const{wish:n,gpu:t,node:i,plugin:s,expected:o,outcome:r}=e;if(n.devicePlugin==="absent"||n.devicePlugin==="none"||i===void 0)return[];if(s===void 0||o===void 0)return[(0,h.oQ)("confirm.plugin","Does the device plugin run on the node?",!1,"there is no device plugin",{cause:"without one the kubelet does not know of the GPUs, and no pod gets one",remedy:"press with `device-plugin: apply`, or put back the one that was there; `none` does without"})];const a=Hs(e,s),d=Object.keys(o.resources),u=Object.keys(i.capacity).filter(_n),c=Ws(i,[...new Set([...d,...u])].slice(0,12))||"no GPU resource",l=d.filter(S=>z(i.capacity,S)===0),p=d.filter(S=>z(i.allocatable,S)<z(i.capacity,S)),g=d.filter(S=>z(i.capacity,S)<(o.resources[S]??0)),m=d.filter(S=>z(i.capacity,S)>(o.resources[S]??0)),$=l.length===d.length,O=[a,(0,h.oQ)("capacity.registered","Has the kubelet heard of the GPU?",d.length>0&&!$,c,{cause:d.length===0?"the host shows no GPU that could be registered":"no device plugin has registered it: it does not run, sees no GPU, or lost its registration (NVIDIA/k8s-device-plugin#1228)",remedy:`${Lt(s)}; when it says nothing: kubectl -n ${s.namespace} rollout restart daemonset/${s.name}`})];if(d.length===0||$)return O;O.push((0,h.oQ)("capacity.healthy","Are all registered GPUs healthy?",p.length===0,c,{cause:"the plugin reported a device as unhealthy (an Xid error, or it fell off the bus), and never takes that back (NVIDIA/k8s-device-plugin#1014)",remedy:`on the host: nvidia-smi, and dmesg | grep -i xid; when the GPU is well: kubectl -n ${s.namespace} rollout restart daemonset/${s.name}`,evidence:t.driver.kernelLog.slice(0,5)}),Qs(e,o,c,{lacking:l,short:g,more:m}));const oe=a.verdict==="fail"||r!==void 0&&!r.state.isFresh;return O.push((0,h.oQ)("capacity.fresh","Are the numbers those of the plugin that runs now?",!oe,c,{cause:a.verdict==="fail"?"the numbers stand, but the plugin that told them does not run: they are left over":"the plugin has started anew, and nothing shows that it has registered since",remedy:`kubectl -n ${s.namespace} rollout restart daemonset/${s.name}, then press again`})),O}function Qs({wish:e,gpu:n},t,i,{lacking:s,short:o,more:r}){const a="capacity.complete",d="Does the node offer all its GPUs?",u=n.devices.length,c=e.expectGpus,l=c!==void 0&&u<c,p=`${i}; expected: ${t.words}${l?`, of ${c} wanted`:""}`;return o.length>0||s.length>0?(0,h.oQ)(a,d,!1,p,{cause:"the plugin registered fewer than there are: a GPU was not there yet when it started, or its configuration leaves some out",remedy:"compare nvidia-smi -L on the host with the log of the plugin, then restart the plugin"}):l?(0,h.oQ)(a,d,!1,p,{cause:`the host shows ${u} GPU${u===1?"":"s"}, and expect-gpus says ${c}`,remedy:"on the host: nvidia-smi -L and lspci -nn -d 10de: show which one is missing; or correct expect-gpus"}):r.length>0?(0,h.oQ)(a,d,!1,p,{verdict:"warn",cause:"GPUs are shared by a configuration that could not be read, or somebody set the numbers by hand",remedy:"look at the configuration of the plugin"}):(0,h.bF)(a,d,p)}const Ys=e=>Object.keys(e.devices).some(_n);function Js(e,n,t){const i=e.filter(c=>Ys(c)&&!c.isTerminating&&["Running","Pending"].includes(c.phase));if(i.length===0)return;const s="confirm.gpu-pods",o="Do the pods that had a GPU still have it?",r=new Map(n.map(c=>[c.uid,c])),a=i.filter(c=>{const l=r.get(c.uid);return l===void 0||l.phase==="Failed"}),d=i.filter(c=>{const l=r.get(c.uid);return l!==void 0&&c.isReady&&!l.isReady&&!["Failed","Succeeded"].includes(l.phase)}),u=`${i.length} before, ${i.length-a.length} still there`;return(0,h.oQ)(s,o,a.length+d.length===0,u,{verdict:t||a.length===0?"warn":"fail",cause:a.length===0?"some are not ready at this moment":"they ended or failed since this run began",remedy:"a pod that failed at admission stays so: delete it, and its owner makes a new one",evidence:[...a,...d].slice(0,8).map(c=>{const l=r.get(c.uid);return`${G(c)}: ${l===void 0?"gone":(0,h.H$)([l.isReady||l.phase==="Failed"?l.phase:`${l.phase}, not ready`,...l.problems],2)}`})})}const pe=({runtime:e,name:n,id:t})=>`${n||t.slice(0,12)} (${e})`;function Zs(e,n,t,i=""){const s=e.filter(({outcome:p})=>p==="ok");if(s.length===0)return;const o="confirm.gpu-calls",r="Does a GPU call still work in every container that had the GPU?";if(n===void 0)return{id:o,verdict:"error",question:r,found:`not known: it worked before in ${(0,h.H$)(s.map(pe))}`,cause:i||"the containers could not be asked again",remedy:"look on the host: docker exec CONTAINER nvidia-smi -L, k3s crictl exec CONTAINER nvidia-smi -L"};const a=new Map(n.map(p=>[`${p.runtime} ${p.id}`,p])),d=s.map(p=>({call:p,later:a.get(`${p.runtime} ${p.id}`)})),u=d.filter(({later:p})=>p!==void 0&&p.outcome!=="ok"),c=d.filter(({later:p})=>p===void 0),l=[...u.map(({call:p,later:g})=>`${pe(p)}: ${g?.said??""}`),...c.map(({call:p})=>`${pe(p)}: it no longer runs, or has no GPU any more`)].slice(0,12);return u.length>0?{id:o,verdict:t?"warn":"fail",question:r,found:`no more in ${(0,h.H$)(u.map(({call:p})=>pe(p)))}`,cause:"the control group of a running container no longer lets it use the device, most often after a reload of systemd",remedy:`restart it: ${(0,h.H$)(u.map(({call:p})=>Xs(p)))}`,evidence:l}:c.length>0?{id:o,verdict:"warn",question:r,found:`${(0,h.H$)(c.map(({call:p})=>pe(p)))} could not be asked again`,cause:"it ended while the host was changed, or was replaced",remedy:"look whether it should run: docker ps -a, kubectl get pods -A",evidence:l}:{id:o,verdict:"pass",question:r,found:`yes, in ${(0,h.H$)(s.map(pe))}`}}function Xs({runtime:e,name:n,id:t}){if(e!=="k3s")return`${e} restart ${t.slice(0,12)}`;const[i,s]=n.split("/");return s?`kubectl delete pod -n ${i} ${s}`:`the pod of container ${t.slice(0,12)}`}const W=(e,n,t,i,s)=>({id:n,stage:e,severity:"fail",asks:t,remedy:i,isIgnorable:s}),eo=[W("preflight","gpu.node","Is the node there, and Ready? A warning when a containerd template that is moved aside may be the cause","join it first with k3s-join; `kubectl describe node`",!0),W("preflight","gpu.machine","Is the host the machine of this node? A warning when neither tells its identity","give the right `host` or `node`",!1),W("preflight","gpu.runtime-class","Does the RuntimeClass nvidia lead to the runtime that k3s renders?","start the servers without `--disable=runtimes`; the check gives the object",!0),W("preflight","gpu.plugin-owner","Does nobody else keep a device plugin (gpu-operator, Flux, Helm, Argo CD, a manifest by hand)?","`device-plugin: verify` keeps it; `replace-device-plugin` replaces one that was made by hand",!0),W("preflight","gpu.tolerations","Do the pods of the device plugin come to the node: taints, labels, affinity?","the toleration or label that it names, or `device-plugin: apply`",!0),W("confirm","confirm.plugin","Does the device plugin run on the node?","its log says why not",!1),W("confirm","capacity.registered","Has the kubelet heard of the GPU?","see the log of the plugin; restart it when it says nothing",!1),W("confirm","capacity.healthy","Are all registered GPUs healthy (allocatable = capacity)?","nvidia-smi and dmesg on the host; then restart the plugin",!1),W("confirm","capacity.complete","Does the node offer all its GPUs, sharing and MIG counted? A warning when it offers more","compare nvidia-smi with the log of the plugin",!1),W("confirm","capacity.fresh","Are the numbers those of the plugin that runs now?","restart the plugin, then press again",!1),W("confirm","confirm.gpu-pods","Do the pods that had a GPU still have it? A warning with `allow-gpu-disruption`","delete those that failed at admission; their owners make new ones",!1)],se=(e,n,t,i,s=!0)=>({id:e,stage:"preflight",severity:n,asks:t,remedy:i,isIgnorable:s}),no=[se("k3s.service","fail","Does k3s run on this host?","let the machine join first, or start the unit",!1),se("containerd.service","fail","Does containerd run on this host? Asked where it is a unit of its own (kubeadm)","let the machine join first, or start the unit",!1),se("gpu.containerd-config","fail","Can nvidia-ctk add a runtime to containerd's configuration? Not to one of version 1, or without the plugin cri (kubeadm)","let `containerd config default` make it anew",!1),se("gpu.search-path","fail","Does k3s find the right nvidia-container-runtime by itself, and not what gpu-operator left in /usr/local/nvidia/toolkit?","`sudo mv /usr/local/nvidia/toolkit /usr/local/nvidia/toolkit.disabled`, or a link in /usr/local/bin"),se("gpu.containerd-template","fail","Does a containerd template take away what k3s sets itself, or repeat a table? A warning for one that does neither","`quarantine-template: true`; k3s needs no template for GPUs",!1),se("gpu.default-runtime","fail","Can k3s find the default runtime that it is told? A warning when nvidia is the default","take `default-runtime` out of the place that the check names",!1),se("gpu.runtime-config","fail","Does containerd run with the runtime nvidia and the right program?","restart k3s; move a template away that sets the runtimes itself"),se("gpu.restart-pending","warn","Would the next restart of k3s change what containerd runs with, without this plan?","restart k3s when it suits, or take the change back")],to=[["present","fail","Is an NVIDIA GPU in this host? Without one there is nothing to do, unless `expect-gpus` says otherwise","look at the machine: power and seat of the card"],["driver","fail","Does the driver answer?","install or load it; the check names what keeps it away"],["driver-version","fail","Have the parts of the driver one version? A warning when the next boot changes it","reboot; then `hold-packages: all`"],["nouveau","fail","Is the card free of nouveau, the kernel's own driver?","blacklist it, rebuild the initramfs, reboot"],["secure-boot","fail","Does Secure Boot let the driver's module in?","enrol its key at the console, or use signed modules"],["next-kernel","warn","Does the driver also have a module for the kernel that the next boot starts?","install the headers of that kernel, `sudo dkms autoinstall`"],["reboot","warn","Is no reboot pending?","reboot when it suits"],["inforom","warn","Is the card's infoROM whole?","none needed"],["count","fail","Are all GPUs there: on the bus, with the driver, as many as expected?","find the missing card, or correct `expect-gpus`"],["product","fail","Are they the expected product?","find the right host, or correct `expect-product`"],["processes","warn","Who uses the GPU now?","none needed; nothing that could disturb it is done unless `allow-gpu-disruption` says so"],["upgrades","warn","Can no unattended upgrade replace driver or toolkit?","`hold-packages: all`"],["device-links","warn","Do containers keep the GPU when systemd reloads its units?","`toolkit: install`"]].map(([e,n,t,i])=>({id:`gpu.${e}`,stage:"preflight",severity:n,asks:t,remedy:i,isIgnorable:e!=="present"})),io=[{id:"gpu.toolkit",stage:"preflight",severity:"fail",asks:"Is NVIDIA's container toolkit there, all four packages at one version, the one that was asked for, and not too old?",remedy:"`toolkit: install`, with `toolkit-version` for another one than is there",isIgnorable:!0},{id:"gpu.toolkit-repository",stage:"preflight",severity:"fail",asks:"Do the toolkit's packages come from a repository that the package manager checks by the right key?",remedy:"move a strange keyring away, or give `repository` and `repository-keys`",isIgnorable:!1},{id:"confirm.gpu-calls",stage:"confirm",severity:"fail",asks:"Does a GPU call in every container that had the GPU still work after the changes? A warning with `allow-gpu-disruption`",remedy:"restart those containers: their device rules are made anew at their start",isIgnorable:!0}],so=[{id:"host.sudo",stage:"preflight",severity:"fail",asks:"May the user become root?",remedy:"give `sudo-password`, or let the user become root without one",isIgnorable:!1},{id:"plan.gpu-in-use",stage:"plan",severity:"fail",asks:"Does the plan disturb a process outside the cluster that uses the GPU?",remedy:"`allow-gpu-disruption`, or stop the process first",isIgnorable:!1},{id:"confirm.runtime-config",stage:"confirm",severity:"fail",asks:"Does k3s\u2019s containerd have the NVIDIA runtime, with the program that k3s finds?",remedy:"see containerd\u2019s log in the evidence",isIgnorable:!1},{id:"confirm.gpu-processes",stage:"confirm",severity:"fail",asks:"Do the processes that used the GPU before still run?",remedy:"start them again; the report names them",isIgnorable:!1}],qt=[...to,...io,...no,...eo,...so],oo=e=>(0,h.Ms)(qt,e),ro=new Set(["k3s","crictl","docker","podman"]),ao=new Set(["ok","failed","not-asked"]);async function co(e,n){const t=await e.run({name:"container-calls",script:[M.kj,C["container-calls"]].join(`
`),env:{},privilege:"root",timeoutMs:n.timeoutMs,signal:n.signal}),i=un(e.label,"asking the containers for the GPU",t);if(i)throw i;const s=o=>typeof o=="string"?o:"";return t.lines.flatMap(o=>!ao.has(o.container_call)||!ro.has(o.runtime)?[]:[{runtime:o.runtime,id:s(o.id),name:s(o.name).trim(),outcome:o.container_call,said:s(o.said).trim()}])}const uo=/^(?:cuda-drivers|nvidia-(?:driver|dkms|kernel|open|headless|compute-utils|utils|firmware|modprobe|persistenced|fabricmanager|legacy|smi)|(?:lib|lib64)nvidia-(?!container)|libcuda1|linux-(?:modules|objects|signatures)-nvidia|(?:kmod|akmod|dkms)-nvidia|xorg-x11-drv-nvidia|xserver-xorg-video-nvidia|x11-video-nvidia)/;function Vt(e,n){return n.some(t=>{const i=/^(?:solvable_name:|name\s*=)\s*"?([^"]+)"?$/.exec(t)?.[1]?.trim()??t;if(i.startsWith("!"))return!1;const s=i.indexOf("*");return i===e||s>0&&s<=e.length&&e.startsWith(i.slice(0,s))?!0:i.startsWith(`${e}-`)&&/^-(?:\d+:)?\d/.test(i.slice(e.length))})}function lo(e){const n=["apt","dnf","zypper"].find(s=>s===e?.manager)??"",t=j(e,"locks").filter(s=>!s.startsWith("#")),i=new Map;for(const s of P(e,"list",128*1024).split(`
`).slice(0,2048)){const[o="",r="",a=""]=s.split("	");if(!/^[a-z0-9][a-z0-9+._-]*$/i.test(o)||r===""||!/^.i/.test(a))continue;const d=a.startsWith("h")||Vt(o,t);i.set(o,{name:o,version:r.slice(0,128),isHeld:d})}return{driver:[...i.values()].filter(({name:s})=>uo.test(s)),toolkit:{packageManager:n,packages:A.map(s=>i.get(s)??{name:s,version:"",isHeld:Vt(s,t)}),missingPrerequisites:j(e,"missing"," "),ctkVersion:/version v?(\d+\.\d+\.\d+\S*)/.exec(P(e,"ctk",1024))?.[1]??""}}}function fo(e){const n=j(e,"text").filter(t=>!t.startsWith("#")).filter(t=>/^(?:deb(?:-src)?\s|URIs:|baseurl\s*=)/i.test(t)).flatMap(t=>t.match(/[a-z][a-z0-9+.-]*:\/{1,3}[^\s\]]+/gi)??[]);return{repository:{path:P(e,"path"),urls:[...new Set(n)].slice(0,16),keyring:P(e,"keyring")},keyFingerprints:j(e,"keys").map(t=>t.toUpperCase()).filter(t=>/^[0-9A-F]{40}$/.test(t))}}const ho=128;function Ne(e){return/^\d{1,9}$/.test(e)?Number(e):void 0}const po=e=>/^\[.*\]$/.test(e)?"":e;function Bt(e){const n=e.split(",").map(m=>m.trim());if(n.length<12)return;const[t="",i=""]=n,[s="",o="",r="",a="",d="",u="",c="",l=""]=n.slice(-9);if(Ne(t)===void 0||!/^GPU-[0-9a-f-]{8,64}$/i.test(i))return;const p=n.slice(2,-9).join(", "),g={memoryTotalMiB:Ne(r),memoryUsedMiB:Ne(a),utilisationPercent:Ne(d),temperatureCelsius:Ne(u)};return{index:Number(t),uuid:i,name:po(p).slice(0,128),driverVersion:/^[\d.]{1,32}$/.test(s)?s:"",pciBusId:/^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f]$/i.test(o)?o:"",...Object.fromEntries(Object.entries(g).filter(([,m])=>m!==void 0)),...(c==="Enabled"||c==="Disabled")&&{isMigEnabled:c==="Enabled"},computeCapability:/^\d{1,2}\.\d{1,2}$/.test(l)?l:""}}function mo(e){const n=[];let t="";for(const i of e.split(`
`).slice(0,1024)){t=/^GPU \d+: .*\(UUID: (GPU-[0-9a-f-]{8,64})\)/i.exec(i)?.[1]??t;const[,s,o]=/^\s+MIG (\S{1,64})\s+Device\s+\d+: \(UUID: (MIG-[0-9a-zA-Z/-]{8,128})\)/.exec(i)??[];s!==void 0&&o!==void 0&&t!==""&&n.push({gpuUuid:t,uuid:o,profile:s})}return n.slice(0,ho)}function go(e){if(e===void 0)return{smi:{isInstalled:!1,said:""},devices:[],migDevices:[],cudaVersion:""};const n=P(e,"said",64*1024),t=typeof e.code=="number"&&e.code>=0&&e.code<256?e.code:void 0,i=t===0||t===14,s=n.split(`
`).slice(0,ze),o=new Map;for(const u of i?s.flatMap(c=>Bt(c)??[]):[])o.has(u.uuid)||o.set(u.uuid,u);const r=[...o.values()].sort((u,c)=>u.index-c.index),a=s.filter(u=>r.length===0||Bt(u)===void 0).join(`
`),d=P(e,"cuda",16);return{smi:{isInstalled:!0,...t!==void 0&&t!==124&&{exitCode:t},said:a.trim().slice(0,2048)},devices:r,migDevices:mo(typeof e.list=="string"?e.list.slice(0,64*1024):""),cudaVersion:/^\d{1,3}\.\d{1,3}$/.test(d)?d:""}}const zt=64*1024,Ht=e=>e.split(/[-.]/).at(-1)??"";function $o(e,n){const t=new Set(j(e,"with_module"," ")),i=j(e,"installed"," ").filter(s=>/^\d/.test(s)&&!s.includes("rescue")&&Ht(s)===Ht(n)).sort(_e).at(-1);if(!(i===void 0||n===""||_e(i,n)<=0))return{release:i.slice(0,128),hasModule:t.has(i)}}function vo(e,n){const t=a=>e.find(d=>d.fact===`gpu.${a}`),i=t("driver"),s=t("reboot"),o=$o(t("kernels"),n),r=[...new Set(j(s,"packages"))];return{loaded:He(P(i,"loaded")),onDisk:He(P(i,"on_disk")),userSpace:He(P(i,"library").replace(/^.*\.so\./,"")),...o&&{nextKernel:o},isNouveauLoaded:i?.nouveau===!0,secureBoot:["enabled","disabled"].find(a=>a===i?.secure_boot)??"unknown",rebootPending:r.length>0?r:s?.pending===!0?[""]:[],hasUnattendedUpgrades:t("unattended")?.on===!0,kernelLog:j(t("kernel-log"),"lines").slice(-20)}}function rn(e){const n=typeof e.text=="string"?e.text.slice(0,zt):"";return{path:P(e,"path",4096),sha256:P(e,"sha256",64),text:n}}function ko(e){const n=P(e,"arguments",zt).split(`
`);return n.flatMap((t,i)=>{const s=/^--?default-runtime=(.*)$/.exec(t)?.[1]??(/^--?default-runtime$/.test(t)?n[i+1]:void 0);return s===void 0?[]:[{place:P(e,"path",4096),value:s.slice(0,128)}]})}function yo(e){const n=e.find(r=>r.fact==="gpu.service");if(n===void 0)return;const t=e.filter(r=>r.fact==="gpu.service-file").slice(0,ze),i=r=>t.filter(a=>a.name===r).map(rn)[0],[s,o]=[i("config"),i("effective")];return{activeState:P(n,"active",64),version:P(n,"version",128),...s&&{config:s},dropIns:t.filter(r=>r.name==="drop-in").map(rn),...o&&{effective:o},problem:P(n,"problem",500),changedSinceStart:j(n,"changed").slice(0,64)}}function bo(e){const n=new Map;for(const t of j(e,"owners")){const[,i,s]=/^([^:,\s]+)(?::[a-z0-9]+)?(?:, [^:]+)?: (\/.*)$/.exec(t)??[];i!==void 0&&s!==void 0&&n.set(s,i)}return{search:j(e,"search",":").slice(0,64),runtimes:j(e,"paths").map(t=>({name:t.slice(t.lastIndexOf("/")+1),path:t,package:n.get(t)??""}))}}function wo(e){const n=e.distribution,t=$=>n.filter(O=>O.fact===`gpu.${$}`).slice(0,ze),i=$=>n.find(O=>O.fact===$),s=i("k3s.unit"),o=i("gpu.device-links"),r=i("gpu.handlers"),a=lo(i("gpu.packages")),{search:d,runtimes:u}=bo(i("gpu.runtimes")),c=t("containerd"),l=c.filter($=>$.name==="config.toml").map(rn)[0],p=s===void 0?yo(n):void 0,g=l??p?.effective,m=g===void 0||/^\s*SystemdCgroup\s*=\s*true/m.test(g.text);return{pci:t("pci").map($=>({address:P($,"address",32),id:P($,"id",16).toLowerCase(),driver:P($,"driver",64)})).filter(({address:$})=>/^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f]$/i.test($)),...go(i("gpu.smi")),driver:{...vo(n,e.kernel),packages:a.driver},toolkit:{...a.toolkit,...fo(i("gpu.repository"))},k3s:{unit:["k3s","k3s-agent"].find($=>$===s?.name)??"",activeState:P(s,"active",64),version:P(i("k3s.binary"),"version",128),searchPath:d,defaultRuntimes:[...t("default-runtime").map($=>({place:P($,"place",4096),value:P($,"value",128)})),...ko(s)]},...p&&{service:p},runtimes:u,containerd:{...l&&{rendered:l},templates:c.filter($=>$.name!=="config.toml").map(rn),...r&&{handlers:[...new Set(j(r,"names"))]}},deviceLinks:{missing:j(o,"missing"," "),hasRule:o?.rule===!0,isNeeded:e.init==="systemd"&&m},ownFiles:t("own-file").map($=>({path:P($,"path",4096),sha256:P($,"sha256",64)}))}}function Wt(e,n=[]){const{wish:t,gpu:i}=e,s=[];Ve(e).length>0&&s.push("quarantine-template");const o=i.k3s.defaultRuntimes.find(({place:d})=>d===Y),r=o!==void 0||i.ownFiles.some(({path:d})=>d===Y),a=fe(i,n).some(({name:d})=>d==="nvidia");return t.defaultRuntime==="nvidia"&&a&&$n(i).value!=="nvidia"&&o?.value!=="nvidia"&&s.push("write-default-runtime"),t.defaultRuntime==="unset"&&r&&s.push("remove-default-runtime"),s}const Kt=({k3s:e,containerd:n})=>e.activeState==="active"&&n.rendered===void 0&&n.handlers===void 0;function me(e,n){const{wish:t,gpu:i}=e,{config:s,template:o}=Be(i,n);if(o&&o.verdict!=="harmless")return[];const r=ee(i.containerd.rendered?.text??""),a=O=>O.runtimes.find(({name:oe})=>oe==="nvidia")?.binaryName,d=[],[u,c]=[a(r),a(s)],l=i.containerd.rendered===void 0&&i.containerd.handlers?.includes("nvidia"),p=Kt(i)&&fe(i).some(({name:O})=>O==="nvidia");c!==void 0&&u===void 0&&!l&&!p&&d.push("runtime-missing"),c!==void 0&&u!==void 0&&c!==u&&d.push("binary-path-changed");const[g,m]=[r,s].map(O=>O.defaultRuntime==="nvidia"),$=t.defaultRuntime===(m?"nvidia":"unset");return g!==m&&$&&d.push("default-runtime-changed"),dt(i)&&d.push("harmful-template-removed"),d}const _o={"runtime-missing":"what k3s rendered at its last start lacks the runtime nvidia, which it will find now","binary-path-changed":"k3s rendered another program for the runtime nvidia than it will find now","default-runtime-changed":"the default runtime changes","harmful-template-removed":"containerd runs with what a harmful template left of its configuration"};function Oo(e,n=[]){const{gpu:t}=e,i=Wt(e,n),s=[...n,...i],o=i.map(a=>xo(a,e)),r=me(e,s);return r.length>0&&t.k3s.unit!==""&&o.push({id:v.restart,kind:"restart",target:t.k3s.unit,reason:r.map(a=>_o[a]).join("; "),disrupts:`restarts ${t.k3s.unit}; containers keep running, GPU pods may be refused until the device plugin is back`,undo:"restarted with what was there before"}),o}function xo(e,n){if(e==="quarantine-template"){const t=new Set(Ve(n).map(({path:s})=>s)),i=be(n.gpu).filter(s=>t.has(s.path)&&we(s));return{id:e,kind:"edit",target:`${[...t].join(", ")} (renamed to \u2026disabled-<hash>)`,reason:i.map(({verdict:s})=>s==="duplicates"?"it writes a table once more, and containerd does not start":"it takes a part of k3s's own configuration away: gpu.containerd-template says which").join("; "),undo:"renamed back"}}return e==="write-default-runtime"?{id:e,kind:"write",target:`${Y} (default-runtime: nvidia)`,reason:"default-runtime: nvidia is wished, and k3s will find the program",disrupts:"after the restart every image that sets NVIDIA_VISIBLE_DEVICES sees all GPUs without asking for one",undo:"restored, or deleted where it was not there"}:{id:e,kind:"remove",target:Y,reason:"default-runtime: unset is wished, and this project wrote the file",undo:"restored"}}const De="gpu.default-runtime",Ce="Can k3s find the default runtime that it is told, and is that one meant?";function Ro({wish:e,gpu:n},t){const{value:i,place:s}=$n(n,t),o=fe(n,t).map(({name:l})=>l),r=ee(n.containerd.rendered?.text??""),{unit:a}=n.k3s,d=n.k3s.defaultRuntimes.map(l=>`${l.place}: ${l.value||"none"}`);if(!(i===""||o.includes(i)||!i.startsWith("nvidia")&&i!=="runc"&&r.runtimes.some(({name:l})=>l===i))){const l=!i.startsWith("nvidia")&&i!=="runc";return{id:De,verdict:l?"warn":"fail",question:Ce,found:`${s} says ${i}, which k3s ${l?"did not render at its last start":"does not find"}`,cause:i==="runc"?`k3s looks for other runtimes only: with runc as a value ${a} does not start (default runtime runc was not found)`:`${a} does not start any more: default runtime ${i} was not found`,remedy:i==="nvidia"?`let the toolkit be installed (toolkit: install), or take default-runtime out of ${s}`:`take default-runtime out of ${s}; without it k3s uses runc`,evidence:d}}if(e.defaultRuntime==="nvidia"&&i!=="nvidia"){const l=o.includes("nvidia");return{id:De,verdict:"fail",question:Ce,found:i===""?"nvidia is wished and cannot be set":`nvidia is wished, but ${s} says ${i} and wins`,cause:l?`k3s takes what stands last: files of config.yaml.d after ${Y} and arguments of the unit win over it`:"k3s finds no nvidia-container-runtime, and does not start with a default runtime that it cannot find",remedy:l?`take default-runtime out of ${s}`:"let the toolkit be installed first (toolkit: install)",evidence:d}}if(e.defaultRuntime==="unset"&&i==="nvidia")return{id:De,verdict:"warn",question:Ce,found:`${s} says nvidia, and this project did not write it`,cause:"only the file that this project wrote is taken away",remedy:`take default-runtime out of ${s}, then: sudo systemctl restart ${a}`,evidence:d};if((Be(n,t).config.defaultRuntime||i)==="nvidia"){const l=e.defaultRuntime==="nvidia";return{id:De,verdict:"warn",question:Ce,found:`nvidia is the default runtime${s?`, said by ${s}`:", said by a template"}`,cause:"every image that sets NVIDIA_VISIBLE_DEVICES sees all GPUs without asking for one (README of NVIDIA/k8s-device-plugin)",remedy:`none needed if that is meant; else ${l?"give default-runtime: unset":`take it out of ${s||"the template"}`} and name runtimeClassName: nvidia in the pods that need a GPU`,evidence:d}}return(0,h.bF)(De,Ce,i===""?"none is set: runc, and nvidia for pods that name its runtime class":`${i}, said by ${s}`)}const Tn="gpu.containerd-template",Nn="Does a containerd template take away what k3s sets itself?",Dn=40;function Qt({key:e,ownValue:n,value:t,breaks:i}){return t===void 0?`removes ${e} (${n}): ${i}`:`sets ${e} to ${t} instead of ${n}: ${i}`}function Po(e){const n=(t,i)=>Number(i.isEssential)-Number(t.isEssential);return[`${e.path}:`,...e.problem?[`cannot be read: ${e.problem}`]:[],...e.duplicates.map(t=>`writes ${t} once more`),...[...e.removes].sort(n).map(Qt),...e.changes.map(Qt),...e.ignored.map(t=>`${t} has no effect: containerd 2 drops it without an error`)]}function Io(e){const n=[...e.removes,...e.changes].filter(({isEssential:s})=>s),t=[...new Set(n.map(({breaks:s})=>s))],i=t.length-2;return[...t.slice(0,2),...i>0?[`and ${i} more`]:[]].join("; ")}function Eo(e){if(e.verdict==="duplicates")return`${e.path} writes ${e.duplicates.join(", ")} once more: containerd does not start`;if(e.problem!==void 0)return`${e.path} cannot be read: ${e.problem}`;const{length:n}=e.removes,t=e.changes.filter(({isEssential:s})=>s).map(({key:s})=>s),i=[...n>0?[`removes ${n} ${n===1?"key":"keys"} of k3s's own configuration`]:[],...t.length>0?[`changes ${t.join(", ")}`]:[]];return`${e.path} ${i.join(" and ")}`}function Ao({gpu:e},n){const t=be(e,n),[i]=t;if(!i)return(0,h.bF)(Tn,Nn,"there is none: k3s writes the configuration itself");const s=t.flatMap(Po),o=s.length>Dn?[...s.slice(0,Dn),`and ${s.length-Dn} more`]:s,r=t.find(we);if(r){const d=n.includes("quarantine-template"),u=r!==i;return{id:Tn,verdict:d?"warn":"fail",question:Nn,found:`${Eo(r)}${u?`; k3s takes ${i.path} now, and this one if that goes`:""}`,cause:r.verdict==="duplicates"?"it extends k3s\u2019s own text and repeats a table that stands in it, which TOML forbids":r.problem===void 0?`${r.hasBase?"":'without {{ template "base" . }} it replaces the whole configuration: '}${Io(r)}`:"k3s renders containerd\u2019s configuration from it, and one of both stops there",remedy:d?"nothing to do: the plan moves it aside; it comes back if k3s does not":r.verdict==="duplicates"?"take the repeated table out of it, or give quarantine-template: true; k3s needs no template for GPUs":"give quarantine-template: true to have it moved aside (and back if k3s does not come up); k3s needs no template for GPUs",evidence:o}}const a=t.find(({verdict:d})=>d==="unknown");return{id:Tn,verdict:"warn",question:Nn,found:a?`${a.path} is too long to be judged`:`${i.path} ${i.hasBase?"extends k3s\u2019s own configuration":"replaces it, and leaves nothing out that the node needs today"}`,cause:i.hasBase?"what it adds is not checked against releases of k3s to come":"a copy ages: what a newer k3s sets is missing in it",remedy:i.hasBase?"none needed; k3s needs no template for GPUs":'replace it by {{ template "base" . }} and what you add to it, or move it away',evidence:o}}function So(e,n=[]){const t=[...n,...Wt(e,n)];return e.gpu.k3s.unit===""?[Yt(e,t)]:[Yt(e,t),No(e,t),Ao(e,t),Ro(e,t),Jt(e,t),Do(e,t)]}function Yt({gpu:e},n){const t="k3s.service",i="Does k3s run on this host?",{unit:s,activeState:o,version:r}=e.k3s;if(s==="")return{id:t,verdict:"fail",question:i,found:"neither k3s nor k3s-agent is installed as a unit",cause:"GPUs are made usable on a machine that is a node already",remedy:"let the machine join first (k3s-join), then run gpu-runtime"};if(o==="active")return(0,h.bF)(t,i,`${s} is active${r?`, ${r}`:""}`);const a=n.includes("quarantine-template")||n.includes("remove-default-runtime")||n.includes("install-toolkit")&&e.k3s.defaultRuntimes.at(-1)?.value==="nvidia";return{id:t,verdict:a?"warn":"fail",question:i,found:`${s} is ${o||"in an unknown state"}`,cause:a?"what keeps it from starting is mended by this plan":"a node that is down cannot be given GPUs",remedy:a?`nothing to do: ${s} is started again`:`on the host: sudo journalctl -u ${s} -n 50; sudo systemctl start ${s}`}}function To(e){const{gpu:n}=e,t={...Jt(e,[]),id:"confirm.runtime-config"},i=me(e,[]);return t.verdict==="skip"&&i.length>0?{...t,verdict:"fail",found:`not so, although k3s was restarted: ${i.join(", ")}`,cause:"k3s rendered its configuration before this, or a template or another PATH of its unit is in the way",remedy:`on the host: sudo journalctl -u ${n.k3s.unit} -n 50 | grep -i runtime; sudo cat ${n.containerd.rendered?.path??"/var/lib/rancher/k3s/agent/etc/containerd/config.toml"}`,evidence:[`runtimes: ${Zt(n.containerd.rendered?.text)}`]}:t.verdict!=="skip"?t:{...t,verdict:"error",cause:"the host did not say enough to prove it",remedy:"press the button again; on the host: sudo k3s crictl info | grep -A3 nvidia"}}function No({gpu:e,reading:n},t){const i="gpu.search-path",s="Does k3s find the right nvidia-container-runtime by itself?",o=e.runtimes.filter(({name:l})=>l==="nvidia-container-runtime"),r=fe(e,t).find(({name:l})=>l==="nvidia");if(!r){const l=o[0];return l?{id:i,verdict:"fail",question:s,found:`${l.path} is there, but ${e.k3s.unit} does not look in ${ye(l.path)}`,cause:`it looks in ${e.k3s.searchPath.join(", ")||"no folder"}, which is not the PATH of a shell`,remedy:`sudo ln -s ${l.path} /usr/local/bin/nvidia-container-runtime, or install the packages (toolkit: install)`}:(0,h.uG)(i,s,"there is no nvidia-container-runtime: see gpu.toolkit")}if(!(ye(r.path)===ke))return(0,h.bF)(i,s,`${r.path}, the first one in its search path`);const d=n.daemonSets.find(({name:l,namespace:p})=>p==="gpu-operator"||l.includes("nvidia-container-toolkit"));if(d)return(0,h.bF)(i,s,`${r.path}, kept by ${d.namespace}/${d.name}`);const c=o.find(({path:l})=>ye(l)!==ke)?.path??(t.includes("install-toolkit")?"/usr/bin/nvidia-container-runtime":void 0);return{id:i,verdict:"fail",question:s,found:`${r.path} comes before ${c??"every other folder"}`,cause:`k3s looks in ${ke} first; gpu-operator left the folder behind, and nobody keeps it up to date`,remedy:`sudo mv ${ke} ${ke}.disabled; then run this again: k3s is restarted with the packaged one`,evidence:e.runtimes.map(l=>`${l.path}${l.package?` (package ${l.package})`:" (no package)"}`)}}function Jt(e,n){const{gpu:t}=e,i="gpu.runtime-config",s="Does containerd run with the runtime nvidia and the right program?",{rendered:o,handlers:r}=t.containerd;if(be(t,n).some(we)&&!n.includes("quarantine-template"))return(0,h.uG)(i,s,"a template is in the way: see gpu.containerd-template");if(Kt(t)){const l=e.host.privilege.state!=="none";return{id:i,verdict:"fail",question:s,found:"unknown: neither /var/lib/rancher/k3s/agent/etc/containerd/config.toml nor k3s crictl info could be read",cause:l?"k3s runs with another data-dir, with docker or with a containerd of its own, which this action does not know how to prepare":`root could not be had on this host (${e.host.privilege.problem||"no sudo"}), and nobody else may read them`,remedy:l?`on the host: sudo systemctl cat ${t.k3s.unit} | grep -E 'data-dir|docker|container-runtime-endpoint'; sudo k3s crictl info`:"give `sudo-password`, or a user who may use sudo without one"}}const{config:a,template:d}=Be(t,n),u=fe(t,n).find(({name:l})=>l==="nvidia")?.path;if(u===void 0)return(0,h.uG)(i,s,"k3s finds no nvidia-container-runtime: see gpu.toolkit and gpu.search-path");const c=a.runtimes.find(({name:l})=>l==="nvidia")?.binaryName;return c!==u?{id:i,verdict:"fail",question:s,found:c===void 0?"k3s will not render the runtime nvidia":`${c} instead of ${u}`,cause:`${d?.path??"a template"} sets the runtimes itself, and no restart changes that`,remedy:`add {{ template "base" . }} as its first line and take the nvidia tables out, or move it away: sudo mv ${d?.path??""} /root/`}:me(e,n).length>0?{id:i,verdict:"skip",question:s,found:"not yet: the plan restarts k3s, which brings it; it is confirmed then"}:r&&!r.includes("nvidia")?{id:i,verdict:"fail",question:s,found:`config.toml has it, but the running containerd names only ${r.join(", ")||"no handler"}`,cause:"containerd dropped the table, or still runs with an older configuration",remedy:`on the host: sudo tail /var/lib/rancher/k3s/agent/containerd/containerd.log; sudo systemctl restart ${t.k3s.unit}`,evidence:[`${o?.path??"config.toml"}: runtimes ${Zt(o?.text)}`]}:(0,h.bF)(i,s,`${u}${r?", and the running containerd names it":""}`)}const Zt=(e="")=>ee(e).runtimes.map(({name:n})=>n).join(", ")||"none";function Do(e,n){const{gpu:t}=e,i="gpu.restart-pending",s="Would the next restart of k3s change what containerd runs with?",{rendered:o}=t.containerd;if(!o)return(0,h.uG)(i,s,"k3s has rendered no configuration yet, or it could not be read");if(me(e,n).length>0)return{id:i,verdict:"skip",question:s,found:"yes: the plan restarts it"};const{config:r}=Be(t,n),a=ee(o.text),[d,u]=[a,r].map(l=>l.defaultRuntime||"runc"),c=u==="runc"||r.runtimes.some(({name:l})=>l===u);return d!==u&&c&&!dt(t)?{id:i,verdict:"warn",question:s,found:`the default runtime is ${d}, and ${u} after the next restart`,cause:"somebody changed default-runtime without restarting k3s",remedy:`restart it when it suits: sudo systemctl restart ${t.k3s.unit}; or take the change back`}:(0,h.bF)(i,s,"no")}const Co=e=>/driver\/library version mismatch/i.test(e.smi.said);function Xt(e){const{loaded:n,userSpace:t}=e.driver,i=n!==""&&t!==""&&n!==t;return Co(e)||i&&e.devices.length===0}function Go(e){return`install it, then reboot: ${{apt:"`sudo ubuntu-drivers install --gpgpu` (Ubuntu) or `sudo apt-get install nvidia-driver` (Debian, non-free)",dnf:"the package `nvidia-open` or `cuda-drivers` of NVIDIA's repository for this distribution",zypper:"the package `nvidia-open-driver-G06-signed` with `nvidia-compute-utils-G06` of SUSE's or NVIDIA's repository","":"the driver as its distribution says"}[e.toolkit.packageManager]}; this action installs no driver`}const Mo=e=>e.driver.kernelLog.some(n=>n.includes("Key was rejected by service"));function ei(e,n){const{driver:t,pci:i}=e;return i.length>0&&i.every(s=>s.driver==="vfio-pci")?{cause:"the card is set aside for virtual machines: vfio-pci holds it",remedy:"take its ids out of `vfio-pci.ids` (kernel command line, /etc/modprobe.d), rebuild the initramfs and reboot"}:t.isNouveauLoaded||i.some(s=>s.driver==="nouveau")?{cause:"nouveau, the kernel's own driver, holds the card, so NVIDIA's cannot be loaded",remedy:"printf 'blacklist nouveau\\noptions nouveau modeset=0\\n' | sudo tee /etc/modprobe.d/blacklist-nouveau.conf; rebuild the initramfs (sudo update-initramfs -u, or sudo dracut --force) and reboot"}:t.onDisk===""?t.packages.length>0?{cause:`the driver is installed, but there is no module of it for the running kernel${n&&` ${n}`}`,remedy:`sudo apt-get install linux-headers-${n||"$(uname -r)"} && sudo dkms autoinstall && sudo modprobe nvidia (elsewhere: the kernel's headers, or its package of ready modules)`}:{cause:"there is no NVIDIA driver on this host",remedy:Go(e)}:t.secureBoot==="enabled"||Mo(e)?{cause:`Secure Boot ${t.secureBoot==="enabled"?"is on":"may be on"}, and the kernel loads only modules whose key it knows`,remedy:"enrol the key that signed the module (sudo mokutil --import /var/lib/shim-signed/mok/MOK.der, then confirm at the machine's console at the next boot), install the distribution's signed modules, or switch Secure Boot off in the firmware"}:{cause:`the module (${t.onDisk}) is on the disk, but it is not loaded`,remedy:'sudo modprobe nvidia; when it refuses: sudo dmesg | grep -iE "nvrm|nvidia" tells why'}}const Uo={cause:"a GPU has fallen off the bus (Xid 79): power, heat, riser, or a hardware fault",remedy:"reboot, better switch the machine off and on; when it comes back: power cables, seat of the card, temperature"},ni=[{codes:[9],words:/couldn't communicate with the NVIDIA driver/i,why:ei},{codes:[12],words:/couldn't find libnvidia-ml\.so|could not load NVML/i,why:e=>e.driver.userSpace===""?{cause:"libnvidia-ml.so.1, the library that belongs to the driver, is not on this host",remedy:`install the driver's libraries in the version of the module${e.driver.loaded&&` (${e.driver.loaded})`}, e.g. the package libnvidia-compute-<branch> or nvidia-driver-cuda-libs`}:{cause:"libnvidia-ml.so.1 is there, but the loader does not find it",remedy:"sudo ldconfig; when that does not help, reinstall the packages of the driver"}},{codes:[15],words:/GPU is lost|Unable to determine the device handle/i,why:()=>Uo},{codes:[6],words:/No devices were found|No supported GPUs were found/i,why:e=>({cause:/No supported GPUs/i.test(e.smi.said)?"the driver is loaded, but no card is bound to it, or this branch of it does not know the card":"the driver is loaded, but could not start the card: firmware, power, passthrough to a virtual machine, or a branch that does not know it",remedy:'sudo dmesg | grep -iE "nvrm|rminitadapter" names the reason; switch the machine off and on; for a new card the open modules of a newer driver, and Above 4G Decoding in the firmware'})},{codes:[4],words:/Insufficient Permissions/i,why:()=>({cause:"the user may not ask the driver",remedy:"give `sudo-password`, or let the user become root without one; sudo nvidia-smi shows whether that helps"})},{codes:[8],words:/power cables/i,why:()=>({cause:"the card's power cables are not attached properly",remedy:"switch the machine off, attach them, and try again"})},{codes:[10],words:/interrupt/i,why:()=>({cause:"the kernel has a problem with the interrupts of a GPU",remedy:"sudo dmesg | grep -i nvrm; firmware (BIOS) update, another slot, or `pci=nomsi` on the kernel command line"})}];function jo(e,n){const{smi:t,driver:i}=e;if(!t.isInstalled)return i.loaded===""?ei(e,n):{cause:`the module (${i.loaded}) is loaded, but nvidia-smi is not on this host`,remedy:"install the programs of the driver in the same version: the package nvidia-utils-<branch>, or nvidia-driver-cuda"};if(t.exitCode===void 0)return{cause:"nvidia-smi gave no answer in 10 s: the driver or a GPU hangs",remedy:'sudo dmesg | grep -E "NVRM|Xid" names the reason; only a reboot ends a driver that hangs'};const{exitCode:s}=t,o=ni.find(a=>a.words.test(t.said))??ni.find(a=>a.codes.includes(s));if(o!==void 0)return o.why(e,n);const r=t.said.split(`
`)[0]?.slice(0,200)??"";return s===0||s===14?{cause:"nvidia-smi answered, but listed no GPU in the form that was asked for",remedy:"look at it on the host: nvidia-smi --query-gpu=index,uuid,name --format=csv"}:{cause:`nvidia-smi ended with exit code ${s}${r&&`: ${r}`}`,remedy:'sudo nvidia-smi and sudo dmesg | grep -E "NVRM|Xid" on the host say more'}}const Fo=/^(?:libnvidia-compute|nvidia-utils|nvidia-compute-utils|nvidia-driver|libnvidia-ml|nvidia-open$|cuda-drivers$|xorg-x11-drv-nvidia-cuda)/;function Cn(e){return e.driver.packages.filter(({name:t})=>Fo.test(t)).map(({version:t})=>He(t)).filter(t=>t!=="").sort(_e).at(-1)??""}function Lo({gpu:e}){const n="gpu.driver-version",t="Have the parts of the driver one version, now and after the next boot?",{loaded:i,userSpace:s,onDisk:o}=e.driver;if(Xt(e)){const d=/NVML library version: ([\d.]+)/.exec(e.smi.said)?.[1]??"",u=s||d||"another version";return(0,h.oQ)(n,t,!1,`the module is ${i||"of another version"}, the libraries are ${u}`,{cause:"the driver was upgraded while its old module is loaded, so no new program gets the GPU",remedy:"reboot; or without one, after every program on the GPU has ended: sudo rmmod nvidia_drm nvidia_modeset nvidia_uvm nvidia && sudo nvidia-smi. Then hold the packages: `hold-packages: all`",evidence:[`loaded: ${i}`,`libraries: ${s||d}`,`module on disk: ${o}`]})}if(i==="")return(0,h.uG)(n,t,"no module is loaded");const r=[...o!==""&&o!==i?[`the module on disk is ${o}`]:[],...s!==""&&s!==i?[`a library on disk is ${s}`]:[],...Cn(e)!==""&&_e(Cn(e),i)>0?[`the packages are ${Cn(e)}`]:[]],a=r.length===0;return(0,h.oQ)(n,t,a,a?i:`${i} is loaded, ${r.join(", ")}`,{verdict:"warn",cause:"the next boot changes the driver",remedy:"reboot at a moment of your choice and press the button again, so that the change meets nobody unprepared"})}function qo({gpu:e}){const n="gpu.nouveau",t="Is the card free of nouveau, the kernel's own driver?",i=e.pci.filter(r=>r.driver==="nouveau"),s=i.length===0&&!e.driver.isNouveauLoaded,o=i.length>0?`nouveau holds ${(0,h.H$)(i.map(r=>r.address))}`:"nouveau is loaded";return(0,h.oQ)(n,t,s,s?"not loaded":o,{verdict:i.length>0?"fail":"warn",cause:"a card has one driver: NVIDIA's cannot have one that nouveau holds",remedy:"printf 'blacklist nouveau\\noptions nouveau modeset=0\\n' | sudo tee /etc/modprobe.d/blacklist-nouveau.conf; rebuild the initramfs (sudo update-initramfs -u, or sudo dracut --force) and reboot"})}function Vo({gpu:e}){const n="gpu.secure-boot",t="Does Secure Boot let the driver's module in?",{secureBoot:i,loaded:s,onDisk:o,kernelLog:r}=e.driver,a=r.filter(d=>d.includes("Key was rejected by service"));return s!==""?(0,h.bF)(n,t,`${i==="unknown"?"it":i}; the module is loaded`):a.length===0&&i==="disabled"?(0,h.bF)(n,t,"off"):a.length===0&&(i==="unknown"||o==="")?(0,h.uG)(n,t,"no module was loaded that it could have refused"):(0,h.oQ)(n,t,!1,a.length>0?"the kernel refused it":"on, and no module is loaded",{verdict:a.length>0?"fail":"warn",cause:"the kernel loads only modules that are signed with a key it knows",remedy:"enrol the key (sudo mokutil --import /var/lib/shim-signed/mok/MOK.der, then confirm at the machine's console at the next boot), or use the distribution's signed modules, or switch Secure Boot off in the firmware; over SSH alone it cannot be done",...a.length>0&&{evidence:a.slice(-3)}})}function Bo({gpu:e}){const n="gpu.next-kernel",t="Does the driver also have a module for the kernel that the next boot starts?",{nextKernel:i}=e.driver;if(i===void 0)return(0,h.bF)(n,t,"the newest installed kernel runs");const{release:s,hasModule:o}=i;return(0,h.oQ)(n,t,o,`${s} ${o?"has one":"has none"}`,{verdict:"warn",cause:"after the next boot the driver would not be loaded, and the GPU would be gone",remedy:`sudo apt-get install linux-headers-${s} && sudo dkms autoinstall -k ${s} (elsewhere: the headers, or the ready modules, of that kernel)`})}function zo({gpu:e}){const n="gpu.reboot",t="Is no reboot pending?",i=e.driver.rebootPending,s=(0,h.H$)(i.filter(o=>o!==""));return(0,h.oQ)(n,t,i.length===0,i.length===0?"none":`pending${s&&` for ${s}`}`,{verdict:"warn",cause:"upgraded packages take effect at the next boot only; until then the host runs what was there before",remedy:"sudo reboot at a moment of your choice; this action never reboots a host"})}function Ho({gpu:e}){const n="gpu.inforom",t="Is the card's own memory of itself (infoROM) whole?";if(e.devices.length===0)return(0,h.uG)(n,t,"the driver does not answer");const i=/infoROM is corrupted[^\n]*/i.exec(e.smi.said)?.[0]??"",s=e.smi.exitCode!==14&&i==="";return(0,h.oQ)(n,t,s,s?"no complaint":i||"nvidia-smi ended with exit code 14",{verdict:"warn",cause:"a part of the card that holds its serial number and error counters is damaged; it computes all the same",remedy:"none needed now; a card that also shows Xid errors should be replaced"})}function Wo(e){return[Lo,qo,Vo,Bo,zo,Ho].map(n=>n(e))}const ti=e=>{const[n="",...t]=e.toLowerCase().split(":");return[Number.parseInt(n,16).toString(16),...t].join(":")};function Ko({wish:e,gpu:n}){const t="gpu.count",i="Are all GPUs there?",s=n.devices.length;if(s===0)return(0,h.uG)(t,i,"the driver lists none");const o=new Set(n.devices.map(c=>ti(c.pciBusId))),a=n.devices.every(c=>c.pciBusId!=="")?n.pci.filter(c=>!o.has(ti(c.address))):[],d=`${n.pci.length} on the bus, ${s} listed by the driver${e.expectGpus===void 0?"":`, ${e.expectGpus} expected`}`;if(e.expectGpus!==void 0&&s!==e.expectGpus)return(0,h.oQ)(t,i,!1,d,{verdict:s<e.expectGpus?"fail":"warn",cause:s<e.expectGpus?"a card is out, dead, or not served by the driver":"the machine has more cards than expect-gpus says",remedy:s<e.expectGpus?'sudo dmesg | grep -E "NVRM|Xid"; power and seat of the cards; or correct `expect-gpus` (in a cluster file gpu.count) to what the machine has':"set `expect-gpus` to what the machine has",...a.length>0&&{evidence:a.map(c=>`${c.address} ${c.id} ${c.driver||"no driver"}`)}});const u=a.filter(c=>c.driver==="nvidia");return(0,h.oQ)(t,i,a.length===0,d,{verdict:u.length>0&&e.expectGpus===void 0?"fail":"warn",cause:u.length>0?`the driver holds ${(0,h.H$)(u.map(c=>c.address))} and does not list it: it could not be started, or fell off the bus`:`not with NVIDIA's driver: ${(0,h.H$)(a.map(c=>`${c.address} (${c.driver||"no driver"})`))}`,remedy:u.length>0?'sudo dmesg | grep -E "NVRM|Xid"; switch the machine off and on; or accept it with `expect-gpus`':"none needed where that is meant; `expect-gpus` says how many there should be"})}function Qo({wish:e,gpu:n}){const t="gpu.product",i="Are they the expected product?";if(n.devices.length===0)return(0,h.uG)(t,i,"the driver lists no GPU");const s=[...new Set(n.devices.map(a=>a.name))],o=n.devices.filter(a=>a.name!==e.expectProduct),r=e.expectProduct===void 0||o.length===0;return(0,h.oQ)(t,i,r,(0,h.H$)(s),{cause:`expect-product says ${e.expectProduct}, but ${o.length} of ${n.devices.length} ${o.length===1?"is":"are"} another: the wrong machine, or another card was put in`,remedy:`look whether this is the right host; else write the name as nvidia-smi prints it: ${(0,h.H$)(s)}`})}function Yo({host:e,gpu:n}){const t="gpu.processes",i="Who uses the GPU now?";if(!e.gpu.areProcessesKnown)return(0,h.oQ)(t,i,!1,"could not be found out",{verdict:"warn",cause:"the driver did not list the processes; the GPU counts as used",remedy:"nothing to do: what could disturb it is not done unless `allow-gpu-disruption` says so"});const s=(0,h.gD)(e),o=e.gpu.processes.length-s.length,r=o===0?"":`${o} process${o===1?"":"es"} in pods`;if(s.length===0)return(0,h.bF)(t,i,r||"nobody");const a=(0,h.H$)(s.map(l=>`${l.name} (pid ${l.pid}, ${l.ownerDetail||l.owner})`)),d=s.reduce((l,p)=>l+(p.usedMemoryMiB??0),0),u=n.devices.reduce((l,p)=>l+(p.memoryTotalMiB??0),0),c=d>0?`, ${d}${u>0?` of ${u}`:""} MiB`:"";return(0,h.oQ)(t,i,!1,`outside the cluster: ${a}${c}${r&&`; ${r}`}`,{verdict:"warn",cause:"the cluster does not know of it: it gives the GPU to a pod as if nobody used it, and both share its memory",remedy:"leave enough memory for both, or move that program into the cluster; it is not disturbed unless `allow-gpu-disruption` says so"})}function Jo({wish:e,gpu:n}){const t=o=>o.version!==""&&!o.isHeld,i=e.holdPackages==="all"?[]:n.driver.packages.filter(t),s=e.holdPackages==="none"?n.toolkit.packages.filter(t):[];return[...i,...s]}function Zo(e){const n="gpu.upgrades",t="Can no unattended upgrade replace driver or toolkit under a running GPU?";if(!e.gpu.driver.hasUnattendedUpgrades)return(0,h.bF)(n,t,"unattended upgrades are off");const i=Jo(e),s=i.some(({name:o})=>A.includes(o));return(0,h.oQ)(n,t,i.length===0,i.length===0?"held":`not held: ${(0,h.H$)(i.map(({name:o})=>o))}`,{verdict:"warn",cause:s?"upgrades happen by themselves here; one of the toolkit to a part only, or of the driver, breaks new containers at once":"upgrades happen by themselves here; after one of the driver no new program gets the GPU until the next boot",remedy:"`hold-packages: all`, or by hand: sudo apt-mark hold <packages>; then upgrade them when you can reboot"})}const Xo=e=>[...e.deviceLinks.missing.length>0?[`no link in /dev/char for ${(0,h.H$)(e.deviceLinks.missing)}`]:[],...e.deviceLinks.hasRule?[]:["no udev rule that makes them at boot"]].join(", ");function er({gpu:e}){const n="gpu.device-links",t="Do containers keep the GPU when systemd reloads its units?";if(!e.deviceLinks.isNeeded)return(0,h.bF)(n,t,"systemd does not manage their control groups here");const i=Xo(e);return(0,h.oQ)(n,t,i==="",i||"the links are there, and a rule makes them at boot",{verdict:"warn",cause:"a container whose devices have no link in /dev/char loses them at the next daemon-reload: `Failed to initialize NVML: Unknown Error`",remedy:"`toolkit: install` makes them; by hand: sudo nvidia-ctk system create-dev-char-symlinks --create-all"})}function nr(e){return[Ko,Qo,Yo,Zo,er].map(n=>n(e))}function ii(e){const n=new Map;for(const{name:t}of e.devices)n.set(t,(n.get(t)??0)+1);return(0,h.H$)([...n].map(([t,i])=>`${i} \xD7 ${t||"a GPU without a name"}`))}function tr({wish:e,gpu:n}){const t="gpu.present",i="Is an NVIDIA GPU in this host?";return n.pci.length>0?(0,h.bF)(t,i,(0,h.H$)(n.pci.map(s=>`${s.address} (${s.id})`))):n.devices.length>0?(0,h.bF)(t,i,`${ii(n)}, not on the PCI bus`):(e.expectGpus??0)===0?{id:t,verdict:"skip",question:i,found:"no NVIDIA device on the PCI bus"}:(0,h.oQ)(t,i,!1,"no NVIDIA device on the PCI bus",{cause:`expect-gpus says ${e.expectGpus}: the card is out, dead, or switched off in the firmware`,remedy:"look at the machine: power and seat of the card; lspci -nn -d 10de: lists what is there"})}function ir({host:e,gpu:n}){const t="gpu.driver",i="Does the driver answer?";if(n.devices.length>0){const a=n.devices[0]?.driverVersion||n.driver.loaded,d=n.cudaVersion&&`, CUDA up to ${n.cudaVersion}`;return(0,h.bF)(t,i,`driver ${a}${d}: ${ii(n)}`)}if(Xt(n))return(0,h.uG)(t,i,"its parts have different versions, see gpu.driver-version");const{smi:s}=n,o=s.isInstalled?s.exitCode===void 0?"no answer":`nvidia-smi ended with exit code ${s.exitCode}`:"nvidia-smi is not installed",r=[...s.said.split(`
`).slice(0,5),...n.driver.kernelLog.slice(-5)].filter(a=>a!=="");return(0,h.oQ)(t,i,!1,o,{...jo(n,e.kernel),...r.length>0&&{evidence:r}})}function sr(e){const n=tr(e);return n.verdict!=="pass"?[n]:[n,ir(e),...Wo(e),...nr(e)]}function or(e,n){return n.pci.length===0&&n.devices.length===0?[]:[rr(e,n),ar(e,n)]}function rr(e,n){const t="gpu.toolkit",i="Is NVIDIA's container toolkit there, whole, and as asked for?",s=yn(n),o=Qe(e,n);if(o)return{id:t,verdict:"pass",question:i,found:`${o.reason}; this run installs ${o.version}`};const r="let this action install it (`toolkit: install`)";if(s.kind==="none")return{id:t,verdict:"fail",question:i,found:"not installed",cause:"without nvidia-container-runtime no container gets a GPU",remedy:`${r}, or install it by hand; see NVIDIA's guide`};if(s.kind==="mixed")return{id:t,verdict:"fail",question:i,found:kt(s.installed),cause:"its four packages only fit together at one version",remedy:r};const a=s.kind==="whole"?s.version:`${s.version||"unknown version"}, ${s.path}, from no package`;return e.toolkitVersion!==void 0&&s.version!==e.toolkitVersion?{id:t,verdict:"fail",question:i,found:a,cause:`${e.toolkitVersion} is asked for, and \`toolkit: verify\` changes nothing`,remedy:`${r}, or ask for the version that is there`}:s.version!==""&&vt(s.version,vn)?{id:t,verdict:e.toolkit==="verify"?"fail":"warn",question:i,found:a,cause:`before ${vn} an image can break out of its container (CVE-2025-23266, CVE-2025-23267)`,remedy:`toolkit-version: ${N}`}:{id:t,verdict:"pass",question:i,found:a}}function ar(e,n){const t="gpu.toolkit-repository",i="Do the toolkit's packages come from where they should, signed by the right key?",{packageManager:s,repository:o,keyFingerprints:r}=n.toolkit,{keys:a}=kn(e),d=r.filter(c=>!a.includes(c));if(d.length>0)return{id:t,verdict:"fail",question:i,found:`${o.keyring||"the keyring"} holds ${d.join(", ")}`,cause:`wanted: only ${a.join(" or ")}. Whoever has the other key can give this host packages that run as root`,remedy:"find out whose key it is; for a mirror of your own give `repository` and `repository-keys`, else move the file away",evidence:o.urls.slice(0,8)};if(Qe(e,n)&&s==="")return{id:t,verdict:"fail",question:i,found:"neither apt nor dnf nor zypper",cause:"this action installs the toolkit with a package manager only",remedy:"install the toolkit with that system's own means, and set `toolkit: verify`"};if(o.path==="")return{id:t,verdict:"pass",question:i,found:"none is set up yet"};const u=`${o.urls.slice(0,3).join(", ")||"no address"} (${o.path})`;return o.keyring!==""&&r.length===0?{id:t,verdict:"skip",question:i,found:`${u}; unknown: the keys in ${o.keyring} could not be read`}:{id:t,verdict:"pass",question:i,found:u}}function dr(e){const{wish:n,reading:t,gpu:i}=e,s="gpu.node",o="Is the node there, and Ready?",{node:r}=t;if(r===void 0)return(0,h.oQ)(s,o,!1,`the cluster has no node ${n.node}`,{cause:"the machine has not joined, or under another name",remedy:"join it first (action k3s-join), or give the name that kubectl get nodes shows"});const a=me(e,[]).includes("harmful-template-removed"),d=Ve(e).length>0||a,u=`Ready=${r.ready} ${r.readyReason} ${r.readyMessage}`.trim();return(0,h.oQ)(s,o,r.ready==="True",u,{verdict:d?"warn":"fail",cause:"the kubelet does not run, or cannot run pods: a device plugin would not start",remedy:d?`nothing to do yet: the containerd template that ${a?"was":"is"} moved aside may be the cause`:`kubectl describe node ${n.node}; on the host: journalctl -u ${i.service?"kubelet":i.k3s.unit||"k3s-agent"} -n 50`})}function cr({wish:e,reading:{node:n},host:t}){if(n===void 0)return;const i="gpu.machine",s="Is the host the machine of this node?",o=(0,h.Pd)(n,t);if(o==="this-machine")return(0,h.bF)(i,s,"both name the same machine");const r=o==="another-machine"||n.machineId!==""&&t.machineId!=="";return(0,h.oQ)(i,s,!1,r?"no: it is another machine":"unknown: neither says which it is",{verdict:r?"fail":"warn",cause:r?`what is planned for ${e.node} would be done to another machine, and its k3s restarted`:"without an identity nothing shows that both are one machine",remedy:r?`give the \`host\` of ${e.node}, or the \`node\` of this host; when it is the right one, restart its k3s once, which tells its identity anew`:"compare the addresses yourself",evidence:[`node ${n.name}: system UUID ${n.systemUuid||"unknown"}, machine-id ${n.machineId||"unknown"}, ${(0,h.H$)(n.internalIps)||"no address"}`,`host ${t.hostname}: system UUID ${t.systemUuid||"unknown"}, machine-id ${t.machineId||"unknown"}, ${(0,h.H$)(t.addresses)||"no address"}`]})}const Gn=`echo '{"apiVersion":"node.k8s.io/v1","kind":"RuntimeClass","metadata":{"name":"nvidia"},"handler":"nvidia"}' | kubectl apply -f -`;function ur(e){const{wish:n,reading:t,gpu:i}=e;if(n.devicePlugin==="absent")return;const s="gpu.runtime-class",o=`Does the RuntimeClass nvidia lead to the runtime that ${i.service?"nvidia-ctk writes":"k3s renders"}?`,r=n.devicePlugin==="apply"?"fail":"warn",a=t.runtimeClass;return a===void 0&&Tt(e)?(0,h.bF)(s,o,"there is none yet; the plan makes it"):a===void 0?(0,h.oQ)(s,o,!1,"there is no RuntimeClass nvidia",{verdict:r,cause:i.service?"nothing but k3s ships it, and `device-plugin: apply` makes it":"the servers run with --disable=runtimes, or are older than the releases of k3s that ship it (k3s-io/k3s#8751)",remedy:i.service?Gn:`start the servers without --disable=runtimes, or: ${Gn}`}):(0,h.oQ)(s,o,a.handler==="nvidia",`handler ${a.handler}`,{verdict:r,cause:`${i.service?"nvidia-ctk writes":"k3s renders"} the NVIDIA runtime under the name nvidia; a pod of this class would ask containerd for "${a.handler}"`,remedy:`a handler cannot be changed: kubectl delete runtimeclass nvidia, then: ${Gn}`})}function lr({wish:e,reading:n}){if(e.devicePlugin==="none")return;const t="gpu.plugin-owner",i="Whose is the device plugin?",s=he(n),o=En(n),r=o.map(m=>`${G(m)} of ${en(m).words}`),a=o.flatMap(m=>Rn(m).map($=>`${G(m)} ${$}`)),d=a.length>0?{evidence:a.slice(0,8)}:{},u=[...s?[`${G(s)} of this project`]:[],...r].join(", ")||"there is none";if(e.devicePlugin==="absent")return(0,h.bF)(t,i,`${u}; what is of others stays`);if(e.devicePlugin==="verify"){const m=Te(n);return m===void 0?(0,h.oQ)(t,i,!1,u,{cause:"nothing tells the kubelet of the GPU, so no pod can ask for one",remedy:"press again with `device-plugin: apply`"}):(0,h.oQ)(t,i,a.length===0,u,{verdict:"warn",cause:"it may work today; this is how such plugins break",remedy:An(o.find($=>Rn($).length>0)??m),...d})}const c=sn(n,e),l=o.filter(m=>m!==c),[p]=l;if(p!==void 0){const m=!Ae(p);return(0,h.oQ)(t,i,!1,u,{cause:m?`${G(p)} has the name that our DaemonSet needs, and is not ours`:"two device plugins for one GPU take it from each other: both register nvidia.com/gpu at the kubelet",remedy:l.length===1?An(p):l.map($=>`${G($)}: ${An($)}`).join("; "),...d})}if(e.replaceDevicePlugin!==""&&c===void 0&&s===void 0)return(0,h.oQ)(t,i,!1,u,{cause:`replace-device-plugin names ${e.replaceDevicePlugin}, and there is no such plugin`,remedy:"leave replace-device-plugin empty, or give the namespace and name that kubectl get daemonsets -A shows"});if(n.hasClusterPolicy===!0)return(0,h.oQ)(t,i,!1,"none yet, but gpu-operator is installed (clusterpolicies.nvidia.com)",{cause:"it waits for a node with a GPU: as soon as one is labelled, it brings its own plugin, toolkit and driver",remedy:"leave the GPU to it, or remove it: helm uninstall gpu-operator -n gpu-operator. When it is gone already and only its CRD stayed: kubectl delete crd clusterpolicies.nvidia.com"});const g=c===void 0?u:`${G(c)}, which is replaced by ours as asked for`;return(0,h.bF)(t,i,s===void 0&&c===void 0?"there is none; ours is made":g)}function fr(e,n){const t=e.annotations["meta.helm.sh/release-name"]??"<release>",i=e.annotations["meta.helm.sh/release-namespace"]??e.namespace,{tolerations:s}=J(e),o=In(n).filter(d=>!s.some(u=>Et(u,d))),r=`helm upgrade ${t} <its chart> -n ${i} --reuse-values --set-json`,a=JSON.stringify([...s,...Nt(o).slice(1)]);return`${o.length>0?`${r} 'tolerations=${a}'`:`give the chart a nodeSelector and affinity that fit: ${r} \u2026`}; or: helm uninstall ${t} -n ${i}, and press with \`device-plugin: apply\``}function hr({wish:e,reading:n}){if(e.devicePlugin==="none"||e.devicePlugin==="absent")return;const t="gpu.tolerations",i="Do the pods of the device plugin come to the node?",{node:s}=n;if(s===void 0)return(0,h.uG)(t,i,"there is no such node");if(e.devicePlugin==="apply"){const d=Se(n.gpuNodes).map(Ie.eh);return(0,h.bF)(t,i,d.length===0?"no taint is in the way":`tolerated: ${(0,h.H$)(d,8)}`)}const o=Te(n);if(o===void 0)return(0,h.uG)(t,i,"there is no device plugin");const r=nn(J(o),s),a=en(o).kind==="helm";return(0,h.oQ)(t,i,r.length===0,r.length===0?`${G(o)} does`:r.join("; "),{cause:`${G(o)} is not made for this node, so its DESIRED does not count it (NVIDIA/k8s-device-plugin#708)`,remedy:a?fr(o,s):"add the toleration or the label where the plugin is kept, or let ours be made: `device-plugin: apply`",evidence:[`taints: ${s.taints.map(Ie.eh).join(", ")||"none"}`]})}function pr(e){return[dr,cr,ur,lr,hr].map(t=>t(e)).filter(t=>t!==void 0)}const si=`${b}/${T}`;function mr({wish:e,reading:{node:n}}){return n===void 0||e.devicePlugin==="absent"?!1:n.labels[f]==="true"?cn(n.annotations):e.devicePlugin==="apply"}function gr(e){const{wish:n,reading:t}=e,{node:i,gpuNodes:s}=t;if(i===void 0)return[];const o=[],r=i.labels[f];r!=="true"&&o.push({id:v.label,kind:"label",target:`node ${i.name}: ${f}=true`,reason:r===void 0?"the device plugin runs where this label is":`it says ${r}`,undo:r===void 0?"the label is taken away":`the label is set to ${r} again`}),Tt(e)&&o.push({id:v.runtimeClass,kind:"apply",target:"RuntimeClass nvidia (handler nvidia)",reason:"the device plugin and GPU pods name it, and nothing but k3s brings it",undo:"not needed: a class that no pod names does nothing"});const a=sn(t,n);if(a!==void 0){const l=Rn(a).slice(0,2).join("; ");o.push({id:v.replacePlugin,kind:"delete",target:`DaemonSet ${G(a)} (uid ${a.uid})`,reason:`replace-device-plugin names it${l===""?"":`: it ${l}`}`,disrupts:"for some seconds no new pod gets a GPU; pods that have one keep it"+(a.desired>s.length?`; it runs on ${a.desired} nodes, ours on ${s.length}, those with the label: a GPU elsewhere is offered no more until this action was run for its node`:""),undo:"it is made again as it was read"})}const d=tn({image:n.devicePluginImage,taints:Se(s)}),u=he(t),c=u===void 0?[]:xn(d,u);if(u===void 0||c.length>0){const l=c.filter(p=>!p.startsWith(".metadata.annotations")).slice(0,3);o.push({id:v.applyPlugin,kind:"apply",target:`DaemonSet ${si}, ${n.devicePluginImage}`,reason:u===void 0?"nothing tells the kubelet of the GPU":`differs in ${l.join(", ")||"what this version sets"}`,...u===void 0?{}:{disrupts:"the plugin starts anew on every GPU node; pods that have a GPU keep it"},undo:u===void 0?"the DaemonSet is deleted":It(d,u)?"the former one is applied again":"none: the next run applies what is wanted then"})}return o}function $r({reading:e}){const{node:n,gpuNodes:t}=e,i=[],s=he(e),o=t.filter(r=>r.name!==n?.name&&r.labels[f]==="true");return s!==void 0&&o.length===0&&i.push({id:v.deletePlugin,kind:"delete",target:`DaemonSet ${si} (uid ${s.uid})`,reason:"device-plugin: absent, and no other node has its label",disrupts:"no new pod gets a GPU; pods that have one keep it",undo:"none: device-plugin: apply makes it again"}),n!==void 0&&n.labels[f]!==void 0&&cn(n.annotations)&&i.push({id:v.unlabel,kind:"label",target:`node ${n.name}: ${f} is taken away`,reason:"device-plugin: absent, and this project set it",...o.length>0?{disrupts:`the plugin leaves this node; it stays on ${o.length} other${o.length===1?"":"s"}`}:{},undo:"none: device-plugin: apply sets it again"}),i}function Mn(e,n){const{wish:t,reading:i}=e,s=pr(e),o=t.devicePlugin==="apply"?gr(e):t.devicePlugin==="absent"?$r(e):[],{node:r}=i;if(r===void 0)return{changes:o,checks:s};const a=r.annotations[w],d=oi(e,n),u={id:v.record,kind:"annotate",target:`node ${r.name}: ${w}`,reason:a===void 0?"says which GPUs, driver and toolkit were found":"what was found is no longer what it says",undo:"not needed: a hint only"};return{changes:a===d?o:[...o,u],checks:s}}function oi(e,n){return ki(e.gpu,{...n?{toolkit:n}:{},isLabelOurs:mr(e)})}const ri=({gpu:e})=>e.pci.length>0||e.devices.length>0,Un=U,ai=e=>Un.includes(e),jn=e=>e.map(({id:n})=>n).filter(ai);function vr(e){const{wish:n,gpu:t,host:i}=e,s=sr(e);if(!ri(e))return s;const o=jn(Ye(n,t).changes);return[(0,h.sp)({facts:i}),...s,...or(n,t),...t.service?Hi(e,o):So(e,o),...Mn(e).checks]}function kr(e,{gpu:n,reading:t}){const[i,s]=[t.node?.kubeletVersion??"",n.k3s.version];return e.id!==v.restart||i===""||s===""||i===s?e:{...e,disrupts:`${e.disrupts??""}; k3s is on the disk as ${s} instead of ${i}, and starts so`}}function yr(e,n){const{host:t,wish:i,gpu:s}=e;if(!ri(e))return{plan:{changes:i.devicePlugin==="absent"?Mn(e).changes:[],blockers:n},restart:[]};const o=Ye(i,s),r=(s.service?zi:Oo)(e,jn(o.changes)),a=({id:c})=>ai(c)?Un.indexOf(c):Un.length,d=[...o.changes,...r].toSorted((c,l)=>a(c)-a(l)),u=[...d.map(c=>kr(c,e)),...Mn(e,o.version).changes];return{plan:{changes:u,blockers:[...n,...(0,h.h_)(t,u,i.allowGpuDisruption)]},restart:r.some(({id:c})=>c==="restart")?(s.service?xe:me)(e,jn(d)):[]}}function br(e){return[e.gpu.service?Ji(e):To(e)]}async function wr(e,n,t,i="apply"){const[s,o,r,a]=await Promise.all([i==="apply"||i==="absent"?e.nodesWithLabel(f,"true",t):[],e.daemonSets(t),e.podsOnNode(n,t),i==="absent"?void 0:e.runtimeClass("nvidia",t)]),d=s.some(({name:O})=>O===n),u=i==="apply"&&!o.some(O=>Xe(O)||Ae(O)),[c,l]=await Promise.all([d?void 0:e.node(n,t),u?e.hasResource("nvidia.com/v1","clusterpolicies",t):void 0]),p=c===void 0?s:[...s,c],g=p.find(({name:O})=>O===n),m={...g===void 0?{}:{node:g},gpuNodes:p,daemonSets:o,pods:r,...a===void 0?{}:{runtimeClass:a},...l===void 0?{}:{hasClusterPolicy:l}},$=await _r(e,m,t);return $===void 0?m:{...m,pluginConfig:$}}async function _r(e,n,t){const i=Te(n),s=i===void 0?"":J(i).configMap;if(!(i===void 0||s===""))try{return await e.configMap(i.namespace,s,t)}catch(o){if(o instanceof Ie.b$&&o.code==="forbidden")return;throw o}}const Fn="k3s-gpu-actions/gpu-proof",Ln={compute:`import array
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
`};function Or(e,n){return{command:["/bin/sh","-c",Ln.proof],env:{PROOF_MARK:Fn,PROOF_SEED:String(e),PROOF_STEPS:n,PROOF_PY:n==="all"?Ln.compute:"",PROOF_PTX:n==="all"?Ln.kernel:"",NVIDIA_DRIVER_CAPABILITIES:"compute,utility",NVIDIA_DISABLE_REQUIRE:"1",...n==="device"?{NVIDIA_VISIBLE_DEVICES:"all"}:{}}}}const di=65536,xr=64,{imul:ci}=Math;function Rr(e,n){let t=(ci(e,2654435761)^n)>>>0;for(let i=0;i<xr;i++)t=ci(t,1664525)+1013904223>>>0,t=(t^t>>>13)>>>0,t=t+((t&2047)*3+1)>>>0;return t}const qn=new Map;function Pr(e){const n=qn.get(e);if(n!==void 0)return n;const t=new DataView(new ArrayBuffer(4*di));for(let s=0;s<di;s++)t.setUint32(4*s,Rr(s,e),!0);const i=(0,Pn.createHash)("sha256").update(t).digest("hex").slice(0,16);return qn.clear(),qn.set(e,i),i}function Ir(e,n){return(0,Pn.createHash)("sha256").update(`${e}/${n}`).digest().readUInt32LE(0)}const Er={image:"nvcr.io/nvidia/k8s/cuda-sample:vectoradd-cuda12.5.0",grade:"computes"},Ar=[/(^|\/)tritonserver$/,/(^|\/)python$/,/(^|\/)(pytorch|tensorflow|tensorrt|rapids|nemo|jax|cuda-python|vllm-openai|vllm|text-generation-inference|sglang)$/,/(^|\/)[a-z0-9._-]*(notebook|jupyter)[a-z0-9._-]*$/],Sr=/(^|\/)cuda-sample$/,Tr=/(^|\/)(cuda|debian|ubuntu|ubi[89][a-z-]*|rockylinux|almalinux|fedora)$/,ui=/alpine|musl|distroless|busybox|windows|-min(-|$)/;function Nr(e){const[n=""]=e.split("@"),t=n.lastIndexOf(":");return t>n.lastIndexOf("/")?{path:n.slice(0,t),tag:n.slice(t+1)}:{path:n,tag:""}}const Dr=e=>/^[a-z0-9][a-z0-9._/:@-]{0,254}$/i.test(e);function Cr(e){const{path:n,tag:t}=Nr(e);if(!Dr(e)||ui.test(t)||ui.test(n))return;const i=Ar.findIndex(s=>s.test(n));return i>=0?{rank:i,grade:"computes"}:Sr.test(n)&&/^vectoradd/.test(t)?{rank:10,grade:"computes"}:Tr.test(n)?{rank:20,grade:"lists"}:void 0}function Gr(e){const n=e.flatMap(i=>{const s=Cr(i);return s===void 0?[]:[{image:i,...s,isDigest:i.includes("@")}]}).sort((i,s)=>i.rank-s.rank||Number(i.isDigest)-Number(s.isDigest)||(i.image<s.image?-1:i.image>s.image?1:0)),[t]=n;return t&&{image:t.image,grade:t.grade}}const li=e=>typeof e=="object"&&e!==null&&!Array.isArray(e)?e:{},q=(e,n=120)=>typeof e=="string"?e.replace(/[^\x20-\x7e]+/g," ").slice(0,n):"",an=e=>typeof e=="number"&&Number.isSafeInteger(e)&&e>=0?e:void 0,Mr=64,Ur=16*1024,jr=/^(GPU|MIG)-[0-9A-Za-z/-]{8,80}$/,fi=e=>Array.isArray(e)?e.slice(0,Mr).map(li):[],hi=e=>jr.test(q(e.uuid))?q(e.uuid):"";function Fr(e){return{fact:"device",exit:an(e.exit)??-1,said:q(e.said,300),cuda:/^\d{1,3}(\.\d{1,3})?$/.test(q(e.cuda))?q(e.cuda):"",gpus:fi(e.gpus).flatMap(n=>{const t=hi(n);if(t==="")return[];const[i,s]=[an(n.total),an(n.used)];return{uuid:t,name:q(n.name),driver:q(n.driver,40),...i===void 0?{}:{totalMiB:i},...s===void 0?{}:{usedMiB:s}}})}}function Lr(e){return{fact:"compute",by:e.by==="libcuda"||e.by==="sample"?e.by:"none",code:typeof e.code=="string"?q(e.code,60):"unreadable",said:q(e.said,300),cuda:an(e.cuda)??0,gpus:fi(e.gpus).map(n=>({uuid:hi(n),name:q(n.name),capability:q(n.capability,10),digest:/^[0-9a-f]{16}$/.test(q(n.digest))?q(n.digest):""}))}}function qr(e,n){let t={};for(const i of e.split(`
`)){if(!i.startsWith(`${Fn} {`)||i.length>Ur)continue;let s;try{s=li(JSON.parse(i.slice(Fn.length+1)))}catch{continue}s.seed===String(n)&&(s.fact==="device"&&(t={...t,device:Fr(s)}),s.fact==="compute"&&(t={...t,compute:Lr(s)}))}return t}const Vr=[C["survey-smi"],C["survey-driver"],M.ZG,C["survey-packages"],C["survey-runtime"],C["survey-containerd"],C.survey].join(`
`);async function Br(e,n,t){const i=await e.run({name:"undo",script:[C.files,M.gY,M.O,M.pl,M.t8,C.packages,C.undo].join(`
`),env:{RUN_ID:(0,M.np)(n),HOLDER:(0,M.$R)(t.holder??`undo of run ${n}`),LOCK_WAIT:(0,M.ET)(t),UNIT:t.unit},privilege:"root",timeoutMs:t.timeoutMs,signal:t.signal}),s=un(e.label,"the undo",i);if(s)throw s;const o=r=>i.lines.flatMap(a=>typeof a[r]=="string"?[a[r]]:[]);return{undone:[...new Set(o("undone"))],remaining:o("remaining"),evidence:o("evidence")}}})};export{oa as id,ra as ids,aa as modules};
