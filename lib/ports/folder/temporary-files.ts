import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../errno.ts';
import { fileOwner } from './file-owner.ts';
import { isAlive } from './is-alive.ts';

/** After this time without a write, a temporary file of another host or container is abandoned: no one here can see its process. */
const abandonedMs = 7 * 24 * 60 * 60 * 1000;

/** Files in progress, in a separate folder on the same file system, named after their owner: `<host and namespace>.<pid>.<uuid>`. */
export class TemporaryFiles {
  readonly #folder: string;
  #ready: Promise<void> | null = null;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Writes a new file with this content to the disk and passes its path to `use`. Always removes the file afterwards. */
  async using<T>(content: AsyncIterable<Uint8Array>, use: (path: string) => Promise<T>): Promise<T> {
    this.#ready ??= this.#prepare();
    await this.#ready.catch((error) => {
      this.#ready = null;
      throw error;
    });
    const path = join(this.#folder, `${fileOwner}.${process.pid}.${randomUUID()}`);
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
    // The content must be on the disk before the file gets its name: a power cut must not leave a name with partial content.
    await file.sync();
  } finally {
    await file.close();
  }
};

const isAbandoned = async (name: string, path: string): Promise<boolean> => {
  const [owner, pid] = name.split('.');
  if (owner === fileOwner) return !isAlive(Number(pid));
  try {
    return Date.now() - (await stat(path)).mtimeMs > abandonedMs;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
};
