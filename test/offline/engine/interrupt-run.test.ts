import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { interruptRun } from '../../../lib/offline/engine/interrupt-run.ts';
import { KeptExecutions } from '../../../lib/offline/kept/kept-executions.ts';
import { localFolders } from '../../../lib/offline/kept/local-folders.ts';
import { recordExecution } from '../../../lib/ports/folder/folder-executions.ts';
import { stopReason } from '../../../lib/ports/folder/stop-requests.ts';
import { SystemClock } from '../../../lib/ports/system-clock.ts';
import { newFolder } from '../../ports/folder/new-folder.ts';

const run = { pipeline: 'demo', run_id: 'r1' };
const arn = 'arn:aws:states:local:000000000000:execution:demo:r1';
const kill = process.kill.bind(process);
const wait = (mostMs: number) => ({
  clock: new SystemClock(),
  everyMs: 1,
  mostMs,
  signal: new AbortController().signal,
});

/** An execution that this process works on; `onSignal` is what its engine does on SIGINT. */
async function working(onSignal: (folder: string) => Promise<void>) {
  const storeFolder = await newFolder();
  const { executions: folder, kept } = localFolders(storeFolder, 'demo');
  const keeper = new KeptExecutions(kept);
  const facts = { name: 'r1', started_at: new Date().toISOString(), input: {}, data: null, definition: {}, steps: {} };
  const execution = { ...run, arn, ...facts };
  await keeper.keep(execution);
  await keeper.begin(execution, 0);
  await recordExecution(folder, arn, { status: 'RUNNING', pid: process.pid });
  const signals: unknown[] = [];
  vi.spyOn(process, 'kill').mockImplementation((pid, signal) => {
    if (signal === 0) return kill(pid, 0);
    signals.push([pid, signal]);
    void onSignal(folder).then(() => keeper.end(execution, 0, { status: 'ABORTED', events: 1 }));
    return true;
  });
  return { storeFolder, folder, signals };
}

afterEach(() => vi.restoreAllMocks());

test.runIf(process.platform === 'linux')(
  'the engine gets one signal and the reason, and the stop waits for its record',
  async () => {
    const seen: (string | null)[] = [];
    const { storeFolder, signals } = await working(async (folder) => {
      seen.push(await stopReason(folder, arn));
      await recordExecution(folder, arn, { status: 'ABORTED', pid: process.pid });
    });
    expect(await interruptRun(run, 'wrong day', storeFolder, wait(60_000))).toBe('stopped');
    expect({ signals, seen }).toEqual({ signals: [[process.pid, 'SIGINT']], seen: ['wrong day'] });
    expect(await interruptRun(run, 'wrong day', storeFolder, wait(60_000))).toBe('idle');
    expect(signals).toHaveLength(1);
  },
);

test.runIf(process.platform === 'linux')(
  'a second stop of an engine that still ends sends no second signal, which would kill it',
  async () => {
    const { storeFolder, signals } = await working(() => new Promise(() => undefined));
    expect(await interruptRun(run, null, storeFolder, wait(20))).toBe('running');
    expect(await interruptRun(run, null, storeFolder, wait(20))).toBe('running');
    expect(signals).toHaveLength(1);
  },
);

test('a run of another host is refused with the name of the host, and no process gets a signal', async () => {
  const { storeFolder, folder, signals } = await working(async () => undefined);
  const [name = ''] = (await readdir(folder)).filter((each) => each.endsWith('.json'));
  const record = JSON.parse(await readFile(join(folder, name), 'utf8'));
  await writeFile(join(folder, name), JSON.stringify({ ...record, place: 'otherhost pid:[1] a-boot' }));
  await expect(interruptRun(run, null, storeFolder, wait(20))).rejects.toMatchObject({
    code: 'STOP_REFUSED',
    message: expect.stringMatching(
      `^run r1 was not stopped: process ${process.pid} works on it on host otherhost, and this is host .+: give the command there$`,
    ),
  });
  expect(signals).toEqual([]);
});

test('a run that no process works on is idle', async () => {
  expect(await interruptRun(run, null, await newFolder(), wait(0))).toBe('idle');
});
