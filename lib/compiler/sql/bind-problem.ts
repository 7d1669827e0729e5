import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import { indexOfByte } from '../../duckdb/guard/sql-position.ts';
import type { EditedText } from './edited-text.ts';
import type { BindProblem } from './probe-messages.ts';

/** DuckDB's description of an error when `errors_as_json` is set. */
interface Described {
  readonly exception_type?: string;
  readonly exception_message?: string;
  readonly error_subtype?: string;
  readonly type?: string;
  readonly name?: string;
  readonly candidates?: string;
  /** In bytes. */
  readonly position?: string;
}

/** A name with its qualifiers: `o.order_id`, `"step a"."x"`. */
const reference = /(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*)(?:\s*\.\s*(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*))*/uy;

/** An error of DuckDB's planner in our words, with its place in the original text. */
export function bindProblem(error: unknown, edited: EditedText): BindProblem {
  const described = describedOf(error);
  const { position } = described;
  const at = position === undefined ? null : indexOfByte(edited.text, Number(position));
  const missing = missingColumn(described);
  if (at === null) return { kind: 'other', message: missing ?? inOurWords(described), start: null, end: null };
  reference.lastIndex = at;
  const length = reference.exec(edited.text)?.[0].length ?? 0;
  return {
    kind: missing !== null && length > 0 ? 'column' : 'other',
    message: missing ?? inOurWords(described),
    start: edited.origin(at),
    end: edited.origin(at + Math.max(1, length)),
  };
}

const describedOf = (error: unknown): Described => {
  const message = error instanceof Error ? error.message : String(error);
  try {
    return JSON.parse(message.slice(Math.max(0, message.indexOf('{')))) as Described;
  } catch {
    return { exception_message: message };
  }
};

/** The message for an unknown column; null for any other error. */
const missingColumn = ({ error_subtype, name, exception_message = '' }: Described): string | null => {
  const candidates = [...(/Candidate[^:]*:(.*)$/s.exec(exception_message)?.[1] ?? '').matchAll(/"([^"]+)"/g)].map(
    ([, candidate]) => candidate ?? '',
  );
  const hint = (wanted: string): string =>
    didYouMean(wanted, candidates) ||
    (candidates.length > 0 ? `; candidates are ${candidates.map((c) => `"${c}"`).join(', ')}` : '');
  if (error_subtype === 'COLUMN_NOT_FOUND' && name !== undefined)
    return `none of the query's tables has a column "${name}"${hint(name)}`;
  const [, table, column] = /^Table "([^"]*)" does not have a column named "([^"]*)"/.exec(exception_message) ?? [];
  return column === undefined ? null : `"${table}" has no column "${column}"${hint(column)}`;
};

const inOurWords = ({ exception_message = 'DuckDB cannot plan it' }: Described): string => {
  const [first = '', ...more] = exception_message.split(/\s*\n+\s*/).map((line) => line.replace(/[!:;.]+$/, ''));
  const [, kind, name] = /^(\w+ Function|Function|Type) with name (\S+) does not exist$/i.exec(first) ?? [];
  const told = kind === undefined ? first : `there is no ${/type/i.test(kind) ? 'type' : 'function'} "${name}"`;
  return [told, ...more.filter((line) => line !== '')].map(lowered).join('; ');
};

const lowered = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
