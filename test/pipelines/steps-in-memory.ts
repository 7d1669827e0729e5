import type { Columns, Rows, Step, StepFunction, StepHandler, StepQuery } from 'daybreak';
import { fetchOverHttp } from '../../lib/runtime/fetch-over-http.ts';

/** What a step of a test left behind. */
export interface StepOutput {
  result: unknown;
  readonly datasets: Record<string, Record<string, unknown>[]>;
  readonly columns: Record<string, Readonly<Record<string, string>>>;
  readonly files: Record<string, string>;
}

/** Step handlers run one after the other, with what they write kept in memory as the JSON that a store would hold. */
export class StepsInMemory {
  readonly outputs = new Map<string, StepOutput>();
  readonly done = new Set<string>();
  readonly signal = new AbortController().signal;
  readonly #input: unknown;
  readonly #secrets: Readonly<Record<string, string>>;
  readonly #objects: (key: string) => Promise<AsyncIterable<Uint8Array> | null>;

  constructor(options: {
    readonly input: object;
    readonly secrets?: Readonly<Record<string, string>>;
    readonly objects?: (key: string) => Promise<AsyncIterable<Uint8Array> | null>;
  }) {
    this.#input = options.input;
    this.#secrets = options.secrets ?? {};
    this.#objects = options.objects ?? (async () => null);
  }

  /** Runs one attempt; what it wrote is visible only when it succeeds. */
  async run<Input, Config>(
    name: string,
    handler: StepHandler<Input, Config>,
    options: { readonly config?: object; readonly attempt?: number } = {},
  ): Promise<StepOutput> {
    const output: StepOutput = { result: null, datasets: {}, columns: {}, files: {} };
    const step = this.#step(output, options.config ?? {}, options.attempt ?? 1);
    output.result = plain(await (handler.stepFunction as StepFunction)(step));
    this.outputs.set(name, output);
    return output;
  }

  #output(step: string): StepOutput {
    const output = this.outputs.get(step);
    if (output === undefined) throw new Error(`step ${step} has not run`);
    return output;
  }

  #step(output: StepOutput, config: object, attempt: number): Step {
    const writer: Step['writer'] = (name, { columns }) => {
      const rows: Record<string, unknown>[] = [];
      output.datasets[name] = rows;
      output.columns[name] = columns;
      const names = Object.keys(columns).join();
      return {
        async append(batch) {
          for (const row of batch) {
            if (Object.keys(row).sort().join() !== names.split(',').sort().join()) {
              throw new Error(`${name}: ${Object.keys(row)} are not ${names}`);
            }
            rows.push(plain(row) as Record<string, unknown>);
          }
        },
        appendColumns: () => missing('appendColumns'),
        appendCsv: () => missing('appendCsv'),
        get rowCount() {
          return rows.length;
        },
      };
    };
    return {
      input: plain(this.#input) as Step['input'],
      config: plain(config) as Step['config'],
      run: {
        pipeline: 'customer_analytics',
        run_id: 'test-run',
        execution: 1,
        started_at: '2026-01-31T01:00:03.000Z',
        scheduled_time: null,
      },
      name: 'step',
      attempt,
      isLastAttempt: false,
      signal: this.signal,
      log: { debug() {}, info() {}, warn() {}, error() {} } as unknown as Step['log'],
      result: <T>(name: string) => this.outputs.get(name)?.result as T,
      rows: <T>(dataset: string) => batches<T>(this.#rows(dataset)),
      columns: () => missing('columns'),
      sql: () => missing('sql'),
      readFile: async (name, file) => Buffer.from(this.#output(name).files[file] ?? missing(file)),
      object: this.#objects,
      async *objects() {},
      writer,
      async write(name: string, rows: Rows | StepQuery<unknown>, { columns }: { readonly columns?: Columns } = {}) {
        const target = writer(name, { columns: columns ?? missing('columns') });
        for await (const row of rows as AsyncIterable<object | readonly object[]>)
          await target.append(Array.isArray(row) ? row : [row]);
        return target.rowCount;
      },
      async file(name, content) {
        output.files[name] = Buffer.from(content as string).toString();
      },
      once: async (key, fn) => {
        if (this.done.has(key)) return false;
        await fn();
        this.done.add(key);
        return true;
      },
      secret: async (name) => this.#secrets[name] ?? missing(`secret ${name}`),
      fetch: (url, init = {}) => fetchOverHttp(url, init, { signal: this.signal, now: Date.now }),
      async progress() {},
      checkpoint: undefined,
      async yieldIfDue() {},
    };
  }

  #rows(dataset: string): Record<string, unknown>[] {
    const [step = '', name = ''] = dataset.split('.');
    return this.#output(step).datasets[name] ?? missing(dataset);
  }
}

async function* batches<T>(rows: readonly unknown[]): AsyncGenerator<T[]> {
  for (let start = 0; start < rows.length; start += 700) yield plain(rows.slice(start, start + 700)) as T[];
}

const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

const missing = (what: string): never => {
  throw new Error(`there is no ${what}`);
};
