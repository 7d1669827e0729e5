import type pg from 'pg';
import type { TextRow } from './copy-text.ts';
import type { TargetColumn } from './target-table.ts';

/** The temporary table that rows are copied into first. */
export const staging = 'pg_temp.daybreak_staging';

/**
 * Columns of the staging table: `c0`, `c1`, ... of the target's types. If the server's reading must be compared with the sent texts, the row's number and the
 * texts stand beside them.
 */
export interface StagedColumn {
  readonly name: string;
  readonly type: string;
  /** Its text in a row. */
  readonly of: (row: TextRow, number: number) => string | null;
}

/** All columns of the staging table. */
export function stagedColumns(columns: readonly TargetColumn[]): readonly StagedColumn[] {
  const texts = columns.flatMap(({ encoder }, index) =>
    encoder.differs ? [{ name: `t${index}`, type: 'text', of: textAt(index) }] : [],
  );
  const number: StagedColumn = { name: 'number', type: 'bigint', of: (_, rowNumber) => String(rowNumber) };
  return [
    ...columns.map(({ shown }, index) => ({ name: `c${index}`, type: shown, of: textAt(index) })),
    ...(texts.length > 0 ? [number, ...texts] : []),
  ];
}

const textAt =
  (index: number): StagedColumn['of'] =>
  (row) =>
    row[index] ?? null;

/** Creates the empty staging table, which disappears when the transaction ends. */
export async function createStaging(client: pg.Client, columns: readonly TargetColumn[]): Promise<void> {
  const definitions = stagedColumns(columns).map(({ name, type }) => `${name} ${type}`);
  await client.query(
    `CREATE TEMPORARY TABLE ${staging.replace('pg_temp.', '')} (${definitions.join(', ')}) ON COMMIT DROP`,
  );
}
