import { checkKey, checkPrefix } from './object-key.ts';
import type {
  ConditionalWrite,
  ObjectStore,
  PutOptions,
  StoredObject,
  TransferOptions,
  UploadOptions,
} from './ports.ts';

/** A part of another store: all keys below a prefix, which callers do not see. */
export class PrefixedStore implements ObjectStore {
  readonly url: string;
  readonly #store: ObjectStore;
  readonly #prefix: string;

  /** `prefix` ends with a slash. */
  constructor(store: ObjectStore, prefix: string) {
    this.#store = store;
    this.#prefix = prefix;
    this.url = `${store.url}/${prefix.slice(0, -1)}`;
  }

  async get(key: string): Promise<StoredObject | null> {
    return this.#store.get(this.#below(key));
  }

  async read(key: string): Promise<AsyncIterable<Uint8Array> | null> {
    return this.#store.read(this.#below(key));
  }

  async put(key: string, body: Uint8Array | string, options?: PutOptions): Promise<ConditionalWrite> {
    return this.#store.put(this.#below(key), body, options);
  }

  async write(
    key: string,
    body: AsyncIterable<Uint8Array>,
    options?: { readonly contentType?: string },
  ): Promise<void> {
    return this.#store.write(this.#below(key), body, options);
  }

  async upload(key: string, file: string, options?: UploadOptions): Promise<void> {
    return this.#store.upload(this.#below(key), file, options);
  }

  async download(key: string, file: string, options?: TransferOptions): Promise<boolean> {
    return this.#store.download(this.#below(key), file, options);
  }

  async *list(prefix: string): AsyncIterable<{ readonly key: string; readonly bytes: number }> {
    if (prefix !== '') checkPrefix(prefix);
    for await (const { key, bytes } of this.#store.list(this.#prefix + prefix))
      yield { key: key.slice(this.#prefix.length), bytes };
  }

  async delete(key: string): Promise<void> {
    return this.#store.delete(this.#below(key));
  }

  /** The rules for keys hold for the part too: a key that works here works in a whole bucket. */
  #below(key: string): string {
    checkKey(key);
    return this.#prefix + key;
  }
}
