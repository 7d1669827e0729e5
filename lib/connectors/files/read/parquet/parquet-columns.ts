import { type Column, type ColumnType, renderColumnType } from '../../../../columns/column-type.ts';
import { storedType } from '../../../../columns/stored-type.ts';
import { Unstorable } from '../../../../columns/unstorable.ts';
import { ValidationError } from '../../../../contract/errors.ts';
import { quoteName, quoteText } from '../../../../duckdb/quote.ts';
import type { Session } from '../../../../duckdb/session.ts';
import { int96Text } from './expose-int96.ts';

/** A column of a Parquet file. */
export interface FoundColumn {
  /** Its type as DuckDB writes it. */
  readonly type: string;
  /** True if it is, or holds, moments of INT96. */
  readonly hasInt96: boolean;
}

/** The way in which a column is read from the file. */
export interface SelectedColumn extends Column {
  readonly sql: string;
}

/** The columns of a Parquet file, by name. */
export async function parquetColumns(session: Session, path: string): Promise<ReadonlyMap<string, FoundColumn>> {
  const table = `read_parquet(${quoteText(path)}, hive_partitioning = false)`;
  const rows = await session.all(`DESCRIBE SELECT * FROM ${table}`);
  const elements = await session.all(`SELECT name, type, num_children FROM parquet_schema(${quoteText(path)})`);
  const withInt96 = rootsWithInt96(elements);
  return new Map(
    rows.map(({ column_name: name, column_type: type }) => [
      String(name),
      { type: String(type), hasInt96: withInt96.has(String(name)) },
    ]),
  );
}

/** The schema lists each element before its children. The first element is the table. */
function rootsWithInt96(elements: readonly Readonly<Record<string, unknown>>[]): ReadonlySet<string> {
  const found = new Set<string>();
  let at = 1;
  const has = (): boolean => {
    const element = elements[at];
    at += 1;
    let hasInt96 = element?.type === 'INT96';
    for (let child = 0; child < Number(element?.num_children ?? 0); child += 1) hasInt96 = has() || hasInt96;
    return hasInt96;
  };
  while (at < elements.length) {
    const name = String(elements[at]?.name);
    if (has()) found.add(name);
  }
  return found;
}

interface Selecting {
  readonly found: ReadonlyMap<string, FoundColumn>;
  /** Columns that the file may lack. */
  readonly optional: readonly string[];
}

/** Returns the way in which a declared column is read from a file. Throws a ValidationError if the file lacks the column, or if it holds values that the declared type does not. */
export function selectColumn(file: string, column: Column, { found, optional }: Selecting): SelectedColumn {
  const { name, type } = column;
  const wanted = renderColumnType(type);
  const there = found.get(name);
  const as = (sql: string, read: ColumnType = type): SelectedColumn => ({
    name,
    type: read,
    sql: `${sql} AS ${quoteName(name)}`,
  });
  if (there === undefined) {
    if (optional.includes(name)) return as(`CAST(NULL AS ${wanted})`);
    throw new ValidationError(`${file} has no column "${name}"; it has ${[...found.keys()].slice(0, 50).join(', ')}`);
  }
  if (there.hasInt96) {
    if (there.type === 'TIMESTAMP' && type.kind === 'TIMESTAMP') return as(int96Text(quoteName(name)), text);
    throw new ValidationError(
      `${file}: column "${name}" is ${there.type}, with moments of INT96; they are read in a column of TIMESTAMP, and not in lists or structs`,
    );
  }
  // A value that is too large for BIGINT makes its row a bad one.
  if (type.kind === 'BIGINT' && there.type === 'UBIGINT') return as(`CAST(${quoteName(name)} AS VARCHAR)`, text);
  if (isHeld(type, there.type)) {
    const moment = there.type === 'TIMESTAMP WITH TIME ZONE' ? ` AT TIME ZONE 'UTC'` : '';
    return as(`CAST(${quoteName(name)}${moment} AS ${wanted})`);
  }
  throw new ValidationError(
    `${file}: column "${name}" is ${there.type}, and the dataset declares ${wanted}, which does not hold every value of it`,
  );
}

const text: ColumnType = { kind: 'VARCHAR' };

function isHeld(type: ColumnType, described: string): boolean {
  try {
    return holds(type, storedType(described));
  } catch (error) {
    if (error instanceof Unstorable) return false;
    throw error;
  }
}

/** True if `to` holds every value of `from`. */
function holds(to: ColumnType, from: ColumnType): boolean {
  if (to.kind === 'BIGINT' || to.kind === 'DOUBLE') return from.kind === to.kind || from.kind === 'INTEGER';
  if (to.kind === 'DECIMAL')
    return from.kind === 'DECIMAL' && from.scale <= to.scale && from.precision - from.scale <= to.precision - to.scale;
  if (to.kind === 'LIST') return from.kind === 'LIST' && holds(to.element, from.element);
  if (to.kind === 'STRUCT') {
    if (from.kind !== 'STRUCT' || from.fields.length !== to.fields.length) return false;
    return to.fields.every(({ name, type }, index) => {
      const field = from.fields[index];
      return field?.name === name && holds(type, field.type);
    });
  }
  return to.kind === from.kind;
}
