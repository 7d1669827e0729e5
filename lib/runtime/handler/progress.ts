/** A step's progress record: what it is doing, since when, and where its log is. A start of an attempt without its end tells a crash from other ends (`standing.ts`). */
import { progressKey } from '../../contract/object-keys.ts';
import type { StepProgress } from '../../contract/records/progress.ts';
import { progressEvents } from '../events/step-events.ts';
import { tell } from '../events/tell.ts';
import type { Work } from '../invocation.ts';
import { isoTime, overwriteJson } from '../records/json-objects.ts';

/** Milliseconds between two reports: often enough to watch, seldom enough to cost nothing. */
const writeEvery = 3_000;

/** Milliseconds between two events of an attempt's progress. A step that ends within them sends one request, at its end. */
const tellEvery = 60_000;

/** A first attempt that ends well within this many milliseconds leaves no record, unless its handler reports. */
const quiet = 1_000;

type Facts = Pick<StepProgress, 'done' | 'total' | 'message' | 'ended'>;

/** One attempt's record. Its writes follow one another, so that an earlier one never covers a later one. */
export class Progress {
  readonly startedAt: string;
  readonly firstStartedAt: string;
  readonly #work: Work;
  readonly #redact: (text: string) => string;
  readonly #ended = new AbortController();
  #facts: Facts = { done: null, total: null, message: null };
  #writtenAt: number | null = null;
  #toldAt: number;
  #last: Promise<void> = Promise.resolve();

  constructor(work: Work, redact: (text: string) => string) {
    const { startedAt, earlier } = work.standing;
    this.startedAt = startedAt;
    this.firstStartedAt = earlier?.first_started_at ?? startedAt;
    this.#work = work;
    this.#toldAt = work.invocation.ports.clock.now();
    this.#redact = redact;
  }

  /** Records that the handler starts, at once where the next attempt or a dead letter depends on it; otherwise only when the handler has run for a while. */
  async start(): Promise<void> {
    this.#tellLater();
    if (countsOnStart(this.#work)) return this.#write();
    const { clock } = this.#work.invocation.ports;
    const wait = this.#work.payload.step.budgets.step === 1 ? 0 : quiet;
    const due = wait === 0 ? Promise.resolve() : clock.sleep(wait, this.#ended.signal);
    void due.then(() => (this.#writtenAt === null ? this.#write() : undefined)).catch(() => undefined);
  }

  /** Takes the handler's report of its work. */
  async report(done: number, total: number | null = null, message?: string): Promise<void> {
    const now = this.#work.invocation.ports.clock.now();
    if (this.#writtenAt !== null && now - this.#writtenAt < writeEvery) return;
    this.#facts = {
      ...this.#facts,
      done,
      total,
      message: message === undefined ? null : this.#redact(message).toWellFormed(),
    };
    // A step must not fail because its progress could not be stored.
    await this.#write().catch(() => undefined);
    if (now - this.#toldAt >= tellEvery) await this.#tell();
  }

  /** Records that the attempt is about to be killed. */
  async nearTimeOut(): Promise<void> {
    this.#facts = { ...this.#facts, ended: 'time-out' };
    await this.#write().catch(() => undefined);
  }

  /** Leaves the record of an attempt that went wrong: a dead letter takes the start and the log from it. */
  async fail(): Promise<void> {
    this.end();
    if (this.#writtenAt === null) await this.#write().catch(() => undefined);
  }

  /** From now on nothing is recorded by itself. */
  end(): void {
    this.#ended.abort();
  }

  /** A handler that runs for long is reported, even if it reports nothing itself. */
  #tellLater(): void {
    const { clock, events } = this.#work.invocation.ports;
    if (!events) return;
    const due = clock.sleep(tellEvery, this.#ended.signal);
    void due.then(() => this.#tell()).catch(() => undefined);
  }

  async #tell(): Promise<void> {
    const { payload, invocation } = this.#work;
    this.#toldAt = invocation.ports.clock.now();
    await tell(invocation.ports, () => progressEvents(payload.run, this.#record()), invocation.writeLine);
  }

  #write(): Promise<void> {
    const { payload, invocation } = this.#work;
    const { store, clock } = invocation.ports;
    this.#writtenAt = clock.now();
    const record = this.#record();
    const write = () => overwriteJson(store, progressKey(payload.run, payload.step.name), record);
    this.#last = this.#last.then(write, write);
    return this.#last;
  }

  #record(): StepProgress {
    const { payload, invocation } = this.#work;
    const { run, step, attempt } = payload;
    return {
      step: step.name,
      execution: run.execution,
      attempt,
      invocation: invocation.invocationId,
      first_started_at: this.firstStartedAt,
      started_at: this.startedAt,
      updated_at: isoTime(invocation.ports.clock.now()),
      ...this.#facts,
      logs: invocation.logs ?? null,
    };
  }
}

/**
 * True if the next attempt has to count an attempt that dies without a record. The machine's retriers count the first attempt of most steps themselves. They cannot where
 * the function asks for the delays, and not over the invocations of a long step.
 */
function countsOnStart({ payload: { step, fresh }, long }: Work): boolean {
  const { backoff } = step.delays;
  return !fresh || long !== null || (step.budgets.step > 1 && (backoff === 'linear' || backoff === 'fibonacci'));
}
