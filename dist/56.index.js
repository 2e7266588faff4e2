const St=56,Ot=[56],_t={2851:((Xe,Ie,T)=>{T.d(Ie,{_e:()=>Q,_r:()=>oe,ro:()=>F});const B={tokenId:"token-id",kubeconfig:"kubeconfig",context:"context"};function Q(j,z){j.saveState(B.kubeconfig,z.kubeconfig),j.saveState(B.context,z.context),j.saveState(B.tokenId,z.tokenId)}function oe(j){j.saveState(B.tokenId,"")}function F(j){const z=j.state(B.tokenId);if(z!=="")return{tokenId:z,kubeconfig:j.state(B.kubeconfig),context:j.state(B.context)}}}),4898:((Xe,Ie,T)=>{T.d(Ie,{hk:()=>B,k3:()=>Me,zF:()=>te,C5:()=>He,uT:()=>Ge,bj:()=>ge,Jp:()=>ue,vM:()=>oe,mj:()=>fe,_n:()=>q,E4:()=>ie,mq:()=>$e,Xy:()=>le,g7:()=>z,QY:()=>Q,o6:()=>se,ik:()=>De,R:()=>W,UY:()=>ze});const B={desired:"k3s-gpu-actions/desired",ownedLabels:"k3s-gpu-actions/owned-labels",ownedTaints:"k3s-gpu-actions/owned-taints"};function Q($){return($??"").split(",").filter(a=>a!=="")}function oe($){return[...new Set($)].sort().join(",")}const F=400,j=500;function z($,a){const{unit:s,node:c,leaseRenewedAtMs:i,leaseOfOldMs:l}=$;if(s?.isNew!==!0||l===void 0)return"the process that was ordered";if(s.activeState!=="active")return"an active unit";if(c?.ready!=="True")return"a Ready node";if(c.kubeletVersion!==a.version)return`version ${a.version} (the node has ${c.kubeletVersion})`;const u=a.isFirstStart&&c.uid!==a.uidBefore,p=i!==void 0&&i>l;return u||p?void 0:"a heartbeat of the new process"}async function Me($,a,s){const c=a.now(),i=new AbortController,l=AbortSignal.any([s,i.signal]);let u={journal:[]};const p=()=>a.now()-c;let b=()=>{},O=()=>{};const S=new Promise((U,xe)=>{b=U,O=xe}),L=()=>{const U=p();if(u.node&&z(u,$)===void 0)return{type:"ready",node:u.node,state:u,elapsedMs:U};const xe=a.judge(u,U);return xe!==void 0?{type:"hopeless",reason:xe,state:u,elapsedMs:U}:U>=$.timeoutMs?{type:"deadline",state:u,elapsedMs:U}:void 0},E=()=>{const U=L();U&&b(U)},N=U=>{if(U.type==="journal")u={...u,journal:[...u.journal.slice(1-F),U.text]};else{const xe=U.activeState==="active"?u.activeAtMs??p():void 0,Ye=u.leaseOfOldMs??(U.isNew?Math.max($.leaseBeforeMs??0,u.leaseRenewedAtMs??0):void 0);u={...u,unit:U,activeAtMs:xe,leaseOfOldMs:Ye}}a.onEvent?.(U,p()),E()},Z=setInterval(E,j),pe=()=>O(s.reason);s.addEventListener("abort",pe,{once:!0});const Ve=[a.follow(N,l),a.cluster.watch($.node,U=>{U.type==="node"?(u={...u,node:U.node},a.onNode?.(U.node,p())):U.type==="gone"?u={...u,node:void 0}:u={...u,leaseRenewedAtMs:U.renewedAtMs},E()},l)].map(U=>U.then(()=>{l.aborted||O(new Error("a watch ended before the node was ready"))},xe=>{l.aborted||O(xe)}));try{return s.throwIfAborted(),await S}finally{clearInterval(Z),s.removeEventListener("abort",pe),i.abort(new Error("the wait is over")),await Promise.all(Ve)}}var D=T(7598);const Le=["kubelet.kubernetes.io","node.kubernetes.io"],me=new Set(["beta.kubernetes.io/arch","beta.kubernetes.io/instance-type","beta.kubernetes.io/os","failure-domain.beta.kubernetes.io/region","failure-domain.beta.kubernetes.io/zone","kubernetes.io/arch","kubernetes.io/hostname","kubernetes.io/os","node.kubernetes.io/instance-type","topology.kubernetes.io/region","topology.kubernetes.io/zone"]);function ie($){const[a]=$.split("/");return!$.includes("/")||!a||!["kubernetes.io","k8s.io"].some(c=>a===c||a.endsWith(`.${c}`))||me.has($)?!1:!Le.some(c=>a===c||a.endsWith(`.${c}`))}const W=$=>`${$.key}:${$.effect}`,Se=($,a)=>W($)===W(a)&&($.value??"")===(a.value??"");function le($,a){const s=a?.labels??{},c={};for(const[O,S]of Object.entries($.labels))s[O]!==S&&(c[O]=S);for(const O of Q(a?.annotations[B.ownedLabels]))!(O in $.labels)&&O in s&&(c[O]=null);const i=a?.taints??[],l=$.taints.filter(O=>!i.some(S=>Se(S,O))),u=new Set(Q(a?.annotations[B.ownedTaints])),p=new Set($.taints.map(W)),b=i.filter(O=>u.has(W(O))&&!p.has(W(O)));return{labels:c,addTaints:l,removeTaints:b}}function Oe($){return Object.keys($.labels).length+$.addTaints.length+$.removeTaints.length>0}function $e($,a){const s=new Set([...a.removeTaints,...a.addTaints].map(W));return[...$.filter(c=>!s.has(W(c))),...a.addTaints]}const _e=4e4;function Re({node:$,leaseRenewedAtMs:a,serverTimeMs:s}){const c=$?.ready==="True"?Date.parse($.createdAt):void 0,i=[a,c].filter(u=>u!==void 0&&!Number.isNaN(u)),l=Math.max(0,s-Math.max(...i));if(!(i.length===0||a===void 0&&l>_e))return l}function Ce($){return Array.isArray($)?$.map(Ce):$===null||typeof $!="object"?$:Object.fromEntries(Object.entries($).sort(([a],[s])=>a<s?-1:a>s?1:0).map(([a,s])=>[a,Ce(s)]))}function ge($,a,s){const c={server:a,version:s,distribution:$.distribution,labels:$.labels,taints:$.taints.map(i=>`${i.key}=${i.value??""}:${i.effect}`).sort(),nodeIp:$.nodeIp??"",nodeExternalIp:$.nodeExternalIp??"",extraConfig:$.extraConfig};return`sha256:${(0,D.createHash)("sha256").update(JSON.stringify(Ce(c))).digest("hex")}`}function He($,a,s,c){const{node:i}=c;if(!i)return{isAsDesired:!1,differences:[`${$.node} is not a node yet`]};const l=Re(c),u=[],p=i.annotations[B.desired];return p===void 0?u.push("it has not been brought under this project yet (no record of a complete run)"):p!==ge($,a,s)&&u.push("the desired state has changed since the last complete run"),i.kubeletVersion!==s&&u.push(`version ${i.kubeletVersion}, wanted ${s}`),Oe(le($,i))&&u.push("labels or taints differ"),i.ready!=="True"&&u.push(`Ready is ${i.ready}`),l===void 0?u.push("it has no heartbeat (no Lease)"):l>_e&&u.push(`last heartbeat ${Math.round(l/1e3)} s ago`),{isAsDesired:u.length===0,differences:u,...l===void 0?{}:{heartbeatAgeMs:l}}}var ae=T(7030);const we=new ae.BlockList;for(const[$,a]of[["10.0.0.0",8],["172.16.0.0",12],["192.168.0.0",16],["100.64.0.0",10],["169.254.0.0",16],["127.0.0.0",8]])we.addSubnet($,a,"ipv4");we.addSubnet("fc00::",7,"ipv6"),we.addSubnet("fe80::",10,"ipv6");function V($){const a=(0,ae.isIP)($);return a!==0&&we.check($,a===4?"ipv4":"ipv6")}function Ue($){const a="Can pods on this host and pods on the servers reach each other?",{desired:s,nodes:c,facts:i}=$,l=s.nodeExternalIp??s.nodeIp??i.defaultRoute?.source??i.addresses[0]??s.access.address,u=c.filter(O=>O.isServer).flatMap(O=>[...O.externalIps,...O.internalIps]),p=u.filter(O=>(0,ae.isIP)(O)!==0&&!V(O));if(!V(l)||p.length===0)return{id:"cluster.topology",verdict:"pass",question:a,found:`${l||"unknown address"} beside ${u.join(", ")||"no known server address"}`};const b=`${l} is private, the servers are public (${p.join(", ")}): pods here will not reach pods there`;return s.podNetwork==="isolated"?{id:"cluster.topology",verdict:"pass",question:a,found:`${b} (declared: pod-network isolated)`}:{id:"cluster.topology",verdict:"warn",question:a,found:b,cause:"the overlay network sends packets straight to node addresses; through NAT they do not arrive",remedy:"declare `pod-network: isolated` in the cluster file when host-level tunnels are enough; otherwise use a WireGuard or Tailscale overlay (docs: networking/distributed-multicloud)"}}const ce=3e4,Pe=2*1024**3,Ee=1e4;function X($,a,s,c,i){return s?{id:$,verdict:"pass",question:a,found:c}:{id:$,verdict:i.verdict??"fail",question:a,found:c,cause:i.cause,remedy:i.remedy}}const K={"sudo-password-required":"sudo asks for a password, and none was given","sudo-password-wrong":"sudo refused the password that was given","sudo-not-allowed":"the user may not use sudo","sudo-needs-tty":"sudo demands a terminal (requiretty)","sudo-missing":"there is no sudo on the host"};function G($){const{state:a,problem:s}=$.privilege,i={root:"logged in as root",passwordless:"sudo without a password",password:"sudo with the password given",none:K[s]??(s||"no sudo")}[a];return X("host.sudo",`May ${$.user||"the user"} become root?`,a!=="none",i,{cause:"installing a unit and its files needs root",remedy:`give \`sudo-password\`, or let the user become root without one: echo '${$.user||"USER"} ALL=(ALL) NOPASSWD: ALL' | sudo tee /etc/sudoers.d/k3s-gpu-actions`})}function ke($){const{facts:a,reading:s,readAtRunnerMs:c}=$,i=a.clock.hostMs-a.clock.runnerMs,l=s.serverTimeMs-c,u=Math.round(i-l),p=Math.round(Math.abs(u)/1e3);return X("host.clock","Is the clock of the host within 30 s of the API server?",Math.abs(u)<=ce,p<=1?"same second":`${p} s ${u>0?"ahead":"behind"}`,{cause:"certificates are not valid from the host's point of view",remedy:"sudo timedatectl set-ntp true"})}function je($){return $.disks.map(a=>{const s=(a.availableBytes/1073741824).toFixed(1);return X(`host.disk.${a.path.replace(/^\//,"").replaceAll("/","-")||"root"}`,`Is there room below ${a.path}?`,a.availableBytes>=Pe&&(a.availableInodes===0||a.availableInodes>=Ee),`${s} GiB and ${a.availableInodes} inodes free`,{cause:"images and logs fill what is left, and the kubelet then evicts pods",remedy:`free at least 2 GiB and ${Ee} inodes below ${a.path}`})})}const Be=/^(03000200-0400-0500-0006-000700080009|f+(-f+)*|0+(-0+)*|)$/i,de=$=>Be.test($)?"":$.toLowerCase();function Ke($,a){if(!$)return"nobody";const[s,c]=[de($.systemUuid),de(a.systemUuid)];return s!==""&&c!==""?s===c?"this-machine":"another-machine":$.machineId!==""&&$.machineId===a.machineId?"this-machine":"unknown-machine"}function q({reading:$}){const a=Re($);return $.node?.ready==="True"&&a!==void 0&&a<=_e}function De($){const{reading:a,consent:s,desired:c}=$;return a.node!==void 0&&s.replaceNode===c.node&&!q($)}function ye($){const{desired:a,facts:s,reading:c}=$,i=`Is the name ${a.node} free, or this machine's own?`,l=Ke(c.node,s);if(l==="nobody")return{id:"cluster.name",verdict:"pass",question:i,found:"free"};if(l==="this-machine")return{id:"cluster.name",verdict:"pass",question:i,found:"this machine is the node"};const u=c.node,p=[`node: system UUID ${u.systemUuid||"unknown"}, ${u.internalIps.join(", ")||"no address"}, ${u.osImage}`,`host: system UUID ${s.systemUuid||"unknown"}, ${s.addresses.join(", ")||a.access.address}, ${s.os.prettyName}`];if(q($))return{id:"cluster.name",verdict:"fail",question:i,found:l==="another-machine"?"a live machine with another identity has it":"a live node has it, and its identity cannot be compared",cause:"two machines cannot share a name",remedy:"give this machine another `node` name",evidence:p};const b=De($);return{id:"cluster.name",verdict:b?"warn":"fail",question:i,found:`a node that is no longer alive has it${b?"; it will be replaced as confirmed":""}`,cause:"the node was joined from another machine or another installation",remedy:`press the button again with replace-node = ${a.node}, or give this machine another name`,evidence:p}}function he($){return $.gpu.processes.filter(a=>a.owner!=="pod")}function Ae($){const{facts:a,desired:s}=$,c="Which GPUs does the host have, and who uses them?";if(a.gpu.pciDevices===0&&a.gpu.devices.length===0)return s.gpu?{id:"host.gpu",verdict:"warn",question:c,found:"no NVIDIA GPU",cause:"the cluster file expects one",remedy:"check the card, or remove `gpu` from the node"}:{id:"host.gpu",verdict:"skip",question:c,found:"no NVIDIA GPU"};if(a.gpu.devices.length===0)return{id:"host.gpu",verdict:"warn",question:c,found:`${a.gpu.pciDevices} NVIDIA device(s) on the bus, but no driver answers`,cause:a.gpu.problem||"nvidia-smi is not installed",remedy:"install or repair the driver; the join itself does not need it"};const i=he(a),l=a.gpu.devices.map(p=>p.name).join(", ");if(i.length===0)return{id:"host.gpu",verdict:"pass",question:c,found:`${a.gpu.devices.length} \xD7 ${l}`};const u=i.map(p=>`${p.name} (pid ${p.pid}, ${p.ownerDetail||p.owner})`).join(", ");return{id:"host.gpu",verdict:"warn",question:c,found:`${u} ${i.length===1?"is":"are"} using the GPU`,cause:"a restart or a daemon-reload can take the GPU from running containers",remedy:"nothing to do: no change that could disturb it is made unless `allow-gpu-disruption` says so"}}function fe($){const{facts:a}=$;return[G(a),X("host.architecture","Is the processor architecture supported?",["amd64","arm64"].includes(a.architecture),a.architecture||"unknown",{cause:"programs are fetched and checked for amd64 and arm64 only",remedy:"use a 64-bit x86 or Arm machine"}),X("host.init","Is systemd the init system?",a.init==="systemd",a.init,{cause:"units are written for systemd",remedy:"use a host with systemd; OpenRC is not supported in this version"}),X("host.cgroup","Is the memory cgroup controller there?",a.cgroup.version===0||a.cgroup.hasMemoryController,a.cgroup.version===0?"unknown":`cgroup v${a.cgroup.version}`,{cause:"the kubelet cannot limit memory without it and stops",remedy:"add `cgroup_enable=memory cgroup_memory=1` to the kernel command line and reboot"}),ke($),...je(a),X("host.route","Is there a default route?",a.defaultRoute!==void 0,a.defaultRoute?`via ${a.defaultRoute.via||a.defaultRoute.device}`:"none",{verdict:"warn",cause:"the node address is chosen by the default route",remedy:"give `node-ip`, or add a route"}),ye($),Ue($),Ae($)]}var ve=T(9510);function Ge($,a,s,c,i){const l=[],u=(b,O,S,L,E)=>{l.push({id:b,verdict:S?"pass":"fail",question:O,found:L,...S?{}:{cause:"it was so a moment ago, or was never brought about",remedy:E}})};if(c!==void 0&&u("confirm.unit","Is the unit active?",c==="active",c,"look at its journal on the host"),i||u("confirm.ready","Is the node Ready?",s?.ready==="True",s?`Ready=${s.ready} ${s.readyMessage}`.trim():"no such node","press the button again; the plan says what is missing"),!s)return l;i||u("confirm.version","Does the node run the wanted version?",s.kubeletVersion===a,s.kubeletVersion,"press the button again; the plan says what is missing");const p=le($,s);return u("confirm.metadata","Are labels and taints as wanted?",!Oe(p),Oe(p)?[...Object.keys(p.labels),...p.addTaints.map(ve.eh),...p.removeTaints.map(ve.eh)].join(", "):"as wanted","something else changes them: look at managedFields of the node"),l}const te={deleteNode:"delete-node",label:"label-node",taint:"taint-node",record:"record-desired"};function Fe($,a){const{desired:s,server:c,version:i,reading:l}=$,u=le(s,l.node),p=[],b=Object.entries(u.labels).map(([N,Z])=>Z===null?`${N}-`:`${N}=${Z}`);b.length>0&&p.push({id:te.label,kind:"label",target:b.join(", "),reason:l.node?"the node differs from the cluster file and inputs":"wanted on the new node",undo:"not needed: labels disturb nothing, and the next run sets them again"});const O=[...u.addTaints.map(ve.eh),...u.removeTaints.map(N=>`${(0,ve.eh)(N)}-`)];O.length>0&&p.push({id:te.taint,kind:"taint",target:O.join(", "),reason:l.node?"the node differs from the cluster file and inputs":"keeps other pods away from the new node from its first second",...u.addTaints.some(N=>N.effect==="NoExecute")?{disrupts:"evicts pods that do not tolerate it"}:{},undo:"not needed: the next run converges"});const S=ge(s,c,i),L=l.node?.annotations[B.desired],E=l.node?.annotations[B.ownedLabels]!==void 0||l.node?.annotations[B.ownedTaints]!==void 0;return L!==S&&!(a&&E)&&p.push({id:te.record,kind:"annotate",target:a?"labels and taints of this project as owned":"desired state, owned labels and taints",reason:a?"so that they can be changed and removed later":"lets the next run see that nothing is to be done",undo:"not needed: a hint only"}),p}function ee($){const{reading:a,desired:s}=$;return!a.node||!De($)?[]:[{id:te.deleteNode,kind:"delete",target:`node ${s.node} (uid ${a.node.uid})`,reason:"confirmed by replace-node: it is no longer alive",disrupts:"forgets the pods that were bound to it",undo:"none: a deleted node comes back only by joining again"}]}function Te($,a){const{gpu:s}=$.facts,c=he($.facts),i=a.filter(b=>["restart","reload"].includes(b.kind)&&!b.waitsFor);return!(c.length>0||s.pciDevices>0&&!s.areProcessesKnown)||i.length===0||$.consent.allowGpuDisruption?[]:[{id:"plan.gpu-in-use",verdict:"fail",question:"May the plan disturb processes that use the GPU outside the cluster?",found:`${c.map(b=>`${b.name} (pid ${b.pid}, ${b.ownerDetail||b.owner})`).join(", ")||`whoever uses the GPU (its processes could not be listed: ${s.problem||"no answer"})`} would see: ${i.map(b=>`${b.kind} ${b.target}`).join(", ")}`,cause:"a daemon-reload or restart can take the GPU from running containers (NVIDIA/nvidia-container-toolkit#48)",remedy:"press the button again with allow-gpu-disruption when that is acceptable, or stop the process first"}]}function se($,a,s){const c=a.some(b=>b.waitsFor!==void 0),i=c&&!$.reading.node?[]:Fe($,c),l=[...ee($),...a,...i],u=ye($),p=[...s.filter(b=>b.id!==u.id),...u.verdict==="fail"?[u]:[],...Te($,l)];return{changes:l,blockers:p}}function ue($){return $.changes.filter(a=>a.waitsFor===void 0)}function ze($){const a=[te.label,te.taint,te.record];return ue($).some(s=>!a.includes(s.id))}}),4859:((Xe,Ie,T)=>{T.d(Ie,{SU:()=>bt});const B={binary:"/usr/local/bin/k3s",ownConfig:"/etc/rancher/k3s/config.yaml.d/50-k3s-gpu-actions.yaml",unit:"/etc/systemd/system/k3s-agent.service",environment:"/etc/systemd/system/k3s-agent.service.env",nodePassword:"/etc/rancher/node/password",lock:"/run/k3s-gpu-actions.lock",backups:"/var/lib/k3s-gpu-actions"};var Q=T(4898),oe=T(7949),F=T(8815),j=T(9510);function z(e){const n=Object.entries(e.labels).filter(([d])=>!(0,Q.E4)(d)).map(([d,m])=>`${d}=${m}`).sort(),r=e.taints.map(j.eh).sort(),t={"node-name":e.node,...e.nodeIp?{"node-ip":e.nodeIp}:{},...e.nodeExternalIp?{"node-external-ip":e.nodeExternalIp}:{},...Object.fromEntries(Object.entries(e.extraConfig).sort(([d],[m])=>d<m?-1:1)),...n.length>0?{"node-label+":n}:{},...r.length>0?{"node-taint+":r}:{}},o=new F.yo(t);return o.commentBefore=" Written by k3s-gpu-actions; edits are overwritten by its next run.",o.toString({lineWidth:0})}function Me(e){const n=[];let r=!1;for(const t of e.split(`
`))/^\S/.test(t)&&(r=/^"?node-(label|taint)\+"?:/.test(t)),!r&&!t.startsWith("#")&&t.trim()!==""&&n.push(t);return n.join(`
`)}const D=["--node-label","--node-taint","--token","-t"],Le=e=>e.split("=")[0]??e;function me(e){const n=e.environment?.tokenKind??"none";return(e.unit?.arguments.some(t=>["--token","-t"].includes(Le(t)))??!1)||n!=="none"&&n!=="bootstrap"}const ie=e=>e.environment?.tokenKind==="agent"?"the token on the host is the cluster's agent token: whoever reads it can join machines for ever":"the token on the host is the server's own: whoever reads it owns the cluster";function W(e,n,r,t){if(r)return"a node needs one to join; deleted at the end";if(me(n)&&!e.consent.allowServerToken)return ie(n);if(!e.reading.node||(0,Q.ik)(e)||t)return"the agent is not connected and may need one to register again"}function Se(e,n,r){if(!n.binary)return"not installed";if(n.binary.version!==e.version)return`${n.binary.version||"unknown version"} is installed, ${e.version} is wanted`;if(r?.sha256!==void 0&&r.sha256!==n.binary.sha256)return`the installed file is not the released ${e.version}`}function le(e,n){return n.ownConfig===void 0?!1:e.reading.node?.annotations[Q.hk.desired]!==void 0?!0:Oe(n).length===0&&(!me(n)||e.consent.allowServerToken)}function Oe(e){const n=(e.unit?.arguments??[]).map(Le);return[...new Set(n)].filter(r=>D.includes(r))}function $e(e,n,r){const{unit:t,changedSinceStart:o}=n,{node:d}=e.reading;if(!t)return["joins the cluster"];if(t.activeState!=="active")return[`the unit is ${t.activeState||"not running"}`];const m=[];return(0,Q.ik)(e)?m.push("registers anew"):(0,Q._n)(e)||m.push(d?.ready==="True"?"the node has no fresh heartbeat":"the node is not Ready"),d&&d.kubeletVersion!==e.version&&n.binary?.version===e.version&&m.push(`${d.kubeletVersion} is still running, ${e.version} is installed`),!r&&o.length>0&&m.push(`${o.join(", ")} changed after it was started`),m}function _e(e,n,r){const t=n.unit===void 0,o=!t&&n.unit?.activeState!=="active",d=e.reading.node!==void 0||n.unit?.activeState==="active",m=!t&&d&&!le(e,n),w=z(e.desired),y={labels:{},taints:[],extraConfig:{},nodeIp:void 0,nodeExternalIp:void 0},A=t?"":z({...e.desired,...y}),R=Oe(n);return{isFresh:t,isForeign:m,binary:Se(e,n,r),url:n.environment?.url===e.server?void 0:`the host joins through ${n.environment?.url||"no server"}, wanted ${e.server}`,token:W(e,n,t,o),argumentNames:R,isReloadPending:R.length>0||!m&&(n.unit?.needsReload??!1),config:n.ownConfig===w?void 0:n.ownConfig===void 0?"not there yet":"differs from the cluster file and inputs",isConfigRestartRelevant:Me(n.ownConfig??A)!==Me(w),start:$e(e,n,m)}}function Re(e,n){return e.isDeep||n.unit===void 0||n.binary?.version!==e.version}function Ce(e,n,r){const t=_e(e,n,r),o=t.isForeign&&e.consent.adopt==="plan"?"adopt: apply":void 0,d=[],m=(y,A)=>{d.push({id:y,...A,...o?{waitsFor:o}:{}})};if(t.token&&!e.hasGivenToken&&m("mint-token",{kind:"mint",target:`bootstrap token, ${(0,oe.a3)(e.tokenLifetimeMs)}`,reason:t.token,undo:"deleted in every ending"}),t.binary){const y=r?`, ${(0,oe.z3)(r.sizeBytes)}`:"";m("upload-binary",{kind:"upload",target:`k3s ${e.version} ${e.facts.architecture}${y}`,reason:t.binary,undo:"the staged file is removed"}),m("install-binary",{kind:"install",target:B.binary,reason:t.binary,undo:n.binary?"the previous program is put back":"deleted"})}t.isFresh&&m("run-installer",{kind:"install",target:`unit k3s-agent, official installer ${e.version}`,reason:"not installed",undo:"unit, env file and links are deleted"}),t.config&&m("write-config",{kind:"write",target:B.ownConfig,reason:t.config,undo:n.ownConfig===void 0?"deleted":"restored"}),(t.url||t.token)&&m("edit-environment",{kind:"edit",target:`${B.environment} (${[t.url?"K3S_URL":"",t.token?"K3S_TOKEN":""].filter(Boolean).join(", ")})`,reason:t.isFresh?"tells the agent where to join":[t.url,t.token].filter(Boolean).join("; "),undo:t.isFresh?"deleted with the unit":"restored"}),t.argumentNames.length>0&&m("edit-unit",{kind:"edit",target:`${n.unit?.path??B.unit} (${t.argumentNames.join(", ")})`,reason:"arguments in ExecStart win over any file and come back at every start: they move to our drop-in",undo:"restored"}),t.isReloadPending&&m("reload",{kind:"reload",target:"systemd (daemon-reload)",reason:t.argumentNames.length>0?"the unit file changes":"the unit file has changed since systemd read it",disrupts:"can take the GPU from running containers",undo:"reloaded again after restoring"}),(t.isFresh||!t.isForeign&&n.unit?.isEnabled===!1)&&m("enable",{kind:"install",target:"start of k3s-agent at boot, without daemon-reload",reason:"not enabled",undo:"link deleted"});const w=[t.binary?`k3s ${e.version}`:"",t.url||t.token?"changed env file":"",t.isReloadPending?"changed unit":"",t.config&&t.isConfigRestartRelevant?"changed configuration":""].filter(Boolean);return(t.isFresh||t.start.length>0||w.length>0)&&m(...ge(n,t,w)),d}function ge(e,n,r){const t=e.unit?.name??"k3s-agent",o=[...n.start,...n.isFresh?[]:r].join("; "),d=e.unit?.activeState??"inactive";if(["inactive","failed",""].includes(d))return["start",{kind:"start",target:t,reason:o,undo:"stopped"}];if(d!=="active")return["restart",{kind:"start",target:t,reason:o,undo:"restarted with what was there before"}];const w=`restarts ${t}; containers keep running`;return["restart",{kind:"restart",target:t,reason:o,disrupts:w,undo:"restarted with what was there before"}]}function He(e,n,r){const t=[r];t.push(n.hasServerUnit?{id:"k3s.role",verdict:"fail",question:"Is this host free of a k3s server?",found:"it has the unit k3s (a server)",cause:"a host is either a server or an agent",remedy:"name another host; a server is not turned into an agent"}:{id:"k3s.role",verdict:"pass",question:"Is this host free of a k3s server?",found:n.unit?"an agent is installed":"no unit"});const o=n.unit?.activeState==="active"||n.unit?.activeState==="activating";for(const d of[10250,6444]){const m=e.facts.ports.find(y=>y.port===d),w=o&&(m===void 0||m.process===""||/^(k3s|k3s-agent|kubelet)/.test(m.process));t.push(m===void 0||w?{id:`host.port.${d}`,verdict:"pass",question:`Is port ${d} free for the agent?`,found:m?"held by k3s itself":"free"}:{id:`host.port.${d}`,verdict:"fail",question:`Is port ${d} free for the agent?`,found:`held by ${m.process||"an unknown process"} (pid ${m.pid||"unknown"})`,cause:"the agent listens there and would loop",remedy:`stop that process: sudo ss -lntp 'sport = :${d}'`})}for(const d of n.templates)t.push(d.hasBaseTemplate?{id:"k3s.containerd-template",verdict:"pass",question:"Does the containerd template extend the built-in one?",found:d.path}:{id:"k3s.containerd-template",verdict:"warn",question:"Does the containerd template extend the built-in one?",found:`${d.path} replaces it`,cause:`without {{ template "base" . }} it drops k3s's CNI folders, snapshotter and runtimes: the node never becomes Ready`,remedy:"k3s finds the NVIDIA runtime by itself: rename the file and restart, or let the gpu-runtime action quarantine it"});return t.push(...ae(n),...we(n)),t}function ae(e){return[[e.binary?.path,B.binary],[e.unit?.path,B.unit]].filter(([r,t])=>r!==void 0&&r!==t&&!e.hasServerUnit).map(([r,t])=>({id:"k3s.place",verdict:"fail",question:"Is k3s installed where its installer puts it?",found:`${r}, expected ${t}`,cause:"only the places of the official installer are changed",remedy:`move it to ${t}, or uninstall it and press the button again`}))}function we(e){const n="Is the host free of the cluster's long-lived tokens?",r=[];me(e)&&r.push({id:"k3s.server-token",verdict:"warn",question:n,found:`K3S_TOKEN in ${e.environment?.path??e.unit?.path??"the unit"} is ${e.environment?.tokenKind==="agent"?"the cluster's agent token":"the server's own token"}`,cause:e.environment?.tokenKind==="agent"?"whoever reads it can join machines for ever":"whoever reads it owns the cluster",remedy:"press the button with adopt = apply to replace it by a minted one; then rotate the token (k3s token rotate)"});const t=["token","agent-token","token-file","agent-token-file"];for(const o of e.configFiles){const d=o.keys.filter(m=>t.includes(m));d.length!==0&&r.push({id:"k3s.server-token",verdict:"warn",question:n,found:`${o.path} (mode ${o.mode}) sets ${d.join(", ")}`,cause:"a token in a configuration file stays on the host and is often readable by everybody",remedy:`take ${d.join(", ")} out of ${o.path}; the agent has its own certificate and needs it no more`})}return r}var V=T(7030);function Ue(e){const{binary:n,unit:r,environment:t}=e;return{"k3s program":n?`${n.version||"unknown version"} at ${n.path}`:"not installed","k3s unit":r?`${r.name} ${r.activeState} (${r.subState}), ${r.isEnabled?"enabled":"not enabled"}, arguments: ${r.arguments.join(" ")||"none"}`:"not installed",...t?{"k3s env file":`${t.path}: ${t.keys.join(", ")}; token kind: ${t.tokenKind}`}:{},...e.configFiles.length>0?{"k3s configuration":e.configFiles.map(o=>`${o.path} (${o.keys.join(", ")})`).join("; ")}:{},...e.templates.length>0?{"containerd templates":e.templates.map(o=>`${o.path}${o.hasBaseTemplate?"":" (replaces the built-in one)"}`).join("; ")}:{}}}var ce=T(7598);const Pe=/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;function Ee(e){try{const n=(e.match(Pe)??[]).map(r=>new ce.X509Certificate(r));if(n.length>0)return n}catch{}throw new RangeError("no readable PEM certificate in the CA bundle")}function X(e){const n=e[0]??0;let r=e[1]??0,t=2;if(r>128){const o=r&127;r=e.readUIntBE(2,o),t+=o}return{tag:n,content:e.subarray(t,t+r),rest:e.subarray(t+r)}}function K(e){const n=[];for(let r=e;r.length>1;){const t=X(r);n.push(t),r=t.rest}return n}const G=Buffer.from("551d0e","hex"),ke=Buffer.from("551d23","hex");function je(e,n){const r=K(X(e.raw).content)[0],t=K(r?.content??Buffer.alloc(0)).find(o=>o.tag===163);if(t!==void 0)for(const o of K(X(t.content).content)){const[d,...m]=K(o.content);if(d?.content.equals(n))return m.at(-1)?.content}}function Be(e){const n=je(e,ke),r=n&&K(X(n).content).find(o=>o.tag===128)?.content;if(r===void 0)return!0;const t=je(e,G);return t!==void 0&&X(t).content.equals(r)}function de(e){const[n,...r]=e,t=(o,d)=>{if(r.some(m=>Be(m)&&m.raw.equals(o.raw)))return o;for(const m of d){if(!o.checkIssued(m)||!o.verify(m.publicKey))continue;if(Be(m))return m;const w=t(m,d.filter(y=>y!==m));if(w!==void 0)return w}};return n&&t(n,r)}function Ke(e){return(0,ce.createHash)("sha256").update(e).digest("hex")}function q(e){const n=Ee(e),r=n.length>1?de(n):void 0;return Ke(r?.raw??e)}function De(e,n){if(q(e)===q(n))return!0;const r=new Set(Ee(n).map(t=>t.fingerprint256));return Ee(e).every(t=>r.has(t.fingerprint256))}const ye=/^[a-z0-9]{6}\.[a-z0-9]{16}$/,he="abcdefghijklmnopqrstuvwxyz0123456789";function Ae(e){return e===""?{}:{caHash:e}}function fe(e){const n=e.trim();if(n==="")return{kind:"none",credential:""};if(ye.test(n))return{kind:"bootstrap",credential:n};const r=/^K10([0-9a-f]{64})?::([\s\S]+)$/.exec(n);if(r===null)return{kind:"short",credential:n};const[,t="",o=""]=r;if(ye.test(o))return{kind:"bootstrap",credential:o,...Ae(t)};const d=o.indexOf(":"),m=o.slice(0,Math.max(d,0)),w=o.slice(d+1);return d<0||w===""?{kind:"short",credential:n}:{kind:m==="server"?"server":m==="node"?"agent":"short",credential:w,...Ae(t)}}function ve(e,n,r){if(!/^[0-9a-f]{64}$/.test(e))throw new RangeError("a CA hash has 64 lower-case hexadecimal digits");if(!ye.test(`${n}.${r}`))throw new RangeError("a bootstrap token is 6 and 16 characters [a-z0-9]");return`K10${e}::${n}.${r}`}function Ge(e){return e.kind==="bootstrap"?`Bearer ${e.credential}`:`Basic ${Buffer.from(`node:${e.credential}`).toString("base64")}`}function te(e,n){let r="";for(;r.length<e;)for(const t of n(e))t<252&&r.length<e&&(r+=he[t%36]);return r}function Fe(e=ce.randomBytes){return te(6,e)}function ee(e=ce.randomBytes){return te(16,e)}class Te extends Error{name="GivenTokenError";code;cause;remedy;evidence=[];constructor(n,r,t,o){super(r),this.code=n,this.cause=t,this.remedy=o}}const se="leave `token` out: a bootstrap token is minted through the API and deleted at the end";function ue(e,n,r){const t=fe(e),o=q(n);if(t.caHash!==void 0&&t.caHash!==o)throw new Te("token-of-another-cluster","the given token belongs to another cluster, or to this one before its CA was changed",`it pins the CA ${t.caHash.slice(0,12)}\u2026, the kubeconfig's CA is ${o.slice(0,12)}\u2026`,se);if(t.kind==="short")throw new Te("token-without-ca","the given token pins no certificate authority","without the K10 prefix an agent believes whatever server answers",se);if((t.kind==="server"||t.kind==="agent")&&!r.allowServerToken)throw new Te("server-token-refused",`the given token is the ${t.kind}'s own, long-lived one`,t.kind==="server"?"whoever reads it on the node owns the cluster":"whoever reads it on the node can join machines for ever",`${se}; or set allow-server-token when you mean it`);if(t.kind==="bootstrap"&&t.caHash===void 0){const[d="",m=""]=e.trim().split(".");return{id:d,text:ve(o,d,m)}}return{id:"given",text:e.trim()}}var ze=T(8500);class $ extends Error{name="HostHttpsFault";kind;remedy;constructor(n,r,t){super(r),this.kind=n,this.remedy=t}get isPassing(){return this.kind==="connect"||this.kind==="timeout"}}const a=5;function s(e){return typeof e=="object"&&e!==null&&"code"in e?String(e.code):""}function c(e){return typeof e=="object"&&e!==null&&"message"in e?String(e.message):String(e)}function i(e){return e.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g," ").trim().slice(0,300)}function l(e){const n=s(e),r=c(e);return i(n===""||r.includes(n)?r:`${n} ${r}`)}function u(e,n){return`${(0,V.isIP)(e)===6?`[${e}]`:e}:${n}`}function p(e,n){const r="another service listens there, or a proxy is in between";switch(e){case"name":return["does not resolve on the host","the host has no DNS answer for that name","use an IP address as `server`, or mend DNS on the host"];case"authority":return["shows a certificate of another authority","another server answers at that address, or something in between opens TLS","compare `server` with the kubeconfig; if the CA was changed, fetch the kubeconfig again"];case"identity":return["shows a certificate for other names","the server certificate is not issued for that address",`use an address the certificate names, or add ${n} to tls-san of the k3s server`];case"tls":return["does not speak TLS as a k3s server does",r,"check host and port of `server`"];case"protocol":return["does not answer as a k3s server does",r,"check host and port of `server`"]}}function b(e,n){const{port:r,runnerReaches:t}=e;return["cannot be reached from the host",`port ${r}/tcp is closed or filtered between the host and the server${t===void 0?"":t?" (the runner itself can reach it)":" (the runner cannot reach it either)"}`,t===!1?`check that the server is running and listens on ${n}`:`allow ${r}/tcp from the host's public address, or set \`server\` to an address the host can reach`]}function O(e){const{id:n,question:r,fault:t,host:o,address:d,port:m}=e,w=[`${o}: ${t.message}`];if(t.kind==="tool"){const C=t.remedy??"see the evidence";return{id:n,verdict:"error",question:r,found:"could not be asked",cause:t.message,remedy:C,evidence:w}}const y=u(d,m),[A,R,I]=t.kind==="connect"||t.kind==="timeout"?b(e,y):p(t.kind,d);return{id:n,verdict:"fail",question:r,found:`${y} ${A}`,cause:R,remedy:I,evidence:w}}const S={5:"name",6:"name",7:"connect",28:"timeout",35:"tls",51:"identity",52:"connect",56:"connect",58:"tls",60:"authority",77:"authority"};class L{via="host-command";#e;#n;constructor(n,r){this.#e=n,this.#n=r}async get(n,r){const t=await this.#e.run({name:"handshake",script:this.#n,env:{URL:`https://${u(n.address,n.port)}${n.path}`,CA_PEM:n.caPem??"",CONNECT_SECONDS:String(a)},secrets:{AUTHORIZATION:n.authorization??""},privilege:"user",timeoutMs:(a+5)*1e3,signal:r}),o=t.lines.findLast(m=>"http"in m||"error"in m);if(o?.http!==void 0)return{status:Number(o.http),body:Buffer.from(String(o.body??""),"base64").toString("utf8")};const d=i(String(o?.message??t.stderr));if(o?.error==="connect"){const m=S[String(o.curl)]??"connect",w=m==="authority"&&/subject (alternative )?name|does not match/i.test(d);throw new $(w?"identity":m,d||`curl exit code ${String(o.curl)}`)}throw new $("tool",d||`the script ended with ${t.exitCode}`,"allow forwarding for this user in sshd_config (AllowTcpForwarding local), or install curl on the host")}async reach(n,r,t,o){try{await this.get({address:n,port:r,path:"/cacerts",caPem:t},o)}catch(d){if(!(d instanceof $)||d.kind!=="identity")throw d}}}var E=T(7067),N=T(8321),Z=T(1692),pe=function(e,n,r){if(n!=null){if(typeof n!="object"&&typeof n!="function")throw new TypeError("Object expected.");var t,o;if(r){if(!Symbol.asyncDispose)throw new TypeError("Symbol.asyncDispose is not defined.");t=n[Symbol.asyncDispose]}if(t===void 0){if(!Symbol.dispose)throw new TypeError("Symbol.dispose is not defined.");t=n[Symbol.dispose],r&&(o=t)}if(typeof t!="function")throw new TypeError("Object not disposable.");o&&(t=function(){try{o.call(this)}catch(d){return Promise.reject(d)}}),e.stack.push({value:n,dispose:t,async:r})}else r&&e.stack.push({async:!0});return n},Ve=(function(e){return function(n){function r(m){n.error=n.hasError?new e(m,n.error,"An error was suppressed during disposal."):m,n.hasError=!0}var t,o=0;function d(){for(;t=n.stack.pop();)try{if(!t.async&&o===1)return o=0,n.stack.push(t),Promise.resolve().then(d);if(t.dispose){var m=t.dispose.call(t.value);if(t.async)return o|=2,Promise.resolve(m).then(d,function(w){return r(w),d()})}else o|=1}catch(w){r(w)}if(o===1)return n.hasError?Promise.reject(n.error):Promise.resolve();if(n.hasError)throw n.error}return d()}})(typeof SuppressedError=="function"?SuppressedError:function(e,n,r){var t=new Error(r);return t.name="SuppressedError",t.error=e,t.suppressed=n,t});const U=1024*1024,xe=["connection-lost","cancelled","forwarding-refused"];function Ye(e){if(e instanceof $)return e;const n=s(e);if(xe.includes(n))return e;const r=n==="ERR_TLS_CERT_ALTNAME_INVALID"?"identity":/^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA)/.test(n)?"authority":/^(ERR_SSL_|ERR_TLS_|EPROTO)/.test(n)?"tls":/^HPE_/.test(n)?"protocol":n==="deadline"?"timeout":"connect";return new $(r,l(e))}async function Qe(e,n,r){const t=AbortSignal.timeout(a*1e3),o=AbortSignal.any([n,t]),{promise:d,reject:m}=Promise.withResolvers(),w=()=>m(o.reason);d.catch(()=>{}),o.addEventListener("abort",w,{once:!0});try{return n.throwIfAborted(),await Promise.race([r(o),d])}catch(y){throw n.aborted?n.reason:t.aborted?new $("timeout",`${e}: no answer in ${a} s`):Ye(y)}finally{o.removeEventListener("abort",w)}}class an{via="forwarding";#e;constructor(n){this.#e=n}async get(n,r){const{address:t,port:o,path:d}=n;return await Qe(`GET https://${u(t,o)}${d}`,r,async m=>{const w={stack:[],error:void 0,hasError:!1};try{const y=pe(w,await this.#n(t,o,n.caPem,!0,m),!0),{promise:A,resolve:R,reject:I}=Promise.withResolvers(),C=(0,E.request)({createConnection:()=>y.socket,path:d,headers:{Host:u(t,o),Connection:"close",Accept:"*/*",...n.authorization===void 0?{}:{Authorization:n.authorization}}});return C.once("error",I),C.once("response",ne=>{let en=0;ne.on("data",nn=>{en+=nn.length,en>U&&ne.destroy(new $("protocol","the answer is too large"))}),(0,N.text)(ne).then(nn=>R({status:ne.statusCode??0,body:nn}),I)}),C.end(),await A}catch(y){w.error=y,w.hasError=!0}finally{const y=Ve(w);y&&await y}})}async reach(n,r,t,o){await Qe(`connect ${u(n,r)}`,o,async d=>{const m={stack:[],error:void 0,hasError:!1};try{const w=pe(m,await this.#n(n,r,t,!1,d),!0)}catch(w){m.error=w,m.hasError=!0}finally{const w=Ve(m);w&&await w}})}async#n(n,r,t,o,d){const m=await this.#e.forward(n,r,d),w=(0,Z.connect)({socket:m,host:n,...(0,V.isIP)(n)===0?{servername:n}:{},...t===void 0?{rejectUnauthorized:!1}:{ca:t,rejectUnauthorized:!0},...o?{}:{checkServerIdentity:()=>{}}}),y=()=>{w.destroy(),m.destroy()},{promise:A,resolve:R,reject:I}=Promise.withResolvers();w.once("secureConnect",R),w.on("error",I),m.on("error",I),d.addEventListener("abort",y,{once:!0}),w.once("close",()=>I(new $("connect","the connection was closed before TLS was set up"))),d.aborted&&y();try{await A}catch(C){throw y(),C}return{socket:w,[Symbol.asyncDispose]:async()=>{d.removeEventListener("abort",y),y()}}}}class cn{#e;#n;#o;constructor(n,r){this.#e=n,this.#n=r,this.#o=new an(n)}get via(){return this.#o.via}async get(n,r){return await this.#s(t=>t.get(n,r))}async reach(n,r,t,o){await this.#s(d=>d.reach(n,r,t,o))}async#s(n){try{return await n(this.#o)}catch(r){if(s(r)!=="forwarding-refused")throw r;if(this.#n===void 0)throw new $("tool",l(r),"allow forwarding for this user in sshd_config (AllowTcpForwarding local)");return this.#o=new L(this.#e,this.#n),await n(this.#o)}}}function gn(e,n){return new cn(e,n)}const dn=[250,750],f=3e3,h=300,g=16;function k(e){const n=URL.canParse(e)?new URL(e):void 0;if(!(n?.protocol!=="https:"||n.hostname===""))return{address:n.hostname.replace(/^\[(.*)\]$/,"$1"),port:Number(n.port||443)}}function v(e){return`handshake.apiserver.${e.toLowerCase().replace(/[^a-z0-9.]+/g,"-").replace(/^[.-]+|[.-]+$/g,"")}`}class x{checks=[];#e;#n;#o;#s;#r;constructor(n,r,t,o){this.#e=n,this.#n=r,this.#r=t,this.#o=o,this.#s=gn(n,r.script)}get via(){return this.#s.via}#t(n){return this.checks.push(n),this.#o(n),n.verdict==="pass"||n.verdict==="warn"}async#a(n){const r=performance.now();for(let t=1;;t++)try{return await n()}catch(o){if(!(o instanceof $)||!o.isPassing)throw o;const d=dn[t-1];if(d===void 0){const m=((performance.now()-r)/1e3).toFixed(1);throw new $(o.kind,`${o.message} (tried ${t} times in ${m} s)`)}await(0,ze.setTimeout)(d,void 0,{signal:this.#n.signal})}}async#c(n,r){return await this.#a(async()=>{const t=await this.#s.get({...this.#r,path:n,...r},this.#n.signal);if(t.status>=500)throw new $("connect",`GET ${n}: HTTP ${t.status} ${i(t.body)}`);return t})}async#i(n,r,t,o){if(!(o instanceof $))throw o;const{probe:d,signal:m}=this.#n,w=o.isPassing?await d?.(t.address,t.port,m).catch(()=>!1):void 0;return O({id:n,question:r,...t,host:this.#e.label,fault:o,runnerReaches:w})}async askAuthority(){const{caPem:n,token:r}=this.#n,t="handshake.ca",o="Does the host see the cluster's own certificate authority?";let d;try{const R=await this.#c("/cacerts",{});if(R.status!==200||!R.body.includes("-----BEGIN CERTIFICATE-----"))throw new $("protocol",`GET /cacerts: HTTP ${R.status}, no certificate`);d=R.body}catch(R){const I=R instanceof $&&(R.isPassing||R.kind==="name"),C=u(this.#r.address,this.#r.port);this.#t(I?await this.#i(v(C),`Does ${C} answer the host?`,this.#r,R):await this.#i(t,o,this.#r,R));return}let m,w;try{m=q(d),w=De(d,n)}catch(R){this.#t(await this.#i(t,o,this.#r,new $("protocol",i(String(R)))));return}const y=[`served through the host: ${m}`,`kubeconfig: ${q(n)}`];if(!w){this.#t({id:t,verdict:"fail",question:o,found:"another certificate authority",cause:"another server answers at that address through the host\u2019s network, or the kubeconfig is from before the CA was changed",remedy:"compare `server` with the kubeconfig; fetch the kubeconfig again from the server",evidence:y});return}const A=r===void 0?void 0:fe(r).caHash;if(A!==void 0&&A!==m){const R=A===q(n);this.#t({id:t,verdict:"fail",question:o,found:R?"the hash of the token is of another text":"the token was made for another certificate authority",cause:R?"the certificate is the same, but its text in the kubeconfig differs in white space from what the server serves, and the hash counts every byte":"token CA hash does not match the cluster CA certificate hash: the token is from another cluster, or from before the CA was changed",remedy:R?"store the kubeconfig again exactly as the server has it":"give no token, so that one is minted, or fetch a fresh one from the server",evidence:[...y,`token: ${A}`]});return}try{await this.#c("/cacerts",{caPem:n})}catch(R){this.#t(await this.#i(t,o,this.#r,R));return}return this.#t({id:t,verdict:"pass",question:o,found:`${m.slice(0,4)}\u2026${m.slice(-2)}`,evidence:y}),m}async askToken(){const{caPem:n,token:r,signal:t}=this.#n,o="handshake.token",d="Does the server accept the token?";if(r===void 0)return this.#t({id:o,verdict:"skip",question:d,found:"token not exercised"});const m=fe(r),w=performance.now();for(;;){let y;try{y=await this.#c("/v1-k3s/readyz",{caPem:n,authorization:Ge(m)})}catch(I){return this.#t(await this.#i(o,d,this.#r,I))}if(y.status===200)return this.#t({id:o,verdict:"pass",question:d,found:`accepted (${m.kind} token)`});const A=y.status===401||y.status===403;if(A&&performance.now()-w+h<f){await(0,ze.setTimeout)(h,void 0,{signal:t});continue}const R=[`GET /v1-k3s/readyz: HTTP ${y.status}`];return A?this.#t({id:o,verdict:"fail",question:d,found:`refused (${m.kind} token)`,cause:m.kind==="bootstrap"?"the server does not know this token: it has expired or was deleted, or the kubeconfig is of another cluster":"it is not this cluster's token, or the token was changed since",remedy:m.kind==="bootstrap"?"press the button again: a new one is minted; when that is refused too, `server` and the kubeconfig are of different clusters":"give no token, so that one is minted through the kubeconfig; or fetch the current one from the server",evidence:R}):this.#t({id:o,verdict:"fail",question:d,found:`the server answers HTTP ${y.status} instead`,cause:"what answers there knows the API but not how agents of k3s join: a load balancer or proxy in front, or no k3s",remedy:"set `server` to the address of a k3s server, where its supervisor listens",evidence:R})}}async#d(){const{caPem:n,token:r,knownApiServers:t=[]}=this.#n,o=u(this.#r.address,this.#r.port);if(r===void 0)return[o,...t];const d=await this.#c("/v1-k3s/apiservers",{caPem:n,authorization:Ge(fe(r))});let m;try{m=JSON.parse(d.body)}catch{m=void 0}if(d.status!==200||!Array.isArray(m))throw new $("protocol",`GET /v1-k3s/apiservers: HTTP ${d.status}, no list`);return m.length===0?[o]:m.map(String)}async askApiServers(){let n;try{n=await this.#d()}catch(d){this.#t(await this.#i("handshake.apiserver","Which API servers does the server name?",this.#r,d));return}const r=new Map;for(const d of n.slice(0,g)){const m=k(d.startsWith("https://")?d:`https://${d}`);m!==void 0&&r.set(u(m.address,m.port),m)}const t=[],o=async([d,m])=>{t.push(await this.#u(d,m))};if(this.via==="forwarding")await Promise.all([...r].map(o));else for(const d of r)await o(d);return t.length>0&&t.every(Boolean)?[...r.keys()]:void 0}async#u(n,r){const{caPem:t,signal:o}=this.#n,d=v(n),m=`Does ${n} answer the host?`,w=performance.now();try{await this.#a(()=>this.#s.reach(r.address,r.port,t,o))}catch(y){return this.#t(await this.#i(d,m,r,y))}return this.#t({id:d,verdict:"pass",question:m,found:`yes, in ${Math.round(performance.now()-w)} ms`})}}async function _(e,n,r=()=>{}){const t=k(n.server);if(t===void 0)throw new RangeError(`server ${JSON.stringify(n.server)} is not an address like https://host:6443`);const o=new x(e,n,t,r),d=await o.askAuthority();if(d===void 0)return{checks:o.checks};if(!(await o.askToken()||n.token===void 0))return{checks:o.checks};const w=await o.askApiServers();return w===void 0?{checks:o.checks}:{checks:o.checks,result:{caHash:d,apiServers:w,via:o.via}}}class M extends Error{name="HostStepError";code;step;cause;remedy;evidence;constructor(n,r,t,o,d,m){super(t),this.code=n,this.step=r,this.cause=o,this.remedy=d,this.evidence=m}}const P="run it again: it continues from what it finds",H="look at the host on its console",J={"host-locked":"wait until that run has ended, or cancel it, and run this one again","lock-unavailable":"install util-linux on the host (it brings flock)","init-unsupported":"join a host that runs systemd","staged-missing":P,"copy-failed":"free space on the host (df -h /usr/local/bin), then run it again","backup-failed":"free space on the host (df -h /var/lib), then run it again","write-failed":"free space on the host (df -h /etc), then run it again","replace-failed":"look for an immutable file (lsattr) or a read-only mount at that path","folder-read-only":"the host keeps this folder read-only (an immutable system, or a file system with errors): make it writable, or install k3s with the means of that system","binary-mismatch":"the file changed between runner and host: run it again; if it stays, look who else writes to /tmp on the host","binary-missing":P,"installer-mismatch":P,"installer-failed":"read what the installer said below, correct it on the host, and run it again","hash-unavailable":"install coreutils on the host (it brings sha256sum)","environment-unreadable":"correct the quotes in that file by hand, and run it again","unit-unreadable":"bring ExecStart of that unit into the form ExecStart=/usr/local/bin/k3s agent \u2026, and run it again","unit-missing":"the unit is gone: delete what is left of k3s on the host, or install it, and run it again","reload-failed":`${H}: sudo systemctl daemon-reload`,"enable-failed":`${H}: sudo systemctl enable k3s-agent`,"start-refused":`${H}: sudo systemctl status k3s-agent; sudo journalctl -u k3s-agent -n 50`},re=e=>typeof e=="string"?e:"";function Ne(e,n,r){if(r.exitCode===0)return;const t=r.lines.findLast(y=>typeof y.error=="string"),o=re(r.lines.findLast(y=>y.state==="failed")?.step),d=[...r.lines.flatMap(y=>typeof y.evidence=="string"?[y.evidence]:[]),...r.stderr.trim().split(`
`).slice(-10)].filter(y=>y!==""),m=`${n} on ${e} did not succeed${o?` (step ${o})`:""}`;if(t===void 0){const y=`the script ended with exit code ${r.exitCode} without saying why`;return new M("script-failed",o,m,y,P,d)}const w=re(t.error);return new M(w,o,m,re(t.message),J[w]??P,d)}const be={apply:`
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
  for folder in "$state/runs"/*; do
    if [ "$folder" = "$run" ] || [ ! -f "$folder/log" ]; then continue; fi
    if grep -q '^finished' "$folder/log"; then continue; fi
    last=$(sed -n 's/^step //p' "$folder/log" | tail -n 1)
    emit interrupted "\${folder##*/}" step "$last"
    sed -n 's/^temporary //p' "$folder/log" | while IFS= read -r path; do rm -f "$ROOT$path"; done
  done
}

discard_older() {
  if [ "$changed" = no ]; then : >"$run/unchanged"; fi
  for folder in "$state/runs"/*; do
    if [ "$folder" = "$run" ] || [ ! -d "$folder" ]; then continue; fi
    if [ "$changed" = yes ] || [ -e "$folder/unchanged" ]; then rm -rf "$folder"; fi
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
  printf '%s\\n' "$HOLDER" >"$lock"
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
    for path in /etc/rancher/node /var/lib/rancher /var/lib/rancher/k3s /var/lib/rancher/k3s/data /var/lib/rancher/k3s/agent \\
      /var/lib/kubelet /var/lib/cni; do
      is_there "$path" || note "absent $path"
    done
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
`,survey:`
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

survey_distribution() {
  k3s_find_unit || :
  for part in binary unit env changed server_unit config rest; do
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
  backup=$run/backups/$1 target=$ROOT$2
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
  done <"$run/log"
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

is_mounted() {
  for mounts in "$ROOT/proc/self/mounts" "$ROOT/proc/mounts"; do
    [ -r "$mounts" ] || continue
    if grep -qF "$1" "$mounts"; then return 0; fi
    return 1
  done
  return 0
}

clear_agent_data() {
  is_there "$1" || return 0
  if [ "$1" = /var/lib/rancher/k3s/agent ] && [ ! -L "$ROOT$1" ]; then
    if is_running "$(unit_property ActiveState)"; then
      remains "$1" "the agent still runs"
    elif is_mounted "$1"; then
      remains "$1" "containers or mounts still use it"
    elif ! rm -rf "$ROOT/var/lib/rancher/k3s/agent"; then
      remains "$1" "could not be deleted"
    fi
    return 0
  fi
  rmdir "$ROOT$1" 2>/dev/null || remains "$1" "written by k3s while it ran"
}

follow_log_backwards() {
  touched=no reloaded=no
  while read -r kind rest; do
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

clear_all_agent_data() {
  [ "$started" = yes ] || return 0
  while read -r kind rest; do
    if [ "$kind" = absent ]; then clear_agent_data "$rest"; fi
  done <"$run/backwards"
}

main() {
  check_run_id
  take_lock
  if [ ! -f "$run/log" ]; then
    emit finished "$RUN_ID"
    return 0
  fi
  read_unit_before
  stop_agent
  awk '{ line[NR] = $0 } END { for (i = NR; i > 0; i--) print line[i] }' "$run/log" >"$run/backwards"
  clear_all_agent_data
  follow_log_backwards
  reload_systemd
  restart_agent
  if [ "$incomplete" = no ]; then
    rm -rf "$run"
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
  read_state
  former="$ExecMainPID $ExecMainStartTimestampMonotonic"
  act
  told='' complained=no
  while :; do
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
`};function un(e){return String(Math.max(0,Math.floor((e.lockWaitMs??Math.min(6e4,e.timeoutMs/3))/1e3)))}function ln(e){if(!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(e))throw new TypeError(`${JSON.stringify(e)} is no run id`);return e}function wn(e){return e.replace(/[\u0000-\u001f\u007f]+/g," ").slice(0,200)}function jn(e){const r=[["install-binary",e.binary,"binary"],["run-installer",e.installer,"installer"],["write-config",e.config,"config"],["edit-environment",e.environment,"environment"],["edit-unit",e.removeArguments,"removeArguments"]].find(([t,o])=>e.steps.includes(t)&&o===void 0);return r&&`step ${r[0]} needs ${r[2]}`}function kn(e){if(!(typeof e.step!="string"||e.state!=="done"&&e.state!=="unchanged"))return{step:e.step,state:e.state}}async function Dn(e,n,r){const{binary:t,installer:o,environment:d}=n,m=jn(n);if(m!==void 0)throw new TypeError(m);const w=n.removeArguments??[],y=w.find(C=>!/^--?[A-Za-z][A-Za-z0-9-]*$/.test(C));if(y!==void 0)throw new TypeError(`${JSON.stringify(y)} is no name of an argument`);const A=await e.run({name:"apply",script:[be["unit-file"],be["change-log"],be.edit,be.apply].join(`
`),env:{RUN_ID:ln(n.runId),HOLDER:wn(n.holder),LOCK_WAIT:un(r),STEPS:n.steps.join(" "),STAGED:t?.stagedPath??"",BINARY_SHA256:t?.sha256??"",INSTALLER_SHA256:o?.sha256??"",SERVER_URL:d?.url??"",REMOVE_ARGUMENTS:w.join(" "),RESTART:n.isRestartFollowing?"yes":"no"},secrets:{TOKEN:d?.token??"",CONFIG:n.config??"",INSTALLER:o?.text??""},privilege:"root",timeoutMs:r.timeoutMs,signal:r.signal,onLine:C=>{const ne=kn(C);ne&&r.onStep?.(ne.step,ne.state),typeof C.waiting_for=="string"&&r.onWaiting?.(C.waiting_for)}}),R=Ne(e.label,"the installation",A);if(R)throw R;const I=A.lines.flatMap(C=>kn(C)??[]);return{steps:I,isChanged:I.some(C=>C.state==="done"),interrupted:A.lines.flatMap(C=>typeof C.interrupted=="string"?[{runId:C.interrupted,step:String(C.step??"")}]:[]),holdsFormerToken:A.lines.some(C=>C.former_token===!0)}}const hn={node:"k3s-gpu-actions/node",run:"k3s-gpu-actions/run"},Fn="system:bootstrappers:k3s:default-node-token",Hn=["create","delete","list"].map(e=>({verb:e,group:"",resource:"secrets",namespace:"kube-system"}));function tn(e){const n=e.replace(/[^A-Za-z0-9._-]+/g,"-").replace(/^[^A-Za-z0-9]+/,"").slice(0,63).replace(/[^A-Za-z0-9]+$/,"");return n===""?"unknown":n}function yn(e,n){if(!(e.ttlMs>0))throw new RangeError("a token needs a time to live");return{id:Fe(n),secret:ee(n),description:`k3s-gpu-actions: join of ${e.node}, ${tn(e.runLabel)}`,expiresAt:new Date(e.now+e.ttlMs).toISOString().replace(/\.\d{3}Z$/,"Z"),extraGroups:Fn,labels:{[hn.node]:tn(e.node),[hn.run]:tn(e.runLabel)}}}async function Un(e,n,r){const t=n.token??yn(n);return await n.record(t.id),await e.createBootstrapToken(t,r),t}async function Bn(e,n,r){await e.deleteBootstrapToken(n,r)}async function Gn(e,n,r){const o=(await e.bootstrapTokens({[hn.node]:tn(n.node)},r)).filter(d=>Date.parse(d.createdAt)<n.olderThan).map(d=>d.id);return await Promise.all(o.map(d=>e.deleteBootstrapToken(d,r))),o}var sn=T(1455),zn=T(3024),Kn=T(6466);async function bn(e,n){const r=(0,ce.createHash)("sha256");return await(0,Kn.pipeline)((0,zn.createReadStream)(e),r,{signal:n}),r.digest("hex")}function vn(e,n){const r=new Set;for(const t of e.split(/\r?\n/)){const[,o,d]=/^\\?([0-9A-Fa-f]{64})[ \t]+\*?(?:\.\/)?(\S.*?)\s*$/.exec(t)??[];o!==void 0&&d===n&&r.add(o.toLowerCase())}return r.size===1?[...r][0]:void 0}class Je extends Error{name="ReleaseError";code;cause;remedy;evidence;constructor(n,r,t,o,d=[]){super(r),this.code=n,this.cause=t,this.remedy=o,this.evidence=d}}const Tn="run it again; if it stays so, look at https://www.githubstatus.com and at the release page of k3s";function Sn(e){const{code:n,cause:r,remedy:t}=typeof e=="object"&&e!==null?e:{};return typeof n=="string"&&typeof r=="string"&&typeof t=="string"}const Vn=["rate-limited","github-refused","github-unreachable"];function On(e,n,r=[]){if(!Sn(e))return new Je("download-failed",n,_n(e),Tn,r);const t=Vn.includes(e.code)?e.code:"download-failed";return new Je(t,n,e.cause,e.remedy,[...r,...e.evidence??[]])}function Jn(e,n){if(!(!Sn(n)||n.code!=="release-not-found"))return new Je("release-not-found",`there is no release ${e} of k3s`,`no release of k3s-io/k3s is called ${e}`,"correct the version; all of them are listed at https://github.com/k3s-io/k3s/releases, and look like v1.33.4+k3s1",n.evidence??[])}function rn(e,n){return new Je("checksum-mismatch",`${e} is not what k3s published`,"it was changed on the way (a proxy or mirror), the release was changed after it was published, or the download is damaged","nothing of it was used. Run it again; if it stays so, compare the hashes below with the release page before trusting either",n)}function _n(e){return typeof e=="object"&&e!==null&&"message"in e?String(e.message):String(e)}var on=T(2088);const Zn=/^v?(\d+)\.(\d+)\.(\d+)(?:-(rc\d+))?\+k3s(\d+)$/;function We(e){const[,n,r,t,o="",d]=Zn.exec(e.trim())??[];if(n===void 0)return;const m={major:Number(n),minor:Number(r),patch:Number(t),build:Number(d)},w=o===""?"":`-${o}`;return{text:`v${m.major}.${m.minor}.${m.patch}${w}+k3s${m.build}`,candidate:o,...m}}function Rn(e){const{major:n,minor:r,patch:t,candidate:o,build:d}=e,m=o===""?"":`0rc.${Number(o.slice(2))}.`;return`${n}.${r}.${t}-${m}k3s.${d}`}function En(e,n){const r=t=>{const o=We(t);if(o===void 0)throw new RangeError(`${JSON.stringify(t)} is no k3s version: write it like v1.33.4+k3s1`);return new on.SemVer(Rn(o))};return(0,on.compare)(r(e),r(n))}class fn extends Error{name="VersionError";code="version-invalid";cause;remedy;evidence=[];constructor(n,r,t){super(n),this.cause=r,this.remedy=t}}const Wn=/^(stable|latest|testing|v?\d+(\.\d+)?)$/;function Xn(e,n){const r="write `match-server`, or an exact version like v1.33.4+k3s1";if(e.trim()==="match-server"){const m=We(n);if(m!==void 0)return m.text;throw new fn(`the server's version ${JSON.stringify(n)} is no k3s version`,(0,on.coerce)(n)===null?"what answers is not k3s":"the server runs another distribution of Kubernetes","check the kubeconfig, or set `distribution`")}const t=We(e);if(t!==void 0)return t.text;if(Wn.test(e.trim()))throw new fn(`version ${JSON.stringify(e)} is a channel`,"a channel names another version tomorrow",r);const o=(0,on.coerce)(e),d=o!==null&&!e.includes("+")?`the +k3s suffix is missing, e.g. v${o.version}+k3s1`:"it has no known form";throw new fn(`version ${JSON.stringify(e)} is no k3s version`,d,r)}const Yn={29:"v1.29.13+k3s1",30:"v1.30.9+k3s1",31:"v1.31.5+k3s1"};function Qn(e,n){const r="k3s.version",t=`Does an agent of ${e} go with a server of ${n}?`,o=We(e),d=We(n);if(o===void 0||d===void 0)return{id:r,verdict:"error",question:t,found:`${JSON.stringify(o===void 0?e:n)} is no k3s version`,cause:"the two cannot be compared",remedy:"write versions like v1.33.4+k3s1; check that the server is k3s"};const m=En(e,n),w=`use version: match-server (${d.text})`;if(m===0)return{id:r,verdict:"pass",question:t,found:"the same version"};if(m>0)return{id:r,verdict:"fail",question:t,found:"the agent is newer than the server",cause:"a kubelet newer than its API server is not supported, and nothing would complain until something breaks",remedy:`${w}, or upgrade the servers first`};const y=(d.major-o.major)*100+d.minor-o.minor;if(y>3)return{id:r,verdict:"fail",question:t,found:`the agent is ${y} minor versions older than the server`,cause:"a kubelet may be at most 3 minor versions older than its API server",remedy:w};const A=o.major===1?Yn[o.minor]:void 0;return A!==void 0&&d.minor>=32&&En(e,A)<0?{id:r,verdict:"fail",question:t,found:`agents before ${A} get no pod network from servers of 1.32 or later`,cause:"flannel in such an agent asks for rights that these servers no longer give it (k3s#11551, k3s#12819)",remedy:`${w}, or at least ${A}`}:{id:r,verdict:"warn",question:t,found:"the agent is older than the server",cause:"supported, but not what the server was tested with",remedy:w}}const An="k3s-io",xn="k3s",Nn="k3s",qn={amd64:"k3s",arm64:"k3s-arm64"},et=/^[0-9a-f]{64}$/;function In(e){const n=e?.toLowerCase().replace(/^sha256:/,"");return n!==void 0&&et.test(n)?n:void 0}async function Mn(e,n,r){const t=qn[e.architecture];if(t===void 0)throw new Je("architecture-unsupported",`there is no checked k3s for ${e.architecture||"an unknown architecture"}`,"programs are fetched and checked for amd64 and arm64 only","use a 64-bit x86 or Arm machine");const o=await nt(e.version,n,r),d=y=>{const A=o.assets.find(R=>R.name===y);if(A!==void 0)return A;throw new Je("release-incomplete",`release ${e.version} of k3s has no file ${y}`,"the release is still being published, or was withdrawn in part","choose another version, or try again later",[`its files: ${o.assets.map(R=>R.name).slice(0,40).join(", ")||"none"}`])},m=d(t),w=In(m.digest);return{version:e.version,architecture:e.architecture,sizeBytes:m.sizeBytes,...w===void 0?{}:{sha256:w},binary:m,checksums:d(`sha256sum-${e.architecture}.txt`),commit:o.commit}}function vt(e){return e.sizeBytes}async function nt(e,n,r){try{return await n.release(An,xn,e,r)}catch(t){throw r.aborted?r.reason:Jn(e,t)??On(t,`release ${e} of k3s cannot be looked up`)}}async function pn(e,n,r,t){try{return await r(e,t)}catch(o){throw t.aborted?t.reason:On(o,`${n} cannot be downloaded`,[e])}}async function tt(e,n,r){const{binary:t,checksums:o,version:d}=e,m=await pn(o.url,`the checksum file of k3s ${d}`,n,r),w=await(0,sn.readFile)(m,{encoding:"utf8",signal:r}),y=(0,ce.createHash)("sha256").update(w).digest("hex"),A=In(o.digest);if(A!==void 0&&A!==y)throw rn(`the checksum file of k3s ${d}`,[`downloaded: ${y}`,`GitHub's digest: ${A}`]);const R=vn(w,t.name);if(R===void 0)throw new Je("release-incomplete",`the checksum file of k3s ${d} has no line for ${t.name}`,"the file is damaged, or the release is not complete","choose another version, or try again later",[`${o.name}: ${w.split(`
`).filter(I=>I!=="").length} lines`]);if(e.sha256===void 0)return{sha256:R,notes:[`GitHub has no digest for ${t.name}: checked against ${o.name} alone`]};if(e.sha256!==R)throw rn(`${t.name} of k3s ${d}`,[`${o.name}: ${R}`,`GitHub's digest: ${e.sha256}`]);return{sha256:R,notes:[]}}async function st(e,n,r,t){const{architecture:o,binary:d,version:m}=e,w=We(m);if(w===void 0)throw new RangeError(`${JSON.stringify(m)} is no exact k3s version`);const y=Rn(w),A=[],R=r.toolCache.find(Nn,y,o);if(R!==void 0){const ne=await bn(R,t).catch(()=>"unreadable");if(t.throwIfAborted(),ne===n)return{binary:{path:R,sha256:n,sizeBytes:(await(0,sn.stat)(R)).size,fromCache:!0},notes:A};A.push(`the tool cache held another file for k3s ${m} (sha256 ${ne}); it was not used`)}const I=await pn(d.url,`k3s ${m} for ${o}`,r.download,t),C=await bn(I,t);if(C!==n)throw rn(`the downloaded ${d.name} of k3s ${m}`,[`downloaded: ${C}`,`published: ${n}`]);return await r.toolCache.add(I,d.name,Nn,y,o).catch(ne=>{t.throwIfAborted(),A.push(`the tool cache could not be used: ${_n(ne)}`)}),{binary:{path:I,sha256:n,sizeBytes:(await(0,sn.stat)(I)).size,fromCache:!1},notes:A}}async function rt(e,n,r){const{commit:t,version:o}=e;if(!/^[0-9a-f]{40}$/.test(t))throw new Je("release-incomplete",`the commit of k3s ${o} is unknown`,`GitHub gave ${JSON.stringify(t)}`,Tn);const d=`https://raw.githubusercontent.com/${An}/${xn}/${t}`,[m,w]=await Promise.all(["install.sh","install.sh.sha256sum"].map(C=>pn(`${d}/${C}`,`${C} of k3s ${o}`,n,r))),[y,A]=await Promise.all([m,w].map(C=>(0,sn.readFile)(C,{signal:r}))),R=vn(String(A),"install.sh"),I=(0,ce.createHash)("sha256").update(y).digest("hex");if(R!==I)throw rn(`the installer of k3s ${o}`,[`install.sh: ${I}`,`install.sh.sha256sum: ${R??"no line for install.sh"}`]);return{text:String(y),sha256:I,commit:t}}async function Ln(e,n,r){const t=rt(e,n.download,r);t.catch(()=>{});try{const o=await tt(e,n.download,r),{binary:d,notes:m}=await st(e,o.sha256,n,r),{version:w,architecture:y}=e;return{version:w,architecture:y,binary:d,installer:await t,notes:[...o.notes,...m]}}catch(o){throw r.aborted?r.reason:o}}async function Tt(e,n,r){return await Ln(await Mn(e,n.releases,r),n,r)}async function ot(e,n,r){if(r.unit!==void 0&&r.unit!=="k3s-agent")throw new TypeError(`unknown unit ${r.unit}`);const t=await e.run({name:"undo",script:[be["change-log"],be.undo].join(`
`),env:{RUN_ID:ln(n),HOLDER:wn(r.holder??`undo of run ${n}`),LOCK_WAIT:un(r),STOP:r.stop===!1?"no":"yes"},privilege:"root",timeoutMs:r.timeoutMs,signal:r.signal}),o=Ne(e.label,"the undo",t);if(o)throw o;return{undone:t.lines.flatMap(d=>typeof d.undone=="string"?[d.undone]:[]),remaining:t.lines.flatMap(d=>typeof d.remaining=="string"?[d.remaining]:[])}}async function it(e,n,r){const t=await e.run({name:"forget",script:[be["change-log"],be.forget].join(`
`),env:{RUN_ID:ln(n),HOLDER:`end of run ${n}`,LOCK_WAIT:un(r)},privilege:"root",timeoutMs:r.timeoutMs,signal:r.signal}),o=Ne(e.label,"deleting the former token",t);if(o)throw o;return t.lines.flatMap(d=>typeof d.forgotten=="string"?[d.forgotten]:[])}const qe=e=>typeof e=="string"?e:"",Cn=e=>typeof e=="number"&&Number.isSafeInteger(e)?e:0;function at(e){if(e.event==="journal")return{type:"journal",text:qe(e.text)};if(e.event==="journal-ended")return{type:"journal",text:`journalctl ended: ${qe(e.text)}`};if(e.event==="unit")return{type:"unit",activeState:qe(e.active),subState:qe(e.sub),restarts:Cn(e.restarts),result:qe(e.result),mainStatus:Cn(e.status),isNew:e.new===!0}}async function ct(e,n){const{unit:r,action:t,signal:o,onEvent:d,timeoutMs:m}=n;if(o.aborted)return;let w;try{w=await e.run({name:"watch",script:be.watch,env:{UNIT:r,ACTION:t},privilege:"root",timeoutMs:m,signal:o,onLine:y=>{const A=o.aborted?void 0:at(y);A&&d(A)}})}catch(y){if(o.aborted)return;throw y}if(!o.aborted)throw Ne(e.label,`the ${t==="none"?"watch":t} of ${r}`,w)??new M("watch-ended","",`the watch of ${r} on ${e.label} ended by itself`,"the script ended without being told to","run it again: it continues from what it finds",w.stderr.trim().split(`
`).slice(-10))}const dt=64,Pn=64*1024;function Y(e,n,r=4096){const t=e[n];return typeof t=="string"?t.slice(0,r):""}function mn(e,n,r){const t=Y(e,n,Pn);return t===""?[]:t.split(r)}function ut(e,n){const r=e[n];return typeof r=="number"&&Number.isSafeInteger(r)&&r>=0?r:0}const lt=["none","server","agent","bootstrap","short"];function ht(e){return lt.find(n=>n===e.token_kind)??"short"}function ft(e){const n=w=>e.filter(y=>y.fact===`k3s.${w}`).slice(0,dt),r=w=>e.find(y=>y.fact===`k3s.${w}`),t=r("binary"),o=r("unit"),d=r("environment"),m=r("own-config");return{...t&&{binary:{path:Y(t,"path"),version:Y(t,"version",128),sha256:Y(t,"sha256",64)}},...o&&{unit:{name:Y(o,"name",256),path:Y(o,"path"),sha256:Y(o,"sha256",64),arguments:mn(o,"arguments",`
`),activeState:Y(o,"active",64),subState:Y(o,"sub",64),isEnabled:o.enabled===!0,restarts:ut(o,"restarts"),needsReload:o.needs_reload===!0}},hasServerUnit:r("server-unit")?.present===!0,changedSinceStart:n("changed").map(w=>Y(w,"path")),...d&&{environment:{path:Y(d,"path"),sha256:Y(d,"sha256",64),mode:Y(d,"mode",8),keys:mn(d,"keys"," "),url:Y(d,"url"),tokenKind:ht(d)}},configFiles:n("config").map(w=>({path:Y(w,"path"),sha256:Y(w,"sha256",64),mode:Y(w,"mode",8),keys:mn(w,"keys"," ")})),...m&&{ownConfig:Y(m,"text",Pn)},hasNodePassword:r("node-password")?.present===!0,templates:n("template").map(w=>({path:Y(w,"path"),sha256:Y(w,"sha256",64),hasBaseTemplate:w.base===!0}))}}const $n="k3s-agent",pt=["install-binary","run-installer","write-config","edit-environment","edit-unit","reload","enable"],mt=18e4,$t=6e4,gt=3e4,wt=[[/Running load balancer k3s-agent-load-balancer/,"agent found the server"],[/containerd is now running/,"containerd up"]];async function kt(e,n,r){return await new Promise(t=>{const o=(0,V.connect)({host:e,port:n,signal:AbortSignal.any([r,AbortSignal.timeout(3e3)])}),d=m=>{o.destroy(),t(m)};o.once("connect",()=>d(!0)),o.once("error",()=>d(!1))})}function yt(e,n,r){const t=d=>d.verdict==="pass"||d.verdict==="warn"?"\u2713":d.verdict==="skip"?"not exercised":"\u2717";return e.map(d=>d.id==="handshake.ca"?`CA ${n?`${n.slice(0,4)}\u2026${n.slice(-2)} `:""}${t(d)}`:d.id==="handshake.token"?r?`token ${t(d)}`:"token not exercised":`${d.id.replace(/^handshake\.(apiserver\.?)?/,"").replace(/-(\d+)$/,":$1")} ${t(d)}`).join("  ")}function bt(e){const n=new Map,r=(t,o,d)=>{const m=`${t} ${o}`,w=n.get(m)??Mn({version:t,architecture:o},e.releases,d);return n.set(m,w),w};return{name:"k3s",unit:$n,surveyScript:[be["unit-file"],be.survey].join(`
`),tokenAccessRequests:Hn,resolveVersion:Xn,survey:ft,describe:Ue,checks:(t,o)=>He(t,o,Qn(t.version,t.reading.version)),plan:Ce,needsRelease:Re,async sketchRelease(t,o,d){const{sizeBytes:m,sha256:w}=await r(t,o,d);return{sizeBytes:m,...w?{sha256:w}:{}}},async mint(t,o,d,m,w,y){const{serverTimeMs:A}=await t.read(o,y),R={node:o,runLabel:d.label,ttlMs:m,now:A},I=yn(R),C=ve(q(t.caPem),I.id,I.secret);for(const ne of[C,`${I.id}.${I.secret}`,I.secret])e.mask(ne);return await Un(t,{...R,record:w,token:I},y),{id:I.id,text:C}},revoke:Bn,async sweep(t,o,d){const{serverTimeMs:m}=await t.read(o,d);return await Gn(t,{node:o,olderThan:m+1e3},d)},acceptToken:ue,async handshake(t,o,d,m,w){const y={server:o,caPem:d,...m?{token:m.text}:{},script:be.handshake,probe:kt,signal:w},{checks:A,result:R}=await _(t,y);return{checks:A,passed:R!==void 0,line:yt(A,R?.caHash,m!==void 0)}},async prepare(t,o,d){return await Ln(await r(t,o,d),e,d)},describePrepared:t=>[`k3s ${t.version} ${t.architecture} ${t.binary.sha256.slice(0,12)}\u2026 ${t.binary.fromCache?"from the tool cache, checked again":"downloaded and checked"}`,...t.notes.map(o=>`! ${o}`)],async install(t,o,d,m,w,y){const{prepared:A,credential:R}=d,I=new Set(d.changes.map(Ze=>Ze.id));let C;I.has("upload-binary")&&A&&(C=await t.upload({path:A.binary.path,name:"k3s",sizeBytes:A.binary.sizeBytes},y),w("upload-binary"));const ne={runId:m.runId,holder:m.label,steps:pt.filter(Ze=>I.has(Ze)),isRestartFollowing:I.has("start")||I.has("restart"),...C&&A?{binary:{stagedPath:C,sha256:A.binary.sha256}}:{},...A?{installer:A.installer}:{},...I.has("write-config")?{config:z(o.desired)}:{},...I.has("edit-environment")?{environment:{url:o.server,...R?{token:R.text}:{}}}:{},...I.has("edit-unit")?{removeArguments:D}:{}};if(ne.steps.length===0)return{needsSettling:!1,notes:[]};const en=await Dn(t,ne,{signal:y,timeoutMs:mt,onStep:Ze=>w(Ze)}),nn=en.interrupted.map(({step:Ze})=>`an earlier run was interrupted here (${Ze}); what it left is as this run wants it`);return{needsSettling:en.holdsFormerToken,notes:nn}},async settle(t,o,d){await it(t,o.runId,{signal:d,timeoutMs:gt})},async start(t,o,d,m,w){await ct(t,{unit:$n,action:o,signal:w,onEvent:m,timeoutMs:d})},milestone:t=>wt.find(([o])=>o.test(t))?.[1],async remove(t,o,d){const{undone:m,remaining:w}=await ot(t,o.runId,{unit:$n,signal:d,timeoutMs:$t});return{changes:m,remaining:w}}}}}),9510:((Xe,Ie,T)=>{T.d(Ie,{eh:()=>dn,FU:()=>Q,DT:()=>xe});const B={group:"coordination.k8s.io",resource:"leases",namespace:"kube-node-lease"},Q=[...["get","list","watch","patch","delete"].map(f=>({verb:f,group:"",resource:"nodes"})),...["get","list","watch"].map(f=>({verb:f,...B}))],oe="manifests/k3s-join-rbac.yaml";class F extends Error{name="ClusterError";code;cause;remedy;evidence;status;constructor(h,g){super(g.title),g.status!==void 0&&(this.status=g.status),this.code=h,this.cause=g.cause,this.remedy=g.remedy,this.evidence=g.evidence??[]}}function j(f){const h=f.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g," ").trim();return h.length>300?`${h.slice(0,299)}\u2026`:h}function z(f){return typeof f!="object"||f===null?"":"errors"in f&&Array.isArray(f.errors)&&f.errors.length>0?z(f.errors[0]):"code"in f&&typeof f.code=="string"?f.code:""}const Me={ECONNREFUSED:"nothing listens on that port, or a firewall answers in its place",ECONNRESET:"the connection was cut; a proxy or firewall in between does that, or the server is restarting",EPIPE:"the connection was cut while the request was being sent",ETIMEDOUT:"packets to that address get no answer (firewall, wrong address, or the server is off)",EHOSTUNREACH:"there is no route to that address from here",ENETUNREACH:"there is no route to that network from here",ENOTFOUND:"the server name does not resolve here",EAI_AGAIN:"the resolver gave no answer for the server name",ERR_HTTP_INVALID_STATUS_CODE:"what answers on that port does not speak HTTP as an API server does",HPE_INVALID_CONSTANT:"what answers on that port does not speak HTTP as an API server does"},D=/^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|ERR_OSSL|EPROTO$|INVALID_CA|PATH_LENGTH_|HOSTNAME_MISMATCH)/;function Le(f){return f==="ERR_TLS_CERT_ALTNAME_INVALID"?{cause:"the server certificate is not issued for this address",remedy:"use an address the certificate names, set tls-server-name in the kubeconfig, or add the address to the server\u2019s subject alternative names (tls-san)"}:f==="CERT_HAS_EXPIRED"||f==="CERT_NOT_YET_VALID"?{cause:"a certificate of the server is outside its period of validity, or the clock here is wrong",remedy:"compare the clocks; restart the server to renew certificates that have expired"}:/^(ERR_SSL_|EPROTO)/.test(f)?{cause:"the TLS handshake failed: the port speaks something else, or it refused the client certificate",remedy:"check host and port of the server in the kubeconfig, and that its client certificate has not expired"}:{cause:"the server's certificate is not signed by the certificate authority in the kubeconfig",remedy:"fetch the kubeconfig again from the server: it belongs to another cluster, or to this one before its CA changed"}}function me(f,h,g){if(f instanceof F)return f;const k=z(f),v=typeof f=="object"&&f!==null&&"message"in f?String(f.message):String(f),x=v===""?k:v,_=[`${g}: ${j(k&&!x.includes(k)?`${k} ${x}`:x)}`];return D.test(k)?new F("api-tls",{title:`the API server at ${h} cannot be trusted`,...Le(k),evidence:_}):new F("api-unreachable",{title:`the API server at ${h} cannot be reached from the runner`,cause:Me[k]??"the connection failed",remedy:"check the server address in the kubeconfig, and that the runner may reach that port",evidence:_})}function ie(f){return f instanceof F?f.code==="api-unreachable"||f.code==="timeout"?!0:f.code==="api-failed"&&f.status!==void 0&&(f.status>=500||f.status===429):!1}function W(f,h,g){return new F("timeout",{title:`the API server at ${f} did not answer within ${g/1e3} s`,cause:"packets get no answer (firewall, wrong address), or the server is overloaded",remedy:"check that the runner may reach that address and port, and the load of the server",evidence:[`${h}: no answer in ${g} ms`]})}function Se(f){const h=f.group===""?f.resource:`${f.resource}.${f.group}`;return`${f.verb} ${h}${f.namespace===void 0?"":` in namespace ${f.namespace}`}`}function le(f,h,g){const v={evidence:[`${g.request}: HTTP ${f}${h===""?"":`, ${j(h)}`}`],status:f};if(f===401)return new F("unauthorized",{title:`the API server at ${g.server} does not accept the credentials of the kubeconfig`,cause:"its token or client certificate has expired, was revoked, or belongs to another cluster",remedy:"fetch a fresh kubeconfig and store it again",...v});if(f===403){const x=g.access===void 0?"do that":Se(g.access);return new F("forbidden",{title:`the user of the kubeconfig may not ${x}`,cause:"a rule for it is missing",remedy:`apply ${oe} with an administrator's kubeconfig: kubectl apply -f ${oe}`,...v})}return f===404?new F("not-found",{title:"the object is not there",cause:"it was deleted meanwhile, or never existed",remedy:"run it again: the next run starts from what is there then",...v}):f===409?new F("conflict",{title:"the object was changed by somebody else meanwhile",cause:"another run or controller works on the same object",remedy:"run it again when the other one is done",...v}):new F("api-failed",{title:`the API server at ${g.server} answered HTTP ${f}`,cause:f>=500?"the server has a problem of its own, or is still starting":f===429?"the server is overloaded":"it did not accept the request",remedy:f>=500||f===429?"look at the server\u2019s log, then run it again":"see the evidence",...v})}function Oe(f,{evidence:h,status:g}){return new F("conflict",{title:`node ${f} was not deleted: it is no longer the one that was looked at`,cause:"a machine registered under that name after it was read: the old one came back, or another run joined it",remedy:"nothing was deleted. Run it again: the next run looks at the node that is there then",evidence:h,...g===void 0?{}:{status:g}})}var $e=T(1455),_e=T(8815),Re=T(8500);const Ce=["node-role.kubernetes.io/control-plane","node-role.kubernetes.io/master"];function ge(f,h){return(f.status?.addresses??[]).filter(g=>g.type===h).map(g=>g.address)}function He(f){return(f.spec?.taints??[]).map(h=>({key:h.key,...h.value?{value:h.value}:{},effect:h.effect}))}function ae(f){const h=f.status?.conditions?.find(v=>v.type==="Ready"),g=f.metadata?.labels??{},k=f.status?.nodeInfo;return{name:f.metadata?.name??"",uid:f.metadata?.uid??"",resourceVersion:f.metadata?.resourceVersion??"",createdAt:f.metadata?.creationTimestamp??"",labels:g,annotations:f.metadata?.annotations??{},taints:He(f),ready:h?.status==="True"||h?.status==="False"?h.status:"Unknown",readyReason:h?.reason??"",readyMessage:h?.message??"",kubeletVersion:k?.kubeletVersion??"",osImage:k?.osImage??"",architecture:k?.architecture??"",systemUuid:k?.systemUUID??"",machineId:k?.machineID??"",internalIps:ge(f,"InternalIP"),externalIps:ge(f,"ExternalIP"),isServer:Ce.some(v=>v in g),unschedulable:f.spec?.unschedulable??!1}}function we(f){if(!/^[a-z0-9]{6}$/.test(f))throw new RangeError(`a bootstrap token id has 6 characters [a-z0-9], not ${f.length}`);return`bootstrap-token-${f}`}function V(f){return Buffer.from(f).toString("base64")}function Ue(f){if(!/^[a-z0-9]{16}$/.test(f.secret))throw new RangeError("a bootstrap token secret has 16 characters [a-z0-9]");return{apiVersion:"v1",kind:"Secret",type:"bootstrap.kubernetes.io/token",metadata:{name:we(f.id),namespace:"kube-system",labels:{...f.labels}},data:{"token-id":V(f.id),"token-secret":V(f.secret),expiration:V(f.expiresAt),"usage-bootstrap-authentication":V("true"),"usage-bootstrap-signing":V("true"),"auth-extra-groups":V(f.extraGroups),description:V(f.description)}}}function ce(f){const h=f.data?.expiration;return{id:(f.metadata?.name??"").replace(/^bootstrap-token-/,""),createdAt:f.metadata?.creationTimestamp??"",expiresAt:h===void 0?"":Buffer.from(h,"base64").toString("utf8")}}const Pe=60,Ee=100,X=2e3;class K extends Error{}const G=8*1024*1024;async function*ke(f){f.setEncoding("utf8");let h="";const g=f[Symbol.asyncIterator]();for(;;){const k=await g.next().catch(()=>{});if(k===void 0||k.done)return;const v=(h+k.value).split(`
`);if(h=v.pop()??"",h.length>G)throw new K;yield*v.filter(x=>x!=="")}}function je(f){let h;try{h=JSON.parse(f)}catch{}if(!h?.object||h.type==="ERROR")throw new K;return h}async function Be(f,h,g,k){const v=new AbortController,x=AbortSignal.any([k,v.signal]),_={watch:"true",fieldSelector:`metadata.name=${h.name}`,resourceVersion:g,allowWatchBookmarks:"true",timeoutSeconds:String(Pe)},M=setTimeout(()=>v.abort(),(Pe+15)*1e3);let P=g;try{const H=await f.open({method:"GET",path:h.path,query:_,access:{...h.access,verb:"watch"}},x);H.on("error",()=>{});for await(const J of ke(H)){if(x.aborted)break;const re=je(J);P=re.object.metadata?.resourceVersion??P,re.type==="DELETED"?h.onGone():re.type!=="BOOKMARK"&&h.onState(re.object)}return P}finally{clearTimeout(M),v.abort()}}async function de(f,h,g){let k,v=Ee;for(;!g.aborted;){const x=k;try{if(k===void 0){const _=await f.call({method:"GET",path:h.path,query:{fieldSelector:`metadata.name=${h.name}`},access:{...h.access,verb:"list"}},g);k=_.body?.metadata?.resourceVersion??"0";const M=_.body?.items?.[0];M===void 0?h.onGone():h.onState(M)}k=await Be(f,h,k,g),k!==x&&(v=Ee)}catch(_){if(g.aborted)return;if(_ instanceof K||_ instanceof F&&_.status===410)k=void 0;else if(!ie(_))throw _}await(0,Re.setTimeout)(v,void 0,{signal:g}).catch(()=>{}),v=Math.min(v*2,X)}}async function Ke(f,h,g,k){const v=new AbortController,x=AbortSignal.any([k,v.signal]);let _=!1;const M={path:"api/v1/nodes",name:h,access:{verb:"watch",group:"",resource:"nodes"},onState:H=>{_=!0,g({type:"node",node:ae(H)})},onGone:()=>{_&&g({type:"gone"}),_=!1}},P={path:"apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases",name:h,access:{verb:"watch",group:"coordination.k8s.io",resource:"leases",namespace:"kube-node-lease"},onState:H=>{const J=q(H);J!==void 0&&g({type:"lease",renewedAtMs:J})},onGone:()=>{}};try{await Promise.all([de(f,M,x),de(f,P,x)])}finally{v.abort()}}function q(f){const h=Date.parse(String(f.spec?.renewTime??""));return Number.isNaN(h)?void 0:h}const De=5,ye="api/v1/namespaces/kube-system/secrets";function he(f,h){return{verb:f,group:"",resource:"nodes",...h===void 0?{}:{name:h}}}function Ae(f,h){return{verb:f,group:"",resource:"secrets",namespace:h}}function fe(f){return`api/v1/nodes/${encodeURIComponent(f)}`}class ve{server;caPem;#e;constructor(h,g){this.server=h.server,this.caPem=h.caPem,this.#e=g}async read(h,g){const k=`apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${encodeURIComponent(h)}`,v={verb:"get",group:"coordination.k8s.io",resource:"leases",namespace:"kube-node-lease"},[x,_,M]=await Promise.all([this.#e.call({method:"GET",path:"version",access:{verb:"get",group:"",resource:"/version"}},g),this.#e.call({method:"GET",path:fe(h),access:he("get",h)},g),this.#e.call({method:"GET",path:k,access:v},g)]),P=[x,_,M].flatMap(re=>re.serverTimeMs??[]),H=x.body?.gitVersion;if(H===void 0||P.length===0)throw new F("api-failed",{title:`what answers at ${this.server} is no Kubernetes API server`,cause:H===void 0?"/version gives no gitVersion":"its answers carry no Date header",remedy:"check the server address in the kubeconfig: a proxy or another service may answer there"});const J=M.body===void 0?void 0:q(M.body);return{version:H,..._.body===void 0?{}:{node:ae(_.body)},...J===void 0?{}:{leaseRenewedAtMs:J},serverTimeMs:Math.max(...P)}}async nodes(h){const g={method:"GET",path:"api/v1/nodes",access:he("list")},{body:k}=await this.#e.call(g,h);return(k?.items??[]).map(ae)}async canI(h,g){return await Promise.all(h.map(k=>this.#n(k,g)))}async#n(h,g){const[k="",v]=h.resource.split("/"),x={apiVersion:"authorization.k8s.io/v1",kind:"SelfSubjectAccessReview",spec:{resourceAttributes:{verb:h.verb,group:h.group,resource:k,...v===void 0?{}:{subresource:v},...h.namespace===void 0?{}:{namespace:h.namespace},...h.name===void 0?{}:{name:h.name}}}},M=await this.#s({method:"POST",path:"apis/authorization.k8s.io/v1/selfsubjectaccessreviews",body:x,access:{verb:"create",group:"authorization.k8s.io",resource:"selfsubjectaccessreviews"}},g);return{...h,allowed:M.status?.allowed===!0,reason:M.status?.reason??M.status?.evaluationError??""}}async createBootstrapToken(h,g){await this.#s({method:"POST",path:ye,body:Ue(h),access:Ae("create","kube-system")},g)}async deleteBootstrapToken(h,g){const k=`${ye}/${we(h)}`;await this.#e.call({method:"DELETE",path:k,access:Ae("delete","kube-system")},g)}async bootstrapTokens(h,g){const k=Object.entries(h).map(([M,P])=>`${M}=${P}`).join(",");if(k==="")throw new RangeError("labels are needed to tell own tokens from others");const x={method:"GET",path:ye,query:{labelSelector:k,fieldSelector:"type=bootstrap.kubernetes.io/token"},access:Ae("list","kube-system")},{body:_}=await this.#e.call(x,g);return(_?.items??[]).filter(M=>M.metadata?.name?.startsWith("bootstrap-token-")).map(ce)}async changeNode(h,g,k){for(let v=1;;v++){try{return ae(await this.#o(h,g,k))}catch(x){if(!(x instanceof F)||x.code!=="conflict"||v===De)throw x}await(0,Re.setTimeout)(50*v,void 0,{signal:k})}}async#o(h,g,k){const v={},x={metadata:v};if(Object.keys(g.labels??{}).length>0&&(v.labels=g.labels),Object.keys(g.annotations??{}).length>0&&(v.annotations=g.annotations),g.taints!==void 0){const _=await this.#s({method:"GET",path:fe(h),access:he("get",h)},k),M=He(_),P=g.taints(M);if(JSON.stringify(P)!==JSON.stringify(M)){const H=_.spec?.taints??[];x.spec={taints:P.map(J=>({...H.find(re=>re.key===J.key&&re.effect===J.effect),...J}))},v.resourceVersion=_.metadata?.resourceVersion}else if(Object.keys(v).length===0)return _}return await this.#s({method:"PATCH",path:fe(h),query:{fieldManager:"k3s-gpu-actions"},body:x,contentType:"application/merge-patch+json",access:he("patch",h)},k)}async deleteNode(h,g,k){const v={apiVersion:"v1",kind:"DeleteOptions",preconditions:{uid:g}},x={method:"DELETE",path:fe(h),body:v,access:he("delete",h)};try{await this.#e.call(x,k)}catch(_){throw _ instanceof F&&_.code==="conflict"?Oe(h,_):_}}async watch(h,g,k){await Ke(this.#e,h,g,k)}async#s(h,g){const{body:k}=await this.#e.call(h,g);if(k!==void 0)return k;throw le(404,"",{server:this.server,request:`${h.method} /${h.path}`})}}var Ge=T(1692);async function te(f){const{KubeConfig:h}=await Promise.all([T.e(752),T.e(871),T.e(421)]).then(T.bind(T,6421)),g={};try{const H=new h;H.loadFromString(f.json),await H.applyToHTTPSOptions(g),(0,Ge.createSecureContext)({ca:g.ca,cert:g.cert,key:g.key})}catch(H){throw new F("kubeconfig-invalid",{title:`the credentials of context ${JSON.stringify(f.context)} cannot be used`,cause:`a certificate or key in it is damaged, or they do not belong together (${z(H)||"unreadable"})`,remedy:"store the kubeconfig again: kubectl config view --raw --flatten --minify"})}const{ca:k,cert:v,key:x,servername:_,auth:M}=g,P={};for(const[H,J]of Object.entries(g.headers??{}))P[H]=String(J);return M&&(P.Authorization=`Basic ${Buffer.from(M).toString("base64")}`),{tls:{ca:k,cert:v,key:x,..._===void 0?{}:{servername:_}},headers:P}}function Fe(f){return typeof f=="object"&&f!==null&&!Array.isArray(f)}function ee(f,h,g){return new F("kubeconfig-invalid",{title:f,cause:h,remedy:g})}function Te(f,h,g){return new F("kubeconfig-refused",{title:`the kubeconfig is refused: ${f}`,cause:h,remedy:g})}const se="make a self-contained one: kubectl config view --raw --flatten --minify",ue="use a kubeconfig with a token or client certificate in it, for example of a service account with manifests/k3s-join-rbac.yaml",ze={"insecure-skip-tls-verify":["whoever answers at that address would get the credentials","remove it and put certificate-authority-data in its place"],"certificate-authority":["it points to a file of another machine or user",se],"proxy-url":["traffic of this program would go where the file says","remove it; use a tunnel to reach the server"]},$={exec:["it runs a program of the file\u2019s choosing on the runner",ue],"auth-provider":["it runs a credential helper, which Kubernetes has removed",ue],"client-certificate":["it points to a file of another machine or user",se],"client-key":["it points to a file of another machine or user",se],tokenFile:["it points to a file of another machine or user",se],"token-file":["it points to a file of another machine or user",se]},a=["server","certificate-authority-data","tls-server-name"],s=["token","client-certificate-data","client-key-data","username","password","as"];function c(f,h,g){for(const[k,[v,x]]of Object.entries(g)){const _=f[k];if(!(_==null||_===""||_===!1))throw Te(`${h} uses ${k}`,v,x)}}function i(f,h){const g={};for(const k of h){const v=f[k];typeof v=="string"&&v!==""&&(g[k]=v)}return g}function l(f,h,g,k){const v=Array.isArray(f[h])?f[h].filter(Fe):[],x=v.filter(P=>P.name===k);if(x.length>1)throw ee(`the kubeconfig has ${x.length} ${h} named ${JSON.stringify(k)}`,"which one is meant cannot be told","remove the others");const _=x[0]?.[g];if(Fe(_))return _;const M=v.map(P=>JSON.stringify(P.name)).join(", ")||"none";throw ee(`the kubeconfig has no ${g} ${JSON.stringify(k)}`,`its ${h}: ${M}`,"name one of them, or fix the file")}function u(f){const h=URL.canParse(f)?new URL(f):void 0;if(h===void 0)throw ee("the kubeconfig has no usable server address","server is not a URL","write it as https://host:6443");if(h.protocol==="http:")throw Te("its server is http://","credentials would cross the network in clear","use the https:// address of the API server");if(h.protocol!=="https:")throw ee("the kubeconfig has no usable server address",`its scheme is ${h.protocol}`,"write it as https://host:6443");if(h.username!==""||h.password!=="")throw Te("its server holds a user name or password","addresses are printed in logs","move the credentials to the user entry")}function p(f){const h=f===void 0?"":Buffer.from(f,"base64").toString("utf8");if(h.includes("-----BEGIN CERTIFICATE-----"))return h;throw ee("the kubeconfig holds no certificate authority",f===void 0?"certificate-authority-data is missing":"certificate-authority-data is not base64 of a PEM certificate",se)}function b(f,h){if(!Fe(f))throw ee("the kubeconfig is not a mapping","the file is empty, truncated, or not a kubeconfig","store the text of a kubeconfig");const g=f["current-context"],k=h??(typeof g=="string"?g:"");if(k==="")throw ee("the kubeconfig names no current-context","which of its clusters is meant cannot be told","set current-context, or give a context");const v=l(f,"contexts","context",k),x=l(f,"clusters","cluster",String(v.cluster??"")),_=l(f,"users","user",String(v.user??""));c(x,`cluster ${JSON.stringify(v.cluster)}`,ze),c(_,`user ${JSON.stringify(v.user)}`,$);const M=i(x,a),P=i(_,s),H=M.server??"";u(H);const J=p(M["certificate-authority-data"]);if(!P.token&&!P["client-certificate-data"]&&!P.username)throw ee(`user ${JSON.stringify(v.user)} of the kubeconfig has no credentials`,"there is no token and no client certificate",ue);const re={apiVersion:"v1",kind:"Config","current-context":"selected",contexts:[{name:"selected",context:{cluster:"selected",user:"selected"}}],clusters:[{name:"selected",cluster:M}],users:[{name:"selected",user:P}]};return{context:k,server:H.replace(/\/+$/,""),caPem:J,json:JSON.stringify(re)}}var O=T(4708),S=T(8321);const L=1e4,E=[150,500];function N(f){return`${f.method} /${f.path}`}function Z(f){try{const h=JSON.parse(f);if(typeof h=="object"&&h!==null&&"message"in h)return String(h.message)}catch{}return j(f)}class pe{server;#e;#n;#o;#s=new WeakSet;constructor(h,g){this.server=h,this.#e=g,this.#n=new O.Agent({...g.tls,keepAlive:!0,maxSockets:16}),this.#o=new O.Agent({...g.tls})}async call(h,g){const k=AbortSignal.timeout(L),v=AbortSignal.any([g,k]),x=h.method==="GET"?E:[];try{for(let _=0;;_++)try{return await this.#r(h,v)}catch(M){const P=x[_];if(v.aborted||P===void 0||!ie(M))throw M;await(0,Re.setTimeout)(P,void 0,{signal:v})}}catch(_){throw g.aborted?g.reason:k.aborted?W(this.server,N(h),L):_}}async open(h,g){const k=new AbortController,v=setTimeout(()=>k.abort(),L);try{return await this.#t(h,AbortSignal.any([g,k.signal]))}catch(x){throw g.aborted?g.reason:k.signal.aborted?W(this.server,N(h),L):x}finally{clearTimeout(v)}}async#r(h,g){const k=await this.#t(h,g),v=await this.#a(k,h),x=Date.parse(k.headers.date??""),_=Number.isNaN(x)?{}:{serverTimeMs:x};if(k.statusCode===404)return{body:void 0,..._};try{return{body:JSON.parse(v),..._}}catch{throw le(k.statusCode??0,`no JSON: ${v}`,{server:this.server,request:N(h)})}}async#t(h,g){const k=new URL(`${this.server}/${h.path}`);for(const[Ne,be]of Object.entries(h.query??{}))k.searchParams.set(Ne,be);const v=h.body===void 0?void 0:JSON.stringify(h.body),{promise:x,resolve:_,reject:M}=Promise.withResolvers(),P=(0,O.request)(k,{method:h.method,agent:h.method==="GET"?this.#n:this.#o,signal:g,headers:{Accept:h.accept??"application/json","User-Agent":"k3s-gpu-actions",...this.#e.headers,...v===void 0?{}:{"Content-Type":h.contentType??"application/json","Content-Length":Buffer.byteLength(v)}}});P.once("socket",Ne=>{this.#s.has(Ne)||Ne.on("error",()=>{}),this.#s.add(Ne)}),P.once("response",_),P.on("error",Ne=>M(me(Ne,this.server,N(h)))),P.end(v);const H=await x,J=H.statusCode??0;if(J>=200&&J<300||J===404)return H;const re=Z(await this.#a(H,h));throw le(J,re,{server:this.server,request:N(h),access:h.access})}async#a(h,g){try{return await(0,S.text)(h)}catch(k){throw me(k,this.server,N(g))}}}async function Ve(f,h){try{return await(0,$e.readFile)(f,{encoding:"utf8",signal:h})}catch(g){if(h.aborted)throw h.reason;const k=z(g);throw new F("kubeconfig-missing",{title:f===""?"no kubeconfig was given":`the kubeconfig ${f} cannot be read`,cause:k==="ENOENT"||f===""?"there is no such file":k==="EACCES"?"this user may not read it":k,remedy:"give the input `kubeconfig`, or run kubeconfig-esc in an earlier step of the job"})}}function U(f){try{return(0,_e.qg)(f,{maxAliasCount:0,merge:!1,prettyErrors:!1})}catch(h){const g=h instanceof _e.XT?h.pos[0]:void 0,k=g===void 0?"":` in line ${f.slice(0,g).split(`
`).length}`;throw new F("kubeconfig-invalid",{title:"the kubeconfig is not valid YAML",cause:`${z(h)||"it cannot be parsed"}${k}`,remedy:"store the text of a kubeconfig as it is: kubectl config view --raw --flatten --minify"})}}async function xe(f){const h=await Ve(f.kubeconfigPath,f.signal),g=b(U(h),f.context),k=await te(g);return new ve(g,new pe(g.server,k))}const Ye=null,Qe=/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,an=/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;function cn(f){const h=f.split("/");if(h.length>2)return!1;const g=h.at(-1),k=h.length===2?h[0]:void 0;return Qe.test(g)&&(k===void 0||k.length<=253&&an.test(k))}function gn(f){const h="write it as key=value:Effect or key:Effect, Effect one of NoSchedule, PreferNoSchedule, NoExecute",g=f.lastIndexOf(":"),k=Ye.find(M=>M===f.slice(g+1));if(g<0||k===void 0)throw new RangeError(`taint ${JSON.stringify(f)} has no known effect: ${h}`);const[v="",...x]=f.slice(0,g).split("=");if(!cn(v))throw new RangeError(`taint ${JSON.stringify(f)} has no valid key: ${h}`);if(x.length===0)return{key:v,effect:k};const _=x.join("=");if(_!==""&&!Qe.test(_))throw new RangeError(`taint ${JSON.stringify(f)} has an invalid value: at most 63 of [A-Za-z0-9._-], ${h}`);return _===""?{key:v,effect:k}:{key:v,value:_,effect:k}}function dn(f){return`${f.key}${f.value?`=${f.value}`:""}:${f.effect}`}}),7949:((Xe,Ie,T)=>{T.d(Ie,{z3:()=>Oe,a3:()=>Se,iL:()=>$,TN:()=>D,MD:()=>we,gH:()=>He,zt:()=>Pe,hF:()=>F,EG:()=>Ue,Br:()=>Ge,Ki:()=>ze,jf:()=>ge,Dj:()=>X});const B=["schema","action","cluster","node","host","result","dryRun","headline","next","startedAt","durationMs","failure","code","id","verdict","question","title","kind","target","found","cause","reason","disrupts","remedy","undo","waitsFor","evidence","state","link","provenance","plan","changes","blockers","applied","undone","changed","restarted","checks","stages","milestones","stage","startedMs","endedMs","atMs","text","name","value","source","facts","outputs"],Q=new Map(B.map((s,c)=>[s,c])),oe=new Set(["facts","outputs"]);function F(s){return`${JSON.stringify(j(s,!1),void 0,2)}
`}function j(s,c){if(Array.isArray(s))return s.map(p=>j(p,!1));if(typeof s!="object"||s===null)return s;const i=p=>c?0:Q.get(p)??Q.size,l=Object.entries(s).filter(([,p])=>p!==void 0).sort(([p],[b])=>i(p)-i(b)||(p<b?-1:p>b?1:0)),u=Object.create(null);for(const[p,b]of l)u[p]=j(b,!c&&oe.has(p));return u}const z=/\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\^_]?)/g,Me=/[\p{Cf}\p{Co}\p{Cs}\u115F\u1160\u3164\uFFA0]/gu;function D(s,c=1e3){const i=s.replace(z,"").replace(Me,"").replace(/[\s\p{Cc}]+/gu," ").trim();return me(i,c)}function Le(s,c=1e3){return s.split(/\r\n|[\n\r\u2028\u2029\u0085]/).map(i=>me(i.replace(z,"").replace(Me,"").replace(/\t/g,"  ").replace(new RegExp("\\p{Cc}","gu"),"").trimEnd(),c)).filter(i=>i!=="")}function me(s,c){if(s.length<=c)return s;const i=Array.from(s);return i.length<=c?s:`${i.slice(0,Math.max(0,c-1)).join("")}\u2026`}function ie(s){return Array.from(s).length}function W(s,c){return s+" ".repeat(Math.max(0,c-ie(s)))}function Se(s){const c=Number.isFinite(s)?Math.max(0,Math.round(s/100)):0;if(c<600)return`${(c/10).toFixed(1)} s`;const i=Math.round(c/10);if(i<3600)return le(Math.floor(i/60),"min",i%60,"s");const l=Math.round(i/60);return l<2880?le(Math.floor(l/60),"h",l%60,"min"):`${Math.round(l/1440)} days`}function le(s,c,i,l){return i===0?`${s} ${c}`:`${s} ${c} ${String(i).padStart(2,"0")} ${l}`}function Oe(s){const c=["B","kB","MB","GB","TB","PB"];let i=Number.isFinite(s)?Math.max(0,s):0,l=0;for(;i>=999.5&&l<c.length-1;)i/=1e3,l+=1;const u=l>0&&i<9.95?1:0;return`${i.toFixed(u)} ${c[l]}`}function $e(s,c){return`${s} ${c}${s===1?"":"s"}`}const _e=88,Re=40,Ce={pass:"\u2713",warn:"!",fail:"\u2717",error:"?",skip:"-"};function ge(s,c=""){const i=`\u25B8 ${D(s)}`,l=D(c);return l===""?i:`${i}${" ".repeat(Math.max(2,_e-ie(i)-ie(l)))}${l}`}function He(s){if(s.length===0)return[];const c=s.filter(u=>u.verdict!=="pass"&&u.verdict!=="skip"),i=Math.min(28,Math.max(0,...c.map(u=>ie(D(u.id,60))))),l=c.flatMap(u=>{const p=" ".repeat(i+6);return[`  ${Ce[u.verdict]} ${W(D(u.id,60),i)}  ${D(u.found)}`,...u.cause?[`${p}because ${D(u.cause)}`]:[],...u.remedy?[`${p}\u2192 ${D(u.remedy)}`]:[]]});return[`  ${ae(s)}`,...l]}function ae(s){const l=["pass","warn","fail","error","skip"].map(u=>[s.filter(p=>p.verdict===u).length,u]).filter(([u])=>u>0).map(([u,p])=>`${u} ${p}`);return`${$e(s.length,"check")}${l.length>0?`: ${l.join(", ")}`:""}`}function we(s){if(s.blockers.length>0)return`blocked: ${$e(s.blockers.length,"reason")}`;if(s.changes.length===0)return"nothing to do";const c=s.changes.filter(u=>u.waitsFor===void 0),i=s.changes.filter(u=>u.waitsFor!==void 0),l=[];if(c.length>0){const u=V(c);l.push(`${$e(c.length,"change")}${u?` (${u})`:", no disruption"}`)}if(i.length>0){const u=[...new Set(i.map(S=>S.waitsFor))].join(", "),p=V(i),b=i.length===1?"waits":"wait",O=c.length>0?String(i.length):$e(i.length,"change");l.push(`${O} ${b} for ${u}${p?` (${p})`:""}`)}return l.join("; ")}function V(s){const c=s.filter(u=>u.kind==="restart"),i=s.filter(u=>u.kind!=="restart"&&u.disrupts!==void 0),l=[];if(c.length>0){const u=[...new Set(c.map(p=>D(p.target,60)))].join(", ");l.push(`${$e(c.length,"restart")} of ${u}`)}return i.length>0&&l.push($e(i.length,c.length>0?"other disruption":"disruption")),l.join(", ")}function Ue(s){const c=String(s.changes.length).length,i=Math.max(9,...s.changes.map(S=>S.kind.length)),l=s.changes.map(S=>D(S.target,160)),u=Math.max(0,...l.map(ie).filter(S=>S<=58)),p=" ".repeat(2+c+1+i+1),b=s.changes.flatMap((S,L)=>{const E=l[L]??"",N=D(S.reason),Z=`  ${String(L+1).padStart(c)} ${W(S.kind,i)} `,pe=ie(E)<=u;return[(pe?`${Z}${W(E,u)}  ${N}`:`${Z}${E}`).trimEnd(),...pe||N===""?[]:[`${p}  ${N}`],...S.disrupts?[`${p}! ${D(S.disrupts)}`]:[],...S.waitsFor?[`${p}\u2026 waits for ${D(S.waitsFor)}`]:[]]}),O=s.blockers.flatMap(S=>[`  \u2717 ${D(S.id,60)}  ${D(S.found)}`,...S.cause?[`    because ${D(S.cause)}`]:[],...S.remedy?[`    \u2192 ${D(S.remedy)}`]:[]]);return[...b,...O]}const ce={observed:"observed on real parts",reported:"reported by others; not reproduced by us",invented:"our own reasoning; never seen in the wild"};function Pe(s){const c=s.evidence.flatMap(u=>Le(u,400)),i=c.slice(0,Re);c.length>i.length&&i.push(`(${c.length-i.length} more in the report)`);const l=(u,p)=>`  ${W(u,8)}  ${p}`;return[`\u2717 ${D(s.title)}`,l("cause",D(s.cause)),l("remedy",D(s.remedy)),...i.map((u,p)=>l(p===0?"evidence":"",u.trimStart())),l("state",D(s.state)),...s.provenance?[l("basis",ce[s.provenance])]:[],...s.link?[l("read",D(s.link))]:[]]}function Ee(s){const c=s.map(l=>`${formatDuration(l.atMs).padStart(8)}  ${cut(oneLine(l.text),60)}`),i=[];for(const l of c){const u=i.at(-1),p=u===void 0?void 0:`${u}     ${l}`;p===void 0||width(p)>116?i.push(l):i[i.length-1]=p}return i}function X(s){const c=s.now(),i=()=>Math.max(0,Math.round(s.now()-c)),l=new Map,u=[],p=[],b=[],O=[];let S;return{async stage(L,E,N){const Z=S,pe={title:L,startedMs:i()};S=pe;try{return await E()}finally{S=Z;const Ve={...pe,endedMs:i()};b.push(Ve),N?.(Ve)}},milestone(L){if(!S)return;const{title:E,startedMs:N}=S;O.some(Z=>Z.stage===E&&Z.text===L)||O.push({stage:E,atMs:Math.max(0,i()-N),text:L})},check(...L){for(const E of L)l.set(E.id,E)},applied(L){u.includes(L)||u.push(L)},undone(L){p.includes(L)||p.push(L)},elapsedMs:i,parts(){return{startedAt:s.startedAt.toISOString(),durationMs:i(),checks:[...l.values()],applied:[...u],undone:[...p],stages:[...b].sort((L,E)=>L.startedMs-E.startedMs),milestones:[...O]}}}}function K(s,c=1e3){return D(s,c).replace(/&/g,"&amp;").replace(/</g,"&lt;").replace(/>/g,"&gt;").replace(/\\/g,"&#92;").replace(/\$/g,"&#36;").replace(/[`*~|[\]]/g,"\\$&").replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu,"\\_").replace(/:\/\//g,"&#58;//").replace(/\bwww\./gi,i=>`${i.slice(0,3)}&#46;`).replace(/(^|[^\p{L}\p{N}_])@(?=[\p{L}\p{N}])/gu,"$1@\u2060").replace(/^([#+=-])/,"\\$1").replace(/^(\d+)([.)])/,"$1\\$2")}function G(s,c=600){return K(s??"",c)}function ke(s,c){if(c.length===0)return"";const i=l=>`| ${l.join(" | ")} |`;return[i(s),i(s.map(()=>"---")),...c.map(i)].join(`
`)}function je(s,c){const i=Math.max(2,...[...c.matchAll(/`+/g)].map(u=>u[0].length)),l="`".repeat(i+1);return`${l}${s}
${c}
${l}`}function Be(s,c){const i=s.flatMap(p=>Le(p,2e3)),l=i.slice(0,c),u=i.length-l.length;return je("text",[...l,...u>0?[`(${u} more in the JSON report)`]:[]].join(`
`))}function de(s,c){return c===""?"":`<details><summary>${s}</summary>

${c}

</details>`}function Ke(s){return/^https:\/\/[\w.~/#%?=&+-]+$/.test(s)?`<${s}>`:K(s)}const q=256*1024;function De(s,c=q){if(Buffer.byteLength(s)<=c)return s;const i=s.split(`
`),l=[];let u=512,p="",b=0;for(const S of i){if(u+=Buffer.byteLength(S)+1,u>c)break;l.push(S);const L=/^`{3,}/.exec(S)?.[0];p!==""?S===p&&(p=""):L?p=L:S.startsWith("<details>")?b+=1:S==="</details>"&&(b-=1)}for(p!==""&&l.push(p);b>0;b-=1)l.push("","</details>");const O=i.length-l.length;return l.push("",`_Cut here to fit: about ${Math.max(1,O)} more lines. The JSON report has everything._`,""),l.join(`
`)}const ye=40;function he(s){const c=D(s,200).replace(/[^\p{L}\p{N} .+/-]/gu," ").replace(/-{2,}/g,"-").replace(/ {2,}/g," ").trim();return c===""?"unnamed":me(c,60)}function Ae(s,c){const i=[];for(const l of s){const u=Math.max(1,Math.round(l.endedMs-l.startedMs));i.push(`  ${i.length+1} ${he(l.title)} :${Math.round(l.startedMs)}, ${u}ms`);for(const p of c.filter(b=>b.stage===l.title))i.push(`  ${i.length+1} ${he(p.text)} :milestone, ${Math.round(l.startedMs+p.atMs)}, 0ms`)}return i.length===0?"":je("mermaid",["gantt","  dateFormat x","  axisFormat %M:%S",...i.slice(0,ye)].join(`
`))}const fe={pass:"\u2705",warn:"\u26A0\uFE0F",fail:"\u274C",error:"\u2754",skip:"\u2796"};function ve(s){return s.result==="failed"||s.failure?"\u274C":s.result==="planned"?"\u{1F4CB}":"\u2705"}function Ge(s){const c=[`## ${ve(s)} ${K(s.headline)}`,te(s),s.failure?Fe(s.failure):"",`**Next:** ${K(s.next)}`,ee(s.checks.filter(i=>i.verdict!=="pass"&&i.verdict!=="skip")),Te(s),Ae(s.stages,s.milestones),de("Facts",ke(["fact","value"],Object.entries(s.facts).map(([i,l])=>[G(i),G(l)]))),de("Where each value came from",ke(["value","is","from"],s.provenance.map(i=>[G(i.name),G(i.value),G(i.source)]))),de(`All checks: ${ae(s.checks)}`,ee(s.checks)),de("Stages",ke(["stage","began","took"],s.stages.map(i=>[G(i.title),Se(i.startedMs),Se(i.endedMs-i.startedMs)])))];return De(`${c.filter(i=>i!=="").join(`

`)}
`)}function te(s){const c=s.host?`, host ${K(s.host)}`:"",i=`Node ${K(s.node)} of cluster ${K(s.cluster)}${c}`,l=s.plan.changes.length,u=`${s.applied.length} of ${l} planned ${l===1?"change":"changes"} carried out`,p=[s.dryRun?"dry run, nothing was changed":l===0?"nothing to change":u,...s.undone.length>0?[`${s.undone.length} undone`]:[],...s.restarted?["agent restarted"]:[],ae(s.checks),`${Se(s.durationMs)} in all`];return`${i}: ${p.join(" \xB7 ")}.`}function Fe(s){const c=[["what",G(s.title)],["cause",G(s.cause)],["remedy",G(s.remedy)],["state",G(s.state)],["code",G(s.code)],...s.provenance?[["basis",ce[s.provenance]]]:[],...s.link?[["read",Ke(s.link)]]:[]],i=s.evidence.length>0?`

**Evidence**

${Be(s.evidence,30)}`:"";return`${ke(["","failure"],c)}${i}`}function ee(s){return ke(["","check","result","detail"],s.map(c=>[fe[c.verdict],G(c.id,80),G(c.found),[c.cause?G(c.cause):"",c.remedy?`\u2192 ${G(c.remedy)}`:""].filter(i=>i!=="").join("<br>")]))}function Te(s){const{plan:c}=s;if(c.changes.length===0&&c.blockers.length===0)return"";const i=(p,b)=>s.undone.includes(p)?"undone":s.applied.includes(p)?"done":b===void 0?"not done":`waits for ${G(b)}`,l=ke(["#","change","target","reason","disrupts","state"],c.changes.map((p,b)=>[String(b+1),p.kind,G(p.target),G(p.reason),p.disrupts?G(p.disrupts):"nothing",i(p.id,p.waitsFor)])),u=ee(c.blockers);return[`**Plan:** ${K(we(c))}`,l,u].filter(p=>p!=="").join(`

`)}var se=T(1916);const ue=["skip","pass","warn","fail","error"];function ze(s,c){const i=c==="warn"?ue.indexOf("warn"):ue.indexOf("fail"),l=c==="never"?[]:s.filter(p=>ue.indexOf(p.verdict)>=i);return{worst:s.reduce((p,b)=>ue.indexOf(b.verdict)>ue.indexOf(p)?b.verdict:p,"skip"),fails:l.length>0,failing:l}}function $(s,c,i=[]){const l=[...new Set([...s.map(p=>p.id),...i])],u=new Set(c);return{checks:s.map(p=>u.has(p.id)&&p.verdict!=="pass"&&p.verdict!=="skip"?{...p,verdict:"skip",found:`ignored by ignore-checks (was ${p.verdict}): ${p.found}`}:p),unknown:[...u].filter(p=>!l.includes(p)).map(p=>{const b=a(p,l);return b===void 0?{id:p}:{id:p,nearest:b}})}}function a(s,c){const i=p=>p.slice(p.lastIndexOf(".")+1),u=c.map(p=>({candidate:p,far:Math.min((0,se.Io)(s,p),(0,se.Io)(s,i(p)))})).sort((p,b)=>p.far-b.far)[0];return u&&u.far<=Math.ceil(s.length/2)?u.candidate:void 0}}),3260:((Xe,Ie,T)=>{T.d(Ie,{es:()=>se,NH:()=>$});var B=T(7598),Q=T(3024),oe=T(6760);async function F(a,s,c){s.throwIfAborted();const i=new AbortController,{promise:l,resolve:u}=Promise.withResolvers(),p=()=>u("cancelled"),b=setTimeout(()=>u("late"),a);s.addEventListener("abort",p,{once:!0});const O=c(i.signal);O.catch(()=>{});try{const S=await Promise.race([O.then(L=>({value:L})),l]);if(S==="late")return{isLate:!0};if(S==="cancelled")throw s.reason;return{isLate:!1,value:S.value}}catch(S){throw s.aborted?s.reason:S}finally{clearTimeout(b),s.removeEventListener("abort",p),i.abort()}}class j extends Error{code;cause;remedy;evidence;constructor(s,c,i){super(c),this.name="RunnerError",this.code=s,this.cause=i.cause,this.remedy=i.remedy,this.evidence=i.evidence??[]}}function z(a){return new j("cancelled",`cancelled by ${a}`,{cause:"the workflow run was cancelled, or the runner is shutting down",remedy:"run it again: whatever was interrupted, the next run converges"})}const Me=10*6e4;function D(a,s=Me){return async(c,i)=>{i.throwIfAborted();const{downloadTool:l}=await Promise.all([T.e(752),T.e(955),T.e(58),T.e(805)]).then(T.bind(T,9805));try{const u=(0,oe.join)(a,`download-${(0,B.randomUUID)()}`),p=await F(s,i,()=>l(c,u));if(!p.isLate)return p.value;throw new j("download-failed",`${c} could not be downloaded to the runner`,{cause:`it was not complete after ${s/1e3} s: the connection is slow, or something in between holds it`,remedy:"check the runner\u2019s connection to this address (proxy, bandwidth), then run it again",evidence:[`${c}: stopped after ${s} ms`]})}catch(u){if(u instanceof j)throw u;if(i.aborted)throw i.reason;const p=u.httpStatusCode,b=u instanceof Error?u.message:String(u);throw new j("download-failed",`${c} could not be downloaded to the runner`,{cause:p===void 0?b:`the server answered ${p}`,remedy:p===404||p===410?"check the version: this file does not exist":"check that the runner reaches this address (proxy, firewall), then run it again",evidence:[b]})}}}function Le(a){return{find(s,c,i){if(a==="")return;const l=(0,oe.join)(a,s,c,i);if(!(0,Q.existsSync)(`${l}.complete`))return;const[u,...p]=me(l);return u?.isFile()&&p.length===0?(0,oe.join)(l,u.name):void 0},async add(s,c,i,l,u){if(a==="")return s;const{cacheFile:p}=await Promise.all([T.e(752),T.e(955),T.e(58),T.e(805)]).then(T.bind(T,9805));return(0,oe.join)(await p(s,c,i,l,u),c)}}}function me(a){try{return(0,Q.readdirSync)(a,{withFileTypes:!0})}catch{return[]}}var ie=T(3053),W=T(8161);const Se=2e3;function le(a){return async(s,c,i)=>{a.throwIfAborted();const{exec:l}=await T.e(955).then(T.bind(T,1955));let u;const p=()=>{u?.kill("SIGTERM"),setTimeout(()=>u?.exitCode===null&&u.kill("SIGKILL"),Se).unref()},b=O=>{const S=O.process;queueMicrotask(()=>{u||!S||!Oe(S,c)||(u=S,S.stdin?.on("error",()=>{}),a.aborted&&p())})};(0,ie.subscribe)("child_process",b),a.addEventListener("abort",p);try{return await l($e(s),[...c],{input:i.input,env:{...i.env},silent:!0,ignoreReturnCode:!0,listeners:{stdout:i.onStdout,stderr:i.onStderr}})??128+(u?.signalCode?W.constants.signals[u.signalCode]:0)}catch(O){const S=O instanceof Error?O.message:String(O);throw new j("program-not-found",`${s} could not be started on the runner`,{cause:S,remedy:`install ${s} on the runner, or use another transport`})}finally{(0,ie.unsubscribe)("child_process",b),a.removeEventListener("abort",p)}}}function Oe(a,s){const c=a.spawnargs?.slice(1)??[];return c.length===s.length&&c.every((i,l)=>i===s[l])}function $e(a){return`"${a.replaceAll('"','\\"')}"`}const _e=new Set("true false yes no on off null none undefined default auto root admin user node nodes server agent token password secret host local localhost cluster plan apply fast deep ssh fail warn never pass skip error kube kubernetes linux amd64 arm64 main master latest 0.0.0.0 127.0.0.1 6443 10250 https:// http://".split(" ")),Re=4,Ce=6;function ge(a){return a.trim().length<Re||_e.has(a.trim().toLowerCase())?!1:!/^-----(BEGIN|END) [A-Z0-9 ]+-----$/.test(a.trim())}function He(a){const s=Buffer.from(a,"utf8");return[0,1,2].map(c=>{const i=Buffer.concat([Buffer.alloc(c),s]).toString("base64").replace(/=+$/,""),l=(c+s.length)*8;return i.slice(c===0?0:c+1,Math.floor(l/6))})}function ae(a){const s=encodeURIComponent(a.toWellFormed()),c=He(a),i=Buffer.from(a,"utf8").toString("base64");return[JSON.stringify(a).slice(1,-1),JSON.stringify(JSON.stringify(a)).slice(3,-3),s,s.replace(/%[0-9A-F]{2}/g,l=>l.toLowerCase()),s.replaceAll("%20","+"),a.replaceAll("'","'\\''"),i,...c,i.replaceAll("+","-").replaceAll("/","_"),...c.map(l=>l.replaceAll("+","-").replaceAll("/","_"))]}function we(a){const s=a.trim();if(!ge(s))return[];const c=s.split(/\r\n|[\n\r]/),i=new Set;c.length===1&&i.add(s);for(const l of c)c.length>1&&ge(l)&&i.add(l.trim());for(const l of new Set([a,s]))for(const u of ae(l))u.length>=Ce&&ge(u)&&!/[\r\n]/.test(u)&&i.add(u);return[...i]}const V=2e3,Ue=/\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\^_]?)/g,ce=/[\p{Cf}\p{Cs}\u115F\u1160\u3164\uFFA0]|\u034F|\u17B4|\u17B5/gu,Pe=/\r\n|[\n\r\u000B\u000C\u0085\u2028\u2029]/;function Ee(a){return a.replace(Ue,"").split(Pe).map(K)}function X(a){return K(a.replace(Ue,"").split(Pe).join(" "))}function K(a){const s=a.replace(ce,"").replaceAll("	","  ").replace(new RegExp("\\p{Cc}","gu"),""),c=s.length>V?Array.from(s):[];return(c.length>V?`${c.slice(0,V).join("")} \u2026 (${c.length-V} more characters)`:s).replace(/^(\s*)(?=[\uFE00-\uFE0F]*:[\uFE00-\uFE0F]*:)/u,"$1\xB7 ").replace(/#([\uFE00-\uFE0F]*)#(?=[\uFE00-\uFE0F]*\[)/gu,"#$1 #")}const G=/(?<=K10)[0-9a-f]{64}(?:::|%3A%3A)[^\s"'<>]*/gi,ke=/(?<=(?<![A-Za-z0-9.])[a-z0-9]{6}\.)(?:[a-z0-9]{16}(?![A-Za-z0-9])|[a-z0-9]+(?=…))/g,je=/token|bearer|authorization|credential/i,Be=/(?<=(?:TOKEN|PASSWORD|--(?:agent-)?token)=)(?:"[^"\r\n]+"|'[^'\r\n]+'|[^\s"']+)/g;function de(a,s){return[...a.matchAll(s)].map(c=>[c.index,c.index+c[0].length])}function Ke(a){return[...a.matchAll(/[^\r\n]+/g)].flatMap(({0:s,index:c})=>{const i=s.search(je);return i<0?[]:de(s,ke).filter(([l])=>l>i).map(([l,u])=>[c+l,c+u])})}function q(a,s){const c=[];for(const i of s)for(let l=a.indexOf(i);l>=0;l=a.indexOf(i,l+1))c.push([l,l+i.length]);return c}function De(a,s){const c=[...q(a,s),...de(a,G),...de(a,Be),...Ke(a)].sort((u,p)=>u[0]-p[0]);let i="",l=0;for(const[u,p]of c)(u>l||l===0&&i==="")&&(i+=`${a.slice(l,u)}***`),l=Math.max(l,p);return i+a.slice(l)}const ye=3e4;function he(a,s=ye){return{async release(c,i,l,u){u.throwIfAborted();const p=await fe(a()),b=`release ${l} of ${c}/${i}`;try{const O=await F(s,u,Z=>Promise.all([p.rest.repos.getReleaseByTag({owner:c,repo:i,tag:l,request:{signal:Z}}),p.rest.repos.getCommit({owner:c,repo:i,ref:`tags/${l}`,headers:{accept:"application/vnd.github.sha"},request:{signal:Z}})]));if(O.isLate)throw Ae(b,s);const[S,L]=O.value,E=S.data.assets.map(ve),N=L.data;return{assets:E,commit:typeof N=="string"?N.trim():L.data.sha}}catch(O){throw u.aborted?u.reason:O instanceof j?O:Ge(O,b,a()!=="")}}}}function Ae(a,s){return new j("github-unreachable",`${a} could not be read: GitHub gave no answer`,{cause:`there was no complete answer within ${s/1e3} s: something between the runner and GitHub holds the connection, or GitHub has a problem`,remedy:"look at www.githubstatus.com and at the runner\u2019s proxy, then run it again",evidence:[`GitHub: no complete answer in ${s} ms`]})}async function fe(a){if(a!=="")return(await Promise.all([T.e(752),T.e(665),T.e(351)]).then(T.bind(T,1351))).getOctokit(a);const{GitHub:s}=await Promise.all([T.e(752),T.e(665)]).then(T.bind(T,8665));return new s}function ve(a){const s={name:a.name,url:a.browser_download_url,sizeBytes:a.size};return a.digest?{...s,digest:a.digest}:s}function Ge(a,s,c){const{status:i,message:l=String(a),response:u}=a,p=u?.headers??{},b=[`GitHub: ${i===void 0?"":`${i} `}${l}`];return i===void 0||i===500&&u===void 0?new j("github-unreachable",`${s} could not be read: GitHub cannot be reached from the runner`,{cause:l,remedy:"check the runner\u2019s internet access or proxy, then run it again",evidence:b}):i===429||i===403&&String(p["x-ratelimit-remaining"])==="0"||p["retry-after"]!==void 0?new j("rate-limited",`${s} could not be read: GitHub\u2019s rate limit is used up`,{cause:`${c?"the token":"the runner\u2019s address, without a token,"} has no requests left${te(p)}`,remedy:c?"run it again after that time":"give the input github-token (${{ github.token }} is enough), or wait",evidence:b}):i===404||i===422?new j("release-not-found",`${s} does not exist`,{cause:"there is no such release or tag, or the repository is private",remedy:"check the version: it must be spelled exactly as the release is",evidence:b}):new j("github-refused",`${s} could not be read: GitHub answered ${i}`,{cause:i===401?"the github-token is not valid":l,remedy:i>=500?"run it again later; see www.githubstatus.com":"give a github-token that may read public repositories, or none",evidence:b})}function te(a){const s=Number(a["x-ratelimit-reset"]);if(Number.isFinite(s)&&s>0&&s<864e10)return` until ${new Date(s*1e3).toISOString()}`;const c=Number(a["retry-after"]);return Number.isFinite(c)&&c>0?` for ${c} s`:""}const Fe={workflow_dispatch:"by the button",schedule:"by the clock",push:"by a push",pull_request:"by a pull request",repository_dispatch:"by an API call",workflow_run:"by another workflow",release:"by a release"};function ee(a){const s=a.GITHUB_RUN_NUMBER;if(!s)return"";const c=Number(a.GITHUB_RUN_ATTEMPT??"1"),i=a.GITHUB_EVENT_NAME??"",l=i===""?"":` \xB7 started ${Fe[i]??`by ${i}`}`;return X(`run ${s}${c>1?`, attempt ${c}`:""}${l}`)}function Te(a){const s=/^(INPUT_|STATE_|ACTIONS_.*(TOKEN|URL)$|GITHUB_TOKEN$|GH_TOKEN$)/;return Object.fromEntries(Object.entries(a).filter(c=>c[1]!==void 0&&!s.test(c[0])))}function se(a,s=process.env){delete s[`INPUT_${a.replaceAll(" ","_").toUpperCase()}`]}function ue(a){const s=new AbortController;for(const c of["SIGINT","SIGTERM"])a.on(c,()=>s.abort(z(c)));return s.signal}function ze(a,s,c){const i=new Set,l=E=>De(E,i),u=E=>Ee(l(E)).map(l),p=E=>l(X(l(E))),b=E=>u(E).join(`
`).slice(0,4e3),O=E=>{for(const N of we(E))i.has(N)||(i.add(N),a.setSecret(N))},S=a.getInput("github-token");O(S);const L=s.RUNNER_TEMP||"/tmp";return{input:E=>a.getInput(E),workspace:s.GITHUB_WORKSPACE||process.cwd(),temporaryDirectory:L,environment:Te(s),signal:c,runLabel:ee(s),isDebug:a.isDebug(),mask:O,redact:l,output:(E,N)=>a.setOutput(E,N),saveState:(E,N)=>a.saveState(E,N),state:E=>a.getState(E),line(E=""){for(const N of u(E))a.info(N)},debug(E){for(const N of u(E))a.debug(N)},details(E,N){a.startGroup(p(E));for(const Z of N)for(const pe of u(Z))a.info(pe);a.endGroup()},errorAnnotation(E,N){a.error(b(N),{title:p(E)})},warningAnnotation(E,N){a.warning(b(N),{title:p(E)})},async summary(E){if(s.GITHUB_STEP_SUMMARY)try{await a.summary.addRaw(E,!E.endsWith(`
`)).write()}catch(N){a.warning(b(N instanceof Error?N.message:String(N)),{title:"The summary could not be written"})}},exec:le(c),releases:he(()=>S),download:D(L),toolCache:Le(s.RUNNER_TOOL_CACHE??"")}}async function $(a=process.env){const s=await Promise.all([T.e(752),T.e(955),T.e(58)]).then(T.bind(T,6058));return ze(s,a,ue(process))}})};export{St as id,Ot as ids,_t as modules};
