import {
  type ExecutionRef,
  executionEndKey,
  executionKey,
  outcomesPrefix,
  runKey,
} from '../../contract/object-keys.ts';
import type { ExecutionEnd, ExecutionRecord } from '../../contract/records/execution.ts';
import type { RunRecord } from '../../contract/records/run.ts';
import type { Executions, ObjectStore } from '../../ports/ports.ts';
import { isRemoved, readVouched } from '../../runtime/manifests/next-record.ts';
import { readOrNote } from '../../runtime/records/json-objects.ts';
import { unlessDamaged } from '../../runtime/records/settle.ts';
import { currentExecution } from './current-execution.ts';
import { readDeadLetters } from './dead-letters.ts';
import { executionStatus } from './execution-status.ts';
import { runKeys } from './run-keys.ts';
import type { RunReport } from './run-report.ts';
import { readStep } from './step-report.ts';

/**
 * A pipeline for a reader of its runs: its name, and its steps in order if the template is available. Without a template, a report has only steps with an
 * outcome.
 */
export interface PipelineRef {
  readonly name: string;
  readonly steps: readonly string[];
}

/** Reads a run's latest execution from the store's records, complete, half-written or damaged. Null if there is no such run. */
export async function readRun(
  store: ObjectStore,
  pipeline: PipelineRef,
  runId: string,
  executions: Executions,
): Promise<RunReport | null> {
  const run = { pipeline: pipeline.name, run_id: runId };
  const keys = await runKeys(store, run);
  const damaged: string[] = [];
  const record = await readOrNote<RunRecord>(store, runKey(run), damaged);
  if (!keys && !record && damaged.length === 0) return null;
  // A removal takes this record away before all others.
  if (!record && (await isRemoved(store, run))) return null;
  const ref: ExecutionRef = {
    ...run,
    execution: await currentExecution(store, run, keys?.executions ?? [], executions),
  };
  const execution = await readOrNote<ExecutionRecord>(store, executionKey(ref), damaged);
  const end = await readOrNote<ExecutionEnd>(store, executionEndKey(ref), damaged);
  const isUnknown = end === null && damaged.some((key) => key !== runKey(run));
  const names = await namesOf(store, ref, pipeline.steps);
  const left = keys?.nexts.includes(ref.execution) ? await unlessDamaged(() => readVouched(store, ref), []) : [];
  const words = new Map(left.map(({ step, vouched }) => [step, vouched]));
  const steps = await Promise.all(
    names.map((step) => {
      const vouched = words.get(step);
      return readStep(store, ref, { step, damaged, ...(vouched && { vouched }) });
    }),
  );
  const letters = await readDeadLetters(store, ref, damaged);
  return {
    ...run,
    execution: ref.execution,
    status: isUnknown ? 'UNKNOWN' : await executionStatus(execution, end, executions),
    started_at: execution?.started_at ?? record?.created_at ?? '',
    ended_at: end?.ended_at ?? null,
    input: execution?.input ?? record?.input ?? {},
    failure: end?.failure ?? null,
    steps,
    dead_letters: letters,
    damaged: damaged.sort(),
    ...(execution?.trial && { trial: execution.trial }),
    ...(record?.origin && { origin: record.origin }),
    store: store.url,
  };
}

/** The template's steps, then steps that only the records have: an older template may have had others. */
async function namesOf(store: ObjectStore, ref: ExecutionRef, known: readonly string[]): Promise<string[]> {
  const prefix = outcomesPrefix(ref);
  const recorded: string[] = [];
  for await (const { key } of store.list(prefix)) {
    const name = key.slice(prefix.length).replace(/\.json$/, '');
    if (!known.includes(name)) recorded.push(name);
  }
  return [...known, ...recorded];
}
