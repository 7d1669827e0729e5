import type { Column } from '../../../columns/column-type.ts';
import { PermanentError, ValidationError } from '../../../contract/errors.ts';
import type { ServerType } from '../server-type.ts';
import { ident } from '../sql.ts';
import type { ResultColumn } from './describe-query.ts';

/** The order of a key, and the positions of its columns in a row. */
export interface KeyOrder {
  /** `WHERE ... ORDER BY ...` behind the query; empty without a key. */
  readonly sql: string;
  /** Values that the SQL reads from the transaction's settings. */
  readonly settings: ReadonlyMap<string, string>;
  readonly positions: readonly number[];
}

/** A key, and how far it was read. */
export interface KeyRequest {
  readonly dataset: string;
  readonly key: string | readonly string[] | undefined;
  readonly after: readonly string[] | null;
  /** True if the database has collations to which different texts are equal. */
  readonly hasLooseCollations: boolean;
}

/** Types whose equal values have one text: a cursor where the text changes is a cursor where the value changes. */
const plain = new Set('int2 int4 int8 oid numeric bool date timestamp timestamptz uuid name char enum'.split(' '));

/** PostgreSQL fills a char(n) up with blanks. It does not fill up a bpchar without a length, and ignores blanks behind it. */
const isText = ({ name, modifier }: ServerType): boolean =>
  name === 'text' || name === 'varchar' || (name === 'bpchar' && modifier >= 0);

/**
 * Orders rows by a key and cuts off the rows up to a cursor. Equal values can have different texts (`0` and `-0`, `a` and `A` in citext, blanks behind a
 * bpchar). The bytes of the text then break the tie. So rows share a place in the order only if their key has one text.
 */
export function keyOrder(
  { dataset, key, after, hasLooseCollations }: KeyRequest,
  found: readonly ResultColumn[],
  declared: readonly Column[],
): KeyOrder {
  const names = typeof key === 'string' ? [key] : (key ?? []);
  if (names.length === 0) return { sql: '', settings: new Map(), positions: [] };
  const columns = names.map((name) => {
    const column = found.find((one) => one.name === name);
    if (column !== undefined) return column;
    throw new ValidationError(
      `dataset "${dataset}": the key's column "${name}" is not among the columns ${found.map((one) => one.name).join(', ')}`,
    );
  });
  const positions = names.map((name) => declared.findIndex((column) => column.name === name));
  const nested = positions.find((position) => ['LIST', 'STRUCT'].includes(declared[position]?.type.kind ?? ''));
  if (nested !== undefined)
    throw new PermanentError(
      `dataset "${dataset}": the key's column "${declared[nested]?.name}" holds lists or structs; a key has single values`,
    );
  const setting = (index: number): string => `daybreak.k${index + 1}`;
  const parts = columns.map(({ name, type }, index) => ({
    column: ident(name).text,
    value: `pg_catalog.current_setting('${setting(index)}')::${type.cast}`,
    isLoose: !(plain.has(type.name) || (isText(type) && !hasLooseCollations)),
  }));
  const ties = parts.filter(({ isLoose }) => isLoose);
  const bytes = (x: string): string => `pg_catalog.format('%s', ${x}) COLLATE "C"`;
  const order = [...parts.map(({ column }) => column), ...ties.map(({ column }) => bytes(column))];
  const cursor = [...parts.map(({ value }) => value), ...ties.map(({ value }) => bytes(value))];
  const behind = after === null ? '' : ` WHERE (${order.join(', ')}) > (${cursor.join(', ')})`;
  return {
    sql: `${behind} ORDER BY ${order.join(', ')}`,
    settings: new Map((after ?? []).map((value, index) => [setting(index), value])),
    positions,
  };
}
