import { cleanLine } from './clean-text.ts';
import type { Output } from './io.ts';
import type { Painter } from './painter.ts';
import { renderLive } from './render-live.ts';
import type { RunView } from './run-view.ts';
import { truncate } from './text-width.ts';

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
const clearBelow = '\u001b[0J';

/** Ten pictures a second are smooth, and cost next to nothing. */
const everyMs = 100;

/** Draws a run in place on a terminal until it is stopped. Lines said meanwhile scroll by above it. */
export class LiveDisplay {
  readonly #view: RunView;
  readonly #output: Output;
  readonly #paint: Painter;
  readonly #timer: NodeJS.Timeout;
  #height = 0;
  #columns = 0;
  #drawn = '';

  constructor(view: RunView, output: Output, paint: Painter) {
    this.#view = view;
    this.#output = output;
    this.#paint = paint;
    this.#output.write(hideCursor);
    this.#timer = setInterval(() => this.#draw(), everyMs);
    this.#draw();
  }

  say(line: string): void {
    const { columns } = this.#output.size();
    this.#output.write(`${this.#erase()}${truncate(cleanLine(line), columns - 1)}\n`);
    this.#drawn = '';
    this.#draw();
  }

  /** Takes the picture away: the summary says it all. */
  stop(): void {
    clearInterval(this.#timer);
    this.#output.write(this.#erase() + showCursor);
  }

  #draw(): void {
    const { columns, rows } = this.#output.size();
    const lines = renderLive(this.#view, { now: Date.now(), columns, rows, paint: this.#paint });
    const text = lines.map((line) => `${line}\n`).join('');
    if (text === this.#drawn && columns === this.#columns) return;
    this.#output.write(this.#erase() + text);
    this.#height = lines.length;
    this.#columns = columns;
    this.#drawn = text;
  }

  /** Back to the first line of the picture. A window that became narrower has wrapped lines, so more is taken away then. */
  #erase(): string {
    if (this.#height === 0) return '';
    const { columns } = this.#output.size();
    const wrapped = this.#columns > columns ? this.#height * Math.ceil(this.#columns / columns) : this.#height;
    this.#height = 0;
    return `\u001b[${wrapped}A\r${clearBelow}`;
  }
}
