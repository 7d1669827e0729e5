import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '../../contract/json.ts';
import type { LogPointer } from '../../contract/records/failure.ts';
import { ownModule } from '../../package/package-files.ts';
import { isTaskTokenRequest, type TaskTokenAnswer, type TaskTokenRequest } from '../../ports/folder/ipc-task-tokens.ts';
import { removeDeadScratch } from '../../ports/folder/process-scratch.ts';
import { TaskFailure } from '../asl/api.ts';
import { exitFailure, failureOf, timeOutFailure } from './function-failures.ts';
import { eachLines, type WriteLines } from './function-log.ts';
import { type FunctionSource, isFromFunction, type ToFunction } from './function-messages.ts';
import { hasGroups, type ProcessGroups } from './process-groups.ts';
import { heapOptions, watchMemory } from './watch-memory.ts';
import { watchScratch } from './watch-scratch.ts';

const hostProgram = ownModule('lib/offline/functions/function-host.ts');

/** A program that left its group may hold the outputs of a dead process open; no one waits for it longer. */
const outputPatienceMs = 2_000;

export interface FunctionProcessOptions extends FunctionSource {
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly groups: ProcessGroups;
  readonly answerToken: (token: string, output: string) => boolean;
  /** The steps whose handlers wait for a debugger; each such invocation has its own process. */
  readonly inspect?: Inspect;
}

/** Steps whose handlers wait for a debugger, and a listener for the addresses at which they do. */
export interface Inspect {
  readonly steps: ReadonlySet<string>;
  readonly onWait: (step: string, address: string) => void;
}

/** One invocation, as the engine asks for it. */
export interface FunctionCall {
  readonly id: string;
  readonly event: Json;
  readonly signal: AbortSignal;
  /** Takes what the function writes from now on. */
  readonly writeLog: WriteLines;
  /** Where that is, for people. */
  readonly log?: LogPointer;
}

/** The invocation that is under way. */
interface Pending {
  readonly id: string;
  readonly resolve: (payload: Json) => void;
  readonly reject: (failure: TaskFailure) => void;
}

/** One child process that stands for one Lambda environment. It runs one invocation at a time, and is dead after a time-out or crash, together with the programs that it started. */
export class FunctionProcess {
  /** Resolves when the module is loaded; rejects with a TaskFailure when it cannot be. */
  readonly ready: Promise<void>;
  /** Resolves when the process has ended and its whole output was read. */
  readonly closed: Promise<void>;
  readonly #options: FunctionProcessOptions;
  readonly #child: ChildProcess;
  readonly #loaded = Promise.withResolvers<void>();
  #pending: Pending | null = null;
  #writeLog: WriteLines | null = null;
  /** Lines from before the first invocation. */
  #early = '';
  /** The reason for its death, for people. */
  #because: string | null = null;
  /** The step that is inspected now. */
  #inspected: string | null = null;
  #ended = false;
  #onEnd: (id: string) => void = () => undefined;

