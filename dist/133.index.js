const Gs=133,Bs=[133],Ks={543:((Ne,ue,x)=>{x.d(ue,{$p:()=>q,bD:()=>re,dh:()=>w,ip:()=>W,pb:()=>he});class w extends Error{name="HostError";code;host;title;cause;remedy;evidence;constructor(J,F,C,G=N=>N){super(G(`${F}: ${C.title}: ${C.cause}`)),this.code=J,this.host=F,this.title=G(C.title),this.cause=G(C.cause),this.remedy=G(C.remedy),this.evidence=(C.evidence??[]).filter(N=>N!=="").map(G)}}function q(U){const J=U.filter(F=>F!==void 0&&F.trim()!=="").flatMap(F=>[F,...F.split(`
`).filter(C=>C.trim().length>=8&&!C.includes("-----"))]).sort((F,C)=>C.length-F.length);return F=>J.reduce((C,G)=>C.replaceAll(G,"***"),F)}function W(U,J,F){return F.reason?.name==="TimeoutError"?new w("deadline",U,{title:`${J} took too long`,cause:"there was no answer before the deadline",remedy:"look whether the host is under load or packets are dropped on the way, then run again"}):new w("cancelled",U,{title:`${J} was cancelled`,cause:"the run was cancelled",remedy:"run it again: it continues from what it finds"})}function re(U){const J=U?.message;return typeof J=="string"?J:String(U)}function he(U){return U instanceof w&&U.code==="connection-lost"}}),8438:((Ne,ue,x)=>{x.d(ue,{Qw:()=>re,Vr:()=>q,_y:()=>he,cw:()=>W});var w=x(543);function q(U){if(!/^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/.test(U))throw new TypeError(`${JSON.stringify(U)} cannot be the name of an uploaded file`);return U}function W(U,J){return new w.dh("output-too-large",U,{title:`script ${J} was ended`,cause:"the host printed far more than the script can print",remedy:"look at what the start-up files of the login shell on the host print"})}function re(U,J,F,C){return new w.dh("upload-failed",U,{title:`${J} could not be uploaded`,cause:F,remedy:"make room in /tmp of the host, or look at the connection, and run it again"},C)}function he(U,J,F,C){return new w.dh("connection-failed",U,{title:`${J}:${F} cannot be reached from the host`,cause:C===""?"the connection failed without a reason":C,remedy:`allow ${F}/tcp from the host to ${J}, or use an address that the host can reach`})}}),2867:((Ne,ue,x)=>{x.d(ue,{pY:()=>ke,gY:()=>Ue,np:()=>Oe,Zj:()=>we,lZ:()=>pe,BZ:()=>Se,iJ:()=>Me,LT:()=>xe,Qw:()=>Ce,$R:()=>De,pb:()=>w.pb,ET:()=>de,hx:()=>_e,kj:()=>je,O:()=>Ze});var w=x(543),q=x(3024),W=x(1455),re=x(7030),he=x(8161),U=x(6760),J=x(8500),F=x(8438),C=x(3221),G=x(3493);function N(){return Object.fromEntries(["PATH","HOME","USER","LOGNAME"].flatMap(k=>process.env[k]===void 0?[]:[[k,process.env[k]]]))}class M{label="local";counts={sessions:0,forwards:0};#t;#e;#o;#n;constructor(k,O,T){this.#t=O,this.#e=k.sudoPassword??"",this.#o=k.user||process.env.USER||"the user",this.#n=T}static async open(k,O){return new M(k,O,await(0,W.mkdtemp)((0,U.join)((0,he.tmpdir)(),"k3s-gpu-actions-")))}async run(k){const O=`script ${k.name}`;if(k.signal.aborted)throw(0,w.ip)(this.label,O,k.signal);this.counts.sessions+=1;const T=(0,w.$p)([this.#e,...Object.values(k.secrets??{})]),L=(0,U.join)(this.#n,`session-${this.counts.sessions}`);await(0,W.writeFile)(L,"");const P=(0,C.Nt)(k.script,k.env??{},k.secrets??{},{type:"watch",pid:process.pid,file:L}),Q=new G.IA(k.onLine),se=performance.now(),V=Promise.withResolvers();V.promise.catch(()=>{});const z=le=>{(0,q.rmSync)(L,{force:!0}),V.reject(le)},ee=()=>z((0,w.ip)(this.label,O,k.signal)),ve=setTimeout(()=>z(new w.dh("script-timeout",this.label,(0,G.bY)(k.name,k.timeoutMs),T)),k.timeoutMs+G.q_);k.signal.addEventListener("abort",ee,{once:!0});const _=le=>Ee=>{try{Q[le](Ee)}catch(We){z(We instanceof RangeError?(0,F.cw)(this.label,k.name):We)}},oe=this.#t("sh",C.ec,{input:(0,C.h7)({program:P,privilege:k.privilege,timeoutMs:k.timeoutMs,sudoPassword:this.#e,input:"closed"}),env:N(),onStdout:_("stdout"),onStderr:_("stderr")});try{const le=await Promise.race([oe,V.promise]);return(0,G.mq)({host:this.label,user:this.#o,scriptName:k.name,privilege:k.privilege,timeoutMs:k.timeoutMs,elapsedMs:performance.now()-se,exitCode:le,output:Q,redact:T})}catch(le){throw await Promise.race([oe.catch(()=>{}),(0,J.setTimeout)(G.P4,void 0,{ref:!1})]),le}finally{clearTimeout(ve),k.signal.removeEventListener("abort",ee),(0,q.rmSync)(L,{force:!0})}}async upload(k,O){if(O.aborted)throw(0,w.ip)(this.label,`the upload of ${k.name}`,O);const T=await(0,W.mkdtemp)((0,U.join)((0,he.tmpdir)(),"k3s-gpu-actions.")),L=(0,U.join)(T,(0,F.Vr)(k.name));try{await(0,W.copyFile)(k.path,L);const{size:P}=await(0,W.stat)(L);if(P!==k.sizeBytes)throw new Error(`${P} of ${k.sizeBytes} bytes were copied`);return L}catch(P){throw await(0,W.rm)(T,{recursive:!0,force:!0}),(0,F.Qw)(this.label,k.name,(0,w.bD)(P))}}async forward(k,O,T){const L=`connecting to ${k}:${O}`;if(T.aborted)throw(0,w.ip)(this.label,L,T);this.counts.forwards+=1;const{promise:P,resolve:Q,reject:se}=Promise.withResolvers(),V=(0,re.connect)({host:k,port:O,noDelay:!0}),z=()=>{V.destroy(),se((0,w.ip)(this.label,L,T))};return T.addEventListener("abort",z,{once:!0}),V.once("connect",()=>Q(V)),V.on("error",ee=>se((0,F._y)(this.label,k,O,ee.message))),P.finally(()=>T.removeEventListener("abort",z))}async close(){await(0,W.rm)(this.#n,{recursive:!0,force:!0})}}var Z=x(6846);const I=512,A=256;function E(v,k){const O=v?.[k];return typeof O=="string"?O.trim().slice(0,I):""}function fe(v,k,O){const T=v?.[k];return typeof T!="string"?[]:T.slice(0,A*I).split(O).map(P=>P.trimEnd().slice(0,I)).filter(P=>P!=="").slice(0,A)}function H(v,k,O=0){const T=v?.[k];return typeof T=="number"&&Number.isSafeInteger(T)&&T>=0?T:O}function B(v,k,O){return k.find(T=>T===v)??O}function ce(v){const k=new Map;for(const O of v){const T=H(O,"pid");if(T===0)continue;const L=[k.get(T)?.usedMemoryMiB,O.memory].filter(P=>typeof P=="number"&&Number.isSafeInteger(P)&&P>=0);k.set(T,{pid:T,name:E(O,"name"),...L.length>0&&{usedMemoryMiB:L.reduce((P,Q)=>P+Q,0)},owner:B(O.owner,["pod","container","host"],"host"),ownerDetail:E(O,"detail"),...H(O,"started")>0&&{startTicks:H(O,"started")}})}return[...k.values()].slice(0,A)}function _e(v,k){const O=_=>v.filter(oe=>oe.fact===_).slice(0,A),T=_=>v.find(oe=>oe.fact===_),L=T("identity"),P=T("os"),Q=T("kernel"),se=T("privilege"),V=T("cgroup"),z=T("memory"),ee=T("route"),ve=T("gpu");return{hostname:E(L,"hostname"),user:E(L,"user"),machineId:E(L,"machine_id"),systemUuid:E(L,"system_uuid").toLowerCase(),os:{id:E(P,"id"),idLike:E(P,"id_like"),versionId:E(P,"version_id"),prettyName:E(P,"pretty")},kernel:E(Q,"release"),architecture:E(Q,"architecture"),init:B(T("init")?.name,["systemd","openrc","other"],"other"),...H(T("init"),"systemd")>0&&{systemdVersion:H(T("init"),"systemd")},privilege:{state:B(se?.state,["root","passwordless","password","none"],"none"),problem:E(se,"problem")},cgroup:{version:B(V?.version,[0,1,2],0),controllers:fe(V,"controllers"," ")},readOnly:O("read-only").map(_=>E(_,"path")).filter(_=>_!==""),memoryBytes:H(z,"total"),swapBytes:H(z,"swap"),ports:O("port").map(_=>({port:H(_,"port"),process:E(_,"process"),pid:H(_,"pid"),owner:(_.owner==="pod"||_.owner==="container"?`${_.owner} ${E(_,"detail")}`:E(_,"detail")).trim()})).filter(({port:_})=>_>0&&_<=65535),disks:O("disk").filter(_=>H(_,"bytes",-1)>=0).map(_=>({path:E(_,"path"),availableBytes:H(_,"bytes"),totalBytes:H(_,"total"),availableInodes:H(_,"inodes",Number.MAX_SAFE_INTEGER)})),clock:{hostMs:H(T("clock"),"ms"),runnerMs:k},defaultRoute:ee&&{via:E(ee,"via"),device:E(ee,"device"),source:E(ee,"source")},hasNoDefaultRoute:ee===void 0&&T("no-route")?.known===!0,addresses:[...new Set(O("address").map(_=>E(_,"address")))].filter(_=>/^[0-9a-fA-F.:]+$/.test(_)),resolvers:O("resolver").map(_=>({path:E(_,"path"),isReadable:_.readable===!0,servers:fe(_,"servers"," ")})),selinux:B(T("selinux")?.mode,["enforcing","permissive","disabled","unknown"],"unknown"),modules:O("module").map(_=>({name:E(_,"name"),state:B(_.state,["loaded","loadable","missing","unknown"],"unknown")})).filter(({name:_})=>_!==""),kubernetes:O("kubernetes").flatMap(_=>{const oe=B(_.kind,["cni-config","interface","kubelet-config","kubelet",""],"");return oe===""?[]:[{kind:oe,name:E(_,"name"),pid:H(_,"pid"),unit:E(_,"unit")}]}),firewalls:O("firewall").flatMap(_=>{const oe=B(_.name,["ufw","firewalld","nftables",""],""),le=B(_.state,["active","inactive","unknown"],"unknown");return oe===""?[]:[{name:oe,state:le,rules:fe(_,"rules",`
`)}]}),sshForwarding:B(T("sshd")?.forwarding,["yes","no","local","remote","unknown"],"unknown"),runtimes:O("runtime").map(_=>({name:E(_,"name"),isRunning:_.running===!0})).filter(({name:_})=>_!==""),gpu:{devices:O("gpu-device").map(_=>({name:E(_,"name"),driverVersion:E(_,"driver"),memoryMiB:H(_,"memory")})),pciDevices:H(ve,"pci"),problem:E(ve,"problem"),processes:ce(O("gpu-process")),areProcessesKnown:T("gpu-processes")?.known===!0},distribution:v.filter(_=>typeof _.fact=="string"&&/^[a-z0-9]+\./.test(_.fact))}}class ke extends Error{name="HostStepError";code;step;cause;remedy;evidence;constructor(k,O,T,L,P,Q){super(T),this.code=k,this.step=O,this.cause=L,this.remedy=P,this.evidence=Q}}const Ke="run it again: it continues from what it finds",Re={"host-locked":"wait until that run has ended, or cancel it, and run this one again; one whose runner is gone lets go within minutes",overtaken:"look at the later run: what it says of the host is what is true","lock-unavailable":"install util-linux on the host (it brings flock)","backup-failed":"free space on the host (df -h /var/lib), then run it again","write-failed":"free space on the host (df -h /etc), then run it again","replace-failed":"look for an immutable file (lsattr) or a read-only mount at that path","hash-unavailable":"install coreutils on the host (it brings sha256sum)","reload-failed":"look at the host on its console: sudo systemctl daemon-reload","folder-read-only":"the host keeps this folder read-only (an immutable system, or a file system with errors): make it writable, or do this with the means of that system"},Pe=v=>typeof v=="string"?v:"";function pe(v,k,O,T={}){if(O.exitCode===0)return;const L=O.lines.findLast(z=>typeof z.error=="string"),P=Pe(O.lines.findLast(z=>z.state==="failed")?.step),Q=[...O.lines.flatMap(z=>typeof z.evidence=="string"?[z.evidence]:[]),...O.stderr.trim().split(`
`).slice(-10)].filter(z=>z!==""),se=`${k} on ${v} did not succeed${P?` (step ${P})`:""}`;if(L===void 0){const z=`the script ended with exit code ${O.exitCode} without saying why`;return new ke("script-failed",P,se,z,Ke,Q)}const V=Pe(L.error);return new ke(V,P,se,Pe(L.message),T[V]??Re[V]??Ke,Q)}const ge=v=>typeof v=="string"?v:"",Le=v=>typeof v=="number"&&Number.isSafeInteger(v)?v:0;function qe(v){if(v.event==="journal"){const k=ge(v.source);return{type:"journal",text:ge(v.text),...k===""?{}:{source:k}}}if(v.event==="journal-ended")return{type:"journal",text:`journalctl ended: ${ge(v.text)}`};if(v.event==="unit")return{type:"unit",activeState:ge(v.active),subState:ge(v.sub),restarts:Le(v.restarts),result:ge(v.result),mainStatus:Le(v.status),isNew:v.new===!0}}async function Me(v,k){const{unit:O,log:T,action:L,signal:P,onEvent:Q,timeoutMs:se}=k;if(P.aborted)return;let V;try{V=await v.run({name:"watch",script:Z.P["follow-unit"],env:{UNIT:O,LOG:T,ACTION:L},privilege:"root",timeoutMs:se,signal:P,onLine:z=>{const ee=P.aborted?void 0:qe(z);ee&&Q(ee)}})}catch(z){if(P.aborted)return;throw z}if(!P.aborted)throw pe(v.label,`the ${L==="none"?"watch":L} of ${O}`,V,{"start-refused":`look at the host on its console: sudo systemctl status ${O}; sudo journalctl -u ${O} -n 50`})??new ke("watch-ended","",`the watch of ${O} on ${v.label} ended by itself`,"the script ended without being told to","run it again: it continues from what it finds",V.stderr.trim().split(`
`).slice(-10))}function de(v){return String(Math.max(0,Math.floor((v.lockWaitMs??Math.min(6e4,v.timeoutMs/3))/1e3)))}function Oe(v){if(!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(v))throw new TypeError(`${JSON.stringify(v)} is no run id`);return v}function De(v){return v.replace(/[\u0000-\u001f\u007f]+/g," ").slice(0,200)}async function Ce(v,k){const{signal:O,waitMs:T,holdMs:L}=k,P=new AbortController,Q=Promise.withResolvers();let se=!1;const V=v.run({name:"hold",script:[Z.P["change-log"],Z.P.hold].join(`
`),env:{RUN_ID:Oe(k.runId),HOLDER:De(k.holder),LOCK_WAIT:String(Math.ceil(T/1e3)),HOLD:String(Math.ceil(L/1e3))},privilege:"root",timeoutMs:T+L,signal:AbortSignal.any([O,P.signal]),onLine:ee=>{typeof ee.waiting_for=="string"&&(se=!0,k.onWaiting(ee.waiting_for)),ee.held==="yes"&&Q.resolve(typeof ee.released=="number"?ee.released*1e3:0)}}).then(ee=>{throw pe(v.label,"keeping other runs away",ee)??new Error("the lock was not kept")});V.catch(Q.reject);const z=await Q.promise;return{hasWaited:se,releasedAtMs:z,async release(){P.abort(),await V.catch(()=>{})}}}const je=[Z.P["survey-machine"],Z.P["survey-network"],Z.P["survey-containers"],Z.P.survey].join(`
`),Se=Z.P.evidence,Ue=Z.P["change-log"],Ze=Z.P["undo-log"],xe=[je,Z.P["gpu-processes"]].join(`
`);async function we(v,k,O){const T=v.transport==="local"?"local":`${v.user}@${v.address}`;if(O.aborted)throw(0,w.ip)(T,"connecting",O);if(/[\n\0]/.test(v.sudoPassword??""))throw new w.dh("access-invalid",T,{title:"the sudo password cannot be used",cause:"it holds a line break",remedy:"save the secret again as one line"});if(v.transport==="local")return M.open(v,k.exec);const{connectSsh:L}=await x.e(383).then(x.bind(x,2383));return L(v,O)}}),3221:((Ne,ue,x)=>{x.d(ue,{J_:()=>G,Nt:()=>J,ec:()=>C,h7:()=>F});var w=x(6846);const q=new Set("PATH IFS ENV HOME SHELL USER LOGNAME PWD TERM PS1 PS2 PS4 ROOT REHEARSAL GUARD GUARD_PID GUARD_FILE KGA_GROUP SUDO_STATE SUDO_PROBLEM SUDO_USER LC_ALL LANG OPTIND".split(" "));function W(N){return`'${N.replaceAll("'","'\\''")}'`}function re(N,M){if(!/^[A-Z_][A-Z0-9_]*$/.test(N)||q.has(N)||/^(?:LD_|BASH)/.test(N))throw new TypeError(`${JSON.stringify(N)} cannot be the name of a script's variable`);if(M.includes("\0"))throw new TypeError(`the value of ${N} holds a NUL character, which no shell variable can`);return`${N}=${W(M)}`}function he(N,M){const Z=Object.entries(N).map(([A,E])=>`${re(A,E)}
export ${A}
`),I=Object.entries(M).map(([A,E])=>`unset ${A}
${re(A,E)}
`);return[...Z,...I].join("")}function U(N){return N.type!=="watch"?`GUARD=${N.type}
`:`GUARD=watch
GUARD_PID=${N.pid}
GUARD_FILE=${W(N.file)}
`}function J(N,M,Z,I){const A=/(?:^|\n)main[ \t]*\n*$/.test(N)?"":`main
`;return`${U(I)}${w.P.library}
${he(M,Z)}${N}
${A}#end`}function F(N){const M=N.privilege==="user"?"":N.sudoPassword,Z=Math.max(1,Math.ceil(N.timeoutMs/1e3)),I=Buffer.from(N.program),A=[M,N.privilege,Z,N.input,M,`k3s-gpu-actions-begin ${I.length}`];return Buffer.concat([Buffer.from(`${A.join(`
`)}
`),I])}const C=["-c",w.P.outer,"k3s-gpu-actions",w.P.inner],G=`exec sh ${C.map(W).join(" ")}`}),6846:((Ne,ue,x)=>{x.d(ue,{P:()=>w});const w={"change-log":`
state=$ROOT/var/lib/k3s-gpu-actions
lock=$ROOT/run/k3s-gpu-actions.lock

check_run_id() {
  case $RUN_ID in
    '' | [!A-Za-z0-9]* | *[!A-Za-z0-9._-]*) die bad-run-id 'the id of a run has only letters, digits, dots, dashes and underscores' ;;
  esac
  run=$runs_folder/$RUN_ID
}

take_lock() {
  has flock || die lock-unavailable 'there is no flock command on this host (package util-linux), so nothing keeps two runs apart'
  mkdir -p "$ROOT/run"
  (: >>"$lock") 2>/dev/null || die lock-unavailable "the lock file \${lock#"$ROOT"} cannot be written"
  exec 9>>"$lock"
  deadline=$(($(date +%s) + LOCK_WAIT)) waiting=no
  while :; do
    code=0
    flock -n 9 2>/dev/null || code=$?
    if [ "$code" = 0 ]; then break; fi
    if [ "$code" != 1 ]; then die lock-unavailable "flock ended with exit code $code"; fi
    holder=''
    IFS= read -r holder <"$lock" 2>/dev/null || :
    if [ "$(date +%s)" -ge "$deadline" ]; then
      die host-locked "another run holds this host: \${holder:-it left no name} (waited $LOCK_WAIT s)"
    fi
    if [ "$waiting" = no ]; then emit waiting_for "$holder" && waiting=yes; fi
    sleep 0.2 2>/dev/null || sleep 1
  done
  printf '%s, since %s\\n' "$HOLDER" "$(date -u '+%Y-%m-%d %H:%M:%S UTC')" >"$lock"
  on_stop forget_holder
}

forget_holder() { : >"$lock"; }

note() { printf '%s\\n' "$*" >>"$run/log"; }

is_there() { [ -e "$ROOT$1" ] || [ -L "$ROOT$1" ]; }

unit_property() {
  timeout 10 systemctl show "$unit" -p "$1" 2>/dev/null | sed -n "s/^$1=//p"
}

is_running() {
  case $1 in active | activating | reloading | refreshing) return 0 ;; esac
  return 1
}

relabel() {
  if has restorecon; then restorecon "$ROOT$1" >/dev/null 2>&1 || :; fi
}

open_log() {
  (umask 077 && mkdir -p "$runs_folder" "$run/backups")
  number=0
  if [ ! -e "$run/log" ]; then
    before=$(unit_property ActiveState) pid=$(unit_property MainPID)
    note "unit $unit \${before:-unknown} \${pid:-0}"
    note_before
  fi
}

preserve() {
  if ! is_there "$1"; then
    note "created $1"
    return 0
  fi
  while [ -e "$run/backups/$number" ] || [ -L "$run/backups/$number" ]; do number=$((number + 1)); done
  backup=$run/backups/$number
  rm -rf "$backup.part"
  if [ "\${2:-}" != link ] || [ -L "$ROOT$1" ] || ! ln "$ROOT$1" "$backup.part" 2>/dev/null; then
    cp -a "$ROOT$1" "$backup.part" || die backup-failed "$1 could not be copied to \${run#"$ROOT"} (is the disk full?)"
  fi
  mv -f "$backup.part" "$backup"
  note "replaced $number $1"
}

make_folder() {
  if [ -z "$1" ] || [ -d "$ROOT$1" ]; then return 0; fi
  make_folder "\${1%/*}"
  note "folder $1"
  mkdir "$ROOT$1" 2>/dev/null || die folder-read-only "the folder $1 cannot be made"
  chmod 755 "$ROOT$1"
}

temporary() {
  temp_path=\${1%/*}/.k3s-gpu-actions.$RUN_ID.new
  temp=$ROOT$temp_path
  note "temporary $temp_path"
  rm -f "$temp" 2>/dev/null || :
  (umask 077 && : >"$temp") 2>/dev/null || die folder-read-only "nothing can be written to \${1%/*} (read-only file system?)"
}

replace() {
  if [ "\${RESTART:-yes}" = no ] && [ "$1" != "$unit_path" ]; then
    if is_there "$1"; then touch -r "$ROOT$1" "$temp"; elif is_there "$unit_path"; then touch -r "$ROOT$unit_path" "$temp"; fi
  fi
  mv -f "$temp" "$ROOT$1" || die replace-failed "$1 could not be replaced"
  relabel "$1"
}

report_interrupted() {
  continued=' ' settled=' '
  for log in "$runs_folder"/*/log; do
    if grep -qs '^finished' "$log"; then settled="$settled$(sed -n 's/^continues //p' "$log" | tr '\\n' ' ')"; fi
  done
  for name in $(ls -1t "$runs_folder"/*/log 2>/dev/null | sed 's|.*/\\([^/]*\\)/log$|\\1|'); do
    folder=$runs_folder/$name
    if [ "$folder" = "$run" ] || grep -q '^finished' "$folder/log"; then continue; fi
    case $settled in *" $name "*) continue ;; esac
    emit interrupted "$name" step "$(sed -n 's/^step //p' "$folder/log" | tail -n 1)"
    sed -n 's/^temporary //p' "$folder/log" | while IFS= read -r path; do rm -f "$ROOT$path"; done
    note "continues $name"
    continued="$continued$name "
  done
}

discard_older() {
  if [ "$changed" = no ] && [ "$continued" = ' ' ]; then : >"$run/unchanged"; fi
  for folder in "$runs_folder"/*; do
    if [ "$folder" = "$run" ] || [ ! -d "$folder" ]; then continue; fi
    case $continued in *" \${folder##*/} "*) continue ;; esac
    if [ ! -e "$run/unchanged" ] || [ -e "$folder/unchanged" ]; then rm -rf "$folder"; fi
  done
}
`,evidence:`
most_bytes=163840
since='' hangs=' ' forced=''
if timeout -k 1 5 true >/dev/null 2>&1; then forced='-k 1'; fi

keep() {
  text=$("$3" -c "$most_bytes" | tr -d '\\000-\\010\\013-\\037\\177' | cut -b 1-2000) || text=''
  emit file "$1" part "$2" text "$text"
}

show() {
  printf '== %s\\n' "$*"
  if ! has "$1"; then
    printf '(%s is not installed)\\n' "$1"
    return 0
  fi
  case $hangs in
    *" $1 "*)
      printf '(not asked again: %s hung)\\n' "$1"
      return 0
      ;;
  esac
  said=0
  timeout $forced 4 "$@" 2>&1 </dev/null || said=$?
  case $said in 124 | 137 | 143) hangs="$hangs$1 " ;; esac
  if [ "$said" != 0 ]; then printf '(exit code %s)\\n' "$said"; fi
}

sockets() {
  if has ss; then
    show ss -lntup
    show ss -tnp
  else
    show netstat -lntup
  fi
}

routes() {
  show ip -4 route
  show ip -6 route
  show ip addr
}

room() {
  set --
  for path in / /etc /usr/local/bin /var/lib /var/lib/rancher /run /tmp; do
    if [ -e "$ROOT$path" ]; then set -- "$@" "$ROOT$path"; fi
  done
  show df -P "$@"
  show df -Pi "$@"
}

kernel_words='out of memory|oom|killed process|cgroup|overlay|no space left|i/o error|ext4-fs|xfs|remount|nvrm|segfault'
kernel_lines() { grep -iE "$kernel_words" | tail -n 100; }

kernel() {
  if [ -n "$since" ] && has journalctl && found=$(timeout 5 journalctl -k -q --no-pager -o short-iso --since "@$since" 2>/dev/null </dev/null); then
    printf '%s\\n' "$found" | kernel_lines | keep kernel.txt recent tail
  fi
  printf '== dmesg, its lines about memory, control groups, file systems and drivers\\n%s\\n' "$(show dmesg 2>&1 | kernel_lines)" |
    keep kernel.txt before tail
}

main() {
  case \${AGO:-x} in
    *[!0-9]*) ;;
    *) since=$(($(date +%s) - AGO)) ;;
  esac
  evidence_distribution
  sockets | keep sockets.txt before head
  routes | keep routes.txt before head
  room | keep df.txt before head
  { cat "$ROOT/proc/mounts" 2>&1 || :; } | keep mounts.txt before head
  kernel
}
`,"follow-unit":`
read_state() {
  ActiveState='' SubState='' NRestarts='' Result='' ExecMainStatus='' ExecMainPID='' ExecMainStartTimestampMonotonic=''
  shown=$(timeout 10 systemctl show "$UNIT" -p ActiveState -p SubState -p NRestarts -p Result -p ExecMainStatus -p ExecMainPID \\
    -p ExecMainStartTimestampMonotonic 2>/dev/null) || shown=''
  while IFS='=' read -r name value; do
    case $name in
      ActiveState) ActiveState=$value ;;
      SubState) SubState=$value ;;
      NRestarts) NRestarts=$value ;;
      Result) Result=$value ;;
      ExecMainStatus) ExecMainStatus=$value ;;
      ExecMainPID) ExecMainPID=$value ;;
      ExecMainStartTimestampMonotonic) ExecMainStartTimestampMonotonic=$value ;;
    esac
  done <<END
$shown
END
}

tell_lines() {
  while IFS= read -r line || [ -n "$line" ]; do
    emit event journal text "$line"
    line=''
  done
}

stop_following() {
  kill $followers 2>/dev/null
  rm -rf "$folder"
}

follow_journal() {
  folder=$(mktemp -d "$ROOT/run/k3s-gpu-actions.XXXXXX") || die no-folder 'no folder could be made in /run'
  followers=''
  on_stop stop_following
  mkfifo "$folder/journal"
  journalctl -u "$UNIT" -f --no-tail -o cat --no-pager --since "@$since" >"$folder/journal" 2>"$folder/said" &
  journal=$!
  followers=$journal
  tell_lines <"$folder/journal" &
  followers="$journal $!"
}

log=\${LOG:+$ROOT$LOG}
most_bytes=65536 most_lines=500
log_file='' log_at=0 log_told=0
newline='
'

look_at_log() {
  now_file='' now_size=0
  if [ -f "$log" ]; then
    listed=$(ls -niL "$log" 2>/dev/null) || listed=''
    read -r now_file _ _ _ _ now_size _ <<END
$listed
END
  fi
  case \${now_size:-x} in *[!0-9]*) now_file='' now_size=0 ;; esac
}

next_piece() {
  {
    tail -c "+$((log_at + 1))" "$log" 2>/dev/null | head -c "$most_bytes" | tr '\\000\\r' '  '
    printf x
  } | awk -v most="$most_bytes" '
    { line[NR] = $0; used += length($0) + 1 }
    END {
      count = NR - 1
      used -= length(line[NR]) + 1
      if (count == 0 && length(line[1]) > most) { used = most; count = 1; line[1] = substr(line[1], 1, most) }
      print used
      for (i = 1; i <= count; i++) if (line[i] != "" && line[i] !~ /level=(info|debug|trace) /) print substr(line[i], 1, 1500)
    }'
}

tell_log() {
  look_at_log
  if [ "$now_file" != "$log_file" ] || [ "$now_size" -lt "$log_at" ]; then log_file=$now_file log_at=0; fi
  [ "$now_size" -gt "$log_at" ] || return 0
  piece=$(next_piece) || return 0
  log_at=$((log_at + \${piece%%"$newline"*}))
  case $piece in *"$newline"*) ;; *) return 0 ;; esac
  while IFS= read -r line; do
    log_told=$((log_told + 1))
    if [ "$log_told" -gt "$most_lines" ]; then continue; fi
    emit event journal source containerd.log text "$line"
  done <<END
\${piece#*"$newline"}
END
}

act() {
  case $ACTION in
    none) return 0 ;;
    start | restart) ;;
    *) die bad-action "there is no action $ACTION" ;;
  esac
  timeout 10 systemctl reset-failed "$UNIT" >/dev/null 2>&1 || :
  said=$(timeout 20 systemctl "$ACTION" --no-block "$UNIT" 2>&1) || die start-refused "systemctl $ACTION $UNIT: $said"
}

main() {
  since=$(date +%s.%3N)
  case $since in *[!0-9.]* | *.) since=$(date +%s) ;; esac
  follow_journal
  look_at_log
  log_file=$now_file log_at=$now_size
  read_state
  former="$ExecMainPID $ExecMainStartTimestampMonotonic"
  act
  told='' complained=no
  while :; do
    tell_log
    read_state
    new=false
    if [ "$ACTION" = none ] || { [ "\${ExecMainPID:-0}" != 0 ] && [ "$ExecMainPID $ExecMainStartTimestampMonotonic" != "$former" ]; }; then new=true; fi
    state="$ActiveState $SubState $NRestarts $Result $ExecMainStatus $new"
    if [ "$state" != "$told" ] && [ -n "$ActiveState" ]; then
      emit event unit active "$ActiveState" sub "$SubState" restarts:n "\${NRestarts:-0}" result "$Result" status:n "\${ExecMainStatus:-0}" new:n "$new"
      told=$state
    fi
    if [ "$complained" = no ] && ! kill -0 "$journal" 2>/dev/null; then
      complained=yes
      emit event journal-ended text "$(tail -c 1000 "$folder/said")"
    fi
    sleep 0.5 2>/dev/null || sleep 1
  done
}
`,"gpu-processes":`
main() {
  (survey_gpu) || :
}
`,hold:`main() {
  lock=$ROOT/run/k3s-gpu-actions.run.lock
  released=$(date -r "$lock" +%s 2>/dev/null) || released=0
  take_lock
  emit held yes released:n "$released"
  sleep "$HOLD" 9>&- &
  wait "$!"
}
`,inner:`
read -r _ _ _ _ group _ </proc/$$/stat
if [ "$group" = $$ ] || [ "$group" = "$PPID" ]; then
  KGA_GROUP=own
elif command -v setsid >/dev/null 2>&1; then
  exec setsid sh -c "$1" k3s-gpu-actions "$@"
else
  KGA_GROUP=shared
fi

while IFS= read -r line; do
  case $line in "k3s-gpu-actions-begin "*) break ;; esac
done
size=\${line#k3s-gpu-actions-begin }
line=""

if dd bs=1 count=0 iflag=fullblock </dev/null >/dev/null 2>&1; then
  script=$(dd bs="$size" count=1 iflag=fullblock 2>/dev/null)
else
  script=$(dd bs=1 count="$size" 2>/dev/null)
fi
case $script in
  *"#end") ;;
  *) exit 74 ;;
esac
SUDO_STATE=$2 SUDO_PROBLEM=$3
export SUDO_STATE SUDO_PROBLEM
set --
eval "$script"
`,library:`set -eu
LC_ALL=C
export LC_ALL
umask 022

if [ -z "\${REHEARSAL:-}" ]; then
  ROOT=''
  PATH="\${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
  export PATH
fi
ROOT=\${ROOT:-}

has() { command -v "$1" >/dev/null 2>&1; }

_escape() {
  printf '%sx' "$1" | awk '
    BEGIN {
      for (i = 1; i < 256; i++) code[sprintf("%c", i)] = i
    }
    function continues(text, at, low, high,   value) {
      value = at <= length(text) ? code[substr(text, at, 1)] : 0
      return value >= low && value <= high
    }
    function sequence(text, at, lead) {
      if (lead >= 194 && lead <= 223) return continues(text, at + 1, 128, 191) ? 2 : 0
      if (lead >= 224 && lead <= 239)
        return continues(text, at + 1, lead == 224 ? 160 : 128, lead == 237 ? 159 : 191) && continues(text, at + 2, 128, 191) ? 3 : 0
      if (lead >= 240 && lead <= 244)
        return continues(text, at + 1, lead == 240 ? 144 : 128, lead == 244 ? 143 : 191) && continues(text, at + 2, 128, 191) && continues(text, at + 3, 128, 191) ? 4 : 0
      return 0
    }
    function escaped(text,   out, at, char, value, size) {
      if (text !~ /[^ -~]/) {
        if (text !~ /["\\\\]/) return text
      }
      out = ""
      for (at = 1; at <= length(text); at += size) {
        char = substr(text, at, 1)
        value = code[char]
        size = 1
        if (char == "\\"" || char == "\\\\") out = out "\\\\" char
        else if (value < 32 || value == 127) out = out sprintf("\\\\u%04x", value)
        else if (value < 127) out = out char
        else {
          size = sequence(text, at, value)
          if (size == 0) { out = out "\\\\ufffd"; size = 1 } else out = out substr(text, at, size)
        }
      }
      return out
    }
    NR > 1 { printf "%s\\\\n", held }
    { held = escaped($0) }
    END { printf "%s", substr(held, 1, length(held) - 1) }'
}

emit() {
  _line=''
  while [ $# -gt 1 ]; do
    case $1 in
      *:n)
        case $2 in
          true | false) _value=$2 ;;
          '' | - | *[!0-9-]* | ?*-* | 0?* | -0*) _value=null ;;
          *) _value=$2 ;;
        esac
        _line="$_line,\\"\${1%:n}\\":$_value"
        ;;
      *)
        _value=$2
        if [ \${#_value} -gt 163840 ]; then _value=$(printf '%.163840s (cut)' "$_value"); fi
        case $_value in
          *[!A-Za-z0-9\\ _.,:\\;/=+@%\\(\\)\\[\\]{}\\<\\>\\&\\|\\*?\\!\\#\\$^~\\'\\\`-]*) _value=$(_escape "$_value") ;;
        esac
        _line="$_line,\\"$1\\":\\"$_value\\""
        ;;
    esac
    shift 2
  done
  printf '{%s}\\n' "\${_line#,}"
}

die() {
  _code=$1
  shift
  emit error "$_code" message "$*"
  exit 70
}

if [ -n "\${REHEARSAL:-}" ] && [ -z "$ROOT" ]; then die no-root 'REHEARSAL is set and ROOT is empty: refusing to touch this machine'; fi

sha256() {
  if has sha256sum; then
    _sum=$(sha256sum <"$1") || return 1
  elif has openssl; then
    _sum=$(openssl dgst -sha256 -r <"$1") || return 1
  else
    return 1
  fi
  printf '%s\\n' "\${_sum%% *}"
}

_stops=''
on_stop() {
  _stops="{ $1
} || :
$_stops"
}

_guard=''
_status=''
_stopped=''
_stop() {
  trap '' HUP INT TERM PIPE
  _stopped=yes
  if [ "\${KGA_GROUP:-shared}" = own ]; then kill -s TERM 0 2>/dev/null || :; fi
  if [ -z "$_status" ]; then exit "$1"; fi
}
_end_stragglers() {
  IFS=' '
  { read -r _seen </proc/$$/stat; } 2>/dev/null || return 0
  set -- \${_seen##*) }
  _own=\${3:-}
  for _try in 1 2 3 4 5 6 7 8 9 10; do
    _left=''
    for _stat in /proc/[0-9]*/stat; do
      _pid=\${_stat#/proc/}
      _pid=\${_pid%/stat}
      case $_pid in "$$" | "$PPID" | "\${_guard:-0}") continue ;; esac
      { read -r _seen <"$_stat"; } 2>/dev/null || continue
      set -- \${_seen##*) }
      if [ "\${3:-}" = "$_own" ] && [ "\${1:-Z}" != Z ] && [ "\${2:-0}" != "\${_guard:-0}" ]; then _left="$_left $_pid"; fi
    done
    if [ -z "$_left" ]; then return 0; fi
    _signal=TERM
    if [ "$_try" -gt 8 ]; then _signal=KILL; fi
    kill -s "$_signal" $_left 2>/dev/null || :
    sleep 0.1 2>/dev/null || sleep 1
  done
}
_finish() {
  trap '' HUP INT TERM PIPE
  set +e
  eval "$_stops"
  if [ -n "$_stopped" ] && [ "\${KGA_GROUP:-shared}" = own ]; then _end_stragglers; fi
  if [ -n "$_guard" ]; then kill -s KILL "$_guard" 2>/dev/null; fi
  exit "$_status"
}
trap '_status=$?; _finish' EXIT
trap '_stop 129' HUP
trap '_stop 130' INT
trap '_stop 141' PIPE
trap '_stop 143' TERM

_end_group() {
  if [ "\${KGA_GROUP:-shared}" = own ]; then _target=0; else _target=$$; fi
  kill -s TERM "$_target" 2>/dev/null || :
  for _step in 1 2 3 4 5; do sleep 1; done
  kill -s KILL "$_target" 2>/dev/null || :
}

_guard_input() {
  trap '' HUP INT TERM PIPE
  while IFS= read -r _; do :; done
  _end_group
}

_guard_watch() {
  trap '' HUP INT TERM PIPE
  while [ -d "/proc/$GUARD_PID" ] && [ -e "$GUARD_FILE" ]; do sleep 0.2 2>/dev/null || sleep 1; done
  _end_group
}

case \${GUARD:-none} in
  input)
    exec 3<&0 </dev/null
    _guard_input <&3 3<&- >/dev/null 2>&1 &
    _guard=$!
    exec 3<&-
    ;;
  watch)
    exec </dev/null
    _guard_watch >/dev/null 2>&1 &
    _guard=$!
    ;;
esac
`,outer:`
refuse() {
  cat <<END
{"error":"$1","message":"$2"}
END
  if [ "$input" = closed ]; then cat >/dev/null; fi
  exit 77
}

plain() {
  printf %s "$1" | LC_ALL=C tr -c "[:alnum:] .,:;()/_=+@-" " " | cut -c 1-300
}

classify() {
  case $1 in
    *"not in the sudoers"* | *"not allowed"* | *"may not run"* | *"afraid I can"*) problem=sudo-not-allowed ;;
    *"have a tty"* | *"a terminal is required"*) problem=sudo-needs-tty ;;
    *) problem=$2 ;;
  esac
}

find_root() {
  if [ "$(id -u)" = 0 ]; then
    state=root
    return
  fi
  state=none
  if [ -z "$(command -v sudo)" ]; then
    problem=sudo-missing said="there is no sudo on this host"
  elif said=$(LC_ALL=C sudo -n true 2>&1 </dev/null); then
    state=passwordless
  elif [ -z "$password" ]; then
    classify "$said" sudo-password-required
  elif said=$(printf %s "$password$newline" | LC_ALL=C sudo -k -S -p "" true 2>&1); then
    state=password
  else
    classify "$said" sudo-password-wrong
  fi
}

inner=$1 state="" problem="" said=""
newline="
"
IFS= read -r password || exit 74
IFS= read -r privilege || exit 74
IFS= read -r seconds || exit 74
IFS= read -r input || exit 74

if [ "$privilege" != user ]; then
  find_root
  if [ "$privilege" = root ] && [ "$state" = none ]; then refuse "$problem" "$(plain "$said")"; fi
fi
if [ "$state" != password ]; then IFS= read -r password; fi
password=""

if [ -z "$(command -v timeout)" ]; then refuse timeout-missing "there is no timeout command on this host"; fi
set -- "$seconds" sh -c "$inner" k3s-gpu-actions "$inner" "$state" "$problem"
if timeout -k 1 5 true >/dev/null 2>&1; then set -- -k 5 "$@"; fi

case $state in
  passwordless) sudo -n timeout "$@" ;;
  password) sudo -k -S -p "" timeout "$@" ;;
  *) timeout "$@" ;;
esac
status=$?
if [ "$input" = closed ]; then cat >/dev/null; fi
exit "$status"
`,"survey-containers":`
survey_runtimes() {
  set -- docker containerd podman crio
  states=''
  if has systemctl; then
    states=$(limited 5 systemctl is-active docker.service containerd.service podman.socket crio.service 2>/dev/null) || :
  fi
  for name in "$@"; do
    state=\${states%%"
"*}
    case $states in
      *"
"*) states=\${states#*"
"} ;;
      *) states='' ;;
    esac
    case $name in
      docker) has dockerd || has docker || continue ;;
      *) has "$name" || continue ;;
    esac
    case $name in
      docker) socket=docker.sock ;;
      containerd) socket=containerd/containerd.sock ;;
      podman) socket=podman/podman.sock ;;
      crio) socket=crio/crio.sock ;;
    esac
    running=false
    case $state in
      active | activating | reloading) running=true ;;
      '') if [ -S "$ROOT/run/$socket" ]; then running=true; fi ;;
    esac
    emit fact runtime name "$name" running:n "$running"
  done
}

owner_of() {
  owner=host detail=''
  [ -r "$ROOT/proc/$1/cgroup" ] || return 0
  while IFS= read -r group; do
    group=\${group#*:*:}
    case $group in
      *kubepods*)
        owner=pod detail=\${group##*pod}
        detail=\${detail%%/*}
        detail=$(printf '%s' "\${detail%%.slice*}" | tr _ -)
        return 0
        ;;
      *docker[-/]*) owner=container detail=docker && return 0 ;;
      *libpod[-/_]*) owner=container detail=podman && return 0 ;;
      *crio[-/]*) owner=container detail=crio && return 0 ;;
      *containerd[-/]* | *nerdctl[-/]*) owner=container detail=containerd && return 0 ;;
      *lxc[./]* | *machine.slice/*) owner=container detail=\${group##*/} && return 0 ;;
      *.service | *.scope) detail=\${group##*/} ;;
    esac
  done <"$ROOT/proc/$1/cgroup"
}

survey_kubernetes() {
  count=0
  for path in "$ROOT/etc/cni/net.d"/*; do
    if [ ! -f "$path" ] || [ "$count" -ge 16 ]; then continue; fi
    count=$((count + 1))
    emit fact kubernetes kind cni-config name "\${path##*/}" pid:n 0
  done
  count=0
  for path in "$ROOT/sys/class/net"/*; do
    case \${path##*/} in
      cni0 | flannel.[0-9]* | flannel-wg* | cilium_* | cali* | vxlan.calico | weave | kube-bridge | antrea-gw0 | ovn-k8s-mp0) ;;
      *) continue ;;
    esac
    if [ "$count" -ge 16 ]; then continue; fi
    count=$((count + 1))
    emit fact kubernetes kind interface name "\${path##*/}" pid:n 0
  done
  if [ -e "$ROOT/etc/kubernetes/kubelet.conf" ]; then emit fact kubernetes kind kubelet-config name /etc/kubernetes/kubelet.conf pid:n 0; fi
  for path in "$ROOT/proc"/[0-9]*; do
    { IFS= read -r name <"$path/comm"; } 2>/dev/null || continue
    case $name in kubelet | kubelite) ;; *) continue ;; esac
    owner_of "\${path##*/}"
    if [ "$owner" = host ]; then emit fact kubernetes kind kubelet name "$name" pid:n "\${path##*/}" unit "$detail"; fi
  done
}

started_at() {
  if [ -r "$ROOT/proc/$1/stat" ] && IFS= read -r stat <"$ROOT/proc/$1/stat"; then
    (set -f && set -- \${stat##*)} && [ $# -ge 20 ] && shift 19 && printf '%s' "$1")
  fi
}

gpu_query() {
  devices=$(asked 10 nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader,nounits) && code=0 || code=$?
}

survey_gpu() {
  pci=0
  for device in "$ROOT/sys/bus/pci/devices"/*; do
    vendor=$(first "$device/vendor") || continue
    class=$(first "$device/class") || continue
    case $vendor$class in 0x10de0x0300* | 0x10de0x0302*) pci=$((pci + 1)) ;; esac
  done
  devices='' problem='' known=false
  if has nvidia-smi; then
    gpu_query
    case $code in
      0 | 14) ;;
      124) problem='nvidia-smi gave no answer in 10 s' devices='' ;;
      *) problem="exit code $code: $devices" devices='' ;;
    esac
    case $devices in
      *'No devices were found'*) problem=$devices devices='' ;;
    esac
  fi
  emit fact gpu pci:n "$pci" problem "$problem"
  if [ -n "$devices" ]; then
    printf '%s\\n' "$devices" | while IFS= read -r line; do
      memory=\${line##*, } name=\${line%, *}
      case $line in *', '*', '*) emit fact gpu-device name "\${name%, *}" driver "\${name##*, }" memory:n "$memory" ;; esac
    done
    survey_gpu_processes
  elif [ "$pci" = 0 ] && { [ -z "$problem" ] || [ -d "$ROOT/sys/bus/pci/devices" ]; }; then
    known=true
  fi
  emit fact gpu-processes known:n "$known"
}

survey_gpu_processes() {
  processes=$(asked 10 nvidia-smi --query-compute-apps=pid,process_name,used_memory --format=csv,noheader,nounits) && code=0 || code=$?
  case $code in 0 | 14) known=true ;; *) return 0 ;; esac
  while IFS= read -r line; do
    pid=\${line%%, *} name=\${line#*, }
    case $line in
      '' | 'No running '*) continue ;;
      *', '*', '*) case $pid in '' | *[!0-9]*) known=false && continue ;; esac ;;
      *infoROM*) continue ;;
      *) known=false && continue ;;
    esac
    owner_of "$pid"
    started=$(started_at "$pid") || started=''
    emit fact gpu-process pid:n "$pid" name "\${name%, *}" memory:n "\${name##*, }" owner "$owner" detail "$detail" started:n "$started"
  done <<END
$processes
END
}
`,"survey-machine":`
survey_identity() {
  hostname=$(first "$ROOT/proc/sys/kernel/hostname") || hostname=$(uname -n) || hostname=''
  machine_id=$(first "$ROOT/etc/machine-id") || machine_id=''
  uuid=$(first "$ROOT/sys/class/dmi/id/product_uuid" 2>/dev/null) || uuid=''
  emit fact identity hostname "$hostname" user "\${SUDO_USER:-$(id -un)}" machine_id "$machine_id" system_uuid "$uuid"
}

survey_os() {
  release=$ROOT/etc/os-release
  [ -r "$release" ] || release=$ROOT/usr/lib/os-release
  [ -r "$release" ] || return 0
  id='' like='' version='' pretty=''
  while IFS= read -r line || [ -n "$line" ]; do
    value=\${line#*=}
    case $value in
      \\"*\\") value=\${value#\\"} value=\${value%\\"} ;;
      \\'*\\') value=\${value#\\'} value=\${value%\\'} ;;
    esac
    case $line in
      ID=*) id=$value ;;
      ID_LIKE=*) like=$value ;;
      VERSION_ID=*) version=$value ;;
      PRETTY_NAME=*) pretty=$value ;;
    esac
  done <<END
$(head -c 16384 "$release")
END
  emit fact os id "$id" id_like "$like" version_id "$version" pretty "$pretty"
}

survey_read_only() {
  [ "$(id -u)" = 0 ] || return 0
  for path in /usr/local/bin /etc/systemd/system; do
    if [ -d "$ROOT$path" ] && [ ! -w "$ROOT$path" ]; then emit fact read-only path "$path"; fi
  done
}

survey_kernel() {
  release=$(first "$ROOT/proc/sys/kernel/osrelease") || release=$(uname -r)
  machine=$(uname -m)
  case $machine in
    x86_64) machine=amd64 ;;
    aarch64) machine=arm64 ;;
    armv6l | armv7l) machine=arm ;;
  esac
  emit fact kernel release "$release" architecture "$machine"
}

survey_init() {
  init=other
  if [ -d "$ROOT/run/systemd/system" ]; then init=systemd; elif [ -e "$ROOT/run/openrc/softlevel" ]; then init=openrc; fi
  systemd=''
  if [ "$init" = systemd ] && has systemctl; then
    systemd=$(limited 5 systemctl --version 2>/dev/null </dev/null | awk 'NR == 1 && $1 == "systemd" { sub(/[^0-9].*/, "", $2); print $2 }') || systemd=''
  fi
  emit fact init name "$init" systemd:n "$systemd"
}

survey_privilege() {
  state=\${SUDO_STATE:-}
  if [ -z "$state" ]; then
    if [ "$(id -u)" = 0 ]; then state=root; else state=none; fi
  fi
  emit fact privilege state "$state" problem "\${SUDO_PROBLEM:-}"
}

survey_cgroup() {
  version=0 controllers=''
  if [ -r "$ROOT/sys/fs/cgroup/cgroup.controllers" ]; then
    version=2
    controllers=$(first "$ROOT/sys/fs/cgroup/cgroup.controllers") || controllers=''
  elif [ -r "$ROOT/proc/cgroups" ]; then
    version=1
    while read -r name _ _ enabled; do
      if [ "$enabled" = 1 ]; then controllers="$controllers $name"; fi
    done <"$ROOT/proc/cgroups"
  fi
  emit fact cgroup version:n "$version" controllers "\${controllers# }"
}

survey_memory() {
  [ -r "$ROOT/proc/meminfo" ] || return 0
  total='' swap=''
  while read -r name value _; do
    case $name in
      MemTotal:) total=$((value * 1024)) ;;
      SwapTotal:) swap=$((value * 1024)) ;;
    esac
  done <"$ROOT/proc/meminfo"
  emit fact memory total:n "$total" swap:n "$swap"
}

disk() {
  blocks=$(limited 5 df -Pk "$ROOT$1" 2>/dev/null </dev/null | awk 'NR == 2 { printf "%.0f %.0f %s\\n", $4 * 1024, $2 * 1024, $1 ":" $6 }')
  place=\${blocks##* } total=\${blocks#* }
  case "|$2|" in *"|\${place:-none}|"*) return 0 ;; esac
  inodes=$(limited 5 df -Pi "$ROOT$1" 2>/dev/null </dev/null | awk 'NR == 2 && $2 > 0 { print $4 }')
  emit fact disk path "$1" bytes:n "\${blocks%% *}" total:n "\${total%% *}" inodes:n "$inodes"
}

survey_disks() {
  places='' told=' '
  for path in \${data_folders:-/var/lib}; do
    while [ -n "$path" ] && [ ! -d "$ROOT$path" ]; do path=\${path%/*}; done
    case $told in *" \${path:-/} "*) continue ;; esac
    told="$told\${path:-/} "
    disk "\${path:-/}" "$places"
    places="$places|$place"
  done
  for path in /usr/local/bin /etc; do
    if [ -d "$ROOT$path" ]; then disk "$path" ''; fi
  done
}

survey_selinux() {
  mode=unknown
  case $(first "$ROOT/sys/fs/selinux/enforce") in
    1) mode=enforcing ;;
    0) mode=permissive ;;
    *) if [ -d "$ROOT/sys/fs" ] && [ ! -d "$ROOT/sys/fs/selinux" ]; then mode=disabled; fi ;;
  esac
  emit fact selinux mode "$mode"
}

module_shows() {
  if [ -d "$ROOT/sys/module/$1" ]; then return 0; fi
  case $1 in
    overlay) grep -q '[[:blank:]]overlay$' "$ROOT/proc/filesystems" 2>/dev/null && return 0 ;;
    nf_conntrack) [ -e "$ROOT/proc/sys/net/netfilter/nf_conntrack_max" ] && return 0 ;;
    br_netfilter) [ -e "$ROOT/proc/sys/net/bridge/bridge-nf-call-iptables" ] && return 0 ;;
  esac
  grep -q "^$1 " "$ROOT/proc/modules" 2>/dev/null
}

survey_modules() {
  if [ -z "\${kernel_modules:-}" ]; then return 0; fi
  release=$(first "$ROOT/proc/sys/kernel/osrelease") || release=$(uname -r)
  folder=$ROOT/lib/modules/$release
  otherwise=unknown found=''
  if [ -r "$folder/modules.dep" ]; then
    otherwise=missing
    found=$(cat "$folder/modules.builtin" "$folder/modules.dep" 2>/dev/null | awk '
      { name = $1; sub(/:$/, "", name); sub(/.*\\//, "", name); sub(/\\.ko(\\.[a-z0-9]+)?$/, "", name); gsub(/-/, "_", name); print name }' |
      grep -Ex "$(printf '%s' "$kernel_modules" | tr ' ' '|')" | tr '\\n' ' ') || :
  fi
  for name in $kernel_modules; do
    state=$otherwise
    case " $found " in *" $name "*) state=loadable ;; esac
    if module_shows "$name"; then state=loaded; fi
    emit fact module name "$name" state "$state"
  done
}
`,"survey-network":`
survey_ports() {
  if has ss && sockets=$(limited 5 ss -lntp 2>/dev/null); then
    printf '%s\\n' "$sockets" | awk '
      {
        count = split($4, address, ":")
        port = address[count]
        if (port != "6443" && port != "6444" && port != "10250") next
        name = ""; pid = 0
        if (match($0, /users:\\(\\(".*/)) {
          owner = substr($0, RSTART + 9)
          if (match(owner, /",pid=[0-9]+/)) { name = substr(owner, 1, RSTART - 1); pid = substr(owner, RSTART + 6, RLENGTH - 6) }
        }
        if (!seen[port " " pid]++) print port, pid, name
      }'
  else
    cat "$ROOT/proc/net/tcp" "$ROOT/proc/net/tcp6" 2>/dev/null | awk '
      $4 == "0A" {
        split($2, address, ":")
        port = address[2] == "192B" ? 6443 : address[2] == "192C" ? 6444 : address[2] == "280A" ? 10250 : 0
        if (port && !seen[port]++) print port, 0, ""
      }'
  fi | while read -r port pid name; do
    owner='' detail=''
    owner_of "$pid"
    emit fact port port:n "$port" pid:n "$pid" process "$name" owner "$owner" detail "$detail"
  done
}

survey_route() {
  route='' known=false
  if has ip; then
    if route=$(limited 5 ip -o route show default 2>/dev/null); then known=true; fi
    [ -n "$route" ] || route=$(limited 5 ip -o -6 route show default 2>/dev/null) || :
  fi
  if [ -n "$route" ]; then
    via='' device='' source=''
    set -f
    set -- \${route%%"
"*}
    while [ $# -gt 1 ]; do
      case $1 in
        via) via=$2 ;;
        dev) device=$2 ;;
        src) source=$2 ;;
      esac
      shift
    done
    if [ -z "$source" ] && [ -n "$via" ]; then
      source=$(limited 5 ip -o route get "$via" 2>/dev/null | awk '{ for (i = 1; i < NF; i++) if ($i == "src") { print $(i + 1); exit } }') || source=''
    fi
    emit fact route via "$via" device "$device" source "$source"
  elif [ -r "$ROOT/proc/net/route" ]; then
    known=true
    while read -r device destination gateway _ _ _ _ mask _; do
      [ "$destination$mask" = 0000000000000000 ] || continue
      a=\${gateway%??????} b=\${gateway#??} c=\${gateway#????} d=\${gateway#??????}
      b=\${b%????} c=\${c%??}
      emit fact route via "$((0x$d)).$((0x$c)).$((0x$b)).$((0x$a))" device "$device" source ''
      return 0
    done <"$ROOT/proc/net/route"
  fi
  if [ -z "$route" ] && [ "$known" = true ]; then emit fact no-route known:n true; fi
}

survey_addresses() {
  if has ip && addresses=$(limited 5 ip -o addr show scope global 2>/dev/null); then
    printf '%s\\n' "$addresses" | awk '$3 == "inet" || $3 == "inet6" { sub(/\\/.*/, "", $4); print $4 }'
  else
    hostname -I 2>/dev/null | tr ' ' '\\n'
  fi | while IFS= read -r address; do
    if [ -n "$address" ]; then emit fact address address "$address"; fi
  done
}

survey_resolver() {
  for path in /etc/resolv.conf /run/systemd/resolve/resolv.conf; do
    readable=false servers=''
    if [ ! -e "$ROOT$path" ]; then
      readable=true
    elif [ -r "$ROOT$path" ]; then
      readable=true
      servers=$(awk '
        { sub(/\\r$/, "") }
        /^nameserver[ \\t\\f]/ && count < 16 { printf "%s%s", count++ ? " " : "", $2 == "" ? "-" : $2 }' "$ROOT$path") || readable=false
    fi
    emit fact resolver path "$path" readable:n "$readable" servers "$servers"
  done
}

bounded() { awk 'NR <= 256 { print substr($0, 1, 200) }'; }

survey_firewall() {
  if has ufw || [ -e "$ROOT/etc/ufw/ufw.conf" ]; then
    state=unknown rules=''
    if grep -Eqs '^ENABLED=["'\\'']?no' "$ROOT/etc/ufw/ufw.conf"; then
      state=inactive
    elif has ufw; then
      rules=$(limited 10 ufw status verbose 2>/dev/null </dev/null | bounded) || rules=''
      case $rules in
        'Status: active'*) state=active ;;
        'Status: inactive'*) state=inactive rules='' ;;
        *) rules='' ;;
      esac
    fi
    if [ "$state" = unknown ] && grep -Eqs '^ENABLED=["'\\'']?yes' "$ROOT/etc/ufw/ufw.conf"; then state=active; fi
    emit fact firewall name ufw state "$state" rules "$rules"
  fi
  if has firewall-cmd; then
    state=unknown rules=''
    if has systemctl; then
      case $(limited 5 systemctl is-active firewalld.service 2>/dev/null) in
        active | activating | reloading) state=active ;;
        inactive | failed | deactivating | unknown) state=inactive ;;
      esac
    fi
    if [ "$state" = active ] && [ "$(id -u)" = 0 ]; then
      rules=$(limited 15 firewall-cmd --list-all-zones 2>/dev/null </dev/null | awk '
        /^[^ \\t]/ { isUsed = /\\(.*active.*\\)/ }
        isUsed && /^[^ \\t]|^[ \\t]+(target|interfaces|sources|services|ports|rule )/' | bounded) || rules=''
    fi
    emit fact firewall name firewalld state "$state" rules "$rules"
  fi
  if [ "$(id -u)" = 0 ] && has nft && { [ -d "$ROOT/sys/module/nf_tables" ] || grep -q '^nf_tables ' "$ROOT/proc/modules" 2>/dev/null; }; then
    rules=$(limited 5 nft list chains 2>/dev/null </dev/null | awk '
      $1 == "table" { table = $2 " " $3 }
      $1 == "chain" { chain = $2 }
      /hook input/ && /policy drop/ { print table " " chain }' | bounded) || rules=''
    if [ -n "$rules" ]; then emit fact firewall name nftables state active rules "$rules"; fi
  fi
}

survey_sshd() {
  [ "$(id -u)" = 0 ] || return 0
  program=$(command -v sshd) || return 0
  forwarding=$(limited 5 "$program" -T -C "user=\${SUDO_USER:-root},host=localhost,addr=127.0.0.1" 2>/dev/null </dev/null |
    awk '
      $1 == "allowtcpforwarding" && forwarding == "" { forwarding = $2 }
      $1 == "disableforwarding" && $2 == "yes" { isDisabled = 1 }
      END { if (forwarding != "") print isDisabled ? "no" : forwarding }') || forwarding=''
  if [ -n "$forwarding" ]; then emit fact sshd forwarding "$forwarding"; fi
}
`,survey:`
first() {
  [ -r "$1" ] || return 1
  IFS= read -r _first <"$1" || [ -n "\${_first:-}" ] || return 1
  printf '%s\\n' "$_first"
}

mark=$(printf '\\001')

limited() {
  if has timeout; then timeout "$@"; else
    shift
    "$@"
  fi
}

asked() (
  limit=$1
  shift
  {
    {
      "$@" </dev/null 2>&1 &
      program=$!
      {
        trap 'kill "$pause"; exit' TERM
        sleep "$limit" &
        pause=$!
        wait "$pause"
        printf '\\n\\001124\\n\\n'
        kill -s KILL "$program"
      } &
      watch=$!
      code=0
      wait "$program" || code=$?
      printf '\\n\\001%s\\n\\n' "$code"
      kill "$watch"
    } 2>/dev/null &
  } | sed -n -e "/^\${mark}[0-9][0-9]*\\$/{p;q;}" -e "/^$mark/d" -e '1025,$d' -e 's/^\\(.\\{512\\}\\).*/\\1/' -e p | {
    said='' code=''
    while [ -z "$code" ] && IFS= read -r line; do
      case $line in
        "$mark"*) code=\${line#"$mark"} ;;
        *) said="$said$line
" ;;
      esac
    done
    printf '%s' "$said"
    exit "\${code:-124}"
  }
)

survey_clock() {
  clock=$(date +%s%3N)
  case $clock in
    *[!0-9]* | ?????????? | '') clock=$(date +%s)000 ;;
  esac
  emit fact clock ms:n "$clock"
}

main() {
  for part in clock identity os read_only kernel init privilege cgroup memory ports disks route addresses resolver selinux \\
    modules kubernetes firewall sshd runtimes gpu; do
    ("survey_$part") || :
  done
  if command -v survey_distribution >/dev/null 2>&1; then survey_distribution; fi
  if command -v survey_gpu_runtime >/dev/null 2>&1; then survey_gpu_runtime; fi
}
`,"undo-log":`
incomplete=no reported=' '

remains() {
  emit remaining "$1 ($2)"
  reported="$reported$1 "
}

is_same_file() {
  if [ -L "$1" ] || [ -L "$2" ]; then
    [ -L "$1" ] && [ -L "$2" ] && [ "$(readlink "$1")" = "$(readlink "$2")" ]
    return
  fi
  [ -f "$1" ] && [ -f "$2" ] && cmp -s "$1" "$2" && [ "$(look_of "$1")" = "$(look_of "$2")" ]
}

look_of() {
  ls -ldn "$1" | awk 'NR == 1 { print $1, $3, $4 }'
}

restore() {
  backup=$folder/backups/$1 target=$ROOT$2
  if [ ! -e "$backup" ] && [ ! -L "$backup" ]; then
    remains "$2" "its backup held a token and was deleted when the run had ended"
    return 0
  fi
  if is_same_file "$backup" "$target"; then return 0; fi
  temp=\${target%/*}/.k3s-gpu-actions.$RUN_ID.undo
  rm -f "$temp"
  if cp -a "$backup" "$temp" && mv -f "$temp" "$target"; then
    touched=yes
    relabel "$2"
  else
    incomplete=yes
    remains "$2" "could not be restored; the backup is \${backup#"$ROOT"}"
  fi
}

delete_created() {
  is_there "$1" || return 0
  if is_foreign "$1"; then return 0; fi
  if rm -f "$ROOT$1"; then touched=yes; else
    incomplete=yes
    remains "$1" "could not be deleted"
  fi
}

read_unit_before() {
  was_state=unknown was_pid=0
  while read -r kind _ state_before pid_before; do
    if [ "$kind" = unit ]; then
      was_state=$state_before was_pid=$pid_before
      break
    fi
  done <"$oldest/log"
}

read_logs() {
  runs=$RUN_ID oldest=$run
  for name in $(sed -n 's/^continues //p' "$run/log"); do
    if [ -f "$runs_folder/$name/log" ]; then runs="$runs $name" oldest=$runs_folder/$name; fi
  done
  for name in $runs; do
    awk -v name="$name" '{ line[NR] = name " " $0 } END { for (i = NR; i > 0; i--) print line[i] }' "$runs_folder/$name/log"
  done >"$state/backwards.$RUN_ID"
  mv -f "$state/backwards.$RUN_ID" "$run/backwards"
}

restart_unit() {
  is_running "$was_state" || return 0
  if is_running "$(unit_property ActiveState)" && [ "$(unit_property MainPID)" = "$was_pid" ]; then return 0; fi
  timeout 10 systemctl reset-failed "$unit" >/dev/null 2>&1 || :
  if timeout 30 systemctl restart --no-block "$unit" >/dev/null 2>&1; then emit undone restart; else
    incomplete=yes
    remains "$unit" "it could not be restarted with its former configuration"
  fi
}

follow_log_backwards() {
  touched=no reloaded=no
  while read -r name kind rest; do
    folder=$runs_folder/$name
    case $kind in
      created) delete_created "$rest" ;;
      replaced) restore "\${rest%% *}" "\${rest#* }" ;;
      temporary) rm -f "$ROOT$rest" ;;
      reload) reloaded=yes ;;
      folder)
        if [ -d "$ROOT$rest" ]; then
          if rmdir "$ROOT$rest" 2>/dev/null; then touched=yes; else
            case $reported in *" $rest/"*) ;; *) remains "$rest" 'not empty' ;; esac
          fi
        fi
        ;;
      step)
        if [ "$touched" = yes ]; then emit undone "$rest"; fi
        touched=no
        ;;
      *) undo_line "$kind" "$rest" ;;
    esac
  done <"$run/backwards"
}

begin_undo() {
  begun=no
  check_run_id
  take_lock
  if [ ! -f "$run/log" ]; then
    emit finished "$RUN_ID"
    return 0
  fi
  begun=yes
  if grep -qsxF "continues $RUN_ID" "$runs_folder"/*/log; then
    die overtaken 'a later run has gone on from this one, and is not disturbed'
  fi
  read_logs
  read_unit_before
}

end_undo() {
  if [ "$incomplete" = no ]; then
    for name in $runs; do rm -rf "\${runs_folder:?}/$name"; done
    rmdir "$runs_folder" "$state" 2>/dev/null || :
  fi
  emit finished "$RUN_ID"
}
`,upload:`discard_incomplete() { [ "$complete" = yes ] || rm -rf "$folder"; }

main() {
  umask 077
  if [ -n "$ROOT" ]; then mkdir -p "$ROOT/tmp"; fi
  folder=$(mktemp -d "$ROOT/tmp/k3s-gpu-actions.XXXXXX") || die upload-failed 'no folder could be made in /tmp'
  complete=no
  on_stop discard_incomplete
  cat >"$folder/$NAME" || die upload-failed "the file could not be written to $folder (is the disk full?)"
  received=$(wc -c <"$folder/$NAME")
  if [ "$((received))" != "$SIZE" ]; then die upload-incomplete "$((received)) of $SIZE bytes arrived"; fi
  complete=yes
  path=$folder/$NAME
  emit path "\${path#"$ROOT"}"
}
`}}),3493:((Ne,ue,x)=>{x.d(ue,{IA:()=>F,P4:()=>re,bY:()=>Z,mq:()=>M,q_:()=>W});var w=x(6193),q=x(543);const W=8e3,re=3e3,he=1024*1024,U=32*1024*1024,J=64*1024;class F{lines=[];#t;#e=new w.StringDecoder("utf8");#o=new w.StringDecoder("utf8");#n="";#r=0;#s=!1;#a="";constructor(A){this.#t=A}stdout(A){if(!this.#d(A))return;const E=(this.#n+this.#e.write(A)).split(`
`);this.#n=E.pop()??"",this.#n.length>he&&this.#i();for(const fe of E)this.#l(fe)}stderr(A){this.#d(A)&&this.#c(this.#o.write(A))}#d(A){return this.#s?!1:(this.#r+=A.length,this.#r>U&&this.#i(),!0)}#i(){throw this.#s=!0,this.#n="",new RangeError("too much output")}end(){const A=this.#n+this.#e.end();this.#n="",this.#l(A)}get errors(){return this.#a.slice(-J)}#c(A){this.#a+=A,this.#a.length>4*J&&(this.#a=this.#a.slice(-J))}#l(A){if(A.trim()==="")return;const E=C(A);if(E===void 0){this.#c(`${A.slice(0,1024)}
`);return}this.lines.push(E),this.#t?.(E)}}function C(I){if(I.startsWith("{"))try{const A=JSON.parse(I);return typeof A=="object"&&A!==null&&!Array.isArray(A)?A:void 0}catch{return}}const G={"sudo-password-wrong":{title:"root rights could not be had",cause:"sudo does not accept the password (it was tried once, so nothing is locked)",remedy:"correct the sudo password, or allow the user passwordless sudo"},"sudo-password-required":{title:"root rights could not be had",cause:"sudo asks for a password and none was given",remedy:"give the sudo password, or allow passwordless sudo: %u ALL=(ALL) NOPASSWD: ALL in a file of /etc/sudoers.d"},"sudo-not-allowed":{title:"root rights could not be had",cause:"the user may not run the needed commands with sudo",remedy:"add the user to the sudoers: %u ALL=(ALL) NOPASSWD: ALL in a file of /etc/sudoers.d"},"sudo-needs-tty":{title:"root rights could not be had",cause:"sudo insists on a terminal (requiretty)",remedy:"switch it off for this user: Defaults:%u !requiretty in a file of /etc/sudoers.d"},"sudo-missing":{title:"root rights could not be had",cause:"the user is not root and the host has no sudo",remedy:"install sudo, or connect as root"},"timeout-missing":{title:"nothing was run",cause:"the host has no timeout command, so nothing there could be ended for certain",remedy:"install coreutils or busybox on the host"}};function N(I){return I.trim().split(`
`).slice(-5)}function M(I){I.output.end();const{lines:A,errors:E}=I.output,fe=(B,ce,_e)=>{const ke=ce.remedy.replaceAll("%u",I.user);throw new q.dh(B,I.host,{...ce,remedy:ke,evidence:[..._e,...N(E)]},I.redact)},H=A.find(B=>typeof B.error=="string"&&B.error in G);if(I.exitCode===77&&H!==void 0){const B=H.error,ce=G[B];ce!==void 0&&fe(B,ce,typeof H.message=="string"?[H.message]:[])}if([124,137,143].includes(I.exitCode)&&I.elapsedMs>=I.timeoutMs*.95&&fe("script-timeout",Z(I.scriptName,I.timeoutMs),[`last line: ${JSON.stringify(A.at(-1)??null).slice(0,500)}`]),I.exitCode===74&&A.length===0&&fe("script-unreadable",{title:`script ${I.scriptName} did not start`,cause:"the host did not read it completely",remedy:"run it again; if it stays, look at the host with dd --version and sh on the console"},[]),I.privilege==="root"&&I.exitCode===1&&A.length===0&&/^sudo: /m.test(E)){const B=G["sudo-not-allowed"];B!==void 0&&fe("sudo-not-allowed",B,[])}return{exitCode:I.exitCode,lines:A,stderr:I.redact(E)}}function Z(I,A){return{title:`script ${I} was ended on the host`,cause:`it did not finish within ${Math.round(A/100)/10} s`,remedy:"look at the host (load, disk, network) and run it again; raise the timeout when the host is just slow"}}}),7131:((Ne,ue,x)=>{x.d(ue,{hk:()=>w,oQ:()=>M,k3:()=>J,Eb:()=>ee,zF:()=>be,C5:()=>O,uT:()=>En,bj:()=>k,Jp:()=>hn,Ms:()=>xn,H$:()=>A,gD:()=>Re,h_:()=>cn,k_:()=>Nn,JG:()=>V,mj:()=>dn,_n:()=>se,E4:()=>Me,iY:()=>an,hc:()=>In,mq:()=>Ze,Xy:()=>Se,g7:()=>U,Pd:()=>Q,bF:()=>Z,o6:()=>Cn,sp:()=>rn,YD:()=>P,ik:()=>z,UY:()=>jn,uG:()=>I,NN:()=>je});const w={desired:"k3s-gpu-actions/desired",ownedLabels:"k3s-gpu-actions/owned-labels",ownedTaints:"k3s-gpu-actions/owned-taints"};function q(i){return(i??"").split(",").map(d=>d.trim()).filter(d=>d!=="")}function W(i){return[...new Set(i)].sort().join(",")}const re=400,he=500;function U(i,d){const{unit:l,node:f,leaseRenewedAtMs:g,leaseOfOldMs:$}=i;if(l?.isNew!==!0||$===void 0)return"the process that was ordered";if(l.activeState!=="active")return"an active unit";if(f?.ready!=="True")return"a Ready node";if(f.kubeletVersion!==d.version)return`version ${d.version} (the node has ${f.kubeletVersion})`;const m=d.isFirstStart&&f.uid!==d.uidBefore,b=g!==void 0&&g>$;return m||b?void 0:"a heartbeat of the new process"}async function J(i,d,l){const f=d.now(),g=new AbortController,$=AbortSignal.any([l,g.signal]);let m={journal:[]};const b=()=>d.now()-f;let D=()=>{},S=()=>{};const K=new Promise((Y,$e)=>{D=Y,S=$e}),X=()=>{const Y=b();if(m.node&&U(m,i)===void 0)return{type:"ready",node:m.node,state:m,elapsedMs:Y};const $e=d.judge(m,Y);return $e?{type:"hopeless",...$e,state:m,elapsedMs:Y}:Y>=i.timeoutMs?{type:"deadline",state:m,elapsedMs:Y}:void 0},ne=()=>{const Y=X();Y&&D(Y)},ye=Y=>{if(Y.type==="journal"){const $e={text:Y.text,atMs:b(),...Y.source?{source:Y.source}:{}};m={...m,journal:[...m.journal.slice(1-re),$e]}}else{const $e=Y.activeState==="active"?m.activeAtMs??b():void 0,ze=m.leaseOfOldMs??(Y.isNew?Math.max(i.leaseBeforeMs??0,m.leaseRenewedAtMs??0):void 0);m={...m,unit:Y,activeAtMs:$e,leaseOfOldMs:ze}}d.onEvent?.(Y,b()),ne()},Fe=setInterval(ne,he),He=()=>S(l.reason);l.addEventListener("abort",He,{once:!0});const fn=[d.follow(ye,$),d.cluster.watch(i.node,Y=>{Y.type==="node"?(m={...m,node:Y.node},d.onNode?.(Y.node,b())):Y.type==="gone"?m={...m,node:void 0}:m={...m,leaseRenewedAtMs:Y.renewedAtMs},ne()},$)].map(Y=>Y.then(()=>{$.aborted||S(new Error("a watch ended before the node was ready"))},$e=>{$.aborted||S($e)}));try{return l.throwIfAborted(),await K}finally{clearInterval(Fe),l.removeEventListener("abort",He),g.abort(new Error("the wait is over")),await Promise.all(fn)}}var F=x(7030);const C=new F.BlockList;for(const[i,d]of[["10.0.0.0",8],["172.16.0.0",12],["192.168.0.0",16],["100.64.0.0",10],["169.254.0.0",16],["127.0.0.0",8]])C.addSubnet(i,d,"ipv4");C.addSubnet("fc00::",7,"ipv6"),C.addSubnet("fe80::",10,"ipv6");function G(i){const d=(0,F.isIP)(i);return d!==0&&C.check(i,d===4?"ipv4":"ipv6")}function N(i){const d="Can pods on this host and pods on the servers reach each other?",{desired:l,nodes:f,facts:g}=i,$=l.nodeExternalIp??l.nodeIp??g.defaultRoute?.source??g.addresses[0]??l.access.address,m=f.filter(S=>S.isServer).flatMap(S=>[...S.externalIps,...S.internalIps]),b=m.filter(S=>(0,F.isIP)(S)!==0&&!G(S));if(!G($)||b.length===0)return{id:"cluster.topology",verdict:"pass",question:d,found:`${$||"unknown address"} beside ${m.join(", ")||"no known server address"}`};const D=`${$} is private, the servers are public (${b.join(", ")}): pods here will not reach pods there`;return l.podNetwork==="isolated"?{id:"cluster.topology",verdict:"pass",question:d,found:`${D} (declared: pod-network isolated)`}:{id:"cluster.topology",verdict:"warn",question:d,found:D,cause:"the overlay network sends packets straight to node addresses; through NAT they do not arrive",remedy:"declare `pod-network: isolated` in the cluster file when host-level tunnels are enough; otherwise use a WireGuard or Tailscale overlay (docs: networking/distributed-multicloud)"}}function M(i,d,l,f,g){return l?Z(i,d,f):{verdict:"fail",...g,id:i,question:d,found:f}}function Z(i,d,l){return{id:i,verdict:"pass",question:d,found:l}}function I(i,d,l){return{id:i,verdict:"skip",question:d,found:`unknown: ${l}`}}function A(i,d=4){const l=i.length-d;return l>0?`${i.slice(0,d).join(", ")} and ${l} more`:i.join(", ")}const E=3e4;function fe(i){const d="host.clock",l="Is the clock of the host within 30 s of the API server?",{facts:f,reading:g,readAtRunnerMs:$}=i;if(f.clock.hostMs===0)return I(d,l,"the host does not tell its time");const m=f.clock.hostMs-f.clock.runnerMs,b=g.serverTimeMs-$,D=Math.round(m-b),S=Math.round(Math.abs(D)/1e3),K=S<=1?"same second":`${S} s ${D>0?"ahead":"behind"}`;return M(d,l,Math.abs(D)<=E,K,{cause:"certificates are not valid from the host's point of view",remedy:"sudo timedatectl set-ntp true"})}const H=5,B=1024**2,ce={bytes:2*1024*B,inodes:1e4},_e={"/usr/local/bin":{bytes:256*B,inodes:100},"/etc":{bytes:16*B,inodes:100}},ke=i=>i>=1024*B?`${i/1024/B} GiB`:`${i/B} MiB`;function Ke(i){const d=`host.disk.${i.path.replaceAll(/[^a-zA-Z0-9]+/g,"-").replace(/^-/,"").slice(0,64)||"root"}`,l=_e[i.path]??ce,f=i.availableInodes===Number.MAX_SAFE_INTEGER,$=`${(i.availableBytes/1024**3).toFixed(1)} GiB and ${f?"any number of":i.availableInodes} inodes free`,m=i.availableBytes>=l.bytes&&i.availableInodes>=l.inodes,b=i.totalBytes>0?i.availableBytes/i.totalBytes*100:100;return m&&l===ce&&b<H?M(d,`Is there room below ${i.path}?`,!1,`${$}, ${b.toFixed(1)} % of it`,{verdict:"warn",cause:`a kubelet with less than ${H} % free reports DiskPressure: no new pods, and those that run are evicted`,remedy:`free space below ${i.path}, or set other limits: kubelet-arg eviction-hard in \`extra-config\``}):M(d,`Is there room below ${i.path}?`,m,$,{cause:l===ce?"images and logs fill what is left, and the kubelet then evicts pods":"program and configuration are written there",remedy:`free at least ${ke(l.bytes)} and ${l.inodes} inodes below ${i.path}`})}function nn({facts:i}){return i.disks.slice(0,16).map(Ke)}function Re(i){return i.gpu.processes.filter(d=>d.owner!=="pod")}function Pe(i){const{facts:d,desired:l}=i,f="Which GPUs does the host have, and who uses them?";if(d.gpu.pciDevices===0&&d.gpu.devices.length===0)return l.gpu?{id:"host.gpu",verdict:"warn",question:f,found:"no NVIDIA GPU",cause:"the cluster file expects one",remedy:"check the card, or remove `gpu` from the node"}:{id:"host.gpu",verdict:"skip",question:f,found:"no NVIDIA GPU"};if(d.gpu.devices.length===0)return{id:"host.gpu",verdict:"warn",question:f,found:`${d.gpu.pciDevices} NVIDIA device(s) on the bus, but no driver answers`,cause:d.gpu.problem||"nvidia-smi is not installed",remedy:"install or repair the driver; the join itself does not need it"};const g=Re(d),$=d.gpu.devices.map(b=>b.name).join(", ");if(g.length===0)return{id:"host.gpu",verdict:"pass",question:f,found:`${d.gpu.devices.length} \xD7 ${$}`};const m=g.map(b=>`${b.name} (pid ${b.pid}, ${b.ownerDetail||b.owner})`).join(", ");return{id:"host.gpu",verdict:"warn",question:f,found:`${m} ${g.length===1?"is":"are"} using the GPU`,cause:"a restart or a daemon-reload can take the GPU from running containers",remedy:"nothing to do: no change that could disturb it is made unless `allow-gpu-disruption` says so"}}var pe=x(7598),ge=x(2113);const Le=["kubelet.kubernetes.io","node.kubernetes.io"],qe=new Set(["beta.kubernetes.io/arch","beta.kubernetes.io/instance-type","beta.kubernetes.io/os","failure-domain.beta.kubernetes.io/region","failure-domain.beta.kubernetes.io/zone","kubernetes.io/arch","kubernetes.io/hostname","kubernetes.io/os","node.kubernetes.io/instance-type","topology.kubernetes.io/region","topology.kubernetes.io/zone"]);function Me(i){const[d]=i.split("/");return!i.includes("/")||!d||!["kubernetes.io","k8s.io"].some(f=>d===f||d.endsWith(`.${f}`))||qe.has(i)?!1:!Le.some(f=>d===f||d.endsWith(`.${f}`))}const de=i=>`${i.key}:${i.effect}`,Oe=(i,d)=>de(i)===de(d)&&(i.value??"")===(d.value??""),De=i=>(0,ge.kJ)(i)===void 0,Ce=i=>/^node\.(cloudprovider\.)?kubernetes\.io\//.test(i.key);function je(i){return{[w.ownedLabels]:W(Object.keys(i.labels)),[w.ownedTaints]:W(i.taints.map(de))}}function Se(i,d){const l=(ne,ye)=>Object.hasOwn(ne,ye),f=d?.labels??{},g=Object.entries(i.labels).filter(([ne,ye])=>!l(f,ne)||f[ne]!==ye),$=q(d?.annotations[w.ownedLabels]).filter(ne=>!l(i.labels,ne)&&l(f,ne)&&De(ne)).map(ne=>[ne,null]),m=Object.fromEntries([...g,...$]),b=d?.taints??[],D=i.taints.filter(ne=>!b.some(ye=>Oe(ye,ne))),S=new Set(q(d?.annotations[w.ownedTaints])),K=new Set(i.taints.map(de)),X=b.filter(ne=>S.has(de(ne))&&!K.has(de(ne))&&!Ce(ne));return{labels:m,addTaints:D,removeTaints:X}}function Ue(i){return Object.keys(i.labels).length+i.addTaints.length+i.removeTaints.length>0}function Ze(i,d){const l=new Set([...d.removeTaints,...d.addTaints].map(de));return[...i.filter(f=>!l.has(de(f))),...d.addTaints]}const xe=4e4;function we({node:i,leaseRenewedAtMs:d,leaseNodeUid:l,serverTimeMs:f}){const g=d!==void 0&&l!==void 0&&l===i?.uid,$=i?.ready==="True"&&!g?Date.parse(i.createdAt):void 0,m=[d,$].filter(D=>D!==void 0&&!Number.isNaN(D)),b=Math.max(0,f-Math.max(...m));if(!(m.length===0||d===void 0&&b>xe))return b}function v(i){return Array.isArray(i)?i.map(v):i===null||typeof i!="object"?i:Object.fromEntries(Object.entries(i).sort(([d],[l])=>d<l?-1:d>l?1:0).map(([d,l])=>[d,v(l)]))}function k(i,d,l){const f={server:d,version:l,distribution:i.distribution,labels:i.labels,taints:i.taints.map(g=>`${g.key}=${g.value??""}:${g.effect}`).sort(),nodeIp:i.nodeIp??"",nodeExternalIp:i.nodeExternalIp??"",extraConfig:i.extraConfig};return`sha256:${(0,pe.createHash)("sha256").update(JSON.stringify(v(f))).digest("hex")}`}function O(i,d,l,f){const{node:g}=f;if(!g)return{isAsDesired:!1,differences:[`${i.node} is not a node yet`]};const $=we(f),m=[],b=g.annotations[w.desired];return b===void 0?m.push("it has not been brought under this project yet (no record of a complete run)"):b!==k(i,d,l)&&m.push("the desired state has changed since the last complete run"),g.kubeletVersion!==l&&m.push(`version ${g.kubeletVersion}, wanted ${l}`),Ue(Se(i,g))&&m.push("labels or taints differ"),g.ready!=="True"&&m.push(`Ready is ${g.ready}`),$===void 0?m.push("it has no heartbeat (no Lease)"):$>xe&&m.push(`last heartbeat ${Math.round($/1e3)} s ago`),{isAsDesired:m.length===0,differences:m,...$===void 0?{}:{heartbeatAgeMs:$}}}const T=/^(03000200-0400-0500-0006-000700080009|f+(-f+)*|0+(-0+)*|)$/i,L=i=>T.test(i)?"":i.toLowerCase();function P(i,d){const l=L(i?.systemUuid??"");return l!==""&&l===L(d.systemUuid)}function Q(i,d){if(!i)return"nobody";const[l,f]=[L(i.systemUuid),L(d.systemUuid)];return l!==""&&f!==""?l===f?"this-machine":"another-machine":i.machineId!==""&&i.machineId===d.machineId?"this-machine":"unknown-machine"}function se({reading:i}){const d=we(i);return i.node?.ready==="True"&&d!==void 0&&d<=xe}function V({reading:i}){const d=we(i);return i.node!==void 0&&d!==void 0&&d<=xe}function z(i){const{reading:d,consent:l,desired:f}=i;return d.node!==void 0&&l.replaceNode===f.node&&!V(i)}function ee({reading:{node:i},facts:d,desired:l}){return[i?`node: system UUID ${i.systemUuid||"unknown"}, ${i.internalIps.join(", ")||"no address"}, ${i.osImage}`:"node: there is none of that name",`host: system UUID ${d.systemUuid||"unknown"}, ${d.addresses.join(", ")||l.access.address}, ${d.os.prettyName}`]}function ve(i){const{desired:d,facts:l,reading:f}=i,g=`Is the name ${d.node} free, or this machine's own?`,$=Q(f.node,l);if($==="nobody")return{id:"cluster.name",verdict:"pass",question:g,found:"free"};if($==="this-machine")return{id:"cluster.name",verdict:"pass",question:g,found:"this machine is the node"};const m=ee(i);if(V(i))return{id:"cluster.name",verdict:"fail",question:g,found:$==="another-machine"?"a live machine with another identity has it":"a live node has it, and its identity cannot be compared",cause:"two machines cannot share a name",remedy:"give this machine another `node` name",evidence:m};const b=z(i);return{id:"cluster.name",verdict:b?"warn":"fail",question:g,found:`a node that is no longer alive has it${b?"; it will be replaced as confirmed":""}`,cause:"the node was joined from another machine or another installation",remedy:`press the button again with replace-node = ${d.node}, or give this machine another name`,evidence:m}}const _=/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;function oe({desired:i}){const d=_.test(i.node)&&i.node.length<=63;return M("cluster.node-name",`Is ${i.node} a valid name for a node?`,d,d?"valid":"not valid",{cause:"the name of a node is at most 63 lower-case letters, digits, dashes and dots (RFC 1123)",remedy:"give another `node`, e.g. the host name in lower case"})}const le=i=>`node ${i.name}: system UUID ${i.systemUuid||"unknown"}, machine-id ${i.machineId||"unknown"}, ${A(i.internalIps)||"no address"}, Ready ${i.ready}`,Ee=i=>`host: system UUID ${i.systemUuid||"unknown"}, machine-id ${i.machineId||"unknown"}, ${A(i.addresses)||"no address"}`;function We({desired:i,facts:d,nodes:l}){const f="cluster.machine",g="Is this machine no node under another name?",$=l.filter(K=>K.name!==i.node),m=$.filter(K=>Q(K,d)==="this-machine"),b=m.find(K=>K.ready==="True");if(b)return M(f,g,!1,`it is the live node ${b.name}`,{cause:"system UUID or machine-id are the same: a second agent would take ports and containers from the first",remedy:`name it ${b.name}; or remove that node first: sudo systemctl disable --now its agent, then kubectl delete node ${b.name}`,evidence:[le(b),Ee(d)]});const[D]=m;if(D)return M(f,g,!1,`it was the node ${D.name}, which is no longer alive`,{verdict:"warn",cause:"the machine was joined under another name before",remedy:`when nobody needs it any more: kubectl delete node ${D.name}`,evidence:[le(D),Ee(d)]});if(d.systemUuid===""&&d.machineId==="")return I(f,g,"the host tells neither system UUID nor machine-id");const S=$.find(K=>d.machineId!==""&&K.machineId===d.machineId);return S?M(f,g,!1,`its machine-id is also that of ${S.name}`,{verdict:"warn",cause:"both were made from one disk image: DHCP and everything else that goes by machine-id mixes them up",remedy:"give it one of its own and reboot: sudo rm /etc/machine-id && sudo systemd-machine-id-setup",evidence:[le(S),Ee(d)]}):Z(f,g,l.length===0?"there is no other node":"no node has its identity")}function vn({desired:i,facts:d,nodes:l}){const f="cluster.address",g="Is the address of the node its own?",$=(i.nodeIp??d.defaultRoute?.source??"").split(",").map(S=>S.trim()).filter(S=>S!=="");if($.length===0)return I(f,g,"which address the agent will choose");const m=l.find(S=>S.name!==i.node&&Q(S,d)!=="this-machine"&&S.internalIps.some(K=>$.includes(K)));if(!m)return Z(f,g,$.join(", "));const b=m.internalIps.find(S=>$.includes(S))??$.join(", "),D=i.podNetwork==="isolated"||m.ready!=="True";return M(f,g,!1,`${b} is also the address of ${m.name}`,{verdict:D?"warn":"fail",cause:"nodes and their pods are reached by that address, so it has to be unique in the cluster",remedy:"give `node-ip` with another address of this machine, or one of an overlay network to both",evidence:[le(m),Ee(d)]})}function tn({facts:i,desired:d}){const l="host.route",f="Is there a default route?";return i.defaultRoute?Z(l,f,`via ${i.defaultRoute.via||i.defaultRoute.device}`):i.hasNoDefaultRoute?M(l,f,!1,"none",{verdict:d.nodeIp?"warn":"fail",cause:d.nodeIp?"the address is given, but services of the cluster are reached through the default route":"the agent takes its address from the default route, and stops without one",remedy:"add a default route; one through a dummy interface is enough (docs: installation/airgap), and give `node-ip`"}):I(l,f,"the host does not tell its routes")}function sn({facts:i,desired:d}){if(d.access.transport==="local")return[];const l="host.forwarding",f="May connections be forwarded over SSH, to try the join through the host\u2019s own network?",{sshForwarding:g}=i;if(g==="unknown")return[I(l,f,"the configuration of sshd is told to root only")];const $=g==="yes"||g==="local";return[M(l,f,$,$?"allowed":`refused (AllowTcpForwarding ${g})`,{verdict:"warn",cause:"sshd on the host is configured so; the handshake then uses curl on the host instead",remedy:`nothing to do where the host has curl; otherwise allow it for this user in /etc/ssh/sshd_config: Match User ${i.user||d.access.user||"USER"} / AllowTcpForwarding local`})]}const bn={"sudo-password-required":"sudo asks for a password, and none was given","sudo-password-wrong":"sudo refused the password that was given","sudo-not-allowed":"the user may not use sudo","sudo-needs-tty":"sudo demands a terminal (requiretty)","sudo-missing":"there is no sudo on the host"};function rn({facts:i}){const{state:d,problem:l}=i.privilege,g={root:"logged in as root",passwordless:"sudo without a password",password:"sudo with the password given",none:bn[l]??(l||"no sudo")}[d];return M("host.sudo",`May ${i.user||"the user"} become root?`,d!=="none",g,{cause:"files, units and packages of the host belong to root",remedy:`give \`sudo-password\`, or let the user become root without one: echo '${i.user||"USER"} ALL=(ALL) NOPASSWD: ALL' | sudo tee /etc/sudoers.d/k3s-gpu-actions`})}function yn({facts:i}){const d="host.os",l="Is this a Linux on which programs and units can be installed?",f=i.os.prettyName||i.os.id;return i.readOnly.length>0?M(d,l,!1,`${i.readOnly.join(" and ")} cannot be written${f?` (${f})`:""}`,{cause:"the program and its unit are installed there, and on this system not even root can write to it",remedy:"use a system whose /usr/local/bin and /etc are writable, or remount them: sudo mount -o remount,rw /usr"}):f===""&&i.kernel===""?I(d,l,"the host does not say what it runs"):Z(d,l,[f,i.kernel&&`kernel ${i.kernel}`].filter(Boolean).join(", "))}function _n({facts:i}){const d=["amd64","arm64"].includes(i.architecture);return M("host.architecture","Is the processor architecture supported?",d,i.architecture||"unknown",{cause:"programs are fetched and checked for amd64 and arm64 only",remedy:"use a 64-bit x86 or Arm machine"})}function on({facts:i}){return M("host.init","Is systemd the init system?",i.init==="systemd",i.init,{cause:"units are written for systemd",remedy:"use a host with systemd; OpenRC is not supported in this version"})}function On(i){const[,d,l]=/^v?(\d{1,3})\.(\d{1,3})\./.exec(i)??[];return d===void 0||l===void 0?void 0:Number(d)*100+Number(l)}const Tn=135;function Rn({facts:i,version:d}){const l="host.cgroup",f="Are the control groups there that a kubelet needs?",{version:g,controllers:$}=i.cgroup;if(g===0)return I(l,f,"the host shows no control groups");const m=`cgroup v${g}`;if(!$.includes("memory"))return M(l,f,!1,`${m} without the memory controller`,{cause:"the kubelet cannot limit memory without it and stops",remedy:"add `cgroup_enable=memory cgroup_memory=1` to the kernel command line and reboot"});if(g===1&&(On(d)??0)>=Tn)return M(l,f,!1,`${m}, and ${d} is wanted`,{cause:"a kubelet from 1.35 on refuses to run on cgroup v1",remedy:"boot with cgroup v2: add `systemd.unified_cgroup_hierarchy=1` to the kernel command line and reboot; or use a version before 1.35"});const b=(g===2?["cpu","cpuset","pids"]:["pids"]).filter(D=>!$.includes(D));return M(l,f,b.length===0,b.length===0?m:`${m} without ${b.join(", ")}`,{cause:"the agent looks for these controllers when it starts, and stops",remedy:`take what disables ${b.join(", ")} off the kernel command line (cgroup_disable=\u2026) and reboot; a realtime kernel may lack cpu`})}function Sn(i){const d=i.split(/<[^>]*>/).map(l=>l.replaceAll(/[.*+?^${}()|[\]\\]/g,"\\$&"));return new RegExp(`^${d.join("[a-z0-9_.:-]+")}$`,"i")}function xn(i,d){return i.find(l=>l.id===d)??i.find(l=>Sn(l.id).test(d))}const ie=(i,d,l,f,g=!0)=>({id:i,stage:"preflight",severity:d,asks:l,remedy:f,isIgnorable:g}),an=[ie("host.sudo","fail","May the user become root?","give `sudo-password`, or let the user become root without one"),ie("host.os","fail","Is this a Linux on which programs and units can be installed?","use a system whose /usr/local/bin and /etc/systemd/system are writable"),ie("host.architecture","fail","Is the processor amd64 or arm64?","use such a machine"),ie("host.init","fail","Is systemd the init system?","use a host with systemd"),ie("host.cgroup","fail","Are the control groups there that a kubelet needs: the memory controller, and v2 from version 1.35 on?","change the kernel command line (`cgroup_enable=memory`, `systemd.unified_cgroup_hierarchy=1`) and reboot"),ie("host.clock","fail","Is the clock of the host within 30 s of the API server?","`sudo timedatectl set-ntp true`"),ie("host.disk.<path>","fail","Is there room, in bytes and inodes, where data, programs and configuration go? A warning below 5 % free","free what the check says; for data 2 GiB and 10000 inodes"),ie("host.route","fail","Is there a default route? A warning when `node-ip` is given","add one; through a dummy interface is enough"),ie("host.forwarding","warn","May connections be forwarded over SSH?","none needed where the host has curl; else `AllowTcpForwarding local` for the user"),ie("cluster.node-name","fail","Is the name valid for a node (RFC 1123, lower case)?","give another `node` name"),ie("cluster.name","fail","Is the name free, or this machine's own? One that a live machine has is never given away","`replace-node` for a dead node; another `node` name for a live one","partly"),ie("cluster.machine","fail","Is this machine no node under another name? A warning when that node is dead, or the machine-id is copied","use the name it has, or remove the other node"),ie("cluster.address","fail","Is the address of the node its own? A warning where pods are isolated anyway","give `node-ip` with another address"),ie("cluster.topology","warn","Can pods on this host and pods on the servers reach each other?","declare `pod-network: isolated`, or use an overlay network"),ie("host.gpu","warn","Which GPUs does the host have, and who uses them?","none needed; repair the driver where it does not answer"),{id:"plan.gpu-in-use",stage:"plan",severity:"fail",asks:"Does the plan disturb a process outside the cluster that uses the GPU?",remedy:"`allow-gpu-disruption`, or stop the process first",isIgnorable:!1},...[["unit","Does the agent\u2019s unit run?","see the journal in the evidence"],["ready","Is the node Ready, with a fresh heartbeat?","see the node\u2019s conditions in the evidence"],["version","Does the node run the wanted version?","press the button again; another agent may answer for it"],["metadata","Are labels and taints as wanted?","press the button again; find who else changes them"],["gpu-processes","Do the processes that used the GPU before still run?","start them again; the report names them"]].map(([i,d,l])=>({id:`confirm.${i}`,stage:"confirm",severity:"fail",asks:d,remedy:l,isIgnorable:!1}))];function dn(i){return[rn(i),yn(i),_n(i),on(i),Rn(i),fe(i),...nn(i),tn(i),...sn(i),oe(i),ve(i),We(i),vn(i),N(i),Pe(i)]}var Ae=x(1233);function En(i,d,l,f,g){const $=[],m=(D,S,K,X,ne)=>{$.push({id:D,verdict:K?"pass":"fail",question:S,found:X,...K?{}:{cause:"it was so a moment ago, or was never brought about",remedy:ne}})};if(f!==void 0&&m("confirm.unit","Is the unit active?",f==="active",f,"look at its journal on the host"),g||m("confirm.ready","Is the node Ready?",l?.ready==="True",l?`Ready=${l.ready} ${l.readyMessage}`.trim():"no such node","press the button again; the plan says what is missing"),!l)return $;g||m("confirm.version","Does the node run the wanted version?",l.kubeletVersion===d,l.kubeletVersion,"press the button again; the plan says what is missing");const b=Se(i,l);return m("confirm.metadata","Are labels and taints as wanted?",!Ue(b),Ue(b)?[...Object.keys(b.labels),...b.addTaints.map(Ae.eh),...b.removeTaints.map(Ae.eh)].join(", "):"as wanted","something else changes them: look at managedFields of the node"),$}const Ve=i=>`${i.name} (pid ${i.pid}, ${i.ownerDetail||i.owner})`;function An(i,d){const l=i.startTicks===void 0||d.startTicks===void 0||i.startTicks===d.startTicks;return i.pid===d.pid&&i.name===d.name&&l}function In(i){return["start","restart","reload","install"].includes(i.kind)&&i.waitsFor===void 0}function cn(i,d,l){const{gpu:f}=i,g=Re(i),$=d.filter(S=>(["restart","reload"].includes(S.kind)||S.kind==="install"&&S.disrupts!==void 0)&&!S.waitsFor);return!(g.length>0||f.pciDevices>0&&!f.areProcessesKnown)||$.length===0||l?[]:[{id:"plan.gpu-in-use",verdict:"fail",question:"May the plan disturb processes that use the GPU outside the cluster?",found:`${g.map(Ve).join(", ")||`whoever uses the GPU (its processes could not be listed: ${f.problem||"no answer"})`} would see: ${$.map(S=>`${S.kind} ${S.target}`).join(", ")}`,cause:"a daemon-reload or restart can take the GPU from running containers (NVIDIA/nvidia-container-toolkit#48)",remedy:"press the button again with allow-gpu-disruption when that is acceptable, or stop the process first"}]}function Nn(i,d,l,f=""){const g=Re(i);if(g.length===0)return;const $="confirm.gpu-processes",m="Do the processes outside the cluster still have the GPU?",b=g.filter(K=>!d?.processes.some(X=>An(K,X))),D=g.map(Ve).join(", ");if(b.length===0)return{id:$,verdict:"pass",question:m,found:`${D}: still there`};if(d===void 0||!d.areProcessesKnown)return{id:$,verdict:"error",question:m,found:`not known: ${D} used it before`,cause:f||d?.problem||"the processes that use the GPU could not be listed again",remedy:"look on the host: nvidia-smi"};const S=b.map(Ve).join(", ");return{id:$,verdict:l?"warn":"fail",question:m,found:`${S} ${b.length===1?"has":"have"} it no more`,cause:l?"the run changed the host, as allow-gpu-disruption lets it":"it lost the GPU or ended while this run changed the host; nothing that was planned should have disturbed it",remedy:`look at it on the host and start it again: ${b.map(({ownerDetail:K,owner:X})=>K||X).join(", ")}`,evidence:[`before: ${D}`,`after: ${d.processes.map(Ve).join(", ")||"nobody uses the GPU"}`]}}const ln=i=>i?i.slice(0,63):"empty",un=" (no longer wanted; ours)";function Xe(i,d,l){const f=d&&l;if(i===void 0)return f?" (was removed by hand)":" (new)";const g=f?", changed by hand":d?"":", not ours until now";return` (was ${ln(i.value)}${g})`}function Pn(i,d,l){const f=new Set(q(d?.annotations[w.ownedLabels]));return Object.entries(i.labels).map(([g,$])=>{if($===null)return`${g}-${un}`;const m=`${g}=${$}`;if(d===void 0)return m;const b=Object.hasOwn(d.labels,g)?{value:d.labels[g]}:void 0;return`${m}${Xe(b,f.has(g),l)}`})}function Ln(i,d,l){const f=new Set(q(d?.annotations[w.ownedTaints]));return[...i.addTaints.map($=>{if(d===void 0)return(0,Ae.eh)($);const m=d.taints.find(b=>de(b)===de($));return`${(0,Ae.eh)($)}${Xe(m&&{value:m.value},f.has(de($)),l)}`}),...i.removeTaints.map($=>`${(0,Ae.eh)($)}-${un}`)]}const be={deleteNode:"delete-node",deletePassword:"delete-node-password",label:"label-node",taint:"taint-node",record:"record-desired"};function Mn(i,d){const{desired:l,server:f,version:g,reading:$}=i,m=Se(l,$.node),b=[],D=k(l,f,g),S=$.node?.annotations[w.desired],K=Pn(m,$.node,S===D);K.length>0&&b.push({id:be.label,kind:"label",target:K.join(", "),reason:$.node?"the node differs from the cluster file and inputs":"wanted on the new node",undo:"not needed: labels disturb nothing, and the next run sets them again"});const X=Ln(m,$.node,S===D);return X.length>0&&b.push({id:be.taint,kind:"taint",target:X.join(", "),reason:$.node?"the node differs from the cluster file and inputs":"keeps other pods away from the new node from its first second",...m.addTaints.some(Fe=>Fe.effect==="NoExecute")?{disrupts:"evicts pods that do not tolerate it"}:{},undo:"not needed: the next run converges"}),(!Object.entries(je(l)).every(([Fe,He])=>$.node?.annotations[Fe]===He)||S!==D&&!d)&&b.push({id:be.record,kind:"annotate",target:d?"labels and taints of this project as owned":"desired state, owned labels and taints",reason:d?"so that they can be changed and removed later":"lets the next run see that nothing is to be done",undo:"not needed: a hint only"}),b}function Dn(i){const{reading:d,desired:l}=i;return!d.node||!z(i)?[]:[{id:be.deleteNode,kind:"delete",target:`node ${l.node} (uid ${d.node.uid})`,reason:"confirmed by replace-node: it is no longer alive",disrupts:"forgets the pods that were bound to it",undo:"none: a deleted node comes back only by joining again"}]}function Cn(i,d,l){const f=d.some(S=>S.waitsFor!==void 0),g=f&&!i.reading.node?[]:Mn(i,f),$=[...Dn(i),...d,...g],m=ve(i),b=m.verdict==="fail"&&(V(i)||l.some(S=>S.id===m.id)),D=[...l.filter(S=>S.id!==m.id),...b?[m]:[],...cn(i.facts,$,i.consent.allowGpuDisruption)];return{changes:$,blockers:D}}function hn(i){return i.changes.filter(d=>d.waitsFor===void 0)}function jn(i){const d=[be.label,be.taint,be.record];return hn(i).some(l=>!d.includes(l.id))}}),3133:((Ne,ue,x)=>{x.d(ue,{SU:()=>Fs,$R:()=>_t,Cw:()=>Ot,f0:()=>q,At:()=>fn});var w=x(7131);const q={binary:"/usr/local/bin/k3s",ownConfig:"/etc/rancher/k3s/config.yaml.d/50-k3s-gpu-actions.yaml",unit:"/etc/systemd/system/k3s-agent.service",environment:"/etc/systemd/system/k3s-agent.service.env",nodePassword:"/etc/rancher/node/password",containerdLog:"/var/lib/rancher/k3s/agent/containerd/containerd.log",lock:"/run/k3s-gpu-actions.lock",backups:"/var/lib/k3s-gpu-actions"};var W=x(7598);function re(e){return`${e}.node-password.k3s`.toLowerCase()}const he=64*1024**2;function U(e){const[,n="",s,t,r,o=""]=/^\$1:([0-9a-f]{2,128}):(\d{1,2}):(\d{1,2}):(\d):([A-Za-z0-9+/]{22,171})$/.exec(e)??[],a={salt:Buffer.from(n,"hex"),logN:Number(s),r:Number(t),p:Number(r),key:Buffer.from(o,"base64")},{logN:c}=a;if(!(n===""||n.length%2!==0||c<1||c>20||a.r<1||a.p<1))return 128*2**c*a.r*a.p<=he?a:void 0}async function J(e,n){const s=U(e);if(!s)return;const{salt:t,logN:r,r:o,p:a,key:c}=s,u={N:2**r,r:o,p:a,maxmem:2*he};return await new Promise(h=>{try{(0,W.scrypt)(n,t,c.length,u,(p,R)=>h(p?void 0:(0,W.timingSafeEqual)(R,c)))}catch{h(void 0)}})}function F(e){return e.hasSecret?e.hasFile?e.password===""?"empty":e.password===void 0||e.isMatch===void 0?"unknown":e.isMatch?"matches":"different":"missing":"none"}function C(e,n){const s=n?.state??"none";if(s==="none"||s==="matches")return"fine";if(s==="empty")return"empty";const{reading:t,facts:r,consent:o,desired:a}=e,c=(0,w.Pd)(t.node,r);if((0,w.JG)(e))return c!=="this-machine"?"foreign":s==="unknown"?"unknown":"live";const u=o.replaceNode===a.node;return(0,w.ik)(e)||u&&t.node===void 0?"replaced":c==="another-machine"?"foreign":s==="unknown"?"unknown":(0,w.YD)(t.node,r)?"healed":"unproven"}const G="k3s.node-password",N="Will the server accept this host's node password?",M=e=>e?.secret?.createdAt?` of ${e.secret.createdAt}`:"",Z={missing:`the host has none (${q.nodePassword} is not there)`,different:"the host has another one",unknown:"it could not be compared with the host's"};function I(e,n){const s=n.nodePassword,{node:t}=e.desired;if(s===void 0)return[{id:G,verdict:"skip",question:N,found:"not asked: the agent is not started by this plan"}];const r=`the cluster keeps a password${M(s)} for ${t}, and ${Z[s.state]??""}`,o="a server rejects an agent whose password is not the one it keeps for that name, every time it asks (403)",a=[`secret kube-system/${re(t)}${M(s)}`,...(0,w.Eb)(e)];switch(C(e,s)){case"fine":{const c=s.state==="none"?`the cluster keeps none for ${t}`:"it is the one that the cluster keeps";return[{id:G,verdict:"pass",question:N,found:c}]}case"healed":return[{id:G,verdict:"warn",question:N,found:`${r}; it is this machine's own, from an earlier installation (same system UUID)`,cause:o,remedy:`nothing to do: the plan deletes that Secret, and nothing else of ${t}`,evidence:a}];case"replaced":return[{id:G,verdict:"warn",question:N,found:`${r}; it is deleted, as replace-node says`,cause:o,remedy:"nothing to do: the plan deletes that Secret",evidence:a}];case"foreign":return[{id:G,verdict:"skip",question:N,found:"the name belongs to another machine: see cluster.name"}];case"live":return[{id:"plan.node-password",verdict:"fail",question:"Would the node that lives come back from the start that is planned?",found:`no: ${r}. ${t} is alive on this very machine, and its agent would be rejected as soon as it is started again`,cause:`${q.nodePassword} was lost or changed while the agent ran; the password of a live node is never deleted`,remedy:`stop the agent (sudo systemctl stop k3s-agent; containers keep running), wait a minute until ${t} is no longer alive, then press the button again`,evidence:a}];case"empty":return[{id:G,verdict:"fail",question:N,found:`${q.nodePassword} is empty`,cause:"k3s sends what is in that file, and makes a password only where there is no file",remedy:`sudo rm ${q.nodePassword}, then press the button again`,evidence:a}];case"unproven":return[{id:G,verdict:"fail",question:N,found:`${r}; nothing proves that it is this machine's own`,cause:o,remedy:`press the button again with replace-node = ${t} when no other machine of that name is to come back, or give this machine another name`,evidence:a}];case"unknown":return[{id:G,verdict:"warn",question:N,found:s.secret?`${r}: ${s.problem??""}`:`not known: ${s.problem??""}`,cause:s.secret?o:"the Secrets of kube-system could not be listed",remedy:s.secret?`if the server rejects it, press the button again with replace-node = ${t}`:"nothing to do: if the server rejects the password, the run ends with its words",evidence:a}]}}function A(e,n){const s=C(e,n.nodePassword);if(s!=="healed"&&s!=="replaced"||n.nodePassword?.secret===void 0)return;const{node:t}=e.desired,{node:r}=e.reading;return{kind:"delete",target:`secret kube-system/${re(t)}`,reason:s==="healed"?`from an earlier installation of this machine (same system UUID); node ${t} with its labels and pods stays`:r?`confirmed by replace-node: it goes with node ${t}`:"confirmed by replace-node: no node has that name any more",undo:"none: the password in it is not known; the agent stores its own when it starts"}}var E=x(2088);const fe=/^v?(\d+)\.(\d+)\.(\d+)(?:-(rc\d+))?\+k3s(\d+)$/;function H(e){const[,n,s,t,r="",o]=fe.exec(e.trim())??[];if(n===void 0)return;const a={major:Number(n),minor:Number(s),patch:Number(t),build:Number(o)},c=r===""?"":`-${r}`;return{text:`v${a.major}.${a.minor}.${a.patch}${c}+k3s${a.build}`,candidate:r,...a}}function B(e){const{major:n,minor:s,patch:t,candidate:r,build:o}=e,a=r===""?"":`0rc.${Number(r.slice(2))}.`;return`${n}.${s}.${t}-${a}k3s.${o}`}function ce(e,n){const s=t=>{const r=H(t);if(r===void 0)throw new RangeError(`${JSON.stringify(t)} is no k3s version: write it like v1.33.4+k3s1`);return new E.SemVer(B(r))};return(0,E.compare)(s(e),s(n))}class _e extends Error{name="VersionError";code="version-invalid";cause;remedy;evidence=[];constructor(n,s,t){super(n),this.cause=s,this.remedy=t}}const ke=/^(stable|latest|testing|v?\d+(\.\d+)?)$/;function Ke(e,n){const s="write `match-server`, or an exact version like v1.33.4+k3s1";if(e.trim()==="match-server"){const a=H(n);if(a!==void 0)return a.text;throw new _e(`the server's version ${JSON.stringify(n)} is no k3s version`,(0,E.coerce)(n)===null?"what answers is not k3s":"the server runs another distribution of Kubernetes","check the kubeconfig, or set `distribution`")}const t=H(e);if(t!==void 0)return t.text;if(ke.test(e.trim()))throw new _e(`version ${JSON.stringify(e)} is a channel`,"a channel names another version tomorrow",s);const r=(0,E.coerce)(e),o=r!==null&&!e.includes("+")?`the +k3s suffix is missing, e.g. v${r.version}+k3s1`:"it has no known form";throw new _e(`version ${JSON.stringify(e)} is no k3s version`,o,s)}const nn={29:"v1.29.13+k3s1",30:"v1.30.9+k3s1",31:"v1.31.5+k3s1"};function Re(e,n){const s="k3s.version",t=`Does an agent of ${e} go with a server of ${n}?`,r=H(e),o=H(n);if(r===void 0||o===void 0)return{id:s,verdict:"error",question:t,found:`${JSON.stringify(r===void 0?e:n)} is no k3s version`,cause:"the two cannot be compared",remedy:"write versions like v1.33.4+k3s1; check that the server is k3s"};const a=ce(e,n),c=`use version: match-server (${o.text})`;if(a===0)return{id:s,verdict:"pass",question:t,found:"the same version"};if(a>0)return{id:s,verdict:"fail",question:t,found:"the agent is newer than the server",cause:"a kubelet newer than its API server is not supported, and nothing would complain until something breaks",remedy:`${c}, or upgrade the servers first`};const u=(o.major-r.major)*100+o.minor-r.minor;if(u>3)return{id:s,verdict:"fail",question:t,found:`the agent is ${u} minor versions older than the server`,cause:"a kubelet may be at most 3 minor versions older than its API server",remedy:c};const h=r.major===1?nn[r.minor]:void 0;return h!==void 0&&o.minor>=32&&ce(e,h)<0?{id:s,verdict:"fail",question:t,found:`agents before ${h} get no pod network from servers of 1.32 or later`,cause:"flannel in such an agent asks for rights that these servers no longer give it (k3s#11551, k3s#12819)",remedy:`${c}, or at least ${h}`}:{id:s,verdict:"warn",question:t,found:"the agent is older than the server",cause:"supported, but not what the server was tested with",remedy:c}}function Pe(e,n){if(e===void 0||!H(e)||!H(n))return[];const s="k3s.installed-version",t=`Is what is installed not newer than the server (${n})?`;return ce(e,n)<=0?[{id:s,verdict:"pass",question:t,found:e}]:[{id:s,verdict:"warn",question:t,found:`${e} is newer than the server`,cause:"a kubelet newer than its API server is not supported, and nothing else would report it",remedy:"press the button with adopt = apply, which installs the wanted version; or upgrade the servers first"}]}var pe=x(7030);const ge="10.42.0.0/16",Le="10.43.0.0/16",qe=[{port:10250,protocol:"tcp"},{port:8472,protocol:"udp"}],Me=[{network:ge},{network:Le}],de=e=>"network"in e?e.network:`${e.port}/${e.protocol}`;function Oe(e,n){const[s="",t]=e.split("/"),[r="",o="32"]=n.split("/");if((0,pe.isIP)(s)!==4||(0,pe.isIP)(r)!==4)return!1;const a=t===void 0?32:Number(t);if(!Number.isInteger(a)||a<0||a>Number(o))return!1;const c=new pe.BlockList;return c.addSubnet(s,a,"ipv4"),c.check(r,"ipv4")}function De(e,n){const[s="",t]=e.split("/");return t!==void 0&&t!==n.protocol?!1:s.split(",").some(r=>{const[o="",a=o]=r.split(/[:-]/);return/^\d+$/.test(o)&&/^\d+$/.test(a)&&Number(o)<=n.port&&n.port<=Number(a)})}const Ce=e=>Oe(ge,e)||Oe(Le,e);function je(e){const[,n,s,t]=/^(\S.*?)\s{2,}(ALLOW|LIMIT|DENY|REJECT)(?: IN)?\s{2,}(\S+)/.exec(e)??[];if(!(n===void 0||t===void 0||e.includes("(v6)")))return{to:n.replace(/ on \S+$/,"").trim(),isAllowed:s==="ALLOW"||s==="LIMIT",from:t}}function Se(e,n){if(e.some(t=>/^Default:\s*allow \(incoming\)/.test(t)))return[];const s=e.flatMap(t=>je(t)??[]).filter(t=>t.isAllowed);return n.filter(t=>!s.some(({to:r,from:o})=>"network"in t?/^Anywhere/.test(r)&&(/^Anywhere/.test(o)||Oe(o,t.network)):/^Anywhere/.test(r)?/^Anywhere/.test(o)||!Ce(o):De(r,t)&&!Ce(o)))}const Ue={"10250/tcp":["kubelet","kubelet-worker","kube-worker","kube-control-plane","kube-control-plane-secure"],"8472/udp":["kube-flannel"]};function Ze(e){const n=[];for(const s of e){/^\S/.test(s)&&n.push({target:"",words:{},richRules:[]});const t=n.at(-1),[,r,o=""]=/^\s+([a-z-]+):\s*(.*)$/.exec(s)??[];t&&(/^\s+rule /.test(s)?t.richRules.push(s.trim()):r==="target"?t.target=o.trim():r&&(t.words[r]=o.split(/\s+/).filter(Boolean)))}return n}function xe(e,n){const s=Ze(e),t=s.filter(r=>r.target==="ACCEPT");return n.filter(r=>{const o=s.flatMap(u=>u.richRules).filter(u=>/ accept\b/.test(u));if("network"in r)return!t.some(h=>(h.words.sources??[]).some(p=>Oe(p,r.network))||(h.words.interfaces??[]).includes("cni0"))&&!o.some(h=>h.includes(r.network));const a=s.some(u=>(u.words.ports??[]).some(h=>De(h,r))||(u.words.services??[]).some(h=>Ue[de(r)]?.includes(h))),c=t.some(u=>(u.words.sources??[]).some(h=>!Ce(h))||(u.words.interfaces??[]).some(h=>!/^(cni0|flannel)/.test(h)));return!a&&!c&&!o.some(u=>u.includes(`"${r.port}"`))})}const we="host.firewall",v="Does the firewall let in what a node needs?";function k({nodes:e,desired:n}){const s=e.filter(r=>r.name!==n.node).flatMap(r=>[...r.internalIps,...r.externalIps]).filter(r=>/^[0-9a-fA-F.:]+$/.test(r)),t=[...new Set(s)].slice(0,8);return t.length>0?t:["<address of a node>"]}function O(e,n){return e.flatMap(s=>"network"in s?[`sudo ufw allow from ${s.network} to any`]:n.map(t=>`sudo ufw allow proto ${s.protocol} from ${t} to any port ${s.port}`))}function T(e,n){return[...e.flatMap(t=>{const r="sudo firewall-cmd --permanent";return"network"in t?[`${r} --zone=trusted --add-source=${t.network}`]:n.map(o=>`${r} --add-rich-rule='rule family="${o.includes(":")?"ipv6":"ipv4"}" source address="${o}" port port="${t.port}" protocol="${t.protocol}" accept'`)}),"sudo firewall-cmd --reload"]}function L(e,n){const{name:s,rules:t}=e;if(s!=="nftables"&&t.length===0)return(0,w.uG)(we,v,`${s} is active, and its rules are told to root only`);if(s==="nftables")return{id:we,verdict:"warn",question:v,found:`a packet filter drops what no rule allows (${(0,w.H$)(t)}); its rules were not looked into`,cause:`a node needs ${[...qe,...Me].map(de).join(", ")} to come in`,remedy:"compare with: sudo nft list ruleset; when all of it is allowed, name host.firewall in `ignore-checks`"};const r=n.desired.podNetwork==="isolated"?Me:[...qe,...Me],o=s==="ufw"?Se(t,r):xe(t,r);if(o.length===0)return(0,w.bF)(we,v,`${s} is active and allows it`);const a=(s==="ufw"?O:T)(o,k(n));return{id:we,verdict:"warn",question:v,found:`${s} is active and has no rule for ${o.map(de).join(", ")}`,cause:"the node would become Ready, but its pods would reach neither name server nor services, and other nodes not its pods; these are the networks that k3s has by default",remedy:a.join("; "),evidence:t.slice(0,40)}}function P(e){const{firewalls:n}=e.facts,s=n.find(r=>r.state==="active");if(s)return L(s,e);const t=n.find(r=>r.state==="unknown");return t?(0,w.uG)(we,v,`whether ${t.name} is active`):(0,w.bF)(we,v,"none is active")}var Q=x(7949),se=x(8815),V=x(1233);function z(e){const n=Object.entries(e.labels).filter(([o])=>!(0,w.E4)(o)).map(([o,a])=>`${o}=${a}`).sort(),s=e.taints.map(V.eh).sort(),t={"node-name":e.node,...e.nodeIp?{"node-ip":e.nodeIp}:{},...e.nodeExternalIp?{"node-external-ip":e.nodeExternalIp}:{},...Object.fromEntries(Object.entries(e.extraConfig).sort(([o],[a])=>o<a?-1:1)),...n.length>0?{"node-label+":n}:{},...s.length>0?{"node-taint+":s}:{}},r=new se.yo(t);return r.commentBefore=" Written by k3s-gpu-actions; edits are overwritten by its next run.",r.toString({lineWidth:0})}function ee(e){const n=[];let s=!1;for(const t of e.split(`
`))/^\S/.test(t)&&(s=/^"?node-(label|taint)\+"?:/.test(t)),!s&&!t.startsWith("#")&&t.trim()!==""&&n.push(t);return n.join(`
`)}const ve=["--node-label","--node-taint","--token","-t"],_=e=>e.split("=")[0]??e;function oe(e){const n=e.environment?.tokenKind??"none";return(e.unit?.arguments.some(t=>["--token","-t"].includes(_(t)))??!1)||n!=="none"&&n!=="bootstrap"}const le=e=>e.environment?.tokenKind==="agent"?"the token on the host is the cluster's agent token: whoever reads it can join machines for ever":"the token on the host is the server's own: whoever reads it owns the cluster";function Ee(e,n,s,t){if(s)return"a node needs one to join; deleted at the end";if(oe(n)&&!e.consent.allowServerToken)return le(n);if(!e.reading.node||(0,w.ik)(e)||t)return"the agent is not connected and may need one to register again"}function We(e,n,s){if(!n.binary)return"not installed";if(n.binary.version!==e.version)return`${n.binary.version||"unknown version"} is installed, ${e.version} is wanted`;if(s?.sha256!==void 0&&s.sha256!==n.binary.sha256)return`the installed file is not the released ${e.version}`}function vn(e,n){return n.ownConfig===void 0?!1:e.reading.node?.annotations[w.hk.desired]!==void 0?!0:tn(n).length===0&&(!oe(n)||e.consent.allowServerToken)}function tn(e){const n=(e.unit?.arguments??[]).map(_);return[...new Set(n)].filter(s=>ve.includes(s))}const sn=237;function bn(e){return e!==void 0&&e>=sn?{reason:"not installed; disrupts nothing: its systemctl is kept from reloading systemd (SYSTEMD_OFFLINE)"}:{reason:"not installed",disrupts:`its systemctl disable makes systemd ${e===void 0?"of unknown version":String(e)} reload (SYSTEMD_OFFLINE is heard from ${sn} on): can take the GPU from running containers`}}function rn(e,n,s){const{unit:t,changedSinceStart:r}=n,{node:o}=e.reading;if(!t)return["joins the cluster"];if(t.activeState!=="active")return[`the unit is ${t.activeState||"not running"}`];const a=[];return(0,w.ik)(e)?a.push("registers anew"):(0,w._n)(e)||a.push(o?.ready==="True"?"the node has no fresh heartbeat":"the node is not Ready"),o&&o.kubeletVersion!==e.version&&n.binary?.version===e.version&&a.push(`${o.kubeletVersion} is still running, ${e.version} is installed`),!s&&r.length>0&&a.push(`${r.join(", ")} changed after it was started`),a}function yn(e,n,s){const t=n.unit===void 0,r=!t&&n.unit?.activeState!=="active",o=e.reading.node!==void 0||n.unit?.activeState==="active",a=!t&&o&&!vn(e,n),c=z(e.desired),u={labels:{},taints:[],extraConfig:{},nodeIp:void 0,nodeExternalIp:void 0},h=t?"":z({...e.desired,...u}),p=tn(n);return{isFresh:t,isForeign:a,binary:We(e,n,s),url:n.environment?.url===e.server?void 0:`the host joins through ${n.environment?.url||"no server"}, wanted ${e.server}`,token:Ee(e,n,t,r),argumentNames:p,isReloadPending:p.length>0||!a&&(n.unit?.needsReload??!1),config:n.ownConfig===c?void 0:n.ownConfig===void 0?"not there yet":"differs from the cluster file and inputs",isConfigRestartRelevant:ee(n.ownConfig??h)!==ee(c),start:rn(e,n,a)}}function _n(e,n){return e.isDeep||n.unit===void 0||n.binary?.version!==e.version}function on(e,n,s){const t=yn(e,n,s),r=t.isForeign&&e.consent.adopt==="plan"?"adopt: apply":void 0,o=[],a=(h,p)=>{o.push({id:h,...p,...r?{waitsFor:r}:{}})};t.token&&!e.hasGivenToken&&a("mint-token",{kind:"mint",target:`bootstrap token, ${(0,Q.a3)(e.tokenLifetimeMs)}`,reason:t.token,undo:"deleted in every ending"});const c=A(e,n);if(c&&a(w.zF.deletePassword,c),t.binary){const h=s?`, ${(0,Q.z3)(s.sizeBytes)}`:"";a("upload-binary",{kind:"upload",target:`k3s ${e.version} ${e.facts.architecture}${h}`,reason:t.binary,undo:"the staged file is removed"}),a("install-binary",{kind:"install",target:q.binary,reason:t.binary,undo:n.binary?"the previous program is put back":"deleted"})}t.isFresh&&a("run-installer",{kind:"install",target:`unit k3s-agent, official installer ${e.version}`,...bn(e.facts.systemdVersion),undo:"unit, env file and links are deleted"}),t.config&&a("write-config",{kind:"write",target:q.ownConfig,reason:t.config,undo:n.ownConfig===void 0?"deleted":"restored"}),(t.url||t.token)&&a("edit-environment",{kind:"edit",target:`${q.environment} (${[t.url?"K3S_URL":"",t.token?"K3S_TOKEN":""].filter(Boolean).join(", ")})`,reason:t.isFresh?"tells the agent where to join":[t.url,t.token].filter(Boolean).join("; "),undo:t.isFresh?"deleted with the unit":"restored"}),t.argumentNames.length>0&&a("edit-unit",{kind:"edit",target:`${n.unit?.path??q.unit} (${t.argumentNames.join(", ")})`,reason:"arguments in ExecStart win over any file and come back at every start: they move to our drop-in",undo:"restored"}),t.isReloadPending&&a("reload",{kind:"reload",target:"systemd (daemon-reload)",reason:t.argumentNames.length>0?"the unit file changes":"the unit file has changed since systemd read it",disrupts:"can take the GPU from running containers",undo:"reloaded again after restoring"}),(t.isFresh||!t.isForeign&&n.unit?.isEnabled===!1)&&a("enable",{kind:"install",target:"start of k3s-agent at boot, without daemon-reload",reason:"not enabled",undo:"link deleted"});const u=[t.binary?`k3s ${e.version}`:"",t.url||t.token?"changed env file":"",t.isReloadPending?"changed unit":"",t.config&&t.isConfigRestartRelevant?"changed configuration":""].filter(Boolean);return(t.isFresh||t.start.length>0||u.length>0)&&a(...On(n,t,u)),o}function On(e,n,s){const t=e.unit?.name??"k3s-agent",r=[...n.start,...n.isFresh?[]:s].join("; "),o=e.unit?.activeState??"inactive";if(["inactive","failed",""].includes(o))return["start",{kind:"start",target:t,reason:r,undo:"stopped"}];if(o!=="active")return["restart",{kind:"start",target:t,reason:r,undo:"restarted with what was there before"}];const c=`restarts ${t}; containers keep running`;return["restart",{kind:"restart",target:t,reason:r,disrupts:c,undo:"restarted with what was there before"}]}function Tn(e){const n="Is this host free of a k3s server?";return e.hasServerUnit?{id:"k3s.role",verdict:"fail",question:n,found:"it has the unit k3s (a server)",cause:"a host is either a server or an agent",remedy:"name another host; a server is not turned into an agent"}:{id:"k3s.role",verdict:"pass",question:n,found:e.unit?"an agent is installed":"no unit"}}function Rn(e){const n=[];for(const s of e.templates)n.push(s.hasBaseTemplate?{id:"k3s.containerd-template",verdict:"pass",question:"Does the containerd template extend the built-in one?",found:s.path}:{id:"k3s.containerd-template",verdict:"warn",question:"Does the containerd template extend the built-in one?",found:`${s.path} replaces it`,cause:`without {{ template "base" . }} it drops k3s's CNI folders, snapshotter and runtimes: the node never becomes Ready`,remedy:"k3s finds the NVIDIA runtime by itself: rename the file and restart, or let the gpu-runtime action quarantine it"});return n}function Sn(e){return[[e.binary?.path,q.binary],[e.unit?.path,q.unit]].filter(([s,t])=>s!==void 0&&s!==t&&!e.hasServerUnit).map(([s,t])=>({id:"k3s.place",verdict:"fail",question:"Is k3s installed where its installer puts it?",found:`${s}, expected ${t}`,cause:"only the places of the official installer are changed",remedy:`move it to ${t}, or uninstall it and press the button again`}))}function xn(e){const n="Is the host free of the cluster's long-lived tokens?",s=[];oe(e)&&s.push({id:"k3s.server-token",verdict:"warn",question:n,found:`K3S_TOKEN in ${e.environment?.path??e.unit?.path??"the unit"} is ${e.environment?.tokenKind==="agent"?"the cluster's agent token":"the server's own token"}`,cause:e.environment?.tokenKind==="agent"?"whoever reads it can join machines for ever":"whoever reads it owns the cluster",remedy:"press the button with adopt = apply to replace it by a minted one; then rotate the token (k3s token rotate)"});const t=["token","agent-token","token-file","agent-token-file"];for(const r of e.configFiles){const o=r.keys.filter(a=>t.includes(a));o.length!==0&&s.push({id:"k3s.server-token",verdict:"warn",question:n,found:`${r.path} (mode ${r.mode}) sets ${o.join(", ")}`,cause:"a token in a configuration file stays on the host and is often readable by everybody",remedy:`take ${o.join(", ")} out of ${r.path}; the agent has its own certificate and needs it no more`})}return s}function ie(e,n){let s=[];for(const t of e.settings)t.key!==n||t.path===q.ownConfig||(!t.isAdded&&t.value===""?s=[]:t.value!==""&&s.push({path:t.path,value:t.value,isUnit:!1}));return s}function an(e,n){const s=e.unit?.arguments??[],t=e.unit?.path??q.unit;return s.flatMap((r,o)=>{if(r.startsWith(`--${n}=`))return[{path:t,value:r.slice(n.length+3),isUnit:!0}];const a=s[o+1];return r===`--${n}`&&a!==void 0?[{path:t,value:a,isUnit:!0}]:[]})}function dn(e){return[...ie(e,"node-label"),...an(e,"node-label")]}function Ae(e,n,s){const t=e.desired.extraConfig["kubelet-arg"]??e.desired.extraConfig["kubelet-arg+"],r=(Array.isArray(t)?t:[t]).filter(a=>typeof a=="string");return[...ie(n,"kubelet-arg"),...r.map(a=>({path:"`extra-config`",value:a,isUnit:!1})),...an(n,"kubelet-arg")].filter(({value:a})=>a.startsWith(`${s}=`)).map(a=>({...a,value:a.value.slice(s.length+1)}))}function En(e,n){const s="k3s.labels",t="Is the kubelet given no label that it refuses?",r=[...dn(n),...Ae(e,n,"node-labels")].flatMap(h=>h.value.split(",").map(p=>({...h,label:p.trim(),key:p.split("=")[0]?.trim()??""})).filter(({key:p})=>(0,w.E4)(p)));if(r.length===0){const h=n.configFiles.filter(p=>p.sha256===""&&p.keys.length===0);return h.length>0?(0,w.uG)(s,t,`${(0,w.H$)(h.map(p=>p.path))} cannot be read`):(0,w.bF)(s,t,"no")}const o=h=>h.isUnit?`${h.path} (ExecStart)`:h.path,a=[...new Set(r.map(({key:h})=>h))],c=[...new Set(r.map(o))],u=e.consent.adopt==="apply"&&r.every(h=>h.isUnit&&Ve(n,h));return{id:s,verdict:u?"warn":"fail",question:t,found:`${(0,w.H$)(c)} ${c.length===1?"sets":"set"} ${(0,w.H$)(a)}`,cause:u?"the kubelet exits when it is given such a label; this run takes it out of the unit":`the kubelet exits when it is given ${a.length===1?"this label":"these labels"}${n.unit?.activeState==="active"?": the agent that runs now dies at its next start":", at every start"}`,remedy:u?`give ${(0,w.H$)(a)} as \`labels\` of this action when it is still wanted: it sets them through the API`:`take ${(0,w.H$)(a)} out of ${(0,w.H$)(c)}, and give ${a.length===1?"it":"them"} as \`labels\` of this action, which sets ${a.length===1?"it":"them"} through the API`,evidence:r.slice(0,16).map(h=>`${o(h)}: ${h.label}`)}}function Ve(e,n){return dn(e).some(s=>s.isUnit&&s.value===n.value)}const An=[10250,6444];function In(e,{facts:n},s){const t=`host.port.${e}`,r=`Is port ${e} free for the agent?`,o=s.unit?.activeState??"",a=o==="active"||o==="activating",c=n.ports.filter(y=>y.port===e),u=({process:y,owner:j})=>!a||j.endsWith(".service")&&j!==`${s.unit?.name}.service`?!1:y===""||/^(k3s|kubelet)/.test(y),h=c.find(y=>!u(y));if(!h)return(0,w.oQ)(t,r,!0,c.length>0?"held by k3s itself":"free",cn);const p=`${h.process||"an unknown process"} (pid ${h.pid||"unknown"}${h.owner?`, ${h.owner}`:""})`,R=h.owner.endsWith(".service");return(0,w.oQ)(t,r,!1,`held by ${p}`,{cause:s.unit?`the agent listens there and would loop; k3s-agent itself is ${o||"not running"}`:"the agent listens there and would loop",remedy:R?`stop it when nobody needs it: sudo systemctl disable --now ${h.owner}`:`stop that process: sudo ss -lntp 'sport = :${e}'`})}const cn={cause:"",remedy:""};function Nn(e,n){return An.map(s=>In(s,e,n))}const ln=new pe.BlockList;for(const[e,n,s]of[["0.0.0.0",32,"ipv4"],["127.0.0.0",8,"ipv4"],["169.254.0.0",16,"ipv4"],["224.0.0.0",4,"ipv4"],["255.255.255.255",32,"ipv4"],["::",128,"ipv6"],["::1",128,"ipv6"],["fe80::",10,"ipv6"],["ff00::",8,"ipv6"]])ln.addSubnet(e,n,s);const un={31:"v1.31.12+k3s1",32:"v1.32.8+k3s1",33:"v1.33.4+k3s1"};function Xe(e){const n=H(e);if(!n)return!0;const s=un[n.minor];return s===void 0?n.minor>33||n.major>1:ce(e,s)>=0}function Pn(e,n){if(e==="169.254.169.254"&&Xe(n))return!0;const s=(0,pe.isIP)(e);return s!==0&&!e.includes("%")&&!ln.check(e,s===4?"ipv4":"ipv6")}function Ln({facts:e,desired:n,version:s},t){const r="host.resolver",o="Which name servers will pods use?",a=t.configFiles.find(u=>u.keys.includes("resolv-conf"))?.path;if("resolv-conf"in n.extraConfig||a)return(0,w.bF)(r,o,`those of the file that ${a??"`extra-config`"} names (resolv-conf)`);for(const{path:u,isReadable:h,servers:p}of e.resolvers){if(!h)return(0,w.uG)(r,o,`${u} cannot be read`);if(p.length>0&&p.every(R=>Pn(R,s)))return(0,w.bF)(r,o,`${(0,w.H$)(p)} (${u})`)}if(e.resolvers.length===0)return(0,w.uG)(r,o,"the host does not say");const c=Xe(s)?"8.8.8.8 and 2001:4860:4860::8888":"8.8.8.8";return{id:r,verdict:"warn",question:o,found:`${c}, which k3s takes without asking`,cause:`${e.resolvers.map(({path:u,servers:h})=>`${u} names ${(0,w.H$)(h)||"none"}`).join(", ")}: a pod cannot use a server on the loopback of its node; names of your own network will not be found`,remedy:"write the name servers of the network into a file, e.g. /etc/rancher/k3s/resolv.conf, and give resolv-conf: /etc/rancher/k3s/resolv.conf in `extra-config`"}}const be={overlay:"overlay: the layers of images; without it the agent stops",br_netfilter:"br_netfilter: pods of one node reach each other through services",nf_conntrack:"nf_conntrack: services and network policies",vxlan:"vxlan: the network between pods of several nodes, where flannel uses VXLAN (the default)"};function Mn({facts:e,desired:n}){const s="host.modules",t="Does the kernel have the parts that containers and their network need?",r=e.modules.filter(h=>h.name!=="vxlan"||n.podNetwork!=="isolated"),o=h=>r.filter(p=>p.state===h).map(p=>p.name),a=o("missing");if(a.length>0)return(0,w.oQ)(s,t,!1,`missing: ${(0,w.H$)(a)} (kernel ${e.kernel||"unknown"})`,{verdict:a.includes("overlay")?"fail":"warn",cause:a.flatMap(h=>be[h]??[]).join("; "),remedy:"reboot when the kernel was updated; else install its extra modules (Ubuntu: linux-modules-extra-$(uname -r), Raspberry Pi: linux-modules-extra-raspi, RHEL: kernel-modules-extra)"});const c=o("unknown");if(c.length>0||r.length===0)return(0,w.uG)(s,t,c.length>0?(0,w.H$)(c):"the host does not say");const u=o("loadable");return(0,w.bF)(s,t,u.length===0?"all are there":`all are there; ${(0,w.H$)(u)} when needed`)}function Dn(e,n){const s="host.swap",t="Will the kubelet start with the swap that is there?",{memoryBytes:r,swapBytes:o}=e.facts;if(r===0)return(0,w.uG)(s,t,"the host does not tell its memory");if(o===0)return(0,w.bF)(s,t,"no swap");const a=`${(o/1024**3).toFixed(1)} GiB of swap`,c=Ae(e,n,"fail-swap-on").at(-1);return(0,w.oQ)(s,t,c?.value!=="true",c?.value==="true"?`${a}, and ${c.path} sets fail-swap-on`:`${a}; pods do not use it`,{verdict:"warn",cause:"k3s lets its kubelet run beside swap, and this argument takes that back: it exits at its next start",remedy:`take fail-swap-on out of ${c?.path??"the configuration"}, or turn swap off: sudo swapoff -a, and its line in /etc/fstab`})}function Cn({facts:e},n){const s="host.selinux",t="Does SELinux let k3s work?";return e.selinux==="unknown"?(0,w.uG)(s,t,"the mode of SELinux cannot be read"):e.selinux!=="enforcing"?(0,w.bF)(s,t,e.selinux==="permissive"?"permissive":"not in use"):(0,w.oQ)(s,t,n.hasSelinuxPolicy,`enforcing, ${n.hasSelinuxPolicy?"with":"without"} the policy of k3s`,{verdict:"warn",cause:"without the package k3s-selinux the program may not be started, or containers not read their files",remedy:"sudo dnf install -y container-selinux, then the k3s-selinux package for this system (github.com/k3s-io/k3s-selinux/releases)"})}const hn=/(podman|docker|nerdctl|containerd-net|loopback|crio-bridge)|^\.|\.(bak|disabled|orig)$/,jn=/^(cni0|flannel\.\d+|flannel-wg.*)$/;function i({facts:e},n){const s="host.cni",t="Is the host free of another Kubernetes and its network?",r=`${n.unit?.name??"k3s-agent"}.service`,o=e.kubernetes.filter(y=>y.kind==="kubelet"&&y.unit!==r);if(o.length>0){const y=o.map(me=>`${me.name} (pid ${me.pid}${me.unit?`, ${me.unit}`:""})`),j=[...new Set(o.map(me=>me.unit).filter(me=>me.endsWith(".service")))];return(0,w.oQ)(s,t,!1,`${(0,w.H$)(y)} ${y.length===1?"runs":"run"} here`,{cause:"two kubelets on one machine fight for ports, control groups and packet filters",remedy:j.length>0?`leave the other cluster first; then: sudo systemctl disable --now ${j.join(" ")}`:"leave the other cluster first, with its own tools (kubeadm reset, snap remove microk8s \u2026)"})}const a=y=>e.kubernetes.filter(j=>j.kind===y).map(j=>j.name),c=a("cni-config").filter(y=>!hn.test(y)),u=a("interface").filter(y=>!(n.unit&&jn.test(y))),h=a("kubelet-config"),p=[...h,...c.map(y=>`/etc/cni/net.d/${y}`),...u];if(p.length===0)return(0,w.bF)(s,t,"nothing found");const R=[...h.length>0?["sudo kubeadm reset"]:[],...u.slice(0,4).map(y=>`sudo ip link delete ${y}`),...c.length>0?[`sudo rm ${c.slice(0,4).map(y=>`/etc/cni/net.d/${y}`).join(" ")}`]:[]];return(0,w.oQ)(s,t,!1,`left behind: ${(0,w.H$)(p)}`,{verdict:"warn",cause:u.length>0?'an interface that keeps the address of another network breaks the one of k3s ("cni0" already has an IP address different from \u2026)':"another Kubernetes was set up here; its rules of the packet filter may be there still",remedy:`when nothing of it is needed: ${R.join("; ")}`})}const d=(e,n,s,t)=>({id:e,stage:"preflight",severity:n,asks:s,remedy:t,isIgnorable:!0}),l=(e,n,s)=>({id:e,stage:"handshake",severity:"fail",asks:n,remedy:s,isIgnorable:!1}),f=[d("k3s.version","fail","Does an agent of the wanted version go with the server: not newer, at most 3 minor versions older, no pair that is known to break? A warning when it is older","`version: match-server`"),d("k3s.installed-version","warn","Is what is installed not newer than the server?","press the button with `adopt: apply`, or upgrade the servers"),d("k3s.role","fail","Is this host free of a k3s server?","name another host"),d("host.port.10250","fail","Is the kubelet\u2019s port free, or held by the running agent?","stop the process that the check names"),d("host.port.6444","fail","Is the port of the agent\u2019s load balancer free, or held by the running agent?","stop the process that the check names"),d("host.modules","fail","Does the kernel have overlay, br_netfilter, nf_conntrack and vxlan? Only overlay is vital","reboot after a kernel update, or install the kernel\u2019s extra modules"),d("host.swap","warn","Will the kubelet start with the swap that is there? k3s lets it, unless fail-swap-on is set","take fail-swap-on out of the configuration"),d("host.selinux","warn","Where SELinux is enforcing, is the policy of k3s installed?","install container-selinux and k3s-selinux"),d("host.resolver","warn","Which name servers will pods use? With loopback ones only, k3s silently takes 8.8.8.8","give `resolv-conf` in `extra-config`"),d("host.firewall","warn","Does an active ufw or firewalld let in 10250/tcp and 8472/udp from nodes, and the networks of pods and services?","the commands that the check prints"),d("host.cni","fail","Is the host free of another Kubernetes: a running kubelet, or what one left behind (a warning)?","leave the other cluster with its own tools; the commands that the check prints"),d("k3s.labels","fail","Is the kubelet given no label that it refuses (most of kubernetes.io and k8s.io), by configuration or unit?","take it out there, and give it as `labels` of this action"),d("k3s.node-password","fail","Will the server accept the node\u2019s password? One that is this machine\u2019s own is healed","`replace-node`, or another `node` name"),d("k3s.containerd-template","warn","Does a containerd template extend the built-in one?","rename the file and restart, or let gpu-runtime quarantine it"),d("k3s.place","fail","Is k3s installed where its installer puts it?","move it there, or uninstall it and press the button again"),d("k3s.server-token","warn","Is the host free of the cluster\u2019s long-lived tokens?","`adopt: apply` replaces it; then rotate the token"),{id:"plan.node-password",stage:"plan",severity:"fail",asks:"Would a node that lives come back from the start that is planned, although its password file was lost or changed?",remedy:"stop the agent, wait until the node is no longer alive, press the button again",isIgnorable:!1},l("handshake.ca","Does the server show the CA of the kubeconfig?","see what answers at that address"),l("handshake.token","Does the server accept the join token?","press the button again; with a given token, give another"),l("handshake.apiserver","Which API servers does the server name?","make the server reachable from the host; the check says what stands in the way"),l("handshake.apiserver.<address>","Does the host reach every API server that the cluster names?","allow its port from the host, or give the server an address that the host reaches")];function g(e,n,s){return[s,...Pe(n.binary?.version,e.reading.version),Tn(n),...Nn(e,n),Mn(e),Dn(e,n),Cn(e,n),Ln(e,n),P(e),i(e,n),En(e,n),...Rn(n),...Sn(n),...xn(n),...I(e,n)]}var $=x(2867);function m(e){const{binary:n,unit:s,environment:t}=e;return{"k3s program":n?`${n.version||"unknown version"} at ${n.path}`:"not installed","k3s unit":s?`${s.name} ${s.activeState} (${s.subState}), ${s.isEnabled?"enabled":"not enabled"}, arguments: ${s.arguments.join(" ")||"none"}`:"not installed",...t?{"k3s env file":`${t.path}: ${t.keys.join(", ")}; token kind: ${t.tokenKind}`}:{},...e.configFiles.length>0?{"k3s configuration":e.configFiles.map(r=>`${r.path} (${r.keys.join(", ")})`).join("; ")}:{},...e.templates.length>0?{"containerd templates":e.templates.map(r=>`${r.path}${r.hasBaseTemplate?"":" (replaces the built-in one)"}`).join("; ")}:{}}}const b="run it again: it continues from what it finds",S={"init-unsupported":"join a host that runs systemd","staged-missing":b,"copy-failed":"free space on the host (df -h /usr/local/bin), then run it again","folder-read-only":"the host keeps this folder read-only (an immutable system, or a file system with errors): make it writable, or install k3s with the means of that system","binary-mismatch":"the file changed between runner and host: run it again; if it stays, look who else writes to /tmp on the host","binary-missing":b,"installer-mismatch":b,"installer-failed":"read what the installer said below, correct it on the host, and run it again","environment-unreadable":"correct the quotes in that file by hand, and run it again","unit-unreadable":"bring ExecStart of that unit into the form ExecStart=/usr/local/bin/k3s agent \u2026, and run it again","unit-missing":"the unit is gone: delete what is left of k3s on the host, or install it, and run it again","enable-failed":"look at the host on its console: sudo systemctl enable k3s-agent"};function K(e,n,s){return $.lZ(e,n,s,S)}const X={"agent-data":`
agent_trees='/etc/rancher/node /var/lib/rancher/k3s/agent /var/lib/rancher/k3s/data /var/lib/kubelet /var/lib/cni'
agent_folders='/var/lib/rancher/k3s /var/lib/rancher
/usr/libexec/kubernetes/kubelet-plugins/volume/exec /usr/libexec/kubernetes/kubelet-plugins/volume
/usr/libexec/kubernetes/kubelet-plugins /usr/libexec/kubernetes
/etc/cni/net.d /etc/cni /opt/containerd/bin /opt/containerd/lib /opt/containerd'
most_listed=5000

