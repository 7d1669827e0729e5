import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';

/** No server packs a body more often, and each level costs memory. */
const mostCodings = 4;

type Unpacker = (body: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

const unpackers: Readonly<Record<string, Unpacker>> = {
  gzip: (body) => through(body, () => createGunzip()),
  'x-gzip': (body) => through(body, () => createGunzip()),
  br: (body) => through(body, () => createBrotliDecompress()),
  // Some servers leave out the header that the standard demands; its first byte ends with 8.
  deflate: (body) => through(body, (first) => ((first & 0x0f) === 8 ? createInflate() : createInflateRaw())),
  identity: (body) => body,
};

/**
 * The bytes of a body without its `Content-Encoding`. Packed bytes that end too early, or that continue after their end, are an error; `fetch` itself takes them for a short body. A coding that is
 * not known stays as it is.
 */
export function unpackBody(body: Readable, contentEncoding: string | null): AsyncIterable<Uint8Array> {
  const codings = (contentEncoding ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter(Boolean);
  if (codings.length > mostCodings || codings.some((coding) => !Object.hasOwn(unpackers, coding))) return body;
  return codings.reduceRight<AsyncIterable<Uint8Array>>(
    (packed, coding) => unpackers[coding]?.(packed) ?? packed,
    body,
  );
}

async function* through(
  body: AsyncIterable<Uint8Array>,
  unpacker: (firstByte: number) => Transform & { readonly bytesWritten: number },
): AsyncGenerator<Uint8Array> {
  const source = body[Symbol.asyncIterator]();
  const first = await source.next();
  // An empty body needs no end mark.
  if (first.done) return;
  const unpack = unpacker(first.value[0] as number);
  let bytes = 0;
  const packed = async function* () {
    for (let next: IteratorResult<Uint8Array> = first; !next.done; next = await source.next()) {
      bytes += next.value.length;
      yield next.value;
    }
  };
  // Errors of either side destroy both; those of the source come out of the iteration below.
  pipeline(packed(), unpack, () => undefined);
  try {
    yield* unpack as AsyncIterable<Uint8Array>;
  } finally {
    await source.return?.();
  }
  const rest = bytes - unpack.bytesWritten;
  if (rest > 0) throw new Error(`${rest} bytes follow behind the end of the packed body`);
}
