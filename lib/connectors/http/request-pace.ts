import { setTimeout as sleep } from 'node:timers/promises';
import { RetryableError } from '../../contract/errors.ts';

/** A rate limit that asks for less than this is waited for in place: giving up all pages read so far would cost more, and an attempt. */
const patienceSeconds = 10;

/** Such waits for one request; a server that goes on refusing is down, which is for the step's retry. */
const waitsPerRequest = 5;

/** How fast requests may follow each other. */
export interface Pace {
  /** Begins a request when it is its turn, and again after a short Retry-After; a longer one is thrown on as the RetryableError it came as. */
  request<T>(begin: () => Promise<T>): Promise<T>;
}

/** At most so many requests per second, evenly spread; no limit when undefined. */
export function requestPace(perSecond: number | undefined, signal: AbortSignal): Pace {
  let next = 0;
  const turn = async (): Promise<void> => {
    if (perSecond === undefined) return;
    const now = performance.now();
    const wait = next - now;
    next = Math.max(now, next) + 1000 / perSecond;
    if (wait > 0) await sleep(wait, undefined, { signal });
  };
  return {
    async request(begin) {
      for (let waits = 0; ; waits += 1) {
        signal.throwIfAborted();
        await turn();
        try {
          return await begin();
        } catch (error) {
          const seconds = error instanceof RetryableError ? error.retryAfter : null;
          if (seconds === null || seconds > patienceSeconds || waits === waitsPerRequest) throw error;
          await sleep(seconds * 1000, undefined, { signal });
        }
      }
    },
  };
}
