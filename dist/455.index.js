const Ws=455,Js=[455],Ys={2851:((bt,He,z)=>{z.d(He,{_e:()=>Oe,_r:()=>me,ro:()=>je});const D={tokenId:"token-id",kubeconfig:"kubeconfig",context:"context"};function Oe(X,ce){X.saveState(D.kubeconfig,ce.kubeconfig),X.saveState(D.context,ce.context),X.saveState(D.tokenId,ce.tokenId)}function me(X){X.saveState(D.tokenId,"")}function je(X){const ce=X.state(D.tokenId);if(ce!=="")return{tokenId:ce,kubeconfig:X.state(D.kubeconfig),context:X.state(D.context)}}}),2113:((bt,He,z)=>{z.d(He,{Vp:()=>zt,ij:()=>re,Vw:()=>ve,kJ:()=>ze,pA:()=>Fe,g$:()=>et,hD:()=>B,dT:()=>pt,gM:()=>fe,hl:()=>St,pF:()=>rt,RU:()=>de});var D=z(8815);const Oe=256*1024,me=40,je=50,X=20,ce={DUPLICATE_KEY:"the same key appears twice in one mapping",TAB_AS_INDENT:"a tab is used as indentation",MULTIPLE_DOCS:"there is a second document",NON_STRING_KEY:"a key is not text; put it in quotes",TAG_RESOLVE_FAILED:"there is a tag that plain YAML does not know"};function xe(c){return c.map(a=>typeof a=="number"?`[${a}]`:/^[\w/-]+$/.test(a)?`.${a}`:`[${JSON.stringify(a)}]`).join("").replace(/^\./,"")}function ee(c,a=0){return c===null||typeof c!="object"||a>me?a:Math.max(a,...Object.values(c).map(k=>ee(k,a+1)))}function he(c){return c?.range?.[0]}function we(c,a,k){let x=c.contents,T=he(x)??0;for(const[N,e]of a.entries()){(0,D.Vj)(x)&&(x=x.resolve(c));const f=N===a.length-1;if((0,D.jh)(x)){const q=x.items.find(w=>(0,D.jn)(w.key)&&String(w.key.value)===String(e));if(!q)return T;T=(f&&k==="value"?he(q.value):void 0)??he(q.key)??T,x=q.value}else if((0,D.oP)(x))x=x.items[Number(e)],T=he(x)??T;else return T}return T}function ie(c,a){const k=new Map;for(const x of[...c].sort((T,N)=>T.pos[0]-N.pos[0])){const T=a(x.pos[0]),N=T.replace(/:\d+$/,"");if(k.has(N))continue;const e=(x.message.split(`
`)[0]??"").slice(0,120);k.set(N,{input:T,problem:ce[x.code]??`is no YAML (${e})`,allowed:"YAML 1.2, one document, each key once"})}return[...k.values()].slice(0,X)}function fe(c,a){if(Buffer.byteLength(c)>Oe)return{problems:[{input:a,problem:"is larger than 256 KiB",allowed:"a cluster is described in a few pages"}]};const k=new D.HN,x=N=>{const{line:e,col:f}=k.linePos(N);return`${a}:${Math.max(1,e)}:${Math.max(1,f)}`},T=(N,e,f)=>({problems:[{input:x(N),problem:e,allowed:f}]});try{const N=(0,D.Tp)(c,{lineCounter:k,prettyErrors:!1,stringKeys:!0,version:"1.2",uniqueKeys:!0}),e=[...N.errors,...N.warnings];if(e.some(m=>m.message.includes("call stack")))throw new RangeError(e[0]?.message);if(e.length>0)return{problems:ie(e,x)};let f,q;if((0,D.YR)(N,{Node(m,$e){(0,D.Vj)($e)?f??=he($e):$e.tag!==void 0&&(q??=he($e))}}),q!==void 0)return T(q,"has a tag","plain text, numbers, true, false, lists and mappings");let w;try{if(w=N.toJS({maxAliasCount:je}),ee(w)>me)return T(f??0,"is nested without end",`at most ${me} levels`)}catch(m){if(f===void 0)throw m;return T(f,"has an alias that cannot be resolved, or too many of them",`at most ${je} uses of aliases`)}return{yaml:{content:w,at:(m,$e="value")=>{const J=x(we(N,m,$e));return m.length>0?`${J} (${xe(m)})`:J}}}}catch(N){const e=N instanceof RangeError?"is nested too deeply to be read":`cannot be read (${N instanceof Error?N.message:String(N)})`;return{problems:[{input:a,problem:e,allowed:`YAML of at most ${me} levels`}]}}}var be=z(7030),ae=z(1916);const ne=80;function B(c){const k=(typeof c=="string"?c:JSON.stringify(c)??String(c)).replace(/\/\/[^/@\s]*@/g,"//***@"),x=k.length>ne?`${k.slice(0,ne)}\u2026`:k;return(typeof c=="string"?JSON.stringify(x):x).toWellFormed().replace(/[\p{C}\p{Zl}\p{Zp}]/gu,N=>`\\u{${N.codePointAt(0)?.toString(16)}}`)}function Fe(c,a){if(c.length>200)return;const k=c.toLowerCase(),x=a.map(N=>({choice:N,steps:(0,ae.Io)(k,N.toLowerCase())})).sort((N,e)=>N.steps-e.steps),[T]=x;return T&&T.steps<=Math.max(2,Math.floor(T.choice.length/3))?T.choice:void 0}function de(c){return c===void 0?{}:{nearest:c}}function ve(c){const a=c.value===void 0?"":`${c.value} `,k=c.nearest===void 0?"":`; did you mean ${B(c.nearest)}?`;return`${c.input}: ${a}${c.problem}; ${c.allowed}${k}`}const De=/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;function Ye(c){const a=De.exec(c)?.[0]?.codePointAt(0);return a===void 0?void 0:`U+${a.toString(16).toUpperCase().padStart(4,"0")}`}const et=c=>{const a=Ye(c);return a?{problem:`contains the invisible character ${a}`,allowed:"one line of printable text"}:void 0},rt=c=>c.startsWith("-")?{problem:"begins with a dash",allowed:"text that no program can take for an option"}:et(c);function Ae(c,a,k,x){const T=N=>N.length<=a&&c.test(N);return N=>{if(T(N))return;const e=N.length>a?`is longer than ${a} characters`:"has the wrong form",f=x?.(N);return{problem:e,allowed:k,...de(f!==void 0&&T(f)?f:void 0)}}}const We=/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,Se=Ae(We,63,"lower-case letters, digits, '-' and '.', at most 63, letter or digit at both ends",c=>c.toLowerCase().replaceAll("_","-")),Z=Ae(/^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/,32,"a Unix user name, e.g. oceanid",c=>c.replace(/@.*$/,"")),re=Ae(/^[a-z0-9]+([.-][a-z0-9]+)*$/,100,"the id of a check as the report shows it, e.g. host.clock",c=>c.toLowerCase().replaceAll("_","-")),te=c=>{if((0,be.isIP)(c)!==0)return;const a="a DNS name or an IP address",k=/^(?:ssh:\/\/)?(?:[^@/\s]+@)?\[?([^@/\s\]]+?)\]?(?::\d+)?\/?$/.exec(c)?.[1]??"";if(/^[0-9.]+$/.test(c))return{problem:"is no IPv4 address",allowed:a};if(c.length<=253&&We.test(c.toLowerCase()))return;const x=(0,be.isIP)(k)!==0||We.test(k.toLowerCase());return{problem:"has the wrong form",allowed:`${a}, without user and port`,...de(x?k:void 0)}},ge=c=>(0,be.isIP)(c)===0?{problem:"is no IP address",allowed:"an IPv4 or IPv6 address"}:void 0,se=c=>{const a=c.split(",").map(N=>N.trim()),k="an IP address, or one IPv4 and one IPv6 address separated by a comma",x=a.map(N=>(0,be.isIP)(N)),T=a.find(N=>(0,be.isIP)(N)===0);return T!==void 0?{problem:T.includes("/")?"is a network, not an address":"is no IP address",allowed:k}:new Set(x).size===x.length?void 0:{problem:"has two addresses of the same family",allowed:k}},ke=c=>{const a="https://host:port, e.g. https://203.0.113.7:6443",[,k="",x="",T]=/^([a-z]+):\/\/(\[[^\]\s]+\]|[^/:\s]+)(?::(\d+))?\/?$/i.exec(c)??[],N=x.replace(/^\[|\]$/g,"");if(!(x.startsWith("[")?(0,be.isIP)(N)===6:te(x)===void 0)){const f=te(c.replace(/:\d+$/,""))===void 0?c:void 0,q=f===void 0?void 0:`https://${f}${/:\d+$/.test(f)?"":":6443"}`;return{problem:"is no server address",allowed:a,...de(q)}}return k.toLowerCase()!=="https"?{problem:"is not https",allowed:a,nearest:`https://${x}:${T??"6443"}`}:T===void 0?{problem:"has no port",allowed:a,nearest:`https://${x}:6443`}:Number(T)>=1&&Number(T)<=65535?void 0:{problem:"has no such port",allowed:a}};function Be(c){const a=c==="k3s",k=a?/^v\d+\.\d+\.\d+(-rc\d+)?\+k3s\d+$/:/^v\d+\.\d+\.\d+$/,x=`match-server, or an exact version like ${a?"v1.33.4+k3s1":"v1.33.4"}`;return T=>{if(T==="match-server"||T.length<=40&&k.test(T))return;if(/^(stable|latest|testing|v?\d+(\.\d+)?)$/.test(T))return{problem:"is a channel: it names another version tomorrow",allowed:x,nearest:"match-server"};const N=[`v${T}`,`${T}+k3s1`,`v${T}+k3s1`,T.replace(/-(k3s\d+)$/,"+$1"),T.replace(/\+.*$/,""),T.toLowerCase()],e=/^match.?server$/i.test(T)?"match-server":N.find(f=>k.test(f));return{problem:"is no version",allowed:x,...de(e)}}}const Ne=["NoSchedule","PreferNoSchedule","NoExecute"],Le=/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,Ke=/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,tt=["kubernetes.io/hostname","kubernetes.io/os","kubernetes.io/arch","beta.kubernetes.io/os","beta.kubernetes.io/arch"],V=["control-plane","master","etcd"].map(c=>`node-role.kubernetes.io/${c}`);function Ue(c){const[a="",k,...x]=c.split("/").reverse(),T=k===void 0||k.length<=253&&Ke.test(k);return x.length===0&&Le.test(a)&&T}function ze(c){if(!Ue(c))return{problem:"is no label key",allowed:"an optional DNS name and '/', then at most 63 letters, digits, '-', '_' or '.', e.g. oceanid.node/gpu"};if(tt.includes(c))return{problem:"is set by the kubelet itself",allowed:"any other key"};if(V.includes(c))return{problem:"marks servers, and this node is an agent",allowed:"any other key"}}function Je(c){if(c===""||Le.test(c))return;const a=c.trim().replace(/[\s/:]+/g,"-");return{problem:"is no label value",allowed:"at most 63 letters, digits, '-', '_' or '.', letter or digit at both ends",...de(Le.test(a)?a:void 0)}}function Ze(c){const a=c.indexOf("=");if(a>=0)return ze(c.slice(0,a))??Je(c.slice(a+1));const k=/^([^:]+):\s*(\S.*)$/.exec(c);return{problem:"is no label",allowed:"key=value (key= for an empty value), one a line or separated by commas",...de(k?`${k[1]}=${k[2]}`:void 0)}}function ut(c){const[,a="",k="",x]=/^([^=:]+)(?:=([^=:]*))?:([A-Za-z]+)$/.exec(c)??[],T=Ne.find(N=>N===x);if(!(T===void 0||!Ue(a)||k!==""&&!Le.test(k)))return k===""?{key:a,effect:T}:{key:a,value:k,effect:T}}function $t(c){const a=ut(c);if(a)return a;const k=c.lastIndexOf(":"),x=Fe(c.slice(k+1),Ne),T=k>0&&x!==void 0?`${c.slice(0,k)}:${x}`:"";return{problem:"is no taint",allowed:`key=value:Effect or key:Effect, Effect one of ${Ne.join(", ")}`,...de(ut(T)?T:void 0)}}function lt(c){return"problem"in c}var it=z(6214);const gt=Ot,at={$schema:"https://json-schema.org/draft/2020-12/schema",$id:"cluster.schema.json",type:"object",additionalProperties:!1,required:["name","nodes"],properties:{name:{$ref:"#/$defs/name"},distribution:{enum:["k3s","kubeadm"]},version:{$ref:"#/$defs/version"},api:{$ref:"#/$defs/api"},kubeconfig:{$ref:"#/$defs/kubeconfig"},join:{$ref:"#/$defs/join"},nodes:{type:"object",minProperties:1,propertyNames:{$ref:"#/$defs/name"},additionalProperties:{$ref:"#/$defs/node"}},verify:{$ref:"#/$defs/verify"}},$defs:{name:{type:"string",maxLength:63,pattern:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"},text:{type:"string",minLength:1,maxLength:1024,pattern:"^[^\\u0000-\\u001f\\u007f]*$"},port:{type:"integer",minimum:1,maximum:65535},duration:{type:"string",pattern:"^(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?$",minLength:2},version:{type:"string",pattern:"^(match-server|v\\d+\\.\\d+\\.\\d+(-rc\\d+)?(\\+k3s\\d+)?)$"},fingerprint:{type:"string",pattern:"^SHA256:[A-Za-z0-9+/]{43}=?$"},fingerprints:{type:["string","array"],pattern:"^SHA256:[A-Za-z0-9+/]{43}=?$",items:{$ref:"#/$defs/fingerprint"}},api:{type:"object",additionalProperties:!1,properties:{server:{type:"string",pattern:"^https://[^/@\\s]+:\\d+/?$"},tunnel:{type:"object",additionalProperties:!1,required:["host","user"],properties:{host:{$ref:"#/$defs/text"},port:{$ref:"#/$defs/port"},user:{$ref:"#/$defs/text"},"local-port":{$ref:"#/$defs/port"},"known-hosts":{type:"string"},"host-key-fingerprint":{$ref:"#/$defs/fingerprints"},"private-key-property":{$ref:"#/$defs/text"}}}}},kubeconfig:{type:"object",additionalProperties:!1,properties:{esc:{type:"string",pattern:"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+(@[A-Za-z0-9_.-]+)?$"},property:{$ref:"#/$defs/text"},path:{$ref:"#/$defs/text"},context:{$ref:"#/$defs/text"}}},join:{type:"object",additionalProperties:!1,properties:{timeout:{$ref:"#/$defs/duration"},verify:{enum:["fast","deep"]},"fail-on":{enum:["fail","warn","never"]},"ignore-checks":{type:"array",items:{type:"string",pattern:"^[a-z0-9]+([.-][a-z0-9]+)*$"}}}},node:{type:"object",additionalProperties:!1,properties:{role:{enum:["agent","server"]},address:{$ref:"#/$defs/text"},transport:{enum:["ssh","local"]},ssh:{type:"object",additionalProperties:!1,properties:{host:{$ref:"#/$defs/text"},port:{$ref:"#/$defs/port"},user:{$ref:"#/$defs/text"},"known-hosts":{type:"string"},"host-key-fingerprint":{$ref:"#/$defs/fingerprints"},"private-key-file":{$ref:"#/$defs/text"},"private-key-property":{$ref:"#/$defs/text"}}},version:{$ref:"#/$defs/version"},"pod-network":{enum:["shared","isolated"]},labels:{type:"object",additionalProperties:{type:"string"}},taints:{type:"array",items:{type:"string"}},"node-ip":{type:"string"},"node-external-ip":{type:"string"},"extra-config":{type:"object",additionalProperties:{type:["string","number","boolean","array"],items:{type:["string","number","boolean"]}}},gpu:{type:"object",additionalProperties:!1,properties:{count:{type:"integer",minimum:1,maximum:64},product:{$ref:"#/$defs/text"}}},join:{$ref:"#/$defs/join"}}},verify:{type:"object",additionalProperties:!1,properties:{flux:{enum:["required","optional","ignored"]},triton:{type:"array",items:{type:"object",additionalProperties:!1,required:["url","model"],properties:{url:{type:"string",pattern:"^https?://[^/@\\s]+"},access:{enum:["direct","cloudflare"]},model:{$ref:"#/$defs/text"},"gpu-proof":{enum:["gpu-proved","gpu-likely","none"]},p95:{$ref:"#/$defs/duration"}}}}}}}},yt={type:"string",maxLength:63,pattern:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"},wt={type:"string",pattern:"^(match-server|v\\d+\\.\\d+\\.\\d+(-rc\\d+)?(\\+k3s\\d+)?)$"},pe=it.default??it,Ve=new RegExp("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$","u"),j=new RegExp("^(match-server|v\\d+\\.\\d+\\.\\d+(-rc\\d+)?(\\+k3s\\d+)?)$","u"),U={type:"object",additionalProperties:!1,properties:{server:{type:"string",pattern:"^https://[^/@\\s]+:\\d+/?$"},tunnel:{type:"object",additionalProperties:!1,required:["host","user"],properties:{host:{$ref:"#/$defs/text"},port:{$ref:"#/$defs/port"},user:{$ref:"#/$defs/text"},"local-port":{$ref:"#/$defs/port"},"known-hosts":{type:"string"},"host-key-fingerprint":{$ref:"#/$defs/fingerprints"},"private-key-property":{$ref:"#/$defs/text"}}}}},G={type:"string",minLength:1,maxLength:1024,pattern:"^[^\\u0000-\\u001f\\u007f]*$"},p={type:"integer",minimum:1,maximum:65535},_=new RegExp("^https://[^/@\\s]+:\\d+/?$","u"),v=new RegExp("^[^\\u0000-\\u001f\\u007f]*$","u"),A={type:["string","array"],pattern:"^SHA256:[A-Za-z0-9+/]{43}=?$",items:{$ref:"#/$defs/fingerprint"}},M={type:"string",pattern:"^SHA256:[A-Za-z0-9+/]{43}=?$"},E=new RegExp("^SHA256:[A-Za-z0-9+/]{43}=?$","u");function W(c,{instancePath:a="",parentData:k,parentDataProperty:x,rootData:T=c,dynamicAnchors:N={}}={}){let e=null,f=0;const q=W.evaluated;if(q.dynamicProps&&(q.props=void 0),q.dynamicItems&&(q.items=void 0),typeof c!="string"&&!Array.isArray(c)){const w={instancePath:a,schemaPath:"#/type",keyword:"type",params:{type:A.type},message:"must be string,array"};e===null?e=[w]:e.push(w),f++}if(typeof c=="string"&&!E.test(c)){const w={instancePath:a,schemaPath:"#/pattern",keyword:"pattern",params:{pattern:"^SHA256:[A-Za-z0-9+/]{43}=?$"},message:'must match pattern "^SHA256:[A-Za-z0-9+/]{43}=?$"'};e===null?e=[w]:e.push(w),f++}if(Array.isArray(c)){const w=c.length;for(let d=0;d<w;d++){let m=c[d];if(typeof m=="string"){if(!E.test(m)){const $e={instancePath:a+"/"+d,schemaPath:"#/$defs/fingerprint/pattern",keyword:"pattern",params:{pattern:"^SHA256:[A-Za-z0-9+/]{43}=?$"},message:'must match pattern "^SHA256:[A-Za-z0-9+/]{43}=?$"'};e===null?e=[$e]:e.push($e),f++}}else{const $e={instancePath:a+"/"+d,schemaPath:"#/$defs/fingerprint/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[$e]:e.push($e),f++}}}return W.errors=e,f===0}W.evaluated={items:!0,dynamicProps:!1,dynamicItems:!1};function ye(c,{instancePath:a="",parentData:k,parentDataProperty:x,rootData:T=c,dynamicAnchors:N={}}={}){let e=null,f=0;const q=ye.evaluated;if(q.dynamicProps&&(q.props=void 0),q.dynamicItems&&(q.items=void 0),c&&typeof c=="object"&&!Array.isArray(c)){for(const w in c)if(!(w==="server"||w==="tunnel")){const d={instancePath:a,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty:w},message:"must NOT have additional properties"};e===null?e=[d]:e.push(d),f++}if(c.server!==void 0){let w=c.server;if(typeof w=="string"){if(!_.test(w)){const d={instancePath:a+"/server",schemaPath:"#/properties/server/pattern",keyword:"pattern",params:{pattern:"^https://[^/@\\s]+:\\d+/?$"},message:'must match pattern "^https://[^/@\\s]+:\\d+/?$"'};e===null?e=[d]:e.push(d),f++}}else{const d={instancePath:a+"/server",schemaPath:"#/properties/server/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[d]:e.push(d),f++}}if(c.tunnel!==void 0){let w=c.tunnel;if(w&&typeof w=="object"&&!Array.isArray(w)){if(w.host===void 0){const d={instancePath:a+"/tunnel",schemaPath:"#/properties/tunnel/required",keyword:"required",params:{missingProperty:"host"},message:"must have required property 'host'"};e===null?e=[d]:e.push(d),f++}if(w.user===void 0){const d={instancePath:a+"/tunnel",schemaPath:"#/properties/tunnel/required",keyword:"required",params:{missingProperty:"user"},message:"must have required property 'user'"};e===null?e=[d]:e.push(d),f++}for(const d in w)if(!(d==="host"||d==="port"||d==="user"||d==="local-port"||d==="known-hosts"||d==="host-key-fingerprint"||d==="private-key-property")){const m={instancePath:a+"/tunnel",schemaPath:"#/properties/tunnel/additionalProperties",keyword:"additionalProperties",params:{additionalProperty:d},message:"must NOT have additional properties"};e===null?e=[m]:e.push(m),f++}if(w.host!==void 0){let d=w.host;if(typeof d=="string"){if(pe(d)>1024){const m={instancePath:a+"/tunnel/host",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[m]:e.push(m),f++}if(pe(d)<1){const m={instancePath:a+"/tunnel/host",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[m]:e.push(m),f++}if(!v.test(d)){const m={instancePath:a+"/tunnel/host",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[m]:e.push(m),f++}}else{const m={instancePath:a+"/tunnel/host",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[m]:e.push(m),f++}}if(w.port!==void 0){let d=w.port;if(!(typeof d=="number"&&!(d%1)&&!isNaN(d)&&isFinite(d))){const m={instancePath:a+"/tunnel/port",schemaPath:"#/$defs/port/type",keyword:"type",params:{type:"integer"},message:"must be integer"};e===null?e=[m]:e.push(m),f++}if(typeof d=="number"&&isFinite(d)){if(d>65535||isNaN(d)){const m={instancePath:a+"/tunnel/port",schemaPath:"#/$defs/port/maximum",keyword:"maximum",params:{comparison:"<=",limit:65535},message:"must be <= 65535"};e===null?e=[m]:e.push(m),f++}if(d<1||isNaN(d)){const m={instancePath:a+"/tunnel/port",schemaPath:"#/$defs/port/minimum",keyword:"minimum",params:{comparison:">=",limit:1},message:"must be >= 1"};e===null?e=[m]:e.push(m),f++}}}if(w.user!==void 0){let d=w.user;if(typeof d=="string"){if(pe(d)>1024){const m={instancePath:a+"/tunnel/user",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[m]:e.push(m),f++}if(pe(d)<1){const m={instancePath:a+"/tunnel/user",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[m]:e.push(m),f++}if(!v.test(d)){const m={instancePath:a+"/tunnel/user",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[m]:e.push(m),f++}}else{const m={instancePath:a+"/tunnel/user",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[m]:e.push(m),f++}}if(w["local-port"]!==void 0){let d=w["local-port"];if(!(typeof d=="number"&&!(d%1)&&!isNaN(d)&&isFinite(d))){const m={instancePath:a+"/tunnel/local-port",schemaPath:"#/$defs/port/type",keyword:"type",params:{type:"integer"},message:"must be integer"};e===null?e=[m]:e.push(m),f++}if(typeof d=="number"&&isFinite(d)){if(d>65535||isNaN(d)){const m={instancePath:a+"/tunnel/local-port",schemaPath:"#/$defs/port/maximum",keyword:"maximum",params:{comparison:"<=",limit:65535},message:"must be <= 65535"};e===null?e=[m]:e.push(m),f++}if(d<1||isNaN(d)){const m={instancePath:a+"/tunnel/local-port",schemaPath:"#/$defs/port/minimum",keyword:"minimum",params:{comparison:">=",limit:1},message:"must be >= 1"};e===null?e=[m]:e.push(m),f++}}}if(w["known-hosts"]!==void 0&&typeof w["known-hosts"]!="string"){const d={instancePath:a+"/tunnel/known-hosts",schemaPath:"#/properties/tunnel/properties/known-hosts/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[d]:e.push(d),f++}if(w["host-key-fingerprint"]!==void 0&&(W(w["host-key-fingerprint"],{instancePath:a+"/tunnel/host-key-fingerprint",parentData:w,parentDataProperty:"host-key-fingerprint",rootData:T,dynamicAnchors:N})||(e=e===null?W.errors:e.concat(W.errors),f=e.length)),w["private-key-property"]!==void 0){let d=w["private-key-property"];if(typeof d=="string"){if(pe(d)>1024){const m={instancePath:a+"/tunnel/private-key-property",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[m]:e.push(m),f++}if(pe(d)<1){const m={instancePath:a+"/tunnel/private-key-property",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[m]:e.push(m),f++}if(!v.test(d)){const m={instancePath:a+"/tunnel/private-key-property",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[m]:e.push(m),f++}}else{const m={instancePath:a+"/tunnel/private-key-property",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[m]:e.push(m),f++}}}else{const d={instancePath:a+"/tunnel",schemaPath:"#/properties/tunnel/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[d]:e.push(d),f++}}}else{const w={instancePath:a,schemaPath:"#/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[w]:e.push(w),f++}return ye.errors=e,f===0}ye.evaluated={props:!0,dynamicProps:!1,dynamicItems:!1};const K={type:"object",additionalProperties:!1,properties:{esc:{type:"string",pattern:"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+(@[A-Za-z0-9_.-]+)?$"},property:{$ref:"#/$defs/text"},path:{$ref:"#/$defs/text"},context:{$ref:"#/$defs/text"}}},_e=new RegExp("^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+(@[A-Za-z0-9_.-]+)?$","u");function Te(c,{instancePath:a="",parentData:k,parentDataProperty:x,rootData:T=c,dynamicAnchors:N={}}={}){let e=null,f=0;const q=Te.evaluated;if(q.dynamicProps&&(q.props=void 0),q.dynamicItems&&(q.items=void 0),c&&typeof c=="object"&&!Array.isArray(c)){for(const w in c)if(!(w==="esc"||w==="property"||w==="path"||w==="context")){const d={instancePath:a,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty:w},message:"must NOT have additional properties"};e===null?e=[d]:e.push(d),f++}if(c.esc!==void 0){let w=c.esc;if(typeof w=="string"){if(!_e.test(w)){const d={instancePath:a+"/esc",schemaPath:"#/properties/esc/pattern",keyword:"pattern",params:{pattern:"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+(@[A-Za-z0-9_.-]+)?$"},message:'must match pattern "^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+(@[A-Za-z0-9_.-]+)?$"'};e===null?e=[d]:e.push(d),f++}}else{const d={instancePath:a+"/esc",schemaPath:"#/properties/esc/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[d]:e.push(d),f++}}if(c.property!==void 0){let w=c.property;if(typeof w=="string"){if(pe(w)>1024){const d={instancePath:a+"/property",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[d]:e.push(d),f++}if(pe(w)<1){const d={instancePath:a+"/property",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[d]:e.push(d),f++}if(!v.test(w)){const d={instancePath:a+"/property",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[d]:e.push(d),f++}}else{const d={instancePath:a+"/property",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[d]:e.push(d),f++}}if(c.path!==void 0){let w=c.path;if(typeof w=="string"){if(pe(w)>1024){const d={instancePath:a+"/path",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[d]:e.push(d),f++}if(pe(w)<1){const d={instancePath:a+"/path",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[d]:e.push(d),f++}if(!v.test(w)){const d={instancePath:a+"/path",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[d]:e.push(d),f++}}else{const d={instancePath:a+"/path",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[d]:e.push(d),f++}}if(c.context!==void 0){let w=c.context;if(typeof w=="string"){if(pe(w)>1024){const d={instancePath:a+"/context",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[d]:e.push(d),f++}if(pe(w)<1){const d={instancePath:a+"/context",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[d]:e.push(d),f++}if(!v.test(w)){const d={instancePath:a+"/context",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[d]:e.push(d),f++}}else{const d={instancePath:a+"/context",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[d]:e.push(d),f++}}}else{const w={instancePath:a,schemaPath:"#/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[w]:e.push(w),f++}return Te.errors=e,f===0}Te.evaluated={props:!0,dynamicProps:!1,dynamicItems:!1};const Ge={type:"object",additionalProperties:!1,properties:{timeout:{$ref:"#/$defs/duration"},verify:{enum:["fast","deep"]},"fail-on":{enum:["fail","warn","never"]},"ignore-checks":{type:"array",items:{type:"string",pattern:"^[a-z0-9]+([.-][a-z0-9]+)*$"}}}},ht={type:"string",pattern:"^(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?$",minLength:2},nt=new RegExp("^(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?$","u"),_t=new RegExp("^[a-z0-9]+([.-][a-z0-9]+)*$","u");function st(c,{instancePath:a="",parentData:k,parentDataProperty:x,rootData:T=c,dynamicAnchors:N={}}={}){let e=null,f=0;const q=st.evaluated;if(q.dynamicProps&&(q.props=void 0),q.dynamicItems&&(q.items=void 0),c&&typeof c=="object"&&!Array.isArray(c)){for(const w in c)if(!(w==="timeout"||w==="verify"||w==="fail-on"||w==="ignore-checks")){const d={instancePath:a,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty:w},message:"must NOT have additional properties"};e===null?e=[d]:e.push(d),f++}if(c.timeout!==void 0){let w=c.timeout;if(typeof w=="string"){if(pe(w)<2){const d={instancePath:a+"/timeout",schemaPath:"#/$defs/duration/minLength",keyword:"minLength",params:{limit:2},message:"must NOT have fewer than 2 characters"};e===null?e=[d]:e.push(d),f++}if(!nt.test(w)){const d={instancePath:a+"/timeout",schemaPath:"#/$defs/duration/pattern",keyword:"pattern",params:{pattern:"^(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?$"},message:'must match pattern "^(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?$"'};e===null?e=[d]:e.push(d),f++}}else{const d={instancePath:a+"/timeout",schemaPath:"#/$defs/duration/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[d]:e.push(d),f++}}if(c.verify!==void 0){let w=c.verify;if(!(w==="fast"||w==="deep")){const d={instancePath:a+"/verify",schemaPath:"#/properties/verify/enum",keyword:"enum",params:{allowedValues:Ge.properties.verify.enum},message:"must be equal to one of the allowed values"};e===null?e=[d]:e.push(d),f++}}if(c["fail-on"]!==void 0){let w=c["fail-on"];if(!(w==="fail"||w==="warn"||w==="never")){const d={instancePath:a+"/fail-on",schemaPath:"#/properties/fail-on/enum",keyword:"enum",params:{allowedValues:Ge.properties["fail-on"].enum},message:"must be equal to one of the allowed values"};e===null?e=[d]:e.push(d),f++}}if(c["ignore-checks"]!==void 0){let w=c["ignore-checks"];if(Array.isArray(w)){const d=w.length;for(let m=0;m<d;m++){let $e=w[m];if(typeof $e=="string"){if(!_t.test($e)){const J={instancePath:a+"/ignore-checks/"+m,schemaPath:"#/properties/ignore-checks/items/pattern",keyword:"pattern",params:{pattern:"^[a-z0-9]+([.-][a-z0-9]+)*$"},message:'must match pattern "^[a-z0-9]+([.-][a-z0-9]+)*$"'};e===null?e=[J]:e.push(J),f++}}else{const J={instancePath:a+"/ignore-checks/"+m,schemaPath:"#/properties/ignore-checks/items/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[J]:e.push(J),f++}}}else{const d={instancePath:a+"/ignore-checks",schemaPath:"#/properties/ignore-checks/type",keyword:"type",params:{type:"array"},message:"must be array"};e===null?e=[d]:e.push(d),f++}}}else{const w={instancePath:a,schemaPath:"#/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[w]:e.push(w),f++}return st.errors=e,f===0}st.evaluated={props:!0,dynamicProps:!1,dynamicItems:!1};const Pe={type:"object",additionalProperties:!1,properties:{role:{enum:["agent","server"]},address:{$ref:"#/$defs/text"},transport:{enum:["ssh","local"]},ssh:{type:"object",additionalProperties:!1,properties:{host:{$ref:"#/$defs/text"},port:{$ref:"#/$defs/port"},user:{$ref:"#/$defs/text"},"known-hosts":{type:"string"},"host-key-fingerprint":{$ref:"#/$defs/fingerprints"},"private-key-file":{$ref:"#/$defs/text"},"private-key-property":{$ref:"#/$defs/text"}}},version:{$ref:"#/$defs/version"},"pod-network":{enum:["shared","isolated"]},labels:{type:"object",additionalProperties:{type:"string"}},taints:{type:"array",items:{type:"string"}},"node-ip":{type:"string"},"node-external-ip":{type:"string"},"extra-config":{type:"object",additionalProperties:{type:["string","number","boolean","array"],items:{type:["string","number","boolean"]}}},gpu:{type:"object",additionalProperties:!1,properties:{count:{type:"integer",minimum:1,maximum:64},product:{$ref:"#/$defs/text"}}},join:{$ref:"#/$defs/join"}}},kt=Object.prototype.hasOwnProperty;function ot(c,{instancePath:a="",parentData:k,parentDataProperty:x,rootData:T=c,dynamicAnchors:N={}}={}){let e=null,f=0;const q=ot.evaluated;if(q.dynamicProps&&(q.props=void 0),q.dynamicItems&&(q.items=void 0),c&&typeof c=="object"&&!Array.isArray(c)){for(const w in c)if(!kt.call(Pe.properties,w)){const d={instancePath:a,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty:w},message:"must NOT have additional properties"};e===null?e=[d]:e.push(d),f++}if(c.role!==void 0){let w=c.role;if(!(w==="agent"||w==="server")){const d={instancePath:a+"/role",schemaPath:"#/properties/role/enum",keyword:"enum",params:{allowedValues:Pe.properties.role.enum},message:"must be equal to one of the allowed values"};e===null?e=[d]:e.push(d),f++}}if(c.address!==void 0){let w=c.address;if(typeof w=="string"){if(pe(w)>1024){const d={instancePath:a+"/address",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[d]:e.push(d),f++}if(pe(w)<1){const d={instancePath:a+"/address",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[d]:e.push(d),f++}if(!v.test(w)){const d={instancePath:a+"/address",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[d]:e.push(d),f++}}else{const d={instancePath:a+"/address",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[d]:e.push(d),f++}}if(c.transport!==void 0){let w=c.transport;if(!(w==="ssh"||w==="local")){const d={instancePath:a+"/transport",schemaPath:"#/properties/transport/enum",keyword:"enum",params:{allowedValues:Pe.properties.transport.enum},message:"must be equal to one of the allowed values"};e===null?e=[d]:e.push(d),f++}}if(c.ssh!==void 0){let w=c.ssh;if(w&&typeof w=="object"&&!Array.isArray(w)){for(const d in w)if(!(d==="host"||d==="port"||d==="user"||d==="known-hosts"||d==="host-key-fingerprint"||d==="private-key-file"||d==="private-key-property")){const m={instancePath:a+"/ssh",schemaPath:"#/properties/ssh/additionalProperties",keyword:"additionalProperties",params:{additionalProperty:d},message:"must NOT have additional properties"};e===null?e=[m]:e.push(m),f++}if(w.host!==void 0){let d=w.host;if(typeof d=="string"){if(pe(d)>1024){const m={instancePath:a+"/ssh/host",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[m]:e.push(m),f++}if(pe(d)<1){const m={instancePath:a+"/ssh/host",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[m]:e.push(m),f++}if(!v.test(d)){const m={instancePath:a+"/ssh/host",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[m]:e.push(m),f++}}else{const m={instancePath:a+"/ssh/host",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[m]:e.push(m),f++}}if(w.port!==void 0){let d=w.port;if(!(typeof d=="number"&&!(d%1)&&!isNaN(d)&&isFinite(d))){const m={instancePath:a+"/ssh/port",schemaPath:"#/$defs/port/type",keyword:"type",params:{type:"integer"},message:"must be integer"};e===null?e=[m]:e.push(m),f++}if(typeof d=="number"&&isFinite(d)){if(d>65535||isNaN(d)){const m={instancePath:a+"/ssh/port",schemaPath:"#/$defs/port/maximum",keyword:"maximum",params:{comparison:"<=",limit:65535},message:"must be <= 65535"};e===null?e=[m]:e.push(m),f++}if(d<1||isNaN(d)){const m={instancePath:a+"/ssh/port",schemaPath:"#/$defs/port/minimum",keyword:"minimum",params:{comparison:">=",limit:1},message:"must be >= 1"};e===null?e=[m]:e.push(m),f++}}}if(w.user!==void 0){let d=w.user;if(typeof d=="string"){if(pe(d)>1024){const m={instancePath:a+"/ssh/user",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[m]:e.push(m),f++}if(pe(d)<1){const m={instancePath:a+"/ssh/user",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[m]:e.push(m),f++}if(!v.test(d)){const m={instancePath:a+"/ssh/user",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[m]:e.push(m),f++}}else{const m={instancePath:a+"/ssh/user",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[m]:e.push(m),f++}}if(w["known-hosts"]!==void 0&&typeof w["known-hosts"]!="string"){const d={instancePath:a+"/ssh/known-hosts",schemaPath:"#/properties/ssh/properties/known-hosts/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[d]:e.push(d),f++}if(w["host-key-fingerprint"]!==void 0&&(W(w["host-key-fingerprint"],{instancePath:a+"/ssh/host-key-fingerprint",parentData:w,parentDataProperty:"host-key-fingerprint",rootData:T,dynamicAnchors:N})||(e=e===null?W.errors:e.concat(W.errors),f=e.length)),w["private-key-file"]!==void 0){let d=w["private-key-file"];if(typeof d=="string"){if(pe(d)>1024){const m={instancePath:a+"/ssh/private-key-file",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[m]:e.push(m),f++}if(pe(d)<1){const m={instancePath:a+"/ssh/private-key-file",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[m]:e.push(m),f++}if(!v.test(d)){const m={instancePath:a+"/ssh/private-key-file",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[m]:e.push(m),f++}}else{const m={instancePath:a+"/ssh/private-key-file",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[m]:e.push(m),f++}}if(w["private-key-property"]!==void 0){let d=w["private-key-property"];if(typeof d=="string"){if(pe(d)>1024){const m={instancePath:a+"/ssh/private-key-property",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[m]:e.push(m),f++}if(pe(d)<1){const m={instancePath:a+"/ssh/private-key-property",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[m]:e.push(m),f++}if(!v.test(d)){const m={instancePath:a+"/ssh/private-key-property",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[m]:e.push(m),f++}}else{const m={instancePath:a+"/ssh/private-key-property",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[m]:e.push(m),f++}}}else{const d={instancePath:a+"/ssh",schemaPath:"#/properties/ssh/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[d]:e.push(d),f++}}if(c.version!==void 0){let w=c.version;if(typeof w=="string"){if(!j.test(w)){const d={instancePath:a+"/version",schemaPath:"#/$defs/version/pattern",keyword:"pattern",params:{pattern:"^(match-server|v\\d+\\.\\d+\\.\\d+(-rc\\d+)?(\\+k3s\\d+)?)$"},message:'must match pattern "^(match-server|v\\d+\\.\\d+\\.\\d+(-rc\\d+)?(\\+k3s\\d+)?)$"'};e===null?e=[d]:e.push(d),f++}}else{const d={instancePath:a+"/version",schemaPath:"#/$defs/version/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[d]:e.push(d),f++}}if(c["pod-network"]!==void 0){let w=c["pod-network"];if(!(w==="shared"||w==="isolated")){const d={instancePath:a+"/pod-network",schemaPath:"#/properties/pod-network/enum",keyword:"enum",params:{allowedValues:Pe.properties["pod-network"].enum},message:"must be equal to one of the allowed values"};e===null?e=[d]:e.push(d),f++}}if(c.labels!==void 0){let w=c.labels;if(w&&typeof w=="object"&&!Array.isArray(w)){for(const d in w)if(typeof w[d]!="string"){const m={instancePath:a+"/labels/"+d.replace(/~/g,"~0").replace(/\//g,"~1"),schemaPath:"#/properties/labels/additionalProperties/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[m]:e.push(m),f++}}else{const d={instancePath:a+"/labels",schemaPath:"#/properties/labels/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[d]:e.push(d),f++}}if(c.taints!==void 0){let w=c.taints;if(Array.isArray(w)){const d=w.length;for(let m=0;m<d;m++)if(typeof w[m]!="string"){const $e={instancePath:a+"/taints/"+m,schemaPath:"#/properties/taints/items/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[$e]:e.push($e),f++}}else{const d={instancePath:a+"/taints",schemaPath:"#/properties/taints/type",keyword:"type",params:{type:"array"},message:"must be array"};e===null?e=[d]:e.push(d),f++}}if(c["node-ip"]!==void 0&&typeof c["node-ip"]!="string"){const w={instancePath:a+"/node-ip",schemaPath:"#/properties/node-ip/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[w]:e.push(w),f++}if(c["node-external-ip"]!==void 0&&typeof c["node-external-ip"]!="string"){const w={instancePath:a+"/node-external-ip",schemaPath:"#/properties/node-external-ip/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[w]:e.push(w),f++}if(c["extra-config"]!==void 0){let w=c["extra-config"];if(w&&typeof w=="object"&&!Array.isArray(w))for(const d in w){let m=w[d];if(typeof m!="string"&&!(typeof m=="number"&&isFinite(m))&&typeof m!="boolean"&&!Array.isArray(m)){const $e={instancePath:a+"/extra-config/"+d.replace(/~/g,"~0").replace(/\//g,"~1"),schemaPath:"#/properties/extra-config/additionalProperties/type",keyword:"type",params:{type:Pe.properties["extra-config"].additionalProperties.type},message:"must be string,number,boolean,array"};e===null?e=[$e]:e.push($e),f++}if(Array.isArray(m)){const $e=m.length;for(let J=0;J<$e;J++){let oe=m[J];if(typeof oe!="string"&&!(typeof oe=="number"&&isFinite(oe))&&typeof oe!="boolean"){const xt={instancePath:a+"/extra-config/"+d.replace(/~/g,"~0").replace(/\//g,"~1")+"/"+J,schemaPath:"#/properties/extra-config/additionalProperties/items/type",keyword:"type",params:{type:Pe.properties["extra-config"].additionalProperties.items.type},message:"must be string,number,boolean"};e===null?e=[xt]:e.push(xt),f++}}}}else{const d={instancePath:a+"/extra-config",schemaPath:"#/properties/extra-config/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[d]:e.push(d),f++}}if(c.gpu!==void 0){let w=c.gpu;if(w&&typeof w=="object"&&!Array.isArray(w)){for(const d in w)if(!(d==="count"||d==="product")){const m={instancePath:a+"/gpu",schemaPath:"#/properties/gpu/additionalProperties",keyword:"additionalProperties",params:{additionalProperty:d},message:"must NOT have additional properties"};e===null?e=[m]:e.push(m),f++}if(w.count!==void 0){let d=w.count;if(!(typeof d=="number"&&!(d%1)&&!isNaN(d)&&isFinite(d))){const m={instancePath:a+"/gpu/count",schemaPath:"#/properties/gpu/properties/count/type",keyword:"type",params:{type:"integer"},message:"must be integer"};e===null?e=[m]:e.push(m),f++}if(typeof d=="number"&&isFinite(d)){if(d>64||isNaN(d)){const m={instancePath:a+"/gpu/count",schemaPath:"#/properties/gpu/properties/count/maximum",keyword:"maximum",params:{comparison:"<=",limit:64},message:"must be <= 64"};e===null?e=[m]:e.push(m),f++}if(d<1||isNaN(d)){const m={instancePath:a+"/gpu/count",schemaPath:"#/properties/gpu/properties/count/minimum",keyword:"minimum",params:{comparison:">=",limit:1},message:"must be >= 1"};e===null?e=[m]:e.push(m),f++}}}if(w.product!==void 0){let d=w.product;if(typeof d=="string"){if(pe(d)>1024){const m={instancePath:a+"/gpu/product",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[m]:e.push(m),f++}if(pe(d)<1){const m={instancePath:a+"/gpu/product",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[m]:e.push(m),f++}if(!v.test(d)){const m={instancePath:a+"/gpu/product",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[m]:e.push(m),f++}}else{const m={instancePath:a+"/gpu/product",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[m]:e.push(m),f++}}}else{const d={instancePath:a+"/gpu",schemaPath:"#/properties/gpu/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[d]:e.push(d),f++}}c.join!==void 0&&(st(c.join,{instancePath:a+"/join",parentData:c,parentDataProperty:"join",rootData:T,dynamicAnchors:N})||(e=e===null?st.errors:e.concat(st.errors),f=e.length))}else{const w={instancePath:a,schemaPath:"#/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[w]:e.push(w),f++}return ot.errors=e,f===0}ot.evaluated={props:!0,dynamicProps:!1,dynamicItems:!1};const ct={type:"object",additionalProperties:!1,properties:{flux:{enum:["required","optional","ignored"]},triton:{type:"array",items:{type:"object",additionalProperties:!1,required:["url","model"],properties:{url:{type:"string",pattern:"^https?://[^/@\\s]+"},access:{enum:["direct","cloudflare"]},model:{$ref:"#/$defs/text"},"gpu-proof":{enum:["gpu-proved","gpu-likely","none"]},p95:{$ref:"#/$defs/duration"}}}}}},It=new RegExp("^https?://[^/@\\s]+","u");function Xe(c,{instancePath:a="",parentData:k,parentDataProperty:x,rootData:T=c,dynamicAnchors:N={}}={}){let e=null,f=0;const q=Xe.evaluated;if(q.dynamicProps&&(q.props=void 0),q.dynamicItems&&(q.items=void 0),c&&typeof c=="object"&&!Array.isArray(c)){for(const w in c)if(!(w==="flux"||w==="triton")){const d={instancePath:a,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty:w},message:"must NOT have additional properties"};e===null?e=[d]:e.push(d),f++}if(c.flux!==void 0){let w=c.flux;if(!(w==="required"||w==="optional"||w==="ignored")){const d={instancePath:a+"/flux",schemaPath:"#/properties/flux/enum",keyword:"enum",params:{allowedValues:ct.properties.flux.enum},message:"must be equal to one of the allowed values"};e===null?e=[d]:e.push(d),f++}}if(c.triton!==void 0){let w=c.triton;if(Array.isArray(w)){const d=w.length;for(let m=0;m<d;m++){let $e=w[m];if($e&&typeof $e=="object"&&!Array.isArray($e)){if($e.url===void 0){const J={instancePath:a+"/triton/"+m,schemaPath:"#/properties/triton/items/required",keyword:"required",params:{missingProperty:"url"},message:"must have required property 'url'"};e===null?e=[J]:e.push(J),f++}if($e.model===void 0){const J={instancePath:a+"/triton/"+m,schemaPath:"#/properties/triton/items/required",keyword:"required",params:{missingProperty:"model"},message:"must have required property 'model'"};e===null?e=[J]:e.push(J),f++}for(const J in $e)if(!(J==="url"||J==="access"||J==="model"||J==="gpu-proof"||J==="p95")){const oe={instancePath:a+"/triton/"+m,schemaPath:"#/properties/triton/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty:J},message:"must NOT have additional properties"};e===null?e=[oe]:e.push(oe),f++}if($e.url!==void 0){let J=$e.url;if(typeof J=="string"){if(!It.test(J)){const oe={instancePath:a+"/triton/"+m+"/url",schemaPath:"#/properties/triton/items/properties/url/pattern",keyword:"pattern",params:{pattern:"^https?://[^/@\\s]+"},message:'must match pattern "^https?://[^/@\\s]+"'};e===null?e=[oe]:e.push(oe),f++}}else{const oe={instancePath:a+"/triton/"+m+"/url",schemaPath:"#/properties/triton/items/properties/url/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[oe]:e.push(oe),f++}}if($e.access!==void 0){let J=$e.access;if(!(J==="direct"||J==="cloudflare")){const oe={instancePath:a+"/triton/"+m+"/access",schemaPath:"#/properties/triton/items/properties/access/enum",keyword:"enum",params:{allowedValues:ct.properties.triton.items.properties.access.enum},message:"must be equal to one of the allowed values"};e===null?e=[oe]:e.push(oe),f++}}if($e.model!==void 0){let J=$e.model;if(typeof J=="string"){if(pe(J)>1024){const oe={instancePath:a+"/triton/"+m+"/model",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[oe]:e.push(oe),f++}if(pe(J)<1){const oe={instancePath:a+"/triton/"+m+"/model",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[oe]:e.push(oe),f++}if(!v.test(J)){const oe={instancePath:a+"/triton/"+m+"/model",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[oe]:e.push(oe),f++}}else{const oe={instancePath:a+"/triton/"+m+"/model",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[oe]:e.push(oe),f++}}if($e["gpu-proof"]!==void 0){let J=$e["gpu-proof"];if(!(J==="gpu-proved"||J==="gpu-likely"||J==="none")){const oe={instancePath:a+"/triton/"+m+"/gpu-proof",schemaPath:"#/properties/triton/items/properties/gpu-proof/enum",keyword:"enum",params:{allowedValues:ct.properties.triton.items.properties["gpu-proof"].enum},message:"must be equal to one of the allowed values"};e===null?e=[oe]:e.push(oe),f++}}if($e.p95!==void 0){let J=$e.p95;if(typeof J=="string"){if(pe(J)<2){const oe={instancePath:a+"/triton/"+m+"/p95",schemaPath:"#/$defs/duration/minLength",keyword:"minLength",params:{limit:2},message:"must NOT have fewer than 2 characters"};e===null?e=[oe]:e.push(oe),f++}if(!nt.test(J)){const oe={instancePath:a+"/triton/"+m+"/p95",schemaPath:"#/$defs/duration/pattern",keyword:"pattern",params:{pattern:"^(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?$"},message:'must match pattern "^(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?$"'};e===null?e=[oe]:e.push(oe),f++}}else{const oe={instancePath:a+"/triton/"+m+"/p95",schemaPath:"#/$defs/duration/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[oe]:e.push(oe),f++}}}else{const J={instancePath:a+"/triton/"+m,schemaPath:"#/properties/triton/items/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[J]:e.push(J),f++}}}else{const d={instancePath:a+"/triton",schemaPath:"#/properties/triton/type",keyword:"type",params:{type:"array"},message:"must be array"};e===null?e=[d]:e.push(d),f++}}}else{const w={instancePath:a,schemaPath:"#/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[w]:e.push(w),f++}return Xe.errors=e,f===0}Xe.evaluated={props:!0,dynamicProps:!1,dynamicItems:!1};function Ot(c,{instancePath:a="",parentData:k,parentDataProperty:x,rootData:T=c,dynamicAnchors:N={}}={}){let e=null,f=0;const q=Ot.evaluated;if(q.dynamicProps&&(q.props=void 0),q.dynamicItems&&(q.items=void 0),c&&typeof c=="object"&&!Array.isArray(c)){if(c.name===void 0){const d={instancePath:a,schemaPath:"#/required",keyword:"required",params:{missingProperty:"name"},message:"must have required property 'name'"};e===null?e=[d]:e.push(d),f++}if(c.nodes===void 0){const d={instancePath:a,schemaPath:"#/required",keyword:"required",params:{missingProperty:"nodes"},message:"must have required property 'nodes'"};e===null?e=[d]:e.push(d),f++}for(const d in c)if(!(d==="name"||d==="distribution"||d==="version"||d==="api"||d==="kubeconfig"||d==="join"||d==="nodes"||d==="verify")){const m={instancePath:a,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty:d},message:"must NOT have additional properties"};e===null?e=[m]:e.push(m),f++}if(c.name!==void 0){let d=c.name;if(typeof d=="string"){if(pe(d)>63){const m={instancePath:a+"/name",schemaPath:"#/$defs/name/maxLength",keyword:"maxLength",params:{limit:63},message:"must NOT have more than 63 characters"};e===null?e=[m]:e.push(m),f++}if(!Ve.test(d)){const m={instancePath:a+"/name",schemaPath:"#/$defs/name/pattern",keyword:"pattern",params:{pattern:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"},message:'must match pattern "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"'};e===null?e=[m]:e.push(m),f++}}else{const m={instancePath:a+"/name",schemaPath:"#/$defs/name/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[m]:e.push(m),f++}}if(c.distribution!==void 0){let d=c.distribution;if(!(d==="k3s"||d==="kubeadm")){const m={instancePath:a+"/distribution",schemaPath:"#/properties/distribution/enum",keyword:"enum",params:{allowedValues:at.properties.distribution.enum},message:"must be equal to one of the allowed values"};e===null?e=[m]:e.push(m),f++}}if(c.version!==void 0){let d=c.version;if(typeof d=="string"){if(!j.test(d)){const m={instancePath:a+"/version",schemaPath:"#/$defs/version/pattern",keyword:"pattern",params:{pattern:"^(match-server|v\\d+\\.\\d+\\.\\d+(-rc\\d+)?(\\+k3s\\d+)?)$"},message:'must match pattern "^(match-server|v\\d+\\.\\d+\\.\\d+(-rc\\d+)?(\\+k3s\\d+)?)$"'};e===null?e=[m]:e.push(m),f++}}else{const m={instancePath:a+"/version",schemaPath:"#/$defs/version/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[m]:e.push(m),f++}}if(c.api!==void 0&&(ye(c.api,{instancePath:a+"/api",parentData:c,parentDataProperty:"api",rootData:T,dynamicAnchors:N})||(e=e===null?ye.errors:e.concat(ye.errors),f=e.length)),c.kubeconfig!==void 0&&(Te(c.kubeconfig,{instancePath:a+"/kubeconfig",parentData:c,parentDataProperty:"kubeconfig",rootData:T,dynamicAnchors:N})||(e=e===null?Te.errors:e.concat(Te.errors),f=e.length)),c.join!==void 0&&(st(c.join,{instancePath:a+"/join",parentData:c,parentDataProperty:"join",rootData:T,dynamicAnchors:N})||(e=e===null?st.errors:e.concat(st.errors),f=e.length)),c.nodes!==void 0){let d=c.nodes;if(d&&typeof d=="object"&&!Array.isArray(d)){if(Object.keys(d).length<1){const m={instancePath:a+"/nodes",schemaPath:"#/properties/nodes/minProperties",keyword:"minProperties",params:{limit:1},message:"must NOT have fewer than 1 properties"};e===null?e=[m]:e.push(m),f++}for(const m in d){const $e=f;if(typeof m=="string"){if(pe(m)>63){const J={instancePath:a+"/nodes",schemaPath:"#/$defs/name/maxLength",keyword:"maxLength",params:{limit:63},message:"must NOT have more than 63 characters",propertyName:m};e===null?e=[J]:e.push(J),f++}if(!Ve.test(m)){const J={instancePath:a+"/nodes",schemaPath:"#/$defs/name/pattern",keyword:"pattern",params:{pattern:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"},message:'must match pattern "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"',propertyName:m};e===null?e=[J]:e.push(J),f++}}else{const J={instancePath:a+"/nodes",schemaPath:"#/$defs/name/type",keyword:"type",params:{type:"string"},message:"must be string",propertyName:m};e===null?e=[J]:e.push(J),f++}var w=$e===f;if(!w){const J={instancePath:a+"/nodes",schemaPath:"#/properties/nodes/propertyNames",keyword:"propertyNames",params:{propertyName:m},message:"property name must be valid"};e===null?e=[J]:e.push(J),f++}}for(const m in d)ot(d[m],{instancePath:a+"/nodes/"+m.replace(/~/g,"~0").replace(/\//g,"~1"),parentData:d,parentDataProperty:m,rootData:T,dynamicAnchors:N})||(e=e===null?ot.errors:e.concat(ot.errors),f=e.length)}else{const m={instancePath:a+"/nodes",schemaPath:"#/properties/nodes/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[m]:e.push(m),f++}}c.verify!==void 0&&(Xe(c.verify,{instancePath:a+"/verify",parentData:c,parentDataProperty:"verify",rootData:T,dynamicAnchors:N})||(e=e===null?Xe.errors:e.concat(Xe.errors),f=e.length))}else{const d={instancePath:a,schemaPath:"#/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[d]:e.push(d),f++}return Ot.errors=e,f===0}Ot.evaluated={props:!0,dynamicProps:!1,dynamicItems:!1};const Lt=c=>gt(c)?[]:gt.errors,jt={"":["name","distribution","version","api","kubeconfig","join","nodes","verify"],"/api":["server","tunnel"],"/api/tunnel":["host","port","user","local-port","known-hosts","host-key-fingerprint","private-key-property"],"/kubeconfig":["esc","property","path","context"],"/join":["timeout","verify","fail-on","ignore-checks"],"/nodes/*":["role","address","transport","ssh","version","pod-network","labels","taints","node-ip","node-external-ip","extra-config","gpu","join"],"/nodes/*/ssh":["host","port","user","known-hosts","host-key-fingerprint","private-key-file","private-key-property"],"/nodes/*/gpu":["count","product"],"/nodes/*/join":["timeout","verify","fail-on","ignore-checks"],"/verify":["flux","triton"],"/verify/triton/*":["url","access","model","gpu-proof","p95"]};function Mt(c,a){const k=[];for(const x of c.split("/").slice(1)){const T=x.replaceAll("~1","/").replaceAll("~0","~");k.push(Array.isArray(dt(a,k))?Number(T):T)}return k}function dt(c,a){return a.reduce((k,x)=>k!==null&&typeof k=="object"&&Object.hasOwn(k,x)?k[x]:void 0,c)}function vt(c){const a=k=>{const x=k.split("/").slice(1);return x.length===c.length&&x.every((T,N)=>T==="*"||T===String(c[N]))};return Object.entries(jt).find(([k])=>a(k))?.[1]}function At(c,a){const k=(vt(c)??[]).find(x=>vt([...c,x])?.includes(a));return k===void 0?void 0:`${k}.${a}`}const Rt={object:"a mapping (keys and values)",array:"a list",string:"text",integer:"a whole number",number:"a number",boolean:"true or false"};function ft(c,a){const k=a.map(T=>Rt[T]??T).join(" or "),x=a.includes("string")&&["number","boolean"].includes(typeof c);return{problem:c===null?"is empty":`is not ${k}`,allowed:x?`put it in quotes: "${String(c)}"`:`write ${k}`}}function Ct(c,a){const k=Mt(c.instancePath,a.content),x=dt(a.content,k),{params:T,keyword:N}=c;switch(N){case"additionalProperties":{const e=String(T.additionalProperty),f=vt(k)??[];return{input:a.at([...k,e],"key"),value:B(e),problem:"is not known here",allowed:`known keys: ${f.join(", ")}`,...de(At(k,e)??Fe(e,f))}}case"required":return{input:a.at(k,"key"),problem:`lacks the key ${B(T.missingProperty)}`,allowed:"it has no default"};case"enum":{const e=T.allowedValues.map(String);return{input:a.at(k),value:B(x),problem:"is not one of the choices",allowed:e.join(", "),...de(typeof x=="string"?Fe(x,e):void 0)}}case"type":{const e=Array.isArray(T.type)?T.type.map(String):String(T.type).split(",");return{input:a.at(k),...x===null?{}:{value:B(x)},...ft(x,e)}}case"minimum":case"maximum":return{input:a.at(k),value:B(x),problem:"is out of range",allowed:`${T.comparison} ${T.limit}`};case"minProperties":return{input:a.at(k),problem:"is empty",allowed:`at least ${T.limit} entry`};default:return{input:a.at(k),value:B(x),problem:"has the wrong form",allowed:c.message??"see schemas/cluster.schema.json"}}}function Bt(c,a){return c.content===null||typeof c.content!="object"||Array.isArray(c.content)?[{input:c.at([]),problem:"describes no cluster",allowed:`a mapping with the keys ${vt([])?.join(", ")}`}]:Lt(c.content).filter(k=>k.keyword!=="propertyNames"&&!("propertyName"in k)).filter(k=>!/^\/nodes\/[^/]+\/extra-config\//.test(k.instancePath)).map(k=>({error:k,problem:Ct(k,c)})).filter(({error:k,problem:x})=>!Dt(k)||!a.has(x.input)).map(({problem:k})=>k)}function Dt(c){return["pattern","minLength","maxLength"].includes(c.keyword)}const g={"node-name":"use the input `node`","node-label":"use the input `labels`","node-taint":"use the input `taints`","node-ip":"use the input `node-ip`",i:"use the input `node-ip`","node-external-ip":"use the input `node-external-ip`",server:"use the input `server`",s:"use the input `server`",token:"use the input `token`, filled from a secret",t:"use the input `token`, filled from a secret","token-file":"use the input `token`, filled from a secret","agent-token":"use the input `token`, filled from a secret","agent-token-file":"use the input `token`, filled from a secret","cluster-secret":"use the input `token`, filled from a secret","with-node-id":"leave it out: the node is found again by its exact name (input `node`)","vpn-auth":"use `vpn-auth-file`: it holds a secret, and this text is kept in clear","data-dir":"leave it out: only the standard folder is supported",d:"leave it out: only the standard folder is supported",config:"leave it out: the settings themselves go here",c:"leave it out: the settings themselves go here"},$={"node-labels":"use the input `labels`","register-with-taints":"use the input `taints`","hostname-override":"use the input `node`","node-ip":"use the input `node-ip`"},S=c=>["string","boolean"].includes(typeof c)||typeof c=="number"&&Number.isFinite(c);function o(c,a){const k=Array.isArray(a)?a:[a];if(!k.every(S))return{problem:"has a value that is neither text, number, true, false nor a list of them",allowed:"a scalar, or a list of scalars"};const x=k.map(T=>Ye(String(T))).find(T=>T!==void 0);if(x)return{problem:`contains the invisible character ${x}`,allowed:"printable text of one line"};if(c==="kubelet-arg")for(const T of k){const N=String(T).replace(/^--?/,"").split("=")[0]??"",e=$[N];if(Object.hasOwn($,N)&&e)return{problem:`holds the kubelet's ${N}, which has an input of its own`,allowed:e}}}function u(c){return c===null||typeof c!="object"||Array.isArray(c)?[{problem:"is no mapping",allowed:"YAML keys and values, e.g. `selinux: true`"}]:Object.entries(c).flatMap(([a,k])=>{const x=a.replace(/\+$/,"").replace(/^-+/,"").toLowerCase().replaceAll("_","-"),T=Object.hasOwn(g,x)?g[x]:void 0;if(T)return[{key:a,problem:"is not set here",allowed:T}];if(!/^[a-z][a-z0-9-]*\+?$/.test(a)){const e=`${x}${a.endsWith("+")?"+":""}`,f=/^[a-z][a-z0-9-]*\+?$/.test(e);return[{key:a,problem:"is no key of the configuration",allowed:"lower-case letters, digits and dashes",...de(f?e:void 0)}]}const N=o(x,k);return N?[{key:a,...N}]:[]})}const y="names, key type and base64 key as `ssh-keyscan HOST` prints them, e.g. 192.168.2.80 ssh-ed25519 AAAA\u2026",O=["ssh-ed25519","ssh-rsa","ecdsa-sha2-nistp256","ecdsa-sha2-nistp384","ecdsa-sha2-nistp521"],P=/^(ssh-|ecdsa-sha2-|sk-)[a-z0-9@.-]+$/;function L(c){return c.length<4?"":c.subarray(4,4+Math.min(c.readUInt32BE(0),64)).toString("latin1")}function I(c){const[a=""]=c,k=c.map(Ye).find(e=>e!==void 0);if(k)return{problem:`contains the invisible character ${k}`,allowed:y};if(a.startsWith("SHA256:")||a.startsWith("MD5:"))return{problem:"is a fingerprint",allowed:"give it as `host-key-fingerprint`"};if(a.startsWith("@")&&!["@revoked","@cert-authority"].includes(a))return{problem:`has the unknown marker ${a.slice(0,40)}`,allowed:y};if(P.test(a))return{problem:"is a public key without the name of its host",allowed:y};const[,x="",T=""]=a.startsWith("@")?c.slice(1):c;if(!P.test(x))return{problem:"has no key type in its second place",allowed:y};if(!/^[A-Za-z0-9+/]+={0,2}$/.test(T))return{problem:"has no base64 key in its third place",allowed:y};if(L(Buffer.from(T,"base64"))!==x)return{problem:`says ${x} before the key, but the key inside is another; it is cut or forged`,allowed:y};if(!O.includes(x))return{problem:`has a key of type ${x}`,allowed:`one of ${O.join(", ")}`}}function H(c){const a=c.split(/\r\n|[\n\r]/).map(T=>T.trim()),k=a.flatMap((T,N)=>{if(T===""||T.startsWith("#"))return[];const e=I(T.split(/[ \t]+/));return e?[{...e,line:N+1,text:T}]:[]});return k.length>0?k:a.some(T=>T!==""&&!/^(#|@)/.test(T))?[]:[{line:1,text:a[0]??"",problem:"pins no key",allowed:y}]}function Q(c){if(/^SHA256:[A-Za-z0-9+/]{43}=?$/.test(c))return;const a="SHA256: and 43 characters, as `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` prints them on the console of the host";return/^[A-Za-z0-9+/]{43}=?$/.test(c)?{problem:"lacks its beginning",allowed:a,nearest:`SHA256:${c}`}:/^(MD5:)?([0-9a-f]{2}:){15}[0-9a-f]{2}$/i.test(c)?{problem:"is an MD5 fingerprint",allowed:a}:{problem:"is no fingerprint",allowed:a}}function ue(c){const a=Be(c);return{"/name":Se,"/version":a,"/api/server":ke,"/api/tunnel/host":te,"/api/tunnel/user":Z,"/api/tunnel/host-key-fingerprint":Q,"/api/tunnel/host-key-fingerprint/*":Q,"/kubeconfig/path":rt,"/kubeconfig/context":rt,"/join/ignore-checks/*":re,"/nodes/*/address":ge,"/nodes/*/version":a,"/nodes/*/node-ip":se,"/nodes/*/node-external-ip":se,"/nodes/*/labels/*":Je,"/nodes/*/taints/*":k=>{const x=$t(k);return lt(x)?x:void 0},"/nodes/*/join/ignore-checks/*":re,"/nodes/*/ssh/host":te,"/nodes/*/ssh/user":Z,"/nodes/*/ssh/private-key-file":rt,"/nodes/*/ssh/host-key-fingerprint":Q,"/nodes/*/ssh/host-key-fingerprint/*":Q}}const Me=[/^\/(nodes\/\*\/ssh|api\/tunnel)\/known-hosts$/,/^\/nodes\/\*\/extra-config/];function*Qe(c,a=[],k=""){if(typeof c=="string")yield{place:a,pattern:k,text:c};else if(Array.isArray(c))for(const[x,T]of c.entries())yield*Qe(T,[...a,x],`${k}/*`);else if(c!==null&&typeof c=="object"){const x=k==="/nodes"||k==="/nodes/*/labels";for(const[T,N]of Object.entries(c))yield*Qe(N,[...a,T],`${k}/${x?"*":T}`)}}function Ee(c,a){const k=dt(c,a);return k!==null&&typeof k=="object"&&!Array.isArray(k)?Object.entries(k):[]}function Ce(c,a){const k=dt(c.content,a);return typeof k!="string"?[]:H(k).map(({line:x,text:T,...N})=>({input:c.at(a),value:B(T),...N,problem:`line ${x} ${N.problem}`}))}function Tt(c,a){const k=["nodes",a],x=(f,q,w,d)=>d?[{input:c.at([...k,...f],q),value:B(w),...d}]:[],T=dt(c.content,[...k,"taints"]),N=(Array.isArray(T)?T:[]).map(f=>typeof f=="string"?f.replace(/=[^:]*/,""):""),e=dt(c.content,[...k,"extra-config"]);return[...x([],"key",a,Se(a)),...Ee(c.content,[...k,"labels"]).flatMap(([f])=>x(["labels",f],"key",f,ze(f))),...N.flatMap((f,q)=>f!==""&&N.indexOf(f)<q?x(["taints",q],"value",String(T[q]),{problem:"repeats a taint",allowed:"one taint for each key and effect"}):[]),...e===void 0?[]:u(e).map(({key:f,...q})=>({input:c.at([...k,"extra-config",...f===void 0?[]:[f]],"key"),...f===void 0?{}:{value:B(f)},...q})),...Ce(c,[...k,"ssh","known-hosts"])]}function Pt(c){const{content:a}=c,k=ue(dt(a,["distribution"])==="kubeadm"?"kubeadm":"k3s"),x=[...Qe(a)].flatMap(({place:N,pattern:e,text:f})=>{if(Me.some(d=>d.test(e)))return[];const q=Ye(f),w=q?{problem:`contains the invisible character ${q}`,allowed:"printable text of one line"}:k[e]?.(f);return w?[{input:c.at(N),value:B(f),...w}]:[]}),T=Ee(a,["nodes"]).flatMap(([N])=>Tt(c,N));return[...x,...T,...Ce(c,["api","tunnel","known-hosts"])]}class zt extends Error{name="ClusterFileError";code="cluster-file-invalid";cause="the cluster file is not as its schema and Kubernetes want it";remedy="correct every place that is listed";problems;evidence;constructor(a,k){super(`${a} has ${k.length===1?"1 problem":`${k.length} problems`}`),this.problems=k,this.evidence=k.map(ve)}}function Ie(c){const a=k=>{const[,x="0",T="0"]=/:(\d+):(\d+)(?: |$)/.exec(k.input)??[];return[Number(x),Number(T)]};return[...c].sort((k,x)=>{const[T,N]=a(k),[e,f]=a(x);return T-e||N-f})}function pt(c,a){const k=fe(c,a);if("problems"in k)throw new zt(a,Ie(k.problems));const x=Pt(k.yaml),T=[...Bt(k.yaml,new Set(x.map(N=>N.input))),...x];if(T.length>0)throw new zt(a,Ie(T));return{path:a,content:k.yaml.content,at:N=>k.yaml.at(N)}}class Zt{problems=[];sources={};path;constructor(a){this.path=a}judge(a,k,x){x&&this.problems.push({input:a,value:B(k),...x})}pick(a,k,x,T=N=>String(N)){if(k===void 0)return this.sources[a]=x===void 0?"default":this.path,x;const N=x!==void 0&&T(x)!==T(k);return this.sources[a]=N?`input, over ${this.path} (${T(x)})`:"input",k}text(a,k,x,T){return k!==void 0&&this.judge(a,k,T(k)),this.pick(a,k,x)}}const Vt=c=>typeof c=="string"?[c]:c;function Ft(c,a,k){const x=Object.create(null);for(const N of a.labels??[]){const e=Ze(N),[f="",q=""]=N.split(/=(.*)/s),w=!e&&f in x&&x[f]!==q;c.judge("labels",N,w?{problem:"gives a key a second value",allowed:"each key once"}:e),x[f]=q}const T=N=>Object.entries(N).map(([e,f])=>`${e}=${f}`).sort().join(", ");return{...c.pick("labels",a.labels?x:void 0,k.labels,T)}}function Ut(c,a,k){const x=new Set;for(const N of a.taints??[]){const e=$t(N),f=lt(e)?"":`${e.key}:${e.effect}`,q=f!==""&&x.has(f);c.judge("taints",N,lt(e)?e:q?{problem:"repeats a taint",allowed:"one taint for each key and effect"}:void 0),x.add(f)}return(c.pick("taints",a.taints,k.taints,N=>[...N].sort().join(", "))??[]).map($t).filter(N=>!lt(N))}function sn(c,a,k){if(a.extraConfig!==void 0)for(const{key:T,...N}of u(a.extraConfig))c.problems.push({input:"extra-config",...T===void 0?{}:{value:B(T)},...N});const x=T=>JSON.stringify(T);return c.pick("extra-config",a.extraConfig,k["extra-config"],x)??{}}function rn(c,a,k,x){for(const{line:w,text:d,...m}of a.knownHosts===void 0?[]:H(a.knownHosts))c.judge("known-hosts",d,{...m,problem:`line ${w} ${m.problem}`});for(const w of a.hostKeyFingerprints??[])c.judge("host-key-fingerprint",w,Q(w));const T=[...a.knownHosts===void 0?[]:["known-hosts"],...a.hostKeyFingerprints===void 0?[]:["host-key-fingerprint"]],N=T.length>0,e=N?a.knownHosts:k.ssh?.["known-hosts"],f=(N?a.hostKeyFingerprints:Vt(k.ssh?.["host-key-fingerprint"]))??[],q=N?`input ${T.join(" and ")}`:x;return c.sources["host-key"]=q,{...e===void 0?{}:{knownHosts:e},hostKeyFingerprints:f,hostKeySource:q}}function Wt(c,a,k,x){const{ssh:T}=k,N=c.text("host",a.host,T?.host??k.address,te)??"",e=c.pick("port",a.port,T?.port)??22,f=c.text("user",a.user,T?.user,Z)??"";return{transport:"ssh",address:N,port:e,user:f,...a.privateKey===void 0?{}:{privateKey:a.privateKey},...rn(c,a,k,x),...a.sudoPassword===void 0?{}:{sudoPassword:a.sudoPassword}}}function Jt(c,a,k,x){const T=q=>x?`give the input, or \`nodes.${k}.ssh.${q}\` in ${x.path}`:`give the input, or name a \`cluster-file\` that has \`ssh.${q}\``,N=a.ssh?.["private-key-property"],e=N===void 0?"":`; the cluster file says that it is kept as ${B(N)}`,f=[];if(c.address===""&&f.push({input:"host",problem:"is missing",allowed:T("host")}),c.user===""&&f.push({input:"user",problem:"is missing",allowed:T("user")}),c.privateKey===void 0){const q=`give it from a secret, or \`ssh-private-key-file\`${x?`, or \`nodes.${k}.ssh.private-key-file\` in ${x.path}`:""}${e}`;f.push({input:"ssh-private-key",problem:"is missing",allowed:q})}return c.knownHosts===void 0&&c.hostKeyFingerprints.length===0&&f.push({input:"known-hosts",problem:"is missing, and so is `host-key-fingerprint`: without a pinned host key there is no connection",allowed:`${T("known-hosts")}; compare it on the console of the host: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub`}),f}function on(c,a){const k=Object.keys(c.content.nodes);return{input:"node",value:B(a),problem:`is no node of ${c.path}`,allowed:`its nodes are ${k.slice(0,20).join(", ")}${k.length>20?" \u2026":""}`,...de(Fe(a,k))}}function an(c){return c===void 0||!URL.canParse(c)?"the cluster":new URL(c).hostname}function St(c,a){const k=a?.path??"default",x=new Zt(k),T=c.node??"",N=a?.content,e=N!==void 0&&Object.hasOwn(N.nodes,T),f=e?N.nodes[T]??{}:{},q=N?.distribution??"k3s";x.sources.cluster=a?k:"default",x.sources.distribution=N?.distribution?k:"default",x.sources["pod-network"]=f["pod-network"]?k:"default",x.sources.gpu=f.gpu?k:"default",T===""?x.problems.push({input:"node",problem:"is missing",allowed:"the name of the node in the cluster"}):a&&!e?x.problems.push(on(a,T)):x.judge("node",T,Se(T)),x.sources.node="input";const w=x.pick("transport",c.transport,f.transport)??"ssh",d={transport:"local",address:"",port:0,user:"",hostKeyFingerprints:[],hostKeySource:"",...c.sudoPassword===void 0?{}:{sudoPassword:c.sudoPassword}},m=w==="local"?d:Wt(x,c,f,k);w==="ssh"&&(!a||e)&&x.problems.push(...Jt(m,f,T,a));const J=x.text("server",c.server,N?.api?.server,ke)?.replace(/\/+$/,"");J===void 0&&(x.sources.server="kubeconfig");const oe=x.text("version",c.version,f.version??N?.version,Be(q))??"match-server",xt=x.text("node-ip",c.nodeIp,f["node-ip"],se),Gt=x.text("node-external-ip",c.nodeExternalIp,f["node-external-ip"],se),cn={cluster:N?.name??an(J),node:T,distribution:q,access:m,...J===void 0?{}:{server:J},version:oe,labels:Ft(x,c,f),taints:Ut(x,c,f),...xt===void 0?{}:{nodeIp:xt},...Gt===void 0?{}:{nodeExternalIp:Gt},extraConfig:sn(x,c,f),podNetwork:f["pod-network"]??"shared",...f.gpu===void 0?{}:{gpu:f.gpu},...N===void 0?{}:{nodesWanted:Object.keys(N.nodes).length},sources:x.sources};return x.problems.length>0?{problems:x.problems}:{desired:cn}}}),543:((bt,He,z)=>{z.d(He,{$p:()=>Oe,bD:()=>je,dh:()=>D,ip:()=>me,pb:()=>X});class D extends Error{name="HostError";code;host;title;cause;remedy;evidence;constructor(xe,ee,he,we=ie=>ie){super(we(`${ee}: ${he.title}: ${he.cause}`)),this.code=xe,this.host=ee,this.title=we(he.title),this.cause=we(he.cause),this.remedy=we(he.remedy),this.evidence=(he.evidence??[]).filter(ie=>ie!=="").map(we)}}function Oe(ce){const xe=ce.filter(ee=>ee!==void 0&&ee.trim()!=="").flatMap(ee=>[ee,...ee.split(`
`).filter(he=>he.trim().length>=8&&!he.includes("-----"))]).sort((ee,he)=>he.length-ee.length);return ee=>xe.reduce((he,we)=>he.replaceAll(we,"***"),ee)}function me(ce,xe,ee){return ee.reason?.name==="TimeoutError"?new D("deadline",ce,{title:`${xe} took too long`,cause:"there was no answer before the deadline",remedy:"look whether the host is under load or packets are dropped on the way, then run again"}):new D("cancelled",ce,{title:`${xe} was cancelled`,cause:"the run was cancelled",remedy:"run it again: it continues from what it finds"})}function je(ce){const xe=ce?.message;return typeof xe=="string"?xe:String(ce)}function X(ce){return ce instanceof D&&ce.code==="connection-lost"}}),8438:((bt,He,z)=>{z.d(He,{Qw:()=>je,Vr:()=>Oe,_y:()=>X,cw:()=>me});var D=z(543);function Oe(ce){if(!/^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/.test(ce))throw new TypeError(`${JSON.stringify(ce)} cannot be the name of an uploaded file`);return ce}function me(ce,xe){return new D.dh("output-too-large",ce,{title:`script ${xe} was ended`,cause:"the host printed far more than the script can print",remedy:"look at what the start-up files of the login shell on the host print"})}function je(ce,xe,ee,he){return new D.dh("upload-failed",ce,{title:`${xe} could not be uploaded`,cause:ee,remedy:"make room in /tmp of the host, or look at the connection, and run it again"},he)}function X(ce,xe,ee,he){return new D.dh("connection-failed",ce,{title:`${xe}:${ee} cannot be reached from the host`,cause:he===""?"the connection failed without a reason":he,remedy:`allow ${ee}/tcp from the host to ${xe}, or use an address that the host can reach`})}}),1213:((bt,He,z)=>{z.d(He,{Zj:()=>We,BZ:()=>rt,LT:()=>Ae,pb:()=>D.pb,hx:()=>Ye,kj:()=>et});var D=z(543),Oe=z(3024),me=z(1455),je=z(7030),X=z(8161),ce=z(6760),xe=z(8500),ee=z(8438),he=z(3221),we=z(3493);function ie(){return Object.fromEntries(["PATH","HOME","USER","LOGNAME"].flatMap(Z=>process.env[Z]===void 0?[]:[[Z,process.env[Z]]]))}class fe{label="local";counts={sessions:0,forwards:0};#e;#t;#r;#n;constructor(Z,re,te){this.#e=re,this.#t=Z.sudoPassword??"",this.#r=Z.user||process.env.USER||"the user",this.#n=te}static async open(Z,re){return new fe(Z,re,await(0,me.mkdtemp)((0,ce.join)((0,X.tmpdir)(),"k3s-gpu-actions-")))}async run(Z){const re=`script ${Z.name}`;if(Z.signal.aborted)throw(0,D.ip)(this.label,re,Z.signal);this.counts.sessions+=1;const te=(0,D.$p)([this.#t,...Object.values(Z.secrets??{})]),ge=(0,ce.join)(this.#n,`session-${this.counts.sessions}`);await(0,me.writeFile)(ge,"");const se=(0,he.Nt)(Z.script,Z.env??{},Z.secrets??{},{type:"watch",pid:process.pid,file:ge}),ke=new we.IA(Z.onLine),Be=performance.now(),Ne=Promise.withResolvers();Ne.promise.catch(()=>{});const Le=ze=>{(0,Oe.rmSync)(ge,{force:!0}),Ne.reject(ze)},Ke=()=>Le((0,D.ip)(this.label,re,Z.signal)),tt=setTimeout(()=>Le(new D.dh("script-timeout",this.label,(0,we.bY)(Z.name,Z.timeoutMs),te)),Z.timeoutMs+we.q_);Z.signal.addEventListener("abort",Ke,{once:!0});const V=ze=>Je=>{try{ke[ze](Je)}catch(Ze){Le(Ze instanceof RangeError?(0,ee.cw)(this.label,Z.name):Ze)}},Ue=this.#e("sh",he.ec,{input:(0,he.h7)({program:se,privilege:Z.privilege,timeoutMs:Z.timeoutMs,sudoPassword:this.#t,input:"closed"}),env:ie(),onStdout:V("stdout"),onStderr:V("stderr")});try{const ze=await Promise.race([Ue,Ne.promise]);return(0,we.mq)({host:this.label,user:this.#r,scriptName:Z.name,privilege:Z.privilege,timeoutMs:Z.timeoutMs,elapsedMs:performance.now()-Be,exitCode:ze,output:ke,redact:te})}catch(ze){throw await Promise.race([Ue.catch(()=>{}),(0,xe.setTimeout)(we.P4,void 0,{ref:!1})]),ze}finally{clearTimeout(tt),Z.signal.removeEventListener("abort",Ke),(0,Oe.rmSync)(ge,{force:!0})}}async upload(Z,re){if(re.aborted)throw(0,D.ip)(this.label,`the upload of ${Z.name}`,re);const te=await(0,me.mkdtemp)((0,ce.join)((0,X.tmpdir)(),"k3s-gpu-actions.")),ge=(0,ce.join)(te,(0,ee.Vr)(Z.name));try{await(0,me.copyFile)(Z.path,ge);const{size:se}=await(0,me.stat)(ge);if(se!==Z.sizeBytes)throw new Error(`${se} of ${Z.sizeBytes} bytes were copied`);return ge}catch(se){throw await(0,me.rm)(te,{recursive:!0,force:!0}),(0,ee.Qw)(this.label,Z.name,(0,D.bD)(se))}}async forward(Z,re,te){const ge=`connecting to ${Z}:${re}`;if(te.aborted)throw(0,D.ip)(this.label,ge,te);this.counts.forwards+=1;const{promise:se,resolve:ke,reject:Be}=Promise.withResolvers(),Ne=(0,je.connect)({host:Z,port:re,noDelay:!0}),Le=()=>{Ne.destroy(),Be((0,D.ip)(this.label,ge,te))};return te.addEventListener("abort",Le,{once:!0}),Ne.once("connect",()=>ke(Ne)),Ne.on("error",Ke=>Be((0,ee._y)(this.label,Z,re,Ke.message))),se.finally(()=>te.removeEventListener("abort",Le))}async close(){await(0,me.rm)(this.#n,{recursive:!0,force:!0})}}var be=z(6846);const ae=512,ne=256;function B(Se,Z){const re=Se?.[Z];return typeof re=="string"?re.trim().slice(0,ae):""}function Fe(Se,Z,re){const te=Se?.[Z];return typeof te!="string"?[]:te.slice(0,ne*ae).split(re).map(se=>se.trimEnd().slice(0,ae)).filter(se=>se!=="").slice(0,ne)}function de(Se,Z,re=0){const te=Se?.[Z];return typeof te=="number"&&Number.isSafeInteger(te)&&te>=0?te:re}function ve(Se,Z,re){return Z.find(te=>te===Se)??re}function De(Se){const Z=new Map;for(const re of Se){const te=de(re,"pid");if(te===0)continue;const ge=[Z.get(te)?.usedMemoryMiB,re.memory].filter(se=>typeof se=="number"&&Number.isSafeInteger(se)&&se>=0);Z.set(te,{pid:te,name:B(re,"name"),...ge.length>0&&{usedMemoryMiB:ge.reduce((se,ke)=>se+ke,0)},owner:ve(re.owner,["pod","container","host"],"host"),ownerDetail:B(re,"detail"),...de(re,"started")>0&&{startTicks:de(re,"started")}})}return[...Z.values()].slice(0,ne)}function Ye(Se,Z){const re=V=>Se.filter(Ue=>Ue.fact===V).slice(0,ne),te=V=>Se.find(Ue=>Ue.fact===V),ge=te("identity"),se=te("os"),ke=te("kernel"),Be=te("privilege"),Ne=te("cgroup"),Le=te("memory"),Ke=te("route"),tt=te("gpu");return{hostname:B(ge,"hostname"),user:B(ge,"user"),machineId:B(ge,"machine_id"),systemUuid:B(ge,"system_uuid").toLowerCase(),os:{id:B(se,"id"),idLike:B(se,"id_like"),versionId:B(se,"version_id"),prettyName:B(se,"pretty")},kernel:B(ke,"release"),architecture:B(ke,"architecture"),init:ve(te("init")?.name,["systemd","openrc","other"],"other"),...de(te("init"),"systemd")>0&&{systemdVersion:de(te("init"),"systemd")},privilege:{state:ve(Be?.state,["root","passwordless","password","none"],"none"),problem:B(Be,"problem")},cgroup:{version:ve(Ne?.version,[0,1,2],0),controllers:Fe(Ne,"controllers"," ")},readOnly:re("read-only").map(V=>B(V,"path")).filter(V=>V!==""),memoryBytes:de(Le,"total"),swapBytes:de(Le,"swap"),ports:re("port").map(V=>({port:de(V,"port"),process:B(V,"process"),pid:de(V,"pid"),owner:(V.owner==="pod"||V.owner==="container"?`${V.owner} ${B(V,"detail")}`:B(V,"detail")).trim()})).filter(({port:V})=>V>0&&V<=65535),disks:re("disk").filter(V=>de(V,"bytes",-1)>=0).map(V=>({path:B(V,"path"),availableBytes:de(V,"bytes"),totalBytes:de(V,"total"),availableInodes:de(V,"inodes",Number.MAX_SAFE_INTEGER)})),clock:{hostMs:de(te("clock"),"ms"),runnerMs:Z},defaultRoute:Ke&&{via:B(Ke,"via"),device:B(Ke,"device"),source:B(Ke,"source")},hasNoDefaultRoute:Ke===void 0&&te("no-route")?.known===!0,addresses:[...new Set(re("address").map(V=>B(V,"address")))].filter(V=>/^[0-9a-fA-F.:]+$/.test(V)),resolvers:re("resolver").map(V=>({path:B(V,"path"),isReadable:V.readable===!0,servers:Fe(V,"servers"," ")})),selinux:ve(te("selinux")?.mode,["enforcing","permissive","disabled","unknown"],"unknown"),modules:re("module").map(V=>({name:B(V,"name"),state:ve(V.state,["loaded","loadable","missing","unknown"],"unknown")})).filter(({name:V})=>V!==""),kubernetes:re("kubernetes").flatMap(V=>{const Ue=ve(V.kind,["cni-config","interface","kubelet-config","kubelet",""],"");return Ue===""?[]:[{kind:Ue,name:B(V,"name"),pid:de(V,"pid"),unit:B(V,"unit")}]}),firewalls:re("firewall").flatMap(V=>{const Ue=ve(V.name,["ufw","firewalld","nftables",""],""),ze=ve(V.state,["active","inactive","unknown"],"unknown");return Ue===""?[]:[{name:Ue,state:ze,rules:Fe(V,"rules",`
`)}]}),sshForwarding:ve(te("sshd")?.forwarding,["yes","no","local","remote","unknown"],"unknown"),runtimes:re("runtime").map(V=>({name:B(V,"name"),isRunning:V.running===!0})).filter(({name:V})=>V!==""),gpu:{devices:re("gpu-device").map(V=>({name:B(V,"name"),driverVersion:B(V,"driver"),memoryMiB:de(V,"memory")})),pciDevices:de(tt,"pci"),problem:B(tt,"problem"),processes:De(re("gpu-process")),areProcessesKnown:te("gpu-processes")?.known===!0},distribution:Se.filter(V=>typeof V.fact=="string"&&/^[a-z0-9]+\./.test(V.fact))}}const et=[be.P["survey-machine"],be.P["survey-network"],be.P["survey-containers"],be.P.survey].join(`
`),rt=be.P.evidence,Ae=[et,be.P["gpu-processes"]].join(`
`);async function We(Se,Z,re){const te=Se.transport==="local"?"local":`${Se.user}@${Se.address}`;if(re.aborted)throw(0,D.ip)(te,"connecting",re);if(/[\n\0]/.test(Se.sudoPassword??""))throw new D.dh("access-invalid",te,{title:"the sudo password cannot be used",cause:"it holds a line break",remedy:"save the secret again as one line"});if(Se.transport==="local")return fe.open(Se,Z.exec);const{connectSsh:ge}=await z.e(383).then(z.bind(z,2383));return ge(Se,re)}}),3221:((bt,He,z)=>{z.d(He,{J_:()=>we,Nt:()=>xe,ec:()=>he,h7:()=>ee});var D=z(6846);const Oe=new Set("PATH IFS ENV HOME SHELL USER LOGNAME PWD TERM PS1 PS2 PS4 ROOT REHEARSAL GUARD GUARD_PID GUARD_FILE KGA_GROUP SUDO_STATE SUDO_PROBLEM SUDO_USER LC_ALL LANG OPTIND".split(" "));function me(ie){return`'${ie.replaceAll("'","'\\''")}'`}function je(ie,fe){if(!/^[A-Z_][A-Z0-9_]*$/.test(ie)||Oe.has(ie)||/^(?:LD_|BASH)/.test(ie))throw new TypeError(`${JSON.stringify(ie)} cannot be the name of a script's variable`);if(fe.includes("\0"))throw new TypeError(`the value of ${ie} holds a NUL character, which no shell variable can`);return`${ie}=${me(fe)}`}function X(ie,fe){const be=Object.entries(ie).map(([ne,B])=>`${je(ne,B)}
export ${ne}
`),ae=Object.entries(fe).map(([ne,B])=>`unset ${ne}
${je(ne,B)}
`);return[...be,...ae].join("")}function ce(ie){return ie.type!=="watch"?`GUARD=${ie.type}
`:`GUARD=watch
GUARD_PID=${ie.pid}
GUARD_FILE=${me(ie.file)}
`}function xe(ie,fe,be,ae){const ne=/(?:^|\n)main[ \t]*\n*$/.test(ie)?"":`main
`;return`${ce(ae)}${D.P.library}
${X(fe,be)}${ie}
${ne}#end`}function ee(ie){const fe=ie.privilege==="user"?"":ie.sudoPassword,be=Math.max(1,Math.ceil(ie.timeoutMs/1e3)),ae=Buffer.from(ie.program),ne=[fe,ie.privilege,be,ie.input,fe,`k3s-gpu-actions-begin ${ae.length}`];return Buffer.concat([Buffer.from(`${ne.join(`
`)}
`),ae])}const he=["-c",D.P.outer,"k3s-gpu-actions",D.P.inner],we=`exec sh ${he.map(me).join(" ")}`}),6846:((bt,He,z)=>{z.d(He,{P:()=>D});const D={evidence:`
most_bytes=163840
since='' hangs=' '

keep() {
  text=$("$3" -c "$most_bytes" | tr -d '\\000-\\010\\013-\\037\\177' | cut -b 1-4000) || text=''
  emit file "$1" part "$2" text "$text"
}

show() {
  printf '== %s\\n' "$*"
  if ! has "$1"; then
    printf '(%s is not installed)\\n' "$1"
    return 0
  fi
  case $hangs in
    *" $1 "*)
      printf '(not asked again: %s hung)\\n' "$1"
      return 0
      ;;
  esac
  said=0
  timeout 4 "$@" 2>&1 </dev/null || said=$?
  case $said in 124 | 143) hangs="$hangs$1 " ;; esac
  if [ "$said" != 0 ]; then printf '(exit code %s)\\n' "$said"; fi
}

sockets() {
  if has ss; then
    show ss -lntup
    show ss -tnp
  else
    show netstat -lntup
  fi
}

routes() {
  show ip -4 route
  show ip -6 route
  show ip addr
}

room() {
  set --
  for path in / /etc /usr/local/bin /var/lib /var/lib/rancher /run /tmp; do
    if [ -e "$ROOT$path" ]; then set -- "$@" "$ROOT$path"; fi
  done
  show df -P "$@"
  show df -Pi "$@"
}

kernel_words='out of memory|oom|killed process|cgroup|overlay|no space left|i/o error|ext4-fs|xfs|remount|nvrm|segfault'
kernel_lines() { grep -iE "$kernel_words" | tail -n 100; }

kernel() {
  if [ -n "$since" ] && has journalctl && found=$(timeout 5 journalctl -k -q --no-pager -o short-iso --since "@$since" 2>/dev/null </dev/null); then
    printf '%s\\n' "$found" | kernel_lines | keep kernel.txt recent tail
  fi
  printf '== dmesg, its lines about memory, control groups, file systems and drivers\\n%s\\n' "$(show dmesg 2>&1 | kernel_lines)" |
    keep kernel.txt before tail
}

main() {
  case \${AGO:-x} in
    *[!0-9]*) ;;
    *) since=$(($(date +%s) - AGO)) ;;
  esac
  evidence_distribution
  sockets | keep sockets.txt before head
  routes | keep routes.txt before head
  room | keep df.txt before head
  { cat "$ROOT/proc/mounts" 2>&1 || :; } | keep mounts.txt before head
  kernel
}
`,"gpu-processes":`
main() {
  (survey_gpu) || :
}
`,inner:`
read -r _ _ _ _ group _ </proc/$$/stat
if [ "$group" = $$ ] || [ "$group" = "$PPID" ]; then
  KGA_GROUP=own
elif command -v setsid >/dev/null 2>&1; then
  exec setsid sh -c "$1" k3s-gpu-actions "$@"
else
  KGA_GROUP=shared
fi

while IFS= read -r line; do
  case $line in "k3s-gpu-actions-begin "*) break ;; esac
done
size=\${line#k3s-gpu-actions-begin }
line=""

if dd bs=1 count=0 iflag=fullblock </dev/null >/dev/null 2>&1; then
  script=$(dd bs="$size" count=1 iflag=fullblock 2>/dev/null)
else
  script=$(dd bs=1 count="$size" 2>/dev/null)
fi
case $script in
  *"#end") ;;
  *) exit 74 ;;
esac
SUDO_STATE=$2 SUDO_PROBLEM=$3
export SUDO_STATE SUDO_PROBLEM
set --
eval "$script"
`,library:`set -eu
LC_ALL=C
export LC_ALL
umask 022

if [ -z "\${REHEARSAL:-}" ]; then
  ROOT=''
  PATH="\${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
  export PATH
fi
ROOT=\${ROOT:-}

has() { command -v "$1" >/dev/null 2>&1; }

_escape() {
  printf '%sx' "$1" | awk '
    BEGIN {
      for (i = 1; i < 256; i++) code[sprintf("%c", i)] = i
    }
    function continues(text, at, low, high,   value) {
      value = at <= length(text) ? code[substr(text, at, 1)] : 0
      return value >= low && value <= high
    }
    function sequence(text, at, lead) {
      if (lead >= 194 && lead <= 223) return continues(text, at + 1, 128, 191) ? 2 : 0
      if (lead >= 224 && lead <= 239)
        return continues(text, at + 1, lead == 224 ? 160 : 128, lead == 237 ? 159 : 191) && continues(text, at + 2, 128, 191) ? 3 : 0
      if (lead >= 240 && lead <= 244)
        return continues(text, at + 1, lead == 240 ? 144 : 128, lead == 244 ? 143 : 191) && continues(text, at + 2, 128, 191) && continues(text, at + 3, 128, 191) ? 4 : 0
      return 0
    }
    function escaped(text,   out, at, char, value, size) {
      if (text !~ /[^ -~]/) {
        if (text !~ /["\\\\]/) return text
      }
      out = ""
      for (at = 1; at <= length(text); at += size) {
        char = substr(text, at, 1)
        value = code[char]
        size = 1
        if (char == "\\"" || char == "\\\\") out = out "\\\\" char
        else if (value < 32 || value == 127) out = out sprintf("\\\\u%04x", value)
        else if (value < 127) out = out char
        else {
          size = sequence(text, at, value)
          if (size == 0) { out = out "\\\\ufffd"; size = 1 } else out = out substr(text, at, size)
        }
      }
      return out
    }
    NR > 1 { printf "%s\\\\n", held }
    { held = escaped($0) }
    END { printf "%s", substr(held, 1, length(held) - 1) }'
}

emit() {
  _line=''
  while [ $# -gt 1 ]; do
    case $1 in
      *:n)
        case $2 in
          true | false) _value=$2 ;;
          '' | - | *[!0-9-]* | ?*-* | 0?* | -0*) _value=null ;;
          *) _value=$2 ;;
        esac
        _line="$_line,\\"\${1%:n}\\":$_value"
        ;;
      *)
        _value=$2
        if [ \${#_value} -gt 65536 ]; then _value=$(printf '%.65536s (cut)' "$_value"); fi
        case $_value in
          *[!A-Za-z0-9\\ _.,:\\;/=+@%\\(\\)\\[\\]{}\\<\\>\\&\\|\\*?\\!\\#\\$^~\\'\\\`-]*) _value=$(_escape "$_value") ;;
        esac
        _line="$_line,\\"$1\\":\\"$_value\\""
        ;;
    esac
    shift 2
  done
  printf '{%s}\\n' "\${_line#,}"
}

die() {
  _code=$1
  shift
  emit error "$_code" message "$*"
  exit 70
}

if [ -n "\${REHEARSAL:-}" ] && [ -z "$ROOT" ]; then die no-root 'REHEARSAL is set and ROOT is empty: refusing to touch this machine'; fi

sha256() {
  if has sha256sum; then
    _sum=$(sha256sum <"$1") || return 1
  elif has openssl; then
    _sum=$(openssl dgst -sha256 -r <"$1") || return 1
  else
    return 1
  fi
  printf '%s\\n' "\${_sum%% *}"
}

_stops=''
on_stop() {
  _stops="{ $1
} || :
$_stops"
}

_guard=''
_status=''
_stop() {
  trap '' HUP INT TERM PIPE
  if [ "\${KGA_GROUP:-shared}" = own ]; then kill -s TERM 0 2>/dev/null || :; fi
  if [ -z "$_status" ]; then exit "$1"; fi
}
_finish() {
  trap '' HUP INT TERM PIPE
  set +e
  eval "$_stops"
  if [ -n "$_guard" ]; then kill -s KILL "$_guard" 2>/dev/null; fi
  exit "$_status"
}
trap '_status=$?; _finish' EXIT
trap '_stop 129' HUP
trap '_stop 130' INT
trap '_stop 141' PIPE
trap '_stop 143' TERM

_end_group() {
  if [ "\${KGA_GROUP:-shared}" = own ]; then _target=0; else _target=$$; fi
  kill -s TERM "$_target" 2>/dev/null || :
  sleep 5
  kill -s KILL "$_target" 2>/dev/null || :
}

_guard_input() {
  trap '' HUP INT TERM PIPE
  while IFS= read -r _; do :; done
  _end_group
}

_guard_watch() {
  trap '' HUP INT TERM PIPE
  while [ -d "/proc/$GUARD_PID" ] && [ -e "$GUARD_FILE" ]; do sleep 0.2 2>/dev/null || sleep 1; done
  _end_group
}

case \${GUARD:-none} in
  input)
    exec 3<&0 </dev/null
    _guard_input <&3 3<&- >/dev/null 2>&1 &
    _guard=$!
    exec 3<&-
    ;;
  watch)
    exec </dev/null
    _guard_watch >/dev/null 2>&1 &
    _guard=$!
    ;;
esac
`,outer:`
refuse() {
  cat <<END
{"error":"$1","message":"$2"}
END
  if [ "$input" = closed ]; then cat >/dev/null; fi
  exit 77
}

plain() {
  printf %s "$1" | LC_ALL=C tr -c "[:alnum:] .,:;()/_=+@-" " " | cut -c 1-300
}

classify() {
  case $1 in
    *"not in the sudoers"* | *"not allowed"* | *"may not run"* | *"afraid I can"*) problem=sudo-not-allowed ;;
    *"have a tty"* | *"a terminal is required"*) problem=sudo-needs-tty ;;
    *) problem=$2 ;;
  esac
}

find_root() {
  if [ "$(id -u)" = 0 ]; then
    state=root
    return
  fi
  state=none
  if [ -z "$(command -v sudo)" ]; then
    problem=sudo-missing said="there is no sudo on this host"
  elif said=$(LC_ALL=C sudo -n true 2>&1 </dev/null); then
    state=passwordless
  elif [ -z "$password" ]; then
    classify "$said" sudo-password-required
  elif said=$(printf %s "$password$newline" | LC_ALL=C sudo -k -S -p "" true 2>&1); then
    state=password
  else
    classify "$said" sudo-password-wrong
  fi
}

inner=$1 state="" problem="" said=""
newline="
"
IFS= read -r password || exit 74
IFS= read -r privilege || exit 74
IFS= read -r seconds || exit 74
IFS= read -r input || exit 74

if [ "$privilege" != user ]; then
  find_root
  if [ "$privilege" = root ] && [ "$state" = none ]; then refuse "$problem" "$(plain "$said")"; fi
fi
if [ "$state" != password ]; then IFS= read -r password; fi
password=""

if [ -z "$(command -v timeout)" ]; then refuse timeout-missing "there is no timeout command on this host"; fi
set -- "$seconds" sh -c "$inner" k3s-gpu-actions "$inner" "$state" "$problem"
if timeout -k 1 5 true >/dev/null 2>&1; then set -- -k 5 "$@"; fi

case $state in
  passwordless) sudo -n timeout "$@" ;;
  password) sudo -k -S -p "" timeout "$@" ;;
  *) timeout "$@" ;;
esac
status=$?
if [ "$input" = closed ]; then cat >/dev/null; fi
exit "$status"
`,"survey-containers":`
survey_runtimes() {
  set -- docker containerd podman crio
  states=''
  if has systemctl; then
    states=$(limited 5 systemctl is-active docker.service containerd.service podman.socket crio.service 2>/dev/null) || :
  fi
  for name in "$@"; do
    state=\${states%%"
"*}
    case $states in
      *"
"*) states=\${states#*"
"} ;;
      *) states='' ;;
    esac
    case $name in
      docker) has dockerd || has docker || continue ;;
      *) has "$name" || continue ;;
    esac
    case $name in
      docker) socket=docker.sock ;;
      containerd) socket=containerd/containerd.sock ;;
      podman) socket=podman/podman.sock ;;
      crio) socket=crio/crio.sock ;;
    esac
    running=false
    case $state in
      active | activating | reloading) running=true ;;
      '') if [ -S "$ROOT/run/$socket" ]; then running=true; fi ;;
    esac
    emit fact runtime name "$name" running:n "$running"
  done
}

owner_of() {
  owner=host detail=''
  [ -r "$ROOT/proc/$1/cgroup" ] || return 0
  while IFS= read -r group; do
    group=\${group#*:*:}
    case $group in
      *kubepods*)
        owner=pod detail=\${group##*pod}
        detail=\${detail%%/*}
        detail=$(printf '%s' "\${detail%%.slice*}" | tr _ -)
        return 0
        ;;
      *docker[-/]*) owner=container detail=docker && return 0 ;;
      *libpod[-/_]*) owner=container detail=podman && return 0 ;;
      *crio[-/]*) owner=container detail=crio && return 0 ;;
      *containerd[-/]* | *nerdctl[-/]*) owner=container detail=containerd && return 0 ;;
      *lxc[./]* | *machine.slice/*) owner=container detail=\${group##*/} && return 0 ;;
      *.service | *.scope) detail=\${group##*/} ;;
    esac
  done <"$ROOT/proc/$1/cgroup"
}

survey_kubernetes() {
  count=0
  for path in "$ROOT/etc/cni/net.d"/*; do
    if [ ! -f "$path" ] || [ "$count" -ge 16 ]; then continue; fi
    count=$((count + 1))
    emit fact kubernetes kind cni-config name "\${path##*/}" pid:n 0
  done
  count=0
  for path in "$ROOT/sys/class/net"/*; do
    case \${path##*/} in
      cni0 | flannel.[0-9]* | flannel-wg* | cilium_* | cali* | vxlan.calico | weave | kube-bridge | antrea-gw0 | ovn-k8s-mp0) ;;
      *) continue ;;
    esac
    if [ "$count" -ge 16 ]; then continue; fi
    count=$((count + 1))
    emit fact kubernetes kind interface name "\${path##*/}" pid:n 0
  done
  if [ -e "$ROOT/etc/kubernetes/kubelet.conf" ]; then emit fact kubernetes kind kubelet-config name /etc/kubernetes/kubelet.conf pid:n 0; fi
  for path in "$ROOT/proc"/[0-9]*; do
    { IFS= read -r name <"$path/comm"; } 2>/dev/null || continue
    case $name in kubelet | kubelite) ;; *) continue ;; esac
    owner_of "\${path##*/}"
    if [ "$owner" = host ]; then emit fact kubernetes kind kubelet name "$name" pid:n "\${path##*/}" unit "$detail"; fi
  done
}

started_at() {
  if [ -r "$ROOT/proc/$1/stat" ] && IFS= read -r stat <"$ROOT/proc/$1/stat"; then
    (set -f && set -- \${stat##*)} && [ $# -ge 20 ] && shift 19 && printf '%s' "$1")
  fi
}

survey_gpu() {
  pci=0
  for device in "$ROOT/sys/bus/pci/devices"/*; do
    vendor=$(first "$device/vendor") || continue
    class=$(first "$device/class") || continue
    case $vendor$class in 0x10de0x0300* | 0x10de0x0302*) pci=$((pci + 1)) ;; esac
  done
  devices='' problem='' known=false
  if has nvidia-smi; then
    devices=$(asked 10 nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader,nounits) && code=0 || code=$?
    case $code in
      0 | 14) ;;
      124) problem='nvidia-smi gave no answer in 10 s' devices='' ;;
      *) problem="exit code $code: $devices" devices='' ;;
    esac
    case $devices in
      *'No devices were found'*) problem=$devices devices='' ;;
    esac
  fi
  emit fact gpu pci:n "$pci" problem "$problem"
  if [ -n "$devices" ]; then
    printf '%s\\n' "$devices" | while IFS= read -r line; do
      memory=\${line##*, } name=\${line%, *}
      case $line in *', '*', '*) emit fact gpu-device name "\${name%, *}" driver "\${name##*, }" memory:n "$memory" ;; esac
    done
    survey_gpu_processes
  elif [ "$pci" = 0 ] && { [ -z "$problem" ] || [ -d "$ROOT/sys/bus/pci/devices" ]; }; then
    known=true
  fi
  emit fact gpu-processes known:n "$known"
}

survey_gpu_processes() {
  processes=$(asked 10 nvidia-smi --query-compute-apps=pid,process_name,used_memory --format=csv,noheader,nounits) && code=0 || code=$?
  case $code in 0 | 14) known=true ;; *) return 0 ;; esac
  while IFS= read -r line; do
    pid=\${line%%, *} name=\${line#*, }
    case $line in
      '' | 'No running '*) continue ;;
      *', '*', '*) case $pid in '' | *[!0-9]*) known=false && continue ;; esac ;;
      *infoROM*) continue ;;
      *) known=false && continue ;;
    esac
    owner_of "$pid"
    started=$(started_at "$pid") || started=''
    emit fact gpu-process pid:n "$pid" name "\${name%, *}" memory:n "\${name##*, }" owner "$owner" detail "$detail" started:n "$started"
  done <<END
$processes
END
}
`,"survey-machine":`
survey_identity() {
  hostname=$(first "$ROOT/proc/sys/kernel/hostname") || hostname=$(uname -n) || hostname=''
  machine_id=$(first "$ROOT/etc/machine-id") || machine_id=''
  uuid=$(first "$ROOT/sys/class/dmi/id/product_uuid" 2>/dev/null) || uuid=''
  emit fact identity hostname "$hostname" user "\${SUDO_USER:-$(id -un)}" machine_id "$machine_id" system_uuid "$uuid"
}

survey_os() {
  release=$ROOT/etc/os-release
  [ -r "$release" ] || release=$ROOT/usr/lib/os-release
  [ -r "$release" ] || return 0
  id='' like='' version='' pretty=''
  while IFS= read -r line || [ -n "$line" ]; do
    value=\${line#*=}
    case $value in
      \\"*\\") value=\${value#\\"} value=\${value%\\"} ;;
      \\'*\\') value=\${value#\\'} value=\${value%\\'} ;;
    esac
    case $line in
      ID=*) id=$value ;;
      ID_LIKE=*) like=$value ;;
      VERSION_ID=*) version=$value ;;
      PRETTY_NAME=*) pretty=$value ;;
    esac
  done <"$release"
  emit fact os id "$id" id_like "$like" version_id "$version" pretty "$pretty"
}

survey_read_only() {
  [ "$(id -u)" = 0 ] || return 0
  for path in /usr/local/bin /etc/systemd/system; do
    if [ -d "$ROOT$path" ] && [ ! -w "$ROOT$path" ]; then emit fact read-only path "$path"; fi
  done
}

survey_kernel() {
  release=$(first "$ROOT/proc/sys/kernel/osrelease") || release=$(uname -r)
  machine=$(uname -m)
  case $machine in
    x86_64) machine=amd64 ;;
    aarch64) machine=arm64 ;;
    armv6l | armv7l) machine=arm ;;
  esac
  emit fact kernel release "$release" architecture "$machine"
}

survey_init() {
  init=other
  if [ -d "$ROOT/run/systemd/system" ]; then init=systemd; elif [ -e "$ROOT/run/openrc/softlevel" ]; then init=openrc; fi
  systemd=''
  if [ "$init" = systemd ] && has systemctl; then
    systemd=$(limited 5 systemctl --version 2>/dev/null </dev/null | awk 'NR == 1 && $1 == "systemd" { sub(/[^0-9].*/, "", $2); print $2 }') || systemd=''
  fi
  emit fact init name "$init" systemd:n "$systemd"
}

survey_privilege() {
  state=\${SUDO_STATE:-}
  if [ -z "$state" ]; then
    if [ "$(id -u)" = 0 ]; then state=root; else state=none; fi
  fi
  emit fact privilege state "$state" problem "\${SUDO_PROBLEM:-}"
}

survey_cgroup() {
  version=0 controllers=''
  if [ -r "$ROOT/sys/fs/cgroup/cgroup.controllers" ]; then
    version=2
    controllers=$(first "$ROOT/sys/fs/cgroup/cgroup.controllers") || controllers=''
  elif [ -r "$ROOT/proc/cgroups" ]; then
    version=1
    while read -r name _ _ enabled; do
      if [ "$enabled" = 1 ]; then controllers="$controllers $name"; fi
    done <"$ROOT/proc/cgroups"
  fi
  emit fact cgroup version:n "$version" controllers "\${controllers# }"
}

survey_memory() {
  [ -r "$ROOT/proc/meminfo" ] || return 0
  total='' swap=''
  while read -r name value _; do
    case $name in
      MemTotal:) total=$((value * 1024)) ;;
      SwapTotal:) swap=$((value * 1024)) ;;
    esac
  done <"$ROOT/proc/meminfo"
  emit fact memory total:n "$total" swap:n "$swap"
}

disk() {
  blocks=$(limited 5 df -Pk "$ROOT$1" 2>/dev/null </dev/null | awk 'NR == 2 { printf "%.0f %.0f %s\\n", $4 * 1024, $2 * 1024, $1 ":" $6 }')
  place=\${blocks##* } total=\${blocks#* }
  case "|$2|" in *"|\${place:-none}|"*) return 0 ;; esac
  inodes=$(limited 5 df -Pi "$ROOT$1" 2>/dev/null </dev/null | awk 'NR == 2 && $2 > 0 { print $4 }')
  emit fact disk path "$1" bytes:n "\${blocks%% *}" total:n "\${total%% *}" inodes:n "$inodes"
}

survey_disks() {
  places='' told=' '
  for path in \${data_folders:-/var/lib}; do
    while [ -n "$path" ] && [ ! -d "$ROOT$path" ]; do path=\${path%/*}; done
    case $told in *" \${path:-/} "*) continue ;; esac
    told="$told\${path:-/} "
    disk "\${path:-/}" "$places"
    places="$places|$place"
  done
  for path in /usr/local/bin /etc; do
    if [ -d "$ROOT$path" ]; then disk "$path" ''; fi
  done
}

survey_selinux() {
  mode=unknown
  case $(first "$ROOT/sys/fs/selinux/enforce") in
    1) mode=enforcing ;;
    0) mode=permissive ;;
    *) if [ -d "$ROOT/sys/fs" ] && [ ! -d "$ROOT/sys/fs/selinux" ]; then mode=disabled; fi ;;
  esac
  emit fact selinux mode "$mode"
}

module_shows() {
  if [ -d "$ROOT/sys/module/$1" ]; then return 0; fi
  case $1 in
    overlay) grep -q '[[:blank:]]overlay$' "$ROOT/proc/filesystems" 2>/dev/null && return 0 ;;
    nf_conntrack) [ -e "$ROOT/proc/sys/net/netfilter/nf_conntrack_max" ] && return 0 ;;
    br_netfilter) [ -e "$ROOT/proc/sys/net/bridge/bridge-nf-call-iptables" ] && return 0 ;;
  esac
  grep -q "^$1 " "$ROOT/proc/modules" 2>/dev/null
}

survey_modules() {
  if [ -z "\${kernel_modules:-}" ]; then return 0; fi
  release=$(first "$ROOT/proc/sys/kernel/osrelease") || release=$(uname -r)
  folder=$ROOT/lib/modules/$release
  otherwise=unknown found=''
  if [ -r "$folder/modules.dep" ]; then
    otherwise=missing
    found=$(cat "$folder/modules.builtin" "$folder/modules.dep" 2>/dev/null | awk '
      { name = $1; sub(/:$/, "", name); sub(/.*\\//, "", name); sub(/\\.ko(\\.[a-z0-9]+)?$/, "", name); gsub(/-/, "_", name); print name }' |
      grep -Ex "$(printf '%s' "$kernel_modules" | tr ' ' '|')" | tr '\\n' ' ') || :
  fi
  for name in $kernel_modules; do
    state=$otherwise
    case " $found " in *" $name "*) state=loadable ;; esac
    if module_shows "$name"; then state=loaded; fi
    emit fact module name "$name" state "$state"
  done
}
`,"survey-network":`
survey_ports() {
  if has ss && sockets=$(limited 5 ss -lntp 2>/dev/null); then
    printf '%s\\n' "$sockets" | awk '
      {
        count = split($4, address, ":")
        port = address[count]
        if (port != "6443" && port != "6444" && port != "10250") next
        name = ""; pid = 0
        if (match($0, /users:\\(\\(".*/)) {
          owner = substr($0, RSTART + 9)
          if (match(owner, /",pid=[0-9]+/)) { name = substr(owner, 1, RSTART - 1); pid = substr(owner, RSTART + 6, RLENGTH - 6) }
        }
        if (!seen[port " " pid]++) print port, pid, name
      }'
  else
    cat "$ROOT/proc/net/tcp" "$ROOT/proc/net/tcp6" 2>/dev/null | awk '
      $4 == "0A" {
        split($2, address, ":")
        port = address[2] == "192B" ? 6443 : address[2] == "192C" ? 6444 : address[2] == "280A" ? 10250 : 0
        if (port && !seen[port]++) print port, 0, ""
      }'
  fi | while read -r port pid name; do
    owner='' detail=''
    owner_of "$pid"
    emit fact port port:n "$port" pid:n "$pid" process "$name" owner "$owner" detail "$detail"
  done
}

survey_route() {
  route='' known=false
  if has ip; then
    if route=$(limited 5 ip -o route show default 2>/dev/null); then known=true; fi
    [ -n "$route" ] || route=$(limited 5 ip -o -6 route show default 2>/dev/null) || :
  fi
  if [ -n "$route" ]; then
    via='' device='' source=''
    set -f
    set -- \${route%%"
"*}
    while [ $# -gt 1 ]; do
      case $1 in
        via) via=$2 ;;
        dev) device=$2 ;;
        src) source=$2 ;;
      esac
      shift
    done
    if [ -z "$source" ] && [ -n "$via" ]; then
      source=$(limited 5 ip -o route get "$via" 2>/dev/null | awk '{ for (i = 1; i < NF; i++) if ($i == "src") { print $(i + 1); exit } }') || source=''
    fi
    emit fact route via "$via" device "$device" source "$source"
  elif [ -r "$ROOT/proc/net/route" ]; then
    known=true
    while read -r device destination gateway _ _ _ _ mask _; do
      [ "$destination$mask" = 0000000000000000 ] || continue
      a=\${gateway%??????} b=\${gateway#??} c=\${gateway#????} d=\${gateway#??????}
      b=\${b%????} c=\${c%??}
      emit fact route via "$((0x$d)).$((0x$c)).$((0x$b)).$((0x$a))" device "$device" source ''
      return 0
    done <"$ROOT/proc/net/route"
  fi
  if [ -z "$route" ] && [ "$known" = true ]; then emit fact no-route known:n true; fi
}

survey_addresses() {
  if has ip && addresses=$(limited 5 ip -o addr show scope global 2>/dev/null); then
    printf '%s\\n' "$addresses" | awk '$3 == "inet" || $3 == "inet6" { sub(/\\/.*/, "", $4); print $4 }'
  else
    hostname -I 2>/dev/null | tr ' ' '\\n'
  fi | while IFS= read -r address; do
    if [ -n "$address" ]; then emit fact address address "$address"; fi
  done
}

survey_resolver() {
  for path in /etc/resolv.conf /run/systemd/resolve/resolv.conf; do
    readable=false servers=''
    if [ ! -e "$ROOT$path" ]; then
      readable=true
    elif [ -r "$ROOT$path" ]; then
      readable=true
      servers=$(awk '
        { sub(/\\r$/, "") }
        /^nameserver[ \\t\\f]/ && count < 16 { printf "%s%s", count++ ? " " : "", $2 == "" ? "-" : $2 }' "$ROOT$path") || readable=false
    fi
    emit fact resolver path "$path" readable:n "$readable" servers "$servers"
  done
}

bounded() { awk 'NR <= 256 { print substr($0, 1, 200) }'; }

survey_firewall() {
  if has ufw || [ -e "$ROOT/etc/ufw/ufw.conf" ]; then
    state=unknown rules=''
    if grep -Eqs '^ENABLED=["'\\'']?no' "$ROOT/etc/ufw/ufw.conf"; then
      state=inactive
    elif has ufw; then
      rules=$(limited 10 ufw status verbose 2>/dev/null </dev/null | bounded) || rules=''
      case $rules in
        'Status: active'*) state=active ;;
        'Status: inactive'*) state=inactive rules='' ;;
        *) rules='' ;;
      esac
    fi
    if [ "$state" = unknown ] && grep -Eqs '^ENABLED=["'\\'']?yes' "$ROOT/etc/ufw/ufw.conf"; then state=active; fi
    emit fact firewall name ufw state "$state" rules "$rules"
  fi
  if has firewall-cmd; then
    state=unknown rules=''
    if has systemctl; then
      case $(limited 5 systemctl is-active firewalld.service 2>/dev/null) in
        active | activating | reloading) state=active ;;
        inactive | failed | deactivating | unknown) state=inactive ;;
      esac
    fi
    if [ "$state" = active ] && [ "$(id -u)" = 0 ]; then
      rules=$(limited 15 firewall-cmd --list-all-zones 2>/dev/null </dev/null | awk '
        /^[^ \\t]/ { isUsed = /\\(.*active.*\\)/ }
        isUsed && /^[^ \\t]|^[ \\t]+(target|interfaces|sources|services|ports|rule )/' | bounded) || rules=''
    fi
    emit fact firewall name firewalld state "$state" rules "$rules"
  fi
  if [ "$(id -u)" = 0 ] && has nft && { [ -d "$ROOT/sys/module/nf_tables" ] || grep -q '^nf_tables ' "$ROOT/proc/modules" 2>/dev/null; }; then
    rules=$(limited 5 nft list chains 2>/dev/null </dev/null | awk '
      $1 == "table" { table = $2 " " $3 }
      $1 == "chain" { chain = $2 }
      /hook input/ && /policy drop/ { print table " " chain }' | bounded) || rules=''
    if [ -n "$rules" ]; then emit fact firewall name nftables state active rules "$rules"; fi
  fi
}

survey_sshd() {
  [ "$(id -u)" = 0 ] || return 0
  program=$(command -v sshd) || return 0
  forwarding=$(limited 5 "$program" -T -C "user=\${SUDO_USER:-root},host=localhost,addr=127.0.0.1" 2>/dev/null </dev/null |
    awk '
      $1 == "allowtcpforwarding" && forwarding == "" { forwarding = $2 }
      $1 == "disableforwarding" && $2 == "yes" { isDisabled = 1 }
      END { if (forwarding != "") print isDisabled ? "no" : forwarding }') || forwarding=''
  if [ -n "$forwarding" ]; then emit fact sshd forwarding "$forwarding"; fi
}
`,survey:`
first() {
  [ -r "$1" ] || return 1
  IFS= read -r _first <"$1" || [ -n "\${_first:-}" ] || return 1
  printf '%s\\n' "$_first"
}

mark=$(printf '\\001')

limited() {
  if has timeout; then timeout "$@"; else
    shift
    "$@"
  fi
}

asked() (
  limit=$1
  shift
  {
    {
      "$@" </dev/null 2>&1 &
      program=$!
      {
        trap 'kill "$pause"; exit' TERM
        sleep "$limit" &
        pause=$!
        wait "$pause"
        printf '\\n\\001124\\n'
        kill -s KILL "$program"
      } &
      watch=$!
      code=0
      wait "$program" || code=$?
      printf '\\n\\001%s\\n' "$code"
      kill "$watch"
    } 2>/dev/null &
  } | {
    said='' code=''
    while [ -z "$code" ] && IFS= read -r line; do
      case $line in
        "$mark"*) code=\${line#"$mark"} ;;
        *) said="$said$line
" ;;
      esac
    done
    printf '%s' "$said"
    exit "\${code:-124}"
  }
)

survey_clock() {
  clock=$(date +%s%3N)
  case $clock in
    *[!0-9]* | ?????????? | '') clock=$(date +%s)000 ;;
  esac
  emit fact clock ms:n "$clock"
}

main() {
  for part in clock identity os read_only kernel init privilege cgroup memory ports disks route addresses resolver selinux \\
    modules kubernetes firewall sshd runtimes gpu; do
    ("survey_$part") || :
  done
  if command -v survey_distribution >/dev/null 2>&1; then survey_distribution; fi
}
`,upload:`discard_incomplete() { [ "$complete" = yes ] || rm -rf "$folder"; }

main() {
  umask 077
  if [ -n "$ROOT" ]; then mkdir -p "$ROOT/tmp"; fi
  folder=$(mktemp -d "$ROOT/tmp/k3s-gpu-actions.XXXXXX") || die upload-failed 'no folder could be made in /tmp'
  complete=no
  on_stop discard_incomplete
  cat >"$folder/$NAME" || die upload-failed "the file could not be written to $folder (is the disk full?)"
  received=$(wc -c <"$folder/$NAME")
  if [ "$((received))" != "$SIZE" ]; then die upload-incomplete "$((received)) of $SIZE bytes arrived"; fi
  complete=yes
  path=$folder/$NAME
  emit path "\${path#"$ROOT"}"
}
`}}),3493:((bt,He,z)=>{z.d(He,{IA:()=>ee,P4:()=>je,bY:()=>be,mq:()=>fe,q_:()=>me});var D=z(6193),Oe=z(543);const me=8e3,je=3e3,X=1024*1024,ce=32*1024*1024,xe=64*1024;class ee{lines=[];#e;#t=new D.StringDecoder("utf8");#r=new D.StringDecoder("utf8");#n="";#o=0;#s=!1;#i="";constructor(ne){this.#e=ne}stdout(ne){if(!this.#c(ne))return;const B=(this.#n+this.#t.write(ne)).split(`
`);this.#n=B.pop()??"",this.#n.length>X&&this.#a();for(const Fe of B)this.#d(Fe)}stderr(ne){this.#c(ne)&&(this.#i=(this.#i+this.#r.write(ne)).slice(-xe))}#c(ne){return this.#s?!1:(this.#o+=ne.length,this.#o>ce&&this.#a(),!0)}#a(){throw this.#s=!0,this.#n="",new RangeError("too much output")}end(){const ne=this.#n+this.#t.end();this.#n="",this.#d(ne)}get errors(){return this.#i}#d(ne){if(ne.trim()==="")return;const B=he(ne);if(B===void 0){this.#i=`${this.#i}${ne.slice(0,1024)}
`.slice(-xe);return}this.lines.push(B),this.#e?.(B)}}function he(ae){if(ae.startsWith("{"))try{const ne=JSON.parse(ae);return typeof ne=="object"&&ne!==null&&!Array.isArray(ne)?ne:void 0}catch{return}}const we={"sudo-password-wrong":{title:"root rights could not be had",cause:"sudo does not accept the password (it was tried once, so nothing is locked)",remedy:"correct the sudo password, or allow the user passwordless sudo"},"sudo-password-required":{title:"root rights could not be had",cause:"sudo asks for a password and none was given",remedy:"give the sudo password, or allow passwordless sudo: %u ALL=(ALL) NOPASSWD: ALL in a file of /etc/sudoers.d"},"sudo-not-allowed":{title:"root rights could not be had",cause:"the user may not run the needed commands with sudo",remedy:"add the user to the sudoers: %u ALL=(ALL) NOPASSWD: ALL in a file of /etc/sudoers.d"},"sudo-needs-tty":{title:"root rights could not be had",cause:"sudo insists on a terminal (requiretty)",remedy:"switch it off for this user: Defaults:%u !requiretty in a file of /etc/sudoers.d"},"sudo-missing":{title:"root rights could not be had",cause:"the user is not root and the host has no sudo",remedy:"install sudo, or connect as root"},"timeout-missing":{title:"nothing was run",cause:"the host has no timeout command, so nothing there could be ended for certain",remedy:"install coreutils or busybox on the host"}};function ie(ae){return ae.trim().split(`
`).slice(-5)}function fe(ae){ae.output.end();const{lines:ne,errors:B}=ae.output,Fe=(ve,De,Ye)=>{const et=De.remedy.replaceAll("%u",ae.user);throw new Oe.dh(ve,ae.host,{...De,remedy:et,evidence:[...Ye,...ie(B)]},ae.redact)},de=ne.find(ve=>typeof ve.error=="string"&&ve.error in we);if(ae.exitCode===77&&de!==void 0){const ve=de.error,De=we[ve];De!==void 0&&Fe(ve,De,typeof de.message=="string"?[de.message]:[])}if([124,137,143].includes(ae.exitCode)&&ae.elapsedMs>=ae.timeoutMs*.95&&Fe("script-timeout",be(ae.scriptName,ae.timeoutMs),[`last line: ${JSON.stringify(ne.at(-1)??null).slice(0,500)}`]),ae.exitCode===74&&ne.length===0&&Fe("script-unreadable",{title:`script ${ae.scriptName} did not start`,cause:"the host did not read it completely",remedy:"run it again; if it stays, look at the host with dd --version and sh on the console"},[]),ae.privilege==="root"&&ae.exitCode===1&&ne.length===0&&/^sudo: /m.test(B)){const ve=we["sudo-not-allowed"];ve!==void 0&&Fe("sudo-not-allowed",ve,[])}return{exitCode:ae.exitCode,lines:ne,stderr:ae.redact(B)}}function be(ae,ne){return{title:`script ${ae} was ended on the host`,cause:`it did not finish within ${Math.round(ne/100)/10} s`,remedy:"look at the host (load, disk, network) and run it again; raise the timeout when the host is just slow"}}}),7131:((bt,He,z)=>{z.d(He,{hk:()=>D,oQ:()=>fe,k3:()=>xe,Eb:()=>Ve,zF:()=>ft,C5:()=>$t,uT:()=>It,bj:()=>ut,Jp:()=>$,Ms:()=>st,H$:()=>ne,gD:()=>We,k_:()=>jt,JG:()=>wt,mj:()=>ot,_n:()=>yt,E4:()=>se,iY:()=>kt,hc:()=>Lt,mq:()=>Ue,Xy:()=>tt,g7:()=>ce,Pd:()=>at,bF:()=>be,o6:()=>g,YD:()=>gt,ik:()=>pe,UY:()=>S,uG:()=>ae,NN:()=>Ke});const D={desired:"k3s-gpu-actions/desired",ownedLabels:"k3s-gpu-actions/owned-labels",ownedTaints:"k3s-gpu-actions/owned-taints"};function Oe(o){return(o??"").split(",").map(u=>u.trim()).filter(u=>u!=="")}function me(o){return[...new Set(o)].sort().join(",")}const je=400,X=500;function ce(o,u){const{unit:y,node:O,leaseRenewedAtMs:P,leaseOfOldMs:L}=o;if(y?.isNew!==!0||L===void 0)return"the process that was ordered";if(y.activeState!=="active")return"an active unit";if(O?.ready!=="True")return"a Ready node";if(O.kubeletVersion!==u.version)return`version ${u.version} (the node has ${O.kubeletVersion})`;const I=u.isFirstStart&&O.uid!==u.uidBefore,H=P!==void 0&&P>L;return I||H?void 0:"a heartbeat of the new process"}async function xe(o,u,y){const O=u.now(),P=new AbortController,L=AbortSignal.any([y,P.signal]);let I={journal:[]};const H=()=>u.now()-O;let Q=()=>{},ue=()=>{};const Me=new Promise((Ie,pt)=>{Q=Ie,ue=pt}),Qe=()=>{const Ie=H();if(I.node&&ce(I,o)===void 0)return{type:"ready",node:I.node,state:I,elapsedMs:Ie};const pt=u.judge(I,Ie);return pt?{type:"hopeless",...pt,state:I,elapsedMs:Ie}:Ie>=o.timeoutMs?{type:"deadline",state:I,elapsedMs:Ie}:void 0},Ee=()=>{const Ie=Qe();Ie&&Q(Ie)},Ce=Ie=>{if(Ie.type==="journal"){const pt={text:Ie.text,atMs:H(),...Ie.source?{source:Ie.source}:{}};I={...I,journal:[...I.journal.slice(1-je),pt]}}else{const pt=Ie.activeState==="active"?I.activeAtMs??H():void 0,Zt=I.leaseOfOldMs??(Ie.isNew?Math.max(o.leaseBeforeMs??0,I.leaseRenewedAtMs??0):void 0);I={...I,unit:Ie,activeAtMs:pt,leaseOfOldMs:Zt}}u.onEvent?.(Ie,H()),Ee()},Tt=setInterval(Ee,X),Pt=()=>ue(y.reason);y.addEventListener("abort",Pt,{once:!0});const zt=[u.follow(Ce,L),u.cluster.watch(o.node,Ie=>{Ie.type==="node"?(I={...I,node:Ie.node},u.onNode?.(Ie.node,H())):Ie.type==="gone"?I={...I,node:void 0}:I={...I,leaseRenewedAtMs:Ie.renewedAtMs},Ee()},L)].map(Ie=>Ie.then(()=>{L.aborted||ue(new Error("a watch ended before the node was ready"))},pt=>{L.aborted||ue(pt)}));try{return y.throwIfAborted(),await Me}finally{clearInterval(Tt),y.removeEventListener("abort",Pt),P.abort(new Error("the wait is over")),await Promise.all(zt)}}var ee=z(7030);const he=new ee.BlockList;for(const[o,u]of[["10.0.0.0",8],["172.16.0.0",12],["192.168.0.0",16],["100.64.0.0",10],["169.254.0.0",16],["127.0.0.0",8]])he.addSubnet(o,u,"ipv4");he.addSubnet("fc00::",7,"ipv6"),he.addSubnet("fe80::",10,"ipv6");function we(o){const u=(0,ee.isIP)(o);return u!==0&&he.check(o,u===4?"ipv4":"ipv6")}function ie(o){const u="Can pods on this host and pods on the servers reach each other?",{desired:y,nodes:O,facts:P}=o,L=y.nodeExternalIp??y.nodeIp??P.defaultRoute?.source??P.addresses[0]??y.access.address,I=O.filter(ue=>ue.isServer).flatMap(ue=>[...ue.externalIps,...ue.internalIps]),H=I.filter(ue=>(0,ee.isIP)(ue)!==0&&!we(ue));if(!we(L)||H.length===0)return{id:"cluster.topology",verdict:"pass",question:u,found:`${L||"unknown address"} beside ${I.join(", ")||"no known server address"}`};const Q=`${L} is private, the servers are public (${H.join(", ")}): pods here will not reach pods there`;return y.podNetwork==="isolated"?{id:"cluster.topology",verdict:"pass",question:u,found:`${Q} (declared: pod-network isolated)`}:{id:"cluster.topology",verdict:"warn",question:u,found:Q,cause:"the overlay network sends packets straight to node addresses; through NAT they do not arrive",remedy:"declare `pod-network: isolated` in the cluster file when host-level tunnels are enough; otherwise use a WireGuard or Tailscale overlay (docs: networking/distributed-multicloud)"}}function fe(o,u,y,O,P){return y?be(o,u,O):{verdict:"fail",...P,id:o,question:u,found:O}}function be(o,u,y){return{id:o,verdict:"pass",question:u,found:y}}function ae(o,u,y){return{id:o,verdict:"skip",question:u,found:`unknown: ${y}`}}function ne(o,u=4){const y=o.length-u;return y>0?`${o.slice(0,u).join(", ")} and ${y} more`:o.join(", ")}const B=3e4;function Fe(o){const u="host.clock",y="Is the clock of the host within 30 s of the API server?",{facts:O,reading:P,readAtRunnerMs:L}=o;if(O.clock.hostMs===0)return ae(u,y,"the host does not tell its time");const I=O.clock.hostMs-O.clock.runnerMs,H=P.serverTimeMs-L,Q=Math.round(I-H),ue=Math.round(Math.abs(Q)/1e3),Me=ue<=1?"same second":`${ue} s ${Q>0?"ahead":"behind"}`;return fe(u,y,Math.abs(Q)<=B,Me,{cause:"certificates are not valid from the host's point of view",remedy:"sudo timedatectl set-ntp true"})}const de=5,ve=1024**2,De={bytes:2*1024*ve,inodes:1e4},Ye={"/usr/local/bin":{bytes:256*ve,inodes:100},"/etc":{bytes:16*ve,inodes:100}},et=o=>o>=1024*ve?`${o/1024/ve} GiB`:`${o/ve} MiB`;function rt(o){const u=`host.disk.${o.path.replaceAll(/[^a-zA-Z0-9]+/g,"-").replace(/^-/,"").slice(0,64)||"root"}`,y=Ye[o.path]??De,O=o.availableInodes===Number.MAX_SAFE_INTEGER,L=`${(o.availableBytes/1024**3).toFixed(1)} GiB and ${O?"any number of":o.availableInodes} inodes free`,I=o.availableBytes>=y.bytes&&o.availableInodes>=y.inodes,H=o.totalBytes>0?o.availableBytes/o.totalBytes*100:100;return I&&y===De&&H<de?fe(u,`Is there room below ${o.path}?`,!1,`${L}, ${H.toFixed(1)} % of it`,{verdict:"warn",cause:`a kubelet with less than ${de} % free reports DiskPressure: no new pods, and those that run are evicted`,remedy:`free space below ${o.path}, or set other limits: kubelet-arg eviction-hard in \`extra-config\``}):fe(u,`Is there room below ${o.path}?`,I,L,{cause:y===De?"images and logs fill what is left, and the kubelet then evicts pods":"program and configuration are written there",remedy:`free at least ${et(y.bytes)} and ${y.inodes} inodes below ${o.path}`})}function Ae({facts:o}){return o.disks.slice(0,16).map(rt)}function We(o){return o.gpu.processes.filter(u=>u.owner!=="pod")}function Se(o){const{facts:u,desired:y}=o,O="Which GPUs does the host have, and who uses them?";if(u.gpu.pciDevices===0&&u.gpu.devices.length===0)return y.gpu?{id:"host.gpu",verdict:"warn",question:O,found:"no NVIDIA GPU",cause:"the cluster file expects one",remedy:"check the card, or remove `gpu` from the node"}:{id:"host.gpu",verdict:"skip",question:O,found:"no NVIDIA GPU"};if(u.gpu.devices.length===0)return{id:"host.gpu",verdict:"warn",question:O,found:`${u.gpu.pciDevices} NVIDIA device(s) on the bus, but no driver answers`,cause:u.gpu.problem||"nvidia-smi is not installed",remedy:"install or repair the driver; the join itself does not need it"};const P=We(u),L=u.gpu.devices.map(H=>H.name).join(", ");if(P.length===0)return{id:"host.gpu",verdict:"pass",question:O,found:`${u.gpu.devices.length} \xD7 ${L}`};const I=P.map(H=>`${H.name} (pid ${H.pid}, ${H.ownerDetail||H.owner})`).join(", ");return{id:"host.gpu",verdict:"warn",question:O,found:`${I} ${P.length===1?"is":"are"} using the GPU`,cause:"a restart or a daemon-reload can take the GPU from running containers",remedy:"nothing to do: no change that could disturb it is made unless `allow-gpu-disruption` says so"}}var Z=z(7598),re=z(2113);const te=["kubelet.kubernetes.io","node.kubernetes.io"],ge=new Set(["beta.kubernetes.io/arch","beta.kubernetes.io/instance-type","beta.kubernetes.io/os","failure-domain.beta.kubernetes.io/region","failure-domain.beta.kubernetes.io/zone","kubernetes.io/arch","kubernetes.io/hostname","kubernetes.io/os","node.kubernetes.io/instance-type","topology.kubernetes.io/region","topology.kubernetes.io/zone"]);function se(o){const[u]=o.split("/");return!o.includes("/")||!u||!["kubernetes.io","k8s.io"].some(O=>u===O||u.endsWith(`.${O}`))||ge.has(o)?!1:!te.some(O=>u===O||u.endsWith(`.${O}`))}const ke=o=>`${o.key}:${o.effect}`,Be=(o,u)=>ke(o)===ke(u)&&(o.value??"")===(u.value??""),Ne=o=>(0,re.kJ)(o)===void 0,Le=o=>/^node\.(cloudprovider\.)?kubernetes\.io\//.test(o.key);function Ke(o){return{[D.ownedLabels]:me(Object.keys(o.labels)),[D.ownedTaints]:me(o.taints.map(ke))}}function tt(o,u){const y=(Ee,Ce)=>Object.hasOwn(Ee,Ce),O=u?.labels??{},P=Object.entries(o.labels).filter(([Ee,Ce])=>!y(O,Ee)||O[Ee]!==Ce),L=Oe(u?.annotations[D.ownedLabels]).filter(Ee=>!y(o.labels,Ee)&&y(O,Ee)&&Ne(Ee)).map(Ee=>[Ee,null]),I=Object.fromEntries([...P,...L]),H=u?.taints??[],Q=o.taints.filter(Ee=>!H.some(Ce=>Be(Ce,Ee))),ue=new Set(Oe(u?.annotations[D.ownedTaints])),Me=new Set(o.taints.map(ke)),Qe=H.filter(Ee=>ue.has(ke(Ee))&&!Me.has(ke(Ee))&&!Le(Ee));return{labels:I,addTaints:Q,removeTaints:Qe}}function V(o){return Object.keys(o.labels).length+o.addTaints.length+o.removeTaints.length>0}function Ue(o,u){const y=new Set([...u.removeTaints,...u.addTaints].map(ke));return[...o.filter(O=>!y.has(ke(O))),...u.addTaints]}const ze=4e4;function Je({node:o,leaseRenewedAtMs:u,serverTimeMs:y}){const O=o?.ready==="True"?Date.parse(o.createdAt):void 0,P=[u,O].filter(I=>I!==void 0&&!Number.isNaN(I)),L=Math.max(0,y-Math.max(...P));if(!(P.length===0||u===void 0&&L>ze))return L}function Ze(o){return Array.isArray(o)?o.map(Ze):o===null||typeof o!="object"?o:Object.fromEntries(Object.entries(o).sort(([u],[y])=>u<y?-1:u>y?1:0).map(([u,y])=>[u,Ze(y)]))}function ut(o,u,y){const O={server:u,version:y,distribution:o.distribution,labels:o.labels,taints:o.taints.map(P=>`${P.key}=${P.value??""}:${P.effect}`).sort(),nodeIp:o.nodeIp??"",nodeExternalIp:o.nodeExternalIp??"",extraConfig:o.extraConfig};return`sha256:${(0,Z.createHash)("sha256").update(JSON.stringify(Ze(O))).digest("hex")}`}function $t(o,u,y,O){const{node:P}=O;if(!P)return{isAsDesired:!1,differences:[`${o.node} is not a node yet`]};const L=Je(O),I=[],H=P.annotations[D.desired];return H===void 0?I.push("it has not been brought under this project yet (no record of a complete run)"):H!==ut(o,u,y)&&I.push("the desired state has changed since the last complete run"),P.kubeletVersion!==y&&I.push(`version ${P.kubeletVersion}, wanted ${y}`),V(tt(o,P))&&I.push("labels or taints differ"),P.ready!=="True"&&I.push(`Ready is ${P.ready}`),L===void 0?I.push("it has no heartbeat (no Lease)"):L>ze&&I.push(`last heartbeat ${Math.round(L/1e3)} s ago`),{isAsDesired:I.length===0,differences:I,...L===void 0?{}:{heartbeatAgeMs:L}}}const lt=/^(03000200-0400-0500-0006-000700080009|f+(-f+)*|0+(-0+)*|)$/i,it=o=>lt.test(o)?"":o.toLowerCase();function gt(o,u){const y=it(o?.systemUuid??"");return y!==""&&y===it(u.systemUuid)}function at(o,u){if(!o)return"nobody";const[y,O]=[it(o.systemUuid),it(u.systemUuid)];return y!==""&&O!==""?y===O?"this-machine":"another-machine":o.machineId!==""&&o.machineId===u.machineId?"this-machine":"unknown-machine"}function yt({reading:o}){const u=Je(o);return o.node?.ready==="True"&&u!==void 0&&u<=ze}function wt({reading:o}){const u=Je(o);return o.node!==void 0&&u!==void 0&&u<=ze}function pe(o){const{reading:u,consent:y,desired:O}=o;return u.node!==void 0&&y.replaceNode===O.node&&!wt(o)}function Ve({reading:{node:o},facts:u,desired:y}){return[o?`node: system UUID ${o.systemUuid||"unknown"}, ${o.internalIps.join(", ")||"no address"}, ${o.osImage}`:"node: there is none of that name",`host: system UUID ${u.systemUuid||"unknown"}, ${u.addresses.join(", ")||y.access.address}, ${u.os.prettyName}`]}function j(o){const{desired:u,facts:y,reading:O}=o,P=`Is the name ${u.node} free, or this machine's own?`,L=at(O.node,y);if(L==="nobody")return{id:"cluster.name",verdict:"pass",question:P,found:"free"};if(L==="this-machine")return{id:"cluster.name",verdict:"pass",question:P,found:"this machine is the node"};const I=Ve(o);if(wt(o))return{id:"cluster.name",verdict:"fail",question:P,found:L==="another-machine"?"a live machine with another identity has it":"a live node has it, and its identity cannot be compared",cause:"two machines cannot share a name",remedy:"give this machine another `node` name",evidence:I};const H=pe(o);return{id:"cluster.name",verdict:H?"warn":"fail",question:P,found:`a node that is no longer alive has it${H?"; it will be replaced as confirmed":""}`,cause:"the node was joined from another machine or another installation",remedy:`press the button again with replace-node = ${u.node}, or give this machine another name`,evidence:I}}const U=/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;function G({desired:o}){const u=U.test(o.node)&&o.node.length<=63;return fe("cluster.node-name",`Is ${o.node} a valid name for a node?`,u,u?"valid":"not valid",{cause:"the name of a node is at most 63 lower-case letters, digits, dashes and dots (RFC 1123)",remedy:"give another `node`, e.g. the host name in lower case"})}const p=o=>`node ${o.name}: system UUID ${o.systemUuid||"unknown"}, machine-id ${o.machineId||"unknown"}, ${ne(o.internalIps)||"no address"}, Ready ${o.ready}`,_=o=>`host: system UUID ${o.systemUuid||"unknown"}, machine-id ${o.machineId||"unknown"}, ${ne(o.addresses)||"no address"}`;function v({desired:o,facts:u,nodes:y}){const O="cluster.machine",P="Is this machine no node under another name?",L=y.filter(Me=>Me.name!==o.node),I=L.filter(Me=>at(Me,u)==="this-machine"),H=I.find(Me=>Me.ready==="True");if(H)return fe(O,P,!1,`it is the live node ${H.name}`,{cause:"system UUID or machine-id are the same: a second agent would take ports and containers from the first",remedy:`name it ${H.name}; or remove that node first: sudo systemctl disable --now its agent, then kubectl delete node ${H.name}`,evidence:[p(H),_(u)]});const[Q]=I;if(Q)return fe(O,P,!1,`it was the node ${Q.name}, which is no longer alive`,{verdict:"warn",cause:"the machine was joined under another name before",remedy:`when nobody needs it any more: kubectl delete node ${Q.name}`,evidence:[p(Q),_(u)]});if(u.systemUuid===""&&u.machineId==="")return ae(O,P,"the host tells neither system UUID nor machine-id");const ue=L.find(Me=>u.machineId!==""&&Me.machineId===u.machineId);return ue?fe(O,P,!1,`its machine-id is also that of ${ue.name}`,{verdict:"warn",cause:"both were made from one disk image: DHCP and everything else that goes by machine-id mixes them up",remedy:"give it one of its own and reboot: sudo rm /etc/machine-id && sudo systemd-machine-id-setup",evidence:[p(ue),_(u)]}):be(O,P,y.length===0?"there is no other node":"no node has its identity")}function A({desired:o,facts:u,nodes:y}){const O="cluster.address",P="Is the address of the node its own?",L=(o.nodeIp??u.defaultRoute?.source??"").split(",").map(ue=>ue.trim()).filter(ue=>ue!=="");if(L.length===0)return ae(O,P,"which address the agent will choose");const I=y.find(ue=>ue.name!==o.node&&at(ue,u)!=="this-machine"&&ue.internalIps.some(Me=>L.includes(Me)));if(!I)return be(O,P,L.join(", "));const H=I.internalIps.find(ue=>L.includes(ue))??L.join(", "),Q=o.podNetwork==="isolated"||I.ready!=="True";return fe(O,P,!1,`${H} is also the address of ${I.name}`,{verdict:Q?"warn":"fail",cause:"nodes and their pods are reached by that address, so it has to be unique in the cluster",remedy:"give `node-ip` with another address of this machine, or one of an overlay network to both",evidence:[p(I),_(u)]})}function M({facts:o,desired:u}){const y="host.route",O="Is there a default route?";return o.defaultRoute?be(y,O,`via ${o.defaultRoute.via||o.defaultRoute.device}`):o.hasNoDefaultRoute?fe(y,O,!1,"none",{verdict:u.nodeIp?"warn":"fail",cause:u.nodeIp?"the address is given, but services of the cluster are reached through the default route":"the agent takes its address from the default route, and stops without one",remedy:"add a default route; one through a dummy interface is enough (docs: installation/airgap), and give `node-ip`"}):ae(y,O,"the host does not tell its routes")}function E({facts:o,desired:u}){if(u.access.transport==="local")return[];const y="host.forwarding",O="May connections be forwarded over SSH, to try the join through the host\u2019s own network?",{sshForwarding:P}=o;if(P==="unknown")return[ae(y,O,"the configuration of sshd is told to root only")];const L=P==="yes"||P==="local";return[fe(y,O,L,L?"allowed":`refused (AllowTcpForwarding ${P})`,{verdict:"warn",cause:"sshd on the host is configured so; the handshake then uses curl on the host instead",remedy:`nothing to do where the host has curl; otherwise allow it for this user in /etc/ssh/sshd_config: Match User ${o.user||u.access.user||"USER"} / AllowTcpForwarding local`})]}const W={"sudo-password-required":"sudo asks for a password, and none was given","sudo-password-wrong":"sudo refused the password that was given","sudo-not-allowed":"the user may not use sudo","sudo-needs-tty":"sudo demands a terminal (requiretty)","sudo-missing":"there is no sudo on the host"};function ye({facts:o}){const{state:u,problem:y}=o.privilege,P={root:"logged in as root",passwordless:"sudo without a password",password:"sudo with the password given",none:W[y]??(y||"no sudo")}[u];return fe("host.sudo",`May ${o.user||"the user"} become root?`,u!=="none",P,{cause:"installing a unit and its files needs root",remedy:`give \`sudo-password\`, or let the user become root without one: echo '${o.user||"USER"} ALL=(ALL) NOPASSWD: ALL' | sudo tee /etc/sudoers.d/k3s-gpu-actions`})}function K({facts:o}){const u="host.os",y="Is this a Linux on which programs and units can be installed?",O=o.os.prettyName||o.os.id;return o.readOnly.length>0?fe(u,y,!1,`${o.readOnly.join(" and ")} cannot be written${O?` (${O})`:""}`,{cause:"the program and its unit are installed there, and on this system not even root can write to it",remedy:"use a system whose /usr/local/bin and /etc are writable, or remount them: sudo mount -o remount,rw /usr"}):O===""&&o.kernel===""?ae(u,y,"the host does not say what it runs"):be(u,y,[O,o.kernel&&`kernel ${o.kernel}`].filter(Boolean).join(", "))}function _e({facts:o}){const u=["amd64","arm64"].includes(o.architecture);return fe("host.architecture","Is the processor architecture supported?",u,o.architecture||"unknown",{cause:"programs are fetched and checked for amd64 and arm64 only",remedy:"use a 64-bit x86 or Arm machine"})}function Te({facts:o}){return fe("host.init","Is systemd the init system?",o.init==="systemd",o.init,{cause:"units are written for systemd",remedy:"use a host with systemd; OpenRC is not supported in this version"})}function Ge(o){const[,u,y]=/^v?(\d{1,3})\.(\d{1,3})\./.exec(o)??[];return u===void 0||y===void 0?void 0:Number(u)*100+Number(y)}const ht=135;function nt({facts:o,version:u}){const y="host.cgroup",O="Are the control groups there that a kubelet needs?",{version:P,controllers:L}=o.cgroup;if(P===0)return ae(y,O,"the host shows no control groups");const I=`cgroup v${P}`;if(!L.includes("memory"))return fe(y,O,!1,`${I} without the memory controller`,{cause:"the kubelet cannot limit memory without it and stops",remedy:"add `cgroup_enable=memory cgroup_memory=1` to the kernel command line and reboot"});if(P===1&&(Ge(u)??0)>=ht)return fe(y,O,!1,`${I}, and ${u} is wanted`,{cause:"a kubelet from 1.35 on refuses to run on cgroup v1",remedy:"boot with cgroup v2: add `systemd.unified_cgroup_hierarchy=1` to the kernel command line and reboot; or use a version before 1.35"});const H=(P===2?["cpu","cpuset","pids"]:["pids"]).filter(Q=>!L.includes(Q));return fe(y,O,H.length===0,H.length===0?I:`${I} without ${H.join(", ")}`,{cause:"the agent looks for these controllers when it starts, and stops",remedy:`take what disables ${H.join(", ")} off the kernel command line (cgroup_disable=\u2026) and reboot; a realtime kernel may lack cpu`})}function _t(o){const u=o.split(/<[^>]*>/).map(y=>y.replaceAll(/[.*+?^${}()|[\]\\]/g,"\\$&"));return new RegExp(`^${u.join("[a-z0-9_.:-]+")}$`,"i")}function st(o,u){return o.find(y=>y.id===u)??o.find(y=>_t(y.id).test(u))}const Pe=(o,u,y,O,P=!0)=>({id:o,stage:"preflight",severity:u,asks:y,remedy:O,isIgnorable:P}),kt=[Pe("host.sudo","fail","May the user become root?","give `sudo-password`, or let the user become root without one"),Pe("host.os","fail","Is this a Linux on which programs and units can be installed?","use a system whose /usr/local/bin and /etc/systemd/system are writable"),Pe("host.architecture","fail","Is the processor amd64 or arm64?","use such a machine"),Pe("host.init","fail","Is systemd the init system?","use a host with systemd"),Pe("host.cgroup","fail","Are the control groups there that a kubelet needs: the memory controller, and v2 from version 1.35 on?","change the kernel command line (`cgroup_enable=memory`, `systemd.unified_cgroup_hierarchy=1`) and reboot"),Pe("host.clock","fail","Is the clock of the host within 30 s of the API server?","`sudo timedatectl set-ntp true`"),Pe("host.disk.<path>","fail","Is there room, in bytes and inodes, where data, programs and configuration go? A warning below 5 % free","free what the check says; for data 2 GiB and 10000 inodes"),Pe("host.route","fail","Is there a default route? A warning when `node-ip` is given","add one; through a dummy interface is enough"),Pe("host.forwarding","warn","May connections be forwarded over SSH?","none needed where the host has curl; else `AllowTcpForwarding local` for the user"),Pe("cluster.node-name","fail","Is the name valid for a node (RFC 1123, lower case)?","give another `node` name"),Pe("cluster.name","fail","Is the name free, or this machine's own? One that a live machine has is never given away","`replace-node` for a dead node; another `node` name for a live one","partly"),Pe("cluster.machine","fail","Is this machine no node under another name? A warning when that node is dead, or the machine-id is copied","use the name it has, or remove the other node"),Pe("cluster.address","fail","Is the address of the node its own? A warning where pods are isolated anyway","give `node-ip` with another address"),Pe("cluster.topology","warn","Can pods on this host and pods on the servers reach each other?","declare `pod-network: isolated`, or use an overlay network"),Pe("host.gpu","warn","Which GPUs does the host have, and who uses them?","none needed; repair the driver where it does not answer"),{id:"plan.gpu-in-use",stage:"plan",severity:"fail",asks:"Does the plan disturb a process outside the cluster that uses the GPU?",remedy:"`allow-gpu-disruption`, or stop the process first",isIgnorable:!1},...[["unit","Does the agent\u2019s unit run?","see the journal in the evidence"],["ready","Is the node Ready, with a fresh heartbeat?","see the node\u2019s conditions in the evidence"],["version","Does the node run the wanted version?","press the button again; another agent may answer for it"],["metadata","Are labels and taints as wanted?","press the button again; find who else changes them"],["gpu-processes","Do the processes that used the GPU before still run?","start them again; the report names them"]].map(([o,u,y])=>({id:`confirm.${o}`,stage:"confirm",severity:"fail",asks:u,remedy:y,isIgnorable:!1}))];function ot(o){return[ye(o),K(o),_e(o),Te(o),nt(o),Fe(o),...Ae(o),M(o),...E(o),G(o),j(o),v(o),A(o),ie(o),Se(o)]}var ct=z(8003);function It(o,u,y,O,P){const L=[],I=(Q,ue,Me,Qe,Ee)=>{L.push({id:Q,verdict:Me?"pass":"fail",question:ue,found:Qe,...Me?{}:{cause:"it was so a moment ago, or was never brought about",remedy:Ee}})};if(O!==void 0&&I("confirm.unit","Is the unit active?",O==="active",O,"look at its journal on the host"),P||I("confirm.ready","Is the node Ready?",y?.ready==="True",y?`Ready=${y.ready} ${y.readyMessage}`.trim():"no such node","press the button again; the plan says what is missing"),!y)return L;P||I("confirm.version","Does the node run the wanted version?",y.kubeletVersion===u,y.kubeletVersion,"press the button again; the plan says what is missing");const H=tt(o,y);return I("confirm.metadata","Are labels and taints as wanted?",!V(H),V(H)?[...Object.keys(H.labels),...H.addTaints.map(ct.eh),...H.removeTaints.map(ct.eh)].join(", "):"as wanted","something else changes them: look at managedFields of the node"),L}const Xe=o=>`${o.name} (pid ${o.pid}, ${o.ownerDetail||o.owner})`;function Ot(o,u){const y=o.startTicks===void 0||u.startTicks===void 0||o.startTicks===u.startTicks;return o.pid===u.pid&&o.name===u.name&&y}function Lt(o){return["start","restart","reload","install"].includes(o.kind)&&o.waitsFor===void 0}function jt(o,u,y,O=""){const P=We(o);if(P.length===0)return;const L="confirm.gpu-processes",I="Do the processes outside the cluster still have the GPU?",H=P.filter(Me=>!u?.processes.some(Qe=>Ot(Me,Qe))),Q=P.map(Xe).join(", ");if(H.length===0)return{id:L,verdict:"pass",question:I,found:`${Q}: still there`};if(u===void 0||!u.areProcessesKnown)return{id:L,verdict:"error",question:I,found:`not known: ${Q} used it before`,cause:O||u?.problem||"the processes that use the GPU could not be listed again",remedy:"look on the host: nvidia-smi"};const ue=H.map(Xe).join(", ");return{id:L,verdict:y?"warn":"fail",question:I,found:`${ue} ${H.length===1?"has":"have"} it no more`,cause:y?"the run changed the host, as allow-gpu-disruption lets it":"it lost the GPU or ended while this run changed the host; nothing that was planned should have disturbed it",remedy:`look at it on the host and start it again: ${H.map(({ownerDetail:Me,owner:Qe})=>Me||Qe).join(", ")}`,evidence:[`before: ${Q}`,`after: ${u.processes.map(Xe).join(", ")||"nobody uses the GPU"}`]}}const Mt=o=>o?o.slice(0,63):"empty",dt=" (no longer wanted; ours)";function vt(o,u,y){const O=u&&y;if(o===void 0)return O?" (was removed by hand)":" (new)";const P=O?", changed by hand":u?"":", not ours until now";return` (was ${Mt(o.value)}${P})`}function At(o,u,y){const O=new Set(Oe(u?.annotations[D.ownedLabels]));return Object.entries(o.labels).map(([P,L])=>{if(L===null)return`${P}-${dt}`;const I=`${P}=${L}`;if(u===void 0)return I;const H=Object.hasOwn(u.labels,P)?{value:u.labels[P]}:void 0;return`${I}${vt(H,O.has(P),y)}`})}function Rt(o,u,y){const O=new Set(Oe(u?.annotations[D.ownedTaints]));return[...o.addTaints.map(L=>{if(u===void 0)return(0,ct.eh)(L);const I=u.taints.find(H=>ke(H)===ke(L));return`${(0,ct.eh)(L)}${vt(I&&{value:I.value},O.has(ke(L)),y)}`}),...o.removeTaints.map(L=>`${(0,ct.eh)(L)}-${dt}`)]}const ft={deleteNode:"delete-node",deletePassword:"delete-node-password",label:"label-node",taint:"taint-node",record:"record-desired"};function Ct(o,u){const{desired:y,server:O,version:P,reading:L}=o,I=tt(y,L.node),H=[],Q=ut(y,O,P),ue=L.node?.annotations[D.desired],Me=At(I,L.node,ue===Q);Me.length>0&&H.push({id:ft.label,kind:"label",target:Me.join(", "),reason:L.node?"the node differs from the cluster file and inputs":"wanted on the new node",undo:"not needed: labels disturb nothing, and the next run sets them again"});const Qe=Rt(I,L.node,ue===Q);return Qe.length>0&&H.push({id:ft.taint,kind:"taint",target:Qe.join(", "),reason:L.node?"the node differs from the cluster file and inputs":"keeps other pods away from the new node from its first second",...I.addTaints.some(Tt=>Tt.effect==="NoExecute")?{disrupts:"evicts pods that do not tolerate it"}:{},undo:"not needed: the next run converges"}),(!Object.entries(Ke(y)).every(([Tt,Pt])=>L.node?.annotations[Tt]===Pt)||ue!==Q&&!u)&&H.push({id:ft.record,kind:"annotate",target:u?"labels and taints of this project as owned":"desired state, owned labels and taints",reason:u?"so that they can be changed and removed later":"lets the next run see that nothing is to be done",undo:"not needed: a hint only"}),H}function Bt(o){const{reading:u,desired:y}=o;return!u.node||!pe(o)?[]:[{id:ft.deleteNode,kind:"delete",target:`node ${y.node} (uid ${u.node.uid})`,reason:"confirmed by replace-node: it is no longer alive",disrupts:"forgets the pods that were bound to it",undo:"none: a deleted node comes back only by joining again"}]}function Dt(o,u){const{gpu:y}=o.facts,O=We(o.facts),P=u.filter(Q=>(["restart","reload"].includes(Q.kind)||Q.kind==="install"&&Q.disrupts!==void 0)&&!Q.waitsFor);return!(O.length>0||y.pciDevices>0&&!y.areProcessesKnown)||P.length===0||o.consent.allowGpuDisruption?[]:[{id:"plan.gpu-in-use",verdict:"fail",question:"May the plan disturb processes that use the GPU outside the cluster?",found:`${O.map(Xe).join(", ")||`whoever uses the GPU (its processes could not be listed: ${y.problem||"no answer"})`} would see: ${P.map(Q=>`${Q.kind} ${Q.target}`).join(", ")}`,cause:"a daemon-reload or restart can take the GPU from running containers (NVIDIA/nvidia-container-toolkit#48)",remedy:"press the button again with allow-gpu-disruption when that is acceptable, or stop the process first"}]}function g(o,u,y){const O=u.some(Q=>Q.waitsFor!==void 0),P=O&&!o.reading.node?[]:Ct(o,O),L=[...Bt(o),...u,...P],I=j(o),H=[...y.filter(Q=>Q.id!==I.id),...I.verdict==="fail"?[I]:[],...Dt(o,L)];return{changes:L,blockers:H}}function $(o){return o.changes.filter(u=>u.waitsFor===void 0)}function S(o){const u=[ft.label,ft.taint,ft.record];return $(o).some(y=>!u.includes(y.id))}}),9354:((bt,He,z)=>{z.d(He,{SU:()=>Zs});var D=z(7131);const Oe={binary:"/usr/local/bin/k3s",ownConfig:"/etc/rancher/k3s/config.yaml.d/50-k3s-gpu-actions.yaml",unit:"/etc/systemd/system/k3s-agent.service",environment:"/etc/systemd/system/k3s-agent.service.env",nodePassword:"/etc/rancher/node/password",lock:"/run/k3s-gpu-actions.lock",backups:"/var/lib/k3s-gpu-actions"};var me=z(7598);function je(t){return`${t}.node-password.k3s`.toLowerCase()}const X=64*1024**2;function ce(t){const[,n="",r,s,i,l=""]=/^\$1:([0-9a-f]{2,128}):(\d{1,2}):(\d{1,2}):(\d):([A-Za-z0-9+/]{22,171})$/.exec(t)??[],h={salt:Buffer.from(n,"hex"),logN:Number(r),r:Number(s),p:Number(i),key:Buffer.from(l,"base64")},{logN:b}=h;if(!(n===""||n.length%2!==0||b<1||b>20||h.r<1||h.p<1))return 128*2**b*h.r*h.p<=X?h:void 0}async function xe(t,n){const r=ce(t);if(!r)return;const{salt:s,logN:i,r:l,p:h,key:b}=r,R={N:2**i,r:l,p:h,maxmem:2*X};return await new Promise(C=>{try{(0,me.scrypt)(n,s,b.length,R,(F,le)=>C(F?void 0:(0,me.timingSafeEqual)(le,b)))}catch{C(void 0)}})}function ee(t){return t.hasSecret?t.hasFile?t.password===""?"empty":t.password===void 0||t.isMatch===void 0?"unknown":t.isMatch?"matches":"different":"missing":"none"}function he(t,n){const r=n?.state??"none";if(r==="none"||r==="matches")return"fine";if(r==="empty")return"empty";const{reading:s,facts:i,consent:l,desired:h}=t,b=(0,D.Pd)(s.node,i);if((0,D.JG)(t))return b!=="this-machine"?"foreign":r==="unknown"?"unknown":"live";const R=l.replaceNode===h.node;return(0,D.ik)(t)||R&&s.node===void 0?"replaced":b==="another-machine"?"foreign":r==="unknown"?"unknown":(0,D.YD)(s.node,i)?"healed":"unproven"}const we="k3s.node-password",ie="Will the server accept this host's node password?",fe=t=>t?.secret?.createdAt?` of ${t.secret.createdAt}`:"",be={missing:`the host has none (${Oe.nodePassword} is not there)`,different:"the host has another one",unknown:"it could not be compared with the host's"};function ae(t,n){const r=n.nodePassword,{node:s}=t.desired;if(r===void 0)return[{id:we,verdict:"skip",question:ie,found:"not asked: the agent is not started by this plan"}];const i=`the cluster keeps a password${fe(r)} for ${s}, and ${be[r.state]??""}`,l="a server rejects an agent whose password is not the one it keeps for that name, every time it asks (403)",h=[`secret kube-system/${je(s)}${fe(r)}`,...(0,D.Eb)(t)];switch(he(t,r)){case"fine":{const b=r.state==="none"?`the cluster keeps none for ${s}`:"it is the one that the cluster keeps";return[{id:we,verdict:"pass",question:ie,found:b}]}case"healed":return[{id:we,verdict:"warn",question:ie,found:`${i}; it is this machine's own, from an earlier installation (same system UUID)`,cause:l,remedy:`nothing to do: the plan deletes that Secret, and nothing else of ${s}`,evidence:h}];case"replaced":return[{id:we,verdict:"warn",question:ie,found:`${i}; it is deleted, as replace-node says`,cause:l,remedy:"nothing to do: the plan deletes that Secret",evidence:h}];case"foreign":return[{id:we,verdict:"skip",question:ie,found:"the name belongs to another machine: see cluster.name"}];case"live":return[{id:"plan.node-password",verdict:"fail",question:"Would the node that lives come back from the start that is planned?",found:`no: ${i}. ${s} is alive on this very machine, and its agent would be rejected as soon as it is started again`,cause:`${Oe.nodePassword} was lost or changed while the agent ran; the password of a live node is never deleted`,remedy:`stop the agent (sudo systemctl stop k3s-agent; containers keep running), wait a minute until ${s} is no longer alive, then press the button again`,evidence:h}];case"empty":return[{id:we,verdict:"fail",question:ie,found:`${Oe.nodePassword} is empty`,cause:"k3s sends what is in that file, and makes a password only where there is no file",remedy:`sudo rm ${Oe.nodePassword}, then press the button again`,evidence:h}];case"unproven":return[{id:we,verdict:"fail",question:ie,found:`${i}; nothing proves that it is this machine's own`,cause:l,remedy:`press the button again with replace-node = ${s} when no other machine of that name is to come back, or give this machine another name`,evidence:h}];case"unknown":return[{id:we,verdict:"warn",question:ie,found:r.secret?`${i}: ${r.problem??""}`:`not known: ${r.problem??""}`,cause:r.secret?l:"the Secrets of kube-system could not be listed",remedy:r.secret?`if the server rejects it, press the button again with replace-node = ${s}`:"nothing to do: if the server rejects the password, the run ends with its words",evidence:h}]}}function ne(t,n){const r=he(t,n.nodePassword);if(r!=="healed"&&r!=="replaced"||n.nodePassword?.secret===void 0)return;const{node:s}=t.desired,{node:i}=t.reading;return{kind:"delete",target:`secret kube-system/${je(s)}`,reason:r==="healed"?`from an earlier installation of this machine (same system UUID); node ${s} with its labels and pods stays`:i?`confirmed by replace-node: it goes with node ${s}`:"confirmed by replace-node: no node has that name any more",undo:"none: the password in it is not known; the agent stores its own when it starts"}}var B=z(2088);const Fe=/^v?(\d+)\.(\d+)\.(\d+)(?:-(rc\d+))?\+k3s(\d+)$/;function de(t){const[,n,r,s,i="",l]=Fe.exec(t.trim())??[];if(n===void 0)return;const h={major:Number(n),minor:Number(r),patch:Number(s),build:Number(l)},b=i===""?"":`-${i}`;return{text:`v${h.major}.${h.minor}.${h.patch}${b}+k3s${h.build}`,candidate:i,...h}}function ve(t){const{major:n,minor:r,patch:s,candidate:i,build:l}=t,h=i===""?"":`0rc.${Number(i.slice(2))}.`;return`${n}.${r}.${s}-${h}k3s.${l}`}function De(t,n){const r=s=>{const i=de(s);if(i===void 0)throw new RangeError(`${JSON.stringify(s)} is no k3s version: write it like v1.33.4+k3s1`);return new B.SemVer(ve(i))};return(0,B.compare)(r(t),r(n))}class Ye extends Error{name="VersionError";code="version-invalid";cause;remedy;evidence=[];constructor(n,r,s){super(n),this.cause=r,this.remedy=s}}const et=/^(stable|latest|testing|v?\d+(\.\d+)?)$/;function rt(t,n){const r="write `match-server`, or an exact version like v1.33.4+k3s1";if(t.trim()==="match-server"){const h=de(n);if(h!==void 0)return h.text;throw new Ye(`the server's version ${JSON.stringify(n)} is no k3s version`,(0,B.coerce)(n)===null?"what answers is not k3s":"the server runs another distribution of Kubernetes","check the kubeconfig, or set `distribution`")}const s=de(t);if(s!==void 0)return s.text;if(et.test(t.trim()))throw new Ye(`version ${JSON.stringify(t)} is a channel`,"a channel names another version tomorrow",r);const i=(0,B.coerce)(t),l=i!==null&&!t.includes("+")?`the +k3s suffix is missing, e.g. v${i.version}+k3s1`:"it has no known form";throw new Ye(`version ${JSON.stringify(t)} is no k3s version`,l,r)}const Ae={29:"v1.29.13+k3s1",30:"v1.30.9+k3s1",31:"v1.31.5+k3s1"};function We(t,n){const r="k3s.version",s=`Does an agent of ${t} go with a server of ${n}?`,i=de(t),l=de(n);if(i===void 0||l===void 0)return{id:r,verdict:"error",question:s,found:`${JSON.stringify(i===void 0?t:n)} is no k3s version`,cause:"the two cannot be compared",remedy:"write versions like v1.33.4+k3s1; check that the server is k3s"};const h=De(t,n),b=`use version: match-server (${l.text})`;if(h===0)return{id:r,verdict:"pass",question:s,found:"the same version"};if(h>0)return{id:r,verdict:"fail",question:s,found:"the agent is newer than the server",cause:"a kubelet newer than its API server is not supported, and nothing would complain until something breaks",remedy:`${b}, or upgrade the servers first`};const R=(l.major-i.major)*100+l.minor-i.minor;if(R>3)return{id:r,verdict:"fail",question:s,found:`the agent is ${R} minor versions older than the server`,cause:"a kubelet may be at most 3 minor versions older than its API server",remedy:b};const C=i.major===1?Ae[i.minor]:void 0;return C!==void 0&&l.minor>=32&&De(t,C)<0?{id:r,verdict:"fail",question:s,found:`agents before ${C} get no pod network from servers of 1.32 or later`,cause:"flannel in such an agent asks for rights that these servers no longer give it (k3s#11551, k3s#12819)",remedy:`${b}, or at least ${C}`}:{id:r,verdict:"warn",question:s,found:"the agent is older than the server",cause:"supported, but not what the server was tested with",remedy:b}}function Se(t,n){if(t===void 0||!de(t)||!de(n))return[];const r="k3s.installed-version",s=`Is what is installed not newer than the server (${n})?`;return De(t,n)<=0?[{id:r,verdict:"pass",question:s,found:t}]:[{id:r,verdict:"warn",question:s,found:`${t} is newer than the server`,cause:"a kubelet newer than its API server is not supported, and nothing else would report it",remedy:"press the button with adopt = apply, which installs the wanted version; or upgrade the servers first"}]}var Z=z(7030);const re="10.42.0.0/16",te="10.43.0.0/16",ge=[{port:10250,protocol:"tcp"},{port:8472,protocol:"udp"}],se=[{network:re},{network:te}],ke=t=>"network"in t?`from ${t.network}`:`${t.port}/${t.protocol}`;function Be(t,n){const[r="",s]=t.split("/"),[i="",l="32"]=n.split("/");if((0,Z.isIP)(r)!==4||(0,Z.isIP)(i)!==4)return!1;const h=s===void 0?32:Number(s);if(!Number.isInteger(h)||h<0||h>Number(l))return!1;const b=new Z.BlockList;return b.addSubnet(r,h,"ipv4"),b.check(i,"ipv4")}function Ne(t,n){const[r="",s]=t.split("/");return s!==void 0&&s!==n.protocol?!1:r.split(",").some(i=>{const[l="",h=l]=i.split(/[:-]/);return/^\d+$/.test(l)&&/^\d+$/.test(h)&&Number(l)<=n.port&&n.port<=Number(h)})}const Le=t=>Be(re,t)||Be(te,t);function Ke(t){const[,n,r,s]=/^(\S.*?)\s{2,}(ALLOW|LIMIT|DENY|REJECT)(?: IN)?\s{2,}(\S+)/.exec(t.replaceAll("(v6)","    "))??[];if(!(n===void 0||s===void 0))return{to:n.replace(/ on \S+$/,"").trim(),isAllowed:r==="ALLOW"||r==="LIMIT",from:s}}function tt(t,n){if(t.some(s=>/^Default:\s*allow \(incoming\)/.test(s)))return[];const r=t.flatMap(s=>Ke(s)??[]).filter(s=>s.isAllowed);return n.filter(s=>!r.some(({to:i,from:l})=>"network"in s?/^Anywhere/.test(i)&&(/^Anywhere/.test(l)||Be(l,s.network)):/^Anywhere/.test(i)?/^Anywhere/.test(l)||!Le(l):Ne(i,s)&&!Le(l)))}const V={"10250/tcp":["kubelet","kubelet-worker","kube-worker","kube-control-plane","kube-control-plane-secure"],"8472/udp":["kube-flannel"]};function Ue(t){const n=[];for(const r of t){/^\S/.test(r)&&n.push({target:"",words:{},richRules:[]});const s=n.at(-1),[,i,l=""]=/^\s+([a-z-]+):\s*(.*)$/.exec(r)??[];s&&(/^\s+rule /.test(r)?s.richRules.push(r.trim()):i==="target"?s.target=l.trim():i&&(s.words[i]=l.split(/\s+/).filter(Boolean)))}return n}function ze(t,n){const r=Ue(t),s=r.filter(i=>i.target==="ACCEPT");return n.filter(i=>{const l=r.flatMap(R=>R.richRules).filter(R=>/ accept\b/.test(R));if("network"in i)return!s.some(C=>(C.words.sources??[]).some(F=>Be(F,i.network))||(C.words.interfaces??[]).includes("cni0"))&&!l.some(C=>C.includes(i.network));const h=r.some(R=>(R.words.ports??[]).some(C=>Ne(C,i))||(R.words.services??[]).some(C=>V[ke(i)]?.includes(C))),b=s.some(R=>(R.words.sources??[]).some(C=>!Le(C))||(R.words.interfaces??[]).some(C=>!/^(cni0|flannel)/.test(C)));return!h&&!b&&!l.some(R=>R.includes(`"${i.port}"`))})}const Je="host.firewall",Ze="Does the firewall let in what a node needs?";function ut({nodes:t,desired:n}){const r=t.filter(i=>i.name!==n.node).flatMap(i=>[...i.internalIps,...i.externalIps]).filter(i=>/^[0-9a-fA-F.:]+$/.test(i)),s=[...new Set(r)].slice(0,8);return s.length>0?s:["<address of a node>"]}function $t(t,n){return t.flatMap(r=>"network"in r?[`sudo ufw allow from ${r.network} to any`]:n.map(s=>`sudo ufw allow proto ${r.protocol} from ${s} to any port ${r.port}`))}function lt(t,n){return[...t.flatMap(s=>{const i="sudo firewall-cmd --permanent";return"network"in s?[`${i} --zone=trusted --add-source=${s.network}`]:n.map(l=>`${i} --add-rich-rule='rule family="${l.includes(":")?"ipv6":"ipv4"}" source address="${l}" port port="${s.port}" protocol="${s.protocol}" accept'`)}),"sudo firewall-cmd --reload"]}function it(t,n){const{name:r,rules:s}=t;if(r!=="nftables"&&s.length===0)return(0,D.uG)(Je,Ze,`${r} is active, and its rules are told to root only`);if(r==="nftables")return{id:Je,verdict:"warn",question:Ze,found:`a packet filter drops what no rule allows (${(0,D.H$)(s)}); its rules were not looked into`,cause:`a node needs ${[...ge,...se].map(ke).join(", ")} to come in`,remedy:"compare with: sudo nft list ruleset; when all of it is allowed, name host.firewall in `ignore-checks`"};const i=n.desired.podNetwork==="isolated"?se:[...ge,...se],l=r==="ufw"?tt(s,i):ze(s,i);if(l.length===0)return(0,D.bF)(Je,Ze,`${r} is active and allows it`);const h=(r==="ufw"?$t:lt)(l,ut(n));return{id:Je,verdict:"warn",question:Ze,found:`${r} is active and has no rule for ${l.map(ke).join(", ")}`,cause:"the node would become Ready, but its pods would reach neither name server nor services, and other nodes not its pods; these are the networks that k3s has by default",remedy:h.join("; "),evidence:s.slice(0,40)}}function gt(t){const{firewalls:n}=t.facts,r=n.find(i=>i.state==="active");if(r)return it(r,t);const s=n.find(i=>i.state==="unknown");return s?(0,D.uG)(Je,Ze,`whether ${s.name} is active`):(0,D.bF)(Je,Ze,"none is active")}var at=z(7949),yt=z(8815),wt=z(8003);function pe(t){const n=Object.entries(t.labels).filter(([l])=>!(0,D.E4)(l)).map(([l,h])=>`${l}=${h}`).sort(),r=t.taints.map(wt.eh).sort(),s={"node-name":t.node,...t.nodeIp?{"node-ip":t.nodeIp}:{},...t.nodeExternalIp?{"node-external-ip":t.nodeExternalIp}:{},...Object.fromEntries(Object.entries(t.extraConfig).sort(([l],[h])=>l<h?-1:1)),...n.length>0?{"node-label+":n}:{},...r.length>0?{"node-taint+":r}:{}},i=new yt.yo(s);return i.commentBefore=" Written by k3s-gpu-actions; edits are overwritten by its next run.",i.toString({lineWidth:0})}function Ve(t){const n=[];let r=!1;for(const s of t.split(`
`))/^\S/.test(s)&&(r=/^"?node-(label|taint)\+"?:/.test(s)),!r&&!s.startsWith("#")&&s.trim()!==""&&n.push(s);return n.join(`
`)}const j=["--node-label","--node-taint","--token","-t"],U=t=>t.split("=")[0]??t;function G(t){const n=t.environment?.tokenKind??"none";return(t.unit?.arguments.some(s=>["--token","-t"].includes(U(s)))??!1)||n!=="none"&&n!=="bootstrap"}const p=t=>t.environment?.tokenKind==="agent"?"the token on the host is the cluster's agent token: whoever reads it can join machines for ever":"the token on the host is the server's own: whoever reads it owns the cluster";function _(t,n,r,s){if(r)return"a node needs one to join; deleted at the end";if(G(n)&&!t.consent.allowServerToken)return p(n);if(!t.reading.node||(0,D.ik)(t)||s)return"the agent is not connected and may need one to register again"}function v(t,n,r){if(!n.binary)return"not installed";if(n.binary.version!==t.version)return`${n.binary.version||"unknown version"} is installed, ${t.version} is wanted`;if(r?.sha256!==void 0&&r.sha256!==n.binary.sha256)return`the installed file is not the released ${t.version}`}function A(t,n){return n.ownConfig===void 0?!1:t.reading.node?.annotations[D.hk.desired]!==void 0?!0:M(n).length===0&&(!G(n)||t.consent.allowServerToken)}function M(t){const n=(t.unit?.arguments??[]).map(U);return[...new Set(n)].filter(r=>j.includes(r))}const E=237;function W(t){return t!==void 0&&t>=E?{reason:"not installed; disrupts nothing: its systemctl is kept from reloading systemd (SYSTEMD_OFFLINE)"}:{reason:"not installed",disrupts:`its systemctl disable makes systemd ${t===void 0?"of unknown version":String(t)} reload (SYSTEMD_OFFLINE is heard from ${E} on): can take the GPU from running containers`}}function ye(t,n,r){const{unit:s,changedSinceStart:i}=n,{node:l}=t.reading;if(!s)return["joins the cluster"];if(s.activeState!=="active")return[`the unit is ${s.activeState||"not running"}`];const h=[];return(0,D.ik)(t)?h.push("registers anew"):(0,D._n)(t)||h.push(l?.ready==="True"?"the node has no fresh heartbeat":"the node is not Ready"),l&&l.kubeletVersion!==t.version&&n.binary?.version===t.version&&h.push(`${l.kubeletVersion} is still running, ${t.version} is installed`),!r&&i.length>0&&h.push(`${i.join(", ")} changed after it was started`),h}function K(t,n,r){const s=n.unit===void 0,i=!s&&n.unit?.activeState!=="active",l=t.reading.node!==void 0||n.unit?.activeState==="active",h=!s&&l&&!A(t,n),b=pe(t.desired),R={labels:{},taints:[],extraConfig:{},nodeIp:void 0,nodeExternalIp:void 0},C=s?"":pe({...t.desired,...R}),F=M(n);return{isFresh:s,isForeign:h,binary:v(t,n,r),url:n.environment?.url===t.server?void 0:`the host joins through ${n.environment?.url||"no server"}, wanted ${t.server}`,token:_(t,n,s,i),argumentNames:F,isReloadPending:F.length>0||!h&&(n.unit?.needsReload??!1),config:n.ownConfig===b?void 0:n.ownConfig===void 0?"not there yet":"differs from the cluster file and inputs",isConfigRestartRelevant:Ve(n.ownConfig??C)!==Ve(b),start:ye(t,n,h)}}function _e(t,n){return t.isDeep||n.unit===void 0||n.binary?.version!==t.version}function Te(t,n,r){const s=K(t,n,r),i=s.isForeign&&t.consent.adopt==="plan"?"adopt: apply":void 0,l=[],h=(C,F)=>{l.push({id:C,...F,...i?{waitsFor:i}:{}})};s.token&&!t.hasGivenToken&&h("mint-token",{kind:"mint",target:`bootstrap token, ${(0,at.a3)(t.tokenLifetimeMs)}`,reason:s.token,undo:"deleted in every ending"});const b=ne(t,n);if(b&&h(D.zF.deletePassword,b),s.binary){const C=r?`, ${(0,at.z3)(r.sizeBytes)}`:"";h("upload-binary",{kind:"upload",target:`k3s ${t.version} ${t.facts.architecture}${C}`,reason:s.binary,undo:"the staged file is removed"}),h("install-binary",{kind:"install",target:Oe.binary,reason:s.binary,undo:n.binary?"the previous program is put back":"deleted"})}s.isFresh&&h("run-installer",{kind:"install",target:`unit k3s-agent, official installer ${t.version}`,...W(t.facts.systemdVersion),undo:"unit, env file and links are deleted"}),s.config&&h("write-config",{kind:"write",target:Oe.ownConfig,reason:s.config,undo:n.ownConfig===void 0?"deleted":"restored"}),(s.url||s.token)&&h("edit-environment",{kind:"edit",target:`${Oe.environment} (${[s.url?"K3S_URL":"",s.token?"K3S_TOKEN":""].filter(Boolean).join(", ")})`,reason:s.isFresh?"tells the agent where to join":[s.url,s.token].filter(Boolean).join("; "),undo:s.isFresh?"deleted with the unit":"restored"}),s.argumentNames.length>0&&h("edit-unit",{kind:"edit",target:`${n.unit?.path??Oe.unit} (${s.argumentNames.join(", ")})`,reason:"arguments in ExecStart win over any file and come back at every start: they move to our drop-in",undo:"restored"}),s.isReloadPending&&h("reload",{kind:"reload",target:"systemd (daemon-reload)",reason:s.argumentNames.length>0?"the unit file changes":"the unit file has changed since systemd read it",disrupts:"can take the GPU from running containers",undo:"reloaded again after restoring"}),(s.isFresh||!s.isForeign&&n.unit?.isEnabled===!1)&&h("enable",{kind:"install",target:"start of k3s-agent at boot, without daemon-reload",reason:"not enabled",undo:"link deleted"});const R=[s.binary?`k3s ${t.version}`:"",s.url||s.token?"changed env file":"",s.isReloadPending?"changed unit":"",s.config&&s.isConfigRestartRelevant?"changed configuration":""].filter(Boolean);return(s.isFresh||s.start.length>0||R.length>0)&&h(...Ge(n,s,R)),l}function Ge(t,n,r){const s=t.unit?.name??"k3s-agent",i=[...n.start,...n.isFresh?[]:r].join("; "),l=t.unit?.activeState??"inactive";if(["inactive","failed",""].includes(l))return["start",{kind:"start",target:s,reason:i,undo:"stopped"}];if(l!=="active")return["restart",{kind:"start",target:s,reason:i,undo:"restarted with what was there before"}];const b=`restarts ${s}; containers keep running`;return["restart",{kind:"restart",target:s,reason:i,disrupts:b,undo:"restarted with what was there before"}]}function ht(t){const n="Is this host free of a k3s server?";return t.hasServerUnit?{id:"k3s.role",verdict:"fail",question:n,found:"it has the unit k3s (a server)",cause:"a host is either a server or an agent",remedy:"name another host; a server is not turned into an agent"}:{id:"k3s.role",verdict:"pass",question:n,found:t.unit?"an agent is installed":"no unit"}}function nt(t){const n=[];for(const r of t.templates)n.push(r.hasBaseTemplate?{id:"k3s.containerd-template",verdict:"pass",question:"Does the containerd template extend the built-in one?",found:r.path}:{id:"k3s.containerd-template",verdict:"warn",question:"Does the containerd template extend the built-in one?",found:`${r.path} replaces it`,cause:`without {{ template "base" . }} it drops k3s's CNI folders, snapshotter and runtimes: the node never becomes Ready`,remedy:"k3s finds the NVIDIA runtime by itself: rename the file and restart, or let the gpu-runtime action quarantine it"});return n}function _t(t){return[[t.binary?.path,Oe.binary],[t.unit?.path,Oe.unit]].filter(([r,s])=>r!==void 0&&r!==s&&!t.hasServerUnit).map(([r,s])=>({id:"k3s.place",verdict:"fail",question:"Is k3s installed where its installer puts it?",found:`${r}, expected ${s}`,cause:"only the places of the official installer are changed",remedy:`move it to ${s}, or uninstall it and press the button again`}))}function st(t){const n="Is the host free of the cluster's long-lived tokens?",r=[];G(t)&&r.push({id:"k3s.server-token",verdict:"warn",question:n,found:`K3S_TOKEN in ${t.environment?.path??t.unit?.path??"the unit"} is ${t.environment?.tokenKind==="agent"?"the cluster's agent token":"the server's own token"}`,cause:t.environment?.tokenKind==="agent"?"whoever reads it can join machines for ever":"whoever reads it owns the cluster",remedy:"press the button with adopt = apply to replace it by a minted one; then rotate the token (k3s token rotate)"});const s=["token","agent-token","token-file","agent-token-file"];for(const i of t.configFiles){const l=i.keys.filter(h=>s.includes(h));l.length!==0&&r.push({id:"k3s.server-token",verdict:"warn",question:n,found:`${i.path} (mode ${i.mode}) sets ${l.join(", ")}`,cause:"a token in a configuration file stays on the host and is often readable by everybody",remedy:`take ${l.join(", ")} out of ${i.path}; the agent has its own certificate and needs it no more`})}return r}function Pe(t,n){let r=[];for(const s of t.settings)s.key!==n||s.path===Oe.ownConfig||(!s.isAdded&&s.value===""?r=[]:s.value!==""&&r.push({path:s.path,value:s.value,isUnit:!1}));return r}function kt(t,n){const r=t.unit?.arguments??[],s=t.unit?.path??Oe.unit;return r.flatMap((i,l)=>{if(i.startsWith(`--${n}=`))return[{path:s,value:i.slice(n.length+3),isUnit:!0}];const h=r[l+1];return i===`--${n}`&&h!==void 0?[{path:s,value:h,isUnit:!0}]:[]})}function ot(t){return[...Pe(t,"node-label"),...kt(t,"node-label")]}function ct(t,n,r){const s=t.desired.extraConfig["kubelet-arg"]??t.desired.extraConfig["kubelet-arg+"],i=(Array.isArray(s)?s:[s]).filter(h=>typeof h=="string");return[...Pe(n,"kubelet-arg"),...i.map(h=>({path:"`extra-config`",value:h,isUnit:!1})),...kt(n,"kubelet-arg")].filter(({value:h})=>h.startsWith(`${r}=`)).map(h=>({...h,value:h.value.slice(r.length+1)}))}function It(t,n){const r="k3s.labels",s="Is the kubelet given no label that it refuses?",i=[...ot(n),...ct(t,n,"node-labels")].flatMap(C=>C.value.split(",").map(F=>({...C,label:F.trim(),key:F.split("=")[0]?.trim()??""})).filter(({key:F})=>(0,D.E4)(F)));if(i.length===0){const C=n.configFiles.filter(F=>F.sha256===""&&F.keys.length===0);return C.length>0?(0,D.uG)(r,s,`${(0,D.H$)(C.map(F=>F.path))} cannot be read`):(0,D.bF)(r,s,"no")}const l=C=>C.isUnit?`${C.path} (ExecStart)`:C.path,h=[...new Set(i.map(({key:C})=>C))],b=[...new Set(i.map(l))],R=t.consent.adopt==="apply"&&i.every(C=>C.isUnit&&Xe(n,C));return{id:r,verdict:R?"warn":"fail",question:s,found:`${(0,D.H$)(b)} ${b.length===1?"sets":"set"} ${(0,D.H$)(h)}`,cause:R?"the kubelet exits when it is given such a label; this run takes it out of the unit":`the kubelet exits when it is given ${h.length===1?"this label":"these labels"}${t.reading.node?": the agent that runs now dies at its next start":", at every start"}`,remedy:R?`give ${(0,D.H$)(h)} as \`labels\` of this action when it is still wanted: it sets them through the API`:`take ${(0,D.H$)(h)} out of ${(0,D.H$)(b)}, and give ${h.length===1?"it":"them"} as \`labels\` of this action, which sets ${h.length===1?"it":"them"} through the API`,evidence:i.slice(0,16).map(C=>`${l(C)}: ${C.label}`)}}function Xe(t,n){return ot(t).some(r=>r.isUnit&&r.value===n.value)}const Ot=[10250,6444];function Lt(t,{facts:n},r){const s=`host.port.${t}`,i=`Is port ${t} free for the agent?`,l=r.unit?.activeState??"",h=l==="active"||l==="activating",b=n.ports.filter(Y=>Y.port===t),R=({process:Y,owner:Re})=>!h||Re.endsWith(".service")&&Re!==`${r.unit?.name}.service`?!1:Y===""||/^(k3s|kubelet)/.test(Y),C=b.find(Y=>!R(Y));if(!C)return(0,D.oQ)(s,i,!0,b.length>0?"held by k3s itself":"free",jt);const F=`${C.process||"an unknown process"} (pid ${C.pid||"unknown"}${C.owner?`, ${C.owner}`:""})`,le=C.owner.endsWith(".service");return(0,D.oQ)(s,i,!1,`held by ${F}`,{cause:r.unit?`the agent listens there and would loop; k3s-agent itself is ${l||"not running"}`:"the agent listens there and would loop",remedy:le?`stop it when nobody needs it: sudo systemctl disable --now ${C.owner}`:`stop that process: sudo ss -lntp 'sport = :${t}'`})}const jt={cause:"",remedy:""};function Mt(t,n){return Ot.map(r=>Lt(r,t,n))}const dt=new Z.BlockList;for(const[t,n,r]of[["0.0.0.0",32,"ipv4"],["127.0.0.0",8,"ipv4"],["169.254.0.0",16,"ipv4"],["224.0.0.0",4,"ipv4"],["255.255.255.255",32,"ipv4"],["::",128,"ipv6"],["::1",128,"ipv6"],["fe80::",10,"ipv6"],["ff00::",8,"ipv6"]])dt.addSubnet(t,n,r);const vt={31:"v1.31.12+k3s1",32:"v1.32.8+k3s1",33:"v1.33.4+k3s1"};function At(t){const n=de(t);if(!n)return!0;const r=vt[n.minor];return r===void 0?n.minor>33||n.major>1:De(t,r)>=0}function Rt(t,n){if(t==="169.254.169.254"&&At(n))return!0;const r=(0,Z.isIP)(t);return r!==0&&!t.includes("%")&&!dt.check(t,r===4?"ipv4":"ipv6")}function ft({facts:t,desired:n,version:r},s){const i="host.resolver",l="Which name servers will pods use?",h=s.configFiles.find(R=>R.keys.includes("resolv-conf"))?.path;if("resolv-conf"in n.extraConfig||h)return(0,D.bF)(i,l,`those of the file that ${h??"`extra-config`"} names (resolv-conf)`);for(const{path:R,isReadable:C,servers:F}of t.resolvers){if(!C)return(0,D.uG)(i,l,`${R} cannot be read`);if(F.length>0&&F.every(le=>Rt(le,r)))return(0,D.bF)(i,l,`${(0,D.H$)(F)} (${R})`)}if(t.resolvers.length===0)return(0,D.uG)(i,l,"the host does not say");const b=At(r)?"8.8.8.8 and 2001:4860:4860::8888":"8.8.8.8";return{id:i,verdict:"warn",question:l,found:`${b}, which k3s takes without asking`,cause:`${t.resolvers.map(({path:R,servers:C})=>`${R} names ${(0,D.H$)(C)||"none"}`).join(", ")}: a pod cannot use a server on the loopback of its node; names of your own network will not be found`,remedy:"write the name servers of the network into a file, e.g. /etc/rancher/k3s/resolv.conf, and give resolv-conf: /etc/rancher/k3s/resolv.conf in `extra-config`"}}const Ct={overlay:"overlay: the layers of images; without it the agent stops",br_netfilter:"br_netfilter: pods of one node reach each other through services",nf_conntrack:"nf_conntrack: services and network policies",vxlan:"vxlan: the network between pods of several nodes, where flannel uses VXLAN (the default)"};function Bt({facts:t,desired:n}){const r="host.modules",s="Does the kernel have the parts that containers and their network need?",i=t.modules.filter(C=>C.name!=="vxlan"||n.podNetwork!=="isolated"),l=C=>i.filter(F=>F.state===C).map(F=>F.name),h=l("missing");if(h.length>0)return(0,D.oQ)(r,s,!1,`missing: ${(0,D.H$)(h)} (kernel ${t.kernel||"unknown"})`,{verdict:h.includes("overlay")?"fail":"warn",cause:h.flatMap(C=>Ct[C]??[]).join("; "),remedy:"reboot when the kernel was updated; else install its extra modules (Ubuntu: linux-modules-extra-$(uname -r), Raspberry Pi: linux-modules-extra-raspi, RHEL: kernel-modules-extra)"});const b=l("unknown");if(b.length>0||i.length===0)return(0,D.uG)(r,s,b.length>0?(0,D.H$)(b):"the host does not say");const R=l("loadable");return(0,D.bF)(r,s,R.length===0?"all are there":`all are there; ${(0,D.H$)(R)} when needed`)}function Dt(t,n){const r="host.swap",s="Will the kubelet start with the swap that is there?",{memoryBytes:i,swapBytes:l}=t.facts;if(i===0)return(0,D.uG)(r,s,"the host does not tell its memory");if(l===0)return(0,D.bF)(r,s,"no swap");const h=`${(l/1024**3).toFixed(1)} GiB of swap`,b=ct(t,n,"fail-swap-on").at(-1);return(0,D.oQ)(r,s,b?.value!=="true",b?.value==="true"?`${h}, and ${b.path} sets fail-swap-on`:`${h}; pods do not use it`,{verdict:"warn",cause:"k3s lets its kubelet run beside swap, and this argument takes that back: it exits at its next start",remedy:`take fail-swap-on out of ${b?.path??"the configuration"}, or turn swap off: sudo swapoff -a, and its line in /etc/fstab`})}function g({facts:t},n){const r="host.selinux",s="Does SELinux let k3s work?";return t.selinux==="unknown"?(0,D.uG)(r,s,"the mode of SELinux cannot be read"):t.selinux!=="enforcing"?(0,D.bF)(r,s,t.selinux==="permissive"?"permissive":"not in use"):(0,D.oQ)(r,s,n.hasSelinuxPolicy,`enforcing, ${n.hasSelinuxPolicy?"with":"without"} the policy of k3s`,{verdict:"warn",cause:"without the package k3s-selinux the program may not be started, or containers not read their files",remedy:"sudo dnf install -y container-selinux, then the k3s-selinux package for this system (github.com/k3s-io/k3s-selinux/releases)"})}const $=/(podman|docker|nerdctl|containerd-net|loopback|crio-bridge)|^\.|\.(bak|disabled|orig)$/,S=/^(cni0|flannel\.\d+|flannel-wg.*)$/;function o({facts:t},n){const r="host.cni",s="Is the host free of another Kubernetes and its network?",i=`${n.unit?.name??"k3s-agent"}.service`,l=t.kubernetes.filter(Y=>Y.kind==="kubelet"&&Y.unit!==i);if(l.length>0){const Y=l.map(mt=>`${mt.name} (pid ${mt.pid}${mt.unit?`, ${mt.unit}`:""})`),Re=[...new Set(l.map(mt=>mt.unit).filter(mt=>mt.endsWith(".service")))];return(0,D.oQ)(r,s,!1,`${(0,D.H$)(Y)} ${Y.length===1?"runs":"run"} here`,{cause:"two kubelets on one machine fight for ports, control groups and packet filters",remedy:Re.length>0?`leave the other cluster first; then: sudo systemctl disable --now ${Re.join(" ")}`:"leave the other cluster first, with its own tools (kubeadm reset, snap remove microk8s \u2026)"})}const h=Y=>t.kubernetes.filter(Re=>Re.kind===Y).map(Re=>Re.name),b=h("cni-config").filter(Y=>!$.test(Y)),R=h("interface").filter(Y=>!(n.unit&&S.test(Y))),C=h("kubelet-config"),F=[...C,...b.map(Y=>`/etc/cni/net.d/${Y}`),...R];if(F.length===0)return(0,D.bF)(r,s,"nothing found");const le=[...C.length>0?["sudo kubeadm reset"]:[],...R.slice(0,4).map(Y=>`sudo ip link delete ${Y}`),...b.length>0?[`sudo rm ${b.slice(0,4).map(Y=>`/etc/cni/net.d/${Y}`).join(" ")}`]:[]];return(0,D.oQ)(r,s,!1,`left behind: ${(0,D.H$)(F)}`,{verdict:"warn",cause:R.length>0?'an interface that keeps the address of another network breaks the one of k3s ("cni0" already has an IP address different from \u2026)':"another Kubernetes was set up here; its rules of the packet filter may be there still",remedy:`when nothing of it is needed: ${le.join("; ")}`})}const u=(t,n,r,s)=>({id:t,stage:"preflight",severity:n,asks:r,remedy:s,isIgnorable:!0}),y=(t,n,r)=>({id:t,stage:"handshake",severity:"fail",asks:n,remedy:r,isIgnorable:!1}),O=[u("k3s.version","fail","Does an agent of the wanted version go with the server: not newer, at most 3 minor versions older, no pair that is known to break? A warning when it is older","`version: match-server`"),u("k3s.installed-version","warn","Is what is installed not newer than the server?","press the button with `adopt: apply`, or upgrade the servers"),u("k3s.role","fail","Is this host free of a k3s server?","name another host"),u("host.port.10250","fail","Is the kubelet\u2019s port free, or held by the running agent?","stop the process that the check names"),u("host.port.6444","fail","Is the port of the agent\u2019s load balancer free, or held by the running agent?","stop the process that the check names"),u("host.modules","fail","Does the kernel have overlay, br_netfilter, nf_conntrack and vxlan? Only overlay is vital","reboot after a kernel update, or install the kernel\u2019s extra modules"),u("host.swap","warn","Will the kubelet start with the swap that is there? k3s lets it, unless fail-swap-on is set","take fail-swap-on out of the configuration"),u("host.selinux","warn","Where SELinux is enforcing, is the policy of k3s installed?","install container-selinux and k3s-selinux"),u("host.resolver","warn","Which name servers will pods use? With loopback ones only, k3s silently takes 8.8.8.8","give `resolv-conf` in `extra-config`"),u("host.firewall","warn","Does an active ufw or firewalld let in 10250/tcp and 8472/udp from nodes, and the networks of pods and services?","the commands that the check prints"),u("host.cni","fail","Is the host free of another Kubernetes: a running kubelet, or what one left behind (a warning)?","leave the other cluster with its own tools; the commands that the check prints"),u("k3s.labels","fail","Is the kubelet given no label that it refuses (most of kubernetes.io and k8s.io), by configuration or unit?","take it out there, and give it as `labels` of this action"),u("k3s.node-password","fail","Will the server accept the node\u2019s password? One that is this machine\u2019s own is healed","`replace-node`, or another `node` name"),u("k3s.containerd-template","warn","Does a containerd template extend the built-in one?","rename the file and restart, or let gpu-runtime quarantine it"),u("k3s.place","fail","Is k3s installed where its installer puts it?","move it there, or uninstall it and press the button again"),u("k3s.server-token","warn","Is the host free of the cluster\u2019s long-lived tokens?","`adopt: apply` replaces it; then rotate the token"),y("handshake.ca","Does the server show the CA of the kubeconfig?","see what answers at that address"),y("handshake.token","Does the server accept the join token?","press the button again; with a given token, give another"),y("handshake.apiserver","Which API servers does the server name?","make the server reachable from the host; the check says what stands in the way"),y("handshake.apiserver.<address>","Does the host reach every API server that the cluster names?","allow its port from the host, or give the server an address that the host reaches")];function P(t,n,r){return[r,...Se(n.binary?.version,t.reading.version),ht(n),...Mt(t,n),Bt(t),Dt(t,n),g(t,n),ft(t,n),gt(t),o(t,n),It(t,n),...nt(n),..._t(n),...st(n),...ae(t,n)]}function L(t){const{binary:n,unit:r,environment:s}=t;return{"k3s program":n?`${n.version||"unknown version"} at ${n.path}`:"not installed","k3s unit":r?`${r.name} ${r.activeState} (${r.subState}), ${r.isEnabled?"enabled":"not enabled"}, arguments: ${r.arguments.join(" ")||"none"}`:"not installed",...s?{"k3s env file":`${s.path}: ${s.keys.join(", ")}; token kind: ${s.tokenKind}`}:{},...t.configFiles.length>0?{"k3s configuration":t.configFiles.map(i=>`${i.path} (${i.keys.join(", ")})`).join("; ")}:{},...t.templates.length>0?{"containerd templates":t.templates.map(i=>`${i.path}${i.hasBaseTemplate?"":" (replaces the built-in one)"}`).join("; ")}:{}}}var I=z(1213);class H extends Error{name="HostStepError";code;step;cause;remedy;evidence;constructor(n,r,s,i,l,h){super(s),this.code=n,this.step=r,this.cause=i,this.remedy=l,this.evidence=h}}const Q="run it again: it continues from what it finds",ue="look at the host on its console",Me={"host-locked":"wait until that run has ended, or cancel it, and run this one again; one whose runner is gone lets go within minutes",overtaken:"look at the later run: what it says of the host is what is true","lock-unavailable":"install util-linux on the host (it brings flock)","init-unsupported":"join a host that runs systemd","staged-missing":Q,"copy-failed":"free space on the host (df -h /usr/local/bin), then run it again","backup-failed":"free space on the host (df -h /var/lib), then run it again","write-failed":"free space on the host (df -h /etc), then run it again","replace-failed":"look for an immutable file (lsattr) or a read-only mount at that path","folder-read-only":"the host keeps this folder read-only (an immutable system, or a file system with errors): make it writable, or install k3s with the means of that system","binary-mismatch":"the file changed between runner and host: run it again; if it stays, look who else writes to /tmp on the host","binary-missing":Q,"installer-mismatch":Q,"installer-failed":"read what the installer said below, correct it on the host, and run it again","hash-unavailable":"install coreutils on the host (it brings sha256sum)","environment-unreadable":"correct the quotes in that file by hand, and run it again","unit-unreadable":"bring ExecStart of that unit into the form ExecStart=/usr/local/bin/k3s agent \u2026, and run it again","unit-missing":"the unit is gone: delete what is left of k3s on the host, or install it, and run it again","reload-failed":`${ue}: sudo systemctl daemon-reload`,"enable-failed":`${ue}: sudo systemctl enable k3s-agent`,"start-refused":`${ue}: sudo systemctl status k3s-agent; sudo journalctl -u k3s-agent -n 50`},Qe=t=>typeof t=="string"?t:"";function Ee(t,n,r){if(r.exitCode===0)return;const s=r.lines.findLast(R=>typeof R.error=="string"),i=Qe(r.lines.findLast(R=>R.state==="failed")?.step),l=[...r.lines.flatMap(R=>typeof R.evidence=="string"?[R.evidence]:[]),...r.stderr.trim().split(`
`).slice(-10)].filter(R=>R!==""),h=`${n} on ${t} did not succeed${i?` (step ${i})`:""}`;if(s===void 0){const R=`the script ended with exit code ${r.exitCode} without saying why`;return new H("script-failed",i,h,R,Q,l)}const b=Qe(s.error);return new H(b,i,h,Qe(s.message),Me[b]??Q,l)}const Ce={"agent-data":`
agent_trees='/etc/rancher/node /var/lib/rancher/k3s/agent /var/lib/rancher/k3s/data /var/lib/kubelet /var/lib/cni'
agent_folders='/var/lib/rancher/k3s /var/lib/rancher
/usr/libexec/kubernetes/kubelet-plugins/volume/exec /usr/libexec/kubernetes/kubelet-plugins/volume
/usr/libexec/kubernetes/kubelet-plugins /usr/libexec/kubernetes'
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

report_interrupted() {
  continued=' ' settled=' '
  for log in "$state/runs"/*/log; do
    if grep -qs '^finished' "$log"; then settled="$settled$(sed -n 's/^continues //p' "$log" | tr '\\n' ' ')"; fi
  done
  for name in $(ls -1t "$state/runs"/*/log 2>/dev/null | sed 's|.*/\\([^/]*\\)/log$|\\1|'); do
    folder=$state/runs/$name
    if [ "$folder" = "$run" ] || grep -q '^finished' "$folder/log"; then continue; fi
    case $settled in *" $name "*) continue ;; esac
    emit interrupted "$name" step "$(sed -n 's/^step //p' "$folder/log" | tail -n 1)"
    sed -n 's/^temporary //p' "$folder/log" | while IFS= read -r path; do rm -f "$ROOT$path"; done
    note "continues $name"
    continued="$continued$name "
  done
}

discard_older() {
  if [ "$changed" = no ] && [ "$continued" = ' ' ]; then : >"$run/unchanged"; fi
  for folder in "$state/runs"/*; do
    if [ "$folder" = "$run" ] || [ ! -d "$folder" ]; then continue; fi
    case $continued in *" \${folder##*/} "*) continue ;; esac
    if [ ! -e "$run/unchanged" ] || [ -e "$folder/unchanged" ]; then rm -rf "$folder"; fi
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
  printf '%s, since %s\\n' "$HOLDER" "$(date -u '+%Y-%m-%d %H:%M:%S UTC')" >"$lock"
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
    note_agent_data
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
  all=$(tail -c "$most_bytes" "$log" 2>&1 | tr -d '\\000' | cut -b 1-4000 | tail -n 300) || all=''
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
`,hold:`main() {
  lock=$ROOT/run/k3s-gpu-actions.run.lock
  released=$(date -r "$lock" +%s 2>/dev/null) || released=0
  take_lock
  emit held yes released:n "$released"
  sleep "$HOLD" 9>&- &
  wait "$!"
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
      printf "%s\\001%s\\001%s\\n", key, appends, substr(value, 1, 400)
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
      appends = sub(/\\+$/, "", key) ? "+" : ""
      printf "%s\\001%s\\001\\n", key, appends
      if (sub(/^[ \\t]*\\[/, "", rest)) open = read(rest, 1)
      else if (rest !~ /^[ \\t]*(#|$)/) read(rest, 0)
      next
    }
    /^[ \\t]*-([ \\t]|$)/ { if (key != "") { sub(/^[ \\t]*-/, ""); read($0, 0) }; next }
    /^[^ \\t]/ { key = "" }' "$1" | while IFS="$k3s_mark" read -r key appends value; do
    emit fact k3s.setting path "$2" key "$key" appends:n "$([ -n "$appends" ] && echo true || echo false)" value "$value"
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
  backup=$folder/backups/$1 target=$ROOT$2
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
  done <"$oldest/log"
}

read_logs() {
  runs=$RUN_ID oldest=$run
  for name in $(sed -n 's/^continues //p' "$run/log"); do
    if [ -f "$state/runs/$name/log" ]; then runs="$runs $name" oldest=$state/runs/$name; fi
  done
  for name in $runs; do
    awk -v name="$name" '{ line[NR] = name " " $0 } END { for (i = NR; i > 0; i--) print line[i] }' "$state/runs/$name/log"
  done >"$state/backwards.$RUN_ID"
  mv -f "$state/backwards.$RUN_ID" "$run/backwards"
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

follow_log_backwards() {
  touched=no reloaded=no
  while read -r name kind rest; do
    folder=$state/runs/$name
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

main() {
  check_run_id
  take_lock
  if [ ! -f "$run/log" ]; then
    emit finished "$RUN_ID"
    return 0
  fi
  if grep -qsxF "continues $RUN_ID" "$state/runs"/*/log; then
    die overtaken 'a later run has gone on from this one, and is not disturbed'
  fi
  read_logs
  read_unit_before
  stop_agent
  clear_agent_data
  follow_log_backwards
  reload_systemd
  restart_agent
  if [ "$incomplete" = no ]; then
    for name in $runs; do rm -rf "$state/runs/$name"; done
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

log=$ROOT/var/lib/rancher/k3s/agent/containerd/containerd.log
most_bytes=65536 most_lines=500
log_file='' log_at=0 log_told=0
newline='
'

look_at_log() {
  now_file='' now_size=0
  if [ -f "$log" ]; then
    listed=$(ls -niL "$log" 2>/dev/null) || listed=''
    read -r now_file _ _ _ _ now_size _ <<END
$listed
END
  fi
  case \${now_size:-x} in *[!0-9]*) now_file='' now_size=0 ;; esac
}

next_piece() {
  {
    tail -c "+$((log_at + 1))" "$log" 2>/dev/null | head -c "$most_bytes" | tr '\\000\\r' '  '
    printf x
  } | awk -v most="$most_bytes" '
    { line[NR] = $0; used += length($0) + 1 }
    END {
      count = NR - 1
      used -= length(line[NR]) + 1
      if (count == 0 && length(line[1]) > most) { used = most; count = 1; line[1] = substr(line[1], 1, most) }
      print used
      for (i = 1; i <= count; i++) if (line[i] != "" && line[i] !~ /level=(info|debug|trace) /) print substr(line[i], 1, 1500)
    }'
}

tell_log() {
  look_at_log
  if [ "$now_file" != "$log_file" ] || [ "$now_size" -lt "$log_at" ]; then log_file=$now_file log_at=0; fi
  [ "$now_size" -gt "$log_at" ] || return 0
  piece=$(next_piece) || return 0
  log_at=$((log_at + \${piece%%"$newline"*}))
  case $piece in *"$newline"*) ;; *) return 0 ;; esac
  while IFS= read -r line; do
    log_told=$((log_told + 1))
    if [ "$log_told" -gt "$most_lines" ]; then continue; fi
    emit event journal source containerd.log text "$line"
  done <<END
\${piece#*"$newline"}
END
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
  look_at_log
  log_file=$now_file log_at=$now_size
  read_state
  former="$ExecMainPID $ExecMainStartTimestampMonotonic"
  act
  told='' complained=no
  while :; do
    tell_log
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
`},Tt=3e4,Pt=/^[a-z][a-z0-9-]*\.(?:txt|log)$/,zt=16;function Ie(t){const n=new Map;for(const{file:r,part:s,text:i}of t){if(typeof r!="string"||typeof i!="string"||!Pt.test(r)||!n.has(r)&&n.size===zt)continue;const l=n.get(r)??{before:""};n.set(r,s==="recent"?{...l,recent:i}:{...l,before:i})}return[...n].map(([r,{before:s,recent:i}])=>({name:r,text:[s,...i===void 0?[]:["== since the start of this run",i]].filter(l=>l!=="").join(`
`),...i===void 0?{}:{recent:i}}))}async function pt(t,n,r){r.throwIfAborted();const s=[],i=n.startedAgoMs===void 0?"":String(Math.ceil(n.startedAgoMs/1e3)+1);try{const l=await t.run({name:"evidence",script:[Ce.evidence,I.BZ].join(`
`),env:{UNIT:n.unit,AGO:i},privilege:"root",timeoutMs:Tt,signal:r,onLine:b=>s.push(b)}),h=Ee(t.label,"reading the evidence",l);if(h)throw h}catch(l){if(Ie(s).length===0)throw l}return Ie(s)}const Zt=/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;function Vt(t){try{const n=(t.match(Zt)??[]).map(r=>new me.X509Certificate(r));if(n.length>0)return n}catch{}throw new RangeError("no readable PEM certificate in the CA bundle")}function Ft(t){const n=t[0]??0;let r=t[1]??0,s=2;if(r>128){const i=r&127;r=t.readUIntBE(2,i),s+=i}return{tag:n,content:t.subarray(s,s+r),rest:t.subarray(s+r)}}function Ut(t){const n=[];for(let r=t;r.length>1;){const s=Ft(r);n.push(s),r=s.rest}return n}const sn=Buffer.from("551d0e","hex"),rn=Buffer.from("551d23","hex");function Wt(t,n){const r=Ut(Ft(t.raw).content)[0],s=Ut(r?.content??Buffer.alloc(0)).find(i=>i.tag===163);if(s!==void 0)for(const i of Ut(Ft(s.content).content)){const[l,...h]=Ut(i.content);if(l?.content.equals(n))return h.at(-1)?.content}}function Jt(t){const n=Wt(t,rn),r=n&&Ut(Ft(n).content).find(i=>i.tag===128)?.content;if(r===void 0)return!0;const s=Wt(t,sn);return s!==void 0&&Ft(s).content.equals(r)}function on(t){const[n,...r]=t,s=(i,l)=>{if(r.some(h=>Jt(h)&&h.raw.equals(i.raw)))return i;for(const h of l){if(!i.checkIssued(h)||!i.verify(h.publicKey))continue;if(Jt(h))return h;const b=s(h,l.filter(R=>R!==h));if(b!==void 0)return b}};return n&&s(n,r)}function an(t){return(0,me.createHash)("sha256").update(t).digest("hex")}function St(t){const n=Vt(t),r=n.length>1?on(n):void 0;return an(r?.raw??t)}function c(t,n){if(St(t)===St(n))return!0;const r=new Set(Vt(n).map(s=>s.fingerprint256));return Vt(t).every(s=>r.has(s.fingerprint256))}const a=/^[a-z0-9]{6}\.[a-z0-9]{16}$/,k="abcdefghijklmnopqrstuvwxyz0123456789";function x(t){return t===""?{}:{caHash:t}}function T(t){const n=t.trim();if(n==="")return{kind:"none",credential:""};if(a.test(n))return{kind:"bootstrap",credential:n};const r=/^K10([0-9a-f]{64})?::([\s\S]+)$/.exec(n);if(r===null)return{kind:"short",credential:n};const[,s="",i=""]=r;if(a.test(i))return{kind:"bootstrap",credential:i,...x(s)};const l=i.indexOf(":"),h=i.slice(0,Math.max(l,0)),b=i.slice(l+1);return l<0||b===""?{kind:"short",credential:n}:{kind:h==="server"?"server":h==="node"?"agent":"short",credential:b,...x(s)}}function N(t,n,r){if(!/^[0-9a-f]{64}$/.test(t))throw new RangeError("a CA hash has 64 lower-case hexadecimal digits");if(!a.test(`${n}.${r}`))throw new RangeError("a bootstrap token is 6 and 16 characters [a-z0-9]");return`K10${t}::${n}.${r}`}function e(t){return t.kind==="bootstrap"?`Bearer ${t.credential}`:`Basic ${Buffer.from(`node:${t.credential}`).toString("base64")}`}function f(t,n){let r="";for(;r.length<t;)for(const s of n(t))s<252&&r.length<t&&(r+=k[s%36]);return r}function q(t=me.randomBytes){return f(6,t)}function w(t=me.randomBytes){return f(16,t)}class d extends Error{name="GivenTokenError";code;cause;remedy;evidence=[];constructor(n,r,s,i){super(r),this.code=n,this.cause=s,this.remedy=i}}const m="leave `token` out: a bootstrap token is minted through the API and deleted at the end";function $e(t,n,r){const s=T(t),i=St(n);if(s.caHash!==void 0&&s.caHash!==i)throw new d("token-of-another-cluster","the given token belongs to another cluster, or to this one before its CA was changed",`it pins the CA ${s.caHash.slice(0,12)}\u2026, the kubeconfig's CA is ${i.slice(0,12)}\u2026`,m);if(s.kind==="short")throw new d("token-without-ca","the given token pins no certificate authority","without the K10 prefix an agent believes whatever server answers",m);if((s.kind==="server"||s.kind==="agent")&&!r.allowServerToken)throw new d("server-token-refused",`the given token is the ${s.kind}'s own, long-lived one`,s.kind==="server"?"whoever reads it on the node owns the cluster":"whoever reads it on the node can join machines for ever",`${m}; or set allow-server-token when you mean it`);if(s.kind==="bootstrap"&&s.caHash===void 0){const[l="",h=""]=t.trim().split(".");return{id:l,text:N(i,l,h)}}return{id:"given",text:t.trim()}}var J=z(8500);class oe extends Error{name="HostHttpsFault";kind;remedy;constructor(n,r,s){super(r),this.kind=n,this.remedy=s}get isPassing(){return this.kind==="connect"||this.kind==="timeout"}}const xt=5;function Gt(t){return typeof t=="object"&&t!==null&&"code"in t?String(t.code):""}function cn(t){return typeof t=="object"&&t!==null&&"message"in t?String(t.message):String(t)}function Yt(t){return t.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g," ").trim().slice(0,300)}function pn(t){const n=Gt(t),r=cn(t);return Yt(n===""||r.includes(n)?r:`${n} ${r}`)}function Et(t,n){return`${(0,Z.isIP)(t)===6?`[${t}]`:t}:${n}`}function Cn(t,n){const r="another service listens there, or a proxy is in between";switch(t){case"name":return["does not resolve on the host","the host has no DNS answer for that name","use an IP address as `server`, or mend DNS on the host"];case"authority":return["shows a certificate of another authority","another server answers at that address, or something in between opens TLS","compare `server` with the kubeconfig; if the CA was changed, fetch the kubeconfig again"];case"identity":return["shows a certificate for other names","the server certificate is not issued for that address",`use an address the certificate names, or add ${n} to tls-san of the k3s server`];case"tls":return["does not speak TLS as a k3s server does",r,"check host and port of `server`"];case"protocol":return["does not answer as a k3s server does",r,"check host and port of `server`"]}}function Dn(t,n){const{port:r,runnerReaches:s}=t;return["cannot be reached from the host",`port ${r}/tcp is closed or filtered between the host and the server${s===void 0?"":s?" (the runner itself can reach it)":" (the runner cannot reach it either)"}`,s===!1?`check that the server is running and listens on ${n}`:`allow ${r}/tcp from the host's public address, or set \`server\` to an address the host can reach`]}function zn(t){const{id:n,question:r,fault:s,host:i,address:l,port:h}=t,b=[`${i}: ${s.message}`];if(s.kind==="tool"){const Y=s.remedy??"see the evidence";return{id:n,verdict:"error",question:r,found:"could not be asked",cause:s.message,remedy:Y,evidence:b}}const R=Et(l,h),[C,F,le]=s.kind==="connect"||s.kind==="timeout"?Dn(t,R):Cn(s.kind,l);return{id:n,verdict:"fail",question:r,found:`${R} ${C}`,cause:F,remedy:le,evidence:b}}const Fn={5:"name",6:"name",7:"connect",28:"timeout",35:"tls",51:"identity",52:"connect",56:"connect",58:"tls",60:"authority",77:"authority"};class Un{via="host-command";#e;#t;constructor(n,r){this.#e=n,this.#t=r}async get(n,r){const s=await this.#e.run({name:"handshake",script:this.#t,env:{URL:`https://${Et(n.address,n.port)}${n.path}`,CA_PEM:n.caPem??"",CONNECT_SECONDS:String(xt)},secrets:{AUTHORIZATION:n.authorization??""},privilege:"user",timeoutMs:(xt+5)*1e3,signal:r}),i=s.lines.findLast(h=>"http"in h||"error"in h);if(i?.http!==void 0)return{status:Number(i.http),body:Buffer.from(String(i.body??""),"base64").toString("utf8")};const l=Yt(String(i?.message??s.stderr));if(i?.error==="connect"){const h=Fn[String(i.curl)]??"connect",b=h==="authority"&&/subject (alternative )?name|does not match/i.test(l);throw new oe(b?"identity":h,l||`curl exit code ${String(i.curl)}`)}throw new oe("tool",l||`the script ended with ${s.exitCode}`,"allow forwarding for this user in sshd_config (AllowTcpForwarding local), or install curl on the host")}async reach(n,r,s,i){try{await this.get({address:n,port:r,path:"/cacerts",caPem:s},i)}catch(l){if(!(l instanceof oe)||l.kind!=="identity")throw l}}}var Hn=z(7067),Bn=z(8321),Gn=z(1692),mn=function(t,n,r){if(n!=null){if(typeof n!="object"&&typeof n!="function")throw new TypeError("Object expected.");var s,i;if(r){if(!Symbol.asyncDispose)throw new TypeError("Symbol.asyncDispose is not defined.");s=n[Symbol.asyncDispose]}if(s===void 0){if(!Symbol.dispose)throw new TypeError("Symbol.dispose is not defined.");s=n[Symbol.dispose],r&&(i=s)}if(typeof s!="function")throw new TypeError("Object not disposable.");i&&(s=function(){try{i.call(this)}catch(l){return Promise.reject(l)}}),t.stack.push({value:n,dispose:s,async:r})}else r&&t.stack.push({async:!0});return n},$n=(function(t){return function(n){function r(h){n.error=n.hasError?new t(h,n.error,"An error was suppressed during disposal."):h,n.hasError=!0}var s,i=0;function l(){for(;s=n.stack.pop();)try{if(!s.async&&i===1)return i=0,n.stack.push(s),Promise.resolve().then(l);if(s.dispose){var h=s.dispose.call(s.value);if(s.async)return i|=2,Promise.resolve(h).then(l,function(b){return r(b),l()})}else i|=1}catch(b){r(b)}if(i===1)return n.hasError?Promise.reject(n.error):Promise.resolve();if(n.hasError)throw n.error}return l()}})(typeof SuppressedError=="function"?SuppressedError:function(t,n,r){var s=new Error(r);return s.name="SuppressedError",s.error=t,s.suppressed=n,s});const Kn=1024*1024,Zn=["connection-lost","cancelled","forwarding-refused"];function Vn(t){if(t instanceof oe)return t;const n=Gt(t);if(Zn.includes(n))return t;const r=n==="ERR_TLS_CERT_ALTNAME_INVALID"?"identity":/^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA)/.test(n)?"authority":/^(ERR_SSL_|ERR_TLS_|EPROTO)/.test(n)?"tls":/^HPE_/.test(n)?"protocol":n==="deadline"?"timeout":"connect";return new oe(r,pn(t))}async function gn(t,n,r){const s=AbortSignal.timeout(xt*1e3),i=AbortSignal.any([n,s]),{promise:l,reject:h}=Promise.withResolvers(),b=()=>h(i.reason);l.catch(()=>{}),i.addEventListener("abort",b,{once:!0});try{return n.throwIfAborted(),await Promise.race([r(i),l])}catch(R){throw n.aborted?n.reason:s.aborted?new oe("timeout",`${t}: no answer in ${xt} s`):Vn(R)}finally{i.removeEventListener("abort",b)}}class qn{via="forwarding";#e;constructor(n){this.#e=n}async get(n,r){const{address:s,port:i,path:l}=n;return await gn(`GET https://${Et(s,i)}${l}`,r,async h=>{const b={stack:[],error:void 0,hasError:!1};try{const R=mn(b,await this.#t(s,i,n.caPem,!0,h),!0),{promise:C,resolve:F,reject:le}=Promise.withResolvers(),Y=(0,Hn.request)({createConnection:()=>R.socket,path:l,headers:{Host:Et(s,i),Connection:"close",Accept:"*/*",...n.authorization===void 0?{}:{Authorization:n.authorization}}});return Y.once("error",le),Y.once("response",Re=>{let mt=0;Re.on("data",qt=>{mt+=qt.length,mt>Kn&&Re.destroy(new oe("protocol","the answer is too large"))}),(0,Bn.text)(Re).then(qt=>F({status:Re.statusCode??0,body:qt}),le)}),Y.end(),await C}catch(R){b.error=R,b.hasError=!0}finally{const R=$n(b);R&&await R}})}async reach(n,r,s,i){await gn(`connect ${Et(n,r)}`,i,async l=>{const h={stack:[],error:void 0,hasError:!1};try{const b=mn(h,await this.#t(n,r,s,!1,l),!0)}catch(b){h.error=b,h.hasError=!0}finally{const b=$n(h);b&&await b}})}async#t(n,r,s,i,l){const h=await this.#e.forward(n,r,l),b=(0,Gn.connect)({socket:h,host:n,...(0,Z.isIP)(n)===0?{servername:n}:{},...s===void 0?{rejectUnauthorized:!1}:{ca:s,rejectUnauthorized:!0},...i?{}:{checkServerIdentity:()=>{}}}),R=()=>{b.destroy(),h.destroy()},{promise:C,resolve:F,reject:le}=Promise.withResolvers();b.once("secureConnect",F),b.on("error",le),h.on("error",le),l.addEventListener("abort",R,{once:!0}),b.once("close",()=>le(new oe("connect","the connection was closed before TLS was set up"))),l.aborted&&R();try{await C}catch(Y){throw R(),Y}return{socket:b,[Symbol.asyncDispose]:async()=>{l.removeEventListener("abort",R),R()}}}}class Wn{#e;#t;#r;constructor(n,r){this.#e=n,this.#t=r,this.#r=new qn(n)}get via(){return this.#r.via}async get(n,r){return await this.#n(s=>s.get(n,r))}async reach(n,r,s,i){await this.#n(l=>l.reach(n,r,s,i))}async#n(n){try{return await n(this.#r)}catch(r){if(Gt(r)!=="forwarding-refused")throw r;if(this.#t===void 0)throw new oe("tool",pn(r),"allow forwarding for this user in sshd_config (AllowTcpForwarding local)");return this.#r=new Un(this.#e,this.#t),await n(this.#r)}}}function Jn(t,n){return new Wn(t,n)}const Yn=[250,750],Xn=3e3,yn=300,Qn=16;function wn(t){const n=URL.canParse(t)?new URL(t):void 0;if(!(n?.protocol!=="https:"||n.hostname===""))return{address:n.hostname.replace(/^\[(.*)\]$/,"$1"),port:Number(n.port||443)}}function kn(t){return`handshake.apiserver.${t.toLowerCase().replace(/[^a-z0-9.]+/g,"-").replace(/^[.-]+|[.-]+$/g,"")}`}class es{checks=[];#e;#t;#r;#n;#o;constructor(n,r,s,i){this.#e=n,this.#t=r,this.#o=s,this.#r=i,this.#n=Jn(n,r.script)}get via(){return this.#n.via}#s(n){return this.checks.push(n),this.#r(n),n.verdict==="pass"||n.verdict==="warn"}async#i(n){const r=performance.now();for(let s=1;;s++)try{return await n()}catch(i){if(!(i instanceof oe)||!i.isPassing)throw i;const l=Yn[s-1];if(l===void 0){const h=((performance.now()-r)/1e3).toFixed(1);throw new oe(i.kind,`${i.message} (tried ${s} times in ${h} s)`)}await(0,J.setTimeout)(l,void 0,{signal:this.#t.signal})}}async#c(n,r){return await this.#i(async()=>{const s=await this.#n.get({...this.#o,path:n,...r},this.#t.signal);if(s.status>=500)throw new oe("connect",`GET ${n}: HTTP ${s.status} ${Yt(s.body)}`);return s})}async#a(n,r,s,i){if(!(i instanceof oe))throw i;const{probe:l,signal:h}=this.#t,b=i.isPassing?await l?.(s.address,s.port,h).catch(()=>!1):void 0;return zn({id:n,question:r,...s,host:this.#e.label,fault:i,runnerReaches:b})}async askAuthority(){const{caPem:n,token:r}=this.#t,s="handshake.ca",i="Does the host see the cluster's own certificate authority?";let l;try{const F=await this.#c("/cacerts",{});if(F.status!==200||!F.body.includes("-----BEGIN CERTIFICATE-----"))throw new oe("protocol",`GET /cacerts: HTTP ${F.status}, no certificate`);l=F.body}catch(F){const le=F instanceof oe&&(F.isPassing||F.kind==="name"),Y=Et(this.#o.address,this.#o.port);this.#s(le?await this.#a(kn(Y),`Does ${Y} answer the host?`,this.#o,F):await this.#a(s,i,this.#o,F));return}let h,b;try{h=St(l),b=c(l,n)}catch(F){this.#s(await this.#a(s,i,this.#o,new oe("protocol",Yt(String(F)))));return}const R=[`served through the host: ${h}`,`kubeconfig: ${St(n)}`];if(!b){this.#s({id:s,verdict:"fail",question:i,found:"another certificate authority",cause:"another server answers at that address through the host\u2019s network, or the kubeconfig is from before the CA was changed",remedy:"compare `server` with the kubeconfig; fetch the kubeconfig again from the server",evidence:R});return}const C=r===void 0?void 0:T(r).caHash;if(C!==void 0&&C!==h){const F=C===St(n);this.#s({id:s,verdict:"fail",question:i,found:F?"the hash of the token is of another text":"the token was made for another certificate authority",cause:F?"the certificate is the same, but its text in the kubeconfig differs in white space from what the server serves, and the hash counts every byte":"token CA hash does not match the cluster CA certificate hash: the token is from another cluster, or from before the CA was changed",remedy:F?"store the kubeconfig again exactly as the server has it":"give no token, so that one is minted, or fetch a fresh one from the server",evidence:[...R,`token: ${C}`]});return}try{await this.#c("/cacerts",{caPem:n})}catch(F){this.#s(await this.#a(s,i,this.#o,F));return}return this.#s({id:s,verdict:"pass",question:i,found:`${h.slice(0,4)}\u2026${h.slice(-2)}`,evidence:R}),h}async askToken(){const{caPem:n,token:r,signal:s}=this.#t,i="handshake.token",l="Does the server accept the token?";if(r===void 0)return this.#s({id:i,verdict:"skip",question:l,found:"token not exercised"});const h=T(r),b=performance.now();for(;;){let R;try{R=await this.#c("/v1-k3s/readyz",{caPem:n,authorization:e(h)})}catch(le){return this.#s(await this.#a(i,l,this.#o,le))}if(R.status===200)return this.#s({id:i,verdict:"pass",question:l,found:`accepted (${h.kind} token)`});const C=R.status===401||R.status===403;if(C&&performance.now()-b+yn<Xn){await(0,J.setTimeout)(yn,void 0,{signal:s});continue}const F=[`GET /v1-k3s/readyz: HTTP ${R.status}`];return C?this.#s({id:i,verdict:"fail",question:l,found:`refused (${h.kind} token)`,cause:h.kind==="bootstrap"?"the server does not know this token: it has expired or was deleted, or the kubeconfig is of another cluster":"it is not this cluster's token, or the token was changed since",remedy:h.kind==="bootstrap"?"press the button again: a new one is minted; when that is refused too, `server` and the kubeconfig are of different clusters":"give no token, so that one is minted through the kubeconfig; or fetch the current one from the server",evidence:F}):this.#s({id:i,verdict:"fail",question:l,found:`the server answers HTTP ${R.status} instead`,cause:"what answers there knows the API but not how agents of k3s join: a load balancer or proxy in front, or no k3s",remedy:"set `server` to the address of a k3s server, where its supervisor listens",evidence:F})}}async#d(){const{caPem:n,token:r,knownApiServers:s=[]}=this.#t,i=Et(this.#o.address,this.#o.port);if(r===void 0)return[i,...s];const l=await this.#c("/v1-k3s/apiservers",{caPem:n,authorization:e(T(r))});let h;try{h=JSON.parse(l.body)}catch{h=void 0}if(l.status!==200||!Array.isArray(h))throw new oe("protocol",`GET /v1-k3s/apiservers: HTTP ${l.status}, no list`);return h.length===0?[i]:h.map(String)}async askApiServers(){let n;try{n=await this.#d()}catch(l){this.#s(await this.#a("handshake.apiserver","Which API servers does the server name?",this.#o,l));return}const r=new Map;for(const l of n.slice(0,Qn)){const h=wn(l.startsWith("https://")?l:`https://${l}`);h!==void 0&&r.set(Et(h.address,h.port),h)}const s=[],i=async([l,h])=>{s.push(await this.#u(l,h))};if(this.via==="forwarding")await Promise.all([...r].map(i));else for(const l of r)await i(l);return s.length>0&&s.every(Boolean)?[...r.keys()]:void 0}async#u(n,r){const{caPem:s,signal:i}=this.#t,l=kn(n),h=`Does ${n} answer the host?`,b=performance.now();try{await this.#i(()=>this.#n.reach(r.address,r.port,s,i))}catch(R){return this.#s(await this.#a(l,h,r,R))}return this.#s({id:l,verdict:"pass",question:h,found:`yes, in ${Math.round(performance.now()-b)} ms`})}}async function ts(t,n,r=()=>{}){const s=wn(n.server);if(s===void 0)throw new RangeError(`server ${JSON.stringify(n.server)} is not an address like https://host:6443`);const i=new es(t,n,s,r),l=await i.askAuthority();if(l===void 0)return{checks:i.checks};if(!(await i.askToken()||n.token===void 0))return{checks:i.checks};const b=await i.askApiServers();return b===void 0?{checks:i.checks}:{checks:i.checks,result:{caHash:l,apiServers:b,via:i.via}}}function dn(t){return String(Math.max(0,Math.floor((t.lockWaitMs??Math.min(6e4,t.timeoutMs/3))/1e3)))}function Xt(t){if(!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(t))throw new TypeError(`${JSON.stringify(t)} is no run id`);return t}function un(t){return t.replace(/[\u0000-\u001f\u007f]+/g," ").slice(0,200)}function ns(t){const r=[["install-binary",t.binary,"binary"],["run-installer",t.installer,"installer"],["write-config",t.config,"config"],["edit-environment",t.environment,"environment"],["edit-unit",t.removeArguments,"removeArguments"]].find(([s,i])=>t.steps.includes(s)&&i===void 0);return r&&`step ${r[0]} needs ${r[2]}`}function bn(t){if(!(typeof t.step!="string"||t.state!=="done"&&t.state!=="unchanged"))return{step:t.step,state:t.state}}async function ss(t,n,r){const{binary:s,installer:i,environment:l}=n,h=ns(n);if(h!==void 0)throw new TypeError(h);const b=n.removeArguments??[],R=b.find(Y=>!/^--?[A-Za-z][A-Za-z0-9-]*$/.test(Y));if(R!==void 0)throw new TypeError(`${JSON.stringify(R)} is no name of an argument`);const C=await t.run({name:"apply",script:[Ce["unit-file"],Ce["change-log"],Ce["agent-data"],Ce.edit,Ce.apply].join(`
`),env:{RUN_ID:Xt(n.runId),HOLDER:un(n.holder),LOCK_WAIT:dn(r),STEPS:n.steps.join(" "),STAGED:s?.stagedPath??"",BINARY_SHA256:s?.sha256??"",INSTALLER_SHA256:i?.sha256??"",SERVER_URL:l?.url??"",REMOVE_ARGUMENTS:b.join(" "),RESTART:n.isRestartFollowing?"yes":"no"},secrets:{TOKEN:l?.token??"",CONFIG:n.config??"",INSTALLER:i?.text??""},privilege:"root",timeoutMs:r.timeoutMs,signal:r.signal,onLine:Y=>{const Re=bn(Y);Re&&r.onStep?.(Re.step,Re.state),typeof Y.waiting_for=="string"&&r.onWaiting?.(Y.waiting_for)}}),F=Ee(t.label,"the installation",C);if(F)throw F;const le=C.lines.flatMap(Y=>bn(Y)??[]);return{steps:le,isChanged:le.some(Y=>Y.state==="done"),interrupted:C.lines.flatMap(Y=>typeof Y.interrupted=="string"?[{runId:Y.interrupted,step:String(Y.step??"")}]:[]),holdsFormerToken:C.lines.some(Y=>Y.former_token===!0)}}async function rs(t,n){const{signal:r,waitMs:s,holdMs:i}=n,l=new AbortController,h=Promise.withResolvers();let b=!1;const R=t.run({name:"hold",script:[Ce["change-log"],Ce.hold].join(`
`),env:{RUN_ID:Xt(n.runId),HOLDER:un(n.holder),LOCK_WAIT:String(Math.ceil(s/1e3)),HOLD:String(Math.ceil(i/1e3))},privilege:"root",timeoutMs:s+i,signal:AbortSignal.any([r,l.signal]),onLine:F=>{typeof F.waiting_for=="string"&&(b=!0,n.onWaiting(F.waiting_for)),F.held==="yes"&&h.resolve(typeof F.released=="number"?F.released*1e3:0)}}).then(F=>{throw Ee(t.label,"keeping other runs away",F)??new Error("the lock was not kept")});R.catch(h.reject);const C=await h.promise;return{hasWaited:b,releasedAtMs:C,async release(){l.abort(),await R.catch(()=>{})}}}const os=2e4;function is(t,n){return Te(t,n,void 0).some(r=>(r.id==="start"||r.id==="restart")&&r.waitsFor===void 0)}async function as(t,n,r){const s=await t.run({name:"node-password",script:Ce["node-password"],privilege:"root",timeoutMs:os,signal:r}),i=s.lines.find(b=>typeof b.password=="string"),l=typeof i?.password=="string"?i.password.trim():void 0;l&&n(l);const h=Ee(t.label,"reading the node password",s);if(h)throw h;return i?.present===!0?l:void 0}async function cs(t,n,r,s,i,l){if(!is(r,s))return;let h;try{h=await n.nodePassword(je(r.desired.node),l)}catch(Re){if(Re instanceof wt.b$&&Re.code==="forbidden")return{state:"unknown",problem:Re.message};throw Re}if(!h)return{state:"none"};const{hash:b,...R}=h,C={hasSecret:!0,hasFile:s.hasNodePassword};if(!s.hasNodePassword)return{state:ee({...C,password:void 0,isMatch:void 0}),secret:R};let F;try{F=await as(t,i,l)}catch(Re){if(l.aborted)throw Re;return{state:"unknown",secret:R,problem:Re.message}}if(F===void 0)return{state:"missing",secret:R};const le=F===""?void 0:await xe(b,F),Y=ee({...C,password:F,isMatch:le});return{state:Y,secret:R,...Y==="unknown"?{problem:"the hash in the Secret is none that can be checked"}:{}}}const ds=5e3,us=200;async function ls(t,n,r,s,i,l=ds){const h=performance.now()+(s?l:0);for(;;){const b=await t.nodePassword(n,i);if(!b)return;const R=b.uid===r.uid&&(s||b.resourceVersion===r.resourceVersion);if(!R||performance.now()>=h)return await t.deleteNodePassword(n,R?b:r,i);await(0,J.setTimeout)(us,void 0,{signal:i})}}const ln={node:"k3s-gpu-actions/node",run:"k3s-gpu-actions/run"},hs="system:bootstrappers:k3s:default-node-token",fs=["create","delete","list"].map(t=>({verb:t,group:"",resource:"secrets",namespace:"kube-system"}));function Qt(t){const n=t.replace(/[^A-Za-z0-9._-]+/g,"-").replace(/^[^A-Za-z0-9]+/,"").slice(0,63).replace(/[^A-Za-z0-9]+$/,"");return n===""?"unknown":n}function vn(t,n){if(!(t.ttlMs>0))throw new RangeError("a token needs a time to live");return{id:q(n),secret:w(n),description:`k3s-gpu-actions: join of ${t.node}, ${Qt(t.runLabel)}`,expiresAt:new Date(t.now+t.ttlMs).toISOString().replace(/\.\d{3}Z$/,"Z"),extraGroups:hs,labels:{[ln.node]:Qt(t.node),[ln.run]:Qt(t.runLabel)}}}async function ps(t,n,r){const s=n.token??vn(n);return await n.record(s.id),await t.createBootstrapToken(s,r),s}async function ms(t,n,r){await t.deleteBootstrapToken(n,r)}async function $s(t,n,r){const i=(await t.bootstrapTokens({[ln.node]:Qt(n.node)},r)).filter(l=>Date.parse(l.createdAt)<n.olderThan).map(l=>l.id);return await Promise.all(i.map(l=>t.deleteBootstrapToken(l,r))),i}var en=z(1455),gs=z(3024),ys=z(6466);async function _n(t,n){const r=(0,me.createHash)("sha256");return await(0,ys.pipeline)((0,gs.createReadStream)(t),r,{signal:n}),r.digest("hex")}function On(t,n){const r=new Set;for(const s of t.split(/\r?\n/)){const[,i,l]=/^\\?([0-9A-Fa-f]{64})[ \t]+\*?(?:\.\/)?(\S.*?)\s*$/.exec(s)??[];i!==void 0&&l===n&&r.add(i.toLowerCase())}return r.size===1?[...r][0]:void 0}class Nt extends Error{name="ReleaseError";code;cause;remedy;evidence;constructor(n,r,s,i,l=[]){super(r),this.code=n,this.cause=s,this.remedy=i,this.evidence=l}}const xn="run it again; if it stays so, look at https://www.githubstatus.com and at the release page of k3s";function Tn(t){const{code:n,cause:r,remedy:s}=typeof t=="object"&&t!==null?t:{};return typeof n=="string"&&typeof r=="string"&&typeof s=="string"}const ws=["rate-limited","github-refused","github-unreachable"];function Sn(t,n,r=[]){if(!Tn(t))return new Nt("download-failed",n,An(t),xn,r);const s=ws.includes(t.code)?t.code:"download-failed";return new Nt(s,n,t.cause,t.remedy,[...r,...t.evidence??[]])}function ks(t,n){if(!(!Tn(n)||n.code!=="release-not-found"))return new Nt("release-not-found",`there is no release ${t} of k3s`,`no release of k3s-io/k3s is called ${t}`,"correct the version; all of them are listed at https://github.com/k3s-io/k3s/releases, and look like v1.33.4+k3s1",n.evidence??[])}function tn(t,n){return new Nt("checksum-mismatch",`${t} is not what k3s published`,"it was changed on the way (a proxy or mirror), the release was changed after it was published, or the download is damaged","nothing of it was used. Run it again; if it stays so, compare the hashes below with the release page before trusting either",n)}function An(t){return typeof t=="object"&&t!==null&&"message"in t?String(t.message):String(t)}const Rn="k3s-io",Pn="k3s",En="k3s",bs={amd64:"k3s",arm64:"k3s-arm64"},vs=/^[0-9a-f]{64}$/;function Nn(t){const n=t?.toLowerCase().replace(/^sha256:/,"");return n!==void 0&&vs.test(n)?n:void 0}async function In(t,n,r){const s=bs[t.architecture];if(s===void 0)throw new Nt("architecture-unsupported",`there is no checked k3s for ${t.architecture||"an unknown architecture"}`,"programs are fetched and checked for amd64 and arm64 only","use a 64-bit x86 or Arm machine");const i=await _s(t.version,n,r),l=R=>{const C=i.assets.find(F=>F.name===R);if(C!==void 0)return C;throw new Nt("release-incomplete",`release ${t.version} of k3s has no file ${R}`,"the release is still being published, or was withdrawn in part","choose another version, or try again later",[`its files: ${i.assets.map(F=>F.name).slice(0,40).join(", ")||"none"}`])},h=l(s),b=Nn(h.digest);return{version:t.version,architecture:t.architecture,sizeBytes:h.sizeBytes,...b===void 0?{}:{sha256:b},binary:h,checksums:l(`sha256sum-${t.architecture}.txt`),commit:i.commit}}function Vs(t){return t.sizeBytes}async function _s(t,n,r){try{return await n.release(Rn,Pn,t,r)}catch(s){throw r.aborted?r.reason:ks(t,s)??Sn(s,`release ${t} of k3s cannot be looked up`)}}async function hn(t,n,r,s){try{return await r(t,s)}catch(i){throw s.aborted?s.reason:Sn(i,`${n} cannot be downloaded`,[t])}}async function Os(t,n,r){const{binary:s,checksums:i,version:l}=t,h=await hn(i.url,`the checksum file of k3s ${l}`,n,r),b=await(0,en.readFile)(h,{encoding:"utf8",signal:r}),R=(0,me.createHash)("sha256").update(b).digest("hex"),C=Nn(i.digest);if(C!==void 0&&C!==R)throw tn(`the checksum file of k3s ${l}`,[`downloaded: ${R}`,`GitHub's digest: ${C}`]);const F=On(b,s.name);if(F===void 0)throw new Nt("release-incomplete",`the checksum file of k3s ${l} has no line for ${s.name}`,"the file is damaged, or the release is not complete","choose another version, or try again later",[`${i.name}: ${b.split(`
`).filter(le=>le!=="").length} lines`]);if(t.sha256===void 0)return{sha256:F,notes:[`GitHub has no digest for ${s.name}: checked against ${i.name} alone`]};if(t.sha256!==F)throw tn(`${s.name} of k3s ${l}`,[`${i.name}: ${F}`,`GitHub's digest: ${t.sha256}`]);return{sha256:F,notes:[]}}async function xs(t,n,r,s){const{architecture:i,binary:l,version:h}=t,b=de(h);if(b===void 0)throw new RangeError(`${JSON.stringify(h)} is no exact k3s version`);const R=ve(b),C=[],F=r.toolCache.find(En,R,i);if(F!==void 0){const Re=await _n(F,s).catch(()=>"unreadable");if(s.throwIfAborted(),Re===n)return{binary:{path:F,sha256:n,sizeBytes:(await(0,en.stat)(F)).size,fromCache:!0},notes:C};C.push(`the tool cache held another file for k3s ${h} (sha256 ${Re}); it was not used`)}const le=await hn(l.url,`k3s ${h} for ${i}`,r.download,s),Y=await _n(le,s);if(Y!==n)throw tn(`the downloaded ${l.name} of k3s ${h}`,[`downloaded: ${Y}`,`published: ${n}`]);return await r.toolCache.add(le,l.name,En,R,i).catch(Re=>{s.throwIfAborted(),C.push(`the tool cache could not be used: ${An(Re)}`)}),{binary:{path:le,sha256:n,sizeBytes:(await(0,en.stat)(le)).size,fromCache:!1},notes:C}}async function Ts(t,n,r){const{commit:s,version:i}=t;if(!/^[0-9a-f]{40}$/.test(s))throw new Nt("release-incomplete",`the commit of k3s ${i} is unknown`,`GitHub gave ${JSON.stringify(s)}`,xn);const l=`https://raw.githubusercontent.com/${Rn}/${Pn}/${s}`,[h,b]=await Promise.all(["install.sh","install.sh.sha256sum"].map(Y=>hn(`${l}/${Y}`,`${Y} of k3s ${i}`,n,r))),[R,C]=await Promise.all([h,b].map(Y=>(0,en.readFile)(Y,{signal:r}))),F=On(String(C),"install.sh"),le=(0,me.createHash)("sha256").update(R).digest("hex");if(F!==le)throw tn(`the installer of k3s ${i}`,[`install.sh: ${le}`,`install.sh.sha256sum: ${F??"no line for install.sh"}`]);return{text:String(R),sha256:le,commit:s}}async function Ln(t,n,r){const s=Ts(t,n.download,r);s.catch(()=>{});try{const i=await Os(t,n.download,r),{binary:l,notes:h}=await xs(t,i.sha256,n,r),{version:b,architecture:R}=t;return{version:b,architecture:R,binary:l,installer:await s,notes:[...i.notes,...h]}}catch(i){throw r.aborted?r.reason:i}}async function qs(t,n,r){return await Ln(await In(t,n.releases,r),n,r)}async function Ss(t,n,r){if(r.unit!==void 0&&r.unit!=="k3s-agent")throw new TypeError(`unknown unit ${r.unit}`);const s=await t.run({name:"undo",script:[Ce["change-log"],Ce["agent-data"],Ce.undo].join(`
`),env:{RUN_ID:Xt(n),HOLDER:un(r.holder??`undo of run ${n}`),LOCK_WAIT:dn(r),STOP:r.stop===!1?"no":"yes"},privilege:"root",timeoutMs:r.timeoutMs,signal:r.signal}),i=Ee(t.label,"the undo",s);if(i)throw i;return{undone:s.lines.flatMap(l=>typeof l.undone=="string"?[l.undone]:[]),remaining:s.lines.flatMap(l=>typeof l.remaining=="string"?[l.remaining]:[])}}async function As(t,n,r){const s=await t.run({name:"forget",script:[Ce["change-log"],Ce.forget].join(`
`),env:{RUN_ID:Xt(n),HOLDER:`end of run ${n}`,LOCK_WAIT:dn(r)},privilege:"root",timeoutMs:r.timeoutMs,signal:r.signal}),i=Ee(t.label,"deleting the former token",s);if(i)throw i;return s.lines.flatMap(l=>typeof l.forgotten=="string"?[l.forgotten]:[])}const Kt=t=>typeof t=="string"?t:"",jn=t=>typeof t=="number"&&Number.isSafeInteger(t)?t:0;function Rs(t){if(t.event==="journal"){const n=Kt(t.source);return{type:"journal",text:Kt(t.text),...n===""?{}:{source:n}}}if(t.event==="journal-ended")return{type:"journal",text:`journalctl ended: ${Kt(t.text)}`};if(t.event==="unit")return{type:"unit",activeState:Kt(t.active),subState:Kt(t.sub),restarts:jn(t.restarts),result:Kt(t.result),mainStatus:jn(t.status),isNew:t.new===!0}}async function Ps(t,n){const{unit:r,action:s,signal:i,onEvent:l,timeoutMs:h}=n;if(i.aborted)return;let b;try{b=await t.run({name:"watch",script:Ce.watch,env:{UNIT:r,ACTION:s},privilege:"root",timeoutMs:h,signal:i,onLine:R=>{const C=i.aborted?void 0:Rs(R);C&&l(C)}})}catch(R){if(i.aborted)return;throw R}if(!i.aborted)throw Ee(t.label,`the ${s==="none"?"watch":s} of ${r}`,b)??new H("watch-ended","",`the watch of ${r} on ${t.label} ended by itself`,"the script ended without being told to","run it again: it continues from what it finds",b.stderr.trim().split(`
`).slice(-10))}const Es=[Ce["unit-file"],Ce["survey-settings"],Ce.survey].join(`
`),Ns=64,Is=512,Ls=["node-label","node-taint","kubelet-arg"],Mn=64*1024;function qe(t,n,r=4096){const s=t[n];return typeof s=="string"?s.slice(0,r):""}function fn(t,n,r){const s=qe(t,n,Mn);return s===""?[]:s.split(r)}function js(t,n){const r=t[n];return typeof r=="number"&&Number.isSafeInteger(r)&&r>=0?r:0}const Ms=["none","server","agent","bootstrap","short"];function Cs(t){return Ms.find(n=>n===t.token_kind)??"short"}function Ds(t){const n=b=>t.filter(R=>R.fact===`k3s.${b}`).slice(0,Ns),r=b=>t.find(R=>R.fact===`k3s.${b}`),s=r("binary"),i=r("unit"),l=r("environment"),h=r("own-config");return{...s&&{binary:{path:qe(s,"path"),version:qe(s,"version",128),sha256:qe(s,"sha256",64)}},...i&&{unit:{name:qe(i,"name",256),path:qe(i,"path"),sha256:qe(i,"sha256",64),arguments:fn(i,"arguments",`
`),activeState:qe(i,"active",64),subState:qe(i,"sub",64),isEnabled:i.enabled===!0,restarts:js(i,"restarts"),needsReload:i.needs_reload===!0}},hasServerUnit:r("server-unit")?.present===!0,changedSinceStart:n("changed").map(b=>qe(b,"path")),...l&&{environment:{path:qe(l,"path"),sha256:qe(l,"sha256",64),mode:qe(l,"mode",8),keys:fn(l,"keys"," "),url:qe(l,"url"),tokenKind:Cs(l)}},configFiles:n("config").map(b=>({path:qe(b,"path"),sha256:qe(b,"sha256",64),mode:qe(b,"mode",8),keys:fn(b,"keys"," ")})),settings:t.filter(b=>b.fact==="k3s.setting").slice(0,Is).flatMap(b=>{const R=Ls.find(C=>C===b.key);return R===void 0?[]:[{path:qe(b,"path"),key:R,isAdded:b.appends===!0,value:qe(b,"value",512)}]}),hasSelinuxPolicy:r("selinux-policy")?.present===!0,...h&&{ownConfig:qe(h,"text",Mn)},hasNodePassword:r("node-password")?.present===!0,templates:n("template").map(b=>({path:qe(b,"path"),sha256:qe(b,"sha256",64),hasBaseTemplate:b.base===!0}))}}const nn="k3s-agent",zs=["install-binary","run-installer","write-config","edit-environment","edit-unit","reload","enable"],Fs=18e4,Us=6e4,Hs=3e4,Bs=[[/Running load balancer k3s-agent-load-balancer/,"agent found the server"],[/containerd is now running/,"containerd up"]];async function Gs(t,n,r){return await new Promise(s=>{const i=(0,Z.connect)({host:t,port:n,signal:AbortSignal.any([r,AbortSignal.timeout(3e3)])}),l=h=>{i.destroy(),s(h)};i.once("connect",()=>l(!0)),i.once("error",()=>l(!1))})}function Ks(t,n,r){const s=l=>l.verdict==="pass"||l.verdict==="warn"?"\u2713":l.verdict==="skip"?"not exercised":"\u2717";return t.map(l=>l.id==="handshake.ca"?`CA ${n?`${n.slice(0,4)}\u2026${n.slice(-2)} `:""}${s(l)}`:l.id==="handshake.token"?r?`token ${s(l)}`:"token not exercised":`${l.id.replace(/^handshake\.(apiserver\.?)?/,"").replace(/-(\d+)$/,":$1")} ${s(l)}`).join("  ")}function Zs(t){const n=new Map,r=(s,i,l)=>{const h=`${s} ${i}`,b=n.get(h)??In({version:s,architecture:i},t.releases,l);return n.set(h,b),b};return{name:"k3s",unit:nn,surveyScript:Es,tokenAccessRequests:fs,resolveVersion:rt,survey:Ds,async inspect(s,i,l,h,b){const R=await cs(s,i,l,h,t.mask,b);return R===void 0?h:{...h,nodePassword:R}},describe:L,checkRegistry:O,checks:(s,i)=>P(s,i,We(s.version,s.reading.version)),plan:Te,needsRelease:_e,async sketchRelease(s,i,l){const{sizeBytes:h,sha256:b}=await r(s,i,l);return{sizeBytes:h,...b?{sha256:b}:{}}},async mint(s,i,l,h,b,R){const{serverTimeMs:C}=await s.read(i,R),F={node:i,runLabel:l.label,ttlMs:h,now:C},le=vn(F),Y=N(St(s.caPem),le.id,le.secret);for(const Re of[Y,`${le.id}.${le.secret}`,le.secret])t.mask(Re);return await ps(s,{...F,record:b,token:le},R),{id:le.id,text:Y}},revoke:ms,async sweep(s,i,l){const{serverTimeMs:h}=await s.read(i,l);return await $s(s,{node:i,olderThan:h+1e3},l)},acceptToken:$e,async hold(s,i,l,h,b){return await rs(s,{...l,runId:i.runId,holder:i.label,onWaiting:h,signal:b})},async handshake(s,i,l,h,b){const R={server:i,caPem:l,...h?{token:h.text}:{},script:Ce.handshake,probe:Gs,signal:b},{checks:C,result:F}=await ts(s,R);return{checks:C,passed:F!==void 0,line:Ks(C,F?.caHash,h!==void 0)}},async freeName(s,i,{nodePassword:l},h,b){if(!l?.secret)throw new Error("there is no node password that was looked at");await ls(s,je(i.desired.node),l.secret,h,b)},async prepare(s,i,l){return await Ln(await r(s,i,l),t,l)},describePrepared:s=>[`k3s ${s.version} ${s.architecture} ${s.binary.sha256.slice(0,12)}\u2026 ${s.binary.fromCache?"from the tool cache, checked again":"downloaded and checked"}`,...s.notes.map(i=>`! ${i}`)],async install(s,i,l,h,b,R){const{prepared:C,credential:F}=l,le=new Set(l.changes.map(Ht=>Ht.id));let Y;le.has("upload-binary")&&C&&(Y=await s.upload({path:C.binary.path,name:"k3s",sizeBytes:C.binary.sizeBytes},R),b("upload-binary"));const Re={runId:h.runId,holder:h.label,steps:zs.filter(Ht=>le.has(Ht)),isRestartFollowing:le.has("start")||le.has("restart"),...Y&&C?{binary:{stagedPath:Y,sha256:C.binary.sha256}}:{},...C?{installer:C.installer}:{},...le.has("write-config")?{config:pe(i.desired)}:{},...le.has("edit-environment")?{environment:{url:i.server,...F?{token:F.text}:{}}}:{},...le.has("edit-unit")?{removeArguments:j}:{}};if(Re.steps.length===0)return{needsSettling:!1,notes:[]};const mt=await ss(s,Re,{signal:R,timeoutMs:Fs,onStep:Ht=>b(Ht)}),qt=mt.interrupted.map(({step:Ht})=>`an earlier run was interrupted here (${Ht}); what it left is as this run wants it`);return{needsSettling:mt.holdsFormerToken,notes:qt}},async settle(s,i,l){await As(s,i.runId,{signal:l,timeoutMs:Hs})},async start(s,i,l,h,b){await Ps(s,{unit:nn,action:i,signal:b,onEvent:h,timeoutMs:l})},milestone:s=>Bs.find(([i])=>i.test(s))?.[1],evidence:(s,i,l)=>pt(s,{unit:nn,startedAgoMs:i.startedAgoMs},l),async remove(s,i,l){const{undone:h,remaining:b}=await Ss(s,i.runId,{unit:nn,signal:l,timeoutMs:Us});return{changes:h,remaining:b}}}}}),8003:((bt,He,z)=>{z.d(He,{b$:()=>X,eh:()=>Dt,FU:()=>Oe,OM:()=>me,DT:()=>vt});const D={group:"coordination.k8s.io",resource:"leases",namespace:"kube-node-lease"},Oe=[...["get","list","watch","patch","delete"].map(g=>({verb:g,group:"",resource:"nodes"})),...["get","list","watch"].map(g=>({verb:g,...D}))],me=["list","delete"].map(g=>({verb:g,group:"",resource:"secrets",namespace:"kube-system"})),je="manifests/k3s-join-rbac.yaml";class X extends Error{name="ClusterError";code;cause;remedy;evidence;status;constructor($,S){super(S.title),S.status!==void 0&&(this.status=S.status),this.code=$,this.cause=S.cause,this.remedy=S.remedy,this.evidence=S.evidence??[]}}function ce(g){const $=g.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g," ").trim();return $.length>300?`${$.slice(0,299)}\u2026`:$}function xe(g){return typeof g!="object"||g===null?"":"errors"in g&&Array.isArray(g.errors)&&g.errors.length>0?xe(g.errors[0]):"code"in g&&typeof g.code=="string"?g.code:""}const ee={ECONNREFUSED:"nothing listens on that port, or a firewall answers in its place",ECONNRESET:"the connection was cut; a proxy or firewall in between does that, or the server is restarting",EPIPE:"the connection was cut while the request was being sent",ETIMEDOUT:"packets to that address get no answer (firewall, wrong address, or the server is off)",EHOSTUNREACH:"there is no route to that address from here",ENETUNREACH:"there is no route to that network from here",ENOTFOUND:"the server name does not resolve here",EAI_AGAIN:"the resolver gave no answer for the server name",ERR_HTTP_INVALID_STATUS_CODE:"what answers on that port does not speak HTTP as an API server does",HPE_INVALID_CONSTANT:"what answers on that port does not speak HTTP as an API server does"},he=/^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|ERR_OSSL|EPROTO$|INVALID_CA|PATH_LENGTH_|HOSTNAME_MISMATCH)/;function we(g){return g==="ERR_TLS_CERT_ALTNAME_INVALID"?{cause:"the server certificate is not issued for this address",remedy:"use an address the certificate names, set tls-server-name in the kubeconfig, or add the address to the server\u2019s subject alternative names (tls-san)"}:g==="CERT_HAS_EXPIRED"||g==="CERT_NOT_YET_VALID"?{cause:"a certificate of the server is outside its period of validity, or the clock here is wrong",remedy:"compare the clocks; restart the server to renew certificates that have expired"}:/^(ERR_SSL_|EPROTO)/.test(g)?{cause:"the TLS handshake failed: the port speaks something else, or it refused the client certificate",remedy:"check host and port of the server in the kubeconfig, and that its client certificate has not expired"}:{cause:"the server's certificate is not signed by the certificate authority in the kubeconfig",remedy:"fetch the kubeconfig again from the server: it belongs to another cluster, or to this one before its CA changed"}}function ie(g,$,S){if(g instanceof X)return g;const o=xe(g),u=typeof g=="object"&&g!==null&&"message"in g?String(g.message):String(g),y=u===""?o:u,O=[`${S}: ${ce(o&&!y.includes(o)?`${o} ${y}`:y)}`];return he.test(o)?new X("api-tls",{title:`the API server at ${$} cannot be trusted`,...we(o),evidence:O}):new X("api-unreachable",{title:`the API server at ${$} cannot be reached from the runner`,cause:ee[o]??"the connection failed",remedy:"check the server address in the kubeconfig, and that the runner may reach that port",evidence:O})}function fe(g){return g instanceof X?g.code==="api-unreachable"||g.code==="timeout"?!0:g.code==="api-failed"&&g.status!==void 0&&(g.status>=500||g.status===429):!1}function be(g,$,S){return new X("timeout",{title:`the API server at ${g} did not answer within ${S/1e3} s`,cause:"packets get no answer (firewall, wrong address), or the server is overloaded",remedy:"check that the runner may reach that address and port, and the load of the server",evidence:[`${$}: no answer in ${S} ms`]})}function ae(g){const $=g.group===""?g.resource:`${g.resource}.${g.group}`;return`${g.verb} ${$}${g.namespace===void 0?"":` in namespace ${g.namespace}`}`}function ne(g,$,S){const u={evidence:[`${S.request}: HTTP ${g}${$===""?"":`, ${ce($)}`}`],status:g};if(g===401)return new X("unauthorized",{title:`the API server at ${S.server} does not accept the credentials of the kubeconfig`,cause:"its token or client certificate has expired, was revoked, or belongs to another cluster",remedy:"fetch a fresh kubeconfig and store it again",...u});if(g===403){const y=S.access===void 0?"do that":ae(S.access);return new X("forbidden",{title:`the user of the kubeconfig may not ${y}`,cause:"a rule for it is missing",remedy:`apply ${je} with an administrator's kubeconfig: kubectl apply -f ${je}`,...u})}return g===404?new X("not-found",{title:"the object is not there",cause:"it was deleted meanwhile, or never existed",remedy:"run it again: the next run starts from what is there then",...u}):g===409?new X("conflict",{title:"the object was changed by somebody else meanwhile",cause:"another run or controller works on the same object",remedy:"run it again when the other one is done",...u}):new X("api-failed",{title:`the API server at ${S.server} answered HTTP ${g}`,cause:g>=500?"the server has a problem of its own, or is still starting":g===429?"the server is overloaded":"it did not accept the request",remedy:g>=500||g===429?"look at the server\u2019s log, then run it again":"see the evidence",...u})}function B(g,{evidence:$,status:S}){return new X("conflict",{title:`node ${g} was not deleted: it is no longer the one that was looked at`,cause:"a machine registered under that name after it was read: the old one came back, or another run joined it",remedy:"nothing was deleted. Run it again: the next run looks at the node that is there then",evidence:$,...S===void 0?{}:{status:S}})}function Fe(g,{evidence:$,status:S}){return new X("conflict",{title:`the node password in the secret ${g} was not deleted: it is no longer the one that was looked at`,cause:"a machine registered under that name after it was read, or the server stored its Secret anew",remedy:"nothing was deleted. Run it again: the next run looks at what is there then",evidence:$,...S===void 0?{}:{status:S}})}var de=z(1455),ve=z(8815),De=z(8500);const Ye="api/v1/namespaces/default/events",et=50;function rt(g){return{method:"GET",path:Ye,query:{fieldSelector:`involvedObject.kind=Node,involvedObject.name=${g}`,limit:"500"},access:{verb:"list",group:"",resource:"events",namespace:"default"}}}const Ae=g=>ce(g??""),We=g=>Ae(String(g.lastTimestamp??g.eventTime??g.metadata?.creationTimestamp??""));function Se(g,$){if($===void 0)return[`There is no node ${g}.`];const{nodeInfo:S,conditions:o=[]}=$.status??{};return[`node ${g}, uid ${Ae($.metadata?.uid)}, created ${Ae(String($.metadata?.creationTimestamp??""))}`,`kubelet ${Ae(S?.kubeletVersion)}, runtime ${Ae(S?.containerRuntimeVersion)}, kernel ${Ae(S?.kernelVersion)}, ${Ae(S?.osImage)}`,...($.spec?.taints??[]).map(u=>`taint ${Ae(u.key)}=${Ae(u.value)}:${Ae(u.effect)}`),...o.map(u=>`condition ${Ae(u.type)}=${Ae(u.status)} since ${Ae(String(u.lastTransitionTime??""))}: ${Ae(u.reason)}: ${Ae(u.message)}`)]}function Z(g){return g.length===0?["No events."]:[...g].sort(($,S)=>We($)<We(S)?-1:1).slice(-et).map($=>`event ${We($)} ${Ae($.type)} ${Ae($.reason)} (${Number($.count??1)}\xD7): ${Ae($.message)}`)}async function re(g,$,S){const o={method:"GET",path:`api/v1/nodes/${encodeURIComponent($)}`,access:{verb:"get",group:"",resource:"nodes",name:$}},u=async(P,L)=>{try{return await L()}catch(I){if(S.aborted)throw I;const H=I instanceof X&&I.code==="forbidden"?`; an optional rule in ${je} allows it`:"";return[`${P} could not be read: ${I instanceof Error?I.message:String(I)}${H}`]}},[y,O]=await Promise.all([u("The node",async()=>Se($,(await g.call(o,S)).body)),u("Events",async()=>{const{body:P}=await g.call(rt($),S);return Z(P?.items??[])})]);return[...y,"",...O,""].join(`
`)}const te=["node-role.kubernetes.io/control-plane","node-role.kubernetes.io/master"];function ge(g,$){return(g.status?.addresses??[]).filter(S=>S.type===$).map(S=>S.address)}function se(g){return(g.spec?.taints??[]).map($=>({key:$.key,...$.value?{value:$.value}:{},effect:$.effect}))}function ke(g){const $=g.status?.conditions?.find(u=>u.type==="Ready"),S=g.metadata?.labels??{},o=g.status?.nodeInfo;return{name:g.metadata?.name??"",uid:g.metadata?.uid??"",resourceVersion:g.metadata?.resourceVersion??"",createdAt:g.metadata?.creationTimestamp??"",labels:S,annotations:g.metadata?.annotations??{},taints:se(g),ready:$?.status==="True"||$?.status==="False"?$.status:"Unknown",readyReason:$?.reason??"",readyMessage:$?.message??"",kubeletVersion:o?.kubeletVersion??"",osImage:o?.osImage??"",architecture:o?.architecture??"",systemUuid:o?.systemUUID??"",machineId:o?.machineID??"",internalIps:ge(g,"InternalIP"),externalIps:ge(g,"ExternalIP"),isServer:te.some(u=>u in S),unschedulable:g.spec?.unschedulable??!1}}function Be(g){if(!/^[a-z0-9]{6}$/.test(g))throw new RangeError(`a bootstrap token id has 6 characters [a-z0-9], not ${g.length}`);return`bootstrap-token-${g}`}function Ne(g){return Buffer.from(g).toString("base64")}function Le(g){if(!/^[a-z0-9]{16}$/.test(g.secret))throw new RangeError("a bootstrap token secret has 16 characters [a-z0-9]");return{apiVersion:"v1",kind:"Secret",type:"bootstrap.kubernetes.io/token",metadata:{name:Be(g.id),namespace:"kube-system",labels:{...g.labels}},data:{"token-id":Ne(g.id),"token-secret":Ne(g.secret),expiration:Ne(g.expiresAt),"usage-bootstrap-authentication":Ne("true"),"usage-bootstrap-signing":Ne("true"),"auth-extra-groups":Ne(g.extraGroups),description:Ne(g.description)}}}function Ke(g){const $=g.data?.expiration;return{id:(g.metadata?.name??"").replace(/^bootstrap-token-/,""),createdAt:g.metadata?.creationTimestamp??"",expiresAt:$===void 0?"":Buffer.from($,"base64").toString("utf8")}}const tt=1024;function V(g){const $=g.data?.hash??"",S=$.length>tt?"":Buffer.from($,"base64").toString("utf8");return{uid:g.metadata?.uid??"",resourceVersion:g.metadata?.resourceVersion??"",createdAt:g.metadata?.creationTimestamp??"",hash:S}}const Ue=60,ze=100,Je=2e3;class Ze extends Error{}const ut=8*1024*1024;async function*$t(g){g.setEncoding("utf8");let $="";const S=g[Symbol.asyncIterator]();for(;;){const o=await S.next().catch(()=>{});if(o===void 0||o.done)return;const u=($+o.value).split(`
`);if($=u.pop()??"",$.length>ut)throw new Ze;yield*u.filter(y=>y!=="")}}function lt(g){let $;try{$=JSON.parse(g)}catch{}if(!$?.object||$.type==="ERROR")throw new Ze;return $}async function it(g,$,S,o){const u=new AbortController,y=AbortSignal.any([o,u.signal]),O={watch:"true",fieldSelector:`metadata.name=${$.name}`,resourceVersion:S,allowWatchBookmarks:"true",timeoutSeconds:String(Ue)},P=setTimeout(()=>u.abort(),(Ue+15)*1e3);let L=S;try{const I=await g.open({method:"GET",path:$.path,query:O,access:{...$.access,verb:"watch"}},y);I.on("error",()=>{});for await(const H of $t(I)){if(y.aborted)break;const Q=lt(H);L=Q.object.metadata?.resourceVersion??L,Q.type==="DELETED"?$.onGone():Q.type!=="BOOKMARK"&&$.onState(Q.object)}return L}finally{clearTimeout(P),u.abort()}}async function gt(g,$,S){let o,u=ze;for(;!S.aborted;){const y=o;try{if(o===void 0){const O=await g.call({method:"GET",path:$.path,query:{fieldSelector:`metadata.name=${$.name}`},access:{...$.access,verb:"list"}},S);o=O.body?.metadata?.resourceVersion??"0";const P=O.body?.items?.[0];P===void 0?$.onGone():$.onState(P)}o=await it(g,$,o,S),o!==y&&(u=ze)}catch(O){if(S.aborted)return;if(O instanceof Ze||O instanceof X&&O.status===410)o=void 0;else if(!fe(O))throw O}await(0,De.setTimeout)(u,void 0,{signal:S}).catch(()=>{}),u=Math.min(u*2,Je)}}async function at(g,$,S,o){const u=new AbortController,y=AbortSignal.any([o,u.signal]);let O=!1;const P={path:"api/v1/nodes",name:$,access:{verb:"watch",group:"",resource:"nodes"},onState:I=>{O=!0,S({type:"node",node:ke(I)})},onGone:()=>{O&&S({type:"gone"}),O=!1}},L={path:"apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases",name:$,access:{verb:"watch",group:"coordination.k8s.io",resource:"leases",namespace:"kube-node-lease"},onState:I=>{const H=yt(I);H!==void 0&&S({type:"lease",renewedAtMs:H})},onGone:()=>{}};try{await Promise.all([gt(g,P,y),gt(g,L,y)])}finally{u.abort()}}function yt(g){const $=Date.parse(String(g.spec?.renewTime??""));return Number.isNaN($)?void 0:$}const wt=5,pe="api/v1/namespaces/kube-system/secrets";function Ve(g,$){return{verb:g,group:"",resource:"nodes",...$===void 0?{}:{name:$}}}function j(g,$){return{verb:g,group:"",resource:"secrets",namespace:$}}function U(g){return`api/v1/nodes/${encodeURIComponent(g)}`}class G{server;caPem;#e;constructor($,S){this.server=$.server,this.caPem=$.caPem,this.#e=S}async read($,S){const o=`apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${encodeURIComponent($)}`,u={verb:"get",group:"coordination.k8s.io",resource:"leases",namespace:"kube-node-lease"},[y,O,P]=await Promise.all([this.#e.call({method:"GET",path:"version",access:{verb:"get",group:"",resource:"/version"}},S),this.#e.call({method:"GET",path:U($),access:Ve("get",$)},S),this.#e.call({method:"GET",path:o,access:u},S)]),L=[y,O,P].flatMap(Q=>Q.serverTimeMs??[]),I=y.body?.gitVersion;if(I===void 0||L.length===0)throw new X("api-failed",{title:`what answers at ${this.server} is no Kubernetes API server`,cause:I===void 0?"/version gives no gitVersion":"its answers carry no Date header",remedy:"check the server address in the kubeconfig: a proxy or another service may answer there"});const H=P.body===void 0?void 0:yt(P.body);return{version:I,...O.body===void 0?{}:{node:ke(O.body)},...H===void 0?{}:{leaseRenewedAtMs:H},serverTimeMs:Math.max(...L)}}async nodes($){const S={method:"GET",path:"api/v1/nodes",access:Ve("list")},{body:o}=await this.#e.call(S,$);return(o?.items??[]).map(ke)}async canI($,S){return await Promise.all($.map(o=>this.#t(o,S)))}async#t($,S){const[o="",u]=$.resource.split("/"),y={apiVersion:"authorization.k8s.io/v1",kind:"SelfSubjectAccessReview",spec:{resourceAttributes:{verb:$.verb,group:$.group,resource:o,...u===void 0?{}:{subresource:u},...$.namespace===void 0?{}:{namespace:$.namespace},...$.name===void 0?{}:{name:$.name}}}},P=await this.#n({method:"POST",path:"apis/authorization.k8s.io/v1/selfsubjectaccessreviews",body:y,access:{verb:"create",group:"authorization.k8s.io",resource:"selfsubjectaccessreviews"}},S);return{...$,allowed:P.status?.allowed===!0,reason:P.status?.reason??P.status?.evaluationError??""}}async createBootstrapToken($,S){await this.#n({method:"POST",path:pe,body:Le($),access:j("create","kube-system")},S)}async deleteBootstrapToken($,S){const o=`${pe}/${Be($)}`;await this.#e.call({method:"DELETE",path:o,access:j("delete","kube-system")},S)}async bootstrapTokens($,S){const o=Object.entries($).map(([P,L])=>`${P}=${L}`).join(",");if(o==="")throw new RangeError("labels are needed to tell own tokens from others");const y={method:"GET",path:pe,query:{labelSelector:o,fieldSelector:"type=bootstrap.kubernetes.io/token"},access:j("list","kube-system")},{body:O}=await this.#e.call(y,S);return(O?.items??[]).filter(P=>P.metadata?.name?.startsWith("bootstrap-token-")).map(Ke)}async changeNode($,S,o){for(let u=1;;u++){try{return ke(await this.#r($,S,o))}catch(y){if(!(y instanceof X)||y.code!=="conflict"||u===wt)throw y}await(0,De.setTimeout)(50*u,void 0,{signal:o})}}async#r($,S,o){const u={},y={metadata:u};if(Object.keys(S.labels??{}).length>0&&(u.labels=S.labels),Object.keys(S.annotations??{}).length>0&&(u.annotations=S.annotations),S.taints!==void 0){const O=await this.#n({method:"GET",path:U($),access:Ve("get",$)},o),P=se(O),L=S.taints(P);if(JSON.stringify(L)!==JSON.stringify(P)){const I=O.spec?.taints??[];y.spec={taints:L.map(H=>({...I.find(Q=>Q.key===H.key&&Q.effect===H.effect),...H}))},u.resourceVersion=O.metadata?.resourceVersion}else if(Object.keys(u).length===0)return O}return await this.#n({method:"PATCH",path:U($),query:{fieldManager:"k3s-gpu-actions"},body:y,contentType:"application/merge-patch+json",access:Ve("patch",$)},o)}async deleteNode($,S,o){const u={apiVersion:"v1",kind:"DeleteOptions",preconditions:{uid:S}},y={method:"DELETE",path:U($),body:u,access:Ve("delete",$)};try{await this.#e.call(y,o)}catch(O){throw O instanceof X&&O.code==="conflict"?B($,O):O}}async describeNode($,S){return await re(this.#e,$,S)}async nodePassword($,S){const o={fieldSelector:`metadata.name=${$}`},u={method:"GET",path:pe,query:o,access:j("list","kube-system")},{body:y}=await this.#e.call(u,S),O=(y?.items??[]).find(P=>P.metadata?.name===$);return O&&V(O)}async deleteNodePassword($,{uid:S,resourceVersion:o},u){if(S===""||o==="")throw new RangeError("a Secret is deleted as it was read, or not at all");const P={method:"DELETE",path:`${pe}/${encodeURIComponent($)}`,body:{apiVersion:"v1",kind:"DeleteOptions",preconditions:{uid:S,resourceVersion:o}},access:j("delete","kube-system")};try{await this.#e.call(P,u)}catch(L){throw L instanceof X&&L.code==="conflict"?Fe($,L):L}}async watch($,S,o){await at(this.#e,$,S,o)}async#n($,S){const{body:o}=await this.#e.call($,S);if(o!==void 0)return o;throw ne(404,"",{server:this.server,request:`${$.method} /${$.path}`})}}var p=z(1692);async function _(g){const{KubeConfig:$}=await Promise.all([z.e(752),z.e(871),z.e(421)]).then(z.bind(z,6421)),S={};try{const I=new $;I.loadFromString(g.json),await I.applyToHTTPSOptions(S),(0,p.createSecureContext)({ca:S.ca,cert:S.cert,key:S.key})}catch(I){throw new X("kubeconfig-invalid",{title:`the credentials of context ${JSON.stringify(g.context)} cannot be used`,cause:`a certificate or key in it is damaged, or they do not belong together (${xe(I)||"unreadable"})`,remedy:"store the kubeconfig again: kubectl config view --raw --flatten --minify"})}const{ca:o,cert:u,key:y,servername:O,auth:P}=S,L={};for(const[I,H]of Object.entries(S.headers??{}))L[I]=String(H);return P&&(L.Authorization=`Basic ${Buffer.from(P).toString("base64")}`),{tls:{ca:o,cert:u,key:y,...O===void 0?{}:{servername:O}},headers:L}}function v(g){return typeof g=="object"&&g!==null&&!Array.isArray(g)}function A(g,$,S){return new X("kubeconfig-invalid",{title:g,cause:$,remedy:S})}function M(g,$,S){return new X("kubeconfig-refused",{title:`the kubeconfig is refused: ${g}`,cause:$,remedy:S})}const E="make a self-contained one: kubectl config view --raw --flatten --minify",W="use a kubeconfig with a token or client certificate in it, for example of a service account with manifests/k3s-join-rbac.yaml",ye={"insecure-skip-tls-verify":["whoever answers at that address would get the credentials","remove it and put certificate-authority-data in its place"],"certificate-authority":["it points to a file of another machine or user",E],"proxy-url":["traffic of this program would go where the file says","remove it; use a tunnel to reach the server"]},K={exec:["it runs a program of the file\u2019s choosing on the runner",W],"auth-provider":["it runs a credential helper, which Kubernetes has removed",W],"client-certificate":["it points to a file of another machine or user",E],"client-key":["it points to a file of another machine or user",E],tokenFile:["it points to a file of another machine or user",E],"token-file":["it points to a file of another machine or user",E]},_e=["server","certificate-authority-data","tls-server-name"],Te=["token","client-certificate-data","client-key-data","username","password","as"];function Ge(g,$,S){for(const[o,[u,y]]of Object.entries(S)){const O=g[o];if(!(O==null||O===""||O===!1))throw M(`${$} uses ${o}`,u,y)}}function ht(g,$){const S={};for(const o of $){const u=g[o];typeof u=="string"&&u!==""&&(S[o]=u)}return S}function nt(g,$,S,o){const u=Array.isArray(g[$])?g[$].filter(v):[],y=u.filter(L=>L.name===o);if(y.length>1)throw A(`the kubeconfig has ${y.length} ${$} named ${JSON.stringify(o)}`,"which one is meant cannot be told","remove the others");const O=y[0]?.[S];if(v(O))return O;const P=u.map(L=>JSON.stringify(L.name)).join(", ")||"none";throw A(`the kubeconfig has no ${S} ${JSON.stringify(o)}`,`its ${$}: ${P}`,"name one of them, or fix the file")}function _t(g){const $=URL.canParse(g)?new URL(g):void 0;if($===void 0)throw A("the kubeconfig has no usable server address","server is not a URL","write it as https://host:6443");if($.protocol==="http:")throw M("its server is http://","credentials would cross the network in clear","use the https:// address of the API server");if($.protocol!=="https:")throw A("the kubeconfig has no usable server address",`its scheme is ${$.protocol}`,"write it as https://host:6443");if($.username!==""||$.password!=="")throw M("its server holds a user name or password","addresses are printed in logs","move the credentials to the user entry")}function st(g){const $=g===void 0?"":Buffer.from(g,"base64").toString("utf8");if($.includes("-----BEGIN CERTIFICATE-----"))return $;throw A("the kubeconfig holds no certificate authority",g===void 0?"certificate-authority-data is missing":"certificate-authority-data is not base64 of a PEM certificate",E)}function Pe(g,$){if(!v(g))throw A("the kubeconfig is not a mapping","the file is empty, truncated, or not a kubeconfig","store the text of a kubeconfig");const S=g["current-context"],o=$??(typeof S=="string"?S:"");if(o==="")throw A("the kubeconfig names no current-context","which of its clusters is meant cannot be told","set current-context, or give a context");const u=nt(g,"contexts","context",o),y=nt(g,"clusters","cluster",String(u.cluster??"")),O=nt(g,"users","user",String(u.user??""));Ge(y,`cluster ${JSON.stringify(u.cluster)}`,ye),Ge(O,`user ${JSON.stringify(u.user)}`,K);const P=ht(y,_e),L=ht(O,Te),I=P.server??"";_t(I);const H=st(P["certificate-authority-data"]);if(!L.token&&!L["client-certificate-data"]&&!L.username)throw A(`user ${JSON.stringify(u.user)} of the kubeconfig has no credentials`,"there is no token and no client certificate",W);const Q={apiVersion:"v1",kind:"Config","current-context":"selected",contexts:[{name:"selected",context:{cluster:"selected",user:"selected"}}],clusters:[{name:"selected",cluster:P}],users:[{name:"selected",user:L}]};return{context:o,server:I.replace(/\/+$/,""),caPem:H,json:JSON.stringify(Q)}}var kt=z(4708);const ot=1e4,ct=64*1024*1024,It=[150,500];function Xe(g){return`${g.method} /${g.path}`}function Ot(g){try{const $=JSON.parse(g);if(typeof $=="object"&&$!==null&&"message"in $)return String($.message)}catch{}return ce(g)}async function Lt(g){const $=[];let S=0;for await(const o of g){if(S+=o.length,S>ct)throw new Error(`the answer is longer than ${ct} bytes`);$.push(o)}return Buffer.concat($).toString("utf8")}class jt{server;#e;#t;#r;#n=new WeakSet;constructor($,S){this.server=$,this.#e=S,this.#t=new kt.Agent({...S.tls,keepAlive:!0,maxSockets:16}),this.#r=new kt.Agent({...S.tls})}async call($,S){const o=AbortSignal.timeout(ot),u=AbortSignal.any([S,o]),y=$.method==="GET"?It:[];try{for(let O=0;;O++)try{return await this.#o($,u)}catch(P){const L=y[O];if(u.aborted||L===void 0||!fe(P))throw P;await(0,De.setTimeout)(L,void 0,{signal:u})}}catch(O){throw S.aborted?S.reason:o.aborted?be(this.server,Xe($),ot):O}}async open($,S){const o=new AbortController,u=setTimeout(()=>o.abort(),ot);try{return await this.#s($,AbortSignal.any([S,o.signal]))}catch(y){throw S.aborted?S.reason:o.signal.aborted?be(this.server,Xe($),ot):y}finally{clearTimeout(u)}}async#o($,S){const o=await this.#s($,S),u=await this.#i(o,$),y=Date.parse(o.headers.date??""),O=Number.isNaN(y)?{}:{serverTimeMs:y};if(o.statusCode===404)return{body:void 0,...O};try{return{body:JSON.parse(u),...O}}catch{throw ne(o.statusCode??0,`no JSON: ${u}`,{server:this.server,request:Xe($)})}}async#s($,S){const o=new URL(`${this.server}/${$.path}`);for(const[ue,Me]of Object.entries($.query??{}))o.searchParams.set(ue,Me);const u=$.body===void 0?void 0:JSON.stringify($.body),{promise:y,resolve:O,reject:P}=Promise.withResolvers(),L=(0,kt.request)(o,{method:$.method,agent:$.method==="GET"?this.#t:this.#r,signal:S,headers:{Accept:$.accept??"application/json","User-Agent":"k3s-gpu-actions",...this.#e.headers,...u===void 0?{}:{"Content-Type":$.contentType??"application/json","Content-Length":Buffer.byteLength(u)}}});L.once("socket",ue=>{this.#n.has(ue)||ue.on("error",()=>{}),this.#n.add(ue)}),L.once("response",O),L.on("error",ue=>P(ie(ue,this.server,Xe($)))),L.end(u);const I=await y,H=I.statusCode??0;if(H>=200&&H<300||H===404)return I;const Q=Ot(await this.#i(I,$));throw ne(H,Q,{server:this.server,request:Xe($),access:$.access})}async#i($,S){try{return await Lt($)}catch(o){throw ie(o,this.server,Xe(S))}}}async function Mt(g,$){try{return await(0,de.readFile)(g,{encoding:"utf8",signal:$})}catch(S){if($.aborted)throw $.reason;const o=xe(S);throw new X("kubeconfig-missing",{title:g===""?"no kubeconfig was given":`the kubeconfig ${g} cannot be read`,cause:o==="ENOENT"||g===""?"there is no such file":o==="EACCES"?"this user may not read it":o,remedy:"give the input `kubeconfig`, or run kubeconfig-esc in an earlier step of the job"})}}function dt(g){try{return(0,ve.qg)(g,{maxAliasCount:0,merge:!1,prettyErrors:!1})}catch($){const S=$ instanceof ve.XT?$.pos[0]:void 0,o=S===void 0?"":` in line ${g.slice(0,S).split(`
`).length}`;throw new X("kubeconfig-invalid",{title:"the kubeconfig is not valid YAML",cause:`${xe($)||"it cannot be parsed"}${o}`,remedy:"store the text of a kubeconfig as it is: kubectl config view --raw --flatten --minify"})}}async function vt(g){const $=await Mt(g.kubeconfigPath,g.signal),S=Pe(dt($),g.context),o=await _(S);return new G(S,new jt(S.server,o))}const At=null,Rt=/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,ft=/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;function Ct(g){const $=g.split("/");if($.length>2)return!1;const S=$.at(-1),o=$.length===2?$[0]:void 0;return Rt.test(S)&&(o===void 0||o.length<=253&&ft.test(o))}function Bt(g){const $="write it as key=value:Effect or key:Effect, Effect one of NoSchedule, PreferNoSchedule, NoExecute",S=g.lastIndexOf(":"),o=At.find(P=>P===g.slice(S+1));if(S<0||o===void 0)throw new RangeError(`taint ${JSON.stringify(g)} has no known effect: ${$}`);const[u="",...y]=g.slice(0,S).split("=");if(!Ct(u))throw new RangeError(`taint ${JSON.stringify(g)} has no valid key: ${$}`);if(y.length===0)return{key:u,effect:o};const O=y.join("=");if(O!==""&&!Rt.test(O))throw new RangeError(`taint ${JSON.stringify(g)} has an invalid value: at most 63 of [A-Za-z0-9._-], ${$}`);return O===""?{key:u,effect:o}:{key:u,value:O,effect:o}}function Dt(g){return`${g.key}${g.value?`=${g.value}`:""}:${g.effect}`}}),7949:((bt,He,z)=>{z.d(He,{U9:()=>B,Jj:()=>we,z3:()=>ne,a3:()=>be,iL:()=>U,TN:()=>ee,MD:()=>rt,fk:()=>he,gH:()=>Ye,zt:()=>Z,hF:()=>je,EG:()=>We,Br:()=>lt,Ki:()=>j,jf:()=>De,Dj:()=>te});const D=["schema","action","cluster","node","host","result","dryRun","headline","next","startedAt","durationMs","failure","code","id","verdict","question","title","kind","target","found","cause","reason","disrupts","remedy","undo","waitsFor","evidence","state","link","provenance","plan","changes","blockers","applied","undone","changed","restarted","checks","stages","milestones","stage","startedMs","endedMs","atMs","text","name","value","source","facts","outputs","bytes","failed"],Oe=new Map(D.map((p,_)=>[p,_])),me=new Set(["facts","outputs"]);function je(p){return`${JSON.stringify(X(p,!1),void 0,2)}
`}function X(p,_){if(Array.isArray(p))return p.map(E=>X(E,!1));if(typeof p!="object"||p===null)return p;const v=E=>_?0:Oe.get(E)??Oe.size,A=Object.entries(p).filter(([,E])=>E!==void 0).sort(([E],[W])=>v(E)-v(W)||(E<W?-1:E>W?1:0)),M=Object.create(null);for(const[E,W]of A)M[E]=X(W,!_&&me.has(E));return M}const ce=/\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\^_]?)/g,xe=/[\p{Cf}\p{Co}\p{Cs}\u115F\u1160\u3164\uFFA0]/gu;function ee(p,_=1e3){const v=p.replace(ce,"").replace(xe,"").replace(/[\s\p{Cc}]+/gu," ").trim();return we(v,_)}function he(p,_=1e3){return p.split(/\r\n|[\n\r\u2028\u2029\u0085]/).map(v=>we(v.replace(ce,"").replace(xe,"").replace(/\t/g,"  ").replace(new RegExp("\\p{Cc}","gu"),"").trimEnd(),_)).filter(v=>v!=="")}function we(p,_){if(p.length<=_)return p;const v=Array.from(p);return v.length<=_?p:`${v.slice(0,Math.max(0,_-1)).join("")}\u2026`}function ie(p){return Array.from(p).length}function fe(p,_){return p+" ".repeat(Math.max(0,_-ie(p)))}function be(p){const _=Number.isFinite(p)?Math.max(0,Math.round(p/100)):0;if(_<600)return`${(_/10).toFixed(1)} s`;const v=Math.round(_/10);if(v<3600)return ae(Math.floor(v/60),"min",v%60,"s");const A=Math.round(v/60);return A<2880?ae(Math.floor(A/60),"h",A%60,"min"):`${Math.round(A/1440)} days`}function ae(p,_,v,A){return v===0?`${p} ${_}`:`${p} ${_} ${String(v).padStart(2,"0")} ${A}`}function ne(p){const _=["B","kB","MB","GB","TB","PB"];let v=Number.isFinite(p)?Math.max(0,p):0,A=0;for(;v>=999.5&&A<_.length-1;)v/=1e3,A+=1;const M=A>0&&v<9.95?1:0;return`${v.toFixed(M)} ${_[A]}`}function B(p,_){return`${p} ${_}${p===1?"":"s"}`}const Fe=88,de=40,ve={pass:"\u2713",warn:"!",fail:"\u2717",error:"?",skip:"-"};function De(p,_=""){const v=`\u25B8 ${ee(p)}`,A=ee(_);return A===""?v:`${v}${" ".repeat(Math.max(2,Fe-ie(v)-ie(A)))}${A}`}function Ye(p){if(p.length===0)return[];const _=p.filter(M=>M.verdict!=="pass"&&M.verdict!=="skip"),v=Math.min(28,Math.max(0,..._.map(M=>ie(ee(M.id,60))))),A=_.flatMap(M=>{const E=" ".repeat(v+6);return[`  ${ve[M.verdict]} ${fe(ee(M.id,60),v)}  ${ee(M.found)}`,...M.cause?[`${E}because ${ee(M.cause)}`]:[],...M.remedy?[`${E}\u2192 ${ee(M.remedy)}`]:[]]});return[`  ${et(p)}`,...A]}function et(p){const A=["pass","warn","fail","error","skip"].map(M=>[p.filter(E=>E.verdict===M).length,M]).filter(([M])=>M>0).map(([M,E])=>`${M} ${E}`);return`${B(p.length,"check")}${A.length>0?`: ${A.join(", ")}`:""}`}function rt(p){if(p.blockers.length>0)return`blocked: ${B(p.blockers.length,"reason")}`;if(p.changes.length===0)return"nothing to do";const _=p.changes.filter(M=>M.waitsFor===void 0),v=p.changes.filter(M=>M.waitsFor!==void 0),A=[];if(_.length>0){const M=Ae(_);A.push(`${B(_.length,"change")}${M?` (${M})`:", no disruption"}`)}if(v.length>0){const M=[...new Set(v.map(K=>K.waitsFor))].join(", "),E=Ae(v),W=v.length===1?"waits":"wait",ye=_.length>0?String(v.length):B(v.length,"change");A.push(`${ye} ${W} for ${M}${E?` (${E})`:""}`)}return A.join("; ")}function Ae(p){const _=p.filter(M=>M.kind==="restart"),v=p.filter(M=>M.kind!=="restart"&&M.disrupts!==void 0),A=[];if(_.length>0){const M=[...new Set(_.map(E=>ee(E.target,60)))].join(", ");A.push(`${B(_.length,"restart")} of ${M}`)}return v.length>0&&A.push(B(v.length,_.length>0?"other disruption":"disruption")),A.join(", ")}function We(p){const _=String(p.changes.length).length,v=Math.max(9,...p.changes.map(K=>K.kind.length)),A=p.changes.map(K=>ee(K.target,160)),M=Math.max(0,...A.map(ie).filter(K=>K<=58)),E=" ".repeat(2+_+1+v+1),W=p.changes.flatMap((K,_e)=>{const Te=A[_e]??"",Ge=ee(K.reason),ht=`  ${String(_e+1).padStart(_)} ${fe(K.kind,v)} `,nt=ie(Te)<=M;return[(nt?`${ht}${fe(Te,M)}  ${Ge}`:`${ht}${Te}`).trimEnd(),...nt||Ge===""?[]:[`${E}  ${Ge}`],...K.disrupts?[`${E}! ${ee(K.disrupts)}`]:[],...K.waitsFor?[`${E}\u2026 waits for ${ee(K.waitsFor)}`]:[]]}),ye=p.blockers.flatMap(K=>[`  \u2717 ${ee(K.id,60)}  ${ee(K.found)}`,...K.cause?[`    because ${ee(K.cause)}`]:[],...K.remedy?[`    \u2192 ${ee(K.remedy)}`]:[]]);return[...W,...ye]}const Se={observed:"observed on real parts",reported:"reported by others; not reproduced by us",invented:"invented by us, from reasoning; never seen in the wild"};function Z(p){const _=p.evidence.flatMap(M=>he(M,400)),v=_.slice(0,de);_.length>v.length&&v.push(`(${_.length-v.length} more in the report)`);const A=(M,E)=>`  ${fe(M,8)}  ${E}`;return[`\u2717 ${ee(p.title)}`,A("cause",ee(p.cause)),A("remedy",ee(p.remedy)),...v.map((M,E)=>A(E===0?"evidence":"",M.trimStart())),A("state",ee(p.state)),...p.provenance?[A("basis",Se[p.provenance])]:[],...p.link?[A("read",ee(p.link))]:[]]}function re(p){const _=p.map(A=>`${formatDuration(A.atMs).padStart(8)}  ${cut(oneLine(A.text),60)}`),v=[];for(const A of _){const M=v.at(-1),E=M===void 0?void 0:`${M}     ${A}`;E===void 0||width(E)>116?v.push(A):v[v.length-1]=E}return v}function te(p){const _=p.now(),v=()=>Math.max(0,Math.round(p.now()-_)),A=new Map,M=[],E=[],W=[],ye=[];let K;const _e=Te=>{if(!K)return;const{title:Ge,startedMs:ht}=K;ye.some(nt=>nt.stage===Ge&&nt.text===Te)||ye.push({stage:Ge,atMs:Math.max(0,v()-ht),text:Te})};return{async stage(Te,Ge,ht){const nt=K,_t={title:Te,startedMs:v()};K=_t;const st=Pe=>{K=nt;const kt={..._t,endedMs:v(),...Pe?{failed:Pe}:{}};W.push(kt),ht?.(kt)};try{const Pe=await Ge();return st(!1),Pe}catch(Pe){throw st(!0),Pe}},milestone:_e,check(...Te){for(const Ge of Te)A.set(Ge.id,Ge)},applied(Te){M.includes(Te)||M.push(Te)},undone(Te){E.includes(Te)||(E.push(Te),_e(`undone: ${Te}`))},elapsedMs:v,parts(){return{startedAt:p.startedAt.toISOString(),durationMs:v(),checks:[...A.values()],applied:[...M],undone:[...E],stages:[...W].sort((Te,Ge)=>Te.startedMs-Ge.startedMs),milestones:[...ye]}}}}function ge(p,_=1e3){return ee(p,_).replace(/&/g,"&amp;").replace(/</g,"&lt;").replace(/>/g,"&gt;").replace(/\\/g,"&#92;").replace(/\$/g,"&#36;").replace(/[`*~|[\]]/g,"\\$&").replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu,"\\_").replace(/:\/\//g,"&#58;//").replace(/\bwww\./gi,v=>`${v.slice(0,3)}&#46;`).replace(/(^|[^\p{L}\p{N}_])@(?=[\p{L}\p{N}])/gu,"$1@\u2060").replace(/^([#+=-])/,"\\$1").replace(/^(\d+)([.)])/,"$1\\$2")}function se(p,_=600){return ge(p??"",_)}function ke(p,_){if(_.length===0)return"";const v=A=>`| ${A.join(" | ")} |`;return[v(p),v(p.map(()=>"---")),..._.map(v)].join(`
`)}function Be(p,_){const v=Math.max(2,...[..._.matchAll(/`+/g)].map(M=>M[0].length)),A="`".repeat(v+1);return`${A}${p}
${_}
${A}`}function Ne(p,_){const v=p.flatMap(E=>he(E,2e3)),A=v.slice(0,_),M=v.length-A.length;return Be("text",[...A,...M>0?[`(${M} more in the JSON report)`]:[]].join(`
`))}function Le(p,_){return _===""?"":`<details><summary>${p}</summary>

${_}

</details>`}function Ke(p){return/^https:\/\/[\w.~/#%?=&+-]+$/.test(p)?`<${p}>`:ge(p)}const tt=256*1024;function V(p,_=tt){if(Buffer.byteLength(p)<=_)return p;const v=p.split(`
`),A=[];let M=512,E="",W=0;for(const K of v){if(M+=Buffer.byteLength(K)+1,M>_)break;A.push(K);const _e=/^`{3,}/.exec(K)?.[0];E!==""?K===E&&(E=""):_e?E=_e:K.startsWith("<details>")?W+=1:K==="</details>"&&(W-=1)}for(E!==""&&A.push(E);W>0;W-=1)A.push("","</details>");const ye=v.length-A.length;return A.push("",`_Cut here to fit: about ${Math.max(1,ye)} more lines. The JSON report has everything._`,""),A.join(`
`)}const Ue=40;function ze(p){const _=ee(p,200).replace(/[^\p{L}\p{N} .+/-]/gu," ").replace(/-{2,}/g,"-").replace(/ {2,}/g," ").trim();return _===""?"unnamed":we(_,60)}function Je(p,_){return p.flatMap(v=>{const A=Math.max(1,Math.round(v.endedMs-v.startedMs)),M=v.failed?"crit, ":"",E={worth:v.failed?2:1,line:ye=>`  ${ye} ${ze(v.title)} :${M}${Math.round(v.startedMs)}, ${A}ms`},W=_.filter(ye=>ye.stage===v.title).map(ye=>({worth:0,line:K=>`  ${K} ${ze(ye.text)} :milestone, ${Math.round(v.startedMs+ye.atMs)}, 0ms`}));return[E,...W]})}function Ze(p,_){const v=Je(p,_);if(v.length===0)return"";const A=new Set(v.toSorted((ye,K)=>K.worth-ye.worth||v.indexOf(K)-v.indexOf(ye)).slice(0,Ue)),M=v.filter(ye=>A.has(ye)).map((ye,K)=>ye.line(K+1)),E=v.length-M.length,W=Be("mermaid",["gantt","  dateFormat x","  axisFormat %M:%S",...M].join(`
`));return E===0?W:`${W}

_${E} more in the JSON report._`}const ut={pass:"\u2705",warn:"\u26A0\uFE0F",fail:"\u274C",error:"\u2754",skip:"\u2796"};function $t(p){return p.result==="failed"||p.failure?"\u274C":p.result==="planned"?"\u{1F4CB}":"\u2705"}function lt(p,_=[]){const v=[`## ${$t(p)} ${ge(p.headline)}`,it(p),p.failure?gt(p.failure):"",`**Next:** ${ge(p.next)}`,yt(p.checks.filter(A=>A.verdict!=="pass"&&A.verdict!=="skip")),wt(p),Ze(p.stages,p.milestones),at(p,_),Le("Facts",ke(["fact","value"],Object.entries(p.facts).map(([A,M])=>[se(A),se(M)]))),Le("Where each value came from",ke(["value","is","from"],p.provenance.map(A=>[se(A.name),se(A.value),se(A.source)]))),Le(`All checks: ${et(p.checks)}`,yt(p.checks)),Le("Stages",ke(["stage","began","took"],p.stages.map(A=>[se(A.title),be(A.startedMs),`${be(A.endedMs-A.startedMs)}${A.failed?" \u274C":""}`])))];return V(`${v.filter(A=>A!=="").join(`

`)}
`)}function it(p){const _=p.host?`, host ${ge(p.host)}`:"",v=`Node ${ge(p.node)} of cluster ${ge(p.cluster)}${_}`,A=p.plan.changes.length,M=`${p.applied.length} of ${A} planned ${A===1?"change":"changes"} carried out`,E=[p.dryRun?"dry run, nothing was changed":A===0?"nothing to change":M,...p.undone.length>0?[`${p.undone.length} undone`]:[],...p.restarted?["agent restarted"]:[],et(p.checks),`${be(p.durationMs)} in all`];return`${v}: ${E.join(" \xB7 ")}.`}function gt(p){const _=[["what",se(p.title)],["cause",se(p.cause)],["remedy",se(p.remedy)],["state",se(p.state)],["code",se(p.code)],...p.provenance?[["basis",Se[p.provenance]]]:[],...p.link?[["read",Ke(p.link)]]:[]],v=p.evidence.length>0?`

**Evidence**

${Ne(p.evidence,30)}`:"";return`${ke(["","failure"],_)}${v}`}function at({evidence:p=[]},_){if(p.length===0)return"";const v=p.slice(0,32).map(M=>`${se(M.name,80)} (${ne(M.bytes)})`),A=_.slice(0,8).filter(M=>M.lines.length>0).map(M=>`**${se(M.name,80)}**

${Ne(M.lines.map(E=>we(E,400)),20)}`);return Le(`Evidence: ${B(p.length,"file")}`,[v.join(", "),...A].join(`

`))}function yt(p){return ke(["","check","result","detail"],p.map(_=>[ut[_.verdict],se(_.id,80),se(_.found),[_.cause?se(_.cause):"",_.remedy?`\u2192 ${se(_.remedy)}`:""].filter(v=>v!=="").join("<br>")]))}function wt(p){const{plan:_}=p;if(_.changes.length===0&&_.blockers.length===0)return"";const v=(E,W)=>p.undone.includes(E)?"undone":p.applied.includes(E)?"done":W===void 0?"not done":`waits for ${se(W)}`,A=ke(["#","change","target","reason","disrupts","state"],_.changes.map((E,W)=>[String(W+1),E.kind,se(E.target),se(E.reason),E.disrupts?se(E.disrupts):"nothing",v(E.id,E.waitsFor)])),M=yt(_.blockers);return[`**Plan:** ${ge(rt(_))}`,A,M].filter(E=>E!=="").join(`

`)}var pe=z(1916);const Ve=["skip","pass","warn","fail","error"];function j(p,_){const v=_==="warn"?Ve.indexOf("warn"):Ve.indexOf("fail"),A=_==="never"?[]:p.filter(E=>Ve.indexOf(E.verdict)>=v);return{worst:p.reduce((E,W)=>Ve.indexOf(W.verdict)>Ve.indexOf(E)?W.verdict:E,"skip"),fails:A.length>0,failing:A}}function U(p,_,v=[]){const A=[...new Set([...p.map(E=>E.id),...v])],M=new Set(_);return{checks:p.map(E=>M.has(E.id)&&E.verdict!=="pass"&&E.verdict!=="skip"?{...E,verdict:"skip",found:`ignored by ignore-checks (was ${E.verdict}): ${E.found}`}:E),unknown:[...M].filter(E=>!A.includes(E)).map(E=>{const W=G(E,A);return W===void 0?{id:E}:{id:E,nearest:W}})}}function G(p,_){const v=E=>E.slice(E.lastIndexOf(".")+1),M=_.map(E=>({candidate:E,far:Math.min((0,pe.Io)(p,E),(0,pe.Io)(p,v(E)))})).sort((E,W)=>E.far-W.far)[0];return M&&M.far<=Math.ceil(p.length/2)?M.candidate:void 0}}),3260:((bt,He,z)=>{z.d(He,{es:()=>yt,NH:()=>Ve});var D=z(7598),Oe=z(3024),me=z(6760);async function je(j,U,G){U.throwIfAborted();const p=new AbortController,{promise:_,resolve:v}=Promise.withResolvers(),A=()=>v("cancelled"),M=setTimeout(()=>v("late"),j);U.addEventListener("abort",A,{once:!0});const E=G(p.signal);E.catch(()=>{});try{const W=await Promise.race([E.then(ye=>({value:ye})),_]);if(W==="late")return{isLate:!0};if(W==="cancelled")throw U.reason;return{isLate:!1,value:W.value}}catch(W){throw U.aborted?U.reason:W}finally{clearTimeout(M),U.removeEventListener("abort",A),p.abort()}}class X extends Error{code;cause;remedy;evidence;constructor(U,G,p){super(G),this.name="RunnerError",this.code=U,this.cause=p.cause,this.remedy=p.remedy,this.evidence=p.evidence??[]}}function ce(j){return new X("cancelled",`cancelled by ${j}`,{cause:"the workflow run was cancelled, or the runner is shutting down",remedy:"run it again: whatever was interrupted, the next run converges"})}const xe=10*6e4;function ee(j,U=xe){return async(G,p)=>{p.throwIfAborted();const{downloadTool:_}=await Promise.all([z.e(752),z.e(955),z.e(58),z.e(805)]).then(z.bind(z,9805));try{const v=(0,me.join)(j,`download-${(0,D.randomUUID)()}`),A=await je(U,p,()=>_(G,v));if(!A.isLate)return A.value;throw new X("download-failed",`${G} could not be downloaded to the runner`,{cause:`it was not complete after ${U/1e3} s: the connection is slow, or something in between holds it`,remedy:"check the runner\u2019s connection to this address (proxy, bandwidth), then run it again",evidence:[`${G}: stopped after ${U} ms`]})}catch(v){if(v instanceof X)throw v;if(p.aborted)throw p.reason;const A=v.httpStatusCode,M=v instanceof Error?v.message:String(v);throw new X("download-failed",`${G} could not be downloaded to the runner`,{cause:A===void 0?M:`the server answered ${A}`,remedy:A===404||A===410?"check the version: this file does not exist":"check that the runner reaches this address (proxy, firewall), then run it again",evidence:[M]})}}}function he(j){return{find(U,G,p){if(j==="")return;const _=(0,me.join)(j,U,G,p);if(!(0,Oe.existsSync)(`${_}.complete`))return;const[v,...A]=we(_);return v?.isFile()&&A.length===0?(0,me.join)(_,v.name):void 0},async add(U,G,p,_,v){if(j==="")return U;const{cacheFile:A}=await Promise.all([z.e(752),z.e(955),z.e(58),z.e(805)]).then(z.bind(z,9805));return(0,me.join)(await A(U,G,p,_,v),G)}}}function we(j){try{return(0,Oe.readdirSync)(j,{withFileTypes:!0})}catch{return[]}}var ie=z(3053),fe=z(8161);const be=2e3;function ae(j){return async(U,G,p)=>{j.throwIfAborted();const{exec:_}=await z.e(955).then(z.bind(z,1955));let v;const A=()=>{v?.kill("SIGTERM"),setTimeout(()=>v?.exitCode===null&&v.kill("SIGKILL"),be).unref()},M=E=>{const W=E.process;queueMicrotask(()=>{v||!W||!ne(W,G)||(v=W,W.stdin?.on("error",()=>{}),j.aborted&&A())})};(0,ie.subscribe)("child_process",M),j.addEventListener("abort",A);try{return await _(B(U),[...G],{input:p.input,env:{...p.env},silent:!0,ignoreReturnCode:!0,listeners:{stdout:p.onStdout,stderr:p.onStderr}})??128+(v?.signalCode?fe.constants.signals[v.signalCode]:0)}catch(E){const W=E instanceof Error?E.message:String(E);throw new X("program-not-found",`${U} could not be started on the runner`,{cause:W,remedy:`install ${U} on the runner, or use another transport`})}finally{(0,ie.unsubscribe)("child_process",M),j.removeEventListener("abort",A)}}}function ne(j,U){const G=j.spawnargs?.slice(1)??[];return G.length===U.length&&G.every((p,_)=>p===U[_])}function B(j){return`"${j.replaceAll('"','\\"')}"`}const Fe=new Set("true false yes no on off null none undefined default auto root admin user node nodes server agent token password secret host local localhost cluster plan apply fast deep ssh fail warn never pass skip error kube kubernetes linux amd64 arm64 main master latest 0.0.0.0 127.0.0.1 6443 10250 https:// http://".split(" ")),de=4,ve=6;function De(j){return j.trim().length<de||Fe.has(j.trim().toLowerCase())?!1:!/^-----(BEGIN|END) [A-Z0-9 ]+-----$/.test(j.trim())}function Ye(j){const U=Buffer.from(j,"utf8");return[0,1,2].map(G=>{const p=Buffer.concat([Buffer.alloc(G),U]).toString("base64").replace(/=+$/,""),_=(G+U.length)*8;return p.slice(G===0?0:G+1,Math.floor(_/6))})}function et(j){const U=encodeURIComponent(j.toWellFormed()),G=Ye(j),p=Buffer.from(j,"utf8").toString("base64");return[JSON.stringify(j).slice(1,-1),JSON.stringify(JSON.stringify(j)).slice(3,-3),U,U.replace(/%[0-9A-F]{2}/g,_=>_.toLowerCase()),U.replaceAll("%20","+"),j.replaceAll("'","'\\''"),p,...G,p.replaceAll("+","-").replaceAll("/","_"),...G.map(_=>_.replaceAll("+","-").replaceAll("/","_"))]}function rt(j){const U=j.trim();if(!De(U))return[];const G=U.split(/\r\n|[\n\r]/),p=new Set;G.length===1&&p.add(U);for(const _ of G)G.length>1&&De(_)&&p.add(_.trim());for(const _ of new Set([j,U]))for(const v of et(_))v.length>=ve&&De(v)&&!/[\r\n]/.test(v)&&p.add(v);return[...p]}const Ae=2e3,We=/\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\^_]?)/g,Se=/[\p{Cf}\p{Cs}\u115F\u1160\u3164\uFFA0]|\u034F|\u17B4|\u17B5/gu,Z=/\r\n|[\n\r\u000B\u000C\u0085\u2028\u2029]/;function re(j){return j.replace(We,"").split(Z).map(ge)}function te(j){return ge(j.replace(We,"").split(Z).join(" "))}function ge(j){const U=j.replace(Se,"").replaceAll("	","  ").replace(new RegExp("\\p{Cc}","gu"),""),G=U.length>Ae?Array.from(U):[];return(G.length>Ae?`${G.slice(0,Ae).join("")} \u2026 (${G.length-Ae} more characters)`:U).replace(/^(\s*)(?=[\uFE00-\uFE0F]*:[\uFE00-\uFE0F]*:)/u,"$1\xB7 ").replace(/#([\uFE00-\uFE0F]*)#(?=[\uFE00-\uFE0F]*\[)/gu,"#$1 #")}const se=/(?<=K10)[0-9a-f]{64}(?:::|%3A%3A)[^\s"'<>]*/gi,ke=/(?<=(?<![A-Za-z0-9.])[a-z0-9]{6}\.)(?:[a-z0-9]{16}(?![A-Za-z0-9])|[a-z0-9]+(?=…))/g,Be=/token|bearer|authorization|credential/i,Ne=/(?<=(?:TOKEN|PASSWORD|--(?:agent-)?token)=)(?:"[^"\r\n]+"|'[^'\r\n]+'|[^\s"']+)/g;function Le(j,U){return[...j.matchAll(U)].map(G=>[G.index,G.index+G[0].length])}function Ke(j){return[...j.matchAll(/[^\r\n]+/g)].flatMap(({0:U,index:G})=>{const p=U.search(Be);return p<0?[]:Le(U,ke).filter(([_])=>_>p).map(([_,v])=>[G+_,G+v])})}function tt(j,U){const G=[];for(const p of U)for(let _=j.indexOf(p);_>=0;_=j.indexOf(p,_+1))G.push([_,_+p.length]);return G}function V(j,U){const G=[...tt(j,U),...Le(j,se),...Le(j,Ne),...Ke(j)].sort((v,A)=>v[0]-A[0]);let p="",_=0;for(const[v,A]of G)(v>_||_===0&&p==="")&&(p+=`${j.slice(_,v)}***`),_=Math.max(_,A);return p+j.slice(_)}const Ue=3e4;function ze(j,U=Ue){return{async release(G,p,_,v){v.throwIfAborted();const A=await Ze(j()),M=`release ${_} of ${G}/${p}`;try{const E=await je(U,v,Te=>Promise.all([A.rest.repos.getReleaseByTag({owner:G,repo:p,tag:_,request:{signal:Te}}),A.rest.repos.getCommit({owner:G,repo:p,ref:`tags/${_}`,headers:{accept:"application/vnd.github.sha"},request:{signal:Te}})]));if(E.isLate)throw Je(M,U);const[W,ye]=E.value,K=W.data.assets.map(ut),_e=ye.data;return{assets:K,commit:typeof _e=="string"?_e.trim():ye.data.sha}}catch(E){throw v.aborted?v.reason:E instanceof X?E:$t(E,M,j()!=="")}}}}function Je(j,U){return new X("github-unreachable",`${j} could not be read: GitHub gave no answer`,{cause:`there was no complete answer within ${U/1e3} s: something between the runner and GitHub holds the connection, or GitHub has a problem`,remedy:"look at www.githubstatus.com and at the runner\u2019s proxy, then run it again",evidence:[`GitHub: no complete answer in ${U} ms`]})}async function Ze(j){if(j!=="")return(await Promise.all([z.e(752),z.e(665),z.e(351)]).then(z.bind(z,1351))).getOctokit(j);const{GitHub:U}=await Promise.all([z.e(752),z.e(665)]).then(z.bind(z,8665));return new U}function ut(j){const U={name:j.name,url:j.browser_download_url,sizeBytes:j.size};return j.digest?{...U,digest:j.digest}:U}function $t(j,U,G){const{status:p,message:_=String(j),response:v}=j,A=v?.headers??{},M=[`GitHub: ${p===void 0?"":`${p} `}${_}`];return p===void 0||p===500&&v===void 0?new X("github-unreachable",`${U} could not be read: GitHub cannot be reached from the runner`,{cause:_,remedy:"check the runner\u2019s internet access or proxy, then run it again",evidence:M}):p===429||p===403&&String(A["x-ratelimit-remaining"])==="0"||A["retry-after"]!==void 0?new X("rate-limited",`${U} could not be read: GitHub\u2019s rate limit is used up`,{cause:`${G?"the token":"the runner\u2019s address, without a token,"} has no requests left${lt(A)}`,remedy:G?"run it again after that time":"give the input github-token (${{ github.token }} is enough), or wait",evidence:M}):p===404||p===422?new X("release-not-found",`${U} does not exist`,{cause:"there is no such release or tag, or the repository is private",remedy:"check the version: it must be spelled exactly as the release is",evidence:M}):new X("github-refused",`${U} could not be read: GitHub answered ${p}`,{cause:p===401?"the github-token is not valid":_,remedy:p>=500?"run it again later; see www.githubstatus.com":"give a github-token that may read public repositories, or none",evidence:M})}function lt(j){const U=Number(j["x-ratelimit-reset"]);if(Number.isFinite(U)&&U>0&&U<864e10)return` until ${new Date(U*1e3).toISOString()}`;const G=Number(j["retry-after"]);return Number.isFinite(G)&&G>0?` for ${G} s`:""}const it={workflow_dispatch:"by the button",schedule:"by the clock",push:"by a push",pull_request:"by a pull request",repository_dispatch:"by an API call",workflow_run:"by another workflow",release:"by a release"};function gt(j){const U=j.GITHUB_RUN_NUMBER;if(!U)return"";const G=Number(j.GITHUB_RUN_ATTEMPT??"1"),p=j.GITHUB_EVENT_NAME??"",_=p===""?"":` \xB7 started ${it[p]??`by ${p}`}`;return te(`run ${U}${G>1?`, attempt ${G}`:""}${_}`)}function at(j){const U=/^(INPUT_|STATE_|ACTIONS_.*(TOKEN|URL)$|GITHUB_TOKEN$|GH_TOKEN$)/;return Object.fromEntries(Object.entries(j).filter(G=>G[1]!==void 0&&!U.test(G[0])))}function yt(j,U=process.env){delete U[`INPUT_${j.replaceAll(" ","_").toUpperCase()}`]}function wt(j){const U=new AbortController;for(const G of["SIGINT","SIGTERM"])j.on(G,()=>U.abort(ce(G)));return U.signal}function pe(j,U,G){const p=new Set,_=K=>V(K,p),v=K=>re(_(K)).map(_),A=K=>_(te(_(K))),M=K=>v(K).join(`
`).slice(0,4e3),E=K=>{for(const _e of rt(K))p.has(_e)||(p.add(_e),j.setSecret(_e))},W=j.getInput("github-token");E(W);const ye=U.RUNNER_TEMP||"/tmp";return{input:K=>j.getInput(K),workspace:U.GITHUB_WORKSPACE||process.cwd(),temporaryDirectory:ye,environment:at(U),signal:G,runLabel:gt(U),isDebug:j.isDebug(),mask:E,redact:_,output:(K,_e)=>j.setOutput(K,_e),saveState:(K,_e)=>j.saveState(K,_e),state:K=>j.getState(K),line(K=""){for(const _e of v(K))j.info(_e)},debug(K){for(const _e of v(K))j.debug(_e)},details(K,_e){j.startGroup(A(K));for(const Te of _e)for(const Ge of v(Te))j.info(Ge);j.endGroup()},errorAnnotation(K,_e){j.error(M(_e),{title:A(K)})},warningAnnotation(K,_e){j.warning(M(_e),{title:A(K)})},async summary(K){if(U.GITHUB_STEP_SUMMARY)try{await j.summary.addRaw(K,!K.endsWith(`
`)).write()}catch(_e){j.warning(M(_e instanceof Error?_e.message:String(_e)),{title:"The summary could not be written"})}},exec:ae(G),releases:ze(()=>W),download:ee(ye),toolCache:he(U.RUNNER_TOOL_CACHE??"")}}async function Ve(j=process.env){const U=await Promise.all([z.e(752),z.e(955),z.e(58)]).then(z.bind(z,6058));return pe(U,j,wt(process))}})};export{Ws as id,Js as ids,Ys as modules};
