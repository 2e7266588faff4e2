const tn=154,nn=[154],rn={45154:((Zt,te,p)=>{p.r(te),p.d(te,{createKubeadm:()=>Ut,kubeadmCheckRegistry:()=>he,kubeadmChecks:()=>me,kubeadmSurveyScript:()=>Se,leavingKubeadm:()=>Vt,paths:()=>k,planHost:()=>Re,renderJoinConfig:()=>ge});function $(t){const[,e,n,r]=/^v?(\d{1,3})\.(\d{1,3})\.(\d{1,4})(?![\d.])/.exec(t.trim())??[];if(e!==void 0)return{text:`v${e}.${n}.${r}`,minor:Number(e)*100+Number(n),patch:Number(r)}}class ne extends Error{name="KubeadmVersionError";code="version-invalid";cause;remedy;evidence=[];constructor(e,n,r){super(e),this.cause=n,this.remedy=r}}const D=3;function Pe(t,e){return t.minor<=e.minor&&e.minor-t.minor<=D}function Ae(t,e,n){const r=$(e);if(t.trim()==="match-server"){if(r===void 0||/\+k3s/.test(e))throw new ne(`the server's version ${JSON.stringify(e)} is none that kubeadm sets up`,"the server runs another distribution of Kubernetes, or what answers is no API server","check the kubeconfig, or set `distribution`");const i=$(n??"");return i!==void 0&&Pe(i,r)?i.text:r.text}const s=/^v?\d+\.\d+\.\d+$/.test(t.trim())?$(t):void 0;if(s!==void 0)return s.text;throw new ne(`version ${JSON.stringify(t)} is no version of Kubernetes`,"kubeadm joins with the packages that are installed, which have exact versions","write `match-server`, or the exact version that is installed, like v1.32.7")}function re(t){return $(t.programs.kubelet?.version??"")?.text}function se(t){return $(t.programs.kubeadm?.version??"")?.minor}function Ee(t){return t.find(e=>e.verdict==="fail")??t.find(e=>e.verdict==="warn")}function Fe(t,e){const n=e.minor-t.minor;return n<0?[{verdict:"fail",found:`the kubelet ${t.text} is newer than the server ${e.text}`,cause:"a kubelet newer than its API server is not supported, and neither kubeadm nor the server notices",remedy:`install the packages of ${e.text} (kubeadm, kubelet), or upgrade the control plane first`}]:n>D?[{verdict:"fail",found:`the kubelet ${t.text} is ${n} minor versions older than the server ${e.text}`,cause:`a kubelet may be at most ${D} minor versions older than its API server`,remedy:`install the packages of ${e.text} (kubeadm, kubelet)`}]:n>0?[{verdict:"warn",found:`the kubelet ${t.text} is ${n} minor version${n===1?"":"s"} older than the server ${e.text}`,cause:"supported, but not what the control plane was set up with",remedy:`install the packages of ${e.text} when it suits`}]:t.patch>e.patch?[{verdict:"warn",found:`the kubelet ${t.text} is a newer patch than the server ${e.text}`,cause:"the same minor version, so it is supported; the control plane lacks fixes that the node has",remedy:`upgrade the control plane to ${t.text} when it suits`}]:[]}function Me(t,e,n){const r=`install the packages of ${n.text} (kubeadm, kubelet)`;if(t.minor-n.minor>1)return[{verdict:"fail",found:`kubeadm ${t.text} is more than one minor version newer than the server ${n.text}`,cause:"this version of kubeadm only supports deploying clusters whose control plane is at most one minor older",remedy:r}];const s=[];return e.minor>t.minor&&s.push({verdict:"warn",found:`the kubelet ${e.text} is newer than kubeadm ${t.text}`,cause:"kubeadm writes a configuration for kubelets of its own version or older",remedy:r}),t.minor!==n.minor&&s.push({verdict:"warn",found:`kubeadm ${t.text} is of another minor version than the server ${n.text}`,cause:"kubeadm should be of the version that the control plane was last set up or upgraded with",remedy:r}),s}function Ne(t,e,n){const r="kubeadm.version",s=`Do the installed packages go with a server of ${e}?`,[i,o,a]=[$(t.programs.kubelet?.version??""),$(t.programs.kubeadm?.version??""),$(e)];if(i===void 0||o===void 0||a===void 0)return{id:r,verdict:"skip",question:s,found:"unknown: a version could not be read"};const u=$(n)?.text===i.text?[]:[{verdict:"fail",found:`${i.text} is installed, ${n} is wanted`,cause:"kubeadm joins with the packages of the host; nothing is downloaded",remedy:`install kubelet and kubeadm ${n} with the package manager, or write version: match-server`}],c=Ee([...Fe(i,a),...Me(o,i,a),...u]);if(c!==void 0)return{id:r,question:s,...c};const l=o.text===i.text?i.text:`kubelet ${i.text}, kubeadm ${o.text}`;return{id:r,verdict:"pass",question:s,found:l}}var d=p(52905),C=p(77598);const De=/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;function K(t){try{return(t.match(De)??[]).map(e=>new C.X509Certificate(e))}catch{return[]}}function Ke(t){const e=t.publicKey.export({type:"spki",format:"der"});return`sha256:${(0,C.createHash)("sha256").update(e).digest("hex")}`}function O(t){return[...new Set(K(t).map(Ke))]}function Xt(t){const[e]=O(t);if(e===void 0)throw new RangeError("no readable PEM certificate in the CA bundle");return e}function R(t,e){const n=new Set(O(e));return O(t).some(r=>n.has(r))}function L(t){const e=t.replace(/^sha256:/,"");return`${e.slice(0,8)}\u2026${e.slice(-4)}`}const ie="kubeadm.ca",oe="Do kubeconfig, cluster-info, host and server name the same certificate authority?";function j(t){const e=O(t);return e.length>0?e.map(L).join(" and "):"no readable certificate"}function Le(t){const e={kubeconfig:"signed by the authority of the kubeconfig","cluster-info":"signed by the authority of cluster-info, not by that of the kubeconfig",neither:"signed by another authority than those of kubeconfig and cluster-info",unknown:"not asked"}[t.served];return[`kubeconfig: ${j(t.kubeconfig)}`,`kube-public/cluster-info: ${t.clusterInfo===void 0?"not read":j(t.clusterInfo)}`,...Object.entries(t.host).map(([n,r])=>`${n} on the host: ${j(r)}`),`the server as the host sees it: ${e}`]}function x(t,e,n,r){return{stale:t,check:{id:ie,verdict:"fail",question:oe,found:e,cause:n,remedy:r}}}function He(t){const e=Math.max(K(t.kubeconfig).length,t.clusterInfo===void 0?0:K(t.clusterInfo).length);return e>1?`; ${e} certificates, as while an authority is being changed: all of them are pinned`:""}function qe(t){const{kubeconfig:e,clusterInfo:n,host:r,served:s}=t,i=n===void 0||R(n,e);if(s==="neither")return x("address","the host is shown a certificate of another authority","another server answers at that address through the host\u2019s network, or something in between opens TLS","compare `server` with the kubeconfig, and find out who answers there");if(!i&&s==="cluster-info")return x("kubeconfig","server and cluster-info agree, and the kubeconfig names another authority","the host reaches another server than the runner, or the kubeconfig is from before the authority was changed","fetch the kubeconfig again from a control plane; check that `server` is of the same cluster");if(!i)return x("cluster-info","kube-public/cluster-info names another authority than the one that the cluster has","the authority was changed, and cluster-info is not renewed with it: kubeadm would wait five minutes and say x509: certificate signed by unknown authority","on a control plane, once /etc/kubernetes/admin.conf is up to date: sudo kubeadm init phase bootstrap-token (writes cluster-info anew)");const o=Object.entries(r).filter(([,u])=>!R(u,e));if(o.length>0)return x("host",`${o.map(([u])=>u).join(" and ")} on the host ${o.length===1?"is":"are"} of another authority`,"left by another cluster, or from before the authority was changed; kubeadm never overwrites pki/ca.crt, and logs and exec of such a node do not work","when nothing of it is needed, on the host: sudo kubeadm reset -f; then press the button again");const a=n===void 0||s==="unknown";return{check:{id:ie,verdict:"pass",question:oe,found:`${j(e)}${He(t)}${a?"; not every place could be asked":""}`}}}function ae(t){const e=qe(t);return{...e,check:{...e.check,evidence:Le(t)}}}const k={kubeletConfig:"/etc/kubernetes/kubelet.conf",bootstrapConfig:"/etc/kubernetes/bootstrap-kubelet.conf",clusterAuthority:"/etc/kubernetes/pki/ca.crt",manifests:"/etc/kubernetes/manifests",kubeletSettings:"/var/lib/kubelet/config.yaml",kubeletFlags:"/var/lib/kubelet/kubeadm-flags.env",kubeletCertificate:"/var/lib/kubelet/pki/kubelet-client-current.pem",containerdConfig:"/etc/containerd/config.toml",runs:"/var/lib/k3s-gpu-actions/runs"},P=10250;function H(t){const e=URL.canParse(t)?new URL(t):void 0;if(e?.protocol!=="https:"||e.hostname==="")throw new RangeError(`server ${JSON.stringify(t)} is not an address like https://host:6443`);return`${e.hostname}:${e.port||"443"}`}function Be(t,e){const n=O(e);if(n.length===0)throw new RangeError("no readable PEM certificate in the CA bundle");return{endpoint:H(t),caCertHashes:n}}const Ge=/^(kube-(apiserver|controller-manager|scheduler)|etcd)\.ya?ml$/;function q(t){try{return H(t)}catch{return""}}function Je(t,e){return e.caPem||t.caPem||""}function de(t,e,n){const r=Je(e,n);return e.authorityPem!==void 0&&r!==""?R(r,e.authorityPem):n.server!==""&&q(n.server)===q(t.server)}function B(t,e){const n=e.kubeconfigs.filter(s=>!de(t,e,s)).map(s=>`${s.path} (${s.server||"names no server"})`);return e.caPem!==void 0&&e.authorityPem!==void 0&&!R(e.caPem,e.authorityPem)?[...n,`${k.clusterAuthority} (another authority)`]:n}function v(t,e){if(e.manifests.some(o=>Ge.test(o)))return"control-plane";const n=e.kubeconfigs.find(o=>o.path===k.kubeletConfig),r=e.interrupted.some(o=>o.server===q(t.server)),s=B(t,e);return n&&de(t,e,n)?e.hasClientCertificate?"joined":r&&s.length===0?"unfinished":"leftover":n?"foreign":e.files.length===0&&e.manifests.length===0?"fresh":r&&s.length===0?"unfinished":Qe(e)?"leftover":"fresh"}function Qe(t){const e=[k.bootstrapConfig,k.clusterAuthority,k.kubeletConfig];return t.manifests.length>0||t.files.some(n=>e.includes(n))}function ze(t){return t.reading.node?.annotations[d.hk.desired]!==void 0}function Ue(t,e){const n="kubeadm.leftovers",r="Is the host free of what an earlier join left?",s=v(t,e);if(s==="joined")return(0,d.bF)(n,r,"it is a node of this cluster");if(s==="unfinished")return(0,d.bF)(n,r,`left by an interrupted run of this project, and reset: ${(0,d.H$)(e.files)}`);const i=[...e.files,...e.manifests.map(o=>`${k.manifests}/${o}`)];return s==="fresh"?(0,d.bF)(n,r,i.length>0?`nothing that matters (${(0,d.H$)(i)})`:"nothing found"):(0,d.oQ)(n,r,!1,`left behind: ${(0,d.H$)(i)}`,{cause:s==="leftover"?"kubeadm refuses to join over it, and a foreign pki/ca.crt would stay: logs and exec of such a node do not work":"this host belongs to something else, see plan.kubeadm-cluster",remedy:"when nothing of it is needed, on the host: sudo kubeadm reset -f; then press the button again",evidence:B(t,e)})}function We(t,e){const{cluster:n,authorityPem:r}=e;if(n===void 0||r===void 0)return[];if(["foreign","control-plane"].includes(v(t,e)))return[];const s={};e.caPem!==void 0&&(s[k.clusterAuthority]=e.caPem);for(const o of e.kubeconfigs)o.caPem!==""&&(s[o.path]=o.caPem);const{check:i}=ae({kubeconfig:r,...n.clusterInfo.state==="read"?{clusterInfo:n.clusterInfo.caPem}:{},host:s,served:n.served});return n.clusterInfo.state==="missing"?[{...i,verdict:"fail",found:"there is no ConfigMap kube-public/cluster-info",cause:"kubeadm finds the cluster by it; a cluster that kubeadm did not set up has none",remedy:"on a control plane: sudo kubeadm init phase bootstrap-token; or set `distribution: k3s`"}]:[i]}function Ve(t,e){const n="plan.kubeadm-cluster",r="Does the host belong to no other cluster, and to no control plane?",s=v(t,e);if(s==="control-plane")return[(0,d.oQ)(n,r,!1,`a control plane: ${(0,d.H$)(e.manifests)} in ${k.manifests}`,{cause:"a control plane is not turned into a worker",remedy:"name another host"})];if(s!=="foreign")return[(0,d.bF)(n,r,s==="joined"?"it belongs to this one":"it does not")];const i=["active","activating"].includes(e.unit?.activeState??"")&&e.hasClientCertificate;return[(0,d.oQ)(n,r,!1,(0,d.H$)(B(t,e)),{cause:i?"its kubelet runs for another cluster; kubeadm that is told to skip its checks would say that it joined, and the node would be Ready there":"it was a node of another cluster; a kubelet that finds its kubelet.conf goes back there",remedy:`leave the other cluster first: drain and delete the node there, then on the host: sudo kubeadm reset -f${i?"":" (when nothing of it is needed)"}`})]}function Ye(t,e){const{node:n}=t.reading;return!["fresh","unfinished","leftover"].includes(v(t,e))||n===void 0||n.ready!=="True"||(0,d.ik)(t)?[]:[(0,d.oQ)("plan.kubeadm-node","Is there no Node of this name that is called Ready?",!1,`${n.name} is Ready (uid ${n.uid})`,{cause:"the host is no node any more, and kubeadm refuses to join while the API calls it Ready",remedy:`press the button again in a minute, when it is no longer Ready; or now with replace-node = ${n.name}, once it has no heartbeat`})]}function Ze(t,e){const{facts:n}=t,r="kubeadm.swap",s="Will the kubelet start with the swap that is there?";if(n.swapBytes===0)return(0,d.bF)(r,s,"no swap");const i=`${Math.round(n.swapBytes/1024**2)} MiB of swap`,o=e.cluster?.kubeletConfig;return o?.state==="read"&&!o.failSwapOn?(0,d.bF)(r,s,`${i}, and kube-system/kubelet-config has failSwapOn: false`):v(t,e)==="joined"?(0,d.bF)(r,s,`${i}, and the kubelet lives with it`):(0,d.oQ)(r,s,!1,i,{cause:"a kubelet refuses to run with swap unless failSwapOn is false, and kubeadm waits for it for minutes",remedy:"sudo swapoff -a, and take swap out of /etc/fstab (on a Raspberry Pi: sudo systemctl disable --now dphys-swapfile)"})}function Xe({server:t},e){const n="kubeadm.ip-forward",r="Does the kernel forward packets, as pods need it?",s=new URL(t).hostname.startsWith("["),i=s?e.sysctl.ipv6Forward:e.sysctl.ipForward,o=s?"net.ipv6.conf.default.forwarding":"net.ipv4.ip_forward";return i===""?(0,d.uG)(n,r,`the host does not say what ${o} is`):(0,d.oQ)(n,r,i==="1",`${o} = ${i}`,{cause:"kubeadm refuses to join without it, and packets between pods would be dropped",remedy:`set \`sysctl\` ${o}: 1 for this node, or: echo '${o} = 1' | sudo tee /etc/sysctl.d/99-kubernetes.conf && sudo sysctl --system`})}function et({facts:t,server:e},n){const r="kubeadm.port",s=`Is port ${P} free for the kubelet?`,i=t.ports.filter(l=>l.port===P),[o]=i;if(!o)return(0,d.bF)(r,s,"free");const a=v({server:e},n)==="joined",u=i.every(({process:l,owner:m})=>m==="kubelet.service"||m===""&&(l==="kubelet"||l===""));if(a&&u)return(0,d.bF)(r,s,"held by the kubelet itself");const c=`${o.process||"an unknown process"} (pid ${o.pid||"unknown"}${o.owner?`, ${o.owner}`:""})`;return(0,d.oQ)(r,s,!1,`held by ${c}`,{cause:"kubeadm refuses to join, and the kubelet could not listen there",remedy:o.owner.endsWith(".service")?`stop it when nobody needs it: sudo systemctl disable --now ${o.owner}`:`stop that process: sudo ss -lntp 'sport = :${P}'`})}function tt(t){const e="kubeadm.kubelet-unit",n="Is the kubelet a unit that reads what kubeadm writes?",{unit:r}=t;return r?r.isMasked?(0,d.oQ)(e,n,!1,"the unit kubelet is masked",{cause:"a masked unit cannot be started",remedy:"sudo systemctl unmask kubelet"}):r.readsKubeadm?(0,d.bF)(e,n,`${r.activeState} (${r.subState})${r.isEnabled?"":", not enabled yet"}`):(0,d.oQ)(e,n,!1,`${r.path} ${r.dropIns.length>0?`with ${r.dropIns.join(", ")}`:"without a drop-in"}`,{cause:"its command line does not name bootstrap-kubelet.conf, kubelet.conf, config.yaml and kubeadm-flags.env, so it would start without what kubeadm writes",remedy:"put the drop-in 10-kubeadm.conf of the package kubeadm back (kubernetes.io: the kubelet drop-in file for systemd), then: sudo systemctl daemon-reload"}):(0,d.oQ)(e,n,!1,"there is no unit kubelet",{cause:"kubeadm starts the kubelet by systemd",remedy:"install the package kubelet from pkgs.k8s.io, which brings the unit and its drop-in"})}function ue(t){const e=se(t)??133,n=["mount"];return e>=133?n.push("losetup"):n.push("ip","iptables","nsenter"),e<132&&n.push("conntrack"),t.missingTools.filter(r=>n.includes(r))}function nt(t,e){const{kubeadm:n,kubelet:r}=e.programs,s=[...n?[]:["kubeadm"],...r?[]:["kubelet"],...ue(e)],i=/rhel|fedora|suse/.test(`${t.facts.os.id} ${t.facts.os.idLike}`),o=t.version.replace(/^(v\d+\.\d+)\..*$/,"$1");return(0,d.oQ)("kubeadm.programs","Are kubeadm, the kubelet and what they call installed?",s.length===0,s.length===0?`kubeadm ${n?.version||"of unknown version"}, kubelet ${r?.version||"of unknown version"}`:`missing: ${s.join(", ")}`,{cause:"kubeadm joins with what is installed; nothing of Kubernetes is downloaded",remedy:n&&r?"install the packages that bring them (iproute, iptables, conntrack, util-linux, mount)":`install the packages of ${o} from pkgs.k8s.io: sudo ${i?"dnf install kubelet kubeadm":"apt-get install kubelet kubeadm"}, then hold them`})}const G="unix:///var/run/containerd/containerd.sock";function S(t){const[e,...n]=t.criSockets;return e===void 0?G:n.length===0?e:t.containerd.activeState==="active"&&t.containerd.config?.isCriDisabled!==!0&&t.criSockets.includes(G)?G:void 0}const ce=t=>t?.endsWith("/containerd.sock")??!1;function rt(t){const e="kubeadm.cri-socket",n="Is it clear which container runtime the kubelet uses?",r=S(t);return t.criSockets.length<2?(0,d.bF)(e,n,t.criSockets[0]??"no socket yet; containerd\u2019s is the default"):r!==void 0?(0,d.bF)(e,n,`${r}, of ${t.criSockets.join(" and ")}`):(0,d.oQ)(e,n,!1,`several: ${t.criSockets.join(", ")}`,{cause:"kubeadm refuses to choose (found multiple CRI endpoints on the host), and containerd is not usable",remedy:"remove the runtime that is not used, or start containerd"})}function st(t){const e="kubeadm.containerd",n="Does the container runtime run, with its interface for kubelets?",r=S(t);if(r!==void 0&&!ce(r))return(0,d.bF)(e,n,r);const{activeState:s,config:i,isEnabled:o}=t.containerd;if(s!=="active"&&t.criSockets.length===0){const a=t.programs.containerd!==void 0;return(0,d.oQ)(e,n,!1,a?`containerd is ${s||"no unit"}`:"no containerd",{cause:"a kubelet without a container runtime does not start; kubeadm only warns and then waits for minutes",remedy:a?"sudo systemctl enable --now containerd":"install containerd (package containerd.io or containerd)"})}return s!==""&&s!=="active"?(0,d.oQ)(e,n,!1,`containerd is ${s}`,{cause:"a kubelet without a container runtime does not start; kubeadm only warns and then waits for minutes",remedy:"sudo systemctl enable --now containerd; when it does not stay up: journalctl -u containerd"}):i?.isCriDisabled?(0,d.oQ)(e,n,!1,`${i.path} has cri in disabled_plugins`,{cause:"the packages of Docker ship containerd without its interface for kubelets",remedy:`take cri out of disabled_plugins in ${i.path}, then: sudo systemctl restart containerd`}):s==="active"&&!o?(0,d.oQ)(e,n,!1,"containerd runs, and is not started at boot",{verdict:"warn",cause:"after a reboot the kubelet would wait for it",remedy:"sudo systemctl enable containerd"}):(0,d.bF)(e,n,`containerd ${t.programs.containerd?.version||"of unknown version"}`)}function le(t){const[,e,n]=/^v?(\d+)\.(\d+)\./.exec(t??"")??[];return e===void 0?0:Number(e)*100+Number(n)}function it(t){const{config:e}=t.containerd;if(e===void 0)return t.programs.containerd?"cgroupfs":void 0;const n=e.systemdCgroup[e.defaultRuntime||"runc"];return n===void 0?e.hasImports?void 0:"cgroupfs":n?"systemd":"cgroupfs"}function ot(t){const e="kubeadm.cgroup-driver",n="Do kubelet and container runtime use the same cgroup driver?",r=t.cgroupDriver||(t.cluster?.kubeletConfig.state==="read"?t.cluster.kubeletConfig.cgroupDriver:"")||"systemd";if(!ce(S(t)))return(0,d.uG)(e,n,"the runtime is not containerd");if(le(t.programs.kubelet?.version)>=131&&le(t.programs.containerd?.version)>=200)return(0,d.bF)(e,n,"the kubelet asks containerd for it");const s=it(t);if(s===void 0)return(0,d.uG)(e,n,`${k.containerdConfig} imports other files`);const i=t.containerd.config?.defaultRuntime||"runc";return(0,d.oQ)(e,n,s===r,s===r?s:`kubelet ${r}, containerd ${s}`,{cause:"with two drivers pods are killed or never start, and the node says nothing of it",remedy:r==="systemd"?`set SystemdCgroup = true in the options of runtime ${i} in ${t.containerd.config?.path??`${k.containerdConfig} (containerd config default writes one)`}, then: sudo systemctl restart containerd`:`set SystemdCgroup = false for runtime ${i}, or cgroupDriver: systemd in kube-system/kubelet-config`})}const fe={"kubeadm.programs":(t,e)=>ue(e).map(n=>`FileExisting-${n}`),"kubeadm.version":()=>["KubeletVersion"],"kubeadm.swap":({facts:t})=>t.swapBytes>0?["Swap"]:[],"kubeadm.ip-forward":({server:t})=>[new URL(t).hostname.startsWith("[")?"FileContent--proc-sys-net-ipv6-conf-default-forwarding":"FileContent--proc-sys-net-ipv4-ip_forward"],"kubeadm.port":()=>[`Port-${P}`],"kubeadm.containerd":()=>["CRI"],"kubeadm.kubelet-unit":()=>["Service-Kubelet"],"host.cgroup":()=>["SystemVerification"]};function at(t,e,n){return[...new Set(n.flatMap(r=>(Object.hasOwn(fe,r)?fe[r]?.(t,e):void 0)??[]))].sort()}const g=(t,e,n,r)=>({id:t,stage:"preflight",severity:e,asks:n,remedy:r,isIgnorable:!0}),_=(t,e,n,r)=>({id:e,stage:t,severity:"fail",asks:n,remedy:r,isIgnorable:!1}),he=[g("kubeadm.programs","fail","Are kubeadm, the kubelet and the programs that this kubeadm demands installed?","install the packages kubelet and kubeadm of the cluster\u2019s minor version"),g("kubeadm.version","fail","Do the installed packages go with the server: the kubelet not newer, at most 3 minor versions older; kubeadm at most one newer? A warning when they differ otherwise","install the packages of the server\u2019s version"),g("kubeadm.kubelet-unit","fail","Is there a unit kubelet that is not masked and reads what kubeadm writes?","install the package kubelet; put 10-kubeadm.conf back"),g("kubeadm.cri-socket","fail","Is it clear which container runtime the kubelet uses? kubeadm refuses when it finds two","remove the runtime that is not used, or start containerd"),g("kubeadm.containerd","fail","Does the container runtime run, with its interface for kubelets? A warning when it is not started at boot","`sudo systemctl enable --now containerd`; take cri out of disabled_plugins"),g("kubeadm.cgroup-driver","fail","Do kubelet and container runtime use the same cgroup driver?","set `SystemdCgroup = true` in containerd\u2019s configuration and restart it"),g("kubeadm.swap","fail","Will the kubelet start with the swap that is there? kubeadm only warns, and then waits for minutes","`sudo swapoff -a`, and take swap out of /etc/fstab"),g("kubeadm.ip-forward","fail","Does the kernel forward packets (net.ipv4.ip_forward; of IPv6 where the server has such an address)?","set it in `sysctl` of this node"),g("kubeadm.port","fail","Is port 10250 free, or held by the kubelet of this cluster?","stop the process that the check names"),_("preflight","kubeadm.leftovers","Is the host free of what an earlier join left? What an interrupted run of this project left is reset","`sudo kubeadm reset -f` on the host, when nothing of it is needed"),g("kubeadm.ca","fail","Do kubeconfig, kube-public/cluster-info, host and server name the same certificate authority? It says which of them is stale","the one that the check says: fetch the kubeconfig again, write cluster-info anew, or reset the host"),_("plan","plan.kubeadm-cluster","Does the host belong to no other cluster, and to no control plane?","leave the other cluster first; name another host"),_("plan","plan.kubeadm-node","Is there no Node of this name that is called Ready, while the host is no node?","wait a minute, or `replace-node`"),_("handshake","handshake.ca","Does the server show the host the CA of the kubeconfig?","see what answers at that address"),_("handshake","handshake.cluster-info","Can cluster-info be read without credentials, and does it name the CA of the kubeconfig?","on a control plane: `sudo kubeadm init phase bootstrap-token`"),_("handshake","handshake.token","Does cluster-info carry the signature of the token, and does the server accept it?","press the button again; with a given token, give another"),_("handshake","handshake.kubeadm-config","May who holds the token read kubeadm-config and kubelet-config, as kubeadm will?","on a control plane: `sudo kubeadm init phase upload-config all`"),_("handshake","handshake.apiserver.<address>","Does the host reach the API server that it joins through, and the one that cluster-info names?","allow its port from the host, or give the server an address that the host reaches")];function me(t,e){return[nt(t,e),Ne(e,t.reading.version,t.version),...Ve(t,e),tt(e),rt(e),st(e),ot(e),Ze(t,e),Xe(t,e),et(t,e),Ue(t,e),...We(t,e),...Ye(t,e)]}var ke=p(38815),A=p(93549);const be=131,pe="20s";function dt({nodeIp:t,extraConfig:e}){const n=Object.entries(e).flatMap(([r,s])=>(Array.isArray(s)?s:[s]).map(i=>({name:r.replace(/^-+/,""),value:String(i)})));return[...t?[{name:"node-ip",value:t}]:[],...n].sort((r,s)=>r.name<s.name?-1:r.name>s.name?1:0)}function ut(t,e){const{desired:n,criSocket:r,ignoredErrors:s}=t,i=dt(n),o=()=>{const a={};for(const{name:u,value:c}of i)a[u]=u in a?`${a[u]},${c}`:c;return a};return{name:n.node,...r===void 0?{}:{criSocket:r},...s.length>0?{ignorePreflightErrors:[...s]}:{},...i.length>0?{kubeletExtraArgs:e?i:o()}:{},taints:[...n.taints].sort((a,u)=>(0,A.eh)(a)<(0,A.eh)(u)?-1:1).map(({key:a,value:u,effect:c})=>({key:a,...u?{value:u}:{},effect:c}))}}function ge(t){const e=(t.kubeadmMinor??be)>=be,n=`${Math.ceil(t.limitMs/1e3)}s`;return new ke.yo({apiVersion:`kubeadm.k8s.io/${e?"v1beta4":"v1beta3"}`,kind:"JoinConfiguration",discovery:{bootstrapToken:{token:t.token,apiServerEndpoint:t.target.endpoint,caCertHashes:[...t.target.caCertHashes]},...e?{}:{timeout:pe}},nodeRegistration:ut(t,e),...e?{timeouts:{discovery:pe,kubeletHealthCheck:n,tlsBootstrap:n,kubernetesAPICall:"30s"}}:{}}).toString({lineWidth:0})}var h=p(82867);const ct=["kubeadm","kubelet","containerd","crictl"];function lt(t){const{unit:e,containerd:n,kubeconfigs:r}=t,s=ct.map(o=>{const a=t.programs[o];return`${o} ${a?a.version||"of unknown version":"not there"}`}),i=Object.entries(n.config?.systemdCgroup??{}).map(([o,a])=>`${o}: ${a?"systemd":"cgroupfs"}`);return{"kubernetes packages":s.join(", "),"kubelet unit":e?`${e.activeState} (${e.subState}), ${e.isMasked?"masked":e.isEnabled?"enabled":"not enabled"}, ${e.dropIns.length>0?`drop-ins: ${e.dropIns.join(", ")}`:"no drop-in"}`:"not installed",containerd:`${n.activeState||"no unit"}${n.config?`, ${n.config.path}: ${[n.config.isCriDisabled?"CRI disabled":"",...i].filter(Boolean).join(", ")||"no cgroup driver named"}`:""}`,"CRI sockets":t.criSockets.join(", ")||"none",...r.length>0?{"joined to":r.map(o=>{const[a]=O(o.caPem);return`${o.server||"unknown"} (${o.path}${a?`, CA ${L(a)}`:""})`}).join("; ")}:{}}}var J=p(58500);const ft=256*1024,Q=t=>typeof t=="object"&&t!==null&&!Array.isArray(t)?t:{},T=t=>typeof t=="string"?t:"";function z(t){if(t.length>ft)return{};try{return Q((0,ke.qg)(t,{maxAliasCount:0,logLevel:"error"}))}catch{return{}}}function $e(t){const{clusters:e}=z(t),n=Array.isArray(e)?e.at(-1):void 0,r=Q(Q(n).cluster),s=T(r.server).slice(0,512),i=T(r["certificate-authority-data"]);if(!(s===""&&i===""))return{server:s,caPem:Buffer.from(i,"base64").toString("utf8")}}function ht(t){const e=T(t.ClusterConfiguration);if(e==="")return;const n=z(e);return{version:T(n.kubernetesVersion).slice(0,64),controlPlaneEndpoint:T(n.controlPlaneEndpoint).slice(0,512)}}function mt(t){const e=T(t.kubelet);if(e==="")return;const n=z(e);return{cgroupDriver:T(n.cgroupDriver).slice(0,32)||"systemd",failSwapOn:n.failSwapOn!==!1}}function U(t){return`jws-kubeconfig-${t}`}const ve=t=>Buffer.from(t,"utf8").toString("base64url");function kt(t,e,n){const r=ve(`{"alg":"HS256","kid":"${e}"}`),s=(0,C.createHmac)("sha256",n).update(`${r}.${ve(t)}`).digest("base64url");return`${r}..${s}`}function bt(t,e,n,r){const[s,i]=[t,kt(e,n,r)].map(o=>Buffer.from(o));return s!==void 0&&i!==void 0&&s.length===i.length&&(0,C.timingSafeEqual)(s,i)}const E="on a control plane: sudo kubeadm init phase bootstrap-token";function ye(t){try{const{message:e}=JSON.parse(t.body);if(typeof e=="string")return(0,d.TN)(e)}catch{}return(0,d.TN)(t.body)}function we(t){try{const{data:e}=JSON.parse(t.body);return typeof e!="object"||e===null?void 0:Object.fromEntries(Object.entries(e).filter(([,n])=>typeof n=="string"))}catch{return}}function pt(t){const e=[ye(t)],n=`cluster-info: HTTP ${t.status}`;switch(t.status){case 200:return{found:"cluster-info holds no kubeconfig",cause:"it was edited by hand; kubeadm has nothing to join by",remedy:E,evidence:[]};case 401:return{found:n,cause:"the API server answers nobody without credentials (--anonymous-auth=false), and kubeadm finds the cluster without any",remedy:"allow anonymous requests for this path only (AuthenticationConfiguration, anonymous.conditions), or join this node by hand with a discovery file",evidence:e};case 403:return{found:n,cause:"the Role kubeadm:bootstrap-signer-clusterinfo in kube-public, or its binding to system:anonymous, is gone",remedy:E,evidence:e};case 404:return{found:"there is no cluster-info",cause:"the cluster was not set up by kubeadm, or it was deleted",remedy:`${E}; or set \`distribution: k3s\``,evidence:e};default:return{found:n,cause:"what answers there is no API server of kubeadm",remedy:"check host and port of `server`",evidence:e}}}const gt="system:bootstrappers:kubeadm:default-node-token",$t=1e4,_e=150;class vt extends Error{name="GivenTokenError";code;cause;remedy;evidence=[];constructor(e,n,r,s){super(n),this.code=e,this.cause=r,this.remedy=s}}async function yt(t,e,n,r=$t){const s=performance.now()+r;for(;;){try{const i=await t.configMap("kube-public","cluster-info",n);if(i?.[U(e)])return!0;if(i===void 0)return!1}catch(i){if(n.aborted||!(i instanceof A.b$))throw i;return!1}if(performance.now()+_e>=s)return!1;await(0,J.setTimeout)(_e,void 0,{signal:n})}}async function wt(t,e,n,r,s,i,o){const{serverTimeMs:a}=await t.read(e,o),u={node:e,runLabel:n.label,ttlMs:r,extraGroups:gt,now:a},c=(0,d.FY)(u),l=`${c.id}.${c.secret}`;for(const m of[l,c.secret])i(m);return await(0,d.W$)(t,{...u,record:s,token:c},o),await yt(t,c.id,o),{id:c.id,text:l}}function _t(t,e,n){const r=t.trim();if(/^[a-z0-9]{6}\.[a-z0-9]{16}$/.test(r))return{id:"given",text:r};const s=r.startsWith("K10");throw new vt(s?"token-of-another-cluster":"kubeadm-token-malformed",s?"the given token is one of k3s":"the given token is no bootstrap token","kubeadm joins with a bootstrap token: 6 characters, a dot, 16 characters, of a-z and 0-9","leave `token` out: one is minted through the API and deleted at the end; or give what kubeadm token create prints")}function Ot(t){const[e="",n=""]=t.split(".");return{id:e,secret:n}}const Tt=5e3,W=300,Oe="/api/v1/namespaces/kube-public/configmaps/cluster-info",V=t=>`/api/v1/namespaces/kube-system/configmaps/${t}`;class Rt extends d.u_{#e;constructor(e,n,r){super(e,{...n,words:{server:"Kubernetes API server",namesIn:"apiServer.certSANs of the control plane"},onCheck:r}),this.#e=n}async#t(e,n){const{caPem:r}=this.#e;return await this.get(e,{caPem:r,...n===void 0?{}:{authorization:`Bearer ${n}`}})}async askAuthority(){const e="handshake.ca",n="Does the host see the cluster's own certificate authority?";try{await this.#t("/version")}catch(s){return this.say(await this.firstFault(e,n,s)),!1}const[r=""]=O(this.#e.caPem);return this.say({id:e,verdict:"pass",question:n,found:L(r),evidence:[`kubeconfig: ${r}`]})}async askClusterInfo(){const e="handshake.cluster-info",n="Does the host find the cluster by cluster-info, as kubeadm will?";let r;try{r=await this.#t(Oe)}catch(u){this.say(await this.faultCheck(e,n,this.server,u));return}const s=r.status===200?we(r):void 0,i=$e(s?.kubeconfig??"");if(s===void 0||i===void 0){this.say({id:e,verdict:"fail",question:n,...pt(r)});return}const{check:o,stale:a}=ae({kubeconfig:this.#e.caPem,clusterInfo:i.caPem,host:{},served:"kubeconfig"});if(a!==void 0){this.say({...o,id:e,question:n});return}return this.say({id:e,verdict:"pass",question:n,found:i.server}),{info:i,data:s}}async askToken(e){const{token:n,signal:r}=this.#e,s="handshake.token",i="Does the server know the token, for signing and for joining?";if(n===void 0)return this.say({id:s,verdict:"skip",question:i,found:"token not exercised"});const{id:o,secret:a}=Ot(n),u=performance.now(),c=()=>performance.now()-u+W<Tt;try{let l=e;for(;!l[U(o)]&&c();)await(0,J.setTimeout)(W,void 0,{signal:r}),l=we(await this.#t(Oe))??{};const m=l[U(o)];if(!m)return this.say({id:s,verdict:"fail",question:i,found:`cluster-info is not signed for token ${o}`,cause:"the token is unknown, has expired or may not sign; or the bootstrap signer of kube-controller-manager does not run",remedy:"press the button again: a new one is minted; when that is refused too, look at kube-controller-manager (--controllers with bootstrapsigner)"});if(!bt(m,l.kubeconfig??"",o,a))return this.say({id:s,verdict:"fail",question:i,found:`the signature of token ${o} was made with another secret`,cause:"the secret of the given token is wrong; kubeadm would say: failed to verify JWS signature of received cluster info object",remedy:"give no token, so that one is minted; or give what kubeadm token create prints"});let y=await this.#t(V("kubeadm-config"),n);for(;y.status===401&&c();)await(0,J.setTimeout)(W,void 0,{signal:r}),y=await this.#t(V("kubeadm-config"),n);return y.status===401?this.say({id:s,verdict:"fail",question:i,found:"signed, and refused when somebody joins with it (HTTP 401)",cause:"the token lacks usage-bootstrap-authentication, or the API server runs without --enable-bootstrap-token-auth",remedy:"give no token, so that one is minted; or add the flag to the API server"}):(this.say({id:s,verdict:"pass",question:i,found:"signed and accepted"}),await this.#n(y,n))}catch(l){return this.say(await this.faultCheck(s,i,this.server,l))}}async#n(e,n){const r="handshake.kubeadm-config",s="May who holds the token read what kubeadm needs?",i=await this.#t(V("kubelet-config"),n);for(const[o,a]of[["kubeadm-config",e],["kubelet-config",i]])if(a.status!==200)return this.say({id:r,verdict:"fail",question:s,found:`kube-system/${o}: HTTP ${a.status}`,cause:a.status===403?"the token is not in system:bootstrappers:kubeadm:default-node-token, or that group has lost its rights":"the cluster was not set up by kubeadm, or what it keeps there was deleted",remedy:a.status===403?`give no token, so that one is minted; ${E}`:"on a control plane: sudo kubeadm init phase upload-config all",evidence:[ye(a)]});return this.say({id:r,verdict:"pass",question:s,found:"kubeadm-config and kubelet-config"})}async askApiServers(e){const n=(0,d.ku)(this.server.address,this.server.port);return await this.reachAll([n,...e.server===""?[]:[e.server]],this.#e.caPem,!0)}}async function St(t,e,n=()=>{}){const r=new Rt(t,e,n);if(!await r.askAuthority())return{checks:r.checks};const s=await r.askClusterInfo();if(s===void 0)return{checks:r.checks};if(!(await r.askToken(s.data)||e.token===void 0))return{checks:r.checks};const o=await r.askApiServers(s.info);return o===void 0?{checks:r.checks}:{checks:r.checks,result:{apiServers:o,via:r.via}}}function It(t,e){const n=s=>s.verdict==="pass"||s.verdict==="warn"?"\u2713":s.verdict==="skip"?"not exercised":"\u2717";return t.map(s=>s.id==="handshake.ca"?`CA ${s.verdict==="pass"?`${s.found} `:""}${n(s)}`:s.id==="handshake.token"?e?`token ${n(s)}`:"token not exercised":`${s.id.replace(/^handshake\.(apiserver\.?)?/,"").replace(/-(\d+)$/,":$1")} ${n(s)}`).join("  ")}var Ct=p(56593);function F(t,e){return["fresh","unfinished","leftover"].includes(v(t,e))}const Te="can take the GPU from running containers";function jt(t,e){const n=H(t.server),r=[],s=(i,o)=>{r.push({id:i,...o})};if(t.hasGivenToken||s("mint-token",{kind:"mint",target:`bootstrap token, ${(0,Ct.a3)(t.tokenLifetimeMs)}`,reason:"a node needs one to join; deleted at the end",undo:"deleted in every ending"}),v(t,e)==="unfinished"){const i=e.interrupted.map(o=>o.runId).join(", ");s("reset",{kind:"delete",target:`what an interrupted join left (kubeadm reset): ${e.files.join(", ")||"nothing yet"}`,reason:`run ${i} of this project began to join and did not end`,undo:"not needed: it was never a node"})}return e.unit?.isEnabled===!1&&s("enable",{kind:"install",target:"start of kubelet at boot, without daemon-reload",reason:"not enabled",undo:"link deleted"}),s("reload",{kind:"reload",target:"systemd (daemon-reload), by kubeadm join itself",reason:"kubeadm has systemd read its units again before it starts the kubelet, and cannot be kept from it",disrupts:Te,undo:"not needed: no unit file is changed"}),s("start",{kind:"start",target:`kubelet, by kubeadm join ${n}`,reason:"joins the cluster",undo:"kubeadm reset, and what it leaves is deleted where it was not there before"}),r}function xt(t,e,n){const{node:r}=t.reading,s=e.unit?.activeState??"";if(s!=="active")return[`the unit is ${s||"not there"}`];const i=[];(0,d.ik)(t)||!r?i.push("registers anew"):(0,d._n)(t)||i.push(r.ready==="True"?"the node has no fresh heartbeat":"the node is not Ready");const o=re(e);r&&o===t.version&&r.kubeletVersion!==o&&i.push(`${r.kubeletVersion} is still running, ${o} is installed`);const a=e.unit?.changedSinceStart??[];return!n&&a.length>0&&i.push(`${a.join(", ")} changed after it was started`),i}function Pt(t,e){const n=!ze(t)&&e.interrupted.length===0,r=xt(t,e,n),s=e.unit?.activeState??"",i=["inactive","failed",""].includes(s),o=n&&t.consent.adopt==="plan"&&t.reading.node!==void 0&&!i?{waitsFor:"adopt: apply"}:{},a=[];e.interrupted.length>0&&e.files.includes(k.bootstrapConfig)&&a.push({id:"forget-token",kind:"delete",target:k.bootstrapConfig,reason:"an interrupted join left it, with its token; a kubelet that has a certificate needs it no more",undo:"none: the token in it is deleted"});const u=e.unit?.needsReload===!0&&!n&&r.length>0;return e.unit?.isEnabled===!1&&!n&&a.push({id:"enable",kind:"install",target:"start of kubelet at boot, without daemon-reload",reason:"not enabled",undo:"link deleted"}),u&&a.push({id:"reload",kind:"reload",target:"systemd (daemon-reload)",reason:"the unit file has changed since systemd read it",disrupts:Te,undo:"not needed: no unit file is changed"}),r.length>0&&a.push({...i?{id:"start",kind:"start",undo:"stopped"}:{id:"restart",kind:"restart",undo:"restarted with what was there before"},target:"kubelet",reason:r.join("; "),...s==="active"?{disrupts:"restarts kubelet; containers keep running"}:{},...o}),a}function Re(t,e){const n=v(t,e);return n==="foreign"||n==="control-plane"?[]:F(t,e)?jt(t,e):Pt(t,e)}async function Y(t,e,n,r,s){try{const i=await t.configMap(e,n,s);if(i===void 0)return{state:"missing",problem:`there is no ConfigMap ${e}/${n}`};const o=r(i);return o===void 0?{state:"unreadable",problem:`${e}/${n} does not hold what kubeadm writes there`}:{state:"read",...o}}catch(i){if(s.aborted||!(i instanceof A.b$)||i.code!=="forbidden")throw i;return{state:"unreadable",problem:i.message}}}async function At(t,e,n,r,s){const i=(0,d.$r)(e);if(i===void 0)return"unknown";const o=(0,d.Mr)(t,h.rV),a=async l=>{try{return await o.reach(i.address,i.port,l,s),!0}catch(m){if(s.aborted)throw m;return m instanceof d.O8&&m.kind==="authority"?!1:void 0}},u=await a(n);if(u!==!1)return u?"kubeconfig":"unknown";if(r===void 0||R(r,n))return"neither";const c=await a(r);return c===void 0?"unknown":c?"cluster-info":"neither"}async function Et(t,e,n,r,s){const i={...r,authorityPem:e.caPem};if(!F(n,i))return i;const[o,a,u]=await Promise.all([Y(e,"kube-public","cluster-info",m=>$e(m.kubeconfig??""),s),Y(e,"kube-system","kubeadm-config",ht,s),Y(e,"kube-system","kubelet-config",mt,s)]),c=o.state==="read"&&o.caPem!==""?o.caPem:void 0,l=await At(t,n.server,e.caPem,c,s);return{...i,cluster:{clusterInfo:o,kubeadmConfig:a,kubeletConfig:u,served:l}}}const en=[{namespace:"kube-public",name:"cluster-info"},{namespace:"kube-system",name:"kubeadm-config"},{namespace:"kube-system",name:"kubelet-config"}].map(t=>({verb:"get",group:"",resource:"configmaps",...t})),Z={"init-unsupported":"join a host that runs systemd","kubeadm-missing":"install kubeadm, kubelet and containerd on the host: this action brings no packages for kubeadm","kubeadm-joined-already":"press the button again: it looks at the host anew and says whose node it is; nothing is ever joined over","kubeadm-not-ours":"look whose node this machine was; when it is nobody\u2019s: sudo kubeadm reset -f on the host, then run it again","kubeadm-reset-failed":"look at the host on its console: sudo kubeadm reset -f; then run it again","enable-failed":"look at the host on its console: sudo systemctl enable kubelet"},b={apply:`
step=''
report_failed_step() { if [ -n "$step" ]; then emit step "$step" state failed; fi; }

complain() {
  emit evidence "$1: $2"
  complaints="$complaints$1: $2; "
}

oldest_log() {
  oldest=''
  for name in $continued; do oldest=$runs_folder/$name/log; done
  printf '%s\\n' "$oldest"
}

reset_join() {
  outcome=unchanged left=no complaints=''
  for path in $join_files; do if is_there "$path"; then left=yes; fi; done
  if [ "$left" = no ]; then return 0; fi
  before=$(oldest_log)
  if [ -z "$before" ] || ! grep -qs '^joining ' "$runs_folder"/*/log; then
    die kubeadm-not-ours 'what is left of a join on this host was not begun by this project, and is not taken back'
  fi
  take_join_back "$before"
  if [ "$taken" != yes ]; then die kubeadm-reset-failed "what an interrupted run left could not be taken back: \${complaints%; }"; fi
  outcome=changed
}

forget_token() {
  outcome=unchanged
  if ! is_there /etc/kubernetes/bootstrap-kubelet.conf; then return 0; fi
  is_there /etc/kubernetes/kubelet.conf || die kubeadm-not-ours 'this host has no kubelet.conf: its kubelet still needs bootstrap-kubelet.conf'
  rm -f "$ROOT/etc/kubernetes/bootstrap-kubelet.conf" || die write-failed '/etc/kubernetes/bootstrap-kubelet.conf could not be deleted'
  outcome=changed
}

enable_unit() {
  outcome=unchanged
  if is_there "$link_path"; then return 0; fi
  make_folder "\${link_path%/*}"
  note "created $link_path"
  if ! timeout 30 systemctl enable --no-reload "$unit" >/dev/null 2>"$run/said" || ! is_there "$link_path"; then
    die enable-failed "systemctl enable $unit: $(cat "$run/said")"
  fi
  outcome=changed
}

reload_systemd() {
  outcome=unchanged
  if [ "$(unit_property NeedDaemonReload)" != yes ]; then return 0; fi
  note reload
  timeout 60 systemctl daemon-reload >/dev/null 2>"$run/said" || die reload-failed "systemctl daemon-reload failed: $(cat "$run/said")"
  outcome=changed
}

main() {
  on_stop report_failed_step
  check_run_id
  for name in $STEPS; do
    case $name in reset | forget-token | enable | reload) ;; *) die bad-step "there is no step $name" ;; esac
  done
  [ -d "$ROOT/run/systemd/system" ] || die init-unsupported 'this host does not run systemd; other init systems are not supported yet'
  take_lock
  open_log
  report_interrupted
  changed=no
  for step in $STEPS; do
    note "step $step"
    case $step in
      reset) reset_join ;;
      forget-token) forget_token ;;
      enable) enable_unit ;;
      reload) reload_systemd ;;
    esac
    if [ "$outcome" = changed ]; then changed=yes outcome='done'; fi
    emit step "$step" state "$outcome"
  done
  step=''
  if [ "$JOINS" = no ]; then
    note finished
    discard_older
  fi
  emit finished "$RUN_ID"
}
`,evidence:`
containerd_journal() {
  if [ -n "$since" ]; then
    { timeout 8 journalctl -u containerd -q --no-pager -o short-iso -n 200 --since "@$since" 2>&1 </dev/null || :; } | keep containerd.log recent tail
  else
    { timeout 8 journalctl -u containerd -q --no-pager -o short-iso -n 200 2>&1 </dev/null || :; } | keep containerd.log before tail
  fi
}

installed() {
  show kubeadm version -o short
  show kubelet --version
  show containerd --version
  for path in /etc/kubernetes/kubelet.conf /etc/kubernetes/bootstrap-kubelet.conf /etc/kubernetes/pki/ca.crt \\
    /var/lib/kubelet/config.yaml /var/lib/kubelet/kubeadm-flags.env /var/lib/kubelet/pki; do
    describe list "$path"
  done
  for folder in /etc/kubernetes/manifests /etc/cni/net.d /var/lib/kubelet/pki /etc/containerd; do
    for file in "$ROOT$folder"/*; do describe list "\${file#"$ROOT"}"; done
  done
  for file in "$ROOT/var/lib/kubelet/config.yaml" "$ROOT/var/lib/kubelet/kubeadm-flags.env"; do
    if [ -f "$file" ]; then
      printf '== %s\\n' "\${file#"$ROOT"}"
      head -c 20000 "$file" 2>&1 || :
    fi
  done
}

evidence_distribution() {
  {
    unit_status
    show systemctl status --no-pager --full -n 0 containerd
  } | keep unit-status.txt before head
  unit_journal
  containerd_journal
  installed | keep files.txt before head
}
`,join:`
program='' program_told=no

prepare_start() {
  check_run_id
  has kubeadm || die kubeadm-missing 'there is no kubeadm on this host'
  take_lock
  for path in $join_files; do
    if is_there "$path"; then die kubeadm-joined-already "$path is there: this machine is, or was, a node of a cluster"; fi
  done
  open_log
  report_interrupted
  note 'step start'
  timeout 40 systemctl stop "$unit" >/dev/null 2>&1 || :
  note "joining $ENDPOINT"
}

tell_program() {
  while IFS= read -r line || [ -n "$line" ]; do
    emit event journal source kubeadm text "$line"
    line=''
  done
}

run_program() {
  foreground=''
  if timeout --foreground 5 true >/dev/null 2>&1; then foreground=--foreground; fi
  code=0
  printf '%s' "$CONFIG" | timeout $foreground "$JOIN_LIMIT" kubeadm join --config /dev/stdin >"$folder/program" 2>&1 || code=$?
  printf '%s\\n' "$code" >"$folder/code.new"
  mv -f "$folder/code.new" "$folder/code"
}

start_by_program() {
  mkfifo "$folder/program"
  tell_program <"$folder/program" 9>&- &
  teller=$!
  run_program </dev/null &
  program=$!
  CONFIG=''
  followers="$followers $teller $program"
}

look_at_program() {
  if [ "$program_told" = yes ] || [ ! -f "$folder/code" ]; then return 0; fi
  read -r code <"$folder/code" || return 0
  for _look in 1 2 3 4 5 6 7 8 9 10; do
    kill -0 "$teller" 2>/dev/null || break
    sleep 0.1 2>/dev/null || sleep 1
  done
  program_told=yes
  if [ "$code" = 0 ]; then
    note finished
    changed=yes
    discard_older
  fi
  emit event ended program kubeadm status:n "$code"
}
`,"kubeadm-files":`
runs_folder=$ROOT/var/lib/k3s-gpu-actions/runs
unit=kubelet.service
unit_path=/etc/systemd/system/kubelet.service
link_path=/etc/systemd/system/multi-user.target.wants/kubelet.service
kubelet_folder=/var/lib/kubelet
cni_folder=/etc/cni/net.d

join_files='/etc/kubernetes/kubelet.conf /etc/kubernetes/bootstrap-kubelet.conf /etc/kubernetes/pki/ca.crt'
kubelet_files="$kubelet_folder/config.yaml $kubelet_folder/kubeadm-flags.env $kubelet_folder/pki"
join_folders="/etc/kubernetes/pki /etc/kubernetes/manifests /etc/kubernetes $kubelet_folder $cni_folder /etc/cni"

kubelet_names=' config.yaml kubeadm-flags.env instance-config.yaml pki pods plugins plugins_registry plugin-containers pod-resources
 device-plugins cpu_manager_state memory_manager_state checkpoints allocated_pods_state actuated_pods_state dra_manager_state
 volumeplugins seccomp usernamespaces volumes image_manager graceful_node_shutdown_state '

note_before() {
  for path in $join_folders; do is_there "$path" || note "absent $path"; done
  for file in "$ROOT$cni_folder"/*; do
    if [ -e "$file" ] || [ -L "$file" ]; then note "cni \${file#"$ROOT"}"; fi
  done
  for file in "$ROOT$kubelet_folder"/* "$ROOT$kubelet_folder"/.[!.]*; do
    if [ ! -e "$file" ] && [ ! -L "$file" ]; then continue; fi
    name=\${file##*/}
    case $name in *' '*) note "keeps $name" ;; *)
      case $kubelet_names in *" $name "*) ;; *) note "keeps $name" ;; esac
      ;;
    esac
  done
}

