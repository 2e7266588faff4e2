const Ys=100,Qs=[100],er={2851:((ye,re,O)=>{O.d(re,{_e:()=>G,_r:()=>U,ro:()=>ne});const $={tokenId:"token-id",kubeconfig:"kubeconfig",context:"context"};function G(J,P){J.saveState($.kubeconfig,P.kubeconfig),J.saveState($.context,P.context),J.saveState($.tokenId,P.tokenId)}function U(J){J.saveState($.tokenId,"")}function ne(J){const P=J.state($.tokenId);if(P!=="")return{tokenId:P,kubeconfig:J.state($.kubeconfig),context:J.state($.context)}}}),543:((ye,re,O)=>{O.d(re,{$p:()=>G,bD:()=>ne,dh:()=>$,ip:()=>U,pb:()=>J});class $ extends Error{name="HostError";code;host;title;cause;remedy;evidence;constructor(q,j,M,F=N=>N){super(F(`${j}: ${M.title}: ${M.cause}`)),this.code=q,this.host=j,this.title=F(M.title),this.cause=F(M.cause),this.remedy=F(M.remedy),this.evidence=(M.evidence??[]).filter(N=>N!=="").map(F)}}function G(P){const q=P.filter(j=>j!==void 0&&j.trim()!=="").flatMap(j=>[j,...j.split(`
`).filter(M=>M.trim().length>=8&&!M.includes("-----"))]).sort((j,M)=>M.length-j.length);return j=>q.reduce((M,F)=>M.replaceAll(F,"***"),j)}function U(P,q,j){return j.reason?.name==="TimeoutError"?new $("deadline",P,{title:`${q} took too long`,cause:"there was no answer before the deadline",remedy:"look whether the host is under load or packets are dropped on the way, then run again"}):new $("cancelled",P,{title:`${q} was cancelled`,cause:"the run was cancelled",remedy:"run it again: it continues from what it finds"})}function ne(P){const q=P?.message;return typeof q=="string"?q:String(P)}function J(P){return P instanceof $&&P.code==="connection-lost"}}),8438:((ye,re,O)=>{O.d(re,{Qw:()=>ne,Vr:()=>G,_y:()=>J,cw:()=>U});var $=O(543);function G(P){if(!/^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/.test(P))throw new TypeError(`${JSON.stringify(P)} cannot be the name of an uploaded file`);return P}function U(P,q){return new $.dh("output-too-large",P,{title:`script ${q} was ended`,cause:"the host printed far more than the script can print",remedy:"look at what the start-up files of the login shell on the host print"})}function ne(P,q,j,M){return new $.dh("upload-failed",P,{title:`${q} could not be uploaded`,cause:j,remedy:"make room in /tmp of the host, or look at the connection, and run it again"},M)}function J(P,q,j,M){return new $.dh("connection-failed",P,{title:`${q}:${j} cannot be reached from the host`,cause:M===""?"the connection failed without a reason":M,remedy:`allow ${j}/tcp from the host to ${q}, or use an address that the host can reach`})}}),1213:((ye,re,O)=>{O.d(re,{Zj:()=>Oe,BZ:()=>Ue,LT:()=>Fe,pb:()=>$.pb,hx:()=>ve,kj:()=>_e});var $=O(543),G=O(3024),U=O(1455),ne=O(7030),J=O(8161),P=O(6760),q=O(8500),j=O(8438),M=O(3221),F=O(3493);function N(){return Object.fromEntries(["PATH","HOME","USER","LOGNAME"].flatMap(y=>process.env[y]===void 0?[]:[[y,process.env[y]]]))}class L{label="local";counts={sessions:0,forwards:0};#t;#e;#o;#n;constructor(y,x,T){this.#t=x,this.#e=y.sudoPassword??"",this.#o=y.user||process.env.USER||"the user",this.#n=T}static async open(y,x){return new L(y,x,await(0,U.mkdtemp)((0,P.join)((0,J.tmpdir)(),"k3s-gpu-actions-")))}async run(y){const x=`script ${y.name}`;if(y.signal.aborted)throw(0,$.ip)(this.label,x,y.signal);this.counts.sessions+=1;const T=(0,$.$p)([this.#e,...Object.values(y.secrets??{})]),V=(0,P.join)(this.#n,`session-${this.counts.sessions}`);await(0,U.writeFile)(V,"");const K=(0,M.Nt)(y.script,y.env??{},y.secrets??{},{type:"watch",pid:process.pid,file:V}),Y=new F.IA(y.onLine),fe=performance.now(),ie=Promise.withResolvers();ie.promise.catch(()=>{});const le=de=>{(0,G.rmSync)(V,{force:!0}),ie.reject(de)},ue=()=>le((0,$.ip)(this.label,x,y.signal)),ge=setTimeout(()=>le(new $.dh("script-timeout",this.label,(0,F.bY)(y.name,y.timeoutMs),T)),y.timeoutMs+F.q_);y.signal.addEventListener("abort",ue,{once:!0});const v=de=>me=>{try{Y[de](me)}catch($e){le($e instanceof RangeError?(0,j.cw)(this.label,y.name):$e)}},ae=this.#t("sh",M.ec,{input:(0,M.h7)({program:K,privilege:y.privilege,timeoutMs:y.timeoutMs,sudoPassword:this.#e,input:"closed"}),env:N(),onStdout:v("stdout"),onStderr:v("stderr")});try{const de=await Promise.race([ae,ie.promise]);return(0,F.mq)({host:this.label,user:this.#o,scriptName:y.name,privilege:y.privilege,timeoutMs:y.timeoutMs,elapsedMs:performance.now()-fe,exitCode:de,output:Y,redact:T})}catch(de){throw await Promise.race([ae.catch(()=>{}),(0,q.setTimeout)(F.P4,void 0,{ref:!1})]),de}finally{clearTimeout(ge),y.signal.removeEventListener("abort",ue),(0,G.rmSync)(V,{force:!0})}}async upload(y,x){if(x.aborted)throw(0,$.ip)(this.label,`the upload of ${y.name}`,x);const T=await(0,U.mkdtemp)((0,P.join)((0,J.tmpdir)(),"k3s-gpu-actions.")),V=(0,P.join)(T,(0,j.Vr)(y.name));try{await(0,U.copyFile)(y.path,V);const{size:K}=await(0,U.stat)(V);if(K!==y.sizeBytes)throw new Error(`${K} of ${y.sizeBytes} bytes were copied`);return V}catch(K){throw await(0,U.rm)(T,{recursive:!0,force:!0}),(0,j.Qw)(this.label,y.name,(0,$.bD)(K))}}async forward(y,x,T){const V=`connecting to ${y}:${x}`;if(T.aborted)throw(0,$.ip)(this.label,V,T);this.counts.forwards+=1;const{promise:K,resolve:Y,reject:fe}=Promise.withResolvers(),ie=(0,ne.connect)({host:y,port:x,noDelay:!0}),le=()=>{ie.destroy(),fe((0,$.ip)(this.label,V,T))};return T.addEventListener("abort",le,{once:!0}),ie.once("connect",()=>Y(ie)),ie.on("error",ue=>fe((0,j._y)(this.label,y,x,ue.message))),K.finally(()=>T.removeEventListener("abort",le))}async close(){await(0,U.rm)(this.#n,{recursive:!0,force:!0})}}var Q=O(6846);const I=512,S=256;function R(X,y){const x=X?.[y];return typeof x=="string"?x.trim().slice(0,I):""}function he(X,y,x){const T=X?.[y];return typeof T!="string"?[]:T.slice(0,S*I).split(x).map(K=>K.trimEnd().slice(0,I)).filter(K=>K!=="").slice(0,S)}function C(X,y,x=0){const T=X?.[y];return typeof T=="number"&&Number.isSafeInteger(T)&&T>=0?T:x}function H(X,y,x){return y.find(T=>T===X)??x}function oe(X){const y=new Map;for(const x of X){const T=C(x,"pid");if(T===0)continue;const V=[y.get(T)?.usedMemoryMiB,x.memory].filter(K=>typeof K=="number"&&Number.isSafeInteger(K)&&K>=0);y.set(T,{pid:T,name:R(x,"name"),...V.length>0&&{usedMemoryMiB:V.reduce((K,Y)=>K+Y,0)},owner:H(x.owner,["pod","container","host"],"host"),ownerDetail:R(x,"detail"),...C(x,"started")>0&&{startTicks:C(x,"started")}})}return[...y.values()].slice(0,S)}function ve(X,y){const x=v=>X.filter(ae=>ae.fact===v).slice(0,S),T=v=>X.find(ae=>ae.fact===v),V=T("identity"),K=T("os"),Y=T("kernel"),fe=T("privilege"),ie=T("cgroup"),le=T("memory"),ue=T("route"),ge=T("gpu");return{hostname:R(V,"hostname"),user:R(V,"user"),machineId:R(V,"machine_id"),systemUuid:R(V,"system_uuid").toLowerCase(),os:{id:R(K,"id"),idLike:R(K,"id_like"),versionId:R(K,"version_id"),prettyName:R(K,"pretty")},kernel:R(Y,"release"),architecture:R(Y,"architecture"),init:H(T("init")?.name,["systemd","openrc","other"],"other"),...C(T("init"),"systemd")>0&&{systemdVersion:C(T("init"),"systemd")},privilege:{state:H(fe?.state,["root","passwordless","password","none"],"none"),problem:R(fe,"problem")},cgroup:{version:H(ie?.version,[0,1,2],0),controllers:he(ie,"controllers"," ")},readOnly:x("read-only").map(v=>R(v,"path")).filter(v=>v!==""),memoryBytes:C(le,"total"),swapBytes:C(le,"swap"),ports:x("port").map(v=>({port:C(v,"port"),process:R(v,"process"),pid:C(v,"pid"),owner:(v.owner==="pod"||v.owner==="container"?`${v.owner} ${R(v,"detail")}`:R(v,"detail")).trim()})).filter(({port:v})=>v>0&&v<=65535),disks:x("disk").filter(v=>C(v,"bytes",-1)>=0).map(v=>({path:R(v,"path"),availableBytes:C(v,"bytes"),totalBytes:C(v,"total"),availableInodes:C(v,"inodes",Number.MAX_SAFE_INTEGER)})),clock:{hostMs:C(T("clock"),"ms"),runnerMs:y},defaultRoute:ue&&{via:R(ue,"via"),device:R(ue,"device"),source:R(ue,"source")},hasNoDefaultRoute:ue===void 0&&T("no-route")?.known===!0,addresses:[...new Set(x("address").map(v=>R(v,"address")))].filter(v=>/^[0-9a-fA-F.:]+$/.test(v)),resolvers:x("resolver").map(v=>({path:R(v,"path"),isReadable:v.readable===!0,servers:he(v,"servers"," ")})),selinux:H(T("selinux")?.mode,["enforcing","permissive","disabled","unknown"],"unknown"),modules:x("module").map(v=>({name:R(v,"name"),state:H(v.state,["loaded","loadable","missing","unknown"],"unknown")})).filter(({name:v})=>v!==""),kubernetes:x("kubernetes").flatMap(v=>{const ae=H(v.kind,["cni-config","interface","kubelet-config","kubelet",""],"");return ae===""?[]:[{kind:ae,name:R(v,"name"),pid:C(v,"pid"),unit:R(v,"unit")}]}),firewalls:x("firewall").flatMap(v=>{const ae=H(v.name,["ufw","firewalld","nftables",""],""),de=H(v.state,["active","inactive","unknown"],"unknown");return ae===""?[]:[{name:ae,state:de,rules:he(v,"rules",`
`)}]}),sshForwarding:H(T("sshd")?.forwarding,["yes","no","local","remote","unknown"],"unknown"),runtimes:x("runtime").map(v=>({name:R(v,"name"),isRunning:v.running===!0})).filter(({name:v})=>v!==""),gpu:{devices:x("gpu-device").map(v=>({name:R(v,"name"),driverVersion:R(v,"driver"),memoryMiB:C(v,"memory")})),pciDevices:C(ge,"pci"),problem:R(ge,"problem"),processes:oe(x("gpu-process")),areProcessesKnown:T("gpu-processes")?.known===!0},distribution:X.filter(v=>typeof v.fact=="string"&&/^[a-z0-9]+\./.test(v.fact))}}const _e=[Q.P["survey-machine"],Q.P["survey-network"],Q.P["survey-containers"],Q.P.survey].join(`
`),Ue=Q.P.evidence,Fe=[_e,Q.P["gpu-processes"]].join(`
`);async function Oe(X,y,x){const T=X.transport==="local"?"local":`${X.user}@${X.address}`;if(x.aborted)throw(0,$.ip)(T,"connecting",x);if(/[\n\0]/.test(X.sudoPassword??""))throw new $.dh("access-invalid",T,{title:"the sudo password cannot be used",cause:"it holds a line break",remedy:"save the secret again as one line"});if(X.transport==="local")return L.open(X,y.exec);const{connectSsh:V}=await O.e(383).then(O.bind(O,2383));return V(X,x)}}),3221:((ye,re,O)=>{O.d(re,{J_:()=>F,Nt:()=>q,ec:()=>M,h7:()=>j});var $=O(6846);const G=new Set("PATH IFS ENV HOME SHELL USER LOGNAME PWD TERM PS1 PS2 PS4 ROOT REHEARSAL GUARD GUARD_PID GUARD_FILE KGA_GROUP SUDO_STATE SUDO_PROBLEM SUDO_USER LC_ALL LANG OPTIND".split(" "));function U(N){return`'${N.replaceAll("'","'\\''")}'`}function ne(N,L){if(!/^[A-Z_][A-Z0-9_]*$/.test(N)||G.has(N)||/^(?:LD_|BASH)/.test(N))throw new TypeError(`${JSON.stringify(N)} cannot be the name of a script's variable`);if(L.includes("\0"))throw new TypeError(`the value of ${N} holds a NUL character, which no shell variable can`);return`${N}=${U(L)}`}function J(N,L){const Q=Object.entries(N).map(([S,R])=>`${ne(S,R)}
export ${S}
`),I=Object.entries(L).map(([S,R])=>`unset ${S}
${ne(S,R)}
`);return[...Q,...I].join("")}function P(N){return N.type!=="watch"?`GUARD=${N.type}
`:`GUARD=watch
GUARD_PID=${N.pid}
GUARD_FILE=${U(N.file)}
`}function q(N,L,Q,I){const S=/(?:^|\n)main[ \t]*\n*$/.test(N)?"":`main
`;return`${P(I)}${$.P.library}
${J(L,Q)}${N}
${S}#end`}function j(N){const L=N.privilege==="user"?"":N.sudoPassword,Q=Math.max(1,Math.ceil(N.timeoutMs/1e3)),I=Buffer.from(N.program),S=[L,N.privilege,Q,N.input,L,`k3s-gpu-actions-begin ${I.length}`];return Buffer.concat([Buffer.from(`${S.join(`
`)}
`),I])}const M=["-c",$.P.outer,"k3s-gpu-actions",$.P.inner],F=`exec sh ${M.map(U).join(" ")}`}),6846:((ye,re,O)=>{O.d(re,{P:()=>$});const $={evidence:`
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
`,"gpu-processes":`
main() {
  (survey_gpu) || :
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

survey_gpu() {
  pci=0
  for device in "$ROOT/sys/bus/pci/devices"/*; do
    vendor=$(first "$device/vendor") || continue
    class=$(first "$device/class") || continue
    case $vendor$class in 0x10de0x0300* | 0x10de0x0302*) pci=$((pci + 1)) ;; esac
  done
  devices='' problem='' known=false
  if has nvidia-smi; then
    devices=$(asked 10 nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader,nounits) && code=0 || code=$?
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
        printf '\\n\\001124\\n'
        kill -s KILL "$program"
      } &
      watch=$!
      code=0
      wait "$program" || code=$?
      printf '\\n\\001%s\\n' "$code"
      kill "$watch"
    } 2>/dev/null &
  } | {
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
`}}),3493:((ye,re,O)=>{O.d(re,{IA:()=>j,P4:()=>ne,bY:()=>Q,mq:()=>L,q_:()=>U});var $=O(6193),G=O(543);const U=8e3,ne=3e3,J=1024*1024,P=32*1024*1024,q=64*1024;class j{lines=[];#t;#e=new $.StringDecoder("utf8");#o=new $.StringDecoder("utf8");#n="";#r=0;#s=!1;#a="";constructor(S){this.#t=S}stdout(S){if(!this.#d(S))return;const R=(this.#n+this.#e.write(S)).split(`
`);this.#n=R.pop()??"",this.#n.length>J&&this.#i();for(const he of R)this.#l(he)}stderr(S){this.#d(S)&&this.#c(this.#o.write(S))}#d(S){return this.#s?!1:(this.#r+=S.length,this.#r>P&&this.#i(),!0)}#i(){throw this.#s=!0,this.#n="",new RangeError("too much output")}end(){const S=this.#n+this.#e.end();this.#n="",this.#l(S)}get errors(){return this.#a.slice(-q)}#c(S){this.#a+=S,this.#a.length>4*q&&(this.#a=this.#a.slice(-q))}#l(S){if(S.trim()==="")return;const R=M(S);if(R===void 0){this.#c(`${S.slice(0,1024)}
`);return}this.lines.push(R),this.#t?.(R)}}function M(I){if(I.startsWith("{"))try{const S=JSON.parse(I);return typeof S=="object"&&S!==null&&!Array.isArray(S)?S:void 0}catch{return}}const F={"sudo-password-wrong":{title:"root rights could not be had",cause:"sudo does not accept the password (it was tried once, so nothing is locked)",remedy:"correct the sudo password, or allow the user passwordless sudo"},"sudo-password-required":{title:"root rights could not be had",cause:"sudo asks for a password and none was given",remedy:"give the sudo password, or allow passwordless sudo: %u ALL=(ALL) NOPASSWD: ALL in a file of /etc/sudoers.d"},"sudo-not-allowed":{title:"root rights could not be had",cause:"the user may not run the needed commands with sudo",remedy:"add the user to the sudoers: %u ALL=(ALL) NOPASSWD: ALL in a file of /etc/sudoers.d"},"sudo-needs-tty":{title:"root rights could not be had",cause:"sudo insists on a terminal (requiretty)",remedy:"switch it off for this user: Defaults:%u !requiretty in a file of /etc/sudoers.d"},"sudo-missing":{title:"root rights could not be had",cause:"the user is not root and the host has no sudo",remedy:"install sudo, or connect as root"},"timeout-missing":{title:"nothing was run",cause:"the host has no timeout command, so nothing there could be ended for certain",remedy:"install coreutils or busybox on the host"}};function N(I){return I.trim().split(`
`).slice(-5)}function L(I){I.output.end();const{lines:S,errors:R}=I.output,he=(H,oe,ve)=>{const _e=oe.remedy.replaceAll("%u",I.user);throw new G.dh(H,I.host,{...oe,remedy:_e,evidence:[...ve,...N(R)]},I.redact)},C=S.find(H=>typeof H.error=="string"&&H.error in F);if(I.exitCode===77&&C!==void 0){const H=C.error,oe=F[H];oe!==void 0&&he(H,oe,typeof C.message=="string"?[C.message]:[])}if([124,137,143].includes(I.exitCode)&&I.elapsedMs>=I.timeoutMs*.95&&he("script-timeout",Q(I.scriptName,I.timeoutMs),[`last line: ${JSON.stringify(S.at(-1)??null).slice(0,500)}`]),I.exitCode===74&&S.length===0&&he("script-unreadable",{title:`script ${I.scriptName} did not start`,cause:"the host did not read it completely",remedy:"run it again; if it stays, look at the host with dd --version and sh on the console"},[]),I.privilege==="root"&&I.exitCode===1&&S.length===0&&/^sudo: /m.test(R)){const H=F["sudo-not-allowed"];H!==void 0&&he("sudo-not-allowed",H,[])}return{exitCode:I.exitCode,lines:S,stderr:I.redact(R)}}function Q(I,S){return{title:`script ${I} was ended on the host`,cause:`it did not finish within ${Math.round(S/100)/10} s`,remedy:"look at the host (load, disk, network) and run it again; raise the timeout when the host is just slow"}}}),7131:((ye,re,O)=>{O.d(re,{hk:()=>$,oQ:()=>L,k3:()=>q,Eb:()=>ze,zF:()=>ke,C5:()=>pn,uT:()=>En,bj:()=>He,Jp:()=>on,Ms:()=>xn,H$:()=>S,gD:()=>Oe,k_:()=>Nn,JG:()=>xe,mj:()=>tn,_n:()=>wn,E4:()=>K,iY:()=>nn,hc:()=>In,mq:()=>ae,Xy:()=>ge,g7:()=>P,Pd:()=>Se,bF:()=>Q,o6:()=>Cn,YD:()=>mn,ik:()=>Ee,UY:()=>Un,uG:()=>I,NN:()=>ue});const $={desired:"k3s-gpu-actions/desired",ownedLabels:"k3s-gpu-actions/owned-labels",ownedTaints:"k3s-gpu-actions/owned-taints"};function G(a){return(a??"").split(",").map(d=>d.trim()).filter(d=>d!=="")}function U(a){return[...new Set(a)].sort().join(",")}const ne=400,J=500;function P(a,d){const{unit:l,node:p,leaseRenewedAtMs:w,leaseOfOldMs:g}=a;if(l?.isNew!==!0||g===void 0)return"the process that was ordered";if(l.activeState!=="active")return"an active unit";if(p?.ready!=="True")return"a Ready node";if(p.kubeletVersion!==d.version)return`version ${d.version} (the node has ${p.kubeletVersion})`;const m=d.isFirstStart&&p.uid!==d.uidBefore,k=w!==void 0&&w>g;return m||k?void 0:"a heartbeat of the new process"}async function q(a,d,l){const p=d.now(),w=new AbortController,g=AbortSignal.any([l,w.signal]);let m={journal:[]};const k=()=>d.now()-p;let E=()=>{},A=()=>{};const Z=new Promise((B,we)=>{E=B,A=we}),ce=()=>{const B=k();if(m.node&&P(m,a)===void 0)return{type:"ready",node:m.node,state:m,elapsedMs:B};const we=d.judge(m,B);return we?{type:"hopeless",...we,state:m,elapsedMs:B}:B>=a.timeoutMs?{type:"deadline",state:m,elapsedMs:B}:void 0},z=()=>{const B=ce();B&&E(B)},W=B=>{if(B.type==="journal"){const we={text:B.text,atMs:k(),...B.source?{source:B.source}:{}};m={...m,journal:[...m.journal.slice(1-ne),we]}}else{const we=B.activeState==="active"?m.activeAtMs??k():void 0,Hn=m.leaseOfOldMs??(B.isNew?Math.max(a.leaseBeforeMs??0,m.leaseRenewedAtMs??0):void 0);m={...m,unit:B,activeAtMs:we,leaseOfOldMs:Hn}}d.onEvent?.(B,k()),z()},Ae=setInterval(z,J),je=()=>A(l.reason);l.addEventListener("abort",je,{once:!0});const Fn=[d.follow(W,g),d.cluster.watch(a.node,B=>{B.type==="node"?(m={...m,node:B.node},d.onNode?.(B.node,k())):B.type==="gone"?m={...m,node:void 0}:m={...m,leaseRenewedAtMs:B.renewedAtMs},z()},g)].map(B=>B.then(()=>{g.aborted||A(new Error("a watch ended before the node was ready"))},we=>{g.aborted||A(we)}));try{return l.throwIfAborted(),await Z}finally{clearInterval(Ae),l.removeEventListener("abort",je),w.abort(new Error("the wait is over")),await Promise.all(Fn)}}var j=O(7030);const M=new j.BlockList;for(const[a,d]of[["10.0.0.0",8],["172.16.0.0",12],["192.168.0.0",16],["100.64.0.0",10],["169.254.0.0",16],["127.0.0.0",8]])M.addSubnet(a,d,"ipv4");M.addSubnet("fc00::",7,"ipv6"),M.addSubnet("fe80::",10,"ipv6");function F(a){const d=(0,j.isIP)(a);return d!==0&&M.check(a,d===4?"ipv4":"ipv6")}function N(a){const d="Can pods on this host and pods on the servers reach each other?",{desired:l,nodes:p,facts:w}=a,g=l.nodeExternalIp??l.nodeIp??w.defaultRoute?.source??w.addresses[0]??l.access.address,m=p.filter(A=>A.isServer).flatMap(A=>[...A.externalIps,...A.internalIps]),k=m.filter(A=>(0,j.isIP)(A)!==0&&!F(A));if(!F(g)||k.length===0)return{id:"cluster.topology",verdict:"pass",question:d,found:`${g||"unknown address"} beside ${m.join(", ")||"no known server address"}`};const E=`${g} is private, the servers are public (${k.join(", ")}): pods here will not reach pods there`;return l.podNetwork==="isolated"?{id:"cluster.topology",verdict:"pass",question:d,found:`${E} (declared: pod-network isolated)`}:{id:"cluster.topology",verdict:"warn",question:d,found:E,cause:"the overlay network sends packets straight to node addresses; through NAT they do not arrive",remedy:"declare `pod-network: isolated` in the cluster file when host-level tunnels are enough; otherwise use a WireGuard or Tailscale overlay (docs: networking/distributed-multicloud)"}}function L(a,d,l,p,w){return l?Q(a,d,p):{verdict:"fail",...w,id:a,question:d,found:p}}function Q(a,d,l){return{id:a,verdict:"pass",question:d,found:l}}function I(a,d,l){return{id:a,verdict:"skip",question:d,found:`unknown: ${l}`}}function S(a,d=4){const l=a.length-d;return l>0?`${a.slice(0,d).join(", ")} and ${l} more`:a.join(", ")}const R=3e4;function he(a){const d="host.clock",l="Is the clock of the host within 30 s of the API server?",{facts:p,reading:w,readAtRunnerMs:g}=a;if(p.clock.hostMs===0)return I(d,l,"the host does not tell its time");const m=p.clock.hostMs-p.clock.runnerMs,k=w.serverTimeMs-g,E=Math.round(m-k),A=Math.round(Math.abs(E)/1e3),Z=A<=1?"same second":`${A} s ${E>0?"ahead":"behind"}`;return L(d,l,Math.abs(E)<=R,Z,{cause:"certificates are not valid from the host's point of view",remedy:"sudo timedatectl set-ntp true"})}const C=5,H=1024**2,oe={bytes:2*1024*H,inodes:1e4},ve={"/usr/local/bin":{bytes:256*H,inodes:100},"/etc":{bytes:16*H,inodes:100}},_e=a=>a>=1024*H?`${a/1024/H} GiB`:`${a/H} MiB`;function Ue(a){const d=`host.disk.${a.path.replaceAll(/[^a-zA-Z0-9]+/g,"-").replace(/^-/,"").slice(0,64)||"root"}`,l=ve[a.path]??oe,p=a.availableInodes===Number.MAX_SAFE_INTEGER,g=`${(a.availableBytes/1024**3).toFixed(1)} GiB and ${p?"any number of":a.availableInodes} inodes free`,m=a.availableBytes>=l.bytes&&a.availableInodes>=l.inodes,k=a.totalBytes>0?a.availableBytes/a.totalBytes*100:100;return m&&l===oe&&k<C?L(d,`Is there room below ${a.path}?`,!1,`${g}, ${k.toFixed(1)} % of it`,{verdict:"warn",cause:`a kubelet with less than ${C} % free reports DiskPressure: no new pods, and those that run are evicted`,remedy:`free space below ${a.path}, or set other limits: kubelet-arg eviction-hard in \`extra-config\``}):L(d,`Is there room below ${a.path}?`,m,g,{cause:l===oe?"images and logs fill what is left, and the kubelet then evicts pods":"program and configuration are written there",remedy:`free at least ${_e(l.bytes)} and ${l.inodes} inodes below ${a.path}`})}function Fe({facts:a}){return a.disks.slice(0,16).map(Ue)}function Oe(a){return a.gpu.processes.filter(d=>d.owner!=="pod")}function X(a){const{facts:d,desired:l}=a,p="Which GPUs does the host have, and who uses them?";if(d.gpu.pciDevices===0&&d.gpu.devices.length===0)return l.gpu?{id:"host.gpu",verdict:"warn",question:p,found:"no NVIDIA GPU",cause:"the cluster file expects one",remedy:"check the card, or remove `gpu` from the node"}:{id:"host.gpu",verdict:"skip",question:p,found:"no NVIDIA GPU"};if(d.gpu.devices.length===0)return{id:"host.gpu",verdict:"warn",question:p,found:`${d.gpu.pciDevices} NVIDIA device(s) on the bus, but no driver answers`,cause:d.gpu.problem||"nvidia-smi is not installed",remedy:"install or repair the driver; the join itself does not need it"};const w=Oe(d),g=d.gpu.devices.map(k=>k.name).join(", ");if(w.length===0)return{id:"host.gpu",verdict:"pass",question:p,found:`${d.gpu.devices.length} \xD7 ${g}`};const m=w.map(k=>`${k.name} (pid ${k.pid}, ${k.ownerDetail||k.owner})`).join(", ");return{id:"host.gpu",verdict:"warn",question:p,found:`${m} ${w.length===1?"is":"are"} using the GPU`,cause:"a restart or a daemon-reload can take the GPU from running containers",remedy:"nothing to do: no change that could disturb it is made unless `allow-gpu-disruption` says so"}}var y=O(7598),x=O(2113);const T=["kubelet.kubernetes.io","node.kubernetes.io"],V=new Set(["beta.kubernetes.io/arch","beta.kubernetes.io/instance-type","beta.kubernetes.io/os","failure-domain.beta.kubernetes.io/region","failure-domain.beta.kubernetes.io/zone","kubernetes.io/arch","kubernetes.io/hostname","kubernetes.io/os","node.kubernetes.io/instance-type","topology.kubernetes.io/region","topology.kubernetes.io/zone"]);function K(a){const[d]=a.split("/");return!a.includes("/")||!d||!["kubernetes.io","k8s.io"].some(p=>d===p||d.endsWith(`.${p}`))||V.has(a)?!1:!T.some(p=>d===p||d.endsWith(`.${p}`))}const Y=a=>`${a.key}:${a.effect}`,fe=(a,d)=>Y(a)===Y(d)&&(a.value??"")===(d.value??""),ie=a=>(0,x.kJ)(a)===void 0,le=a=>/^node\.(cloudprovider\.)?kubernetes\.io\//.test(a.key);function ue(a){return{[$.ownedLabels]:U(Object.keys(a.labels)),[$.ownedTaints]:U(a.taints.map(Y))}}function ge(a,d){const l=(z,W)=>Object.hasOwn(z,W),p=d?.labels??{},w=Object.entries(a.labels).filter(([z,W])=>!l(p,z)||p[z]!==W),g=G(d?.annotations[$.ownedLabels]).filter(z=>!l(a.labels,z)&&l(p,z)&&ie(z)).map(z=>[z,null]),m=Object.fromEntries([...w,...g]),k=d?.taints??[],E=a.taints.filter(z=>!k.some(W=>fe(W,z))),A=new Set(G(d?.annotations[$.ownedTaints])),Z=new Set(a.taints.map(Y)),ce=k.filter(z=>A.has(Y(z))&&!Z.has(Y(z))&&!le(z));return{labels:m,addTaints:E,removeTaints:ce}}function v(a){return Object.keys(a.labels).length+a.addTaints.length+a.removeTaints.length>0}function ae(a,d){const l=new Set([...d.removeTaints,...d.addTaints].map(Y));return[...a.filter(p=>!l.has(Y(p))),...d.addTaints]}const de=4e4;function me({node:a,leaseRenewedAtMs:d,leaseNodeUid:l,serverTimeMs:p}){const w=d!==void 0&&l!==void 0&&l===a?.uid,g=a?.ready==="True"&&!w?Date.parse(a.createdAt):void 0,m=[d,g].filter(E=>E!==void 0&&!Number.isNaN(E)),k=Math.max(0,p-Math.max(...m));if(!(m.length===0||d===void 0&&k>de))return k}function $e(a){return Array.isArray(a)?a.map($e):a===null||typeof a!="object"?a:Object.fromEntries(Object.entries(a).sort(([d],[l])=>d<l?-1:d>l?1:0).map(([d,l])=>[d,$e(l)]))}function He(a,d,l){const p={server:d,version:l,distribution:a.distribution,labels:a.labels,taints:a.taints.map(w=>`${w.key}=${w.value??""}:${w.effect}`).sort(),nodeIp:a.nodeIp??"",nodeExternalIp:a.nodeExternalIp??"",extraConfig:a.extraConfig};return`sha256:${(0,y.createHash)("sha256").update(JSON.stringify($e(p))).digest("hex")}`}function pn(a,d,l,p){const{node:w}=p;if(!w)return{isAsDesired:!1,differences:[`${a.node} is not a node yet`]};const g=me(p),m=[],k=w.annotations[$.desired];return k===void 0?m.push("it has not been brought under this project yet (no record of a complete run)"):k!==He(a,d,l)&&m.push("the desired state has changed since the last complete run"),w.kubeletVersion!==l&&m.push(`version ${w.kubeletVersion}, wanted ${l}`),v(ge(a,w))&&m.push("labels or taints differ"),w.ready!=="True"&&m.push(`Ready is ${w.ready}`),g===void 0?m.push("it has no heartbeat (no Lease)"):g>de&&m.push(`last heartbeat ${Math.round(g/1e3)} s ago`),{isAsDesired:m.length===0,differences:m,...g===void 0?{}:{heartbeatAgeMs:g}}}const $n=/^(03000200-0400-0500-0006-000700080009|f+(-f+)*|0+(-0+)*|)$/i,Pe=a=>$n.test(a)?"":a.toLowerCase();function mn(a,d){const l=Pe(a?.systemUuid??"");return l!==""&&l===Pe(d.systemUuid)}function Se(a,d){if(!a)return"nobody";const[l,p]=[Pe(a.systemUuid),Pe(d.systemUuid)];return l!==""&&p!==""?l===p?"this-machine":"another-machine":a.machineId!==""&&a.machineId===d.machineId?"this-machine":"unknown-machine"}function wn({reading:a}){const d=me(a);return a.node?.ready==="True"&&d!==void 0&&d<=de}function xe({reading:a}){const d=me(a);return a.node!==void 0&&d!==void 0&&d<=de}function Ee(a){const{reading:d,consent:l,desired:p}=a;return d.node!==void 0&&l.replaceNode===p.node&&!xe(a)}function ze({reading:{node:a},facts:d,desired:l}){return[a?`node: system UUID ${a.systemUuid||"unknown"}, ${a.internalIps.join(", ")||"no address"}, ${a.osImage}`:"node: there is none of that name",`host: system UUID ${d.systemUuid||"unknown"}, ${d.addresses.join(", ")||l.access.address}, ${d.os.prettyName}`]}function Ge(a){const{desired:d,facts:l,reading:p}=a,w=`Is the name ${d.node} free, or this machine's own?`,g=Se(p.node,l);if(g==="nobody")return{id:"cluster.name",verdict:"pass",question:w,found:"free"};if(g==="this-machine")return{id:"cluster.name",verdict:"pass",question:w,found:"this machine is the node"};const m=ze(a);if(xe(a))return{id:"cluster.name",verdict:"fail",question:w,found:g==="another-machine"?"a live machine with another identity has it":"a live node has it, and its identity cannot be compared",cause:"two machines cannot share a name",remedy:"give this machine another `node` name",evidence:m};const k=Ee(a);return{id:"cluster.name",verdict:k?"warn":"fail",question:w,found:`a node that is no longer alive has it${k?"; it will be replaced as confirmed":""}`,cause:"the node was joined from another machine or another installation",remedy:`press the button again with replace-node = ${d.node}, or give this machine another name`,evidence:m}}const Je=/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;function Be({desired:a}){const d=Je.test(a.node)&&a.node.length<=63;return L("cluster.node-name",`Is ${a.node} a valid name for a node?`,d,d?"valid":"not valid",{cause:"the name of a node is at most 63 lower-case letters, digits, dashes and dots (RFC 1123)",remedy:"give another `node`, e.g. the host name in lower case"})}const Le=a=>`node ${a.name}: system UUID ${a.systemUuid||"unknown"}, machine-id ${a.machineId||"unknown"}, ${S(a.internalIps)||"no address"}, Ready ${a.ready}`,Me=a=>`host: system UUID ${a.systemUuid||"unknown"}, machine-id ${a.machineId||"unknown"}, ${S(a.addresses)||"no address"}`;function gn({desired:a,facts:d,nodes:l}){const p="cluster.machine",w="Is this machine no node under another name?",g=l.filter(Z=>Z.name!==a.node),m=g.filter(Z=>Se(Z,d)==="this-machine"),k=m.find(Z=>Z.ready==="True");if(k)return L(p,w,!1,`it is the live node ${k.name}`,{cause:"system UUID or machine-id are the same: a second agent would take ports and containers from the first",remedy:`name it ${k.name}; or remove that node first: sudo systemctl disable --now its agent, then kubectl delete node ${k.name}`,evidence:[Le(k),Me(d)]});const[E]=m;if(E)return L(p,w,!1,`it was the node ${E.name}, which is no longer alive`,{verdict:"warn",cause:"the machine was joined under another name before",remedy:`when nobody needs it any more: kubectl delete node ${E.name}`,evidence:[Le(E),Me(d)]});if(d.systemUuid===""&&d.machineId==="")return I(p,w,"the host tells neither system UUID nor machine-id");const A=g.find(Z=>d.machineId!==""&&Z.machineId===d.machineId);return A?L(p,w,!1,`its machine-id is also that of ${A.name}`,{verdict:"warn",cause:"both were made from one disk image: DHCP and everything else that goes by machine-id mixes them up",remedy:"give it one of its own and reboot: sudo rm /etc/machine-id && sudo systemd-machine-id-setup",evidence:[Le(A),Me(d)]}):Q(p,w,l.length===0?"there is no other node":"no node has its identity")}function kn({desired:a,facts:d,nodes:l}){const p="cluster.address",w="Is the address of the node its own?",g=(a.nodeIp??d.defaultRoute?.source??"").split(",").map(A=>A.trim()).filter(A=>A!=="");if(g.length===0)return I(p,w,"which address the agent will choose");const m=l.find(A=>A.name!==a.node&&Se(A,d)!=="this-machine"&&A.internalIps.some(Z=>g.includes(Z)));if(!m)return Q(p,w,g.join(", "));const k=m.internalIps.find(A=>g.includes(A))??g.join(", "),E=a.podNetwork==="isolated"||m.ready!=="True";return L(p,w,!1,`${k} is also the address of ${m.name}`,{verdict:E?"warn":"fail",cause:"nodes and their pods are reached by that address, so it has to be unique in the cluster",remedy:"give `node-ip` with another address of this machine, or one of an overlay network to both",evidence:[Le(m),Me(d)]})}function Ye({facts:a,desired:d}){const l="host.route",p="Is there a default route?";return a.defaultRoute?Q(l,p,`via ${a.defaultRoute.via||a.defaultRoute.device}`):a.hasNoDefaultRoute?L(l,p,!1,"none",{verdict:d.nodeIp?"warn":"fail",cause:d.nodeIp?"the address is given, but services of the cluster are reached through the default route":"the agent takes its address from the default route, and stops without one",remedy:"add a default route; one through a dummy interface is enough (docs: installation/airgap), and give `node-ip`"}):I(l,p,"the host does not tell its routes")}function Qe({facts:a,desired:d}){if(d.access.transport==="local")return[];const l="host.forwarding",p="May connections be forwarded over SSH, to try the join through the host\u2019s own network?",{sshForwarding:w}=a;if(w==="unknown")return[I(l,p,"the configuration of sshd is told to root only")];const g=w==="yes"||w==="local";return[L(l,p,g,g?"allowed":`refused (AllowTcpForwarding ${w})`,{verdict:"warn",cause:"sshd on the host is configured so; the handshake then uses curl on the host instead",remedy:`nothing to do where the host has curl; otherwise allow it for this user in /etc/ssh/sshd_config: Match User ${a.user||d.access.user||"USER"} / AllowTcpForwarding local`})]}const vn={"sudo-password-required":"sudo asks for a password, and none was given","sudo-password-wrong":"sudo refused the password that was given","sudo-not-allowed":"the user may not use sudo","sudo-needs-tty":"sudo demands a terminal (requiretty)","sudo-missing":"there is no sudo on the host"};function bn({facts:a}){const{state:d,problem:l}=a.privilege,w={root:"logged in as root",passwordless:"sudo without a password",password:"sudo with the password given",none:vn[l]??(l||"no sudo")}[d];return L("host.sudo",`May ${a.user||"the user"} become root?`,d!=="none",w,{cause:"installing a unit and its files needs root",remedy:`give \`sudo-password\`, or let the user become root without one: echo '${a.user||"USER"} ALL=(ALL) NOPASSWD: ALL' | sudo tee /etc/sudoers.d/k3s-gpu-actions`})}function yn({facts:a}){const d="host.os",l="Is this a Linux on which programs and units can be installed?",p=a.os.prettyName||a.os.id;return a.readOnly.length>0?L(d,l,!1,`${a.readOnly.join(" and ")} cannot be written${p?` (${p})`:""}`,{cause:"the program and its unit are installed there, and on this system not even root can write to it",remedy:"use a system whose /usr/local/bin and /etc are writable, or remount them: sudo mount -o remount,rw /usr"}):p===""&&a.kernel===""?I(d,l,"the host does not say what it runs"):Q(d,l,[p,a.kernel&&`kernel ${a.kernel}`].filter(Boolean).join(", "))}function _n({facts:a}){const d=["amd64","arm64"].includes(a.architecture);return L("host.architecture","Is the processor architecture supported?",d,a.architecture||"unknown",{cause:"programs are fetched and checked for amd64 and arm64 only",remedy:"use a 64-bit x86 or Arm machine"})}function en({facts:a}){return L("host.init","Is systemd the init system?",a.init==="systemd",a.init,{cause:"units are written for systemd",remedy:"use a host with systemd; OpenRC is not supported in this version"})}function On(a){const[,d,l]=/^v?(\d{1,3})\.(\d{1,3})\./.exec(a)??[];return d===void 0||l===void 0?void 0:Number(d)*100+Number(l)}const Tn=135;function Rn({facts:a,version:d}){const l="host.cgroup",p="Are the control groups there that a kubelet needs?",{version:w,controllers:g}=a.cgroup;if(w===0)return I(l,p,"the host shows no control groups");const m=`cgroup v${w}`;if(!g.includes("memory"))return L(l,p,!1,`${m} without the memory controller`,{cause:"the kubelet cannot limit memory without it and stops",remedy:"add `cgroup_enable=memory cgroup_memory=1` to the kernel command line and reboot"});if(w===1&&(On(d)??0)>=Tn)return L(l,p,!1,`${m}, and ${d} is wanted`,{cause:"a kubelet from 1.35 on refuses to run on cgroup v1",remedy:"boot with cgroup v2: add `systemd.unified_cgroup_hierarchy=1` to the kernel command line and reboot; or use a version before 1.35"});const k=(w===2?["cpu","cpuset","pids"]:["pids"]).filter(E=>!g.includes(E));return L(l,p,k.length===0,k.length===0?m:`${m} without ${k.join(", ")}`,{cause:"the agent looks for these controllers when it starts, and stops",remedy:`take what disables ${k.join(", ")} off the kernel command line (cgroup_disable=\u2026) and reboot; a realtime kernel may lack cpu`})}function Sn(a){const d=a.split(/<[^>]*>/).map(l=>l.replaceAll(/[.*+?^${}()|[\]\\]/g,"\\$&"));return new RegExp(`^${d.join("[a-z0-9_.:-]+")}$`,"i")}function xn(a,d){return a.find(l=>l.id===d)??a.find(l=>Sn(l.id).test(d))}const te=(a,d,l,p,w=!0)=>({id:a,stage:"preflight",severity:d,asks:l,remedy:p,isIgnorable:w}),nn=[te("host.sudo","fail","May the user become root?","give `sudo-password`, or let the user become root without one"),te("host.os","fail","Is this a Linux on which programs and units can be installed?","use a system whose /usr/local/bin and /etc/systemd/system are writable"),te("host.architecture","fail","Is the processor amd64 or arm64?","use such a machine"),te("host.init","fail","Is systemd the init system?","use a host with systemd"),te("host.cgroup","fail","Are the control groups there that a kubelet needs: the memory controller, and v2 from version 1.35 on?","change the kernel command line (`cgroup_enable=memory`, `systemd.unified_cgroup_hierarchy=1`) and reboot"),te("host.clock","fail","Is the clock of the host within 30 s of the API server?","`sudo timedatectl set-ntp true`"),te("host.disk.<path>","fail","Is there room, in bytes and inodes, where data, programs and configuration go? A warning below 5 % free","free what the check says; for data 2 GiB and 10000 inodes"),te("host.route","fail","Is there a default route? A warning when `node-ip` is given","add one; through a dummy interface is enough"),te("host.forwarding","warn","May connections be forwarded over SSH?","none needed where the host has curl; else `AllowTcpForwarding local` for the user"),te("cluster.node-name","fail","Is the name valid for a node (RFC 1123, lower case)?","give another `node` name"),te("cluster.name","fail","Is the name free, or this machine's own? One that a live machine has is never given away","`replace-node` for a dead node; another `node` name for a live one","partly"),te("cluster.machine","fail","Is this machine no node under another name? A warning when that node is dead, or the machine-id is copied","use the name it has, or remove the other node"),te("cluster.address","fail","Is the address of the node its own? A warning where pods are isolated anyway","give `node-ip` with another address"),te("cluster.topology","warn","Can pods on this host and pods on the servers reach each other?","declare `pod-network: isolated`, or use an overlay network"),te("host.gpu","warn","Which GPUs does the host have, and who uses them?","none needed; repair the driver where it does not answer"),{id:"plan.gpu-in-use",stage:"plan",severity:"fail",asks:"Does the plan disturb a process outside the cluster that uses the GPU?",remedy:"`allow-gpu-disruption`, or stop the process first",isIgnorable:!1},...[["unit","Does the agent\u2019s unit run?","see the journal in the evidence"],["ready","Is the node Ready, with a fresh heartbeat?","see the node\u2019s conditions in the evidence"],["version","Does the node run the wanted version?","press the button again; another agent may answer for it"],["metadata","Are labels and taints as wanted?","press the button again; find who else changes them"],["gpu-processes","Do the processes that used the GPU before still run?","start them again; the report names them"]].map(([a,d,l])=>({id:`confirm.${a}`,stage:"confirm",severity:"fail",asks:d,remedy:l,isIgnorable:!1}))];function tn(a){return[bn(a),yn(a),_n(a),en(a),Rn(a),he(a),...Fe(a),Ye(a),...Qe(a),Be(a),Ge(a),gn(a),kn(a),N(a),X(a)]}var Te=O(7158);function En(a,d,l,p,w){const g=[],m=(E,A,Z,ce,z)=>{g.push({id:E,verdict:Z?"pass":"fail",question:A,found:ce,...Z?{}:{cause:"it was so a moment ago, or was never brought about",remedy:z}})};if(p!==void 0&&m("confirm.unit","Is the unit active?",p==="active",p,"look at its journal on the host"),w||m("confirm.ready","Is the node Ready?",l?.ready==="True",l?`Ready=${l.ready} ${l.readyMessage}`.trim():"no such node","press the button again; the plan says what is missing"),!l)return g;w||m("confirm.version","Does the node run the wanted version?",l.kubeletVersion===d,l.kubeletVersion,"press the button again; the plan says what is missing");const k=ge(a,l);return m("confirm.metadata","Are labels and taints as wanted?",!v(k),v(k)?[...Object.keys(k.labels),...k.addTaints.map(Te.eh),...k.removeTaints.map(Te.eh)].join(", "):"as wanted","something else changes them: look at managedFields of the node"),g}const De=a=>`${a.name} (pid ${a.pid}, ${a.ownerDetail||a.owner})`;function An(a,d){const l=a.startTicks===void 0||d.startTicks===void 0||a.startTicks===d.startTicks;return a.pid===d.pid&&a.name===d.name&&l}function In(a){return["start","restart","reload","install"].includes(a.kind)&&a.waitsFor===void 0}function Nn(a,d,l,p=""){const w=Oe(a);if(w.length===0)return;const g="confirm.gpu-processes",m="Do the processes outside the cluster still have the GPU?",k=w.filter(Z=>!d?.processes.some(ce=>An(Z,ce))),E=w.map(De).join(", ");if(k.length===0)return{id:g,verdict:"pass",question:m,found:`${E}: still there`};if(d===void 0||!d.areProcessesKnown)return{id:g,verdict:"error",question:m,found:`not known: ${E} used it before`,cause:p||d?.problem||"the processes that use the GPU could not be listed again",remedy:"look on the host: nvidia-smi"};const A=k.map(De).join(", ");return{id:g,verdict:l?"warn":"fail",question:m,found:`${A} ${k.length===1?"has":"have"} it no more`,cause:l?"the run changed the host, as allow-gpu-disruption lets it":"it lost the GPU or ended while this run changed the host; nothing that was planned should have disturbed it",remedy:`look at it on the host and start it again: ${k.map(({ownerDetail:Z,owner:ce})=>Z||ce).join(", ")}`,evidence:[`before: ${E}`,`after: ${d.processes.map(De).join(", ")||"nobody uses the GPU"}`]}}const Pn=a=>a?a.slice(0,63):"empty",Ke=" (no longer wanted; ours)";function sn(a,d,l){const p=d&&l;if(a===void 0)return p?" (was removed by hand)":" (new)";const w=p?", changed by hand":d?"":", not ours until now";return` (was ${Pn(a.value)}${w})`}function rn(a,d,l){const p=new Set(G(d?.annotations[$.ownedLabels]));return Object.entries(a.labels).map(([w,g])=>{if(g===null)return`${w}-${Ke}`;const m=`${w}=${g}`;if(d===void 0)return m;const k=Object.hasOwn(d.labels,w)?{value:d.labels[w]}:void 0;return`${m}${sn(k,p.has(w),l)}`})}function Ln(a,d,l){const p=new Set(G(d?.annotations[$.ownedTaints]));return[...a.addTaints.map(g=>{if(d===void 0)return(0,Te.eh)(g);const m=d.taints.find(k=>Y(k)===Y(g));return`${(0,Te.eh)(g)}${sn(m&&{value:m.value},p.has(Y(g)),l)}`}),...a.removeTaints.map(g=>`${(0,Te.eh)(g)}-${Ke}`)]}const ke={deleteNode:"delete-node",deletePassword:"delete-node-password",label:"label-node",taint:"taint-node",record:"record-desired"};function Mn(a,d){const{desired:l,server:p,version:w,reading:g}=a,m=ge(l,g.node),k=[],E=He(l,p,w),A=g.node?.annotations[$.desired],Z=rn(m,g.node,A===E);Z.length>0&&k.push({id:ke.label,kind:"label",target:Z.join(", "),reason:g.node?"the node differs from the cluster file and inputs":"wanted on the new node",undo:"not needed: labels disturb nothing, and the next run sets them again"});const ce=Ln(m,g.node,A===E);return ce.length>0&&k.push({id:ke.taint,kind:"taint",target:ce.join(", "),reason:g.node?"the node differs from the cluster file and inputs":"keeps other pods away from the new node from its first second",...m.addTaints.some(Ae=>Ae.effect==="NoExecute")?{disrupts:"evicts pods that do not tolerate it"}:{},undo:"not needed: the next run converges"}),(!Object.entries(ue(l)).every(([Ae,je])=>g.node?.annotations[Ae]===je)||A!==E&&!d)&&k.push({id:ke.record,kind:"annotate",target:d?"labels and taints of this project as owned":"desired state, owned labels and taints",reason:d?"so that they can be changed and removed later":"lets the next run see that nothing is to be done",undo:"not needed: a hint only"}),k}function Dn(a){const{reading:d,desired:l}=a;return!d.node||!Ee(a)?[]:[{id:ke.deleteNode,kind:"delete",target:`node ${l.node} (uid ${d.node.uid})`,reason:"confirmed by replace-node: it is no longer alive",disrupts:"forgets the pods that were bound to it",undo:"none: a deleted node comes back only by joining again"}]}function jn(a,d){const{gpu:l}=a.facts,p=Oe(a.facts),w=d.filter(E=>(["restart","reload"].includes(E.kind)||E.kind==="install"&&E.disrupts!==void 0)&&!E.waitsFor);return!(p.length>0||l.pciDevices>0&&!l.areProcessesKnown)||w.length===0||a.consent.allowGpuDisruption?[]:[{id:"plan.gpu-in-use",verdict:"fail",question:"May the plan disturb processes that use the GPU outside the cluster?",found:`${p.map(De).join(", ")||`whoever uses the GPU (its processes could not be listed: ${l.problem||"no answer"})`} would see: ${w.map(E=>`${E.kind} ${E.target}`).join(", ")}`,cause:"a daemon-reload or restart can take the GPU from running containers (NVIDIA/nvidia-container-toolkit#48)",remedy:"press the button again with allow-gpu-disruption when that is acceptable, or stop the process first"}]}function Cn(a,d,l){const p=d.some(A=>A.waitsFor!==void 0),w=p&&!a.reading.node?[]:Mn(a,p),g=[...Dn(a),...d,...w],m=Ge(a),k=m.verdict==="fail"&&(xe(a)||l.some(A=>A.id===m.id)),E=[...l.filter(A=>A.id!==m.id),...k?[m]:[],...jn(a,g)];return{changes:g,blockers:E}}function on(a){return a.changes.filter(d=>d.waitsFor===void 0)}function Un(a){const d=[ke.label,ke.taint,ke.record];return on(a).some(l=>!d.includes(l.id))}}),9354:((ye,re,O)=>{O.d(re,{SU:()=>Zs});var $=O(7131);const G={binary:"/usr/local/bin/k3s",ownConfig:"/etc/rancher/k3s/config.yaml.d/50-k3s-gpu-actions.yaml",unit:"/etc/systemd/system/k3s-agent.service",environment:"/etc/systemd/system/k3s-agent.service.env",nodePassword:"/etc/rancher/node/password",lock:"/run/k3s-gpu-actions.lock",backups:"/var/lib/k3s-gpu-actions"};var U=O(7598);function ne(e){return`${e}.node-password.k3s`.toLowerCase()}const J=64*1024**2;function P(e){const[,n="",s,t,r,o=""]=/^\$1:([0-9a-f]{2,128}):(\d{1,2}):(\d{1,2}):(\d):([A-Za-z0-9+/]{22,171})$/.exec(e)??[],i={salt:Buffer.from(n,"hex"),logN:Number(s),r:Number(t),p:Number(r),key:Buffer.from(o,"base64")},{logN:c}=i;if(!(n===""||n.length%2!==0||c<1||c>20||i.r<1||i.p<1))return 128*2**c*i.r*i.p<=J?i:void 0}async function q(e,n){const s=P(e);if(!s)return;const{salt:t,logN:r,r:o,p:i,key:c}=s,u={N:2**r,r:o,p:i,maxmem:2*J};return await new Promise(h=>{try{(0,U.scrypt)(n,t,c.length,u,(f,_)=>h(f?void 0:(0,U.timingSafeEqual)(_,c)))}catch{h(void 0)}})}function j(e){return e.hasSecret?e.hasFile?e.password===""?"empty":e.password===void 0||e.isMatch===void 0?"unknown":e.isMatch?"matches":"different":"missing":"none"}function M(e,n){const s=n?.state??"none";if(s==="none"||s==="matches")return"fine";if(s==="empty")return"empty";const{reading:t,facts:r,consent:o,desired:i}=e,c=(0,$.Pd)(t.node,r);if((0,$.JG)(e))return c!=="this-machine"?"foreign":s==="unknown"?"unknown":"live";const u=o.replaceNode===i.node;return(0,$.ik)(e)||u&&t.node===void 0?"replaced":c==="another-machine"?"foreign":s==="unknown"?"unknown":(0,$.YD)(t.node,r)?"healed":"unproven"}const F="k3s.node-password",N="Will the server accept this host's node password?",L=e=>e?.secret?.createdAt?` of ${e.secret.createdAt}`:"",Q={missing:`the host has none (${G.nodePassword} is not there)`,different:"the host has another one",unknown:"it could not be compared with the host's"};function I(e,n){const s=n.nodePassword,{node:t}=e.desired;if(s===void 0)return[{id:F,verdict:"skip",question:N,found:"not asked: the agent is not started by this plan"}];const r=`the cluster keeps a password${L(s)} for ${t}, and ${Q[s.state]??""}`,o="a server rejects an agent whose password is not the one it keeps for that name, every time it asks (403)",i=[`secret kube-system/${ne(t)}${L(s)}`,...(0,$.Eb)(e)];switch(M(e,s)){case"fine":{const c=s.state==="none"?`the cluster keeps none for ${t}`:"it is the one that the cluster keeps";return[{id:F,verdict:"pass",question:N,found:c}]}case"healed":return[{id:F,verdict:"warn",question:N,found:`${r}; it is this machine's own, from an earlier installation (same system UUID)`,cause:o,remedy:`nothing to do: the plan deletes that Secret, and nothing else of ${t}`,evidence:i}];case"replaced":return[{id:F,verdict:"warn",question:N,found:`${r}; it is deleted, as replace-node says`,cause:o,remedy:"nothing to do: the plan deletes that Secret",evidence:i}];case"foreign":return[{id:F,verdict:"skip",question:N,found:"the name belongs to another machine: see cluster.name"}];case"live":return[{id:"plan.node-password",verdict:"fail",question:"Would the node that lives come back from the start that is planned?",found:`no: ${r}. ${t} is alive on this very machine, and its agent would be rejected as soon as it is started again`,cause:`${G.nodePassword} was lost or changed while the agent ran; the password of a live node is never deleted`,remedy:`stop the agent (sudo systemctl stop k3s-agent; containers keep running), wait a minute until ${t} is no longer alive, then press the button again`,evidence:i}];case"empty":return[{id:F,verdict:"fail",question:N,found:`${G.nodePassword} is empty`,cause:"k3s sends what is in that file, and makes a password only where there is no file",remedy:`sudo rm ${G.nodePassword}, then press the button again`,evidence:i}];case"unproven":return[{id:F,verdict:"fail",question:N,found:`${r}; nothing proves that it is this machine's own`,cause:o,remedy:`press the button again with replace-node = ${t} when no other machine of that name is to come back, or give this machine another name`,evidence:i}];case"unknown":return[{id:F,verdict:"warn",question:N,found:s.secret?`${r}: ${s.problem??""}`:`not known: ${s.problem??""}`,cause:s.secret?o:"the Secrets of kube-system could not be listed",remedy:s.secret?`if the server rejects it, press the button again with replace-node = ${t}`:"nothing to do: if the server rejects the password, the run ends with its words",evidence:i}]}}function S(e,n){const s=M(e,n.nodePassword);if(s!=="healed"&&s!=="replaced"||n.nodePassword?.secret===void 0)return;const{node:t}=e.desired,{node:r}=e.reading;return{kind:"delete",target:`secret kube-system/${ne(t)}`,reason:s==="healed"?`from an earlier installation of this machine (same system UUID); node ${t} with its labels and pods stays`:r?`confirmed by replace-node: it goes with node ${t}`:"confirmed by replace-node: no node has that name any more",undo:"none: the password in it is not known; the agent stores its own when it starts"}}var R=O(2088);const he=/^v?(\d+)\.(\d+)\.(\d+)(?:-(rc\d+))?\+k3s(\d+)$/;function C(e){const[,n,s,t,r="",o]=he.exec(e.trim())??[];if(n===void 0)return;const i={major:Number(n),minor:Number(s),patch:Number(t),build:Number(o)},c=r===""?"":`-${r}`;return{text:`v${i.major}.${i.minor}.${i.patch}${c}+k3s${i.build}`,candidate:r,...i}}function H(e){const{major:n,minor:s,patch:t,candidate:r,build:o}=e,i=r===""?"":`0rc.${Number(r.slice(2))}.`;return`${n}.${s}.${t}-${i}k3s.${o}`}function oe(e,n){const s=t=>{const r=C(t);if(r===void 0)throw new RangeError(`${JSON.stringify(t)} is no k3s version: write it like v1.33.4+k3s1`);return new R.SemVer(H(r))};return(0,R.compare)(s(e),s(n))}class ve extends Error{name="VersionError";code="version-invalid";cause;remedy;evidence=[];constructor(n,s,t){super(n),this.cause=s,this.remedy=t}}const _e=/^(stable|latest|testing|v?\d+(\.\d+)?)$/;function Ue(e,n){const s="write `match-server`, or an exact version like v1.33.4+k3s1";if(e.trim()==="match-server"){const i=C(n);if(i!==void 0)return i.text;throw new ve(`the server's version ${JSON.stringify(n)} is no k3s version`,(0,R.coerce)(n)===null?"what answers is not k3s":"the server runs another distribution of Kubernetes","check the kubeconfig, or set `distribution`")}const t=C(e);if(t!==void 0)return t.text;if(_e.test(e.trim()))throw new ve(`version ${JSON.stringify(e)} is a channel`,"a channel names another version tomorrow",s);const r=(0,R.coerce)(e),o=r!==null&&!e.includes("+")?`the +k3s suffix is missing, e.g. v${r.version}+k3s1`:"it has no known form";throw new ve(`version ${JSON.stringify(e)} is no k3s version`,o,s)}const Fe={29:"v1.29.13+k3s1",30:"v1.30.9+k3s1",31:"v1.31.5+k3s1"};function Oe(e,n){const s="k3s.version",t=`Does an agent of ${e} go with a server of ${n}?`,r=C(e),o=C(n);if(r===void 0||o===void 0)return{id:s,verdict:"error",question:t,found:`${JSON.stringify(r===void 0?e:n)} is no k3s version`,cause:"the two cannot be compared",remedy:"write versions like v1.33.4+k3s1; check that the server is k3s"};const i=oe(e,n),c=`use version: match-server (${o.text})`;if(i===0)return{id:s,verdict:"pass",question:t,found:"the same version"};if(i>0)return{id:s,verdict:"fail",question:t,found:"the agent is newer than the server",cause:"a kubelet newer than its API server is not supported, and nothing would complain until something breaks",remedy:`${c}, or upgrade the servers first`};const u=(o.major-r.major)*100+o.minor-r.minor;if(u>3)return{id:s,verdict:"fail",question:t,found:`the agent is ${u} minor versions older than the server`,cause:"a kubelet may be at most 3 minor versions older than its API server",remedy:c};const h=r.major===1?Fe[r.minor]:void 0;return h!==void 0&&o.minor>=32&&oe(e,h)<0?{id:s,verdict:"fail",question:t,found:`agents before ${h} get no pod network from servers of 1.32 or later`,cause:"flannel in such an agent asks for rights that these servers no longer give it (k3s#11551, k3s#12819)",remedy:`${c}, or at least ${h}`}:{id:s,verdict:"warn",question:t,found:"the agent is older than the server",cause:"supported, but not what the server was tested with",remedy:c}}function X(e,n){if(e===void 0||!C(e)||!C(n))return[];const s="k3s.installed-version",t=`Is what is installed not newer than the server (${n})?`;return oe(e,n)<=0?[{id:s,verdict:"pass",question:t,found:e}]:[{id:s,verdict:"warn",question:t,found:`${e} is newer than the server`,cause:"a kubelet newer than its API server is not supported, and nothing else would report it",remedy:"press the button with adopt = apply, which installs the wanted version; or upgrade the servers first"}]}var y=O(7030);const x="10.42.0.0/16",T="10.43.0.0/16",V=[{port:10250,protocol:"tcp"},{port:8472,protocol:"udp"}],K=[{network:x},{network:T}],Y=e=>"network"in e?e.network:`${e.port}/${e.protocol}`;function fe(e,n){const[s="",t]=e.split("/"),[r="",o="32"]=n.split("/");if((0,y.isIP)(s)!==4||(0,y.isIP)(r)!==4)return!1;const i=t===void 0?32:Number(t);if(!Number.isInteger(i)||i<0||i>Number(o))return!1;const c=new y.BlockList;return c.addSubnet(s,i,"ipv4"),c.check(r,"ipv4")}function ie(e,n){const[s="",t]=e.split("/");return t!==void 0&&t!==n.protocol?!1:s.split(",").some(r=>{const[o="",i=o]=r.split(/[:-]/);return/^\d+$/.test(o)&&/^\d+$/.test(i)&&Number(o)<=n.port&&n.port<=Number(i)})}const le=e=>fe(x,e)||fe(T,e);function ue(e){const[,n,s,t]=/^(\S.*?)\s{2,}(ALLOW|LIMIT|DENY|REJECT)(?: IN)?\s{2,}(\S+)/.exec(e)??[];if(!(n===void 0||t===void 0||e.includes("(v6)")))return{to:n.replace(/ on \S+$/,"").trim(),isAllowed:s==="ALLOW"||s==="LIMIT",from:t}}function ge(e,n){if(e.some(t=>/^Default:\s*allow \(incoming\)/.test(t)))return[];const s=e.flatMap(t=>ue(t)??[]).filter(t=>t.isAllowed);return n.filter(t=>!s.some(({to:r,from:o})=>"network"in t?/^Anywhere/.test(r)&&(/^Anywhere/.test(o)||fe(o,t.network)):/^Anywhere/.test(r)?/^Anywhere/.test(o)||!le(o):ie(r,t)&&!le(o)))}const v={"10250/tcp":["kubelet","kubelet-worker","kube-worker","kube-control-plane","kube-control-plane-secure"],"8472/udp":["kube-flannel"]};function ae(e){const n=[];for(const s of e){/^\S/.test(s)&&n.push({target:"",words:{},richRules:[]});const t=n.at(-1),[,r,o=""]=/^\s+([a-z-]+):\s*(.*)$/.exec(s)??[];t&&(/^\s+rule /.test(s)?t.richRules.push(s.trim()):r==="target"?t.target=o.trim():r&&(t.words[r]=o.split(/\s+/).filter(Boolean)))}return n}function de(e,n){const s=ae(e),t=s.filter(r=>r.target==="ACCEPT");return n.filter(r=>{const o=s.flatMap(u=>u.richRules).filter(u=>/ accept\b/.test(u));if("network"in r)return!t.some(h=>(h.words.sources??[]).some(f=>fe(f,r.network))||(h.words.interfaces??[]).includes("cni0"))&&!o.some(h=>h.includes(r.network));const i=s.some(u=>(u.words.ports??[]).some(h=>ie(h,r))||(u.words.services??[]).some(h=>v[Y(r)]?.includes(h))),c=t.some(u=>(u.words.sources??[]).some(h=>!le(h))||(u.words.interfaces??[]).some(h=>!/^(cni0|flannel)/.test(h)));return!i&&!c&&!o.some(u=>u.includes(`"${r.port}"`))})}const me="host.firewall",$e="Does the firewall let in what a node needs?";function He({nodes:e,desired:n}){const s=e.filter(r=>r.name!==n.node).flatMap(r=>[...r.internalIps,...r.externalIps]).filter(r=>/^[0-9a-fA-F.:]+$/.test(r)),t=[...new Set(s)].slice(0,8);return t.length>0?t:["<address of a node>"]}function pn(e,n){return e.flatMap(s=>"network"in s?[`sudo ufw allow from ${s.network} to any`]:n.map(t=>`sudo ufw allow proto ${s.protocol} from ${t} to any port ${s.port}`))}function $n(e,n){return[...e.flatMap(t=>{const r="sudo firewall-cmd --permanent";return"network"in t?[`${r} --zone=trusted --add-source=${t.network}`]:n.map(o=>`${r} --add-rich-rule='rule family="${o.includes(":")?"ipv6":"ipv4"}" source address="${o}" port port="${t.port}" protocol="${t.protocol}" accept'`)}),"sudo firewall-cmd --reload"]}function Pe(e,n){const{name:s,rules:t}=e;if(s!=="nftables"&&t.length===0)return(0,$.uG)(me,$e,`${s} is active, and its rules are told to root only`);if(s==="nftables")return{id:me,verdict:"warn",question:$e,found:`a packet filter drops what no rule allows (${(0,$.H$)(t)}); its rules were not looked into`,cause:`a node needs ${[...V,...K].map(Y).join(", ")} to come in`,remedy:"compare with: sudo nft list ruleset; when all of it is allowed, name host.firewall in `ignore-checks`"};const r=n.desired.podNetwork==="isolated"?K:[...V,...K],o=s==="ufw"?ge(t,r):de(t,r);if(o.length===0)return(0,$.bF)(me,$e,`${s} is active and allows it`);const i=(s==="ufw"?pn:$n)(o,He(n));return{id:me,verdict:"warn",question:$e,found:`${s} is active and has no rule for ${o.map(Y).join(", ")}`,cause:"the node would become Ready, but its pods would reach neither name server nor services, and other nodes not its pods; these are the networks that k3s has by default",remedy:i.join("; "),evidence:t.slice(0,40)}}function mn(e){const{firewalls:n}=e.facts,s=n.find(r=>r.state==="active");if(s)return Pe(s,e);const t=n.find(r=>r.state==="unknown");return t?(0,$.uG)(me,$e,`whether ${t.name} is active`):(0,$.bF)(me,$e,"none is active")}var Se=O(7949),wn=O(8815),xe=O(7158);function Ee(e){const n=Object.entries(e.labels).filter(([o])=>!(0,$.E4)(o)).map(([o,i])=>`${o}=${i}`).sort(),s=e.taints.map(xe.eh).sort(),t={"node-name":e.node,...e.nodeIp?{"node-ip":e.nodeIp}:{},...e.nodeExternalIp?{"node-external-ip":e.nodeExternalIp}:{},...Object.fromEntries(Object.entries(e.extraConfig).sort(([o],[i])=>o<i?-1:1)),...n.length>0?{"node-label+":n}:{},...s.length>0?{"node-taint+":s}:{}},r=new wn.yo(t);return r.commentBefore=" Written by k3s-gpu-actions; edits are overwritten by its next run.",r.toString({lineWidth:0})}function ze(e){const n=[];let s=!1;for(const t of e.split(`
`))/^\S/.test(t)&&(s=/^"?node-(label|taint)\+"?:/.test(t)),!s&&!t.startsWith("#")&&t.trim()!==""&&n.push(t);return n.join(`
`)}const Ge=["--node-label","--node-taint","--token","-t"],Je=e=>e.split("=")[0]??e;function Be(e){const n=e.environment?.tokenKind??"none";return(e.unit?.arguments.some(t=>["--token","-t"].includes(Je(t)))??!1)||n!=="none"&&n!=="bootstrap"}const Le=e=>e.environment?.tokenKind==="agent"?"the token on the host is the cluster's agent token: whoever reads it can join machines for ever":"the token on the host is the server's own: whoever reads it owns the cluster";function Me(e,n,s,t){if(s)return"a node needs one to join; deleted at the end";if(Be(n)&&!e.consent.allowServerToken)return Le(n);if(!e.reading.node||(0,$.ik)(e)||t)return"the agent is not connected and may need one to register again"}function gn(e,n,s){if(!n.binary)return"not installed";if(n.binary.version!==e.version)return`${n.binary.version||"unknown version"} is installed, ${e.version} is wanted`;if(s?.sha256!==void 0&&s.sha256!==n.binary.sha256)return`the installed file is not the released ${e.version}`}function kn(e,n){return n.ownConfig===void 0?!1:e.reading.node?.annotations[$.hk.desired]!==void 0?!0:Ye(n).length===0&&(!Be(n)||e.consent.allowServerToken)}function Ye(e){const n=(e.unit?.arguments??[]).map(Je);return[...new Set(n)].filter(s=>Ge.includes(s))}const Qe=237;function vn(e){return e!==void 0&&e>=Qe?{reason:"not installed; disrupts nothing: its systemctl is kept from reloading systemd (SYSTEMD_OFFLINE)"}:{reason:"not installed",disrupts:`its systemctl disable makes systemd ${e===void 0?"of unknown version":String(e)} reload (SYSTEMD_OFFLINE is heard from ${Qe} on): can take the GPU from running containers`}}function bn(e,n,s){const{unit:t,changedSinceStart:r}=n,{node:o}=e.reading;if(!t)return["joins the cluster"];if(t.activeState!=="active")return[`the unit is ${t.activeState||"not running"}`];const i=[];return(0,$.ik)(e)?i.push("registers anew"):(0,$._n)(e)||i.push(o?.ready==="True"?"the node has no fresh heartbeat":"the node is not Ready"),o&&o.kubeletVersion!==e.version&&n.binary?.version===e.version&&i.push(`${o.kubeletVersion} is still running, ${e.version} is installed`),!s&&r.length>0&&i.push(`${r.join(", ")} changed after it was started`),i}function yn(e,n,s){const t=n.unit===void 0,r=!t&&n.unit?.activeState!=="active",o=e.reading.node!==void 0||n.unit?.activeState==="active",i=!t&&o&&!kn(e,n),c=Ee(e.desired),u={labels:{},taints:[],extraConfig:{},nodeIp:void 0,nodeExternalIp:void 0},h=t?"":Ee({...e.desired,...u}),f=Ye(n);return{isFresh:t,isForeign:i,binary:gn(e,n,s),url:n.environment?.url===e.server?void 0:`the host joins through ${n.environment?.url||"no server"}, wanted ${e.server}`,token:Me(e,n,t,r),argumentNames:f,isReloadPending:f.length>0||!i&&(n.unit?.needsReload??!1),config:n.ownConfig===c?void 0:n.ownConfig===void 0?"not there yet":"differs from the cluster file and inputs",isConfigRestartRelevant:ze(n.ownConfig??h)!==ze(c),start:bn(e,n,i)}}function _n(e,n){return e.isDeep||n.unit===void 0||n.binary?.version!==e.version}function en(e,n,s){const t=yn(e,n,s),r=t.isForeign&&e.consent.adopt==="plan"?"adopt: apply":void 0,o=[],i=(h,f)=>{o.push({id:h,...f,...r?{waitsFor:r}:{}})};t.token&&!e.hasGivenToken&&i("mint-token",{kind:"mint",target:`bootstrap token, ${(0,Se.a3)(e.tokenLifetimeMs)}`,reason:t.token,undo:"deleted in every ending"});const c=S(e,n);if(c&&i($.zF.deletePassword,c),t.binary){const h=s?`, ${(0,Se.z3)(s.sizeBytes)}`:"";i("upload-binary",{kind:"upload",target:`k3s ${e.version} ${e.facts.architecture}${h}`,reason:t.binary,undo:"the staged file is removed"}),i("install-binary",{kind:"install",target:G.binary,reason:t.binary,undo:n.binary?"the previous program is put back":"deleted"})}t.isFresh&&i("run-installer",{kind:"install",target:`unit k3s-agent, official installer ${e.version}`,...vn(e.facts.systemdVersion),undo:"unit, env file and links are deleted"}),t.config&&i("write-config",{kind:"write",target:G.ownConfig,reason:t.config,undo:n.ownConfig===void 0?"deleted":"restored"}),(t.url||t.token)&&i("edit-environment",{kind:"edit",target:`${G.environment} (${[t.url?"K3S_URL":"",t.token?"K3S_TOKEN":""].filter(Boolean).join(", ")})`,reason:t.isFresh?"tells the agent where to join":[t.url,t.token].filter(Boolean).join("; "),undo:t.isFresh?"deleted with the unit":"restored"}),t.argumentNames.length>0&&i("edit-unit",{kind:"edit",target:`${n.unit?.path??G.unit} (${t.argumentNames.join(", ")})`,reason:"arguments in ExecStart win over any file and come back at every start: they move to our drop-in",undo:"restored"}),t.isReloadPending&&i("reload",{kind:"reload",target:"systemd (daemon-reload)",reason:t.argumentNames.length>0?"the unit file changes":"the unit file has changed since systemd read it",disrupts:"can take the GPU from running containers",undo:"reloaded again after restoring"}),(t.isFresh||!t.isForeign&&n.unit?.isEnabled===!1)&&i("enable",{kind:"install",target:"start of k3s-agent at boot, without daemon-reload",reason:"not enabled",undo:"link deleted"});const u=[t.binary?`k3s ${e.version}`:"",t.url||t.token?"changed env file":"",t.isReloadPending?"changed unit":"",t.config&&t.isConfigRestartRelevant?"changed configuration":""].filter(Boolean);return(t.isFresh||t.start.length>0||u.length>0)&&i(...On(n,t,u)),o}function On(e,n,s){const t=e.unit?.name??"k3s-agent",r=[...n.start,...n.isFresh?[]:s].join("; "),o=e.unit?.activeState??"inactive";if(["inactive","failed",""].includes(o))return["start",{kind:"start",target:t,reason:r,undo:"stopped"}];if(o!=="active")return["restart",{kind:"start",target:t,reason:r,undo:"restarted with what was there before"}];const c=`restarts ${t}; containers keep running`;return["restart",{kind:"restart",target:t,reason:r,disrupts:c,undo:"restarted with what was there before"}]}function Tn(e){const n="Is this host free of a k3s server?";return e.hasServerUnit?{id:"k3s.role",verdict:"fail",question:n,found:"it has the unit k3s (a server)",cause:"a host is either a server or an agent",remedy:"name another host; a server is not turned into an agent"}:{id:"k3s.role",verdict:"pass",question:n,found:e.unit?"an agent is installed":"no unit"}}function Rn(e){const n=[];for(const s of e.templates)n.push(s.hasBaseTemplate?{id:"k3s.containerd-template",verdict:"pass",question:"Does the containerd template extend the built-in one?",found:s.path}:{id:"k3s.containerd-template",verdict:"warn",question:"Does the containerd template extend the built-in one?",found:`${s.path} replaces it`,cause:`without {{ template "base" . }} it drops k3s's CNI folders, snapshotter and runtimes: the node never becomes Ready`,remedy:"k3s finds the NVIDIA runtime by itself: rename the file and restart, or let the gpu-runtime action quarantine it"});return n}function Sn(e){return[[e.binary?.path,G.binary],[e.unit?.path,G.unit]].filter(([s,t])=>s!==void 0&&s!==t&&!e.hasServerUnit).map(([s,t])=>({id:"k3s.place",verdict:"fail",question:"Is k3s installed where its installer puts it?",found:`${s}, expected ${t}`,cause:"only the places of the official installer are changed",remedy:`move it to ${t}, or uninstall it and press the button again`}))}function xn(e){const n="Is the host free of the cluster's long-lived tokens?",s=[];Be(e)&&s.push({id:"k3s.server-token",verdict:"warn",question:n,found:`K3S_TOKEN in ${e.environment?.path??e.unit?.path??"the unit"} is ${e.environment?.tokenKind==="agent"?"the cluster's agent token":"the server's own token"}`,cause:e.environment?.tokenKind==="agent"?"whoever reads it can join machines for ever":"whoever reads it owns the cluster",remedy:"press the button with adopt = apply to replace it by a minted one; then rotate the token (k3s token rotate)"});const t=["token","agent-token","token-file","agent-token-file"];for(const r of e.configFiles){const o=r.keys.filter(i=>t.includes(i));o.length!==0&&s.push({id:"k3s.server-token",verdict:"warn",question:n,found:`${r.path} (mode ${r.mode}) sets ${o.join(", ")}`,cause:"a token in a configuration file stays on the host and is often readable by everybody",remedy:`take ${o.join(", ")} out of ${r.path}; the agent has its own certificate and needs it no more`})}return s}function te(e,n){let s=[];for(const t of e.settings)t.key!==n||t.path===G.ownConfig||(!t.isAdded&&t.value===""?s=[]:t.value!==""&&s.push({path:t.path,value:t.value,isUnit:!1}));return s}function nn(e,n){const s=e.unit?.arguments??[],t=e.unit?.path??G.unit;return s.flatMap((r,o)=>{if(r.startsWith(`--${n}=`))return[{path:t,value:r.slice(n.length+3),isUnit:!0}];const i=s[o+1];return r===`--${n}`&&i!==void 0?[{path:t,value:i,isUnit:!0}]:[]})}function tn(e){return[...te(e,"node-label"),...nn(e,"node-label")]}function Te(e,n,s){const t=e.desired.extraConfig["kubelet-arg"]??e.desired.extraConfig["kubelet-arg+"],r=(Array.isArray(t)?t:[t]).filter(i=>typeof i=="string");return[...te(n,"kubelet-arg"),...r.map(i=>({path:"`extra-config`",value:i,isUnit:!1})),...nn(n,"kubelet-arg")].filter(({value:i})=>i.startsWith(`${s}=`)).map(i=>({...i,value:i.value.slice(s.length+1)}))}function En(e,n){const s="k3s.labels",t="Is the kubelet given no label that it refuses?",r=[...tn(n),...Te(e,n,"node-labels")].flatMap(h=>h.value.split(",").map(f=>({...h,label:f.trim(),key:f.split("=")[0]?.trim()??""})).filter(({key:f})=>(0,$.E4)(f)));if(r.length===0){const h=n.configFiles.filter(f=>f.sha256===""&&f.keys.length===0);return h.length>0?(0,$.uG)(s,t,`${(0,$.H$)(h.map(f=>f.path))} cannot be read`):(0,$.bF)(s,t,"no")}const o=h=>h.isUnit?`${h.path} (ExecStart)`:h.path,i=[...new Set(r.map(({key:h})=>h))],c=[...new Set(r.map(o))],u=e.consent.adopt==="apply"&&r.every(h=>h.isUnit&&De(n,h));return{id:s,verdict:u?"warn":"fail",question:t,found:`${(0,$.H$)(c)} ${c.length===1?"sets":"set"} ${(0,$.H$)(i)}`,cause:u?"the kubelet exits when it is given such a label; this run takes it out of the unit":`the kubelet exits when it is given ${i.length===1?"this label":"these labels"}${n.unit?.activeState==="active"?": the agent that runs now dies at its next start":", at every start"}`,remedy:u?`give ${(0,$.H$)(i)} as \`labels\` of this action when it is still wanted: it sets them through the API`:`take ${(0,$.H$)(i)} out of ${(0,$.H$)(c)}, and give ${i.length===1?"it":"them"} as \`labels\` of this action, which sets ${i.length===1?"it":"them"} through the API`,evidence:r.slice(0,16).map(h=>`${o(h)}: ${h.label}`)}}function De(e,n){return tn(e).some(s=>s.isUnit&&s.value===n.value)}const An=[10250,6444];function In(e,{facts:n},s){const t=`host.port.${e}`,r=`Is port ${e} free for the agent?`,o=s.unit?.activeState??"",i=o==="active"||o==="activating",c=n.ports.filter(b=>b.port===e),u=({process:b,owner:D})=>!i||D.endsWith(".service")&&D!==`${s.unit?.name}.service`?!1:b===""||/^(k3s|kubelet)/.test(b),h=c.find(b=>!u(b));if(!h)return(0,$.oQ)(t,r,!0,c.length>0?"held by k3s itself":"free",Nn);const f=`${h.process||"an unknown process"} (pid ${h.pid||"unknown"}${h.owner?`, ${h.owner}`:""})`,_=h.owner.endsWith(".service");return(0,$.oQ)(t,r,!1,`held by ${f}`,{cause:s.unit?`the agent listens there and would loop; k3s-agent itself is ${o||"not running"}`:"the agent listens there and would loop",remedy:_?`stop it when nobody needs it: sudo systemctl disable --now ${h.owner}`:`stop that process: sudo ss -lntp 'sport = :${e}'`})}const Nn={cause:"",remedy:""};function Pn(e,n){return An.map(s=>In(s,e,n))}const Ke=new y.BlockList;for(const[e,n,s]of[["0.0.0.0",32,"ipv4"],["127.0.0.0",8,"ipv4"],["169.254.0.0",16,"ipv4"],["224.0.0.0",4,"ipv4"],["255.255.255.255",32,"ipv4"],["::",128,"ipv6"],["::1",128,"ipv6"],["fe80::",10,"ipv6"],["ff00::",8,"ipv6"]])Ke.addSubnet(e,n,s);const sn={31:"v1.31.12+k3s1",32:"v1.32.8+k3s1",33:"v1.33.4+k3s1"};function rn(e){const n=C(e);if(!n)return!0;const s=sn[n.minor];return s===void 0?n.minor>33||n.major>1:oe(e,s)>=0}function Ln(e,n){if(e==="169.254.169.254"&&rn(n))return!0;const s=(0,y.isIP)(e);return s!==0&&!e.includes("%")&&!Ke.check(e,s===4?"ipv4":"ipv6")}function ke({facts:e,desired:n,version:s},t){const r="host.resolver",o="Which name servers will pods use?",i=t.configFiles.find(u=>u.keys.includes("resolv-conf"))?.path;if("resolv-conf"in n.extraConfig||i)return(0,$.bF)(r,o,`those of the file that ${i??"`extra-config`"} names (resolv-conf)`);for(const{path:u,isReadable:h,servers:f}of e.resolvers){if(!h)return(0,$.uG)(r,o,`${u} cannot be read`);if(f.length>0&&f.every(_=>Ln(_,s)))return(0,$.bF)(r,o,`${(0,$.H$)(f)} (${u})`)}if(e.resolvers.length===0)return(0,$.uG)(r,o,"the host does not say");const c=rn(s)?"8.8.8.8 and 2001:4860:4860::8888":"8.8.8.8";return{id:r,verdict:"warn",question:o,found:`${c}, which k3s takes without asking`,cause:`${e.resolvers.map(({path:u,servers:h})=>`${u} names ${(0,$.H$)(h)||"none"}`).join(", ")}: a pod cannot use a server on the loopback of its node; names of your own network will not be found`,remedy:"write the name servers of the network into a file, e.g. /etc/rancher/k3s/resolv.conf, and give resolv-conf: /etc/rancher/k3s/resolv.conf in `extra-config`"}}const Mn={overlay:"overlay: the layers of images; without it the agent stops",br_netfilter:"br_netfilter: pods of one node reach each other through services",nf_conntrack:"nf_conntrack: services and network policies",vxlan:"vxlan: the network between pods of several nodes, where flannel uses VXLAN (the default)"};function Dn({facts:e,desired:n}){const s="host.modules",t="Does the kernel have the parts that containers and their network need?",r=e.modules.filter(h=>h.name!=="vxlan"||n.podNetwork!=="isolated"),o=h=>r.filter(f=>f.state===h).map(f=>f.name),i=o("missing");if(i.length>0)return(0,$.oQ)(s,t,!1,`missing: ${(0,$.H$)(i)} (kernel ${e.kernel||"unknown"})`,{verdict:i.includes("overlay")?"fail":"warn",cause:i.flatMap(h=>Mn[h]??[]).join("; "),remedy:"reboot when the kernel was updated; else install its extra modules (Ubuntu: linux-modules-extra-$(uname -r), Raspberry Pi: linux-modules-extra-raspi, RHEL: kernel-modules-extra)"});const c=o("unknown");if(c.length>0||r.length===0)return(0,$.uG)(s,t,c.length>0?(0,$.H$)(c):"the host does not say");const u=o("loadable");return(0,$.bF)(s,t,u.length===0?"all are there":`all are there; ${(0,$.H$)(u)} when needed`)}function jn(e,n){const s="host.swap",t="Will the kubelet start with the swap that is there?",{memoryBytes:r,swapBytes:o}=e.facts;if(r===0)return(0,$.uG)(s,t,"the host does not tell its memory");if(o===0)return(0,$.bF)(s,t,"no swap");const i=`${(o/1024**3).toFixed(1)} GiB of swap`,c=Te(e,n,"fail-swap-on").at(-1);return(0,$.oQ)(s,t,c?.value!=="true",c?.value==="true"?`${i}, and ${c.path} sets fail-swap-on`:`${i}; pods do not use it`,{verdict:"warn",cause:"k3s lets its kubelet run beside swap, and this argument takes that back: it exits at its next start",remedy:`take fail-swap-on out of ${c?.path??"the configuration"}, or turn swap off: sudo swapoff -a, and its line in /etc/fstab`})}function Cn({facts:e},n){const s="host.selinux",t="Does SELinux let k3s work?";return e.selinux==="unknown"?(0,$.uG)(s,t,"the mode of SELinux cannot be read"):e.selinux!=="enforcing"?(0,$.bF)(s,t,e.selinux==="permissive"?"permissive":"not in use"):(0,$.oQ)(s,t,n.hasSelinuxPolicy,`enforcing, ${n.hasSelinuxPolicy?"with":"without"} the policy of k3s`,{verdict:"warn",cause:"without the package k3s-selinux the program may not be started, or containers not read their files",remedy:"sudo dnf install -y container-selinux, then the k3s-selinux package for this system (github.com/k3s-io/k3s-selinux/releases)"})}const on=/(podman|docker|nerdctl|containerd-net|loopback|crio-bridge)|^\.|\.(bak|disabled|orig)$/,Un=/^(cni0|flannel\.\d+|flannel-wg.*)$/;function a({facts:e},n){const s="host.cni",t="Is the host free of another Kubernetes and its network?",r=`${n.unit?.name??"k3s-agent"}.service`,o=e.kubernetes.filter(b=>b.kind==="kubelet"&&b.unit!==r);if(o.length>0){const b=o.map(pe=>`${pe.name} (pid ${pe.pid}${pe.unit?`, ${pe.unit}`:""})`),D=[...new Set(o.map(pe=>pe.unit).filter(pe=>pe.endsWith(".service")))];return(0,$.oQ)(s,t,!1,`${(0,$.H$)(b)} ${b.length===1?"runs":"run"} here`,{cause:"two kubelets on one machine fight for ports, control groups and packet filters",remedy:D.length>0?`leave the other cluster first; then: sudo systemctl disable --now ${D.join(" ")}`:"leave the other cluster first, with its own tools (kubeadm reset, snap remove microk8s \u2026)"})}const i=b=>e.kubernetes.filter(D=>D.kind===b).map(D=>D.name),c=i("cni-config").filter(b=>!on.test(b)),u=i("interface").filter(b=>!(n.unit&&Un.test(b))),h=i("kubelet-config"),f=[...h,...c.map(b=>`/etc/cni/net.d/${b}`),...u];if(f.length===0)return(0,$.bF)(s,t,"nothing found");const _=[...h.length>0?["sudo kubeadm reset"]:[],...u.slice(0,4).map(b=>`sudo ip link delete ${b}`),...c.length>0?[`sudo rm ${c.slice(0,4).map(b=>`/etc/cni/net.d/${b}`).join(" ")}`]:[]];return(0,$.oQ)(s,t,!1,`left behind: ${(0,$.H$)(f)}`,{verdict:"warn",cause:u.length>0?'an interface that keeps the address of another network breaks the one of k3s ("cni0" already has an IP address different from \u2026)':"another Kubernetes was set up here; its rules of the packet filter may be there still",remedy:`when nothing of it is needed: ${_.join("; ")}`})}const d=(e,n,s,t)=>({id:e,stage:"preflight",severity:n,asks:s,remedy:t,isIgnorable:!0}),l=(e,n,s)=>({id:e,stage:"handshake",severity:"fail",asks:n,remedy:s,isIgnorable:!1}),p=[d("k3s.version","fail","Does an agent of the wanted version go with the server: not newer, at most 3 minor versions older, no pair that is known to break? A warning when it is older","`version: match-server`"),d("k3s.installed-version","warn","Is what is installed not newer than the server?","press the button with `adopt: apply`, or upgrade the servers"),d("k3s.role","fail","Is this host free of a k3s server?","name another host"),d("host.port.10250","fail","Is the kubelet\u2019s port free, or held by the running agent?","stop the process that the check names"),d("host.port.6444","fail","Is the port of the agent\u2019s load balancer free, or held by the running agent?","stop the process that the check names"),d("host.modules","fail","Does the kernel have overlay, br_netfilter, nf_conntrack and vxlan? Only overlay is vital","reboot after a kernel update, or install the kernel\u2019s extra modules"),d("host.swap","warn","Will the kubelet start with the swap that is there? k3s lets it, unless fail-swap-on is set","take fail-swap-on out of the configuration"),d("host.selinux","warn","Where SELinux is enforcing, is the policy of k3s installed?","install container-selinux and k3s-selinux"),d("host.resolver","warn","Which name servers will pods use? With loopback ones only, k3s silently takes 8.8.8.8","give `resolv-conf` in `extra-config`"),d("host.firewall","warn","Does an active ufw or firewalld let in 10250/tcp and 8472/udp from nodes, and the networks of pods and services?","the commands that the check prints"),d("host.cni","fail","Is the host free of another Kubernetes: a running kubelet, or what one left behind (a warning)?","leave the other cluster with its own tools; the commands that the check prints"),d("k3s.labels","fail","Is the kubelet given no label that it refuses (most of kubernetes.io and k8s.io), by configuration or unit?","take it out there, and give it as `labels` of this action"),d("k3s.node-password","fail","Will the server accept the node\u2019s password? One that is this machine\u2019s own is healed","`replace-node`, or another `node` name"),d("k3s.containerd-template","warn","Does a containerd template extend the built-in one?","rename the file and restart, or let gpu-runtime quarantine it"),d("k3s.place","fail","Is k3s installed where its installer puts it?","move it there, or uninstall it and press the button again"),d("k3s.server-token","warn","Is the host free of the cluster\u2019s long-lived tokens?","`adopt: apply` replaces it; then rotate the token"),{id:"plan.node-password",stage:"plan",severity:"fail",asks:"Would a node that lives come back from the start that is planned, although its password file was lost or changed?",remedy:"stop the agent, wait until the node is no longer alive, press the button again",isIgnorable:!1},l("handshake.ca","Does the server show the CA of the kubeconfig?","see what answers at that address"),l("handshake.token","Does the server accept the join token?","press the button again; with a given token, give another"),l("handshake.apiserver","Which API servers does the server name?","make the server reachable from the host; the check says what stands in the way"),l("handshake.apiserver.<address>","Does the host reach every API server that the cluster names?","allow its port from the host, or give the server an address that the host reaches")];function w(e,n,s){return[s,...X(n.binary?.version,e.reading.version),Tn(n),...Pn(e,n),Dn(e),jn(e,n),Cn(e,n),ke(e,n),mn(e),a(e,n),En(e,n),...Rn(n),...Sn(n),...xn(n),...I(e,n)]}function g(e){const{binary:n,unit:s,environment:t}=e;return{"k3s program":n?`${n.version||"unknown version"} at ${n.path}`:"not installed","k3s unit":s?`${s.name} ${s.activeState} (${s.subState}), ${s.isEnabled?"enabled":"not enabled"}, arguments: ${s.arguments.join(" ")||"none"}`:"not installed",...t?{"k3s env file":`${t.path}: ${t.keys.join(", ")}; token kind: ${t.tokenKind}`}:{},...e.configFiles.length>0?{"k3s configuration":e.configFiles.map(r=>`${r.path} (${r.keys.join(", ")})`).join("; ")}:{},...e.templates.length>0?{"containerd templates":e.templates.map(r=>`${r.path}${r.hasBaseTemplate?"":" (replaces the built-in one)"}`).join("; ")}:{}}}var m=O(1213);class k extends Error{name="HostStepError";code;step;cause;remedy;evidence;constructor(n,s,t,r,o,i){super(t),this.code=n,this.step=s,this.cause=r,this.remedy=o,this.evidence=i}}const E="run it again: it continues from what it finds",A="look at the host on its console",Z={"host-locked":"wait until that run has ended, or cancel it, and run this one again; one whose runner is gone lets go within minutes",overtaken:"look at the later run: what it says of the host is what is true","lock-unavailable":"install util-linux on the host (it brings flock)","init-unsupported":"join a host that runs systemd","staged-missing":E,"copy-failed":"free space on the host (df -h /usr/local/bin), then run it again","backup-failed":"free space on the host (df -h /var/lib), then run it again","write-failed":"free space on the host (df -h /etc), then run it again","replace-failed":"look for an immutable file (lsattr) or a read-only mount at that path","folder-read-only":"the host keeps this folder read-only (an immutable system, or a file system with errors): make it writable, or install k3s with the means of that system","binary-mismatch":"the file changed between runner and host: run it again; if it stays, look who else writes to /tmp on the host","binary-missing":E,"installer-mismatch":E,"installer-failed":"read what the installer said below, correct it on the host, and run it again","hash-unavailable":"install coreutils on the host (it brings sha256sum)","environment-unreadable":"correct the quotes in that file by hand, and run it again","unit-unreadable":"bring ExecStart of that unit into the form ExecStart=/usr/local/bin/k3s agent \u2026, and run it again","unit-missing":"the unit is gone: delete what is left of k3s on the host, or install it, and run it again","reload-failed":`${A}: sudo systemctl daemon-reload`,"enable-failed":`${A}: sudo systemctl enable k3s-agent`,"start-refused":`${A}: sudo systemctl status k3s-agent; sudo journalctl -u k3s-agent -n 50`},ce=e=>typeof e=="string"?e:"";function z(e,n,s){if(s.exitCode===0)return;const t=s.lines.findLast(u=>typeof u.error=="string"),r=ce(s.lines.findLast(u=>u.state==="failed")?.step),o=[...s.lines.flatMap(u=>typeof u.evidence=="string"?[u.evidence]:[]),...s.stderr.trim().split(`
`).slice(-10)].filter(u=>u!==""),i=`${n} on ${e} did not succeed${r?` (step ${r})`:""}`;if(t===void 0){const u=`the script ended with exit code ${s.exitCode} without saying why`;return new k("script-failed",r,i,u,E,o)}const c=ce(t.error);return new k(c,r,i,ce(t.message),Z[c]??E,o)}const W={"agent-data":`
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

