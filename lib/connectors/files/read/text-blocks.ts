import { isUtf8 } from 'node:buffer';

/** The line end of a file: LF with or without a CR before it, or CR alone. */
export type LineEnd = '\n' | '\r';

/** The line end of a file, from its first 64 KB: CR only if they hold no LF. */
export function lineEndOf(beginning: Buffer): LineEnd {
  return beginning.includes('\r') && !beginning.includes('\n') ? '\r' : '\n';
}

/** Stands before the two hexadecimal digits of a byte that is not UTF-8. No stored text may hold this character. */
export const notText = '\0';

/**
 * Blocks of whole lines; the last one may lack its line end. A byte that is not UTF-8 becomes a NUL character and its two hexadecimal digits. The byte order
 * mark of UTF-8 is left out.
 */
export async function* textBlocks(chunks: AsyncIterable<Uint8Array>, lineEnd: LineEnd): AsyncGenerator<string> {
  const newline = lineEnd.charCodeAt(0);
  let rest: Uint8Array[] = [];
  let first = true;
  const decoded = (bytes: Buffer): string => {
    const text = isUtf8(bytes) ? bytes.toString('utf8') : [...linesOf(bytes, newline)].map(textOf).join('');
    const begins = first;
    first = false;
    return begins && text.startsWith('\ufeff') ? text.slice(1) : text;
  };
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(newline) + 1;
    if (end === 0) {
      rest.push(chunk);
      continue;
    }
    yield decoded(Buffer.concat([...rest, chunk.subarray(0, end)]));
    rest = end < chunk.length ? [chunk.subarray(end)] : [];
  }
  if (rest.length > 0) yield decoded(Buffer.concat(rest));
}

function* linesOf(bytes: Buffer, newline: number): Generator<Buffer> {
  let at = 0;
  while (at < bytes.length) {
    const end = bytes.indexOf(newline, at) + 1 || bytes.length;
    yield bytes.subarray(at, end);
    at = end;
  }
}

const textOf = (line: Buffer): string => {
  if (isUtf8(line)) return line.toString('utf8');
  let text = '';
  for (let at = 0; at < line.length; ) {
    const size = [1, 2, 3, 4].find((bytes) => at + bytes <= line.length && isUtf8(line.subarray(at, at + bytes)));
    text +=
      size === undefined
        ? notText + line.subarray(at, at + 1).toString('hex')
        : line.subarray(at, at + size).toString('utf8');
    at += size ?? 1;
  }
  return text;
};
