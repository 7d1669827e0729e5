import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';

const packages = fileURLToPath(new URL('../../node_modules', import.meta.url));

/**
 * Opens an empty PGlite database in memory. Making one takes seconds of processor time (PostgreSQL's initdb), so the first one is kept as a file of the cache
 * and the next ones begin with it. Without a cache that can be written, each is made.
 */
export async function emptyDatabase(cache = join(packages, '.cache', 'daybreak')): Promise<PGlite> {
  const { version } = JSON.parse(await readFile(join(packages, '@electric-sql/pglite/package.json'), 'utf8')) as {
    readonly version: string;
  };
  const file = join(cache, `pglite-${version}.tar`);
  const kept = await readFile(file).catch(() => null);
  if (kept) {
    const opened = await PGlite.create({ loadDataDir: new Blob([kept]) }).catch(() => null);
    if (opened) return opened;
    await rm(file, { force: true });
  }
  const made = await PGlite.create();
  await keep(made, file).catch(() => undefined);
  return made;
}

async function keep(database: PGlite, file: string): Promise<void> {
  const dump = await database.dumpDataDir('none');
  const unfinished = `${file}.${process.pid}`;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(unfinished, Buffer.from(await dump.arrayBuffer()));
  await rename(unfinished, file);
}