note_agent_data() {
  for path in $agent_trees $agent_folders; do is_there "$path" || note "absent $path"; done
  : >"$run/listed"
  for path in $agent_trees; do
    is_there "$path" || continue
    find "$ROOT$path" -xdev 2>/dev/null | head -n "$((most_listed + 1))" >"$run/listing"
    if [ "$(wc -l <"$run/listing")" -gt "$most_listed" ]; then
      note "unlisted $path"
    else
      cat "$run/listing" >>"$run/listed"
      note "listed $path"
    fi
  done
  rm -f "$run/listing"
}

use_of() {
  top=$(cd -P "\${ROOT:-/}" && pwd -P)
  real=$(cd -P "$ROOT$1" 2>/dev/null && pwd -P) || real=$1
  for name in "$1" "\${real#"\${top%/}"}"; do
    if [ ! -r "$ROOT/proc/mounts" ]; then
      echo 'what is mounted on this host cannot be read'
    elif cat "$ROOT/proc/mounts" "$ROOT/proc"/[0-9]*/mountinfo 2>/dev/null | grep -qF -e "$name"; then
      echo 'containers or mounts still use it'
    elif ls -l "$ROOT/proc"/[0-9]*/exe "$ROOT/proc"/[0-9]*/cwd "$ROOT/proc"/[0-9]*/root "$ROOT/proc"/[0-9]*/fd 2>/dev/null |
      grep -qF -e "-> $name"; then
      echo 'a process still uses it'
    else continue; fi
    return 0
  done
}

