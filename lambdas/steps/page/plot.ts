import { type Html, html } from './html.ts';

/** Values from `low` at the bottom to `high` at the top, with round steps between. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly step: number;
}

/** A scale of four round steps that holds all finite values. */
export function scaleOf(values: readonly number[]): Scale {
  const finite = values.filter(Number.isFinite);
  const least = Math.min(...finite);
  const most = Math.max(...finite);
  if (finite.length === 0 || most === least) return { low: (finite[0] ?? 0) - 2, high: (finite[0] ?? 0) + 2, step: 1 };
  for (let step = niceStep((most - least) / 4); ; step = niceStep(step * 1.01)) {
    const low = Math.floor(least / step) * step;
    if (low + 4 * step >= most) return { low, high: low + 4 * step, step };
  }
}

/** A drawing that stretches to fit, with its labels in HTML, so that they stay readable on a phone. Layers lie one over the other, the first at the bottom. */
export function plot(options: {
  readonly label: string;
  readonly scale: Scale;
  readonly axis: (value: number) => string;
  /** Labels below the drawing, at equal distances. */
  readonly below: readonly string[];
  readonly layers: readonly Html[];
}): Html {
  const { label, scale, axis, below, layers } = options;
  const steps = [4, 3, 2, 1, 0].map((number) => html`<span>${axis(scale.low + number * scale.step)}</span>`);
  return html`<div class="trend"><div class="axis" aria-hidden="true">${steps}</div><svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="${label}"><path class="grid" d="M0 0H100M0 25H100M0 50H100M0 75H100M0 100H100"/>${layers}</svg><div class="periods" aria-hidden="true">${below.map((text) => html`<span>${text}</span>`)}</div></div>`;
}

/** The kinds of layers: a line of figures, a limit, another forecast, stems from zero, marks. */
type LineKind = 'line' | 'limit' | 'ghost';

/** A line through values at equal distances; a null leaves a gap. */
export function line(kind: LineKind, values: readonly (number | null)[], scale: Scale): Html {
  let path = '';
  let open = false;
  for (const [index, value] of values.entries()) {
    if (value !== null) path += `${open ? 'L' : 'M'}${x(index, values.length)} ${y(value, scale)}`;
    open = value !== null;
  }
  return html`<path class="${kind}" d="${path}"/>`;
}

/** The area between two lines; ends without values are left out. */
export function band(low: readonly (number | null)[], high: readonly (number | null)[], scale: Scale): Html {
  const points = (values: readonly (number | null)[]): string[] =>
    values.flatMap((value, index) => (value === null ? [] : [`${x(index, values.length)} ${y(value, scale)}`]));
  const path = [...points(high), ...points(low).reverse()];
  return path.length === 0 ? html`` : html`<path class="band" d="M${path.join('L')}Z"/>`;
}

/** A thin stem from zero to each value. */
export function stems(values: readonly number[], scale: Scale): Html {
  const path = values.map((value, index) => `M${x(index, values.length)} ${y(0, scale)}V${y(value, scale)}`).join('');
  return html`<path class="stem" d="${path}"/><path class="zero" d="M0 ${y(0, scale)}H100"/>`;
}

/** A dot on each value that is not null, with its text for a pointer. */
export function marks(values: readonly (number | null)[], scale: Scale, text: (index: number) => string): Html {
  const dots = values.map((value, index) =>
    value === null
      ? null
      : html`<path class="mark" d="M${x(index, values.length)} ${y(value, scale)}h0"><title>${text(index)}</title></path>`,
  );
  return html`${dots}`;
}

/** `count` texts at equal distances, for the labels below a drawing of `length` values. */
export function labelsBelow(length: number, count: number, text: (index: number) => string): string[] {
  const shown = Math.min(count, length);
  return Array.from({ length: shown }, (_, slot) => text(Math.floor(((slot + 0.5) / shown) * length)));
}

const x = (index: number, length: number): string => fixed(length > 1 ? (index / (length - 1)) * 100 : 50);

const y = (value: number, { low, high }: Scale): string => fixed(100 - ((value - low) / (high - low)) * 100);

const fixed = (value: number): string => value.toFixed(2).replace(/\.?0+$/, '');

/** The next of 1, 2, 2.5, 5, 10 and their tenfolds at or above a value. */
const niceStep = (value: number): number => {
  const size = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 2.5, 5].find((step) => step * size >= value) ?? 10) * size;
};

/** Areas from one place to another over the whole height; places are indexes of values, and the last one is included. */
export function spans(ranges: readonly (readonly [from: number, to: number])[], length: number): Html {
  const rects = ranges.map(([from, to]) => {
    const [left, right] = [x(Math.max(0, from - 0.5), length), x(Math.min(length - 1, to + 0.5), length)];
    return html`<rect class="void" x="${left}" y="0" width="${fixed(Number(right) - Number(left))}" height="100"/>`;
  });
  return html`${rects}`;
}
