import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import type { DatasetEntry } from '../../../lib/contract/records/dataset.ts';
import type { Manifest } from '../../../lib/contract/records/manifest.ts';
import type { InvocationFacts } from './measure-functions-process.ts';
import { groupPrefix, MemoryCgroup } from './memory-cgroup.ts';

const home = fileURLToPath(new URL('../../..', import.meta.url));
const here = fileURLToPath(new URL('.', import.meta.url));

/** The days of the generated orders. */
export const benchmarkRange = { start_date: '2025-01-01', end_date: '2025-12-31' };
export const benchmarkDays = 365;

/** The measured steps. */
export const benchmarkSteps = ['transform_customer_metrics', 'transform_product_metrics'] as const;
export type BenchmarkStep = (typeof benchmarkSteps)[number];

/** The queries of the generator, which replace the extracts. */
const generated: Readonly<Record<string, string>> = {
  extract_orders: 'orders',
  extract_users: 'users',
  extract_products: 'products',
};

/** The orders with their last eight days, and the result that the transforms read. */
const ordersSql = {
  datasets: {
    orders: { file: 'orders.sql' },
    recent_orders: { query: `FROM extract_orders.orders WHERE order_date >= TIMESTAMP '2025-12-24'` },
  },
  result: { query: `SELECT ${benchmarkDays} AS history_days` },
};

interface TemplateStep {
  readonly name: string;
  readonly dependencies?: readonly string[];
  readonly sql?: { readonly params?: object };
  readonly [key: string]: unknown;
}

/** The end of a run, and the costs of each of its invocations. */
export interface BenchmarkRun {
  readonly code: number | null;
  readonly facts: readonly InvocationFacts[];
  readonly output: string;
  /** Processes that the kernel killed for their memory. */
  readonly killed: number;
}

/** A separate project in a temporary folder: the unchanged transforms of customer_analytics on generated data. The command line runs it. */
export class BenchmarkProject {
  readonly folder: string;
  readonly #orders: number;

  private constructor(folder: string, orders: number) {
    this.folder = folder;
    this.#orders = orders;
  }

  static async create(orders: number): Promise<BenchmarkProject> {
    const folder = await mkdtemp(join(tmpdir(), 'daybreak-benchmark-'));
    await mkdir(join(folder, 'pipelines'));
    await mkdir(join(folder, 'out'));
    await cp(join(home, 'pipelines/customer_analytics'), join(folder, 'pipelines/customer_analytics'), {
      recursive: true,
    });
    for (const name of Object.values(generated))
      await cp(join(here, `${name}.sql`), join(folder, `pipelines/${name}.sql`));
    return new BenchmarkProject(folder, orders);
  }

  get template(): string {
    return join(this.folder, 'pipelines/customer_analytics.yaml');
  }

  /** Removes everything that it generated. */
  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  /** Generates the data, and runs every step once. Its functions load the sources, whose requests can be counted. */
  run(memoryMb: number | null): Promise<BenchmarkRun> {
    return this.#start(
      ['run', 'customer_analytics', '--input', JSON.stringify({ date_range: benchmarkRange })],
      { memoryMb, limitMb: null },
      { DAYBREAK_RUNTIME: 'sources' },
    );
  }

  /** Runs a step again with this much memory (null: the template's value). Each function runs in a control group limited to `limitMb`. */
  async again(
    step: BenchmarkStep,
    memory: { readonly memoryMb: number | null; readonly limitMb: number | null },
  ): Promise<BenchmarkRun> {
    const [run = ''] = await readdir(this.#runs);
    return this.#start(['resume', 'customer_analytics', run, '--from', step], memory);
  }

  /** Local files of every dataset of the extracts and of these steps, by "step.dataset". */
  async files(steps: readonly string[] = Object.keys(generated)): Promise<Record<string, string[]>> {
    const found = await Promise.all(steps.map((step) => this.datasets(step)));
    const entries = found.flatMap((datasets) => Object.entries(datasets));
    return Object.fromEntries(
      entries.map(([name, { parts }]) => [name, parts.map(({ key }) => join(this.#store, key))]),
    );
  }

  /** The datasets of a step's latest manifest, by "step.dataset". */
  async datasets(step: string): Promise<Record<string, DatasetEntry>> {
    const [run = ''] = await readdir(this.#runs);
    const folder = join(this.#runs, run, 'steps', step, 'manifests');
    const manifests = await Promise.all(
      (await readdir(folder)).map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')) as Manifest),
    );
    const latest = manifests.sort((a, b) => (a.committed_at < b.committed_at ? 1 : -1))[0];
    return Object.fromEntries(
      Object.entries(latest?.datasets ?? {}).map(([name, entry]) => [`${step}.${name}`, entry]),
    );
  }

  get #store(): string {
    return join(this.folder, 'store');
  }

  get #runs(): string {
    return join(this.#store, 'customer_analytics/runs');
  }

  async #writeTemplate(memoryMb: number | null): Promise<void> {
    const template = parse(await readFile(join(home, 'pipelines/customer_analytics.yaml'), 'utf8'));
    const steps = template.steps as readonly TemplateStep[];
    const kept = steps.filter(({ name }) => name in generated || (benchmarkSteps as readonly string[]).includes(name));
    const rewritten = kept.map((step) => {
      const name = generated[step.name];
      if (name === undefined) {
        // The gate is left out: it would be measured too, and it passes on any generated data.
        const dependencies = step.dependencies?.filter((one) => kept.some((other) => other.name === one));
        return { ...step, dependencies, ...(memoryMb !== null && { memory_mb: memoryMb }) };
      }
      const params = { seed: 7, ...(name !== 'products' && { orders: this.#orders }) };
      const sql = name === 'orders' ? ordersSql : { file: `${name}.sql` };
      return { name: step.name, memory_mb: 3008, outputs: step.outputs, sql: { ...sql, params } };
    });
    const { local: _, schedule: __, deadline: ___, ...rest } = template;
    await writeFile(this.template, stringify({ ...rest, steps: rewritten }));
  }

  async #start(
    args: readonly string[],
    memory: { readonly memoryMb: number | null; readonly limitMb: number | null },
    environment: Readonly<Record<string, string>> = {},
  ): Promise<BenchmarkRun> {
    await this.#writeTemplate(memory.memoryMb);
    const facts = join(this.folder, 'facts.ndjson');
    await rm(facts, { force: true });
    const child = spawn(
      process.execPath,
      [join(home, 'bin/launch.js'), ...args, '--root', this.folder, '--store', this.#store, '--json'],
      {
        cwd: this.folder,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...process.env,
          ...environment,
          NODE_OPTIONS: `--import ${join(here, 'measure-functions-process.ts')}`,
          BENCH_FACTS: facts,
          ...(memory.limitMb !== null && { BENCH_LIMIT_MB: String(memory.limitMb) }),
        },
      },
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    const lines = (await readFile(facts, 'utf8').catch(() => '')).trimEnd().split('\n').filter(Boolean);
    const groups = MemoryCgroup.list(groupPrefix(child.pid));
    const killed = groups.reduce((sum, group) => sum + group.memory().killed, 0);
    for (const group of groups) group.remove();
    return { code, facts: lines.map((line) => JSON.parse(line) as InvocationFacts), output, killed };
  }
}