foreign_mounts() {
  { cat "$ROOT/proc/mounts" 2>/dev/null || echo "? $kubelet_folder/ unreadable"; } |
    awk -v below="$kubelet_folder/" 'index($2, below) == 1 && $3 != "tmpfs" { print $2 }'
}
`,"leave-survey":`
FOLDERS='/var/lib/kubelet /etc/kubernetes'

kubeadm_traces() {
  for path in /etc/kubernetes/kubelet.conf /etc/kubernetes/bootstrap-kubelet.conf /etc/kubernetes/pki/ca.crt /var/lib/kubelet/config.yaml; do
    if [ -e "$ROOT$path" ]; then emit fact leave.trace path "$path"; fi
  done
}

kubeadm_server() {
  for path in /etc/kubernetes/kubelet.conf /etc/kubernetes/bootstrap-kubelet.conf; do
    [ -r "$ROOT$path" ] || continue
    server=$(sed -n 's/^[[:blank:]]*server:[[:blank:]]*["'\\'']\\{0,1\\}\\(https:[^"'\\''[:blank:]]*\\).*/\\1/p' "$ROOT$path" | head -n 1)
    if [ -n "$server" ]; then
      emit fact leave.server url "$server"
      return 0
    fi
  done
}

kubeadm_programs() {
  found=$(command -v kubeadm) || found=''
  if [ -n "$found" ]; then emit fact leave.uninstaller path "kubeadm reset (\${found#"$ROOT"})"; fi
  version=$(timeout 10 kubelet --version 2>/dev/null </dev/null) || version=''
  case $version in 'Kubernetes v'*) emit fact leave.version version "\${version#Kubernetes }" ;; esac
}

kubeadm_unit() {
  state=$(timeout 10 systemctl show kubelet.service -p ActiveState 2>/dev/null | sed -n 's/^ActiveState=//p') || state=''
  emit fact leave.unit state "$state"
}

kubeadm_role() {
  for name in kube-apiserver kube-controller-manager etcd; do
    if [ -e "$ROOT/etc/kubernetes/manifests/$name.yaml" ]; then emit fact leave.control-plane present:n true; fi
  done
}

kubeadm_half_gone() { if [ -e "$ROOT/var/lib/k3s-gpu-actions/leave/begun" ]; then emit fact leave.half present:n true; fi; }

survey_distribution() {
  for part in traces server programs unit role half_gone; do ("kubeadm_$part") || :; done
  (emit_mounts) || :
}
`,leave:`
runs_folder=$ROOT/var/lib/k3s-gpu-actions/runs
unit=kubelet.service

is_installed() { [ -f "$ROOT/etc/kubernetes/kubelet.conf" ]; }

prepare() {
  has kubeadm || die uninstaller-missing 'there is no kubeadm on this host'
  : >"$kept/begun"
}

refuse_server() {
  for name in kube-apiserver kube-controller-manager etcd; do
    if [ -e "$ROOT/etc/kubernetes/manifests/$name.yaml" ]; then
      die server-present "this host is a control plane (/etc/kubernetes/manifests/$name.yaml)"
    fi
  done
}

cri_socket() {
  sed -n 's/.*--container-runtime-endpoint=\\([^ "]*\\).*/\\1/p' "$ROOT/var/lib/kubelet/kubeadm-flags.env" 2>/dev/null | head -n 1
}

take_away() {
  socket=$(cri_socket) || socket=''
  set -- reset --force --skip-phases=remove-etcd-member
  if [ -n "$socket" ]; then set -- "$@" --cri-socket "$socket"; fi
  limited_away kubeadm "$@"
  left=''
  for path in /etc/kubernetes/kubelet.conf /etc/kubernetes/bootstrap-kubelet.conf /etc/kubernetes/pki/ca.crt /var/lib/kubelet/config.yaml \\
    /var/lib/kubelet/pki; do
    if is_there "$path"; then left="$left $path"; fi
  done
  if [ -z "$left" ] && [ "$code" = 0 ]; then return 0; fi
  emit_log
  die uninstall-failed "kubeadm reset ended with exit code $code\${left:+, and there is still:$left}"
}

clear_rest() {
  for name in 10-calico.conflist calico-kubeconfig 10-canal.conflist 10-flannel.conflist 05-cilium.conflist 05-cilium.conf 10-weave.conflist \\
    10-kuberouter.conflist 00-multus.conf; do
    rm -f "$ROOT/etc/cni/net.d/$name"
  done
  rm -rf "$ROOT/etc/kubernetes/tmp"
  timeout 10 systemctl reset-failed "$unit" >/dev/null 2>&1 || :
}

name_rest() {
  for path in "$ROOT/etc/modules-load.d"/*k3s-gpu-actions* "$ROOT/etc/sysctl.d"/*k3s-gpu-actions* "$ROOT/etc/udev/rules.d"/*k3s-gpu-actions* \\
    "$ROOT/etc/containerd/conf.d"/*k3s-gpu-actions* "$ROOT/etc/apt/sources.list.d"/*k3s-gpu-actions* \\
    "$ROOT/etc/apt/preferences.d"/*k3s-gpu-actions* "$ROOT/usr/share/keyrings"/*k3s-gpu-actions* "$ROOT/etc/cni/net.d"/*; do
    if [ -e "$path" ]; then emit stays "\${path#"$ROOT"}"; fi
  done
  emit stays 'packages kubeadm, kubelet and containerd'
  emit stays 'rules of the cluster network in iptables, until the next reboot'
}
`,survey:`
data_folders='/var/lib/kubelet /var/lib/containerd'
kernel_modules='overlay br_netfilter nf_conntrack'

kubeadm_flags=/var/lib/kubelet/kubeadm-flags.env

kubeadm_program() {
  name=$1
  shift
  path=$(command -v "$name" 2>/dev/null) || return 0
  case $path in /*) ;; *) return 0 ;; esac
  version=$(limited 10 "$path" "$@" 2>/dev/null </dev/null | tr -s ' \\t' '\\n' | sed -n '/^v\\{0,1\\}[0-9][0-9]*\\.[0-9][0-9]*\\.[0-9]/{s/[^0-9A-Za-z.+~-].*//;p;q;}') || version=''
  case $version in [0-9]*) version=v$version ;; esac
  emit fact kubeadm.program name "$name" path "\${path#"$ROOT"}" version "$version"
}

