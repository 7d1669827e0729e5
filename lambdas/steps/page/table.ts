import { madeUp } from './figure-cards.ts';
import { type Html, html } from './html.ts';

/** A column of a table. */
export interface Column<Row> {
  readonly title: string;
  /** True if a stand-in invented its figures. */
  readonly synthetic?: boolean;
  readonly number?: true;
  cell(row: Row): Html | string;
}

/** A table with row headers in its first column. On a phone, each row of a wide table becomes a list of its cells with their titles. */
export function table<Row>(label: string, rows: readonly Row[], columns: readonly Column<Row>[]): Html {
  const wide = columns.length > 3 ? html` class="wide"` : null;
  const heads = columns.map(
    ({ title, number, synthetic }) =>
      html`<th scope="col"${numeric(number)}>${title}${madeUp(synthetic === true)}</th>`,
  );
  const body = rows.map((row) => {
    const cells = columns.map(({ title, number, synthetic, cell }, index) =>
      index === 0
        ? html`<th scope="row">${cell(row)}</th>`
        : html`<td data-title="${title}${synthetic ? ' (made up)' : ''}"${numeric(number)}>${cell(row)}</td>`,
    );
    return html`<tr>${cells}</tr>`;
  });
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table${wide}><thead><tr>${heads}</tr></thead><tbody>${body}</tbody></table></div>`;
}

const numeric = (number: true | undefined): Html => (number ? html` class="number"` : html``);

/** A cell of a figure with a smaller line below it; one element, so that it stays together on a phone. */
export function twoLines(figure: Html | string, below: Html | string | null): Html {
  return below === null ? html`<span>${figure}</span>` : html`<span>${figure}<span class="sub">${below}</span></span>`;
}
