const dt=971,ct=[971],lt={40543:((pe,X,g)=>{g.d(X,{$p:()=>Z,bD:()=>J,dh:()=>v,ip:()=>C,pb:()=>Q});class v extends Error{name="HostError";code;host;title;cause;remedy;evidence;constructor(N,T,O,j=k=>k){super(j(`${T}: ${O.title}: ${O.cause}`)),this.code=N,this.host=T,this.title=j(O.title),this.cause=j(O.cause),this.remedy=j(O.remedy),this.evidence=(O.evidence??[]).filter(k=>k!=="").map(j)}}function Z(_){const N=_.filter(T=>T!==void 0&&T.trim()!=="").flatMap(T=>[T,...T.split(`
`).filter(O=>O.trim().length>=8&&!O.includes("-----"))]).sort((T,O)=>O.length-T.length);return T=>N.reduce((O,j)=>O.replaceAll(j,"***"),T)}function C(_,N,T){return T.reason?.name==="TimeoutError"?new v("deadline",_,{title:`${N} took too long`,cause:"there was no answer before the deadline",remedy:"look whether the host is under load or packets are dropped on the way, then run again"}):new v("cancelled",_,{title:`${N} was cancelled`,cause:"the run was cancelled",remedy:"run it again: it continues from what it finds"})}function J(_){const N=_?.message;return typeof N=="string"?N:String(_)}function Q(_){return _ instanceof v&&_.code==="connection-lost"}}),88438:((pe,X,g)=>{g.d(X,{Qw:()=>J,Vr:()=>Z,_y:()=>Q,cw:()=>C});var v=g(40543);function Z(_){if(!/^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/.test(_))throw new TypeError(`${JSON.stringify(_)} cannot be the name of an uploaded file`);return _}function C(_,N){return new v.dh("output-too-large",_,{title:`script ${N} was ended`,cause:"the host printed far more than the script can print",remedy:"look at what the start-up files of the login shell on the host print"})}function J(_,N,T,O){return new v.dh("upload-failed",_,{title:`${N} could not be uploaded`,cause:T,remedy:"make room in /tmp of the host, or look at the connection, and run it again"},O)}function Q(_,N,T,O){return new v.dh("connection-failed",_,{title:`${N}:${T} cannot be reached from the host`,cause:O===""?"the connection failed without a reason":O,remedy:`allow ${T}/tcp from the host to ${N}, or use an address that the host can reach`})}}),82867:((pe,X,g)=>{g.d(X,{dh:()=>v.dh,pY:()=>te,gY:()=>Ne,np:()=>$e,Zj:()=>Le,lZ:()=>ne,BZ:()=>Ie,iJ:()=>be,LT:()=>Y,Qw:()=>Ae,$R:()=>ke,rV:()=>me,pb:()=>v.pb,ET:()=>le,ZG:()=>De,pl:()=>Me,hx:()=>oe,kj:()=>_e,O:()=>xe,t8:()=>Pe});var v=g(40543),Z=g(73024),C=g(51455),J=g(77030),Q=g(48161),_=g(76760),N=g(58500),T=g(88438),O=g(23221),j=g(23493);function k(){return Object.fromEntries(["PATH","HOME","USER","LOGNAME"].flatMap(d=>process.env[d]===void 0?[]:[[d,process.env[d]]]))}class F{label="local";counts={sessions:0,forwards:0};#n;#e;#t;#s;constructor(d,h,f){this.#n=h,this.#e=d.sudoPassword??"",this.#t=d.user||process.env.USER||"the user",this.#s=f}static async open(d,h){return new F(d,h,await(0,C.mkdtemp)((0,_.join)((0,Q.tmpdir)(),"k3s-gpu-actions-")))}async run(d){const h=`script ${d.name}`;if(d.signal.aborted)throw(0,v.ip)(this.label,h,d.signal);this.counts.sessions+=1;const f=(0,v.$p)([this.#e,...Object.values(d.secrets??{})]),y=(0,_.join)(this.#s,`session-${this.counts.sessions}`);await(0,C.writeFile)(y,"");const w=(0,O.Nt)(d.script,d.env??{},d.secrets??{},{type:"watch",pid:process.pid,file:y}),A=new j.IA(d.onLine),G=performance.now(),P=Promise.withResolvers();P.promise.catch(()=>{});const E=V=>{(0,Z.rmSync)(y,{force:!0}),P.reject(V)},D=()=>E((0,v.ip)(this.label,h,d.signal)),de=setTimeout(()=>E(new v.dh("script-timeout",this.label,(0,j.bY)(d.name,d.timeoutMs),f)),d.timeoutMs+j.q_);d.signal.addEventListener("abort",D,{once:!0});const l=V=>je=>{try{A[V](je)}catch(fe){E(fe instanceof RangeError?(0,T.cw)(this.label,d.name):fe)}},W=this.#n("sh",O.ec,{input:(0,O.h7)({program:w,privilege:d.privilege,timeoutMs:d.timeoutMs,sudoPassword:this.#e,input:"closed"}),env:k(),onStdout:l("stdout"),onStderr:l("stderr")});try{const V=await Promise.race([W,P.promise]);return(0,j.mq)({host:this.label,user:this.#t,scriptName:d.name,privilege:d.privilege,timeoutMs:d.timeoutMs,elapsedMs:performance.now()-G,exitCode:V,output:A,redact:f})}catch(V){throw await Promise.race([W.catch(()=>{}),(0,N.setTimeout)(j.P4,void 0,{ref:!1})]),V}finally{clearTimeout(de),d.signal.removeEventListener("abort",D),(0,Z.rmSync)(y,{force:!0})}}async upload(d,h){if(h.aborted)throw(0,v.ip)(this.label,`the upload of ${d.name}`,h);const f=await(0,C.mkdtemp)((0,_.join)((0,Q.tmpdir)(),"k3s-gpu-actions.")),y=(0,_.join)(f,(0,T.Vr)(d.name));try{await(0,C.copyFile)(d.path,y);const{size:w}=await(0,C.stat)(y);if(w!==d.sizeBytes)throw new Error(`${w} of ${d.sizeBytes} bytes were copied`);return y}catch(w){throw await(0,C.rm)(f,{recursive:!0,force:!0}),(0,T.Qw)(this.label,d.name,(0,v.bD)(w))}}async forward(d,h,f){const y=`connecting to ${d}:${h}`;if(f.aborted)throw(0,v.ip)(this.label,y,f);this.counts.forwards+=1;const{promise:w,resolve:A,reject:G}=Promise.withResolvers(),P=(0,J.connect)({host:d,port:h,noDelay:!0}),E=()=>{P.destroy(),G((0,v.ip)(this.label,y,f))};return f.addEventListener("abort",E,{once:!0}),P.once("connect",()=>A(P)),P.on("error",D=>G((0,T._y)(this.label,d,h,D.message))),w.finally(()=>f.removeEventListener("abort",E))}async close(){await(0,C.rm)(this.#s,{recursive:!0,force:!0})}}var I=g(76846);const b=512,$=256;function m(c,d){const h=c?.[d];return typeof h=="string"?h.trim().slice(0,b):""}function ee(c,d,h){const f=c?.[d];return typeof f!="string"?[]:f.slice(0,$*b).split(h).map(w=>w.trimEnd().slice(0,b)).filter(w=>w!=="").slice(0,$)}function M(c,d,h=0){const f=c?.[d];return typeof f=="number"&&Number.isSafeInteger(f)&&f>=0?f:h}function L(c,d,h){return d.find(f=>f===c)??h}function ae(c){const d=new Map;for(const h of c){const f=M(h,"pid");if(f===0)continue;const y=[d.get(f)?.usedMemoryMiB,h.memory].filter(w=>typeof w=="number"&&Number.isSafeInteger(w)&&w>=0);d.set(f,{pid:f,name:m(h,"name"),...y.length>0&&{usedMemoryMiB:y.reduce((w,A)=>w+A,0)},owner:L(h.owner,["pod","container","host"],"host"),ownerDetail:m(h,"detail"),...M(h,"started")>0&&{startTicks:M(h,"started")}})}return[...d.values()].slice(0,$)}function oe(c,d){const h=l=>c.filter(W=>W.fact===l).slice(0,$),f=l=>c.find(W=>W.fact===l),y=f("identity"),w=f("os"),A=f("kernel"),G=f("privilege"),P=f("cgroup"),E=f("memory"),D=f("route"),de=f("gpu");return{hostname:m(y,"hostname"),user:m(y,"user"),machineId:m(y,"machine_id"),systemUuid:m(y,"system_uuid").toLowerCase(),os:{id:m(w,"id"),idLike:m(w,"id_like"),versionId:m(w,"version_id"),prettyName:m(w,"pretty")},kernel:m(A,"release"),architecture:m(A,"architecture"),init:L(f("init")?.name,["systemd","openrc","other"],"other"),...M(f("init"),"systemd")>0&&{systemdVersion:M(f("init"),"systemd")},privilege:{state:L(G?.state,["root","passwordless","password","none"],"none"),problem:m(G,"problem")},cgroup:{version:L(P?.version,[0,1,2],0),controllers:ee(P,"controllers"," ")},readOnly:h("read-only").map(l=>m(l,"path")).filter(l=>l!==""),memoryBytes:M(E,"total"),swapBytes:M(E,"swap"),ports:h("port").map(l=>({port:M(l,"port"),process:m(l,"process"),pid:M(l,"pid"),owner:(l.owner==="pod"||l.owner==="container"?`${l.owner} ${m(l,"detail")}`:m(l,"detail")).trim()})).filter(({port:l})=>l>0&&l<=65535),disks:h("disk").filter(l=>M(l,"bytes",-1)>=0).map(l=>({path:m(l,"path"),availableBytes:M(l,"bytes"),totalBytes:M(l,"total"),availableInodes:M(l,"inodes",Number.MAX_SAFE_INTEGER)})),clock:{hostMs:M(f("clock"),"ms"),runnerMs:d},defaultRoute:D&&{via:m(D,"via"),device:m(D,"device"),source:m(D,"source")},hasNoDefaultRoute:D===void 0&&f("no-route")?.known===!0,addresses:[...new Set(h("address").map(l=>m(l,"address")))].filter(l=>/^[0-9a-fA-F.:]+$/.test(l)),resolvers:h("resolver").map(l=>({path:m(l,"path"),isReadable:l.readable===!0,servers:ee(l,"servers"," ")})),selinux:L(f("selinux")?.mode,["enforcing","permissive","disabled","unknown"],"unknown"),modules:h("module").map(l=>({name:m(l,"name"),state:L(l.state,["loaded","loadable","missing","unknown"],"unknown")})).filter(({name:l})=>l!==""),kubernetes:h("kubernetes").flatMap(l=>{const W=L(l.kind,["cni-config","interface","kubelet-config","kubelet",""],"");return W===""?[]:[{kind:W,name:m(l,"name"),pid:M(l,"pid"),unit:m(l,"unit")}]}),firewalls:h("firewall").flatMap(l=>{const W=L(l.name,["ufw","firewalld","nftables",""],""),V=L(l.state,["active","inactive","unknown"],"unknown");return W===""?[]:[{name:W,state:V,rules:ee(l,"rules",`
`)}]}),sshForwarding:L(f("sshd")?.forwarding,["yes","no","local","remote","unknown"],"unknown"),runtimes:h("runtime").map(l=>({name:m(l,"name"),isRunning:l.running===!0})).filter(({name:l})=>l!==""),gpu:{devices:h("gpu-device").map(l=>({name:m(l,"name"),driverVersion:m(l,"driver"),memoryMiB:M(l,"memory")})),pciDevices:M(de,"pci"),problem:m(de,"problem"),processes:ae(h("gpu-process")),areProcessesKnown:f("gpu-processes")?.known===!0},distribution:c.filter(l=>typeof l.fact=="string"&&/^[a-z0-9]+\./.test(l.fact))}}class te extends Error{name="HostStepError";code;step;cause;remedy;evidence;constructor(d,h,f,y,w,A){super(f),this.code=d,this.step=h,this.cause=y,this.remedy=w,this.evidence=A}}const we="run it again: it continues from what it finds",z={"host-locked":"wait until that run has ended, or cancel it, and run this one again; one whose runner is gone lets go within minutes",overtaken:"look at the later run: what it says of the host is what is true","lock-unavailable":"install util-linux on the host (it brings flock)","backup-failed":"free space on the host (df -h /var/lib), then run it again","write-failed":"free space on the host (df -h /etc), then run it again","replace-failed":"look for an immutable file (lsattr) or a read-only mount at that path","hash-unavailable":"install coreutils on the host (it brings sha256sum)","reload-failed":"look at the host on its console: sudo systemctl daemon-reload","folder-read-only":"the host keeps this folder read-only (an immutable system, or a file system with errors): make it writable, or do this with the means of that system"},re=c=>typeof c=="string"?c:"";function ne(c,d,h,f={}){if(h.exitCode===0)return;const y=h.lines.findLast(E=>typeof E.error=="string"),w=re(h.lines.findLast(E=>E.state==="failed")?.step),A=[...h.lines.flatMap(E=>typeof E.evidence=="string"?[E.evidence]:[]),...h.stderr.trim().split(`
`).slice(-10)].filter(E=>E!==""),G=`${d} on ${c} did not succeed${w?` (step ${w})`:""}`;if(y===void 0){const E=`the script ended with exit code ${h.exitCode} without saying why`;return new te("script-failed",w,G,E,we,A)}const P=re(y.error);return new te(P,w,G,re(y.message),f[P]??z[P]??we,A)}const se=c=>typeof c=="string"?c:"",ye=c=>typeof c=="number"&&Number.isSafeInteger(c)?c:0;function Se(c){if(c.event==="journal"){const d=se(c.source);return{type:"journal",text:se(c.text),...d===""?{}:{source:d}}}if(c.event==="ended"){const d=typeof c.status=="number"&&Number.isSafeInteger(c.status);return{type:"ended",program:se(c.program),status:d?Number(c.status):-1}}if(c.event==="journal-ended")return{type:"journal",text:`journalctl ended: ${se(c.text)}`};if(c.event==="unit")return{type:"unit",activeState:se(c.active),subState:se(c.sub),restarts:ye(c.restarts),result:se(c.result),mainStatus:ye(c.status),isNew:c.new===!0}}async function be(c,d){const{unit:h,log:f,action:y,by:w,signal:A,onEvent:G,timeoutMs:P}=d;if(A.aborted)return;let E;try{E=await c.run({name:"watch",script:[...w?[I.P["change-log"],w.script]:[],I.P["follow-unit"]].join(`
`),env:{UNIT:h,LOG:f,ACTION:w?"program":y,...w?.env},...w?{secrets:w.secrets}:{},privilege:"root",timeoutMs:P,signal:A,onLine:D=>{const de=A.aborted?void 0:Se(D);de&&G(de)}})}catch(D){if(A.aborted)return;throw D}if(!A.aborted)throw ne(c.label,`the ${y==="none"?"watch":y} of ${h}`,E,{"start-refused":`look at the host on its console: sudo systemctl status ${h}; sudo journalctl -u ${h} -n 50`,...w?.remedies})??new te("watch-ended","",`the watch of ${h} on ${c.label} ended by itself`,"the script ended without being told to","run it again: it continues from what it finds",E.stderr.trim().split(`
`).slice(-10))}function le(c){return String(Math.max(0,Math.floor((c.lockWaitMs??Math.min(6e4,c.timeoutMs/3))/1e3)))}function $e(c){if(!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(c))throw new TypeError(`${JSON.stringify(c)} is no run id`);return c}function ke(c){return c.replace(/[\u0000-\u001f\u007f]+/g," ").slice(0,200)}async function Ae(c,d){const{signal:h,waitMs:f,holdMs:y}=d,w=new AbortController,A=Promise.withResolvers();let G=!1;const P=c.run({name:"hold",script:[I.P["change-log"],I.P.hold].join(`
`),env:{RUN_ID:$e(d.runId),HOLDER:ke(d.holder),LOCK_WAIT:String(Math.ceil(f/1e3)),HOLD:String(Math.ceil(y/1e3))},privilege:"root",timeoutMs:f+y,signal:AbortSignal.any([h,w.signal]),onLine:D=>{typeof D.waiting_for=="string"&&(G=!0,d.onWaiting(D.waiting_for)),D.held==="yes"&&A.resolve(typeof D.released=="number"?D.released*1e3:0)}}).then(D=>{throw ne(c.label,"keeping other runs away",D)??new Error("the lock was not kept")});P.catch(A.reject);const E=await A.promise;return{hasWaited:G,releasedAtMs:E,async release(){w.abort(),await P.catch(()=>{})}}}const _e=[I.P["survey-machine"],I.P["survey-network"],I.P["survey-containers"],I.P.survey].join(`
`),Ie=I.P.evidence,me=I.P.https,Ne=I.P["change-log"],xe=I.P["undo-log"],Me=I.P.packages,Pe=I.P["undo-packages"],De=I.P["package-manager"],Y=[_e,I.P["gpu-processes"]].join(`
`);async function Le(c,d,h){const f=c.transport==="local"?"local":`${c.user}@${c.address}`;if(h.aborted)throw(0,v.ip)(f,"connecting",h);if(/[\n\0]/.test(c.sudoPassword??""))throw new v.dh("access-invalid",f,{title:"the sudo password cannot be used",cause:"it holds a line break",remedy:"save the secret again as one line"});if(c.transport==="local")return F.open(c,d.exec);const{connectSsh:y}=await g.e(383).then(g.bind(g,62383));return y(c,h)}}),23221:((pe,X,g)=>{g.d(X,{J_:()=>j,Nt:()=>N,ec:()=>O,h7:()=>T});var v=g(76846);const Z=new Set("PATH IFS ENV HOME SHELL USER LOGNAME PWD TERM PS1 PS2 PS4 ROOT REHEARSAL GUARD GUARD_PID GUARD_FILE KGA_GROUP SUDO_STATE SUDO_PROBLEM SUDO_USER LC_ALL LANG OPTIND".split(" "));function C(k){return`'${k.replaceAll("'","'\\''")}'`}function J(k,F){if(!/^[A-Z_][A-Z0-9_]*$/.test(k)||Z.has(k)||/^(?:LD_|BASH)/.test(k))throw new TypeError(`${JSON.stringify(k)} cannot be the name of a script's variable`);if(F.includes("\0"))throw new TypeError(`the value of ${k} holds a NUL character, which no shell variable can`);return`${k}=${C(F)}`}function Q(k,F){const I=Object.entries(k).map(([$,m])=>`${J($,m)}
export ${$}
`),b=Object.entries(F).map(([$,m])=>`unset ${$}
${J($,m)}
`);return[...I,...b].join("")}function _(k){return k.type!=="watch"?`GUARD=${k.type}
`:`GUARD=watch
GUARD_PID=${k.pid}
GUARD_FILE=${C(k.file)}
`}function N(k,F,I,b){const $=/(?:^|\n)main[ \t]*\n*$/.test(k)?"":`main
`;return`${_(b)}${v.P.library}
${Q(F,I)}${k}
${$}#end`}function T(k){const F=k.privilege==="user"?"":k.sudoPassword,I=Math.max(1,Math.ceil(k.timeoutMs/1e3)),b=Buffer.from(k.program),$=[F,k.privilege,I,k.input,F,`k3s-gpu-actions-begin ${b.length}`];return Buffer.concat([Buffer.from(`${$.join(`
`)}
`),b])}const O=["-c",v.P.outer,"k3s-gpu-actions",v.P.inner],j=`exec sh ${O.map(C).join(" ")}`}),76846:((pe,X,g)=>{g.d(X,{P:()=>v});const v={"change-log":`
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
  for _log in "$runs_folder"/*/log; do
    if grep -qs '^finished' "$_log"; then settled="$settled$(sed -n 's/^continues //p' "$_log" | tr '\\n' ' ')"; fi
  done
  for _name in $(ls -1t "$runs_folder"/*/log 2>/dev/null | sed 's|.*/\\([^/]*\\)/log$|\\1|'); do
    _folder=$runs_folder/$_name
    if [ "$_folder" = "$run" ] || grep -q '^finished' "$_folder/log"; then continue; fi
    case $settled in *" $_name "*) continue ;; esac
    emit interrupted "$_name" step "$(sed -n 's/^step //p' "$_folder/log" | tail -n 1)"
    sed -n 's/^temporary //p' "$_folder/log" | while IFS= read -r path; do rm -f "$ROOT$path"; done
    note "continues $_name"
    continued="$continued$_name "
  done
}

discard_older() {
  if [ "$changed" = no ] && [ "$continued" = ' ' ]; then : >"$run/unchanged"; fi
  for _folder in "$runs_folder"/*; do
    if [ "$_folder" = "$run" ] || [ ! -d "$_folder" ]; then continue; fi
    case $continued in *" \${_folder##*/} "*) continue ;; esac
    if [ ! -e "$run/unchanged" ] || [ -e "$_folder/unchanged" ]; then rm -rf "$_folder"; fi
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

describe() {
  if [ ! -e "$ROOT$2" ] && [ ! -L "$ROOT$2" ]; then return 0; fi
  ls -ld "$ROOT$2" 2>&1 || :
  if [ "$1" = hash ] && [ -f "$ROOT$2" ]; then printf '  sha256 %s\\n' "$(timeout 10 sha256sum <"$ROOT$2" 2>/dev/null | cut -c 1-64)"; fi
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
  journalctl -u "$UNIT" -f --no-tail -o cat --no-pager --since "@$since" >"$folder/journal" 2>"$folder/said" 9>&- &
  journal=$!
  followers=$journal
  tell_lines <"$folder/journal" 9>&- &
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
    program)
      start_by_program
      return 0
      ;;
    *) die bad-action "there is no action $ACTION" ;;
  esac
  timeout 10 systemctl reset-failed "$UNIT" >/dev/null 2>&1 || :
  said=$(timeout 20 systemctl "$ACTION" --no-block "$UNIT" 2>&1) || die start-refused "systemctl $ACTION $UNIT: $said"
}

main() {
  if [ "$ACTION" = program ]; then prepare_start; fi
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
    if [ "$ACTION" = program ]; then look_at_program; fi
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
`,https:`
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
`,"package-manager":`
package_manager() {
  if has apt-get && has dpkg-query && { [ -s "$ROOT/var/lib/dpkg/status" ] || ! has rpm; }; then
    printf apt
  elif has dnf && has rpm; then
    printf dnf
  elif has zypper && has rpm; then
    printf zypper
  fi
}
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
      if ! allow_only $may_change; then
        die would-disturb "apt would also do this, which nobody asked for: $refused"
      fi
      note_packages $brought
      patient apt_get "$@"
      ;;
    dnf)
      for word in "$@"; do note_packages "\${word%-"\${VERSION:-}"}"; done
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
  if command -v survey_prerequisites >/dev/null 2>&1; then survey_prerequisites; fi
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
`,"undo-packages":`
others=''

read_manager() {
  MANAGER=$(awk '$2 == "package" || $2 == "held" || $2 == "was_held" { print $3; exit }' "$run/backwards")
  case $MANAGER in '' | apt | dnf | zypper) ;; *) die bad-log "the change log names a package manager $MANAGER" ;; esac
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
  undone_step=$1
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
    emit undone "$undone_step"
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
`}}),23493:((pe,X,g)=>{g.d(X,{IA:()=>T,P4:()=>J,bY:()=>I,mq:()=>F,q_:()=>C});var v=g(46193),Z=g(40543);const C=8e3,J=3e3,Q=1024*1024,_=32*1024*1024,N=64*1024;class T{lines=[];#n;#e=new v.StringDecoder("utf8");#t=new v.StringDecoder("utf8");#s="";#r=0;#i=!1;#o="";constructor($){this.#n=$}stdout($){if(!this.#a($))return;const m=(this.#s+this.#e.write($)).split(`
`);this.#s=m.pop()??"",this.#s.length>Q&&this.#d();for(const ee of m)this.#l(ee)}stderr($){this.#a($)&&this.#c(this.#t.write($))}#a($){return this.#i?!1:(this.#r+=$.length,this.#r>_&&this.#d(),!0)}#d(){throw this.#i=!0,this.#s="",new RangeError("too much output")}end(){const $=this.#s+this.#e.end();this.#s="",this.#l($)}get errors(){return this.#o.slice(-N)}#c($){this.#o+=$,this.#o.length>4*N&&(this.#o=this.#o.slice(-N))}#l($){if($.trim()==="")return;const m=O($);if(m===void 0){this.#c(`${$.slice(0,1024)}
`);return}this.lines.push(m),this.#n?.(m)}}function O(b){if(b.startsWith("{"))try{const $=JSON.parse(b);return typeof $=="object"&&$!==null&&!Array.isArray($)?$:void 0}catch{return}}const j={"sudo-password-wrong":{title:"root rights could not be had",cause:"sudo does not accept the password (it was tried once, so nothing is locked)",remedy:"correct the sudo password, or allow the user passwordless sudo"},"sudo-password-required":{title:"root rights could not be had",cause:"sudo asks for a password and none was given",remedy:"give the sudo password, or allow passwordless sudo: %u ALL=(ALL) NOPASSWD: ALL in a file of /etc/sudoers.d"},"sudo-not-allowed":{title:"root rights could not be had",cause:"the user may not run the needed commands with sudo",remedy:"add the user to the sudoers: %u ALL=(ALL) NOPASSWD: ALL in a file of /etc/sudoers.d"},"sudo-needs-tty":{title:"root rights could not be had",cause:"sudo insists on a terminal (requiretty)",remedy:"switch it off for this user: Defaults:%u !requiretty in a file of /etc/sudoers.d"},"sudo-missing":{title:"root rights could not be had",cause:"the user is not root and the host has no sudo",remedy:"install sudo, or connect as root"},"timeout-missing":{title:"nothing was run",cause:"the host has no timeout command, so nothing there could be ended for certain",remedy:"install coreutils or busybox on the host"}};function k(b){return b.trim().split(`
`).slice(-5)}function F(b){b.output.end();const{lines:$,errors:m}=b.output,ee=(L,ae,oe)=>{const te=ae.remedy.replaceAll("%u",b.user);throw new Z.dh(L,b.host,{...ae,remedy:te,evidence:[...oe,...k(m)]},b.redact)},M=$.find(L=>typeof L.error=="string"&&L.error in j);if(b.exitCode===77&&M!==void 0){const L=M.error,ae=j[L];ae!==void 0&&ee(L,ae,typeof M.message=="string"?[M.message]:[])}if([124,137,143].includes(b.exitCode)&&b.elapsedMs>=b.timeoutMs*.95&&ee("script-timeout",I(b.scriptName,b.timeoutMs),[`last line: ${JSON.stringify($.at(-1)??null).slice(0,500)}`]),b.exitCode===74&&$.length===0&&ee("script-unreadable",{title:`script ${b.scriptName} did not start`,cause:"the host did not read it completely",remedy:"run it again; if it stays, look at the host with dd --version and sh on the console"},[]),b.privilege==="root"&&b.exitCode===1&&$.length===0&&/^sudo: /m.test(m)){const L=j["sudo-not-allowed"];L!==void 0&&ee("sudo-not-allowed",L,[])}return{exitCode:b.exitCode,lines:$,stderr:b.redact(m)}}function I(b,$){return{title:`script ${b} was ended on the host`,cause:`it did not finish within ${Math.round($/100)/10} s`,remedy:"look at the host (load, disk, network) and run it again; raise the timeout when the host is just slow"}}}),61971:((pe,X,g)=>{g.d(X,{jK:()=>ot,O8:()=>H,u_:()=>Xn,tJ:()=>rt,hk:()=>v,oQ:()=>z,ku:()=>ce,k3:()=>N,Eb:()=>Fe,zF:()=>ue,C5:()=>D,uT:()=>_n,ni:()=>M,bj:()=>E,Jp:()=>on,Ms:()=>yn,H$:()=>se,gD:()=>me,h_:()=>Ke,k_:()=>In,JG:()=>fe,mj:()=>kn,Mr:()=>en,_n:()=>je,E4:()=>De,iY:()=>bn,hc:()=>An,mq:()=>w,Xy:()=>f,W$:()=>ee,g7:()=>_,Pd:()=>V,TN:()=>ve,bF:()=>re,o6:()=>tt,FY:()=>m,sp:()=>Be,YD:()=>W,At:()=>En,ik:()=>Ue,Ys:()=>Vn,Ry:()=>ae,$r:()=>ze,a9:()=>b,qZ:()=>L,UY:()=>st,uG:()=>ne,NN:()=>h});const v={desired:"k3s-gpu-actions/desired",ownedLabels:"k3s-gpu-actions/owned-labels",ownedTaints:"k3s-gpu-actions/owned-taints"};function Z(e){return(e??"").split(",").map(n=>n.trim()).filter(n=>n!=="")}function C(e){return[...new Set(e)].sort().join(",")}const J=400,Q=500;function _(e,n){const{unit:t,node:s,leaseRenewedAtMs:o,leaseOfOldMs:r}=e;if(t?.isNew!==!0||r===void 0)return"the process that was ordered";if(n.program!==void 0&&e.ended?.status!==0)return`the end of ${n.program}`;if(t.activeState!=="active")return"an active unit";if(s?.ready!=="True")return"a Ready node";if(s.kubeletVersion!==n.version)return`version ${n.version} (the node has ${s.kubeletVersion})`;const i=n.isFirstStart&&s.uid!==n.uidBefore,a=o!==void 0&&o>r;return i||a?void 0:"a heartbeat of the new process"}async function N(e,n,t){const s=n.now(),o=new AbortController,r=AbortSignal.any([t,o.signal]);let i={journal:[]};const a=()=>n.now()-s;let u=()=>{},p=()=>{};const R=new Promise((S,ie)=>{u=S,p=ie}),U=()=>{const S=a();if(i.node&&_(i,e)===void 0)return{type:"ready",node:i.node,state:i,elapsedMs:S};const ie=n.judge(i,S);return ie?{type:"hopeless",...ie,state:i,elapsedMs:S}:S>=e.timeoutMs?{type:"deadline",state:i,elapsedMs:S}:void 0},B=()=>{const S=U();S&&u(S)},x=S=>{if(S.type==="journal"){const ie={text:S.text,atMs:a(),...S.source?{source:S.source}:{}};i={...i,journal:[...i.journal.slice(1-J),ie]}}else if(S.type==="ended")i={...i,ended:{program:S.program,status:S.status,atMs:a()}};else{const ie=S.activeState==="active"?i.activeAtMs??a():void 0,at=i.leaseOfOldMs??(S.isNew?Math.max(e.leaseBeforeMs??0,i.leaseRenewedAtMs??0):void 0);i={...i,unit:S,activeAtMs:ie,leaseOfOldMs:at}}n.onEvent?.(S,a()),B()},q=setInterval(B,Q),he=()=>p(t.reason);t.addEventListener("abort",he,{once:!0});const it=[n.follow(x,r),n.cluster.watch(e.node,S=>{S.type==="node"?(i={...i,node:S.node},n.onNode?.(S.node,a())):S.type==="gone"?i={...i,node:void 0}:i={...i,leaseRenewedAtMs:S.renewedAtMs},B()},r)].map(S=>S.then(()=>{r.aborted||p(new Error("a watch ended before the node was ready"))},ie=>{r.aborted||p(ie)}));try{return t.throwIfAborted(),await R}finally{clearInterval(q),t.removeEventListener("abort",he),o.abort(new Error("the wait is over")),await Promise.all(it)}}var T=g(77598);const O={node:"k3s-gpu-actions/node",run:"k3s-gpu-actions/run"},j="abcdefghijklmnopqrstuvwxyz0123456789";function k(e,n){let t="";for(;t.length<e;)for(const s of n(e))s<252&&t.length<e&&(t+=j[s%36]);return t}function F(e=T.randomBytes){return k(6,e)}function I(e=T.randomBytes){return k(16,e)}const b=["create","delete","list"].map(e=>({verb:e,group:"",resource:"secrets",namespace:"kube-system"}));function $(e){const n=e.replace(/[^A-Za-z0-9._-]+/g,"-").replace(/^[^A-Za-z0-9]+/,"").slice(0,63).replace(/[^A-Za-z0-9]+$/,"");return n===""?"unknown":n}function m(e,n){if(!(e.ttlMs>0))throw new RangeError("a token needs a time to live");return{id:F(n),secret:I(n),description:`k3s-gpu-actions: join of ${e.node}, ${$(e.runLabel)}`,expiresAt:new Date(e.now+e.ttlMs).toISOString().replace(/\.\d{3}Z$/,"Z"),extraGroups:e.extraGroups,labels:{[O.node]:$(e.node),[O.run]:$(e.runLabel)}}}async function ee(e,n,t){const s=n.token??m(n);return await n.record(s.id),await e.createBootstrapToken(s,t),s}async function M(e,n,t){await e.deleteBootstrapToken(n,t)}async function L(e,n,t){return(await e.bootstrapTokens({[O.node]:$(n)},t)).map(o=>o.id)}async function ae(e,n,t){const o=(await e.bootstrapTokens({[O.node]:$(n.node)},t)).filter(r=>Date.parse(r.createdAt)<n.olderThan).map(r=>r.id);return await Promise.all(o.map(r=>e.deleteBootstrapToken(r,t))),o}var oe=g(77030);const te=new oe.BlockList;for(const[e,n]of[["10.0.0.0",8],["172.16.0.0",12],["192.168.0.0",16],["100.64.0.0",10],["169.254.0.0",16],["127.0.0.0",8]])te.addSubnet(e,n,"ipv4");te.addSubnet("fc00::",7,"ipv6"),te.addSubnet("fe80::",10,"ipv6");function we(e){const n=(0,oe.isIP)(e);return n!==0&&te.check(e,n===4?"ipv4":"ipv6")}function Ge(e){const n="Can pods on this host and pods on the servers reach each other?",{desired:t,nodes:s,facts:o}=e,r=t.nodeExternalIp??t.nodeIp??o.defaultRoute?.source??o.addresses[0]??t.access.address,i=s.filter(p=>p.isServer).flatMap(p=>[...p.externalIps,...p.internalIps]),a=i.filter(p=>(0,oe.isIP)(p)!==0&&!we(p));if(!we(r)||a.length===0)return{id:"cluster.topology",verdict:"pass",question:n,found:`${r||"unknown address"} beside ${i.join(", ")||"no known server address"}`};const u=`${r} is private, the servers are public (${a.join(", ")}): pods here will not reach pods there`;return t.podNetwork==="isolated"?{id:"cluster.topology",verdict:"pass",question:n,found:`${u} (declared: pod-network isolated)`}:{id:"cluster.topology",verdict:"warn",question:n,found:u,cause:"the overlay network sends packets straight to node addresses; through NAT they do not arrive",remedy:"declare `pod-network: isolated` in the cluster file when host-level tunnels are enough; otherwise use a WireGuard or Tailscale overlay (docs: networking/distributed-multicloud)"}}function z(e,n,t,s,o){return t?re(e,n,s):{verdict:"fail",...o,id:e,question:n,found:s}}function re(e,n,t){return{id:e,verdict:"pass",question:n,found:t}}function ne(e,n,t){return{id:e,verdict:"skip",question:n,found:`unknown: ${t}`}}function se(e,n=4){const t=e.length-n;return t>0?`${e.slice(0,n).join(", ")} and ${t} more`:e.join(", ")}const ye=3e4;function Se(e){const n="host.clock",t="Is the clock of the host within 30 s of the API server?",{facts:s,reading:o,readAtRunnerMs:r}=e;if(s.clock.hostMs===0)return ne(n,t,"the host does not tell its time");const i=s.clock.hostMs-s.clock.runnerMs,a=o.serverTimeMs-r,u=Math.round(i-a),p=Math.round(Math.abs(u)/1e3),R=p<=1?"same second":`${p} s ${u>0?"ahead":"behind"}`;return z(n,t,Math.abs(u)<=ye,R,{cause:"certificates are not valid from the host's point of view",remedy:"sudo timedatectl set-ntp true"})}const be=5,le=1024**2,$e={bytes:2*1024*le,inodes:1e4},ke={"/usr/local/bin":{bytes:256*le,inodes:100},"/etc":{bytes:16*le,inodes:100}},Ae=e=>e>=1024*le?`${e/1024/le} GiB`:`${e/le} MiB`;function _e(e){const n=`host.disk.${e.path.replaceAll(/[^a-zA-Z0-9]+/g,"-").replace(/^-/,"").slice(0,64)||"root"}`,t=ke[e.path]??$e,s=e.availableInodes===Number.MAX_SAFE_INTEGER,r=`${(e.availableBytes/1024**3).toFixed(1)} GiB and ${s?"any number of":e.availableInodes} inodes free`,i=e.availableBytes>=t.bytes&&e.availableInodes>=t.inodes,a=e.totalBytes>0?e.availableBytes/e.totalBytes*100:100;return i&&t===$e&&a<be?z(n,`Is there room below ${e.path}?`,!1,`${r}, ${a.toFixed(1)} % of it`,{verdict:"warn",cause:`a kubelet with less than ${be} % free reports DiskPressure: no new pods, and those that run are evicted`,remedy:`free space below ${e.path}, or set other limits: kubelet-arg eviction-hard in \`extra-config\``}):z(n,`Is there room below ${e.path}?`,i,r,{cause:t===$e?"images and logs fill what is left, and the kubelet then evicts pods":"program and configuration are written there",remedy:`free at least ${Ae(t.bytes)} and ${t.inodes} inodes below ${e.path}`})}function Ie({facts:e}){return e.disks.slice(0,16).map(_e)}function me(e){return e.gpu.processes.filter(n=>n.owner!=="pod")}function Ne(e){const{facts:n,desired:t}=e,s="Which GPUs does the host have, and who uses them?";if(n.gpu.pciDevices===0&&n.gpu.devices.length===0)return t.gpu?{id:"host.gpu",verdict:"warn",question:s,found:"no NVIDIA GPU",cause:"the cluster file expects one",remedy:"check the card, or remove `gpu` from the node"}:{id:"host.gpu",verdict:"skip",question:s,found:"no NVIDIA GPU"};if(n.gpu.devices.length===0)return{id:"host.gpu",verdict:"warn",question:s,found:`${n.gpu.pciDevices} NVIDIA device(s) on the bus, but no driver answers`,cause:n.gpu.problem||"nvidia-smi is not installed",remedy:"install or repair the driver; the join itself does not need it"};const o=me(n),r=n.gpu.devices.map(a=>a.name).join(", ");if(o.length===0)return{id:"host.gpu",verdict:"pass",question:s,found:`${n.gpu.devices.length} \xD7 ${r}`};const i=o.map(a=>`${a.name} (pid ${a.pid}, ${a.ownerDetail||a.owner})`).join(", ");return{id:"host.gpu",verdict:"warn",question:s,found:`${i} ${o.length===1?"is":"are"} using the GPU`,cause:"a restart or a daemon-reload can take the GPU from running containers",remedy:"nothing to do: no change that could disturb it is made unless `allow-gpu-disruption` says so"}}var xe=g(6924);const Me=["kubelet.kubernetes.io","node.kubernetes.io"],Pe=new Set(["beta.kubernetes.io/arch","beta.kubernetes.io/instance-type","beta.kubernetes.io/os","failure-domain.beta.kubernetes.io/region","failure-domain.beta.kubernetes.io/zone","kubernetes.io/arch","kubernetes.io/hostname","kubernetes.io/os","node.kubernetes.io/instance-type","topology.kubernetes.io/region","topology.kubernetes.io/zone"]);function De(e){const[n]=e.split("/");return!e.includes("/")||!n||!["kubernetes.io","k8s.io"].some(s=>n===s||n.endsWith(`.${s}`))||Pe.has(e)?!1:!Me.some(s=>n===s||n.endsWith(`.${s}`))}const Y=e=>`${e.key}:${e.effect}`,Le=(e,n)=>Y(e)===Y(n)&&(e.value??"")===(n.value??""),c=e=>(0,xe.kJ)(e)===void 0,d=e=>/^node\.(cloudprovider\.)?kubernetes\.io\//.test(e.key);function h(e){return{[v.ownedLabels]:C(Object.keys(e.labels)),[v.ownedTaints]:C(e.taints.map(Y))}}function f(e,n){const t=(x,q)=>Object.hasOwn(x,q),s=n?.labels??{},o=Object.entries(e.labels).filter(([x,q])=>!t(s,x)||s[x]!==q),r=Z(n?.annotations[v.ownedLabels]).filter(x=>!t(e.labels,x)&&t(s,x)&&c(x)).map(x=>[x,null]),i=Object.fromEntries([...o,...r]),a=Object.entries(e.annotations??{}).filter(([x,q])=>n?.annotations[x]!==q),u=n?.taints??[],p=e.taints.filter(x=>!u.some(q=>Le(q,x))),R=new Set(Z(n?.annotations[v.ownedTaints])),U=new Set(e.taints.map(Y)),B=u.filter(x=>R.has(Y(x))&&!U.has(Y(x))&&!d(x));return{labels:i,annotations:Object.fromEntries(a),addTaints:p,removeTaints:B}}function y(e){return Object.keys(e.labels).length+Object.keys(e.annotations).length+e.addTaints.length+e.removeTaints.length>0}function w(e,n){const t=new Set([...n.removeTaints,...n.addTaints].map(Y));return[...e.filter(s=>!t.has(Y(s))),...n.addTaints]}const A=4e4;function G({node:e,leaseRenewedAtMs:n,leaseNodeUid:t,serverTimeMs:s}){const o=n!==void 0&&t!==void 0&&t===e?.uid,r=e?.ready==="True"&&!o?Date.parse(e.createdAt):void 0,i=[n,r].filter(u=>u!==void 0&&!Number.isNaN(u)),a=Math.max(0,s-Math.max(...i));if(!(i.length===0||n===void 0&&a>A))return a}function P(e){return Array.isArray(e)?e.map(P):e===null||typeof e!="object"?e:Object.fromEntries(Object.entries(e).sort(([n],[t])=>n<t?-1:n>t?1:0).map(([n,t])=>[n,P(t)]))}function E(e,n,t){const s={server:n,version:t,distribution:e.distribution,labels:e.labels,taints:e.taints.map(o=>`${o.key}=${o.value??""}:${o.effect}`).sort(),nodeIp:e.nodeIp??"",nodeExternalIp:e.nodeExternalIp??"",extraConfig:e.extraConfig,...e.annotations===void 0?{}:{annotations:e.annotations},...e.prerequisites===void 0?{}:{prerequisites:e.prerequisites}};return`sha256:${(0,T.createHash)("sha256").update(JSON.stringify(P(s))).digest("hex")}`}function D(e,n,t,s){const{node:o}=s;if(!o)return{isAsDesired:!1,differences:[`${e.node} is not a node yet`]};const r=G(s),i=[],a=o.annotations[v.desired];return a===void 0?i.push("it has not been brought under this project yet (no record of a complete run)"):a!==E(e,n,t)&&i.push("the desired state has changed since the last complete run"),o.kubeletVersion!==t&&i.push(`version ${o.kubeletVersion}, wanted ${t}`),y(f(e,o))&&i.push("labels or taints differ"),o.ready!=="True"&&i.push(`Ready is ${o.ready}`),r===void 0?i.push("it has no heartbeat (no Lease)"):r>A&&i.push(`last heartbeat ${Math.round(r/1e3)} s ago`),{isAsDesired:i.length===0,differences:i,...r===void 0?{}:{heartbeatAgeMs:r}}}const de=/^(03000200-0400-0500-0006-000700080009|f+(-f+)*|0+(-0+)*|)$/i,l=e=>de.test(e)?"":e.toLowerCase();function W(e,n){const t=l(e?.systemUuid??"");return t!==""&&t===l(n.systemUuid)}function V(e,n){if(!e)return"nobody";const[t,s]=[l(e.systemUuid),l(n.systemUuid)];return t!==""&&s!==""?t===s?"this-machine":"another-machine":e.machineId!==""&&e.machineId===n.machineId?"this-machine":"unknown-machine"}function je({reading:e}){const n=G(e);return e.node?.ready==="True"&&n!==void 0&&n<=A}function fe({reading:e}){const n=G(e);return e.node!==void 0&&n!==void 0&&n<=A}function Ue(e){const{reading:n,consent:t,desired:s}=e;return n.node!==void 0&&t.replaceNode===s.node&&!fe(e)}function Fe({reading:{node:e},facts:n,desired:t}){return[e?`node: system UUID ${e.systemUuid||"unknown"}, ${e.internalIps.join(", ")||"no address"}, ${e.osImage}`:"node: there is none of that name",`host: system UUID ${n.systemUuid||"unknown"}, ${n.addresses.join(", ")||t.access.address}, ${n.os.prettyName}`]}function He(e){const{desired:n,facts:t,reading:s}=e,o=`Is the name ${n.node} free, or this machine's own?`,r=V(s.node,t);if(r==="nobody")return{id:"cluster.name",verdict:"pass",question:o,found:"free"};if(r==="this-machine")return{id:"cluster.name",verdict:"pass",question:o,found:"this machine is the node"};const i=Fe(e);if(fe(e))return{id:"cluster.name",verdict:"fail",question:o,found:r==="another-machine"?"a live machine with another identity has it":"a live node has it, and its identity cannot be compared",cause:"two machines cannot share a name",remedy:"give this machine another `node` name",evidence:i};const a=Ue(e);return{id:"cluster.name",verdict:a?"warn":"fail",question:o,found:`a node that is no longer alive has it${a?"; it will be replaced as confirmed":""}`,cause:"the node was joined from another machine or another installation",remedy:`press the button again with replace-node = ${n.node}, or give this machine another name`,evidence:i}}const rn=/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;function an({desired:e}){const n=rn.test(e.node)&&e.node.length<=63;return z("cluster.node-name",`Is ${e.node} a valid name for a node?`,n,n?"valid":"not valid",{cause:"the name of a node is at most 63 lower-case letters, digits, dashes and dots (RFC 1123)",remedy:"give another `node`, e.g. the host name in lower case"})}const Oe=e=>`node ${e.name}: system UUID ${e.systemUuid||"unknown"}, machine-id ${e.machineId||"unknown"}, ${se(e.internalIps)||"no address"}, Ready ${e.ready}`,Te=e=>`host: system UUID ${e.systemUuid||"unknown"}, machine-id ${e.machineId||"unknown"}, ${se(e.addresses)||"no address"}`;function dn({desired:e,facts:n,nodes:t}){const s="cluster.machine",o="Is this machine no node under another name?",r=t.filter(R=>R.name!==e.node),i=r.filter(R=>V(R,n)==="this-machine"),a=i.find(R=>R.ready==="True");if(a)return z(s,o,!1,`it is the live node ${a.name}`,{cause:"system UUID or machine-id are the same: a second agent would take ports and containers from the first",remedy:`name it ${a.name}; or remove that node first: sudo systemctl disable --now its agent, then kubectl delete node ${a.name}`,evidence:[Oe(a),Te(n)]});const[u]=i;if(u)return z(s,o,!1,`it was the node ${u.name}, which is no longer alive`,{verdict:"warn",cause:"the machine was joined under another name before",remedy:`when nobody needs it any more: kubectl delete node ${u.name}`,evidence:[Oe(u),Te(n)]});if(n.systemUuid===""&&n.machineId==="")return ne(s,o,"the host tells neither system UUID nor machine-id");const p=r.find(R=>n.machineId!==""&&R.machineId===n.machineId);return p?z(s,o,!1,`its machine-id is also that of ${p.name}`,{verdict:"warn",cause:"both were made from one disk image: DHCP and everything else that goes by machine-id mixes them up",remedy:"give it one of its own and reboot: sudo rm /etc/machine-id && sudo systemd-machine-id-setup",evidence:[Oe(p),Te(n)]}):re(s,o,t.length===0?"there is no other node":"no node has its identity")}function cn({desired:e,facts:n,nodes:t}){const s="cluster.address",o="Is the address of the node its own?",r=(e.nodeIp??n.defaultRoute?.source??"").split(",").map(p=>p.trim()).filter(p=>p!=="");if(r.length===0)return ne(s,o,"which address the agent will choose");const i=t.find(p=>p.name!==e.node&&V(p,n)!=="this-machine"&&p.internalIps.some(R=>r.includes(R)));if(!i)return re(s,o,r.join(", "));const a=i.internalIps.find(p=>r.includes(p))??r.join(", "),u=e.podNetwork==="isolated"||i.ready!=="True";return z(s,o,!1,`${a} is also the address of ${i.name}`,{verdict:u?"warn":"fail",cause:"nodes and their pods are reached by that address, so it has to be unique in the cluster",remedy:"give `node-ip` with another address of this machine, or one of an overlay network to both",evidence:[Oe(i),Te(n)]})}function ln({facts:e,desired:n}){const t="host.route",s="Is there a default route?";return e.defaultRoute?re(t,s,`via ${e.defaultRoute.via||e.defaultRoute.device}`):e.hasNoDefaultRoute?z(t,s,!1,"none",{verdict:n.nodeIp?"warn":"fail",cause:n.nodeIp?"the address is given, but services of the cluster are reached through the default route":"the agent takes its address from the default route, and stops without one",remedy:"add a default route; one through a dummy interface is enough (docs: installation/airgap), and give `node-ip`"}):ne(t,s,"the host does not tell its routes")}function un({facts:e,desired:n}){if(n.access.transport==="local")return[];const t="host.forwarding",s="May connections be forwarded over SSH, to try the join through the host\u2019s own network?",{sshForwarding:o}=e;if(o==="unknown")return[ne(t,s,"the configuration of sshd is told to root only")];const r=o==="yes"||o==="local";return[z(t,s,r,r?"allowed":`refused (AllowTcpForwarding ${o})`,{verdict:"warn",cause:"sshd on the host is configured so; the handshake then uses curl on the host instead",remedy:`nothing to do where the host has curl; otherwise allow it for this user in /etc/ssh/sshd_config: Match User ${e.user||n.access.user||"USER"} / AllowTcpForwarding local`})]}const hn={"sudo-password-required":"sudo asks for a password, and none was given","sudo-password-wrong":"sudo refused the password that was given","sudo-not-allowed":"the user may not use sudo","sudo-needs-tty":"sudo demands a terminal (requiretty)","sudo-missing":"there is no sudo on the host"};function Be({facts:e}){const{state:n,problem:t}=e.privilege,o={root:"logged in as root",passwordless:"sudo without a password",password:"sudo with the password given",none:hn[t]??(t||"no sudo")}[n];return z("host.sudo",`May ${e.user||"the user"} become root?`,n!=="none",o,{cause:"files, units and packages of the host belong to root",remedy:`give \`sudo-password\`, or let the user become root without one: echo '${e.user||"USER"} ALL=(ALL) NOPASSWD: ALL' | sudo tee /etc/sudoers.d/k3s-gpu-actions`})}function fn({facts:e}){const n="host.os",t="Is this a Linux on which programs and units can be installed?",s=e.os.prettyName||e.os.id;return e.readOnly.length>0?z(n,t,!1,`${e.readOnly.join(" and ")} cannot be written${s?` (${s})`:""}`,{cause:"the program and its unit are installed there, and on this system not even root can write to it",remedy:"use a system whose /usr/local/bin and /etc are writable, or remount them: sudo mount -o remount,rw /usr"}):s===""&&e.kernel===""?ne(n,t,"the host does not say what it runs"):re(n,t,[s,e.kernel&&`kernel ${e.kernel}`].filter(Boolean).join(", "))}function pn({facts:e}){const n=["amd64","arm64"].includes(e.architecture);return z("host.architecture","Is the processor architecture supported?",n,e.architecture||"unknown",{cause:"programs are fetched and checked for amd64 and arm64 only",remedy:"use a 64-bit x86 or Arm machine"})}function $n({facts:e}){return z("host.init","Is systemd the init system?",e.init==="systemd",e.init,{cause:"units are written for systemd",remedy:"use a host with systemd; OpenRC is not supported in this version"})}function mn(e){const[,n,t]=/^v?(\d{1,3})\.(\d{1,3})\./.exec(e)??[];return n===void 0||t===void 0?void 0:Number(n)*100+Number(t)}const wn=135;function gn({facts:e,version:n}){const t="host.cgroup",s="Are the control groups there that a kubelet needs?",{version:o,controllers:r}=e.cgroup;if(o===0)return ne(t,s,"the host shows no control groups");const i=`cgroup v${o}`;if(!r.includes("memory"))return z(t,s,!1,`${i} without the memory controller`,{cause:"the kubelet cannot limit memory without it and stops",remedy:"add `cgroup_enable=memory cgroup_memory=1` to the kernel command line and reboot"});if(o===1&&(mn(n)??0)>=wn)return z(t,s,!1,`${i}, and ${n} is wanted`,{cause:"a kubelet from 1.35 on refuses to run on cgroup v1",remedy:"boot with cgroup v2: add `systemd.unified_cgroup_hierarchy=1` to the kernel command line and reboot; or use a version before 1.35"});const a=(o===2?["cpu","cpuset","pids"]:["pids"]).filter(u=>!r.includes(u));return z(t,s,a.length===0,a.length===0?i:`${i} without ${a.join(", ")}`,{cause:"the agent looks for these controllers when it starts, and stops",remedy:`take what disables ${a.join(", ")} off the kernel command line (cgroup_disable=\u2026) and reboot; a realtime kernel may lack cpu`})}function vn(e){const n=e.split(/<[^>]*>/).map(t=>t.replaceAll(/[.*+?^${}()|[\]\\]/g,"\\$&"));return new RegExp(`^${n.join("[a-z0-9_.:-]+")}$`,"i")}function yn(e,n){return e.find(t=>t.id===n)??e.find(t=>vn(t.id).test(n))}const K=(e,n,t,s,o=!0)=>({id:e,stage:"preflight",severity:n,asks:t,remedy:s,isIgnorable:o}),bn=[K("host.sudo","fail","May the user become root?","give `sudo-password`, or let the user become root without one"),K("host.os","fail","Is this a Linux on which programs and units can be installed?","use a system whose /usr/local/bin and /etc/systemd/system are writable"),K("host.architecture","fail","Is the processor amd64 or arm64?","use such a machine"),K("host.init","fail","Is systemd the init system?","use a host with systemd"),K("host.cgroup","fail","Are the control groups there that a kubelet needs: the memory controller, and v2 from version 1.35 on?","change the kernel command line (`cgroup_enable=memory`, `systemd.unified_cgroup_hierarchy=1`) and reboot"),K("host.clock","fail","Is the clock of the host within 30 s of the API server?","`sudo timedatectl set-ntp true`"),K("host.disk.<path>","fail","Is there room, in bytes and inodes, where data, programs and configuration go? A warning below 5 % free","free what the check says; for data 2 GiB and 10000 inodes"),K("host.route","fail","Is there a default route? A warning when `node-ip` is given","add one; through a dummy interface is enough"),K("host.forwarding","warn","May connections be forwarded over SSH?","none needed where the host has curl; else `AllowTcpForwarding local` for the user"),K("cluster.node-name","fail","Is the name valid for a node (RFC 1123, lower case)?","give another `node` name"),K("cluster.name","fail","Is the name free, or this machine's own? One that a live machine has is never given away","`replace-node` for a dead node; another `node` name for a live one","partly"),K("cluster.machine","fail","Is this machine no node under another name? A warning when that node is dead, or the machine-id is copied","use the name it has, or remove the other node"),K("cluster.address","fail","Is the address of the node its own? A warning where pods are isolated anyway","give `node-ip` with another address"),K("cluster.topology","warn","Can pods on this host and pods on the servers reach each other?","declare `pod-network: isolated`, or use an overlay network"),K("host.gpu","warn","Which GPUs does the host have, and who uses them?","none needed; repair the driver where it does not answer"),{id:"plan.gpu-in-use",stage:"plan",severity:"fail",asks:"Does the plan disturb a process outside the cluster that uses the GPU?",remedy:"`allow-gpu-disruption`, or stop the process first",isIgnorable:!1},...[["unit","Does the agent\u2019s unit run?","see the journal in the evidence"],["ready","Is the node Ready, with a fresh heartbeat?","see the node\u2019s conditions in the evidence"],["version","Does the node run the wanted version?","press the button again; another agent may answer for it"],["metadata","Are labels and taints as wanted?","press the button again; find who else changes them"],["gpu-processes","Do the processes that used the GPU before still run?","start them again; the report names them"]].map(([e,n,t])=>({id:`confirm.${e}`,stage:"confirm",severity:"fail",asks:n,remedy:t,isIgnorable:!1}))];function kn(e){return[Be(e),fn(e),pn(e),$n(e),gn(e),Se(e),...Ie(e),ln(e),...un(e),an(e),He(e),dn(e),cn(e),Ge(e),Ne(e)]}var ge=g(93549);function _n(e,n,t,s,o){const r=[],i=(u,p,R,U,B)=>{r.push({id:u,verdict:R?"pass":"fail",question:p,found:U,...R?{}:{cause:"it was so a moment ago, or was never brought about",remedy:B}})};if(s!==void 0&&i("confirm.unit","Is the unit active?",s==="active",s,"look at its journal on the host"),o||i("confirm.ready","Is the node Ready?",t?.ready==="True",t?`Ready=${t.ready} ${t.readyMessage}`.trim():"no such node","press the button again; the plan says what is missing"),!t)return r;o||i("confirm.version","Does the node run the wanted version?",t.kubeletVersion===n,t.kubeletVersion,"press the button again; the plan says what is missing");const a=f(e,t);return i("confirm.metadata","Are labels and taints as wanted?",!y(a),y(a)?[...Object.keys(a.labels),...Object.keys(a.annotations),...a.addTaints.map(ge.eh),...a.removeTaints.map(ge.eh)].join(", "):"as wanted","something else changes them: look at managedFields of the node"),r}var qe=g(82867);const On=3e4,Tn=/^[a-z][a-z0-9-]*\.(?:txt|log)$/,Rn=16;function Ze(e){const n=new Map;for(const{file:t,part:s,text:o}of e){if(typeof t!="string"||typeof o!="string"||!Tn.test(t)||!n.has(t)&&n.size===Rn)continue;const r=n.get(t)??{before:""};n.set(t,s==="recent"?{...r,recent:o}:{...r,before:o})}return[...n].map(([t,{before:s,recent:o}])=>({name:t,text:[s,...o===void 0?[]:["== since the start of this run",o]].filter(r=>r!=="").join(`
`),...o===void 0?{}:{recent:o}}))}async function En(e,n,t){t.throwIfAborted();const s=[],o=n.startedAgoMs===void 0?"":String(Math.ceil(n.startedAgoMs/1e3)+1);try{const r=await e.run({name:"evidence",script:[n.script,qe.BZ].join(`
`),env:{UNIT:n.unit,AGO:o},privilege:"root",timeoutMs:On,signal:t,onLine:a=>s.push(a)}),i=(0,qe.lZ)(e.label,"reading the evidence",r);if(i)throw i}catch(r){if(Ze(s).length===0)throw r}return Ze(s)}const Re=e=>`${e.name} (pid ${e.pid}, ${e.ownerDetail||e.owner})`;function Sn(e,n){const t=e.startTicks===void 0||n.startTicks===void 0||e.startTicks===n.startTicks;return e.pid===n.pid&&e.name===n.name&&t}function An(e){return["start","restart","reload","install"].includes(e.kind)&&e.waitsFor===void 0}function Ke(e,n,t){const{gpu:s}=e,o=me(e),r=n.filter(p=>(["restart","reload"].includes(p.kind)||p.kind==="install"&&p.disrupts!==void 0)&&!p.waitsFor);return!(o.length>0||s.pciDevices>0&&!s.areProcessesKnown)||r.length===0||t?[]:[{id:"plan.gpu-in-use",verdict:"fail",question:"May the plan disturb processes that use the GPU outside the cluster?",found:`${o.map(Re).join(", ")||`whoever uses the GPU (its processes could not be listed: ${s.problem||"no answer"})`} would see: ${r.map(p=>`${p.kind} ${p.target}`).join(", ")}`,cause:"a daemon-reload or restart can take the GPU from running containers (NVIDIA/nvidia-container-toolkit#48)",remedy:"press the button again with allow-gpu-disruption when that is acceptable, or stop the process first"}]}function In(e,n,t,s=""){const o=me(e);if(o.length===0)return;const r="confirm.gpu-processes",i="Do the processes outside the cluster still have the GPU?",a=o.filter(R=>!n?.processes.some(U=>Sn(R,U))),u=o.map(Re).join(", ");if(a.length===0)return{id:r,verdict:"pass",question:i,found:`${u}: still there`};if(n===void 0||!n.areProcessesKnown)return{id:r,verdict:"error",question:i,found:`not known: ${u} used it before`,cause:s||n?.problem||"the processes that use the GPU could not be listed again",remedy:"look on the host: nvidia-smi"};const p=a.map(Re).join(", ");return{id:r,verdict:t?"warn":"fail",question:i,found:`${p} ${a.length===1?"has":"have"} it no more`,cause:t?"the run changed the host, as allow-gpu-disruption lets it":"it lost the GPU or ended while this run changed the host; nothing that was planned should have disturbed it",remedy:`look at it on the host and start it again: ${a.map(({ownerDetail:R,owner:U})=>R||U).join(", ")}`,evidence:[`before: ${u}`,`after: ${n.processes.map(Re).join(", ")||"nobody uses the GPU"}`]}}function We(e){return["connect","refused","route","timeout"].includes(e)}function Ve(e){return/connection refused/i.test(e)?"refused":/no route to host|network is unreachable|host is unreachable/i.test(e)?"route":/name or service not known|name resolution|no address associated|not known|could not resolve/i.test(e)?"name":/timed out/i.test(e)?"timeout":"connect"}class H extends Error{name="HostHttpsFault";kind;remedy;constructor(n,t,s){super(t),this.kind=n,this.remedy=s}get isPassing(){return We(this.kind)}}const Ee=5;function Ce(e){return typeof e=="object"&&e!==null&&"code"in e?String(e.code):""}function Nn(e){return typeof e=="object"&&e!==null&&"message"in e?String(e.message):String(e)}function ve(e){return e.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g," ").trim().slice(0,300)}function Xe(e){const n=Ce(e),t=Nn(e);return ve(n===""||t.includes(n)?t:`${n} ${t}`)}function ce(e,n){return`${(0,oe.isIP)(e)===6?`[${e}]`:e}:${n}`}function xn(e,{address:n,server:t,namesIn:s}){const o="another service listens there, or a proxy is in between";switch(e){case"name":return["does not resolve on the host","the host has no DNS answer for that name","use an IP address as `server`, or mend DNS on the host"];case"authority":return["shows a certificate of another authority","another server answers at that address, or something in between opens TLS","compare `server` with the kubeconfig; if the CA was changed, fetch the kubeconfig again"];case"identity":return["shows a certificate for other names","the server certificate is not issued for that address",`use an address the certificate names, or add ${n} to ${s}`];case"tls":return[`does not speak TLS as a ${t} does`,o,"check host and port of `server`"];case"protocol":return[`does not answer as a ${t} does`,o,"check host and port of `server`"]}}const Mn={timeout:["does not answer the host","packets from the host get lost: a firewall between it and the server drops them"],refused:["refuses connections from the host","nothing listens on that port, or a firewall rejects the host"],route:["has no way from the host","the host has no route to that network"],connect:["cannot be reached from the host","connections from the host end before they are made"]};function Pn(e,{port:n,runnerReaches:t},s){const[o,r]=Mn[e],i=t===void 0?"":t?" (the runner itself can reach it)":" (the runner cannot reach it either)",a=e==="route"?"give the host a route there":`allow ${n}/tcp from the host's public address`;return[o,`${r}${i}`,t===!1?`check that the server is running and listens on ${s}`:`${a}, or set \`server\` to an address the host can reach`]}function Dn(e){const{id:n,question:t,fault:s,host:o,address:r,port:i}=e,a=[`${o}, ${ce(r,i)}: ${s.message}`];if(s.kind==="tool"){const B=s.remedy??"see the evidence";return{id:n,verdict:"error",question:t,found:"could not be asked",cause:s.message,remedy:B,evidence:a}}const u=ce(r,i),[p,R,U]=We(s.kind)?Pn(s.kind,e,u):xn(s.kind,e);return{id:n,verdict:"fail",question:t,found:`${u} ${p}`,cause:R,remedy:U,evidence:a}}const Ln={5:"name",6:"name",7:"connect",28:"timeout",35:"tls",51:"identity",52:"connect",56:"connect",58:"tls",60:"authority",77:"authority"};class jn{via="host-command";#n;#e;constructor(n,t){this.#n=n,this.#e=t}async get(n,t){const s=await this.#n.run({name:"handshake",script:this.#e,env:{URL:`https://${ce(n.address,n.port)}${n.path}`,CA_PEM:n.caPem??"",CONNECT_SECONDS:String(Ee)},secrets:{AUTHORIZATION:n.authorization??""},privilege:"user",timeoutMs:(Ee+5)*1e3,signal:t}),o=s.lines.findLast(i=>"http"in i||"error"in i);if(o?.http!==void 0)return{status:Number(o.http),body:Buffer.from(String(o.body??""),"base64").toString("utf8")};const r=ve(String(o?.message??s.stderr));if(o?.error==="connect"){const i=Ln[String(o.curl)]??"connect",a=i==="connect"?Ve(r):i,u=a==="authority"&&/subject (alternative )?name|does not match/i.test(r);throw new H(u?"identity":a,r||`curl exit code ${String(o.curl)}`)}throw new H("tool",r||`the script ended with ${s.exitCode}`,"allow forwarding for this user in sshd_config (AllowTcpForwarding local), or install curl on the host")}async reach(n,t,s,o){try{await this.get({address:n,port:t,path:"/version",caPem:s},o)}catch(r){if(!(r instanceof H)||r.kind!=="identity")throw r}}}var Un=g(37067),Cn=g(38321),zn=g(41692),Ye=function(e,n,t){if(n!=null){if(typeof n!="object"&&typeof n!="function")throw new TypeError("Object expected.");var s,o;if(t){if(!Symbol.asyncDispose)throw new TypeError("Symbol.asyncDispose is not defined.");s=n[Symbol.asyncDispose]}if(s===void 0){if(!Symbol.dispose)throw new TypeError("Symbol.dispose is not defined.");s=n[Symbol.dispose],t&&(o=s)}if(typeof s!="function")throw new TypeError("Object not disposable.");o&&(s=function(){try{o.call(this)}catch(r){return Promise.reject(r)}}),e.stack.push({value:n,dispose:s,async:t})}else t&&e.stack.push({async:!0});return n},Je=(function(e){return function(n){function t(i){n.error=n.hasError?new e(i,n.error,"An error was suppressed during disposal."):i,n.hasError=!0}var s,o=0;function r(){for(;s=n.stack.pop();)try{if(!s.async&&o===1)return o=0,n.stack.push(s),Promise.resolve().then(r);if(s.dispose){var i=s.dispose.call(s.value);if(s.async)return o|=2,Promise.resolve(i).then(r,function(a){return t(a),r()})}else o|=1}catch(a){t(a)}if(o===1)return n.hasError?Promise.reject(n.error):Promise.resolve();if(n.hasError)throw n.error}return r()}})(typeof SuppressedError=="function"?SuppressedError:function(e,n,t){var s=new Error(t);return s.name="SuppressedError",s.error=e,s.suppressed=n,s});const Gn=1024*1024,Fn=["connection-lost","cancelled","forwarding-refused"];function Hn(e){if(e instanceof H)return e;const n=Ce(e);if(Fn.includes(n))return e;if(n==="connection-failed"&&typeof e.cause=="string"){const s=String(e.cause);return new H(Ve(s),ve(s))}const t=n==="ERR_TLS_CERT_ALTNAME_INVALID"?"identity":/^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA)/.test(n)?"authority":/^(ERR_SSL_|ERR_TLS_|EPROTO)/.test(n)?"tls":/^HPE_/.test(n)?"protocol":n==="deadline"?"timeout":"connect";return new H(t,Xe(e))}async function Qe(e,n,t){const s=AbortSignal.timeout(Ee*1e3),o=AbortSignal.any([n,s]),{promise:r,reject:i}=Promise.withResolvers(),a=()=>i(o.reason);r.catch(()=>{}),o.addEventListener("abort",a,{once:!0});try{return n.throwIfAborted(),await Promise.race([t(o),r])}catch(u){throw n.aborted?n.reason:s.aborted?new H("timeout",`${e}: no answer in ${Ee} s`):Hn(u)}finally{o.removeEventListener("abort",a)}}class Bn{via="forwarding";#n;constructor(n){this.#n=n}async get(n,t){const{address:s,port:o,path:r}=n;return await Qe(`GET https://${ce(s,o)}${r}`,t,async i=>{const a={stack:[],error:void 0,hasError:!1};try{const u=Ye(a,await this.#e(s,o,n.caPem,!0,i),!0),{promise:p,resolve:R,reject:U}=Promise.withResolvers(),B=(0,Un.request)({createConnection:()=>u.socket,path:r,headers:{Host:ce(s,o),Connection:"close",Accept:"*/*",...n.authorization===void 0?{}:{Authorization:n.authorization}}});return B.once("error",U),B.once("response",x=>{let q=0;x.on("data",he=>{q+=he.length,q>Gn&&x.destroy(new H("protocol","the answer is too large"))}),(0,Cn.text)(x).then(he=>R({status:x.statusCode??0,body:he}),U)}),B.end(),await p}catch(u){a.error=u,a.hasError=!0}finally{const u=Je(a);u&&await u}})}async reach(n,t,s,o){await Qe(`connect ${ce(n,t)}`,o,async r=>{const i={stack:[],error:void 0,hasError:!1};try{const a=Ye(i,await this.#e(n,t,s,!1,r),!0)}catch(a){i.error=a,i.hasError=!0}finally{const a=Je(i);a&&await a}})}async#e(n,t,s,o,r){const i=await this.#n.forward(n,t,r),a=(0,zn.connect)({socket:i,host:n,...(0,oe.isIP)(n)===0?{servername:n}:{},...s===void 0?{rejectUnauthorized:!1}:{ca:s,rejectUnauthorized:!0},...o?{}:{checkServerIdentity:()=>{}}}),u=()=>{a.destroy(),i.destroy()},{promise:p,resolve:R,reject:U}=Promise.withResolvers();a.once("secureConnect",R),a.on("error",U),i.on("error",U),r.addEventListener("abort",u,{once:!0}),a.once("close",()=>U(new H("connect","the connection was closed before TLS was set up"))),r.aborted&&u();try{await p}catch(B){throw u(),B}return{socket:a,[Symbol.asyncDispose]:async()=>{r.removeEventListener("abort",u),u()}}}}class qn{#n;#e;#t;constructor(n,t){this.#n=n,this.#e=t,this.#t=new Bn(n)}get via(){return this.#t.via}async get(n,t){return await this.#s(s=>s.get(n,t))}async reach(n,t,s,o){await this.#s(r=>r.reach(n,t,s,o))}async#s(n){try{return await n(this.#t)}catch(t){if(Ce(t)!=="forwarding-refused")throw t;if(this.#e===void 0)throw new H("tool",Xe(t),"allow forwarding for this user in sshd_config (AllowTcpForwarding local)");return this.#t=new jn(this.#n,this.#e),await n(this.#t)}}}function en(e,n){return new qn(e,n)}var Zn=g(58500);const Kn=[250,750],Wn=16;function ze(e){const n=URL.canParse(e)?new URL(e):void 0;if(!(n?.protocol!=="https:"||n.hostname===""))return{address:n.hostname.replace(/^\[(.*)\]$/,"$1"),port:Number(n.port||443)}}function nn(e){return`handshake.apiserver.${e.toLowerCase().replace(/[^a-z0-9.]+/g,"-").replace(/^[.-]+|[.-]+$/g,"")}`}async function Vn(e,n,t){return await new Promise(s=>{const o=(0,oe.connect)({host:e,port:n,signal:AbortSignal.any([t,AbortSignal.timeout(3e3)])}),r=i=>{o.destroy(),s(i)};o.once("connect",()=>r(!0)),o.once("error",()=>r(!1))})}class Xn{checks=[];server;#n;#e;#t;constructor(n,t){const s=ze(t.server);if(s===void 0)throw new RangeError(`server ${JSON.stringify(t.server)} is not an address like https://host:6443`);this.server=s,this.#n=n,this.#e=t,this.#t=en(n,t.script)}get via(){return this.#t.via}get signal(){return this.#e.signal}say(n){return this.checks.push(n),this.#e.onCheck(n),n.verdict==="pass"||n.verdict==="warn"}async tried(n){const t=performance.now();for(let s=1;;s++)try{return await n()}catch(o){if(!(o instanceof H)||!o.isPassing)throw o;const r=Kn[s-1];if(r===void 0){const i=((performance.now()-t)/1e3).toFixed(1);throw new H(o.kind,`${o.message} (tried ${s} times in ${i} s)`)}await(0,Zn.setTimeout)(r,void 0,{signal:this.signal})}}async get(n,t){return await this.tried(async()=>{const s=await this.#t.get({...this.server,path:n,...t},this.signal);if(s.status>=500)throw new H("connect",`GET ${n}: HTTP ${s.status} ${ve(s.body)}`);return s})}async faultCheck(n,t,s,o){if(!(o instanceof H))throw o;const{probe:r,words:i}=this.#e,a=o.isPassing?await r?.(s.address,s.port,this.signal).catch(()=>!1):void 0;return Dn({id:n,question:t,...s,...i,host:this.#n.label,fault:o,runnerReaches:a})}async firstFault(n,t,s){if(!(s instanceof H&&(s.isPassing||s.kind==="name")))return await this.faultCheck(n,t,this.server,s);const r=ce(this.server.address,this.server.port);return await this.faultCheck(nn(r),`Does ${r} answer the host?`,this.server,s)}async reachAll(n,t,s=!1){const o=new Map;for(const a of n.slice(0,Wn)){const u=ze(a.startsWith("https://")?a:`https://${a}`);u!==void 0&&o.set(ce(u.address,u.port),u)}const r=[],i=async([a,u])=>{r.push(await this.#s(a,u,t,s))};if(this.via==="forwarding")await Promise.all([...o].map(i));else for(const a of o)await i(a);return r.length>0&&r.every(Boolean)?[...o.keys()]:void 0}async#s(n,t,s,o){const r=nn(n),i=`Does ${n} answer the host?`,a=performance.now();try{await this.tried(async()=>{o?await this.#t.get({...t,path:"/version",caPem:s},this.signal):await this.#t.reach(t.address,t.port,s,this.signal)})}catch(u){return this.say(await this.faultCheck(r,i,t,u))}return this.say({id:r,verdict:"pass",question:i,found:`yes, in ${Math.round(performance.now()-a)} ms`})}}const Yn=e=>e?e.slice(0,63):"empty",tn=" (no longer wanted; ours)";function sn(e,n,t){const s=n&&t;if(e===void 0)return s?" (was removed by hand)":" (new)";const o=s?", changed by hand":n?"":", not ours until now";return` (was ${Yn(e.value)}${o})`}function Jn(e,n,t){const s=new Set(Z(n?.annotations[v.ownedLabels]));return[...Object.entries(e.labels).map(([r,i])=>{if(i===null)return`${r}-${tn}`;const a=`${r}=${i}`;if(n===void 0)return a;const u=Object.hasOwn(n.labels,r)?{value:n.labels[r]}:void 0;return`${a}${sn(u,s.has(r),t)}`}),...Object.keys(e.annotations).map(r=>`annotation ${r}`)]}function Qn(e,n,t){const s=new Set(Z(n?.annotations[v.ownedTaints]));return[...e.addTaints.map(r=>{if(n===void 0)return(0,ge.eh)(r);const i=n.taints.find(a=>Y(a)===Y(r));return`${(0,ge.eh)(r)}${sn(i&&{value:i.value},s.has(Y(r)),t)}`}),...e.removeTaints.map(r=>`${(0,ge.eh)(r)}-${tn}`)]}const ue={deleteNode:"delete-node",deletePassword:"delete-node-password",label:"label-node",taint:"taint-node",record:"record-desired"};function et(e,n){const{desired:t,server:s,version:o,reading:r}=e,i=f(t,r.node),a=[],u=E(t,s,o),p=r.node?.annotations[v.desired],R=Jn(i,r.node,p===u);R.length>0&&a.push({id:ue.label,kind:"label",target:R.join(", "),reason:r.node?"the node differs from the cluster file and inputs":"wanted on the new node",undo:"not needed: labels disturb nothing, and the next run sets them again"});const U=Qn(i,r.node,p===u);return U.length>0&&a.push({id:ue.taint,kind:"taint",target:U.join(", "),reason:r.node?"the node differs from the cluster file and inputs":"keeps other pods away from the new node from its first second",...i.addTaints.some(q=>q.effect==="NoExecute")?{disrupts:"evicts pods that do not tolerate it"}:{},undo:"not needed: the next run converges"}),(!Object.entries(h(t)).every(([q,he])=>r.node?.annotations[q]===he)||p!==u&&!n)&&a.push({id:ue.record,kind:"annotate",target:n?"labels and taints of this project as owned":"desired state, owned labels and taints",reason:n?"so that they can be changed and removed later":"lets the next run see that nothing is to be done",undo:"not needed: a hint only"}),a}function nt(e){const{reading:n,desired:t}=e;return!n.node||!Ue(e)?[]:[{id:ue.deleteNode,kind:"delete",target:`node ${t.node} (uid ${n.node.uid})`,reason:"confirmed by replace-node: it is no longer alive",disrupts:"forgets the pods that were bound to it",undo:"none: a deleted node comes back only by joining again"}]}function tt(e,n,t){const s=n.some(p=>p.waitsFor!==void 0),o=s&&!e.reading.node?[]:et(e,s),r=[...nt(e),...n,...o],i=He(e),a=i.verdict==="fail"&&(fe(e)||t.some(p=>p.id===i.id)),u=[...t.filter(p=>p.id!==i.id),...a?[i]:[],...Ke(e.facts,r,e.consent.allowGpuDisruption)];return{changes:r,blockers:u}}function on(e){return e.changes.filter(n=>n.waitsFor===void 0)}function st(e){const n=[ue.label,ue.taint,ue.record];return on(e).some(t=>!n.includes(t.id))}class ot extends Error{name="GivenTokenError";code;cause;remedy;evidence=[];constructor(n,t,s,o){super(t),this.code=n,this.cause=s,this.remedy=o}}class rt extends Error{name="VersionError";code="version-invalid";cause;remedy;evidence=[];constructor(n,t,s){super(n),this.cause=t,this.remedy=s}}})};export{dt as id,ct as ids,lt as modules};
