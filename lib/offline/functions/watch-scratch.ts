import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileOwner } from '../../ports/folder/file-owner.ts';

/** Files grow slower than memory. */
const every = 500;

export interface ScratchLimit {
  /** Folder below which each process has its own. */
  readonly root: string;
  readonly mostMb: number;
}

/** Calls `onOver` once with the megabytes of a process's local files when they are more than its function may have. Stops with the returned function. */
export function watchScratch(pid: number, { root, mostMb }: ScratchLimit, onOver: (mb: number) => void): () => void {
  const look = async (): Promise<void> => {
    const mb = (await bytesOf(root, pid)) / 1024 ** 2;
    if (stopped || mb <= mostMb) return;
    stop();
    onOver(mb);
  };
  let stopped = false;
  const timer = setInterval(() => void look().catch(() => undefined), every).unref();
  const stop = (): void => {
    stopped = true;
    clearInterval(timer);
  };
  return stop;
}

async function bytesOf(root: string, pid: number): Promise<number> {
  const folders = (await readdir(root)).filter((name) => name.startsWith(`${fileOwner}.${pid}.`));
  let bytes = 0;
  for (const folder of folders)
    for (const entry of await readdir(join(root, folder), { recursive: true, withFileTypes: true }))
      bytes += await sizeOf(entry);
  return bytes;
}

/** The space of a file on the disk: a sparse one takes less than its length. It may be gone meanwhile. */
const sizeOf = async (entry: Dirent): Promise<number> => {
  if (!entry.isFile()) return 0;
  const found = await stat(join(entry.parentPath, entry.name)).catch(() => null);
  return found === null ? 0 : found.blocks * 512;
};
