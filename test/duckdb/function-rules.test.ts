import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refuseScalarFunction, refuseTableFunction } from '../../lib/duckdb/guard/function-rules.ts';
import { openEngine } from '../../lib/duckdb/open-engine.ts';
import type { Session } from '../../lib/duckdb/session.ts';

let session: Session;
beforeAll(async () => {
  session = await (await openEngine()).session();
});
afterAll(() => session.close());

const names = async (where: string): Promise<string[]> => {
  const rows = await session.all(
    `SELECT DISTINCT function_name AS name FROM duckdb_functions() WHERE ${where} ORDER BY 1`,
  );
  return rows.map(({ name }) => String(name));
};

/** Volatile, or with side effects according to DuckDB, but only a value: each was reviewed. */
const onlyValues = ['error', 'gen_random_uuid', 'random', 'uuid', 'uuidv4', 'uuidv7'];

describe('functions of the DuckDB that is installed', () => {
  test('each scalar function that has side effects or is volatile is refused, or known to be only a value', async () => {
    const risky = await names(`function_type = 'scalar' AND (has_side_effects OR stability = 'VOLATILE')`);
    expect(risky.length).toBeGreaterThan(10);
    expect(risky.filter((name) => refuseScalarFunction(name) === null)).toEqual(onlyValues);
  });

  test('each macro that reads the catalog or runs a query is refused', async () => {
    const risky = await names(
      `function_type = 'macro' AND regexp_matches(macro_definition, '(?i)\\b(select|from|duckdb_\\w+|pragma_\\w+|current_setting)\\b')`,
    );
    // extract(... FROM ...) and trim(... FROM ...) are not queries.
    expect(risky.filter((name) => refuseScalarFunction(name) === null)).toEqual([]);
    expect(risky).toContain('pg_get_viewdef');
  });

  test('only those table functions and table macros are allowed that make rows from their arguments', async () => {
    const all = await names(`function_type IN ('table', 'table_macro')`);
    expect(all.length).toBeGreaterThan(80);
    expect(all.filter((name) => refuseTableFunction(name) === null)).toEqual([
      'generate_series',
      'json_each',
      'json_tree',
      'range',
      'repeat',
      'repeat_row',
      'unnest',
    ]);
  });

  test('a refused table function is also refused as a scalar one, if it has a scalar twin', async () => {
    const twins = await names(
      `function_type IN ('scalar', 'macro', 'aggregate') AND function_name IN (SELECT function_name FROM duckdb_functions() WHERE function_type IN ('table', 'table_macro'))`,
    );
    expect(twins.filter((name) => refuseTableFunction(name) !== null && refuseScalarFunction(name) === null)).toEqual([
      // The aggregate counts values in bins; the table macro of the same name reads a table by its name.
      'histogram',
    ]);
  });

  test('functions that reveal the engine, its settings or the session are refused', async () => {
    const telling = await names(
      `function_type IN ('scalar', 'macro') AND regexp_matches(function_name, '^(current_|pg_|has_|inet_|txid_|in_search|getenv|getvariable|session_user|user$|version$)')`,
    );
    // These return the time, the type of a value, and DuckDB's version.
    expect(telling.filter((name) => refuseScalarFunction(name) === null)).toEqual([
      'current_date',
      'current_localtime',
      'current_localtimestamp',
      'pg_typeof',
      'version',
    ]);
  });
});
