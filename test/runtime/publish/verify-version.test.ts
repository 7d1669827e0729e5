import { beforeEach, describe, expect, test } from 'vitest';
import { definitionDigest } from '../../../lib/contract/fingerprint.ts';
import type { Pointer } from '../../../lib/contract/published/pointer.ts';
import type { PublishedVersion } from '../../../lib/contract/published/published-version.ts';
import type { DatasetEntry } from '../../../lib/contract/records/dataset.ts';
import { finalize } from '../../../lib/runtime/execution/finalize.ts';
import { prepare } from '../../../lib/runtime/execution/prepare.ts';
import { verifyVersion } from '../../../lib/runtime/publish/verify-version.ts';
import { toText } from '../../../lib/runtime/records/json-objects.ts';
import { sealed } from '../../../lib/runtime/records/seal.ts';
import { sized } from '../../support/sized.ts';
import { textEngine } from '../exploration/text-engine.ts';
import { aStart, aStep, attempt, memoryWorld, stored, type World } from '../fixtures.ts';
import { pointerOf } from './world.ts';

const config = { initialization: {} };
const definition = definitionDigest('code', config);
const step = (name: string, dependencies: string[] = []) => aStep(name, { definition, config, dependencies });
/** Only `revenue` is published; the version refers to all three. */
const steps = [step('extract'), step('load', ['extract']), step('revenue', ['load'])];

async function publish(world: World): Promise<void> {
  const start = aStart({ input: { day: '2026-01-31' } });
  const started = await prepare({ ...start, pipeline: { ...start.pipeline, overlap: { policy: 'skip' } } }, world);
  if (!('run' in started)) throw new Error(JSON.stringify(started));
  const { run } = started;
  for (const one of steps)
    await attempt(
      world,
      { step: one, run },
      async (handler) => {
        await handler.write(one.name, [{ content: `of ${one.name}` }], { columns: { content: 'VARCHAR' } });
        await handler.file('page.html', '<p>', { contentType: 'text/html' });
        return { made: one.name };
      },
      { openEngine: textEngine },
    );
  const names = steps.map(({ name, dependencies }) => ({ name, dependencies: [...dependencies] }));
  await finalize(
    { run, redrive_count: 0, steps: names, publish: { datasets: { revenue: ['revenue'] }, keep: 7 } },
    world,
  );
}

/** The engine of these worlds stores text, so that a recount needs no DuckDB. */
const recount = async ({ rows, content_digest }: DatasetEntry) => ({ rows, content_digest });

const verify = async (world: World) => {
  const pointer = (await pointerOf(world)) as Pointer;
  return verifyVersion(world.store, { pointer, version: 1, recount });
};

const record = 'sales/published/versions/1.json';

/** Every object that the version refers to, by its record and the manifests. */
async function referred(world: World): Promise<string[]> {
  const version = (await stored<PublishedVersion>(world.store, record)) as PublishedVersion;
  const manifests = [...version.steps, ...version.upstream].map(({ manifest }) => manifest);
  const data: string[] = [];
  for await (const { key } of world.store.list('sales/runs/')) if (key.includes('/data/')) data.push(key);
  return [record, ...manifests, ...data];
}

const bytesOf = async (world: World, key: string): Promise<Uint8Array> =>
  (await world.store.get(key))?.body ?? new Uint8Array();