await_free() {
  while :; do
    use=$(use_of "$1")
    if [ -z "$use" ] || [ "$(date +%s)" -ge "$free_by" ]; then return 0; fi
    sleep 0.2 2>/dev/null || sleep 1
  done
}

delete_tree() {
  if ! rm -rf --one-file-system "$1" 2>/dev/null; then
    find "$1" -xdev ! -type d -exec rm -f {} + 2>/dev/null || :
    find "$1" -xdev -depth -type d -exec rmdir {} \\; 2>/dev/null || :
  fi
  if [ -e "$1" ] || [ -L "$1" ]; then
    incomplete=yes
    remains "\${1#"$ROOT"}" 'could not be deleted'
  else
    cleared=yes
  fi
}

clear_tree() {
  is_there "$1" || return 0
  if [ -L "$ROOT$1" ]; then
    remains "$1" 'a link that neither k3s nor this run made'
    return 0
  fi
  await_free "$1"
  if [ -n "$use" ]; then remains "$1" "$use"; else delete_tree "$ROOT$1"; fi
}

clear_additions() {
  [ -d "$ROOT$1" ] || return 0
  find "$ROOT$1" -xdev 2>/dev/null | awk -v list="$oldest/listed" '
    BEGIN { while ((getline line <list) > 0) was[line] = 1 }
    !($0 in was) {
      parent = $0
      sub("/[^/]*$", "", parent)
      if (parent in was) print
    }' >"$run/additions"
  if [ -s "$run/additions" ]; then
    await_free "$1"
    if [ -n "$use" ]; then
      remains "$1" "$use"
    else
      while IFS= read -r added; do
        case $added in "$ROOT$1"/*) delete_tree "$added" ;; esac
      done <"$run/additions"
    fi
  fi
  overwritten=$(find "$ROOT$1" -xdev -type f -newer "$oldest/listed" 2>/dev/null | wc -l)
  if [ "$((overwritten))" != 0 ]; then remains "$1" "$((overwritten)) of its former files were changed by the agent"; fi
}

clear_agent_data() {
  if is_running "$was_state" || [ "$was_state" = unknown ]; then return 0; fi
  if is_running "$(unit_property ActiveState)"; then
    for path in $agent_trees; do
      if grep -qxF "absent $path" "$oldest/log" && is_there "$path"; then remains "$path" 'the agent still runs'; fi
    done
    return 0
  fi
  cleared=no free_by=$(($(date +%s) + 5))
  for path in $agent_trees; do
    if grep -qxF "absent $path" "$oldest/log"; then clear_tree "$path"
    elif grep -qxF "listed $path" "$oldest/log"; then clear_additions "$path"
    elif find "$ROOT$path" -xdev -newer "$oldest/listed" 2>/dev/null | grep -q .; then
      remains "$path" 'k3s has written into it, and what it held before could not be listed'
    fi
  done
  for path in $agent_folders; do
    if [ ! -d "$ROOT$path" ] || ! grep -qxF "absent $path" "$oldest/log"; then continue; fi
    if ! rmdir "$ROOT$path" 2>/dev/null; then
      case $reported in *" $path/"*) ;; *) remains "$path" 'not empty' ;; esac
    fi
  done
  if [ "$cleared" = yes ]; then emit undone agent-data; fi
}
`,"agent-files":`
runs_folder=$ROOT/var/lib/k3s-gpu-actions/runs
unit=k3s-agent.service
unit_path=/etc/systemd/system/k3s-agent.service
environment_path=/etc/systemd/system/k3s-agent.service.env
config_path=/etc/rancher/k3s/config.yaml.d/50-k3s-gpu-actions.yaml
link_path=/etc/systemd/system/multi-user.target.wants/k3s-agent.service

note_before() { note_agent_data; }

former_tokens() {
  for _run in "$runs_folder"/*; do
    [ -d "$_run" ] || continue
    for copy in "$_run/backups"/* "$_run/unit-pieces"; do
      if [ ! -f "$copy" ] || [ -L "$copy" ]; then continue; fi
      number=\${copy##*/}
      named=$(sed -n "s|^replaced $number /|/|p" "$_run/log" 2>/dev/null) || named=''
      case $named in
        '') ;;
        /etc/systemd/system/*)
          grep -Eqs '^[[:blank:]]*K3S_(AGENT_)?TOKEN[[:blank:]]*=.|(^|[^A-Za-z-])--?((agent-)?token|t)['\\''"]?([ =]|$)' "$copy" || continue
          ;;
        *) continue ;;
      esac
      printf '%s\\n' "$copy"
    done
  done
  for copy in "$ROOT/etc/systemd/system"/.k3s-gpu-actions.*.new "$ROOT/etc/systemd/system"/.k3s-gpu-actions.*.undo; do
    if [ -f "$copy" ]; then printf '%s\\n' "$copy"; fi
  done
}
`,apply:`
binary_path=/usr/local/bin/k3s
step=''

report_failed_step() { if [ -n "$step" ]; then emit step "$step" state failed; fi; }

discard_staged() {
  if [ -n "\${STAGED:-}" ]; then
    rm -f "$ROOT$STAGED"
    rmdir "$ROOT\${STAGED%/*}" 2>/dev/null || :
  fi
}

install_binary() {
  outcome=unchanged
  if [ -f "$ROOT$binary_path" ] && [ ! -L "$ROOT$binary_path" ] && [ "$(mode_of "$ROOT$binary_path")" = 755 ] &&
    [ "$(sha256 "$ROOT$binary_path")" = "$BINARY_SHA256" ]; then
    return 0
  fi
  [ -r "$ROOT$STAGED" ] || die staged-missing "the uploaded file is not at $STAGED"
  make_folder "\${binary_path%/*}"
  temporary "$binary_path"
  cat <"$ROOT$STAGED" >"$temp" || die copy-failed "the uploaded file could not be copied to \${binary_path%/*} (is the disk full?)"
  found=$(sha256 "$temp") || die hash-unavailable 'neither sha256sum nor openssl is on this host'
  if [ "$found" != "$BINARY_SHA256" ]; then
    rm -f "$temp"
    die binary-mismatch "the uploaded file has SHA-256 $found, wanted $BINARY_SHA256"
  fi
  chmod 755 "$temp"
  preserve "$binary_path" link
  replace "$binary_path"
  outcome=changed
}

installer_products="$unit_path /usr/local/bin/k3s-killall.sh /usr/local/bin/k3s-agent-uninstall.sh"

describe_products() {
  printf '%s\\n' "$INSTALLER_SHA256"
  for path in $installer_products; do
    sum=$(sha256 "$ROOT$path" 2>/dev/null) || sum=missing
    printf '%s %s\\n' "$sum" "$path"
  done
}

remember_products() {
  temporary "\${state#"$ROOT"}/installer"
  describe_products >"$temp"
  preserve "\${state#"$ROOT"}/installer"
  replace "\${state#"$ROOT"}/installer"
}

run_installer() {
  outcome=unchanged
  if [ -f "$state/installer" ] && describe_products | cmp -s - "$state/installer"; then
    case $(cat "$state/installer") in *missing*) ;; *) return 0 ;; esac
  fi
  [ -x "$ROOT$binary_path" ] || die binary-missing "the installer needs $binary_path, which is not there"
  file=$run/install.sh
  (umask 077 && printf '%s' "$INSTALLER" >"$file")
  found=$(sha256 "$file") || die hash-unavailable 'neither sha256sum nor openssl is on this host'
  if [ "$found" != "$INSTALLER_SHA256" ]; then
    rm -f "$file"
    die installer-mismatch "the installer has SHA-256 $found, wanted $INSTALLER_SHA256"
  fi
  make_folder /etc/systemd/system
  kept_environment='' kept_link=''
  for path in $installer_products "$environment_path" "$link_path"; do
    preserve "$path"
    if is_there "$path"; then
      case $path in
        "$environment_path") kept_environment=$backup ;;
        "$link_path") kept_link=$backup ;;
      esac
    fi
  done
  for path in /usr/local/bin/kubectl /usr/local/bin/crictl /usr/local/bin/ctr; do is_there "$path" || note "created $path"; done
  set -- "PATH=$PATH" "HOME=\${HOME:-/root}" LC_ALL=C SYSTEMD_OFFLINE=1 INSTALL_K3S_EXEC=agent \\
    INSTALL_K3S_SKIP_DOWNLOAD=true INSTALL_K3S_SKIP_START=true INSTALL_K3S_SKIP_ENABLE=true
  if [ -n "\${REHEARSAL:-}" ]; then set -- "$@" "ROOT=$ROOT" "REHEARSAL=$REHEARSAL" "REHEARSAL_UID=\${REHEARSAL_UID:-}"; fi
  code=0
  env -i "$@" sh "$file" >"$run/install.log" 2>&1 </dev/null || code=$?
  rm -f "$file"
  if [ "$code" != 0 ]; then
    tail -n 20 "$run/install.log" | while IFS= read -r line; do emit evidence "$line"; done
    die installer-failed "the installer ended with exit code $code"
  fi
  [ -f "$ROOT$unit_path" ] || die installer-failed "the installer ended well and left no $unit_path"
  if [ -n "$kept_environment" ]; then
    temporary "$environment_path"
    cp -a "$kept_environment" "$temp"
    replace "$environment_path"
  fi
  if [ -n "$kept_link" ] && ! is_there "$link_path"; then cp -a "$kept_link" "$ROOT$link_path"; fi
  remember_products
  outcome=changed
}

write_config() {
  outcome=unchanged
  if [ -f "$ROOT$config_path" ] && [ "$(mode_of "$ROOT$config_path")" = 600 ] && printf '%s' "$CONFIG" | cmp -s - "$ROOT$config_path"; then
    return 0
  fi
  make_folder "\${config_path%/*}"
  temporary "$config_path"
  printf '%s' "$CONFIG" >"$temp" || die write-failed "$config_path could not be written (is the disk full?)"
  preserve "$config_path"
  replace "$config_path"
  outcome=changed
}

is_same_but_last_newline() { { cat "$2" && echo; } | cmp -s - "$1"; }

edit_environment() {
  outcome=unchanged
  make_folder "\${environment_path%/*}"
  temporary "$environment_path"
  code=0
  {
    printf '%s\\n%s\\n' "$SERVER_URL" "$TOKEN"
    if [ -f "$ROOT$environment_path" ]; then cat "$ROOT$environment_path"; fi
  } | change_environment >"$temp" || code=$?
  if [ "$code" != 0 ]; then
    rm -f "$temp"
    die environment-unreadable "$environment_path has a quote or a line that does not end; correct it by hand"
  fi
  if [ -f "$ROOT$environment_path" ] && [ "$(mode_of "$ROOT$environment_path")" = 600 ] &&
    { cmp -s "$temp" "$ROOT$environment_path" || is_same_but_last_newline "$temp" "$ROOT$environment_path"; }; then
    rm -f "$temp"
    return 0
  fi
  preserve "$environment_path"
  replace "$environment_path"
  outcome=changed
}

edit_unit() {
  outcome=unchanged
  [ -f "$ROOT$unit_path" ] || die unit-missing "there is no $unit_path"
  pieces=$run/unit-pieces
  code=0
  (umask 077 && split_exec <"$ROOT$unit_path" >"$pieces") || code=$?
  if [ "$code" = 0 ]; then
    temporary "$unit_path"
    cp -a "$ROOT$unit_path" "$temp"
    ended=yes
    if [ -n "$(tail -c 1 "$ROOT$unit_path")" ]; then ended=no; fi
    without_arguments "$ended" <"$pieces" >"$temp" || code=$?
  fi
  rm -f "$pieces"
  case $code in
    0) ;;
    1) die unit-unreadable "$unit_path has no ExecStart, or more than one" ;;
    2) die unit-unreadable "ExecStart of $unit_path has a quote that does not end" ;;
    *) die unit-unreadable "ExecStart of $unit_path does not run k3s itself, or more than one command" ;;
  esac
  if cmp -s "$temp" "$ROOT$unit_path"; then
    rm -f "$temp"
    return 0
  fi
  preserve "$unit_path"
  former_unit=$backup
  replace "$unit_path"
  if [ -f "$state/installer" ] && [ -n "\${INSTALLER_SHA256:-}" ]; then remember_products; fi
  outcome=changed
}

reload_systemd() {
  outcome=unchanged
  if [ "$(unit_property NeedDaemonReload)" != yes ] && [ "$(unit_property LoadState)" = loaded ]; then return 0; fi
  note reload
  timeout 60 systemctl daemon-reload >/dev/null 2>"$run/said" || die reload-failed "systemctl daemon-reload failed: $(cat "$run/said")"
  if [ "$RESTART" = no ] && [ -n "$former_unit" ]; then touch -r "$former_unit" "$ROOT$unit_path"; fi
  outcome=changed
}

enable_unit() {
  outcome=unchanged
  if is_there "$link_path"; then return 0; fi
  [ -f "$ROOT$unit_path" ] || die unit-missing "there is no $unit_path"
  make_folder "\${link_path%/*}"
  note "created $link_path"
  if ! timeout 30 systemctl enable --no-reload "$unit" >/dev/null 2>&1 || ! is_there "$link_path"; then
    ln -s "$unit_path" "$ROOT$link_path" || die enable-failed "the link $link_path could not be made"
  fi
  outcome=changed
}

check_arguments() {
  for name in $STEPS; do
    case $name in
      install-binary | run-installer | write-config | edit-environment | edit-unit | reload | enable) ;;
      *) die bad-step "there is no step $name" ;;
    esac
  done
  case \${SERVER_URL:-}\${TOKEN:-} in
    *[[:cntrl:]]*) die bad-value 'the server address or the token holds a control character' ;;
  esac
}

main() {
  on_stop discard_staged
  on_stop report_failed_step
  check_run_id
  check_arguments
  [ -d "$ROOT/run/systemd/system" ] || die init-unsupported 'this host does not run systemd; other init systems are not supported yet'
  take_lock
  open_log
  report_interrupted
  changed=no former_unit=''
  for step in $STEPS; do
    note "step $step"
    case $step in
      install-binary) install_binary ;;
      run-installer) run_installer ;;
      write-config) write_config ;;
      edit-environment) edit_environment ;;
      edit-unit) edit_unit ;;
      reload) reload_systemd ;;
      enable) enable_unit ;;
    esac
    if [ "$outcome" = changed ]; then changed=yes outcome='done'; fi
    emit step "$step" state "$outcome"
  done
  step=''
  note finished
  discard_older
  former=false
  if [ -n "$(former_tokens)" ]; then former=true; fi
  emit finished "$RUN_ID" former_token:n "$former"
}
`,edit:`
change_environment() {
  awk '
    function written(name, value) {
      if (value !~ "[^A-Za-z0-9:._/@%+=,-]") return name "=" value
      if (value !~ /[\\047\\\\]/) return name "=\\047" value "\\047"
      gsub(/[\\\\"\`$]/, "\\\\\\\\&", value)
      return name "=\\"" value "\\""
    }
    function scan(text,   at, char, following) {
      for (at = 1; at <= length(text); at++) {
        char = substr(text, at, 1)
        following = substr(text, at + 1, 1)
        if (char == "\\\\" && quote != "\\047") {
          if (at == length(text)) return 1
          at++
          value = value following
          place = "value"
        } else if (quote != "") {
          if (char == quote) { quote = ""; place = "start" } else value = value char
        } else if (place == "start" && (char == "\\"" || char == "\\047")) quote = char
        else if (place == "start" && (char == " " || char == "\\t")) continue
        else { value = value char; place = "value" }
      }
      if (quote != "") { value = value "\\n"; return 1 }
      sub(/[ \\t\\r]+$/, "", value)
      return 0
    }
    function finish() {
      if (key in wanted) {
        if (!seen[key]++) print value == wanted[key] ? lines : written(key, wanted[key])
      } else print lines
      key = ""
    }
    NR == 1 { wanted["K3S_URL"] = $0; next }
    NR == 2 { if ($0 != "") wanted["K3S_TOKEN"] = $0; next }
    key != "" {
      lines = lines "\\n" $0
      if (!scan($0)) finish()
      next
    }
    inComment {
      print
      inComment = $0 ~ /\\\\$/
      next
    }
    match($0, /^[ \\t]*[A-Za-z_][A-Za-z0-9_]*[ \\t]*=/) {
      key = substr($0, 1, RLENGTH - 1)
      gsub(/[ \\t]/, "", key)
      lines = $0
      value = ""
      quote = ""
      place = "start"
      if (!scan(substr($0, RLENGTH + 1))) finish()
      next
    }
    {
      print
      inComment = $0 ~ /^[ \\t]*[#;].*\\\\$/
    }
    END {
      if (key != "") exit 2
      if (!seen["K3S_URL"]) print written("K3S_URL", wanted["K3S_URL"])
      if (("K3S_TOKEN" in wanted) && !seen["K3S_TOKEN"]) print written("K3S_TOKEN", wanted["K3S_TOKEN"])
    }'
}

without_arguments() {
  awk -v names="$REMOVE_ARGUMENTS" -v ended="$1" '
    function show(text) { out = out text }
    BEGIN {
      count = split(names, list, " ")
      for (i = 1; i <= count; i++) {
        gone[list[i]] = 1
        sub(/^--/, "-", list[i])
        gone[list[i]] = 1
      }
    }
    $1 == "before" { show(substr($0, 8)) }
    $1 == "gap" { gap = substr($0, 5) }
    $1 == "word" { raw = substr($0, 6) }
    $1 == "text" {
      text = substr($0, 6)
      if (!words++) {
        program = text
        sub(/^[-@:+!]+/, "", program)
        sub(/.*\\//, "", program)
        if (program != "k3s") exit 3
      }
      if (text == ";") exit 3
      name = text
      sub(/=.*/, "", name)
      if (dropValue) dropValue = 0
      else if (words > 1 && (name in gone)) dropValue = text !~ /=/
      else show(gap raw)
      gap = ""
    }
    $1 == "after" {
      show(gap "\\001" substr($0, 7))
      gsub(/\\001/, "\\n", out)
      printf "%s", ended == "no" ? substr(out, 1, length(out) - 1) : out
    }'
}
`,evidence:`
unit_status() {
  show systemctl status --no-pager --full -n 0 "$UNIT"
  show systemctl show "$UNIT" -p LoadState -p ActiveState -p SubState -p Result -p NRestarts -p ExecMainPID -p ExecMainCode \\
    -p ExecMainStatus -p ExecMainStartTimestamp -p ActiveEnterTimestamp -p StatusText -p UnitFileState -p NeedDaemonReload \\
    -p FragmentPath -p DropInPaths
}

