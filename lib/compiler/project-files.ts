import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** More files than any project has handlers. A misplaced folder must not slow a command down. */
const mostFiles = 20_000;

/**
 * Paths of the TypeScript files below a folder of the project, relative to the root, with forward slashes; none when there is no such folder. Hidden files and links are left out:
 * a link may lead out of the project, or to a folder around it.
 */
export function sourcesBelow(root: string, folder: string): string[] {
  const found: string[] = [];
  const folders = [folder];
  let seen = 0;
  for (const current of folders) {
    for (const entry of entriesOf(join(root, current))) {
      seen += 1;
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      const path = `${current}/${entry.name}`;
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile() && entry.name.endsWith('.ts')) found.push(path);
    }
    if (seen > mostFiles) break;
  }
  return found;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // A folder that is missing or unreadable has no files to suggest.
    return [];
  }
}

/** True if a path of the project names a file. */
export function isProjectFile(root: string, path: string): boolean {
  return statSync(resolve(root, path), { throwIfNoEntry: false })?.isFile() === true;
}
