import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isMissing } from '../errno.ts';
import { fileOwner } from './file-owner.ts';
import { isAlive } from './is-alive.ts';

let made: Promise<string> | null = null;

/**
 * Returns this process's own folder for local files, below `DAYBREAK_SCRATCH`; the same at every call. The process removes it when it ends. If the process was
 * killed, the next process that uses the same place removes it.
 */
export function processScratch(): Promise<string> {
  made ??= make(resolve(process.env.DAYBREAK_SCRATCH ?? join(tmpdir(), 'daybreak'))).catch((error) => {
    made = null;
    throw error;
  });
  return made;
}

/** Removes the folders of dead processes that could not do so themselves. */
export function removeDeadScratch(root: string): Promise<void> {
  return removeWhere(root, (pid) => !isAlive(pid));
}

const make = async (root: string): Promise<string> => {
  await mkdir(root, { recursive: true });
  // A folder under this process's own id belongs to a dead process too: a Lambda environment keeps /tmp when its process restarts, and ids repeat.
  await removeWhere(root, (pid) => pid === process.pid || !isAlive(pid));
  const folder = join(root, `${fileOwner}.${process.pid}.${randomUUID()}`);
  await mkdir(folder);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

const removeWhere = async (root: string, dead: (pid: number) => boolean): Promise<void> => {
  const names = await readdir(root).catch((error) => {
    if (isMissing(error)) return [];
    throw error;
  });
  for (const name of names) {
    const [owner, pid] = name.split('.');
    const gone = owner === fileOwner ? dead(Number(pid)) : await isForgotten(join(root, name));
    if (gone) await rm(join(root, name), { recursive: true, force: true });
  }
};

/** A folder of another host or container, whose processes no one here can see, is forgotten after a week without a change. */
async function isForgotten(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs > 7 * 24 * 60 * 60 * 1000;
}
