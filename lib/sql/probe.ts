import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { SqlReading } from '../duckdb/read-sql.ts';
import type { DescribeQuestion, Description, ProbeAnswer, ProbeQuestion } from './probe-messages.ts';

const program = fileURLToPath(new URL('./probe-process.ts', import.meta.url));

/** Far more than planning any sensible query takes, which is milliseconds. */
const usualPatienceMs = 10_000;

/**
 * Parses and plans queries on DuckDB in a process of its own, which runs none of them: a query that makes DuckDB hang or die costs that process, and the next question a new one.
 * Questions are answered one after the other. The process starts with the first, does not keep this one alive, and ends with it.
 */
export class Probe {
  readonly #patienceMs: number;
  #child: ChildProcess | null = null;
  #asked = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: { readonly patienceMs?: number } = {}) {
    this.#patienceMs = options.patienceMs ?? usualPatienceMs;
  }

  /** What a query names, and what it may not do; null when DuckDB gave no answer. */
  async read(text: string): Promise<SqlReading | null> {
    const answer = await this.#inTurn((id) => ({ id, ask: 'read', text }));
    return answer !== null && 'reading' in answer ? answer.reading : null;
  }

  /** The columns that a query makes of its tables; null when DuckDB gave no answer. */
  async describe(question: DescribeQuestion): Promise<Description | null> {
    const answer = await this.#inTurn((id) => ({ id, ask: 'describe', ...question }));
    return answer !== null && 'description' in answer ? answer.description : null;
  }

  /** Ends the process. */
  close(): void {
    this.#child?.kill('SIGKILL');
    this.#child = null;
  }

  #inTurn(make: (id: number) => ProbeQuestion): Promise<ProbeAnswer | null> {
    this.#asked += 1;
    const question = make(this.#asked);
    const answer = this.#last.then(() => this.#ask(question));
    this.#last = answer;
    return answer;
  }

  async #ask(question: ProbeQuestion): Promise<ProbeAnswer | null> {
    this.#child ??= start();
    const child = this.#child;
    const { promise, resolve } = Promise.withResolvers<ProbeAnswer | null>();
    const hear = (answer: ProbeAnswer): void => {
      if (answer.id === question.id) resolve(answer);
    };
    const giveUp = (): void => {
      this.close();
      resolve(null);
    };
    const timer = setTimeout(giveUp, this.#patienceMs);
    child.on('message', hear).once('exit', giveUp).once('error', giveUp);
    child.send(question, () => undefined);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      child.off('message', hear).off('exit', giveUp).off('error', giveUp);
    }
  }
}

const start = (): ChildProcess => {
  const child = fork(program, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  // Whoever waits for an answer has a timer that keeps the process alive.
  child.unref();
  child.channel?.unref();
  return child;
};

/** The one probe of this process: several pipelines may be compiled one after the other. */
export const sharedProbe = new Probe();
