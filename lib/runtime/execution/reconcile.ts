import { errorNames } from '../../contract/error-names.ts';
import type { Json } from '../../contract/json.ts';
import { executionEndKey, outcomesPrefix, type RunRef, wholeExecution } from '../../contract/object-keys.ts';
import type { ReconcilePayload, ReconcileResult, RunContext } from '../../contract/payloads.ts';
import type { ExecutionEnd, ExecutionRecord } from '../../contract/records/execution.ts';
import type { Failure } from '../../contract/records/failure.ts';
import type { Outcome } from '../../contract/records/outcome.ts';
import type { Ports as RuntimePorts } from '../../ports/from-environment.ts';
import type { DeadLetterQueue, ObjectStore } from '../../ports/ports.ts';
import { audible } from '../events/audible.ts';
import { runEndEvent } from '../events/run-events.ts';
import { failureEvents } from '../events/step-events.ts';
import { tell } from '../events/tell.ts';
import { noteEnd } from '../partitions/note-turn.ts';
import { type Delivered, deliverLetter, factsOf, type LetterFacts } from '../records/dead-letter.ts';
import { readExecutions } from '../records/execution-number.ts';
import { listEnd } from '../records/index-entries.ts';
import { createOrRead, isoTime, readJson } from '../records/json-objects.ts';
import { readFailure } from '../records/read-failure.ts';
import { claimExecution } from './claim-execution.ts';
import { saltsOf, trialOf } from './handed-on.ts';
import { countEnd } from './report-metrics.ts';
import { runIdentity } from './run-identity.ts';

type Ports = Pick<RuntimePorts, 'store' | 'clock' | 'events'> & { readonly queue: Pick<DeadLetterQueue, 'send'> };

/** No record that this function reads says how bad a failure is, and it must not go unnoticed. */
const severity = 'high';

/**
 * Accounts for an execution that ended badly: every failed step has a dead letter in the store and in the queue. An execution that died without failing steps, or before
 * Finalize could judge them, has one as a whole. Events come late, twice, or not at all; a second one changes nothing, so any sweep may call this for any execution that ended.
 */
export async function reconcile({ pipeline, detail }: ReconcilePayload, ports: Ports): Promise<ReconcileResult> {
  const { store } = ports;
  const identity = runIdentity(pipeline, detail.name, parseInput(detail.input));
  const ref = { pipeline, run_id: identity.run_id };
  const record = await findOrClaim(store, ref, {
    execution_arn: detail.executionArn,
    redrive_count: detail.redriveCount ?? 0,
    started_at: isoTime(detail.startDate),
    version: '',
    input: identity.input,
    from: identity.from,
  });
  // Its run was removed before it could do anything; there is nothing to repeat.
  if (!record) return { execution: 0, dead_letters: [] };
  const run: RunContext = { ...record, ...ref, scheduled_time: identity.scheduled_time };
  const outcomes = await listOutcomes(store, run);
  const failures = outcomes.filter(({ outcome }) => outcome === 'failed');
  const endedAt = isoTime(detail.stopDate ?? ports.clock.now());
  const end = await createOrRead<ExecutionEnd>(store, executionEndKey(run), {
    execution: run.execution,
    status: detail.status,
    ended_at: endedAt,
    failed: failures.map(({ step }) => step),
    blocked: outcomes.filter(({ outcome }) => outcome === 'blocked').map(({ step }) => step),
    failure: failureOf(detail),
  });
  const common = { severity, input: record.input, upstream_manifests: {}, recorded_by: 'reconcile' } as const;
  const letters: LetterFacts[] = await Promise.all(
    failures.map(async (outcome) => ({ ...(await factsOf(store, run, outcome)), ...common })),
  );
  if (needsLetterAsAWhole(detail, end.document, failures)) {
    const failure = failureOf(detail);
    letters.push({ ...common, step: wholeExecution, failure, attempts: 1, failed_at: endedAt, logs: null });
  }
  const sent: Delivered[] = [];
  for (const facts of letters) sent.push(await deliverLetter(run, facts, ports));
  const failed = sent.map(({ letter }) => letter).filter(({ step }) => step !== wholeExecution);
  await tell(audible(ports, record), () => [
    ...failures.flatMap((outcome) => failureEvents(run, outcome, failed)),
    runEndEvent(run, { end: end.document, outcomes, failed }),
  ]);
  await noteEnd(store, run, { end: end.document, code: null });
  await listEnd(store, { run, end: end.document, outcomes, letters: letters.length });
  await countEnd(ports, run, { end: end.document, outcomes });
  return { execution: run.execution, dead_letters: sent.flatMap(({ letter, sent: now }) => (now ? [letter.id] : [])) };
}

/**
 * True if no letter of a step stands for the end. A start whose input does not fit leaves no letter: there is nothing to repeat, and only a start with another input would
 * close it.
 */
function needsLetterAsAWhole(
  { error }: ReconcilePayload['detail'],
  { failure }: ExecutionEnd,
  failures: readonly Outcome[],
): boolean {
  if (error === errorNames.invalidInput) return false;
  return failure?.error !== errorNames.pipelineFailed || failures.length === 0;
}

/**
 * The execution's record; an execution that died before Prepare could claim a number gets one now. The run goes on from its last record, so this one says what
 * Prepare's would have said: a start without an input has the one before it, and the salts too.
 */
async function findOrClaim(
  store: ObjectStore,
  ref: RunRef,
  { from, ...wanted }: Omit<ExecutionRecord, 'execution'> & { readonly from: readonly string[] },
): Promise<ExecutionRecord | null> {
  for (;;) {
    const history = await readExecutions(store, ref);
    const found = history.findLast(
      ({ execution_arn, redrive_count }) =>
        execution_arn === wanted.execution_arn && redrive_count === wanted.redrive_count,
    );
    const input = Object.keys(wanted.input).length > 0 ? wanted.input : (history.at(-1)?.input ?? {});
    const claim = { ...wanted, input, ...saltsOf(history, from), ...trialOf(history) };
    const record = found ?? (await claimExecution(store, ref, history, claim));
    if (record === 'removed') return null;
    if (record !== 'late') return record;
  }
}

async function listOutcomes(store: ObjectStore, run: RunContext): Promise<Outcome[]> {
  const outcomes: (Outcome | null)[] = [];
  for await (const { key } of store.list(outcomesPrefix(run))) outcomes.push(await readJson<Outcome>(store, key));
  return outcomes.filter((outcome) => outcome !== null);
}

function parseInput(text: string | null | undefined): Json {
  if (!text) return {};
  try {
    return JSON.parse(text) as Json;
  } catch {
    // Cut by the event's size limit: the execution's name identifies the run then.
    return {};
  }
}

function failureOf({ status, error, cause }: ReconcilePayload['detail']): Failure {
  const known = readFailure({ Error: error ?? undefined, Cause: cause ?? undefined });
  if (error) return known;
  return { error: defaults[status].error, cause: known.cause || defaults[status].cause };
}

const defaults = {
  FAILED: { error: 'Error', cause: 'The execution failed; Step Functions gives no cause.' },
  TIMED_OUT: { error: 'States.Timeout', cause: 'The execution ran longer than the pipeline allows.' },
  ABORTED: { error: 'Aborted', cause: 'The execution was stopped by a person or a program.' },
};
