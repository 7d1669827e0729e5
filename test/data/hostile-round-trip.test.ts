import { describe, expect, test } from 'vitest';
import { errorNames } from '../../lib/contract/error-names.ts';
import type { Row } from '../../lib/data/row.ts';
import { DatasetWriter } from '../../lib/data/write/dataset-writer.ts';
import { MemoryObjectStore } from '../../lib/ports/memory/memory-object-store.ts';
import { sized } from '../support/sized.ts';
import { dataPorts, readAll } from './data-ports.ts';

type Columns = Readonly<Record<string, string>>;

/** Writes, closes and reads the rows again. */
const roundTrip = async (columns: Columns, write: (writer: DatasetWriter) => Promise<void>): Promise<Row[]> => {
  const ports = dataPorts(new MemoryObjectStore());
  const writer = new DatasetWriter(ports, { dataset: 'd', dataPrefix: 'p/', columns });
  await write(writer);
  return readAll(ports, await writer.close());
};

const ofRows = (columns: Columns, rows: readonly Row[]): Promise<Row[]> =>
  roundTrip(columns, (writer) => writer.append(rows));

const ofCsv = (columns: Columns, csv: string | Buffer): Promise<Row[]> =>
  roundTrip(columns, (writer) => writer.appendCsv(Buffer.from(csv as string)));

const named = (names: readonly string[], value: (index: number) => string | number) =>
  Object.fromEntries(names.map((name, index) => [name, value(index)]));

const many = Array.from({ length: sized(1_000, 10_000) }, (_, index) => `c${index}`);
const odd = ['a"b', "c'd", 'e.f', 'g\nh', '\u{1f600}', 'select', 'toString', '\\', '$x', 'x'.repeat(10_000)];

/** A value nested this many times inside another. */
const nested = (depth: number, around: (value: unknown) => unknown): unknown => {
  let value: unknown = 7;
  for (let level = 0; level < depth; level += 1) value = around(value);
  return value;
};

describe('unusual rows come back unchanged', () => {
  test.each<[string, Columns, readonly Row[]]>([
    ['none', { a: 'VARCHAR' }, []],
    ['texts of 10 MB', { a: 'VARCHAR' }, [{ a: 'x'.repeat(1e7) }, { a: null }, { a: 'é'.repeat(5e6) }]],
    [
      'days and moments at the ends',
      { d: 'DATE', t: 'TIMESTAMP' },
      [
        { d: '0001-01-01', t: '0001-01-01T00:00:00.000Z' },
        { d: '1582-10-10', t: '1899-12-31T23:59:59.999Z' },
        { d: '9999-12-31', t: '9999-12-31T23:59:59.999Z' },
      ],
    ],
    [
      'numbers at the ends',
      { i: 'BIGINT', f: 'DOUBLE', m: 'DECIMAL(38,10)' },
      [
        { i: 2n ** 63n - 1n, f: 5e-324, m: `${'9'.repeat(28)}.${'9'.repeat(10)}` },
        { i: -(2n ** 63n), f: -1.7976931348623157e308, m: `-${'9'.repeat(28)}.${'9'.repeat(10)}` },
      ],
    ],
    ['lists 16 deep', { l: `INTEGER${'[]'.repeat(16)}` }, [{ l: nested(16, (value) => [value]) } as Row]],
    [
      'structs 16 deep',
      { s: `${'STRUCT(a '.repeat(16)}INTEGER${')'.repeat(16)}` },
      [{ s: nested(16, (a) => ({ a })) } as Row],
    ],
    [
      'a long list',
      { l: 'INTEGER[]' },
      [{ l: Array.from({ length: sized(10_000, 1e6) }, (_, index) => index) }, { l: [] }],
    ],
    ['any names', named(odd, () => 'VARCHAR') as Columns, [named(odd, (index) => `v${index}`)]],
  ])('%s', async (_, columns, rows) => {
    expect(await ofRows(columns, rows)).toStrictEqual(rows);
  });

  test('thousands of columns', async () => {
    const row = named(many, (index) => index);
    const [first, second, ...more] = await ofRows(named(many, () => 'INTEGER') as Columns, [row, {}]);
    expect(first).toEqual(row);
    expect(Object.values(second ?? {})).toEqual(many.map(() => null));
    expect(more).toEqual([]);
  });

  test('in columns that a reader gave as columns', async () => {
    const columns = { i: 'BIGINT', n: 'INTEGER', f: 'DOUBLE', t: 'VARCHAR' };
    const rows = await roundTrip(columns, (writer) =>
      writer.appendColumns({
        i: new BigInt64Array([1n, 2n ** 60n]),
        n: { values: new Int32Array([0, 5]), nulls: new Uint8Array([1, 0]) },
        f: { values: new Float64Array([0.5, 0]), nulls: null },
        t: ['x', null],
      }),
    );
    expect(rows).toStrictEqual([
      { i: 1, n: null, f: 0.5, t: 'x' },
      { i: 2n ** 60n, n: 5, f: 0, t: null },
    ]);
  });
});

