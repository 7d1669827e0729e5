import { beforeAll, describe, expect, test } from 'vitest';
import { indexBaseKey, listedRunKey } from '../../../lib/contract/index-keys.ts';
import { deadLetterKey, executionEndKey, executionKey, outcomeKey, runKey } from '../../../lib/contract/object-keys.ts';
import type { Outcome } from '../../../lib/contract/records/outcome.ts';
import { readHistory } from '../../../lib/operate/estimate/read-history.ts';
import {
  isOpen,
  letterIds,
  letterStates,
  letterStatesOf,
  openLetters,
} from '../../../lib/operate/letters/letter-states.ts';
import { listRuns, runIds, screenful } from '../../../lib/operate/runs/list-runs.ts';
import { readRun } from '../../../lib/operate/runs/read-run.ts';
import { MemoryObjectStore } from '../../../lib/ports/memory/memory-object-store.ts';
import type { ObjectStore } from '../../../lib/ports/ports.ts';
import { finalize } from '../../../lib/runtime/execution/finalize.ts';
import { prepare } from '../../../lib/runtime/execution/prepare.ts';
import { reconcile } from '../../../lib/runtime/execution/reconcile.ts';
import { readIncidents } from '../../../lib/runtime/incidents/keep-incidents.ts';
import { claimNumber, readExecutions } from '../../../lib/runtime/records/execution-number.ts';
import { listEnd, listLetter } from '../../../lib/runtime/records/index-entries.ts';
import { settle } from '../../../lib/runtime/records/settle.ts';
import { aRun, aStart, memoryWorld, type World } from '../../runtime/fixtures.ts';
import { countingStore } from '../counting-store.ts';
import { letter } from '../records.ts';

const pipeline = 'sales';
const timeOf = (number: number): string => new Date(Date.UTC(2026, 0, 1) + number * 60_000).toISOString();

/** Writes a run as its functions do: of every 20 runs one fails, and most of those are resumed. */
async function writeRun(store: ObjectStore, number: number): Promise<void> {
  const run = { pipeline, run_id: `run-${String(number).padStart(5, '0')}` };
  const fails = number % 20 === 0;
  await writeExecution(store, run, number, fails);
  if (fails && number % 1000 !== 0) await writeExecution(store, run, number, false);
}

async function writeExecution(
  store: ObjectStore,
  run: { readonly pipeline: string; readonly run_id: string },
  number: number,
  fails: boolean,
): Promise<void> {
  const history = await readExecutions(store, run);
  const claim = { execution_arn: `arn:${number}`, redrive_count: history.length, started_at: timeOf(number) };
  const record = await claimNumber(store, run, history, { ...claim, version: '1', input: {} });
  if (!record) throw new Error('the number is taken');
  const ref = { ...run, execution: record.execution };
  const input = {};
  await store.put(runKey(run), JSON.stringify({ ...run, created_at: timeOf(number), input, scheduled_time: null }));
  const kind = fails ? 'failed' : 'succeeded';
  const outcome = { step: 'load', outcome: kind, causes: [], manifest: null } as unknown as Outcome;
  await store.put(outcomeKey(ref, 'load'), JSON.stringify(outcome));
  if (fails) {
    await listLetter(store, ref, 'load', timeOf(number));
    const one = letter(`${pipeline}/${run.run_id}/${record.execution}/load`, timeOf(number));
    await store.put(deadLetterKey(ref, 'load'), JSON.stringify(one));
  }
  const end = { status: fails ? ('FAILED' as const) : ('SUCCEEDED' as const), ended_at: timeOf(number + 1) };
  await store.put(executionEndKey(ref), JSON.stringify({ execution: record.execution, ...end }));
  await listEnd(store, { run: { ...run, ...record }, end, outcomes: [outcome], letters: fails ? 1 : 0 });
}

