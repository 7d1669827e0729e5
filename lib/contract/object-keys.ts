import { createHash } from 'node:crypto';

/** Where everything lies in the store. The layout is a contract: compiled machines of yesterday read what today's code wrote. */
export interface RunRef {
  readonly pipeline: string;
  readonly run_id: string;
}

export interface ExecutionRef extends RunRef {
  /** Execution number inside the run, from 1. */
  readonly execution: number;
}

export const runPrefix = (run: RunRef): string => `${run.pipeline}/runs/${run.run_id}/`;
export const runsPrefix = (pipeline: string): string => `${pipeline}/runs/`;
export const runKey = (run: RunRef): string => `${runPrefix(run)}run.json`;
export const executionsPrefix = (run: RunRef): string => `${runPrefix(run)}executions/`;
export const executionKey = (ref: ExecutionRef): string => `${executionsPrefix(ref)}${ref.execution}.json`;
export const executionEndKey = (ref: ExecutionRef): string => `${executionsPrefix(ref)}${ref.execution}/end.json`;
export const outcomesPrefix = (ref: ExecutionRef): string => `${executionsPrefix(ref)}${ref.execution}/outcomes/`;
export const outcomeKey = (ref: ExecutionRef, step: string): string =>
  `${executionsPrefix(ref)}${ref.execution}/outcomes/${step}.json`;
export const waitKey = (ref: ExecutionRef, step: string): string =>
  `${executionsPrefix(ref)}${ref.execution}/waits/${step}.json`;
export const attemptsKey = (ref: ExecutionRef, step: string): string =>
  `${executionsPrefix(ref)}${ref.execution}/attempts/${step}.json`;
export const deadLettersPrefix = (ref: ExecutionRef): string =>
  `${executionsPrefix(ref)}${ref.execution}/dead-letters/`;
export const deadLetterKey = (ref: ExecutionRef, step: string): string => `${deadLettersPrefix(ref)}${step}.json`;
export const manifestsPrefix = (run: RunRef, step: string): string => `${runPrefix(run)}steps/${step}/manifests/`;
export const manifestKey = (run: RunRef, step: string, fingerprint: string): string =>
  `${manifestsPrefix(run, step)}${fingerprint}.json`;
/** Advisory: what a step is doing; overwritten at will and never read to decide what is true. */
export const progressKey = (run: RunRef, step: string): string => `${runPrefix(run)}steps/${step}/progress.json`;
/** Where the next invocation of a long step goes on. */
export const checkpointKey = (run: RunRef, step: string): string => `${runPrefix(run)}steps/${step}/checkpoint.json`;
/** Marks what `step.once` has done; the key may be any text, so its digest stands in the name. */
export const onceKey = (run: RunRef, step: string, key: string): string =>
  `${runPrefix(run)}steps/${step}/once/${createHash('sha256').update(key).digest('hex').slice(0, 40)}.json`;
/** One folder per invocation: every key below it is written by that invocation alone. */
export const dataPrefix = (ref: ExecutionRef, step: string, attempt: number, invocation: string): string =>
  `${runPrefix(ref)}data/${step}/${ref.execution}-${attempt}-${invocation}/`;
export const leasesPrefix = (pipeline: string): string => `${pipeline}/leases/`;
export const leaseKey = (pipeline: string, name: string): string => `${leasesPrefix(pipeline)}${name}.json`;
/** Objects that people or other systems put into the store for handlers to read. */
export const sourcesPrefix = 'sources/';

/** The name that a dead letter has when it stands for an execution as a whole, not for a step. No step can have it. */
export const wholeExecution = '_execution';

const safe = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;

/** Whether a run id can stand in an object key as it is: letters, digits, `_`, `.`, `-`; at most 128; begins with a letter or digit. */
export const isRunId = (text: string): boolean => safe.test(text);

/** A run id from an execution name: the name itself, or `x-` and a digest of it when it has characters that a key should not hold. */
export const runIdFromName = (name: string): string =>
  isRunId(name) ? name : `x-${createHash('sha256').update(name).digest('hex').slice(0, 40)}`;
