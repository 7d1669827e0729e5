import { estimateLine } from './estimate-text.ts';
import { deadlineLine } from './outlook-lines.ts';
import type { RunView } from './run-view.ts';

/** A run that ends within a minute needs no estimate, and a log no more than one a minute. */
const everyMs = 60_000;

/** Writes estimates among the lines of a run, for logs and pipes. */
export class PlainEstimates {
  readonly #view: RunView;
  readonly #say: (line: string) => void;
  #last: number | null = null;

  constructor(view: RunView, say: (line: string) => void) {
    this.#view = view;
    this.#say = say;
  }

  look(now: number): void {
    const { startedAt } = this.#view;
    if (startedAt === null || now - (this.#last ?? startedAt) < everyMs) return;
    const estimate = this.#view.estimate(now);
    if (!estimate) return;
    this.#last = now;
    this.#say(estimateLine(estimate, now));
    const { readyBy } = this.#view;
    if (readyBy !== null) this.#say(deadlineLine(readyBy, { now, end: estimate.end }));
  }
}
