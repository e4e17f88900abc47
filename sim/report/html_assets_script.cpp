#include "sim/report/html_assets.hpp"

namespace tessera::report {

// Everything here is a convenience: without it the page shows the same content.
std::string_view page_script() {
    return R"js(
"use strict";
const all=(s,from=document)=>[...from.querySelectorAll(s)];
const make=(tag,text,more)=>Object.assign(document.createElement(tag),{textContent:text},more);
const keep=(key,value)=>{try{if(value===undefined)return localStorage.getItem(key);localStorage.setItem(key,value)}catch{return null}};

const modes=["auto","light","dark"],root=document.documentElement,theme=make("button","",{type:"button"});
const setTheme=m=>{if(m==="auto")delete root.dataset.theme;else root.dataset.theme=m;theme.textContent="Colours: "+m;theme.dataset.mode=m};
theme.addEventListener("click",()=>{const m=modes[(modes.indexOf(theme.dataset.mode)+1)%3];setTheme(m);keep("tessera-theme",m)});
const wish=keep("tessera-theme");setTheme(modes.includes(wish)?wish:"auto");
const unfold=make("button","Unfold all",{type:"button"});
unfold.addEventListener("click",()=>{const open=unfold.textContent==="Unfold all";
all("details").forEach(d=>d.open=open);unfold.textContent=open?"Fold all":"Unfold all"});
const set=make("div","",{className:"set"});set.append(theme);if(all("details").length)set.append(unfold);document.querySelector("nav").append(set);

const cell=(row,i)=>{const c=row.cells[i];return c===undefined?"":c.dataset.v===undefined?c.textContent:parseFloat(c.dataset.v)};
const order=(x,y)=>typeof x==="number"&&typeof y==="number"?x-y:typeof x==="number"?1:typeof y==="number"?-1:x.localeCompare(y);
const csv=t=>[...t.rows].filter(r=>!r.hidden).map(r=>[...r.cells].map(c=>{let s=c.textContent;
if(/^[=+@-]/.test(s)&&isNaN(Number(s)))s="'"+s;return /[",\n]/.test(s)?'"'+s.replaceAll('"','""')+'"':s}).join(",")).join("\n")+"\n";
let count=0;
for(const t of all("table")){const heads=[...t.tHead.rows[0].cells],body=t.tBodies[0],first=[...body.rows];
heads.forEach((h,i)=>{const b=h.querySelector("button");if(!b)return;const numeric=h.classList.contains("n");
b.addEventListener("click",()=>{const now=h.getAttribute("aria-sort"),begin=numeric?"descending":"ascending";
const next=!now?begin:now===begin?(numeric?"ascending":"descending"):null;heads.forEach(x=>x.removeAttribute("aria-sort"));
const rows=[...first];if(next){h.setAttribute("aria-sort",next);const d=next==="ascending"?1:-1;
rows.sort((x,y)=>d*order(cell(x,i),cell(y,i)))}body.append(...rows)})});
if(first.length<2)continue;
const tools=make("div","",{className:"tools"}),name=(t.closest("section")||{id:"table"}).id+"-"+(++count)+".csv";
if(first.length>20){const box=make("input","",{type:"search"}),label=make("label","Filter rows ");
box.addEventListener("input",()=>{const words=box.value.toLowerCase().split(" ");
for(const r of first)r.hidden=!words.every(w=>r.textContent.toLowerCase().includes(w))});label.append(box);tools.append(label)}
const save=make("button","CSV",{type:"button",title:"Save this table as "+name});
save.addEventListener("click",()=>{const a=make("a","",{href:URL.createObjectURL(new Blob([csv(t)],{type:"text/csv"})),download:name});
a.click();URL.revokeObjectURL(a.href)});tools.append(save);t.closest("figure").insertBefore(tools,t.closest(".scroll"))}
const reach=()=>{for(const s of all(".scroll"))if(s.scrollWidth>s.clientWidth+1){s.tabIndex=0}else{s.removeAttribute("tabindex")}};
reach();addEventListener("resize",reach);

const links=new Map(all("nav a").map(a=>[a.hash.slice(1),a]));
const seen=new IntersectionObserver(es=>{for(const e of es){if(!e.isIntersecting)continue;
links.forEach(a=>a.removeAttribute("aria-current"));const a=links.get(e.target.id);if(a)a.setAttribute("aria-current","true")}},
{rootMargin:"-10% 0px -80% 0px"});
all("main section").forEach(s=>seen.observe(s));
const target=()=>{const e=location.hash.length>1&&document.getElementById(decodeURIComponent(location.hash.slice(1)));
for(let d=e&&e.closest("details");d;d=d.parentElement.closest("details"))d.open=true};
target();addEventListener("hashchange",target);
)js";
}

}  // namespace tessera::report