report_interrupted() {
  continued=' ' settled=' '
  for log in "$state/runs"/*/log; do
    if grep -qs '^finished' "$log"; then settled="$settled$(sed -n 's/^continues //p' "$log" | tr '\\n' ' ')"; fi
  done
  for name in $(ls -1t "$state/runs"/*/log 2>/dev/null | sed 's|.*/\\([^/]*\\)/log$|\\1|'); do
    folder=$state/runs/$name
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
  for folder in "$state/runs"/*; do
    if [ "$folder" = "$run" ] || [ ! -d "$folder" ]; then continue; fi
    case $continued in *" \${folder##*/} "*) continue ;; esac
    if [ ! -e "$run/unchanged" ] || [ -e "$folder/unchanged" ]; then rm -rf "$folder"; fi
  done
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
`,"change-log":`
state=$ROOT/var/lib/k3s-gpu-actions
lock=$ROOT/run/k3s-gpu-actions.lock
unit=k3s-agent.service
unit_path=/etc/systemd/system/k3s-agent.service
environment_path=/etc/systemd/system/k3s-agent.service.env
config_path=/etc/rancher/k3s/config.yaml.d/50-k3s-gpu-actions.yaml
link_path=/etc/systemd/system/multi-user.target.wants/k3s-agent.service

