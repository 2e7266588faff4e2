const t=421,d=[421],s={46421:((n,e,_)=>{_.d(e,{KubeConfig:()=>o.ypW});var o=_(96178)})};export{t as id,d as ids,s as modules};
