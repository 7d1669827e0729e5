import { InvalidInputError } from '../../contract/errors.ts';
import type { JsonObject } from '../../contract/json.ts';
import { runKey } from '../../contract/object-keys.ts';
import {
  largestTravellingInput,
  type PrepareEvent,
  type PrepareResult,
  prepareEvent,
  type RunContext,
} from '../../contract/payloads.ts';
import type { ExecutionRecord } from '../../contract/records/execution.ts';
import type { RunRecord } from '../../contract/records/run.ts';
import { type PreparePayload, resolvePrepare } from '../../contract/resolve-event.ts';
import { writeJson } from '../../exact/write-json.ts';
import { WriteProblem } from '../../exact/write-problem.ts';
import { decidePartition } from '../../input/partitions/decide-partition.ts';
import { scheduleInput } from '../../input/schedule-input.ts';
import type { Ports as RuntimePorts } from '../../ports/from-environment.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { audible } from '../events/audible.ts';
import { runSkippedEvent, runStartedEvent } from '../events/run-events.ts';
import { tell } from '../events/tell.ts';
import { isRemoved } from '../manifests/next-record.ts';
import { noteStart } from '../partitions/note-turn.ts';
import { type ExecutionIdentity, findOwner, readExecutions, sameExecution } from '../records/execution-number.ts';
import { createOrRead, isoTime, readJson } from '../records/json-objects.ts';
import { claimExecution } from './claim-execution.ts';
import { saltsOf, trialOf } from './handed-on.ts';
import { releaseLease } from './lease.ts';
import type { PlatformBody } from './platform-handler.ts';
import { requestedTurns } from './requested-turns.ts';
import { type RunIdentity, runIdentity } from './run-identity.ts';
import { takeTurn } from './take-turn.ts';

type Ports = Pick<RuntimePorts, 'store' | 'clock' | 'executions' | 'events'>;

/** A refusal or a wait, with the mark of the run. */
type Marked = Pick<ExecutionRecord, 'trial'>;

export const prepareBody: PlatformBody<PrepareEvent, PrepareResult> = {
  event: prepareEvent,
  run: (event, ports, steps) => prepare(resolvePrepare(event, steps), ports),
};

/** Starts an execution of a run and reports its start, or the refusal. A repeated call for the same execution gets the same answer, and reports it again. */
export async function prepare(payload: PreparePayload, ports: Ports): Promise<PrepareResult> {
  const { trial, ...result } = await decideStart(payload, ports);
  if ('refused' in result) {
    const { name, started_at } = payload.execution;
    const { run_id } = runIdentity(payload.pipeline.name, name, payload.input);
    const run = { pipeline: payload.pipeline.name, run_id, started_at };
    await tell(audible(ports, { trial }), () => [runSkippedEvent(run, { name, reason: result.refused })]);
  }
  return result;
}

/** Answers the identity and input of the execution, or the reason why it must not start or must wait. */
async function decideStart(payload: PreparePayload, ports: Ports): Promise<PrepareResult & Marked> {
  const identity = runIdentity(payload.pipeline.name, payload.execution.name, payload.input);
  const ref = { pipeline: payload.pipeline.name, run_id: identity.run_id };
  const mine = identityOf(payload);
  let lease: RunContext['lease'] | null = null;
  for (;;) {
    const history = await readExecutions(ports.store, ref);
    const own = history.filter((record) => sameExecution(record, mine));
    const again = own.find((record) => record.redrive_count === mine.redrive_count);
    const refused = again ? null : await reasonToRefuse(identity, { history, mine, ports, ref });
    if (refused) {
      // Another execution of this run was faster, with an input that has another lease.
      if (lease) await releaseLease(ports.store, { ...ref, ...lease }, lease.fence);
      return { refused, ...trialOf(history) };
    }
    const input =
      again?.input ??
      own.at(-1)?.input ??
      (await inputOf(identity, history, { pipeline: payload.pipeline, store: ports.store, now: mine.started_at }));
    const turn = await takeTurn(payload, { ...mine, ...ref }, input, ports);
    if (!('lease' in turn)) return { ...turn, ...trialOf(history) };
    ({ lease } = turn);
    const record =
      again ??
      (await claimExecution(ports.store, ref, history, {
        ...mine,
        version: payload.pipeline.version,
        input,
        ...partitionOf(payload.pipeline, input),
        ...saltsOf(history, own.length > 0 ? [] : identity.from),
        ...trialOf(history),
        ...(lease && { lease }),
      }));
    if (record === 'removed') {
      if (lease) await releaseLease(ports.store, { ...ref, ...lease }, lease.fence);
      return { refused: removedText(ref.run_id) };
    }
    if (record === 'late') continue;
    const records = [...history.slice(0, record.execution - 1), record];
    return enter(record, identity, { payload, ports, lease: lease && requestedTurns(lease, records, record.salts) });
  }
}

const removedText = (runId: string): string => `\`daybreak prune\` removes run ${runId}, or has removed it`;

const identityOf = ({ execution }: PreparePayload): ExecutionIdentity => ({
  execution_arn: execution.arn,
  redrive_count: execution.redrive_count,
  started_at: execution.started_at,
});

