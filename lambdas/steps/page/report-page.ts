import { syntheticFigures, syntheticText } from '../synthetic.ts';
import { dayText } from './display.ts';
import { type Html, html } from './html.ts';
import { alarmBox, pageHead } from './page-head.ts';

/** The run that a page shows. */
export interface PageOrigin {
  readonly pipeline: string;
  readonly run_id: string;
  /** Start of the execution that made the page; ISO 8601 UTC. */
  readonly started_at: string;
}

/** A report of one page. */
export interface Report {
  readonly title: string;
  /** The day or the span that it reports. */
  readonly subject: string;
  /** Conditions that need a person; first on the page. */
  readonly alarms: readonly { readonly title: string; readonly detail: string }[];
  readonly content: readonly Html[];
  /** The definitions behind the figures; in the footer. */
  readonly method: Html | string;
}

/**
 * A report as one HTML file: alarms, a banner if stand-ins invented the figures (SYNTHETIC_FIGURES), the content, the run. It loads nothing from the network,
 * runs no script, and treats every text in it as hostile.
 */
export function reportPage(report: Report, origin: PageOrigin): string {
  const { title, subject, alarms, content, method } = report;
  const invented = syntheticText(syntheticFigures());
  const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });
  return html`<!doctype html>
<html lang="en">
${pageHead(`${title}, ${subject}`, { alarmed: alarms.length > 0 })}
<body>
<header>
<h1>${title}</h1>
<p class="range">${subject}</p>
</header>
<main>
${alarms.map(alarmBox)}
${invented === null ? null : html`<section class="synthetic"><p><strong>Made-up figures:</strong> ${invented}. They come from stand-ins. Decide nothing by them.</p></section>`}
${content}
</main>
<footer><dl>
<dt>Pipeline</dt><dd>${origin.pipeline}</dd>
<dt>Run</dt><dd>${origin.run_id}</dd>
<dt>Made</dt><dd><time datetime="${origin.started_at}">${dayText(origin.started_at)}, ${time.format(new Date(origin.started_at))} UTC</time></dd>
</dl><p>${method}</p></footer>
</body>
</html>
`.markup;
}
