import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { errorNames } from '../../../lib/contract/error-names.ts';
import { Chance } from '../../../lib/offline/faults/chance.ts';
import { type FaultKind, faultNames } from '../../../lib/offline/faults/fault-kinds.ts';
import { Faults } from '../../../lib/offline/faults/faults.ts';
import { Watch } from '../../../lib/offline/faults/watch.ts';
import { FaultyStore } from '../../../lib/offline/faults/world/faulty-store.ts';
import { Life } from '../../../lib/offline/faults/world/life.ts';
import { Scope } from '../../../lib/offline/faults/world/scope.ts';
import { World } from '../../../lib/offline/faults/world/world.ts';
import { newFolder } from '../../ports/folder/new-folder.ts';

const key = 'p/runs/r/data/extract/1-1-i/orders/part-00000.parquet';

/** A store in which every fault of these kinds strikes, and no other. */
const open = (...kinds: readonly FaultKind[]) => {
  const chance = new Chance(1);
  const rates = Object.fromEntries(faultNames.map((kind) => [kind, kinds.includes(kind) ? 1 : 0]));
  const faults = new Faults(chance, rates);
  const world = new World(new Watch());
  const actor = {
    label: 'step 1',
    fn: 'F',
    step: 'extract',
    definition: null,
    invocation: 'i',
    event: null,
    beganAt: 0,
  };
  const scope = new Scope({ world, chance, faults, loud: true }, actor, { engine: new Life(), timeoutMs: 60_000 });
  faults.start();
  return { store: new FaultyStore(scope), world, counts: () => faults.counts };
};

const fileWith = async (text: string): Promise<string> => {
  const file = join(await newFolder(), 'file');
  await writeFile(file, text);
  return file;
};

test('a file goes into the world and comes back, and takes virtual time alone', async () => {
  const { store, world } = open();
  const file = await fileWith('content');
  const before = world.clock.now();
  await world.clock.run(store.upload(key, file));
  expect(await world.clock.run(store.download(key, `${file}.down`))).toBe(true);
  expect(await readFile(`${file}.down`, 'utf8')).toBe('content');
  expect(await world.clock.run(store.download('p/none', `${file}.none`))).toBe(false);
  expect(world.clock.now()).toBeGreaterThan(before);
  expect(world.trace.map((line) => line.replace(/^ *[\d.]+ s {2}/, ''))).toEqual([
    `step 1: upload ${key} -> done`,
    `step 1: download ${key} -> found`,
    'step 1: download p/none -> none',
  ]);
});

test.each<[FaultKind, boolean]>([
  ['store_unavailable', false],
  ['store_full', false],
  ['store_answer_lost', true],
  ['invocation_killed', false],
])('an upload that meets %s fails, and whether it took effect is as that fault says', async (kind, done) => {
  const { store, world, counts } = open(kind);
  const uploading = store.upload(key, await fileWith('content'));
  await expect(world.clock.run(uploading)).rejects.toThrow();
  expect((await world.store.get(key)) !== null).toBe(done);
  expect(counts()[kind]).toBe(1);
});

test.each<FaultKind>(['store_unavailable', 'store_stream_broken', 'invocation_killed'])(
  'a download that meets %s fails and leaves no file',
  async (kind) => {
    const { store, world, counts } = open(kind);
    await world.store.put(key, 'content');
    const folder = await newFolder();
    const failed = await world.clock.run(store.download(key, join(folder, 'file'))).catch((error: Error) => error);
    expect(failed).toBeInstanceOf(Error);
    if (kind !== 'invocation_killed') expect(failed).toMatchObject({ name: errorNames.platform });
    expect(await readdir(folder)).toEqual([]);
    expect(counts()[kind]).toBe(1);
  },
);

test('a reader of data that no settled outcome means is seen, whether it reads or downloads', async () => {
  const { store, world } = open();
  const other = key.replace('/extract/', '/load/');
  await world.store.put(other, 'content');
  await world.clock.run(store.download(other, `${await fileWith('')}.down`));
  expect(world.watch.violations).toEqual([`step 1 read ${other}, which no settled outcome means`]);
});
