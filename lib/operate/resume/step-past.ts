import { manifestsPrefix, progressKey, type RunRef } from '../../contract/object-keys.ts';
import type { ExecutionRecord } from '../../contract/records/execution.ts';
import type { Manifest } from '../../contract/records/manifest.ts';
import type { VouchedManifest } from '../../contract/records/next.ts';
import type { Outcome } from '../../contract/records/outcome.ts';
import type { StepProgress } from '../../contract/records/progress.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { parseManifest } from '../../runtime/manifests/manifest.ts';
import { readIntact } from '../../runtime/records/json-objects.ts';
import { readOutcome } from '../../runtime/records/settle.ts';

/** The store's records of one step of a run. */
export interface StepPast {
  readonly step: string;
  /** Latest commit first, with the one that a person left for the next execution. */
  readonly manifests: readonly Manifest[];
  /** The step's outcome in the latest execution that has one, and that execution; null if the step never ended. */
  readonly last: { readonly outcome: Outcome; readonly execution: ExecutionRecord } | null;
  /** True if the latest execution died while the step's handler was running. */
  readonly interrupted: boolean;
}

/** Reads the past of a step over all executions of a run, given in order. */
export async function readStepPast(
  store: ObjectStore,
  run: RunRef,
  {
    step,
    history,
    vouched,
  }: {
    readonly step: string;
    readonly history: readonly ExecutionRecord[];
    readonly vouched: readonly VouchedManifest[];
  },
): Promise<StepPast> {
  const last = await lastOutcome(store, run, { step, history });
  const latest = history.at(-1)?.execution;
  const ended = last?.execution.execution === latest;
  const progress = ended ? null : await readIntact<StepProgress>(store, progressKey(run, step));
  return {
    step,
    manifests: [...vouched.filter((one) => one.step === step), ...(await readManifests(store, run, step))],
    last,
    interrupted: progress !== null && progress.execution === latest,
  };
}

/** The step's outcome in the latest of these executions that has one. */
export async function lastOutcome(
  store: ObjectStore,
  run: RunRef,
  { step, history }: { readonly step: string; readonly history: readonly ExecutionRecord[] },
): Promise<StepPast['last']> {
  for (const execution of history.toReversed()) {
    const outcome = await readOutcome(store, { ...run, execution: execution.execution }, step);
    if (outcome) return { outcome, execution };
  }
  return null;
}

/** Leaves out manifests that cannot be read: the step cannot reuse them. */
async function readManifests(store: ObjectStore, run: RunRef, step: string): Promise<Manifest[]> {
  const manifests: Manifest[] = [];
  for await (const { key } of store.list(manifestsPrefix(run, step))) {
    const found = await store.get(key);
    const manifest = found && parseManifest(found.body);
    if (manifest) manifests.push(manifest);
  }
  return manifests.sort((a, b) => Date.parse(b.committed_at) - Date.parse(a.committed_at));
}
