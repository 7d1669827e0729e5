import { type Column, type ColumnType, renderColumnType } from '../../columns/column-type.ts';
import { ValidationError } from '../../contract/errors.ts';
import { quoteText } from '../../duckdb/quote.ts';
import type { Session } from '../../duckdb/session.ts';
import { csvFormOf } from '../encode/csv-forms.ts';
import { shownValue } from '../encode/misfit.ts';
import { nestedMisfit } from '../encode/nested-misfit.ts';
import { parquetOptions } from './parquet-options.ts';
import type { Spool } from './spool.ts';
import { firstMisfitSql, spoolSql } from './spool-sql.ts';

export interface Conversion {
  readonly dataset: string;
  readonly columns: readonly Column[];
  /** The Parquet file to make. */
  readonly file: string;
  /** Rows of the dataset before the spool's first row. */
  readonly rowsBefore: number;
}

/** Converts a spool to a Parquet file. Throws a ValidationError with row, column and value if a CSV field does not fit. */
export async function convertSpool(session: Session, spool: Spool, conversion: Conversion): Promise<void> {
  const { dataset, columns, file } = conversion;
  const options = parquetOptions(spool.bytes / Math.max(1, spool.rows));
  try {
    await session.run(`COPY (${spoolSql(spool, columns)}) TO ${quoteText(file)} (${options})`, {
      values: {},
      source: { name: `rows of dataset "${dataset}"`, text: '', tables: [] },
    });
  } catch (error) {
    throw spool.form === 'csv' && error instanceof ValidationError
      ? await csvError(session, spool, conversion, error)
      : error;
  }
}

const isNested = ({ kind }: ColumnType): boolean => kind === 'LIST' || kind === 'STRUCT';

async function csvError(
  session: Session,
  spool: Spool,
  { dataset, columns, rowsBefore }: Conversion,
  cause: ValidationError,
): Promise<ValidationError> {
  const found = await session.all(firstMisfitSql(spool, columns)).catch(() => []);
  const first = found[0];
  if (first === undefined) {
    // The file as a whole is not readable; DuckDB reports the position.
    const [, line, what] = /CSV Error on Line: (\d+)\s*([\s\S]*?)(?:\n\s*\n|Possible|$)/.exec(cause.message) ?? [];
    const range = `rows ${rowsBefore + 1} to ${rowsBefore + spool.rows}`;
    return new ValidationError(
      `dataset "${dataset}": the CSV of its ${range} cannot be read${line === undefined ? '' : `, line ${line} of them`}: ${(what ?? cause.message).trim()}`,
      [],
      { cause },
    );
  }
  const violations = columns.flatMap(({ name, type }, index) => {
    const value = first[`c${index}`];
    if (value === null) return [];
    const why = isNested(type) ? nestedMisfit(type, String(value)) : null;
    const reason = why ?? `allowed is ${csvFormOf(type)?.allowed}`;
    return [`column "${name}": ${shownValue(value)} does not fit ${renderColumnType(type)}: ${reason}`];
  });
  return new ValidationError(
    `dataset "${dataset}", row ${rowsBefore + Number(first.number)} does not fit:`,
    violations,
    { cause },
  );
}
