import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The state of files at one moment: time of the last change and size, by absolute path. */
export type Snapshot = ReadonlyMap<string, string>;

export interface Places {
  /** Watched with everything below them. */
  readonly folders: readonly string[];
  /** Single files, which may be elsewhere. */
  readonly files: readonly string[];
}

/** Looks at all files. It asks the file system each time, since events of editors that replace files get lost. */
export async function takeSnapshot({ folders, files }: Places): Promise<Snapshot> {
  const below = await Promise.all(folders.map(filesBelow));
  const paths = [...new Set([...below.flat(), ...files])];
  const states = await Promise.all(paths.map(async (path) => [path, await stateOf(path)] as const));
  return new Map(states.flatMap(([path, state]) => (state === null ? [] : [[path, state] as const])));
}

/** Paths that are new, changed or gone, sorted. */
export function changedPaths(before: Snapshot, after: Snapshot): string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path)).sort();
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries
      .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
      .map((entry) => {
        const path = join(folder, entry.name);
        return entry.isDirectory() ? filesBelow(path) : [path];
      }),
  );
  return found.flat();
}

const stateOf = (path: string): Promise<string | null> =>
  stat(path).then(
    ({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`,
    () => null,
  );
