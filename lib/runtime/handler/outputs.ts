/** The datasets and files that a step writes, below the invocation's own prefix. They are invisible until the manifest names them. */
import { createHash } from 'node:crypto';
import { parseColumns, renderColumns } from '../../columns/columns.ts';
import { PermanentError } from '../../contract/errors.ts';
import { dataPrefix } from '../../contract/object-keys.ts';
import type { Checkpoint } from '../../contract/records/checkpoint.ts';
import type { DatasetEntry, FileEntry } from '../../contract/records/dataset.ts';
import type { StepSpec } from '../../contract/step-spec.ts';
import { DatasetWriter } from '../../data/write/dataset-writer.ts';
import type { Work } from '../invocation.ts';
import type { Columns, Rows, StepWriter } from '../step.ts';
import { checkColumns, checkDatasets, checkGivenColumns } from './declared-outputs.ts';
import type { HandlerSessions } from './handler-sessions.ts';
import type { LazyQuery } from './step-query.ts';
import { unlessDamaged } from './upstream-sql.ts';

const nameForm = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;

/** Rows that `write` collects before it hands them on. */
const batchSize = 1_000;

/** The outputs of one attempt; `finish` or `abandon` ends them. */
export class Outputs {
  readonly #sessions: HandlerSessions;
  readonly #step: StepSpec;
  readonly #prefix: string;
  readonly #writers = new Map<string, DatasetWriter>();
  readonly #files = new Map<string, Promise<FileEntry>>();
  /** Rows that `write` has collected and not handed on yet. */
  readonly #collected = new Map<string, object[]>();
  /** Datasets that `write` has finished. */
  readonly #whole = new Set<string>();
  /** Outputs of earlier invocations, without those that this one continues or replaces. */
  readonly #carriedDatasets: Map<string, Checkpoint['datasets'][string]>;
  readonly #carriedFiles: Map<string, FileEntry>;
  #open = true;

  constructor({ payload: { run, step, attempt }, invocation, long }: Work, sessions: HandlerSessions) {
    this.#step = step;
    this.#sessions = sessions;
    this.#prefix = dataPrefix(run, step.name, attempt, invocation.invocationId);
    this.#carriedDatasets = new Map(Object.entries(long?.checkpoint?.datasets ?? {}));
    this.#carriedFiles = new Map(Object.entries(long?.checkpoint?.files ?? {}));
  }

  writer(name: string, { columns }: { readonly columns: Columns }): StepWriter {
    this.#claim(name);
    const writer = this.#openWriter(name, columns);
    return {
      // The writer checks every value of every row against the columns.
      append: (rows) => writer.append(rows as readonly Record<string, unknown>[]),
      appendColumns: (values) => writer.appendColumns(values),
      appendCsv: (bytes, rows, options) => writer.appendCsv(bytes, rows, options),
      get rowCount() {
        return writer.rowCount;
      },
    };
  }

