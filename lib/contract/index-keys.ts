/**
 * Names in a pipeline's index. The index is derived: it says where to look, and the records decide. Each name holds everything that a list of runs or dead letters needs, so
 * a listing reads no object. Names sort backwards in time, and none is ever changed or deleted.
 */
import type { ExecutionRef, RunRef } from './object-keys.ts';
import type { ExecutionEnd } from './records/execution.ts';

/** The end of an execution, as a list of runs shows it. */
export interface ListedEnd {
  readonly status: ExecutionEnd['status'];
  readonly ended_at: string;
  /** The run's dead letters, over all executions up to this one. */
  readonly dead_letters: number;
  /** A step has an outcome in this execution. Otherwise an earlier success of the run still counts. */
  readonly settled: boolean;
}

/** One execution in the index; `end` is null until the index has its end. */
export interface ListedExecution {
  readonly run_id: string;
  readonly execution: number;
  readonly listed_at: string;
  readonly end: ListedEnd | null;
}

/** A dead letter in the index. */
export interface ListedLetter {
  readonly run_id: string;
  readonly execution: number;
  readonly step: string;
}

export function indexPrefix(pipeline: string): string {
  return `${pipeline}/index/`;
}
/** Says that the index has every run, and holds the names of those that began before there was an index. */
export function indexBaseKey(pipeline: string): string {
  return `${indexPrefix(pipeline)}base.json`;
}
export function listedRunsPrefix(pipeline: string): string {
  return `${indexPrefix(pipeline)}runs/`;
}
export function listedLettersPrefix(pipeline: string): string {
  return `${indexPrefix(pipeline)}letters/`;
}

/** Name of an execution below `listedRunsPrefix`: one for its start, and one for its end, which comes right before it. */
export function listedRunName({ run_id, execution, listed_at, end }: ListedExecution): string {
  const start = `${backwards(Date.parse(listed_at), 13)}!${run_id}!${backwards(execution, 9)}`;
  if (!end) return `${start}.json`;
  return `${start}!${end.status}!${Date.parse(end.ended_at)}!${end.dead_letters}!${end.settled ? 'settled' : 'unsettled'}.json`;
}

const runName = /^(\d{13})!([^!/]+)!(\d{9})(?:!([A-Z_]+)!(\d+)!(\d+)!(settled|unsettled))?\.json$/;

/** The execution that a name stands for; null for a name that Daybreak did not write. */
export function parseListedRun(name: string): ListedExecution | null {
  const [whole, time = '', run_id = '', number = '', status, endedAt, letters, settled] = runName.exec(name) ?? [];
  if (whole === undefined) return null;
  const end = status !== undefined && {
    status: status as ExecutionEnd['status'],
    ended_at: new Date(Number(endedAt)).toISOString(),
    dead_letters: Number(letters),
    settled: settled === 'settled',
  };
  const listed_at = new Date(forwards(time, 13)).toISOString();
  return { run_id, execution: forwards(number, 9), listed_at, end: end || null };
}

/** Name of a dead letter below `listedLettersPrefix`. The step is a separate segment, because file systems allow 255 bytes for one. */
export function listedLetterName({ run_id, execution, step }: ListedLetter, failedAt: string): string {
  return `${backwards(Date.parse(failedAt), 13)}!${run_id}!${execution}/${step}.json`;
}

/** Name of an entry for a closed dead letter. It comes after the names of all letters. */
export function closedLetterName({ run_id, execution, step }: ListedLetter): string {
  return `closed!${run_id}!${execution}/${step}.json`;
}

/** The dead letter that a name stands for, and whether the name says that it is closed; null for a name that Daybreak did not write. */
export function parseListedLetter(name: string): (ListedLetter & { readonly closed: boolean }) | null {
  const [whole, time = '', run_id = '', execution = '', step = ''] =
    /^(\d{13}|closed)!([^!/]+)!(\d+)\/([^/]+)\.json$/.exec(name) ?? [];
  return whole === undefined ? null : { run_id, execution: Number(execution), step, closed: time === 'closed' };
}

/** Key of an execution's start in the index. */
export function listedRunKey(run: RunRef, execution: Omit<ListedExecution, 'run_id'>): string {
  return listedRunsPrefix(run.pipeline) + listedRunName({ ...execution, run_id: run.run_id });
}
export function listedLetterKey(ref: ExecutionRef, step: string, failedAt: string): string {
  return listedLettersPrefix(ref.pipeline) + listedLetterName({ ...ref, step }, failedAt);
}
export function closedLetterKey(ref: ExecutionRef, step: string): string {
  return listedLettersPrefix(ref.pipeline) + closedLetterName({ ...ref, step });
}

/** Decimal digits that sort the other way round. A moment that cannot be parsed is the oldest. */
function backwards(value: number, digits: number): string {
  const most = 10 ** digits - 1;
  return String(most - Math.min(most, Math.max(0, value || 0))).padStart(digits, '0');
}

const forwards = (text: string, digits: number): number => 10 ** digits - 1 - Number(text);