describe('with 10,000 runs', () => {
  const world = memoryWorld();

  beforeAll(async () => {
    // An index that is whole from the beginning: no run is older than it.
    await world.store.put(indexBaseKey(pipeline), '{"format":1,"runs":[],"letters":[]}');
    for (let number = 1; number <= 10_000; number++) await writeRun(world.store, number);
  });

  test('a screenful of runs takes 12 requests: the base, one list, and two records of the latest five', async () => {
    const { store, counts } = countingStore(world.store);
    const { runs, more } = await listRuns(pipeline, { ...world, store }, screenful);
    expect(counts).toEqual({ get: 1 + 2 * 5, put: 0, list: 1 });
    expect(runs.map(({ run_id }) => run_id)).toEqual(
      Array.from({ length: 18 }, (_, index) => `run-${String(10_000 - index).padStart(5, '0')}`),
    );
    expect(runs[0]).toMatchObject({ status: 'FAILED', execution: 1, dead_letters: 1 });
    expect(more).toBe(true);
  });

  test('the latest run takes 4 requests', async () => {
    const { store, counts } = countingStore(world.store);
    await listRuns(pipeline, { ...world, store }, 1);
    expect(counts).toEqual({ get: 3, put: 0, list: 1 });
  });

  test('all runs take a list per 1,000 names, and records of the latest alone', async () => {
    const { store, counts } = countingStore(world.store);
    const { runs, older, more } = await listRuns(pipeline, { ...world, store });
    expect({ runs: runs.length, older, more }).toEqual({ runs: 10_000, older: 0, more: false });
    expect(counts).toEqual({ get: 1 + 2 * 5, put: 0, list: 21 });
    expect(runs.filter(({ status }) => status === 'FAILED')).toHaveLength(10);
    expect(runs.filter(({ dead_letters }) => dead_letters > 0)).toHaveLength(500);
  });

  test('open dead letters take a list of all letters, and a list and a record for each that is open', async () => {
    const { store, counts } = countingStore(world.store);
    const { states, closed } = await openLetters(store, pipeline, screenful);
    expect(states.map(({ letter: { run_id } }) => run_id)).toEqual(
      Array.from({ length: 10 }, (_, index) => `run-${String((index + 1) * 1000).padStart(5, '0')}`),
    );
    expect(closed).toBe(490);
    expect(counts).toEqual({ get: 1 + 10, put: 0, list: 1 + 10 });
  });

  test('a run that works takes 6 requests, so a list stays below 20', async () => {
    const { store, counts } = countingStore(world.store);
    const claim = { execution_arn: 'arn:live', redrive_count: 0, started_at: timeOf(20_000), version: '1', input: {} };
    const live = { pipeline, run_id: 'run-live' };
    await claimNumber(world.store, live, [], claim);
    world.executions.set('arn:live', 'RUNNING');
    const { runs } = await listRuns(pipeline, { ...world, store }, screenful);
    expect(runs[0]).toMatchObject({ run_id: 'run-live', status: 'RUNNING' });
    expect(counts.get + counts.put + counts.list).toBe(1 + 1 + 2 * 4 + 6);
    await world.store.delete(executionKey({ ...live, execution: 1 }));
    await world.store.delete(listedRunKey(live, { execution: 1, listed_at: timeOf(20_000), end: null }));
  });

  test.each([
    ['the line of a pipeline in status', 4 + 1 + 1 + 2 * 4, (store: ObjectStore) => lineOf(store)],
    ['dlq list', 2 + 2 * 8, (store: ObjectStore) => openLetters(store, pipeline, 8)],
    ['dlq show', 2 + 3, (store: ObjectStore) => latestLetter(store)],
    ['the incidents of a pipeline', 1, (store: ObjectStore) => readIncidents(store, pipeline)],
    ['the history for estimates', 1, (store: ObjectStore) => readHistory(store, pipeline)],
    ['the report of a run that was resumed', 8, (store: ObjectStore) => reportOf(store)],
    ['the ids near an unknown run', 2, (store: ObjectStore) => runIds(store, pipeline)],
  ])('%s takes %i requests', async (_, most, command) => {
    const { store, counts } = countingStore(world.store);
    await command(store);
    expect(counts.get + counts.put + counts.list).toBe(most);
    expect(most).toBeLessThanOrEqual(20);
  });

  const lineOf = async (store: ObjectStore) => {
    await listRuns(pipeline, { ...world, store }, 1);
    await openLetters(store, pipeline, 4);
  };
  const latestLetter = async (store: ObjectStore) => {
    const ids = await letterIds(store, pipeline, 1);
    const [state] = await letterStatesOf(store, pipeline, ids);
    expect(state?.letter.run_id).toBe('run-10000');
  };
  const reportOf = async (store: ObjectStore) => {
    const report = await readRun(store, { name: pipeline, steps: ['load'] }, 'run-09980', world.executions);
    expect(report).toMatchObject({ status: 'SUCCEEDED', execution: 2 });
  };

  test('Finalize and Reconcile of a resumed run look at no other run', async () => {
    const run = { ...aRun({ run_id: 'run-10000', execution: 2, execution_arn: 'arn:10000b' }), pipeline };
    const claim = {
      execution_arn: 'arn:10000b',
      redrive_count: 0,
      started_at: timeOf(10_001),
      version: '1',
      input: {},
    };
    await claimNumber(world.store, run, await readExecutions(world.store, run), claim);
    const outcome = { step: 'load', outcome: 'succeeded', causes: [], manifest: null } as unknown as Outcome;
    await settle(world.store, run, outcome);
    const copy = new MemoryObjectStore();
    for await (const { key } of world.store.list(`${pipeline}/`)) {
      const found = await world.store.get(key);
      if (found) await copy.put(key, found.body);
    }
    const ended = countingStore(world.store);
    await finalize({ run, redrive_count: 0, steps: [{ name: 'load' }] }, { ...world, store: ended.store });
    expect(sum(ended.counts)).toBeLessThanOrEqual(20);
    const died = countingStore(copy);
    const detail = { executionArn: 'arn:10000b', name: 'run-10000', status: 'ABORTED', startDate: 1 } as const;
    const input = JSON.stringify({ daybreak: { run_id: 'run-10000' } });
    const stopDate = Date.parse(timeOf(10_002));
    await reconcile({ pipeline, detail: { ...detail, input, stopDate } }, { ...world, store: died.store });
    expect(sum(died.counts)).toBeLessThanOrEqual(20);
  });

  const sum = ({ get, put, list }: { get: number; put: number; list: number }): number => get + put + list;

  test('a start, and a resume of a run that failed, look at no other run', async () => {
    const { store, counts } = countingStore(world.store);
    world.executions.set('arn:1', 'RUNNING');
    const overlap = { overlap: { policy: 'skip' as const } };
    await prepare(aStart({ pipeline: overlap }), { ...world, store });
    expect(counts.get + counts.put + counts.list).toBe(6);
    const input = { daybreak: { run_id: 'run-09000' } };
    await prepare(aStart({ arn: 'arn:x', input }), { ...world, store });
    expect(counts.get + counts.put + counts.list).toBe(6 + 10);
  });
});

