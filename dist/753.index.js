const ht=753,ft=[753],pt={2851:((We,Fe,_)=>{_.d(Fe,{_:()=>z,r:()=>de});const X={tokenId:"token-id",kubeconfig:"kubeconfig",context:"context"};function z(K,ne){K.saveState(X.kubeconfig,ne.kubeconfig),K.saveState(X.context,ne.context),K.saveState(X.tokenId,ne.tokenId)}function de(K){const ne=K.state(X.tokenId);if(ne!=="")return{tokenId:ne,kubeconfig:K.state(X.kubeconfig),context:K.state(X.context)}}}),4898:((We,Fe,_)=>{_.d(Fe,{hk:()=>X,k3:()=>A,zF:()=>re,C5:()=>ve,uT:()=>N,bj:()=>ye,Jp:()=>Te,vM:()=>de,uL:()=>q,mj:()=>W,E4:()=>ue,mq:()=>we,Xy:()=>ee,QY:()=>z,o6:()=>oe,R:()=>H,UY:()=>Be});const X={desired:"k3s-gpu-actions/desired",ownedLabels:"k3s-gpu-actions/owned-labels",ownedTaints:"k3s-gpu-actions/owned-taints"};function z(l){return(l??"").split(",").filter(u=>u!=="")}function de(l){return[...new Set(l)].sort().join(",")}var K=_(7598);const ne=["kubelet.kubernetes.io","node.kubernetes.io"],_e=new Set(["beta.kubernetes.io/arch","beta.kubernetes.io/instance-type","beta.kubernetes.io/os","failure-domain.beta.kubernetes.io/region","failure-domain.beta.kubernetes.io/zone","kubernetes.io/arch","kubernetes.io/hostname","kubernetes.io/os","node.kubernetes.io/instance-type","topology.kubernetes.io/region","topology.kubernetes.io/zone"]);function ue(l){const[u]=l.split("/");return!l.includes("/")||!u||!["kubernetes.io","k8s.io"].some(R=>u===R||u.endsWith(`.${R}`))||_e.has(l)?!1:!ne.some(R=>u===R||u.endsWith(`.${R}`))}const H=l=>`${l.key}:${l.effect}`,Oe=(l,u)=>H(l)===H(u)&&(l.value??"")===(u.value??"");function ee(l,u){const w=u?.labels??{},R={};for(const[h,k]of Object.entries(l.labels))w[h]!==k&&(R[h]=k);for(const h of z(u?.annotations[X.ownedLabels]))!(h in l.labels)&&h in w&&(R[h]=null);const v=u?.taints??[],E=l.taints.filter(h=>!v.some(k=>Oe(k,h))),x=new Set(z(u?.annotations[X.ownedTaints])),o=new Set(l.taints.map(H)),p=v.filter(h=>x.has(H(h))&&!o.has(H(h)));return{labels:R,addTaints:E,removeTaints:p}}function q(l){return Object.keys(l.labels).length+l.addTaints.length+l.removeTaints.length>0}function we(l,u){const w=new Set([...u.removeTaints,...u.addTaints].map(H));return[...l.filter(R=>!w.has(H(R))),...u.addTaints]}const Re=4e4;function ke(l){return Array.isArray(l)?l.map(ke):l===null||typeof l!="object"?l:Object.fromEntries(Object.entries(l).sort(([u],[w])=>u<w?-1:u>w?1:0).map(([u,w])=>[u,ke(w)]))}function ye(l,u,w){const R={server:u,version:w,distribution:l.distribution,labels:l.labels,taints:l.taints.map(v=>`${v.key}=${v.value??""}:${v.effect}`).sort(),nodeIp:l.nodeIp??"",nodeExternalIp:l.nodeExternalIp??"",extraConfig:l.extraConfig};return`sha256:${(0,K.createHash)("sha256").update(JSON.stringify(ke(R))).digest("hex")}`}function ve(l,u,w,R){const{node:v,leaseRenewedAtMs:E}=R;if(!v)return{isAsDesired:!1,differences:[`${l.node} is not a node yet`]};const x=E===void 0?void 0:Math.max(0,R.serverTimeMs-E),o=[],p=v.annotations[X.desired];return p===void 0?o.push("it has not been brought under this project yet (no record of a complete run)"):p!==ye(l,u,w)&&o.push("the desired state has changed since the last complete run"),v.kubeletVersion!==w&&o.push(`version ${v.kubeletVersion}, wanted ${w}`),q(ee(l,v))&&o.push("labels or taints differ"),v.ready!=="True"&&o.push(`Ready is ${v.ready}`),x===void 0?o.push("it has no heartbeat (no Lease)"):x>Re&&o.push(`last heartbeat ${Math.round(x/1e3)} s ago`),{isAsDesired:o.length===0,differences:o,...x===void 0?{}:{heartbeatAgeMs:x}}}var xe=_(7030);const te=new xe.BlockList;for(const[l,u]of[["10.0.0.0",8],["172.16.0.0",12],["192.168.0.0",16],["100.64.0.0",10],["169.254.0.0",16],["127.0.0.0",8]])te.addSubnet(l,u,"ipv4");te.addSubnet("fc00::",7,"ipv6"),te.addSubnet("fe80::",10,"ipv6");function me(l){const u=(0,xe.isIP)(l);return u!==0&&te.check(l,u===4?"ipv4":"ipv6")}function Ne(l){const u="Can pods on this host and pods on the servers reach each other?",{desired:w,nodes:R,facts:v}=l,E=w.nodeExternalIp??w.nodeIp??v.defaultRoute?.source??v.addresses[0]??w.access.address,x=R.filter(h=>h.isServer).flatMap(h=>[...h.externalIps,...h.internalIps]),o=x.filter(h=>(0,xe.isIP)(h)!==0&&!me(h));if(!me(E)||o.length===0)return{id:"cluster.topology",verdict:"pass",question:u,found:`${E||"unknown address"} beside ${x.join(", ")||"no known server address"}`};const p=`${E} is private, the servers are public (${o.join(", ")}): pods here will not reach pods there`;return w.podNetwork==="isolated"?{id:"cluster.topology",verdict:"pass",question:u,found:`${p} (declared: pod-network isolated)`}:{id:"cluster.topology",verdict:"warn",question:u,found:p,cause:"the overlay network sends packets straight to node addresses; through NAT they do not arrive",remedy:"declare `pod-network: isolated` in the cluster file when host-level tunnels are enough; otherwise use a WireGuard or Tailscale overlay (docs: networking/distributed-multicloud)"}}const $e=3e4,Ie=2*1024**3,ce=1e4;function se(l,u,w,R,v){return w?{id:l,verdict:"pass",question:u,found:R}:{id:l,verdict:v.verdict??"fail",question:u,found:R,cause:v.cause,remedy:v.remedy}}function He(l){const{state:u,problem:w}=l.privilege,R={root:"logged in as root",passwordless:"sudo without a password",password:"sudo with the password given",none:w||"no sudo"}[u];return se("host.sudo",`May ${l.user||"the user"} become root?`,u!=="none",R,{cause:"installing a unit and its files needs root",remedy:`give \`sudo-password\`, or let the user become root without one: echo '${l.user||"USER"} ALL=(ALL) NOPASSWD: ALL' | sudo tee /etc/sudoers.d/k3s-gpu-actions`})}function Me(l){const{facts:u,reading:w,readAtRunnerMs:R}=l,v=u.clock.hostMs-u.clock.runnerMs,E=w.serverTimeMs-R,x=Math.round(v-E),o=Math.round(Math.abs(x)/1e3);return se("host.clock","Is the clock of the host within 30 s of the API server?",Math.abs(x)<=$e,o<=1?"same second":`${o} s ${x>0?"ahead":"behind"}`,{cause:"certificates are not valid from the host's point of view",remedy:"sudo timedatectl set-ntp true"})}function be(l){return l.disks.map(u=>{const w=(u.availableBytes/1073741824).toFixed(1);return se(`host.disk.${u.path.replace(/^\//,"").replaceAll("/","-")||"root"}`,`Is there room below ${u.path}?`,u.availableBytes>=Ie&&(u.availableInodes===0||u.availableInodes>=ce),`${w} GiB and ${u.availableInodes} inodes free`,{cause:"images and logs fill what is left, and the kubelet then evicts pods",remedy:`free at least 2 GiB and ${ce} inodes below ${u.path}`})})}function Ce(l,u){if(!l)return"nobody";const w=(R,v)=>R!==""&&R.toLowerCase()===v.toLowerCase();return w(l.systemUuid,u.systemUuid)||w(l.machineId,u.machineId)?"this-machine":l.systemUuid!==""&&u.systemUuid!==""?"another-machine":"unknown-machine"}function Le(l){const{node:u,leaseRenewedAtMs:w,serverTimeMs:R}=l.reading;return u?.ready==="True"&&w!==void 0&&R-w<=Re}function ae(l){const{desired:u,facts:w,reading:R,consent:v}=l,E=`Is the name ${u.node} free, or this machine's own?`,x=Ce(R.node,w);if(x==="nobody")return{id:"cluster.name",verdict:"pass",question:E,found:"free"};if(x==="this-machine")return{id:"cluster.name",verdict:"pass",question:E,found:"this machine is the node"};const o=R.node,p=[`node: system UUID ${o.systemUuid||"unknown"}, ${o.internalIps.join(", ")||"no address"}, ${o.osImage}`,`host: system UUID ${w.systemUuid||"unknown"}, ${w.addresses.join(", ")||u.access.address}, ${w.os.prettyName}`];if(Le(l))return{id:"cluster.name",verdict:x==="another-machine"?"fail":"warn",question:E,found:x==="another-machine"?"a live machine with another identity owns it":"a live node owns it, and its identity cannot be compared",cause:"two machines cannot share a name",remedy:"give this machine another `node` name",evidence:p};const h=v.replaceNode===u.node;return{id:"cluster.name",verdict:h?"warn":"fail",question:E,found:`a node that is no longer alive owns it${h?"; it will be replaced as confirmed":""}`,cause:"the node was joined from another machine or another installation",remedy:`press the button again with replace-node = ${u.node}, or give this machine another name`,evidence:p}}function V(l){return l.gpu.processes.filter(u=>u.owner!=="pod")}function le(l){const{facts:u,desired:w}=l,R="Which GPUs does the host have, and who uses them?";if(u.gpu.pciDevices===0&&u.gpu.devices.length===0)return w.gpu?{id:"host.gpu",verdict:"warn",question:R,found:"no NVIDIA GPU",cause:"the cluster file expects one",remedy:"check the card, or remove `gpu` from the node"}:{id:"host.gpu",verdict:"skip",question:R,found:"no NVIDIA GPU"};if(u.gpu.devices.length===0)return{id:"host.gpu",verdict:"warn",question:R,found:`${u.gpu.pciDevices} NVIDIA device(s) on the bus, but no driver answers`,cause:u.gpu.problem||"nvidia-smi is not installed",remedy:"install or repair the driver; the join itself does not need it"};const v=V(u),E=u.gpu.devices.map(o=>o.name).join(", ");if(v.length===0)return{id:"host.gpu",verdict:"pass",question:R,found:`${u.gpu.devices.length} \xD7 ${E}`};const x=v.map(o=>`${o.name} (pid ${o.pid}, ${o.ownerDetail||o.owner})`).join(", ");return{id:"host.gpu",verdict:"warn",question:R,found:`${x} ${v.length===1?"is":"are"} using the GPU`,cause:"a restart or a daemon-reload can take the GPU from running containers",remedy:"nothing to do: no change that could disturb it is made unless `allow-gpu-disruption` says so"}}function W(l){const{facts:u}=l;return[He(u),se("host.architecture","Is the processor architecture supported?",["amd64","arm64"].includes(u.architecture),u.architecture||"unknown",{cause:"programs are fetched and checked for amd64 and arm64 only",remedy:"use a 64-bit x86 or Arm machine"}),se("host.init","Is systemd the init system?",u.init==="systemd",u.init,{cause:"units are written for systemd",remedy:"use a host with systemd; OpenRC is not supported in this version"}),se("host.cgroup","Is the memory cgroup controller there?",u.cgroup.version===0||u.cgroup.hasMemoryController,u.cgroup.version===0?"unknown":`cgroup v${u.cgroup.version}`,{cause:"the kubelet cannot limit memory without it and stops",remedy:"add `cgroup_enable=memory cgroup_memory=1` to the kernel command line and reboot"}),Me(l),...be(u),se("host.route","Is there a default route?",u.defaultRoute!==void 0,u.defaultRoute?`via ${u.defaultRoute.via||u.defaultRoute.device}`:"none",{verdict:"warn",cause:"the node address is chosen by the default route",remedy:"give `node-ip`, or add a route"}),ae(l),Ne(l),le(l)]}var he=_(1771);const re={deleteNode:"delete-node",label:"label-node",taint:"taint-node",record:"record-desired"};function Ue(l,u){const{desired:w,server:R,version:v,reading:E}=l,x=ee(w,E.node),o=[],p=Object.entries(x.labels).map(([P,Y])=>Y===null?`${P}-`:`${P}=${Y}`);p.length>0&&o.push({id:re.label,kind:"label",target:p.join(", "),reason:E.node?"the node differs from the cluster file and inputs":"wanted on the new node",undo:"not needed: labels disturb nothing, and the next run sets them again"});const h=[...x.addTaints.map(he.eh),...x.removeTaints.map(P=>`${(0,he.eh)(P)}-`)];h.length>0&&o.push({id:re.taint,kind:"taint",target:h.join(", "),reason:E.node?"the node differs from the cluster file and inputs":"keeps other pods away from the new node from its first second",...x.addTaints.some(P=>P.effect==="NoExecute")?{disrupts:"evicts pods that do not tolerate it"}:{},undo:"not needed: the next run converges"});const k=ye(w,R,v),b=E.node?.annotations[X.desired],g=E.node?.annotations[X.ownedLabels]!==void 0||E.node?.annotations[X.ownedTaints]!==void 0;return b!==k&&!(u&&g)&&o.push({id:re.record,kind:"annotate",target:u?"labels and taints of this project as owned":"desired state, owned labels and taints",reason:u?"so that they can be changed and removed later":"lets the next run see that nothing is to be done",undo:"not needed: a hint only"}),o}function je(l){const{reading:u,facts:w,consent:R,desired:v}=l,E=Ce(u.node,w);return!u.node||R.replaceNode!==v.node||E==="this-machine"||E==="nobody"?[]:[{id:re.deleteNode,kind:"delete",target:`node ${v.node} (uid ${u.node.uid})`,reason:"confirmed by replace-node: it is no longer alive and belongs to another installation",disrupts:"forgets the pods that were bound to it",undo:"none: a deleted node comes back only by joining again"}]}function Se(l,u){const w=V(l.facts),R=u.filter(v=>["restart","reload"].includes(v.kind)&&!v.waitsFor);return w.length===0||R.length===0||l.consent.allowGpuDisruption?[]:[{id:"plan.gpu-in-use",verdict:"fail",question:"May the plan disturb processes that use the GPU outside the cluster?",found:`${w.map(v=>`${v.name} (pid ${v.pid}, ${v.ownerDetail||v.owner})`).join(", ")} would see: ${R.map(v=>`${v.kind} ${v.target}`).join(", ")}`,cause:"a daemon-reload or restart can take the GPU from running containers (NVIDIA/nvidia-container-toolkit#48)",remedy:"press the button again with allow-gpu-disruption when that is acceptable, or stop the process first"}]}function oe(l,u,w){const R=u.some(x=>x.waitsFor!==void 0),v=[...je(l),...u,...Ue(l,R)],E=[...w,...Se(l,v)];return{changes:v,blockers:E}}function Te(l){return l.changes.filter(u=>u.waitsFor===void 0)}function Be(l){const u=Object.values(re);return Te(l).some(w=>!u.includes(w.id))}const Ge=400,y=500;function T(l,u){const w=l.leaseRenewedAtMs!==void 0&&l.leaseRenewedAtMs>(u.leaseBeforeMs??0);return l.unit?.activeState==="active"&&l.node?.ready==="True"&&l.node.kubeletVersion===u.version&&w}async function A(l,u,w){const R=u.now(),v=new AbortController,E=AbortSignal.any([w,v.signal]);let x={journal:[]};const o=()=>u.now()-R;let p=()=>{},h=()=>{};const k=new Promise((j,Z)=>{p=j,h=Z}),b=()=>{if(T(x,l)&&x.node)return p({type:"ready",node:x.node,state:x,elapsedMs:o()});const j=u.judge(x,o());if(j!==void 0)return p({type:"hopeless",reason:j,state:x,elapsedMs:o()});o()>=l.timeoutMs&&p({type:"deadline",state:x,elapsedMs:o()})},g=j=>{if(j.type==="journal")x={...x,journal:[...x.journal.slice(1-Ge),j.text]};else{const Z=j.activeState==="active"?x.activeAtMs??o():void 0;x={...x,unit:j,...Z===void 0?{activeAtMs:void 0}:{activeAtMs:Z}}}u.onEvent?.(j,o()),b()},P=setInterval(b,y),Y=()=>h(w.reason);w.addEventListener("abort",Y,{once:!0});const U=[u.follow(g,E),u.cluster.watch(l.node,j=>{j.type==="node"?(x={...x,node:j.node},u.onNode?.(j.node,o())):j.type==="gone"?x={...x,node:void 0}:x={...x,leaseRenewedAtMs:j.renewedAtMs},b()},E)].map(j=>j.then(()=>{E.aborted||h(new Error("a watch ended before the node was ready"))},Z=>{E.aborted||h(Z)}));try{return w.throwIfAborted(),await k}finally{clearInterval(P),w.removeEventListener("abort",Y),v.abort(new Error("the wait is over")),await Promise.all(U)}}function N(l,u,w,R){const v=[],E=(o,p,h,k,b)=>{v.push({id:o,verdict:h?"pass":"fail",question:p,found:k,...h?{}:{cause:"it was so a moment ago, or was never brought about",remedy:b}})};if(R!==void 0&&E("confirm.unit","Is the unit active?",R==="active",R,"look at its journal on the host"),E("confirm.ready","Is the node Ready?",w?.ready==="True",w?`Ready=${w.ready} ${w.readyMessage}`.trim():"no such node","press the button again; the plan says what is missing"),!w)return v;E("confirm.version","Does the node run the wanted version?",w.kubeletVersion===u,w.kubeletVersion,"restart the agent: the program on disk is not the one that runs");const x=ee(l,w);return E("confirm.metadata","Are labels and taints as wanted?",!q(x),q(x)?[...Object.keys(x.labels),...x.addTaints.map(he.eh),...x.removeTaints.map(he.eh)].join(", "):"as wanted","something else changes them: look at managedFields of the node"),v}}),5509:((We,Fe,_)=>{_.d(Fe,{SU:()=>ct});var X=_(8815),z=_(4898),de=_(1771);function K(t){const n=Object.entries(t.labels).filter(([i])=>!(0,z.E4)(i)).map(([i,d])=>`${i}=${d}`).sort(),s=t.taints.map(de.eh).sort(),e={"node-name":t.node,...t.nodeIp?{"node-ip":t.nodeIp}:{},...t.nodeExternalIp?{"node-external-ip":t.nodeExternalIp}:{},...Object.fromEntries(Object.entries(t.extraConfig).sort(([i],[d])=>i<d?-1:1)),...n.length>0?{"node-label+":n}:{},...s.length>0?{"node-taint+":s}:{}},r=new X.yo(e);return r.commentBefore=" Written by k3s-gpu-actions; edits are overwritten by its next run.",r.toString({lineWidth:0})}function ne(t){const n=[];let s=!1;for(const e of t.split(`
`))/^\S/.test(e)&&(s=/^"?node-(label|taint)\+"?:/.test(e)),!s&&!e.startsWith("#")&&e.trim()!==""&&n.push(e);return n.join(`
`)}var _e=_(7030),ue=_(7598);const H=/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;function Oe(t){try{const n=(t.match(H)??[]).map(s=>new ue.X509Certificate(s));if(n.length>0)return n}catch{}throw new RangeError("no readable PEM certificate in the CA bundle")}function ee(t){const n=t[0]??0;let s=t[1]??0,e=2;if(s>128){const r=s&127;s=t.readUIntBE(2,r),e+=r}return{tag:n,content:t.subarray(e,e+s),rest:t.subarray(e+s)}}function q(t){const n=[];for(let s=t;s.length>1;){const e=ee(s);n.push(e),s=e.rest}return n}const we=Buffer.from("551d0e","hex"),Re=Buffer.from("551d23","hex");function ke(t,n){const s=q(ee(t.raw).content)[0],e=q(s?.content??Buffer.alloc(0)).find(r=>r.tag===163);if(e!==void 0)for(const r of q(ee(e.content).content)){const[i,...d]=q(r.content);if(i?.content.equals(n))return d.at(-1)?.content}}function ye(t){const n=ke(t,Re),s=n&&q(ee(n).content).find(r=>r.tag===128)?.content;if(s===void 0)return!0;const e=ke(t,we);return e!==void 0&&ee(e).content.equals(s)}function ve(t){const[n,...s]=t,e=(r,i)=>{if(s.some(d=>ye(d)&&d.raw.equals(r.raw)))return r;for(const d of i){if(!r.checkIssued(d)||!r.verify(d.publicKey))continue;if(ye(d))return d;const m=e(d,i.filter(S=>S!==d));if(m!==void 0)return m}};return n&&e(n,s)}function xe(t){return(0,ue.createHash)("sha256").update(t).digest("hex")}function te(t){const n=Oe(t),s=n.length>1?ve(n):void 0;return xe(s?.raw??t)}function me(t,n){if(te(t)===te(n))return!0;const s=new Set(Oe(n).map(e=>e.fingerprint256));return Oe(t).every(e=>s.has(e.fingerprint256))}const Ne=/^[a-z0-9]{6}\.[a-z0-9]{16}$/,$e="abcdefghijklmnopqrstuvwxyz0123456789";function Ie(t){return t===""?{}:{caHash:t}}function ce(t){const n=t.trim();if(n==="")return{kind:"none",credential:""};if(Ne.test(n))return{kind:"bootstrap",credential:n};const s=/^K10([0-9a-f]{64})?::([\s\S]+)$/.exec(n);if(s===null)return{kind:"short",credential:n};const[,e="",r=""]=s;if(Ne.test(r))return{kind:"bootstrap",credential:r,...Ie(e)};const i=r.indexOf(":"),d=r.slice(0,Math.max(i,0)),m=r.slice(i+1);return i<0||m===""?{kind:"short",credential:n}:{kind:d==="server"?"server":d==="node"?"agent":"short",credential:m,...Ie(e)}}function se(t,n,s){if(!/^[0-9a-f]{64}$/.test(t))throw new RangeError("a CA hash has 64 lower-case hexadecimal digits");if(!Ne.test(`${n}.${s}`))throw new RangeError("a bootstrap token is 6 and 16 characters [a-z0-9]");return`K10${t}::${n}.${s}`}function He(t){return t.kind==="bootstrap"?`Bearer ${t.credential}`:`Basic ${Buffer.from(`node:${t.credential}`).toString("base64")}`}function Me(t,n){let s="";for(;s.length<t;)for(const e of n(t))e<252&&s.length<t&&(s+=$e[e%36]);return s}function be(t=ue.randomBytes){return Me(6,t)}function Ce(t=ue.randomBytes){return Me(16,t)}class Le extends Error{name="GivenTokenError";code;cause;remedy;evidence=[];constructor(n,s,e,r){super(s),this.code=n,this.cause=e,this.remedy=r}}const ae="leave `token` out: a bootstrap token is minted through the API and deleted at the end";function V(t,n,s){const e=ce(t),r=te(n);if(e.caHash!==void 0&&e.caHash!==r)throw new Le("token-of-another-cluster","the given token belongs to another cluster, or to this one before its CA was changed",`it pins the CA ${e.caHash.slice(0,12)}\u2026, the kubeconfig's CA is ${r.slice(0,12)}\u2026`,ae);if(e.kind==="short")throw new Le("token-without-ca","the given token pins no certificate authority","without the K10 prefix an agent believes whatever server answers",ae);if((e.kind==="server"||e.kind==="agent")&&!s.allowServerToken)throw new Le("server-token-refused",`the given token is the ${e.kind}'s own, long-lived one`,e.kind==="server"?"whoever reads it on the node owns the cluster":"whoever reads it on the node can join machines for ever",`${ae}; or set allow-server-token when you mean it`);if(e.kind==="bootstrap"&&e.caHash===void 0){const[i="",d=""]=t.trim().split(".");return{id:i,text:se(r,i,d)}}return{id:"given",text:t.trim()}}var le=_(8500);class W extends Error{name="HostHttpsFault";kind;remedy;constructor(n,s,e){super(s),this.kind=n,this.remedy=e}get isPassing(){return this.kind==="connect"||this.kind==="timeout"}}const he=5;function re(t){return typeof t=="object"&&t!==null&&"code"in t?String(t.code):""}function Ue(t){return typeof t=="object"&&t!==null&&"message"in t?String(t.message):String(t)}function je(t){return t.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g," ").trim().slice(0,300)}function Se(t){const n=re(t),s=Ue(t);return je(n===""||s.includes(n)?s:`${n} ${s}`)}function oe(t,n){return`${(0,_e.isIP)(t)===6?`[${t}]`:t}:${n}`}function Te(t,n){const s="another service listens there, or a proxy is in between";switch(t){case"name":return["does not resolve on the host","the host has no DNS answer for that name","use an IP address as `server`, or mend DNS on the host"];case"authority":return["shows a certificate of another authority","another server answers at that address, or something in between opens TLS","compare `server` with the kubeconfig; if the CA was changed, fetch the kubeconfig again"];case"identity":return["shows a certificate for other names","the server certificate is not issued for that address",`use an address the certificate names, or add ${n} to tls-san of the k3s server`];case"tls":return["does not speak TLS as a k3s server does",s,"check host and port of `server`"];case"protocol":return["does not answer as a k3s server does",s,"check host and port of `server`"]}}function Be(t,n){const{port:s,runnerReaches:e}=t;return["cannot be reached from the host",`port ${s}/tcp is closed or filtered between the host and the server${e===void 0?"":e?" (the runner itself can reach it)":" (the runner cannot reach it either)"}`,e===!1?`check that the server is running and listens on ${n}`:`allow ${s}/tcp from the host's public address, or set \`server\` to an address the host can reach`]}function Ge(t){const{id:n,question:s,fault:e,host:r,address:i,port:d}=t,m=[`${r}: ${e.message}`];if(e.kind==="tool"){const F=e.remedy??"see the evidence";return{id:n,verdict:"error",question:s,found:"could not be asked",cause:e.message,remedy:F,evidence:m}}const S=oe(i,d),[M,C,B]=e.kind==="connect"||e.kind==="timeout"?Be(t,S):Te(e.kind,i);return{id:n,verdict:"fail",question:s,found:`${S} ${M}`,cause:C,remedy:B,evidence:m}}const y={5:"name",6:"name",7:"connect",28:"timeout",35:"tls",51:"identity",52:"connect",56:"connect",58:"tls",60:"authority",77:"authority"};class T{via="host-command";#e;#n;constructor(n,s){this.#e=n,this.#n=s}async get(n,s){const e=await this.#e.run({name:"handshake",script:this.#n,env:{URL:`https://${oe(n.address,n.port)}${n.path}`,CA_PEM:n.caPem??"",CONNECT_SECONDS:String(he)},secrets:{AUTHORIZATION:n.authorization??""},privilege:"user",timeoutMs:(he+5)*1e3,signal:s}),r=e.lines.findLast(d=>"http"in d||"error"in d);if(r?.http!==void 0)return{status:Number(r.http),body:Buffer.from(String(r.body??""),"base64").toString("utf8")};const i=je(String(r?.message??e.stderr));if(r?.error==="connect"){const d=y[String(r.curl)]??"connect",m=d==="authority"&&/subject (alternative )?name|does not match/i.test(i);throw new W(m?"identity":d,i||`curl exit code ${String(r.curl)}`)}throw new W("tool",i||`the script ended with ${e.exitCode}`,"allow forwarding for this user in sshd_config (AllowTcpForwarding local), or install curl on the host")}async reach(n,s,e,r){try{await this.get({address:n,port:s,path:"/cacerts",caPem:e},r)}catch(i){if(!(i instanceof W)||i.kind!=="identity")throw i}}}var A=_(7067),N=_(8321),l=_(1692),u=function(t,n,s){if(n!=null){if(typeof n!="object"&&typeof n!="function")throw new TypeError("Object expected.");var e,r;if(s){if(!Symbol.asyncDispose)throw new TypeError("Symbol.asyncDispose is not defined.");e=n[Symbol.asyncDispose]}if(e===void 0){if(!Symbol.dispose)throw new TypeError("Symbol.dispose is not defined.");e=n[Symbol.dispose],s&&(r=e)}if(typeof e!="function")throw new TypeError("Object not disposable.");r&&(e=function(){try{r.call(this)}catch(i){return Promise.reject(i)}}),t.stack.push({value:n,dispose:e,async:s})}else s&&t.stack.push({async:!0});return n},w=(function(t){return function(n){function s(d){n.error=n.hasError?new t(d,n.error,"An error was suppressed during disposal."):d,n.hasError=!0}var e,r=0;function i(){for(;e=n.stack.pop();)try{if(!e.async&&r===1)return r=0,n.stack.push(e),Promise.resolve().then(i);if(e.dispose){var d=e.dispose.call(e.value);if(e.async)return r|=2,Promise.resolve(d).then(i,function(m){return s(m),i()})}else r|=1}catch(m){s(m)}if(r===1)return n.hasError?Promise.reject(n.error):Promise.resolve();if(n.hasError)throw n.error}return i()}})(typeof SuppressedError=="function"?SuppressedError:function(t,n,s){var e=new Error(s);return e.name="SuppressedError",e.error=t,e.suppressed=n,e});const R=1024*1024,v=["connection-lost","cancelled","forwarding-refused"];function E(t){if(t instanceof W)return t;const n=re(t);if(v.includes(n))return t;const s=n==="ERR_TLS_CERT_ALTNAME_INVALID"?"identity":/^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA)/.test(n)?"authority":/^(ERR_SSL_|ERR_TLS_|EPROTO)/.test(n)?"tls":/^HPE_/.test(n)?"protocol":n==="deadline"?"timeout":"connect";return new W(s,Se(t))}async function x(t,n,s){const e=AbortSignal.timeout(he*1e3),r=AbortSignal.any([n,e]),{promise:i,reject:d}=Promise.withResolvers(),m=()=>d(r.reason);i.catch(()=>{}),r.addEventListener("abort",m,{once:!0});try{return n.throwIfAborted(),await Promise.race([s(r),i])}catch(S){throw n.aborted?n.reason:e.aborted?new W("timeout",`${t}: no answer in ${he} s`):E(S)}finally{r.removeEventListener("abort",m)}}class o{via="forwarding";#e;constructor(n){this.#e=n}async get(n,s){const{address:e,port:r,path:i}=n;return await x(`GET https://${oe(e,r)}${i}`,s,async d=>{const m={stack:[],error:void 0,hasError:!1};try{const S=u(m,await this.#n(e,r,n.caPem,!0,d),!0),{promise:M,resolve:C,reject:B}=Promise.withResolvers(),F=(0,A.request)({createConnection:()=>S.socket,path:i,headers:{Host:oe(e,r),Connection:"close",Accept:"*/*",...n.authorization===void 0?{}:{Authorization:n.authorization}}});return F.once("error",B),F.once("response",pe=>{let Ae=0;pe.on("data",fn=>{Ae+=fn.length,Ae>R&&pe.destroy(new W("protocol","the answer is too large"))}),(0,N.text)(pe).then(fn=>C({status:pe.statusCode??0,body:fn}),B)}),F.end(),await M}catch(S){m.error=S,m.hasError=!0}finally{const S=w(m);S&&await S}})}async reach(n,s,e,r){await x(`connect ${oe(n,s)}`,r,async i=>{const d={stack:[],error:void 0,hasError:!1};try{const m=u(d,await this.#n(n,s,e,!1,i),!0)}catch(m){d.error=m,d.hasError=!0}finally{const m=w(d);m&&await m}})}async#n(n,s,e,r,i){const d=await this.#e.forward(n,s,i),m=(0,l.connect)({socket:d,host:n,...(0,_e.isIP)(n)===0?{servername:n}:{},...e===void 0?{rejectUnauthorized:!1}:{ca:e,rejectUnauthorized:!0},...r?{}:{checkServerIdentity:()=>{}}}),S=()=>{m.destroy(),d.destroy()},{promise:M,resolve:C,reject:B}=Promise.withResolvers();m.once("secureConnect",C),m.on("error",B),d.on("error",B),i.addEventListener("abort",S,{once:!0}),m.once("close",()=>B(new W("connect","the connection was closed before TLS was set up"))),i.aborted&&S();try{await M}catch(F){throw S(),F}return{socket:m,[Symbol.asyncDispose]:async()=>{i.removeEventListener("abort",S),S()}}}}class p{#e;#n;#o;constructor(n,s){this.#e=n,this.#n=s,this.#o=new o(n)}get via(){return this.#o.via}async get(n,s){return await this.#s(e=>e.get(n,s))}async reach(n,s,e,r){await this.#s(i=>i.reach(n,s,e,r))}async#s(n){try{return await n(this.#o)}catch(s){if(re(s)!=="forwarding-refused")throw s;if(this.#n===void 0)throw new W("tool",Se(s),"allow forwarding for this user in sshd_config (AllowTcpForwarding local)");return this.#o=new T(this.#e,this.#n),await n(this.#o)}}}function h(t,n){return new p(t,n)}const k=[250,750],b=3e3,g=300,P=16;function Y(t){const n=URL.canParse(t)?new URL(t):void 0;if(!(n?.protocol!=="https:"||n.hostname===""))return{address:n.hostname.replace(/^\[(.*)\]$/,"$1"),port:Number(n.port||443)}}class U{checks=[];#e;#n;#o;#s;#r;constructor(n,s,e,r){this.#e=n,this.#n=s,this.#r=e,this.#o=r,this.#s=h(n,s.script)}get via(){return this.#s.via}#t(n){return this.checks.push(n),this.#o(n),n.verdict==="pass"||n.verdict==="warn"}async#a(n){const s=performance.now();for(let e=1;;e++)try{return await n()}catch(r){if(!(r instanceof W)||!r.isPassing)throw r;const i=k[e-1];if(i===void 0){const d=((performance.now()-s)/1e3).toFixed(1);throw new W(r.kind,`${r.message} (tried ${e} times in ${d} s)`)}await(0,le.setTimeout)(i,void 0,{signal:this.#n.signal})}}async#c(n,s){return await this.#a(async()=>{const e=await this.#s.get({...this.#r,path:n,...s},this.#n.signal);if(e.status>=500)throw new W("connect",`GET ${n}: HTTP ${e.status} ${je(e.body)}`);return e})}async#i(n,s,e,r){if(!(r instanceof W))throw r;const{probe:i,signal:d}=this.#n,m=r.isPassing?await i?.(e.address,e.port,d).catch(()=>!1):void 0;return Ge({id:n,question:s,...e,host:this.#e.label,fault:r,runnerReaches:m})}async askAuthority(){const{caPem:n,token:s}=this.#n,e="handshake.ca",r="Does the host see the cluster's own certificate authority?";let i;try{const C=await this.#c("/cacerts",{});if(C.status!==200||!C.body.includes("-----BEGIN CERTIFICATE-----"))throw new W("protocol",`GET /cacerts: HTTP ${C.status}, no certificate`);i=C.body}catch(C){const B=C instanceof W&&(C.isPassing||C.kind==="name"),F=oe(this.#r.address,this.#r.port);this.#t(B?await this.#i(`handshake.apiserver.${F}`,`Does ${F} answer the host?`,this.#r,C):await this.#i(e,r,this.#r,C));return}let d,m;try{d=te(i),m=me(i,n)}catch(C){this.#t(await this.#i(e,r,this.#r,new W("protocol",je(String(C)))));return}const S=[`served through the host: ${d}`,`kubeconfig: ${te(n)}`];if(!m){this.#t({id:e,verdict:"fail",question:r,found:"another certificate authority",cause:"another server answers at that address through the host\u2019s network, or the kubeconfig is from before the CA was changed",remedy:"compare `server` with the kubeconfig; fetch the kubeconfig again from the server",evidence:S});return}const M=s===void 0?void 0:ce(s).caHash;if(M!==void 0&&M!==d){const C=M===te(n);this.#t({id:e,verdict:"fail",question:r,found:C?"the hash of the token is of another text":"the token was made for another certificate authority",cause:C?"the certificate is the same, but its text in the kubeconfig differs in white space from what the server serves, and the hash counts every byte":"token CA hash does not match the cluster CA certificate hash: the token is from another cluster, or from before the CA was changed",remedy:C?"store the kubeconfig again exactly as the server has it":"give no token, so that one is minted, or fetch a fresh one from the server",evidence:[...S,`token: ${M}`]});return}try{await this.#c("/cacerts",{caPem:n})}catch(C){this.#t(await this.#i(e,r,this.#r,C));return}return this.#t({id:e,verdict:"pass",question:r,found:`${d.slice(0,4)}\u2026${d.slice(-2)}`,evidence:S}),d}async askToken(){const{caPem:n,token:s,signal:e}=this.#n,r="handshake.token",i="Does the server accept the token?";if(s===void 0)return this.#t({id:r,verdict:"skip",question:i,found:"token not exercised"});const d=ce(s),m=performance.now();for(;;){let S;try{S=await this.#c("/v1-k3s/readyz",{caPem:n,authorization:He(d)})}catch(B){return this.#t(await this.#i(r,i,this.#r,B))}if(S.status===200)return this.#t({id:r,verdict:"pass",question:i,found:`accepted (${d.kind} token)`});const M=S.status===401||S.status===403;if(M&&performance.now()-m+g<b){await(0,le.setTimeout)(g,void 0,{signal:e});continue}const C=[`GET /v1-k3s/readyz: HTTP ${S.status}`];return M?this.#t({id:r,verdict:"fail",question:i,found:`refused (${d.kind} token)`,cause:d.kind==="bootstrap"?"the server does not know this token: it has expired or was deleted, or the kubeconfig is of another cluster":"it is not this cluster's token, or the token was changed since",remedy:"give no token, so that one is minted through the kubeconfig; or fetch the current one from the server",evidence:C}):this.#t({id:r,verdict:"fail",question:i,found:`the server answers HTTP ${S.status} instead`,cause:"what answers there knows the API but not how agents of k3s join: a load balancer or proxy in front, or no k3s",remedy:"set `server` to the address of a k3s server, where its supervisor listens",evidence:C})}}async#d(){const{caPem:n,token:s,knownApiServers:e=[]}=this.#n,r=oe(this.#r.address,this.#r.port);if(s===void 0)return[r,...e];const i=await this.#c("/v1-k3s/apiservers",{caPem:n,authorization:He(ce(s))});let d;try{d=JSON.parse(i.body)}catch{d=void 0}if(i.status!==200||!Array.isArray(d))throw new W("protocol",`GET /v1-k3s/apiservers: HTTP ${i.status}, no list`);return d.length===0?[r]:d.map(String)}async askApiServers(){let n;try{n=await this.#d()}catch(i){this.#t(await this.#i("handshake.apiserver","Which API servers does the server name?",this.#r,i));return}const s=new Map;for(const i of n.slice(0,P)){const d=Y(i.startsWith("https://")?i:`https://${i}`);d!==void 0&&s.set(oe(d.address,d.port),d)}const e=[],r=async([i,d])=>{e.push(await this.#u(i,d))};if(this.via==="forwarding")await Promise.all([...s].map(r));else for(const i of s)await r(i);return e.length>0&&e.every(Boolean)?[...s.keys()]:void 0}async#u(n,s){const{caPem:e,signal:r}=this.#n,i=`handshake.apiserver.${n}`,d=`Does ${n} answer the host?`,m=performance.now();try{await this.#a(()=>this.#s.reach(s.address,s.port,e,r))}catch(S){return this.#t(await this.#i(i,d,s,S))}return this.#t({id:i,verdict:"pass",question:d,found:`yes, in ${Math.round(performance.now()-m)} ms`})}}async function j(t,n,s=()=>{}){const e=Y(n.server);if(e===void 0)throw new RangeError(`server ${JSON.stringify(n.server)} is not an address like https://host:6443`);const r=new U(t,n,e,s),i=await r.askAuthority();if(i===void 0)return{checks:r.checks};if(!(await r.askToken()||n.token===void 0))return{checks:r.checks};const m=await r.askApiServers();return m===void 0?{checks:r.checks}:{checks:r.checks,result:{caHash:i,apiServers:m,via:r.via}}}class Z extends Error{name="HostStepError";code;step;cause;remedy;evidence;constructor(n,s,e,r,i,d){super(e),this.code=n,this.step=s,this.cause=r,this.remedy=i,this.evidence=d}}const ge="run it again: it continues from what it finds",Ee="look at the host on its console",ze={"host-locked":"wait until that run has ended, or cancel it, and run this one again","lock-unavailable":"install util-linux on the host (it brings flock)","init-unsupported":"join a host that runs systemd","staged-missing":ge,"copy-failed":"free space on the host (df -h /usr/local/bin), then run it again","backup-failed":"free space on the host (df -h /var/lib), then run it again","write-failed":"free space on the host (df -h /etc), then run it again","replace-failed":"look for an immutable file (lsattr) or a read-only mount at that path","folder-read-only":"the host keeps this folder read-only (an immutable system, or a file system with errors): make it writable, or install k3s with the means of that system","binary-mismatch":"the file changed between runner and host: run it again; if it stays, look who else writes to /tmp on the host","binary-missing":ge,"installer-mismatch":ge,"installer-failed":"read what the installer said below, correct it on the host, and run it again","hash-unavailable":"install coreutils on the host (it brings sha256sum)","environment-unreadable":"correct the quotes in that file by hand, and run it again","unit-unreadable":"bring ExecStart of that unit into the form ExecStart=/usr/local/bin/k3s agent \u2026, and run it again","unit-missing":"the unit is gone: delete what is left of k3s on the host, or install it, and run it again","reload-failed":`${Ee}: sudo systemctl daemon-reload`,"enable-failed":`${Ee}: sudo systemctl enable k3s-agent`,"start-refused":`${Ee}: sudo systemctl status k3s-agent; sudo journalctl -u k3s-agent -n 50`},Ke=t=>typeof t=="string"?t:"";function Ze(t,n,s){if(s.exitCode===0)return;const e=s.lines.findLast(S=>typeof S.error=="string"),r=Ke(s.lines.findLast(S=>S.state==="failed")?.step),i=[...s.lines.flatMap(S=>typeof S.evidence=="string"?[S.evidence]:[]),...s.stderr.trim().split(`
`).slice(-10)].filter(S=>S!==""),d=`${n} on ${t} did not succeed${r?` (step ${r})`:""}`;if(e===void 0){const S=`the script ended with exit code ${s.exitCode} without saying why`;return new Z("script-failed",r,d,S,ge,i)}const m=Ke(e.error);return new Z(m,r,d,Ke(e.message),ze[m]??ge,i)}const Pe={apply:`
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
  preserve "\${state#"$ROOT"}/installer"
  describe_products >"$state/installer.new"
  mv -f "$state/installer.new" "$state/installer"
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
  timeout 120 env -i "$@" sh "$file" >"$run/install.log" 2>&1 </dev/null || code=$?
  rm -f "$file"
  if [ "$code" != 0 ]; then
    tail -n 20 "$run/install.log" | while IFS= read -r line; do emit evidence "$line"; done
    die installer-failed "the installer ended with exit code $code"
  fi
  [ -f "$ROOT$unit_path" ] || die installer-failed "the installer ended well and left no $unit_path"
  if [ -n "$kept_environment" ]; then
    temporary "$environment_path"
    cat "$kept_environment" >"$temp"
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
  replace "$unit_path"
  if [ -f "$state/installer" ] && [ -n "\${INSTALLER_SHA256:-}" ]; then remember_products; fi
  outcome=changed
}

reload_systemd() {
  outcome=unchanged
  if [ "$(unit_property NeedDaemonReload)" != yes ] && [ "$(unit_property LoadState)" = loaded ]; then return 0; fi
  note reload
  timeout 60 systemctl daemon-reload >/dev/null 2>"$run/said" || die reload-failed "systemctl daemon-reload failed: $(cat "$run/said")"
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
  changed=no
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
  former=false
  if [ -n "$(former_tokens)" ]; then former=true; fi
  emit finished "$RUN_ID" former_token:n "$former"
  discard_older
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
  mv -f "$temp" "$ROOT$1" || die replace-failed "$1 could not be replaced"
  relabel "$1"
}

former_tokens() {
  sed -n 's|^replaced \\([0-9]*\\) /etc/systemd/system/.*|\\1|p' "$run/log" | while IFS= read -r number; do
    copy=$run/backups/$number
    if [ ! -L "$copy" ] && grep -Eqs '^[ \\t]*K3S_(AGENT_)?TOKEN[ \\t]*=.|(^|[^A-Za-z-])--?((agent-)?token|t)['\\''"]?([ =]|$)' "$copy"; then
      printf '%s\\n' "$copy"
    fi
  done
}
`,edit:`
change_environment() {
  awk '
    function written(name, value) {
      if (value !~ /[^A-Za-z0-9:._\\/@%+=,-]/) return name "=" value
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
  if [ -f "$run/log" ]; then
    former_tokens | while IFS= read -r backup; do
      rm -f "$backup"
      emit forgotten "\${backup#"$ROOT"}"
    done
  fi
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

k3s_binary() {
  for path in /usr/local/bin/k3s /opt/bin/k3s; do
    if [ ! -f "$ROOT$path" ] || [ ! -x "$ROOT$path" ]; then continue; fi
    said=$(timeout 10 "$ROOT$path" --version 2>/dev/null </dev/null) || said=''
    version=''
    case $said in
      'k3s version '*)
        version=\${said#k3s version }
        version=\${version%%[!A-Za-z0-9.+-]*}
        ;;
    esac
    emit fact k3s.binary path "$path" version "$version" sha256 "$(sha256 "$ROOT$path" 2>/dev/null)"
    return 0
  done
}

k3s_property() {
  printf '%s\\n' "$shown" | sed -n "s/^$1=//p"
}

k3s_unit() {
  has systemctl || return 0
  for name in k3s-agent k3s; do
    shown=$(timeout 10 systemctl show "$name.service" -p FragmentPath -p ActiveState -p SubState -p NRestarts -p NeedDaemonReload -p UnitFileState 2>/dev/null) || shown=''
    path=$(k3s_property FragmentPath)
    if [ -z "$path" ] && [ -f "$ROOT$k3s_unit_folder/$name.service" ]; then path=$k3s_unit_folder/$name.service; fi
    [ -n "$path" ] || continue
    active=$(k3s_property ActiveState) sub=$(k3s_property SubState) restarts=$(k3s_property NRestarts)
    enabled=false reload=false
    case $(k3s_property UnitFileState) in enabled | enabled-runtime) enabled=true ;; esac
    if [ "$(k3s_property NeedDaemonReload)" = yes ]; then reload=true; fi
    sum='' words=''
    if [ -r "$ROOT$path" ]; then
      sum=$(sha256 "$ROOT$path") || sum=''
      words=$(k3s_arguments "$ROOT$path") || words=''
    fi
    emit fact k3s.unit name "$name" path "$path" sha256 "$sum" arguments "$words" active "\${active:-inactive}" sub "\${sub:-dead}" \\
      enabled:n "$enabled" restarts:n "\${restarts:-0}" needs_reload:n "$reload"
    k3s_environment "$path.env"
    return 0
  done
  k3s_environment "$k3s_unit_folder/k3s-agent.service.env"
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
  unset keys url token line value rest
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
  own=$ROOT/etc/rancher/k3s/config.yaml.d/50-k3s-gpu-actions.yaml
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
  for part in binary unit config rest; do
    ("k3s_$part") || :
  done
}
`,undo:`
incomplete=no

remains() {
  emit remaining "$*"
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
    remains "$2 (its backup held a token and was deleted when the run had ended)"
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
    remains "$2 (could not be restored; the backup is \${backup#"$ROOT"})"
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
    remains "$1 (could not be deleted)"
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
    remains "$unit keeps running"
    return 0
  fi
  if timeout 40 systemctl stop "$unit" >/dev/null 2>&1; then emit undone start; else
    incomplete=yes
    remains "$unit (it did not stop in 40 s)"
  fi
}

reload_systemd() {
  if [ "$reloaded" = yes ] || [ "$(unit_property NeedDaemonReload)" = yes ]; then
    if timeout 60 systemctl daemon-reload >/dev/null 2>&1; then emit undone reload; else
      incomplete=yes
      remains 'systemd (systemctl daemon-reload failed)'
    fi
  fi
  if [ "$started" = yes ]; then timeout 10 systemctl reset-failed "$unit" >/dev/null 2>&1 || :; fi
}

restart_agent() {
  is_running "$was_state" || return 0
  if is_running "$(unit_property ActiveState)" && [ "$(unit_property MainPID)" = "$was_pid" ]; then return 0; fi
  timeout 10 systemctl reset-failed "$unit" >/dev/null 2>&1 || :
  if timeout 30 systemctl restart --no-block "$unit" >/dev/null 2>&1; then emit undone restart; else
    incomplete=yes
    remains "$unit (it could not be restarted with its former configuration)"
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
      remains "$1 (the agent still runs)"
    elif is_mounted "$1"; then
      remains "$1 (containers or mounts still use it)"
    elif ! rm -rf "$ROOT/var/lib/rancher/k3s/agent"; then
      remains "$1 (could not be deleted)"
    fi
    return 0
  fi
  rmdir "$ROOT$1" 2>/dev/null || remains "$1 (written by k3s while it ran)"
}

follow_log_backwards() {
  awk '{ line[NR] = $0 } END { for (i = NR; i > 0; i--) print line[i] }' "$run/log" >"$run/backwards"
  touched=no reloaded=no
  while read -r kind rest; do
    case $kind in
      created) delete_created "$rest" ;;
      replaced) restore "\${rest%% *}" "\${rest#* }" ;;
      temporary) rm -f "$ROOT$rest" ;;
      reload) reloaded=yes ;;
      folder)
        if [ -d "$ROOT$rest" ]; then
          if rmdir "$ROOT$rest" 2>/dev/null; then touched=yes; else remains "$rest (not empty)"; fi
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
  follow_log_backwards
  clear_all_agent_data
  reload_systemd
  restart_agent
  if [ "$incomplete" = no ]; then
    rm -rf "$run"
    rmdir "$state/runs" "$state" 2>/dev/null || :
  fi
  emit finished "$RUN_ID"
}
`,watch:`
read_state() {
  ActiveState='' SubState='' NRestarts='' Result='' ExecMainStatus='' ExecMainPID=''
  shown=$(timeout 10 systemctl show "$UNIT" -p ActiveState -p SubState -p NRestarts -p Result -p ExecMainStatus -p ExecMainPID 2>/dev/null) || shown=''
  while IFS='=' read -r name value; do
    case $name in
      ActiveState) ActiveState=$value ;;
      SubState) SubState=$value ;;
      NRestarts) NRestarts=$value ;;
      Result) Result=$value ;;
      ExecMainStatus) ExecMainStatus=$value ;;
      ExecMainPID) ExecMainPID=$value ;;
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
  read_state
  former=$ExecMainPID
  follow_journal
  act
  told='' complained=no
  while :; do
    read_state
    state="$ActiveState $SubState $NRestarts $Result $ExecMainStatus"
    if [ "$ACTION" = restart ] && [ "$ActiveState" = active ] && [ "$ExecMainPID" = "$former" ] && [ "\${former:-0}" != 0 ]; then
      state=$told
    fi
    if [ "$state" != "$told" ] && [ -n "$ActiveState" ]; then
      emit event unit active "$ActiveState" sub "$SubState" restarts:n "\${NRestarts:-0}" result "$Result" status:n "\${ExecMainStatus:-0}"
      told=$state
    fi
    if [ "$complained" = no ] && ! kill -0 "$journal" 2>/dev/null; then
      complained=yes
      emit event journal-ended text "$(tail -c 1000 "$folder/said")"
    fi
    sleep 0.5 2>/dev/null || sleep 1
  done
}
`};function Ye(t){return String(Math.max(0,Math.floor((t.lockWaitMs??Math.min(6e4,t.timeoutMs/3))/1e3)))}function Qe(t){if(!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(t))throw new TypeError(`${JSON.stringify(t)} is no run id`);return t}function tn(t){return t.replace(/[\u0000-\u001f\u007f]+/g," ").slice(0,200)}function sn(t){const s=[["install-binary",t.binary,"binary"],["run-installer",t.installer,"installer"],["write-config",t.config,"config"],["edit-environment",t.environment,"environment"],["edit-unit",t.removeArguments,"removeArguments"]].find(([e,r])=>t.steps.includes(e)&&r===void 0);return s&&`step ${s[0]} needs ${s[2]}`}function c(t){if(!(typeof t.step!="string"||t.state!=="done"&&t.state!=="unchanged"))return{step:t.step,state:t.state}}async function a(t,n,s){const{binary:e,installer:r,environment:i}=n,d=sn(n);if(d!==void 0)throw new TypeError(d);const m=n.removeArguments??[],S=m.find(F=>!/^--?[A-Za-z][A-Za-z0-9-]*$/.test(F));if(S!==void 0)throw new TypeError(`${JSON.stringify(S)} is no name of an argument`);const M=await t.run({name:"apply",script:[Pe.survey,Pe["change-log"],Pe.edit,Pe.apply].join(`
`),env:{RUN_ID:Qe(n.runId),HOLDER:tn(n.holder),LOCK_WAIT:Ye(s),STEPS:n.steps.join(" "),STAGED:e?.stagedPath??"",BINARY_SHA256:e?.sha256??"",INSTALLER_SHA256:r?.sha256??"",SERVER_URL:i?.url??"",REMOVE_ARGUMENTS:m.join(" ")},secrets:{TOKEN:i?.token??"",CONFIG:n.config??"",INSTALLER:r?.text??""},privilege:"root",timeoutMs:s.timeoutMs,signal:s.signal,onLine:F=>{const pe=c(F);pe&&s.onStep?.(pe.step,pe.state),typeof F.waiting_for=="string"&&s.onWaiting?.(F.waiting_for)}}),C=Ze(t.label,"the installation",M);if(C)throw C;const B=M.lines.flatMap(F=>c(F)??[]);return{steps:B,isChanged:B.some(F=>F.state==="done"),interrupted:M.lines.flatMap(F=>typeof F.interrupted=="string"?[{runId:F.interrupted,step:String(F.step??"")}]:[]),holdsFormerToken:M.lines.some(F=>F.former_token===!0)}}function f(t){const{binary:n,unit:s,environment:e}=t;return{"k3s program":n?`${n.version||"unknown version"} at ${n.path}`:"not installed","k3s unit":s?`${s.name} ${s.activeState} (${s.subState}), ${s.isEnabled?"enabled":"not enabled"}, arguments: ${s.arguments.join(" ")||"none"}`:"not installed",...e?{"k3s env file":`${e.path}: ${e.keys.join(", ")}; token kind: ${e.tokenKind}`}:{},...t.configFiles.length>0?{"k3s configuration":t.configFiles.map(r=>`${r.path} (${r.keys.join(", ")})`).join("; ")}:{},...t.templates.length>0?{"containerd templates":t.templates.map(r=>`${r.path}${r.hasBaseTemplate?"":" (replaces the built-in one)"}`).join("; ")}:{}}}const $={node:"k3s-gpu-actions/node",run:"k3s-gpu-actions/run"},O="system:bootstrappers:k3s:default-node-token",L=["create","delete","list"].map(t=>({verb:t,group:"",resource:"secrets",namespace:"kube-system"}));function I(t){const n=t.replace(/[^A-Za-z0-9._-]+/g,"-").replace(/^[^A-Za-z0-9]+/,"").slice(0,63).replace(/[^A-Za-z0-9]+$/,"");return n===""?"unknown":n}function D(t,n){if(!(t.ttlMs>0))throw new RangeError("a token needs a time to live");return{id:be(n),secret:Ce(n),description:`k3s-gpu-actions: join of ${t.node}, ${I(t.runLabel)}`,expiresAt:new Date(t.now+t.ttlMs).toISOString().replace(/\.\d{3}Z$/,"Z"),extraGroups:O,labels:{[$.node]:I(t.node),[$.run]:I(t.runLabel)}}}async function G(t,n,s){const e=n.token??D(n);return await n.record(e.id),await t.createBootstrapToken(e,s),e}async function J(t,n,s){await t.deleteBootstrapToken(n,s)}async function Q(t,n,s){const r=(await t.bootstrapTokens({[$.node]:I(n.node)},s)).filter(i=>Date.parse(i.createdAt)<n.olderThan).map(i=>i.id);return await Promise.all(r.map(i=>t.deleteBootstrapToken(i,s))),r}var fe=_(7949);const De={binary:"/usr/local/bin/k3s",ownConfig:"/etc/rancher/k3s/config.yaml.d/50-k3s-gpu-actions.yaml",unit:"/etc/systemd/system/k3s-agent.service",environment:"/etc/systemd/system/k3s-agent.service.env",nodePassword:"/etc/rancher/node/password",lock:"/run/k3s-gpu-actions.lock",backups:"/var/lib/k3s-gpu-actions"},rn=10*6e4,pn=["--node-label","--node-taint","--token","-t"],mn=t=>t.split("=")[0]??t;function En(t,n,s,e){if(s)return"a node needs one to join; deleted at the end";const r=n.unit?.arguments.some(i=>["--token","-t"].includes(mn(i)))??!1;if((n.environment?.tokenKind==="server"||r)&&!t.consent.allowServerToken)return"the token on the host is the server's own: whoever reads it owns the cluster";if(!t.reading.node||e)return"the agent is not connected and may need one to register again"}function An(t,n,s){if(!n.binary)return"not installed";if(n.binary.version!==t.version)return`${n.binary.version||"unknown version"} is installed, ${t.version} is wanted`;if(s?.sha256!==void 0&&s.sha256!==n.binary.sha256)return`the installed file is not the released ${t.version}`}function _n(t,n,s){const e=n.unit===void 0,r=!e&&n.ownConfig===void 0,i=!e&&n.unit?.activeState!=="active",d=K(t.desired),m=[...new Set((n.unit?.arguments??[]).map(mn))].filter(C=>pn.includes(C)),S=t.reading.node?.ready==="True",M=e?"":K({...t.desired,labels:{},taints:[],extraConfig:{},nodeIp:void 0,nodeExternalIp:void 0});return{isFresh:e,isForeign:r,binary:An(t,n,s),url:n.environment?.url===t.server?void 0:`the host joins through ${n.environment?.url||"no server"}, wanted ${t.server}`,token:En(t,n,e,i),argumentNames:m,config:n.ownConfig===d?void 0:n.ownConfig===void 0?"not there yet":"differs from the cluster file and inputs",isConfigRestartRelevant:ne(n.ownConfig??M)!==ne(d),start:e?"joins the cluster":i?`the unit is ${n.unit?.activeState}`:S?void 0:"the node is not Ready"}}function xn(t,n){return n.unit===void 0||n.binary?.version!==t.version}const Nn=t=>t.unit?.name??"k3s-agent";function In(t,n,s){const e=_n(t,n,s),r=e.isForeign&&t.consent.adopt==="plan"?"adopt: apply":void 0,i=[],d=(M,C)=>{i.push({id:M,...C,...r?{waitsFor:r}:{}})};if(e.token&&!t.hasGivenToken&&d("mint-token",{kind:"mint",target:`bootstrap token, ${(0,fe.a3)(rn)}`,reason:e.token,undo:"deleted in every ending"}),e.binary){const M=s?`, ${(0,fe.z3)(s.sizeBytes)}`:"";d("upload-binary",{kind:"upload",target:`k3s ${t.version} ${t.facts.architecture}${M}`,reason:e.binary,undo:"the staged file is removed"}),d("install-binary",{kind:"install",target:De.binary,reason:e.binary,undo:n.binary?"the previous program is put back":"deleted"})}e.isFresh&&d("run-installer",{kind:"install",target:`unit k3s-agent, official installer ${t.version}`,reason:"not installed",undo:"unit, env file and links are deleted"}),e.config&&d("write-config",{kind:"write",target:De.ownConfig,reason:e.config,undo:n.ownConfig===void 0?"deleted":"restored"}),(e.url||e.token)&&d("edit-environment",{kind:"edit",target:`${De.environment} (${[e.url?"K3S_URL":"",e.token?"K3S_TOKEN":""].filter(Boolean).join(", ")})`,reason:e.isFresh?"tells the agent where to join":[e.url,e.token].filter(Boolean).join("; "),undo:e.isFresh?"deleted with the unit":"restored"}),e.argumentNames.length>0&&(d("edit-unit",{kind:"edit",target:`${n.unit?.path??De.unit} (${e.argumentNames.join(", ")})`,reason:"arguments in ExecStart win over any file and come back at every start: they move to our drop-in",undo:"restored"}),d("reload",{kind:"reload",target:"systemd (daemon-reload)",reason:"the unit file changes",disrupts:"can take the GPU from running containers",undo:"reloaded again after restoring"})),e.isFresh&&d("enable",{kind:"install",target:"start of k3s-agent at boot, without daemon-reload",reason:"not enabled",undo:"link deleted"});const m=Nn(n),S=[e.binary?`k3s ${t.version}`:"",e.url||e.token&&!e.isFresh?"changed env file":"",e.argumentNames.length>0?"changed unit":"",e.config&&e.isConfigRestartRelevant?"changed configuration":""].filter(Boolean);if(e.isFresh)d("start",{kind:"start",target:m,reason:"joins the cluster",undo:"stopped"});else if(e.start||S.length>0){const M=n.unit?.activeState!=="active";d(M?"start":"restart",{kind:M?"start":"restart",target:m,reason:[e.start,...S].filter(Boolean).join("; "),...M?{}:{disrupts:`restarts ${m}; containers keep running`},undo:"restarted with what was there before"})}return i}function Mn(t,n,s){const e=[s];e.push(n.unit?.name==="k3s"?{id:"k3s.role",verdict:"fail",question:"Is this host free of a k3s server?",found:`unit k3s (server) is ${n.unit.activeState}`,cause:"a host is either a server or an agent",remedy:"name another host; a server is not turned into an agent"}:{id:"k3s.role",verdict:"pass",question:"Is this host free of a k3s server?",found:n.unit?"an agent is installed":"no unit"});const r=n.unit?.activeState==="active"||n.unit?.activeState==="activating";for(const i of[10250,6444]){const d=t.facts.ports.find(S=>S.port===i),m=r&&(d===void 0||d.process===""||/^(k3s|k3s-agent|kubelet)/.test(d.process));e.push(d===void 0||m?{id:`host.port.${i}`,verdict:"pass",question:`Is port ${i} free for the agent?`,found:d?"held by k3s itself":"free"}:{id:`host.port.${i}`,verdict:"fail",question:`Is port ${i} free for the agent?`,found:`held by ${d.process||"an unknown process"} (pid ${d.pid||"unknown"})`,cause:"the agent listens there and would loop",remedy:`stop that process: sudo ss -lntp 'sport = :${i}'`})}for(const i of n.templates)e.push(i.hasBaseTemplate?{id:"k3s.containerd-template",verdict:"pass",question:"Does the containerd template extend the built-in one?",found:i.path}:{id:"k3s.containerd-template",verdict:"warn",question:"Does the containerd template extend the built-in one?",found:`${i.path} replaces it`,cause:`without {{ template "base" . }} it drops k3s's CNI folders, snapshotter and runtimes: the node never becomes Ready`,remedy:"k3s finds the NVIDIA runtime by itself: rename the file and restart, or let the gpu-runtime action quarantine it"});return n.environment?.tokenKind==="server"&&e.push({id:"k3s.server-token",verdict:"warn",question:"Is the host free of the server's token?",found:`K3S_TOKEN in ${n.environment.path} is the server's own token`,cause:"whoever reads it owns the cluster",remedy:"press the button with adopt = apply to replace it by a minted one; then rotate the server token (k3s token rotate)"}),e}var qe=_(1455),Cn=_(3024),Ln=_(6466);async function on(t,n){const s=(0,ue.createHash)("sha256");return await(0,Ln.pipeline)((0,Cn.createReadStream)(t),s,{signal:n}),s.digest("hex")}function $n(t,n){const s=new Set;for(const e of t.split(/\r?\n/)){const[,r,i]=/^\\?([0-9A-Fa-f]{64})[ \t]+\*?(?:\.\/)?(\S.*?)\s*$/.exec(e)??[];r!==void 0&&i===n&&s.add(r.toLowerCase())}return s.size===1?[...s][0]:void 0}class Ve extends Error{name="ReleaseError";code;cause;remedy;evidence;constructor(n,s,e,r,i=[]){super(s),this.code=n,this.cause=e,this.remedy=r,this.evidence=i}}const an="run it again; if it stays so, look at https://www.githubstatus.com and at the release page of k3s";function en(t,n){return new Ve("checksum-mismatch",`${t} is not what k3s published`,"it was changed on the way (a proxy or mirror), the release was changed after it was published, or the download is damaged","nothing of it was used. Run it again; if it stays so, compare the hashes below with the release page before trusting either",n)}function cn(t){return typeof t=="object"&&t!==null&&"message"in t?String(t.message):String(t)}var nn=_(2088);const jn=/^v?(\d+)\.(\d+)\.(\d+)(?:-(rc\d+))?\+k3s(\d+)$/;function Je(t){const[,n,s,e,r="",i]=jn.exec(t.trim())??[];if(n===void 0)return;const d={major:Number(n),minor:Number(s),patch:Number(e),build:Number(i)},m=r===""?"":`-${r}`;return{text:`v${d.major}.${d.minor}.${d.patch}${m}+k3s${d.build}`,candidate:r,...d}}function gn(t){const{major:n,minor:s,patch:e,candidate:r,build:i}=t,d=r===""?"":`0rc.${Number(r.slice(2))}.`;return`${n}.${s}.${e}-${d}k3s.${i}`}function wn(t,n){const s=e=>{const r=Je(e);if(r===void 0)throw new RangeError(`${JSON.stringify(e)} is no k3s version: write it like v1.33.4+k3s1`);return new nn.SemVer(gn(r))};return(0,nn.compare)(s(t),s(n))}class dn extends Error{name="VersionError";code="version-invalid";cause;remedy;evidence=[];constructor(n,s,e){super(n),this.cause=s,this.remedy=e}}const Pn=/^(stable|latest|testing|v?\d+(\.\d+)?)$/;function Dn(t,n){const s="write `match-server`, or an exact version like v1.33.4+k3s1";if(t.trim()==="match-server"){const d=Je(n);if(d!==void 0)return d.text;throw new dn(`the server's version ${JSON.stringify(n)} is no k3s version`,(0,nn.coerce)(n)===null?"what answers is not k3s":"the server runs another distribution of Kubernetes","check the kubeconfig, or set `distribution`")}const e=Je(t);if(e!==void 0)return e.text;if(Pn.test(t.trim()))throw new dn(`version ${JSON.stringify(t)} is a channel`,"a channel names another version tomorrow",s);const r=(0,nn.coerce)(t),i=r!==null&&!t.includes("+")?`the +k3s suffix is missing, e.g. v${r.version}+k3s1`:"it has no known form";throw new dn(`version ${JSON.stringify(t)} is no k3s version`,i,s)}const Fn={29:"v1.29.13+k3s1",30:"v1.30.9+k3s1",31:"v1.31.5+k3s1"};function Hn(t,n){const s="k3s.version",e=`Does an agent of ${t} go with a server of ${n}?`,r=Je(t),i=Je(n);if(r===void 0||i===void 0)return{id:s,verdict:"error",question:e,found:`${JSON.stringify(r===void 0?t:n)} is no k3s version`,cause:"the two cannot be compared",remedy:"write versions like v1.33.4+k3s1; check that the server is k3s"};const d=wn(t,n),m=`use version: match-server (${i.text})`;if(d===0)return{id:s,verdict:"pass",question:e,found:"the same version"};if(d>0)return{id:s,verdict:"fail",question:e,found:"the agent is newer than the server",cause:"a kubelet newer than its API server is not supported, and nothing would complain until something breaks",remedy:`${m}, or upgrade the servers first`};const S=(i.major-r.major)*100+i.minor-r.minor;if(S>3)return{id:s,verdict:"fail",question:e,found:`the agent is ${S} minor versions older than the server`,cause:"a kubelet may be at most 3 minor versions older than its API server",remedy:m};const M=r.major===1?Fn[r.minor]:void 0;return M!==void 0&&i.minor>=32&&wn(t,M)<0?{id:s,verdict:"fail",question:e,found:`agents before ${M} get no pod network from servers of 1.32 or later`,cause:"flannel in such an agent asks for rights that these servers no longer give it (k3s#11551, k3s#12819)",remedy:`${m}, or at least ${M}`}:{id:s,verdict:"warn",question:e,found:"the agent is older than the server",cause:"supported, but not what the server was tested with",remedy:m}}const kn="k3s-io",yn="k3s",vn="k3s",Un={amd64:"k3s",arm64:"k3s-arm64"},Bn=/^[0-9a-f]{64}$/;function bn(t){const n=t?.toLowerCase().replace(/^sha256:/,"");return n!==void 0&&Bn.test(n)?n:void 0}async function Sn(t,n,s){const e=Un[t.architecture];if(e===void 0)throw new Ve("architecture-unsupported",`there is no checked k3s for ${t.architecture||"an unknown architecture"}`,"programs are fetched and checked for amd64 and arm64 only","use a 64-bit x86 or Arm machine");const r=await Gn(t.version,n,s),i=S=>{const M=r.assets.find(C=>C.name===S);if(M!==void 0)return M;throw new Ve("release-incomplete",`release ${t.version} of k3s has no file ${S}`,"the release is still being published, or was withdrawn in part","choose another version, or try again later",[`its files: ${r.assets.map(C=>C.name).slice(0,40).join(", ")||"none"}`])},d=i(e),m=bn(d.digest);return{version:t.version,architecture:t.architecture,sizeBytes:d.sizeBytes,...m===void 0?{}:{sha256:m},binary:d,checksums:i(`sha256sum-${t.architecture}.txt`),commit:r.commit}}function dt(t){return t.sizeBytes}async function Gn(t,n,s){try{return await n.release(kn,yn,t,s)}catch(e){if(s.aborted)throw s.reason;const r=typeof e=="object"&&e!==null&&"status"in e&&e.status===404,i=cn(e);throw r?new Ve("release-not-found",`there is no release ${t} of k3s`,"no release of k3s-io/k3s has that tag","compare with the release page of k3s; versions look like v1.33.4+k3s1",[i]):new Ve("download-failed",`release ${t} of k3s cannot be looked up`,i,an)}}async function un(t,n,s,e){try{return await s(t,e)}catch(r){if(e.aborted)throw e.reason;const i=cn(r);throw new Ve("download-failed",`${n} cannot be downloaded`,i,an,[t])}}async function zn(t,n,s){const{binary:e,checksums:r,version:i}=t,d=await un(r.url,`the checksum file of k3s ${i}`,n,s),m=await(0,qe.readFile)(d,{encoding:"utf8",signal:s}),S=(0,ue.createHash)("sha256").update(m).digest("hex"),M=bn(r.digest);if(M!==void 0&&M!==S)throw en(`the checksum file of k3s ${i}`,[`downloaded: ${S}`,`GitHub's digest: ${M}`]);const C=$n(m,e.name);if(C===void 0)throw new Ve("release-incomplete",`the checksum file of k3s ${i} has no line for ${e.name}`,"the file is damaged, or the release is not complete","choose another version, or try again later",[`${r.name}: ${m.split(`
`).filter(B=>B!=="").length} lines`]);if(t.sha256===void 0)return{sha256:C,notes:[`GitHub has no digest for ${e.name}: checked against ${r.name} alone`]};if(t.sha256!==C)throw en(`${e.name} of k3s ${i}`,[`${r.name}: ${C}`,`GitHub's digest: ${t.sha256}`]);return{sha256:C,notes:[]}}async function Kn(t,n,s,e){const{architecture:r,binary:i,version:d}=t,m=Je(d);if(m===void 0)throw new RangeError(`${JSON.stringify(d)} is no exact k3s version`);const S=gn(m),M=[],C=s.toolCache.find(vn,S,r);if(C!==void 0){const Ae=await on(C,e).catch(()=>"unreadable");if(e.throwIfAborted(),Ae===n)return{binary:{path:C,sha256:n,sizeBytes:(await(0,qe.stat)(C)).size,fromCache:!0},notes:M};M.push(`the tool cache held another file for k3s ${d} (sha256 ${Ae}); it was not used`)}const B=await un(i.url,`k3s ${d} for ${r}`,s.download,e),F=await on(B,e);if(F!==n)throw en(`the downloaded ${i.name} of k3s ${d}`,[`downloaded: ${F}`,`published: ${n}`]);const pe=await Vn(B,i.name,S,n,r,s.toolCache,e).catch(Ae=>(e.throwIfAborted(),M.push(`the tool cache could not be used: ${cn(Ae)}`),B));return{binary:{path:pe,sha256:n,sizeBytes:(await(0,qe.stat)(pe)).size,fromCache:!1},notes:M}}async function Vn(t,n,s,e,r,i,d){const m=await i.add(t,n,vn,s,r);if(await on(m,d)!==e)throw new Error("the copy in the tool cache differs from the download");return m}async function Jn(t,n,s){const{commit:e,version:r}=t;if(!/^[0-9a-f]{40}$/.test(e))throw new Ve("release-incomplete",`the commit of k3s ${r} is unknown`,`GitHub gave ${JSON.stringify(e)}`,an);const i=`https://raw.githubusercontent.com/${kn}/${yn}/${e}`,[d,m]=await Promise.all(["install.sh","install.sh.sha256sum"].map(F=>un(`${i}/${F}`,`${F} of k3s ${r}`,n,s))),[S,M]=await Promise.all([d,m].map(F=>(0,qe.readFile)(F,{signal:s}))),C=$n(String(M),"install.sh"),B=(0,ue.createHash)("sha256").update(S).digest("hex");if(C!==B)throw en(`the installer of k3s ${r}`,[`install.sh: ${B}`,`install.sh.sha256sum: ${C??"no line for install.sh"}`]);return{text:String(S),sha256:B,commit:e}}async function Tn(t,n,s){const e=Jn(t,n.download,s);e.catch(()=>{});try{const r=await zn(t,n.download,s),{binary:i,notes:d}=await Kn(t,r.sha256,n,s),{version:m,architecture:S}=t;return{version:m,architecture:S,binary:i,installer:await e,notes:[...r.notes,...d]}}catch(r){throw s.aborted?s.reason:r}}async function ut(t,n,s){return await Tn(await Sn(t,n.releases,s),n,s)}async function Wn(t,n,s){if(s.unit!==void 0&&s.unit!=="k3s-agent")throw new TypeError(`unknown unit ${s.unit}`);const e=await t.run({name:"undo",script:[Pe["change-log"],Pe.undo].join(`
`),env:{RUN_ID:Qe(n),HOLDER:tn(s.holder??`undo of run ${n}`),LOCK_WAIT:Ye(s),STOP:s.stop===!1?"no":"yes"},privilege:"root",timeoutMs:s.timeoutMs,signal:s.signal}),r=Ze(t.label,"the undo",e);if(r)throw r;return{undone:e.lines.flatMap(i=>typeof i.undone=="string"?[i.undone]:[]),remaining:e.lines.flatMap(i=>typeof i.remaining=="string"?[i.remaining]:[])}}async function lt(t,n,s){const e=await t.run({name:"forget",script:[scripts["change-log"],scripts.forget].join(`
`),env:{RUN_ID:checkRunId(n),HOLDER:`end of run ${n}`,LOCK_WAIT:lockWaitSeconds(s)},privilege:"root",timeoutMs:s.timeoutMs,signal:s.signal}),r=errorOfScript(t.label,"deleting the former token",e);if(r)throw r;return e.lines.flatMap(i=>typeof i.forgotten=="string"?[i.forgotten]:[])}const Xe=t=>typeof t=="string"?t:"",On=t=>typeof t=="number"&&Number.isSafeInteger(t)?t:0;function Zn(t){if(t.event==="journal")return{type:"journal",text:Xe(t.text)};if(t.event==="journal-ended")return{type:"journal",text:`journalctl ended: ${Xe(t.text)}`};if(t.event==="unit")return{type:"unit",activeState:Xe(t.active),subState:Xe(t.sub),restarts:On(t.restarts),result:Xe(t.result),mainStatus:On(t.status)}}async function Xn(t,n){const{unit:s,action:e,signal:r,onEvent:i,timeoutMs:d}=n;if(r.aborted)return;let m;try{m=await t.run({name:"watch",script:Pe.watch,env:{UNIT:s,ACTION:e},privilege:"root",timeoutMs:d,signal:r,onLine:S=>{const M=r.aborted?void 0:Zn(S);M&&i(M)}})}catch(S){if(r.aborted)return;throw S}if(!r.aborted)throw Ze(t.label,`the ${e==="none"?"watch":e} of ${s}`,m)??new Z("watch-ended","",`the watch of ${s} on ${t.label} ended by itself`,"the script ended without being told to","run it again: it continues from what it finds",m.stderr.trim().split(`
`).slice(-10))}const Yn=64,Rn=64*1024;function ie(t,n,s=4096){const e=t[n];return typeof e=="string"?e.slice(0,s):""}function ln(t,n,s){const e=ie(t,n,Rn);return e===""?[]:e.split(s)}function Qn(t,n){const s=t[n];return typeof s=="number"&&Number.isSafeInteger(s)&&s>=0?s:0}const qn=["none","server","agent","bootstrap","short"];function et(t){return qn.find(n=>n===t.token_kind)??"short"}function nt(t){const n=m=>t.filter(S=>S.fact===`k3s.${m}`).slice(0,Yn),s=m=>t.find(S=>S.fact===`k3s.${m}`),e=s("binary"),r=s("unit"),i=s("environment"),d=s("own-config");return{...e&&{binary:{path:ie(e,"path"),version:ie(e,"version",128),sha256:ie(e,"sha256",64)}},...r&&{unit:{name:ie(r,"name",256),path:ie(r,"path"),sha256:ie(r,"sha256",64),arguments:ln(r,"arguments",`
`),activeState:ie(r,"active",64),subState:ie(r,"sub",64),isEnabled:r.enabled===!0,restarts:Qn(r,"restarts"),needsReload:r.needs_reload===!0}},...i&&{environment:{path:ie(i,"path"),sha256:ie(i,"sha256",64),mode:ie(i,"mode",8),keys:ln(i,"keys"," "),url:ie(i,"url"),tokenKind:et(i)}},configFiles:n("config").map(m=>({path:ie(m,"path"),sha256:ie(m,"sha256",64),mode:ie(m,"mode",8),keys:ln(m,"keys"," ")})),...d&&{ownConfig:ie(d,"text",Rn)},hasNodePassword:s("node-password")?.present===!0,templates:n("template").map(m=>({path:ie(m,"path"),sha256:ie(m,"sha256",64),hasBaseTemplate:m.base===!0}))}}const hn="k3s-agent",tt=["install-binary","run-installer","write-config","edit-environment","edit-unit","reload","enable"],st=18e4,rt=6e4,ot=[[/Running load balancer k3s-agent-load-balancer/,"agent found the server"],[/containerd is now running/,"containerd up"],[/k3s agent is up and running/,"agent up"]];async function it(t,n,s){return await new Promise(e=>{const r=(0,_e.connect)({host:t,port:n,signal:AbortSignal.any([s,AbortSignal.timeout(3e3)])}),i=d=>{r.destroy(),e(d)};r.once("connect",()=>i(!0)),r.once("error",()=>i(!1))})}function at(t,n,s){const e=i=>i.verdict==="pass"||i.verdict==="warn"?"\u2713":i.verdict==="skip"?"not exercised":"\u2717";return t.map(i=>i.id==="handshake.ca"?`CA ${n?`${n.slice(0,4)}\u2026${n.slice(-2)} `:""}${e(i)}`:i.id==="handshake.token"?s?`token ${e(i)}`:"token not exercised":`${i.id.replace(/^handshake\.(apiserver\.?)?/,"")} ${e(i)}`).join("  ")}function ct(t){const n=new Map,s=(e,r,i)=>{const d=`${e} ${r}`,m=n.get(d)??Sn({version:e,architecture:r},t.releases,i);return n.set(d,m),m};return{name:"k3s",unit:hn,surveyScript:Pe.survey,accessRequests:[...L,{verb:"patch",group:"",resource:"nodes"},{verb:"watch",group:"",resource:"nodes"},{verb:"watch",group:"coordination.k8s.io",resource:"leases",namespace:"kube-node-lease"}],resolveVersion:Dn,survey:nt,describe:f,checks:(e,r)=>Mn(e,r,Hn(e.version,e.reading.version)),plan:In,needsRelease:xn,async sketchRelease(e,r,i){const{sizeBytes:d,sha256:m}=await s(e,r,i);return{sizeBytes:d,...m?{sha256:m}:{}}},async mint(e,r,i,d,m,S){const{serverTimeMs:M}=await e.read(r,S),C={node:r,runLabel:i.label,ttlMs:d,now:M},B=D(C),F=se(te(e.caPem),B.id,B.secret);for(const pe of[F,`${B.id}.${B.secret}`,B.secret])t.mask(pe);return await G(e,{...C,record:m,token:B},S),{id:B.id,text:F}},revoke:J,async sweep(e,r,i){const{serverTimeMs:d}=await e.read(r,i);return await Q(e,{node:r,olderThan:d+1e3},i)},acceptToken:V,async handshake(e,r,i,d,m){const S={server:r,caPem:i,...d?{token:d.text}:{},script:Pe.handshake,probe:it,signal:m},{checks:M,result:C}=await j(e,S);return{checks:M,passed:C!==void 0,line:at(M,C?.caHash,d!==void 0)}},async prepare(e,r,i){return await Tn(await s(e,r,i),t,i)},describePrepared:e=>[`k3s ${e.version} ${e.architecture} ${e.binary.sha256.slice(0,12)}\u2026 ${e.binary.fromCache?"from the tool cache, checked again":"downloaded and checked"}`,...e.notes.map(r=>`! ${r}`)],async install(e,r,i,d,m,S){const{prepared:M,credential:C}=i,B=new Set(i.changes.map(Ae=>Ae.id));let F;B.has("upload-binary")&&M&&(F=await e.upload({path:M.binary.path,name:"k3s",sizeBytes:M.binary.sizeBytes},S),m("upload-binary"));const pe={runId:d.runId,holder:d.label,steps:tt.filter(Ae=>B.has(Ae)),...F&&M?{binary:{stagedPath:F,sha256:M.binary.sha256}}:{},...M?{installer:M.installer}:{},...B.has("write-config")?{config:K(r.desired)}:{},...B.has("edit-environment")?{environment:{url:r.server,...C?{token:C.text}:{}}}:{},...B.has("edit-unit")?{removeArguments:pn}:{}};pe.steps.length>0&&await a(e,pe,{signal:S,timeoutMs:st,onStep:Ae=>m(Ae)})},async start(e,r,i,d){await Xn(e,{unit:hn,action:r,signal:d,onEvent:i,timeoutMs:30*6e4})},milestone:e=>ot.find(([r])=>r.test(e))?.[1],async remove(e,r,i){const{undone:d,remaining:m}=await Wn(e,r.runId,{unit:hn,signal:i,timeoutMs:rt});return{changes:d,remaining:m}}}}}),1771:((We,Fe,_)=>{_.d(Fe,{eh:()=>sn,DT:()=>Ke});const X="manifests/k3s-join-rbac.yaml";class z extends Error{name="ClusterError";code;cause;remedy;evidence;status;constructor(a,f){super(f.title),f.status!==void 0&&(this.status=f.status),this.code=a,this.cause=f.cause,this.remedy=f.remedy,this.evidence=f.evidence??[]}}function de(c){const a=c.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g," ").trim();return a.length>300?`${a.slice(0,299)}\u2026`:a}function K(c){return typeof c!="object"||c===null?"":"errors"in c&&Array.isArray(c.errors)&&c.errors.length>0?K(c.errors[0]):"code"in c&&typeof c.code=="string"?c.code:""}const ne={ECONNREFUSED:"nothing listens on that port, or a firewall answers in its place",ECONNRESET:"the connection was cut; a proxy or firewall in between does that, or the server is restarting",EPIPE:"the connection was cut while the request was being sent",ETIMEDOUT:"packets to that address get no answer (firewall, wrong address, or the server is off)",EHOSTUNREACH:"there is no route to that address from here",ENETUNREACH:"there is no route to that network from here",ENOTFOUND:"the server name does not resolve here",EAI_AGAIN:"the resolver gave no answer for the server name",ERR_HTTP_INVALID_STATUS_CODE:"what answers on that port does not speak HTTP as an API server does",HPE_INVALID_CONSTANT:"what answers on that port does not speak HTTP as an API server does"},_e=/^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|ERR_OSSL|EPROTO$|INVALID_CA|PATH_LENGTH_|HOSTNAME_MISMATCH)/;function ue(c){return c==="ERR_TLS_CERT_ALTNAME_INVALID"?{cause:"the server certificate is not issued for this address",remedy:"use an address the certificate names, set tls-server-name in the kubeconfig, or add the address to tls-san of the k3s server"}:c==="CERT_HAS_EXPIRED"||c==="CERT_NOT_YET_VALID"?{cause:"a certificate of the server is outside its period of validity, or the clock here is wrong",remedy:"compare the clocks; restart k3s on the server to renew certificates that have expired"}:/^(ERR_SSL_|EPROTO)/.test(c)?{cause:"the TLS handshake failed: the port speaks something else, or it refused the client certificate",remedy:"check host and port of the server in the kubeconfig, and that its client certificate has not expired"}:{cause:"the server's certificate is not signed by the certificate authority in the kubeconfig",remedy:"fetch the kubeconfig again from the server: it belongs to another cluster, or to this one before its CA changed"}}function H(c,a,f){if(c instanceof z)return c;const $=K(c),O=typeof c=="object"&&c!==null&&"message"in c?String(c.message):String(c),L=O===""?$:O,I=[`${f}: ${de($&&!L.includes($)?`${$} ${L}`:L)}`];return _e.test($)?new z("api-tls",{title:`the API server at ${a} cannot be trusted`,...ue($),evidence:I}):new z("api-unreachable",{title:`the API server at ${a} cannot be reached from the runner`,cause:ne[$]??"the connection failed",remedy:"check the server address in the kubeconfig, and that the runner may reach that port",evidence:I})}function Oe(c){return c instanceof z?c.code==="api-unreachable"||c.code==="timeout"?!0:c.code==="api-failed"&&c.status!==void 0&&(c.status>=500||c.status===429):!1}function ee(c,a,f){return new z("timeout",{title:`the API server at ${c} did not answer within ${f/1e3} s`,cause:"packets get no answer (firewall, wrong address), or the server is overloaded",remedy:"check that the runner may reach that address and port, and the load of the server",evidence:[`${a}: no answer in ${f} ms`]})}function q(c){const a=c.group===""?c.resource:`${c.resource}.${c.group}`;return`${c.verb} ${a}${c.namespace===void 0?"":` in namespace ${c.namespace}`}`}function we(c,a,f){const O={evidence:[`${f.request}: HTTP ${c}${a===""?"":`, ${de(a)}`}`],status:c};if(c===401)return new z("unauthorized",{title:`the API server at ${f.server} does not accept the credentials of the kubeconfig`,cause:"its token or client certificate has expired, was revoked, or belongs to another cluster",remedy:"fetch a fresh kubeconfig and store it again",...O});if(c===403){const L=f.access===void 0?"do that":q(f.access);return new z("forbidden",{title:`the user of the kubeconfig may not ${L}`,cause:"a rule for it is missing",remedy:`apply ${X} with an administrator's kubeconfig: kubectl apply -f ${X}`,...O})}return c===404?new z("not-found",{title:"the object is not there",cause:"it was deleted meanwhile, or never existed",remedy:"run it again: the next run starts from what is there then",...O}):c===409?new z("conflict",{title:"the object was changed by somebody else meanwhile",cause:"another run or controller works on the same object",remedy:"run it again when the other one is done",...O}):new z("api-failed",{title:`the API server at ${f.server} answered HTTP ${c}`,cause:c>=500?"the server has a problem of its own, or is still starting":c===429?"the server is overloaded":"it did not accept the request",remedy:c>=500||c===429?"look at the log of the k3s server, then run it again":"see the evidence",...O})}var Re=_(1455),ke=_(8815),ye=_(8500);const ve=["node-role.kubernetes.io/control-plane","node-role.kubernetes.io/master"];function xe(c,a){return(c.status?.addresses??[]).filter(f=>f.type===a).map(f=>f.address)}function te(c){return(c.spec?.taints??[]).map(a=>({key:a.key,...a.value?{value:a.value}:{},effect:a.effect}))}function me(c){const a=c.status?.conditions?.find(O=>O.type==="Ready"),f=c.metadata?.labels??{},$=c.status?.nodeInfo;return{name:c.metadata?.name??"",uid:c.metadata?.uid??"",resourceVersion:c.metadata?.resourceVersion??"",createdAt:c.metadata?.creationTimestamp??"",labels:f,annotations:c.metadata?.annotations??{},taints:te(c),ready:a?.status==="True"||a?.status==="False"?a.status:"Unknown",readyReason:a?.reason??"",readyMessage:a?.message??"",kubeletVersion:$?.kubeletVersion??"",osImage:$?.osImage??"",architecture:$?.architecture??"",systemUuid:$?.systemUUID??"",machineId:$?.machineID??"",internalIps:xe(c,"InternalIP"),externalIps:xe(c,"ExternalIP"),isServer:ve.some(O=>O in f),unschedulable:c.spec?.unschedulable??!1}}function Ne(c){if(!/^[a-z0-9]{6}$/.test(c))throw new RangeError(`a bootstrap token id has 6 characters [a-z0-9], not ${c.length}`);return`bootstrap-token-${c}`}function $e(c){return Buffer.from(c).toString("base64")}function Ie(c){if(!/^[a-z0-9]{16}$/.test(c.secret))throw new RangeError("a bootstrap token secret has 16 characters [a-z0-9]");return{apiVersion:"v1",kind:"Secret",type:"bootstrap.kubernetes.io/token",metadata:{name:Ne(c.id),namespace:"kube-system",labels:{...c.labels}},data:{"token-id":$e(c.id),"token-secret":$e(c.secret),expiration:$e(c.expiresAt),"usage-bootstrap-authentication":$e("true"),"usage-bootstrap-signing":$e("true"),"auth-extra-groups":$e(c.extraGroups),description:$e(c.description)}}}function ce(c){const a=c.data?.expiration;return{id:(c.metadata?.name??"").replace(/^bootstrap-token-/,""),createdAt:c.metadata?.creationTimestamp??"",expiresAt:a===void 0?"":Buffer.from(a,"base64").toString("utf8")}}const se=60,He=100,Me=2e3;class be extends Error{}const Ce=8*1024*1024;async function*Le(c){c.setEncoding("utf8");let a="";const f=c[Symbol.asyncIterator]();for(;;){const $=await f.next().catch(()=>{});if($===void 0||$.done)return;const O=(a+$.value).split(`
`);if(a=O.pop()??"",a.length>Ce)throw new be;yield*O.filter(L=>L!=="")}}function ae(c){let a;try{a=JSON.parse(c)}catch{}if(!a?.object||a.type==="ERROR")throw new be;return a}async function V(c,a,f,$){const O=new AbortController,L=AbortSignal.any([$,O.signal]),I={watch:"true",fieldSelector:`metadata.name=${a.name}`,resourceVersion:f,allowWatchBookmarks:"true",timeoutSeconds:String(se)},D=setTimeout(()=>O.abort(),(se+15)*1e3);let G=f;try{const J=await c.open({method:"GET",path:a.path,query:I,access:{...a.access,verb:"watch"}},L);J.on("error",()=>{});for await(const Q of Le(J)){if(L.aborted)break;const fe=ae(Q);G=fe.object.metadata?.resourceVersion??G,fe.type==="DELETED"?a.onGone():fe.type!=="BOOKMARK"&&a.onState(fe.object)}return G}finally{clearTimeout(D),O.abort()}}async function le(c,a,f){let $,O=He;for(;!f.aborted;){const L=$;try{if($===void 0){const I=await c.call({method:"GET",path:a.path,query:{fieldSelector:`metadata.name=${a.name}`},access:{...a.access,verb:"list"}},f);$=I.body?.metadata?.resourceVersion??"0";const D=I.body?.items?.[0];D===void 0?a.onGone():a.onState(D)}$=await V(c,a,$,f),$!==L&&(O=He)}catch(I){if(f.aborted)return;if(I instanceof be||I instanceof z&&I.status===410)$=void 0;else if(!Oe(I))throw I}await(0,ye.setTimeout)(O,void 0,{signal:f}).catch(()=>{}),O=Math.min(O*2,Me)}}async function W(c,a,f,$){const O=new AbortController,L=AbortSignal.any([$,O.signal]);let I=!1;const D={path:"api/v1/nodes",name:a,access:{verb:"watch",group:"",resource:"nodes"},onState:J=>{I=!0,f({type:"node",node:me(J)})},onGone:()=>{I&&f({type:"gone"}),I=!1}},G={path:"apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases",name:a,access:{verb:"watch",group:"coordination.k8s.io",resource:"leases",namespace:"kube-node-lease"},onState:J=>{const Q=he(J);Q!==void 0&&f({type:"lease",renewedAtMs:Q})},onGone:()=>{}};try{await Promise.all([le(c,D,L),le(c,G,L)])}finally{O.abort()}}function he(c){const a=Date.parse(String(c.spec?.renewTime??""));return Number.isNaN(a)?void 0:a}const re=5,Ue="api/v1/namespaces/kube-system/secrets",je="application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";function Se(c,a){return{verb:c,group:"",resource:"nodes",...a===void 0?{}:{name:a}}}function oe(c,a){return{verb:c,group:"",resource:"secrets",namespace:a}}function Te(c){return`api/v1/nodes/${encodeURIComponent(c)}`}class Be{server;caPem;#e;constructor(a,f){this.server=a.server,this.caPem=a.caPem,this.#e=f}async read(a,f){const $=`apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${encodeURIComponent(a)}`,O={verb:"get",group:"coordination.k8s.io",resource:"leases",namespace:"kube-node-lease"},[L,I,D]=await Promise.all([this.#e.call({method:"GET",path:"version",access:{verb:"get",group:"",resource:"/version"}},f),this.#e.call({method:"GET",path:Te(a),access:Se("get",a)},f),this.#e.call({method:"GET",path:$,access:O},f)]),G=[L,I,D].flatMap(fe=>fe.serverTimeMs??[]),J=L.body?.gitVersion;if(J===void 0||G.length===0)throw new z("api-failed",{title:`what answers at ${this.server} is no Kubernetes API server`,cause:J===void 0?"/version gives no gitVersion":"its answers carry no Date header",remedy:"check the server address in the kubeconfig: a proxy or another service may answer there"});const Q=D.body===void 0?void 0:he(D.body);return{version:J,...I.body===void 0?{}:{node:me(I.body)},...Q===void 0?{}:{leaseRenewedAtMs:Q},serverTimeMs:Math.max(...G)}}async nodes(a){const f={method:"GET",path:"api/v1/nodes",access:Se("list")},{body:$}=await this.#e.call(f,a);return($?.items??[]).map(me)}async canI(a,f){return await Promise.all(a.map($=>this.#n($,f)))}async#n(a,f){const[$="",O]=a.resource.split("/"),L={apiVersion:"authorization.k8s.io/v1",kind:"SelfSubjectAccessReview",spec:{resourceAttributes:{verb:a.verb,group:a.group,resource:$,...O===void 0?{}:{subresource:O},...a.namespace===void 0?{}:{namespace:a.namespace},...a.name===void 0?{}:{name:a.name}}}},D=await this.#s({method:"POST",path:"apis/authorization.k8s.io/v1/selfsubjectaccessreviews",body:L,access:{verb:"create",group:"authorization.k8s.io",resource:"selfsubjectaccessreviews"}},f);return{...a,allowed:D.status?.allowed===!0,reason:D.status?.reason??D.status?.evaluationError??""}}async secretExists(a,f,$){const O=`api/v1/namespaces/${encodeURIComponent(a)}/secrets/${encodeURIComponent(f)}`;return(await this.#e.call({method:"GET",path:O,accept:je,access:{...oe("get",a),name:f}},$)).body!==void 0}async createBootstrapToken(a,f){await this.#s({method:"POST",path:Ue,body:Ie(a),access:oe("create","kube-system")},f)}async deleteBootstrapToken(a,f){const $=`${Ue}/${Ne(a)}`;await this.#e.call({method:"DELETE",path:$,access:oe("delete","kube-system")},f)}async bootstrapTokens(a,f){const $=Object.entries(a).map(([D,G])=>`${D}=${G}`).join(",");if($==="")throw new RangeError("labels are needed to tell own tokens from others");const L={method:"GET",path:Ue,query:{labelSelector:$,fieldSelector:"type=bootstrap.kubernetes.io/token"},access:oe("list","kube-system")},{body:I}=await this.#e.call(L,f);return(I?.items??[]).filter(D=>D.metadata?.name?.startsWith("bootstrap-token-")).map(ce)}async changeNode(a,f,$){for(let O=1;;O++){try{return me(await this.#o(a,f,$))}catch(L){if(!(L instanceof z)||L.code!=="conflict"||O===re)throw L}await(0,ye.setTimeout)(50*O,void 0,{signal:$})}}async#o(a,f,$){const O={},L={metadata:O};if(Object.keys(f.labels??{}).length>0&&(O.labels=f.labels),Object.keys(f.annotations??{}).length>0&&(O.annotations=f.annotations),f.taints!==void 0){const I=await this.#s({method:"GET",path:Te(a),access:Se("get",a)},$),D=te(I),G=f.taints(D);if(JSON.stringify(G)!==JSON.stringify(D)){const J=I.spec?.taints??[];L.spec={taints:G.map(Q=>({...J.find(fe=>fe.key===Q.key&&fe.effect===Q.effect),...Q}))},O.resourceVersion=I.metadata?.resourceVersion}else if(Object.keys(O).length===0)return I}return await this.#s({method:"PATCH",path:Te(a),query:{fieldManager:"k3s-gpu-actions"},body:L,contentType:"application/merge-patch+json",access:Se("patch",a)},$)}async deleteNode(a,f,$){const O={apiVersion:"v1",kind:"DeleteOptions",preconditions:{uid:f}};await this.#e.call({method:"DELETE",path:Te(a),body:O,access:Se("delete",a)},$)}async watch(a,f,$){await W(this.#e,a,f,$)}async#s(a,f){const{body:$}=await this.#e.call(a,f);if($!==void 0)return $;throw we(404,"",{server:this.server,request:`${a.method} /${a.path}`})}}var Ge=_(1692);async function y(c){const{KubeConfig:a}=await Promise.all([_.e(752),_.e(871),_.e(421)]).then(_.bind(_,6421)),f={};try{const J=new a;J.loadFromString(c.json),await J.applyToHTTPSOptions(f),(0,Ge.createSecureContext)({ca:f.ca,cert:f.cert,key:f.key})}catch(J){throw new z("kubeconfig-invalid",{title:`the credentials of context ${JSON.stringify(c.context)} cannot be used`,cause:`a certificate or key in it is damaged, or they do not belong together (${K(J)||"unreadable"})`,remedy:"store the kubeconfig again: kubectl config view --raw --flatten --minify"})}const{ca:$,cert:O,key:L,servername:I,auth:D}=f,G={};for(const[J,Q]of Object.entries(f.headers??{}))G[J]=String(Q);return D&&(G.Authorization=`Basic ${Buffer.from(D).toString("base64")}`),{tls:{ca:$,cert:O,key:L,...I===void 0?{}:{servername:I}},headers:G}}function T(c){return typeof c=="object"&&c!==null&&!Array.isArray(c)}function A(c,a,f){return new z("kubeconfig-invalid",{title:c,cause:a,remedy:f})}function N(c,a,f){return new z("kubeconfig-refused",{title:`the kubeconfig is refused: ${c}`,cause:a,remedy:f})}const l="make a self-contained one: kubectl config view --raw --flatten --minify",u="use a kubeconfig with a token or client certificate in it, for example of a service account with manifests/k3s-join-rbac.yaml",w={"insecure-skip-tls-verify":["whoever answers at that address would get the credentials","remove it and put certificate-authority-data in its place"],"certificate-authority":["it points to a file of another machine or user",l],"proxy-url":["traffic of this program would go where the file says","remove it; use a tunnel to reach the server"]},R={exec:["it runs a program of the file\u2019s choosing on the runner",u],"auth-provider":["it runs a credential helper, which Kubernetes has removed",u],"client-certificate":["it points to a file of another machine or user",l],"client-key":["it points to a file of another machine or user",l],tokenFile:["it points to a file of another machine or user",l],"token-file":["it points to a file of another machine or user",l]},v=["server","certificate-authority-data","tls-server-name"],E=["token","client-certificate-data","client-key-data","username","password","as"];function x(c,a,f){for(const[$,[O,L]]of Object.entries(f)){const I=c[$];if(!(I==null||I===""||I===!1))throw N(`${a} uses ${$}`,O,L)}}function o(c,a){const f={};for(const $ of a){const O=c[$];typeof O=="string"&&O!==""&&(f[$]=O)}return f}function p(c,a,f,$){const O=Array.isArray(c[a])?c[a].filter(T):[],L=O.filter(G=>G.name===$);if(L.length>1)throw A(`the kubeconfig has ${L.length} ${a} named ${JSON.stringify($)}`,"which one is meant cannot be told","remove the others");const I=L[0]?.[f];if(T(I))return I;const D=O.map(G=>JSON.stringify(G.name)).join(", ")||"none";throw A(`the kubeconfig has no ${f} ${JSON.stringify($)}`,`its ${a}: ${D}`,"name one of them, or fix the file")}function h(c){const a=URL.canParse(c)?new URL(c):void 0;if(a===void 0)throw A("the kubeconfig has no usable server address","server is not a URL","write it as https://host:6443");if(a.protocol==="http:")throw N("its server is http://","credentials would cross the network in clear","use the https:// address of the API server");if(a.protocol!=="https:")throw A("the kubeconfig has no usable server address",`its scheme is ${a.protocol}`,"write it as https://host:6443");if(a.username!==""||a.password!=="")throw N("its server holds a user name or password","addresses are printed in logs","move the credentials to the user entry")}function k(c){const a=c===void 0?"":Buffer.from(c,"base64").toString("utf8");if(a.includes("-----BEGIN CERTIFICATE-----"))return a;throw A("the kubeconfig holds no certificate authority",c===void 0?"certificate-authority-data is missing":"certificate-authority-data is not base64 of a PEM certificate",l)}function b(c,a){if(!T(c))throw A("the kubeconfig is not a mapping","the file is empty, truncated, or not a kubeconfig","store the text of a kubeconfig");const f=c["current-context"],$=a??(typeof f=="string"?f:"");if($==="")throw A("the kubeconfig names no current-context","which of its clusters is meant cannot be told","set current-context, or give a context");const O=p(c,"contexts","context",$),L=p(c,"clusters","cluster",String(O.cluster??"")),I=p(c,"users","user",String(O.user??""));x(L,`cluster ${JSON.stringify(O.cluster)}`,w),x(I,`user ${JSON.stringify(O.user)}`,R);const D=o(L,v),G=o(I,E),J=D.server??"";h(J);const Q=k(D["certificate-authority-data"]);if(!G.token&&!G["client-certificate-data"]&&!G.username)throw A(`user ${JSON.stringify(O.user)} of the kubeconfig has no credentials`,"there is no token and no client certificate",u);const fe={apiVersion:"v1",kind:"Config","current-context":"selected",contexts:[{name:"selected",context:{cluster:"selected",user:"selected"}}],clusters:[{name:"selected",cluster:D}],users:[{name:"selected",user:G}]};return{context:$,server:J.replace(/\/+$/,""),caPem:Q,json:JSON.stringify(fe)}}var g=_(4708),P=_(8321);const Y=1e4,U=[150,500];function j(c){return`${c.method} /${c.path}`}function Z(c){try{const a=JSON.parse(c);if(typeof a=="object"&&a!==null&&"message"in a)return String(a.message)}catch{}return de(c)}class ge{server;#e;#n;#o;#s=new WeakSet;constructor(a,f){this.server=a,this.#e=f,this.#n=new g.Agent({...f.tls,keepAlive:!0,maxSockets:16}),this.#o=new g.Agent({...f.tls})}async call(a,f){const $=AbortSignal.timeout(Y),O=AbortSignal.any([f,$]),L=a.method==="GET"?U:[];try{for(let I=0;;I++)try{return await this.#r(a,O)}catch(D){const G=L[I];if(O.aborted||G===void 0||!Oe(D))throw D;await(0,ye.setTimeout)(G,void 0,{signal:O})}}catch(I){throw f.aborted?f.reason:$.aborted?ee(this.server,j(a),Y):I}}async open(a,f){const $=new AbortController,O=setTimeout(()=>$.abort(),Y);try{return await this.#t(a,AbortSignal.any([f,$.signal]))}catch(L){throw f.aborted?f.reason:$.signal.aborted?ee(this.server,j(a),Y):L}finally{clearTimeout(O)}}async#r(a,f){const $=await this.#t(a,f),O=await this.#a($,a),L=Date.parse($.headers.date??""),I=Number.isNaN(L)?{}:{serverTimeMs:L};if($.statusCode===404)return{body:void 0,...I};try{return{body:JSON.parse(O),...I}}catch{throw we($.statusCode??0,`no JSON: ${O}`,{server:this.server,request:j(a)})}}async#t(a,f){const $=new URL(`${this.server}/${a.path}`);for(const[De,rn]of Object.entries(a.query??{}))$.searchParams.set(De,rn);const O=a.body===void 0?void 0:JSON.stringify(a.body),{promise:L,resolve:I,reject:D}=Promise.withResolvers(),G=(0,g.request)($,{method:a.method,agent:a.method==="GET"?this.#n:this.#o,signal:f,headers:{Accept:a.accept??"application/json","User-Agent":"k3s-gpu-actions",...this.#e.headers,...O===void 0?{}:{"Content-Type":a.contentType??"application/json","Content-Length":Buffer.byteLength(O)}}});G.once("socket",De=>{this.#s.has(De)||De.on("error",()=>{}),this.#s.add(De)}),G.once("response",I),G.on("error",De=>D(H(De,this.server,j(a)))),G.end(O);const J=await L,Q=J.statusCode??0;if(Q>=200&&Q<300||Q===404)return J;const fe=Z(await this.#a(J,a));throw we(Q,fe,{server:this.server,request:j(a),access:a.access})}async#a(a,f){try{return await(0,P.text)(a)}catch($){throw H($,this.server,j(f))}}}async function Ee(c,a){try{return await(0,Re.readFile)(c,{encoding:"utf8",signal:a})}catch(f){if(a.aborted)throw a.reason;const $=K(f);throw new z("kubeconfig-missing",{title:c===""?"no kubeconfig was given":`the kubeconfig ${c} cannot be read`,cause:$==="ENOENT"||c===""?"there is no such file":$==="EACCES"?"this user may not read it":$,remedy:"give the input `kubeconfig`, or run kubeconfig-esc in an earlier step of the job"})}}function ze(c){try{return(0,ke.qg)(c,{maxAliasCount:0,merge:!1,prettyErrors:!1})}catch(a){const f=a instanceof ke.XT?a.pos[0]:void 0,$=f===void 0?"":` in line ${c.slice(0,f).split(`
`).length}`;throw new z("kubeconfig-invalid",{title:"the kubeconfig is not valid YAML",cause:`${K(a)||"it cannot be parsed"}${$}`,remedy:"store the text of a kubeconfig as it is: kubectl config view --raw --flatten --minify"})}}async function Ke(c){const a=await Ee(c.kubeconfigPath,c.signal),f=b(ze(a),c.context),$=await y(f);return new Be(f,new ge(f.server,$))}const Ze=null,Pe=/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,Ye=/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;function Qe(c){const a=c.split("/");if(a.length>2)return!1;const f=a.at(-1),$=a.length===2?a[0]:void 0;return Pe.test(f)&&($===void 0||$.length<=253&&Ye.test($))}function tn(c){const a="write it as key=value:Effect or key:Effect, Effect one of NoSchedule, PreferNoSchedule, NoExecute",f=c.lastIndexOf(":"),$=Ze.find(D=>D===c.slice(f+1));if(f<0||$===void 0)throw new RangeError(`taint ${JSON.stringify(c)} has no known effect: ${a}`);const[O="",...L]=c.slice(0,f).split("=");if(!Qe(O))throw new RangeError(`taint ${JSON.stringify(c)} has no valid key: ${a}`);if(L.length===0)return{key:O,effect:$};const I=L.join("=");if(I!==""&&!Pe.test(I))throw new RangeError(`taint ${JSON.stringify(c)} has an invalid value: at most 63 of [A-Za-z0-9._-], ${a}`);return I===""?{key:O,effect:$}:{key:O,value:I,effect:$}}function sn(c){return`${c.key}${c.value?`=${c.value}`:""}:${c.effect}`}}),7949:((We,Fe,_)=>{_.d(Fe,{z3:()=>ye,a3:()=>Re,iL:()=>E,TN:()=>H,MD:()=>ce,gH:()=>$e,zt:()=>be,hF:()=>K,EG:()=>He,Br:()=>T,Ki:()=>v,jf:()=>Ne,Dj:()=>Le});const X=["schema","action","cluster","node","host","result","dryRun","headline","next","startedAt","durationMs","failure","code","id","verdict","question","title","kind","target","found","cause","reason","disrupts","remedy","undo","waitsFor","evidence","state","link","provenance","plan","changes","blockers","applied","undone","changed","restarted","checks","stages","milestones","stage","startedMs","endedMs","atMs","text","name","value","source","facts","outputs"],z=new Map(X.map((o,p)=>[o,p])),de=new Set(["facts","outputs"]);function K(o){return`${JSON.stringify(ne(o,!1),void 0,2)}
`}function ne(o,p){if(Array.isArray(o))return o.map(g=>ne(g,!1));if(typeof o!="object"||o===null)return o;const h=g=>p?0:z.get(g)??z.size,k=Object.entries(o).filter(([,g])=>g!==void 0).sort(([g],[P])=>h(g)-h(P)||(g<P?-1:g>P?1:0)),b=Object.create(null);for(const[g,P]of k)b[g]=ne(P,!p&&de.has(g));return b}const _e=/\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\^_]?)/g,ue=/[\p{Cf}\p{Co}\p{Cs}\u115F\u1160\u3164\uFFA0]/gu;function H(o,p=1e3){const h=o.replace(_e,"").replace(ue,"").replace(/[\s\p{Cc}]+/gu," ").trim();return ee(h,p)}function Oe(o,p=1e3){return o.split(/\r\n|[\n\r\u2028\u2029\u0085]/).map(h=>ee(h.replace(_e,"").replace(ue,"").replace(/\t/g,"  ").replace(new RegExp("\\p{Cc}","gu"),"").trimEnd(),p)).filter(h=>h!=="")}function ee(o,p){if(o.length<=p)return o;const h=Array.from(o);return h.length<=p?o:`${h.slice(0,Math.max(0,p-1)).join("")}\u2026`}function q(o){return Array.from(o).length}function we(o,p){return o+" ".repeat(Math.max(0,p-q(o)))}function Re(o){const p=Number.isFinite(o)?Math.max(0,Math.round(o/100)):0;if(p<600)return`${(p/10).toFixed(1)} s`;const h=Math.round(p/10);if(h<3600)return ke(Math.floor(h/60),"min",h%60,"s");const k=Math.round(h/60);return k<2880?ke(Math.floor(k/60),"h",k%60,"min"):`${Math.round(k/1440)} days`}function ke(o,p,h,k){return h===0?`${o} ${p}`:`${o} ${p} ${String(h).padStart(2,"0")} ${k}`}function ye(o){const p=["B","kB","MB","GB","TB","PB"];let h=Number.isFinite(o)?Math.max(0,o):0,k=0;for(;h>=999.5&&k<p.length-1;)h/=1e3,k+=1;const b=k>0&&h<9.95?1:0;return`${h.toFixed(b)} ${p[k]}`}function ve(o,p){return`${o} ${p}${o===1?"":"s"}`}const xe=88,te=8,me={pass:"\u2713",warn:"!",fail:"\u2717",error:"?",skip:"-"};function Ne(o,p=""){const h=`\u25B8 ${H(o)}`,k=H(p);return k===""?h:`${h}${" ".repeat(Math.max(2,xe-q(h)-q(k)))}${k}`}function $e(o){if(o.length===0)return[];const p=o.filter(b=>b.verdict!=="pass"&&b.verdict!=="skip"),h=Math.min(28,Math.max(0,...p.map(b=>q(H(b.id,60))))),k=p.flatMap(b=>{const g=" ".repeat(h+6);return[`  ${me[b.verdict]} ${we(H(b.id,60),h)}  ${H(b.found)}`,...b.cause?[`${g}because ${H(b.cause)}`]:[],...b.remedy?[`${g}\u2192 ${H(b.remedy)}`]:[]]});return[`  ${Ie(o)}`,...k]}function Ie(o){const k=["pass","warn","fail","error","skip"].map(b=>[o.filter(g=>g.verdict===b).length,b]).filter(([b])=>b>0).map(([b,g])=>`${b} ${g}`);return`${ve(o.length,"check")}${k.length>0?`: ${k.join(", ")}`:""}`}function ce(o){if(o.blockers.length>0)return`blocked: ${ve(o.blockers.length,"reason")}`;if(o.changes.length===0)return"nothing to do";const p=o.changes.filter(b=>b.waitsFor===void 0),h=o.changes.filter(b=>b.waitsFor!==void 0),k=[];if(p.length>0){const b=se(p);k.push(`${ve(p.length,"change")}${b?` (${b})`:", no disruption"}`)}if(h.length>0){const b=[...new Set(h.map(U=>U.waitsFor))].join(", "),g=se(h),P=h.length===1?"waits":"wait",Y=p.length>0?String(h.length):ve(h.length,"change");k.push(`${Y} ${P} for ${b}${g?` (${g})`:""}`)}return k.join("; ")}function se(o){const p=o.filter(b=>b.kind==="restart"),h=o.filter(b=>b.kind!=="restart"&&b.disrupts!==void 0),k=[];if(p.length>0){const b=[...new Set(p.map(g=>H(g.target,60)))].join(", ");k.push(`${ve(p.length,"restart")} of ${b}`)}return h.length>0&&k.push(ve(h.length,p.length>0?"other disruption":"disruption")),k.join(", ")}function He(o){const p=String(o.changes.length).length,h=Math.max(9,...o.changes.map(U=>U.kind.length)),k=o.changes.map(U=>H(U.target,160)),b=Math.max(0,...k.map(q).filter(U=>U<=46)),g=" ".repeat(2+p+1+h+1),P=o.changes.flatMap((U,j)=>{const Z=k[j]??"",ge=H(U.reason),Ee=`  ${String(j+1).padStart(p)} ${we(U.kind,h)} `,ze=q(Z)<=b;return[(ze?`${Ee}${we(Z,b)}  ${ge}`:`${Ee}${Z}`).trimEnd(),...ze||ge===""?[]:[`${g}  ${ge}`],...U.disrupts?[`${g}! ${H(U.disrupts)}`]:[],...U.waitsFor?[`${g}\u2026 waits for ${H(U.waitsFor)}`]:[]]}),Y=o.blockers.flatMap(U=>[`  \u2717 ${H(U.id,60)}  ${H(U.found)}`,...U.cause?[`    because ${H(U.cause)}`]:[],...U.remedy?[`    \u2192 ${H(U.remedy)}`]:[]]);return[...P,...Y]}const Me={observed:"observed on real parts",reported:"reported by others; not reproduced by us",invented:"our own reasoning; never seen in the wild"};function be(o){const p=o.evidence.flatMap(b=>Oe(b,400)),h=p.slice(0,te);p.length>h.length&&h.push(`(${p.length-h.length} more in the report)`);const k=(b,g)=>`  ${we(b,8)}  ${g}`;return[`\u2717 ${H(o.title)}`,k("cause",H(o.cause)),k("remedy",H(o.remedy)),...h.map((b,g)=>k(g===0?"evidence":"",b.trimStart())),k("state",H(o.state)),...o.provenance?[k("basis",Me[o.provenance])]:[],...o.link?[k("read",H(o.link))]:[]]}function Ce(o){const p=o.map(k=>`${formatDuration(k.atMs).padStart(8)}  ${cut(oneLine(k.text),60)}`),h=[];for(const k of p){const b=h.at(-1),g=b===void 0?void 0:`${b}     ${k}`;g===void 0||width(g)>116?h.push(k):h[h.length-1]=g}return h}function Le(o){const p=o.now(),h=()=>Math.max(0,Math.round(o.now()-p)),k=new Map,b=[],g=[],P=[],Y=[];let U;return{async stage(j,Z,ge){const Ee=U,ze={title:j,startedMs:h()};U=ze;try{return await Z()}finally{U=Ee;const Ke={...ze,endedMs:h()};P.push(Ke),ge?.(Ke)}},milestone(j){if(!U)return;const{title:Z,startedMs:ge}=U;Y.some(Ee=>Ee.stage===Z&&Ee.text===j)||Y.push({stage:Z,atMs:Math.max(0,h()-ge),text:j})},check(...j){for(const Z of j)k.set(Z.id,Z)},applied(j){b.includes(j)||b.push(j)},undone(j){g.includes(j)||g.push(j)},elapsedMs:h,parts(){return{startedAt:o.startedAt.toISOString(),durationMs:h(),checks:[...k.values()],applied:[...b],undone:[...g],stages:[...P].sort((j,Z)=>j.startedMs-Z.startedMs),milestones:[...Y]}}}}function ae(o,p=1e3){return H(o,p).replace(/&/g,"&amp;").replace(/</g,"&lt;").replace(/>/g,"&gt;").replace(/\\/g,"&#92;").replace(/\$/g,"&#36;").replace(/[`*~|[\]]/g,"\\$&").replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu,"\\_").replace(/:\/\//g,"&#58;//").replace(/\bwww\./gi,h=>`${h.slice(0,3)}&#46;`).replace(/(^|[^\p{L}\p{N}_])@(?=[\p{L}\p{N}])/gu,"$1@\u2060").replace(/^([#+=-])/,"\\$1").replace(/^(\d+)([.)])/,"$1\\$2")}function V(o,p=600){return ae(o??"",p)}function le(o,p){if(p.length===0)return"";const h=k=>`| ${k.join(" | ")} |`;return[h(o),h(o.map(()=>"---")),...p.map(h)].join(`
`)}function W(o,p){const h=Math.max(2,...[...p.matchAll(/`+/g)].map(b=>b[0].length)),k="`".repeat(h+1);return`${k}${o}
${p}
${k}`}function he(o,p){const h=o.flatMap(g=>Oe(g,2e3)),k=h.slice(0,p),b=h.length-k.length;return W("text",[...k,...b>0?[`(${b} more in the JSON report)`]:[]].join(`
`))}function re(o,p){return p===""?"":`<details><summary>${o}</summary>

${p}

</details>`}function Ue(o){return/^https:\/\/[\w.~/#%?=&+-]+$/.test(o)?`<${o}>`:ae(o)}const je=256*1024;function Se(o,p=je){if(Buffer.byteLength(o)<=p)return o;const h=o.split(`
`),k=[];let b=512,g="",P=0;for(const U of h){if(b+=Buffer.byteLength(U)+1,b>p)break;k.push(U);const j=/^`{3,}/.exec(U)?.[0];g!==""?U===g&&(g=""):j?g=j:U.startsWith("<details>")?P+=1:U==="</details>"&&(P-=1)}for(g!==""&&k.push(g);P>0;P-=1)k.push("","</details>");const Y=h.length-k.length;return k.push("",`_Cut here to fit: about ${Math.max(1,Y)} more lines. The JSON report has everything._`,""),k.join(`
`)}const oe=40;function Te(o){const p=H(o,200).replace(/[^\p{L}\p{N} .+/-]/gu," ").replace(/-{2,}/g,"-").replace(/ {2,}/g," ").trim();return p===""?"unnamed":ee(p,60)}function Be(o,p){const h=[];for(const k of o){const b=Math.max(1,Math.round(k.endedMs-k.startedMs));h.push(`  ${h.length+1} ${Te(k.title)} :${Math.round(k.startedMs)}, ${b}ms`);for(const g of p.filter(P=>P.stage===k.title))h.push(`  ${h.length+1} ${Te(g.text)} :milestone, ${Math.round(k.startedMs+g.atMs)}, 0ms`)}return h.length===0?"":W("mermaid",["gantt","  dateFormat x","  axisFormat %M:%S",...h.slice(0,oe)].join(`
`))}const Ge={pass:"\u2705",warn:"\u26A0\uFE0F",fail:"\u274C",error:"\u2754",skip:"\u2796"};function y(o){return o.result==="failed"||o.failure?"\u274C":o.result==="planned"?"\u{1F4CB}":"\u2705"}function T(o){const p=[`## ${y(o)} ${ae(o.headline)}`,A(o),o.failure?N(o.failure):"",`**Next:** ${ae(o.next)}`,l(o.checks.filter(h=>h.verdict!=="pass"&&h.verdict!=="skip")),u(o),Be(o.stages,o.milestones),re("Facts",le(["fact","value"],Object.entries(o.facts).map(([h,k])=>[V(h),V(k)]))),re("Where each value came from",le(["value","is","from"],o.provenance.map(h=>[V(h.name),V(h.value),V(h.source)]))),re(`All checks: ${Ie(o.checks)}`,l(o.checks)),re("Stages",le(["stage","began","took"],o.stages.map(h=>[V(h.title),Re(h.startedMs),Re(h.endedMs-h.startedMs)])))];return Se(`${p.filter(h=>h!=="").join(`

`)}
`)}function A(o){const p=o.host?`, host ${ae(o.host)}`:"",h=`Node ${ae(o.node)} of cluster ${ae(o.cluster)}${p}`,k=o.plan.changes.length,b=`${o.applied.length} of ${k} planned ${k===1?"change":"changes"} carried out`,g=[o.dryRun?"dry run, nothing was changed":k===0?"nothing to change":b,...o.undone.length>0?[`${o.undone.length} undone`]:[],...o.restarted?["agent restarted"]:[],Ie(o.checks),`${Re(o.durationMs)} in all`];return`${h}: ${g.join(" \xB7 ")}.`}function N(o){const p=[["what",V(o.title)],["cause",V(o.cause)],["remedy",V(o.remedy)],["state",V(o.state)],["code",V(o.code)],...o.provenance?[["basis",Me[o.provenance]]]:[],...o.link?[["read",Ue(o.link)]]:[]],h=o.evidence.length>0?`

**Evidence**

${he(o.evidence,30)}`:"";return`${le(["","failure"],p)}${h}`}function l(o){return le(["","check","result","detail"],o.map(p=>[Ge[p.verdict],V(p.id,80),V(p.found),[p.cause?V(p.cause):"",p.remedy?`\u2192 ${V(p.remedy)}`:""].filter(h=>h!=="").join("<br>")]))}function u(o){const{plan:p}=o;if(p.changes.length===0&&p.blockers.length===0)return"";const h=(g,P)=>o.undone.includes(g)?"undone":o.applied.includes(g)?"done":P===void 0?"not done":`waits for ${V(P)}`,k=le(["#","change","target","reason","disrupts","state"],p.changes.map((g,P)=>[String(P+1),g.kind,V(g.target),V(g.reason),g.disrupts?V(g.disrupts):"nothing",h(g.id,g.waitsFor)])),b=l(p.blockers);return[`**Plan:** ${ae(ce(p))}`,k,b].filter(g=>g!=="").join(`

`)}var w=_(1916);const R=["skip","pass","warn","fail","error"];function v(o,p){const h=p==="warn"?R.indexOf("warn"):R.indexOf("fail"),k=p==="never"?[]:o.filter(g=>R.indexOf(g.verdict)>=h);return{worst:o.reduce((g,P)=>R.indexOf(P.verdict)>R.indexOf(g)?P.verdict:g,"skip"),fails:k.length>0,failing:k}}function E(o,p,h=[]){const k=[...new Set([...o.map(g=>g.id),...h])],b=new Set(p);return{checks:o.map(g=>b.has(g.id)&&g.verdict!=="pass"&&g.verdict!=="skip"?{...g,verdict:"skip",found:`ignored by ignore-checks (was ${g.verdict}): ${g.found}`}:g),unknown:[...b].filter(g=>!k.includes(g)).map(g=>{const P=x(g,k);return P===void 0?{id:g}:{id:g,nearest:P}})}}function x(o,p){const h=g=>g.slice(g.lastIndexOf(".")+1),b=p.map(g=>({candidate:g,far:Math.min((0,w.Io)(o,g),(0,w.Io)(o,h(g)))})).sort((g,P)=>g.far-P.far)[0];return b&&b.far<=Math.ceil(o.length/2)?b.candidate:void 0}}),4507:((We,Fe,_)=>{_.d(Fe,{es:()=>Se,NH:()=>Ge});var X=_(7598),z=_(3024),de=_(6760);class K extends Error{code;cause;remedy;evidence;constructor(T,A,N){super(A),this.name="RunnerError",this.code=T,this.cause=N.cause,this.remedy=N.remedy,this.evidence=N.evidence??[]}}function ne(y){return new K("cancelled",`cancelled by ${y}`,{cause:"the workflow run was cancelled, or the runner is shutting down",remedy:"run it again: whatever was interrupted, the next run converges"})}function _e(y){return async(T,A)=>{A.throwIfAborted();const{downloadTool:N}=await Promise.all([_.e(752),_.e(955),_.e(58),_.e(805)]).then(_.bind(_,9805)),l=N(T,(0,de.join)(y,`download-${(0,X.randomUUID)()}`));try{return await ue(l,A)}catch(u){if(A.aborted)throw A.reason;const w=u.httpStatusCode,R=u instanceof Error?u.message:String(u);throw new K("download-failed",`${T} could not be downloaded to the runner`,{cause:w===void 0?R:`the server answered ${w}`,remedy:w===404||w===410?"check the version: this file does not exist":"check that the runner reaches this address (proxy, firewall), then run it again",evidence:[R]})}}}async function ue(y,T){let A=()=>{};const N=new Promise((l,u)=>{A=()=>u(T.reason),T.addEventListener("abort",A,{once:!0})});y.catch(()=>{}),N.catch(()=>{});try{return await Promise.race([y,N])}finally{T.removeEventListener("abort",A)}}function H(y){return{find(T,A,N){if(y==="")return;const l=(0,de.join)(y,T,A,N);if(!(0,z.existsSync)(`${l}.complete`))return;const[u,...w]=Oe(l);return u?.isFile()&&w.length===0?(0,de.join)(l,u.name):void 0},async add(T,A,N,l,u){if(y==="")return T;const{cacheFile:w}=await Promise.all([_.e(752),_.e(955),_.e(58),_.e(805)]).then(_.bind(_,9805));return(0,de.join)(await w(T,A,N,l,u),A)}}}function Oe(y){try{return(0,z.readdirSync)(y,{withFileTypes:!0})}catch{return[]}}var ee=_(3053),q=_(8161);const we=2e3;function Re(y){return async(T,A,N)=>{y.throwIfAborted();const{exec:l}=await _.e(955).then(_.bind(_,1955));let u;const w=()=>{u?.kill("SIGTERM"),setTimeout(()=>u?.exitCode===null&&u.kill("SIGKILL"),we).unref()},R=v=>{const E=v.process;queueMicrotask(()=>{u||!E||!ke(E,A)||(u=E,E.stdin?.on("error",()=>{}),y.aborted&&w())})};(0,ee.subscribe)("child_process",R),y.addEventListener("abort",w);try{return await l(ye(T),[...A],{input:N.input,env:{...N.env},silent:!0,ignoreReturnCode:!0,listeners:{stdout:N.onStdout,stderr:N.onStderr}})??128+(u?.signalCode?q.constants.signals[u.signalCode]:0)}catch(v){const E=v instanceof Error?v.message:String(v);throw new K("program-not-found",`${T} could not be started on the runner`,{cause:E,remedy:`install ${T} on the runner, or use another transport`})}finally{(0,ee.unsubscribe)("child_process",R),y.removeEventListener("abort",w)}}}function ke(y,T){const A=y.spawnargs?.slice(1)??[];return A.length===T.length&&A.every((N,l)=>N===T[l])}function ye(y){return`"${y.replaceAll('"','\\"')}"`}const ve=new Set("true false yes no on off null none undefined default auto root admin user node nodes server agent token password secret host local localhost cluster plan apply fast deep ssh fail warn never pass skip error kube kubeadm kubernetes linux amd64 arm64 main master latest 0.0.0.0 127.0.0.1 6443 10250 https:// http://".split(" ")),xe=4,te=6;function me(y){return y.trim().length<xe||ve.has(y.trim().toLowerCase())?!1:!/^-----(BEGIN|END) [A-Z0-9 ]+-----$/.test(y.trim())}function Ne(y){const T=Buffer.from(y,"utf8");return[0,1,2].map(A=>{const N=Buffer.concat([Buffer.alloc(A),T]).toString("base64").replace(/=+$/,""),l=(A+T.length)*8;return N.slice(A===0?0:A+1,Math.floor(l/6))})}function $e(y){const T=encodeURIComponent(y.toWellFormed()),A=Ne(y),N=Buffer.from(y,"utf8").toString("base64");return[JSON.stringify(y).slice(1,-1),JSON.stringify(JSON.stringify(y)).slice(3,-3),T,T.replace(/%[0-9A-F]{2}/g,l=>l.toLowerCase()),T.replaceAll("%20","+"),y.replaceAll("'","'\\''"),N,...A,N.replaceAll("+","-").replaceAll("/","_"),...A.map(l=>l.replaceAll("+","-").replaceAll("/","_"))]}function Ie(y){const T=y.trim();if(!me(T))return[];const A=T.split(/\r\n|[\n\r]/),N=new Set;A.length===1&&N.add(T);for(const l of A)A.length>1&&me(l)&&N.add(l.trim());for(const l of new Set([y,T]))for(const u of $e(l))u.length>=te&&me(u)&&!/[\r\n]/.test(u)&&N.add(u);return[...N]}const ce=2e3,se=/\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\^_]?)/g,He=/[\p{Cf}\p{Cs}\u115F\u1160\u3164\uFFA0]|\u034F|\u17B4|\u17B5/gu,Me=/\r\n|[\n\r\u000B\u000C\u0085\u2028\u2029]/;function be(y){return y.replace(se,"").split(Me).map(Le)}function Ce(y){return Le(y.replace(se,"").split(Me).join(" "))}function Le(y){const T=y.replace(He,"").replaceAll("	","  ").replace(new RegExp("\\p{Cc}","gu"),""),A=T.length>ce?Array.from(T):[];return(A.length>ce?`${A.slice(0,ce).join("")} \u2026 (${A.length-ce} more characters)`:T).replace(/^(\s*)(?=[\uFE00-\uFE0F]*:[\uFE00-\uFE0F]*:)/u,"$1\xB7 ").replace(/#([\uFE00-\uFE0F]*)#(?=[\uFE00-\uFE0F]*\[)/gu,"#$1 #")}function ae(y){return{async release(T,A,N,l){l.throwIfAborted();const u=await V(y()),w=`release ${N} of ${T}/${A}`;try{const[R,v]=await Promise.all([u.rest.repos.getReleaseByTag({owner:T,repo:A,tag:N,request:{signal:l}}),u.rest.repos.getCommit({owner:T,repo:A,ref:`tags/${N}`,headers:{accept:"application/vnd.github.sha"},request:{signal:l}})]),E=R.data.assets.map(le),x=v.data;return{assets:E,commit:typeof x=="string"?x.trim():v.data.sha}}catch(R){throw l.aborted?l.reason:W(R,w,y()!=="")}}}}async function V(y){if(y!=="")return(await Promise.all([_.e(752),_.e(665),_.e(351)]).then(_.bind(_,1351))).getOctokit(y);const{GitHub:T}=await Promise.all([_.e(752),_.e(665)]).then(_.bind(_,8665));return new T}function le(y){const T={name:y.name,url:y.browser_download_url,sizeBytes:y.size};return y.digest?{...T,digest:y.digest}:T}function W(y,T,A){const{status:N,message:l=String(y),response:u}=y,w=u?.headers??{},R=[`GitHub: ${N===void 0?"":`${N} `}${l}`];return N===void 0||N===500&&u===void 0?new K("github-unreachable",`${T} could not be read: GitHub cannot be reached from the runner`,{cause:l,remedy:"check the runner\u2019s internet access or proxy, then run it again",evidence:R}):N===429||N===403&&String(w["x-ratelimit-remaining"])==="0"||w["retry-after"]!==void 0?new K("rate-limited",`${T} could not be read: GitHub\u2019s rate limit is used up`,{cause:`${A?"the token":"the runner\u2019s address, without a token,"} has no requests left${he(w)}`,remedy:A?"run it again after that time":"give the input github-token (${{ github.token }} is enough), or wait",evidence:R}):N===404||N===422?new K("release-not-found",`${T} does not exist`,{cause:"there is no such release or tag, or the repository is private",remedy:"check the version: it must be spelled exactly as the release is",evidence:R}):new K("github-refused",`${T} could not be read: GitHub answered ${N}`,{cause:N===401?"the github-token is not valid":l,remedy:N>=500?"run it again later; see www.githubstatus.com":"give a github-token that may read public repositories, or none",evidence:R})}function he(y){const T=Number(y["x-ratelimit-reset"]);if(Number.isFinite(T)&&T>0&&T<864e10)return` until ${new Date(T*1e3).toISOString()}`;const A=Number(y["retry-after"]);return Number.isFinite(A)&&A>0?` for ${A} s`:""}const re={workflow_dispatch:"by the button",schedule:"by the clock",push:"by a push",pull_request:"by a pull request",repository_dispatch:"by an API call",workflow_run:"by another workflow",release:"by a release"};function Ue(y){const T=y.GITHUB_RUN_NUMBER;if(!T)return"";const A=Number(y.GITHUB_RUN_ATTEMPT??"1"),N=y.GITHUB_EVENT_NAME??"",l=N===""?"":` \xB7 started ${re[N]??`by ${N}`}`;return Ce(`run ${T}${A>1?`, attempt ${A}`:""}${l}`)}function je(y){const T=/^(INPUT_|STATE_|ACTIONS_.*(TOKEN|URL)$|GITHUB_TOKEN$|GH_TOKEN$)/;return Object.fromEntries(Object.entries(y).filter(A=>A[1]!==void 0&&!T.test(A[0])))}function Se(y,T=process.env){delete T[`INPUT_${y.replaceAll(" ","_").toUpperCase()}`]}function oe(y){const T=new AbortController;for(const A of["SIGINT","SIGTERM"])y.on(A,()=>T.abort(ne(A)));return T.signal}function Te(y,T,A){const N=new Set,l=v=>y.info(v),u=v=>{for(const E of Ie(v))N.has(E)||(N.add(E),y.setSecret(E))},w=y.getInput("github-token");u(w);const R=T.RUNNER_TEMP||"/tmp";return{input:v=>y.getInput(v),workspace:T.GITHUB_WORKSPACE||process.cwd(),temporaryDirectory:R,environment:je(T),signal:A,runLabel:Ue(T),isDebug:y.isDebug(),mask:u,output:(v,E)=>y.setOutput(v,E),saveState:(v,E)=>y.saveState(v,E),state:v=>y.getState(v),line(v=""){for(const E of be(v))l(E)},debug(v){for(const E of be(v))y.debug(E)},details(v,E){y.startGroup(Ce(v));for(const x of E)for(const o of be(x))l(o);y.endGroup()},errorAnnotation(v,E){y.error(Be(E),{title:Ce(v)})},warningAnnotation(v,E){y.warning(Be(E),{title:Ce(v)})},async summary(v){if(T.GITHUB_STEP_SUMMARY)try{await y.summary.addRaw(v,!v.endsWith(`
`)).write()}catch(E){y.warning(Be(E instanceof Error?E.message:String(E)),{title:"The summary could not be written"})}},exec:Re(A),releases:ae(()=>w),download:_e(R),toolCache:H(T.RUNNER_TOOL_CACHE??"")}}function Be(y){return be(y).join(`
`).slice(0,4e3)}async function Ge(y=process.env){const T=await Promise.all([_.e(752),_.e(955),_.e(58)]).then(_.bind(_,6058));return Te(T,y,oe(process))}})};export{ht as id,ft as ids,pt as modules};
