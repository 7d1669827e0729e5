import { checkDepth } from './check-depth.ts';
import { checkNames } from './check-names.ts';
import { type Column, type ColumnType, renderColumnType, type ScalarName } from './column-type.ts';
import { Unstorable } from './unstorable.ts';

/** A column of a query, as DuckDB describes it. */
export interface DescribedColumn {
  readonly name: string;
  /** DuckDB's text of the type: `DECIMAL(18,2)`, `STRUCT(a INTEGER, "b c" VARCHAR[])`. */
  readonly type: string;
}

/**
 * The stored type of each DuckDB type. No value changes: the types from HUGEINT on fail if a value does not fit, and the others can store every value. Moments
 * with a zone become moments in UTC.
 */
const scalars: Readonly<Record<string, ScalarName>> = {
  VARCHAR: 'VARCHAR',
  JSON: 'VARCHAR',
  UUID: 'VARCHAR',
  BOOLEAN: 'BOOLEAN',
  TINYINT: 'INTEGER',
  UTINYINT: 'INTEGER',
  SMALLINT: 'INTEGER',
  USMALLINT: 'INTEGER',
  INTEGER: 'INTEGER',
  UINTEGER: 'BIGINT',
  BIGINT: 'BIGINT',
  FLOAT: 'DOUBLE',
  DOUBLE: 'DOUBLE',
  DATE: 'DATE',
  TIMESTAMP: 'TIMESTAMP',
  TIMESTAMP_S: 'TIMESTAMP',
  TIMESTAMP_MS: 'TIMESTAMP',
  'TIMESTAMP WITH TIME ZONE': 'TIMESTAMP',
  HUGEINT: 'BIGINT',
  UHUGEINT: 'BIGINT',
  UBIGINT: 'BIGINT',
};

/** The suggested replacement, with `x` for the column. */
const casts: Readonly<Record<string, string>> = {
  TIMESTAMP_NS: 'CAST(x AS TIMESTAMP), which drops what is finer than a microsecond',
  TIME: 'CAST(x AS VARCHAR)',
  TIME_NS: 'CAST(x AS VARCHAR)',
  'TIME WITH TIME ZONE': 'CAST(x AS VARCHAR)',
  INTERVAL: 'epoch(x) for seconds, or CAST(x AS VARCHAR)',
  BLOB: 'base64(x), or decode(x) when it is text',
  BIT: 'CAST(x AS VARCHAR)',
  BIGNUM: 'CAST(x AS DECIMAL(38,0)), or CAST(x AS VARCHAR)',
  MAP: 'map_entries(x), a list of STRUCT(key, value)',
  UNION: 'CAST(x AS VARCHAR), or one column per member by union_extract',
  '"NULL"': 'CAST(NULL AS VARCHAR), or another type',
};

const otherwise = 'CAST(x AS VARCHAR)';

/** A word, a quoted name, a text, a number, or one character of punctuation. */
const token = /\s*(?:[A-Za-z_][A-Za-z0-9_]*|"(?:[^"]|"")*"|'(?:[^']|'')*'|\d+|\S)/g;

/** Returns the column type that stores a query's type. Throws an Unstorable that names the part that cannot be stored, and a replacement. */
export function storedType(described: string): ColumnType {
  const tokens = [...described.matchAll(token)].map(([text]) => text.trim());
  let at = 0;
  const peek = (): string => tokens[at] ?? '';
  const next = (): string => tokens[at++] ?? '';
  const refuse = (type: string): never => {
    throw new Unstorable(type, casts[type] ?? otherwise);
  };

  const type = (): ColumnType => {
    let found = base();
    while (peek() === '[') {
      // INTEGER[3] is a DuckDB array; as a list it has the same elements.
      while (next() !== ']') if (at >= tokens.length) refuse(described);
      found = { kind: 'LIST', element: found };
    }
    return found;
  };
  const base = (): ColumnType => {
    let word = next();
    if (word === 'STRUCT') return { kind: 'STRUCT', fields: inBrackets(field) };
    if (word === 'DECIMAL') {
      const [precision = 0, scale = 0] = inBrackets(() => Number(next()));
      return { kind: 'DECIMAL', precision, scale };
    }
    if (word === 'ENUM') {
      inBrackets(next);
      return { kind: 'VARCHAR' };
    }
    while (/^[A-Z]+$/.test(peek())) word += ` ${next()}`;
    const kind = Object.hasOwn(scalars, word) ? scalars[word] : undefined;
    return kind === undefined ? refuse(word) : { kind };
  };
  const field = (): Column => {
    const name = next();
    // STRUCT(INTEGER, INTEGER): its fields have no names.
    if (peek() === ',' || peek() === ')' || peek() === '(') throw new Unstorable('STRUCT', namedFields);
    return { name: name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name, type: type() };
  };
  const inBrackets = <T>(read: () => T): T[] => {
    const found: T[] = [];
    next();
    do {
      found.push(read());
    } while (next() === ',');
    return found;
  };

  const found = type();
  return at < tokens.length ? refuse(described) : found;
}

const namedFields = 'struct_pack(a := ..., b := ...): the fields of a STRUCT need names';

/**
 * Returns the columns that store a query's result, and the problems of those that cannot be stored: one sentence each, with the column, its type and a way out.
 */
export function storedColumns(described: readonly DescribedColumn[]): {
  readonly columns: readonly Column[];
  readonly problems: readonly string[];
} {
  const columns: Column[] = [];
  const fault = checkNames(described.map(({ name }) => name));
  const problems = fault === null ? [] : [`the result of the query: ${fault}; name each column with AS`];
  for (const { name, type } of described) {
    try {
      const stored = storedType(type);
      const inside = faultInside(stored) ?? checkDepth(stored);
      if (inside === null) columns.push({ name, type: stored });
      else problems.push(`column "${name}" is ${type}: ${inside}`);
    } catch (error) {
      if (!(error instanceof Unstorable)) throw error;
      problems.push(`column "${name}" is ${type}, and ${error.message}`);
    }
  }
  return { columns, problems };
}

const faultInside = (type: ColumnType): string | null => {
  if (type.kind === 'LIST') return faultInside(type.element);
  if (type.kind !== 'STRUCT') return null;
  const fault = checkNames(type.fields.map(({ name }) => name));
  if (fault !== null) return `${fault} in ${renderColumnType(type)}`;
  return type.fields.reduce<string | null>((found, each) => found ?? faultInside(each.type), null);
};
