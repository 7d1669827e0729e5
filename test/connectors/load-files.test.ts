import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FilesSource, loadFiles } from '../../lib/connectors/sources.ts';
import { CapturedStep } from './captured-step.ts';

const columns = { id: 'BIGINT', name: 'VARCHAR', price: 'DECIMAL(18,2)' };

const load = async (stored: Record<string, string | Uint8Array>, source: Partial<FilesSource> = {}) => {
  const step = new CapturedStep();
  for (const [key, bytes] of Object.entries(stored)) step.stored.set(`sources/${key}`, Buffer.from(bytes));
  const loaded = await loadFiles(step, { dataset: 'd', columns, files: Object.keys(stored)[0] ?? '', ...source });
  return { ...loaded, loaded: step.rows('d'), step };
};
const loadLines = (lines: readonly string[], source: Partial<FilesSource> = {}) =>
  load({ 'f.csv': lines.join('\n') }, source);

test.each([
  [
    'shop/prodcts.csv',
    'the store has no shop/prodcts.csv: it was not delivered, or the name is wrong; sources/shop/ has orders.csv, products.csv',
  ],
  [
    'shop/*.json',
    'the store has nothing that matches "shop/*.json" below sources/: it was not delivered, or the name is wrong; sources/shop/ has orders.csv, products.csv',
  ],
  ['other/a.csv', 'the store has no other/a.csv: it was not delivered, or the name is wrong; sources/other/ is empty'],
])('the file %s that is missing is an error with its folder and what is in it', async (files, message) => {
  await expect(load({ 'shop/products.csv': 'id', 'shop/orders.csv': 'id' }, { files })).rejects.toThrow(message);
});

describe('a rule beyond the types', () => {
  const seen = new Set<string | null>();
  const check: FilesSource['check'] = ({ id, price }) => {
    if (price?.startsWith('-')) return `price is ${price}`;
    if (seen.has(id ?? null)) return `${id} is listed twice`;
    seen.add(id ?? null);
    return null;
  };

  test.each([
    ['CSV', ['id,name,price', '1,a,1', '2,b,-2', '1,c,3', '3,d,4']],
    [
      'NDJSON',
      [
        '{"id":1,"name":"a","price":"1"}',
        '{"id":2,"price":"-2"}',
        '{"id":1,"price":3}',
        '{"id":3,"name":"d","price":4}',
      ],
    ],
  ])('makes a line of %s bad, and says why', async (_, lines) => {
    seen.clear();
    const first = lines.length - 2;
    await expect(loadLines(lines, { check })).rejects.toThrow(`f.csv:${first}: price is -2.00`);
    seen.clear();
    const { rows, rejected, loaded, step } = await loadLines(lines, { check, quarantine: {} });
    expect([rows, rejected]).toEqual([2, 2]);
    expect(loaded).toEqual([
      ['1', 'a', '1.00'],
      ['3', 'd', '4.00'],
    ]);
    expect(step.objectsOf('d_rejected').map((one) => (one as { reason: string }).reason)).toEqual([
      'price is -2.00',
      '1 is listed twice',
    ]);
  });
});

