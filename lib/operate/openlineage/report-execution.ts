import type { JsonObject } from '../../contract/json.ts';
import type { LineageFile } from '../../contract/lineage/lineage-setting.ts';
import { type ExecutionRef, lineageEventsKey } from '../../contract/object-keys.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { createOrRead } from '../../runtime/records/json-objects.ts';
import { readExecutionFacts } from './execution-facts.ts';
import { runEvents } from './run-events.ts';

/** `executions/<n>/lineage.json`: written once, before anything is sent. */
interface LineageEvents {
  readonly format: 1;
  readonly events: readonly JsonObject[];
}

/**
 * Keeps the events of an execution that has ended, and then sends them. A repeated call sends the kept ones again, with the same ids. Returns their number: none while the execution works, and of a trial, which
 * counts for nothing.
 */
export async function reportExecution(
  store: ObjectStore,
  ref: ExecutionRef,
  { file, send }: { readonly file: LineageFile; readonly send: ((event: JsonObject) => Promise<unknown>) | null },
): Promise<number> {
  const facts = await readExecutionFacts(store, ref);
  if (!facts?.end || facts.record.trial) return 0;
  const sources = new Map(file.sources);
  const { namespace } = file.setting;
  const made = runEvents(facts, { namespace, repository: null, sourceOf: (step) => sources.get(step) ?? null });
  const { document } = await createOrRead<LineageEvents>(store, lineageEventsKey(ref), { format: 1, events: made });
  if (send) for (const event of document.events) await send(event);
  return document.events.length;
}
