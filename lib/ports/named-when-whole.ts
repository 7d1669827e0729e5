import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';

/** Has a file made under a passing name beside its own, and gives it its name when it is whole. Errors leave nothing. */
export async function namedWhenWhole(file: string, make: (partial: string) => Promise<void>): Promise<void> {
  const partial = `${file}.${randomUUID()}.partial`;
  try {
    await make(partial);
    await rename(partial, file);
  } finally {
    // Also after the rename, which does nothing where both are names of one file.
    await rm(partial, { force: true });
  }
}
