import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { followPointer } from '../../lib/catalog/follow-pointer.ts';
import { glueType } from '../../lib/catalog/glue-type.ts';
import { parseColumnType } from '../../lib/columns/parse-column-type.ts';
import { pointerKey, versionKey } from '../../lib/contract/object-keys.ts';
import { emptyPointer, type Pointer } from '../../lib/contract/published/pointer.ts';
import type { PublishedVersion } from '../../lib/contract/published/published-version.ts';
import { tableNames } from '../../lib/contract/published/table-names.ts';
import { MemoryObjectStore } from '../../lib/ports/memory/memory-object-store.ts';
import type { Catalog, ObjectStore } from '../../lib/ports/ports.ts';
import { overwriteJson } from '../../lib/runtime/records/json-objects.ts';
import { sealed } from '../../lib/runtime/records/seal.ts';
import { sized } from '../support/sized.ts';
import { MemoryCatalog } from './memory-catalog.ts';

const pipeline = 'sales';
const names = ['report__customers', 'report__orders'];

/** The files of a version's dataset. */
const filesOf = (version: number, dataset: string): string[] => [
  `${pipeline}/runs/r${version}/${dataset}-0.parquet`,
  `${pipeline}/runs/r${version}/${dataset}-1.parquet`,
];

const aRecord = { format: 1, partition: '', run_id: 'r' };

/** A version as Finalize records it, as far as the catalog looks. */
async function record(
  store: ObjectStore,
  version: number,
  columns: Record<string, string> = { id: 'BIGINT', 'Total Sum': 'DECIMAL(18,2)' },
) {
  const datasets = ['customers', 'orders'].map((dataset) => ({
    ...{
      step: 'report',
      dataset,
      columns,
      format: 'parquet',
      rows: 7,
      bytes: 2,
      content_digest: `${dataset}${version}`,
    },
    parts: filesOf(version, dataset).map((key) => ({ key, rows: 3, bytes: 1, sha256: 'x' })),
  }));
  const made = { ...aRecord, version, datasets } as unknown as Omit<PublishedVersion, 'seal'>;
  await overwriteJson(store, versionKey(pipeline, version), sealed(made));
}

const point = (store: ObjectStore, current: Readonly<Record<string, number | null>>) =>
  overwriteJson(store, pointerKey(pipeline), {
    ...emptyPointer(pipeline),
    partitions: Object.entries(current).map(([partition, one]) => ({
      partition,
      current: one,
      fence: 1,
      versions: [],
    })),
  } satisfies Pointer);

const linesOf = async (store: ObjectStore, location: string): Promise<string[]> => {
  const found = await store.get(`${location.slice(store.url.length + 1)}files.txt`);
  return Buffer.from(found?.body ?? '')
    .toString()
    .trimEnd()
    .split('\n');
};

const follow = (store: ObjectStore, catalog: Catalog) => followPointer({ store, pipeline, catalog, names });

