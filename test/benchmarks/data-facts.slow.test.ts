import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadDuckDB } from '../../lib/duckdb/load-duckdb.ts';
import { BenchmarkProject, type BenchmarkRun, benchmarkSteps } from './data/benchmark-project.ts';
import { contenders, writeNdjson } from './data/contenders.ts';

const orders = 3_000;
const made = {
  transform_customer_metrics: ['customer_metrics', 'daily_revenue'],
  transform_product_metrics: ['product_metrics'],
};

/** Datasets of the transforms that none of their queries reads. */
const unread = new Set(['transform_customer_metrics.recent_days', 'transform_product_metrics.day_sales']);

describe('the benchmark of the data path', () => {
  let project: BenchmarkProject;
  let run: BenchmarkRun;
  beforeAll(async () => {
    project = await BenchmarkProject.create(orders);
    run = await project.run(2048);
  });
  afterAll(() => project?.remove());

  const factsOf = (step: string) => {
    const facts = run.facts.find((one) => one.step === step);
    if (facts === undefined) throw new Error(run.output);
    return facts;
  };

  test('generates the given number of orders, a tenth as many users and 50,000 products, the same every time', async () => {
    expect(run.code, run.output).toBe(0);
    const counts = async (step: string) => Object.values(await project.datasets(step)).map(({ rows }) => rows);
    const [all, recent = 0] = await counts('extract_orders');
    expect(all).toBe(orders);
    // Eight days of a year have 66 of 3,000 orders on average.
    expect(recent).toBeGreaterThan(40);
    expect(recent).toBeLessThan(95);
    expect(await counts('extract_users')).toEqual([orders / 10]);
    expect(await counts('extract_products')).toEqual([50_000]);
    const again = await BenchmarkProject.create(orders);
    await again.run(2048);
    const digestsOf = async (one: BenchmarkProject) => (await one.datasets('extract_orders'))['extract_orders.orders'];
    expect((await digestsOf(again))?.content_digest).toBe((await digestsOf(project))?.content_digest);
    await again.remove();
  });

  test.each(benchmarkSteps)('%s requests each part of its data once, and stores its own parts once', async (step) => {
    const upstream = step === 'transform_customer_metrics' ? 'extract_users' : 'extract_products';
    const read = await Promise.all(['extract_orders', upstream, step].map((one) => project.datasets(one)));
    const parts = read.flatMap((datasets) =>
      Object.entries(datasets).flatMap(([name, dataset]) => (unread.has(name) ? [] : dataset.parts)),
    );
    const own = Object.values(read[2] ?? {}).flatMap((dataset) => dataset.parts);
    const { requests, bytesRead, bytesWritten } = factsOf(step);
    // The query of the result reads the datasets that the step has just stored.
    expect(requests).toMatchObject({ download: parts.length, upload: own.length });
    // The rest are records: outcomes, manifests, progress, profiles.
    const bytes = (list: typeof parts): number => list.reduce((sum, part) => sum + part.bytes, 0);
    expect(bytesRead - bytes(parts)).toBeLessThan(50_000);
    expect(bytesWritten - bytes(own)).toBeLessThan(40_000);
    expect((requests.get ?? 0) + (requests.put ?? 0)).toBeLessThan(12);
  });

  test('the contenders compute the same rows', async () => {
    await writeNdjson(project);
    const resources = { memoryMb: 2048, cores: 2 };
    const instance = await loadDuckDB().DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    for (const step of benchmarkSteps) {
      await contenders.map(project, step);
      await contenders.raw(project, step, resources);
      const files = await project.files([step]);
      for (const dataset of made[step]) {
        const [own, raw, map] = [
          `read_parquet([${files[`${step}.${dataset}`]?.map((file) => `'${file}'`).join()}])`,
          `'${join(project.folder, 'out', `${dataset}.parquet`)}'`,
          `'${join(project.folder, 'out', `${dataset}.ndjson`)}'`,
        ];
        const described = await connection.runAndReadAll(`SELECT column_name, column_type FROM (DESCRIBE FROM ${own})`);
        const columns = described.getRowsJson().map(([name, type]) => `${name}: '${type}'`);
        const typed = `read_json(${map}, columns = {${columns.join(', ')}})`;
        for (const other of [raw, typed]) {
          const differing = await connection.runAndReadAll(
            `SELECT (SELECT count(*) FROM ${own}) - (SELECT count(*) FROM ${other}), (SELECT count(*) FROM (FROM ${own} EXCEPT FROM ${other}))`,
          );
          expect(differing.getRowsJson(), `${dataset} of ${other}`).toEqual([['0', '0']]);
        }
      }
    }
  });
});
