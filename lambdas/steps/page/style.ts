import { createHash } from 'node:crypto';
import { Html } from './html.ts';

const css = `
:root{color-scheme:light dark;--page:#f4f5f8;--card:#fff;--ink:#172033;--soft:#5a6478;--line:#e1e5ec;--accent:#3355d1;--accent-soft:#e9eefc;--vip:#5b35b5;--regular:#3355d1;--occasional:#0d8a85;--new:#8e99ad;--high:#b3261e;--high-soft:#fceeed;--medium:#8a5a00;--medium-soft:#fdf4e0;--low:#4a5568;--low-soft:#eef1f5;--up:#19703f;--down:#b3261e}
@media screen and (prefers-color-scheme:dark){:root{--page:#0e131d;--card:#171e2c;--ink:#e8ecf4;--soft:#9ea9bd;--line:#293244;--accent:#86a0ff;--accent-soft:#202b4a;--vip:#b79cf7;--regular:#86a0ff;--occasional:#4cc4bd;--new:#76839b;--high:#ff9d95;--high-soft:#3a2022;--medium:#f2c063;--medium-soft:#352b18;--low:#b4bfd0;--low-soft:#232c3c;--up:#6fd39b;--down:#ff9d95}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;-webkit-text-size-adjust:100%}
main,header,footer{max-width:1160px;margin:0 auto;padding:0 24px}
header{padding-top:36px;padding-bottom:20px}
h1{font-size:30px;line-height:1.2;letter-spacing:-.02em;margin:0}
h2{font-size:18px;line-height:1.3;letter-spacing:-.01em;margin:0}
h3{font-size:16px;line-height:1.35;margin:0}
p{margin:0}
.range{font-size:18px;color:var(--soft);margin-top:4px}
.note{font-size:14px;color:var(--soft)}
.part{font-size:24px;letter-spacing:-.02em;margin-top:36px}
.part+.range{margin-bottom:16px}
.kinds{margin-top:20px}
.up{color:var(--up);font-weight:600;white-space:nowrap}.down{color:var(--down);font-weight:600;white-space:nowrap}.even{font-weight:600}
.alarm,.synthetic{border-radius:14px;padding:18px 24px;margin-bottom:16px;overflow-wrap:anywhere}
.alarm{background:var(--high-soft);border:2px solid var(--high)}.alarm h2{color:var(--high);font-size:20px}.alarm p{margin-top:4px}
.synthetic{background:var(--medium-soft);border:1px solid var(--medium)}
.made-up{display:inline-block;font-size:12px;line-height:1.3;font-weight:600;letter-spacing:0;padding:1px 6px;border-radius:5px;white-space:nowrap;vertical-align:middle;background:var(--medium-soft);color:var(--medium)}
.grid-2{display:grid;grid-template-columns:minmax(0,5fr) minmax(0,4fr);gap:16px}
.card{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:22px 24px;margin-bottom:16px;min-width:0}
.card>.note{margin-top:2px}
.figures{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:16px;margin:0 0 16px}
.figures>div{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:18px 20px;min-width:0}
dt{font-size:14px;color:var(--soft)}
dd{margin:0}
dd.value{font-size:26px;line-height:1.3;font-weight:650;letter-spacing:-.02em;white-space:nowrap}
dd.long{font-size:19px}
dd.note{line-height:1.4}
.advice{list-style:none;margin:16px 0 0;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,310px),1fr));gap:12px}
.advice li{border:1px solid var(--line);border-radius:10px;padding:14px 16px 16px;overflow-wrap:anywhere}
.advice p{font-size:14.5px;margin-top:4px;color:var(--soft)}
.advice .priority{display:inline-block;font-size:13px;line-height:1.3;font-weight:600;margin:0 0 8px;padding:3px 9px;border-radius:6px}
.high .priority{background:var(--high-soft);color:var(--high)}
.medium .priority{background:var(--medium-soft);color:var(--medium)}
.low .priority{background:var(--low-soft);color:var(--low)}
.trend{display:grid;grid-template-columns:auto minmax(0,1fr);column-gap:10px;margin-top:18px}
.trend svg{width:100%;height:230px;overflow:visible}
.axis{display:flex;flex-direction:column;justify-content:space-between;text-align:right;font-size:13px;line-height:1;color:var(--soft);margin:-6px 0;height:242px}
.periods{grid-column:2;display:flex;font-size:13px;color:var(--soft);margin-top:8px}
.periods span{flex:1 1 0;min-width:0;display:flex;justify-content:center;white-space:nowrap}
.grid{stroke:var(--line);stroke-width:1;vector-effect:non-scaling-stroke;fill:none}
.bar{fill:var(--accent)}.pale{opacity:.4}.track{fill:var(--accent-soft)}.hit{fill:transparent}g:hover .hit{fill:var(--accent-soft)}
.shares{display:block;width:100%;height:26px;margin:18px 0 10px;border-radius:6px;background:var(--line);overflow:hidden}
rect.vip{fill:var(--vip)}rect.regular{fill:var(--regular)}rect.occasional{fill:var(--occasional)}rect.new{fill:var(--new)}
.trend .line{fill:none;stroke:var(--accent);stroke-width:1.7;stroke-linejoin:round;vector-effect:non-scaling-stroke}.trend .limit{fill:none;stroke:var(--medium);stroke-width:1.7;stroke-linejoin:round;vector-effect:non-scaling-stroke}.trend .ghost{fill:none;stroke:var(--new);stroke-width:1.4;stroke-dasharray:4 3;vector-effect:non-scaling-stroke}.trend .band{fill:var(--accent-soft)}.trend .void{fill:var(--medium-soft)}.trend .mark{fill:none;stroke:var(--high);stroke-width:8;stroke-linecap:round;vector-effect:non-scaling-stroke}.trend .stem{fill:none;stroke:var(--accent);stroke-width:1.2;opacity:.55;vector-effect:non-scaling-stroke}.trend .zero{fill:none;stroke:var(--soft);stroke-width:1;vector-effect:non-scaling-stroke}
.small .trend svg{height:120px}.small .trend .axis{height:132px}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;margin:8px 0 0;padding:0;list-style:none;font-size:13px;color:var(--soft)}
.status{display:inline-block;font-size:13px;line-height:1.3;font-weight:600;padding:2px 8px;border-radius:6px;white-space:nowrap;background:var(--low-soft);color:var(--low)}.status.bad{background:var(--high-soft);color:var(--high)}.status.fair{background:var(--medium-soft);color:var(--medium)}
tr.sum th,tr.sum td{font-weight:650}
.dot{display:inline-block;width:10px;height:10px;border-radius:3px;margin-right:8px}
.dot.vip{background:var(--vip)}.dot.regular{background:var(--regular)}.dot.occasional{background:var(--occasional)}.dot.new{background:var(--new)}
.compare{display:block;width:100%;min-width:90px;height:5px;margin-top:5px;border-radius:3px;overflow:hidden}
.scroll{overflow-x:auto;margin:12px -24px 0;padding:0 24px}
.scroll:focus-visible,summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:6px}
table{border-collapse:collapse;width:100%;font-size:14.5px}
th,td{text-align:left;padding:9px 14px 9px 0;border-top:1px solid var(--line);vertical-align:top;font-weight:400}
thead th{border-top:0;color:var(--soft);font-size:13px;line-height:1.3;vertical-align:bottom;padding-bottom:8px}
th:last-child,td:last-child{padding-right:0}
.number{text-align:right;white-space:nowrap}thead .number{white-space:normal}
tbody th{font-weight:600;overflow-wrap:anywhere}
.wide tbody th{min-width:130px}.segment{white-space:nowrap}.sub{display:block;font-size:13px;font-weight:400;color:var(--soft);overflow-wrap:anywhere}
.pressing{color:var(--high);font-weight:650}
details{margin-top:14px;font-size:14.5px}summary{cursor:pointer;color:var(--accent)}
footer{padding-top:12px;padding-bottom:40px;font-size:14px;color:var(--soft)}
footer dl{display:grid;grid-template-columns:auto minmax(0,1fr);gap:2px 16px;margin:0 0 12px}footer dt,footer dd{font-size:14px;overflow-wrap:anywhere}
@media(max-width:1000px){.grid-2{grid-template-columns:minmax(0,1fr);gap:0}.figures{grid-template-columns:repeat(2,minmax(0,1fr));gap:12px}table{font-size:13px}th,td{padding-right:8px}.wide tbody th{min-width:110px}}
@media screen and (max-width:820px){table{font-size:12px}th,td{padding-right:6px}}
@media screen and (max-width:760px){main,header,footer{padding-left:16px;padding-right:16px}header{padding-top:24px}h1{font-size:25px}.range{font-size:16px}.card,.alarm,.synthetic{padding:18px 16px}.figures{grid-template-columns:minmax(0,1fr)}.figures>div{padding:14px 16px}dd.value{font-size:22px}table{font-size:14px}th,td{padding-right:8px}.scroll{margin-left:0;margin-right:0;padding:0;overflow-x:visible}.trend svg{height:180px}.axis{height:192px}.trend .axis,.periods{font-size:12px}.number{white-space:normal}
.wide thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}.wide,.wide tbody{display:block}.wide tr{display:block;border-top:1px solid var(--line);padding:12px 0}.wide tbody th{display:block;border:0;padding:0 0 4px}.wide td{display:grid;grid-template-columns:minmax(0,1fr) auto;column-gap:16px;border:0;padding:2px 0;text-align:right}.wide td::before{content:attr(data-title);text-align:left;color:var(--soft)}.wide .compare{grid-column:1/-1}}
@page{size:A4;margin:12mm}
@media print{:root{--page:#fff}body{font-size:10.5pt;-webkit-print-color-adjust:exact;print-color-adjust:exact}main,header,footer{max-width:none;padding-left:0;padding-right:2px}header{padding-top:0}.card,.figures>div,.alarm,.synthetic{padding:10pt 12pt}.figures{grid-template-columns:repeat(2,minmax(0,1fr));gap:8pt}dd.value{font-size:14pt}dt,dd.note,.note{font-size:8.5pt}.scroll{overflow:visible;margin:8pt 0 0;padding:0}table{font-size:8.5pt}thead th{font-size:8pt}th,td{padding:4pt 8pt 4pt 0}.wide tbody th{min-width:105pt}.compare{min-width:60px}.card>.note{break-after:avoid}details{display:none}.sub{font-size:7.5pt}.part{break-before:page}tr,.figures>div,.advice li,.trend,.alarm,.synthetic{break-inside:avoid}h1,h2,h3{break-after:avoid}.part{margin-top:0}}
`;

/** The page's style sheet. */
export const style = new Html(`<style>${css}</style>`);

/** The page's policy: it may load and run nothing but its own style sheet, identified by its digest. */
export const contentSecurityPolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(css).digest('base64')}'; base-uri 'none'; form-action 'none'`;
