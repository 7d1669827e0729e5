import { createHash } from 'node:crypto';

/** The keys of all objects in the store. The layout is a contract: yesterday's compiled machines read the objects of today's code. */
export interface RunRef {
  readonly pipeline: string;
  readonly run_id: string;
}

export interface ExecutionRef extends RunRef {
  /** Execution number inside the run, from 1. */
  readonly execution: number;
}

export function runPrefix(run: RunRef): string {
  return `${run.pipeline}/runs/${run.run_id}/`;
}
export function runsPrefix(pipeline: string): string {
  return `${pipeline}/runs/`;
}
export function runKey(run: RunRef): string {
  return `${runPrefix(run)}run.json`;
}
/** Objects of another run, which this one takes: below it their keys are those in the other run. */
export function originPrefix(run: RunRef): string {
  return `${runPrefix(run)}origin/`;
}
export function executionsPrefix(run: RunRef): string {
  return `${runPrefix(run)}executions/`;
}
export function executionKey(ref: ExecutionRef): string {
  return `${executionsPrefix(ref)}${ref.execution}.json`;
}
export function executionEndKey(ref: ExecutionRef): string {
  return `${executionsPrefix(ref)}${ref.execution}/end.json`;
}
/** The OpenLineage events of an execution. */
export function lineageEventsKey(ref: ExecutionRef): string {
  return `${executionsPrefix(ref)}${ref.execution}/lineage.json`;
}
/** The record between an execution and the one that follows it. */
export function nextKey(ref: ExecutionRef): string {
  return `${executionsPrefix(ref)}${ref.execution}/next.json`;
}
export function outcomesPrefix(ref: ExecutionRef): string {
  return `${executionsPrefix(ref)}${ref.execution}/outcomes/`;
}
export function outcomeKey(ref: ExecutionRef, step: string): string {
  return `${executionsPrefix(ref)}${ref.execution}/outcomes/${step}.json`;
}
export function waitKey(ref: ExecutionRef, step: string): string {
  return `${executionsPrefix(ref)}${ref.execution}/waits/${step}.json`;
}
export function attemptsKey(ref: ExecutionRef, step: string): string {
  return `${executionsPrefix(ref)}${ref.execution}/attempts/${step}.json`;
}
export function deadLettersPrefix(ref: ExecutionRef): string {
  return `${executionsPrefix(ref)}${ref.execution}/dead-letters/`;
}
export function deadLetterKey(ref: ExecutionRef, step: string): string {
  return `${deadLettersPrefix(ref)}${step}.json`;
}
/** Records that a person has dismissed a dead letter, and the reason. */
export function dismissalKey(ref: ExecutionRef, step: string): string {
  return `${executionsPrefix(ref)}${ref.execution}/dismissals/${step}.json`;
}

