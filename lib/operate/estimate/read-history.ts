import { historyKey } from '../../contract/object-keys.ts';
import type { RunHistory, RunSummary } from '../../contract/records/history.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { readIntact } from '../../runtime/records/json-objects.ts';

/** Reads what the latest runs of a pipeline took, in one request. Empty without runs, and for a damaged history, which the next run replaces. */
export async function readHistory(store: ObjectStore, pipeline: string): Promise<readonly RunSummary[]> {
  return (await readIntact<RunHistory>(store, historyKey(pipeline)))?.runs ?? [];
}
