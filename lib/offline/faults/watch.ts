import { placeholders } from '../../compiler/states/placeholders.ts';
import { definitionDigest } from '../../contract/fingerprint.ts';
import type { ExecutionRef } from '../../contract/object-keys.ts';
import type { RunContext } from '../../contract/payloads.ts';
import type { Manifest } from '../../contract/records/manifest.ts';
import type { Outcome } from '../../contract/records/outcome.ts';
import type { Actor } from './world/actor.ts';

/** An effect outside of the store, done inside `step.once`. */
export interface Effect {
  readonly step: string;
  readonly key: string;
  readonly by: string;
}

interface Committed {
  readonly manifest: Manifest;
  readonly at: number;
}

const settledKey =
  /\/run\.json$|\/executions\/\d+\.json$|\/executions\/\d+\/(outcomes|dead-letters)\/|\/end\.json$|\/manifests\/|\/once\//;
const dataKey = /\/data\/([^/]+)\/([^/]+)\//;
const outcomeKey = /\/executions\/(\d+)\/outcomes\/([^/]+)\.json$/;
const loadKey = /\/steps\/([^/]+)\/loads\/(\d+)\.(\w+)\.json$/;
const endKey = /\/executions\/(\d+)\/end\.json$/;
const manifestKey = /\/steps\/([^/]+)\/manifests\/[^/]+\.json$/;

/**
 * Sees every write and read at the moment when it takes effect, and tells what must never happen at any moment: a settled record that changes, a data key of two writers, a
 * reader of what no settled outcome means, a failure settled over a commit, work done again that was committed before.
 */
export class Watch {
  readonly violations: string[] = [];
  readonly effects: Effect[] = [];
  /** Invocations of each step whose handler was started. */
  readonly handled = new Map<string, number>();
  readonly #settled = new Map<string, { readonly text: string; readonly at: number }>();
  readonly #writers = new Map<string, string>();
  readonly #committed = new Map<string, Committed[]>();
  readonly #outcomes = new Map<string, Outcome>();
  readonly #settledAt = new Map<string, number>();
  readonly #lost = new Set<string>();
  readonly #visible = new Set<string>();
  /** The writer of each execution's end.json. */
  readonly #judges = new Map<string, Actor>();
  /** Loads that a step announced: its name, the execution, the fingerprint. */
  readonly #loads: { readonly step: string; readonly execution: number; readonly fingerprint: string }[] = [];
  #writes = 0;

  /** Writes so far: what was before what. */
  get time(): number {
    return this.#writes;
  }

  wrote(actor: Actor, key: string, body: Uint8Array | string): void {
    this.#writes += 1;
    const [, step, execution, fingerprint] = loadKey.exec(key) ?? [];
    if (step !== undefined && fingerprint !== undefined)
      this.#loads.push({ step, execution: Number(execution), fingerprint });
    if (dataKey.test(key)) this.#wroteData(actor, key);
    else if (settledKey.test(key)) this.#wroteRecord(actor, key, body);
  }

