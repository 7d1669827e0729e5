import { written } from './chosen-column.ts';
import type { ColumnPlace, LineageGraph } from './lineage-graph.ts';
import { type DrawnBox, type DrawnEdge, layOut, sizes } from './lineage-layout.ts';
import type { Direction } from './lineage-tree.ts';

/** A page that needs nothing but itself: the datasets as boxes, the ways of the data as lines. Names are text in it, never markup. */
export function lineagePage(graph: LineageGraph, chosen: ColumnPlace, directions: readonly Direction[]): string {
  const { width, height, boxes, edges } = layOut(graph, chosen, directions);
  const title = markupOf(`${chosen.pipeline}: ${written(chosen)}`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Lineage of ${title}</title>
<style>${style}</style>
</head>
<body>
<h1>Lineage of <bdi>${title}</bdi></h1>
<p>Solid lines: values are made of the input. Dashed lines: the input decides which value or row stands there. Dotted lines: not known. Point at a name to see what it comes from and what comes from it.</p>
<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="Lineage of ${title}">
${edges.map(edgeMarkup).join('\n')}
${boxes.map(boxMarkup).join('\n')}
</svg>
<script>${script}</script>
</body>
</html>
`;
}

function edgeMarkup({ from, to, x1, y1, x2, y2, kinds, isDirect }: DrawnEdge): string {
  // A step reads its own earlier dataset in the same layer: the line goes round.
  const reach = Math.max(40, Math.abs(x2 - x1) / 2);
  const kind = kinds.length === 0 ? 'unknown' : isDirect ? 'direct' : 'indirect';
  const path = `M${x1} ${y1}C${x1 + reach} ${y1} ${x2 - reach} ${y2} ${x2} ${y2}`;
  return `<path class="${kind}" data-from="${from}" data-to="${to}" d="${path}"><title>${kinds.join(', ').replaceAll('_', ' ') || 'not known'}</title></path>`;
}

function boxMarkup({ x, y, height, lines, note }: DrawnBox): string {
  const rows = lines.map(
    (line, index) =>
      `<g data-id="${line.id}"${line.isChosen ? ' class="chosen"' : ''}><rect class="line" x="${x}" y="${line.y + 3}" width="${sizes.box}" height="${sizes.line}"/><text x="${x + 10}" y="${line.y + 17}"${index === 0 ? ' class="name"' : ''}>${markupOf(shortened(line.text))}</text><title>${markupOf(line.text)}</title></g>`,
  );
  const about = note === null ? '' : `<title>${markupOf(note)}</title>`;
  return `<g><rect class="box${note === null ? '' : ' open'}" x="${x}" y="${y}" width="${sizes.box}" height="${height}" rx="6">${about}</rect>${rows.join('')}</g>`;
}

/** In characters, about what a box is wide; the whole name is the title. */
const longest = 34;
const shortened = (text: string): string => (text.length <= longest ? text : `…${text.slice(1 - longest)}`);

const entities: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

/** Text for markup and for quoted attributes; control characters become a replacement character. */
const markupOf = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\p{Cc}/gu, '\ufffd')
    .replace(/[&<>"']/g, (one) => entities.get(one) ?? '');

const style = `
:root { color-scheme: light dark; --ink: #1d2433; --dim: #6b7385; --page: #fff; --box: #f4f6fa; --edge: #c9cfdb; --direct: #2563a8; --mark: #ffe6a3; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9f0; --dim: #9aa3b5; --page: #14171d; --box: #1f242d; --edge: #3a4252; --direct: #78b2f2; --mark: #5a4a14; } }
body { margin: 24px; background: var(--page); color: var(--ink); font: 14px/1.5 system-ui, sans-serif; }
h1 { font-size: 18px; } p { color: var(--dim); max-width: 70ch; }
svg { max-width: none; font-size: 12px; } text { fill: var(--ink); } .name { font-weight: 600; }
.box { fill: var(--box); stroke: var(--edge); } .open { stroke-dasharray: 3 3; } .line { fill: transparent; } .chosen .line { fill: var(--mark); }
path { fill: none; stroke: var(--direct); stroke-width: 1.3; opacity: .75; } .indirect { stroke: var(--dim); stroke-dasharray: 5 4; } .unknown { stroke: var(--dim); stroke-dasharray: 1 4; }
.pointed path { opacity: .1; } .pointed path.on { opacity: 1; stroke-width: 2; } .pointed text { opacity: .35; } .pointed .on text { opacity: 1; }
`;

/** Knows numbers alone, never names. */
const script = `
const svg = document.querySelector('svg'), edges = [...svg.querySelectorAll('path')];
const reach = (id, from, to) => { const on = new Set([id]); for (const one of on) for (const edge of edges) if (edge.dataset[from] === one) on.add(edge.dataset[to]); return on; };
for (const line of svg.querySelectorAll('[data-id]')) {
  line.addEventListener('mouseenter', () => {
    const up = reach(line.dataset.id, 'to', 'from'), down = reach(line.dataset.id, 'from', 'to');
    svg.classList.add('pointed');
    for (const edge of edges) edge.classList.toggle('on', (up.has(edge.dataset.to) && up.has(edge.dataset.from)) || (down.has(edge.dataset.to) && down.has(edge.dataset.from)));
    for (const other of svg.querySelectorAll('[data-id]')) other.classList.toggle('on', up.has(other.dataset.id) || down.has(other.dataset.id));
  });
  line.addEventListener('mouseleave', () => svg.classList.remove('pointed'));
}
`;
