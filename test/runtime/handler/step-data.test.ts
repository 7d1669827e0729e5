import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../../lib/contract/records/manifest.ts';
import type { StepWriter } from '../../../lib/runtime/step.ts';
import { aStep, attempt, errorOf, keys, memoryWorld, stored, type World } from '../fixtures.ts';

const columns = { id: 'BIGINT', amount: 'DECIMAL(18,2)' };
const rowsOf = (count: number) => Array.from({ length: count }, (_, index) => ({ id: index, amount: `${index}.50` }));
const extract = aStep('extract');
const join = aStep('join', { dependencies: ['extract'] });
const manifestOf = async (world: World, key: string | null | undefined) => stored<Manifest>(world.store, key ?? '');

describe('datasets', () => {
  test('are written in batches and read by dependents, in order and in batches', async () => {
    const world = memoryWorld();
    const { manifest } = await attempt(world, { step: extract }, async (step) => {
      const orders = step.writer('orders', { columns });
      await orders.append(rowsOf(3));
      await orders.append([{ id: 3, amount: '3.5' }]);
      return orders.rowCount;
    });
    expect((await manifestOf(world, manifest))?.datasets.orders).toMatchObject({
      rows: 4,
      format: 'parquet',
      columns,
    });
    const batches: unknown[][] = [];
    await attempt(world, { step: join }, async (step) => {
      for await (const batch of step.rows('extract.orders', { batchSize: 3 })) batches.push(batch);
    });
    expect(batches.map((batch) => batch.length)).toEqual([3, 1]);
    expect(batches.flat()).toEqual([...rowsOf(3), { id: 3, amount: '3.50' }]);
  });

  test('can be written whole, from rows or batches, also asynchronous ones', async () => {
    const world = memoryWorld();
    async function* mixed() {
      yield rowsOf(2);
      yield { id: 9, amount: '0' };
    }
    const { manifest } = await attempt(world, { step: extract }, async (step) => [
      await step.write('rows', rowsOf(2_500), { columns }),
      await step.write('mixed', mixed(), { columns }),
      await step.write('empty', [], { columns }),
    ]);
    const found = await manifestOf(world, manifest);
    expect(found?.result).toEqual([2500, 3, 0]);
    expect(found?.datasets.empty).toMatchObject({ rows: 0, parts: [] });
  });

  test('whose row does not fit fail the step for good, and nothing is visible', async () => {
    const world = memoryWorld();
    const error = await errorOf(
      attempt(world, { step: extract }, (step) => step.write('orders', [{ id: 'x', amount: '1' }], { columns })),
    );
    expect(error).toMatchObject({ name: 'ValidationError' });
    expect(error.message).toContain('id');
    expect(await keys(world.store, 'sales/runs/r1/steps/extract/manifests/')).toEqual([]);
  });

  test('are held to the columns under "outputs", and all that are named there have to be written', async () => {
    const world = memoryWorld();
    const outputs = { orders: { schema: columns }, users: {} };
    const step = aStep('extract', { config: { initialization: {}, outputs } });
    const other = await errorOf(
      attempt(world, { step }, (opened) => opened.write('orders', [], { columns: { id: 'integer' } })),
    );
    expect(other).toMatchObject({ name: 'ValidationError' });
    expect(other.message).toContain('"id" is written as INTEGER, and is declared as BIGINT');
    expect(other.message).toContain('"amount" is declared as DECIMAL(18,2), and is not written');
    const missing = await errorOf(attempt(world, { step }, (opened) => opened.write('orders', [], { columns })));
    expect(missing).toMatchObject({ name: 'ValidationError' });
    expect(missing.message).toMatch(/step extract did not write what is declared .*\n- "users"$/);
    const { manifest } = await attempt(world, { step }, async (opened) => {
      await opened.write('orders', [], { columns: { amount: 'decimal(18, 2)', id: 'bigint' } });
      await opened.write('users', [], { columns: { n: 'DATE' } });
      await opened.write('more', [], { columns: { n: 'DATE' } });
    });
    expect(Object.keys((await manifestOf(world, manifest))?.datasets ?? {})).toEqual(['orders', 'users', 'more']);
  });

  test('that the handler did not wait for are whole all the same', async () => {
    const world = memoryWorld();
    const { manifest } = await attempt(world, { step: extract }, (step) => {
      void step.writer('orders', { columns }).append(rowsOf(5));
      void step.file('note.txt', 'hello');
    });
    const found = await manifestOf(world, manifest);
    expect(found?.datasets.orders?.rows).toBe(5);
    expect(await world.store.get(found?.files['note.txt']?.key ?? '')).not.toBeNull();
  });

  test('cannot grow after the step has ended', async () => {
    const world = memoryWorld();
    let kept: StepWriter | undefined;
    let late: ((name: string) => Promise<void>) | undefined;
    await attempt(world, { step: extract }, (step) => {
      kept = step.writer('orders', { columns });
      late = (name) => step.file(name, 'x');
    });
    expect(await errorOf(kept?.append(rowsOf(1)) ?? Promise.resolve())).toMatchObject({ name: 'PermanentError' });
    expect((await errorOf(late?.('f') ?? Promise.resolve())).message).toContain('after the handler has ended');
  });

  test.each(['../x', '', 'a/b', '.hidden', 'ä', 'x'.repeat(200)])('cannot be called %j', async (name) => {
    const world = memoryWorld();
    expect(await errorOf(attempt(world, { step: extract }, (step) => step.writer(name, { columns })))).toMatchObject({
      name: 'PermanentError',
    });
    expect(await errorOf(attempt(world, { step: extract }, (step) => step.file(name, 'x')))).toMatchObject({
      name: 'PermanentError',
    });
  });

  test('a text column that a query casts to TIMESTAMP or DATE keeps its offset', async () => {
    const world = memoryWorld();
    // 23:30 five hours behind UTC is 04:30 of the next day in UTC.
    const texts = ['2026-01-31T23:30:00-05:00', '2026-01-31 10:00:00', '2026-01-31'];
    await attempt(world, { step: extract }, async (step) => {
      await step.write(
        'd',
        texts.map((text) => ({ text })),
        { columns: { text: 'VARCHAR' } },
      );
    });
    const join = aStep('join', { dependencies: ['extract'] });
    const rows: unknown[] = [];
    await attempt(world, { step: join }, async (step) => {
      rows.push(
        ...(await step.sql(
          'SELECT CAST(d.text AS TIMESTAMP) AS a, text::DATE AS b, TRY_CAST("text" AS TIMESTAMP) AS c, text AS t, \'é \' || text AS e FROM extract.d d',
        )),
      );
    });
    expect(rows).toEqual([
      {
        a: '2026-02-01T04:30:00.000Z',
        b: '2026-02-01',
        c: '2026-02-01T04:30:00.000Z',
        t: texts[0],
        e: `é ${texts[0]}`,
      },
      {
        a: '2026-01-31T10:00:00.000Z',
        b: '2026-01-31',
        c: '2026-01-31T10:00:00.000Z',
        t: texts[1],
        e: `é ${texts[1]}`,
      },
      {
        a: '2026-01-31T00:00:00.000Z',
        b: '2026-01-31',
        c: '2026-01-31T00:00:00.000Z',
        t: texts[2],
        e: `é ${texts[2]}`,
      },
    ]);
  });

  test('and none differs from another in upper and lower case only', async () => {
    const error = await errorOf(
      attempt(memoryWorld(), { step: extract }, async (step) => {
        await step.write('d', [{ x: 1 }], { columns: { x: 'INTEGER' } });
        await step.write('D', [{ x: 2 }], { columns: { x: 'INTEGER' } });
      }),
    );
    expect(error).toMatchObject({
      name: 'PermanentError',
      message:
        'the datasets "d" and "D" of this step differ in upper and lower case only, and SQL cannot tell them apart; rename one',
    });
  });

  test('and files share their names: none is written twice', async () => {
    const error = await errorOf(
      attempt(memoryWorld(), { step: extract }, async (step) => {
        step.writer('orders', { columns });
        await step.file('orders', 'x');
      }),
    );
    expect(error.message).toBe('"orders" is written twice in this step');
  });
});