journal_lines() { timeout 8 journalctl -u "$UNIT" -q --no-pager -o short-iso -n 200 "$@" 2>&1 </dev/null; }
count_lines() { printf '%s' "$1" | grep -c '' || :; }

unit_journal() {
  if ! has journalctl; then
    echo '(journalctl is not installed)' | keep journal.txt before tail
    return 0
  fi
  all=$(journal_lines | tr -d '\\000') || :
  if [ -z "$since" ]; then
    printf '%s\\n' "$all" | keep journal.txt before tail
    return 0
  fi
  recent=$(journal_lines --since "@$since" | tr -d '\\000') || :
  before=$(($(count_lines "$all") - $(count_lines "$recent")))
  if [ "$before" -gt 0 ]; then printf '%s\\n' "$all" | head -n "$before" | keep journal.txt before tail; fi
  printf '%s\\n' "$recent" | keep journal.txt recent tail
}

containerd_log() {
  log=$ROOT/var/lib/rancher/k3s/agent/containerd/containerd.log
  if [ ! -f "$log" ]; then
    echo '(not there)' | keep containerd.log before tail
    return 0
  fi
  here='' utc=''
  if [ -n "$since" ]; then
    here=$(date -d "@$since" +%Y-%m-%dT%H:%M:%S 2>/dev/null) || here=''
    utc=$(date -u -d "@$since" +%Y-%m-%dT%H:%M:%S 2>/dev/null) || utc=''
  fi
  all=$(tail -c "$most_bytes" "$log" 2>&1 | tr -d '\\000' | cut -b 1-2000 | tail -n 300) || all=''
  first=$(printf '%s\\n' "$all" | awk -v here="$here" -v utc="$utc" '
    here != "" && match($0, /time="[^"]*"/) {
      stamp = substr($0, RSTART + 6, RLENGTH - 7)
      if (substr(stamp, 1, 19) >= (stamp ~ /Z$/ ? utc : here)) { print NR; exit }
    }')
  if [ -z "$first" ]; then
    printf '%s\\n' "$all" | keep containerd.log before tail
    return 0
  fi
  if [ "$first" -gt 1 ]; then printf '%s\\n' "$all" | head -n "$((first - 1))" | keep containerd.log before tail; fi
  printf '%s\\n' "$all" | tail -n "+$first" | keep containerd.log recent tail
}

