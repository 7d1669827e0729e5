import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isMissing } from '../errno.ts';
import { isAlive } from './is-alive.ts';

/** A temporary file that nobody wrote to for so long has no owner any more, whatever its process id says. */
const abandonedMs = 24 * 60 * 60 * 1000;

const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 12);

/** Files that are being written, in a folder of their own on the same file system, named after their owner: `<host>.<pid>.<uuid>`. */
export class TemporaryFiles {
  readonly #folder: string;
  #ready: Promise<void> | null = null;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Writes a new file with this content down to the disk, hands over its path, and removes the file whatever happens. */
  async using<T>(content: AsyncIterable<Uint8Array>, use: (path: string) => Promise<T>): Promise<T> {
    this.#ready ??= this.#prepare();
    await this.#ready.catch((error) => {
      this.#ready = null;
      throw error;
    });
    const path = join(this.#folder, `${host}.${process.pid}.${randomUUID()}`);
    try {
      await fill(await open(path, 'wx'), content);
      return await use(path);
    } finally {
      await rm(path, { force: true });
    }
  }

  async #prepare(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    for (const name of await readdir(this.#folder)) {
      const path = join(this.#folder, name);
      if (await isAbandoned(name, path)) await rm(path, { force: true });
    }
  }
}

const fill = async (file: FileHandle, content: AsyncIterable<Uint8Array>): Promise<void> => {
  try {
    for await (const chunk of content) {
      for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten;
    }
    // Whole on the disk before it gets its name: a power cut must not leave a name with half a content.
    await file.sync();
  } finally {
    await file.close();
  }
};

const isAbandoned = async (name: string, path: string): Promise<boolean> => {
  const [owner, pid] = name.split('.');
  if (owner === host && !isAlive(Number(pid))) return true;
  try {
    return Date.now() - (await stat(path)).mtimeMs > abandonedMs;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
};
