import type { Json, JsonObject } from '../../contract/json.ts';
import { type RunDataset, runDatasets } from '../../operate/data/run-datasets.ts';
import type { RunReport } from '../../operate/runs/run-report.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { readOnlyQuery } from '../../runtime/handler/read-only-query.ts';
import type { Sample, SampledStep } from '../../testing/units/capture-test.ts';
import { plain } from '../../testing/units/same-value.ts';
import { UsageError } from '../typed/usage-error.ts';

/** The ends of these steps in a run, each with the first rows of its datasets. */
export async function sampleRun(
  report: RunReport,
  steps: readonly string[],
  { store, rows }: { readonly store: ObjectStore; readonly rows: number },
): Promise<ReadonlyMap<string, SampledStep>> {
  const sampled = new Map<string, SampledStep>();
  const datasets = await runDatasets(store, report, steps);
  for (const name of steps) {
    const step = report.steps.find((one) => one.step === name);
    const outcome = step?.outcome ?? 'pending';
    if (outcome === 'pending') throw new UsageError(`step "${name}" has not ended in run ${report.run_id}`);
    if (outcome === 'failed' || outcome === 'blocked' || outcome === 'skipped') {
      sampled.set(name, outcome);
      continue;
    }
    const own = datasets.filter((dataset) => dataset.step === name);
    const samples = await Promise.all(
      own.map(async (one) => [one.dataset, await firstRows(one, store, rows)] as const),
    );
    sampled.set(name, { result: (step?.result ?? null) as Json, datasets: Object.fromEntries(samples) });
  }
  return sampled;
}

async function firstRows({ step, dataset, entry }: RunDataset, store: ObjectStore, most: number): Promise<Sample> {
  const named = (name: string): string => `"${name.replaceAll('"', '""')}"`;
  const rows: JsonObject[] = [];
  const text = `SELECT * FROM ${named(step)}.${named(dataset)} LIMIT ${most}`;
  const { signal } = new AbortController();
  await readOnlyQuery({ store, datasets: [{ step, dataset, entry }], text, signal }, async ({ batches }) => {
    for await (const batch of batches) rows.push(...batch.map((row) => plain(row) as JsonObject));
  });
  return { columns: entry.columns, rows };
}
