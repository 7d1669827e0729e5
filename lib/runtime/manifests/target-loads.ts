/**
 * Loads into a target outside (a table), and when a result that came with one may still be reused. Manifests cannot tell: if a run's first execution loaded rows A, its second one loaded rows B because a
 * dependency had failed, and the third one has the dependencies of the first again, then the result of the first fits, but the table has rows B.
 *
 * So a load marks its fingerprint first, and then looks for a later execution of the run; a later execution, which has taken its number, looks at the marks before it reuses. The one that comes second sees the
 * other: an overtaken load is refused, or the load is done again.
 */
import { PermanentError } from '../../contract/errors.ts';
import { type ExecutionRef, executionKey, loadKey, loadsPrefix, type RunRef } from '../../contract/object-keys.ts';
import type { Manifest } from '../../contract/records/manifest.ts';
import type { ObjectStore } from '../../ports/ports.ts';

/** A handler's step has this beside its public members, so that sinks can announce their loads. */
export const announcing = Symbol.for('daybreak.announceLoad');

interface Announcing {
  readonly [announcing]?: () => Promise<void>;
}

/** Every sink that replaces what others read calls it before its effect. Throws a PermanentError if a later execution works for the run. */
export async function announceLoad(step: object): Promise<void> {
  await (step as Announcing)[announcing]?.();
}

/** The loads of one attempt. */
export class TargetLoads {
  happened = false;
  readonly #store: ObjectStore;
  readonly #ref: ExecutionRef;
  readonly #step: string;
  readonly #fingerprint: string;

  constructor(store: ObjectStore, ref: ExecutionRef, made: { readonly step: string; readonly fingerprint: string }) {
    this.#store = store;
    this.#ref = ref;
    this.#step = made.step;
    this.#fingerprint = made.fingerprint;
  }

  async announce(): Promise<void> {
    this.happened = true;
    await this.#store.put(this.#key, '{}', { contentType: 'application/json' });
    const later = { ...this.#ref, execution: this.#ref.execution + 1 };
    if (await this.#store.get(executionKey(later)))
      throw new PermanentError(
        `execution ${later.execution} works for run ${later.run_id} now, so execution ${this.#ref.execution} loads nothing more`,
      );
  }

  /** True if an earlier invocation of a long step has announced a load in this execution. */
  async happenedBefore(): Promise<boolean> {
    return (await this.#store.get(this.#key)) !== null;
  }

  get #key(): string {
    return loadKey(this.#ref, this.#step, this.#fingerprint);
  }
}

/** The execution that may have put other rows into the step's target after those of a manifest; null if there is none. */
export async function overtakenBy(store: ObjectStore, run: RunRef, manifest: Manifest): Promise<number | null> {
  if (!manifest.loads) return null;
  const prefix = loadsPrefix(run, manifest.step);
  let last = manifest.execution;
  let others = false;
  for await (const { key } of store.list(prefix)) {
    const [execution = '', fingerprint] = key.slice(prefix.length).split('.');
    const number = Number(execution);
    if (number < last) continue;
    others = (number === last && others) || fingerprint !== manifest.fingerprint;
    last = number;
  }
  return others ? last : null;
}
