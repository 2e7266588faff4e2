const u=473,d=[473],_={2473:((s,r,o)=>{o.d(r,{reportBug:()=>n});function n(t,e,c){const l=c.replaceAll("%","%25").replaceAll("\r","%0D").replaceAll(`
`,"%0A"),p=e==="main"?"error":"warning";return process.stdout.write(`::${p} title=${t} (${e}): unexpected error::${l}
`),e==="main"?1:0}})};export{u as id,d as ids,_ as modules};
