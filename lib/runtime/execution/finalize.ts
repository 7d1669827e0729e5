import { errorNames } from '../../contract/error-names.ts';
import { LeaseLostError, PipelineFailedError } from '../../contract/errors.ts';
import { executionEndKey } from '../../contract/object-keys.ts';
import type { CodeDigests } from '../../contract/partitions/partition-ledger.ts';
import { type FinalizeEvent, type FinalizeResult, finalizeEvent } from '../../contract/payloads.ts';
import type { Change } from '../../contract/published/pointer.ts';
import type { ExecutionEnd } from '../../contract/records/execution.ts';
import type { Failure } from '../../contract/records/failure.ts';
import type { Outcome } from '../../contract/records/outcome.ts';
import { type FinalizePayload, resolveFinalize } from '../../contract/resolve-event.ts';
import type { Ports as RuntimePorts } from '../../ports/from-environment.ts';
import type { DeadLetterQueue } from '../../ports/ports.ts';
import { audible } from '../events/audible.ts';
import { changeEvent } from '../events/data-events.ts';
import { runEndEvent } from '../events/run-events.ts';
import { failureEvents } from '../events/step-events.ts';
import { tell } from '../events/tell.ts';
import { noteEnd } from '../partitions/note-turn.ts';
import { keepProfiles } from '../profiles/keep-profiles.ts';
import { publishRun } from '../publish/publish-run.ts';
import { type Delivered, deliverLetter, factsOf } from '../records/dead-letter.ts';
import { executionInput } from '../records/execution-input.ts';
import { holdsLease } from '../records/holds-lease.ts';
import { listEnd } from '../records/index-entries.ts';
import { createOrRead, isoTime } from '../records/json-objects.ts';
import { failed } from '../records/outcomes.ts';
import { settle } from '../records/settle.ts';
import { resumeCommand } from '../resume-command.ts';
import { releaseLease } from './lease.ts';
import { type PlatformBody, withQueue } from './platform-handler.ts';
import { readAllOutcomes, type Settled } from './read-all-outcomes.ts';
import { countEnd } from './report-metrics.ts';

type Ports = Pick<RuntimePorts, 'store' | 'clock' | 'events'> & { readonly queue: Pick<DeadLetterQueue, 'send'> };

export const finalizeBody: PlatformBody<FinalizeEvent, FinalizeResult> = {
  event: finalizeEvent,
  run: (event, ports) => finalize(resolveFinalize(event), withQueue(ports)),
};

/**
 * Ends the execution: fails it if a step that counts failed or is blocked. It fails by throwing, so that the console's Redrive enters it again; the greater redrive
 * count shows that, and sends the machine back to Prepare.
 */
export async function finalize(payload: FinalizePayload, ports: Ports): Promise<FinalizeResult> {
  const { run } = payload;
  if (payload.redrive_count > run.redrive_count) return { again: true };
  const outcomes = await settleAll(payload, ports);
  const sent = await sendMissingLetters(payload, outcomes, ports);
  const judgement = judge(payload, outcomes, isoTime(ports.clock.now()));
  const { proposal, change = null } = (await holdsLease(ports.store, run))
    ? await published(judgement, { payload, outcomes, ports })
    : { proposal: withoutTurn(judgement, payload) };
  const end = (await createOrRead(ports.store, executionEndKey(run), proposal)).document;
  const failed = sent.map(({ letter: { step, severity } }) => ({ step, severity }));
  // Failures too: a RecordFailure may have died before it could report its own.
  const events = () => [
    ...outcomes.filter(isFailure).flatMap((outcome) => failureEvents(run, outcome, failed)),
    ...(change ? [changeEvent(run, change)] : []),
    runEndEvent(run, { end, outcomes, failed }),
  ];
  await noteEnd(ports.store, run, { end, code: codeOf(payload.steps) });
  const telling = tell(audible(ports, run), events);
  const isExample = end.status === 'SUCCEEDED' && !(end.published && 'withheld' in end.published);
  if (isExample && payload.profiled) {
    const version = end.published && 'version' in end.published ? end.published.version : null;
    await keepProfiles(ports.store, run, { steps: payload.profiled, version });
  }
  if (run.lease) await releaseLease(ports.store, { ...run, ...run.lease }, run.lease.fence);
  const letters = outcomes.filter(({ outcome }) => outcome === 'failed').length;
  await listEnd(ports.store, { run, end, outcomes, letters });
  await countEnd(ports, run, { end, outcomes, steps: payload.steps });
  await telling;
  if (end.status !== 'SUCCEEDED') throw errorOf(end);
  return {
    again: false,
    summary: {
      pipeline: run.pipeline,
      run_id: run.run_id,
      execution: run.execution,
      status: end.status,
      steps: Object.fromEntries(outcomes.map(({ step, outcome }) => [step, outcome])),
    },
  };
}