describe('CSV', () => {
  test('columns are found by the header, in any order; other columns are ignored', async () => {
    const { loaded } = await loadLines(['price,x,id,name', '1.5,?,7,"a ""b"", c"', '2,,8,']);
    expect(loaded).toEqual([
      ['7', 'a "b", c', '1.50'],
      ['8', null, '2.00'],
    ]);
  });

  test.each([
    [
      'CRLF',
      'id,name,price\r\n1,a,1\r\n2,"b\r\nc",2\r\n',
      [
        ['1', 'a', '1.00'],
        ['2', 'b\r\nc', '2.00'],
      ],
    ],
    ['no newline at the end', 'id,name,price\n1,a,1', [['1', 'a', '1.00']]],
    ['a byte order mark', '\ufeffid,name,price\n1,a,1\n', [['1', 'a', '1.00']]],
    ['empty lines', '\nid,name,price\n\n1,a,1\n\n', [['1', 'a', '1.00']]],
    ['empty text and null', 'id,name,price\n1,"",\n', [['1', '', null]]],
    ['only a header', 'id,name,price\n', []],
  ])('%s', async (_, text, rows) => expect((await load({ 'f.csv': text })).loaded).toEqual(rows));

  test('other delimiters, no header, texts for null', async () => {
    const { loaded } = await load(
      { f: '1;a,b;NULL\n2;-;3\n' },
      { delimiter: ';', header: false, nulls: ['NULL', '-'] },
    );
    expect(loaded).toEqual([
      ['1', 'a,b', null],
      ['2', null, '3.00'],
    ]);
  });

  test.each([
    ['a missing column', ['id,name', '1,a'], /f\.csv:1: the header has no price; it has id, name/],
    ['a column that stands twice', ['id,name,price,id', '1,a,1,2'], /f\.csv:1: the header has id twice/],
    ['nothing at all', [''], /f\.csv is empty: not even a header/],
  ])('%s is an error of the file', async (_, lines, message) => {
    await expect(loadLines(lines, { quarantine: {} })).rejects.toThrow(message);
  });

  test.each([
    ['id', '1.5', 'BIGINT', /"1\.5" does not fit BIGINT: it is not an integer/],
    ['id', '9223372036854775808', 'BIGINT', /not between/],
    ['id', '', 'BIGINT', null],
    ['x', '2147483648', 'INTEGER', /not between/],
    ['x', '1.005', 'DECIMAL(18,2)', /more than 2 digits after the point/],
    ['x', '2026-02-30', 'DATE', /it is not a day/],
    ['x', '2026-01-31 10:00', 'TIMESTAMP', /time zone is missing/],
    ['x', 'NaN', 'DOUBLE', /it is not a number/],
    ['x', '0.1234567890123456789', 'DOUBLE', /a DOUBLE holds about 16 digits/],
    ['x', '9007199254740993', 'DOUBLE', /a DOUBLE holds about 16 digits/],
    ['x', 'yes', 'BOOLEAN', /it is not true or false/],
    ['x', 'constructor', 'BOOLEAN', /it is not true or false/],
    ['x', '__proto__', 'BOOLEAN', /it is not true or false/],
    ['x', '{"a":1', 'STRUCT(a INTEGER)', /has a quote in its middle/],
    ['x', '"{""a"":1"', 'STRUCT(a INTEGER)', /it cannot be read as JSON: the text ends/],
    ['x', '"[1,""2""]"', 'INTEGER[]', /at \[1\].*"2".*it is not an integer/],
  ])('a field %s with %s for %s must fit its type', async (name, text, type, message) => {
    const read = load({ 'f.csv': `k,${name}\n1,${text}\n` }, { columns: { k: 'BIGINT', [name]: type } });
    if (message === null) expect((await read).loaded).toEqual([['1', null]]);
    else await expect(read).rejects.toMatchObject({ name: 'ValidationError', message: expect.stringMatching(message) });
  });

  test.each([
    ['+7', 'BIGINT', '7'],
    ['-9223372036854775808', 'BIGINT', '-9223372036854775808'],
    ['1e3', 'DOUBLE', '1000'],
    // As C's %.17g writes the double 0.1, and Java the least one.
    ['0.10000000000000001', 'DOUBLE', '0.1'],
    ['4.9E-324', 'DOUBLE', '5e-324'],
    ['1152921504606846976', 'DOUBLE', '1152921504606847000'],
    ['T', 'BOOLEAN', 'true'],
    ['2026-01-31T23:30:00-05:00', 'TIMESTAMP', '2026-02-01 04:30:00.000'],
    ['"[{""p"":12345678901234567.89}]"', 'STRUCT(p DECIMAL(38,2))[]', '[{"p":"12345678901234567.89"}]'],
  ])('%s for %s is %s', async (text, type, expected) => {
    expect((await load({ 'f.csv': `k,x\n1,${text}\n` }, { columns: { k: 'BIGINT', x: type } })).loaded).toEqual([
      ['1', expected],
    ]);
  });
});

