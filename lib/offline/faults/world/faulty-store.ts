import { readFileSync, writeFileSync } from 'node:fs';
import { PlatformError } from '../../../contract/errors.ts';
import type { ConditionalWrite, ObjectStore, PutOptions, StoredObject, TransferOptions } from '../../../ports/ports.ts';
import type { Scope } from './scope.ts';

const reading = { fails: 'store_unavailable' } as const;
const writing = { fails: 'store_unavailable', loses: 'store_answer_lost' } as const;

/** The world's store as one invocation sees it. */
export class FaultyStore implements ObjectStore {
  readonly url: string;
  readonly #scope: Scope;
  readonly #store: ObjectStore;

  constructor(scope: Scope) {
    this.#scope = scope;
    this.#store = scope.bench.world.store;
    this.url = this.#store.url;
  }

  get(key: string): Promise<StoredObject | null> {
    return this.#scope.operate({ kind: 'get', key, ...reading }, async () => {
      const { actor, bench } = this.#scope;
      bench.world.watch.read(actor, key);
      const defect = bench.mutate?.({ kind: 'get', key }, actor);
      if (defect === 'unseen') return null;
      return (await this.#store.get(key)) ?? (defect === 'imagined' ? imagined : null);
    });
  }

  read(key: string): Promise<AsyncIterable<Uint8Array> | null> {
    return this.#scope.operate({ kind: 'read', key, ...reading }, async (id) => {
      const { actor, bench } = this.#scope;
      bench.world.watch.read(actor, key);
      const found = await this.#store.get(key);
      return found && this.#stream(found.body, id);
    });
  }

  put(key: string, body: Uint8Array | string, options: PutOptions = {}): Promise<ConditionalWrite> {
    const conditional = options.ifNoneMatch !== undefined || options.ifMatch !== undefined;
    return this.#scope.operate({ kind: conditional ? 'create' : 'put', key, ...writing }, async (id) => {
      const { actor, bench } = this.#scope;
      this.#needRoom(id);
      const unconditional = bench.mutate?.({ kind: 'put', key }, actor) === 'unconditional';
      const answer = await this.#store.put(key, body, unconditional ? {} : options);
      if (answer.written) bench.world.watch.wrote(actor, key, body);
      return conditional && answer.written && bench.faults.happens('own_write_refused', id) ? refused : answer;
    });
  }

  async write(key: string, body: AsyncIterable<Uint8Array>): Promise<void> {
    // All of it first: while a producer works, it is the producer that time waits for.
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    return this.#setOut('write', key, Buffer.concat(chunks));
  }

  async upload(key: string, file: string, { signal }: TransferOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    // At once: another upload of the same invocation may be under way already, and time passes for it.
    return this.#setOut('upload', key, readFileSync(file));
  }

  /** Makes the file after the answer has arrived, so a dead process has none. */
  async download(key: string, file: string, { signal }: TransferOptions = {}): Promise<boolean> {
    signal?.throwIfAborted();
    const found = await this.#scope.operate({ kind: 'download', key, ...reading }, async (id) => {
      const { actor, bench } = this.#scope;
      bench.world.watch.read(actor, key);
      const stored = await this.#store.get(key);
      if (stored && bench.faults.happens('store_stream_broken', id))
        throw new PlatformError(`${id}: the connection broke`);
      return stored;
    });
    signal?.throwIfAborted();
    if (found) writeFileSync(file, found.body);
    return found !== null;
  }

  async #setOut(kind: string, key: string, whole: Uint8Array): Promise<void> {
    // Datasets that are closed together set out in the order of the seed.
    await this.#scope.sleep(this.#scope.bench.chance.roll(`${this.#scope.actor.label} sets out ${key}`));
    return this.#scope.operate({ kind, key, ...writing }, async (id) => {
      this.#needRoom(id);
      await this.#store.put(key, whole);
      this.#scope.bench.world.watch.wrote(this.#scope.actor, key, whole);
    });
  }

  async *list(prefix: string): AsyncIterable<{ readonly key: string; readonly bytes: number }> {
    const found = await this.#scope.operate({ kind: 'list', key: prefix, ...reading }, async () => {
      const items: { key: string; bytes: number }[] = [];
      for await (const item of this.#store.list(prefix)) items.push(item);
      return items;
    });
    yield* found;
  }

  delete(key: string): Promise<void> {
    return this.#scope.operate({ kind: 'delete', key, ...writing }, () => this.#store.delete(key));
  }

  /** As the folder store fails on a full disk: the error of Node, which no port translates. */
  #needRoom(id: string): void {
    if (!this.#scope.bench.faults.happens('store_full', id)) return;
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' });
  }

  async *#stream(body: Uint8Array, id: string): AsyncIterable<Uint8Array> {
    const { faults, chance } = this.#scope.bench;
    const cut = Math.floor(chance.roll(`cut ${id}`) * body.length);
    if (cut > 0) yield body.subarray(0, cut);
    if (faults.happens('store_stream_broken', id)) throw new PlatformError(`${id}: the connection broke`);
    if (cut < body.length) yield body.subarray(cut);
  }
}

/** The object that a mutant finds where there is none. */
const imagined: StoredObject = { body: Buffer.from('{}'), etag: 'none' };

/** A store may answer so to a repeated request whose first try took effect. Our stores find out who wrote the object, but callers must withstand it. */
const refused: ConditionalWrite = { written: false };
