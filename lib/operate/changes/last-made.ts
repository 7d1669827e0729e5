import { definitionDigest } from '../../contract/fingerprint.ts';
import { outcomesPrefix } from '../../contract/object-keys.ts';
import type { Manifest } from '../../contract/records/manifest.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { parseManifest } from '../../runtime/manifests/manifest.ts';
import { eachOf } from '../../runtime/records/each-of.ts';
import { readOutcome } from '../../runtime/records/settle.ts';
import { readHistory } from '../estimate/read-history.ts';

/** The last execution that succeeded, and what its steps committed. */
export interface LastMade {
  readonly run_id: string;
  readonly execution: number;
  readonly ended_at: string;
  readonly manifests: ReadonlyMap<string, Manifest>;
}

/** Reads the last execution that succeeded; null if the history has none. Costs two requests for each step. */
export async function lastMade(store: ObjectStore, pipeline: string): Promise<LastMade | null> {
  const last = (await readHistory(store, pipeline)).find(({ status }) => status === 'SUCCEEDED');
  if (!last) return null;
  const { run_id, execution, ended_at } = last;
  const ref = { pipeline, run_id, execution };
  const steps: string[] = [];
  for await (const { key } of store.list(outcomesPrefix(ref)))
    steps.push(key.slice(key.lastIndexOf('/') + 1, -'.json'.length));
  const found = await eachOf(steps, 16, async (step) => {
    const key = (await readOutcome(store, ref, step))?.manifest ?? null;
    const body = key === null ? null : await store.get(key);
    const manifest = body && parseManifest(body.body);
    return manifest ? [[step, manifest] as const] : [];
  });
  return { run_id, execution, ended_at, manifests: new Map(found.flat()) };
}

/** The definition that made a manifest, in the form of a deployed one. */
export function definitionOf({ made_of: { code, config } }: Manifest): string {
  return definitionDigest(code, config);
}
