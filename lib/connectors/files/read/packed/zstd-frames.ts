import { PackedFileDamage } from './packed-file-damage.ts';

/** The next bytes of the format: a field that describes what follows it, or content. `end` is the end of a frame. */
interface Next {
  readonly kind: 'field' | 'content' | 'end';
  readonly size: number;
}

const frameMagic = 0xfd2fb528;
/** The writer chooses the last four bits of a skippable frame's magic number. */
const skippableMagic = 0x184d2a50;

/**
 * Cuts a zstd file (RFC 8878) into chunks that end where a frame ends. Node's unpacker silently drops bytes behind the end of a frame in the same chunk. Throws
 * a PackedFileDamage if the bytes behind a frame begin no other frame, or if a frame is cut off.
 */
export async function* zstdFrames(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const format = frames();
  let next: Next = { kind: 'end', size: 0 };
  let seen: Uint8Array[] = [];
  let left = 0;
  /** Moves on to the next part that has bytes; stops at the end of a frame. */
  const advance = (): void => {
    do {
      next = format.next(Buffer.concat(seen)).value;
      seen = [];
      left = next.size;
    } while (left === 0 && next.kind !== 'end');
  };
  for await (const chunk of packed) {
    let from = 0;
    for (let at = 0; at < chunk.length; ) {
      if (left === 0) advance();
      const taken = chunk.subarray(at, at + left);
      if (next.kind === 'field') seen.push(taken);
      at += taken.length;
      left -= taken.length;
      if (left === 0) advance();
      if (left > 0) continue;
      yield chunk.subarray(from, at);
      from = at;
    }
    if (from < chunk.length) yield chunk.subarray(from);
  }
  if (left > 0) throw new PackedFileDamage('its last frame is cut off');
}

const field = (size: number): Next => ({ kind: 'field', size });
const content = (size: number): Next => ({ kind: 'content', size });

/** Takes each field that it asked for. */
function* frames(): Generator<Next, never, Buffer> {
  for (;;) {
    const magic = (yield field(4)).readUInt32LE();
    if (magic >>> 4 === skippableMagic >>> 4) yield content((yield field(4)).readUInt32LE());
    else if (magic === frameMagic) yield* frame();
    else throw new PackedFileDamage('behind its last frame are bytes that are no zstd');
    yield { kind: 'end', size: 0 };
  }
}

function* frame(): Generator<Next, void, Buffer> {
  const descriptor = (yield field(1)).readUInt8();
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >>> 6] ?? 0;
  yield content((isSingleSegment ? 0 : 1) + dictionaryBytes + sizeBytes);
  for (let isLast = false; !isLast; ) {
    const header = (yield field(3)).readUIntLE(0, 3);
    isLast = (header & 1) !== 0;
    // A block of the second type is one repeated byte.
    yield content(((header >>> 1) & 3) === 1 ? 1 : header >>> 3);
  }
  const hasChecksum = (descriptor & 4) !== 0;
  yield content(hasChecksum ? 4 : 0);
}
