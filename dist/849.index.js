const it=849,dt=[849],ut={10849:((rt,le,D)=>{D.d(le,{Dj:()=>se,t9:()=>$e,X0:()=>je,wv:()=>de,l:()=>ue,qM:()=>Be,Ze:()=>qe,yd:()=>re,Vv:()=>Xe,FU:()=>Te,O5:()=>R,$4:()=>Y,Gg:()=>V,Ou:()=>M,r$:()=>Ze,Bh:()=>$,A6:()=>Ee,Gm:()=>ne,OW:()=>te,B:()=>we,Ax:()=>U,OE:()=>st,Hr:()=>ce,Np:()=>at,oN:()=>nt});const $=e=>`${e.namespace}/${e.name}`;function ee(e,t){return e.isMirror?{type:"stays",because:"static"}:e.isFinished?{type:"stays",because:"finished"}:e.owner?.kind==="DaemonSet"?t.ignoreDaemonSets?{type:"stays",because:"DaemonSet"}:{type:"stops",why:`belongs to DaemonSet ${e.owner.name}, which brings it back`,input:"ignore-daemonsets"}:e.isTerminating?{type:"ends"}:e.owner===void 0&&!t.deleteUnmanagedPods?{type:"stops",why:"has no controller: nothing brings it back elsewhere",input:"delete-unmanaged-pods"}:e.emptyDirs.length>0&&!t.deleteEmptyDirData?{type:"stops",why:`loses what is in its ${`emptyDir ${e.emptyDirs.join(", ")}`}`,input:"delete-emptydir-data"}:{type:"leaves"}}function M(e,t){return[...e].sort((n,a)=>$(n)<$(a)?-1:1).map(n=>({pod:n,ruling:ee(n,t)}))}function ce({ruling:e}){switch(e.type){case"leaves":return"leaves";case"ends":return"ends already";case"stays":return`stays (${e.because})`;case"stops":return`${e.why}${e.input===""?"":` (${e.input})`}`}}const W=e=>t=>t.ruling.type===e;function q(e,t){return t.filter(n=>n.namespace===e.namespace&&n.selects?.(e.labels)===!0)}function he(e,t){if(!e.isReady&&t.letsUnhealthyGo)return;const{currentHealthy:n,desiredHealthy:a,expectedPods:s,disruptionsAllowed:r}=t,i=s>0&&a>=s&&n>=s;if(!(r>0||!i))return`budget ${t.namespace}/${t.name} wants ${a} healthy of ${s}, so it never lets one go`}function fe(e,t){const n=q(e,t);if(!(n.length<2))return`${n.length} budgets are about it (${n.map(a=>a.name).join(", ")}), which evictions do not support`}var me=D(93549);function K(e,t){const n=i=>Object.hasOwn(t,i),a=Object.entries(e.matchLabels??{}).every(([i,o])=>n(i)&&t[i]===o),r=(Array.isArray(e.matchExpressions)?e.matchExpressions:[]).every(i=>{const o=typeof i?.key=="string"?i.key:"",d=Array.isArray(i?.values)?i.values:[];switch(i?.operator){case"In":return n(o)&&d.includes(t[o]);case"NotIn":return!n(o)||!d.includes(t[o]);case"Exists":return n(o);case"DoesNotExist":return!n(o);case"Gt":return n(o)&&Number(t[o])>Number(d[0]);case"Lt":return n(o)&&Number(t[o])<Number(d[0]);default:return!1}});return a&&r}const v=e=>typeof e=="string"?e:"",P=e=>typeof e=="number"&&Number.isFinite(e)?e:0,C=e=>Array.isArray(e)?e.filter(t=>typeof t=="object"&&t!==null):[],pe=e=>Array.isArray(e)?e.filter(t=>typeof t=="string"):[],y=(e,t)=>{const n=e?.[t];return typeof n=="object"&&n!==null?n:{}},ge=e=>Object.fromEntries(Object.entries(e).filter(t=>typeof t[1]=="string")),B=e=>v(y(e,"metadata").uid),ye=30;function U(e){const[t,n,a]=[y(e,"metadata"),y(e,"spec"),y(e,"status")],s=C(t.ownerReferences).find(o=>o.controller===!0),r=C(n.volumes),i=t.deletionGracePeriodSeconds??n.terminationGracePeriodSeconds;return{namespace:v(t.namespace),name:v(t.name),uid:v(t.uid),labels:ge(y(t,"labels")),...s===void 0?{}:{owner:{kind:v(s.kind),name:v(s.name)}},isMirror:"kubernetes.io/config.mirror"in y(t,"annotations"),isFinished:["Succeeded","Failed"].includes(v(a.phase)),isTerminating:t.deletionTimestamp!==void 0,isReady:C(a.conditions).some(o=>o.type==="Ready"&&o.status==="True"),emptyDirs:r.filter(o=>"emptyDir"in o).map(o=>v(o.name)),claims:r.map(o=>v(y(o,"persistentVolumeClaim").claimName)).filter(o=>o!==""),graceSeconds:typeof i=="number"?P(i):ye,finalizers:pe(t.finalizers)}}function te(e){const[t,n,a]=[y(e,"metadata"),y(e,"spec"),y(e,"status")],s=n.selector;return{namespace:v(t.namespace),name:v(t.name),...typeof s=="object"&&s!==null?{selects:r=>K(s,r)}:{},disruptionsAllowed:P(a.disruptionsAllowed),currentHealthy:P(a.currentHealthy),desiredHealthy:P(a.desiredHealthy),expectedPods:P(a.expectedPods),letsUnhealthyGo:n.unhealthyPodEvictionPolicy==="AlwaysAllow"}}function ne(e){return t=>{const[n,a]=[y(t,"spec"),y(t,"status")];if(n.nodeName===e)return{name:v(y(t,"metadata").name),uid:B(t),volume:v(y(n,"source").persistentVolumeName),attacher:v(n.attacher),problem:(0,me.Pj)(v(y(a,"detachError").message))}}}function we(e){const t=y(e,"spec"),n=C(y(y(t,"nodeAffinity"),"required").nodeSelectorTerms);if(n.length===0)return;const a=y(t,"claimRef"),s=v(a.name);return{name:v(y(e,"metadata").name),claim:s===""?"":`${v(a.namespace)}/${s}`,terms:n}}const be={group:"storage.k8s.io",version:"v1",resource:"volumeattachments"},ve={group:"",version:"v1",resource:"pods"};async function $e(e,t,n,a,s){const r=new AbortController,i=AbortSignal.any([s,r.signal]),o=new Map,d=ne(e);let c=0;const{promise:h,resolve:m,reject:b}=Promise.withResolvers(),w=()=>{c===2&&o.size===0&&m({type:"detached"})},j=p=>{const _=o.get(p);o.delete(p),_!==void 0&&a.onEvent(`${se(_)} was detached`)},x=p=>{if(p.type==="gone")j(B(p.object));else{const O=(p.type==="listed"?p.objects:[p.object]).flatMap(I=>d(I)??[]);if(p.type==="listed"){const I=new Set(O.map(k=>k.uid));for(const k of[...o.keys()])I.has(k)||j(k)}for(const I of O)o.set(I.uid,I)}},F=p=>{if(p.type!=="gone")for(const _ of p.type==="listed"?p.objects:[p.object]){const O=U(_);ee(O,t).type!=="stays"&&m({type:"came",pod:O})}},H=async(p,_,O={})=>{let I=!1;try{await a.cluster.watchObjects(p,k=>{_(k),k.type==="listed"&&!I&&(I=!0,c+=1),w()},i,O)}catch(k){i.aborted||b(k)}},E=setTimeout(()=>{const[p,..._]=o.values();m(p===void 0?{type:"unknown"}:{type:"attached",attachments:[p,..._]})},n),Q=()=>b(s.reason);s.addEventListener("abort",Q,{once:!0});const X=[H(be,x),H(ve,F,{fieldSelector:`spec.nodeName=${e}`})];try{return s.throwIfAborted(),await h}finally{clearTimeout(E),s.removeEventListener("abort",Q),r.abort(new Error("the wait is over")),await Promise.all(X)}}const se=({name:e,volume:t,attacher:n})=>`${t||e} (${n})`;var l=D(61971);function ke(e){return[Ae(e),...Ie(e),...Oe(e),...Re(e)]}function Ae({node:e,reading:t,host:n,distribution:a}){const s=t.node?.isServer===!0||n?.presence.isServer===!0,r=s?"it is a server":"it is an agent";return(0,l.oQ)("leave.role",`Is ${e} an agent?`,!s,r,{cause:`a server of ${a} holds the cluster itself: its data, its API, its certificates`,remedy:"take a server out by hand, as the documentation of the distribution says; no action here does it"})}function G(e,t){const n=[...e.internalIps,...e.externalIps].some(s=>t.addresses.includes(s)),a=(0,l.Pd)(e,t);return a==="another-machine"?{is:"another",by:"board",hasAddress:n}:a==="this-machine"?{is:"the same",by:(0,l.YD)(e,t)?"board":"machine-id",hasAddress:n}:e.machineId!==""&&t.machineId!==""?{is:"another",by:"machine-id",hasAddress:n}:n?{is:"the same",by:"address",hasAddress:n}:{is:"unknown",by:"",hasAddress:n}}function _e({node:e,nodes:t,reading:n},a){const s=n.node,r=s&&G(s,a);return t.find(i=>{if(i.name===e)return!1;const o=G(i,a);return o.is!=="the same"?!1:s===void 0||r?.is!=="the same"?!0:r.by==="board"&&o.by==="board"?i.ready===s.ready?s.ready!=="True"&&i.createdAt>s.createdAt:i.ready==="True":r.by!=="board"&&(o.by==="board"||!r.hasAddress)})}function Ie(e){const{node:t,reading:n,host:a}=e;if(a===void 0)return[];const s=`Is this machine the node ${t}?`,r=(0,l.Eb)({reading:n,facts:a.facts,desired:{node:t,access:{address:""}}}),i=_e(e,a.facts);if(i!==void 0)return[(0,l.oQ)("leave.machine",s,!1,`no: it is the node ${i.name}`,{cause:"the machine that answers under this address serves the cluster under another name",remedy:"correct the address of the host, or the name of the node; a node whose machine has another name by now is cleared with host-gone",evidence:r})];if(n.node===void 0)return[];const{is:o,by:d}=G(n.node,a.facts);return o==="the same"?[(0,l.bF)("leave.machine",s,d==="board"?"it is":`it is, by its ${d}`)]:[(0,l.oQ)("leave.machine",s,!1,o==="another"?"no: the node is another machine":"nothing tells",{cause:o==="another"?"the machine that answers under this address and the one that registered the node have different identities":"they have neither a system UUID, nor a machine-id, nor an address in common",remedy:"correct the address of the host, or the name of the node; a node whose machine is gone is cleared with host-gone",evidence:r})]}const ae=e=>URL.canParse(e)?new URL(e).hostname:e,Se=e=>/^(localhost|127\.|\[?::1\]?$)/.test(e);function Oe({servers:e,nodes:t,host:n,reading:a}){if(n===void 0||!n.presence.isThere)return[];const{server:s,isRunning:r,isHalfGone:i}=n.presence,o=ae(s),d="Did the agent of this machine join this cluster?",h=[...e.map(ae),...t.filter(w=>w.isServer).flatMap(w=>[...w.internalIps,...w.externalIps])].filter(w=>!Se(w));if(h.includes(o))return[(0,l.bF)("leave.cluster",d,o)];if((0,l.JG)({reading:a})&&a.node!==void 0&&G(a.node,n.facts).is==="the same")return[(0,l.bF)("leave.cluster",d,o===""?"it is alive here":`${o}, another address of it`)];if(o===""&&!r)return[(0,l.bF)("leave.cluster",d,i?"it was asked when its removal began":"it has joined none")];const m=o===""?"it does not say through which server it joined":`it joined through ${o}`,b=h.length>0?`is reached at ${(0,l.H$)([...new Set(h)])}`:"has no address that could be compared";return[(0,l.oQ)("leave.cluster",d,!1,m,{cause:`this cluster ${b}; uninstalling would take the machine out of another one`,remedy:`give the kubeconfig of the cluster that it belongs to${o===""?"":`, or \`server: ${s}\` when that is this one`}`})]}function Re({node:e,reading:t,isHostGone:n}){if(t.node===void 0)return[];const a=(0,l.JG)({reading:t})||n&&t.leaseRenewedAtMs===void 0&&t.node.ready==="True",s=n?`Has ${e} no heartbeat any more?`:`Is ${e} alive?`;return n?[(0,l.oQ)("leave.alive",s,!a,a?"it has one: the machine is not gone":"it has none",{cause:"a machine that lives would go on working with its node deleted, and register again",remedy:"remove it without host-gone: it is drained and uninstalled first"})]:[(0,l.oQ)("leave.alive",s,a,a?"it has a heartbeat":"it has no heartbeat",{verdict:"warn",cause:"its agent does not run: its pods cannot end in order, they go with the node",remedy:"start the agent first when they are to end in order"})]}var T=D(82867);const z={"await-mounts":`main() {
  deadline=$(($(date +%s) + WAIT))
  while :; do
    read_mounts || die mounts-unknown 'what is mounted on this host cannot be read'
    if ! list_mounts | grep -q '^volume' || [ "$(date +%s)" -ge "$deadline" ]; then break; fi
    sleep 0.5 2>/dev/null || sleep 1
  done
  emit_mounts
}
`,"leave-steps":`
kept=$ROOT/var/lib/k3s-gpu-actions/leave
step='' was_running=no
report_failed_step() {
  if [ -n "$step" ]; then emit step "$step" state failed; fi
  if [ ! -e "$kept/begun" ]; then rm -rf "$kept"; fi
}

emit_log() { tail -n 20 "$kept/log" 2>/dev/null | while IFS= read -r line; do emit evidence "$line"; done; }

limited_away() {
  code=0
  if timeout -k 1 1 true >/dev/null 2>&1; then set -- -k 10 "$LIMIT" "$@"; else set -- "$LIMIT" "$@"; fi
  if [ -n "\${REHEARSAL:-}" ]; then
    set -- "ROOT=$ROOT" "REHEARSAL=$REHEARSAL" "REHEARSAL_UID=\${REHEARSAL_UID:-}" timeout "$@"
  else
    set -- timeout "$@"
  fi
  env -i "PATH=$PATH" "HOME=\${HOME:-/root}" LC_ALL=C SYSTEMD_OFFLINE=1 "$@" >"$kept/log" 2>&1 </dev/null 9>&- || code=$?
  case $code in
    124 | 137 | 143)
      emit_log
      die uninstall-timeout "what takes the agent away did not end in $LIMIT s"
      ;;
  esac
}

start_again() {
  if [ "$was_running" = yes ] && is_installed; then
    if timeout 30 systemctl start --no-block "$unit" >/dev/null 2>&1; then emit note 'the agent was started again'; fi
  fi
}

look_again() {
  if is_clear; then return 0; fi
  start_again
  check_mounts
}

stop_agent() {
  if is_running "$(unit_property ActiveState)"; then
    was_running=yes
    timeout 120 systemctl stop "$unit" >/dev/null 2>&1 || die stop-failed "$unit did not stop in 120 s"
  fi
  look_again
}

main() {
  on_stop report_failed_step
  check_run_id
  take_lock
  refuse_server
  refuse_others
  check_mounts
  (umask 077 && mkdir -p "$kept")
  for step in $STEPS; do
    prepare
    case $step in
      stop) stop_agent ;;
      uninstall)
        look_again
        : >"$kept/begun"
        take_away
        clear_rest
        ;;
      *) die bad-step "there is no step $step" ;;
    esac
    emit step "$step" state 'done'
  done
  step=''
  name_rest
  case " $STEPS " in *' uninstall '*) rm -rf "\${state:?}" ;; esac
  emit finished "$RUN_ID"
}
`,mounts:`
real_folders() {
  base=$(readlink -f "$ROOT/") || return 1
  for folder in $FOLDERS; do
    code=0
    real=$(timeout 10 readlink -f "$ROOT$folder" 2>/dev/null) || code=$?
    case $code in 124 | 137 | 143) return 1 ;; esac
    real=\${real#"\${base%/}"}
    printf '%s\\001%s\\n' "\${real:-$folder}" "$folder"
  done
}

read_mounts() {
  mounts='' FOLDER_PAIRS=$(real_folders) || return 1
  table=$ROOT/proc/1/mountinfo
  [ -r "$table" ] || table=$ROOT/proc/mounts
  [ -r "$table" ] || return 1
  mounts=$(FOLDER_PAIRS="$FOLDER_PAIRS" awk -v isInfo="\${table##*/}" '
    function plain(text) { gsub(/\\\\040/, " ", text); gsub(/\\\\011/, "\\t", text); gsub(/\\\\134/, "\\\\", text); return text }
    function below(path, folder) { return index(path, folder "/") == 1 }
    function kindOf(type, path, within) {
      ofRuntime = path ~ /^\\/run\\/k3s\\// || path ~ /^\\/var\\/lib\\/rancher\\/k3s\\/agent\\//
      ofPods = ofRuntime || path ~ /^\\/var\\/lib\\/kubelet\\/(pods|plugins)\\//
      if (type ~ /^(nsfs|proc|sysfs|mqueue|devpts|cgroup2?)$/) return "own"
      if (ofRuntime && type == "overlay") return "own"
      if (ofPods && type == "tmpfs") return "own"
      if (ofPods && type !~ shared && within ~ /^((\\/var)?\\/lib)?(\\/kubelet)?\\/pods\\/[^\\/]*\\/volumes\\//) return "own"
      if (path ~ /^\\/var\\/lib\\/kubelet\\/pods\\/[^\\/]*\\/(volumes|volume-subpaths|volumeDevices)\\// || path ~ /^\\/var\\/lib\\/kubelet\\/plugins\\//) return "volume"
      return "foreign"
    }
    BEGIN {
      shared = "^(nfs4?|cifs|smb3|smbfs|fuse|fuse\\\\..*|9p|virtiofs|ceph|glusterfs|lustre|gfs2|ocfs2|afs|beegfs|davfs)$"
      count = split(ENVIRON["FOLDER_PAIRS"], pair, "\\n")
      for (at = 1; at <= count; at++) { split(pair[at], half, "\\001"); real[at] = half[1]; folder[at] = half[2] }
    }
    {
      gsub(/\\001/, "?")
      if (isInfo == "mountinfo") {
        end = 7
        while (end < NF && $end != "-") end++
        path = plain($5); within = plain($4); type = plain($(end + 1)); source = plain($(end + 2))
      } else { path = plain($2); within = ""; type = plain($3); source = plain($1) }
      kind = ""
      for (at = 1; at <= count && kind == ""; at++) {
        if (below(path, real[at])) kind = kindOf(type, folder[at] substr(path, length(real[at]) + 1), within)
        else if (below(path, folder[at])) kind = kindOf(type, path, within)
        else if ((path == real[at] || path == folder[at]) && type ~ shared) kind = "foreign"
        else if (folder[at] == "/run/k3s" && index(path, "/run/k3s") == 1 && path != "/run/k3s") kind = "foreign"
      }
      if (kind != "") printf "%s\\001%s\\001%s\\001%s\\n", kind, type, path, source
    }
    END { if (NR > 0) print "end" }' "$table") || return 1
  case $mounts in
    end) mounts='' ;;
    *'
end') mounts=\${mounts%end} ;;
    *) return 1 ;;
  esac
}

list_mounts() { printf '%s' "$mounts"; }

emit_mounts() {
  read_mounts || return 0
  { list_mounts | grep -v '^own' || :
    list_mounts | grep '^own' || :
  } | head -n 200 | while IFS="$(printf '\\001')" read -r kind type path source; do
    emit fact leave.mount kind "$kind" type "$type" path "$path" source "$source"
  done
  emit fact leave.mounts known:n true
}

others_mounts() { list_mounts | awk -F '\\001' '$1 != "own" { print $3 " (" $2 ", " $4 ")" }'; }

is_clear() { read_mounts && ! list_mounts | grep -qv '^own'; }

check_mounts() {
  read_mounts || die mounts-unknown 'what is mounted on this host cannot be read, so nothing is deleted'
  if is_clear; then return 0; fi
  left=$(others_mounts)
  printf '%s\\n' "$left" | head -n 20 | while IFS= read -r line; do emit evidence "$line"; done
  first=\${left%%"
"*}
  die foreign-mounts "$first is mounted under a folder that leaving empties"
}
`},V=z.mounts,Me=["own","volume","foreign"],J=e=>typeof e=="string"?e.slice(0,4096):"";function oe(e){return{mounts:e.filter(t=>t.fact==="leave.mount").slice(0,200).map(t=>({path:J(t.path),type:J(t.type),source:J(t.source),kind:Me.find(n=>n===t.kind)??"foreign"})),areKnown:e.some(t=>t.fact==="leave.mounts"&&t.known===!0)}}async function je(e,t,n,a){const s=await e.run({name:"mounts",script:[V,z["await-mounts"]].join(`
`),env:{FOLDERS:t.join(" "),WAIT:String(Math.ceil(n/1e3))},privilege:"root",timeoutMs:n+3e4,signal:a}),r=(0,T.lZ)(e.label,"looking at what is mounted",s);if(r)throw r;return oe(s.lines).mounts}const Y=({path:e,type:t,source:n})=>`${e} (${t}, ${n})`;function Ee({path:e}){return/^\/var\/lib\/kubelet\/pods\/([^/]+)\//.exec(e)?.[1]??""}const L=e=>Array.isArray(e)?e:[];function De({matchExpressions:e,matchFields:t},{name:n,labels:a}){return L(e).length+L(t).length===0?!1:K({matchExpressions:e??[]},a)&&K({matchExpressions:t??[]},{"metadata.name":n})}function Pe(e,{terms:t},n){const a=n.filter(r=>t.some(i=>De(i,r)));if(n.some(r=>r.name===e))return a.length===1&&a[0]?.name===e;const s=({matchExpressions:r,matchFields:i})=>[...L(r),...L(i)].some(o=>{const{operator:d,values:c}=o??{};return d==="In"&&L(c).includes(e)});return a.length===0&&t.some(s)}function Te(e){return[...ke(e),...Ne(e),...xe(e),...Fe(e),...He(e),...Ce(e)]}function Le({pod:e,ruling:t},{budgets:n}){if(t.type==="stops"){const s=t.input==="ignore-daemonsets"?"ignore-daemonsets: true":t.input;return`${$(e)} ${t.why} (${s} allows it)`}if(t.type!=="leaves")return;const a=fe(e,n)??q(e,n).map(s=>he(e,s)).find(s=>s!==void 0);return a===void 0?void 0:`${$(e)}: ${a}`}function Ne(e){const{reading:t,node:n,wishes:a,budgets:s}=e;if(t.node===void 0||e.isHostGone)return[];const r=`May every pod leave ${n}?`,i=M(e.pods,a),o=i.flatMap(m=>{const b=Le(m,e);return b===void 0?[]:[{one:m,why:b}]});if(o.length===0){const m=i.filter(({ruling:w})=>w.type==="leaves").flatMap(({pod:w})=>q(w,s).map(j=>({pod:w,budget:j}))).filter(({budget:w})=>w.disruptionsAllowed<1),[b]=m;return b===void 0?[(0,l.bF)("leave.pods",r,re(i))]:[(0,l.oQ)("leave.pods",r,!1,`not at once: budget ${b.budget.namespace}/${b.budget.name} lets none go now (${$(b.pod)})`,{verdict:"warn",cause:`it has ${b.budget.currentHealthy} healthy and wants ${b.budget.desiredHealthy}`,remedy:"none needed when that changes within drain-timeout"})]}const[d]=o,c=[...new Set(o.flatMap(({one:m})=>m.ruling.type==="stops"?[m.ruling.input]:[]))],h=c.length===0;return[(0,l.oQ)("leave.pods",r,!1,d?.why??"",{cause:h?"the eviction API keeps what the budget promises, and so does this action: nothing is deleted past it":`${o.length} of its pods would lose something that does not come back`,remedy:h?"add a replica, or change the budget, then press the button again":`press the button again with ${c.map(m=>m==="ignore-daemonsets"?"ignore-daemonsets: true":`${m}: true`).join(" and ")} when that is acceptable`,evidence:o.slice(0,100).map(({why:m})=>m)})]}function re(e){const t=s=>e.filter(s).length,n=s=>r=>r.ruling.type==="stays"&&r.ruling.because===s;return[[t(s=>s.ruling.type==="leaves"),"leave"],[t(s=>s.ruling.type==="ends"),"end already"],[t(n("DaemonSet")),"stay (DaemonSet)"],[t(n("static")),"stay (static)"],[t(n("finished")),"finished"],[t(s=>s.ruling.type==="stops"),"need a decision"]].filter(([s])=>s>0).map(([s,r])=>`${s} ${r}`).join(", ")||"no pod is on it"}function xe({node:e,nodes:t,pods:n,wishes:a}){const s=t.filter(i=>i.name!==e&&i.ready==="True"&&!i.unschedulable);return M(n,a).filter(i=>i.ruling.type==="leaves").length===0||s.length>0?[]:[(0,l.oQ)("leave.room","Is there another node for its pods?",!1,"no other node takes pods",{verdict:"warn",cause:"every other node is not Ready, or cordoned",remedy:"its pods wait until one does; a budget may keep them from leaving until then"})]}function Fe({localVolumes:e,reading:t,node:n,nodes:a,host:s}){const r=e.filter(c=>Pe(n,c,a)),i=(s?.presence.data??[]).filter(c=>!r.some(h=>c.slice(c.lastIndexOf("/")+1).startsWith(h.name)));if(t.node===void 0&&r.length===0&&i.length===0)return[];const o=`Does no claim have its data on ${n} alone?`,d=[...r.map(c=>c.claim===""?`volume ${c.name}`:`${c.claim} (${c.name})`),...i];return d.length===0?[(0,l.bF)("leave.volumes",o,"none")]:[(0,l.oQ)("leave.volumes",o,!1,(0,l.H$)(d),{cause:"no other node reaches them: where they are folders of the machine their data is deleted with the agent, and their pods find no other node",remedy:"copy the data elsewhere and delete the claims, or name leave.volumes in ignore-checks when the data may be lost",evidence:d.slice(0,100)})]}function He({host:e,node:t}){if(e===void 0||!e.presence.isThere)return[];const n=`Is nothing of anybody else mounted where leaving empties folders of ${t}?`,{mounts:a,areMountsKnown:s}=e.presence;if(!s)return[(0,l.oQ)("leave.mounts",n,!1,"what is mounted could not be read",{cause:"the uninstaller unmounts by force and deletes; without a list nobody knows what",remedy:"look at the host: cat /proc/mounts, as root"})];const r=a.filter(d=>d.kind==="foreign"),i=a.filter(d=>d.kind==="volume").length,o=i>0?`no; ${i} of volumes go with their pods`:"nothing is";return r.length===0?[(0,l.bF)("leave.mounts",n,o)]:[(0,l.oQ)("leave.mounts",n,!1,(0,l.H$)(r.map(Y)),{cause:"the uninstaller would unmount it by force, and delete what it reaches",remedy:"unmount it, or mount it elsewhere, then press the button again; it is never unmounted here",evidence:r.map(Y)})]}function Ce({host:e,node:t,distribution:n}){if(e===void 0||!e.presence.isThere)return[];const{uninstaller:a,obstacle:s}=e.presence,r=`Is there what takes ${n} off ${t}?`;return e.facts.init!=="systemd"?[(0,l.oQ)("leave.uninstaller",r,!1,"there is no systemd",{cause:"whether the agent runs is not known here, and it could not be stopped in order",remedy:"drain the node and remove the agent by hand; then press the button with host-gone, for the cluster"})]:s!==void 0?[(0,l.oQ)("leave.uninstaller",r,!1,s,{cause:`the uninstaller of ${n} takes whatever is named so for its own`,remedy:"take that unit away first, or rename it; then press the button again"})]:[(0,l.oQ)("leave.uninstaller",r,a!==void 0,a??"there is no uninstaller",{cause:`${n} was installed in another way than by its official installer, or its uninstaller was deleted`,remedy:"remove it by the means that it was installed with; then press the button again, for the cluster"})]}const Ue={group:"",version:"v1",resource:"pods"},Ge={group:"policy",version:"v1",resource:"poddisruptionbudgets"},ie=5e3,Qe=500,We=16;async function qe(e,t,n,{cluster:a,now:s,onEvent:r},i){const o=s(),d=new AbortController,c=AbortSignal.any([i,d.signal]),h=new Map;let m=!1,b=0,w=0;const{promise:j,resolve:x,reject:F}=Promise.withResolvers(),H=u=>{const[f]=M([u],t),g=h.get(u.uid);if(f.ruling.type==="stops"){x({type:"stopped",pod:f,left:b});return}if(f.ruling.type==="stays"){E(u.uid);return}const A=f.ruling.type==="ends"?"ends":g?.state??"wanted";A==="ends"&&g===void 0&&r(`${$(u)} ends already, and may take ${u.graceSeconds} s`),A==="ends"&&g!==void 0&&g.state!=="ends"&&r(`${$(u)} was asked to leave`),h.set(u.uid,{pod:u,state:A,budget:g?.budget??"",words:g?.words??"",askedAtMs:g?.askedAtMs??0,againAtMs:g?.againAtMs??0})},E=u=>{const f=h.get(u);f!==void 0&&(h.delete(u),b+=1,r(`${$(f.pod)} left`))},Q=(u,f)=>{const g=h.get(u.pod.uid);if(g===void 0)return;if(f.type==="gone"){E(u.pod.uid);return}if(f.type==="evicted"){g.state!=="ends"&&r(`${$(u.pod)} was asked to leave`),g.state="ends",g.budget="",g.words="";return}const A=f.budget===""?"":`${u.pod.namespace}/${f.budget}`;r(`${$(u.pod)} waits${A===""?"":` for budget ${A}`}: ${f.words}`),Object.assign(g,{state:"refused",budget:A,words:f.words,againAtMs:s()+Math.min(f.retryAfterMs??ie,2*ie)})},X=u=>{u.state="asking",u.askedAtMs=s(),w+=1,a.evictPod(u.pod,c).then(f=>{w-=1,Q(u,f),p()},f=>{w-=1,c.aborted||F(f)})},p=()=>{if(!c.aborted){if(m)for(const u of h.values()){if(w>=We)break;(u.state==="wanted"||u.state==="refused"&&s()>=u.againAtMs)&&X(u)}m&&h.size===0?x({type:"drained",left:b,elapsedMs:s()-o}):s()-o>=n&&x({type:"deadline",stragglers:[...h.values()].map(Ke),left:b,isListed:m})}},_=u=>{if(u.type==="listed"){const f=u.objects.map(U),g=new Set(f.map(A=>A.uid));for(const A of[...h.keys()])g.has(A)||E(A);f.forEach(H),m=!0}else u.type==="gone"?E(B(u.object)):H(U(u.object));p()},O=u=>{const f=u.type==="listed"?void 0:$(te(u.object));for(const g of h.values())g.state==="refused"&&g.budget!==""&&(f===void 0||f===g.budget)&&(g.againAtMs=Math.min(g.againAtMs,g.askedAtMs+Qe));p()},I=setInterval(p,250),k=()=>F(i.reason);i.addEventListener("abort",k,{once:!0});const ot=[a.watchObjects(Ue,_,c,{fieldSelector:`spec.nodeName=${e}`}),a.watchObjects(Ge,O,c)].map(u=>u.catch(f=>{c.aborted||F(f)}));try{return i.throwIfAborted(),await j}finally{clearInterval(I),i.removeEventListener("abort",k),d.abort(new Error("the drain is over")),await Promise.all(ot)}}function Ke({pod:e,state:t,budget:n,words:a}){if(t!=="ends")return{pod:e,budget:n,words:a||"it was not asked yet"};const s=e.finalizers.length>0?`finalizers keep it: ${e.finalizers.join(", ")}`:`it was told to end and has not; it may take ${e.graceSeconds} s`;return{pod:e,budget:"",words:s}}var Z=D(56593);const R={cordon:"cordon",drain:"drain",stop:"stop",uninstall:"uninstall",deleteNode:"delete-node",forgetNode:"forget-node"},Be="k3s-gpu-actions/cordoned-by";function de({pods:e,wishes:t}){return M(e,t).filter(n=>W("leaves")(n)||W("ends")(n)).map(({pod:n})=>$(n))}function ue({reading:e,host:t,isHostGone:n}){return!n&&e.node!==void 0&&(0,l.JG)({reading:e})&&t?.presence.isRunning!==!1}const ze=(e,t=6)=>e.length>t?`${e.slice(0,t).join(", ")} and ${e.length-t} more`:e.join(", ");function Ve(e){const{node:t,reading:n}=e;if(!ue(e))return[];const a=[];n.node?.unschedulable!==!0&&a.push({id:R.cordon,kind:"cordon",target:`node ${t}`,reason:"no new pod comes to a node that leaves",undo:"opened again when the drain fails"});const s=de(e);return s.length>0&&a.push({id:R.drain,kind:"drain",target:`${(0,Z.U9)(s.length,"pod")}: ${ze(s)}`,reason:"they start elsewhere before the node goes; asked by the eviction API, which heeds budgets",disrupts:"restarts these pods on other nodes",undo:"none: what has left has left; the node takes pods again"}),a}function Je({host:e,unit:t,node:n,distribution:a,pods:s,wishes:r}){if(e===void 0||!e.presence.isThere||e.presence.uninstaller===void 0)return[];const{presence:i,disturbs:o}=e,d=M(s,r).filter(W("stays")).filter(({ruling:h})=>h.type==="stays"&&h.because!=="finished").length,c=[];return i.isRunning&&c.push({id:R.stop,kind:"stop",target:t,reason:"the agent ends before it is taken away",...d>0?{disrupts:`ends what belongs to the node: ${(0,Z.U9)(d,"pod")} (DaemonSet, static)`}:{},undo:"started again while nothing is deleted yet"}),c.push({id:R.uninstall,kind:"remove",target:`${a} of ${n}, by ${i.uninstaller}`,reason:i.isHalfGone?"an earlier removal was interrupted here":"the machine leaves the cluster",...o===void 0?{}:{disrupts:o},undo:"none: the machine comes back by joining again"}),c}function Ye({reading:e,node:t,hasPassword:n,isHostGone:a,pods:s}){const r=[];return e.node!==void 0&&r.push({id:R.deleteNode,kind:"delete",target:`node ${t} (uid ${e.node.uid})`,reason:a?"its machine is gone for good":"nothing stands behind it any more",...a&&s.length>0?{disrupts:`forgets ${(0,Z.U9)(s.length,"pod")} that were bound to it`}:{},undo:"none: a deleted node comes back only by joining again"}),n===!0&&r.push({id:R.forgetNode,kind:"delete",target:`password of ${t} in kube-system`,reason:"a machine that joins under this name later has another one",undo:"not needed: a new one is made at the next join"}),r}function Ze(e,t){const n=Je(e),a=[...Ve(e),...n,...Ye(e)],{facts:s,disturbs:r}=e.host??{},i=n.filter(d=>d.id===R.uninstall&&r!==void 0).map(d=>({...d,kind:"reload"})),o=s===void 0?[]:(0,l.h_)(s,i,e.wishes.allowGpuDisruption===!0);return{changes:a,blockers:a.length===0?[]:[...t,...o]}}const S=(e,t,n,a,s="fail")=>({id:e,stage:"preflight",severity:s,asks:t,remedy:n,isIgnorable:a}),Xe=[S("leave.role","Is it an agent, and no server of the cluster?","servers are taken out by hand",!1),S("leave.machine","Is this machine the node of that name?","name the machine that is the node",!1),S("leave.cluster","Did the agent of this machine join this cluster?","give the kubeconfig of its cluster",!1),S("leave.alive","With `host-gone`: has the node no heartbeat any more? Otherwise a warning when it has none","remove it without `host-gone`, so that it is drained and uninstalled",!1),S("leave.pods","May every pod be asked to leave: managed, without emptyDir, with a budget that can allow it?","`delete-emptydir-data`, `delete-unmanaged-pods`, another replica, or another budget",!0),S("leave.room","Is there another node for its pods?","none needed when they may wait",!0,"warn"),S("leave.volumes","Does no claim have its data on this node alone?","copy the data elsewhere, delete the claim, or name this check in `ignore-checks`: the data is deleted",!0),S("leave.mounts","Is nothing of anybody else mounted under the folders that leaving empties?","unmount it, or mount it elsewhere; it is never unmounted here",!1),S("leave.uninstaller","Is there what takes the agent away?","remove it by the means it was installed with",!1)],et={"foreign-mounts":"unmount it, or mount it elsewhere, then press the button again; it is never unmounted here","mounts-unknown":"look at the host as root: cat /proc/mounts","server-present":"take a server out by hand; no action here does it","other-units":"take that unit away first, or rename it; then press the button again","stop-failed":"look at the unit on the host\u2019s console with systemctl status; then press the button again","uninstaller-missing":"remove it by the means it was installed with; then press the button again, for the cluster","uninstall-timeout":"look for what hangs (a dead NFS server, a volume that is still mounted), then press the button again: it goes on from there","uninstall-failed":"read what the uninstaller said below, correct it on the host, and press the button again"},tt=24e4;async function nt(e,t,{run:n,steps:a,timeoutMs:s},r,i){const o=new Set,d=await t.run({name:"leave",script:[...e.before,T.gY,V,e.script,z["leave-steps"]].join(`
`),env:{RUN_ID:(0,T.np)(n.runId),HOLDER:(0,T.$R)(n.label),LOCK_WAIT:"60",STEPS:a.join(" "),FOLDERS:e.folders.join(" "),LIMIT:String(Math.ceil(s/1e3))},privilege:"root",timeoutMs:s+tt,signal:i,onLine:({step:h,state:m})=>{m!=="done"||h!=="stop"&&h!=="uninstall"||o.has(h)||(o.add(h),r(h))}}),c=(0,T.lZ)(t.label,"leaving",d,et);if(c)throw c;return{stays:N(d.lines,"stays")}}const N=(e,t)=>e.flatMap(n=>{const a=n[t];return typeof a=="string"?[a.slice(0,4096)]:[]});function st(e){const t=i=>e.filter(o=>o.fact===i).slice(0,64),{mounts:n,areKnown:a}=oe(e),[s]=N(t("leave.uninstaller"),"path"),[r]=N(t("leave.obstacle"),"words");return{traces:N(t("leave.trace"),"path"),isHalfGone:t("leave.half").some(i=>i.present===!0),...s===void 0?{}:{uninstaller:s},mounts:n,areMountsKnown:a,data:N(t("leave.data"),"path"),...r===void 0?{}:{obstacle:r}}}function at(e){return["active","activating","reloading","refreshing","deactivating"].includes(e)}})};export{it as id,dt as ids,ut as modules};