  #wroteRecord(actor: Actor, key: string, body: Uint8Array | string): void {
    const text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
    const before = this.#settled.get(key)?.text;
    const [, step] = manifestKey.exec(key) ?? [];
    const broken = before !== undefined && step !== undefined && this.#isBroken(JSON.parse(before) as Manifest);
    if (before !== undefined && before !== text && !broken)
      this.#wrong(`${key} was settled, and ${actor.label} changed it`);
    this.#settled.set(key, { text, at: this.#writes });
    if (step !== undefined) {
      const known = this.#committed.get(step) ?? [];
      this.#committed.set(step, [...known, { manifest: JSON.parse(text) as Manifest, at: this.#writes }]);
    }
    const [, execution, settledStep] = outcomeKey.exec(key) ?? [];
    const [, ended] = endKey.exec(key) ?? [];
    if (ended !== undefined) this.#judges.set(ended, actor);
    if (execution !== undefined) this.#wroteOutcome(actor, `${execution}/${settledStep}`, JSON.parse(text) as Outcome);
  }

  /** A reader of data must have found it through an outcome; a step may look at what it has committed or written itself. */
  read(actor: Actor, key: string): void {
    const [, owner] = dataKey.exec(key) ?? [];
    if (owner === undefined || owner === actor.step || this.#visible.has(key)) return;
    this.#wrong(`${actor.label} read ${key}, which no settled outcome means`);
  }

  /** A handler begins: nothing that it would make may have been committed before its invocation began. */
  handlerBegins(actor: Actor): void {
    const step = actor.step ?? '';
    this.handled.set(step, (this.handled.get(step) ?? 0) + 1);
    const before = this.#commitBefore(actor);
    if (before && !isLateTwin(actor, before))
      this.#wrong(`${actor.label} does again what ${before.invocation} had committed before it began`);
  }

  /** An effect is done: its marker may not have been there when the invocation began. */
  effectDone(actor: Actor, key: string, marker: string): void {
    const step = actor.step ?? '';
    this.effects.push({ step, key, by: actor.label });
    const marked = this.#settled.get(marker);
    if (marked && marked.at <= actor.beganAt) this.#wrong(`${actor.label} repeats "${key}", which was marked as done`);
  }

  /** Data that a manifest names and that cannot be lost unnoticed. */
  get committedKeys(): readonly string[] {
    return [...this.#committed.values()].flat().flatMap(({ manifest }) => keysOf(manifest));
  }

  /** An object is gone or damaged: what was committed with it may be done again, and its manifest replaced. */
  lost(key: string): void {
    this.#lost.add(key);
  }

  /** The settled outcome of a step in an execution, or undefined. */
  outcomeOf({ execution }: Pick<ExecutionRef, 'execution'>, step: string): Outcome | undefined {
    return this.#outcomes.get(`${execution}/${step}`);
  }

  /** True if a function that survived to the end saw this outcome when it judged the execution: Finalize, or Reconcile if that was `accounted` for. */
  wasJudged({ execution }: Pick<ExecutionRef, 'execution'>, step: string, accounted: boolean): boolean {
    const judge = this.#judges.get(String(execution));
    const settledAt = this.#settledAt.get(`${execution}/${step}`);
    if (!judge || settledAt === undefined) return false;
    return settledAt <= judge.beganAt && (accounted || judge.fn === placeholders.finalize);
  }

  /** True if a record was ever written. */
  hasSettled(key: string): boolean {
    return this.#settled.has(key);
  }

  #isBroken(manifest: Manifest): boolean {
    return keysOf(manifest).some((key) => this.#lost.has(key));
  }

  /** Rows of another load may stand in the target of this result, so its step has to load again. */
  #isOvertaken({ step, execution, fingerprint }: Manifest): boolean {
    return this.#loads.some(
      (load) => load.step === step && load.execution >= execution && load.fingerprint !== fingerprint,
    );
  }

  #wrong(what: string): void {
    if (!this.violations.includes(what)) this.violations.push(what);
  }

  #wroteData(actor: Actor, key: string): void {
    const writer = this.#writers.get(key) ?? actor.label;
    this.#writers.set(key, writer);
    if (writer !== actor.label) this.#wrong(`${key} is of ${writer}, and ${actor.label} wrote it too`);
  }

  #wroteOutcome(actor: Actor, name: string, outcome: Outcome): void {
    this.#outcomes.set(name, outcome);
    this.#settledAt.set(name, this.#writes);
    const manifest = outcome.manifest === null ? undefined : this.#settled.get(outcome.manifest);
    if (outcome.manifest !== null && !manifest) this.#wrong(`the outcome ${name} names a manifest that does not exist`);
    if (manifest) for (const key of keysOf(JSON.parse(manifest.text) as Manifest)) this.#visible.add(key);
    if (outcome.outcome !== 'failed' || actor.fn !== placeholders.recordFailure) return;
    const before = this.#commitBefore(actor);
    // Only the step takes over a manifest of an earlier execution, because it checks the bytes.
    if (before?.execution === outcome.execution)
      this.#wrong(`${actor.label} settled ${name} as failed, though ${before.invocation} had committed it`);
  }

  /** The manifest of the same work that was committed before this invocation began: same definition, same content of the dependencies. */
  #commitBefore(actor: Actor): Manifest | undefined {
    const { run } = actor.event as unknown as { run: RunContext };
    const found = this.#committed.get(actor.step ?? '')?.findLast(({ manifest, at }) => {
      const { code, config, upstream } = manifest.made_of;
      return (
        at <= actor.beganAt &&
        !this.#isBroken(manifest) &&
        !this.#isOvertaken(manifest) &&
        definitionDigest(code, config) === actor.definition &&
        Object.entries(upstream).every(([name, digest]) => (this.outcomeOf(run, name)?.digest ?? null) === digest)
      );
    });
    return found?.manifest;
  }
}

/** True if Lambda repeated the very first invocation of a step: that one need not look for what was made before it, and nothing that it makes counts. */
function isLateTwin({ label, invocation }: Actor, { execution, invocation: first }: Manifest): boolean {
  return execution === 1 && label.endsWith(' #1, invoked twice') && invocation === `${first}-invoked-twice`;
}

/** Every data key that a manifest lists. */
function keysOf({ datasets, files }: Manifest): string[] {
  return [
    ...Object.values(datasets).flatMap(({ parts }) => parts.map(({ key }) => key)),
    ...Object.values(files).map(({ key }) => key),
  ];
}
