/** A long step as the machine drives it: round after each yield, once more after each error or death, with stores that die under the invocations. */
import type { Manifest } from '../../../lib/contract/records/manifest.ts';
import type { ObjectStore } from '../../../lib/ports/ports.ts';
import { runStep } from '../../../lib/runtime/attempt/run-step.ts';
import type { StepFunction } from '../../../lib/runtime/step.ts';
import { dataPorts, readAll } from '../../data/data-ports.ts';
import { textEngine, textRows } from '../exploration/text-engine.ts';
import { aRun, aStep, stored, type World } from '../fixtures.ts';

export const minute = 60_000;

/** A fault of an invocation at one of its operations on the store: the one of this number, from 1, or the first whose `method key` matches. */
export interface Fault {
  readonly at: number | RegExp;
  /** Dies before the operation has its effect, or after it; or hangs so long that the machine goes on without it, and then goes on itself. */
  readonly kind: 'before' | 'after' | 'hangs';
}

const never = new Promise<never>(() => undefined);

/** The store as one invocation sees it. */
class MortalStore {
  readonly store: ObjectStore;
  readonly dead = Promise.withResolvers<'dead'>();
  readonly #wake = Promise.withResolvers<void>();
  #operations = 0;
  #struck = false;

  constructor(world: ObjectStore, fault: Fault | undefined) {
    const strikes = (what: string): boolean => {
      this.#operations += 1;
      if (!fault || this.#struck) return this.#struck;
      this.#struck = typeof fault.at === 'number' ? this.#operations === fault.at : fault.at.test(what);
      return this.#struck;
    };
    const act = async <T>(what: string, operation: () => Promise<T>): Promise<T> => {
      const first = !this.#struck;
      if (!strikes(what)) return operation();
      if (fault?.kind === 'hangs') {
        this.dead.resolve('dead');
        await this.#wake.promise;
        return operation();
      }
      if (first && fault?.kind === 'after') await operation();
      this.dead.resolve('dead');
      return never;
    };
    this.store = {
      url: world.url,
      get: (key) => act(`get ${key}`, () => world.get(key)),
      read: (key) => act(`read ${key}`, () => world.read(key)),
      put: (key, body, options) => act(`put ${key}`, () => world.put(key, body, options)),
      write: (key, body, options) => act(`write ${key}`, () => world.write(key, body, options)),
      upload: (key, file, options) => act(`upload ${key}`, () => world.upload(key, file, options)),
      download: (key, file, options) => act(`download ${key}`, () => world.download(key, file, options)),
      list: (prefix) => world.list(prefix),
      delete: (key) => act(`delete ${key}`, () => world.delete(key)),
    };
  }

  /** Lets a hanging invocation go on. */
  wake(): void {
    this.#wake.resolve();
  }
}

export interface LongRun {
  readonly handler: StepFunction;
  readonly timeoutSeconds?: number;
  /** By invocation, in the order in which they start. */
  readonly faults?: readonly (Fault | undefined)[];
  readonly execution?: number;
  /** With the text engine of the explorations, which takes no time, instead of DuckDB. */
  readonly asText?: boolean;
}

/** The machine's view. */
interface Driven {
  readonly invocations: number;
  readonly attempts: number;
  readonly manifest: Manifest | null;
  readonly rows: readonly unknown[];
}

/** The step named `long`, with more attempts than any test needs. */
export const longStep = aStep('long', { budgets: { step: 99, time_out: 99, platform: 99 } });

/** Drives the step to its end. An invocation that hangs goes on when the second one after it has started. */
export async function drive(
  world: World,
  { handler, timeoutSeconds = 3_600, faults = [], execution = 1, asText = false }: LongRun,
): Promise<Driven> {
  let yielded: NonNullable<Awaited<ReturnType<typeof runStep>>['yielded']> | null = null;
  const hanging: MortalStore[] = [];
  const late: Promise<unknown>[] = [];
  for (let invocation = 1, retries = 0; ; invocation += 1) {
    const mortal = new MortalStore(world.store, faults[invocation - 1]);
    const attempt: number = (yielded?.attempt ?? 1) + retries;
    const running = runStep(
      {
        run: aRun({ execution }),
        step: longStep,
        attempt,
        again: null,
        fresh: attempt === 1 && yielded === null,
        long: { timeout_seconds: timeoutSeconds, redrives: 0, yielded },
      },
      {
        ports: { ...world, store: mortal.store },
        handler,
        invocationId: `${execution}-i${invocation}`,
        deadline: world.clock.now() + 15 * minute,
        writeLine: () => undefined,
        ...(asText && { openEngine: textEngine }),
      },
    );
    running.catch(() => undefined);
    if (hanging.length > 1) hanging.shift()?.wake();
    const ended = await Promise.race([running, mortal.dead.promise]).catch((error: Error) => error);
    if (ended === 'dead' || ended instanceof Error) {
      if (faults[invocation - 1]?.kind === 'hangs') {
        hanging.push(mortal);
        late.push(running.catch(() => undefined));
      } else if (ended instanceof Error && retries > 50) throw ended;
      retries += 1;
    } else if (ended.yielded) {
      yielded = ended.yielded;
      retries = 0;
    } else {
      for (const one of hanging) one.wake();
      await Promise.all(late);
      const manifest = await stored<Manifest>(world.store, ended.manifest ?? 'none');
      return {
        invocations: invocation,
        attempts: attempt,
        manifest,
        rows: await rowsOf(world.store, manifest, asText),
      };
    }
  }
}

/** The rows that a reader sees. */
async function rowsOf(store: ObjectStore, manifest: Manifest | null, asText: boolean): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  for (const entry of Object.values(manifest?.datasets ?? {})) {
    const found = asText ? await textRows(store, entry) : await readAll(dataPorts(store), entry);
    rows.push(...found.map(({ id }) => id));
  }
  return rows;
}
