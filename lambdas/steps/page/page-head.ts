import { type Html, html } from './html.ts';
import { contentSecurityPolicy, style } from './style.ts';

/** The head of every page: it loads nothing from the network and runs no script. The title of a page with alarms begins with the word. */
export function pageHead(title: string, { alarmed }: { readonly alarmed: boolean }): Html {
  return html`<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${alarmed ? 'ALARM: ' : ''}${title}</title>
${style}
</head>`;
}

/** An alarm, first on the page. */
export function alarmBox({ title, detail }: { readonly title: string; readonly detail: string }): Html {
  return html`<section class="alarm" role="alert"><h2>Alarm: ${title}</h2><p>${detail}</p></section>`;
}
