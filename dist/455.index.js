const Xs=455,Qs=[455],er={2851:((kt,Ue,D)=>{D.d(Ue,{_e:()=>be,_r:()=>fe,ro:()=>je});const C={tokenId:"token-id",kubeconfig:"kubeconfig",context:"context"};function be(he,V){he.saveState(C.kubeconfig,V.kubeconfig),he.saveState(C.context,V.context),he.saveState(C.tokenId,V.tokenId)}function fe(he){he.saveState(C.tokenId,"")}function je(he){const V=he.state(C.tokenId);if(V!=="")return{tokenId:V,kubeconfig:he.state(C.kubeconfig),context:he.state(C.context)}}}),2113:((kt,Ue,D)=>{D.d(Ue,{Vp:()=>Ft,ij:()=>ne,Vw:()=>_e,kJ:()=>Ce,pA:()=>Fe,g$:()=>Qe,hD:()=>H,dT:()=>gt,gM:()=>le,hl:()=>Tt,pF:()=>rt,RU:()=>de});var C=D(8815);const be=256*1024,fe=40,je=50,he=20,V={DUPLICATE_KEY:"the same key appears twice in one mapping",TAB_AS_INDENT:"a tab is used as indentation",MULTIPLE_DOCS:"there is a second document",NON_STRING_KEY:"a key is not text; put it in quotes",TAG_RESOLVE_FAILED:"there is a tag that plain YAML does not know"};function ve(c){return c.map(a=>typeof a=="number"?`[${a}]`:/^[\w/-]+$/.test(a)?`.${a}`:`[${JSON.stringify(a)}]`).join("").replace(/^\./,"")}function q(c,a=0){return c===null||typeof c!="object"||a>fe?a:Math.max(a,...Object.values(c).map(k=>q(k,a+1)))}function ue(c){return c?.range?.[0]}function ge(c,a,k){let O=c.contents,x=ue(O)??0;for(const[N,e]of a.entries()){(0,C.Vj)(O)&&(O=O.resolve(c));const p=N===a.length-1;if((0,C.jh)(O)){const W=O.items.find(w=>(0,C.jn)(w.key)&&String(w.key.value)===String(e));if(!W)return x;x=(p&&k==="value"?ue(W.value):void 0)??ue(W.key)??x,O=W.value}else if((0,C.oP)(O))O=O.items[Number(e)],x=ue(O)??x;else return x}return x}function re(c,a){const k=new Map;for(const O of[...c].sort((x,N)=>x.pos[0]-N.pos[0])){const x=a(O.pos[0]),N=x.replace(/:\d+$/,"");if(k.has(N))continue;const e=(O.message.split(`
`)[0]??"").slice(0,120);k.set(N,{input:x,problem:V[O.code]??`is no YAML (${e})`,allowed:"YAML 1.2, one document, each key once"})}return[...k.values()].slice(0,he)}function le(c,a){if(Buffer.byteLength(c)>be)return{problems:[{input:a,problem:"is larger than 256 KiB",allowed:"a cluster is described in a few pages"}]};const k=new C.HN,O=N=>{const{line:e,col:p}=k.linePos(N);return`${a}:${Math.max(1,e)}:${Math.max(1,p)}`},x=(N,e,p)=>({problems:[{input:O(N),problem:e,allowed:p}]});try{const N=(0,C.Tp)(c,{lineCounter:k,prettyErrors:!1,stringKeys:!0,version:"1.2",uniqueKeys:!0}),e=[...N.errors,...N.warnings];if(e.some($=>$.message.includes("call stack")))throw new RangeError(e[0]?.message);if(e.length>0)return{problems:re(e,O)};let p,W;if((0,C.YR)(N,{Node($,me){(0,C.Vj)(me)?p??=ue(me):me.tag!==void 0&&(W??=ue(me))}}),W!==void 0)return x(W,"has a tag","plain text, numbers, true, false, lists and mappings");let w;try{if(w=N.toJS({maxAliasCount:je}),q(w)>fe)return x(p??0,"is nested without end",`at most ${fe} levels`)}catch($){if(p===void 0)throw $;return x(p,"has an alias that cannot be resolved, or too many of them",`at most ${je} uses of aliases`)}return{yaml:{content:w,at:($,me="value")=>{const J=O(ge(N,$,me));return $.length>0?`${J} (${ve($)})`:J}}}}catch(N){const e=N instanceof RangeError?"is nested too deeply to be read":`cannot be read (${N instanceof Error?N.message:String(N)})`;return{problems:[{input:a,problem:e,allowed:`YAML of at most ${fe} levels`}]}}}var we=D(7030),ie=D(1916);const ee=80;function H(c){const k=(typeof c=="string"?c:JSON.stringify(c)??String(c)).replace(/\/\/[^/@\s]*@/g,"//***@"),O=k.length>ee?`${k.slice(0,ee)}\u2026`:k;return(typeof c=="string"?JSON.stringify(O):O).toWellFormed().replace(/[\p{C}\p{Zl}\p{Zp}]/gu,N=>`\\u{${N.codePointAt(0)?.toString(16)}}`)}function Fe(c,a){if(c.length>200)return;const k=c.toLowerCase(),O=a.map(N=>({choice:N,steps:(0,ie.Io)(k,N.toLowerCase())})).sort((N,e)=>N.steps-e.steps),[x]=O;return x&&x.steps<=Math.max(2,Math.floor(x.choice.length/3))?x.choice:void 0}function de(c){return c===void 0?{}:{nearest:c}}function _e(c){const a=c.value===void 0?"":`${c.value} `,k=c.nearest===void 0?"":`; did you mean ${H(c.nearest)}?`;return`${c.input}: ${a}${c.problem}; ${c.allowed}${k}`}const De=/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;function Ge(c){const a=De.exec(c)?.[0]?.codePointAt(0);return a===void 0?void 0:`U+${a.toString(16).toUpperCase().padStart(4,"0")}`}const Qe=c=>{const a=Ge(c);return a?{problem:`contains the invisible character ${a}`,allowed:"one line of printable text"}:void 0},rt=c=>c.startsWith("-")?{problem:"begins with a dash",allowed:"text that no program can take for an option"}:Qe(c);function et(c,a,k,O){const x=N=>N.length<=a&&c.test(N);return N=>{if(x(N))return;const e=N.length>a?`is longer than ${a} characters`:"has the wrong form",p=O?.(N);return{problem:e,allowed:k,...de(p!==void 0&&x(p)?p:void 0)}}}const Pe=/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,xe=et(Pe,63,"lower-case letters, digits, '-' and '.', at most 63, letter or digit at both ends",c=>c.toLowerCase().replaceAll("_","-")),B=et(/^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/,32,"a Unix user name, e.g. oceanid",c=>c.replace(/@.*$/,"")),ne=et(/^[a-z0-9]+([.-][a-z0-9]+)*$/,100,"the id of a check as the report shows it, e.g. host.clock",c=>c.toLowerCase().replaceAll("_","-")),X=c=>{if((0,we.isIP)(c)!==0)return;const a="a DNS name or an IP address",k=/^(?:ssh:\/\/)?(?:[^@/\s]+@)?\[?([^@/\s\]]+?)\]?(?::\d+)?\/?$/.exec(c)?.[1]??"";if(/^[0-9.]+$/.test(c))return{problem:"is no IPv4 address",allowed:a};if(c.length<=253&&Pe.test(c.toLowerCase()))return;const O=(0,we.isIP)(k)!==0||Pe.test(k.toLowerCase());return{problem:"has the wrong form",allowed:`${a}, without user and port`,...de(O?k:void 0)}},ye=c=>(0,we.isIP)(c)===0?{problem:"is no IP address",allowed:"an IPv4 or IPv6 address"}:void 0,te=c=>{const a=c.split(",").map(N=>N.trim()),k="an IP address, or one IPv4 and one IPv6 address separated by a comma",O=a.map(N=>(0,we.isIP)(N)),x=a.find(N=>(0,we.isIP)(N)===0);return x!==void 0?{problem:x.includes("/")?"is a network, not an address":"is no IP address",allowed:k}:new Set(O).size===O.length?void 0:{problem:"has two addresses of the same family",allowed:k}},Oe=c=>{const a="https://host:port, e.g. https://203.0.113.7:6443",[,k="",O="",x]=/^([a-z]+):\/\/(\[[^\]\s]+\]|[^/:\s]+)(?::(\d+))?\/?$/i.exec(c)??[],N=O.replace(/^\[|\]$/g,"");if(!(O.startsWith("[")?(0,we.isIP)(N)===6:X(O)===void 0)){const p=X(c.replace(/:\d+$/,""))===void 0?c:void 0,W=p===void 0?void 0:`https://${p}${/:\d+$/.test(p)?"":":6443"}`;return{problem:"is no server address",allowed:a,...de(W)}}return k.toLowerCase()!=="https"?{problem:"is not https",allowed:a,nearest:`https://${O}:${x??"6443"}`}:x===void 0?{problem:"has no port",allowed:a,nearest:`https://${O}:6443`}:Number(x)>=1&&Number(x)<=65535?void 0:{problem:"has no such port",allowed:a}};function ze(c){const a=c==="k3s",k=a?/^v\d+\.\d+\.\d+(-rc\d+)?\+k3s\d+$/:/^v\d+\.\d+\.\d+$/,O=`match-server, or an exact version like ${a?"v1.33.4+k3s1":"v1.33.4"}`;return x=>{if(x==="match-server"||x.length<=40&&k.test(x))return;if(/^(stable|latest|testing|v?\d+(\.\d+)?)$/.test(x))return{problem:"is a channel: it names another version tomorrow",allowed:O,nearest:"match-server"};const N=[`v${x}`,`${x}+k3s1`,`v${x}+k3s1`,x.replace(/-(k3s\d+)$/,"+$1"),x.replace(/\+.*$/,""),x.toLowerCase()],e=/^match.?server$/i.test(x)?"match-server":N.find(p=>k.test(p));return{problem:"is no version",allowed:O,...de(e)}}}const Me=["NoSchedule","PreferNoSchedule","NoExecute"],Ae=/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,Be=/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,tt=["kubernetes.io/hostname","kubernetes.io/os","kubernetes.io/arch","beta.kubernetes.io/os","beta.kubernetes.io/arch"],K=["control-plane","master","etcd"].map(c=>`node-role.kubernetes.io/${c}`);function He(c){const[a="",k,...O]=c.split("/").reverse(),x=k===void 0||k.length<=253&&Be.test(k);return O.length===0&&Ae.test(a)&&x}function Ce(c){if(!He(c))return{problem:"is no label key",allowed:"an optional DNS name and '/', then at most 63 letters, digits, '-', '_' or '.', e.g. oceanid.node/gpu"};if(tt.includes(c))return{problem:"is set by the kubelet itself",allowed:"any other key"};if(K.includes(c))return{problem:"marks servers, and this node is an agent",allowed:"any other key"}}function Ke(c){if(c===""||Ae.test(c))return;const a=c.trim().replace(/[\s/:]+/g,"-");return{problem:"is no label value",allowed:"at most 63 letters, digits, '-', '_' or '.', letter or digit at both ends",...de(Ae.test(a)?a:void 0)}}function Je(c){const a=c.indexOf("=");if(a>=0)return Ce(c.slice(0,a))??Ke(c.slice(a+1));const k=/^([^:]+):\s*(\S.*)$/.exec(c);return{problem:"is no label",allowed:"key=value (key= for an empty value), one a line or separated by commas",...de(k?`${k[1]}=${k[2]}`:void 0)}}function it(c){const[,a="",k="",O]=/^([^=:]+)(?:=([^=:]*))?:([A-Za-z]+)$/.exec(c)??[],x=Me.find(N=>N===O);if(!(x===void 0||!He(a)||k!==""&&!Ae.test(k)))return k===""?{key:a,effect:x}:{key:a,value:k,effect:x}}function wt(c){const a=it(c);if(a)return a;const k=c.lastIndexOf(":"),O=Fe(c.slice(k+1),Me),x=k>0&&O!==void 0?`${c.slice(0,k)}:${O}`:"";return{problem:"is no taint",allowed:`key=value:Effect or key:Effect, Effect one of ${Me.join(", ")}`,...de(it(x)?x:void 0)}}function $t(c){return"problem"in c}var ut=D(6214);const bt=dt,at={$schema:"https://json-schema.org/draft/2020-12/schema",$id:"cluster.schema.json",type:"object",additionalProperties:!1,required:["name","nodes"],properties:{name:{$ref:"#/$defs/name"},distribution:{enum:["k3s","kubeadm"]},version:{$ref:"#/$defs/version"},api:{$ref:"#/$defs/api"},kubeconfig:{$ref:"#/$defs/kubeconfig"},join:{$ref:"#/$defs/join"},nodes:{type:"object",minProperties:1,propertyNames:{$ref:"#/$defs/name"},additionalProperties:{$ref:"#/$defs/node"}},verify:{$ref:"#/$defs/verify"}},$defs:{name:{type:"string",maxLength:63,pattern:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"},text:{type:"string",minLength:1,maxLength:1024,pattern:"^[^\\u0000-\\u001f\\u007f]*$"},port:{type:"integer",minimum:1,maximum:65535},duration:{type:"string",pattern:"^(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?$",minLength:2},version:{type:"string",pattern:"^(match-server|v\\d+\\.\\d+\\.\\d+(-rc\\d+)?(\\+k3s\\d+)?)$"},fingerprint:{type:"string",pattern:"^SHA256:[A-Za-z0-9+/]{43}=?$"},fingerprints:{type:["string","array"],pattern:"^SHA256:[A-Za-z0-9+/]{43}=?$",items:{$ref:"#/$defs/fingerprint"}},api:{type:"object",additionalProperties:!1,properties:{server:{type:"string",pattern:"^https://[^/@\\s]+:\\d+/?$"},tunnel:{type:"object",additionalProperties:!1,required:["host","user"],properties:{host:{$ref:"#/$defs/text"},port:{$ref:"#/$defs/port"},user:{$ref:"#/$defs/text"},"local-port":{$ref:"#/$defs/port"},"known-hosts":{type:"string"},"host-key-fingerprint":{$ref:"#/$defs/fingerprints"},"private-key-property":{$ref:"#/$defs/text"}}}}},kubeconfig:{type:"object",additionalProperties:!1,properties:{esc:{type:"string",pattern:"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+(@[A-Za-z0-9_.-]+)?$"},property:{$ref:"#/$defs/text"},path:{$ref:"#/$defs/text"},context:{$ref:"#/$defs/text"}}},join:{type:"object",additionalProperties:!1,properties:{timeout:{$ref:"#/$defs/duration"},verify:{enum:["fast","deep"]},"fail-on":{enum:["fail","warn","never"]},"ignore-checks":{type:"array",items:{type:"string",pattern:"^[a-z0-9]+([.-][a-z0-9]+)*$"}}}},node:{type:"object",additionalProperties:!1,properties:{role:{enum:["agent","server"]},address:{$ref:"#/$defs/text"},transport:{enum:["ssh","local"]},ssh:{type:"object",additionalProperties:!1,properties:{host:{$ref:"#/$defs/text"},port:{$ref:"#/$defs/port"},user:{$ref:"#/$defs/text"},"known-hosts":{type:"string"},"host-key-fingerprint":{$ref:"#/$defs/fingerprints"},"private-key-file":{$ref:"#/$defs/text"},"private-key-property":{$ref:"#/$defs/text"}}},version:{$ref:"#/$defs/version"},"pod-network":{enum:["shared","isolated"]},labels:{type:"object",additionalProperties:{type:"string"}},taints:{type:"array",items:{type:"string"}},"node-ip":{type:"string"},"node-external-ip":{type:"string"},"extra-config":{type:"object",additionalProperties:{type:["string","number","boolean","array"],items:{type:["string","number","boolean"]}}},gpu:{type:"object",additionalProperties:!1,properties:{count:{type:"integer",minimum:1,maximum:64},product:{$ref:"#/$defs/text"}}},join:{$ref:"#/$defs/join"}}},verify:{type:"object",additionalProperties:!1,properties:{flux:{enum:["required","optional","ignored"]},triton:{type:"array",items:{type:"object",additionalProperties:!1,required:["url","model"],properties:{url:{type:"string",pattern:"^https?://[^/@\\s]+"},access:{enum:["direct","cloudflare"]},model:{$ref:"#/$defs/text"},"gpu-proof":{enum:["gpu-proved","gpu-likely","none"]},p95:{$ref:"#/$defs/duration"}}}}}}}},vt={type:"string",maxLength:63,pattern:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"},lt={type:"string",pattern:"^(match-server|v\\d+\\.\\d+\\.\\d+(-rc\\d+)?(\\+k3s\\d+)?)$"},pe=ut.default??ut,Ze=new RegExp("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$","u"),nt=new RegExp("^(match-server|v\\d+\\.\\d+\\.\\d+(-rc\\d+)?(\\+k3s\\d+)?)$","u"),M={type:"object",additionalProperties:!1,properties:{server:{type:"string",pattern:"^https://[^/@\\s]+:\\d+/?$"},tunnel:{type:"object",additionalProperties:!1,required:["host","user"],properties:{host:{$ref:"#/$defs/text"},port:{$ref:"#/$defs/port"},user:{$ref:"#/$defs/text"},"local-port":{$ref:"#/$defs/port"},"known-hosts":{type:"string"},"host-key-fingerprint":{$ref:"#/$defs/fingerprints"},"private-key-property":{$ref:"#/$defs/text"}}}}},U={type:"string",minLength:1,maxLength:1024,pattern:"^[^\\u0000-\\u001f\\u007f]*$"},m={type:"integer",minimum:1,maximum:65535},v=new RegExp("^https://[^/@\\s]+:\\d+/?$","u"),b=new RegExp("^[^\\u0000-\\u001f\\u007f]*$","u"),S={type:["string","array"],pattern:"^SHA256:[A-Za-z0-9+/]{43}=?$",items:{$ref:"#/$defs/fingerprint"}},R={type:"string",pattern:"^SHA256:[A-Za-z0-9+/]{43}=?$"},I=new RegExp("^SHA256:[A-Za-z0-9+/]{43}=?$","u");function Z(c,{instancePath:a="",parentData:k,parentDataProperty:O,rootData:x=c,dynamicAnchors:N={}}={}){let e=null,p=0;const W=Z.evaluated;if(W.dynamicProps&&(W.props=void 0),W.dynamicItems&&(W.items=void 0),typeof c!="string"&&!Array.isArray(c)){const w={instancePath:a,schemaPath:"#/type",keyword:"type",params:{type:S.type},message:"must be string,array"};e===null?e=[w]:e.push(w),p++}if(typeof c=="string"&&!I.test(c)){const w={instancePath:a,schemaPath:"#/pattern",keyword:"pattern",params:{pattern:"^SHA256:[A-Za-z0-9+/]{43}=?$"},message:'must match pattern "^SHA256:[A-Za-z0-9+/]{43}=?$"'};e===null?e=[w]:e.push(w),p++}if(Array.isArray(c)){const w=c.length;for(let u=0;u<w;u++){let $=c[u];if(typeof $=="string"){if(!I.test($)){const me={instancePath:a+"/"+u,schemaPath:"#/$defs/fingerprint/pattern",keyword:"pattern",params:{pattern:"^SHA256:[A-Za-z0-9+/]{43}=?$"},message:'must match pattern "^SHA256:[A-Za-z0-9+/]{43}=?$"'};e===null?e=[me]:e.push(me),p++}}else{const me={instancePath:a+"/"+u,schemaPath:"#/$defs/fingerprint/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[me]:e.push(me),p++}}}return Z.errors=e,p===0}Z.evaluated={items:!0,dynamicProps:!1,dynamicItems:!1};function ae(c,{instancePath:a="",parentData:k,parentDataProperty:O,rootData:x=c,dynamicAnchors:N={}}={}){let e=null,p=0;const W=ae.evaluated;if(W.dynamicProps&&(W.props=void 0),W.dynamicItems&&(W.items=void 0),c&&typeof c=="object"&&!Array.isArray(c)){for(const w in c)if(!(w==="server"||w==="tunnel")){const u={instancePath:a,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty:w},message:"must NOT have additional properties"};e===null?e=[u]:e.push(u),p++}if(c.server!==void 0){let w=c.server;if(typeof w=="string"){if(!v.test(w)){const u={instancePath:a+"/server",schemaPath:"#/properties/server/pattern",keyword:"pattern",params:{pattern:"^https://[^/@\\s]+:\\d+/?$"},message:'must match pattern "^https://[^/@\\s]+:\\d+/?$"'};e===null?e=[u]:e.push(u),p++}}else{const u={instancePath:a+"/server",schemaPath:"#/properties/server/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[u]:e.push(u),p++}}if(c.tunnel!==void 0){let w=c.tunnel;if(w&&typeof w=="object"&&!Array.isArray(w)){if(w.host===void 0){const u={instancePath:a+"/tunnel",schemaPath:"#/properties/tunnel/required",keyword:"required",params:{missingProperty:"host"},message:"must have required property 'host'"};e===null?e=[u]:e.push(u),p++}if(w.user===void 0){const u={instancePath:a+"/tunnel",schemaPath:"#/properties/tunnel/required",keyword:"required",params:{missingProperty:"user"},message:"must have required property 'user'"};e===null?e=[u]:e.push(u),p++}for(const u in w)if(!(u==="host"||u==="port"||u==="user"||u==="local-port"||u==="known-hosts"||u==="host-key-fingerprint"||u==="private-key-property")){const $={instancePath:a+"/tunnel",schemaPath:"#/properties/tunnel/additionalProperties",keyword:"additionalProperties",params:{additionalProperty:u},message:"must NOT have additional properties"};e===null?e=[$]:e.push($),p++}if(w.host!==void 0){let u=w.host;if(typeof u=="string"){if(pe(u)>1024){const $={instancePath:a+"/tunnel/host",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[$]:e.push($),p++}if(pe(u)<1){const $={instancePath:a+"/tunnel/host",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[$]:e.push($),p++}if(!b.test(u)){const $={instancePath:a+"/tunnel/host",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[$]:e.push($),p++}}else{const $={instancePath:a+"/tunnel/host",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[$]:e.push($),p++}}if(w.port!==void 0){let u=w.port;if(!(typeof u=="number"&&!(u%1)&&!isNaN(u)&&isFinite(u))){const $={instancePath:a+"/tunnel/port",schemaPath:"#/$defs/port/type",keyword:"type",params:{type:"integer"},message:"must be integer"};e===null?e=[$]:e.push($),p++}if(typeof u=="number"&&isFinite(u)){if(u>65535||isNaN(u)){const $={instancePath:a+"/tunnel/port",schemaPath:"#/$defs/port/maximum",keyword:"maximum",params:{comparison:"<=",limit:65535},message:"must be <= 65535"};e===null?e=[$]:e.push($),p++}if(u<1||isNaN(u)){const $={instancePath:a+"/tunnel/port",schemaPath:"#/$defs/port/minimum",keyword:"minimum",params:{comparison:">=",limit:1},message:"must be >= 1"};e===null?e=[$]:e.push($),p++}}}if(w.user!==void 0){let u=w.user;if(typeof u=="string"){if(pe(u)>1024){const $={instancePath:a+"/tunnel/user",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[$]:e.push($),p++}if(pe(u)<1){const $={instancePath:a+"/tunnel/user",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[$]:e.push($),p++}if(!b.test(u)){const $={instancePath:a+"/tunnel/user",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[$]:e.push($),p++}}else{const $={instancePath:a+"/tunnel/user",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[$]:e.push($),p++}}if(w["local-port"]!==void 0){let u=w["local-port"];if(!(typeof u=="number"&&!(u%1)&&!isNaN(u)&&isFinite(u))){const $={instancePath:a+"/tunnel/local-port",schemaPath:"#/$defs/port/type",keyword:"type",params:{type:"integer"},message:"must be integer"};e===null?e=[$]:e.push($),p++}if(typeof u=="number"&&isFinite(u)){if(u>65535||isNaN(u)){const $={instancePath:a+"/tunnel/local-port",schemaPath:"#/$defs/port/maximum",keyword:"maximum",params:{comparison:"<=",limit:65535},message:"must be <= 65535"};e===null?e=[$]:e.push($),p++}if(u<1||isNaN(u)){const $={instancePath:a+"/tunnel/local-port",schemaPath:"#/$defs/port/minimum",keyword:"minimum",params:{comparison:">=",limit:1},message:"must be >= 1"};e===null?e=[$]:e.push($),p++}}}if(w["known-hosts"]!==void 0&&typeof w["known-hosts"]!="string"){const u={instancePath:a+"/tunnel/known-hosts",schemaPath:"#/properties/tunnel/properties/known-hosts/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[u]:e.push(u),p++}if(w["host-key-fingerprint"]!==void 0&&(Z(w["host-key-fingerprint"],{instancePath:a+"/tunnel/host-key-fingerprint",parentData:w,parentDataProperty:"host-key-fingerprint",rootData:x,dynamicAnchors:N})||(e=e===null?Z.errors:e.concat(Z.errors),p=e.length)),w["private-key-property"]!==void 0){let u=w["private-key-property"];if(typeof u=="string"){if(pe(u)>1024){const $={instancePath:a+"/tunnel/private-key-property",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[$]:e.push($),p++}if(pe(u)<1){const $={instancePath:a+"/tunnel/private-key-property",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[$]:e.push($),p++}if(!b.test(u)){const $={instancePath:a+"/tunnel/private-key-property",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[$]:e.push($),p++}}else{const $={instancePath:a+"/tunnel/private-key-property",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[$]:e.push($),p++}}}else{const u={instancePath:a+"/tunnel",schemaPath:"#/properties/tunnel/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[u]:e.push(u),p++}}}else{const w={instancePath:a,schemaPath:"#/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[w]:e.push(w),p++}return ae.errors=e,p===0}ae.evaluated={props:!0,dynamicProps:!1,dynamicItems:!1};const ce={type:"object",additionalProperties:!1,properties:{esc:{type:"string",pattern:"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+(@[A-Za-z0-9_.-]+)?$"},property:{$ref:"#/$defs/text"},path:{$ref:"#/$defs/text"},context:{$ref:"#/$defs/text"}}},Ye=new RegExp("^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+(@[A-Za-z0-9_.-]+)?$","u");function Te(c,{instancePath:a="",parentData:k,parentDataProperty:O,rootData:x=c,dynamicAnchors:N={}}={}){let e=null,p=0;const W=Te.evaluated;if(W.dynamicProps&&(W.props=void 0),W.dynamicItems&&(W.items=void 0),c&&typeof c=="object"&&!Array.isArray(c)){for(const w in c)if(!(w==="esc"||w==="property"||w==="path"||w==="context")){const u={instancePath:a,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty:w},message:"must NOT have additional properties"};e===null?e=[u]:e.push(u),p++}if(c.esc!==void 0){let w=c.esc;if(typeof w=="string"){if(!Ye.test(w)){const u={instancePath:a+"/esc",schemaPath:"#/properties/esc/pattern",keyword:"pattern",params:{pattern:"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+(@[A-Za-z0-9_.-]+)?$"},message:'must match pattern "^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+(@[A-Za-z0-9_.-]+)?$"'};e===null?e=[u]:e.push(u),p++}}else{const u={instancePath:a+"/esc",schemaPath:"#/properties/esc/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[u]:e.push(u),p++}}if(c.property!==void 0){let w=c.property;if(typeof w=="string"){if(pe(w)>1024){const u={instancePath:a+"/property",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[u]:e.push(u),p++}if(pe(w)<1){const u={instancePath:a+"/property",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[u]:e.push(u),p++}if(!b.test(w)){const u={instancePath:a+"/property",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[u]:e.push(u),p++}}else{const u={instancePath:a+"/property",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[u]:e.push(u),p++}}if(c.path!==void 0){let w=c.path;if(typeof w=="string"){if(pe(w)>1024){const u={instancePath:a+"/path",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[u]:e.push(u),p++}if(pe(w)<1){const u={instancePath:a+"/path",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[u]:e.push(u),p++}if(!b.test(w)){const u={instancePath:a+"/path",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[u]:e.push(u),p++}}else{const u={instancePath:a+"/path",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[u]:e.push(u),p++}}if(c.context!==void 0){let w=c.context;if(typeof w=="string"){if(pe(w)>1024){const u={instancePath:a+"/context",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[u]:e.push(u),p++}if(pe(w)<1){const u={instancePath:a+"/context",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[u]:e.push(u),p++}if(!b.test(w)){const u={instancePath:a+"/context",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[u]:e.push(u),p++}}else{const u={instancePath:a+"/context",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[u]:e.push(u),p++}}}else{const w={instancePath:a,schemaPath:"#/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[w]:e.push(w),p++}return Te.errors=e,p===0}Te.evaluated={props:!0,dynamicProps:!1,dynamicItems:!1};const oe={type:"object",additionalProperties:!1,properties:{timeout:{$ref:"#/$defs/duration"},verify:{enum:["fast","deep"]},"fail-on":{enum:["fail","warn","never"]},"ignore-checks":{type:"array",items:{type:"string",pattern:"^[a-z0-9]+([.-][a-z0-9]+)*$"}}}},Se={type:"string",pattern:"^(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?$",minLength:2},Ve=new RegExp("^(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?$","u"),ct=new RegExp("^[a-z0-9]+([.-][a-z0-9]+)*$","u");function st(c,{instancePath:a="",parentData:k,parentDataProperty:O,rootData:x=c,dynamicAnchors:N={}}={}){let e=null,p=0;const W=st.evaluated;if(W.dynamicProps&&(W.props=void 0),W.dynamicItems&&(W.items=void 0),c&&typeof c=="object"&&!Array.isArray(c)){for(const w in c)if(!(w==="timeout"||w==="verify"||w==="fail-on"||w==="ignore-checks")){const u={instancePath:a,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty:w},message:"must NOT have additional properties"};e===null?e=[u]:e.push(u),p++}if(c.timeout!==void 0){let w=c.timeout;if(typeof w=="string"){if(pe(w)<2){const u={instancePath:a+"/timeout",schemaPath:"#/$defs/duration/minLength",keyword:"minLength",params:{limit:2},message:"must NOT have fewer than 2 characters"};e===null?e=[u]:e.push(u),p++}if(!Ve.test(w)){const u={instancePath:a+"/timeout",schemaPath:"#/$defs/duration/pattern",keyword:"pattern",params:{pattern:"^(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?$"},message:'must match pattern "^(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?$"'};e===null?e=[u]:e.push(u),p++}}else{const u={instancePath:a+"/timeout",schemaPath:"#/$defs/duration/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[u]:e.push(u),p++}}if(c.verify!==void 0){let w=c.verify;if(!(w==="fast"||w==="deep")){const u={instancePath:a+"/verify",schemaPath:"#/properties/verify/enum",keyword:"enum",params:{allowedValues:oe.properties.verify.enum},message:"must be equal to one of the allowed values"};e===null?e=[u]:e.push(u),p++}}if(c["fail-on"]!==void 0){let w=c["fail-on"];if(!(w==="fail"||w==="warn"||w==="never")){const u={instancePath:a+"/fail-on",schemaPath:"#/properties/fail-on/enum",keyword:"enum",params:{allowedValues:oe.properties["fail-on"].enum},message:"must be equal to one of the allowed values"};e===null?e=[u]:e.push(u),p++}}if(c["ignore-checks"]!==void 0){let w=c["ignore-checks"];if(Array.isArray(w)){const u=w.length;for(let $=0;$<u;$++){let me=w[$];if(typeof me=="string"){if(!ct.test(me)){const J={instancePath:a+"/ignore-checks/"+$,schemaPath:"#/properties/ignore-checks/items/pattern",keyword:"pattern",params:{pattern:"^[a-z0-9]+([.-][a-z0-9]+)*$"},message:'must match pattern "^[a-z0-9]+([.-][a-z0-9]+)*$"'};e===null?e=[J]:e.push(J),p++}}else{const J={instancePath:a+"/ignore-checks/"+$,schemaPath:"#/properties/ignore-checks/items/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[J]:e.push(J),p++}}}else{const u={instancePath:a+"/ignore-checks",schemaPath:"#/properties/ignore-checks/type",keyword:"type",params:{type:"array"},message:"must be array"};e===null?e=[u]:e.push(u),p++}}}else{const w={instancePath:a,schemaPath:"#/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[w]:e.push(w),p++}return st.errors=e,p===0}st.evaluated={props:!0,dynamicProps:!1,dynamicItems:!1};const Ee={type:"object",additionalProperties:!1,properties:{role:{enum:["agent","server"]},address:{$ref:"#/$defs/text"},transport:{enum:["ssh","local"]},ssh:{type:"object",additionalProperties:!1,properties:{host:{$ref:"#/$defs/text"},port:{$ref:"#/$defs/port"},user:{$ref:"#/$defs/text"},"known-hosts":{type:"string"},"host-key-fingerprint":{$ref:"#/$defs/fingerprints"},"private-key-file":{$ref:"#/$defs/text"},"private-key-property":{$ref:"#/$defs/text"}}},version:{$ref:"#/$defs/version"},"pod-network":{enum:["shared","isolated"]},labels:{type:"object",additionalProperties:{type:"string"}},taints:{type:"array",items:{type:"string"}},"node-ip":{type:"string"},"node-external-ip":{type:"string"},"extra-config":{type:"object",additionalProperties:{type:["string","number","boolean","array"],items:{type:["string","number","boolean"]}}},gpu:{type:"object",additionalProperties:!1,properties:{count:{type:"integer",minimum:1,maximum:64},product:{$ref:"#/$defs/text"}}},join:{$ref:"#/$defs/join"}}},_t=Object.prototype.hasOwnProperty;function ht(c,{instancePath:a="",parentData:k,parentDataProperty:O,rootData:x=c,dynamicAnchors:N={}}={}){let e=null,p=0;const W=ht.evaluated;if(W.dynamicProps&&(W.props=void 0),W.dynamicItems&&(W.items=void 0),c&&typeof c=="object"&&!Array.isArray(c)){for(const w in c)if(!_t.call(Ee.properties,w)){const u={instancePath:a,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty:w},message:"must NOT have additional properties"};e===null?e=[u]:e.push(u),p++}if(c.role!==void 0){let w=c.role;if(!(w==="agent"||w==="server")){const u={instancePath:a+"/role",schemaPath:"#/properties/role/enum",keyword:"enum",params:{allowedValues:Ee.properties.role.enum},message:"must be equal to one of the allowed values"};e===null?e=[u]:e.push(u),p++}}if(c.address!==void 0){let w=c.address;if(typeof w=="string"){if(pe(w)>1024){const u={instancePath:a+"/address",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[u]:e.push(u),p++}if(pe(w)<1){const u={instancePath:a+"/address",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[u]:e.push(u),p++}if(!b.test(w)){const u={instancePath:a+"/address",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[u]:e.push(u),p++}}else{const u={instancePath:a+"/address",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[u]:e.push(u),p++}}if(c.transport!==void 0){let w=c.transport;if(!(w==="ssh"||w==="local")){const u={instancePath:a+"/transport",schemaPath:"#/properties/transport/enum",keyword:"enum",params:{allowedValues:Ee.properties.transport.enum},message:"must be equal to one of the allowed values"};e===null?e=[u]:e.push(u),p++}}if(c.ssh!==void 0){let w=c.ssh;if(w&&typeof w=="object"&&!Array.isArray(w)){for(const u in w)if(!(u==="host"||u==="port"||u==="user"||u==="known-hosts"||u==="host-key-fingerprint"||u==="private-key-file"||u==="private-key-property")){const $={instancePath:a+"/ssh",schemaPath:"#/properties/ssh/additionalProperties",keyword:"additionalProperties",params:{additionalProperty:u},message:"must NOT have additional properties"};e===null?e=[$]:e.push($),p++}if(w.host!==void 0){let u=w.host;if(typeof u=="string"){if(pe(u)>1024){const $={instancePath:a+"/ssh/host",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[$]:e.push($),p++}if(pe(u)<1){const $={instancePath:a+"/ssh/host",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[$]:e.push($),p++}if(!b.test(u)){const $={instancePath:a+"/ssh/host",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[$]:e.push($),p++}}else{const $={instancePath:a+"/ssh/host",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[$]:e.push($),p++}}if(w.port!==void 0){let u=w.port;if(!(typeof u=="number"&&!(u%1)&&!isNaN(u)&&isFinite(u))){const $={instancePath:a+"/ssh/port",schemaPath:"#/$defs/port/type",keyword:"type",params:{type:"integer"},message:"must be integer"};e===null?e=[$]:e.push($),p++}if(typeof u=="number"&&isFinite(u)){if(u>65535||isNaN(u)){const $={instancePath:a+"/ssh/port",schemaPath:"#/$defs/port/maximum",keyword:"maximum",params:{comparison:"<=",limit:65535},message:"must be <= 65535"};e===null?e=[$]:e.push($),p++}if(u<1||isNaN(u)){const $={instancePath:a+"/ssh/port",schemaPath:"#/$defs/port/minimum",keyword:"minimum",params:{comparison:">=",limit:1},message:"must be >= 1"};e===null?e=[$]:e.push($),p++}}}if(w.user!==void 0){let u=w.user;if(typeof u=="string"){if(pe(u)>1024){const $={instancePath:a+"/ssh/user",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[$]:e.push($),p++}if(pe(u)<1){const $={instancePath:a+"/ssh/user",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[$]:e.push($),p++}if(!b.test(u)){const $={instancePath:a+"/ssh/user",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[$]:e.push($),p++}}else{const $={instancePath:a+"/ssh/user",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[$]:e.push($),p++}}if(w["known-hosts"]!==void 0&&typeof w["known-hosts"]!="string"){const u={instancePath:a+"/ssh/known-hosts",schemaPath:"#/properties/ssh/properties/known-hosts/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[u]:e.push(u),p++}if(w["host-key-fingerprint"]!==void 0&&(Z(w["host-key-fingerprint"],{instancePath:a+"/ssh/host-key-fingerprint",parentData:w,parentDataProperty:"host-key-fingerprint",rootData:x,dynamicAnchors:N})||(e=e===null?Z.errors:e.concat(Z.errors),p=e.length)),w["private-key-file"]!==void 0){let u=w["private-key-file"];if(typeof u=="string"){if(pe(u)>1024){const $={instancePath:a+"/ssh/private-key-file",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[$]:e.push($),p++}if(pe(u)<1){const $={instancePath:a+"/ssh/private-key-file",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[$]:e.push($),p++}if(!b.test(u)){const $={instancePath:a+"/ssh/private-key-file",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[$]:e.push($),p++}}else{const $={instancePath:a+"/ssh/private-key-file",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[$]:e.push($),p++}}if(w["private-key-property"]!==void 0){let u=w["private-key-property"];if(typeof u=="string"){if(pe(u)>1024){const $={instancePath:a+"/ssh/private-key-property",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[$]:e.push($),p++}if(pe(u)<1){const $={instancePath:a+"/ssh/private-key-property",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[$]:e.push($),p++}if(!b.test(u)){const $={instancePath:a+"/ssh/private-key-property",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[$]:e.push($),p++}}else{const $={instancePath:a+"/ssh/private-key-property",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[$]:e.push($),p++}}}else{const u={instancePath:a+"/ssh",schemaPath:"#/properties/ssh/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[u]:e.push(u),p++}}if(c.version!==void 0){let w=c.version;if(typeof w=="string"){if(!nt.test(w)){const u={instancePath:a+"/version",schemaPath:"#/$defs/version/pattern",keyword:"pattern",params:{pattern:"^(match-server|v\\d+\\.\\d+\\.\\d+(-rc\\d+)?(\\+k3s\\d+)?)$"},message:'must match pattern "^(match-server|v\\d+\\.\\d+\\.\\d+(-rc\\d+)?(\\+k3s\\d+)?)$"'};e===null?e=[u]:e.push(u),p++}}else{const u={instancePath:a+"/version",schemaPath:"#/$defs/version/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[u]:e.push(u),p++}}if(c["pod-network"]!==void 0){let w=c["pod-network"];if(!(w==="shared"||w==="isolated")){const u={instancePath:a+"/pod-network",schemaPath:"#/properties/pod-network/enum",keyword:"enum",params:{allowedValues:Ee.properties["pod-network"].enum},message:"must be equal to one of the allowed values"};e===null?e=[u]:e.push(u),p++}}if(c.labels!==void 0){let w=c.labels;if(w&&typeof w=="object"&&!Array.isArray(w)){for(const u in w)if(typeof w[u]!="string"){const $={instancePath:a+"/labels/"+u.replace(/~/g,"~0").replace(/\//g,"~1"),schemaPath:"#/properties/labels/additionalProperties/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[$]:e.push($),p++}}else{const u={instancePath:a+"/labels",schemaPath:"#/properties/labels/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[u]:e.push(u),p++}}if(c.taints!==void 0){let w=c.taints;if(Array.isArray(w)){const u=w.length;for(let $=0;$<u;$++)if(typeof w[$]!="string"){const me={instancePath:a+"/taints/"+$,schemaPath:"#/properties/taints/items/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[me]:e.push(me),p++}}else{const u={instancePath:a+"/taints",schemaPath:"#/properties/taints/type",keyword:"type",params:{type:"array"},message:"must be array"};e===null?e=[u]:e.push(u),p++}}if(c["node-ip"]!==void 0&&typeof c["node-ip"]!="string"){const w={instancePath:a+"/node-ip",schemaPath:"#/properties/node-ip/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[w]:e.push(w),p++}if(c["node-external-ip"]!==void 0&&typeof c["node-external-ip"]!="string"){const w={instancePath:a+"/node-external-ip",schemaPath:"#/properties/node-external-ip/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[w]:e.push(w),p++}if(c["extra-config"]!==void 0){let w=c["extra-config"];if(w&&typeof w=="object"&&!Array.isArray(w))for(const u in w){let $=w[u];if(typeof $!="string"&&!(typeof $=="number"&&isFinite($))&&typeof $!="boolean"&&!Array.isArray($)){const me={instancePath:a+"/extra-config/"+u.replace(/~/g,"~0").replace(/\//g,"~1"),schemaPath:"#/properties/extra-config/additionalProperties/type",keyword:"type",params:{type:Ee.properties["extra-config"].additionalProperties.type},message:"must be string,number,boolean,array"};e===null?e=[me]:e.push(me),p++}if(Array.isArray($)){const me=$.length;for(let J=0;J<me;J++){let $e=$[J];if(typeof $e!="string"&&!(typeof $e=="number"&&isFinite($e))&&typeof $e!="boolean"){const Et={instancePath:a+"/extra-config/"+u.replace(/~/g,"~0").replace(/\//g,"~1")+"/"+J,schemaPath:"#/properties/extra-config/additionalProperties/items/type",keyword:"type",params:{type:Ee.properties["extra-config"].additionalProperties.items.type},message:"must be string,number,boolean"};e===null?e=[Et]:e.push(Et),p++}}}}else{const u={instancePath:a+"/extra-config",schemaPath:"#/properties/extra-config/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[u]:e.push(u),p++}}if(c.gpu!==void 0){let w=c.gpu;if(w&&typeof w=="object"&&!Array.isArray(w)){for(const u in w)if(!(u==="count"||u==="product")){const $={instancePath:a+"/gpu",schemaPath:"#/properties/gpu/additionalProperties",keyword:"additionalProperties",params:{additionalProperty:u},message:"must NOT have additional properties"};e===null?e=[$]:e.push($),p++}if(w.count!==void 0){let u=w.count;if(!(typeof u=="number"&&!(u%1)&&!isNaN(u)&&isFinite(u))){const $={instancePath:a+"/gpu/count",schemaPath:"#/properties/gpu/properties/count/type",keyword:"type",params:{type:"integer"},message:"must be integer"};e===null?e=[$]:e.push($),p++}if(typeof u=="number"&&isFinite(u)){if(u>64||isNaN(u)){const $={instancePath:a+"/gpu/count",schemaPath:"#/properties/gpu/properties/count/maximum",keyword:"maximum",params:{comparison:"<=",limit:64},message:"must be <= 64"};e===null?e=[$]:e.push($),p++}if(u<1||isNaN(u)){const $={instancePath:a+"/gpu/count",schemaPath:"#/properties/gpu/properties/count/minimum",keyword:"minimum",params:{comparison:">=",limit:1},message:"must be >= 1"};e===null?e=[$]:e.push($),p++}}}if(w.product!==void 0){let u=w.product;if(typeof u=="string"){if(pe(u)>1024){const $={instancePath:a+"/gpu/product",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[$]:e.push($),p++}if(pe(u)<1){const $={instancePath:a+"/gpu/product",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[$]:e.push($),p++}if(!b.test(u)){const $={instancePath:a+"/gpu/product",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[$]:e.push($),p++}}else{const $={instancePath:a+"/gpu/product",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[$]:e.push($),p++}}}else{const u={instancePath:a+"/gpu",schemaPath:"#/properties/gpu/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[u]:e.push(u),p++}}c.join!==void 0&&(st(c.join,{instancePath:a+"/join",parentData:c,parentDataProperty:"join",rootData:x,dynamicAnchors:N})||(e=e===null?st.errors:e.concat(st.errors),p=e.length))}else{const w={instancePath:a,schemaPath:"#/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[w]:e.push(w),p++}return ht.errors=e,p===0}ht.evaluated={props:!0,dynamicProps:!1,dynamicItems:!1};const ot={type:"object",additionalProperties:!1,properties:{flux:{enum:["required","optional","ignored"]},triton:{type:"array",items:{type:"object",additionalProperties:!1,required:["url","model"],properties:{url:{type:"string",pattern:"^https?://[^/@\\s]+"},access:{enum:["direct","cloudflare"]},model:{$ref:"#/$defs/text"},"gpu-proof":{enum:["gpu-proved","gpu-likely","none"]},p95:{$ref:"#/$defs/duration"}}}}}},It=new RegExp("^https?://[^/@\\s]+","u");function ft(c,{instancePath:a="",parentData:k,parentDataProperty:O,rootData:x=c,dynamicAnchors:N={}}={}){let e=null,p=0;const W=ft.evaluated;if(W.dynamicProps&&(W.props=void 0),W.dynamicItems&&(W.items=void 0),c&&typeof c=="object"&&!Array.isArray(c)){for(const w in c)if(!(w==="flux"||w==="triton")){const u={instancePath:a,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty:w},message:"must NOT have additional properties"};e===null?e=[u]:e.push(u),p++}if(c.flux!==void 0){let w=c.flux;if(!(w==="required"||w==="optional"||w==="ignored")){const u={instancePath:a+"/flux",schemaPath:"#/properties/flux/enum",keyword:"enum",params:{allowedValues:ot.properties.flux.enum},message:"must be equal to one of the allowed values"};e===null?e=[u]:e.push(u),p++}}if(c.triton!==void 0){let w=c.triton;if(Array.isArray(w)){const u=w.length;for(let $=0;$<u;$++){let me=w[$];if(me&&typeof me=="object"&&!Array.isArray(me)){if(me.url===void 0){const J={instancePath:a+"/triton/"+$,schemaPath:"#/properties/triton/items/required",keyword:"required",params:{missingProperty:"url"},message:"must have required property 'url'"};e===null?e=[J]:e.push(J),p++}if(me.model===void 0){const J={instancePath:a+"/triton/"+$,schemaPath:"#/properties/triton/items/required",keyword:"required",params:{missingProperty:"model"},message:"must have required property 'model'"};e===null?e=[J]:e.push(J),p++}for(const J in me)if(!(J==="url"||J==="access"||J==="model"||J==="gpu-proof"||J==="p95")){const $e={instancePath:a+"/triton/"+$,schemaPath:"#/properties/triton/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty:J},message:"must NOT have additional properties"};e===null?e=[$e]:e.push($e),p++}if(me.url!==void 0){let J=me.url;if(typeof J=="string"){if(!It.test(J)){const $e={instancePath:a+"/triton/"+$+"/url",schemaPath:"#/properties/triton/items/properties/url/pattern",keyword:"pattern",params:{pattern:"^https?://[^/@\\s]+"},message:'must match pattern "^https?://[^/@\\s]+"'};e===null?e=[$e]:e.push($e),p++}}else{const $e={instancePath:a+"/triton/"+$+"/url",schemaPath:"#/properties/triton/items/properties/url/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[$e]:e.push($e),p++}}if(me.access!==void 0){let J=me.access;if(!(J==="direct"||J==="cloudflare")){const $e={instancePath:a+"/triton/"+$+"/access",schemaPath:"#/properties/triton/items/properties/access/enum",keyword:"enum",params:{allowedValues:ot.properties.triton.items.properties.access.enum},message:"must be equal to one of the allowed values"};e===null?e=[$e]:e.push($e),p++}}if(me.model!==void 0){let J=me.model;if(typeof J=="string"){if(pe(J)>1024){const $e={instancePath:a+"/triton/"+$+"/model",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[$e]:e.push($e),p++}if(pe(J)<1){const $e={instancePath:a+"/triton/"+$+"/model",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[$e]:e.push($e),p++}if(!b.test(J)){const $e={instancePath:a+"/triton/"+$+"/model",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[$e]:e.push($e),p++}}else{const $e={instancePath:a+"/triton/"+$+"/model",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[$e]:e.push($e),p++}}if(me["gpu-proof"]!==void 0){let J=me["gpu-proof"];if(!(J==="gpu-proved"||J==="gpu-likely"||J==="none")){const $e={instancePath:a+"/triton/"+$+"/gpu-proof",schemaPath:"#/properties/triton/items/properties/gpu-proof/enum",keyword:"enum",params:{allowedValues:ot.properties.triton.items.properties["gpu-proof"].enum},message:"must be equal to one of the allowed values"};e===null?e=[$e]:e.push($e),p++}}if(me.p95!==void 0){let J=me.p95;if(typeof J=="string"){if(pe(J)<2){const $e={instancePath:a+"/triton/"+$+"/p95",schemaPath:"#/$defs/duration/minLength",keyword:"minLength",params:{limit:2},message:"must NOT have fewer than 2 characters"};e===null?e=[$e]:e.push($e),p++}if(!Ve.test(J)){const $e={instancePath:a+"/triton/"+$+"/p95",schemaPath:"#/$defs/duration/pattern",keyword:"pattern",params:{pattern:"^(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?$"},message:'must match pattern "^(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?$"'};e===null?e=[$e]:e.push($e),p++}}else{const $e={instancePath:a+"/triton/"+$+"/p95",schemaPath:"#/$defs/duration/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[$e]:e.push($e),p++}}}else{const J={instancePath:a+"/triton/"+$,schemaPath:"#/properties/triton/items/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[J]:e.push(J),p++}}}else{const u={instancePath:a+"/triton",schemaPath:"#/properties/triton/type",keyword:"type",params:{type:"array"},message:"must be array"};e===null?e=[u]:e.push(u),p++}}}else{const w={instancePath:a,schemaPath:"#/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[w]:e.push(w),p++}return ft.errors=e,p===0}ft.evaluated={props:!0,dynamicProps:!1,dynamicItems:!1};function dt(c,{instancePath:a="",parentData:k,parentDataProperty:O,rootData:x=c,dynamicAnchors:N={}}={}){let e=null,p=0;const W=dt.evaluated;if(W.dynamicProps&&(W.props=void 0),W.dynamicItems&&(W.items=void 0),c&&typeof c=="object"&&!Array.isArray(c)){if(c.name===void 0){const u={instancePath:a,schemaPath:"#/required",keyword:"required",params:{missingProperty:"name"},message:"must have required property 'name'"};e===null?e=[u]:e.push(u),p++}if(c.nodes===void 0){const u={instancePath:a,schemaPath:"#/required",keyword:"required",params:{missingProperty:"nodes"},message:"must have required property 'nodes'"};e===null?e=[u]:e.push(u),p++}for(const u in c)if(!(u==="name"||u==="distribution"||u==="version"||u==="api"||u==="kubeconfig"||u==="join"||u==="nodes"||u==="verify")){const $={instancePath:a,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty:u},message:"must NOT have additional properties"};e===null?e=[$]:e.push($),p++}if(c.name!==void 0){let u=c.name;if(typeof u=="string"){if(pe(u)>63){const $={instancePath:a+"/name",schemaPath:"#/$defs/name/maxLength",keyword:"maxLength",params:{limit:63},message:"must NOT have more than 63 characters"};e===null?e=[$]:e.push($),p++}if(!Ze.test(u)){const $={instancePath:a+"/name",schemaPath:"#/$defs/name/pattern",keyword:"pattern",params:{pattern:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"},message:'must match pattern "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"'};e===null?e=[$]:e.push($),p++}}else{const $={instancePath:a+"/name",schemaPath:"#/$defs/name/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[$]:e.push($),p++}}if(c.distribution!==void 0){let u=c.distribution;if(!(u==="k3s"||u==="kubeadm")){const $={instancePath:a+"/distribution",schemaPath:"#/properties/distribution/enum",keyword:"enum",params:{allowedValues:at.properties.distribution.enum},message:"must be equal to one of the allowed values"};e===null?e=[$]:e.push($),p++}}if(c.version!==void 0){let u=c.version;if(typeof u=="string"){if(!nt.test(u)){const $={instancePath:a+"/version",schemaPath:"#/$defs/version/pattern",keyword:"pattern",params:{pattern:"^(match-server|v\\d+\\.\\d+\\.\\d+(-rc\\d+)?(\\+k3s\\d+)?)$"},message:'must match pattern "^(match-server|v\\d+\\.\\d+\\.\\d+(-rc\\d+)?(\\+k3s\\d+)?)$"'};e===null?e=[$]:e.push($),p++}}else{const $={instancePath:a+"/version",schemaPath:"#/$defs/version/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[$]:e.push($),p++}}if(c.api!==void 0&&(ae(c.api,{instancePath:a+"/api",parentData:c,parentDataProperty:"api",rootData:x,dynamicAnchors:N})||(e=e===null?ae.errors:e.concat(ae.errors),p=e.length)),c.kubeconfig!==void 0&&(Te(c.kubeconfig,{instancePath:a+"/kubeconfig",parentData:c,parentDataProperty:"kubeconfig",rootData:x,dynamicAnchors:N})||(e=e===null?Te.errors:e.concat(Te.errors),p=e.length)),c.join!==void 0&&(st(c.join,{instancePath:a+"/join",parentData:c,parentDataProperty:"join",rootData:x,dynamicAnchors:N})||(e=e===null?st.errors:e.concat(st.errors),p=e.length)),c.nodes!==void 0){let u=c.nodes;if(u&&typeof u=="object"&&!Array.isArray(u)){if(Object.keys(u).length<1){const $={instancePath:a+"/nodes",schemaPath:"#/properties/nodes/minProperties",keyword:"minProperties",params:{limit:1},message:"must NOT have fewer than 1 properties"};e===null?e=[$]:e.push($),p++}for(const $ in u){const me=p;if(typeof $=="string"){if(pe($)>63){const J={instancePath:a+"/nodes",schemaPath:"#/$defs/name/maxLength",keyword:"maxLength",params:{limit:63},message:"must NOT have more than 63 characters",propertyName:$};e===null?e=[J]:e.push(J),p++}if(!Ze.test($)){const J={instancePath:a+"/nodes",schemaPath:"#/$defs/name/pattern",keyword:"pattern",params:{pattern:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"},message:'must match pattern "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"',propertyName:$};e===null?e=[J]:e.push(J),p++}}else{const J={instancePath:a+"/nodes",schemaPath:"#/$defs/name/type",keyword:"type",params:{type:"string"},message:"must be string",propertyName:$};e===null?e=[J]:e.push(J),p++}var w=me===p;if(!w){const J={instancePath:a+"/nodes",schemaPath:"#/properties/nodes/propertyNames",keyword:"propertyNames",params:{propertyName:$},message:"property name must be valid"};e===null?e=[J]:e.push(J),p++}}for(const $ in u)ht(u[$],{instancePath:a+"/nodes/"+$.replace(/~/g,"~0").replace(/\//g,"~1"),parentData:u,parentDataProperty:$,rootData:x,dynamicAnchors:N})||(e=e===null?ht.errors:e.concat(ht.errors),p=e.length)}else{const $={instancePath:a+"/nodes",schemaPath:"#/properties/nodes/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[$]:e.push($),p++}}c.verify!==void 0&&(ft(c.verify,{instancePath:a+"/verify",parentData:c,parentDataProperty:"verify",rootData:x,dynamicAnchors:N})||(e=e===null?ft.errors:e.concat(ft.errors),p=e.length))}else{const u={instancePath:a,schemaPath:"#/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[u]:e.push(u),p++}return dt.errors=e,p===0}dt.evaluated={props:!0,dynamicProps:!1,dynamicItems:!1};const Lt=c=>bt(c)?[]:bt.errors,jt={"":["name","distribution","version","api","kubeconfig","join","nodes","verify"],"/api":["server","tunnel"],"/api/tunnel":["host","port","user","local-port","known-hosts","host-key-fingerprint","private-key-property"],"/kubeconfig":["esc","property","path","context"],"/join":["timeout","verify","fail-on","ignore-checks"],"/nodes/*":["role","address","transport","ssh","version","pod-network","labels","taints","node-ip","node-external-ip","extra-config","gpu","join"],"/nodes/*/ssh":["host","port","user","known-hosts","host-key-fingerprint","private-key-file","private-key-property"],"/nodes/*/gpu":["count","product"],"/nodes/*/join":["timeout","verify","fail-on","ignore-checks"],"/verify":["flux","triton"],"/verify/triton/*":["url","access","model","gpu-proof","p95"]};function Mt(c,a){const k=[];for(const O of c.split("/").slice(1)){const x=O.replaceAll("~1","/").replaceAll("~0","~");k.push(Array.isArray(pt(a,k))?Number(x):x)}return k}function pt(c,a){return a.reduce((k,O)=>k!==null&&typeof k=="object"&&Object.hasOwn(k,O)?k[O]:void 0,c)}function Ot(c){const a=k=>{const O=k.split("/").slice(1);return O.length===c.length&&O.every((x,N)=>x==="*"||x===String(c[N]))};return Object.entries(jt).find(([k])=>a(k))?.[1]}function At(c,a){const k=(Ot(c)??[]).find(O=>Ot([...c,O])?.includes(a));return k===void 0?void 0:`${k}.${a}`}const Ct={object:"a mapping (keys and values)",array:"a list",string:"text",integer:"a whole number",number:"a number",boolean:"true or false"};function mt(c,a){const k=a.map(x=>Ct[x]??x).join(" or "),O=a.includes("string")&&["number","boolean"].includes(typeof c);return{problem:c===null?"is empty":`is not ${k}`,allowed:O?`put it in quotes: "${String(c)}"`:`write ${k}`}}function Dt(c,a){const k=Mt(c.instancePath,a.content),O=pt(a.content,k),{params:x,keyword:N}=c;switch(N){case"additionalProperties":{const e=String(x.additionalProperty),p=Ot(k)??[];return{input:a.at([...k,e],"key"),value:H(e),problem:"is not known here",allowed:`known keys: ${p.join(", ")}`,...de(At(k,e)??Fe(e,p))}}case"required":return{input:a.at(k,"key"),problem:`lacks the key ${H(x.missingProperty)}`,allowed:"it has no default"};case"enum":{const e=x.allowedValues.map(String);return{input:a.at(k),value:H(O),problem:"is not one of the choices",allowed:e.join(", "),...de(typeof O=="string"?Fe(O,e):void 0)}}case"type":{const e=Array.isArray(x.type)?x.type.map(String):String(x.type).split(",");return{input:a.at(k),...O===null?{}:{value:H(O)},...mt(O,e)}}case"minimum":case"maximum":return{input:a.at(k),value:H(O),problem:"is out of range",allowed:`${x.comparison} ${x.limit}`};case"minProperties":return{input:a.at(k),problem:"is empty",allowed:`at least ${x.limit} entry`};default:return{input:a.at(k),value:H(O),problem:"has the wrong form",allowed:c.message??"see schemas/cluster.schema.json"}}}function zt(c,a){return c.content===null||typeof c.content!="object"||Array.isArray(c.content)?[{input:c.at([]),problem:"describes no cluster",allowed:`a mapping with the keys ${Ot([])?.join(", ")}`}]:Lt(c.content).filter(k=>k.keyword!=="propertyNames"&&!("propertyName"in k)).filter(k=>!/^\/nodes\/[^/]+\/extra-config\//.test(k.instancePath)).map(k=>({error:k,problem:Dt(k,c)})).filter(({error:k,problem:O})=>!Gt(k)||!a.has(O.input)).map(({problem:k})=>k)}function Gt(c){return["pattern","minLength","maxLength"].includes(c.keyword)}const Pt={"node-name":"use the input `node`","node-label":"use the input `labels`","node-taint":"use the input `taints`","node-ip":"use the input `node-ip`",i:"use the input `node-ip`","node-external-ip":"use the input `node-external-ip`",server:"use the input `server`",s:"use the input `server`",token:"use the input `token`, filled from a secret",t:"use the input `token`, filled from a secret","token-file":"use the input `token`, filled from a secret","agent-token":"use the input `token`, filled from a secret","agent-token-file":"use the input `token`, filled from a secret","cluster-secret":"use the input `token`, filled from a secret","with-node-id":"leave it out: the node is found again by its exact name (input `node`)","vpn-auth":"use `vpn-auth-file`: it holds a secret, and this text is kept in clear","data-dir":"leave it out: only the standard folder is supported",d:"leave it out: only the standard folder is supported",config:"leave it out: the settings themselves go here",c:"leave it out: the settings themselves go here"},y={"node-labels":"use the input `labels`","register-with-taints":"use the input `taints`","hostname-override":"use the input `node`","node-ip":"use the input `node-ip`"},g=c=>["string","boolean"].includes(typeof c)||typeof c=="number"&&Number.isFinite(c);function o(c,a){const k=Array.isArray(a)?a:[a];if(!k.every(g))return{problem:"has a value that is neither text, number, true, false nor a list of them",allowed:"a scalar, or a list of scalars"};const O=k.map(x=>Ge(String(x))).find(x=>x!==void 0);if(O)return{problem:`contains the invisible character ${O}`,allowed:"printable text of one line"};if(c==="kubelet-arg")for(const x of k){const N=String(x).replace(/^--?/,"").split("=")[0]??"",e=y[N];if(Object.hasOwn(y,N)&&e)return{problem:`holds the kubelet's ${N}, which has an input of its own`,allowed:e}}}function d(c){return c===null||typeof c!="object"||Array.isArray(c)?[{problem:"is no mapping",allowed:"YAML keys and values, e.g. `selinux: true`"}]:Object.entries(c).flatMap(([a,k])=>{const O=a.replace(/\+$/,"").replace(/^-+/,"").toLowerCase().replaceAll("_","-"),x=Object.hasOwn(Pt,O)?Pt[O]:void 0;if(x)return[{key:a,problem:"is not set here",allowed:x}];if(!/^[a-z][a-z0-9-]*\+?$/.test(a)){const e=`${O}${a.endsWith("+")?"+":""}`,p=/^[a-z][a-z0-9-]*\+?$/.test(e);return[{key:a,problem:"is no key of the configuration",allowed:"lower-case letters, digits and dashes",...de(p?e:void 0)}]}const N=o(O,k);return N?[{key:a,...N}]:[]})}const f="names, key type and base64 key as `ssh-keyscan HOST` prints them, e.g. 192.168.2.80 ssh-ed25519 AAAA\u2026",T=["ssh-ed25519","ssh-rsa","ecdsa-sha2-nistp256","ecdsa-sha2-nistp384","ecdsa-sha2-nistp521"],A=/^(ssh-|ecdsa-sha2-|sk-)[a-z0-9@.-]+$/;function L(c){return c.length<4?"":c.subarray(4,4+Math.min(c.readUInt32BE(0),64)).toString("latin1")}function E(c){const[a=""]=c,k=c.map(Ge).find(e=>e!==void 0);if(k)return{problem:`contains the invisible character ${k}`,allowed:f};if(a.startsWith("SHA256:")||a.startsWith("MD5:"))return{problem:"is a fingerprint",allowed:"give it as `host-key-fingerprint`"};if(a.startsWith("@")&&!["@revoked","@cert-authority"].includes(a))return{problem:`has the unknown marker ${a.slice(0,40)}`,allowed:f};if(A.test(a))return{problem:"is a public key without the name of its host",allowed:f};const[,O="",x=""]=a.startsWith("@")?c.slice(1):c;if(!A.test(O))return{problem:"has no key type in its second place",allowed:f};if(!/^[A-Za-z0-9+/]+={0,2}$/.test(x))return{problem:"has no base64 key in its third place",allowed:f};if(L(Buffer.from(x,"base64"))!==O)return{problem:`says ${O} before the key, but the key inside is another; it is cut or forged`,allowed:f};if(!T.includes(O))return{problem:`has a key of type ${O}`,allowed:`one of ${T.join(", ")}`}}function z(c){const a=c.split(/\r\n|[\n\r]/).map(x=>x.trim()),k=a.flatMap((x,N)=>{if(x===""||x.startsWith("#"))return[];const e=E(x.split(/[ \t]+/));return e?[{...e,line:N+1,text:x}]:[]});return k.length>0?k:a.some(x=>x!==""&&!/^(#|@)/.test(x))?[]:[{line:1,text:a[0]??"",problem:"pins no key",allowed:f}]}function G(c){if(/^SHA256:[A-Za-z0-9+/]{43}=?$/.test(c))return;const a="SHA256: and 43 characters, as `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` prints them on the console of the host";return/^[A-Za-z0-9+/]{43}=?$/.test(c)?{problem:"lacks its beginning",allowed:a,nearest:`SHA256:${c}`}:/^(MD5:)?([0-9a-f]{2}:){15}[0-9a-f]{2}$/i.test(c)?{problem:"is an MD5 fingerprint",allowed:a}:{problem:"is no fingerprint",allowed:a}}function Q(c){const a=ze(c);return{"/name":xe,"/version":a,"/api/server":Oe,"/api/tunnel/host":X,"/api/tunnel/user":B,"/api/tunnel/host-key-fingerprint":G,"/api/tunnel/host-key-fingerprint/*":G,"/kubeconfig/path":rt,"/kubeconfig/context":rt,"/join/ignore-checks/*":ne,"/nodes/*/address":ye,"/nodes/*/version":a,"/nodes/*/node-ip":te,"/nodes/*/node-external-ip":te,"/nodes/*/labels/*":Ke,"/nodes/*/taints/*":k=>{const O=wt(k);return $t(O)?O:void 0},"/nodes/*/join/ignore-checks/*":ne,"/nodes/*/ssh/host":X,"/nodes/*/ssh/user":B,"/nodes/*/ssh/private-key-file":rt,"/nodes/*/ssh/host-key-fingerprint":G,"/nodes/*/ssh/host-key-fingerprint/*":G}}const ke=[/^\/(nodes\/\*\/ssh|api\/tunnel)\/known-hosts$/,/^\/nodes\/\*\/extra-config/];function*We(c,a=[],k=""){if(typeof c=="string")yield{place:a,pattern:k,text:c};else if(Array.isArray(c))for(const[O,x]of c.entries())yield*We(x,[...a,O],`${k}/*`);else if(c!==null&&typeof c=="object"){const O=k==="/nodes"||k==="/nodes/*/labels";for(const[x,N]of Object.entries(c))yield*We(N,[...a,x],`${k}/${O?"*":x}`)}}function Ne(c,a){const k=pt(c,a);return k!==null&&typeof k=="object"&&!Array.isArray(k)?Object.entries(k):[]}function Le(c,a){const k=pt(c.content,a);return typeof k!="string"?[]:z(k).map(({line:O,text:x,...N})=>({input:c.at(a),value:H(x),...N,problem:`line ${O} ${N.problem}`}))}function xt(c,a){const k=["nodes",a],O=(p,W,w,u)=>u?[{input:c.at([...k,...p],W),value:H(w),...u}]:[],x=pt(c.content,[...k,"taints"]),N=(Array.isArray(x)?x:[]).map(p=>typeof p=="string"?p.replace(/=[^:]*/,""):""),e=pt(c.content,[...k,"extra-config"]);return[...O([],"key",a,xe(a)),...Ne(c.content,[...k,"labels"]).flatMap(([p])=>O(["labels",p],"key",p,Ce(p))),...N.flatMap((p,W)=>p!==""&&N.indexOf(p)<W?O(["taints",W],"value",String(x[W]),{problem:"repeats a taint",allowed:"one taint for each key and effect"}):[]),...e===void 0?[]:d(e).map(({key:p,...W})=>({input:c.at([...k,"extra-config",...p===void 0?[]:[p]],"key"),...p===void 0?{}:{value:H(p)},...W})),...Le(c,[...k,"ssh","known-hosts"])]}function Rt(c){const{content:a}=c,k=Q(pt(a,["distribution"])==="kubeadm"?"kubeadm":"k3s"),O=[...We(a)].flatMap(({place:N,pattern:e,text:p})=>{if(ke.some(u=>u.test(e)))return[];const W=Ge(p),w=W?{problem:`contains the invisible character ${W}`,allowed:"printable text of one line"}:k[e]?.(p);return w?[{input:c.at(N),value:H(p),...w}]:[]}),x=Ne(a,["nodes"]).flatMap(([N])=>xt(c,N));return[...O,...x,...Le(c,["api","tunnel","known-hosts"])]}class Ft extends Error{name="ClusterFileError";code="cluster-file-invalid";cause="the cluster file is not as its schema and Kubernetes want it";remedy="correct every place that is listed";problems;evidence;constructor(a,k){super(`${a} has ${k.length===1?"1 problem":`${k.length} problems`}`),this.problems=k,this.evidence=k.map(_e)}}function Ie(c){const a=k=>{const[,O="0",x="0"]=/:(\d+):(\d+)(?: |$)/.exec(k.input)??[];return[Number(O),Number(x)]};return[...c].sort((k,O)=>{const[x,N]=a(k),[e,p]=a(O);return x-e||N-p})}function gt(c,a){const k=le(c,a);if("problems"in k)throw new Ft(a,Ie(k.problems));const O=Rt(k.yaml),x=[...zt(k.yaml,new Set(O.map(N=>N.input))),...O];if(x.length>0)throw new Ft(a,Ie(x));return{path:a,content:k.yaml.content,at:N=>k.yaml.at(N)}}class Vt{problems=[];sources={};path;constructor(a){this.path=a}judge(a,k,O){O&&this.problems.push({input:a,value:H(k),...O})}pick(a,k,O,x=N=>String(N)){if(k===void 0)return this.sources[a]=O===void 0?"default":this.path,O;const N=O!==void 0&&x(O)!==x(k);return this.sources[a]=N?`input, over ${this.path} (${x(O)})`:"input",k}text(a,k,O,x){return k!==void 0&&this.judge(a,k,x(k)),this.pick(a,k,O)}}const Wt=c=>typeof c=="string"?[c]:c;function Ut(c,a,k){const O=Object.create(null);for(const N of a.labels??[]){const e=Je(N),[p="",W=""]=N.split(/=(.*)/s),w=!e&&p in O&&O[p]!==W;c.judge("labels",N,w?{problem:"gives a key a second value",allowed:"each key once"}:e),O[p]=W}const x=N=>Object.entries(N).map(([e,p])=>`${e}=${p}`).sort().join(", ");return{...c.pick("labels",a.labels?O:void 0,k.labels,x)}}function Ht(c,a,k){const O=new Set;for(const N of a.taints??[]){const e=wt(N),p=$t(e)?"":`${e.key}:${e.effect}`,W=p!==""&&O.has(p);c.judge("taints",N,$t(e)?e:W?{problem:"repeats a taint",allowed:"one taint for each key and effect"}:void 0),O.add(p)}return(c.pick("taints",a.taints,k.taints,N=>[...N].sort().join(", "))??[]).map(wt).filter(N=>!$t(N))}function on(c,a,k){if(a.extraConfig!==void 0)for(const{key:x,...N}of d(a.extraConfig))c.problems.push({input:"extra-config",...x===void 0?{}:{value:H(x)},...N});const O=x=>JSON.stringify(x);return c.pick("extra-config",a.extraConfig,k["extra-config"],O)??{}}function an(c,a,k,O){for(const{line:w,text:u,...$}of a.knownHosts===void 0?[]:z(a.knownHosts))c.judge("known-hosts",u,{...$,problem:`line ${w} ${$.problem}`});for(const w of a.hostKeyFingerprints??[])c.judge("host-key-fingerprint",w,G(w));const x=[...a.knownHosts===void 0?[]:["known-hosts"],...a.hostKeyFingerprints===void 0?[]:["host-key-fingerprint"]],N=x.length>0,e=N?a.knownHosts:k.ssh?.["known-hosts"],p=(N?a.hostKeyFingerprints:Wt(k.ssh?.["host-key-fingerprint"]))??[],W=N?`input ${x.join(" and ")}`:O;return c.sources["host-key"]=W,{...e===void 0?{}:{knownHosts:e},hostKeyFingerprints:p,hostKeySource:W}}function Xt(c,a,k,O){const{ssh:x}=k,N=c.text("host",a.host,x?.host??k.address,X)??"",e=c.pick("port",a.port,x?.port)??22,p=c.text("user",a.user,x?.user,B)??"";return{transport:"ssh",address:N,port:e,user:p,...a.privateKey===void 0?{}:{privateKey:a.privateKey},...an(c,a,k,O),...a.sudoPassword===void 0?{}:{sudoPassword:a.sudoPassword}}}function Qt(c,a,k,O){const x=W=>O?`give the input, or \`nodes.${k}.ssh.${W}\` in ${O.path}`:`give the input, or name a \`cluster-file\` that has \`ssh.${W}\``,N=a.ssh?.["private-key-property"],e=N===void 0?"":`; the cluster file says that it is kept as ${H(N)}`,p=[];if(c.address===""&&p.push({input:"host",problem:"is missing",allowed:x("host")}),c.user===""&&p.push({input:"user",problem:"is missing",allowed:x("user")}),c.privateKey===void 0){const W=`give it from a secret, or \`ssh-private-key-file\`${O?`, or \`nodes.${k}.ssh.private-key-file\` in ${O.path}`:""}${e}`;p.push({input:"ssh-private-key",problem:"is missing",allowed:W})}return c.knownHosts===void 0&&c.hostKeyFingerprints.length===0&&p.push({input:"known-hosts",problem:"is missing, and so is `host-key-fingerprint`: without a pinned host key there is no connection",allowed:`${x("known-hosts")}; compare it on the console of the host: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub`}),p}function cn(c,a){const k=Object.keys(c.content.nodes);return{input:"node",value:H(a),problem:`is no node of ${c.path}`,allowed:`its nodes are ${k.slice(0,20).join(", ")}${k.length>20?" \u2026":""}`,...de(Fe(a,k))}}function dn(c){return c===void 0||!URL.canParse(c)?"the cluster":new URL(c).hostname}function Tt(c,a){const k=a?.path??"default",O=new Vt(k),x=c.node??"",N=a?.content,e=N!==void 0&&Object.hasOwn(N.nodes,x),p=e?N.nodes[x]??{}:{},W=N?.distribution??"k3s";O.sources.cluster=a?k:"default",O.sources.distribution=N?.distribution?k:"default",O.sources["pod-network"]=p["pod-network"]?k:"default",O.sources.gpu=p.gpu?k:"default",x===""?O.problems.push({input:"node",problem:"is missing",allowed:"the name of the node in the cluster"}):a&&!e?O.problems.push(cn(a,x)):O.judge("node",x,xe(x)),O.sources.node="input";const w=O.pick("transport",c.transport,p.transport)??"ssh",u={transport:"local",address:"",port:0,user:"",hostKeyFingerprints:[],hostKeySource:"",...c.sudoPassword===void 0?{}:{sudoPassword:c.sudoPassword}},$=w==="local"?u:Xt(O,c,p,k);w==="ssh"&&(!a||e)&&O.problems.push(...Qt($,p,x,a));const J=O.text("server",c.server,N?.api?.server,Oe)?.replace(/\/+$/,"");J===void 0&&(O.sources.server="kubeconfig");const $e=O.text("version",c.version,p.version??N?.version,ze(W))??"match-server",Et=O.text("node-ip",c.nodeIp,p["node-ip"],te),Xe=O.text("node-external-ip",c.nodeExternalIp,p["node-external-ip"],te),Kt={cluster:N?.name??dn(J),node:x,distribution:W,access:$,...J===void 0?{}:{server:J},version:$e,labels:Ut(O,c,p),taints:Ht(O,c,p),...Et===void 0?{}:{nodeIp:Et},...Xe===void 0?{}:{nodeExternalIp:Xe},extraConfig:on(O,c,p),podNetwork:p["pod-network"]??"shared",...p.gpu===void 0?{}:{gpu:p.gpu},...N===void 0?{}:{nodesWanted:Object.keys(N.nodes).length},sources:O.sources};return O.problems.length>0?{problems:O.problems}:{desired:Kt}}}),543:((kt,Ue,D)=>{D.d(Ue,{$p:()=>be,bD:()=>je,dh:()=>C,ip:()=>fe,pb:()=>he});class C extends Error{name="HostError";code;host;title;cause;remedy;evidence;constructor(ve,q,ue,ge=re=>re){super(ge(`${q}: ${ue.title}: ${ue.cause}`)),this.code=ve,this.host=q,this.title=ge(ue.title),this.cause=ge(ue.cause),this.remedy=ge(ue.remedy),this.evidence=(ue.evidence??[]).filter(re=>re!=="").map(ge)}}function be(V){const ve=V.filter(q=>q!==void 0&&q.trim()!=="").flatMap(q=>[q,...q.split(`
`).filter(ue=>ue.trim().length>=8&&!ue.includes("-----"))]).sort((q,ue)=>ue.length-q.length);return q=>ve.reduce((ue,ge)=>ue.replaceAll(ge,"***"),q)}function fe(V,ve,q){return q.reason?.name==="TimeoutError"?new C("deadline",V,{title:`${ve} took too long`,cause:"there was no answer before the deadline",remedy:"look whether the host is under load or packets are dropped on the way, then run again"}):new C("cancelled",V,{title:`${ve} was cancelled`,cause:"the run was cancelled",remedy:"run it again: it continues from what it finds"})}function je(V){const ve=V?.message;return typeof ve=="string"?ve:String(V)}function he(V){return V instanceof C&&V.code==="connection-lost"}}),8438:((kt,Ue,D)=>{D.d(Ue,{Qw:()=>je,Vr:()=>be,_y:()=>he,cw:()=>fe});var C=D(543);function be(V){if(!/^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/.test(V))throw new TypeError(`${JSON.stringify(V)} cannot be the name of an uploaded file`);return V}function fe(V,ve){return new C.dh("output-too-large",V,{title:`script ${ve} was ended`,cause:"the host printed far more than the script can print",remedy:"look at what the start-up files of the login shell on the host print"})}function je(V,ve,q,ue){return new C.dh("upload-failed",V,{title:`${ve} could not be uploaded`,cause:q,remedy:"make room in /tmp of the host, or look at the connection, and run it again"},ue)}function he(V,ve,q,ue){return new C.dh("connection-failed",V,{title:`${ve}:${q} cannot be reached from the host`,cause:ue===""?"the connection failed without a reason":ue,remedy:`allow ${q}/tcp from the host to ${ve}, or use an address that the host can reach`})}}),1213:((kt,Ue,D)=>{D.d(Ue,{Zj:()=>Pe,BZ:()=>rt,LT:()=>et,pb:()=>C.pb,hx:()=>Ge,kj:()=>Qe});var C=D(543),be=D(3024),fe=D(1455),je=D(7030),he=D(8161),V=D(6760),ve=D(8500),q=D(8438),ue=D(3221),ge=D(3493);function re(){return Object.fromEntries(["PATH","HOME","USER","LOGNAME"].flatMap(B=>process.env[B]===void 0?[]:[[B,process.env[B]]]))}class le{label="local";counts={sessions:0,forwards:0};#e;#t;#r;#n;constructor(B,ne,X){this.#e=ne,this.#t=B.sudoPassword??"",this.#r=B.user||process.env.USER||"the user",this.#n=X}static async open(B,ne){return new le(B,ne,await(0,fe.mkdtemp)((0,V.join)((0,he.tmpdir)(),"k3s-gpu-actions-")))}async run(B){const ne=`script ${B.name}`;if(B.signal.aborted)throw(0,C.ip)(this.label,ne,B.signal);this.counts.sessions+=1;const X=(0,C.$p)([this.#t,...Object.values(B.secrets??{})]),ye=(0,V.join)(this.#n,`session-${this.counts.sessions}`);await(0,fe.writeFile)(ye,"");const te=(0,ue.Nt)(B.script,B.env??{},B.secrets??{},{type:"watch",pid:process.pid,file:ye}),Oe=new ge.IA(B.onLine),ze=performance.now(),Me=Promise.withResolvers();Me.promise.catch(()=>{});const Ae=Ce=>{(0,be.rmSync)(ye,{force:!0}),Me.reject(Ce)},Be=()=>Ae((0,C.ip)(this.label,ne,B.signal)),tt=setTimeout(()=>Ae(new C.dh("script-timeout",this.label,(0,ge.bY)(B.name,B.timeoutMs),X)),B.timeoutMs+ge.q_);B.signal.addEventListener("abort",Be,{once:!0});const K=Ce=>Ke=>{try{Oe[Ce](Ke)}catch(Je){Ae(Je instanceof RangeError?(0,q.cw)(this.label,B.name):Je)}},He=this.#e("sh",ue.ec,{input:(0,ue.h7)({program:te,privilege:B.privilege,timeoutMs:B.timeoutMs,sudoPassword:this.#t,input:"closed"}),env:re(),onStdout:K("stdout"),onStderr:K("stderr")});try{const Ce=await Promise.race([He,Me.promise]);return(0,ge.mq)({host:this.label,user:this.#r,scriptName:B.name,privilege:B.privilege,timeoutMs:B.timeoutMs,elapsedMs:performance.now()-ze,exitCode:Ce,output:Oe,redact:X})}catch(Ce){throw await Promise.race([He.catch(()=>{}),(0,ve.setTimeout)(ge.P4,void 0,{ref:!1})]),Ce}finally{clearTimeout(tt),B.signal.removeEventListener("abort",Be),(0,be.rmSync)(ye,{force:!0})}}async upload(B,ne){if(ne.aborted)throw(0,C.ip)(this.label,`the upload of ${B.name}`,ne);const X=await(0,fe.mkdtemp)((0,V.join)((0,he.tmpdir)(),"k3s-gpu-actions.")),ye=(0,V.join)(X,(0,q.Vr)(B.name));try{await(0,fe.copyFile)(B.path,ye);const{size:te}=await(0,fe.stat)(ye);if(te!==B.sizeBytes)throw new Error(`${te} of ${B.sizeBytes} bytes were copied`);return ye}catch(te){throw await(0,fe.rm)(X,{recursive:!0,force:!0}),(0,q.Qw)(this.label,B.name,(0,C.bD)(te))}}async forward(B,ne,X){const ye=`connecting to ${B}:${ne}`;if(X.aborted)throw(0,C.ip)(this.label,ye,X);this.counts.forwards+=1;const{promise:te,resolve:Oe,reject:ze}=Promise.withResolvers(),Me=(0,je.connect)({host:B,port:ne,noDelay:!0}),Ae=()=>{Me.destroy(),ze((0,C.ip)(this.label,ye,X))};return X.addEventListener("abort",Ae,{once:!0}),Me.once("connect",()=>Oe(Me)),Me.on("error",Be=>ze((0,q._y)(this.label,B,ne,Be.message))),te.finally(()=>X.removeEventListener("abort",Ae))}async close(){await(0,fe.rm)(this.#n,{recursive:!0,force:!0})}}var we=D(6846);const ie=512,ee=256;function H(xe,B){const ne=xe?.[B];return typeof ne=="string"?ne.trim().slice(0,ie):""}function Fe(xe,B,ne){const X=xe?.[B];return typeof X!="string"?[]:X.slice(0,ee*ie).split(ne).map(te=>te.trimEnd().slice(0,ie)).filter(te=>te!=="").slice(0,ee)}function de(xe,B,ne=0){const X=xe?.[B];return typeof X=="number"&&Number.isSafeInteger(X)&&X>=0?X:ne}function _e(xe,B,ne){return B.find(X=>X===xe)??ne}function De(xe){const B=new Map;for(const ne of xe){const X=de(ne,"pid");if(X===0)continue;const ye=[B.get(X)?.usedMemoryMiB,ne.memory].filter(te=>typeof te=="number"&&Number.isSafeInteger(te)&&te>=0);B.set(X,{pid:X,name:H(ne,"name"),...ye.length>0&&{usedMemoryMiB:ye.reduce((te,Oe)=>te+Oe,0)},owner:_e(ne.owner,["pod","container","host"],"host"),ownerDetail:H(ne,"detail"),...de(ne,"started")>0&&{startTicks:de(ne,"started")}})}return[...B.values()].slice(0,ee)}function Ge(xe,B){const ne=K=>xe.filter(He=>He.fact===K).slice(0,ee),X=K=>xe.find(He=>He.fact===K),ye=X("identity"),te=X("os"),Oe=X("kernel"),ze=X("privilege"),Me=X("cgroup"),Ae=X("memory"),Be=X("route"),tt=X("gpu");return{hostname:H(ye,"hostname"),user:H(ye,"user"),machineId:H(ye,"machine_id"),systemUuid:H(ye,"system_uuid").toLowerCase(),os:{id:H(te,"id"),idLike:H(te,"id_like"),versionId:H(te,"version_id"),prettyName:H(te,"pretty")},kernel:H(Oe,"release"),architecture:H(Oe,"architecture"),init:_e(X("init")?.name,["systemd","openrc","other"],"other"),...de(X("init"),"systemd")>0&&{systemdVersion:de(X("init"),"systemd")},privilege:{state:_e(ze?.state,["root","passwordless","password","none"],"none"),problem:H(ze,"problem")},cgroup:{version:_e(Me?.version,[0,1,2],0),controllers:Fe(Me,"controllers"," ")},readOnly:ne("read-only").map(K=>H(K,"path")).filter(K=>K!==""),memoryBytes:de(Ae,"total"),swapBytes:de(Ae,"swap"),ports:ne("port").map(K=>({port:de(K,"port"),process:H(K,"process"),pid:de(K,"pid"),owner:(K.owner==="pod"||K.owner==="container"?`${K.owner} ${H(K,"detail")}`:H(K,"detail")).trim()})).filter(({port:K})=>K>0&&K<=65535),disks:ne("disk").filter(K=>de(K,"bytes",-1)>=0).map(K=>({path:H(K,"path"),availableBytes:de(K,"bytes"),totalBytes:de(K,"total"),availableInodes:de(K,"inodes",Number.MAX_SAFE_INTEGER)})),clock:{hostMs:de(X("clock"),"ms"),runnerMs:B},defaultRoute:Be&&{via:H(Be,"via"),device:H(Be,"device"),source:H(Be,"source")},hasNoDefaultRoute:Be===void 0&&X("no-route")?.known===!0,addresses:[...new Set(ne("address").map(K=>H(K,"address")))].filter(K=>/^[0-9a-fA-F.:]+$/.test(K)),resolvers:ne("resolver").map(K=>({path:H(K,"path"),isReadable:K.readable===!0,servers:Fe(K,"servers"," ")})),selinux:_e(X("selinux")?.mode,["enforcing","permissive","disabled","unknown"],"unknown"),modules:ne("module").map(K=>({name:H(K,"name"),state:_e(K.state,["loaded","loadable","missing","unknown"],"unknown")})).filter(({name:K})=>K!==""),kubernetes:ne("kubernetes").flatMap(K=>{const He=_e(K.kind,["cni-config","interface","kubelet-config","kubelet",""],"");return He===""?[]:[{kind:He,name:H(K,"name"),pid:de(K,"pid"),unit:H(K,"unit")}]}),firewalls:ne("firewall").flatMap(K=>{const He=_e(K.name,["ufw","firewalld","nftables",""],""),Ce=_e(K.state,["active","inactive","unknown"],"unknown");return He===""?[]:[{name:He,state:Ce,rules:Fe(K,"rules",`
`)}]}),sshForwarding:_e(X("sshd")?.forwarding,["yes","no","local","remote","unknown"],"unknown"),runtimes:ne("runtime").map(K=>({name:H(K,"name"),isRunning:K.running===!0})).filter(({name:K})=>K!==""),gpu:{devices:ne("gpu-device").map(K=>({name:H(K,"name"),driverVersion:H(K,"driver"),memoryMiB:de(K,"memory")})),pciDevices:de(tt,"pci"),problem:H(tt,"problem"),processes:De(ne("gpu-process")),areProcessesKnown:X("gpu-processes")?.known===!0},distribution:xe.filter(K=>typeof K.fact=="string"&&/^[a-z0-9]+\./.test(K.fact))}}const Qe=[we.P["survey-machine"],we.P["survey-network"],we.P["survey-containers"],we.P.survey].join(`
`),rt=we.P.evidence,et=[Qe,we.P["gpu-processes"]].join(`
`);async function Pe(xe,B,ne){const X=xe.transport==="local"?"local":`${xe.user}@${xe.address}`;if(ne.aborted)throw(0,C.ip)(X,"connecting",ne);if(/[\n\0]/.test(xe.sudoPassword??""))throw new C.dh("access-invalid",X,{title:"the sudo password cannot be used",cause:"it holds a line break",remedy:"save the secret again as one line"});if(xe.transport==="local")return le.open(xe,B.exec);const{connectSsh:ye}=await D.e(383).then(D.bind(D,2383));return ye(xe,ne)}}),3221:((kt,Ue,D)=>{D.d(Ue,{J_:()=>ge,Nt:()=>ve,ec:()=>ue,h7:()=>q});var C=D(6846);const be=new Set("PATH IFS ENV HOME SHELL USER LOGNAME PWD TERM PS1 PS2 PS4 ROOT REHEARSAL GUARD GUARD_PID GUARD_FILE KGA_GROUP SUDO_STATE SUDO_PROBLEM SUDO_USER LC_ALL LANG OPTIND".split(" "));function fe(re){return`'${re.replaceAll("'","'\\''")}'`}function je(re,le){if(!/^[A-Z_][A-Z0-9_]*$/.test(re)||be.has(re)||/^(?:LD_|BASH)/.test(re))throw new TypeError(`${JSON.stringify(re)} cannot be the name of a script's variable`);if(le.includes("\0"))throw new TypeError(`the value of ${re} holds a NUL character, which no shell variable can`);return`${re}=${fe(le)}`}function he(re,le){const we=Object.entries(re).map(([ee,H])=>`${je(ee,H)}
export ${ee}
`),ie=Object.entries(le).map(([ee,H])=>`unset ${ee}
${je(ee,H)}
`);return[...we,...ie].join("")}function V(re){return re.type!=="watch"?`GUARD=${re.type}
`:`GUARD=watch
GUARD_PID=${re.pid}
GUARD_FILE=${fe(re.file)}
`}function ve(re,le,we,ie){const ee=/(?:^|\n)main[ \t]*\n*$/.test(re)?"":`main
`;return`${V(ie)}${C.P.library}
${he(le,we)}${re}
${ee}#end`}function q(re){const le=re.privilege==="user"?"":re.sudoPassword,we=Math.max(1,Math.ceil(re.timeoutMs/1e3)),ie=Buffer.from(re.program),ee=[le,re.privilege,we,re.input,le,`k3s-gpu-actions-begin ${ie.length}`];return Buffer.concat([Buffer.from(`${ee.join(`
`)}
`),ie])}const ue=["-c",C.P.outer,"k3s-gpu-actions",C.P.inner],ge=`exec sh ${ue.map(fe).join(" ")}`}),6846:((kt,Ue,D)=>{D.d(Ue,{P:()=>C});const C={evidence:`
most_bytes=163840
since='' hangs=' ' forced=''
if timeout -k 1 5 true >/dev/null 2>&1; then forced='-k 1'; fi

keep() {
  text=$("$3" -c "$most_bytes" | tr -d '\\000-\\010\\013-\\037\\177' | cut -b 1-2000) || text=''
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
  timeout $forced 4 "$@" 2>&1 </dev/null || said=$?
  case $said in 124 | 137 | 143) hangs="$hangs$1 " ;; esac
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
        if [ \${#_value} -gt 163840 ]; then _value=$(printf '%.163840s (cut)' "$_value"); fi
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
  done <<END
$(head -c 16384 "$release")
END
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
`}}),3493:((kt,Ue,D)=>{D.d(Ue,{IA:()=>q,P4:()=>je,bY:()=>we,mq:()=>le,q_:()=>fe});var C=D(6193),be=D(543);const fe=8e3,je=3e3,he=1024*1024,V=32*1024*1024,ve=64*1024;class q{lines=[];#e;#t=new C.StringDecoder("utf8");#r=new C.StringDecoder("utf8");#n="";#o=0;#s=!1;#i="";constructor(ee){this.#e=ee}stdout(ee){if(!this.#c(ee))return;const H=(this.#n+this.#t.write(ee)).split(`
`);this.#n=H.pop()??"",this.#n.length>he&&this.#a();for(const Fe of H)this.#u(Fe)}stderr(ee){this.#c(ee)&&this.#d(this.#r.write(ee))}#c(ee){return this.#s?!1:(this.#o+=ee.length,this.#o>V&&this.#a(),!0)}#a(){throw this.#s=!0,this.#n="",new RangeError("too much output")}end(){const ee=this.#n+this.#t.end();this.#n="",this.#u(ee)}get errors(){return this.#i.slice(-ve)}#d(ee){this.#i+=ee,this.#i.length>4*ve&&(this.#i=this.#i.slice(-ve))}#u(ee){if(ee.trim()==="")return;const H=ue(ee);if(H===void 0){this.#d(`${ee.slice(0,1024)}
`);return}this.lines.push(H),this.#e?.(H)}}function ue(ie){if(ie.startsWith("{"))try{const ee=JSON.parse(ie);return typeof ee=="object"&&ee!==null&&!Array.isArray(ee)?ee:void 0}catch{return}}const ge={"sudo-password-wrong":{title:"root rights could not be had",cause:"sudo does not accept the password (it was tried once, so nothing is locked)",remedy:"correct the sudo password, or allow the user passwordless sudo"},"sudo-password-required":{title:"root rights could not be had",cause:"sudo asks for a password and none was given",remedy:"give the sudo password, or allow passwordless sudo: %u ALL=(ALL) NOPASSWD: ALL in a file of /etc/sudoers.d"},"sudo-not-allowed":{title:"root rights could not be had",cause:"the user may not run the needed commands with sudo",remedy:"add the user to the sudoers: %u ALL=(ALL) NOPASSWD: ALL in a file of /etc/sudoers.d"},"sudo-needs-tty":{title:"root rights could not be had",cause:"sudo insists on a terminal (requiretty)",remedy:"switch it off for this user: Defaults:%u !requiretty in a file of /etc/sudoers.d"},"sudo-missing":{title:"root rights could not be had",cause:"the user is not root and the host has no sudo",remedy:"install sudo, or connect as root"},"timeout-missing":{title:"nothing was run",cause:"the host has no timeout command, so nothing there could be ended for certain",remedy:"install coreutils or busybox on the host"}};function re(ie){return ie.trim().split(`
`).slice(-5)}function le(ie){ie.output.end();const{lines:ee,errors:H}=ie.output,Fe=(_e,De,Ge)=>{const Qe=De.remedy.replaceAll("%u",ie.user);throw new be.dh(_e,ie.host,{...De,remedy:Qe,evidence:[...Ge,...re(H)]},ie.redact)},de=ee.find(_e=>typeof _e.error=="string"&&_e.error in ge);if(ie.exitCode===77&&de!==void 0){const _e=de.error,De=ge[_e];De!==void 0&&Fe(_e,De,typeof de.message=="string"?[de.message]:[])}if([124,137,143].includes(ie.exitCode)&&ie.elapsedMs>=ie.timeoutMs*.95&&Fe("script-timeout",we(ie.scriptName,ie.timeoutMs),[`last line: ${JSON.stringify(ee.at(-1)??null).slice(0,500)}`]),ie.exitCode===74&&ee.length===0&&Fe("script-unreadable",{title:`script ${ie.scriptName} did not start`,cause:"the host did not read it completely",remedy:"run it again; if it stays, look at the host with dd --version and sh on the console"},[]),ie.privilege==="root"&&ie.exitCode===1&&ee.length===0&&/^sudo: /m.test(H)){const _e=ge["sudo-not-allowed"];_e!==void 0&&Fe("sudo-not-allowed",_e,[])}return{exitCode:ie.exitCode,lines:ee,stderr:ie.redact(H)}}function we(ie,ee){return{title:`script ${ie} was ended on the host`,cause:`it did not finish within ${Math.round(ee/100)/10} s`,remedy:"look at the host (load, disk, network) and run it again; raise the timeout when the host is just slow"}}}),7131:((kt,Ue,D)=>{D.d(Ue,{hk:()=>C,oQ:()=>le,k3:()=>ve,Eb:()=>Ze,zF:()=>mt,C5:()=>wt,uT:()=>It,bj:()=>it,Jp:()=>y,Ms:()=>st,H$:()=>ee,gD:()=>Pe,k_:()=>jt,JG:()=>lt,mj:()=>ht,_n:()=>vt,E4:()=>te,iY:()=>_t,hc:()=>Lt,mq:()=>He,Xy:()=>tt,g7:()=>V,Pd:()=>at,bF:()=>we,o6:()=>Pt,YD:()=>bt,ik:()=>pe,UY:()=>g,uG:()=>ie,NN:()=>Be});const C={desired:"k3s-gpu-actions/desired",ownedLabels:"k3s-gpu-actions/owned-labels",ownedTaints:"k3s-gpu-actions/owned-taints"};function be(o){return(o??"").split(",").map(d=>d.trim()).filter(d=>d!=="")}function fe(o){return[...new Set(o)].sort().join(",")}const je=400,he=500;function V(o,d){const{unit:f,node:T,leaseRenewedAtMs:A,leaseOfOldMs:L}=o;if(f?.isNew!==!0||L===void 0)return"the process that was ordered";if(f.activeState!=="active")return"an active unit";if(T?.ready!=="True")return"a Ready node";if(T.kubeletVersion!==d.version)return`version ${d.version} (the node has ${T.kubeletVersion})`;const E=d.isFirstStart&&T.uid!==d.uidBefore,z=A!==void 0&&A>L;return E||z?void 0:"a heartbeat of the new process"}async function ve(o,d,f){const T=d.now(),A=new AbortController,L=AbortSignal.any([f,A.signal]);let E={journal:[]};const z=()=>d.now()-T;let G=()=>{},Q=()=>{};const ke=new Promise((Ie,gt)=>{G=Ie,Q=gt}),We=()=>{const Ie=z();if(E.node&&V(E,o)===void 0)return{type:"ready",node:E.node,state:E,elapsedMs:Ie};const gt=d.judge(E,Ie);return gt?{type:"hopeless",...gt,state:E,elapsedMs:Ie}:Ie>=o.timeoutMs?{type:"deadline",state:E,elapsedMs:Ie}:void 0},Ne=()=>{const Ie=We();Ie&&G(Ie)},Le=Ie=>{if(Ie.type==="journal"){const gt={text:Ie.text,atMs:z(),...Ie.source?{source:Ie.source}:{}};E={...E,journal:[...E.journal.slice(1-je),gt]}}else{const gt=Ie.activeState==="active"?E.activeAtMs??z():void 0,Vt=E.leaseOfOldMs??(Ie.isNew?Math.max(o.leaseBeforeMs??0,E.leaseRenewedAtMs??0):void 0);E={...E,unit:Ie,activeAtMs:gt,leaseOfOldMs:Vt}}d.onEvent?.(Ie,z()),Ne()},xt=setInterval(Ne,he),Rt=()=>Q(f.reason);f.addEventListener("abort",Rt,{once:!0});const Ft=[d.follow(Le,L),d.cluster.watch(o.node,Ie=>{Ie.type==="node"?(E={...E,node:Ie.node},d.onNode?.(Ie.node,z())):Ie.type==="gone"?E={...E,node:void 0}:E={...E,leaseRenewedAtMs:Ie.renewedAtMs},Ne()},L)].map(Ie=>Ie.then(()=>{L.aborted||Q(new Error("a watch ended before the node was ready"))},gt=>{L.aborted||Q(gt)}));try{return f.throwIfAborted(),await ke}finally{clearInterval(xt),f.removeEventListener("abort",Rt),A.abort(new Error("the wait is over")),await Promise.all(Ft)}}var q=D(7030);const ue=new q.BlockList;for(const[o,d]of[["10.0.0.0",8],["172.16.0.0",12],["192.168.0.0",16],["100.64.0.0",10],["169.254.0.0",16],["127.0.0.0",8]])ue.addSubnet(o,d,"ipv4");ue.addSubnet("fc00::",7,"ipv6"),ue.addSubnet("fe80::",10,"ipv6");function ge(o){const d=(0,q.isIP)(o);return d!==0&&ue.check(o,d===4?"ipv4":"ipv6")}function re(o){const d="Can pods on this host and pods on the servers reach each other?",{desired:f,nodes:T,facts:A}=o,L=f.nodeExternalIp??f.nodeIp??A.defaultRoute?.source??A.addresses[0]??f.access.address,E=T.filter(Q=>Q.isServer).flatMap(Q=>[...Q.externalIps,...Q.internalIps]),z=E.filter(Q=>(0,q.isIP)(Q)!==0&&!ge(Q));if(!ge(L)||z.length===0)return{id:"cluster.topology",verdict:"pass",question:d,found:`${L||"unknown address"} beside ${E.join(", ")||"no known server address"}`};const G=`${L} is private, the servers are public (${z.join(", ")}): pods here will not reach pods there`;return f.podNetwork==="isolated"?{id:"cluster.topology",verdict:"pass",question:d,found:`${G} (declared: pod-network isolated)`}:{id:"cluster.topology",verdict:"warn",question:d,found:G,cause:"the overlay network sends packets straight to node addresses; through NAT they do not arrive",remedy:"declare `pod-network: isolated` in the cluster file when host-level tunnels are enough; otherwise use a WireGuard or Tailscale overlay (docs: networking/distributed-multicloud)"}}function le(o,d,f,T,A){return f?we(o,d,T):{verdict:"fail",...A,id:o,question:d,found:T}}function we(o,d,f){return{id:o,verdict:"pass",question:d,found:f}}function ie(o,d,f){return{id:o,verdict:"skip",question:d,found:`unknown: ${f}`}}function ee(o,d=4){const f=o.length-d;return f>0?`${o.slice(0,d).join(", ")} and ${f} more`:o.join(", ")}const H=3e4;function Fe(o){const d="host.clock",f="Is the clock of the host within 30 s of the API server?",{facts:T,reading:A,readAtRunnerMs:L}=o;if(T.clock.hostMs===0)return ie(d,f,"the host does not tell its time");const E=T.clock.hostMs-T.clock.runnerMs,z=A.serverTimeMs-L,G=Math.round(E-z),Q=Math.round(Math.abs(G)/1e3),ke=Q<=1?"same second":`${Q} s ${G>0?"ahead":"behind"}`;return le(d,f,Math.abs(G)<=H,ke,{cause:"certificates are not valid from the host's point of view",remedy:"sudo timedatectl set-ntp true"})}const de=5,_e=1024**2,De={bytes:2*1024*_e,inodes:1e4},Ge={"/usr/local/bin":{bytes:256*_e,inodes:100},"/etc":{bytes:16*_e,inodes:100}},Qe=o=>o>=1024*_e?`${o/1024/_e} GiB`:`${o/_e} MiB`;function rt(o){const d=`host.disk.${o.path.replaceAll(/[^a-zA-Z0-9]+/g,"-").replace(/^-/,"").slice(0,64)||"root"}`,f=Ge[o.path]??De,T=o.availableInodes===Number.MAX_SAFE_INTEGER,L=`${(o.availableBytes/1024**3).toFixed(1)} GiB and ${T?"any number of":o.availableInodes} inodes free`,E=o.availableBytes>=f.bytes&&o.availableInodes>=f.inodes,z=o.totalBytes>0?o.availableBytes/o.totalBytes*100:100;return E&&f===De&&z<de?le(d,`Is there room below ${o.path}?`,!1,`${L}, ${z.toFixed(1)} % of it`,{verdict:"warn",cause:`a kubelet with less than ${de} % free reports DiskPressure: no new pods, and those that run are evicted`,remedy:`free space below ${o.path}, or set other limits: kubelet-arg eviction-hard in \`extra-config\``}):le(d,`Is there room below ${o.path}?`,E,L,{cause:f===De?"images and logs fill what is left, and the kubelet then evicts pods":"program and configuration are written there",remedy:`free at least ${Qe(f.bytes)} and ${f.inodes} inodes below ${o.path}`})}function et({facts:o}){return o.disks.slice(0,16).map(rt)}function Pe(o){return o.gpu.processes.filter(d=>d.owner!=="pod")}function xe(o){const{facts:d,desired:f}=o,T="Which GPUs does the host have, and who uses them?";if(d.gpu.pciDevices===0&&d.gpu.devices.length===0)return f.gpu?{id:"host.gpu",verdict:"warn",question:T,found:"no NVIDIA GPU",cause:"the cluster file expects one",remedy:"check the card, or remove `gpu` from the node"}:{id:"host.gpu",verdict:"skip",question:T,found:"no NVIDIA GPU"};if(d.gpu.devices.length===0)return{id:"host.gpu",verdict:"warn",question:T,found:`${d.gpu.pciDevices} NVIDIA device(s) on the bus, but no driver answers`,cause:d.gpu.problem||"nvidia-smi is not installed",remedy:"install or repair the driver; the join itself does not need it"};const A=Pe(d),L=d.gpu.devices.map(z=>z.name).join(", ");if(A.length===0)return{id:"host.gpu",verdict:"pass",question:T,found:`${d.gpu.devices.length} \xD7 ${L}`};const E=A.map(z=>`${z.name} (pid ${z.pid}, ${z.ownerDetail||z.owner})`).join(", ");return{id:"host.gpu",verdict:"warn",question:T,found:`${E} ${A.length===1?"is":"are"} using the GPU`,cause:"a restart or a daemon-reload can take the GPU from running containers",remedy:"nothing to do: no change that could disturb it is made unless `allow-gpu-disruption` says so"}}var B=D(7598),ne=D(2113);const X=["kubelet.kubernetes.io","node.kubernetes.io"],ye=new Set(["beta.kubernetes.io/arch","beta.kubernetes.io/instance-type","beta.kubernetes.io/os","failure-domain.beta.kubernetes.io/region","failure-domain.beta.kubernetes.io/zone","kubernetes.io/arch","kubernetes.io/hostname","kubernetes.io/os","node.kubernetes.io/instance-type","topology.kubernetes.io/region","topology.kubernetes.io/zone"]);function te(o){const[d]=o.split("/");return!o.includes("/")||!d||!["kubernetes.io","k8s.io"].some(T=>d===T||d.endsWith(`.${T}`))||ye.has(o)?!1:!X.some(T=>d===T||d.endsWith(`.${T}`))}const Oe=o=>`${o.key}:${o.effect}`,ze=(o,d)=>Oe(o)===Oe(d)&&(o.value??"")===(d.value??""),Me=o=>(0,ne.kJ)(o)===void 0,Ae=o=>/^node\.(cloudprovider\.)?kubernetes\.io\//.test(o.key);function Be(o){return{[C.ownedLabels]:fe(Object.keys(o.labels)),[C.ownedTaints]:fe(o.taints.map(Oe))}}function tt(o,d){const f=(Ne,Le)=>Object.hasOwn(Ne,Le),T=d?.labels??{},A=Object.entries(o.labels).filter(([Ne,Le])=>!f(T,Ne)||T[Ne]!==Le),L=be(d?.annotations[C.ownedLabels]).filter(Ne=>!f(o.labels,Ne)&&f(T,Ne)&&Me(Ne)).map(Ne=>[Ne,null]),E=Object.fromEntries([...A,...L]),z=d?.taints??[],G=o.taints.filter(Ne=>!z.some(Le=>ze(Le,Ne))),Q=new Set(be(d?.annotations[C.ownedTaints])),ke=new Set(o.taints.map(Oe)),We=z.filter(Ne=>Q.has(Oe(Ne))&&!ke.has(Oe(Ne))&&!Ae(Ne));return{labels:E,addTaints:G,removeTaints:We}}function K(o){return Object.keys(o.labels).length+o.addTaints.length+o.removeTaints.length>0}function He(o,d){const f=new Set([...d.removeTaints,...d.addTaints].map(Oe));return[...o.filter(T=>!f.has(Oe(T))),...d.addTaints]}const Ce=4e4;function Ke({node:o,leaseRenewedAtMs:d,leaseNodeUid:f,serverTimeMs:T}){const A=d!==void 0&&f!==void 0&&f===o?.uid,L=o?.ready==="True"&&!A?Date.parse(o.createdAt):void 0,E=[d,L].filter(G=>G!==void 0&&!Number.isNaN(G)),z=Math.max(0,T-Math.max(...E));if(!(E.length===0||d===void 0&&z>Ce))return z}function Je(o){return Array.isArray(o)?o.map(Je):o===null||typeof o!="object"?o:Object.fromEntries(Object.entries(o).sort(([d],[f])=>d<f?-1:d>f?1:0).map(([d,f])=>[d,Je(f)]))}function it(o,d,f){const T={server:d,version:f,distribution:o.distribution,labels:o.labels,taints:o.taints.map(A=>`${A.key}=${A.value??""}:${A.effect}`).sort(),nodeIp:o.nodeIp??"",nodeExternalIp:o.nodeExternalIp??"",extraConfig:o.extraConfig};return`sha256:${(0,B.createHash)("sha256").update(JSON.stringify(Je(T))).digest("hex")}`}function wt(o,d,f,T){const{node:A}=T;if(!A)return{isAsDesired:!1,differences:[`${o.node} is not a node yet`]};const L=Ke(T),E=[],z=A.annotations[C.desired];return z===void 0?E.push("it has not been brought under this project yet (no record of a complete run)"):z!==it(o,d,f)&&E.push("the desired state has changed since the last complete run"),A.kubeletVersion!==f&&E.push(`version ${A.kubeletVersion}, wanted ${f}`),K(tt(o,A))&&E.push("labels or taints differ"),A.ready!=="True"&&E.push(`Ready is ${A.ready}`),L===void 0?E.push("it has no heartbeat (no Lease)"):L>Ce&&E.push(`last heartbeat ${Math.round(L/1e3)} s ago`),{isAsDesired:E.length===0,differences:E,...L===void 0?{}:{heartbeatAgeMs:L}}}const $t=/^(03000200-0400-0500-0006-000700080009|f+(-f+)*|0+(-0+)*|)$/i,ut=o=>$t.test(o)?"":o.toLowerCase();function bt(o,d){const f=ut(o?.systemUuid??"");return f!==""&&f===ut(d.systemUuid)}function at(o,d){if(!o)return"nobody";const[f,T]=[ut(o.systemUuid),ut(d.systemUuid)];return f!==""&&T!==""?f===T?"this-machine":"another-machine":o.machineId!==""&&o.machineId===d.machineId?"this-machine":"unknown-machine"}function vt({reading:o}){const d=Ke(o);return o.node?.ready==="True"&&d!==void 0&&d<=Ce}function lt({reading:o}){const d=Ke(o);return o.node!==void 0&&d!==void 0&&d<=Ce}function pe(o){const{reading:d,consent:f,desired:T}=o;return d.node!==void 0&&f.replaceNode===T.node&&!lt(o)}function Ze({reading:{node:o},facts:d,desired:f}){return[o?`node: system UUID ${o.systemUuid||"unknown"}, ${o.internalIps.join(", ")||"no address"}, ${o.osImage}`:"node: there is none of that name",`host: system UUID ${d.systemUuid||"unknown"}, ${d.addresses.join(", ")||f.access.address}, ${d.os.prettyName}`]}function nt(o){const{desired:d,facts:f,reading:T}=o,A=`Is the name ${d.node} free, or this machine's own?`,L=at(T.node,f);if(L==="nobody")return{id:"cluster.name",verdict:"pass",question:A,found:"free"};if(L==="this-machine")return{id:"cluster.name",verdict:"pass",question:A,found:"this machine is the node"};const E=Ze(o);if(lt(o))return{id:"cluster.name",verdict:"fail",question:A,found:L==="another-machine"?"a live machine with another identity has it":"a live node has it, and its identity cannot be compared",cause:"two machines cannot share a name",remedy:"give this machine another `node` name",evidence:E};const z=pe(o);return{id:"cluster.name",verdict:z?"warn":"fail",question:A,found:`a node that is no longer alive has it${z?"; it will be replaced as confirmed":""}`,cause:"the node was joined from another machine or another installation",remedy:`press the button again with replace-node = ${d.node}, or give this machine another name`,evidence:E}}const M=/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;function U({desired:o}){const d=M.test(o.node)&&o.node.length<=63;return le("cluster.node-name",`Is ${o.node} a valid name for a node?`,d,d?"valid":"not valid",{cause:"the name of a node is at most 63 lower-case letters, digits, dashes and dots (RFC 1123)",remedy:"give another `node`, e.g. the host name in lower case"})}const m=o=>`node ${o.name}: system UUID ${o.systemUuid||"unknown"}, machine-id ${o.machineId||"unknown"}, ${ee(o.internalIps)||"no address"}, Ready ${o.ready}`,v=o=>`host: system UUID ${o.systemUuid||"unknown"}, machine-id ${o.machineId||"unknown"}, ${ee(o.addresses)||"no address"}`;function b({desired:o,facts:d,nodes:f}){const T="cluster.machine",A="Is this machine no node under another name?",L=f.filter(ke=>ke.name!==o.node),E=L.filter(ke=>at(ke,d)==="this-machine"),z=E.find(ke=>ke.ready==="True");if(z)return le(T,A,!1,`it is the live node ${z.name}`,{cause:"system UUID or machine-id are the same: a second agent would take ports and containers from the first",remedy:`name it ${z.name}; or remove that node first: sudo systemctl disable --now its agent, then kubectl delete node ${z.name}`,evidence:[m(z),v(d)]});const[G]=E;if(G)return le(T,A,!1,`it was the node ${G.name}, which is no longer alive`,{verdict:"warn",cause:"the machine was joined under another name before",remedy:`when nobody needs it any more: kubectl delete node ${G.name}`,evidence:[m(G),v(d)]});if(d.systemUuid===""&&d.machineId==="")return ie(T,A,"the host tells neither system UUID nor machine-id");const Q=L.find(ke=>d.machineId!==""&&ke.machineId===d.machineId);return Q?le(T,A,!1,`its machine-id is also that of ${Q.name}`,{verdict:"warn",cause:"both were made from one disk image: DHCP and everything else that goes by machine-id mixes them up",remedy:"give it one of its own and reboot: sudo rm /etc/machine-id && sudo systemd-machine-id-setup",evidence:[m(Q),v(d)]}):we(T,A,f.length===0?"there is no other node":"no node has its identity")}function S({desired:o,facts:d,nodes:f}){const T="cluster.address",A="Is the address of the node its own?",L=(o.nodeIp??d.defaultRoute?.source??"").split(",").map(Q=>Q.trim()).filter(Q=>Q!=="");if(L.length===0)return ie(T,A,"which address the agent will choose");const E=f.find(Q=>Q.name!==o.node&&at(Q,d)!=="this-machine"&&Q.internalIps.some(ke=>L.includes(ke)));if(!E)return we(T,A,L.join(", "));const z=E.internalIps.find(Q=>L.includes(Q))??L.join(", "),G=o.podNetwork==="isolated"||E.ready!=="True";return le(T,A,!1,`${z} is also the address of ${E.name}`,{verdict:G?"warn":"fail",cause:"nodes and their pods are reached by that address, so it has to be unique in the cluster",remedy:"give `node-ip` with another address of this machine, or one of an overlay network to both",evidence:[m(E),v(d)]})}function R({facts:o,desired:d}){const f="host.route",T="Is there a default route?";return o.defaultRoute?we(f,T,`via ${o.defaultRoute.via||o.defaultRoute.device}`):o.hasNoDefaultRoute?le(f,T,!1,"none",{verdict:d.nodeIp?"warn":"fail",cause:d.nodeIp?"the address is given, but services of the cluster are reached through the default route":"the agent takes its address from the default route, and stops without one",remedy:"add a default route; one through a dummy interface is enough (docs: installation/airgap), and give `node-ip`"}):ie(f,T,"the host does not tell its routes")}function I({facts:o,desired:d}){if(d.access.transport==="local")return[];const f="host.forwarding",T="May connections be forwarded over SSH, to try the join through the host\u2019s own network?",{sshForwarding:A}=o;if(A==="unknown")return[ie(f,T,"the configuration of sshd is told to root only")];const L=A==="yes"||A==="local";return[le(f,T,L,L?"allowed":`refused (AllowTcpForwarding ${A})`,{verdict:"warn",cause:"sshd on the host is configured so; the handshake then uses curl on the host instead",remedy:`nothing to do where the host has curl; otherwise allow it for this user in /etc/ssh/sshd_config: Match User ${o.user||d.access.user||"USER"} / AllowTcpForwarding local`})]}const Z={"sudo-password-required":"sudo asks for a password, and none was given","sudo-password-wrong":"sudo refused the password that was given","sudo-not-allowed":"the user may not use sudo","sudo-needs-tty":"sudo demands a terminal (requiretty)","sudo-missing":"there is no sudo on the host"};function ae({facts:o}){const{state:d,problem:f}=o.privilege,A={root:"logged in as root",passwordless:"sudo without a password",password:"sudo with the password given",none:Z[f]??(f||"no sudo")}[d];return le("host.sudo",`May ${o.user||"the user"} become root?`,d!=="none",A,{cause:"installing a unit and its files needs root",remedy:`give \`sudo-password\`, or let the user become root without one: echo '${o.user||"USER"} ALL=(ALL) NOPASSWD: ALL' | sudo tee /etc/sudoers.d/k3s-gpu-actions`})}function ce({facts:o}){const d="host.os",f="Is this a Linux on which programs and units can be installed?",T=o.os.prettyName||o.os.id;return o.readOnly.length>0?le(d,f,!1,`${o.readOnly.join(" and ")} cannot be written${T?` (${T})`:""}`,{cause:"the program and its unit are installed there, and on this system not even root can write to it",remedy:"use a system whose /usr/local/bin and /etc are writable, or remount them: sudo mount -o remount,rw /usr"}):T===""&&o.kernel===""?ie(d,f,"the host does not say what it runs"):we(d,f,[T,o.kernel&&`kernel ${o.kernel}`].filter(Boolean).join(", "))}function Ye({facts:o}){const d=["amd64","arm64"].includes(o.architecture);return le("host.architecture","Is the processor architecture supported?",d,o.architecture||"unknown",{cause:"programs are fetched and checked for amd64 and arm64 only",remedy:"use a 64-bit x86 or Arm machine"})}function Te({facts:o}){return le("host.init","Is systemd the init system?",o.init==="systemd",o.init,{cause:"units are written for systemd",remedy:"use a host with systemd; OpenRC is not supported in this version"})}function oe(o){const[,d,f]=/^v?(\d{1,3})\.(\d{1,3})\./.exec(o)??[];return d===void 0||f===void 0?void 0:Number(d)*100+Number(f)}const Se=135;function Ve({facts:o,version:d}){const f="host.cgroup",T="Are the control groups there that a kubelet needs?",{version:A,controllers:L}=o.cgroup;if(A===0)return ie(f,T,"the host shows no control groups");const E=`cgroup v${A}`;if(!L.includes("memory"))return le(f,T,!1,`${E} without the memory controller`,{cause:"the kubelet cannot limit memory without it and stops",remedy:"add `cgroup_enable=memory cgroup_memory=1` to the kernel command line and reboot"});if(A===1&&(oe(d)??0)>=Se)return le(f,T,!1,`${E}, and ${d} is wanted`,{cause:"a kubelet from 1.35 on refuses to run on cgroup v1",remedy:"boot with cgroup v2: add `systemd.unified_cgroup_hierarchy=1` to the kernel command line and reboot; or use a version before 1.35"});const z=(A===2?["cpu","cpuset","pids"]:["pids"]).filter(G=>!L.includes(G));return le(f,T,z.length===0,z.length===0?E:`${E} without ${z.join(", ")}`,{cause:"the agent looks for these controllers when it starts, and stops",remedy:`take what disables ${z.join(", ")} off the kernel command line (cgroup_disable=\u2026) and reboot; a realtime kernel may lack cpu`})}function ct(o){const d=o.split(/<[^>]*>/).map(f=>f.replaceAll(/[.*+?^${}()|[\]\\]/g,"\\$&"));return new RegExp(`^${d.join("[a-z0-9_.:-]+")}$`,"i")}function st(o,d){return o.find(f=>f.id===d)??o.find(f=>ct(f.id).test(d))}const Ee=(o,d,f,T,A=!0)=>({id:o,stage:"preflight",severity:d,asks:f,remedy:T,isIgnorable:A}),_t=[Ee("host.sudo","fail","May the user become root?","give `sudo-password`, or let the user become root without one"),Ee("host.os","fail","Is this a Linux on which programs and units can be installed?","use a system whose /usr/local/bin and /etc/systemd/system are writable"),Ee("host.architecture","fail","Is the processor amd64 or arm64?","use such a machine"),Ee("host.init","fail","Is systemd the init system?","use a host with systemd"),Ee("host.cgroup","fail","Are the control groups there that a kubelet needs: the memory controller, and v2 from version 1.35 on?","change the kernel command line (`cgroup_enable=memory`, `systemd.unified_cgroup_hierarchy=1`) and reboot"),Ee("host.clock","fail","Is the clock of the host within 30 s of the API server?","`sudo timedatectl set-ntp true`"),Ee("host.disk.<path>","fail","Is there room, in bytes and inodes, where data, programs and configuration go? A warning below 5 % free","free what the check says; for data 2 GiB and 10000 inodes"),Ee("host.route","fail","Is there a default route? A warning when `node-ip` is given","add one; through a dummy interface is enough"),Ee("host.forwarding","warn","May connections be forwarded over SSH?","none needed where the host has curl; else `AllowTcpForwarding local` for the user"),Ee("cluster.node-name","fail","Is the name valid for a node (RFC 1123, lower case)?","give another `node` name"),Ee("cluster.name","fail","Is the name free, or this machine's own? One that a live machine has is never given away","`replace-node` for a dead node; another `node` name for a live one","partly"),Ee("cluster.machine","fail","Is this machine no node under another name? A warning when that node is dead, or the machine-id is copied","use the name it has, or remove the other node"),Ee("cluster.address","fail","Is the address of the node its own? A warning where pods are isolated anyway","give `node-ip` with another address"),Ee("cluster.topology","warn","Can pods on this host and pods on the servers reach each other?","declare `pod-network: isolated`, or use an overlay network"),Ee("host.gpu","warn","Which GPUs does the host have, and who uses them?","none needed; repair the driver where it does not answer"),{id:"plan.gpu-in-use",stage:"plan",severity:"fail",asks:"Does the plan disturb a process outside the cluster that uses the GPU?",remedy:"`allow-gpu-disruption`, or stop the process first",isIgnorable:!1},...[["unit","Does the agent\u2019s unit run?","see the journal in the evidence"],["ready","Is the node Ready, with a fresh heartbeat?","see the node\u2019s conditions in the evidence"],["version","Does the node run the wanted version?","press the button again; another agent may answer for it"],["metadata","Are labels and taints as wanted?","press the button again; find who else changes them"],["gpu-processes","Do the processes that used the GPU before still run?","start them again; the report names them"]].map(([o,d,f])=>({id:`confirm.${o}`,stage:"confirm",severity:"fail",asks:d,remedy:f,isIgnorable:!1}))];function ht(o){return[ae(o),ce(o),Ye(o),Te(o),Ve(o),Fe(o),...et(o),R(o),...I(o),U(o),nt(o),b(o),S(o),re(o),xe(o)]}var ot=D(8003);function It(o,d,f,T,A){const L=[],E=(G,Q,ke,We,Ne)=>{L.push({id:G,verdict:ke?"pass":"fail",question:Q,found:We,...ke?{}:{cause:"it was so a moment ago, or was never brought about",remedy:Ne}})};if(T!==void 0&&E("confirm.unit","Is the unit active?",T==="active",T,"look at its journal on the host"),A||E("confirm.ready","Is the node Ready?",f?.ready==="True",f?`Ready=${f.ready} ${f.readyMessage}`.trim():"no such node","press the button again; the plan says what is missing"),!f)return L;A||E("confirm.version","Does the node run the wanted version?",f.kubeletVersion===d,f.kubeletVersion,"press the button again; the plan says what is missing");const z=tt(o,f);return E("confirm.metadata","Are labels and taints as wanted?",!K(z),K(z)?[...Object.keys(z.labels),...z.addTaints.map(ot.eh),...z.removeTaints.map(ot.eh)].join(", "):"as wanted","something else changes them: look at managedFields of the node"),L}const ft=o=>`${o.name} (pid ${o.pid}, ${o.ownerDetail||o.owner})`;function dt(o,d){const f=o.startTicks===void 0||d.startTicks===void 0||o.startTicks===d.startTicks;return o.pid===d.pid&&o.name===d.name&&f}function Lt(o){return["start","restart","reload","install"].includes(o.kind)&&o.waitsFor===void 0}function jt(o,d,f,T=""){const A=Pe(o);if(A.length===0)return;const L="confirm.gpu-processes",E="Do the processes outside the cluster still have the GPU?",z=A.filter(ke=>!d?.processes.some(We=>dt(ke,We))),G=A.map(ft).join(", ");if(z.length===0)return{id:L,verdict:"pass",question:E,found:`${G}: still there`};if(d===void 0||!d.areProcessesKnown)return{id:L,verdict:"error",question:E,found:`not known: ${G} used it before`,cause:T||d?.problem||"the processes that use the GPU could not be listed again",remedy:"look on the host: nvidia-smi"};const Q=z.map(ft).join(", ");return{id:L,verdict:f?"warn":"fail",question:E,found:`${Q} ${z.length===1?"has":"have"} it no more`,cause:f?"the run changed the host, as allow-gpu-disruption lets it":"it lost the GPU or ended while this run changed the host; nothing that was planned should have disturbed it",remedy:`look at it on the host and start it again: ${z.map(({ownerDetail:ke,owner:We})=>ke||We).join(", ")}`,evidence:[`before: ${G}`,`after: ${d.processes.map(ft).join(", ")||"nobody uses the GPU"}`]}}const Mt=o=>o?o.slice(0,63):"empty",pt=" (no longer wanted; ours)";function Ot(o,d,f){const T=d&&f;if(o===void 0)return T?" (was removed by hand)":" (new)";const A=T?", changed by hand":d?"":", not ours until now";return` (was ${Mt(o.value)}${A})`}function At(o,d,f){const T=new Set(be(d?.annotations[C.ownedLabels]));return Object.entries(o.labels).map(([A,L])=>{if(L===null)return`${A}-${pt}`;const E=`${A}=${L}`;if(d===void 0)return E;const z=Object.hasOwn(d.labels,A)?{value:d.labels[A]}:void 0;return`${E}${Ot(z,T.has(A),f)}`})}function Ct(o,d,f){const T=new Set(be(d?.annotations[C.ownedTaints]));return[...o.addTaints.map(L=>{if(d===void 0)return(0,ot.eh)(L);const E=d.taints.find(z=>Oe(z)===Oe(L));return`${(0,ot.eh)(L)}${Ot(E&&{value:E.value},T.has(Oe(L)),f)}`}),...o.removeTaints.map(L=>`${(0,ot.eh)(L)}-${pt}`)]}const mt={deleteNode:"delete-node",deletePassword:"delete-node-password",label:"label-node",taint:"taint-node",record:"record-desired"};function Dt(o,d){const{desired:f,server:T,version:A,reading:L}=o,E=tt(f,L.node),z=[],G=it(f,T,A),Q=L.node?.annotations[C.desired],ke=At(E,L.node,Q===G);ke.length>0&&z.push({id:mt.label,kind:"label",target:ke.join(", "),reason:L.node?"the node differs from the cluster file and inputs":"wanted on the new node",undo:"not needed: labels disturb nothing, and the next run sets them again"});const We=Ct(E,L.node,Q===G);return We.length>0&&z.push({id:mt.taint,kind:"taint",target:We.join(", "),reason:L.node?"the node differs from the cluster file and inputs":"keeps other pods away from the new node from its first second",...E.addTaints.some(xt=>xt.effect==="NoExecute")?{disrupts:"evicts pods that do not tolerate it"}:{},undo:"not needed: the next run converges"}),(!Object.entries(Be(f)).every(([xt,Rt])=>L.node?.annotations[xt]===Rt)||Q!==G&&!d)&&z.push({id:mt.record,kind:"annotate",target:d?"labels and taints of this project as owned":"desired state, owned labels and taints",reason:d?"so that they can be changed and removed later":"lets the next run see that nothing is to be done",undo:"not needed: a hint only"}),z}function zt(o){const{reading:d,desired:f}=o;return!d.node||!pe(o)?[]:[{id:mt.deleteNode,kind:"delete",target:`node ${f.node} (uid ${d.node.uid})`,reason:"confirmed by replace-node: it is no longer alive",disrupts:"forgets the pods that were bound to it",undo:"none: a deleted node comes back only by joining again"}]}function Gt(o,d){const{gpu:f}=o.facts,T=Pe(o.facts),A=d.filter(G=>(["restart","reload"].includes(G.kind)||G.kind==="install"&&G.disrupts!==void 0)&&!G.waitsFor);return!(T.length>0||f.pciDevices>0&&!f.areProcessesKnown)||A.length===0||o.consent.allowGpuDisruption?[]:[{id:"plan.gpu-in-use",verdict:"fail",question:"May the plan disturb processes that use the GPU outside the cluster?",found:`${T.map(ft).join(", ")||`whoever uses the GPU (its processes could not be listed: ${f.problem||"no answer"})`} would see: ${A.map(G=>`${G.kind} ${G.target}`).join(", ")}`,cause:"a daemon-reload or restart can take the GPU from running containers (NVIDIA/nvidia-container-toolkit#48)",remedy:"press the button again with allow-gpu-disruption when that is acceptable, or stop the process first"}]}function Pt(o,d,f){const T=d.some(Q=>Q.waitsFor!==void 0),A=T&&!o.reading.node?[]:Dt(o,T),L=[...zt(o),...d,...A],E=nt(o),z=E.verdict==="fail"&&(lt(o)||f.some(Q=>Q.id===E.id)),G=[...f.filter(Q=>Q.id!==E.id),...z?[E]:[],...Gt(o,L)];return{changes:L,blockers:G}}function y(o){return o.changes.filter(d=>d.waitsFor===void 0)}function g(o){const d=[mt.label,mt.taint,mt.record];return y(o).some(f=>!d.includes(f.id))}}),9354:((kt,Ue,D)=>{D.d(Ue,{SU:()=>qs});var C=D(7131);const be={binary:"/usr/local/bin/k3s",ownConfig:"/etc/rancher/k3s/config.yaml.d/50-k3s-gpu-actions.yaml",unit:"/etc/systemd/system/k3s-agent.service",environment:"/etc/systemd/system/k3s-agent.service.env",nodePassword:"/etc/rancher/node/password",lock:"/run/k3s-gpu-actions.lock",backups:"/var/lib/k3s-gpu-actions"};var fe=D(7598);function je(t){return`${t}.node-password.k3s`.toLowerCase()}const he=64*1024**2;function V(t){const[,n="",r,s,i,l=""]=/^\$1:([0-9a-f]{2,128}):(\d{1,2}):(\d{1,2}):(\d):([A-Za-z0-9+/]{22,171})$/.exec(t)??[],h={salt:Buffer.from(n,"hex"),logN:Number(r),r:Number(s),p:Number(i),key:Buffer.from(l,"base64")},{logN:_}=h;if(!(n===""||n.length%2!==0||_<1||_>20||h.r<1||h.p<1))return 128*2**_*h.r*h.p<=he?h:void 0}async function ve(t,n){const r=V(t);if(!r)return;const{salt:s,logN:i,r:l,p:h,key:_}=r,P={N:2**i,r:l,p:h,maxmem:2*he};return await new Promise(j=>{try{(0,fe.scrypt)(n,s,_.length,P,(F,se)=>j(F?void 0:(0,fe.timingSafeEqual)(se,_)))}catch{j(void 0)}})}function q(t){return t.hasSecret?t.hasFile?t.password===""?"empty":t.password===void 0||t.isMatch===void 0?"unknown":t.isMatch?"matches":"different":"missing":"none"}function ue(t,n){const r=n?.state??"none";if(r==="none"||r==="matches")return"fine";if(r==="empty")return"empty";const{reading:s,facts:i,consent:l,desired:h}=t,_=(0,C.Pd)(s.node,i);if((0,C.JG)(t))return _!=="this-machine"?"foreign":r==="unknown"?"unknown":"live";const P=l.replaceNode===h.node;return(0,C.ik)(t)||P&&s.node===void 0?"replaced":_==="another-machine"?"foreign":r==="unknown"?"unknown":(0,C.YD)(s.node,i)?"healed":"unproven"}const ge="k3s.node-password",re="Will the server accept this host's node password?",le=t=>t?.secret?.createdAt?` of ${t.secret.createdAt}`:"",we={missing:`the host has none (${be.nodePassword} is not there)`,different:"the host has another one",unknown:"it could not be compared with the host's"};function ie(t,n){const r=n.nodePassword,{node:s}=t.desired;if(r===void 0)return[{id:ge,verdict:"skip",question:re,found:"not asked: the agent is not started by this plan"}];const i=`the cluster keeps a password${le(r)} for ${s}, and ${we[r.state]??""}`,l="a server rejects an agent whose password is not the one it keeps for that name, every time it asks (403)",h=[`secret kube-system/${je(s)}${le(r)}`,...(0,C.Eb)(t)];switch(ue(t,r)){case"fine":{const _=r.state==="none"?`the cluster keeps none for ${s}`:"it is the one that the cluster keeps";return[{id:ge,verdict:"pass",question:re,found:_}]}case"healed":return[{id:ge,verdict:"warn",question:re,found:`${i}; it is this machine's own, from an earlier installation (same system UUID)`,cause:l,remedy:`nothing to do: the plan deletes that Secret, and nothing else of ${s}`,evidence:h}];case"replaced":return[{id:ge,verdict:"warn",question:re,found:`${i}; it is deleted, as replace-node says`,cause:l,remedy:"nothing to do: the plan deletes that Secret",evidence:h}];case"foreign":return[{id:ge,verdict:"skip",question:re,found:"the name belongs to another machine: see cluster.name"}];case"live":return[{id:"plan.node-password",verdict:"fail",question:"Would the node that lives come back from the start that is planned?",found:`no: ${i}. ${s} is alive on this very machine, and its agent would be rejected as soon as it is started again`,cause:`${be.nodePassword} was lost or changed while the agent ran; the password of a live node is never deleted`,remedy:`stop the agent (sudo systemctl stop k3s-agent; containers keep running), wait a minute until ${s} is no longer alive, then press the button again`,evidence:h}];case"empty":return[{id:ge,verdict:"fail",question:re,found:`${be.nodePassword} is empty`,cause:"k3s sends what is in that file, and makes a password only where there is no file",remedy:`sudo rm ${be.nodePassword}, then press the button again`,evidence:h}];case"unproven":return[{id:ge,verdict:"fail",question:re,found:`${i}; nothing proves that it is this machine's own`,cause:l,remedy:`press the button again with replace-node = ${s} when no other machine of that name is to come back, or give this machine another name`,evidence:h}];case"unknown":return[{id:ge,verdict:"warn",question:re,found:r.secret?`${i}: ${r.problem??""}`:`not known: ${r.problem??""}`,cause:r.secret?l:"the Secrets of kube-system could not be listed",remedy:r.secret?`if the server rejects it, press the button again with replace-node = ${s}`:"nothing to do: if the server rejects the password, the run ends with its words",evidence:h}]}}function ee(t,n){const r=ue(t,n.nodePassword);if(r!=="healed"&&r!=="replaced"||n.nodePassword?.secret===void 0)return;const{node:s}=t.desired,{node:i}=t.reading;return{kind:"delete",target:`secret kube-system/${je(s)}`,reason:r==="healed"?`from an earlier installation of this machine (same system UUID); node ${s} with its labels and pods stays`:i?`confirmed by replace-node: it goes with node ${s}`:"confirmed by replace-node: no node has that name any more",undo:"none: the password in it is not known; the agent stores its own when it starts"}}var H=D(2088);const Fe=/^v?(\d+)\.(\d+)\.(\d+)(?:-(rc\d+))?\+k3s(\d+)$/;function de(t){const[,n,r,s,i="",l]=Fe.exec(t.trim())??[];if(n===void 0)return;const h={major:Number(n),minor:Number(r),patch:Number(s),build:Number(l)},_=i===""?"":`-${i}`;return{text:`v${h.major}.${h.minor}.${h.patch}${_}+k3s${h.build}`,candidate:i,...h}}function _e(t){const{major:n,minor:r,patch:s,candidate:i,build:l}=t,h=i===""?"":`0rc.${Number(i.slice(2))}.`;return`${n}.${r}.${s}-${h}k3s.${l}`}function De(t,n){const r=s=>{const i=de(s);if(i===void 0)throw new RangeError(`${JSON.stringify(s)} is no k3s version: write it like v1.33.4+k3s1`);return new H.SemVer(_e(i))};return(0,H.compare)(r(t),r(n))}class Ge extends Error{name="VersionError";code="version-invalid";cause;remedy;evidence=[];constructor(n,r,s){super(n),this.cause=r,this.remedy=s}}const Qe=/^(stable|latest|testing|v?\d+(\.\d+)?)$/;function rt(t,n){const r="write `match-server`, or an exact version like v1.33.4+k3s1";if(t.trim()==="match-server"){const h=de(n);if(h!==void 0)return h.text;throw new Ge(`the server's version ${JSON.stringify(n)} is no k3s version`,(0,H.coerce)(n)===null?"what answers is not k3s":"the server runs another distribution of Kubernetes","check the kubeconfig, or set `distribution`")}const s=de(t);if(s!==void 0)return s.text;if(Qe.test(t.trim()))throw new Ge(`version ${JSON.stringify(t)} is a channel`,"a channel names another version tomorrow",r);const i=(0,H.coerce)(t),l=i!==null&&!t.includes("+")?`the +k3s suffix is missing, e.g. v${i.version}+k3s1`:"it has no known form";throw new Ge(`version ${JSON.stringify(t)} is no k3s version`,l,r)}const et={29:"v1.29.13+k3s1",30:"v1.30.9+k3s1",31:"v1.31.5+k3s1"};function Pe(t,n){const r="k3s.version",s=`Does an agent of ${t} go with a server of ${n}?`,i=de(t),l=de(n);if(i===void 0||l===void 0)return{id:r,verdict:"error",question:s,found:`${JSON.stringify(i===void 0?t:n)} is no k3s version`,cause:"the two cannot be compared",remedy:"write versions like v1.33.4+k3s1; check that the server is k3s"};const h=De(t,n),_=`use version: match-server (${l.text})`;if(h===0)return{id:r,verdict:"pass",question:s,found:"the same version"};if(h>0)return{id:r,verdict:"fail",question:s,found:"the agent is newer than the server",cause:"a kubelet newer than its API server is not supported, and nothing would complain until something breaks",remedy:`${_}, or upgrade the servers first`};const P=(l.major-i.major)*100+l.minor-i.minor;if(P>3)return{id:r,verdict:"fail",question:s,found:`the agent is ${P} minor versions older than the server`,cause:"a kubelet may be at most 3 minor versions older than its API server",remedy:_};const j=i.major===1?et[i.minor]:void 0;return j!==void 0&&l.minor>=32&&De(t,j)<0?{id:r,verdict:"fail",question:s,found:`agents before ${j} get no pod network from servers of 1.32 or later`,cause:"flannel in such an agent asks for rights that these servers no longer give it (k3s#11551, k3s#12819)",remedy:`${_}, or at least ${j}`}:{id:r,verdict:"warn",question:s,found:"the agent is older than the server",cause:"supported, but not what the server was tested with",remedy:_}}function xe(t,n){if(t===void 0||!de(t)||!de(n))return[];const r="k3s.installed-version",s=`Is what is installed not newer than the server (${n})?`;return De(t,n)<=0?[{id:r,verdict:"pass",question:s,found:t}]:[{id:r,verdict:"warn",question:s,found:`${t} is newer than the server`,cause:"a kubelet newer than its API server is not supported, and nothing else would report it",remedy:"press the button with adopt = apply, which installs the wanted version; or upgrade the servers first"}]}var B=D(7030);const ne="10.42.0.0/16",X="10.43.0.0/16",ye=[{port:10250,protocol:"tcp"},{port:8472,protocol:"udp"}],te=[{network:ne},{network:X}],Oe=t=>"network"in t?t.network:`${t.port}/${t.protocol}`;function ze(t,n){const[r="",s]=t.split("/"),[i="",l="32"]=n.split("/");if((0,B.isIP)(r)!==4||(0,B.isIP)(i)!==4)return!1;const h=s===void 0?32:Number(s);if(!Number.isInteger(h)||h<0||h>Number(l))return!1;const _=new B.BlockList;return _.addSubnet(r,h,"ipv4"),_.check(i,"ipv4")}function Me(t,n){const[r="",s]=t.split("/");return s!==void 0&&s!==n.protocol?!1:r.split(",").some(i=>{const[l="",h=l]=i.split(/[:-]/);return/^\d+$/.test(l)&&/^\d+$/.test(h)&&Number(l)<=n.port&&n.port<=Number(h)})}const Ae=t=>ze(ne,t)||ze(X,t);function Be(t){const[,n,r,s]=/^(\S.*?)\s{2,}(ALLOW|LIMIT|DENY|REJECT)(?: IN)?\s{2,}(\S+)/.exec(t)??[];if(!(n===void 0||s===void 0||t.includes("(v6)")))return{to:n.replace(/ on \S+$/,"").trim(),isAllowed:r==="ALLOW"||r==="LIMIT",from:s}}function tt(t,n){if(t.some(s=>/^Default:\s*allow \(incoming\)/.test(s)))return[];const r=t.flatMap(s=>Be(s)??[]).filter(s=>s.isAllowed);return n.filter(s=>!r.some(({to:i,from:l})=>"network"in s?/^Anywhere/.test(i)&&(/^Anywhere/.test(l)||ze(l,s.network)):/^Anywhere/.test(i)?/^Anywhere/.test(l)||!Ae(l):Me(i,s)&&!Ae(l)))}const K={"10250/tcp":["kubelet","kubelet-worker","kube-worker","kube-control-plane","kube-control-plane-secure"],"8472/udp":["kube-flannel"]};function He(t){const n=[];for(const r of t){/^\S/.test(r)&&n.push({target:"",words:{},richRules:[]});const s=n.at(-1),[,i,l=""]=/^\s+([a-z-]+):\s*(.*)$/.exec(r)??[];s&&(/^\s+rule /.test(r)?s.richRules.push(r.trim()):i==="target"?s.target=l.trim():i&&(s.words[i]=l.split(/\s+/).filter(Boolean)))}return n}function Ce(t,n){const r=He(t),s=r.filter(i=>i.target==="ACCEPT");return n.filter(i=>{const l=r.flatMap(P=>P.richRules).filter(P=>/ accept\b/.test(P));if("network"in i)return!s.some(j=>(j.words.sources??[]).some(F=>ze(F,i.network))||(j.words.interfaces??[]).includes("cni0"))&&!l.some(j=>j.includes(i.network));const h=r.some(P=>(P.words.ports??[]).some(j=>Me(j,i))||(P.words.services??[]).some(j=>K[Oe(i)]?.includes(j))),_=s.some(P=>(P.words.sources??[]).some(j=>!Ae(j))||(P.words.interfaces??[]).some(j=>!/^(cni0|flannel)/.test(j)));return!h&&!_&&!l.some(P=>P.includes(`"${i.port}"`))})}const Ke="host.firewall",Je="Does the firewall let in what a node needs?";function it({nodes:t,desired:n}){const r=t.filter(i=>i.name!==n.node).flatMap(i=>[...i.internalIps,...i.externalIps]).filter(i=>/^[0-9a-fA-F.:]+$/.test(i)),s=[...new Set(r)].slice(0,8);return s.length>0?s:["<address of a node>"]}function wt(t,n){return t.flatMap(r=>"network"in r?[`sudo ufw allow from ${r.network} to any`]:n.map(s=>`sudo ufw allow proto ${r.protocol} from ${s} to any port ${r.port}`))}function $t(t,n){return[...t.flatMap(s=>{const i="sudo firewall-cmd --permanent";return"network"in s?[`${i} --zone=trusted --add-source=${s.network}`]:n.map(l=>`${i} --add-rich-rule='rule family="${l.includes(":")?"ipv6":"ipv4"}" source address="${l}" port port="${s.port}" protocol="${s.protocol}" accept'`)}),"sudo firewall-cmd --reload"]}function ut(t,n){const{name:r,rules:s}=t;if(r!=="nftables"&&s.length===0)return(0,C.uG)(Ke,Je,`${r} is active, and its rules are told to root only`);if(r==="nftables")return{id:Ke,verdict:"warn",question:Je,found:`a packet filter drops what no rule allows (${(0,C.H$)(s)}); its rules were not looked into`,cause:`a node needs ${[...ye,...te].map(Oe).join(", ")} to come in`,remedy:"compare with: sudo nft list ruleset; when all of it is allowed, name host.firewall in `ignore-checks`"};const i=n.desired.podNetwork==="isolated"?te:[...ye,...te],l=r==="ufw"?tt(s,i):Ce(s,i);if(l.length===0)return(0,C.bF)(Ke,Je,`${r} is active and allows it`);const h=(r==="ufw"?wt:$t)(l,it(n));return{id:Ke,verdict:"warn",question:Je,found:`${r} is active and has no rule for ${l.map(Oe).join(", ")}`,cause:"the node would become Ready, but its pods would reach neither name server nor services, and other nodes not its pods; these are the networks that k3s has by default",remedy:h.join("; "),evidence:s.slice(0,40)}}function bt(t){const{firewalls:n}=t.facts,r=n.find(i=>i.state==="active");if(r)return ut(r,t);const s=n.find(i=>i.state==="unknown");return s?(0,C.uG)(Ke,Je,`whether ${s.name} is active`):(0,C.bF)(Ke,Je,"none is active")}var at=D(7949),vt=D(8815),lt=D(8003);function pe(t){const n=Object.entries(t.labels).filter(([l])=>!(0,C.E4)(l)).map(([l,h])=>`${l}=${h}`).sort(),r=t.taints.map(lt.eh).sort(),s={"node-name":t.node,...t.nodeIp?{"node-ip":t.nodeIp}:{},...t.nodeExternalIp?{"node-external-ip":t.nodeExternalIp}:{},...Object.fromEntries(Object.entries(t.extraConfig).sort(([l],[h])=>l<h?-1:1)),...n.length>0?{"node-label+":n}:{},...r.length>0?{"node-taint+":r}:{}},i=new vt.yo(s);return i.commentBefore=" Written by k3s-gpu-actions; edits are overwritten by its next run.",i.toString({lineWidth:0})}function Ze(t){const n=[];let r=!1;for(const s of t.split(`
`))/^\S/.test(s)&&(r=/^"?node-(label|taint)\+"?:/.test(s)),!r&&!s.startsWith("#")&&s.trim()!==""&&n.push(s);return n.join(`
`)}const nt=["--node-label","--node-taint","--token","-t"],M=t=>t.split("=")[0]??t;function U(t){const n=t.environment?.tokenKind??"none";return(t.unit?.arguments.some(s=>["--token","-t"].includes(M(s)))??!1)||n!=="none"&&n!=="bootstrap"}const m=t=>t.environment?.tokenKind==="agent"?"the token on the host is the cluster's agent token: whoever reads it can join machines for ever":"the token on the host is the server's own: whoever reads it owns the cluster";function v(t,n,r,s){if(r)return"a node needs one to join; deleted at the end";if(U(n)&&!t.consent.allowServerToken)return m(n);if(!t.reading.node||(0,C.ik)(t)||s)return"the agent is not connected and may need one to register again"}function b(t,n,r){if(!n.binary)return"not installed";if(n.binary.version!==t.version)return`${n.binary.version||"unknown version"} is installed, ${t.version} is wanted`;if(r?.sha256!==void 0&&r.sha256!==n.binary.sha256)return`the installed file is not the released ${t.version}`}function S(t,n){return n.ownConfig===void 0?!1:t.reading.node?.annotations[C.hk.desired]!==void 0?!0:R(n).length===0&&(!U(n)||t.consent.allowServerToken)}function R(t){const n=(t.unit?.arguments??[]).map(M);return[...new Set(n)].filter(r=>nt.includes(r))}const I=237;function Z(t){return t!==void 0&&t>=I?{reason:"not installed; disrupts nothing: its systemctl is kept from reloading systemd (SYSTEMD_OFFLINE)"}:{reason:"not installed",disrupts:`its systemctl disable makes systemd ${t===void 0?"of unknown version":String(t)} reload (SYSTEMD_OFFLINE is heard from ${I} on): can take the GPU from running containers`}}function ae(t,n,r){const{unit:s,changedSinceStart:i}=n,{node:l}=t.reading;if(!s)return["joins the cluster"];if(s.activeState!=="active")return[`the unit is ${s.activeState||"not running"}`];const h=[];return(0,C.ik)(t)?h.push("registers anew"):(0,C._n)(t)||h.push(l?.ready==="True"?"the node has no fresh heartbeat":"the node is not Ready"),l&&l.kubeletVersion!==t.version&&n.binary?.version===t.version&&h.push(`${l.kubeletVersion} is still running, ${t.version} is installed`),!r&&i.length>0&&h.push(`${i.join(", ")} changed after it was started`),h}function ce(t,n,r){const s=n.unit===void 0,i=!s&&n.unit?.activeState!=="active",l=t.reading.node!==void 0||n.unit?.activeState==="active",h=!s&&l&&!S(t,n),_=pe(t.desired),P={labels:{},taints:[],extraConfig:{},nodeIp:void 0,nodeExternalIp:void 0},j=s?"":pe({...t.desired,...P}),F=R(n);return{isFresh:s,isForeign:h,binary:b(t,n,r),url:n.environment?.url===t.server?void 0:`the host joins through ${n.environment?.url||"no server"}, wanted ${t.server}`,token:v(t,n,s,i),argumentNames:F,isReloadPending:F.length>0||!h&&(n.unit?.needsReload??!1),config:n.ownConfig===_?void 0:n.ownConfig===void 0?"not there yet":"differs from the cluster file and inputs",isConfigRestartRelevant:Ze(n.ownConfig??j)!==Ze(_),start:ae(t,n,h)}}function Ye(t,n){return t.isDeep||n.unit===void 0||n.binary?.version!==t.version}function Te(t,n,r){const s=ce(t,n,r),i=s.isForeign&&t.consent.adopt==="plan"?"adopt: apply":void 0,l=[],h=(j,F)=>{l.push({id:j,...F,...i?{waitsFor:i}:{}})};s.token&&!t.hasGivenToken&&h("mint-token",{kind:"mint",target:`bootstrap token, ${(0,at.a3)(t.tokenLifetimeMs)}`,reason:s.token,undo:"deleted in every ending"});const _=ee(t,n);if(_&&h(C.zF.deletePassword,_),s.binary){const j=r?`, ${(0,at.z3)(r.sizeBytes)}`:"";h("upload-binary",{kind:"upload",target:`k3s ${t.version} ${t.facts.architecture}${j}`,reason:s.binary,undo:"the staged file is removed"}),h("install-binary",{kind:"install",target:be.binary,reason:s.binary,undo:n.binary?"the previous program is put back":"deleted"})}s.isFresh&&h("run-installer",{kind:"install",target:`unit k3s-agent, official installer ${t.version}`,...Z(t.facts.systemdVersion),undo:"unit, env file and links are deleted"}),s.config&&h("write-config",{kind:"write",target:be.ownConfig,reason:s.config,undo:n.ownConfig===void 0?"deleted":"restored"}),(s.url||s.token)&&h("edit-environment",{kind:"edit",target:`${be.environment} (${[s.url?"K3S_URL":"",s.token?"K3S_TOKEN":""].filter(Boolean).join(", ")})`,reason:s.isFresh?"tells the agent where to join":[s.url,s.token].filter(Boolean).join("; "),undo:s.isFresh?"deleted with the unit":"restored"}),s.argumentNames.length>0&&h("edit-unit",{kind:"edit",target:`${n.unit?.path??be.unit} (${s.argumentNames.join(", ")})`,reason:"arguments in ExecStart win over any file and come back at every start: they move to our drop-in",undo:"restored"}),s.isReloadPending&&h("reload",{kind:"reload",target:"systemd (daemon-reload)",reason:s.argumentNames.length>0?"the unit file changes":"the unit file has changed since systemd read it",disrupts:"can take the GPU from running containers",undo:"reloaded again after restoring"}),(s.isFresh||!s.isForeign&&n.unit?.isEnabled===!1)&&h("enable",{kind:"install",target:"start of k3s-agent at boot, without daemon-reload",reason:"not enabled",undo:"link deleted"});const P=[s.binary?`k3s ${t.version}`:"",s.url||s.token?"changed env file":"",s.isReloadPending?"changed unit":"",s.config&&s.isConfigRestartRelevant?"changed configuration":""].filter(Boolean);return(s.isFresh||s.start.length>0||P.length>0)&&h(...oe(n,s,P)),l}function oe(t,n,r){const s=t.unit?.name??"k3s-agent",i=[...n.start,...n.isFresh?[]:r].join("; "),l=t.unit?.activeState??"inactive";if(["inactive","failed",""].includes(l))return["start",{kind:"start",target:s,reason:i,undo:"stopped"}];if(l!=="active")return["restart",{kind:"start",target:s,reason:i,undo:"restarted with what was there before"}];const _=`restarts ${s}; containers keep running`;return["restart",{kind:"restart",target:s,reason:i,disrupts:_,undo:"restarted with what was there before"}]}function Se(t){const n="Is this host free of a k3s server?";return t.hasServerUnit?{id:"k3s.role",verdict:"fail",question:n,found:"it has the unit k3s (a server)",cause:"a host is either a server or an agent",remedy:"name another host; a server is not turned into an agent"}:{id:"k3s.role",verdict:"pass",question:n,found:t.unit?"an agent is installed":"no unit"}}function Ve(t){const n=[];for(const r of t.templates)n.push(r.hasBaseTemplate?{id:"k3s.containerd-template",verdict:"pass",question:"Does the containerd template extend the built-in one?",found:r.path}:{id:"k3s.containerd-template",verdict:"warn",question:"Does the containerd template extend the built-in one?",found:`${r.path} replaces it`,cause:`without {{ template "base" . }} it drops k3s's CNI folders, snapshotter and runtimes: the node never becomes Ready`,remedy:"k3s finds the NVIDIA runtime by itself: rename the file and restart, or let the gpu-runtime action quarantine it"});return n}function ct(t){return[[t.binary?.path,be.binary],[t.unit?.path,be.unit]].filter(([r,s])=>r!==void 0&&r!==s&&!t.hasServerUnit).map(([r,s])=>({id:"k3s.place",verdict:"fail",question:"Is k3s installed where its installer puts it?",found:`${r}, expected ${s}`,cause:"only the places of the official installer are changed",remedy:`move it to ${s}, or uninstall it and press the button again`}))}function st(t){const n="Is the host free of the cluster's long-lived tokens?",r=[];U(t)&&r.push({id:"k3s.server-token",verdict:"warn",question:n,found:`K3S_TOKEN in ${t.environment?.path??t.unit?.path??"the unit"} is ${t.environment?.tokenKind==="agent"?"the cluster's agent token":"the server's own token"}`,cause:t.environment?.tokenKind==="agent"?"whoever reads it can join machines for ever":"whoever reads it owns the cluster",remedy:"press the button with adopt = apply to replace it by a minted one; then rotate the token (k3s token rotate)"});const s=["token","agent-token","token-file","agent-token-file"];for(const i of t.configFiles){const l=i.keys.filter(h=>s.includes(h));l.length!==0&&r.push({id:"k3s.server-token",verdict:"warn",question:n,found:`${i.path} (mode ${i.mode}) sets ${l.join(", ")}`,cause:"a token in a configuration file stays on the host and is often readable by everybody",remedy:`take ${l.join(", ")} out of ${i.path}; the agent has its own certificate and needs it no more`})}return r}function Ee(t,n){let r=[];for(const s of t.settings)s.key!==n||s.path===be.ownConfig||(!s.isAdded&&s.value===""?r=[]:s.value!==""&&r.push({path:s.path,value:s.value,isUnit:!1}));return r}function _t(t,n){const r=t.unit?.arguments??[],s=t.unit?.path??be.unit;return r.flatMap((i,l)=>{if(i.startsWith(`--${n}=`))return[{path:s,value:i.slice(n.length+3),isUnit:!0}];const h=r[l+1];return i===`--${n}`&&h!==void 0?[{path:s,value:h,isUnit:!0}]:[]})}function ht(t){return[...Ee(t,"node-label"),..._t(t,"node-label")]}function ot(t,n,r){const s=t.desired.extraConfig["kubelet-arg"]??t.desired.extraConfig["kubelet-arg+"],i=(Array.isArray(s)?s:[s]).filter(h=>typeof h=="string");return[...Ee(n,"kubelet-arg"),...i.map(h=>({path:"`extra-config`",value:h,isUnit:!1})),..._t(n,"kubelet-arg")].filter(({value:h})=>h.startsWith(`${r}=`)).map(h=>({...h,value:h.value.slice(r.length+1)}))}function It(t,n){const r="k3s.labels",s="Is the kubelet given no label that it refuses?",i=[...ht(n),...ot(t,n,"node-labels")].flatMap(j=>j.value.split(",").map(F=>({...j,label:F.trim(),key:F.split("=")[0]?.trim()??""})).filter(({key:F})=>(0,C.E4)(F)));if(i.length===0){const j=n.configFiles.filter(F=>F.sha256===""&&F.keys.length===0);return j.length>0?(0,C.uG)(r,s,`${(0,C.H$)(j.map(F=>F.path))} cannot be read`):(0,C.bF)(r,s,"no")}const l=j=>j.isUnit?`${j.path} (ExecStart)`:j.path,h=[...new Set(i.map(({key:j})=>j))],_=[...new Set(i.map(l))],P=t.consent.adopt==="apply"&&i.every(j=>j.isUnit&&ft(n,j));return{id:r,verdict:P?"warn":"fail",question:s,found:`${(0,C.H$)(_)} ${_.length===1?"sets":"set"} ${(0,C.H$)(h)}`,cause:P?"the kubelet exits when it is given such a label; this run takes it out of the unit":`the kubelet exits when it is given ${h.length===1?"this label":"these labels"}${n.unit?.activeState==="active"?": the agent that runs now dies at its next start":", at every start"}`,remedy:P?`give ${(0,C.H$)(h)} as \`labels\` of this action when it is still wanted: it sets them through the API`:`take ${(0,C.H$)(h)} out of ${(0,C.H$)(_)}, and give ${h.length===1?"it":"them"} as \`labels\` of this action, which sets ${h.length===1?"it":"them"} through the API`,evidence:i.slice(0,16).map(j=>`${l(j)}: ${j.label}`)}}function ft(t,n){return ht(t).some(r=>r.isUnit&&r.value===n.value)}const dt=[10250,6444];function Lt(t,{facts:n},r){const s=`host.port.${t}`,i=`Is port ${t} free for the agent?`,l=r.unit?.activeState??"",h=l==="active"||l==="activating",_=n.ports.filter(Y=>Y.port===t),P=({process:Y,owner:Re})=>!h||Re.endsWith(".service")&&Re!==`${r.unit?.name}.service`?!1:Y===""||/^(k3s|kubelet)/.test(Y),j=_.find(Y=>!P(Y));if(!j)return(0,C.oQ)(s,i,!0,_.length>0?"held by k3s itself":"free",jt);const F=`${j.process||"an unknown process"} (pid ${j.pid||"unknown"}${j.owner?`, ${j.owner}`:""})`,se=j.owner.endsWith(".service");return(0,C.oQ)(s,i,!1,`held by ${F}`,{cause:r.unit?`the agent listens there and would loop; k3s-agent itself is ${l||"not running"}`:"the agent listens there and would loop",remedy:se?`stop it when nobody needs it: sudo systemctl disable --now ${j.owner}`:`stop that process: sudo ss -lntp 'sport = :${t}'`})}const jt={cause:"",remedy:""};function Mt(t,n){return dt.map(r=>Lt(r,t,n))}const pt=new B.BlockList;for(const[t,n,r]of[["0.0.0.0",32,"ipv4"],["127.0.0.0",8,"ipv4"],["169.254.0.0",16,"ipv4"],["224.0.0.0",4,"ipv4"],["255.255.255.255",32,"ipv4"],["::",128,"ipv6"],["::1",128,"ipv6"],["fe80::",10,"ipv6"],["ff00::",8,"ipv6"]])pt.addSubnet(t,n,r);const Ot={31:"v1.31.12+k3s1",32:"v1.32.8+k3s1",33:"v1.33.4+k3s1"};function At(t){const n=de(t);if(!n)return!0;const r=Ot[n.minor];return r===void 0?n.minor>33||n.major>1:De(t,r)>=0}function Ct(t,n){if(t==="169.254.169.254"&&At(n))return!0;const r=(0,B.isIP)(t);return r!==0&&!t.includes("%")&&!pt.check(t,r===4?"ipv4":"ipv6")}function mt({facts:t,desired:n,version:r},s){const i="host.resolver",l="Which name servers will pods use?",h=s.configFiles.find(P=>P.keys.includes("resolv-conf"))?.path;if("resolv-conf"in n.extraConfig||h)return(0,C.bF)(i,l,`those of the file that ${h??"`extra-config`"} names (resolv-conf)`);for(const{path:P,isReadable:j,servers:F}of t.resolvers){if(!j)return(0,C.uG)(i,l,`${P} cannot be read`);if(F.length>0&&F.every(se=>Ct(se,r)))return(0,C.bF)(i,l,`${(0,C.H$)(F)} (${P})`)}if(t.resolvers.length===0)return(0,C.uG)(i,l,"the host does not say");const _=At(r)?"8.8.8.8 and 2001:4860:4860::8888":"8.8.8.8";return{id:i,verdict:"warn",question:l,found:`${_}, which k3s takes without asking`,cause:`${t.resolvers.map(({path:P,servers:j})=>`${P} names ${(0,C.H$)(j)||"none"}`).join(", ")}: a pod cannot use a server on the loopback of its node; names of your own network will not be found`,remedy:"write the name servers of the network into a file, e.g. /etc/rancher/k3s/resolv.conf, and give resolv-conf: /etc/rancher/k3s/resolv.conf in `extra-config`"}}const Dt={overlay:"overlay: the layers of images; without it the agent stops",br_netfilter:"br_netfilter: pods of one node reach each other through services",nf_conntrack:"nf_conntrack: services and network policies",vxlan:"vxlan: the network between pods of several nodes, where flannel uses VXLAN (the default)"};function zt({facts:t,desired:n}){const r="host.modules",s="Does the kernel have the parts that containers and their network need?",i=t.modules.filter(j=>j.name!=="vxlan"||n.podNetwork!=="isolated"),l=j=>i.filter(F=>F.state===j).map(F=>F.name),h=l("missing");if(h.length>0)return(0,C.oQ)(r,s,!1,`missing: ${(0,C.H$)(h)} (kernel ${t.kernel||"unknown"})`,{verdict:h.includes("overlay")?"fail":"warn",cause:h.flatMap(j=>Dt[j]??[]).join("; "),remedy:"reboot when the kernel was updated; else install its extra modules (Ubuntu: linux-modules-extra-$(uname -r), Raspberry Pi: linux-modules-extra-raspi, RHEL: kernel-modules-extra)"});const _=l("unknown");if(_.length>0||i.length===0)return(0,C.uG)(r,s,_.length>0?(0,C.H$)(_):"the host does not say");const P=l("loadable");return(0,C.bF)(r,s,P.length===0?"all are there":`all are there; ${(0,C.H$)(P)} when needed`)}function Gt(t,n){const r="host.swap",s="Will the kubelet start with the swap that is there?",{memoryBytes:i,swapBytes:l}=t.facts;if(i===0)return(0,C.uG)(r,s,"the host does not tell its memory");if(l===0)return(0,C.bF)(r,s,"no swap");const h=`${(l/1024**3).toFixed(1)} GiB of swap`,_=ot(t,n,"fail-swap-on").at(-1);return(0,C.oQ)(r,s,_?.value!=="true",_?.value==="true"?`${h}, and ${_.path} sets fail-swap-on`:`${h}; pods do not use it`,{verdict:"warn",cause:"k3s lets its kubelet run beside swap, and this argument takes that back: it exits at its next start",remedy:`take fail-swap-on out of ${_?.path??"the configuration"}, or turn swap off: sudo swapoff -a, and its line in /etc/fstab`})}function Pt({facts:t},n){const r="host.selinux",s="Does SELinux let k3s work?";return t.selinux==="unknown"?(0,C.uG)(r,s,"the mode of SELinux cannot be read"):t.selinux!=="enforcing"?(0,C.bF)(r,s,t.selinux==="permissive"?"permissive":"not in use"):(0,C.oQ)(r,s,n.hasSelinuxPolicy,`enforcing, ${n.hasSelinuxPolicy?"with":"without"} the policy of k3s`,{verdict:"warn",cause:"without the package k3s-selinux the program may not be started, or containers not read their files",remedy:"sudo dnf install -y container-selinux, then the k3s-selinux package for this system (github.com/k3s-io/k3s-selinux/releases)"})}const y=/(podman|docker|nerdctl|containerd-net|loopback|crio-bridge)|^\.|\.(bak|disabled|orig)$/,g=/^(cni0|flannel\.\d+|flannel-wg.*)$/;function o({facts:t},n){const r="host.cni",s="Is the host free of another Kubernetes and its network?",i=`${n.unit?.name??"k3s-agent"}.service`,l=t.kubernetes.filter(Y=>Y.kind==="kubelet"&&Y.unit!==i);if(l.length>0){const Y=l.map(yt=>`${yt.name} (pid ${yt.pid}${yt.unit?`, ${yt.unit}`:""})`),Re=[...new Set(l.map(yt=>yt.unit).filter(yt=>yt.endsWith(".service")))];return(0,C.oQ)(r,s,!1,`${(0,C.H$)(Y)} ${Y.length===1?"runs":"run"} here`,{cause:"two kubelets on one machine fight for ports, control groups and packet filters",remedy:Re.length>0?`leave the other cluster first; then: sudo systemctl disable --now ${Re.join(" ")}`:"leave the other cluster first, with its own tools (kubeadm reset, snap remove microk8s \u2026)"})}const h=Y=>t.kubernetes.filter(Re=>Re.kind===Y).map(Re=>Re.name),_=h("cni-config").filter(Y=>!y.test(Y)),P=h("interface").filter(Y=>!(n.unit&&g.test(Y))),j=h("kubelet-config"),F=[...j,..._.map(Y=>`/etc/cni/net.d/${Y}`),...P];if(F.length===0)return(0,C.bF)(r,s,"nothing found");const se=[...j.length>0?["sudo kubeadm reset"]:[],...P.slice(0,4).map(Y=>`sudo ip link delete ${Y}`),..._.length>0?[`sudo rm ${_.slice(0,4).map(Y=>`/etc/cni/net.d/${Y}`).join(" ")}`]:[]];return(0,C.oQ)(r,s,!1,`left behind: ${(0,C.H$)(F)}`,{verdict:"warn",cause:P.length>0?'an interface that keeps the address of another network breaks the one of k3s ("cni0" already has an IP address different from \u2026)':"another Kubernetes was set up here; its rules of the packet filter may be there still",remedy:`when nothing of it is needed: ${se.join("; ")}`})}const d=(t,n,r,s)=>({id:t,stage:"preflight",severity:n,asks:r,remedy:s,isIgnorable:!0}),f=(t,n,r)=>({id:t,stage:"handshake",severity:"fail",asks:n,remedy:r,isIgnorable:!1}),T=[d("k3s.version","fail","Does an agent of the wanted version go with the server: not newer, at most 3 minor versions older, no pair that is known to break? A warning when it is older","`version: match-server`"),d("k3s.installed-version","warn","Is what is installed not newer than the server?","press the button with `adopt: apply`, or upgrade the servers"),d("k3s.role","fail","Is this host free of a k3s server?","name another host"),d("host.port.10250","fail","Is the kubelet\u2019s port free, or held by the running agent?","stop the process that the check names"),d("host.port.6444","fail","Is the port of the agent\u2019s load balancer free, or held by the running agent?","stop the process that the check names"),d("host.modules","fail","Does the kernel have overlay, br_netfilter, nf_conntrack and vxlan? Only overlay is vital","reboot after a kernel update, or install the kernel\u2019s extra modules"),d("host.swap","warn","Will the kubelet start with the swap that is there? k3s lets it, unless fail-swap-on is set","take fail-swap-on out of the configuration"),d("host.selinux","warn","Where SELinux is enforcing, is the policy of k3s installed?","install container-selinux and k3s-selinux"),d("host.resolver","warn","Which name servers will pods use? With loopback ones only, k3s silently takes 8.8.8.8","give `resolv-conf` in `extra-config`"),d("host.firewall","warn","Does an active ufw or firewalld let in 10250/tcp and 8472/udp from nodes, and the networks of pods and services?","the commands that the check prints"),d("host.cni","fail","Is the host free of another Kubernetes: a running kubelet, or what one left behind (a warning)?","leave the other cluster with its own tools; the commands that the check prints"),d("k3s.labels","fail","Is the kubelet given no label that it refuses (most of kubernetes.io and k8s.io), by configuration or unit?","take it out there, and give it as `labels` of this action"),d("k3s.node-password","fail","Will the server accept the node\u2019s password? One that is this machine\u2019s own is healed","`replace-node`, or another `node` name"),d("k3s.containerd-template","warn","Does a containerd template extend the built-in one?","rename the file and restart, or let gpu-runtime quarantine it"),d("k3s.place","fail","Is k3s installed where its installer puts it?","move it there, or uninstall it and press the button again"),d("k3s.server-token","warn","Is the host free of the cluster\u2019s long-lived tokens?","`adopt: apply` replaces it; then rotate the token"),{id:"plan.node-password",stage:"plan",severity:"fail",asks:"Would a node that lives come back from the start that is planned, although its password file was lost or changed?",remedy:"stop the agent, wait until the node is no longer alive, press the button again",isIgnorable:!1},f("handshake.ca","Does the server show the CA of the kubeconfig?","see what answers at that address"),f("handshake.token","Does the server accept the join token?","press the button again; with a given token, give another"),f("handshake.apiserver","Which API servers does the server name?","make the server reachable from the host; the check says what stands in the way"),f("handshake.apiserver.<address>","Does the host reach every API server that the cluster names?","allow its port from the host, or give the server an address that the host reaches")];function A(t,n,r){return[r,...xe(n.binary?.version,t.reading.version),Se(n),...Mt(t,n),zt(t),Gt(t,n),Pt(t,n),mt(t,n),bt(t),o(t,n),It(t,n),...Ve(n),...ct(n),...st(n),...ie(t,n)]}function L(t){const{binary:n,unit:r,environment:s}=t;return{"k3s program":n?`${n.version||"unknown version"} at ${n.path}`:"not installed","k3s unit":r?`${r.name} ${r.activeState} (${r.subState}), ${r.isEnabled?"enabled":"not enabled"}, arguments: ${r.arguments.join(" ")||"none"}`:"not installed",...s?{"k3s env file":`${s.path}: ${s.keys.join(", ")}; token kind: ${s.tokenKind}`}:{},...t.configFiles.length>0?{"k3s configuration":t.configFiles.map(i=>`${i.path} (${i.keys.join(", ")})`).join("; ")}:{},...t.templates.length>0?{"containerd templates":t.templates.map(i=>`${i.path}${i.hasBaseTemplate?"":" (replaces the built-in one)"}`).join("; ")}:{}}}var E=D(1213);class z extends Error{name="HostStepError";code;step;cause;remedy;evidence;constructor(n,r,s,i,l,h){super(s),this.code=n,this.step=r,this.cause=i,this.remedy=l,this.evidence=h}}const G="run it again: it continues from what it finds",Q="look at the host on its console",ke={"host-locked":"wait until that run has ended, or cancel it, and run this one again; one whose runner is gone lets go within minutes",overtaken:"look at the later run: what it says of the host is what is true","lock-unavailable":"install util-linux on the host (it brings flock)","init-unsupported":"join a host that runs systemd","staged-missing":G,"copy-failed":"free space on the host (df -h /usr/local/bin), then run it again","backup-failed":"free space on the host (df -h /var/lib), then run it again","write-failed":"free space on the host (df -h /etc), then run it again","replace-failed":"look for an immutable file (lsattr) or a read-only mount at that path","folder-read-only":"the host keeps this folder read-only (an immutable system, or a file system with errors): make it writable, or install k3s with the means of that system","binary-mismatch":"the file changed between runner and host: run it again; if it stays, look who else writes to /tmp on the host","binary-missing":G,"installer-mismatch":G,"installer-failed":"read what the installer said below, correct it on the host, and run it again","hash-unavailable":"install coreutils on the host (it brings sha256sum)","environment-unreadable":"correct the quotes in that file by hand, and run it again","unit-unreadable":"bring ExecStart of that unit into the form ExecStart=/usr/local/bin/k3s agent \u2026, and run it again","unit-missing":"the unit is gone: delete what is left of k3s on the host, or install it, and run it again","reload-failed":`${Q}: sudo systemctl daemon-reload`,"enable-failed":`${Q}: sudo systemctl enable k3s-agent`,"start-refused":`${Q}: sudo systemctl status k3s-agent; sudo journalctl -u k3s-agent -n 50`},We=t=>typeof t=="string"?t:"";function Ne(t,n,r){if(r.exitCode===0)return;const s=r.lines.findLast(P=>typeof P.error=="string"),i=We(r.lines.findLast(P=>P.state==="failed")?.step),l=[...r.lines.flatMap(P=>typeof P.evidence=="string"?[P.evidence]:[]),...r.stderr.trim().split(`
`).slice(-10)].filter(P=>P!==""),h=`${n} on ${t} did not succeed${i?` (step ${i})`:""}`;if(s===void 0){const P=`the script ended with exit code ${r.exitCode} without saying why`;return new z("script-failed",i,h,P,G,l)}const _=We(s.error);return new z(_,i,h,We(s.message),ke[_]??G,l)}const Le={"agent-data":`
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
`},xt=3e4,Rt=/^[a-z][a-z0-9-]*\.(?:txt|log)$/,Ft=16;function Ie(t){const n=new Map;for(const{file:r,part:s,text:i}of t){if(typeof r!="string"||typeof i!="string"||!Rt.test(r)||!n.has(r)&&n.size===Ft)continue;const l=n.get(r)??{before:""};n.set(r,s==="recent"?{...l,recent:i}:{...l,before:i})}return[...n].map(([r,{before:s,recent:i}])=>({name:r,text:[s,...i===void 0?[]:["== since the start of this run",i]].filter(l=>l!=="").join(`
`),...i===void 0?{}:{recent:i}}))}async function gt(t,n,r){r.throwIfAborted();const s=[],i=n.startedAgoMs===void 0?"":String(Math.ceil(n.startedAgoMs/1e3)+1);try{const l=await t.run({name:"evidence",script:[Le.evidence,E.BZ].join(`
`),env:{UNIT:n.unit,AGO:i},privilege:"root",timeoutMs:xt,signal:r,onLine:_=>s.push(_)}),h=Ne(t.label,"reading the evidence",l);if(h)throw h}catch(l){if(Ie(s).length===0)throw l}return Ie(s)}const Vt=/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;function Wt(t){try{const n=(t.match(Vt)??[]).map(r=>new fe.X509Certificate(r));if(n.length>0)return n}catch{}throw new RangeError("no readable PEM certificate in the CA bundle")}function Ut(t){const n=t[0]??0;let r=t[1]??0,s=2;if(r>128){const i=r&127;r=t.readUIntBE(2,i),s+=i}return{tag:n,content:t.subarray(s,s+r),rest:t.subarray(s+r)}}function Ht(t){const n=[];for(let r=t;r.length>1;){const s=Ut(r);n.push(s),r=s.rest}return n}const on=Buffer.from("551d0e","hex"),an=Buffer.from("551d23","hex");function Xt(t,n){const r=Ht(Ut(t.raw).content)[0],s=Ht(r?.content??Buffer.alloc(0)).find(i=>i.tag===163);if(s!==void 0)for(const i of Ht(Ut(s.content).content)){const[l,...h]=Ht(i.content);if(l?.content.equals(n))return h.at(-1)?.content}}function Qt(t){const n=Xt(t,an),r=n&&Ht(Ut(n).content).find(i=>i.tag===128)?.content;if(r===void 0)return!0;const s=Xt(t,on);return s!==void 0&&Ut(s).content.equals(r)}function cn(t){const[n,...r]=t,s=(i,l)=>{if(r.some(h=>Qt(h)&&h.raw.equals(i.raw)))return i;for(const h of l){if(!i.checkIssued(h)||!i.verify(h.publicKey))continue;if(Qt(h))return h;const _=s(h,l.filter(P=>P!==h));if(_!==void 0)return _}};return n&&s(n,r)}function dn(t){return(0,fe.createHash)("sha256").update(t).digest("hex")}function Tt(t){const n=Wt(t),r=n.length>1?cn(n):void 0;return dn(r?.raw??t)}function c(t,n){if(Tt(t)===Tt(n))return!0;const r=new Set(Wt(n).map(s=>s.fingerprint256));return Wt(t).every(s=>r.has(s.fingerprint256))}const a=/^[a-z0-9]{6}\.[a-z0-9]{16}$/,k="abcdefghijklmnopqrstuvwxyz0123456789";function O(t){return t===""?{}:{caHash:t}}function x(t){const n=t.trim();if(n==="")return{kind:"none",credential:""};if(a.test(n))return{kind:"bootstrap",credential:n};const r=/^K10([0-9a-f]{64})?::([\s\S]+)$/.exec(n);if(r===null)return{kind:"short",credential:n};const[,s="",i=""]=r;if(a.test(i))return{kind:"bootstrap",credential:i,...O(s)};const l=i.indexOf(":"),h=i.slice(0,Math.max(l,0)),_=i.slice(l+1);return l<0||_===""?{kind:"short",credential:n}:{kind:h==="server"?"server":h==="node"?"agent":"short",credential:_,...O(s)}}function N(t,n,r){if(!/^[0-9a-f]{64}$/.test(t))throw new RangeError("a CA hash has 64 lower-case hexadecimal digits");if(!a.test(`${n}.${r}`))throw new RangeError("a bootstrap token is 6 and 16 characters [a-z0-9]");return`K10${t}::${n}.${r}`}function e(t){return t.kind==="bootstrap"?`Bearer ${t.credential}`:`Basic ${Buffer.from(`node:${t.credential}`).toString("base64")}`}function p(t,n){let r="";for(;r.length<t;)for(const s of n(t))s<252&&r.length<t&&(r+=k[s%36]);return r}function W(t=fe.randomBytes){return p(6,t)}function w(t=fe.randomBytes){return p(16,t)}class u extends Error{name="GivenTokenError";code;cause;remedy;evidence=[];constructor(n,r,s,i){super(r),this.code=n,this.cause=s,this.remedy=i}}const $="leave `token` out: a bootstrap token is minted through the API and deleted at the end";function me(t,n,r){const s=x(t),i=Tt(n);if(s.caHash!==void 0&&s.caHash!==i)throw new u("token-of-another-cluster","the given token belongs to another cluster, or to this one before its CA was changed",`it pins the CA ${s.caHash.slice(0,12)}\u2026, the kubeconfig's CA is ${i.slice(0,12)}\u2026`,$);if(s.kind==="short")throw new u("token-without-ca","the given token pins no certificate authority","without the K10 prefix an agent believes whatever server answers",$);if((s.kind==="server"||s.kind==="agent")&&!r.allowServerToken)throw new u("server-token-refused",`the given token is the ${s.kind}'s own, long-lived one`,s.kind==="server"?"whoever reads it on the node owns the cluster":"whoever reads it on the node can join machines for ever",`${$}; or set allow-server-token when you mean it`);if(s.kind==="bootstrap"&&s.caHash===void 0){const[l="",h=""]=t.trim().split(".");return{id:l,text:N(i,l,h)}}return{id:"given",text:t.trim()}}var J=D(8500);function $e(t){return["connect","refused","route","timeout"].includes(t)}function Et(t){return/connection refused/i.test(t)?"refused":/no route to host|network is unreachable|host is unreachable/i.test(t)?"route":/name or service not known|name resolution|no address associated|not known|could not resolve/i.test(t)?"name":/timed out/i.test(t)?"timeout":"connect"}class Xe extends Error{name="HostHttpsFault";kind;remedy;constructor(n,r,s){super(r),this.kind=n,this.remedy=s}get isPassing(){return $e(this.kind)}}const Kt=5;function un(t){return typeof t=="object"&&t!==null&&"code"in t?String(t.code):""}function zn(t){return typeof t=="object"&&t!==null&&"message"in t?String(t.message):String(t)}function qt(t){return t.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g," ").trim().slice(0,300)}function $n(t){const n=un(t),r=zn(t);return qt(n===""||r.includes(n)?r:`${n} ${r}`)}function St(t,n){return`${(0,B.isIP)(t)===6?`[${t}]`:t}:${n}`}function Fn(t,n){const r="another service listens there, or a proxy is in between";switch(t){case"name":return["does not resolve on the host","the host has no DNS answer for that name","use an IP address as `server`, or mend DNS on the host"];case"authority":return["shows a certificate of another authority","another server answers at that address, or something in between opens TLS","compare `server` with the kubeconfig; if the CA was changed, fetch the kubeconfig again"];case"identity":return["shows a certificate for other names","the server certificate is not issued for that address",`use an address the certificate names, or add ${n} to tls-san of the k3s server`];case"tls":return["does not speak TLS as a k3s server does",r,"check host and port of `server`"];case"protocol":return["does not answer as a k3s server does",r,"check host and port of `server`"]}}const Un={timeout:["does not answer the host","packets from the host get lost: a firewall between it and the server drops them"],refused:["refuses connections from the host","nothing listens on that port, or a firewall rejects the host"],route:["has no way from the host","the host has no route to that network"],connect:["cannot be reached from the host","connections from the host end before they are made"]};function Hn(t,{port:n,runnerReaches:r},s){const[i,l]=Un[t],h=r===void 0?"":r?" (the runner itself can reach it)":" (the runner cannot reach it either)",_=t==="route"?"give the host a route there":`allow ${n}/tcp from the host's public address`;return[i,`${l}${h}`,r===!1?`check that the server is running and listens on ${s}`:`${_}, or set \`server\` to an address the host can reach`]}function Bn(t){const{id:n,question:r,fault:s,host:i,address:l,port:h}=t,_=[`${i}, ${St(l,h)}: ${s.message}`];if(s.kind==="tool"){const Y=s.remedy??"see the evidence";return{id:n,verdict:"error",question:r,found:"could not be asked",cause:s.message,remedy:Y,evidence:_}}const P=St(l,h),[j,F,se]=$e(s.kind)?Hn(s.kind,t,P):Fn(s.kind,l);return{id:n,verdict:"fail",question:r,found:`${P} ${j}`,cause:F,remedy:se,evidence:_}}const Gn={5:"name",6:"name",7:"connect",28:"timeout",35:"tls",51:"identity",52:"connect",56:"connect",58:"tls",60:"authority",77:"authority"};class Kn{via="host-command";#e;#t;constructor(n,r){this.#e=n,this.#t=r}async get(n,r){const s=await this.#e.run({name:"handshake",script:this.#t,env:{URL:`https://${St(n.address,n.port)}${n.path}`,CA_PEM:n.caPem??"",CONNECT_SECONDS:String(Kt)},secrets:{AUTHORIZATION:n.authorization??""},privilege:"user",timeoutMs:(Kt+5)*1e3,signal:r}),i=s.lines.findLast(h=>"http"in h||"error"in h);if(i?.http!==void 0)return{status:Number(i.http),body:Buffer.from(String(i.body??""),"base64").toString("utf8")};const l=qt(String(i?.message??s.stderr));if(i?.error==="connect"){const h=Gn[String(i.curl)]??"connect",_=h==="connect"?Et(l):h,P=_==="authority"&&/subject (alternative )?name|does not match/i.test(l);throw new Xe(P?"identity":_,l||`curl exit code ${String(i.curl)}`)}throw new Xe("tool",l||`the script ended with ${s.exitCode}`,"allow forwarding for this user in sshd_config (AllowTcpForwarding local), or install curl on the host")}async reach(n,r,s,i){try{await this.get({address:n,port:r,path:"/cacerts",caPem:s},i)}catch(l){if(!(l instanceof Xe)||l.kind!=="identity")throw l}}}var Zn=D(7067),Vn=D(8321),Wn=D(1692),gn=function(t,n,r){if(n!=null){if(typeof n!="object"&&typeof n!="function")throw new TypeError("Object expected.");var s,i;if(r){if(!Symbol.asyncDispose)throw new TypeError("Symbol.asyncDispose is not defined.");s=n[Symbol.asyncDispose]}if(s===void 0){if(!Symbol.dispose)throw new TypeError("Symbol.dispose is not defined.");s=n[Symbol.dispose],r&&(i=s)}if(typeof s!="function")throw new TypeError("Object not disposable.");i&&(s=function(){try{i.call(this)}catch(l){return Promise.reject(l)}}),t.stack.push({value:n,dispose:s,async:r})}else r&&t.stack.push({async:!0});return n},yn=(function(t){return function(n){function r(h){n.error=n.hasError?new t(h,n.error,"An error was suppressed during disposal."):h,n.hasError=!0}var s,i=0;function l(){for(;s=n.stack.pop();)try{if(!s.async&&i===1)return i=0,n.stack.push(s),Promise.resolve().then(l);if(s.dispose){var h=s.dispose.call(s.value);if(s.async)return i|=2,Promise.resolve(h).then(l,function(_){return r(_),l()})}else i|=1}catch(_){r(_)}if(i===1)return n.hasError?Promise.reject(n.error):Promise.resolve();if(n.hasError)throw n.error}return l()}})(typeof SuppressedError=="function"?SuppressedError:function(t,n,r){var s=new Error(r);return s.name="SuppressedError",s.error=t,s.suppressed=n,s});const qn=1024*1024,Jn=["connection-lost","cancelled","forwarding-refused"];function Yn(t){if(t instanceof Xe)return t;const n=un(t);if(Jn.includes(n))return t;if(n==="connection-failed"&&typeof t.cause=="string"){const s=String(t.cause);return new Xe(Et(s),qt(s))}const r=n==="ERR_TLS_CERT_ALTNAME_INVALID"?"identity":/^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA)/.test(n)?"authority":/^(ERR_SSL_|ERR_TLS_|EPROTO)/.test(n)?"tls":/^HPE_/.test(n)?"protocol":n==="deadline"?"timeout":"connect";return new Xe(r,$n(t))}async function wn(t,n,r){const s=AbortSignal.timeout(Kt*1e3),i=AbortSignal.any([n,s]),{promise:l,reject:h}=Promise.withResolvers(),_=()=>h(i.reason);l.catch(()=>{}),i.addEventListener("abort",_,{once:!0});try{return n.throwIfAborted(),await Promise.race([r(i),l])}catch(P){throw n.aborted?n.reason:s.aborted?new Xe("timeout",`${t}: no answer in ${Kt} s`):Yn(P)}finally{i.removeEventListener("abort",_)}}class Xn{via="forwarding";#e;constructor(n){this.#e=n}async get(n,r){const{address:s,port:i,path:l}=n;return await wn(`GET https://${St(s,i)}${l}`,r,async h=>{const _={stack:[],error:void 0,hasError:!1};try{const P=gn(_,await this.#t(s,i,n.caPem,!0,h),!0),{promise:j,resolve:F,reject:se}=Promise.withResolvers(),Y=(0,Zn.request)({createConnection:()=>P.socket,path:l,headers:{Host:St(s,i),Connection:"close",Accept:"*/*",...n.authorization===void 0?{}:{Authorization:n.authorization}}});return Y.once("error",se),Y.once("response",Re=>{let yt=0;Re.on("data",Yt=>{yt+=Yt.length,yt>qn&&Re.destroy(new Xe("protocol","the answer is too large"))}),(0,Vn.text)(Re).then(Yt=>F({status:Re.statusCode??0,body:Yt}),se)}),Y.end(),await j}catch(P){_.error=P,_.hasError=!0}finally{const P=yn(_);P&&await P}})}async reach(n,r,s,i){await wn(`connect ${St(n,r)}`,i,async l=>{const h={stack:[],error:void 0,hasError:!1};try{const _=gn(h,await this.#t(n,r,s,!1,l),!0)}catch(_){h.error=_,h.hasError=!0}finally{const _=yn(h);_&&await _}})}async#t(n,r,s,i,l){const h=await this.#e.forward(n,r,l),_=(0,Wn.connect)({socket:h,host:n,...(0,B.isIP)(n)===0?{servername:n}:{},...s===void 0?{rejectUnauthorized:!1}:{ca:s,rejectUnauthorized:!0},...i?{}:{checkServerIdentity:()=>{}}}),P=()=>{_.destroy(),h.destroy()},{promise:j,resolve:F,reject:se}=Promise.withResolvers();_.once("secureConnect",F),_.on("error",se),h.on("error",se),l.addEventListener("abort",P,{once:!0}),_.once("close",()=>se(new Xe("connect","the connection was closed before TLS was set up"))),l.aborted&&P();try{await j}catch(Y){throw P(),Y}return{socket:_,[Symbol.asyncDispose]:async()=>{l.removeEventListener("abort",P),P()}}}}class Qn{#e;#t;#r;constructor(n,r){this.#e=n,this.#t=r,this.#r=new Xn(n)}get via(){return this.#r.via}async get(n,r){return await this.#n(s=>s.get(n,r))}async reach(n,r,s,i){await this.#n(l=>l.reach(n,r,s,i))}async#n(n){try{return await n(this.#r)}catch(r){if(un(r)!=="forwarding-refused")throw r;if(this.#t===void 0)throw new Xe("tool",$n(r),"allow forwarding for this user in sshd_config (AllowTcpForwarding local)");return this.#r=new Kn(this.#e,this.#t),await n(this.#r)}}}function es(t,n){return new Qn(t,n)}const ts=[250,750],ns=3e3,kn=300,ss=16;function bn(t){const n=URL.canParse(t)?new URL(t):void 0;if(!(n?.protocol!=="https:"||n.hostname===""))return{address:n.hostname.replace(/^\[(.*)\]$/,"$1"),port:Number(n.port||443)}}function vn(t){return`handshake.apiserver.${t.toLowerCase().replace(/[^a-z0-9.]+/g,"-").replace(/^[.-]+|[.-]+$/g,"")}`}class rs{checks=[];#e;#t;#r;#n;#o;constructor(n,r,s,i){this.#e=n,this.#t=r,this.#o=s,this.#r=i,this.#n=es(n,r.script)}get via(){return this.#n.via}#s(n){return this.checks.push(n),this.#r(n),n.verdict==="pass"||n.verdict==="warn"}async#i(n){const r=performance.now();for(let s=1;;s++)try{return await n()}catch(i){if(!(i instanceof Xe)||!i.isPassing)throw i;const l=ts[s-1];if(l===void 0){const h=((performance.now()-r)/1e3).toFixed(1);throw new Xe(i.kind,`${i.message} (tried ${s} times in ${h} s)`)}await(0,J.setTimeout)(l,void 0,{signal:this.#t.signal})}}async#c(n,r){return await this.#i(async()=>{const s=await this.#n.get({...this.#o,path:n,...r},this.#t.signal);if(s.status>=500)throw new Xe("connect",`GET ${n}: HTTP ${s.status} ${qt(s.body)}`);return s})}async#a(n,r,s,i){if(!(i instanceof Xe))throw i;const{probe:l,signal:h}=this.#t,_=i.isPassing?await l?.(s.address,s.port,h).catch(()=>!1):void 0;return Bn({id:n,question:r,...s,host:this.#e.label,fault:i,runnerReaches:_})}async askAuthority(){const{caPem:n,token:r}=this.#t,s="handshake.ca",i="Does the host see the cluster's own certificate authority?";let l;try{const F=await this.#c("/cacerts",{});if(F.status!==200||!F.body.includes("-----BEGIN CERTIFICATE-----"))throw new Xe("protocol",`GET /cacerts: HTTP ${F.status}, no certificate`);l=F.body}catch(F){const se=F instanceof Xe&&(F.isPassing||F.kind==="name"),Y=St(this.#o.address,this.#o.port);this.#s(se?await this.#a(vn(Y),`Does ${Y} answer the host?`,this.#o,F):await this.#a(s,i,this.#o,F));return}let h,_;try{h=Tt(l),_=c(l,n)}catch(F){this.#s(await this.#a(s,i,this.#o,new Xe("protocol",qt(String(F)))));return}const P=[`served through the host: ${h}`,`kubeconfig: ${Tt(n)}`];if(!_){this.#s({id:s,verdict:"fail",question:i,found:"another certificate authority",cause:"another server answers at that address through the host\u2019s network, or the kubeconfig is from before the CA was changed",remedy:"compare `server` with the kubeconfig; fetch the kubeconfig again from the server",evidence:P});return}const j=r===void 0?void 0:x(r).caHash;if(j!==void 0&&j!==h){const F=j===Tt(n);this.#s({id:s,verdict:"fail",question:i,found:F?"the hash of the token is of another text":"the token was made for another certificate authority",cause:F?"the certificate is the same, but its text in the kubeconfig differs in white space from what the server serves, and the hash counts every byte":"token CA hash does not match the cluster CA certificate hash: the token is from another cluster, or from before the CA was changed",remedy:F?"store the kubeconfig again exactly as the server has it":"give no token, so that one is minted, or fetch a fresh one from the server",evidence:[...P,`token: ${j}`]});return}try{await this.#c("/cacerts",{caPem:n})}catch(F){this.#s(await this.#a(s,i,this.#o,F));return}return this.#s({id:s,verdict:"pass",question:i,found:`${h.slice(0,4)}\u2026${h.slice(-2)}`,evidence:P}),h}async askToken(){const{caPem:n,token:r,signal:s}=this.#t,i="handshake.token",l="Does the server accept the token?";if(r===void 0)return this.#s({id:i,verdict:"skip",question:l,found:"token not exercised"});const h=x(r),_=performance.now();for(;;){let P;try{P=await this.#c("/v1-k3s/readyz",{caPem:n,authorization:e(h)})}catch(se){return this.#s(await this.#a(i,l,this.#o,se))}if(P.status===200)return this.#s({id:i,verdict:"pass",question:l,found:`accepted (${h.kind} token)`});const j=P.status===401||P.status===403;if(j&&performance.now()-_+kn<ns){await(0,J.setTimeout)(kn,void 0,{signal:s});continue}const F=[`GET /v1-k3s/readyz: HTTP ${P.status}`];return j?this.#s({id:i,verdict:"fail",question:l,found:`refused (${h.kind} token)`,cause:h.kind==="bootstrap"?"the server does not know this token: it has expired or was deleted, or the kubeconfig is of another cluster":"it is not this cluster's token, or the token was changed since",remedy:h.kind==="bootstrap"?"press the button again: a new one is minted; when that is refused too, `server` and the kubeconfig are of different clusters":"give no token, so that one is minted through the kubeconfig; or fetch the current one from the server",evidence:F}):this.#s({id:i,verdict:"fail",question:l,found:`the server answers HTTP ${P.status} instead`,cause:"what answers there knows the API but not how agents of k3s join: a load balancer or proxy in front, or no k3s",remedy:"set `server` to the address of a k3s server, where its supervisor listens",evidence:F})}}async#d(){const{caPem:n,token:r,knownApiServers:s=[]}=this.#t,i=St(this.#o.address,this.#o.port);if(r===void 0)return[i,...s];const l=await this.#c("/v1-k3s/apiservers",{caPem:n,authorization:e(x(r))});let h;try{h=JSON.parse(l.body)}catch{h=void 0}if(l.status!==200||!Array.isArray(h))throw new Xe("protocol",`GET /v1-k3s/apiservers: HTTP ${l.status}, no list`);return h.length===0?[i]:h.map(String)}async askApiServers(){let n;try{n=await this.#d()}catch(l){this.#s(await this.#a("handshake.apiserver","Which API servers does the server name?",this.#o,l));return}const r=new Map;for(const l of n.slice(0,ss)){const h=bn(l.startsWith("https://")?l:`https://${l}`);h!==void 0&&r.set(St(h.address,h.port),h)}const s=[],i=async([l,h])=>{s.push(await this.#u(l,h))};if(this.via==="forwarding")await Promise.all([...r].map(i));else for(const l of r)await i(l);return s.length>0&&s.every(Boolean)?[...r.keys()]:void 0}async#u(n,r){const{caPem:s,signal:i}=this.#t,l=vn(n),h=`Does ${n} answer the host?`,_=performance.now();try{await this.#i(()=>this.#n.reach(r.address,r.port,s,i))}catch(P){return this.#s(await this.#a(l,h,r,P))}return this.#s({id:l,verdict:"pass",question:h,found:`yes, in ${Math.round(performance.now()-_)} ms`})}}async function os(t,n,r=()=>{}){const s=bn(n.server);if(s===void 0)throw new RangeError(`server ${JSON.stringify(n.server)} is not an address like https://host:6443`);const i=new rs(t,n,s,r),l=await i.askAuthority();if(l===void 0)return{checks:i.checks};if(!(await i.askToken()||n.token===void 0))return{checks:i.checks};const _=await i.askApiServers();return _===void 0?{checks:i.checks}:{checks:i.checks,result:{caHash:l,apiServers:_,via:i.via}}}function ln(t){return String(Math.max(0,Math.floor((t.lockWaitMs??Math.min(6e4,t.timeoutMs/3))/1e3)))}function en(t){if(!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(t))throw new TypeError(`${JSON.stringify(t)} is no run id`);return t}function hn(t){return t.replace(/[\u0000-\u001f\u007f]+/g," ").slice(0,200)}function is(t){const r=[["install-binary",t.binary,"binary"],["run-installer",t.installer,"installer"],["write-config",t.config,"config"],["edit-environment",t.environment,"environment"],["edit-unit",t.removeArguments,"removeArguments"]].find(([s,i])=>t.steps.includes(s)&&i===void 0);return r&&`step ${r[0]} needs ${r[2]}`}function _n(t){if(!(typeof t.step!="string"||t.state!=="done"&&t.state!=="unchanged"))return{step:t.step,state:t.state}}async function as(t,n,r){const{binary:s,installer:i,environment:l}=n,h=is(n);if(h!==void 0)throw new TypeError(h);const _=n.removeArguments??[],P=_.find(Y=>!/^--?[A-Za-z][A-Za-z0-9-]*$/.test(Y));if(P!==void 0)throw new TypeError(`${JSON.stringify(P)} is no name of an argument`);const j=await t.run({name:"apply",script:[Le["unit-file"],Le["change-log"],Le["agent-data"],Le.edit,Le.apply].join(`
`),env:{RUN_ID:en(n.runId),HOLDER:hn(n.holder),LOCK_WAIT:ln(r),STEPS:n.steps.join(" "),STAGED:s?.stagedPath??"",BINARY_SHA256:s?.sha256??"",INSTALLER_SHA256:i?.sha256??"",SERVER_URL:l?.url??"",REMOVE_ARGUMENTS:_.join(" "),RESTART:n.isRestartFollowing?"yes":"no"},secrets:{TOKEN:l?.token??"",CONFIG:n.config??"",INSTALLER:i?.text??""},privilege:"root",timeoutMs:r.timeoutMs,signal:r.signal,onLine:Y=>{const Re=_n(Y);Re&&r.onStep?.(Re.step,Re.state),typeof Y.waiting_for=="string"&&r.onWaiting?.(Y.waiting_for)}}),F=Ne(t.label,"the installation",j);if(F)throw F;const se=j.lines.flatMap(Y=>_n(Y)??[]);return{steps:se,isChanged:se.some(Y=>Y.state==="done"),interrupted:j.lines.flatMap(Y=>typeof Y.interrupted=="string"?[{runId:Y.interrupted,step:String(Y.step??"")}]:[]),holdsFormerToken:j.lines.some(Y=>Y.former_token===!0)}}async function cs(t,n){const{signal:r,waitMs:s,holdMs:i}=n,l=new AbortController,h=Promise.withResolvers();let _=!1;const P=t.run({name:"hold",script:[Le["change-log"],Le.hold].join(`
`),env:{RUN_ID:en(n.runId),HOLDER:hn(n.holder),LOCK_WAIT:String(Math.ceil(s/1e3)),HOLD:String(Math.ceil(i/1e3))},privilege:"root",timeoutMs:s+i,signal:AbortSignal.any([r,l.signal]),onLine:F=>{typeof F.waiting_for=="string"&&(_=!0,n.onWaiting(F.waiting_for)),F.held==="yes"&&h.resolve(typeof F.released=="number"?F.released*1e3:0)}}).then(F=>{throw Ne(t.label,"keeping other runs away",F)??new Error("the lock was not kept")});P.catch(h.reject);const j=await h.promise;return{hasWaited:_,releasedAtMs:j,async release(){l.abort(),await P.catch(()=>{})}}}const ds=2e4;function us(t,n){return Te(t,n,void 0).some(r=>(r.id==="start"||r.id==="restart")&&r.waitsFor===void 0)}async function ls(t,n,r){const s=await t.run({name:"node-password",script:Le["node-password"],privilege:"root",timeoutMs:ds,signal:r}),i=s.lines.find(_=>typeof _.password=="string"),l=typeof i?.password=="string"?i.password.trim():void 0;l&&n(l);const h=Ne(t.label,"reading the node password",s);if(h)throw h;return i?.present===!0?l:void 0}async function hs(t,n,r,s,i,l){if(!us(r,s))return;let h;try{h=await n.nodePassword(je(r.desired.node),l)}catch(Re){if(Re instanceof lt.b$&&Re.code==="forbidden")return{state:"unknown",problem:Re.message};throw Re}if(!h)return{state:"none"};const{hash:_,...P}=h,j={hasSecret:!0,hasFile:s.hasNodePassword};if(!s.hasNodePassword)return{state:q({...j,password:void 0,isMatch:void 0}),secret:P};let F;try{F=await ls(t,i,l)}catch(Re){if(l.aborted)throw Re;return{state:"unknown",secret:P,problem:Re.message}}if(F===void 0)return{state:"missing",secret:P};const se=F===""?void 0:await ve(_,F),Y=q({...j,password:F,isMatch:se});return{state:Y,secret:P,...Y==="unknown"?{problem:"the hash in the Secret is none that can be checked"}:{}}}const fs=5e3,ps=200;async function On(t,n,r,s,i,l=fs){const h=performance.now()+(s?l:0);for(;;){const _=await t.nodePassword(n,i);if(!_)return;const P=_.uid===r.uid&&(s||_.resourceVersion===r.resourceVersion);if(!P||performance.now()>=h)return await t.deleteNodePassword(n,P?_:r,i);await(0,J.setTimeout)(ps,void 0,{signal:i})}}const tn={node:"k3s-gpu-actions/node",run:"k3s-gpu-actions/run"},ms="system:bootstrappers:k3s:default-node-token",$s=["create","delete","list"].map(t=>({verb:t,group:"",resource:"secrets",namespace:"kube-system"}));function Jt(t){const n=t.replace(/[^A-Za-z0-9._-]+/g,"-").replace(/^[^A-Za-z0-9]+/,"").slice(0,63).replace(/[^A-Za-z0-9]+$/,"");return n===""?"unknown":n}function xn(t,n){if(!(t.ttlMs>0))throw new RangeError("a token needs a time to live");return{id:W(n),secret:w(n),description:`k3s-gpu-actions: join of ${t.node}, ${Jt(t.runLabel)}`,expiresAt:new Date(t.now+t.ttlMs).toISOString().replace(/\.\d{3}Z$/,"Z"),extraGroups:ms,labels:{[tn.node]:Jt(t.node),[tn.run]:Jt(t.runLabel)}}}async function gs(t,n,r){const s=n.token??xn(n);return await n.record(s.id),await t.createBootstrapToken(s,r),s}async function ys(t,n,r){await t.deleteBootstrapToken(n,r)}async function ws(t,n,r){return(await t.bootstrapTokens({[tn.node]:Jt(n)},r)).map(i=>i.id)}async function ks(t,n,r){const i=(await t.bootstrapTokens({[tn.node]:Jt(n.node)},r)).filter(l=>Date.parse(l.createdAt)<n.olderThan).map(l=>l.id);return await Promise.all(i.map(l=>t.deleteBootstrapToken(l,r))),i}var nn=D(1455),bs=D(3024),vs=D(6466);async function Tn(t,n){const r=(0,fe.createHash)("sha256");return await(0,vs.pipeline)((0,bs.createReadStream)(t),r,{signal:n}),r.digest("hex")}function Sn(t,n){const r=new Set;for(const s of t.split(/\r?\n/)){const[,i,l]=/^\\?([0-9A-Fa-f]{64})[ \t]+\*?(?:\.\/)?(\S.*?)\s*$/.exec(s)??[];i!==void 0&&l===n&&r.add(i.toLowerCase())}return r.size===1?[...r][0]:void 0}class Nt extends Error{name="ReleaseError";code;cause;remedy;evidence;constructor(n,r,s,i,l=[]){super(r),this.code=n,this.cause=s,this.remedy=i,this.evidence=l}}const An="run it again; if it stays so, look at https://www.githubstatus.com and at the release page of k3s";function Pn(t){const{code:n,cause:r,remedy:s}=typeof t=="object"&&t!==null?t:{};return typeof n=="string"&&typeof r=="string"&&typeof s=="string"}const _s=["rate-limited","github-refused","github-unreachable"];function Rn(t,n,r=[]){if(!Pn(t))return new Nt("download-failed",n,En(t),An,r);const s=_s.includes(t.code)?t.code:"download-failed";return new Nt(s,n,t.cause,t.remedy,[...r,...t.evidence??[]])}function Os(t,n){if(!(!Pn(n)||n.code!=="release-not-found"))return new Nt("release-not-found",`there is no release ${t} of k3s`,`no release of k3s-io/k3s is called ${t}`,"correct the version; all of them are listed at https://github.com/k3s-io/k3s/releases, and look like v1.33.4+k3s1",n.evidence??[])}function sn(t,n){return new Nt("checksum-mismatch",`${t} is not what k3s published`,"it was changed on the way (a proxy or mirror), the release was changed after it was published, or the download is damaged","nothing of it was used. Run it again; if it stays so, compare the hashes below with the release page before trusting either",n)}function En(t){return typeof t=="object"&&t!==null&&"message"in t?String(t.message):String(t)}const Nn="k3s-io",In="k3s",Ln="k3s",xs={amd64:"k3s",arm64:"k3s-arm64"},Ts=/^[0-9a-f]{64}$/;function jn(t){const n=t?.toLowerCase().replace(/^sha256:/,"");return n!==void 0&&Ts.test(n)?n:void 0}async function Mn(t,n,r){const s=xs[t.architecture];if(s===void 0)throw new Nt("architecture-unsupported",`there is no checked k3s for ${t.architecture||"an unknown architecture"}`,"programs are fetched and checked for amd64 and arm64 only","use a 64-bit x86 or Arm machine");const i=await Ss(t.version,n,r),l=P=>{const j=i.assets.find(F=>F.name===P);if(j!==void 0)return j;throw new Nt("release-incomplete",`release ${t.version} of k3s has no file ${P}`,"the release is still being published, or was withdrawn in part","choose another version, or try again later",[`its files: ${i.assets.map(F=>F.name).slice(0,40).join(", ")||"none"}`])},h=l(s),_=jn(h.digest);return{version:t.version,architecture:t.architecture,sizeBytes:h.sizeBytes,..._===void 0?{}:{sha256:_},binary:h,checksums:l(`sha256sum-${t.architecture}.txt`),commit:i.commit}}function Js(t){return t.sizeBytes}async function Ss(t,n,r){try{return await n.release(Nn,In,t,r)}catch(s){throw r.aborted?r.reason:Os(t,s)??Rn(s,`release ${t} of k3s cannot be looked up`)}}async function fn(t,n,r,s){try{return await r(t,s)}catch(i){throw s.aborted?s.reason:Rn(i,`${n} cannot be downloaded`,[t])}}async function As(t,n,r){const{binary:s,checksums:i,version:l}=t,h=await fn(i.url,`the checksum file of k3s ${l}`,n,r),_=await(0,nn.readFile)(h,{encoding:"utf8",signal:r}),P=(0,fe.createHash)("sha256").update(_).digest("hex"),j=jn(i.digest);if(j!==void 0&&j!==P)throw sn(`the checksum file of k3s ${l}`,[`downloaded: ${P}`,`GitHub's digest: ${j}`]);const F=Sn(_,s.name);if(F===void 0)throw new Nt("release-incomplete",`the checksum file of k3s ${l} has no line for ${s.name}`,"the file is damaged, or the release is not complete","choose another version, or try again later",[`${i.name}: ${_.split(`
`).filter(se=>se!=="").length} lines`]);if(t.sha256===void 0)return{sha256:F,notes:[`GitHub has no digest for ${s.name}: checked against ${i.name} alone`]};if(t.sha256!==F)throw sn(`${s.name} of k3s ${l}`,[`${i.name}: ${F}`,`GitHub's digest: ${t.sha256}`]);return{sha256:F,notes:[]}}async function Ps(t,n,r,s){const{architecture:i,binary:l,version:h}=t,_=de(h);if(_===void 0)throw new RangeError(`${JSON.stringify(h)} is no exact k3s version`);const P=_e(_),j=[],F=r.toolCache.find(Ln,P,i);if(F!==void 0){const Re=await Tn(F,s).catch(()=>"unreadable");if(s.throwIfAborted(),Re===n)return{binary:{path:F,sha256:n,sizeBytes:(await(0,nn.stat)(F)).size,fromCache:!0},notes:j};j.push(`the tool cache held another file for k3s ${h} (sha256 ${Re}); it was not used`)}const se=await fn(l.url,`k3s ${h} for ${i}`,r.download,s),Y=await Tn(se,s);if(Y!==n)throw sn(`the downloaded ${l.name} of k3s ${h}`,[`downloaded: ${Y}`,`published: ${n}`]);return await r.toolCache.add(se,l.name,Ln,P,i).catch(Re=>{s.throwIfAborted(),j.push(`the tool cache could not be used: ${En(Re)}`)}),{binary:{path:se,sha256:n,sizeBytes:(await(0,nn.stat)(se)).size,fromCache:!1},notes:j}}async function Rs(t,n,r){const{commit:s,version:i}=t;if(!/^[0-9a-f]{40}$/.test(s))throw new Nt("release-incomplete",`the commit of k3s ${i} is unknown`,`GitHub gave ${JSON.stringify(s)}`,An);const l=`https://raw.githubusercontent.com/${Nn}/${In}/${s}`,[h,_]=await Promise.all(["install.sh","install.sh.sha256sum"].map(Y=>fn(`${l}/${Y}`,`${Y} of k3s ${i}`,n,r))),[P,j]=await Promise.all([h,_].map(Y=>(0,nn.readFile)(Y,{signal:r}))),F=Sn(String(j),"install.sh"),se=(0,fe.createHash)("sha256").update(P).digest("hex");if(F!==se)throw sn(`the installer of k3s ${i}`,[`install.sh: ${se}`,`install.sh.sha256sum: ${F??"no line for install.sh"}`]);return{text:String(P),sha256:se,commit:s}}async function Cn(t,n,r){const s=Rs(t,n.download,r);s.catch(()=>{});try{const i=await As(t,n.download,r),{binary:l,notes:h}=await Ps(t,i.sha256,n,r),{version:_,architecture:P}=t;return{version:_,architecture:P,binary:l,installer:await s,notes:[...i.notes,...h]}}catch(i){throw r.aborted?r.reason:i}}async function Ys(t,n,r){return await Cn(await Mn(t,n.releases,r),n,r)}async function Es(t,n,r){if(r.unit!==void 0&&r.unit!=="k3s-agent")throw new TypeError(`unknown unit ${r.unit}`);const s=await t.run({name:"undo",script:[Le["change-log"],Le["agent-data"],Le.undo].join(`
`),env:{RUN_ID:en(n),HOLDER:hn(r.holder??`undo of run ${n}`),LOCK_WAIT:ln(r),STOP:r.stop===!1?"no":"yes"},privilege:"root",timeoutMs:r.timeoutMs,signal:r.signal}),i=Ne(t.label,"the undo",s);if(i)throw i;return{undone:s.lines.flatMap(l=>typeof l.undone=="string"?[l.undone]:[]),remaining:s.lines.flatMap(l=>typeof l.remaining=="string"?[l.remaining]:[])}}async function Ns(t,n,r){const s=await t.run({name:"forget",script:[Le["change-log"],Le.forget].join(`
`),env:{RUN_ID:en(n),HOLDER:`end of run ${n}`,LOCK_WAIT:ln(r)},privilege:"root",timeoutMs:r.timeoutMs,signal:r.signal}),i=Ne(t.label,"deleting the former token",s);if(i)throw i;return s.lines.flatMap(l=>typeof l.forgotten=="string"?[l.forgotten]:[])}const Zt=t=>typeof t=="string"?t:"",Dn=t=>typeof t=="number"&&Number.isSafeInteger(t)?t:0;function Is(t){if(t.event==="journal"){const n=Zt(t.source);return{type:"journal",text:Zt(t.text),...n===""?{}:{source:n}}}if(t.event==="journal-ended")return{type:"journal",text:`journalctl ended: ${Zt(t.text)}`};if(t.event==="unit")return{type:"unit",activeState:Zt(t.active),subState:Zt(t.sub),restarts:Dn(t.restarts),result:Zt(t.result),mainStatus:Dn(t.status),isNew:t.new===!0}}async function Ls(t,n){const{unit:r,action:s,signal:i,onEvent:l,timeoutMs:h}=n;if(i.aborted)return;let _;try{_=await t.run({name:"watch",script:Le.watch,env:{UNIT:r,ACTION:s},privilege:"root",timeoutMs:h,signal:i,onLine:P=>{const j=i.aborted?void 0:Is(P);j&&l(j)}})}catch(P){if(i.aborted)return;throw P}if(!i.aborted)throw Ne(t.label,`the ${s==="none"?"watch":s} of ${r}`,_)??new z("watch-ended","",`the watch of ${r} on ${t.label} ended by itself`,"the script ended without being told to","run it again: it continues from what it finds",_.stderr.trim().split(`
`).slice(-10))}const js=[Le["unit-file"],Le["survey-settings"],Le.survey].join(`
`),Ms=64,Cs=["node-label","node-taint","kubelet-arg"],pn=64*1024;function qe(t,n,r=4096){const s=t[n];return typeof s=="string"?s.slice(0,r):""}function mn(t,n,r){const s=qe(t,n,pn);return s===""?[]:s.split(r)}function Ds(t,n){const r=t[n];return typeof r=="number"&&Number.isSafeInteger(r)&&r>=0?r:0}const zs=["none","server","agent","bootstrap","short"];function Fs(t){return zs.find(n=>n===t.token_kind)??"short"}function Us(t){const n=_=>t.filter(P=>P.fact===`k3s.${_}`).slice(0,Ms),r=_=>t.find(P=>P.fact===`k3s.${_}`),s=r("binary"),i=r("unit"),l=r("environment"),h=r("own-config");return{...s&&{binary:{path:qe(s,"path"),version:qe(s,"version",128),sha256:qe(s,"sha256",64)}},...i&&{unit:{name:qe(i,"name",256),path:qe(i,"path"),sha256:qe(i,"sha256",64),arguments:mn(i,"arguments",`
`),activeState:qe(i,"active",64),subState:qe(i,"sub",64),isEnabled:i.enabled===!0,restarts:Ds(i,"restarts"),needsReload:i.needs_reload===!0}},hasServerUnit:r("server-unit")?.present===!0,changedSinceStart:n("changed").map(_=>qe(_,"path")),...l&&{environment:{path:qe(l,"path"),sha256:qe(l,"sha256",64),mode:qe(l,"mode",8),keys:mn(l,"keys"," "),url:qe(l,"url"),tokenKind:Fs(l)}},configFiles:n("config").map(_=>({path:qe(_,"path"),sha256:qe(_,"sha256",64),mode:qe(_,"mode",8),keys:mn(_,"keys"," ")})),settings:n("setting").flatMap(_=>{const P=Cs.find(se=>se===_.key);if(P===void 0)return[];const j=qe(_,"values",2*pn).split(""),F={path:qe(_,"path"),key:P,isAdded:_.added===!0};return["",...j.filter(se=>se!=="")].map(se=>({...F,value:se}))}),hasSelinuxPolicy:r("selinux-policy")?.present===!0,...h&&{ownConfig:qe(h,"text",pn)},hasNodePassword:r("node-password")?.present===!0,templates:n("template").map(_=>({path:qe(_,"path"),sha256:qe(_,"sha256",64),hasBaseTemplate:_.base===!0}))}}const rn="k3s-agent",Hs=["install-binary","run-installer","write-config","edit-environment","edit-unit","reload","enable"],Bs=18e4,Gs=6e4,Ks=3e4,Zs=[[/Running load balancer k3s-agent-load-balancer/,"agent found the server"],[/containerd is now running/,"containerd up"]];async function Vs(t,n,r){return await new Promise(s=>{const i=(0,B.connect)({host:t,port:n,signal:AbortSignal.any([r,AbortSignal.timeout(3e3)])}),l=h=>{i.destroy(),s(h)};i.once("connect",()=>l(!0)),i.once("error",()=>l(!1))})}function Ws(t,n,r){const s=l=>l.verdict==="pass"||l.verdict==="warn"?"\u2713":l.verdict==="skip"?"not exercised":"\u2717";return t.map(l=>l.id==="handshake.ca"?`CA ${n?`${n.slice(0,4)}\u2026${n.slice(-2)} `:""}${s(l)}`:l.id==="handshake.token"?r?`token ${s(l)}`:"token not exercised":`${l.id.replace(/^handshake\.(apiserver\.?)?/,"").replace(/-(\d+)$/,":$1")} ${s(l)}`).join("  ")}function qs(t){const n=new Map,r=(s,i,l)=>{const h=`${s} ${i}`,_=n.get(h)??Mn({version:s,architecture:i},t.releases,l);return n.set(h,_),_};return{name:"k3s",unit:rn,surveyScript:js,tokenAccessRequests:$s,resolveVersion:rt,survey:Us,async inspect(s,i,l,h,_){const P=await hs(s,i,l,h,t.mask,_);return P===void 0?h:{...h,nodePassword:P}},describe:L,checkRegistry:T,checks:(s,i)=>A(s,i,Pe(s.version,s.reading.version)),plan:Te,needsRelease:Ye,async sketchRelease(s,i,l){const{sizeBytes:h,sha256:_}=await r(s,i,l);return{sizeBytes:h,..._?{sha256:_}:{}}},async mint(s,i,l,h,_,P){const{serverTimeMs:j}=await s.read(i,P),F={node:i,runLabel:l.label,ttlMs:h,now:j},se=xn(F),Y=N(Tt(s.caPem),se.id,se.secret);for(const Re of[Y,`${se.id}.${se.secret}`,se.secret])t.mask(Re);return await gs(s,{...F,record:_,token:se},P),{id:se.id,text:Y}},revoke:ys,tokens:ws,async sweep(s,i,l){const{serverTimeMs:h}=await s.read(i,l);return await ks(s,{node:i,olderThan:h+1e3},l)},acceptToken:me,async hold(s,i,l,h,_){return await cs(s,{...l,runId:i.runId,holder:i.label,onWaiting:h,signal:_})},async handshake(s,i,l,h,_){const P={server:i,caPem:l,...h?{token:h.text}:{},script:Le.handshake,probe:Vs,signal:_},{checks:j,result:F}=await os(s,P);return{checks:j,passed:F!==void 0,line:Ws(j,F?.caHash,h!==void 0)}},async freeName(s,i,{nodePassword:l},h,_){if(!l?.secret)throw new Error("there is no node password that was looked at");await On(s,je(i.desired.node),l.secret,h,_)},async forgetNode(s,i,{nodePassword:l},h,_){if(l?.state!=="none")return!1;const P=je(i.desired.node),j=await s.nodePassword(P,_);return j&&await On(s,P,j,h,_),j!==void 0},async prepare(s,i,l){return await Cn(await r(s,i,l),t,l)},describePrepared:s=>[`k3s ${s.version} ${s.architecture} ${s.binary.sha256.slice(0,12)}\u2026 ${s.binary.fromCache?"from the tool cache, checked again":"downloaded and checked"}`,...s.notes.map(i=>`! ${i}`)],async install(s,i,l,h,_,P){const{prepared:j,credential:F}=l,se=new Set(l.changes.map(Bt=>Bt.id));let Y;se.has("upload-binary")&&j&&(Y=await s.upload({path:j.binary.path,name:"k3s",sizeBytes:j.binary.sizeBytes},P),_("upload-binary"));const Re={runId:h.runId,holder:h.label,steps:Hs.filter(Bt=>se.has(Bt)),isRestartFollowing:se.has("start")||se.has("restart"),...Y&&j?{binary:{stagedPath:Y,sha256:j.binary.sha256}}:{},...j?{installer:j.installer}:{},...se.has("write-config")?{config:pe(i.desired)}:{},...se.has("edit-environment")?{environment:{url:i.server,...F?{token:F.text}:{}}}:{},...se.has("edit-unit")?{removeArguments:nt}:{}};if(Re.steps.length===0)return{needsSettling:!1,notes:[]};const yt=await as(s,Re,{signal:P,timeoutMs:Bs,onStep:Bt=>_(Bt)}),Yt=yt.interrupted.map(({step:Bt})=>`an earlier run was interrupted here (${Bt}); what it left is as this run wants it`);return{needsSettling:yt.holdsFormerToken,notes:Yt}},async settle(s,i,l){await Ns(s,i.runId,{signal:l,timeoutMs:Ks})},async start(s,i,l,h,_){await Ls(s,{unit:rn,action:i,signal:_,onEvent:h,timeoutMs:l})},milestone:s=>Zs.find(([i])=>i.test(s))?.[1],evidence:(s,i,l)=>gt(s,{unit:rn,startedAgoMs:i.startedAgoMs},l),async remove(s,i,l){const{undone:h,remaining:_}=await Es(s,i.runId,{unit:rn,signal:l,timeoutMs:Gs});return{changes:h,remaining:_}}}}}),8003:((kt,Ue,D)=>{D.d(Ue,{b$:()=>V,eh:()=>Pt,FU:()=>be,OM:()=>je,DT:()=>At});const C={group:"coordination.k8s.io",resource:"leases",namespace:"kube-node-lease"},be=[...["get","list","watch","patch","delete"].map(y=>({verb:y,group:"",resource:"nodes"})),...["get","list","watch"].map(y=>({verb:y,...C}))],fe=[{verb:"list",group:"",resource:"events",namespace:"default"}],je=["list","delete"].map(y=>({verb:y,group:"",resource:"secrets",namespace:"kube-system"})),he="manifests/k3s-join-rbac.yaml";class V extends Error{name="ClusterError";code;cause;remedy;evidence;status;constructor(g,o){super(o.title),o.status!==void 0&&(this.status=o.status),this.code=g,this.cause=o.cause,this.remedy=o.remedy,this.evidence=o.evidence??[]}}function ve(y){const g=y.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g," ").trim();return g.length>300?`${g.slice(0,299)}\u2026`:g}function q(y){return typeof y!="object"||y===null?"":"errors"in y&&Array.isArray(y.errors)&&y.errors.length>0?q(y.errors[0]):"code"in y&&typeof y.code=="string"?y.code:""}const ue={ECONNREFUSED:"nothing listens on that port, or a firewall answers in its place",ECONNRESET:"the connection was cut; a proxy or firewall in between does that, or the server is restarting",EPIPE:"the connection was cut while the request was being sent",ETIMEDOUT:"packets to that address get no answer (firewall, wrong address, or the server is off)",EHOSTUNREACH:"there is no route to that address from here",ENETUNREACH:"there is no route to that network from here",ENOTFOUND:"the server name does not resolve here",EAI_AGAIN:"the resolver gave no answer for the server name",ERR_HTTP_INVALID_STATUS_CODE:"what answers on that port does not speak HTTP as an API server does",HPE_INVALID_CONSTANT:"what answers on that port does not speak HTTP as an API server does"},ge=/^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|ERR_OSSL|EPROTO$|INVALID_CA|PATH_LENGTH_|HOSTNAME_MISMATCH)/;function re(y){return y==="ERR_TLS_CERT_ALTNAME_INVALID"?{cause:"the server certificate is not issued for this address",remedy:"use an address the certificate names, set tls-server-name in the kubeconfig, or add the address to the server\u2019s subject alternative names (tls-san)"}:y==="CERT_HAS_EXPIRED"||y==="CERT_NOT_YET_VALID"?{cause:"a certificate of the server is outside its period of validity, or the clock here is wrong",remedy:"compare the clocks; restart the server to renew certificates that have expired"}:/^(ERR_SSL_|EPROTO)/.test(y)?{cause:"the TLS handshake failed: the port speaks something else, or it refused the client certificate",remedy:"check host and port of the server in the kubeconfig, and that its client certificate has not expired"}:{cause:"the server's certificate is not signed by the certificate authority in the kubeconfig",remedy:"fetch the kubeconfig again from the server: it belongs to another cluster, or to this one before its CA changed"}}function le(y,g,o){if(y instanceof V)return y;const d=q(y),f=typeof y=="object"&&y!==null&&"message"in y?String(y.message):String(y),T=f===""?d:f,A=[`${o}: ${ve(d&&!T.includes(d)?`${d} ${T}`:T)}`];return ge.test(d)?new V("api-tls",{title:`the API server at ${g} cannot be trusted`,...re(d),evidence:A}):new V("api-unreachable",{title:`the API server at ${g} cannot be reached from the runner`,cause:ue[d]??"the connection failed",remedy:"check the server address in the kubeconfig, and that the runner may reach that port",evidence:A})}function we(y){return y instanceof V?y.code==="api-unreachable"||y.code==="timeout"?!0:y.code==="api-failed"&&y.status!==void 0&&(y.status>=500||y.status===429):!1}function ie(y,g,o){return new V("timeout",{title:`the API server at ${y} did not answer within ${o/1e3} s`,cause:"packets get no answer (firewall, wrong address), or the server is overloaded",remedy:"check that the runner may reach that address and port, and the load of the server",evidence:[`${g}: no answer in ${o} ms`]})}function ee(y){const g=y.group===""?y.resource:`${y.resource}.${y.group}`;return`${y.verb} ${g}${y.namespace===void 0?"":` in namespace ${y.namespace}`}`}function H(y,g,o){const f={evidence:[`${o.request}: HTTP ${y}${g===""?"":`, ${ve(g)}`}`],status:y};if(y===401)return new V("unauthorized",{title:`the API server at ${o.server} does not accept the credentials of the kubeconfig`,cause:"its token or client certificate has expired, was revoked, or belongs to another cluster",remedy:"fetch a fresh kubeconfig and store it again",...f});if(y===403){const T=o.access===void 0?"do that":ee(o.access);return new V("forbidden",{title:`the user of the kubeconfig may not ${T}`,cause:"a rule for it is missing",remedy:`apply ${he} with an administrator's kubeconfig: kubectl apply -f ${he}`,...f})}return y===404?new V("not-found",{title:"the object is not there",cause:"it was deleted meanwhile, or never existed",remedy:"run it again: the next run starts from what is there then",...f}):y===409?new V("conflict",{title:"the object was changed by somebody else meanwhile",cause:"another run or controller works on the same object",remedy:"run it again when the other one is done",...f}):new V("api-failed",{title:`the API server at ${o.server} answered HTTP ${y}`,cause:y>=500?"the server has a problem of its own, or is still starting":y===429?"the server is overloaded":"it did not accept the request",remedy:y>=500||y===429?"look at the server\u2019s log, then run it again":"see the evidence",...f})}function Fe(y,{evidence:g,status:o}){return new V("conflict",{title:`node ${y} was not deleted: it is no longer the one that was looked at`,cause:"a machine registered under that name after it was read: the old one came back, or another run joined it",remedy:"nothing was deleted. Run it again: the next run looks at the node that is there then",evidence:g,...o===void 0?{}:{status:o}})}function de(y,{evidence:g,status:o}){return new V("conflict",{title:`the node password in the secret ${y} was not deleted: it is no longer the one that was looked at`,cause:"a machine registered under that name after it was read, or the server stored its Secret anew",remedy:"nothing was deleted. Run it again: the next run looks at what is there then",evidence:g,...o===void 0?{}:{status:o}})}var _e=D(1455),De=D(8815),Ge=D(8500);const Qe="api/v1/namespaces/default/events",rt=50;function et(y){return{method:"GET",path:Qe,query:{fieldSelector:`involvedObject.kind=Node,involvedObject.name=${y}`,limit:"500"},access:{verb:"list",group:"",resource:"events",namespace:"default"}}}const Pe=y=>ve(y??""),xe=y=>Pe(String(y.lastTimestamp??y.eventTime??y.metadata?.creationTimestamp??""));function B(y,g){if(g===void 0)return[`There is no node ${y}.`];const{nodeInfo:o,conditions:d=[]}=g.status??{};return[`node ${y}, uid ${Pe(g.metadata?.uid)}, created ${Pe(String(g.metadata?.creationTimestamp??""))}`,`kubelet ${Pe(o?.kubeletVersion)}, runtime ${Pe(o?.containerRuntimeVersion)}, kernel ${Pe(o?.kernelVersion)}, ${Pe(o?.osImage)}`,...(g.spec?.taints??[]).map(f=>`taint ${Pe(f.key)}=${Pe(f.value)}:${Pe(f.effect)}`),...d.map(f=>`condition ${Pe(f.type)}=${Pe(f.status)} since ${Pe(String(f.lastTransitionTime??""))}: ${Pe(f.reason)}: ${Pe(f.message)}`)]}function ne(y){return y.length===0?["No events."]:[...y].sort((g,o)=>xe(g)<xe(o)?-1:1).slice(-rt).map(g=>`event ${xe(g)} ${Pe(g.type)} ${Pe(g.reason)} (${Number(g.count??1)}\xD7): ${Pe(g.message)}`)}async function X(y,g,o){const d={method:"GET",path:`api/v1/nodes/${encodeURIComponent(g)}`,access:{verb:"get",group:"",resource:"nodes",name:g}},f=async(L,E)=>{try{return await E()}catch(z){if(o.aborted)throw z;const G=z instanceof V&&z.code==="forbidden"?`; an optional rule in ${he} allows it`:"";return[`${L} could not be read: ${z instanceof Error?z.message:String(z)}${G}`]}},[T,A]=await Promise.all([f("The node",async()=>B(g,(await y.call(d,o)).body)),f("Events",async()=>{const{body:L}=await y.call(et(g),o);return ne(L?.items??[])})]);return[...T,"",...A,""].join(`
`)}const ye=["node-role.kubernetes.io/control-plane","node-role.kubernetes.io/master"];function te(y,g){return(y.status?.addresses??[]).filter(o=>o.type===g).map(o=>o.address)}function Oe(y){return(y.spec?.taints??[]).map(g=>({key:g.key,...g.value?{value:g.value}:{},effect:g.effect}))}function ze(y){const g=y.status?.conditions?.find(f=>f.type==="Ready"),o=y.metadata?.labels??{},d=y.status?.nodeInfo;return{name:y.metadata?.name??"",uid:y.metadata?.uid??"",resourceVersion:y.metadata?.resourceVersion??"",createdAt:y.metadata?.creationTimestamp??"",labels:o,annotations:y.metadata?.annotations??{},taints:Oe(y),ready:g?.status==="True"||g?.status==="False"?g.status:"Unknown",readyReason:g?.reason??"",readyMessage:g?.message??"",kubeletVersion:d?.kubeletVersion??"",osImage:d?.osImage??"",architecture:d?.architecture??"",systemUuid:d?.systemUUID??"",machineId:d?.machineID??"",internalIps:te(y,"InternalIP"),externalIps:te(y,"ExternalIP"),isServer:ye.some(f=>f in o),unschedulable:y.spec?.unschedulable??!1}}function Me(y){if(!/^[a-z0-9]{6}$/.test(y))throw new RangeError(`a bootstrap token id has 6 characters [a-z0-9], not ${y.length}`);return`bootstrap-token-${y}`}function Ae(y){return Buffer.from(y).toString("base64")}function Be(y){if(!/^[a-z0-9]{16}$/.test(y.secret))throw new RangeError("a bootstrap token secret has 16 characters [a-z0-9]");return{apiVersion:"v1",kind:"Secret",type:"bootstrap.kubernetes.io/token",metadata:{name:Me(y.id),namespace:"kube-system",labels:{...y.labels}},data:{"token-id":Ae(y.id),"token-secret":Ae(y.secret),expiration:Ae(y.expiresAt),"usage-bootstrap-authentication":Ae("true"),"usage-bootstrap-signing":Ae("true"),"auth-extra-groups":Ae(y.extraGroups),description:Ae(y.description)}}}function tt(y){const g=y.data?.expiration;return{id:(y.metadata?.name??"").replace(/^bootstrap-token-/,""),createdAt:y.metadata?.creationTimestamp??"",expiresAt:g===void 0?"":Buffer.from(g,"base64").toString("utf8")}}const K=1024;function He(y){const g=y.data?.hash??"",o=g.length>K?"":Buffer.from(g,"base64").toString("utf8");return{uid:y.metadata?.uid??"",resourceVersion:y.metadata?.resourceVersion??"",createdAt:y.metadata?.creationTimestamp??"",hash:o}}const Ce=60,Ke=100,Je=2e3;class it extends Error{}const wt=8*1024*1024;async function*$t(y){y.setEncoding("utf8");let g="";const o=y[Symbol.asyncIterator]();for(;;){const d=await o.next().catch(()=>{});if(d===void 0||d.done)return;const f=(g+d.value).split(`
`);if(g=f.pop()??"",g.length>wt)throw new it;yield*f.filter(T=>T!=="")}}function ut(y){let g;try{g=JSON.parse(y)}catch{}if(!g?.object||g.type==="ERROR")throw new it;return g}async function bt(y,g,o,d){const f=new AbortController,T=AbortSignal.any([d,f.signal]),A={watch:"true",fieldSelector:`metadata.name=${g.name}`,resourceVersion:o,allowWatchBookmarks:"true",timeoutSeconds:String(Ce)},L=setTimeout(()=>f.abort(),(Ce+15)*1e3);let E=o;try{const z=await y.open({method:"GET",path:g.path,query:A,access:{...g.access,verb:"watch"}},T);z.on("error",()=>{});for await(const G of $t(z)){if(T.aborted)break;const Q=ut(G);E=Q.object.metadata?.resourceVersion??E,Q.type==="DELETED"?g.onGone():Q.type!=="BOOKMARK"&&g.onState(Q.object)}return E}finally{clearTimeout(L),f.abort()}}async function at(y,g,o){let d,f=Ke;for(;!o.aborted;){const T=d;try{if(d===void 0){const A=await y.call({method:"GET",path:g.path,query:{fieldSelector:`metadata.name=${g.name}`},access:{...g.access,verb:"list"}},o);d=A.body?.metadata?.resourceVersion??"0";const L=A.body?.items?.[0];L===void 0?g.onGone():g.onState(L)}d=await bt(y,g,d,o),d!==T&&(f=Ke)}catch(A){if(o.aborted)return;if(A instanceof it||A instanceof V&&A.status===410)d=void 0;else if(!we(A))throw A}await(0,Ge.setTimeout)(f,void 0,{signal:o}).catch(()=>{}),f=Math.min(f*2,Je)}}async function vt(y,g,o,d){const f=new AbortController,T=AbortSignal.any([d,f.signal]);let A=!1;const L={path:"api/v1/nodes",name:g,access:{verb:"watch",group:"",resource:"nodes"},onState:z=>{A=!0,o({type:"node",node:ze(z)})},onGone:()=>{A&&o({type:"gone"}),A=!1}},E={path:"apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases",name:g,access:{verb:"watch",group:"coordination.k8s.io",resource:"leases",namespace:"kube-node-lease"},onState:z=>{const G=lt(z);G!==void 0&&o({type:"lease",renewedAtMs:G})},onGone:()=>{}};try{await Promise.all([at(y,L,T),at(y,E,T)])}finally{f.abort()}}function lt(y){const g=Date.parse(String(y.spec?.renewTime??""));return Number.isNaN(g)?void 0:g}const pe=5,Ze="api/v1/namespaces/kube-system/secrets";function nt(y,g){return{verb:y,group:"",resource:"nodes",...g===void 0?{}:{name:g}}}function M(y,g){return{verb:y,group:"",resource:"secrets",namespace:g}}function U(y){return`api/v1/nodes/${encodeURIComponent(y)}`}class m{server;caPem;#e;constructor(g,o){this.server=g.server,this.caPem=g.caPem,this.#e=o}async read(g,o){const d=`apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${encodeURIComponent(g)}`,f={verb:"get",group:"coordination.k8s.io",resource:"leases",namespace:"kube-node-lease"},[T,A,L]=await Promise.all([this.#e.call({method:"GET",path:"version",access:{verb:"get",group:"",resource:"/version"}},o),this.#e.call({method:"GET",path:U(g),access:nt("get",g)},o),this.#e.call({method:"GET",path:d,access:f},o)]),E=[T,A,L].flatMap(ke=>ke.serverTimeMs??[]),z=T.body?.gitVersion;if(z===void 0||E.length===0)throw new V("api-failed",{title:`what answers at ${this.server} is no Kubernetes API server`,cause:z===void 0?"/version gives no gitVersion":"its answers carry no Date header",remedy:"check the server address in the kubeconfig: a proxy or another service may answer there"});const G=L.body===void 0?void 0:lt(L.body),Q=L.body?.metadata?.ownerReferences?.find(ke=>ke.kind==="Node");return{version:z,...A.body===void 0?{}:{node:ze(A.body)},...G===void 0?{}:{leaseRenewedAtMs:G},...Q===void 0?{}:{leaseNodeUid:Q.uid},serverTimeMs:Math.max(...E)}}async nodes(g){const o={method:"GET",path:"api/v1/nodes",access:nt("list")},{body:d}=await this.#e.call(o,g);return(d?.items??[]).map(ze)}async canI(g,o){return await Promise.all(g.map(d=>this.#t(d,o)))}async#t(g,o){const[d="",f]=g.resource.split("/"),T={apiVersion:"authorization.k8s.io/v1",kind:"SelfSubjectAccessReview",spec:{resourceAttributes:{verb:g.verb,group:g.group,resource:d,...f===void 0?{}:{subresource:f},...g.namespace===void 0?{}:{namespace:g.namespace},...g.name===void 0?{}:{name:g.name}}}},L=await this.#n({method:"POST",path:"apis/authorization.k8s.io/v1/selfsubjectaccessreviews",body:T,access:{verb:"create",group:"authorization.k8s.io",resource:"selfsubjectaccessreviews"}},o);return{...g,allowed:L.status?.allowed===!0,reason:L.status?.reason??L.status?.evaluationError??""}}async createBootstrapToken(g,o){await this.#n({method:"POST",path:Ze,body:Be(g),access:M("create","kube-system")},o)}async deleteBootstrapToken(g,o){const d=`${Ze}/${Me(g)}`;await this.#e.call({method:"DELETE",path:d,access:M("delete","kube-system")},o)}async bootstrapTokens(g,o){const d=Object.entries(g).map(([L,E])=>`${L}=${E}`).join(",");if(d==="")throw new RangeError("labels are needed to tell own tokens from others");const T={method:"GET",path:Ze,query:{labelSelector:d,fieldSelector:"type=bootstrap.kubernetes.io/token"},access:M("list","kube-system")},{body:A}=await this.#e.call(T,o);return(A?.items??[]).filter(L=>L.metadata?.name?.startsWith("bootstrap-token-")).map(tt)}async changeNode(g,o,d){for(let f=1;;f++){try{return ze(await this.#r(g,o,d))}catch(T){if(!(T instanceof V)||T.code!=="conflict"||f===pe)throw T}await(0,Ge.setTimeout)(50*f,void 0,{signal:d})}}async#r(g,o,d){const f={},T={metadata:f};if(Object.keys(o.labels??{}).length>0&&(f.labels=o.labels),Object.keys(o.annotations??{}).length>0&&(f.annotations=o.annotations),o.taints!==void 0){const A=await this.#n({method:"GET",path:U(g),access:nt("get",g)},d),L=Oe(A),E=o.taints(L);if(JSON.stringify(E)!==JSON.stringify(L)){const z=A.spec?.taints??[];T.spec={taints:E.map(G=>({...z.find(Q=>Q.key===G.key&&Q.effect===G.effect),...G}))},f.resourceVersion=A.metadata?.resourceVersion}else if(Object.keys(f).length===0)return A}return await this.#n({method:"PATCH",path:U(g),query:{fieldManager:"k3s-gpu-actions"},body:T,contentType:"application/merge-patch+json",access:nt("patch",g)},d)}async deleteNode(g,o,d){const f={apiVersion:"v1",kind:"DeleteOptions",preconditions:{uid:o}},T={method:"DELETE",path:U(g),body:f,access:nt("delete",g)};try{await this.#e.call(T,d)}catch(A){throw A instanceof V&&A.code==="conflict"?Fe(g,A):A}}async describeNode(g,o){return await X(this.#e,g,o)}async nodePassword(g,o){const d={fieldSelector:`metadata.name=${g}`},f={method:"GET",path:Ze,query:d,access:M("list","kube-system")},{body:T}=await this.#e.call(f,o),A=(T?.items??[]).find(L=>L.metadata?.name===g);return A&&He(A)}async deleteNodePassword(g,{uid:o,resourceVersion:d},f){if(o===""||d==="")throw new RangeError("a Secret is deleted as it was read, or not at all");const L={method:"DELETE",path:`${Ze}/${encodeURIComponent(g)}`,body:{apiVersion:"v1",kind:"DeleteOptions",preconditions:{uid:o,resourceVersion:d}},access:M("delete","kube-system")};try{await this.#e.call(L,f)}catch(E){throw E instanceof V&&E.code==="conflict"?de(g,E):E}}async watch(g,o,d){await vt(this.#e,g,o,d)}async#n(g,o){const{body:d}=await this.#e.call(g,o);if(d!==void 0)return d;throw H(404,"",{server:this.server,request:`${g.method} /${g.path}`})}}var v=D(1692);async function b(y){const{KubeConfig:g}=await Promise.all([D.e(752),D.e(871),D.e(421)]).then(D.bind(D,6421)),o={};try{const z=new g;z.loadFromString(y.json),await z.applyToHTTPSOptions(o),(0,v.createSecureContext)({ca:o.ca,cert:o.cert,key:o.key})}catch(z){throw new V("kubeconfig-invalid",{title:`the credentials of context ${JSON.stringify(y.context)} cannot be used`,cause:`a certificate or key in it is damaged, or they do not belong together (${q(z)||"unreadable"})`,remedy:"store the kubeconfig again: kubectl config view --raw --flatten --minify"})}const{ca:d,cert:f,key:T,servername:A,auth:L}=o,E={};for(const[z,G]of Object.entries(o.headers??{}))E[z]=String(G);return L&&(E.Authorization=`Basic ${Buffer.from(L).toString("base64")}`),{tls:{ca:d,cert:f,key:T,...A===void 0?{}:{servername:A}},headers:E}}function S(y){return typeof y=="object"&&y!==null&&!Array.isArray(y)}function R(y,g,o){return new V("kubeconfig-invalid",{title:y,cause:g,remedy:o})}function I(y,g,o){return new V("kubeconfig-refused",{title:`the kubeconfig is refused: ${y}`,cause:g,remedy:o})}const Z="make a self-contained one: kubectl config view --raw --flatten --minify",ae="use a kubeconfig with a token or client certificate in it, for example of a service account with manifests/k3s-join-rbac.yaml",ce={"insecure-skip-tls-verify":["whoever answers at that address would get the credentials","remove it and put certificate-authority-data in its place"],"certificate-authority":["it points to a file of another machine or user",Z],"proxy-url":["traffic of this program would go where the file says","remove it; use a tunnel to reach the server"]},Ye={exec:["it runs a program of the file\u2019s choosing on the runner",ae],"auth-provider":["it runs a credential helper, which Kubernetes has removed",ae],"client-certificate":["it points to a file of another machine or user",Z],"client-key":["it points to a file of another machine or user",Z],tokenFile:["it points to a file of another machine or user",Z],"token-file":["it points to a file of another machine or user",Z]},Te=["server","certificate-authority-data","tls-server-name"],oe=["token","client-certificate-data","client-key-data","username","password","as"];function Se(y,g,o){for(const[d,[f,T]]of Object.entries(o)){const A=y[d];if(!(A==null||A===""||A===!1))throw I(`${g} uses ${d}`,f,T)}}function Ve(y,g){const o={};for(const d of g){const f=y[d];typeof f=="string"&&f!==""&&(o[d]=f)}return o}function ct(y,g,o,d){const f=Array.isArray(y[g])?y[g].filter(S):[],T=f.filter(E=>E.name===d);if(T.length>1)throw R(`the kubeconfig has ${T.length} ${g} named ${JSON.stringify(d)}`,"which one is meant cannot be told","remove the others");const A=T[0]?.[o];if(S(A))return A;const L=f.map(E=>JSON.stringify(E.name)).join(", ")||"none";throw R(`the kubeconfig has no ${o} ${JSON.stringify(d)}`,`its ${g}: ${L}`,"name one of them, or fix the file")}function st(y){const g=URL.canParse(y)?new URL(y):void 0;if(g===void 0)throw R("the kubeconfig has no usable server address","server is not a URL","write it as https://host:6443");if(g.protocol==="http:")throw I("its server is http://","credentials would cross the network in clear","use the https:// address of the API server");if(g.protocol!=="https:")throw R("the kubeconfig has no usable server address",`its scheme is ${g.protocol}`,"write it as https://host:6443");if(g.username!==""||g.password!=="")throw I("its server holds a user name or password","addresses are printed in logs","move the credentials to the user entry")}function Ee(y){const g=y===void 0?"":Buffer.from(y,"base64").toString("utf8");if(g.includes("-----BEGIN CERTIFICATE-----"))return g;throw R("the kubeconfig holds no certificate authority",y===void 0?"certificate-authority-data is missing":"certificate-authority-data is not base64 of a PEM certificate",Z)}function _t(y,g){if(!S(y))throw R("the kubeconfig is not a mapping","the file is empty, truncated, or not a kubeconfig","store the text of a kubeconfig");const o=y["current-context"],d=g??(typeof o=="string"?o:"");if(d==="")throw R("the kubeconfig names no current-context","which of its clusters is meant cannot be told","set current-context, or give a context");const f=ct(y,"contexts","context",d),T=ct(y,"clusters","cluster",String(f.cluster??"")),A=ct(y,"users","user",String(f.user??""));Se(T,`cluster ${JSON.stringify(f.cluster)}`,ce),Se(A,`user ${JSON.stringify(f.user)}`,Ye);const L=Ve(T,Te),E=Ve(A,oe),z=L.server??"";st(z);const G=Ee(L["certificate-authority-data"]);if(!E.token&&!E["client-certificate-data"]&&!E.username)throw R(`user ${JSON.stringify(f.user)} of the kubeconfig has no credentials`,"there is no token and no client certificate",ae);const Q={apiVersion:"v1",kind:"Config","current-context":"selected",contexts:[{name:"selected",context:{cluster:"selected",user:"selected"}}],clusters:[{name:"selected",cluster:L}],users:[{name:"selected",user:E}]};return{context:d,server:z.replace(/\/+$/,""),caPem:G,json:JSON.stringify(Q)}}var ht=D(4708);const ot=1e4,It=64*1024*1024,ft=[150,500];function dt(y){return`${y.method} /${y.path}`}function Lt(y){try{const g=JSON.parse(y);if(typeof g=="object"&&g!==null&&"message"in g)return String(g.message)}catch{}return ve(y)}async function jt(y,g){const o=[];let d=0;for await(const f of y){if(d+=f.length,d>It)throw new V("api-failed",{title:`${dt(g)} was answered without end`,cause:"what answers there is no API server, or a proxy in front of it is broken",remedy:"check the server address in the kubeconfig",evidence:[`given up after ${d} bytes`]});o.push(f)}return Buffer.concat(o).toString("utf8")}class Mt{server;#e;#t;#r;#n=new WeakSet;constructor(g,o){this.server=g,this.#e=o,this.#t=new ht.Agent({...o.tls,keepAlive:!0,maxSockets:16}),this.#r=new ht.Agent({...o.tls})}async call(g,o){const d=AbortSignal.timeout(ot),f=AbortSignal.any([o,d]),T=g.method==="GET"?ft:[];try{for(let A=0;;A++)try{return await this.#o(g,f)}catch(L){const E=T[A];if(f.aborted||E===void 0||!we(L))throw L;await(0,Ge.setTimeout)(E,void 0,{signal:f})}}catch(A){throw o.aborted?o.reason:d.aborted?ie(this.server,dt(g),ot):A}}async open(g,o){const d=new AbortController,f=setTimeout(()=>d.abort(),ot);try{return await this.#s(g,AbortSignal.any([o,d.signal]))}catch(T){throw o.aborted?o.reason:d.signal.aborted?ie(this.server,dt(g),ot):T}finally{clearTimeout(f)}}async#o(g,o){const d=await this.#s(g,o),f=await this.#i(d,g),T=Date.parse(d.headers.date??""),A=Number.isNaN(T)?{}:{serverTimeMs:T};if(d.statusCode===404)return{body:void 0,...A};try{return{body:JSON.parse(f),...A}}catch{throw H(d.statusCode??0,`no JSON: ${f}`,{server:this.server,request:dt(g)})}}async#s(g,o){const d=new URL(`${this.server}/${g.path}`);for(const[ke,We]of Object.entries(g.query??{}))d.searchParams.set(ke,We);const f=g.body===void 0?void 0:JSON.stringify(g.body),{promise:T,resolve:A,reject:L}=Promise.withResolvers(),E=(0,ht.request)(d,{method:g.method,agent:g.method==="GET"?this.#t:this.#r,signal:o,headers:{Accept:g.accept??"application/json","User-Agent":"k3s-gpu-actions",...this.#e.headers,...f===void 0?{}:{"Content-Type":g.contentType??"application/json","Content-Length":Buffer.byteLength(f)}}});E.once("socket",ke=>{this.#n.has(ke)||ke.on("error",()=>{}),this.#n.add(ke)}),E.once("response",A),E.on("error",ke=>L(le(ke,this.server,dt(g)))),E.end(f);const z=await T,G=z.statusCode??0;if(G>=200&&G<300||G===404)return z;const Q=Lt(await this.#i(z,g));throw H(G,Q,{server:this.server,request:dt(g),access:g.access})}async#i(g,o){try{return await jt(g,o)}catch(d){throw le(d,this.server,dt(o))}}}async function pt(y,g){try{return await(0,_e.readFile)(y,{encoding:"utf8",signal:g})}catch(o){if(g.aborted)throw g.reason;const d=q(o);throw new V("kubeconfig-missing",{title:y===""?"no kubeconfig was given":`the kubeconfig ${y} cannot be read`,cause:d==="ENOENT"||y===""?"there is no such file":d==="EACCES"?"this user may not read it":d,remedy:"give the input `kubeconfig`, or run kubeconfig-esc in an earlier step of the job"})}}function Ot(y){try{return(0,De.qg)(y,{maxAliasCount:0,merge:!1,prettyErrors:!1})}catch(g){const o=g instanceof De.XT?g.pos[0]:void 0,d=o===void 0?"":` in line ${y.slice(0,o).split(`
`).length}`;throw new V("kubeconfig-invalid",{title:"the kubeconfig is not valid YAML",cause:`${q(g)||"it cannot be parsed"}${d}`,remedy:"store the text of a kubeconfig as it is: kubectl config view --raw --flatten --minify"})}}async function At(y){const g=await pt(y.kubeconfigPath,y.signal),o=_t(Ot(g),y.context),d=await b(o);return new m(o,new Mt(o.server,d))}const Ct=null,mt=/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,Dt=/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;function zt(y){const g=y.split("/");if(g.length>2)return!1;const o=g.at(-1),d=g.length===2?g[0]:void 0;return mt.test(o)&&(d===void 0||d.length<=253&&Dt.test(d))}function Gt(y){const g="write it as key=value:Effect or key:Effect, Effect one of NoSchedule, PreferNoSchedule, NoExecute",o=y.lastIndexOf(":"),d=Ct.find(L=>L===y.slice(o+1));if(o<0||d===void 0)throw new RangeError(`taint ${JSON.stringify(y)} has no known effect: ${g}`);const[f="",...T]=y.slice(0,o).split("=");if(!zt(f))throw new RangeError(`taint ${JSON.stringify(y)} has no valid key: ${g}`);if(T.length===0)return{key:f,effect:d};const A=T.join("=");if(A!==""&&!mt.test(A))throw new RangeError(`taint ${JSON.stringify(y)} has an invalid value: at most 63 of [A-Za-z0-9._-], ${g}`);return A===""?{key:f,effect:d}:{key:f,value:A,effect:d}}function Pt(y){return`${y.key}${y.value?`=${y.value}`:""}:${y.effect}`}}),7949:((kt,Ue,D)=>{D.d(Ue,{U9:()=>H,Jj:()=>ge,z3:()=>ee,a3:()=>we,iL:()=>M,TN:()=>q,MD:()=>rt,fk:()=>ue,gH:()=>Ge,zt:()=>B,hF:()=>je,EG:()=>Pe,Br:()=>$t,Ki:()=>nt,jf:()=>De,Dj:()=>X});const C=["schema","action","cluster","node","host","result","dryRun","headline","next","startedAt","durationMs","failure","code","id","verdict","question","title","kind","target","found","cause","reason","disrupts","remedy","undo","waitsFor","evidence","state","link","provenance","plan","changes","blockers","applied","undone","changed","restarted","checks","stages","milestones","stage","startedMs","endedMs","atMs","text","name","value","source","facts","outputs","bytes","failed"],be=new Map(C.map((m,v)=>[m,v])),fe=new Set(["facts","outputs"]);function je(m){return`${JSON.stringify(he(m,!1),void 0,2)}
`}function he(m,v){if(Array.isArray(m))return m.map(I=>he(I,!1));if(typeof m!="object"||m===null)return m;const b=I=>v?0:be.get(I)??be.size,S=Object.entries(m).filter(([,I])=>I!==void 0).sort(([I],[Z])=>b(I)-b(Z)||(I<Z?-1:I>Z?1:0)),R=Object.create(null);for(const[I,Z]of S)R[I]=he(Z,!v&&fe.has(I));return R}const V=/\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\^_]?)/g,ve=/[\p{Cf}\p{Co}\p{Cs}\u115F\u1160\u3164\uFFA0]/gu;function q(m,v=1e3){const b=m.replace(V,"").replace(ve,"").replace(/[\s\p{Cc}]+/gu," ").trim();return ge(b,v)}function ue(m,v=1e3){return m.split(/\r\n|[\n\r\u2028\u2029\u0085]/).map(b=>ge(b.replace(V,"").replace(ve,"").replace(/\t/g,"  ").replace(new RegExp("\\p{Cc}","gu"),"").trimEnd(),v)).filter(b=>b!=="")}function ge(m,v){if(m.length<=v)return m;const b=Array.from(m);return b.length<=v?m:`${b.slice(0,Math.max(0,v-1)).join("")}\u2026`}function re(m){return Array.from(m).length}function le(m,v){return m+" ".repeat(Math.max(0,v-re(m)))}function we(m){const v=Number.isFinite(m)?Math.max(0,Math.round(m/100)):0;if(v<600)return`${(v/10).toFixed(1)} s`;const b=Math.round(v/10);if(b<3600)return ie(Math.floor(b/60),"min",b%60,"s");const S=Math.round(b/60);return S<2880?ie(Math.floor(S/60),"h",S%60,"min"):`${Math.round(S/1440)} days`}function ie(m,v,b,S){return b===0?`${m} ${v}`:`${m} ${v} ${String(b).padStart(2,"0")} ${S}`}function ee(m){const v=["B","kB","MB","GB","TB","PB"];let b=Number.isFinite(m)?Math.max(0,m):0,S=0;for(;b>=999.5&&S<v.length-1;)b/=1e3,S+=1;const R=S>0&&b<9.95?1:0;return`${b.toFixed(R)} ${v[S]}`}function H(m,v){return`${m} ${v}${m===1?"":"s"}`}const Fe=88,de=40,_e={pass:"\u2713",warn:"!",fail:"\u2717",error:"?",skip:"-"};function De(m,v=""){const b=`\u25B8 ${q(m)}`,S=q(v);return S===""?b:`${b}${" ".repeat(Math.max(2,Fe-re(b)-re(S)))}${S}`}function Ge(m){if(m.length===0)return[];const v=m.filter(R=>R.verdict!=="pass"&&R.verdict!=="skip"),b=Math.min(28,Math.max(0,...v.map(R=>re(q(R.id,60))))),S=v.flatMap(R=>{const I=" ".repeat(b+6);return[`  ${_e[R.verdict]} ${le(q(R.id,60),b)}  ${q(R.found)}`,...R.cause?[`${I}because ${q(R.cause)}`]:[],...R.remedy?[`${I}\u2192 ${q(R.remedy)}`]:[]]});return[`  ${Qe(m)}`,...S]}function Qe(m){const S=["pass","warn","fail","error","skip"].map(R=>[m.filter(I=>I.verdict===R).length,R]).filter(([R])=>R>0).map(([R,I])=>`${R} ${I}`);return`${H(m.length,"check")}${S.length>0?`: ${S.join(", ")}`:""}`}function rt(m){if(m.blockers.length>0)return`blocked: ${H(m.blockers.length,"reason")}`;if(m.changes.length===0)return"nothing to do";const v=m.changes.filter(R=>R.waitsFor===void 0),b=m.changes.filter(R=>R.waitsFor!==void 0),S=[];if(v.length>0){const R=et(v);S.push(`${H(v.length,"change")}${R?` (${R})`:", no disruption"}`)}if(b.length>0){const R=[...new Set(b.map(ce=>ce.waitsFor))].join(", "),I=et(b),Z=b.length===1?"waits":"wait",ae=v.length>0?String(b.length):H(b.length,"change");S.push(`${ae} ${Z} for ${R}${I?` (${I})`:""}`)}return S.join("; ")}function et(m){const v=m.filter(R=>R.kind==="restart"),b=m.filter(R=>R.kind!=="restart"&&R.disrupts!==void 0),S=[];if(v.length>0){const R=[...new Set(v.map(I=>q(I.target,60)))].join(", ");S.push(`${H(v.length,"restart")} of ${R}`)}return b.length>0&&S.push(H(b.length,v.length>0?"other disruption":"disruption")),S.join(", ")}function Pe(m){const v=String(m.changes.length).length,b=Math.max(9,...m.changes.map(ce=>ce.kind.length)),S=m.changes.map(ce=>q(ce.target,160)),R=Math.max(0,...S.map(re).filter(ce=>ce<=58)),I=" ".repeat(2+v+1+b+1),Z=m.changes.flatMap((ce,Ye)=>{const Te=S[Ye]??"",oe=q(ce.reason),Se=`  ${String(Ye+1).padStart(v)} ${le(ce.kind,b)} `,Ve=re(Te)<=R;return[(Ve?`${Se}${le(Te,R)}  ${oe}`:`${Se}${Te}`).trimEnd(),...Ve||oe===""?[]:[`${I}  ${oe}`],...ce.disrupts?[`${I}! ${q(ce.disrupts)}`]:[],...ce.waitsFor?[`${I}\u2026 waits for ${q(ce.waitsFor)}`]:[]]}),ae=m.blockers.flatMap(ce=>[`  \u2717 ${q(ce.id,60)}  ${q(ce.found)}`,...ce.cause?[`    because ${q(ce.cause)}`]:[],...ce.remedy?[`    \u2192 ${q(ce.remedy)}`]:[]]);return[...Z,...ae]}const xe={observed:"observed on real parts",reported:"reported by others; not reproduced by us",invented:"invented by us, from reasoning; never seen in the wild"};function B(m){const v=m.evidence.flatMap(R=>ue(R,400)),b=v.slice(0,de);v.length>b.length&&b.push(`(${v.length-b.length} more in the report)`);const S=(R,I)=>`  ${le(R,8)}  ${I}`;return[`\u2717 ${q(m.title)}`,S("cause",q(m.cause)),S("remedy",q(m.remedy)),...b.map((R,I)=>S(I===0?"evidence":"",R.trimStart())),S("state",q(m.state)),...m.provenance?[S("basis",xe[m.provenance])]:[],...m.link?[S("read",q(m.link))]:[]]}function ne(m){const v=m.map(S=>`${formatDuration(S.atMs).padStart(8)}  ${cut(oneLine(S.text),60)}`),b=[];for(const S of v){const R=b.at(-1),I=R===void 0?void 0:`${R}     ${S}`;I===void 0||width(I)>116?b.push(S):b[b.length-1]=I}return b}function X(m){const v=m.now(),b=()=>Math.max(0,Math.round(m.now()-v)),S=new Map,R=[],I=[],Z=[],ae=[];let ce;const Ye=Te=>{if(!ce)return;const{title:oe,startedMs:Se}=ce;ae.some(Ve=>Ve.stage===oe&&Ve.text===Te)||ae.push({stage:oe,atMs:Math.max(0,b()-Se),text:Te})};return{async stage(Te,oe,Se){const Ve=ce,ct={title:Te,startedMs:b()};ce=ct;const st=Ee=>{ce=Ve;const _t={...ct,endedMs:b(),...Ee?{failed:Ee}:{}};Z.push(_t),Se?.(_t)};try{const Ee=await oe();return st(!1),Ee}catch(Ee){throw st(!0),Ee}},milestone:Ye,check(...Te){for(const oe of Te)S.set(oe.id,oe)},applied(Te){R.includes(Te)||R.push(Te)},undone(Te){I.includes(Te)||(I.push(Te),Ye(`undone: ${Te}`))},elapsedMs:b,parts(){return{startedAt:m.startedAt.toISOString(),durationMs:b(),checks:[...S.values()],applied:[...R],undone:[...I],stages:[...Z].sort((Te,oe)=>Te.startedMs-oe.startedMs),milestones:[...ae]}}}}function ye(m,v=1e3){return q(m,v).replace(/&/g,"&amp;").replace(/</g,"&lt;").replace(/>/g,"&gt;").replace(/\\/g,"&#92;").replace(/\$/g,"&#36;").replace(/[`*~|[\]]/g,"\\$&").replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu,"\\_").replace(/:\/\//g,"&#58;//").replace(/\bwww\./gi,b=>`${b.slice(0,3)}&#46;`).replace(/(^|[^\p{L}\p{N}_])@(?=[\p{L}\p{N}])/gu,"$1@\u2060").replace(/^([#+=-])/,"\\$1").replace(/^(\d+)([.)])/,"$1\\$2")}function te(m,v=600){return ye(m??"",v)}function Oe(m,v){if(v.length===0)return"";const b=S=>`| ${S.join(" | ")} |`;return[b(m),b(m.map(()=>"---")),...v.map(b)].join(`
`)}function ze(m,v){const b=Math.max(2,...[...v.matchAll(/`+/g)].map(R=>R[0].length)),S="`".repeat(b+1);return`${S}${m}
${v}
${S}`}function Me(m,v){const b=m.flatMap(I=>ue(I,2e3)),S=b.slice(0,v),R=b.length-S.length;return ze("text",[...S,...R>0?[`(${R} more in the JSON report)`]:[]].join(`
`))}function Ae(m,v){return v===""?"":`<details><summary>${m}</summary>

${v}

</details>`}function Be(m){return/^https:\/\/[\w.~/#%?=&+-]+$/.test(m)?`<${m}>`:ye(m)}const tt=256*1024;function K(m,v=tt){if(Buffer.byteLength(m)<=v)return m;const b=m.split(`
`),S=[];let R=512,I="",Z=0;for(const ce of b){if(R+=Buffer.byteLength(ce)+1,R>v)break;S.push(ce);const Ye=/^`{3,}/.exec(ce)?.[0];I!==""?ce===I&&(I=""):Ye?I=Ye:ce.startsWith("<details>")?Z+=1:ce==="</details>"&&(Z-=1)}for(I!==""&&S.push(I);Z>0;Z-=1)S.push("","</details>");const ae=b.length-S.length;return S.push("",`_Cut here to fit: about ${Math.max(1,ae)} more lines. The JSON report has everything._`,""),S.join(`
`)}const He=40;function Ce(m){const v=q(m,200).replace(/[^\p{L}\p{N} .+/-]/gu," ").replace(/-{2,}/g,"-").replace(/ {2,}/g," ").trim();return v===""?"unnamed":ge(v,60)}function Ke(m,v){return m.flatMap(b=>{const S=Math.max(1,Math.round(b.endedMs-b.startedMs)),R=b.failed?"crit, ":"",I={worth:b.failed?2:1,line:ae=>`  ${ae} ${Ce(b.title)} :${R}${Math.round(b.startedMs)}, ${S}ms`},Z=v.filter(ae=>ae.stage===b.title).map(ae=>({worth:0,line:ce=>`  ${ce} ${Ce(ae.text)} :milestone, ${Math.round(b.startedMs+ae.atMs)}, 0ms`}));return[I,...Z]})}function Je(m,v){const b=Ke(m,v);if(b.length===0)return"";const S=new Set(b.toSorted((ae,ce)=>ce.worth-ae.worth||b.indexOf(ce)-b.indexOf(ae)).slice(0,He)),R=b.filter(ae=>S.has(ae)).map((ae,ce)=>ae.line(ce+1)),I=b.length-R.length,Z=ze("mermaid",["gantt","  dateFormat x","  axisFormat %M:%S",...R].join(`
`));return I===0?Z:`${Z}

_${I} more in the JSON report._`}const it={pass:"\u2705",warn:"\u26A0\uFE0F",fail:"\u274C",error:"\u2754",skip:"\u2796"};function wt(m){return m.result==="failed"||m.failure?"\u274C":m.result==="planned"?"\u{1F4CB}":"\u2705"}function $t(m,v=[]){const b=[`## ${wt(m)} ${ye(m.headline)}`,ut(m),m.failure?bt(m.failure):"",`**Next:** ${ye(m.next)}`,vt(m.checks.filter(S=>S.verdict!=="pass"&&S.verdict!=="skip")),lt(m),Je(m.stages,m.milestones),at(m,v),Ae("Facts",Oe(["fact","value"],Object.entries(m.facts).map(([S,R])=>[te(S),te(R)]))),Ae("Where each value came from",Oe(["value","is","from"],m.provenance.map(S=>[te(S.name),te(S.value),te(S.source)]))),Ae(`All checks: ${Qe(m.checks)}`,vt(m.checks)),Ae("Stages",Oe(["stage","began","took"],m.stages.map(S=>[te(S.title),we(S.startedMs),`${we(S.endedMs-S.startedMs)}${S.failed?" \u274C":""}`])))];return K(`${b.filter(S=>S!=="").join(`

`)}
`)}function ut(m){const v=m.host?`, host ${ye(m.host)}`:"",b=`Node ${ye(m.node)} of cluster ${ye(m.cluster)}${v}`,S=m.plan.changes.length,R=`${m.applied.length} of ${S} planned ${S===1?"change":"changes"} carried out`,I=[m.dryRun?"dry run, nothing was changed":S===0?"nothing to change":R,...m.undone.length>0?[`${m.undone.length} undone`]:[],...m.restarted?["agent restarted"]:[],Qe(m.checks),`${we(m.durationMs)} in all`];return`${b}: ${I.join(" \xB7 ")}.`}function bt(m){const v=[["what",te(m.title)],["cause",te(m.cause)],["remedy",te(m.remedy)],["state",te(m.state)],["code",te(m.code)],...m.provenance?[["basis",xe[m.provenance]]]:[],...m.link?[["read",Be(m.link)]]:[]],b=m.evidence.length>0?`

**Evidence**

${Me(m.evidence,30)}`:"";return`${Oe(["","failure"],v)}${b}`}function at({evidence:m=[]},v){if(m.length===0)return"";const b=m.slice(0,32).map(R=>`${te(R.name,80)} (${ee(R.bytes)})`),S=v.slice(0,8).filter(R=>R.lines.length>0).map(R=>`**${te(R.name,80)}**

${Me(R.lines.map(I=>ge(I,400)),20)}`);return Ae(`Evidence: ${H(m.length,"file")}`,[b.join(", "),...S].join(`

`))}function vt(m){return Oe(["","check","result","detail"],m.map(v=>[it[v.verdict],te(v.id,80),te(v.found),[v.cause?te(v.cause):"",v.remedy?`\u2192 ${te(v.remedy)}`:""].filter(b=>b!=="").join("<br>")]))}function lt(m){const{plan:v}=m;if(v.changes.length===0&&v.blockers.length===0)return"";const b=(I,Z)=>m.undone.includes(I)?"undone":m.applied.includes(I)?"done":Z===void 0?"not done":`waits for ${te(Z)}`,S=Oe(["#","change","target","reason","disrupts","state"],v.changes.map((I,Z)=>[String(Z+1),I.kind,te(I.target),te(I.reason),I.disrupts?te(I.disrupts):"nothing",b(I.id,I.waitsFor)])),R=vt(v.blockers);return[`**Plan:** ${ye(rt(v))}`,S,R].filter(I=>I!=="").join(`

`)}var pe=D(1916);const Ze=["skip","pass","warn","fail","error"];function nt(m,v){const b=v==="warn"?Ze.indexOf("warn"):Ze.indexOf("fail"),S=v==="never"?[]:m.filter(I=>Ze.indexOf(I.verdict)>=b);return{worst:m.reduce((I,Z)=>Ze.indexOf(Z.verdict)>Ze.indexOf(I)?Z.verdict:I,"skip"),fails:S.length>0,failing:S}}function M(m,v,b=[]){const S=[...new Set([...m.map(I=>I.id),...b])],R=new Set(v);return{checks:m.map(I=>R.has(I.id)&&I.verdict!=="pass"&&I.verdict!=="skip"?{...I,verdict:"skip",found:`ignored by ignore-checks (was ${I.verdict}): ${I.found}`}:I),unknown:[...R].filter(I=>!S.includes(I)).map(I=>{const Z=U(I,S);return Z===void 0?{id:I}:{id:I,nearest:Z}})}}function U(m,v){const b=I=>I.slice(I.lastIndexOf(".")+1),R=v.map(I=>({candidate:I,far:Math.min((0,pe.Io)(m,I),(0,pe.Io)(m,b(I)))})).sort((I,Z)=>I.far-Z.far)[0];return R&&R.far<=Math.ceil(m.length/2)?R.candidate:void 0}}),3260:((kt,Ue,D)=>{D.d(Ue,{es:()=>lt,NH:()=>nt});var C=D(7598),be=D(3024),fe=D(6760);async function je(M,U,m){U.throwIfAborted();const v=new AbortController,{promise:b,resolve:S}=Promise.withResolvers(),R=()=>S("cancelled"),I=setTimeout(()=>S("late"),M);U.addEventListener("abort",R,{once:!0});const Z=m(v.signal);Z.catch(()=>{});try{const ae=await Promise.race([Z.then(ce=>({value:ce})),b]);if(ae==="late")return{isLate:!0};if(ae==="cancelled")throw U.reason;return{isLate:!1,value:ae.value}}catch(ae){throw U.aborted?U.reason:ae}finally{clearTimeout(I),U.removeEventListener("abort",R),v.abort()}}class he extends Error{code;cause;remedy;evidence;constructor(U,m,v){super(m),this.name="RunnerError",this.code=U,this.cause=v.cause,this.remedy=v.remedy,this.evidence=v.evidence??[]}}function V(M){return new he("cancelled",`cancelled by ${M}`,{cause:"the workflow run was cancelled, or the runner is shutting down",remedy:"run it again: whatever was interrupted, the next run converges"})}const ve=10*6e4;function q(M,U=ve){return async(m,v)=>{v.throwIfAborted();const{downloadTool:b}=await Promise.all([D.e(752),D.e(955),D.e(58),D.e(805)]).then(D.bind(D,9805));try{const S=(0,fe.join)(M,`download-${(0,C.randomUUID)()}`),R=await je(U,v,()=>b(m,S));if(!R.isLate)return R.value;throw new he("download-failed",`${m} could not be downloaded to the runner`,{cause:`it was not complete after ${U/1e3} s: the connection is slow, or something in between holds it`,remedy:"check the runner\u2019s connection to this address (proxy, bandwidth), then run it again",evidence:[`${m}: stopped after ${U} ms`]})}catch(S){if(S instanceof he)throw S;if(v.aborted)throw v.reason;const R=S.httpStatusCode,I=S instanceof Error?S.message:String(S);throw new he("download-failed",`${m} could not be downloaded to the runner`,{cause:R===void 0?I:`the server answered ${R}`,remedy:R===404||R===410?"check the version: this file does not exist":"check that the runner reaches this address (proxy, firewall), then run it again",evidence:[I]})}}}function ue(M){return{find(U,m,v){if(M==="")return;const b=(0,fe.join)(M,U,m,v);if(!(0,be.existsSync)(`${b}.complete`))return;const[S,...R]=ge(b);return S?.isFile()&&R.length===0?(0,fe.join)(b,S.name):void 0},async add(U,m,v,b,S){if(M==="")return U;const{cacheFile:R}=await Promise.all([D.e(752),D.e(955),D.e(58),D.e(805)]).then(D.bind(D,9805));return(0,fe.join)(await R(U,m,v,b,S),m)}}}function ge(M){try{return(0,be.readdirSync)(M,{withFileTypes:!0})}catch{return[]}}var re=D(3053),le=D(8161);const we=2e3;function ie(M){return async(U,m,v)=>{M.throwIfAborted();const{exec:b}=await D.e(955).then(D.bind(D,1955));let S;const R=()=>{S?.kill("SIGTERM"),setTimeout(()=>S?.exitCode===null&&S.kill("SIGKILL"),we).unref()},I=Z=>{const ae=Z.process;queueMicrotask(()=>{S||!ae||!ee(ae,m)||(S=ae,ae.stdin?.on("error",()=>{}),M.aborted&&R())})};(0,re.subscribe)("child_process",I),M.addEventListener("abort",R);try{return await b(H(U),[...m],{input:v.input,env:{...v.env},silent:!0,ignoreReturnCode:!0,listeners:{stdout:v.onStdout,stderr:v.onStderr}})??128+(S?.signalCode?le.constants.signals[S.signalCode]:0)}catch(Z){const ae=Z instanceof Error?Z.message:String(Z);throw new he("program-not-found",`${U} could not be started on the runner`,{cause:ae,remedy:`install ${U} on the runner, or use another transport`})}finally{(0,re.unsubscribe)("child_process",I),M.removeEventListener("abort",R)}}}function ee(M,U){const m=M.spawnargs?.slice(1)??[];return m.length===U.length&&m.every((v,b)=>v===U[b])}function H(M){return`"${M.replaceAll('"','\\"')}"`}const Fe=new Set("true false yes no on off null none undefined default auto root admin user node nodes server agent token password secret host local localhost cluster plan apply fast deep ssh fail warn never pass skip error kube kubernetes linux amd64 arm64 main master latest 0.0.0.0 127.0.0.1 6443 10250 https:// http://".split(" ")),de=4,_e=6;function De(M){return M.trim().length<de||Fe.has(M.trim().toLowerCase())?!1:!/^-----(BEGIN|END) [A-Z0-9 ]+-----$/.test(M.trim())}function Ge(M){const U=Buffer.from(M,"utf8");return[0,1,2].map(m=>{const v=Buffer.concat([Buffer.alloc(m),U]).toString("base64").replace(/=+$/,""),b=(m+U.length)*8;return v.slice(m===0?0:m+1,Math.floor(b/6))})}function Qe(M){const U=encodeURIComponent(M.toWellFormed()),m=Ge(M),v=Buffer.from(M,"utf8").toString("base64");return[JSON.stringify(M).slice(1,-1),JSON.stringify(JSON.stringify(M)).slice(3,-3),U,U.replace(/%[0-9A-F]{2}/g,b=>b.toLowerCase()),U.replaceAll("%20","+"),M.replaceAll("'","'\\''"),v,...m,v.replaceAll("+","-").replaceAll("/","_"),...m.map(b=>b.replaceAll("+","-").replaceAll("/","_"))]}function rt(M){const U=M.trim();if(!De(U))return[];const m=U.split(/\r\n|[\n\r]/),v=new Set;m.length===1&&v.add(U);for(const b of m)m.length>1&&De(b)&&v.add(b.trim());for(const b of new Set([M,U]))for(const S of Qe(b))S.length>=_e&&De(S)&&!/[\r\n]/.test(S)&&v.add(S);return[...v]}const et=2e3,Pe=/\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\^_]?)/g,xe=/[\p{Cf}\p{Cs}\u115F\u1160\u3164\uFFA0]|\u034F|\u17B4|\u17B5/gu,B=/\r\n|[\n\r\u000B\u000C\u0085\u2028\u2029]/;function ne(M){return M.replace(Pe,"").split(B).map(ye)}function X(M){return ye(M.replace(Pe,"").split(B).join(" "))}function ye(M){const U=M.replace(xe,"").replaceAll("	","  ").replace(new RegExp("\\p{Cc}","gu"),""),m=U.length>et?Array.from(U):[];return(m.length>et?`${m.slice(0,et).join("")} \u2026 (${m.length-et} more characters)`:U).replace(/^(\s*)(?=[\uFE00-\uFE0F]*:[\uFE00-\uFE0F]*:)/u,"$1\xB7 ").replace(/#([\uFE00-\uFE0F]*)#(?=[\uFE00-\uFE0F]*\[)/gu,"#$1 #")}const te=/(?<=K10)[0-9a-f]{64}(?:::|%3A%3A)[^\s"'<>]*/gi,Oe=/(?<=(?<![A-Za-z0-9.])[a-z0-9]{6}\.)(?:[a-z0-9]{16}(?![A-Za-z0-9])|[a-z0-9]+(?=…))/g,ze=/token|bearer|authorization|credential/i,Me=/(?<=(?:TOKEN|PASSWORD|--(?:agent-)?token)=)(?:"[^"\r\n]+"|'[^'\r\n]+'|[^\s"']+)/g;function Ae(M,U){return[...M.matchAll(U)].map(m=>[m.index,m.index+m[0].length])}function Be(M){return[...M.matchAll(/[^\r\n]+/g)].flatMap(({0:U,index:m})=>{const v=U.search(ze);return v<0?[]:Ae(U,Oe).filter(([b])=>b>v).map(([b,S])=>[m+b,m+S])})}function tt(M,U){const m=[];for(const v of U)for(let b=M.indexOf(v);b>=0;b=M.indexOf(v,b+1))m.push([b,b+v.length]);return m}function K(M,U){const m=[...tt(M,U),...Ae(M,te),...Ae(M,Me),...Be(M)].sort((S,R)=>S[0]-R[0]);let v="",b=0;for(const[S,R]of m)(S>b||b===0&&v==="")&&(v+=`${M.slice(b,S)}***`),b=Math.max(b,R);return v+M.slice(b)}const He=3e4;function Ce(M,U=He){return{async release(m,v,b,S){S.throwIfAborted();const R=await Je(M()),I=`release ${b} of ${m}/${v}`;try{const Z=await je(U,S,oe=>Promise.all([R.rest.repos.getReleaseByTag({owner:m,repo:v,tag:b,request:{signal:oe}}),R.rest.repos.getCommit({owner:m,repo:v,ref:`tags/${b}`,headers:{accept:"application/vnd.github.sha"},request:{signal:oe}})]));if(Z.isLate)throw Ke(I,U);const[ae,ce]=Z.value,Ye=ae.data.assets.map(it),Te=ce.data;return{assets:Ye,commit:typeof Te=="string"?Te.trim():ce.data.sha}}catch(Z){throw S.aborted?S.reason:Z instanceof he?Z:wt(Z,I,M()!=="")}}}}function Ke(M,U){return new he("github-unreachable",`${M} could not be read: GitHub gave no answer`,{cause:`there was no complete answer within ${U/1e3} s: something between the runner and GitHub holds the connection, or GitHub has a problem`,remedy:"look at www.githubstatus.com and at the runner\u2019s proxy, then run it again",evidence:[`GitHub: no complete answer in ${U} ms`]})}async function Je(M){if(M!=="")return(await Promise.all([D.e(752),D.e(665),D.e(351)]).then(D.bind(D,1351))).getOctokit(M);const{GitHub:U}=await Promise.all([D.e(752),D.e(665)]).then(D.bind(D,8665));return new U}function it(M){const U={name:M.name,url:M.browser_download_url,sizeBytes:M.size};return M.digest?{...U,digest:M.digest}:U}function wt(M,U,m){const{status:v,message:b=String(M),response:S}=M,R=S?.headers??{},I=[`GitHub: ${v===void 0?"":`${v} `}${b}`];return v===void 0||v===500&&S===void 0?new he("github-unreachable",`${U} could not be read: GitHub cannot be reached from the runner`,{cause:b,remedy:"check the runner\u2019s internet access or proxy, then run it again",evidence:I}):v===429||v===403&&String(R["x-ratelimit-remaining"])==="0"||R["retry-after"]!==void 0?new he("rate-limited",`${U} could not be read: GitHub\u2019s rate limit is used up`,{cause:`${m?"the token":"the runner\u2019s address, without a token,"} has no requests left${$t(R)}`,remedy:m?"run it again after that time":"give the input github-token (${{ github.token }} is enough), or wait",evidence:I}):v===404||v===422?new he("release-not-found",`${U} does not exist`,{cause:"there is no such release or tag, or the repository is private",remedy:"check the version: it must be spelled exactly as the release is",evidence:I}):new he("github-refused",`${U} could not be read: GitHub answered ${v}`,{cause:v===401?"the github-token is not valid":b,remedy:v>=500?"run it again later; see www.githubstatus.com":"give a github-token that may read public repositories, or none",evidence:I})}function $t(M){const U=Number(M["x-ratelimit-reset"]);if(Number.isFinite(U)&&U>0&&U<864e10)return` until ${new Date(U*1e3).toISOString()}`;const m=Number(M["retry-after"]);return Number.isFinite(m)&&m>0?` for ${m} s`:""}const ut=10,bt={workflow_dispatch:"by the button",schedule:"by the clock",push:"by a push",pull_request:"by a pull request",repository_dispatch:"by an API call",workflow_run:"by another workflow",release:"by a release"};function at(M){const U=M.GITHUB_RUN_NUMBER;if(!U)return"";const m=Number(M.GITHUB_RUN_ATTEMPT??"1"),v=M.GITHUB_EVENT_NAME??"",b=v===""?"":` \xB7 started ${bt[v]??`by ${v}`}`;return X(`run ${U}${m>1?`, attempt ${m}`:""}${b}`)}function vt(M){const U=/^(INPUT_|STATE_|ACTIONS_.*(TOKEN|URL)$|GITHUB_TOKEN$|GH_TOKEN$)/;return Object.fromEntries(Object.entries(M).filter(m=>m[1]!==void 0&&!U.test(m[0])))}function lt(M,U=process.env){delete U[`INPUT_${M.replaceAll(" ","_").toUpperCase()}`]}function pe(M){const U=new AbortController;for(const m of["SIGINT","SIGTERM"])M.on(m,()=>U.abort(V(m)));return U.signal}function Ze(M,U,m){const v=new Set,b=oe=>K(oe,v),S=oe=>ne(b(oe)).map(b),R=oe=>b(X(b(oe))),I=oe=>S(oe).join(`
`).slice(0,4e3),Z=oe=>{for(const Se of rt(oe))v.has(Se)||(v.add(Se),M.setSecret(Se))};let ae=0;const ce=(oe,Se,Ve)=>{if(ae+=1,ae<=ut)oe(I(Ve),{title:R(Se)});else for(const ct of S(`${Se}: ${Ve}`))M.info(ct)},Ye=M.getInput("github-token");Z(Ye);const Te=U.RUNNER_TEMP||"/tmp";return{input:oe=>M.getInput(oe),workspace:U.GITHUB_WORKSPACE||process.cwd(),temporaryDirectory:Te,environment:vt(U),signal:m,runLabel:at(U),isDebug:M.isDebug(),mask:Z,redact:b,output:(oe,Se)=>M.setOutput(oe,Se),saveState:(oe,Se)=>M.saveState(oe,Se),state:oe=>M.getState(oe),line(oe=""){for(const Se of S(oe))M.info(Se)},debug(oe){for(const Se of S(oe))M.debug(Se)},details(oe,Se){M.startGroup(R(oe));for(const Ve of Se)for(const ct of S(Ve))M.info(ct);M.endGroup()},errorAnnotation(oe,Se){ce(M.error,oe,Se)},warningAnnotation(oe,Se){ce(M.warning,oe,Se)},async summary(oe){if(U.GITHUB_STEP_SUMMARY)try{await M.summary.addRaw(oe,!oe.endsWith(`
`)).write()}catch(Se){M.warning(I(Se instanceof Error?Se.message:String(Se)),{title:"The summary could not be written"})}},exec:ie(m),releases:Ce(()=>Ye),download:q(Te),toolCache:ue(U.RUNNER_TOOL_CACHE??"")}}async function nt(M=process.env){const U=await Promise.all([D.e(752),D.e(955),D.e(58)]).then(D.bind(D,6058));return Ze(U,M,pe(process))}})};export{Xs as id,Qs as ids,er as modules};
