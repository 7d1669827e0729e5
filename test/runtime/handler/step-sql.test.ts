import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { DatasetEntry } from '../../../lib/contract/records/dataset.ts';
import type { Manifest } from '../../../lib/contract/records/manifest.ts';
import type { Outcome } from '../../../lib/contract/records/outcome.ts';
import { openEngine } from '../../../lib/duckdb/open-engine.ts';
import { sealed } from '../../../lib/runtime/records/seal.ts';
import type { StepFunction } from '../../../lib/runtime/step.ts';
import { aRun, aStep, attempt, errorOf, keys, memoryWorld, stored, type World } from '../fixtures.ts';

const extract = aStep('extract');
const join = aStep('join', { dependencies: ['extract'] });
const columns = { id: 'BIGINT', amount: 'DECIMAL(18,2)', tags: 'VARCHAR[]' };
const part = /data\/extract\/.*part-00000/;

/** A world in which `extract` has written 5,000 orders and no refunds. */
const extracted = async (): Promise<World> => {
  const world = memoryWorld();
  await attempt(world, { step: extract }, async (step) => {
    const rows = Array.from({ length: 5_000 }, (_, id) => ({ id, amount: `${id % 10}.50`, tags: [`t${id % 3}`] }));
    await step.write('orders', rows, { columns });
    await step.write('refunds', [], { columns });
  });
  return world;
};

const keyOf = async (world: World, form: RegExp): Promise<string> =>
  (await keys(world.store)).find((key) => form.test(key)) ?? '';

const manifestOf = async (world: World, answer: { readonly manifest?: string | null }) =>
  stored<Manifest>(world.store, answer.manifest ?? '');

/** The result of a handler that runs behind `extract`. */
const resultOf = async (handler: StepFunction): Promise<unknown> => {
  const world = await extracted();
  return (await manifestOf(world, await attempt(world, { step: join }, handler)))?.result;
};

const scratchFolders = async (): Promise<string[]> =>
  (await readdir((await openEngine()).folder)).filter((name) => name.startsWith('session-'));

describe('step.sql', () => {
  test('awaited gives all rows, with values as in rows', async () => {
    const sql = `SELECT id, amount, tags, amount * 2 AS twice, DATE '1899-12-31' AS day FROM extract.orders WHERE id IN (7, 8) ORDER BY id DESC`;
    expect(await resultOf(async (step) => step.sql(sql))).toEqual([
      { id: 8, amount: '8.50', tags: ['t2'], twice: '17.00', day: '1899-12-31' },
      { id: 7, amount: '7.50', tags: ['t1'], twice: '15.00', day: '1899-12-31' },
    ]);
  });

  test('iterated gives batches in order, and may be left early', async () => {
    const seen = await resultOf(async (step) => {
      const sizes: number[] = [];
      const query = step.sql<{ id: number }>('SELECT id FROM "extract"."orders" ORDER BY id');
      let next = 0;
      for await (const batch of query) {
        sizes.push(batch.length);
        for (const { id } of batch) if (id !== next++) throw new Error(`${id} is not ${next - 1}`);
      }
      for await (const [first] of query) return [sizes, first?.id ?? null];
      return null;
    });
    expect(seen).toEqual([[1000, 1000, 1000, 1000, 1000], 0]);
  });

  test('binds its parameters, with any content', async () => {
    const sql = 'SELECT $text AS text, count(*) AS n FROM extract.orders WHERE id >= $from AND list_contains($ids, id)';
    const text = `'; DROP TABLE x; --"`;
    expect(await resultOf((step) => step.sql(sql, { text, from: 2, ids: [1, 2, 3] }))).toEqual([{ text, n: 2 }]);
  });

  test('sees empty datasets with their columns', async () => {
    const sql = 'SELECT count(*) AS n, sum(amount) AS total FROM extract.refunds';
    expect(await resultOf((step) => step.sql(sql))).toEqual([{ n: 0, total: null }]);
  });

  test('reads the datasets of declared dependencies and nothing else', async () => {
    const world = await extracted();
    const failure = (sql: string) => errorOf(attempt(world, { step: join }, (step) => step.sql(sql)));
    expect(await failure('SELECT * FROM other.orders')).toMatchObject({ name: 'PermanentError' });
    expect((await failure('SELECT * FROM extract.ordrs')).message).toContain('did you mean "extract"."orders"?');
    expect(await failure(`SELECT * FROM read_csv('/etc/passwd')`)).toMatchObject({ name: 'PermanentError' });
    expect(await failure('DELETE FROM extract.orders')).toMatchObject({ name: 'PermanentError' });
  });

  test('fetches what it names, once for all queries and rows of the step, and nothing before it runs', async () => {
    const world = await extracted();
    const fetched: string[] = [];
    const download = world.store.download.bind(world.store);
    world.store.download = (key, file, options) => {
      fetched.push(key.split('/').at(-2) ?? '');
      return download(key, file, options);
    };
    await attempt(world, { step: join }, async (step) => {
      const query = step.sql('SELECT count(*) AS n FROM extract.orders');
      expect(fetched).toEqual([]);
      await query;
      await step.sql('SELECT max(id) AS n FROM extract.orders');
      for await (const batch of step.rows('extract.orders')) expect(batch.length).toBeGreaterThan(0);
    });
    expect(fetched).toEqual(['orders']);
  });
});

