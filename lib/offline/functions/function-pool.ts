import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Json } from '../../contract/json.ts';
import type { LogPointer } from '../../contract/records/failure.ts';
import { TaskFailure } from '../asl/api.ts';
import { appendTo, type WriteLines } from './function-log.ts';
import type { FunctionSource } from './function-messages.ts';
import { FunctionProcess, type Inspect } from './function-process.ts';
import { ProcessGroups } from './process-groups.ts';

/** A function as the pool starts it. */
export interface LocalFunction extends FunctionSource {
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
}

export interface FunctionPoolOptions {
  readonly functions: ReadonlyMap<string, LocalFunction>;
  /** The file that keeps the output of an invocation, and the pointer that people get to it. */
  readonly logOf: (name: string, event: Json) => { readonly file: string; readonly pointer?: LogPointer };
  /** Takes secrets out of what functions write. */
  readonly redact: (text: string) => string;
  readonly answerToken: (token: string, output: string) => boolean;
  readonly inspect?: Inspect;
}

/** Processes that load their module at a time: each takes a core while it does. Processes that work or wait for a network are not counted. */
const mostBooting = 4;

/** Warm processes that are kept for the next invocation of their function. */
const mostIdle = 4;

/** Processes that load ahead of their invocation at a time. A second one takes a core from the steps at work: it made the example slower on two cores (4.2 s against 3.4 s). */
const mostAhead = 1;

/** An invocation that waits for a process. */
interface Waiter {
  readonly name: string;
  readonly resolve: (process: FunctionProcess) => void;
  readonly reject: (error: unknown) => void;
}

/** Keeps child processes as Lambda keeps environments: each serves one function, one invocation at a time, and stays warm for the next. */
export class FunctionPool {
  readonly #options: FunctionPoolOptions;
  readonly #groups = new ProcessGroups();
  /** With the name of the function that each stands for. */
  readonly #all = new Map<FunctionProcess, string>();
  /** Functions that could not be loaded: only an invocation tries again. */
  readonly #broken = new Set<string>();
  /** Oldest first. */
  #idle: { readonly name: string; readonly process: FunctionProcess }[] = [];
  readonly #waiters: Waiter[] = [];
  /** Names of the functions that are being loaded, once per process. */
  readonly #booting: string[] = [];
  /** Functions that will be invoked soon, the soonest first; a name stands once per invocation. */
  #expected: readonly string[] = [];

  constructor(options: FunctionPoolOptions) {
    this.#options = options;
  }

  /** Runs a function once; rejects with a TaskFailure as Step Functions would see it. */
  async invoke(name: string, event: Json, signal: AbortSignal): Promise<Json> {
    const process = await this.#take(name, signal);
    const { logOf, redact } = this.#options;
    try {
      const { file, pointer } = logOf(name, event);
      const append = appendTo(file);
      const writeLog: WriteLines = (lines) => append(redact(lines));
      return await process.invoke({ id: randomUUID(), event, signal, writeLog, ...(pointer && { log: pointer }) });
    } catch (error) {
      throw error instanceof TaskFailure ? new TaskFailure(error.error, redact(error.cause)) : error;
    } finally {
      this.#giveBack(name, process);
    }
  }

  /** Loads the functions that will be invoked soon, so that their first invocation does not wait: no more of them at a time than warm processes are kept. */
  expect(names: readonly string[]): void {
    this.#expected = names;
    this.#loadAhead();
  }

  /** Ends every process, and the programs that they started. */
  async close(): Promise<void> {
    this.#expected = [];
    for (const process of this.#all.keys()) process.kill();
    await Promise.all([...this.#all.keys()].map(({ closed }) => closed));
    this.#groups.close();
  }

  #take(name: string, signal: AbortSignal): Promise<FunctionProcess> {
    const index = this.#idle.findLastIndex((one) => one.name === name);
    const [idle] = index < 0 ? [] : this.#idle.splice(index, 1);
    if (idle) return Promise.resolve(idle.process);
    const { promise, resolve, reject } = Promise.withResolvers<FunctionProcess>();
    const waiter = { name, resolve, reject };
    this.#waiters.push(waiter);
    const leave = (): void => {
      const at = this.#waiters.indexOf(waiter);
      if (at >= 0) this.#waiters.splice(at, 1);
      reject(new TaskFailure('States.TaskFailed', 'the execution ended'));
    };
    signal.addEventListener('abort', leave, { once: true });
    this.#boot();
    return promise.finally(() => signal.removeEventListener('abort', leave));
  }

  #giveBack(name: string, process: FunctionProcess): void {
    if (process.ended) return;
    const waiter = this.#nextWaiter(name);
    if (waiter) {
      waiter.resolve(process);
      return;
    }
    this.#idle.push({ name, process });
    while (this.#idle.length > mostIdle) this.#idle.shift()?.process.kill();
  }

  #loadAhead(): void {
    // A process that works now is free when the steps after it begin.
    const ready = [...this.#all].flatMap(([process, name]) => (process.ended ? [] : [name]));
    for (const name of this.#expected.slice(0, mostIdle)) {
      if (this.#broken.has(name)) continue;
      const at = ready.indexOf(name);
      if (at >= 0) ready.splice(at, 1);
      else if (this.#waiters.length > 0 || this.#booting.length >= mostAhead || this.#isBusy() || !this.#makesRoom())
        return;
      else this.#start(name);
    }
  }

  /** True if the processes that load or work can fill all cores: one that loads ahead would only slow them down. */
  #isBusy(): boolean {
    return this.#all.size - this.#idle.length >= availableParallelism();
  }

  /** True if one more process may wait for its invocation, if need be in the place of one that no one expects. */
  #makesRoom(): boolean {
    if (this.#idle.length + this.#booting.length < mostIdle) return true;
    const index = this.#idle.findIndex(({ name }) => !this.#expected.includes(name));
    if (index < 0) return false;
    const [left] = this.#idle.splice(index, 1);
    left?.process.kill();
    return true;
  }

  #nextWaiter(name: string): Waiter | undefined {
    const index = this.#waiters.findIndex((one) => one.name === name);
    return index < 0 ? undefined : this.#waiters.splice(index, 1)[0];
  }

  /** Starts processes for waiting invocations that have none, as long as there is room. */
  #boot(): void {
    const booting = [...this.#booting];
    for (const { name } of this.#waiters) {
      if (this.#booting.length >= mostBooting) return;
      const underWay = booting.indexOf(name);
      if (underWay < 0) this.#start(name);
      else booting.splice(underWay, 1);
    }
  }

  #start(name: string): void {
    this.#booting.push(name);
    const booted = (): void => {
      this.#booting.splice(this.#booting.indexOf(name), 1);
    };
    let started: FunctionProcess;
    try {
      started = this.#newProcess(name);
    } catch (error) {
      booted();
      this.#nextWaiter(name)?.reject(error);
      return;
    }
    started.ready.then(
      () => {
        booted();
        this.#giveBack(name, started);
        this.#boot();
        this.#loadAhead();
      },
      () => {
        booted();
        this.#broken.add(name);
        // Its invocation has the failure, and the log.
        this.#nextWaiter(name)?.resolve(started);
        this.#boot();
        this.#loadAhead();
      },
    );
  }

  #newProcess(name: string): FunctionProcess {
    const { functions, answerToken, inspect } = this.#options;
    const fn = functions.get(name);
    if (!fn) throw new Error(`no function is called "${name}"`);
    const started = new FunctionProcess({ ...fn, groups: this.#groups, answerToken, ...(inspect && { inspect }) });
    this.#all.set(started, name);
    void started.closed.then(() => this.#all.delete(started));
    return started;
  }
}
