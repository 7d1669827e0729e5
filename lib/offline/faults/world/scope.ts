import { PlatformError } from '../../../contract/errors.ts';
import type { Clock } from '../../../ports/ports.ts';
import type { Chance } from '../chance.ts';
import type { FaultKind } from '../fault-kinds.ts';
import type { Faults } from '../faults.ts';
import type { Mutation } from '../mutation.ts';
import type { Actor } from './actor.ts';
import { Life, never } from './life.ts';
import type { World } from './world.ts';

/** The things that all parts of a faulted run share. */
export interface Bench {
  readonly world: World;
  readonly chance: Chance;
  readonly faults: Faults;
  /** Removes a part of the protocol, to test that the bench notices. */
  readonly mutate?: Mutation | undefined;
  /** True if operations of dead invocations reject instead of never settling. */
  readonly loud?: boolean;
}

/** Something that an invocation does to the world. */
export interface Operation {
  readonly kind: string;
  readonly key: string;
  /** The kinds of two faults: the operation fails without effect; it has its effect and its answer is lost. */
  readonly fails: FaultKind;
  readonly loses?: FaultKind;
}

/** A handler that does something this long (real milliseconds) without touching the store may wait for time to pass. */
const longestHold = 20_000;

/**
 * One invocation in the world: each of its operations is a place where it, or its whole process, may die, be held up, or lose the answer. Virtual time stands still while it
 * computes, makes parts or talks to something real, and passes only while it waits for the world.
 */
export class Scope {
  readonly actor: Actor;
  readonly life: Life;
  readonly bench: Bench;
  readonly #engine: Life;
  readonly #timeoutMs: number;
  readonly #skew: number;
  readonly #counts = new Map<string, number>();
  #sleeping = 0;
  /** Nothing of this invocation continues before this moment. */
  #blockedUntil = 0;
  #release: (() => void) | null = null;

  constructor(bench: Bench, actor: Actor, options: { readonly engine: Life; readonly timeoutMs: number }) {
    this.bench = bench;
    this.actor = actor;
    this.#engine = options.engine;
    this.#timeoutMs = options.timeoutMs;
    this.life = new Life(options.engine);
    const { faults, chance } = bench;
    this.#skew = faults.happens('clock_skewed', actor.label)
      ? chance.between(`skew of ${actor.label}`, -5000, 5000)
      : 0;
    this.#hold();
    this.life.onEnd(() => this.#let());
  }

  /** The clock of this invocation's machine, which may be off. A sleep that can be called off is a timer beside the work; another one is the work waiting. */
  get clock(): Clock {
    const { world } = this.bench;
    return {
      now: () => world.now() + this.#skew,
      sleep: (ms, signal) => (signal ? this.#timer(ms, signal) : this.sleep(ms)),
    };
  }

  /** Lets virtual time pass. */
  async sleep(ms: number): Promise<void> {
    this.#sleeping += 1;
    this.#let();
    try {
      await this.bench.world.clock.sleep(ms);
    } finally {
      this.#sleeping -= 1;
      if (this.#sleeping === 0) this.#hold();
    }
    await this.#unblocked();
    if (this.life.over) return this.#dead();
  }

  /** Performs an operation on the world, unless a fault prevents it. */
  async operate<T>(operation: Operation, apply: (id: string) => Promise<T>): Promise<T> {
    const { world, chance, faults } = this.bench;
    const { kind, key, fails, loses } = operation;
    const id = this.idOf(`${kind} ${key}`);
    if (this.life.over) return this.#dead();
    this.#mayDie(id);
    this.#mayBlock(id);
    await this.#unblocked();
    await this.#travel(this.#delay(id));
    const arrives = !this.life.over || chance.roll(`arrives ${id}`) < 0.5;
    if (!arrives) return this.#dead();
    if (faults.strikes(fails, id)) {
      if (this.life.over) return this.#dead();
      faults.count(fails);
      world.say(`${id} -> ${fails}`);
      throw new PlatformError(`${kind} ${key}: ${fails}`);
    }
    const value = await apply(id);
    world.say(`${id} -> ${this.life.over ? 'done, its answer is lost' : brief(value)}`);
    await this.#travel(chance.roll(`way back ${id}`) * 5);
    await this.#unblocked();
    if (this.life.over) return this.#dead();
    if (loses && faults.happens(loses, id)) {
      world.say(`${id} -> ${loses}`);
      throw new PlatformError(`${kind} ${key}: ${loses}`);
    }
    return value;
  }

  /** A name for this operation of this invocation: equal ones are counted. */
  idOf(name: string): string {
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    return `${this.actor.label}: ${name}${count > 1 ? ` (${count})` : ''}`;
  }

  /** The answer to a dead invocation. */
  #dead<T>(): Promise<T> {
    return this.bench.loud ? Promise.reject(new Error('the process was killed')) : never();
  }

  #mayDie(id: string): void {
    const { faults, world } = this.bench;
    if (faults.strikes('process_killed', id) && !this.#engine.over) {
      faults.count('process_killed');
      world.say(`the process is killed at ${id}`);
      this.#engine.end();
    } else if (faults.happens('invocation_killed', id)) {
      world.say(`the invocation is killed at ${id}`);
      this.life.end();
    }
  }

  #mayBlock(id: string): void {
    const { faults, chance, world } = this.bench;
    if (this.life.over || !faults.happens('loop_blocked', id)) return;
    this.#blockedUntil = world.now() + chance.roll(`block ${id}`) * this.#timeoutMs * 1.2;
    world.say(`the event loop is blocked at ${id}`);
  }

  /** A blocked event loop sends nothing, hears no answer and lets no timer fire. */
  async #unblocked(): Promise<void> {
    const { world } = this.bench;
    while (!this.life.over && world.now() < this.#blockedUntil) await this.#travel(this.#blockedUntil - world.now());
  }

  async #timer(ms: number, signal: AbortSignal): Promise<void> {
    const { world } = this.bench;
    await world.clock.sleep(ms, signal);
    while (world.now() < this.#blockedUntil) await world.clock.sleep(this.#blockedUntil - world.now(), signal);
  }

  /** Like sleep, but a message under way continues when its sender dies. */
  async #travel(ms: number): Promise<void> {
    this.#sleeping += 1;
    this.#let();
    await this.bench.world.clock.sleep(ms);
    this.#sleeping -= 1;
    if (this.#sleeping === 0) this.#hold();
  }

  #delay(id: string): number {
    const { faults, chance } = this.bench;
    const usual = 0.5 + chance.roll(`way ${id}`) * 8;
    if (faults.strikes('timed_out', id)) return this.#timeoutMs * (0.9 + chance.roll(`stall ${id}`));
    return faults.happens('store_slow', id) ? usual + chance.roll(`slow ${id}`) * 20_000 : usual;
  }

  #hold(): void {
    if (this.life.over || this.#release) return;
    const held = Promise.withResolvers<void>();
    const patience = setTimeout(() => this.#let(), longestHold);
    patience.unref();
    void this.bench.world.clock.hold(held.promise);
    this.#release = () => {
      clearTimeout(patience);
      held.resolve();
    };
  }

  #let(): void {
    this.#release?.();
    this.#release = null;
  }
}

function brief(value: unknown): string {
  if (value === null) return 'none';
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && 'written' in value) return value.written ? 'written' : 'not written';
  return value === undefined ? 'done' : 'found';
}