describe('a query that is written', () => {
  test('becomes a dataset with the columns of its result, in its order', async () => {
    const world = await extracted();
    const answer = await attempt(world, { step: join }, (step) =>
      step.write(
        'sums',
        step.sql('SELECT id % 10 AS d, sum(amount) AS total FROM extract.orders GROUP BY d ORDER BY d DESC'),
      ),
    );
    const manifest = await manifestOf(world, answer);
    expect(manifest?.result).toBe(10);
    expect(manifest?.datasets.sums).toMatchObject({ rows: 10, columns: { d: 'BIGINT', total: 'DECIMAL(38,2)' } });
    const rows: unknown[] = [];
    await attempt(world, { step: aStep('last', { dependencies: ['join'] }) }, async (step) => {
      for await (const batch of step.rows('join.sums')) rows.push(...batch);
    });
    expect(rows.slice(0, 2)).toEqual([
      { d: 9, total: '4750.00' },
      { d: 8, total: '4250.00' },
    ]);
  });

  test('has the content digest of the same rows written by JavaScript', async () => {
    const world = await extracted();
    const copied = await manifestOf(
      world,
      await attempt(world, { step: join }, (step) => step.write('copy', step.sql('FROM extract.orders'))),
    );
    const original = (await stored<Manifest>(world.store, await keyOf(world, /extract\/manifests/)))?.datasets.orders;
    expect(copied?.datasets.copy?.content_digest).toBe(original?.content_digest);
  });

  test('without rows keeps its columns and has no parts', async () => {
    const world = await extracted();
    const answer = await attempt(world, { step: join }, (step) =>
      step.write('none', step.sql('FROM extract.orders WHERE id < 0')),
    );
    expect((await manifestOf(world, answer))?.datasets.none).toMatchObject({ rows: 0, parts: [], columns });
  });

  test('can be read by later queries of the step, as "own step"."dataset"', async () => {
    const result = await resultOf(async (step) => {
      await step.write('even', step.sql('SELECT id FROM extract.orders WHERE id % 2 = 0'));
      return step.sql('SELECT count(*) AS n, max(id) AS last FROM "join".even');
    });
    expect(result).toEqual([{ n: 2500, last: 4998 }]);
  });

  test('is held to the columns that are given for it', async () => {
    const world = await extracted();
    const failure = await errorOf(
      attempt(world, { step: join }, (step) =>
        step.write('x', step.sql('SELECT id, amount FROM extract.orders'), { columns: { id: 'VARCHAR', b: 'DATE' } }),
      ),
    );
    expect(failure).toMatchObject({ name: 'ValidationError' });
    expect(failure.message).toContain('"id" is written as BIGINT, and is declared as VARCHAR');
  });

  test('with a type that no dataset has is refused with a cast', async () => {
    const world = await extracted();
    const failure = await errorOf(
      attempt(world, { step: join }, (step) => step.write('x', step.sql(`SELECT INTERVAL 1 DAY AS i`))),
    );
    expect(failure.message).toContain('column "i" is INTERVAL');
    expect(failure.message).toContain('epoch(x) for seconds');
  });
});