/** A run of two steps, of which `load` ends so; with its end, or without. */
async function execute(world: World, arn: string, kind: Outcome['outcome'], ends = true) {
  world.executions.set(arn, 'RUNNING');
  const daybreak = { run_id: 'r1' };
  const prepared = await prepare(aStart({ arn, input: { daybreak } }), world);
  if (!('run' in prepared)) throw new Error('refused');
  const { run } = prepared;
  const causes = kind === 'failed' ? ['load'] : [];
  const ended_at = '2026-02-01T01:00:05.000Z';
  const outcome = { step: 'load', outcome: kind, execution: run.execution, causes, attempts: 1, ended_at };
  await settle(world.store, run, { ...outcome, manifest: null, digest: null, failure: null, started_at: null });
  const steps = [{ name: 'load' }];
  if (ends) await finalize({ run, redrive_count: 0, steps }, world).catch(() => undefined);
  world.executions.set(arn, ends ? 'SUCCEEDED' : 'ABORTED');
  return run;
}

/** The index is there before the first run. */
async function emptyWorld(): Promise<World> {
  const world = memoryWorld();
  await world.store.put(indexBaseKey(pipeline), '{"format":1,"runs":[],"letters":[]}');
  return world;
}

const rows = async (world: World) => (await listRuns(pipeline, world)).runs;
const openIds = async ({ store }: World) => (await openLetters(store, pipeline)).states.map(({ letter: { id } }) => id);

test('the functions of the platform enter starts, ends, letters and their closings', async () => {
  const world = await emptyWorld();
  await execute(world, 'arn:1', 'failed');
  expect(await rows(world)).toMatchObject([{ run_id: 'r1', execution: 1, status: 'FAILED', dead_letters: 1 }]);
  expect(await openIds(world)).toEqual(['sales/r1/1/load']);
  await execute(world, 'arn:2', 'succeeded');
  expect(await rows(world)).toMatchObject([{ run_id: 'r1', execution: 2, status: 'SUCCEEDED', dead_letters: 1 }]);
  const { store, counts } = countingStore(world.store);
  expect(await openLetters(store, pipeline)).toEqual({ states: [], older: 0, closed: 1, damaged: [] });
  expect(counts).toEqual({ get: 1, put: 0, list: 1 });
});