  async write(name: string, rows: Rows, { columns }: { readonly columns?: Columns }): Promise<number> {
    if (columns === undefined)
      throw new PermanentError(`"${name}" is written without its columns: rows do not say their types`);
    // The handler writes a dataset that was finished before a yield again as a whole; a dataset that the yield interrupted continues.
    if (this.#carriedDatasets.get(name)?.whole) this.#carriedDatasets.delete(name);
    const writer = this.writer(name, { columns });
    const batch: object[] = [];
    this.#collected.set(name, batch);
    for await (const item of rows) {
      if (!Array.isArray(item)) batch.push(item);
      else await writer.append([...batch.splice(0), ...item]);
      if (batch.length >= batchSize) await writer.append(batch.splice(0));
    }
    await writer.append(batch.splice(0));
    this.#whole.add(name);
    return writer.rowCount;
  }

  /** Writes all rows of a query: a whole dataset, which later queries can read. After a yield it is written again: a query cannot continue in its middle. */
  async writeQuery(
    name: string,
    lazy: LazyQuery<unknown>,
    { columns }: { readonly columns?: Columns } = {},
  ): Promise<DatasetEntry> {
    this.#claim(name);
    const { query, checked, rowBytes } = await lazy.open();
    const found = renderColumns(query.columns);
    if (columns !== undefined) checkGivenColumns(name, renderColumns(parseColumns(name, columns)), found);
    this.#claim(name);
    this.#carriedDatasets.delete(name);
    const writer = this.#openWriter(name, found);
    await unlessDamaged(checked, () => writer.appendQuery(query, rowBytes));
    await checked;
    this.#whole.add(name);
    return writer.close();
  }

  async file(
    name: string,
    content: string | Uint8Array | AsyncIterable<Uint8Array>,
    options: { readonly contentType?: string } = {},
  ): Promise<void> {
    this.#claim(name);
    const contentType = options.contentType ?? 'application/octet-stream';
    const isStream = typeof content === 'object' && Symbol.asyncIterator in content;
    const stored = isStream
      ? this.#storeStream(name, content, contentType)
      : this.#storeFile(name, Buffer.from(content), contentType);
    this.#files.set(name, stored);
    await stored;
  }

  /** Stores the rest and returns the manifest's entries. Waits for writes that the handler did not await. */
  async finish(): Promise<{
    readonly datasets: Record<string, DatasetEntry>;
    readonly files: Record<string, FileEntry>;
  }> {
    this.#open = false;
    for (const [name, { columns }] of this.#carriedDatasets) this.#openWriter(name, columns);
    checkDatasets(this.#step, this.#writers.keys());
    // Every row has been looked at before the last parts are sent.
    await Promise.all([...this.#writers.values()].map((writer) => writer.seal()));
    const closing = new Map([...this.#writers].map(([name, writer]) => [name, writer.close()] as const));
    return { files: await this.#storedFiles(), datasets: Object.fromEntries(await settleEntries(closing)) };
  }

  /** Stores all rows so far, and returns the facts that another invocation needs to continue. */
  async suspend(): Promise<Pick<Checkpoint, 'datasets' | 'files'>> {
    this.#open = false;
    const suspended = new Map(
      [...this.#writers].map(([name, writer]) => {
        const rest = this.#collected.get(name)?.splice(0) ?? [];
        if (rest.length > 0) void writer.append(rest as Record<string, unknown>[]);
        const whole = this.#whole.has(name);
        return [name, writer.suspend().then((soFar) => ({ ...soFar, whole }))] as const;
      }),
    );
    const datasets = {
      ...Object.fromEntries(this.#carriedDatasets),
      ...Object.fromEntries(await settleEntries(suspended)),
    };
    return { datasets, files: await this.#storedFiles() };
  }

  /** Stops writing. Stored objects stay, unnamed, until the run is removed. */
  async abandon(): Promise<void> {
    this.#open = false;
    await Promise.allSettled([...this.#files.values(), ...[...this.#writers.values()].map((writer) => writer.abort())]);
  }

  async #storeFile(name: string, bytes: Buffer, contentType: string): Promise<FileEntry> {
    const key = `${this.#prefix}${name}`;
    await this.#sessions.store.put(key, bytes, { contentType });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { key, bytes: bytes.length, sha256, content_type: contentType };
  }

  async #storeStream(name: string, bytes: AsyncIterable<Uint8Array>, contentType: string): Promise<FileEntry> {
    const key = `${this.#prefix}${name}`;
    const sha256 = createHash('sha256');
    let length = 0;
    const counted = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of bytes) {
        length += chunk.length;
        sha256.update(chunk);
        yield chunk;
      }
    };
    await this.#sessions.store.write(key, counted(), { contentType });
    return { key, bytes: length, sha256: sha256.digest('hex'), content_type: contentType };
  }

  #openWriter(name: string, columns: Columns): DatasetWriter {
    const other = [...this.#writers.keys(), ...this.#carriedDatasets.keys()].find(
      (known) => known !== name && known.toLowerCase() === name.toLowerCase(),
    );
    if (other !== undefined)
      throw new PermanentError(
        `the datasets "${other}" and "${name}" of this step differ in upper and lower case only, and SQL cannot tell them apart; rename one`,
      );
    checkColumns(this.#step, name, renderColumns(parseColumns(name, columns)));
    const soFar = this.#carriedDatasets.get(name);
    const options = { dataset: name, dataPrefix: this.#prefix, columns, ...(soFar && { soFar }) };
    const writer = new DatasetWriter(this.#sessions, options);
    this.#carriedDatasets.delete(name);
    this.#writers.set(name, writer);
    return writer;
  }

  async #storedFiles(): Promise<Record<string, FileEntry>> {
    return { ...Object.fromEntries(this.#carriedFiles), ...Object.fromEntries(await settleEntries(this.#files)) };
  }

  #claim(name: string): void {
    if (!this.#open)
      throw new PermanentError(`"${name}" is written after the handler has ended: something was not awaited`);
    if (!nameForm.test(name)) {
      throw new PermanentError(
        `${JSON.stringify(name)} cannot be the name of a dataset or file: letters, digits, "_", "." and "-"`,
      );
    }
    if (this.#writers.has(name) || this.#files.has(name))
      throw new PermanentError(`"${name}" is written twice in this step`);
  }
}

const settleEntries = <T>(entries: ReadonlyMap<string, Promise<T>>): Promise<(readonly [string, T])[]> =>
  Promise.all([...entries].map(async ([name, value]) => [name, await value] as const));
