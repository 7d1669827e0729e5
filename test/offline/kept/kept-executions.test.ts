import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openJournal } from '../../../lib/offline/kept/journal-file.ts';
import { type KeptExecution, KeptExecutions } from '../../../lib/offline/kept/kept-executions.ts';

const execution: KeptExecution = {
  pipeline: 'demo',
  run_id: 'r',
  arn: 'arn:aws:states:local:000000000000:execution:demo:one',
  name: 'one',
  started_at: '2026-01-01T00:00:00.000Z',
  input: { day: 1 },
  data: '/data.csv',
  definition: { StartAt: 'A' },
  steps: {},
};

async function keeper(): Promise<KeptExecutions> {
  const folder = await mkdtemp(join(tmpdir(), 'daybreak-kept-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return new KeptExecutions(folder);
}

test('the executions of a run come back in the order of their starts, and those of other runs stay out', async () => {
  const kept = await keeper();
  const later = { ...execution, name: 'a-later', started_at: '2026-01-02T00:00:00.000Z' };
  for (const each of [later, execution, { ...execution, run_id: 'r2' }]) await kept.keep(each);
  expect(await kept.ofRun({ pipeline: 'demo', run_id: 'r' })).toEqual([execution, later]);
});

test('each start and each redrive has one process, however many try at once', async () => {
  const kept = await keeper();
  await kept.keep(execution);
  for (let redrive = 0; redrive < 12; redrive += 1) {
    const begun = await Promise.all(Array.from({ length: 8 }, () => kept.begin(execution, redrive)));
    expect(begun.filter(Boolean)).toHaveLength(1);
    expect(await kept.stateOf(execution)).toMatchObject({ redrives: redrive, status: 'RUNNING' });
    await kept.end(execution, redrive, { status: 'FAILED', events: 7 + redrive });
    expect(await kept.stateOf(execution)).toMatchObject({ redrives: redrive, status: 'FAILED', events: 7 + redrive });
  }
});

test('an execution without an end whose process is gone is ABORTED since its last entry', async () => {
  const kept = await keeper();
  await kept.keep(execution);
  await kept.begin(execution, 0);
  const journal = openJournal(kept.journalOf(execution), () => ({ at: Date.UTC(2126, 0, 1), events: 42 }));
  journal.record({ type: 'opening', visit: '0', attempt: 0 });
  journal.close();
  const child = spawn('true');
  await once(child, 'exit');
  const start = join(dirname(kept.journalOf(execution)), 'starts/0.json');
  const record = JSON.parse(await readFile(start, 'utf8'));
  await writeFile(start, JSON.stringify({ ...record, pid: child.pid, identity: null }));
  expect(await kept.stateOf(execution)).toEqual({
    redrives: 0,
    status: 'ABORTED',
    startedAt: Date.UTC(2026, 0, 1),
    endedAt: Date.UTC(2126, 0, 1),
    events: 42,
  });
});

test('an execution that was kept and never begun is ABORTED: its process died between the two', async () => {
  const kept = await keeper();
  await kept.keep(execution);
  expect(await kept.stateOf(execution)).toMatchObject({ redrives: 0, status: 'ABORTED', events: 0 });
  await kept.begin(execution, 1);
  expect(await kept.stateOf(execution)).toMatchObject({ redrives: 1, status: 'RUNNING' });
});
