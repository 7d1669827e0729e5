import type { Transform } from 'node:stream';
import { createGunzip, createZstdDecompress, type Zlib } from 'node:zlib';
import { ValidationError } from '../../../../contract/errors.ts';
import { PackedFileDamage } from './packed-file-damage.ts';
import { zstdFrames } from './zstd-frames.ts';

/** The unpacked bytes of a file, and their beginning. */
export interface UnpackedFile {
  /** The first 64 KB of the content or more; all of it if it is shorter. */
  readonly beginning: Buffer;
  readonly bytes: AsyncIterable<Uint8Array>;
}

type Unpacker = Transform & Pick<Zlib, 'bytesWritten'>;

interface Packing {
  /** The first bytes of packed files, in hexadecimal. The file's name may claim something else. */
  readonly magic: RegExp;
  readonly unpacker: () => Unpacker;
  /** Cuts the file into chunks that the unpacker reads to their last byte. */
  readonly chunks: (packed: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;
}

const packings: readonly Packing[] = [
  { magic: /^1f8b08/, unpacker: () => createGunzip() as Unpacker, chunks: (packed) => packed },
  { magic: /^28b52ffd|^5.2a4d18/, unpacker: () => createZstdDecompress() as Unpacker, chunks: zstdFrames },
];

const otherPackings: readonly (readonly [magic: string, name: string])[] = [
  ['504b0304', 'zip'],
  ['fd377a58', 'xz'],
  ['425a68', 'bzip2'],
  ['04224d18', 'lz4'],
];

/**
 * Unpacks gzip and zstd as a stream, with any number of members or frames in a row; returns any other file unchanged. A packed file that is cut off, damaged or
 * followed by other bytes is a ValidationError.
 */
export async function unpacked(file: string, packed: AsyncIterable<Uint8Array>): Promise<UnpackedFile> {
  const outer = await peeked(packed);
  const beginning = outer.beginning.toString('hex');
  const packing = packings.find(({ magic }) => magic.test(beginning));
  if (packing !== undefined) return peeked(unpack(file, outer.bytes, packing));
  const [, other] = otherPackings.find(([magic]) => beginning.startsWith(magic)) ?? [];
  if (other === undefined) return outer;
  throw new ValidationError(`${file} is packed by ${other}; files are read plain, or packed by gzip or zstd`);
}

async function* unpack(
  file: string,
  packed: AsyncIterable<Uint8Array>,
  { unpacker, chunks }: Packing,
): AsyncIterable<Uint8Array> {
  const transform = unpacker();
  let storeError: { readonly error: unknown } | null = null;
  // An error of the store is not damage in the file.
  const watched = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield* packed;
    } catch (error) {
      storeError = { error };
      throw error;
    }
  };
  feed(transform, chunks(watched())).catch((error) => transform.destroy(error));
  try {
    yield* transform as AsyncIterable<Uint8Array>;
  } catch (error) {
    const failed = storeError as { readonly error: unknown } | null;
    if (failed !== null) throw failed.error;
    const damage = `${file} cannot be unpacked: ${(error as Error).message}`;
    throw new ValidationError(`${damage}; it is damaged or was not delivered as a whole`, [], { cause: error });
  } finally {
    transform.destroy();
  }
}

/**
 * Hands chunks on until they end. An unpacker that has reached its end leaves bytes behind. Only zeros, which fill up the blocks of a tape, are not content.
 */
async function feed(transform: Unpacker, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  let given = 0;
  for await (const chunk of chunks) {
    if (given === transform.bytesWritten) await write(transform, chunk);
    given += chunk.length;
    const left = Math.min(given - transform.bytesWritten, chunk.length);
    if (chunk.subarray(chunk.length - left).some((byte) => byte !== 0))
      throw new PackedFileDamage('behind its end are other bytes');
  }
  transform.end();
}

const write = (transform: Transform, chunk: Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => transform.write(chunk, (error) => (error ? reject(error) : resolve())));

const mostPeeked = 64 * 1024;

/** Reads the beginning of a stream, and gives it again. */
export async function peeked(bytes: AsyncIterable<Uint8Array>): Promise<UnpackedFile> {
  const iterator = bytes[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  for (let bytesSeen = 0; bytesSeen < mostPeeked; ) {
    const { done, value } = await iterator.next();
    if (done) break;
    first.push(value);
    bytesSeen += value.length;
  }
  const beginning = Buffer.concat(first);
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
}
