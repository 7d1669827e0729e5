import { type ChildProcess, fork } from 'node:child_process';
import { HelperDiedError } from '../../contract/helper-died-error.ts';
import type { QueryLineage } from '../../contract/lineage/column-lineage.ts';
import type { ParsedQuery } from '../../duckdb/guard/read-sql.ts';
import { ownModule } from '../../package/package-files.ts';
import type { LineageQuestion } from '../lineage/query-lineage.ts';
import type {
  DescribeQuestion,
  Description,
  Doubt,
  DoubtQuestion,
  ProbeAnswer,
  ProbeQuestion,
  Stopped,
} from './probe-messages.ts';

const program = ownModule('lib/compiler/sql/probe-process.ts');

/** Far more than planning any sensible query takes, which is milliseconds. */
const usualPatienceMs = 10_000;

/** Time for the process to start: half a second, and far more on a busy machine. */
const startMs = 30_000;

/**
 * Parses and plans queries on DuckDB in a separate process, which runs none of them. If a query makes DuckDB hang or die, that process ends, and the next question starts a new one.
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

  /** The names in a query, and its forbidden operations. */
  async read(text: string): Promise<ParsedQuery | Stopped> {
    const answer = await this.#inTurn((id) => ({ id, ask: 'read', text }));
    return 'parsed' in answer ? answer.parsed : stoppedBy(answer);
  }

  /** The columns that a query makes of its tables. */
  async describe(question: DescribeQuestion): Promise<Description | Stopped> {
    const answer = await this.#inTurn((id) => ({ id, ask: 'describe', ...question }));
    return 'description' in answer ? answer.description : stoppedBy(answer);
  }

  /** The expressions that DuckDB would compute, but probably not as meant. */
  async doubts(question: DoubtQuestion): Promise<readonly Doubt[] | Stopped> {
    const answer = await this.#inTurn((id) => ({ id, ask: 'doubts', ...question }));
    return 'doubts' in answer ? answer.doubts : stoppedBy(answer);
  }

  /** Where the columns of a query's result come from. */
  async lineage(question: LineageQuestion & { readonly text: string }): Promise<QueryLineage | Stopped> {
    const answer = await this.#inTurn((id) => ({ id, ask: 'lineage', ...question }));
    return 'lineage' in answer ? answer.lineage : stoppedBy(answer);
  }

  /** Ends the process. */
  close(): void {
    this.#child?.kill('SIGKILL');
    this.#child = null;
  }

  #inTurn(make: (id: number) => ProbeQuestion): Promise<ProbeAnswer> {
    this.#asked += 1;
    const question = make(this.#asked);
    const answer = this.#last.then(() => this.#ask(question));
    this.#last = answer;
    return answer;
  }

  /** Asks once more when the process was killed: a machine short of memory kills processes that did nothing wrong. */
  async #ask(question: ProbeQuestion): Promise<ProbeAnswer> {
    const answer = await this.#askOnce(question);
    return 'died' in answer ? this.#askOnce(question) : answer;
  }

  async #askOnce(question: ProbeQuestion): Promise<ProbeAnswer> {
    const started = this.#child === null ? await this.#start() : null;
    if (started !== null && !('ready' in started)) return started;
    return this.#hear(question.id, this.#patienceMs, (child) => child.send(question, () => undefined));
  }

  /** Waits until DuckDB is ready, or returns the reason why it is not. */
  async #start(): Promise<ProbeAnswer> {
    const child = fork(program, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    // A caller that waits for an answer has a timer that keeps this process alive.
    child.unref();
    child.channel?.unref();
    this.#child = child;
    child.once('exit', () => {
      if (this.#child === child) this.#child = null;
    });
    const started = await this.#hear(0, startMs, () => undefined);
    if ('ready' in started) return started;
    this.close();
    return 'stopped' in started
      ? { id: 0, unavailable: `the process for that does not start: ${started.stopped}` }
      : started;
  }

  /** Returns the answer with this number, and kills a process that gives none. */
  async #hear(id: number, patienceMs: number, ask: (child: ChildProcess) => void): Promise<ProbeAnswer> {
    const child = this.#child;
    if (child === null) return { id, died: 'it ended early' };
    const { promise, resolve } = Promise.withResolvers<ProbeAnswer>();
    const hear = (answer: ProbeAnswer): void => {
      if (answer.id === id) resolve(answer);
    };
    const giveUp = (answer: ProbeAnswer): void => {
      this.close();
      resolve(answer);
    };
    const exited = (code: number | null, signal: string | null): void =>
      giveUp({ id, died: signal ?? `exit code ${code}` });
    const failed = ({ message }: Error): void => giveUp({ id, died: message });
    const late = (): void => giveUp({ id, stopped: `it takes longer than ${patienceMs / 1000} s` });
    const timer = setTimeout(late, patienceMs);
    child.on('message', hear).once('exit', exited).once('error', failed);
    ask(child);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      child.off('message', hear).off('exit', exited).off('error', failed);
    }
  }
}

const crashes: readonly string[] = ['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE'];

const stoppedBy = (answer: ProbeAnswer): Stopped => {
  if ('stopped' in answer) return { stopped: answer.stopped };
  // It died the second time too. With one of these signals, the query crashes DuckDB.
  if ('died' in answer && crashes.includes(answer.died)) return { stopped: `DuckDB dies of it (${answer.died})` };
  if ('died' in answer) throw new HelperDiedError('plans queries', answer.died);
  throw new Error(
    `queries cannot be checked: ${'unavailable' in answer ? answer.unavailable : 'DuckDB gives wrong answers'}`,
  );
};

/** The one probe of this process: several pipelines may be compiled one after the other. */
export const sharedProbe = new Probe();
