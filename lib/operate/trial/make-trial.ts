/** Makes a trial: a run in a store on this machine that takes over the state of an original run, so that a resume of it does what a resume of the original would do. */
import {
  executionEndKey,
  executionKey,
  manifestKey,
  nextKey,
  outcomeKey,
  outcomesPrefix,
  type RunRef,
  runKey,
  runPrefix,
} from '../../contract/object-keys.ts';
import type { Checkpoint } from '../../contract/records/checkpoint.ts';
import type { ExecutionEnd, ExecutionRecord } from '../../contract/records/execution.ts';
import type { Next } from '../../contract/records/next.ts';
import type { Outcome } from '../../contract/records/outcome.ts';
import type { Origin, RunRecord, Trial } from '../../contract/records/run.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { parseManifest } from '../../runtime/manifests/manifest.ts';
import { readVouched } from '../../runtime/manifests/next-record.ts';
import { eachOf } from '../../runtime/records/each-of.ts';
import { createJson, isoTime, readIntact } from '../../runtime/records/json-objects.ts';
import { borrowedCheckpoint, borrowedManifest, type Pair } from './borrowed.ts';

/** The run that a trial is made of. It is only read. */
export interface Original {
  readonly store: ObjectStore;
  /** AWS region of the store; null if the environment names it. */
  readonly region: string | null;
  readonly run: RunRef;
  readonly history: readonly ExecutionRecord[];
}

export interface TrialOptions {
  /** Null for a trial that takes nothing. */
  readonly original: Original | null;
  /** The store of the trial. */
  readonly store: ObjectStore;
  readonly run: RunRef;
  readonly trial: Trial;
  /**
   * By step: the fingerprint of the only result that is taken. Null: everything is taken that a resume would use, the marks of `step.once` and checkpoints included.
   */
  readonly taken: ReadonlyMap<string, string> | null;
  readonly now: number;
}

/** Objects that are copied at the same time. */
const width = 16;

/**
 * Writes the records of a trial, and returns the number of executions that it has before its own ones. Its data stays where it is. The executions of the original keep their numbers, so that the trial's own have others, and no salt is used twice. The run's
 * record comes last: without it there is no trial, and what an interrupt leaves is not used.
 */
export async function makeTrial(options: TrialOptions): Promise<number> {
  const { original, store, run, now } = options;
  const executions = original
    ? await takeOver({ ...options, original })
    : await writeExecution(beginning(now), options);
  const first = original && (await readIntact<RunRecord>(original.store, runKey(original.run)));
  const record: RunRecord = {
    ...run,
    created_at: isoTime(now),
    input: first?.input ?? original?.history.at(-1)?.input ?? {},
    scheduled_time: first?.scheduled_time ?? null,
    ...(original && { origin: { ...originOf(original), executions } }),
  };
  if (!(await createJson(store, runKey(run), record))) throw new Error(`the run ${run.run_id} exists already`);
  return executions;
}

interface Taking extends TrialOptions {
  readonly original: Original;
}

/** Returns the number of executions that the trial has now. */
async function takeOver(options: Taking): Promise<number> {
  const { original, run, taken, now } = options;
  const pair = { original: original.run, trial: run };
  if (taken === null) {
    await copySteps(options, pair);
    await eachOf(original.history, width, (record) => copyExecution(record, options));
    await copyVouched(options, pair);
    return original.history.length;
  }
  await eachOf([...taken], width, ([step, fingerprint]) => copyManifest(options, pair, { step, fingerprint }));
  // An input that Prepare did not accept may be wrong.
  const last = original.history.findLast(({ version }) => version !== '') ?? original.history.at(-1);
  return writeExecution({ ...beginning(now), ...(last && { version: last.version, input: last.input }) }, options);
}

/** Writes the only execution that a trial has before its own ones. */
async function writeExecution(record: ExecutionRecord, { store, run, trial, now }: TrialOptions): Promise<number> {
  const ref = { ...run, execution: record.execution };
  await createJson(store, executionKey(ref), { ...record, trial });
  await createJson(store, executionEndKey(ref), notEnded(record.execution, now));
  return record.execution;
}

const originOf = ({ store, region, run }: Original): Omit<Origin, 'executions'> => ({
  store: store.url,
  ...(region !== null && { region }),
  run_id: run.run_id,
});

/** A trial has its mark from the execution before its first own one. */
const beginning = (now: number): ExecutionRecord => ({
  execution: 1,
  execution_arn: 'trial',
  redrive_count: 0,
  started_at: isoTime(now),
  version: '',
  input: {},
});

