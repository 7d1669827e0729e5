import { type ExecutionRef, executionsPrefix } from '../../contract/object-keys.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { listClosing } from '../../runtime/records/index-entries.ts';
import { runKeys } from '../runs/run-keys.ts';

/** Enters in the index that the letters of a step are closed, up to this execution. Returns their ids, the oldest first. */
export async function settleLetters(store: ObjectStore, ref: ExecutionRef, step: string): Promise<string[]> {
  const keys = await runKeys(store, ref);
  const prefix = executionsPrefix(ref).length;
  const numbers = (keys?.deadLetters ?? []).flatMap((key) => {
    const [, number, name] = /^(\d+)\/dead-letters\/([^/]+)\.json$/.exec(key.slice(prefix)) ?? [];
    return name === step && Number(number) <= ref.execution ? [Number(number)] : [];
  });
  for (const execution of numbers) await listClosing(store, { ...ref, execution }, step);
  return numbers.sort((a, b) => a - b).map((number) => `${ref.pipeline}/${ref.run_id}/${number}/${step}`);
}
