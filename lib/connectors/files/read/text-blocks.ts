import { isUtf8 } from 'node:buffer';

const newline = 0x0a;

/** What stands for bytes that are not UTF-8: no text that is stored may hold it. */
export const notText = '\0';

/** Blocks of text, each of whole lines, the last one perhaps without its newline. Bytes that are not UTF-8 become NUL characters. The byte order mark of UTF-8 is left out. */
export async function* textBlocks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest: Uint8Array[] = [];
  let first = true;
  const decoded = (bytes: Buffer): string => {
    const text = isUtf8(bytes) ? bytes.toString('utf8') : [...linesOf(bytes)].map(textOf).join('');
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

function* linesOf(bytes: Buffer): Generator<Buffer> {
  let at = 0;
  while (at < bytes.length) {
    const end = bytes.indexOf(newline, at) + 1 || bytes.length;
    yield bytes.subarray(at, end);
    at = end;
  }
}

const textOf = (line: Buffer): string => {
  const text = line.toString('utf8');
  return isUtf8(line) ? text : text.replaceAll('\ufffd', notText);
};
