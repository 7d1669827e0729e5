import { PermanentError } from '../contract/errors.ts';
import type { DatasetEntry, DatasetPart, DatasetSoFar } from '../contract/records.ts';
import type { ObjectStore } from '../ports/ports.ts';
import { parseColumns, renderColumns } from './columns.ts';
import { ContentDigest } from './content-digest.ts';
import { PartWriter } from './part-writer.ts';
import { rowEncoder } from './row-encoder.ts';

export interface DatasetWriterOptions {
  readonly dataset: string;
  /** Key prefix of this invocation alone, with its "/" at the end; parts are `<dataPrefix><dataset>/part-00000.ndjson.gz` and so on. */
  readonly dataPrefix: string;
  /** Column name to DuckDB type. */
  readonly columns: Readonly<Record<string, string>>;
  /** Stops the writing: what is under way is dropped, and every later call rejects with the reason. */
  readonly signal?: AbortSignal;
  /** Uncompressed bytes after which a new part begins. */
  readonly partBytes?: number;
  /** What an earlier invocation has written and handed on: this writer goes on behind its last row. */
  readonly soFar?: DatasetSoFar;
}

/** Large enough that S3 requests are few, small enough that a part is read again in seconds. */
const defaultPartBytes = 64 * 1024 * 1024;

const nameForm = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,99}$/;

/**
 * Writes a dataset row by row, as gzipped lines of JSON; never more of it in memory than the pieces under way. Nothing is visible as data until its entry stands in a manifest.
 * Lines are handed to the compressor in the blocks of the content digest. The cuts depend on the rows alone, not on how they were appended: so equal rows give equal bytes.
 */
export class DatasetWriter {
  readonly #store: ObjectStore;
  readonly #options: DatasetWriterOptions;
  readonly #columns: Readonly<Record<string, string>>;
  readonly #encode: ReturnType<typeof rowEncoder>;
  readonly #content: ContentDigest;
  readonly #parts: DatasetPart[];
  #part: PartWriter | null = null;
  #partRows = 0;
  #partSize = 0;
  #piece = '';
  #rows: number;
  /** One call after the other, whether the caller awaits or not; rejected for good after the first failure. */
  #turn: Promise<unknown> = Promise.resolve();
  #closing: Promise<DatasetEntry | DatasetSoFar> | null = null;
  #closed = false;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #partBytes: number;

  constructor(store: ObjectStore, options: DatasetWriterOptions) {
    if (!nameForm.test(options.dataset)) {
      throw new PermanentError(
        `"${options.dataset}" cannot be a dataset's name: letters, digits, "_" and "-", at most 100`,
      );
    }
    const columns = parseColumns(options.dataset, options.columns);
    this.#store = store;
    this.#options = options;
    this.#partBytes = options.partBytes ?? defaultPartBytes;
    this.#columns = renderColumns(columns);
    this.#encode = rowEncoder(options.dataset, columns);
    const head = JSON.stringify(Object.entries(this.#columns));
    const { soFar } = options;
    if (soFar && JSON.stringify(Object.entries(soFar.columns)) !== head) {
      throw new PermanentError(
        `dataset "${options.dataset}" was begun with the columns ${JSON.stringify(soFar.columns)} by an earlier invocation, and now has ${JSON.stringify(this.#columns)}`,
      );
    }
    this.#content = new ContentDigest(`${head}\n`, soFar?.content);
    this.#rows = soFar?.rows ?? 0;
    this.#parts = [...(soFar?.parts ?? [])];
    this.#signal = AbortSignal.any([this.#stop.signal, ...(options.signal === undefined ? [] : [options.signal])]);
    this.#signal.addEventListener('abort', () => void this.#part?.abort(this.#signal.reason), { once: true });
  }

  /** Rows appended so far, those of earlier invocations included. */
  get rowCount(): number {
    return this.#rows;
  }

  /** Resolves when there is room for more. After a row that does not fit, or any other failure, the writer only fails. */
  append(rows: Iterable<Readonly<Record<string, unknown>>>): Promise<void> {
    if (this.#closing !== null) {
      return Promise.reject(new PermanentError(`dataset "${this.#options.dataset}" is closed already`));
    }
    return this.#inTurn(async () => {
      for (const row of rows) {
        this.#piece += this.#encode(row, this.#rows + 1);
        this.#rows += 1;
        this.#partRows += 1;
        if (this.#piece.length >= Math.min(this.#content.room, this.#partBytes)) await this.#flush();
      }
    });
  }

  /** Resolves when everything is stored, with what a manifest says of it. */
  close(): Promise<DatasetEntry> {
    return this.#end(() => ({
      columns: this.#columns,
      format: 'ndjson.gz',
      rows: this.#rows,
      bytes: this.#parts.reduce((sum, part) => sum + part.bytes, 0),
      content_sha256: this.#content.finish(),
      parts: this.#parts,
    }));
  }

  /** Like close(), but the dataset is not complete: gives what a writer of another invocation needs to go on with it. */
  suspend(): Promise<DatasetSoFar> {
    return this.#end(() => ({
      columns: this.#columns,
      rows: this.#rows,
      content: this.#content.soFar(),
      parts: this.#parts,
    }));
  }

  /** The first ending counts; the same one again gives the same answer. */
  #end<T extends DatasetEntry | DatasetSoFar>(result: () => T): Promise<T> {
    this.#closing ??= this.#inTurn(async () => {
      await this.#flush();
      await this.#finishPart();
      this.#closed = true;
      return result();
    });
    return this.#closing as Promise<T>;
  }

  /** Gives up: drops what is under way and deletes the parts that it stored itself; later calls reject with the reason. Once close() or suspend() has resolved it does nothing. */
  async abort(reason: unknown = new Error('the dataset was given up')): Promise<void> {
    if (this.#closed) return;
    this.#stop.abort(reason);
    await this.#turn.catch(() => {});
    await this.#part?.abort(reason);
    // As far as it goes: what stays is in no manifest, hence no data, and a lifecycle rule removes it.
    const own = this.#parts.slice(this.#options.soFar?.parts.length ?? 0);
    await Promise.allSettled(own.map(({ key }) => this.#store.delete(key)));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(() => {
      this.#signal.throwIfAborted();
      return work();
    });
    this.#turn = mine;
    mine.catch(() => {});
    return mine;
  }

  async #flush(): Promise<void> {
    if (this.#piece === '') return;
    const text = this.#piece;
    const bytes = new TextEncoder().encode(text);
    this.#piece = '';
    this.#part ??= new PartWriter(this.#store, this.#nextKey());
    this.#content.add(text, bytes);
    this.#partSize += bytes.length;
    await this.#part.write(bytes);
    this.#signal.throwIfAborted();
    if (this.#partSize >= this.#partBytes) await this.#finishPart();
  }

  #nextKey(): string {
    const { dataPrefix, dataset } = this.#options;
    return `${dataPrefix}${dataset}/part-${String(this.#parts.length).padStart(5, '0')}.ndjson.gz`;
  }

  async #finishPart(): Promise<void> {
    if (this.#part === null) return;
    this.#parts.push(await this.#part.finish(this.#partRows));
    this.#signal.throwIfAborted();
    this.#part = null;
    this.#partRows = 0;
    this.#partSize = 0;
  }
}