/** The end of an execution that may publish, after it did. It publishes before its end is written: a Finalize that dies between the two is called again, and finds the version. */
async function published(
  judgement: ExecutionEnd,
  of: { readonly payload: FinalizePayload; readonly outcomes: readonly (Outcome | Settled)[]; readonly ports: Ports },
): Promise<{ readonly proposal: ExecutionEnd; readonly change?: Change | null }> {
  const { run, publish: setting } = of.payload;
  if (!setting || run.trial || judgement.status !== 'SUCCEEDED') return { proposal: judgement };
  const partition = run.partition?.name ?? '';
  const publication = await publishRun({ run, partition, setting, outcomes: of.outcomes }, of.ports);
  if ('overtaken' in publication) return { proposal: withoutTurn(judgement, of.payload) };
  if ('refused' in publication) return { proposal: withoutData(judgement, of.payload, publication.refused) };
  if ('withheld' in publication) return { proposal: { ...judgement, published: publication } };
  const { change, ...version } = publication;
  return { proposal: { ...judgement, published: version }, change };
}

/** The end when all steps succeeded, but their data cannot be published. */
const withoutData = (judgement: ExecutionEnd, { run }: FinalizePayload, fault: string): ExecutionEnd => ({
  ...judgement,
  status: 'FAILED',
  failure: {
    error: errorNames.pipelineFailed,
    cause: `Run ${run.run_id} of ${run.pipeline} publishes nothing: ${fault}.\nResume with: ${resumeCommand(run)}`,
  },
});

/** The definition of each step; null if no one says. */
function codeOf(steps: FinalizePayload['steps']): CodeDigests | null {
  const known = steps.flatMap(({ name, definition }) =>
    definition === undefined ? [] : [[name, definition] as const],
  );
  return known.length === steps.length ? Object.fromEntries(known) : null;
}

/** The end when another run may have worked at the same time: no output of this run may count as the latest. */
const withoutTurn = (judgement: ExecutionEnd, { run }: FinalizePayload): ExecutionEnd => ({
  ...judgement,
  status: 'FAILED',
  failure: {
    error: errorNames.leaseLost,
    cause: `Another run of ${run.pipeline} took the turn of run ${run.run_id}, whose execution had been stopped or was unknown for too long.\nResume with: ${resumeCommand(run)}`,
  },
});

function errorOf({ status, failure }: ExecutionEnd): Error {
  const cause = failure?.cause ?? `the execution is ${status}`;
  return failure?.error === errorNames.leaseLost ? new LeaseLostError(cause) : new PipelineFailedError(cause);
}

/** Every step's outcome. A step whose end could not be recorded is settled as failed now. */
async function settleAll({ run, steps }: FinalizePayload, { store, clock }: Ports): Promise<(Outcome | Settled)[]> {
  const found = await readAllOutcomes(store, run, steps);
  return Promise.all(
    steps.map(async ({ name: step }) => {
      const ending = { step, ref: run, attempts: 0, startedAt: null, endedAt: isoTime(clock.now()) };
      return found.get(step) ?? (await settle(store, run, failed(ending, missing)));
    }),
  );
}