describe('NDJSON', () => {
  const read = (text: string, source: Partial<FilesSource> = {}) => load({ 'f.json': text }, source);
  test('declared keys are columns, missing ones are null, others are ignored', async () => {
    const { loaded } = await read(
      '{"id":1,"name":"a","price":"1.5","x":[]}\n\n{"price":2}\r\n{"id":"9223372036854775807","name":""}',
    );
    expect(loaded).toEqual([
      ['1', 'a', '1.50'],
      [null, null, '2.00'],
      ['9223372036854775807', '', null],
    ]);
  });

  test('no digit of a number is lost', async () => {
    const { loaded } = await read(
      '{"id":9007199254740993,"price":1234567890123456.78,"name":"12345678901234567890"}\n{"id":9007199254740994,"price":1e3}\n',
    );
    expect(loaded).toEqual([
      ['9007199254740993', '12345678901234567890', '1234567890123456.78'],
      ['9007199254740994', null, '1000.00'],
    ]);
  });

  test.each([
    ['{"id":1', /f\.json:1: it cannot be read as JSON: the text ends where "," or "}" is expected, at column 8/],
    ['{"id":1,"name":"a","id":2}', /f\.json:1: .*the key "id" occurs twice in one object, at column 20/],
    ['{"id":1,"x":{"__proto__":1}}', /f\.json:1: .*the key "__proto__" is not allowed/],
    ['{"name":"\\ud800"}', /f\.json:1: .*lone surrogate/],
    ['{"price":1e400}', /f\.json:1: .*the number "1e400" is too large/],
    ['{"name":12345678901234.5678}', /column "name": 12345678901234\.5678 does not fit VARCHAR: it is not a string/],
    ['[1]', /f\.json:1: it is not a JSON object/],
    ['{"id":"x"}', /f\.json:1: column "id": "x" does not fit BIGINT/],
    ['{"name":"a\\u0000"}', /f\.json:1: column "name".*NUL/],
  ])('%s is an error with its line', async (text, message) => {
    await expect(read(`${text}\n`, { format: 'ndjson' })).rejects.toThrow(message);
  });
});

describe('every line counts', () => {
  test('in CSV of one column an empty line is a null; in other CSV it is skipped', async () => {
    const email = { columns: { email: 'VARCHAR' } };
    // PostgreSQL's COPY writes the rows a@x, NULL, '' and NULL like this.
    expect((await loadLines(['email', 'a@x', '', '""', '', ''], email)).loaded).toEqual([
      ['a@x'],
      [null],
      [''],
      [null],
    ]);
    expect((await loadLines(['', 'b'], { ...email, header: false })).loaded).toEqual([[null], ['b']]);
    expect((await loadLines(['email,x', 'a@x,1', '', 'b,2'], email)).loaded).toEqual([['a@x'], ['b']]);
  });

  test('lines may end with CR alone', async () => {
    expect((await load({ f: 'id,name,price\r1,"a\rb",1\r\r2,b,2' })).loaded).toEqual([
      ['1', 'a\rb', '1.00'],
      ['2', 'b', '2.00'],
    ]);
    expect((await load({ f: '{"id":1}\r{"id":2}\r' }, { optional: ['name', 'price'] })).loaded).toEqual([
      ['1', null, null],
      ['2', null, null],
    ]);
  });

  test('a line break other than the line end makes its line bad', async () => {
    const { loaded, step } = await load(
      { f: 'id,name\n1,a\rb\n2,"c\rd"\n3,"e",f\rg\n4,h\r\n' },
      { columns: { id: 'BIGINT', name: 'VARCHAR' }, quarantine: {} },
    );
    expect(loaded).toEqual([
      ['2', 'c\rd'],
      ['4', 'h'],
    ]);
    const bad = { reason: 'it has a carriage return (CR) outside of quotes, and lines end with LF' };
    expect(step.objectsOf('d_rejected')).toMatchObject([
      { line: 2, ...bad },
      { line: 4, ...bad },
    ]);
  });

  test('a column that no object of a file has is an error, unless it may be missing', async () => {
    const file = { 'f.json': '{"id":1,"nam":"a"}\n{"id":2,"price":1}\n' };
    await expect(load(file, { quarantine: {} })).rejects.toThrow(
      'f.json: none of its 2 objects has "name"; they have id, nam, price. Correct the name, or list the column in "optional"',
    );
    expect((await load(file, { optional: ['name'] })).loaded).toEqual([
      ['1', null, null],
      ['2', null, '1.00'],
    ]);
    await expect(load(file, { optional: ['nome'] })).rejects.toThrow('"optional" names "nome", which is no column');
    expect((await load({ 'f.csv': 'id,price\n1,2\n' }, { optional: ['name'] })).loaded).toEqual([['1', null, '2.00']]);
  });

  test('a field of a struct that is null or missing is written as null', async () => {
    const address = { columns: { address: 'STRUCT(street VARCHAR, zip VARCHAR)' } };
    const json = [
      '{"address":{"street":"A","zip":null}}',
      '{"address":{"street":"B"}}',
      '{"address":{}}',
      '{"address":null}',
    ];
    expect((await load({ f: json.join('\n') }, address)).loaded).toEqual([
      ['{"street":"A","zip":null}'],
      ['{"street":"B","zip":null}'],
      ['{"street":null,"zip":null}'],
      [null],
    ]);
  });
});

