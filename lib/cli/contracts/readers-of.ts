import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Files with a name in them are templates, queries and handlers of other pipelines. */
const folders = ['pipelines', 'lambdas'];

const isSource = /\.(?:ya?ml|sql|[cm]?[jt]s)$/;

/** Files of more than this are data. */
const largest = 1024 * 1024;

/** Files of other pipelines that name this one: relative to the root, sorted, at most five. */
export async function readersOf(pipeline: string, root: string): Promise<string[]> {
  const word = new RegExp(`(?<![\\w-])${pipeline.replace(/[^\w]/g, '\\$&')}(?![\\w-])`);
  const found: string[] = [];
  for (const folder of folders) {
    const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/');
      if (!entry.isFile() || !isSource.test(entry.name) || isOwn(path, pipeline)) continue;
      const text = await readFile(join(root, path), 'utf8');
      if (text.length <= largest && word.test(text)) found.push(path);
    }
  }
  return found.sort().slice(0, 5);
}

/** The template itself, its queries, and its handlers. */
const isOwn = (path: string, pipeline: string): boolean =>
  path.split('/').some((part) => part.replace(/\.ya?ml$/, '') === pipeline);
