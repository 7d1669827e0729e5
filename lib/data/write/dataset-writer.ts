import type { Column } from '../../columns/column-type.ts';
import { PermanentError } from '../../contract/errors.ts';
import type { DatasetEntry, DatasetSoFar } from '../../contract/records.ts';
import type { Query } from '../../duckdb/query.ts';
import type { DataPlace } from '../data-place.ts';
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
  /** Key prefix of this invocation alone, with its "/" at the end; parts are `<dataPrefix><dataset>/part-00000.parquet` and so on. */
  readonly dataPrefix: string;
  /** Column name to DuckDB type. */
  readonly columns: Readonly<Record<string, string>>;
  /** Stops the writing: what is under way is dropped, and every later call rejects with the reason. */
  readonly signal?: AbortSignal;
  /** Bytes of text after which a new part begins. */
  readonly partBytes?: number;
  /** What an earlier invocation has written and handed on: this writer goes on behind its last row. */
  readonly soFar?: DatasetSoFar;
}

/** The first parts are smaller: making them begins soon, beside what still comes, and little is left to do behind the last row. In MB of text. */
const firstParts = [32, 32, 64, 64];

/**
 * Writes a dataset: rows, columns and CSV become text in a local file, and each time there is enough of it a Parquet part, which is sent beside the further work. Never more of it in
 * memory than a piece of text and a row group. Nothing is visible as data until its entry stands in a manifest.
 */
export class DatasetWriter {
  readonly #place: DataPlace;
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
  /** One call after the other, whether the caller awaits or not; rejected for good after the first failure. */
  #turn: Promise<unknown> = Promise.resolve();
  #sealing: Promise<void> | null = null;
  #closing: Promise<DatasetSoFar> | null = null;
  #closed = false;

  constructor(place: DataPlace, options: DatasetWriterOptions) {
    const { dataset, soFar } = options;
    this.#columns = columnsToWrite(dataset, options.columns, soFar);
    this.#place = place;
    this.#options = options;
    this.#encode = rowEncoder(dataset, this.#columns);
    this.#encodeColumns = columnsEncoder(dataset, this.#columns);
    this.#rows = soFar?.rows ?? 0;
    this.#signal = AbortSignal.any([this.#stop.signal, ...(options.signal === undefined ? [] : [options.signal])]);
    this.#parts = new PartMaker(place, { ...options, columns: this.#columns, stop: this.#stop, signal: this.#signal });
  }

  /** Rows appended so far, those of earlier invocations included. */
  get rowCount(): number {
    return this.#rows;
  }

  /** Resolves when there is room for more. After a row that does not fit, or any other failure, the writer only fails. */
  append(rows: Iterable<Readonly<Record<string, unknown>>>): Promise<void> {
    return this.#inTurn(async () => {
      for (const row of rows) {
        const full = this.#addLine(this.#encode(row, this.#rows + 1));
        if (full !== undefined) await full;
      }
    });
  }

  /** The same with the values of each column. */
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
   * The same with CSV as PostgreSQL's COPY writes it: RFC 4180, whole rows, all columns in their order, no header, an empty field without quotes is null, nested values are JSON. A field that does not fit is
   * found when its part is made, so maybe by a later call. Who knows how many rows these are spares their being counted;
   * whose source has types that make sure of the forms of plain columns (`isExact`) spares their being looked at.
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

  /** The same with all rows of a query of the place's session, which never pass through JavaScript. `rowBytes` is about how wide a row is, as text. */
  appendQuery(query: Query, rowBytes: number): Promise<void> {
    return this.#inTurn(async () => {
      await this.#cut();
      this.#rows += await this.#parts.addQuery(query, rowBytes);
    });
  }

  /** Ends the writing: every part is made, so whatever does not fit was found, and the last one is not sent yet. */
  seal(): Promise<void> {
    this.#sealing ??= this.#then(async () => {
      await this.#parts.seal(await this.#collected());
    });
    return this.#sealing;
  }

  /** Resolves when everything is stored, with what a manifest says of it. */
  async close(): Promise<DatasetEntry> {
    return entryOf(await this.#end());
  }

  /** Like close(), but the dataset is not complete: gives what a writer of another invocation needs to go on with it. */
  suspend(): Promise<DatasetSoFar> {
    return this.#end();
  }

  /** Gives up: drops what is under way and deletes the parts that it stored itself; later calls reject with the reason. Once close() or suspend() has resolved it does nothing. */
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
        // What failed beside the work came first, and may be why it failed.
        this.#signal.throwIfAborted();
        throw error;
      }
    });
    this.#turn = mine;
    mine.catch(() => {});
    return mine;
  }

  /** Only where something has to be waited for does it give a promise: a promise per row would be most of the work. */
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
    this.#spool ??= new Spool((await this.#place.session()).folder, this.#options.dataset, form);
    return this.#spool;
  }

  async #cutIfFull(spool: Spool): Promise<void> {
    this.#signal.throwIfAborted();
    const most = (firstParts[this.#cuts] ?? Number.POSITIVE_INFINITY) * 1024 * 1024;
    if (spool.bytes >= (this.#options.partBytes ?? Math.min(most, partBytesFor(process.env)))) await this.#cut();
  }

  /** Makes a part of what is collected, beside the further work. */
  async #cut(): Promise<void> {
    const spool = await this.#collected();
    if (spool === null) return;
    this.#cuts += 1;
    await this.#parts.begin(spool);
  }

  /** The spool, which takes nothing more; null when it has no rows. */
  async #collected(): Promise<Spool | null> {
    const spool = this.#spool;
    await spool?.end();
    this.#spool = null;
    return spool !== null && spool.rows > 0 ? spool : null;
  }
}