kubeadm_programs() {
  kubeadm_program kubeadm version -o short
  kubeadm_program kubelet --version
  kubeadm_program containerd --version
  kubeadm_program crictl --version
}

kubeadm_tools() {
  missing=''
  for name in conntrack ip iptables losetup mount nsenter; do
    has "$name" || missing="$missing $name"
  done
  emit fact kubeadm.tools missing "\${missing# }"
}

kubeadm_property() { printf '%s\\n' "$shown" | sed -n "s/^$1=//p"; }

kubeadm_started() {
  case $1 in '' | 0) return 1 ;; esac
  if [ ! -r "$ROOT/proc/$1/stat" ] || [ ! -r "$ROOT/proc/uptime" ]; then return 1; fi
  IFS= read -r stat <"$ROOT/proc/$1/stat"
  read -r uptime _ <"$ROOT/proc/uptime"
  hertz=$(getconf CLK_TCK 2>/dev/null) || hertz=100
  set -- \${stat##*) }
  [ $# -ge 20 ] || return 1
  case \${20}\${uptime%%.*}$hertz in *[!0-9]*) return 1 ;; esac
  printf '%s\\n' $(($(date +%s) - \${uptime%%.*} + \${20} / hertz + 1))
}

kubeadm_unit() {
  has systemctl || return 0
  shown=$(limited 10 systemctl show kubelet.service -p LoadState -p FragmentPath -p DropInPaths -p ActiveState -p SubState -p MainPID \\
    -p NRestarts -p NeedDaemonReload -p UnitFileState 2>/dev/null </dev/null) || shown=''
  file=$(kubeadm_property FragmentPath)
  for folder in /etc /usr/local/lib /usr/lib /lib; do
    if [ -z "$file" ] && [ -f "$ROOT$folder/systemd/system/kubelet.service" ]; then file=$folder/systemd/system/kubelet.service; fi
  done
  masked=false
  case $(kubeadm_property LoadState)$(kubeadm_property UnitFileState) in *masked*) masked=true ;; esac
  if [ -z "$file" ] && [ "$masked" = false ]; then return 0; fi
  drop_ins=$(kubeadm_property DropInPaths)
  if [ -z "$drop_ins" ]; then
    for folder in /etc /usr/local/lib /usr/lib /lib; do
      for path in "$ROOT$folder/systemd/system/kubelet.service.d"/*.conf; do
        if [ -f "$path" ]; then drop_ins="$drop_ins \${path#"$ROOT"}"; fi
      done
    done
  fi
  reads=false words=''
  for path in $file $drop_ins; do
    if [ -r "$ROOT$path" ]; then words="$words $(head -c 16384 "$ROOT$path" | grep -v '^[[:blank:]]*[#;]')"; fi
  done
  case $words in
    */etc/kubernetes/kubelet.conf*) case $words in
      */etc/kubernetes/bootstrap-kubelet.conf*) case $words in
        */var/lib/kubelet/config.yaml*) case $words in *"$kubeadm_flags"*) reads=true ;; esac ;;
      esac ;;
    esac ;;
  esac
  active=$(kubeadm_property ActiveState) sub=$(kubeadm_property SubState) restarts=$(kubeadm_property NRestarts)
  enabled=false reload=false
  case $(kubeadm_property UnitFileState) in enabled | enabled-runtime) enabled=true ;; esac
  if [ "$(kubeadm_property NeedDaemonReload)" = yes ]; then reload=true; fi
  changed=''
  if [ "$active" = active ] && since=$(kubeadm_started "$(kubeadm_property MainPID)"); then
    program=$(command -v kubelet 2>/dev/null) || program=''
    for path in "\${program#"$ROOT"}" $file $drop_ins; do
      if [ -z "$path" ] || [ ! -f "$ROOT$path" ]; then continue; fi
      time=$(stat -c %Z "$ROOT$path" 2>/dev/null) || continue
      if [ "$time" -gt "$since" ]; then changed="$changed $path"; fi
    done
  fi
  emit fact kubeadm.unit path "$file" active "\${active:-inactive}" sub "\${sub:-dead}" enabled:n "$enabled" masked:n "$masked" \\
    restarts:n "\${restarts:-0}" needs_reload:n "$reload" drop_ins "$(printf '%s' "\${drop_ins# }" | tr '\\n' ' ')" reads_kubeadm:n "$reads" changed "\${changed# }"
}