describe('unusual CSV comes back unchanged', () => {
  const columns = { a: 'VARCHAR', b: 'BIGINT' };
  test.each<[string, Columns, string, readonly Row[]]>([
    [
      'texts of 10 MB',
      columns,
      `${'x'.repeat(1e7)},1\n"${'y'.repeat(1e7)}",2\n`,
      [
        { a: 'x'.repeat(1e7), b: 1 },
        { a: 'y'.repeat(1e7), b: 2 },
      ],
    ],
    ['a text that holds NUL', columns, 'x\0y,1\n', [{ a: 'x\0y', b: 1 }]],
    [
      'a null and an empty text',
      columns,
      ',1\n"",2\n',
      [
        { a: null, b: 1 },
        { a: '', b: 2 },
      ],
    ],
    [
      'words that others take for null',
      columns,
      'NULL,1\n\\N,2\n',
      [
        { a: 'NULL', b: 1 },
        { a: '\\N', b: 2 },
      ],
    ],
    ['line breaks and quotation marks in texts', columns, '"p\nq ""r""",1\n', [{ a: 'p\nq "r"', b: 1 }]],
    [
      'numbers that are none',
      { f: 'DOUBLE' },
      'NaN\nInfinity\n-Infinity\n',
      [{ f: Number.NaN }, { f: Infinity }, { f: -Infinity }],
    ],
    ['days before 1900', { d: 'DATE' }, '0001-01-01\n1899-12-31\n', [{ d: '0001-01-01' }, { d: '1899-12-31' }]],
    ['microseconds', { t: 'TIMESTAMP' }, '1890-01-01 12:00:00.000001\n', [{ t: '1890-01-01T12:00:00.000001Z' }]],
  ])('%s', async (_, declared, csv, rows) => {
    expect(await ofCsv(declared, csv)).toStrictEqual(rows);
  });
});

describe('a wrong value is a ValidationError with row, column and value', () => {
  test.each<[string, () => Promise<Row[]>, RegExp]>([
    [
      'a decimal that is too large',
      () => ofRows({ m: 'DECIMAL(4,2)' }, [{ m: '1' }, { m: '100' }]),
      /row 2 .*\n- column "m": "100" does not fit DECIMAL\(4,2\)/,
    ],
    ['NaN', () => ofRows({ f: 'DOUBLE' }, [{ f: Number.NaN }]), /row 1 .*\n- column "f": NaN does not fit DOUBLE/],
    [
      'NUL in a row',
      () => ofRows({ a: 'VARCHAR' }, [{ a: 'x\0' }]),
      /row 1 .*\n- column "a": .* it holds a NUL character/,
    ],
    [
      'half a surrogate pair',
      () => ofRows({ a: 'VARCHAR' }, [{ a: '\ud800' }]),
      /row 1 .*\n- column "a": .* half a surrogate pair/,
    ],
    [
      'the year 0',
      () => ofRows({ d: 'DATE' }, [{ d: '0000-01-01' }]),
      /row 1 .*\n- column "d": "0000-01-01" does not fit DATE/,
    ],
    [
      'the year -1',
      () => ofRows({ d: 'DATE' }, [{ d: '-0001-01-01' }]),
      /row 1 .*\n- column "d": "-0001-01-01" does not fit DATE/,
    ],
    [
      'the year 0 in CSV',
      () => ofCsv({ d: 'DATE' }, '2026-01-01\n0000-01-01\n'),
      /row 2 .*\n- column "d": "0000-01-01" does not fit DATE/,
    ],
    [
      'an infinite day in CSV',
      () => ofCsv({ d: 'DATE' }, 'infinity\n'),
      /row 1 .*\n- column "d": "infinity" does not fit DATE/,
    ],
    [
      'a decimal that would be rounded',
      () => ofCsv({ m: 'DECIMAL(18,2)' }, '1.005\n'),
      /row 1 .*\n- column "m": "1.005" does not fit DECIMAL/,
    ],
    [
      'an integer that is none',
      () => ofCsv({ i: 'BIGINT' }, '1\n1.5\n'),
      /row 2 .*\n- column "i": "1.5" does not fit BIGINT/,
    ],
    [
      'an integer that is too large',
      () => ofCsv({ i: 'BIGINT' }, '9223372036854775808\n'),
      /row 1 .*\n- column "i": "9223372036854775808" does not fit/,
    ],
    [
      'a number that is too large',
      () => ofCsv({ f: 'DOUBLE' }, '1e400\n'),
      /row 1 .*\n- column "f": "1e400" does not fit DOUBLE/,
    ],
    [
      'text that is not UTF-8',
      () => ofCsv({ a: 'VARCHAR' }, Buffer.from('ok\nx\xe4y\n', 'latin1')),
      /line 2 .*(UTF|utf)-?8/s,
    ],
    ['a field too many', () => ofCsv({ a: 'VARCHAR' }, 'x\nx,y\n'), /line 2 .*Expected Number of Columns: 1 Found: 2/s],
  ])('%s', async (_, work, message) => {
    const error = await work().then(
      () => null,
      (thrown: Error) => thrown,
    );
    expect(error?.name).toBe(errorNames.validation);
    expect(error?.message).toContain('dataset "d"');
    expect(error?.message).toMatch(message);
  });
});
