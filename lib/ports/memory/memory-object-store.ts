import { readFile, writeFile } from 'node:fs/promises';
import { bytesOf, contentEtag } from '../content-etag.ts';
import { fromErrno } from '../errno.ts';
import { namedWhenWhole } from '../named-when-whole.ts';
import { byUtf8, checkKey, checkPrefix } from '../object-key.ts';
import type { ConditionalWrite, ObjectStore, PutOptions, StoredObject, TransferOptions } from '../ports.ts';

/** An ObjectStore in this process's memory. Its promises settle in microtasks only, except those that wait for a file, so no time passes on a virtual clock. */
export class MemoryObjectStore implements ObjectStore {
  readonly url: string;
  readonly #objects = new Map<string, StoredObject>();

  constructor(name = 'store') {
    this.url = `memory:///${name}`;
  }

  async get(key: string): Promise<StoredObject | null> {
    checkKey(key);
    const found = this.#objects.get(key);
    return found === undefined ? null : { body: copyOf(found.body), etag: found.etag };
  }

  async read(key: string): Promise<AsyncIterable<Uint8Array> | null> {
    const found = await this.get(key);
    return found === null ? null : oneChunk(found.body);
  }

  async put(key: string, body: Uint8Array | string, options: PutOptions = {}): Promise<ConditionalWrite> {
    checkKey(key);
    const existing = this.#objects.get(key);
    if (options.ifNoneMatch !== undefined && existing !== undefined) return { written: false };
    if (options.ifMatch !== undefined && existing?.etag !== options.ifMatch) return { written: false };
    // Copy: the caller may continue to use its buffer.
    const bytes = copyOf(bytesOf(body));
    const etag = contentEtag(bytes);
    this.#objects.set(key, { body: bytes, etag });
    return { written: true, etag };
  }

  async write(key: string, body: AsyncIterable<Uint8Array>): Promise<void> {
    checkKey(key);
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(copyOf(chunk));
    await this.put(key, Buffer.concat(chunks));
  }

  async upload(key: string, file: string, { signal }: TransferOptions = {}): Promise<void> {
    checkKey(key);
    try {
      await this.put(key, await readFile(file, { signal }));
    } catch (error) {
      signal?.throwIfAborted();
      throw fromErrno(error, `cannot write ${this.url}/${key}`);
    }
  }

  async download(key: string, file: string, { signal }: TransferOptions = {}): Promise<boolean> {
    signal?.throwIfAborted();
    const found = await this.get(key);
    if (found === null) return false;
    try {
      await namedWhenWhole(file, (partial) => writeFile(partial, found.body, { signal }));
      return true;
    } catch (error) {
      signal?.throwIfAborted();
      throw fromErrno(error, `cannot read ${this.url}/${key}`);
    }
  }

  async *list(prefix: string): AsyncIterable<{ readonly key: string; readonly bytes: number }> {
    checkPrefix(prefix);
    const keys = [...this.#objects.keys()].filter((key) => key.startsWith(prefix)).sort(byUtf8);
    for (const key of keys) {
      const found = this.#objects.get(key);
      if (found !== undefined) yield { key, bytes: found.body.length };
    }
  }

  async delete(key: string): Promise<void> {
    checkKey(key);
    this.#objects.delete(key);
  }
}

/** Not slice(): a Buffer's slice is a view. */
const copyOf = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes);

async function* oneChunk(body: Uint8Array): AsyncIterable<Uint8Array> {
  if (body.length > 0) yield body;
}
