import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetEntry, DatasetPart } from '../../contract/records/dataset.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { checkPart, fetchPart } from './fetch-part.ts';
import { Slots } from './slots.ts';

/** The facts about a dataset that a reader needs. */
export type ReadableDataset = Pick<DatasetEntry, 'columns' | 'bytes' | 'parts'>;

export interface FetchOptions {
  /** The folder for the files. The caller removes it. */
  readonly folder: string;
  /** Ends all fetching with its reason. */
  readonly signal?: AbortSignal;
  /** A borrowed dataset of more bytes does not stay: readers take it part by part, so that they need no room for all of it. */
  readonly keepBytes?: number;
}

/** A part in a local file. */
export interface LocalPart {
  readonly file: string;
  /** Resolves when the check finds that every byte equals the written part; rejects with a PlatformError that names the part's key. */
  readonly checked: Promise<void>;
}

interface Held {
  readonly local: Promise<LocalPart>;
  kept: boolean;
  borrowers: number;
}

/** Half of a function's minimum scratch. */
const defaultKeepBytes = 256 * 1024 * 1024;

/** Each download is several requests already. */
const downloadsAtOnce = 2;

/** One core hashes a gigabyte per second; the others run the query. */
const checksAtOnce = 1;

/** Counts for the whole process: several readers may fetch into one folder. */
let filesFetched = 0;

/** Keeps datasets in local files. It fetches each part once, at its first use. */
export class FetchedDatasets {
  readonly #store: ObjectStore;
  readonly #options: FetchOptions;
  readonly #held = new Map<string, Held>();
  readonly #downloads = new Slots(downloadsAtOnce);
  readonly #checks = new Slots(checksAtOnce);

  constructor(store: ObjectStore, options: FetchOptions) {
    this.#store = store;
    this.#options = options;
  }

  /**
   * Returns all files of a dataset, in the order of its rows; they stay. The caller may read them before `checked` resolves, but must not use a result before
   * then. If anything fails with them, the rejection of `checked` may be the cause.
   */
  async files(entry: ReadableDataset): Promise<{ readonly files: readonly string[]; readonly checked: Promise<void> }> {
    const parts = await Promise.all(
      entry.parts.map((part) => {
        const held = this.#hold(part);
        held.kept = true;
        return held.local;
      }),
    );
    const checked = Promise.all(parts.map((part) => part.checked)).then(() => {});
    checked.catch(() => {});
    return { files: parts.map(({ file }) => file), checked };
  }

  /** Lends one part of a dataset until the caller gives it back. */
  borrow(entry: ReadableDataset, part: DatasetPart): Promise<LocalPart> {
    const held = this.#hold(part);
    held.borrowers += 1;
    held.kept ||= entry.bytes <= (this.#options.keepBytes ?? defaultKeepBytes);
    return held.local;
  }

  /** Ends a borrow(), even one that failed. */
  async giveBack(part: DatasetPart): Promise<void> {
    const held = this.#held.get(part.key);
    if (held === undefined) return;
    held.borrowers -= 1;
    if (held.borrowers > 0 || held.kept) return;
    this.#held.delete(part.key);
    const local = await held.local.catch(() => null);
    if (local !== null) await rm(local.file, { force: true });
  }

  #hold(part: DatasetPart): Held {
    const known = this.#held.get(part.key);
    if (known !== undefined) return known;
    const held: Held = { local: this.#fetch(part), kept: false, borrowers: 0 };
    this.#held.set(part.key, held);
    // The next caller tries again.
    held.local
      .then(({ checked }) => checked)
      .catch(() => {
        if (this.#held.get(part.key) === held) this.#held.delete(part.key);
      });
    return held;
  }

  async #fetch(part: DatasetPart): Promise<LocalPart> {
    const { folder, signal } = this.#options;
    filesFetched += 1;
    const file = join(folder, `fetched-${filesFetched}.parquet`);
    await this.#downloads.use(() => {
      signal?.throwIfAborted();
      return fetchPart(this.#store, part, file, signal);
    });
    const checked = this.#checks.use(() => checkPart(part, file, signal));
    checked.catch(() => {});
    return { file, checked };
  }
}
