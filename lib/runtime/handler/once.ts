import { onceKey } from '../../contract/object-keys.ts';
import type { Work } from '../invocation.ts';
import { createOrRead, isoTime, readJson } from '../records/json-objects.ts';
import { checkMaySend } from './may-send.ts';

/** `step.once`: effects that have been marked as done are not repeated by any attempt, execution or redrive of the run. */
export function createOnce({ payload: { run, step, attempt }, invocation }: Work) {
  const { store, clock } = invocation.ports;
  const running = new Map<string, Promise<boolean>>();
  const runOnce = async (key: string, fn: () => unknown): Promise<boolean> => {
    const marker = onceKey(run, step.name, key);
    if (await readJson(store, marker)) return false;
    checkMaySend(run, `step.once(${JSON.stringify(key)})`);
    await fn();
    // After the effect: a crash between the two repeats it, and the other order could lose it.
    await createOrRead(store, marker, {
      key: key.toWellFormed(),
      done_at: isoTime(clock.now()),
      execution: run.execution,
      attempt,
    });
    return true;
  };
  return async (key: string, fn: () => unknown): Promise<boolean> => {
    const sameKey = running.get(key);
    if (sameKey !== undefined) return sameKey.then(() => false);
    const mine = runOnce(key, fn);
    running.set(key, mine);
    // A failed effect may be tried again by the same handler.
    mine.catch(() => running.delete(key));
    return mine;
  };
}
