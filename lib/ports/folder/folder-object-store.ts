import { createReadStream, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { link, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PermanentError } from '../../contract/errors.ts';
import { abortable } from '../abortable.ts';
import { bytesOf, contentEtag } from '../content-etag.ts';
import { errnoOf, fromErrno, isMissing } from '../errno.ts';
import { namedWhenWhole } from '../named-when-whole.ts';
import { checkKey, checkPrefix, reservedSegment } from '../object-key.ts';
import type { ConditionalWrite, ObjectStore, PutOptions, StoredObject, TransferOptions } from '../ports.ts';
import { WatchedBody } from '../watched-body.ts';
import { FolderLock } from './folder-lock.ts';
import { copyBytes, linkOrCopy } from './link-or-copy.ts';
import { listFolder } from './list-folder.ts';
import { makeFolder, syncFile, syncFolder } from './synced-folder.ts';
import { TemporaryFiles } from './temporary-files.ts';

/**
 * An ObjectStore in a folder: one file per object, which `upload` and `download` link instead of copying. A file gets its name only when it is complete on the
 * disk. A new name comes from link(), a replaced one from rename() under a lock that every overwrite and delete takes. So any number of processes may use one
 * folder, and any of them may die at any point.
 */
export class FolderObjectStore implements ObjectStore {
  readonly url: string;
  readonly #folder: string;
  readonly #temporary: TemporaryFiles;
  readonly #lock: FolderLock;

  constructor(folder: string) {
    this.#folder = resolve(folder);
    this.url = pathToFileURL(this.#folder).href;
    this.#temporary = new TemporaryFiles(join(this.#folder, reservedSegment, 'tmp'));
    this.#lock = new FolderLock(join(this.#folder, reservedSegment, 'lock.db'));
  }

  async get(key: string): Promise<StoredObject | null> {
    try {
      const body = new Uint8Array(await readFile(this.#pathOf(key)));
      return { body, etag: contentEtag(body) };
    } catch (error) {
      if (isMissing(error) || errnoOf(error) === 'EISDIR') return null;
      throw fromErrno(error, `cannot read ${this.url}/${key}`);
    }
  }

  async read(key: string): Promise<AsyncIterable<Uint8Array> | null> {
    const path = this.#pathOf(key);
    try {
      return (await stat(path)).isFile() ? this.#stream(path, key) : null;
    } catch (error) {
      if (isMissing(error)) return null;
      throw fromErrno(error, `cannot read ${this.url}/${key}`);
    }
  }

  async put(key: string, body: Uint8Array | string, options: PutOptions = {}): Promise<ConditionalWrite> {
    const bytes = bytesOf(body);
    const written = await this.#commit(key, oneChunk(bytes), options);
    return written ? { written, etag: contentEtag(bytes) } : { written };
  }

  async write(key: string, body: AsyncIterable<Uint8Array>): Promise<void> {
    await this.#commit(key, body, {});
  }

  async upload(key: string, file: string, { signal }: TransferOptions = {}): Promise<void> {
    const path = this.#pathOf(key);
    signal?.throwIfAborted();
    if (await adopt(file, path, signal)) return;
    await this.#commit(key, contentOf(file, signal), {});
  }

  async download(key: string, file: string, { signal }: TransferOptions = {}): Promise<boolean> {
    const path = this.#pathOf(key);
    signal?.throwIfAborted();
    try {
      if (!(await stat(path)).isFile()) return false;
      await namedWhenWhole(file, (partial) => linkOrCopy(path, partial, signal));
      return true;
    } catch (error) {
      signal?.throwIfAborted();
      if (isMissing(error) && !existsSync(path)) return false;
      throw fromErrno(error, `cannot read ${this.url}/${key}`);
    }
  }

  list(prefix: string): AsyncIterable<{ readonly key: string; readonly bytes: number }> {
    checkPrefix(prefix);
    return listFolder(this.#folder, prefix);
  }

  async delete(key: string): Promise<void> {
    const path = this.#pathOf(key);
    try {
      await this.#lock.hold(() => rmSync(path, { force: true }));
      await syncFolder(dirname(path));
    } catch (error) {
      // A folder is not an object: there is nothing to delete.
      if (isMissing(error) || errnoOf(error) === 'ERR_FS_EISDIR') return;
      throw fromErrno(error, `cannot delete ${this.url}/${key}`);
    }
  }

  #pathOf(key: string): string {
    checkKey(key);
    return join(this.#folder, key);
  }

  async *#stream(path: string, key: string): AsyncIterable<Uint8Array> {
    try {
      yield* createReadStream(path);
    } catch (error) {
      throw fromErrno(error, `cannot read ${this.url}/${key}`);
    }
  }

  async #commit(key: string, body: AsyncIterable<Uint8Array>, options: PutOptions): Promise<boolean> {
    const path = this.#pathOf(key);
    const watched = new WatchedBody(body);
    try {
      return await this.#temporary.using(watched, async (temporary) => {
        await makeFolder(dirname(path));
        const named =
          options.ifNoneMatch === undefined
            ? await this.#lock.hold(() => replace(temporary, path, options.ifMatch))
            : await create(temporary, path);
        if (named) await syncFolder(dirname(path));
        return named;
      });
    } catch (error) {
      watched.rethrow();
      const code = errnoOf(error);
      if (code !== null && ['EEXIST', 'ENOTDIR', 'EISDIR', 'ENOTEMPTY'].includes(code)) {
        throw new PermanentError(
          `a folder store cannot hold ${key}: another key is this one's beginning, up to a "/", or the other way round`,
          { cause: error },
        );
      }
      throw fromErrno(error, `cannot write ${this.url}/${key}`);
    }
  }
}

/**
 * Gives a complete file the name of a new object, without copying it. False if that fails (the name is taken, another file system): the copy that follows meets
 * the same obstacle and reports it.
 */
const adopt = async (file: string, path: string, signal: AbortSignal | undefined): Promise<boolean> => {
  try {
    // link() would link a symbolic link itself.
    const real = await realpath(file);
    await abortable(syncFile(real), signal);
    await makeFolder(dirname(path));
    signal?.throwIfAborted();
    await link(real, path);
    await syncFolder(dirname(path));
    return true;
  } catch {
    signal?.throwIfAborted();
    return false;
  }
};

async function* contentOf(file: string, signal: AbortSignal | undefined): AsyncIterable<Uint8Array> {
  try {
    yield* createReadStream(file, { highWaterMark: copyBytes, signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw fromErrno(error, `cannot upload ${file}`);
  }
}

async function* oneChunk(body: Uint8Array): AsyncIterable<Uint8Array> {
  yield body;
}

/** Creates the name; false if another object has it. */
const create = async (temporary: string, path: string): Promise<boolean> => {
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST' && (await stat(path)).isFile()) return false;
    throw error;
  }
};

/** Replaces the name's content; false if `expected` is given and is not the etag of the current content. Runs under the lock. */
const replace = (temporary: string, path: string, expected: string | undefined): boolean => {
  if (expected !== undefined && etagAt(path) !== expected) return false;
  renameSync(temporary, path);
  return true;
};

const etagAt = (path: string): string | null => {
  try {
    return contentEtag(readFileSync(path));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
};
