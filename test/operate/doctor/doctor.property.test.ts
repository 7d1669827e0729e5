import { beforeAll, expect, test } from 'vitest';
import { indexBaseKey } from '../../../lib/contract/index-keys.ts';
import { Chance } from '../../../lib/offline/faults/chance.ts';
import { type Diagnosis, examine } from '../../../lib/operate/doctor/doctor.ts';
import { letterStates, openLetters } from '../../../lib/operate/letters/letter-states.ts';
import { listRuns } from '../../../lib/operate/runs/list-runs.ts';
import { readRun } from '../../../lib/operate/runs/read-run.ts';
import { MemoryExecutions } from '../../../lib/ports/memory/memory-executions.ts';
import { MemoryObjectStore } from '../../../lib/ports/memory/memory-object-store.ts';
import { readExecutions } from '../../../lib/runtime/records/execution-number.ts';
import { keys } from '../../runtime/fixtures.ts';
import { type Author, fails, Runs, writes } from '../world-of-runs.ts';

const author = (name: string, dependencies: string[], handler: Author['handler']): Author => ({
  name,
  dependencies,
  code: handler === fails ? 'broken' : 'code',
  initialization: {},
  handler,
});

const steps = (handler: Author['handler']): Author[] => [
  author('orders', [], writes('orders')),
  author('users', [], handler),
  author('joined', ['orders', 'users'], writes('joined')),
];

/** A run with a failed, a killed and a successful execution: every kind of record that a run can leave but marks, waits and checkpoints. */
const runs = new Runs();
const marks = 'test/runs/r/steps/orders/once/0a.json';

beforeAll(async () => {
  const { store } = runs.world;
  await store.put(indexBaseKey('test'), '{"format":1,"runs":[],"letters":[]}');
  await runs.execute(steps(fails));
  await runs.execute(steps(writes('users')), { until: 1 });
  await runs.execute(steps(writes('users')));
  await store.put(marks, '{"key":"told","done_at":"2026-02-01T01:00:00.000Z","execution":1,"attempt":1}');
  const wait = { token: 't', rank: [0, '2026-02-01T01:00:00.000Z', 0] };
  await store.put('test/runs/r/executions/3/waits/joined.json', JSON.stringify(wait));
  const attempts = { step_errors: 1, rested: 0, time_outs: 0, platform: 0, counted: null };
  await store.put('test/runs/r/executions/3/attempts/joined.json', JSON.stringify(attempts));
});

async function copyOf(store: MemoryObjectStore): Promise<MemoryObjectStore> {
  const copy = new MemoryObjectStore();
  for (const key of await keys(store)) await copy.put(key, (await store.get(key))?.body ?? '');
  return copy;
}

const damages = ['empty', 'half', 'shape', 'list'] as const;

function damaged(body: Uint8Array, how: (typeof damages)[number], isRecord: boolean): Uint8Array | string {
  if (!isRecord) return how === 'empty' ? '' : Buffer.concat([body, Buffer.from('x')]);
  if (how === 'empty') return '';
  if (how === 'half') return Buffer.from(body.subarray(0, body.length / 2));
  return how === 'shape' ? '{"something":"else"}' : '[]';
}

const diagnose = (store: MemoryObjectStore, repair: boolean): Promise<Diagnosis> =>
  examine({ store, pipeline: 'test', runId: null, repair, now: Date.UTC(2026, 1, 2), remembered: async () => [] });

const keysOf = ({ findings }: Diagnosis): string[] => findings.map(({ key }) => key).sort();

test('a run as it was written has nothing to find', async () => {
  expect((await diagnose(runs.world.store, false)).findings).toEqual([]);
});

