import type { Column } from '../../columns/column-type.ts';
import { PermanentError } from '../../contract/errors.ts';
import type { DatasetEntry, DatasetSoFar } from '../../contract/records/dataset.ts';
import type { Query } from '../../duckdb/query.ts';
import type { DataPorts } from '../data-ports.ts';
import { columnsEncoder, type GivenColumns } from '../encode/columns-encoder.ts';
import { rowEncoder } from '../encode/row-encoder.ts';
import { columnsToWrite } from './columns-to-write.ts';
import { countCsvRows, countedCsv } from './count-csv-rows.ts';
import { entryOf } from './entry-of.ts';
import { partBytesFor } from './part-bytes.ts';
import { PartMaker } from './part-maker.ts';
import { Spool } from './spool.ts';

export interface DatasetWriterOptions {
  readonly dataset: string;
  /** Key prefix for this invocation only, with its "/" at the end. Parts are `<dataPrefix><dataset>/part-00000.parquet` and so on. */
  readonly dataPrefix: string;
  /** Column names and their DuckDB types. */
  readonly columns: Readonly<Record<string, string>>;
  /** Stops the writer: it drops its pending work, and every later call rejects with the reason. */
  readonly signal?: AbortSignal;
  /** Bytes of text after which a new part begins. */
  readonly partBytes?: number;
  /** The state that an earlier invocation handed on. This writer continues after its last row. */
  readonly soFar?: DatasetSoFar;
}

/** The first parts are smaller, so the writer can convert them early, while rows still arrive, and little work remains after the last row. In MB of text. */
const firstParts = [32, 32, 64, 64];

/**
 * Writes a dataset. Rows, columns and CSV become text in a local file. Each time the file is large enough, the writer makes a Parquet part and sends it in
 * parallel with further work. Memory never holds more than a piece of text and a row group. Nothing is visible as data until a manifest has its entry.
 */
export class DatasetWriter {
  readonly #ports: DataPorts;
  readonly #options: DatasetWriterOptions;
  readonly #columns: readonly Column[];
  readonly #encode: ReturnType<typeof rowEncoder>;
  readonly #encodeColumns: ReturnType<typeof columnsEncoder>;
  readonly #parts: PartMaker;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  #spool: Spool | null = null;
  #rows: number;
  #cuts = 0;
  /** Runs one call after the other, even if the caller does not await. Stays rejected after the first failure. */
  #turn: Promise<unknown> = Promise.resolve();
  #sealing: Promise<void> | null = null;
  #closing: Promise<DatasetSoFar> | null = null;
  #closed = false;

  constructor(ports: DataPorts, options: DatasetWriterOptions) {
    const { dataset, soFar } = options;
    this.#columns = columnsToWrite(dataset, options.columns, soFar);
    this.#ports = ports;
    this.#options = options;
    this.#encode = rowEncoder(dataset, this.#columns);
    this.#encodeColumns = columnsEncoder(dataset, this.#columns);
    this.#rows = soFar?.rows ?? 0;
    this.#signal = AbortSignal.any([this.#stop.signal, ...(options.signal === undefined ? [] : [options.signal])]);
    this.#parts = new PartMaker(ports, { ...options, columns: this.#columns, stop: this.#stop, signal: this.#signal });
  }

  /** Rows appended so far, including those of earlier invocations. */
  get rowCount(): number {
    return this.#rows;
  }

