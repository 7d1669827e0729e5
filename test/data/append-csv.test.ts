import { describe, expect, test } from 'vitest';
import { DatasetWriter } from '../../lib/data/write/dataset-writer.ts';
import { MemoryObjectStore } from '../../lib/ports/memory/memory-object-store.ts';
import { dataPorts, readAll } from './data-ports.ts';

const ports = dataPorts(new MemoryObjectStore());
let written = 0;
const open = (columns: Record<string, string>) => {
  written += 1;
  return new DatasetWriter(ports, { dataset: 'd', dataPrefix: `${written}/`, columns });
};

const load = async (columns: Record<string, string>, ...chunks: (string | Uint8Array)[]) => {
  const writer = open(columns);
  for (const chunk of chunks) await writer.appendCsv(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return readAll(ports, await writer.close());
};

const failureOf = async (type: string, csv: string): Promise<string> => {
  try {
    return `stored: ${JSON.stringify(await load({ id: 'INTEGER', v: type }, csv))}`;
  } catch (error) {
    return String(error);
  }
};

describe('CSV', () => {
  test('is rows of all columns in order, as PostgreSQL writes them', async () => {
    const columns = {
      id: 'BIGINT',
      name: 'VARCHAR',
      at: 'TIMESTAMP',
      day: 'DATE',
      total: 'DECIMAL(18,2)',
      weight: 'DOUBLE',
      paid: 'BOOLEAN',
    };
    const csv = [
      '9223372036854775807,"a ""b"", c",2026-01-31 12:00:00.123456+02,1899-12-31,-12.5,1e-7,t',
      '-1,"two\nlines",2026-01-31 12:00:00,0001-01-01,0.10,-0.5,f',
      '0,,,,,,',
      '1,"",2026-01-31T23:59:59Z,9999-12-31,+1.500,NaN,true',
      '',
    ].join('\n');
    expect(await load(columns, csv)).toEqual([
      {
        id: 9223372036854775807n,
        name: 'a "b", c',
        at: '2026-01-31T10:00:00.123456Z',
        day: '1899-12-31',
        total: '-12.50',
        weight: 1e-7,
        paid: true,
      },
      {
        id: -1,
        name: 'two\nlines',
        at: '2026-01-31T12:00:00.000Z',
        day: '0001-01-01',
        total: '0.10',
        weight: -0.5,
        paid: false,
      },
      { id: 0, name: null, at: null, day: null, total: null, weight: null, paid: null },
      {
        id: 1,
        name: '',
        at: '2026-01-31T23:59:59.000Z',
        day: '9999-12-31',
        total: '1.50',
        weight: Number.NaN,
        paid: true,
      },
    ]);
  });

  test('tells an empty text from null, even with a single column', async () => {
    expect(await load({ v: 'VARCHAR' }, '""\n\n"a"\nNULL\n')).toEqual([
      { v: '' },
      { v: null },
      { v: 'a' },
      { v: 'NULL' },
    ]);
  });

  test.each([
    ['INTEGER', '1.5', 'allowed is an integer between -2^31 and 2^31-1'],
    ['INTEGER', '2147483648', 'allowed is an integer between -2^31 and 2^31-1'],
    ['BIGINT', '1e3', 'allowed is an integer'],
    ['BIGINT', '9223372036854775808', 'allowed is an integer'],
    ['DECIMAL(18,2)', '1.005', 'allowed is a decimal with at most 16 digits before the point and 2 after it'],
    ['DECIMAL(4,2)', '100', 'allowed is a decimal with at most 2 digits'],
    ['DECIMAL(18,2)', 'NaN', 'allowed is a decimal'],
    ['DOUBLE', '1e999', 'allowed is a number with at most 17 digits, NaN, Infinity or -Infinity'],
    ['DOUBLE', '0x10', 'allowed is a number'],
    ['BOOLEAN', 'yes', 'allowed is t, f, true or false'],
    ['DATE', '2026-02-30', 'allowed is a day such as 2026-01-31, of the years 1 to 9999'],
    ['DATE', '10000-01-01', 'allowed is a day'],
    ['DATE', '0044-03-15 BC', 'allowed is a day'],
    ['DATE', 'infinity', 'allowed is a day'],
    ['TIMESTAMP', '2026-01-31 24:00:00', 'allowed is a moment'],
    ['TIMESTAMP', '2026-01-31 10:00:00.1234567', 'allowed is a moment'],
    ['TIMESTAMP', '2026-02-30 10:00:00+01', 'allowed is a moment'],
    ['TIMESTAMP', '-infinity', 'allowed is a moment'],
  ])('a field that does not fit %s (%s) is refused with its row, column and value', async (type, field, allowed) => {
    const failure = await failureOf(type, `1,\n2,${field}\n3,\n`);
    expect(failure).toContain('ValidationError: dataset "d", row 2 does not fit:');
    expect(failure).toContain(`- column "v": "${field}" does not fit ${type}: ${allowed}`);
  });

  test('names the row of the whole dataset, and each of its wrong columns', async () => {
    const writer = open({ a: 'INTEGER', b: 'DATE' });
    await writer.append([{ a: 1 }, { a: 2 }]);
    await writer.appendCsv(Buffer.from('3,2026-01-01\nx,y\n'));
    await expect(writer.close()).rejects.toThrow(
      'dataset "d", row 4 does not fit:\n- column "a": "x" does not fit INTEGER: allowed is an integer between -2^31 and 2^31-1\n- column "b": "y" does not fit DATE',
    );
  });

  test.each([
    ['too few fields', '1\n', 'cannot be read, line 1 of them'],
    ['too many fields', '1,a\n2,b,c\n', 'cannot be read, line 2 of them'],
    ['text behind a quoted field', '1,a\n2,"a"b\n', 'cannot be read'],
  ])('that is not rows of the columns (%s) is refused with its line', async (_, csv, message) => {
    expect(await failureOf('VARCHAR', csv)).toContain(`ValidationError: dataset "d": the CSV of its rows`);
    expect(await failureOf('VARCHAR', csv)).toContain(message);
  });

  test('that is not UTF-8 is refused', async () => {
    const bytes = Buffer.from([0x31, 0x2c, 0xff, 0xfe, 0x0a]);
    await expect(load({ id: 'INTEGER', v: 'VARCHAR' }, bytes)).rejects.toMatchObject({ name: 'ValidationError' });
  });

  test('with half a row at the end is refused at once', async () => {
    const writer = open({ id: 'INTEGER', v: 'VARCHAR' });
    await expect(writer.appendCsv(Buffer.from('1,a\n2,"b\n'))).rejects.toThrow('here 1 of them are followed by a part');
  });

  test('gives the same content as the same rows, for any chunk boundaries', async () => {
    const columns = { id: 'INTEGER', v: 'VARCHAR' };
    const rows = Array.from({ length: 500 }, (_, id) => ({ id, v: id % 3 === 0 ? null : `"${id}",\n` }));
    const csv = rows.map(({ id, v }) => `${id},${v === null ? '' : `"${v.replaceAll('"', '""')}"`}\n`);
    const byRow = open(columns);
    await byRow.append(rows);
    const byCsv = open(columns);
    for (let at = 0; at < csv.length; at += 7) await byCsv.appendCsv(Buffer.from(csv.slice(at, at + 7).join('')));
    const mixed = open(columns);
    await mixed.appendCsv(Buffer.from(csv.slice(0, 100).join('')), 100);
    await mixed.append(rows.slice(100, 200));
    await mixed.appendColumns({ id: rows.slice(200).map(({ id }) => id), v: rows.slice(200).map(({ v }) => v) });
    const [first, second, third] = [await byRow.close(), await byCsv.close(), await mixed.close()];
    expect(second.content_digest).toBe(first.content_digest);
    expect(third.content_digest).toBe(first.content_digest);
    expect(await readAll(ports, third)).toEqual(rows);
  });
});

describe('columns', () => {
  test('take arrays, typed arrays, and columns as they are read; a missing column is null', async () => {
    const writer = open({ a: 'BIGINT', b: 'DOUBLE', c: 'INTEGER', d: 'VARCHAR[]' });
    await writer.appendColumns({ a: [1, 2n], b: Float64Array.of(0.5, -1) });
    await writer.appendColumns({ c: { values: Int32Array.of(0, 7), nulls: Uint8Array.of(1, 0) }, d: [['x'], null] });
    await writer.appendColumns({});
    expect(await readAll(ports, await writer.close())).toEqual([
      { a: 1, b: 0.5, c: null, d: null },
      { a: 2, b: -1, c: null, d: null },
      { a: null, b: null, c: null, d: ['x'] },
      { a: null, b: null, c: 7, d: null },
    ]);
  });

  test('of different lengths, or undeclared, are refused', async () => {
    await expect(open({ a: 'BIGINT', b: 'DOUBLE' }).appendColumns({ a: [1], b: [] })).rejects.toThrow(
      'columns that are appended need equally many values: "a" has 1, "b" has 0',
    );
    await expect(open({ a: 'BIGINT' }).appendColumns({ b: [1] })).rejects.toThrow('the column "b" is not declared');
  });

  test('with a wrong value name the row and all of its wrong columns', async () => {
    const values = { a: [1, 2.5], b: [0, Number.NaN] };
    await expect(open({ a: 'BIGINT', b: 'DOUBLE' }).appendColumns(values)).rejects.toThrow(
      'dataset "d", row 2 does not fit:\n- column "a": 2.5 does not fit BIGINT: it is not an integer that a number holds exactly: give it as a bigint or a string of digits\n- column "b": NaN does not fit DOUBLE: it is not finite',
    );
  });
});
