import type { Json } from '../../../contract/json.ts';
import { MemoryDeadLetterQueue } from '../../../ports/memory/memory-dead-letter-queue.ts';
import { MemoryExecutions } from '../../../ports/memory/memory-executions.ts';
import { MemoryObjectStore } from '../../../ports/memory/memory-object-store.ts';
import { MemoryTaskTokens } from '../../../ports/memory/memory-task-tokens.ts';
import type { RunningExecution } from '../../asl/api.ts';
import { VirtualClock } from '../../asl/virtual-clock.ts';
import type { Watch } from '../watch.ts';
import { Warehouse } from './warehouse.ts';

/** 2026-02-03T01:00:00Z. */
export const worldBegins = Date.UTC(2026, 1, 3, 1);

export interface WorldOptions {
  /** Milliseconds since 1970. */
  readonly begins?: number;
  /** False: sinks have no ledger, to test that the bench notices. */
  readonly guarded?: boolean;
}

/** Everything that survives a kill: store, queue, executions' statuses, time, and effects outside. */
export class World {
  readonly clock: VirtualClock;
  readonly store = new MemoryObjectStore();
  readonly queue: MemoryDeadLetterQueue;
  readonly executions = new MemoryExecutions();
  readonly tokens = new MemoryTaskTokens((token, output) => this.#deliver(token, output));
  readonly warehouse: Warehouse;
  /** Sees every operation that takes effect. */
  readonly watch: Watch;
  /** The events of the run, line by line. */
  readonly trace: string[] = [];
  /** Executions whose states can be answered; a killed one is taken out. */
  readonly running = new Set<RunningExecution>();
  /** Work that has begun and may still end, zombies included. */
  readonly open = new Set<Promise<unknown>>();
  readonly #begins: number;
  #jumped = 0;

  constructor(watch: Watch, { begins = worldBegins, guarded = true }: WorldOptions = {}) {
    this.clock = new VirtualClock(begins);
    this.#begins = begins;
    this.queue = new MemoryDeadLetterQueue(this.clock);
    this.watch = watch;
    this.warehouse = new Warehouse(guarded);
  }

  /** The time on the wall: whole milliseconds, ahead of the virtual clock after each jump. */
  now(): number {
    return Math.floor(this.clock.now()) + this.#jumped;
  }

  /** Puts every clock ahead. Sleepers sleep as long as before: timers do not follow the wall. */
  jump(milliseconds: number): void {
    this.#jumped += milliseconds;
  }

  say(line: string): void {
    this.trace.push(`${((this.clock.now() - this.#begins) / 1000).toFixed(3).padStart(9)} s  ${line}`);
  }

  /** Remembers work until it settles. */
  keep(work: Promise<unknown>): void {
    const quiet = work.catch(() => undefined).finally(() => this.open.delete(quiet));
    this.open.add(quiet);
  }

  /** Lets time pass until no work is open. */
  async drain(): Promise<void> {
    while (this.open.size > 0) await Promise.all(this.open);
  }

  #deliver(token: string, output: string): boolean {
    for (const execution of this.running) if (execution.succeedTask(token, JSON.parse(output) as Json)) return true;
    return false;
  }
}
