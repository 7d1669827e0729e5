import { createHash } from 'node:crypto';
import { mkdir, rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { entryKey, type FunctionEntry } from '../../bundle/function-entry.ts';
import type { HandlerCode, ModuleCode } from '../../bundle/handler-code.ts';

/**
 * Writes the code of handlers into a folder, so that an execution runs the code whose digest it records, even while people edit the sources. A file is named
 * after its content and never changes, so executions share it. Returns a function that gives the file of a handler.
 */
export async function pinCode(
  code: ReadonlyMap<string, HandlerCode>,
  folder: string,
): Promise<(entry: FunctionEntry) => string> {
  const files = new Map<string, string>();
  await mkdir(folder, { recursive: true });
  for (const [key, { module }] of code) files.set(key, await write(module, folder));
  return (entry) => {
    const file = files.get(entryKey(entry));
    if (file === undefined) throw new Error(`the handler ${entryKey(entry)} was not compiled`);
    return file;
  };
}

async function write({ code, map }: ModuleCode, folder: string): Promise<string> {
  const name = `${createHash('sha256').update(code).update(map).digest('hex').slice(0, 32)}.mjs`;
  const file = join(folder, name);
  // Fresh files are never pruned (`pruneCode`), so a touch claims them.
  if (await touched([`${file}.map`, file])) return file;
  await writeWhole(`${file}.map`, map);
  // This comes last, so that a process that finds the code finds its map too.
  await writeWhole(file, Buffer.concat([code, Buffer.from(`//# sourceMappingURL=${name}.map\n`)]));
  return file;
}

async function touched(files: readonly string[]): Promise<boolean> {
  const now = new Date();
  const results = await Promise.allSettled(files.map((file) => utimes(file, now, now)));
  return results.every(({ status }) => status === 'fulfilled');
}

/** Another process may write the same file at the same time. */
async function writeWhole(file: string, content: Uint8Array): Promise<void> {
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, content);
  await rename(unfinished, file);
}