/** Results that people left for the next execution of the original are left for that of the trial. */
async function copyVouched({ original, store, run }: Taking, pair: Pair): Promise<void> {
  const execution = original.history.length;
  const vouched = await readVouched(original.store, { ...original.run, execution });
  if (vouched.length === 0) return;
  const next: Next = { vouched: vouched.map((manifest) => borrowedManifest(manifest, pair)), taken_by: null };
  await createJson(store, nextKey({ ...run, execution }), next);
}

/** A run's records of its steps; data and executions lie elsewhere. */
const stepRecord = /^steps\/([^/]+)\/(?:manifests\/([^/]+)|checkpoint|progress|(?:once|loads)\/[^/]+)\.json$/;

async function copySteps(options: Taking, pair: Pair): Promise<void> {
  const { original } = options;
  const prefix = `${runPrefix(original.run)}steps/`;
  const found: string[] = [];
  for await (const { key } of original.store.list(prefix)) found.push(key.slice(runPrefix(original.run).length));
  await eachOf(found, width, async (path) => {
    const [whole, step, fingerprint] = stepRecord.exec(path) ?? [];
    if (whole === undefined || step === undefined) return;
    if (fingerprint !== undefined) await copyManifest(options, pair, { step, fingerprint });
    else if (path.endsWith('/checkpoint.json')) await copyCheckpoint(path, options, pair);
    else await copyUnchanged(path, options);
  });
}

/** A damaged manifest stays damaged, so that the trial says so and its step runs again. */
async function copyManifest(
  { original, store, run }: Taking,
  pair: Pair,
  { step, fingerprint }: { readonly step: string; readonly fingerprint: string },
): Promise<void> {
  const found = await original.store.get(manifestKey(original.run, step, fingerprint));
  if (!found) return;
  const manifest = parseManifest(found.body);
  const copy = manifest ? JSON.stringify(borrowedManifest(manifest, pair)) : found.body;
  await create(store, manifestKey(run, step, fingerprint), copy);
}

async function copyCheckpoint(path: string, { original, store, run }: Taking, pair: Pair): Promise<void> {
  const checkpoint = await readIntact<Checkpoint>(original.store, runPrefix(original.run) + path);
  if (checkpoint) await createJson(store, runPrefix(run) + path, borrowedCheckpoint(checkpoint, pair));
}

async function copyUnchanged(path: string, { original, store, run }: Taking): Promise<void> {
  const found = await original.store.get(runPrefix(original.run) + path);
  if (found) await create(store, runPrefix(run) + path, found.body);
}

/** The lease is the original's: its fence means nothing in another store. An execution that still works counts as ended, since nothing of what it does from now on reaches the trial. */
async function copyExecution(
  { lease: _, ...record }: ExecutionRecord,
  { original, store, run, trial, now }: Taking,
): Promise<void> {
  const { execution } = record;
  const [from, to] = [
    { ...original.run, execution },
    { ...run, execution },
  ];
  const end = await readIntact<ExecutionEnd>(original.store, executionEndKey(from));
  await createJson(store, executionKey(to), { ...record, trial });
  await createJson(store, executionEndKey(to), end ?? notEnded(execution, now));
  const prefix = outcomesPrefix(from);
  const steps: string[] = [];
  for await (const { key } of original.store.list(prefix)) steps.push(key.slice(prefix.length, -'.json'.length));
  await eachOf(steps, width, async (step) => {
    const outcome = await readIntact<Outcome>(original.store, outcomeKey(from, step));
    if (outcome) await createJson(store, outcomeKey(to, step), bare(outcome));
  });
}

/** The end of a step, without its results: no step of the trial reads an outcome of an earlier execution. */
const bare = ({
  made: _,
  carried: __,
  seal: ___,
  spans: ____,
  all_succeeded: _____,
  ...outcome
}: Outcome): Outcome => ({
  ...outcome,
  manifest: null,
});

const notEnded = (execution: number, now: number): ExecutionEnd => ({
  execution,
  status: 'ABORTED',
  ended_at: isoTime(now),
  failed: [],
  blocked: [],
  failure: { error: 'Forked', cause: 'The execution had not ended when this run was made out of its run.' },
});

async function create(store: ObjectStore, key: string, body: Uint8Array | string): Promise<void> {
  await store.put(key, body, { ifNoneMatch: '*', contentType: 'application/json' });
}
