import type { Progress } from '../../offline/engine/run-options.ts';
import { failureLine } from '../render/failure-text.ts';
import { count } from '../render/format.ts';
import type { Painter } from '../render/painter.ts';

/** The line for a run that waits for its turn. */
export function queuedLine({ reason }: { readonly reason: string }): string {
  return `queued: ${reason}`;
}

/** A handler may report many times a second; a log gets one line per step in this time. */
const progressEveryMs = 5_000;

/** Writes a run as lines with the time since its start, for logs and pipes. */
export class PlainProgress {
  readonly #write: (text: string) => void;
  readonly #paint: Painter;
  #startedAt: number | null = null;
  readonly #lastProgress = new Map<string, number>();

  constructor(write: (text: string) => void, paint: Painter) {
    this.#write = write;
    this.#paint = paint;
  }

  tell(progress: Progress): void {
    if (progress.type === 'started') this.#startedAt = progress.at;
    const at = 'at' in progress ? progress.at : Date.now();
    const text = this.#textOf(progress, at);
    if (text !== null) this.say(text, at);
  }

  say(text: string, at = Date.now()): void {
    const offset = this.#startedAt === null ? '' : ((at - this.#startedAt) / 1_000).toFixed(3);
    this.#write(`${offset.padStart(9)}  ${this.#paint(text)}\n`);
  }

  #textOf(progress: Progress, at: number): string | null {
    switch (progress.type) {
      case 'setup':
        return progress.line;
      case 'started':
        return `run ${progress.run_id} ${progress.redrive ? 'redriven' : 'started'} at ${new Date(progress.at).toISOString()}`;
      case 'queued':
        return queuedLine(progress);
      case 'step-waiting':
        return `${progress.step} waiting`;
      case 'step-started':
        return (progress.invocation ?? 1) === 1
          ? `${progress.step} attempt ${progress.attempt} started`
          : `${progress.step} invocation ${progress.invocation} goes on`;
      case 'step-retrying':
        return `${progress.step} attempt failed: ${failureLine(progress)}`;
      case 'step-ended':
        return `${progress.step} ${progress.outcome}`;
      case 'step-progress': {
        if (at - (this.#lastProgress.get(progress.step) ?? 0) < progressEveryMs) return null;
        this.#lastProgress.set(progress.step, at);
        const total = progress.total === null ? '' : ` of ${count(progress.total)}`;
        return `${progress.step} ${count(progress.done)}${total}${progress.message ? ` ${progress.message}` : ''}`;
      }
      case 'history':
        return null;
    }
  }
}
