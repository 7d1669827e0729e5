import { type ChildProcess, fork } from 'node:child_process';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Json } from '../../contract/json.ts';
import type { TaskTokenAnswer, TaskTokenRequest } from '../../ports/folder/ipc-task-tokens.ts';
import { removeDeadScratch } from '../../ports/folder/process-scratch.ts';
import { TaskFailure } from '../asl/api.ts';
import type { FromFunction, FunctionError, FunctionSource, ToFunction } from './function-messages.ts';
import { heapOptions, watchMemory } from './watch-memory.ts';

const hostProgram = fileURLToPath(new URL('./function-host.ts', import.meta.url));

export interface FunctionProcessOptions extends FunctionSource {
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** Takes what the function writes to its output. */
  readonly log: Writable;
  readonly answerToken: (token: string, output: string) => boolean;
}

/** One child process that stands for one Lambda environment. It runs one invocation at a time and is dead after a time-out or crash. */
export class FunctionProcess {
  readonly #options: FunctionProcessOptions;
  readonly #child: ChildProcess;
  readonly #ready: Promise<void>;
  /** Resolves when the process is gone and all that it wrote was read. */
  readonly closed: Promise<void>;
  #ended = false;

  constructor(options: FunctionProcessOptions) {
    this.#options = options;
    const { entry, export: name, environment, memoryMb, log } = options;
    this.#child = fork(hostProgram, [JSON.stringify({ entry, export: name } satisfies FunctionSource)], {
      env: { ...process.env, TZ: 'UTC', AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb), ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'json',
      execArgv: [...process.execArgv, ...heapOptions(memoryMb)],
    });
    this.#child.stdout?.pipe(log, { end: false });
    this.#child.stderr?.pipe(log, { end: false });
    this.closed = new Promise<void>((resolve) => this.#child.once('close', () => resolve())).then(() => {
      // A process that was killed could not tidy up. What cannot be removed now goes with the next process.
      const scratch = environment.DAYBREAK_SCRATCH;
      return scratch === undefined ? undefined : removeDeadScratch(scratch).catch(() => undefined);
    });
    this.#child.on('exit', () => {
      this.#ended = true;
    });
    this.#child.on('message', (message: FromFunction | TaskTokenRequest) => {
      if (message.type === 'task-token-succeed') this.#answer(message);
    });
    this.#ready = this.#untilReady();
    this.#ready.catch(() => undefined);
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Runs one invocation; rejects with a TaskFailure as Step Functions would see it: the handler's error, `Sandbox.Timedout`, `Runtime.ExitError`. */
  async invoke(id: string, event: Json, signal: AbortSignal): Promise<Json> {
    await this.#ready;
    const { timeoutSeconds } = this.#options;
    const answer = new Promise<Json>((resolve, reject) => {
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        unwatch();
        this.#child.off('message', hear);
        this.#child.off('exit', lose);
        signal.removeEventListener('abort', abandon);
        settle();
      };
      const hear = (message: FromFunction): void => {
        if (message.type === 'result' && message.id === id) finish(() => resolve(message.payload));
        if (message.type === 'error' && message.id === id) finish(() => reject(failureOf(message.error)));
      };
      const lose = (code: number | null, killedBy: string | null): void =>
        finish(() => reject(exitFailure(id, code, killedBy)));
      const abandon = (): void => {
        finish(() => reject(new TaskFailure('States.TaskFailed', 'the execution ended')));
        this.kill();
      };
      const timer = setTimeout(() => {
        finish(() => reject(timeOutFailure(id, timeoutSeconds)));
        this.kill();
      }, timeoutSeconds * 1000);
      const unwatch = this.#watchMemory();
      this.#child.on('message', hear);
      this.#child.on('exit', lose);
      signal.addEventListener('abort', abandon, { once: true });
      if (signal.aborted) abandon();
      else if (this.#ended) lose(this.#child.exitCode, this.#child.signalCode);
      else this.#send({ type: 'invoke', id, event, deadline: Date.now() + timeoutSeconds * 1000 });
    });
    return answer;
  }

  /** Ends the process at once, as a time-out does: whatever it was writing stays unfinished. */
  kill(): void {
    this.#ended = true;
    this.#child.kill('SIGKILL');
  }

  /** Lambda kills a function that needs more memory than it has. */
  #watchMemory(): () => void {
    const { memoryMb, log } = this.#options;
    return watchMemory(this.#child.pid ?? 0, memoryMb, (residentMb) => {
      log.write(
        `the function is killed: it has ${Math.round(residentMb)} MB in memory, and memory_mb is ${memoryMb}\n`,
      );
      this.kill();
    });
  }

  #untilReady(): Promise<void> {
    return new Promise((resolve, reject) => {
      const hear = (message: FromFunction): void => {
        if (message.type === 'ready') done(resolve);
        if (message.type === 'broken') {
          done(() => reject(failureOf(message.error)));
          this.kill();
        }
      };
      const lose = (code: number | null, killedBy: string | null): void =>
        done(() => reject(exitFailure('init', code, killedBy)));
      const done = (settle: () => void): void => {
        this.#child.off('message', hear);
        this.#child.off('exit', lose);
        settle();
      };
      this.#child.on('message', hear);
      this.#child.on('exit', lose);
      this.#child.on('error', (error) => done(() => reject(new TaskFailure('Lambda.ServiceException', error.message))));
    });
  }

  #answer({ token, output, id }: TaskTokenRequest): void {
    const answer = this.#options.answerToken(token, output) ? 'delivered' : 'gone';
    this.#send({ type: 'task-token-answer', id, answer });
  }

  /** A child that is gone does not hear; its end is noticed by `exit`. */
  #send(message: ToFunction | TaskTokenAnswer): void {
    this.#child.send(message, () => undefined);
  }
}

/** As Step Functions reports a function's error: the type is matched, the rest is the cause. */
const failureOf = (error: FunctionError): TaskFailure => new TaskFailure(error.errorType, JSON.stringify(error));

const timeOutFailure = (id: string, seconds: number): TaskFailure =>
  failureOf({
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${id} Error: Task timed out after ${seconds.toFixed(2)} seconds`,
    trace: [],
  });

/** As Lambda's own supervisor, which is written in Go, calls them. */
const signalTexts: Readonly<Record<string, string>> = {
  SIGKILL: 'killed',
  SIGABRT: 'aborted',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
};

const exitFailure = (id: string, code: number | null, killedBy: string | null): TaskFailure =>
  failureOf({
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${id} Error: Runtime exited with error: ${killedBy ? `signal: ${signalTexts[killedBy] ?? killedBy}` : `exit status ${code}`}`,
    trace: [],
  });
