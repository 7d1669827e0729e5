import { unlink } from 'node:fs/promises';
import type { DatasetPart } from '../../contract/records/dataset.ts';
import type { ObjectStore } from '../../ports/ports.ts';

/** A part that is complete in a local file and not yet in the store. */
export interface MadePart extends DatasetPart {
  readonly file: string;
}

/** Stops parallel work together. */
export interface Stopping {
  /** A failure in parallel work aborts it; `signal` fires then too. */
  readonly stop: AbortController;
  readonly signal: AbortSignal;
}

/** Parts of one dataset that upload at a time. Each part already uploads several pieces at once. */
const width = 2;

/** Sends finished parts to the store in parallel with the work on the next ones. */
export class PartUploads {
  readonly #store: ObjectStore;
  readonly #stop: AbortController;
  readonly #signal: AbortSignal;
  readonly #all: Promise<DatasetPart>[] = [];
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(store: ObjectStore, { stop, signal }: Stopping) {
    this.#store = store;
    this.#stop = stop;
    this.#signal = signal;
  }

  /** Begins to send a part. Resolves when there is room for another one. */
  async add(part: MadePart): Promise<void> {
    const sent = this.#send(part);
    this.#all.push(sent);
    const settled = sent.catch((error) => this.#stop.abort(error)).finally(() => this.#underWay.delete(settled));
    this.#underWay.add(settled);
    if (this.#underWay.size >= width) await Promise.race(this.#underWay);
  }

  /** Resolves with every part, in the order of `add`, when the store has them all. Rejects with the first failure. */
  parts(): Promise<DatasetPart[]> {
    return Promise.all(this.#all);
  }

  /** Waits until every pending upload has ended, and returns the keys that the store then has. */
  async settle(): Promise<string[]> {
    const ended = await Promise.allSettled(this.#all);
    return ended.flatMap((one) => (one.status === 'fulfilled' ? [one.value.key] : []));
  }

  async #send({ file, ...part }: MadePart): Promise<DatasetPart> {
    await this.#store.upload(part.key, file, {
      contentType: 'application/vnd.apache.parquet',
      signal: this.#signal,
    });
    await unlink(file);
    return part;
  }
}
