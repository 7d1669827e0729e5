import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseColumns } from '../../lib/columns/columns.ts';
import { queryRows } from '../../lib/data/read/query-rows.ts';
import { openEngine } from '../../lib/duckdb/open-engine.ts';
import type { Session } from '../../lib/duckdb/session.ts';

let session: Session;
beforeAll(async () => {
  session = await (await openEngine()).session();
});
afterAll(() => session.close());

/** Rows of the table under "Reading rows" in docs/data.md: type, SQL, and the JavaScript value. */
const documented = readFileSync(new URL('../../docs/data.md', import.meta.url), 'utf8')
  .split('## Reading rows')[1]
  ?.split('\n')
  .flatMap((line) => {
    const [, type, sql, read] = /^\| `([^`]+)`\s*\|[^|]*\| `([^`]+)`\s*\| `([^`]+)`/.exec(line) ?? [];
    return type && sql && read ? [[type, sql, read] as const] : [];
  });

test('every type of a column has a documented form', () => {
  expect(new Set(documented?.map(([type]) => type.replace(/\(.*/, '')))).toEqual(
    new Set([
      'VARCHAR',
      'BOOLEAN',
      'INTEGER',
      'BIGINT',
      'DOUBLE',
      'DECIMAL',
      'DATE',
      'TIMESTAMP',
      'INTEGER[]',
      'STRUCT',
    ]),
  );
});

test.each(documented ?? [])('%s %s is read as %s', async (type, sql, read) => {
  const chunks = session.stream(`SELECT CAST(${sql} AS ${type}) AS value`);
  const rows = [];
  for await (const batch of queryRows(chunks, parseColumns('d', { value: type }))) rows.push(...batch);
  expect(rows).toStrictEqual([{ value: new Function(`return (${read})`)() }]);
});
