import { dayText, weekdayText } from '../../page/display.ts';
import { card, madeUp, note } from '../../page/figure-cards.ts';
import { foreign, type Html, html } from '../../page/html.ts';
import { alarmBox, pageHead } from '../../page/page-head.ts';
import type { PageOrigin } from '../../page/report-page.ts';
import type { DateRange } from '../../quantities/days.ts';
import { syntheticText } from '../../synthetic.ts';
import type { Insights, Recommendation } from '../insights/insights.ts';
import { daySection } from './day-section.ts';
import { historySection } from './history-section.ts';

/**
 * `dashboard.html`: alarms, then the day, then what to do, then the history. One file that loads nothing from the network, runs no script, and treats every
 * name in it as hostile.
 */
export function dashboardPage(insights: Insights, origin: PageOrigin): string {
  const { dashboard } = insights;
  const { alarms, day, recommendations } = dashboard;
  const title = `Customer analytics, ${weekdayText(day.day)}`;
  return html`<!doctype html>
<html lang="en">
${pageHead(title, { alarmed: alarms.length > 0 })}
<body>
<header>
<h1>Customer analytics</h1>
<p class="range">${weekdayText(day.day)}${madeUp(dashboard.synthetic.includes('orders'))}</p>
</header>
<main>
${alarms.map(alarmBox)}${syntheticBox(insights)}
${daySection(insights)}
${card('advice', 'Advice', [advice(recommendations, alarms.length > 0)])}
${historySection(insights)}
</main>
${footer(origin, dashboard)}
</body>
</html>
`.markup;
}

const syntheticBox = ({ dashboard: { synthetic } }: Insights): Html | null => {
  const invented = syntheticText(synthetic);
  if (invented === null) return null;
  return html`<section class="synthetic"><p><strong>Made-up figures:</strong> ${invented}. They come from stand-ins, not from the shop. Decide nothing by them.</p></section>`;
};

const priorities = { high: 'Do first', medium: 'Worth doing', low: 'When there is time' } as const;

const advice = (recommendations: readonly Recommendation[], alarmed: boolean): Html => {
  if (recommendations.length === 0)
    return note(alarmed ? 'See the alarm above first.' : 'Nothing in these numbers calls for action.');
  const items = recommendations.map(
    ({ priority, title, detail, synthetic }) =>
      html`<li class="${priority}"><p class="priority">${priorities[priority]}</p>${madeUp(synthetic)}<h3>${title}</h3><p>${foreign(detail)}</p></li>`,
  );
  return html`<ul class="advice">${items}</ul>`;
};

const footer = (
  origin: PageOrigin,
  {
    day,
    range,
    history,
  }: { readonly day: { readonly day: string }; readonly range: DateRange; readonly history: DateRange },
): Html => {
  const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });
  const days = ({ start_date, end_date }: DateRange): string => `${start_date} to ${end_date}`;
  return html`<footer><dl>
<dt>Pipeline</dt><dd>${origin.pipeline}</dd>
<dt>Run</dt><dd>${origin.run_id}</dd>
<dt>Day</dt><dd>${day.day} (UTC), the last one of the range ${days(range)}</dd>
<dt>History</dt><dd>${days(history)} (UTC days, both included)</dd>
<dt>Made</dt><dd><time datetime="${origin.started_at}">${dayText(origin.started_at)}, ${time.format(new Date(origin.started_at))} UTC</time></dd>
</dl><p>Lifetime value is what a customer spent in the history. VIP: at least 1,000 and 10 orders. Regular: 500 or 5 orders. Occasional: 100 or 2 orders. New: the rest.</p></footer>`;
};