kubeadm_containerd() {
  active='' enabled=false
  if has systemctl; then
    shown=$(limited 10 systemctl show containerd.service -p LoadState -p ActiveState -p UnitFileState 2>/dev/null </dev/null) || shown=''
    if [ "$(kubeadm_property LoadState)" != not-found ]; then active=$(kubeadm_property ActiveState); fi
    case $(kubeadm_property UnitFileState) in enabled | enabled-runtime) enabled=true ;; esac
  fi
  emit fact kubeadm.containerd active "$active" enabled:n "$enabled"
  path=/etc/containerd/config.toml
  [ -r "$ROOT$path" ] || return 0
  head -c 262144 "$ROOT$path" | awk '
    function value(text) { sub(/^[^=]*=[ \\t]*/, "", text); sub(/[ \\t]*(#.*)?$/, "", text); gsub(/["\\047]/, "", text); return text }
    { sub(/\\r$/, ""); line = $0; sub(/^[ \\t]+/, "", line) }
    line ~ /^#/ || line == "" { next }
    line ~ /^\\[/ {
      section = line
      runtime = ""
      if (match(section, /runtimes\\.[^]]*\\.options[ \\t]*\\]/)) {
        runtime = substr(section, RSTART + 9, RLENGTH - 9)
        sub(/\\.options[ \\t]*\\]$/, "", runtime)
        gsub(/["\\047 ]/, "", runtime)
      }
      next
    }
    section == "" && line ~ /^version[ \\t]*=/ { version = value(line) }
    section == "" && line ~ /^imports[ \\t]*=/ { if (line ~ /=[ \\t]*\\[[ \\t]*\\]/) next; imports = "yes" }
    section == "" && line ~ /^disabled_plugins[ \\t]*=/ { list = 1 }
    list { if (line ~ /["\\047](io\\.containerd\\.grpc\\.v1\\.)?cri["\\047]/) disabled = "yes"; if (line ~ /\\]/) list = 0 }
    line ~ /^default_runtime_name[ \\t]*=/ { defaultRuntime = value(line) }
    runtime != "" && line ~ /^SystemdCgroup[ \\t]*=/ { driver[runtime] = value(line) == "true" ? "true" : "false" }
    END {
      printf "version %s\\ndisabled %s\\nimports %s\\ndefault %s\\n", version, disabled, imports, defaultRuntime
      for (name in driver) printf "runtime %s %s\\n", name, driver[name]
    }' | {
    version='' disabled=false imports=false default='' runtimes=''
    while read -r key one two; do
      case $key in
        version) version=$one ;;
        disabled) if [ -n "$one" ]; then disabled=true; fi ;;
        imports) if [ -n "$one" ]; then imports=true; fi ;;
        default) default=$one ;;
        runtime) runtimes="$runtimes $one=$two" ;;
      esac
    done
    emit fact kubeadm.containerd-config path "$path" version:n "$version" cri_disabled:n "$disabled" imports:n "$imports" default "$default" runtimes "\${runtimes# }"
  }
}

