import type { Output } from '../io.ts';
import { cleanLine } from '../render/clean-text.ts';
import type { Painter } from '../render/painter.ts';
import { truncate } from '../render/text-width.ts';
import { renderLive } from './render-live.ts';
import type { RunView } from './run-view.ts';

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
const clearLine = '\u001b[K';
const clearBelow = '\u001b[J';

/** Ten pictures a second look smooth and cost almost nothing. */
const everyMs = 100;

/** Draws a run in place on a terminal until `stop`. Messages scroll by above the picture. */
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
    this.#draw(`${truncate(cleanLine(line), columns - 1)}${clearLine}\n`);
  }

  showCursor(): void {
    this.#output.write(showCursor);
  }

  /** Removes the picture; the summary replaces it. */
  stop(): void {
    clearInterval(this.#timer);
    const blank = `${clearLine}\n`.repeat(this.#height);
    this.#output.write(`${this.#back()}${blank}${this.#back()}${clearBelow}${showCursor}`);
  }

  /** Overwrites line by line. Clearing the whole picture first would flicker, and tmux would keep each picture in its history. */
  #draw(above = ''): void {
    const { columns, rows } = this.#output.size();
    const lines = renderLive(this.#view, { now: Date.now(), columns, rows, paint: this.#paint });
    const text = lines.map((line) => `${line}${clearLine}\n`).join('');
    if (text === this.#drawn && columns === this.#columns && above === '') return;
    this.#output.write(`${this.#back()}${above}${text}${clearBelow}`);
    this.#height = lines.length;
    this.#columns = columns;
    this.#drawn = text;
  }

  /** Moves to the first line of the picture. A window that became narrower has wrapped its lines, so the picture is then higher. */
  #back(): string {
    if (this.#height === 0) return '';
    const { columns } = this.#output.size();
    const wrapped = this.#columns > columns ? this.#height * Math.ceil(this.#columns / columns) : this.#height;
    return `\u001b[${wrapped}A\r`;
  }
}
