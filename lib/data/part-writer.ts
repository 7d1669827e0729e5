import { createHash } from 'node:crypto';
import { createGzip, type Gzip } from 'node:zlib';
import type { DatasetPart } from '../contract/records.ts';
import type { ObjectStore } from '../ports/ports.ts';

/** Uncompressed bytes that may wait for the compressor, so that it works while the producer makes the next rows. */
const queueBytes = 256 * 1024;

/** Where gzip's header says on which system it was made; 255 is "unknown". zlib puts the real one there, and equal rows would differ between machines. */
const systemByte = 9;

/** One object of gzipped bytes that is being written: compressed in zlib's threads and sent to the store while it grows. */
export class PartWriter {
  readonly #key: string;
  readonly #gzip: Gzip;
  readonly #upload: Promise<void>;
  readonly #sha256 = createHash('sha256');
  #bytes = 0;
  #failure: { readonly error: unknown } | null = null;
  #wake: (() => void) | null = null;

  constructor(store: ObjectStore, key: string) {
    this.#key = key;
    this.#gzip = createGzip({ level: 6, writableHighWaterMark: queueBytes } as Parameters<typeof createGzip>[0]);
    const wake = (): void => this.#wake?.();
    // The upload reports a failure of the stream; without a listener it would end the process.
    this.#gzip.on('error', wake).on('drain', wake);
    this.#upload = store.write(key, this.#compressed(), { contentType: 'application/gzip' });
    this.#upload.catch((error) => {
      this.#failure = { error };
      wake();
    });
  }

  /** Resolves when there is room for more. Rejects when the store did not take what was written before. */
  async write(bytes: Uint8Array): Promise<void> {
    this.#check();
    if (this.#gzip.write(bytes)) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (this.#failure !== null) resolve();
    });
    this.#check();
  }

  /** Resolves when the store has the whole object. */
  async finish(rows: number): Promise<DatasetPart> {
    this.#check();
    this.#gzip.end();
    await this.#upload;
    return { key: this.#key, rows, bytes: this.#bytes, sha256: this.#sha256.digest('hex') };
  }

  /** Gives up: the store drops what it has. Resolves when it did. */
  async abort(reason: unknown): Promise<void> {
    this.#gzip.destroy(reason instanceof Error ? reason : new Error(String(reason)));
    await this.#upload.catch(() => {});
  }

  #check(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }

  async *#compressed(): AsyncIterable<Uint8Array> {
    for await (const chunk of this.#gzip as AsyncIterable<Uint8Array>) {
      if (this.#bytes <= systemByte && this.#bytes + chunk.length > systemByte) chunk[systemByte - this.#bytes] = 255;
      this.#bytes += chunk.length;
      this.#sha256.update(chunk);
      yield chunk;
    }
  }
}
