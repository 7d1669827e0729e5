import {
  indexBaseKey,
  type ListedExecution,
  listedLettersPrefix,
  listedRunsPrefix,
  parseListedLetter,
  parseListedRun,
} from '../../contract/index-keys.ts';
import { deadLetterKey, executionEndKey, executionKey } from '../../contract/object-keys.ts';
import type { DeadLetter } from '../../contract/records/dead-letter.ts';
import type { ExecutionEnd, ExecutionRecord } from '../../contract/records/execution.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { listEnd, listExecution, listLetter } from '../../runtime/records/index-entries.ts';
import type { IndexBase } from '../runs/gather-base.ts';
import { parseBase } from '../runs/pipeline-index.ts';
import { executionNumbers, outcomesOf } from './examine-run.ts';
import type { Finding } from './finding.ts';
import { recordAt, type Snapshot } from './snapshot.ts';

/** All entries of an index, for a doctor. */
export interface WholeIndex {
  /** By run. */
  readonly runs: ReadonlyMap<string, readonly ListedExecution[]>;
  /** Keys of the letters. */
  readonly letters: ReadonlySet<string>;
  /** Null for a store without an index, which needs no entries. */
  readonly base: IndexBase | null;
  readonly findings: readonly Finding[];
}

export async function readWholeIndex(store: ObjectStore, pipeline: string): Promise<WholeIndex> {
  const key = indexBaseKey(pipeline);
  const kept = await store.get(key);
  const base = kept && parseBase(kept.body);
  const runNames = [...(base?.runs ?? []), ...(await namesBelow(store, listedRunsPrefix(pipeline)))];
  const letterNames = [...(base?.letters ?? []), ...(await namesBelow(store, listedLettersPrefix(pipeline)))];
  const letters = letterNames.flatMap((name) => {
    const letter = parseListedLetter(name);
    return letter && !letter.closed ? [deadLetterKey({ ...letter, pipeline }, letter.step)] : [];
  });
  return {
    runs: Map.groupBy(
      runNames.flatMap((name) => parseListedRun(name) ?? []),
      ({ run_id }) => run_id,
    ),
    letters: new Set(letters),
    base,
    findings: kept && !base ? [{ key, kind: 'index', fault: 'it is not what was written' }] : [],
  };
}

async function namesBelow(store: ObjectStore, prefix: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { key } of store.list(prefix)) names.push(key.slice(prefix.length));
  return names;
}

/** Records of a run that the index lacks. */
export function missingEntries(snapshot: Snapshot, { runs, letters, base }: WholeIndex): Finding[] {
  if (!base) return [];
  const last = executionNumbers(snapshot).at(-1) ?? 0;
  const listed = runs.get(snapshot.run.run_id) ?? [];
  const isListed = last === 0 || listed.some(({ execution }) => execution >= last);
  const record = executionKey({ ...snapshot.run, execution: last });
  const fault = 'the index does not have it';
  return [
    ...(isListed ? [] : [{ key: record, kind: 'index', fault }]),
    ...[...snapshot.intact.keys()]
      .filter((key) => key.includes('/dead-letters/') && !letters.has(key))
      .map((key) => ({ key, kind: 'index', fault })),
  ];
}

/** Enters the executions and dead letters of a run. */
export async function enterRun(store: ObjectStore, snapshot: Snapshot): Promise<void> {
  for (const execution of executionNumbers(snapshot)) {
    const ref = { ...snapshot.run, execution };
    const record = recordAt<ExecutionRecord>(snapshot, executionKey(ref));
    const end = recordAt<ExecutionEnd>(snapshot, executionEndKey(ref));
    if (!record) continue;
    await listExecution(store, snapshot.run, record, null);
    const outcomes = outcomesOf(snapshot, execution);
    const letters = [...snapshot.intact].flatMap(([key, document]) =>
      key.startsWith(deadLetterKey(ref, '').replace(/\.json$/, '')) ? [document as DeadLetter] : [],
    );
    for (const { step, failed_at } of letters) await listLetter(store, ref, step, failed_at);
    const run = { ...snapshot.run, ...record };
    if (end) await listEnd(store, { run, end, outcomes, letters: letters.length });
  }
}