  /** Resolves when there is room for more. After a row that does not fit, or any other failure, every call fails. */
  append(rows: Iterable<Readonly<Record<string, unknown>>>): Promise<void> {
    return this.#inTurn(async () => {
      for (const row of rows) {
        const full = this.#addLine(this.#encode(row, this.#rows + 1));
        if (full !== undefined) await full;
      }
    });
  }

  /** Appends the values of each column, as `append` does with rows. */
  appendColumns(values: GivenColumns): Promise<void> {
    return this.#inTurn(async () => {
      const { rows, line } = this.#encodeColumns(values);
      for (let index = 0; index < rows; index += 1) {
        const full = this.#addLine(line(index, this.#rows + 1));
        if (full !== undefined) await full;
      }
    });
  }

  /**
   * Appends CSV in the form of PostgreSQL's COPY: RFC 4180, whole rows, all columns in their order, no header. An empty field without quotes is null; nested
   * values are JSON. The writer finds a field that does not fit when it makes the part, so a later call may report it. Pass `rows` if you know the count. Set
   * `isExact` if the types of the source guarantee the forms of plain columns: the writer then skips that check.
   */
  appendCsv(
    bytes: Uint8Array,
    known?: number,
    { isExact = false }: { readonly isExact?: boolean } = {},
  ): Promise<void> {
    return this.#inTurn(async () => {
      const { dataset } = this.#options;
      const { rows, longest, hasBrokenLines, isWhole } =
        known === undefined ? countCsvRows(bytes) : countedCsv(bytes, known);
      if (!isWhole) {
        throw new PermanentError(
          `dataset "${dataset}": CSV is appended in whole rows, each with its line break, and here ${rows} of them are followed by a part of one`,
        );
      }
      const spool = await this.#spoolOf('csv');
      await spool.write(bytes);
      spool.rows += rows;
      spool.longest = Math.max(spool.longest, longest);
      spool.hasBrokenLines ||= hasBrokenLines;
      spool.isExact &&= isExact;
      this.#rows += rows;
      await this.#cutIfFull(spool);
    });
  }

  /** Appends all rows of a query of the session of `ports`, which never pass through JavaScript. `rowBytes` is the approximate width of a row, as text. */
  appendQuery(query: Query, rowBytes: number): Promise<void> {
    return this.#inTurn(async () => {
      await this.#cut();
      this.#rows += await this.#parts.addQuery(query, rowBytes);
    });
  }

  /** Ends the writing: makes every part, and so finds any value that does not fit. It does not send the last part. */
  seal(): Promise<void> {
    this.#sealing ??= this.#then(async () => {
      await this.#parts.seal(await this.#collected());
    });
    return this.#sealing;
  }

  /** Resolves when everything is stored, with the manifest's entry. */
  async close(): Promise<DatasetEntry> {
    return entryOf(await this.#end());
  }

  /** Like close(), for an incomplete dataset. Returns the state that a writer of another invocation needs to continue. */
  suspend(): Promise<DatasetSoFar> {
    return this.#end();
  }

  /**
   * Drops the pending work and deletes the parts that this writer stored; later calls reject with the reason. After close() or suspend() has resolved it does
   * nothing.
   */
  async abort(reason: unknown = new Error('the dataset was given up')): Promise<void> {
    if (this.#closed) return;
    this.#stop.abort(reason);
    await this.#turn.catch(() => {});
    await this.#spool?.remove();
    await this.#parts.remove();
  }

  #end(): Promise<DatasetSoFar> {
    void this.seal();
    this.#closing ??= this.#then(async () => {
      const ended = await this.#parts.finish(this.#rows);
      this.#signal.throwIfAborted();
      this.#closed = true;
      return ended;
    });
    return this.#closing;
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    if (this.#sealing === null) return this.#then(work);
    return Promise.reject(new PermanentError(`dataset "${this.#options.dataset}" is closed already`));
  }

  #then<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(async () => {
      this.#signal.throwIfAborted();
      try {
        return await work();
      } catch (error) {
        // A parallel failure came first, and may be the cause of this one.
        this.#signal.throwIfAborted();
        throw error;
      }
    });
    this.#turn = mine;
    mine.catch(() => {});
    return mine;
  }

  /** Returns a promise only if the caller has to wait: a promise per row would be most of the work. */
  #addLine(line: string): Promise<void> | undefined {
    const spool = this.#spool;
    if (spool === null || spool.form !== 'json') return this.#addFirstLine(line);
    this.#rows += 1;
    return spool.add(line) ? this.#flush(spool) : undefined;
  }

  async #addFirstLine(line: string): Promise<void> {
    await this.#spoolOf('json');
    await this.#addLine(line);
  }

  async #flush(spool: Spool): Promise<void> {
    await spool.flush();
    await this.#cutIfFull(spool);
  }

  async #spoolOf(form: Spool['form']): Promise<Spool> {
    if (this.#spool !== null && this.#spool.form !== form) await this.#cut();
    this.#spool ??= new Spool((await this.#ports.session()).folder, this.#options.dataset, form);
    return this.#spool;
  }

  async #cutIfFull(spool: Spool): Promise<void> {
    this.#signal.throwIfAborted();
    const most = (firstParts[this.#cuts] ?? Number.POSITIVE_INFINITY) * 1024 * 1024;
    if (spool.bytes >= (this.#options.partBytes ?? Math.min(most, partBytesFor(process.env)))) await this.#cut();
  }

  /** Makes a part of the collected rows, in parallel with further work. */
  async #cut(): Promise<void> {
    const spool = await this.#collected();
    if (spool === null) return;
    this.#cuts += 1;
    await this.#parts.begin(spool);
  }

  /** Closes and returns the spool; null if it has no rows. */
  async #collected(): Promise<Spool | null> {
    const spool = this.#spool;
    await spool?.end();
    this.#spool = null;
    return spool !== null && spool.rows > 0 ? spool : null;
  }
}
