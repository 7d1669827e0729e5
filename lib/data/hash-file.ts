import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

/** Bytes hashed at a time: a millisecond, in which nothing else happens on the main thread. */
const readBytes = 1024 * 1024;

/** Size and SHA-256 (hex) of a local file. */
export const hashFile = async (
  file: string,
  signal?: AbortSignal,
): Promise<{ readonly bytes: number; readonly sha256: string }> => {
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
};
