import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A line longer than this is written in pieces. */
const longestLine = 64 * 1024;

/** Takes finished lines, each with its line break. */
export type WriteLines = (lines: string) => Promise<void>;

/** Writes lines to the end of a file, whose folder it makes. A failed write is ignored. */
export function appendTo(file: string): WriteLines {
  let made: Promise<unknown> | null = null;
  return async (lines) => {
    try {
      made ??= mkdir(dirname(file), { recursive: true });
      await made;
      await appendFile(file, lines);
    } catch {
      // Lost, like progress that no disk takes.
    }
  };
}

/** Written by a function's process to both of its outputs when an invocation has ended: everything before it belongs to that invocation. */
export function endMark(id: string): string {
  return `\u0000end ${id}\u0000`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: no program writes this by chance
const mark = /\u0000end ([\w-]+)\u0000/;

export interface LogReader {
  readonly write: WriteLines;
  /** Called with the invocation's id at its end mark. */
  readonly onEnd: (id: string) => void;
}

/** Cuts a stream into whole lines, so that no secret is split. Resolves at the stream's end. */
export async function eachLines(stream: AsyncIterable<Buffer>, { write, onEnd }: LogReader): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  const take = async (length: number): Promise<void> => {
    const lines = rest.slice(0, length);
    rest = rest.slice(length);
    if (lines !== '') await write(lines.endsWith('\n') ? lines : `${lines}\n`);
  };
  try {
    for await (const chunk of stream) {
      rest += decoder.decode(chunk, { stream: true });
      for (let end = mark.exec(rest); end !== null; end = mark.exec(rest)) {
        await take(end.index);
        rest = rest.slice(end[0].length);
        onEnd(end[1] ?? '');
      }
      await take(rest.length > longestLine ? rest.length : rest.lastIndexOf('\n') + 1);
    }
  } catch {
    // The process died in the middle of its output.
  }
  rest += decoder.decode();
  await take(rest.length);
}
