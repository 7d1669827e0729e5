import { expect, test } from 'vitest';
import { deadLetterKey } from '../../../lib/contract/object-keys.ts';
import { readDeadLetter } from '../../../lib/operate/runs/dead-letters.ts';
import { listRuns } from '../../../lib/operate/runs/list-runs.ts';
import { letter, Records } from '../records.ts';

test('runs come latest first, each with its latest execution and its number of dead letters', async () => {
  const records = new Records();
  await records.started('old');
  await records.execution(1, '2026-01-30T01:00:00.000Z', 'old');
  await records.ended(1, 'FAILED', '2026-01-30T01:10:00.000Z', 'old');
  await records.put(
    deadLetterKey({ pipeline: 'demo', run_id: 'old', execution: 1 }, 'first'),
    letter('demo/old/1/first', ''),
  );
  await records.started('new', '2026-01-31T01:00:00.000Z');
  const { runs } = await listRuns('demo', records);
  expect(runs).toEqual([
    {
      run_id: 'new',
      execution: 0,
      status: 'ABORTED',
      started_at: '2026-01-31T01:00:00.000Z',
      ended_at: null,
      dead_letters: 0,
      damaged: [],
    },
    {
      run_id: 'old',
      execution: 1,
      status: 'FAILED',
      started_at: '2026-01-30T01:00:00.000Z',
      ended_at: '2026-01-30T01:10:00.000Z',
      dead_letters: 1,
      damaged: [],
    },
  ]);
  expect((await listRuns('dem', records)).runs).toEqual([]);
});

test('dead letters are found by id with or without the name of the pipeline', async () => {
  const records = new Records();
  const first = letter('demo/r1/1/first', '2026-01-30T01:00:00.000Z');
  const whole = letter('demo/r1/12/_execution', '2026-01-31T01:00:00.000Z');
  for (const one of [first, whole]) await records.put(deadLetterKey(one, one.step), one);
  expect(await readDeadLetter(records.store, 'demo', 'demo/r1/1/first')).toEqual(first);
  expect(await readDeadLetter(records.store, 'demo', 'r1/12/_execution')).toEqual(whole);
});

test.each(['r1/1', 'r1/0/first', 'r1/1/../first', '../1/first', 'other/r1/1/first', 'r1/1/first/x', ''])(
  'the id %j names no dead letter',
  async (id) => {
    const records = new Records();
    const one = letter('demo/r1/1/first', '2026-01-30T01:00:00.000Z');
    await records.put(deadLetterKey(one, one.step), one);
    expect(await readDeadLetter(records.store, 'demo', id)).toBeNull();
  },
);