async function reasonToRefuse(
  identity: RunIdentity,
  context: {
    readonly history: readonly ExecutionRecord[];
    readonly mine: ExecutionIdentity;
    readonly ports: Ports;
    readonly ref: { readonly pipeline: string; readonly run_id: string };
  },
): Promise<string | null> {
  const { history, mine, ports, ref } = context;
  const first = history[0];
  if (!first && identity.kind === 'resume' && (await isRemoved(ports.store, ref))) return removedText(ref.run_id);
  const isMine = (record: ExecutionRecord): boolean => sameExecution(record, mine);
  if (identity.kind === 'schedule' && first && !history.some(isMine)) {
    return `run ${ref.run_id} of this scheduled time was already started by ${first.execution_arn}`;
  }
  const owner = await findOwner(ports, ref, { history, mine });
  if (owner) return `run ${ref.run_id} is being worked on by ${owner.execution_arn}`;
  const { after } = identity;
  const other = after === null || history.some(isMine) ? undefined : history.slice(after).find(wasPrepared);
  return other
    ? `run ${ref.run_id} was resumed in the meantime by ${other.execution_arn} (execution ${other.execution})`
    : null;
}

/** Returns the validated input of a new execution. A run that is resumed without an input keeps its last one. */
export async function inputOf(
  identity: RunIdentity,
  history: readonly ExecutionRecord[],
  {
    pipeline,
    store,
    now = null,
  }: { readonly pipeline: PreparePayload['pipeline']; readonly store: ObjectStore; readonly now?: string | null },
): Promise<JsonObject> {
  const before = history.findLast(wasPrepared);
  const violations = [...identity.violations, ...unknownSteps(identity.from, pipeline)];
  let input = structuredClone(identity.input);
  const goesOn = identity.kind === 'resume' && Object.keys(input).length === 0;
  const ref = { pipeline: pipeline.name, run_id: identity.run_id };
  const run = goesOn ? await readJson<RunRecord>(store, runKey(ref)) : null;
  // The input of an execution that Prepare did not accept may be wrong; it counts only if there is no other.
  if (goesOn) input = structuredClone((before ?? run ?? history.at(-1))?.input ?? {});
  if (!run && identity.scheduled_time && pipeline.schedule) {
    const { scheduled_time: scheduledTime } = identity;
    const evaluated = await scheduleInput(pipeline.schedule.input, { scheduledTime, ...pipeline.schedule });
    violations.push(...evaluated.violations);
    input = { ...evaluated.input, ...input };
  }
  if (pipeline.partition) {
    const { scheduled_time: scheduledTime } = identity;
    const facts = { run: before?.partition?.name ?? null, scheduledTime, now: now === null ? null : Date.parse(now) };
    const decided = decidePartition(input, pipeline.partition, facts);
    if ('violation' in decided) violations.push(decided.violation);
    else input = { ...input, [pipeline.partition.key]: decided.partition.name };
  }
  violations.push(...lossesIn(input));
  if (pipeline.input_schema !== undefined) {
    const { violationsOf } = await import('../../input/json-schema.ts');
    violations.push(...violationsOf(pipeline.input_schema, input));
  }
  if (violations.length > 0) {
    throw new InvalidInputError(`the input of pipeline ${pipeline.name} does not fit; nothing was started`, violations);
  }
  return input;
}

/** The partition that an accepted input names. */
function partitionOf(
  { partition: rule }: Pick<PreparePayload['pipeline'], 'partition'>,
  input: JsonObject,
): Pick<ExecutionRecord, 'partition'> {
  const decided = rule && decidePartition(input, rule, { run: null, scheduledTime: null, now: null });
  return decided && 'partition' in decided ? { partition: decided.partition } : {};
}

/** A record has to hold the input unchanged. */
function lossesIn(input: JsonObject): string[] {
  try {
    writeJson(input);
    return [];
  } catch (error) {
    if (!(error instanceof WriteProblem)) throw error;
    return [`${error.path.replaceAll(/\[(\d+)\]|\./g, '/$1') || '/'}: ${error.reason}`];
  }
}

/** Reconcile records executions that died before Prepare, without a version. */
const wasPrepared = ({ version }: ExecutionRecord): boolean => version !== '';

const unknownSteps = (from: readonly string[], { name, steps }: PreparePayload['pipeline']): string[] =>
  from.flatMap((step, index) =>
    steps?.includes(step) === false
      ? [`/daybreak/from/${index}: ${JSON.stringify(step)} is not a step of pipeline ${name}`]
      : [],
  );

async function enter(
  record: ExecutionRecord,
  identity: RunIdentity,
  {
    payload,
    ports,
    lease,
  }: { readonly payload: PreparePayload; readonly ports: Ports; readonly lease: RunContext['lease'] | null },
): Promise<PrepareResult> {
  const ref = { pipeline: payload.pipeline.name, run_id: identity.run_id };
  const { document: first } = await createOrRead<RunRecord>(ports.store, runKey(ref), {
    ...ref,
    created_at: isoTime(ports.clock.now()),
    input: record.input,
    scheduled_time: identity.scheduled_time,
    ...(record.partition && { partition: record.partition }),
  });
  const run: RunContext = {
    ...ref,
    execution: record.execution,
    execution_arn: record.execution_arn,
    redrive_count: record.redrive_count,
    started_at: record.started_at,
    scheduled_time: identity.scheduled_time ?? first.scheduled_time,
    ...(record.partition && { partition: { ...record.partition } }),
    ...(record.listed_at !== undefined && { listed_at: record.listed_at }),
    ...(record.salts && { salts: { ...record.salts } }),
    ...(lease && { lease }),
    ...(record.trial && { trial: record.trial }),
  };
  await noteStart(ports.store, run);
  await tell(audible(ports, run), () => [runStartedEvent(run, record)]);
  const travels = Buffer.byteLength(JSON.stringify(record.input)) <= largestTravellingInput;
  return { run: travels ? { ...run, input: record.input } : run };
}
