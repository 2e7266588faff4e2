const u=473,d=[473],_={22473:((s,r,o)=>{o.d(r,{reportBug:()=>t});function t(p,e,c){const l=c.replaceAll("%","%25").replaceAll("\r","%0D").replaceAll(`
`,"%0A"),n=e==="post"?"warning":"error";return process.stdout.write(`::${n} title=${p} (${e}): unexpected error::${l}
`),e==="post"?0:1}})};export{u as id,d as ids,_ as modules};
