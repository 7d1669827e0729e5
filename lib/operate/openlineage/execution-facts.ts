import { executionEndKey, executionKey, outcomesPrefix, runKey } from '../../contract/object-keys.ts';
import type { ExecutionEnd, ExecutionRecord } from '../../contract/records/execution.ts';
import type { Manifest } from '../../contract/records/manifest.ts';
import type { Outcome } from '../../contract/records/outcome.ts';
import type { RunRecord } from '../../contract/records/run.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { parseManifest } from '../../runtime/manifests/manifest.ts';
import { eachOf } from '../../runtime/records/each-of.ts';
import { readJson } from '../../runtime/records/json-objects.ts';
import { readOutcome } from '../../runtime/records/settle.ts';

/** The settled records of one execution, of which its lineage events are made. They never change once the execution has ended. */
export interface ExecutionFacts {
  readonly pipeline: string;
  readonly run_id: string;
  readonly execution: number;
  readonly record: ExecutionRecord;
  readonly scheduledTime: string | null;
  /** Null while it runs. */
  readonly end: ExecutionEnd | null;
  readonly steps: readonly { readonly outcome: Outcome; readonly manifest: Manifest | null }[];
}

/** Reads an execution; null if it is not recorded. Costs two requests for each step. */
export async function readExecutionFacts(
  store: ObjectStore,
  ref: { readonly pipeline: string; readonly run_id: string; readonly execution: number },
): Promise<ExecutionFacts | null> {
  const [record, run, end] = await Promise.all([
    readJson<ExecutionRecord>(store, executionKey(ref)),
    readJson<RunRecord>(store, runKey(ref)),
    readJson<ExecutionEnd>(store, executionEndKey(ref)),
  ]);
  if (!record) return null;
  const names: string[] = [];
  for await (const { key } of store.list(outcomesPrefix(ref)))
    names.push(key.slice(key.lastIndexOf('/') + 1, -'.json'.length));
  const steps = await eachOf(names, 16, async (step) => {
    const outcome = await readOutcome(store, ref, step);
    const body = outcome?.manifest ? await store.get(outcome.manifest) : null;
    return outcome ? [{ outcome, manifest: body && parseManifest(body.body) }] : [];
  });
  const { pipeline, run_id, execution } = ref;
  const scheduledTime = run?.scheduled_time ?? null;
  return { pipeline, run_id, execution, record, scheduledTime, end, steps: steps.flat() };
}
