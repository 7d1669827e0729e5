import { PlatformError } from '../../contract/errors.ts';
import type { DaybreakEvent } from '../../contract/events/event.ts';
import { abortable } from '../../ports/abortable.ts';
import type { Ports } from '../../ports/from-environment.ts';
import { createLogger } from '../logger.ts';

/** A report must not hold up the step that it is about: after this many milliseconds it is given up. */
const longestWait = 2_000;

/**
 * Reports events. It never throws and waits two seconds at most: a report that fails leaves a line in the log. Call it after the thing is settled in the store, and in every
 * attempt that finds it settled: so a crash in between loses no report, and readers drop copies by the id. True if all events were taken.
 */
export async function tell(
  { events, clock }: Pick<Ports, 'events' | 'clock'>,
  make: () => readonly DaybreakEvent[],
  writeLine: (line: string) => void = toStandardOutput,
): Promise<boolean> {
  if (!events) return false;
  const late = new AbortController();
  const sent = new AbortController();
  try {
    const made = make();
    if (made.length === 0) return true;
    const giveUp = (): void => late.abort(new PlatformError(`no answer within ${longestWait} ms`));
    clock.sleep(longestWait, sent.signal).then(giveUp, () => undefined);
    await abortable(events.send(made, { signal: late.signal }), late.signal);
    return true;
  } catch (error) {
    const log = createLogger({ facts: {}, now: () => clock.now(), redact: (text) => text, writeLine });
    log.warn('events were not reported', { error });
    return false;
  } finally {
    sent.abort();
  }
}

const toStandardOutput = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
