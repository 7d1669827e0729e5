/**
 * The contender that marks the limit: a step's queries on the same files in DuckDB alone, as its command line would run them. Optionally only a scan of the
 * columns that they read.
 */
import { join } from 'node:path';
import { loadDuckDB } from '../../../lib/duckdb/load-duckdb.ts';
import { sqlStepOf } from '../../support/sql-steps.ts';
import { ownCosts } from './own-costs.ts';

/** The argument: JSON. */
export interface RawDuckDBJob {
  readonly template: string;
  readonly step: string;
  readonly input: object;
  /** Results of the extracts, by step. */
  readonly result: Readonly<Record<string, object>>;
  readonly threads: number;
  readonly memoryMb: number;
  /** Parquet files by "step.dataset". */
  readonly files: Readonly<Record<string, readonly string[]>>;
  /** Columns by "step.dataset": the process only scans them. */
  readonly scan: Readonly<Record<string, readonly string[]>> | null;
  /** A folder for the output of the queries. */
  readonly out: string;
}

const job = JSON.parse(process.argv[2] ?? '') as RawDuckDBJob;
const instance = await loadDuckDB().DuckDBInstance.create(':memory:', {
  threads: String(job.threads),
  memory_limit: `${job.memoryMb}MB`,
  temp_directory: join(job.out, 'spill'),
});
const connection = await instance.connect();

const view = async (dataset: string, files: readonly string[]): Promise<void> => {
  const [step, name] = dataset.split('.');
  await connection.run(`CREATE SCHEMA IF NOT EXISTS "${step}"`);
  const list = files.map((file) => `'${file}'`).join(', ');
  await connection.run(`CREATE VIEW "${step}"."${name}" AS FROM read_parquet([${list}])`);
};

for (const [dataset, files] of Object.entries(job.files)) await view(dataset, files);
if (job.scan === null) {
  const { datasets, result } = await sqlStepOf(job.template, job.step, { input: job.input, result: job.result });
  for (const [name, { text, values }] of Object.entries(datasets)) {
    const file = join(job.out, `${name}.parquet`);
    await connection.run(`COPY (${text}) TO '${file}' (FORMAT parquet, COMPRESSION zstd)`, { ...values });
    await view(`${job.step}.${name}`, [file]);
  }
  await connection.runAndReadAll(result.text, { ...result.values });
} else {
  for (const [dataset, columns] of Object.entries(job.scan)) {
    const counts = columns.map((column) => `count("${column}")`).join(', ');
    await connection.runAndReadAll(`SELECT ${counts} FROM "${dataset.replace('.', '"."')}"`);
  }
}
console.log(JSON.stringify(ownCosts()));
