#include "sim/report/html_assets.hpp"

namespace tessera::report {

// Colours: text keeps 4.5:1 against what it stands on and the eight series colours 3:1, in both modes. The series were
// chosen so that any two of them stay apart for all three kinds of colour blindness; order, labels in wide bars and
// tables carry the same information without colour, and what is worse is underlined.
std::string_view page_style() {
    return R"css(
:root{color-scheme:light;--bg:#f7f7f5;--surface:#ffffff;--ink:#1b1f24;--soft:#57606a;--faint:#69727c;--line:#dfe2e6;--zebra:#fafbfc;
--accent:#0b5cad;--good:#0b6e99;--bad:#b5400a;--meter:#cfe3f7;--heatp:11,110,153;--heatn:196,84,20;--heatmax:.5;
--c0:#2a418b;--c1:#d67e23;--c2:#3e8165;--c3:#a472eb;--c4:#774c08;--c5:#601b36;--c6:#4d9ca9;--c7:#505563;--wait:#c4cad1;
--t0:#fff;--t1:#1b1f24;--t2:#fff;--t3:#1b1f24;--t4:#fff;--t5:#fff;--t6:#1b1f24;--t7:#fff;--tw:#1b1f24;
--grid:#e6e8eb;--bound:#1b1f24}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;--bg:#101418;--surface:#171c22;--ink:#e6eaee;--soft:#a3adb8;--faint:#8d97a2;--line:#2c343d;--zebra:#1a2027;
--accent:#7db8f5;--good:#56c4f0;--bad:#ff9a66;--meter:#23405d;--heatp:70,170,215;--heatn:225,120,70;--heatmax:.42;
--c0:#57a2fb;--c1:#cc7d2b;--c2:#8ec691;--c3:#9258b1;--c4:#f1e260;--c5:#bf3b54;--c6:#80ddf4;--c7:#8e95a0;--wait:#59646f;
--t0:#101418;--t1:#101418;--t2:#101418;--t3:#fff;--t4:#101418;--t5:#fff;--t6:#101418;--t7:#101418;--tw:#ffffff;
--grid:#28303a;--bound:#f2f4f6}}
:root[data-theme=dark]{color-scheme:dark;--bg:#101418;--surface:#171c22;--ink:#e6eaee;--soft:#a3adb8;--faint:#8d97a2;--line:#2c343d;--zebra:#1a2027;
--accent:#7db8f5;--good:#56c4f0;--bad:#ff9a66;--meter:#23405d;--heatp:70,170,215;--heatn:225,120,70;--heatmax:.42;
--c0:#57a2fb;--c1:#cc7d2b;--c2:#8ec691;--c3:#9258b1;--c4:#f1e260;--c5:#bf3b54;--c6:#80ddf4;--c7:#8e95a0;--wait:#59646f;
--t0:#101418;--t1:#101418;--t2:#101418;--t3:#fff;--t4:#101418;--t5:#fff;--t6:#101418;--t7:#101418;--tw:#ffffff;
--grid:#28303a;--bound:#f2f4f6}
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:1rem}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
a{color:var(--accent)}
.skip{position:absolute;left:-999px}.skip:focus{left:1rem;top:1rem;background:var(--surface);padding:.5rem;z-index:2}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.page{display:grid;grid-template-columns:218px minmax(0,1fr);gap:2rem;max-width:1360px;margin:0 auto;padding:0 1.5rem}
nav{position:sticky;top:0;align-self:start;max-height:100vh;overflow:auto;padding:1.6rem 0;font-size:13.5px}
nav strong{display:block;letter-spacing:.02em;margin:0 0 .7rem .7rem;font-size:15px}
nav a{display:block;padding:.22rem .7rem;color:var(--soft);text-decoration:none;border-left:2px solid var(--line)}
nav a:hover,nav a:focus{color:var(--ink)}
nav button,.tools button{font:inherit;font-size:12.5px;color:var(--soft);background:var(--surface);border:1px solid var(--line);border-radius:5px;padding:.18rem .5rem;cursor:pointer}
nav button:hover,.tools button:hover{color:var(--ink);border-color:var(--faint)}
nav .set{display:flex;gap:.4rem;flex-wrap:wrap;margin:.9rem 0 0 .7rem}
nav a[aria-current]{color:var(--accent);border-left-color:var(--accent);font-weight:600}
main{padding:1.6rem 0 4rem;min-width:0}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 .3rem}
.sub{color:var(--soft);margin:0 0 1.4rem}
section{background:var(--surface);border:1px solid var(--line);border-radius:8px;padding:1.15rem 1.4rem 1.3rem;margin:0 0 1.25rem}
h2{font-size:1.22rem;margin:0 0 .6rem;line-height:1.3}
h2 a,h3 a{color:inherit;text-decoration:none}h2 a:hover::after,h2 a:focus-visible::after,h3 a:hover::after{content:" #";color:var(--faint)}
h3{font-size:1.02rem;margin:1.5rem 0 .4rem}
p{margin:.5rem 0 .7rem;max-width:86ch}
ul{margin:.5rem 0 .8rem;padding-left:1.2rem;max-width:90ch}li{margin:.25rem 0}
code{font:.9em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;background:var(--zebra);border:1px solid var(--line);border-radius:4px;padding:.05em .3em;white-space:nowrap}
td.wrap code,p code{white-space:normal;overflow-wrap:anywhere}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(160px,1fr));gap:.8rem;margin:0 0 1rem}
.tile{border:1px solid var(--line);border-radius:8px;padding:.75rem .9rem;background:var(--zebra)}
.tile .l{color:var(--soft);font-size:12.5px}.tile .v{font-size:1.35rem;font-weight:650;line-height:1.25;font-variant-numeric:tabular-nums}
.tile .d{color:var(--soft);font-size:12.5px;line-height:1.4}
.scroll{overflow-x:auto}
figure.t{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:.35rem .8rem;margin:.7rem 0 1rem}
figure.t figcaption{grid-column:1;margin:0;max-width:110ch}figure.t .scroll{grid-column:1/-1;min-width:0}
.tools{grid-column:2;align-self:end;display:flex;gap:.4rem;align-items:center}
.tools label{color:var(--soft);font-size:12.5px}.tools input{font:inherit;color:var(--ink);background:var(--surface);border:1px solid var(--line);border-radius:5px;padding:.18rem .5rem;min-width:0;width:15rem}
table{border-collapse:collapse;width:100%;font-size:13px;font-variant-numeric:tabular-nums}
th,td{padding:.24rem .55rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
th{font-weight:600;color:var(--soft);vertical-align:bottom;line-height:1.25;border-bottom:1.5px solid var(--faint)}
th button{all:unset;cursor:pointer;font:inherit;position:relative}th button:focus-visible{outline:2px solid var(--accent);outline-offset:2px}th button:hover{color:var(--ink)}
th button::after{content:"\2195";opacity:0;position:absolute;left:-.95em;bottom:0;font-size:.85em}th button:hover::after,th button:focus-visible::after{opacity:.6}
th[aria-sort=ascending] button::after{content:"\2191";opacity:1}th[aria-sort=descending] button::after{content:"\2193";opacity:1}
td{white-space:nowrap}td code{background:none;border:0;padding:0}td.wrap{white-space:normal;min-width:14ch}
.n{text-align:right}
tbody tr:hover{background:var(--zebra)}
.good{color:var(--good);font-weight:600}.bad{color:var(--bad);font-weight:600;text-decoration:underline;text-decoration-thickness:1px;text-underline-offset:2px}.quiet{color:var(--faint)}
td.m{background-image:linear-gradient(var(--meter),var(--meter));background-repeat:no-repeat;background-position:left 4px;background-size:calc(100%*var(--m)) calc(100% - 8px)}
td.hp{background:rgba(var(--heatp),calc(var(--heatmax)*var(--h)))}td.hn{background:rgba(var(--heatn),calc(var(--heatmax)*var(--h)))}
figure{margin:.8rem 0 1.1rem}figcaption{color:var(--soft);font-size:13px;max-width:90ch;margin-top:.35rem}
figure svg{display:block;width:100%;height:auto;overflow:visible}
figure img{max-width:100%;background:#fff;border:1px solid var(--line);border-radius:6px}
svg text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:var(--ink)}
svg .s{fill:var(--soft);font-size:11px}svg .b{font-weight:600}svg .mid{text-anchor:middle}svg .end{text-anchor:end}
svg .grid{stroke:var(--grid);stroke-width:1}svg .axis{stroke:var(--faint);stroke-width:1}svg .bound{stroke:var(--bound);stroke-width:2}
svg .f0{fill:var(--c0)}svg .f1{fill:var(--c1)}svg .f2{fill:var(--c2)}svg .f3{fill:var(--c3)}svg .f4{fill:var(--c4)}
svg .f5{fill:var(--c5)}svg .f6{fill:var(--c6)}svg .f7{fill:var(--c7)}svg .fw{fill:var(--wait)}svg .fg{fill:var(--good)}svg .fb{fill:var(--bad)}
svg .in{font-size:11px}svg .seg{stroke:var(--surface);stroke-width:.8}
svg .t0{fill:var(--t0)}svg .t1{fill:var(--t1)}svg .t2{fill:var(--t2)}svg .t3{fill:var(--t3)}svg .t4{fill:var(--t4)}
svg .t5{fill:var(--t5)}svg .t6{fill:var(--t6)}svg .t7{fill:var(--t7)}svg .tw{fill:var(--tw)}
svg .lane{fill:var(--zebra);stroke:var(--line)}svg .whisker{stroke:var(--faint);stroke-dasharray:2 3}
svg .dim{opacity:.55}svg .ln{fill:none;stroke:var(--c0);stroke-opacity:.16}svg .lf{fill:none;stroke:var(--c1);stroke-width:1.4}
svg .crit{fill:none;stroke:var(--ink);stroke-width:1}
details{border-top:1px solid var(--line);padding:.2rem 0}details:last-of-type{border-bottom:1px solid var(--line)}
summary{cursor:pointer;padding:.42rem 0;font-weight:600}summary:focus-visible{outline:2px solid var(--accent)}
footer{color:var(--soft);font-size:12.5px}
@media (max-width:900px){.page{display:block;padding:0 .8rem}nav{position:static;max-height:none;padding:1rem 0 0;columns:2;column-gap:1rem}
nav .set{break-inside:avoid}section{padding:.9rem}h1{font-size:1.4rem}figure svg{min-width:720px}.tools input{width:9rem}}
@page{margin:14mm 12mm}
@media print{:root,:root[data-theme=dark]{color-scheme:light;--bg:#ffffff;--surface:#ffffff;--ink:#1b1f24;--soft:#57606a;--faint:#69727c;--line:#dfe2e6;--zebra:#fafbfc;
--accent:#0b5cad;--good:#0b6e99;--bad:#b5400a;--meter:#cfe3f7;--heatp:11,110,153;--heatn:196,84,20;--heatmax:.5;
--c0:#2a418b;--c1:#d67e23;--c2:#3e8165;--c3:#a472eb;--c4:#774c08;--c5:#601b36;--c6:#4d9ca9;--c7:#505563;--wait:#c4cad1;
--t0:#fff;--t1:#1b1f24;--t2:#fff;--t3:#1b1f24;--t4:#fff;--t5:#fff;--t6:#1b1f24;--t7:#fff;--tw:#1b1f24;
--grid:#e6e8eb;--bound:#1b1f24}
.page{display:block;padding:0;max-width:none}nav,.skip,.tools{display:none}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
body{font-size:10pt}main{padding:0}section{border:0;padding:0;margin:0 0 1.2rem}h2,h3,tr,.tile,figure:not(.t){break-inside:avoid}
h2,h3,figcaption,summary{break-after:avoid}thead{display:table-header-group}table{font-size:7.5pt}th,td{padding:.12rem .28rem}
th button::after{content:""}.scroll{overflow:visible}a{color:inherit;text-decoration:none}details,details:last-of-type{border:0}
figure img{max-height:120mm;width:auto}}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
)css";
}

}  // namespace tessera::report