describe('bad lines', () => {
  const file = [
    'id,name,price',
    '1,a,1',
    'two,b,2',
    '3,c',
    '4,"d,4',
    '5,e,5',
    '6,"f"g,6',
    '7,"multi',
    'line",7',
    '8,\ufffd,8',
  ].join('\n');
  const bytes = Buffer.concat([
    Buffer.from(file),
    Buffer.from('\n9,'),
    Buffer.from([0xff]),
    Buffer.from(',9\n10,j,10\n'),
  ]);

  test('are kept in a separate dataset with line, reason and text; the others are loaded', async () => {
    const { step, loaded, rows, rejected } = await load({ 'f.csv': bytes }, { quarantine: {} });
    expect(step.objectsOf('d_rejected')).toEqual([
      {
        file: 'f.csv',
        line: 3,
        reason: 'column "id": "two" does not fit BIGINT: it is not an integer',
        text: 'two,b,2',
      },
      { file: 'f.csv', line: 4, reason: 'it has 2 fields, and 3 are expected', text: '3,c' },
      { file: 'f.csv', line: 5, reason: expect.stringMatching(/quote/), text: '4,"d,4' },
      { file: 'f.csv', line: 7, reason: expect.stringMatching(/closing quote/), text: '6,"f"g,6' },
      { file: 'f.csv', line: 11, reason: expect.stringMatching(/not UTF-8/), text: '9,\\xff,9' },
    ]);
    expect(loaded.map(([id, name]) => [id, name])).toEqual([
      ['1', 'a'],
      ['5', 'e'],
      ['7', 'multi\nline'],
      ['8', '\ufffd'],
      ['10', 'j'],
    ]);
    expect([rows, rejected]).toEqual([5, 5]);
  });

  test('fail the step at the first one without a quarantine', async () => {
    await expect(load({ 'f.csv': bytes })).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringMatching(/f\.csv:3: column "id"/),
    });
  });

  test('beyond the limits fail the step, and the error quotes the first ones', async () => {
    await expect(load({ 'f.csv': bytes }, { quarantine: { maxErrors: 4 } })).rejects.toThrow(
      /more than 4 lines cannot be read; the first are:\n- f\.csv:3: /,
    );
    await expect(load({ 'f.csv': bytes }, { quarantine: { maxErrors: 5 } })).resolves.toMatchObject({ rejected: 5 });
    await expect(load({ 'f.csv': bytes }, { quarantine: { maxRatio: 0.49 } })).rejects.toThrow(
      /5 of 10 lines.*more than the 0\.49/,
    );
    await expect(load({ 'f.csv': bytes }, { quarantine: { maxRatio: 0.5 } })).resolves.toMatchObject({ rejected: 5 });
  });

  test('no bad lines make a dataset without rows', async () => {
    const { step } = await load({ 'f.csv': 'id,name,price\n' }, { quarantine: { dataset: 'bad' } });
    expect(step.datasets.get('bad')?.columns).toEqual({
      file: 'VARCHAR',
      line: 'BIGINT',
      reason: 'VARCHAR',
      text: 'VARCHAR',
    });
  });

  test('and rows together are all lines, for any content of the file', async () => {
    const line = fc
      .array(fc.constantFrom('a', '1', '"', ',', 'é', '\r', '""', ' '), { maxLength: 12 })
      .map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 30 }), async (lines) => {
        const text = ['x,y', ...lines].join('\n');
        const step = new CapturedStep();
        step.stored.set('sources/f', Buffer.from(text));
        await loadFiles(step, { dataset: 'd', columns: { x: 'VARCHAR', y: 'VARCHAR' }, files: 'f', quarantine: {} });
        const bad = step.objectsOf('d_rejected') as { line: number; text: string }[];
        for (const { line: number, text: kept } of bad) {
          const there = text
            .split('\n')
            .slice(number - 1)
            .join('\n');
          expect(there.slice(0, kept.length)).toBe(kept);
        }
        const good = step.rows('d');
        const newlines = [...good.flat(), ...bad.map((one) => one.text)].map((one) => one?.match(/\n/g)?.length ?? 0);
        const inRows = newlines.reduce((sum, count) => sum + count, good.length);
        const filled = text
          .split('\n')
          .slice(1)
          .filter((each) => each.replace(/\r$/, '') !== '').length;
        const emptyInside = inRows + bad.length - filled;
        // A quoted field may hold empty lines, which would not count by themselves.
        expect(emptyInside).toBeGreaterThanOrEqual(0);
        if (!text.includes('"')) expect(emptyInside).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});

