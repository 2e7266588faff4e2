const Xn=567,Qn=[567],es={2851:((vt,Je,N)=>{N.d(Je,{_e:()=>Se,_r:()=>fe,ro:()=>Fe});const K={tokenId:"token-id",kubeconfig:"kubeconfig",context:"context"};function Se(Y,ie){Y.saveState(K.kubeconfig,ie.kubeconfig),Y.saveState(K.context,ie.context),Y.saveState(K.tokenId,ie.tokenId)}function fe(Y){Y.saveState(K.tokenId,"")}function Fe(Y){const ie=Y.state(K.tokenId);if(ie!=="")return{tokenId:ie,kubeconfig:Y.state(K.kubeconfig),context:Y.state(K.context)}}}),2113:((vt,Je,N)=>{N.d(Je,{Vp:()=>Lt,ij:()=>oe,Vw:()=>He,kJ:()=>ct,pA:()=>Ae,g$:()=>nt,hD:()=>Z,dT:()=>jt,gM:()=>Ce,hl:()=>sn,pF:()=>st,RU:()=>je});var K=N(8815);const Se=256*1024,fe=40,Fe=50,Y=20,ie={DUPLICATE_KEY:"the same key appears twice in one mapping",TAB_AS_INDENT:"a tab is used as indentation",MULTIPLE_DOCS:"there is a second document",NON_STRING_KEY:"a key is not text; put it in quotes",TAG_RESOLVE_FAILED:"there is a tag that plain YAML does not know"};function Oe(o){return o.map(r=>typeof r=="number"?`[${r}]`:/^[\w/-]+$/.test(r)?`.${r}`:`[${JSON.stringify(r)}]`).join("").replace(/^\./,"")}function ee(o,r=0){return o===null||typeof o!="object"||r>fe?r:Math.max(r,...Object.values(o).map(g=>ee(g,r+1)))}function ce(o){return o?.range?.[0]}function be(o,r,g){let v=o.contents,_=ce(v)??0;for(const[A,e]of r.entries()){(0,K.Vj)(v)&&(v=v.resolve(o));const u=A===r.length-1;if((0,K.jh)(v)){const G=v.items.find($=>(0,K.jn)($.key)&&String($.key.value)===String(e));if(!G)return _;_=(u&&g==="value"?ce(G.value):void 0)??ce(G.key)??_,v=G.value}else if((0,K.oP)(v))v=v.items[Number(e)],_=ce(v)??_;else return _}return _}function ne(o,r){const g=new Map;for(const v of[...o].sort((_,A)=>_.pos[0]-A.pos[0])){const _=r(v.pos[0]),A=_.replace(/:\d+$/,"");if(g.has(A))continue;const e=(v.message.split(`
`)[0]??"").slice(0,120);g.set(A,{input:_,problem:ie[v.code]??`is no YAML (${e})`,allowed:"YAML 1.2, one document, each key once"})}return[...g.values()].slice(0,Y)}function Ce(o,r){if(Buffer.byteLength(o)>Se)return{problems:[{input:r,problem:"is larger than 256 KiB",allowed:"a cluster is described in a few pages"}]};const g=new K.HN,v=A=>{const{line:e,col:u}=g.linePos(A);return`${r}:${Math.max(1,e)}:${Math.max(1,u)}`},_=(A,e,u)=>({problems:[{input:v(A),problem:e,allowed:u}]});try{const A=(0,K.Tp)(o,{lineCounter:g,prettyErrors:!1,stringKeys:!0,version:"1.2",uniqueKeys:!0}),e=[...A.errors,...A.warnings];if(e.some(f=>f.message.includes("call stack")))throw new RangeError(e[0]?.message);if(e.length>0)return{problems:ne(e,v)};let u,G;if((0,K.YR)(A,{Node(f,$e){(0,K.Vj)($e)?u??=ce($e):$e.tag!==void 0&&(G??=ce($e))}}),G!==void 0)return _(G,"has a tag","plain text, numbers, true, false, lists and mappings");let $;try{if($=A.toJS({maxAliasCount:Fe}),ee($)>fe)return _(u??0,"is nested without end",`at most ${fe} levels`)}catch(f){if(u===void 0)throw f;return _(u,"has an alias that cannot be resolved, or too many of them",`at most ${Fe} uses of aliases`)}return{yaml:{content:$,at:(f,$e="value")=>{const X=v(be(A,f,$e));return f.length>0?`${X} (${Oe(f)})`:X}}}}catch(A){const e=A instanceof RangeError?"is nested too deeply to be read":`cannot be read (${A instanceof Error?A.message:String(A)})`;return{problems:[{input:r,problem:e,allowed:`YAML of at most ${fe} levels`}]}}}var ye=N(7030),de=N(1916);const se=80;function Z(o){const g=(typeof o=="string"?o:JSON.stringify(o)??String(o)).replace(/\/\/[^/@\s]*@/g,"//***@"),v=g.length>se?`${g.slice(0,se)}\u2026`:g;return(typeof o=="string"?JSON.stringify(v):v).toWellFormed().replace(/[\p{C}\p{Zl}\p{Zp}]/gu,A=>`\\u{${A.codePointAt(0)?.toString(16)}}`)}function Ae(o,r){if(o.length>200)return;const g=o.toLowerCase(),v=r.map(A=>({choice:A,steps:(0,de.Io)(g,A.toLowerCase())})).sort((A,e)=>A.steps-e.steps),[_]=v;return _&&_.steps<=Math.max(2,Math.floor(_.choice.length/3))?_.choice:void 0}function je(o){return o===void 0?{}:{nearest:o}}function He(o){const r=o.value===void 0?"":`${o.value} `,g=o.nearest===void 0?"":`; did you mean ${Z(o.nearest)}?`;return`${o.input}: ${r}${o.problem}; ${o.allowed}${g}`}const Ye=/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;function et(o){const r=Ye.exec(o)?.[0]?.codePointAt(0);return r===void 0?void 0:`U+${r.toString(16).toUpperCase().padStart(4,"0")}`}const nt=o=>{const r=et(o);return r?{problem:`contains the invisible character ${r}`,allowed:"one line of printable text"}:void 0},st=o=>o.startsWith("-")?{problem:"begins with a dash",allowed:"text that no program can take for an option"}:nt(o);function Re(o,r,g,v){const _=A=>A.length<=r&&o.test(A);return A=>{if(_(A))return;const e=A.length>r?`is longer than ${r} characters`:"has the wrong form",u=v?.(A);return{problem:e,allowed:g,...je(u!==void 0&&_(u)?u:void 0)}}}const Ie=/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,V=Re(Ie,63,"lower-case letters, digits, '-' and '.', at most 63, letter or digit at both ends",o=>o.toLowerCase().replaceAll("_","-")),re=Re(/^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/,32,"a Unix user name, e.g. oceanid",o=>o.replace(/@.*$/,"")),oe=Re(/^[a-z0-9]+([.-][a-z0-9]+)*$/,100,"the id of a check as the report shows it, e.g. host.clock",o=>o.toLowerCase().replaceAll("_","-")),Pe=o=>{if((0,ye.isIP)(o)!==0)return;const r="a DNS name or an IP address",g=/^(?:ssh:\/\/)?(?:[^@/\s]+@)?\[?([^@/\s\]]+?)\]?(?::\d+)?\/?$/.exec(o)?.[1]??"";if(/^[0-9.]+$/.test(o))return{problem:"is no IPv4 address",allowed:r};if(o.length<=253&&Ie.test(o.toLowerCase()))return;const v=(0,ye.isIP)(g)!==0||Ie.test(g.toLowerCase());return{problem:"has the wrong form",allowed:`${r}, without user and port`,...je(v?g:void 0)}},Te=o=>(0,ye.isIP)(o)===0?{problem:"is no IP address",allowed:"an IPv4 or IPv6 address"}:void 0,he=o=>{const r=o.split(",").map(A=>A.trim()),g="an IP address, or one IPv4 and one IPv6 address separated by a comma",v=r.map(A=>(0,ye.isIP)(A)),_=r.find(A=>(0,ye.isIP)(A)===0);return _!==void 0?{problem:_.includes("/")?"is a network, not an address":"is no IP address",allowed:g}:new Set(v).size===v.length?void 0:{problem:"has two addresses of the same family",allowed:g}},Ge=o=>{const r="https://host:port, e.g. https://203.0.113.7:6443",[,g="",v="",_]=/^([a-z]+):\/\/(\[[^\]\s]+\]|[^/:\s]+)(?::(\d+))?\/?$/i.exec(o)??[],A=v.replace(/^\[|\]$/g,"");if(!(v.startsWith("[")?(0,ye.isIP)(A)===6:Pe(v)===void 0)){const u=Pe(o.replace(/:\d+$/,""))===void 0?o:void 0,G=u===void 0?void 0:`https://${u}${/:\d+$/.test(u)?"":":6443"}`;return{problem:"is no server address",allowed:r,...je(G)}}return g.toLowerCase()!=="https"?{problem:"is not https",allowed:r,nearest:`https://${v}:${_??"6443"}`}:_===void 0?{problem:"has no port",allowed:r,nearest:`https://${v}:6443`}:Number(_)>=1&&Number(_)<=65535?void 0:{problem:"has no such port",allowed:r}};function De(o){const r=o==="k3s",g=r?/^v\d+\.\d+\.\d+(-rc\d+)?\+k3s\d+$/:/^v\d+\.\d+\.\d+$/,v=`match-server, or an exact version like ${r?"v1.33.4+k3s1":"v1.33.4"}`;return _=>{if(_==="match-server"||_.length<=40&&g.test(_))return;if(/^(stable|latest|testing|v?\d+(\.\d+)?)$/.test(_))return{problem:"is a channel: it names another version tomorrow",allowed:v,nearest:"match-server"};const A=[`v${_}`,`${_}+k3s1`,`v${_}+k3s1`,_.replace(/-(k3s\d+)$/,"+$1"),_.replace(/\+.*$/,""),_.toLowerCase()],e=/^match.?server$/i.test(_)?"match-server":A.find(u=>g.test(u));return{problem:"is no version",allowed:v,...je(e)}}}const Ue=["NoSchedule","PreferNoSchedule","NoExecute"],Be=/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,lt=/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,ue=["kubernetes.io/hostname","kubernetes.io/os","kubernetes.io/arch","beta.kubernetes.io/os","beta.kubernetes.io/arch"],it=["control-plane","master","etcd"].map(o=>`node-role.kubernetes.io/${o}`);function Ve(o){const[r="",g,...v]=o.split("/").reverse(),_=g===void 0||g.length<=253&&lt.test(g);return v.length===0&&Be.test(r)&&_}function ct(o){if(!Ve(o))return{problem:"is no label key",allowed:"an optional DNS name and '/', then at most 63 letters, digits, '-', '_' or '.', e.g. oceanid.node/gpu"};if(ue.includes(o))return{problem:"is set by the kubelet itself",allowed:"any other key"};if(it.includes(o))return{problem:"marks servers, and this node is an agent",allowed:"any other key"}}function ft(o){if(o===""||Be.test(o))return;const r=o.trim().replace(/[\s/:]+/g,"-");return{problem:"is no label value",allowed:"at most 63 letters, digits, '-', '_' or '.', letter or digit at both ends",...je(Be.test(r)?r:void 0)}}function $t(o){const r=o.indexOf("=");if(r>=0)return ct(o.slice(0,r))??ft(o.slice(r+1));const g=/^([^:]+):\s*(\S.*)$/.exec(o);return{problem:"is no label",allowed:"key=value (key= for an empty value), one a line or separated by commas",...je(g?`${g[1]}=${g[2]}`:void 0)}}function at(o){const[,r="",g="",v]=/^([^=:]+)(?:=([^=:]*))?:([A-Za-z]+)$/.exec(o)??[],_=Ue.find(A=>A===v);if(!(_===void 0||!Ve(r)||g!==""&&!Be.test(g)))return g===""?{key:r,effect:_}:{key:r,value:g,effect:_}}function dt(o){const r=at(o);if(r)return r;const g=o.lastIndexOf(":"),v=Ae(o.slice(g+1),Ue),_=g>0&&v!==void 0?`${o.slice(0,g)}:${v}`:"";return{problem:"is no taint",allowed:`key=value:Effect or key:Effect, Effect one of ${Ue.join(", ")}`,...je(at(_)?_:void 0)}}function gt(o){return"problem"in o}var yt=N(6214);const tt=Qe,Ke={$schema:"https://json-schema.org/draft/2020-12/schema",$id:"cluster.schema.json",type:"object",additionalProperties:!1,required:["name","nodes"],properties:{name:{$ref:"#/$defs/name"},distribution:{enum:["k3s","kubeadm"]},version:{$ref:"#/$defs/version"},api:{$ref:"#/$defs/api"},kubeconfig:{$ref:"#/$defs/kubeconfig"},join:{$ref:"#/$defs/join"},nodes:{type:"object",minProperties:1,propertyNames:{$ref:"#/$defs/name"},additionalProperties:{$ref:"#/$defs/node"}},verify:{$ref:"#/$defs/verify"}},$defs:{name:{type:"string",maxLength:63,pattern:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"},text:{type:"string",minLength:1,maxLength:1024,pattern:"^[^\\u0000-\\u001f\\u007f]*$"},port:{type:"integer",minimum:1,maximum:65535},duration:{type:"string",pattern:"^(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?$",minLength:2},version:{type:"string",pattern:"^(match-server|v\\d+\\.\\d+\\.\\d+(-rc\\d+)?(\\+k3s\\d+)?)$"},fingerprint:{type:"string",pattern:"^SHA256:[A-Za-z0-9+/]{43}=?$"},fingerprints:{type:["string","array"],pattern:"^SHA256:[A-Za-z0-9+/]{43}=?$",items:{$ref:"#/$defs/fingerprint"}},api:{type:"object",additionalProperties:!1,properties:{server:{type:"string",pattern:"^https://[^/@\\s]+:\\d+/?$"},tunnel:{type:"object",additionalProperties:!1,required:["host","user"],properties:{host:{$ref:"#/$defs/text"},port:{$ref:"#/$defs/port"},user:{$ref:"#/$defs/text"},"local-port":{$ref:"#/$defs/port"},"known-hosts":{type:"string"},"host-key-fingerprint":{$ref:"#/$defs/fingerprints"},"private-key-property":{$ref:"#/$defs/text"}}}}},kubeconfig:{type:"object",additionalProperties:!1,properties:{esc:{type:"string",pattern:"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+(@[A-Za-z0-9_.-]+)?$"},property:{$ref:"#/$defs/text"},path:{$ref:"#/$defs/text"},context:{$ref:"#/$defs/text"}}},join:{type:"object",additionalProperties:!1,properties:{timeout:{$ref:"#/$defs/duration"},verify:{enum:["fast","deep"]},"fail-on":{enum:["fail","warn","never"]},"ignore-checks":{type:"array",items:{type:"string",pattern:"^[a-z0-9]+([.-][a-z0-9]+)*$"}}}},node:{type:"object",additionalProperties:!1,properties:{role:{enum:["agent","server"]},address:{$ref:"#/$defs/text"},transport:{enum:["ssh","local"]},ssh:{type:"object",additionalProperties:!1,properties:{host:{$ref:"#/$defs/text"},port:{$ref:"#/$defs/port"},user:{$ref:"#/$defs/text"},"known-hosts":{type:"string"},"host-key-fingerprint":{$ref:"#/$defs/fingerprints"},"private-key-file":{$ref:"#/$defs/text"},"private-key-property":{$ref:"#/$defs/text"}}},version:{$ref:"#/$defs/version"},"pod-network":{enum:["shared","isolated"]},labels:{type:"object",additionalProperties:{type:"string"}},taints:{type:"array",items:{type:"string"}},"node-ip":{type:"string"},"node-external-ip":{type:"string"},"extra-config":{type:"object",additionalProperties:{type:["string","number","boolean","array"],items:{type:["string","number","boolean"]}}},gpu:{type:"object",additionalProperties:!1,properties:{count:{type:"integer",minimum:1,maximum:64},product:{$ref:"#/$defs/text"}}},join:{$ref:"#/$defs/join"}}},verify:{type:"object",additionalProperties:!1,properties:{flux:{enum:["required","optional","ignored"]},triton:{type:"array",items:{type:"object",additionalProperties:!1,required:["url","model"],properties:{url:{type:"string",pattern:"^https?://[^/@\\s]+"},access:{enum:["direct","cloudflare"]},model:{$ref:"#/$defs/text"},"gpu-proof":{enum:["gpu-proved","gpu-likely","none"]},p95:{$ref:"#/$defs/duration"}}}}}}}},bt={type:"string",maxLength:63,pattern:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"},wt={type:"string",pattern:"^(match-server|v\\d+\\.\\d+\\.\\d+(-rc\\d+)?(\\+k3s\\d+)?)$"},pe=yt.default??yt,Xe=new RegExp("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$","u"),R=new RegExp("^(match-server|v\\d+\\.\\d+\\.\\d+(-rc\\d+)?(\\+k3s\\d+)?)$","u"),j={type:"object",additionalProperties:!1,properties:{server:{type:"string",pattern:"^https://[^/@\\s]+:\\d+/?$"},tunnel:{type:"object",additionalProperties:!1,required:["host","user"],properties:{host:{$ref:"#/$defs/text"},port:{$ref:"#/$defs/port"},user:{$ref:"#/$defs/text"},"local-port":{$ref:"#/$defs/port"},"known-hosts":{type:"string"},"host-key-fingerprint":{$ref:"#/$defs/fingerprints"},"private-key-property":{$ref:"#/$defs/text"}}}}},U={type:"string",minLength:1,maxLength:1024,pattern:"^[^\\u0000-\\u001f\\u007f]*$"},l={type:"integer",minimum:1,maximum:65535},k=new RegExp("^https://[^/@\\s]+:\\d+/?$","u"),y=new RegExp("^[^\\u0000-\\u001f\\u007f]*$","u"),x={type:["string","array"],pattern:"^SHA256:[A-Za-z0-9+/]{43}=?$",items:{$ref:"#/$defs/fingerprint"}},E={type:"string",pattern:"^SHA256:[A-Za-z0-9+/]{43}=?$"},S=new RegExp("^SHA256:[A-Za-z0-9+/]{43}=?$","u");function W(o,{instancePath:r="",parentData:g,parentDataProperty:v,rootData:_=o,dynamicAnchors:A={}}={}){let e=null,u=0;const G=W.evaluated;if(G.dynamicProps&&(G.props=void 0),G.dynamicItems&&(G.items=void 0),typeof o!="string"&&!Array.isArray(o)){const $={instancePath:r,schemaPath:"#/type",keyword:"type",params:{type:x.type},message:"must be string,array"};e===null?e=[$]:e.push($),u++}if(typeof o=="string"&&!S.test(o)){const $={instancePath:r,schemaPath:"#/pattern",keyword:"pattern",params:{pattern:"^SHA256:[A-Za-z0-9+/]{43}=?$"},message:'must match pattern "^SHA256:[A-Za-z0-9+/]{43}=?$"'};e===null?e=[$]:e.push($),u++}if(Array.isArray(o)){const $=o.length;for(let a=0;a<$;a++){let f=o[a];if(typeof f=="string"){if(!S.test(f)){const $e={instancePath:r+"/"+a,schemaPath:"#/$defs/fingerprint/pattern",keyword:"pattern",params:{pattern:"^SHA256:[A-Za-z0-9+/]{43}=?$"},message:'must match pattern "^SHA256:[A-Za-z0-9+/]{43}=?$"'};e===null?e=[$e]:e.push($e),u++}}else{const $e={instancePath:r+"/"+a,schemaPath:"#/$defs/fingerprint/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[$e]:e.push($e),u++}}}return W.errors=e,u===0}W.evaluated={items:!0,dynamicProps:!1,dynamicItems:!1};function we(o,{instancePath:r="",parentData:g,parentDataProperty:v,rootData:_=o,dynamicAnchors:A={}}={}){let e=null,u=0;const G=we.evaluated;if(G.dynamicProps&&(G.props=void 0),G.dynamicItems&&(G.items=void 0),o&&typeof o=="object"&&!Array.isArray(o)){for(const $ in o)if(!($==="server"||$==="tunnel")){const a={instancePath:r,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty:$},message:"must NOT have additional properties"};e===null?e=[a]:e.push(a),u++}if(o.server!==void 0){let $=o.server;if(typeof $=="string"){if(!k.test($)){const a={instancePath:r+"/server",schemaPath:"#/properties/server/pattern",keyword:"pattern",params:{pattern:"^https://[^/@\\s]+:\\d+/?$"},message:'must match pattern "^https://[^/@\\s]+:\\d+/?$"'};e===null?e=[a]:e.push(a),u++}}else{const a={instancePath:r+"/server",schemaPath:"#/properties/server/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[a]:e.push(a),u++}}if(o.tunnel!==void 0){let $=o.tunnel;if($&&typeof $=="object"&&!Array.isArray($)){if($.host===void 0){const a={instancePath:r+"/tunnel",schemaPath:"#/properties/tunnel/required",keyword:"required",params:{missingProperty:"host"},message:"must have required property 'host'"};e===null?e=[a]:e.push(a),u++}if($.user===void 0){const a={instancePath:r+"/tunnel",schemaPath:"#/properties/tunnel/required",keyword:"required",params:{missingProperty:"user"},message:"must have required property 'user'"};e===null?e=[a]:e.push(a),u++}for(const a in $)if(!(a==="host"||a==="port"||a==="user"||a==="local-port"||a==="known-hosts"||a==="host-key-fingerprint"||a==="private-key-property")){const f={instancePath:r+"/tunnel",schemaPath:"#/properties/tunnel/additionalProperties",keyword:"additionalProperties",params:{additionalProperty:a},message:"must NOT have additional properties"};e===null?e=[f]:e.push(f),u++}if($.host!==void 0){let a=$.host;if(typeof a=="string"){if(pe(a)>1024){const f={instancePath:r+"/tunnel/host",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[f]:e.push(f),u++}if(pe(a)<1){const f={instancePath:r+"/tunnel/host",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[f]:e.push(f),u++}if(!y.test(a)){const f={instancePath:r+"/tunnel/host",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[f]:e.push(f),u++}}else{const f={instancePath:r+"/tunnel/host",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[f]:e.push(f),u++}}if($.port!==void 0){let a=$.port;if(!(typeof a=="number"&&!(a%1)&&!isNaN(a)&&isFinite(a))){const f={instancePath:r+"/tunnel/port",schemaPath:"#/$defs/port/type",keyword:"type",params:{type:"integer"},message:"must be integer"};e===null?e=[f]:e.push(f),u++}if(typeof a=="number"&&isFinite(a)){if(a>65535||isNaN(a)){const f={instancePath:r+"/tunnel/port",schemaPath:"#/$defs/port/maximum",keyword:"maximum",params:{comparison:"<=",limit:65535},message:"must be <= 65535"};e===null?e=[f]:e.push(f),u++}if(a<1||isNaN(a)){const f={instancePath:r+"/tunnel/port",schemaPath:"#/$defs/port/minimum",keyword:"minimum",params:{comparison:">=",limit:1},message:"must be >= 1"};e===null?e=[f]:e.push(f),u++}}}if($.user!==void 0){let a=$.user;if(typeof a=="string"){if(pe(a)>1024){const f={instancePath:r+"/tunnel/user",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[f]:e.push(f),u++}if(pe(a)<1){const f={instancePath:r+"/tunnel/user",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[f]:e.push(f),u++}if(!y.test(a)){const f={instancePath:r+"/tunnel/user",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[f]:e.push(f),u++}}else{const f={instancePath:r+"/tunnel/user",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[f]:e.push(f),u++}}if($["local-port"]!==void 0){let a=$["local-port"];if(!(typeof a=="number"&&!(a%1)&&!isNaN(a)&&isFinite(a))){const f={instancePath:r+"/tunnel/local-port",schemaPath:"#/$defs/port/type",keyword:"type",params:{type:"integer"},message:"must be integer"};e===null?e=[f]:e.push(f),u++}if(typeof a=="number"&&isFinite(a)){if(a>65535||isNaN(a)){const f={instancePath:r+"/tunnel/local-port",schemaPath:"#/$defs/port/maximum",keyword:"maximum",params:{comparison:"<=",limit:65535},message:"must be <= 65535"};e===null?e=[f]:e.push(f),u++}if(a<1||isNaN(a)){const f={instancePath:r+"/tunnel/local-port",schemaPath:"#/$defs/port/minimum",keyword:"minimum",params:{comparison:">=",limit:1},message:"must be >= 1"};e===null?e=[f]:e.push(f),u++}}}if($["known-hosts"]!==void 0&&typeof $["known-hosts"]!="string"){const a={instancePath:r+"/tunnel/known-hosts",schemaPath:"#/properties/tunnel/properties/known-hosts/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[a]:e.push(a),u++}if($["host-key-fingerprint"]!==void 0&&(W($["host-key-fingerprint"],{instancePath:r+"/tunnel/host-key-fingerprint",parentData:$,parentDataProperty:"host-key-fingerprint",rootData:_,dynamicAnchors:A})||(e=e===null?W.errors:e.concat(W.errors),u=e.length)),$["private-key-property"]!==void 0){let a=$["private-key-property"];if(typeof a=="string"){if(pe(a)>1024){const f={instancePath:r+"/tunnel/private-key-property",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[f]:e.push(f),u++}if(pe(a)<1){const f={instancePath:r+"/tunnel/private-key-property",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[f]:e.push(f),u++}if(!y.test(a)){const f={instancePath:r+"/tunnel/private-key-property",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[f]:e.push(f),u++}}else{const f={instancePath:r+"/tunnel/private-key-property",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[f]:e.push(f),u++}}}else{const a={instancePath:r+"/tunnel",schemaPath:"#/properties/tunnel/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[a]:e.push(a),u++}}}else{const $={instancePath:r,schemaPath:"#/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[$]:e.push($),u++}return we.errors=e,u===0}we.evaluated={props:!0,dynamicProps:!1,dynamicItems:!1};const D={type:"object",additionalProperties:!1,properties:{esc:{type:"string",pattern:"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+(@[A-Za-z0-9_.-]+)?$"},property:{$ref:"#/$defs/text"},path:{$ref:"#/$defs/text"},context:{$ref:"#/$defs/text"}}},ve=new RegExp("^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+(@[A-Za-z0-9_.-]+)?$","u");function xe(o,{instancePath:r="",parentData:g,parentDataProperty:v,rootData:_=o,dynamicAnchors:A={}}={}){let e=null,u=0;const G=xe.evaluated;if(G.dynamicProps&&(G.props=void 0),G.dynamicItems&&(G.items=void 0),o&&typeof o=="object"&&!Array.isArray(o)){for(const $ in o)if(!($==="esc"||$==="property"||$==="path"||$==="context")){const a={instancePath:r,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty:$},message:"must NOT have additional properties"};e===null?e=[a]:e.push(a),u++}if(o.esc!==void 0){let $=o.esc;if(typeof $=="string"){if(!ve.test($)){const a={instancePath:r+"/esc",schemaPath:"#/properties/esc/pattern",keyword:"pattern",params:{pattern:"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+(@[A-Za-z0-9_.-]+)?$"},message:'must match pattern "^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+(@[A-Za-z0-9_.-]+)?$"'};e===null?e=[a]:e.push(a),u++}}else{const a={instancePath:r+"/esc",schemaPath:"#/properties/esc/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[a]:e.push(a),u++}}if(o.property!==void 0){let $=o.property;if(typeof $=="string"){if(pe($)>1024){const a={instancePath:r+"/property",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[a]:e.push(a),u++}if(pe($)<1){const a={instancePath:r+"/property",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[a]:e.push(a),u++}if(!y.test($)){const a={instancePath:r+"/property",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[a]:e.push(a),u++}}else{const a={instancePath:r+"/property",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[a]:e.push(a),u++}}if(o.path!==void 0){let $=o.path;if(typeof $=="string"){if(pe($)>1024){const a={instancePath:r+"/path",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[a]:e.push(a),u++}if(pe($)<1){const a={instancePath:r+"/path",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[a]:e.push(a),u++}if(!y.test($)){const a={instancePath:r+"/path",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[a]:e.push(a),u++}}else{const a={instancePath:r+"/path",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[a]:e.push(a),u++}}if(o.context!==void 0){let $=o.context;if(typeof $=="string"){if(pe($)>1024){const a={instancePath:r+"/context",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[a]:e.push(a),u++}if(pe($)<1){const a={instancePath:r+"/context",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[a]:e.push(a),u++}if(!y.test($)){const a={instancePath:r+"/context",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[a]:e.push(a),u++}}else{const a={instancePath:r+"/context",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[a]:e.push(a),u++}}}else{const $={instancePath:r,schemaPath:"#/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[$]:e.push($),u++}return xe.errors=e,u===0}xe.evaluated={props:!0,dynamicProps:!1,dynamicItems:!1};const qe={type:"object",additionalProperties:!1,properties:{timeout:{$ref:"#/$defs/duration"},verify:{enum:["fast","deep"]},"fail-on":{enum:["fail","warn","never"]},"ignore-checks":{type:"array",items:{type:"string",pattern:"^[a-z0-9]+([.-][a-z0-9]+)*$"}}}},b={type:"string",pattern:"^(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?$",minLength:2},w=new RegExp("^(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?$","u"),M=new RegExp("^[a-z0-9]+([.-][a-z0-9]+)*$","u");function z(o,{instancePath:r="",parentData:g,parentDataProperty:v,rootData:_=o,dynamicAnchors:A={}}={}){let e=null,u=0;const G=z.evaluated;if(G.dynamicProps&&(G.props=void 0),G.dynamicItems&&(G.items=void 0),o&&typeof o=="object"&&!Array.isArray(o)){for(const $ in o)if(!($==="timeout"||$==="verify"||$==="fail-on"||$==="ignore-checks")){const a={instancePath:r,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty:$},message:"must NOT have additional properties"};e===null?e=[a]:e.push(a),u++}if(o.timeout!==void 0){let $=o.timeout;if(typeof $=="string"){if(pe($)<2){const a={instancePath:r+"/timeout",schemaPath:"#/$defs/duration/minLength",keyword:"minLength",params:{limit:2},message:"must NOT have fewer than 2 characters"};e===null?e=[a]:e.push(a),u++}if(!w.test($)){const a={instancePath:r+"/timeout",schemaPath:"#/$defs/duration/pattern",keyword:"pattern",params:{pattern:"^(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?$"},message:'must match pattern "^(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?$"'};e===null?e=[a]:e.push(a),u++}}else{const a={instancePath:r+"/timeout",schemaPath:"#/$defs/duration/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[a]:e.push(a),u++}}if(o.verify!==void 0){let $=o.verify;if(!($==="fast"||$==="deep")){const a={instancePath:r+"/verify",schemaPath:"#/properties/verify/enum",keyword:"enum",params:{allowedValues:qe.properties.verify.enum},message:"must be equal to one of the allowed values"};e===null?e=[a]:e.push(a),u++}}if(o["fail-on"]!==void 0){let $=o["fail-on"];if(!($==="fail"||$==="warn"||$==="never")){const a={instancePath:r+"/fail-on",schemaPath:"#/properties/fail-on/enum",keyword:"enum",params:{allowedValues:qe.properties["fail-on"].enum},message:"must be equal to one of the allowed values"};e===null?e=[a]:e.push(a),u++}}if(o["ignore-checks"]!==void 0){let $=o["ignore-checks"];if(Array.isArray($)){const a=$.length;for(let f=0;f<a;f++){let $e=$[f];if(typeof $e=="string"){if(!M.test($e)){const X={instancePath:r+"/ignore-checks/"+f,schemaPath:"#/properties/ignore-checks/items/pattern",keyword:"pattern",params:{pattern:"^[a-z0-9]+([.-][a-z0-9]+)*$"},message:'must match pattern "^[a-z0-9]+([.-][a-z0-9]+)*$"'};e===null?e=[X]:e.push(X),u++}}else{const X={instancePath:r+"/ignore-checks/"+f,schemaPath:"#/properties/ignore-checks/items/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[X]:e.push(X),u++}}}else{const a={instancePath:r+"/ignore-checks",schemaPath:"#/properties/ignore-checks/type",keyword:"type",params:{type:"array"},message:"must be array"};e===null?e=[a]:e.push(a),u++}}}else{const $={instancePath:r,schemaPath:"#/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[$]:e.push($),u++}return z.errors=e,u===0}z.evaluated={props:!0,dynamicProps:!1,dynamicItems:!1};const F={type:"object",additionalProperties:!1,properties:{role:{enum:["agent","server"]},address:{$ref:"#/$defs/text"},transport:{enum:["ssh","local"]},ssh:{type:"object",additionalProperties:!1,properties:{host:{$ref:"#/$defs/text"},port:{$ref:"#/$defs/port"},user:{$ref:"#/$defs/text"},"known-hosts":{type:"string"},"host-key-fingerprint":{$ref:"#/$defs/fingerprints"},"private-key-file":{$ref:"#/$defs/text"},"private-key-property":{$ref:"#/$defs/text"}}},version:{$ref:"#/$defs/version"},"pod-network":{enum:["shared","isolated"]},labels:{type:"object",additionalProperties:{type:"string"}},taints:{type:"array",items:{type:"string"}},"node-ip":{type:"string"},"node-external-ip":{type:"string"},"extra-config":{type:"object",additionalProperties:{type:["string","number","boolean","array"],items:{type:["string","number","boolean"]}}},gpu:{type:"object",additionalProperties:!1,properties:{count:{type:"integer",minimum:1,maximum:64},product:{$ref:"#/$defs/text"}}},join:{$ref:"#/$defs/join"}}},J=Object.prototype.hasOwnProperty;function C(o,{instancePath:r="",parentData:g,parentDataProperty:v,rootData:_=o,dynamicAnchors:A={}}={}){let e=null,u=0;const G=C.evaluated;if(G.dynamicProps&&(G.props=void 0),G.dynamicItems&&(G.items=void 0),o&&typeof o=="object"&&!Array.isArray(o)){for(const $ in o)if(!J.call(F.properties,$)){const a={instancePath:r,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty:$},message:"must NOT have additional properties"};e===null?e=[a]:e.push(a),u++}if(o.role!==void 0){let $=o.role;if(!($==="agent"||$==="server")){const a={instancePath:r+"/role",schemaPath:"#/properties/role/enum",keyword:"enum",params:{allowedValues:F.properties.role.enum},message:"must be equal to one of the allowed values"};e===null?e=[a]:e.push(a),u++}}if(o.address!==void 0){let $=o.address;if(typeof $=="string"){if(pe($)>1024){const a={instancePath:r+"/address",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[a]:e.push(a),u++}if(pe($)<1){const a={instancePath:r+"/address",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[a]:e.push(a),u++}if(!y.test($)){const a={instancePath:r+"/address",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[a]:e.push(a),u++}}else{const a={instancePath:r+"/address",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[a]:e.push(a),u++}}if(o.transport!==void 0){let $=o.transport;if(!($==="ssh"||$==="local")){const a={instancePath:r+"/transport",schemaPath:"#/properties/transport/enum",keyword:"enum",params:{allowedValues:F.properties.transport.enum},message:"must be equal to one of the allowed values"};e===null?e=[a]:e.push(a),u++}}if(o.ssh!==void 0){let $=o.ssh;if($&&typeof $=="object"&&!Array.isArray($)){for(const a in $)if(!(a==="host"||a==="port"||a==="user"||a==="known-hosts"||a==="host-key-fingerprint"||a==="private-key-file"||a==="private-key-property")){const f={instancePath:r+"/ssh",schemaPath:"#/properties/ssh/additionalProperties",keyword:"additionalProperties",params:{additionalProperty:a},message:"must NOT have additional properties"};e===null?e=[f]:e.push(f),u++}if($.host!==void 0){let a=$.host;if(typeof a=="string"){if(pe(a)>1024){const f={instancePath:r+"/ssh/host",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[f]:e.push(f),u++}if(pe(a)<1){const f={instancePath:r+"/ssh/host",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[f]:e.push(f),u++}if(!y.test(a)){const f={instancePath:r+"/ssh/host",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[f]:e.push(f),u++}}else{const f={instancePath:r+"/ssh/host",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[f]:e.push(f),u++}}if($.port!==void 0){let a=$.port;if(!(typeof a=="number"&&!(a%1)&&!isNaN(a)&&isFinite(a))){const f={instancePath:r+"/ssh/port",schemaPath:"#/$defs/port/type",keyword:"type",params:{type:"integer"},message:"must be integer"};e===null?e=[f]:e.push(f),u++}if(typeof a=="number"&&isFinite(a)){if(a>65535||isNaN(a)){const f={instancePath:r+"/ssh/port",schemaPath:"#/$defs/port/maximum",keyword:"maximum",params:{comparison:"<=",limit:65535},message:"must be <= 65535"};e===null?e=[f]:e.push(f),u++}if(a<1||isNaN(a)){const f={instancePath:r+"/ssh/port",schemaPath:"#/$defs/port/minimum",keyword:"minimum",params:{comparison:">=",limit:1},message:"must be >= 1"};e===null?e=[f]:e.push(f),u++}}}if($.user!==void 0){let a=$.user;if(typeof a=="string"){if(pe(a)>1024){const f={instancePath:r+"/ssh/user",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[f]:e.push(f),u++}if(pe(a)<1){const f={instancePath:r+"/ssh/user",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[f]:e.push(f),u++}if(!y.test(a)){const f={instancePath:r+"/ssh/user",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[f]:e.push(f),u++}}else{const f={instancePath:r+"/ssh/user",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[f]:e.push(f),u++}}if($["known-hosts"]!==void 0&&typeof $["known-hosts"]!="string"){const a={instancePath:r+"/ssh/known-hosts",schemaPath:"#/properties/ssh/properties/known-hosts/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[a]:e.push(a),u++}if($["host-key-fingerprint"]!==void 0&&(W($["host-key-fingerprint"],{instancePath:r+"/ssh/host-key-fingerprint",parentData:$,parentDataProperty:"host-key-fingerprint",rootData:_,dynamicAnchors:A})||(e=e===null?W.errors:e.concat(W.errors),u=e.length)),$["private-key-file"]!==void 0){let a=$["private-key-file"];if(typeof a=="string"){if(pe(a)>1024){const f={instancePath:r+"/ssh/private-key-file",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[f]:e.push(f),u++}if(pe(a)<1){const f={instancePath:r+"/ssh/private-key-file",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[f]:e.push(f),u++}if(!y.test(a)){const f={instancePath:r+"/ssh/private-key-file",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[f]:e.push(f),u++}}else{const f={instancePath:r+"/ssh/private-key-file",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[f]:e.push(f),u++}}if($["private-key-property"]!==void 0){let a=$["private-key-property"];if(typeof a=="string"){if(pe(a)>1024){const f={instancePath:r+"/ssh/private-key-property",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[f]:e.push(f),u++}if(pe(a)<1){const f={instancePath:r+"/ssh/private-key-property",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[f]:e.push(f),u++}if(!y.test(a)){const f={instancePath:r+"/ssh/private-key-property",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[f]:e.push(f),u++}}else{const f={instancePath:r+"/ssh/private-key-property",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[f]:e.push(f),u++}}}else{const a={instancePath:r+"/ssh",schemaPath:"#/properties/ssh/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[a]:e.push(a),u++}}if(o.version!==void 0){let $=o.version;if(typeof $=="string"){if(!R.test($)){const a={instancePath:r+"/version",schemaPath:"#/$defs/version/pattern",keyword:"pattern",params:{pattern:"^(match-server|v\\d+\\.\\d+\\.\\d+(-rc\\d+)?(\\+k3s\\d+)?)$"},message:'must match pattern "^(match-server|v\\d+\\.\\d+\\.\\d+(-rc\\d+)?(\\+k3s\\d+)?)$"'};e===null?e=[a]:e.push(a),u++}}else{const a={instancePath:r+"/version",schemaPath:"#/$defs/version/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[a]:e.push(a),u++}}if(o["pod-network"]!==void 0){let $=o["pod-network"];if(!($==="shared"||$==="isolated")){const a={instancePath:r+"/pod-network",schemaPath:"#/properties/pod-network/enum",keyword:"enum",params:{allowedValues:F.properties["pod-network"].enum},message:"must be equal to one of the allowed values"};e===null?e=[a]:e.push(a),u++}}if(o.labels!==void 0){let $=o.labels;if($&&typeof $=="object"&&!Array.isArray($)){for(const a in $)if(typeof $[a]!="string"){const f={instancePath:r+"/labels/"+a.replace(/~/g,"~0").replace(/\//g,"~1"),schemaPath:"#/properties/labels/additionalProperties/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[f]:e.push(f),u++}}else{const a={instancePath:r+"/labels",schemaPath:"#/properties/labels/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[a]:e.push(a),u++}}if(o.taints!==void 0){let $=o.taints;if(Array.isArray($)){const a=$.length;for(let f=0;f<a;f++)if(typeof $[f]!="string"){const $e={instancePath:r+"/taints/"+f,schemaPath:"#/properties/taints/items/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[$e]:e.push($e),u++}}else{const a={instancePath:r+"/taints",schemaPath:"#/properties/taints/type",keyword:"type",params:{type:"array"},message:"must be array"};e===null?e=[a]:e.push(a),u++}}if(o["node-ip"]!==void 0&&typeof o["node-ip"]!="string"){const $={instancePath:r+"/node-ip",schemaPath:"#/properties/node-ip/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[$]:e.push($),u++}if(o["node-external-ip"]!==void 0&&typeof o["node-external-ip"]!="string"){const $={instancePath:r+"/node-external-ip",schemaPath:"#/properties/node-external-ip/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[$]:e.push($),u++}if(o["extra-config"]!==void 0){let $=o["extra-config"];if($&&typeof $=="object"&&!Array.isArray($))for(const a in $){let f=$[a];if(typeof f!="string"&&!(typeof f=="number"&&isFinite(f))&&typeof f!="boolean"&&!Array.isArray(f)){const $e={instancePath:r+"/extra-config/"+a.replace(/~/g,"~0").replace(/\//g,"~1"),schemaPath:"#/properties/extra-config/additionalProperties/type",keyword:"type",params:{type:F.properties["extra-config"].additionalProperties.type},message:"must be string,number,boolean,array"};e===null?e=[$e]:e.push($e),u++}if(Array.isArray(f)){const $e=f.length;for(let X=0;X<$e;X++){let ge=f[X];if(typeof ge!="string"&&!(typeof ge=="number"&&isFinite(ge))&&typeof ge!="boolean"){const kt={instancePath:r+"/extra-config/"+a.replace(/~/g,"~0").replace(/\//g,"~1")+"/"+X,schemaPath:"#/properties/extra-config/additionalProperties/items/type",keyword:"type",params:{type:F.properties["extra-config"].additionalProperties.items.type},message:"must be string,number,boolean"};e===null?e=[kt]:e.push(kt),u++}}}}else{const a={instancePath:r+"/extra-config",schemaPath:"#/properties/extra-config/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[a]:e.push(a),u++}}if(o.gpu!==void 0){let $=o.gpu;if($&&typeof $=="object"&&!Array.isArray($)){for(const a in $)if(!(a==="count"||a==="product")){const f={instancePath:r+"/gpu",schemaPath:"#/properties/gpu/additionalProperties",keyword:"additionalProperties",params:{additionalProperty:a},message:"must NOT have additional properties"};e===null?e=[f]:e.push(f),u++}if($.count!==void 0){let a=$.count;if(!(typeof a=="number"&&!(a%1)&&!isNaN(a)&&isFinite(a))){const f={instancePath:r+"/gpu/count",schemaPath:"#/properties/gpu/properties/count/type",keyword:"type",params:{type:"integer"},message:"must be integer"};e===null?e=[f]:e.push(f),u++}if(typeof a=="number"&&isFinite(a)){if(a>64||isNaN(a)){const f={instancePath:r+"/gpu/count",schemaPath:"#/properties/gpu/properties/count/maximum",keyword:"maximum",params:{comparison:"<=",limit:64},message:"must be <= 64"};e===null?e=[f]:e.push(f),u++}if(a<1||isNaN(a)){const f={instancePath:r+"/gpu/count",schemaPath:"#/properties/gpu/properties/count/minimum",keyword:"minimum",params:{comparison:">=",limit:1},message:"must be >= 1"};e===null?e=[f]:e.push(f),u++}}}if($.product!==void 0){let a=$.product;if(typeof a=="string"){if(pe(a)>1024){const f={instancePath:r+"/gpu/product",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[f]:e.push(f),u++}if(pe(a)<1){const f={instancePath:r+"/gpu/product",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[f]:e.push(f),u++}if(!y.test(a)){const f={instancePath:r+"/gpu/product",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[f]:e.push(f),u++}}else{const f={instancePath:r+"/gpu/product",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[f]:e.push(f),u++}}}else{const a={instancePath:r+"/gpu",schemaPath:"#/properties/gpu/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[a]:e.push(a),u++}}o.join!==void 0&&(z(o.join,{instancePath:r+"/join",parentData:o,parentDataProperty:"join",rootData:_,dynamicAnchors:A})||(e=e===null?z.errors:e.concat(z.errors),u=e.length))}else{const $={instancePath:r,schemaPath:"#/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[$]:e.push($),u++}return C.errors=e,u===0}C.evaluated={props:!0,dynamicProps:!1,dynamicItems:!1};const te={type:"object",additionalProperties:!1,properties:{flux:{enum:["required","optional","ignored"]},triton:{type:"array",items:{type:"object",additionalProperties:!1,required:["url","model"],properties:{url:{type:"string",pattern:"^https?://[^/@\\s]+"},access:{enum:["direct","cloudflare"]},model:{$ref:"#/$defs/text"},"gpu-proof":{enum:["gpu-proved","gpu-likely","none"]},p95:{$ref:"#/$defs/duration"}}}}}},Le=new RegExp("^https?://[^/@\\s]+","u");function Ee(o,{instancePath:r="",parentData:g,parentDataProperty:v,rootData:_=o,dynamicAnchors:A={}}={}){let e=null,u=0;const G=Ee.evaluated;if(G.dynamicProps&&(G.props=void 0),G.dynamicItems&&(G.items=void 0),o&&typeof o=="object"&&!Array.isArray(o)){for(const $ in o)if(!($==="flux"||$==="triton")){const a={instancePath:r,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty:$},message:"must NOT have additional properties"};e===null?e=[a]:e.push(a),u++}if(o.flux!==void 0){let $=o.flux;if(!($==="required"||$==="optional"||$==="ignored")){const a={instancePath:r+"/flux",schemaPath:"#/properties/flux/enum",keyword:"enum",params:{allowedValues:te.properties.flux.enum},message:"must be equal to one of the allowed values"};e===null?e=[a]:e.push(a),u++}}if(o.triton!==void 0){let $=o.triton;if(Array.isArray($)){const a=$.length;for(let f=0;f<a;f++){let $e=$[f];if($e&&typeof $e=="object"&&!Array.isArray($e)){if($e.url===void 0){const X={instancePath:r+"/triton/"+f,schemaPath:"#/properties/triton/items/required",keyword:"required",params:{missingProperty:"url"},message:"must have required property 'url'"};e===null?e=[X]:e.push(X),u++}if($e.model===void 0){const X={instancePath:r+"/triton/"+f,schemaPath:"#/properties/triton/items/required",keyword:"required",params:{missingProperty:"model"},message:"must have required property 'model'"};e===null?e=[X]:e.push(X),u++}for(const X in $e)if(!(X==="url"||X==="access"||X==="model"||X==="gpu-proof"||X==="p95")){const ge={instancePath:r+"/triton/"+f,schemaPath:"#/properties/triton/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty:X},message:"must NOT have additional properties"};e===null?e=[ge]:e.push(ge),u++}if($e.url!==void 0){let X=$e.url;if(typeof X=="string"){if(!Le.test(X)){const ge={instancePath:r+"/triton/"+f+"/url",schemaPath:"#/properties/triton/items/properties/url/pattern",keyword:"pattern",params:{pattern:"^https?://[^/@\\s]+"},message:'must match pattern "^https?://[^/@\\s]+"'};e===null?e=[ge]:e.push(ge),u++}}else{const ge={instancePath:r+"/triton/"+f+"/url",schemaPath:"#/properties/triton/items/properties/url/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[ge]:e.push(ge),u++}}if($e.access!==void 0){let X=$e.access;if(!(X==="direct"||X==="cloudflare")){const ge={instancePath:r+"/triton/"+f+"/access",schemaPath:"#/properties/triton/items/properties/access/enum",keyword:"enum",params:{allowedValues:te.properties.triton.items.properties.access.enum},message:"must be equal to one of the allowed values"};e===null?e=[ge]:e.push(ge),u++}}if($e.model!==void 0){let X=$e.model;if(typeof X=="string"){if(pe(X)>1024){const ge={instancePath:r+"/triton/"+f+"/model",schemaPath:"#/$defs/text/maxLength",keyword:"maxLength",params:{limit:1024},message:"must NOT have more than 1024 characters"};e===null?e=[ge]:e.push(ge),u++}if(pe(X)<1){const ge={instancePath:r+"/triton/"+f+"/model",schemaPath:"#/$defs/text/minLength",keyword:"minLength",params:{limit:1},message:"must NOT have fewer than 1 characters"};e===null?e=[ge]:e.push(ge),u++}if(!y.test(X)){const ge={instancePath:r+"/triton/"+f+"/model",schemaPath:"#/$defs/text/pattern",keyword:"pattern",params:{pattern:"^[^\\u0000-\\u001f\\u007f]*$"},message:'must match pattern "^[^\\u0000-\\u001f\\u007f]*$"'};e===null?e=[ge]:e.push(ge),u++}}else{const ge={instancePath:r+"/triton/"+f+"/model",schemaPath:"#/$defs/text/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[ge]:e.push(ge),u++}}if($e["gpu-proof"]!==void 0){let X=$e["gpu-proof"];if(!(X==="gpu-proved"||X==="gpu-likely"||X==="none")){const ge={instancePath:r+"/triton/"+f+"/gpu-proof",schemaPath:"#/properties/triton/items/properties/gpu-proof/enum",keyword:"enum",params:{allowedValues:te.properties.triton.items.properties["gpu-proof"].enum},message:"must be equal to one of the allowed values"};e===null?e=[ge]:e.push(ge),u++}}if($e.p95!==void 0){let X=$e.p95;if(typeof X=="string"){if(pe(X)<2){const ge={instancePath:r+"/triton/"+f+"/p95",schemaPath:"#/$defs/duration/minLength",keyword:"minLength",params:{limit:2},message:"must NOT have fewer than 2 characters"};e===null?e=[ge]:e.push(ge),u++}if(!w.test(X)){const ge={instancePath:r+"/triton/"+f+"/p95",schemaPath:"#/$defs/duration/pattern",keyword:"pattern",params:{pattern:"^(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?$"},message:'must match pattern "^(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?$"'};e===null?e=[ge]:e.push(ge),u++}}else{const ge={instancePath:r+"/triton/"+f+"/p95",schemaPath:"#/$defs/duration/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[ge]:e.push(ge),u++}}}else{const X={instancePath:r+"/triton/"+f,schemaPath:"#/properties/triton/items/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[X]:e.push(X),u++}}}else{const a={instancePath:r+"/triton",schemaPath:"#/properties/triton/type",keyword:"type",params:{type:"array"},message:"must be array"};e===null?e=[a]:e.push(a),u++}}}else{const $={instancePath:r,schemaPath:"#/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[$]:e.push($),u++}return Ee.errors=e,u===0}Ee.evaluated={props:!0,dynamicProps:!1,dynamicItems:!1};function Qe(o,{instancePath:r="",parentData:g,parentDataProperty:v,rootData:_=o,dynamicAnchors:A={}}={}){let e=null,u=0;const G=Qe.evaluated;if(G.dynamicProps&&(G.props=void 0),G.dynamicItems&&(G.items=void 0),o&&typeof o=="object"&&!Array.isArray(o)){if(o.name===void 0){const a={instancePath:r,schemaPath:"#/required",keyword:"required",params:{missingProperty:"name"},message:"must have required property 'name'"};e===null?e=[a]:e.push(a),u++}if(o.nodes===void 0){const a={instancePath:r,schemaPath:"#/required",keyword:"required",params:{missingProperty:"nodes"},message:"must have required property 'nodes'"};e===null?e=[a]:e.push(a),u++}for(const a in o)if(!(a==="name"||a==="distribution"||a==="version"||a==="api"||a==="kubeconfig"||a==="join"||a==="nodes"||a==="verify")){const f={instancePath:r,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty:a},message:"must NOT have additional properties"};e===null?e=[f]:e.push(f),u++}if(o.name!==void 0){let a=o.name;if(typeof a=="string"){if(pe(a)>63){const f={instancePath:r+"/name",schemaPath:"#/$defs/name/maxLength",keyword:"maxLength",params:{limit:63},message:"must NOT have more than 63 characters"};e===null?e=[f]:e.push(f),u++}if(!Xe.test(a)){const f={instancePath:r+"/name",schemaPath:"#/$defs/name/pattern",keyword:"pattern",params:{pattern:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"},message:'must match pattern "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"'};e===null?e=[f]:e.push(f),u++}}else{const f={instancePath:r+"/name",schemaPath:"#/$defs/name/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[f]:e.push(f),u++}}if(o.distribution!==void 0){let a=o.distribution;if(!(a==="k3s"||a==="kubeadm")){const f={instancePath:r+"/distribution",schemaPath:"#/properties/distribution/enum",keyword:"enum",params:{allowedValues:Ke.properties.distribution.enum},message:"must be equal to one of the allowed values"};e===null?e=[f]:e.push(f),u++}}if(o.version!==void 0){let a=o.version;if(typeof a=="string"){if(!R.test(a)){const f={instancePath:r+"/version",schemaPath:"#/$defs/version/pattern",keyword:"pattern",params:{pattern:"^(match-server|v\\d+\\.\\d+\\.\\d+(-rc\\d+)?(\\+k3s\\d+)?)$"},message:'must match pattern "^(match-server|v\\d+\\.\\d+\\.\\d+(-rc\\d+)?(\\+k3s\\d+)?)$"'};e===null?e=[f]:e.push(f),u++}}else{const f={instancePath:r+"/version",schemaPath:"#/$defs/version/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[f]:e.push(f),u++}}if(o.api!==void 0&&(we(o.api,{instancePath:r+"/api",parentData:o,parentDataProperty:"api",rootData:_,dynamicAnchors:A})||(e=e===null?we.errors:e.concat(we.errors),u=e.length)),o.kubeconfig!==void 0&&(xe(o.kubeconfig,{instancePath:r+"/kubeconfig",parentData:o,parentDataProperty:"kubeconfig",rootData:_,dynamicAnchors:A})||(e=e===null?xe.errors:e.concat(xe.errors),u=e.length)),o.join!==void 0&&(z(o.join,{instancePath:r+"/join",parentData:o,parentDataProperty:"join",rootData:_,dynamicAnchors:A})||(e=e===null?z.errors:e.concat(z.errors),u=e.length)),o.nodes!==void 0){let a=o.nodes;if(a&&typeof a=="object"&&!Array.isArray(a)){if(Object.keys(a).length<1){const f={instancePath:r+"/nodes",schemaPath:"#/properties/nodes/minProperties",keyword:"minProperties",params:{limit:1},message:"must NOT have fewer than 1 properties"};e===null?e=[f]:e.push(f),u++}for(const f in a){const $e=u;if(typeof f=="string"){if(pe(f)>63){const X={instancePath:r+"/nodes",schemaPath:"#/$defs/name/maxLength",keyword:"maxLength",params:{limit:63},message:"must NOT have more than 63 characters",propertyName:f};e===null?e=[X]:e.push(X),u++}if(!Xe.test(f)){const X={instancePath:r+"/nodes",schemaPath:"#/$defs/name/pattern",keyword:"pattern",params:{pattern:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"},message:'must match pattern "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"',propertyName:f};e===null?e=[X]:e.push(X),u++}}else{const X={instancePath:r+"/nodes",schemaPath:"#/$defs/name/type",keyword:"type",params:{type:"string"},message:"must be string",propertyName:f};e===null?e=[X]:e.push(X),u++}var $=$e===u;if(!$){const X={instancePath:r+"/nodes",schemaPath:"#/properties/nodes/propertyNames",keyword:"propertyNames",params:{propertyName:f},message:"property name must be valid"};e===null?e=[X]:e.push(X),u++}}for(const f in a)C(a[f],{instancePath:r+"/nodes/"+f.replace(/~/g,"~0").replace(/\//g,"~1"),parentData:a,parentDataProperty:f,rootData:_,dynamicAnchors:A})||(e=e===null?C.errors:e.concat(C.errors),u=e.length)}else{const f={instancePath:r+"/nodes",schemaPath:"#/properties/nodes/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[f]:e.push(f),u++}}o.verify!==void 0&&(Ee(o.verify,{instancePath:r+"/verify",parentData:o,parentDataProperty:"verify",rootData:_,dynamicAnchors:A})||(e=e===null?Ee.errors:e.concat(Ee.errors),u=e.length))}else{const a={instancePath:r,schemaPath:"#/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[a]:e.push(a),u++}return Qe.errors=e,u===0}Qe.evaluated={props:!0,dynamicProps:!1,dynamicItems:!1};const Me=o=>tt(o)?[]:tt.errors,ze={"":["name","distribution","version","api","kubeconfig","join","nodes","verify"],"/api":["server","tunnel"],"/api/tunnel":["host","port","user","local-port","known-hosts","host-key-fingerprint","private-key-property"],"/kubeconfig":["esc","property","path","context"],"/join":["timeout","verify","fail-on","ignore-checks"],"/nodes/*":["role","address","transport","ssh","version","pod-network","labels","taints","node-ip","node-external-ip","extra-config","gpu","join"],"/nodes/*/ssh":["host","port","user","known-hosts","host-key-fingerprint","private-key-file","private-key-property"],"/nodes/*/gpu":["count","product"],"/nodes/*/join":["timeout","verify","fail-on","ignore-checks"],"/verify":["flux","triton"],"/verify/triton/*":["url","access","model","gpu-proof","p95"]};function ht(o,r){const g=[];for(const v of o.split("/").slice(1)){const _=v.replaceAll("~1","/").replaceAll("~0","~");g.push(Array.isArray(ut(r,g))?Number(_):_)}return g}function ut(o,r){return r.reduce((g,v)=>g!==null&&typeof g=="object"&&Object.hasOwn(g,v)?g[v]:void 0,o)}function pt(o){const r=g=>{const v=g.split("/").slice(1);return v.length===o.length&&v.every((_,A)=>_==="*"||_===String(o[A]))};return Object.entries(ze).find(([g])=>r(g))?.[1]}function Ot(o,r){const g=(pt(o)??[]).find(v=>pt([...o,v])?.includes(r));return g===void 0?void 0:`${g}.${r}`}const _e={object:"a mapping (keys and values)",array:"a list",string:"text",integer:"a whole number",number:"a number",boolean:"true or false"};function mt(o,r){const g=r.map(_=>_e[_]??_).join(" or "),v=r.includes("string")&&["number","boolean"].includes(typeof o);return{problem:o===null?"is empty":`is not ${g}`,allowed:v?`put it in quotes: "${String(o)}"`:`write ${g}`}}function Tt(o,r){const g=ht(o.instancePath,r.content),v=ut(r.content,g),{params:_,keyword:A}=o;switch(A){case"additionalProperties":{const e=String(_.additionalProperty),u=pt(g)??[];return{input:r.at([...g,e],"key"),value:Z(e),problem:"is not known here",allowed:`known keys: ${u.join(", ")}`,...je(Ot(g,e)??Ae(e,u))}}case"required":return{input:r.at(g,"key"),problem:`lacks the key ${Z(_.missingProperty)}`,allowed:"it has no default"};case"enum":{const e=_.allowedValues.map(String);return{input:r.at(g),value:Z(v),problem:"is not one of the choices",allowed:e.join(", "),...je(typeof v=="string"?Ae(v,e):void 0)}}case"type":{const e=Array.isArray(_.type)?_.type.map(String):String(_.type).split(",");return{input:r.at(g),...v===null?{}:{value:Z(v)},...mt(v,e)}}case"minimum":case"maximum":return{input:r.at(g),value:Z(v),problem:"is out of range",allowed:`${_.comparison} ${_.limit}`};case"minProperties":return{input:r.at(g),problem:"is empty",allowed:`at least ${_.limit} entry`};default:return{input:r.at(g),value:Z(v),problem:"has the wrong form",allowed:o.message??"see schemas/cluster.schema.json"}}}function Ft(o,r){return o.content===null||typeof o.content!="object"||Array.isArray(o.content)?[{input:o.at([]),problem:"describes no cluster",allowed:`a mapping with the keys ${pt([])?.join(", ")}`}]:Me(o.content).filter(g=>g.keyword!=="propertyNames"&&!("propertyName"in g)).filter(g=>!/^\/nodes\/[^/]+\/extra-config\//.test(g.instancePath)).map(g=>({error:g,problem:Tt(g,o)})).filter(({error:g,problem:v})=>!Rt(g)||!r.has(v.input)).map(({problem:g})=>g)}function Rt(o){return["pattern","minLength","maxLength"].includes(o.keyword)}const m={"node-name":"use the input `node`","node-label":"use the input `labels`","node-taint":"use the input `taints`","node-ip":"use the input `node-ip`",i:"use the input `node-ip`","node-external-ip":"use the input `node-external-ip`",server:"use the input `server`",s:"use the input `server`",token:"use the input `token`, filled from a secret",t:"use the input `token`, filled from a secret","token-file":"use the input `token`, filled from a secret","agent-token":"use the input `token`, filled from a secret","agent-token-file":"use the input `token`, filled from a secret","cluster-secret":"use the input `token`, filled from a secret","with-node-id":"leave it out: the node is found again by its exact name (input `node`)","vpn-auth":"use `vpn-auth-file`: it holds a secret, and this text is kept in clear","data-dir":"leave it out: only the standard folder is supported",d:"leave it out: only the standard folder is supported",config:"leave it out: the settings themselves go here",c:"leave it out: the settings themselves go here"},h={"node-labels":"use the input `labels`","register-with-taints":"use the input `taints`","hostname-override":"use the input `node`","node-ip":"use the input `node-ip`"},O=o=>["string","boolean"].includes(typeof o)||typeof o=="number"&&Number.isFinite(o);function P(o,r){const g=Array.isArray(r)?r:[r];if(!g.every(O))return{problem:"has a value that is neither text, number, true, false nor a list of them",allowed:"a scalar, or a list of scalars"};const v=g.map(_=>et(String(_))).find(_=>_!==void 0);if(v)return{problem:`contains the invisible character ${v}`,allowed:"printable text of one line"};if(o==="kubelet-arg")for(const _ of g){const A=String(_).replace(/^--?/,"").split("=")[0]??"",e=h[A];if(Object.hasOwn(h,A)&&e)return{problem:`holds the kubelet's ${A}, which has an input of its own`,allowed:e}}}function L(o){return o===null||typeof o!="object"||Array.isArray(o)?[{problem:"is no mapping",allowed:"YAML keys and values, e.g. `selinux: true`"}]:Object.entries(o).flatMap(([r,g])=>{const v=r.replace(/\+$/,"").replace(/^-+/,"").toLowerCase().replaceAll("_","-"),_=Object.hasOwn(m,v)?m[v]:void 0;if(_)return[{key:r,problem:"is not set here",allowed:_}];if(!/^[a-z][a-z0-9-]*\+?$/.test(r)){const e=`${v}${r.endsWith("+")?"+":""}`,u=/^[a-z][a-z0-9-]*\+?$/.test(e);return[{key:r,problem:"is no key of the configuration",allowed:"lower-case letters, digits and dashes",...je(u?e:void 0)}]}const A=P(v,g);return A?[{key:r,...A}]:[]})}const q="names, key type and base64 key as `ssh-keyscan HOST` prints them, e.g. 192.168.2.80 ssh-ed25519 AAAA\u2026",B=["ssh-ed25519","ssh-rsa","ecdsa-sha2-nistp256","ecdsa-sha2-nistp384","ecdsa-sha2-nistp521"],ae=/^(ssh-|ecdsa-sha2-|sk-)[a-z0-9@.-]+$/;function me(o){return o.length<4?"":o.subarray(4,4+Math.min(o.readUInt32BE(0),64)).toString("latin1")}function Ne(o){const[r=""]=o,g=o.map(et).find(e=>e!==void 0);if(g)return{problem:`contains the invisible character ${g}`,allowed:q};if(r.startsWith("SHA256:")||r.startsWith("MD5:"))return{problem:"is a fingerprint",allowed:"give it as `host-key-fingerprint`"};if(r.startsWith("@")&&!["@revoked","@cert-authority"].includes(r))return{problem:`has the unknown marker ${r.slice(0,40)}`,allowed:q};if(ae.test(r))return{problem:"is a public key without the name of its host",allowed:q};const[,v="",_=""]=r.startsWith("@")?o.slice(1):o;if(!ae.test(v))return{problem:"has no key type in its second place",allowed:q};if(!/^[A-Za-z0-9+/]+={0,2}$/.test(_))return{problem:"has no base64 key in its third place",allowed:q};if(me(Buffer.from(_,"base64"))!==v)return{problem:`says ${v} before the key, but the key inside is another; it is cut or forged`,allowed:q};if(!B.includes(v))return{problem:`has a key of type ${v}`,allowed:`one of ${B.join(", ")}`}}function Ze(o){const r=o.split(/\r\n|[\n\r]/).map(_=>_.trim()),g=r.flatMap((_,A)=>{if(_===""||_.startsWith("#"))return[];const e=Ne(_.split(/[ \t]+/));return e?[{...e,line:A+1,text:_}]:[]});return g.length>0?g:r.some(_=>_!==""&&!/^(#|@)/.test(_))?[]:[{line:1,text:r[0]??"",problem:"pins no key",allowed:q}]}function rt(o){if(/^SHA256:[A-Za-z0-9+/]{43}=?$/.test(o))return;const r="SHA256: and 43 characters, as `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` prints them on the console of the host";return/^[A-Za-z0-9+/]{43}=?$/.test(o)?{problem:"lacks its beginning",allowed:r,nearest:`SHA256:${o}`}:/^(MD5:)?([0-9a-f]{2}:){15}[0-9a-f]{2}$/i.test(o)?{problem:"is an MD5 fingerprint",allowed:r}:{problem:"is no fingerprint",allowed:r}}function _t(o){const r=De(o);return{"/name":V,"/version":r,"/api/server":Ge,"/api/tunnel/host":Pe,"/api/tunnel/user":re,"/api/tunnel/host-key-fingerprint":rt,"/api/tunnel/host-key-fingerprint/*":rt,"/kubeconfig/path":st,"/kubeconfig/context":st,"/join/ignore-checks/*":oe,"/nodes/*/address":Te,"/nodes/*/version":r,"/nodes/*/node-ip":he,"/nodes/*/node-external-ip":he,"/nodes/*/labels/*":ft,"/nodes/*/taints/*":g=>{const v=dt(g);return gt(v)?v:void 0},"/nodes/*/join/ignore-checks/*":oe,"/nodes/*/ssh/host":Pe,"/nodes/*/ssh/user":re,"/nodes/*/ssh/private-key-file":st,"/nodes/*/ssh/host-key-fingerprint":rt,"/nodes/*/ssh/host-key-fingerprint/*":rt}}const Et=[/^\/(nodes\/\*\/ssh|api\/tunnel)\/known-hosts$/,/^\/nodes\/\*\/extra-config/];function*Nt(o,r=[],g=""){if(typeof o=="string")yield{place:r,pattern:g,text:o};else if(Array.isArray(o))for(const[v,_]of o.entries())yield*Nt(_,[...r,v],`${g}/*`);else if(o!==null&&typeof o=="object"){const v=g==="/nodes"||g==="/nodes/*/labels";for(const[_,A]of Object.entries(o))yield*Nt(A,[...r,_],`${g}/${v?"*":_}`)}}function It(o,r){const g=ut(o,r);return g!==null&&typeof g=="object"&&!Array.isArray(g)?Object.entries(g):[]}function Ut(o,r){const g=ut(o.content,r);return typeof g!="string"?[]:Ze(g).map(({line:v,text:_,...A})=>({input:o.at(r),value:Z(_),...A,problem:`line ${v} ${A.problem}`}))}function Ht(o,r){const g=["nodes",r],v=(u,G,$,a)=>a?[{input:o.at([...g,...u],G),value:Z($),...a}]:[],_=ut(o.content,[...g,"taints"]),A=(Array.isArray(_)?_:[]).map(u=>typeof u=="string"?u.replace(/=[^:]*/,""):""),e=ut(o.content,[...g,"extra-config"]);return[...v([],"key",r,V(r)),...It(o.content,[...g,"labels"]).flatMap(([u])=>v(["labels",u],"key",u,ct(u))),...A.flatMap((u,G)=>u!==""&&A.indexOf(u)<G?v(["taints",G],"value",String(_[G]),{problem:"repeats a taint",allowed:"one taint for each key and effect"}):[]),...e===void 0?[]:L(e).map(({key:u,...G})=>({input:o.at([...g,"extra-config",...u===void 0?[]:[u]],"key"),...u===void 0?{}:{value:Z(u)},...G})),...Ut(o,[...g,"ssh","known-hosts"])]}function Bt(o){const{content:r}=o,g=_t(ut(r,["distribution"])==="kubeadm"?"kubeadm":"k3s"),v=[...Nt(r)].flatMap(({place:A,pattern:e,text:u})=>{if(Et.some(a=>a.test(e)))return[];const G=et(u),$=G?{problem:`contains the invisible character ${G}`,allowed:"printable text of one line"}:g[e]?.(u);return $?[{input:o.at(A),value:Z(u),...$}]:[]}),_=It(r,["nodes"]).flatMap(([A])=>Ht(o,A));return[...v,..._,...Ut(o,["api","tunnel","known-hosts"])]}class Lt extends Error{name="ClusterFileError";code="cluster-file-invalid";cause="the cluster file is not as its schema and Kubernetes want it";remedy="correct every place that is listed";problems;evidence;constructor(r,g){super(`${r} has ${g.length===1?"1 problem":`${g.length} problems`}`),this.problems=g,this.evidence=g.map(He)}}function Gt(o){const r=g=>{const[,v="0",_="0"]=/:(\d+):(\d+)(?: |$)/.exec(g.input)??[];return[Number(v),Number(_)]};return[...o].sort((g,v)=>{const[_,A]=r(g),[e,u]=r(v);return _-e||A-u})}function jt(o,r){const g=Ce(o,r);if("problems"in g)throw new Lt(r,Gt(g.problems));const v=Bt(g.yaml),_=[...Ft(g.yaml,new Set(v.map(A=>A.input))),...v];if(_.length>0)throw new Lt(r,Gt(_));return{path:r,content:g.yaml.content,at:A=>g.yaml.at(A)}}class St{problems=[];sources={};path;constructor(r){this.path=r}judge(r,g,v){v&&this.problems.push({input:r,value:Z(g),...v})}pick(r,g,v,_=A=>String(A)){if(g===void 0)return this.sources[r]=v===void 0?"default":this.path,v;const A=v!==void 0&&_(v)!==_(g);return this.sources[r]=A?`input, over ${this.path} (${_(v)})`:"input",g}text(r,g,v,_){return g!==void 0&&this.judge(r,g,_(g)),this.pick(r,g,v)}}const Mt=o=>typeof o=="string"?[o]:o;function qt(o,r,g){const v=Object.create(null);for(const A of r.labels??[]){const e=$t(A),[u="",G=""]=A.split(/=(.*)/s),$=!e&&u in v&&v[u]!==G;o.judge("labels",A,$?{problem:"gives a key a second value",allowed:"each key once"}:e),v[u]=G}const _=A=>Object.entries(A).map(([e,u])=>`${e}=${u}`).sort().join(", ");return{...o.pick("labels",r.labels?v:void 0,g.labels,_)}}function Kt(o,r,g){const v=new Set;for(const A of r.taints??[]){const e=dt(A),u=gt(e)?"":`${e.key}:${e.effect}`,G=u!==""&&v.has(u);o.judge("taints",A,gt(e)?e:G?{problem:"repeats a taint",allowed:"one taint for each key and effect"}:void 0),v.add(u)}return(o.pick("taints",r.taints,g.taints,A=>[...A].sort().join(", "))??[]).map(dt).filter(A=>!gt(A))}function Yt(o,r,g){if(r.extraConfig!==void 0)for(const{key:_,...A}of L(r.extraConfig))o.problems.push({input:"extra-config",..._===void 0?{}:{value:Z(_)},...A});const v=_=>JSON.stringify(_);return o.pick("extra-config",r.extraConfig,g["extra-config"],v)??{}}function Xt(o,r,g,v){for(const{line:$,text:a,...f}of r.knownHosts===void 0?[]:Ze(r.knownHosts))o.judge("known-hosts",a,{...f,problem:`line ${$} ${f.problem}`});for(const $ of r.hostKeyFingerprints??[])o.judge("host-key-fingerprint",$,rt($));const _=[...r.knownHosts===void 0?[]:["known-hosts"],...r.hostKeyFingerprints===void 0?[]:["host-key-fingerprint"]],A=_.length>0,e=A?r.knownHosts:g.ssh?.["known-hosts"],u=(A?r.hostKeyFingerprints:Mt(g.ssh?.["host-key-fingerprint"]))??[],G=A?`input ${_.join(" and ")}`:v;return o.sources["host-key"]=G,{...e===void 0?{}:{knownHosts:e},hostKeyFingerprints:u,hostKeySource:G}}function Qt(o,r,g,v){const{ssh:_}=g,A=o.text("host",r.host,_?.host??g.address,Pe)??"",e=o.pick("port",r.port,_?.port)??22,u=o.text("user",r.user,_?.user,re)??"";return{transport:"ssh",address:A,port:e,user:u,...r.privateKey===void 0?{}:{privateKey:r.privateKey},...Xt(o,r,g,v),...r.sudoPassword===void 0?{}:{sudoPassword:r.sudoPassword}}}function en(o,r,g,v){const _=G=>v?`give the input, or \`nodes.${g}.ssh.${G}\` in ${v.path}`:`give the input, or name a \`cluster-file\` that has \`ssh.${G}\``,A=r.ssh?.["private-key-property"],e=A===void 0?"":`; the cluster file says that it is kept as ${Z(A)}`,u=[];if(o.address===""&&u.push({input:"host",problem:"is missing",allowed:_("host")}),o.user===""&&u.push({input:"user",problem:"is missing",allowed:_("user")}),o.privateKey===void 0){const G=`give it from a secret, or \`ssh-private-key-file\`${v?`, or \`nodes.${g}.ssh.private-key-file\` in ${v.path}`:""}${e}`;u.push({input:"ssh-private-key",problem:"is missing",allowed:G})}return o.knownHosts===void 0&&o.hostKeyFingerprints.length===0&&u.push({input:"known-hosts",problem:"is missing, and so is `host-key-fingerprint`: without a pinned host key there is no connection",allowed:`${_("known-hosts")}; compare it on the console of the host: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub`}),u}function tn(o,r){const g=Object.keys(o.content.nodes);return{input:"node",value:Z(r),problem:`is no node of ${o.path}`,allowed:`its nodes are ${g.slice(0,20).join(", ")}${g.length>20?" \u2026":""}`,...je(Ae(r,g))}}function nn(o){return o===void 0||!URL.canParse(o)?"the cluster":new URL(o).hostname}function sn(o,r){const g=r?.path??"default",v=new St(g),_=o.node??"",A=r?.content,e=A!==void 0&&Object.hasOwn(A.nodes,_),u=e?A.nodes[_]??{}:{},G=A?.distribution??"k3s";v.sources.cluster=r?g:"default",v.sources.distribution=A?.distribution?g:"default",v.sources["pod-network"]=u["pod-network"]?g:"default",v.sources.gpu=u.gpu?g:"default",_===""?v.problems.push({input:"node",problem:"is missing",allowed:"the name of the node in the cluster"}):r&&!e?v.problems.push(tn(r,_)):v.judge("node",_,V(_)),v.sources.node="input";const $=v.pick("transport",o.transport,u.transport)??"ssh",a={transport:"local",address:"",port:0,user:"",hostKeyFingerprints:[],hostKeySource:"",...o.sudoPassword===void 0?{}:{sudoPassword:o.sudoPassword}},f=$==="local"?a:Qt(v,o,u,g);$==="ssh"&&(!r||e)&&v.problems.push(...en(f,u,_,r));const X=v.text("server",o.server,A?.api?.server,Ge)?.replace(/\/+$/,"");X===void 0&&(v.sources.server="kubeconfig");const ge=v.text("version",o.version,u.version??A?.version,De(G))??"match-server",kt=v.text("node-ip",o.nodeIp,u["node-ip"],he),Ct=v.text("node-external-ip",o.nodeExternalIp,u["node-external-ip"],he),Zt={cluster:A?.name??nn(X),node:_,distribution:G,access:f,...X===void 0?{}:{server:X},version:ge,labels:qt(v,o,u),taints:Kt(v,o,u),...kt===void 0?{}:{nodeIp:kt},...Ct===void 0?{}:{nodeExternalIp:Ct},extraConfig:Yt(v,o,u),podNetwork:u["pod-network"]??"shared",...u.gpu===void 0?{}:{gpu:u.gpu},...A===void 0?{}:{nodesWanted:Object.keys(A.nodes).length},sources:v.sources};return v.problems.length>0?{problems:v.problems}:{desired:Zt}}}),543:((vt,Je,N)=>{N.d(Je,{$p:()=>Se,bD:()=>Fe,dh:()=>K,ip:()=>fe,pb:()=>Y});class K extends Error{name="HostError";code;host;title;cause;remedy;evidence;constructor(Oe,ee,ce,be=ne=>ne){super(be(`${ee}: ${ce.title}: ${ce.cause}`)),this.code=Oe,this.host=ee,this.title=be(ce.title),this.cause=be(ce.cause),this.remedy=be(ce.remedy),this.evidence=(ce.evidence??[]).filter(ne=>ne!=="").map(be)}}function Se(ie){const Oe=ie.filter(ee=>ee!==void 0&&ee.trim()!=="").flatMap(ee=>[ee,...ee.split(`
`).filter(ce=>ce.trim().length>=8&&!ce.includes("-----"))]).sort((ee,ce)=>ce.length-ee.length);return ee=>Oe.reduce((ce,be)=>ce.replaceAll(be,"***"),ee)}function fe(ie,Oe,ee){return ee.reason?.name==="TimeoutError"?new K("deadline",ie,{title:`${Oe} took too long`,cause:"there was no answer before the deadline",remedy:"look whether the host is under load or packets are dropped on the way, then run again"}):new K("cancelled",ie,{title:`${Oe} was cancelled`,cause:"the run was cancelled",remedy:"run it again: it continues from what it finds"})}function Fe(ie){const Oe=ie?.message;return typeof Oe=="string"?Oe:String(ie)}function Y(ie){return ie instanceof K&&ie.code==="connection-lost"}}),8438:((vt,Je,N)=>{N.d(Je,{Qw:()=>Fe,Vr:()=>Se,_y:()=>Y,cw:()=>fe});var K=N(543);function Se(ie){if(!/^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/.test(ie))throw new TypeError(`${JSON.stringify(ie)} cannot be the name of an uploaded file`);return ie}function fe(ie,Oe){return new K.dh("output-too-large",ie,{title:`script ${Oe} was ended`,cause:"the host printed far more than the script can print",remedy:"look at what the start-up files of the login shell on the host print"})}function Fe(ie,Oe,ee,ce){return new K.dh("upload-failed",ie,{title:`${Oe} could not be uploaded`,cause:ee,remedy:"make room in /tmp of the host, or look at the connection, and run it again"},ce)}function Y(ie,Oe,ee,ce){return new K.dh("connection-failed",ie,{title:`${Oe}:${ee} cannot be reached from the host`,cause:ce===""?"the connection failed without a reason":ce,remedy:`allow ${ee}/tcp from the host to ${Oe}, or use an address that the host can reach`})}}),1213:((vt,Je,N)=>{N.d(Je,{Zj:()=>Re,BZ:()=>nt,LT:()=>st,pb:()=>K.pb,hx:()=>Ye,kj:()=>et});var K=N(543),Se=N(3024),fe=N(1455),Fe=N(7030),Y=N(8161),ie=N(6760),Oe=N(8500),ee=N(8438),ce=N(3221),be=N(3493);function ne(){return Object.fromEntries(["PATH","HOME","USER","LOGNAME"].flatMap(V=>process.env[V]===void 0?[]:[[V,process.env[V]]]))}class Ce{label="local";counts={sessions:0,forwards:0};#e;#t;#r;#n;constructor(V,re,oe){this.#e=re,this.#t=V.sudoPassword??"",this.#r=V.user||process.env.USER||"the user",this.#n=oe}static async open(V,re){return new Ce(V,re,await(0,fe.mkdtemp)((0,ie.join)((0,Y.tmpdir)(),"k3s-gpu-actions-")))}async run(V){const re=`script ${V.name}`;if(V.signal.aborted)throw(0,K.ip)(this.label,re,V.signal);this.counts.sessions+=1;const oe=(0,K.$p)([this.#t,...Object.values(V.secrets??{})]),Pe=(0,ie.join)(this.#n,`session-${this.counts.sessions}`);await(0,fe.writeFile)(Pe,"");const Te=(0,ce.Nt)(V.script,V.env??{},V.secrets??{},{type:"watch",pid:process.pid,file:Pe}),he=new be.IA(V.onLine),Ge=performance.now(),De=Promise.withResolvers();De.promise.catch(()=>{});const Ue=Ve=>{(0,Se.rmSync)(Pe,{force:!0}),De.reject(Ve)},Be=()=>Ue((0,K.ip)(this.label,re,V.signal)),lt=setTimeout(()=>Ue(new K.dh("script-timeout",this.label,(0,be.bY)(V.name,V.timeoutMs),oe)),V.timeoutMs+be.q_);V.signal.addEventListener("abort",Be,{once:!0});const ue=Ve=>ct=>{try{he[Ve](ct)}catch(ft){Ue(ft instanceof RangeError?(0,ee.cw)(this.label,V.name):ft)}},it=this.#e("sh",ce.ec,{input:(0,ce.h7)({program:Te,privilege:V.privilege,timeoutMs:V.timeoutMs,sudoPassword:this.#t,input:"closed"}),env:ne(),onStdout:ue("stdout"),onStderr:ue("stderr")});try{const Ve=await Promise.race([it,De.promise]);return(0,be.mq)({host:this.label,user:this.#r,scriptName:V.name,privilege:V.privilege,timeoutMs:V.timeoutMs,elapsedMs:performance.now()-Ge,exitCode:Ve,output:he,redact:oe})}catch(Ve){throw await Promise.race([it.catch(()=>{}),(0,Oe.setTimeout)(be.P4,void 0,{ref:!1})]),Ve}finally{clearTimeout(lt),V.signal.removeEventListener("abort",Be),(0,Se.rmSync)(Pe,{force:!0})}}async upload(V,re){if(re.aborted)throw(0,K.ip)(this.label,`the upload of ${V.name}`,re);const oe=await(0,fe.mkdtemp)((0,ie.join)((0,Y.tmpdir)(),"k3s-gpu-actions.")),Pe=(0,ie.join)(oe,(0,ee.Vr)(V.name));try{await(0,fe.copyFile)(V.path,Pe);const{size:Te}=await(0,fe.stat)(Pe);if(Te!==V.sizeBytes)throw new Error(`${Te} of ${V.sizeBytes} bytes were copied`);return Pe}catch(Te){throw await(0,fe.rm)(oe,{recursive:!0,force:!0}),(0,ee.Qw)(this.label,V.name,(0,K.bD)(Te))}}async forward(V,re,oe){const Pe=`connecting to ${V}:${re}`;if(oe.aborted)throw(0,K.ip)(this.label,Pe,oe);this.counts.forwards+=1;const{promise:Te,resolve:he,reject:Ge}=Promise.withResolvers(),De=(0,Fe.connect)({host:V,port:re,noDelay:!0}),Ue=()=>{De.destroy(),Ge((0,K.ip)(this.label,Pe,oe))};return oe.addEventListener("abort",Ue,{once:!0}),De.once("connect",()=>he(De)),De.on("error",Be=>Ge((0,ee._y)(this.label,V,re,Be.message))),Te.finally(()=>oe.removeEventListener("abort",Ue))}async close(){await(0,fe.rm)(this.#n,{recursive:!0,force:!0})}}var ye=N(6846);const de=512,se=256;function Z(Ie,V){const re=Ie?.[V];return typeof re=="string"?re.trim().slice(0,de):""}function Ae(Ie,V,re=0){const oe=Ie?.[V];return typeof oe=="number"&&Number.isSafeInteger(oe)&&oe>=0?oe:re}function je(Ie,V,re){return V.find(oe=>oe===Ie)??re}function He(Ie){const V=new Map;for(const re of Ie){const oe=Ae(re,"pid");if(oe===0)continue;const Pe=[V.get(oe)?.usedMemoryMiB,re.memory].filter(Te=>typeof Te=="number"&&Number.isSafeInteger(Te)&&Te>=0);V.set(oe,{pid:oe,name:Z(re,"name"),...Pe.length>0&&{usedMemoryMiB:Pe.reduce((Te,he)=>Te+he,0)},owner:je(re.owner,["pod","container","host"],"host"),ownerDetail:Z(re,"detail"),...Ae(re,"started")>0&&{startTicks:Ae(re,"started")}})}return[...V.values()].slice(0,se)}function Ye(Ie,V){const re=ue=>Ie.filter(it=>it.fact===ue).slice(0,se),oe=ue=>Ie.find(it=>it.fact===ue),Pe=oe("identity"),Te=oe("os"),he=oe("kernel"),Ge=oe("privilege"),De=oe("cgroup"),Ue=oe("memory"),Be=oe("route"),lt=oe("gpu");return{hostname:Z(Pe,"hostname"),user:Z(Pe,"user"),machineId:Z(Pe,"machine_id"),systemUuid:Z(Pe,"system_uuid").toLowerCase(),os:{id:Z(Te,"id"),idLike:Z(Te,"id_like"),versionId:Z(Te,"version_id"),prettyName:Z(Te,"pretty")},kernel:Z(he,"release"),architecture:Z(he,"architecture"),init:je(oe("init")?.name,["systemd","openrc","other"],"other"),...Ae(oe("init"),"systemd")>0&&{systemdVersion:Ae(oe("init"),"systemd")},privilege:{state:je(Ge?.state,["root","passwordless","password","none"],"none"),problem:Z(Ge,"problem")},cgroup:{version:je(De?.version,[0,1,2],0),hasMemoryController:De?.memory===!0},memoryBytes:Ae(Ue,"total"),swapBytes:Ae(Ue,"swap"),ports:re("port").map(ue=>({port:Ae(ue,"port"),process:Z(ue,"process"),pid:Ae(ue,"pid")})).filter(({port:ue})=>ue>0&&ue<=65535),disks:re("disk").filter(ue=>Ae(ue,"bytes",-1)>=0).map(ue=>({path:Z(ue,"path"),availableBytes:Ae(ue,"bytes"),availableInodes:Ae(ue,"inodes",Number.MAX_SAFE_INTEGER)})),clock:{hostMs:Ae(oe("clock"),"ms"),runnerMs:V},defaultRoute:Be&&{via:Z(Be,"via"),device:Z(Be,"device"),source:Z(Be,"source")},addresses:[...new Set(re("address").map(ue=>Z(ue,"address")))].filter(ue=>/^[0-9a-fA-F.:]+$/.test(ue)),runtimes:re("runtime").map(ue=>({name:Z(ue,"name"),isRunning:ue.running===!0})).filter(({name:ue})=>ue!==""),gpu:{devices:re("gpu-device").map(ue=>({name:Z(ue,"name"),driverVersion:Z(ue,"driver"),memoryMiB:Ae(ue,"memory")})),pciDevices:Ae(lt,"pci"),problem:Z(lt,"problem"),processes:He(re("gpu-process")),areProcessesKnown:oe("gpu-processes")?.known===!0},distribution:Ie.filter(ue=>typeof ue.fact=="string"&&/^[a-z0-9]+\./.test(ue.fact))}}const et=ye.P.survey,nt=ye.P.evidence,st=[ye.P.survey,ye.P["gpu-processes"]].join(`
`);async function Re(Ie,V,re){const oe=Ie.transport==="local"?"local":`${Ie.user}@${Ie.address}`;if(re.aborted)throw(0,K.ip)(oe,"connecting",re);if(/[\n\0]/.test(Ie.sudoPassword??""))throw new K.dh("access-invalid",oe,{title:"the sudo password cannot be used",cause:"it holds a line break",remedy:"save the secret again as one line"});if(Ie.transport==="local")return Ce.open(Ie,V.exec);const{connectSsh:Pe}=await N.e(383).then(N.bind(N,2383));return Pe(Ie,re)}}),3221:((vt,Je,N)=>{N.d(Je,{J_:()=>be,Nt:()=>Oe,ec:()=>ce,h7:()=>ee});var K=N(6846);const Se=new Set("PATH IFS ENV HOME SHELL USER LOGNAME PWD TERM PS1 PS2 PS4 ROOT REHEARSAL GUARD GUARD_PID GUARD_FILE KGA_GROUP SUDO_STATE SUDO_PROBLEM SUDO_USER LC_ALL LANG OPTIND".split(" "));function fe(ne){return`'${ne.replaceAll("'","'\\''")}'`}function Fe(ne,Ce){if(!/^[A-Z_][A-Z0-9_]*$/.test(ne)||Se.has(ne)||/^(?:LD_|BASH)/.test(ne))throw new TypeError(`${JSON.stringify(ne)} cannot be the name of a script's variable`);if(Ce.includes("\0"))throw new TypeError(`the value of ${ne} holds a NUL character, which no shell variable can`);return`${ne}=${fe(Ce)}`}function Y(ne,Ce){const ye=Object.entries(ne).map(([se,Z])=>`${Fe(se,Z)}
export ${se}
`),de=Object.entries(Ce).map(([se,Z])=>`unset ${se}
${Fe(se,Z)}
`);return[...ye,...de].join("")}function ie(ne){return ne.type!=="watch"?`GUARD=${ne.type}
`:`GUARD=watch
GUARD_PID=${ne.pid}
GUARD_FILE=${fe(ne.file)}
`}function Oe(ne,Ce,ye,de){const se=/(?:^|\n)main[ \t]*\n*$/.test(ne)?"":`main
`;return`${ie(de)}${K.P.library}
${Y(Ce,ye)}${ne}
${se}#end`}function ee(ne){const Ce=ne.privilege==="user"?"":ne.sudoPassword,ye=Math.max(1,Math.ceil(ne.timeoutMs/1e3)),de=Buffer.from(ne.program),se=[Ce,ne.privilege,ye,ne.input,Ce,`k3s-gpu-actions-begin ${de.length}`];return Buffer.concat([Buffer.from(`${se.join(`
`)}
`),de])}const ce=["-c",K.P.outer,"k3s-gpu-actions",K.P.inner],be=`exec sh ${ce.map(fe).join(" ")}`}),6846:((vt,Je,N)=>{N.d(Je,{P:()=>K});const K={evidence:`
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

survey_identity() {
  hostname=$(first "$ROOT/proc/sys/kernel/hostname") || hostname=$(uname -n) || hostname=''
  machine_id=$(first "$ROOT/etc/machine-id") || machine_id=''
  uuid=$(first "$ROOT/sys/class/dmi/id/product_uuid" 2>/dev/null) || uuid=''
  emit fact identity hostname "$hostname" user "\${SUDO_USER:-$(id -un)}" machine_id "$machine_id" system_uuid "$uuid"
}

survey_os() {
  release=$ROOT/etc/os-release
  [ -r "$release" ] || release=$ROOT/usr/lib/os-release
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
  version=0 memory=false
  if [ -r "$ROOT/sys/fs/cgroup/cgroup.controllers" ]; then
    version=2
    case " $(first "$ROOT/sys/fs/cgroup/cgroup.controllers") " in *' memory '*) memory=true ;; esac
  elif [ -r "$ROOT/proc/cgroups" ]; then
    version=1
    while read -r name _ _ enabled; do
      if [ "$name" = memory ] && [ "$enabled" = 1 ]; then memory=true; fi
    done <"$ROOT/proc/cgroups"
  fi
  emit fact cgroup version:n "$version" memory:n "$memory"
}

survey_memory() {
  total='' swap=''
  while read -r name value _; do
    case $name in
      MemTotal:) total=$((value * 1024)) ;;
      SwapTotal:) swap=$((value * 1024)) ;;
    esac
  done <"$ROOT/proc/meminfo"
  emit fact memory total:n "$total" swap:n "$swap"
}

survey_ports() {
  if has ss && sockets=$(ss -lntp 2>/dev/null); then
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
  fi | while read -r port pid name; do emit fact port port:n "$port" pid:n "$pid" process "$name"; done
}

survey_disks() {
  for path in /var/lib /usr/local/bin /etc; do
    [ -d "$ROOT$path" ] || continue
    bytes=$(limited 5 df -Pk "$ROOT$path" 2>/dev/null | awk 'NR == 2 { printf "%.0f", $4 * 1024 }')
    inodes=$(limited 5 df -Pi "$ROOT$path" 2>/dev/null | awk 'NR == 2 && $2 > 0 { print $4 }')
    emit fact disk path "$path" bytes:n "$bytes" inodes:n "$inodes"
  done
}

survey_route() {
  route=''
  if has ip; then
    route=$(ip -o route show default 2>/dev/null) || :
    [ -n "$route" ] || route=$(ip -o -6 route show default 2>/dev/null) || :
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
      source=$(ip -o route get "$via" 2>/dev/null | awk '{ for (i = 1; i < NF; i++) if ($i == "src") { print $(i + 1); exit } }') || source=''
    fi
    emit fact route via "$via" device "$device" source "$source"
  elif [ -r "$ROOT/proc/net/route" ]; then
    while read -r device destination gateway _ _ _ _ mask _; do
      [ "$destination$mask" = 0000000000000000 ] || continue
      a=\${gateway%??????} b=\${gateway#??} c=\${gateway#????} d=\${gateway#??????}
      b=\${b%????} c=\${c%??}
      emit fact route via "$((0x$d)).$((0x$c)).$((0x$b)).$((0x$a))" device "$device" source ''
      break
    done <"$ROOT/proc/net/route"
  fi
}

survey_addresses() {
  if has ip && addresses=$(ip -o addr show scope global 2>/dev/null); then
    printf '%s\\n' "$addresses" | awk '$3 == "inet" || $3 == "inet6" { sub(/\\/.*/, "", $4); print $4 }'
  else
    hostname -I 2>/dev/null | tr ' ' '\\n'
  fi | while IFS= read -r address; do
    if [ -n "$address" ]; then emit fact address address "$address"; fi
  done
}

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

main() {
  for part in clock identity os kernel init privilege cgroup memory ports disks route addresses runtimes gpu; do
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
`}}),3493:((vt,Je,N)=>{N.d(Je,{IA:()=>ee,P4:()=>Fe,bY:()=>ye,mq:()=>Ce,q_:()=>fe});var K=N(6193),Se=N(543);const fe=8e3,Fe=3e3,Y=1024*1024,ie=32*1024*1024,Oe=64*1024;class ee{lines=[];#e;#t=new K.StringDecoder("utf8");#r=new K.StringDecoder("utf8");#n="";#o=0;#s=!1;#i="";constructor(se){this.#e=se}stdout(se){if(!this.#c(se))return;const Z=(this.#n+this.#t.write(se)).split(`
`);this.#n=Z.pop()??"",this.#n.length>Y&&this.#a();for(const Ae of Z)this.#d(Ae)}stderr(se){this.#c(se)&&(this.#i=(this.#i+this.#r.write(se)).slice(-Oe))}#c(se){return this.#s?!1:(this.#o+=se.length,this.#o>ie&&this.#a(),!0)}#a(){throw this.#s=!0,this.#n="",new RangeError("too much output")}end(){const se=this.#n+this.#t.end();this.#n="",this.#d(se)}get errors(){return this.#i}#d(se){if(se.trim()==="")return;const Z=ce(se);if(Z===void 0){this.#i=`${this.#i}${se.slice(0,1024)}
`.slice(-Oe);return}this.lines.push(Z),this.#e?.(Z)}}function ce(de){if(de.startsWith("{"))try{const se=JSON.parse(de);return typeof se=="object"&&se!==null&&!Array.isArray(se)?se:void 0}catch{return}}const be={"sudo-password-wrong":{title:"root rights could not be had",cause:"sudo does not accept the password (it was tried once, so nothing is locked)",remedy:"correct the sudo password, or allow the user passwordless sudo"},"sudo-password-required":{title:"root rights could not be had",cause:"sudo asks for a password and none was given",remedy:"give the sudo password, or allow passwordless sudo: %u ALL=(ALL) NOPASSWD: ALL in a file of /etc/sudoers.d"},"sudo-not-allowed":{title:"root rights could not be had",cause:"the user may not run the needed commands with sudo",remedy:"add the user to the sudoers: %u ALL=(ALL) NOPASSWD: ALL in a file of /etc/sudoers.d"},"sudo-needs-tty":{title:"root rights could not be had",cause:"sudo insists on a terminal (requiretty)",remedy:"switch it off for this user: Defaults:%u !requiretty in a file of /etc/sudoers.d"},"sudo-missing":{title:"root rights could not be had",cause:"the user is not root and the host has no sudo",remedy:"install sudo, or connect as root"},"timeout-missing":{title:"nothing was run",cause:"the host has no timeout command, so nothing there could be ended for certain",remedy:"install coreutils or busybox on the host"}};function ne(de){return de.trim().split(`
`).slice(-5)}function Ce(de){de.output.end();const{lines:se,errors:Z}=de.output,Ae=(He,Ye,et)=>{const nt=Ye.remedy.replaceAll("%u",de.user);throw new Se.dh(He,de.host,{...Ye,remedy:nt,evidence:[...et,...ne(Z)]},de.redact)},je=se.find(He=>typeof He.error=="string"&&He.error in be);if(de.exitCode===77&&je!==void 0){const He=je.error,Ye=be[He];Ye!==void 0&&Ae(He,Ye,typeof je.message=="string"?[je.message]:[])}if([124,137,143].includes(de.exitCode)&&de.elapsedMs>=de.timeoutMs*.95&&Ae("script-timeout",ye(de.scriptName,de.timeoutMs),[`last line: ${JSON.stringify(se.at(-1)??null).slice(0,500)}`]),de.exitCode===74&&se.length===0&&Ae("script-unreadable",{title:`script ${de.scriptName} did not start`,cause:"the host did not read it completely",remedy:"run it again; if it stays, look at the host with dd --version and sh on the console"},[]),de.privilege==="root"&&de.exitCode===1&&se.length===0&&/^sudo: /m.test(Z)){const He=be["sudo-not-allowed"];He!==void 0&&Ae("sudo-not-allowed",He,[])}return{exitCode:de.exitCode,lines:se,stderr:de.redact(Z)}}function ye(de,se){return{title:`script ${de} was ended on the host`,cause:`it did not finish within ${Math.round(se/100)/10} s`,remedy:"look at the host (load, disk, network) and run it again; raise the timeout when the host is just slow"}}}),8022:((vt,Je,N)=>{N.d(Je,{hk:()=>K,k3:()=>Oe,Eb:()=>gt,zF:()=>S,C5:()=>Ie,uT:()=>pe,bj:()=>Re,Jp:()=>xe,gD:()=>tt,k_:()=>U,JG:()=>at,mj:()=>bt,_n:()=>$t,E4:()=>Ce,hc:()=>j,mq:()=>Ye,Xy:()=>je,g7:()=>ie,Pd:()=>ft,o6:()=>ve,YD:()=>ct,ik:()=>dt,UY:()=>qe,NN:()=>Ae});const K={desired:"k3s-gpu-actions/desired",ownedLabels:"k3s-gpu-actions/owned-labels",ownedTaints:"k3s-gpu-actions/owned-taints"};function Se(b){return(b??"").split(",").map(w=>w.trim()).filter(w=>w!=="")}function fe(b){return[...new Set(b)].sort().join(",")}const Fe=400,Y=500;function ie(b,w){const{unit:M,node:z,leaseRenewedAtMs:F,leaseOfOldMs:J}=b;if(M?.isNew!==!0||J===void 0)return"the process that was ordered";if(M.activeState!=="active")return"an active unit";if(z?.ready!=="True")return"a Ready node";if(z.kubeletVersion!==w.version)return`version ${w.version} (the node has ${z.kubeletVersion})`;const C=w.isFirstStart&&z.uid!==w.uidBefore,te=F!==void 0&&F>J;return C||te?void 0:"a heartbeat of the new process"}async function Oe(b,w,M){const z=w.now(),F=new AbortController,J=AbortSignal.any([M,F.signal]);let C={journal:[]};const te=()=>w.now()-z;let Le=()=>{},Ee=()=>{};const Qe=new Promise((_e,mt)=>{Le=_e,Ee=mt}),Me=()=>{const _e=te();if(C.node&&ie(C,b)===void 0)return{type:"ready",node:C.node,state:C,elapsedMs:_e};const mt=w.judge(C,_e);return mt?{type:"hopeless",...mt,state:C,elapsedMs:_e}:_e>=b.timeoutMs?{type:"deadline",state:C,elapsedMs:_e}:void 0},ze=()=>{const _e=Me();_e&&Le(_e)},ht=_e=>{if(_e.type==="journal"){const mt={text:_e.text,atMs:te(),..._e.source?{source:_e.source}:{}};C={...C,journal:[...C.journal.slice(1-Fe),mt]}}else{const mt=_e.activeState==="active"?C.activeAtMs??te():void 0,Tt=C.leaseOfOldMs??(_e.isNew?Math.max(b.leaseBeforeMs??0,C.leaseRenewedAtMs??0):void 0);C={...C,unit:_e,activeAtMs:mt,leaseOfOldMs:Tt}}w.onEvent?.(_e,te()),ze()},ut=setInterval(ze,Y),pt=()=>Ee(M.reason);M.addEventListener("abort",pt,{once:!0});const Ot=[w.follow(ht,J),w.cluster.watch(b.node,_e=>{_e.type==="node"?(C={...C,node:_e.node},w.onNode?.(_e.node,te())):_e.type==="gone"?C={...C,node:void 0}:C={...C,leaseRenewedAtMs:_e.renewedAtMs},ze()},J)].map(_e=>_e.then(()=>{J.aborted||Ee(new Error("a watch ended before the node was ready"))},mt=>{J.aborted||Ee(mt)}));try{return M.throwIfAborted(),await Qe}finally{clearInterval(ut),M.removeEventListener("abort",pt),F.abort(new Error("the wait is over")),await Promise.all(Ot)}}var ee=N(7598),ce=N(2113);const be=["kubelet.kubernetes.io","node.kubernetes.io"],ne=new Set(["beta.kubernetes.io/arch","beta.kubernetes.io/instance-type","beta.kubernetes.io/os","failure-domain.beta.kubernetes.io/region","failure-domain.beta.kubernetes.io/zone","kubernetes.io/arch","kubernetes.io/hostname","kubernetes.io/os","node.kubernetes.io/instance-type","topology.kubernetes.io/region","topology.kubernetes.io/zone"]);function Ce(b){const[w]=b.split("/");return!b.includes("/")||!w||!["kubernetes.io","k8s.io"].some(z=>w===z||w.endsWith(`.${z}`))||ne.has(b)?!1:!be.some(z=>w===z||w.endsWith(`.${z}`))}const ye=b=>`${b.key}:${b.effect}`,de=(b,w)=>ye(b)===ye(w)&&(b.value??"")===(w.value??""),se=b=>(0,ce.kJ)(b)===void 0,Z=b=>/^node\.(cloudprovider\.)?kubernetes\.io\//.test(b.key);function Ae(b){return{[K.ownedLabels]:fe(Object.keys(b.labels)),[K.ownedTaints]:fe(b.taints.map(ye))}}function je(b,w){const M=(ze,ht)=>Object.hasOwn(ze,ht),z=w?.labels??{},F=Object.entries(b.labels).filter(([ze,ht])=>!M(z,ze)||z[ze]!==ht),J=Se(w?.annotations[K.ownedLabels]).filter(ze=>!M(b.labels,ze)&&M(z,ze)&&se(ze)).map(ze=>[ze,null]),C=Object.fromEntries([...F,...J]),te=w?.taints??[],Le=b.taints.filter(ze=>!te.some(ht=>de(ht,ze))),Ee=new Set(Se(w?.annotations[K.ownedTaints])),Qe=new Set(b.taints.map(ye)),Me=te.filter(ze=>Ee.has(ye(ze))&&!Qe.has(ye(ze))&&!Z(ze));return{labels:C,addTaints:Le,removeTaints:Me}}function He(b){return Object.keys(b.labels).length+b.addTaints.length+b.removeTaints.length>0}function Ye(b,w){const M=new Set([...w.removeTaints,...w.addTaints].map(ye));return[...b.filter(z=>!M.has(ye(z))),...w.addTaints]}const et=4e4;function nt({node:b,leaseRenewedAtMs:w,serverTimeMs:M}){const z=b?.ready==="True"?Date.parse(b.createdAt):void 0,F=[w,z].filter(C=>C!==void 0&&!Number.isNaN(C)),J=Math.max(0,M-Math.max(...F));if(!(F.length===0||w===void 0&&J>et))return J}function st(b){return Array.isArray(b)?b.map(st):b===null||typeof b!="object"?b:Object.fromEntries(Object.entries(b).sort(([w],[M])=>w<M?-1:w>M?1:0).map(([w,M])=>[w,st(M)]))}function Re(b,w,M){const z={server:w,version:M,distribution:b.distribution,labels:b.labels,taints:b.taints.map(F=>`${F.key}=${F.value??""}:${F.effect}`).sort(),nodeIp:b.nodeIp??"",nodeExternalIp:b.nodeExternalIp??"",extraConfig:b.extraConfig};return`sha256:${(0,ee.createHash)("sha256").update(JSON.stringify(st(z))).digest("hex")}`}function Ie(b,w,M,z){const{node:F}=z;if(!F)return{isAsDesired:!1,differences:[`${b.node} is not a node yet`]};const J=nt(z),C=[],te=F.annotations[K.desired];return te===void 0?C.push("it has not been brought under this project yet (no record of a complete run)"):te!==Re(b,w,M)&&C.push("the desired state has changed since the last complete run"),F.kubeletVersion!==M&&C.push(`version ${F.kubeletVersion}, wanted ${M}`),He(je(b,F))&&C.push("labels or taints differ"),F.ready!=="True"&&C.push(`Ready is ${F.ready}`),J===void 0?C.push("it has no heartbeat (no Lease)"):J>et&&C.push(`last heartbeat ${Math.round(J/1e3)} s ago`),{isAsDesired:C.length===0,differences:C,...J===void 0?{}:{heartbeatAgeMs:J}}}var V=N(7030);const re=new V.BlockList;for(const[b,w]of[["10.0.0.0",8],["172.16.0.0",12],["192.168.0.0",16],["100.64.0.0",10],["169.254.0.0",16],["127.0.0.0",8]])re.addSubnet(b,w,"ipv4");re.addSubnet("fc00::",7,"ipv6"),re.addSubnet("fe80::",10,"ipv6");function oe(b){const w=(0,V.isIP)(b);return w!==0&&re.check(b,w===4?"ipv4":"ipv6")}function Pe(b){const w="Can pods on this host and pods on the servers reach each other?",{desired:M,nodes:z,facts:F}=b,J=M.nodeExternalIp??M.nodeIp??F.defaultRoute?.source??F.addresses[0]??M.access.address,C=z.filter(Ee=>Ee.isServer).flatMap(Ee=>[...Ee.externalIps,...Ee.internalIps]),te=C.filter(Ee=>(0,V.isIP)(Ee)!==0&&!oe(Ee));if(!oe(J)||te.length===0)return{id:"cluster.topology",verdict:"pass",question:w,found:`${J||"unknown address"} beside ${C.join(", ")||"no known server address"}`};const Le=`${J} is private, the servers are public (${te.join(", ")}): pods here will not reach pods there`;return M.podNetwork==="isolated"?{id:"cluster.topology",verdict:"pass",question:w,found:`${Le} (declared: pod-network isolated)`}:{id:"cluster.topology",verdict:"warn",question:w,found:Le,cause:"the overlay network sends packets straight to node addresses; through NAT they do not arrive",remedy:"declare `pod-network: isolated` in the cluster file when host-level tunnels are enough; otherwise use a WireGuard or Tailscale overlay (docs: networking/distributed-multicloud)"}}const Te=3e4,he=2*1024**3,Ge=1e4;function De(b,w,M,z,F){return M?{id:b,verdict:"pass",question:w,found:z}:{id:b,verdict:F.verdict??"fail",question:w,found:z,cause:F.cause,remedy:F.remedy}}const Ue={"sudo-password-required":"sudo asks for a password, and none was given","sudo-password-wrong":"sudo refused the password that was given","sudo-not-allowed":"the user may not use sudo","sudo-needs-tty":"sudo demands a terminal (requiretty)","sudo-missing":"there is no sudo on the host"};function Be(b){const{state:w,problem:M}=b.privilege,F={root:"logged in as root",passwordless:"sudo without a password",password:"sudo with the password given",none:Ue[M]??(M||"no sudo")}[w];return De("host.sudo",`May ${b.user||"the user"} become root?`,w!=="none",F,{cause:"installing a unit and its files needs root",remedy:`give \`sudo-password\`, or let the user become root without one: echo '${b.user||"USER"} ALL=(ALL) NOPASSWD: ALL' | sudo tee /etc/sudoers.d/k3s-gpu-actions`})}function lt(b){const{facts:w,reading:M,readAtRunnerMs:z}=b,F=w.clock.hostMs-w.clock.runnerMs,J=M.serverTimeMs-z,C=Math.round(F-J),te=Math.round(Math.abs(C)/1e3);return De("host.clock","Is the clock of the host within 30 s of the API server?",Math.abs(C)<=Te,te<=1?"same second":`${te} s ${C>0?"ahead":"behind"}`,{cause:"certificates are not valid from the host's point of view",remedy:"sudo timedatectl set-ntp true"})}function ue(b){return b.disks.map(w=>{const M=(w.availableBytes/1073741824).toFixed(1);return De(`host.disk.${w.path.replace(/^\//,"").replaceAll("/","-")||"root"}`,`Is there room below ${w.path}?`,w.availableBytes>=he&&(w.availableInodes===0||w.availableInodes>=Ge),`${M} GiB and ${w.availableInodes} inodes free`,{cause:"images and logs fill what is left, and the kubelet then evicts pods",remedy:`free at least 2 GiB and ${Ge} inodes below ${w.path}`})})}const it=/^(03000200-0400-0500-0006-000700080009|f+(-f+)*|0+(-0+)*|)$/i,Ve=b=>it.test(b)?"":b.toLowerCase();function ct(b,w){const M=Ve(b?.systemUuid??"");return M!==""&&M===Ve(w.systemUuid)}function ft(b,w){if(!b)return"nobody";const[M,z]=[Ve(b.systemUuid),Ve(w.systemUuid)];return M!==""&&z!==""?M===z?"this-machine":"another-machine":b.machineId!==""&&b.machineId===w.machineId?"this-machine":"unknown-machine"}function $t({reading:b}){const w=nt(b);return b.node?.ready==="True"&&w!==void 0&&w<=et}function at({reading:b}){const w=nt(b);return b.node!==void 0&&w!==void 0&&w<=et}function dt(b){const{reading:w,consent:M,desired:z}=b;return w.node!==void 0&&M.replaceNode===z.node&&!at(b)}function gt({reading:{node:b},facts:w,desired:M}){return[b?`node: system UUID ${b.systemUuid||"unknown"}, ${b.internalIps.join(", ")||"no address"}, ${b.osImage}`:"node: there is none of that name",`host: system UUID ${w.systemUuid||"unknown"}, ${w.addresses.join(", ")||M.access.address}, ${w.os.prettyName}`]}function yt(b){const{desired:w,facts:M,reading:z}=b,F=`Is the name ${w.node} free, or this machine's own?`,J=ft(z.node,M);if(J==="nobody")return{id:"cluster.name",verdict:"pass",question:F,found:"free"};if(J==="this-machine")return{id:"cluster.name",verdict:"pass",question:F,found:"this machine is the node"};const C=gt(b);if(at(b))return{id:"cluster.name",verdict:"fail",question:F,found:J==="another-machine"?"a live machine with another identity has it":"a live node has it, and its identity cannot be compared",cause:"two machines cannot share a name",remedy:"give this machine another `node` name",evidence:C};const te=dt(b);return{id:"cluster.name",verdict:te?"warn":"fail",question:F,found:`a node that is no longer alive has it${te?"; it will be replaced as confirmed":""}`,cause:"the node was joined from another machine or another installation",remedy:`press the button again with replace-node = ${w.node}, or give this machine another name`,evidence:C}}function tt(b){return b.gpu.processes.filter(w=>w.owner!=="pod")}function Ke(b){const{facts:w,desired:M}=b,z="Which GPUs does the host have, and who uses them?";if(w.gpu.pciDevices===0&&w.gpu.devices.length===0)return M.gpu?{id:"host.gpu",verdict:"warn",question:z,found:"no NVIDIA GPU",cause:"the cluster file expects one",remedy:"check the card, or remove `gpu` from the node"}:{id:"host.gpu",verdict:"skip",question:z,found:"no NVIDIA GPU"};if(w.gpu.devices.length===0)return{id:"host.gpu",verdict:"warn",question:z,found:`${w.gpu.pciDevices} NVIDIA device(s) on the bus, but no driver answers`,cause:w.gpu.problem||"nvidia-smi is not installed",remedy:"install or repair the driver; the join itself does not need it"};const F=tt(w),J=w.gpu.devices.map(te=>te.name).join(", ");if(F.length===0)return{id:"host.gpu",verdict:"pass",question:z,found:`${w.gpu.devices.length} \xD7 ${J}`};const C=F.map(te=>`${te.name} (pid ${te.pid}, ${te.ownerDetail||te.owner})`).join(", ");return{id:"host.gpu",verdict:"warn",question:z,found:`${C} ${F.length===1?"is":"are"} using the GPU`,cause:"a restart or a daemon-reload can take the GPU from running containers",remedy:"nothing to do: no change that could disturb it is made unless `allow-gpu-disruption` says so"}}function bt(b){const{facts:w}=b;return[Be(w),De("host.architecture","Is the processor architecture supported?",["amd64","arm64"].includes(w.architecture),w.architecture||"unknown",{cause:"programs are fetched and checked for amd64 and arm64 only",remedy:"use a 64-bit x86 or Arm machine"}),De("host.init","Is systemd the init system?",w.init==="systemd",w.init,{cause:"units are written for systemd",remedy:"use a host with systemd; OpenRC is not supported in this version"}),De("host.cgroup","Is the memory cgroup controller there?",w.cgroup.version===0||w.cgroup.hasMemoryController,w.cgroup.version===0?"unknown":`cgroup v${w.cgroup.version}`,{cause:"the kubelet cannot limit memory without it and stops",remedy:"add `cgroup_enable=memory cgroup_memory=1` to the kernel command line and reboot"}),lt(b),...ue(w),De("host.route","Is there a default route?",w.defaultRoute!==void 0,w.defaultRoute?`via ${w.defaultRoute.via||w.defaultRoute.device}`:"none",{verdict:"warn",cause:"the node address is chosen by the default route",remedy:"give `node-ip`, or add a route"}),yt(b),Pe(b),Ke(b)]}var wt=N(8003);function pe(b,w,M,z,F){const J=[],C=(Le,Ee,Qe,Me,ze)=>{J.push({id:Le,verdict:Qe?"pass":"fail",question:Ee,found:Me,...Qe?{}:{cause:"it was so a moment ago, or was never brought about",remedy:ze}})};if(z!==void 0&&C("confirm.unit","Is the unit active?",z==="active",z,"look at its journal on the host"),F||C("confirm.ready","Is the node Ready?",M?.ready==="True",M?`Ready=${M.ready} ${M.readyMessage}`.trim():"no such node","press the button again; the plan says what is missing"),!M)return J;F||C("confirm.version","Does the node run the wanted version?",M.kubeletVersion===w,M.kubeletVersion,"press the button again; the plan says what is missing");const te=je(b,M);return C("confirm.metadata","Are labels and taints as wanted?",!He(te),He(te)?[...Object.keys(te.labels),...te.addTaints.map(wt.eh),...te.removeTaints.map(wt.eh)].join(", "):"as wanted","something else changes them: look at managedFields of the node"),J}const Xe=b=>`${b.name} (pid ${b.pid}, ${b.ownerDetail||b.owner})`;function R(b,w){const M=b.startTicks===void 0||w.startTicks===void 0||b.startTicks===w.startTicks;return b.pid===w.pid&&b.name===w.name&&M}function j(b){return["start","restart","reload","install"].includes(b.kind)&&b.waitsFor===void 0}function U(b,w,M,z=""){const F=tt(b);if(F.length===0)return;const J="confirm.gpu-processes",C="Do the processes outside the cluster still have the GPU?",te=F.filter(Qe=>!w?.processes.some(Me=>R(Qe,Me))),Le=F.map(Xe).join(", ");if(te.length===0)return{id:J,verdict:"pass",question:C,found:`${Le}: still there`};if(w===void 0||!w.areProcessesKnown)return{id:J,verdict:"error",question:C,found:`not known: ${Le} used it before`,cause:z||w?.problem||"the processes that use the GPU could not be listed again",remedy:"look on the host: nvidia-smi"};const Ee=te.map(Xe).join(", ");return{id:J,verdict:M?"warn":"fail",question:C,found:`${Ee} ${te.length===1?"has":"have"} it no more`,cause:M?"the run changed the host, as allow-gpu-disruption lets it":"it lost the GPU or ended while this run changed the host; nothing that was planned should have disturbed it",remedy:`look at it on the host and start it again: ${te.map(({ownerDetail:Qe,owner:Me})=>Qe||Me).join(", ")}`,evidence:[`before: ${Le}`,`after: ${w.processes.map(Xe).join(", ")||"nobody uses the GPU"}`]}}const l=b=>b?b.slice(0,63):"empty",k=" (no longer wanted; ours)";function y(b,w,M){const z=w&&M;if(b===void 0)return z?" (was removed by hand)":" (new)";const F=z?", changed by hand":w?"":", not ours until now";return` (was ${l(b.value)}${F})`}function x(b,w,M){const z=new Set(Se(w?.annotations[K.ownedLabels]));return Object.entries(b.labels).map(([F,J])=>{if(J===null)return`${F}-${k}`;const C=`${F}=${J}`;if(w===void 0)return C;const te=Object.hasOwn(w.labels,F)?{value:w.labels[F]}:void 0;return`${C}${y(te,z.has(F),M)}`})}function E(b,w,M){const z=new Set(Se(w?.annotations[K.ownedTaints]));return[...b.addTaints.map(J=>{if(w===void 0)return(0,wt.eh)(J);const C=w.taints.find(te=>ye(te)===ye(J));return`${(0,wt.eh)(J)}${y(C&&{value:C.value},z.has(ye(J)),M)}`}),...b.removeTaints.map(J=>`${(0,wt.eh)(J)}-${k}`)]}const S={deleteNode:"delete-node",deletePassword:"delete-node-password",label:"label-node",taint:"taint-node",record:"record-desired"};function W(b,w){const{desired:M,server:z,version:F,reading:J}=b,C=je(M,J.node),te=[],Le=Re(M,z,F),Ee=J.node?.annotations[K.desired],Qe=x(C,J.node,Ee===Le);Qe.length>0&&te.push({id:S.label,kind:"label",target:Qe.join(", "),reason:J.node?"the node differs from the cluster file and inputs":"wanted on the new node",undo:"not needed: labels disturb nothing, and the next run sets them again"});const Me=E(C,J.node,Ee===Le);return Me.length>0&&te.push({id:S.taint,kind:"taint",target:Me.join(", "),reason:J.node?"the node differs from the cluster file and inputs":"keeps other pods away from the new node from its first second",...C.addTaints.some(ut=>ut.effect==="NoExecute")?{disrupts:"evicts pods that do not tolerate it"}:{},undo:"not needed: the next run converges"}),(!Object.entries(Ae(M)).every(([ut,pt])=>J.node?.annotations[ut]===pt)||Ee!==Le&&!w)&&te.push({id:S.record,kind:"annotate",target:w?"labels and taints of this project as owned":"desired state, owned labels and taints",reason:w?"so that they can be changed and removed later":"lets the next run see that nothing is to be done",undo:"not needed: a hint only"}),te}function we(b){const{reading:w,desired:M}=b;return!w.node||!dt(b)?[]:[{id:S.deleteNode,kind:"delete",target:`node ${M.node} (uid ${w.node.uid})`,reason:"confirmed by replace-node: it is no longer alive",disrupts:"forgets the pods that were bound to it",undo:"none: a deleted node comes back only by joining again"}]}function D(b,w){const{gpu:M}=b.facts,z=tt(b.facts),F=w.filter(Le=>(["restart","reload"].includes(Le.kind)||Le.kind==="install"&&Le.disrupts!==void 0)&&!Le.waitsFor);return!(z.length>0||M.pciDevices>0&&!M.areProcessesKnown)||F.length===0||b.consent.allowGpuDisruption?[]:[{id:"plan.gpu-in-use",verdict:"fail",question:"May the plan disturb processes that use the GPU outside the cluster?",found:`${z.map(Xe).join(", ")||`whoever uses the GPU (its processes could not be listed: ${M.problem||"no answer"})`} would see: ${F.map(Le=>`${Le.kind} ${Le.target}`).join(", ")}`,cause:"a daemon-reload or restart can take the GPU from running containers (NVIDIA/nvidia-container-toolkit#48)",remedy:"press the button again with allow-gpu-disruption when that is acceptable, or stop the process first"}]}function ve(b,w,M){const z=w.some(Le=>Le.waitsFor!==void 0),F=z&&!b.reading.node?[]:W(b,z),J=[...we(b),...w,...F],C=yt(b),te=[...M.filter(Le=>Le.id!==C.id),...C.verdict==="fail"?[C]:[],...D(b,J)];return{changes:J,blockers:te}}function xe(b){return b.changes.filter(w=>w.waitsFor===void 0)}function qe(b){const w=[S.label,S.taint,S.record];return xe(b).some(M=>!w.includes(M.id))}}),3670:((vt,Je,N)=>{N.d(Je,{SU:()=>Jn});const K={binary:"/usr/local/bin/k3s",ownConfig:"/etc/rancher/k3s/config.yaml.d/50-k3s-gpu-actions.yaml",unit:"/etc/systemd/system/k3s-agent.service",environment:"/etc/systemd/system/k3s-agent.service.env",nodePassword:"/etc/rancher/node/password",lock:"/run/k3s-gpu-actions.lock",backups:"/var/lib/k3s-gpu-actions"};var Se=N(8022),fe=N(7598);function Fe(t){return`${t}.node-password.k3s`.toLowerCase()}const Y=64*1024**2;function ie(t){const[,n="",i,s,c,d=""]=/^\$1:([0-9a-f]{2,128}):(\d{1,2}):(\d{1,2}):(\d):([A-Za-z0-9+/]{22,171})$/.exec(t)??[],p={salt:Buffer.from(n,"hex"),logN:Number(i),r:Number(s),p:Number(c),key:Buffer.from(d,"base64")},{logN:T}=p;if(!(n===""||n.length%2!==0||T<1||T>20||p.r<1||p.p<1))return 128*2**T*p.r*p.p<=Y?p:void 0}async function Oe(t,n){const i=ie(t);if(!i)return;const{salt:s,logN:c,r:d,p,key:T}=i,I={N:2**c,r:d,p,maxmem:2*Y};return await new Promise(Q=>{try{(0,fe.scrypt)(n,s,T.length,I,(H,le)=>Q(H?void 0:(0,fe.timingSafeEqual)(le,T)))}catch{Q(void 0)}})}function ee(t){return t.hasSecret?t.hasFile?t.password===""?"empty":t.password===void 0||t.isMatch===void 0?"unknown":t.isMatch?"matches":"different":"missing":"none"}function ce(t,n){const i=n?.state??"none";if(i==="none"||i==="matches")return"fine";if(i==="empty")return"empty";const{reading:s,facts:c,consent:d,desired:p}=t,T=(0,Se.Pd)(s.node,c);if((0,Se.JG)(t))return T!=="this-machine"?"foreign":i==="unknown"?"unknown":"live";const I=d.replaceNode===p.node;return(0,Se.ik)(t)||I&&s.node===void 0?"replaced":T==="another-machine"?"foreign":i==="unknown"?"unknown":(0,Se.YD)(s.node,c)?"healed":"unproven"}const be="k3s.node-password",ne="Will the server accept this host's node password?",Ce=t=>t?.secret?.createdAt?` of ${t.secret.createdAt}`:"",ye={missing:`the host has none (${K.nodePassword} is not there)`,different:"the host has another one",unknown:"it could not be compared with the host's"};function de(t,n){const i=n.nodePassword,{node:s}=t.desired;if(i===void 0)return[{id:be,verdict:"skip",question:ne,found:"not asked: the agent is not started by this plan"}];const c=`the cluster keeps a password${Ce(i)} for ${s}, and ${ye[i.state]??""}`,d="a server rejects an agent whose password is not the one it keeps for that name, every time it asks (403)",p=[`secret kube-system/${Fe(s)}${Ce(i)}`,...(0,Se.Eb)(t)];switch(ce(t,i)){case"fine":{const T=i.state==="none"?`the cluster keeps none for ${s}`:"it is the one that the cluster keeps";return[{id:be,verdict:"pass",question:ne,found:T}]}case"healed":return[{id:be,verdict:"warn",question:ne,found:`${c}; it is this machine's own, from an earlier installation (same system UUID)`,cause:d,remedy:`nothing to do: the plan deletes that Secret, and nothing else of ${s}`,evidence:p}];case"replaced":return[{id:be,verdict:"warn",question:ne,found:`${c}; it is deleted, as replace-node says`,cause:d,remedy:"nothing to do: the plan deletes that Secret",evidence:p}];case"foreign":return[{id:be,verdict:"skip",question:ne,found:"the name belongs to another machine: see cluster.name"}];case"live":return[{id:"plan.node-password",verdict:"fail",question:"Would the node that lives come back from the start that is planned?",found:`no: ${c}. ${s} is alive on this very machine, and its agent would be rejected as soon as it is started again`,cause:`${K.nodePassword} was lost or changed while the agent ran; the password of a live node is never deleted`,remedy:`stop the agent (sudo systemctl stop k3s-agent; containers keep running), wait a minute until ${s} is no longer alive, then press the button again`,evidence:p}];case"empty":return[{id:be,verdict:"fail",question:ne,found:`${K.nodePassword} is empty`,cause:"k3s sends what is in that file, and makes a password only where there is no file",remedy:`sudo rm ${K.nodePassword}, then press the button again`,evidence:p}];case"unproven":return[{id:be,verdict:"fail",question:ne,found:`${c}; nothing proves that it is this machine's own`,cause:d,remedy:`press the button again with replace-node = ${s} when no other machine of that name is to come back, or give this machine another name`,evidence:p}];case"unknown":return[{id:be,verdict:"warn",question:ne,found:i.secret?`${c}: ${i.problem??""}`:`not known: ${i.problem??""}`,cause:i.secret?d:"the Secrets of kube-system could not be listed",remedy:i.secret?`if the server rejects it, press the button again with replace-node = ${s}`:"nothing to do: if the server rejects the password, the run ends with its words",evidence:p}]}}function se(t,n){const i=ce(t,n.nodePassword);if(i!=="healed"&&i!=="replaced"||n.nodePassword?.secret===void 0)return;const{node:s}=t.desired,{node:c}=t.reading;return{kind:"delete",target:`secret kube-system/${Fe(s)}`,reason:i==="healed"?`from an earlier installation of this machine (same system UUID); node ${s} with its labels and pods stays`:c?`confirmed by replace-node: it goes with node ${s}`:"confirmed by replace-node: no node has that name any more",undo:"none: the password in it is not known; the agent stores its own when it starts"}}var Z=N(7949),Ae=N(8815),je=N(8003);function He(t){const n=Object.entries(t.labels).filter(([d])=>!(0,Se.E4)(d)).map(([d,p])=>`${d}=${p}`).sort(),i=t.taints.map(je.eh).sort(),s={"node-name":t.node,...t.nodeIp?{"node-ip":t.nodeIp}:{},...t.nodeExternalIp?{"node-external-ip":t.nodeExternalIp}:{},...Object.fromEntries(Object.entries(t.extraConfig).sort(([d],[p])=>d<p?-1:1)),...n.length>0?{"node-label+":n}:{},...i.length>0?{"node-taint+":i}:{}},c=new Ae.yo(s);return c.commentBefore=" Written by k3s-gpu-actions; edits are overwritten by its next run.",c.toString({lineWidth:0})}function Ye(t){const n=[];let i=!1;for(const s of t.split(`
`))/^\S/.test(s)&&(i=/^"?node-(label|taint)\+"?:/.test(s)),!i&&!s.startsWith("#")&&s.trim()!==""&&n.push(s);return n.join(`
`)}const et=["--node-label","--node-taint","--token","-t"],nt=t=>t.split("=")[0]??t;function st(t){const n=t.environment?.tokenKind??"none";return(t.unit?.arguments.some(s=>["--token","-t"].includes(nt(s)))??!1)||n!=="none"&&n!=="bootstrap"}const Re=t=>t.environment?.tokenKind==="agent"?"the token on the host is the cluster's agent token: whoever reads it can join machines for ever":"the token on the host is the server's own: whoever reads it owns the cluster";function Ie(t,n,i,s){if(i)return"a node needs one to join; deleted at the end";if(st(n)&&!t.consent.allowServerToken)return Re(n);if(!t.reading.node||(0,Se.ik)(t)||s)return"the agent is not connected and may need one to register again"}function V(t,n,i){if(!n.binary)return"not installed";if(n.binary.version!==t.version)return`${n.binary.version||"unknown version"} is installed, ${t.version} is wanted`;if(i?.sha256!==void 0&&i.sha256!==n.binary.sha256)return`the installed file is not the released ${t.version}`}function re(t,n){return n.ownConfig===void 0?!1:t.reading.node?.annotations[Se.hk.desired]!==void 0?!0:oe(n).length===0&&(!st(n)||t.consent.allowServerToken)}function oe(t){const n=(t.unit?.arguments??[]).map(nt);return[...new Set(n)].filter(i=>et.includes(i))}const Pe=237;function Te(t){return t!==void 0&&t>=Pe?{reason:"not installed; disrupts nothing: its systemctl is kept from reloading systemd (SYSTEMD_OFFLINE)"}:{reason:"not installed",disrupts:`its systemctl disable makes systemd ${t===void 0?"of unknown version":String(t)} reload (SYSTEMD_OFFLINE is heard from ${Pe} on): can take the GPU from running containers`}}function he(t,n,i){const{unit:s,changedSinceStart:c}=n,{node:d}=t.reading;if(!s)return["joins the cluster"];if(s.activeState!=="active")return[`the unit is ${s.activeState||"not running"}`];const p=[];return(0,Se.ik)(t)?p.push("registers anew"):(0,Se._n)(t)||p.push(d?.ready==="True"?"the node has no fresh heartbeat":"the node is not Ready"),d&&d.kubeletVersion!==t.version&&n.binary?.version===t.version&&p.push(`${d.kubeletVersion} is still running, ${t.version} is installed`),!i&&c.length>0&&p.push(`${c.join(", ")} changed after it was started`),p}function Ge(t,n,i){const s=n.unit===void 0,c=!s&&n.unit?.activeState!=="active",d=t.reading.node!==void 0||n.unit?.activeState==="active",p=!s&&d&&!re(t,n),T=He(t.desired),I={labels:{},taints:[],extraConfig:{},nodeIp:void 0,nodeExternalIp:void 0},Q=s?"":He({...t.desired,...I}),H=oe(n);return{isFresh:s,isForeign:p,binary:V(t,n,i),url:n.environment?.url===t.server?void 0:`the host joins through ${n.environment?.url||"no server"}, wanted ${t.server}`,token:Ie(t,n,s,c),argumentNames:H,isReloadPending:H.length>0||!p&&(n.unit?.needsReload??!1),config:n.ownConfig===T?void 0:n.ownConfig===void 0?"not there yet":"differs from the cluster file and inputs",isConfigRestartRelevant:Ye(n.ownConfig??Q)!==Ye(T),start:he(t,n,p)}}function De(t,n){return t.isDeep||n.unit===void 0||n.binary?.version!==t.version}function Ue(t,n,i){const s=Ge(t,n,i),c=s.isForeign&&t.consent.adopt==="plan"?"adopt: apply":void 0,d=[],p=(Q,H)=>{d.push({id:Q,...H,...c?{waitsFor:c}:{}})};s.token&&!t.hasGivenToken&&p("mint-token",{kind:"mint",target:`bootstrap token, ${(0,Z.a3)(t.tokenLifetimeMs)}`,reason:s.token,undo:"deleted in every ending"});const T=se(t,n);if(T&&p(Se.zF.deletePassword,T),s.binary){const Q=i?`, ${(0,Z.z3)(i.sizeBytes)}`:"";p("upload-binary",{kind:"upload",target:`k3s ${t.version} ${t.facts.architecture}${Q}`,reason:s.binary,undo:"the staged file is removed"}),p("install-binary",{kind:"install",target:K.binary,reason:s.binary,undo:n.binary?"the previous program is put back":"deleted"})}s.isFresh&&p("run-installer",{kind:"install",target:`unit k3s-agent, official installer ${t.version}`,...Te(t.facts.systemdVersion),undo:"unit, env file and links are deleted"}),s.config&&p("write-config",{kind:"write",target:K.ownConfig,reason:s.config,undo:n.ownConfig===void 0?"deleted":"restored"}),(s.url||s.token)&&p("edit-environment",{kind:"edit",target:`${K.environment} (${[s.url?"K3S_URL":"",s.token?"K3S_TOKEN":""].filter(Boolean).join(", ")})`,reason:s.isFresh?"tells the agent where to join":[s.url,s.token].filter(Boolean).join("; "),undo:s.isFresh?"deleted with the unit":"restored"}),s.argumentNames.length>0&&p("edit-unit",{kind:"edit",target:`${n.unit?.path??K.unit} (${s.argumentNames.join(", ")})`,reason:"arguments in ExecStart win over any file and come back at every start: they move to our drop-in",undo:"restored"}),s.isReloadPending&&p("reload",{kind:"reload",target:"systemd (daemon-reload)",reason:s.argumentNames.length>0?"the unit file changes":"the unit file has changed since systemd read it",disrupts:"can take the GPU from running containers",undo:"reloaded again after restoring"}),(s.isFresh||!s.isForeign&&n.unit?.isEnabled===!1)&&p("enable",{kind:"install",target:"start of k3s-agent at boot, without daemon-reload",reason:"not enabled",undo:"link deleted"});const I=[s.binary?`k3s ${t.version}`:"",s.url||s.token?"changed env file":"",s.isReloadPending?"changed unit":"",s.config&&s.isConfigRestartRelevant?"changed configuration":""].filter(Boolean);return(s.isFresh||s.start.length>0||I.length>0)&&p(...Be(n,s,I)),d}function Be(t,n,i){const s=t.unit?.name??"k3s-agent",c=[...n.start,...n.isFresh?[]:i].join("; "),d=t.unit?.activeState??"inactive";if(["inactive","failed",""].includes(d))return["start",{kind:"start",target:s,reason:c,undo:"stopped"}];if(d!=="active")return["restart",{kind:"start",target:s,reason:c,undo:"restarted with what was there before"}];const T=`restarts ${s}; containers keep running`;return["restart",{kind:"restart",target:s,reason:c,disrupts:T,undo:"restarted with what was there before"}]}function lt(t,n,i){const s=[i];s.push(n.hasServerUnit?{id:"k3s.role",verdict:"fail",question:"Is this host free of a k3s server?",found:"it has the unit k3s (a server)",cause:"a host is either a server or an agent",remedy:"name another host; a server is not turned into an agent"}:{id:"k3s.role",verdict:"pass",question:"Is this host free of a k3s server?",found:n.unit?"an agent is installed":"no unit"});const c=n.unit?.activeState==="active"||n.unit?.activeState==="activating";for(const d of[10250,6444]){const p=t.facts.ports.find(I=>I.port===d),T=c&&(p===void 0||p.process===""||/^(k3s|k3s-agent|kubelet)/.test(p.process));s.push(p===void 0||T?{id:`host.port.${d}`,verdict:"pass",question:`Is port ${d} free for the agent?`,found:p?"held by k3s itself":"free"}:{id:`host.port.${d}`,verdict:"fail",question:`Is port ${d} free for the agent?`,found:`held by ${p.process||"an unknown process"} (pid ${p.pid||"unknown"})`,cause:"the agent listens there and would loop",remedy:`stop that process: sudo ss -lntp 'sport = :${d}'`})}for(const d of n.templates)s.push(d.hasBaseTemplate?{id:"k3s.containerd-template",verdict:"pass",question:"Does the containerd template extend the built-in one?",found:d.path}:{id:"k3s.containerd-template",verdict:"warn",question:"Does the containerd template extend the built-in one?",found:`${d.path} replaces it`,cause:`without {{ template "base" . }} it drops k3s's CNI folders, snapshotter and runtimes: the node never becomes Ready`,remedy:"k3s finds the NVIDIA runtime by itself: rename the file and restart, or let the gpu-runtime action quarantine it"});return s.push(...ue(n),...it(n),...de(t,n)),s}function ue(t){return[[t.binary?.path,K.binary],[t.unit?.path,K.unit]].filter(([i,s])=>i!==void 0&&i!==s&&!t.hasServerUnit).map(([i,s])=>({id:"k3s.place",verdict:"fail",question:"Is k3s installed where its installer puts it?",found:`${i}, expected ${s}`,cause:"only the places of the official installer are changed",remedy:`move it to ${s}, or uninstall it and press the button again`}))}function it(t){const n="Is the host free of the cluster's long-lived tokens?",i=[];st(t)&&i.push({id:"k3s.server-token",verdict:"warn",question:n,found:`K3S_TOKEN in ${t.environment?.path??t.unit?.path??"the unit"} is ${t.environment?.tokenKind==="agent"?"the cluster's agent token":"the server's own token"}`,cause:t.environment?.tokenKind==="agent"?"whoever reads it can join machines for ever":"whoever reads it owns the cluster",remedy:"press the button with adopt = apply to replace it by a minted one; then rotate the token (k3s token rotate)"});const s=["token","agent-token","token-file","agent-token-file"];for(const c of t.configFiles){const d=c.keys.filter(p=>s.includes(p));d.length!==0&&i.push({id:"k3s.server-token",verdict:"warn",question:n,found:`${c.path} (mode ${c.mode}) sets ${d.join(", ")}`,cause:"a token in a configuration file stays on the host and is often readable by everybody",remedy:`take ${d.join(", ")} out of ${c.path}; the agent has its own certificate and needs it no more`})}return i}var Ve=N(7030);function ct(t){const{binary:n,unit:i,environment:s}=t;return{"k3s program":n?`${n.version||"unknown version"} at ${n.path}`:"not installed","k3s unit":i?`${i.name} ${i.activeState} (${i.subState}), ${i.isEnabled?"enabled":"not enabled"}, arguments: ${i.arguments.join(" ")||"none"}`:"not installed",...s?{"k3s env file":`${s.path}: ${s.keys.join(", ")}; token kind: ${s.tokenKind}`}:{},...t.configFiles.length>0?{"k3s configuration":t.configFiles.map(c=>`${c.path} (${c.keys.join(", ")})`).join("; ")}:{},...t.templates.length>0?{"containerd templates":t.templates.map(c=>`${c.path}${c.hasBaseTemplate?"":" (replaces the built-in one)"}`).join("; ")}:{}}}var ft=N(1213);class $t extends Error{name="HostStepError";code;step;cause;remedy;evidence;constructor(n,i,s,c,d,p){super(s),this.code=n,this.step=i,this.cause=c,this.remedy=d,this.evidence=p}}const at="run it again: it continues from what it finds",dt="look at the host on its console",gt={"host-locked":"wait until that run has ended, or cancel it, and run this one again; one whose runner is gone lets go within minutes",overtaken:"look at the later run: what it says of the host is what is true","lock-unavailable":"install util-linux on the host (it brings flock)","init-unsupported":"join a host that runs systemd","staged-missing":at,"copy-failed":"free space on the host (df -h /usr/local/bin), then run it again","backup-failed":"free space on the host (df -h /var/lib), then run it again","write-failed":"free space on the host (df -h /etc), then run it again","replace-failed":"look for an immutable file (lsattr) or a read-only mount at that path","folder-read-only":"the host keeps this folder read-only (an immutable system, or a file system with errors): make it writable, or install k3s with the means of that system","binary-mismatch":"the file changed between runner and host: run it again; if it stays, look who else writes to /tmp on the host","binary-missing":at,"installer-mismatch":at,"installer-failed":"read what the installer said below, correct it on the host, and run it again","hash-unavailable":"install coreutils on the host (it brings sha256sum)","environment-unreadable":"correct the quotes in that file by hand, and run it again","unit-unreadable":"bring ExecStart of that unit into the form ExecStart=/usr/local/bin/k3s agent \u2026, and run it again","unit-missing":"the unit is gone: delete what is left of k3s on the host, or install it, and run it again","reload-failed":`${dt}: sudo systemctl daemon-reload`,"enable-failed":`${dt}: sudo systemctl enable k3s-agent`,"start-refused":`${dt}: sudo systemctl status k3s-agent; sudo journalctl -u k3s-agent -n 50`},yt=t=>typeof t=="string"?t:"";function tt(t,n,i){if(i.exitCode===0)return;const s=i.lines.findLast(I=>typeof I.error=="string"),c=yt(i.lines.findLast(I=>I.state==="failed")?.step),d=[...i.lines.flatMap(I=>typeof I.evidence=="string"?[I.evidence]:[]),...i.stderr.trim().split(`
`).slice(-10)].filter(I=>I!==""),p=`${n} on ${t} did not succeed${c?` (step ${c})`:""}`;if(s===void 0){const I=`the script ended with exit code ${i.exitCode} without saying why`;return new $t("script-failed",c,p,I,at,d)}const T=yt(s.error);return new $t(T,c,p,yt(s.message),gt[T]??at,d)}const Ke={"agent-data":`
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
`},bt=3e4,wt=/^[a-z][a-z0-9-]*\.(?:txt|log)$/,pe=16;function Xe(t){const n=new Map;for(const{file:i,part:s,text:c}of t){if(typeof i!="string"||typeof c!="string"||!wt.test(i)||!n.has(i)&&n.size===pe)continue;const d=n.get(i)??{before:""};n.set(i,s==="recent"?{...d,recent:c}:{...d,before:c})}return[...n].map(([i,{before:s,recent:c}])=>({name:i,text:[s,...c===void 0?[]:["== since the start of this run",c]].filter(d=>d!=="").join(`
`),...c===void 0?{}:{recent:c}}))}async function R(t,n,i){i.throwIfAborted();const s=[],c=n.startedAgoMs===void 0?"":String(Math.ceil(n.startedAgoMs/1e3)+1);try{const d=await t.run({name:"evidence",script:[Ke.evidence,ft.BZ].join(`
`),env:{UNIT:n.unit,AGO:c},privilege:"root",timeoutMs:bt,signal:i,onLine:T=>s.push(T)}),p=tt(t.label,"reading the evidence",d);if(p)throw p}catch(d){if(Xe(s).length===0)throw d}return Xe(s)}const j=/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;function U(t){try{const n=(t.match(j)??[]).map(i=>new fe.X509Certificate(i));if(n.length>0)return n}catch{}throw new RangeError("no readable PEM certificate in the CA bundle")}function l(t){const n=t[0]??0;let i=t[1]??0,s=2;if(i>128){const c=i&127;i=t.readUIntBE(2,c),s+=c}return{tag:n,content:t.subarray(s,s+i),rest:t.subarray(s+i)}}function k(t){const n=[];for(let i=t;i.length>1;){const s=l(i);n.push(s),i=s.rest}return n}const y=Buffer.from("551d0e","hex"),x=Buffer.from("551d23","hex");function E(t,n){const i=k(l(t.raw).content)[0],s=k(i?.content??Buffer.alloc(0)).find(c=>c.tag===163);if(s!==void 0)for(const c of k(l(s.content).content)){const[d,...p]=k(c.content);if(d?.content.equals(n))return p.at(-1)?.content}}function S(t){const n=E(t,x),i=n&&k(l(n).content).find(c=>c.tag===128)?.content;if(i===void 0)return!0;const s=E(t,y);return s!==void 0&&l(s).content.equals(i)}function W(t){const[n,...i]=t,s=(c,d)=>{if(i.some(p=>S(p)&&p.raw.equals(c.raw)))return c;for(const p of d){if(!c.checkIssued(p)||!c.verify(p.publicKey))continue;if(S(p))return p;const T=s(p,d.filter(I=>I!==p));if(T!==void 0)return T}};return n&&s(n,i)}function we(t){return(0,fe.createHash)("sha256").update(t).digest("hex")}function D(t){const n=U(t),i=n.length>1?W(n):void 0;return we(i?.raw??t)}function ve(t,n){if(D(t)===D(n))return!0;const i=new Set(U(n).map(s=>s.fingerprint256));return U(t).every(s=>i.has(s.fingerprint256))}const xe=/^[a-z0-9]{6}\.[a-z0-9]{16}$/,qe="abcdefghijklmnopqrstuvwxyz0123456789";function b(t){return t===""?{}:{caHash:t}}function w(t){const n=t.trim();if(n==="")return{kind:"none",credential:""};if(xe.test(n))return{kind:"bootstrap",credential:n};const i=/^K10([0-9a-f]{64})?::([\s\S]+)$/.exec(n);if(i===null)return{kind:"short",credential:n};const[,s="",c=""]=i;if(xe.test(c))return{kind:"bootstrap",credential:c,...b(s)};const d=c.indexOf(":"),p=c.slice(0,Math.max(d,0)),T=c.slice(d+1);return d<0||T===""?{kind:"short",credential:n}:{kind:p==="server"?"server":p==="node"?"agent":"short",credential:T,...b(s)}}function M(t,n,i){if(!/^[0-9a-f]{64}$/.test(t))throw new RangeError("a CA hash has 64 lower-case hexadecimal digits");if(!xe.test(`${n}.${i}`))throw new RangeError("a bootstrap token is 6 and 16 characters [a-z0-9]");return`K10${t}::${n}.${i}`}function z(t){return t.kind==="bootstrap"?`Bearer ${t.credential}`:`Basic ${Buffer.from(`node:${t.credential}`).toString("base64")}`}function F(t,n){let i="";for(;i.length<t;)for(const s of n(t))s<252&&i.length<t&&(i+=qe[s%36]);return i}function J(t=fe.randomBytes){return F(6,t)}function C(t=fe.randomBytes){return F(16,t)}class te extends Error{name="GivenTokenError";code;cause;remedy;evidence=[];constructor(n,i,s,c){super(i),this.code=n,this.cause=s,this.remedy=c}}const Le="leave `token` out: a bootstrap token is minted through the API and deleted at the end";function Ee(t,n,i){const s=w(t),c=D(n);if(s.caHash!==void 0&&s.caHash!==c)throw new te("token-of-another-cluster","the given token belongs to another cluster, or to this one before its CA was changed",`it pins the CA ${s.caHash.slice(0,12)}\u2026, the kubeconfig's CA is ${c.slice(0,12)}\u2026`,Le);if(s.kind==="short")throw new te("token-without-ca","the given token pins no certificate authority","without the K10 prefix an agent believes whatever server answers",Le);if((s.kind==="server"||s.kind==="agent")&&!i.allowServerToken)throw new te("server-token-refused",`the given token is the ${s.kind}'s own, long-lived one`,s.kind==="server"?"whoever reads it on the node owns the cluster":"whoever reads it on the node can join machines for ever",`${Le}; or set allow-server-token when you mean it`);if(s.kind==="bootstrap"&&s.caHash===void 0){const[d="",p=""]=t.trim().split(".");return{id:d,text:M(c,d,p)}}return{id:"given",text:t.trim()}}var Qe=N(8500);class Me extends Error{name="HostHttpsFault";kind;remedy;constructor(n,i,s){super(i),this.kind=n,this.remedy=s}get isPassing(){return this.kind==="connect"||this.kind==="timeout"}}const ze=5;function ht(t){return typeof t=="object"&&t!==null&&"code"in t?String(t.code):""}function ut(t){return typeof t=="object"&&t!==null&&"message"in t?String(t.message):String(t)}function pt(t){return t.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g," ").trim().slice(0,300)}function Ot(t){const n=ht(t),i=ut(t);return pt(n===""||i.includes(n)?i:`${n} ${i}`)}function _e(t,n){return`${(0,Ve.isIP)(t)===6?`[${t}]`:t}:${n}`}function mt(t,n){const i="another service listens there, or a proxy is in between";switch(t){case"name":return["does not resolve on the host","the host has no DNS answer for that name","use an IP address as `server`, or mend DNS on the host"];case"authority":return["shows a certificate of another authority","another server answers at that address, or something in between opens TLS","compare `server` with the kubeconfig; if the CA was changed, fetch the kubeconfig again"];case"identity":return["shows a certificate for other names","the server certificate is not issued for that address",`use an address the certificate names, or add ${n} to tls-san of the k3s server`];case"tls":return["does not speak TLS as a k3s server does",i,"check host and port of `server`"];case"protocol":return["does not answer as a k3s server does",i,"check host and port of `server`"]}}function Tt(t,n){const{port:i,runnerReaches:s}=t;return["cannot be reached from the host",`port ${i}/tcp is closed or filtered between the host and the server${s===void 0?"":s?" (the runner itself can reach it)":" (the runner cannot reach it either)"}`,s===!1?`check that the server is running and listens on ${n}`:`allow ${i}/tcp from the host's public address, or set \`server\` to an address the host can reach`]}function Ft(t){const{id:n,question:i,fault:s,host:c,address:d,port:p}=t,T=[`${c}: ${s.message}`];if(s.kind==="tool"){const ke=s.remedy??"see the evidence";return{id:n,verdict:"error",question:i,found:"could not be asked",cause:s.message,remedy:ke,evidence:T}}const I=_e(d,p),[Q,H,le]=s.kind==="connect"||s.kind==="timeout"?Tt(t,I):mt(s.kind,d);return{id:n,verdict:"fail",question:i,found:`${I} ${Q}`,cause:H,remedy:le,evidence:T}}const Rt={5:"name",6:"name",7:"connect",28:"timeout",35:"tls",51:"identity",52:"connect",56:"connect",58:"tls",60:"authority",77:"authority"};class m{via="host-command";#e;#t;constructor(n,i){this.#e=n,this.#t=i}async get(n,i){const s=await this.#e.run({name:"handshake",script:this.#t,env:{URL:`https://${_e(n.address,n.port)}${n.path}`,CA_PEM:n.caPem??"",CONNECT_SECONDS:String(ze)},secrets:{AUTHORIZATION:n.authorization??""},privilege:"user",timeoutMs:(ze+5)*1e3,signal:i}),c=s.lines.findLast(p=>"http"in p||"error"in p);if(c?.http!==void 0)return{status:Number(c.http),body:Buffer.from(String(c.body??""),"base64").toString("utf8")};const d=pt(String(c?.message??s.stderr));if(c?.error==="connect"){const p=Rt[String(c.curl)]??"connect",T=p==="authority"&&/subject (alternative )?name|does not match/i.test(d);throw new Me(T?"identity":p,d||`curl exit code ${String(c.curl)}`)}throw new Me("tool",d||`the script ended with ${s.exitCode}`,"allow forwarding for this user in sshd_config (AllowTcpForwarding local), or install curl on the host")}async reach(n,i,s,c){try{await this.get({address:n,port:i,path:"/cacerts",caPem:s},c)}catch(d){if(!(d instanceof Me)||d.kind!=="identity")throw d}}}var h=N(7067),O=N(8321),P=N(1692),L=function(t,n,i){if(n!=null){if(typeof n!="object"&&typeof n!="function")throw new TypeError("Object expected.");var s,c;if(i){if(!Symbol.asyncDispose)throw new TypeError("Symbol.asyncDispose is not defined.");s=n[Symbol.asyncDispose]}if(s===void 0){if(!Symbol.dispose)throw new TypeError("Symbol.dispose is not defined.");s=n[Symbol.dispose],i&&(c=s)}if(typeof s!="function")throw new TypeError("Object not disposable.");c&&(s=function(){try{c.call(this)}catch(d){return Promise.reject(d)}}),t.stack.push({value:n,dispose:s,async:i})}else i&&t.stack.push({async:!0});return n},q=(function(t){return function(n){function i(p){n.error=n.hasError?new t(p,n.error,"An error was suppressed during disposal."):p,n.hasError=!0}var s,c=0;function d(){for(;s=n.stack.pop();)try{if(!s.async&&c===1)return c=0,n.stack.push(s),Promise.resolve().then(d);if(s.dispose){var p=s.dispose.call(s.value);if(s.async)return c|=2,Promise.resolve(p).then(d,function(T){return i(T),d()})}else c|=1}catch(T){i(T)}if(c===1)return n.hasError?Promise.reject(n.error):Promise.resolve();if(n.hasError)throw n.error}return d()}})(typeof SuppressedError=="function"?SuppressedError:function(t,n,i){var s=new Error(i);return s.name="SuppressedError",s.error=t,s.suppressed=n,s});const B=1024*1024,ae=["connection-lost","cancelled","forwarding-refused"];function me(t){if(t instanceof Me)return t;const n=ht(t);if(ae.includes(n))return t;const i=n==="ERR_TLS_CERT_ALTNAME_INVALID"?"identity":/^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA)/.test(n)?"authority":/^(ERR_SSL_|ERR_TLS_|EPROTO)/.test(n)?"tls":/^HPE_/.test(n)?"protocol":n==="deadline"?"timeout":"connect";return new Me(i,Ot(t))}async function Ne(t,n,i){const s=AbortSignal.timeout(ze*1e3),c=AbortSignal.any([n,s]),{promise:d,reject:p}=Promise.withResolvers(),T=()=>p(c.reason);d.catch(()=>{}),c.addEventListener("abort",T,{once:!0});try{return n.throwIfAborted(),await Promise.race([i(c),d])}catch(I){throw n.aborted?n.reason:s.aborted?new Me("timeout",`${t}: no answer in ${ze} s`):me(I)}finally{c.removeEventListener("abort",T)}}class Ze{via="forwarding";#e;constructor(n){this.#e=n}async get(n,i){const{address:s,port:c,path:d}=n;return await Ne(`GET https://${_e(s,c)}${d}`,i,async p=>{const T={stack:[],error:void 0,hasError:!1};try{const I=L(T,await this.#t(s,c,n.caPem,!0,p),!0),{promise:Q,resolve:H,reject:le}=Promise.withResolvers(),ke=(0,h.request)({createConnection:()=>I.socket,path:d,headers:{Host:_e(s,c),Connection:"close",Accept:"*/*",...n.authorization===void 0?{}:{Authorization:n.authorization}}});return ke.once("error",le),ke.once("response",We=>{let Dt=0;We.on("data",zt=>{Dt+=zt.length,Dt>B&&We.destroy(new Me("protocol","the answer is too large"))}),(0,O.text)(We).then(zt=>H({status:We.statusCode??0,body:zt}),le)}),ke.end(),await Q}catch(I){T.error=I,T.hasError=!0}finally{const I=q(T);I&&await I}})}async reach(n,i,s,c){await Ne(`connect ${_e(n,i)}`,c,async d=>{const p={stack:[],error:void 0,hasError:!1};try{const T=L(p,await this.#t(n,i,s,!1,d),!0)}catch(T){p.error=T,p.hasError=!0}finally{const T=q(p);T&&await T}})}async#t(n,i,s,c,d){const p=await this.#e.forward(n,i,d),T=(0,P.connect)({socket:p,host:n,...(0,Ve.isIP)(n)===0?{servername:n}:{},...s===void 0?{rejectUnauthorized:!1}:{ca:s,rejectUnauthorized:!0},...c?{}:{checkServerIdentity:()=>{}}}),I=()=>{T.destroy(),p.destroy()},{promise:Q,resolve:H,reject:le}=Promise.withResolvers();T.once("secureConnect",H),T.on("error",le),p.on("error",le),d.addEventListener("abort",I,{once:!0}),T.once("close",()=>le(new Me("connect","the connection was closed before TLS was set up"))),d.aborted&&I();try{await Q}catch(ke){throw I(),ke}return{socket:T,[Symbol.asyncDispose]:async()=>{d.removeEventListener("abort",I),I()}}}}class rt{#e;#t;#r;constructor(n,i){this.#e=n,this.#t=i,this.#r=new Ze(n)}get via(){return this.#r.via}async get(n,i){return await this.#n(s=>s.get(n,i))}async reach(n,i,s,c){await this.#n(d=>d.reach(n,i,s,c))}async#n(n){try{return await n(this.#r)}catch(i){if(ht(i)!=="forwarding-refused")throw i;if(this.#t===void 0)throw new Me("tool",Ot(i),"allow forwarding for this user in sshd_config (AllowTcpForwarding local)");return this.#r=new m(this.#e,this.#t),await n(this.#r)}}}function _t(t,n){return new rt(t,n)}const Et=[250,750],Nt=3e3,It=300,Ut=16;function Ht(t){const n=URL.canParse(t)?new URL(t):void 0;if(!(n?.protocol!=="https:"||n.hostname===""))return{address:n.hostname.replace(/^\[(.*)\]$/,"$1"),port:Number(n.port||443)}}function Bt(t){return`handshake.apiserver.${t.toLowerCase().replace(/[^a-z0-9.]+/g,"-").replace(/^[.-]+|[.-]+$/g,"")}`}class Lt{checks=[];#e;#t;#r;#n;#o;constructor(n,i,s,c){this.#e=n,this.#t=i,this.#o=s,this.#r=c,this.#n=_t(n,i.script)}get via(){return this.#n.via}#s(n){return this.checks.push(n),this.#r(n),n.verdict==="pass"||n.verdict==="warn"}async#i(n){const i=performance.now();for(let s=1;;s++)try{return await n()}catch(c){if(!(c instanceof Me)||!c.isPassing)throw c;const d=Et[s-1];if(d===void 0){const p=((performance.now()-i)/1e3).toFixed(1);throw new Me(c.kind,`${c.message} (tried ${s} times in ${p} s)`)}await(0,Qe.setTimeout)(d,void 0,{signal:this.#t.signal})}}async#c(n,i){return await this.#i(async()=>{const s=await this.#n.get({...this.#o,path:n,...i},this.#t.signal);if(s.status>=500)throw new Me("connect",`GET ${n}: HTTP ${s.status} ${pt(s.body)}`);return s})}async#a(n,i,s,c){if(!(c instanceof Me))throw c;const{probe:d,signal:p}=this.#t,T=c.isPassing?await d?.(s.address,s.port,p).catch(()=>!1):void 0;return Ft({id:n,question:i,...s,host:this.#e.label,fault:c,runnerReaches:T})}async askAuthority(){const{caPem:n,token:i}=this.#t,s="handshake.ca",c="Does the host see the cluster's own certificate authority?";let d;try{const H=await this.#c("/cacerts",{});if(H.status!==200||!H.body.includes("-----BEGIN CERTIFICATE-----"))throw new Me("protocol",`GET /cacerts: HTTP ${H.status}, no certificate`);d=H.body}catch(H){const le=H instanceof Me&&(H.isPassing||H.kind==="name"),ke=_e(this.#o.address,this.#o.port);this.#s(le?await this.#a(Bt(ke),`Does ${ke} answer the host?`,this.#o,H):await this.#a(s,c,this.#o,H));return}let p,T;try{p=D(d),T=ve(d,n)}catch(H){this.#s(await this.#a(s,c,this.#o,new Me("protocol",pt(String(H)))));return}const I=[`served through the host: ${p}`,`kubeconfig: ${D(n)}`];if(!T){this.#s({id:s,verdict:"fail",question:c,found:"another certificate authority",cause:"another server answers at that address through the host\u2019s network, or the kubeconfig is from before the CA was changed",remedy:"compare `server` with the kubeconfig; fetch the kubeconfig again from the server",evidence:I});return}const Q=i===void 0?void 0:w(i).caHash;if(Q!==void 0&&Q!==p){const H=Q===D(n);this.#s({id:s,verdict:"fail",question:c,found:H?"the hash of the token is of another text":"the token was made for another certificate authority",cause:H?"the certificate is the same, but its text in the kubeconfig differs in white space from what the server serves, and the hash counts every byte":"token CA hash does not match the cluster CA certificate hash: the token is from another cluster, or from before the CA was changed",remedy:H?"store the kubeconfig again exactly as the server has it":"give no token, so that one is minted, or fetch a fresh one from the server",evidence:[...I,`token: ${Q}`]});return}try{await this.#c("/cacerts",{caPem:n})}catch(H){this.#s(await this.#a(s,c,this.#o,H));return}return this.#s({id:s,verdict:"pass",question:c,found:`${p.slice(0,4)}\u2026${p.slice(-2)}`,evidence:I}),p}async askToken(){const{caPem:n,token:i,signal:s}=this.#t,c="handshake.token",d="Does the server accept the token?";if(i===void 0)return this.#s({id:c,verdict:"skip",question:d,found:"token not exercised"});const p=w(i),T=performance.now();for(;;){let I;try{I=await this.#c("/v1-k3s/readyz",{caPem:n,authorization:z(p)})}catch(le){return this.#s(await this.#a(c,d,this.#o,le))}if(I.status===200)return this.#s({id:c,verdict:"pass",question:d,found:`accepted (${p.kind} token)`});const Q=I.status===401||I.status===403;if(Q&&performance.now()-T+It<Nt){await(0,Qe.setTimeout)(It,void 0,{signal:s});continue}const H=[`GET /v1-k3s/readyz: HTTP ${I.status}`];return Q?this.#s({id:c,verdict:"fail",question:d,found:`refused (${p.kind} token)`,cause:p.kind==="bootstrap"?"the server does not know this token: it has expired or was deleted, or the kubeconfig is of another cluster":"it is not this cluster's token, or the token was changed since",remedy:p.kind==="bootstrap"?"press the button again: a new one is minted; when that is refused too, `server` and the kubeconfig are of different clusters":"give no token, so that one is minted through the kubeconfig; or fetch the current one from the server",evidence:H}):this.#s({id:c,verdict:"fail",question:d,found:`the server answers HTTP ${I.status} instead`,cause:"what answers there knows the API but not how agents of k3s join: a load balancer or proxy in front, or no k3s",remedy:"set `server` to the address of a k3s server, where its supervisor listens",evidence:H})}}async#d(){const{caPem:n,token:i,knownApiServers:s=[]}=this.#t,c=_e(this.#o.address,this.#o.port);if(i===void 0)return[c,...s];const d=await this.#c("/v1-k3s/apiservers",{caPem:n,authorization:z(w(i))});let p;try{p=JSON.parse(d.body)}catch{p=void 0}if(d.status!==200||!Array.isArray(p))throw new Me("protocol",`GET /v1-k3s/apiservers: HTTP ${d.status}, no list`);return p.length===0?[c]:p.map(String)}async askApiServers(){let n;try{n=await this.#d()}catch(d){this.#s(await this.#a("handshake.apiserver","Which API servers does the server name?",this.#o,d));return}const i=new Map;for(const d of n.slice(0,Ut)){const p=Ht(d.startsWith("https://")?d:`https://${d}`);p!==void 0&&i.set(_e(p.address,p.port),p)}const s=[],c=async([d,p])=>{s.push(await this.#u(d,p))};if(this.via==="forwarding")await Promise.all([...i].map(c));else for(const d of i)await c(d);return s.length>0&&s.every(Boolean)?[...i.keys()]:void 0}async#u(n,i){const{caPem:s,signal:c}=this.#t,d=Bt(n),p=`Does ${n} answer the host?`,T=performance.now();try{await this.#i(()=>this.#n.reach(i.address,i.port,s,c))}catch(I){return this.#s(await this.#a(d,p,i,I))}return this.#s({id:d,verdict:"pass",question:p,found:`yes, in ${Math.round(performance.now()-T)} ms`})}}async function Gt(t,n,i=()=>{}){const s=Ht(n.server);if(s===void 0)throw new RangeError(`server ${JSON.stringify(n.server)} is not an address like https://host:6443`);const c=new Lt(t,n,s,i),d=await c.askAuthority();if(d===void 0)return{checks:c.checks};if(!(await c.askToken()||n.token===void 0))return{checks:c.checks};const T=await c.askApiServers();return T===void 0?{checks:c.checks}:{checks:c.checks,result:{caHash:d,apiServers:T,via:c.via}}}function jt(t){return String(Math.max(0,Math.floor((t.lockWaitMs??Math.min(6e4,t.timeoutMs/3))/1e3)))}function St(t){if(!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(t))throw new TypeError(`${JSON.stringify(t)} is no run id`);return t}function Mt(t){return t.replace(/[\u0000-\u001f\u007f]+/g," ").slice(0,200)}function qt(t){const i=[["install-binary",t.binary,"binary"],["run-installer",t.installer,"installer"],["write-config",t.config,"config"],["edit-environment",t.environment,"environment"],["edit-unit",t.removeArguments,"removeArguments"]].find(([s,c])=>t.steps.includes(s)&&c===void 0);return i&&`step ${i[0]} needs ${i[2]}`}function Kt(t){if(!(typeof t.step!="string"||t.state!=="done"&&t.state!=="unchanged"))return{step:t.step,state:t.state}}async function Yt(t,n,i){const{binary:s,installer:c,environment:d}=n,p=qt(n);if(p!==void 0)throw new TypeError(p);const T=n.removeArguments??[],I=T.find(ke=>!/^--?[A-Za-z][A-Za-z0-9-]*$/.test(ke));if(I!==void 0)throw new TypeError(`${JSON.stringify(I)} is no name of an argument`);const Q=await t.run({name:"apply",script:[Ke["unit-file"],Ke["change-log"],Ke["agent-data"],Ke.edit,Ke.apply].join(`
`),env:{RUN_ID:St(n.runId),HOLDER:Mt(n.holder),LOCK_WAIT:jt(i),STEPS:n.steps.join(" "),STAGED:s?.stagedPath??"",BINARY_SHA256:s?.sha256??"",INSTALLER_SHA256:c?.sha256??"",SERVER_URL:d?.url??"",REMOVE_ARGUMENTS:T.join(" "),RESTART:n.isRestartFollowing?"yes":"no"},secrets:{TOKEN:d?.token??"",CONFIG:n.config??"",INSTALLER:c?.text??""},privilege:"root",timeoutMs:i.timeoutMs,signal:i.signal,onLine:ke=>{const We=Kt(ke);We&&i.onStep?.(We.step,We.state),typeof ke.waiting_for=="string"&&i.onWaiting?.(ke.waiting_for)}}),H=tt(t.label,"the installation",Q);if(H)throw H;const le=Q.lines.flatMap(ke=>Kt(ke)??[]);return{steps:le,isChanged:le.some(ke=>ke.state==="done"),interrupted:Q.lines.flatMap(ke=>typeof ke.interrupted=="string"?[{runId:ke.interrupted,step:String(ke.step??"")}]:[]),holdsFormerToken:Q.lines.some(ke=>ke.former_token===!0)}}async function Xt(t,n){const{signal:i,waitMs:s,holdMs:c}=n,d=new AbortController,p=Promise.withResolvers();let T=!1;const I=t.run({name:"hold",script:[Ke["change-log"],Ke.hold].join(`
`),env:{RUN_ID:St(n.runId),HOLDER:Mt(n.holder),LOCK_WAIT:String(Math.ceil(s/1e3)),HOLD:String(Math.ceil(c/1e3))},privilege:"root",timeoutMs:s+c,signal:AbortSignal.any([i,d.signal]),onLine:H=>{typeof H.waiting_for=="string"&&(T=!0,n.onWaiting(H.waiting_for)),H.held==="yes"&&p.resolve(typeof H.released=="number"?H.released*1e3:0)}}).then(H=>{throw tt(t.label,"keeping other runs away",H)??new Error("the lock was not kept")});I.catch(p.reject);const Q=await p.promise;return{hasWaited:T,releasedAtMs:Q,async release(){d.abort(),await I.catch(()=>{})}}}const Qt=2e4;function en(t,n){return t.isDeep?!0:Ue(t,n,void 0).some(i=>(i.id==="start"||i.id==="restart")&&i.waitsFor===void 0)}async function tn(t,n,i){const s=await t.run({name:"node-password",script:Ke["node-password"],privilege:"root",timeoutMs:Qt,signal:i}),c=s.lines.find(T=>typeof T.password=="string"),d=typeof c?.password=="string"?c.password.trim():void 0;d&&n(d);const p=tt(t.label,"reading the node password",s);if(p)throw p;return c?.present===!0?d:void 0}async function nn(t,n,i,s,c,d){if(!en(i,s))return;let p;try{p=await n.nodePassword(Fe(i.desired.node),d)}catch(We){if(We instanceof je.b$&&We.code==="forbidden")return{state:"unknown",problem:We.message};throw We}if(!p)return{state:"none"};const{hash:T,...I}=p,Q={hasSecret:!0,hasFile:s.hasNodePassword};if(!s.hasNodePassword)return{state:ee({...Q,password:void 0,isMatch:void 0}),secret:I};let H;try{H=await tn(t,c,d)}catch(We){if(d.aborted)throw We;return{state:"unknown",secret:I,problem:We.message}}if(H===void 0)return{state:"missing",secret:I};const le=H===""?void 0:await Oe(T,H),ke=ee({...Q,password:H,isMatch:le});return{state:ke,secret:I,...ke==="unknown"?{problem:"the hash in the Secret is none that can be checked"}:{}}}const sn=5e3,o=200;async function r(t,n,i,s,c,d=sn){const p=performance.now()+(s?d:0);for(;;){const T=await t.nodePassword(n,c);if(!T)return;const I=T.uid===i.uid&&(s||T.resourceVersion===i.resourceVersion);if(!I||performance.now()>=p)return await t.deleteNodePassword(n,I?T:i,c);await(0,Qe.setTimeout)(o,void 0,{signal:c})}}const g={node:"k3s-gpu-actions/node",run:"k3s-gpu-actions/run"},v="system:bootstrappers:k3s:default-node-token",_=["create","delete","list"].map(t=>({verb:t,group:"",resource:"secrets",namespace:"kube-system"}));function A(t){const n=t.replace(/[^A-Za-z0-9._-]+/g,"-").replace(/^[^A-Za-z0-9]+/,"").slice(0,63).replace(/[^A-Za-z0-9]+$/,"");return n===""?"unknown":n}function e(t,n){if(!(t.ttlMs>0))throw new RangeError("a token needs a time to live");return{id:J(n),secret:C(n),description:`k3s-gpu-actions: join of ${t.node}, ${A(t.runLabel)}`,expiresAt:new Date(t.now+t.ttlMs).toISOString().replace(/\.\d{3}Z$/,"Z"),extraGroups:v,labels:{[g.node]:A(t.node),[g.run]:A(t.runLabel)}}}async function u(t,n,i){const s=n.token??e(n);return await n.record(s.id),await t.createBootstrapToken(s,i),s}async function G(t,n,i){await t.deleteBootstrapToken(n,i)}async function $(t,n,i){const c=(await t.bootstrapTokens({[g.node]:A(n.node)},i)).filter(d=>Date.parse(d.createdAt)<n.olderThan).map(d=>d.id);return await Promise.all(c.map(d=>t.deleteBootstrapToken(d,i))),c}var a=N(1455),f=N(3024),$e=N(6466);async function X(t,n){const i=(0,fe.createHash)("sha256");return await(0,$e.pipeline)((0,f.createReadStream)(t),i,{signal:n}),i.digest("hex")}function ge(t,n){const i=new Set;for(const s of t.split(/\r?\n/)){const[,c,d]=/^\\?([0-9A-Fa-f]{64})[ \t]+\*?(?:\.\/)?(\S.*?)\s*$/.exec(s)??[];c!==void 0&&d===n&&i.add(c.toLowerCase())}return i.size===1?[...i][0]:void 0}class kt extends Error{name="ReleaseError";code;cause;remedy;evidence;constructor(n,i,s,c,d=[]){super(i),this.code=n,this.cause=s,this.remedy=c,this.evidence=d}}const Ct="run it again; if it stays so, look at https://www.githubstatus.com and at the release page of k3s";function Zt(t){const{code:n,cause:i,remedy:s}=typeof t=="object"&&t!==null?t:{};return typeof n=="string"&&typeof i=="string"&&typeof s=="string"}const kn=["rate-limited","github-refused","github-unreachable"];function cn(t,n,i=[]){if(!Zt(t))return new kt("download-failed",n,dn(t),Ct,i);const s=kn.includes(t.code)?t.code:"download-failed";return new kt(s,n,t.cause,t.remedy,[...i,...t.evidence??[]])}function bn(t,n){if(!(!Zt(n)||n.code!=="release-not-found"))return new kt("release-not-found",`there is no release ${t} of k3s`,`no release of k3s-io/k3s is called ${t}`,"correct the version; all of them are listed at https://github.com/k3s-io/k3s/releases, and look like v1.33.4+k3s1",n.evidence??[])}function Vt(t,n){return new kt("checksum-mismatch",`${t} is not what k3s published`,"it was changed on the way (a proxy or mirror), the release was changed after it was published, or the download is damaged","nothing of it was used. Run it again; if it stays so, compare the hashes below with the release page before trusting either",n)}function dn(t){return typeof t=="object"&&t!==null&&"message"in t?String(t.message):String(t)}var Wt=N(2088);const vn=/^v?(\d+)\.(\d+)\.(\d+)(?:-(rc\d+))?\+k3s(\d+)$/;function At(t){const[,n,i,s,c="",d]=vn.exec(t.trim())??[];if(n===void 0)return;const p={major:Number(n),minor:Number(i),patch:Number(s),build:Number(d)},T=c===""?"":`-${c}`;return{text:`v${p.major}.${p.minor}.${p.patch}${T}+k3s${p.build}`,candidate:c,...p}}function un(t){const{major:n,minor:i,patch:s,candidate:c,build:d}=t,p=c===""?"":`0rc.${Number(c.slice(2))}.`;return`${n}.${i}.${s}-${p}k3s.${d}`}function ln(t,n){const i=s=>{const c=At(s);if(c===void 0)throw new RangeError(`${JSON.stringify(s)} is no k3s version: write it like v1.33.4+k3s1`);return new Wt.SemVer(un(c))};return(0,Wt.compare)(i(t),i(n))}class rn extends Error{name="VersionError";code="version-invalid";cause;remedy;evidence=[];constructor(n,i,s){super(n),this.cause=i,this.remedy=s}}const _n=/^(stable|latest|testing|v?\d+(\.\d+)?)$/;function On(t,n){const i="write `match-server`, or an exact version like v1.33.4+k3s1";if(t.trim()==="match-server"){const p=At(n);if(p!==void 0)return p.text;throw new rn(`the server's version ${JSON.stringify(n)} is no k3s version`,(0,Wt.coerce)(n)===null?"what answers is not k3s":"the server runs another distribution of Kubernetes","check the kubeconfig, or set `distribution`")}const s=At(t);if(s!==void 0)return s.text;if(_n.test(t.trim()))throw new rn(`version ${JSON.stringify(t)} is a channel`,"a channel names another version tomorrow",i);const c=(0,Wt.coerce)(t),d=c!==null&&!t.includes("+")?`the +k3s suffix is missing, e.g. v${c.version}+k3s1`:"it has no known form";throw new rn(`version ${JSON.stringify(t)} is no k3s version`,d,i)}const Tn={29:"v1.29.13+k3s1",30:"v1.30.9+k3s1",31:"v1.31.5+k3s1"};function xn(t,n){const i="k3s.version",s=`Does an agent of ${t} go with a server of ${n}?`,c=At(t),d=At(n);if(c===void 0||d===void 0)return{id:i,verdict:"error",question:s,found:`${JSON.stringify(c===void 0?t:n)} is no k3s version`,cause:"the two cannot be compared",remedy:"write versions like v1.33.4+k3s1; check that the server is k3s"};const p=ln(t,n),T=`use version: match-server (${d.text})`;if(p===0)return{id:i,verdict:"pass",question:s,found:"the same version"};if(p>0)return{id:i,verdict:"fail",question:s,found:"the agent is newer than the server",cause:"a kubelet newer than its API server is not supported, and nothing would complain until something breaks",remedy:`${T}, or upgrade the servers first`};const I=(d.major-c.major)*100+d.minor-c.minor;if(I>3)return{id:i,verdict:"fail",question:s,found:`the agent is ${I} minor versions older than the server`,cause:"a kubelet may be at most 3 minor versions older than its API server",remedy:T};const Q=c.major===1?Tn[c.minor]:void 0;return Q!==void 0&&d.minor>=32&&ln(t,Q)<0?{id:i,verdict:"fail",question:s,found:`agents before ${Q} get no pod network from servers of 1.32 or later`,cause:"flannel in such an agent asks for rights that these servers no longer give it (k3s#11551, k3s#12819)",remedy:`${T}, or at least ${Q}`}:{id:i,verdict:"warn",question:s,found:"the agent is older than the server",cause:"supported, but not what the server was tested with",remedy:T}}const fn="k3s-io",hn="k3s",pn="k3s",Sn={amd64:"k3s",arm64:"k3s-arm64"},An=/^[0-9a-f]{64}$/;function mn(t){const n=t?.toLowerCase().replace(/^sha256:/,"");return n!==void 0&&An.test(n)?n:void 0}async function $n(t,n,i){const s=Sn[t.architecture];if(s===void 0)throw new kt("architecture-unsupported",`there is no checked k3s for ${t.architecture||"an unknown architecture"}`,"programs are fetched and checked for amd64 and arm64 only","use a 64-bit x86 or Arm machine");const c=await Pn(t.version,n,i),d=I=>{const Q=c.assets.find(H=>H.name===I);if(Q!==void 0)return Q;throw new kt("release-incomplete",`release ${t.version} of k3s has no file ${I}`,"the release is still being published, or was withdrawn in part","choose another version, or try again later",[`its files: ${c.assets.map(H=>H.name).slice(0,40).join(", ")||"none"}`])},p=d(s),T=mn(p.digest);return{version:t.version,architecture:t.architecture,sizeBytes:p.sizeBytes,...T===void 0?{}:{sha256:T},binary:p,checksums:d(`sha256sum-${t.architecture}.txt`),commit:c.commit}}function qn(t){return t.sizeBytes}async function Pn(t,n,i){try{return await n.release(fn,hn,t,i)}catch(s){throw i.aborted?i.reason:bn(t,s)??cn(s,`release ${t} of k3s cannot be looked up`)}}async function on(t,n,i,s){try{return await i(t,s)}catch(c){throw s.aborted?s.reason:cn(c,`${n} cannot be downloaded`,[t])}}async function Rn(t,n,i){const{binary:s,checksums:c,version:d}=t,p=await on(c.url,`the checksum file of k3s ${d}`,n,i),T=await(0,a.readFile)(p,{encoding:"utf8",signal:i}),I=(0,fe.createHash)("sha256").update(T).digest("hex"),Q=mn(c.digest);if(Q!==void 0&&Q!==I)throw Vt(`the checksum file of k3s ${d}`,[`downloaded: ${I}`,`GitHub's digest: ${Q}`]);const H=ge(T,s.name);if(H===void 0)throw new kt("release-incomplete",`the checksum file of k3s ${d} has no line for ${s.name}`,"the file is damaged, or the release is not complete","choose another version, or try again later",[`${c.name}: ${T.split(`
`).filter(le=>le!=="").length} lines`]);if(t.sha256===void 0)return{sha256:H,notes:[`GitHub has no digest for ${s.name}: checked against ${c.name} alone`]};if(t.sha256!==H)throw Vt(`${s.name} of k3s ${d}`,[`${c.name}: ${H}`,`GitHub's digest: ${t.sha256}`]);return{sha256:H,notes:[]}}async function En(t,n,i,s){const{architecture:c,binary:d,version:p}=t,T=At(p);if(T===void 0)throw new RangeError(`${JSON.stringify(p)} is no exact k3s version`);const I=un(T),Q=[],H=i.toolCache.find(pn,I,c);if(H!==void 0){const We=await X(H,s).catch(()=>"unreadable");if(s.throwIfAborted(),We===n)return{binary:{path:H,sha256:n,sizeBytes:(await(0,a.stat)(H)).size,fromCache:!0},notes:Q};Q.push(`the tool cache held another file for k3s ${p} (sha256 ${We}); it was not used`)}const le=await on(d.url,`k3s ${p} for ${c}`,i.download,s),ke=await X(le,s);if(ke!==n)throw Vt(`the downloaded ${d.name} of k3s ${p}`,[`downloaded: ${ke}`,`published: ${n}`]);return await i.toolCache.add(le,d.name,pn,I,c).catch(We=>{s.throwIfAborted(),Q.push(`the tool cache could not be used: ${dn(We)}`)}),{binary:{path:le,sha256:n,sizeBytes:(await(0,a.stat)(le)).size,fromCache:!1},notes:Q}}async function Nn(t,n,i){const{commit:s,version:c}=t;if(!/^[0-9a-f]{40}$/.test(s))throw new kt("release-incomplete",`the commit of k3s ${c} is unknown`,`GitHub gave ${JSON.stringify(s)}`,Ct);const d=`https://raw.githubusercontent.com/${fn}/${hn}/${s}`,[p,T]=await Promise.all(["install.sh","install.sh.sha256sum"].map(ke=>on(`${d}/${ke}`,`${ke} of k3s ${c}`,n,i))),[I,Q]=await Promise.all([p,T].map(ke=>(0,a.readFile)(ke,{signal:i}))),H=ge(String(Q),"install.sh"),le=(0,fe.createHash)("sha256").update(I).digest("hex");if(H!==le)throw Vt(`the installer of k3s ${c}`,[`install.sh: ${le}`,`install.sh.sha256sum: ${H??"no line for install.sh"}`]);return{text:String(I),sha256:le,commit:s}}async function gn(t,n,i){const s=Nn(t,n.download,i);s.catch(()=>{});try{const c=await Rn(t,n.download,i),{binary:d,notes:p}=await En(t,c.sha256,n,i),{version:T,architecture:I}=t;return{version:T,architecture:I,binary:d,installer:await s,notes:[...c.notes,...p]}}catch(c){throw i.aborted?i.reason:c}}async function Yn(t,n,i){return await gn(await $n(t,n.releases,i),n,i)}async function In(t,n,i){if(i.unit!==void 0&&i.unit!=="k3s-agent")throw new TypeError(`unknown unit ${i.unit}`);const s=await t.run({name:"undo",script:[Ke["change-log"],Ke["agent-data"],Ke.undo].join(`
`),env:{RUN_ID:St(n),HOLDER:Mt(i.holder??`undo of run ${n}`),LOCK_WAIT:jt(i),STOP:i.stop===!1?"no":"yes"},privilege:"root",timeoutMs:i.timeoutMs,signal:i.signal}),c=tt(t.label,"the undo",s);if(c)throw c;return{undone:s.lines.flatMap(d=>typeof d.undone=="string"?[d.undone]:[]),remaining:s.lines.flatMap(d=>typeof d.remaining=="string"?[d.remaining]:[])}}async function Ln(t,n,i){const s=await t.run({name:"forget",script:[Ke["change-log"],Ke.forget].join(`
`),env:{RUN_ID:St(n),HOLDER:`end of run ${n}`,LOCK_WAIT:jt(i)},privilege:"root",timeoutMs:i.timeoutMs,signal:i.signal}),c=tt(t.label,"deleting the former token",s);if(c)throw c;return s.lines.flatMap(d=>typeof d.forgotten=="string"?[d.forgotten]:[])}const Pt=t=>typeof t=="string"?t:"",yn=t=>typeof t=="number"&&Number.isSafeInteger(t)?t:0;function jn(t){if(t.event==="journal"){const n=Pt(t.source);return{type:"journal",text:Pt(t.text),...n===""?{}:{source:n}}}if(t.event==="journal-ended")return{type:"journal",text:`journalctl ended: ${Pt(t.text)}`};if(t.event==="unit")return{type:"unit",activeState:Pt(t.active),subState:Pt(t.sub),restarts:yn(t.restarts),result:Pt(t.result),mainStatus:yn(t.status),isNew:t.new===!0}}async function Mn(t,n){const{unit:i,action:s,signal:c,onEvent:d,timeoutMs:p}=n;if(c.aborted)return;let T;try{T=await t.run({name:"watch",script:Ke.watch,env:{UNIT:i,ACTION:s},privilege:"root",timeoutMs:p,signal:c,onLine:I=>{const Q=c.aborted?void 0:jn(I);Q&&d(Q)}})}catch(I){if(c.aborted)return;throw I}if(!c.aborted)throw tt(t.label,`the ${s==="none"?"watch":s} of ${i}`,T)??new $t("watch-ended","",`the watch of ${i} on ${t.label} ended by itself`,"the script ended without being told to","run it again: it continues from what it finds",T.stderr.trim().split(`
`).slice(-10))}const Cn=64,wn=64*1024;function ot(t,n,i=4096){const s=t[n];return typeof s=="string"?s.slice(0,i):""}function an(t,n,i){const s=ot(t,n,wn);return s===""?[]:s.split(i)}function Dn(t,n){const i=t[n];return typeof i=="number"&&Number.isSafeInteger(i)&&i>=0?i:0}const zn=["none","server","agent","bootstrap","short"];function Fn(t){return zn.find(n=>n===t.token_kind)??"short"}function Un(t){const n=T=>t.filter(I=>I.fact===`k3s.${T}`).slice(0,Cn),i=T=>t.find(I=>I.fact===`k3s.${T}`),s=i("binary"),c=i("unit"),d=i("environment"),p=i("own-config");return{...s&&{binary:{path:ot(s,"path"),version:ot(s,"version",128),sha256:ot(s,"sha256",64)}},...c&&{unit:{name:ot(c,"name",256),path:ot(c,"path"),sha256:ot(c,"sha256",64),arguments:an(c,"arguments",`
`),activeState:ot(c,"active",64),subState:ot(c,"sub",64),isEnabled:c.enabled===!0,restarts:Dn(c,"restarts"),needsReload:c.needs_reload===!0}},hasServerUnit:i("server-unit")?.present===!0,changedSinceStart:n("changed").map(T=>ot(T,"path")),...d&&{environment:{path:ot(d,"path"),sha256:ot(d,"sha256",64),mode:ot(d,"mode",8),keys:an(d,"keys"," "),url:ot(d,"url"),tokenKind:Fn(d)}},configFiles:n("config").map(T=>({path:ot(T,"path"),sha256:ot(T,"sha256",64),mode:ot(T,"mode",8),keys:an(T,"keys"," ")})),...p&&{ownConfig:ot(p,"text",wn)},hasNodePassword:i("node-password")?.present===!0,templates:n("template").map(T=>({path:ot(T,"path"),sha256:ot(T,"sha256",64),hasBaseTemplate:T.base===!0}))}}const Jt="k3s-agent",Hn=["install-binary","run-installer","write-config","edit-environment","edit-unit","reload","enable"],Bn=18e4,Gn=6e4,Kn=3e4,Zn=[[/Running load balancer k3s-agent-load-balancer/,"agent found the server"],[/containerd is now running/,"containerd up"]];async function Vn(t,n,i){return await new Promise(s=>{const c=(0,Ve.connect)({host:t,port:n,signal:AbortSignal.any([i,AbortSignal.timeout(3e3)])}),d=p=>{c.destroy(),s(p)};c.once("connect",()=>d(!0)),c.once("error",()=>d(!1))})}function Wn(t,n,i){const s=d=>d.verdict==="pass"||d.verdict==="warn"?"\u2713":d.verdict==="skip"?"not exercised":"\u2717";return t.map(d=>d.id==="handshake.ca"?`CA ${n?`${n.slice(0,4)}\u2026${n.slice(-2)} `:""}${s(d)}`:d.id==="handshake.token"?i?`token ${s(d)}`:"token not exercised":`${d.id.replace(/^handshake\.(apiserver\.?)?/,"").replace(/-(\d+)$/,":$1")} ${s(d)}`).join("  ")}function Jn(t){const n=new Map,i=(s,c,d)=>{const p=`${s} ${c}`,T=n.get(p)??$n({version:s,architecture:c},t.releases,d);return n.set(p,T),T};return{name:"k3s",unit:Jt,surveyScript:[Ke["unit-file"],Ke.survey].join(`
`),tokenAccessRequests:_,resolveVersion:On,survey:Un,async inspect(s,c,d,p,T){const I=await nn(s,c,d,p,t.mask,T);return I===void 0?p:{...p,nodePassword:I}},describe:ct,checks:(s,c)=>lt(s,c,xn(s.version,s.reading.version)),plan:Ue,needsRelease:De,async sketchRelease(s,c,d){const{sizeBytes:p,sha256:T}=await i(s,c,d);return{sizeBytes:p,...T?{sha256:T}:{}}},async mint(s,c,d,p,T,I){const{serverTimeMs:Q}=await s.read(c,I),H={node:c,runLabel:d.label,ttlMs:p,now:Q},le=e(H),ke=M(D(s.caPem),le.id,le.secret);for(const We of[ke,`${le.id}.${le.secret}`,le.secret])t.mask(We);return await u(s,{...H,record:T,token:le},I),{id:le.id,text:ke}},revoke:G,async sweep(s,c,d){const{serverTimeMs:p}=await s.read(c,d);return await $(s,{node:c,olderThan:p+1e3},d)},acceptToken:Ee,async hold(s,c,d,p,T){return await Xt(s,{...d,runId:c.runId,holder:c.label,onWaiting:p,signal:T})},async handshake(s,c,d,p,T){const I={server:c,caPem:d,...p?{token:p.text}:{},script:Ke.handshake,probe:Vn,signal:T},{checks:Q,result:H}=await Gt(s,I);return{checks:Q,passed:H!==void 0,line:Wn(Q,H?.caHash,p!==void 0)}},async freeName(s,c,{nodePassword:d},p,T){if(!d?.secret)throw new Error("there is no node password that was looked at");await r(s,Fe(c.desired.node),d.secret,p,T)},async prepare(s,c,d){return await gn(await i(s,c,d),t,d)},describePrepared:s=>[`k3s ${s.version} ${s.architecture} ${s.binary.sha256.slice(0,12)}\u2026 ${s.binary.fromCache?"from the tool cache, checked again":"downloaded and checked"}`,...s.notes.map(c=>`! ${c}`)],async install(s,c,d,p,T,I){const{prepared:Q,credential:H}=d,le=new Set(d.changes.map(xt=>xt.id));let ke;le.has("upload-binary")&&Q&&(ke=await s.upload({path:Q.binary.path,name:"k3s",sizeBytes:Q.binary.sizeBytes},I),T("upload-binary"));const We={runId:p.runId,holder:p.label,steps:Hn.filter(xt=>le.has(xt)),isRestartFollowing:le.has("start")||le.has("restart"),...ke&&Q?{binary:{stagedPath:ke,sha256:Q.binary.sha256}}:{},...Q?{installer:Q.installer}:{},...le.has("write-config")?{config:He(c.desired)}:{},...le.has("edit-environment")?{environment:{url:c.server,...H?{token:H.text}:{}}}:{},...le.has("edit-unit")?{removeArguments:et}:{}};if(We.steps.length===0)return{needsSettling:!1,notes:[]};const Dt=await Yt(s,We,{signal:I,timeoutMs:Bn,onStep:xt=>T(xt)}),zt=Dt.interrupted.map(({step:xt})=>`an earlier run was interrupted here (${xt}); what it left is as this run wants it`);return{needsSettling:Dt.holdsFormerToken,notes:zt}},async settle(s,c,d){await Ln(s,c.runId,{signal:d,timeoutMs:Kn})},async start(s,c,d,p,T){await Mn(s,{unit:Jt,action:c,signal:T,onEvent:p,timeoutMs:d})},milestone:s=>Zn.find(([c])=>c.test(s))?.[1],evidence:(s,c,d)=>R(s,{unit:Jt,startedAgoMs:c.startedAgoMs},d),async remove(s,c,d){const{undone:p,remaining:T}=await In(s,c.runId,{unit:Jt,signal:d,timeoutMs:Gn});return{changes:p,remaining:T}}}}}),8003:((vt,Je,N)=>{N.d(Je,{b$:()=>Y,eh:()=>Rt,FU:()=>Se,OM:()=>fe,DT:()=>pt});const K={group:"coordination.k8s.io",resource:"leases",namespace:"kube-node-lease"},Se=[...["get","list","watch","patch","delete"].map(m=>({verb:m,group:"",resource:"nodes"})),...["get","list","watch"].map(m=>({verb:m,...K}))],fe=["list","delete"].map(m=>({verb:m,group:"",resource:"secrets",namespace:"kube-system"})),Fe="manifests/k3s-join-rbac.yaml";class Y extends Error{name="ClusterError";code;cause;remedy;evidence;status;constructor(h,O){super(O.title),O.status!==void 0&&(this.status=O.status),this.code=h,this.cause=O.cause,this.remedy=O.remedy,this.evidence=O.evidence??[]}}function ie(m){const h=m.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g," ").trim();return h.length>300?`${h.slice(0,299)}\u2026`:h}function Oe(m){return typeof m!="object"||m===null?"":"errors"in m&&Array.isArray(m.errors)&&m.errors.length>0?Oe(m.errors[0]):"code"in m&&typeof m.code=="string"?m.code:""}const ee={ECONNREFUSED:"nothing listens on that port, or a firewall answers in its place",ECONNRESET:"the connection was cut; a proxy or firewall in between does that, or the server is restarting",EPIPE:"the connection was cut while the request was being sent",ETIMEDOUT:"packets to that address get no answer (firewall, wrong address, or the server is off)",EHOSTUNREACH:"there is no route to that address from here",ENETUNREACH:"there is no route to that network from here",ENOTFOUND:"the server name does not resolve here",EAI_AGAIN:"the resolver gave no answer for the server name",ERR_HTTP_INVALID_STATUS_CODE:"what answers on that port does not speak HTTP as an API server does",HPE_INVALID_CONSTANT:"what answers on that port does not speak HTTP as an API server does"},ce=/^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|ERR_OSSL|EPROTO$|INVALID_CA|PATH_LENGTH_|HOSTNAME_MISMATCH)/;function be(m){return m==="ERR_TLS_CERT_ALTNAME_INVALID"?{cause:"the server certificate is not issued for this address",remedy:"use an address the certificate names, set tls-server-name in the kubeconfig, or add the address to the server\u2019s subject alternative names (tls-san)"}:m==="CERT_HAS_EXPIRED"||m==="CERT_NOT_YET_VALID"?{cause:"a certificate of the server is outside its period of validity, or the clock here is wrong",remedy:"compare the clocks; restart the server to renew certificates that have expired"}:/^(ERR_SSL_|EPROTO)/.test(m)?{cause:"the TLS handshake failed: the port speaks something else, or it refused the client certificate",remedy:"check host and port of the server in the kubeconfig, and that its client certificate has not expired"}:{cause:"the server's certificate is not signed by the certificate authority in the kubeconfig",remedy:"fetch the kubeconfig again from the server: it belongs to another cluster, or to this one before its CA changed"}}function ne(m,h,O){if(m instanceof Y)return m;const P=Oe(m),L=typeof m=="object"&&m!==null&&"message"in m?String(m.message):String(m),q=L===""?P:L,B=[`${O}: ${ie(P&&!q.includes(P)?`${P} ${q}`:q)}`];return ce.test(P)?new Y("api-tls",{title:`the API server at ${h} cannot be trusted`,...be(P),evidence:B}):new Y("api-unreachable",{title:`the API server at ${h} cannot be reached from the runner`,cause:ee[P]??"the connection failed",remedy:"check the server address in the kubeconfig, and that the runner may reach that port",evidence:B})}function Ce(m){return m instanceof Y?m.code==="api-unreachable"||m.code==="timeout"?!0:m.code==="api-failed"&&m.status!==void 0&&(m.status>=500||m.status===429):!1}function ye(m,h,O){return new Y("timeout",{title:`the API server at ${m} did not answer within ${O/1e3} s`,cause:"packets get no answer (firewall, wrong address), or the server is overloaded",remedy:"check that the runner may reach that address and port, and the load of the server",evidence:[`${h}: no answer in ${O} ms`]})}function de(m){const h=m.group===""?m.resource:`${m.resource}.${m.group}`;return`${m.verb} ${h}${m.namespace===void 0?"":` in namespace ${m.namespace}`}`}function se(m,h,O){const L={evidence:[`${O.request}: HTTP ${m}${h===""?"":`, ${ie(h)}`}`],status:m};if(m===401)return new Y("unauthorized",{title:`the API server at ${O.server} does not accept the credentials of the kubeconfig`,cause:"its token or client certificate has expired, was revoked, or belongs to another cluster",remedy:"fetch a fresh kubeconfig and store it again",...L});if(m===403){const q=O.access===void 0?"do that":de(O.access);return new Y("forbidden",{title:`the user of the kubeconfig may not ${q}`,cause:"a rule for it is missing",remedy:`apply ${Fe} with an administrator's kubeconfig: kubectl apply -f ${Fe}`,...L})}return m===404?new Y("not-found",{title:"the object is not there",cause:"it was deleted meanwhile, or never existed",remedy:"run it again: the next run starts from what is there then",...L}):m===409?new Y("conflict",{title:"the object was changed by somebody else meanwhile",cause:"another run or controller works on the same object",remedy:"run it again when the other one is done",...L}):new Y("api-failed",{title:`the API server at ${O.server} answered HTTP ${m}`,cause:m>=500?"the server has a problem of its own, or is still starting":m===429?"the server is overloaded":"it did not accept the request",remedy:m>=500||m===429?"look at the server\u2019s log, then run it again":"see the evidence",...L})}function Z(m,{evidence:h,status:O}){return new Y("conflict",{title:`node ${m} was not deleted: it is no longer the one that was looked at`,cause:"a machine registered under that name after it was read: the old one came back, or another run joined it",remedy:"nothing was deleted. Run it again: the next run looks at the node that is there then",evidence:h,...O===void 0?{}:{status:O}})}function Ae(m,{evidence:h,status:O}){return new Y("conflict",{title:`the node password in the secret ${m} was not deleted: it is no longer the one that was looked at`,cause:"a machine registered under that name after it was read, or the server stored its Secret anew",remedy:"nothing was deleted. Run it again: the next run looks at what is there then",evidence:h,...O===void 0?{}:{status:O}})}var je=N(1455),He=N(8815),Ye=N(8500);const et="api/v1/namespaces/default/events",nt=50;function st(m){return{method:"GET",path:et,query:{fieldSelector:`involvedObject.kind=Node,involvedObject.name=${m}`,limit:"500"},access:{verb:"list",group:"",resource:"events",namespace:"default"}}}const Re=m=>ie(m??""),Ie=m=>Re(String(m.lastTimestamp??m.eventTime??m.metadata?.creationTimestamp??""));function V(m,h){if(h===void 0)return[`There is no node ${m}.`];const{nodeInfo:O,conditions:P=[]}=h.status??{};return[`node ${m}, uid ${Re(h.metadata?.uid)}, created ${Re(String(h.metadata?.creationTimestamp??""))}`,`kubelet ${Re(O?.kubeletVersion)}, runtime ${Re(O?.containerRuntimeVersion)}, kernel ${Re(O?.kernelVersion)}, ${Re(O?.osImage)}`,...(h.spec?.taints??[]).map(L=>`taint ${Re(L.key)}=${Re(L.value)}:${Re(L.effect)}`),...P.map(L=>`condition ${Re(L.type)}=${Re(L.status)} since ${Re(String(L.lastTransitionTime??""))}: ${Re(L.reason)}: ${Re(L.message)}`)]}function re(m){return m.length===0?["No events."]:[...m].sort((h,O)=>Ie(h)<Ie(O)?-1:1).slice(-nt).map(h=>`event ${Ie(h)} ${Re(h.type)} ${Re(h.reason)} (${Number(h.count??1)}\xD7): ${Re(h.message)}`)}async function oe(m,h,O){const P={method:"GET",path:`api/v1/nodes/${encodeURIComponent(h)}`,access:{verb:"get",group:"",resource:"nodes",name:h}},L=async(ae,me)=>{try{return await me()}catch(Ne){if(O.aborted)throw Ne;const Ze=Ne instanceof Y&&Ne.code==="forbidden"?`; an optional rule in ${Fe} allows it`:"";return[`${ae} could not be read: ${Ne instanceof Error?Ne.message:String(Ne)}${Ze}`]}},[q,B]=await Promise.all([L("The node",async()=>V(h,(await m.call(P,O)).body)),L("Events",async()=>{const{body:ae}=await m.call(st(h),O);return re(ae?.items??[])})]);return[...q,"",...B,""].join(`
`)}const Pe=["node-role.kubernetes.io/control-plane","node-role.kubernetes.io/master"];function Te(m,h){return(m.status?.addresses??[]).filter(O=>O.type===h).map(O=>O.address)}function he(m){return(m.spec?.taints??[]).map(h=>({key:h.key,...h.value?{value:h.value}:{},effect:h.effect}))}function Ge(m){const h=m.status?.conditions?.find(L=>L.type==="Ready"),O=m.metadata?.labels??{},P=m.status?.nodeInfo;return{name:m.metadata?.name??"",uid:m.metadata?.uid??"",resourceVersion:m.metadata?.resourceVersion??"",createdAt:m.metadata?.creationTimestamp??"",labels:O,annotations:m.metadata?.annotations??{},taints:he(m),ready:h?.status==="True"||h?.status==="False"?h.status:"Unknown",readyReason:h?.reason??"",readyMessage:h?.message??"",kubeletVersion:P?.kubeletVersion??"",osImage:P?.osImage??"",architecture:P?.architecture??"",systemUuid:P?.systemUUID??"",machineId:P?.machineID??"",internalIps:Te(m,"InternalIP"),externalIps:Te(m,"ExternalIP"),isServer:Pe.some(L=>L in O),unschedulable:m.spec?.unschedulable??!1}}function De(m){if(!/^[a-z0-9]{6}$/.test(m))throw new RangeError(`a bootstrap token id has 6 characters [a-z0-9], not ${m.length}`);return`bootstrap-token-${m}`}function Ue(m){return Buffer.from(m).toString("base64")}function Be(m){if(!/^[a-z0-9]{16}$/.test(m.secret))throw new RangeError("a bootstrap token secret has 16 characters [a-z0-9]");return{apiVersion:"v1",kind:"Secret",type:"bootstrap.kubernetes.io/token",metadata:{name:De(m.id),namespace:"kube-system",labels:{...m.labels}},data:{"token-id":Ue(m.id),"token-secret":Ue(m.secret),expiration:Ue(m.expiresAt),"usage-bootstrap-authentication":Ue("true"),"usage-bootstrap-signing":Ue("true"),"auth-extra-groups":Ue(m.extraGroups),description:Ue(m.description)}}}function lt(m){const h=m.data?.expiration;return{id:(m.metadata?.name??"").replace(/^bootstrap-token-/,""),createdAt:m.metadata?.creationTimestamp??"",expiresAt:h===void 0?"":Buffer.from(h,"base64").toString("utf8")}}const ue=1024;function it(m){const h=m.data?.hash??"",O=h.length>ue?"":Buffer.from(h,"base64").toString("utf8");return{uid:m.metadata?.uid??"",resourceVersion:m.metadata?.resourceVersion??"",createdAt:m.metadata?.creationTimestamp??"",hash:O}}const Ve=60,ct=100,ft=2e3;class $t extends Error{}const at=8*1024*1024;async function*dt(m){m.setEncoding("utf8");let h="";const O=m[Symbol.asyncIterator]();for(;;){const P=await O.next().catch(()=>{});if(P===void 0||P.done)return;const L=(h+P.value).split(`
`);if(h=L.pop()??"",h.length>at)throw new $t;yield*L.filter(q=>q!=="")}}function gt(m){let h;try{h=JSON.parse(m)}catch{}if(!h?.object||h.type==="ERROR")throw new $t;return h}async function yt(m,h,O,P){const L=new AbortController,q=AbortSignal.any([P,L.signal]),B={watch:"true",fieldSelector:`metadata.name=${h.name}`,resourceVersion:O,allowWatchBookmarks:"true",timeoutSeconds:String(Ve)},ae=setTimeout(()=>L.abort(),(Ve+15)*1e3);let me=O;try{const Ne=await m.open({method:"GET",path:h.path,query:B,access:{...h.access,verb:"watch"}},q);Ne.on("error",()=>{});for await(const Ze of dt(Ne)){if(q.aborted)break;const rt=gt(Ze);me=rt.object.metadata?.resourceVersion??me,rt.type==="DELETED"?h.onGone():rt.type!=="BOOKMARK"&&h.onState(rt.object)}return me}finally{clearTimeout(ae),L.abort()}}async function tt(m,h,O){let P,L=ct;for(;!O.aborted;){const q=P;try{if(P===void 0){const B=await m.call({method:"GET",path:h.path,query:{fieldSelector:`metadata.name=${h.name}`},access:{...h.access,verb:"list"}},O);P=B.body?.metadata?.resourceVersion??"0";const ae=B.body?.items?.[0];ae===void 0?h.onGone():h.onState(ae)}P=await yt(m,h,P,O),P!==q&&(L=ct)}catch(B){if(O.aborted)return;if(B instanceof $t||B instanceof Y&&B.status===410)P=void 0;else if(!Ce(B))throw B}await(0,Ye.setTimeout)(L,void 0,{signal:O}).catch(()=>{}),L=Math.min(L*2,ft)}}async function Ke(m,h,O,P){const L=new AbortController,q=AbortSignal.any([P,L.signal]);let B=!1;const ae={path:"api/v1/nodes",name:h,access:{verb:"watch",group:"",resource:"nodes"},onState:Ne=>{B=!0,O({type:"node",node:Ge(Ne)})},onGone:()=>{B&&O({type:"gone"}),B=!1}},me={path:"apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases",name:h,access:{verb:"watch",group:"coordination.k8s.io",resource:"leases",namespace:"kube-node-lease"},onState:Ne=>{const Ze=bt(Ne);Ze!==void 0&&O({type:"lease",renewedAtMs:Ze})},onGone:()=>{}};try{await Promise.all([tt(m,ae,q),tt(m,me,q)])}finally{L.abort()}}function bt(m){const h=Date.parse(String(m.spec?.renewTime??""));return Number.isNaN(h)?void 0:h}const wt=5,pe="api/v1/namespaces/kube-system/secrets";function Xe(m,h){return{verb:m,group:"",resource:"nodes",...h===void 0?{}:{name:h}}}function R(m,h){return{verb:m,group:"",resource:"secrets",namespace:h}}function j(m){return`api/v1/nodes/${encodeURIComponent(m)}`}class U{server;caPem;#e;constructor(h,O){this.server=h.server,this.caPem=h.caPem,this.#e=O}async read(h,O){const P=`apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${encodeURIComponent(h)}`,L={verb:"get",group:"coordination.k8s.io",resource:"leases",namespace:"kube-node-lease"},[q,B,ae]=await Promise.all([this.#e.call({method:"GET",path:"version",access:{verb:"get",group:"",resource:"/version"}},O),this.#e.call({method:"GET",path:j(h),access:Xe("get",h)},O),this.#e.call({method:"GET",path:P,access:L},O)]),me=[q,B,ae].flatMap(rt=>rt.serverTimeMs??[]),Ne=q.body?.gitVersion;if(Ne===void 0||me.length===0)throw new Y("api-failed",{title:`what answers at ${this.server} is no Kubernetes API server`,cause:Ne===void 0?"/version gives no gitVersion":"its answers carry no Date header",remedy:"check the server address in the kubeconfig: a proxy or another service may answer there"});const Ze=ae.body===void 0?void 0:bt(ae.body);return{version:Ne,...B.body===void 0?{}:{node:Ge(B.body)},...Ze===void 0?{}:{leaseRenewedAtMs:Ze},serverTimeMs:Math.max(...me)}}async nodes(h){const O={method:"GET",path:"api/v1/nodes",access:Xe("list")},{body:P}=await this.#e.call(O,h);return(P?.items??[]).map(Ge)}async canI(h,O){return await Promise.all(h.map(P=>this.#t(P,O)))}async#t(h,O){const[P="",L]=h.resource.split("/"),q={apiVersion:"authorization.k8s.io/v1",kind:"SelfSubjectAccessReview",spec:{resourceAttributes:{verb:h.verb,group:h.group,resource:P,...L===void 0?{}:{subresource:L},...h.namespace===void 0?{}:{namespace:h.namespace},...h.name===void 0?{}:{name:h.name}}}},ae=await this.#n({method:"POST",path:"apis/authorization.k8s.io/v1/selfsubjectaccessreviews",body:q,access:{verb:"create",group:"authorization.k8s.io",resource:"selfsubjectaccessreviews"}},O);return{...h,allowed:ae.status?.allowed===!0,reason:ae.status?.reason??ae.status?.evaluationError??""}}async createBootstrapToken(h,O){await this.#n({method:"POST",path:pe,body:Be(h),access:R("create","kube-system")},O)}async deleteBootstrapToken(h,O){const P=`${pe}/${De(h)}`;await this.#e.call({method:"DELETE",path:P,access:R("delete","kube-system")},O)}async bootstrapTokens(h,O){const P=Object.entries(h).map(([ae,me])=>`${ae}=${me}`).join(",");if(P==="")throw new RangeError("labels are needed to tell own tokens from others");const q={method:"GET",path:pe,query:{labelSelector:P,fieldSelector:"type=bootstrap.kubernetes.io/token"},access:R("list","kube-system")},{body:B}=await this.#e.call(q,O);return(B?.items??[]).filter(ae=>ae.metadata?.name?.startsWith("bootstrap-token-")).map(lt)}async changeNode(h,O,P){for(let L=1;;L++){try{return Ge(await this.#r(h,O,P))}catch(q){if(!(q instanceof Y)||q.code!=="conflict"||L===wt)throw q}await(0,Ye.setTimeout)(50*L,void 0,{signal:P})}}async#r(h,O,P){const L={},q={metadata:L};if(Object.keys(O.labels??{}).length>0&&(L.labels=O.labels),Object.keys(O.annotations??{}).length>0&&(L.annotations=O.annotations),O.taints!==void 0){const B=await this.#n({method:"GET",path:j(h),access:Xe("get",h)},P),ae=he(B),me=O.taints(ae);if(JSON.stringify(me)!==JSON.stringify(ae)){const Ne=B.spec?.taints??[];q.spec={taints:me.map(Ze=>({...Ne.find(rt=>rt.key===Ze.key&&rt.effect===Ze.effect),...Ze}))},L.resourceVersion=B.metadata?.resourceVersion}else if(Object.keys(L).length===0)return B}return await this.#n({method:"PATCH",path:j(h),query:{fieldManager:"k3s-gpu-actions"},body:q,contentType:"application/merge-patch+json",access:Xe("patch",h)},P)}async deleteNode(h,O,P){const L={apiVersion:"v1",kind:"DeleteOptions",preconditions:{uid:O}},q={method:"DELETE",path:j(h),body:L,access:Xe("delete",h)};try{await this.#e.call(q,P)}catch(B){throw B instanceof Y&&B.code==="conflict"?Z(h,B):B}}async describeNode(h,O){return await oe(this.#e,h,O)}async nodePassword(h,O){const P={fieldSelector:`metadata.name=${h}`},L={method:"GET",path:pe,query:P,access:R("list","kube-system")},{body:q}=await this.#e.call(L,O),B=(q?.items??[]).find(ae=>ae.metadata?.name===h);return B&&it(B)}async deleteNodePassword(h,{uid:O,resourceVersion:P},L){if(O===""||P==="")throw new RangeError("a Secret is deleted as it was read, or not at all");const ae={method:"DELETE",path:`${pe}/${encodeURIComponent(h)}`,body:{apiVersion:"v1",kind:"DeleteOptions",preconditions:{uid:O,resourceVersion:P}},access:R("delete","kube-system")};try{await this.#e.call(ae,L)}catch(me){throw me instanceof Y&&me.code==="conflict"?Ae(h,me):me}}async watch(h,O,P){await Ke(this.#e,h,O,P)}async#n(h,O){const{body:P}=await this.#e.call(h,O);if(P!==void 0)return P;throw se(404,"",{server:this.server,request:`${h.method} /${h.path}`})}}var l=N(1692);async function k(m){const{KubeConfig:h}=await Promise.all([N.e(752),N.e(871),N.e(421)]).then(N.bind(N,6421)),O={};try{const Ne=new h;Ne.loadFromString(m.json),await Ne.applyToHTTPSOptions(O),(0,l.createSecureContext)({ca:O.ca,cert:O.cert,key:O.key})}catch(Ne){throw new Y("kubeconfig-invalid",{title:`the credentials of context ${JSON.stringify(m.context)} cannot be used`,cause:`a certificate or key in it is damaged, or they do not belong together (${Oe(Ne)||"unreadable"})`,remedy:"store the kubeconfig again: kubectl config view --raw --flatten --minify"})}const{ca:P,cert:L,key:q,servername:B,auth:ae}=O,me={};for(const[Ne,Ze]of Object.entries(O.headers??{}))me[Ne]=String(Ze);return ae&&(me.Authorization=`Basic ${Buffer.from(ae).toString("base64")}`),{tls:{ca:P,cert:L,key:q,...B===void 0?{}:{servername:B}},headers:me}}function y(m){return typeof m=="object"&&m!==null&&!Array.isArray(m)}function x(m,h,O){return new Y("kubeconfig-invalid",{title:m,cause:h,remedy:O})}function E(m,h,O){return new Y("kubeconfig-refused",{title:`the kubeconfig is refused: ${m}`,cause:h,remedy:O})}const S="make a self-contained one: kubectl config view --raw --flatten --minify",W="use a kubeconfig with a token or client certificate in it, for example of a service account with manifests/k3s-join-rbac.yaml",we={"insecure-skip-tls-verify":["whoever answers at that address would get the credentials","remove it and put certificate-authority-data in its place"],"certificate-authority":["it points to a file of another machine or user",S],"proxy-url":["traffic of this program would go where the file says","remove it; use a tunnel to reach the server"]},D={exec:["it runs a program of the file\u2019s choosing on the runner",W],"auth-provider":["it runs a credential helper, which Kubernetes has removed",W],"client-certificate":["it points to a file of another machine or user",S],"client-key":["it points to a file of another machine or user",S],tokenFile:["it points to a file of another machine or user",S],"token-file":["it points to a file of another machine or user",S]},ve=["server","certificate-authority-data","tls-server-name"],xe=["token","client-certificate-data","client-key-data","username","password","as"];function qe(m,h,O){for(const[P,[L,q]]of Object.entries(O)){const B=m[P];if(!(B==null||B===""||B===!1))throw E(`${h} uses ${P}`,L,q)}}function b(m,h){const O={};for(const P of h){const L=m[P];typeof L=="string"&&L!==""&&(O[P]=L)}return O}function w(m,h,O,P){const L=Array.isArray(m[h])?m[h].filter(y):[],q=L.filter(me=>me.name===P);if(q.length>1)throw x(`the kubeconfig has ${q.length} ${h} named ${JSON.stringify(P)}`,"which one is meant cannot be told","remove the others");const B=q[0]?.[O];if(y(B))return B;const ae=L.map(me=>JSON.stringify(me.name)).join(", ")||"none";throw x(`the kubeconfig has no ${O} ${JSON.stringify(P)}`,`its ${h}: ${ae}`,"name one of them, or fix the file")}function M(m){const h=URL.canParse(m)?new URL(m):void 0;if(h===void 0)throw x("the kubeconfig has no usable server address","server is not a URL","write it as https://host:6443");if(h.protocol==="http:")throw E("its server is http://","credentials would cross the network in clear","use the https:// address of the API server");if(h.protocol!=="https:")throw x("the kubeconfig has no usable server address",`its scheme is ${h.protocol}`,"write it as https://host:6443");if(h.username!==""||h.password!=="")throw E("its server holds a user name or password","addresses are printed in logs","move the credentials to the user entry")}function z(m){const h=m===void 0?"":Buffer.from(m,"base64").toString("utf8");if(h.includes("-----BEGIN CERTIFICATE-----"))return h;throw x("the kubeconfig holds no certificate authority",m===void 0?"certificate-authority-data is missing":"certificate-authority-data is not base64 of a PEM certificate",S)}function F(m,h){if(!y(m))throw x("the kubeconfig is not a mapping","the file is empty, truncated, or not a kubeconfig","store the text of a kubeconfig");const O=m["current-context"],P=h??(typeof O=="string"?O:"");if(P==="")throw x("the kubeconfig names no current-context","which of its clusters is meant cannot be told","set current-context, or give a context");const L=w(m,"contexts","context",P),q=w(m,"clusters","cluster",String(L.cluster??"")),B=w(m,"users","user",String(L.user??""));qe(q,`cluster ${JSON.stringify(L.cluster)}`,we),qe(B,`user ${JSON.stringify(L.user)}`,D);const ae=b(q,ve),me=b(B,xe),Ne=ae.server??"";M(Ne);const Ze=z(ae["certificate-authority-data"]);if(!me.token&&!me["client-certificate-data"]&&!me.username)throw x(`user ${JSON.stringify(L.user)} of the kubeconfig has no credentials`,"there is no token and no client certificate",W);const rt={apiVersion:"v1",kind:"Config","current-context":"selected",contexts:[{name:"selected",context:{cluster:"selected",user:"selected"}}],clusters:[{name:"selected",cluster:ae}],users:[{name:"selected",user:me}]};return{context:P,server:Ne.replace(/\/+$/,""),caPem:Ze,json:JSON.stringify(rt)}}var J=N(4708);const C=1e4,te=64*1024*1024,Le=[150,500];function Ee(m){return`${m.method} /${m.path}`}function Qe(m){try{const h=JSON.parse(m);if(typeof h=="object"&&h!==null&&"message"in h)return String(h.message)}catch{}return ie(m)}async function Me(m){const h=[];let O=0;for await(const P of m){if(O+=P.length,O>te)throw new Error(`the answer is longer than ${te} bytes`);h.push(P)}return Buffer.concat(h).toString("utf8")}class ze{server;#e;#t;#r;#n=new WeakSet;constructor(h,O){this.server=h,this.#e=O,this.#t=new J.Agent({...O.tls,keepAlive:!0,maxSockets:16}),this.#r=new J.Agent({...O.tls})}async call(h,O){const P=AbortSignal.timeout(C),L=AbortSignal.any([O,P]),q=h.method==="GET"?Le:[];try{for(let B=0;;B++)try{return await this.#o(h,L)}catch(ae){const me=q[B];if(L.aborted||me===void 0||!Ce(ae))throw ae;await(0,Ye.setTimeout)(me,void 0,{signal:L})}}catch(B){throw O.aborted?O.reason:P.aborted?ye(this.server,Ee(h),C):B}}async open(h,O){const P=new AbortController,L=setTimeout(()=>P.abort(),C);try{return await this.#s(h,AbortSignal.any([O,P.signal]))}catch(q){throw O.aborted?O.reason:P.signal.aborted?ye(this.server,Ee(h),C):q}finally{clearTimeout(L)}}async#o(h,O){const P=await this.#s(h,O),L=await this.#i(P,h),q=Date.parse(P.headers.date??""),B=Number.isNaN(q)?{}:{serverTimeMs:q};if(P.statusCode===404)return{body:void 0,...B};try{return{body:JSON.parse(L),...B}}catch{throw se(P.statusCode??0,`no JSON: ${L}`,{server:this.server,request:Ee(h)})}}async#s(h,O){const P=new URL(`${this.server}/${h.path}`);for(const[_t,Et]of Object.entries(h.query??{}))P.searchParams.set(_t,Et);const L=h.body===void 0?void 0:JSON.stringify(h.body),{promise:q,resolve:B,reject:ae}=Promise.withResolvers(),me=(0,J.request)(P,{method:h.method,agent:h.method==="GET"?this.#t:this.#r,signal:O,headers:{Accept:h.accept??"application/json","User-Agent":"k3s-gpu-actions",...this.#e.headers,...L===void 0?{}:{"Content-Type":h.contentType??"application/json","Content-Length":Buffer.byteLength(L)}}});me.once("socket",_t=>{this.#n.has(_t)||_t.on("error",()=>{}),this.#n.add(_t)}),me.once("response",B),me.on("error",_t=>ae(ne(_t,this.server,Ee(h)))),me.end(L);const Ne=await q,Ze=Ne.statusCode??0;if(Ze>=200&&Ze<300||Ze===404)return Ne;const rt=Qe(await this.#i(Ne,h));throw se(Ze,rt,{server:this.server,request:Ee(h),access:h.access})}async#i(h,O){try{return await Me(h)}catch(P){throw ne(P,this.server,Ee(O))}}}async function ht(m,h){try{return await(0,je.readFile)(m,{encoding:"utf8",signal:h})}catch(O){if(h.aborted)throw h.reason;const P=Oe(O);throw new Y("kubeconfig-missing",{title:m===""?"no kubeconfig was given":`the kubeconfig ${m} cannot be read`,cause:P==="ENOENT"||m===""?"there is no such file":P==="EACCES"?"this user may not read it":P,remedy:"give the input `kubeconfig`, or run kubeconfig-esc in an earlier step of the job"})}}function ut(m){try{return(0,He.qg)(m,{maxAliasCount:0,merge:!1,prettyErrors:!1})}catch(h){const O=h instanceof He.XT?h.pos[0]:void 0,P=O===void 0?"":` in line ${m.slice(0,O).split(`
`).length}`;throw new Y("kubeconfig-invalid",{title:"the kubeconfig is not valid YAML",cause:`${Oe(h)||"it cannot be parsed"}${P}`,remedy:"store the text of a kubeconfig as it is: kubectl config view --raw --flatten --minify"})}}async function pt(m){const h=await ht(m.kubeconfigPath,m.signal),O=F(ut(h),m.context),P=await k(O);return new U(O,new ze(O.server,P))}const Ot=null,_e=/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,mt=/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;function Tt(m){const h=m.split("/");if(h.length>2)return!1;const O=h.at(-1),P=h.length===2?h[0]:void 0;return _e.test(O)&&(P===void 0||P.length<=253&&mt.test(P))}function Ft(m){const h="write it as key=value:Effect or key:Effect, Effect one of NoSchedule, PreferNoSchedule, NoExecute",O=m.lastIndexOf(":"),P=Ot.find(ae=>ae===m.slice(O+1));if(O<0||P===void 0)throw new RangeError(`taint ${JSON.stringify(m)} has no known effect: ${h}`);const[L="",...q]=m.slice(0,O).split("=");if(!Tt(L))throw new RangeError(`taint ${JSON.stringify(m)} has no valid key: ${h}`);if(q.length===0)return{key:L,effect:P};const B=q.join("=");if(B!==""&&!_e.test(B))throw new RangeError(`taint ${JSON.stringify(m)} has an invalid value: at most 63 of [A-Za-z0-9._-], ${h}`);return B===""?{key:L,effect:P}:{key:L,value:B,effect:P}}function Rt(m){return`${m.key}${m.value?`=${m.value}`:""}:${m.effect}`}}),7949:((vt,Je,N)=>{N.d(Je,{U9:()=>Z,Jj:()=>be,z3:()=>se,a3:()=>ye,iL:()=>j,TN:()=>ee,MD:()=>st,fk:()=>ce,gH:()=>et,zt:()=>re,hF:()=>Fe,EG:()=>Ie,Br:()=>gt,Ki:()=>R,jf:()=>Ye,Dj:()=>Pe});const K=["schema","action","cluster","node","host","result","dryRun","headline","next","startedAt","durationMs","failure","code","id","verdict","question","title","kind","target","found","cause","reason","disrupts","remedy","undo","waitsFor","evidence","state","link","provenance","plan","changes","blockers","applied","undone","changed","restarted","checks","stages","milestones","stage","startedMs","endedMs","atMs","text","name","value","source","facts","outputs","bytes","failed"],Se=new Map(K.map((l,k)=>[l,k])),fe=new Set(["facts","outputs"]);function Fe(l){return`${JSON.stringify(Y(l,!1),void 0,2)}
`}function Y(l,k){if(Array.isArray(l))return l.map(S=>Y(S,!1));if(typeof l!="object"||l===null)return l;const y=S=>k?0:Se.get(S)??Se.size,x=Object.entries(l).filter(([,S])=>S!==void 0).sort(([S],[W])=>y(S)-y(W)||(S<W?-1:S>W?1:0)),E=Object.create(null);for(const[S,W]of x)E[S]=Y(W,!k&&fe.has(S));return E}const ie=/\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\^_]?)/g,Oe=/[\p{Cf}\p{Co}\p{Cs}\u115F\u1160\u3164\uFFA0]/gu;function ee(l,k=1e3){const y=l.replace(ie,"").replace(Oe,"").replace(/[\s\p{Cc}]+/gu," ").trim();return be(y,k)}function ce(l,k=1e3){return l.split(/\r\n|[\n\r\u2028\u2029\u0085]/).map(y=>be(y.replace(ie,"").replace(Oe,"").replace(/\t/g,"  ").replace(new RegExp("\\p{Cc}","gu"),"").trimEnd(),k)).filter(y=>y!=="")}function be(l,k){if(l.length<=k)return l;const y=Array.from(l);return y.length<=k?l:`${y.slice(0,Math.max(0,k-1)).join("")}\u2026`}function ne(l){return Array.from(l).length}function Ce(l,k){return l+" ".repeat(Math.max(0,k-ne(l)))}function ye(l){const k=Number.isFinite(l)?Math.max(0,Math.round(l/100)):0;if(k<600)return`${(k/10).toFixed(1)} s`;const y=Math.round(k/10);if(y<3600)return de(Math.floor(y/60),"min",y%60,"s");const x=Math.round(y/60);return x<2880?de(Math.floor(x/60),"h",x%60,"min"):`${Math.round(x/1440)} days`}function de(l,k,y,x){return y===0?`${l} ${k}`:`${l} ${k} ${String(y).padStart(2,"0")} ${x}`}function se(l){const k=["B","kB","MB","GB","TB","PB"];let y=Number.isFinite(l)?Math.max(0,l):0,x=0;for(;y>=999.5&&x<k.length-1;)y/=1e3,x+=1;const E=x>0&&y<9.95?1:0;return`${y.toFixed(E)} ${k[x]}`}function Z(l,k){return`${l} ${k}${l===1?"":"s"}`}const Ae=88,je=40,He={pass:"\u2713",warn:"!",fail:"\u2717",error:"?",skip:"-"};function Ye(l,k=""){const y=`\u25B8 ${ee(l)}`,x=ee(k);return x===""?y:`${y}${" ".repeat(Math.max(2,Ae-ne(y)-ne(x)))}${x}`}function et(l){if(l.length===0)return[];const k=l.filter(E=>E.verdict!=="pass"&&E.verdict!=="skip"),y=Math.min(28,Math.max(0,...k.map(E=>ne(ee(E.id,60))))),x=k.flatMap(E=>{const S=" ".repeat(y+6);return[`  ${He[E.verdict]} ${Ce(ee(E.id,60),y)}  ${ee(E.found)}`,...E.cause?[`${S}because ${ee(E.cause)}`]:[],...E.remedy?[`${S}\u2192 ${ee(E.remedy)}`]:[]]});return[`  ${nt(l)}`,...x]}function nt(l){const x=["pass","warn","fail","error","skip"].map(E=>[l.filter(S=>S.verdict===E).length,E]).filter(([E])=>E>0).map(([E,S])=>`${E} ${S}`);return`${Z(l.length,"check")}${x.length>0?`: ${x.join(", ")}`:""}`}function st(l){if(l.blockers.length>0)return`blocked: ${Z(l.blockers.length,"reason")}`;if(l.changes.length===0)return"nothing to do";const k=l.changes.filter(E=>E.waitsFor===void 0),y=l.changes.filter(E=>E.waitsFor!==void 0),x=[];if(k.length>0){const E=Re(k);x.push(`${Z(k.length,"change")}${E?` (${E})`:", no disruption"}`)}if(y.length>0){const E=[...new Set(y.map(D=>D.waitsFor))].join(", "),S=Re(y),W=y.length===1?"waits":"wait",we=k.length>0?String(y.length):Z(y.length,"change");x.push(`${we} ${W} for ${E}${S?` (${S})`:""}`)}return x.join("; ")}function Re(l){const k=l.filter(E=>E.kind==="restart"),y=l.filter(E=>E.kind!=="restart"&&E.disrupts!==void 0),x=[];if(k.length>0){const E=[...new Set(k.map(S=>ee(S.target,60)))].join(", ");x.push(`${Z(k.length,"restart")} of ${E}`)}return y.length>0&&x.push(Z(y.length,k.length>0?"other disruption":"disruption")),x.join(", ")}function Ie(l){const k=String(l.changes.length).length,y=Math.max(9,...l.changes.map(D=>D.kind.length)),x=l.changes.map(D=>ee(D.target,160)),E=Math.max(0,...x.map(ne).filter(D=>D<=58)),S=" ".repeat(2+k+1+y+1),W=l.changes.flatMap((D,ve)=>{const xe=x[ve]??"",qe=ee(D.reason),b=`  ${String(ve+1).padStart(k)} ${Ce(D.kind,y)} `,w=ne(xe)<=E;return[(w?`${b}${Ce(xe,E)}  ${qe}`:`${b}${xe}`).trimEnd(),...w||qe===""?[]:[`${S}  ${qe}`],...D.disrupts?[`${S}! ${ee(D.disrupts)}`]:[],...D.waitsFor?[`${S}\u2026 waits for ${ee(D.waitsFor)}`]:[]]}),we=l.blockers.flatMap(D=>[`  \u2717 ${ee(D.id,60)}  ${ee(D.found)}`,...D.cause?[`    because ${ee(D.cause)}`]:[],...D.remedy?[`    \u2192 ${ee(D.remedy)}`]:[]]);return[...W,...we]}const V={observed:"observed on real parts",reported:"reported by others; not reproduced by us",invented:"invented by us, from reasoning; never seen in the wild"};function re(l){const k=l.evidence.flatMap(E=>ce(E,400)),y=k.slice(0,je);k.length>y.length&&y.push(`(${k.length-y.length} more in the report)`);const x=(E,S)=>`  ${Ce(E,8)}  ${S}`;return[`\u2717 ${ee(l.title)}`,x("cause",ee(l.cause)),x("remedy",ee(l.remedy)),...y.map((E,S)=>x(S===0?"evidence":"",E.trimStart())),x("state",ee(l.state)),...l.provenance?[x("basis",V[l.provenance])]:[],...l.link?[x("read",ee(l.link))]:[]]}function oe(l){const k=l.map(x=>`${formatDuration(x.atMs).padStart(8)}  ${cut(oneLine(x.text),60)}`),y=[];for(const x of k){const E=y.at(-1),S=E===void 0?void 0:`${E}     ${x}`;S===void 0||width(S)>116?y.push(x):y[y.length-1]=S}return y}function Pe(l){const k=l.now(),y=()=>Math.max(0,Math.round(l.now()-k)),x=new Map,E=[],S=[],W=[],we=[];let D;const ve=xe=>{if(!D)return;const{title:qe,startedMs:b}=D;we.some(w=>w.stage===qe&&w.text===xe)||we.push({stage:qe,atMs:Math.max(0,y()-b),text:xe})};return{async stage(xe,qe,b){const w=D,M={title:xe,startedMs:y()};D=M;const z=F=>{D=w;const J={...M,endedMs:y(),...F?{failed:F}:{}};W.push(J),b?.(J)};try{const F=await qe();return z(!1),F}catch(F){throw z(!0),F}},milestone:ve,check(...xe){for(const qe of xe)x.set(qe.id,qe)},applied(xe){E.includes(xe)||E.push(xe)},undone(xe){S.includes(xe)||(S.push(xe),ve(`undone: ${xe}`))},elapsedMs:y,parts(){return{startedAt:l.startedAt.toISOString(),durationMs:y(),checks:[...x.values()],applied:[...E],undone:[...S],stages:[...W].sort((xe,qe)=>xe.startedMs-qe.startedMs),milestones:[...we]}}}}function Te(l,k=1e3){return ee(l,k).replace(/&/g,"&amp;").replace(/</g,"&lt;").replace(/>/g,"&gt;").replace(/\\/g,"&#92;").replace(/\$/g,"&#36;").replace(/[`*~|[\]]/g,"\\$&").replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu,"\\_").replace(/:\/\//g,"&#58;//").replace(/\bwww\./gi,y=>`${y.slice(0,3)}&#46;`).replace(/(^|[^\p{L}\p{N}_])@(?=[\p{L}\p{N}])/gu,"$1@\u2060").replace(/^([#+=-])/,"\\$1").replace(/^(\d+)([.)])/,"$1\\$2")}function he(l,k=600){return Te(l??"",k)}function Ge(l,k){if(k.length===0)return"";const y=x=>`| ${x.join(" | ")} |`;return[y(l),y(l.map(()=>"---")),...k.map(y)].join(`
`)}function De(l,k){const y=Math.max(2,...[...k.matchAll(/`+/g)].map(E=>E[0].length)),x="`".repeat(y+1);return`${x}${l}
${k}
${x}`}function Ue(l,k){const y=l.flatMap(S=>ce(S,2e3)),x=y.slice(0,k),E=y.length-x.length;return De("text",[...x,...E>0?[`(${E} more in the JSON report)`]:[]].join(`
`))}function Be(l,k){return k===""?"":`<details><summary>${l}</summary>

${k}

</details>`}function lt(l){return/^https:\/\/[\w.~/#%?=&+-]+$/.test(l)?`<${l}>`:Te(l)}const ue=256*1024;function it(l,k=ue){if(Buffer.byteLength(l)<=k)return l;const y=l.split(`
`),x=[];let E=512,S="",W=0;for(const D of y){if(E+=Buffer.byteLength(D)+1,E>k)break;x.push(D);const ve=/^`{3,}/.exec(D)?.[0];S!==""?D===S&&(S=""):ve?S=ve:D.startsWith("<details>")?W+=1:D==="</details>"&&(W-=1)}for(S!==""&&x.push(S);W>0;W-=1)x.push("","</details>");const we=y.length-x.length;return x.push("",`_Cut here to fit: about ${Math.max(1,we)} more lines. The JSON report has everything._`,""),x.join(`
`)}const Ve=40;function ct(l){const k=ee(l,200).replace(/[^\p{L}\p{N} .+/-]/gu," ").replace(/-{2,}/g,"-").replace(/ {2,}/g," ").trim();return k===""?"unnamed":be(k,60)}function ft(l,k){return l.flatMap(y=>{const x=Math.max(1,Math.round(y.endedMs-y.startedMs)),E=y.failed?"crit, ":"",S={worth:y.failed?2:1,line:we=>`  ${we} ${ct(y.title)} :${E}${Math.round(y.startedMs)}, ${x}ms`},W=k.filter(we=>we.stage===y.title).map(we=>({worth:0,line:D=>`  ${D} ${ct(we.text)} :milestone, ${Math.round(y.startedMs+we.atMs)}, 0ms`}));return[S,...W]})}function $t(l,k){const y=ft(l,k);if(y.length===0)return"";const x=new Set(y.toSorted((we,D)=>D.worth-we.worth||y.indexOf(D)-y.indexOf(we)).slice(0,Ve)),E=y.filter(we=>x.has(we)).map((we,D)=>we.line(D+1)),S=y.length-E.length,W=De("mermaid",["gantt","  dateFormat x","  axisFormat %M:%S",...E].join(`
`));return S===0?W:`${W}

_${S} more in the JSON report._`}const at={pass:"\u2705",warn:"\u26A0\uFE0F",fail:"\u274C",error:"\u2754",skip:"\u2796"};function dt(l){return l.result==="failed"||l.failure?"\u274C":l.result==="planned"?"\u{1F4CB}":"\u2705"}function gt(l,k=[]){const y=[`## ${dt(l)} ${Te(l.headline)}`,yt(l),l.failure?tt(l.failure):"",`**Next:** ${Te(l.next)}`,bt(l.checks.filter(x=>x.verdict!=="pass"&&x.verdict!=="skip")),wt(l),$t(l.stages,l.milestones),Ke(l,k),Be("Facts",Ge(["fact","value"],Object.entries(l.facts).map(([x,E])=>[he(x),he(E)]))),Be("Where each value came from",Ge(["value","is","from"],l.provenance.map(x=>[he(x.name),he(x.value),he(x.source)]))),Be(`All checks: ${nt(l.checks)}`,bt(l.checks)),Be("Stages",Ge(["stage","began","took"],l.stages.map(x=>[he(x.title),ye(x.startedMs),`${ye(x.endedMs-x.startedMs)}${x.failed?" \u274C":""}`])))];return it(`${y.filter(x=>x!=="").join(`

`)}
`)}function yt(l){const k=l.host?`, host ${Te(l.host)}`:"",y=`Node ${Te(l.node)} of cluster ${Te(l.cluster)}${k}`,x=l.plan.changes.length,E=`${l.applied.length} of ${x} planned ${x===1?"change":"changes"} carried out`,S=[l.dryRun?"dry run, nothing was changed":x===0?"nothing to change":E,...l.undone.length>0?[`${l.undone.length} undone`]:[],...l.restarted?["agent restarted"]:[],nt(l.checks),`${ye(l.durationMs)} in all`];return`${y}: ${S.join(" \xB7 ")}.`}function tt(l){const k=[["what",he(l.title)],["cause",he(l.cause)],["remedy",he(l.remedy)],["state",he(l.state)],["code",he(l.code)],...l.provenance?[["basis",V[l.provenance]]]:[],...l.link?[["read",lt(l.link)]]:[]],y=l.evidence.length>0?`

**Evidence**

${Ue(l.evidence,30)}`:"";return`${Ge(["","failure"],k)}${y}`}function Ke({evidence:l=[]},k){if(l.length===0)return"";const y=l.slice(0,32).map(E=>`${he(E.name,80)} (${se(E.bytes)})`),x=k.slice(0,8).filter(E=>E.lines.length>0).map(E=>`**${he(E.name,80)}**

${Ue(E.lines.map(S=>be(S,400)),20)}`);return Be(`Evidence: ${Z(l.length,"file")}`,[y.join(", "),...x].join(`

`))}function bt(l){return Ge(["","check","result","detail"],l.map(k=>[at[k.verdict],he(k.id,80),he(k.found),[k.cause?he(k.cause):"",k.remedy?`\u2192 ${he(k.remedy)}`:""].filter(y=>y!=="").join("<br>")]))}function wt(l){const{plan:k}=l;if(k.changes.length===0&&k.blockers.length===0)return"";const y=(S,W)=>l.undone.includes(S)?"undone":l.applied.includes(S)?"done":W===void 0?"not done":`waits for ${he(W)}`,x=Ge(["#","change","target","reason","disrupts","state"],k.changes.map((S,W)=>[String(W+1),S.kind,he(S.target),he(S.reason),S.disrupts?he(S.disrupts):"nothing",y(S.id,S.waitsFor)])),E=bt(k.blockers);return[`**Plan:** ${Te(st(k))}`,x,E].filter(S=>S!=="").join(`

`)}var pe=N(1916);const Xe=["skip","pass","warn","fail","error"];function R(l,k){const y=k==="warn"?Xe.indexOf("warn"):Xe.indexOf("fail"),x=k==="never"?[]:l.filter(S=>Xe.indexOf(S.verdict)>=y);return{worst:l.reduce((S,W)=>Xe.indexOf(W.verdict)>Xe.indexOf(S)?W.verdict:S,"skip"),fails:x.length>0,failing:x}}function j(l,k,y=[]){const x=[...new Set([...l.map(S=>S.id),...y])],E=new Set(k);return{checks:l.map(S=>E.has(S.id)&&S.verdict!=="pass"&&S.verdict!=="skip"?{...S,verdict:"skip",found:`ignored by ignore-checks (was ${S.verdict}): ${S.found}`}:S),unknown:[...E].filter(S=>!x.includes(S)).map(S=>{const W=U(S,x);return W===void 0?{id:S}:{id:S,nearest:W}})}}function U(l,k){const y=S=>S.slice(S.lastIndexOf(".")+1),E=k.map(S=>({candidate:S,far:Math.min((0,pe.Io)(l,S),(0,pe.Io)(l,y(S)))})).sort((S,W)=>S.far-W.far)[0];return E&&E.far<=Math.ceil(l.length/2)?E.candidate:void 0}}),3260:((vt,Je,N)=>{N.d(Je,{es:()=>bt,NH:()=>Xe});var K=N(7598),Se=N(3024),fe=N(6760);async function Fe(R,j,U){j.throwIfAborted();const l=new AbortController,{promise:k,resolve:y}=Promise.withResolvers(),x=()=>y("cancelled"),E=setTimeout(()=>y("late"),R);j.addEventListener("abort",x,{once:!0});const S=U(l.signal);S.catch(()=>{});try{const W=await Promise.race([S.then(we=>({value:we})),k]);if(W==="late")return{isLate:!0};if(W==="cancelled")throw j.reason;return{isLate:!1,value:W.value}}catch(W){throw j.aborted?j.reason:W}finally{clearTimeout(E),j.removeEventListener("abort",x),l.abort()}}class Y extends Error{code;cause;remedy;evidence;constructor(j,U,l){super(U),this.name="RunnerError",this.code=j,this.cause=l.cause,this.remedy=l.remedy,this.evidence=l.evidence??[]}}function ie(R){return new Y("cancelled",`cancelled by ${R}`,{cause:"the workflow run was cancelled, or the runner is shutting down",remedy:"run it again: whatever was interrupted, the next run converges"})}const Oe=10*6e4;function ee(R,j=Oe){return async(U,l)=>{l.throwIfAborted();const{downloadTool:k}=await Promise.all([N.e(752),N.e(955),N.e(58),N.e(805)]).then(N.bind(N,9805));try{const y=(0,fe.join)(R,`download-${(0,K.randomUUID)()}`),x=await Fe(j,l,()=>k(U,y));if(!x.isLate)return x.value;throw new Y("download-failed",`${U} could not be downloaded to the runner`,{cause:`it was not complete after ${j/1e3} s: the connection is slow, or something in between holds it`,remedy:"check the runner\u2019s connection to this address (proxy, bandwidth), then run it again",evidence:[`${U}: stopped after ${j} ms`]})}catch(y){if(y instanceof Y)throw y;if(l.aborted)throw l.reason;const x=y.httpStatusCode,E=y instanceof Error?y.message:String(y);throw new Y("download-failed",`${U} could not be downloaded to the runner`,{cause:x===void 0?E:`the server answered ${x}`,remedy:x===404||x===410?"check the version: this file does not exist":"check that the runner reaches this address (proxy, firewall), then run it again",evidence:[E]})}}}function ce(R){return{find(j,U,l){if(R==="")return;const k=(0,fe.join)(R,j,U,l);if(!(0,Se.existsSync)(`${k}.complete`))return;const[y,...x]=be(k);return y?.isFile()&&x.length===0?(0,fe.join)(k,y.name):void 0},async add(j,U,l,k,y){if(R==="")return j;const{cacheFile:x}=await Promise.all([N.e(752),N.e(955),N.e(58),N.e(805)]).then(N.bind(N,9805));return(0,fe.join)(await x(j,U,l,k,y),U)}}}function be(R){try{return(0,Se.readdirSync)(R,{withFileTypes:!0})}catch{return[]}}var ne=N(3053),Ce=N(8161);const ye=2e3;function de(R){return async(j,U,l)=>{R.throwIfAborted();const{exec:k}=await N.e(955).then(N.bind(N,1955));let y;const x=()=>{y?.kill("SIGTERM"),setTimeout(()=>y?.exitCode===null&&y.kill("SIGKILL"),ye).unref()},E=S=>{const W=S.process;queueMicrotask(()=>{y||!W||!se(W,U)||(y=W,W.stdin?.on("error",()=>{}),R.aborted&&x())})};(0,ne.subscribe)("child_process",E),R.addEventListener("abort",x);try{return await k(Z(j),[...U],{input:l.input,env:{...l.env},silent:!0,ignoreReturnCode:!0,listeners:{stdout:l.onStdout,stderr:l.onStderr}})??128+(y?.signalCode?Ce.constants.signals[y.signalCode]:0)}catch(S){const W=S instanceof Error?S.message:String(S);throw new Y("program-not-found",`${j} could not be started on the runner`,{cause:W,remedy:`install ${j} on the runner, or use another transport`})}finally{(0,ne.unsubscribe)("child_process",E),R.removeEventListener("abort",x)}}}function se(R,j){const U=R.spawnargs?.slice(1)??[];return U.length===j.length&&U.every((l,k)=>l===j[k])}function Z(R){return`"${R.replaceAll('"','\\"')}"`}const Ae=new Set("true false yes no on off null none undefined default auto root admin user node nodes server agent token password secret host local localhost cluster plan apply fast deep ssh fail warn never pass skip error kube kubernetes linux amd64 arm64 main master latest 0.0.0.0 127.0.0.1 6443 10250 https:// http://".split(" ")),je=4,He=6;function Ye(R){return R.trim().length<je||Ae.has(R.trim().toLowerCase())?!1:!/^-----(BEGIN|END) [A-Z0-9 ]+-----$/.test(R.trim())}function et(R){const j=Buffer.from(R,"utf8");return[0,1,2].map(U=>{const l=Buffer.concat([Buffer.alloc(U),j]).toString("base64").replace(/=+$/,""),k=(U+j.length)*8;return l.slice(U===0?0:U+1,Math.floor(k/6))})}function nt(R){const j=encodeURIComponent(R.toWellFormed()),U=et(R),l=Buffer.from(R,"utf8").toString("base64");return[JSON.stringify(R).slice(1,-1),JSON.stringify(JSON.stringify(R)).slice(3,-3),j,j.replace(/%[0-9A-F]{2}/g,k=>k.toLowerCase()),j.replaceAll("%20","+"),R.replaceAll("'","'\\''"),l,...U,l.replaceAll("+","-").replaceAll("/","_"),...U.map(k=>k.replaceAll("+","-").replaceAll("/","_"))]}function st(R){const j=R.trim();if(!Ye(j))return[];const U=j.split(/\r\n|[\n\r]/),l=new Set;U.length===1&&l.add(j);for(const k of U)U.length>1&&Ye(k)&&l.add(k.trim());for(const k of new Set([R,j]))for(const y of nt(k))y.length>=He&&Ye(y)&&!/[\r\n]/.test(y)&&l.add(y);return[...l]}const Re=2e3,Ie=/\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\^_]?)/g,V=/[\p{Cf}\p{Cs}\u115F\u1160\u3164\uFFA0]|\u034F|\u17B4|\u17B5/gu,re=/\r\n|[\n\r\u000B\u000C\u0085\u2028\u2029]/;function oe(R){return R.replace(Ie,"").split(re).map(Te)}function Pe(R){return Te(R.replace(Ie,"").split(re).join(" "))}function Te(R){const j=R.replace(V,"").replaceAll("	","  ").replace(new RegExp("\\p{Cc}","gu"),""),U=j.length>Re?Array.from(j):[];return(U.length>Re?`${U.slice(0,Re).join("")} \u2026 (${U.length-Re} more characters)`:j).replace(/^(\s*)(?=[\uFE00-\uFE0F]*:[\uFE00-\uFE0F]*:)/u,"$1\xB7 ").replace(/#([\uFE00-\uFE0F]*)#(?=[\uFE00-\uFE0F]*\[)/gu,"#$1 #")}const he=/(?<=K10)[0-9a-f]{64}(?:::|%3A%3A)[^\s"'<>]*/gi,Ge=/(?<=(?<![A-Za-z0-9.])[a-z0-9]{6}\.)(?:[a-z0-9]{16}(?![A-Za-z0-9])|[a-z0-9]+(?=…))/g,De=/token|bearer|authorization|credential/i,Ue=/(?<=(?:TOKEN|PASSWORD|--(?:agent-)?token)=)(?:"[^"\r\n]+"|'[^'\r\n]+'|[^\s"']+)/g;function Be(R,j){return[...R.matchAll(j)].map(U=>[U.index,U.index+U[0].length])}function lt(R){return[...R.matchAll(/[^\r\n]+/g)].flatMap(({0:j,index:U})=>{const l=j.search(De);return l<0?[]:Be(j,Ge).filter(([k])=>k>l).map(([k,y])=>[U+k,U+y])})}function ue(R,j){const U=[];for(const l of j)for(let k=R.indexOf(l);k>=0;k=R.indexOf(l,k+1))U.push([k,k+l.length]);return U}function it(R,j){const U=[...ue(R,j),...Be(R,he),...Be(R,Ue),...lt(R)].sort((y,x)=>y[0]-x[0]);let l="",k=0;for(const[y,x]of U)(y>k||k===0&&l==="")&&(l+=`${R.slice(k,y)}***`),k=Math.max(k,x);return l+R.slice(k)}const Ve=3e4;function ct(R,j=Ve){return{async release(U,l,k,y){y.throwIfAborted();const x=await $t(R()),E=`release ${k} of ${U}/${l}`;try{const S=await Fe(j,y,xe=>Promise.all([x.rest.repos.getReleaseByTag({owner:U,repo:l,tag:k,request:{signal:xe}}),x.rest.repos.getCommit({owner:U,repo:l,ref:`tags/${k}`,headers:{accept:"application/vnd.github.sha"},request:{signal:xe}})]));if(S.isLate)throw ft(E,j);const[W,we]=S.value,D=W.data.assets.map(at),ve=we.data;return{assets:D,commit:typeof ve=="string"?ve.trim():we.data.sha}}catch(S){throw y.aborted?y.reason:S instanceof Y?S:dt(S,E,R()!=="")}}}}function ft(R,j){return new Y("github-unreachable",`${R} could not be read: GitHub gave no answer`,{cause:`there was no complete answer within ${j/1e3} s: something between the runner and GitHub holds the connection, or GitHub has a problem`,remedy:"look at www.githubstatus.com and at the runner\u2019s proxy, then run it again",evidence:[`GitHub: no complete answer in ${j} ms`]})}async function $t(R){if(R!=="")return(await Promise.all([N.e(752),N.e(665),N.e(351)]).then(N.bind(N,1351))).getOctokit(R);const{GitHub:j}=await Promise.all([N.e(752),N.e(665)]).then(N.bind(N,8665));return new j}function at(R){const j={name:R.name,url:R.browser_download_url,sizeBytes:R.size};return R.digest?{...j,digest:R.digest}:j}function dt(R,j,U){const{status:l,message:k=String(R),response:y}=R,x=y?.headers??{},E=[`GitHub: ${l===void 0?"":`${l} `}${k}`];return l===void 0||l===500&&y===void 0?new Y("github-unreachable",`${j} could not be read: GitHub cannot be reached from the runner`,{cause:k,remedy:"check the runner\u2019s internet access or proxy, then run it again",evidence:E}):l===429||l===403&&String(x["x-ratelimit-remaining"])==="0"||x["retry-after"]!==void 0?new Y("rate-limited",`${j} could not be read: GitHub\u2019s rate limit is used up`,{cause:`${U?"the token":"the runner\u2019s address, without a token,"} has no requests left${gt(x)}`,remedy:U?"run it again after that time":"give the input github-token (${{ github.token }} is enough), or wait",evidence:E}):l===404||l===422?new Y("release-not-found",`${j} does not exist`,{cause:"there is no such release or tag, or the repository is private",remedy:"check the version: it must be spelled exactly as the release is",evidence:E}):new Y("github-refused",`${j} could not be read: GitHub answered ${l}`,{cause:l===401?"the github-token is not valid":k,remedy:l>=500?"run it again later; see www.githubstatus.com":"give a github-token that may read public repositories, or none",evidence:E})}function gt(R){const j=Number(R["x-ratelimit-reset"]);if(Number.isFinite(j)&&j>0&&j<864e10)return` until ${new Date(j*1e3).toISOString()}`;const U=Number(R["retry-after"]);return Number.isFinite(U)&&U>0?` for ${U} s`:""}const yt={workflow_dispatch:"by the button",schedule:"by the clock",push:"by a push",pull_request:"by a pull request",repository_dispatch:"by an API call",workflow_run:"by another workflow",release:"by a release"};function tt(R){const j=R.GITHUB_RUN_NUMBER;if(!j)return"";const U=Number(R.GITHUB_RUN_ATTEMPT??"1"),l=R.GITHUB_EVENT_NAME??"",k=l===""?"":` \xB7 started ${yt[l]??`by ${l}`}`;return Pe(`run ${j}${U>1?`, attempt ${U}`:""}${k}`)}function Ke(R){const j=/^(INPUT_|STATE_|ACTIONS_.*(TOKEN|URL)$|GITHUB_TOKEN$|GH_TOKEN$)/;return Object.fromEntries(Object.entries(R).filter(U=>U[1]!==void 0&&!j.test(U[0])))}function bt(R,j=process.env){delete j[`INPUT_${R.replaceAll(" ","_").toUpperCase()}`]}function wt(R){const j=new AbortController;for(const U of["SIGINT","SIGTERM"])R.on(U,()=>j.abort(ie(U)));return j.signal}function pe(R,j,U){const l=new Set,k=D=>it(D,l),y=D=>oe(k(D)).map(k),x=D=>k(Pe(k(D))),E=D=>y(D).join(`
`).slice(0,4e3),S=D=>{for(const ve of st(D))l.has(ve)||(l.add(ve),R.setSecret(ve))},W=R.getInput("github-token");S(W);const we=j.RUNNER_TEMP||"/tmp";return{input:D=>R.getInput(D),workspace:j.GITHUB_WORKSPACE||process.cwd(),temporaryDirectory:we,environment:Ke(j),signal:U,runLabel:tt(j),isDebug:R.isDebug(),mask:S,redact:k,output:(D,ve)=>R.setOutput(D,ve),saveState:(D,ve)=>R.saveState(D,ve),state:D=>R.getState(D),line(D=""){for(const ve of y(D))R.info(ve)},debug(D){for(const ve of y(D))R.debug(ve)},details(D,ve){R.startGroup(x(D));for(const xe of ve)for(const qe of y(xe))R.info(qe);R.endGroup()},errorAnnotation(D,ve){R.error(E(ve),{title:x(D)})},warningAnnotation(D,ve){R.warning(E(ve),{title:x(D)})},async summary(D){if(j.GITHUB_STEP_SUMMARY)try{await R.summary.addRaw(D,!D.endsWith(`
`)).write()}catch(ve){R.warning(E(ve instanceof Error?ve.message:String(ve)),{title:"The summary could not be written"})}},exec:de(U),releases:ct(()=>W),download:ee(we),toolCache:ce(j.RUNNER_TOOL_CACHE??"")}}async function Xe(R=process.env){const j=await Promise.all([N.e(752),N.e(955),N.e(58)]).then(N.bind(N,6058));return pe(j,R,wt(process))}})};export{Xn as id,Qn as ids,es as modules};
