import { countText, dayText, moneyText, percentText, shortMoney } from '../../page/display.ts';
import { type Html, html } from '../../page/html.ts';
import { addDays, type DateRange, type Day } from '../../quantities/days.ts';
import { parseMoney } from '../../quantities/money.ts';
import { nextPeriod } from '../../quantities/periods.ts';
import type { SegmentSummary, Trend } from '../insights/insights.ts';

/** The days that a chart shows, and the periods that it sets off from the others. */
interface ChartSpan {
  readonly range: DateRange;
  readonly marked: readonly Day[];
}

/** Revenue per period as bars. The drawing stretches to fit; its labels are HTML, so that they stay readable on a phone. */
export function trendChart(trend: Trend, currency: string, { range, marked }: ChartSpan): Html {
  const values = trend.periods.map(({ revenue }) => Math.max(0, Number(revenue)));
  const top = niceTop(Math.max(...values));
  const slot = 100 / values.length;
  const barClass = (period: Day): string => {
    const pale = cut(period, trend, range) || (marked.length > 0 && !marked.includes(period));
    return pale ? 'bar pale' : 'bar';
  };
  const bars = trend.periods.map(({ period, orders, revenue }, index) => {
    const height = ((values[index] ?? 0) / top) * 100;
    const label = `${periodText(period, trend)}: ${moneyText(revenue, currency)}, ${countText(orders)} orders`;
    return html`<g><title>${label}</title><rect class="hit" x="${fixed(index * slot)}" y="0" width="${fixed(slot)}" height="100"/><rect class="${barClass(period)}" x="${fixed((index + 0.14) * slot)}" y="${fixed(100 - height)}" width="${fixed(0.72 * slot)}" height="${fixed(height)}"/></g>`;
  });
  // About five or six labels fit on a phone. A long series of months has short labels, so two more fit.
  const every = Math.ceil(values.length / (trend.granularity === 'month' ? 7 : 5));
  // Of a December beside its January, only the January has room for its year.
  const yearAt = (index: number): boolean =>
    index === 0 && (every > 1 || trend.periods[0]?.period.slice(5, 7) !== '12');
  const labels = trend.periods.map(
    ({ period }, index) => html`<span>${index % every === 0 ? shortPeriod(period, trend, yearAt(index)) : ''}</span>`,
  );
  const axis = [1, 0.75, 0.5, 0.25, 0].map((part) => html`<span>${shortMoney(top * part, currency)}</span>`);
  const partial = trend.periods.some(({ period }) => cut(period, trend, range))
    ? html`<p class="note">Paler: only a part of the ${trend.granularity} is in these days.</p>`
    : null;
  return html`<div class="trend"><div class="axis" aria-hidden="true">${axis}</div><svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="Revenue per ${trend.granularity}; the figures are in the table below"><path class="grid" d="M0 0H100M0 25H100M0 50H100M0 75H100M0 100H100"/>${bars}</svg><div class="periods" aria-hidden="true">${labels}</div></div>${partial}`;
}

/** The same figures as a table, for people who cannot or do not want to read a chart. */
export function trendTable(trend: Trend, currency: string): Html {
  const rows = trend.periods.map(
    ({ period, orders, revenue }) =>
      html`<tr><th scope="row">${periodText(period, trend)}</th><td class="number">${countText(orders)}</td><td class="number">${moneyText(revenue, currency)}</td></tr>`,
  );
  return html`<details><summary>Show the figures</summary><div class="scroll" role="region" aria-label="Revenue per ${trend.granularity}" tabindex="0"><table><thead><tr><th scope="col">${title(trend.granularity)}</th><th scope="col" class="number">Orders</th><th scope="col" class="number">Revenue</th></tr></thead><tbody>${rows}</tbody></table></div></details>`;
}

/** Shares of revenue as one bar; the table beside it has the labels. */
export function segmentBar(segments: readonly SegmentSummary[]): Html {
  let left = 0;
  const parts = segments.map(({ segment, share }) => {
    const part = html`<rect class="${segment.toLowerCase()}" x="${fixed(left)}" y="0" width="${fixed(share * 100)}" height="10"><title>${segment}: ${percentText(share)}</title></rect>`;
    left += share * 100;
    return part;
  });
  return html`<svg class="shares" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="Shares of customer revenue by segment; the figures are in the table below">${parts}</svg>`;
}

/** A small bar that compares a row with the largest one. */
export function rowBar(amount: string, greatest: string): Html {
  const most = parseMoney(greatest);
  const width = most > 0n ? Math.max(0, (Number(amount) / Number(greatest)) * 100) : 0;
  return html`<svg class="compare" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="4"/><rect class="bar" width="${fixed(width)}" height="4"/></svg>`;
}

/** The next round number at or above a value that divides easily by four. */
const niceTop = (value: number): number => {
  if (!(value > 0)) return 1;
  const size = 10 ** Math.floor(Math.log10(value));
  return ([1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10].find((step) => step * size >= value) ?? 10) * size;
};

/** True if the range begins or ends inside a period. */
const cut = (period: string, { granularity }: Trend, range: DateRange): boolean =>
  period < range.start_date || addDays(nextPeriod(period, granularity), -1) > range.end_date;

const periodText = (period: string, { granularity }: Trend): string => {
  if (granularity === 'month') return dayText(period, { month: 'long', year: 'numeric' });
  return granularity === 'week' ? `Week of ${dayText(period)}` : dayText(period);
};

const shortPeriod = (period: string, { granularity }: Trend, withYear: boolean): string =>
  granularity === 'month'
    ? dayText(period, { month: 'short' }) + (withYear || period.slice(5, 7) === '01' ? ` ’${period.slice(2, 4)}` : '')
    : dayText(period, { day: 'numeric', month: 'short' });

const title = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

const fixed = (value: number): string => value.toFixed(3).replace(/\.?0+$/, '');
