import { expect, test } from 'vitest';
import { deadLetterKey, progressKey } from '../../../lib/contract/object-keys.ts';
import { letterStatesOfRun } from '../../../lib/operate/letters/letter-states.ts';
import { listRuns } from '../../../lib/operate/runs/list-runs.ts';
import { readRun } from '../../../lib/operate/runs/read-run.ts';
import { arnOf, letter, pipeline, Records, run } from '../records.ts';

const read = (records: Records, known = pipeline) => readRun(records.store, known, 'r1', records.executions);

test('a run that no one started is null', async () => {
  expect(await read(new Records())).toBeNull();
});

test('a complete run is read with results, and with datasets and files of the manifests that its outcomes name', async () => {
  const records = new Records();
  await records.started();
  await records.execution(1, '2026-01-31T01:00:00.500Z');
  await records.manifest('first', 'f1', 7);
  await records.outcome(1, 'first');
  await records.outcome(1, 'second', { outcome: 'skipped', manifest: null, attempts: 0, started_at: null });
  await records.ended(1, 'SUCCEEDED', '2026-01-31T01:00:09.000Z');
  const url = 'memory:///store/demo/runs/r1/data/first/1-1-x';
  expect(await read(records)).toEqual({
    pipeline: 'demo',
    run_id: 'r1',
    damaged: [],
    execution: 1,
    status: 'SUCCEEDED',
    started_at: '2026-01-31T01:00:00.500Z',
    ended_at: '2026-01-31T01:00:09.000Z',
    input: { day: 1 },
    failure: null,
    steps: [
      {
        step: 'first',
        outcome: 'succeeded',
        attempts: 1,
        started_at: '2026-01-31T01:00:01.000Z',
        ended_at: '2026-01-31T01:00:03.000Z',
        result: { rows: 7 },
        failure: null,
        causes: [],
        datasets: { rows: { rows: 7, bytes: 10, paths: [`${url}/rows/part-00000.parquet`] } },
        files: { 'page.html': { bytes: 5, path: `${url}/page.html` } },
      },
      {
        step: 'second',
        outcome: 'skipped',
        attempts: 0,
        started_at: null,
        ended_at: '2026-01-31T01:00:03.000Z',
        result: null,
        failure: null,
        causes: [],
        datasets: {},
        files: {},
      },
    ],
    dead_letters: [],
    store: 'memory:///store',
  });
});

test('a manifest that no outcome names is not shown', async () => {
  const records = new Records();
  await records.started();
  await records.execution(1, '2026-01-31T01:00:00.000Z');
  await records.manifest('first', 'f1', 7);
  expect((await read(records))?.steps[0]).toMatchObject({ outcome: 'pending', result: null, datasets: {}, files: {} });
});

test('the latest execution counts, by number and not by text', async () => {
  const records = new Records();
  await records.started();
  for (const n of [1, 2, 9, 10]) await records.execution(n, `2026-01-31T02:00:${String(n).padStart(2, '0')}.000Z`);
  await records.outcome(9, 'first');
  await records.ended(9, 'FAILED', '2026-01-31T02:01:00.000Z');
  expect(await read(records)).toMatchObject({ execution: 10, ended_at: null, steps: [{ outcome: 'pending' }, {}] });
});

test.each([
  ['RUNNING', 'RUNNING'],
  ['TIMED_OUT', 'TIMED_OUT'],
  ['ABORTED', 'ABORTED'],
  ['FAILED', 'FAILED'],
  [null, 'ABORTED'],
] as const)('without an end record an execution that Step Functions calls %s is %s', async (known, status) => {
  const records = new Records();
  await records.execution(1, '2026-01-31T01:00:00.000Z');
  if (known) records.executions.set(arnOf(1), known);
  expect((await read(records))?.status).toBe(status);
});

test('a run killed after any of its records shows the existing ones', async () => {
  const records = new Records();
  const writes = [
    () => records.execution(1, '2026-01-31T01:00:00.000Z'),
    () => records.started(),
    () => records.manifest('first', 'f1', 7),
    () => records.outcome(1, 'first'),
    () => records.outcome(1, 'second', { outcome: 'failed', manifest: null, causes: ['second'] }),
  ];
  const seen: (string | undefined)[] = [];
  for (const write of writes) {
    await write();
    const report = await read(records);
    expect(report?.status).toBe('ABORTED');
    seen.push(report?.steps.map(({ outcome }) => outcome).join(' '));
  }
  expect(seen).toEqual([
    'pending pending',
    'pending pending',
    'pending pending',
    'succeeded pending',
    'succeeded failed',
  ]);
});

test('progress shows that a pending step has started, but progress of an earlier execution does not count', async () => {
  const records = new Records();
  await records.execution(2, '2026-01-31T01:00:00.000Z');
  const progress = { step: 'x', attempt: 2, updated_at: '', first_started_at: '2026-01-31T01:00:04.000Z' };
  await records.put(progressKey(run, 'first'), { ...progress, execution: 2 });
  await records.put(progressKey(run, 'second'), { ...progress, execution: 1 });
  expect((await read(records))?.steps).toMatchObject([
    { outcome: 'pending', attempts: 2, started_at: '2026-01-31T01:00:04.000Z', ended_at: null },
    { outcome: 'pending', attempts: 0, started_at: null },
  ]);
});

test('steps that the template no longer has come after its own', async () => {
  const records = new Records();
  await records.execution(1, '2026-01-31T01:00:00.000Z');
  await records.outcome(1, 'ancient', { manifest: null });
  expect((await read(records))?.steps.map(({ step }) => step)).toEqual(['first', 'second', 'ancient']);
});

test('a success counts until a later execution is running or has settled something', async () => {
  const records = new Records();
  await records.started();
  await records.execution(1, '2026-01-31T01:00:00.500Z');
  await records.ended(1, 'SUCCEEDED', '2026-01-31T01:00:09.000Z');
  // It died before Prepare, and was reconciled after the first had ended.
  await records.execution(2, '2026-01-31T01:00:00.100Z');
  await records.ended(2, 'ABORTED', '2026-01-31T01:00:00.200Z');
  await records.put(deadLetterKey({ ...run, execution: 2 }, '_execution'), letter('demo/r1/2/_execution', 'x'));
  expect(await read(records)).toMatchObject({ execution: 1, status: 'SUCCEEDED' });
  expect((await listRuns('demo', records)).runs).toMatchObject([{ status: 'SUCCEEDED' }]);
  expect(await letterStatesOfRun(records.store, run)).toMatchObject([{ closedBy: 1 }]);

  await records.execution(3, '2026-01-31T02:00:00.000Z');
  records.executions.set(arnOf(3), 'RUNNING');
  expect(await read(records)).toMatchObject({ execution: 3, status: 'RUNNING' });
  records.executions.set(arnOf(3), 'ABORTED');
  expect(await read(records)).toMatchObject({ execution: 1, status: 'SUCCEEDED' });
  await records.outcome(3, 'first');
  expect(await read(records)).toMatchObject({ execution: 3, status: 'ABORTED' });
});