test.each(['the start', 'the end'])('a crash right after %s leaves a list that is right', async (moment) => {
  const world = await emptyWorld();
  await execute(world, 'arn:1', 'succeeded');
  if (moment === 'the start') {
    // The entry of execution 2 is there, its record is not.
    const put = world.store.put.bind(world.store);
    world.store.put = (key, ...rest) =>
      key.endsWith('/executions/2.json') ? Promise.reject(new Error('killed')) : put(key, ...rest);
    await expect(execute(world, 'arn:2', 'succeeded')).rejects.toThrow('killed');
    world.store.put = put;
    expect(await rows(world)).toMatchObject([{ execution: 1, status: 'SUCCEEDED' }]);
    return;
  }
  const run = await execute(world, 'arn:2', 'failed', false);
  const end = { execution: 2, status: 'FAILED', ended_at: '2026-02-01T01:00:09.000Z', failed: ['load'], blocked: [] };
  await world.store.put(executionEndKey(run), JSON.stringify({ ...end, failure: null }));
  expect(await rows(world)).toMatchObject([{ execution: 2, status: 'FAILED', ended_at: end.ended_at }]);
});

test('an execution that died before it settled anything does not hide the success before it', async () => {
  const world = await emptyWorld();
  await execute(world, 'arn:1', 'succeeded');
  const detail = {
    executionArn: 'arn:2',
    name: 'name-of-arn-2',
    status: 'ABORTED' as const,
    startDate: Date.parse('2026-01-30T00:00:00.000Z'),
    stopDate: Date.parse('2026-01-30T00:00:01.000Z'),
    input: JSON.stringify({ daybreak: { run_id: 'r1' } }),
  };
  await reconcile({ pipeline, detail }, world);
  expect(await rows(world)).toMatchObject([{ execution: 1, status: 'SUCCEEDED', dead_letters: 1 }]);
  expect(await openIds(world)).toEqual([]);
});

test('two starts that compete for a number leave one run with the right end', async () => {
  const world = await emptyWorld();
  await execute(world, 'arn:1', 'failed');
  const again = [execute(world, 'arn:2', 'failed'), execute(world, 'arn:3', 'succeeded')];
  await Promise.allSettled(again);
  const [row, ...others] = await rows(world);
  const records = await readExecutions(world.store, aRun());
  expect(others).toEqual([]);
  expect(row?.execution).toBe(records.length);
});

test('a store of an older version is read whole once, and has an index from then on', async () => {
  const whole = await emptyWorld();
  for (let number = 980; number <= 1001; number++) await writeRun(whole.store, number);
  const world = memoryWorld();
  for await (const { key } of whole.store.list(''))
    if (!key.startsWith('sales/index/')) await world.store.put(key, (await whole.store.get(key))?.body ?? '');
  const expected = await rows(whole);
  expect(expected).toHaveLength(22);
  expect(await rows(world)).toEqual(expected);
  const { store, counts } = countingStore(world.store);
  expect((await listRuns(pipeline, { ...world, store })).runs).toEqual(expected);
  expect(counts).toEqual({ get: 1 + 2 * 5, put: 0, list: 1 });
  expect(await openIds(world)).toEqual(['sales/run-01000/1/load']);
  // Runs that come after it join it.
  await writeRun(world.store, 1002);
  expect((await runIds(world.store, pipeline)).slice(0, 2)).toEqual(['run-01002', 'run-01001']);
  expect((await letterStates(world.store, pipeline)).map((state) => isOpen(state))).toEqual([false, true]);
});

test('a damaged base is replaced, and a store that cannot be written is read whole', async () => {
  const world = await emptyWorld();
  for (let number = 1; number <= 12; number++) await writeRun(world.store, number);
  const expected = await rows(world);
  await world.store.put(indexBaseKey(pipeline), '{"format":1,"runs":[');
  const put = world.store.put.bind(world.store);
  world.store.put = () => Promise.reject(new Error('AccessDenied'));
  expect(await rows(world)).toEqual(expected);
  world.store.put = put;
  expect(await rows(world)).toEqual(expected);
  const base = await world.store.get(indexBaseKey(pipeline));
  expect(JSON.parse(Buffer.from(base?.body ?? '').toString())).toMatchObject({ format: 1 });
});

test('a damaged record of a run is named, and the other runs are shown', async () => {
  const world = await emptyWorld();
  for (let number = 1; number <= 3; number++) await writeRun(world.store, number);
  const ref = { pipeline, run_id: 'run-00002', execution: 1 };
  for (const key of [executionKey(ref), executionEndKey(ref)]) {
    const before = await world.store.get(key);
    await world.store.put(key, '');
    expect((await rows(world)).map(({ run_id, status, damaged }) => [run_id, status, damaged])).toEqual([
      ['run-00003', 'SUCCEEDED', []],
      ['run-00002', 'SUCCEEDED', [key]],
      ['run-00001', 'SUCCEEDED', []],
    ]);
    await world.store.put(key, before?.body ?? '');
  }
});