check_run_id() {
  case $RUN_ID in
    '' | [!A-Za-z0-9]* | *[!A-Za-z0-9._-]*) die bad-run-id 'the id of a run has only letters, digits, dots, dashes and underscores' ;;
  esac
  run=$state/runs/$RUN_ID
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
  (umask 077 && mkdir -p "$state/runs" "$run/backups")
  number=0
  if [ ! -e "$run/log" ]; then
    before=$(unit_property ActiveState) pid=$(unit_property MainPID)
    note "unit $unit \${before:-unknown} \${pid:-0}"
    note_agent_data
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

former_tokens() {
  for _run in "$state/runs"/*; do
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
`,hold:`main() {
  lock=$ROOT/run/k3s-gpu-actions.run.lock
  released=$(date -r "$lock" +%s 2>/dev/null) || released=0
  take_lock
  emit held yes released:n "$released"
  sleep "$HOLD" 9>&- &
  wait "$!"
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
  case $1 in
    /usr/local/bin/kubectl | /usr/local/bin/crictl | /usr/local/bin/ctr)
      if [ "$(readlink "$ROOT$1" 2>/dev/null)" != k3s ]; then return 0; fi
      ;;
  esac
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
    if [ -f "$state/runs/$name/log" ]; then runs="$runs $name" oldest=$state/runs/$name; fi
  done
  for name in $runs; do
    awk -v name="$name" '{ line[NR] = name " " $0 } END { for (i = NR; i > 0; i--) print line[i] }' "$state/runs/$name/log"
  done >"$state/backwards.$RUN_ID"
  mv -f "$state/backwards.$RUN_ID" "$run/backwards"
}

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

restart_agent() {
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
    folder=$state/runs/$name
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
    esac
  done <"$run/backwards"
}

main() {
  check_run_id
  take_lock
  if [ ! -f "$run/log" ]; then
    emit finished "$RUN_ID"
    return 0
  fi
  if grep -qsxF "continues $RUN_ID" "$state/runs"/*/log; then
    die overtaken 'a later run has gone on from this one, and is not disturbed'
  fi
  read_logs
  read_unit_before
  stop_agent
  clear_agent_data
  follow_log_backwards
  reload_systemd
  restart_agent
  if [ "$incomplete" = no ]; then
    for name in $runs; do rm -rf "$state/runs/$name"; done
    rmdir "$state/runs" "$state" 2>/dev/null || :
  fi
  emit finished "$RUN_ID"
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
`,watch:`
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

log=$ROOT/var/lib/rancher/k3s/agent/containerd/containerd.log
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
`},Ae=3e4,je=/^[a-z][a-z0-9-]*\.(?:txt|log)$/,Fn=16;function B(e){const n=new Map;for(const{file:s,part:t,text:r}of e){if(typeof s!="string"||typeof r!="string"||!je.test(s)||!n.has(s)&&n.size===Fn)continue;const o=n.get(s)??{before:""};n.set(s,t==="recent"?{...o,recent:r}:{...o,before:r})}return[...n].map(([s,{before:t,recent:r}])=>({name:s,text:[t,...r===void 0?[]:["== since the start of this run",r]].filter(o=>o!=="").join(`
`),...r===void 0?{}:{recent:r}}))}async function we(e,n,s){s.throwIfAborted();const t=[],r=n.startedAgoMs===void 0?"":String(Math.ceil(n.startedAgoMs/1e3)+1);try{const o=await e.run({name:"evidence",script:[W.evidence,m.BZ].join(`
`),env:{UNIT:n.unit,AGO:r},privilege:"root",timeoutMs:Ae,signal:s,onLine:c=>t.push(c)}),i=z(e.label,"reading the evidence",o);if(i)throw i}catch(o){if(B(t).length===0)throw o}return B(t)}const Hn=/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;function zn(e){try{const n=(e.match(Hn)??[]).map(s=>new U.X509Certificate(s));if(n.length>0)return n}catch{}throw new RangeError("no readable PEM certificate in the CA bundle")}function qe(e){const n=e[0]??0;let s=e[1]??0,t=2;if(s>128){const r=s&127;s=e.readUIntBE(2,r),t+=r}return{tag:n,content:e.subarray(t,t+s),rest:e.subarray(t+s)}}function We(e){const n=[];for(let s=e;s.length>1;){const t=qe(s);n.push(t),s=t.rest}return n}const At=Buffer.from("551d0e","hex"),It=Buffer.from("551d23","hex");function Qn(e,n){const s=We(qe(e.raw).content)[0],t=We(s?.content??Buffer.alloc(0)).find(r=>r.tag===163);if(t!==void 0)for(const r of We(qe(t.content).content)){const[o,...i]=We(r.content);if(o?.content.equals(n))return i.at(-1)?.content}}function et(e){const n=Qn(e,It),s=n&&We(qe(n).content).find(r=>r.tag===128)?.content;if(s===void 0)return!0;const t=Qn(e,At);return t!==void 0&&qe(t).content.equals(s)}function Nt(e){const[n,...s]=e,t=(r,o)=>{if(s.some(i=>et(i)&&i.raw.equals(r.raw)))return r;for(const i of o){if(!r.checkIssued(i)||!r.verify(i.publicKey))continue;if(et(i))return i;const c=t(i,o.filter(u=>u!==i));if(c!==void 0)return c}};return n&&t(n,s)}function Pt(e){return(0,U.createHash)("sha256").update(e).digest("hex")}function Ie(e){const n=zn(e),s=n.length>1?Nt(n):void 0;return Pt(s?.raw??e)}function Lt(e,n){if(Ie(e)===Ie(n))return!0;const s=new Set(zn(n).map(t=>t.fingerprint256));return zn(e).every(t=>s.has(t.fingerprint256))}const Gn=/^[a-z0-9]{6}\.[a-z0-9]{16}$/,Mt="abcdefghijklmnopqrstuvwxyz0123456789";function nt(e){return e===""?{}:{caHash:e}}function an(e){const n=e.trim();if(n==="")return{kind:"none",credential:""};if(Gn.test(n))return{kind:"bootstrap",credential:n};const s=/^K10([0-9a-f]{64})?::([\s\S]+)$/.exec(n);if(s===null)return{kind:"short",credential:n};const[,t="",r=""]=s;if(Gn.test(r))return{kind:"bootstrap",credential:r,...nt(t)};const o=r.indexOf(":"),i=r.slice(0,Math.max(o,0)),c=r.slice(o+1);return o<0||c===""?{kind:"short",credential:n}:{kind:i==="server"?"server":i==="node"?"agent":"short",credential:c,...nt(t)}}function tt(e,n,s){if(!/^[0-9a-f]{64}$/.test(e))throw new RangeError("a CA hash has 64 lower-case hexadecimal digits");if(!Gn.test(`${n}.${s}`))throw new RangeError("a bootstrap token is 6 and 16 characters [a-z0-9]");return`K10${e}::${n}.${s}`}function st(e){return e.kind==="bootstrap"?`Bearer ${e.credential}`:`Basic ${Buffer.from(`node:${e.credential}`).toString("base64")}`}function rt(e,n){let s="";for(;s.length<e;)for(const t of n(e))t<252&&s.length<e&&(s+=Mt[t%36]);return s}function Dt(e=U.randomBytes){return rt(6,e)}function jt(e=U.randomBytes){return rt(16,e)}class Bn extends Error{name="GivenTokenError";code;cause;remedy;evidence=[];constructor(n,s,t,r){super(s),this.code=n,this.cause=t,this.remedy=r}}const Kn="leave `token` out: a bootstrap token is minted through the API and deleted at the end";function Ct(e,n,s){const t=an(e),r=Ie(n);if(t.caHash!==void 0&&t.caHash!==r)throw new Bn("token-of-another-cluster","the given token belongs to another cluster, or to this one before its CA was changed",`it pins the CA ${t.caHash.slice(0,12)}\u2026, the kubeconfig's CA is ${r.slice(0,12)}\u2026`,Kn);if(t.kind==="short")throw new Bn("token-without-ca","the given token pins no certificate authority","without the K10 prefix an agent believes whatever server answers",Kn);if((t.kind==="server"||t.kind==="agent")&&!s.allowServerToken)throw new Bn("server-token-refused",`the given token is the ${t.kind}'s own, long-lived one`,t.kind==="server"?"whoever reads it on the node owns the cluster":"whoever reads it on the node can join machines for ever",`${Kn}; or set allow-server-token when you mean it`);if(t.kind==="bootstrap"&&t.caHash===void 0){const[o="",i=""]=e.trim().split(".");return{id:o,text:tt(r,o,i)}}return{id:"given",text:e.trim()}}var qn=O(8500);function ot(e){return["connect","refused","route","timeout"].includes(e)}function it(e){return/connection refused/i.test(e)?"refused":/no route to host|network is unreachable|host is unreachable/i.test(e)?"route":/name or service not known|name resolution|no address associated|not known|could not resolve/i.test(e)?"name":/timed out/i.test(e)?"timeout":"connect"}class se extends Error{name="HostHttpsFault";kind;remedy;constructor(n,s,t){super(s),this.kind=n,this.remedy=t}get isPassing(){return ot(this.kind)}}const dn=5;function Wn(e){return typeof e=="object"&&e!==null&&"code"in e?String(e.code):""}function Ut(e){return typeof e=="object"&&e!==null&&"message"in e?String(e.message):String(e)}function Ve(e){return e.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g," ").trim().slice(0,300)}function at(e){const n=Wn(e),s=Ut(e);return Ve(n===""||s.includes(n)?s:`${n} ${s}`)}function be(e,n){return`${(0,y.isIP)(e)===6?`[${e}]`:e}:${n}`}function Ft(e,n){const s="another service listens there, or a proxy is in between";switch(e){case"name":return["does not resolve on the host","the host has no DNS answer for that name","use an IP address as `server`, or mend DNS on the host"];case"authority":return["shows a certificate of another authority","another server answers at that address, or something in between opens TLS","compare `server` with the kubeconfig; if the CA was changed, fetch the kubeconfig again"];case"identity":return["shows a certificate for other names","the server certificate is not issued for that address",`use an address the certificate names, or add ${n} to tls-san of the k3s server`];case"tls":return["does not speak TLS as a k3s server does",s,"check host and port of `server`"];case"protocol":return["does not answer as a k3s server does",s,"check host and port of `server`"]}}const Ht={timeout:["does not answer the host","packets from the host get lost: a firewall between it and the server drops them"],refused:["refuses connections from the host","nothing listens on that port, or a firewall rejects the host"],route:["has no way from the host","the host has no route to that network"],connect:["cannot be reached from the host","connections from the host end before they are made"]};function zt(e,{port:n,runnerReaches:s},t){const[r,o]=Ht[e],i=s===void 0?"":s?" (the runner itself can reach it)":" (the runner cannot reach it either)",c=e==="route"?"give the host a route there":`allow ${n}/tcp from the host's public address`;return[r,`${o}${i}`,s===!1?`check that the server is running and listens on ${t}`:`${c}, or set \`server\` to an address the host can reach`]}function Gt(e){const{id:n,question:s,fault:t,host:r,address:o,port:i}=e,c=[`${r}, ${be(o,i)}: ${t.message}`];if(t.kind==="tool"){const b=t.remedy??"see the evidence";return{id:n,verdict:"error",question:s,found:"could not be asked",cause:t.message,remedy:b,evidence:c}}const u=be(o,i),[h,f,_]=ot(t.kind)?zt(t.kind,e,u):Ft(t.kind,o);return{id:n,verdict:"fail",question:s,found:`${u} ${h}`,cause:f,remedy:_,evidence:c}}const Bt={5:"name",6:"name",7:"connect",28:"timeout",35:"tls",51:"identity",52:"connect",56:"connect",58:"tls",60:"authority",77:"authority"};class Kt{via="host-command";#t;#e;constructor(n,s){this.#t=n,this.#e=s}async get(n,s){const t=await this.#t.run({name:"handshake",script:this.#e,env:{URL:`https://${be(n.address,n.port)}${n.path}`,CA_PEM:n.caPem??"",CONNECT_SECONDS:String(dn)},secrets:{AUTHORIZATION:n.authorization??""},privilege:"user",timeoutMs:(dn+5)*1e3,signal:s}),r=t.lines.findLast(i=>"http"in i||"error"in i);if(r?.http!==void 0)return{status:Number(r.http),body:Buffer.from(String(r.body??""),"base64").toString("utf8")};const o=Ve(String(r?.message??t.stderr));if(r?.error==="connect"){const i=Bt[String(r.curl)]??"connect",c=i==="connect"?it(o):i,u=c==="authority"&&/subject (alternative )?name|does not match/i.test(o);throw new se(u?"identity":c,o||`curl exit code ${String(r.curl)}`)}throw new se("tool",o||`the script ended with ${t.exitCode}`,"allow forwarding for this user in sshd_config (AllowTcpForwarding local), or install curl on the host")}async reach(n,s,t,r){try{await this.get({address:n,port:s,path:"/cacerts",caPem:t},r)}catch(o){if(!(o instanceof se)||o.kind!=="identity")throw o}}}var qt=O(7067),Wt=O(8321),Vt=O(1692),dt=function(e,n,s){if(n!=null){if(typeof n!="object"&&typeof n!="function")throw new TypeError("Object expected.");var t,r;if(s){if(!Symbol.asyncDispose)throw new TypeError("Symbol.asyncDispose is not defined.");t=n[Symbol.asyncDispose]}if(t===void 0){if(!Symbol.dispose)throw new TypeError("Symbol.dispose is not defined.");t=n[Symbol.dispose],s&&(r=t)}if(typeof t!="function")throw new TypeError("Object not disposable.");r&&(t=function(){try{r.call(this)}catch(o){return Promise.reject(o)}}),e.stack.push({value:n,dispose:t,async:s})}else s&&e.stack.push({async:!0});return n},ct=(function(e){return function(n){function s(i){n.error=n.hasError?new e(i,n.error,"An error was suppressed during disposal."):i,n.hasError=!0}var t,r=0;function o(){for(;t=n.stack.pop();)try{if(!t.async&&r===1)return r=0,n.stack.push(t),Promise.resolve().then(o);if(t.dispose){var i=t.dispose.call(t.value);if(t.async)return r|=2,Promise.resolve(i).then(o,function(c){return s(c),o()})}else r|=1}catch(c){s(c)}if(r===1)return n.hasError?Promise.reject(n.error):Promise.resolve();if(n.hasError)throw n.error}return o()}})(typeof SuppressedError=="function"?SuppressedError:function(e,n,s){var t=new Error(s);return t.name="SuppressedError",t.error=e,t.suppressed=n,t});const Zt=1024*1024,Xt=["connection-lost","cancelled","forwarding-refused"];function Jt(e){if(e instanceof se)return e;const n=Wn(e);if(Xt.includes(n))return e;if(n==="connection-failed"&&typeof e.cause=="string"){const t=String(e.cause);return new se(it(t),Ve(t))}const s=n==="ERR_TLS_CERT_ALTNAME_INVALID"?"identity":/^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA)/.test(n)?"authority":/^(ERR_SSL_|ERR_TLS_|EPROTO)/.test(n)?"tls":/^HPE_/.test(n)?"protocol":n==="deadline"?"timeout":"connect";return new se(s,at(e))}async function lt(e,n,s){const t=AbortSignal.timeout(dn*1e3),r=AbortSignal.any([n,t]),{promise:o,reject:i}=Promise.withResolvers(),c=()=>i(r.reason);o.catch(()=>{}),r.addEventListener("abort",c,{once:!0});try{return n.throwIfAborted(),await Promise.race([s(r),o])}catch(u){throw n.aborted?n.reason:t.aborted?new se("timeout",`${e}: no answer in ${dn} s`):Jt(u)}finally{r.removeEventListener("abort",c)}}class Yt{via="forwarding";#t;constructor(n){this.#t=n}async get(n,s){const{address:t,port:r,path:o}=n;return await lt(`GET https://${be(t,r)}${o}`,s,async i=>{const c={stack:[],error:void 0,hasError:!1};try{const u=dt(c,await this.#e(t,r,n.caPem,!0,i),!0),{promise:h,resolve:f,reject:_}=Promise.withResolvers(),b=(0,qt.request)({createConnection:()=>u.socket,path:o,headers:{Host:be(t,r),Connection:"close",Accept:"*/*",...n.authorization===void 0?{}:{Authorization:n.authorization}}});return b.once("error",_),b.once("response",D=>{let pe=0;D.on("data",Xe=>{pe+=Xe.length,pe>Zt&&D.destroy(new se("protocol","the answer is too large"))}),(0,Wt.text)(D).then(Xe=>f({status:D.statusCode??0,body:Xe}),_)}),b.end(),await h}catch(u){c.error=u,c.hasError=!0}finally{const u=ct(c);u&&await u}})}async reach(n,s,t,r){await lt(`connect ${be(n,s)}`,r,async o=>{const i={stack:[],error:void 0,hasError:!1};try{const c=dt(i,await this.#e(n,s,t,!1,o),!0)}catch(c){i.error=c,i.hasError=!0}finally{const c=ct(i);c&&await c}})}async#e(n,s,t,r,o){const i=await this.#t.forward(n,s,o),c=(0,Vt.connect)({socket:i,host:n,...(0,y.isIP)(n)===0?{servername:n}:{},...t===void 0?{rejectUnauthorized:!1}:{ca:t,rejectUnauthorized:!0},...r?{}:{checkServerIdentity:()=>{}}}),u=()=>{c.destroy(),i.destroy()},{promise:h,resolve:f,reject:_}=Promise.withResolvers();c.once("secureConnect",f),c.on("error",_),i.on("error",_),o.addEventListener("abort",u,{once:!0}),c.once("close",()=>_(new se("connect","the connection was closed before TLS was set up"))),o.aborted&&u();try{await h}catch(b){throw u(),b}return{socket:c,[Symbol.asyncDispose]:async()=>{o.removeEventListener("abort",u),u()}}}}class Qt{#t;#e;#o;constructor(n,s){this.#t=n,this.#e=s,this.#o=new Yt(n)}get via(){return this.#o.via}async get(n,s){return await this.#n(t=>t.get(n,s))}async reach(n,s,t,r){await this.#n(o=>o.reach(n,s,t,r))}async#n(n){try{return await n(this.#o)}catch(s){if(Wn(s)!=="forwarding-refused")throw s;if(this.#e===void 0)throw new se("tool",at(s),"allow forwarding for this user in sshd_config (AllowTcpForwarding local)");return this.#o=new Kt(this.#t,this.#e),await n(this.#o)}}}function es(e,n){return new Qt(e,n)}const ns=[250,750],ts=3e3,ut=300,ss=16;function ht(e){const n=URL.canParse(e)?new URL(e):void 0;if(!(n?.protocol!=="https:"||n.hostname===""))return{address:n.hostname.replace(/^\[(.*)\]$/,"$1"),port:Number(n.port||443)}}function ft(e){return`handshake.apiserver.${e.toLowerCase().replace(/[^a-z0-9.]+/g,"-").replace(/^[.-]+|[.-]+$/g,"")}`}class rs{checks=[];#t;#e;#o;#n;#r;constructor(n,s,t,r){this.#t=n,this.#e=s,this.#r=t,this.#o=r,this.#n=es(n,s.script)}get via(){return this.#n.via}#s(n){return this.checks.push(n),this.#o(n),n.verdict==="pass"||n.verdict==="warn"}async#a(n){const s=performance.now();for(let t=1;;t++)try{return await n()}catch(r){if(!(r instanceof se)||!r.isPassing)throw r;const o=ns[t-1];if(o===void 0){const i=((performance.now()-s)/1e3).toFixed(1);throw new se(r.kind,`${r.message} (tried ${t} times in ${i} s)`)}await(0,qn.setTimeout)(o,void 0,{signal:this.#e.signal})}}async#d(n,s){return await this.#a(async()=>{const t=await this.#n.get({...this.#r,path:n,...s},this.#e.signal);if(t.status>=500)throw new se("connect",`GET ${n}: HTTP ${t.status} ${Ve(t.body)}`);return t})}async#i(n,s,t,r){if(!(r instanceof se))throw r;const{probe:o,signal:i}=this.#e,c=r.isPassing?await o?.(t.address,t.port,i).catch(()=>!1):void 0;return Gt({id:n,question:s,...t,host:this.#t.label,fault:r,runnerReaches:c})}async askAuthority(){const{caPem:n,token:s}=this.#e,t="handshake.ca",r="Does the host see the cluster's own certificate authority?";let o;try{const f=await this.#d("/cacerts",{});if(f.status!==200||!f.body.includes("-----BEGIN CERTIFICATE-----"))throw new se("protocol",`GET /cacerts: HTTP ${f.status}, no certificate`);o=f.body}catch(f){const _=f instanceof se&&(f.isPassing||f.kind==="name"),b=be(this.#r.address,this.#r.port);this.#s(_?await this.#i(ft(b),`Does ${b} answer the host?`,this.#r,f):await this.#i(t,r,this.#r,f));return}let i,c;try{i=Ie(o),c=Lt(o,n)}catch(f){this.#s(await this.#i(t,r,this.#r,new se("protocol",Ve(String(f)))));return}const u=[`served through the host: ${i}`,`kubeconfig: ${Ie(n)}`];if(!c){this.#s({id:t,verdict:"fail",question:r,found:"another certificate authority",cause:"another server answers at that address through the host\u2019s network, or the kubeconfig is from before the CA was changed",remedy:"compare `server` with the kubeconfig; fetch the kubeconfig again from the server",evidence:u});return}const h=s===void 0?void 0:an(s).caHash;if(h!==void 0&&h!==i){const f=h===Ie(n);this.#s({id:t,verdict:"fail",question:r,found:f?"the hash of the token is of another text":"the token was made for another certificate authority",cause:f?"the certificate is the same, but its text in the kubeconfig differs in white space from what the server serves, and the hash counts every byte":"token CA hash does not match the cluster CA certificate hash: the token is from another cluster, or from before the CA was changed",remedy:f?"store the kubeconfig again exactly as the server has it":"give no token, so that one is minted, or fetch a fresh one from the server",evidence:[...u,`token: ${h}`]});return}try{await this.#d("/cacerts",{caPem:n})}catch(f){this.#s(await this.#i(t,r,this.#r,f));return}return this.#s({id:t,verdict:"pass",question:r,found:`${i.slice(0,4)}\u2026${i.slice(-2)}`,evidence:u}),i}async askToken(){const{caPem:n,token:s,signal:t}=this.#e,r="handshake.token",o="Does the server accept the token?";if(s===void 0)return this.#s({id:r,verdict:"skip",question:o,found:"token not exercised"});const i=an(s),c=performance.now();for(;;){let u;try{u=await this.#d("/v1-k3s/readyz",{caPem:n,authorization:st(i)})}catch(_){return this.#s(await this.#i(r,o,this.#r,_))}if(u.status===200)return this.#s({id:r,verdict:"pass",question:o,found:`accepted (${i.kind} token)`});const h=u.status===401||u.status===403;if(h&&performance.now()-c+ut<ts){await(0,qn.setTimeout)(ut,void 0,{signal:t});continue}const f=[`GET /v1-k3s/readyz: HTTP ${u.status}`];return h?this.#s({id:r,verdict:"fail",question:o,found:`refused (${i.kind} token)`,cause:i.kind==="bootstrap"?"the server does not know this token: it has expired or was deleted, or the kubeconfig is of another cluster":"it is not this cluster's token, or the token was changed since",remedy:i.kind==="bootstrap"?"press the button again: a new one is minted; when that is refused too, `server` and the kubeconfig are of different clusters":"give no token, so that one is minted through the kubeconfig; or fetch the current one from the server",evidence:f}):this.#s({id:r,verdict:"fail",question:o,found:`the server answers HTTP ${u.status} instead`,cause:"what answers there knows the API but not how agents of k3s join: a load balancer or proxy in front, or no k3s",remedy:"set `server` to the address of a k3s server, where its supervisor listens",evidence:f})}}async#c(){const{caPem:n,token:s,knownApiServers:t=[]}=this.#e,r=be(this.#r.address,this.#r.port);if(s===void 0)return[r,...t];const o=await this.#d("/v1-k3s/apiservers",{caPem:n,authorization:st(an(s))});let i;try{i=JSON.parse(o.body)}catch{i=void 0}if(o.status!==200||!Array.isArray(i))throw new se("protocol",`GET /v1-k3s/apiservers: HTTP ${o.status}, no list`);return i.length===0?[r]:i.map(String)}async askApiServers(){let n;try{n=await this.#c()}catch(o){this.#s(await this.#i("handshake.apiserver","Which API servers does the server name?",this.#r,o));return}const s=new Map;for(const o of n.slice(0,ss)){const i=ht(o.startsWith("https://")?o:`https://${o}`);i!==void 0&&s.set(be(i.address,i.port),i)}const t=[],r=async([o,i])=>{t.push(await this.#l(o,i))};if(this.via==="forwarding")await Promise.all([...s].map(r));else for(const o of s)await r(o);return t.length>0&&t.every(Boolean)?[...s.keys()]:void 0}async#l(n,s){const{caPem:t,signal:r}=this.#e,o=ft(n),i=`Does ${n} answer the host?`,c=performance.now();try{await this.#a(()=>this.#n.reach(s.address,s.port,t,r))}catch(u){return this.#s(await this.#i(o,i,s,u))}return this.#s({id:o,verdict:"pass",question:i,found:`yes, in ${Math.round(performance.now()-c)} ms`})}}async function os(e,n,s=()=>{}){const t=ht(n.server);if(t===void 0)throw new RangeError(`server ${JSON.stringify(n.server)} is not an address like https://host:6443`);const r=new rs(e,n,t,s),o=await r.askAuthority();if(o===void 0)return{checks:r.checks};if(!(await r.askToken()||n.token===void 0))return{checks:r.checks};const c=await r.askApiServers();return c===void 0?{checks:r.checks}:{checks:r.checks,result:{caHash:o,apiServers:c,via:r.via}}}function Vn(e){return String(Math.max(0,Math.floor((e.lockWaitMs??Math.min(6e4,e.timeoutMs/3))/1e3)))}function cn(e){if(!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(e))throw new TypeError(`${JSON.stringify(e)} is no run id`);return e}function Zn(e){return e.replace(/[\u0000-\u001f\u007f]+/g," ").slice(0,200)}function is(e){const s=[["install-binary",e.binary,"binary"],["run-installer",e.installer,"installer"],["write-config",e.config,"config"],["edit-environment",e.environment,"environment"],["edit-unit",e.removeArguments,"removeArguments"]].find(([t,r])=>e.steps.includes(t)&&r===void 0);return s&&`step ${s[0]} needs ${s[2]}`}function pt(e){if(!(typeof e.step!="string"||e.state!=="done"&&e.state!=="unchanged"))return{step:e.step,state:e.state}}async function as(e,n,s){const{binary:t,installer:r,environment:o}=n,i=is(n);if(i!==void 0)throw new TypeError(i);const c=n.removeArguments??[],u=c.find(b=>!/^--?[A-Za-z][A-Za-z0-9-]*$/.test(b));if(u!==void 0)throw new TypeError(`${JSON.stringify(u)} is no name of an argument`);const h=await e.run({name:"apply",script:[W["unit-file"],W["change-log"],W["agent-data"],W.edit,W.apply].join(`
`),env:{RUN_ID:cn(n.runId),HOLDER:Zn(n.holder),LOCK_WAIT:Vn(s),STEPS:n.steps.join(" "),STAGED:t?.stagedPath??"",BINARY_SHA256:t?.sha256??"",INSTALLER_SHA256:r?.sha256??"",SERVER_URL:o?.url??"",REMOVE_ARGUMENTS:c.join(" "),RESTART:n.isRestartFollowing?"yes":"no"},secrets:{TOKEN:o?.token??"",CONFIG:n.config??"",INSTALLER:r?.text??""},privilege:"root",timeoutMs:s.timeoutMs,signal:s.signal,onLine:b=>{const D=pt(b);D&&s.onStep?.(D.step,D.state),typeof b.waiting_for=="string"&&s.onWaiting?.(b.waiting_for)}}),f=z(e.label,"the installation",h);if(f)throw f;const _=h.lines.flatMap(b=>pt(b)??[]);return{steps:_,isChanged:_.some(b=>b.state==="done"),interrupted:h.lines.flatMap(b=>typeof b.interrupted=="string"?[{runId:b.interrupted,step:String(b.step??"")}]:[]),holdsFormerToken:h.lines.some(b=>b.former_token===!0)}}async function ds(e,n){const{signal:s,waitMs:t,holdMs:r}=n,o=new AbortController,i=Promise.withResolvers();let c=!1;const u=e.run({name:"hold",script:[W["change-log"],W.hold].join(`
`),env:{RUN_ID:cn(n.runId),HOLDER:Zn(n.holder),LOCK_WAIT:String(Math.ceil(t/1e3)),HOLD:String(Math.ceil(r/1e3))},privilege:"root",timeoutMs:t+r,signal:AbortSignal.any([s,o.signal]),onLine:f=>{typeof f.waiting_for=="string"&&(c=!0,n.onWaiting(f.waiting_for)),f.held==="yes"&&i.resolve(typeof f.released=="number"?f.released*1e3:0)}}).then(f=>{throw z(e.label,"keeping other runs away",f)??new Error("the lock was not kept")});u.catch(i.reject);const h=await i.promise;return{hasWaited:c,releasedAtMs:h,async release(){o.abort(),await u.catch(()=>{})}}}const cs=2e4;function ls(e,n){return en(e,n,void 0).some(s=>(s.id==="start"||s.id==="restart")&&s.waitsFor===void 0)}async function us(e,n,s){const t=await e.run({name:"node-password",script:W["node-password"],privilege:"root",timeoutMs:cs,signal:s}),r=t.lines.find(c=>typeof c.password=="string"),o=typeof r?.password=="string"?r.password.trim():void 0;o&&n(o);const i=z(e.label,"reading the node password",t);if(i)throw i;return r?.present===!0?o:void 0}async function hs(e,n,s,t,r,o){if(!ls(s,t))return;let i;try{i=await n.nodePassword(ne(s.desired.node),o)}catch(D){if(D instanceof xe.b$&&D.code==="forbidden")return{state:"unknown",problem:D.message};throw D}if(!i)return{state:"none"};const{hash:c,...u}=i,h={hasSecret:!0,hasFile:t.hasNodePassword};if(!t.hasNodePassword)return{state:j({...h,password:void 0,isMatch:void 0}),secret:u};let f;try{f=await us(e,r,o)}catch(D){if(o.aborted)throw D;return{state:"unknown",secret:u,problem:D.message}}if(f===void 0)return{state:"missing",secret:u};const _=f===""?void 0:await q(c,f),b=j({...h,password:f,isMatch:_});return{state:b,secret:u,...b==="unknown"?{problem:"the hash in the Secret is none that can be checked"}:{}}}const fs=5e3,ps=200;async function $t(e,n,s,t,r,o=fs){const i=performance.now()+(t?o:0);for(;;){const c=await e.nodePassword(n,r);if(!c)return;const u=c.uid===s.uid&&(t||c.resourceVersion===s.resourceVersion);if(!u||performance.now()>=i)return await e.deleteNodePassword(n,u?c:s,r);await(0,qn.setTimeout)(ps,void 0,{signal:r})}}const ln={node:"k3s-gpu-actions/node",run:"k3s-gpu-actions/run"},$s="system:bootstrappers:k3s:default-node-token",ms=["create","delete","list"].map(e=>({verb:e,group:"",resource:"secrets",namespace:"kube-system"}));function Ze(e){const n=e.replace(/[^A-Za-z0-9._-]+/g,"-").replace(/^[^A-Za-z0-9]+/,"").slice(0,63).replace(/[^A-Za-z0-9]+$/,"");return n===""?"unknown":n}function mt(e,n){if(!(e.ttlMs>0))throw new RangeError("a token needs a time to live");return{id:Dt(n),secret:jt(n),description:`k3s-gpu-actions: join of ${e.node}, ${Ze(e.runLabel)}`,expiresAt:new Date(e.now+e.ttlMs).toISOString().replace(/\.\d{3}Z$/,"Z"),extraGroups:$s,labels:{[ln.node]:Ze(e.node),[ln.run]:Ze(e.runLabel)}}}async function ws(e,n,s){const t=n.token??mt(n);return await n.record(t.id),await e.createBootstrapToken(t,s),t}async function gs(e,n,s){await e.deleteBootstrapToken(n,s)}async function ks(e,n,s){return(await e.bootstrapTokens({[ln.node]:Ze(n)},s)).map(r=>r.id)}async function vs(e,n,s){const r=(await e.bootstrapTokens({[ln.node]:Ze(n.node)},s)).filter(o=>Date.parse(o.createdAt)<n.olderThan).map(o=>o.id);return await Promise.all(r.map(o=>e.deleteBootstrapToken(o,s))),r}var un=O(1455),bs=O(3024),ys=O(6466);async function wt(e,n){const s=(0,U.createHash)("sha256");return await(0,ys.pipeline)((0,bs.createReadStream)(e),s,{signal:n}),s.digest("hex")}function gt(e,n){const s=new Set;for(const t of e.split(/\r?\n/)){const[,r,o]=/^\\?([0-9A-Fa-f]{64})[ \t]+\*?(?:\.\/)?(\S.*?)\s*$/.exec(t)??[];r!==void 0&&o===n&&s.add(r.toLowerCase())}return s.size===1?[...s][0]:void 0}class Re extends Error{name="ReleaseError";code;cause;remedy;evidence;constructor(n,s,t,r,o=[]){super(s),this.code=n,this.cause=t,this.remedy=r,this.evidence=o}}const kt="run it again; if it stays so, look at https://www.githubstatus.com and at the release page of k3s";function vt(e){const{code:n,cause:s,remedy:t}=typeof e=="object"&&e!==null?e:{};return typeof n=="string"&&typeof s=="string"&&typeof t=="string"}const _s=["rate-limited","github-refused","github-unreachable"];function bt(e,n,s=[]){if(!vt(e))return new Re("download-failed",n,yt(e),kt,s);const t=_s.includes(e.code)?e.code:"download-failed";return new Re(t,n,e.cause,e.remedy,[...s,...e.evidence??[]])}function Os(e,n){if(!(!vt(n)||n.code!=="release-not-found"))return new Re("release-not-found",`there is no release ${e} of k3s`,`no release of k3s-io/k3s is called ${e}`,"correct the version; all of them are listed at https://github.com/k3s-io/k3s/releases, and look like v1.33.4+k3s1",n.evidence??[])}function hn(e,n){return new Re("checksum-mismatch",`${e} is not what k3s published`,"it was changed on the way (a proxy or mirror), the release was changed after it was published, or the download is damaged","nothing of it was used. Run it again; if it stays so, compare the hashes below with the release page before trusting either",n)}function yt(e){return typeof e=="object"&&e!==null&&"message"in e?String(e.message):String(e)}const _t="k3s-io",Ot="k3s",Tt="k3s",Ts={amd64:"k3s",arm64:"k3s-arm64"},Rs=/^[0-9a-f]{64}$/;function Rt(e){const n=e?.toLowerCase().replace(/^sha256:/,"");return n!==void 0&&Rs.test(n)?n:void 0}async function St(e,n,s){const t=Ts[e.architecture];if(t===void 0)throw new Re("architecture-unsupported",`there is no checked k3s for ${e.architecture||"an unknown architecture"}`,"programs are fetched and checked for amd64 and arm64 only","use a 64-bit x86 or Arm machine");const r=await Ss(e.version,n,s),o=u=>{const h=r.assets.find(f=>f.name===u);if(h!==void 0)return h;throw new Re("release-incomplete",`release ${e.version} of k3s has no file ${u}`,"the release is still being published, or was withdrawn in part","choose another version, or try again later",[`its files: ${r.assets.map(f=>f.name).slice(0,40).join(", ")||"none"}`])},i=o(t),c=Rt(i.digest);return{version:e.version,architecture:e.architecture,sizeBytes:i.sizeBytes,...c===void 0?{}:{sha256:c},binary:i,checksums:o(`sha256sum-${e.architecture}.txt`),commit:r.commit}}function Xs(e){return e.sizeBytes}async function Ss(e,n,s){try{return await n.release(_t,Ot,e,s)}catch(t){throw s.aborted?s.reason:Os(e,t)??bt(t,`release ${e} of k3s cannot be looked up`)}}async function Xn(e,n,s,t){try{return await s(e,t)}catch(r){throw t.aborted?t.reason:bt(r,`${n} cannot be downloaded`,[e])}}async function xs(e,n,s){const{binary:t,checksums:r,version:o}=e,i=await Xn(r.url,`the checksum file of k3s ${o}`,n,s),c=await(0,un.readFile)(i,{encoding:"utf8",signal:s}),u=(0,U.createHash)("sha256").update(c).digest("hex"),h=Rt(r.digest);if(h!==void 0&&h!==u)throw hn(`the checksum file of k3s ${o}`,[`downloaded: ${u}`,`GitHub's digest: ${h}`]);const f=gt(c,t.name);if(f===void 0)throw new Re("release-incomplete",`the checksum file of k3s ${o} has no line for ${t.name}`,"the file is damaged, or the release is not complete","choose another version, or try again later",[`${r.name}: ${c.split(`
`).filter(_=>_!=="").length} lines`]);if(e.sha256===void 0)return{sha256:f,notes:[`GitHub has no digest for ${t.name}: checked against ${r.name} alone`]};if(e.sha256!==f)throw hn(`${t.name} of k3s ${o}`,[`${r.name}: ${f}`,`GitHub's digest: ${e.sha256}`]);return{sha256:f,notes:[]}}async function Es(e,n,s,t){const{architecture:r,binary:o,version:i}=e,c=C(i);if(c===void 0)throw new RangeError(`${JSON.stringify(i)} is no exact k3s version`);const u=H(c),h=[],f=s.toolCache.find(Tt,u,r);if(f!==void 0){const D=await wt(f,t).catch(()=>"unreadable");if(t.throwIfAborted(),D===n)return{binary:{path:f,sha256:n,sizeBytes:(await(0,un.stat)(f)).size,fromCache:!0},notes:h};h.push(`the tool cache held another file for k3s ${i} (sha256 ${D}); it was not used`)}const _=await Xn(o.url,`k3s ${i} for ${r}`,s.download,t),b=await wt(_,t);if(b!==n)throw hn(`the downloaded ${o.name} of k3s ${i}`,[`downloaded: ${b}`,`published: ${n}`]);return await s.toolCache.add(_,o.name,Tt,u,r).catch(D=>{t.throwIfAborted(),h.push(`the tool cache could not be used: ${yt(D)}`)}),{binary:{path:_,sha256:n,sizeBytes:(await(0,un.stat)(_)).size,fromCache:!1},notes:h}}async function As(e,n,s){const{commit:t,version:r}=e;if(!/^[0-9a-f]{40}$/.test(t))throw new Re("release-incomplete",`the commit of k3s ${r} is unknown`,`GitHub gave ${JSON.stringify(t)}`,kt);const o=`https://raw.githubusercontent.com/${_t}/${Ot}/${t}`,[i,c]=await Promise.all(["install.sh","install.sh.sha256sum"].map(b=>Xn(`${o}/${b}`,`${b} of k3s ${r}`,n,s))),[u,h]=await Promise.all([i,c].map(b=>(0,un.readFile)(b,{signal:s}))),f=gt(String(h),"install.sh"),_=(0,U.createHash)("sha256").update(u).digest("hex");if(f!==_)throw hn(`the installer of k3s ${r}`,[`install.sh: ${_}`,`install.sh.sha256sum: ${f??"no line for install.sh"}`]);return{text:String(u),sha256:_,commit:t}}async function xt(e,n,s){const t=As(e,n.download,s);t.catch(()=>{});try{const r=await xs(e,n.download,s),{binary:o,notes:i}=await Es(e,r.sha256,n,s),{version:c,architecture:u}=e;return{version:c,architecture:u,binary:o,installer:await t,notes:[...r.notes,...i]}}catch(r){throw s.aborted?s.reason:r}}async function Js(e,n,s){return await xt(await St(e,n.releases,s),n,s)}async function Is(e,n,s){if(s.unit!==void 0&&s.unit!=="k3s-agent")throw new TypeError(`unknown unit ${s.unit}`);const t=await e.run({name:"undo",script:[W["change-log"],W["agent-data"],W.undo].join(`
`),env:{RUN_ID:cn(n),HOLDER:Zn(s.holder??`undo of run ${n}`),LOCK_WAIT:Vn(s),STOP:s.stop===!1?"no":"yes"},privilege:"root",timeoutMs:s.timeoutMs,signal:s.signal}),r=z(e.label,"the undo",t);if(r)throw r;return{undone:t.lines.flatMap(o=>typeof o.undone=="string"?[o.undone]:[]),remaining:t.lines.flatMap(o=>typeof o.remaining=="string"?[o.remaining]:[])}}async function Ns(e,n,s){const t=await e.run({name:"forget",script:[W["change-log"],W.forget].join(`
`),env:{RUN_ID:cn(n),HOLDER:`end of run ${n}`,LOCK_WAIT:Vn(s)},privilege:"root",timeoutMs:s.timeoutMs,signal:s.signal}),r=z(e.label,"deleting the former token",t);if(r)throw r;return t.lines.flatMap(o=>typeof o.forgotten=="string"?[o.forgotten]:[])}const Ce=e=>typeof e=="string"?e:"",Et=e=>typeof e=="number"&&Number.isSafeInteger(e)?e:0;function Ps(e){if(e.event==="journal"){const n=Ce(e.source);return{type:"journal",text:Ce(e.text),...n===""?{}:{source:n}}}if(e.event==="journal-ended")return{type:"journal",text:`journalctl ended: ${Ce(e.text)}`};if(e.event==="unit")return{type:"unit",activeState:Ce(e.active),subState:Ce(e.sub),restarts:Et(e.restarts),result:Ce(e.result),mainStatus:Et(e.status),isNew:e.new===!0}}async function Ls(e,n){const{unit:s,action:t,signal:r,onEvent:o,timeoutMs:i}=n;if(r.aborted)return;let c;try{c=await e.run({name:"watch",script:W.watch,env:{UNIT:s,ACTION:t},privilege:"root",timeoutMs:i,signal:r,onLine:u=>{const h=r.aborted?void 0:Ps(u);h&&o(h)}})}catch(u){if(r.aborted)return;throw u}if(!r.aborted)throw z(e.label,`the ${t==="none"?"watch":t} of ${s}`,c)??new k("watch-ended","",`the watch of ${s} on ${e.label} ended by itself`,"the script ended without being told to","run it again: it continues from what it finds",c.stderr.trim().split(`
`).slice(-10))}const Ms=[W["unit-file"],W["survey-settings"],W.survey].join(`
`),Ds=64,js=["node-label","node-taint","kubelet-arg"],Jn=64*1024;function ee(e,n,s=4096){const t=e[n];return typeof t=="string"?t.slice(0,s):""}function Yn(e,n,s){const t=ee(e,n,Jn);return t===""?[]:t.split(s)}function Cs(e,n){const s=e[n];return typeof s=="number"&&Number.isSafeInteger(s)&&s>=0?s:0}const Us=["none","server","agent","bootstrap","short"];function Fs(e){return Us.find(n=>n===e.token_kind)??"short"}function Hs(e){const n=c=>e.filter(u=>u.fact===`k3s.${c}`).slice(0,Ds),s=c=>e.find(u=>u.fact===`k3s.${c}`),t=s("binary"),r=s("unit"),o=s("environment"),i=s("own-config");return{...t&&{binary:{path:ee(t,"path"),version:ee(t,"version",128),sha256:ee(t,"sha256",64)}},...r&&{unit:{name:ee(r,"name",256),path:ee(r,"path"),sha256:ee(r,"sha256",64),arguments:Yn(r,"arguments",`
`),activeState:ee(r,"active",64),subState:ee(r,"sub",64),isEnabled:r.enabled===!0,restarts:Cs(r,"restarts"),needsReload:r.needs_reload===!0}},hasServerUnit:s("server-unit")?.present===!0,changedSinceStart:n("changed").map(c=>ee(c,"path")),...o&&{environment:{path:ee(o,"path"),sha256:ee(o,"sha256",64),mode:ee(o,"mode",8),keys:Yn(o,"keys"," "),url:ee(o,"url"),tokenKind:Fs(o)}},configFiles:n("config").map(c=>({path:ee(c,"path"),sha256:ee(c,"sha256",64),mode:ee(c,"mode",8),keys:Yn(c,"keys"," ")})),settings:n("setting").flatMap(c=>{const u=js.find(_=>_===c.key);if(u===void 0)return[];const h=ee(c,"values",2*Jn).split(""),f={path:ee(c,"path"),key:u,isAdded:c.added===!0};return["",...h.filter(_=>_!=="")].map(_=>({...f,value:_}))}),hasSelinuxPolicy:s("selinux-policy")?.present===!0,...i&&{ownConfig:ee(i,"text",Jn)},hasNodePassword:s("node-password")?.present===!0,templates:n("template").map(c=>({path:ee(c,"path"),sha256:ee(c,"sha256",64),hasBaseTemplate:c.base===!0}))}}const fn="k3s-agent",zs=["install-binary","run-installer","write-config","edit-environment","edit-unit","reload","enable"],Gs=18e4,Bs=6e4,Ks=3e4,qs=[[/Running load balancer k3s-agent-load-balancer/,"agent found the server"],[/containerd is now running/,"containerd up"]];async function Ws(e,n,s){return await new Promise(t=>{const r=(0,y.connect)({host:e,port:n,signal:AbortSignal.any([s,AbortSignal.timeout(3e3)])}),o=i=>{r.destroy(),t(i)};r.once("connect",()=>o(!0)),r.once("error",()=>o(!1))})}function Vs(e,n,s){const t=o=>o.verdict==="pass"||o.verdict==="warn"?"\u2713":o.verdict==="skip"?"not exercised":"\u2717";return e.map(o=>o.id==="handshake.ca"?`CA ${n?`${n.slice(0,4)}\u2026${n.slice(-2)} `:""}${t(o)}`:o.id==="handshake.token"?s?`token ${t(o)}`:"token not exercised":`${o.id.replace(/^handshake\.(apiserver\.?)?/,"").replace(/-(\d+)$/,":$1")} ${t(o)}`).join("  ")}function Zs(e){const n=new Map,s=(t,r,o)=>{const i=`${t} ${r}`,c=n.get(i)??St({version:t,architecture:r},e.releases,o);return n.set(i,c),c};return{name:"k3s",unit:fn,surveyScript:Ms,tokenAccessRequests:ms,resolveVersion:Ue,survey:Hs,async inspect(t,r,o,i,c){const u=await hs(t,r,o,i,e.mask,c);return u===void 0?i:{...i,nodePassword:u}},describe:g,checkRegistry:p,checks:(t,r)=>w(t,r,Oe(t.version,t.reading.version)),plan:en,needsRelease:_n,async sketchRelease(t,r,o){const{sizeBytes:i,sha256:c}=await s(t,r,o);return{sizeBytes:i,...c?{sha256:c}:{}}},async mint(t,r,o,i,c,u){const{serverTimeMs:h}=await t.read(r,u),f={node:r,runLabel:o.label,ttlMs:i,now:h},_=mt(f),b=tt(Ie(t.caPem),_.id,_.secret);for(const D of[b,`${_.id}.${_.secret}`,_.secret])e.mask(D);return await ws(t,{...f,record:c,token:_},u),{id:_.id,text:b}},revoke:gs,tokens:ks,async sweep(t,r,o){const{serverTimeMs:i}=await t.read(r,o);return await vs(t,{node:r,olderThan:i+1e3},o)},acceptToken:Ct,async hold(t,r,o,i,c){return await ds(t,{...o,runId:r.runId,holder:r.label,onWaiting:i,signal:c})},async handshake(t,r,o,i,c){const u={server:r,caPem:o,...i?{token:i.text}:{},script:W.handshake,probe:Ws,signal:c},{checks:h,result:f}=await os(t,u);return{checks:h,passed:f!==void 0,line:Vs(h,f?.caHash,i!==void 0)}},async freeName(t,r,{nodePassword:o},i,c){if(!o?.secret)throw new Error("there is no node password that was looked at");await $t(t,ne(r.desired.node),o.secret,i,c)},async forgetNode(t,r,{nodePassword:o},i,c){if(o?.state!=="none")return!1;const u=ne(r.desired.node),h=await t.nodePassword(u,c);return h&&await $t(t,u,h,i,c),h!==void 0},async prepare(t,r,o){return await xt(await s(t,r,o),e,o)},describePrepared:t=>[`k3s ${t.version} ${t.architecture} ${t.binary.sha256.slice(0,12)}\u2026 ${t.binary.fromCache?"from the tool cache, checked again":"downloaded and checked"}`,...t.notes.map(r=>`! ${r}`)],async install(t,r,o,i,c,u){const{prepared:h,credential:f}=o,_=new Set(o.changes.map(Ne=>Ne.id));let b;_.has("upload-binary")&&h&&(b=await t.upload({path:h.binary.path,name:"k3s",sizeBytes:h.binary.sizeBytes},u),c("upload-binary"));const D={runId:i.runId,holder:i.label,steps:zs.filter(Ne=>_.has(Ne)),isRestartFollowing:_.has("start")||_.has("restart"),...b&&h?{binary:{stagedPath:b,sha256:h.binary.sha256}}:{},...h?{installer:h.installer}:{},..._.has("write-config")?{config:Ee(r.desired)}:{},..._.has("edit-environment")?{environment:{url:r.server,...f?{token:f.text}:{}}}:{},..._.has("edit-unit")?{removeArguments:Ge}:{}};if(D.steps.length===0)return{needsSettling:!1,notes:[]};const pe=await as(t,D,{signal:u,timeoutMs:Gs,onStep:Ne=>c(Ne)}),Xe=pe.interrupted.map(({step:Ne})=>`an earlier run was interrupted here (${Ne}); what it left is as this run wants it`);return{needsSettling:pe.holdsFormerToken,notes:Xe}},async settle(t,r,o){await Ns(t,r.runId,{signal:o,timeoutMs:Ks})},async start(t,r,o,i,c){await Ls(t,{unit:fn,action:r,signal:c,onEvent:i,timeoutMs:o})},milestone:t=>qs.find(([r])=>r.test(t))?.[1],evidence:(t,r,o)=>we(t,{unit:fn,startedAgoMs:r.startedAgoMs},o),async remove(t,r,o){const{undone:i,remaining:c}=await Is(t,r.runId,{unit:fn,signal:o,timeoutMs:Bs});return{changes:i,remaining:c}}}}})};export{Ys as id,Qs as ids,er as modules};
