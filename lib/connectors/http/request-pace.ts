import { setTimeout as sleep } from 'node:timers/promises';
import { PermanentError, RetryableError } from '../../contract/errors.ts';

/** The longest rest that a request waits for in place. To give up would cost an attempt and all pages read so far. */
const patienceSeconds = 10;

/** The most rests for one request. A server that keeps refusing is down; the step's own retry handles that. */
const restsPerRequest = 5;

/** The pace at which requests may follow each other. */
export interface Pace {
  /** Begins a request in its turn, and again after each short rest that the server asks for. Rethrows the RetryableError of a longer rest. */
  request<T>(begin: () => Promise<T>): Promise<T>;
}

/** At most so many requests per second, evenly spread; undefined means no limit. */
export function requestPace(perSecond: number | undefined, signal: AbortSignal): Pace {
  if (perSecond !== undefined && !(perSecond > 0))
    throw new PermanentError(`requestsPerSecond is a number above 0, not ${perSecond}`);
  const turn = turns(perSecond, signal);
  return {
    async request(begin) {
      for (let rests = 0; ; rests += 1) {
        signal.throwIfAborted();
        await turn();
        try {
          return await begin();
        } catch (error) {
          await rest(error, rests, signal);
        }
      }
    },
  };
}

/** Waits until the next request may begin. */
function turns(perSecond: number | undefined, signal: AbortSignal): () => Promise<void> {
  if (perSecond === undefined) return async () => {};
  let next = 0;
  return async () => {
    const now = performance.now();
    const wait = next - now;
    next = Math.max(now, next) + 1000 / perSecond;
    if (wait > 0) await sleep(wait, undefined, { signal });
  };
}

/** Waits for the rest that an error asks for, or throws the error. */
async function rest(error: unknown, rests: number, signal: AbortSignal): Promise<void> {
  const seconds = error instanceof RetryableError ? error.retryAfter : null;
  if (seconds === null || seconds > patienceSeconds || rests === restsPerRequest) throw error;
  await sleep(seconds * 1000, undefined, { signal });
}
