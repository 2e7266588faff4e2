const et=154,nt=[154],tt={45154:((Yn,re,p)=>{p.r(re),p.d(re,{createKubeadm:()=>Gn,kubeadmCheckRegistry:()=>fe,kubeadmChecks:()=>he,kubeadmSurveyScript:()=>Re,leavingKubeadm:()=>zn,paths:()=>k,planHost:()=>Te,renderJoinConfig:()=>pe});var d=p(61971);function g(n){const[,e,t,r]=/^v?(\d{1,3})\.(\d{1,3})\.(\d{1,4})(?![\d.])/.exec(n.trim())??[];if(e!==void 0)return{text:`v${e}.${t}.${r}`,minor:Number(e)*100+Number(t),patch:Number(r)}}const K=3;function xe(n,e){return n.minor<=e.minor&&e.minor-n.minor<=K}function Pe(n,e,t){const r=g(e);if(n.trim()==="match-server"){if(r===void 0||/\+k3s/.test(e))throw new d.tJ(`the server's version ${JSON.stringify(e)} is none that kubeadm sets up`,"the server runs another distribution of Kubernetes, or what answers is no API server","check the kubeconfig, or set `distribution`");const i=g(t??"");return i!==void 0&&xe(i,r)?i.text:r.text}const s=/^v?\d+\.\d+\.\d+$/.test(n.trim())?g(n):void 0;if(s!==void 0)return s.text;throw new d.tJ(`version ${JSON.stringify(n)} is no version of Kubernetes`,"kubeadm joins with the packages that are installed, which have exact versions","write `match-server`, or the exact version that is installed, like v1.32.7")}function se(n){return g(n.programs.kubelet?.version??"")?.text}function ie(n){return g(n.programs.kubeadm?.version??"")?.minor}function Ae(n){return n.find(e=>e.verdict==="fail")??n.find(e=>e.verdict==="warn")}function Ee(n,e){const t=e.minor-n.minor;return t<0?[{verdict:"fail",found:`the kubelet ${n.text} is newer than the server ${e.text}`,cause:"a kubelet newer than its API server is not supported, and neither kubeadm nor the server notices",remedy:`install the packages of ${e.text} (kubeadm, kubelet), or upgrade the control plane first`}]:t>K?[{verdict:"fail",found:`the kubelet ${n.text} is ${t} minor versions older than the server ${e.text}`,cause:`a kubelet may be at most ${K} minor versions older than its API server`,remedy:`install the packages of ${e.text} (kubeadm, kubelet)`}]:t>0?[{verdict:"warn",found:`the kubelet ${n.text} is ${t} minor version${t===1?"":"s"} older than the server ${e.text}`,cause:"supported, but not what the control plane was set up with",remedy:`install the packages of ${e.text} when it suits`}]:n.patch>e.patch?[{verdict:"warn",found:`the kubelet ${n.text} is a newer patch than the server ${e.text}`,cause:"the same minor version, so it is supported; the control plane lacks fixes that the node has",remedy:`upgrade the control plane to ${n.text} when it suits`}]:[]}function Fe(n,e,t){const r=`install the packages of ${t.text} (kubeadm, kubelet)`;if(n.minor-t.minor>1)return[{verdict:"fail",found:`kubeadm ${n.text} is more than one minor version newer than the server ${t.text}`,cause:"this version of kubeadm only supports deploying clusters whose control plane is at most one minor older",remedy:r}];const s=[];return e.minor>n.minor&&s.push({verdict:"warn",found:`the kubelet ${e.text} is newer than kubeadm ${n.text}`,cause:"kubeadm writes a configuration for kubelets of its own version or older",remedy:r}),n.minor!==t.minor&&s.push({verdict:"warn",found:`kubeadm ${n.text} is of another minor version than the server ${t.text}`,cause:"kubeadm should be of the version that the control plane was last set up or upgraded with",remedy:r}),s}function Ne(n,e,t){const r="kubeadm.version",s=`Do the installed packages go with a server of ${e}?`,[i,o,a]=[g(n.programs.kubelet?.version??""),g(n.programs.kubeadm?.version??""),g(e)];if(i===void 0||o===void 0||a===void 0)return{id:r,verdict:"skip",question:s,found:"unknown: a version could not be read"};const u=g(t)?.text===i.text?[]:[{verdict:"fail",found:`${i.text} is installed, ${t} is wanted`,cause:"kubeadm joins with the packages of the host; nothing is downloaded",remedy:`install kubelet and kubeadm ${t} with the package manager, or write version: match-server`}],c=Ae([...Ee(i,a),...Fe(o,i,a),...u]);if(c!==void 0)return{id:r,question:s,...c};const l=o.text===i.text?i.text:`kubelet ${i.text}, kubeadm ${o.text}`;return{id:r,verdict:"pass",question:s,found:l}}var C=p(77598);const Me=/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;function L(n){try{return(n.match(Me)??[]).map(e=>new C.X509Certificate(e))}catch{return[]}}function De(n){const e=n.publicKey.export({type:"spki",format:"der"});return`sha256:${(0,C.createHash)("sha256").update(e).digest("hex")}`}function v(n){return[...new Set(L(n).map(De))]}function Zn(n){const[e]=v(n);if(e===void 0)throw new RangeError("no readable PEM certificate in the CA bundle");return e}function R(n,e){const t=new Set(v(e));return v(n).some(r=>t.has(r))}function x(n){const e=n.replace(/^sha256:/,"");return`${e.slice(0,8)}\u2026${e.slice(-4)}`}const H="kubeadm.ca",B="Do kubeconfig, cluster-info, host and server name the same certificate authority?";function P(n){const e=v(n);return e.length>0?e.map(x).join(" and "):"no readable certificate"}function Ke(n){const e={kubeconfig:"signed by the authority of the kubeconfig","cluster-info":"signed by the authority of cluster-info, not by that of the kubeconfig",neither:"signed by another authority than those of kubeconfig and cluster-info",unknown:"not asked"}[n.served];return[`kubeconfig: ${P(n.kubeconfig)}`,`kube-public/cluster-info: ${n.clusterInfo===void 0?"not read":P(n.clusterInfo)}`,...Object.entries(n.host).map(([t,r])=>`${t} on the host: ${P(r)}`),`the server as the host sees it: ${e}`]}function A(n,e,t,r){return{stale:n,check:{id:H,verdict:"fail",question:B,found:e,cause:t,remedy:r}}}function Le(n){const e=Math.max(L(n.kubeconfig).length,n.clusterInfo===void 0?0:L(n.clusterInfo).length);return e>1?`; ${e} certificates, as while an authority is being changed: all of them are pinned`:""}function He(n){const{kubeconfig:e,clusterInfo:t,host:r,served:s}=n,i=t===void 0||R(t,e);if(s==="neither")return A("address","the host is shown a certificate of another authority","another server answers at that address through the host\u2019s network, or something in between opens TLS","compare `server` with the kubeconfig, and find out who answers there");if(!i&&s==="cluster-info")return A("kubeconfig","server and cluster-info agree, and the kubeconfig names another authority","the host reaches another server than the runner, or the kubeconfig is from before the authority was changed","fetch the kubeconfig again from a control plane; check that `server` is of the same cluster");if(!i)return A("cluster-info","kube-public/cluster-info names another authority than the one that the cluster has","the authority was changed, and cluster-info is not renewed with it: kubeadm would wait five minutes and say x509: certificate signed by unknown authority","on a control plane, once /etc/kubernetes/admin.conf is up to date: sudo kubeadm init phase bootstrap-token (writes cluster-info anew)");const o=Object.entries(r).filter(([,l])=>!R(l,e));if(o.length>0)return A("host",`${o.map(([l])=>l).join(" and ")} on the host ${o.length===1?"is":"are"} of another authority`,"left by another cluster, or from before the authority was changed; kubeadm never overwrites pki/ca.crt, and logs and exec of such a node do not work","when nothing of it is needed, on the host: sudo kubeadm reset -f; then press the button again");const a=new Set(v(e)),u=v(t??"").filter(l=>!a.has(l));if(u.length>0)return{check:{id:H,verdict:"warn",question:B,found:`kube-public/cluster-info also names ${u.map(x).join(" and ")}, which the kubeconfig does not know`,cause:"a node that joins believes servers of every authority in cluster-info; so it is while an authority is being changed, and else it should not be",remedy:"when no authority is being changed: find out who wrote it (managedFields), then on a control plane: sudo kubeadm init phase bootstrap-token"}};const c=t===void 0||s==="unknown";return{check:{id:H,verdict:"pass",question:B,found:`${P(e)}${Le(n)}${c?"; not every place could be asked":""}`}}}function oe(n){const e=He(n);return{...e,check:{...e.check,evidence:Ke(n)}}}const k={kubeletConfig:"/etc/kubernetes/kubelet.conf",bootstrapConfig:"/etc/kubernetes/bootstrap-kubelet.conf",clusterAuthority:"/etc/kubernetes/pki/ca.crt",manifests:"/etc/kubernetes/manifests",kubeletSettings:"/var/lib/kubelet/config.yaml",kubeletFlags:"/var/lib/kubelet/kubeadm-flags.env",kubeletCertificate:"/var/lib/kubelet/pki/kubelet-client-current.pem",containerdConfig:"/etc/containerd/config.toml",runs:"/var/lib/k3s-gpu-actions/runs"},E=10250;function J(n){const e=URL.canParse(n)?new URL(n):void 0;if(e?.protocol!=="https:"||e.hostname==="")throw new RangeError(`server ${JSON.stringify(n)} is not an address like https://host:6443`);return`${e.hostname}:${e.port||"443"}`}function Be(n,e){const t=v(e);if(t.length===0)throw new RangeError("no readable PEM certificate in the CA bundle");return{endpoint:J(n),caCertHashes:t}}const Je=/^(kube-(apiserver|controller-manager|scheduler)|etcd)\.ya?ml$/;function q(n){try{return J(n)}catch{return""}}function qe(n,e){return e.caPem||n.caPem||""}function ae(n,e,t){const r=qe(e,t);return e.authorityPem!==void 0&&r!==""?R(r,e.authorityPem):t.server!==""&&q(t.server)===q(n.server)}function Q(n,e){const t=e.kubeconfigs.filter(s=>!ae(n,e,s)).map(s=>`${s.path} (${s.server||"names no server"})`);return e.caPem!==void 0&&e.authorityPem!==void 0&&!R(e.caPem,e.authorityPem)?[...t,`${k.clusterAuthority} (another authority)`]:t}function y(n,e){if(e.manifests.some(o=>Je.test(o)))return"control-plane";const t=e.kubeconfigs.find(o=>o.path===k.kubeletConfig),r=e.interrupted.some(o=>o.server===q(n.server)),s=Q(n,e);return t&&ae(n,e,t)?e.hasClientCertificate?"joined":r&&s.length===0&&e.manifests.length===0?"unfinished":"leftover":t?"foreign":e.files.length===0&&e.manifests.length===0?"fresh":r&&s.length===0&&e.manifests.length===0?"unfinished":Qe(e)?"leftover":"fresh"}function Qe(n){const e=[k.bootstrapConfig,k.clusterAuthority,k.kubeletConfig];return n.manifests.length>0||n.files.some(t=>e.includes(t))}function Ue(n){return n.reading.node?.annotations[d.hk.desired]!==void 0}function Ge(n,e){const t="kubeadm.leftovers",r="Is the host free of what an earlier join left?",s=y(n,e);if(s==="joined")return(0,d.bF)(t,r,"it is a node of this cluster");if(s==="unfinished")return(0,d.bF)(t,r,`left by an interrupted run of this project, and reset: ${(0,d.H$)(e.files)}`);const i=[...e.files,...e.manifests.map(o=>`${k.manifests}/${o}`)];return s==="fresh"?(0,d.bF)(t,r,i.length>0?`nothing that matters (${(0,d.H$)(i)})`:"nothing found"):(0,d.oQ)(t,r,!1,`left behind: ${(0,d.H$)(i)}`,{cause:s==="leftover"?"kubeadm refuses to join over it, and a foreign pki/ca.crt would stay: logs and exec of such a node do not work":"this host belongs to something else, see plan.kubeadm-cluster",remedy:"when nothing of it is needed, on the host: sudo kubeadm reset -f; then press the button again",evidence:Q(n,e)})}function We(n,e){const{cluster:t,authorityPem:r}=e;if(t===void 0||r===void 0)return[];if(["foreign","control-plane"].includes(y(n,e)))return[];const s={};e.caPem!==void 0&&(s[k.clusterAuthority]=e.caPem);for(const o of e.kubeconfigs)o.caPem!==""&&(s[o.path]=o.caPem);const{check:i}=oe({kubeconfig:r,...t.clusterInfo.state==="read"?{clusterInfo:t.clusterInfo.caPem}:{},host:s,served:t.served});return t.clusterInfo.state==="missing"?[{...i,verdict:"fail",found:"there is no ConfigMap kube-public/cluster-info",cause:"kubeadm finds the cluster by it; a cluster that kubeadm did not set up has none",remedy:"on a control plane: sudo kubeadm init phase bootstrap-token; or set `distribution: k3s`"}]:[i]}function ze(n,e){const t="plan.kubeadm-cluster",r="Does the host belong to no other cluster, and to no control plane?",s=y(n,e);if(s==="control-plane")return[(0,d.oQ)(t,r,!1,`a control plane: ${(0,d.H$)(e.manifests)} in ${k.manifests}`,{cause:"a control plane is not turned into a worker",remedy:"name another host"})];const i=e.others??[];if(i.length>0&&!["foreign","joined"].includes(s))return[(0,d.oQ)(t,r,!1,`another Kubernetes is installed: ${(0,d.H$)(i)}`,{cause:"its kubelet keeps pods and their volumes in /var/lib/kubelet too, which kubeadm takes for its own",remedy:"join this host with that distribution; or, when nothing of it is needed, drain its node and uninstall it (k3s: k3s-agent-uninstall.sh)"})];if(s!=="foreign")return[(0,d.bF)(t,r,s==="joined"?"it belongs to this one":"it does not")];const o=["active","activating"].includes(e.unit?.activeState??"")&&e.hasClientCertificate;return[(0,d.oQ)(t,r,!1,(0,d.H$)(Q(n,e)),{cause:o?"its kubelet runs for another cluster; kubeadm that is told to skip its checks would say that it joined, and the node would be Ready there":"it was a node of another cluster; a kubelet that finds its kubelet.conf goes back there",remedy:`leave the other cluster first: drain and delete the node there, then on the host: sudo kubeadm reset -f${o?"":" (when nothing of it is needed)"}`})]}function Ve(n,e){const{node:t}=n.reading;return!["fresh","unfinished","leftover"].includes(y(n,e))||t===void 0||t.ready!=="True"||(0,d.ik)(n)?[]:[(0,d.oQ)("plan.kubeadm-node","Is there no Node of this name that is called Ready?",!1,`${t.name} is Ready (uid ${t.uid})`,{cause:"the host is no node any more, and kubeadm refuses to join while the API calls it Ready",remedy:`press the button again in a minute, when it is no longer Ready; or now with replace-node = ${t.name}, once it has no heartbeat`})]}function Ye(n,e){const{facts:t}=n,r="kubeadm.swap",s="Will the kubelet start with the swap that is there?";if(t.swapBytes===0)return(0,d.bF)(r,s,"no swap");const i=`${Math.round(t.swapBytes/1024**2)} MiB of swap`,o=e.cluster?.kubeletConfig;return o?.state==="read"&&!o.failSwapOn?(0,d.bF)(r,s,`${i}, and kube-system/kubelet-config has failSwapOn: false`):y(n,e)==="joined"?(0,d.bF)(r,s,`${i}, and the kubelet lives with it`):(0,d.oQ)(r,s,!1,i,{cause:"a kubelet refuses to run with swap unless failSwapOn is false, and kubeadm waits for it for minutes",remedy:"sudo swapoff -a, and take swap out of /etc/fstab (on a Raspberry Pi: sudo systemctl disable --now dphys-swapfile)"})}function Ze({server:n},e){const t="kubeadm.ip-forward",r="Does the kernel forward packets, as pods need it?",s=new URL(n).hostname.startsWith("["),i=s?e.sysctl.ipv6Forward:e.sysctl.ipForward,o=s?"net.ipv6.conf.default.forwarding":"net.ipv4.ip_forward";return i===""?(0,d.uG)(t,r,`the host does not say what ${o} is`):(0,d.oQ)(t,r,i==="1",`${o} = ${i}`,{cause:"kubeadm refuses to join without it, and packets between pods would be dropped",remedy:`set \`sysctl\` ${o}: 1 for this node, or: echo '${o} = 1' | sudo tee /etc/sysctl.d/99-kubernetes.conf && sudo sysctl --system`})}function Xe({facts:n,server:e},t){const r="kubeadm.port",s=`Is port ${E} free for the kubelet?`,i=n.ports.filter(l=>l.port===E),[o]=i;if(!o)return(0,d.bF)(r,s,"free");const a=y({server:e},t)==="joined",u=i.every(({process:l,owner:m})=>m==="kubelet.service"||m===""&&(l==="kubelet"||l===""));if(a&&u)return(0,d.bF)(r,s,"held by the kubelet itself");const c=`${o.process||"an unknown process"} (pid ${o.pid||"unknown"}${o.owner?`, ${o.owner}`:""})`;return(0,d.oQ)(r,s,!1,`held by ${c}`,{cause:"kubeadm refuses to join, and the kubelet could not listen there",remedy:o.owner.endsWith(".service")?`stop it when nobody needs it: sudo systemctl disable --now ${o.owner}`:`stop that process: sudo ss -lntp 'sport = :${E}'`})}function en(n){const e="kubeadm.kubelet-unit",t="Is the kubelet a unit that reads what kubeadm writes?",{unit:r}=n;return r?r.isMasked?(0,d.oQ)(e,t,!1,"the unit kubelet is masked",{cause:"a masked unit cannot be started",remedy:"sudo systemctl unmask kubelet"}):r.readsKubeadm?(0,d.bF)(e,t,`${r.activeState} (${r.subState})${r.isEnabled?"":", not enabled yet"}`):(0,d.oQ)(e,t,!1,`${r.path} ${r.dropIns.length>0?`with ${r.dropIns.join(", ")}`:"without a drop-in"}`,{cause:"its command line does not name bootstrap-kubelet.conf, kubelet.conf, config.yaml and kubeadm-flags.env, so it would start without what kubeadm writes",remedy:"put the drop-in 10-kubeadm.conf of the package kubeadm back (kubernetes.io: the kubelet drop-in file for systemd), then: sudo systemctl daemon-reload"}):(0,d.oQ)(e,t,!1,"there is no unit kubelet",{cause:"kubeadm starts the kubelet by systemd",remedy:"install the package kubelet from pkgs.k8s.io, which brings the unit and its drop-in"})}function de(n){const e=ie(n)??133,t=["mount"];return e>=133?t.push("losetup"):t.push("ip","iptables","nsenter"),e<132&&t.push("conntrack"),n.missingTools.filter(r=>t.includes(r))}function nn(n,e){const{kubeadm:t,kubelet:r}=e.programs,s=[...t?[]:["kubeadm"],...r?[]:["kubelet"],...de(e)],i=/rhel|fedora|suse/.test(`${n.facts.os.id} ${n.facts.os.idLike}`),o=n.version.replace(/^(v\d+\.\d+)\..*$/,"$1");return(0,d.oQ)("kubeadm.programs","Are kubeadm, the kubelet and what they call installed?",s.length===0,s.length===0?`kubeadm ${t?.version||"of unknown version"}, kubelet ${r?.version||"of unknown version"}`:`missing: ${s.join(", ")}`,{cause:"kubeadm joins with what is installed; nothing of Kubernetes is downloaded",remedy:t&&r?"install the packages that bring them (iproute, iptables, conntrack, util-linux, mount)":`install the packages of ${o} from pkgs.k8s.io: sudo ${i?"dnf install kubelet kubeadm":"apt-get install kubelet kubeadm"}, then hold them`})}const U="unix:///var/run/containerd/containerd.sock";function S(n){const[e,...t]=n.criSockets;return e===void 0?U:t.length===0?e:n.containerd.activeState==="active"&&n.containerd.config?.isCriDisabled!==!0&&n.criSockets.includes(U)?U:void 0}const ue=n=>n?.endsWith("/containerd.sock")??!1;function tn(n){const e="kubeadm.cri-socket",t="Is it clear which container runtime the kubelet uses?",r=S(n);return n.criSockets.length<2?(0,d.bF)(e,t,n.criSockets[0]??"no socket yet; containerd\u2019s is the default"):r!==void 0?(0,d.bF)(e,t,`${r}, of ${n.criSockets.join(" and ")}`):(0,d.oQ)(e,t,!1,`several: ${n.criSockets.join(", ")}`,{cause:"kubeadm refuses to choose (found multiple CRI endpoints on the host), and containerd is not usable",remedy:"remove the runtime that is not used, or start containerd"})}function rn(n){const e="kubeadm.containerd",t="Does the container runtime run, with its interface for kubelets?",r=S(n);if(r!==void 0&&!ue(r))return(0,d.bF)(e,t,r);const{activeState:s,config:i,isEnabled:o}=n.containerd;if(s!=="active"&&n.criSockets.length===0){const a=n.programs.containerd!==void 0;return(0,d.oQ)(e,t,!1,a?`containerd is ${s||"no unit"}`:"no containerd",{cause:"a kubelet without a container runtime does not start; kubeadm only warns and then waits for minutes",remedy:a?"sudo systemctl enable --now containerd":"install containerd (package containerd.io or containerd)"})}return s!==""&&s!=="active"?(0,d.oQ)(e,t,!1,`containerd is ${s}`,{cause:"a kubelet without a container runtime does not start; kubeadm only warns and then waits for minutes",remedy:"sudo systemctl enable --now containerd; when it does not stay up: journalctl -u containerd"}):i?.isCriDisabled?(0,d.oQ)(e,t,!1,`${i.path} has cri in disabled_plugins`,{cause:"the packages of Docker ship containerd without its interface for kubelets",remedy:`take cri out of disabled_plugins in ${i.path}, then: sudo systemctl restart containerd`}):s==="active"&&!o?(0,d.oQ)(e,t,!1,"containerd runs, and is not started at boot",{verdict:"warn",cause:"after a reboot the kubelet would wait for it",remedy:"sudo systemctl enable containerd"}):(0,d.bF)(e,t,`containerd ${n.programs.containerd?.version||"of unknown version"}`)}function ce(n){const[,e,t]=/^v?(\d+)\.(\d+)\./.exec(n??"")??[];return e===void 0?0:Number(e)*100+Number(t)}function sn(n){const{config:e}=n.containerd;if(e===void 0)return n.programs.containerd?"cgroupfs":void 0;const t=e.systemdCgroup[e.defaultRuntime||"runc"];return t===void 0?e.hasImports?void 0:"cgroupfs":t?"systemd":"cgroupfs"}function on(n){const e="kubeadm.cgroup-driver",t="Do kubelet and container runtime use the same cgroup driver?",r=n.cgroupDriver||(n.cluster?.kubeletConfig.state==="read"?n.cluster.kubeletConfig.cgroupDriver:"")||"systemd";if(!ue(S(n)))return(0,d.uG)(e,t,"the runtime is not containerd");if(ce(n.programs.kubelet?.version)>=131&&ce(n.programs.containerd?.version)>=200)return(0,d.bF)(e,t,"the kubelet asks containerd for it");const s=sn(n);if(s===void 0)return(0,d.uG)(e,t,`${k.containerdConfig} imports other files`);const i=n.containerd.config?.defaultRuntime||"runc";return(0,d.oQ)(e,t,s===r,s===r?s:`kubelet ${r}, containerd ${s}`,{cause:"with two drivers pods are killed or never start, and the node says nothing of it",remedy:r==="systemd"?`set SystemdCgroup = true in the options of runtime ${i} in ${n.containerd.config?.path??`${k.containerdConfig} (containerd config default writes one)`}, then: sudo systemctl restart containerd`:`set SystemdCgroup = false for runtime ${i}, or cgroupDriver: systemd in kube-system/kubelet-config`})}const le={"kubeadm.programs":(n,e)=>de(e).map(t=>`FileExisting-${t}`),"kubeadm.version":()=>["KubeletVersion"],"kubeadm.swap":({facts:n})=>n.swapBytes>0?["Swap"]:[],"kubeadm.ip-forward":({server:n})=>[new URL(n).hostname.startsWith("[")?"FileContent--proc-sys-net-ipv6-conf-default-forwarding":"FileContent--proc-sys-net-ipv4-ip_forward"],"kubeadm.port":()=>[`Port-${E}`],"kubeadm.containerd":()=>["CRI"],"kubeadm.kubelet-unit":()=>["Service-Kubelet"],"host.cgroup":()=>["SystemVerification"]};function an(n,e,t){return[...new Set(t.flatMap(r=>(Object.hasOwn(le,r)?le[r]?.(n,e):void 0)??[]))].sort()}const $=(n,e,t,r)=>({id:n,stage:"preflight",severity:e,asks:t,remedy:r,isIgnorable:!0}),O=(n,e,t,r)=>({id:e,stage:n,severity:"fail",asks:t,remedy:r,isIgnorable:!1}),fe=[$("kubeadm.programs","fail","Are kubeadm, the kubelet and the programs that this kubeadm demands installed?","install the packages kubelet and kubeadm of the cluster\u2019s minor version"),$("kubeadm.version","fail","Do the installed packages go with the server: the kubelet not newer, at most 3 minor versions older; kubeadm at most one newer? A warning when they differ otherwise","install the packages of the server\u2019s version"),$("kubeadm.kubelet-unit","fail","Is there a unit kubelet that is not masked and reads what kubeadm writes?","install the package kubelet; put 10-kubeadm.conf back"),$("kubeadm.cri-socket","fail","Is it clear which container runtime the kubelet uses? kubeadm refuses when it finds two","remove the runtime that is not used, or start containerd"),$("kubeadm.containerd","fail","Does the container runtime run, with its interface for kubelets? A warning when it is not started at boot","`sudo systemctl enable --now containerd`; take cri out of disabled_plugins"),$("kubeadm.cgroup-driver","fail","Do kubelet and container runtime use the same cgroup driver?","set `SystemdCgroup = true` in containerd\u2019s configuration and restart it"),$("kubeadm.swap","fail","Will the kubelet start with the swap that is there? kubeadm only warns, and then waits for minutes","`sudo swapoff -a`, and take swap out of /etc/fstab"),$("kubeadm.ip-forward","fail","Does the kernel forward packets (net.ipv4.ip_forward; of IPv6 where the server has such an address)?","set it in `sysctl` of this node"),$("kubeadm.port","fail","Is port 10250 free, or held by the kubelet of this cluster?","stop the process that the check names"),O("preflight","kubeadm.leftovers","Is the host free of what an earlier join left? What an interrupted run of this project left is reset","`sudo kubeadm reset -f` on the host, when nothing of it is needed"),$("kubeadm.ca","fail","Do kubeconfig, kube-public/cluster-info, host and server name the same certificate authority? It says which of them is stale","the one that the check says: fetch the kubeconfig again, write cluster-info anew, or reset the host"),O("plan","plan.kubeadm-cluster","Does the host belong to no other cluster, and to no control plane?","leave the other cluster first; name another host"),O("plan","plan.kubeadm-node","Is there no Node of this name that is called Ready, while the host is no node?","wait a minute, or `replace-node`"),O("handshake","handshake.ca","Does the server show the host the CA of the kubeconfig?","see what answers at that address"),O("handshake","handshake.cluster-info","Can cluster-info be read without credentials, and does it name the CA of the kubeconfig?","on a control plane: `sudo kubeadm init phase bootstrap-token`"),O("handshake","handshake.token","Does cluster-info carry the signature of the token, and does the server accept it?","press the button again; with a given token, give another"),O("handshake","handshake.kubeadm-config","May who holds the token read kubeadm-config and kubelet-config, as kubeadm will?","on a control plane: `sudo kubeadm init phase upload-config all`"),O("handshake","handshake.apiserver.<address>","Does the host reach the API server that it joins through, and the one that cluster-info names?","allow its port from the host, or give the server an address that the host reaches")];function he(n,e){return[nn(n,e),Ne(e,n.reading.version,n.version),...ze(n,e),en(e),tn(e),rn(e),on(e),Ye(n,e),Ze(n,e),Xe(n,e),Ge(n,e),...We(n,e),...Ve(n,e)]}var me=p(38815),F=p(93549);const ke=131,be="20s";function dn({nodeIp:n,extraConfig:e}){const t=Object.entries(e).flatMap(([r,s])=>(Array.isArray(s)?s:[s]).map(i=>({name:r.replace(/^-+/,""),value:String(i)})));return[...n?[{name:"node-ip",value:n}]:[],...t].sort((r,s)=>r.name<s.name?-1:r.name>s.name?1:0)}function un(n,e){const{desired:t,criSocket:r,ignoredErrors:s}=n,i=dn(t),o=()=>{const a={};for(const{name:u,value:c}of i)a[u]=u in a?`${a[u]},${c}`:c;return a};return{name:t.node,...r===void 0?{}:{criSocket:r},...s.length>0?{ignorePreflightErrors:[...s]}:{},...i.length>0?{kubeletExtraArgs:e?i:o()}:{},taints:[...t.taints].sort((a,u)=>(0,F.eh)(a)<(0,F.eh)(u)?-1:1).map(({key:a,value:u,effect:c})=>({key:a,...u?{value:u}:{},effect:c}))}}function pe(n){const e=(n.kubeadmMinor??ke)>=ke,t=`${Math.ceil(n.limitMs/1e3)}s`;return new me.yo({apiVersion:`kubeadm.k8s.io/${e?"v1beta4":"v1beta3"}`,kind:"JoinConfiguration",discovery:{bootstrapToken:{token:n.token,apiServerEndpoint:n.target.endpoint,caCertHashes:[...n.target.caCertHashes]},...e?{}:{timeout:be}},nodeRegistration:un(n,e),...e?{timeouts:{discovery:be,kubeletHealthCheck:t,tlsBootstrap:t,kubernetesAPICall:"30s"}}:{}}).toString({lineWidth:0,defaultStringType:"QUOTE_DOUBLE",defaultKeyType:"PLAIN",doubleQuotedAsJSON:!0})}var h=p(82867);const cn=["kubeadm","kubelet","containerd","crictl"];function ln(n){const{unit:e,containerd:t,kubeconfigs:r}=n,s=cn.map(o=>{const a=n.programs[o];return`${o} ${a?a.version||"of unknown version":"not there"}`}),i=Object.entries(t.config?.systemdCgroup??{}).map(([o,a])=>`${o}: ${a?"systemd":"cgroupfs"}`);return{"kubernetes packages":s.join(", "),"kubelet unit":e?`${e.activeState} (${e.subState}), ${e.isMasked?"masked":e.isEnabled?"enabled":"not enabled"}, ${e.dropIns.length>0?`drop-ins: ${e.dropIns.join(", ")}`:"no drop-in"}`:"not installed",containerd:`${t.activeState||"no unit"}${t.config?`, ${t.config.path}: ${[t.config.isCriDisabled?"CRI disabled":"",...i].filter(Boolean).join(", ")||"no cgroup driver named"}`:""}`,"CRI sockets":n.criSockets.join(", ")||"none",...r.length>0?{"joined to":r.map(o=>{const[a]=v(o.caPem);return`${o.server||"unknown"} (${o.path}${a?`, CA ${x(a)}`:""})`}).join("; ")}:{}}}var G=p(58500);const fn=256*1024,W=n=>typeof n=="object"&&n!==null&&!Array.isArray(n)?n:{},T=n=>typeof n=="string"?n:"";function z(n){if(n.length>fn)return{};try{return W((0,me.qg)(n,{maxAliasCount:0,logLevel:"error"}))}catch{return{}}}function $e(n){const{clusters:e}=z(n),[t,...r]=Array.isArray(e)?e:[];if(r.length>0)return;const s=W(W(t).cluster),i=T(s.server).slice(0,512),o=T(s["certificate-authority-data"]);if(!(i===""&&o===""))return{server:i,caPem:Buffer.from(o,"base64").toString("utf8")}}function hn(n){const e=T(n.ClusterConfiguration);if(e==="")return;const t=z(e);return{version:T(t.kubernetesVersion).slice(0,64),controlPlaneEndpoint:T(t.controlPlaneEndpoint).slice(0,512)}}function mn(n){const e=T(n.kubelet);if(e==="")return;const t=z(e);return{cgroupDriver:T(t.cgroupDriver).slice(0,32)||"systemd",failSwapOn:t.failSwapOn!==!1}}function V(n){return`jws-kubeconfig-${n}`}const ge=n=>Buffer.from(n,"utf8").toString("base64url");function kn(n,e,t){const r=ge(`{"alg":"HS256","kid":"${e}"}`),s=(0,C.createHmac)("sha256",t).update(`${r}.${ge(n)}`).digest("base64url");return`${r}..${s}`}function bn(n,e,t,r){const[s,i]=[n,kn(e,t,r)].map(o=>Buffer.from(o));return s!==void 0&&i!==void 0&&s.length===i.length&&(0,C.timingSafeEqual)(s,i)}const j="on a control plane: sudo kubeadm init phase bootstrap-token";function ve(n){try{const{message:e}=JSON.parse(n.body);if(typeof e=="string")return(0,d.TN)(e)}catch{}return(0,d.TN)(n.body)}function ye(n){try{const{data:e}=JSON.parse(n.body);return typeof e!="object"||e===null?void 0:Object.fromEntries(Object.entries(e).filter(([,t])=>typeof t=="string"))}catch{return}}function pn(n){const e=[ve(n)],t=`cluster-info: HTTP ${n.status}`;switch(n.status){case 200:return{found:"cluster-info holds no kubeconfig of one cluster",cause:"it was edited by hand; kubeadm has nothing to join by",remedy:j,evidence:[]};case 401:return{found:t,cause:"the API server answers nobody without credentials (--anonymous-auth=false), and kubeadm finds the cluster without any",remedy:"allow anonymous requests for this path only (AuthenticationConfiguration, anonymous.conditions), or join this node by hand with a discovery file",evidence:e};case 403:return{found:t,cause:"the Role kubeadm:bootstrap-signer-clusterinfo in kube-public, or its binding to system:anonymous, is gone",remedy:j,evidence:e};case 404:return{found:"there is no cluster-info",cause:"the cluster was not set up by kubeadm, or it was deleted",remedy:`${j}; or set \`distribution: k3s\``,evidence:e};default:return{found:t,cause:"what answers there is no API server of kubeadm",remedy:"check host and port of `server`",evidence:e}}}const $n="system:bootstrappers:kubeadm:default-node-token",gn=1e4,we=150;async function vn(n,e,t,r=gn){const s=performance.now()+r;for(;;){try{const i=await n.configMap("kube-public","cluster-info",t);if(i?.[V(e)])return!0;if(i===void 0)return!1}catch(i){if(t.aborted||!(i instanceof F.b$))throw i;return!1}if(performance.now()+we>=s)return!1;await(0,G.setTimeout)(we,void 0,{signal:t})}}async function yn(n,e,t,r,s,i,o){const{serverTimeMs:a}=await n.read(e,o),u={node:e,runLabel:t.label,ttlMs:r,extraGroups:$n,now:a},c=(0,d.FY)(u),l=`${c.id}.${c.secret}`;for(const m of[l,c.secret])i(m);return await(0,d.W$)(n,{...u,record:s,token:c},o),await vn(n,c.id,o),{id:c.id,text:l}}function wn(n,e,t){const r=n.trim();if(/^[a-z0-9]{6}\.[a-z0-9]{16}$/.test(r))return{id:"given",text:r};const s=r.startsWith("K10");throw new d.jK(s?"token-of-another-cluster":"kubeadm-token-malformed",s?"the given token is one of k3s":"the given token is no bootstrap token","kubeadm joins with a bootstrap token: 6 characters, a dot, 16 characters, of a-z and 0-9","leave `token` out: one is minted through the API and deleted at the end; or give what kubeadm token create prints")}function _n(n){const[e="",t=""]=n.split(".");return{id:e,secret:t}}const On=5e3,Y=300,_e="/api/v1/namespaces/kube-public/configmaps/cluster-info",Z=n=>`/api/v1/namespaces/kube-system/configmaps/${n}`;class Tn extends d.u_{#e;constructor(e,t,r){super(e,{...t,words:{server:"Kubernetes API server",namesIn:"apiServer.certSANs of the control plane"},onCheck:r}),this.#e=t}async#n(e,t){const{caPem:r}=this.#e;return await this.get(e,{caPem:r,...t===void 0?{}:{authorization:`Bearer ${t}`}})}async askAuthority(){const e="handshake.ca",t="Does the host see the cluster's own certificate authority?";try{await this.#n("/version")}catch(s){return this.say(await this.firstFault(e,t,s)),!1}const[r=""]=v(this.#e.caPem);return this.say({id:e,verdict:"pass",question:t,found:x(r),evidence:[`kubeconfig: ${r}`]})}async askClusterInfo(){const e="handshake.cluster-info",t="Does the host find the cluster by cluster-info, as kubeadm will?";let r;try{r=await this.#n(_e)}catch(u){this.say(await this.faultCheck(e,t,this.server,u));return}const s=r.status===200?ye(r):void 0,i=$e(s?.kubeconfig??"");if(s===void 0||i===void 0){this.say({id:e,verdict:"fail",question:t,...pn(r)});return}const{check:o,stale:a}=oe({kubeconfig:this.#e.caPem,clusterInfo:i.caPem,host:{},served:"kubeconfig"});if(a!==void 0){this.say({...o,id:e,question:t});return}if((0,d.$r)(i.server)===void 0){this.say({id:e,verdict:"fail",question:t,found:`cluster-info names no server with an https address: ${(0,d.TN)(JSON.stringify(i.server))}`,cause:"it was edited by hand; the kubelet connects for good to what stands there",remedy:j});return}return this.say(o.verdict==="warn"?{...o,id:e,question:t}:{id:e,verdict:"pass",question:t,found:i.server}),{info:i,data:s}}async askToken(e){const{token:t,signal:r}=this.#e,s="handshake.token",i="Does the server know the token, for signing and for joining?";if(t===void 0)return this.say({id:s,verdict:"skip",question:i,found:"token not exercised"});const{id:o,secret:a}=_n(t),u=performance.now(),c=()=>performance.now()-u+Y<On;try{let l=e;for(;!l[V(o)]&&c();)await(0,G.setTimeout)(Y,void 0,{signal:r}),l=ye(await this.#n(_e))??{};const m=l[V(o)];if(!m)return this.say({id:s,verdict:"fail",question:i,found:`cluster-info is not signed for token ${o}`,cause:"the token is unknown, has expired or may not sign; or the bootstrap signer of kube-controller-manager does not run",remedy:"press the button again: a new one is minted; when that is refused too, look at kube-controller-manager (--controllers with bootstrapsigner)"});if(!bn(m,l.kubeconfig??"",o,a))return this.say({id:s,verdict:"fail",question:i,found:`the signature of token ${o} was made with another secret`,cause:"the secret of the given token is wrong; kubeadm would say: failed to verify JWS signature of received cluster info object",remedy:"give no token, so that one is minted; or give what kubeadm token create prints"});let w=await this.#n(Z("kubeadm-config"),t);for(;w.status===401&&c();)await(0,G.setTimeout)(Y,void 0,{signal:r}),w=await this.#n(Z("kubeadm-config"),t);return w.status===401?this.say({id:s,verdict:"fail",question:i,found:"signed, and refused when somebody joins with it (HTTP 401)",cause:"the token lacks usage-bootstrap-authentication, or the API server runs without --enable-bootstrap-token-auth",remedy:"give no token, so that one is minted; or add the flag to the API server"}):(this.say({id:s,verdict:"pass",question:i,found:"signed and accepted"}),await this.#t(w,t))}catch(l){return this.say(await this.faultCheck(s,i,this.server,l))}}async#t(e,t){const r="handshake.kubeadm-config",s="May who holds the token read what kubeadm needs?",i=await this.#n(Z("kubelet-config"),t);for(const[o,a]of[["kubeadm-config",e],["kubelet-config",i]])if(a.status!==200)return this.say({id:r,verdict:"fail",question:s,found:`kube-system/${o}: HTTP ${a.status}`,cause:a.status===403?"the token is not in system:bootstrappers:kubeadm:default-node-token, or that group has lost its rights":"the cluster was not set up by kubeadm, or what it keeps there was deleted",remedy:a.status===403?`give no token, so that one is minted; ${j}`:"on a control plane: sudo kubeadm init phase upload-config all",evidence:[ve(a)]});return this.say({id:r,verdict:"pass",question:s,found:"kubeadm-config and kubelet-config"})}async askApiServers(e){const t=(0,d.ku)(this.server.address,this.server.port);return await this.reachAll([t,e.server],this.#e.caPem,!0)}}async function Rn(n,e,t=()=>{}){const r=new Tn(n,e,t);if(!await r.askAuthority())return{checks:r.checks};const s=await r.askClusterInfo();if(s===void 0)return{checks:r.checks};if(!(await r.askToken(s.data)||e.token===void 0))return{checks:r.checks};const o=await r.askApiServers(s.info);return o===void 0?{checks:r.checks}:{checks:r.checks,result:{apiServers:o,via:r.via}}}function Sn(n,e){const t=s=>s.verdict==="pass"||s.verdict==="warn"?"\u2713":s.verdict==="skip"?"not exercised":"\u2717";return n.map(s=>s.id==="handshake.ca"?`CA ${s.verdict==="pass"?`${s.found} `:""}${t(s)}`:s.id==="handshake.token"?e?`token ${t(s)}`:"token not exercised":`${s.id.replace(/^handshake\.(apiserver\.?)?/,"").replace(/-(\d+)$/,":$1")} ${t(s)}`).join("  ")}var jn=p(56593);function N(n,e){return["fresh","unfinished","leftover"].includes(y(n,e))}const Oe="can take the GPU from running containers";function In(n,e){const t=J(n.server),r=[],s=(i,o)=>{r.push({id:i,...o})};if(n.hasGivenToken||s("mint-token",{kind:"mint",target:`bootstrap token, ${(0,jn.a3)(n.tokenLifetimeMs)}`,reason:"a node needs one to join; deleted at the end",undo:"deleted in every ending"}),y(n,e)==="unfinished"){const i=e.interrupted.map(o=>o.runId).join(", ");s("reset",{kind:"delete",target:`what an interrupted join left (kubeadm reset): ${e.files.join(", ")||"nothing yet"}`,reason:`run ${i} of this project began to join and did not end`,undo:"not needed: it was never a node"})}return e.unit?.isEnabled===!1&&s("enable",{kind:"install",target:"start of kubelet at boot, without daemon-reload",reason:"not enabled",undo:"link deleted"}),s("reload",{kind:"reload",target:"systemd (daemon-reload), by kubeadm join itself",reason:"kubeadm has systemd read its units again before it starts the kubelet, and cannot be kept from it",disrupts:Oe,undo:"not needed: no unit file is changed"}),s("start",{kind:"start",target:`kubelet, by kubeadm join ${t}`,reason:"joins the cluster",undo:"kubeadm reset, and what it leaves is deleted where it was not there before"}),r}function Cn(n,e,t){const{node:r}=n.reading,s=e.unit?.activeState??"";if(s!=="active")return[`the unit is ${s||"not there"}`];const i=[];(0,d.ik)(n)||!r?i.push("registers anew"):(0,d._n)(n)||i.push(r.ready==="True"?"the node has no fresh heartbeat":"the node is not Ready");const o=se(e);r&&o===n.version&&r.kubeletVersion!==o&&i.push(`${r.kubeletVersion} is still running, ${o} is installed`);const a=e.unit?.changedSinceStart??[];return!t&&a.length>0&&i.push(`${a.join(", ")} changed after it was started`),i}function xn(n,e){const t=!Ue(n)&&e.interrupted.length===0,r=Cn(n,e,t),s=e.unit?.activeState??"",i=["inactive","failed",""].includes(s),o=t&&n.consent.adopt==="plan"&&n.reading.node!==void 0&&!i?{waitsFor:"adopt: apply"}:{},a=[];e.interrupted.length>0&&e.files.includes(k.bootstrapConfig)&&a.push({id:"forget-token",kind:"delete",target:k.bootstrapConfig,reason:"an interrupted join left it, with its token; a kubelet that has a certificate needs it no more",undo:"none: the token in it is deleted"});const u=e.unit?.needsReload===!0&&!t&&r.length>0;return e.unit?.isEnabled===!1&&!t&&a.push({id:"enable",kind:"install",target:"start of kubelet at boot, without daemon-reload",reason:"not enabled",undo:"link deleted"}),u&&a.push({id:"reload",kind:"reload",target:"systemd (daemon-reload)",reason:"the unit file has changed since systemd read it",disrupts:Oe,undo:"not needed: no unit file is changed"}),r.length>0&&a.push({...i?{id:"start",kind:"start",undo:"stopped"}:{id:"restart",kind:"restart",undo:"restarted with what was there before"},target:"kubelet",reason:r.join("; "),...s==="active"?{disrupts:"restarts kubelet; containers keep running"}:{},...o}),a}function Te(n,e){const t=y(n,e);return t==="foreign"||t==="control-plane"?[]:N(n,e)?In(n,e):xn(n,e)}async function X(n,e,t,r,s){try{const i=await n.configMap(e,t,s);if(i===void 0)return{state:"missing",problem:`there is no ConfigMap ${e}/${t}`};const o=r(i);return o===void 0?{state:"unreadable",problem:`${e}/${t} does not hold what kubeadm writes there`}:{state:"read",...o}}catch(i){if(s.aborted||!(i instanceof F.b$)||i.code!=="forbidden")throw i;return{state:"unreadable",problem:i.message}}}async function Pn(n,e,t,r,s){const i=(0,d.$r)(e);if(i===void 0)return"unknown";const o=(0,d.Mr)(n,h.rV),a=async l=>{try{return await o.reach(i.address,i.port,l,s),!0}catch(m){if(s.aborted)throw m;return m instanceof d.O8&&m.kind==="authority"?!1:void 0}},u=await a(t);if(u!==!1)return u?"kubeconfig":"unknown";if(r===void 0||R(r,t))return"neither";const c=await a(r);return c===void 0?"unknown":c?"cluster-info":"neither"}async function An(n,e,t,r,s){const i={...r,authorityPem:e.caPem};if(!N(t,i))return i;const[o,a,u]=await Promise.all([X(e,"kube-public","cluster-info",m=>$e(m.kubeconfig??""),s),X(e,"kube-system","kubeadm-config",hn,s),X(e,"kube-system","kubelet-config",mn,s)]),c=o.state==="read"&&o.caPem!==""?o.caPem:void 0,l=await Pn(n,t.server,e.caPem,c,s);return{...i,cluster:{clusterInfo:o,kubeadmConfig:a,kubeletConfig:u,served:l}}}const Xn=[{namespace:"kube-public",name:"cluster-info"},{namespace:"kube-system",name:"kubeadm-config"},{namespace:"kube-system",name:"kubelet-config"}].map(n=>({verb:"get",group:"",resource:"configmaps",...n})),ee={"init-unsupported":"join a host that runs systemd","kubeadm-missing":"install kubeadm, kubelet and containerd on the host: this action brings no packages for kubeadm","kubeadm-joined-already":"press the button again: it looks at the host anew and says whose node it is; nothing is ever joined over","kubeadm-not-ours":"look whose node this machine was; when it is nobody\u2019s: sudo kubeadm reset -f on the host, then run it again","kubeadm-reset-failed":"look at the host on its console: sudo kubeadm reset -f; then run it again","enable-failed":"look at the host on its console: sudo systemctl enable kubelet"},b={apply:`
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

has_begun() {
  for name in $continued; do
    if grep -qs '^joining ' "$runs_folder/$name/log"; then return 0; fi
  done
  return 1
}

reset_join() {
  outcome=unchanged left=no complaints=''
  for path in $join_files; do if is_there "$path"; then left=yes; fi; done
  if [ "$left" = no ]; then return 0; fi
  before=$(oldest_log)
  if ! has_begun; then
    die kubeadm-not-ours 'what is left of a join on this host was not begun by this project, and is not taken back'
  fi
  if is_there /etc/kubernetes/kubelet.conf && is_there "$kubelet_folder/pki/kubelet-client-current.pem"; then
    die kubeadm-not-ours 'this host has become a node of a cluster since it was looked at, and is not taken out of it'
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
  keep_settings
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
    case $name in pods | pki) if [ -n "$(ls -A "$file" 2>/dev/null)" ]; then note "keeps $name"; fi ;; esac
    case $name in *' '*) note "keeps $name" ;; *)
      case $kubelet_names in *" $name "*) ;; *) note "keeps $name" ;; esac
      ;;
    esac
  done
}

