const Ks=133,Gs=[133],qs={3133:((Ms,kn,k)=>{k.d(kn,{SU:()=>js,$R:()=>mn,Cw:()=>$n,f0:()=>b,At:()=>He});var f=k(37131);const b={binary:"/usr/local/bin/k3s",ownConfig:"/etc/rancher/k3s/config.yaml.d/50-k3s-gpu-actions.yaml",unit:"/etc/systemd/system/k3s-agent.service",environment:"/etc/systemd/system/k3s-agent.service.env",nodePassword:"/etc/rancher/node/password",containerdLog:"/var/lib/rancher/k3s/agent/containerd/containerd.log",lock:"/run/k3s-gpu-actions.lock",backups:"/var/lib/k3s-gpu-actions"};var _=k(77598);function P(e){return`${e}.node-password.k3s`.toLowerCase()}const fe=64*1024**2;function wn(e){const[,n="",s,t,r,i=""]=/^\$1:([0-9a-f]{2,128}):(\d{1,2}):(\d{1,2}):(\d):([A-Za-z0-9+/]{22,171})$/.exec(e)??[],o={salt:Buffer.from(n,"hex"),logN:Number(s),r:Number(t),p:Number(r),key:Buffer.from(i,"base64")},{logN:a}=o;if(!(n===""||n.length%2!==0||a<1||a>20||o.r<1||o.p<1))return 128*2**a*o.r*o.p<=fe?o:void 0}async function gn(e,n){const s=wn(e);if(!s)return;const{salt:t,logN:r,r:i,p:o,key:a}=s,c={N:2**r,r:i,p:o,maxmem:2*fe};return await new Promise(d=>{try{(0,_.scrypt)(n,t,a.length,c,(l,h)=>d(l?void 0:(0,_.timingSafeEqual)(h,a)))}catch{d(void 0)}})}function pe(e){return e.hasSecret?e.hasFile?e.password===""?"empty":e.password===void 0||e.isMatch===void 0?"unknown":e.isMatch?"matches":"different":"missing":"none"}function me(e,n){const s=n?.state??"none";if(s==="none"||s==="matches")return"fine";if(s==="empty")return"empty";const{reading:t,facts:r,consent:i,desired:o}=e,a=(0,f.Pd)(t.node,r);if((0,f.JG)(e))return a!=="this-machine"?"foreign":s==="unknown"?"unknown":"live";const c=i.replaceNode===o.node;return(0,f.ik)(e)||c&&t.node===void 0?"replaced":a==="another-machine"?"foreign":s==="unknown"?"unknown":(0,f.YD)(t.node,r)?"healed":"unproven"}const R="k3s.node-password",S="Will the server accept this host's node password?",$e=e=>e?.secret?.createdAt?` of ${e.secret.createdAt}`:"",vn={missing:`the host has none (${b.nodePassword} is not there)`,different:"the host has another one",unknown:"it could not be compared with the host's"};function bn(e,n){const s=n.nodePassword,{node:t}=e.desired;if(s===void 0)return[{id:R,verdict:"skip",question:S,found:"not asked: the agent is not started by this plan"}];const r=`the cluster keeps a password${$e(s)} for ${t}, and ${vn[s.state]??""}`,i="a server rejects an agent whose password is not the one it keeps for that name, every time it asks (403)",o=[`secret kube-system/${P(t)}${$e(s)}`,...(0,f.Eb)(e)];switch(me(e,s)){case"fine":{const a=s.state==="none"?`the cluster keeps none for ${t}`:"it is the one that the cluster keeps";return[{id:R,verdict:"pass",question:S,found:a}]}case"healed":return[{id:R,verdict:"warn",question:S,found:`${r}; it is this machine's own, from an earlier installation (same system UUID)`,cause:i,remedy:`nothing to do: the plan deletes that Secret, and nothing else of ${t}`,evidence:o}];case"replaced":return[{id:R,verdict:"warn",question:S,found:`${r}; it is deleted, as replace-node says`,cause:i,remedy:"nothing to do: the plan deletes that Secret",evidence:o}];case"foreign":return[{id:R,verdict:"skip",question:S,found:"the name belongs to another machine: see cluster.name"}];case"live":return[{id:"plan.node-password",verdict:"fail",question:"Would the node that lives come back from the start that is planned?",found:`no: ${r}. ${t} is alive on this very machine, and its agent would be rejected as soon as it is started again`,cause:`${b.nodePassword} was lost or changed while the agent ran; the password of a live node is never deleted`,remedy:`stop the agent (sudo systemctl stop k3s-agent; containers keep running), wait a minute until ${t} is no longer alive, then press the button again`,evidence:o}];case"empty":return[{id:R,verdict:"fail",question:S,found:`${b.nodePassword} is empty`,cause:"k3s sends what is in that file, and makes a password only where there is no file",remedy:`sudo rm ${b.nodePassword}, then press the button again`,evidence:o}];case"unproven":return[{id:R,verdict:"fail",question:S,found:`${r}; nothing proves that it is this machine's own`,cause:i,remedy:`press the button again with replace-node = ${t} when no other machine of that name is to come back, or give this machine another name`,evidence:o}];case"unknown":return[{id:R,verdict:"warn",question:S,found:s.secret?`${r}: ${s.problem??""}`:`not known: ${s.problem??""}`,cause:s.secret?i:"the Secrets of kube-system could not be listed",remedy:s.secret?`if the server rejects it, press the button again with replace-node = ${t}`:"nothing to do: if the server rejects the password, the run ends with its words",evidence:o}]}}function yn(e,n){const s=me(e,n.nodePassword);if(s!=="healed"&&s!=="replaced"||n.nodePassword?.secret===void 0)return;const{node:t}=e.desired,{node:r}=e.reading;return{kind:"delete",target:`secret kube-system/${P(t)}`,reason:s==="healed"?`from an earlier installation of this machine (same system UUID); node ${t} with its labels and pods stays`:r?`confirmed by replace-node: it goes with node ${t}`:"confirmed by replace-node: no node has that name any more",undo:"none: the password in it is not known; the agent stores its own when it starts"}}var z=k(62088);const _n=/^v?(\d+)\.(\d+)\.(\d+)(?:-(rc\d+))?\+k3s(\d+)$/;function O(e){const[,n,s,t,r="",i]=_n.exec(e.trim())??[];if(n===void 0)return;const o={major:Number(n),minor:Number(s),patch:Number(t),build:Number(i)},a=r===""?"":`-${r}`;return{text:`v${o.major}.${o.minor}.${o.patch}${a}+k3s${o.build}`,candidate:r,...o}}function ke(e){const{major:n,minor:s,patch:t,candidate:r,build:i}=e,o=r===""?"":`0rc.${Number(r.slice(2))}.`;return`${n}.${s}.${t}-${o}k3s.${i}`}function U(e,n){const s=t=>{const r=O(t);if(r===void 0)throw new RangeError(`${JSON.stringify(t)} is no k3s version: write it like v1.33.4+k3s1`);return new z.SemVer(ke(r))};return(0,z.compare)(s(e),s(n))}class J extends Error{name="VersionError";code="version-invalid";cause;remedy;evidence=[];constructor(n,s,t){super(n),this.cause=s,this.remedy=t}}const On=/^(stable|latest|testing|v?\d+(\.\d+)?)$/;function Tn(e,n){const s="write `match-server`, or an exact version like v1.33.4+k3s1";if(e.trim()==="match-server"){const o=O(n);if(o!==void 0)return o.text;throw new J(`the server's version ${JSON.stringify(n)} is no k3s version`,(0,z.coerce)(n)===null?"what answers is not k3s":"the server runs another distribution of Kubernetes","check the kubeconfig, or set `distribution`")}const t=O(e);if(t!==void 0)return t.text;if(On.test(e.trim()))throw new J(`version ${JSON.stringify(e)} is a channel`,"a channel names another version tomorrow",s);const r=(0,z.coerce)(e),i=r!==null&&!e.includes("+")?`the +k3s suffix is missing, e.g. v${r.version}+k3s1`:"it has no known form";throw new J(`version ${JSON.stringify(e)} is no k3s version`,i,s)}const Rn={29:"v1.29.13+k3s1",30:"v1.30.9+k3s1",31:"v1.31.5+k3s1"};function Sn(e,n){const s="k3s.version",t=`Does an agent of ${e} go with a server of ${n}?`,r=O(e),i=O(n);if(r===void 0||i===void 0)return{id:s,verdict:"error",question:t,found:`${JSON.stringify(r===void 0?e:n)} is no k3s version`,cause:"the two cannot be compared",remedy:"write versions like v1.33.4+k3s1; check that the server is k3s"};const o=U(e,n),a=`use version: match-server (${i.text})`;if(o===0)return{id:s,verdict:"pass",question:t,found:"the same version"};if(o>0)return{id:s,verdict:"fail",question:t,found:"the agent is newer than the server",cause:"a kubelet newer than its API server is not supported, and nothing would complain until something breaks",remedy:`${a}, or upgrade the servers first`};const c=(i.major-r.major)*100+i.minor-r.minor;if(c>3)return{id:s,verdict:"fail",question:t,found:`the agent is ${c} minor versions older than the server`,cause:"a kubelet may be at most 3 minor versions older than its API server",remedy:a};const d=r.major===1?Rn[r.minor]:void 0;return d!==void 0&&i.minor>=32&&U(e,d)<0?{id:s,verdict:"fail",question:t,found:`agents before ${d} get no pod network from servers of 1.32 or later`,cause:"flannel in such an agent asks for rights that these servers no longer give it (k3s#11551, k3s#12819)",remedy:`${a}, or at least ${d}`}:{id:s,verdict:"warn",question:t,found:"the agent is older than the server",cause:"supported, but not what the server was tested with",remedy:a}}function xn(e,n){if(e===void 0||!O(e)||!O(n))return[];const s="k3s.installed-version",t=`Is what is installed not newer than the server (${n})?`;return U(e,n)<=0?[{id:s,verdict:"pass",question:t,found:e}]:[{id:s,verdict:"warn",question:t,found:`${e} is newer than the server`,cause:"a kubelet newer than its API server is not supported, and nothing else would report it",remedy:"press the button with adopt = apply, which installs the wanted version; or upgrade the servers first"}]}var x=k(77030);const we="10.42.0.0/16",ge="10.43.0.0/16",ve=[{port:10250,protocol:"tcp"},{port:8472,protocol:"udp"}],Q=[{network:we},{network:ge}],X=e=>"network"in e?e.network:`${e.port}/${e.protocol}`;function K(e,n){const[s="",t]=e.split("/"),[r="",i="32"]=n.split("/");if((0,x.isIP)(s)!==4||(0,x.isIP)(r)!==4)return!1;const o=t===void 0?32:Number(t);if(!Number.isInteger(o)||o<0||o>Number(i))return!1;const a=new x.BlockList;return a.addSubnet(s,o,"ipv4"),a.check(r,"ipv4")}function be(e,n){const[s="",t]=e.split("/");return t!==void 0&&t!==n.protocol?!1:s.split(",").some(r=>{const[i="",o=i]=r.split(/[:-]/);return/^\d+$/.test(i)&&/^\d+$/.test(o)&&Number(i)<=n.port&&n.port<=Number(o)})}const ee=e=>K(we,e)||K(ge,e);function En(e){const[,n,s,t]=/^(\S.*?)\s{2,}(ALLOW|LIMIT|DENY|REJECT)(?: IN)?\s{2,}(\S+)/.exec(e)??[];if(!(n===void 0||t===void 0||e.includes("(v6)")))return{to:n.replace(/ on \S+$/,"").trim(),isAllowed:s==="ALLOW"||s==="LIMIT",from:t}}function An(e,n){if(e.some(t=>/^Default:\s*allow \(incoming\)/.test(t)))return[];const s=e.flatMap(t=>En(t)??[]).filter(t=>t.isAllowed);return n.filter(t=>!s.some(({to:r,from:i})=>"network"in t?/^Anywhere/.test(r)&&(/^Anywhere/.test(i)||K(i,t.network)):/^Anywhere/.test(r)?/^Anywhere/.test(i)||!ee(i):be(r,t)&&!ee(i)))}const Nn={"10250/tcp":["kubelet","kubelet-worker","kube-worker","kube-control-plane","kube-control-plane-secure"],"8472/udp":["kube-flannel"]};function In(e){const n=[];for(const s of e){/^\S/.test(s)&&n.push({target:"",words:{},richRules:[]});const t=n.at(-1),[,r,i=""]=/^\s+([a-z-]+):\s*(.*)$/.exec(s)??[];t&&(/^\s+rule /.test(s)?t.richRules.push(s.trim()):r==="target"?t.target=i.trim():r&&(t.words[r]=i.split(/\s+/).filter(Boolean)))}return n}function Ln(e,n){const s=In(e),t=s.filter(r=>r.target==="ACCEPT");return n.filter(r=>{const i=s.flatMap(c=>c.richRules).filter(c=>/ accept\b/.test(c));if("network"in r)return!t.some(d=>(d.words.sources??[]).some(l=>K(l,r.network))||(d.words.interfaces??[]).includes("cni0"))&&!i.some(d=>d.includes(r.network));const o=s.some(c=>(c.words.ports??[]).some(d=>be(d,r))||(c.words.services??[]).some(d=>Nn[X(r)]?.includes(d))),a=t.some(c=>(c.words.sources??[]).some(d=>!ee(d))||(c.words.interfaces??[]).some(d=>!/^(cni0|flannel)/.test(d)));return!o&&!a&&!i.some(c=>c.includes(`"${r.port}"`))})}const I="host.firewall",L="Does the firewall let in what a node needs?";function Pn({nodes:e,desired:n}){const s=e.filter(r=>r.name!==n.node).flatMap(r=>[...r.internalIps,...r.externalIps]).filter(r=>/^[0-9a-fA-F.:]+$/.test(r)),t=[...new Set(s)].slice(0,8);return t.length>0?t:["<address of a node>"]}function Cn(e,n){return e.flatMap(s=>"network"in s?[`sudo ufw allow from ${s.network} to any`]:n.map(t=>`sudo ufw allow proto ${s.protocol} from ${t} to any port ${s.port}`))}function Fn(e,n){return[...e.flatMap(t=>{const r="sudo firewall-cmd --permanent";return"network"in t?[`${r} --zone=trusted --add-source=${t.network}`]:n.map(i=>`${r} --add-rich-rule='rule family="${i.includes(":")?"ipv6":"ipv4"}" source address="${i}" port port="${t.port}" protocol="${t.protocol}" accept'`)}),"sudo firewall-cmd --reload"]}function Hn(e,n){const{name:s,rules:t}=e;if(s!=="nftables"&&t.length===0)return(0,f.uG)(I,L,`${s} is active, and its rules are told to root only`);if(s==="nftables")return{id:I,verdict:"warn",question:L,found:`a packet filter drops what no rule allows (${(0,f.H$)(t)}); its rules were not looked into`,cause:`a node needs ${[...ve,...Q].map(X).join(", ")} to come in`,remedy:"compare with: sudo nft list ruleset; when all of it is allowed, name host.firewall in `ignore-checks`"};const r=n.desired.podNetwork==="isolated"?Q:[...ve,...Q],i=s==="ufw"?An(t,r):Ln(t,r);if(i.length===0)return(0,f.bF)(I,L,`${s} is active and allows it`);const o=(s==="ufw"?Cn:Fn)(i,Pn(n));return{id:I,verdict:"warn",question:L,found:`${s} is active and has no rule for ${i.map(X).join(", ")}`,cause:"the node would become Ready, but its pods would reach neither name server nor services, and other nodes not its pods; these are the networks that k3s has by default",remedy:o.join("; "),evidence:t.slice(0,40)}}function jn(e){const{firewalls:n}=e.facts,s=n.find(r=>r.state==="active");if(s)return Hn(s,e);const t=n.find(r=>r.state==="unknown");return t?(0,f.uG)(I,L,`whether ${t.name} is active`):(0,f.bF)(I,L,"none is active")}var ye=k(56593),Mn=k(38815),_e=k(84072);function ne(e){const n=Object.entries(e.labels).filter(([i])=>!(0,f.E4)(i)).map(([i,o])=>`${i}=${o}`).sort(),s=e.taints.map(_e.eh).sort(),t={"node-name":e.node,...e.nodeIp?{"node-ip":e.nodeIp}:{},...e.nodeExternalIp?{"node-external-ip":e.nodeExternalIp}:{},...Object.fromEntries(Object.entries(e.extraConfig).sort(([i],[o])=>i<o?-1:1)),...n.length>0?{"node-label+":n}:{},...s.length>0?{"node-taint+":s}:{}},r=new Mn.yo(t);return r.commentBefore=" Written by k3s-gpu-actions; edits are overwritten by its next run.",r.toString({lineWidth:0})}function Oe(e){const n=[];let s=!1;for(const t of e.split(`
`))/^\S/.test(t)&&(s=/^"?node-(label|taint)\+"?:/.test(t)),!s&&!t.startsWith("#")&&t.trim()!==""&&n.push(t);return n.join(`
`)}const Te=["--node-label","--node-taint","--token","-t"],Re=e=>e.split("=")[0]??e;function te(e){const n=e.environment?.tokenKind??"none";return(e.unit?.arguments.some(t=>["--token","-t"].includes(Re(t)))??!1)||n!=="none"&&n!=="bootstrap"}const Dn=e=>e.environment?.tokenKind==="agent"?"the token on the host is the cluster's agent token: whoever reads it can join machines for ever":"the token on the host is the server's own: whoever reads it owns the cluster";function zn(e,n,s,t){if(s)return"a node needs one to join; deleted at the end";if(te(n)&&!e.consent.allowServerToken)return Dn(n);if(!e.reading.node||(0,f.ik)(e)||t)return"the agent is not connected and may need one to register again"}function Un(e,n,s){if(!n.binary)return"not installed";if(n.binary.version!==e.version)return`${n.binary.version||"unknown version"} is installed, ${e.version} is wanted`;if(s?.sha256!==void 0&&s.sha256!==n.binary.sha256)return`the installed file is not the released ${e.version}`}function Kn(e,n){return n.ownConfig===void 0?!1:e.reading.node?.annotations[f.hk.desired]!==void 0?!0:Se(n).length===0&&(!te(n)||e.consent.allowServerToken)}function Se(e){const n=(e.unit?.arguments??[]).map(Re);return[...new Set(n)].filter(s=>Te.includes(s))}const xe=237;function Gn(e){return e!==void 0&&e>=xe?{reason:"not installed; disrupts nothing: its systemctl is kept from reloading systemd (SYSTEMD_OFFLINE)"}:{reason:"not installed",disrupts:`its systemctl disable makes systemd ${e===void 0?"of unknown version":String(e)} reload (SYSTEMD_OFFLINE is heard from ${xe} on): can take the GPU from running containers`}}function qn(e,n,s){const{unit:t,changedSinceStart:r}=n,{node:i}=e.reading;if(!t)return["joins the cluster"];if(t.activeState!=="active")return[`the unit is ${t.activeState||"not running"}`];const o=[];return(0,f.ik)(e)?o.push("registers anew"):(0,f._n)(e)||o.push(i?.ready==="True"?"the node has no fresh heartbeat":"the node is not Ready"),i&&i.kubeletVersion!==e.version&&n.binary?.version===e.version&&o.push(`${i.kubeletVersion} is still running, ${e.version} is installed`),!s&&r.length>0&&o.push(`${r.join(", ")} changed after it was started`),o}function Bn(e,n,s){const t=n.unit===void 0,r=!t&&n.unit?.activeState!=="active",i=e.reading.node!==void 0||n.unit?.activeState==="active",o=!t&&i&&!Kn(e,n),a=ne(e.desired),c={labels:{},taints:[],extraConfig:{},nodeIp:void 0,nodeExternalIp:void 0},d=t?"":ne({...e.desired,...c}),l=Se(n);return{isFresh:t,isForeign:o,binary:Un(e,n,s),url:n.environment?.url===e.server?void 0:`the host joins through ${n.environment?.url||"no server"}, wanted ${e.server}`,token:zn(e,n,t,r),argumentNames:l,isReloadPending:l.length>0||!o&&(n.unit?.needsReload??!1),config:n.ownConfig===a?void 0:n.ownConfig===void 0?"not there yet":"differs from the cluster file and inputs",isConfigRestartRelevant:Oe(n.ownConfig??d)!==Oe(a),start:qn(e,n,o)}}function Wn(e,n){return e.isDeep||n.unit===void 0||n.binary?.version!==e.version}function Ee(e,n,s){const t=Bn(e,n,s),r=t.isForeign&&e.consent.adopt==="plan"?"adopt: apply":void 0,i=[],o=(d,l)=>{i.push({id:d,...l,...r?{waitsFor:r}:{}})};t.token&&!e.hasGivenToken&&o("mint-token",{kind:"mint",target:`bootstrap token, ${(0,ye.a3)(e.tokenLifetimeMs)}`,reason:t.token,undo:"deleted in every ending"});const a=yn(e,n);if(a&&o(f.zF.deletePassword,a),t.binary){const d=s?`, ${(0,ye.z3)(s.sizeBytes)}`:"";o("upload-binary",{kind:"upload",target:`k3s ${e.version} ${e.facts.architecture}${d}`,reason:t.binary,undo:"the staged file is removed"}),o("install-binary",{kind:"install",target:b.binary,reason:t.binary,undo:n.binary?"the previous program is put back":"deleted"})}t.isFresh&&o("run-installer",{kind:"install",target:`unit k3s-agent, official installer ${e.version}`,...Gn(e.facts.systemdVersion),undo:"unit, env file and links are deleted"}),t.config&&o("write-config",{kind:"write",target:b.ownConfig,reason:t.config,undo:n.ownConfig===void 0?"deleted":"restored"}),(t.url||t.token)&&o("edit-environment",{kind:"edit",target:`${b.environment} (${[t.url?"K3S_URL":"",t.token?"K3S_TOKEN":""].filter(Boolean).join(", ")})`,reason:t.isFresh?"tells the agent where to join":[t.url,t.token].filter(Boolean).join("; "),undo:t.isFresh?"deleted with the unit":"restored"}),t.argumentNames.length>0&&o("edit-unit",{kind:"edit",target:`${n.unit?.path??b.unit} (${t.argumentNames.join(", ")})`,reason:"arguments in ExecStart win over any file and come back at every start: they move to our drop-in",undo:"restored"}),t.isReloadPending&&o("reload",{kind:"reload",target:"systemd (daemon-reload)",reason:t.argumentNames.length>0?"the unit file changes":"the unit file has changed since systemd read it",disrupts:"can take the GPU from running containers",undo:"reloaded again after restoring"}),(t.isFresh||!t.isForeign&&n.unit?.isEnabled===!1)&&o("enable",{kind:"install",target:"start of k3s-agent at boot, without daemon-reload",reason:"not enabled",undo:"link deleted"});const c=[t.binary?`k3s ${e.version}`:"",t.url||t.token?"changed env file":"",t.isReloadPending?"changed unit":"",t.config&&t.isConfigRestartRelevant?"changed configuration":""].filter(Boolean);return(t.isFresh||t.start.length>0||c.length>0)&&o(...Zn(n,t,c)),i}function Zn(e,n,s){const t=e.unit?.name??"k3s-agent",r=[...n.start,...n.isFresh?[]:s].join("; "),i=e.unit?.activeState??"inactive";if(["inactive","failed",""].includes(i))return["start",{kind:"start",target:t,reason:r,undo:"stopped"}];if(i!=="active")return["restart",{kind:"start",target:t,reason:r,undo:"restarted with what was there before"}];const a=`restarts ${t}; containers keep running`;return["restart",{kind:"restart",target:t,reason:r,disrupts:a,undo:"restarted with what was there before"}]}function Vn(e){const n="Is this host free of a k3s server?";return e.hasServerUnit?{id:"k3s.role",verdict:"fail",question:n,found:"it has the unit k3s (a server)",cause:"a host is either a server or an agent",remedy:"name another host; a server is not turned into an agent"}:{id:"k3s.role",verdict:"pass",question:n,found:e.unit?"an agent is installed":"no unit"}}function Yn(e){const n=[];for(const s of e.templates)n.push(s.hasBaseTemplate?{id:"k3s.containerd-template",verdict:"pass",question:"Does the containerd template extend the built-in one?",found:s.path}:{id:"k3s.containerd-template",verdict:"warn",question:"Does the containerd template extend the built-in one?",found:`${s.path} replaces it`,cause:`without {{ template "base" . }} it drops k3s's CNI folders, snapshotter and runtimes: the node never becomes Ready`,remedy:"k3s finds the NVIDIA runtime by itself: rename the file and restart, or let the gpu-runtime action quarantine it"});return n}function Jn(e){return[[e.binary?.path,b.binary],[e.unit?.path,b.unit]].filter(([s,t])=>s!==void 0&&s!==t&&!e.hasServerUnit).map(([s,t])=>({id:"k3s.place",verdict:"fail",question:"Is k3s installed where its installer puts it?",found:`${s}, expected ${t}`,cause:"only the places of the official installer are changed",remedy:`move it to ${t}, or uninstall it and press the button again`}))}function Qn(e){const n="Is the host free of the cluster's long-lived tokens?",s=[];te(e)&&s.push({id:"k3s.server-token",verdict:"warn",question:n,found:`K3S_TOKEN in ${e.environment?.path??e.unit?.path??"the unit"} is ${e.environment?.tokenKind==="agent"?"the cluster's agent token":"the server's own token"}`,cause:e.environment?.tokenKind==="agent"?"whoever reads it can join machines for ever":"whoever reads it owns the cluster",remedy:"press the button with adopt = apply to replace it by a minted one; then rotate the token (k3s token rotate)"});const t=["token","agent-token","token-file","agent-token-file"];for(const r of e.configFiles){const i=r.keys.filter(o=>t.includes(o));i.length!==0&&s.push({id:"k3s.server-token",verdict:"warn",question:n,found:`${r.path} (mode ${r.mode}) sets ${i.join(", ")}`,cause:"a token in a configuration file stays on the host and is often readable by everybody",remedy:`take ${i.join(", ")} out of ${r.path}; the agent has its own certificate and needs it no more`})}return s}function Ae(e,n){let s=[];for(const t of e.settings)t.key!==n||t.path===b.ownConfig||(!t.isAdded&&t.value===""?s=[]:t.value!==""&&s.push({path:t.path,value:t.value,isUnit:!1}));return s}function Ne(e,n){const s=e.unit?.arguments??[],t=e.unit?.path??b.unit;return s.flatMap((r,i)=>{if(r.startsWith(`--${n}=`))return[{path:t,value:r.slice(n.length+3),isUnit:!0}];const o=s[i+1];return r===`--${n}`&&o!==void 0?[{path:t,value:o,isUnit:!0}]:[]})}function Ie(e){return[...Ae(e,"node-label"),...Ne(e,"node-label")]}function Le(e,n,s){const t=e.desired.extraConfig["kubelet-arg"]??e.desired.extraConfig["kubelet-arg+"],r=(Array.isArray(t)?t:[t]).filter(o=>typeof o=="string");return[...Ae(n,"kubelet-arg"),...r.map(o=>({path:"`extra-config`",value:o,isUnit:!1})),...Ne(n,"kubelet-arg")].filter(({value:o})=>o.startsWith(`${s}=`)).map(o=>({...o,value:o.value.slice(s.length+1)}))}function Xn(e,n){const s="k3s.labels",t="Is the kubelet given no label that it refuses?",r=[...Ie(n),...Le(e,n,"node-labels")].flatMap(d=>d.value.split(",").map(l=>({...d,label:l.trim(),key:l.split("=")[0]?.trim()??""})).filter(({key:l})=>(0,f.E4)(l)));if(r.length===0){const d=n.configFiles.filter(l=>l.sha256===""&&l.keys.length===0);return d.length>0?(0,f.uG)(s,t,`${(0,f.H$)(d.map(l=>l.path))} cannot be read`):(0,f.bF)(s,t,"no")}const i=d=>d.isUnit?`${d.path} (ExecStart)`:d.path,o=[...new Set(r.map(({key:d})=>d))],a=[...new Set(r.map(i))],c=e.consent.adopt==="apply"&&r.every(d=>d.isUnit&&et(n,d));return{id:s,verdict:c?"warn":"fail",question:t,found:`${(0,f.H$)(a)} ${a.length===1?"sets":"set"} ${(0,f.H$)(o)}`,cause:c?"the kubelet exits when it is given such a label; this run takes it out of the unit":`the kubelet exits when it is given ${o.length===1?"this label":"these labels"}${n.unit?.activeState==="active"?": the agent that runs now dies at its next start":", at every start"}`,remedy:c?`give ${(0,f.H$)(o)} as \`labels\` of this action when it is still wanted: it sets them through the API`:`take ${(0,f.H$)(o)} out of ${(0,f.H$)(a)}, and give ${o.length===1?"it":"them"} as \`labels\` of this action, which sets ${o.length===1?"it":"them"} through the API`,evidence:r.slice(0,16).map(d=>`${i(d)}: ${d.label}`)}}function et(e,n){return Ie(e).some(s=>s.isUnit&&s.value===n.value)}const nt=[10250,6444];function tt(e,{facts:n},s){const t=`host.port.${e}`,r=`Is port ${e} free for the agent?`,i=s.unit?.activeState??"",o=i==="active"||i==="activating",a=n.ports.filter(u=>u.port===e),c=({process:u,owner:p})=>!o||p.endsWith(".service")&&p!==`${s.unit?.name}.service`?!1:u===""||/^(k3s|kubelet)/.test(u),d=a.find(u=>!c(u));if(!d)return(0,f.oQ)(t,r,!0,a.length>0?"held by k3s itself":"free",st);const l=`${d.process||"an unknown process"} (pid ${d.pid||"unknown"}${d.owner?`, ${d.owner}`:""})`,h=d.owner.endsWith(".service");return(0,f.oQ)(t,r,!1,`held by ${l}`,{cause:s.unit?`the agent listens there and would loop; k3s-agent itself is ${i||"not running"}`:"the agent listens there and would loop",remedy:h?`stop it when nobody needs it: sudo systemctl disable --now ${d.owner}`:`stop that process: sudo ss -lntp 'sport = :${e}'`})}const st={cause:"",remedy:""};function rt(e,n){return nt.map(s=>tt(s,e,n))}const Pe=new x.BlockList;for(const[e,n,s]of[["0.0.0.0",32,"ipv4"],["127.0.0.0",8,"ipv4"],["169.254.0.0",16,"ipv4"],["224.0.0.0",4,"ipv4"],["255.255.255.255",32,"ipv4"],["::",128,"ipv6"],["::1",128,"ipv6"],["fe80::",10,"ipv6"],["ff00::",8,"ipv6"]])Pe.addSubnet(e,n,s);const it={31:"v1.31.12+k3s1",32:"v1.32.8+k3s1",33:"v1.33.4+k3s1"};function Ce(e){const n=O(e);if(!n)return!0;const s=it[n.minor];return s===void 0?n.minor>33||n.major>1:U(e,s)>=0}function ot(e,n){if(e==="169.254.169.254"&&Ce(n))return!0;const s=(0,x.isIP)(e);return s!==0&&!e.includes("%")&&!Pe.check(e,s===4?"ipv4":"ipv6")}function at({facts:e,desired:n,version:s},t){const r="host.resolver",i="Which name servers will pods use?",o=t.configFiles.find(c=>c.keys.includes("resolv-conf"))?.path;if("resolv-conf"in n.extraConfig||o)return(0,f.bF)(r,i,`those of the file that ${o??"`extra-config`"} names (resolv-conf)`);for(const{path:c,isReadable:d,servers:l}of e.resolvers){if(!d)return(0,f.uG)(r,i,`${c} cannot be read`);if(l.length>0&&l.every(h=>ot(h,s)))return(0,f.bF)(r,i,`${(0,f.H$)(l)} (${c})`)}if(e.resolvers.length===0)return(0,f.uG)(r,i,"the host does not say");const a=Ce(s)?"8.8.8.8 and 2001:4860:4860::8888":"8.8.8.8";return{id:r,verdict:"warn",question:i,found:`${a}, which k3s takes without asking`,cause:`${e.resolvers.map(({path:c,servers:d})=>`${c} names ${(0,f.H$)(d)||"none"}`).join(", ")}: a pod cannot use a server on the loopback of its node; names of your own network will not be found`,remedy:"write the name servers of the network into a file, e.g. /etc/rancher/k3s/resolv.conf, and give resolv-conf: /etc/rancher/k3s/resolv.conf in `extra-config`"}}const ct={overlay:"overlay: the layers of images; without it the agent stops",br_netfilter:"br_netfilter: pods of one node reach each other through services",nf_conntrack:"nf_conntrack: services and network policies",vxlan:"vxlan: the network between pods of several nodes, where flannel uses VXLAN (the default)"};function dt({facts:e,desired:n}){const s="host.modules",t="Does the kernel have the parts that containers and their network need?",r=e.modules.filter(d=>d.name!=="vxlan"||n.podNetwork!=="isolated"),i=d=>r.filter(l=>l.state===d).map(l=>l.name),o=i("missing");if(o.length>0)return(0,f.oQ)(s,t,!1,`missing: ${(0,f.H$)(o)} (kernel ${e.kernel||"unknown"})`,{verdict:o.includes("overlay")?"fail":"warn",cause:o.flatMap(d=>ct[d]??[]).join("; "),remedy:"reboot when the kernel was updated; else install its extra modules (Ubuntu: linux-modules-extra-$(uname -r), Raspberry Pi: linux-modules-extra-raspi, RHEL: kernel-modules-extra)"});const a=i("unknown");if(a.length>0||r.length===0)return(0,f.uG)(s,t,a.length>0?(0,f.H$)(a):"the host does not say");const c=i("loadable");return(0,f.bF)(s,t,c.length===0?"all are there":`all are there; ${(0,f.H$)(c)} when needed`)}function lt(e,n){const s="host.swap",t="Will the kubelet start with the swap that is there?",{memoryBytes:r,swapBytes:i}=e.facts;if(r===0)return(0,f.uG)(s,t,"the host does not tell its memory");if(i===0)return(0,f.bF)(s,t,"no swap");const o=`${(i/1024**3).toFixed(1)} GiB of swap`,a=Le(e,n,"fail-swap-on").at(-1);return(0,f.oQ)(s,t,a?.value!=="true",a?.value==="true"?`${o}, and ${a.path} sets fail-swap-on`:`${o}; pods do not use it`,{verdict:"warn",cause:"k3s lets its kubelet run beside swap, and this argument takes that back: it exits at its next start",remedy:`take fail-swap-on out of ${a?.path??"the configuration"}, or turn swap off: sudo swapoff -a, and its line in /etc/fstab`})}function ut({facts:e},n){const s="host.selinux",t="Does SELinux let k3s work?";return e.selinux==="unknown"?(0,f.uG)(s,t,"the mode of SELinux cannot be read"):e.selinux!=="enforcing"?(0,f.bF)(s,t,e.selinux==="permissive"?"permissive":"not in use"):(0,f.oQ)(s,t,n.hasSelinuxPolicy,`enforcing, ${n.hasSelinuxPolicy?"with":"without"} the policy of k3s`,{verdict:"warn",cause:"without the package k3s-selinux the program may not be started, or containers not read their files",remedy:"sudo dnf install -y container-selinux, then the k3s-selinux package for this system (github.com/k3s-io/k3s-selinux/releases)"})}const ht=/(podman|docker|nerdctl|containerd-net|loopback|crio-bridge)|^\.|\.(bak|disabled|orig)$/,ft=/^(cni0|flannel\.\d+|flannel-wg.*)$/;function pt({facts:e},n){const s="host.cni",t="Is the host free of another Kubernetes and its network?",r=`${n.unit?.name??"k3s-agent"}.service`,i=e.kubernetes.filter(u=>u.kind==="kubelet"&&u.unit!==r);if(i.length>0){const u=i.map(y=>`${y.name} (pid ${y.pid}${y.unit?`, ${y.unit}`:""})`),p=[...new Set(i.map(y=>y.unit).filter(y=>y.endsWith(".service")))];return(0,f.oQ)(s,t,!1,`${(0,f.H$)(u)} ${u.length===1?"runs":"run"} here`,{cause:"two kubelets on one machine fight for ports, control groups and packet filters",remedy:p.length>0?`leave the other cluster first; then: sudo systemctl disable --now ${p.join(" ")}`:"leave the other cluster first, with its own tools (kubeadm reset, snap remove microk8s \u2026)"})}const o=u=>e.kubernetes.filter(p=>p.kind===u).map(p=>p.name),a=o("cni-config").filter(u=>!ht.test(u)),c=o("interface").filter(u=>!(n.unit&&ft.test(u))),d=o("kubelet-config"),l=[...d,...a.map(u=>`/etc/cni/net.d/${u}`),...c];if(l.length===0)return(0,f.bF)(s,t,"nothing found");const h=[...d.length>0?["sudo kubeadm reset"]:[],...c.slice(0,4).map(u=>`sudo ip link delete ${u}`),...a.length>0?[`sudo rm ${a.slice(0,4).map(u=>`/etc/cni/net.d/${u}`).join(" ")}`]:[]];return(0,f.oQ)(s,t,!1,`left behind: ${(0,f.H$)(l)}`,{verdict:"warn",cause:c.length>0?'an interface that keeps the address of another network breaks the one of k3s ("cni0" already has an IP address different from \u2026)':"another Kubernetes was set up here; its rules of the packet filter may be there still",remedy:`when nothing of it is needed: ${h.join("; ")}`})}const w=(e,n,s,t)=>({id:e,stage:"preflight",severity:n,asks:s,remedy:t,isIgnorable:!0}),G=(e,n,s)=>({id:e,stage:"handshake",severity:"fail",asks:n,remedy:s,isIgnorable:!1}),mt=[w("k3s.version","fail","Does an agent of the wanted version go with the server: not newer, at most 3 minor versions older, no pair that is known to break? A warning when it is older","`version: match-server`"),w("k3s.installed-version","warn","Is what is installed not newer than the server?","press the button with `adopt: apply`, or upgrade the servers"),w("k3s.role","fail","Is this host free of a k3s server?","name another host"),w("host.port.10250","fail","Is the kubelet\u2019s port free, or held by the running agent?","stop the process that the check names"),w("host.port.6444","fail","Is the port of the agent\u2019s load balancer free, or held by the running agent?","stop the process that the check names"),w("host.modules","fail","Does the kernel have overlay, br_netfilter, nf_conntrack and vxlan? Only overlay is vital","reboot after a kernel update, or install the kernel\u2019s extra modules"),w("host.swap","warn","Will the kubelet start with the swap that is there? k3s lets it, unless fail-swap-on is set","take fail-swap-on out of the configuration"),w("host.selinux","warn","Where SELinux is enforcing, is the policy of k3s installed?","install container-selinux and k3s-selinux"),w("host.resolver","warn","Which name servers will pods use? With loopback ones only, k3s silently takes 8.8.8.8","give `resolv-conf` in `extra-config`"),w("host.firewall","warn","Does an active ufw or firewalld let in 10250/tcp and 8472/udp from nodes, and the networks of pods and services?","the commands that the check prints"),w("host.cni","fail","Is the host free of another Kubernetes: a running kubelet, or what one left behind (a warning)?","leave the other cluster with its own tools; the commands that the check prints"),w("k3s.labels","fail","Is the kubelet given no label that it refuses (most of kubernetes.io and k8s.io), by configuration or unit?","take it out there, and give it as `labels` of this action"),w("k3s.node-password","fail","Will the server accept the node\u2019s password? One that is this machine\u2019s own is healed","`replace-node`, or another `node` name"),w("k3s.containerd-template","warn","Does a containerd template extend the built-in one?","rename the file and restart, or let gpu-runtime quarantine it"),w("k3s.place","fail","Is k3s installed where its installer puts it?","move it there, or uninstall it and press the button again"),w("k3s.server-token","warn","Is the host free of the cluster\u2019s long-lived tokens?","`adopt: apply` replaces it; then rotate the token"),{id:"plan.node-password",stage:"plan",severity:"fail",asks:"Would a node that lives come back from the start that is planned, although its password file was lost or changed?",remedy:"stop the agent, wait until the node is no longer alive, press the button again",isIgnorable:!1},G("handshake.ca","Does the server show the CA of the kubeconfig?","see what answers at that address"),G("handshake.token","Does the server accept the join token?","press the button again; with a given token, give another"),G("handshake.apiserver","Which API servers does the server name?","make the server reachable from the host; the check says what stands in the way"),G("handshake.apiserver.<address>","Does the host reach every API server that the cluster names?","allow its port from the host, or give the server an address that the host reaches")];function $t(e,n,s){return[s,...xn(n.binary?.version,e.reading.version),Vn(n),...rt(e,n),dt(e),lt(e,n),ut(e,n),at(e,n),jn(e),pt(e,n),Xn(e,n),...Yn(n),...Jn(n),...Qn(n),...bn(e,n)]}var g=k(82867);function kt(e){const{binary:n,unit:s,environment:t}=e;return{"k3s program":n?`${n.version||"unknown version"} at ${n.path}`:"not installed","k3s unit":s?`${s.name} ${s.activeState} (${s.subState}), ${s.isEnabled?"enabled":"not enabled"}, arguments: ${s.arguments.join(" ")||"none"}`:"not installed",...t?{"k3s env file":`${t.path}: ${t.keys.join(", ")}; token kind: ${t.tokenKind}`}:{},...e.configFiles.length>0?{"k3s configuration":e.configFiles.map(r=>`${r.path} (${r.keys.join(", ")})`).join("; ")}:{},...e.templates.length>0?{"containerd templates":e.templates.map(r=>`${r.path}${r.hasBaseTemplate?"":" (replaces the built-in one)"}`).join("; ")}:{}}}const se="run it again: it continues from what it finds",wt={"init-unsupported":"join a host that runs systemd","staged-missing":se,"copy-failed":"free space on the host (df -h /usr/local/bin), then run it again","folder-read-only":"the host keeps this folder read-only (an immutable system, or a file system with errors): make it writable, or install k3s with the means of that system","binary-mismatch":"the file changed between runner and host: run it again; if it stays, look who else writes to /tmp on the host","binary-missing":se,"installer-mismatch":se,"installer-failed":"read what the installer said below, correct it on the host, and run it again","environment-unreadable":"correct the quotes in that file by hand, and run it again","unit-unreadable":"bring ExecStart of that unit into the form ExecStart=/usr/local/bin/k3s agent \u2026, and run it again","unit-missing":"the unit is gone: delete what is left of k3s on the host, or install it, and run it again","enable-failed":"look at the host on its console: sudo systemctl enable k3s-agent"};function C(e,n,s){return g.lZ(e,n,s,wt)}const v={"agent-data":`
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
`},gt=3e4,vt=/^[a-z][a-z0-9-]*\.(?:txt|log)$/,bt=16;function Fe(e){const n=new Map;for(const{file:s,part:t,text:r}of e){if(typeof s!="string"||typeof r!="string"||!vt.test(s)||!n.has(s)&&n.size===bt)continue;const i=n.get(s)??{before:""};n.set(s,t==="recent"?{...i,recent:r}:{...i,before:r})}return[...n].map(([s,{before:t,recent:r}])=>({name:s,text:[t,...r===void 0?[]:["== since the start of this run",r]].filter(i=>i!=="").join(`
`),...r===void 0?{}:{recent:r}}))}async function He(e,n,s){s.throwIfAborted();const t=[],r=n.startedAgoMs===void 0?"":String(Math.ceil(n.startedAgoMs/1e3)+1);try{const i=await e.run({name:"evidence",script:[v.evidence,g.BZ].join(`
`),env:{UNIT:n.unit,AGO:r},privilege:"root",timeoutMs:gt,signal:s,onLine:a=>t.push(a)}),o=C(e.label,"reading the evidence",i);if(o)throw o}catch(i){if(Fe(t).length===0)throw i}return Fe(t)}const yt=/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;function re(e){try{const n=(e.match(yt)??[]).map(s=>new _.X509Certificate(s));if(n.length>0)return n}catch{}throw new RangeError("no readable PEM certificate in the CA bundle")}function F(e){const n=e[0]??0;let s=e[1]??0,t=2;if(s>128){const r=s&127;s=e.readUIntBE(2,r),t+=r}return{tag:n,content:e.subarray(t,t+s),rest:e.subarray(t+s)}}function H(e){const n=[];for(let s=e;s.length>1;){const t=F(s);n.push(t),s=t.rest}return n}const _t=Buffer.from("551d0e","hex"),Ot=Buffer.from("551d23","hex");function je(e,n){const s=H(F(e.raw).content)[0],t=H(s?.content??Buffer.alloc(0)).find(r=>r.tag===163);if(t!==void 0)for(const r of H(F(t.content).content)){const[i,...o]=H(r.content);if(i?.content.equals(n))return o.at(-1)?.content}}function Me(e){const n=je(e,Ot),s=n&&H(F(n).content).find(r=>r.tag===128)?.content;if(s===void 0)return!0;const t=je(e,_t);return t!==void 0&&F(t).content.equals(s)}function Tt(e){const[n,...s]=e,t=(r,i)=>{if(s.some(o=>Me(o)&&o.raw.equals(r.raw)))return r;for(const o of i){if(!r.checkIssued(o)||!r.verify(o.publicKey))continue;if(Me(o))return o;const a=t(o,i.filter(c=>c!==o));if(a!==void 0)return a}};return n&&t(n,s)}function Rt(e){return(0,_.createHash)("sha256").update(e).digest("hex")}function A(e){const n=re(e),s=n.length>1?Tt(n):void 0;return Rt(s?.raw??e)}function St(e,n){if(A(e)===A(n))return!0;const s=new Set(re(n).map(t=>t.fingerprint256));return re(e).every(t=>s.has(t.fingerprint256))}const ie=/^[a-z0-9]{6}\.[a-z0-9]{16}$/,xt="abcdefghijklmnopqrstuvwxyz0123456789";function De(e){return e===""?{}:{caHash:e}}function q(e){const n=e.trim();if(n==="")return{kind:"none",credential:""};if(ie.test(n))return{kind:"bootstrap",credential:n};const s=/^K10([0-9a-f]{64})?::([\s\S]+)$/.exec(n);if(s===null)return{kind:"short",credential:n};const[,t="",r=""]=s;if(ie.test(r))return{kind:"bootstrap",credential:r,...De(t)};const i=r.indexOf(":"),o=r.slice(0,Math.max(i,0)),a=r.slice(i+1);return i<0||a===""?{kind:"short",credential:n}:{kind:o==="server"?"server":o==="node"?"agent":"short",credential:a,...De(t)}}function ze(e,n,s){if(!/^[0-9a-f]{64}$/.test(e))throw new RangeError("a CA hash has 64 lower-case hexadecimal digits");if(!ie.test(`${n}.${s}`))throw new RangeError("a bootstrap token is 6 and 16 characters [a-z0-9]");return`K10${e}::${n}.${s}`}function Ue(e){return e.kind==="bootstrap"?`Bearer ${e.credential}`:`Basic ${Buffer.from(`node:${e.credential}`).toString("base64")}`}function Ke(e,n){let s="";for(;s.length<e;)for(const t of n(e))t<252&&s.length<e&&(s+=xt[t%36]);return s}function Et(e=_.randomBytes){return Ke(6,e)}function At(e=_.randomBytes){return Ke(16,e)}class oe extends Error{name="GivenTokenError";code;cause;remedy;evidence=[];constructor(n,s,t,r){super(s),this.code=n,this.cause=t,this.remedy=r}}const ae="leave `token` out: a bootstrap token is minted through the API and deleted at the end";function Nt(e,n,s){const t=q(e),r=A(n);if(t.caHash!==void 0&&t.caHash!==r)throw new oe("token-of-another-cluster","the given token belongs to another cluster, or to this one before its CA was changed",`it pins the CA ${t.caHash.slice(0,12)}\u2026, the kubeconfig's CA is ${r.slice(0,12)}\u2026`,ae);if(t.kind==="short")throw new oe("token-without-ca","the given token pins no certificate authority","without the K10 prefix an agent believes whatever server answers",ae);if((t.kind==="server"||t.kind==="agent")&&!s.allowServerToken)throw new oe("server-token-refused",`the given token is the ${t.kind}'s own, long-lived one`,t.kind==="server"?"whoever reads it on the node owns the cluster":"whoever reads it on the node can join machines for ever",`${ae}; or set allow-server-token when you mean it`);if(t.kind==="bootstrap"&&t.caHash===void 0){const[i="",o=""]=e.trim().split(".");return{id:i,text:ze(r,i,o)}}return{id:"given",text:e.trim()}}var ce=k(58500);function Ge(e){return["connect","refused","route","timeout"].includes(e)}function qe(e){return/connection refused/i.test(e)?"refused":/no route to host|network is unreachable|host is unreachable/i.test(e)?"route":/name or service not known|name resolution|no address associated|not known|could not resolve/i.test(e)?"name":/timed out/i.test(e)?"timeout":"connect"}class $ extends Error{name="HostHttpsFault";kind;remedy;constructor(n,s,t){super(s),this.kind=n,this.remedy=t}get isPassing(){return Ge(this.kind)}}const B=5;function de(e){return typeof e=="object"&&e!==null&&"code"in e?String(e.code):""}function It(e){return typeof e=="object"&&e!==null&&"message"in e?String(e.message):String(e)}function j(e){return e.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g," ").trim().slice(0,300)}function Be(e){const n=de(e),s=It(e);return j(n===""||s.includes(n)?s:`${n} ${s}`)}function T(e,n){return`${(0,x.isIP)(e)===6?`[${e}]`:e}:${n}`}function Lt(e,n){const s="another service listens there, or a proxy is in between";switch(e){case"name":return["does not resolve on the host","the host has no DNS answer for that name","use an IP address as `server`, or mend DNS on the host"];case"authority":return["shows a certificate of another authority","another server answers at that address, or something in between opens TLS","compare `server` with the kubeconfig; if the CA was changed, fetch the kubeconfig again"];case"identity":return["shows a certificate for other names","the server certificate is not issued for that address",`use an address the certificate names, or add ${n} to tls-san of the k3s server`];case"tls":return["does not speak TLS as a k3s server does",s,"check host and port of `server`"];case"protocol":return["does not answer as a k3s server does",s,"check host and port of `server`"]}}const Pt={timeout:["does not answer the host","packets from the host get lost: a firewall between it and the server drops them"],refused:["refuses connections from the host","nothing listens on that port, or a firewall rejects the host"],route:["has no way from the host","the host has no route to that network"],connect:["cannot be reached from the host","connections from the host end before they are made"]};function Ct(e,{port:n,runnerReaches:s},t){const[r,i]=Pt[e],o=s===void 0?"":s?" (the runner itself can reach it)":" (the runner cannot reach it either)",a=e==="route"?"give the host a route there":`allow ${n}/tcp from the host's public address`;return[r,`${i}${o}`,s===!1?`check that the server is running and listens on ${t}`:`${a}, or set \`server\` to an address the host can reach`]}function Ft(e){const{id:n,question:s,fault:t,host:r,address:i,port:o}=e,a=[`${r}, ${T(i,o)}: ${t.message}`];if(t.kind==="tool"){const u=t.remedy??"see the evidence";return{id:n,verdict:"error",question:s,found:"could not be asked",cause:t.message,remedy:u,evidence:a}}const c=T(i,o),[d,l,h]=Ge(t.kind)?Ct(t.kind,e,c):Lt(t.kind,i);return{id:n,verdict:"fail",question:s,found:`${c} ${d}`,cause:l,remedy:h,evidence:a}}const Ht={5:"name",6:"name",7:"connect",28:"timeout",35:"tls",51:"identity",52:"connect",56:"connect",58:"tls",60:"authority",77:"authority"};class jt{via="host-command";#s;#e;constructor(n,s){this.#s=n,this.#e=s}async get(n,s){const t=await this.#s.run({name:"handshake",script:this.#e,env:{URL:`https://${T(n.address,n.port)}${n.path}`,CA_PEM:n.caPem??"",CONNECT_SECONDS:String(B)},secrets:{AUTHORIZATION:n.authorization??""},privilege:"user",timeoutMs:(B+5)*1e3,signal:s}),r=t.lines.findLast(o=>"http"in o||"error"in o);if(r?.http!==void 0)return{status:Number(r.http),body:Buffer.from(String(r.body??""),"base64").toString("utf8")};const i=j(String(r?.message??t.stderr));if(r?.error==="connect"){const o=Ht[String(r.curl)]??"connect",a=o==="connect"?qe(i):o,c=a==="authority"&&/subject (alternative )?name|does not match/i.test(i);throw new $(c?"identity":a,i||`curl exit code ${String(r.curl)}`)}throw new $("tool",i||`the script ended with ${t.exitCode}`,"allow forwarding for this user in sshd_config (AllowTcpForwarding local), or install curl on the host")}async reach(n,s,t,r){try{await this.get({address:n,port:s,path:"/cacerts",caPem:t},r)}catch(i){if(!(i instanceof $)||i.kind!=="identity")throw i}}}var Mt=k(37067),Dt=k(38321),zt=k(41692),We=function(e,n,s){if(n!=null){if(typeof n!="object"&&typeof n!="function")throw new TypeError("Object expected.");var t,r;if(s){if(!Symbol.asyncDispose)throw new TypeError("Symbol.asyncDispose is not defined.");t=n[Symbol.asyncDispose]}if(t===void 0){if(!Symbol.dispose)throw new TypeError("Symbol.dispose is not defined.");t=n[Symbol.dispose],s&&(r=t)}if(typeof t!="function")throw new TypeError("Object not disposable.");r&&(t=function(){try{r.call(this)}catch(i){return Promise.reject(i)}}),e.stack.push({value:n,dispose:t,async:s})}else s&&e.stack.push({async:!0});return n},Ze=(function(e){return function(n){function s(o){n.error=n.hasError?new e(o,n.error,"An error was suppressed during disposal."):o,n.hasError=!0}var t,r=0;function i(){for(;t=n.stack.pop();)try{if(!t.async&&r===1)return r=0,n.stack.push(t),Promise.resolve().then(i);if(t.dispose){var o=t.dispose.call(t.value);if(t.async)return r|=2,Promise.resolve(o).then(i,function(a){return s(a),i()})}else r|=1}catch(a){s(a)}if(r===1)return n.hasError?Promise.reject(n.error):Promise.resolve();if(n.hasError)throw n.error}return i()}})(typeof SuppressedError=="function"?SuppressedError:function(e,n,s){var t=new Error(s);return t.name="SuppressedError",t.error=e,t.suppressed=n,t});const Ut=1024*1024,Kt=["connection-lost","cancelled","forwarding-refused"];function Gt(e){if(e instanceof $)return e;const n=de(e);if(Kt.includes(n))return e;if(n==="connection-failed"&&typeof e.cause=="string"){const t=String(e.cause);return new $(qe(t),j(t))}const s=n==="ERR_TLS_CERT_ALTNAME_INVALID"?"identity":/^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA)/.test(n)?"authority":/^(ERR_SSL_|ERR_TLS_|EPROTO)/.test(n)?"tls":/^HPE_/.test(n)?"protocol":n==="deadline"?"timeout":"connect";return new $(s,Be(e))}async function Ve(e,n,s){const t=AbortSignal.timeout(B*1e3),r=AbortSignal.any([n,t]),{promise:i,reject:o}=Promise.withResolvers(),a=()=>o(r.reason);i.catch(()=>{}),r.addEventListener("abort",a,{once:!0});try{return n.throwIfAborted(),await Promise.race([s(r),i])}catch(c){throw n.aborted?n.reason:t.aborted?new $("timeout",`${e}: no answer in ${B} s`):Gt(c)}finally{r.removeEventListener("abort",a)}}class qt{via="forwarding";#s;constructor(n){this.#s=n}async get(n,s){const{address:t,port:r,path:i}=n;return await Ve(`GET https://${T(t,r)}${i}`,s,async o=>{const a={stack:[],error:void 0,hasError:!1};try{const c=We(a,await this.#e(t,r,n.caPem,!0,o),!0),{promise:d,resolve:l,reject:h}=Promise.withResolvers(),u=(0,Mt.request)({createConnection:()=>c.socket,path:i,headers:{Host:T(t,r),Connection:"close",Accept:"*/*",...n.authorization===void 0?{}:{Authorization:n.authorization}}});return u.once("error",h),u.once("response",p=>{let y=0;p.on("data",D=>{y+=D.length,y>Ut&&p.destroy(new $("protocol","the answer is too large"))}),(0,Dt.text)(p).then(D=>l({status:p.statusCode??0,body:D}),h)}),u.end(),await d}catch(c){a.error=c,a.hasError=!0}finally{const c=Ze(a);c&&await c}})}async reach(n,s,t,r){await Ve(`connect ${T(n,s)}`,r,async i=>{const o={stack:[],error:void 0,hasError:!1};try{const a=We(o,await this.#e(n,s,t,!1,i),!0)}catch(a){o.error=a,o.hasError=!0}finally{const a=Ze(o);a&&await a}})}async#e(n,s,t,r,i){const o=await this.#s.forward(n,s,i),a=(0,zt.connect)({socket:o,host:n,...(0,x.isIP)(n)===0?{servername:n}:{},...t===void 0?{rejectUnauthorized:!1}:{ca:t,rejectUnauthorized:!0},...r?{}:{checkServerIdentity:()=>{}}}),c=()=>{a.destroy(),o.destroy()},{promise:d,resolve:l,reject:h}=Promise.withResolvers();a.once("secureConnect",l),a.on("error",h),o.on("error",h),i.addEventListener("abort",c,{once:!0}),a.once("close",()=>h(new $("connect","the connection was closed before TLS was set up"))),i.aborted&&c();try{await d}catch(u){throw c(),u}return{socket:a,[Symbol.asyncDispose]:async()=>{i.removeEventListener("abort",c),c()}}}}class Bt{#s;#e;#r;constructor(n,s){this.#s=n,this.#e=s,this.#r=new qt(n)}get via(){return this.#r.via}async get(n,s){return await this.#i(t=>t.get(n,s))}async reach(n,s,t,r){await this.#i(i=>i.reach(n,s,t,r))}async#i(n){try{return await n(this.#r)}catch(s){if(de(s)!=="forwarding-refused")throw s;if(this.#e===void 0)throw new $("tool",Be(s),"allow forwarding for this user in sshd_config (AllowTcpForwarding local)");return this.#r=new jt(this.#s,this.#e),await n(this.#r)}}}function Wt(e,n){return new Bt(e,n)}const Zt=[250,750],Vt=3e3,Ye=300,Yt=16;function Je(e){const n=URL.canParse(e)?new URL(e):void 0;if(!(n?.protocol!=="https:"||n.hostname===""))return{address:n.hostname.replace(/^\[(.*)\]$/,"$1"),port:Number(n.port||443)}}function Qe(e){return`handshake.apiserver.${e.toLowerCase().replace(/[^a-z0-9.]+/g,"-").replace(/^[.-]+|[.-]+$/g,"")}`}class Jt{checks=[];#s;#e;#r;#i;#t;constructor(n,s,t,r){this.#s=n,this.#e=s,this.#t=t,this.#r=r,this.#i=Wt(n,s.script)}get via(){return this.#i.via}#n(n){return this.checks.push(n),this.#r(n),n.verdict==="pass"||n.verdict==="warn"}async#c(n){const s=performance.now();for(let t=1;;t++)try{return await n()}catch(r){if(!(r instanceof $)||!r.isPassing)throw r;const i=Zt[t-1];if(i===void 0){const o=((performance.now()-s)/1e3).toFixed(1);throw new $(r.kind,`${r.message} (tried ${t} times in ${o} s)`)}await(0,ce.setTimeout)(i,void 0,{signal:this.#e.signal})}}async#a(n,s){return await this.#c(async()=>{const t=await this.#i.get({...this.#t,path:n,...s},this.#e.signal);if(t.status>=500)throw new $("connect",`GET ${n}: HTTP ${t.status} ${j(t.body)}`);return t})}async#o(n,s,t,r){if(!(r instanceof $))throw r;const{probe:i,signal:o}=this.#e,a=r.isPassing?await i?.(t.address,t.port,o).catch(()=>!1):void 0;return Ft({id:n,question:s,...t,host:this.#s.label,fault:r,runnerReaches:a})}async askAuthority(){const{caPem:n,token:s}=this.#e,t="handshake.ca",r="Does the host see the cluster's own certificate authority?";let i;try{const l=await this.#a("/cacerts",{});if(l.status!==200||!l.body.includes("-----BEGIN CERTIFICATE-----"))throw new $("protocol",`GET /cacerts: HTTP ${l.status}, no certificate`);i=l.body}catch(l){const h=l instanceof $&&(l.isPassing||l.kind==="name"),u=T(this.#t.address,this.#t.port);this.#n(h?await this.#o(Qe(u),`Does ${u} answer the host?`,this.#t,l):await this.#o(t,r,this.#t,l));return}let o,a;try{o=A(i),a=St(i,n)}catch(l){this.#n(await this.#o(t,r,this.#t,new $("protocol",j(String(l)))));return}const c=[`served through the host: ${o}`,`kubeconfig: ${A(n)}`];if(!a){this.#n({id:t,verdict:"fail",question:r,found:"another certificate authority",cause:"another server answers at that address through the host\u2019s network, or the kubeconfig is from before the CA was changed",remedy:"compare `server` with the kubeconfig; fetch the kubeconfig again from the server",evidence:c});return}const d=s===void 0?void 0:q(s).caHash;if(d!==void 0&&d!==o){const l=d===A(n);this.#n({id:t,verdict:"fail",question:r,found:l?"the hash of the token is of another text":"the token was made for another certificate authority",cause:l?"the certificate is the same, but its text in the kubeconfig differs in white space from what the server serves, and the hash counts every byte":"token CA hash does not match the cluster CA certificate hash: the token is from another cluster, or from before the CA was changed",remedy:l?"store the kubeconfig again exactly as the server has it":"give no token, so that one is minted, or fetch a fresh one from the server",evidence:[...c,`token: ${d}`]});return}try{await this.#a("/cacerts",{caPem:n})}catch(l){this.#n(await this.#o(t,r,this.#t,l));return}return this.#n({id:t,verdict:"pass",question:r,found:`${o.slice(0,4)}\u2026${o.slice(-2)}`,evidence:c}),o}async askToken(){const{caPem:n,token:s,signal:t}=this.#e,r="handshake.token",i="Does the server accept the token?";if(s===void 0)return this.#n({id:r,verdict:"skip",question:i,found:"token not exercised"});const o=q(s),a=performance.now();for(;;){let c;try{c=await this.#a("/v1-k3s/readyz",{caPem:n,authorization:Ue(o)})}catch(h){return this.#n(await this.#o(r,i,this.#t,h))}if(c.status===200)return this.#n({id:r,verdict:"pass",question:i,found:`accepted (${o.kind} token)`});const d=c.status===401||c.status===403;if(d&&performance.now()-a+Ye<Vt){await(0,ce.setTimeout)(Ye,void 0,{signal:t});continue}const l=[`GET /v1-k3s/readyz: HTTP ${c.status}`];return d?this.#n({id:r,verdict:"fail",question:i,found:`refused (${o.kind} token)`,cause:o.kind==="bootstrap"?"the server does not know this token: it has expired or was deleted, or the kubeconfig is of another cluster":"it is not this cluster's token, or the token was changed since",remedy:o.kind==="bootstrap"?"press the button again: a new one is minted; when that is refused too, `server` and the kubeconfig are of different clusters":"give no token, so that one is minted through the kubeconfig; or fetch the current one from the server",evidence:l}):this.#n({id:r,verdict:"fail",question:i,found:`the server answers HTTP ${c.status} instead`,cause:"what answers there knows the API but not how agents of k3s join: a load balancer or proxy in front, or no k3s",remedy:"set `server` to the address of a k3s server, where its supervisor listens",evidence:l})}}async#d(){const{caPem:n,token:s,knownApiServers:t=[]}=this.#e,r=T(this.#t.address,this.#t.port);if(s===void 0)return[r,...t];const i=await this.#a("/v1-k3s/apiservers",{caPem:n,authorization:Ue(q(s))});let o;try{o=JSON.parse(i.body)}catch{o=void 0}if(i.status!==200||!Array.isArray(o))throw new $("protocol",`GET /v1-k3s/apiservers: HTTP ${i.status}, no list`);return o.length===0?[r]:o.map(String)}async askApiServers(){let n;try{n=await this.#d()}catch(i){this.#n(await this.#o("handshake.apiserver","Which API servers does the server name?",this.#t,i));return}const s=new Map;for(const i of n.slice(0,Yt)){const o=Je(i.startsWith("https://")?i:`https://${i}`);o!==void 0&&s.set(T(o.address,o.port),o)}const t=[],r=async([i,o])=>{t.push(await this.#l(i,o))};if(this.via==="forwarding")await Promise.all([...s].map(r));else for(const i of s)await r(i);return t.length>0&&t.every(Boolean)?[...s.keys()]:void 0}async#l(n,s){const{caPem:t,signal:r}=this.#e,i=Qe(n),o=`Does ${n} answer the host?`,a=performance.now();try{await this.#c(()=>this.#i.reach(s.address,s.port,t,r))}catch(c){return this.#n(await this.#o(i,o,s,c))}return this.#n({id:i,verdict:"pass",question:o,found:`yes, in ${Math.round(performance.now()-a)} ms`})}}async function Qt(e,n,s=()=>{}){const t=Je(n.server);if(t===void 0)throw new RangeError(`server ${JSON.stringify(n.server)} is not an address like https://host:6443`);const r=new Jt(e,n,t,s),i=await r.askAuthority();if(i===void 0)return{checks:r.checks};if(!(await r.askToken()||n.token===void 0))return{checks:r.checks};const a=await r.askApiServers();return a===void 0?{checks:r.checks}:{checks:r.checks,result:{caHash:i,apiServers:a,via:r.via}}}const Xt=2e4;function es(e,n){return Ee(e,n,void 0).some(s=>(s.id==="start"||s.id==="restart")&&s.waitsFor===void 0)}async function ns(e,n,s){const t=await e.run({name:"node-password",script:v["node-password"],privilege:"root",timeoutMs:Xt,signal:s}),r=t.lines.find(a=>typeof a.password=="string"),i=typeof r?.password=="string"?r.password.trim():void 0;i&&n(i);const o=C(e.label,"reading the node password",t);if(o)throw o;return r?.present===!0?i:void 0}async function ts(e,n,s,t,r,i){if(!es(s,t))return;let o;try{o=await n.nodePassword(P(s.desired.node),i)}catch(p){if(p instanceof _e.b$&&p.code==="forbidden")return{state:"unknown",problem:p.message};throw p}if(!o)return{state:"none"};const{hash:a,...c}=o,d={hasSecret:!0,hasFile:t.hasNodePassword};if(!t.hasNodePassword)return{state:pe({...d,password:void 0,isMatch:void 0}),secret:c};let l;try{l=await ns(e,r,i)}catch(p){if(i.aborted)throw p;return{state:"unknown",secret:c,problem:p.message}}if(l===void 0)return{state:"missing",secret:c};const h=l===""?void 0:await gn(a,l),u=pe({...d,password:l,isMatch:h});return{state:u,secret:c,...u==="unknown"?{problem:"the hash in the Secret is none that can be checked"}:{}}}const ss=5e3,rs=200;async function Xe(e,n,s,t,r,i=ss){const o=performance.now()+(t?i:0);for(;;){const a=await e.nodePassword(n,r);if(!a)return;const c=a.uid===s.uid&&(t||a.resourceVersion===s.resourceVersion);if(!c||performance.now()>=o)return await e.deleteNodePassword(n,c?a:s,r);await(0,ce.setTimeout)(rs,void 0,{signal:r})}}function is(e){const s=[["install-binary",e.binary,"binary"],["run-installer",e.installer,"installer"],["write-config",e.config,"config"],["edit-environment",e.environment,"environment"],["edit-unit",e.removeArguments,"removeArguments"]].find(([t,r])=>e.steps.includes(t)&&r===void 0);return s&&`step ${s[0]} needs ${s[2]}`}function en(e){if(!(typeof e.step!="string"||e.state!=="done"&&e.state!=="unchanged"))return{step:e.step,state:e.state}}async function os(e,n,s){const{binary:t,installer:r,environment:i}=n,o=is(n);if(o!==void 0)throw new TypeError(o);const a=n.removeArguments??[],c=a.find(u=>!/^--?[A-Za-z][A-Za-z0-9-]*$/.test(u));if(c!==void 0)throw new TypeError(`${JSON.stringify(c)} is no name of an argument`);const d=await e.run({name:"apply",script:[v["unit-file"],v["agent-files"],g.gY,v["agent-data"],v.edit,v.apply].join(`
`),env:{RUN_ID:(0,g.np)(n.runId),HOLDER:(0,g.$R)(n.holder),LOCK_WAIT:(0,g.ET)(s),STEPS:n.steps.join(" "),STAGED:t?.stagedPath??"",BINARY_SHA256:t?.sha256??"",INSTALLER_SHA256:r?.sha256??"",SERVER_URL:i?.url??"",REMOVE_ARGUMENTS:a.join(" "),RESTART:n.isRestartFollowing?"yes":"no"},secrets:{TOKEN:i?.token??"",CONFIG:n.config??"",INSTALLER:r?.text??""},privilege:"root",timeoutMs:s.timeoutMs,signal:s.signal,onLine:u=>{const p=en(u);p&&s.onStep?.(p.step,p.state),typeof u.waiting_for=="string"&&s.onWaiting?.(u.waiting_for)}}),l=C(e.label,"the installation",d);if(l)throw l;const h=d.lines.flatMap(u=>en(u)??[]);return{steps:h,isChanged:h.some(u=>u.state==="done"),interrupted:d.lines.flatMap(u=>typeof u.interrupted=="string"?[{runId:u.interrupted,step:String(u.step??"")}]:[]),holdsFormerToken:d.lines.some(u=>u.former_token===!0)}}const W={node:"k3s-gpu-actions/node",run:"k3s-gpu-actions/run"},as="system:bootstrappers:k3s:default-node-token",cs=["create","delete","list"].map(e=>({verb:e,group:"",resource:"secrets",namespace:"kube-system"}));function M(e){const n=e.replace(/[^A-Za-z0-9._-]+/g,"-").replace(/^[^A-Za-z0-9]+/,"").slice(0,63).replace(/[^A-Za-z0-9]+$/,"");return n===""?"unknown":n}function nn(e,n){if(!(e.ttlMs>0))throw new RangeError("a token needs a time to live");return{id:Et(n),secret:At(n),description:`k3s-gpu-actions: join of ${e.node}, ${M(e.runLabel)}`,expiresAt:new Date(e.now+e.ttlMs).toISOString().replace(/\.\d{3}Z$/,"Z"),extraGroups:as,labels:{[W.node]:M(e.node),[W.run]:M(e.runLabel)}}}async function ds(e,n,s){const t=n.token??nn(n);return await n.record(t.id),await e.createBootstrapToken(t,s),t}async function ls(e,n,s){await e.deleteBootstrapToken(n,s)}async function us(e,n,s){return(await e.bootstrapTokens({[W.node]:M(n)},s)).map(r=>r.id)}async function hs(e,n,s){const r=(await e.bootstrapTokens({[W.node]:M(n.node)},s)).filter(i=>Date.parse(i.createdAt)<n.olderThan).map(i=>i.id);return await Promise.all(r.map(i=>e.deleteBootstrapToken(i,s))),r}var Z=k(51455),fs=k(73024),ps=k(46466);async function tn(e,n){const s=(0,_.createHash)("sha256");return await(0,ps.pipeline)((0,fs.createReadStream)(e),s,{signal:n}),s.digest("hex")}function sn(e,n){const s=new Set;for(const t of e.split(/\r?\n/)){const[,r,i]=/^\\?([0-9A-Fa-f]{64})[ \t]+\*?(?:\.\/)?(\S.*?)\s*$/.exec(t)??[];r!==void 0&&i===n&&s.add(r.toLowerCase())}return s.size===1?[...s][0]:void 0}class E extends Error{name="ReleaseError";code;cause;remedy;evidence;constructor(n,s,t,r,i=[]){super(s),this.code=n,this.cause=t,this.remedy=r,this.evidence=i}}const rn="run it again; if it stays so, look at https://www.githubstatus.com and at the release page of k3s";function on(e){const{code:n,cause:s,remedy:t}=typeof e=="object"&&e!==null?e:{};return typeof n=="string"&&typeof s=="string"&&typeof t=="string"}const ms=["rate-limited","github-refused","github-unreachable"];function an(e,n,s=[]){if(!on(e))return new E("download-failed",n,cn(e),rn,s);const t=ms.includes(e.code)?e.code:"download-failed";return new E(t,n,e.cause,e.remedy,[...s,...e.evidence??[]])}function $s(e,n){if(!(!on(n)||n.code!=="release-not-found"))return new E("release-not-found",`there is no release ${e} of k3s`,`no release of k3s-io/k3s is called ${e}`,"correct the version; all of them are listed at https://github.com/k3s-io/k3s/releases, and look like v1.33.4+k3s1",n.evidence??[])}function V(e,n){return new E("checksum-mismatch",`${e} is not what k3s published`,"it was changed on the way (a proxy or mirror), the release was changed after it was published, or the download is damaged","nothing of it was used. Run it again; if it stays so, compare the hashes below with the release page before trusting either",n)}function cn(e){return typeof e=="object"&&e!==null&&"message"in e?String(e.message):String(e)}const dn="k3s-io",ln="k3s",un="k3s",ks={amd64:"k3s",arm64:"k3s-arm64"},ws=/^[0-9a-f]{64}$/;function hn(e){const n=e?.toLowerCase().replace(/^sha256:/,"");return n!==void 0&&ws.test(n)?n:void 0}async function fn(e,n,s){const t=ks[e.architecture];if(t===void 0)throw new E("architecture-unsupported",`there is no checked k3s for ${e.architecture||"an unknown architecture"}`,"programs are fetched and checked for amd64 and arm64 only","use a 64-bit x86 or Arm machine");const r=await gs(e.version,n,s),i=c=>{const d=r.assets.find(l=>l.name===c);if(d!==void 0)return d;throw new E("release-incomplete",`release ${e.version} of k3s has no file ${c}`,"the release is still being published, or was withdrawn in part","choose another version, or try again later",[`its files: ${r.assets.map(l=>l.name).slice(0,40).join(", ")||"none"}`])},o=i(t),a=hn(o.digest);return{version:e.version,architecture:e.architecture,sizeBytes:o.sizeBytes,...a===void 0?{}:{sha256:a},binary:o,checksums:i(`sha256sum-${e.architecture}.txt`),commit:r.commit}}function zs(e){return e.sizeBytes}async function gs(e,n,s){try{return await n.release(dn,ln,e,s)}catch(t){throw s.aborted?s.reason:$s(e,t)??an(t,`release ${e} of k3s cannot be looked up`)}}async function le(e,n,s,t){try{return await s(e,t)}catch(r){throw t.aborted?t.reason:an(r,`${n} cannot be downloaded`,[e])}}async function vs(e,n,s){const{binary:t,checksums:r,version:i}=e,o=await le(r.url,`the checksum file of k3s ${i}`,n,s),a=await(0,Z.readFile)(o,{encoding:"utf8",signal:s}),c=(0,_.createHash)("sha256").update(a).digest("hex"),d=hn(r.digest);if(d!==void 0&&d!==c)throw V(`the checksum file of k3s ${i}`,[`downloaded: ${c}`,`GitHub's digest: ${d}`]);const l=sn(a,t.name);if(l===void 0)throw new E("release-incomplete",`the checksum file of k3s ${i} has no line for ${t.name}`,"the file is damaged, or the release is not complete","choose another version, or try again later",[`${r.name}: ${a.split(`
`).filter(h=>h!=="").length} lines`]);if(e.sha256===void 0)return{sha256:l,notes:[`GitHub has no digest for ${t.name}: checked against ${r.name} alone`]};if(e.sha256!==l)throw V(`${t.name} of k3s ${i}`,[`${r.name}: ${l}`,`GitHub's digest: ${e.sha256}`]);return{sha256:l,notes:[]}}async function bs(e,n,s,t){const{architecture:r,binary:i,version:o}=e,a=O(o);if(a===void 0)throw new RangeError(`${JSON.stringify(o)} is no exact k3s version`);const c=ke(a),d=[],l=s.toolCache.find(un,c,r);if(l!==void 0){const p=await tn(l,t).catch(()=>"unreadable");if(t.throwIfAborted(),p===n)return{binary:{path:l,sha256:n,sizeBytes:(await(0,Z.stat)(l)).size,fromCache:!0},notes:d};d.push(`the tool cache held another file for k3s ${o} (sha256 ${p}); it was not used`)}const h=await le(i.url,`k3s ${o} for ${r}`,s.download,t),u=await tn(h,t);if(u!==n)throw V(`the downloaded ${i.name} of k3s ${o}`,[`downloaded: ${u}`,`published: ${n}`]);return await s.toolCache.add(h,i.name,un,c,r).catch(p=>{t.throwIfAborted(),d.push(`the tool cache could not be used: ${cn(p)}`)}),{binary:{path:h,sha256:n,sizeBytes:(await(0,Z.stat)(h)).size,fromCache:!1},notes:d}}async function ys(e,n,s){const{commit:t,version:r}=e;if(!/^[0-9a-f]{40}$/.test(t))throw new E("release-incomplete",`the commit of k3s ${r} is unknown`,`GitHub gave ${JSON.stringify(t)}`,rn);const i=`https://raw.githubusercontent.com/${dn}/${ln}/${t}`,[o,a]=await Promise.all(["install.sh","install.sh.sha256sum"].map(u=>le(`${i}/${u}`,`${u} of k3s ${r}`,n,s))),[c,d]=await Promise.all([o,a].map(u=>(0,Z.readFile)(u,{signal:s}))),l=sn(String(d),"install.sh"),h=(0,_.createHash)("sha256").update(c).digest("hex");if(l!==h)throw V(`the installer of k3s ${r}`,[`install.sh: ${h}`,`install.sh.sha256sum: ${l??"no line for install.sh"}`]);return{text:String(c),sha256:h,commit:t}}async function pn(e,n,s){const t=ys(e,n.download,s);t.catch(()=>{});try{const r=await vs(e,n.download,s),{binary:i,notes:o}=await bs(e,r.sha256,n,s),{version:a,architecture:c}=e;return{version:a,architecture:c,binary:i,installer:await t,notes:[...r.notes,...o]}}catch(r){throw s.aborted?s.reason:r}}async function Us(e,n,s){return await pn(await fn(e,n.releases,s),n,s)}async function _s(e,n,s){if(s.unit!==void 0&&s.unit!=="k3s-agent")throw new TypeError(`unknown unit ${s.unit}`);const t=await e.run({name:"undo",script:[v["agent-files"],g.gY,g.O,v["agent-data"],v.undo].join(`
`),env:{RUN_ID:(0,g.np)(n),HOLDER:(0,g.$R)(s.holder??`undo of run ${n}`),LOCK_WAIT:(0,g.ET)(s),STOP:s.stop===!1?"no":"yes"},privilege:"root",timeoutMs:s.timeoutMs,signal:s.signal}),r=C(e.label,"the undo",t);if(r)throw r;return{undone:t.lines.flatMap(i=>typeof i.undone=="string"?[i.undone]:[]),remaining:t.lines.flatMap(i=>typeof i.remaining=="string"?[i.remaining]:[])}}async function Os(e,n,s){const t=await e.run({name:"forget",script:[v["agent-files"],g.gY,v.forget].join(`
`),env:{RUN_ID:(0,g.np)(n),HOLDER:`end of run ${n}`,LOCK_WAIT:(0,g.ET)(s)},privilege:"root",timeoutMs:s.timeoutMs,signal:s.signal}),r=C(e.label,"deleting the former token",t);if(r)throw r;return t.lines.flatMap(i=>typeof i.forgotten=="string"?[i.forgotten]:[])}const mn=[v["unit-file"],v["survey-settings"],v.survey].join(`
`),Ts=64,Rs=["node-label","node-taint","kubelet-arg"],ue=64*1024;function m(e,n,s=4096){const t=e[n];return typeof t=="string"?t.slice(0,s):""}function he(e,n,s){const t=m(e,n,ue);return t===""?[]:t.split(s)}function Ss(e,n){const s=e[n];return typeof s=="number"&&Number.isSafeInteger(s)&&s>=0?s:0}const xs=["none","server","agent","bootstrap","short"];function Es(e){return xs.find(n=>n===e.token_kind)??"short"}function As(e){const n=a=>e.filter(c=>c.fact===`k3s.${a}`).slice(0,Ts),s=a=>e.find(c=>c.fact===`k3s.${a}`),t=s("binary"),r=s("unit"),i=s("environment"),o=s("own-config");return{...t&&{binary:{path:m(t,"path"),version:m(t,"version",128),sha256:m(t,"sha256",64)}},...r&&{unit:{name:m(r,"name",256),path:m(r,"path"),sha256:m(r,"sha256",64),arguments:he(r,"arguments",`
`),activeState:m(r,"active",64),subState:m(r,"sub",64),isEnabled:r.enabled===!0,restarts:Ss(r,"restarts"),needsReload:r.needs_reload===!0}},hasServerUnit:s("server-unit")?.present===!0,changedSinceStart:n("changed").map(a=>m(a,"path")),...i&&{environment:{path:m(i,"path"),sha256:m(i,"sha256",64),mode:m(i,"mode",8),keys:he(i,"keys"," "),url:m(i,"url"),tokenKind:Es(i)}},configFiles:n("config").map(a=>({path:m(a,"path"),sha256:m(a,"sha256",64),mode:m(a,"mode",8),keys:he(a,"keys"," ")})),settings:n("setting").flatMap(a=>{const c=Rs.find(h=>h===a.key);if(c===void 0)return[];const d=m(a,"values",2*ue).split(""),l={path:m(a,"path"),key:c,isAdded:a.added===!0};return["",...d.filter(h=>h!=="")].map(h=>({...l,value:h}))}),hasSelinuxPolicy:s("selinux-policy")?.present===!0,...o&&{ownConfig:m(o,"text",ue)},hasNodePassword:s("node-password")?.present===!0,templates:n("template").map(a=>({path:m(a,"path"),sha256:m(a,"sha256",64),hasBaseTemplate:a.base===!0}))}}const Y="k3s-agent",Ns=["install-binary","run-installer","write-config","edit-environment","edit-unit","reload","enable"],Is=18e4,Ls=6e4,Ps=3e4,Cs=[[/Running load balancer k3s-agent-load-balancer/,"agent found the server"],[/containerd is now running/,"containerd up"]];function $n(e){return Cs.find(([n])=>n.test(e))?.[1]}async function Fs(e,n,s){return await new Promise(t=>{const r=(0,x.connect)({host:e,port:n,signal:AbortSignal.any([s,AbortSignal.timeout(3e3)])}),i=o=>{r.destroy(),t(o)};r.once("connect",()=>i(!0)),r.once("error",()=>i(!1))})}function Hs(e,n,s){const t=i=>i.verdict==="pass"||i.verdict==="warn"?"\u2713":i.verdict==="skip"?"not exercised":"\u2717";return e.map(i=>i.id==="handshake.ca"?`CA ${n?`${n.slice(0,4)}\u2026${n.slice(-2)} `:""}${t(i)}`:i.id==="handshake.token"?s?`token ${t(i)}`:"token not exercised":`${i.id.replace(/^handshake\.(apiserver\.?)?/,"").replace(/-(\d+)$/,":$1")} ${t(i)}`).join("  ")}function js(e){const n=new Map,s=(t,r,i)=>{const o=`${t} ${r}`,a=n.get(o)??fn({version:t,architecture:r},e.releases,i);return n.set(o,a),a};return{name:"k3s",unit:Y,surveyScript:mn,tokenAccessRequests:cs,resolveVersion:Tn,survey:As,async inspect(t,r,i,o,a){const c=await ts(t,r,i,o,e.mask,a);return c===void 0?o:{...o,nodePassword:c}},describe:kt,checkRegistry:mt,checks:(t,r)=>$t(t,r,Sn(t.version,t.reading.version)),plan:Ee,needsRelease:Wn,async sketchRelease(t,r,i){const{sizeBytes:o,sha256:a}=await s(t,r,i);return{sizeBytes:o,...a?{sha256:a}:{}}},async mint(t,r,i,o,a,c){const{serverTimeMs:d}=await t.read(r,c),l={node:r,runLabel:i.label,ttlMs:o,now:d},h=nn(l),u=ze(A(t.caPem),h.id,h.secret);for(const p of[u,`${h.id}.${h.secret}`,h.secret])e.mask(p);return await ds(t,{...l,record:a,token:h},c),{id:h.id,text:u}},revoke:ls,tokens:us,async sweep(t,r,i){const{serverTimeMs:o}=await t.read(r,i);return await hs(t,{node:r,olderThan:o+1e3},i)},acceptToken:Nt,async hold(t,r,i,o,a){return await(0,g.Qw)(t,{...i,runId:r.runId,holder:r.label,onWaiting:o,signal:a})},async handshake(t,r,i,o,a){const c={server:r,caPem:i,...o?{token:o.text}:{},script:v.handshake,probe:Fs,signal:a},{checks:d,result:l}=await Qt(t,c);return{checks:d,passed:l!==void 0,line:Hs(d,l?.caHash,o!==void 0)}},async freeName(t,r,{nodePassword:i},o,a){if(!i?.secret)throw new Error("there is no node password that was looked at");await Xe(t,P(r.desired.node),i.secret,o,a)},async forgetNode(t,r,{nodePassword:i},o,a){if(i?.state!=="none")return!1;const c=P(r.desired.node),d=await t.nodePassword(c,a);return d&&await Xe(t,c,d,o,a),d!==void 0},async prepare(t,r,i){return await pn(await s(t,r,i),e,i)},describePrepared:t=>[`k3s ${t.version} ${t.architecture} ${t.binary.sha256.slice(0,12)}\u2026 ${t.binary.fromCache?"from the tool cache, checked again":"downloaded and checked"}`,...t.notes.map(r=>`! ${r}`)],async install(t,r,i,o,a,c){const{prepared:d,credential:l}=i,h=new Set(i.changes.map(N=>N.id));let u;h.has("upload-binary")&&d&&(u=await t.upload({path:d.binary.path,name:"k3s",sizeBytes:d.binary.sizeBytes},c),a("upload-binary"));const p={runId:o.runId,holder:o.label,steps:Ns.filter(N=>h.has(N)),isRestartFollowing:h.has("start")||h.has("restart"),...u&&d?{binary:{stagedPath:u,sha256:d.binary.sha256}}:{},...d?{installer:d.installer}:{},...h.has("write-config")?{config:ne(r.desired)}:{},...h.has("edit-environment")?{environment:{url:r.server,...l?{token:l.text}:{}}}:{},...h.has("edit-unit")?{removeArguments:Te}:{}};if(p.steps.length===0)return{needsSettling:!1,notes:[]};const y=await os(t,p,{signal:c,timeoutMs:Is,onStep:N=>a(N)}),D=y.interrupted.map(({step:N})=>`an earlier run was interrupted here (${N}); what it left is as this run wants it`);return{needsSettling:y.holdsFormerToken,notes:D}},async settle(t,r,i){await Os(t,r.runId,{signal:i,timeoutMs:Ps})},async start(t,r,i,o,a){await(0,g.iJ)(t,{unit:Y,log:b.containerdLog,action:r,signal:a,onEvent:o,timeoutMs:i})},milestone:$n,evidence:(t,r,i)=>He(t,{unit:Y,startedAgoMs:r.startedAgoMs},i),async remove(t,r,i){const{undone:o,remaining:a}=await _s(t,r.runId,{unit:Y,signal:i,timeoutMs:Ls});return{changes:o,remaining:a}}}}})};export{Ks as id,Gs as ids,qs as modules};
