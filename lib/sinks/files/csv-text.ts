import { csvLine } from '../../sources/files/csv-line.ts';

/** Lines of JSON objects as CSV (RFC 4180) with a header: null is an empty field, an empty text is `""`, lists and structs are JSON. */
export async function* csvText(columns: readonly string[], texts: AsyncIterable<string>): AsyncGenerator<string> {
  yield csvLine(columns);
  for await (const text of texts) {
    let lines = '';
    for (const line of text.split('\n')) {
      if (line === '') continue;
      const row = JSON.parse(line) as Readonly<Record<string, unknown>>;
      lines += csvLine(columns.map((column) => fieldOf(row[column])));
    }
    yield lines;
  }
}

const fieldOf = (value: unknown): string | null => {
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};