/** Marks that the queue has a letter's message. */
export function letterSentKey(ref: ExecutionRef, step: string): string {
  return `${executionsPrefix(ref)}${ref.execution}/sent/${step}.json`;
}
export function manifestsPrefix(run: RunRef, step: string): string {
  return `${runPrefix(run)}steps/${step}/manifests/`;
}
export function manifestKey(run: RunRef, step: string, fingerprint: string): string {
  return `${manifestsPrefix(run, step)}${fingerprint}.json`;
}
/** Advisory: what a step is doing. Any attempt overwrites it, and it decides no result; a progress record that cannot be read counts as absent. */
export function progressKey(run: RunRef, step: string): string {
  return `${runPrefix(run)}steps/${step}/progress.json`;
}
/** The next invocation of a long step continues from here. */
export function checkpointKey(run: RunRef, step: string): string {
  return `${runPrefix(run)}steps/${step}/checkpoint.json`;
}
/** Marks an effect that `step.once` has done; the key may be any text, so its digest stands in the name. */
export function onceKey(run: RunRef, step: string, key: string): string {
  return `${runPrefix(run)}steps/${step}/once/${createHash('sha256').update(key).digest('hex').slice(0, 40)}.json`;
}
/** The value of a watermark that a run works with. */
export function markReadKey(run: RunRef, step: string, name: string): string {
  return `${runPrefix(run)}steps/${step}/watermarks/${name}.json`;
}
export function loadsPrefix(run: RunRef, step: string): string {
  return `${runPrefix(run)}steps/${step}/loads/`;
}
/** Marks that a step with this fingerprint may have put rows into a target outside, in this execution. The name says it all. */
export function loadKey(ref: ExecutionRef, step: string, fingerprint: string): string {
  return `${loadsPrefix(ref, step)}${ref.execution}.${fingerprint}.json`;
}
/** One folder per invocation: every key below it is written by that invocation alone. */
export function dataPrefix(ref: ExecutionRef, step: string, attempt: number, invocation: string): string {
  return `${runPrefix(ref)}data/${step}/${ref.execution}-${attempt}-${invocation}/`;
}
export function leasesPrefix(pipeline: string): string {
  return `${pipeline}/leases/`;
}
export function leaseKey(pipeline: string, name: string): string {
  return `${leasesPrefix(pipeline)}${name}.json`;
}
export function removalsPrefix(pipeline: string): string {
  return `${pipeline}/removals/`;
}
/** A run is being removed, or was a moment ago. */
export function removalKey(run: RunRef): string {
  return `${removalsPrefix(run.pipeline)}${run.run_id}.json`;
}
/** All that a pipeline has published. */
function publishedPrefix(pipeline: string): string {
  return `${pipeline}/published/`;
}
/** The pointer: the versions that readers see. */
export function pointerKey(pipeline: string): string {
  return `${publishedPrefix(pipeline)}current.json`;
}
export function versionsPrefix(pipeline: string): string {
  return `${publishedPrefix(pipeline)}versions/`;
}
export function versionKey(pipeline: string, version: number): string {
  return `${versionsPrefix(pipeline)}${version}.json`;
}
/** Lists of the files of tables in a data catalog, by table and content. */
export function tableListsPrefix(pipeline: string): string {
  return `${publishedPrefix(pipeline)}tables/`;
}
/** Blocks of changes that the pointer has no room for. */
export function changesPrefix(pipeline: string): string {
  return `${publishedPrefix(pipeline)}changes/`;
}
/** The block whose last change has this number: in the order of the numbers. */
export function changesKey(pipeline: string, last: number): string {
  return `${changesPrefix(pipeline)}${String(last).padStart(9, '0')}.json`;
}
/** The ledger with a partition: its name's first characters are those of the file, `x` in place of the others. */
export function partitionLedgerKey(pipeline: string, partition: string): string {
  const part = /^\d{4}-\d\d-\d\dT/.test(partition)
    ? partition.slice(0, 7)
    : /^\d{4}-\d\d-\d\d/.test(partition)
      ? partition.slice(0, 4)
      : /^\d{4}-W/.test(partition)
        ? `weeks-${partition.slice(0, 3)}x`
        : `months-${partition.slice(0, 2)}xx`;
  return `${partitionLedgersPrefix(pipeline)}${part}.json`;
}
/** A backfill, by a digest of what was asked for. */
export function backfillKey(pipeline: string, request: string): string {
  return `${pipeline}/backfills/${request}.json`;
}
export function partitionLedgersPrefix(pipeline: string): string {
  return `${pipeline}/partitions/`;
}
/** All open incidents of a pipeline and its latest closed ones. */
export function incidentsKey(pipeline: string): string {
  return `${pipeline}/incidents/state.json`;
}
/** The latest deadlines: met, missed, in danger. */
export function deadlinesKey(pipeline: string): string {
  return `${pipeline}/deadlines.json`;
}
/** The times of the latest runs, for estimates. */
export function historyKey(pipeline: string): string {
  return `${pipeline}/history.json`;
}
/** The alerts that people have had of a pipeline's incidents. */
export function alertStateKey(pipeline: string): string {
  return `${pipeline}/alerts/state.json`;
}
/** The causes of trouble that several pipelines have. No pipeline can have the name of its folder. */
export const sharedCausesKey = 'shared/causes.json';
/** The digests that several pipelines fill, per destination. */
export const sharedDigestsKey = 'shared/digests.json';

/** The marks of all subscribers. No pipeline can have this name. */
export const subscribersPrefix = 'subscribers/';

/** The mark of an event that a subscriber has handled; the id may be long, so its digest stands in the name. One prefix has all marks of a subscriber. */
export function handledKey(subscriber: string, event: string): string {
  return `${subscribersPrefix}${subscriber}/${createHash('sha256').update(event).digest('hex').slice(0, 40)}.json`;
}
/** The profile of a dataset. Its name is the content digest, so equal data has one profile. */
export function profileKey(run: RunRef, step: string, dataset: string, contentDigest: string): string {
  return `${runPrefix(run)}steps/${step}/profiles/${dataset}/${contentDigest}.json`;
}
export function profileHistoriesPrefix(pipeline: string): string {
  return `${pipeline}/profiles/`;
}
/** Profiles of the latest runs of a dataset, in short. */
export function profileHistoryKey(pipeline: string, step: string, dataset: string): string {
  return `${profileHistoriesPrefix(pipeline)}${step}.${dataset}.json`;
}

/** Objects that people or other systems put into the store for handlers to read. */
export const sourcesPrefix = 'sources/';

/** The name that a dead letter has when it stands for an execution as a whole, not for a step. No step can have it. */
export const wholeExecution = '_execution';

const safe = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;

/** True if a run id can be part of an object key unchanged: letters, digits, `_`, `.`, `-`; at most 128; begins with a letter or digit. */
export function isRunId(text: string): boolean {
  return safe.test(text);
}

/** A run id from an execution name: the name itself, or `x-` and a digest of it when it has characters that a key should not hold. */
export function runIdFromName(name: string): string {
  return isRunId(name) ? name : `x-${createHash('sha256').update(name).digest('hex').slice(0, 40)}`;
}
