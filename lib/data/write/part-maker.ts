import { rm } from 'node:fs/promises';
import type { Column } from '../../columns/column-type.ts';
import { renderColumns } from '../../columns/columns.ts';
import { PlatformError } from '../../contract/errors.ts';
import type { ContentSums, DatasetPart, DatasetSoFar } from '../../contract/records/dataset.ts';
import type { Query } from '../../duckdb/query.ts';
import type { DataPorts } from '../data-ports.ts';
import { hashFile } from '../hash-file.ts';
import { addSums, noContent, partSumsSql } from './content-digest.ts';
import { convertSpool } from './convert-spool.ts';
import { copyQuery } from './copy-query.ts';
import { type MadePart, PartUploads, type Stopping } from './part-uploads.ts';
import type { Spool } from './spool.ts';

export interface PartMakerOptions extends Stopping {
  readonly dataset: string;
  readonly dataPrefix: string;
  readonly columns: readonly Column[];
  readonly soFar?: DatasetSoFar;
}

/** Makes the parts of one dataset in sequence: converts them, counts their rows, sums their content and sends them. */
export class PartMaker {
  readonly #ports: DataPorts;
  readonly #options: PartMakerOptions;
  readonly #uploads: PartUploads;
  readonly #earlier: readonly DatasetPart[];
  readonly #files: string[] = [];
  #rows: number;
  #sums: ContentSums;
  #making: Promise<void> = Promise.resolve();
  #last: MadePart | null = null;

  constructor(ports: DataPorts, options: PartMakerOptions) {
    this.#ports = ports;
    this.#options = options;
    this.#uploads = new PartUploads(ports.store, options);
    this.#earlier = options.soFar?.parts ?? [];
    this.#rows = options.soFar?.rows ?? 0;
    this.#sums = options.soFar?.content ?? noContent;
  }

  /** Begins to make and send a part of a finished spool, then removes the spool. Resolves when the previous part is made, so at most two spools exist. */
  async begin(spool: Spool): Promise<void> {
    await this.#making;
    this.#options.signal.throwIfAborted();
    this.#making = this.#makeOf(spool).then((part) => this.#uploads.add(part));
    this.#making.catch((error) => this.#options.stop.abort(error));
  }

  /** Makes the last part, if rows remain, but does not send it yet. */
  async seal(spool: Spool | null): Promise<void> {
    await this.#making;
    if (spool !== null) this.#last = await this.#makeOf(spool);
  }

  /** Makes and sends parts of a query's result. Resolves with its number of rows when all parts are made. */
  async addQuery(query: Query, rowBytes: number): Promise<number> {
    await this.#making;
    const before = this.#rows;
    const session = await this.#ports.session();
    for await (const file of copyQuery(session, query, { name: this.#options.dataset, rowBytes })) {
      const part = await this.#finished(file);
      if (part.rows > 0) await this.#uploads.add(part);
      else await rm(file, { force: true });
    }
    return this.#rows - before;
  }

  /** Resolves when everything is sent, with the state of a dataset of this many rows. */
  async finish(rows: number): Promise<DatasetSoFar> {
    if (this.#rows !== rows) {
      throw new PlatformError(
        `dataset "${this.#options.dataset}": ${rows} rows were written, and its parts have ${this.#rows}`,
      );
    }
    if (this.#last !== null) await this.#uploads.add(this.#last);
    this.#last = null;
    const parts = [...this.#earlier, ...(await this.#uploads.parts())];
    return { columns: renderColumns(this.#options.columns), rows, content: this.#sums, parts };
  }

  /** Waits until nothing is pending, then deletes the parts that it has sent. */
  async remove(): Promise<void> {
    await this.#making.catch(() => {});
    // Best effort: a remaining object is in no manifest, so it is not data, and goes with its run.
    await Promise.allSettled((await this.#uploads.settle()).map((key) => this.#ports.store.delete(key)));
    await Promise.all(this.#files.map((file) => rm(file, { force: true })));
  }

  async #makeOf(spool: Spool): Promise<MadePart> {
    const { dataset, columns } = this.#options;
    const file = `${spool.file}.parquet`;
    const session = await this.#ports.session();
    await convertSpool(session, spool, { dataset, columns, file, rowsBefore: this.#rows });
    await spool.remove();
    return this.#finished(file);
  }

  /** Reads the facts about the next part from its file. */
  async #finished(file: string): Promise<MadePart> {
    const { columns, dataset, dataPrefix } = this.#options;
    const session = await this.#ports.session();
    const number = this.#earlier.length + this.#files.length;
    const [found = {}] = await session.all(partSumsSql(columns, file, this.#rows), {
      values: {},
      source: { name: `content of dataset "${dataset}"`, text: '', tables: [] },
    });
    const rows = Number(found.count);
    this.#rows += rows;
    this.#sums = addSums(this.#sums, found);
    if (rows > 0) this.#files.push(file);
    const key = `${dataPrefix}${dataset}/part-${String(number).padStart(5, '0')}.parquet`;
    return { key, rows, ...(await hashFile(file, this.#options.signal)), file };
  }
}
