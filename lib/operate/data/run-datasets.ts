import { type ExecutionRef, outcomeKey } from '../../contract/object-keys.ts';
import type { DatasetEntry } from '../../contract/records/dataset.ts';
import type { Outcome } from '../../contract/records/outcome.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { readManifest } from '../../runtime/manifests/manifest.ts';
import { readIntact } from '../../runtime/records/json-objects.ts';

/** A committed dataset of a run. */
export interface RunDataset {
  readonly step: string;
  readonly dataset: string;
  readonly entry: DatasetEntry;
}

/** The datasets that these steps have committed in an execution, or that it reused. */
export async function runDatasets(
  store: ObjectStore,
  ref: ExecutionRef,
  steps: readonly string[],
): Promise<RunDataset[]> {
  const found = await Promise.all(steps.map((step) => ofStep(store, ref, step)));
  return found.flat();
}

async function ofStep(store: ObjectStore, ref: ExecutionRef, step: string): Promise<RunDataset[]> {
  const outcome = await readIntact<Outcome>(store, outcomeKey(ref, step));
  if (!outcome?.manifest) return [];
  const made = outcome.made ?? (await readManifest(store, outcome.manifest));
  return Object.entries(made?.datasets ?? {}).map(([dataset, entry]) => ({ step, dataset, entry }));
}
