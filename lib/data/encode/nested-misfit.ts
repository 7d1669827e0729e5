import { type ColumnType, renderColumnType } from '../../columns/column-type.ts';
import { ExactNumber } from '../../exact/exact-number.ts';
import type { ExactJson } from '../../exact/json.ts';
import { readExactJson } from '../../exact/read-json.ts';
import { ReadProblem } from '../../exact/read-problem.ts';
import { encodeAnyDouble } from './encode-scalar.ts';
import { valueEncoder } from './encode-value.ts';
import { Misfit, shownValue } from './misfit.ts';

/** Returns why a CSV field is not valid JSON of a nested type, with the path inside it; null if it finds nothing. */
export function nestedMisfit(type: ColumnType, text: string): string | null {
  try {
    return find(type, readExactJson(text), '');
  } catch (error) {
    if (error instanceof ReadProblem) return `it cannot be read as JSON: ${error.reason}, at column ${error.column}`;
    throw error;
  }
}

function find(type: ColumnType, value: ExactJson | undefined, path: string): string | null {
  if (value === null) return null;
  const problem = (why: string): string => `${path === '' ? 'it' : `at ${path}: it`} ${why}`;
  if (value === undefined) return problem('is missing');
  if (type.kind === 'LIST') {
    if (!Array.isArray(value)) return problem('is not an array');
    return first(value.map((item, index) => find(type.element, item, `${path}[${index}]`)));
  }
  if (type.kind === 'STRUCT') {
    if (typeof value !== 'object' || Array.isArray(value)) return problem('is not an object');
    const object = value as Readonly<Record<string, ExactJson>>;
    const names = new Set(type.fields.map(({ name }) => name));
    const extra = Object.keys(object).find((key) => !names.has(key));
    if (extra !== undefined) return problem(`has the field "${extra}", which is not declared`);
    return first(type.fields.map(({ name, type: field }) => find(field, object[name], `${path}.${name}`)));
  }
  const why = leafMisfit(type, value);
  return why === null ? null : `${path === '' ? '' : `at ${path}: `}${why}`;
}

const first = (problems: readonly (string | null)[]): string | null => problems.find((one) => one !== null) ?? null;

/** Texts may also be numbers and booleans, and a moment may omit its zone. */
function leafMisfit(type: ColumnType, value: ExactJson): string | null {
  if (typeof value === 'string' && (type.kind === 'TIMESTAMP' || type.kind === 'BOOLEAN')) return null;
  const given = typeof value === 'string' && /\d/.test(value) ? numberOf(type, value) : value;
  try {
    valueEncoder(type, encodeAnyDouble)(given);
    return null;
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    return `${shownValue(value)} does not fit ${renderColumnType(type)}: ${error.message}`;
  }
}

/** A text that stands for a number. */
function numberOf({ kind }: ColumnType, text: string): unknown {
  if (kind === 'INTEGER') return Number(text);
  return kind === 'DOUBLE' && Number.isFinite(Number(text)) ? new ExactNumber(text) : text;
}
