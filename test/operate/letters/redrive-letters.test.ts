import { expect, test, vi } from 'vitest';
import { InvalidInputError } from '../../../lib/contract/errors.ts';
import { deadLetterKey } from '../../../lib/contract/object-keys.ts';
import { letterStates } from '../../../lib/operate/letters/letter-states.ts';
import { redriveLetters } from '../../../lib/operate/letters/redrive-letters.ts';
import { RunRefusedError } from '../../../lib/operate/runs/run-refused-error.ts';
import type { RunReport } from '../../../lib/operate/runs/run-report.ts';
import { letter, Records } from '../records.ts';

/** Two failed runs, the older one with two letters. */
async function failed(): Promise<Records> {
  const records = new Records();
  for (const [run, day] of [
    ['r1', '30'],
    ['r2', '31'],
  ] as const) {
    await records.started(run);
    await records.execution(1, `2026-01-${day}T01:00:00.000Z`, run);
    await records.ended(1, 'FAILED', `2026-01-${day}T02:00:00.000Z`, run);
  }
  for (const [id, at] of [
    ['demo/r2/1/first', '2026-01-31T01:30:00.000Z'],
    ['demo/r1/1/second', '2026-01-30T01:40:00.000Z'],
    ['demo/r1/1/first', '2026-01-30T01:30:00.000Z'],
  ] as const) {
    const one = letter(id, at);
    await records.put(deadLetterKey(one, one.step), one);
  }
  return records;
}

const redrive = async (
  records: Records,
  resume: (runId: string) => Promise<RunReport>,
  { dryRun = false, signal = new AbortController().signal } = {},
) =>
  redriveLetters(await letterStates(records.store, 'demo'), {
    pipeline: 'demo',
    store: records.store,
    executions: records.executions,
    dryRun,
    signal,
    resume,
    explain: (error) => (error instanceof TypeError ? null : String(error)),
  });

test('each run is resumed once for all its letters, the one with the oldest letter first', async () => {
  const records = await failed();
  const resume = vi.fn(async (runId: string) => {
    if (runId === 'r1') {
      await records.execution(2, '2026-02-01T01:00:00.000Z');
      await records.outcome(2, 'first', { outcome: 'succeeded' });
    }
    return { status: 'FAILED', execution: 2 } as RunReport;
  });
  expect(await redrive(records, resume)).toMatchObject([
    {
      run_id: 'r1',
      dead_letters: ['demo/r1/1/first', 'demo/r1/1/second'],
      result: 'resumed',
      status: 'FAILED',
      execution: 2,
      open: ['demo/r1/1/second'],
    },
    { run_id: 'r2', dead_letters: ['demo/r2/1/first'], open: ['demo/r2/1/first'] },
  ]);
  expect(resume.mock.calls).toEqual([['r1'], ['r2']]);
});

test('a dry run resumes nothing', async () => {
  const resume = vi.fn();
  expect(await redrive(await failed(), resume, { dryRun: true })).toMatchObject([
    { result: 'planned' },
    { result: 'planned' },
  ]);
  expect(resume).not.toHaveBeenCalled();
});

test('a run that is held or cannot be resumed does not stop the others; a bug does', async () => {
  const records = await failed();
  await records.execution(2, '2026-02-01T01:00:00.000Z', 'r1');
  records.executions.set('arn:2', 'RUNNING');
  const refusing = await redrive(records, async () => Promise.reject(new RunRefusedError('taken')));
  expect(refusing).toMatchObject([
    { run_id: 'r1', result: 'held', reason: 'execution 2 of the run is still going' },
    { run_id: 'r2', result: 'held', reason: 'taken' },
  ]);
  const failing = await redrive(records, async () => Promise.reject(new Error('broken')));
  expect(failing).toMatchObject([{ result: 'held' }, { result: 'failed', reason: 'Error: broken' }]);
  await expect(redrive(records, async () => Promise.reject(new TypeError('bug')))).rejects.toThrow('bug');
});

test('letters that someone has closed meanwhile are left alone', async () => {
  const records = await failed();
  const resume = vi.fn(async () => {
    await records.execution(2, '2026-02-01T01:00:00.000Z', 'r2');
    await records.put('demo/runs/r2/executions/2/outcomes/first.json', { step: 'first', outcome: 'reused' });
    return { status: 'SUCCEEDED', execution: 2 } as RunReport;
  });
  const [, second] = await redrive(records, resume);
  expect(second).toMatchObject({ run_id: 'r2', result: 'closed', open: [] });
  expect(resume).toHaveBeenCalledTimes(1);
});

test('after an interrupt no further run is resumed', async () => {
  const stop = new AbortController();
  const resume = vi.fn(async () => {
    stop.abort();
    return { status: 'ABORTED', execution: 2 } as RunReport;
  });
  const done = await redrive(await failed(), resume, { signal: stop.signal });
  expect(done).toMatchObject([{ run_id: 'r1', result: 'resumed', status: 'ABORTED' }]);
  expect(resume).toHaveBeenCalledTimes(1);
});

test('a run whose input does not fit is left alone, with both ways out, and does not stop the others', async () => {
  const records = await failed();
  const done = await redrive(records, async (runId) => {
    if (runId === 'r1') throw new InvalidInputError('the input does not fit', ['/day: is missing']);
    return { status: 'SUCCEEDED', execution: 2 } as RunReport;
  });
  expect(done).toMatchObject([
    { run_id: 'r1', result: 'unfit', status: null, open: ['demo/r1/1/first', 'demo/r1/1/second'] },
    { run_id: 'r2', result: 'resumed' },
  ]);
  expect(done[0]?.reason?.split('\n').slice(2)).toEqual([
    'With another input: npx daybreak resume demo r1 --input @input.json',
    'To give it up: npx daybreak dlq dismiss demo r1/1/first r1/1/second --reason "wrong input"',
  ]);
});
