import type pg from 'pg';
import { ValidationError } from '../../../contract/errors.ts';
import { quotedValue } from '../../../exact/quoted-value.ts';
import { staging } from './staging.ts';
import type { TargetColumn } from './target-table.ts';

/**
 * Checks values whose types the server may read differently. A ValidationError names the first value that the server would store as something other than what
 * was sent.
 */
export async function confirmStaged(client: pg.Client, columns: readonly TargetColumn[]): Promise<void> {
  const checks = columns.flatMap(({ encoder }, index) =>
    encoder.differs ? [{ index, differs: `(${encoder.differs(`c${index}`, `t${index}`)})` }] : [],
  );
  if (checks.length === 0) return;
  const choose = (what: (index: number) => string): string =>
    `CASE ${checks.map(({ index, differs }) => `WHEN ${differs} THEN ${what(index)}`).join(' ')} END`;
  const { rows } = await client.query<{ number: string; column: number; given: string; stored: string }>(
    `SELECT number, ${choose(String)} AS column, ${choose((index) => `t${index}`)} AS given, ${choose((index) => `pg_catalog.format('%s', c${index})`)} AS stored
     FROM ${staging} WHERE ${checks.map(({ differs }) => differs).join(' OR ')} ORDER BY number LIMIT 1`,
  );
  const [first] = rows;
  if (first === undefined) return;
  const { name, shown } = columns[first.column] ?? {};
  throw new ValidationError(
    `row ${first.number}, column "${name}" (${shown}): PostgreSQL would store ${quotedValue(first.given)} as ${quotedValue(first.stored)}; give it in that form if that is meant`,
  );
}