describe('charset', () => {
  test.each([
    ['windows-1252', Buffer.from('id,name,price\n1,M\xfcller \x80,1\n', 'latin1'), 'Müller €'],
    ['utf-16le', Buffer.from('\ufeffid,name,price\n1,日本 😀,1\n', 'utf16le'), '日本 😀'],
    [
      'shift_jis',
      Buffer.concat([Buffer.from('id,name,price\n1,'), Buffer.from('93fa967b', 'hex'), Buffer.from(',1\n')]),
      '日本',
    ],
  ])('%s', async (charset, bytes, name) => {
    for (const stored of [bytes, gzipSync(bytes)])
      expect((await load({ 'f.csv': stored }, { charset })).loaded).toEqual([['1', name, '1.00']]);
  });

  test('that the bytes do not have, or that does not exist, is an error', async () => {
    const text = 'id,name,price\n1,M\xfcller,1\n';
    await expect(load({ 'f.csv': Buffer.from(text, 'latin1') }, { charset: 'utf-8' })).rejects.toThrow(
      /not utf-8, after its first 0/,
    );
    await expect(load({ 'f.csv': Buffer.from(text) }, { charset: 'ansi' })).rejects.toThrow(/"ansi" is not known/);
    await expect(
      load({ 'f.csv': Buffer.from(text, 'utf16le').subarray(1) }, { charset: 'utf-16le' }),
    ).rejects.toThrow();
  });
});

describe('files that were joined', () => {
  test('have the header again, which is a bad line and no row', async () => {
    const joined = ['\ufeffid,name,price', '1,a,1', '\ufeffid,name,price', '2,b,2', 'id,name,price'];
    const { loaded, step } = await loadLines(joined, {
      columns: { id: 'VARCHAR', name: 'VARCHAR', price: 'VARCHAR' },
      quarantine: {},
    });
    expect(loaded.map(([id]) => id)).toEqual(['1', '2']);
    expect(step.objectsOf('d_rejected')).toMatchObject([
      { line: 3, reason: 'it is the header again' },
      { line: 5, reason: 'it is the header again' },
    ]);
  });

  test('of one column may have its name as a value', async () => {
    expect((await loadLines(['word', 'a', 'word'], { columns: { word: 'VARCHAR' } })).loaded).toEqual([
      ['a'],
      ['word'],
    ]);
  });
});

describe('NDJSON', () => {
  test('whose keys differ from the columns in case only is a bad line, and no row of nulls', async () => {
    const lines = ['{"id":1,"name":"a","price":1}', '{"ID":2,"name":"b","price":2}', '{"id":3,"NAME":"c"}', '{"id":4}'];
    const { loaded, step } = await loadLines(lines, { quarantine: {} });
    expect(loaded.map(([id]) => id)).toEqual(['1', '4']);
    expect(step.objectsOf('d_rejected')).toMatchObject([
      { line: 2, reason: 'it has "ID" in place of "id"' },
      { line: 3, reason: 'it has "NAME" in place of "name"' },
    ]);
  });

  test('may begin with blanks', async () => {
    expect((await loadLines(['', '  {"id":1,"name":"a","price":1}'])).loaded).toEqual([['1', 'a', '1.00']]);
  });
});

