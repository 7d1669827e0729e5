import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runKey, runPrefix } from '../contract/object-keys.ts';
import type { Origin } from '../contract/records/run.ts';
import type {
  ConditionalWrite,
  ObjectStore,
  PutOptions,
  StoredObject,
  TransferOptions,
  UploadOptions,
} from './ports.ts';

/** Opens the store of an original run. */
export type OpenOrigin = (origin: Pick<Origin, 'store' | 'region'>) => Promise<ObjectStore>;

interface Borrowed {
  readonly store: ObjectStore;
  readonly key: string;
}

/**
 * A folder store whose forked runs take objects of their original run, in this store or another one. Their keys are below `originPrefix`. Each is fetched when it is first read, and kept. The
 * original's store is only read. For every other key this is the folder store, and costs nothing.
 */
export class BorrowingStore implements ObjectStore {
  readonly url: string;
  readonly #own: ObjectStore;
  readonly #open: OpenOrigin;
  readonly #scratch: string;
  /** By the key of a run's record. */
  readonly #origins = new Map<string, Promise<{ readonly store: ObjectStore; readonly prefix: string } | null>>();
  /** Sizes in the original's store, by its folder. */
  readonly #sizes = new Map<string, Promise<ReadonlyMap<string, number>>>();

  /** `scratch` is a folder for unfinished downloads, made when it is needed. */
  constructor(own: ObjectStore, open: OpenOrigin, scratch: string) {
    this.#own = own;
    this.#scratch = scratch;
    this.#open = open;
    this.url = own.url;
  }

  async get(key: string): Promise<StoredObject | null> {
    return (await this.#own.get(key)) ?? ((await this.#fetch(key)) ? this.#own.get(key) : null);
  }

  async read(key: string): Promise<AsyncIterable<Uint8Array> | null> {
    return (await this.#own.read(key)) ?? ((await this.#fetch(key)) ? this.#own.read(key) : null);
  }

  async download(key: string, file: string, options: TransferOptions = {}): Promise<boolean> {
    if (await this.#own.download(key, file, options)) return true;
    return (await this.#fetch(key, options)) && this.#own.download(key, file, options);
  }

  async unfetched(key: string): Promise<number | null | undefined> {
    if (!partsOf(key) || (await this.#own.read(key)) !== null) return undefined;
    const found = await this.#find(key);
    if (!found) return null;
    const elsewhere = await found.store.unfetched?.(found.key);
    if (elsewhere !== undefined) return elsewhere;
    // A folder's object costs nothing to fetch, so that its bytes can be checked.
    return found.store.url.startsWith('file:') ? undefined : this.#sizeOf(found);
  }

  put(key: string, body: Uint8Array | string, options?: PutOptions): Promise<ConditionalWrite> {
    return this.#own.put(key, body, options);
  }

  write(key: string, body: AsyncIterable<Uint8Array>, options?: { readonly contentType?: string }): Promise<void> {
    return this.#own.write(key, body, options);
  }

  upload(key: string, file: string, options?: UploadOptions): Promise<void> {
    return this.#own.upload(key, file, options);
  }

  /** Lists the objects of the folder; those that were not fetched are missing. */
  list(prefix: string): AsyncIterable<{ readonly key: string; readonly bytes: number }> {
    return this.#own.list(prefix);
  }

  delete(key: string): Promise<void> {
    return this.#own.delete(key);
  }

  /** Makes the object of another run one of this store; false if it is no such object, or is missing there. */
  async #fetch(key: string, options: TransferOptions = {}): Promise<boolean> {
    const found = await this.#find(key);
    if (!found) return false;
    const file = join(this.#scratch, randomUUID());
    await mkdir(this.#scratch, { recursive: true });
    try {
      if (!(await found.store.download(found.key, file, options))) return false;
      await this.#own.upload(key, file, options);
      return true;
    } finally {
      await rm(file, { force: true });
    }
  }

  async #find(key: string): Promise<Borrowed | null> {
    const parts = partsOf(key);
    if (!parts) return null;
    const record = runKey(parts);
    const known = this.#origins.get(record) ?? this.#readOrigin(record, parts.pipeline);
    this.#origins.set(record, known);
    known.catch(() => this.#origins.delete(record));
    const origin = await known;
    return origin && { store: origin.store, key: origin.prefix + parts.rest };
  }

  async #readOrigin(record: string, pipeline: string) {
    const found = await this.#own.get(record);
    const origin = found && originIn(found.body);
    if (!origin) return null;
    const prefix = runPrefix({ pipeline, run_id: origin.run_id });
    return { store: await this.#open(origin), prefix };
  }

  async #sizeOf({ store, key }: Borrowed): Promise<number | null> {
    const folder = key.slice(0, key.lastIndexOf('/') + 1);
    const known = this.#sizes.get(folder) ?? sizesIn(store, folder);
    this.#sizes.set(folder, known);
    known.catch(() => this.#sizes.delete(folder));
    return (await known).get(key) ?? null;
  }
}

/** A key below `originPrefix`; null for any other. */
function partsOf(key: string) {
  const [, pipeline, run_id, rest] = /^([^/]+)\/runs\/([^/]+)\/origin\/(.+)$/.exec(key) ?? [];
  return pipeline === undefined || run_id === undefined || rest === undefined ? null : { pipeline, run_id, rest };
}

/** A damaged record names no other run. */
function originIn(body: Uint8Array): Origin | null {
  try {
    return (JSON.parse(Buffer.from(body).toString()) as { readonly origin?: Origin } | null)?.origin ?? null;
  } catch {
    return null;
  }
}

async function sizesIn(store: ObjectStore, folder: string): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>();
  for await (const { key, bytes } of store.list(folder)) sizes.set(key, bytes);
  return sizes;
}
