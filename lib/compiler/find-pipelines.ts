import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Paths of all templates in `pipelines/` below the root, sorted; none when there is no such folder. */
export async function findPipelines(root: string): Promise<string[]> {
  const folder = join(root, 'pipelines');
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return entries
    .filter((entry) => !entry.isDirectory() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(folder, entry.name))
    .sort();
}
