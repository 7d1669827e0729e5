import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, test } from 'vitest';
import { type FileTarget, writeFile } from '../../lib/connectors/sinks.ts';
import { MemoryRun } from './memory-step.ts';

const columns = { id: 'BIGINT', name: 'VARCHAR', price: 'DECIMAL(18,2)', items: 'STRUCT(a INTEGER)[]' };
const rows = [
  { id: 9007199254740993n, name: 'a "b", c\nd', price: '1.5', items: [{ a: 1 }] },
  { id: 2, name: '', price: null, items: [] },
  { id: 3, name: null, price: 3, items: null },
];

const write = async (
  target: Partial<FileTarget>,
  given: Iterable<object> | AsyncIterable<object> = rows,
): Promise<Buffer> => {
  const run = new MemoryRun();
  await writeFile(run.step(), 'out', given, { format: 'csv', columns, ...target });
  return run.files.get('out') ?? Buffer.alloc(0);
};

describe('a file of rows', () => {
  const csv = 'id,name,price,items\n9007199254740993,"a ""b"", c\nd",1.50,"[{""a"":1}]"\n2,"",,[]\n3,,3.00,\n';
  test('as CSV', async () => expect((await write({})).toString()).toBe(csv));
  test('as CSV, packed', async () => {
    expect(gunzipSync(await write({ compression: 'gzip' })).toString()).toBe(csv);
    expect(zstdDecompressSync(await write({ compression: 'zstd' })).toString()).toBe(csv);
  });

  test('as NDJSON', async () => {
    expect((await write({ format: 'ndjson' })).toString().split('\n')[1]).toBe(
      '{"id":2,"name":"","price":null,"items":[]}',
    );
  });

  test('as Parquet', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'written-')), 'a.parquet');
    writeFileSync(path, await write({ format: 'parquet' }));
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const read = await connection.runAndReadAll(
      `SELECT id::VARCHAR AS id, name, price::VARCHAR AS price, items::JSON::VARCHAR AS items FROM '${path}'`,
    );
    expect(read.getRowObjectsJson()).toEqual([
      { id: '9007199254740993', name: 'a "b", c\nd', price: '1.50', items: '[{"a":1}]' },
      { id: '2', name: '', price: null, items: '[]' },
      { id: '3', name: null, price: '3.00', items: null },
    ]);
    const described = await connection.runAndReadAll(`SELECT column_type FROM (DESCRIBE SELECT * FROM '${path}')`);
    expect(described.getRows().flat()).toEqual(['BIGINT', 'VARCHAR', 'DECIMAL(18,2)', 'STRUCT(a INTEGER)[]']);
  });

  test('of no rows has its header, or its columns', async () => {
    expect((await write({}, [])).toString()).toBe('id,name,price,items\n');
    expect((await write({ format: 'parquet' }, [])).subarray(0, 4).toString()).toBe('PAR1');
  });

  test.each<[FileTarget['format']]>([['csv'], ['ndjson'], ['parquet']])(
    '%s: a row that does not fit is an error, and so is one of the rows itself',
    async (format) => {
      await expect(write({ format }, [{ id: 'x' }])).rejects.toMatchObject({ name: 'ValidationError' });
      const broken = (async function* () {
        yield rows[0] ?? {};
        throw new TypeError('the source broke');
      })();
      await expect(
        write({ format, ...(format === 'csv' && { compression: 'gzip' as const }) }, broken),
      ).rejects.toThrow('the source broke');
    },
  );
});
