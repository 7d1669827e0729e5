/** Dead letters: one per failed step and execution, a replay order that says everything by itself. */
import type { Json, JsonObject } from '../../contract/json.ts';
import { deadLetterKey, executionKey, progressKey } from '../../contract/object-keys.ts';
import type { RunContext } from '../../contract/payloads.ts';
import type { DeadLetter, Outcome, StepProgress } from '../../contract/records.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { createOrRead, readIntact } from './json-objects.ts';
import type { Upstream } from './trigger-rule.ts';

/** A state hands on 256 KiB at most, and so does a queue; the letter in the store is always whole. */
const largestMessage = 128 * 1024;

/** What a letter says beyond the run. */
export type LetterFacts = Pick<
  DeadLetter,
  'step' | 'severity' | 'failure' | 'attempts' | 'failed_at' | 'input' | 'upstream_manifests' | 'logs' | 'recorded_by'
>;

/** Writes the letter unless there is one, and gives the one that is there: retries and several writers make one letter. */
export async function ensureDeadLetter(
  store: ObjectStore,
  run: RunContext,
  facts: LetterFacts,
): Promise<{ readonly letter: DeadLetter; readonly created: boolean }> {
  const { document, created } = await createOrRead(store, deadLetterKey(run, facts.step), makeDeadLetter(run, facts));
  return { letter: document, created };
}

/** The letter with its id and its way out. */
export function makeDeadLetter(run: RunContext, facts: LetterFacts): DeadLetter {
  return {
    id: `${run.pipeline}/${run.run_id}/${run.execution}/${facts.step}`,
    pipeline: run.pipeline,
    run_id: run.run_id,
    execution: run.execution,
    execution_arn: run.execution_arn,
    ...facts,
    resume: `npx daybreak resume ${run.pipeline} ${run.run_id}`,
  };
}

/** What a letter says about a settled failure. The text is the outcome's, so that every writer of the letter writes the same. */
export async function factsOf(
  store: ObjectStore,
  run: RunContext,
  outcome: Outcome,
): Promise<Pick<LetterFacts, 'step' | 'failure' | 'attempts' | 'failed_at' | 'logs'>> {
  const progress = await readProgress(store, run, outcome.step);
  return {
    step: outcome.step,
    failure: outcome.failure ?? { error: 'Error', cause: '' },
    attempts: outcome.attempts,
    failed_at: outcome.ended_at,
    logs: progress?.logs ?? null,
  };
}

/** What the step's handler did last in this execution; null when none was started. */
export async function readProgress(store: ObjectStore, run: RunContext, step: string): Promise<StepProgress | null> {
  const progress = await readIntact<StepProgress>(store, progressKey(run, step));
  return progress?.execution === run.execution ? progress : null;
}

/** Manifests of the dependencies that have one, by name. */
export function manifestsOf(upstream: Upstream): Record<string, string> {
  return Object.fromEntries(
    [...upstream].flatMap(([name, outcome]) => (outcome?.manifest ? [[name, outcome.manifest]] : [])),
  );
}

/** The letter as a queue message: a large input stays behind, and the message says where. */
export function messageOf(letter: DeadLetter): Json {
  const message = letter as unknown as JsonObject;
  if (Buffer.byteLength(JSON.stringify(message)) <= largestMessage) return message;
  const { input: _left, ...rest } = message;
  return { ...rest, input_in: executionKey(letter) };
}
