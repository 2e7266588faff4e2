const dn=729,ln=[729],cn={40543:((oe,K,y)=>{y.d(K,{$p:()=>z,bD:()=>q,dh:()=>v,ip:()=>C,pb:()=>V});class v extends Error{name="HostError";code;host;title;cause;remedy;evidence;constructor(M,T,R,j=k=>k){super(j(`${T}: ${R.title}: ${R.cause}`)),this.code=M,this.host=T,this.title=j(R.title),this.cause=j(R.cause),this.remedy=j(R.remedy),this.evidence=(R.evidence??[]).filter(k=>k!=="").map(j)}}function z(O){const M=O.filter(T=>T!==void 0&&T.trim()!=="").flatMap(T=>[T,...T.split(`
`).filter(R=>R.trim().length>=8&&!R.includes("-----"))]).sort((T,R)=>R.length-T.length);return T=>M.reduce((R,j)=>R.replaceAll(j,"***"),T)}function C(O,M,T){return T.reason?.name==="TimeoutError"?new v("deadline",O,{title:`${M} took too long`,cause:"there was no answer before the deadline",remedy:"look whether the host is under load or packets are dropped on the way, then run again"}):new v("cancelled",O,{title:`${M} was cancelled`,cause:"the run was cancelled",remedy:"run it again: it continues from what it finds"})}function q(O){const M=O?.message;return typeof M=="string"?M:String(O)}function V(O){return O instanceof v&&O.code==="connection-lost"}}),88438:((oe,K,y)=>{y.d(K,{Qw:()=>q,Vr:()=>z,_y:()=>V,cw:()=>C});var v=y(40543);function z(O){if(!/^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/.test(O))throw new TypeError(`${JSON.stringify(O)} cannot be the name of an uploaded file`);return O}function C(O,M){return new v.dh("output-too-large",O,{title:`script ${M} was ended`,cause:"the host printed far more than the script can print",remedy:"look at what the start-up files of the login shell on the host print"})}function q(O,M,T,R){return new v.dh("upload-failed",O,{title:`${M} could not be uploaded`,cause:T,remedy:"make room in /tmp of the host, or look at the connection, and run it again"},R)}function V(O,M,T,R){return new v.dh("connection-failed",O,{title:`${M}:${T} cannot be reached from the host`,cause:R===""?"the connection failed without a reason":R,remedy:`allow ${T}/tcp from the host to ${M}, or use an address that the host can reach`})}}),82867:((oe,K,y)=>{y.d(K,{pY:()=>Q,gY:()=>fe,np:()=>ve,Zj:()=>$e,lZ:()=>ue,BZ:()=>ie,iJ:()=>Re,LT:()=>ae,Qw:()=>Te,$R:()=>be,pb:()=>v.pb,ET:()=>W,hx:()=>le,kj:()=>he,O:()=>Ie});var v=y(40543),z=y(73024),C=y(51455),q=y(77030),V=y(48161),O=y(76760),M=y(58500),T=y(88438),R=y(23221),j=y(23493);function k(){return Object.fromEntries(["PATH","HOME","USER","LOGNAME"].flatMap(a=>process.env[a]===void 0?[]:[[a,process.env[a]]]))}class _{label="local";counts={sessions:0,forwards:0};#t;#n;#o;#e;constructor(a,c,h){this.#t=c,this.#n=a.sudoPassword??"",this.#o=a.user||process.env.USER||"the user",this.#e=h}static async open(a,c){return new _(a,c,await(0,C.mkdtemp)((0,O.join)((0,V.tmpdir)(),"k3s-gpu-actions-")))}async run(a){const c=`script ${a.name}`;if(a.signal.aborted)throw(0,v.ip)(this.label,c,a.signal);this.counts.sessions+=1;const h=(0,v.$p)([this.#n,...Object.values(a.secrets??{})]),g=(0,O.join)(this.#e,`session-${this.counts.sessions}`);await(0,C.writeFile)(g,"");const w=(0,R.Nt)(a.script,a.env??{},a.secrets??{},{type:"watch",pid:process.pid,file:g}),P=new j.IA(a.onLine),G=performance.now(),x=Promise.withResolvers();x.promise.catch(()=>{});const I=H=>{(0,z.rmSync)(g,{force:!0}),x.reject(H)},L=()=>I((0,v.ip)(this.label,c,a.signal)),se=setTimeout(()=>I(new v.dh("script-timeout",this.label,(0,j.bY)(a.name,a.timeoutMs),h)),a.timeoutMs+j.q_);a.signal.addEventListener("abort",L,{once:!0});const u=H=>de=>{try{P[H](de)}catch(ye){I(ye instanceof RangeError?(0,T.cw)(this.label,a.name):ye)}},B=this.#t("sh",R.ec,{input:(0,R.h7)({program:w,privilege:a.privilege,timeoutMs:a.timeoutMs,sudoPassword:this.#n,input:"closed"}),env:k(),onStdout:u("stdout"),onStderr:u("stderr")});try{const H=await Promise.race([B,x.promise]);return(0,j.mq)({host:this.label,user:this.#o,scriptName:a.name,privilege:a.privilege,timeoutMs:a.timeoutMs,elapsedMs:performance.now()-G,exitCode:H,output:P,redact:h})}catch(H){throw await Promise.race([B.catch(()=>{}),(0,M.setTimeout)(j.P4,void 0,{ref:!1})]),H}finally{clearTimeout(se),a.signal.removeEventListener("abort",L),(0,z.rmSync)(g,{force:!0})}}async upload(a,c){if(c.aborted)throw(0,v.ip)(this.label,`the upload of ${a.name}`,c);const h=await(0,C.mkdtemp)((0,O.join)((0,V.tmpdir)(),"k3s-gpu-actions.")),g=(0,O.join)(h,(0,T.Vr)(a.name));try{await(0,C.copyFile)(a.path,g);const{size:w}=await(0,C.stat)(g);if(w!==a.sizeBytes)throw new Error(`${w} of ${a.sizeBytes} bytes were copied`);return g}catch(w){throw await(0,C.rm)(h,{recursive:!0,force:!0}),(0,T.Qw)(this.label,a.name,(0,v.bD)(w))}}async forward(a,c,h){const g=`connecting to ${a}:${c}`;if(h.aborted)throw(0,v.ip)(this.label,g,h);this.counts.forwards+=1;const{promise:w,resolve:P,reject:G}=Promise.withResolvers(),x=(0,q.connect)({host:a,port:c,noDelay:!0}),I=()=>{x.destroy(),G((0,v.ip)(this.label,g,h))};return h.addEventListener("abort",I,{once:!0}),x.once("connect",()=>P(x)),x.on("error",L=>G((0,T._y)(this.label,a,c,L.message))),w.finally(()=>h.removeEventListener("abort",I))}async close(){await(0,C.rm)(this.#e,{recursive:!0,force:!0})}}var E=y(76846);const m=512,$=256;function p(l,a){const c=l?.[a];return typeof c=="string"?c.trim().slice(0,m):""}function Z(l,a,c){const h=l?.[a];return typeof h!="string"?[]:h.slice(0,$*m).split(c).map(w=>w.trimEnd().slice(0,m)).filter(w=>w!=="").slice(0,$)}function N(l,a,c=0){const h=l?.[a];return typeof h=="number"&&Number.isSafeInteger(h)&&h>=0?h:c}function S(l,a,c){return a.find(h=>h===l)??c}function J(l){const a=new Map;for(const c of l){const h=N(c,"pid");if(h===0)continue;const g=[a.get(h)?.usedMemoryMiB,c.memory].filter(w=>typeof w=="number"&&Number.isSafeInteger(w)&&w>=0);a.set(h,{pid:h,name:p(c,"name"),...g.length>0&&{usedMemoryMiB:g.reduce((w,P)=>w+P,0)},owner:S(c.owner,["pod","container","host"],"host"),ownerDetail:p(c,"detail"),...N(c,"started")>0&&{startTicks:N(c,"started")}})}return[...a.values()].slice(0,$)}function le(l,a){const c=u=>l.filter(B=>B.fact===u).slice(0,$),h=u=>l.find(B=>B.fact===u),g=h("identity"),w=h("os"),P=h("kernel"),G=h("privilege"),x=h("cgroup"),I=h("memory"),L=h("route"),se=h("gpu");return{hostname:p(g,"hostname"),user:p(g,"user"),machineId:p(g,"machine_id"),systemUuid:p(g,"system_uuid").toLowerCase(),os:{id:p(w,"id"),idLike:p(w,"id_like"),versionId:p(w,"version_id"),prettyName:p(w,"pretty")},kernel:p(P,"release"),architecture:p(P,"architecture"),init:S(h("init")?.name,["systemd","openrc","other"],"other"),...N(h("init"),"systemd")>0&&{systemdVersion:N(h("init"),"systemd")},privilege:{state:S(G?.state,["root","passwordless","password","none"],"none"),problem:p(G,"problem")},cgroup:{version:S(x?.version,[0,1,2],0),controllers:Z(x,"controllers"," ")},readOnly:c("read-only").map(u=>p(u,"path")).filter(u=>u!==""),memoryBytes:N(I,"total"),swapBytes:N(I,"swap"),ports:c("port").map(u=>({port:N(u,"port"),process:p(u,"process"),pid:N(u,"pid"),owner:(u.owner==="pod"||u.owner==="container"?`${u.owner} ${p(u,"detail")}`:p(u,"detail")).trim()})).filter(({port:u})=>u>0&&u<=65535),disks:c("disk").filter(u=>N(u,"bytes",-1)>=0).map(u=>({path:p(u,"path"),availableBytes:N(u,"bytes"),totalBytes:N(u,"total"),availableInodes:N(u,"inodes",Number.MAX_SAFE_INTEGER)})),clock:{hostMs:N(h("clock"),"ms"),runnerMs:a},defaultRoute:L&&{via:p(L,"via"),device:p(L,"device"),source:p(L,"source")},hasNoDefaultRoute:L===void 0&&h("no-route")?.known===!0,addresses:[...new Set(c("address").map(u=>p(u,"address")))].filter(u=>/^[0-9a-fA-F.:]+$/.test(u)),resolvers:c("resolver").map(u=>({path:p(u,"path"),isReadable:u.readable===!0,servers:Z(u,"servers"," ")})),selinux:S(h("selinux")?.mode,["enforcing","permissive","disabled","unknown"],"unknown"),modules:c("module").map(u=>({name:p(u,"name"),state:S(u.state,["loaded","loadable","missing","unknown"],"unknown")})).filter(({name:u})=>u!==""),kubernetes:c("kubernetes").flatMap(u=>{const B=S(u.kind,["cni-config","interface","kubelet-config","kubelet",""],"");return B===""?[]:[{kind:B,name:p(u,"name"),pid:N(u,"pid"),unit:p(u,"unit")}]}),firewalls:c("firewall").flatMap(u=>{const B=S(u.name,["ufw","firewalld","nftables",""],""),H=S(u.state,["active","inactive","unknown"],"unknown");return B===""?[]:[{name:B,state:H,rules:Z(u,"rules",`
`)}]}),sshForwarding:S(h("sshd")?.forwarding,["yes","no","local","remote","unknown"],"unknown"),runtimes:c("runtime").map(u=>({name:p(u,"name"),isRunning:u.running===!0})).filter(({name:u})=>u!==""),gpu:{devices:c("gpu-device").map(u=>({name:p(u,"name"),driverVersion:p(u,"driver"),memoryMiB:N(u,"memory")})),pciDevices:N(se,"pci"),problem:p(se,"problem"),processes:J(c("gpu-process")),areProcessesKnown:h("gpu-processes")?.known===!0},distribution:l.filter(u=>typeof u.fact=="string"&&/^[a-z0-9]+\./.test(u.fact))}}class Q extends Error{name="HostStepError";code;step;cause;remedy;evidence;constructor(a,c,h,g,w,P){super(h),this.code=a,this.step=c,this.cause=g,this.remedy=w,this.evidence=P}}const we="run it again: it continues from what it finds",re={"host-locked":"wait until that run has ended, or cancel it, and run this one again; one whose runner is gone lets go within minutes",overtaken:"look at the later run: what it says of the host is what is true","lock-unavailable":"install util-linux on the host (it brings flock)","backup-failed":"free space on the host (df -h /var/lib), then run it again","write-failed":"free space on the host (df -h /etc), then run it again","replace-failed":"look for an immutable file (lsattr) or a read-only mount at that path","hash-unavailable":"install coreutils on the host (it brings sha256sum)","reload-failed":"look at the host on its console: sudo systemctl daemon-reload","folder-read-only":"the host keeps this folder read-only (an immutable system, or a file system with errors): make it writable, or do this with the means of that system"},ce=l=>typeof l=="string"?l:"";function ue(l,a,c,h={}){if(c.exitCode===0)return;const g=c.lines.findLast(I=>typeof I.error=="string"),w=ce(c.lines.findLast(I=>I.state==="failed")?.step),P=[...c.lines.flatMap(I=>typeof I.evidence=="string"?[I.evidence]:[]),...c.stderr.trim().split(`
`).slice(-10)].filter(I=>I!==""),G=`${a} on ${l} did not succeed${w?` (step ${w})`:""}`;if(g===void 0){const I=`the script ended with exit code ${c.exitCode} without saying why`;return new Q("script-failed",w,G,I,we,P)}const x=ce(g.error);return new Q(x,w,G,ce(g.message),h[x]??re[x]??we,P)}const ee=l=>typeof l=="string"?l:"",ge=l=>typeof l=="number"&&Number.isSafeInteger(l)?l:0;function Oe(l){if(l.event==="journal"){const a=ee(l.source);return{type:"journal",text:ee(l.text),...a===""?{}:{source:a}}}if(l.event==="journal-ended")return{type:"journal",text:`journalctl ended: ${ee(l.text)}`};if(l.event==="unit")return{type:"unit",activeState:ee(l.active),subState:ee(l.sub),restarts:ge(l.restarts),result:ee(l.result),mainStatus:ge(l.status),isNew:l.new===!0}}async function Re(l,a){const{unit:c,log:h,action:g,signal:w,onEvent:P,timeoutMs:G}=a;if(w.aborted)return;let x;try{x=await l.run({name:"watch",script:E.P["follow-unit"],env:{UNIT:c,LOG:h,ACTION:g},privilege:"root",timeoutMs:G,signal:w,onLine:I=>{const L=w.aborted?void 0:Oe(I);L&&P(L)}})}catch(I){if(w.aborted)return;throw I}if(!w.aborted)throw ue(l.label,`the ${g==="none"?"watch":g} of ${c}`,x,{"start-refused":`look at the host on its console: sudo systemctl status ${c}; sudo journalctl -u ${c} -n 50`})??new Q("watch-ended","",`the watch of ${c} on ${l.label} ended by itself`,"the script ended without being told to","run it again: it continues from what it finds",x.stderr.trim().split(`
`).slice(-10))}function W(l){return String(Math.max(0,Math.floor((l.lockWaitMs??Math.min(6e4,l.timeoutMs/3))/1e3)))}function ve(l){if(!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(l))throw new TypeError(`${JSON.stringify(l)} is no run id`);return l}function be(l){return l.replace(/[\u0000-\u001f\u007f]+/g," ").slice(0,200)}async function Te(l,a){const{signal:c,waitMs:h,holdMs:g}=a,w=new AbortController,P=Promise.withResolvers();let G=!1;const x=l.run({name:"hold",script:[E.P["change-log"],E.P.hold].join(`
`),env:{RUN_ID:ve(a.runId),HOLDER:be(a.holder),LOCK_WAIT:String(Math.ceil(h/1e3)),HOLD:String(Math.ceil(g/1e3))},privilege:"root",timeoutMs:h+g,signal:AbortSignal.any([c,w.signal]),onLine:L=>{typeof L.waiting_for=="string"&&(G=!0,a.onWaiting(L.waiting_for)),L.held==="yes"&&P.resolve(typeof L.released=="number"?L.released*1e3:0)}}).then(L=>{throw ue(l.label,"keeping other runs away",L)??new Error("the lock was not kept")});x.catch(P.reject);const I=await P.promise;return{hasWaited:G,releasedAtMs:I,async release(){w.abort(),await x.catch(()=>{})}}}const he=[E.P["survey-machine"],E.P["survey-network"],E.P["survey-containers"],E.P.survey].join(`
`),ie=E.P.evidence,fe=E.P["change-log"],Ie=E.P["undo-log"],ae=[he,E.P["gpu-processes"]].join(`
`);async function $e(l,a,c){const h=l.transport==="local"?"local":`${l.user}@${l.address}`;if(c.aborted)throw(0,v.ip)(h,"connecting",c);if(/[\n\0]/.test(l.sudoPassword??""))throw new v.dh("access-invalid",h,{title:"the sudo password cannot be used",cause:"it holds a line break",remedy:"save the secret again as one line"});if(l.transport==="local")return _.open(l,a.exec);const{connectSsh:g}=await y.e(383).then(y.bind(y,62383));return g(l,c)}}),23221:((oe,K,y)=>{y.d(K,{J_:()=>j,Nt:()=>M,ec:()=>R,h7:()=>T});var v=y(76846);const z=new Set("PATH IFS ENV HOME SHELL USER LOGNAME PWD TERM PS1 PS2 PS4 ROOT REHEARSAL GUARD GUARD_PID GUARD_FILE KGA_GROUP SUDO_STATE SUDO_PROBLEM SUDO_USER LC_ALL LANG OPTIND".split(" "));function C(k){return`'${k.replaceAll("'","'\\''")}'`}function q(k,_){if(!/^[A-Z_][A-Z0-9_]*$/.test(k)||z.has(k)||/^(?:LD_|BASH)/.test(k))throw new TypeError(`${JSON.stringify(k)} cannot be the name of a script's variable`);if(_.includes("\0"))throw new TypeError(`the value of ${k} holds a NUL character, which no shell variable can`);return`${k}=${C(_)}`}function V(k,_){const E=Object.entries(k).map(([$,p])=>`${q($,p)}
export ${$}
`),m=Object.entries(_).map(([$,p])=>`unset ${$}
${q($,p)}
`);return[...E,...m].join("")}function O(k){return k.type!=="watch"?`GUARD=${k.type}
`:`GUARD=watch
GUARD_PID=${k.pid}
GUARD_FILE=${C(k.file)}
`}function M(k,_,E,m){const $=/(?:^|\n)main[ \t]*\n*$/.test(k)?"":`main
`;return`${O(m)}${v.P.library}
${V(_,E)}${k}
${$}#end`}function T(k){const _=k.privilege==="user"?"":k.sudoPassword,E=Math.max(1,Math.ceil(k.timeoutMs/1e3)),m=Buffer.from(k.program),$=[_,k.privilege,E,k.input,_,`k3s-gpu-actions-begin ${m.length}`];return Buffer.concat([Buffer.from(`${$.join(`
`)}
`),m])}const R=["-c",v.P.outer,"k3s-gpu-actions",v.P.inner],j=`exec sh ${R.map(C).join(" ")}`}),76846:((oe,K,y)=>{y.d(K,{P:()=>v});const v={"change-log":`
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
`}}),23493:((oe,K,y)=>{y.d(K,{IA:()=>T,P4:()=>q,bY:()=>E,mq:()=>_,q_:()=>C});var v=y(46193),z=y(40543);const C=8e3,q=3e3,V=1024*1024,O=32*1024*1024,M=64*1024;class T{lines=[];#t;#n=new v.StringDecoder("utf8");#o=new v.StringDecoder("utf8");#e="";#r=0;#i=!1;#s="";constructor($){this.#t=$}stdout($){if(!this.#a($))return;const p=(this.#e+this.#n.write($)).split(`
`);this.#e=p.pop()??"",this.#e.length>V&&this.#d();for(const Z of p)this.#c(Z)}stderr($){this.#a($)&&this.#l(this.#o.write($))}#a($){return this.#i?!1:(this.#r+=$.length,this.#r>O&&this.#d(),!0)}#d(){throw this.#i=!0,this.#e="",new RangeError("too much output")}end(){const $=this.#e+this.#n.end();this.#e="",this.#c($)}get errors(){return this.#s.slice(-M)}#l($){this.#s+=$,this.#s.length>4*M&&(this.#s=this.#s.slice(-M))}#c($){if($.trim()==="")return;const p=R($);if(p===void 0){this.#l(`${$.slice(0,1024)}
`);return}this.lines.push(p),this.#t?.(p)}}function R(m){if(m.startsWith("{"))try{const $=JSON.parse(m);return typeof $=="object"&&$!==null&&!Array.isArray($)?$:void 0}catch{return}}const j={"sudo-password-wrong":{title:"root rights could not be had",cause:"sudo does not accept the password (it was tried once, so nothing is locked)",remedy:"correct the sudo password, or allow the user passwordless sudo"},"sudo-password-required":{title:"root rights could not be had",cause:"sudo asks for a password and none was given",remedy:"give the sudo password, or allow passwordless sudo: %u ALL=(ALL) NOPASSWD: ALL in a file of /etc/sudoers.d"},"sudo-not-allowed":{title:"root rights could not be had",cause:"the user may not run the needed commands with sudo",remedy:"add the user to the sudoers: %u ALL=(ALL) NOPASSWD: ALL in a file of /etc/sudoers.d"},"sudo-needs-tty":{title:"root rights could not be had",cause:"sudo insists on a terminal (requiretty)",remedy:"switch it off for this user: Defaults:%u !requiretty in a file of /etc/sudoers.d"},"sudo-missing":{title:"root rights could not be had",cause:"the user is not root and the host has no sudo",remedy:"install sudo, or connect as root"},"timeout-missing":{title:"nothing was run",cause:"the host has no timeout command, so nothing there could be ended for certain",remedy:"install coreutils or busybox on the host"}};function k(m){return m.trim().split(`
`).slice(-5)}function _(m){m.output.end();const{lines:$,errors:p}=m.output,Z=(S,J,le)=>{const Q=J.remedy.replaceAll("%u",m.user);throw new z.dh(S,m.host,{...J,remedy:Q,evidence:[...le,...k(p)]},m.redact)},N=$.find(S=>typeof S.error=="string"&&S.error in j);if(m.exitCode===77&&N!==void 0){const S=N.error,J=j[S];J!==void 0&&Z(S,J,typeof N.message=="string"?[N.message]:[])}if([124,137,143].includes(m.exitCode)&&m.elapsedMs>=m.timeoutMs*.95&&Z("script-timeout",E(m.scriptName,m.timeoutMs),[`last line: ${JSON.stringify($.at(-1)??null).slice(0,500)}`]),m.exitCode===74&&$.length===0&&Z("script-unreadable",{title:`script ${m.scriptName} did not start`,cause:"the host did not read it completely",remedy:"run it again; if it stays, look at the host with dd --version and sh on the console"},[]),m.privilege==="root"&&m.exitCode===1&&$.length===0&&/^sudo: /m.test(p)){const S=j["sudo-not-allowed"];S!==void 0&&Z("sudo-not-allowed",S,[])}return{exitCode:m.exitCode,lines:$,stderr:m.redact(p)}}function E(m,$){return{title:`script ${m} was ended on the host`,cause:`it did not finish within ${Math.round($/100)/10} s`,remedy:"look at the host (load, disk, network) and run it again; raise the timeout when the host is just slow"}}}),37131:((oe,K,y)=>{y.d(K,{hk:()=>v,oQ:()=>_,k3:()=>M,Eb:()=>L,zF:()=>ne,C5:()=>c,uT:()=>Ve,bj:()=>a,Jp:()=>Ne,Ms:()=>Ke,H$:()=>$,gD:()=>re,h_:()=>xe,k_:()=>Je,JG:()=>x,mj:()=>qe,_n:()=>G,E4:()=>Re,iY:()=>We,hc:()=>Xe,mq:()=>Ie,Xy:()=>ie,g7:()=>O,Pd:()=>P,bF:()=>E,o6:()=>sn,sp:()=>Ee,YD:()=>w,ik:()=>I,UY:()=>on,uG:()=>m,NN:()=>he});const v={desired:"k3s-gpu-actions/desired",ownedLabels:"k3s-gpu-actions/owned-labels",ownedTaints:"k3s-gpu-actions/owned-taints"};function z(e){return(e??"").split(",").map(n=>n.trim()).filter(n=>n!=="")}function C(e){return[...new Set(e)].sort().join(",")}const q=400,V=500;function O(e,n){const{unit:t,node:s,leaseRenewedAtMs:r,leaseOfOldMs:i}=e;if(t?.isNew!==!0||i===void 0)return"the process that was ordered";if(t.activeState!=="active")return"an active unit";if(s?.ready!=="True")return"a Ready node";if(s.kubeletVersion!==n.version)return`version ${n.version} (the node has ${s.kubeletVersion})`;const o=n.isFirstStart&&s.uid!==n.uidBefore,d=r!==void 0&&r>i;return o||d?void 0:"a heartbeat of the new process"}async function M(e,n,t){const s=n.now(),r=new AbortController,i=AbortSignal.any([t,r.signal]);let o={journal:[]};const d=()=>n.now()-s;let b=()=>{},f=()=>{};const D=new Promise((A,Y)=>{b=A,f=Y}),X=()=>{const A=d();if(o.node&&O(o,e)===void 0)return{type:"ready",node:o.node,state:o,elapsedMs:A};const Y=n.judge(o,A);return Y?{type:"hopeless",...Y,state:o,elapsedMs:A}:A>=e.timeoutMs?{type:"deadline",state:o,elapsedMs:A}:void 0},U=()=>{const A=X();A&&b(A)},te=A=>{if(A.type==="journal"){const Y={text:A.text,atMs:d(),...A.source?{source:A.source}:{}};o={...o,journal:[...o.journal.slice(1-q),Y]}}else{const Y=A.activeState==="active"?o.activeAtMs??d():void 0,an=o.leaseOfOldMs??(A.isNew?Math.max(e.leaseBeforeMs??0,o.leaseRenewedAtMs??0):void 0);o={...o,unit:A,activeAtMs:Y,leaseOfOldMs:an}}n.onEvent?.(A,d()),U()},me=setInterval(U,V),_e=()=>f(t.reason);t.addEventListener("abort",_e,{once:!0});const rn=[n.follow(te,i),n.cluster.watch(e.node,A=>{A.type==="node"?(o={...o,node:A.node},n.onNode?.(A.node,d())):A.type==="gone"?o={...o,node:void 0}:o={...o,leaseRenewedAtMs:A.renewedAtMs},U()},i)].map(A=>A.then(()=>{i.aborted||f(new Error("a watch ended before the node was ready"))},Y=>{i.aborted||f(Y)}));try{return t.throwIfAborted(),await D}finally{clearInterval(me),t.removeEventListener("abort",_e),r.abort(new Error("the wait is over")),await Promise.all(rn)}}var T=y(77030);const R=new T.BlockList;for(const[e,n]of[["10.0.0.0",8],["172.16.0.0",12],["192.168.0.0",16],["100.64.0.0",10],["169.254.0.0",16],["127.0.0.0",8]])R.addSubnet(e,n,"ipv4");R.addSubnet("fc00::",7,"ipv6"),R.addSubnet("fe80::",10,"ipv6");function j(e){const n=(0,T.isIP)(e);return n!==0&&R.check(e,n===4?"ipv4":"ipv6")}function k(e){const n="Can pods on this host and pods on the servers reach each other?",{desired:t,nodes:s,facts:r}=e,i=t.nodeExternalIp??t.nodeIp??r.defaultRoute?.source??r.addresses[0]??t.access.address,o=s.filter(f=>f.isServer).flatMap(f=>[...f.externalIps,...f.internalIps]),d=o.filter(f=>(0,T.isIP)(f)!==0&&!j(f));if(!j(i)||d.length===0)return{id:"cluster.topology",verdict:"pass",question:n,found:`${i||"unknown address"} beside ${o.join(", ")||"no known server address"}`};const b=`${i} is private, the servers are public (${d.join(", ")}): pods here will not reach pods there`;return t.podNetwork==="isolated"?{id:"cluster.topology",verdict:"pass",question:n,found:`${b} (declared: pod-network isolated)`}:{id:"cluster.topology",verdict:"warn",question:n,found:b,cause:"the overlay network sends packets straight to node addresses; through NAT they do not arrive",remedy:"declare `pod-network: isolated` in the cluster file when host-level tunnels are enough; otherwise use a WireGuard or Tailscale overlay (docs: networking/distributed-multicloud)"}}function _(e,n,t,s,r){return t?E(e,n,s):{verdict:"fail",...r,id:e,question:n,found:s}}function E(e,n,t){return{id:e,verdict:"pass",question:n,found:t}}function m(e,n,t){return{id:e,verdict:"skip",question:n,found:`unknown: ${t}`}}function $(e,n=4){const t=e.length-n;return t>0?`${e.slice(0,n).join(", ")} and ${t} more`:e.join(", ")}const p=3e4;function Z(e){const n="host.clock",t="Is the clock of the host within 30 s of the API server?",{facts:s,reading:r,readAtRunnerMs:i}=e;if(s.clock.hostMs===0)return m(n,t,"the host does not tell its time");const o=s.clock.hostMs-s.clock.runnerMs,d=r.serverTimeMs-i,b=Math.round(o-d),f=Math.round(Math.abs(b)/1e3),D=f<=1?"same second":`${f} s ${b>0?"ahead":"behind"}`;return _(n,t,Math.abs(b)<=p,D,{cause:"certificates are not valid from the host's point of view",remedy:"sudo timedatectl set-ntp true"})}const N=5,S=1024**2,J={bytes:2*1024*S,inodes:1e4},le={"/usr/local/bin":{bytes:256*S,inodes:100},"/etc":{bytes:16*S,inodes:100}},Q=e=>e>=1024*S?`${e/1024/S} GiB`:`${e/S} MiB`;function we(e){const n=`host.disk.${e.path.replaceAll(/[^a-zA-Z0-9]+/g,"-").replace(/^-/,"").slice(0,64)||"root"}`,t=le[e.path]??J,s=e.availableInodes===Number.MAX_SAFE_INTEGER,i=`${(e.availableBytes/1024**3).toFixed(1)} GiB and ${s?"any number of":e.availableInodes} inodes free`,o=e.availableBytes>=t.bytes&&e.availableInodes>=t.inodes,d=e.totalBytes>0?e.availableBytes/e.totalBytes*100:100;return o&&t===J&&d<N?_(n,`Is there room below ${e.path}?`,!1,`${i}, ${d.toFixed(1)} % of it`,{verdict:"warn",cause:`a kubelet with less than ${N} % free reports DiskPressure: no new pods, and those that run are evicted`,remedy:`free space below ${e.path}, or set other limits: kubelet-arg eviction-hard in \`extra-config\``}):_(n,`Is there room below ${e.path}?`,o,i,{cause:t===J?"images and logs fill what is left, and the kubelet then evicts pods":"program and configuration are written there",remedy:`free at least ${Q(t.bytes)} and ${t.inodes} inodes below ${e.path}`})}function Se({facts:e}){return e.disks.slice(0,16).map(we)}function re(e){return e.gpu.processes.filter(n=>n.owner!=="pod")}function ce(e){const{facts:n,desired:t}=e,s="Which GPUs does the host have, and who uses them?";if(n.gpu.pciDevices===0&&n.gpu.devices.length===0)return t.gpu?{id:"host.gpu",verdict:"warn",question:s,found:"no NVIDIA GPU",cause:"the cluster file expects one",remedy:"check the card, or remove `gpu` from the node"}:{id:"host.gpu",verdict:"skip",question:s,found:"no NVIDIA GPU"};if(n.gpu.devices.length===0)return{id:"host.gpu",verdict:"warn",question:s,found:`${n.gpu.pciDevices} NVIDIA device(s) on the bus, but no driver answers`,cause:n.gpu.problem||"nvidia-smi is not installed",remedy:"install or repair the driver; the join itself does not need it"};const r=re(n),i=n.gpu.devices.map(d=>d.name).join(", ");if(r.length===0)return{id:"host.gpu",verdict:"pass",question:s,found:`${n.gpu.devices.length} \xD7 ${i}`};const o=r.map(d=>`${d.name} (pid ${d.pid}, ${d.ownerDetail||d.owner})`).join(", ");return{id:"host.gpu",verdict:"warn",question:s,found:`${o} ${r.length===1?"is":"are"} using the GPU`,cause:"a restart or a daemon-reload can take the GPU from running containers",remedy:"nothing to do: no change that could disturb it is made unless `allow-gpu-disruption` says so"}}var ue=y(77598),ee=y(12113);const ge=["kubelet.kubernetes.io","node.kubernetes.io"],Oe=new Set(["beta.kubernetes.io/arch","beta.kubernetes.io/instance-type","beta.kubernetes.io/os","failure-domain.beta.kubernetes.io/region","failure-domain.beta.kubernetes.io/zone","kubernetes.io/arch","kubernetes.io/hostname","kubernetes.io/os","node.kubernetes.io/instance-type","topology.kubernetes.io/region","topology.kubernetes.io/zone"]);function Re(e){const[n]=e.split("/");return!e.includes("/")||!n||!["kubernetes.io","k8s.io"].some(s=>n===s||n.endsWith(`.${s}`))||Oe.has(e)?!1:!ge.some(s=>n===s||n.endsWith(`.${s}`))}const W=e=>`${e.key}:${e.effect}`,ve=(e,n)=>W(e)===W(n)&&(e.value??"")===(n.value??""),be=e=>(0,ee.kJ)(e)===void 0,Te=e=>/^node\.(cloudprovider\.)?kubernetes\.io\//.test(e.key);function he(e){return{[v.ownedLabels]:C(Object.keys(e.labels)),[v.ownedTaints]:C(e.taints.map(W))}}function ie(e,n){const t=(U,te)=>Object.hasOwn(U,te),s=n?.labels??{},r=Object.entries(e.labels).filter(([U,te])=>!t(s,U)||s[U]!==te),i=z(n?.annotations[v.ownedLabels]).filter(U=>!t(e.labels,U)&&t(s,U)&&be(U)).map(U=>[U,null]),o=Object.fromEntries([...r,...i]),d=n?.taints??[],b=e.taints.filter(U=>!d.some(te=>ve(te,U))),f=new Set(z(n?.annotations[v.ownedTaints])),D=new Set(e.taints.map(W)),X=d.filter(U=>f.has(W(U))&&!D.has(W(U))&&!Te(U));return{labels:o,addTaints:b,removeTaints:X}}function fe(e){return Object.keys(e.labels).length+e.addTaints.length+e.removeTaints.length>0}function Ie(e,n){const t=new Set([...n.removeTaints,...n.addTaints].map(W));return[...e.filter(s=>!t.has(W(s))),...n.addTaints]}const ae=4e4;function $e({node:e,leaseRenewedAtMs:n,leaseNodeUid:t,serverTimeMs:s}){const r=n!==void 0&&t!==void 0&&t===e?.uid,i=e?.ready==="True"&&!r?Date.parse(e.createdAt):void 0,o=[n,i].filter(b=>b!==void 0&&!Number.isNaN(b)),d=Math.max(0,s-Math.max(...o));if(!(o.length===0||n===void 0&&d>ae))return d}function l(e){return Array.isArray(e)?e.map(l):e===null||typeof e!="object"?e:Object.fromEntries(Object.entries(e).sort(([n],[t])=>n<t?-1:n>t?1:0).map(([n,t])=>[n,l(t)]))}function a(e,n,t){const s={server:n,version:t,distribution:e.distribution,labels:e.labels,taints:e.taints.map(r=>`${r.key}=${r.value??""}:${r.effect}`).sort(),nodeIp:e.nodeIp??"",nodeExternalIp:e.nodeExternalIp??"",extraConfig:e.extraConfig};return`sha256:${(0,ue.createHash)("sha256").update(JSON.stringify(l(s))).digest("hex")}`}function c(e,n,t,s){const{node:r}=s;if(!r)return{isAsDesired:!1,differences:[`${e.node} is not a node yet`]};const i=$e(s),o=[],d=r.annotations[v.desired];return d===void 0?o.push("it has not been brought under this project yet (no record of a complete run)"):d!==a(e,n,t)&&o.push("the desired state has changed since the last complete run"),r.kubeletVersion!==t&&o.push(`version ${r.kubeletVersion}, wanted ${t}`),fe(ie(e,r))&&o.push("labels or taints differ"),r.ready!=="True"&&o.push(`Ready is ${r.ready}`),i===void 0?o.push("it has no heartbeat (no Lease)"):i>ae&&o.push(`last heartbeat ${Math.round(i/1e3)} s ago`),{isAsDesired:o.length===0,differences:o,...i===void 0?{}:{heartbeatAgeMs:i}}}const h=/^(03000200-0400-0500-0006-000700080009|f+(-f+)*|0+(-0+)*|)$/i,g=e=>h.test(e)?"":e.toLowerCase();function w(e,n){const t=g(e?.systemUuid??"");return t!==""&&t===g(n.systemUuid)}function P(e,n){if(!e)return"nobody";const[t,s]=[g(e.systemUuid),g(n.systemUuid)];return t!==""&&s!==""?t===s?"this-machine":"another-machine":e.machineId!==""&&e.machineId===n.machineId?"this-machine":"unknown-machine"}function G({reading:e}){const n=$e(e);return e.node?.ready==="True"&&n!==void 0&&n<=ae}function x({reading:e}){const n=$e(e);return e.node!==void 0&&n!==void 0&&n<=ae}function I(e){const{reading:n,consent:t,desired:s}=e;return n.node!==void 0&&t.replaceNode===s.node&&!x(e)}function L({reading:{node:e},facts:n,desired:t}){return[e?`node: system UUID ${e.systemUuid||"unknown"}, ${e.internalIps.join(", ")||"no address"}, ${e.osImage}`:"node: there is none of that name",`host: system UUID ${n.systemUuid||"unknown"}, ${n.addresses.join(", ")||t.access.address}, ${n.os.prettyName}`]}function se(e){const{desired:n,facts:t,reading:s}=e,r=`Is the name ${n.node} free, or this machine's own?`,i=P(s.node,t);if(i==="nobody")return{id:"cluster.name",verdict:"pass",question:r,found:"free"};if(i==="this-machine")return{id:"cluster.name",verdict:"pass",question:r,found:"this machine is the node"};const o=L(e);if(x(e))return{id:"cluster.name",verdict:"fail",question:r,found:i==="another-machine"?"a live machine with another identity has it":"a live node has it, and its identity cannot be compared",cause:"two machines cannot share a name",remedy:"give this machine another `node` name",evidence:o};const d=I(e);return{id:"cluster.name",verdict:d?"warn":"fail",question:r,found:`a node that is no longer alive has it${d?"; it will be replaced as confirmed":""}`,cause:"the node was joined from another machine or another installation",remedy:`press the button again with replace-node = ${n.node}, or give this machine another name`,evidence:o}}const u=/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;function B({desired:e}){const n=u.test(e.node)&&e.node.length<=63;return _("cluster.node-name",`Is ${e.node} a valid name for a node?`,n,n?"valid":"not valid",{cause:"the name of a node is at most 63 lower-case letters, digits, dashes and dots (RFC 1123)",remedy:"give another `node`, e.g. the host name in lower case"})}const H=e=>`node ${e.name}: system UUID ${e.systemUuid||"unknown"}, machine-id ${e.machineId||"unknown"}, ${$(e.internalIps)||"no address"}, Ready ${e.ready}`,de=e=>`host: system UUID ${e.systemUuid||"unknown"}, machine-id ${e.machineId||"unknown"}, ${$(e.addresses)||"no address"}`;function ye({desired:e,facts:n,nodes:t}){const s="cluster.machine",r="Is this machine no node under another name?",i=t.filter(D=>D.name!==e.node),o=i.filter(D=>P(D,n)==="this-machine"),d=o.find(D=>D.ready==="True");if(d)return _(s,r,!1,`it is the live node ${d.name}`,{cause:"system UUID or machine-id are the same: a second agent would take ports and containers from the first",remedy:`name it ${d.name}; or remove that node first: sudo systemctl disable --now its agent, then kubectl delete node ${d.name}`,evidence:[H(d),de(n)]});const[b]=o;if(b)return _(s,r,!1,`it was the node ${b.name}, which is no longer alive`,{verdict:"warn",cause:"the machine was joined under another name before",remedy:`when nobody needs it any more: kubectl delete node ${b.name}`,evidence:[H(b),de(n)]});if(n.systemUuid===""&&n.machineId==="")return m(s,r,"the host tells neither system UUID nor machine-id");const f=i.find(D=>n.machineId!==""&&D.machineId===n.machineId);return f?_(s,r,!1,`its machine-id is also that of ${f.name}`,{verdict:"warn",cause:"both were made from one disk image: DHCP and everything else that goes by machine-id mixes them up",remedy:"give it one of its own and reboot: sudo rm /etc/machine-id && sudo systemd-machine-id-setup",evidence:[H(f),de(n)]}):E(s,r,t.length===0?"there is no other node":"no node has its identity")}function Pe({desired:e,facts:n,nodes:t}){const s="cluster.address",r="Is the address of the node its own?",i=(e.nodeIp??n.defaultRoute?.source??"").split(",").map(f=>f.trim()).filter(f=>f!=="");if(i.length===0)return m(s,r,"which address the agent will choose");const o=t.find(f=>f.name!==e.node&&P(f,n)!=="this-machine"&&f.internalIps.some(D=>i.includes(D)));if(!o)return E(s,r,i.join(", "));const d=o.internalIps.find(f=>i.includes(f))??i.join(", "),b=e.podNetwork==="isolated"||o.ready!=="True";return _(s,r,!1,`${d} is also the address of ${o.name}`,{verdict:b?"warn":"fail",cause:"nodes and their pods are reached by that address, so it has to be unique in the cluster",remedy:"give `node-ip` with another address of this machine, or one of an overlay network to both",evidence:[H(o),de(n)]})}function De({facts:e,desired:n}){const t="host.route",s="Is there a default route?";return e.defaultRoute?E(t,s,`via ${e.defaultRoute.via||e.defaultRoute.device}`):e.hasNoDefaultRoute?_(t,s,!1,"none",{verdict:n.nodeIp?"warn":"fail",cause:n.nodeIp?"the address is given, but services of the cluster are reached through the default route":"the agent takes its address from the default route, and stops without one",remedy:"add a default route; one through a dummy interface is enough (docs: installation/airgap), and give `node-ip`"}):m(t,s,"the host does not tell its routes")}function Le({facts:e,desired:n}){if(n.access.transport==="local")return[];const t="host.forwarding",s="May connections be forwarded over SSH, to try the join through the host\u2019s own network?",{sshForwarding:r}=e;if(r==="unknown")return[m(t,s,"the configuration of sshd is told to root only")];const i=r==="yes"||r==="local";return[_(t,s,i,i?"allowed":`refused (AllowTcpForwarding ${r})`,{verdict:"warn",cause:"sshd on the host is configured so; the handshake then uses curl on the host instead",remedy:`nothing to do where the host has curl; otherwise allow it for this user in /etc/ssh/sshd_config: Match User ${e.user||n.access.user||"USER"} / AllowTcpForwarding local`})]}const Ue={"sudo-password-required":"sudo asks for a password, and none was given","sudo-password-wrong":"sudo refused the password that was given","sudo-not-allowed":"the user may not use sudo","sudo-needs-tty":"sudo demands a terminal (requiretty)","sudo-missing":"there is no sudo on the host"};function Ee({facts:e}){const{state:n,problem:t}=e.privilege,r={root:"logged in as root",passwordless:"sudo without a password",password:"sudo with the password given",none:Ue[t]??(t||"no sudo")}[n];return _("host.sudo",`May ${e.user||"the user"} become root?`,n!=="none",r,{cause:"files, units and packages of the host belong to root",remedy:`give \`sudo-password\`, or let the user become root without one: echo '${e.user||"USER"} ALL=(ALL) NOPASSWD: ALL' | sudo tee /etc/sudoers.d/k3s-gpu-actions`})}function je({facts:e}){const n="host.os",t="Is this a Linux on which programs and units can be installed?",s=e.os.prettyName||e.os.id;return e.readOnly.length>0?_(n,t,!1,`${e.readOnly.join(" and ")} cannot be written${s?` (${s})`:""}`,{cause:"the program and its unit are installed there, and on this system not even root can write to it",remedy:"use a system whose /usr/local/bin and /etc are writable, or remount them: sudo mount -o remount,rw /usr"}):s===""&&e.kernel===""?m(n,t,"the host does not say what it runs"):E(n,t,[s,e.kernel&&`kernel ${e.kernel}`].filter(Boolean).join(", "))}function Ce({facts:e}){const n=["amd64","arm64"].includes(e.architecture);return _("host.architecture","Is the processor architecture supported?",n,e.architecture||"unknown",{cause:"programs are fetched and checked for amd64 and arm64 only",remedy:"use a 64-bit x86 or Arm machine"})}function Ge({facts:e}){return _("host.init","Is systemd the init system?",e.init==="systemd",e.init,{cause:"units are written for systemd",remedy:"use a host with systemd; OpenRC is not supported in this version"})}function ze(e){const[,n,t]=/^v?(\d{1,3})\.(\d{1,3})\./.exec(e)??[];return n===void 0||t===void 0?void 0:Number(n)*100+Number(t)}const Fe=135;function Be({facts:e,version:n}){const t="host.cgroup",s="Are the control groups there that a kubelet needs?",{version:r,controllers:i}=e.cgroup;if(r===0)return m(t,s,"the host shows no control groups");const o=`cgroup v${r}`;if(!i.includes("memory"))return _(t,s,!1,`${o} without the memory controller`,{cause:"the kubelet cannot limit memory without it and stops",remedy:"add `cgroup_enable=memory cgroup_memory=1` to the kernel command line and reboot"});if(r===1&&(ze(n)??0)>=Fe)return _(t,s,!1,`${o}, and ${n} is wanted`,{cause:"a kubelet from 1.35 on refuses to run on cgroup v1",remedy:"boot with cgroup v2: add `systemd.unified_cgroup_hierarchy=1` to the kernel command line and reboot; or use a version before 1.35"});const d=(r===2?["cpu","cpuset","pids"]:["pids"]).filter(b=>!i.includes(b));return _(t,s,d.length===0,d.length===0?o:`${o} without ${d.join(", ")}`,{cause:"the agent looks for these controllers when it starts, and stops",remedy:`take what disables ${d.join(", ")} off the kernel command line (cgroup_disable=\u2026) and reboot; a realtime kernel may lack cpu`})}function He(e){const n=e.split(/<[^>]*>/).map(t=>t.replaceAll(/[.*+?^${}()|[\]\\]/g,"\\$&"));return new RegExp(`^${n.join("[a-z0-9_.:-]+")}$`,"i")}function Ke(e,n){return e.find(t=>t.id===n)??e.find(t=>He(t.id).test(n))}const F=(e,n,t,s,r=!0)=>({id:e,stage:"preflight",severity:n,asks:t,remedy:s,isIgnorable:r}),We=[F("host.sudo","fail","May the user become root?","give `sudo-password`, or let the user become root without one"),F("host.os","fail","Is this a Linux on which programs and units can be installed?","use a system whose /usr/local/bin and /etc/systemd/system are writable"),F("host.architecture","fail","Is the processor amd64 or arm64?","use such a machine"),F("host.init","fail","Is systemd the init system?","use a host with systemd"),F("host.cgroup","fail","Are the control groups there that a kubelet needs: the memory controller, and v2 from version 1.35 on?","change the kernel command line (`cgroup_enable=memory`, `systemd.unified_cgroup_hierarchy=1`) and reboot"),F("host.clock","fail","Is the clock of the host within 30 s of the API server?","`sudo timedatectl set-ntp true`"),F("host.disk.<path>","fail","Is there room, in bytes and inodes, where data, programs and configuration go? A warning below 5 % free","free what the check says; for data 2 GiB and 10000 inodes"),F("host.route","fail","Is there a default route? A warning when `node-ip` is given","add one; through a dummy interface is enough"),F("host.forwarding","warn","May connections be forwarded over SSH?","none needed where the host has curl; else `AllowTcpForwarding local` for the user"),F("cluster.node-name","fail","Is the name valid for a node (RFC 1123, lower case)?","give another `node` name"),F("cluster.name","fail","Is the name free, or this machine's own? One that a live machine has is never given away","`replace-node` for a dead node; another `node` name for a live one","partly"),F("cluster.machine","fail","Is this machine no node under another name? A warning when that node is dead, or the machine-id is copied","use the name it has, or remove the other node"),F("cluster.address","fail","Is the address of the node its own? A warning where pods are isolated anyway","give `node-ip` with another address"),F("cluster.topology","warn","Can pods on this host and pods on the servers reach each other?","declare `pod-network: isolated`, or use an overlay network"),F("host.gpu","warn","Which GPUs does the host have, and who uses them?","none needed; repair the driver where it does not answer"),{id:"plan.gpu-in-use",stage:"plan",severity:"fail",asks:"Does the plan disturb a process outside the cluster that uses the GPU?",remedy:"`allow-gpu-disruption`, or stop the process first",isIgnorable:!1},...[["unit","Does the agent\u2019s unit run?","see the journal in the evidence"],["ready","Is the node Ready, with a fresh heartbeat?","see the node\u2019s conditions in the evidence"],["version","Does the node run the wanted version?","press the button again; another agent may answer for it"],["metadata","Are labels and taints as wanted?","press the button again; find who else changes them"],["gpu-processes","Do the processes that used the GPU before still run?","start them again; the report names them"]].map(([e,n,t])=>({id:`confirm.${e}`,stage:"confirm",severity:"fail",asks:n,remedy:t,isIgnorable:!1}))];function qe(e){return[Ee(e),je(e),Ce(e),Ge(e),Be(e),Z(e),...Se(e),De(e),...Le(e),B(e),se(e),ye(e),Pe(e),k(e),ce(e)]}var pe=y(84072);function Ve(e,n,t,s,r){const i=[],o=(b,f,D,X,U)=>{i.push({id:b,verdict:D?"pass":"fail",question:f,found:X,...D?{}:{cause:"it was so a moment ago, or was never brought about",remedy:U}})};if(s!==void 0&&o("confirm.unit","Is the unit active?",s==="active",s,"look at its journal on the host"),r||o("confirm.ready","Is the node Ready?",t?.ready==="True",t?`Ready=${t.ready} ${t.readyMessage}`.trim():"no such node","press the button again; the plan says what is missing"),!t)return i;r||o("confirm.version","Does the node run the wanted version?",t.kubeletVersion===n,t.kubeletVersion,"press the button again; the plan says what is missing");const d=ie(e,t);return o("confirm.metadata","Are labels and taints as wanted?",!fe(d),fe(d)?[...Object.keys(d.labels),...d.addTaints.map(pe.eh),...d.removeTaints.map(pe.eh)].join(", "):"as wanted","something else changes them: look at managedFields of the node"),i}const ke=e=>`${e.name} (pid ${e.pid}, ${e.ownerDetail||e.owner})`;function Ze(e,n){const t=e.startTicks===void 0||n.startTicks===void 0||e.startTicks===n.startTicks;return e.pid===n.pid&&e.name===n.name&&t}function Xe(e){return["start","restart","reload","install"].includes(e.kind)&&e.waitsFor===void 0}function xe(e,n,t){const{gpu:s}=e,r=re(e),i=n.filter(f=>(["restart","reload"].includes(f.kind)||f.kind==="install"&&f.disrupts!==void 0)&&!f.waitsFor);return!(r.length>0||s.pciDevices>0&&!s.areProcessesKnown)||i.length===0||t?[]:[{id:"plan.gpu-in-use",verdict:"fail",question:"May the plan disturb processes that use the GPU outside the cluster?",found:`${r.map(ke).join(", ")||`whoever uses the GPU (its processes could not be listed: ${s.problem||"no answer"})`} would see: ${i.map(f=>`${f.kind} ${f.target}`).join(", ")}`,cause:"a daemon-reload or restart can take the GPU from running containers (NVIDIA/nvidia-container-toolkit#48)",remedy:"press the button again with allow-gpu-disruption when that is acceptable, or stop the process first"}]}function Je(e,n,t,s=""){const r=re(e);if(r.length===0)return;const i="confirm.gpu-processes",o="Do the processes outside the cluster still have the GPU?",d=r.filter(D=>!n?.processes.some(X=>Ze(D,X))),b=r.map(ke).join(", ");if(d.length===0)return{id:i,verdict:"pass",question:o,found:`${b}: still there`};if(n===void 0||!n.areProcessesKnown)return{id:i,verdict:"error",question:o,found:`not known: ${b} used it before`,cause:s||n?.problem||"the processes that use the GPU could not be listed again",remedy:"look on the host: nvidia-smi"};const f=d.map(ke).join(", ");return{id:i,verdict:t?"warn":"fail",question:o,found:`${f} ${d.length===1?"has":"have"} it no more`,cause:t?"the run changed the host, as allow-gpu-disruption lets it":"it lost the GPU or ended while this run changed the host; nothing that was planned should have disturbed it",remedy:`look at it on the host and start it again: ${d.map(({ownerDetail:D,owner:X})=>D||X).join(", ")}`,evidence:[`before: ${b}`,`after: ${n.processes.map(ke).join(", ")||"nobody uses the GPU"}`]}}const Ye=e=>e?e.slice(0,63):"empty",Ae=" (no longer wanted; ours)";function Me(e,n,t){const s=n&&t;if(e===void 0)return s?" (was removed by hand)":" (new)";const r=s?", changed by hand":n?"":", not ours until now";return` (was ${Ye(e.value)}${r})`}function Qe(e,n,t){const s=new Set(z(n?.annotations[v.ownedLabels]));return Object.entries(e.labels).map(([r,i])=>{if(i===null)return`${r}-${Ae}`;const o=`${r}=${i}`;if(n===void 0)return o;const d=Object.hasOwn(n.labels,r)?{value:n.labels[r]}:void 0;return`${o}${Me(d,s.has(r),t)}`})}function en(e,n,t){const s=new Set(z(n?.annotations[v.ownedTaints]));return[...e.addTaints.map(i=>{if(n===void 0)return(0,pe.eh)(i);const o=n.taints.find(d=>W(d)===W(i));return`${(0,pe.eh)(i)}${Me(o&&{value:o.value},s.has(W(i)),t)}`}),...e.removeTaints.map(i=>`${(0,pe.eh)(i)}-${Ae}`)]}const ne={deleteNode:"delete-node",deletePassword:"delete-node-password",label:"label-node",taint:"taint-node",record:"record-desired"};function nn(e,n){const{desired:t,server:s,version:r,reading:i}=e,o=ie(t,i.node),d=[],b=a(t,s,r),f=i.node?.annotations[v.desired],D=Qe(o,i.node,f===b);D.length>0&&d.push({id:ne.label,kind:"label",target:D.join(", "),reason:i.node?"the node differs from the cluster file and inputs":"wanted on the new node",undo:"not needed: labels disturb nothing, and the next run sets them again"});const X=en(o,i.node,f===b);return X.length>0&&d.push({id:ne.taint,kind:"taint",target:X.join(", "),reason:i.node?"the node differs from the cluster file and inputs":"keeps other pods away from the new node from its first second",...o.addTaints.some(me=>me.effect==="NoExecute")?{disrupts:"evicts pods that do not tolerate it"}:{},undo:"not needed: the next run converges"}),(!Object.entries(he(t)).every(([me,_e])=>i.node?.annotations[me]===_e)||f!==b&&!n)&&d.push({id:ne.record,kind:"annotate",target:n?"labels and taints of this project as owned":"desired state, owned labels and taints",reason:n?"so that they can be changed and removed later":"lets the next run see that nothing is to be done",undo:"not needed: a hint only"}),d}function tn(e){const{reading:n,desired:t}=e;return!n.node||!I(e)?[]:[{id:ne.deleteNode,kind:"delete",target:`node ${t.node} (uid ${n.node.uid})`,reason:"confirmed by replace-node: it is no longer alive",disrupts:"forgets the pods that were bound to it",undo:"none: a deleted node comes back only by joining again"}]}function sn(e,n,t){const s=n.some(f=>f.waitsFor!==void 0),r=s&&!e.reading.node?[]:nn(e,s),i=[...tn(e),...n,...r],o=se(e),d=o.verdict==="fail"&&(x(e)||t.some(f=>f.id===o.id)),b=[...t.filter(f=>f.id!==o.id),...d?[o]:[],...xe(e.facts,i,e.consent.allowGpuDisruption)];return{changes:i,blockers:b}}function Ne(e){return e.changes.filter(n=>n.waitsFor===void 0)}function on(e){const n=[ne.label,ne.taint,ne.record];return Ne(e).some(t=>!n.includes(t.id))}})};export{dn as id,ln as ids,cn as modules};