kubeadm_sockets() {
  for path in /var/run/containerd/containerd.sock /var/run/crio/crio.sock /var/run/cri-dockerd.sock; do
    if [ -S "$ROOT$path" ] || [ -S "$ROOT\${path#/var}" ]; then emit fact kubeadm.socket address "unix://$path"; fi
  done
}

kubeadm_kernel() {
  forward=$(first "$ROOT/proc/sys/net/ipv4/ip_forward") || forward=''
  forward6=$(first "$ROOT/proc/sys/net/ipv6/conf/default/forwarding") || forward6=''
  bridge=$(first "$ROOT/proc/sys/net/bridge/bridge-nf-call-iptables") || bridge=''
  emit fact kubeadm.kernel ip_forward "$forward" ip6_forward "$forward6" bridge_nf "$bridge"
}

kubeadm_decode() {
  if has base64; then base64 -d 2>/dev/null; else openssl base64 -A -d 2>/dev/null; fi
}

kubeadm_kubeconfig() {
  [ -e "$ROOT$1" ] || return 0
  server='' data='' file='' text=''
  if [ -r "$ROOT$1" ]; then
    while read -r key value _; do
      case $key in
        server:) [ -n "$server" ] || server=$value ;;
        certificate-authority-data:) [ -n "$data" ] || data=$value ;;
        certificate-authority:) [ -n "$file" ] || file=$value ;;
      esac
    done <<END