  constructor(options: FunctionProcessOptions) {
    this.#options = options;
    const { entry, export: name, modules, environment, memoryMb, groups } = options;
    const source: FunctionSource = { entry, export: name, ...(modules && { modules }) };
    this.#child = fork(hostProgram, [JSON.stringify(source)], {
      env: { ...process.env, TZ: 'UTC', AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb), ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'json',
      execArgv: [...process.execArgv, ...heapOptions(memoryMb)],
      detached: hasGroups,
    });
    if (this.#child.pid !== undefined) groups.add(this.#child.pid);
    this.ready = this.#loaded.promise;
    this.ready.catch(() => undefined);
    this.closed = this.#untilClosed();
    this.#child.on('error', (error) => this.#fail(new TaskFailure('Lambda.ServiceException', error.message)));
    this.#child.on('exit', (code, signal) => this.#lose(code, signal));
    this.#child.on('message', (message) => this.#hear(message));
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Runs one invocation; rejects with a TaskFailure as Step Functions would see it: the handler's error, `Sandbox.Timedout`, `Runtime.ExitError`. */
  async invoke({ id, event, signal, writeLog, log }: FunctionCall): Promise<Json> {
    await this.#logTo(writeLog);
    await this.ready;
    const { timeoutSeconds, memoryMb, inspect } = this.#options;
    const step = (event as { readonly state?: { readonly Name?: string } } | null)?.state?.Name;
    this.#inspected = step !== undefined && inspect?.steps.has(step) ? step : null;
    const answer = Promise.withResolvers<Json>();
    this.#pending = { id, resolve: answer.resolve, reject: answer.reject };
    const outputRead = Promise.withResolvers<void>();
    let outputs = 2;
    this.#onEnd = (ended) => {
      if (ended === id) outputs -= 1;
      if (outputs === 0) outputRead.resolve();
    };
    const abandon = (): void => this.kill(new TaskFailure('States.TaskFailed', 'the execution ended'));
    const timer = setTimeout(() => this.kill(timeOutFailure(id, timeoutSeconds)), timeoutSeconds * 1000);
    const unwatch = watchMemory(this.#child.pid ?? 0, memoryMb, (residentMb) => {
      this.#killFor(`it has ${Math.round(residentMb)} MB in memory, and memory_mb is ${memoryMb}`, writeLog);
    });
    const { DAYBREAK_SCRATCH: root, DAYBREAK_SCRATCH_MB: mostMb } = this.#options.environment;
    const unwatchScratch =
      root === undefined || mostMb === undefined
        ? () => undefined
        : watchScratch(this.#child.pid ?? 0, { root, mostMb: Number(mostMb) }, (mb) => {
            this.#killFor(
              `it has ${Math.round(mb)} MB of local files, and ephemeral_storage_mb is ${mostMb}`,
              writeLog,
            );
          });
    signal.addEventListener('abort', abandon, { once: true });
    try {
      if (signal.aborted) abandon();
      else if (this.#ended) this.#lose(this.#child.exitCode, this.#child.signalCode);
      else {
        const deadline = Date.now() + timeoutSeconds * 1000;
        this.#send({
          type: 'invoke',
          id,
          event,
          deadline,
          ...(log && { log }),
          ...(this.#inspected !== null && { inspect: true }),
        });
      }
      return await answer.promise;
    } finally {
      this.#pending = null;
      await Promise.race([outputRead.promise, this.closed, sleep(outputPatienceMs, undefined, { ref: false })]);
      clearTimeout(timer);
      unwatch();
      unwatchScratch();
      signal.removeEventListener('abort', abandon);
      if (this.#inspected !== null) this.kill();
    }
  }

  /** Ends the process and its programs at once, as a time-out does: a write that is under way stays unfinished. */
  kill(failure?: TaskFailure): void {
    this.#ended = true;
    if (failure) this.#fail(failure);
    if (this.#child.pid !== undefined) this.#options.groups.kill(this.#child.pid);
  }

  #killFor(reason: string, writeLog: WriteLines): void {
    this.#because = reason;
    void writeLog(`the function is killed: ${reason}\n`);
    this.kill();
  }

  #hear(message: unknown): void {
    if (isTaskTokenRequest(message)) this.#answer(message);
    if (!isFromFunction(message)) return;
    if (message.type === 'ready') this.#loaded.resolve();
    else if (message.type === 'inspecting') this.#options.inspect?.onWait(this.#inspected ?? '', message.address);
    else if (message.type === 'broken') this.kill(failureOf(message.error));
    else if (message.id !== this.#pending?.id) return;
    else if (message.type === 'result') this.#pending.resolve(message.payload);
    else {
      this.#ended ||= message.fatal === true;
      this.#pending.reject(failureOf(message.error));
    }
  }

  #fail(failure: TaskFailure): void {
    this.#loaded.reject(failure);
    this.#pending?.reject(failure);
  }

  #lose(code: number | null, signal: string | null): void {
    this.#ended = true;
    const outside = signal === 'SIGKILL' ? 'it was killed from outside; a machine short of memory does that' : null;
    this.#fail(exitFailure(this.#pending?.id ?? 'init', { code, signal, because: this.#because ?? outside }));
  }

  async #untilClosed(): Promise<void> {
    const { stdout, stderr, pid } = this.#child;
    const closed = new Promise<void>((resolve) => this.#child.once('close', () => resolve()));
    const reader = { write: (lines: string) => this.#log(lines), onEnd: (id: string) => this.#onEnd(id) };
    const outputs = [stdout, stderr].map((stream) => stream && eachLines(stream, reader));
    // A program that it started may hold its outputs open, so the group ends first.
    this.#child.once('exit', () => pid !== undefined && this.#options.groups.remove(pid));
    await closed;
    await Promise.all(outputs);
    const scratch = this.#options.environment.DAYBREAK_SCRATCH;
    // A killed process could not tidy up. If the folder cannot be removed now, the next process removes it.
    if (scratch !== undefined) await removeDeadScratch(scratch).catch(() => undefined);
  }

  async #log(lines: string): Promise<void> {
    if (/JavaScript heap out of memory/.test(lines))
      this.#because ??= `its JavaScript heap is full, and memory_mb is ${this.#options.memoryMb}`;
    if (this.#writeLog) await this.#writeLog(lines);
    else this.#early += lines;
  }

  async #logTo(writeLog: WriteLines): Promise<void> {
    this.#writeLog = writeLog;
    const early = this.#early;
    this.#early = '';
    if (early !== '') await writeLog(early);
  }

  #answer({ token, output, id }: TaskTokenRequest): void {
    const answer = this.#options.answerToken(token, output) ? 'delivered' : 'gone';
    this.#send({ type: 'task-token-answer', id, answer });
  }

  /** A dead child gets no message; its end is noticed by `exit`. */
  #send(message: ToFunction | TaskTokenAnswer): void {
    this.#child.send(message, () => undefined);
  }
}
