import { PermanentError } from '../../../contract/errors.ts';
import { digestOf } from './batch-keys.ts';

/** The state of a sending in a checkpoint. */
interface SentMark {
  readonly batches: number;
  /** Digest of the batches, in their order. */
  readonly digest: string;
}

/** The progress of a sending, for the checkpoint of a long step. */
export class SentSoFar {
  /** True if an earlier invocation sent batches. */
  readonly isContinued: boolean;
  readonly #checkpoint: Readonly<Record<string, unknown>>;
  readonly #id: string;
  readonly #before: SentMark;
  #batches = 0;
  #digest = '';

  /** `id` stands for everything that makes another sending: name, target and size of the batches. */
  constructor(checkpoint: Readonly<Record<string, unknown>> | undefined, id: readonly (string | number)[]) {
    this.#checkpoint = checkpoint ?? {};
    this.#id = digestOf(id).slice(0, 16);
    this.#before = this.#all[this.#id] ?? { batches: 0, digest: '' };
    this.isContinued = this.#before.batches > 0;
  }

  get #all(): Readonly<Record<string, SentMark>> {
    return (this.#checkpoint.sent ?? {}) as Record<string, SentMark>;
  }

  /** Counts a batch; returns true if an earlier invocation sent it. */
  add(content: string): boolean {
    this.#batches += 1;
    this.#digest = digestOf([this.#digest, content]).slice(0, 32);
    if (this.#batches === this.#before.batches && this.#digest !== this.#before.digest) throw this.#changed();
    return this.#batches <= this.#before.batches;
  }

  /** Checks that there are at least as many rows as were sent before. */
  end(): void {
    if (this.#batches < this.#before.batches) throw this.#changed();
  }

  /** The state for `yieldIfDue`. */
  get state(): object {
    const mark: SentMark = { batches: this.#batches, digest: this.#digest };
    return { ...this.#checkpoint, sent: { ...this.#all, [this.#id]: mark } };
  }

  #changed(): PermanentError {
    return new PermanentError(
      `the first ${this.#before.batches} batches have other rows than those that an earlier invocation sent: the rows must come in the same order each time (ORDER BY)`,
    );
  }
}
