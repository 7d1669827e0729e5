import { historyKey } from '../../contract/object-keys.ts';
import type { RunHistory } from '../../contract/records/history.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { tryParse } from '../../runtime/records/json-objects.ts';
import type { Finding, Treated } from './finding.ts';
import { setAside } from './set-aside.ts';

/** Finds a damaged history of run times. */
export async function examineHistory(store: ObjectStore, pipeline: string): Promise<Finding[]> {
  const key = historyKey(pipeline);
  const found = await store.get(key);
  const read = found && tryParse(key, found.body);
  return read && 'fault' in read ? [{ key, kind: 'history', fault: read.fault }] : [];
}

/** Replaces a damaged history by an empty one: the next runs fill it, and estimates wait for three of them. */
export async function treatHistory(findings: readonly Finding[], store: ObjectStore, now: number): Promise<Treated[]> {
  const instead: RunHistory = { runs: [] };
  for (const { key } of findings) await setAside(store, key, { instead, now });
  return findings.map((finding) => ({ ...finding, action: 'rebuilt' }));
}
