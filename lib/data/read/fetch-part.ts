import { PermanentError, PlatformError } from '../../contract/errors.ts';
import type { DatasetPart } from '../../contract/records/dataset.ts';
import { errnoOf } from '../../ports/errno.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { hashFile } from '../hash-file.ts';

/** The error for a part that differs from its dataset's entry. */
export function damaged(key: string, what: string, cause?: unknown): PlatformError {
  return new PlatformError(`${key} is damaged: ${what}`, { cause });
}

/** Makes a local file of a part. Its bytes may still differ from the written part: see checkPart. */
export async function fetchPart(
  store: ObjectStore,
  part: DatasetPart,
  file: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const found = await store.download(part.key, file, signal ? { signal } : {}).catch((error: unknown) => {
    throw isFull(error) ? noRoom(part, error) : error;
  });
  if (!found) throw new PlatformError(`${part.key} is missing, though its dataset is committed`);
}

/** True if the disk is full. A store may have wrapped the file system's error. */
const isFull = (error: unknown): boolean =>
  errnoOf(error) === 'ENOSPC' || (error instanceof Error && error.cause !== undefined && isFull(error.cause));

const noRoom = ({ key, bytes }: DatasetPart, cause: unknown): PermanentError =>
  new PermanentError(
    `local scratch has no room for ${key}, which has ${Math.ceil(bytes / 2 ** 20)} MB: set a larger ephemeral_storage_mb for the step`,
    { cause },
  );

/** Resolves if every byte of the file equals the written part; otherwise rejects with a PlatformError that names the part's key. */
export async function checkPart(part: DatasetPart, file: string, signal: AbortSignal | undefined): Promise<void> {
  const { bytes, sha256 } = await hashFile(file, signal);
  if (bytes !== part.bytes) throw damaged(part.key, `it has ${bytes} bytes, not ${part.bytes}`);
  if (sha256 !== part.sha256) throw damaged(part.key, 'its SHA-256 is not that of the written bytes');
}
