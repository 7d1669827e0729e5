import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { PermanentError, PlatformError } from '../contract/errors.ts';
import type { DatasetPart } from '../contract/records.ts';
import { errnoOf } from '../ports/errno.ts';
import type { ObjectStore } from '../ports/ports.ts';

/** Bytes hashed at a time: a millisecond, in which nothing else happens on the main thread. */
const readBytes = 1024 * 1024;

/** What is said of a part that is not what its dataset's entry says. */
export const damaged = (key: string, what: string, cause?: unknown): PlatformError =>
  new PlatformError(`${key} is damaged: ${what}`, { cause });

/** Makes a local file of a part. It may still be another one than the part that was written: see checkPart. */
export const fetchPart = async (
  store: ObjectStore,
  part: DatasetPart,
  file: string,
  signal: AbortSignal | undefined,
): Promise<void> => {
  const found = await store.download(part.key, file, signal ? { signal } : {}).catch((error: unknown) => {
    throw isFull(error) ? noRoom(part, error) : error;
  });
  if (!found) throw new PlatformError(`${part.key} is missing, though its dataset is committed`);
};

/** A store may have put the file system's error into one of its own. */
const isFull = (error: unknown): boolean =>
  errnoOf(error) === 'ENOSPC' || (error instanceof Error && error.cause !== undefined && isFull(error.cause));

const noRoom = ({ key, bytes }: DatasetPart, cause: unknown): PermanentError =>
  new PermanentError(
    `local scratch has no room for ${key}, which has ${Math.ceil(bytes / 2 ** 20)} MB: set a larger ephemeral_storage_mb for the step`,
    { cause },
  );

/** Resolves when every byte of the file is what was written; else a PlatformError names the part's key. */
export const checkPart = async (part: DatasetPart, file: string, signal: AbortSignal | undefined): Promise<void> => {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    if (size !== part.bytes) throw damaged(part.key, `it has ${size} bytes, not ${part.bytes}`);
    const sha256 = createHash('sha256');
    const buffer = Buffer.allocUnsafe(Math.min(readBytes, size));
    for (;;) {
      const { bytesRead } = await handle.read(buffer);
      if (bytesRead === 0) break;
      signal?.throwIfAborted();
      sha256.update(buffer.subarray(0, bytesRead));
    }
    if (sha256.digest('hex') !== part.sha256) {
      throw damaged(part.key, 'its SHA-256 is not the one of what was written');
    }
  } finally {
    await handle.close();
  }
};
