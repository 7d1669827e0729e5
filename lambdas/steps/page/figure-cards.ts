import { foreign, type Html, html } from './html.ts';

/** A headline figure with the notes below it. */
export type FigureCard = readonly [name: string, value: string, ...notes: (Html | string)[]];

/** Characters that fit a card in large type: `£99,999,999.99`. */
const mostLarge = 14;

/** Headline figures side by side; on a phone one below the other, so that no number is cut. */
export function figureCards(cards: readonly FigureCard[]): Html {
  const items = cards.map(
    ([name, value, ...notes]) =>
      html`<div><dt>${name}</dt><dd class="${value.length > mostLarge ? 'value long' : 'value'}">${value}</dd>${notes.map((note) => html`<dd class="note">${note}</dd>`)}</div>`,
  );
  return html`<dl class="figures">${items}</dl>`;
}

/** A section with its heading; the id is unique on the page. */
export function card(id: string, title: Html | string, content: readonly (Html | null)[]): Html {
  return html`<section class="card" aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${content}</section>`;
}

/** A line of small text. */
export function note(text: Html | string): Html {
  return html`<p class="note">${typeof text === 'string' ? foreign(text) : text}</p>`;
}

/** Marks invented figures; nothing for real ones. */
export function madeUp(synthetic: boolean): Html | null {
  return synthetic ? html` <span class="made-up">made up</span>` : null;
}