mounted_below() {
  behind=$(readlink -f "$ROOT$1" 2>/dev/null) || behind=''
  case $behind in "$ROOT"/*) behind=\${behind#"$ROOT"} ;; *) behind=$1 ;; esac
  { cat "$ROOT/proc/mounts" 2>/dev/null || printf '? %s unreadable\\n' "$1/"; } |
    awk -v one="$1" -v other="$behind" '
      function isBelow(place, folder) { return place == folder || index(place, folder "/") == 1 }
      isBelow($2, one) || isBelow($2, other) { print $3, $2 }'
}

keep_settings() {
  for path in "$kubelet_folder/config.yaml" "$kubelet_folder/kubeadm-flags.env"; do
    if is_there "$path"; then preserve "$path"; fi
  done
}

foreign_mounts() {
  behind=$(readlink -f "$ROOT$kubelet_folder" 2>/dev/null) || behind=''
  mounted_below "$kubelet_folder" | while read -r type place; do
    case $type in tmpfs) continue ;; esac
    if [ "$place" != "$kubelet_folder" ] && [ "$ROOT$place" != "$behind" ]; then printf '%s\\n' "$place"; fi
  done
}

others_files() {
  for file in "$ROOT/etc/kubernetes/manifests"/* "$ROOT/etc/kubernetes/manifests"/.[!.]* "$ROOT/etc/kubernetes/pki"/* \\
    "$ROOT/etc/kubernetes/pki"/.[!.]* "$ROOT/etc/kubernetes/admin.conf" "$ROOT/etc/kubernetes/super-admin.conf" \\
    "$ROOT/etc/kubernetes/controller-manager.conf" "$ROOT/etc/kubernetes/scheduler.conf"; do
    path=\${file#"$ROOT"}
    if [ "$path" != /etc/kubernetes/pki/ca.crt ] && is_there "$path"; then printf '%s\\n' "$path"; fi
  done
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
  if [ -e "$ROOT/etc/kubernetes/pki/ca.key" ]; then emit fact leave.control-plane present:n true; fi
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
}

refuse_server() {
  for name in kube-apiserver kube-controller-manager etcd; do
    if [ -e "$ROOT/etc/kubernetes/manifests/$name.yaml" ]; then
      die server-present "this host is a control plane (/etc/kubernetes/manifests/$name.yaml)"
    fi
  done
  if [ -e "$ROOT/etc/kubernetes/pki/ca.key" ]; then die server-present 'the key of a cluster lies on this host (/etc/kubernetes/pki/ca.key)'; fi
}

refuse_others() { :; }

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

kubeadm_others() {
  for name in k3s k3s-agent rke2-server rke2-agent k0sworker k0scontroller snap.microk8s.daemon-kubelite; do
    for folder in /etc /usr/local/lib /usr/lib /lib; do
      if [ -e "$ROOT$folder/systemd/system/$name.service" ]; then
        emit fact kubeadm.other unit "$name.service"
        break
      fi
    done
  done
}

survey_distribution() {
  for part in programs tools unit containerd sockets kernel leftovers interrupted others; do
    ("kubeadm_$part") || :
  done
}
`,"take-back":`
forget_join() {
  if ! timeout 40 systemctl stop "$unit" >/dev/null 2>&1; then complain "$unit" 'it did not stop in 40 s'; fi
  for path in $join_files $kubelet_files; do
    if ! is_there "$path"; then continue; fi
    if [ -n "$(mounted_below "$path")" ]; then
      complain "$path" 'something is mounted there, and it was not deleted'
      continue
    fi
    if [ "$path" = "$kubelet_folder/pki" ] && grep -qx 'keeps pki' "$1"; then
      rm -f "$ROOT$path"/kubelet-client-*.pem || complain "$path" 'the certificate of the join could not be deleted'
      continue
    fi
    if ! rm -rf $apart "$ROOT$path"; then complain "$path" 'could not be deleted'; fi
  done
}

take_join_back() {
  taken=yes
  kept=$(sed -n 's/^keeps //p' "$1" | head -n 5 | tr '\\n' ' ')
  mounts=$(foreign_mounts | head -n 5 | tr '\\n' ' ')
  others=$(others_files | head -n 5 | tr '\\n' ' ')
  if [ -n "$mounts" ]; then
    complain "$kubelet_folder" "mounts below it are not the kubelet's own: \${mounts% }"
    forget_join "$1"
  elif [ -n "$kept" ]; then
    complain "$kubelet_folder" "it held \${kept% } before, which kubeadm reset would delete"
    forget_join "$1"
  elif [ -n "$others" ]; then
    complain "\${others% }" 'no join of a worker wrote that, and kubeadm reset would delete it'
    forget_join "$1"
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
      forget_join "$1"
    fi
    rm -f "$run/reset.log"
  fi
  for path in $join_files; do if is_there "$path"; then taken=no; fi; done
  clear_network_files "$1"
}

forced='' apart=''
if timeout -k 1 5 true >/dev/null 2>&1; then forced='-k 5'; fi
if rm -rf --one-file-system "$ROOT/run/k3s-gpu-actions.none" >/dev/null 2>&1; then apart=--one-file-system; fi

is_of_others() {
  case \${1##*/} in *podman* | nerdctl-* | *crio* | *loopback* | 10-containerd-net.conflist | cni.lock) return 0 ;; esac
  return 1
}

