/** Entries of a pipeline's index. Each is created once, and creating it again changes nothing, so a repeated invocation may write it again. */
import { closedLetterKey, type ListedEnd, listedLetterKey, listedRunKey } from '../../contract/index-keys.ts';
import { type ExecutionRef, executionsPrefix, type RunRef, wholeExecution } from '../../contract/object-keys.ts';
import type { ExecutionRecord } from '../../contract/records/execution.ts';
import type { Outcome } from '../../contract/records/outcome.ts';
import type { ObjectStore } from '../../ports/ports.ts';

interface Listed extends Pick<ExecutionRecord, 'execution' | 'started_at'> {
  readonly listed_at?: string | undefined;
}

/** Enters the start of an execution, before its record is written, or its end, after the record of the end. */
export async function listExecution(
  store: ObjectStore,
  run: RunRef,
  { execution, started_at, listed_at = started_at }: Listed,
  end: ListedEnd | null,
): Promise<void> {
  await create(store, listedRunKey(run, { execution, listed_at, end }));
}

/** The time under which the index lists an execution that began before one with a lower number: Reconcile may record it late, and it may have waited for its turn. */
export function listedAfter(
  history: readonly ExecutionRecord[],
  { started_at }: Pick<ExecutionRecord, 'started_at'>,
): Pick<ExecutionRecord, 'listed_at'> {
  const last = history.at(-1);
  const before = last?.listed_at ?? last?.started_at ?? started_at;
  return Date.parse(before) > Date.parse(started_at) ? { listed_at: before } : {};
}

/** Enters a dead letter, before its record is written. */
export async function listLetter(store: ObjectStore, ref: ExecutionRef, step: string, failedAt: string): Promise<void> {
  await create(store, listedLetterKey(ref, step, failedAt));
}

/** Enters that a dead letter is closed, after the record that closes it. */
export async function listClosing(store: ObjectStore, ref: ExecutionRef, step: string): Promise<void> {
  await create(store, closedLetterKey(ref, step));
}

/** An execution that has ended, and the outcomes of its steps. */
export interface EndFacts {
  readonly run: RunRef & Listed;
  readonly end: Pick<ListedEnd, 'status' | 'ended_at'>;
  readonly outcomes: readonly Pick<Outcome, 'step' | 'outcome'>[];
  /** Dead letters of this execution. */
  readonly letters: number;
}

/** Enters how an execution ended, and the dead letters of earlier executions that it closed. */
export async function listEnd(store: ObjectStore, { run, end, outcomes, letters }: EndFacts): Promise<void> {
  const earlier = run.execution === 1 ? [] : await earlierLetters(store, run);
  const kinds = new Map(outcomes.map(({ step, outcome }) => [step, outcome]));
  for (const { execution, step } of earlier) {
    const kind = step === wholeExecution ? undefined : kinds.get(step);
    const closes = kind === 'succeeded' || kind === 'reused' || (kind === undefined && end.status === 'SUCCEEDED');
    if (closes) await listClosing(store, { ...run, execution }, step);
  }
  const { status, ended_at } = end;
  const settled = outcomes.length > 0;
  await listExecution(store, run, run, { status, ended_at, dead_letters: earlier.length + letters, settled });
}

async function earlierLetters(store: ObjectStore, run: ExecutionRef) {
  const prefix = executionsPrefix(run);
  const letters: { readonly execution: number; readonly step: string }[] = [];
  for await (const { key } of store.list(prefix)) {
    const [, number, step] = /^(\d+)\/dead-letters\/([^/]+)\.json$/.exec(key.slice(prefix.length)) ?? [];
    if (step !== undefined && Number(number) < run.execution) letters.push({ execution: Number(number), step });
  }
  return letters;
}

/** The name says everything; an object has to have a content, and this one is JSON like every record. */
async function create(store: ObjectStore, key: string): Promise<void> {
  await store.put(key, '{}\n', { ifNoneMatch: '*', contentType: 'application/json' });
}