describe('packed files', () => {
  const text = `id,name,price\n${Array.from({ length: 20_000 }, (_, index) => `${index},n${index},1.5`).join('\n')}\n`;
  test.each([
    ['gzip', gzipSync(text)],
    ['gzip in two members', Buffer.concat([gzipSync(text.slice(0, 100_000)), gzipSync(text.slice(100_000))])],
    ['zstd', zstdCompressSync(text)],
    ['nothing', Buffer.from(text)],
  ])('%s is recognised by the content, not by the name', async (_, bytes) => {
    for (const name of ['a.csv', 'a.csv.gz', 'a.csv.zst']) {
      const { loaded } = await load({ [name]: bytes });
      expect([loaded.length, loaded.at(-1)]).toEqual([20_000, ['19999', 'n19999', '1.50']]);
    }
  });

  test.each([
    ['gzip', gzipSync(text)],
    ['zstd', zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: 1 } })],
  ])('%s that is cut off or damaged is an error of the file', async (_, bytes) => {
    await expect(load({ 'a.csv': bytes.subarray(0, bytes.length - 20) })).rejects.toThrow(/a\.csv cannot be unpacked/);
    const flipped = Buffer.from(bytes);
    flipped[bytes.length >> 1] = (flipped[bytes.length >> 1] ?? 0) ^ 0xff;
    await expect(load({ 'a.csv': flipped }, { quarantine: {} })).rejects.toThrow(/cannot be unpacked/);
  });

  test('UTF-16 is refused', async () => {
    await expect(load({ 'a.csv': Buffer.from('\ufeffid,name\n', 'utf16le') })).rejects.toThrow(
      /is UTF-16: write charset: 'utf-16le'/,
    );
  });
});

describe('Parquet', () => {
  const parquet = async (query: string): Promise<Uint8Array> => {
    const path = join(mkdtempSync(join(tmpdir(), 'parquet-')), 'a.parquet');
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    await connection.run(`SET TimeZone='America/New_York'; COPY (${query}) TO '${path}' (FORMAT parquet)`);
    return readFileSync(path);
  };

  test('declared columns are loaded with exact values', async () => {
    const bytes = await parquet(
      `SELECT i AS id, 'n' || i AS name, (i / 4)::DECIMAL(9,2) AS price, [{'a': i}] AS list, '2026-01-31 12:00:00+00'::TIMESTAMPTZ AS at, 1 AS more FROM range(3) r(i)`,
    );
    const wanted = { ...columns, list: 'STRUCT(a BIGINT)[]', at: 'TIMESTAMP' };
    const { step } = await load({ 'a.csv': bytes }, { columns: wanted });
    expect(step.rows('d')[2]).toEqual(['2', 'n2', '0.50', '[{"a":2}]', '2026-01-31 12:00:00.000']);
  });

  test('a value that a dataset cannot hold makes its row a bad one; NaN is a value of DOUBLE', async () => {
    const bytes = await parquet(
      `SELECT * FROM (VALUES (1, 1.5::DOUBLE, ['NaN'::DOUBLE], DATE '2026-01-31', 'a', 7::UBIGINT), (2, 'NaN', NULL, NULL, NULL, NULL),
        (3, '-Infinity', [], NULL, NULL, NULL), (4, 0, NULL, 'infinity', NULL, NULL), (5, 0, NULL, '0044-03-15 (BC)', NULL, NULL), (6, 0, NULL, NULL, 'a' || chr(0), NULL),
        (7, 0, NULL, NULL, NULL, 18446744073709551615)) AS t(id, x, list, day, name, big)`,
    );
    const wanted = { id: 'INTEGER', x: 'DOUBLE', list: 'DOUBLE[]', day: 'DATE', name: 'VARCHAR', big: 'BIGINT' };
    const { step, rows, rejected } = await load({ 'a.parquet': bytes }, { columns: wanted, quarantine: {} });
    expect([rows, rejected]).toEqual([3, 4]);
    expect(step.rows('d')).toEqual([
      ['1', '1.5', '["NaN"]', '2026-01-31', 'a', '7'],
      ['2', 'NaN', null, null, null, null],
      ['3', '-Infinity', '[]', null, null, null],
    ]);
    expect(step.objectsOf('d_rejected')).toMatchObject([
      {
        line: 4,
        reason: expect.stringMatching(/^column "day": "infinity" does not fit DATE/),
        text: expect.stringMatching(/"day":"infinity"/),
      },
      { line: 5, reason: expect.stringMatching(/^column "day": "-000043-03-15" does not fit DATE/) },
      { line: 6, reason: expect.stringMatching(/^column "name": .*NUL/) },
      {
        line: 7,
        reason: expect.stringMatching(/^column "big": "18446744073709551615" does not fit BIGINT: it is not between/),
      },
    ]);
    await expect(load({ 'a.parquet': bytes }, { columns: wanted })).rejects.toThrow(/a\.parquet:4: column "day"/);
  });

  const int96 = fileURLToPath(
    new URL('../../../shared/cases/data/parquet-int96/sources/int96_ns.parquet', import.meta.url),
  );

  test.skipIf(!existsSync(int96))(
    'INT96 is read to the nanosecond, and refused where it is finer than a microsecond (needs ../shared)',
    async () => {
      const { step } = await load(
        { 'a.parquet': readFileSync(int96) },
        { columns: { id: 'INTEGER', timestamp_col: 'TIMESTAMP', double_col: 'DOUBLE' }, quarantine: {} },
      );
      // parquet-testing's alltypes_plain has these ids, moments and doubles, except that the first moment has an added 123,456,789 ns.
      expect(step.rows('d')).toEqual([
        ['5', '2009-03-01 00:01:00.000000', '10.1'],
        ['6', '2009-04-01 00:00:00.000000', '0'],
        ['7', '2009-04-01 00:01:00.000000', '10.1'],
        ['2', '2009-02-01 00:00:00.000000', '0'],
        ['3', '2009-02-01 00:01:00.000000', '10.1'],
        ['0', '2009-01-01 00:00:00.000000', '0'],
        ['1', '2009-01-01 00:01:00.000000', '10.1'],
      ]);
      expect(step.objectsOf('d_rejected')).toMatchObject([
        {
          line: 1,
          reason:
            'column "timestamp_col": "2009-03-01T00:00:00.123456789Z" does not fit TIMESTAMP: it is finer than a microsecond',
        },
      ]);
    },
  );

  test('a column that may be missing is null', async () => {
    const { step } = await load({ a: await parquet('SELECT 1::BIGINT AS id') }, { optional: ['name', 'price'] });
    expect(step.rows('d')).toEqual([['1', null, null]]);
  });

  test.each([
    [`SELECT 1::BIGINT AS id, 'a' AS name`, /a has no column "price"; it has id, name/],
    [
      `SELECT 1::BIGINT AS id, 'a' AS name, 1.555::DECIMAL(9,3) AS price`,
      /"price" is DECIMAL\(9,3\), and the dataset declares DECIMAL\(18,2\)/,
    ],
    [`SELECT 1.5::DOUBLE AS id, 'a' AS name, 1::DECIMAL(9,2) AS price`, /"id" is DOUBLE/],
  ])('%s does not fit', async (query, message) => {
    await expect(load({ a: await parquet(query) })).rejects.toThrow(message);
  });

  test('a damaged file is an error of the file', async () => {
    const bytes = await parquet(`SELECT 1::BIGINT AS id`);
    await expect(load({ a: bytes.subarray(0, bytes.length - 30) })).rejects.toThrow(/cannot be read as Parquet/);
  });
});

