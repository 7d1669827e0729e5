import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PermanentError, ValidationError } from '../../lib/contract/errors.ts';
import { guardSql } from '../../lib/duckdb/guard/guard-sql.ts';
import { openEngine } from '../../lib/duckdb/open-engine.ts';
import type { Session } from '../../lib/duckdb/session.ts';

let session: Session;
beforeAll(async () => {
  session = await (await openEngine()).session();
});
afterAll(() => session.close());

const run = async (text: string, parameters: Record<string, unknown>): Promise<unknown[][]> => {
  const query = await session.query(await guardSql(session, { name: 'q', text }, []), parameters);
  const rows = [];
  for await (const chunk of query.stream())
    rows.push(...chunk.getRows().map((row) => row.slice(0, query.columns.length)));
  return rows;
};
const failure = async (text: string, parameters: Record<string, unknown>): Promise<Error> => {
  const error = await run(text, parameters).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('it did not fail');
  return error;
};

describe('parameters', () => {
  test.each([
    ['text', `'; DROP TABLE x; --`, 'VARCHAR'],
    ['a whole number', 42, 'INTEGER'],
    ['a large whole number', 2 ** 40, 'BIGINT'],
    ['a fraction', 1.5, 'DOUBLE'],
    ['a bigint', 7n, 'BIGINT'],
    ['a boolean', true, 'BOOLEAN'],
    ['a moment', new Date('2026-01-31T12:00:00.123Z'), 'TIMESTAMP'],
    ['a list of texts', ['a', null, 'b'], 'VARCHAR[]'],
    ['a list of numbers of several sizes', [1, 2.5, 2 ** 40], 'DOUBLE[]'],
    ['an empty list', [], 'VARCHAR[]'],
  ])('%s has its type in SQL', async (_, value, type) => {
    expect(await run('SELECT typeof($p)', { p: value })).toEqual([[type]]);
  });

  test('a value stays a value, even if it looks like SQL', async () => {
    const hostile = `x' OR 1 = 1; FROM read_text('/etc/passwd') --`;
    expect(await run('SELECT $p, length($p), $p = $q', { p: hostile, q: hostile })).toEqual([[hostile, 45n, true]]);
  });

  test('a text is read as a day or a number if compared with one', async () => {
    expect(await run(`SELECT DATE '2026-01-02' > $day`, { day: '2026-01-01' })).toEqual([[true]]);
    const error = await failure(`SELECT DATE '2026-01-02' > $day`, { day: 'yesterday' });
    expect(error.message).toContain('the query "q": invalid date field format: "yesterday"');
  });

  test.each([
    // By the offset: 12:00 at +02:00 is 10:00 in UTC.
    ['2026-01-31T12:00:00+02:00', '2026-01-31 10:00:00'],
    ['2026-01-31 23:30:00.000001-0500', '2026-02-01 04:30:00.000001'],
    ['2026-01-31T12:00+05:30', '2026-01-31 06:30:00'],
    ['0001-01-01T00:00:00+00:00', '0001-01-01 00:00:00'],
    ['2026-01-31T10:00:00Z', '2026-01-31 10:00:00'],
  ])('the text %s is the moment %s where a moment is compared with it', async (p, utc) => {
    expect(await run(`SELECT TIMESTAMP '${utc}' = $p, CAST(CAST($p AS TIMESTAMP) AS VARCHAR)`, { p })).toEqual([
      [true, utc],
    ]);
  });

  test.each(['2026-02-30T12:00:00+02:00', '2026-01-31T12:00:00+25:00', '2026-01-31T12:00:00+02:00 or so', '+02:00'])(
    '%s is no moment and stays text',
    async (p) => {
      expect(await run('SELECT typeof($p), $p', { p })).toEqual([['VARCHAR', p]]);
    },
  );

  test('null takes the type of its place', async () => {
    expect(await run('SELECT coalesce($p, 3), $p IS NULL', { p: null })).toEqual([[3, true]]);
  });

  test('a list works with IN', async () => {
    expect(await run('SELECT list_contains($p, 2), 2 IN (SELECT unnest($p))', { p: [1, 2] })).toEqual([[true, true]]);
  });

  test('all missing, unused and invalid parameters are reported at once', async () => {
    const error = await failure('SELECT $since, $until, $what', {
      sinze: '2026',
      what: { a: 1 },
      until: Number.MAX_VALUE,
    });
    expect(error).toBeInstanceOf(PermanentError);
    expect(error.message).toBe(
      [
        'parameters of the query "q":',
        '- "sinze" is given, but $sinze is not in the query; did you mean "since"?',
        '- $what: it is an object; a parameter is a string, a number, a bigint, a boolean, null, a Date, or an array of values of one of these types',
        `- $until: ${Number.MAX_VALUE} is more than JavaScript counts exactly; give it as a bigint or a string`,
        '- $since has no value',
      ].join('\n'),
    );
  });

  test('values without a SQL type are refused by name', async () => {
    expect((await failure('SELECT $p', { p: 'a\0b' })).message).toContain('$p: the string holds a NUL character');
    expect((await failure('SELECT $p', { p: [1, 'a'] })).message).toContain('$p: its values have several types');
    expect((await failure('SELECT $p', { p: 2n ** 70n })).message).toContain('has more than 64 bits');
    expect((await failure('SELECT $p', { p: new Date(Number.NaN) })).message).toContain('$p: it is an invalid Date');
  });

  test('a type that does not fit its place has line and column, or the value', async () => {
    const binder = await failure(`SELECT 1,\n  DATE '2026-01-01' - $p`, { p: 1.5 });
    expect(binder).toBeInstanceOf(PermanentError);
    expect(binder.message).toContain('the query "q", line 2, column 21: No function matches');
    const value = await failure(`SELECT CAST($p AS INTEGER)`, { p: 'many' });
    expect(value).toBeInstanceOf(ValidationError);
    expect(value.message).toContain(`Could not convert string 'many' to INT32`);
  });
});
