const ns=428,ts=[428],ss={15428:((Jt,ie,v)=>{v.r(ie),v.d(ie,{createK3s:()=>Ut,k3sCheckRegistry:()=>Se,k3sChecks:()=>Ee,k3sSurveyScript:()=>te,leavingK3s:()=>Yt,milestoneOf:()=>Xe,paths:()=>w,planHost:()=>Z,readEvidence:()=>Ae,renderConfig:()=>M});var u=v(61971);const w={binary:"/usr/local/bin/k3s",ownConfig:"/etc/rancher/k3s/config.yaml.d/50-k3s-gpu-actions.yaml",unit:"/etc/systemd/system/k3s-agent.service",environment:"/etc/systemd/system/k3s-agent.service.env",nodePassword:"/etc/rancher/node/password",containerdLog:"/var/lib/rancher/k3s/agent/containerd/containerd.log",lock:"/run/k3s-gpu-actions.lock",backups:"/var/lib/k3s-gpu-actions"};var R=v(77598);function E(e){return`${e}.node-password.k3s`.toLowerCase()}const ae=64*1024**2;function tn(e){const[,t="",s,n,r,i=""]=/^\$1:([0-9a-f]{2,128}):(\d{1,2}):(\d{1,2}):(\d):([A-Za-z0-9+/]{22,171})$/.exec(e)??[],a={salt:Buffer.from(t,"hex"),logN:Number(s),r:Number(n),p:Number(r),key:Buffer.from(i,"base64")},{logN:o}=a;if(!(t===""||t.length%2!==0||o<1||o>20||a.r<1||a.p<1))return 128*2**o*a.r*a.p<=ae?a:void 0}async function sn(e,t){const s=tn(e);if(!s)return;const{salt:n,logN:r,r:i,p:a,key:o}=s,d={N:2**r,r:i,p:a,maxmem:2*ae};return await new Promise(c=>{try{(0,R.scrypt)(t,n,o.length,d,(l,f)=>c(l?void 0:(0,R.timingSafeEqual)(f,o)))}catch{c(void 0)}})}function oe(e){return e.hasSecret?e.hasFile?e.password===""?"empty":e.password===void 0||e.isMatch===void 0?"unknown":e.isMatch?"matches":"different":"missing":"none"}function ce(e,t){const s=t?.state??"none";if(s==="none"||s==="matches")return"fine";if(s==="empty")return"empty";const{reading:n,facts:r,consent:i,desired:a}=e,o=(0,u.Pd)(n.node,r);if((0,u.JG)(e))return o!=="this-machine"?"foreign":s==="unknown"?"unknown":"live";const d=i.replaceNode===a.node;return(0,u.ik)(e)||d&&n.node===void 0?"replaced":o==="another-machine"?"foreign":s==="unknown"?"unknown":(0,u.YD)(n.node,r)?"healed":"unproven"}const _="k3s.node-password",O="Will the server accept this host's node password?",de=e=>e?.secret?.createdAt?` of ${e.secret.createdAt}`:"",rn={missing:`the host has none (${w.nodePassword} is not there)`,different:"the host has another one",unknown:"it could not be compared with the host's"};function an(e,t){const s=t.nodePassword,{node:n}=e.desired;if(s===void 0)return[{id:_,verdict:"skip",question:O,found:"not asked: the agent is not started by this plan"}];const r=`the cluster keeps a password${de(s)} for ${n}, and ${rn[s.state]??""}`,i="a server rejects an agent whose password is not the one it keeps for that name, every time it asks (403)",a=[`secret kube-system/${E(n)}${de(s)}`,...(0,u.Eb)(e)];switch(ce(e,s)){case"fine":{const o=s.state==="none"?`the cluster keeps none for ${n}`:"it is the one that the cluster keeps";return[{id:_,verdict:"pass",question:O,found:o}]}case"healed":return[{id:_,verdict:"warn",question:O,found:`${r}; it is this machine's own, from an earlier installation (same system UUID)`,cause:i,remedy:`nothing to do: the plan deletes that Secret, and nothing else of ${n}`,evidence:a}];case"replaced":return[{id:_,verdict:"warn",question:O,found:`${r}; it is deleted, as replace-node says`,cause:i,remedy:"nothing to do: the plan deletes that Secret",evidence:a}];case"foreign":return[{id:_,verdict:"skip",question:O,found:"the name belongs to another machine: see cluster.name"}];case"live":return[{id:"plan.node-password",verdict:"fail",question:"Would the node that lives come back from the start that is planned?",found:`no: ${r}. ${n} is alive on this very machine, and its agent would be rejected as soon as it is started again`,cause:`${w.nodePassword} was lost or changed while the agent ran; the password of a live node is never deleted`,remedy:`stop the agent (sudo systemctl stop k3s-agent; containers keep running), wait a minute until ${n} is no longer alive, then press the button again`,evidence:a}];case"empty":return[{id:_,verdict:"fail",question:O,found:`${w.nodePassword} is empty`,cause:"k3s sends what is in that file, and makes a password only where there is no file",remedy:`sudo rm ${w.nodePassword}, then press the button again`,evidence:a}];case"unproven":return[{id:_,verdict:"fail",question:O,found:`${r}; nothing proves that it is this machine's own`,cause:i,remedy:`press the button again with replace-node = ${n} when no other machine of that name is to come back, or give this machine another name`,evidence:a}];case"unknown":return[{id:_,verdict:"warn",question:O,found:s.secret?`${r}: ${s.problem??""}`:`not known: ${s.problem??""}`,cause:s.secret?i:"the Secrets of kube-system could not be listed",remedy:s.secret?`if the server rejects it, press the button again with replace-node = ${n}`:"nothing to do: if the server rejects the password, the run ends with its words",evidence:a}]}}function on(e,t){const s=ce(e,t.nodePassword);if(s!=="healed"&&s!=="replaced"||t.nodePassword?.secret===void 0)return;const{node:n}=e.desired,{node:r}=e.reading;return{kind:"delete",target:`secret kube-system/${E(n)}`,reason:s==="healed"?`from an earlier installation of this machine (same system UUID); node ${n} with its labels and pods stays`:r?`confirmed by replace-node: it goes with node ${n}`:"confirmed by replace-node: no node has that name any more",undo:"none: the password in it is not known; the agent stores its own when it starts"}}var P=v(62088);const cn=/^v?(\d+)\.(\d+)\.(\d+)(?:-(rc\d+))?\+k3s(\d+)$/;function y(e){const[,t,s,n,r="",i]=cn.exec(e.trim())??[];if(t===void 0)return;const a={major:Number(t),minor:Number(s),patch:Number(n),build:Number(i)},o=r===""?"":`-${r}`;return{text:`v${a.major}.${a.minor}.${a.patch}${o}+k3s${a.build}`,candidate:r,...a}}function le(e){const{major:t,minor:s,patch:n,candidate:r,build:i}=e,a=r===""?"":`0rc.${Number(r.slice(2))}.`;return`${t}.${s}.${n}-${a}k3s.${i}`}function H(e,t){const s=n=>{const r=y(n);if(r===void 0)throw new RangeError(`${JSON.stringify(n)} is no k3s version: write it like v1.33.4+k3s1`);return new P.SemVer(le(r))};return(0,P.compare)(s(e),s(t))}const dn=/^(stable|latest|testing|v?\d+(\.\d+)?)$/;function ln(e,t){const s="write `match-server`, or an exact version like v1.33.4+k3s1";if(e.trim()==="match-server"){const a=y(t);if(a!==void 0)return a.text;throw new u.tJ(`the server's version ${JSON.stringify(t)} is no k3s version`,(0,P.coerce)(t)===null?"what answers is not k3s":"the server runs another distribution of Kubernetes","check the kubeconfig, or set `distribution`")}const n=y(e);if(n!==void 0)return n.text;if(dn.test(e.trim()))throw new u.tJ(`version ${JSON.stringify(e)} is a channel`,"a channel names another version tomorrow",s);const r=(0,P.coerce)(e),i=r!==null&&!e.includes("+")?`the +k3s suffix is missing, e.g. v${r.version}+k3s1`:"it has no known form";throw new u.tJ(`version ${JSON.stringify(e)} is no k3s version`,i,s)}const un={29:"v1.29.13+k3s1",30:"v1.30.9+k3s1",31:"v1.31.5+k3s1"};function hn(e,t){const s="k3s.version",n=`Does an agent of ${e} go with a server of ${t}?`,r=y(e),i=y(t);if(r===void 0||i===void 0)return{id:s,verdict:"error",question:n,found:`${JSON.stringify(r===void 0?e:t)} is no k3s version`,cause:"the two cannot be compared",remedy:"write versions like v1.33.4+k3s1; check that the server is k3s"};const a=H(e,t),o=`use version: match-server (${i.text})`;if(a===0)return{id:s,verdict:"pass",question:n,found:"the same version"};if(a>0)return{id:s,verdict:"fail",question:n,found:"the agent is newer than the server",cause:"a kubelet newer than its API server is not supported, and nothing would complain until something breaks",remedy:`${o}, or upgrade the servers first`};const d=(i.major-r.major)*100+i.minor-r.minor;if(d>3)return{id:s,verdict:"fail",question:n,found:`the agent is ${d} minor versions older than the server`,cause:"a kubelet may be at most 3 minor versions older than its API server",remedy:o};const c=r.major===1?un[r.minor]:void 0;return c!==void 0&&i.minor>=32&&H(e,c)<0?{id:s,verdict:"fail",question:n,found:`agents before ${c} get no pod network from servers of 1.32 or later`,cause:"flannel in such an agent asks for rights that these servers no longer give it (k3s#11551, k3s#12819)",remedy:`${o}, or at least ${c}`}:{id:s,verdict:"warn",question:n,found:"the agent is older than the server",cause:"supported, but not what the server was tested with",remedy:o}}function fn(e,t){if(e===void 0||!y(e)||!y(t))return[];const s="k3s.installed-version",n=`Is what is installed not newer than the server (${t})?`;return H(e,t)<=0?[{id:s,verdict:"pass",question:n,found:e}]:[{id:s,verdict:"warn",question:n,found:`${e} is newer than the server`,cause:"a kubelet newer than its API server is not supported, and nothing else would report it",remedy:"press the button with adopt = apply, which installs the wanted version; or upgrade the servers first"}]}var I=v(77030);const ue="10.42.0.0/16",he="10.43.0.0/16",fe=[{port:10250,protocol:"tcp"},{port:8472,protocol:"udp"}],B=[{network:ue},{network:he}],W=e=>"network"in e?e.network:`${e.port}/${e.protocol}`;function K(e,t){const[s="",n]=e.split("/"),[r="",i="32"]=t.split("/");if((0,I.isIP)(s)!==4||(0,I.isIP)(r)!==4)return!1;const a=n===void 0?32:Number(n);if(!Number.isInteger(a)||a<0||a>Number(i))return!1;const o=new I.BlockList;return o.addSubnet(s,a,"ipv4"),o.check(r,"ipv4")}function pe(e,t){const[s="",n]=e.split("/");return n!==void 0&&n!==t.protocol?!1:s.split(",").some(r=>{const[i="",a=i]=r.split(/[:-]/);return/^\d+$/.test(i)&&/^\d+$/.test(a)&&Number(i)<=t.port&&t.port<=Number(a)})}const V=e=>K(ue,e)||K(he,e);function pn(e){const[,t,s,n]=/^(\S.*?)\s{2,}(ALLOW|LIMIT|DENY|REJECT)(?: IN)?\s{2,}(\S+)/.exec(e)??[];if(!(t===void 0||n===void 0||e.includes("(v6)")))return{to:t.replace(/ on \S+$/,"").trim(),isAllowed:s==="ALLOW"||s==="LIMIT",from:n}}function $n(e,t){if(e.some(n=>/^Default:\s*allow \(incoming\)/.test(n)))return[];const s=e.flatMap(n=>pn(n)??[]).filter(n=>n.isAllowed);return t.filter(n=>!s.some(({to:r,from:i})=>"network"in n?/^Anywhere/.test(r)&&(/^Anywhere/.test(i)||K(i,n.network)):/^Anywhere/.test(r)?/^Anywhere/.test(i)||!V(i):pe(r,n)&&!V(i)))}const mn={"10250/tcp":["kubelet","kubelet-worker","kube-worker","kube-control-plane","kube-control-plane-secure"],"8472/udp":["kube-flannel"]};function kn(e){const t=[];for(const s of e){/^\S/.test(s)&&t.push({target:"",words:{},richRules:[]});const n=t.at(-1),[,r,i=""]=/^\s+([a-z-]+):\s*(.*)$/.exec(s)??[];n&&(/^\s+rule /.test(s)?n.richRules.push(s.trim()):r==="target"?n.target=i.trim():r&&(n.words[r]=i.split(/\s+/).filter(Boolean)))}return t}function gn(e,t){const s=kn(e),n=s.filter(r=>r.target==="ACCEPT");return t.filter(r=>{const i=s.flatMap(d=>d.richRules).filter(d=>/ accept\b/.test(d));if("network"in r)return!n.some(c=>(c.words.sources??[]).some(l=>K(l,r.network))||(c.words.interfaces??[]).includes("cni0"))&&!i.some(c=>c.includes(r.network));const a=s.some(d=>(d.words.ports??[]).some(c=>pe(c,r))||(d.words.services??[]).some(c=>mn[W(r)]?.includes(c))),o=n.some(d=>(d.words.sources??[]).some(c=>!V(c))||(d.words.interfaces??[]).some(c=>!/^(cni0|flannel)/.test(c)));return!a&&!o&&!i.some(d=>d.includes(`"${r.port}"`))})}const A="host.firewall",N="Does the firewall let in what a node needs?";function vn({nodes:e,desired:t}){const s=e.filter(r=>r.name!==t.node).flatMap(r=>[...r.internalIps,...r.externalIps]).filter(r=>/^[0-9a-fA-F.:]+$/.test(r)),n=[...new Set(s)].slice(0,8);return n.length>0?n:["<address of a node>"]}function wn(e,t){return e.flatMap(s=>"network"in s?[`sudo ufw allow from ${s.network} to any`]:t.map(n=>`sudo ufw allow proto ${s.protocol} from ${n} to any port ${s.port}`))}function bn(e,t){return[...e.flatMap(n=>{const r="sudo firewall-cmd --permanent";return"network"in n?[`${r} --zone=trusted --add-source=${n.network}`]:t.map(i=>`${r} --add-rich-rule='rule family="${i.includes(":")?"ipv6":"ipv4"}" source address="${i}" port port="${n.port}" protocol="${n.protocol}" accept'`)}),"sudo firewall-cmd --reload"]}function yn(e,t){const{name:s,rules:n}=e;if(s!=="nftables"&&n.length===0)return(0,u.uG)(A,N,`${s} is active, and its rules are told to root only`);if(s==="nftables")return{id:A,verdict:"warn",question:N,found:`a packet filter drops what no rule allows (${(0,u.H$)(n)}); its rules were not looked into`,cause:`a node needs ${[...fe,...B].map(W).join(", ")} to come in`,remedy:"compare with: sudo nft list ruleset; when all of it is allowed, name host.firewall in `ignore-checks`"};const r=t.desired.podNetwork==="isolated"?B:[...fe,...B],i=s==="ufw"?$n(n,r):gn(n,r);if(i.length===0)return(0,u.bF)(A,N,`${s} is active and allows it`);const a=(s==="ufw"?wn:bn)(i,vn(t));return{id:A,verdict:"warn",question:N,found:`${s} is active and has no rule for ${i.map(W).join(", ")}`,cause:"the node would become Ready, but its pods would reach neither name server nor services, and other nodes not its pods; these are the networks that k3s has by default",remedy:a.join("; "),evidence:n.slice(0,40)}}function _n(e){const{firewalls:t}=e.facts,s=t.find(r=>r.state==="active");if(s)return yn(s,e);const n=t.find(r=>r.state==="unknown");return n?(0,u.uG)(A,N,`whether ${n.name} is active`):(0,u.bF)(A,N,"none is active")}var $e=v(56593),On=v(38815),me=v(93549);function M(e){const t=Object.entries(e.labels).filter(([i])=>!(0,u.E4)(i)).map(([i,a])=>`${i}=${a}`).sort(),s=e.taints.map(me.eh).sort(),n={"node-name":e.node,...e.nodeIp?{"node-ip":e.nodeIp}:{},...e.nodeExternalIp?{"node-external-ip":e.nodeExternalIp}:{},...Object.fromEntries(Object.entries(e.extraConfig).sort(([i],[a])=>i<a?-1:1)),...t.length>0?{"node-label+":t}:{},...s.length>0?{"node-taint+":s}:{}},r=new On.yo(n);return r.commentBefore=" Written by k3s-gpu-actions; edits are overwritten by its next run.",r.toString({lineWidth:0})}function ke(e){const t=[];let s=!1;for(const n of e.split(`
`))/^\S/.test(n)&&(s=/^"?node-(label|taint)\+"?:/.test(n)),!s&&!n.startsWith("#")&&n.trim()!==""&&t.push(n);return t.join(`
`)}const ge=["--node-label","--node-taint","--token","-t"],ve=e=>e.split("=")[0]??e;function Y(e){const t=e.environment?.tokenKind??"none";return(e.unit?.arguments.some(n=>["--token","-t"].includes(ve(n)))??!1)||t!=="none"&&t!=="bootstrap"}const Tn=e=>e.environment?.tokenKind==="agent"?"the token on the host is the cluster's agent token: whoever reads it can join machines for ever":"the token on the host is the server's own: whoever reads it owns the cluster";function Rn(e,t,s,n){if(s)return"a node needs one to join; deleted at the end";if(Y(t)&&!e.consent.allowServerToken)return Tn(t);if(!e.reading.node||(0,u.ik)(e)||n)return"the agent is not connected and may need one to register again"}function xn(e,t,s){if(!t.binary)return"not installed";if(t.binary.version!==e.version)return`${t.binary.version||"unknown version"} is installed, ${e.version} is wanted`;if(s?.sha256!==void 0&&s.sha256!==t.binary.sha256)return`the installed file is not the released ${e.version}`}function Sn(e,t){return t.ownConfig===void 0?!1:e.reading.node?.annotations[u.hk.desired]!==void 0?!0:we(t).length===0&&(!Y(t)||e.consent.allowServerToken)}function we(e){const t=(e.unit?.arguments??[]).map(ve);return[...new Set(t)].filter(s=>ge.includes(s))}const be=237;function En(e){return e!==void 0&&e>=be?{reason:"not installed; disrupts nothing: its systemctl is kept from reloading systemd (SYSTEMD_OFFLINE)"}:{reason:"not installed",disrupts:`its systemctl disable makes systemd ${e===void 0?"of unknown version":String(e)} reload (SYSTEMD_OFFLINE is heard from ${be} on): can take the GPU from running containers`}}function An(e,t,s){const{unit:n,changedSinceStart:r}=t,{node:i}=e.reading;if(!n)return["joins the cluster"];if(n.activeState!=="active")return[`the unit is ${n.activeState||"not running"}`];const a=[];return(0,u.ik)(e)?a.push("registers anew"):(0,u._n)(e)||a.push(i?.ready==="True"?"the node has no fresh heartbeat":"the node is not Ready"),i&&i.kubeletVersion!==e.version&&t.binary?.version===e.version&&a.push(`${i.kubeletVersion} is still running, ${e.version} is installed`),!s&&r.length>0&&a.push(`${r.join(", ")} changed after it was started`),a}function Nn(e,t,s){const n=t.unit===void 0,r=!n&&t.unit?.activeState!=="active",i=e.reading.node!==void 0||t.unit?.activeState==="active",a=!n&&i&&!Sn(e,t),o=M(e.desired),d={labels:{},taints:[],extraConfig:{},nodeIp:void 0,nodeExternalIp:void 0},c=n?"":M({...e.desired,...d}),l=we(t);return{isFresh:n,isForeign:a,binary:xn(e,t,s),url:t.environment?.url===e.server?void 0:`the host joins through ${t.environment?.url||"no server"}, wanted ${e.server}`,token:Rn(e,t,n,r),argumentNames:l,isReloadPending:l.length>0||!a&&(t.unit?.needsReload??!1),config:t.ownConfig===o?void 0:t.ownConfig===void 0?"not there yet":"differs from the cluster file and inputs",isConfigRestartRelevant:ke(t.ownConfig??c)!==ke(o),start:An(e,t,a)}}function In(e,t){return e.isDeep||t.unit===void 0||t.binary?.version!==e.version}function Z(e,t,s){const n=Nn(e,t,s),r=n.isForeign&&e.consent.adopt==="plan"?"adopt: apply":void 0,i=[],a=(c,l)=>{i.push({id:c,...l,...r?{waitsFor:r}:{}})};n.token&&!e.hasGivenToken&&a("mint-token",{kind:"mint",target:`bootstrap token, ${(0,$e.a3)(e.tokenLifetimeMs)}`,reason:n.token,undo:"deleted in every ending"});const o=on(e,t);if(o&&a(u.zF.deletePassword,o),n.binary){const c=s?`, ${(0,$e.z3)(s.sizeBytes)}`:"";a("upload-binary",{kind:"upload",target:`k3s ${e.version} ${e.facts.architecture}${c}`,reason:n.binary,undo:"the staged file is removed"}),a("install-binary",{kind:"install",target:w.binary,reason:n.binary,undo:t.binary?"the previous program is put back":"deleted"})}n.isFresh&&a("run-installer",{kind:"install",target:`unit k3s-agent, official installer ${e.version}`,...En(e.facts.systemdVersion),undo:"unit, env file and links are deleted"}),n.config&&a("write-config",{kind:"write",target:w.ownConfig,reason:n.config,undo:t.ownConfig===void 0?"deleted":"restored"}),(n.url||n.token)&&a("edit-environment",{kind:"edit",target:`${w.environment} (${[n.url?"K3S_URL":"",n.token?"K3S_TOKEN":""].filter(Boolean).join(", ")})`,reason:n.isFresh?"tells the agent where to join":[n.url,n.token].filter(Boolean).join("; "),undo:n.isFresh?"deleted with the unit":"restored"}),n.argumentNames.length>0&&a("edit-unit",{kind:"edit",target:`${t.unit?.path??w.unit} (${n.argumentNames.join(", ")})`,reason:"arguments in ExecStart win over any file and come back at every start: they move to our drop-in",undo:"restored"}),n.isReloadPending&&a("reload",{kind:"reload",target:"systemd (daemon-reload)",reason:n.argumentNames.length>0?"the unit file changes":"the unit file has changed since systemd read it",disrupts:"can take the GPU from running containers",undo:"reloaded again after restoring"}),(n.isFresh||!n.isForeign&&t.unit?.isEnabled===!1)&&a("enable",{kind:"install",target:"start of k3s-agent at boot, without daemon-reload",reason:"not enabled",undo:"link deleted"});const d=[n.binary?`k3s ${e.version}`:"",n.url||n.token?"changed env file":"",n.isReloadPending?"changed unit":"",n.config&&n.isConfigRestartRelevant?"changed configuration":""].filter(Boolean);return(n.isFresh||n.start.length>0||d.length>0)&&a(...Ln(t,n,d)),i}function Ln(e,t,s){const n=e.unit?.name??"k3s-agent",r=[...t.start,...t.isFresh?[]:s].join("; "),i=e.unit?.activeState??"inactive";if(["inactive","failed",""].includes(i))return["start",{kind:"start",target:n,reason:r,undo:"stopped"}];if(i!=="active")return["restart",{kind:"start",target:n,reason:r,undo:"restarted with what was there before"}];const o=`restarts ${n}; containers keep running`;return["restart",{kind:"restart",target:n,reason:r,disrupts:o,undo:"restarted with what was there before"}]}function Cn(e){const t="Is this host free of a k3s server?";return e.hasServerUnit?{id:"k3s.role",verdict:"fail",question:t,found:"it has the unit k3s (a server)",cause:"a host is either a server or an agent",remedy:"name another host; a server is not turned into an agent"}:{id:"k3s.role",verdict:"pass",question:t,found:e.unit?"an agent is installed":"no unit"}}function Fn(e){const t=[];for(const s of e.templates)t.push(s.hasBaseTemplate?{id:"k3s.containerd-template",verdict:"pass",question:"Does the containerd template extend the built-in one?",found:s.path}:{id:"k3s.containerd-template",verdict:"warn",question:"Does the containerd template extend the built-in one?",found:`${s.path} replaces it`,cause:`without {{ template "base" . }} it drops k3s's CNI folders, snapshotter and runtimes: the node never becomes Ready`,remedy:"k3s finds the NVIDIA runtime by itself: rename the file and restart, or let the gpu-runtime action quarantine it"});return t}function Pn(e){return[[e.binary?.path,w.binary],[e.unit?.path,w.unit]].filter(([s,n])=>s!==void 0&&s!==n&&!e.hasServerUnit).map(([s,n])=>({id:"k3s.place",verdict:"fail",question:"Is k3s installed where its installer puts it?",found:`${s}, expected ${n}`,cause:"only the places of the official installer are changed",remedy:`move it to ${n}, or uninstall it and press the button again`}))}function Hn(e){const t="Is the host free of the cluster's long-lived tokens?",s=[];Y(e)&&s.push({id:"k3s.server-token",verdict:"warn",question:t,found:`K3S_TOKEN in ${e.environment?.path??e.unit?.path??"the unit"} is ${e.environment?.tokenKind==="agent"?"the cluster's agent token":"the server's own token"}`,cause:e.environment?.tokenKind==="agent"?"whoever reads it can join machines for ever":"whoever reads it owns the cluster",remedy:"press the button with adopt = apply to replace it by a minted one; then rotate the token (k3s token rotate)"});const n=["token","agent-token","token-file","agent-token-file"];for(const r of e.configFiles){const i=r.keys.filter(a=>n.includes(a));i.length!==0&&s.push({id:"k3s.server-token",verdict:"warn",question:t,found:`${r.path} (mode ${r.mode}) sets ${i.join(", ")}`,cause:"a token in a configuration file stays on the host and is often readable by everybody",remedy:`take ${i.join(", ")} out of ${r.path}; the agent has its own certificate and needs it no more`})}return s}function ye(e,t){let s=[];for(const n of e.settings)n.key!==t||n.path===w.ownConfig||(!n.isAdded&&n.value===""?s=[]:n.value!==""&&s.push({path:n.path,value:n.value,isUnit:!1}));return s}function _e(e,t){const s=e.unit?.arguments??[],n=e.unit?.path??w.unit;return s.flatMap((r,i)=>{if(r.startsWith(`--${t}=`))return[{path:n,value:r.slice(t.length+3),isUnit:!0}];const a=s[i+1];return r===`--${t}`&&a!==void 0?[{path:n,value:a,isUnit:!0}]:[]})}function Oe(e){return[...ye(e,"node-label"),..._e(e,"node-label")]}function Te(e,t,s){const n=e.desired.extraConfig["kubelet-arg"]??e.desired.extraConfig["kubelet-arg+"],r=(Array.isArray(n)?n:[n]).filter(a=>typeof a=="string");return[...ye(t,"kubelet-arg"),...r.map(a=>({path:"`extra-config`",value:a,isUnit:!1})),..._e(t,"kubelet-arg")].filter(({value:a})=>a.startsWith(`${s}=`)).map(a=>({...a,value:a.value.slice(s.length+1)}))}function Kn(e,t){const s="k3s.labels",n="Is the kubelet given no label that it refuses?",r=[...Oe(t),...Te(e,t,"node-labels")].flatMap(c=>c.value.split(",").map(l=>({...c,label:l.trim(),key:l.split("=")[0]?.trim()??""})).filter(({key:l})=>(0,u.E4)(l)));if(r.length===0){const c=t.configFiles.filter(l=>l.sha256===""&&l.keys.length===0);return c.length>0?(0,u.uG)(s,n,`${(0,u.H$)(c.map(l=>l.path))} cannot be read`):(0,u.bF)(s,n,"no")}const i=c=>c.isUnit?`${c.path} (ExecStart)`:c.path,a=[...new Set(r.map(({key:c})=>c))],o=[...new Set(r.map(i))],d=e.consent.adopt==="apply"&&r.every(c=>c.isUnit&&Mn(t,c));return{id:s,verdict:d?"warn":"fail",question:n,found:`${(0,u.H$)(o)} ${o.length===1?"sets":"set"} ${(0,u.H$)(a)}`,cause:d?"the kubelet exits when it is given such a label; this run takes it out of the unit":`the kubelet exits when it is given ${a.length===1?"this label":"these labels"}${t.unit?.activeState==="active"?": the agent that runs now dies at its next start":", at every start"}`,remedy:d?`give ${(0,u.H$)(a)} as \`labels\` of this action when it is still wanted: it sets them through the API`:`take ${(0,u.H$)(a)} out of ${(0,u.H$)(o)}, and give ${a.length===1?"it":"them"} as \`labels\` of this action, which sets ${a.length===1?"it":"them"} through the API`,evidence:r.slice(0,16).map(c=>`${i(c)}: ${c.label}`)}}function Mn(e,t){return Oe(e).some(s=>s.isUnit&&s.value===t.value)}const jn=[10250,6444];function Dn(e,{facts:t},s){const n=`host.port.${e}`,r=`Is port ${e} free for the agent?`,i=s.unit?.activeState??"",a=i==="active"||i==="activating",o=t.ports.filter(h=>h.port===e),d=({process:h,owner:p})=>!a||p.endsWith(".service")&&p!==`${s.unit?.name}.service`?!1:h===""||/^(k3s|kubelet)/.test(h),c=o.find(h=>!d(h));if(!c)return(0,u.oQ)(n,r,!0,o.length>0?"held by k3s itself":"free",qn);const l=`${c.process||"an unknown process"} (pid ${c.pid||"unknown"}${c.owner?`, ${c.owner}`:""})`,f=c.owner.endsWith(".service");return(0,u.oQ)(n,r,!1,`held by ${l}`,{cause:s.unit?`the agent listens there and would loop; k3s-agent itself is ${i||"not running"}`:"the agent listens there and would loop",remedy:f?`stop it when nobody needs it: sudo systemctl disable --now ${c.owner}`:`stop that process: sudo ss -lntp 'sport = :${e}'`})}const qn={cause:"",remedy:""};function Gn(e,t){return jn.map(s=>Dn(s,e,t))}const Re=new I.BlockList;for(const[e,t,s]of[["0.0.0.0",32,"ipv4"],["127.0.0.0",8,"ipv4"],["169.254.0.0",16,"ipv4"],["224.0.0.0",4,"ipv4"],["255.255.255.255",32,"ipv4"],["::",128,"ipv6"],["::1",128,"ipv6"],["fe80::",10,"ipv6"],["ff00::",8,"ipv6"]])Re.addSubnet(e,t,s);const zn={31:"v1.31.12+k3s1",32:"v1.32.8+k3s1",33:"v1.33.4+k3s1"};function xe(e){const t=y(e);if(!t)return!0;const s=zn[t.minor];return s===void 0?t.minor>33||t.major>1:H(e,s)>=0}function Un(e,t){if(e==="169.254.169.254"&&xe(t))return!0;const s=(0,I.isIP)(e);return s!==0&&!e.includes("%")&&!Re.check(e,s===4?"ipv4":"ipv6")}function Bn({facts:e,desired:t,version:s},n){const r="host.resolver",i="Which name servers will pods use?",a=n.configFiles.find(d=>d.keys.includes("resolv-conf"))?.path;if("resolv-conf"in t.extraConfig||a)return(0,u.bF)(r,i,`those of the file that ${a??"`extra-config`"} names (resolv-conf)`);for(const{path:d,isReadable:c,servers:l}of e.resolvers){if(!c)return(0,u.uG)(r,i,`${d} cannot be read`);if(l.length>0&&l.every(f=>Un(f,s)))return(0,u.bF)(r,i,`${(0,u.H$)(l)} (${d})`)}if(e.resolvers.length===0)return(0,u.uG)(r,i,"the host does not say");const o=xe(s)?"8.8.8.8 and 2001:4860:4860::8888":"8.8.8.8";return{id:r,verdict:"warn",question:i,found:`${o}, which k3s takes without asking`,cause:`${e.resolvers.map(({path:d,servers:c})=>`${d} names ${(0,u.H$)(c)||"none"}`).join(", ")}: a pod cannot use a server on the loopback of its node; names of your own network will not be found`,remedy:"write the name servers of the network into a file, e.g. /etc/rancher/k3s/resolv.conf, and give resolv-conf: /etc/rancher/k3s/resolv.conf in `extra-config`"}}const Wn={overlay:"overlay: the layers of images; without it the agent stops",br_netfilter:"br_netfilter: pods of one node reach each other through services",nf_conntrack:"nf_conntrack: services and network policies",vxlan:"vxlan: the network between pods of several nodes, where flannel uses VXLAN (the default)"};function Vn({facts:e,desired:t}){const s="host.modules",n="Does the kernel have the parts that containers and their network need?",r=e.modules.filter(c=>c.name!=="vxlan"||t.podNetwork!=="isolated"),i=c=>r.filter(l=>l.state===c).map(l=>l.name),a=i("missing");if(a.length>0)return(0,u.oQ)(s,n,!1,`missing: ${(0,u.H$)(a)} (kernel ${e.kernel||"unknown"})`,{verdict:a.includes("overlay")?"fail":"warn",cause:a.flatMap(c=>Wn[c]??[]).join("; "),remedy:"reboot when the kernel was updated; else install its extra modules (Ubuntu: linux-modules-extra-$(uname -r), Raspberry Pi: linux-modules-extra-raspi, RHEL: kernel-modules-extra)"});const o=i("unknown");if(o.length>0||r.length===0)return(0,u.uG)(s,n,o.length>0?(0,u.H$)(o):"the host does not say");const d=i("loadable");return(0,u.bF)(s,n,d.length===0?"all are there":`all are there; ${(0,u.H$)(d)} when needed`)}function Yn(e,t){const s="host.swap",n="Will the kubelet start with the swap that is there?",{memoryBytes:r,swapBytes:i}=e.facts;if(r===0)return(0,u.uG)(s,n,"the host does not tell its memory");if(i===0)return(0,u.bF)(s,n,"no swap");const a=`${(i/1024**3).toFixed(1)} GiB of swap`,o=Te(e,t,"fail-swap-on").at(-1);return(0,u.oQ)(s,n,o?.value!=="true",o?.value==="true"?`${a}, and ${o.path} sets fail-swap-on`:`${a}; pods do not use it`,{verdict:"warn",cause:"k3s lets its kubelet run beside swap, and this argument takes that back: it exits at its next start",remedy:`take fail-swap-on out of ${o?.path??"the configuration"}, or turn swap off: sudo swapoff -a, and its line in /etc/fstab`})}function Zn({facts:e},t){const s="host.selinux",n="Does SELinux let k3s work?";return e.selinux==="unknown"?(0,u.uG)(s,n,"the mode of SELinux cannot be read"):e.selinux!=="enforcing"?(0,u.bF)(s,n,e.selinux==="permissive"?"permissive":"not in use"):(0,u.oQ)(s,n,t.hasSelinuxPolicy,`enforcing, ${t.hasSelinuxPolicy?"with":"without"} the policy of k3s`,{verdict:"warn",cause:"without the package k3s-selinux the program may not be started, or containers not read their files",remedy:"sudo dnf install -y container-selinux, then the k3s-selinux package for this system (github.com/k3s-io/k3s-selinux/releases)"})}const Jn=/(podman|docker|nerdctl|containerd-net|loopback|crio-bridge)|^\.|\.(bak|disabled|orig)$/,Qn=/^(cni0|flannel\.\d+|flannel-wg.*)$/;function Xn({facts:e},t){const s="host.cni",n="Is the host free of another Kubernetes and its network?",r=`${t.unit?.name??"k3s-agent"}.service`,i=e.kubernetes.filter(h=>h.kind==="kubelet"&&h.unit!==r);if(i.length>0){const h=i.map(b=>`${b.name} (pid ${b.pid}${b.unit?`, ${b.unit}`:""})`),p=[...new Set(i.map(b=>b.unit).filter(b=>b.endsWith(".service")))];return(0,u.oQ)(s,n,!1,`${(0,u.H$)(h)} ${h.length===1?"runs":"run"} here`,{cause:"two kubelets on one machine fight for ports, control groups and packet filters",remedy:p.length>0?`leave the other cluster first; then: sudo systemctl disable --now ${p.join(" ")}`:"leave the other cluster first, with its own tools (kubeadm reset, snap remove microk8s \u2026)"})}const a=h=>e.kubernetes.filter(p=>p.kind===h).map(p=>p.name),o=a("cni-config").filter(h=>!Jn.test(h)),d=a("interface").filter(h=>!(t.unit&&Qn.test(h))),c=a("kubelet-config"),l=[...c,...o.map(h=>`/etc/cni/net.d/${h}`),...d];if(l.length===0)return(0,u.bF)(s,n,"nothing found");const f=[...c.length>0?["sudo kubeadm reset"]:[],...d.slice(0,4).map(h=>`sudo ip link delete ${h}`),...o.length>0?[`sudo rm ${o.slice(0,4).map(h=>`/etc/cni/net.d/${h}`).join(" ")}`]:[]];return(0,u.oQ)(s,n,!1,`left behind: ${(0,u.H$)(l)}`,{verdict:"warn",cause:d.length>0?'an interface that keeps the address of another network breaks the one of k3s ("cni0" already has an IP address different from \u2026)':"another Kubernetes was set up here; its rules of the packet filter may be there still",remedy:`when nothing of it is needed: ${f.join("; ")}`})}const k=(e,t,s,n)=>({id:e,stage:"preflight",severity:t,asks:s,remedy:n,isIgnorable:!0}),j=(e,t,s)=>({id:e,stage:"handshake",severity:"fail",asks:t,remedy:s,isIgnorable:!1}),Se=[k("k3s.version","fail","Does an agent of the wanted version go with the server: not newer, at most 3 minor versions older, no pair that is known to break? A warning when it is older","`version: match-server`"),k("k3s.installed-version","warn","Is what is installed not newer than the server?","press the button with `adopt: apply`, or upgrade the servers"),k("k3s.role","fail","Is this host free of a k3s server?","name another host"),k("host.port.10250","fail","Is the kubelet\u2019s port free, or held by the running agent?","stop the process that the check names"),k("host.port.6444","fail","Is the port of the agent\u2019s load balancer free, or held by the running agent?","stop the process that the check names"),k("host.modules","fail","Does the kernel have overlay, br_netfilter, nf_conntrack and vxlan? Only overlay is vital","reboot after a kernel update, or install the kernel\u2019s extra modules"),k("host.swap","warn","Will the kubelet start with the swap that is there? k3s lets it, unless fail-swap-on is set","take fail-swap-on out of the configuration"),k("host.selinux","warn","Where SELinux is enforcing, is the policy of k3s installed?","install container-selinux and k3s-selinux"),k("host.resolver","warn","Which name servers will pods use? With loopback ones only, k3s silently takes 8.8.8.8","give `resolv-conf` in `extra-config`"),k("host.firewall","warn","Does an active ufw or firewalld let in 10250/tcp and 8472/udp from nodes, and the networks of pods and services?","the commands that the check prints"),k("host.cni","fail","Is the host free of another Kubernetes: a running kubelet, or what one left behind (a warning)?","leave the other cluster with its own tools; the commands that the check prints"),k("k3s.labels","fail","Is the kubelet given no label that it refuses (most of kubernetes.io and k8s.io), by configuration or unit?","take it out there, and give it as `labels` of this action"),k("k3s.node-password","fail","Will the server accept the node\u2019s password? One that is this machine\u2019s own is healed","`replace-node`, or another `node` name"),k("k3s.containerd-template","warn","Does a containerd template extend the built-in one?","rename the file and restart, or let gpu-runtime quarantine it"),k("k3s.place","fail","Is k3s installed where its installer puts it?","move it there, or uninstall it and press the button again"),k("k3s.server-token","warn","Is the host free of the cluster\u2019s long-lived tokens?","`adopt: apply` replaces it; then rotate the token"),{id:"plan.node-password",stage:"plan",severity:"fail",asks:"Would a node that lives come back from the start that is planned, although its password file was lost or changed?",remedy:"stop the agent, wait until the node is no longer alive, press the button again",isIgnorable:!1},j("handshake.ca","Does the server show the CA of the kubeconfig?","see what answers at that address"),j("handshake.token","Does the server accept the join token?","press the button again; with a given token, give another"),j("handshake.apiserver","Which API servers does the server name?","make the server reachable from the host; the check says what stands in the way"),j("handshake.apiserver.<address>","Does the host reach every API server that the cluster names?","allow its port from the host, or give the server an address that the host reaches")];function Ee(e,t,s){return[s,...fn(t.binary?.version,e.reading.version),Cn(t),...Gn(e,t),Vn(e),Yn(e,t),Zn(e,t),Bn(e,t),_n(e),Xn(e,t),Kn(e,t),...Fn(t),...Pn(t),...Hn(t),...an(e,t)]}var g=v(82867);function et(e){const{binary:t,unit:s,environment:n}=e;return{"k3s program":t?`${t.version||"unknown version"} at ${t.path}`:"not installed","k3s unit":s?`${s.name} ${s.activeState} (${s.subState}), ${s.isEnabled?"enabled":"not enabled"}, arguments: ${s.arguments.join(" ")||"none"}`:"not installed",...n?{"k3s env file":`${n.path}: ${n.keys.join(", ")}; token kind: ${n.tokenKind}`}:{},...e.configFiles.length>0?{"k3s configuration":e.configFiles.map(r=>`${r.path} (${r.keys.join(", ")})`).join("; ")}:{},...e.templates.length>0?{"containerd templates":e.templates.map(r=>`${r.path}${r.hasBaseTemplate?"":" (replaces the built-in one)"}`).join("; ")}:{}}}const m={"agent-data":`
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
`,"leave-others":`
other_units() {
  for path in "$ROOT"/etc/systemd/system/k3s*.service "$ROOT"/etc/init.d/k3s*; do
    case $path in */k3s-agent.service | */system/k3s.service) continue ;; esac
    if [ -e "$path" ] || [ -L "$path" ]; then
      printf '%s\\n' "\${path#"$ROOT"}"
      return 0
    fi
  done
}

server_traces() {
  if [ -n "$(ls -A "$ROOT/var/lib/rancher/k3s/server/db" 2>/dev/null)" ]; then
    echo /var/lib/rancher/k3s/server/db
  elif tr '\\\\\\n' '  ' <"$ROOT/etc/systemd/system/k3s-agent.service" 2>/dev/null |
    grep -Eq "ExecStart=[^[:blank:]]*k3s[\\"']?[[:blank:]]+[\\"']?server[\\"']?([[:blank:]]|\\$)"; then
    echo '/etc/systemd/system/k3s-agent.service, which runs a server'
  fi
}
`,"leave-survey":`
FOLDERS='/run/k3s /run/flannel /var/lib/kubelet /var/lib/rancher/k3s /etc/rancher/k3s /var/lib/cni'

k3s_traces() {
  for path in /usr/local/bin/k3s /opt/bin/k3s /etc/systemd/system/k3s-agent.service /etc/systemd/system/k3s-agent.service.env \\
    /etc/rancher/k3s /etc/rancher/node /var/lib/rancher/k3s /var/lib/kubelet; do
    if [ -L "$ROOT$path" ] || [ -f "$ROOT$path" ]; then
      emit fact leave.trace path "$path"
    elif [ -d "$ROOT$path" ] && [ -n "$(ls -A "$ROOT$path" 2>/dev/null)" ]; then
      emit fact leave.trace path "$path"
    fi
  done
}

k3s_uninstaller() {
  for path in /usr/local/bin/k3s-agent-uninstall.sh /opt/bin/k3s-agent-uninstall.sh /var/lib/k3s-gpu-actions/leave/uninstall.sh; do
    if [ -f "$ROOT$path" ] && [ ! -L "$ROOT$path" ]; then
      emit fact leave.uninstaller path "$path"
      return 0
    fi
  done
}

k3s_half_gone() { if [ -e "$ROOT/var/lib/k3s-gpu-actions/leave/begun" ]; then emit fact leave.half present:n true; fi; }

k3s_others() {
  found=$(other_units)
  if [ -n "$found" ]; then emit fact leave.obstacle words "there is $found, which it would stop, too, and then leave everything where it is"; fi
  if [ -n "$(server_traces)" ]; then emit fact leave.server-traces present:n true; fi
}

k3s_server() {
  url=$(cat "$ROOT/etc/rancher/k3s/config.yaml" "$ROOT/etc/rancher/k3s/config.yaml.d"/*.yaml 2>/dev/null |
    sed -n 's/^["'\\'']\\{0,1\\}server["'\\'']\\{0,1\\}[[:blank:]]*:[[:blank:]]*["'\\'']\\{0,1\\}\\(https:[^"'\\''#[:blank:]]*\\).*/\\1/p' | tail -n 1) || url=''
  if [ -n "$url" ]; then emit fact leave.server url "$url"; fi
}

k3s_data() {
  count=0
  for path in "$ROOT/var/lib/rancher/k3s/storage"/*; do
    if [ "$count" -lt 50 ] && { [ -e "$path" ] || [ -L "$path" ]; }; then
      emit fact leave.data path "\${path#"$ROOT"}"
      count=$((count + 1))
    fi
  done
}

survey_distribution() {
  k3s_find_unit || :
  for part in binary unit env server_unit traces uninstaller half_gone others server data; do ("k3s_$part") || :; done
  (emit_mounts) || :
}
`,leave:`
is_installed() { [ -f "$ROOT$unit_path" ]; }

prepare() {
  for path in /usr/local/bin/k3s-agent-uninstall.sh /opt/bin/k3s-agent-uninstall.sh; do
    if [ -f "$ROOT$path" ] && [ ! -L "$ROOT$path" ]; then
      cp "$ROOT$path" "$kept/uninstall.sh.part" || die backup-failed "$path could not be copied to \${kept#"$ROOT"} (is the disk full?)"
      mv -f "$kept/uninstall.sh.part" "$kept/uninstall.sh"
      break
    fi
  done
  [ -f "$kept/uninstall.sh" ] || die uninstaller-missing 'there is no k3s-agent-uninstall.sh on this host, and no copy of one'
}

refuse_server() {
  for folder in /etc /run /usr/local/lib /usr/lib /lib; do
    if [ -f "$ROOT$folder/systemd/system/k3s.service" ]; then
      die server-present "there is a k3s server on this host ($folder/systemd/system/k3s.service): its uninstaller would stop it, too"
    fi
  done
  found=$(server_traces)
  [ -z "$found" ] || die server-present "there is a k3s server on this host ($found): its uninstaller would delete a cluster"
}

refuse_others() {
  found=$(other_units)
  [ -z "$found" ] || die other-units "there is $found: the uninstaller would stop it, too, and then leave everything where it is"
}

take_away() {
  limited_away sh "$kept/uninstall.sh"
  left=''
  for path in /usr/local/bin/k3s "$unit_path" "$environment_path" /etc/rancher/k3s; do
    if is_there "$path"; then left="$left $path"; fi
  done
  for path in /var/lib/rancher/k3s /var/lib/kubelet; do
    if [ -d "$ROOT$path" ] && [ -n "$(ls -A "$ROOT$path" 2>/dev/null)" ]; then left="$left $path"; fi
  done
  [ -n "$left" ] || return 0
  emit_log
  die uninstall-failed "after k3s-agent-uninstall.sh (exit code $code) there is still:$left"
}

clear_rest() {
  if [ ! -L "$ROOT/etc/rancher/node" ]; then rm -rf "$ROOT/etc/rancher/node"; fi
  for path in /etc/rancher /var/lib/rancher; do rmdir "$ROOT$path" 2>/dev/null || :; done
  timeout 10 systemctl reset-failed "$unit" >/dev/null 2>&1 || :
  rm -f "$ROOT/etc/systemd/system"/.k3s-gpu-actions.*
}

name_rest() {
  for path in "$ROOT/etc/modules-load.d"/*k3s-gpu-actions* "$ROOT/etc/sysctl.d"/*k3s-gpu-actions* "$ROOT/etc/udev/rules.d"/*k3s-gpu-actions* \\
    "$ROOT/etc/apt/sources.list.d"/*k3s-gpu-actions* "$ROOT/etc/apt/preferences.d"/*k3s-gpu-actions* \\
    "$ROOT/etc/yum.repos.d"/*k3s-gpu-actions* "$ROOT/etc/zypp/repos.d"/*k3s-gpu-actions* "$ROOT/usr/share/keyrings"/*k3s-gpu-actions* \\
    "$ROOT/etc/systemd/system/k3s-agent.service.d"/*; do
    if [ -e "$path" ]; then emit stays "\${path#"$ROOT"}"; fi
  done
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
`};async function Ae(e,t,s){return await(0,u.At)(e,{...t,script:m.evidence},s)}const nt=/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;function J(e){try{const t=(e.match(nt)??[]).map(s=>new R.X509Certificate(s));if(t.length>0)return t}catch{}throw new RangeError("no readable PEM certificate in the CA bundle")}function L(e){const t=e[0]??0;let s=e[1]??0,n=2;if(s>128){const r=s&127;s=e.readUIntBE(2,r),n+=r}return{tag:t,content:e.subarray(n,n+s),rest:e.subarray(n+s)}}function C(e){const t=[];for(let s=e;s.length>1;){const n=L(s);t.push(n),s=n.rest}return t}const tt=Buffer.from("551d0e","hex"),st=Buffer.from("551d23","hex");function Ne(e,t){const s=C(L(e.raw).content)[0],n=C(s?.content??Buffer.alloc(0)).find(r=>r.tag===163);if(n!==void 0)for(const r of C(L(n.content).content)){const[i,...a]=C(r.content);if(i?.content.equals(t))return a.at(-1)?.content}}function Ie(e){const t=Ne(e,st),s=t&&C(L(t).content).find(r=>r.tag===128)?.content;if(s===void 0)return!0;const n=Ne(e,tt);return n!==void 0&&L(n).content.equals(s)}function rt(e){const[t,...s]=e,n=(r,i)=>{if(s.some(a=>Ie(a)&&a.raw.equals(r.raw)))return r;for(const a of i){if(!r.checkIssued(a)||!r.verify(a.publicKey))continue;if(Ie(a))return a;const o=n(a,i.filter(d=>d!==a));if(o!==void 0)return o}};return t&&n(t,s)}function it(e){return(0,R.createHash)("sha256").update(e).digest("hex")}function x(e){const t=J(e),s=t.length>1?rt(t):void 0;return it(s?.raw??e)}function at(e,t){if(x(e)===x(t))return!0;const s=new Set(J(t).map(n=>n.fingerprint256));return J(e).every(n=>s.has(n.fingerprint256))}const Q=/^[a-z0-9]{6}\.[a-z0-9]{16}$/;function Le(e){return e===""?{}:{caHash:e}}function D(e){const t=e.trim();if(t==="")return{kind:"none",credential:""};if(Q.test(t))return{kind:"bootstrap",credential:t};const s=/^K10([0-9a-f]{64})?::([\s\S]+)$/.exec(t);if(s===null)return{kind:"short",credential:t};const[,n="",r=""]=s;if(Q.test(r))return{kind:"bootstrap",credential:r,...Le(n)};const i=r.indexOf(":"),a=r.slice(0,Math.max(i,0)),o=r.slice(i+1);return i<0||o===""?{kind:"short",credential:t}:{kind:a==="server"?"server":a==="node"?"agent":"short",credential:o,...Le(n)}}function Ce(e,t,s){if(!/^[0-9a-f]{64}$/.test(e))throw new RangeError("a CA hash has 64 lower-case hexadecimal digits");if(!Q.test(`${t}.${s}`))throw new RangeError("a bootstrap token is 6 and 16 characters [a-z0-9]");return`K10${e}::${t}.${s}`}function Fe(e){return e.kind==="bootstrap"?`Bearer ${e.credential}`:`Basic ${Buffer.from(`node:${e.credential}`).toString("base64")}`}const X="leave `token` out: a bootstrap token is minted through the API and deleted at the end";function ot(e,t,s){const n=D(e),r=x(t);if(n.caHash!==void 0&&n.caHash!==r)throw new u.jK("token-of-another-cluster","the given token belongs to another cluster, or to this one before its CA was changed",`it pins the CA ${n.caHash.slice(0,12)}\u2026, the kubeconfig's CA is ${r.slice(0,12)}\u2026`,X);if(n.kind==="short")throw new u.jK("token-without-ca","the given token pins no certificate authority","without the K10 prefix an agent believes whatever server answers",X);if((n.kind==="server"||n.kind==="agent")&&!s.allowServerToken)throw new u.jK("server-token-refused",`the given token is the ${n.kind}'s own, long-lived one`,n.kind==="server"?"whoever reads it on the node owns the cluster":"whoever reads it on the node can join machines for ever",`${X}; or set allow-server-token when you mean it`);if(n.kind==="bootstrap"&&n.caHash===void 0){const[i="",a=""]=e.trim().split(".");return{id:i,text:Ce(r,i,a)}}return{id:"given",text:e.trim()}}var Pe=v(58500);const ct=3e3,He=300;class dt extends u.u_{#e;constructor(t,s,n){super(t,{...s,words:{server:"k3s server",namesIn:"tls-san of the k3s server"},onCheck:n}),this.#e=s}async askAuthority(){const{caPem:t,token:s}=this.#e,n="handshake.ca",r="Does the host see the cluster's own certificate authority?";let i;try{const l=await this.get("/cacerts",{});if(l.status!==200||!l.body.includes("-----BEGIN CERTIFICATE-----"))throw new u.O8("protocol",`GET /cacerts: HTTP ${l.status}, no certificate`);i=l.body}catch(l){this.say(await this.firstFault(n,r,l));return}let a,o;try{a=x(i),o=at(i,t)}catch(l){this.say(await this.faultCheck(n,r,this.server,new u.O8("protocol",(0,u.TN)(String(l)))));return}const d=[`served through the host: ${a}`,`kubeconfig: ${x(t)}`];if(!o){this.say({id:n,verdict:"fail",question:r,found:"another certificate authority",cause:"another server answers at that address through the host\u2019s network, or the kubeconfig is from before the CA was changed",remedy:"compare `server` with the kubeconfig; fetch the kubeconfig again from the server",evidence:d});return}const c=s===void 0?void 0:D(s).caHash;if(c!==void 0&&c!==a){const l=c===x(t);this.say({id:n,verdict:"fail",question:r,found:l?"the hash of the token is of another text":"the token was made for another certificate authority",cause:l?"the certificate is the same, but its text in the kubeconfig differs in white space from what the server serves, and the hash counts every byte":"token CA hash does not match the cluster CA certificate hash: the token is from another cluster, or from before the CA was changed",remedy:l?"store the kubeconfig again exactly as the server has it":"give no token, so that one is minted, or fetch a fresh one from the server",evidence:[...d,`token: ${c}`]});return}try{await this.get("/cacerts",{caPem:t})}catch(l){this.say(await this.faultCheck(n,r,this.server,l));return}return this.say({id:n,verdict:"pass",question:r,found:`${a.slice(0,4)}\u2026${a.slice(-2)}`,evidence:d}),a}async askToken(){const{caPem:t,token:s,signal:n}=this.#e,r="handshake.token",i="Does the server accept the token?";if(s===void 0)return this.say({id:r,verdict:"skip",question:i,found:"token not exercised"});const a=D(s),o=performance.now();for(;;){let d;try{d=await this.get("/v1-k3s/readyz",{caPem:t,authorization:Fe(a)})}catch(f){return this.say(await this.faultCheck(r,i,this.server,f))}if(d.status===200)return this.say({id:r,verdict:"pass",question:i,found:`accepted (${a.kind} token)`});const c=d.status===401||d.status===403;if(c&&performance.now()-o+He<ct){await(0,Pe.setTimeout)(He,void 0,{signal:n});continue}const l=[`GET /v1-k3s/readyz: HTTP ${d.status}`];return c?this.say({id:r,verdict:"fail",question:i,found:`refused (${a.kind} token)`,cause:a.kind==="bootstrap"?"the server does not know this token: it has expired or was deleted, or the kubeconfig is of another cluster":"it is not this cluster's token, or the token was changed since",remedy:a.kind==="bootstrap"?"press the button again: a new one is minted; when that is refused too, `server` and the kubeconfig are of different clusters":"give no token, so that one is minted through the kubeconfig; or fetch the current one from the server",evidence:l}):this.say({id:r,verdict:"fail",question:i,found:`the server answers HTTP ${d.status} instead`,cause:"what answers there knows the API but not how agents of k3s join: a load balancer or proxy in front, or no k3s",remedy:"set `server` to the address of a k3s server, where its supervisor listens",evidence:l})}}async#n(){const{caPem:t,token:s,knownApiServers:n=[]}=this.#e,r=(0,u.ku)(this.server.address,this.server.port);if(s===void 0)return[r,...n];const i=await this.get("/v1-k3s/apiservers",{caPem:t,authorization:Fe(D(s))});let a;try{a=JSON.parse(i.body)}catch{a=void 0}if(i.status!==200||!Array.isArray(a))throw new u.O8("protocol",`GET /v1-k3s/apiservers: HTTP ${i.status}, no list`);return a.length===0?[r]:a.map(String)}async askApiServers(){let t;try{t=await this.#n()}catch(s){this.say(await this.faultCheck("handshake.apiserver","Which API servers does the server name?",this.server,s));return}return await this.reachAll(t,this.#e.caPem)}}async function lt(e,t,s=()=>{}){const n=new dt(e,t,s),r=await n.askAuthority();if(r===void 0)return{checks:n.checks};if(!(await n.askToken()||t.token===void 0))return{checks:n.checks};const a=await n.askApiServers();return a===void 0?{checks:n.checks}:{checks:n.checks,result:{caHash:r,apiServers:a,via:n.via}}}const ee="run it again: it continues from what it finds",ut={"init-unsupported":"join a host that runs systemd","staged-missing":ee,"copy-failed":"free space on the host (df -h /usr/local/bin), then run it again","folder-read-only":"the host keeps this folder read-only (an immutable system, or a file system with errors): make it writable, or install k3s with the means of that system","binary-mismatch":"the file changed between runner and host: run it again; if it stays, look who else writes to /tmp on the host","binary-missing":ee,"installer-mismatch":ee,"installer-failed":"read what the installer said below, correct it on the host, and run it again","environment-unreadable":"correct the quotes in that file by hand, and run it again","unit-unreadable":"bring ExecStart of that unit into the form ExecStart=/usr/local/bin/k3s agent \u2026, and run it again","unit-missing":"the unit is gone: delete what is left of k3s on the host, or install it, and run it again","enable-failed":"look at the host on its console: sudo systemctl enable k3s-agent"};function q(e,t,s){return g.lZ(e,t,s,ut)}const ht=2e4;function ft(e,t){return Z(e,t,void 0).some(s=>(s.id==="start"||s.id==="restart")&&s.waitsFor===void 0)}async function pt(e,t,s){const n=await e.run({name:"node-password",script:m["node-password"],privilege:"root",timeoutMs:ht,signal:s}),r=n.lines.find(o=>typeof o.password=="string"),i=typeof r?.password=="string"?r.password.trim():void 0;i&&t(i);const a=q(e.label,"reading the node password",n);if(a)throw a;return r?.present===!0?i:void 0}async function $t(e,t,s,n,r,i){if(!ft(s,n))return;let a;try{a=await t.nodePassword(E(s.desired.node),i)}catch(p){if(p instanceof me.b$&&p.code==="forbidden")return{state:"unknown",problem:p.message};throw p}if(!a)return{state:"none"};const{hash:o,...d}=a,c={hasSecret:!0,hasFile:n.hasNodePassword};if(!n.hasNodePassword)return{state:oe({...c,password:void 0,isMatch:void 0}),secret:d};let l;try{l=await pt(e,r,i)}catch(p){if(i.aborted)throw p;return{state:"unknown",secret:d,problem:p.message}}if(l===void 0)return{state:"missing",secret:d};const f=l===""?void 0:await sn(o,l),h=oe({...c,password:l,isMatch:f});return{state:h,secret:d,...h==="unknown"?{problem:"the hash in the Secret is none that can be checked"}:{}}}const mt=5e3,kt=200;async function Ke(e,t,s,n,r,i=mt){const a=performance.now()+(n?i:0);for(;;){const o=await e.nodePassword(t,r);if(!o)return;const d=o.uid===s.uid&&(n||o.resourceVersion===s.resourceVersion);if(!d||performance.now()>=a)return await e.deleteNodePassword(t,d?o:s,r);await(0,Pe.setTimeout)(kt,void 0,{signal:r})}}function gt(e){const s=[["install-binary",e.binary,"binary"],["run-installer",e.installer,"installer"],["write-config",e.config,"config"],["edit-environment",e.environment,"environment"],["edit-unit",e.removeArguments,"removeArguments"]].find(([n,r])=>e.steps.includes(n)&&r===void 0);return s&&`step ${s[0]} needs ${s[2]}`}function Me(e){if(!(typeof e.step!="string"||e.state!=="done"&&e.state!=="unchanged"))return{step:e.step,state:e.state}}async function vt(e,t,s){const{binary:n,installer:r,environment:i}=t,a=gt(t);if(a!==void 0)throw new TypeError(a);const o=t.removeArguments??[],d=o.find(h=>!/^--?[A-Za-z][A-Za-z0-9-]*$/.test(h));if(d!==void 0)throw new TypeError(`${JSON.stringify(d)} is no name of an argument`);const c=await e.run({name:"apply",script:[m["unit-file"],m["agent-files"],g.gY,m["agent-data"],m.edit,m.apply].join(`
`),env:{RUN_ID:(0,g.np)(t.runId),HOLDER:(0,g.$R)(t.holder),LOCK_WAIT:(0,g.ET)(s),STEPS:t.steps.join(" "),STAGED:n?.stagedPath??"",BINARY_SHA256:n?.sha256??"",INSTALLER_SHA256:r?.sha256??"",SERVER_URL:i?.url??"",REMOVE_ARGUMENTS:o.join(" "),RESTART:t.isRestartFollowing?"yes":"no"},secrets:{TOKEN:i?.token??"",CONFIG:t.config??"",INSTALLER:r?.text??""},privilege:"root",timeoutMs:s.timeoutMs,signal:s.signal,onLine:h=>{const p=Me(h);p&&s.onStep?.(p.step,p.state),typeof h.waiting_for=="string"&&s.onWaiting?.(h.waiting_for)}}),l=q(e.label,"the installation",c);if(l)throw l;const f=c.lines.flatMap(h=>Me(h)??[]);return{steps:f,isChanged:f.some(h=>h.state==="done"),interrupted:c.lines.flatMap(h=>typeof h.interrupted=="string"?[{runId:h.interrupted,step:String(h.step??"")}]:[]),holdsFormerToken:c.lines.some(h=>h.former_token===!0)}}var G=v(51455),wt=v(73024),bt=v(46466);async function je(e,t){const s=(0,R.createHash)("sha256");return await(0,bt.pipeline)((0,wt.createReadStream)(e),s,{signal:t}),s.digest("hex")}function De(e,t){const s=new Set;for(const n of e.split(/\r?\n/)){const[,r,i]=/^\\?([0-9A-Fa-f]{64})[ \t]+\*?(?:\.\/)?(\S.*?)\s*$/.exec(n)??[];r!==void 0&&i===t&&s.add(r.toLowerCase())}return s.size===1?[...s][0]:void 0}class T extends Error{name="ReleaseError";code;cause;remedy;evidence;constructor(t,s,n,r,i=[]){super(s),this.code=t,this.cause=n,this.remedy=r,this.evidence=i}}const qe="run it again; if it stays so, look at https://www.githubstatus.com and at the release page of k3s";function Ge(e){const{code:t,cause:s,remedy:n}=typeof e=="object"&&e!==null?e:{};return typeof t=="string"&&typeof s=="string"&&typeof n=="string"}const yt=["rate-limited","github-refused","github-unreachable"];function ze(e,t,s=[]){if(!Ge(e))return new T("download-failed",t,Ue(e),qe,s);const n=yt.includes(e.code)?e.code:"download-failed";return new T(n,t,e.cause,e.remedy,[...s,...e.evidence??[]])}function _t(e,t){if(!(!Ge(t)||t.code!=="release-not-found"))return new T("release-not-found",`there is no release ${e} of k3s`,`no release of k3s-io/k3s is called ${e}`,"correct the version; all of them are listed at https://github.com/k3s-io/k3s/releases, and look like v1.33.4+k3s1",t.evidence??[])}function z(e,t){return new T("checksum-mismatch",`${e} is not what k3s published`,"it was changed on the way (a proxy or mirror), the release was changed after it was published, or the download is damaged","nothing of it was used. Run it again; if it stays so, compare the hashes below with the release page before trusting either",t)}function Ue(e){return typeof e=="object"&&e!==null&&"message"in e?String(e.message):String(e)}const Be="k3s-io",We="k3s",Ve="k3s",Ot={amd64:"k3s",arm64:"k3s-arm64"},Tt=/^[0-9a-f]{64}$/;function Ye(e){const t=e?.toLowerCase().replace(/^sha256:/,"");return t!==void 0&&Tt.test(t)?t:void 0}async function Ze(e,t,s){const n=Ot[e.architecture];if(n===void 0)throw new T("architecture-unsupported",`there is no checked k3s for ${e.architecture||"an unknown architecture"}`,"programs are fetched and checked for amd64 and arm64 only","use a 64-bit x86 or Arm machine");const r=await Rt(e.version,t,s),i=d=>{const c=r.assets.find(l=>l.name===d);if(c!==void 0)return c;throw new T("release-incomplete",`release ${e.version} of k3s has no file ${d}`,"the release is still being published, or was withdrawn in part","choose another version, or try again later",[`its files: ${r.assets.map(l=>l.name).slice(0,40).join(", ")||"none"}`])},a=i(n),o=Ye(a.digest);return{version:e.version,architecture:e.architecture,sizeBytes:a.sizeBytes,...o===void 0?{}:{sha256:o},binary:a,checksums:i(`sha256sum-${e.architecture}.txt`),commit:r.commit}}function Xt(e){return e.sizeBytes}async function Rt(e,t,s){try{return await t.release(Be,We,e,s)}catch(n){throw s.aborted?s.reason:_t(e,n)??ze(n,`release ${e} of k3s cannot be looked up`)}}async function ne(e,t,s,n){try{return await s(e,n)}catch(r){throw n.aborted?n.reason:ze(r,`${t} cannot be downloaded`,[e])}}async function xt(e,t,s){const{binary:n,checksums:r,version:i}=e,a=await ne(r.url,`the checksum file of k3s ${i}`,t,s),o=await(0,G.readFile)(a,{encoding:"utf8",signal:s}),d=(0,R.createHash)("sha256").update(o).digest("hex"),c=Ye(r.digest);if(c!==void 0&&c!==d)throw z(`the checksum file of k3s ${i}`,[`downloaded: ${d}`,`GitHub's digest: ${c}`]);const l=De(o,n.name);if(l===void 0)throw new T("release-incomplete",`the checksum file of k3s ${i} has no line for ${n.name}`,"the file is damaged, or the release is not complete","choose another version, or try again later",[`${r.name}: ${o.split(`
`).filter(f=>f!=="").length} lines`]);if(e.sha256===void 0)return{sha256:l,notes:[`GitHub has no digest for ${n.name}: checked against ${r.name} alone`]};if(e.sha256!==l)throw z(`${n.name} of k3s ${i}`,[`${r.name}: ${l}`,`GitHub's digest: ${e.sha256}`]);return{sha256:l,notes:[]}}async function St(e,t,s,n){const{architecture:r,binary:i,version:a}=e,o=y(a);if(o===void 0)throw new RangeError(`${JSON.stringify(a)} is no exact k3s version`);const d=le(o),c=[],l=s.toolCache.find(Ve,d,r);if(l!==void 0){const p=await je(l,n).catch(()=>"unreadable");if(n.throwIfAborted(),p===t)return{binary:{path:l,sha256:t,sizeBytes:(await(0,G.stat)(l)).size,fromCache:!0},notes:c};c.push(`the tool cache held another file for k3s ${a} (sha256 ${p}); it was not used`)}const f=await ne(i.url,`k3s ${a} for ${r}`,s.download,n),h=await je(f,n);if(h!==t)throw z(`the downloaded ${i.name} of k3s ${a}`,[`downloaded: ${h}`,`published: ${t}`]);return await s.toolCache.add(f,i.name,Ve,d,r).catch(p=>{n.throwIfAborted(),c.push(`the tool cache could not be used: ${Ue(p)}`)}),{binary:{path:f,sha256:t,sizeBytes:(await(0,G.stat)(f)).size,fromCache:!1},notes:c}}async function Et(e,t,s){const{commit:n,version:r}=e;if(!/^[0-9a-f]{40}$/.test(n))throw new T("release-incomplete",`the commit of k3s ${r} is unknown`,`GitHub gave ${JSON.stringify(n)}`,qe);const i=`https://raw.githubusercontent.com/${Be}/${We}/${n}`,[a,o]=await Promise.all(["install.sh","install.sh.sha256sum"].map(h=>ne(`${i}/${h}`,`${h} of k3s ${r}`,t,s))),[d,c]=await Promise.all([a,o].map(h=>(0,G.readFile)(h,{signal:s}))),l=De(String(c),"install.sh"),f=(0,R.createHash)("sha256").update(d).digest("hex");if(l!==f)throw z(`the installer of k3s ${r}`,[`install.sh: ${f}`,`install.sh.sha256sum: ${l??"no line for install.sh"}`]);return{text:String(d),sha256:f,commit:n}}async function Je(e,t,s){const n=Et(e,t.download,s);n.catch(()=>{});try{const r=await xt(e,t.download,s),{binary:i,notes:a}=await St(e,r.sha256,t,s),{version:o,architecture:d}=e;return{version:o,architecture:d,binary:i,installer:await n,notes:[...r.notes,...a]}}catch(r){throw s.aborted?s.reason:r}}async function es(e,t,s){return await Je(await Ze(e,t.releases,s),t,s)}async function At(e,t,s){if(s.unit!==void 0&&s.unit!=="k3s-agent")throw new TypeError(`unknown unit ${s.unit}`);const n=await e.run({name:"undo",script:[m["agent-files"],g.gY,g.O,m["agent-data"],m.undo].join(`
`),env:{RUN_ID:(0,g.np)(t),HOLDER:(0,g.$R)(s.holder??`undo of run ${t}`),LOCK_WAIT:(0,g.ET)(s),STOP:s.stop===!1?"no":"yes"},privilege:"root",timeoutMs:s.timeoutMs,signal:s.signal}),r=q(e.label,"the undo",n);if(r)throw r;return{undone:n.lines.flatMap(i=>typeof i.undone=="string"?[i.undone]:[]),remaining:n.lines.flatMap(i=>typeof i.remaining=="string"?[i.remaining]:[])}}async function Nt(e,t,s){const n=await e.run({name:"forget",script:[m["agent-files"],g.gY,m.forget].join(`
`),env:{RUN_ID:(0,g.np)(t),HOLDER:`end of run ${t}`,LOCK_WAIT:(0,g.ET)(s)},privilege:"root",timeoutMs:s.timeoutMs,signal:s.signal}),r=q(e.label,"deleting the former token",n);if(r)throw r;return n.lines.flatMap(i=>typeof i.forgotten=="string"?[i.forgotten]:[])}const te=[m["unit-file"],m["survey-settings"],m.survey].join(`
`),It=64,Lt=["node-label","node-taint","kubelet-arg"],se=64*1024;function $(e,t,s=4096){const n=e[t];return typeof n=="string"?n.slice(0,s):""}function re(e,t,s){const n=$(e,t,se);return n===""?[]:n.split(s)}function Ct(e,t){const s=e[t];return typeof s=="number"&&Number.isSafeInteger(s)&&s>=0?s:0}const Ft=["none","server","agent","bootstrap","short"];function Pt(e){return Ft.find(t=>t===e.token_kind)??"short"}function Qe(e){const t=o=>e.filter(d=>d.fact===`k3s.${o}`).slice(0,It),s=o=>e.find(d=>d.fact===`k3s.${o}`),n=s("binary"),r=s("unit"),i=s("environment"),a=s("own-config");return{...n&&{binary:{path:$(n,"path"),version:$(n,"version",128),sha256:$(n,"sha256",64)}},...r&&{unit:{name:$(r,"name",256),path:$(r,"path"),sha256:$(r,"sha256",64),arguments:re(r,"arguments",`
`),activeState:$(r,"active",64),subState:$(r,"sub",64),isEnabled:r.enabled===!0,restarts:Ct(r,"restarts"),needsReload:r.needs_reload===!0}},hasServerUnit:s("server-unit")?.present===!0,changedSinceStart:t("changed").map(o=>$(o,"path")),...i&&{environment:{path:$(i,"path"),sha256:$(i,"sha256",64),mode:$(i,"mode",8),keys:re(i,"keys"," "),url:$(i,"url"),tokenKind:Pt(i)}},configFiles:t("config").map(o=>({path:$(o,"path"),sha256:$(o,"sha256",64),mode:$(o,"mode",8),keys:re(o,"keys"," ")})),settings:t("setting").flatMap(o=>{const d=Lt.find(f=>f===o.key);if(d===void 0)return[];const c=$(o,"values",2*se).split(""),l={path:$(o,"path"),key:d,isAdded:o.added===!0};return["",...c.filter(f=>f!=="")].map(f=>({...l,value:f}))}),hasSelinuxPolicy:s("selinux-policy")?.present===!0,...a&&{ownConfig:$(a,"text",se)},hasNodePassword:s("node-password")?.present===!0,templates:t("template").map(o=>({path:$(o,"path"),sha256:$(o,"sha256",64),hasBaseTemplate:o.base===!0}))}}const U="k3s-agent",Ht=["install-binary","run-installer","write-config","edit-environment","edit-unit","reload","enable"],Kt=18e4,Mt=6e4,jt=3e4,Dt=15e3,qt=[[/Running load balancer k3s-agent-load-balancer/,"agent found the server"],[/containerd is now running/,"containerd up"]];function Xe(e){return qt.find(([t])=>t.test(e))?.[1]}const Gt="system:bootstrappers:k3s:default-node-token";function zt(e,t,s){const n=i=>i.verdict==="pass"||i.verdict==="warn"?"\u2713":i.verdict==="skip"?"not exercised":"\u2717";return e.map(i=>i.id==="handshake.ca"?`CA ${t?`${t.slice(0,4)}\u2026${t.slice(-2)} `:""}${n(i)}`:i.id==="handshake.token"?s?`token ${n(i)}`:"token not exercised":`${i.id.replace(/^handshake\.(apiserver\.?)?/,"").replace(/-(\d+)$/,":$1")} ${n(i)}`).join("  ")}function Ut(e){const t=new Map,s=(n,r,i)=>{const a=`${n} ${r}`,o=t.get(a)??Ze({version:n,architecture:r},e.releases,i);return t.set(a,o),o};return{name:"k3s",unit:U,surveyScript:te,tokenAccessRequests:u.a9,notReadyLimitMs:Dt,resolveVersion:(n,r)=>ln(n,r),installedVersion:()=>{},survey:Qe,async inspect(n,r,i,a,o){const d=await $t(n,r,i,a,e.mask,o);return d===void 0?a:{...a,nodePassword:d}},describe:et,checkRegistry:Se,checks:(n,r)=>Ee(n,r,hn(n.version,n.reading.version)),plan:Z,needsRelease:In,async sketchRelease(n,r,i){const{sizeBytes:a,sha256:o}=await s(n,r,i);return{sizeBytes:a,...o?{sha256:o}:{}}},async mint(n,r,i,a,o,d){const{serverTimeMs:c}=await n.read(r,d),l={node:r,runLabel:i.label,ttlMs:a,extraGroups:Gt,now:c},f=(0,u.FY)(l),h=Ce(x(n.caPem),f.id,f.secret);for(const p of[h,`${f.id}.${f.secret}`,f.secret])e.mask(p);return await(0,u.W$)(n,{...l,record:o,token:f},d),{id:f.id,text:h}},revoke:u.ni,tokens:u.qZ,async sweep(n,r,i){const{serverTimeMs:a}=await n.read(r,i);return await(0,u.Ry)(n,{node:r,olderThan:a+1e3},i)},acceptToken:ot,async hold(n,r,i,a,o){return await(0,g.Qw)(n,{...i,runId:r.runId,holder:r.label,onWaiting:a,signal:o})},async handshake(n,r,i,a,o){const d={server:r,caPem:i,...a?{token:a.text}:{},script:g.rV,probe:u.Ys,signal:o},{checks:c,result:l}=await lt(n,d);return{checks:c,passed:l!==void 0,line:zt(c,l?.caHash,a!==void 0)}},async freeName(n,r,{nodePassword:i},a,o){if(!i?.secret)throw new Error("there is no node password that was looked at");await Ke(n,E(r.desired.node),i.secret,a,o)},async forgetNode(n,r,{nodePassword:i},a,o){if(i?.state!=="none")return!1;const d=E(r.desired.node),c=await n.nodePassword(d,o);return c&&await Ke(n,d,c,a,o),c!==void 0},async prepare(n,r,i){return await Je(await s(n,r,i),e,i)},describePrepared:n=>[`k3s ${n.version} ${n.architecture} ${n.binary.sha256.slice(0,12)}\u2026 ${n.binary.fromCache?"from the tool cache, checked again":"downloaded and checked"}`,...n.notes.map(r=>`! ${r}`)],async install(n,r,i,a,o,d){const{prepared:c,credential:l}=i,f=new Set(i.changes.map(S=>S.id));let h;f.has("upload-binary")&&c&&(h=await n.upload({path:c.binary.path,name:"k3s",sizeBytes:c.binary.sizeBytes},d),o("upload-binary"));const p={runId:a.runId,holder:a.label,steps:Ht.filter(S=>f.has(S)),isRestartFollowing:f.has("start")||f.has("restart"),...h&&c?{binary:{stagedPath:h,sha256:c.binary.sha256}}:{},...c?{installer:c.installer}:{},...f.has("write-config")?{config:M(r.desired)}:{},...f.has("edit-environment")?{environment:{url:r.server,...l?{token:l.text}:{}}}:{},...f.has("edit-unit")?{removeArguments:ge}:{}};if(p.steps.length===0)return{needsSettling:!1,notes:[]};const b=await vt(n,p,{signal:d,timeoutMs:Kt,onStep:S=>o(S)}),Zt=b.interrupted.map(({step:S})=>`an earlier run was interrupted here (${S}); what it left is as this run wants it`);return{needsSettling:b.holdsFormerToken,notes:Zt}},async settle(n,r,i){await Nt(n,r.runId,{signal:i,timeoutMs:jt})},startProgram:()=>{},async start(n,{action:r,timeoutMs:i},a,o){await(0,g.iJ)(n,{unit:U,log:w.containerdLog,action:r,signal:o,onEvent:a,timeoutMs:i})},milestone:(n,r)=>r===void 0?Xe(n):void 0,evidence:(n,r,i)=>Ae(n,{unit:U,startedAgoMs:r.startedAgoMs},i),async remove(n,r,i){const{undone:a,remaining:o}=await At(n,r.runId,{unit:U,signal:i,timeoutMs:Mt});return{changes:a,remaining:o}}}}var F=v(10849);const en=["/run/k3s","/run/flannel","/var/lib/kubelet","/var/lib/rancher/k3s","/etc/rancher/k3s","/var/lib/cni"],nn=237,Bt={before:[m["agent-files"],m["leave-others"]],script:m.leave,folders:en};function Wt(e,t){const s=e.findIndex(r=>r===t||r.startsWith(`${t}=`)),n=e[s]??"";return n===t?e[s+1]??"":n.slice(t.length+1)}const Vt=e=>{const t=e.find(s=>s.fact==="leave.server")?.url;return typeof t=="string"?t.slice(0,4096):""};function Yt(){return{name:"k3s",unit:"k3s-agent",surveyScript:[te,F.Gg,m["leave-others"],m["leave-survey"]].join(`
`),presence(e){const{binary:t,unit:s,hasServerUnit:n,environment:r}=Qe(e),i=(0,F.OE)(e),a=s?.name==="k3s-agent"?s.activeState:"";return{...i,isThere:t!==void 0||s!==void 0||i.isHalfGone,isRunning:(0,F.Np)(a),isServer:n||e.some(o=>o.fact==="leave.server-traces"&&o.present===!0),version:t?.version??"",unitState:a,server:r?.url||Wt(s?.arguments??[],"--server")||Vt(e)}},disturbs({systemdVersion:e,init:t}){return t!=="systemd"||e!==void 0&&e>=nn?void 0:`makes systemd ${e===void 0?"of unknown version":String(e)} reload (SYSTEMD_OFFLINE is heard from ${nn} on): can take the GPU from running containers`},mounts:(e,t,s,n)=>(0,F.X0)(e,en,s,n),uninstall:(e,t,s,n)=>(0,F.oN)(Bt,e,t,s,n),nodePassword:E}}})};export{ns as id,ts as ids,ss as modules};
