import { deadlinesKey, historyKey } from '../../contract/object-keys.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { tryParse } from '../../runtime/records/json-objects.ts';
import type { Finding, Treated } from './finding.ts';
import { setAside } from './set-aside.ts';

/** Finds a damaged history of run times, and a damaged record of deadlines. */
export async function examineHistory(store: ObjectStore, pipeline: string): Promise<Finding[]> {
  const records = [
    { kind: 'history', key: historyKey(pipeline) },
    { kind: 'deadlines', key: deadlinesKey(pipeline) },
  ];
  const found = await Promise.all(records.map(async (one) => ({ ...one, object: await store.get(one.key) })));
  return found.flatMap(({ kind, key, object }) => {
    const read = object && tryParse(key, object.body);
    return read && 'fault' in read ? [{ key, kind, fault: read.fault }] : [];
  });
}

/** Sets damaged ones aside. The next runs fill the history, and estimates wait for three of them; the next look begins a new record of deadlines. */
export async function treatHistory(findings: readonly Finding[], store: ObjectStore, now: number): Promise<Treated[]> {
  for (const { key, kind } of findings) {
    await setAside(store, key, { instead: kind === 'history' ? { runs: [] } : null, now });
  }
  return findings.map((finding) => ({ ...finding, action: finding.kind === 'history' ? 'rebuilt' : 'set aside' }));
}
