import { describe, expect, test } from 'vitest';
import { PermanentError, PlatformError, ValidationError } from '../../lib/contract/errors.ts';
import { engineError, isFatal, isInterrupt, isOutOfMemory } from '../../lib/duckdb/limits/engine-error.ts';
import { engineLimits } from '../../lib/duckdb/limits/engine-limits.ts';

const limits = engineLimits({ functionMemoryMb: 512, scratchMb: 1024, cores: 2, residentMb: 90 });

/** An error as DuckDB throws it. */
const thrown = (exception_type: string, exception_message: string, position?: string): Error =>
  new Error(
    `${exception_type} Error: ${JSON.stringify({ exception_type, exception_message, ...(position && { position }) })}`,
  );

const source = { name: 'q.sql', text: "SELECT 'ä',\n  x / 0" };
const sql = `COPY (${source.text}\n) TO 'f'`;
const translated = (error: Error): unknown => engineError(error, sql, source, limits);

describe('errors of DuckDB', () => {
  test("name the query, with line and column inside the user's text", () => {
    // 6 bytes of ours, then 15 bytes to the x: the ä has two.
    expect(translated(thrown('Binder', 'no column "x"', '21'))).toMatchObject({
      name: 'PermanentError',
      message: 'the query "q.sql", line 2, column 3: no column "x"',
    });
    expect(translated(thrown('Binder', 'it is odd', '2'))).toMatchObject({ message: 'the query "q.sql": it is odd' });
    expect(engineError(thrown('Catalog', 'no table'), 'SELECT 1', null, limits)).toMatchObject({
      message: 'the query engine: no table',
    });
  });

  test('are about the data, the query or the engine', () => {
    const kinds = (types: readonly string[]): unknown[] =>
      types.map((type) => (translated(thrown(type, 'x')) as Error).constructor);
    expect(new Set(kinds(['Conversion', 'Out of Range', 'Invalid Input', 'Decimal', 'Divide by Zero']))).toEqual(
      new Set([ValidationError]),
    );
    expect(new Set(kinds(['Binder', 'Catalog', 'Parser', 'Permission', 'Not implemented']))).toEqual(
      new Set([PermanentError]),
    );
    expect(new Set(kinds(['IO', 'INTERNAL', 'FATAL']))).toEqual(new Set([PlatformError]));
  });

  test("say DuckDB's message once, without its JSON as a cause; any other error stays unchanged", () => {
    const error = translated(thrown('Binder', 'no column is called x')) as Error;
    expect(error.message).toContain('no column is called x');
    expect(error.cause).toBeUndefined();
    const other = new Error('something {else}');
    expect(translated(other)).toBe(other);
  });

  test('full scratch is not reported as a lack of memory, in any of its forms', () => {
    const limit = thrown(
      'Out of Memory',
      `failed to offload ... This limit was set by the 'max_temp_directory_size' setting`,
    );
    const disk = thrown('IO', 'Could not write file: No space left on device');
    for (const error of [limit, disk]) {
      expect(isOutOfMemory(error)).toBe(false);
      expect(translated(error)).toMatchObject({
        name: 'PermanentError',
        message:
          'the query "q.sql" spills more than scratch has room for: ephemeral_storage_mb is 1024; set ephemeral_storage_mb: 2048, or memory_mb: 1024, with which it puts less aside',
      });
    }
    expect(isOutOfMemory(thrown('Out of Memory', 'could not allocate block of size 256.0 KiB'))).toBe(true);
  });

  test('an interrupt and the end of the instance are distinguished by kind', () => {
    expect(
      [thrown('INTERRUPT', 'Interrupted!'), thrown('FATAL', 'x'), new Error('INTERRUPT')].map(isInterrupt),
    ).toEqual([true, false, false]);
    expect([thrown('INTERRUPT', 'Interrupted!'), thrown('FATAL', 'x'), new Error('FATAL')].map(isFatal)).toEqual([
      false,
      true,
      false,
    ]);
  });
});
