import type { FileRecord } from './file-record.ts';
import type { LineEnd } from './text-blocks.ts';

/** The fields of a line of CSV; an empty field without quotes is null. */
export type Fields = readonly (string | null)[];

/** Longest quoted field. A longer one means that a quote was never closed. */
const longestRecord = 64 * 1024 * 1024;

/** The format of a CSV file. */
export interface CsvDialect {
  readonly delimiter: string;
  readonly lineEnd: LineEnd;
}

/**
 * Reads the records of CSV (RFC 4180), block by block. Three faults make a line bad: a quote that does not end, a quote that ends in the middle of a field, and
 * an unquoted line break other than the file's line end. Reading continues with the next line. An empty line is a record of one null.
 */
export async function* csvRecords(
  blocks: AsyncIterable<string>,
  dialect: CsvDialect,
): AsyncGenerator<FileRecord<Fields>[]> {
  let rest = '';
  let line = 1;
  for await (const block of blocks) {
    const text = rest + block;
    const { records, end, nextLine } = recordsOf(text, { ...dialect, line, isLast: false });
    line = nextLine;
    rest = text.slice(end);
    if (records.length > 0) yield records;
  }
  const { records } = recordsOf(rest, { ...dialect, line, isLast: true });
  if (records.length > 0) yield records;
}

interface Position extends CsvDialect {
  readonly line: number;
  /** Ends the text: a quote that is still open stays open. */
  readonly isLast: boolean;
}

const recordsOf = (text: string, { delimiter, lineEnd, line: first, isLast }: Position) => {
  const records: FileRecord<Fields>[] = [];
  let line = first;
  let at = 0;
  while (at < text.length) {
    const newline = text.indexOf(lineEnd, at);
    const next = newline < 0 ? text.length : newline + 1;
    if (newline < 0 && !isLast) break;
    const plain = withoutLineEnd(text.slice(at, next), lineEnd);
    if (!plain.includes('"')) {
      const problem = strayBreak(plain);
      const values = problem === null ? plain.split(delimiter).map((field) => (field === '' ? null : field)) : null;
      records.push({ line, text: plain, values, problem });
      line += 1;
      at = next;
      continue;
    }
    const quoted = quotedRecord(text, at, { delimiter, lineEnd });
    if (quoted === 'open' && !isLast && text.length - at < longestRecord) break;
    if (typeof quoted === 'string') {
      const problem = quoted === 'open' ? 'a quote is not closed' : quoted;
      records.push({ line, text: plain, values: null, problem });
      line += 1;
      at = next;
      continue;
    }
    const whole = text.slice(at, quoted.end);
    records.push({ line, text: withoutLineEnd(whole, lineEnd), values: quoted.values, problem: null });
    line += whole.split(lineEnd).length - (whole.endsWith(lineEnd) ? 1 : 0);
    at = quoted.end;
  }
  return { records, end: at, nextLine: line };
};

/** A record that has quotes; `open` if the text ends inside a quote; else the fault. */
const quotedRecord = (
  text: string,
  start: number,
  { delimiter, lineEnd }: CsvDialect,
): { readonly values: Fields; readonly end: number } | string => {
  const values: (string | null)[] = [];
  let at = start;
  for (;;) {
    if (text[at] === '"') {
      const field = quotedField(text, at);
      if (field === null) return 'open';
      values.push(field.value);
      at = field.end;
    } else {
      const end = fieldEnd(text, at, { delimiter, lineEnd });
      const field = text.slice(at, end);
      if (field.includes('"')) return `field ${values.length + 1} has a quote in its middle`;
      const stray = strayBreak(field);
      if (stray !== null) return stray;
      values.push(field === '' ? null : field);
      at = end;
    }
    if (lineEnd === '\n' && text[at] === '\r' && (text[at + 1] === '\n' || at + 1 === text.length)) at += 1;
    if (at >= text.length) return { values, end: at };
    if (text[at] === lineEnd) return { values, end: at + 1 };
    if (text[at] !== delimiter) return `field ${values.length} continues after its closing quote`;
    at += 1;
  }
};

/** The field whose opening quote is at `start`, and where it ends; null if its closing quote is missing. */
const quotedField = (text: string, start: number): { readonly value: string; readonly end: number } | null => {
  let value = '';
  for (let at = start; ; value += '"') {
    const quote = text.indexOf('"', at + 1);
    if (quote < 0) return null;
    value += text.slice(at + 1, quote);
    at = quote + 1;
    if (text[at] !== '"') return { value, end: at };
  }
};

const fieldEnd = (text: string, at: number, { delimiter, lineEnd }: CsvDialect): number => {
  let end = at;
  while (end < text.length && text[end] !== delimiter && text[end] !== lineEnd) end += 1;
  const hasReturn = lineEnd === '\n' && end > at && text[end - 1] === '\r' && text[end] !== delimiter;
  return hasReturn ? end - 1 : end;
};

/** The fault in unquoted text that holds a line break other than the line end; null if there is none. */
const strayBreak = (text: string): string | null => {
  if (text.includes('\r')) return 'it has a carriage return (CR) outside of quotes, and lines end with LF';
  return text.includes('\n') ? 'it has a line feed (LF) outside of quotes, and lines end with CR' : null;
};

const withoutLineEnd = (line: string, lineEnd: LineEnd): string => {
  const end = line.endsWith(lineEnd) ? line.length - 1 : line.length;
  return line.slice(0, lineEnd === '\n' && line[end - 1] === '\r' ? end - 1 : end);
};
