/** Dead letters: one per failed step and execution. A letter is a complete replay order. */
import type { Json, JsonObject } from '../../contract/json.ts';
import { deadLetterKey, executionKey, letterSentKey, progressKey } from '../../contract/object-keys.ts';
import type { RunContext } from '../../contract/payloads.ts';
import type { DeadLetter } from '../../contract/records/dead-letter.ts';
import type { Outcome } from '../../contract/records/outcome.ts';
import type { StepProgress } from '../../contract/records/progress.ts';
import type { Ports as RuntimePorts } from '../../ports/from-environment.ts';
import type { DeadLetterQueue, ObjectStore } from '../../ports/ports.ts';
import { resumeCommand } from '../resume-command.ts';
import { listLetter } from './index-entries.ts';
import { createOrRead, isoTime, readIntact } from './json-objects.ts';
import type { Upstream } from './trigger-rule.ts';

/** SQS takes 256 KiB; the letter in the store is always whole. In bytes. */
const largestMessage = 128 * 1024;

/** A letter's content beyond the run. */
export type LetterFacts = Pick<
  DeadLetter,
  'step' | 'severity' | 'failure' | 'attempts' | 'failed_at' | 'input' | 'upstream_manifests' | 'logs' | 'recorded_by'
>;

export interface Delivered {
  readonly letter: DeadLetter;
  readonly sent: boolean;
}

type Ports = Pick<RuntimePorts, 'store' | 'clock'> & { readonly queue: Pick<DeadLetterQueue, 'send'> };

/**
 * Ensures that the store has the letter and the queue its copy. Returns the letter that counts, and whether this call sent it. Record-failure, Finalize and Reconcile call it for one
 * letter, each as often as it is repeated: the first letter in the store counts, and each sends what no one is known to have sent. The index has the letter before the store does, and the mark comes
 * after the message. So a crash between the two sends a second copy; copies count by the letter's id.
 */
export async function deliverLetter(run: RunContext, facts: LetterFacts, ports: Ports): Promise<Delivered> {
  const { store, queue, clock } = ports;
  await listLetter(store, run, facts.step, facts.failed_at);
  const { document: letter } = await createOrRead(store, deadLetterKey(run, facts.step), makeDeadLetter(run, facts));
  const mark = letterSentKey(run, facts.step);
  if (await store.get(mark)) return { letter, sent: false };
  await queue.send(JSON.stringify(messageOf(letter)));
  await createOrRead(store, mark, { id: letter.id, sent_at: isoTime(clock.now()) });
  return { letter, sent: true };
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
    resume: resumeCommand(run),
  };
}

/** The facts of a settled failure. The text is the outcome's, so that every writer of the letter writes the same. */
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

/** The latest progress of the step's handler in this execution; null when none was started, or when the record cannot be read. */
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

/** The letter as a queue message. A large input stays in the store, and the message names its place. */
export function messageOf(letter: DeadLetter): Json {
  const message = letter as unknown as JsonObject;
  if (Buffer.byteLength(JSON.stringify(message)) <= largestMessage) return message;
  const { input: _left, ...rest } = message;
  return { ...rest, input_in: executionKey(letter) };
}