clear_network_files() {
  for file in "$ROOT$cni_folder"/*; do
    if [ ! -e "$file" ] && [ ! -L "$file" ]; then continue; fi
    if grep -qxF "cni \${file#"$ROOT"}" "$1" || is_of_others "$file"; then continue; fi
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
`},En=["reset","forget-token","enable","reload"];async function Fn(n,e){const t=await n.run({name:"apply",script:[b["kubeadm-files"],h.gY,b["take-back"],b.apply].join(`
`),env:{RUN_ID:(0,h.np)(e.runId),HOLDER:(0,h.$R)(e.holder),LOCK_WAIT:(0,h.ET)(e),STEPS:e.steps.join(" "),CRI_SOCKET:e.criSocket??"",JOINS:e.joins?"yes":"no"},privilege:"root",timeoutMs:e.timeoutMs,signal:e.signal,onLine:({step:s,state:i})=>{(i==="done"||i==="unchanged")&&e.onStep(s)}}),r=(0,h.lZ)(n.label,"what comes before the join",t,ee);if(r)throw r;return t.lines.flatMap(s=>typeof s.interrupted=="string"?[{runId:s.interrupted,step:String(s.step??"")}]:[])}async function Nn(n,e,t,r){const{unit:s,timeoutMs:i}=e;await(0,h.iJ)(n,{unit:s,log:"",action:"start",by:{script:[b["kubeadm-files"],b.join].join(`
`),env:{RUN_ID:(0,h.np)(e.runId),HOLDER:(0,h.$R)(e.holder),LOCK_WAIT:(0,h.ET)({timeoutMs:i,lockWaitMs:1e4}),JOIN_LIMIT:String(Math.ceil(i/1e3)),ENDPOINT:e.endpoint},secrets:{CONFIG:e.config},remedies:ee},signal:r,onEvent:t,timeoutMs:i})}const Mn=[[/^\[preflight\] Reading configuration from the/,"kubeadm trusts the API server"],[/^\[kubelet-start\] Starting the kubelet/,"kubelet started"],[/^\[kubelet-check\] The kubelet is healthy/,"kubelet healthy"]];function Dn(n,e){if(e==="kubeadm")return Mn.find(([t])=>t.test(n))?.[1]}async function Kn(n,e){const t=await n.run({name:"undo",script:[b["kubeadm-files"],h.gY,b["take-back"],h.O,b.undo].join(`
`),env:{RUN_ID:(0,h.np)(e.runId),HOLDER:(0,h.$R)(`undo of run ${e.runId}`),LOCK_WAIT:(0,h.ET)(e),CRI_SOCKET:e.criSocket??""},privilege:"root",timeoutMs:e.timeoutMs,signal:e.signal}),r=(0,h.lZ)(n.label,"the undo",t,ee);if(r)throw r;return{changes:t.lines.flatMap(s=>typeof s.undone=="string"?[s.undone]:[]),remaining:t.lines.flatMap(s=>typeof s.remaining=="string"?[s.remaining]:[])}}const Re=b.survey,Se=32,je=64*1024,Ln=["kubeadm","kubelet","containerd","crictl"];function f(n,e,t=512){const r=n?.[e];return typeof r=="string"?r.slice(0,t):""}function M(n,e){return f(n,e,4096).split(" ").filter(t=>t!=="").slice(0,Se)}function Ie(n,e){const t=n?.[e];return typeof t=="number"&&Number.isSafeInteger(t)&&t>=0?t:0}function Hn(n){const e={};for(const t of n){const r=Ln.find(s=>s===t.name);r!==void 0&&e[r]===void 0&&(e[r]={path:f(t,"path"),version:f(t,"version",128)})}return e}function Bn(n,e){const t=M(e,"runtimes").flatMap(r=>{const[,s,i]=/^([^=]+)=(true|false)$/.exec(r)??[];return s===void 0?[]:[[s,i==="true"]]});return{activeState:f(n,"active",64),isEnabled:n?.enabled===!0,...e&&{config:{path:f(e,"path"),version:Ie(e,"version"),isCriDisabled:e.cri_disabled===!0,defaultRuntime:f(e,"default",128),systemdCgroup:Object.fromEntries(t),hasImports:e.imports===!0}}}}function Jn(n){const e=o=>n.filter(a=>a.fact===`kubeadm.${o}`).slice(0,Se),t=o=>n.find(a=>a.fact===`kubeadm.${o}`),r=t("unit"),s=t("ca"),i=t("kernel");return{programs:Hn(e("program")),missingTools:M(t("tools"),"missing"),...r&&{unit:{path:f(r,"path"),activeState:f(r,"active",64),subState:f(r,"sub",64),isEnabled:r.enabled===!0,isMasked:r.masked===!0,restarts:Ie(r,"restarts"),needsReload:r.needs_reload===!0,dropIns:M(r,"drop_ins"),readsKubeadm:r.reads_kubeadm===!0,changedSinceStart:M(r,"changed")}},containerd:Bn(t("containerd"),t("containerd-config")),criSockets:[...new Set(e("socket").map(o=>f(o,"address")))],sysctl:{ipForward:f(i,"ip_forward",16),ipv6Forward:f(i,"ip6_forward",16),bridgeNfIptables:f(i,"bridge_nf",16)},files:e("file").map(o=>f(o,"path")),kubeconfigs:e("kubeconfig").map(o=>({path:f(o,"path"),server:f(o,"server"),caPem:f(o,"ca",je)})),...s&&{caPem:f(s,"text",je)},manifests:e("manifest").map(o=>f(o,"name",256)),hasClientCertificate:t("certificate")?.present===!0,cgroupDriver:f(t("settings"),"cgroup_driver",32),others:e("other").map(o=>f(o,"unit",128)),interrupted:e("interrupted").map(o=>({runId:f(o,"run",128),server:f(o,"server",256)}))}}const D="kubelet",qn="kubeadm",Qn=12e4,Un=6e4;function ne(){throw new Error("kubeadm joins with the packages of the host: there is nothing to download")}function Gn(n){let e;return{name:"kubeadm",unit:D,surveyScript:Re,notReadyLimitMs:Number.POSITIVE_INFINITY,tokenAccessRequests:d.a9,resolveVersion:Pe,installedVersion:se,survey(t){const r=Jn(t);return e=S(r),r},async inspect(t,r,s,i,o){return await An(t,r,s,i,o)},describe:ln,checkRegistry:fe,checks:he,plan:(t,r)=>Te(t,r),needsRelease:()=>!1,sketchRelease:ne,async mint(t,r,s,i,o,a){return await yn(t,r,s,i,o,n.mask,a)},revoke:d.ni,tokens:d.qZ,async sweep(t,r,s){const{serverTimeMs:i}=await t.read(r,s);return await(0,d.Ry)(t,{node:r,olderThan:i+1e3},s)},acceptToken:wn,async hold(t,r,s,i,o){return await(0,h.Qw)(t,{...s,runId:r.runId,holder:r.label,onWaiting:i,signal:o})},async handshake(t,r,s,i,o){const{checks:a,result:u}=await Rn(t,{server:r,caPem:s,...i?{token:i.text}:{},script:h.rV,probe:d.Ys,signal:o});return{checks:a,passed:u!==void 0,line:Sn(a,i!==void 0)}},freeName:async()=>{},forgetNode:async()=>!1,prepare:ne,describePrepared:ne,async install(t,r,s,i,o,a){const u=new Set(s.changes.map(_=>_.id)),c=u.has("start")&&s.program!==void 0,l=En.filter(_=>u.has(_)&&!(c&&_==="reload"));return l.length===0?{needsSettling:!1,notes:[]}:{needsSettling:!1,notes:(await Fn(t,{runId:i.runId,holder:i.label,steps:l,criSocket:e,joins:c,signal:a,timeoutMs:Qn,onStep:o})).map(({runId:_,step:te})=>`run ${_} was interrupted here (${te||"before its first step"}); what it left is gone`)}},startProgram:(t,r)=>N(t,r)?qn:void 0,async start(t,r,s,i){const{action:o,situation:a,installation:u,credential:c,caPem:l,run:m,timeoutMs:w}=r;if(o!=="start"||!N(a,u)){await(0,h.iJ)(t,{unit:D,log:"",action:o,signal:i,onEvent:s,timeoutMs:w});return}if(c===void 0)throw new Error("a join needs a token, and none was minted or given");const _=Be(a.server,l),te=pe({desired:a.desired,target:_,token:c.text,kubeadmMinor:ie(u),criSocket:S(u),ignoredErrors:an(a,u,a.ignoredChecks??[]),limitMs:w}),Vn={runId:m.runId,holder:m.label,unit:D,config:te,endpoint:_.endpoint,timeoutMs:w};await Nn(t,Vn,s,i)},milestone:Dn,settle:async()=>{},evidence:(t,r,s)=>(0,d.At)(t,{script:b.evidence,unit:D,startedAgoMs:r.startedAgoMs},s),async remove(t,r,s){return await Kn(t,{runId:r.runId,criSocket:e,signal:s,timeoutMs:Un})}}}var I=p(10849);const Ce=["/var/lib/kubelet","/etc/kubernetes"],Wn={before:[],script:b.leave,folders:Ce};function zn(){return{name:"kubeadm",unit:"kubelet",surveyScript:[I.Gg,b["leave-survey"]].join(`
`),presence(n){const e=(i,o)=>{const a=n.find(u=>u.fact===i)?.[o];return typeof a=="string"?a.slice(0,4096):""},t=(0,I.OE)(n),r=t.traces.length>0||t.isHalfGone,s=e("leave.unit","state");return{...t,isThere:r,isRunning:r&&(0,I.Np)(s),isServer:n.some(i=>i.fact==="leave.control-plane"&&i.present===!0),version:e("leave.version","version"),unitState:s,server:e("leave.server","url")}},disturbs:()=>{},mounts:(n,e,t,r)=>(0,I.X0)(n,Ce,t,r),uninstall:(n,e,t,r)=>(0,I.oN)(Wn,n,e,t,r),nodePassword:()=>{}}}})};export{et as id,nt as ids,tt as modules};
