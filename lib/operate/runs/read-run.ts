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
import { readJson } from '../../runtime/records/json-objects.ts';
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

/** Reads a run's latest execution from the store's records, complete or half-written. Null if there is no such run. */
export async function readRun(
  store: ObjectStore,
  pipeline: PipelineRef,
  runId: string,
  executions: Executions,
): Promise<RunReport | null> {
  const run = { pipeline: pipeline.name, run_id: runId };
  const keys = await runKeys(store, run);
  const record = await readJson<RunRecord>(store, runKey(run));
  if (!keys && !record) return null;
  const ref: ExecutionRef = {
    ...run,
    execution: await currentExecution(store, run, keys?.executions ?? [], executions),
  };
  const execution = await readJson<ExecutionRecord>(store, executionKey(ref));
  const end = await readJson<ExecutionEnd>(store, executionEndKey(ref));
  const steps = await namesOf(store, ref, pipeline.steps);
  return {
    ...run,
    execution: ref.execution,
    status: await executionStatus(execution, end, executions),
    started_at: execution?.started_at ?? record?.created_at ?? '',
    ended_at: end?.ended_at ?? null,
    input: execution?.input ?? record?.input ?? {},
    failure: end?.failure ?? null,
    steps: await Promise.all(steps.map((step) => readStep(store, ref, step))),
    dead_letters: await readDeadLetters(store, ref),
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
