import { createHash, hash as hashOf } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';

/** Bytes hashed at a time. This blocks the main thread for a millisecond. */
const readBytes = 1024 * 1024;

/** A file up to this size is read synchronously. That takes half a millisecond, less than the event-loop turns of an asynchronous read. */
const smallBytes = 256 * 1024;

/** Returns the size and SHA-256 (hex) of a local file. */
export async function hashFile(
  file: string,
  signal?: AbortSignal,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  if (statSync(file).size <= smallBytes) {
    const all = readFileSync(file);
    return { bytes: all.length, sha256: hashOf('sha256', all, 'hex') };
  }
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(Math.min(readBytes, Math.max(1, size)));
    for (let bytes = 0; ; ) {
      const { bytesRead } = await handle.read(buffer);
      if (bytesRead === 0) return { bytes, sha256: hash.digest('hex') };
      signal?.throwIfAborted();
      hash.update(buffer.subarray(0, bytesRead));
      bytes += bytesRead;
    }
  } finally {
    await handle.close();
  }
}
