/** Lets the handler of a long step hand its work on to a fresh invocation before this one is killed. */
import { PermanentError } from '../../contract/errors.ts';
import type { Json } from '../../contract/json.ts';
import type { Checkpoint } from '../../contract/records/checkpoint.ts';
import type { Work } from '../invocation.ts';
import { writeCheckpoint } from '../records/checkpoint.ts';
import { isoTime } from '../records/json-objects.ts';
import type { Step } from '../step.ts';
import type { Outputs } from './outputs.ts';
import { toJson } from './to-json.ts';

/** A handler hands on a cursor and some sums; rows belong in datasets. In bytes of JSON. */
const largestState = 64 * 1024;

/** Time to finish the open parts, write the checkpoint and answer; a tenth of the invocation if that is less. */
export const longestReserve = 30_000;

/** The number of last pieces of work from which the next one's duration is estimated. */
const remembered = 10;

/** Ends the handler; it may catch this and clean up, but its later actions have no effect. */
class HandedOn extends Error {
  override readonly name = 'HandedOn';
}

/** One handler's yield: asked for often, granted at most once. */
export class Yielding {
  readonly #work: Work;
  readonly #outputs: Outputs;
  readonly #reserve: number;
  readonly #pieces: number[] = [];
  readonly #yielded = Promise.withResolvers<Checkpoint>();
  #lastAsked: number;
  #begun = false;
  #failure: { readonly error: unknown } | null = null;

  constructor(work: Work, outputs: Outputs) {
    const { ports, deadline } = work.invocation;
    this.#work = work;
    this.#outputs = outputs;
    this.#lastAsked = ports.clock.now();
    this.#reserve = deadline === undefined ? 0 : Math.min(longestReserve, (deadline - this.#lastAsked) / 10);
  }

  /** The handler's side of it. */
  handlerSide(): Pick<Step, 'checkpoint' | 'yieldIfDue'> {
    return {
      // The author declares the type of the last yield's state.
      checkpoint: structuredClone(this.#work.long?.checkpoint?.state) as Step['checkpoint'],
      yieldIfDue: (state) => this.#yieldIfDue(state),
    };
  }

  /**
   * Runs the handler and says how it ended. Once it has asked for a due yield, only that counts: the checkpoint, or the error of a yield that failed.
   * Later results and errors of the handler do not. It may clean up until the signal fires.
   */
  async run(
    handle: () => unknown,
    signal: AbortSignal,
  ): Promise<{ readonly returned: unknown } | { readonly checkpoint: Checkpoint }> {
    try {
      const returned = await Promise.race([handle(), this.#yielded.promise.then(() => firing(signal))]);
      if (!this.#begun) return { returned };
    } catch (error) {
      if (!this.#begun) throw error;
    }
    if (this.#failure) throw this.#failure.error;
    return { checkpoint: await this.#yielded.promise };
  }

  /** Leaves a checkpoint and throws when there may not be time for one more piece of work like the last ones. */
  async #yieldIfDue(state: unknown): Promise<void> {
    try {
      // Also while it is not due: a mistake shows at once, not after a quarter of an hour.
      const handedOn = checked(state, this.#work.payload.step.name);
      if (!this.#isDue()) return;
      this.#begun = true;
      this.#yielded.resolve(await this.#handOn(handedOn));
    } catch (error) {
      this.#failure = { error };
      this.#yielded.reject(error);
      throw error;
    }
    throw new HandedOn('the step continues in a fresh invocation');
  }

  #isDue(): boolean {
    if (this.#begun) return true;
    const { invocation, long } = this.#work;
    const { ports, deadline } = invocation;
    const now = ports.clock.now();
    const first = this.#pieces.length === 0;
    const piece = now - this.#lastAsked;
    const longest = Math.max(piece, ...this.#pieces);
    // The first piece counts only now: it may hold what the handler does once, a long query say.
    this.#pieces.push(first ? 0 : piece);
    if (this.#pieces.length > remembered) this.#pieces.shift();
    this.#lastAsked = now;
    // No invocation follows one that lasts until the attempt's own end.
    if (!long || deadline === undefined || long.deadline <= deadline) return false;
    return deadline - now <= this.#reserve + longest;
  }

  async #handOn(state: Json): Promise<Checkpoint> {
    const { payload, fingerprint, invocation, long } = this.#work;
    const { run, step, attempt } = payload;
    const { ports, invocationId } = invocation;
    if (!long) throw new Error('a step without a long time-out does not yield');
    return writeCheckpoint(ports.store, run, step.name, {
      format: 1,
      fingerprint,
      rank: long.rank,
      invocation: invocationId,
      attempt,
      attempt_started_at: isoTime(long.startedAt),
      invocations: long.invocations,
      ...(await this.#outputs.suspend()),
      state,
      written_at: isoTime(ports.clock.now()),
    });
  }
}

const firing = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

function checked(given: unknown, step: string): Json {
  const state = toJson(given, 'the state given to yieldIfDue');
  const bytes = Buffer.byteLength(JSON.stringify(state));
  if (bytes <= largestState) return state;
  throw new PermanentError(
    `the state that step ${step} gave to yieldIfDue is ${bytes} bytes of JSON; at most ${largestState} are allowed: keep a cursor, and write what grows to a dataset`,
  );
}
