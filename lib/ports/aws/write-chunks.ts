import type { FileHandle } from 'node:fs/promises';

/** Network chunks have 16 to 64 KB; a file system call per chunk would cost more than the copying. */
const gatheredBytes = 1024 * 1024;

/** Writes a stream to a file from a position. Memory holds at most a megabyte and a chunk of it. */
export async function writeChunks(
  file: FileHandle,
  chunks: AsyncIterable<Uint8Array>,
  position: number,
): Promise<void> {
  let at = position;
  let gathered: Uint8Array[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    // The loop continues a short write: the disk may have been full only for a moment.
    for (let left = gathered; left.length > 0; ) {
      const { bytesWritten } = await file.writev(left, at);
      at += bytesWritten;
      left = after(left, bytesWritten);
    }
    gathered = [];
    bytes = 0;
  };
  for await (const chunk of chunks) {
    gathered.push(chunk);
    bytes += chunk.length;
    if (bytes >= gatheredBytes) await flush();
  }
  await flush();
}

/** Returns the rest of the chunks after their first `bytes` bytes. */
const after = (chunks: readonly Uint8Array[], bytes: number): Uint8Array[] => {
  let skipped = bytes;
  const left: Uint8Array[] = [];
  for (const chunk of chunks) {
    const skip = Math.min(skipped, chunk.length);
    skipped -= skip;
    if (skip < chunk.length) left.push(chunk.subarray(skip));
  }
  return left;
};
