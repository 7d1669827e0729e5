import { PlatformError } from '../../contract/errors.ts';
import type { DaybreakEvent } from '../../contract/events/event.ts';
import { handledKey } from '../../contract/object-keys.ts';
import type { Ports } from '../../ports/from-environment.ts';
import { isoTime, overwriteJson } from '../records/json-objects.ts';
import { swapJson } from '../records/swap-json.ts';

/** `subscribers/<subscriber>/<digest of the event's id>.json`: how far a subscriber came with an event. */
interface HandledRecord {
  readonly event: string;
  readonly state: 'begun' | 'handled' | 'failed';
  readonly at: string;
  /** The moment at which the function that began will have ended, at the latest. */
  readonly until?: string;
}

export interface EventToHandle {
  readonly subscriber: string;
  readonly event: DaybreakEvent;
  /** The function's time that is left, in milliseconds: work that is not marked as ended after it has died. */
  readonly remaining: number;
}

/** The longest time of any function, in milliseconds: for marks without `until`. */
const longestWork = 15 * 60_000;

/**
 * Does the work for an event, unless it was done before; then the answer is false. Of two that come at once, one works, and the other throws a PlatformError, so that it is tried
 * again later. Work that threw, or whose process died, is done again.
 */
export async function handleOnce(
  { store, clock }: Pick<Ports, 'store' | 'clock'>,
  { subscriber, event, remaining }: EventToHandle,
  work: () => Promise<unknown>,
): Promise<boolean> {
  const key = handledKey(subscriber, event.id);
  const record = (state: HandledRecord['state']): HandledRecord => ({
    event: event.id,
    state,
    at: isoTime(clock.now()),
    ...(state === 'begun' && { until: isoTime(clock.now() + remaining) }),
  });
  const turn = await swapJson<HandledRecord, 'mine' | 'handled' | 'busy'>(store, key, (found) => {
    if (found?.state === 'handled') return { answer: 'handled' };
    const isBusy = found?.state === 'begun' && clock.now() < endOf(found);
    return isBusy ? { answer: 'busy' } : { write: record('begun'), answer: 'mine' };
  });
  if (turn === 'handled') return false;
  if (turn === 'busy') throw new PlatformError(`another invocation of ${subscriber} works on ${event.id}`);
  try {
    await work();
  } catch (error) {
    await overwriteJson(store, key, record('failed'));
    throw error;
  }
  await overwriteJson(store, key, record('handled'));
  return true;
}

const endOf = ({ at, until }: HandledRecord): number =>
  until === undefined ? Date.parse(at) + longestWork : Date.parse(until);
