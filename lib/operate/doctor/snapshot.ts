import type { RunRef } from '../../contract/object-keys.ts';
import type { Manifest } from '../../contract/records/manifest.ts';
import type { Outcome } from '../../contract/records/outcome.ts';
import { recordKindOf } from '../../contract/records/record-shapes.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { parseManifest } from '../../runtime/manifests/manifest.ts';
import { eachOf } from '../../runtime/records/each-of.ts';
import { tryParse } from '../../runtime/records/json-objects.ts';
import { isSealed } from '../../runtime/records/outcomes.ts';
import { hasItsSeal } from '../../runtime/records/seal.ts';
import { identityFault } from './identity-fault.ts';

/** Records that are read at the same time. */
const width = 16;

/** Everything that one run has in the store, each record read. */
export interface Snapshot {
  readonly run: RunRef;
  /** Bytes by key, of every object. */
  readonly objects: ReadonlyMap<string, number>;
  /** Intact records, by key. */
  readonly intact: Map<string, unknown>;
  readonly manifests: ReadonlyMap<string, Manifest>;
  /** Faults of damaged records, by key. */
  readonly faults: ReadonlyMap<string, string>;
}

const manifestForm = /^[^/]+\/runs\/[^/]+\/steps\/([^/]+)\/manifests\/([^/]+)\.json$/;

export function isManifest(key: string): boolean {
  return manifestForm.test(key);
}

/** Reads the records of a run, whose objects were listed. */
export async function readSnapshot(
  store: ObjectStore,
  run: RunRef,
  objects: ReadonlyMap<string, number>,
): Promise<Snapshot> {
  const intact = new Map<string, unknown>();
  const manifests = new Map<string, Manifest>();
  const faults = new Map<string, string>();
  const keys = [...objects.keys()].filter((key) => isManifest(key) || recordKindOf(key));
  await eachOf(keys, width, async (key) => {
    const found = await store.get(key);
    if (!found) return;
    if (isManifest(key)) {
      const manifest = parseManifest(found.body);
      const [, step, fingerprint] = manifestForm.exec(key) ?? [];
      if (!manifest) faults.set(key, 'its seal does not match its content');
      else if (manifest.step !== step || manifest.fingerprint !== fingerprint)
        faults.set(key, 'it is the manifest of another step or fingerprint');
      else manifests.set(key, manifest);
      return;
    }
    const read = tryParse(key, found.body);
    const fault = 'fault' in read ? read.fault : (identityFault(key, read.document) ?? sealFault(read.document));
    if (fault !== null) faults.set(key, fault);
    else if ('document' in read) intact.set(key, read.document);
  });
  return { run, objects, intact, manifests, faults };
}

/** A record of a run, if it exists and is intact. */
export function recordAt<T>({ intact }: Snapshot, key: string): T | null {
  return (intact.get(key) as T | undefined) ?? null;
}

/** An outcome from which others read has a seal. */
function sealFault(document: unknown): string | null {
  const { seal, made, carried } = document as Partial<Outcome>;
  const needsSeal = seal !== undefined || isSealed({ ...(made && { made }), ...(carried && { carried }) });
  return needsSeal && !hasItsSeal(document as Outcome) ? 'its seal does not match its content' : null;
}
