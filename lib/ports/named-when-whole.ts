import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';

/** Makes a file under a temporary name beside its own, and renames it when it is complete. An error leaves no file. */
export async function namedWhenWhole(file: string, make: (partial: string) => Promise<void>): Promise<void> {
  const partial = `${file}.${randomUUID()}.partial`;
  try {
    await make(partial);
    await rename(partial, file);
  } finally {
    // This also runs after the rename, which does nothing if both names belong to one file.
    await rm(partial, { force: true });
  }
}
