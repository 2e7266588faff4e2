const lt=753,ht=[753],ft={2851:((Ze,Ce,_)=>{_.d(Ce,{_:()=>z,r:()=>ue});const q={tokenId:"token-id",kubeconfig:"kubeconfig",context:"context"};function z(V,se){V.saveState(q.kubeconfig,se.kubeconfig),V.saveState(q.context,se.context),V.saveState(q.tokenId,se.tokenId)}function ue(V){const se=V.state(q.tokenId);if(se!=="")return{tokenId:se,kubeconfig:V.state(q.kubeconfig),context:V.state(q.context)}}}),4898:((Ze,Ce,_)=>{_.d(Ce,{hk:()=>q,k3:()=>He,zF:()=>pe,C5:()=>Ue,uT:()=>te,bj:()=>ee,Jp:()=>A,vM:()=>ue,uL:()=>we,mj:()=>he,E4:()=>ie,mq:()=>ke,Xy:()=>Te,QY:()=>z,o6:()=>E,R:()=>X,UY:()=>C});const q={desired:"k3s-gpu-actions/desired",ownedLabels:"k3s-gpu-actions/owned-labels",ownedTaints:"k3s-gpu-actions/owned-taints"};function z(h){return(h??"").split(",").filter(u=>u!=="")}function ue(h){return[...new Set(h)].sort().join(",")}const V=400,se=500;function _e(h,u){const k=h.leaseRenewedAtMs!==void 0&&h.leaseRenewedAtMs>(u.leaseBeforeMs??0);return h.unit?.activeState==="active"&&h.node?.ready==="True"&&h.node.kubeletVersion===u.version&&k}async function He(h,u,k){const b=u.now(),v=new AbortController,L=AbortSignal.any([k,v.signal]);let o={journal:[]};const l=()=>u.now()-b;let f=()=>{},m=()=>{};const S=new Promise((B,Q)=>{f=B,m=Q}),w=()=>{const B=l();if(_e(o,h)&&o.node)return{type:"ready",node:o.node,state:o,elapsedMs:B};const Q=u.judge(o,B);return Q!==void 0?{type:"hopeless",reason:Q,state:o,elapsedMs:B}:B>=h.timeoutMs?{type:"deadline",state:o,elapsedMs:B}:void 0},P=()=>{const B=w();B&&f(B)},Y=B=>{if(B.type==="journal")o={...o,journal:[...o.journal.slice(1-V),B.text]};else{const Q=B.activeState==="active"?o.activeAtMs??l():void 0;o={...o,unit:B,...Q===void 0?{activeAtMs:void 0}:{activeAtMs:Q}}}u.onEvent?.(B,l()),P()},j=setInterval(P,se),K=()=>m(k.reason);k.addEventListener("abort",K,{once:!0});const oe=[u.follow(Y,L),u.cluster.watch(h.node,B=>{B.type==="node"?(o={...o,node:B.node},u.onNode?.(B.node,l())):B.type==="gone"?o={...o,node:void 0}:o={...o,leaseRenewedAtMs:B.renewedAtMs},P()},L)].map(B=>B.then(()=>{L.aborted||m(new Error("a watch ended before the node was ready"))},Q=>{L.aborted||m(Q)}));try{return k.throwIfAborted(),await S}finally{clearInterval(j),k.removeEventListener("abort",K),v.abort(new Error("the wait is over")),await Promise.all(oe)}}var U=_(7598);const Le=["kubelet.kubernetes.io","node.kubernetes.io"],ge=new Set(["beta.kubernetes.io/arch","beta.kubernetes.io/instance-type","beta.kubernetes.io/os","failure-domain.beta.kubernetes.io/region","failure-domain.beta.kubernetes.io/zone","kubernetes.io/arch","kubernetes.io/hostname","kubernetes.io/os","node.kubernetes.io/instance-type","topology.kubernetes.io/region","topology.kubernetes.io/zone"]);function ie(h){const[u]=h.split("/");return!h.includes("/")||!u||!["kubernetes.io","k8s.io"].some(b=>u===b||u.endsWith(`.${b}`))||ge.has(h)?!1:!Le.some(b=>u===b||u.endsWith(`.${b}`))}const X=h=>`${h.key}:${h.effect}`,Ae=(h,u)=>X(h)===X(u)&&(h.value??"")===(u.value??"");function Te(h,u){const k=u?.labels??{},b={};for(const[m,S]of Object.entries(h.labels))k[m]!==S&&(b[m]=S);for(const m of z(u?.annotations[q.ownedLabels]))!(m in h.labels)&&m in k&&(b[m]=null);const v=u?.taints??[],L=h.taints.filter(m=>!v.some(S=>Ae(S,m))),o=new Set(z(u?.annotations[q.ownedTaints])),l=new Set(h.taints.map(X)),f=v.filter(m=>o.has(X(m))&&!l.has(X(m)));return{labels:b,addTaints:L,removeTaints:f}}function we(h){return Object.keys(h.labels).length+h.addTaints.length+h.removeTaints.length>0}function ke(h,u){const k=new Set([...u.removeTaints,...u.addTaints].map(X));return[...h.filter(b=>!k.has(X(b))),...u.addTaints]}const je=4e4;function xe(h){return Array.isArray(h)?h.map(xe):h===null||typeof h!="object"?h:Object.fromEntries(Object.entries(h).sort(([u],[k])=>u<k?-1:u>k?1:0).map(([u,k])=>[u,xe(k)]))}function ee(h,u,k){const b={server:u,version:k,distribution:h.distribution,labels:h.labels,taints:h.taints.map(v=>`${v.key}=${v.value??""}:${v.effect}`).sort(),nodeIp:h.nodeIp??"",nodeExternalIp:h.nodeExternalIp??"",extraConfig:h.extraConfig};return`sha256:${(0,U.createHash)("sha256").update(JSON.stringify(xe(b))).digest("hex")}`}function Ue(h,u,k,b){const{node:v,leaseRenewedAtMs:L}=b;if(!v)return{isAsDesired:!1,differences:[`${h.node} is not a node yet`]};const o=L===void 0?void 0:Math.max(0,b.serverTimeMs-L),l=[],f=v.annotations[q.desired];return f===void 0?l.push("it has not been brought under this project yet (no record of a complete run)"):f!==ee(h,u,k)&&l.push("the desired state has changed since the last complete run"),v.kubeletVersion!==k&&l.push(`version ${v.kubeletVersion}, wanted ${k}`),we(Te(h,v))&&l.push("labels or taints differ"),v.ready!=="True"&&l.push(`Ready is ${v.ready}`),o===void 0?l.push("it has no heartbeat (no Lease)"):o>je&&l.push(`last heartbeat ${Math.round(o/1e3)} s ago`),{isAsDesired:l.length===0,differences:l,...o===void 0?{}:{heartbeatAgeMs:o}}}var re=_(7030);const Oe=new re.BlockList;for(const[h,u]of[["10.0.0.0",8],["172.16.0.0",12],["192.168.0.0",16],["100.64.0.0",10],["169.254.0.0",16],["127.0.0.0",8]])Oe.addSubnet(h,u,"ipv4");Oe.addSubnet("fc00::",7,"ipv6"),Oe.addSubnet("fe80::",10,"ipv6");function ye(h){const u=(0,re.isIP)(h);return u!==0&&Oe.check(h,u===4?"ipv4":"ipv6")}function ve(h){const u="Can pods on this host and pods on the servers reach each other?",{desired:k,nodes:b,facts:v}=h,L=k.nodeExternalIp??k.nodeIp??v.defaultRoute?.source??v.addresses[0]??k.access.address,o=b.filter(m=>m.isServer).flatMap(m=>[...m.externalIps,...m.internalIps]),l=o.filter(m=>(0,re.isIP)(m)!==0&&!ye(m));if(!ye(L)||l.length===0)return{id:"cluster.topology",verdict:"pass",question:u,found:`${L||"unknown address"} beside ${o.join(", ")||"no known server address"}`};const f=`${L} is private, the servers are public (${l.join(", ")}): pods here will not reach pods there`;return k.podNetwork==="isolated"?{id:"cluster.topology",verdict:"pass",question:u,found:`${f} (declared: pod-network isolated)`}:{id:"cluster.topology",verdict:"warn",question:u,found:f,cause:"the overlay network sends packets straight to node addresses; through NAT they do not arrive",remedy:"declare `pod-network: isolated` in the cluster file when host-level tunnels are enough; otherwise use a WireGuard or Tailscale overlay (docs: networking/distributed-multicloud)"}}const Pe=3e4,Ne=2*1024**3,le=1e4;function de(h,u,k,b,v){return k?{id:h,verdict:"pass",question:u,found:b}:{id:h,verdict:v.verdict??"fail",question:u,found:b,cause:v.cause,remedy:v.remedy}}const Be={"sudo-password-required":"sudo asks for a password, and none was given","sudo-password-wrong":"sudo refused the password that was given","sudo-not-allowed":"the user may not use sudo","sudo-needs-tty":"sudo demands a terminal (requiretty)","sudo-missing":"there is no sudo on the host"};function ce(h){const{state:u,problem:k}=h.privilege,v={root:"logged in as root",passwordless:"sudo without a password",password:"sudo with the password given",none:Be[k]??(k||"no sudo")}[u];return de("host.sudo",`May ${h.user||"the user"} become root?`,u!=="none",v,{cause:"installing a unit and its files needs root",remedy:`give \`sudo-password\`, or let the user become root without one: echo '${h.user||"USER"} ALL=(ALL) NOPASSWD: ALL' | sudo tee /etc/sudoers.d/k3s-gpu-actions`})}function J(h){const{facts:u,reading:k,readAtRunnerMs:b}=h,v=u.clock.hostMs-u.clock.runnerMs,L=k.serverTimeMs-b,o=Math.round(v-L),l=Math.round(Math.abs(o)/1e3);return de("host.clock","Is the clock of the host within 30 s of the API server?",Math.abs(o)<=Pe,l<=1?"same second":`${l} s ${o>0?"ahead":"behind"}`,{cause:"certificates are not valid from the host's point of view",remedy:"sudo timedatectl set-ntp true"})}function be(h){return h.disks.map(u=>{const k=(u.availableBytes/1073741824).toFixed(1);return de(`host.disk.${u.path.replace(/^\//,"").replaceAll("/","-")||"root"}`,`Is there room below ${u.path}?`,u.availableBytes>=Ne&&(u.availableInodes===0||u.availableInodes>=le),`${k} GiB and ${u.availableInodes} inodes free`,{cause:"images and logs fill what is left, and the kubelet then evicts pods",remedy:`free at least 2 GiB and ${le} inodes below ${u.path}`})})}function Ie(h,u){if(!h)return"nobody";const k=(b,v)=>b!==""&&b.toLowerCase()===v.toLowerCase();return k(h.systemUuid,u.systemUuid)||k(h.machineId,u.machineId)?"this-machine":h.systemUuid!==""&&u.systemUuid!==""?"another-machine":"unknown-machine"}function Z(h){const{node:u,leaseRenewedAtMs:k,serverTimeMs:b}=h.reading;return u?.ready==="True"&&k!==void 0&&b-k<=je}function Se(h){const{desired:u,facts:k,reading:b,consent:v}=h,L=`Is the name ${u.node} free, or this machine's own?`,o=Ie(b.node,k);if(o==="nobody")return{id:"cluster.name",verdict:"pass",question:L,found:"free"};if(o==="this-machine")return{id:"cluster.name",verdict:"pass",question:L,found:"this machine is the node"};const l=b.node,f=[`node: system UUID ${l.systemUuid||"unknown"}, ${l.internalIps.join(", ")||"no address"}, ${l.osImage}`,`host: system UUID ${k.systemUuid||"unknown"}, ${k.addresses.join(", ")||u.access.address}, ${k.os.prettyName}`];if(Z(h))return{id:"cluster.name",verdict:o==="another-machine"?"fail":"warn",question:L,found:o==="another-machine"?"a live machine with another identity has it":"a live node has it, and its identity cannot be compared",cause:"two machines cannot share a name",remedy:"give this machine another `node` name",evidence:f};const m=v.replaceNode===u.node;return{id:"cluster.name",verdict:m?"warn":"fail",question:L,found:`a node that is no longer alive has it${m?"; it will be replaced as confirmed":""}`,cause:"the node was joined from another machine or another installation",remedy:`press the button again with replace-node = ${u.node}, or give this machine another name`,evidence:f}}function Re(h){return h.gpu.processes.filter(u=>u.owner!=="pod")}function Ge(h){const{facts:u,desired:k}=h,b="Which GPUs does the host have, and who uses them?";if(u.gpu.pciDevices===0&&u.gpu.devices.length===0)return k.gpu?{id:"host.gpu",verdict:"warn",question:b,found:"no NVIDIA GPU",cause:"the cluster file expects one",remedy:"check the card, or remove `gpu` from the node"}:{id:"host.gpu",verdict:"skip",question:b,found:"no NVIDIA GPU"};if(u.gpu.devices.length===0)return{id:"host.gpu",verdict:"warn",question:b,found:`${u.gpu.pciDevices} NVIDIA device(s) on the bus, but no driver answers`,cause:u.gpu.problem||"nvidia-smi is not installed",remedy:"install or repair the driver; the join itself does not need it"};const v=Re(u),L=u.gpu.devices.map(l=>l.name).join(", ");if(v.length===0)return{id:"host.gpu",verdict:"pass",question:b,found:`${u.gpu.devices.length} \xD7 ${L}`};const o=v.map(l=>`${l.name} (pid ${l.pid}, ${l.ownerDetail||l.owner})`).join(", ");return{id:"host.gpu",verdict:"warn",question:b,found:`${o} ${v.length===1?"is":"are"} using the GPU`,cause:"a restart or a daemon-reload can take the GPU from running containers",remedy:"nothing to do: no change that could disturb it is made unless `allow-gpu-disruption` says so"}}function he(h){const{facts:u}=h;return[ce(u),de("host.architecture","Is the processor architecture supported?",["amd64","arm64"].includes(u.architecture),u.architecture||"unknown",{cause:"programs are fetched and checked for amd64 and arm64 only",remedy:"use a 64-bit x86 or Arm machine"}),de("host.init","Is systemd the init system?",u.init==="systemd",u.init,{cause:"units are written for systemd",remedy:"use a host with systemd; OpenRC is not supported in this version"}),de("host.cgroup","Is the memory cgroup controller there?",u.cgroup.version===0||u.cgroup.hasMemoryController,u.cgroup.version===0?"unknown":`cgroup v${u.cgroup.version}`,{cause:"the kubelet cannot limit memory without it and stops",remedy:"add `cgroup_enable=memory cgroup_memory=1` to the kernel command line and reboot"}),J(h),...be(u),de("host.route","Is there a default route?",u.defaultRoute!==void 0,u.defaultRoute?`via ${u.defaultRoute.via||u.defaultRoute.device}`:"none",{verdict:"warn",cause:"the node address is chosen by the default route",remedy:"give `node-ip`, or add a route"}),Se(h),ve(h),Ge(h)]}var fe=_(1771);function te(h,u,k,b){const v=[],L=(l,f,m,S,w)=>{v.push({id:l,verdict:m?"pass":"fail",question:f,found:S,...m?{}:{cause:"it was so a moment ago, or was never brought about",remedy:w}})};if(b!==void 0&&L("confirm.unit","Is the unit active?",b==="active",b,"look at its journal on the host"),L("confirm.ready","Is the node Ready?",k?.ready==="True",k?`Ready=${k.ready} ${k.readyMessage}`.trim():"no such node","press the button again; the plan says what is missing"),!k)return v;L("confirm.version","Does the node run the wanted version?",k.kubeletVersion===u,k.kubeletVersion,"restart the agent: the program on disk is not the one that runs");const o=Te(h,k);return L("confirm.metadata","Are labels and taints as wanted?",!we(o),we(o)?[...Object.keys(o.labels),...o.addTaints.map(fe.eh),...o.removeTaints.map(fe.eh)].join(", "):"as wanted","something else changes them: look at managedFields of the node"),v}const pe={deleteNode:"delete-node",label:"label-node",taint:"taint-node",record:"record-desired"};function ze(h,u){const{desired:k,server:b,version:v,reading:L}=h,o=Te(k,L.node),l=[],f=Object.entries(o.labels).map(([Y,j])=>j===null?`${Y}-`:`${Y}=${j}`);f.length>0&&l.push({id:pe.label,kind:"label",target:f.join(", "),reason:L.node?"the node differs from the cluster file and inputs":"wanted on the new node",undo:"not needed: labels disturb nothing, and the next run sets them again"});const m=[...o.addTaints.map(fe.eh),...o.removeTaints.map(Y=>`${(0,fe.eh)(Y)}-`)];m.length>0&&l.push({id:pe.taint,kind:"taint",target:m.join(", "),reason:L.node?"the node differs from the cluster file and inputs":"keeps other pods away from the new node from its first second",...o.addTaints.some(Y=>Y.effect==="NoExecute")?{disrupts:"evicts pods that do not tolerate it"}:{},undo:"not needed: the next run converges"});const S=ee(k,b,v),w=L.node?.annotations[q.desired],P=L.node?.annotations[q.ownedLabels]!==void 0||L.node?.annotations[q.ownedTaints]!==void 0;return w!==S&&!(u&&P)&&l.push({id:pe.record,kind:"annotate",target:u?"labels and taints of this project as owned":"desired state, owned labels and taints",reason:u?"so that they can be changed and removed later":"lets the next run see that nothing is to be done",undo:"not needed: a hint only"}),l}function y(h){const{reading:u,facts:k,consent:b,desired:v}=h,L=Ie(u.node,k);return!u.node||b.replaceNode!==v.node||L==="this-machine"||L==="nobody"?[]:[{id:pe.deleteNode,kind:"delete",target:`node ${v.node} (uid ${u.node.uid})`,reason:"confirmed by replace-node: it is no longer alive and belongs to another installation",disrupts:"forgets the pods that were bound to it",undo:"none: a deleted node comes back only by joining again"}]}function O(h,u){const k=Re(h.facts),b=u.filter(v=>["restart","reload"].includes(v.kind)&&!v.waitsFor);return k.length===0||b.length===0||h.consent.allowGpuDisruption?[]:[{id:"plan.gpu-in-use",verdict:"fail",question:"May the plan disturb processes that use the GPU outside the cluster?",found:`${k.map(v=>`${v.name} (pid ${v.pid}, ${v.ownerDetail||v.owner})`).join(", ")} would see: ${b.map(v=>`${v.kind} ${v.target}`).join(", ")}`,cause:"a daemon-reload or restart can take the GPU from running containers (NVIDIA/nvidia-container-toolkit#48)",remedy:"press the button again with allow-gpu-disruption when that is acceptable, or stop the process first"}]}function E(h,u,k){const b=u.some(o=>o.waitsFor!==void 0),v=[...y(h),...u,...ze(h,b)],L=[...k,...O(h,v)];return{changes:v,blockers:L}}function A(h){return h.changes.filter(u=>u.waitsFor===void 0)}function C(h){const u=Object.values(pe);return A(h).some(k=>!u.includes(k.id))}}),5509:((Ze,Ce,_)=>{_.d(Ce,{SU:()=>it});var q=_(8815),z=_(4898),ue=_(1771);function V(t){const n=Object.entries(t.labels).filter(([a])=>!(0,z.E4)(a)).map(([a,d])=>`${a}=${d}`).sort(),s=t.taints.map(ue.eh).sort(),e={"node-name":t.node,...t.nodeIp?{"node-ip":t.nodeIp}:{},...t.nodeExternalIp?{"node-external-ip":t.nodeExternalIp}:{},...Object.fromEntries(Object.entries(t.extraConfig).sort(([a],[d])=>a<d?-1:1)),...n.length>0?{"node-label+":n}:{},...s.length>0?{"node-taint+":s}:{}},r=new q.yo(e);return r.commentBefore=" Written by k3s-gpu-actions; edits are overwritten by its next run.",r.toString({lineWidth:0})}function se(t){const n=[];let s=!1;for(const e of t.split(`
`))/^\S/.test(e)&&(s=/^"?node-(label|taint)\+"?:/.test(e)),!s&&!e.startsWith("#")&&e.trim()!==""&&n.push(e);return n.join(`
`)}var _e=_(7030);function He(t){const{binary:n,unit:s,environment:e}=t;return{"k3s program":n?`${n.version||"unknown version"} at ${n.path}`:"not installed","k3s unit":s?`${s.name} ${s.activeState} (${s.subState}), ${s.isEnabled?"enabled":"not enabled"}, arguments: ${s.arguments.join(" ")||"none"}`:"not installed",...e?{"k3s env file":`${e.path}: ${e.keys.join(", ")}; token kind: ${e.tokenKind}`}:{},...t.configFiles.length>0?{"k3s configuration":t.configFiles.map(r=>`${r.path} (${r.keys.join(", ")})`).join("; ")}:{},...t.templates.length>0?{"containerd templates":t.templates.map(r=>`${r.path}${r.hasBaseTemplate?"":" (replaces the built-in one)"}`).join("; ")}:{}}}var U=_(7598);const Le=/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;function ge(t){try{const n=(t.match(Le)??[]).map(s=>new U.X509Certificate(s));if(n.length>0)return n}catch{}throw new RangeError("no readable PEM certificate in the CA bundle")}function ie(t){const n=t[0]??0;let s=t[1]??0,e=2;if(s>128){const r=s&127;s=t.readUIntBE(2,r),e+=r}return{tag:n,content:t.subarray(e,e+s),rest:t.subarray(e+s)}}function X(t){const n=[];for(let s=t;s.length>1;){const e=ie(s);n.push(e),s=e.rest}return n}const Ae=Buffer.from("551d0e","hex"),Te=Buffer.from("551d23","hex");function we(t,n){const s=X(ie(t.raw).content)[0],e=X(s?.content??Buffer.alloc(0)).find(r=>r.tag===163);if(e!==void 0)for(const r of X(ie(e.content).content)){const[a,...d]=X(r.content);if(a?.content.equals(n))return d.at(-1)?.content}}function ke(t){const n=we(t,Te),s=n&&X(ie(n).content).find(r=>r.tag===128)?.content;if(s===void 0)return!0;const e=we(t,Ae);return e!==void 0&&ie(e).content.equals(s)}function je(t){const[n,...s]=t,e=(r,a)=>{if(s.some(d=>ke(d)&&d.raw.equals(r.raw)))return r;for(const d of a){if(!r.checkIssued(d)||!r.verify(d.publicKey))continue;if(ke(d))return d;const $=e(d,a.filter(T=>T!==d));if($!==void 0)return $}};return n&&e(n,s)}function xe(t){return(0,U.createHash)("sha256").update(t).digest("hex")}function ee(t){const n=ge(t),s=n.length>1?je(n):void 0;return xe(s?.raw??t)}function Ue(t,n){if(ee(t)===ee(n))return!0;const s=new Set(ge(n).map(e=>e.fingerprint256));return ge(t).every(e=>s.has(e.fingerprint256))}const re=/^[a-z0-9]{6}\.[a-z0-9]{16}$/,Oe="abcdefghijklmnopqrstuvwxyz0123456789";function ye(t){return t===""?{}:{caHash:t}}function ve(t){const n=t.trim();if(n==="")return{kind:"none",credential:""};if(re.test(n))return{kind:"bootstrap",credential:n};const s=/^K10([0-9a-f]{64})?::([\s\S]+)$/.exec(n);if(s===null)return{kind:"short",credential:n};const[,e="",r=""]=s;if(re.test(r))return{kind:"bootstrap",credential:r,...ye(e)};const a=r.indexOf(":"),d=r.slice(0,Math.max(a,0)),$=r.slice(a+1);return a<0||$===""?{kind:"short",credential:n}:{kind:d==="server"?"server":d==="node"?"agent":"short",credential:$,...ye(e)}}function Pe(t,n,s){if(!/^[0-9a-f]{64}$/.test(t))throw new RangeError("a CA hash has 64 lower-case hexadecimal digits");if(!re.test(`${n}.${s}`))throw new RangeError("a bootstrap token is 6 and 16 characters [a-z0-9]");return`K10${t}::${n}.${s}`}function Ne(t){return t.kind==="bootstrap"?`Bearer ${t.credential}`:`Basic ${Buffer.from(`node:${t.credential}`).toString("base64")}`}function le(t,n){let s="";for(;s.length<t;)for(const e of n(t))e<252&&s.length<t&&(s+=Oe[e%36]);return s}function de(t=U.randomBytes){return le(6,t)}function Be(t=U.randomBytes){return le(16,t)}class ce extends Error{name="GivenTokenError";code;cause;remedy;evidence=[];constructor(n,s,e,r){super(s),this.code=n,this.cause=e,this.remedy=r}}const J="leave `token` out: a bootstrap token is minted through the API and deleted at the end";function be(t,n,s){const e=ve(t),r=ee(n);if(e.caHash!==void 0&&e.caHash!==r)throw new ce("token-of-another-cluster","the given token belongs to another cluster, or to this one before its CA was changed",`it pins the CA ${e.caHash.slice(0,12)}\u2026, the kubeconfig's CA is ${r.slice(0,12)}\u2026`,J);if(e.kind==="short")throw new ce("token-without-ca","the given token pins no certificate authority","without the K10 prefix an agent believes whatever server answers",J);if((e.kind==="server"||e.kind==="agent")&&!s.allowServerToken)throw new ce("server-token-refused",`the given token is the ${e.kind}'s own, long-lived one`,e.kind==="server"?"whoever reads it on the node owns the cluster":"whoever reads it on the node can join machines for ever",`${J}; or set allow-server-token when you mean it`);if(e.kind==="bootstrap"&&e.caHash===void 0){const[a="",d=""]=t.trim().split(".");return{id:a,text:Pe(r,a,d)}}return{id:"given",text:t.trim()}}var Ie=_(8500);class Z extends Error{name="HostHttpsFault";kind;remedy;constructor(n,s,e){super(s),this.kind=n,this.remedy=e}get isPassing(){return this.kind==="connect"||this.kind==="timeout"}}const Se=5;function Re(t){return typeof t=="object"&&t!==null&&"code"in t?String(t.code):""}function Ge(t){return typeof t=="object"&&t!==null&&"message"in t?String(t.message):String(t)}function he(t){return t.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g," ").trim().slice(0,300)}function fe(t){const n=Re(t),s=Ge(t);return he(n===""||s.includes(n)?s:`${n} ${s}`)}function te(t,n){return`${(0,_e.isIP)(t)===6?`[${t}]`:t}:${n}`}function pe(t,n){const s="another service listens there, or a proxy is in between";switch(t){case"name":return["does not resolve on the host","the host has no DNS answer for that name","use an IP address as `server`, or mend DNS on the host"];case"authority":return["shows a certificate of another authority","another server answers at that address, or something in between opens TLS","compare `server` with the kubeconfig; if the CA was changed, fetch the kubeconfig again"];case"identity":return["shows a certificate for other names","the server certificate is not issued for that address",`use an address the certificate names, or add ${n} to tls-san of the k3s server`];case"tls":return["does not speak TLS as a k3s server does",s,"check host and port of `server`"];case"protocol":return["does not answer as a k3s server does",s,"check host and port of `server`"]}}function ze(t,n){const{port:s,runnerReaches:e}=t;return["cannot be reached from the host",`port ${s}/tcp is closed or filtered between the host and the server${e===void 0?"":e?" (the runner itself can reach it)":" (the runner cannot reach it either)"}`,e===!1?`check that the server is running and listens on ${n}`:`allow ${s}/tcp from the host's public address, or set \`server\` to an address the host can reach`]}function y(t){const{id:n,question:s,fault:e,host:r,address:a,port:d}=t,$=[`${r}: ${e.message}`];if(e.kind==="tool"){const F=e.remedy??"see the evidence";return{id:n,verdict:"error",question:s,found:"could not be asked",cause:e.message,remedy:F,evidence:$}}const T=te(a,d),[N,I,H]=e.kind==="connect"||e.kind==="timeout"?ze(t,T):pe(e.kind,a);return{id:n,verdict:"fail",question:s,found:`${T} ${N}`,cause:I,remedy:H,evidence:$}}const O={5:"name",6:"name",7:"connect",28:"timeout",35:"tls",51:"identity",52:"connect",56:"connect",58:"tls",60:"authority",77:"authority"};class E{via="host-command";#e;#n;constructor(n,s){this.#e=n,this.#n=s}async get(n,s){const e=await this.#e.run({name:"handshake",script:this.#n,env:{URL:`https://${te(n.address,n.port)}${n.path}`,CA_PEM:n.caPem??"",CONNECT_SECONDS:String(Se)},secrets:{AUTHORIZATION:n.authorization??""},privilege:"user",timeoutMs:(Se+5)*1e3,signal:s}),r=e.lines.findLast(d=>"http"in d||"error"in d);if(r?.http!==void 0)return{status:Number(r.http),body:Buffer.from(String(r.body??""),"base64").toString("utf8")};const a=he(String(r?.message??e.stderr));if(r?.error==="connect"){const d=O[String(r.curl)]??"connect",$=d==="authority"&&/subject (alternative )?name|does not match/i.test(a);throw new Z($?"identity":d,a||`curl exit code ${String(r.curl)}`)}throw new Z("tool",a||`the script ended with ${e.exitCode}`,"allow forwarding for this user in sshd_config (AllowTcpForwarding local), or install curl on the host")}async reach(n,s,e,r){try{await this.get({address:n,port:s,path:"/cacerts",caPem:e},r)}catch(a){if(!(a instanceof Z)||a.kind!=="identity")throw a}}}var A=_(7067),C=_(8321),h=_(1692),u=function(t,n,s){if(n!=null){if(typeof n!="object"&&typeof n!="function")throw new TypeError("Object expected.");var e,r;if(s){if(!Symbol.asyncDispose)throw new TypeError("Symbol.asyncDispose is not defined.");e=n[Symbol.asyncDispose]}if(e===void 0){if(!Symbol.dispose)throw new TypeError("Symbol.dispose is not defined.");e=n[Symbol.dispose],s&&(r=e)}if(typeof e!="function")throw new TypeError("Object not disposable.");r&&(e=function(){try{r.call(this)}catch(a){return Promise.reject(a)}}),t.stack.push({value:n,dispose:e,async:s})}else s&&t.stack.push({async:!0});return n},k=(function(t){return function(n){function s(d){n.error=n.hasError?new t(d,n.error,"An error was suppressed during disposal."):d,n.hasError=!0}var e,r=0;function a(){for(;e=n.stack.pop();)try{if(!e.async&&r===1)return r=0,n.stack.push(e),Promise.resolve().then(a);if(e.dispose){var d=e.dispose.call(e.value);if(e.async)return r|=2,Promise.resolve(d).then(a,function($){return s($),a()})}else r|=1}catch($){s($)}if(r===1)return n.hasError?Promise.reject(n.error):Promise.resolve();if(n.hasError)throw n.error}return a()}})(typeof SuppressedError=="function"?SuppressedError:function(t,n,s){var e=new Error(s);return e.name="SuppressedError",e.error=t,e.suppressed=n,e});const b=1024*1024,v=["connection-lost","cancelled","forwarding-refused"];function L(t){if(t instanceof Z)return t;const n=Re(t);if(v.includes(n))return t;const s=n==="ERR_TLS_CERT_ALTNAME_INVALID"?"identity":/^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA)/.test(n)?"authority":/^(ERR_SSL_|ERR_TLS_|EPROTO)/.test(n)?"tls":/^HPE_/.test(n)?"protocol":n==="deadline"?"timeout":"connect";return new Z(s,fe(t))}async function o(t,n,s){const e=AbortSignal.timeout(Se*1e3),r=AbortSignal.any([n,e]),{promise:a,reject:d}=Promise.withResolvers(),$=()=>d(r.reason);a.catch(()=>{}),r.addEventListener("abort",$,{once:!0});try{return n.throwIfAborted(),await Promise.race([s(r),a])}catch(T){throw n.aborted?n.reason:e.aborted?new Z("timeout",`${t}: no answer in ${Se} s`):L(T)}finally{r.removeEventListener("abort",$)}}class l{via="forwarding";#e;constructor(n){this.#e=n}async get(n,s){const{address:e,port:r,path:a}=n;return await o(`GET https://${te(e,r)}${a}`,s,async d=>{const $={stack:[],error:void 0,hasError:!1};try{const T=u($,await this.#n(e,r,n.caPem,!0,d),!0),{promise:N,resolve:I,reject:H}=Promise.withResolvers(),F=(0,A.request)({createConnection:()=>T.socket,path:a,headers:{Host:te(e,r),Connection:"close",Accept:"*/*",...n.authorization===void 0?{}:{Authorization:n.authorization}}});return F.once("error",H),F.once("response",$e=>{let Ee=0;$e.on("data",fn=>{Ee+=fn.length,Ee>b&&$e.destroy(new Z("protocol","the answer is too large"))}),(0,C.text)($e).then(fn=>I({status:$e.statusCode??0,body:fn}),H)}),F.end(),await N}catch(T){$.error=T,$.hasError=!0}finally{const T=k($);T&&await T}})}async reach(n,s,e,r){await o(`connect ${te(n,s)}`,r,async a=>{const d={stack:[],error:void 0,hasError:!1};try{const $=u(d,await this.#n(n,s,e,!1,a),!0)}catch($){d.error=$,d.hasError=!0}finally{const $=k(d);$&&await $}})}async#n(n,s,e,r,a){const d=await this.#e.forward(n,s,a),$=(0,h.connect)({socket:d,host:n,...(0,_e.isIP)(n)===0?{servername:n}:{},...e===void 0?{rejectUnauthorized:!1}:{ca:e,rejectUnauthorized:!0},...r?{}:{checkServerIdentity:()=>{}}}),T=()=>{$.destroy(),d.destroy()},{promise:N,resolve:I,reject:H}=Promise.withResolvers();$.once("secureConnect",I),$.on("error",H),d.on("error",H),a.addEventListener("abort",T,{once:!0}),$.once("close",()=>H(new Z("connect","the connection was closed before TLS was set up"))),a.aborted&&T();try{await N}catch(F){throw T(),F}return{socket:$,[Symbol.asyncDispose]:async()=>{a.removeEventListener("abort",T),T()}}}}class f{#e;#n;#o;constructor(n,s){this.#e=n,this.#n=s,this.#o=new l(n)}get via(){return this.#o.via}async get(n,s){return await this.#s(e=>e.get(n,s))}async reach(n,s,e,r){await this.#s(a=>a.reach(n,s,e,r))}async#s(n){try{return await n(this.#o)}catch(s){if(Re(s)!=="forwarding-refused")throw s;if(this.#n===void 0)throw new Z("tool",fe(s),"allow forwarding for this user in sshd_config (AllowTcpForwarding local)");return this.#o=new E(this.#e,this.#n),await n(this.#o)}}}function m(t,n){return new f(t,n)}const S=[250,750],w=3e3,P=300,Y=16;function j(t){const n=URL.canParse(t)?new URL(t):void 0;if(!(n?.protocol!=="https:"||n.hostname===""))return{address:n.hostname.replace(/^\[(.*)\]$/,"$1"),port:Number(n.port||443)}}class K{checks=[];#e;#n;#o;#s;#r;constructor(n,s,e,r){this.#e=n,this.#n=s,this.#r=e,this.#o=r,this.#s=m(n,s.script)}get via(){return this.#s.via}#t(n){return this.checks.push(n),this.#o(n),n.verdict==="pass"||n.verdict==="warn"}async#i(n){const s=performance.now();for(let e=1;;e++)try{return await n()}catch(r){if(!(r instanceof Z)||!r.isPassing)throw r;const a=S[e-1];if(a===void 0){const d=((performance.now()-s)/1e3).toFixed(1);throw new Z(r.kind,`${r.message} (tried ${e} times in ${d} s)`)}await(0,Ie.setTimeout)(a,void 0,{signal:this.#n.signal})}}async#c(n,s){return await this.#i(async()=>{const e=await this.#s.get({...this.#r,path:n,...s},this.#n.signal);if(e.status>=500)throw new Z("connect",`GET ${n}: HTTP ${e.status} ${he(e.body)}`);return e})}async#a(n,s,e,r){if(!(r instanceof Z))throw r;const{probe:a,signal:d}=this.#n,$=r.isPassing?await a?.(e.address,e.port,d).catch(()=>!1):void 0;return y({id:n,question:s,...e,host:this.#e.label,fault:r,runnerReaches:$})}async askAuthority(){const{caPem:n,token:s}=this.#n,e="handshake.ca",r="Does the host see the cluster's own certificate authority?";let a;try{const I=await this.#c("/cacerts",{});if(I.status!==200||!I.body.includes("-----BEGIN CERTIFICATE-----"))throw new Z("protocol",`GET /cacerts: HTTP ${I.status}, no certificate`);a=I.body}catch(I){const H=I instanceof Z&&(I.isPassing||I.kind==="name"),F=te(this.#r.address,this.#r.port);this.#t(H?await this.#a(`handshake.apiserver.${F}`,`Does ${F} answer the host?`,this.#r,I):await this.#a(e,r,this.#r,I));return}let d,$;try{d=ee(a),$=Ue(a,n)}catch(I){this.#t(await this.#a(e,r,this.#r,new Z("protocol",he(String(I)))));return}const T=[`served through the host: ${d}`,`kubeconfig: ${ee(n)}`];if(!$){this.#t({id:e,verdict:"fail",question:r,found:"another certificate authority",cause:"another server answers at that address through the host\u2019s network, or the kubeconfig is from before the CA was changed",remedy:"compare `server` with the kubeconfig; fetch the kubeconfig again from the server",evidence:T});return}const N=s===void 0?void 0:ve(s).caHash;if(N!==void 0&&N!==d){const I=N===ee(n);this.#t({id:e,verdict:"fail",question:r,found:I?"the hash of the token is of another text":"the token was made for another certificate authority",cause:I?"the certificate is the same, but its text in the kubeconfig differs in white space from what the server serves, and the hash counts every byte":"token CA hash does not match the cluster CA certificate hash: the token is from another cluster, or from before the CA was changed",remedy:I?"store the kubeconfig again exactly as the server has it":"give no token, so that one is minted, or fetch a fresh one from the server",evidence:[...T,`token: ${N}`]});return}try{await this.#c("/cacerts",{caPem:n})}catch(I){this.#t(await this.#a(e,r,this.#r,I));return}return this.#t({id:e,verdict:"pass",question:r,found:`${d.slice(0,4)}\u2026${d.slice(-2)}`,evidence:T}),d}async askToken(){const{caPem:n,token:s,signal:e}=this.#n,r="handshake.token",a="Does the server accept the token?";if(s===void 0)return this.#t({id:r,verdict:"skip",question:a,found:"token not exercised"});const d=ve(s),$=performance.now();for(;;){let T;try{T=await this.#c("/v1-k3s/readyz",{caPem:n,authorization:Ne(d)})}catch(H){return this.#t(await this.#a(r,a,this.#r,H))}if(T.status===200)return this.#t({id:r,verdict:"pass",question:a,found:`accepted (${d.kind} token)`});const N=T.status===401||T.status===403;if(N&&performance.now()-$+P<w){await(0,Ie.setTimeout)(P,void 0,{signal:e});continue}const I=[`GET /v1-k3s/readyz: HTTP ${T.status}`];return N?this.#t({id:r,verdict:"fail",question:a,found:`refused (${d.kind} token)`,cause:d.kind==="bootstrap"?"the server does not know this token: it has expired or was deleted, or the kubeconfig is of another cluster":"it is not this cluster's token, or the token was changed since",remedy:d.kind==="bootstrap"?"press the button again: a new one is minted; when that is refused too, `server` and the kubeconfig are of different clusters":"give no token, so that one is minted through the kubeconfig; or fetch the current one from the server",evidence:I}):this.#t({id:r,verdict:"fail",question:a,found:`the server answers HTTP ${T.status} instead`,cause:"what answers there knows the API but not how agents of k3s join: a load balancer or proxy in front, or no k3s",remedy:"set `server` to the address of a k3s server, where its supervisor listens",evidence:I})}}async#d(){const{caPem:n,token:s,knownApiServers:e=[]}=this.#n,r=te(this.#r.address,this.#r.port);if(s===void 0)return[r,...e];const a=await this.#c("/v1-k3s/apiservers",{caPem:n,authorization:Ne(ve(s))});let d;try{d=JSON.parse(a.body)}catch{d=void 0}if(a.status!==200||!Array.isArray(d))throw new Z("protocol",`GET /v1-k3s/apiservers: HTTP ${a.status}, no list`);return d.length===0?[r]:d.map(String)}async askApiServers(){let n;try{n=await this.#d()}catch(a){this.#t(await this.#a("handshake.apiserver","Which API servers does the server name?",this.#r,a));return}const s=new Map;for(const a of n.slice(0,Y)){const d=j(a.startsWith("https://")?a:`https://${a}`);d!==void 0&&s.set(te(d.address,d.port),d)}const e=[],r=async([a,d])=>{e.push(await this.#u(a,d))};if(this.via==="forwarding")await Promise.all([...s].map(r));else for(const a of s)await r(a);return e.length>0&&e.every(Boolean)?[...s.keys()]:void 0}async#u(n,s){const{caPem:e,signal:r}=this.#n,a=`handshake.apiserver.${n}`,d=`Does ${n} answer the host?`,$=performance.now();try{await this.#i(()=>this.#s.reach(s.address,s.port,e,r))}catch(T){return this.#t(await this.#a(a,d,s,T))}return this.#t({id:a,verdict:"pass",question:d,found:`yes, in ${Math.round(performance.now()-$)} ms`})}}async function oe(t,n,s=()=>{}){const e=j(n.server);if(e===void 0)throw new RangeError(`server ${JSON.stringify(n.server)} is not an address like https://host:6443`);const r=new K(t,n,e,s),a=await r.askAuthority();if(a===void 0)return{checks:r.checks};if(!(await r.askToken()||n.token===void 0))return{checks:r.checks};const $=await r.askApiServers();return $===void 0?{checks:r.checks}:{checks:r.checks,result:{caHash:a,apiServers:$,via:r.via}}}class B extends Error{name="HostStepError";code;step;cause;remedy;evidence;constructor(n,s,e,r,a,d){super(e),this.code=n,this.step=s,this.cause=r,this.remedy=a,this.evidence=d}}const Q="run it again: it continues from what it finds",De="look at the host on its console",Ve={"host-locked":"wait until that run has ended, or cancel it, and run this one again","lock-unavailable":"install util-linux on the host (it brings flock)","init-unsupported":"join a host that runs systemd","staged-missing":Q,"copy-failed":"free space on the host (df -h /usr/local/bin), then run it again","backup-failed":"free space on the host (df -h /var/lib), then run it again","write-failed":"free space on the host (df -h /etc), then run it again","replace-failed":"look for an immutable file (lsattr) or a read-only mount at that path","folder-read-only":"the host keeps this folder read-only (an immutable system, or a file system with errors): make it writable, or install k3s with the means of that system","binary-mismatch":"the file changed between runner and host: run it again; if it stays, look who else writes to /tmp on the host","binary-missing":Q,"installer-mismatch":Q,"installer-failed":"read what the installer said below, correct it on the host, and run it again","hash-unavailable":"install coreutils on the host (it brings sha256sum)","environment-unreadable":"correct the quotes in that file by hand, and run it again","unit-unreadable":"bring ExecStart of that unit into the form ExecStart=/usr/local/bin/k3s agent \u2026, and run it again","unit-missing":"the unit is gone: delete what is left of k3s on the host, or install it, and run it again","reload-failed":`${De}: sudo systemctl daemon-reload`,"enable-failed":`${De}: sudo systemctl enable k3s-agent`,"start-refused":`${De}: sudo systemctl status k3s-agent; sudo journalctl -u k3s-agent -n 50`},Xe=t=>typeof t=="string"?t:"";function Je(t,n,s){if(s.exitCode===0)return;const e=s.lines.findLast(T=>typeof T.error=="string"),r=Xe(s.lines.findLast(T=>T.state==="failed")?.step),a=[...s.lines.flatMap(T=>typeof T.evidence=="string"?[T.evidence]:[]),...s.stderr.trim().split(`
`).slice(-10)].filter(T=>T!==""),d=`${n} on ${t} did not succeed${r?` (step ${r})`:""}`;if(e===void 0){const T=`the script ended with exit code ${s.exitCode} without saying why`;return new B("script-failed",r,d,T,Q,a)}const $=Xe(e.error);return new B($,r,d,Xe(e.message),Ve[$]??Q,a)}const Fe={apply:`
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
`};function Qe(t){return String(Math.max(0,Math.floor((t.lockWaitMs??Math.min(6e4,t.timeoutMs/3))/1e3)))}function rn(t){if(!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(t))throw new TypeError(`${JSON.stringify(t)} is no run id`);return t}function qe(t){return t.replace(/[\u0000-\u001f\u007f]+/g," ").slice(0,200)}function c(t){const s=[["install-binary",t.binary,"binary"],["run-installer",t.installer,"installer"],["write-config",t.config,"config"],["edit-environment",t.environment,"environment"],["edit-unit",t.removeArguments,"removeArguments"]].find(([e,r])=>t.steps.includes(e)&&r===void 0);return s&&`step ${s[0]} needs ${s[2]}`}function i(t){if(!(typeof t.step!="string"||t.state!=="done"&&t.state!=="unchanged"))return{step:t.step,state:t.state}}async function p(t,n,s){const{binary:e,installer:r,environment:a}=n,d=c(n);if(d!==void 0)throw new TypeError(d);const $=n.removeArguments??[],T=$.find(F=>!/^--?[A-Za-z][A-Za-z0-9-]*$/.test(F));if(T!==void 0)throw new TypeError(`${JSON.stringify(T)} is no name of an argument`);const N=await t.run({name:"apply",script:[Fe.survey,Fe["change-log"],Fe.edit,Fe.apply].join(`
`),env:{RUN_ID:rn(n.runId),HOLDER:qe(n.holder),LOCK_WAIT:Qe(s),STEPS:n.steps.join(" "),STAGED:e?.stagedPath??"",BINARY_SHA256:e?.sha256??"",INSTALLER_SHA256:r?.sha256??"",SERVER_URL:a?.url??"",REMOVE_ARGUMENTS:$.join(" ")},secrets:{TOKEN:a?.token??"",CONFIG:n.config??"",INSTALLER:r?.text??""},privilege:"root",timeoutMs:s.timeoutMs,signal:s.signal,onLine:F=>{const $e=i(F);$e&&s.onStep?.($e.step,$e.state),typeof F.waiting_for=="string"&&s.onWaiting?.(F.waiting_for)}}),I=Je(t.label,"the installation",N);if(I)throw I;const H=N.lines.flatMap(F=>i(F)??[]);return{steps:H,isChanged:H.some(F=>F.state==="done"),interrupted:N.lines.flatMap(F=>typeof F.interrupted=="string"?[{runId:F.interrupted,step:String(F.step??"")}]:[]),holdsFormerToken:N.lines.some(F=>F.former_token===!0)}}const g={node:"k3s-gpu-actions/node",run:"k3s-gpu-actions/run"},R="system:bootstrappers:k3s:default-node-token",M=["create","delete","list"].map(t=>({verb:t,group:"",resource:"secrets",namespace:"kube-system"}));function x(t){const n=t.replace(/[^A-Za-z0-9._-]+/g,"-").replace(/^[^A-Za-z0-9]+/,"").slice(0,63).replace(/[^A-Za-z0-9]+$/,"");return n===""?"unknown":n}function D(t,n){if(!(t.ttlMs>0))throw new RangeError("a token needs a time to live");return{id:de(n),secret:Be(n),description:`k3s-gpu-actions: join of ${t.node}, ${x(t.runLabel)}`,expiresAt:new Date(t.now+t.ttlMs).toISOString().replace(/\.\d{3}Z$/,"Z"),extraGroups:R,labels:{[g.node]:x(t.node),[g.run]:x(t.runLabel)}}}async function G(t,n,s){const e=n.token??D(n);return await n.record(e.id),await t.createBootstrapToken(e,s),e}async function W(t,n,s){await t.deleteBootstrapToken(n,s)}async function ne(t,n,s){const r=(await t.bootstrapTokens({[g.node]:x(n.node)},s)).filter(a=>Date.parse(a.createdAt)<n.olderThan).map(a=>a.id);return await Promise.all(r.map(a=>t.deleteBootstrapToken(a,s))),r}var me=_(7949);const Me={binary:"/usr/local/bin/k3s",ownConfig:"/etc/rancher/k3s/config.yaml.d/50-k3s-gpu-actions.yaml",unit:"/etc/systemd/system/k3s-agent.service",environment:"/etc/systemd/system/k3s-agent.service.env",nodePassword:"/etc/rancher/node/password",lock:"/run/k3s-gpu-actions.lock",backups:"/var/lib/k3s-gpu-actions"},en=["--node-label","--node-taint","--token","-t"],pn=t=>t.split("=")[0]??t;function Rn(t,n,s,e){if(s)return"a node needs one to join; deleted at the end";const r=n.unit?.arguments.some(a=>["--token","-t"].includes(pn(a)))??!1;if((n.environment?.tokenKind==="server"||r)&&!t.consent.allowServerToken)return"the token on the host is the server's own: whoever reads it owns the cluster";if(!t.reading.node||e)return"the agent is not connected and may need one to register again"}function En(t,n,s){if(!n.binary)return"not installed";if(n.binary.version!==t.version)return`${n.binary.version||"unknown version"} is installed, ${t.version} is wanted`;if(s?.sha256!==void 0&&s.sha256!==n.binary.sha256)return`the installed file is not the released ${t.version}`}function _n(t,n,s){const e=n.unit===void 0,r=!e&&n.ownConfig===void 0,a=!e&&n.unit?.activeState!=="active",d=V(t.desired),$=[...new Set((n.unit?.arguments??[]).map(pn))].filter(I=>en.includes(I)),T=t.reading.node?.ready==="True",N=e?"":V({...t.desired,labels:{},taints:[],extraConfig:{},nodeIp:void 0,nodeExternalIp:void 0});return{isFresh:e,isForeign:r,binary:En(t,n,s),url:n.environment?.url===t.server?void 0:`the host joins through ${n.environment?.url||"no server"}, wanted ${t.server}`,token:Rn(t,n,e,a),argumentNames:$,config:n.ownConfig===d?void 0:n.ownConfig===void 0?"not there yet":"differs from the cluster file and inputs",isConfigRestartRelevant:se(n.ownConfig??N)!==se(d),start:e?"joins the cluster":a?`the unit is ${n.unit?.activeState}`:T?void 0:"the node is not Ready"}}function An(t,n){return n.unit===void 0||n.binary?.version!==t.version}const xn=t=>t.unit?.name??"k3s-agent";function Nn(t,n,s){const e=_n(t,n,s),r=e.isForeign&&t.consent.adopt==="plan"?"adopt: apply":void 0,a=[],d=(N,I)=>{a.push({id:N,...I,...r?{waitsFor:r}:{}})};if(e.token&&!t.hasGivenToken&&d("mint-token",{kind:"mint",target:`bootstrap token, ${(0,me.a3)(t.tokenLifetimeMs)}`,reason:e.token,undo:"deleted in every ending"}),e.binary){const N=s?`, ${(0,me.z3)(s.sizeBytes)}`:"";d("upload-binary",{kind:"upload",target:`k3s ${t.version} ${t.facts.architecture}${N}`,reason:e.binary,undo:"the staged file is removed"}),d("install-binary",{kind:"install",target:Me.binary,reason:e.binary,undo:n.binary?"the previous program is put back":"deleted"})}e.isFresh&&d("run-installer",{kind:"install",target:`unit k3s-agent, official installer ${t.version}`,reason:"not installed",undo:"unit, env file and links are deleted"}),e.config&&d("write-config",{kind:"write",target:Me.ownConfig,reason:e.config,undo:n.ownConfig===void 0?"deleted":"restored"}),(e.url||e.token)&&d("edit-environment",{kind:"edit",target:`${Me.environment} (${[e.url?"K3S_URL":"",e.token?"K3S_TOKEN":""].filter(Boolean).join(", ")})`,reason:e.isFresh?"tells the agent where to join":[e.url,e.token].filter(Boolean).join("; "),undo:e.isFresh?"deleted with the unit":"restored"}),e.argumentNames.length>0&&(d("edit-unit",{kind:"edit",target:`${n.unit?.path??Me.unit} (${e.argumentNames.join(", ")})`,reason:"arguments in ExecStart win over any file and come back at every start: they move to our drop-in",undo:"restored"}),d("reload",{kind:"reload",target:"systemd (daemon-reload)",reason:"the unit file changes",disrupts:"can take the GPU from running containers",undo:"reloaded again after restoring"})),e.isFresh&&d("enable",{kind:"install",target:"start of k3s-agent at boot, without daemon-reload",reason:"not enabled",undo:"link deleted"});const $=xn(n),T=[e.binary?`k3s ${t.version}`:"",e.url||e.token&&!e.isFresh?"changed env file":"",e.argumentNames.length>0?"changed unit":"",e.config&&e.isConfigRestartRelevant?"changed configuration":""].filter(Boolean);if(e.isFresh)d("start",{kind:"start",target:$,reason:"joins the cluster",undo:"stopped"});else if(e.start||T.length>0){const N=n.unit?.activeState!=="active";d(N?"start":"restart",{kind:N?"start":"restart",target:$,reason:[e.start,...T].filter(Boolean).join("; "),...N?{}:{disrupts:`restarts ${$}; containers keep running`},undo:"restarted with what was there before"})}return a}function In(t,n,s){const e=[s];e.push(n.unit?.name==="k3s"?{id:"k3s.role",verdict:"fail",question:"Is this host free of a k3s server?",found:`unit k3s (server) is ${n.unit.activeState}`,cause:"a host is either a server or an agent",remedy:"name another host; a server is not turned into an agent"}:{id:"k3s.role",verdict:"pass",question:"Is this host free of a k3s server?",found:n.unit?"an agent is installed":"no unit"});const r=n.unit?.activeState==="active"||n.unit?.activeState==="activating";for(const a of[10250,6444]){const d=t.facts.ports.find(T=>T.port===a),$=r&&(d===void 0||d.process===""||/^(k3s|k3s-agent|kubelet)/.test(d.process));e.push(d===void 0||$?{id:`host.port.${a}`,verdict:"pass",question:`Is port ${a} free for the agent?`,found:d?"held by k3s itself":"free"}:{id:`host.port.${a}`,verdict:"fail",question:`Is port ${a} free for the agent?`,found:`held by ${d.process||"an unknown process"} (pid ${d.pid||"unknown"})`,cause:"the agent listens there and would loop",remedy:`stop that process: sudo ss -lntp 'sport = :${a}'`})}for(const a of n.templates)e.push(a.hasBaseTemplate?{id:"k3s.containerd-template",verdict:"pass",question:"Does the containerd template extend the built-in one?",found:a.path}:{id:"k3s.containerd-template",verdict:"warn",question:"Does the containerd template extend the built-in one?",found:`${a.path} replaces it`,cause:`without {{ template "base" . }} it drops k3s's CNI folders, snapshotter and runtimes: the node never becomes Ready`,remedy:"k3s finds the NVIDIA runtime by itself: rename the file and restart, or let the gpu-runtime action quarantine it"});return n.environment?.tokenKind==="server"&&e.push({id:"k3s.server-token",verdict:"warn",question:"Is the host free of the server's token?",found:`K3S_TOKEN in ${n.environment.path} is the server's own token`,cause:"whoever reads it owns the cluster",remedy:"press the button with adopt = apply to replace it by a minted one; then rotate the server token (k3s token rotate)"}),e}var nn=_(1455),Mn=_(3024),Cn=_(6466);async function on(t,n){const s=(0,U.createHash)("sha256");return await(0,Cn.pipeline)((0,Mn.createReadStream)(t),s,{signal:n}),s.digest("hex")}function mn(t,n){const s=new Set;for(const e of t.split(/\r?\n/)){const[,r,a]=/^\\?([0-9A-Fa-f]{64})[ \t]+\*?(?:\.\/)?(\S.*?)\s*$/.exec(e)??[];r!==void 0&&a===n&&s.add(r.toLowerCase())}return s.size===1?[...s][0]:void 0}class Ke extends Error{name="ReleaseError";code;cause;remedy;evidence;constructor(n,s,e,r,a=[]){super(s),this.code=n,this.cause=e,this.remedy=r,this.evidence=a}}const an="run it again; if it stays so, look at https://www.githubstatus.com and at the release page of k3s";function tn(t,n){return new Ke("checksum-mismatch",`${t} is not what k3s published`,"it was changed on the way (a proxy or mirror), the release was changed after it was published, or the download is damaged","nothing of it was used. Run it again; if it stays so, compare the hashes below with the release page before trusting either",n)}function cn(t){return typeof t=="object"&&t!==null&&"message"in t?String(t.message):String(t)}var sn=_(2088);const Ln=/^v?(\d+)\.(\d+)\.(\d+)(?:-(rc\d+))?\+k3s(\d+)$/;function We(t){const[,n,s,e,r="",a]=Ln.exec(t.trim())??[];if(n===void 0)return;const d={major:Number(n),minor:Number(s),patch:Number(e),build:Number(a)},$=r===""?"":`-${r}`;return{text:`v${d.major}.${d.minor}.${d.patch}${$}+k3s${d.build}`,candidate:r,...d}}function $n(t){const{major:n,minor:s,patch:e,candidate:r,build:a}=t,d=r===""?"":`0rc.${Number(r.slice(2))}.`;return`${n}.${s}.${e}-${d}k3s.${a}`}function gn(t,n){const s=e=>{const r=We(e);if(r===void 0)throw new RangeError(`${JSON.stringify(e)} is no k3s version: write it like v1.33.4+k3s1`);return new sn.SemVer($n(r))};return(0,sn.compare)(s(t),s(n))}class dn extends Error{name="VersionError";code="version-invalid";cause;remedy;evidence=[];constructor(n,s,e){super(n),this.cause=s,this.remedy=e}}const jn=/^(stable|latest|testing|v?\d+(\.\d+)?)$/;function Pn(t,n){const s="write `match-server`, or an exact version like v1.33.4+k3s1";if(t.trim()==="match-server"){const d=We(n);if(d!==void 0)return d.text;throw new dn(`the server's version ${JSON.stringify(n)} is no k3s version`,(0,sn.coerce)(n)===null?"what answers is not k3s":"the server runs another distribution of Kubernetes","check the kubeconfig, or set `distribution`")}const e=We(t);if(e!==void 0)return e.text;if(jn.test(t.trim()))throw new dn(`version ${JSON.stringify(t)} is a channel`,"a channel names another version tomorrow",s);const r=(0,sn.coerce)(t),a=r!==null&&!t.includes("+")?`the +k3s suffix is missing, e.g. v${r.version}+k3s1`:"it has no known form";throw new dn(`version ${JSON.stringify(t)} is no k3s version`,a,s)}const Dn={29:"v1.29.13+k3s1",30:"v1.30.9+k3s1",31:"v1.31.5+k3s1"};function Fn(t,n){const s="k3s.version",e=`Does an agent of ${t} go with a server of ${n}?`,r=We(t),a=We(n);if(r===void 0||a===void 0)return{id:s,verdict:"error",question:e,found:`${JSON.stringify(r===void 0?t:n)} is no k3s version`,cause:"the two cannot be compared",remedy:"write versions like v1.33.4+k3s1; check that the server is k3s"};const d=gn(t,n),$=`use version: match-server (${a.text})`;if(d===0)return{id:s,verdict:"pass",question:e,found:"the same version"};if(d>0)return{id:s,verdict:"fail",question:e,found:"the agent is newer than the server",cause:"a kubelet newer than its API server is not supported, and nothing would complain until something breaks",remedy:`${$}, or upgrade the servers first`};const T=(a.major-r.major)*100+a.minor-r.minor;if(T>3)return{id:s,verdict:"fail",question:e,found:`the agent is ${T} minor versions older than the server`,cause:"a kubelet may be at most 3 minor versions older than its API server",remedy:$};const N=r.major===1?Dn[r.minor]:void 0;return N!==void 0&&a.minor>=32&&gn(t,N)<0?{id:s,verdict:"fail",question:e,found:`agents before ${N} get no pod network from servers of 1.32 or later`,cause:"flannel in such an agent asks for rights that these servers no longer give it (k3s#11551, k3s#12819)",remedy:`${$}, or at least ${N}`}:{id:s,verdict:"warn",question:e,found:"the agent is older than the server",cause:"supported, but not what the server was tested with",remedy:$}}const wn="k3s-io",kn="k3s",yn="k3s",Hn={amd64:"k3s",arm64:"k3s-arm64"},Un=/^[0-9a-f]{64}$/;function vn(t){const n=t?.toLowerCase().replace(/^sha256:/,"");return n!==void 0&&Un.test(n)?n:void 0}async function bn(t,n,s){const e=Hn[t.architecture];if(e===void 0)throw new Ke("architecture-unsupported",`there is no checked k3s for ${t.architecture||"an unknown architecture"}`,"programs are fetched and checked for amd64 and arm64 only","use a 64-bit x86 or Arm machine");const r=await Bn(t.version,n,s),a=T=>{const N=r.assets.find(I=>I.name===T);if(N!==void 0)return N;throw new Ke("release-incomplete",`release ${t.version} of k3s has no file ${T}`,"the release is still being published, or was withdrawn in part","choose another version, or try again later",[`its files: ${r.assets.map(I=>I.name).slice(0,40).join(", ")||"none"}`])},d=a(e),$=vn(d.digest);return{version:t.version,architecture:t.architecture,sizeBytes:d.sizeBytes,...$===void 0?{}:{sha256:$},binary:d,checksums:a(`sha256sum-${t.architecture}.txt`),commit:r.commit}}function ct(t){return t.sizeBytes}async function Bn(t,n,s){try{return await n.release(wn,kn,t,s)}catch(e){if(s.aborted)throw s.reason;const r=typeof e=="object"&&e!==null&&"status"in e&&e.status===404,a=cn(e);throw r?new Ke("release-not-found",`there is no release ${t} of k3s`,"no release of k3s-io/k3s has that tag","compare with the release page of k3s; versions look like v1.33.4+k3s1",[a]):new Ke("download-failed",`release ${t} of k3s cannot be looked up`,a,an)}}async function un(t,n,s,e){try{return await s(t,e)}catch(r){if(e.aborted)throw e.reason;const a=cn(r);throw new Ke("download-failed",`${n} cannot be downloaded`,a,an,[t])}}async function Gn(t,n,s){const{binary:e,checksums:r,version:a}=t,d=await un(r.url,`the checksum file of k3s ${a}`,n,s),$=await(0,nn.readFile)(d,{encoding:"utf8",signal:s}),T=(0,U.createHash)("sha256").update($).digest("hex"),N=vn(r.digest);if(N!==void 0&&N!==T)throw tn(`the checksum file of k3s ${a}`,[`downloaded: ${T}`,`GitHub's digest: ${N}`]);const I=mn($,e.name);if(I===void 0)throw new Ke("release-incomplete",`the checksum file of k3s ${a} has no line for ${e.name}`,"the file is damaged, or the release is not complete","choose another version, or try again later",[`${r.name}: ${$.split(`
`).filter(H=>H!=="").length} lines`]);if(t.sha256===void 0)return{sha256:I,notes:[`GitHub has no digest for ${e.name}: checked against ${r.name} alone`]};if(t.sha256!==I)throw tn(`${e.name} of k3s ${a}`,[`${r.name}: ${I}`,`GitHub's digest: ${t.sha256}`]);return{sha256:I,notes:[]}}async function zn(t,n,s,e){const{architecture:r,binary:a,version:d}=t,$=We(d);if($===void 0)throw new RangeError(`${JSON.stringify(d)} is no exact k3s version`);const T=$n($),N=[],I=s.toolCache.find(yn,T,r);if(I!==void 0){const Ee=await on(I,e).catch(()=>"unreadable");if(e.throwIfAborted(),Ee===n)return{binary:{path:I,sha256:n,sizeBytes:(await(0,nn.stat)(I)).size,fromCache:!0},notes:N};N.push(`the tool cache held another file for k3s ${d} (sha256 ${Ee}); it was not used`)}const H=await un(a.url,`k3s ${d} for ${r}`,s.download,e),F=await on(H,e);if(F!==n)throw tn(`the downloaded ${a.name} of k3s ${d}`,[`downloaded: ${F}`,`published: ${n}`]);const $e=await Kn(H,a.name,T,n,r,s.toolCache,e).catch(Ee=>(e.throwIfAborted(),N.push(`the tool cache could not be used: ${cn(Ee)}`),H));return{binary:{path:$e,sha256:n,sizeBytes:(await(0,nn.stat)($e)).size,fromCache:!1},notes:N}}async function Kn(t,n,s,e,r,a,d){const $=await a.add(t,n,yn,s,r);if(await on($,d)!==e)throw new Error("the copy in the tool cache differs from the download");return $}async function Vn(t,n,s){const{commit:e,version:r}=t;if(!/^[0-9a-f]{40}$/.test(e))throw new Ke("release-incomplete",`the commit of k3s ${r} is unknown`,`GitHub gave ${JSON.stringify(e)}`,an);const a=`https://raw.githubusercontent.com/${wn}/${kn}/${e}`,[d,$]=await Promise.all(["install.sh","install.sh.sha256sum"].map(F=>un(`${a}/${F}`,`${F} of k3s ${r}`,n,s))),[T,N]=await Promise.all([d,$].map(F=>(0,nn.readFile)(F,{signal:s}))),I=mn(String(N),"install.sh"),H=(0,U.createHash)("sha256").update(T).digest("hex");if(I!==H)throw tn(`the installer of k3s ${r}`,[`install.sh: ${H}`,`install.sh.sha256sum: ${I??"no line for install.sh"}`]);return{text:String(T),sha256:H,commit:e}}async function Sn(t,n,s){const e=Vn(t,n.download,s);e.catch(()=>{});try{const r=await Gn(t,n.download,s),{binary:a,notes:d}=await zn(t,r.sha256,n,s),{version:$,architecture:T}=t;return{version:$,architecture:T,binary:a,installer:await e,notes:[...r.notes,...d]}}catch(r){throw s.aborted?s.reason:r}}async function dt(t,n,s){return await Sn(await bn(t,n.releases,s),n,s)}async function Jn(t,n,s){if(s.unit!==void 0&&s.unit!=="k3s-agent")throw new TypeError(`unknown unit ${s.unit}`);const e=await t.run({name:"undo",script:[Fe["change-log"],Fe.undo].join(`
`),env:{RUN_ID:rn(n),HOLDER:qe(s.holder??`undo of run ${n}`),LOCK_WAIT:Qe(s),STOP:s.stop===!1?"no":"yes"},privilege:"root",timeoutMs:s.timeoutMs,signal:s.signal}),r=Je(t.label,"the undo",e);if(r)throw r;return{undone:e.lines.flatMap(a=>typeof a.undone=="string"?[a.undone]:[]),remaining:e.lines.flatMap(a=>typeof a.remaining=="string"?[a.remaining]:[])}}async function ut(t,n,s){const e=await t.run({name:"forget",script:[scripts["change-log"],scripts.forget].join(`
`),env:{RUN_ID:checkRunId(n),HOLDER:`end of run ${n}`,LOCK_WAIT:lockWaitSeconds(s)},privilege:"root",timeoutMs:s.timeoutMs,signal:s.signal}),r=errorOfScript(t.label,"deleting the former token",e);if(r)throw r;return e.lines.flatMap(a=>typeof a.forgotten=="string"?[a.forgotten]:[])}const Ye=t=>typeof t=="string"?t:"",Tn=t=>typeof t=="number"&&Number.isSafeInteger(t)?t:0;function Wn(t){if(t.event==="journal")return{type:"journal",text:Ye(t.text)};if(t.event==="journal-ended")return{type:"journal",text:`journalctl ended: ${Ye(t.text)}`};if(t.event==="unit")return{type:"unit",activeState:Ye(t.active),subState:Ye(t.sub),restarts:Tn(t.restarts),result:Ye(t.result),mainStatus:Tn(t.status)}}async function Zn(t,n){const{unit:s,action:e,signal:r,onEvent:a,timeoutMs:d}=n;if(r.aborted)return;let $;try{$=await t.run({name:"watch",script:Fe.watch,env:{UNIT:s,ACTION:e},privilege:"root",timeoutMs:d,signal:r,onLine:T=>{const N=r.aborted?void 0:Wn(T);N&&a(N)}})}catch(T){if(r.aborted)return;throw T}if(!r.aborted)throw Je(t.label,`the ${e==="none"?"watch":e} of ${s}`,$)??new B("watch-ended","",`the watch of ${s} on ${t.label} ended by itself`,"the script ended without being told to","run it again: it continues from what it finds",$.stderr.trim().split(`
`).slice(-10))}const Xn=64,On=64*1024;function ae(t,n,s=4096){const e=t[n];return typeof e=="string"?e.slice(0,s):""}function ln(t,n,s){const e=ae(t,n,On);return e===""?[]:e.split(s)}function Yn(t,n){const s=t[n];return typeof s=="number"&&Number.isSafeInteger(s)&&s>=0?s:0}const Qn=["none","server","agent","bootstrap","short"];function qn(t){return Qn.find(n=>n===t.token_kind)??"short"}function et(t){const n=$=>t.filter(T=>T.fact===`k3s.${$}`).slice(0,Xn),s=$=>t.find(T=>T.fact===`k3s.${$}`),e=s("binary"),r=s("unit"),a=s("environment"),d=s("own-config");return{...e&&{binary:{path:ae(e,"path"),version:ae(e,"version",128),sha256:ae(e,"sha256",64)}},...r&&{unit:{name:ae(r,"name",256),path:ae(r,"path"),sha256:ae(r,"sha256",64),arguments:ln(r,"arguments",`
`),activeState:ae(r,"active",64),subState:ae(r,"sub",64),isEnabled:r.enabled===!0,restarts:Yn(r,"restarts"),needsReload:r.needs_reload===!0}},...a&&{environment:{path:ae(a,"path"),sha256:ae(a,"sha256",64),mode:ae(a,"mode",8),keys:ln(a,"keys"," "),url:ae(a,"url"),tokenKind:qn(a)}},configFiles:n("config").map($=>({path:ae($,"path"),sha256:ae($,"sha256",64),mode:ae($,"mode",8),keys:ln($,"keys"," ")})),...d&&{ownConfig:ae(d,"text",On)},hasNodePassword:s("node-password")?.present===!0,templates:n("template").map($=>({path:ae($,"path"),sha256:ae($,"sha256",64),hasBaseTemplate:$.base===!0}))}}const hn="k3s-agent",nt=["install-binary","run-installer","write-config","edit-environment","edit-unit","reload","enable"],tt=18e4,st=6e4,rt=[[/Running load balancer k3s-agent-load-balancer/,"agent found the server"],[/containerd is now running/,"containerd up"],[/k3s agent is up and running/,"agent up"]];async function ot(t,n,s){return await new Promise(e=>{const r=(0,_e.connect)({host:t,port:n,signal:AbortSignal.any([s,AbortSignal.timeout(3e3)])}),a=d=>{r.destroy(),e(d)};r.once("connect",()=>a(!0)),r.once("error",()=>a(!1))})}function at(t,n,s){const e=a=>a.verdict==="pass"||a.verdict==="warn"?"\u2713":a.verdict==="skip"?"not exercised":"\u2717";return t.map(a=>a.id==="handshake.ca"?`CA ${n?`${n.slice(0,4)}\u2026${n.slice(-2)} `:""}${e(a)}`:a.id==="handshake.token"?s?`token ${e(a)}`:"token not exercised":`${a.id.replace(/^handshake\.(apiserver\.?)?/,"")} ${e(a)}`).join("  ")}function it(t){const n=new Map,s=(e,r,a)=>{const d=`${e} ${r}`,$=n.get(d)??bn({version:e,architecture:r},t.releases,a);return n.set(d,$),$};return{name:"k3s",unit:hn,surveyScript:Fe.survey,accessRequests:[...M,{verb:"patch",group:"",resource:"nodes"},{verb:"watch",group:"",resource:"nodes"},{verb:"watch",group:"coordination.k8s.io",resource:"leases",namespace:"kube-node-lease"}],resolveVersion:Pn,survey:et,describe:He,checks:(e,r)=>In(e,r,Fn(e.version,e.reading.version)),plan:Nn,needsRelease:An,async sketchRelease(e,r,a){const{sizeBytes:d,sha256:$}=await s(e,r,a);return{sizeBytes:d,...$?{sha256:$}:{}}},async mint(e,r,a,d,$,T){const{serverTimeMs:N}=await e.read(r,T),I={node:r,runLabel:a.label,ttlMs:d,now:N},H=D(I),F=Pe(ee(e.caPem),H.id,H.secret);for(const $e of[F,`${H.id}.${H.secret}`,H.secret])t.mask($e);return await G(e,{...I,record:$,token:H},T),{id:H.id,text:F}},revoke:W,async sweep(e,r,a){const{serverTimeMs:d}=await e.read(r,a);return await ne(e,{node:r,olderThan:d+1e3},a)},acceptToken:be,async handshake(e,r,a,d,$){const T={server:r,caPem:a,...d?{token:d.text}:{},script:Fe.handshake,probe:ot,signal:$},{checks:N,result:I}=await oe(e,T);return{checks:N,passed:I!==void 0,line:at(N,I?.caHash,d!==void 0)}},async prepare(e,r,a){return await Sn(await s(e,r,a),t,a)},describePrepared:e=>[`k3s ${e.version} ${e.architecture} ${e.binary.sha256.slice(0,12)}\u2026 ${e.binary.fromCache?"from the tool cache, checked again":"downloaded and checked"}`,...e.notes.map(r=>`! ${r}`)],async install(e,r,a,d,$,T){const{prepared:N,credential:I}=a,H=new Set(a.changes.map(Ee=>Ee.id));let F;H.has("upload-binary")&&N&&(F=await e.upload({path:N.binary.path,name:"k3s",sizeBytes:N.binary.sizeBytes},T),$("upload-binary"));const $e={runId:d.runId,holder:d.label,steps:nt.filter(Ee=>H.has(Ee)),...F&&N?{binary:{stagedPath:F,sha256:N.binary.sha256}}:{},...N?{installer:N.installer}:{},...H.has("write-config")?{config:V(r.desired)}:{},...H.has("edit-environment")?{environment:{url:r.server,...I?{token:I.text}:{}}}:{},...H.has("edit-unit")?{removeArguments:en}:{}};$e.steps.length>0&&await p(e,$e,{signal:T,timeoutMs:tt,onStep:Ee=>$(Ee)})},async start(e,r,a,d){await Zn(e,{unit:hn,action:r,signal:d,onEvent:a,timeoutMs:30*6e4})},milestone:e=>rt.find(([r])=>r.test(e))?.[1],async remove(e,r,a){const{undone:d,remaining:$}=await Jn(e,r.runId,{unit:hn,signal:a,timeoutMs:st});return{changes:d,remaining:$}}}}}),1771:((Ze,Ce,_)=>{_.d(Ce,{eh:()=>qe,DT:()=>Ve});const q="manifests/k3s-join-rbac.yaml";class z extends Error{name="ClusterError";code;cause;remedy;evidence;status;constructor(i,p){super(p.title),p.status!==void 0&&(this.status=p.status),this.code=i,this.cause=p.cause,this.remedy=p.remedy,this.evidence=p.evidence??[]}}function ue(c){const i=c.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g," ").trim();return i.length>300?`${i.slice(0,299)}\u2026`:i}function V(c){return typeof c!="object"||c===null?"":"errors"in c&&Array.isArray(c.errors)&&c.errors.length>0?V(c.errors[0]):"code"in c&&typeof c.code=="string"?c.code:""}const se={ECONNREFUSED:"nothing listens on that port, or a firewall answers in its place",ECONNRESET:"the connection was cut; a proxy or firewall in between does that, or the server is restarting",EPIPE:"the connection was cut while the request was being sent",ETIMEDOUT:"packets to that address get no answer (firewall, wrong address, or the server is off)",EHOSTUNREACH:"there is no route to that address from here",ENETUNREACH:"there is no route to that network from here",ENOTFOUND:"the server name does not resolve here",EAI_AGAIN:"the resolver gave no answer for the server name",ERR_HTTP_INVALID_STATUS_CODE:"what answers on that port does not speak HTTP as an API server does",HPE_INVALID_CONSTANT:"what answers on that port does not speak HTTP as an API server does"},_e=/^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|ERR_OSSL|EPROTO$|INVALID_CA|PATH_LENGTH_|HOSTNAME_MISMATCH)/;function He(c){return c==="ERR_TLS_CERT_ALTNAME_INVALID"?{cause:"the server certificate is not issued for this address",remedy:"use an address the certificate names, set tls-server-name in the kubeconfig, or add the address to the server\u2019s subject alternative names (tls-san)"}:c==="CERT_HAS_EXPIRED"||c==="CERT_NOT_YET_VALID"?{cause:"a certificate of the server is outside its period of validity, or the clock here is wrong",remedy:"compare the clocks; restart the server to renew certificates that have expired"}:/^(ERR_SSL_|EPROTO)/.test(c)?{cause:"the TLS handshake failed: the port speaks something else, or it refused the client certificate",remedy:"check host and port of the server in the kubeconfig, and that its client certificate has not expired"}:{cause:"the server's certificate is not signed by the certificate authority in the kubeconfig",remedy:"fetch the kubeconfig again from the server: it belongs to another cluster, or to this one before its CA changed"}}function U(c,i,p){if(c instanceof z)return c;const g=V(c),R=typeof c=="object"&&c!==null&&"message"in c?String(c.message):String(c),M=R===""?g:R,x=[`${p}: ${ue(g&&!M.includes(g)?`${g} ${M}`:M)}`];return _e.test(g)?new z("api-tls",{title:`the API server at ${i} cannot be trusted`,...He(g),evidence:x}):new z("api-unreachable",{title:`the API server at ${i} cannot be reached from the runner`,cause:se[g]??"the connection failed",remedy:"check the server address in the kubeconfig, and that the runner may reach that port",evidence:x})}function Le(c){return c instanceof z?c.code==="api-unreachable"||c.code==="timeout"?!0:c.code==="api-failed"&&c.status!==void 0&&(c.status>=500||c.status===429):!1}function ge(c,i,p){return new z("timeout",{title:`the API server at ${c} did not answer within ${p/1e3} s`,cause:"packets get no answer (firewall, wrong address), or the server is overloaded",remedy:"check that the runner may reach that address and port, and the load of the server",evidence:[`${i}: no answer in ${p} ms`]})}function ie(c){const i=c.group===""?c.resource:`${c.resource}.${c.group}`;return`${c.verb} ${i}${c.namespace===void 0?"":` in namespace ${c.namespace}`}`}function X(c,i,p){const R={evidence:[`${p.request}: HTTP ${c}${i===""?"":`, ${ue(i)}`}`],status:c};if(c===401)return new z("unauthorized",{title:`the API server at ${p.server} does not accept the credentials of the kubeconfig`,cause:"its token or client certificate has expired, was revoked, or belongs to another cluster",remedy:"fetch a fresh kubeconfig and store it again",...R});if(c===403){const M=p.access===void 0?"do that":ie(p.access);return new z("forbidden",{title:`the user of the kubeconfig may not ${M}`,cause:"a rule for it is missing",remedy:`apply ${q} with an administrator's kubeconfig: kubectl apply -f ${q}`,...R})}return c===404?new z("not-found",{title:"the object is not there",cause:"it was deleted meanwhile, or never existed",remedy:"run it again: the next run starts from what is there then",...R}):c===409?new z("conflict",{title:"the object was changed by somebody else meanwhile",cause:"another run or controller works on the same object",remedy:"run it again when the other one is done",...R}):new z("api-failed",{title:`the API server at ${p.server} answered HTTP ${c}`,cause:c>=500?"the server has a problem of its own, or is still starting":c===429?"the server is overloaded":"it did not accept the request",remedy:c>=500||c===429?"look at the server\u2019s log, then run it again":"see the evidence",...R})}var Ae=_(1455),Te=_(8815),we=_(8500);const ke=["node-role.kubernetes.io/control-plane","node-role.kubernetes.io/master"];function je(c,i){return(c.status?.addresses??[]).filter(p=>p.type===i).map(p=>p.address)}function xe(c){return(c.spec?.taints??[]).map(i=>({key:i.key,...i.value?{value:i.value}:{},effect:i.effect}))}function ee(c){const i=c.status?.conditions?.find(R=>R.type==="Ready"),p=c.metadata?.labels??{},g=c.status?.nodeInfo;return{name:c.metadata?.name??"",uid:c.metadata?.uid??"",resourceVersion:c.metadata?.resourceVersion??"",createdAt:c.metadata?.creationTimestamp??"",labels:p,annotations:c.metadata?.annotations??{},taints:xe(c),ready:i?.status==="True"||i?.status==="False"?i.status:"Unknown",readyReason:i?.reason??"",readyMessage:i?.message??"",kubeletVersion:g?.kubeletVersion??"",osImage:g?.osImage??"",architecture:g?.architecture??"",systemUuid:g?.systemUUID??"",machineId:g?.machineID??"",internalIps:je(c,"InternalIP"),externalIps:je(c,"ExternalIP"),isServer:ke.some(R=>R in p),unschedulable:c.spec?.unschedulable??!1}}function Ue(c){if(!/^[a-z0-9]{6}$/.test(c))throw new RangeError(`a bootstrap token id has 6 characters [a-z0-9], not ${c.length}`);return`bootstrap-token-${c}`}function re(c){return Buffer.from(c).toString("base64")}function Oe(c){if(!/^[a-z0-9]{16}$/.test(c.secret))throw new RangeError("a bootstrap token secret has 16 characters [a-z0-9]");return{apiVersion:"v1",kind:"Secret",type:"bootstrap.kubernetes.io/token",metadata:{name:Ue(c.id),namespace:"kube-system",labels:{...c.labels}},data:{"token-id":re(c.id),"token-secret":re(c.secret),expiration:re(c.expiresAt),"usage-bootstrap-authentication":re("true"),"usage-bootstrap-signing":re("true"),"auth-extra-groups":re(c.extraGroups),description:re(c.description)}}}function ye(c){const i=c.data?.expiration;return{id:(c.metadata?.name??"").replace(/^bootstrap-token-/,""),createdAt:c.metadata?.creationTimestamp??"",expiresAt:i===void 0?"":Buffer.from(i,"base64").toString("utf8")}}const ve=60,Pe=100,Ne=2e3;class le extends Error{}const de=8*1024*1024;async function*Be(c){c.setEncoding("utf8");let i="";const p=c[Symbol.asyncIterator]();for(;;){const g=await p.next().catch(()=>{});if(g===void 0||g.done)return;const R=(i+g.value).split(`
`);if(i=R.pop()??"",i.length>de)throw new le;yield*R.filter(M=>M!=="")}}function ce(c){let i;try{i=JSON.parse(c)}catch{}if(!i?.object||i.type==="ERROR")throw new le;return i}async function J(c,i,p,g){const R=new AbortController,M=AbortSignal.any([g,R.signal]),x={watch:"true",fieldSelector:`metadata.name=${i.name}`,resourceVersion:p,allowWatchBookmarks:"true",timeoutSeconds:String(ve)},D=setTimeout(()=>R.abort(),(ve+15)*1e3);let G=p;try{const W=await c.open({method:"GET",path:i.path,query:x,access:{...i.access,verb:"watch"}},M);W.on("error",()=>{});for await(const ne of Be(W)){if(M.aborted)break;const me=ce(ne);G=me.object.metadata?.resourceVersion??G,me.type==="DELETED"?i.onGone():me.type!=="BOOKMARK"&&i.onState(me.object)}return G}finally{clearTimeout(D),R.abort()}}async function be(c,i,p){let g,R=Pe;for(;!p.aborted;){const M=g;try{if(g===void 0){const x=await c.call({method:"GET",path:i.path,query:{fieldSelector:`metadata.name=${i.name}`},access:{...i.access,verb:"list"}},p);g=x.body?.metadata?.resourceVersion??"0";const D=x.body?.items?.[0];D===void 0?i.onGone():i.onState(D)}g=await J(c,i,g,p),g!==M&&(R=Pe)}catch(x){if(p.aborted)return;if(x instanceof le||x instanceof z&&x.status===410)g=void 0;else if(!Le(x))throw x}await(0,we.setTimeout)(R,void 0,{signal:p}).catch(()=>{}),R=Math.min(R*2,Ne)}}async function Ie(c,i,p,g){const R=new AbortController,M=AbortSignal.any([g,R.signal]);let x=!1;const D={path:"api/v1/nodes",name:i,access:{verb:"watch",group:"",resource:"nodes"},onState:W=>{x=!0,p({type:"node",node:ee(W)})},onGone:()=>{x&&p({type:"gone"}),x=!1}},G={path:"apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases",name:i,access:{verb:"watch",group:"coordination.k8s.io",resource:"leases",namespace:"kube-node-lease"},onState:W=>{const ne=Z(W);ne!==void 0&&p({type:"lease",renewedAtMs:ne})},onGone:()=>{}};try{await Promise.all([be(c,D,M),be(c,G,M)])}finally{R.abort()}}function Z(c){const i=Date.parse(String(c.spec?.renewTime??""));return Number.isNaN(i)?void 0:i}const Se=5,Re="api/v1/namespaces/kube-system/secrets",Ge="application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";function he(c,i){return{verb:c,group:"",resource:"nodes",...i===void 0?{}:{name:i}}}function fe(c,i){return{verb:c,group:"",resource:"secrets",namespace:i}}function te(c){return`api/v1/nodes/${encodeURIComponent(c)}`}class pe{server;caPem;#e;constructor(i,p){this.server=i.server,this.caPem=i.caPem,this.#e=p}async read(i,p){const g=`apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${encodeURIComponent(i)}`,R={verb:"get",group:"coordination.k8s.io",resource:"leases",namespace:"kube-node-lease"},[M,x,D]=await Promise.all([this.#e.call({method:"GET",path:"version",access:{verb:"get",group:"",resource:"/version"}},p),this.#e.call({method:"GET",path:te(i),access:he("get",i)},p),this.#e.call({method:"GET",path:g,access:R},p)]),G=[M,x,D].flatMap(me=>me.serverTimeMs??[]),W=M.body?.gitVersion;if(W===void 0||G.length===0)throw new z("api-failed",{title:`what answers at ${this.server} is no Kubernetes API server`,cause:W===void 0?"/version gives no gitVersion":"its answers carry no Date header",remedy:"check the server address in the kubeconfig: a proxy or another service may answer there"});const ne=D.body===void 0?void 0:Z(D.body);return{version:W,...x.body===void 0?{}:{node:ee(x.body)},...ne===void 0?{}:{leaseRenewedAtMs:ne},serverTimeMs:Math.max(...G)}}async nodes(i){const p={method:"GET",path:"api/v1/nodes",access:he("list")},{body:g}=await this.#e.call(p,i);return(g?.items??[]).map(ee)}async canI(i,p){return await Promise.all(i.map(g=>this.#n(g,p)))}async#n(i,p){const[g="",R]=i.resource.split("/"),M={apiVersion:"authorization.k8s.io/v1",kind:"SelfSubjectAccessReview",spec:{resourceAttributes:{verb:i.verb,group:i.group,resource:g,...R===void 0?{}:{subresource:R},...i.namespace===void 0?{}:{namespace:i.namespace},...i.name===void 0?{}:{name:i.name}}}},D=await this.#s({method:"POST",path:"apis/authorization.k8s.io/v1/selfsubjectaccessreviews",body:M,access:{verb:"create",group:"authorization.k8s.io",resource:"selfsubjectaccessreviews"}},p);return{...i,allowed:D.status?.allowed===!0,reason:D.status?.reason??D.status?.evaluationError??""}}async secretExists(i,p,g){const R=`api/v1/namespaces/${encodeURIComponent(i)}/secrets/${encodeURIComponent(p)}`;return(await this.#e.call({method:"GET",path:R,accept:Ge,access:{...fe("get",i),name:p}},g)).body!==void 0}async createBootstrapToken(i,p){await this.#s({method:"POST",path:Re,body:Oe(i),access:fe("create","kube-system")},p)}async deleteBootstrapToken(i,p){const g=`${Re}/${Ue(i)}`;await this.#e.call({method:"DELETE",path:g,access:fe("delete","kube-system")},p)}async bootstrapTokens(i,p){const g=Object.entries(i).map(([D,G])=>`${D}=${G}`).join(",");if(g==="")throw new RangeError("labels are needed to tell own tokens from others");const M={method:"GET",path:Re,query:{labelSelector:g,fieldSelector:"type=bootstrap.kubernetes.io/token"},access:fe("list","kube-system")},{body:x}=await this.#e.call(M,p);return(x?.items??[]).filter(D=>D.metadata?.name?.startsWith("bootstrap-token-")).map(ye)}async changeNode(i,p,g){for(let R=1;;R++){try{return ee(await this.#o(i,p,g))}catch(M){if(!(M instanceof z)||M.code!=="conflict"||R===Se)throw M}await(0,we.setTimeout)(50*R,void 0,{signal:g})}}async#o(i,p,g){const R={},M={metadata:R};if(Object.keys(p.labels??{}).length>0&&(R.labels=p.labels),Object.keys(p.annotations??{}).length>0&&(R.annotations=p.annotations),p.taints!==void 0){const x=await this.#s({method:"GET",path:te(i),access:he("get",i)},g),D=xe(x),G=p.taints(D);if(JSON.stringify(G)!==JSON.stringify(D)){const W=x.spec?.taints??[];M.spec={taints:G.map(ne=>({...W.find(me=>me.key===ne.key&&me.effect===ne.effect),...ne}))},R.resourceVersion=x.metadata?.resourceVersion}else if(Object.keys(R).length===0)return x}return await this.#s({method:"PATCH",path:te(i),query:{fieldManager:"k3s-gpu-actions"},body:M,contentType:"application/merge-patch+json",access:he("patch",i)},g)}async deleteNode(i,p,g){const R={apiVersion:"v1",kind:"DeleteOptions",preconditions:{uid:p}};await this.#e.call({method:"DELETE",path:te(i),body:R,access:he("delete",i)},g)}async watch(i,p,g){await Ie(this.#e,i,p,g)}async#s(i,p){const{body:g}=await this.#e.call(i,p);if(g!==void 0)return g;throw X(404,"",{server:this.server,request:`${i.method} /${i.path}`})}}var ze=_(1692);async function y(c){const{KubeConfig:i}=await Promise.all([_.e(752),_.e(871),_.e(421)]).then(_.bind(_,6421)),p={};try{const W=new i;W.loadFromString(c.json),await W.applyToHTTPSOptions(p),(0,ze.createSecureContext)({ca:p.ca,cert:p.cert,key:p.key})}catch(W){throw new z("kubeconfig-invalid",{title:`the credentials of context ${JSON.stringify(c.context)} cannot be used`,cause:`a certificate or key in it is damaged, or they do not belong together (${V(W)||"unreadable"})`,remedy:"store the kubeconfig again: kubectl config view --raw --flatten --minify"})}const{ca:g,cert:R,key:M,servername:x,auth:D}=p,G={};for(const[W,ne]of Object.entries(p.headers??{}))G[W]=String(ne);return D&&(G.Authorization=`Basic ${Buffer.from(D).toString("base64")}`),{tls:{ca:g,cert:R,key:M,...x===void 0?{}:{servername:x}},headers:G}}function O(c){return typeof c=="object"&&c!==null&&!Array.isArray(c)}function E(c,i,p){return new z("kubeconfig-invalid",{title:c,cause:i,remedy:p})}function A(c,i,p){return new z("kubeconfig-refused",{title:`the kubeconfig is refused: ${c}`,cause:i,remedy:p})}const C="make a self-contained one: kubectl config view --raw --flatten --minify",h="use a kubeconfig with a token or client certificate in it, for example of a service account with manifests/k3s-join-rbac.yaml",u={"insecure-skip-tls-verify":["whoever answers at that address would get the credentials","remove it and put certificate-authority-data in its place"],"certificate-authority":["it points to a file of another machine or user",C],"proxy-url":["traffic of this program would go where the file says","remove it; use a tunnel to reach the server"]},k={exec:["it runs a program of the file\u2019s choosing on the runner",h],"auth-provider":["it runs a credential helper, which Kubernetes has removed",h],"client-certificate":["it points to a file of another machine or user",C],"client-key":["it points to a file of another machine or user",C],tokenFile:["it points to a file of another machine or user",C],"token-file":["it points to a file of another machine or user",C]},b=["server","certificate-authority-data","tls-server-name"],v=["token","client-certificate-data","client-key-data","username","password","as"];function L(c,i,p){for(const[g,[R,M]]of Object.entries(p)){const x=c[g];if(!(x==null||x===""||x===!1))throw A(`${i} uses ${g}`,R,M)}}function o(c,i){const p={};for(const g of i){const R=c[g];typeof R=="string"&&R!==""&&(p[g]=R)}return p}function l(c,i,p,g){const R=Array.isArray(c[i])?c[i].filter(O):[],M=R.filter(G=>G.name===g);if(M.length>1)throw E(`the kubeconfig has ${M.length} ${i} named ${JSON.stringify(g)}`,"which one is meant cannot be told","remove the others");const x=M[0]?.[p];if(O(x))return x;const D=R.map(G=>JSON.stringify(G.name)).join(", ")||"none";throw E(`the kubeconfig has no ${p} ${JSON.stringify(g)}`,`its ${i}: ${D}`,"name one of them, or fix the file")}function f(c){const i=URL.canParse(c)?new URL(c):void 0;if(i===void 0)throw E("the kubeconfig has no usable server address","server is not a URL","write it as https://host:6443");if(i.protocol==="http:")throw A("its server is http://","credentials would cross the network in clear","use the https:// address of the API server");if(i.protocol!=="https:")throw E("the kubeconfig has no usable server address",`its scheme is ${i.protocol}`,"write it as https://host:6443");if(i.username!==""||i.password!=="")throw A("its server holds a user name or password","addresses are printed in logs","move the credentials to the user entry")}function m(c){const i=c===void 0?"":Buffer.from(c,"base64").toString("utf8");if(i.includes("-----BEGIN CERTIFICATE-----"))return i;throw E("the kubeconfig holds no certificate authority",c===void 0?"certificate-authority-data is missing":"certificate-authority-data is not base64 of a PEM certificate",C)}function S(c,i){if(!O(c))throw E("the kubeconfig is not a mapping","the file is empty, truncated, or not a kubeconfig","store the text of a kubeconfig");const p=c["current-context"],g=i??(typeof p=="string"?p:"");if(g==="")throw E("the kubeconfig names no current-context","which of its clusters is meant cannot be told","set current-context, or give a context");const R=l(c,"contexts","context",g),M=l(c,"clusters","cluster",String(R.cluster??"")),x=l(c,"users","user",String(R.user??""));L(M,`cluster ${JSON.stringify(R.cluster)}`,u),L(x,`user ${JSON.stringify(R.user)}`,k);const D=o(M,b),G=o(x,v),W=D.server??"";f(W);const ne=m(D["certificate-authority-data"]);if(!G.token&&!G["client-certificate-data"]&&!G.username)throw E(`user ${JSON.stringify(R.user)} of the kubeconfig has no credentials`,"there is no token and no client certificate",h);const me={apiVersion:"v1",kind:"Config","current-context":"selected",contexts:[{name:"selected",context:{cluster:"selected",user:"selected"}}],clusters:[{name:"selected",cluster:D}],users:[{name:"selected",user:G}]};return{context:g,server:W.replace(/\/+$/,""),caPem:ne,json:JSON.stringify(me)}}var w=_(4708),P=_(8321);const Y=1e4,j=[150,500];function K(c){return`${c.method} /${c.path}`}function oe(c){try{const i=JSON.parse(c);if(typeof i=="object"&&i!==null&&"message"in i)return String(i.message)}catch{}return ue(c)}class B{server;#e;#n;#o;#s=new WeakSet;constructor(i,p){this.server=i,this.#e=p,this.#n=new w.Agent({...p.tls,keepAlive:!0,maxSockets:16}),this.#o=new w.Agent({...p.tls})}async call(i,p){const g=AbortSignal.timeout(Y),R=AbortSignal.any([p,g]),M=i.method==="GET"?j:[];try{for(let x=0;;x++)try{return await this.#r(i,R)}catch(D){const G=M[x];if(R.aborted||G===void 0||!Le(D))throw D;await(0,we.setTimeout)(G,void 0,{signal:R})}}catch(x){throw p.aborted?p.reason:g.aborted?ge(this.server,K(i),Y):x}}async open(i,p){const g=new AbortController,R=setTimeout(()=>g.abort(),Y);try{return await this.#t(i,AbortSignal.any([p,g.signal]))}catch(M){throw p.aborted?p.reason:g.signal.aborted?ge(this.server,K(i),Y):M}finally{clearTimeout(R)}}async#r(i,p){const g=await this.#t(i,p),R=await this.#i(g,i),M=Date.parse(g.headers.date??""),x=Number.isNaN(M)?{}:{serverTimeMs:M};if(g.statusCode===404)return{body:void 0,...x};try{return{body:JSON.parse(R),...x}}catch{throw X(g.statusCode??0,`no JSON: ${R}`,{server:this.server,request:K(i)})}}async#t(i,p){const g=new URL(`${this.server}/${i.path}`);for(const[Me,en]of Object.entries(i.query??{}))g.searchParams.set(Me,en);const R=i.body===void 0?void 0:JSON.stringify(i.body),{promise:M,resolve:x,reject:D}=Promise.withResolvers(),G=(0,w.request)(g,{method:i.method,agent:i.method==="GET"?this.#n:this.#o,signal:p,headers:{Accept:i.accept??"application/json","User-Agent":"k3s-gpu-actions",...this.#e.headers,...R===void 0?{}:{"Content-Type":i.contentType??"application/json","Content-Length":Buffer.byteLength(R)}}});G.once("socket",Me=>{this.#s.has(Me)||Me.on("error",()=>{}),this.#s.add(Me)}),G.once("response",x),G.on("error",Me=>D(U(Me,this.server,K(i)))),G.end(R);const W=await M,ne=W.statusCode??0;if(ne>=200&&ne<300||ne===404)return W;const me=oe(await this.#i(W,i));throw X(ne,me,{server:this.server,request:K(i),access:i.access})}async#i(i,p){try{return await(0,P.text)(i)}catch(g){throw U(g,this.server,K(p))}}}async function Q(c,i){try{return await(0,Ae.readFile)(c,{encoding:"utf8",signal:i})}catch(p){if(i.aborted)throw i.reason;const g=V(p);throw new z("kubeconfig-missing",{title:c===""?"no kubeconfig was given":`the kubeconfig ${c} cannot be read`,cause:g==="ENOENT"||c===""?"there is no such file":g==="EACCES"?"this user may not read it":g,remedy:"give the input `kubeconfig`, or run kubeconfig-esc in an earlier step of the job"})}}function De(c){try{return(0,Te.qg)(c,{maxAliasCount:0,merge:!1,prettyErrors:!1})}catch(i){const p=i instanceof Te.XT?i.pos[0]:void 0,g=p===void 0?"":` in line ${c.slice(0,p).split(`
`).length}`;throw new z("kubeconfig-invalid",{title:"the kubeconfig is not valid YAML",cause:`${V(i)||"it cannot be parsed"}${g}`,remedy:"store the text of a kubeconfig as it is: kubectl config view --raw --flatten --minify"})}}async function Ve(c){const i=await Q(c.kubeconfigPath,c.signal),p=S(De(i),c.context),g=await y(p);return new pe(p,new B(p.server,g))}const Xe=null,Je=/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,Fe=/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;function Qe(c){const i=c.split("/");if(i.length>2)return!1;const p=i.at(-1),g=i.length===2?i[0]:void 0;return Je.test(p)&&(g===void 0||g.length<=253&&Fe.test(g))}function rn(c){const i="write it as key=value:Effect or key:Effect, Effect one of NoSchedule, PreferNoSchedule, NoExecute",p=c.lastIndexOf(":"),g=Xe.find(D=>D===c.slice(p+1));if(p<0||g===void 0)throw new RangeError(`taint ${JSON.stringify(c)} has no known effect: ${i}`);const[R="",...M]=c.slice(0,p).split("=");if(!Qe(R))throw new RangeError(`taint ${JSON.stringify(c)} has no valid key: ${i}`);if(M.length===0)return{key:R,effect:g};const x=M.join("=");if(x!==""&&!Je.test(x))throw new RangeError(`taint ${JSON.stringify(c)} has an invalid value: at most 63 of [A-Za-z0-9._-], ${i}`);return x===""?{key:R,effect:g}:{key:R,value:x,effect:g}}function qe(c){return`${c.key}${c.value?`=${c.value}`:""}:${c.effect}`}}),7949:((Ze,Ce,_)=>{_.d(Ce,{z3:()=>we,a3:()=>Ae,iL:()=>v,TN:()=>U,MD:()=>ye,gH:()=>re,zt:()=>le,hF:()=>V,EG:()=>Pe,Br:()=>O,Ki:()=>b,jf:()=>Ue,Dj:()=>Be});const q=["schema","action","cluster","node","host","result","dryRun","headline","next","startedAt","durationMs","failure","code","id","verdict","question","title","kind","target","found","cause","reason","disrupts","remedy","undo","waitsFor","evidence","state","link","provenance","plan","changes","blockers","applied","undone","changed","restarted","checks","stages","milestones","stage","startedMs","endedMs","atMs","text","name","value","source","facts","outputs"],z=new Map(q.map((o,l)=>[o,l])),ue=new Set(["facts","outputs"]);function V(o){return`${JSON.stringify(se(o,!1),void 0,2)}
`}function se(o,l){if(Array.isArray(o))return o.map(w=>se(w,!1));if(typeof o!="object"||o===null)return o;const f=w=>l?0:z.get(w)??z.size,m=Object.entries(o).filter(([,w])=>w!==void 0).sort(([w],[P])=>f(w)-f(P)||(w<P?-1:w>P?1:0)),S=Object.create(null);for(const[w,P]of m)S[w]=se(P,!l&&ue.has(w));return S}const _e=/\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\^_]?)/g,He=/[\p{Cf}\p{Co}\p{Cs}\u115F\u1160\u3164\uFFA0]/gu;function U(o,l=1e3){const f=o.replace(_e,"").replace(He,"").replace(/[\s\p{Cc}]+/gu," ").trim();return ge(f,l)}function Le(o,l=1e3){return o.split(/\r\n|[\n\r\u2028\u2029\u0085]/).map(f=>ge(f.replace(_e,"").replace(He,"").replace(/\t/g,"  ").replace(new RegExp("\\p{Cc}","gu"),"").trimEnd(),l)).filter(f=>f!=="")}function ge(o,l){if(o.length<=l)return o;const f=Array.from(o);return f.length<=l?o:`${f.slice(0,Math.max(0,l-1)).join("")}\u2026`}function ie(o){return Array.from(o).length}function X(o,l){return o+" ".repeat(Math.max(0,l-ie(o)))}function Ae(o){const l=Number.isFinite(o)?Math.max(0,Math.round(o/100)):0;if(l<600)return`${(l/10).toFixed(1)} s`;const f=Math.round(l/10);if(f<3600)return Te(Math.floor(f/60),"min",f%60,"s");const m=Math.round(f/60);return m<2880?Te(Math.floor(m/60),"h",m%60,"min"):`${Math.round(m/1440)} days`}function Te(o,l,f,m){return f===0?`${o} ${l}`:`${o} ${l} ${String(f).padStart(2,"0")} ${m}`}function we(o){const l=["B","kB","MB","GB","TB","PB"];let f=Number.isFinite(o)?Math.max(0,o):0,m=0;for(;f>=999.5&&m<l.length-1;)f/=1e3,m+=1;const S=m>0&&f<9.95?1:0;return`${f.toFixed(S)} ${l[m]}`}function ke(o,l){return`${o} ${l}${o===1?"":"s"}`}const je=88,xe=40,ee={pass:"\u2713",warn:"!",fail:"\u2717",error:"?",skip:"-"};function Ue(o,l=""){const f=`\u25B8 ${U(o)}`,m=U(l);return m===""?f:`${f}${" ".repeat(Math.max(2,je-ie(f)-ie(m)))}${m}`}function re(o){if(o.length===0)return[];const l=o.filter(S=>S.verdict!=="pass"&&S.verdict!=="skip"),f=Math.min(28,Math.max(0,...l.map(S=>ie(U(S.id,60))))),m=l.flatMap(S=>{const w=" ".repeat(f+6);return[`  ${ee[S.verdict]} ${X(U(S.id,60),f)}  ${U(S.found)}`,...S.cause?[`${w}because ${U(S.cause)}`]:[],...S.remedy?[`${w}\u2192 ${U(S.remedy)}`]:[]]});return[`  ${Oe(o)}`,...m]}function Oe(o){const m=["pass","warn","fail","error","skip"].map(S=>[o.filter(w=>w.verdict===S).length,S]).filter(([S])=>S>0).map(([S,w])=>`${S} ${w}`);return`${ke(o.length,"check")}${m.length>0?`: ${m.join(", ")}`:""}`}function ye(o){if(o.blockers.length>0)return`blocked: ${ke(o.blockers.length,"reason")}`;if(o.changes.length===0)return"nothing to do";const l=o.changes.filter(S=>S.waitsFor===void 0),f=o.changes.filter(S=>S.waitsFor!==void 0),m=[];if(l.length>0){const S=ve(l);m.push(`${ke(l.length,"change")}${S?` (${S})`:", no disruption"}`)}if(f.length>0){const S=[...new Set(f.map(j=>j.waitsFor))].join(", "),w=ve(f),P=f.length===1?"waits":"wait",Y=l.length>0?String(f.length):ke(f.length,"change");m.push(`${Y} ${P} for ${S}${w?` (${w})`:""}`)}return m.join("; ")}function ve(o){const l=o.filter(S=>S.kind==="restart"),f=o.filter(S=>S.kind!=="restart"&&S.disrupts!==void 0),m=[];if(l.length>0){const S=[...new Set(l.map(w=>U(w.target,60)))].join(", ");m.push(`${ke(l.length,"restart")} of ${S}`)}return f.length>0&&m.push(ke(f.length,l.length>0?"other disruption":"disruption")),m.join(", ")}function Pe(o){const l=String(o.changes.length).length,f=Math.max(9,...o.changes.map(j=>j.kind.length)),m=o.changes.map(j=>U(j.target,160)),S=Math.max(0,...m.map(ie).filter(j=>j<=58)),w=" ".repeat(2+l+1+f+1),P=o.changes.flatMap((j,K)=>{const oe=m[K]??"",B=U(j.reason),Q=`  ${String(K+1).padStart(l)} ${X(j.kind,f)} `,De=ie(oe)<=S;return[(De?`${Q}${X(oe,S)}  ${B}`:`${Q}${oe}`).trimEnd(),...De||B===""?[]:[`${w}  ${B}`],...j.disrupts?[`${w}! ${U(j.disrupts)}`]:[],...j.waitsFor?[`${w}\u2026 waits for ${U(j.waitsFor)}`]:[]]}),Y=o.blockers.flatMap(j=>[`  \u2717 ${U(j.id,60)}  ${U(j.found)}`,...j.cause?[`    because ${U(j.cause)}`]:[],...j.remedy?[`    \u2192 ${U(j.remedy)}`]:[]]);return[...P,...Y]}const Ne={observed:"observed on real parts",reported:"reported by others; not reproduced by us",invented:"our own reasoning; never seen in the wild"};function le(o){const l=o.evidence.flatMap(S=>Le(S,400)),f=l.slice(0,xe);l.length>f.length&&f.push(`(${l.length-f.length} more in the report)`);const m=(S,w)=>`  ${X(S,8)}  ${w}`;return[`\u2717 ${U(o.title)}`,m("cause",U(o.cause)),m("remedy",U(o.remedy)),...f.map((S,w)=>m(w===0?"evidence":"",S.trimStart())),m("state",U(o.state)),...o.provenance?[m("basis",Ne[o.provenance])]:[],...o.link?[m("read",U(o.link))]:[]]}function de(o){const l=o.map(m=>`${formatDuration(m.atMs).padStart(8)}  ${cut(oneLine(m.text),60)}`),f=[];for(const m of l){const S=f.at(-1),w=S===void 0?void 0:`${S}     ${m}`;w===void 0||width(w)>116?f.push(m):f[f.length-1]=w}return f}function Be(o){const l=o.now(),f=()=>Math.max(0,Math.round(o.now()-l)),m=new Map,S=[],w=[],P=[],Y=[];let j;return{async stage(K,oe,B){const Q=j,De={title:K,startedMs:f()};j=De;try{return await oe()}finally{j=Q;const Ve={...De,endedMs:f()};P.push(Ve),B?.(Ve)}},milestone(K){if(!j)return;const{title:oe,startedMs:B}=j;Y.some(Q=>Q.stage===oe&&Q.text===K)||Y.push({stage:oe,atMs:Math.max(0,f()-B),text:K})},check(...K){for(const oe of K)m.set(oe.id,oe)},applied(K){S.includes(K)||S.push(K)},undone(K){w.includes(K)||w.push(K)},elapsedMs:f,parts(){return{startedAt:o.startedAt.toISOString(),durationMs:f(),checks:[...m.values()],applied:[...S],undone:[...w],stages:[...P].sort((K,oe)=>K.startedMs-oe.startedMs),milestones:[...Y]}}}}function ce(o,l=1e3){return U(o,l).replace(/&/g,"&amp;").replace(/</g,"&lt;").replace(/>/g,"&gt;").replace(/\\/g,"&#92;").replace(/\$/g,"&#36;").replace(/[`*~|[\]]/g,"\\$&").replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu,"\\_").replace(/:\/\//g,"&#58;//").replace(/\bwww\./gi,f=>`${f.slice(0,3)}&#46;`).replace(/(^|[^\p{L}\p{N}_])@(?=[\p{L}\p{N}])/gu,"$1@\u2060").replace(/^([#+=-])/,"\\$1").replace(/^(\d+)([.)])/,"$1\\$2")}function J(o,l=600){return ce(o??"",l)}function be(o,l){if(l.length===0)return"";const f=m=>`| ${m.join(" | ")} |`;return[f(o),f(o.map(()=>"---")),...l.map(f)].join(`
`)}function Ie(o,l){const f=Math.max(2,...[...l.matchAll(/`+/g)].map(S=>S[0].length)),m="`".repeat(f+1);return`${m}${o}
${l}
${m}`}function Z(o,l){const f=o.flatMap(w=>Le(w,2e3)),m=f.slice(0,l),S=f.length-m.length;return Ie("text",[...m,...S>0?[`(${S} more in the JSON report)`]:[]].join(`
`))}function Se(o,l){return l===""?"":`<details><summary>${o}</summary>

${l}

</details>`}function Re(o){return/^https:\/\/[\w.~/#%?=&+-]+$/.test(o)?`<${o}>`:ce(o)}const Ge=256*1024;function he(o,l=Ge){if(Buffer.byteLength(o)<=l)return o;const f=o.split(`
`),m=[];let S=512,w="",P=0;for(const j of f){if(S+=Buffer.byteLength(j)+1,S>l)break;m.push(j);const K=/^`{3,}/.exec(j)?.[0];w!==""?j===w&&(w=""):K?w=K:j.startsWith("<details>")?P+=1:j==="</details>"&&(P-=1)}for(w!==""&&m.push(w);P>0;P-=1)m.push("","</details>");const Y=f.length-m.length;return m.push("",`_Cut here to fit: about ${Math.max(1,Y)} more lines. The JSON report has everything._`,""),m.join(`
`)}const fe=40;function te(o){const l=U(o,200).replace(/[^\p{L}\p{N} .+/-]/gu," ").replace(/-{2,}/g,"-").replace(/ {2,}/g," ").trim();return l===""?"unnamed":ge(l,60)}function pe(o,l){const f=[];for(const m of o){const S=Math.max(1,Math.round(m.endedMs-m.startedMs));f.push(`  ${f.length+1} ${te(m.title)} :${Math.round(m.startedMs)}, ${S}ms`);for(const w of l.filter(P=>P.stage===m.title))f.push(`  ${f.length+1} ${te(w.text)} :milestone, ${Math.round(m.startedMs+w.atMs)}, 0ms`)}return f.length===0?"":Ie("mermaid",["gantt","  dateFormat x","  axisFormat %M:%S",...f.slice(0,fe)].join(`
`))}const ze={pass:"\u2705",warn:"\u26A0\uFE0F",fail:"\u274C",error:"\u2754",skip:"\u2796"};function y(o){return o.result==="failed"||o.failure?"\u274C":o.result==="planned"?"\u{1F4CB}":"\u2705"}function O(o){const l=[`## ${y(o)} ${ce(o.headline)}`,E(o),o.failure?A(o.failure):"",`**Next:** ${ce(o.next)}`,C(o.checks.filter(f=>f.verdict!=="pass"&&f.verdict!=="skip")),h(o),pe(o.stages,o.milestones),Se("Facts",be(["fact","value"],Object.entries(o.facts).map(([f,m])=>[J(f),J(m)]))),Se("Where each value came from",be(["value","is","from"],o.provenance.map(f=>[J(f.name),J(f.value),J(f.source)]))),Se(`All checks: ${Oe(o.checks)}`,C(o.checks)),Se("Stages",be(["stage","began","took"],o.stages.map(f=>[J(f.title),Ae(f.startedMs),Ae(f.endedMs-f.startedMs)])))];return he(`${l.filter(f=>f!=="").join(`

`)}
`)}function E(o){const l=o.host?`, host ${ce(o.host)}`:"",f=`Node ${ce(o.node)} of cluster ${ce(o.cluster)}${l}`,m=o.plan.changes.length,S=`${o.applied.length} of ${m} planned ${m===1?"change":"changes"} carried out`,w=[o.dryRun?"dry run, nothing was changed":m===0?"nothing to change":S,...o.undone.length>0?[`${o.undone.length} undone`]:[],...o.restarted?["agent restarted"]:[],Oe(o.checks),`${Ae(o.durationMs)} in all`];return`${f}: ${w.join(" \xB7 ")}.`}function A(o){const l=[["what",J(o.title)],["cause",J(o.cause)],["remedy",J(o.remedy)],["state",J(o.state)],["code",J(o.code)],...o.provenance?[["basis",Ne[o.provenance]]]:[],...o.link?[["read",Re(o.link)]]:[]],f=o.evidence.length>0?`

**Evidence**

${Z(o.evidence,30)}`:"";return`${be(["","failure"],l)}${f}`}function C(o){return be(["","check","result","detail"],o.map(l=>[ze[l.verdict],J(l.id,80),J(l.found),[l.cause?J(l.cause):"",l.remedy?`\u2192 ${J(l.remedy)}`:""].filter(f=>f!=="").join("<br>")]))}function h(o){const{plan:l}=o;if(l.changes.length===0&&l.blockers.length===0)return"";const f=(w,P)=>o.undone.includes(w)?"undone":o.applied.includes(w)?"done":P===void 0?"not done":`waits for ${J(P)}`,m=be(["#","change","target","reason","disrupts","state"],l.changes.map((w,P)=>[String(P+1),w.kind,J(w.target),J(w.reason),w.disrupts?J(w.disrupts):"nothing",f(w.id,w.waitsFor)])),S=C(l.blockers);return[`**Plan:** ${ce(ye(l))}`,m,S].filter(w=>w!=="").join(`

`)}var u=_(1916);const k=["skip","pass","warn","fail","error"];function b(o,l){const f=l==="warn"?k.indexOf("warn"):k.indexOf("fail"),m=l==="never"?[]:o.filter(w=>k.indexOf(w.verdict)>=f);return{worst:o.reduce((w,P)=>k.indexOf(P.verdict)>k.indexOf(w)?P.verdict:w,"skip"),fails:m.length>0,failing:m}}function v(o,l,f=[]){const m=[...new Set([...o.map(w=>w.id),...f])],S=new Set(l);return{checks:o.map(w=>S.has(w.id)&&w.verdict!=="pass"&&w.verdict!=="skip"?{...w,verdict:"skip",found:`ignored by ignore-checks (was ${w.verdict}): ${w.found}`}:w),unknown:[...S].filter(w=>!m.includes(w)).map(w=>{const P=L(w,m);return P===void 0?{id:w}:{id:w,nearest:P}})}}function L(o,l){const f=w=>w.slice(w.lastIndexOf(".")+1),S=l.map(w=>({candidate:w,far:Math.min((0,u.Io)(o,w),(0,u.Io)(o,f(w)))})).sort((w,P)=>w.far-P.far)[0];return S&&S.far<=Math.ceil(o.length/2)?S.candidate:void 0}}),4507:((Ze,Ce,_)=>{_.d(Ce,{es:()=>he,NH:()=>ze});var q=_(7598),z=_(3024),ue=_(6760);class V extends Error{code;cause;remedy;evidence;constructor(O,E,A){super(E),this.name="RunnerError",this.code=O,this.cause=A.cause,this.remedy=A.remedy,this.evidence=A.evidence??[]}}function se(y){return new V("cancelled",`cancelled by ${y}`,{cause:"the workflow run was cancelled, or the runner is shutting down",remedy:"run it again: whatever was interrupted, the next run converges"})}function _e(y){return async(O,E)=>{E.throwIfAborted();const{downloadTool:A}=await Promise.all([_.e(752),_.e(955),_.e(58),_.e(805)]).then(_.bind(_,9805)),C=A(O,(0,ue.join)(y,`download-${(0,q.randomUUID)()}`));try{return await He(C,E)}catch(h){if(E.aborted)throw E.reason;const u=h.httpStatusCode,k=h instanceof Error?h.message:String(h);throw new V("download-failed",`${O} could not be downloaded to the runner`,{cause:u===void 0?k:`the server answered ${u}`,remedy:u===404||u===410?"check the version: this file does not exist":"check that the runner reaches this address (proxy, firewall), then run it again",evidence:[k]})}}}async function He(y,O){let E=()=>{};const A=new Promise((C,h)=>{E=()=>h(O.reason),O.addEventListener("abort",E,{once:!0})});y.catch(()=>{}),A.catch(()=>{});try{return await Promise.race([y,A])}finally{O.removeEventListener("abort",E)}}function U(y){return{find(O,E,A){if(y==="")return;const C=(0,ue.join)(y,O,E,A);if(!(0,z.existsSync)(`${C}.complete`))return;const[h,...u]=Le(C);return h?.isFile()&&u.length===0?(0,ue.join)(C,h.name):void 0},async add(O,E,A,C,h){if(y==="")return O;const{cacheFile:u}=await Promise.all([_.e(752),_.e(955),_.e(58),_.e(805)]).then(_.bind(_,9805));return(0,ue.join)(await u(O,E,A,C,h),E)}}}function Le(y){try{return(0,z.readdirSync)(y,{withFileTypes:!0})}catch{return[]}}var ge=_(3053),ie=_(8161);const X=2e3;function Ae(y){return async(O,E,A)=>{y.throwIfAborted();const{exec:C}=await _.e(955).then(_.bind(_,1955));let h;const u=()=>{h?.kill("SIGTERM"),setTimeout(()=>h?.exitCode===null&&h.kill("SIGKILL"),X).unref()},k=b=>{const v=b.process;queueMicrotask(()=>{h||!v||!Te(v,E)||(h=v,v.stdin?.on("error",()=>{}),y.aborted&&u())})};(0,ge.subscribe)("child_process",k),y.addEventListener("abort",u);try{return await C(we(O),[...E],{input:A.input,env:{...A.env},silent:!0,ignoreReturnCode:!0,listeners:{stdout:A.onStdout,stderr:A.onStderr}})??128+(h?.signalCode?ie.constants.signals[h.signalCode]:0)}catch(b){const v=b instanceof Error?b.message:String(b);throw new V("program-not-found",`${O} could not be started on the runner`,{cause:v,remedy:`install ${O} on the runner, or use another transport`})}finally{(0,ge.unsubscribe)("child_process",k),y.removeEventListener("abort",u)}}}function Te(y,O){const E=y.spawnargs?.slice(1)??[];return E.length===O.length&&E.every((A,C)=>A===O[C])}function we(y){return`"${y.replaceAll('"','\\"')}"`}const ke=new Set("true false yes no on off null none undefined default auto root admin user node nodes server agent token password secret host local localhost cluster plan apply fast deep ssh fail warn never pass skip error kube kubernetes linux amd64 arm64 main master latest 0.0.0.0 127.0.0.1 6443 10250 https:// http://".split(" ")),je=4,xe=6;function ee(y){return y.trim().length<je||ke.has(y.trim().toLowerCase())?!1:!/^-----(BEGIN|END) [A-Z0-9 ]+-----$/.test(y.trim())}function Ue(y){const O=Buffer.from(y,"utf8");return[0,1,2].map(E=>{const A=Buffer.concat([Buffer.alloc(E),O]).toString("base64").replace(/=+$/,""),C=(E+O.length)*8;return A.slice(E===0?0:E+1,Math.floor(C/6))})}function re(y){const O=encodeURIComponent(y.toWellFormed()),E=Ue(y),A=Buffer.from(y,"utf8").toString("base64");return[JSON.stringify(y).slice(1,-1),JSON.stringify(JSON.stringify(y)).slice(3,-3),O,O.replace(/%[0-9A-F]{2}/g,C=>C.toLowerCase()),O.replaceAll("%20","+"),y.replaceAll("'","'\\''"),A,...E,A.replaceAll("+","-").replaceAll("/","_"),...E.map(C=>C.replaceAll("+","-").replaceAll("/","_"))]}function Oe(y){const O=y.trim();if(!ee(O))return[];const E=O.split(/\r\n|[\n\r]/),A=new Set;E.length===1&&A.add(O);for(const C of E)E.length>1&&ee(C)&&A.add(C.trim());for(const C of new Set([y,O]))for(const h of re(C))h.length>=xe&&ee(h)&&!/[\r\n]/.test(h)&&A.add(h);return[...A]}const ye=2e3,ve=/\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\^_]?)/g,Pe=/[\p{Cf}\p{Cs}\u115F\u1160\u3164\uFFA0]|\u034F|\u17B4|\u17B5/gu,Ne=/\r\n|[\n\r\u000B\u000C\u0085\u2028\u2029]/;function le(y){return y.replace(ve,"").split(Ne).map(Be)}function de(y){return Be(y.replace(ve,"").split(Ne).join(" "))}function Be(y){const O=y.replace(Pe,"").replaceAll("	","  ").replace(new RegExp("\\p{Cc}","gu"),""),E=O.length>ye?Array.from(O):[];return(E.length>ye?`${E.slice(0,ye).join("")} \u2026 (${E.length-ye} more characters)`:O).replace(/^(\s*)(?=[\uFE00-\uFE0F]*:[\uFE00-\uFE0F]*:)/u,"$1\xB7 ").replace(/#([\uFE00-\uFE0F]*)#(?=[\uFE00-\uFE0F]*\[)/gu,"#$1 #")}function ce(y){return{async release(O,E,A,C){C.throwIfAborted();const h=await J(y()),u=`release ${A} of ${O}/${E}`;try{const[k,b]=await Promise.all([h.rest.repos.getReleaseByTag({owner:O,repo:E,tag:A,request:{signal:C}}),h.rest.repos.getCommit({owner:O,repo:E,ref:`tags/${A}`,headers:{accept:"application/vnd.github.sha"},request:{signal:C}})]),v=k.data.assets.map(be),L=b.data;return{assets:v,commit:typeof L=="string"?L.trim():b.data.sha}}catch(k){throw C.aborted?C.reason:Ie(k,u,y()!=="")}}}}async function J(y){if(y!=="")return(await Promise.all([_.e(752),_.e(665),_.e(351)]).then(_.bind(_,1351))).getOctokit(y);const{GitHub:O}=await Promise.all([_.e(752),_.e(665)]).then(_.bind(_,8665));return new O}function be(y){const O={name:y.name,url:y.browser_download_url,sizeBytes:y.size};return y.digest?{...O,digest:y.digest}:O}function Ie(y,O,E){const{status:A,message:C=String(y),response:h}=y,u=h?.headers??{},k=[`GitHub: ${A===void 0?"":`${A} `}${C}`];return A===void 0||A===500&&h===void 0?new V("github-unreachable",`${O} could not be read: GitHub cannot be reached from the runner`,{cause:C,remedy:"check the runner\u2019s internet access or proxy, then run it again",evidence:k}):A===429||A===403&&String(u["x-ratelimit-remaining"])==="0"||u["retry-after"]!==void 0?new V("rate-limited",`${O} could not be read: GitHub\u2019s rate limit is used up`,{cause:`${E?"the token":"the runner\u2019s address, without a token,"} has no requests left${Z(u)}`,remedy:E?"run it again after that time":"give the input github-token (${{ github.token }} is enough), or wait",evidence:k}):A===404||A===422?new V("release-not-found",`${O} does not exist`,{cause:"there is no such release or tag, or the repository is private",remedy:"check the version: it must be spelled exactly as the release is",evidence:k}):new V("github-refused",`${O} could not be read: GitHub answered ${A}`,{cause:A===401?"the github-token is not valid":C,remedy:A>=500?"run it again later; see www.githubstatus.com":"give a github-token that may read public repositories, or none",evidence:k})}function Z(y){const O=Number(y["x-ratelimit-reset"]);if(Number.isFinite(O)&&O>0&&O<864e10)return` until ${new Date(O*1e3).toISOString()}`;const E=Number(y["retry-after"]);return Number.isFinite(E)&&E>0?` for ${E} s`:""}const Se={workflow_dispatch:"by the button",schedule:"by the clock",push:"by a push",pull_request:"by a pull request",repository_dispatch:"by an API call",workflow_run:"by another workflow",release:"by a release"};function Re(y){const O=y.GITHUB_RUN_NUMBER;if(!O)return"";const E=Number(y.GITHUB_RUN_ATTEMPT??"1"),A=y.GITHUB_EVENT_NAME??"",C=A===""?"":` \xB7 started ${Se[A]??`by ${A}`}`;return de(`run ${O}${E>1?`, attempt ${E}`:""}${C}`)}function Ge(y){const O=/^(INPUT_|STATE_|ACTIONS_.*(TOKEN|URL)$|GITHUB_TOKEN$|GH_TOKEN$)/;return Object.fromEntries(Object.entries(y).filter(E=>E[1]!==void 0&&!O.test(E[0])))}function he(y,O=process.env){delete O[`INPUT_${y.replaceAll(" ","_").toUpperCase()}`]}function fe(y){const O=new AbortController;for(const E of["SIGINT","SIGTERM"])y.on(E,()=>O.abort(se(E)));return O.signal}function te(y,O,E){const A=new Set,C=b=>y.info(b),h=b=>{for(const v of Oe(b))A.has(v)||(A.add(v),y.setSecret(v))},u=y.getInput("github-token");h(u);const k=O.RUNNER_TEMP||"/tmp";return{input:b=>y.getInput(b),workspace:O.GITHUB_WORKSPACE||process.cwd(),temporaryDirectory:k,environment:Ge(O),signal:E,runLabel:Re(O),isDebug:y.isDebug(),mask:h,output:(b,v)=>y.setOutput(b,v),saveState:(b,v)=>y.saveState(b,v),state:b=>y.getState(b),line(b=""){for(const v of le(b))C(v)},debug(b){for(const v of le(b))y.debug(v)},details(b,v){y.startGroup(de(b));for(const L of v)for(const o of le(L))C(o);y.endGroup()},errorAnnotation(b,v){y.error(pe(v),{title:de(b)})},warningAnnotation(b,v){y.warning(pe(v),{title:de(b)})},async summary(b){if(O.GITHUB_STEP_SUMMARY)try{await y.summary.addRaw(b,!b.endsWith(`
`)).write()}catch(v){y.warning(pe(v instanceof Error?v.message:String(v)),{title:"The summary could not be written"})}},exec:Ae(E),releases:ce(()=>u),download:_e(k),toolCache:U(O.RUNNER_TOOL_CACHE??"")}}function pe(y){return le(y).join(`
`).slice(0,4e3)}async function ze(y=process.env){const O=await Promise.all([_.e(752),_.e(955),_.e(58)]).then(_.bind(_,6058));return te(O,y,fe(process))}})};export{lt as id,ht as ids,ft as modules};