describe('verify', () => {
  let world: World;
  beforeEach(async () => {
    world = memoryWorld();
    await publish(world);
  });

  test('finds nothing in a version as it was published, and reads all that it refers to', async () => {
    const all = await referred(world);
    expect(all).toHaveLength(10);
    const found = await verify(world);
    expect(found).toMatchObject({ faults: [], objects: 10, recounted: 3 });
    expect(found.record?.steps.map((one) => one.step)).toEqual(['revenue']);
    expect(found.record?.upstream.map((one) => one.step)).toEqual(['load', 'extract']);
  });

  test('finds each byte of each object that is another one', async () => {
    let flips = 0;
    for (const key of await referred(world)) {
      const body = await bytesOf(world, key);
      // Another bit of the byte, and a blank in its place: JSON reads a blank for a line end without a difference.
      for (let at = 0; at < body.length; at += sized(23, 1))
        for (const other of [(body[at] ?? 0) ^ (1 << (at % 8)), 0x20]) {
          if (body[at] === other) continue;
          const changed = body.with(at, other);
          await world.store.put(key, changed);
          const { faults } = await verify(world);
          if (!faults.some((fault) => fault.key === key)) expect.fail(`${key}: byte ${at} as ${other} was not found`);
          flips += 1;
        }
      await world.store.put(key, body);
    }
    expect(flips).toBeGreaterThan(sized(300, 8000));
    expect((await verify(world)).faults).toEqual([]);
  });

  test('finds each object that is missing, cut off or longer', async () => {
    for (const key of await referred(world)) {
      const body = await bytesOf(world, key);
      await world.store.delete(key);
      expect((await verify(world)).faults).toContainEqual({ key, fault: 'it is missing', at: null });
      for (const other of [body.slice(0, -1), new Uint8Array([...body, 0x20])]) {
        await world.store.put(key, other);
        const found = (await verify(world)).faults.filter((fault) => fault.key === key);
        expect(found.length, key).toBeGreaterThan(0);
      }
      await world.store.put(key, body);
    }
  });

  test('names the first byte that is wrong, where the bytes tell it', async () => {
    const body = await bytesOf(world, record);
    const blank = body.indexOf(0x20);
    await world.store.put(record, body.with(blank, 0x09));
    expect((await verify(world)).faults).toContainEqual({
      key: record,
      fault: 'it is not the text that Daybreak writes',
      at: blank,
    });
    await world.store.put(record, body.with(0, 0x58));
    const [unreadable] = (await verify(world)).faults;
    expect(unreadable).toMatchObject({ key: record, at: null });
    expect(unreadable?.fault).toMatch(/^it is no whole JSON: line 1, column 1/);
  });

  test('finds a record and a manifest that someone changed and sealed again', async () => {
    const version = (await stored<PublishedVersion>(world.store, record)) as PublishedVersion;
    const [own] = version.upstream;
    const key = own?.manifest ?? '';
    const { seal: _, ...manifest } = (await stored<Record<string, unknown>>(world.store, key)) ?? {};
    await world.store.put(key, toText(sealed({ ...manifest, committed_at: '2030-01-01T00:00:00.000Z' })));
    expect((await verify(world)).faults).toContainEqual({
      key,
      fault: 'its seal is not the one that was published',
      at: null,
    });
    const { seal: __, ...rest } = version;
    const changed = { ...rest, upstream: rest.upstream.map((one) => ({ ...one, code: 'other' })) };
    await world.store.put(record, toText(sealed(changed)));
    expect((await verify(world)).faults.map(({ fault }) => fault)).toContain(
      'its seal, code is not the one that was published',
    );
  });

  test('finds an input that is not the one of the fingerprints', async () => {
    const { seal: _, ...version } = (await stored<PublishedVersion>(world.store, record)) as PublishedVersion;
    await world.store.put(record, toText(sealed({ ...version, input: { day: '2026-02-01' } })));
    const { faults } = await verify(world);
    expect(faults.map(({ fault }) => fault)).toEqual(
      Array(3).fill('its fingerprint is not that of its code, input and upstream'),
    );
  });

  test('finds rows that are not those of the manifest', async () => {
    const pointer = (await pointerOf(world)) as Pointer;
    const other = async (entry: DatasetEntry) => ({ ...(await recount(entry)), rows: 2 });
    const { faults } = await verifyVersion(world.store, { pointer, version: 1, recount: other });
    expect(faults.map(({ fault }) => fault)).toContain('dataset "revenue" has 2 rows, and its manifest counts 1');
  });
});