describe() {
  if [ ! -e "$ROOT$2" ] && [ ! -L "$ROOT$2" ]; then return 0; fi
  ls -ld "$ROOT$2" 2>&1 || :
  if [ "$1" = hash ] && [ -f "$ROOT$2" ]; then printf '  sha256 %s\\n' "$(timeout 10 sha256sum <"$ROOT$2" 2>/dev/null | cut -c 1-64)"; fi
}

installed() {
  units=/etc/systemd/system
  agent=/var/lib/rancher/k3s/agent
  describe hash /usr/local/bin/k3s
  describe hash "$units/$UNIT.service"
  describe list "$units/$UNIT.service.env"
  describe list /etc/rancher/node/password
  for path in "$units/$UNIT.service.d" /etc/rancher/k3s /etc/rancher/k3s/config.yaml.d "$agent/etc/containerd" "$agent/etc/cni/net.d"; do
    describe list "$path"
    for file in "$ROOT$path"/*; do
      case $file in
        *.kubeconfig | *.key | *.env) describe list "\${file#"$ROOT"}" ;;
        *) if [ -f "$file" ]; then describe hash "\${file#"$ROOT"}"; fi ;;
      esac
    done
  done
}

evidence_distribution() {
  unit_status | keep unit-status.txt before head
  unit_journal
  containerd_log
  installed | keep files.txt before head
}
`,forget:`main() {
  check_run_id
  take_lock
  former_tokens | while IFS= read -r copy; do
    rm -f "$copy"
    emit forgotten "\${copy#"$ROOT"}"
  done
  emit finished "$RUN_ID"
}
`,handshake:`
escaped() {
  printf '%s\\n' "$1" | sed 's/\\\\/\\\\\\\\/g; s/"/\\\\"/g'
}

write_request() {
  printf 'url = "%s"\\n' "$(escaped "$URL")"
  if [ -n "\${AUTHORIZATION:-}" ]; then printf 'header = "Authorization: %s"\\n' "$(escaped "$AUTHORIZATION")"; fi
}

remove_folder() { rm -rf "$folder"; }

main() {
  has curl || die no-curl 'there is no curl on this host'
  case $URL in https://*) ;; *) die bad-url 'only https addresses are asked' ;; esac
  case $URL\${AUTHORIZATION:-} in *[[:cntrl:]]*) die bad-value 'a control character in the address or the credential' ;; esac
  if [ -z "$CA_PEM" ] && [ -n "\${AUTHORIZATION:-}" ]; then die no-ca 'a credential is only sent to a server whose certificate is checked'; fi
  umask 077
  folder=$(mktemp -d "$ROOT/tmp/k3s-gpu-actions.XXXXXX") || die no-folder 'no folder could be made in /tmp'
  on_stop remove_folder
  set -- -q -sS --connect-timeout "$CONNECT_SECONDS" --max-time "$((CONNECT_SECONDS + 3))" -w '\\n%{http_code}'
  if [ -n "$CA_PEM" ]; then
    printf '%s\\n' "$CA_PEM" >"$folder/ca.pem"
    set -- "$@" --cacert "$folder/ca.pem"
  else
    set -- "$@" -k
  fi
  unset http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY
  code=0
  write_request | NO_PROXY='*' curl "$@" -K - >"$folder/answer" 2>"$folder/said" || code=$?
  if [ "$code" != 0 ]; then
    emit error connect curl "$code" message "$(tail -c 1000 "$folder/said")"
    return 0
  fi
  size=$(($(wc -c <"$folder/answer") - 4))
  if [ "$size" -gt 65536 ]; then size=65536; fi
  if has base64; then
    body=$(head -c "$size" "$folder/answer" | base64 | tr -d '\\n')
  else
    body=$(head -c "$size" "$folder/answer" | openssl base64 -A)
  fi
  emit http "$(tail -c 3 "$folder/answer")" body "$body"
}
`,"node-password":`
main() {
  path=$ROOT/etc/rancher/node/password
  if [ ! -e "$path" ]; then
    emit password '' present:n false
    return 0
  fi
  text=$(head -c 4097 "$path" 2>/dev/null) || die password-unreadable 'the password of the node could not be read'
  if [ \${#text} -gt 4096 ]; then die password-unreadable 'what lies at /etc/rancher/node/password is too long to be a password'; fi
  emit password "$text" present:n true
}
`,"survey-settings":`
k3s_mark=$(printf '\\001')

k3s_settings() {
  awk '
    function say(value) {
      sub(/^[ \\t]+/, "", value); sub(/[ \\t\\r]+$/, "", value)
      if (value == "" || value == "~" || value == "null" || count >= 256) return
      if (key == "kubelet-arg" && value !~ /^(node-labels|fail-swap-on|fail-cgroupv1)=/) return
      count++
      gsub(/\\001/, " ", value)
      printf "\\001%s", substr(value, 1, 400)
    }
    function read(text, isList,   at, char, item, quote, wasQuoted) {
      item = ""; quote = ""; wasQuoted = 0
      for (at = 1; at <= length(text); at++) {
        char = substr(text, at, 1)
        if (quote != "") {
          if (char == "\\\\" && quote == "\\"") { at++; item = item substr(text, at, 1) }
          else if (char == quote && quote == "\\047" && substr(text, at + 1, 1) == quote) { at++; item = item char }
          else if (char == quote) quote = ""
          else item = item char
        }
        else if ((char == "\\"" || char == "\\047") && item ~ /^[ \\t]*$/) { quote = char; wasQuoted = 1; item = "" }
        else if (char == "#" && (at == 1 || substr(text, at - 1, 1) ~ /[ \\t]/)) break
        else if (isList && char == ",") { say(item); item = ""; wasQuoted = 0 }
        else if (isList && char == "]") { say(item); return 0 }
        else if (!(wasQuoted && char ~ /[ \\t\\r]/)) item = item char
      }
      say(item)
      return isList
    }
    open { open = read($0, 1); next }
    /^[ \\t]*(#|$)/ { next }
    match($0, /^["\\047]?(node-label|node-taint|kubelet-arg)\\+?["\\047]?[ \\t]*:([ \\t]|$|\\r)/) {
      key = substr($0, 1, RLENGTH)
      rest = substr($0, RLENGTH + 1)
      gsub(/["\\047: \\t\\r]/, "", key)
      added = sub(/\\+$/, "", key) ? "true" : "false"
      printf "%s%s %s", isNotFirst++ ? "\\n" : "", key, added
      if (sub(/^[ \\t]*\\[/, "", rest)) open = read(rest, 1)
      else if (rest !~ /^[ \\t]*(#|$)/) read(rest, 0)
      next
    }
    /^[ \\t]*-([ \\t]|$)/ { if (key != "") { sub(/^[ \\t]*-/, ""); read($0, 0) }; next }
    /^[^ \\t]/ { key = "" }
    END { if (isNotFirst) print "" }' "$1" | while IFS= read -r line; do
    values=''
    case $line in *"$k3s_mark"*) values=\${line#*"$k3s_mark"} ;; esac
    line=\${line%%"$k3s_mark"*}
    emit fact k3s.setting path "$2" key "\${line% *}" added:n "\${line#* }" values "$values"
  done
}
`,survey:`
data_folders='/var/lib/rancher /var/lib/rancher/k3s /var/lib/kubelet'
kernel_modules='overlay br_netfilter nf_conntrack vxlan'

k3s_unit_folder=/etc/systemd/system
k3s_own_config=/etc/rancher/k3s/config.yaml.d/50-k3s-gpu-actions.yaml

k3s_arguments() {
  split_exec <"$1" | awk '
    $1 != "text" { next }
    {
      word = substr($0, 6)
      if (!seen++) next
      name = word
      sub(/=.*/, "", name)
      bare = name
      sub(/^--?/, "", bare)
      isSecret = name ~ /^-/ && bare ~ /^(token|t|agent-token|cluster-secret|datastore-endpoint|etcd-s3-access-key|etcd-s3-secret-key|etcd-s3-session-token|vpn-auth)$/
      if (hideNext) { print "***"; hideNext = 0 }
      else if (isSecret && word ~ /=/) print name "=***"
      else { print word; hideNext = isSecret }
    }'
}