describe('an upstream part with other bytes', () => {
  const damaged = async (): Promise<World> => {
    const world = await extracted();
    const key = await keyOf(world, part);
    const bytes = Buffer.from((await world.store.get(key))?.body ?? []);
    // Within a page: the file is still Parquet.
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    await world.store.put(key, bytes);
    return world;
  };

  test.each<[string, StepFunction]>([
    ['rows', async (step) => step.sql('SELECT count(*) AS n FROM extract.orders')],
    ['a dataset', (step) => step.write('copy', step.sql('SELECT id FROM extract.orders'))],
  ])('fails a query for %s, names the part, and nothing is committed', async (_, handler) => {
    const world = await damaged();
    const failure = await errorOf(attempt(world, { step: join }, handler));
    expect(failure).toMatchObject({ name: 'PlatformError', message: expect.stringMatching(part) });
    expect(await keys(world.store, 'sales/runs/r1/steps/join/manifests/')).toEqual([]);
  });
});

describe('an invocation', () => {
  test('leaves nothing in scratch, whether its handler succeeds, fails, or leaves a query running', async () => {
    const before = await scratchFolders();
    const world = await extracted();
    await attempt(world, { step: join }, (step) => step.write('copy', step.sql('FROM extract.orders')));
    await errorOf(
      attempt(
        world,
        { run: aRun({ execution: 2 }), step: aStep('join', { ...join, definition: 'other' }) },
        async (step) => {
          await step.writer('x', { columns }).append([{ id: 1 }]);
          void Promise.resolve(step.sql('SELECT count(*) AS n FROM range(100000000000)')).catch(() => undefined);
          throw new Error('no');
        },
      ),
    );
    expect(await scratchFolders()).toEqual(before);
  });

  test('calls its queries off when the signal fires', async () => {
    const world = await extracted();
    const deadline = world.clock.now() + 60_000;
    const failing = errorOf(
      attempt(
        world,
        { step: join },
        (step) => step.sql('SELECT sum(a.id * b.id) AS n FROM extract.orders a, extract.orders b, range(100000) c'),
        { deadline },
      ),
    );
    setTimeout(() => world.clock.pass(60_000), 300);
    expect(await failing).toMatchObject({ name: 'Sandbox.Timedout' });
  });

  test('refuses datasets of the form that earlier versions wrote, and says what to do', async () => {
    const world = await extracted();
    const key = await keyOf(world, /extract\/manifests/);
    const { seal: _, ...manifest } = (await stored<Manifest>(world.store, key)) as Manifest;
    const orders = { ...manifest.datasets.orders, format: 'ndjson.gz' } as unknown as DatasetEntry;
    await world.store.put(key, JSON.stringify(sealed({ ...manifest, datasets: { ...manifest.datasets, orders } })));
    const settled = await keyOf(world, /outcomes\/extract/);
    const { made: _made, seal: _seal, ...outcome } = (await stored<Outcome>(world.store, settled)) as Outcome;
    await world.store.put(settled, JSON.stringify(outcome));
    for (const handler of [
      (step) => step.sql('FROM extract.orders'),
      async (step) => {
        for await (const _ of step.rows('extract.orders')) break;
      },
    ] satisfies StepFunction[]) {
      const failure = await errorOf(attempt(world, { step: join }, handler));
      expect(failure).toMatchObject({ name: 'PermanentError' });
      expect(failure.message).toContain('resume the run, and its step makes it again');
    }
  });
});

test('columns are read, and written again, without rows', async () => {
  const world = await extracted();
  const answer = await attempt(world, { step: join }, async (step) => {
    const copy = step.writer('copy', { columns });
    for await (const batch of step.columns('extract.orders')) await copy.appendColumns(batch.columns);
    return copy.rowCount;
  });
  const manifest = await manifestOf(world, answer);
  expect(manifest?.result).toBe(5_000);
  const original = (await stored<Manifest>(world.store, await keyOf(world, /extract\/manifests/)))?.datasets.orders;
  expect(manifest?.datasets.copy?.content_digest).toBe(original?.content_digest);
});