describe('what a step may read', () => {
  const reading = async (read: Parameters<typeof attempt>[2]) => {
    const world = memoryWorld();
    await attempt(world, { step: extract }, async (step) => {
      await step.write('orders', rowsOf(1), { columns });
      await step.file('a.bin', new Uint8Array([0, 255]));
      return { n: 1 };
    });
    await attempt(world, { step: aStep('other') }, () => 1);
    return errorOf(attempt(world, { step: join }, read));
  };

  test('is of its declared dependencies alone: the error lists them', async () => {
    expect(await reading((step) => step.result('other'))).toMatchObject({
      name: 'PermanentError',
      message: '"other" is not a dependency of step join; declared: extract',
    });
  });

  test.each([
    ['a dataset that does not exist', 'extract.users', 'step extract has no "users" among its datasets: orders'],
    ['a property of every object', 'extract.constructor', 'step extract has no "constructor"'],
    ['a name without a dataset', 'extract', 'rows() takes "step.dataset", not "extract"'],
  ])('is not %s', async (_what, name, message) => {
    const error = await reading(async (step) => {
      for await (const _ of step.rows(name));
    });
    expect(error.message).toContain(message);
  });

  test('includes files, byte for byte', async () => {
    const world = memoryWorld();
    await attempt(world, { step: extract }, (step) => step.file('a.bin', new Uint8Array([0, 255, 13])));
    const { manifest } = await attempt(world, { step: join }, async (step) => [
      ...(await step.readFile('extract', 'a.bin')),
    ]);
    expect((await manifestOf(world, manifest))?.result).toEqual([0, 255, 13]);
  });

  test('does not include files that have changed since they were written', async () => {
    const world = memoryWorld();
    await attempt(world, { step: extract }, (step) => step.file('a.txt', 'written'));
    const [key = ''] = (await keys(world.store)).filter((one) => one.endsWith('/a.txt'));
    await world.store.put(key, 'changed');
    const reading = attempt(world, { step: join }, async (step) =>
      (await step.readFile('extract', 'a.txt')).toString(),
    );
    expect(await errorOf(reading)).toMatchObject({
      name: 'PlatformError',
      message: expect.stringContaining('is damaged'),
    });
  });

  test('includes objects below sources, under either way of naming them, and nothing else', async () => {
    const world = memoryWorld();
    await world.store.put('sources/products/p.csv', 'id\n1');
    let readers = 0;
    const read = async (key: string) => {
      let text: string | null = null;
      await attempt(world, { step: aStep(`reader-${++readers}`) }, async (step) => {
        const bytes = await step.object(key);
        for await (const chunk of bytes ?? []) text = `${text ?? ''}${Buffer.from(chunk)}`;
      });
      return text;
    };
    expect([await read('products/p.csv'), await read('sources/products/p.csv'), await read('none')]).toEqual([
      'id\n1',
      'id\n1',
      null,
    ]);
    for (const key of ['../sales/runs/r1/run.json', 'sources/../x', '', '/x', 'a//b']) {
      expect(await errorOf(read(key))).toMatchObject({ name: 'PermanentError' });
    }
  });

  test('lists objects below sources, and nothing else', async () => {
    const world = memoryWorld();
    for (const key of ['sources/a/1', 'sources/a/2', 'sources/ab', 'sources2/x', 'sales/runs/r0/x'])
      await world.store.put(key, 'x');
    let readers = 0;
    const list = async (prefix: string) => {
      const found: string[] = [];
      await attempt(world, { step: aStep(`lister-${++readers}`) }, async (step) => {
        for await (const { key } of step.objects(prefix)) found.push(key);
      });
      return found;
    };
    expect(await list('a/')).toEqual(['sources/a/1', 'sources/a/2']);
    expect(await list('sources/a')).toEqual(['sources/a/1', 'sources/a/2', 'sources/ab']);
    expect(await list('')).toEqual(['sources/a/1', 'sources/a/2', 'sources/ab']);
    for (const prefix of ['../sales/', 'sources/../sales', '/x', 'a//b']) {
      expect(await errorOf(list(prefix))).toMatchObject({ name: 'PermanentError' });
    }
  });
});

