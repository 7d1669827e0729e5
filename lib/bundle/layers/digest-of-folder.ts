import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Returns the SHA-256 in hex over the names and contents of all files below a folder, and over the `recipe` that made them. Times and rights do not count. */
export async function digestOfFolder(folder: string, recipe: number): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const lines: string[] = [`recipe ${recipe}\n`];
  for (const file of files) {
    const hash = createHash('sha256');
    await pipeline(createReadStream(file), hash);
    lines.push(`${relative(folder, file).split(sep).join('/')}\0${hash.digest('hex')}\n`);
  }
  return createHash('sha256').update(lines.sort().join('')).digest('hex');
}
