/** What a step writes: datasets and files below a prefix of its own, invisible until the manifest names them. */
import { createHash } from 'node:crypto';
import { PermanentError } from '../contract/errors.ts';
import { dataPrefix } from '../contract/object-keys.ts';
import type { DatasetEntry, FileEntry } from '../contract/records.ts';
import { DatasetWriter } from '../data/dataset-writer.ts';
import type { Work } from './invocation.ts';
import type { Columns, Rows, StepWriter } from './step.ts';

const nameForm = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;

/** Rows that `write` collects before it hands them on. */
const batchSize = 1_000;

/** The outputs of one attempt; `finish` or `abandon` ends them. */
export class Outputs {
  readonly #store;
  readonly #prefix: string;
  readonly #writers = new Map<string, DatasetWriter>();
  readonly #files = new Map<string, Promise<FileEntry>>();
  #open = true;

  constructor({ payload: { run, step, attempt }, invocation }: Work) {
    this.#store = invocation.ports.store;
    this.#prefix = dataPrefix(run, step.name, attempt, invocation.invocationId);
  }

  writer(name: string, { columns }: { readonly columns: Columns }): StepWriter {
    this.#claim(name);
    const writer = new DatasetWriter(this.#store, { dataset: name, dataPrefix: this.#prefix, columns });
    this.#writers.set(name, writer);
    return {
      // The writer checks every value of every row against the columns.
      append: (rows) => writer.append(rows as readonly Record<string, unknown>[]),
      get rowCount() {
        return writer.rowCount;
      },
    };
  }

  async write(name: string, rows: Rows, options: { readonly columns: Columns }): Promise<number> {
    const writer = this.writer(name, options);
    let batch: object[] = [];
    for await (const item of rows) {
      if (Array.isArray(item)) await writer.append(item);
      else batch.push(item);
      if (batch.length < batchSize) continue;
      await writer.append(batch);
      batch = [];
    }
    await writer.append(batch);
    return writer.rowCount;
  }

  async file(
    name: string,
    content: string | Uint8Array,
    options: { readonly contentType?: string } = {},
  ): Promise<void> {
    this.#claim(name);
    const stored = this.#storeFile(name, Buffer.from(content), options.contentType ?? 'application/octet-stream');
    this.#files.set(name, stored);
    await stored;
  }

  /** Stores what is left and gives the manifest's entries. A write that the handler did not wait for is waited for here. */
  async finish(): Promise<{
    readonly datasets: Record<string, DatasetEntry>;
    readonly files: Record<string, FileEntry>;
  }> {
    this.#open = false;
    const files = Object.fromEntries(await settleEntries(this.#files));
    const closing = new Map([...this.#writers].map(([name, writer]) => [name, writer.close()] as const));
    return { files, datasets: Object.fromEntries(await settleEntries(closing)) };
  }

  /** Stops writing. What is stored stays, unnamed, until the bucket's lifecycle rule takes it. */
  async abandon(): Promise<void> {
    this.#open = false;
    await Promise.allSettled([...this.#files.values(), ...[...this.#writers.values()].map((writer) => writer.abort())]);
  }

  async #storeFile(name: string, bytes: Buffer, contentType: string): Promise<FileEntry> {
    const key = `${this.#prefix}${name}`;
    await this.#store.put(key, bytes, { contentType });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { key, bytes: bytes.length, sha256, content_type: contentType };
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
