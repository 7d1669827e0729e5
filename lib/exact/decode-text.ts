import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { ReadProblem } from './read-problem.ts';

/** Byte order marks and their encodings. A mark overrides the charset in a header. */
const marks: readonly (readonly [bytes: string, charset: string])[] = [
  ['efbbbf', 'utf-8'],
  ['fffe', 'utf-16le'],
  ['feff', 'utf-16be'],
];

/**
 * Decodes bytes by their byte order mark, else in the named charset (any name of the WHATWG's Encoding Standard), else in UTF-8. Throws a ReadProblem for a
 * byte that the charset does not have and for an unknown charset. It never replaces a character by U+FFFD. The result does not include the byte order mark.
 */
export function decodeText(bytes: Uint8Array, charset?: string | null): string {
  const encoding = charsetOfMark(bytes) ?? charset ?? 'utf-8';
  const decoder = decoderOf(encoding);
  try {
    return decoder.decode(bytes);
  } catch {
    throw decoder.encoding === 'utf-8'
      ? notUtf8(bytes)
      : new ReadProblem(`the bytes are not text in ${decoder.encoding}`, 1, 1);
  }
}

function charsetOfMark(bytes: Uint8Array): string | undefined {
  const beginning = Buffer.from(bytes.subarray(0, 3)).toString('hex');
  return marks.find(([mark]) => beginning.startsWith(mark))?.[1];
}

function decoderOf(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch {
    throw new ReadProblem(`the charset ${JSON.stringify(charset)} is not known; use UTF-8`, 1, 1);
  }
}

function notUtf8(bytes: Uint8Array): ReadProblem {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let line = 1;
  let start = 0;
  for (;;) {
    const end = all.indexOf(0x0a, start) + 1 || all.length;
    const one = all.subarray(start, end);
    if (!isUtf8(one) || end === all.length) return badByte(one, line);
    start = end;
    line += 1;
  }
}

function badByte(line: Buffer, number: number): ReadProblem {
  const text = line.toString('utf8');
  for (let index = text.indexOf('\ufffd'); index >= 0; index = text.indexOf('\ufffd', index + 1)) {
    const at = Buffer.byteLength(text.slice(0, index));
    if (line.subarray(at, at + 3).toString('hex') === 'efbfbd') continue;
    const byte = `0x${line.subarray(at, at + 1).toString('hex')}`;
    return new ReadProblem(
      `the byte ${byte} is not UTF-8; save the text as UTF-8, or name its charset`,
      number,
      index + 1,
    );
  }
  return new ReadProblem('the bytes are not UTF-8', number, 1);
}