$(head -c 65536 "$ROOT$1" | grep -E '^[[:blank:]]*(- )?(server|certificate-authority|certificate-authority-data):' | sed 's/^[[:blank:]]*- //; s/["'"'"']//g')
END
    if [ -n "$data" ]; then
      text=$(printf '%s\\n' "$data" | kubeadm_decode) || text=''
    elif [ -n "$file" ]; then
      case $file in /*) text=$(kubeadm_certificates "$file") || text='' ;; esac
    fi
    case $text in *'PRIVATE KEY'*) text='' ;; *'BEGIN CERTIFICATE'*) ;; *) text='' ;; esac
  fi
  emit fact kubeadm.kubeconfig path "$1" server "$server" ca "$text"
}

kubeadm_certificates() {
  [ -r "$ROOT$1" ] || return 1
  head -c 65536 "$ROOT$1" | sed -n '/^-----BEGIN CERTIFICATE-----/,/^-----END CERTIFICATE-----/p'
}

kubeadm_leftovers() {
  for path in /etc/kubernetes/kubelet.conf /etc/kubernetes/bootstrap-kubelet.conf /etc/kubernetes/pki/ca.crt /var/lib/kubelet/config.yaml "$kubeadm_flags"; do
    if [ -e "$ROOT$path" ]; then emit fact kubeadm.file path "$path"; fi
  done
  kubeadm_kubeconfig /etc/kubernetes/kubelet.conf
  kubeadm_kubeconfig /etc/kubernetes/bootstrap-kubelet.conf
  if text=$(kubeadm_certificates /etc/kubernetes/pki/ca.crt); then emit fact kubeadm.ca text "$text"; fi
  count=0
  for path in "$ROOT/etc/kubernetes/manifests"/*; do
    if [ ! -e "$path" ] || [ "$count" -ge 32 ]; then continue; fi
    count=$((count + 1))
    emit fact kubeadm.manifest name "\${path##*/}"
  done
  present=false
  if [ -e "$ROOT/var/lib/kubelet/pki/kubelet-client-current.pem" ]; then present=true; fi
  emit fact kubeadm.certificate present:n "$present"
  if [ -r "$ROOT/var/lib/kubelet/config.yaml" ]; then
    driver=$(head -c 65536 "$ROOT/var/lib/kubelet/config.yaml" | sed -n 's/^cgroupDriver:[[:blank:]]*["'"'"']\\{0,1\\}\\([a-z]*\\).*/\\1/p' | head -n 1) || driver=''
    emit fact kubeadm.settings cgroup_driver "$driver"
  fi
}

