import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Paths of all templates in `pipelines/` below the root, sorted; none when there is no such folder. Hidden files (editors make them) and links to nowhere are left out. */
export async function findPipelines(root: string): Promise<string[]> {
  const folder = join(root, 'pipelines');
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const paths = names.filter((name) => /^[^.].*\.ya?ml$/.test(name)).map((name) => join(folder, name));
  const files = await Promise.all(paths.map(async (path) => (await stat(path).catch(() => null))?.isFile() === true));
  return paths.filter((_, index) => files[index]).sort();
}
