import { PermanentError, PlatformError, ValidationError } from '../../contract/errors.ts';
import { withoutValues } from '../../exact/quoted-value.ts';
import { type Edit, editedText, indexBeforeEdits } from '../edited-text.ts';
import { indexOfByte, positionAt } from '../guard/sql-position.ts';
import type { EngineLimits } from './engine-limits.ts';
import { scratchFull } from './limit-errors.ts';

/** A user's query inside the SQL that ran. */
export interface SqlSource {
  readonly name: string;
  /** As the user wrote it. */
  readonly text: string;
  /** The differences of the text that ran. */
  readonly edits?: readonly Edit[];
  /** The datasets that the query reads. */
  readonly tables?: readonly { readonly step: string; readonly dataset: string }[];
}

/** DuckDB's description of an error, because `errors_as_json` is set. */
interface Described {
  readonly exception_type: string;
  readonly exception_message: string;
  readonly position?: string;
}

/** Kinds of errors that come from values: the query could succeed with other data. */
const ofData = new Set(
  [
    ['Out of Range', 'Conversion', 'Decimal', 'Mismatch Type', 'Divide by Zero', 'Object Size', 'Invalid Input'],
    ['Constraint'],
  ].flat(),
);

/** Kinds of errors where the engine is at fault, not the query. */
const ofEngine = new Set(['INTERNAL', 'FATAL', 'IO']);

/** True if DuckDB reports that a statement was interrupted. */
export function isInterrupt(error: unknown): boolean {
  return describedOf(error)?.exception_type === 'INTERRUPT';
}

/** True if no later statement of the instance can succeed. */
export function isFatal(error: unknown): boolean {
  return describedOf(error)?.exception_type === 'FATAL';
}

const noRoom = /max_temp_directory_size|No space left on device/;

/** True if DuckDB ran out of memory, not of scratch. */
export function isOutOfMemory(error: unknown): boolean {
  const described = describedOf(error);
  return described?.exception_type === 'Out of Memory' && !noRoom.test(described.exception_message);
}

/**
 * Converts a DuckDB error, except one about memory, into one of Daybreak's. For a user's query it adds the query, line and column. Any other error stays
 * unchanged.
 */
export function engineError(error: unknown, sql: string, source: SqlSource | null, limits: EngineLimits): unknown {
  const described = describedOf(error);
  if (described === null) return error;
  const { exception_type: type, exception_message: message } = described;
  const name = source === null ? null : source.name;
  if (noRoom.test(message)) return scratchFull(name, limits, error);
  const text = `${whereOf(described, sql, source)}: ${withoutValues(message)}`;
  // DuckDB's own error says the same once more, as JSON.
  if (ofData.has(type)) return new ValidationError(text);
  return new (ofEngine.has(type) ? PlatformError : PermanentError)(text);
}

const describedOf = (error: unknown): Described | null => {
  if (!(error instanceof Error)) return null;
  const json = error.message.slice(Math.max(0, error.message.indexOf('{')));
  try {
    const described = JSON.parse(json) as Described;
    return typeof described?.exception_type === 'string' ? described : null;
  } catch {
    return null;
  }
};

const whereOf = (described: Described, sql: string, source: SqlSource | null): string => {
  if (source === null) return 'the query engine';
  const index = indexOf(described, sql, source);
  if (index === null) return `the query "${source.name}"`;
  const { line, column } = positionAt(source.text, index);
  return `the query "${source.name}", line ${line}, column ${column}`;
};

/** Returns where in the user's text an error arose, or null if that is not certain. */
const indexOf = (
  { position, exception_message: message }: Described,
  sql: string,
  { text, edits = [] }: SqlSource,
): number | null => {
  const ran = editedText(text, edits);
  const start = sql.indexOf(ran);
  if (position !== undefined) {
    const index = indexOfByte(sql, Number(position)) - start;
    return start < 0 || index < 0 || index > ran.length ? null : indexBeforeEdits(index, edits);
  }
  // DuckDB gives casts to TIMESTAMPTZ no position, only the column; one edited cast of that column is the place.
  const [, column] = /when casting from source column (.+)$/.exec(message) ?? [];
  const places = edits.filter(({ at, end }) => column !== undefined && text.slice(at, end).endsWith(column));
  return places.length === 1 ? (places[0]?.at ?? null) : null;
};
