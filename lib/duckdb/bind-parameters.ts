import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { PermanentError } from '../contract/errors.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';
import type { GuardedSql } from './guard/guard-sql.ts';
import { foldName } from './guard/sql-position.ts';
import { type DuckDB, loadDuckDB } from './load-duckdb.ts';
import { microsecondsOf } from './moment-parameter.ts';
import type { Parameters } from './statements.ts';

/** A number that stays a DOUBLE even when it is whole. */
export class DoubleParameter {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

interface Bound {
  readonly value: DuckDBValue;
  readonly type: DuckDBType;
}

const takes =
  'a parameter is a string, a number, a bigint, a boolean, null, a Date, or an array of values of one of these types';

/**
 * Returns the values for a query's `$name` parameters in DuckDB's form. Throws a PermanentError that lists the missing, the unused, and those of a type that
 * SQL cannot hold.
 */
export function bindParameters(sql: GuardedSql, given: Readonly<Record<string, unknown>>): Parameters {
  const names = new Map(sql.parameters.map((name) => [foldName(name), name]));
  const bound = new Map<string, Bound>();
  const problems: string[] = [];
  for (const [key, value] of Object.entries(given)) {
    const name = names.get(foldName(key));
    if (name === undefined) {
      problems.push(`"${key}" is given, but $${key} is not in the query${didYouMean(key, names.values())}`);
      continue;
    }
    names.delete(foldName(key));
    const one = bind(value);
    if (typeof one === 'string') problems.push(`$${name}: ${one}`);
    else bound.set(name, one);
  }
  for (const name of names.values()) problems.push(`$${name} has no value`);
  if (problems.length > 0) {
    throw new PermanentError(`parameters of the query "${sql.name}":${problems.map((each) => `\n- ${each}`).join('')}`);
  }
  return {
    values: Object.fromEntries([...bound].map(([name, { value }]) => [name, value])),
    types: Object.fromEntries([...bound].map(([name, { type }]) => [name, type])),
  };
}

const maxInteger = 2 ** 31 - 1;

/** Returns the value with its type, or a text that names the problem. Whole numbers get the type that they would have as literals. */
const bind = (value: unknown): Bound | string => {
  const duckdb = loadDuckDB();
  if (value === null || value === undefined) return { value: null, type: duckdb.SQLNULL };
  if (typeof value === 'boolean') return { value, type: duckdb.BOOLEAN };
  if (typeof value === 'string') {
    const micros = microsecondsOf(value);
    if (micros !== null) return { value: new duckdb.DuckDBTimestampTZValue(micros), type: duckdb.TIMESTAMPTZ };
    if (value.isWellFormed() && !value.includes('\0')) return { value, type: duckdb.VARCHAR };
    return 'the string holds a NUL character or half a surrogate pair';
  }
  if (typeof value === 'number' && Number.isInteger(value)) return bindWhole(value, duckdb);
  if (typeof value === 'number') return { value, type: duckdb.DOUBLE };
  if (value instanceof DoubleParameter) return { value: value.value, type: duckdb.DOUBLE };
  if (typeof value === 'bigint') {
    if (value === BigInt.asIntN(64, value)) return { value, type: duckdb.BIGINT };
    return `${value} has more than 64 bits; give it as a string and write CAST($name AS HUGEINT)`;
  }
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) return 'it is an invalid Date';
    return { value: new duckdb.DuckDBTimestampValue(BigInt(value.getTime()) * 1000n), type: duckdb.TIMESTAMP };
  }
  if (Array.isArray(value)) return bindList(value, duckdb);
  return `it is ${typeof value === 'object' ? 'an object' : `a ${typeof value}`}; ${takes}`;
};

const bindWhole = (value: number, duckdb: DuckDB): Bound | string => {
  if (Math.abs(value) <= maxInteger) return { value, type: duckdb.INTEGER };
  if (Number.isSafeInteger(value)) return { value: BigInt(value), type: duckdb.BIGINT };
  return `${value} is more than JavaScript counts exactly; give it as a bigint or a string`;
};

const bindList = (values: readonly unknown[], duckdb: DuckDB): Bound | string => {
  const items = values.map(bind);
  const fault = items.find((item) => typeof item === 'string');
  if (fault !== undefined) return fault;
  const bound = items as Bound[];
  const types = new Map(bound.filter(({ value }) => value !== null).map(({ type }) => [type.toString(), type]));
  // An author who writes 1, 2.5 and 3e9 means numbers of one type.
  const widest = ['DOUBLE', 'BIGINT', 'INTEGER'].filter((name) => types.has(name));
  const type = types.get(widest[0] ?? '') ?? types.values().next().value ?? duckdb.VARCHAR;
  const rounded = widest[0] === 'DOUBLE' ? bound.find(({ value }) => isRounded(value)) : undefined;
  if (rounded !== undefined)
    return `its values are doubles, and ${rounded.value} is an integer that a double would round; give the others as integers, too`;
  if (types.size > Math.max(1, widest.length)) return `its values have several types: ${[...types.keys()].join(', ')}`;
  const fit = (value: DuckDBValue): DuckDBValue => {
    if (typeof value === 'bigint' && widest[0] === 'DOUBLE') return Number(value);
    return typeof value === 'number' && widest[0] === 'BIGINT' ? BigInt(value) : value;
  };
  return { value: duckdb.listValue(bound.map(({ value }) => fit(value))), type: duckdb.LIST(type) };
};

const isRounded = (value: DuckDBValue): boolean => typeof value === 'bigint' && BigInt(Number(value)) !== value;
