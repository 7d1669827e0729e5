import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FunctionEntry } from '../bundle/function-entry.ts';

const folder = 'lambdas/subscribers';

/** A subscriber of a project: its file's name, and its code. */
export interface FoundSubscriber {
  readonly name: string;
  readonly entry: FunctionEntry;
}

/** The subscribers of a project, one for each TypeScript file in `lambdas/subscribers`, sorted by name. */
export async function findSubscribers(root: string): Promise<FoundSubscriber[]> {
  const names = await readdir(join(root, folder)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  return names
    .filter((name) => /^[A-Za-z0-9][\w-]*\.ts$/.test(name))
    .sort()
    .map((file) => ({
      name: file.slice(0, -'.ts'.length),
      entry: { entry: `${folder}/${file}`, export: 'subscriber' },
    }));
}
