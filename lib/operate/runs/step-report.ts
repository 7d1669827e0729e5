import { type ExecutionRef, outcomeKey, progressKey } from '../../contract/object-keys.ts';
import type { Manifest } from '../../contract/records/manifest.ts';
import type { Vouching } from '../../contract/records/next.ts';
import type { Outcome } from '../../contract/records/outcome.ts';
import type { StepProgress } from '../../contract/records/progress.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { parseManifest } from '../../runtime/manifests/manifest.ts';
import { readIntact, readOrNote } from '../../runtime/records/json-objects.ts';
import { objectPath } from './object-path.ts';
import type { StepReport } from './run-report.ts';

/** The state of one step in an execution. Datasets and files come from the manifest that the settled outcome names, so uncommitted data never shows. `damaged` gets the keys of damaged
 * records. `vouched`: the word of a person that the next execution takes over. */
export async function readStep(
  store: ObjectStore,
  ref: ExecutionRef,
  { step, damaged, vouched }: { readonly step: string; readonly damaged: string[]; readonly vouched?: Vouching },
): Promise<StepReport> {
  const outcome = await readOrNote<Outcome>(store, outcomeKey(ref, step), damaged);
  if (!outcome) {
    const progress = await readIntact<StepProgress>(store, progressKey(ref, step));
    return { ...pendingStep(step, progress, ref.execution), ...(vouched && { vouched }) };
  }
  const found = outcome.manifest === null ? null : await store.get(outcome.manifest);
  const manifest = found && parseManifest(found.body);
  if (found && !manifest && outcome.manifest !== null) damaged.push(outcome.manifest);
  return {
    step,
    outcome: outcome.outcome,
    attempts: outcome.attempts,
    started_at: outcome.started_at,
    ended_at: outcome.ended_at,
    result: manifest?.result ?? null,
    failure: outcome.failure,
    causes: outcome.causes,
    ...wordOf(manifest, vouched),
    datasets: datasetsOf(manifest, store.url),
    files: filesOf(manifest, store.url),
    ...(manifest?.checks && { checks: manifest.checks }),
  };
}

/** The result is a person's, or the next execution will reuse a person's. */
function wordOf(manifest: Manifest | null, left: Vouching | undefined): Pick<StepReport, 'vouched'> {
  const vouched = manifest ? manifest.vouched : left;
  return vouched ? { vouched } : {};
}

/** A step without an outcome. Its progress shows whether its handler has started; progress of an earlier execution does not count. */
export function pendingStep(step: string, progress: StepProgress | null, execution: number): StepReport {
  const own = progress?.execution === execution ? progress : null;
  return {
    step,
    outcome: 'pending',
    attempts: own?.attempt ?? 0,
    started_at: own?.first_started_at ?? null,
    ended_at: null,
    result: null,
    failure: null,
    ...(own && own.done !== null && { progress: { done: own.done, total: own.total, message: own.message } }),
    causes: [],
    datasets: {},
    files: {},
  };
}

const datasetsOf = (manifest: Manifest | null, storeUrl: string): StepReport['datasets'] =>
  Object.fromEntries(
    Object.entries(manifest?.datasets ?? {}).map(([name, { rows, bytes, parts }]) => [
      name,
      { rows, bytes, paths: parts.map(({ key }) => objectPath(storeUrl, key)) },
    ]),
  );

const filesOf = (manifest: Manifest | null, storeUrl: string): StepReport['files'] =>
  Object.fromEntries(
    Object.entries(manifest?.files ?? {}).map(([name, { bytes, key }]) => [
      name,
      { bytes, path: objectPath(storeUrl, key) },
    ]),
  );
