import { randomUUID } from 'node:crypto';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import type { Json } from '../../contract/json.ts';
import type { FunctionSource } from './function-messages.ts';
import { FunctionProcess } from './function-process.ts';

/** A function as the pool starts it. */
export interface LocalFunction extends FunctionSource {
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
}

/** Keeps child processes as Lambda keeps environments: each serves one function, one invocation at a time, and stays warm for the next. */
export class FunctionPool {
  readonly #functions: ReadonlyMap<string, LocalFunction>;
  readonly #logFolder: string;
  readonly #answerToken: (token: string, output: string) => boolean;
  readonly #idle = new Map<string, FunctionProcess[]>();
  readonly #all = new Set<FunctionProcess>();
  readonly #logs = new Map<string, Writable>();

  constructor(
    functions: ReadonlyMap<string, LocalFunction>,
    logFolder: string,
    answerToken: (token: string, output: string) => boolean,
  ) {
    this.#functions = functions;
    this.#logFolder = logFolder;
    this.#answerToken = answerToken;
  }

  /** Runs a function once; rejects with a TaskFailure as Step Functions would see it. */
  async invoke(name: string, event: Json, signal: AbortSignal): Promise<Json> {
    const process = this.#idle.get(name)?.pop() ?? this.#start(name);
    try {
      return await process.invoke(randomUUID(), event, signal);
    } finally {
      if (!process.ended) this.#idle.set(name, [...(this.#idle.get(name) ?? []), process]);
    }
  }

  /** Ends every process. */
  async close(): Promise<void> {
    for (const process of this.#all) process.kill();
    await Promise.all([...this.#all].map(({ closed }) => closed));
    for (const log of this.#logs.values()) log.end();
  }

  #start(name: string): FunctionProcess {
    const fn = this.#functions.get(name);
    if (!fn) throw new Error(`no function is called "${name}"`);
    const started = new FunctionProcess({ ...fn, log: this.#logOf(name), answerToken: this.#answerToken });
    this.#all.add(started);
    return started;
  }

  #logOf(name: string): Writable {
    const known = this.#logs.get(name);
    if (known) return known;
    mkdirSync(this.#logFolder, { recursive: true });
    const log = createWriteStream(join(this.#logFolder, `${name}.log`), { flags: 'a' });
    this.#logs.set(name, log);
    return log;
  }
}
