import { createHash, randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../ports/is-alive.ts';

/** Containers may share a folder, and their processes tend to have the same ids. */
const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 12);

let made: Promise<string> | null = null;

/** This process's own folder for local files, the same at every call: removed when the process ends, or, if it was killed, by the next one that asks for a folder in the same place. */
export const processScratch = (): Promise<string> => {
  made ??= make(process.env.DAYBREAK_SCRATCH ?? join(tmpdir(), 'daybreak')).catch((error) => {
    made = null;
    throw error;
  });
  return made;
};

const make = async (root: string): Promise<string> => {
  await mkdir(root, { recursive: true });
  await removeLeftovers(root);
  const folder = join(root, `${host}.${process.pid}.${randomUUID()}`);
  await mkdir(folder);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** A folder under our own id is a leftover too: a Lambda environment keeps /tmp when its process is restarted, and ids are used again. */
const removeLeftovers = async (root: string): Promise<void> => {
  for (const name of await readdir(root)) {
    const [owner, pid] = name.split('.');
    if (owner !== host || (Number(pid) !== process.pid && isAlive(Number(pid)))) continue;
    await rm(join(root, name), { recursive: true, force: true });
  }
};
