import type { Duplex } from 'node:stream';
import type { Connection, Submittable } from 'pg';

/** Whole rows of a COPY, as bytes of CSV. The next chunk overwrites them. */
export interface RowChunk {
  readonly bytes: Buffer;
  readonly rows: number;
  /** The start of each row in `bytes`; empty unless `withStarts` asks for it. */
  readonly starts: readonly number[];
}

const copyData = 0x64;
const copyDone = 0x63;
const errorResponse = 0x45;
const headerBytes = 5;

/** Large enough that the cost per chunk does not matter, small enough that many chunks fit into memory. */
const chunkBytes = 2 * 1024 * 1024;

type Listener = (bytes: Buffer) => void;

/**
 * COPY ... TO STDOUT, given to `client.query()`; `chunks()` are its rows. The protocol promises one message per row, so rows are cut where messages end, and
 * the CSV is never parsed. The server waits until the rows are read.
 */
export class CopyOut implements Submittable {
  readonly #text: string;
  readonly #withStarts: boolean;
  #connection: (Connection & { stream: Duplex }) | null = null;
  #handler: Listener | null = null;
  readonly #header = Buffer.alloc(headerBytes);
  #headerLength = 0;
  /** Bytes of the current message that are still to come, and whether they are data. */
  #left = 0;
  #isData = false;
  #out = Buffer.allocUnsafe(chunkBytes);
  /** Alternates with `#out`: discarded buffers would keep the garbage collector busier than anything else here. */
  #spare = Buffer.allocUnsafe(chunkBytes);
  #length = 0;
  #rowEnd = 0;
  #rowStart = 0;
  #rows = 0;
  #starts: number[] = [];
  #copied = false;
  readonly #finished = Promise.withResolvers<void>();
  #failure: { readonly error: unknown } | null = null;
  #wake: (() => void) | null = null;

  constructor(text: string, { withStarts = false }: { readonly withStarts?: boolean } = {}) {
    this.#text = text;
    this.#withStarts = withStarts;
    this.#finished.promise.catch(() => {});
  }

  /** The driver calls this, and hands its socket over until the last row. */
  submit(connection: Connection): void {
    this.#connection = connection as Connection & { stream: Duplex };
    const { stream } = this.#connection;
    const [handler] = stream.listeners('data') as Listener[];
    if (handler === undefined) throw new Error('the driver does not read its socket');
    this.#handler = handler;
    stream.removeListener('data', handler);
    stream.pause();
    stream.on('readable', this.#wakeUp);
    connection.query(this.#text);
  }

  /** The rows. Ends when the server has confirmed all of them; throws the driver's errors. */
  async *chunks(): AsyncGenerator<RowChunk> {
    while (!this.#copied) {
      const received = this.#failure === null ? (this.#connection?.stream.read() as Buffer | null | undefined) : null;
      if (this.#failure !== null) throw this.#failure.error;
      if (received) this.#parse(received);
      else await this.#woken();
      if (this.#rowEnd >= chunkBytes / 2 || (this.#copied && this.#rowEnd > 0)) yield this.#take();
    }
    await this.#finished.promise;
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  readonly #wakeUp = (): void => {
    this.#wake?.();
    this.#wake = null;
  };

  #parse(received: Buffer): void {
    let at = 0;
    while (at < received.length && !this.#copied) {
      if (this.#left === 0) {
        at = this.#readHeader(received, at);
        if (this.#headerLength < headerBytes || this.#copied) continue;
      }
      const end = Math.min(received.length, at + this.#left);
      if (this.#isData) this.#append(received, at, end);
      this.#left -= end - at;
      at = end;
      if (this.#left === 0) this.#endMessage();
    }
  }

  /** The start of the message's content. The end of the data, and an error, go back to the driver with all bytes that follow. */
  #readHeader(received: Buffer, at: number): number {
    const end = Math.min(received.length, at + headerBytes - this.#headerLength);
    received.copy(this.#header, this.#headerLength, at, end);
    this.#headerLength += end - at;
    if (this.#headerLength < headerBytes) return end;
    const code = this.#header[0];
    if (code === copyDone || code === errorResponse) {
      this.#handBack(Buffer.concat([this.#header, received.subarray(end)]), code === copyDone);
      return received.length;
    }
    this.#isData = code === copyData;
    this.#left = this.#header.readUInt32BE(1) - 4;
    if (this.#left === 0) this.#endMessage();
    return end;
  }

  #endMessage(): void {
    this.#headerLength = 0;
    if (!this.#isData) return;
    this.#isData = false;
    this.#rows += 1;
    if (this.#withStarts) this.#starts.push(this.#rowStart);
    this.#rowEnd = this.#length;
    this.#rowStart = this.#length;
  }

  #append(received: Buffer, from: number, to: number): void {
    const needed = this.#length + to - from;
    if (needed > this.#out.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#out.length * 2));
      this.#out.copy(grown, 0, 0, this.#length);
      this.#out = grown;
    }
    received.copy(this.#out, this.#length, from, to);
    this.#length += to - from;
  }

  #take(): RowChunk {
    const chunk = { bytes: this.#out.subarray(0, this.#rowEnd), rows: this.#rows, starts: this.#starts };
    const rest = this.#out.subarray(this.#rowEnd, this.#length);
    const next = this.#spare.length >= rest.length ? this.#spare : Buffer.allocUnsafe(rest.length * 2);
    rest.copy(next);
    this.#spare = this.#out;
    this.#out = next;
    this.#length = rest.length;
    this.#rowEnd = 0;
    this.#rowStart = 0;
    this.#rows = 0;
    this.#starts = [];
    return chunk;
  }

  #handBack(rest: Buffer, copied: boolean): void {
    const { stream } = this.#connection ?? {};
    if (stream === undefined || this.#handler === null) return;
    stream.removeListener('readable', this.#wakeUp);
    stream.on('data', this.#handler);
    this.#copied = copied;
    this.#handler(rest);
    // Runs after the stream has noticed that `readable` has no listener left.
    process.nextTick(() => stream.resume());
  }

  handleError(error: unknown): void {
    this.#failure ??= { error };
    this.#finished.reject(error);
    this.#wakeUp();
  }

  handleReadyForQuery(): void {
    this.#finished.resolve();
  }

  handleCommandComplete(): void {}
}