kubeadm_interrupted() {
  runs=$ROOT/var/lib/k3s-gpu-actions/runs
  settled=' '
  for log in "$runs"/*/log; do
    if grep -qs '^finished' "$log"; then settled="$settled$(sed -n 's/^continues //p' "$log" | tr '\\n' ' ')"; fi
  done
  for name in $(ls -1t "$runs"/*/log 2>/dev/null | sed 's|.*/\\([^/]*\\)/log$|\\1|' | head -n 16); do
    if grep -q '^finished' "$runs/$name/log"; then continue; fi
    case $settled in *" $name "*) continue ;; esac
    server=$(sed -n 's/^joining //p' "$runs/$name/log" | tail -n 1)
    if [ -n "$server" ]; then emit fact kubeadm.interrupted run "$name" server "$server"; fi
  done
}

survey_distribution() {
  for part in programs tools unit containerd sockets kernel leftovers interrupted; do
    ("kubeadm_$part") || :
  done
}
`,"take-back":`
forget_join() {
  if ! timeout 40 systemctl stop "$unit" >/dev/null 2>&1; then complain "$unit" 'it did not stop in 40 s'; fi
  for path in $join_files $kubelet_files; do
    if is_there "$path" && ! rm -rf --one-file-system "$ROOT$path" 2>/dev/null && ! rm -rf "$ROOT$path"; then complain "$path" 'could not be deleted'; fi
  done
}

take_join_back() {
  taken=yes
  kept=$(sed -n 's/^keeps //p' "$1" | head -n 5 | tr '\\n' ' ')
  mounts=$(foreign_mounts | head -n 5 | tr '\\n' ' ')
  if [ -n "$mounts" ]; then
    complain "$kubelet_folder" "mounts below it are not the kubelet's own: \${mounts% }"
    forget_join
  elif [ -n "$kept" ]; then
    complain "$kubelet_folder" "it held \${kept% } before, which kubeadm reset would delete"
    forget_join
  else
    set -- "$1" reset -f --skip-phases=remove-etcd-member
    if [ -n "\${CRI_SOCKET:-}" ]; then set -- "$@" --cri-socket "$CRI_SOCKET"; fi
    log=$1
    shift
    code=0
    timeout $forced 40 kubeadm "$@" >"$run/reset.log" 2>&1 </dev/null || code=$?
    set -- "$log"
    if [ "$code" != 0 ]; then
      tail -n 5 "$run/reset.log" | while IFS= read -r line; do emit evidence "kubeadm reset: $line"; done
      complain kubeadm "kubeadm reset ended with exit code $code"
      forget_join
    fi
    rm -f "$run/reset.log"
  fi
  for path in $join_files; do if is_there "$path"; then taken=no; fi; done
  clear_network_files "$1"
}

forced=''
if timeout -k 1 5 true >/dev/null 2>&1; then forced='-k 5'; fi

