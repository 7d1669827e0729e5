import { appendFile, lstat, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UsageError } from '../typed/usage-error.ts';
import type { Files } from './new-project.ts';

/** Refuses files that exist. Links count too, even links to nowhere. */
export async function refuseExisting(root: string, paths: readonly string[], folder: string): Promise<void> {
  const existing: string[] = [];
  for (const path of paths) if (await exists(join(root, path))) existing.push(path);
  if (existing.length === 0) return;
  const are = existing.length === 1 ? 'exists' : 'exist';
  throw new UsageError(
    `${existing.join(', ')} ${are} in ${folder}, and \`init\` overwrites nothing; choose a new folder: npx daybreak init <name>`,
  );
}

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** Writes files that did not exist. A file that appeared meanwhile is an error. */
export async function writeProject(root: string, files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text, { flag: 'wx' });
  }
}

/** Adds lines that a .gitignore lacks. Returns true if there were any. */
export async function ignore(root: string, lines: readonly string[]): Promise<boolean> {
  const path = join(root, '.gitignore');
  const text = await readFile(path, 'utf8').catch(() => '');
  const known = new Set(text.split('\n').map((line) => line.trim().replace(/^\/|\/$/g, '')));
  const missing = lines.filter((line) => !known.has(line.replace(/\/$/, '')));
  if (missing.length === 0) return false;
  await appendFile(path, `${text === '' || text.endsWith('\n') ? '' : '\n'}${missing.join('\n')}\n`);
  return true;
}
