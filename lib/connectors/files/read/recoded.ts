import { TextDecoder } from 'node:util';
import { PermanentError, ValidationError } from '../../../contract/errors.ts';
import { peeked, type UnpackedFile } from './packed/unpacked.ts';

/** Returns a text file in UTF-8. Throws a ValidationError for bytes that the charset does not have, and a PermanentError for an unknown charset. */
export function recoded(file: string, { bytes }: UnpackedFile, charset: string): Promise<UnpackedFile> {
  return peeked(inUtf8(file, bytes, decoderOf(charset)));
}

async function* inUtf8(
  file: string,
  bytes: AsyncIterable<Uint8Array>,
  decoder: TextDecoder,
): AsyncGenerator<Uint8Array> {
  let count = 0;
  const decoded = (chunk?: Uint8Array): Buffer => {
    try {
      return Buffer.from(chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true }), 'utf8');
    } catch (error) {
      const place = `${file} holds bytes that are not ${decoder.encoding}, after its first ${count}`;
      throw new ValidationError(`${place}; name its charset in \`charset\``, [], { cause: error });
    }
  };
  for await (const chunk of bytes) {
    yield decoded(chunk);
    count += chunk.length;
  }
  yield decoded();
}

function decoderOf(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch {
    throw new PermanentError(
      `the charset ${JSON.stringify(charset)} is not known; it is one such as "windows-1252" or "utf-16le"`,
    );
  }
}
