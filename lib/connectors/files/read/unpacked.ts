import { pipeline, Readable, type Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { ValidationError } from '../../../contract/errors.ts';

/** The bytes of a file, unpacked, and what they begin with. */
export interface UnpackedFile {
  /** At least the first 4 bytes of the content, if there are as many. */
  readonly beginning: Buffer;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** By what a packed file begins with; names lie. */
const unpackers: readonly (readonly [magic: string, make: () => Transform])[] = [
  ['1f8b08', () => createGunzip()],
  ['28b52ffd', () => createZstdDecompress()],
];

/** Unpacks gzip and zstd as they come, also several members behind each other; anything else is given as it is. A packed file that is cut off or damaged is a ValidationError. */
export async function unpacked(file: string, packed: AsyncIterable<Uint8Array>): Promise<UnpackedFile> {
  const outer = await peeked(packed);
  const magic = outer.beginning.toString('hex');
  const make = unpackers.find(([prefix]) => magic.startsWith(prefix))?.[1];
  return make === undefined ? outer : peeked(unpack(file, outer.bytes, make()));
}

async function* unpack(
  file: string,
  packed: AsyncIterable<Uint8Array>,
  transform: Transform,
): AsyncIterable<Uint8Array> {
  let broken: { readonly error: unknown } | null = null;
  // An error of the store is no damage of the file.
  const watched = async function* (): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of packed) yield chunk;
    } catch (error) {
      broken = { error };
      throw error;
    }
  };
  // A stream throws the unpacker's error into its generator; here it ends.
  const source = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of watched()) yield chunk;
  };
  pipeline(Readable.from(source(), { highWaterMark: 2 }), transform, () => {});
  try {
    yield* transform as AsyncIterable<Uint8Array>;
  } catch (error) {
    const { error: cause } = (broken as { readonly error: unknown } | null) ?? { error: null };
    if (cause !== null) throw cause;
    throw new ValidationError(
      `${file} cannot be unpacked: ${(error as Error).message}; it is damaged or was not delivered as a whole`,
    );
  } finally {
    transform.destroy();
  }
}

const peeked = async (bytes: AsyncIterable<Uint8Array>): Promise<UnpackedFile> => {
  const iterator = bytes[Symbol.asyncIterator]();
  let beginning = Buffer.alloc(0);
  while (beginning.length < 4) {
    const { done, value } = await iterator.next();
    if (done) break;
    beginning = Buffer.concat([beginning, value]);
  }
  return {
    beginning,
    bytes: (async function* () {
      try {
        if (beginning.length > 0) yield beginning;
        for (;;) {
          const { done, value } = await iterator.next();
          if (done) return;
          yield value;
        }
      } finally {
        await iterator.return?.();
      }
    })(),
  };
};