test('a doctor finds exactly what was damaged; after a repair every command works, and no dataset is lost', async () => {
  const everything = (await keys(runs.world.store)).filter((key) => !/\/index\/(runs|letters)\//.test(key));
  const kinds = new Set<string>();
  for (let seed = 0; seed < 60; seed++) {
    const chance = new Chance(seed);
    const store = await copyOf(runs.world.store);
    const rate = seed === 0 ? 1 : chance.roll('rate') ** 2;
    const struck = everything.filter((key) => chance.roll(`strikes ${key}`) < rate);
    for (const key of struck) {
      const how = chance.pick(`how ${key}`, damages);
      // Nothing in a mark is needed but that it is there.
      const told = key === marks && how === 'shape' ? 'list' : how;
      await store.put(key, damaged((await store.get(key))?.body ?? new Uint8Array(), told, !key.includes('/data/')));
    }
    const before = await copyOf(store);
    // Data is checked by its manifest: where that is damaged too, no one can tell.
    const unreadable = struck.filter((key) => key.includes('/manifests/')).map((key) => key.split('/')[4]);
    const due = struck.filter((key) => !(key.includes('/data/') && unreadable.includes(key.split('/')[4])));
    const found = await diagnose(store, false);
    expect(keysOf(found), `seed ${seed}`).toEqual(due.sort());
    for (const { kind } of found.findings) kinds.add(kind);

    await diagnose(store, true);
    const left = await diagnose(store, false);
    expect(keysOf(left), `seed ${seed} after the repair`).toEqual(due.filter((key) => key.includes('/data/')));
    await checkCommands(store);
    await checkNothingLost(store, before);
  }
  expect([...kinds].sort()).toEqual(
    [
      [
        'attempts',
        'data',
        'dead letter',
        'end',
        'execution',
        'history',
        'index',
        'lease',
        'manifest',
        'mark of a sent letter',
      ],
      ['mark of an effect', 'next', 'outcome', 'progress', 'run', 'wait'],
    ].flat(),
  );
});

/** Reads the run as commands do. */
async function checkCommands(store: MemoryObjectStore): Promise<void> {
  const executions = new MemoryExecutions();
  const list = await listRuns('test', { store, executions });
  expect(list.runs).toMatchObject([{ run_id: 'r', status: 'SUCCEEDED', execution: 3, damaged: [] }]);
  const report = await readRun(store, { name: 'test', steps: [] }, 'r', executions);
  expect(report).toMatchObject({ status: 'SUCCEEDED', damaged: [] });
  expect(await readExecutions(store, { pipeline: 'test', run_id: 'r' })).toHaveLength(3);
  const damagedLetters: string[] = [];
  await letterStates(store, 'test', damagedLetters);
  expect(damagedLetters).toEqual([]);
  expect((await openLetters(store, 'test')).states).toEqual([]);
}

/** Every object that was there is there, or in a copy, with the same bytes; data and whole manifests are where they were. */
async function checkNothingLost(store: MemoryObjectStore, before: MemoryObjectStore): Promise<void> {
  for (const key of await keys(before)) {
    const was = await before.get(key);
    const there = [key, `test/set-aside/20260202T000000Z/${key.slice('test/'.length)}`];
    const now = await Promise.all(there.map((one) => store.get(one)));
    expect(
      now.map((one) => one?.etag),
      key,
    ).toContain(was?.etag);
  }
}

test('a run that was damaged and repaired is resumed to its end', async () => {
  const { store } = runs.world;
  const kept = await copyOf(store);
  for (const key of await keys(store, 'test/runs/r/executions/')) await store.put(key, '');
  await store.put('test/runs/r/run.json', '{');
  await store.put((await keys(store, 'test/leases/'))[0] ?? '', '');
  await expect(runs.execute(steps(writes('users')))).rejects.toThrow(/executions\/1\.json is damaged: its 0 bytes/);
  await diagnose(store, true);
  expect(await runs.execute(steps(writes('users')))).toEqual({ orders: 'reused', users: 'reused', joined: 'reused' });
  for (const key of await keys(kept)) await store.put(key, (await kept.get(key))?.body ?? '');
});