test('a file may be a stream, which is stored as it comes, and not at all when it breaks', async () => {
  const world = memoryWorld();
  const chunks = async function* (breaks: boolean) {
    yield Buffer.from('first ');
    if (breaks) throw new Error('the stream broke');
    yield Buffer.from('second');
  };
  const failing = attempt(world, { step: aStep('failing') }, (step) => step.file('f', chunks(true)));
  expect(await errorOf(failing)).toMatchObject({ message: expect.stringContaining('the stream broke') });
  expect(await keys(world.store, 'sales/runs/r1/data/failing/')).toEqual([]);
  await attempt(world, { step: extract }, (step) => step.file('f', chunks(false), { contentType: 'text/plain' }));
  let text = '';
  await attempt(world, { step: aStep('reader', { dependencies: ['extract'] }) }, async (step) => {
    text = (await step.readFile('extract', 'f')).toString();
  });
  expect(text).toBe('first second');
});

test('two attempts never write under the same key', async () => {
  const world = memoryWorld();
  const write = { step: extract };
  await errorOf(
    attempt(world, write, async (step) => {
      await step.file('f', '1');
      throw new Error('x');
    }),
  );
  await attempt(world, { ...write, attempt: 2 }, (step) => step.file('f', '2'));
  expect((await keys(world.store, 'sales/runs/r1/data/extract/')).map((key) => key.split('/').at(-1))).toEqual([
    'f',
    'f',
  ]);
});
