import type { Clock } from '../../ports/ports.ts';

interface Timer {
  readonly at: number;
  /** Order of creation: timers of equal time fire in this order. */
  readonly made: number;
  readonly fire: () => void;
}

/** After this many macrotask turns without activity, everything counts as idle. */
const quietTurns = 2;

/** The default start of virtual time: 2026-01-01T00:00:00Z. */
const epoch = Date.UTC(2026, 0, 1);

/**
 * A clock whose time stands still while anything can run and then jumps to the next timer, so that an hour passes in no time and every run is the same.
 * Work that leaves the process (files, compression) is invisible to it: wrap that in `hold`.
 */
export class VirtualClock implements Clock {
  #now: number;
  #made = 0;
  #held = 0;
  /** Counts what happens; two equal readings mean that nothing happened between them. */
  #news = 0;
  readonly #timers = new Set<Timer>();

  constructor(now: number = epoch) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  /** Sleeps that have neither ended nor been aborted. */
  get pending(): number {
    return this.#timers.size;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#news += 1;
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = (): void => {
        this.#timers.delete(timer);
        this.#news += 1;
        reject(signal?.reason);
      };
      const fire = (): void => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      };
      this.#made += 1;
      const timer: Timer = { at: this.#now + Math.max(0, ms), made: this.#made, fire };
      this.#timers.add(timer);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** Keeps time from passing until `work` has settled. */
  async hold<T>(work: Promise<T>): Promise<T> {
    this.#held += 1;
    try {
      return await work;
    } finally {
      this.#held -= 1;
      this.#news += 1;
    }
  }

  /** Lets time pass until `work` settles. Rejects when nothing is left that could settle it. */
  async run<T>(work: Promise<T>): Promise<T> {
    let settled = false;
    const settle = (): void => {
      settled = true;
    };
    work.then(settle, settle);
    for (;;) {
      await this.#idle(() => settled);
      if (settled) return work;
      const timer = this.#next();
      if (timer === null) {
        throw new Error(
          `deadlock at ${new Date(this.#now).toISOString()}: the awaited promise is not settled, no timer is left and nothing is held`,
        );
      }
      this.#timers.delete(timer);
      this.#now = timer.at;
      timer.fire();
    }
  }

  /** Resolves when nothing has happened for some macrotask turns, or `over`. */
  async #idle(over: () => boolean): Promise<void> {
    let quiet = 0;
    while (quiet < quietTurns) {
      const before = this.#news;
      await new Promise((resolve) => setImmediate(resolve));
      if (over()) return;
      quiet = this.#held === 0 && this.#news === before ? quiet + 1 : 0;
    }
  }

  #next(): Timer | null {
    let first: Timer | null = null;
    for (const timer of this.#timers) {
      if (first === null || timer.at < first.at || (timer.at === first.at && timer.made < first.made)) first = timer;
    }
    return first;
  }
}
