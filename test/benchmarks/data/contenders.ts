import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { engineLimits } from '../../../lib/duckdb/limits/engine-limits.ts';
import { type BenchmarkProject, type BenchmarkStep, benchmarkDays, benchmarkRange } from './benchmark-project.ts';
import type { JavaScriptMapJob } from './javascript-map-process.ts';
import type { Costs } from './own-costs.ts';
import type { RawDuckDBJob } from './raw-duckdb-process.ts';
import type { WriteNdjsonJob } from './write-ndjson-process.ts';

/** Columns that a step's queries read. */
const columnsOf: Readonly<Record<BenchmarkStep, RawDuckDBJob['scan']>> = {
  transform_customer_metrics: {
    'extract_orders.orders': ['customer_id', 'order_date', 'total_amount'],
    'extract_users.users': ['user_id', 'email', 'country', 'created_at'],
  },
  transform_product_metrics: {
    'extract_orders.orders': ['items'],
    'extract_products.products': ['product_id', 'name', 'stock_on_hand'],
  },
};

const runProcess = promisify(execFile);

const costsOf = async (name: string, job: object): Promise<Costs> => {
  const program = fileURLToPath(new URL(`./${name}-process.ts`, import.meta.url));
  // The default heap limit is too small for the Map, which would spend its time on garbage collection.
  const { stdout } = await runProcess(process.execPath, ['--max-old-space-size=8192', program, JSON.stringify(job)]);
  return JSON.parse(stdout || 'null') as Costs;
};

const ndjsonOf = (project: BenchmarkProject, dataset: string): string =>
  join(project.folder, 'out', `${dataset}.ndjson`);

/** The contenders of Daybreak. Each runs in a separate process, on the files that Daybreak's steps read. */
export const contenders = {
  /** The same queries in DuckDB alone, with the threads and the memory of a function of `memoryMb`. */
  async raw(
    project: BenchmarkProject,
    step: BenchmarkStep,
    resources: { readonly memoryMb: number; readonly cores: number },
  ) {
    return costsOf('raw-duckdb', await rawJob(project, step, resources));
  },
  /** Scans only the columns that the queries read. */
  async scan(
    project: BenchmarkProject,
    step: BenchmarkStep,
    resources: { readonly memoryMb: number; readonly cores: number },
  ) {
    return costsOf('raw-duckdb', { ...(await rawJob(project, step, resources)), scan: columnsOf[step] });
  },
  /** A Map over the NDJSON that `writeNdjson` wrote. */
  async map(project: BenchmarkProject, step: BenchmarkStep) {
    const datasets = Object.keys(await project.files());
    return costsOf('javascript-map', {
      step,
      range: benchmarkRange,
      files: Object.fromEntries(datasets.map((dataset) => [dataset, ndjsonOf(project, dataset)])),
      out: join(project.folder, 'out'),
    } satisfies JavaScriptMapJob);
  },
};

/** Writes the datasets of the extracts as NDJSON. */
export async function writeNdjson(project: BenchmarkProject): Promise<void> {
  const job: WriteNdjsonJob = Object.entries(await project.files()).map(([dataset, files]) => ({
    dataset,
    files,
    to: ndjsonOf(project, dataset),
  }));
  await costsOf('write-ndjson', job);
}

const rawJob = async (
  project: BenchmarkProject,
  step: BenchmarkStep,
  { memoryMb, cores }: { readonly memoryMb: number; readonly cores: number },
): Promise<RawDuckDBJob> => {
  const limits = engineLimits({ functionMemoryMb: memoryMb, scratchMb: 4 * memoryMb, cores, residentMb: 100 });
  return {
    template: project.template,
    step,
    input: { date_range: benchmarkRange },
    result: { extract_orders: { history_days: benchmarkDays } },
    threads: limits.threads,
    memoryMb: limits.memoryLimitMb,
    files: await project.files(),
    scan: null,
    out: join(project.folder, 'out'),
  };
};
