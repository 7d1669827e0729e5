import { readExactJson } from '../../../exact/read-json.ts';
import { ReadProblem } from '../../../exact/read-problem.ts';
import type { FileRecord } from './file-record.ts';
import type { LineEnd } from './text-blocks.ts';

/** Reads the objects of a file with one object per line, block by block; skips empty lines. */
export async function* ndjsonRecords(
  blocks: AsyncIterable<string>,
  lineEnd: LineEnd,
): AsyncGenerator<FileRecord<Readonly<Record<string, unknown>>>[]> {
  let number = 0;
  for await (const block of blocks) {
    const records: FileRecord<Readonly<Record<string, unknown>>>[] = [];
    const lines = block.split(lineEnd);
    if (lines.at(-1) === '') lines.pop();
    for (const text of lines) {
      number += 1;
      if (text.trim() !== '') records.push({ line: number, text, ...parsed(text) });
    }
    if (records.length > 0) yield records;
  }
}

const parsed = (
  text: string,
): { readonly values: Readonly<Record<string, unknown>> | null; readonly problem: string | null } => {
  try {
    const value = readExactJson(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { values: value as Record<string, unknown>, problem: null };
    return { values: null, problem: 'it is not a JSON object' };
  } catch (error) {
    if (!(error instanceof ReadProblem)) throw error;
    return { values: null, problem: `it cannot be read as JSON: ${error.reason}, at column ${error.column}` };
  }
};