describe('tables of published data', () => {
  test('have the files of the current version, its columns and types, and follow a publish and a rollback', async () => {
    const store = new MemoryObjectStore();
    const catalog = new MemoryCatalog();
    await record(store, 1);
    await record(store, 2, { id: 'BIGINT', added: 'TIMESTAMP' });
    await point(store, { '': 1 });
    expect(await follow(store, catalog)).toEqual({ changed: names, removed: [], faults: [] });
    expect(await follow(store, catalog)).toEqual({ changed: [], removed: [], faults: [] });
    const table = catalog.tables.get('report__orders');
    expect(table?.columns).toEqual([
      { name: 'id', type: 'bigint' },
      { name: 'total sum', type: 'decimal(18,2)' },
    ]);
    expect(table?.parameters).toMatchObject({ 'daybreak:version': '1', 'daybreak:rows': '7' });
    expect(await linesOf(store, table?.location ?? '')).toEqual(
      filesOf(1, 'orders').map((key) => `${store.url}/${key}`),
    );
    await point(store, { '': 2 });
    await follow(store, catalog);
    expect(catalog.tables.get('report__orders')?.columns[1]).toEqual({ name: 'added', type: 'timestamp' });
    await point(store, { '': 1 });
    await follow(store, catalog);
    expect(await linesOf(store, catalog.tables.get('report__orders')?.location ?? '')).toEqual(
      filesOf(1, 'orders').map((key) => `${store.url}/${key}`),
    );
  });

  test('have the current version of every partition, and go when every version was withdrawn', async () => {
    const store = new MemoryObjectStore();
    const catalog = new MemoryCatalog();
    for (const version of [1, 2, 3]) await record(store, version);
    await point(store, { '2026-11-01': 3, '2026-11-02': 2, '2026-11-03': null });
    await follow(store, catalog);
    const files = await linesOf(store, catalog.tables.get('report__customers')?.location ?? '');
    expect(files.sort()).toEqual(
      [2, 3]
        .flatMap((version) => filesOf(version, 'customers'))
        .map((key) => `${store.url}/${key}`)
        .sort(),
    );
    await point(store, { '2026-11-01': null });
    expect(await follow(store, catalog)).toEqual({ changed: [], removed: names, faults: [] });
    expect(catalog.tables.size).toBe(0);
  });

  test('a dataset that cannot be a table is named, and the others are made', async () => {
    const store = new MemoryObjectStore();
    const catalog = new MemoryCatalog();
    await record(store, 1);
    const version = JSON.parse(Buffer.from((await store.get(versionKey(pipeline, 1)))?.body ?? '').toString());
    delete version.seal;
    version.datasets[0].columns = { place: 'STRUCT("post code" VARCHAR)' };
    await overwriteJson(store, versionKey(pipeline, 1), sealed(version));
    await point(store, { '': 1 });
    const { changed, faults } = await follow(store, catalog);
    expect(changed).toEqual(['report__orders']);
    expect(faults).toEqual([
      'report.customers: the field "post code" of a STRUCT has a name that a table of the catalog cannot have: use letters, digits and underscores',
    ]);
  });

  test('functions that follow at the same time, with publishes between any two of their operations, never leave an older version', async () => {
    const moves = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });
    const property = fc.asyncProperty(moves, fc.scheduler(), async (versions, scheduler) => {
      const store = new MemoryObjectStore();
      const catalog = new MemoryCatalog();
      for (let version = 1; version <= 5; version++) await record(store, version);
      await point(store, { '': 1 });
      const late = <F extends (...args: never[]) => Promise<unknown>>(fn: F): F =>
        scheduler.scheduleFunction(fn as never) as unknown as F;
      const slow = {
        find: late(catalog.find.bind(catalog)),
        put: late(catalog.put.bind(catalog)),
        remove: late(catalog.remove.bind(catalog)),
      };
      const working = [
        follow(store, slow),
        follow(store, slow),
        ...versions.map(async (version) => {
          await scheduler.schedule(Promise.resolve());
          await point(store, { '': version });
          // Each publish is followed by a call, as its event does.
          await follow(store, slow);
        }),
      ];
      await scheduler.waitFor(Promise.all(working));
      const pointer = JSON.parse(
        Buffer.from((await store.get(pointerKey(pipeline)))?.body ?? '').toString(),
      ) as Pointer;
      for (const name of names)
        expect(catalog.tables.get(name)?.parameters['daybreak:version']).toBe(String(pointer.partitions[0]?.current));
      // And at every moment each table had the files of one version.
      for (const table of catalog.seen) {
        const lines = await linesOf(store, table?.location ?? '');
        expect(lines).toHaveLength(2);
        expect(new Set(lines.map((line) => /\/runs\/(r\d)\//.exec(line)?.[1])).size).toBe(1);
      }
    });
    await fc.assert(property, { numRuns: sized(60, 2_000) });
  });

  test('without the version in its write, an older version comes over a newer one', async () => {
    const store = new MemoryObjectStore();
    const catalog = new MemoryCatalog();
    await record(store, 1);
    await record(store, 2);
    await point(store, { '': 1 });
    const careless: Catalog = {
      find: (name) => catalog.find(name),
      remove: (name) => catalog.remove(name),
      put: async (table) => {
        await point(store, { '': 2 });
        await follow(store, catalog);
        return catalog.put(table, (await catalog.find(table.name))?.version ?? null);
      },
    };
    await follow(store, careless);
    expect(catalog.tables.get('report__customers')?.parameters['daybreak:version']).toBe('1');
  });
});

describe('names and types in the catalog', () => {
  test.each([
    ['VARCHAR', 'string'],
    ['BIGINT', 'bigint'],
    ['INTEGER', 'int'],
    ['DOUBLE', 'double'],
    ['BOOLEAN', 'boolean'],
    ['DATE', 'date'],
    ['TIMESTAMP', 'timestamp'],
    ['DECIMAL(38,10)', 'decimal(38,10)'],
    ['STRUCT(a INTEGER, B VARCHAR[])[]', 'array<struct<a:int,b:array<string>>>'],
  ])('%s is %s', (type, glue) => expect(glueType(parseColumnType(type))).toBe(glue));

  test('two datasets of one table name are refused', () => {
    const of = (step: string, dataset: string) => ({ step, dataset });
    expect([...tableNames([of('Build-report', 'a'), of('b', 'c')]).keys()]).toEqual(['build_report__a', 'b__c']);
    expect(() => tableNames([of('a__b', 'c'), of('a', 'b__c')])).toThrow('would both be a__b__c');
  });
});