clear_network_files() {
  for file in "$ROOT$cni_folder"/*; do
    if [ ! -e "$file" ] && [ ! -L "$file" ]; then continue; fi
    if grep -qxF "cni \${file#"$ROOT"}" "$1"; then continue; fi
    if ! rm -rf "$file"; then complain "\${file#"$ROOT"}" 'could not be deleted'; fi
  done
  for path in $join_folders; do
    if [ -d "$ROOT$path" ] && grep -qxF "absent $path" "$1"; then rmdir "$ROOT$path" 2>/dev/null || :; fi
  done
}
`,undo:`
complain() {
  incomplete=yes
  remains "$1" "$2"
}

is_foreign() { return 1; }
undo_line() { :; }

has_joined() {
  for name in $runs; do
    if grep -q '^joining ' "$runs_folder/$name/log"; then return 0; fi
  done
  return 1
}

main() {
  begin_undo
  if [ "$begun" = no ]; then return 0; fi
  if has_joined; then
    take_join_back "$oldest/log"
    if [ "$taken" = yes ]; then
      emit undone start
      emit undone join
    else incomplete=yes; fi
    timeout 10 systemctl reset-failed "$unit" >/dev/null 2>&1 || :
  fi
  follow_log_backwards
  if has_joined && is_running "$was_state"; then timeout 30 systemctl start --no-block "$unit" >/dev/null 2>&1 || :; fi
  end_undo
}
`},Ft=["reset","forget-token","enable","reload"];async function Mt(t,e){const n=await t.run({name:"apply",script:[b["kubeadm-files"],h.gY,b["take-back"],b.apply].join(`
`),env:{RUN_ID:(0,h.np)(e.runId),HOLDER:(0,h.$R)(e.holder),LOCK_WAIT:(0,h.ET)(e),STEPS:e.steps.join(" "),CRI_SOCKET:e.criSocket??"",JOINS:e.joins?"yes":"no"},privilege:"root",timeoutMs:e.timeoutMs,signal:e.signal,onLine:({step:s,state:i})=>{(i==="done"||i==="unchanged")&&e.onStep(s)}}),r=(0,h.lZ)(t.label,"what comes before the join",n,Z);if(r)throw r;return n.lines.flatMap(s=>typeof s.interrupted=="string"?[{runId:s.interrupted,step:String(s.step??"")}]:[])}async function Nt(t,e,n,r){const{unit:s,timeoutMs:i}=e;await(0,h.iJ)(t,{unit:s,log:"",action:"start",by:{script:[b["kubeadm-files"],b.join].join(`
`),env:{RUN_ID:(0,h.np)(e.runId),HOLDER:(0,h.$R)(e.holder),LOCK_WAIT:(0,h.ET)({timeoutMs:i,lockWaitMs:1e4}),JOIN_LIMIT:String(Math.ceil(i/1e3)),ENDPOINT:e.endpoint},secrets:{CONFIG:e.config},remedies:Z},signal:r,onEvent:n,timeoutMs:i})}const Dt=[[/^\[preflight\] Reading configuration from the/,"kubeadm trusts the API server"],[/^\[kubelet-start\] Starting the kubelet/,"kubelet started"],[/^\[kubelet-check\] The kubelet is healthy/,"kubelet healthy"]];function Kt(t,e){if(e==="kubeadm")return Dt.find(([n])=>n.test(t))?.[1]}async function Lt(t,e){const n=await t.run({name:"undo",script:[b["kubeadm-files"],h.gY,b["take-back"],h.O,b.undo].join(`
`),env:{RUN_ID:(0,h.np)(e.runId),HOLDER:(0,h.$R)(`undo of run ${e.runId}`),LOCK_WAIT:(0,h.ET)(e),CRI_SOCKET:e.criSocket??""},privilege:"root",timeoutMs:e.timeoutMs,signal:e.signal}),r=(0,h.lZ)(t.label,"the undo",n,Z);if(r)throw r;return{changes:n.lines.flatMap(s=>typeof s.undone=="string"?[s.undone]:[]),remaining:n.lines.flatMap(s=>typeof s.remaining=="string"?[s.remaining]:[])}}const Se=b.survey,Ie=32,Ce=64*1024,Ht=["kubeadm","kubelet","containerd","crictl"];function f(t,e,n=512){const r=t?.[e];return typeof r=="string"?r.slice(0,n):""}function M(t,e){return f(t,e,4096).split(" ").filter(n=>n!=="").slice(0,Ie)}function je(t,e){const n=t?.[e];return typeof n=="number"&&Number.isSafeInteger(n)&&n>=0?n:0}function qt(t){const e={};for(const n of t){const r=Ht.find(s=>s===n.name);r!==void 0&&e[r]===void 0&&(e[r]={path:f(n,"path"),version:f(n,"version",128)})}return e}function Bt(t,e){const n=M(e,"runtimes").flatMap(r=>{const[,s,i]=/^([^=]+)=(true|false)$/.exec(r)??[];return s===void 0?[]:[[s,i==="true"]]});return{activeState:f(t,"active",64),isEnabled:t?.enabled===!0,...e&&{config:{path:f(e,"path"),version:je(e,"version"),isCriDisabled:e.cri_disabled===!0,defaultRuntime:f(e,"default",128),systemdCgroup:Object.fromEntries(n),hasImports:e.imports===!0}}}}function Gt(t){const e=o=>t.filter(a=>a.fact===`kubeadm.${o}`).slice(0,Ie),n=o=>t.find(a=>a.fact===`kubeadm.${o}`),r=n("unit"),s=n("ca"),i=n("kernel");return{programs:qt(e("program")),missingTools:M(n("tools"),"missing"),...r&&{unit:{path:f(r,"path"),activeState:f(r,"active",64),subState:f(r,"sub",64),isEnabled:r.enabled===!0,isMasked:r.masked===!0,restarts:je(r,"restarts"),needsReload:r.needs_reload===!0,dropIns:M(r,"drop_ins"),readsKubeadm:r.reads_kubeadm===!0,changedSinceStart:M(r,"changed")}},containerd:Bt(n("containerd"),n("containerd-config")),criSockets:[...new Set(e("socket").map(o=>f(o,"address")))],sysctl:{ipForward:f(i,"ip_forward",16),ipv6Forward:f(i,"ip6_forward",16),bridgeNfIptables:f(i,"bridge_nf",16)},files:e("file").map(o=>f(o,"path")),kubeconfigs:e("kubeconfig").map(o=>({path:f(o,"path"),server:f(o,"server"),caPem:f(o,"ca",Ce)})),...s&&{caPem:f(s,"text",Ce)},manifests:e("manifest").map(o=>f(o,"name",256)),hasClientCertificate:n("certificate")?.present===!0,cgroupDriver:f(n("settings"),"cgroup_driver",32),interrupted:e("interrupted").map(o=>({runId:f(o,"run",128),server:f(o,"server",256)}))}}const N="kubelet",Jt="kubeadm",Qt=12e4,zt=6e4;function X(){throw new Error("kubeadm joins with the packages of the host: there is nothing to download")}function Ut(t){let e;return{name:"kubeadm",unit:N,surveyScript:Se,notReadyLimitMs:Number.POSITIVE_INFINITY,tokenAccessRequests:d.a9,resolveVersion:Ae,installedVersion:re,survey(n){const r=Gt(n);return e=S(r),r},async inspect(n,r,s,i,o){return await Et(n,r,s,i,o)},describe:lt,checkRegistry:he,checks:me,plan:(n,r)=>Re(n,r),needsRelease:()=>!1,sketchRelease:X,async mint(n,r,s,i,o,a){return await wt(n,r,s,i,o,t.mask,a)},revoke:d.ni,tokens:d.qZ,async sweep(n,r,s){const{serverTimeMs:i}=await n.read(r,s);return await(0,d.Ry)(n,{node:r,olderThan:i+1e3},s)},acceptToken:_t,async hold(n,r,s,i,o){return await(0,h.Qw)(n,{...s,runId:r.runId,holder:r.label,onWaiting:i,signal:o})},async handshake(n,r,s,i,o){const{checks:a,result:u}=await St(n,{server:r,caPem:s,...i?{token:i.text}:{},script:h.rV,probe:d.Ys,signal:o});return{checks:a,passed:u!==void 0,line:It(a,i!==void 0)}},freeName:async()=>{},forgetNode:async()=>!1,prepare:X,describePrepared:X,async install(n,r,s,i,o,a){const u=new Set(s.changes.map(w=>w.id)),c=u.has("start")&&s.program!==void 0,l=Ft.filter(w=>u.has(w)&&!(c&&w==="reload"));return l.length===0?{needsSettling:!1,notes:[]}:{needsSettling:!1,notes:(await Mt(n,{runId:i.runId,holder:i.label,steps:l,criSocket:e,joins:c,signal:a,timeoutMs:Qt,onStep:o})).map(({runId:w,step:ee})=>`run ${w} was interrupted here (${ee||"before its first step"}); what it left is gone`)}},startProgram:(n,r)=>F(n,r)?Jt:void 0,async start(n,r,s,i){const{action:o,situation:a,installation:u,credential:c,caPem:l,run:m,timeoutMs:y}=r;if(o!=="start"||!F(a,u)){await(0,h.iJ)(n,{unit:N,log:"",action:o,signal:i,onEvent:s,timeoutMs:y});return}if(c===void 0)throw new Error("a join needs a token, and none was minted or given");const w=Be(a.server,l),ee=ge({desired:a.desired,target:w,token:c.text,kubeadmMinor:se(u),criSocket:S(u),ignoredErrors:at(a,u,a.ignoredChecks??[]),limitMs:y}),Yt={runId:m.runId,holder:m.label,unit:N,config:ee,endpoint:w.endpoint,timeoutMs:y};await Nt(n,Yt,s,i)},milestone:Kt,settle:async()=>{},evidence:(n,r,s)=>(0,d.At)(n,{script:b.evidence,unit:N,startedAgoMs:r.startedAgoMs},s),async remove(n,r,s){return await Lt(n,{runId:r.runId,criSocket:e,signal:s,timeoutMs:zt})}}}var I=p(89427);const xe=["/var/lib/kubelet","/etc/kubernetes"],Wt={before:[],script:b.leave,folders:xe};function Vt(){return{name:"kubeadm",unit:"kubelet",surveyScript:[I.Gg,b["leave-survey"]].join(`
`),presence(t){const e=(i,o)=>{const a=t.find(u=>u.fact===i)?.[o];return typeof a=="string"?a.slice(0,4096):""},n=(0,I.OE)(t),r=n.traces.length>0||n.isHalfGone,s=e("leave.unit","state");return{...n,isThere:r,isRunning:r&&(0,I.Np)(s),isServer:t.some(i=>i.fact==="leave.control-plane"&&i.present===!0),version:e("leave.version","version"),unitState:s,server:e("leave.server","url")}},disturbs:()=>{},mounts:(t,e,n,r)=>(0,I.X0)(t,xe,n,r),uninstall:(t,e,n,r)=>(0,I.oN)(Wt,t,e,n,r),nodePassword:()=>{}}}})};export{tn as id,nn as ids,rn as modules};
