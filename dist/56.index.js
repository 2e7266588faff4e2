const Ot=56,_t=[56],Rt={2851:((Xe,Me,S)=>{S.d(Me,{_e:()=>Y,_r:()=>ae,ro:()=>U});const G={tokenId:"token-id",kubeconfig:"kubeconfig",context:"context"};function Y(D,K){D.saveState(G.kubeconfig,K.kubeconfig),D.saveState(G.context,K.context),D.saveState(G.tokenId,K.tokenId)}function ae(D){D.saveState(G.tokenId,"")}function U(D){const K=D.state(G.tokenId);if(K!=="")return{tokenId:K,kubeconfig:D.state(G.kubeconfig),context:D.state(G.context)}}}),4898:((Xe,Me,S)=>{S.d(Me,{hk:()=>G,k3:()=>Le,zF:()=>oe,C5:()=>_e,uT:()=>ze,bj:()=>je,Jp:()=>te,vM:()=>ae,mj:()=>xe,_n:()=>He,E4:()=>ce,mq:()=>me,Xy:()=>le,QY:()=>Y,o6:()=>Te,ik:()=>q,R:()=>W,UY:()=>fe});const G={desired:"k3s-gpu-actions/desired",ownedLabels:"k3s-gpu-actions/owned-labels",ownedTaints:"k3s-gpu-actions/owned-taints"};function Y(w){return(w??"").split(",").filter($=>$!=="")}function ae(w){return[...new Set(w)].sort().join(",")}const U=400,D=500;function K(w,$){const{unit:u,node:s,leaseRenewedAtMs:i,leaseOfOldMs:a}=w;return u?.isNew!==!0||u.activeState!=="active"||a===void 0||i===void 0||i<=a?!1:s?.ready==="True"&&s.kubeletVersion===$.version}async function Le(w,$,u){const s=$.now(),i=new AbortController,a=AbortSignal.any([u,i.signal]);let d={journal:[]};const f=()=>$.now()-s;let m=()=>{},v=()=>{};const N=new Promise((H,Ne)=>{m=H,v=Ne}),_=()=>{const H=f();if(K(d,w)&&d.node)return{type:"ready",node:d.node,state:d,elapsedMs:H};const Ne=$.judge(d,H);return Ne!==void 0?{type:"hopeless",reason:Ne,state:d,elapsedMs:H}:H>=w.timeoutMs?{type:"deadline",state:d,elapsedMs:H}:void 0},M=()=>{const H=_();H&&m(H)},E=H=>{if(H.type==="journal")d={...d,journal:[...d.journal.slice(1-U),H.text]};else{const Ne=H.activeState==="active"?d.activeAtMs??f():void 0,Ye=d.leaseOfOldMs??(H.isNew?Math.max(w.leaseBeforeMs??0,d.leaseRenewedAtMs??0):void 0);d={...d,unit:H,activeAtMs:Ne,leaseOfOldMs:Ye}}$.onEvent?.(H,f()),M()},I=setInterval(M,D),Q=()=>v(u.reason);u.addEventListener("abort",Q,{once:!0});const ye=[$.follow(E,a),$.cluster.watch(w.node,H=>{H.type==="node"?(d={...d,node:H.node},$.onNode?.(H.node,f())):H.type==="gone"?d={...d,node:void 0}:d={...d,leaseRenewedAtMs:H.renewedAtMs},M()},a)].map(H=>H.then(()=>{a.aborted||v(new Error("a watch ended before the node was ready"))},Ne=>{a.aborted||v(Ne)}));try{return u.throwIfAborted(),await N}finally{clearInterval(I),u.removeEventListener("abort",Q),i.abort(new Error("the wait is over")),await Promise.all(ye)}}var F=S(7598);const Ce=["kubelet.kubernetes.io","node.kubernetes.io"],pe=new Set(["beta.kubernetes.io/arch","beta.kubernetes.io/instance-type","beta.kubernetes.io/os","failure-domain.beta.kubernetes.io/region","failure-domain.beta.kubernetes.io/zone","kubernetes.io/arch","kubernetes.io/hostname","kubernetes.io/os","node.kubernetes.io/instance-type","topology.kubernetes.io/region","topology.kubernetes.io/zone"]);function ce(w){const[$]=w.split("/");return!w.includes("/")||!$||!["kubernetes.io","k8s.io"].some(s=>$===s||$.endsWith(`.${s}`))||pe.has(w)?!1:!Ce.some(s=>$===s||$.endsWith(`.${s}`))}const W=w=>`${w.key}:${w.effect}`,Se=(w,$)=>W(w)===W($)&&(w.value??"")===($.value??"");function le(w,$){const u=$?.labels??{},s={};for(const[v,N]of Object.entries(w.labels))u[v]!==N&&(s[v]=N);for(const v of Y($?.annotations[G.ownedLabels]))!(v in w.labels)&&v in u&&(s[v]=null);const i=$?.taints??[],a=w.taints.filter(v=>!i.some(N=>Se(N,v))),d=new Set(Y($?.annotations[G.ownedTaints])),f=new Set(w.taints.map(W)),m=i.filter(v=>d.has(W(v))&&!f.has(W(v)));return{labels:s,addTaints:a,removeTaints:m}}function Oe(w){return Object.keys(w.labels).length+w.addTaints.length+w.removeTaints.length>0}function me(w,$){const u=new Set([...$.removeTaints,...$.addTaints].map(W));return[...w.filter(s=>!u.has(W(s))),...$.addTaints]}const Pe=4e4;function ve(w){return Array.isArray(w)?w.map(ve):w===null||typeof w!="object"?w:Object.fromEntries(Object.entries(w).sort(([$],[u])=>$<u?-1:$>u?1:0).map(([$,u])=>[$,ve(u)]))}function je(w,$,u){const s={server:$,version:u,distribution:w.distribution,labels:w.labels,taints:w.taints.map(i=>`${i.key}=${i.value??""}:${i.effect}`).sort(),nodeIp:w.nodeIp??"",nodeExternalIp:w.nodeExternalIp??"",extraConfig:w.extraConfig};return`sha256:${(0,F.createHash)("sha256").update(JSON.stringify(ve(s))).digest("hex")}`}function _e(w,$,u,s){const{node:i,leaseRenewedAtMs:a}=s;if(!i)return{isAsDesired:!1,differences:[`${w.node} is not a node yet`]};const d=a===void 0?void 0:Math.max(0,s.serverTimeMs-a),f=[],m=i.annotations[G.desired];return m===void 0?f.push("it has not been brought under this project yet (no record of a complete run)"):m!==je(w,$,u)&&f.push("the desired state has changed since the last complete run"),i.kubeletVersion!==u&&f.push(`version ${i.kubeletVersion}, wanted ${u}`),Oe(le(w,i))&&f.push("labels or taints differ"),i.ready!=="True"&&f.push(`Ready is ${i.ready}`),d===void 0?f.push("it has no heartbeat (no Lease)"):d>Pe&&f.push(`last heartbeat ${Math.round(d/1e3)} s ago`),{isAsDesired:f.length===0,differences:f,...d===void 0?{}:{heartbeatAgeMs:d}}}var Re=S(7030);const se=new Re.BlockList;for(const[w,$]of[["10.0.0.0",8],["172.16.0.0",12],["192.168.0.0",16],["100.64.0.0",10],["169.254.0.0",16],["127.0.0.0",8]])se.addSubnet(w,$,"ipv4");se.addSubnet("fc00::",7,"ipv6"),se.addSubnet("fe80::",10,"ipv6");function Ee(w){const $=(0,Re.isIP)(w);return $!==0&&se.check(w,$===4?"ipv4":"ipv6")}function Z(w){const $="Can pods on this host and pods on the servers reach each other?",{desired:u,nodes:s,facts:i}=w,a=u.nodeExternalIp??u.nodeIp??i.defaultRoute?.source??i.addresses[0]??u.access.address,d=s.filter(v=>v.isServer).flatMap(v=>[...v.externalIps,...v.internalIps]),f=d.filter(v=>(0,Re.isIP)(v)!==0&&!Ee(v));if(!Ee(a)||f.length===0)return{id:"cluster.topology",verdict:"pass",question:$,found:`${a||"unknown address"} beside ${d.join(", ")||"no known server address"}`};const m=`${a} is private, the servers are public (${f.join(", ")}): pods here will not reach pods there`;return u.podNetwork==="isolated"?{id:"cluster.topology",verdict:"pass",question:$,found:`${m} (declared: pod-network isolated)`}:{id:"cluster.topology",verdict:"warn",question:$,found:m,cause:"the overlay network sends packets straight to node addresses; through NAT they do not arrive",remedy:"declare `pod-network: isolated` in the cluster file when host-level tunnels are enough; otherwise use a WireGuard or Tailscale overlay (docs: networking/distributed-multicloud)"}}const Be=3e4,de=2*1024**3,Ae=1e4;function re(w,$,u,s,i){return u?{id:w,verdict:"pass",question:$,found:s}:{id:w,verdict:i.verdict??"fail",question:$,found:s,cause:i.cause,remedy:i.remedy}}const $e={"sudo-password-required":"sudo asks for a password, and none was given","sudo-password-wrong":"sudo refused the password that was given","sudo-not-allowed":"the user may not use sudo","sudo-needs-tty":"sudo demands a terminal (requiretty)","sudo-missing":"there is no sudo on the host"};function V(w){const{state:$,problem:u}=w.privilege,i={root:"logged in as root",passwordless:"sudo without a password",password:"sudo with the password given",none:$e[u]??(u||"no sudo")}[$];return re("host.sudo",`May ${w.user||"the user"} become root?`,$!=="none",i,{cause:"installing a unit and its files needs root",remedy:`give \`sudo-password\`, or let the user become root without one: echo '${w.user||"USER"} ALL=(ALL) NOPASSWD: ALL' | sudo tee /etc/sudoers.d/k3s-gpu-actions`})}function z(w){const{facts:$,reading:u,readAtRunnerMs:s}=w,i=$.clock.hostMs-$.clock.runnerMs,a=u.serverTimeMs-s,d=Math.round(i-a),f=Math.round(Math.abs(d)/1e3);return re("host.clock","Is the clock of the host within 30 s of the API server?",Math.abs(d)<=Be,f<=1?"same second":`${f} s ${d>0?"ahead":"behind"}`,{cause:"certificates are not valid from the host's point of view",remedy:"sudo timedatectl set-ntp true"})}function ge(w){return w.disks.map($=>{const u=($.availableBytes/1073741824).toFixed(1);return re(`host.disk.${$.path.replace(/^\//,"").replaceAll("/","-")||"root"}`,`Is there room below ${$.path}?`,$.availableBytes>=de&&($.availableInodes===0||$.availableInodes>=Ae),`${u} GiB and ${$.availableInodes} inodes free`,{cause:"images and logs fill what is left, and the kubelet then evicts pods",remedy:`free at least 2 GiB and ${Ae} inodes below ${$.path}`})})}const De=/^(03000200-0400-0500-0006-000700080009|f+(-f+)*|0+(-0+)*|)$/i,Fe=w=>De.test(w)?"":w.toLowerCase();function he(w,$){if(!w)return"nobody";const[u,s]=[Fe(w.systemUuid),Fe($.systemUuid)];return u!==""&&s!==""?u===s?"this-machine":"another-machine":w.machineId!==""&&w.machineId===$.machineId?"this-machine":"unknown-machine"}function He({reading:w}){const{node:$,leaseRenewedAtMs:u,serverTimeMs:s}=w;return $?.ready==="True"&&u!==void 0&&s-u<=Pe}function q(w){const{reading:$,consent:u,desired:s}=w;return $.node!==void 0&&u.replaceNode===s.node&&!He(w)}function Ge(w){const{desired:$,facts:u,reading:s}=w,i=`Is the name ${$.node} free, or this machine's own?`,a=he(s.node,u);if(a==="nobody")return{id:"cluster.name",verdict:"pass",question:i,found:"free"};if(a==="this-machine")return{id:"cluster.name",verdict:"pass",question:i,found:"this machine is the node"};const d=s.node,f=[`node: system UUID ${d.systemUuid||"unknown"}, ${d.internalIps.join(", ")||"no address"}, ${d.osImage}`,`host: system UUID ${u.systemUuid||"unknown"}, ${u.addresses.join(", ")||$.access.address}, ${u.os.prettyName}`];if(He(w))return{id:"cluster.name",verdict:"fail",question:i,found:a==="another-machine"?"a live machine with another identity has it":"a live node has it, and its identity cannot be compared",cause:"two machines cannot share a name",remedy:"give this machine another `node` name",evidence:f};const m=q(w);return{id:"cluster.name",verdict:m?"warn":"fail",question:i,found:`a node that is no longer alive has it${m?"; it will be replaced as confirmed":""}`,cause:"the node was joined from another machine or another installation",remedy:`press the button again with replace-node = ${$.node}, or give this machine another name`,evidence:f}}function we(w){return w.gpu.processes.filter($=>$.owner!=="pod")}function ke(w){const{facts:$,desired:u}=w,s="Which GPUs does the host have, and who uses them?";if($.gpu.pciDevices===0&&$.gpu.devices.length===0)return u.gpu?{id:"host.gpu",verdict:"warn",question:s,found:"no NVIDIA GPU",cause:"the cluster file expects one",remedy:"check the card, or remove `gpu` from the node"}:{id:"host.gpu",verdict:"skip",question:s,found:"no NVIDIA GPU"};if($.gpu.devices.length===0)return{id:"host.gpu",verdict:"warn",question:s,found:`${$.gpu.pciDevices} NVIDIA device(s) on the bus, but no driver answers`,cause:$.gpu.problem||"nvidia-smi is not installed",remedy:"install or repair the driver; the join itself does not need it"};const i=we($),a=$.gpu.devices.map(f=>f.name).join(", ");if(i.length===0)return{id:"host.gpu",verdict:"pass",question:s,found:`${$.gpu.devices.length} \xD7 ${a}`};const d=i.map(f=>`${f.name} (pid ${f.pid}, ${f.ownerDetail||f.owner})`).join(", ");return{id:"host.gpu",verdict:"warn",question:s,found:`${d} ${i.length===1?"is":"are"} using the GPU`,cause:"a restart or a daemon-reload can take the GPU from running containers",remedy:"nothing to do: no change that could disturb it is made unless `allow-gpu-disruption` says so"}}function xe(w){const{facts:$}=w;return[V($),re("host.architecture","Is the processor architecture supported?",["amd64","arm64"].includes($.architecture),$.architecture||"unknown",{cause:"programs are fetched and checked for amd64 and arm64 only",remedy:"use a 64-bit x86 or Arm machine"}),re("host.init","Is systemd the init system?",$.init==="systemd",$.init,{cause:"units are written for systemd",remedy:"use a host with systemd; OpenRC is not supported in this version"}),re("host.cgroup","Is the memory cgroup controller there?",$.cgroup.version===0||$.cgroup.hasMemoryController,$.cgroup.version===0?"unknown":`cgroup v${$.cgroup.version}`,{cause:"the kubelet cannot limit memory without it and stops",remedy:"add `cgroup_enable=memory cgroup_memory=1` to the kernel command line and reboot"}),z(w),...ge($),re("host.route","Is there a default route?",$.defaultRoute!==void 0,$.defaultRoute?`via ${$.defaultRoute.via||$.defaultRoute.device}`:"none",{verdict:"warn",cause:"the node address is chosen by the default route",remedy:"give `node-ip`, or add a route"}),Ge(w),Z(w),ke(w)]}var ee=S(9510);function ze(w,$,u,s,i){const a=[],d=(m,v,N,_,M)=>{a.push({id:m,verdict:N?"pass":"fail",question:v,found:_,...N?{}:{cause:"it was so a moment ago, or was never brought about",remedy:M}})};if(s!==void 0&&d("confirm.unit","Is the unit active?",s==="active",s,"look at its journal on the host"),i||d("confirm.ready","Is the node Ready?",u?.ready==="True",u?`Ready=${u.ready} ${u.readyMessage}`.trim():"no such node","press the button again; the plan says what is missing"),!u)return a;i||d("confirm.version","Does the node run the wanted version?",u.kubeletVersion===$,u.kubeletVersion,"press the button again; the plan says what is missing");const f=le(w,u);return d("confirm.metadata","Are labels and taints as wanted?",!Oe(f),Oe(f)?[...Object.keys(f.labels),...f.addTaints.map(ee.eh),...f.removeTaints.map(ee.eh)].join(", "):"as wanted","something else changes them: look at managedFields of the node"),a}const oe={deleteNode:"delete-node",label:"label-node",taint:"taint-node",record:"record-desired"};function Ke(w,$){const{desired:u,server:s,version:i,reading:a}=w,d=le(u,a.node),f=[],m=Object.entries(d.labels).map(([E,I])=>I===null?`${E}-`:`${E}=${I}`);m.length>0&&f.push({id:oe.label,kind:"label",target:m.join(", "),reason:a.node?"the node differs from the cluster file and inputs":"wanted on the new node",undo:"not needed: labels disturb nothing, and the next run sets them again"});const v=[...d.addTaints.map(ee.eh),...d.removeTaints.map(E=>`${(0,ee.eh)(E)}-`)];v.length>0&&f.push({id:oe.taint,kind:"taint",target:v.join(", "),reason:a.node?"the node differs from the cluster file and inputs":"keeps other pods away from the new node from its first second",...d.addTaints.some(E=>E.effect==="NoExecute")?{disrupts:"evicts pods that do not tolerate it"}:{},undo:"not needed: the next run converges"});const N=je(u,s,i),_=a.node?.annotations[G.desired],M=a.node?.annotations[G.ownedLabels]!==void 0||a.node?.annotations[G.ownedTaints]!==void 0;return _!==N&&!($&&M)&&f.push({id:oe.record,kind:"annotate",target:$?"labels and taints of this project as owned":"desired state, owned labels and taints",reason:$?"so that they can be changed and removed later":"lets the next run see that nothing is to be done",undo:"not needed: a hint only"}),f}function Ue(w){const{reading:$,desired:u}=w;return!$.node||!q(w)?[]:[{id:oe.deleteNode,kind:"delete",target:`node ${u.node} (uid ${$.node.uid})`,reason:"confirmed by replace-node: it is no longer alive",disrupts:"forgets the pods that were bound to it",undo:"none: a deleted node comes back only by joining again"}]}function ne(w,$){const{gpu:u}=w.facts,s=we(w.facts),i=$.filter(m=>["restart","reload"].includes(m.kind)&&!m.waitsFor);return!(s.length>0||u.pciDevices>0&&!u.areProcessesKnown)||i.length===0||w.consent.allowGpuDisruption?[]:[{id:"plan.gpu-in-use",verdict:"fail",question:"May the plan disturb processes that use the GPU outside the cluster?",found:`${s.map(m=>`${m.name} (pid ${m.pid}, ${m.ownerDetail||m.owner})`).join(", ")||`whoever uses the GPU (its processes could not be listed: ${u.problem||"no answer"})`} would see: ${i.map(m=>`${m.kind} ${m.target}`).join(", ")}`,cause:"a daemon-reload or restart can take the GPU from running containers (NVIDIA/nvidia-container-toolkit#48)",remedy:"press the button again with allow-gpu-disruption when that is acceptable, or stop the process first"}]}function Te(w,$,u){const s=$.some(m=>m.waitsFor!==void 0),i=s&&!w.reading.node?[]:Ke(w,s),a=[...Ue(w),...$,...i],d=Ge(w),f=[...u.filter(m=>m.id!==d.id),...d.verdict==="fail"?[d]:[],...ne(w,a)];return{changes:a,blockers:f}}function te(w){return w.changes.filter($=>$.waitsFor===void 0)}function fe(w){const $=[oe.label,oe.taint,oe.record];return te(w).some(u=>!$.includes(u.id))}}),4859:((Xe,Me,S)=>{S.d(Me,{SU:()=>vt});const G={binary:"/usr/local/bin/k3s",ownConfig:"/etc/rancher/k3s/config.yaml.d/50-k3s-gpu-actions.yaml",unit:"/etc/systemd/system/k3s-agent.service",environment:"/etc/systemd/system/k3s-agent.service.env",nodePassword:"/etc/rancher/node/password",lock:"/run/k3s-gpu-actions.lock",backups:"/var/lib/k3s-gpu-actions"};var Y=S(4898),ae=S(7949),U=S(8815),D=S(9510);function K(e){const n=Object.entries(e.labels).filter(([c])=>!(0,Y.E4)(c)).map(([c,p])=>`${c}=${p}`).sort(),r=e.taints.map(D.eh).sort(),t={"node-name":e.node,...e.nodeIp?{"node-ip":e.nodeIp}:{},...e.nodeExternalIp?{"node-external-ip":e.nodeExternalIp}:{},...Object.fromEntries(Object.entries(e.extraConfig).sort(([c],[p])=>c<p?-1:1)),...n.length>0?{"node-label+":n}:{},...r.length>0?{"node-taint+":r}:{}},o=new U.yo(t);return o.commentBefore=" Written by k3s-gpu-actions; edits are overwritten by its next run.",o.toString({lineWidth:0})}function Le(e){const n=[];let r=!1;for(const t of e.split(`
`))/^\S/.test(t)&&(r=/^"?node-(label|taint)\+"?:/.test(t)),!r&&!t.startsWith("#")&&t.trim()!==""&&n.push(t);return n.join(`
`)}const F=["--node-label","--node-taint","--token","-t"],Ce=e=>e.split("=")[0]??e;function pe(e){const n=e.environment?.tokenKind??"none";return(e.unit?.arguments.some(t=>["--token","-t"].includes(Ce(t)))??!1)||n!=="none"&&n!=="bootstrap"}const ce=e=>e.environment?.tokenKind==="agent"?"the token on the host is the cluster's agent token: whoever reads it can join machines for ever":"the token on the host is the server's own: whoever reads it owns the cluster";function W(e,n,r,t){if(r)return"a node needs one to join; deleted at the end";if(pe(n)&&!e.consent.allowServerToken)return ce(n);if(!e.reading.node||(0,Y.ik)(e)||t)return"the agent is not connected and may need one to register again"}function Se(e,n,r){if(!n.binary)return"not installed";if(n.binary.version!==e.version)return`${n.binary.version||"unknown version"} is installed, ${e.version} is wanted`;if(r?.sha256!==void 0&&r.sha256!==n.binary.sha256)return`the installed file is not the released ${e.version}`}function le(e,n){return n.ownConfig===void 0?!1:e.reading.node?.annotations[Y.hk.desired]!==void 0?!0:Oe(n).length===0&&(!pe(n)||e.consent.allowServerToken)}function Oe(e){const n=(e.unit?.arguments??[]).map(Ce);return[...new Set(n)].filter(r=>F.includes(r))}function me(e,n,r){const{unit:t,changedSinceStart:o}=n,{node:c}=e.reading;if(!t)return["joins the cluster"];if(t.activeState!=="active")return[`the unit is ${t.activeState||"not running"}`];const p=[];return(0,Y.ik)(e)?p.push("registers anew"):(0,Y._n)(e)||p.push(c?.ready==="True"?"the node has no fresh heartbeat":"the node is not Ready"),c&&c.kubeletVersion!==e.version&&n.binary?.version===e.version&&p.push(`${c.kubeletVersion} is still running, ${e.version} is installed`),!r&&o.length>0&&p.push(`${o.join(", ")} changed after it was started`),p}function Pe(e,n,r){const t=n.unit===void 0,o=!t&&n.unit?.activeState!=="active",c=e.reading.node!==void 0||n.unit?.activeState==="active",p=!t&&c&&!le(e,n),k=K(e.desired),b={labels:{},taints:[],extraConfig:{},nodeIp:void 0,nodeExternalIp:void 0},A=t?"":K({...e.desired,...b}),R=Oe(n);return{isFresh:t,isForeign:p,binary:Se(e,n,r),url:n.environment?.url===e.server?void 0:`the host joins through ${n.environment?.url||"no server"}, wanted ${e.server}`,token:W(e,n,t,o),argumentNames:R,isReloadPending:R.length>0||!p&&(n.unit?.needsReload??!1),config:n.ownConfig===k?void 0:n.ownConfig===void 0?"not there yet":"differs from the cluster file and inputs",isConfigRestartRelevant:Le(n.ownConfig??A)!==Le(k),start:me(e,n,p)}}function ve(e,n){return e.isDeep||n.unit===void 0||n.binary?.version!==e.version}function je(e,n,r){const t=Pe(e,n,r),o=t.isForeign&&e.consent.adopt==="plan"?"adopt: apply":void 0,c=[],p=(b,A)=>{c.push({id:b,...A,...o?{waitsFor:o}:{}})};if(t.token&&!e.hasGivenToken&&p("mint-token",{kind:"mint",target:`bootstrap token, ${(0,ae.a3)(e.tokenLifetimeMs)}`,reason:t.token,undo:"deleted in every ending"}),t.binary){const b=r?`, ${(0,ae.z3)(r.sizeBytes)}`:"";p("upload-binary",{kind:"upload",target:`k3s ${e.version} ${e.facts.architecture}${b}`,reason:t.binary,undo:"the staged file is removed"}),p("install-binary",{kind:"install",target:G.binary,reason:t.binary,undo:n.binary?"the previous program is put back":"deleted"})}t.isFresh&&p("run-installer",{kind:"install",target:`unit k3s-agent, official installer ${e.version}`,reason:"not installed",undo:"unit, env file and links are deleted"}),t.config&&p("write-config",{kind:"write",target:G.ownConfig,reason:t.config,undo:n.ownConfig===void 0?"deleted":"restored"}),(t.url||t.token)&&p("edit-environment",{kind:"edit",target:`${G.environment} (${[t.url?"K3S_URL":"",t.token?"K3S_TOKEN":""].filter(Boolean).join(", ")})`,reason:t.isFresh?"tells the agent where to join":[t.url,t.token].filter(Boolean).join("; "),undo:t.isFresh?"deleted with the unit":"restored"}),t.argumentNames.length>0&&p("edit-unit",{kind:"edit",target:`${n.unit?.path??G.unit} (${t.argumentNames.join(", ")})`,reason:"arguments in ExecStart win over any file and come back at every start: they move to our drop-in",undo:"restored"}),t.isReloadPending&&p("reload",{kind:"reload",target:"systemd (daemon-reload)",reason:t.argumentNames.length>0?"the unit file changes":"the unit file has changed since systemd read it",disrupts:"can take the GPU from running containers",undo:"reloaded again after restoring"}),(t.isFresh||!t.isForeign&&n.unit?.isEnabled===!1)&&p("enable",{kind:"install",target:"start of k3s-agent at boot, without daemon-reload",reason:"not enabled",undo:"link deleted"});const k=[t.binary?`k3s ${e.version}`:"",t.url||t.token?"changed env file":"",t.isReloadPending?"changed unit":"",t.config&&t.isConfigRestartRelevant?"changed configuration":""].filter(Boolean);return(t.isFresh||t.start.length>0||k.length>0)&&p(..._e(n,t,k)),c}function _e(e,n,r){const t=e.unit?.name??"k3s-agent",o=[...n.start,...n.isFresh?[]:r].join("; "),c=e.unit?.activeState??"inactive";if(["inactive","failed",""].includes(c))return["start",{kind:"start",target:t,reason:o,undo:"stopped"}];if(c!=="active")return["restart",{kind:"start",target:t,reason:o,undo:"restarted with what was there before"}];const k=`restarts ${t}; containers keep running`;return["restart",{kind:"restart",target:t,reason:o,disrupts:k,undo:"restarted with what was there before"}]}function Re(e,n,r){const t=[r];t.push(n.hasServerUnit?{id:"k3s.role",verdict:"fail",question:"Is this host free of a k3s server?",found:"it has the unit k3s (a server)",cause:"a host is either a server or an agent",remedy:"name another host; a server is not turned into an agent"}:{id:"k3s.role",verdict:"pass",question:"Is this host free of a k3s server?",found:n.unit?"an agent is installed":"no unit"});const o=n.unit?.activeState==="active"||n.unit?.activeState==="activating";for(const c of[10250,6444]){const p=e.facts.ports.find(b=>b.port===c),k=o&&(p===void 0||p.process===""||/^(k3s|k3s-agent|kubelet)/.test(p.process));t.push(p===void 0||k?{id:`host.port.${c}`,verdict:"pass",question:`Is port ${c} free for the agent?`,found:p?"held by k3s itself":"free"}:{id:`host.port.${c}`,verdict:"fail",question:`Is port ${c} free for the agent?`,found:`held by ${p.process||"an unknown process"} (pid ${p.pid||"unknown"})`,cause:"the agent listens there and would loop",remedy:`stop that process: sudo ss -lntp 'sport = :${c}'`})}for(const c of n.templates)t.push(c.hasBaseTemplate?{id:"k3s.containerd-template",verdict:"pass",question:"Does the containerd template extend the built-in one?",found:c.path}:{id:"k3s.containerd-template",verdict:"warn",question:"Does the containerd template extend the built-in one?",found:`${c.path} replaces it`,cause:`without {{ template "base" . }} it drops k3s's CNI folders, snapshotter and runtimes: the node never becomes Ready`,remedy:"k3s finds the NVIDIA runtime by itself: rename the file and restart, or let the gpu-runtime action quarantine it"});return t.push(...se(n),...Ee(n)),t}function se(e){return[[e.binary?.path,G.binary],[e.unit?.path,G.unit]].filter(([r,t])=>r!==void 0&&r!==t&&!e.hasServerUnit).map(([r,t])=>({id:"k3s.place",verdict:"fail",question:"Is k3s installed where its installer puts it?",found:`${r}, expected ${t}`,cause:"only the places of the official installer are changed",remedy:`move it to ${t}, or uninstall it and press the button again`}))}function Ee(e){const n="Is the host free of the cluster's long-lived tokens?",r=[];pe(e)&&r.push({id:"k3s.server-token",verdict:"warn",question:n,found:`K3S_TOKEN in ${e.environment?.path??e.unit?.path??"the unit"} is ${e.environment?.tokenKind==="agent"?"the cluster's agent token":"the server's own token"}`,cause:e.environment?.tokenKind==="agent"?"whoever reads it can join machines for ever":"whoever reads it owns the cluster",remedy:"press the button with adopt = apply to replace it by a minted one; then rotate the token (k3s token rotate)"});const t=["token","agent-token","token-file","agent-token-file"];for(const o of e.configFiles){const c=o.keys.filter(p=>t.includes(p));c.length!==0&&r.push({id:"k3s.server-token",verdict:"warn",question:n,found:`${o.path} (mode ${o.mode}) sets ${c.join(", ")}`,cause:"a token in a configuration file stays on the host and is often readable by everybody",remedy:`take ${c.join(", ")} out of ${o.path}; the agent has its own certificate and needs it no more`})}return r}var Z=S(7030);function Be(e){const{binary:n,unit:r,environment:t}=e;return{"k3s program":n?`${n.version||"unknown version"} at ${n.path}`:"not installed","k3s unit":r?`${r.name} ${r.activeState} (${r.subState}), ${r.isEnabled?"enabled":"not enabled"}, arguments: ${r.arguments.join(" ")||"none"}`:"not installed",...t?{"k3s env file":`${t.path}: ${t.keys.join(", ")}; token kind: ${t.tokenKind}`}:{},...e.configFiles.length>0?{"k3s configuration":e.configFiles.map(o=>`${o.path} (${o.keys.join(", ")})`).join("; ")}:{},...e.templates.length>0?{"containerd templates":e.templates.map(o=>`${o.path}${o.hasBaseTemplate?"":" (replaces the built-in one)"}`).join("; ")}:{}}}var de=S(7598);const Ae=/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;function re(e){try{const n=(e.match(Ae)??[]).map(r=>new de.X509Certificate(r));if(n.length>0)return n}catch{}throw new RangeError("no readable PEM certificate in the CA bundle")}function $e(e){const n=e[0]??0;let r=e[1]??0,t=2;if(r>128){const o=r&127;r=e.readUIntBE(2,o),t+=o}return{tag:n,content:e.subarray(t,t+r),rest:e.subarray(t+r)}}function V(e){const n=[];for(let r=e;r.length>1;){const t=$e(r);n.push(t),r=t.rest}return n}const z=Buffer.from("551d0e","hex"),ge=Buffer.from("551d23","hex");function De(e,n){const r=V($e(e.raw).content)[0],t=V(r?.content??Buffer.alloc(0)).find(o=>o.tag===163);if(t!==void 0)for(const o of V($e(t.content).content)){const[c,...p]=V(o.content);if(c?.content.equals(n))return p.at(-1)?.content}}function Fe(e){const n=De(e,ge),r=n&&V($e(n).content).find(o=>o.tag===128)?.content;if(r===void 0)return!0;const t=De(e,z);return t!==void 0&&$e(t).content.equals(r)}function he(e){const[n,...r]=e,t=(o,c)=>{if(r.some(p=>Fe(p)&&p.raw.equals(o.raw)))return o;for(const p of c){if(!o.checkIssued(p)||!o.verify(p.publicKey))continue;if(Fe(p))return p;const k=t(p,c.filter(b=>b!==p));if(k!==void 0)return k}};return n&&t(n,r)}function He(e){return(0,de.createHash)("sha256").update(e).digest("hex")}function q(e){const n=re(e),r=n.length>1?he(n):void 0;return He(r?.raw??e)}function Ge(e,n){if(q(e)===q(n))return!0;const r=new Set(re(n).map(t=>t.fingerprint256));return re(e).every(t=>r.has(t.fingerprint256))}const we=/^[a-z0-9]{6}\.[a-z0-9]{16}$/,ke="abcdefghijklmnopqrstuvwxyz0123456789";function xe(e){return e===""?{}:{caHash:e}}function ee(e){const n=e.trim();if(n==="")return{kind:"none",credential:""};if(we.test(n))return{kind:"bootstrap",credential:n};const r=/^K10([0-9a-f]{64})?::([\s\S]+)$/.exec(n);if(r===null)return{kind:"short",credential:n};const[,t="",o=""]=r;if(we.test(o))return{kind:"bootstrap",credential:o,...xe(t)};const c=o.indexOf(":"),p=o.slice(0,Math.max(c,0)),k=o.slice(c+1);return c<0||k===""?{kind:"short",credential:n}:{kind:p==="server"?"server":p==="node"?"agent":"short",credential:k,...xe(t)}}function ze(e,n,r){if(!/^[0-9a-f]{64}$/.test(e))throw new RangeError("a CA hash has 64 lower-case hexadecimal digits");if(!we.test(`${n}.${r}`))throw new RangeError("a bootstrap token is 6 and 16 characters [a-z0-9]");return`K10${e}::${n}.${r}`}function oe(e){return e.kind==="bootstrap"?`Bearer ${e.credential}`:`Basic ${Buffer.from(`node:${e.credential}`).toString("base64")}`}function Ke(e,n){let r="";for(;r.length<e;)for(const t of n(e))t<252&&r.length<e&&(r+=ke[t%36]);return r}function Ue(e=de.randomBytes){return Ke(6,e)}function ne(e=de.randomBytes){return Ke(16,e)}class Te extends Error{name="GivenTokenError";code;cause;remedy;evidence=[];constructor(n,r,t,o){super(r),this.code=n,this.cause=t,this.remedy=o}}const te="leave `token` out: a bootstrap token is minted through the API and deleted at the end";function fe(e,n,r){const t=ee(e),o=q(n);if(t.caHash!==void 0&&t.caHash!==o)throw new Te("token-of-another-cluster","the given token belongs to another cluster, or to this one before its CA was changed",`it pins the CA ${t.caHash.slice(0,12)}\u2026, the kubeconfig's CA is ${o.slice(0,12)}\u2026`,te);if(t.kind==="short")throw new Te("token-without-ca","the given token pins no certificate authority","without the K10 prefix an agent believes whatever server answers",te);if((t.kind==="server"||t.kind==="agent")&&!r.allowServerToken)throw new Te("server-token-refused",`the given token is the ${t.kind}'s own, long-lived one`,t.kind==="server"?"whoever reads it on the node owns the cluster":"whoever reads it on the node can join machines for ever",`${te}; or set allow-server-token when you mean it`);if(t.kind==="bootstrap"&&t.caHash===void 0){const[c="",p=""]=e.trim().split(".");return{id:c,text:ze(o,c,p)}}return{id:"given",text:e.trim()}}var w=S(8500);class $ extends Error{name="HostHttpsFault";kind;remedy;constructor(n,r,t){super(r),this.kind=n,this.remedy=t}get isPassing(){return this.kind==="connect"||this.kind==="timeout"}}const u=5;function s(e){return typeof e=="object"&&e!==null&&"code"in e?String(e.code):""}function i(e){return typeof e=="object"&&e!==null&&"message"in e?String(e.message):String(e)}function a(e){return e.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g," ").trim().slice(0,300)}function d(e){const n=s(e),r=i(e);return a(n===""||r.includes(n)?r:`${n} ${r}`)}function f(e,n){return`${(0,Z.isIP)(e)===6?`[${e}]`:e}:${n}`}function m(e,n){const r="another service listens there, or a proxy is in between";switch(e){case"name":return["does not resolve on the host","the host has no DNS answer for that name","use an IP address as `server`, or mend DNS on the host"];case"authority":return["shows a certificate of another authority","another server answers at that address, or something in between opens TLS","compare `server` with the kubeconfig; if the CA was changed, fetch the kubeconfig again"];case"identity":return["shows a certificate for other names","the server certificate is not issued for that address",`use an address the certificate names, or add ${n} to tls-san of the k3s server`];case"tls":return["does not speak TLS as a k3s server does",r,"check host and port of `server`"];case"protocol":return["does not answer as a k3s server does",r,"check host and port of `server`"]}}function v(e,n){const{port:r,runnerReaches:t}=e;return["cannot be reached from the host",`port ${r}/tcp is closed or filtered between the host and the server${t===void 0?"":t?" (the runner itself can reach it)":" (the runner cannot reach it either)"}`,t===!1?`check that the server is running and listens on ${n}`:`allow ${r}/tcp from the host's public address, or set \`server\` to an address the host can reach`]}function N(e){const{id:n,question:r,fault:t,host:o,address:c,port:p}=e,k=[`${o}: ${t.message}`];if(t.kind==="tool"){const P=t.remedy??"see the evidence";return{id:n,verdict:"error",question:r,found:"could not be asked",cause:t.message,remedy:P,evidence:k}}const b=f(c,p),[A,R,C]=t.kind==="connect"||t.kind==="timeout"?v(e,b):m(t.kind,c);return{id:n,verdict:"fail",question:r,found:`${b} ${A}`,cause:R,remedy:C,evidence:k}}const _={5:"name",6:"name",7:"connect",28:"timeout",35:"tls",51:"identity",52:"connect",56:"connect",58:"tls",60:"authority",77:"authority"};class M{via="host-command";#e;#n;constructor(n,r){this.#e=n,this.#n=r}async get(n,r){const t=await this.#e.run({name:"handshake",script:this.#n,env:{URL:`https://${f(n.address,n.port)}${n.path}`,CA_PEM:n.caPem??"",CONNECT_SECONDS:String(u)},secrets:{AUTHORIZATION:n.authorization??""},privilege:"user",timeoutMs:(u+5)*1e3,signal:r}),o=t.lines.findLast(p=>"http"in p||"error"in p);if(o?.http!==void 0)return{status:Number(o.http),body:Buffer.from(String(o.body??""),"base64").toString("utf8")};const c=a(String(o?.message??t.stderr));if(o?.error==="connect"){const p=_[String(o.curl)]??"connect",k=p==="authority"&&/subject (alternative )?name|does not match/i.test(c);throw new $(k?"identity":p,c||`curl exit code ${String(o.curl)}`)}throw new $("tool",c||`the script ended with ${t.exitCode}`,"allow forwarding for this user in sshd_config (AllowTcpForwarding local), or install curl on the host")}async reach(n,r,t,o){try{await this.get({address:n,port:r,path:"/cacerts",caPem:t},o)}catch(c){if(!(c instanceof $)||c.kind!=="identity")throw c}}}var E=S(7067),I=S(8321),Q=S(1692),ye=function(e,n,r){if(n!=null){if(typeof n!="object"&&typeof n!="function")throw new TypeError("Object expected.");var t,o;if(r){if(!Symbol.asyncDispose)throw new TypeError("Symbol.asyncDispose is not defined.");t=n[Symbol.asyncDispose]}if(t===void 0){if(!Symbol.dispose)throw new TypeError("Symbol.dispose is not defined.");t=n[Symbol.dispose],r&&(o=t)}if(typeof t!="function")throw new TypeError("Object not disposable.");o&&(t=function(){try{o.call(this)}catch(c){return Promise.reject(c)}}),e.stack.push({value:n,dispose:t,async:r})}else r&&e.stack.push({async:!0});return n},H=(function(e){return function(n){function r(p){n.error=n.hasError?new e(p,n.error,"An error was suppressed during disposal."):p,n.hasError=!0}var t,o=0;function c(){for(;t=n.stack.pop();)try{if(!t.async&&o===1)return o=0,n.stack.push(t),Promise.resolve().then(c);if(t.dispose){var p=t.dispose.call(t.value);if(t.async)return o|=2,Promise.resolve(p).then(c,function(k){return r(k),c()})}else o|=1}catch(k){r(k)}if(o===1)return n.hasError?Promise.reject(n.error):Promise.resolve();if(n.hasError)throw n.error}return c()}})(typeof SuppressedError=="function"?SuppressedError:function(e,n,r){var t=new Error(r);return t.name="SuppressedError",t.error=e,t.suppressed=n,t});const Ne=1024*1024,Ye=["connection-lost","cancelled","forwarding-refused"];function on(e){if(e instanceof $)return e;const n=s(e);if(Ye.includes(n))return e;const r=n==="ERR_TLS_CERT_ALTNAME_INVALID"?"identity":/^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA)/.test(n)?"authority":/^(ERR_SSL_|ERR_TLS_|EPROTO)/.test(n)?"tls":/^HPE_/.test(n)?"protocol":n==="deadline"?"timeout":"connect";return new $(r,d(e))}async function Qe(e,n,r){const t=AbortSignal.timeout(u*1e3),o=AbortSignal.any([n,t]),{promise:c,reject:p}=Promise.withResolvers(),k=()=>p(o.reason);c.catch(()=>{}),o.addEventListener("abort",k,{once:!0});try{return n.throwIfAborted(),await Promise.race([r(o),c])}catch(b){throw n.aborted?n.reason:t.aborted?new $("timeout",`${e}: no answer in ${u} s`):on(b)}finally{o.removeEventListener("abort",k)}}class an{via="forwarding";#e;constructor(n){this.#e=n}async get(n,r){const{address:t,port:o,path:c}=n;return await Qe(`GET https://${f(t,o)}${c}`,r,async p=>{const k={stack:[],error:void 0,hasError:!1};try{const b=ye(k,await this.#n(t,o,n.caPem,!0,p),!0),{promise:A,resolve:R,reject:C}=Promise.withResolvers(),P=(0,E.request)({createConnection:()=>b.socket,path:c,headers:{Host:f(t,o),Connection:"close",Accept:"*/*",...n.authorization===void 0?{}:{Authorization:n.authorization}}});return P.once("error",C),P.once("response",ue=>{let Ve=0;ue.on("data",en=>{Ve+=en.length,Ve>Ne&&ue.destroy(new $("protocol","the answer is too large"))}),(0,I.text)(ue).then(en=>R({status:ue.statusCode??0,body:en}),C)}),P.end(),await A}catch(b){k.error=b,k.hasError=!0}finally{const b=H(k);b&&await b}})}async reach(n,r,t,o){await Qe(`connect ${f(n,r)}`,o,async c=>{const p={stack:[],error:void 0,hasError:!1};try{const k=ye(p,await this.#n(n,r,t,!1,c),!0)}catch(k){p.error=k,p.hasError=!0}finally{const k=H(p);k&&await k}})}async#n(n,r,t,o,c){const p=await this.#e.forward(n,r,c),k=(0,Q.connect)({socket:p,host:n,...(0,Z.isIP)(n)===0?{servername:n}:{},...t===void 0?{rejectUnauthorized:!1}:{ca:t,rejectUnauthorized:!0},...o?{}:{checkServerIdentity:()=>{}}}),b=()=>{k.destroy(),p.destroy()},{promise:A,resolve:R,reject:C}=Promise.withResolvers();k.once("secureConnect",R),k.on("error",C),p.on("error",C),c.addEventListener("abort",b,{once:!0}),k.once("close",()=>C(new $("connect","the connection was closed before TLS was set up"))),c.aborted&&b();try{await A}catch(P){throw b(),P}return{socket:k,[Symbol.asyncDispose]:async()=>{c.removeEventListener("abort",b),b()}}}}class cn{#e;#n;#o;constructor(n,r){this.#e=n,this.#n=r,this.#o=new an(n)}get via(){return this.#o.via}async get(n,r){return await this.#s(t=>t.get(n,r))}async reach(n,r,t,o){await this.#s(c=>c.reach(n,r,t,o))}async#s(n){try{return await n(this.#o)}catch(r){if(s(r)!=="forwarding-refused")throw r;if(this.#n===void 0)throw new $("tool",d(r),"allow forwarding for this user in sshd_config (AllowTcpForwarding local)");return this.#o=new M(this.#e,this.#n),await n(this.#o)}}}function wn(e,n){return new cn(e,n)}const dn=[250,750],h=3e3,l=300,g=16;function y(e){const n=URL.canParse(e)?new URL(e):void 0;if(!(n?.protocol!=="https:"||n.hostname===""))return{address:n.hostname.replace(/^\[(.*)\]$/,"$1"),port:Number(n.port||443)}}function T(e){return`handshake.apiserver.${e.toLowerCase().replace(/[^a-z0-9.]+/g,"-").replace(/^[.-]+|[.-]+$/g,"")}`}class x{checks=[];#e;#n;#o;#s;#r;constructor(n,r,t,o){this.#e=n,this.#n=r,this.#r=t,this.#o=o,this.#s=wn(n,r.script)}get via(){return this.#s.via}#t(n){return this.checks.push(n),this.#o(n),n.verdict==="pass"||n.verdict==="warn"}async#a(n){const r=performance.now();for(let t=1;;t++)try{return await n()}catch(o){if(!(o instanceof $)||!o.isPassing)throw o;const c=dn[t-1];if(c===void 0){const p=((performance.now()-r)/1e3).toFixed(1);throw new $(o.kind,`${o.message} (tried ${t} times in ${p} s)`)}await(0,w.setTimeout)(c,void 0,{signal:this.#n.signal})}}async#c(n,r){return await this.#a(async()=>{const t=await this.#s.get({...this.#r,path:n,...r},this.#n.signal);if(t.status>=500)throw new $("connect",`GET ${n}: HTTP ${t.status} ${a(t.body)}`);return t})}async#i(n,r,t,o){if(!(o instanceof $))throw o;const{probe:c,signal:p}=this.#n,k=o.isPassing?await c?.(t.address,t.port,p).catch(()=>!1):void 0;return N({id:n,question:r,...t,host:this.#e.label,fault:o,runnerReaches:k})}async askAuthority(){const{caPem:n,token:r}=this.#n,t="handshake.ca",o="Does the host see the cluster's own certificate authority?";let c;try{const R=await this.#c("/cacerts",{});if(R.status!==200||!R.body.includes("-----BEGIN CERTIFICATE-----"))throw new $("protocol",`GET /cacerts: HTTP ${R.status}, no certificate`);c=R.body}catch(R){const C=R instanceof $&&(R.isPassing||R.kind==="name"),P=f(this.#r.address,this.#r.port);this.#t(C?await this.#i(T(P),`Does ${P} answer the host?`,this.#r,R):await this.#i(t,o,this.#r,R));return}let p,k;try{p=q(c),k=Ge(c,n)}catch(R){this.#t(await this.#i(t,o,this.#r,new $("protocol",a(String(R)))));return}const b=[`served through the host: ${p}`,`kubeconfig: ${q(n)}`];if(!k){this.#t({id:t,verdict:"fail",question:o,found:"another certificate authority",cause:"another server answers at that address through the host\u2019s network, or the kubeconfig is from before the CA was changed",remedy:"compare `server` with the kubeconfig; fetch the kubeconfig again from the server",evidence:b});return}const A=r===void 0?void 0:ee(r).caHash;if(A!==void 0&&A!==p){const R=A===q(n);this.#t({id:t,verdict:"fail",question:o,found:R?"the hash of the token is of another text":"the token was made for another certificate authority",cause:R?"the certificate is the same, but its text in the kubeconfig differs in white space from what the server serves, and the hash counts every byte":"token CA hash does not match the cluster CA certificate hash: the token is from another cluster, or from before the CA was changed",remedy:R?"store the kubeconfig again exactly as the server has it":"give no token, so that one is minted, or fetch a fresh one from the server",evidence:[...b,`token: ${A}`]});return}try{await this.#c("/cacerts",{caPem:n})}catch(R){this.#t(await this.#i(t,o,this.#r,R));return}return this.#t({id:t,verdict:"pass",question:o,found:`${p.slice(0,4)}\u2026${p.slice(-2)}`,evidence:b}),p}async askToken(){const{caPem:n,token:r,signal:t}=this.#n,o="handshake.token",c="Does the server accept the token?";if(r===void 0)return this.#t({id:o,verdict:"skip",question:c,found:"token not exercised"});const p=ee(r),k=performance.now();for(;;){let b;try{b=await this.#c("/v1-k3s/readyz",{caPem:n,authorization:oe(p)})}catch(C){return this.#t(await this.#i(o,c,this.#r,C))}if(b.status===200)return this.#t({id:o,verdict:"pass",question:c,found:`accepted (${p.kind} token)`});const A=b.status===401||b.status===403;if(A&&performance.now()-k+l<h){await(0,w.setTimeout)(l,void 0,{signal:t});continue}const R=[`GET /v1-k3s/readyz: HTTP ${b.status}`];return A?this.#t({id:o,verdict:"fail",question:c,found:`refused (${p.kind} token)`,cause:p.kind==="bootstrap"?"the server does not know this token: it has expired or was deleted, or the kubeconfig is of another cluster":"it is not this cluster's token, or the token was changed since",remedy:p.kind==="bootstrap"?"press the button again: a new one is minted; when that is refused too, `server` and the kubeconfig are of different clusters":"give no token, so that one is minted through the kubeconfig; or fetch the current one from the server",evidence:R}):this.#t({id:o,verdict:"fail",question:c,found:`the server answers HTTP ${b.status} instead`,cause:"what answers there knows the API but not how agents of k3s join: a load balancer or proxy in front, or no k3s",remedy:"set `server` to the address of a k3s server, where its supervisor listens",evidence:R})}}async#d(){const{caPem:n,token:r,knownApiServers:t=[]}=this.#n,o=f(this.#r.address,this.#r.port);if(r===void 0)return[o,...t];const c=await this.#c("/v1-k3s/apiservers",{caPem:n,authorization:oe(ee(r))});let p;try{p=JSON.parse(c.body)}catch{p=void 0}if(c.status!==200||!Array.isArray(p))throw new $("protocol",`GET /v1-k3s/apiservers: HTTP ${c.status}, no list`);return p.length===0?[o]:p.map(String)}async askApiServers(){let n;try{n=await this.#d()}catch(c){this.#t(await this.#i("handshake.apiserver","Which API servers does the server name?",this.#r,c));return}const r=new Map;for(const c of n.slice(0,g)){const p=y(c.startsWith("https://")?c:`https://${c}`);p!==void 0&&r.set(f(p.address,p.port),p)}const t=[],o=async([c,p])=>{t.push(await this.#u(c,p))};if(this.via==="forwarding")await Promise.all([...r].map(o));else for(const c of r)await o(c);return t.length>0&&t.every(Boolean)?[...r.keys()]:void 0}async#u(n,r){const{caPem:t,signal:o}=this.#n,c=T(n),p=`Does ${n} answer the host?`,k=performance.now();try{await this.#a(()=>this.#s.reach(r.address,r.port,t,o))}catch(b){return this.#t(await this.#i(c,p,r,b))}return this.#t({id:c,verdict:"pass",question:p,found:`yes, in ${Math.round(performance.now()-k)} ms`})}}async function O(e,n,r=()=>{}){const t=y(n.server);if(t===void 0)throw new RangeError(`server ${JSON.stringify(n.server)} is not an address like https://host:6443`);const o=new x(e,n,t,r),c=await o.askAuthority();if(c===void 0)return{checks:o.checks};if(!(await o.askToken()||n.token===void 0))return{checks:o.checks};const k=await o.askApiServers();return k===void 0?{checks:o.checks}:{checks:o.checks,result:{caHash:c,apiServers:k,via:o.via}}}class L extends Error{name="HostStepError";code;step;cause;remedy;evidence;constructor(n,r,t,o,c,p){super(t),this.code=n,this.step=r,this.cause=o,this.remedy=c,this.evidence=p}}const j="run it again: it continues from what it finds",B="look at the host on its console",J={"host-locked":"wait until that run has ended, or cancel it, and run this one again","lock-unavailable":"install util-linux on the host (it brings flock)","init-unsupported":"join a host that runs systemd","staged-missing":j,"copy-failed":"free space on the host (df -h /usr/local/bin), then run it again","backup-failed":"free space on the host (df -h /var/lib), then run it again","write-failed":"free space on the host (df -h /etc), then run it again","replace-failed":"look for an immutable file (lsattr) or a read-only mount at that path","folder-read-only":"the host keeps this folder read-only (an immutable system, or a file system with errors): make it writable, or install k3s with the means of that system","binary-mismatch":"the file changed between runner and host: run it again; if it stays, look who else writes to /tmp on the host","binary-missing":j,"installer-mismatch":j,"installer-failed":"read what the installer said below, correct it on the host, and run it again","hash-unavailable":"install coreutils on the host (it brings sha256sum)","environment-unreadable":"correct the quotes in that file by hand, and run it again","unit-unreadable":"bring ExecStart of that unit into the form ExecStart=/usr/local/bin/k3s agent \u2026, and run it again","unit-missing":"the unit is gone: delete what is left of k3s on the host, or install it, and run it again","reload-failed":`${B}: sudo systemctl daemon-reload`,"enable-failed":`${B}: sudo systemctl enable k3s-agent`,"start-refused":`${B}: sudo systemctl status k3s-agent; sudo journalctl -u k3s-agent -n 50`},ie=e=>typeof e=="string"?e:"";function Ie(e,n,r){if(r.exitCode===0)return;const t=r.lines.findLast(b=>typeof b.error=="string"),o=ie(r.lines.findLast(b=>b.state==="failed")?.step),c=[...r.lines.flatMap(b=>typeof b.evidence=="string"?[b.evidence]:[]),...r.stderr.trim().split(`
`).slice(-10)].filter(b=>b!==""),p=`${n} on ${e} did not succeed${o?` (step ${o})`:""}`;if(t===void 0){const b=`the script ended with exit code ${r.exitCode} without saying why`;return new L("script-failed",o,p,b,j,c)}const k=ie(t.error);return new L(k,o,p,ie(t.message),J[k]??j,c)}const be={apply:`
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
`};function un(e){return String(Math.max(0,Math.floor((e.lockWaitMs??Math.min(6e4,e.timeoutMs/3))/1e3)))}function ln(e){if(!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(e))throw new TypeError(`${JSON.stringify(e)} is no run id`);return e}function kn(e){return e.replace(/[\u0000-\u001f\u007f]+/g," ").slice(0,200)}function jn(e){const r=[["install-binary",e.binary,"binary"],["run-installer",e.installer,"installer"],["write-config",e.config,"config"],["edit-environment",e.environment,"environment"],["edit-unit",e.removeArguments,"removeArguments"]].find(([t,o])=>e.steps.includes(t)&&o===void 0);return r&&`step ${r[0]} needs ${r[2]}`}function yn(e){if(!(typeof e.step!="string"||e.state!=="done"&&e.state!=="unchanged"))return{step:e.step,state:e.state}}async function Dn(e,n,r){const{binary:t,installer:o,environment:c}=n,p=jn(n);if(p!==void 0)throw new TypeError(p);const k=n.removeArguments??[],b=k.find(P=>!/^--?[A-Za-z][A-Za-z0-9-]*$/.test(P));if(b!==void 0)throw new TypeError(`${JSON.stringify(b)} is no name of an argument`);const A=await e.run({name:"apply",script:[be["unit-file"],be["change-log"],be.edit,be.apply].join(`
`),env:{RUN_ID:ln(n.runId),HOLDER:kn(n.holder),LOCK_WAIT:un(r),STEPS:n.steps.join(" "),STAGED:t?.stagedPath??"",BINARY_SHA256:t?.sha256??"",INSTALLER_SHA256:o?.sha256??"",SERVER_URL:c?.url??"",REMOVE_ARGUMENTS:k.join(" "),RESTART:n.isRestartFollowing?"yes":"no"},secrets:{TOKEN:c?.token??"",CONFIG:n.config??"",INSTALLER:o?.text??""},privilege:"root",timeoutMs:r.timeoutMs,signal:r.signal,onLine:P=>{const ue=yn(P);ue&&r.onStep?.(ue.step,ue.state),typeof P.waiting_for=="string"&&r.onWaiting?.(P.waiting_for)}}),R=Ie(e.label,"the installation",A);if(R)throw R;const C=A.lines.flatMap(P=>yn(P)??[]);return{steps:C,isChanged:C.some(P=>P.state==="done"),interrupted:A.lines.flatMap(P=>typeof P.interrupted=="string"?[{runId:P.interrupted,step:String(P.step??"")}]:[]),holdsFormerToken:A.lines.some(P=>P.former_token===!0)}}const hn={node:"k3s-gpu-actions/node",run:"k3s-gpu-actions/run"},Fn="system:bootstrappers:k3s:default-node-token",Hn=["create","delete","list"].map(e=>({verb:e,group:"",resource:"secrets",namespace:"kube-system"}));function nn(e){const n=e.replace(/[^A-Za-z0-9._-]+/g,"-").replace(/^[^A-Za-z0-9]+/,"").slice(0,63).replace(/[^A-Za-z0-9]+$/,"");return n===""?"unknown":n}function bn(e,n){if(!(e.ttlMs>0))throw new RangeError("a token needs a time to live");return{id:Ue(n),secret:ne(n),description:`k3s-gpu-actions: join of ${e.node}, ${nn(e.runLabel)}`,expiresAt:new Date(e.now+e.ttlMs).toISOString().replace(/\.\d{3}Z$/,"Z"),extraGroups:Fn,labels:{[hn.node]:nn(e.node),[hn.run]:nn(e.runLabel)}}}async function Un(e,n,r){const t=n.token??bn(n);return await n.record(t.id),await e.createBootstrapToken(t,r),t}async function Bn(e,n,r){await e.deleteBootstrapToken(n,r)}async function Gn(e,n,r){const o=(await e.bootstrapTokens({[hn.node]:nn(n.node)},r)).filter(c=>Date.parse(c.createdAt)<n.olderThan).map(c=>c.id);return await Promise.all(o.map(c=>e.deleteBootstrapToken(c,r))),o}var tn=S(1455),zn=S(3024),Kn=S(6466);async function fn(e,n){const r=(0,de.createHash)("sha256");return await(0,Kn.pipeline)((0,zn.createReadStream)(e),r,{signal:n}),r.digest("hex")}function vn(e,n){const r=new Set;for(const t of e.split(/\r?\n/)){const[,o,c]=/^\\?([0-9A-Fa-f]{64})[ \t]+\*?(?:\.\/)?(\S.*?)\s*$/.exec(t)??[];o!==void 0&&c===n&&r.add(o.toLowerCase())}return r.size===1?[...r][0]:void 0}class Je extends Error{name="ReleaseError";code;cause;remedy;evidence;constructor(n,r,t,o,c=[]){super(r),this.code=n,this.cause=t,this.remedy=o,this.evidence=c}}const Tn="run it again; if it stays so, look at https://www.githubstatus.com and at the release page of k3s";function Sn(e){const{code:n,cause:r,remedy:t}=typeof e=="object"&&e!==null?e:{};return typeof n=="string"&&typeof r=="string"&&typeof t=="string"}const Vn=["rate-limited","github-refused","github-unreachable"];function On(e,n,r=[]){if(!Sn(e))return new Je("download-failed",n,_n(e),Tn,r);const t=Vn.includes(e.code)?e.code:"download-failed";return new Je(t,n,e.cause,e.remedy,[...r,...e.evidence??[]])}function Jn(e,n){if(!(!Sn(n)||n.code!=="release-not-found"))return new Je("release-not-found",`there is no release ${e} of k3s`,`no release of k3s-io/k3s is called ${e}`,"correct the version; all of them are listed at https://github.com/k3s-io/k3s/releases, and look like v1.33.4+k3s1",n.evidence??[])}function sn(e,n){return new Je("checksum-mismatch",`${e} is not what k3s published`,"it was changed on the way (a proxy or mirror), the release was changed after it was published, or the download is damaged","nothing of it was used. Run it again; if it stays so, compare the hashes below with the release page before trusting either",n)}function _n(e){return typeof e=="object"&&e!==null&&"message"in e?String(e.message):String(e)}var rn=S(2088);const Zn=/^v?(\d+)\.(\d+)\.(\d+)(?:-(rc\d+))?\+k3s(\d+)$/;function We(e){const[,n,r,t,o="",c]=Zn.exec(e.trim())??[];if(n===void 0)return;const p={major:Number(n),minor:Number(r),patch:Number(t),build:Number(c)},k=o===""?"":`-${o}`;return{text:`v${p.major}.${p.minor}.${p.patch}${k}+k3s${p.build}`,candidate:o,...p}}function Rn(e){const{major:n,minor:r,patch:t,candidate:o,build:c}=e,p=o===""?"":`0rc.${Number(o.slice(2))}.`;return`${n}.${r}.${t}-${p}k3s.${c}`}function En(e,n){const r=t=>{const o=We(t);if(o===void 0)throw new RangeError(`${JSON.stringify(t)} is no k3s version: write it like v1.33.4+k3s1`);return new rn.SemVer(Rn(o))};return(0,rn.compare)(r(e),r(n))}class pn extends Error{name="VersionError";code="version-invalid";cause;remedy;evidence=[];constructor(n,r,t){super(n),this.cause=r,this.remedy=t}}const Wn=/^(stable|latest|testing|v?\d+(\.\d+)?)$/;function Xn(e,n){const r="write `match-server`, or an exact version like v1.33.4+k3s1";if(e.trim()==="match-server"){const p=We(n);if(p!==void 0)return p.text;throw new pn(`the server's version ${JSON.stringify(n)} is no k3s version`,(0,rn.coerce)(n)===null?"what answers is not k3s":"the server runs another distribution of Kubernetes","check the kubeconfig, or set `distribution`")}const t=We(e);if(t!==void 0)return t.text;if(Wn.test(e.trim()))throw new pn(`version ${JSON.stringify(e)} is a channel`,"a channel names another version tomorrow",r);const o=(0,rn.coerce)(e),c=o!==null&&!e.includes("+")?`the +k3s suffix is missing, e.g. v${o.version}+k3s1`:"it has no known form";throw new pn(`version ${JSON.stringify(e)} is no k3s version`,c,r)}const Yn={29:"v1.29.13+k3s1",30:"v1.30.9+k3s1",31:"v1.31.5+k3s1"};function Qn(e,n){const r="k3s.version",t=`Does an agent of ${e} go with a server of ${n}?`,o=We(e),c=We(n);if(o===void 0||c===void 0)return{id:r,verdict:"error",question:t,found:`${JSON.stringify(o===void 0?e:n)} is no k3s version`,cause:"the two cannot be compared",remedy:"write versions like v1.33.4+k3s1; check that the server is k3s"};const p=En(e,n),k=`use version: match-server (${c.text})`;if(p===0)return{id:r,verdict:"pass",question:t,found:"the same version"};if(p>0)return{id:r,verdict:"fail",question:t,found:"the agent is newer than the server",cause:"a kubelet newer than its API server is not supported, and nothing would complain until something breaks",remedy:`${k}, or upgrade the servers first`};const b=(c.major-o.major)*100+c.minor-o.minor;if(b>3)return{id:r,verdict:"fail",question:t,found:`the agent is ${b} minor versions older than the server`,cause:"a kubelet may be at most 3 minor versions older than its API server",remedy:k};const A=o.major===1?Yn[o.minor]:void 0;return A!==void 0&&c.minor>=32&&En(e,A)<0?{id:r,verdict:"fail",question:t,found:`agents before ${A} get no pod network from servers of 1.32 or later`,cause:"flannel in such an agent asks for rights that these servers no longer give it (k3s#11551, k3s#12819)",remedy:`${k}, or at least ${A}`}:{id:r,verdict:"warn",question:t,found:"the agent is older than the server",cause:"supported, but not what the server was tested with",remedy:k}}const An="k3s-io",xn="k3s",Nn="k3s",qn={amd64:"k3s",arm64:"k3s-arm64"},et=/^[0-9a-f]{64}$/;function In(e){const n=e?.toLowerCase().replace(/^sha256:/,"");return n!==void 0&&et.test(n)?n:void 0}async function Mn(e,n,r){const t=qn[e.architecture];if(t===void 0)throw new Je("architecture-unsupported",`there is no checked k3s for ${e.architecture||"an unknown architecture"}`,"programs are fetched and checked for amd64 and arm64 only","use a 64-bit x86 or Arm machine");const o=await nt(e.version,n,r),c=b=>{const A=o.assets.find(R=>R.name===b);if(A!==void 0)return A;throw new Je("release-incomplete",`release ${e.version} of k3s has no file ${b}`,"the release is still being published, or was withdrawn in part","choose another version, or try again later",[`its files: ${o.assets.map(R=>R.name).slice(0,40).join(", ")||"none"}`])},p=c(t),k=In(p.digest);return{version:e.version,architecture:e.architecture,sizeBytes:p.sizeBytes,...k===void 0?{}:{sha256:k},binary:p,checksums:c(`sha256sum-${e.architecture}.txt`),commit:o.commit}}function Tt(e){return e.sizeBytes}async function nt(e,n,r){try{return await n.release(An,xn,e,r)}catch(t){throw r.aborted?r.reason:Jn(e,t)??On(t,`release ${e} of k3s cannot be looked up`)}}async function mn(e,n,r,t){try{return await r(e,t)}catch(o){throw t.aborted?t.reason:On(o,`${n} cannot be downloaded`,[e])}}async function tt(e,n,r){const{binary:t,checksums:o,version:c}=e,p=await mn(o.url,`the checksum file of k3s ${c}`,n,r),k=await(0,tn.readFile)(p,{encoding:"utf8",signal:r}),b=(0,de.createHash)("sha256").update(k).digest("hex"),A=In(o.digest);if(A!==void 0&&A!==b)throw sn(`the checksum file of k3s ${c}`,[`downloaded: ${b}`,`GitHub's digest: ${A}`]);const R=vn(k,t.name);if(R===void 0)throw new Je("release-incomplete",`the checksum file of k3s ${c} has no line for ${t.name}`,"the file is damaged, or the release is not complete","choose another version, or try again later",[`${o.name}: ${k.split(`
`).filter(C=>C!=="").length} lines`]);if(e.sha256===void 0)return{sha256:R,notes:[`GitHub has no digest for ${t.name}: checked against ${o.name} alone`]};if(e.sha256!==R)throw sn(`${t.name} of k3s ${c}`,[`${o.name}: ${R}`,`GitHub's digest: ${e.sha256}`]);return{sha256:R,notes:[]}}async function st(e,n,r,t){const{architecture:o,binary:c,version:p}=e,k=We(p);if(k===void 0)throw new RangeError(`${JSON.stringify(p)} is no exact k3s version`);const b=Rn(k),A=[],R=r.toolCache.find(Nn,b,o);if(R!==void 0){const Ve=await fn(R,t).catch(()=>"unreadable");if(t.throwIfAborted(),Ve===n)return{binary:{path:R,sha256:n,sizeBytes:(await(0,tn.stat)(R)).size,fromCache:!0},notes:A};A.push(`the tool cache held another file for k3s ${p} (sha256 ${Ve}); it was not used`)}const C=await mn(c.url,`k3s ${p} for ${o}`,r.download,t),P=await fn(C,t);if(P!==n)throw sn(`the downloaded ${c.name} of k3s ${p}`,[`downloaded: ${P}`,`published: ${n}`]);const ue=await rt(C,c.name,b,n,o,r.toolCache,t).catch(Ve=>(t.throwIfAborted(),A.push(`the tool cache could not be used: ${_n(Ve)}`),C));return{binary:{path:ue,sha256:n,sizeBytes:(await(0,tn.stat)(ue)).size,fromCache:!1},notes:A}}async function rt(e,n,r,t,o,c,p){const k=await c.add(e,n,Nn,r,o);if(await fn(k,p)!==t)throw new Error("the copy in the tool cache differs from the download");return k}async function ot(e,n,r){const{commit:t,version:o}=e;if(!/^[0-9a-f]{40}$/.test(t))throw new Je("release-incomplete",`the commit of k3s ${o} is unknown`,`GitHub gave ${JSON.stringify(t)}`,Tn);const c=`https://raw.githubusercontent.com/${An}/${xn}/${t}`,[p,k]=await Promise.all(["install.sh","install.sh.sha256sum"].map(P=>mn(`${c}/${P}`,`${P} of k3s ${o}`,n,r))),[b,A]=await Promise.all([p,k].map(P=>(0,tn.readFile)(P,{signal:r}))),R=vn(String(A),"install.sh"),C=(0,de.createHash)("sha256").update(b).digest("hex");if(R!==C)throw sn(`the installer of k3s ${o}`,[`install.sh: ${C}`,`install.sh.sha256sum: ${R??"no line for install.sh"}`]);return{text:String(b),sha256:C,commit:t}}async function Ln(e,n,r){const t=ot(e,n.download,r);t.catch(()=>{});try{const o=await tt(e,n.download,r),{binary:c,notes:p}=await st(e,o.sha256,n,r),{version:k,architecture:b}=e;return{version:k,architecture:b,binary:c,installer:await t,notes:[...o.notes,...p]}}catch(o){throw r.aborted?r.reason:o}}async function St(e,n,r){return await Ln(await Mn(e,n.releases,r),n,r)}async function it(e,n,r){if(r.unit!==void 0&&r.unit!=="k3s-agent")throw new TypeError(`unknown unit ${r.unit}`);const t=await e.run({name:"undo",script:[be["change-log"],be.undo].join(`
`),env:{RUN_ID:ln(n),HOLDER:kn(r.holder??`undo of run ${n}`),LOCK_WAIT:un(r),STOP:r.stop===!1?"no":"yes"},privilege:"root",timeoutMs:r.timeoutMs,signal:r.signal}),o=Ie(e.label,"the undo",t);if(o)throw o;return{undone:t.lines.flatMap(c=>typeof c.undone=="string"?[c.undone]:[]),remaining:t.lines.flatMap(c=>typeof c.remaining=="string"?[c.remaining]:[])}}async function at(e,n,r){const t=await e.run({name:"forget",script:[be["change-log"],be.forget].join(`
`),env:{RUN_ID:ln(n),HOLDER:`end of run ${n}`,LOCK_WAIT:un(r)},privilege:"root",timeoutMs:r.timeoutMs,signal:r.signal}),o=Ie(e.label,"deleting the former token",t);if(o)throw o;return t.lines.flatMap(c=>typeof c.forgotten=="string"?[c.forgotten]:[])}const qe=e=>typeof e=="string"?e:"",Cn=e=>typeof e=="number"&&Number.isSafeInteger(e)?e:0;function ct(e){if(e.event==="journal")return{type:"journal",text:qe(e.text)};if(e.event==="journal-ended")return{type:"journal",text:`journalctl ended: ${qe(e.text)}`};if(e.event==="unit")return{type:"unit",activeState:qe(e.active),subState:qe(e.sub),restarts:Cn(e.restarts),result:qe(e.result),mainStatus:Cn(e.status),isNew:e.new===!0}}async function dt(e,n){const{unit:r,action:t,signal:o,onEvent:c,timeoutMs:p}=n;if(o.aborted)return;let k;try{k=await e.run({name:"watch",script:be.watch,env:{UNIT:r,ACTION:t},privilege:"root",timeoutMs:p,signal:o,onLine:b=>{const A=o.aborted?void 0:ct(b);A&&c(A)}})}catch(b){if(o.aborted)return;throw b}if(!o.aborted)throw Ie(e.label,`the ${t==="none"?"watch":t} of ${r}`,k)??new L("watch-ended","",`the watch of ${r} on ${e.label} ended by itself`,"the script ended without being told to","run it again: it continues from what it finds",k.stderr.trim().split(`
`).slice(-10))}const ut=64,Pn=64*1024;function X(e,n,r=4096){const t=e[n];return typeof t=="string"?t.slice(0,r):""}function $n(e,n,r){const t=X(e,n,Pn);return t===""?[]:t.split(r)}function lt(e,n){const r=e[n];return typeof r=="number"&&Number.isSafeInteger(r)&&r>=0?r:0}const ht=["none","server","agent","bootstrap","short"];function ft(e){return ht.find(n=>n===e.token_kind)??"short"}function pt(e){const n=k=>e.filter(b=>b.fact===`k3s.${k}`).slice(0,ut),r=k=>e.find(b=>b.fact===`k3s.${k}`),t=r("binary"),o=r("unit"),c=r("environment"),p=r("own-config");return{...t&&{binary:{path:X(t,"path"),version:X(t,"version",128),sha256:X(t,"sha256",64)}},...o&&{unit:{name:X(o,"name",256),path:X(o,"path"),sha256:X(o,"sha256",64),arguments:$n(o,"arguments",`
`),activeState:X(o,"active",64),subState:X(o,"sub",64),isEnabled:o.enabled===!0,restarts:lt(o,"restarts"),needsReload:o.needs_reload===!0}},hasServerUnit:r("server-unit")?.present===!0,changedSinceStart:n("changed").map(k=>X(k,"path")),...c&&{environment:{path:X(c,"path"),sha256:X(c,"sha256",64),mode:X(c,"mode",8),keys:$n(c,"keys"," "),url:X(c,"url"),tokenKind:ft(c)}},configFiles:n("config").map(k=>({path:X(k,"path"),sha256:X(k,"sha256",64),mode:X(k,"mode",8),keys:$n(k,"keys"," ")})),...p&&{ownConfig:X(p,"text",Pn)},hasNodePassword:r("node-password")?.present===!0,templates:n("template").map(k=>({path:X(k,"path"),sha256:X(k,"sha256",64),hasBaseTemplate:k.base===!0}))}}const gn="k3s-agent",mt=["install-binary","run-installer","write-config","edit-environment","edit-unit","reload","enable"],$t=18e4,gt=6e4,wt=3e4,kt=[[/Running load balancer k3s-agent-load-balancer/,"agent found the server"],[/containerd is now running/,"containerd up"],[/k3s agent is up and running/,"agent up"]];async function yt(e,n,r){return await new Promise(t=>{const o=(0,Z.connect)({host:e,port:n,signal:AbortSignal.any([r,AbortSignal.timeout(3e3)])}),c=p=>{o.destroy(),t(p)};o.once("connect",()=>c(!0)),o.once("error",()=>c(!1))})}function bt(e,n,r){const t=c=>c.verdict==="pass"||c.verdict==="warn"?"\u2713":c.verdict==="skip"?"not exercised":"\u2717";return e.map(c=>c.id==="handshake.ca"?`CA ${n?`${n.slice(0,4)}\u2026${n.slice(-2)} `:""}${t(c)}`:c.id==="handshake.token"?r?`token ${t(c)}`:"token not exercised":`${c.id.replace(/^handshake\.(apiserver\.?)?/,"").replace(/-(\d+)$/,":$1")} ${t(c)}`).join("  ")}function vt(e){const n=new Map,r=(t,o,c)=>{const p=`${t} ${o}`,k=n.get(p)??Mn({version:t,architecture:o},e.releases,c);return n.set(p,k),k};return{name:"k3s",unit:gn,surveyScript:[be["unit-file"],be.survey].join(`
`),tokenAccessRequests:Hn,resolveVersion:Xn,survey:pt,describe:Be,checks:(t,o)=>Re(t,o,Qn(t.version,t.reading.version)),plan:je,needsRelease:ve,async sketchRelease(t,o,c){const{sizeBytes:p,sha256:k}=await r(t,o,c);return{sizeBytes:p,...k?{sha256:k}:{}}},async mint(t,o,c,p,k,b){const{serverTimeMs:A}=await t.read(o,b),R={node:o,runLabel:c.label,ttlMs:p,now:A},C=bn(R),P=ze(q(t.caPem),C.id,C.secret);for(const ue of[P,`${C.id}.${C.secret}`,C.secret])e.mask(ue);return await Un(t,{...R,record:k,token:C},b),{id:C.id,text:P}},revoke:Bn,async sweep(t,o,c){const{serverTimeMs:p}=await t.read(o,c);return await Gn(t,{node:o,olderThan:p+1e3},c)},acceptToken:fe,async handshake(t,o,c,p,k){const b={server:o,caPem:c,...p?{token:p.text}:{},script:be.handshake,probe:yt,signal:k},{checks:A,result:R}=await O(t,b);return{checks:A,passed:R!==void 0,line:bt(A,R?.caHash,p!==void 0)}},async prepare(t,o,c){return await Ln(await r(t,o,c),e,c)},describePrepared:t=>[`k3s ${t.version} ${t.architecture} ${t.binary.sha256.slice(0,12)}\u2026 ${t.binary.fromCache?"from the tool cache, checked again":"downloaded and checked"}`,...t.notes.map(o=>`! ${o}`)],async install(t,o,c,p,k,b){const{prepared:A,credential:R}=c,C=new Set(c.changes.map(Ze=>Ze.id));let P;C.has("upload-binary")&&A&&(P=await t.upload({path:A.binary.path,name:"k3s",sizeBytes:A.binary.sizeBytes},b),k("upload-binary"));const ue={runId:p.runId,holder:p.label,steps:mt.filter(Ze=>C.has(Ze)),isRestartFollowing:C.has("start")||C.has("restart"),...P&&A?{binary:{stagedPath:P,sha256:A.binary.sha256}}:{},...A?{installer:A.installer}:{},...C.has("write-config")?{config:K(o.desired)}:{},...C.has("edit-environment")?{environment:{url:o.server,...R?{token:R.text}:{}}}:{},...C.has("edit-unit")?{removeArguments:F}:{}};if(ue.steps.length===0)return{needsSettling:!1,notes:[]};const Ve=await Dn(t,ue,{signal:b,timeoutMs:$t,onStep:Ze=>k(Ze)}),en=Ve.interrupted.map(({step:Ze})=>`an earlier run was interrupted here (${Ze}); what it left is as this run wants it`);return{needsSettling:Ve.holdsFormerToken,notes:en}},async settle(t,o,c){await at(t,o.runId,{signal:c,timeoutMs:wt})},async start(t,o,c,p,k){await dt(t,{unit:gn,action:o,signal:k,onEvent:p,timeoutMs:c})},milestone:t=>kt.find(([o])=>o.test(t))?.[1],async remove(t,o,c){const{undone:p,remaining:k}=await it(t,o.runId,{unit:gn,signal:c,timeoutMs:gt});return{changes:p,remaining:k}}}}}),9510:((Xe,Me,S)=>{S.d(Me,{eh:()=>dn,FU:()=>Y,DT:()=>Ye});const G={group:"coordination.k8s.io",resource:"leases",namespace:"kube-node-lease"},Y=[...["get","list","watch","patch","delete"].map(h=>({verb:h,group:"",resource:"nodes"})),...["get","list","watch"].map(h=>({verb:h,...G}))],ae="manifests/k3s-join-rbac.yaml";class U extends Error{name="ClusterError";code;cause;remedy;evidence;status;constructor(l,g){super(g.title),g.status!==void 0&&(this.status=g.status),this.code=l,this.cause=g.cause,this.remedy=g.remedy,this.evidence=g.evidence??[]}}function D(h){const l=h.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g," ").trim();return l.length>300?`${l.slice(0,299)}\u2026`:l}function K(h){return typeof h!="object"||h===null?"":"errors"in h&&Array.isArray(h.errors)&&h.errors.length>0?K(h.errors[0]):"code"in h&&typeof h.code=="string"?h.code:""}const Le={ECONNREFUSED:"nothing listens on that port, or a firewall answers in its place",ECONNRESET:"the connection was cut; a proxy or firewall in between does that, or the server is restarting",EPIPE:"the connection was cut while the request was being sent",ETIMEDOUT:"packets to that address get no answer (firewall, wrong address, or the server is off)",EHOSTUNREACH:"there is no route to that address from here",ENETUNREACH:"there is no route to that network from here",ENOTFOUND:"the server name does not resolve here",EAI_AGAIN:"the resolver gave no answer for the server name",ERR_HTTP_INVALID_STATUS_CODE:"what answers on that port does not speak HTTP as an API server does",HPE_INVALID_CONSTANT:"what answers on that port does not speak HTTP as an API server does"},F=/^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|ERR_OSSL|EPROTO$|INVALID_CA|PATH_LENGTH_|HOSTNAME_MISMATCH)/;function Ce(h){return h==="ERR_TLS_CERT_ALTNAME_INVALID"?{cause:"the server certificate is not issued for this address",remedy:"use an address the certificate names, set tls-server-name in the kubeconfig, or add the address to the server\u2019s subject alternative names (tls-san)"}:h==="CERT_HAS_EXPIRED"||h==="CERT_NOT_YET_VALID"?{cause:"a certificate of the server is outside its period of validity, or the clock here is wrong",remedy:"compare the clocks; restart the server to renew certificates that have expired"}:/^(ERR_SSL_|EPROTO)/.test(h)?{cause:"the TLS handshake failed: the port speaks something else, or it refused the client certificate",remedy:"check host and port of the server in the kubeconfig, and that its client certificate has not expired"}:{cause:"the server's certificate is not signed by the certificate authority in the kubeconfig",remedy:"fetch the kubeconfig again from the server: it belongs to another cluster, or to this one before its CA changed"}}function pe(h,l,g){if(h instanceof U)return h;const y=K(h),T=typeof h=="object"&&h!==null&&"message"in h?String(h.message):String(h),x=T===""?y:T,O=[`${g}: ${D(y&&!x.includes(y)?`${y} ${x}`:x)}`];return F.test(y)?new U("api-tls",{title:`the API server at ${l} cannot be trusted`,...Ce(y),evidence:O}):new U("api-unreachable",{title:`the API server at ${l} cannot be reached from the runner`,cause:Le[y]??"the connection failed",remedy:"check the server address in the kubeconfig, and that the runner may reach that port",evidence:O})}function ce(h){return h instanceof U?h.code==="api-unreachable"||h.code==="timeout"?!0:h.code==="api-failed"&&h.status!==void 0&&(h.status>=500||h.status===429):!1}function W(h,l,g){return new U("timeout",{title:`the API server at ${h} did not answer within ${g/1e3} s`,cause:"packets get no answer (firewall, wrong address), or the server is overloaded",remedy:"check that the runner may reach that address and port, and the load of the server",evidence:[`${l}: no answer in ${g} ms`]})}function Se(h){const l=h.group===""?h.resource:`${h.resource}.${h.group}`;return`${h.verb} ${l}${h.namespace===void 0?"":` in namespace ${h.namespace}`}`}function le(h,l,g){const T={evidence:[`${g.request}: HTTP ${h}${l===""?"":`, ${D(l)}`}`],status:h};if(h===401)return new U("unauthorized",{title:`the API server at ${g.server} does not accept the credentials of the kubeconfig`,cause:"its token or client certificate has expired, was revoked, or belongs to another cluster",remedy:"fetch a fresh kubeconfig and store it again",...T});if(h===403){const x=g.access===void 0?"do that":Se(g.access);return new U("forbidden",{title:`the user of the kubeconfig may not ${x}`,cause:"a rule for it is missing",remedy:`apply ${ae} with an administrator's kubeconfig: kubectl apply -f ${ae}`,...T})}return h===404?new U("not-found",{title:"the object is not there",cause:"it was deleted meanwhile, or never existed",remedy:"run it again: the next run starts from what is there then",...T}):h===409?new U("conflict",{title:"the object was changed by somebody else meanwhile",cause:"another run or controller works on the same object",remedy:"run it again when the other one is done",...T}):new U("api-failed",{title:`the API server at ${g.server} answered HTTP ${h}`,cause:h>=500?"the server has a problem of its own, or is still starting":h===429?"the server is overloaded":"it did not accept the request",remedy:h>=500||h===429?"look at the server\u2019s log, then run it again":"see the evidence",...T})}function Oe(h,{evidence:l,status:g}){return new U("conflict",{title:`node ${h} was not deleted: it is no longer the one that was looked at`,cause:"a machine registered under that name after it was read: the old one came back, or another run joined it",remedy:"nothing was deleted. Run it again: the next run looks at the node that is there then",evidence:l,...g===void 0?{}:{status:g}})}var me=S(1455),Pe=S(8815),ve=S(8500);const je=["node-role.kubernetes.io/control-plane","node-role.kubernetes.io/master"];function _e(h,l){return(h.status?.addresses??[]).filter(g=>g.type===l).map(g=>g.address)}function Re(h){return(h.spec?.taints??[]).map(l=>({key:l.key,...l.value?{value:l.value}:{},effect:l.effect}))}function se(h){const l=h.status?.conditions?.find(T=>T.type==="Ready"),g=h.metadata?.labels??{},y=h.status?.nodeInfo;return{name:h.metadata?.name??"",uid:h.metadata?.uid??"",resourceVersion:h.metadata?.resourceVersion??"",createdAt:h.metadata?.creationTimestamp??"",labels:g,annotations:h.metadata?.annotations??{},taints:Re(h),ready:l?.status==="True"||l?.status==="False"?l.status:"Unknown",readyReason:l?.reason??"",readyMessage:l?.message??"",kubeletVersion:y?.kubeletVersion??"",osImage:y?.osImage??"",architecture:y?.architecture??"",systemUuid:y?.systemUUID??"",machineId:y?.machineID??"",internalIps:_e(h,"InternalIP"),externalIps:_e(h,"ExternalIP"),isServer:je.some(T=>T in g),unschedulable:h.spec?.unschedulable??!1}}function Ee(h){if(!/^[a-z0-9]{6}$/.test(h))throw new RangeError(`a bootstrap token id has 6 characters [a-z0-9], not ${h.length}`);return`bootstrap-token-${h}`}function Z(h){return Buffer.from(h).toString("base64")}function Be(h){if(!/^[a-z0-9]{16}$/.test(h.secret))throw new RangeError("a bootstrap token secret has 16 characters [a-z0-9]");return{apiVersion:"v1",kind:"Secret",type:"bootstrap.kubernetes.io/token",metadata:{name:Ee(h.id),namespace:"kube-system",labels:{...h.labels}},data:{"token-id":Z(h.id),"token-secret":Z(h.secret),expiration:Z(h.expiresAt),"usage-bootstrap-authentication":Z("true"),"usage-bootstrap-signing":Z("true"),"auth-extra-groups":Z(h.extraGroups),description:Z(h.description)}}}function de(h){const l=h.data?.expiration;return{id:(h.metadata?.name??"").replace(/^bootstrap-token-/,""),createdAt:h.metadata?.creationTimestamp??"",expiresAt:l===void 0?"":Buffer.from(l,"base64").toString("utf8")}}const Ae=60,re=100,$e=2e3;class V extends Error{}const z=8*1024*1024;async function*ge(h){h.setEncoding("utf8");let l="";const g=h[Symbol.asyncIterator]();for(;;){const y=await g.next().catch(()=>{});if(y===void 0||y.done)return;const T=(l+y.value).split(`
`);if(l=T.pop()??"",l.length>z)throw new V;yield*T.filter(x=>x!=="")}}function De(h){let l;try{l=JSON.parse(h)}catch{}if(!l?.object||l.type==="ERROR")throw new V;return l}async function Fe(h,l,g,y){const T=new AbortController,x=AbortSignal.any([y,T.signal]),O={watch:"true",fieldSelector:`metadata.name=${l.name}`,resourceVersion:g,allowWatchBookmarks:"true",timeoutSeconds:String(Ae)},L=setTimeout(()=>T.abort(),(Ae+15)*1e3);let j=g;try{const B=await h.open({method:"GET",path:l.path,query:O,access:{...l.access,verb:"watch"}},x);B.on("error",()=>{});for await(const J of ge(B)){if(x.aborted)break;const ie=De(J);j=ie.object.metadata?.resourceVersion??j,ie.type==="DELETED"?l.onGone():ie.type!=="BOOKMARK"&&l.onState(ie.object)}return j}finally{clearTimeout(L),T.abort()}}async function he(h,l,g){let y,T=re;for(;!g.aborted;){const x=y;try{if(y===void 0){const O=await h.call({method:"GET",path:l.path,query:{fieldSelector:`metadata.name=${l.name}`},access:{...l.access,verb:"list"}},g);y=O.body?.metadata?.resourceVersion??"0";const L=O.body?.items?.[0];L===void 0?l.onGone():l.onState(L)}y=await Fe(h,l,y,g),y!==x&&(T=re)}catch(O){if(g.aborted)return;if(O instanceof V||O instanceof U&&O.status===410)y=void 0;else if(!ce(O))throw O}await(0,ve.setTimeout)(T,void 0,{signal:g}).catch(()=>{}),T=Math.min(T*2,$e)}}async function He(h,l,g,y){const T=new AbortController,x=AbortSignal.any([y,T.signal]);let O=!1;const L={path:"api/v1/nodes",name:l,access:{verb:"watch",group:"",resource:"nodes"},onState:B=>{O=!0,g({type:"node",node:se(B)})},onGone:()=>{O&&g({type:"gone"}),O=!1}},j={path:"apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases",name:l,access:{verb:"watch",group:"coordination.k8s.io",resource:"leases",namespace:"kube-node-lease"},onState:B=>{const J=q(B);J!==void 0&&g({type:"lease",renewedAtMs:J})},onGone:()=>{}};try{await Promise.all([he(h,L,x),he(h,j,x)])}finally{T.abort()}}function q(h){const l=Date.parse(String(h.spec?.renewTime??""));return Number.isNaN(l)?void 0:l}const Ge=5,we="api/v1/namespaces/kube-system/secrets";function ke(h,l){return{verb:h,group:"",resource:"nodes",...l===void 0?{}:{name:l}}}function xe(h,l){return{verb:h,group:"",resource:"secrets",namespace:l}}function ee(h){return`api/v1/nodes/${encodeURIComponent(h)}`}class ze{server;caPem;#e;constructor(l,g){this.server=l.server,this.caPem=l.caPem,this.#e=g}async read(l,g){const y=`apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${encodeURIComponent(l)}`,T={verb:"get",group:"coordination.k8s.io",resource:"leases",namespace:"kube-node-lease"},[x,O,L]=await Promise.all([this.#e.call({method:"GET",path:"version",access:{verb:"get",group:"",resource:"/version"}},g),this.#e.call({method:"GET",path:ee(l),access:ke("get",l)},g),this.#e.call({method:"GET",path:y,access:T},g)]),j=[x,O,L].flatMap(ie=>ie.serverTimeMs??[]),B=x.body?.gitVersion;if(B===void 0||j.length===0)throw new U("api-failed",{title:`what answers at ${this.server} is no Kubernetes API server`,cause:B===void 0?"/version gives no gitVersion":"its answers carry no Date header",remedy:"check the server address in the kubeconfig: a proxy or another service may answer there"});const J=L.body===void 0?void 0:q(L.body);return{version:B,...O.body===void 0?{}:{node:se(O.body)},...J===void 0?{}:{leaseRenewedAtMs:J},serverTimeMs:Math.max(...j)}}async nodes(l){const g={method:"GET",path:"api/v1/nodes",access:ke("list")},{body:y}=await this.#e.call(g,l);return(y?.items??[]).map(se)}async canI(l,g){return await Promise.all(l.map(y=>this.#n(y,g)))}async#n(l,g){const[y="",T]=l.resource.split("/"),x={apiVersion:"authorization.k8s.io/v1",kind:"SelfSubjectAccessReview",spec:{resourceAttributes:{verb:l.verb,group:l.group,resource:y,...T===void 0?{}:{subresource:T},...l.namespace===void 0?{}:{namespace:l.namespace},...l.name===void 0?{}:{name:l.name}}}},L=await this.#s({method:"POST",path:"apis/authorization.k8s.io/v1/selfsubjectaccessreviews",body:x,access:{verb:"create",group:"authorization.k8s.io",resource:"selfsubjectaccessreviews"}},g);return{...l,allowed:L.status?.allowed===!0,reason:L.status?.reason??L.status?.evaluationError??""}}async createBootstrapToken(l,g){await this.#s({method:"POST",path:we,body:Be(l),access:xe("create","kube-system")},g)}async deleteBootstrapToken(l,g){const y=`${we}/${Ee(l)}`;await this.#e.call({method:"DELETE",path:y,access:xe("delete","kube-system")},g)}async bootstrapTokens(l,g){const y=Object.entries(l).map(([L,j])=>`${L}=${j}`).join(",");if(y==="")throw new RangeError("labels are needed to tell own tokens from others");const x={method:"GET",path:we,query:{labelSelector:y,fieldSelector:"type=bootstrap.kubernetes.io/token"},access:xe("list","kube-system")},{body:O}=await this.#e.call(x,g);return(O?.items??[]).filter(L=>L.metadata?.name?.startsWith("bootstrap-token-")).map(de)}async changeNode(l,g,y){for(let T=1;;T++){try{return se(await this.#o(l,g,y))}catch(x){if(!(x instanceof U)||x.code!=="conflict"||T===Ge)throw x}await(0,ve.setTimeout)(50*T,void 0,{signal:y})}}async#o(l,g,y){const T={},x={metadata:T};if(Object.keys(g.labels??{}).length>0&&(T.labels=g.labels),Object.keys(g.annotations??{}).length>0&&(T.annotations=g.annotations),g.taints!==void 0){const O=await this.#s({method:"GET",path:ee(l),access:ke("get",l)},y),L=Re(O),j=g.taints(L);if(JSON.stringify(j)!==JSON.stringify(L)){const B=O.spec?.taints??[];x.spec={taints:j.map(J=>({...B.find(ie=>ie.key===J.key&&ie.effect===J.effect),...J}))},T.resourceVersion=O.metadata?.resourceVersion}else if(Object.keys(T).length===0)return O}return await this.#s({method:"PATCH",path:ee(l),query:{fieldManager:"k3s-gpu-actions"},body:x,contentType:"application/merge-patch+json",access:ke("patch",l)},y)}async deleteNode(l,g,y){const T={apiVersion:"v1",kind:"DeleteOptions",preconditions:{uid:g}},x={method:"DELETE",path:ee(l),body:T,access:ke("delete",l)};try{await this.#e.call(x,y)}catch(O){throw O instanceof U&&O.code==="conflict"?Oe(l,O):O}}async watch(l,g,y){await He(this.#e,l,g,y)}async#s(l,g){const{body:y}=await this.#e.call(l,g);if(y!==void 0)return y;throw le(404,"",{server:this.server,request:`${l.method} /${l.path}`})}}var oe=S(1692);async function Ke(h){const{KubeConfig:l}=await Promise.all([S.e(752),S.e(871),S.e(421)]).then(S.bind(S,6421)),g={};try{const B=new l;B.loadFromString(h.json),await B.applyToHTTPSOptions(g),(0,oe.createSecureContext)({ca:g.ca,cert:g.cert,key:g.key})}catch(B){throw new U("kubeconfig-invalid",{title:`the credentials of context ${JSON.stringify(h.context)} cannot be used`,cause:`a certificate or key in it is damaged, or they do not belong together (${K(B)||"unreadable"})`,remedy:"store the kubeconfig again: kubectl config view --raw --flatten --minify"})}const{ca:y,cert:T,key:x,servername:O,auth:L}=g,j={};for(const[B,J]of Object.entries(g.headers??{}))j[B]=String(J);return L&&(j.Authorization=`Basic ${Buffer.from(L).toString("base64")}`),{tls:{ca:y,cert:T,key:x,...O===void 0?{}:{servername:O}},headers:j}}function Ue(h){return typeof h=="object"&&h!==null&&!Array.isArray(h)}function ne(h,l,g){return new U("kubeconfig-invalid",{title:h,cause:l,remedy:g})}function Te(h,l,g){return new U("kubeconfig-refused",{title:`the kubeconfig is refused: ${h}`,cause:l,remedy:g})}const te="make a self-contained one: kubectl config view --raw --flatten --minify",fe="use a kubeconfig with a token or client certificate in it, for example of a service account with manifests/k3s-join-rbac.yaml",w={"insecure-skip-tls-verify":["whoever answers at that address would get the credentials","remove it and put certificate-authority-data in its place"],"certificate-authority":["it points to a file of another machine or user",te],"proxy-url":["traffic of this program would go where the file says","remove it; use a tunnel to reach the server"]},$={exec:["it runs a program of the file\u2019s choosing on the runner",fe],"auth-provider":["it runs a credential helper, which Kubernetes has removed",fe],"client-certificate":["it points to a file of another machine or user",te],"client-key":["it points to a file of another machine or user",te],tokenFile:["it points to a file of another machine or user",te],"token-file":["it points to a file of another machine or user",te]},u=["server","certificate-authority-data","tls-server-name"],s=["token","client-certificate-data","client-key-data","username","password","as"];function i(h,l,g){for(const[y,[T,x]]of Object.entries(g)){const O=h[y];if(!(O==null||O===""||O===!1))throw Te(`${l} uses ${y}`,T,x)}}function a(h,l){const g={};for(const y of l){const T=h[y];typeof T=="string"&&T!==""&&(g[y]=T)}return g}function d(h,l,g,y){const T=Array.isArray(h[l])?h[l].filter(Ue):[],x=T.filter(j=>j.name===y);if(x.length>1)throw ne(`the kubeconfig has ${x.length} ${l} named ${JSON.stringify(y)}`,"which one is meant cannot be told","remove the others");const O=x[0]?.[g];if(Ue(O))return O;const L=T.map(j=>JSON.stringify(j.name)).join(", ")||"none";throw ne(`the kubeconfig has no ${g} ${JSON.stringify(y)}`,`its ${l}: ${L}`,"name one of them, or fix the file")}function f(h){const l=URL.canParse(h)?new URL(h):void 0;if(l===void 0)throw ne("the kubeconfig has no usable server address","server is not a URL","write it as https://host:6443");if(l.protocol==="http:")throw Te("its server is http://","credentials would cross the network in clear","use the https:// address of the API server");if(l.protocol!=="https:")throw ne("the kubeconfig has no usable server address",`its scheme is ${l.protocol}`,"write it as https://host:6443");if(l.username!==""||l.password!=="")throw Te("its server holds a user name or password","addresses are printed in logs","move the credentials to the user entry")}function m(h){const l=h===void 0?"":Buffer.from(h,"base64").toString("utf8");if(l.includes("-----BEGIN CERTIFICATE-----"))return l;throw ne("the kubeconfig holds no certificate authority",h===void 0?"certificate-authority-data is missing":"certificate-authority-data is not base64 of a PEM certificate",te)}function v(h,l){if(!Ue(h))throw ne("the kubeconfig is not a mapping","the file is empty, truncated, or not a kubeconfig","store the text of a kubeconfig");const g=h["current-context"],y=l??(typeof g=="string"?g:"");if(y==="")throw ne("the kubeconfig names no current-context","which of its clusters is meant cannot be told","set current-context, or give a context");const T=d(h,"contexts","context",y),x=d(h,"clusters","cluster",String(T.cluster??"")),O=d(h,"users","user",String(T.user??""));i(x,`cluster ${JSON.stringify(T.cluster)}`,w),i(O,`user ${JSON.stringify(T.user)}`,$);const L=a(x,u),j=a(O,s),B=L.server??"";f(B);const J=m(L["certificate-authority-data"]);if(!j.token&&!j["client-certificate-data"]&&!j.username)throw ne(`user ${JSON.stringify(T.user)} of the kubeconfig has no credentials`,"there is no token and no client certificate",fe);const ie={apiVersion:"v1",kind:"Config","current-context":"selected",contexts:[{name:"selected",context:{cluster:"selected",user:"selected"}}],clusters:[{name:"selected",cluster:L}],users:[{name:"selected",user:j}]};return{context:y,server:B.replace(/\/+$/,""),caPem:J,json:JSON.stringify(ie)}}var N=S(4708),_=S(8321);const M=1e4,E=[150,500];function I(h){return`${h.method} /${h.path}`}function Q(h){try{const l=JSON.parse(h);if(typeof l=="object"&&l!==null&&"message"in l)return String(l.message)}catch{}return D(h)}class ye{server;#e;#n;#o;#s=new WeakSet;constructor(l,g){this.server=l,this.#e=g,this.#n=new N.Agent({...g.tls,keepAlive:!0,maxSockets:16}),this.#o=new N.Agent({...g.tls})}async call(l,g){const y=AbortSignal.timeout(M),T=AbortSignal.any([g,y]),x=l.method==="GET"?E:[];try{for(let O=0;;O++)try{return await this.#r(l,T)}catch(L){const j=x[O];if(T.aborted||j===void 0||!ce(L))throw L;await(0,ve.setTimeout)(j,void 0,{signal:T})}}catch(O){throw g.aborted?g.reason:y.aborted?W(this.server,I(l),M):O}}async open(l,g){const y=new AbortController,T=setTimeout(()=>y.abort(),M);try{return await this.#t(l,AbortSignal.any([g,y.signal]))}catch(x){throw g.aborted?g.reason:y.signal.aborted?W(this.server,I(l),M):x}finally{clearTimeout(T)}}async#r(l,g){const y=await this.#t(l,g),T=await this.#a(y,l),x=Date.parse(y.headers.date??""),O=Number.isNaN(x)?{}:{serverTimeMs:x};if(y.statusCode===404)return{body:void 0,...O};try{return{body:JSON.parse(T),...O}}catch{throw le(y.statusCode??0,`no JSON: ${T}`,{server:this.server,request:I(l)})}}async#t(l,g){const y=new URL(`${this.server}/${l.path}`);for(const[Ie,be]of Object.entries(l.query??{}))y.searchParams.set(Ie,be);const T=l.body===void 0?void 0:JSON.stringify(l.body),{promise:x,resolve:O,reject:L}=Promise.withResolvers(),j=(0,N.request)(y,{method:l.method,agent:l.method==="GET"?this.#n:this.#o,signal:g,headers:{Accept:l.accept??"application/json","User-Agent":"k3s-gpu-actions",...this.#e.headers,...T===void 0?{}:{"Content-Type":l.contentType??"application/json","Content-Length":Buffer.byteLength(T)}}});j.once("socket",Ie=>{this.#s.has(Ie)||Ie.on("error",()=>{}),this.#s.add(Ie)}),j.once("response",O),j.on("error",Ie=>L(pe(Ie,this.server,I(l)))),j.end(T);const B=await x,J=B.statusCode??0;if(J>=200&&J<300||J===404)return B;const ie=Q(await this.#a(B,l));throw le(J,ie,{server:this.server,request:I(l),access:l.access})}async#a(l,g){try{return await(0,_.text)(l)}catch(y){throw pe(y,this.server,I(g))}}}async function H(h,l){try{return await(0,me.readFile)(h,{encoding:"utf8",signal:l})}catch(g){if(l.aborted)throw l.reason;const y=K(g);throw new U("kubeconfig-missing",{title:h===""?"no kubeconfig was given":`the kubeconfig ${h} cannot be read`,cause:y==="ENOENT"||h===""?"there is no such file":y==="EACCES"?"this user may not read it":y,remedy:"give the input `kubeconfig`, or run kubeconfig-esc in an earlier step of the job"})}}function Ne(h){try{return(0,Pe.qg)(h,{maxAliasCount:0,merge:!1,prettyErrors:!1})}catch(l){const g=l instanceof Pe.XT?l.pos[0]:void 0,y=g===void 0?"":` in line ${h.slice(0,g).split(`
`).length}`;throw new U("kubeconfig-invalid",{title:"the kubeconfig is not valid YAML",cause:`${K(l)||"it cannot be parsed"}${y}`,remedy:"store the text of a kubeconfig as it is: kubectl config view --raw --flatten --minify"})}}async function Ye(h){const l=await H(h.kubeconfigPath,h.signal),g=v(Ne(l),h.context),y=await Ke(g);return new ze(g,new ye(g.server,y))}const on=null,Qe=/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,an=/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;function cn(h){const l=h.split("/");if(l.length>2)return!1;const g=l.at(-1),y=l.length===2?l[0]:void 0;return Qe.test(g)&&(y===void 0||y.length<=253&&an.test(y))}function wn(h){const l="write it as key=value:Effect or key:Effect, Effect one of NoSchedule, PreferNoSchedule, NoExecute",g=h.lastIndexOf(":"),y=on.find(L=>L===h.slice(g+1));if(g<0||y===void 0)throw new RangeError(`taint ${JSON.stringify(h)} has no known effect: ${l}`);const[T="",...x]=h.slice(0,g).split("=");if(!cn(T))throw new RangeError(`taint ${JSON.stringify(h)} has no valid key: ${l}`);if(x.length===0)return{key:T,effect:y};const O=x.join("=");if(O!==""&&!Qe.test(O))throw new RangeError(`taint ${JSON.stringify(h)} has an invalid value: at most 63 of [A-Za-z0-9._-], ${l}`);return O===""?{key:T,effect:y}:{key:T,value:O,effect:y}}function dn(h){return`${h.key}${h.value?`=${h.value}`:""}:${h.effect}`}}),7949:((Xe,Me,S)=>{S.d(Me,{z3:()=>Oe,a3:()=>Se,iL:()=>$,TN:()=>F,MD:()=>Ee,gH:()=>Re,zt:()=>Ae,hF:()=>U,EG:()=>Be,Br:()=>oe,Ki:()=>w,jf:()=>_e,Dj:()=>$e});const G=["schema","action","cluster","node","host","result","dryRun","headline","next","startedAt","durationMs","failure","code","id","verdict","question","title","kind","target","found","cause","reason","disrupts","remedy","undo","waitsFor","evidence","state","link","provenance","plan","changes","blockers","applied","undone","changed","restarted","checks","stages","milestones","stage","startedMs","endedMs","atMs","text","name","value","source","facts","outputs"],Y=new Map(G.map((s,i)=>[s,i])),ae=new Set(["facts","outputs"]);function U(s){return`${JSON.stringify(D(s,!1),void 0,2)}
`}function D(s,i){if(Array.isArray(s))return s.map(m=>D(m,!1));if(typeof s!="object"||s===null)return s;const a=m=>i?0:Y.get(m)??Y.size,d=Object.entries(s).filter(([,m])=>m!==void 0).sort(([m],[v])=>a(m)-a(v)||(m<v?-1:m>v?1:0)),f=Object.create(null);for(const[m,v]of d)f[m]=D(v,!i&&ae.has(m));return f}const K=/\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\^_]?)/g,Le=/[\p{Cf}\p{Co}\p{Cs}\u115F\u1160\u3164\uFFA0]/gu;function F(s,i=1e3){const a=s.replace(K,"").replace(Le,"").replace(/[\s\p{Cc}]+/gu," ").trim();return pe(a,i)}function Ce(s,i=1e3){return s.split(/\r\n|[\n\r\u2028\u2029\u0085]/).map(a=>pe(a.replace(K,"").replace(Le,"").replace(/\t/g,"  ").replace(new RegExp("\\p{Cc}","gu"),"").trimEnd(),i)).filter(a=>a!=="")}function pe(s,i){if(s.length<=i)return s;const a=Array.from(s);return a.length<=i?s:`${a.slice(0,Math.max(0,i-1)).join("")}\u2026`}function ce(s){return Array.from(s).length}function W(s,i){return s+" ".repeat(Math.max(0,i-ce(s)))}function Se(s){const i=Number.isFinite(s)?Math.max(0,Math.round(s/100)):0;if(i<600)return`${(i/10).toFixed(1)} s`;const a=Math.round(i/10);if(a<3600)return le(Math.floor(a/60),"min",a%60,"s");const d=Math.round(a/60);return d<2880?le(Math.floor(d/60),"h",d%60,"min"):`${Math.round(d/1440)} days`}function le(s,i,a,d){return a===0?`${s} ${i}`:`${s} ${i} ${String(a).padStart(2,"0")} ${d}`}function Oe(s){const i=["B","kB","MB","GB","TB","PB"];let a=Number.isFinite(s)?Math.max(0,s):0,d=0;for(;a>=999.5&&d<i.length-1;)a/=1e3,d+=1;const f=d>0&&a<9.95?1:0;return`${a.toFixed(f)} ${i[d]}`}function me(s,i){return`${s} ${i}${s===1?"":"s"}`}const Pe=88,ve=40,je={pass:"\u2713",warn:"!",fail:"\u2717",error:"?",skip:"-"};function _e(s,i=""){const a=`\u25B8 ${F(s)}`,d=F(i);return d===""?a:`${a}${" ".repeat(Math.max(2,Pe-ce(a)-ce(d)))}${d}`}function Re(s){if(s.length===0)return[];const i=s.filter(f=>f.verdict!=="pass"&&f.verdict!=="skip"),a=Math.min(28,Math.max(0,...i.map(f=>ce(F(f.id,60))))),d=i.flatMap(f=>{const m=" ".repeat(a+6);return[`  ${je[f.verdict]} ${W(F(f.id,60),a)}  ${F(f.found)}`,...f.cause?[`${m}because ${F(f.cause)}`]:[],...f.remedy?[`${m}\u2192 ${F(f.remedy)}`]:[]]});return[`  ${se(s)}`,...d]}function se(s){const d=["pass","warn","fail","error","skip"].map(f=>[s.filter(m=>m.verdict===f).length,f]).filter(([f])=>f>0).map(([f,m])=>`${f} ${m}`);return`${me(s.length,"check")}${d.length>0?`: ${d.join(", ")}`:""}`}function Ee(s){if(s.blockers.length>0)return`blocked: ${me(s.blockers.length,"reason")}`;if(s.changes.length===0)return"nothing to do";const i=s.changes.filter(f=>f.waitsFor===void 0),a=s.changes.filter(f=>f.waitsFor!==void 0),d=[];if(i.length>0){const f=Z(i);d.push(`${me(i.length,"change")}${f?` (${f})`:", no disruption"}`)}if(a.length>0){const f=[...new Set(a.map(_=>_.waitsFor))].join(", "),m=Z(a),v=a.length===1?"waits":"wait",N=i.length>0?String(a.length):me(a.length,"change");d.push(`${N} ${v} for ${f}${m?` (${m})`:""}`)}return d.join("; ")}function Z(s){const i=s.filter(f=>f.kind==="restart"),a=s.filter(f=>f.kind!=="restart"&&f.disrupts!==void 0),d=[];if(i.length>0){const f=[...new Set(i.map(m=>F(m.target,60)))].join(", ");d.push(`${me(i.length,"restart")} of ${f}`)}return a.length>0&&d.push(me(a.length,i.length>0?"other disruption":"disruption")),d.join(", ")}function Be(s){const i=String(s.changes.length).length,a=Math.max(9,...s.changes.map(_=>_.kind.length)),d=s.changes.map(_=>F(_.target,160)),f=Math.max(0,...d.map(ce).filter(_=>_<=58)),m=" ".repeat(2+i+1+a+1),v=s.changes.flatMap((_,M)=>{const E=d[M]??"",I=F(_.reason),Q=`  ${String(M+1).padStart(i)} ${W(_.kind,a)} `,ye=ce(E)<=f;return[(ye?`${Q}${W(E,f)}  ${I}`:`${Q}${E}`).trimEnd(),...ye||I===""?[]:[`${m}  ${I}`],..._.disrupts?[`${m}! ${F(_.disrupts)}`]:[],..._.waitsFor?[`${m}\u2026 waits for ${F(_.waitsFor)}`]:[]]}),N=s.blockers.flatMap(_=>[`  \u2717 ${F(_.id,60)}  ${F(_.found)}`,..._.cause?[`    because ${F(_.cause)}`]:[],..._.remedy?[`    \u2192 ${F(_.remedy)}`]:[]]);return[...v,...N]}const de={observed:"observed on real parts",reported:"reported by others; not reproduced by us",invented:"our own reasoning; never seen in the wild"};function Ae(s){const i=s.evidence.flatMap(f=>Ce(f,400)),a=i.slice(0,ve);i.length>a.length&&a.push(`(${i.length-a.length} more in the report)`);const d=(f,m)=>`  ${W(f,8)}  ${m}`;return[`\u2717 ${F(s.title)}`,d("cause",F(s.cause)),d("remedy",F(s.remedy)),...a.map((f,m)=>d(m===0?"evidence":"",f.trimStart())),d("state",F(s.state)),...s.provenance?[d("basis",de[s.provenance])]:[],...s.link?[d("read",F(s.link))]:[]]}function re(s){const i=s.map(d=>`${formatDuration(d.atMs).padStart(8)}  ${cut(oneLine(d.text),60)}`),a=[];for(const d of i){const f=a.at(-1),m=f===void 0?void 0:`${f}     ${d}`;m===void 0||width(m)>116?a.push(d):a[a.length-1]=m}return a}function $e(s){const i=s.now(),a=()=>Math.max(0,Math.round(s.now()-i)),d=new Map,f=[],m=[],v=[],N=[];let _;return{async stage(M,E,I){const Q=_,ye={title:M,startedMs:a()};_=ye;try{return await E()}finally{_=Q;const H={...ye,endedMs:a()};v.push(H),I?.(H)}},milestone(M){if(!_)return;const{title:E,startedMs:I}=_;N.some(Q=>Q.stage===E&&Q.text===M)||N.push({stage:E,atMs:Math.max(0,a()-I),text:M})},check(...M){for(const E of M)d.set(E.id,E)},applied(M){f.includes(M)||f.push(M)},undone(M){m.includes(M)||m.push(M)},elapsedMs:a,parts(){return{startedAt:s.startedAt.toISOString(),durationMs:a(),checks:[...d.values()],applied:[...f],undone:[...m],stages:[...v].sort((M,E)=>M.startedMs-E.startedMs),milestones:[...N]}}}}function V(s,i=1e3){return F(s,i).replace(/&/g,"&amp;").replace(/</g,"&lt;").replace(/>/g,"&gt;").replace(/\\/g,"&#92;").replace(/\$/g,"&#36;").replace(/[`*~|[\]]/g,"\\$&").replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu,"\\_").replace(/:\/\//g,"&#58;//").replace(/\bwww\./gi,a=>`${a.slice(0,3)}&#46;`).replace(/(^|[^\p{L}\p{N}_])@(?=[\p{L}\p{N}])/gu,"$1@\u2060").replace(/^([#+=-])/,"\\$1").replace(/^(\d+)([.)])/,"$1\\$2")}function z(s,i=600){return V(s??"",i)}function ge(s,i){if(i.length===0)return"";const a=d=>`| ${d.join(" | ")} |`;return[a(s),a(s.map(()=>"---")),...i.map(a)].join(`
`)}function De(s,i){const a=Math.max(2,...[...i.matchAll(/`+/g)].map(f=>f[0].length)),d="`".repeat(a+1);return`${d}${s}
${i}
${d}`}function Fe(s,i){const a=s.flatMap(m=>Ce(m,2e3)),d=a.slice(0,i),f=a.length-d.length;return De("text",[...d,...f>0?[`(${f} more in the JSON report)`]:[]].join(`
`))}function he(s,i){return i===""?"":`<details><summary>${s}</summary>

${i}

</details>`}function He(s){return/^https:\/\/[\w.~/#%?=&+-]+$/.test(s)?`<${s}>`:V(s)}const q=256*1024;function Ge(s,i=q){if(Buffer.byteLength(s)<=i)return s;const a=s.split(`
`),d=[];let f=512,m="",v=0;for(const _ of a){if(f+=Buffer.byteLength(_)+1,f>i)break;d.push(_);const M=/^`{3,}/.exec(_)?.[0];m!==""?_===m&&(m=""):M?m=M:_.startsWith("<details>")?v+=1:_==="</details>"&&(v-=1)}for(m!==""&&d.push(m);v>0;v-=1)d.push("","</details>");const N=a.length-d.length;return d.push("",`_Cut here to fit: about ${Math.max(1,N)} more lines. The JSON report has everything._`,""),d.join(`
`)}const we=40;function ke(s){const i=F(s,200).replace(/[^\p{L}\p{N} .+/-]/gu," ").replace(/-{2,}/g,"-").replace(/ {2,}/g," ").trim();return i===""?"unnamed":pe(i,60)}function xe(s,i){const a=[];for(const d of s){const f=Math.max(1,Math.round(d.endedMs-d.startedMs));a.push(`  ${a.length+1} ${ke(d.title)} :${Math.round(d.startedMs)}, ${f}ms`);for(const m of i.filter(v=>v.stage===d.title))a.push(`  ${a.length+1} ${ke(m.text)} :milestone, ${Math.round(d.startedMs+m.atMs)}, 0ms`)}return a.length===0?"":De("mermaid",["gantt","  dateFormat x","  axisFormat %M:%S",...a.slice(0,we)].join(`
`))}const ee={pass:"\u2705",warn:"\u26A0\uFE0F",fail:"\u274C",error:"\u2754",skip:"\u2796"};function ze(s){return s.result==="failed"||s.failure?"\u274C":s.result==="planned"?"\u{1F4CB}":"\u2705"}function oe(s){const i=[`## ${ze(s)} ${V(s.headline)}`,Ke(s),s.failure?Ue(s.failure):"",`**Next:** ${V(s.next)}`,ne(s.checks.filter(a=>a.verdict!=="pass"&&a.verdict!=="skip")),Te(s),xe(s.stages,s.milestones),he("Facts",ge(["fact","value"],Object.entries(s.facts).map(([a,d])=>[z(a),z(d)]))),he("Where each value came from",ge(["value","is","from"],s.provenance.map(a=>[z(a.name),z(a.value),z(a.source)]))),he(`All checks: ${se(s.checks)}`,ne(s.checks)),he("Stages",ge(["stage","began","took"],s.stages.map(a=>[z(a.title),Se(a.startedMs),Se(a.endedMs-a.startedMs)])))];return Ge(`${i.filter(a=>a!=="").join(`

`)}
`)}function Ke(s){const i=s.host?`, host ${V(s.host)}`:"",a=`Node ${V(s.node)} of cluster ${V(s.cluster)}${i}`,d=s.plan.changes.length,f=`${s.applied.length} of ${d} planned ${d===1?"change":"changes"} carried out`,m=[s.dryRun?"dry run, nothing was changed":d===0?"nothing to change":f,...s.undone.length>0?[`${s.undone.length} undone`]:[],...s.restarted?["agent restarted"]:[],se(s.checks),`${Se(s.durationMs)} in all`];return`${a}: ${m.join(" \xB7 ")}.`}function Ue(s){const i=[["what",z(s.title)],["cause",z(s.cause)],["remedy",z(s.remedy)],["state",z(s.state)],["code",z(s.code)],...s.provenance?[["basis",de[s.provenance]]]:[],...s.link?[["read",He(s.link)]]:[]],a=s.evidence.length>0?`

**Evidence**

${Fe(s.evidence,30)}`:"";return`${ge(["","failure"],i)}${a}`}function ne(s){return ge(["","check","result","detail"],s.map(i=>[ee[i.verdict],z(i.id,80),z(i.found),[i.cause?z(i.cause):"",i.remedy?`\u2192 ${z(i.remedy)}`:""].filter(a=>a!=="").join("<br>")]))}function Te(s){const{plan:i}=s;if(i.changes.length===0&&i.blockers.length===0)return"";const a=(m,v)=>s.undone.includes(m)?"undone":s.applied.includes(m)?"done":v===void 0?"not done":`waits for ${z(v)}`,d=ge(["#","change","target","reason","disrupts","state"],i.changes.map((m,v)=>[String(v+1),m.kind,z(m.target),z(m.reason),m.disrupts?z(m.disrupts):"nothing",a(m.id,m.waitsFor)])),f=ne(i.blockers);return[`**Plan:** ${V(Ee(i))}`,d,f].filter(m=>m!=="").join(`

`)}var te=S(1916);const fe=["skip","pass","warn","fail","error"];function w(s,i){const a=i==="warn"?fe.indexOf("warn"):fe.indexOf("fail"),d=i==="never"?[]:s.filter(m=>fe.indexOf(m.verdict)>=a);return{worst:s.reduce((m,v)=>fe.indexOf(v.verdict)>fe.indexOf(m)?v.verdict:m,"skip"),fails:d.length>0,failing:d}}function $(s,i,a=[]){const d=[...new Set([...s.map(m=>m.id),...a])],f=new Set(i);return{checks:s.map(m=>f.has(m.id)&&m.verdict!=="pass"&&m.verdict!=="skip"?{...m,verdict:"skip",found:`ignored by ignore-checks (was ${m.verdict}): ${m.found}`}:m),unknown:[...f].filter(m=>!d.includes(m)).map(m=>{const v=u(m,d);return v===void 0?{id:m}:{id:m,nearest:v}})}}function u(s,i){const a=m=>m.slice(m.lastIndexOf(".")+1),f=i.map(m=>({candidate:m,far:Math.min((0,te.Io)(s,m),(0,te.Io)(s,a(m)))})).sort((m,v)=>m.far-v.far)[0];return f&&f.far<=Math.ceil(s.length/2)?f.candidate:void 0}}),3260:((Xe,Me,S)=>{S.d(Me,{es:()=>te,NH:()=>$});var G=S(7598),Y=S(3024),ae=S(6760);async function U(u,s,i){s.throwIfAborted();const a=new AbortController,{promise:d,resolve:f}=Promise.withResolvers(),m=()=>f("cancelled"),v=setTimeout(()=>f("late"),u);s.addEventListener("abort",m,{once:!0});const N=i(a.signal);N.catch(()=>{});try{const _=await Promise.race([N.then(M=>({value:M})),d]);if(_==="late")return{isLate:!0};if(_==="cancelled")throw s.reason;return{isLate:!1,value:_.value}}catch(_){throw s.aborted?s.reason:_}finally{clearTimeout(v),s.removeEventListener("abort",m),a.abort()}}class D extends Error{code;cause;remedy;evidence;constructor(s,i,a){super(i),this.name="RunnerError",this.code=s,this.cause=a.cause,this.remedy=a.remedy,this.evidence=a.evidence??[]}}function K(u){return new D("cancelled",`cancelled by ${u}`,{cause:"the workflow run was cancelled, or the runner is shutting down",remedy:"run it again: whatever was interrupted, the next run converges"})}const Le=10*6e4;function F(u,s=Le){return async(i,a)=>{a.throwIfAborted();const{downloadTool:d}=await Promise.all([S.e(752),S.e(955),S.e(58),S.e(805)]).then(S.bind(S,9805));try{const f=(0,ae.join)(u,`download-${(0,G.randomUUID)()}`),m=await U(s,a,()=>d(i,f));if(!m.isLate)return m.value;throw new D("download-failed",`${i} could not be downloaded to the runner`,{cause:`it was not complete after ${s/1e3} s: the connection is slow, or something in between holds it`,remedy:"check the runner\u2019s connection to this address (proxy, bandwidth), then run it again",evidence:[`${i}: stopped after ${s} ms`]})}catch(f){if(f instanceof D)throw f;if(a.aborted)throw a.reason;const m=f.httpStatusCode,v=f instanceof Error?f.message:String(f);throw new D("download-failed",`${i} could not be downloaded to the runner`,{cause:m===void 0?v:`the server answered ${m}`,remedy:m===404||m===410?"check the version: this file does not exist":"check that the runner reaches this address (proxy, firewall), then run it again",evidence:[v]})}}}function Ce(u){return{find(s,i,a){if(u==="")return;const d=(0,ae.join)(u,s,i,a);if(!(0,Y.existsSync)(`${d}.complete`))return;const[f,...m]=pe(d);return f?.isFile()&&m.length===0?(0,ae.join)(d,f.name):void 0},async add(s,i,a,d,f){if(u==="")return s;const{cacheFile:m}=await Promise.all([S.e(752),S.e(955),S.e(58),S.e(805)]).then(S.bind(S,9805));return(0,ae.join)(await m(s,i,a,d,f),i)}}}function pe(u){try{return(0,Y.readdirSync)(u,{withFileTypes:!0})}catch{return[]}}var ce=S(3053),W=S(8161);const Se=2e3;function le(u){return async(s,i,a)=>{u.throwIfAborted();const{exec:d}=await S.e(955).then(S.bind(S,1955));let f;const m=()=>{f?.kill("SIGTERM"),setTimeout(()=>f?.exitCode===null&&f.kill("SIGKILL"),Se).unref()},v=N=>{const _=N.process;queueMicrotask(()=>{f||!_||!Oe(_,i)||(f=_,_.stdin?.on("error",()=>{}),u.aborted&&m())})};(0,ce.subscribe)("child_process",v),u.addEventListener("abort",m);try{return await d(me(s),[...i],{input:a.input,env:{...a.env},silent:!0,ignoreReturnCode:!0,listeners:{stdout:a.onStdout,stderr:a.onStderr}})??128+(f?.signalCode?W.constants.signals[f.signalCode]:0)}catch(N){const _=N instanceof Error?N.message:String(N);throw new D("program-not-found",`${s} could not be started on the runner`,{cause:_,remedy:`install ${s} on the runner, or use another transport`})}finally{(0,ce.unsubscribe)("child_process",v),u.removeEventListener("abort",m)}}}function Oe(u,s){const i=u.spawnargs?.slice(1)??[];return i.length===s.length&&i.every((a,d)=>a===s[d])}function me(u){return`"${u.replaceAll('"','\\"')}"`}const Pe=new Set("true false yes no on off null none undefined default auto root admin user node nodes server agent token password secret host local localhost cluster plan apply fast deep ssh fail warn never pass skip error kube kubernetes linux amd64 arm64 main master latest 0.0.0.0 127.0.0.1 6443 10250 https:// http://".split(" ")),ve=4,je=6;function _e(u){return u.trim().length<ve||Pe.has(u.trim().toLowerCase())?!1:!/^-----(BEGIN|END) [A-Z0-9 ]+-----$/.test(u.trim())}function Re(u){const s=Buffer.from(u,"utf8");return[0,1,2].map(i=>{const a=Buffer.concat([Buffer.alloc(i),s]).toString("base64").replace(/=+$/,""),d=(i+s.length)*8;return a.slice(i===0?0:i+1,Math.floor(d/6))})}function se(u){const s=encodeURIComponent(u.toWellFormed()),i=Re(u),a=Buffer.from(u,"utf8").toString("base64");return[JSON.stringify(u).slice(1,-1),JSON.stringify(JSON.stringify(u)).slice(3,-3),s,s.replace(/%[0-9A-F]{2}/g,d=>d.toLowerCase()),s.replaceAll("%20","+"),u.replaceAll("'","'\\''"),a,...i,a.replaceAll("+","-").replaceAll("/","_"),...i.map(d=>d.replaceAll("+","-").replaceAll("/","_"))]}function Ee(u){const s=u.trim();if(!_e(s))return[];const i=s.split(/\r\n|[\n\r]/),a=new Set;i.length===1&&a.add(s);for(const d of i)i.length>1&&_e(d)&&a.add(d.trim());for(const d of new Set([u,s]))for(const f of se(d))f.length>=je&&_e(f)&&!/[\r\n]/.test(f)&&a.add(f);return[...a]}const Z=2e3,Be=/\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\^_]?)/g,de=/[\p{Cf}\p{Cs}\u115F\u1160\u3164\uFFA0]|\u034F|\u17B4|\u17B5/gu,Ae=/\r\n|[\n\r\u000B\u000C\u0085\u2028\u2029]/;function re(u){return u.replace(Be,"").split(Ae).map(V)}function $e(u){return V(u.replace(Be,"").split(Ae).join(" "))}function V(u){const s=u.replace(de,"").replaceAll("	","  ").replace(new RegExp("\\p{Cc}","gu"),""),i=s.length>Z?Array.from(s):[];return(i.length>Z?`${i.slice(0,Z).join("")} \u2026 (${i.length-Z} more characters)`:s).replace(/^(\s*)(?=[\uFE00-\uFE0F]*:[\uFE00-\uFE0F]*:)/u,"$1\xB7 ").replace(/#([\uFE00-\uFE0F]*)#(?=[\uFE00-\uFE0F]*\[)/gu,"#$1 #")}const z=/(?<=K10)[0-9a-f]{64}(?:::|%3A%3A)[^\s"'<>]*/gi,ge=/(?<=(?<![A-Za-z0-9.])[a-z0-9]{6}\.)(?:[a-z0-9]{16}(?![A-Za-z0-9])|[a-z0-9]+(?=…))/g,De=/token|bearer|authorization|credential/i,Fe=/(?<=(?:TOKEN|PASSWORD|--(?:agent-)?token)=)(?:"[^"\r\n]+"|'[^'\r\n]+'|[^\s"']+)/g;function he(u,s){return[...u.matchAll(s)].map(i=>[i.index,i.index+i[0].length])}function He(u){return[...u.matchAll(/[^\r\n]+/g)].flatMap(({0:s,index:i})=>{const a=s.search(De);return a<0?[]:he(s,ge).filter(([d])=>d>a).map(([d,f])=>[i+d,i+f])})}function q(u,s){const i=[];for(const a of s)for(let d=u.indexOf(a);d>=0;d=u.indexOf(a,d+1))i.push([d,d+a.length]);return i}function Ge(u,s){const i=[...q(u,s),...he(u,z),...he(u,Fe),...He(u)].sort((f,m)=>f[0]-m[0]);let a="",d=0;for(const[f,m]of i)(f>d||d===0&&a==="")&&(a+=`${u.slice(d,f)}***`),d=Math.max(d,m);return a+u.slice(d)}const we=3e4;function ke(u,s=we){return{async release(i,a,d,f){f.throwIfAborted();const m=await ee(u()),v=`release ${d} of ${i}/${a}`;try{const N=await U(s,f,Q=>Promise.all([m.rest.repos.getReleaseByTag({owner:i,repo:a,tag:d,request:{signal:Q}}),m.rest.repos.getCommit({owner:i,repo:a,ref:`tags/${d}`,headers:{accept:"application/vnd.github.sha"},request:{signal:Q}})]));if(N.isLate)throw xe(v,s);const[_,M]=N.value,E=_.data.assets.map(ze),I=M.data;return{assets:E,commit:typeof I=="string"?I.trim():M.data.sha}}catch(N){throw f.aborted?f.reason:N instanceof D?N:oe(N,v,u()!=="")}}}}function xe(u,s){return new D("github-unreachable",`${u} could not be read: GitHub gave no answer`,{cause:`there was no complete answer within ${s/1e3} s: something between the runner and GitHub holds the connection, or GitHub has a problem`,remedy:"look at www.githubstatus.com and at the runner\u2019s proxy, then run it again",evidence:[`GitHub: no complete answer in ${s} ms`]})}async function ee(u){if(u!=="")return(await Promise.all([S.e(752),S.e(665),S.e(351)]).then(S.bind(S,1351))).getOctokit(u);const{GitHub:s}=await Promise.all([S.e(752),S.e(665)]).then(S.bind(S,8665));return new s}function ze(u){const s={name:u.name,url:u.browser_download_url,sizeBytes:u.size};return u.digest?{...s,digest:u.digest}:s}function oe(u,s,i){const{status:a,message:d=String(u),response:f}=u,m=f?.headers??{},v=[`GitHub: ${a===void 0?"":`${a} `}${d}`];return a===void 0||a===500&&f===void 0?new D("github-unreachable",`${s} could not be read: GitHub cannot be reached from the runner`,{cause:d,remedy:"check the runner\u2019s internet access or proxy, then run it again",evidence:v}):a===429||a===403&&String(m["x-ratelimit-remaining"])==="0"||m["retry-after"]!==void 0?new D("rate-limited",`${s} could not be read: GitHub\u2019s rate limit is used up`,{cause:`${i?"the token":"the runner\u2019s address, without a token,"} has no requests left${Ke(m)}`,remedy:i?"run it again after that time":"give the input github-token (${{ github.token }} is enough), or wait",evidence:v}):a===404||a===422?new D("release-not-found",`${s} does not exist`,{cause:"there is no such release or tag, or the repository is private",remedy:"check the version: it must be spelled exactly as the release is",evidence:v}):new D("github-refused",`${s} could not be read: GitHub answered ${a}`,{cause:a===401?"the github-token is not valid":d,remedy:a>=500?"run it again later; see www.githubstatus.com":"give a github-token that may read public repositories, or none",evidence:v})}function Ke(u){const s=Number(u["x-ratelimit-reset"]);if(Number.isFinite(s)&&s>0&&s<864e10)return` until ${new Date(s*1e3).toISOString()}`;const i=Number(u["retry-after"]);return Number.isFinite(i)&&i>0?` for ${i} s`:""}const Ue={workflow_dispatch:"by the button",schedule:"by the clock",push:"by a push",pull_request:"by a pull request",repository_dispatch:"by an API call",workflow_run:"by another workflow",release:"by a release"};function ne(u){const s=u.GITHUB_RUN_NUMBER;if(!s)return"";const i=Number(u.GITHUB_RUN_ATTEMPT??"1"),a=u.GITHUB_EVENT_NAME??"",d=a===""?"":` \xB7 started ${Ue[a]??`by ${a}`}`;return $e(`run ${s}${i>1?`, attempt ${i}`:""}${d}`)}function Te(u){const s=/^(INPUT_|STATE_|ACTIONS_.*(TOKEN|URL)$|GITHUB_TOKEN$|GH_TOKEN$)/;return Object.fromEntries(Object.entries(u).filter(i=>i[1]!==void 0&&!s.test(i[0])))}function te(u,s=process.env){delete s[`INPUT_${u.replaceAll(" ","_").toUpperCase()}`]}function fe(u){const s=new AbortController;for(const i of["SIGINT","SIGTERM"])u.on(i,()=>s.abort(K(i)));return s.signal}function w(u,s,i){const a=new Set,d=E=>Ge(E,a),f=E=>re(d(E)).map(d),m=E=>d($e(d(E))),v=E=>f(E).join(`
`).slice(0,4e3),N=E=>{for(const I of Ee(E))a.has(I)||(a.add(I),u.setSecret(I))},_=u.getInput("github-token");N(_);const M=s.RUNNER_TEMP||"/tmp";return{input:E=>u.getInput(E),workspace:s.GITHUB_WORKSPACE||process.cwd(),temporaryDirectory:M,environment:Te(s),signal:i,runLabel:ne(s),isDebug:u.isDebug(),mask:N,redact:d,output:(E,I)=>u.setOutput(E,I),saveState:(E,I)=>u.saveState(E,I),state:E=>u.getState(E),line(E=""){for(const I of f(E))u.info(I)},debug(E){for(const I of f(E))u.debug(I)},details(E,I){u.startGroup(m(E));for(const Q of I)for(const ye of f(Q))u.info(ye);u.endGroup()},errorAnnotation(E,I){u.error(v(I),{title:m(E)})},warningAnnotation(E,I){u.warning(v(I),{title:m(E)})},async summary(E){if(s.GITHUB_STEP_SUMMARY)try{await u.summary.addRaw(E,!E.endsWith(`
`)).write()}catch(I){u.warning(v(I instanceof Error?I.message:String(I)),{title:"The summary could not be written"})}},exec:le(i),releases:ke(()=>_),download:F(M),toolCache:Ce(s.RUNNER_TOOL_CACHE??"")}}async function $(u=process.env){const s=await Promise.all([S.e(752),S.e(955),S.e(58)]).then(S.bind(S,6058));return w(s,u,fe(process))}})};export{Ot as id,_t as ids,Rt as modules};