k3s_emit_binary() {
  version='' sum=''
  if [ -f "$ROOT$1" ] && [ -x "$ROOT$1" ]; then
    sum=$(sha256 "$ROOT$1" 2>/dev/null) || sum=''
    case $1 in
      */k3s)
        said=$(timeout 10 "$ROOT$1" --version 2>/dev/null </dev/null) || said=''
        case $said in
          'k3s version '*)
            version=\${said#k3s version }
            version=\${version%%[!A-Za-z0-9.+-]*}
            ;;
        esac
        ;;
    esac
  fi
  emit fact k3s.binary path "$1" version "$version" sha256 "$sum"
}

k3s_binary() {
  case $unit_program in
    '') set -- /usr/local/bin/k3s /opt/bin/k3s ;;
    /usr/local/bin/k3s) set -- /usr/local/bin/k3s ;;
    *)
      k3s_emit_binary "$unit_program"
      return 0
      ;;
  esac
  for path in "$@"; do
    if [ ! -f "$ROOT$path" ] || [ ! -x "$ROOT$path" ]; then continue; fi
    k3s_emit_binary "$path"
    return 0
  done
}

k3s_property() {
  printf '%s\\n' "$shown" | sed -n "s/^$1=//p"
}

k3s_program() {
  _program=$(timeout 10 systemctl show "$1.service" -p ExecStart 2>/dev/null | sed -n 's/^ExecStart={ path=\\(\\/[^;]*[^; ]\\) *;.*/\\1/p' | tail -n 1)
  if [ -z "$_program" ] && [ -r "$ROOT$2" ]; then
    _program=$(split_exec <"$ROOT$2" | awk '$1 == "text" { sub(/^text [-@:+!|]*/, ""); print; exit }')
  fi
  case $_program in /*) printf '%s\\n' "$_program" ;; esac
}

k3s_find_unit() {
  unit_name='' unit_fragment=$k3s_unit_folder/k3s-agent.service unit_file='' unit_program='' shown=''
  has systemctl || return 0
  for name in k3s-agent k3s; do
    shown=$(TZ=UTC0 timeout 10 systemctl show "$name.service" -p FragmentPath -p DropInPaths -p ActiveState -p SubState -p MainPID \\
      -p NRestarts -p NeedDaemonReload -p UnitFileState -p ExecMainStartTimestamp -p ActiveEnterTimestamp 2>/dev/null) || shown=''
    file=$(k3s_property FragmentPath)
    if [ -z "$file" ] && [ -f "$ROOT$k3s_unit_folder/$name.service" ]; then file=$k3s_unit_folder/$name.service; fi
    [ -n "$file" ] || continue
    unit_name=$name unit_fragment=$file unit_file=$file
    for drop_in in $(k3s_property DropInPaths); do
      if grep -Eqs '^[[:blank:]]*ExecStart[[:blank:]]*=[[:blank:]]*[^[:blank:]]' "$ROOT$drop_in"; then unit_file=$drop_in; fi
    done
    unit_program=$(k3s_program "$name" "$unit_file") || unit_program=''
    return 0
  done
}

k3s_unit() {
  [ -n "$unit_name" ] || return 0
  active=$(k3s_property ActiveState) sub=$(k3s_property SubState) restarts=$(k3s_property NRestarts)
  enabled=false reload=false
  case $(k3s_property UnitFileState) in enabled | enabled-runtime) enabled=true ;; esac
  if [ "$(k3s_property NeedDaemonReload)" = yes ]; then reload=true; fi
  sum='' words=''
  if [ -r "$ROOT$unit_file" ]; then
    sum=$(sha256 "$ROOT$unit_file") || sum=''
    words=$(k3s_arguments "$ROOT$unit_file") || words=''
  fi
  emit fact k3s.unit name "$unit_name" path "$unit_file" sha256 "$sum" arguments "$words" active "\${active:-inactive}" sub "\${sub:-dead}" \\
    enabled:n "$enabled" restarts:n "\${restarts:-0}" needs_reload:n "$reload"
}

k3s_env() { k3s_environment "$unit_fragment.env"; }

k3s_process_start() {
  case $1 in '' | 0) return 1 ;; esac
  if [ ! -r "$ROOT/proc/$1/stat" ] || [ ! -r "$ROOT/proc/uptime" ]; then return 1; fi
  IFS= read -r stat <"$ROOT/proc/$1/stat"
  read -r uptime _ <"$ROOT/proc/uptime"
  now=$(date +%s%3N)
  case $now in *[!0-9]* | ?????????? | '') now=$(date +%s)999 ;; esac
  hertz=$(getconf CLK_TCK 2>/dev/null) || hertz=100
  set -- \${stat##*) }
  [ $# -ge 20 ] || return 1
  case \${20}\${uptime%%.*}\${uptime##*.}$hertz in *[!0-9]*) return 1 ;; esac
  printf '%s\\n' $(((now - \${uptime%%.*} * 1000 - (1\${uptime##*.} - 100) * 10 + \${20} * 1000 / hertz + 50) / 1000))
}

k3s_noted_start() {
  since=$(k3s_property ExecMainStartTimestamp)
  [ -n "$since" ] || since=$(k3s_property ActiveEnterTimestamp)
  case $since in ???\\ [0-9]*-*-*\\ [0-9]*:*:*\\ UTC) since=\${since#* } ;; *) return 1 ;; esac
  date -u -d "\${since% *}" +%s 2>/dev/null
}

k3s_changed() {
  case $(k3s_property ActiveState) in active | activating | reloading) ;; *) return 0 ;; esac
  since=$(k3s_process_start "$(k3s_property MainPID)") || since=$(k3s_noted_start) || return 0
  if [ "$unit_file" = "$unit_fragment" ]; then unit_file=''; fi
  for path in "\${unit_program:-/usr/local/bin/k3s}" "$unit_fragment" "$unit_file" "$unit_fragment.env" "$k3s_own_config"; do
    if [ ! -f "$ROOT$path" ]; then continue; fi
    time=$(date -r "$ROOT$path" +%s 2>/dev/null) || continue
    if [ "$time" -gt "$since" ]; then emit fact k3s.changed path "$path"; fi
  done
}

k3s_server_unit() {
  present=false
  for folder in /etc /run /usr/local/lib /usr/lib /lib; do
    if [ -f "$ROOT$folder/systemd/system/k3s.service" ]; then present=true; fi
  done
  emit fact k3s.server-unit present:n "$present"
}

k3s_is() {
  [ "\${#2}" -eq "$1" ] || return 1
  case $2 in *[!a-z0-9]*) return 1 ;; esac
}

k3s_token_kind() {
  kind=short rest=$1
  case $1 in
    '') kind=none && return 0 ;;
    K10*::*)
      rest=\${1#K10}
      pin=\${rest%%::*} rest=\${rest#*::}
      if ! k3s_is 64 "$pin"; then return 0; fi
      case $pin in *[!0-9a-f]*) return 0 ;; esac
      case $rest in
        server:?*) kind=server && return 0 ;;
        node:?*) kind=agent && return 0 ;;
      esac
      ;;
  esac
  case $rest in
    *.*) if k3s_is 6 "\${rest%%.*}" && k3s_is 16 "\${rest#*.}"; then kind=bootstrap; fi ;;
  esac
}

k3s_read_environment() {
  keys='' url='' token=''
  while IFS= read -r line || [ -n "$line" ]; do
    line=\${line#"\${line%%[! 	]*}"}
    case $line in
      '' | '#'* | ';'*) continue ;;
      [A-Za-z_]*=*) ;;
      *) continue ;;
    esac
    key=\${line%%=*} value=\${line#*=}
    case $key in *[!A-Za-z0-9_]*) continue ;; esac
    case " $keys " in *" $key "*) ;; *) keys="$keys $key" ;; esac
    value=\${value%"\${value##*[! 	]}"}
    case $value in
      \\"*\\") value=\${value#\\"} value=\${value%\\"} ;;
      \\'*\\') value=\${value#\\'} value=\${value%\\'} ;;
    esac
    case $key in
      K3S_URL) url=$value ;;
      K3S_TOKEN) token=$value ;;
    esac
  done <"$1"
  keys=\${keys# }
}

k3s_environment() {
  [ -f "$ROOT$1" ] || return 0
  mode=$(mode_of "$ROOT$1") || mode=''
  if [ -r "$ROOT$1" ]; then
    k3s_read_environment "$ROOT$1"
    k3s_token_kind "$token"
    unset token line value rest
    emit fact k3s.environment path "$1" sha256 "$(sha256 "$ROOT$1")" mode "$mode" keys "$keys" url "$url" token_kind "$kind"
  else
    emit fact k3s.environment path "$1" sha256 '' mode "$mode" keys '' url '' token_kind none
  fi
}

k3s_config_file() {
  [ -f "$ROOT$1" ] || return 0
  keys='' sum=''
  if [ -r "$ROOT$1" ]; then
    sum=$(sha256 "$ROOT$1") || sum=''
    keys=$(awk '
      match($0, /^["\\047]?[A-Za-z0-9][A-Za-z0-9_.-]*\\+?["\\047]?[ \\t]*:([ \\t]|$|\\r)/) {
        key = substr($0, 1, RLENGTH)
        sub(/[ \\t]*:[ \\t\\r]?$/, "", key)
        gsub(/["\\047]/, "", key)
        if (!seen[key]++) printf "%s%s", count++ ? " " : "", key
      }' "$ROOT$1") || keys=''
  fi
  emit fact k3s.config path "$1" sha256 "$sum" mode "$(mode_of "$ROOT$1")" keys "$keys"
  case " $keys " in *' node-label'* | *' node-taint'* | *' kubelet-arg'*) k3s_settings "$ROOT$1" "$1" ;; esac
}

k3s_config() {
  k3s_config_file /etc/rancher/k3s/config.yaml
  for file in "$ROOT/etc/rancher/k3s/config.yaml.d"/.[!.]* "$ROOT/etc/rancher/k3s/config.yaml.d"/*; do
    case $file in *.yaml | *.yml) k3s_config_file "\${file#"$ROOT"}" ;; esac
  done
  own=$ROOT$k3s_own_config
  if [ -r "$own" ]; then
    text=$(cat "$own" && printf x)
    emit fact k3s.own-config text "\${text%x}"
  fi
}

k3s_rest() {
  present=false
  if [ -e "$ROOT/etc/rancher/node/password" ]; then present=true; fi
  emit fact k3s.node-password present:n "$present"
  for name in config.toml.tmpl config-v3.toml.tmpl; do
    path=/var/lib/rancher/k3s/agent/etc/containerd/$name
    [ -f "$ROOT$path" ] || continue
    base=false
    if grep -Eq '\\{\\{-? *template +"base"' "$ROOT$path" 2>/dev/null; then base=true; fi
    emit fact k3s.template path "$path" sha256 "$(sha256 "$ROOT$path" 2>/dev/null)" base:n "$base"
  done
}

k3s_selinux() {
  [ -d "$ROOT/sys/fs/selinux" ] || return 0
  present=false
  for path in "$ROOT/usr/share/selinux/packages/k3s.pp" "$ROOT/usr/share/selinux/packages/k3s.pp.bz2" "$ROOT/var/lib/selinux"/*/active/modules/*/k3s; do
    if [ -e "$path" ]; then present=true; fi
  done
  emit fact k3s.selinux-policy present:n "$present"
}

survey_distribution() {
  k3s_find_unit || :
  for part in binary unit env changed server_unit config selinux rest; do
    ("k3s_$part") || :
  done
}
`,undo:`
stop_agent() {
  started=no
  if is_running "$was_state" || [ "$was_state" = unknown ]; then return 0; fi
  now=$(unit_property ActiveState)
  case $now in '' | inactive) return 0 ;; esac
  started=yes
  if [ "$STOP" != yes ]; then
    remains "$unit" 'keeps running'
    return 0
  fi
  if timeout 40 systemctl stop "$unit" >/dev/null 2>&1; then emit undone start; else
    incomplete=yes
    remains "$unit" "it did not stop in 40 s"
  fi
}

reload_systemd() {
  if [ "$started" = yes ]; then timeout 10 systemctl reset-failed "$unit" >/dev/null 2>&1 || :; fi
  if [ "$reloaded" = yes ]; then
    if timeout 60 systemctl daemon-reload >/dev/null 2>&1; then emit undone reload; else
      incomplete=yes
      remains systemd 'systemctl daemon-reload failed'
    fi
  elif is_there "$unit_path" && [ "$(unit_property NeedDaemonReload)" = yes ]; then
    remains systemd 'has not read the restored unit yet: sudo systemctl daemon-reload, when no container depends on the GPU'
  fi
}

is_foreign() {
  case $1 in
    /usr/local/bin/kubectl | /usr/local/bin/crictl | /usr/local/bin/ctr) [ "$(readlink "$ROOT$1" 2>/dev/null)" != k3s ] ;;
    *) return 1 ;;
  esac
}

undo_line() { :; }

main() {
  begin_undo
  if [ "$begun" = no ]; then return 0; fi
  stop_agent
  clear_agent_data
  follow_log_backwards
  reload_systemd
  restart_unit
  end_undo
}
`,"unit-file":`
mode_of() {
  _mode=$(ls -ld "$1" 2>/dev/null) || return 1
  printf '%s\\n' "$_mode" | awk '
    function digit(text, high) {
      value = 0
      if (substr(text, 1, 1) == "r") value += 4
      if (substr(text, 2, 1) == "w") value += 2
      if (substr(text, 3, 1) ~ /[xst]/) value += 1
      if (substr(text, 3, 1) ~ /[sStT]/) special += high
      return value
    }
    NR == 1 {
      special = 0
      user = digit(substr($1, 2, 3), 4)
      group = digit(substr($1, 5, 3), 2)
      other = digit(substr($1, 8, 3), 1)
      printf "%s%d%d%d\\n", special ? special : "", user, group, other
    }'
}

split_exec() {
  awk '
    function say(kind, value) {
      gsub(/\\n/, "\\001", value)
      print kind " " value
    }
    function continues(line) { return line ~ /\\\\$/ }
    {
      if (inside) {
        command = command "\\n" $0
        if ($0 !~ /^[ \\t]*[#;]/) inside = continues($0)
        next
      }
      if (other) {
        if ($0 !~ /^[ \\t]*[#;]/) other = continues($0)
      } else if ($0 ~ /^[ \\t]*\\[/) {
        section = $0
      } else if ($0 !~ /^[ \\t]*[#;]/) {
        if (section ~ /^[ \\t]*\\[Service\\]/ && match($0, /^[ \\t]*ExecStart[ \\t]*=[ \\t]*/)) {
          if (length($0) > RLENGTH) {
            found++
            head = substr($0, 1, RLENGTH)
            command = substr($0, RLENGTH + 1)
            before = rest
            rest = ""
            inside = continues($0)
            next
          }
        } else other = continues($0)
      }
      rest = rest $0 "\\n"
    }
    END {
      if (found != 1) exit 1
      before = before head
      count = 0
      state = "gap"
      piece = ""
      plain = ""
      quote = ""
      isNew = 0
      for (at = 1; at <= length(command); at++) {
        char = substr(command, at, 1)
        following = substr(command, at + 1, 1)
        if (isNew && quote == "") {
          isNew = 0
          if (match(substr(command, at), /^[ \\t]*[#;][^\\n]*\\n?/)) {
            if (state == "word") { kinds[++count] = "word"; raw[count] = piece; read[count] = plain; state = "gap"; piece = "" }
            piece = piece substr(command, at, RLENGTH)
            at += RLENGTH - 1
            isNew = 1
            continue
          }
        }
        if (char == "\\\\" && (following == "\\n" || at == length(command))) {
          if (quote != "") exit 2
          if (state == "word") { kinds[++count] = "word"; raw[count] = piece; read[count] = plain; state = "gap"; piece = "" }
          piece = piece char following
          at++
          isNew = 1
          continue
        }
        if (quote == "" && (char == " " || char == "\\t" || char == "\\n" || char == "\\r")) {
          if (state == "word") { kinds[++count] = "word"; raw[count] = piece; read[count] = plain; state = "gap"; piece = "" }
          piece = piece char
          continue
        }
        if (state == "gap") { kinds[++count] = "gap"; raw[count] = piece; state = "word"; piece = ""; plain = "" }
        piece = piece char
        if (char == "\\\\") {
          if (following !~ /["\\\\ \\047]/) {
            plain = plain char following
          } else plain = plain following
          piece = piece following
          at++
        } else if (quote == "" && (char == "\\"" || char == "\\047")) quote = char
        else if (char == quote) quote = ""
        else plain = plain char
      }
      if (quote != "") exit 2
      if (state == "word") { kinds[++count] = "word"; raw[count] = piece; read[count] = plain; piece = "" }
      kinds[++count] = "gap"
      raw[count] = piece
      say("before", before)
      for (at = 1; at <= count; at++) {
        say(kinds[at], raw[at])
        if (kinds[at] == "word") say("text", read[at])
      }
      say("after", rest)
    }'
}
`},ne=3e4,ye=/^[a-z][a-z0-9-]*\.(?:txt|log)$/,Fe=16;function He(e){const n=new Map;for(const{file:s,part:t,text:r}of e){if(typeof s!="string"||typeof r!="string"||!ye.test(s)||!n.has(s)&&n.size===Fe)continue;const o=n.get(s)??{before:""};n.set(s,t==="recent"?{...o,recent:r}:{...o,before:r})}return[...n].map(([s,{before:t,recent:r}])=>({name:s,text:[t,...r===void 0?[]:["== since the start of this run",r]].filter(o=>o!=="").join(`
`),...r===void 0?{}:{recent:r}}))}async function fn(e,n,s){s.throwIfAborted();const t=[],r=n.startedAgoMs===void 0?"":String(Math.ceil(n.startedAgoMs/1e3)+1);try{const o=await e.run({name:"evidence",script:[X.evidence,$.BZ].join(`
`),env:{UNIT:n.unit,AGO:r},privilege:"root",timeoutMs:ne,signal:s,onLine:c=>t.push(c)}),a=K(e.label,"reading the evidence",o);if(a)throw a}catch(o){if(He(t).length===0)throw o}return He(t)}const Y=/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;function $e(e){try{const n=(e.match(Y)??[]).map(s=>new W.X509Certificate(s));if(n.length>0)return n}catch{}throw new RangeError("no readable PEM certificate in the CA bundle")}function ze(e){const n=e[0]??0;let s=e[1]??0,t=2;if(s>128){const r=s&127;s=e.readUIntBE(2,r),t+=r}return{tag:n,content:e.subarray(t,t+s),rest:e.subarray(t+s)}}function Ye(e){const n=[];for(let s=e;s.length>1;){const t=ze(s);n.push(t),s=t.rest}return n}const Tt=Buffer.from("551d0e","hex"),Rt=Buffer.from("551d23","hex");function Wn(e,n){const s=Ye(ze(e.raw).content)[0],t=Ye(s?.content??Buffer.alloc(0)).find(r=>r.tag===163);if(t!==void 0)for(const r of Ye(ze(t.content).content)){const[o,...a]=Ye(r.content);if(o?.content.equals(n))return a.at(-1)?.content}}function Vn(e){const n=Wn(e,Rt),s=n&&Ye(ze(n).content).find(r=>r.tag===128)?.content;if(s===void 0)return!0;const t=Wn(e,Tt);return t!==void 0&&ze(t).content.equals(s)}function St(e){const[n,...s]=e,t=(r,o)=>{if(s.some(a=>Vn(a)&&a.raw.equals(r.raw)))return r;for(const a of o){if(!r.checkIssued(a)||!r.verify(a.publicKey))continue;if(Vn(a))return a;const c=t(a,o.filter(u=>u!==a));if(c!==void 0)return c}};return n&&t(n,s)}function xt(e){return(0,W.createHash)("sha256").update(e).digest("hex")}function Ge(e){const n=$e(e),s=n.length>1?St(n):void 0;return xt(s?.raw??e)}function Et(e,n){if(Ge(e)===Ge(n))return!0;const s=new Set($e(n).map(t=>t.fingerprint256));return $e(e).every(t=>s.has(t.fingerprint256))}const Un=/^[a-z0-9]{6}\.[a-z0-9]{16}$/,At="abcdefghijklmnopqrstuvwxyz0123456789";function Zn(e){return e===""?{}:{caHash:e}}function pn(e){const n=e.trim();if(n==="")return{kind:"none",credential:""};if(Un.test(n))return{kind:"bootstrap",credential:n};const s=/^K10([0-9a-f]{64})?::([\s\S]+)$/.exec(n);if(s===null)return{kind:"short",credential:n};const[,t="",r=""]=s;if(Un.test(r))return{kind:"bootstrap",credential:r,...Zn(t)};const o=r.indexOf(":"),a=r.slice(0,Math.max(o,0)),c=r.slice(o+1);return o<0||c===""?{kind:"short",credential:n}:{kind:a==="server"?"server":a==="node"?"agent":"short",credential:c,...Zn(t)}}function Xn(e,n,s){if(!/^[0-9a-f]{64}$/.test(e))throw new RangeError("a CA hash has 64 lower-case hexadecimal digits");if(!Un.test(`${n}.${s}`))throw new RangeError("a bootstrap token is 6 and 16 characters [a-z0-9]");return`K10${e}::${n}.${s}`}function Yn(e){return e.kind==="bootstrap"?`Bearer ${e.credential}`:`Basic ${Buffer.from(`node:${e.credential}`).toString("base64")}`}function Jn(e,n){let s="";for(;s.length<e;)for(const t of n(e))t<252&&s.length<e&&(s+=At[t%36]);return s}function It(e=W.randomBytes){return Jn(6,e)}function Nt(e=W.randomBytes){return Jn(16,e)}class Fn extends Error{name="GivenTokenError";code;cause;remedy;evidence=[];constructor(n,s,t,r){super(s),this.code=n,this.cause=t,this.remedy=r}}const Hn="leave `token` out: a bootstrap token is minted through the API and deleted at the end";function Pt(e,n,s){const t=pn(e),r=Ge(n);if(t.caHash!==void 0&&t.caHash!==r)throw new Fn("token-of-another-cluster","the given token belongs to another cluster, or to this one before its CA was changed",`it pins the CA ${t.caHash.slice(0,12)}\u2026, the kubeconfig's CA is ${r.slice(0,12)}\u2026`,Hn);if(t.kind==="short")throw new Fn("token-without-ca","the given token pins no certificate authority","without the K10 prefix an agent believes whatever server answers",Hn);if((t.kind==="server"||t.kind==="agent")&&!s.allowServerToken)throw new Fn("server-token-refused",`the given token is the ${t.kind}'s own, long-lived one`,t.kind==="server"?"whoever reads it on the node owns the cluster":"whoever reads it on the node can join machines for ever",`${Hn}; or set allow-server-token when you mean it`);if(t.kind==="bootstrap"&&t.caHash===void 0){const[o="",a=""]=e.trim().split(".");return{id:o,text:Xn(r,o,a)}}return{id:"given",text:e.trim()}}var zn=x(8500);function Qn(e){return["connect","refused","route","timeout"].includes(e)}function et(e){return/connection refused/i.test(e)?"refused":/no route to host|network is unreachable|host is unreachable/i.test(e)?"route":/name or service not known|name resolution|no address associated|not known|could not resolve/i.test(e)?"name":/timed out/i.test(e)?"timeout":"connect"}class ae extends Error{name="HostHttpsFault";kind;remedy;constructor(n,s,t){super(s),this.kind=n,this.remedy=t}get isPassing(){return Qn(this.kind)}}const $n=5;function Gn(e){return typeof e=="object"&&e!==null&&"code"in e?String(e.code):""}function Lt(e){return typeof e=="object"&&e!==null&&"message"in e?String(e.message):String(e)}function Je(e){return e.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g," ").trim().slice(0,300)}function nt(e){const n=Gn(e),s=Lt(e);return Je(n===""||s.includes(n)?s:`${n} ${s}`)}function Te(e,n){return`${(0,pe.isIP)(e)===6?`[${e}]`:e}:${n}`}function Mt(e,n){const s="another service listens there, or a proxy is in between";switch(e){case"name":return["does not resolve on the host","the host has no DNS answer for that name","use an IP address as `server`, or mend DNS on the host"];case"authority":return["shows a certificate of another authority","another server answers at that address, or something in between opens TLS","compare `server` with the kubeconfig; if the CA was changed, fetch the kubeconfig again"];case"identity":return["shows a certificate for other names","the server certificate is not issued for that address",`use an address the certificate names, or add ${n} to tls-san of the k3s server`];case"tls":return["does not speak TLS as a k3s server does",s,"check host and port of `server`"];case"protocol":return["does not answer as a k3s server does",s,"check host and port of `server`"]}}const Dt={timeout:["does not answer the host","packets from the host get lost: a firewall between it and the server drops them"],refused:["refuses connections from the host","nothing listens on that port, or a firewall rejects the host"],route:["has no way from the host","the host has no route to that network"],connect:["cannot be reached from the host","connections from the host end before they are made"]};function Ct(e,{port:n,runnerReaches:s},t){const[r,o]=Dt[e],a=s===void 0?"":s?" (the runner itself can reach it)":" (the runner cannot reach it either)",c=e==="route"?"give the host a route there":`allow ${n}/tcp from the host's public address`;return[r,`${o}${a}`,s===!1?`check that the server is running and listens on ${t}`:`${c}, or set \`server\` to an address the host can reach`]}function jt(e){const{id:n,question:s,fault:t,host:r,address:o,port:a}=e,c=[`${r}, ${Te(o,a)}: ${t.message}`];if(t.kind==="tool"){const y=t.remedy??"see the evidence";return{id:n,verdict:"error",question:s,found:"could not be asked",cause:t.message,remedy:y,evidence:c}}const u=Te(o,a),[h,p,R]=Qn(t.kind)?Ct(t.kind,e,u):Mt(t.kind,o);return{id:n,verdict:"fail",question:s,found:`${u} ${h}`,cause:p,remedy:R,evidence:c}}const Ut={5:"name",6:"name",7:"connect",28:"timeout",35:"tls",51:"identity",52:"connect",56:"connect",58:"tls",60:"authority",77:"authority"};class Ft{via="host-command";#t;#e;constructor(n,s){this.#t=n,this.#e=s}async get(n,s){const t=await this.#t.run({name:"handshake",script:this.#e,env:{URL:`https://${Te(n.address,n.port)}${n.path}`,CA_PEM:n.caPem??"",CONNECT_SECONDS:String($n)},secrets:{AUTHORIZATION:n.authorization??""},privilege:"user",timeoutMs:($n+5)*1e3,signal:s}),r=t.lines.findLast(a=>"http"in a||"error"in a);if(r?.http!==void 0)return{status:Number(r.http),body:Buffer.from(String(r.body??""),"base64").toString("utf8")};const o=Je(String(r?.message??t.stderr));if(r?.error==="connect"){const a=Ut[String(r.curl)]??"connect",c=a==="connect"?et(o):a,u=c==="authority"&&/subject (alternative )?name|does not match/i.test(o);throw new ae(u?"identity":c,o||`curl exit code ${String(r.curl)}`)}throw new ae("tool",o||`the script ended with ${t.exitCode}`,"allow forwarding for this user in sshd_config (AllowTcpForwarding local), or install curl on the host")}async reach(n,s,t,r){try{await this.get({address:n,port:s,path:"/cacerts",caPem:t},r)}catch(o){if(!(o instanceof ae)||o.kind!=="identity")throw o}}}var Ht=x(7067),zt=x(8321),Gt=x(1692),tt=function(e,n,s){if(n!=null){if(typeof n!="object"&&typeof n!="function")throw new TypeError("Object expected.");var t,r;if(s){if(!Symbol.asyncDispose)throw new TypeError("Symbol.asyncDispose is not defined.");t=n[Symbol.asyncDispose]}if(t===void 0){if(!Symbol.dispose)throw new TypeError("Symbol.dispose is not defined.");t=n[Symbol.dispose],s&&(r=t)}if(typeof t!="function")throw new TypeError("Object not disposable.");r&&(t=function(){try{r.call(this)}catch(o){return Promise.reject(o)}}),e.stack.push({value:n,dispose:t,async:s})}else s&&e.stack.push({async:!0});return n},st=(function(e){return function(n){function s(a){n.error=n.hasError?new e(a,n.error,"An error was suppressed during disposal."):a,n.hasError=!0}var t,r=0;function o(){for(;t=n.stack.pop();)try{if(!t.async&&r===1)return r=0,n.stack.push(t),Promise.resolve().then(o);if(t.dispose){var a=t.dispose.call(t.value);if(t.async)return r|=2,Promise.resolve(a).then(o,function(c){return s(c),o()})}else r|=1}catch(c){s(c)}if(r===1)return n.hasError?Promise.reject(n.error):Promise.resolve();if(n.hasError)throw n.error}return o()}})(typeof SuppressedError=="function"?SuppressedError:function(e,n,s){var t=new Error(s);return t.name="SuppressedError",t.error=e,t.suppressed=n,t});const Bt=1024*1024,Kt=["connection-lost","cancelled","forwarding-refused"];function qt(e){if(e instanceof ae)return e;const n=Gn(e);if(Kt.includes(n))return e;if(n==="connection-failed"&&typeof e.cause=="string"){const t=String(e.cause);return new ae(et(t),Je(t))}const s=n==="ERR_TLS_CERT_ALTNAME_INVALID"?"identity":/^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA)/.test(n)?"authority":/^(ERR_SSL_|ERR_TLS_|EPROTO)/.test(n)?"tls":/^HPE_/.test(n)?"protocol":n==="deadline"?"timeout":"connect";return new ae(s,nt(e))}async function rt(e,n,s){const t=AbortSignal.timeout($n*1e3),r=AbortSignal.any([n,t]),{promise:o,reject:a}=Promise.withResolvers(),c=()=>a(r.reason);o.catch(()=>{}),r.addEventListener("abort",c,{once:!0});try{return n.throwIfAborted(),await Promise.race([s(r),o])}catch(u){throw n.aborted?n.reason:t.aborted?new ae("timeout",`${e}: no answer in ${$n} s`):qt(u)}finally{r.removeEventListener("abort",c)}}class Wt{via="forwarding";#t;constructor(n){this.#t=n}async get(n,s){const{address:t,port:r,path:o}=n;return await rt(`GET https://${Te(t,r)}${o}`,s,async a=>{const c={stack:[],error:void 0,hasError:!1};try{const u=tt(c,await this.#e(t,r,n.caPem,!0,a),!0),{promise:h,resolve:p,reject:R}=Promise.withResolvers(),y=(0,Ht.request)({createConnection:()=>u.socket,path:o,headers:{Host:Te(t,r),Connection:"close",Accept:"*/*",...n.authorization===void 0?{}:{Authorization:n.authorization}}});return y.once("error",R),y.once("response",j=>{let me=0;j.on("data",en=>{me+=en.length,me>Bt&&j.destroy(new ae("protocol","the answer is too large"))}),(0,zt.text)(j).then(en=>p({status:j.statusCode??0,body:en}),R)}),y.end(),await h}catch(u){c.error=u,c.hasError=!0}finally{const u=st(c);u&&await u}})}async reach(n,s,t,r){await rt(`connect ${Te(n,s)}`,r,async o=>{const a={stack:[],error:void 0,hasError:!1};try{const c=tt(a,await this.#e(n,s,t,!1,o),!0)}catch(c){a.error=c,a.hasError=!0}finally{const c=st(a);c&&await c}})}async#e(n,s,t,r,o){const a=await this.#t.forward(n,s,o),c=(0,Gt.connect)({socket:a,host:n,...(0,pe.isIP)(n)===0?{servername:n}:{},...t===void 0?{rejectUnauthorized:!1}:{ca:t,rejectUnauthorized:!0},...r?{}:{checkServerIdentity:()=>{}}}),u=()=>{c.destroy(),a.destroy()},{promise:h,resolve:p,reject:R}=Promise.withResolvers();c.once("secureConnect",p),c.on("error",R),a.on("error",R),o.addEventListener("abort",u,{once:!0}),c.once("close",()=>R(new ae("connect","the connection was closed before TLS was set up"))),o.aborted&&u();try{await h}catch(y){throw u(),y}return{socket:c,[Symbol.asyncDispose]:async()=>{o.removeEventListener("abort",u),u()}}}}class Vt{#t;#e;#o;constructor(n,s){this.#t=n,this.#e=s,this.#o=new Wt(n)}get via(){return this.#o.via}async get(n,s){return await this.#n(t=>t.get(n,s))}async reach(n,s,t,r){await this.#n(o=>o.reach(n,s,t,r))}async#n(n){try{return await n(this.#o)}catch(s){if(Gn(s)!=="forwarding-refused")throw s;if(this.#e===void 0)throw new ae("tool",nt(s),"allow forwarding for this user in sshd_config (AllowTcpForwarding local)");return this.#o=new Ft(this.#t,this.#e),await n(this.#o)}}}function Zt(e,n){return new Vt(e,n)}const Xt=[250,750],Yt=3e3,ot=300,Jt=16;function it(e){const n=URL.canParse(e)?new URL(e):void 0;if(!(n?.protocol!=="https:"||n.hostname===""))return{address:n.hostname.replace(/^\[(.*)\]$/,"$1"),port:Number(n.port||443)}}function at(e){return`handshake.apiserver.${e.toLowerCase().replace(/[^a-z0-9.]+/g,"-").replace(/^[.-]+|[.-]+$/g,"")}`}class Qt{checks=[];#t;#e;#o;#n;#r;constructor(n,s,t,r){this.#t=n,this.#e=s,this.#r=t,this.#o=r,this.#n=Zt(n,s.script)}get via(){return this.#n.via}#s(n){return this.checks.push(n),this.#o(n),n.verdict==="pass"||n.verdict==="warn"}async#a(n){const s=performance.now();for(let t=1;;t++)try{return await n()}catch(r){if(!(r instanceof ae)||!r.isPassing)throw r;const o=Xt[t-1];if(o===void 0){const a=((performance.now()-s)/1e3).toFixed(1);throw new ae(r.kind,`${r.message} (tried ${t} times in ${a} s)`)}await(0,zn.setTimeout)(o,void 0,{signal:this.#e.signal})}}async#d(n,s){return await this.#a(async()=>{const t=await this.#n.get({...this.#r,path:n,...s},this.#e.signal);if(t.status>=500)throw new ae("connect",`GET ${n}: HTTP ${t.status} ${Je(t.body)}`);return t})}async#i(n,s,t,r){if(!(r instanceof ae))throw r;const{probe:o,signal:a}=this.#e,c=r.isPassing?await o?.(t.address,t.port,a).catch(()=>!1):void 0;return jt({id:n,question:s,...t,host:this.#t.label,fault:r,runnerReaches:c})}async askAuthority(){const{caPem:n,token:s}=this.#e,t="handshake.ca",r="Does the host see the cluster's own certificate authority?";let o;try{const p=await this.#d("/cacerts",{});if(p.status!==200||!p.body.includes("-----BEGIN CERTIFICATE-----"))throw new ae("protocol",`GET /cacerts: HTTP ${p.status}, no certificate`);o=p.body}catch(p){const R=p instanceof ae&&(p.isPassing||p.kind==="name"),y=Te(this.#r.address,this.#r.port);this.#s(R?await this.#i(at(y),`Does ${y} answer the host?`,this.#r,p):await this.#i(t,r,this.#r,p));return}let a,c;try{a=Ge(o),c=Et(o,n)}catch(p){this.#s(await this.#i(t,r,this.#r,new ae("protocol",Je(String(p)))));return}const u=[`served through the host: ${a}`,`kubeconfig: ${Ge(n)}`];if(!c){this.#s({id:t,verdict:"fail",question:r,found:"another certificate authority",cause:"another server answers at that address through the host\u2019s network, or the kubeconfig is from before the CA was changed",remedy:"compare `server` with the kubeconfig; fetch the kubeconfig again from the server",evidence:u});return}const h=s===void 0?void 0:pn(s).caHash;if(h!==void 0&&h!==a){const p=h===Ge(n);this.#s({id:t,verdict:"fail",question:r,found:p?"the hash of the token is of another text":"the token was made for another certificate authority",cause:p?"the certificate is the same, but its text in the kubeconfig differs in white space from what the server serves, and the hash counts every byte":"token CA hash does not match the cluster CA certificate hash: the token is from another cluster, or from before the CA was changed",remedy:p?"store the kubeconfig again exactly as the server has it":"give no token, so that one is minted, or fetch a fresh one from the server",evidence:[...u,`token: ${h}`]});return}try{await this.#d("/cacerts",{caPem:n})}catch(p){this.#s(await this.#i(t,r,this.#r,p));return}return this.#s({id:t,verdict:"pass",question:r,found:`${a.slice(0,4)}\u2026${a.slice(-2)}`,evidence:u}),a}async askToken(){const{caPem:n,token:s,signal:t}=this.#e,r="handshake.token",o="Does the server accept the token?";if(s===void 0)return this.#s({id:r,verdict:"skip",question:o,found:"token not exercised"});const a=pn(s),c=performance.now();for(;;){let u;try{u=await this.#d("/v1-k3s/readyz",{caPem:n,authorization:Yn(a)})}catch(R){return this.#s(await this.#i(r,o,this.#r,R))}if(u.status===200)return this.#s({id:r,verdict:"pass",question:o,found:`accepted (${a.kind} token)`});const h=u.status===401||u.status===403;if(h&&performance.now()-c+ot<Yt){await(0,zn.setTimeout)(ot,void 0,{signal:t});continue}const p=[`GET /v1-k3s/readyz: HTTP ${u.status}`];return h?this.#s({id:r,verdict:"fail",question:o,found:`refused (${a.kind} token)`,cause:a.kind==="bootstrap"?"the server does not know this token: it has expired or was deleted, or the kubeconfig is of another cluster":"it is not this cluster's token, or the token was changed since",remedy:a.kind==="bootstrap"?"press the button again: a new one is minted; when that is refused too, `server` and the kubeconfig are of different clusters":"give no token, so that one is minted through the kubeconfig; or fetch the current one from the server",evidence:p}):this.#s({id:r,verdict:"fail",question:o,found:`the server answers HTTP ${u.status} instead`,cause:"what answers there knows the API but not how agents of k3s join: a load balancer or proxy in front, or no k3s",remedy:"set `server` to the address of a k3s server, where its supervisor listens",evidence:p})}}async#c(){const{caPem:n,token:s,knownApiServers:t=[]}=this.#e,r=Te(this.#r.address,this.#r.port);if(s===void 0)return[r,...t];const o=await this.#d("/v1-k3s/apiservers",{caPem:n,authorization:Yn(pn(s))});let a;try{a=JSON.parse(o.body)}catch{a=void 0}if(o.status!==200||!Array.isArray(a))throw new ae("protocol",`GET /v1-k3s/apiservers: HTTP ${o.status}, no list`);return a.length===0?[r]:a.map(String)}async askApiServers(){let n;try{n=await this.#c()}catch(o){this.#s(await this.#i("handshake.apiserver","Which API servers does the server name?",this.#r,o));return}const s=new Map;for(const o of n.slice(0,Jt)){const a=it(o.startsWith("https://")?o:`https://${o}`);a!==void 0&&s.set(Te(a.address,a.port),a)}const t=[],r=async([o,a])=>{t.push(await this.#l(o,a))};if(this.via==="forwarding")await Promise.all([...s].map(r));else for(const o of s)await r(o);return t.length>0&&t.every(Boolean)?[...s.keys()]:void 0}async#l(n,s){const{caPem:t,signal:r}=this.#e,o=at(n),a=`Does ${n} answer the host?`,c=performance.now();try{await this.#a(()=>this.#n.reach(s.address,s.port,t,r))}catch(u){return this.#s(await this.#i(o,a,s,u))}return this.#s({id:o,verdict:"pass",question:a,found:`yes, in ${Math.round(performance.now()-c)} ms`})}}async function es(e,n,s=()=>{}){const t=it(n.server);if(t===void 0)throw new RangeError(`server ${JSON.stringify(n.server)} is not an address like https://host:6443`);const r=new Qt(e,n,t,s),o=await r.askAuthority();if(o===void 0)return{checks:r.checks};if(!(await r.askToken()||n.token===void 0))return{checks:r.checks};const c=await r.askApiServers();return c===void 0?{checks:r.checks}:{checks:r.checks,result:{caHash:o,apiServers:c,via:r.via}}}const ns=2e4;function ts(e,n){return on(e,n,void 0).some(s=>(s.id==="start"||s.id==="restart")&&s.waitsFor===void 0)}async function ss(e,n,s){const t=await e.run({name:"node-password",script:X["node-password"],privilege:"root",timeoutMs:ns,signal:s}),r=t.lines.find(c=>typeof c.password=="string"),o=typeof r?.password=="string"?r.password.trim():void 0;o&&n(o);const a=K(e.label,"reading the node password",t);if(a)throw a;return r?.present===!0?o:void 0}async function rs(e,n,s,t,r,o){if(!ts(s,t))return;let a;try{a=await n.nodePassword(re(s.desired.node),o)}catch(j){if(j instanceof V.b$&&j.code==="forbidden")return{state:"unknown",problem:j.message};throw j}if(!a)return{state:"none"};const{hash:c,...u}=a,h={hasSecret:!0,hasFile:t.hasNodePassword};if(!t.hasNodePassword)return{state:F({...h,password:void 0,isMatch:void 0}),secret:u};let p;try{p=await ss(e,r,o)}catch(j){if(o.aborted)throw j;return{state:"unknown",secret:u,problem:j.message}}if(p===void 0)return{state:"missing",secret:u};const R=p===""?void 0:await J(c,p),y=F({...h,password:p,isMatch:R});return{state:y,secret:u,...y==="unknown"?{problem:"the hash in the Secret is none that can be checked"}:{}}}const os=5e3,is=200;async function dt(e,n,s,t,r,o=os){const a=performance.now()+(t?o:0);for(;;){const c=await e.nodePassword(n,r);if(!c)return;const u=c.uid===s.uid&&(t||c.resourceVersion===s.resourceVersion);if(!u||performance.now()>=a)return await e.deleteNodePassword(n,u?c:s,r);await(0,zn.setTimeout)(is,void 0,{signal:r})}}function as(e){const s=[["install-binary",e.binary,"binary"],["run-installer",e.installer,"installer"],["write-config",e.config,"config"],["edit-environment",e.environment,"environment"],["edit-unit",e.removeArguments,"removeArguments"]].find(([t,r])=>e.steps.includes(t)&&r===void 0);return s&&`step ${s[0]} needs ${s[2]}`}function ct(e){if(!(typeof e.step!="string"||e.state!=="done"&&e.state!=="unchanged"))return{step:e.step,state:e.state}}async function ds(e,n,s){const{binary:t,installer:r,environment:o}=n,a=as(n);if(a!==void 0)throw new TypeError(a);const c=n.removeArguments??[],u=c.find(y=>!/^--?[A-Za-z][A-Za-z0-9-]*$/.test(y));if(u!==void 0)throw new TypeError(`${JSON.stringify(u)} is no name of an argument`);const h=await e.run({name:"apply",script:[X["unit-file"],X["agent-files"],$.gY,X["agent-data"],X.edit,X.apply].join(`
`),env:{RUN_ID:(0,$.np)(n.runId),HOLDER:(0,$.$R)(n.holder),LOCK_WAIT:(0,$.ET)(s),STEPS:n.steps.join(" "),STAGED:t?.stagedPath??"",BINARY_SHA256:t?.sha256??"",INSTALLER_SHA256:r?.sha256??"",SERVER_URL:o?.url??"",REMOVE_ARGUMENTS:c.join(" "),RESTART:n.isRestartFollowing?"yes":"no"},secrets:{TOKEN:o?.token??"",CONFIG:n.config??"",INSTALLER:r?.text??""},privilege:"root",timeoutMs:s.timeoutMs,signal:s.signal,onLine:y=>{const j=ct(y);j&&s.onStep?.(j.step,j.state),typeof y.waiting_for=="string"&&s.onWaiting?.(y.waiting_for)}}),p=K(e.label,"the installation",h);if(p)throw p;const R=h.lines.flatMap(y=>ct(y)??[]);return{steps:R,isChanged:R.some(y=>y.state==="done"),interrupted:h.lines.flatMap(y=>typeof y.interrupted=="string"?[{runId:y.interrupted,step:String(y.step??"")}]:[]),holdsFormerToken:h.lines.some(y=>y.former_token===!0)}}const mn={node:"k3s-gpu-actions/node",run:"k3s-gpu-actions/run"},cs="system:bootstrappers:k3s:default-node-token",ls=["create","delete","list"].map(e=>({verb:e,group:"",resource:"secrets",namespace:"kube-system"}));function Qe(e){const n=e.replace(/[^A-Za-z0-9._-]+/g,"-").replace(/^[^A-Za-z0-9]+/,"").slice(0,63).replace(/[^A-Za-z0-9]+$/,"");return n===""?"unknown":n}function lt(e,n){if(!(e.ttlMs>0))throw new RangeError("a token needs a time to live");return{id:It(n),secret:Nt(n),description:`k3s-gpu-actions: join of ${e.node}, ${Qe(e.runLabel)}`,expiresAt:new Date(e.now+e.ttlMs).toISOString().replace(/\.\d{3}Z$/,"Z"),extraGroups:cs,labels:{[mn.node]:Qe(e.node),[mn.run]:Qe(e.runLabel)}}}async function us(e,n,s){const t=n.token??lt(n);return await n.record(t.id),await e.createBootstrapToken(t,s),t}async function hs(e,n,s){await e.deleteBootstrapToken(n,s)}async function fs(e,n,s){return(await e.bootstrapTokens({[mn.node]:Qe(n)},s)).map(r=>r.id)}async function ps(e,n,s){const r=(await e.bootstrapTokens({[mn.node]:Qe(n.node)},s)).filter(o=>Date.parse(o.createdAt)<n.olderThan).map(o=>o.id);return await Promise.all(r.map(o=>e.deleteBootstrapToken(o,s))),r}var wn=x(1455),$s=x(3024),ms=x(6466);async function ut(e,n){const s=(0,W.createHash)("sha256");return await(0,ms.pipeline)((0,$s.createReadStream)(e),s,{signal:n}),s.digest("hex")}function ht(e,n){const s=new Set;for(const t of e.split(/\r?\n/)){const[,r,o]=/^\\?([0-9A-Fa-f]{64})[ \t]+\*?(?:\.\/)?(\S.*?)\s*$/.exec(t)??[];r!==void 0&&o===n&&s.add(r.toLowerCase())}return s.size===1?[...s][0]:void 0}class Ie extends Error{name="ReleaseError";code;cause;remedy;evidence;constructor(n,s,t,r,o=[]){super(s),this.code=n,this.cause=t,this.remedy=r,this.evidence=o}}const ft="run it again; if it stays so, look at https://www.githubstatus.com and at the release page of k3s";function pt(e){const{code:n,cause:s,remedy:t}=typeof e=="object"&&e!==null?e:{};return typeof n=="string"&&typeof s=="string"&&typeof t=="string"}const ws=["rate-limited","github-refused","github-unreachable"];function $t(e,n,s=[]){if(!pt(e))return new Ie("download-failed",n,mt(e),ft,s);const t=ws.includes(e.code)?e.code:"download-failed";return new Ie(t,n,e.cause,e.remedy,[...s,...e.evidence??[]])}function gs(e,n){if(!(!pt(n)||n.code!=="release-not-found"))return new Ie("release-not-found",`there is no release ${e} of k3s`,`no release of k3s-io/k3s is called ${e}`,"correct the version; all of them are listed at https://github.com/k3s-io/k3s/releases, and look like v1.33.4+k3s1",n.evidence??[])}function gn(e,n){return new Ie("checksum-mismatch",`${e} is not what k3s published`,"it was changed on the way (a proxy or mirror), the release was changed after it was published, or the download is damaged","nothing of it was used. Run it again; if it stays so, compare the hashes below with the release page before trusting either",n)}function mt(e){return typeof e=="object"&&e!==null&&"message"in e?String(e.message):String(e)}const wt="k3s-io",gt="k3s",kt="k3s",ks={amd64:"k3s",arm64:"k3s-arm64"},vs=/^[0-9a-f]{64}$/;function vt(e){const n=e?.toLowerCase().replace(/^sha256:/,"");return n!==void 0&&vs.test(n)?n:void 0}async function bt(e,n,s){const t=ks[e.architecture];if(t===void 0)throw new Ie("architecture-unsupported",`there is no checked k3s for ${e.architecture||"an unknown architecture"}`,"programs are fetched and checked for amd64 and arm64 only","use a 64-bit x86 or Arm machine");const r=await bs(e.version,n,s),o=u=>{const h=r.assets.find(p=>p.name===u);if(h!==void 0)return h;throw new Ie("release-incomplete",`release ${e.version} of k3s has no file ${u}`,"the release is still being published, or was withdrawn in part","choose another version, or try again later",[`its files: ${r.assets.map(p=>p.name).slice(0,40).join(", ")||"none"}`])},a=o(t),c=vt(a.digest);return{version:e.version,architecture:e.architecture,sizeBytes:a.sizeBytes,...c===void 0?{}:{sha256:c},binary:a,checksums:o(`sha256sum-${e.architecture}.txt`),commit:r.commit}}function Hs(e){return e.sizeBytes}async function bs(e,n,s){try{return await n.release(wt,gt,e,s)}catch(t){throw s.aborted?s.reason:gs(e,t)??$t(t,`release ${e} of k3s cannot be looked up`)}}async function Bn(e,n,s,t){try{return await s(e,t)}catch(r){throw t.aborted?t.reason:$t(r,`${n} cannot be downloaded`,[e])}}async function ys(e,n,s){const{binary:t,checksums:r,version:o}=e,a=await Bn(r.url,`the checksum file of k3s ${o}`,n,s),c=await(0,wn.readFile)(a,{encoding:"utf8",signal:s}),u=(0,W.createHash)("sha256").update(c).digest("hex"),h=vt(r.digest);if(h!==void 0&&h!==u)throw gn(`the checksum file of k3s ${o}`,[`downloaded: ${u}`,`GitHub's digest: ${h}`]);const p=ht(c,t.name);if(p===void 0)throw new Ie("release-incomplete",`the checksum file of k3s ${o} has no line for ${t.name}`,"the file is damaged, or the release is not complete","choose another version, or try again later",[`${r.name}: ${c.split(`
`).filter(R=>R!=="").length} lines`]);if(e.sha256===void 0)return{sha256:p,notes:[`GitHub has no digest for ${t.name}: checked against ${r.name} alone`]};if(e.sha256!==p)throw gn(`${t.name} of k3s ${o}`,[`${r.name}: ${p}`,`GitHub's digest: ${e.sha256}`]);return{sha256:p,notes:[]}}async function _s(e,n,s,t){const{architecture:r,binary:o,version:a}=e,c=H(a);if(c===void 0)throw new RangeError(`${JSON.stringify(a)} is no exact k3s version`);const u=B(c),h=[],p=s.toolCache.find(kt,u,r);if(p!==void 0){const j=await ut(p,t).catch(()=>"unreadable");if(t.throwIfAborted(),j===n)return{binary:{path:p,sha256:n,sizeBytes:(await(0,wn.stat)(p)).size,fromCache:!0},notes:h};h.push(`the tool cache held another file for k3s ${a} (sha256 ${j}); it was not used`)}const R=await Bn(o.url,`k3s ${a} for ${r}`,s.download,t),y=await ut(R,t);if(y!==n)throw gn(`the downloaded ${o.name} of k3s ${a}`,[`downloaded: ${y}`,`published: ${n}`]);return await s.toolCache.add(R,o.name,kt,u,r).catch(j=>{t.throwIfAborted(),h.push(`the tool cache could not be used: ${mt(j)}`)}),{binary:{path:R,sha256:n,sizeBytes:(await(0,wn.stat)(R)).size,fromCache:!1},notes:h}}async function Os(e,n,s){const{commit:t,version:r}=e;if(!/^[0-9a-f]{40}$/.test(t))throw new Ie("release-incomplete",`the commit of k3s ${r} is unknown`,`GitHub gave ${JSON.stringify(t)}`,ft);const o=`https://raw.githubusercontent.com/${wt}/${gt}/${t}`,[a,c]=await Promise.all(["install.sh","install.sh.sha256sum"].map(y=>Bn(`${o}/${y}`,`${y} of k3s ${r}`,n,s))),[u,h]=await Promise.all([a,c].map(y=>(0,wn.readFile)(y,{signal:s}))),p=ht(String(h),"install.sh"),R=(0,W.createHash)("sha256").update(u).digest("hex");if(p!==R)throw gn(`the installer of k3s ${r}`,[`install.sh: ${R}`,`install.sh.sha256sum: ${p??"no line for install.sh"}`]);return{text:String(u),sha256:R,commit:t}}async function yt(e,n,s){const t=Os(e,n.download,s);t.catch(()=>{});try{const r=await ys(e,n.download,s),{binary:o,notes:a}=await _s(e,r.sha256,n,s),{version:c,architecture:u}=e;return{version:c,architecture:u,binary:o,installer:await t,notes:[...r.notes,...a]}}catch(r){throw s.aborted?s.reason:r}}async function zs(e,n,s){return await yt(await bt(e,n.releases,s),n,s)}async function Ts(e,n,s){if(s.unit!==void 0&&s.unit!=="k3s-agent")throw new TypeError(`unknown unit ${s.unit}`);const t=await e.run({name:"undo",script:[X["agent-files"],$.gY,$.O,X["agent-data"],X.undo].join(`
`),env:{RUN_ID:(0,$.np)(n),HOLDER:(0,$.$R)(s.holder??`undo of run ${n}`),LOCK_WAIT:(0,$.ET)(s),STOP:s.stop===!1?"no":"yes"},privilege:"root",timeoutMs:s.timeoutMs,signal:s.signal}),r=K(e.label,"the undo",t);if(r)throw r;return{undone:t.lines.flatMap(o=>typeof o.undone=="string"?[o.undone]:[]),remaining:t.lines.flatMap(o=>typeof o.remaining=="string"?[o.remaining]:[])}}async function Rs(e,n,s){const t=await e.run({name:"forget",script:[X["agent-files"],$.gY,X.forget].join(`
`),env:{RUN_ID:(0,$.np)(n),HOLDER:`end of run ${n}`,LOCK_WAIT:(0,$.ET)(s)},privilege:"root",timeoutMs:s.timeoutMs,signal:s.signal}),r=K(e.label,"deleting the former token",t);if(r)throw r;return t.lines.flatMap(o=>typeof o.forgotten=="string"?[o.forgotten]:[])}const _t=[X["unit-file"],X["survey-settings"],X.survey].join(`
`),Ss=64,xs=["node-label","node-taint","kubelet-arg"],Kn=64*1024;function te(e,n,s=4096){const t=e[n];return typeof t=="string"?t.slice(0,s):""}function qn(e,n,s){const t=te(e,n,Kn);return t===""?[]:t.split(s)}function Es(e,n){const s=e[n];return typeof s=="number"&&Number.isSafeInteger(s)&&s>=0?s:0}const As=["none","server","agent","bootstrap","short"];function Is(e){return As.find(n=>n===e.token_kind)??"short"}function Ns(e){const n=c=>e.filter(u=>u.fact===`k3s.${c}`).slice(0,Ss),s=c=>e.find(u=>u.fact===`k3s.${c}`),t=s("binary"),r=s("unit"),o=s("environment"),a=s("own-config");return{...t&&{binary:{path:te(t,"path"),version:te(t,"version",128),sha256:te(t,"sha256",64)}},...r&&{unit:{name:te(r,"name",256),path:te(r,"path"),sha256:te(r,"sha256",64),arguments:qn(r,"arguments",`
`),activeState:te(r,"active",64),subState:te(r,"sub",64),isEnabled:r.enabled===!0,restarts:Es(r,"restarts"),needsReload:r.needs_reload===!0}},hasServerUnit:s("server-unit")?.present===!0,changedSinceStart:n("changed").map(c=>te(c,"path")),...o&&{environment:{path:te(o,"path"),sha256:te(o,"sha256",64),mode:te(o,"mode",8),keys:qn(o,"keys"," "),url:te(o,"url"),tokenKind:Is(o)}},configFiles:n("config").map(c=>({path:te(c,"path"),sha256:te(c,"sha256",64),mode:te(c,"mode",8),keys:qn(c,"keys"," ")})),settings:n("setting").flatMap(c=>{const u=xs.find(R=>R===c.key);if(u===void 0)return[];const h=te(c,"values",2*Kn).split(""),p={path:te(c,"path"),key:u,isAdded:c.added===!0};return["",...h.filter(R=>R!=="")].map(R=>({...p,value:R}))}),hasSelinuxPolicy:s("selinux-policy")?.present===!0,...a&&{ownConfig:te(a,"text",Kn)},hasNodePassword:s("node-password")?.present===!0,templates:n("template").map(c=>({path:te(c,"path"),sha256:te(c,"sha256",64),hasBaseTemplate:c.base===!0}))}}const kn="k3s-agent",Ps=["install-binary","run-installer","write-config","edit-environment","edit-unit","reload","enable"],Ls=18e4,Ms=6e4,Ds=3e4,Cs=[[/Running load balancer k3s-agent-load-balancer/,"agent found the server"],[/containerd is now running/,"containerd up"]];function Ot(e){return Cs.find(([n])=>n.test(e))?.[1]}async function js(e,n,s){return await new Promise(t=>{const r=(0,pe.connect)({host:e,port:n,signal:AbortSignal.any([s,AbortSignal.timeout(3e3)])}),o=a=>{r.destroy(),t(a)};r.once("connect",()=>o(!0)),r.once("error",()=>o(!1))})}function Us(e,n,s){const t=o=>o.verdict==="pass"||o.verdict==="warn"?"\u2713":o.verdict==="skip"?"not exercised":"\u2717";return e.map(o=>o.id==="handshake.ca"?`CA ${n?`${n.slice(0,4)}\u2026${n.slice(-2)} `:""}${t(o)}`:o.id==="handshake.token"?s?`token ${t(o)}`:"token not exercised":`${o.id.replace(/^handshake\.(apiserver\.?)?/,"").replace(/-(\d+)$/,":$1")} ${t(o)}`).join("  ")}function Fs(e){const n=new Map,s=(t,r,o)=>{const a=`${t} ${r}`,c=n.get(a)??bt({version:t,architecture:r},e.releases,o);return n.set(a,c),c};return{name:"k3s",unit:kn,surveyScript:_t,tokenAccessRequests:ls,resolveVersion:Ke,survey:Ns,async inspect(t,r,o,a,c){const u=await rs(t,r,o,a,e.mask,c);return u===void 0?a:{...a,nodePassword:u}},describe:m,checkRegistry:f,checks:(t,r)=>g(t,r,Re(t.version,t.reading.version)),plan:on,needsRelease:_n,async sketchRelease(t,r,o){const{sizeBytes:a,sha256:c}=await s(t,r,o);return{sizeBytes:a,...c?{sha256:c}:{}}},async mint(t,r,o,a,c,u){const{serverTimeMs:h}=await t.read(r,u),p={node:r,runLabel:o.label,ttlMs:a,now:h},R=lt(p),y=Xn(Ge(t.caPem),R.id,R.secret);for(const j of[y,`${R.id}.${R.secret}`,R.secret])e.mask(j);return await us(t,{...p,record:c,token:R},u),{id:R.id,text:y}},revoke:hs,tokens:fs,async sweep(t,r,o){const{serverTimeMs:a}=await t.read(r,o);return await ps(t,{node:r,olderThan:a+1e3},o)},acceptToken:Pt,async hold(t,r,o,a,c){return await(0,$.Qw)(t,{...o,runId:r.runId,holder:r.label,onWaiting:a,signal:c})},async handshake(t,r,o,a,c){const u={server:r,caPem:o,...a?{token:a.text}:{},script:X.handshake,probe:js,signal:c},{checks:h,result:p}=await es(t,u);return{checks:h,passed:p!==void 0,line:Us(h,p?.caHash,a!==void 0)}},async freeName(t,r,{nodePassword:o},a,c){if(!o?.secret)throw new Error("there is no node password that was looked at");await dt(t,re(r.desired.node),o.secret,a,c)},async forgetNode(t,r,{nodePassword:o},a,c){if(o?.state!=="none")return!1;const u=re(r.desired.node),h=await t.nodePassword(u,c);return h&&await dt(t,u,h,a,c),h!==void 0},async prepare(t,r,o){return await yt(await s(t,r,o),e,o)},describePrepared:t=>[`k3s ${t.version} ${t.architecture} ${t.binary.sha256.slice(0,12)}\u2026 ${t.binary.fromCache?"from the tool cache, checked again":"downloaded and checked"}`,...t.notes.map(r=>`! ${r}`)],async install(t,r,o,a,c,u){const{prepared:h,credential:p}=o,R=new Set(o.changes.map(Be=>Be.id));let y;R.has("upload-binary")&&h&&(y=await t.upload({path:h.binary.path,name:"k3s",sizeBytes:h.binary.sizeBytes},u),c("upload-binary"));const j={runId:a.runId,holder:a.label,steps:Ps.filter(Be=>R.has(Be)),isRestartFollowing:R.has("start")||R.has("restart"),...y&&h?{binary:{stagedPath:y,sha256:h.binary.sha256}}:{},...h?{installer:h.installer}:{},...R.has("write-config")?{config:z(r.desired)}:{},...R.has("edit-environment")?{environment:{url:r.server,...p?{token:p.text}:{}}}:{},...R.has("edit-unit")?{removeArguments:ve}:{}};if(j.steps.length===0)return{needsSettling:!1,notes:[]};const me=await ds(t,j,{signal:u,timeoutMs:Ls,onStep:Be=>c(Be)}),en=me.interrupted.map(({step:Be})=>`an earlier run was interrupted here (${Be}); what it left is as this run wants it`);return{needsSettling:me.holdsFormerToken,notes:en}},async settle(t,r,o){await Rs(t,r.runId,{signal:o,timeoutMs:Ds})},async start(t,r,o,a,c){await(0,$.iJ)(t,{unit:kn,log:q.containerdLog,action:r,signal:c,onEvent:a,timeoutMs:o})},milestone:Ot,evidence:(t,r,o)=>fn(t,{unit:kn,startedAgoMs:r.startedAgoMs},o),async remove(t,r,o){const{undone:a,remaining:c}=await Ts(t,r.runId,{unit:kn,signal:o,timeoutMs:Ms});return{changes:a,remaining:c}}}}})};export{Gs as id,Bs as ids,Ks as modules};
