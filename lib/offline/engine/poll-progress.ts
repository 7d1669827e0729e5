import { progressKey, type RunRef } from '../../contract/object-keys.ts';
import type { StepProgress } from '../../contract/records/progress.ts';
import type { Clock, ObjectStore } from '../../ports/ports.ts';
import { readIntact } from '../../runtime/records/json-objects.ts';
import type { Progress } from './run-options.ts';

/** Often enough for a person who watches. */
const everyMs = 500;

export interface PollOptions {
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly run: RunRef;
  /** Names of the steps that are running now. */
  readonly running: () => Iterable<string>;
  readonly tell: (progress: Progress) => void;
}

/** Reports the progress of running handlers, until the signal fires. */
export async function pollProgress(options: PollOptions, signal: AbortSignal): Promise<void> {
  const told = new Map<string, string>();
  while (!signal.aborted) {
    await options.clock.sleep(everyMs, signal).catch(() => undefined);
    for (const step of signal.aborted ? [] : options.running()) {
      // The record is advisory: an unreadable one counts as absent.
      const found = await readIntact<StepProgress>(options.store, progressKey(options.run, step)).catch(() => null);
      if (!found) continue;
      const { done, total, message, updated_at } = found;
      if (done === null || told.get(step) === updated_at) continue;
      told.set(step, updated_at);
      options.tell({ type: 'step-progress', step, done, total, message });
    }
  }
}