const missing = {
  error: errorNames.outcomeMissing,
  cause: 'The step ended without a settled outcome: neither the step nor record-failure could write it.',
};

/**
 * Record-failure sends a failed step's letter; this sends those that it could not, of optional steps too. While the queue does not answer, the run does not end: its machine
 * calls again for some minutes, and after that Reconcile does, for a day.
 */
async function sendMissingLetters(
  { run, steps }: FinalizePayload,
  outcomes: readonly (Outcome | Settled)[],
  ports: Ports,
): Promise<Delivered[]> {
  const delivered: Delivered[] = [];
  const severities = new Map(steps.map(({ name, severity }) => [name, severity ?? 'medium']));
  for (const outcome of outcomes.filter(isFailure)) {
    const facts = {
      ...(await factsOf(ports.store, run, outcome)),
      severity: severities.get(outcome.step) ?? 'medium',
      input: await executionInput(ports.store, run),
      upstream_manifests: {},
      recorded_by: 'finalize',
    } as const;
    delivered.push(await deliverLetter(run, facts, ports));
  }
  return delivered;
}

const isFailure = (outcome: Outcome | Settled): outcome is Outcome => outcome.outcome === 'failed';

/** A failure counts unless its step is optional; so does a blocked step, unless only optional failures are behind it. */
function judge({ run, steps }: FinalizePayload, outcomes: readonly Settled[], endedAt: string): ExecutionEnd {
  const optional = new Set(steps.filter((step) => step.optional).map(({ name }) => name));
  const counted = outcomes.filter(
    ({ step, causes }) => !optional.has(step) && !(causes.length > 0 && causes.every((cause) => optional.has(cause))),
  );
  const failures = counted.filter(({ outcome }) => outcome === 'failed');
  const blockages = counted.filter(({ outcome }) => outcome === 'blocked');
  const ok = failures.length + blockages.length === 0;
  const namesOf = (kind: Outcome['outcome']) =>
    outcomes.filter(({ outcome }) => outcome === kind).map(({ step }) => step);
  return {
    execution: run.execution,
    status: ok ? 'SUCCEEDED' : 'FAILED',
    ended_at: endedAt,
    failed: namesOf('failed'),
    blocked: namesOf('blocked'),
    failure: ok ? null : { error: errorNames.pipelineFailed, cause: describe(failures, blockages, run) },
  };
}

function describe(
  failures: readonly Settled[],
  blockages: readonly Settled[],
  run: { readonly pipeline: string; readonly run_id: string },
): string {
  const failedLines = failures.map(
    ({ step, failure }) => `\n- ${step} failed: ${failure?.error}: ${firstLine(failure?.cause)}${placeOf(failure)}`,
  );
  const blockedLines = blockages.map(({ step, causes }) => `\n- ${step} is blocked by ${causes.join(', ')}`);
  return [
    `Run ${run.run_id} of ${run.pipeline}: ${failures.length} failed, ${blockages.length} blocked.`,
    ...cut(failedLines),
    ...cut(blockedLines),
    `\nResume with: ${resumeCommand(run)}`,
  ].join('');
}

/** The cause of an execution's failure holds 32,768 characters at most. */
const listed = 40;
const cut = (lines: readonly string[]): string[] =>
  lines.length <= listed ? [...lines] : [...lines.slice(0, listed), `\n- and ${lines.length - listed} more`];

/** Whole words of it. */
const firstLine = (text = ''): string => {
  const line = text.split('\n', 1)[0] ?? '';
  return line.length <= 200 ? line : `${line.slice(0, 200).replace(/\s+\S*$/, '')}…`;
};

const placeOf = (failure: Failure | null): string => {
  const place = failure?.thrown_at ?? failure?.handler;
  return place === undefined ? '' : ` (${place})`;
};
