const ns=428,ts=[428],ss={15428:((st,Ee,L)=>{L.r(Ee),L.d(Ee,{createK3s:()=>Qt,k3sCheckRegistry:()=>Re,k3sChecks:()=>We,k3sSurveyScript:()=>An,leavingK3s:()=>Yt,milestoneOf:()=>et,paths:()=>H,planHost:()=>Oe,readEvidence:()=>D,renderConfig:()=>ae});var g=L(52905);const H={binary:"/usr/local/bin/k3s",ownConfig:"/etc/rancher/k3s/config.yaml.d/50-k3s-gpu-actions.yaml",unit:"/etc/systemd/system/k3s-agent.service",environment:"/etc/systemd/system/k3s-agent.service.env",nodePassword:"/etc/rancher/node/password",containerdLog:"/var/lib/rancher/k3s/agent/containerd/containerd.log",lock:"/run/k3s-gpu-actions.lock",backups:"/var/lib/k3s-gpu-actions"};var x=L(77598);function K(e){return`${e}.node-password.k3s`.toLowerCase()}const ee=64*1024**2;function ve(e){const[,t="",s,n,r,i=""]=/^\$1:([0-9a-f]{2,128}):(\d{1,2}):(\d{1,2}):(\d):([A-Za-z0-9+/]{22,171})$/.exec(e)??[],a={salt:Buffer.from(t,"hex"),logN:Number(s),r:Number(n),p:Number(r),key:Buffer.from(i,"base64")},{logN:c}=a;if(!(t===""||t.length%2!==0||c<1||c>20||a.r<1||a.p<1))return 128*2**c*a.r*a.p<=ee?a:void 0}async function E(e,t){const s=ve(e);if(!s)return;const{salt:n,logN:r,r:i,p:a,key:c}=s,h={N:2**r,r:i,p:a,maxmem:2*ee};return await new Promise(u=>{try{(0,x.scrypt)(t,n,c.length,h,(m,b)=>u(m?void 0:(0,x.timingSafeEqual)(b,c)))}catch{u(void 0)}})}function Ie(e){return e.hasSecret?e.hasFile?e.password===""?"empty":e.password===void 0||e.isMatch===void 0?"unknown":e.isMatch?"matches":"different":"missing":"none"}function le(e,t){const s=t?.state??"none";if(s==="none"||s==="matches")return"fine";if(s==="empty")return"empty";const{reading:n,facts:r,consent:i,desired:a}=e,c=(0,g.Pd)(n.node,r);if((0,g.JG)(e))return c!=="this-machine"?"foreign":s==="unknown"?"unknown":"live";const h=i.replaceNode===a.node;return(0,g.ik)(e)||h&&n.node===void 0?"replaced":c==="another-machine"?"foreign":s==="unknown"?"unknown":(0,g.YD)(n.node,r)?"healed":"unproven"}const Q="k3s.node-password",G="Will the server accept this host's node password?",Ne=e=>e?.secret?.createdAt?` of ${e.secret.createdAt}`:"",Le={missing:`the host has none (${H.nodePassword} is not there)`,different:"the host has another one",unknown:"it could not be compared with the host's"};function Xe(e,t){const s=t.nodePassword,{node:n}=e.desired;if(s===void 0)return[{id:Q,verdict:"skip",question:G,found:"not asked: the agent is not started by this plan"}];const r=`the cluster keeps a password${Ne(s)} for ${n}, and ${Le[s.state]??""}`,i="a server rejects an agent whose password is not the one it keeps for that name, every time it asks (403)",a=[`secret kube-system/${K(n)}${Ne(s)}`,...(0,g.Eb)(e)];switch(le(e,s)){case"fine":{const c=s.state==="none"?`the cluster keeps none for ${n}`:"it is the one that the cluster keeps";return[{id:Q,verdict:"pass",question:G,found:c}]}case"healed":return[{id:Q,verdict:"warn",question:G,found:`${r}; it is this machine's own, from an earlier installation (same system UUID)`,cause:i,remedy:`nothing to do: the plan deletes that Secret, and nothing else of ${n}`,evidence:a}];case"replaced":return[{id:Q,verdict:"warn",question:G,found:`${r}; it is deleted, as replace-node says`,cause:i,remedy:"nothing to do: the plan deletes that Secret",evidence:a}];case"foreign":return[{id:Q,verdict:"skip",question:G,found:"the name belongs to another machine: see cluster.name"}];case"live":return[{id:"plan.node-password",verdict:"fail",question:"Would the node that lives come back from the start that is planned?",found:`no: ${r}. ${n} is alive on this very machine, and its agent would be rejected as soon as it is started again`,cause:`${H.nodePassword} was lost or changed while the agent ran; the password of a live node is never deleted`,remedy:`stop the agent (sudo systemctl stop k3s-agent; containers keep running), wait a minute until ${n} is no longer alive, then press the button again`,evidence:a}];case"empty":return[{id:Q,verdict:"fail",question:G,found:`${H.nodePassword} is empty`,cause:"k3s sends what is in that file, and makes a password only where there is no file",remedy:`sudo rm ${H.nodePassword}, then press the button again`,evidence:a}];case"unproven":return[{id:Q,verdict:"fail",question:G,found:`${r}; nothing proves that it is this machine's own`,cause:i,remedy:`press the button again with replace-node = ${n} when no other machine of that name is to come back, or give this machine another name`,evidence:a}];case"unknown":return[{id:Q,verdict:"warn",question:G,found:s.secret?`${r}: ${s.problem??""}`:`not known: ${s.problem??""}`,cause:s.secret?i:"the Secrets of kube-system could not be listed",remedy:s.secret?`if the server rejects it, press the button again with replace-node = ${n}`:"nothing to do: if the server rejects the password, the run ends with its words",evidence:a}]}}function en(e,t){const s=le(e,t.nodePassword);if(s!=="healed"&&s!=="replaced"||t.nodePassword?.secret===void 0)return;const{node:n}=e.desired,{node:r}=e.reading;return{kind:"delete",target:`secret kube-system/${K(n)}`,reason:s==="healed"?`from an earlier installation of this machine (same system UUID); node ${n} with its labels and pods stays`:r?`confirmed by replace-node: it goes with node ${n}`:"confirmed by replace-node: no node has that name any more",undo:"none: the password in it is not known; the agent stores its own when it starts"}}var ue=L(62088);const Pe=/^v?(\d+)\.(\d+)\.(\d+)(?:-(rc\d+))?\+k3s(\d+)$/;function _(e){const[,t,s,n,r="",i]=Pe.exec(e.trim())??[];if(t===void 0)return;const a={major:Number(t),minor:Number(s),patch:Number(n),build:Number(i)},c=r===""?"":`-${r}`;return{text:`v${a.major}.${a.minor}.${a.patch}${c}+k3s${a.build}`,candidate:r,...a}}function j(e){const{major:t,minor:s,patch:n,candidate:r,build:i}=e,a=r===""?"":`0rc.${Number(r.slice(2))}.`;return`${t}.${s}.${n}-${a}k3s.${i}`}function he(e,t){const s=n=>{const r=_(n);if(r===void 0)throw new RangeError(`${JSON.stringify(n)} is no k3s version: write it like v1.33.4+k3s1`);return new ue.SemVer(j(r))};return(0,ue.compare)(s(e),s(t))}class V extends Error{name="VersionError";code="version-invalid";cause;remedy;evidence=[];constructor(t,s,n){super(t),this.cause=s,this.remedy=n}}const we=/^(stable|latest|testing|v?\d+(\.\d+)?)$/;function ye(e,t){const s="write `match-server`, or an exact version like v1.33.4+k3s1";if(e.trim()==="match-server"){const a=_(t);if(a!==void 0)return a.text;throw new V(`the server's version ${JSON.stringify(t)} is no k3s version`,(0,ue.coerce)(t)===null?"what answers is not k3s":"the server runs another distribution of Kubernetes","check the kubeconfig, or set `distribution`")}const n=_(e);if(n!==void 0)return n.text;if(we.test(e.trim()))throw new V(`version ${JSON.stringify(e)} is a channel`,"a channel names another version tomorrow",s);const r=(0,ue.coerce)(e),i=r!==null&&!e.includes("+")?`the +k3s suffix is missing, e.g. v${r.version}+k3s1`:"it has no known form";throw new V(`version ${JSON.stringify(e)} is no k3s version`,i,s)}const nn={29:"v1.29.13+k3s1",30:"v1.30.9+k3s1",31:"v1.31.5+k3s1"};function tn(e,t){const s="k3s.version",n=`Does an agent of ${e} go with a server of ${t}?`,r=_(e),i=_(t);if(r===void 0||i===void 0)return{id:s,verdict:"error",question:n,found:`${JSON.stringify(r===void 0?e:t)} is no k3s version`,cause:"the two cannot be compared",remedy:"write versions like v1.33.4+k3s1; check that the server is k3s"};const a=he(e,t),c=`use version: match-server (${i.text})`;if(a===0)return{id:s,verdict:"pass",question:n,found:"the same version"};if(a>0)return{id:s,verdict:"fail",question:n,found:"the agent is newer than the server",cause:"a kubelet newer than its API server is not supported, and nothing would complain until something breaks",remedy:`${c}, or upgrade the servers first`};const h=(i.major-r.major)*100+i.minor-r.minor;if(h>3)return{id:s,verdict:"fail",question:n,found:`the agent is ${h} minor versions older than the server`,cause:"a kubelet may be at most 3 minor versions older than its API server",remedy:c};const u=r.major===1?nn[r.minor]:void 0;return u!==void 0&&i.minor>=32&&he(e,u)<0?{id:s,verdict:"fail",question:n,found:`agents before ${u} get no pod network from servers of 1.32 or later`,cause:"flannel in such an agent asks for rights that these servers no longer give it (k3s#11551, k3s#12819)",remedy:`${c}, or at least ${u}`}:{id:s,verdict:"warn",question:n,found:"the agent is older than the server",cause:"supported, but not what the server was tested with",remedy:c}}function ie(e,t){if(e===void 0||!_(e)||!_(t))return[];const s="k3s.installed-version",n=`Is what is installed not newer than the server (${t})?`;return he(e,t)<=0?[{id:s,verdict:"pass",question:n,found:e}]:[{id:s,verdict:"warn",question:n,found:`${e} is newer than the server`,cause:"a kubelet newer than its API server is not supported, and nothing else would report it",remedy:"press the button with adopt = apply, which installs the wanted version; or upgrade the servers first"}]}var X=L(77030);const fe="10.42.0.0/16",Ce="10.43.0.0/16",pe=[{port:10250,protocol:"tcp"},{port:8472,protocol:"udp"}],me=[{network:fe},{network:Ce}],be=e=>"network"in e?e.network:`${e.port}/${e.protocol}`;function ne(e,t){const[s="",n]=e.split("/"),[r="",i="32"]=t.split("/");if((0,X.isIP)(s)!==4||(0,X.isIP)(r)!==4)return!1;const a=n===void 0?32:Number(n);if(!Number.isInteger(a)||a<0||a>Number(i))return!1;const c=new X.BlockList;return c.addSubnet(s,a,"ipv4"),c.check(r,"ipv4")}function Fe(e,t){const[s="",n]=e.split("/");return n!==void 0&&n!==t.protocol?!1:s.split(",").some(r=>{const[i="",a=i]=r.split(/[:-]/);return/^\d+$/.test(i)&&/^\d+$/.test(a)&&Number(i)<=t.port&&t.port<=Number(a)})}const _e=e=>ne(fe,e)||ne(Ce,e);function sn(e){const[,t,s,n]=/^(\S.*?)\s{2,}(ALLOW|LIMIT|DENY|REJECT)(?: IN)?\s{2,}(\S+)/.exec(e)??[];if(!(t===void 0||n===void 0||e.includes("(v6)")))return{to:t.replace(/ on \S+$/,"").trim(),isAllowed:s==="ALLOW"||s==="LIMIT",from:n}}function rn(e,t){if(e.some(n=>/^Default:\s*allow \(incoming\)/.test(n)))return[];const s=e.flatMap(n=>sn(n)??[]).filter(n=>n.isAllowed);return t.filter(n=>!s.some(({to:r,from:i})=>"network"in n?/^Anywhere/.test(r)&&(/^Anywhere/.test(i)||ne(i,n.network)):/^Anywhere/.test(r)?/^Anywhere/.test(i)||!_e(i):Fe(r,n)&&!_e(i)))}const He={"10250/tcp":["kubelet","kubelet-worker","kube-worker","kube-control-plane","kube-control-plane-secure"],"8472/udp":["kube-flannel"]};function an(e){const t=[];for(const s of e){/^\S/.test(s)&&t.push({target:"",words:{},richRules:[]});const n=t.at(-1),[,r,i=""]=/^\s+([a-z-]+):\s*(.*)$/.exec(s)??[];n&&(/^\s+rule /.test(s)?n.richRules.push(s.trim()):r==="target"?n.target=i.trim():r&&(n.words[r]=i.split(/\s+/).filter(Boolean)))}return t}function on(e,t){const s=an(e),n=s.filter(r=>r.target==="ACCEPT");return t.filter(r=>{const i=s.flatMap(h=>h.richRules).filter(h=>/ accept\b/.test(h));if("network"in r)return!n.some(u=>(u.words.sources??[]).some(m=>ne(m,r.network))||(u.words.interfaces??[]).includes("cni0"))&&!i.some(u=>u.includes(r.network));const a=s.some(h=>(h.words.ports??[]).some(u=>Fe(u,r))||(h.words.services??[]).some(u=>He[be(r)]?.includes(u))),c=n.some(h=>(h.words.sources??[]).some(u=>!_e(u))||(h.words.interfaces??[]).some(u=>!/^(cni0|flannel)/.test(u)));return!a&&!c&&!i.some(h=>h.includes(`"${r.port}"`))})}const te="host.firewall",se="Does the firewall let in what a node needs?";function dn({nodes:e,desired:t}){const s=e.filter(r=>r.name!==t.node).flatMap(r=>[...r.internalIps,...r.externalIps]).filter(r=>/^[0-9a-fA-F.:]+$/.test(r)),n=[...new Set(s)].slice(0,8);return n.length>0?n:["<address of a node>"]}function Me(e,t){return e.flatMap(s=>"network"in s?[`sudo ufw allow from ${s.network} to any`]:t.map(n=>`sudo ufw allow proto ${s.protocol} from ${n} to any port ${s.port}`))}function cn(e,t){return[...e.flatMap(n=>{const r="sudo firewall-cmd --permanent";return"network"in n?[`${r} --zone=trusted --add-source=${n.network}`]:t.map(i=>`${r} --add-rich-rule='rule family="${i.includes(":")?"ipv6":"ipv4"}" source address="${i}" port port="${n.port}" protocol="${n.protocol}" accept'`)}),"sudo firewall-cmd --reload"]}function ln(e,t){const{name:s,rules:n}=e;if(s!=="nftables"&&n.length===0)return(0,g.uG)(te,se,`${s} is active, and its rules are told to root only`);if(s==="nftables")return{id:te,verdict:"warn",question:se,found:`a packet filter drops what no rule allows (${(0,g.H$)(n)}); its rules were not looked into`,cause:`a node needs ${[...pe,...me].map(be).join(", ")} to come in`,remedy:"compare with: sudo nft list ruleset; when all of it is allowed, name host.firewall in `ignore-checks`"};const r=t.desired.podNetwork==="isolated"?me:[...pe,...me],i=s==="ufw"?rn(n,r):on(n,r);if(i.length===0)return(0,g.bF)(te,se,`${s} is active and allows it`);const a=(s==="ufw"?Me:cn)(i,dn(t));return{id:te,verdict:"warn",question:se,found:`${s} is active and has no rule for ${i.map(be).join(", ")}`,cause:"the node would become Ready, but its pods would reach neither name server nor services, and other nodes not its pods; these are the networks that k3s has by default",remedy:a.join("; "),evidence:n.slice(0,40)}}function un(e){const{firewalls:t}=e.facts,s=t.find(r=>r.state==="active");if(s)return ln(s,e);const n=t.find(r=>r.state==="unknown");return n?(0,g.uG)(te,se,`whether ${n.name} is active`):(0,g.bF)(te,se,"none is active")}var je=L(56593),hn=L(38815),De=L(93549);function ae(e){const t=Object.entries(e.labels).filter(([i])=>!(0,g.E4)(i)).map(([i,a])=>`${i}=${a}`).sort(),s=e.taints.map(De.eh).sort(),n={"node-name":e.node,...e.nodeIp?{"node-ip":e.nodeIp}:{},...e.nodeExternalIp?{"node-external-ip":e.nodeExternalIp}:{},...Object.fromEntries(Object.entries(e.extraConfig).sort(([i],[a])=>i<a?-1:1)),...t.length>0?{"node-label+":t}:{},...s.length>0?{"node-taint+":s}:{}},r=new hn.yo(n);return r.commentBefore=" Written by k3s-gpu-actions; edits are overwritten by its next run.",r.toString({lineWidth:0})}function Ke(e){const t=[];let s=!1;for(const n of e.split(`
`))/^\S/.test(n)&&(s=/^"?node-(label|taint)\+"?:/.test(n)),!s&&!n.startsWith("#")&&n.trim()!==""&&t.push(n);return t.join(`
`)}const Ge=["--node-label","--node-taint","--token","-t"],$e=e=>e.split("=")[0]??e;function U(e){const t=e.environment?.tokenKind??"none";return(e.unit?.arguments.some(n=>["--token","-t"].includes($e(n)))??!1)||t!=="none"&&t!=="bootstrap"}const fn=e=>e.environment?.tokenKind==="agent"?"the token on the host is the cluster's agent token: whoever reads it can join machines for ever":"the token on the host is the server's own: whoever reads it owns the cluster";function Ue(e,t,s,n){if(s)return"a node needs one to join; deleted at the end";if(U(t)&&!e.consent.allowServerToken)return fn(t);if(!e.reading.node||(0,g.ik)(e)||n)return"the agent is not connected and may need one to register again"}function qe(e,t,s){if(!t.binary)return"not installed";if(t.binary.version!==e.version)return`${t.binary.version||"unknown version"} is installed, ${e.version} is wanted`;if(s?.sha256!==void 0&&s.sha256!==t.binary.sha256)return`the installed file is not the released ${e.version}`}function pn(e,t){return t.ownConfig===void 0?!1:e.reading.node?.annotations[g.hk.desired]!==void 0?!0:ze(t).length===0&&(!U(t)||e.consent.allowServerToken)}function ze(e){const t=(e.unit?.arguments??[]).map($e);return[...new Set(t)].filter(s=>Ge.includes(s))}const Be=237;function mn(e){return e!==void 0&&e>=Be?{reason:"not installed; disrupts nothing: its systemctl is kept from reloading systemd (SYSTEMD_OFFLINE)"}:{reason:"not installed",disrupts:`its systemctl disable makes systemd ${e===void 0?"of unknown version":String(e)} reload (SYSTEMD_OFFLINE is heard from ${Be} on): can take the GPU from running containers`}}function $n(e,t,s){const{unit:n,changedSinceStart:r}=t,{node:i}=e.reading;if(!n)return["joins the cluster"];if(n.activeState!=="active")return[`the unit is ${n.activeState||"not running"}`];const a=[];return(0,g.ik)(e)?a.push("registers anew"):(0,g._n)(e)||a.push(i?.ready==="True"?"the node has no fresh heartbeat":"the node is not Ready"),i&&i.kubeletVersion!==e.version&&t.binary?.version===e.version&&a.push(`${i.kubeletVersion} is still running, ${e.version} is installed`),!s&&r.length>0&&a.push(`${r.join(", ")} changed after it was started`),a}function z(e,t,s){const n=t.unit===void 0,r=!n&&t.unit?.activeState!=="active",i=e.reading.node!==void 0||t.unit?.activeState==="active",a=!n&&i&&!pn(e,t),c=ae(e.desired),h={labels:{},taints:[],extraConfig:{},nodeIp:void 0,nodeExternalIp:void 0},u=n?"":ae({...e.desired,...h}),m=ze(t);return{isFresh:n,isForeign:a,binary:qe(e,t,s),url:t.environment?.url===e.server?void 0:`the host joins through ${t.environment?.url||"no server"}, wanted ${e.server}`,token:Ue(e,t,n,r),argumentNames:m,isReloadPending:m.length>0||!a&&(t.unit?.needsReload??!1),config:t.ownConfig===c?void 0:t.ownConfig===void 0?"not there yet":"differs from the cluster file and inputs",isConfigRestartRelevant:Ke(t.ownConfig??u)!==Ke(c),start:$n(e,t,a)}}function gn(e,t){return e.isDeep||t.unit===void 0||t.binary?.version!==e.version}function Oe(e,t,s){const n=z(e,t,s),r=n.isForeign&&e.consent.adopt==="plan"?"adopt: apply":void 0,i=[],a=(u,m)=>{i.push({id:u,...m,...r?{waitsFor:r}:{}})};n.token&&!e.hasGivenToken&&a("mint-token",{kind:"mint",target:`bootstrap token, ${(0,je.a3)(e.tokenLifetimeMs)}`,reason:n.token,undo:"deleted in every ending"});const c=en(e,t);if(c&&a(g.zF.deletePassword,c),n.binary){const u=s?`, ${(0,je.z3)(s.sizeBytes)}`:"";a("upload-binary",{kind:"upload",target:`k3s ${e.version} ${e.facts.architecture}${u}`,reason:n.binary,undo:"the staged file is removed"}),a("install-binary",{kind:"install",target:H.binary,reason:n.binary,undo:t.binary?"the previous program is put back":"deleted"})}n.isFresh&&a("run-installer",{kind:"install",target:`unit k3s-agent, official installer ${e.version}`,...mn(e.facts.systemdVersion),undo:"unit, env file and links are deleted"}),n.config&&a("write-config",{kind:"write",target:H.ownConfig,reason:n.config,undo:t.ownConfig===void 0?"deleted":"restored"}),(n.url||n.token)&&a("edit-environment",{kind:"edit",target:`${H.environment} (${[n.url?"K3S_URL":"",n.token?"K3S_TOKEN":""].filter(Boolean).join(", ")})`,reason:n.isFresh?"tells the agent where to join":[n.url,n.token].filter(Boolean).join("; "),undo:n.isFresh?"deleted with the unit":"restored"}),n.argumentNames.length>0&&a("edit-unit",{kind:"edit",target:`${t.unit?.path??H.unit} (${n.argumentNames.join(", ")})`,reason:"arguments in ExecStart win over any file and come back at every start: they move to our drop-in",undo:"restored"}),n.isReloadPending&&a("reload",{kind:"reload",target:"systemd (daemon-reload)",reason:n.argumentNames.length>0?"the unit file changes":"the unit file has changed since systemd read it",disrupts:"can take the GPU from running containers",undo:"reloaded again after restoring"}),(n.isFresh||!n.isForeign&&t.unit?.isEnabled===!1)&&a("enable",{kind:"install",target:"start of k3s-agent at boot, without daemon-reload",reason:"not enabled",undo:"link deleted"});const h=[n.binary?`k3s ${e.version}`:"",n.url||n.token?"changed env file":"",n.isReloadPending?"changed unit":"",n.config&&n.isConfigRestartRelevant?"changed configuration":""].filter(Boolean);return(n.isFresh||n.start.length>0||h.length>0)&&a(...kn(t,n,h)),i}function kn(e,t,s){const n=e.unit?.name??"k3s-agent",r=[...t.start,...t.isFresh?[]:s].join("; "),i=e.unit?.activeState??"inactive";if(["inactive","failed",""].includes(i))return["start",{kind:"start",target:n,reason:r,undo:"stopped"}];if(i!=="active")return["restart",{kind:"start",target:n,reason:r,undo:"restarted with what was there before"}];const c=`restarts ${n}; containers keep running`;return["restart",{kind:"restart",target:n,reason:r,disrupts:c,undo:"restarted with what was there before"}]}function vn(e){const t="Is this host free of a k3s server?";return e.hasServerUnit?{id:"k3s.role",verdict:"fail",question:t,found:"it has the unit k3s (a server)",cause:"a host is either a server or an agent",remedy:"name another host; a server is not turned into an agent"}:{id:"k3s.role",verdict:"pass",question:t,found:e.unit?"an agent is installed":"no unit"}}function Te(e){const t=[];for(const s of e.templates)t.push(s.hasBaseTemplate?{id:"k3s.containerd-template",verdict:"pass",question:"Does the containerd template extend the built-in one?",found:s.path}:{id:"k3s.containerd-template",verdict:"warn",question:"Does the containerd template extend the built-in one?",found:`${s.path} replaces it`,cause:`without {{ template "base" . }} it drops k3s's CNI folders, snapshotter and runtimes: the node never becomes Ready`,remedy:"k3s finds the NVIDIA runtime by itself: rename the file and restart, or let the gpu-runtime action quarantine it"});return t}function wn(e){return[[e.binary?.path,H.binary],[e.unit?.path,H.unit]].filter(([s,n])=>s!==void 0&&s!==n&&!e.hasServerUnit).map(([s,n])=>({id:"k3s.place",verdict:"fail",question:"Is k3s installed where its installer puts it?",found:`${s}, expected ${n}`,cause:"only the places of the official installer are changed",remedy:`move it to ${n}, or uninstall it and press the button again`}))}function yn(e){const t="Is the host free of the cluster's long-lived tokens?",s=[];U(e)&&s.push({id:"k3s.server-token",verdict:"warn",question:t,found:`K3S_TOKEN in ${e.environment?.path??e.unit?.path??"the unit"} is ${e.environment?.tokenKind==="agent"?"the cluster's agent token":"the server's own token"}`,cause:e.environment?.tokenKind==="agent"?"whoever reads it can join machines for ever":"whoever reads it owns the cluster",remedy:"press the button with adopt = apply to replace it by a minted one; then rotate the token (k3s token rotate)"});const n=["token","agent-token","token-file","agent-token-file"];for(const r of e.configFiles){const i=r.keys.filter(a=>n.includes(a));i.length!==0&&s.push({id:"k3s.server-token",verdict:"warn",question:t,found:`${r.path} (mode ${r.mode}) sets ${i.join(", ")}`,cause:"a token in a configuration file stays on the host and is often readable by everybody",remedy:`take ${i.join(", ")} out of ${r.path}; the agent has its own certificate and needs it no more`})}return s}function o(e,t){let s=[];for(const n of e.settings)n.key!==t||n.path===H.ownConfig||(!n.isAdded&&n.value===""?s=[]:n.value!==""&&s.push({path:n.path,value:n.value,isUnit:!1}));return s}function d(e,t){const s=e.unit?.arguments??[],n=e.unit?.path??H.unit;return s.flatMap((r,i)=>{if(r.startsWith(`--${t}=`))return[{path:n,value:r.slice(t.length+3),isUnit:!0}];const a=s[i+1];return r===`--${t}`&&a!==void 0?[{path:n,value:a,isUnit:!0}]:[]})}function l(e){return[...o(e,"node-label"),...d(e,"node-label")]}function p(e,t,s){const n=e.desired.extraConfig["kubelet-arg"]??e.desired.extraConfig["kubelet-arg+"],r=(Array.isArray(n)?n:[n]).filter(a=>typeof a=="string");return[...o(t,"kubelet-arg"),...r.map(a=>({path:"`extra-config`",value:a,isUnit:!1})),...d(t,"kubelet-arg")].filter(({value:a})=>a.startsWith(`${s}=`)).map(a=>({...a,value:a.value.slice(s.length+1)}))}function f(e,t){const s="k3s.labels",n="Is the kubelet given no label that it refuses?",r=[...l(t),...p(e,t,"node-labels")].flatMap(u=>u.value.split(",").map(m=>({...u,label:m.trim(),key:m.split("=")[0]?.trim()??""})).filter(({key:m})=>(0,g.E4)(m)));if(r.length===0){const u=t.configFiles.filter(m=>m.sha256===""&&m.keys.length===0);return u.length>0?(0,g.uG)(s,n,`${(0,g.H$)(u.map(m=>m.path))} cannot be read`):(0,g.bF)(s,n,"no")}const i=u=>u.isUnit?`${u.path} (ExecStart)`:u.path,a=[...new Set(r.map(({key:u})=>u))],c=[...new Set(r.map(i))],h=e.consent.adopt==="apply"&&r.every(u=>u.isUnit&&$(t,u));return{id:s,verdict:h?"warn":"fail",question:n,found:`${(0,g.H$)(c)} ${c.length===1?"sets":"set"} ${(0,g.H$)(a)}`,cause:h?"the kubelet exits when it is given such a label; this run takes it out of the unit":`the kubelet exits when it is given ${a.length===1?"this label":"these labels"}${t.unit?.activeState==="active"?": the agent that runs now dies at its next start":", at every start"}`,remedy:h?`give ${(0,g.H$)(a)} as \`labels\` of this action when it is still wanted: it sets them through the API`:`take ${(0,g.H$)(a)} out of ${(0,g.H$)(c)}, and give ${a.length===1?"it":"them"} as \`labels\` of this action, which sets ${a.length===1?"it":"them"} through the API`,evidence:r.slice(0,16).map(u=>`${i(u)}: ${u.label}`)}}function $(e,t){return l(e).some(s=>s.isUnit&&s.value===t.value)}const k=[10250,6444];function y(e,{facts:t},s){const n=`host.port.${e}`,r=`Is port ${e} free for the agent?`,i=s.unit?.activeState??"",a=i==="active"||i==="activating",c=t.ports.filter(v=>v.port===e),h=({process:v,owner:R})=>!a||R.endsWith(".service")&&R!==`${s.unit?.name}.service`?!1:v===""||/^(k3s|kubelet)/.test(v),u=c.find(v=>!h(v));if(!u)return(0,g.oQ)(n,r,!0,c.length>0?"held by k3s itself":"free",O);const m=`${u.process||"an unknown process"} (pid ${u.pid||"unknown"}${u.owner?`, ${u.owner}`:""})`,b=u.owner.endsWith(".service");return(0,g.oQ)(n,r,!1,`held by ${m}`,{cause:s.unit?`the agent listens there and would loop; k3s-agent itself is ${i||"not running"}`:"the agent listens there and would loop",remedy:b?`stop it when nobody needs it: sudo systemctl disable --now ${u.owner}`:`stop that process: sudo ss -lntp 'sport = :${e}'`})}const O={cause:"",remedy:""};function P(e,t){return k.map(s=>y(s,e,t))}const S=new X.BlockList;for(const[e,t,s]of[["0.0.0.0",32,"ipv4"],["127.0.0.0",8,"ipv4"],["169.254.0.0",16,"ipv4"],["224.0.0.0",4,"ipv4"],["255.255.255.255",32,"ipv4"],["::",128,"ipv6"],["::1",128,"ipv6"],["fe80::",10,"ipv6"],["ff00::",8,"ipv6"]])S.addSubnet(e,t,s);const I={31:"v1.31.12+k3s1",32:"v1.32.8+k3s1",33:"v1.33.4+k3s1"};function C(e){const t=_(e);if(!t)return!0;const s=I[t.minor];return s===void 0?t.minor>33||t.major>1:he(e,s)>=0}function q(e,t){if(e==="169.254.169.254"&&C(t))return!0;const s=(0,X.isIP)(e);return s!==0&&!e.includes("%")&&!S.check(e,s===4?"ipv4":"ipv6")}function Y({facts:e,desired:t,version:s},n){const r="host.resolver",i="Which name servers will pods use?",a=n.configFiles.find(h=>h.keys.includes("resolv-conf"))?.path;if("resolv-conf"in t.extraConfig||a)return(0,g.bF)(r,i,`those of the file that ${a??"`extra-config`"} names (resolv-conf)`);for(const{path:h,isReadable:u,servers:m}of e.resolvers){if(!u)return(0,g.uG)(r,i,`${h} cannot be read`);if(m.length>0&&m.every(b=>q(b,s)))return(0,g.bF)(r,i,`${(0,g.H$)(m)} (${h})`)}if(e.resolvers.length===0)return(0,g.uG)(r,i,"the host does not say");const c=C(s)?"8.8.8.8 and 2001:4860:4860::8888":"8.8.8.8";return{id:r,verdict:"warn",question:i,found:`${c}, which k3s takes without asking`,cause:`${e.resolvers.map(({path:h,servers:u})=>`${h} names ${(0,g.H$)(u)||"none"}`).join(", ")}: a pod cannot use a server on the loopback of its node; names of your own network will not be found`,remedy:"write the name servers of the network into a file, e.g. /etc/rancher/k3s/resolv.conf, and give resolv-conf: /etc/rancher/k3s/resolv.conf in `extra-config`"}}const oe={overlay:"overlay: the layers of images; without it the agent stops",br_netfilter:"br_netfilter: pods of one node reach each other through services",nf_conntrack:"nf_conntrack: services and network policies",vxlan:"vxlan: the network between pods of several nodes, where flannel uses VXLAN (the default)"};function M({facts:e,desired:t}){const s="host.modules",n="Does the kernel have the parts that containers and their network need?",r=e.modules.filter(u=>u.name!=="vxlan"||t.podNetwork!=="isolated"),i=u=>r.filter(m=>m.state===u).map(m=>m.name),a=i("missing");if(a.length>0)return(0,g.oQ)(s,n,!1,`missing: ${(0,g.H$)(a)} (kernel ${e.kernel||"unknown"})`,{verdict:a.includes("overlay")?"fail":"warn",cause:a.flatMap(u=>oe[u]??[]).join("; "),remedy:"reboot when the kernel was updated; else install its extra modules (Ubuntu: linux-modules-extra-$(uname -r), Raspberry Pi: linux-modules-extra-raspi, RHEL: kernel-modules-extra)"});const c=i("unknown");if(c.length>0||r.length===0)return(0,g.uG)(s,n,c.length>0?(0,g.H$)(c):"the host does not say");const h=i("loadable");return(0,g.bF)(s,n,h.length===0?"all are there":`all are there; ${(0,g.H$)(h)} when needed`)}function Z(e,t){const s="host.swap",n="Will the kubelet start with the swap that is there?",{memoryBytes:r,swapBytes:i}=e.facts;if(r===0)return(0,g.uG)(s,n,"the host does not tell its memory");if(i===0)return(0,g.bF)(s,n,"no swap");const a=`${(i/1024**3).toFixed(1)} GiB of swap`,c=p(e,t,"fail-swap-on").at(-1);return(0,g.oQ)(s,n,c?.value!=="true",c?.value==="true"?`${a}, and ${c.path} sets fail-swap-on`:`${a}; pods do not use it`,{verdict:"warn",cause:"k3s lets its kubelet run beside swap, and this argument takes that back: it exits at its next start",remedy:`take fail-swap-on out of ${c?.path??"the configuration"}, or turn swap off: sudo swapoff -a, and its line in /etc/fstab`})}function ge({facts:e},t){const s="host.selinux",n="Does SELinux let k3s work?";return e.selinux==="unknown"?(0,g.uG)(s,n,"the mode of SELinux cannot be read"):e.selinux!=="enforcing"?(0,g.bF)(s,n,e.selinux==="permissive"?"permissive":"not in use"):(0,g.oQ)(s,n,t.hasSelinuxPolicy,`enforcing, ${t.hasSelinuxPolicy?"with":"without"} the policy of k3s`,{verdict:"warn",cause:"without the package k3s-selinux the program may not be started, or containers not read their files",remedy:"sudo dnf install -y container-selinux, then the k3s-selinux package for this system (github.com/k3s-io/k3s-selinux/releases)"})}const J=/(podman|docker|nerdctl|containerd-net|loopback|crio-bridge)|^\.|\.(bak|disabled|orig)$/,B=/^(cni0|flannel\.\d+|flannel-wg.*)$/;function bn({facts:e},t){const s="host.cni",n="Is the host free of another Kubernetes and its network?",r=`${t.unit?.name??"k3s-agent"}.service`,i=e.kubernetes.filter(v=>v.kind==="kubelet"&&v.unit!==r);if(i.length>0){const v=i.map(W=>`${W.name} (pid ${W.pid}${W.unit?`, ${W.unit}`:""})`),R=[...new Set(i.map(W=>W.unit).filter(W=>W.endsWith(".service")))];return(0,g.oQ)(s,n,!1,`${(0,g.H$)(v)} ${v.length===1?"runs":"run"} here`,{cause:"two kubelets on one machine fight for ports, control groups and packet filters",remedy:R.length>0?`leave the other cluster first; then: sudo systemctl disable --now ${R.join(" ")}`:"leave the other cluster first, with its own tools (kubeadm reset, snap remove microk8s \u2026)"})}const a=v=>e.kubernetes.filter(R=>R.kind===v).map(R=>R.name),c=a("cni-config").filter(v=>!J.test(v)),h=a("interface").filter(v=>!(t.unit&&B.test(v))),u=a("kubelet-config"),m=[...u,...c.map(v=>`/etc/cni/net.d/${v}`),...h];if(m.length===0)return(0,g.bF)(s,n,"nothing found");const b=[...u.length>0?["sudo kubeadm reset"]:[],...h.slice(0,4).map(v=>`sudo ip link delete ${v}`),...c.length>0?[`sudo rm ${c.slice(0,4).map(v=>`/etc/cni/net.d/${v}`).join(" ")}`]:[]];return(0,g.oQ)(s,n,!1,`left behind: ${(0,g.H$)(m)}`,{verdict:"warn",cause:h.length>0?'an interface that keeps the address of another network breaks the one of k3s ("cni0" already has an IP address different from \u2026)':"another Kubernetes was set up here; its rules of the packet filter may be there still",remedy:`when nothing of it is needed: ${b.join("; ")}`})}const F=(e,t,s,n)=>({id:e,stage:"preflight",severity:t,asks:s,remedy:n,isIgnorable:!0}),ke=(e,t,s)=>({id:e,stage:"handshake",severity:"fail",asks:t,remedy:s,isIgnorable:!1}),Re=[F("k3s.version","fail","Does an agent of the wanted version go with the server: not newer, at most 3 minor versions older, no pair that is known to break? A warning when it is older","`version: match-server`"),F("k3s.installed-version","warn","Is what is installed not newer than the server?","press the button with `adopt: apply`, or upgrade the servers"),F("k3s.role","fail","Is this host free of a k3s server?","name another host"),F("host.port.10250","fail","Is the kubelet\u2019s port free, or held by the running agent?","stop the process that the check names"),F("host.port.6444","fail","Is the port of the agent\u2019s load balancer free, or held by the running agent?","stop the process that the check names"),F("host.modules","fail","Does the kernel have overlay, br_netfilter, nf_conntrack and vxlan? Only overlay is vital","reboot after a kernel update, or install the kernel\u2019s extra modules"),F("host.swap","warn","Will the kubelet start with the swap that is there? k3s lets it, unless fail-swap-on is set","take fail-swap-on out of the configuration"),F("host.selinux","warn","Where SELinux is enforcing, is the policy of k3s installed?","install container-selinux and k3s-selinux"),F("host.resolver","warn","Which name servers will pods use? With loopback ones only, k3s silently takes 8.8.8.8","give `resolv-conf` in `extra-config`"),F("host.firewall","warn","Does an active ufw or firewalld let in 10250/tcp and 8472/udp from nodes, and the networks of pods and services?","the commands that the check prints"),F("host.cni","fail","Is the host free of another Kubernetes: a running kubelet, or what one left behind (a warning)?","leave the other cluster with its own tools; the commands that the check prints"),F("k3s.labels","fail","Is the kubelet given no label that it refuses (most of kubernetes.io and k8s.io), by configuration or unit?","take it out there, and give it as `labels` of this action"),F("k3s.node-password","fail","Will the server accept the node\u2019s password? One that is this machine\u2019s own is healed","`replace-node`, or another `node` name"),F("k3s.containerd-template","warn","Does a containerd template extend the built-in one?","rename the file and restart, or let gpu-runtime quarantine it"),F("k3s.place","fail","Is k3s installed where its installer puts it?","move it there, or uninstall it and press the button again"),F("k3s.server-token","warn","Is the host free of the cluster\u2019s long-lived tokens?","`adopt: apply` replaces it; then rotate the token"),{id:"plan.node-password",stage:"plan",severity:"fail",asks:"Would a node that lives come back from the start that is planned, although its password file was lost or changed?",remedy:"stop the agent, wait until the node is no longer alive, press the button again",isIgnorable:!1},ke("handshake.ca","Does the server show the CA of the kubeconfig?","see what answers at that address"),ke("handshake.token","Does the server accept the join token?","press the button again; with a given token, give another"),ke("handshake.apiserver","Which API servers does the server name?","make the server reachable from the host; the check says what stands in the way"),ke("handshake.apiserver.<address>","Does the host reach every API server that the cluster names?","allow its port from the host, or give the server an address that the host reaches")];function We(e,t,s){return[s,...ie(t.binary?.version,e.reading.version),vn(t),...P(e,t),M(e),Z(e,t),ge(e,t),Y(e,t),un(e),bn(e,t),f(e,t),...Te(t),...wn(t),...yn(t),...Xe(e,t)]}var w=L(82867);function A(e){const{binary:t,unit:s,environment:n}=e;return{"k3s program":t?`${t.version||"unknown version"} at ${t.path}`:"not installed","k3s unit":s?`${s.name} ${s.activeState} (${s.subState}), ${s.isEnabled?"enabled":"not enabled"}, arguments: ${s.arguments.join(" ")||"none"}`:"not installed",...n?{"k3s env file":`${n.path}: ${n.keys.join(", ")}; token kind: ${n.tokenKind}`}:{},...e.configFiles.length>0?{"k3s configuration":e.configFiles.map(r=>`${r.path} (${r.keys.join(", ")})`).join("; ")}:{},...e.templates.length>0?{"containerd templates":e.templates.map(r=>`${r.path}${r.hasBaseTemplate?"":" (replaces the built-in one)"}`).join("; ")}:{}}}const T={"agent-data":`
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

k3s_half_gone() { if [ -e "$ROOT/var/lib/k3s-gpu-actions/leave/uninstall.sh" ]; then emit fact leave.half present:n true; fi; }

survey_distribution() {
  k3s_find_unit || :
  for part in binary unit env server_unit traces uninstaller half_gone; do ("k3s_$part") || :; done
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
`};async function D(e,t,s){return await(0,g.At)(e,{...t,script:T.evidence},s)}const rt=/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;function _n(e){try{const t=(e.match(rt)??[]).map(s=>new x.X509Certificate(s));if(t.length>0)return t}catch{}throw new RangeError("no readable PEM certificate in the CA bundle")}function Se(e){const t=e[0]??0;let s=e[1]??0,n=2;if(s>128){const r=s&127;s=e.readUIntBE(2,r),n+=r}return{tag:t,content:e.subarray(n,n+s),rest:e.subarray(n+s)}}function xe(e){const t=[];for(let s=e;s.length>1;){const n=Se(s);t.push(n),s=n.rest}return t}const it=Buffer.from("551d0e","hex"),at=Buffer.from("551d23","hex");function Nn(e,t){const s=xe(Se(e.raw).content)[0],n=xe(s?.content??Buffer.alloc(0)).find(r=>r.tag===163);if(n!==void 0)for(const r of xe(Se(n.content).content)){const[i,...a]=xe(r.content);if(i?.content.equals(t))return a.at(-1)?.content}}function Ln(e){const t=Nn(e,at),s=t&&xe(Se(t).content).find(r=>r.tag===128)?.content;if(s===void 0)return!0;const n=Nn(e,it);return n!==void 0&&Se(n).content.equals(s)}function ot(e){const[t,...s]=e,n=(r,i)=>{if(s.some(a=>Ln(a)&&a.raw.equals(r.raw)))return r;for(const a of i){if(!r.checkIssued(a)||!r.verify(a.publicKey))continue;if(Ln(a))return a;const c=n(a,i.filter(h=>h!==a));if(c!==void 0)return c}};return t&&n(t,s)}function dt(e){return(0,x.createHash)("sha256").update(e).digest("hex")}function de(e){const t=_n(e),s=t.length>1?ot(t):void 0;return dt(s?.raw??e)}function ct(e,t){if(de(e)===de(t))return!0;const s=new Set(_n(t).map(n=>n.fingerprint256));return _n(e).every(n=>s.has(n.fingerprint256))}const On=/^[a-z0-9]{6}\.[a-z0-9]{16}$/;function Pn(e){return e===""?{}:{caHash:e}}function Qe(e){const t=e.trim();if(t==="")return{kind:"none",credential:""};if(On.test(t))return{kind:"bootstrap",credential:t};const s=/^K10([0-9a-f]{64})?::([\s\S]+)$/.exec(t);if(s===null)return{kind:"short",credential:t};const[,n="",r=""]=s;if(On.test(r))return{kind:"bootstrap",credential:r,...Pn(n)};const i=r.indexOf(":"),a=r.slice(0,Math.max(i,0)),c=r.slice(i+1);return i<0||c===""?{kind:"short",credential:t}:{kind:a==="server"?"server":a==="node"?"agent":"short",credential:c,...Pn(n)}}function Cn(e,t,s){if(!/^[0-9a-f]{64}$/.test(e))throw new RangeError("a CA hash has 64 lower-case hexadecimal digits");if(!On.test(`${t}.${s}`))throw new RangeError("a bootstrap token is 6 and 16 characters [a-z0-9]");return`K10${e}::${t}.${s}`}function Fn(e){return e.kind==="bootstrap"?`Bearer ${e.credential}`:`Basic ${Buffer.from(`node:${e.credential}`).toString("base64")}`}class Tn extends Error{name="GivenTokenError";code;cause;remedy;evidence=[];constructor(t,s,n,r){super(s),this.code=t,this.cause=n,this.remedy=r}}const Rn="leave `token` out: a bootstrap token is minted through the API and deleted at the end";function lt(e,t,s){const n=Qe(e),r=de(t);if(n.caHash!==void 0&&n.caHash!==r)throw new Tn("token-of-another-cluster","the given token belongs to another cluster, or to this one before its CA was changed",`it pins the CA ${n.caHash.slice(0,12)}\u2026, the kubeconfig's CA is ${r.slice(0,12)}\u2026`,Rn);if(n.kind==="short")throw new Tn("token-without-ca","the given token pins no certificate authority","without the K10 prefix an agent believes whatever server answers",Rn);if((n.kind==="server"||n.kind==="agent")&&!s.allowServerToken)throw new Tn("server-token-refused",`the given token is the ${n.kind}'s own, long-lived one`,n.kind==="server"?"whoever reads it on the node owns the cluster":"whoever reads it on the node can join machines for ever",`${Rn}; or set allow-server-token when you mean it`);if(n.kind==="bootstrap"&&n.caHash===void 0){const[i="",a=""]=e.trim().split(".");return{id:i,text:Cn(r,i,a)}}return{id:"given",text:e.trim()}}var Hn=L(58500);const ut=3e3,Mn=300;class ht extends g.u_{#e;constructor(t,s,n){super(t,{...s,words:{server:"k3s server",namesIn:"tls-san of the k3s server"},onCheck:n}),this.#e=s}async askAuthority(){const{caPem:t,token:s}=this.#e,n="handshake.ca",r="Does the host see the cluster's own certificate authority?";let i;try{const m=await this.get("/cacerts",{});if(m.status!==200||!m.body.includes("-----BEGIN CERTIFICATE-----"))throw new g.O8("protocol",`GET /cacerts: HTTP ${m.status}, no certificate`);i=m.body}catch(m){this.say(await this.firstFault(n,r,m));return}let a,c;try{a=de(i),c=ct(i,t)}catch(m){this.say(await this.faultCheck(n,r,this.server,new g.O8("protocol",(0,g.TN)(String(m)))));return}const h=[`served through the host: ${a}`,`kubeconfig: ${de(t)}`];if(!c){this.say({id:n,verdict:"fail",question:r,found:"another certificate authority",cause:"another server answers at that address through the host\u2019s network, or the kubeconfig is from before the CA was changed",remedy:"compare `server` with the kubeconfig; fetch the kubeconfig again from the server",evidence:h});return}const u=s===void 0?void 0:Qe(s).caHash;if(u!==void 0&&u!==a){const m=u===de(t);this.say({id:n,verdict:"fail",question:r,found:m?"the hash of the token is of another text":"the token was made for another certificate authority",cause:m?"the certificate is the same, but its text in the kubeconfig differs in white space from what the server serves, and the hash counts every byte":"token CA hash does not match the cluster CA certificate hash: the token is from another cluster, or from before the CA was changed",remedy:m?"store the kubeconfig again exactly as the server has it":"give no token, so that one is minted, or fetch a fresh one from the server",evidence:[...h,`token: ${u}`]});return}try{await this.get("/cacerts",{caPem:t})}catch(m){this.say(await this.faultCheck(n,r,this.server,m));return}return this.say({id:n,verdict:"pass",question:r,found:`${a.slice(0,4)}\u2026${a.slice(-2)}`,evidence:h}),a}async askToken(){const{caPem:t,token:s,signal:n}=this.#e,r="handshake.token",i="Does the server accept the token?";if(s===void 0)return this.say({id:r,verdict:"skip",question:i,found:"token not exercised"});const a=Qe(s),c=performance.now();for(;;){let h;try{h=await this.get("/v1-k3s/readyz",{caPem:t,authorization:Fn(a)})}catch(b){return this.say(await this.faultCheck(r,i,this.server,b))}if(h.status===200)return this.say({id:r,verdict:"pass",question:i,found:`accepted (${a.kind} token)`});const u=h.status===401||h.status===403;if(u&&performance.now()-c+Mn<ut){await(0,Hn.setTimeout)(Mn,void 0,{signal:n});continue}const m=[`GET /v1-k3s/readyz: HTTP ${h.status}`];return u?this.say({id:r,verdict:"fail",question:i,found:`refused (${a.kind} token)`,cause:a.kind==="bootstrap"?"the server does not know this token: it has expired or was deleted, or the kubeconfig is of another cluster":"it is not this cluster's token, or the token was changed since",remedy:a.kind==="bootstrap"?"press the button again: a new one is minted; when that is refused too, `server` and the kubeconfig are of different clusters":"give no token, so that one is minted through the kubeconfig; or fetch the current one from the server",evidence:m}):this.say({id:r,verdict:"fail",question:i,found:`the server answers HTTP ${h.status} instead`,cause:"what answers there knows the API but not how agents of k3s join: a load balancer or proxy in front, or no k3s",remedy:"set `server` to the address of a k3s server, where its supervisor listens",evidence:m})}}async#n(){const{caPem:t,token:s,knownApiServers:n=[]}=this.#e,r=(0,g.ku)(this.server.address,this.server.port);if(s===void 0)return[r,...n];const i=await this.get("/v1-k3s/apiservers",{caPem:t,authorization:Fn(Qe(s))});let a;try{a=JSON.parse(i.body)}catch{a=void 0}if(i.status!==200||!Array.isArray(a))throw new g.O8("protocol",`GET /v1-k3s/apiservers: HTTP ${i.status}, no list`);return a.length===0?[r]:a.map(String)}async askApiServers(){let t;try{t=await this.#n()}catch(s){this.say(await this.faultCheck("handshake.apiserver","Which API servers does the server name?",this.server,s));return}return await this.reachAll(t,this.#e.caPem)}}async function ft(e,t,s=()=>{}){const n=new ht(e,t,s),r=await n.askAuthority();if(r===void 0)return{checks:n.checks};if(!(await n.askToken()||t.token===void 0))return{checks:n.checks};const a=await n.askApiServers();return a===void 0?{checks:n.checks}:{checks:n.checks,result:{caHash:r,apiServers:a,via:n.via}}}const Sn="run it again: it continues from what it finds",pt={"init-unsupported":"join a host that runs systemd","staged-missing":Sn,"copy-failed":"free space on the host (df -h /usr/local/bin), then run it again","folder-read-only":"the host keeps this folder read-only (an immutable system, or a file system with errors): make it writable, or install k3s with the means of that system","binary-mismatch":"the file changed between runner and host: run it again; if it stays, look who else writes to /tmp on the host","binary-missing":Sn,"installer-mismatch":Sn,"installer-failed":"read what the installer said below, correct it on the host, and run it again","environment-unreadable":"correct the quotes in that file by hand, and run it again","unit-unreadable":"bring ExecStart of that unit into the form ExecStart=/usr/local/bin/k3s agent \u2026, and run it again","unit-missing":"the unit is gone: delete what is left of k3s on the host, or install it, and run it again","enable-failed":"look at the host on its console: sudo systemctl enable k3s-agent"};function Ve(e,t,s){return w.lZ(e,t,s,pt)}const mt=2e4;function $t(e,t){return Oe(e,t,void 0).some(s=>(s.id==="start"||s.id==="restart")&&s.waitsFor===void 0)}async function gt(e,t,s){const n=await e.run({name:"node-password",script:T["node-password"],privilege:"root",timeoutMs:mt,signal:s}),r=n.lines.find(c=>typeof c.password=="string"),i=typeof r?.password=="string"?r.password.trim():void 0;i&&t(i);const a=Ve(e.label,"reading the node password",n);if(a)throw a;return r?.present===!0?i:void 0}async function kt(e,t,s,n,r,i){if(!$t(s,n))return;let a;try{a=await t.nodePassword(K(s.desired.node),i)}catch(R){if(R instanceof De.b$&&R.code==="forbidden")return{state:"unknown",problem:R.message};throw R}if(!a)return{state:"none"};const{hash:c,...h}=a,u={hasSecret:!0,hasFile:n.hasNodePassword};if(!n.hasNodePassword)return{state:Ie({...u,password:void 0,isMatch:void 0}),secret:h};let m;try{m=await gt(e,r,i)}catch(R){if(i.aborted)throw R;return{state:"unknown",secret:h,problem:R.message}}if(m===void 0)return{state:"missing",secret:h};const b=m===""?void 0:await E(c,m),v=Ie({...u,password:m,isMatch:b});return{state:v,secret:h,...v==="unknown"?{problem:"the hash in the Secret is none that can be checked"}:{}}}const vt=5e3,wt=200;async function jn(e,t,s,n,r,i=vt){const a=performance.now()+(n?i:0);for(;;){const c=await e.nodePassword(t,r);if(!c)return;const h=c.uid===s.uid&&(n||c.resourceVersion===s.resourceVersion);if(!h||performance.now()>=a)return await e.deleteNodePassword(t,h?c:s,r);await(0,Hn.setTimeout)(wt,void 0,{signal:r})}}function yt(e){const s=[["install-binary",e.binary,"binary"],["run-installer",e.installer,"installer"],["write-config",e.config,"config"],["edit-environment",e.environment,"environment"],["edit-unit",e.removeArguments,"removeArguments"]].find(([n,r])=>e.steps.includes(n)&&r===void 0);return s&&`step ${s[0]} needs ${s[2]}`}function Dn(e){if(!(typeof e.step!="string"||e.state!=="done"&&e.state!=="unchanged"))return{step:e.step,state:e.state}}async function bt(e,t,s){const{binary:n,installer:r,environment:i}=t,a=yt(t);if(a!==void 0)throw new TypeError(a);const c=t.removeArguments??[],h=c.find(v=>!/^--?[A-Za-z][A-Za-z0-9-]*$/.test(v));if(h!==void 0)throw new TypeError(`${JSON.stringify(h)} is no name of an argument`);const u=await e.run({name:"apply",script:[T["unit-file"],T["agent-files"],w.gY,T["agent-data"],T.edit,T.apply].join(`
`),env:{RUN_ID:(0,w.np)(t.runId),HOLDER:(0,w.$R)(t.holder),LOCK_WAIT:(0,w.ET)(s),STEPS:t.steps.join(" "),STAGED:n?.stagedPath??"",BINARY_SHA256:n?.sha256??"",INSTALLER_SHA256:r?.sha256??"",SERVER_URL:i?.url??"",REMOVE_ARGUMENTS:c.join(" "),RESTART:t.isRestartFollowing?"yes":"no"},secrets:{TOKEN:i?.token??"",CONFIG:t.config??"",INSTALLER:r?.text??""},privilege:"root",timeoutMs:s.timeoutMs,signal:s.signal,onLine:v=>{const R=Dn(v);R&&s.onStep?.(R.step,R.state),typeof v.waiting_for=="string"&&s.onWaiting?.(v.waiting_for)}}),m=Ve(e.label,"the installation",u);if(m)throw m;const b=u.lines.flatMap(v=>Dn(v)??[]);return{steps:b,isChanged:b.some(v=>v.state==="done"),interrupted:u.lines.flatMap(v=>typeof v.interrupted=="string"?[{runId:v.interrupted,step:String(v.step??"")}]:[]),holdsFormerToken:u.lines.some(v=>v.former_token===!0)}}var Ye=L(51455),_t=L(73024),Ot=L(46466);async function Kn(e,t){const s=(0,x.createHash)("sha256");return await(0,Ot.pipeline)((0,_t.createReadStream)(e),s,{signal:t}),s.digest("hex")}function Gn(e,t){const s=new Set;for(const n of e.split(/\r?\n/)){const[,r,i]=/^\\?([0-9A-Fa-f]{64})[ \t]+\*?(?:\.\/)?(\S.*?)\s*$/.exec(n)??[];r!==void 0&&i===t&&s.add(r.toLowerCase())}return s.size===1?[...s][0]:void 0}class re extends Error{name="ReleaseError";code;cause;remedy;evidence;constructor(t,s,n,r,i=[]){super(s),this.code=t,this.cause=n,this.remedy=r,this.evidence=i}}const Un="run it again; if it stays so, look at https://www.githubstatus.com and at the release page of k3s";function qn(e){const{code:t,cause:s,remedy:n}=typeof e=="object"&&e!==null?e:{};return typeof t=="string"&&typeof s=="string"&&typeof n=="string"}const Tt=["rate-limited","github-refused","github-unreachable"];function zn(e,t,s=[]){if(!qn(e))return new re("download-failed",t,Bn(e),Un,s);const n=Tt.includes(e.code)?e.code:"download-failed";return new re(n,t,e.cause,e.remedy,[...s,...e.evidence??[]])}function Rt(e,t){if(!(!qn(t)||t.code!=="release-not-found"))return new re("release-not-found",`there is no release ${e} of k3s`,`no release of k3s-io/k3s is called ${e}`,"correct the version; all of them are listed at https://github.com/k3s-io/k3s/releases, and look like v1.33.4+k3s1",t.evidence??[])}function Ze(e,t){return new re("checksum-mismatch",`${e} is not what k3s published`,"it was changed on the way (a proxy or mirror), the release was changed after it was published, or the download is damaged","nothing of it was used. Run it again; if it stays so, compare the hashes below with the release page before trusting either",t)}function Bn(e){return typeof e=="object"&&e!==null&&"message"in e?String(e.message):String(e)}const Wn="k3s-io",Qn="k3s",Vn="k3s",St={amd64:"k3s",arm64:"k3s-arm64"},xt=/^[0-9a-f]{64}$/;function Yn(e){const t=e?.toLowerCase().replace(/^sha256:/,"");return t!==void 0&&xt.test(t)?t:void 0}async function Zn(e,t,s){const n=St[e.architecture];if(n===void 0)throw new re("architecture-unsupported",`there is no checked k3s for ${e.architecture||"an unknown architecture"}`,"programs are fetched and checked for amd64 and arm64 only","use a 64-bit x86 or Arm machine");const r=await At(e.version,t,s),i=h=>{const u=r.assets.find(m=>m.name===h);if(u!==void 0)return u;throw new re("release-incomplete",`release ${e.version} of k3s has no file ${h}`,"the release is still being published, or was withdrawn in part","choose another version, or try again later",[`its files: ${r.assets.map(m=>m.name).slice(0,40).join(", ")||"none"}`])},a=i(n),c=Yn(a.digest);return{version:e.version,architecture:e.architecture,sizeBytes:a.sizeBytes,...c===void 0?{}:{sha256:c},binary:a,checksums:i(`sha256sum-${e.architecture}.txt`),commit:r.commit}}function Xt(e){return e.sizeBytes}async function At(e,t,s){try{return await t.release(Wn,Qn,e,s)}catch(n){throw s.aborted?s.reason:Rt(e,n)??zn(n,`release ${e} of k3s cannot be looked up`)}}async function xn(e,t,s,n){try{return await s(e,n)}catch(r){throw n.aborted?n.reason:zn(r,`${t} cannot be downloaded`,[e])}}async function Et(e,t,s){const{binary:n,checksums:r,version:i}=e,a=await xn(r.url,`the checksum file of k3s ${i}`,t,s),c=await(0,Ye.readFile)(a,{encoding:"utf8",signal:s}),h=(0,x.createHash)("sha256").update(c).digest("hex"),u=Yn(r.digest);if(u!==void 0&&u!==h)throw Ze(`the checksum file of k3s ${i}`,[`downloaded: ${h}`,`GitHub's digest: ${u}`]);const m=Gn(c,n.name);if(m===void 0)throw new re("release-incomplete",`the checksum file of k3s ${i} has no line for ${n.name}`,"the file is damaged, or the release is not complete","choose another version, or try again later",[`${r.name}: ${c.split(`
`).filter(b=>b!=="").length} lines`]);if(e.sha256===void 0)return{sha256:m,notes:[`GitHub has no digest for ${n.name}: checked against ${r.name} alone`]};if(e.sha256!==m)throw Ze(`${n.name} of k3s ${i}`,[`${r.name}: ${m}`,`GitHub's digest: ${e.sha256}`]);return{sha256:m,notes:[]}}async function It(e,t,s,n){const{architecture:r,binary:i,version:a}=e,c=_(a);if(c===void 0)throw new RangeError(`${JSON.stringify(a)} is no exact k3s version`);const h=j(c),u=[],m=s.toolCache.find(Vn,h,r);if(m!==void 0){const R=await Kn(m,n).catch(()=>"unreadable");if(n.throwIfAborted(),R===t)return{binary:{path:m,sha256:t,sizeBytes:(await(0,Ye.stat)(m)).size,fromCache:!0},notes:u};u.push(`the tool cache held another file for k3s ${a} (sha256 ${R}); it was not used`)}const b=await xn(i.url,`k3s ${a} for ${r}`,s.download,n),v=await Kn(b,n);if(v!==t)throw Ze(`the downloaded ${i.name} of k3s ${a}`,[`downloaded: ${v}`,`published: ${t}`]);return await s.toolCache.add(b,i.name,Vn,h,r).catch(R=>{n.throwIfAborted(),u.push(`the tool cache could not be used: ${Bn(R)}`)}),{binary:{path:b,sha256:t,sizeBytes:(await(0,Ye.stat)(b)).size,fromCache:!1},notes:u}}async function Nt(e,t,s){const{commit:n,version:r}=e;if(!/^[0-9a-f]{40}$/.test(n))throw new re("release-incomplete",`the commit of k3s ${r} is unknown`,`GitHub gave ${JSON.stringify(n)}`,Un);const i=`https://raw.githubusercontent.com/${Wn}/${Qn}/${n}`,[a,c]=await Promise.all(["install.sh","install.sh.sha256sum"].map(v=>xn(`${i}/${v}`,`${v} of k3s ${r}`,t,s))),[h,u]=await Promise.all([a,c].map(v=>(0,Ye.readFile)(v,{signal:s}))),m=Gn(String(u),"install.sh"),b=(0,x.createHash)("sha256").update(h).digest("hex");if(m!==b)throw Ze(`the installer of k3s ${r}`,[`install.sh: ${b}`,`install.sh.sha256sum: ${m??"no line for install.sh"}`]);return{text:String(h),sha256:b,commit:n}}async function Jn(e,t,s){const n=Nt(e,t.download,s);n.catch(()=>{});try{const r=await Et(e,t.download,s),{binary:i,notes:a}=await It(e,r.sha256,t,s),{version:c,architecture:h}=e;return{version:c,architecture:h,binary:i,installer:await n,notes:[...r.notes,...a]}}catch(r){throw s.aborted?s.reason:r}}async function es(e,t,s){return await Jn(await Zn(e,t.releases,s),t,s)}async function Lt(e,t,s){if(s.unit!==void 0&&s.unit!=="k3s-agent")throw new TypeError(`unknown unit ${s.unit}`);const n=await e.run({name:"undo",script:[T["agent-files"],w.gY,w.O,T["agent-data"],T.undo].join(`
`),env:{RUN_ID:(0,w.np)(t),HOLDER:(0,w.$R)(s.holder??`undo of run ${t}`),LOCK_WAIT:(0,w.ET)(s),STOP:s.stop===!1?"no":"yes"},privilege:"root",timeoutMs:s.timeoutMs,signal:s.signal}),r=Ve(e.label,"the undo",n);if(r)throw r;return{undone:n.lines.flatMap(i=>typeof i.undone=="string"?[i.undone]:[]),remaining:n.lines.flatMap(i=>typeof i.remaining=="string"?[i.remaining]:[])}}async function Pt(e,t,s){const n=await e.run({name:"forget",script:[T["agent-files"],w.gY,T.forget].join(`
`),env:{RUN_ID:(0,w.np)(t),HOLDER:`end of run ${t}`,LOCK_WAIT:(0,w.ET)(s)},privilege:"root",timeoutMs:s.timeoutMs,signal:s.signal}),r=Ve(e.label,"deleting the former token",n);if(r)throw r;return n.lines.flatMap(i=>typeof i.forgotten=="string"?[i.forgotten]:[])}const An=[T["unit-file"],T["survey-settings"],T.survey].join(`
`),Ct=64,Ft=["node-label","node-taint","kubelet-arg"],En=64*1024;function N(e,t,s=4096){const n=e[t];return typeof n=="string"?n.slice(0,s):""}function In(e,t,s){const n=N(e,t,En);return n===""?[]:n.split(s)}function Ht(e,t){const s=e[t];return typeof s=="number"&&Number.isSafeInteger(s)&&s>=0?s:0}const Mt=["none","server","agent","bootstrap","short"];function jt(e){return Mt.find(t=>t===e.token_kind)??"short"}function Xn(e){const t=c=>e.filter(h=>h.fact===`k3s.${c}`).slice(0,Ct),s=c=>e.find(h=>h.fact===`k3s.${c}`),n=s("binary"),r=s("unit"),i=s("environment"),a=s("own-config");return{...n&&{binary:{path:N(n,"path"),version:N(n,"version",128),sha256:N(n,"sha256",64)}},...r&&{unit:{name:N(r,"name",256),path:N(r,"path"),sha256:N(r,"sha256",64),arguments:In(r,"arguments",`
`),activeState:N(r,"active",64),subState:N(r,"sub",64),isEnabled:r.enabled===!0,restarts:Ht(r,"restarts"),needsReload:r.needs_reload===!0}},hasServerUnit:s("server-unit")?.present===!0,changedSinceStart:t("changed").map(c=>N(c,"path")),...i&&{environment:{path:N(i,"path"),sha256:N(i,"sha256",64),mode:N(i,"mode",8),keys:In(i,"keys"," "),url:N(i,"url"),tokenKind:jt(i)}},configFiles:t("config").map(c=>({path:N(c,"path"),sha256:N(c,"sha256",64),mode:N(c,"mode",8),keys:In(c,"keys"," ")})),settings:t("setting").flatMap(c=>{const h=Ft.find(b=>b===c.key);if(h===void 0)return[];const u=N(c,"values",2*En).split(""),m={path:N(c,"path"),key:h,isAdded:c.added===!0};return["",...u.filter(b=>b!=="")].map(b=>({...m,value:b}))}),hasSelinuxPolicy:s("selinux-policy")?.present===!0,...a&&{ownConfig:N(a,"text",En)},hasNodePassword:s("node-password")?.present===!0,templates:t("template").map(c=>({path:N(c,"path"),sha256:N(c,"sha256",64),hasBaseTemplate:c.base===!0}))}}const Je="k3s-agent",Dt=["install-binary","run-installer","write-config","edit-environment","edit-unit","reload","enable"],Kt=18e4,Gt=6e4,Ut=3e4,qt=15e3,zt=[[/Running load balancer k3s-agent-load-balancer/,"agent found the server"],[/containerd is now running/,"containerd up"]];function et(e){return zt.find(([t])=>t.test(e))?.[1]}const Bt="system:bootstrappers:k3s:default-node-token";function Wt(e,t,s){const n=i=>i.verdict==="pass"||i.verdict==="warn"?"\u2713":i.verdict==="skip"?"not exercised":"\u2717";return e.map(i=>i.id==="handshake.ca"?`CA ${t?`${t.slice(0,4)}\u2026${t.slice(-2)} `:""}${n(i)}`:i.id==="handshake.token"?s?`token ${n(i)}`:"token not exercised":`${i.id.replace(/^handshake\.(apiserver\.?)?/,"").replace(/-(\d+)$/,":$1")} ${n(i)}`).join("  ")}function Qt(e){const t=new Map,s=(n,r,i)=>{const a=`${n} ${r}`,c=t.get(a)??Zn({version:n,architecture:r},e.releases,i);return t.set(a,c),c};return{name:"k3s",unit:Je,surveyScript:An,tokenAccessRequests:g.a9,notReadyLimitMs:qt,resolveVersion:(n,r)=>ye(n,r),installedVersion:()=>{},survey:Xn,async inspect(n,r,i,a,c){const h=await kt(n,r,i,a,e.mask,c);return h===void 0?a:{...a,nodePassword:h}},describe:A,checkRegistry:Re,checks:(n,r)=>We(n,r,tn(n.version,n.reading.version)),plan:Oe,needsRelease:gn,async sketchRelease(n,r,i){const{sizeBytes:a,sha256:c}=await s(n,r,i);return{sizeBytes:a,...c?{sha256:c}:{}}},async mint(n,r,i,a,c,h){const{serverTimeMs:u}=await n.read(r,h),m={node:r,runLabel:i.label,ttlMs:a,extraGroups:Bt,now:u},b=(0,g.FY)(m),v=Cn(de(n.caPem),b.id,b.secret);for(const R of[v,`${b.id}.${b.secret}`,b.secret])e.mask(R);return await(0,g.W$)(n,{...m,record:c,token:b},h),{id:b.id,text:v}},revoke:g.ni,tokens:g.qZ,async sweep(n,r,i){const{serverTimeMs:a}=await n.read(r,i);return await(0,g.Ry)(n,{node:r,olderThan:a+1e3},i)},acceptToken:lt,async hold(n,r,i,a,c){return await(0,w.Qw)(n,{...i,runId:r.runId,holder:r.label,onWaiting:a,signal:c})},async handshake(n,r,i,a,c){const h={server:r,caPem:i,...a?{token:a.text}:{},script:w.rV,probe:g.Ys,signal:c},{checks:u,result:m}=await ft(n,h);return{checks:u,passed:m!==void 0,line:Wt(u,m?.caHash,a!==void 0)}},async freeName(n,r,{nodePassword:i},a,c){if(!i?.secret)throw new Error("there is no node password that was looked at");await jn(n,K(r.desired.node),i.secret,a,c)},async forgetNode(n,r,{nodePassword:i},a,c){if(i?.state!=="none")return!1;const h=K(r.desired.node),u=await n.nodePassword(h,c);return u&&await jn(n,h,u,a,c),u!==void 0},async prepare(n,r,i){return await Jn(await s(n,r,i),e,i)},describePrepared:n=>[`k3s ${n.version} ${n.architecture} ${n.binary.sha256.slice(0,12)}\u2026 ${n.binary.fromCache?"from the tool cache, checked again":"downloaded and checked"}`,...n.notes.map(r=>`! ${r}`)],async install(n,r,i,a,c,h){const{prepared:u,credential:m}=i,b=new Set(i.changes.map(ce=>ce.id));let v;b.has("upload-binary")&&u&&(v=await n.upload({path:u.binary.path,name:"k3s",sizeBytes:u.binary.sizeBytes},h),c("upload-binary"));const R={runId:a.runId,holder:a.label,steps:Dt.filter(ce=>b.has(ce)),isRestartFollowing:b.has("start")||b.has("restart"),...v&&u?{binary:{stagedPath:v,sha256:u.binary.sha256}}:{},...u?{installer:u.installer}:{},...b.has("write-config")?{config:ae(r.desired)}:{},...b.has("edit-environment")?{environment:{url:r.server,...m?{token:m.text}:{}}}:{},...b.has("edit-unit")?{removeArguments:Ge}:{}};if(R.steps.length===0)return{needsSettling:!1,notes:[]};const W=await bt(n,R,{signal:h,timeoutMs:Kt,onStep:ce=>c(ce)}),Zt=W.interrupted.map(({step:ce})=>`an earlier run was interrupted here (${ce}); what it left is as this run wants it`);return{needsSettling:W.holdsFormerToken,notes:Zt}},async settle(n,r,i){await Pt(n,r.runId,{signal:i,timeoutMs:Ut})},startProgram:()=>{},async start(n,{action:r,timeoutMs:i},a,c){await(0,w.iJ)(n,{unit:Je,log:H.containerdLog,action:r,signal:c,onEvent:a,timeoutMs:i})},milestone:(n,r)=>r===void 0?et(n):void 0,evidence:(n,r,i)=>D(n,{unit:Je,startedAgoMs:r.startedAgoMs},i),async remove(n,r,i){const{undone:a,remaining:c}=await Lt(n,r.runId,{unit:Je,signal:i,timeoutMs:Gt});return{changes:a,remaining:c}}}}var Ae=L(89427);const nt=["/run/k3s","/run/flannel","/var/lib/kubelet","/var/lib/rancher/k3s","/etc/rancher/k3s","/var/lib/cni"],tt=237,Vt={before:[T["agent-files"]],script:T.leave,folders:nt};function Yt(){return{name:"k3s",unit:"k3s-agent",surveyScript:[An,Ae.Gg,T["leave-survey"]].join(`
`),presence(e){const{binary:t,unit:s,hasServerUnit:n,environment:r}=Xn(e),i=(0,Ae.OE)(e),a=s?.name==="k3s-agent"?s.activeState:"";return{...i,isThere:t!==void 0||s!==void 0||i.isHalfGone,isRunning:(0,Ae.Np)(a),isServer:n,version:t?.version??"",unitState:a,server:r?.url??""}},disturbs({systemdVersion:e,init:t}){return t!=="systemd"||e!==void 0&&e>=tt?void 0:`makes systemd ${e===void 0?"of unknown version":String(e)} reload (SYSTEMD_OFFLINE is heard from ${tt} on): can take the GPU from running containers`},mounts:(e,t,s,n)=>(0,Ae.X0)(e,nt,s,n),uninstall:(e,t,s,n)=>(0,Ae.oN)(Vt,e,t,s,n),nodePassword:K}}}),89427:((st,Ee,L)=>{L.d(Ee,{Dj:()=>Pe,t9:()=>ue,X0:()=>be,wv:()=>Ue,l:()=>qe,qM:()=>fn,Ze:()=>Ke,yd:()=>Me,Vv:()=>gn,FU:()=>_e,O5:()=>U,$4:()=>ne,Gg:()=>fe,Ou:()=>V,r$:()=>$n,Bh:()=>j,A6:()=>Fe,Gm:()=>Le,OW:()=>Ne,Sd:()=>Xe,Ax:()=>G,OE:()=>wn,Np:()=>yn,oN:()=>vn});var g=L(93549);function H(o,d){const l=k=>Object.hasOwn(d,k),p=Object.entries(o.matchLabels??{}).every(([k,y])=>l(k)&&d[k]===y),$=(Array.isArray(o.matchExpressions)?o.matchExpressions:[]).every(k=>{const y=typeof k?.key=="string"?k.key:"",O=Array.isArray(k?.values)?k.values:[];switch(k?.operator){case"In":return l(y)&&O.includes(d[y]);case"NotIn":return!l(y)||!O.includes(d[y]);case"Exists":return l(y);case"DoesNotExist":return!l(y);default:return!1}});return p&&$}const x=o=>typeof o=="string"?o:"",K=o=>typeof o=="number"&&Number.isFinite(o)?o:0,ee=o=>Array.isArray(o)?o.filter(d=>typeof d=="object"&&d!==null):[],ve=o=>Array.isArray(o)?o.filter(d=>typeof d=="string"):[],E=(o,d)=>{const l=o?.[d];return typeof l=="object"&&l!==null?l:{}},Ie=o=>Object.fromEntries(Object.entries(o).filter(d=>typeof d[1]=="string")),le=o=>x(E(o,"metadata").uid),Q=30;function G(o){const[d,l,p]=[E(o,"metadata"),E(o,"spec"),E(o,"status")],f=ee(d.ownerReferences).find(y=>y.controller===!0),$=ee(l.volumes),k=d.deletionGracePeriodSeconds??l.terminationGracePeriodSeconds;return{namespace:x(d.namespace),name:x(d.name),uid:x(d.uid),labels:Ie(E(d,"labels")),...f===void 0?{}:{owner:{kind:x(f.kind),name:x(f.name)}},isMirror:"kubernetes.io/config.mirror"in E(d,"annotations"),isFinished:["Succeeded","Failed"].includes(x(p.phase)),isTerminating:d.deletionTimestamp!==void 0,isReady:ee(p.conditions).some(y=>y.type==="Ready"&&y.status==="True"),emptyDirs:$.filter(y=>"emptyDir"in y).map(y=>x(y.name)),claims:$.map(y=>x(E(y,"persistentVolumeClaim").claimName)).filter(y=>y!==""),graceSeconds:typeof k=="number"?K(k):Q,finalizers:ve(d.finalizers)}}function Ne(o){const[d,l,p]=[E(o,"metadata"),E(o,"spec"),E(o,"status")],f=l.selector;return{namespace:x(d.namespace),name:x(d.name),...typeof f=="object"&&f!==null?{selects:$=>H(f,$)}:{},disruptionsAllowed:K(p.disruptionsAllowed),currentHealthy:K(p.currentHealthy),desiredHealthy:K(p.desiredHealthy),expectedPods:K(p.expectedPods),letsUnhealthyGo:l.unhealthyPodEvictionPolicy==="AlwaysAllow"}}function Le(o){return d=>{const[l,p]=[E(d,"spec"),E(d,"status")];if(l.nodeName===o)return{name:x(E(d,"metadata").name),uid:le(d),volume:x(E(l,"source").persistentVolumeName),attacher:x(l.attacher),problem:(0,g.Pj)(x(E(p,"detachError").message))}}}function Xe(o){return d=>{const l=E(d,"spec"),p=ee(E(E(l,"nodeAffinity"),"required").nodeSelectorTerms);if(!p.some(y=>ee(y.matchExpressions).some(O=>O.key==="kubernetes.io/hostname"&&O.operator==="In"&&ve(O.values).length===1&&ve(O.values)[0]===o))||p.length!==1)return;const $=E(l,"claimRef"),k=x($.name);return{name:x(E(d,"metadata").name),claim:k===""?"":`${x($.namespace)}/${k}`}}}const en={group:"storage.k8s.io",version:"v1",resource:"volumeattachments"};async function ue(o,d,l,p){const f=new AbortController,$=AbortSignal.any([p,f.signal]),k=new Map,y=Le(o),{promise:O,resolve:P,reject:S}=Promise.withResolvers(),I=M=>{const Z=k.get(M);k.delete(M),Z!==void 0&&l.onEvent(`${Pe(Z)} was detached`)},C=M=>{if(M.type==="gone")I(le(M.object));else{const ge=(M.type==="listed"?M.objects:[M.object]).flatMap(J=>y(J)??[]);if(M.type==="listed"){const J=new Set(ge.map(B=>B.uid));for(const B of[...k.keys()])J.has(B)||I(B)}for(const J of ge)k.set(J.uid,J)}k.size===0&&P([])},q=setTimeout(()=>P([...k.values()]),d),Y=()=>S(p.reason);p.addEventListener("abort",Y,{once:!0});const oe=l.cluster.watchObjects(en,C,$).catch(M=>{$.aborted||S(M)});try{return p.throwIfAborted(),await O}finally{clearTimeout(q),p.removeEventListener("abort",Y),f.abort(new Error("the wait is over")),await oe}}const Pe=({name:o,volume:d,attacher:l})=>`${d||o} (${l})`;var _=L(52905);const j=o=>`${o.namespace}/${o.name}`;function he(o,d){return o.isMirror?{type:"stays",because:"static"}:o.isFinished?{type:"stays",because:"finished"}:o.owner?.kind==="DaemonSet"?d.ignoreDaemonSets?{type:"stays",because:"DaemonSet"}:{type:"stops",why:`belongs to DaemonSet ${o.owner.name}, which brings it back`,input:"ignore-daemonsets"}:o.isTerminating?{type:"ends"}:o.owner===void 0&&!d.deleteUnmanagedPods?{type:"stops",why:"has no controller: nothing brings it back elsewhere",input:"delete-unmanaged-pods"}:o.emptyDirs.length>0&&!d.deleteEmptyDirData?{type:"stops",why:`loses what is in its ${`emptyDir ${o.emptyDirs.join(", ")}`}`,input:"delete-emptydir-data"}:{type:"leaves"}}function V(o,d){return[...o].sort((l,p)=>j(l)<j(p)?-1:1).map(l=>({pod:l,ruling:he(l,d)}))}const we=o=>d=>d.ruling.type===o;function ye(o,d){return d.filter(l=>l.namespace===o.namespace&&l.selects?.(o.labels)===!0)}function nn(o,d){if(!o.isReady&&d.letsUnhealthyGo)return;const{currentHealthy:l,desiredHealthy:p,expectedPods:f,disruptionsAllowed:$}=d,k=f>0&&p>=f&&l>=f;if(!($>0||!k))return`budget ${d.namespace}/${d.name} wants ${p} healthy of ${f}, so it never lets one go`}function tn(o,d){const l=ye(o,d);if(!(l.length<2))return`${l.length} budgets are about it (${l.map(p=>p.name).join(", ")}), which evictions do not support`}var ie=L(82867);const X={"await-mounts":`main() {
  deadline=$(($(date +%s) + WAIT))
  while list_mounts | grep -q '^volume' && [ "$(date +%s)" -lt "$deadline" ]; do sleep 0.5 2>/dev/null || sleep 1; done
  emit_mounts
}
`,"leave-steps":`
kept=$ROOT/var/lib/k3s-gpu-actions/leave
step='' was_running=no
report_failed_step() { if [ -n "$step" ]; then emit step "$step" state failed; fi; }

emit_log() { tail -n 20 "$kept/log" 2>/dev/null | while IFS= read -r line; do emit evidence "$line"; done; }

limited_away() {
  code=0
  if [ -n "\${REHEARSAL:-}" ]; then
    set -- "ROOT=$ROOT" "REHEARSAL=$REHEARSAL" "REHEARSAL_UID=\${REHEARSAL_UID:-}" timeout "$LIMIT" "$@"
  else
    set -- timeout "$LIMIT" "$@"
  fi
  env -i "PATH=$PATH" "HOME=\${HOME:-/root}" LC_ALL=C SYSTEMD_OFFLINE=1 "$@" >"$kept/log" 2>&1 </dev/null || code=$?
  if [ "$code" = 124 ] || [ "$code" = 137 ]; then
    emit_log
    die uninstall-timeout "what takes the agent away did not end in $LIMIT s"
  fi
}

start_again() {
  if [ "$was_running" = yes ] && is_installed; then
    if timeout 30 systemctl start --no-block "$unit" >/dev/null 2>&1; then emit note 'the agent was started again'; fi
  fi
}

look_again() {
  if [ -n "$(first_mounts)" ]; then
    start_again
    check_mounts
  fi
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
  check_mounts
  (umask 077 && mkdir -p "$kept")
  for step in $STEPS; do
    prepare
    case $step in
      stop) stop_agent ;;
      uninstall)
        look_again
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
list_mounts() {
  if [ -r "$ROOT/proc/1/mountinfo" ]; then
    awk '{ end = 7; while (end < NF && $end != "-") end++; print $5 "\\001" $(end + 1) "\\001" $(end + 2) "\\001" $4 }' "$ROOT/proc/1/mountinfo"
  else
    awk '{ print $2 "\\001" $3 "\\001" $1 "\\001" }' "$ROOT/proc/mounts"
  fi | awk -F '\\001' -v folders="$FOLDERS" '
    function plain(text) { gsub(/\\\\040/, " ", text); gsub(/\\\\011/, "\\t", text); gsub(/\\\\134/, "\\\\", text); return text }
    function below(path, folder) { return index(path, folder "/") == 1 }
    BEGIN { count = split(folders, folder, " ") }
    {
      path = $1
      inside = 0
      for (at = 1; at <= count; at++) if (below(path, folder[at])) inside = 1
      if (!inside) next
      for (at = 1; at <= count; at++) if (path == folder[at]) next
      ofPods = path ~ /^\\/var\\/lib\\/kubelet\\/(pods|plugins)\\// || path ~ /^\\/run\\/k3s\\// || path ~ /^\\/var\\/lib\\/rancher\\/k3s\\/agent\\//
      empty = $2 ~ /^(overlay|nsfs|proc|sysfs|mqueue|devpts|cgroup2?)$/
      if (empty || (ofPods && ($2 == "tmpfs" || $4 ~ /^(\\/var\\/lib)?\\/kubelet\\/pods\\//))) kind = "own"
      else if (path ~ /^\\/var\\/lib\\/kubelet\\/pods\\/[^\\/]*\\/(volumes|volume-subpaths|volumeDevices)\\// || path ~ /^\\/var\\/lib\\/kubelet\\/plugins\\//) kind = "volume"
      else kind = "foreign"
      printf "%s\\001%s\\001%s\\001%s\\n", kind, plain($2), plain(path), plain($3)
    }'
}

emit_mounts() {
  if [ ! -r "$ROOT/proc/1/mountinfo" ] && [ ! -r "$ROOT/proc/mounts" ]; then return 0; fi
  list_mounts | head -n 200 | while IFS="$(printf '\\001')" read -r kind type path source; do
    emit fact leave.mount kind "$kind" type "$type" path "$path" source "$source"
  done
  emit fact leave.mounts known:n true
}

first_mounts() { list_mounts | awk -F '\\001' '$1 != "own" { print $3 " (" $2 ", " $4 ")" }'; }

check_mounts() {
  if [ ! -r "$ROOT/proc/1/mountinfo" ] && [ ! -r "$ROOT/proc/mounts" ]; then
    die mounts-unknown 'what is mounted on this host cannot be read, so nothing is deleted'
  fi
  left=$(first_mounts)
  [ -n "$left" ] || return 0
  printf '%s\\n' "$left" | head -n 20 | while IFS= read -r line; do emit evidence "$line"; done
  first=\${left%%"
"*}
  die foreign-mounts "$first is mounted under a folder that leaving empties"
}
`},fe=X.mounts,Ce=["own","volume","foreign"],pe=o=>typeof o=="string"?o.slice(0,4096):"";function me(o){return{mounts:o.filter(d=>d.fact==="leave.mount").slice(0,200).map(d=>({path:pe(d.path),type:pe(d.type),source:pe(d.source),kind:Ce.find(l=>l===d.kind)??"foreign"})),areKnown:o.some(d=>d.fact==="leave.mounts"&&d.known===!0)}}async function be(o,d,l,p){const f=await o.run({name:"mounts",script:[fe,X["await-mounts"]].join(`
`),env:{FOLDERS:d.join(" "),WAIT:String(Math.ceil(l/1e3))},privilege:"root",timeoutMs:l+3e4,signal:p}),$=(0,ie.lZ)(o.label,"looking at what is mounted",f);if($)throw $;return me(f.lines).mounts}const ne=({path:o,type:d,source:l})=>`${o} (${d}, ${l})`;function Fe({path:o}){return/^\/var\/lib\/kubelet\/pods\/([^/]+)\//.exec(o)?.[1]??""}function _e(o){return[sn(o),...rn(o),...on(o),...te(o),...dn(o),...cn(o),...ln(o),...un(o),...je(o)]}function sn({node:o,reading:d,host:l,distribution:p}){const f=d.node?.isServer===!0||l?.presence.isServer===!0,$=f?"it is a server":"it is an agent";return(0,_.oQ)("leave.role",`Is ${o} an agent?`,!f,$,{cause:`a server of ${p} holds the cluster itself: its data, its API, its certificates`,remedy:"take a server out by hand, as the documentation of the distribution says; no action here does it"})}function rn({node:o,reading:d,host:l}){if(l===void 0||d.node===void 0)return[];const p=(0,_.Pd)(d.node,l.facts),f={nobody:"there is no node of that name","this-machine":"it is","another-machine":"no: the node is another machine","unknown-machine":"not known: neither a system UUID nor a machine id tells"}[p],$={node:o};return[(0,_.oQ)("leave.machine",`Is this machine the node ${o}?`,p!=="another-machine",f,{cause:"the machine that answers under this address and the one that registered the node have different identities",remedy:"correct the address of the host, or the name of the node",evidence:(0,_.Eb)({reading:d,facts:l.facts,desired:$})})]}const He=o=>URL.canParse(o)?new URL(o).hostname:o,an=o=>/^(localhost|127\.|\[?::1\]?$)/.test(o);function on({servers:o,nodes:d,host:l,reading:p}){if(l===void 0||l.presence.server===""||!l.presence.isThere)return[];const f=He(l.presence.server),$="Did the agent of this machine join this cluster?",k=[...o.map(He),...d.filter(O=>O.isServer).flatMap(O=>[...O.internalIps,...O.externalIps])];if(k.includes(f))return[(0,_.bF)("leave.cluster",$,f)];if((0,_.JG)({reading:p})&&(0,_.Pd)(p.node,l.facts)==="this-machine")return[(0,_.bF)("leave.cluster",$,`${f}, another address of it`)];const y=k.filter(O=>!an(O));return y.length===0?[(0,_.uG)("leave.cluster",$,`it joined through ${f}; only this runner's way to the API is known`)]:[(0,_.oQ)("leave.cluster",$,!1,`it joined through ${f}`,{cause:`this cluster is reached at ${(0,_.H$)([...new Set(y)])}; uninstalling would take the machine out of another one`,remedy:`give the kubeconfig of the cluster that it belongs to, or \`server: ${l.presence.server}\` when that is this one`})]}function te({node:o,reading:d,isHostGone:l}){if(d.node===void 0)return[];const p=(0,_.JG)({reading:d}),f=l?`Has ${o} no heartbeat any more?`:`Is ${o} alive?`;return l?[(0,_.oQ)("leave.alive",f,!p,p?"it has one: the machine is not gone":"it has none",{cause:"a machine that lives would go on working with its node deleted, and register again",remedy:"remove it without host-gone: it is drained and uninstalled first"})]:[(0,_.oQ)("leave.alive",f,p,p?"it has a heartbeat":"it has no heartbeat",{verdict:"warn",cause:"its agent does not run: its pods cannot end in order, they go with the node",remedy:"start the agent first when they are to end in order"})]}function se({pod:o,ruling:d},{budgets:l}){if(d.type==="stops"){const f=d.input==="ignore-daemonsets"?"ignore-daemonsets: true":d.input;return`${j(o)} ${d.why} (${f} allows it)`}if(d.type!=="leaves")return;const p=tn(o,l)??ye(o,l).map(f=>nn(o,f)).find(f=>f!==void 0);return p===void 0?void 0:`${j(o)}: ${p}`}function dn(o){const{reading:d,node:l,wishes:p,budgets:f}=o;if(d.node===void 0||o.isHostGone)return[];const $=`May every pod leave ${l}?`,k=V(o.pods,p),y=k.flatMap(I=>{const C=se(I,o);return C===void 0?[]:[{one:I,why:C}]});if(y.length===0){const I=k.filter(({ruling:q})=>q.type==="leaves").flatMap(({pod:q})=>ye(q,f).map(Y=>({pod:q,budget:Y}))).filter(({budget:q})=>q.disruptionsAllowed<1),[C]=I;return C===void 0?[(0,_.bF)("leave.pods",$,Me(k))]:[(0,_.oQ)("leave.pods",$,!1,`not at once: budget ${C.budget.namespace}/${C.budget.name} lets none go now (${j(C.pod)})`,{verdict:"warn",cause:`it has ${C.budget.currentHealthy} healthy and wants ${C.budget.desiredHealthy}`,remedy:"none needed when that changes within drain-timeout"})]}const[O]=y,P=[...new Set(y.flatMap(({one:I})=>I.ruling.type==="stops"?[I.ruling.input]:[]))],S=P.length===0;return[(0,_.oQ)("leave.pods",$,!1,O?.why??"",{cause:S?"the eviction API keeps what the budget promises, and so does this action: nothing is deleted past it":`${y.length} of its pods would lose something that does not come back`,remedy:S?"add a replica, or change the budget, then press the button again":`press the button again with ${P.map(I=>I==="ignore-daemonsets"?"ignore-daemonsets: true":`${I}: true`).join(" and ")} when that is acceptable`,evidence:y.map(({why:I})=>I)})]}function Me(o){const d=f=>o.filter(f).length,l=f=>$=>$.ruling.type==="stays"&&$.ruling.because===f;return[[d(f=>f.ruling.type==="leaves"),"leave"],[d(f=>f.ruling.type==="ends"),"end already"],[d(l("DaemonSet")),"stay (DaemonSet)"],[d(l("static")),"stay (static)"],[d(l("finished")),"finished"],[d(f=>f.ruling.type==="stops"),"need a decision"]].filter(([f])=>f>0).map(([f,$])=>`${f} ${$}`).join(", ")||"no pod is on it"}function cn({node:o,nodes:d,pods:l,wishes:p}){const f=d.filter(k=>k.name!==o&&k.ready==="True"&&!k.unschedulable);return V(l,p).filter(k=>k.ruling.type==="leaves").length===0||f.length>0?[]:[(0,_.oQ)("leave.room","Is there another node for its pods?",!1,"no other node takes pods",{verdict:"warn",cause:"every other node is not Ready, or cordoned",remedy:"its pods wait until one does; a budget may keep them from leaving until then"})]}function ln({localVolumes:o,reading:d,node:l}){if(d.node===void 0)return[];const p=`Does no claim have its data on ${l} alone?`;if(o.length===0)return[(0,_.bF)("leave.volumes",p,"none")];const f=o.map($=>$.claim===""?`volume ${$.name}`:`${$.claim} (${$.name})`);return[(0,_.oQ)("leave.volumes",p,!1,(0,_.H$)(f),{cause:"volumes of this kind are folders of the machine: their data is deleted with the agent, and their pods find no other node",remedy:"copy the data elsewhere and delete the claims, or name leave.volumes in ignore-checks when the data may be lost",evidence:f})]}function un({host:o,node:d}){if(o===void 0||!o.presence.isThere)return[];const l=`Is nothing of anybody else mounted where leaving empties folders of ${d}?`,{mounts:p,areMountsKnown:f}=o.presence;if(!f)return[(0,_.oQ)("leave.mounts",l,!1,"what is mounted could not be read",{cause:"the uninstaller unmounts by force and deletes; without a list nobody knows what",remedy:"look at the host: cat /proc/mounts, as root"})];const $=p.filter(O=>O.kind==="foreign"),k=p.filter(O=>O.kind==="volume").length,y=k>0?`no; ${k} of volumes go with their pods`:"nothing is";return $.length===0?[(0,_.bF)("leave.mounts",l,y)]:[(0,_.oQ)("leave.mounts",l,!1,(0,_.H$)($.map(ne)),{cause:"the uninstaller would unmount it by force, and delete what it reaches",remedy:"unmount it, or mount it elsewhere, then press the button again; it is never unmounted here",evidence:$.map(ne)})]}function je({host:o,node:d,distribution:l}){if(o===void 0||!o.presence.isThere)return[];const{uninstaller:p}=o.presence;return[(0,_.oQ)("leave.uninstaller",`Is there what takes ${l} off ${d}?`,p!==void 0,p??"there is no uninstaller",{cause:`${l} was installed in another way than by its official installer, or its uninstaller was deleted`,remedy:"remove it by the means that it was installed with; then press the button again, for the cluster"})]}const hn={group:"",version:"v1",resource:"pods"},De={group:"policy",version:"v1",resource:"poddisruptionbudgets"},ae=5e3;async function Ke(o,d,l,{cluster:p,now:f,onEvent:$},k){const y=f(),O=new AbortController,P=AbortSignal.any([k,O.signal]),S=new Map;let I=!1,C=0;const{promise:q,resolve:Y,reject:oe}=Promise.withResolvers(),M=w=>{const[A]=V([w],d),T=S.get(w.uid);if(A.ruling.type==="stops"){Y({type:"stopped",pod:A,left:C});return}if(A.ruling.type==="stays"){Z(w.uid);return}const D=A.ruling.type==="ends"?"ends":T?.state??"wanted";D==="ends"&&T===void 0&&$(`${j(w)} ends already, and may take ${w.graceSeconds} s`),D==="ends"&&T!==void 0&&T.state!=="ends"&&$(`${j(w)} was asked to leave`),S.set(w.uid,{pod:w,state:D,budget:T?.budget??"",words:T?.words??"",againAtMs:T?.againAtMs??0})},Z=w=>{const A=S.get(w);A!==void 0&&(S.delete(w),C+=1,$(`${j(A.pod)} left`))},ge=(w,A)=>{const T=S.get(w.pod.uid);if(T===void 0)return;if(A.type==="gone"){Z(w.pod.uid);return}if(A.type==="evicted"){T.state!=="ends"&&$(`${j(w.pod)} was asked to leave`),T.state="ends",T.budget="",T.words="";return}const D=A.budget===""?"":`${w.pod.namespace}/${A.budget}`;$(`${j(w.pod)} waits${D===""?"":` for budget ${D}`}: ${A.words}`),Object.assign(T,{state:"refused",budget:D,words:A.words,againAtMs:f()+Math.min(A.retryAfterMs??ae,2*ae)})},J=w=>{w.state="asking",p.evictPod(w.pod,P).then(A=>{ge(w,A),B()},A=>{P.aborted||oe(A)})},B=()=>{if(!(P.aborted||!I)){for(const w of S.values())(w.state==="wanted"||w.state==="refused"&&f()>=w.againAtMs)&&J(w);S.size===0?Y({type:"drained",left:C,elapsedMs:f()-y}):f()-y>=l&&Y({type:"deadline",stragglers:[...S.values()].map(Ge),left:C})}},bn=w=>{if(w.type==="listed"){const A=w.objects.map(G),T=new Set(A.map(D=>D.uid));for(const D of[...S.keys()])T.has(D)||Z(D);A.forEach(M),I=!0}else w.type==="gone"?Z(le(w.object)):M(G(w.object));B()},F=()=>{for(const w of S.values())w.state==="refused"&&w.budget!==""&&(w.againAtMs=0);B()},ke=setInterval(B,250),Re=()=>oe(k.reason);k.addEventListener("abort",Re,{once:!0});const We=[p.watchObjects(hn,bn,P,{fieldSelector:`spec.nodeName=${o}`}),p.watchObjects(De,F,P)].map(w=>w.catch(A=>{P.aborted||oe(A)}));try{return k.throwIfAborted(),await q}finally{clearInterval(ke),k.removeEventListener("abort",Re),O.abort(new Error("the drain is over")),await Promise.all(We)}}function Ge({pod:o,state:d,budget:l,words:p}){if(d!=="ends")return{pod:o,budget:l,words:p||"it was not asked yet"};const f=o.finalizers.length>0?`finalizers keep it: ${o.finalizers.join(", ")}`:`it was told to end and has not; it may take ${o.graceSeconds} s`;return{pod:o,budget:"",words:f}}var $e=L(56593);const U={cordon:"cordon",drain:"drain",stop:"stop",uninstall:"uninstall",deleteNode:"delete-node",forgetNode:"forget-node"},fn="k3s-gpu-actions/cordoned-by";function Ue({pods:o,wishes:d}){return V(o,d).filter(l=>we("leaves")(l)||we("ends")(l)).map(({pod:l})=>j(l))}function qe({reading:o,host:d,isHostGone:l}){return!l&&o.node!==void 0&&(0,_.JG)({reading:o})&&d?.presence.isRunning!==!1}const pn=(o,d=6)=>o.length>d?`${o.slice(0,d).join(", ")} and ${o.length-d} more`:o.join(", ");function ze(o){const{node:d,reading:l}=o;if(!qe(o))return[];const p=[];l.node?.unschedulable!==!0&&p.push({id:U.cordon,kind:"cordon",target:`node ${d}`,reason:"no new pod comes to a node that leaves",undo:"opened again when the drain fails"});const f=Ue(o);return f.length>0&&p.push({id:U.drain,kind:"drain",target:`${(0,$e.U9)(f.length,"pod")}: ${pn(f)}`,reason:"they start elsewhere before the node goes; asked by the eviction API, which heeds budgets",disrupts:"restarts these pods on other nodes",undo:"none: what has left has left; the node takes pods again"}),p}function Be({host:o,unit:d,node:l,distribution:p,pods:f,wishes:$}){if(o===void 0||!o.presence.isThere||o.presence.uninstaller===void 0)return[];const{presence:k,disturbs:y}=o,O=V(f,$).filter(we("stays")).filter(({ruling:S})=>S.type==="stays"&&S.because!=="finished").length,P=[];return k.isRunning&&P.push({id:U.stop,kind:"stop",target:d,reason:"the agent ends before it is taken away",...O>0?{disrupts:`ends ${(0,$e.U9)(O,"pod")} that belong to the node (DaemonSet, static)`}:{},undo:"started again while nothing is deleted yet"}),P.push({id:U.uninstall,kind:"remove",target:`${p} of ${l}, by ${k.uninstaller}`,reason:k.isHalfGone?"an earlier removal was interrupted here":"the machine leaves the cluster",...y===void 0?{}:{disrupts:y},undo:"none: the machine comes back by joining again"}),P}function mn({reading:o,node:d,hasPassword:l,isHostGone:p,pods:f}){const $=[];return o.node!==void 0&&$.push({id:U.deleteNode,kind:"delete",target:`node ${d} (uid ${o.node.uid})`,reason:p?"its machine is gone for good":"nothing stands behind it any more",...p&&f.length>0?{disrupts:`forgets ${(0,$e.U9)(f.length,"pod")} that were bound to it`}:{},undo:"none: a deleted node comes back only by joining again"}),l===!0&&$.push({id:U.forgetNode,kind:"delete",target:`password of ${d} in kube-system`,reason:"a machine that joins under this name later has another one",undo:"not needed: a new one is made at the next join"}),$}function $n(o,d){const l=Be(o),p=[...ze(o),...l,...mn(o)],{facts:f,disturbs:$}=o.host??{},k=l.filter(O=>O.id===U.uninstall&&$!==void 0).map(O=>({...O,kind:"reload"})),y=f===void 0?[]:(0,_.h_)(f,k,o.wishes.allowGpuDisruption===!0);return{changes:p,blockers:p.length===0?[]:[...d,...y]}}const z=(o,d,l,p,f="fail")=>({id:o,stage:"preflight",severity:f,asks:d,remedy:l,isIgnorable:p}),gn=[z("leave.role","Is it an agent, and no server of the cluster?","servers are taken out by hand",!1),z("leave.machine","Is this machine the node of that name?","name the machine that is the node",!1),z("leave.cluster","Did the agent of this machine join this cluster?","give the kubeconfig of its cluster",!1),z("leave.alive","With `host-gone`: has the node no heartbeat any more? Otherwise a warning when it has none","remove it without `host-gone`, so that it is drained and uninstalled",!1),z("leave.pods","May every pod be asked to leave: managed, without emptyDir, with a budget that can allow it?","`delete-emptydir-data`, `delete-unmanaged-pods`, another replica, or another budget",!0),z("leave.room","Is there another node for its pods?","none needed when they may wait",!0,"warn"),z("leave.volumes","Does no claim have its data on this node alone?","copy the data elsewhere, delete the claim, or name this check in `ignore-checks`: the data is deleted",!0),z("leave.mounts","Is nothing of anybody else mounted under the folders that leaving empties?","unmount it, or mount it elsewhere; it is never unmounted here",!1),z("leave.uninstaller","Is there what takes the agent away?","remove it by the means it was installed with",!1)],Oe={"foreign-mounts":"unmount it, or mount it elsewhere, then press the button again; it is never unmounted here","mounts-unknown":"look at the host as root: cat /proc/mounts","server-present":"take a server out by hand; no action here does it","stop-failed":"look at the unit on the host\u2019s console with systemctl status; then press the button again","uninstaller-missing":"remove it by the means it was installed with; then press the button again, for the cluster","uninstall-timeout":"look for what hangs (a dead NFS server, a volume that is still mounted), then press the button again: it goes on from there","uninstall-failed":"read what the uninstaller said below, correct it on the host, and press the button again"},kn=24e4;async function vn(o,d,{run:l,steps:p,timeoutMs:f},$,k){const y=new Set,O=await d.run({name:"leave",script:[...o.before,ie.gY,fe,o.script,X["leave-steps"]].join(`
`),env:{RUN_ID:(0,ie.np)(l.runId),HOLDER:(0,ie.$R)(l.label),LOCK_WAIT:"60",STEPS:p.join(" "),FOLDERS:o.folders.join(" "),LIMIT:String(Math.ceil(f/1e3))},privilege:"root",timeoutMs:f+kn,signal:k,onLine:({step:S,state:I})=>{I!=="done"||S!=="stop"&&S!=="uninstall"||y.has(S)||(y.add(S),$(S))}}),P=(0,ie.lZ)(d.label,"leaving",O,Oe);if(P)throw P;return{stays:Te(O.lines,"stays")}}const Te=(o,d)=>o.flatMap(l=>{const p=l[d];return typeof p=="string"?[p.slice(0,4096)]:[]});function wn(o){const d=$=>o.filter(k=>k.fact===$).slice(0,64),{mounts:l,areKnown:p}=me(o),[f]=Te(d("leave.uninstaller"),"path");return{traces:Te(d("leave.trace"),"path"),isHalfGone:d("leave.half").some($=>$.present===!0),...f===void 0?{}:{uninstaller:f},mounts:l,areMountsKnown:p}}function yn(o){return["active","activating","reloading","refreshing","deactivating"].includes(o)}})};export{ns as id,ts as ids,ss as modules};
