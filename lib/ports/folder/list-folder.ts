import { type Dirent, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fromErrno, isMissing } from '../errno.ts';
import { byUtf8, reservedSegment } from '../object-key.ts';

/**
 * Lists files below a folder whose relative path begins with `prefix`, as keys in the order of their UTF-8 bytes. Memory holds one folder's names per level.
 */
export async function* listFolder(
  folder: string,
  prefix: string,
): AsyncIterable<{ readonly key: string; readonly bytes: number }> {
  try {
    // No folder on the way has other keys that begin so, and one may hold ten thousand runs.
    const path = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    if (!path.startsWith(`${reservedSegment}/`)) yield* walk(folder, path, prefix);
  } catch (error) {
    throw fromErrno(error, `cannot list ${folder}`);
  }
}

async function* walk(
  root: string,
  path: string,
  prefix: string,
): AsyncIterable<{ readonly key: string; readonly bytes: number }> {
  for (const name of await namesIn(join(root, path))) {
    const key = path + name;
    if (key === `${reservedSegment}/`) continue;
    if (name.endsWith('/')) {
      if (key.startsWith(prefix) || prefix.startsWith(key)) yield* walk(root, key, prefix);
    } else if (key.startsWith(prefix)) {
      const bytes = sizeOf(join(root, key));
      if (bytes !== null) yield { key, bytes };
    }
  }
}

/** Sorts a folder's name with the `/` that follows it in a key: `a-b` comes before `a/b`, and `a.b` too. */
const namesIn = async (path: string): Promise<string[]> => {
  const nameOf = (entry: Dirent): string => (entry.isDirectory() ? `${entry.name}/` : entry.name);
  try {
    return (await readdir(path, { withFileTypes: true })).map(nameOf).sort(byUtf8);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
};

/** Returns the file's size, or null if it was deleted meanwhile. Synchronous: a look at a file takes less than the event-loop turns of an asynchronous one. */
const sizeOf = (path: string): number | null => statSync(path, { throwIfNoEntry: false })?.size ?? null;