describe('names', () => {
  const file = 'id,name,price\n1,a,1\n';
  const keys = async (files: string): Promise<readonly string[]> => {
    const names = ['in/2026-01.csv', 'in/2026-02.csv', 'in/old/2025-12.csv', 'in/x.txt', 'other.csv', 'in/'];
    return (await load(Object.fromEntries(names.map((name) => [name, file])), { files })).files;
  };
  test.each([
    ['other.csv', ['other.csv']],
    ['in/', ['in/2026-01.csv', 'in/2026-02.csv', 'in/old/2025-12.csv', 'in/x.txt']],
    ['in/*.csv', ['in/2026-01.csv', 'in/2026-02.csv']],
    ['in/2026-0?.csv', ['in/2026-01.csv', 'in/2026-02.csv']],
    ['**/*.csv', ['in/2026-01.csv', 'in/2026-02.csv', 'in/old/2025-12.csv', 'other.csv']],
    ['sources/in/*.csv', ['in/2026-01.csv', 'in/2026-02.csv']],
  ])('%s', async (files, expected) => {
    expect((await keys(files)).map((key) => key.replace(/^sources\//, ''))).toEqual(expected);
  });

  test('that match nothing are an error', async () => {
    await expect(keys('in/*.json')).rejects.toThrow(/nothing that matches "in\/\*\.json"/);
    await expect(keys('none.csv')).rejects.toThrow(/the store has no none\.csv/);
  });
});
