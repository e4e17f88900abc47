#include "sim/report/html_assets.hpp"

namespace tessera::report {

// Colours: the eight series colours keep at least 3:1 against the surface in both modes and are told apart
// without hue by order and label.
std::string_view page_style() {
    return R"css(
:root{color-scheme:light dark;--bg:#f7f7f5;--surface:#fff;--ink:#1b1f24;--soft:#57606a;--faint:#8c959f;--line:#dfe2e6;
--zebra:#fafbfc;--accent:#0b5cad;--good:#1a7f37;--bad:#b3261e;--meter:#cfe3f7;--heatp:46,125,80;--heatn:190,60,50;
--c0:#2f6fb5;--c1:#c2541b;--c2:#2e8557;--c3:#8a5fb0;--c4:#a8770a;--c5:#bb3f73;--c6:#3a8a98;--c7:#6b7580;--wait:#c4cad1;
--grid:#e6e8eb;--bound:#1b1f24}
@media (prefers-color-scheme:dark){:root{--bg:#101418;--surface:#171c22;--ink:#e6eaee;--soft:#a3adb8;--faint:#77818c;
--line:#2c343d;--zebra:#1a2027;--accent:#7db8f5;--good:#5cc47c;--bad:#ff8b80;--meter:#23405d;--heatp:70,170,110;
--heatn:225,95,85;--c0:#5b9be0;--c1:#e8834a;--c2:#52b381;--c3:#b18ad6;--c4:#d3a53a;--c5:#e2709f;--c6:#5cb5c4;
--c7:#93a0ad;--wait:#3c4651;--grid:#28303a;--bound:#f2f4f6}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:1rem}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
a{color:var(--accent)}
.skip{position:absolute;left:-999px}.skip:focus{left:1rem;top:1rem;background:var(--surface);padding:.5rem;z-index:2}
.page{display:grid;grid-template-columns:218px minmax(0,1fr);gap:2rem;max-width:1360px;margin:0 auto;padding:0 1.5rem}
nav{position:sticky;top:0;align-self:start;max-height:100vh;overflow:auto;padding:1.6rem 0;font-size:13.5px}
nav strong{display:block;letter-spacing:.02em;margin:0 0 .7rem .7rem;font-size:15px}
nav a{display:block;padding:.22rem .7rem;color:var(--soft);text-decoration:none;border-left:2px solid var(--line)}
nav a:hover,nav a:focus{color:var(--ink)}
nav a[aria-current]{color:var(--accent);border-left-color:var(--accent);font-weight:600}
main{padding:1.6rem 0 4rem;min-width:0}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 .3rem}
.sub{color:var(--soft);margin:0 0 1.4rem}
section{background:var(--surface);border:1px solid var(--line);border-radius:8px;padding:1.15rem 1.4rem 1.3rem;margin:0 0 1.25rem}
h2{font-size:1.22rem;margin:0 0 .6rem;line-height:1.3}
h3{font-size:1.02rem;margin:1.5rem 0 .4rem}
p{margin:.5rem 0 .7rem;max-width:86ch}
ul{margin:.5rem 0 .8rem;padding-left:1.2rem;max-width:90ch}li{margin:.25rem 0}
code{font:.9em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;background:var(--zebra);border:1px solid var(--line);border-radius:4px;padding:.05em .3em;white-space:nowrap}
td.wrap code{white-space:normal}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(160px,1fr));gap:.8rem;margin:0 0 1rem}
.tile{border:1px solid var(--line);border-radius:8px;padding:.75rem .9rem;background:var(--zebra)}
.tile .l{color:var(--soft);font-size:12.5px}.tile .v{font-size:1.35rem;font-weight:650;line-height:1.25;font-variant-numeric:tabular-nums}
.tile .d{color:var(--soft);font-size:12.5px;line-height:1.4}
.scroll{overflow-x:auto;margin:.7rem 0 1rem}
table{border-collapse:collapse;width:100%;font-size:13px;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--soft);font-size:13px;padding:0 0 .4rem}
th,td{padding:.24rem .55rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
th{font-weight:600;color:var(--soft);vertical-align:bottom;line-height:1.25;border-bottom:1.5px solid var(--faint)}
th button{all:unset;cursor:pointer;font:inherit;position:relative}th button:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
th button::after{content:"\2195";opacity:0;position:absolute;left:-.95em;bottom:0;font-size:.85em}th button:hover::after,th button:focus-visible::after{opacity:.6}
th[aria-sort=ascending] button::after{content:"\2191";opacity:1}th[aria-sort=descending] button::after{content:"\2193";opacity:1}
td{white-space:nowrap}td code{background:none;border:0;padding:0}td.wrap{white-space:normal;min-width:14ch}
.n{text-align:right}
tbody tr:hover{background:var(--zebra)}
.good{color:var(--good);font-weight:600}.bad{color:var(--bad);font-weight:600}.quiet{color:var(--faint)}
td.m{background-image:linear-gradient(var(--meter),var(--meter));background-repeat:no-repeat;background-position:left 4px;background-size:calc(100%*var(--m)) calc(100% - 8px)}
td.hp{background:rgba(var(--heatp),calc(.62*var(--h)))}td.hn{background:rgba(var(--heatn),calc(.62*var(--h)))}
figure{margin:.8rem 0 1.1rem}figcaption{color:var(--soft);font-size:13px;max-width:90ch;margin-top:.35rem}
figure svg{display:block;width:100%;height:auto;overflow:visible}
figure img{max-width:100%;background:#fff;border:1px solid var(--line);border-radius:6px}
svg text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:var(--ink)}
svg .s{fill:var(--soft);font-size:11px}svg .b{font-weight:600}svg .mid{text-anchor:middle}svg .end{text-anchor:end}
svg .grid{stroke:var(--grid);stroke-width:1}svg .axis{stroke:var(--faint);stroke-width:1}svg .bound{stroke:var(--bound);stroke-width:2}
svg .f0{fill:var(--c0)}svg .f1{fill:var(--c1)}svg .f2{fill:var(--c2)}svg .f3{fill:var(--c3)}svg .f4{fill:var(--c4)}
svg .f5{fill:var(--c5)}svg .f6{fill:var(--c6)}svg .f7{fill:var(--c7)}svg .fw{fill:var(--wait)}svg .fg{fill:var(--good)}svg .fb{fill:var(--bad)}
svg .lane{fill:var(--zebra);stroke:var(--line)}svg .whisker{stroke:var(--faint);stroke-dasharray:2 3}
svg .crit{fill:none;stroke:var(--ink);stroke-width:1}
details{border-top:1px solid var(--line);padding:.2rem 0}details:last-of-type{border-bottom:1px solid var(--line)}
summary{cursor:pointer;padding:.42rem 0;font-weight:600}summary:focus-visible{outline:2px solid var(--accent)}
footer{color:var(--soft);font-size:12.5px}
@media (max-width:900px){.page{display:block;padding:0 .8rem}nav{position:static;max-height:none;padding:1rem 0 0;columns:2}section{padding:.9rem}}
@media print{:root{--bg:#fff;--surface:#fff}.page{display:block;padding:0;max-width:none}nav,.skip{display:none}
body{font-size:10.5pt}section{border:0;padding:0;margin:0 0 1.2rem}h2,h3,figure,tr,.tile{break-inside:avoid}h2,h3{break-after:avoid}
th button::after{content:""}.scroll{overflow:visible}a{color:inherit;text-decoration:none}}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
)css";
}

std::string_view page_script() {
    return R"js(
"use strict";
for(const t of document.querySelectorAll("table")){const hs=[...t.tHead.rows[0].cells];hs.forEach((h,i)=>{
const b=h.querySelector("button");if(!b)return;b.addEventListener("click",()=>{
const d=h.getAttribute("aria-sort")==="descending"?1:-1;hs.forEach(x=>x.removeAttribute("aria-sort"));
h.setAttribute("aria-sort",d>0?"ascending":"descending");const key=r=>{const c=r.cells[i],v=c.dataset.v;
return v===undefined?c.textContent:parseFloat(v)};
[...t.tBodies[0].rows].sort((a,c)=>{const x=key(a),y=key(c);
return d*(typeof x==="number"&&typeof y==="number"?x-y:String(x).localeCompare(String(y)))})
.forEach(r=>t.tBodies[0].append(r))})})}
const links=new Map([...document.querySelectorAll("nav a")].map(a=>[a.hash.slice(1),a]));
const seen=new IntersectionObserver(es=>{for(const e of es){if(!e.isIntersecting)continue;
links.forEach(a=>a.removeAttribute("aria-current"));const a=links.get(e.target.id);if(a)a.setAttribute("aria-current","true")}},
{rootMargin:"-10% 0px -80% 0px"});
document.querySelectorAll("main section").forEach(s=>seen.observe(s));
addEventListener("beforeprint",()=>document.querySelectorAll("details").forEach(d=>d.open=true));
)js";
}

}  // namespace tessera::report
