import type { FileRecord } from './file-record.ts';

/** The fields of a line of CSV; null for an empty one without quotes. */
export type Fields = readonly (string | null)[];

/** A quoted field longer than this is a quote that was never closed. */
const longestRecord = 64 * 1024 * 1024;

/**
 * Records of CSV (RFC 4180), those of a block together. A quote that does not end, or ends in the middle of a field, makes its line bad; the next line is read as if nothing had been.
 * Empty lines are left out.
 */
export async function* csvRecords(
  blocks: AsyncIterable<string>,
  delimiter: string,
): AsyncGenerator<FileRecord<Fields>[]> {
  let rest = '';
  let line = 1;
  for await (const block of blocks) {
    const text = rest + block;
    const { records, end, nextLine } = recordsOf(text, { delimiter, line, isLast: false });
    line = nextLine;
    rest = text.slice(end);
    if (records.length > 0) yield records;
  }
  const { records } = recordsOf(rest, { delimiter, line, isLast: true });
  if (records.length > 0) yield records;
}

interface Position {
  readonly delimiter: string;
  readonly line: number;
  /** No more text comes, so what is open stays open. */
  readonly isLast: boolean;
}

const recordsOf = (text: string, { delimiter, line: first, isLast }: Position) => {
  const records: FileRecord<Fields>[] = [];
  let line = first;
  let at = 0;
  while (at < text.length) {
    const newline = text.indexOf('\n', at);
    const lineEnd = newline < 0 ? text.length : newline + 1;
    if (newline < 0 && !isLast) break;
    const plain = withoutNewline(text.slice(at, lineEnd));
    if (!plain.includes('"')) {
      if (plain !== '') {
        const values = plain.split(delimiter).map((field) => (field === '' ? null : field));
        records.push({ line, text: plain, values, problem: null });
      }
      line += 1;
      at = lineEnd;
      continue;
    }
    const quoted = quotedRecord(text, at, delimiter);
    if (quoted === 'open' && !isLast && text.length - at < longestRecord) break;
    if (typeof quoted === 'string') {
      const problem = quoted === 'open' ? 'a quote is not closed' : quoted;
      records.push({ line, text: plain, values: null, problem });
      line += 1;
      at = lineEnd;
      continue;
    }
    const whole = text.slice(at, quoted.end);
    records.push({ line, text: withoutNewline(whole), values: quoted.values, problem: null });
    line += whole.split('\n').length - (whole.endsWith('\n') ? 1 : 0);
    at = quoted.end;
  }
  return { records, end: at, nextLine: line };
};

/** A record that has quotes; `open` when the text ends inside of one, or what is wrong. */
const quotedRecord = (
  text: string,
  start: number,
  delimiter: string,
): { readonly values: Fields; readonly end: number } | string => {
  const values: (string | null)[] = [];
  let at = start;
  for (;;) {
    if (text[at] === '"') {
      let value = '';
      for (;;) {
        const quote = text.indexOf('"', at + 1);
        if (quote < 0) return 'open';
        value += text.slice(at + 1, quote);
        at = quote + 1;
        if (text[at] !== '"') break;
        value += '"';
      }
      values.push(value);
    } else {
      const end = fieldEnd(text, at, delimiter);
      const field = text.slice(at, end);
      if (field.includes('"')) return `field ${values.length + 1} has a quote in its middle`;
      values.push(field === '' ? null : field);
      at = end;
    }
    if (text[at] === '\r' && (text[at + 1] === '\n' || at + 1 === text.length)) at += 1;
    if (at >= text.length) return { values, end: at };
    if (text[at] === '\n') return { values, end: at + 1 };
    if (text[at] !== delimiter) return `field ${values.length} goes on behind its closing quote`;
    at += 1;
  }
};

const fieldEnd = (text: string, at: number, delimiter: string): number => {
  let end = at;
  while (
    end < text.length &&
    text[end] !== delimiter &&
    text[end] !== '\n' &&
    !(text[end] === '\r' && text[end + 1] === '\n')
  )
    end += 1;
  return end;
};

const withoutNewline = (line: string): string => {
  const end = line.endsWith('\n') ? line.length - 1 : line.length;
  return line.slice(0, line[end - 1] === '\r' ? end - 1 : end);
};
