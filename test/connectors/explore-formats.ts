import fc from 'fast-check';
import { expect } from 'vitest';
import { writeFile } from '../../lib/connectors/sinks.ts';
import { loadFiles } from '../../lib/connectors/sources.ts';
import { arbitraryDataset } from '../data/arbitrary-dataset.ts';
import { aStep, attempt, keys, memoryWorld } from '../runtime/fixtures.ts';

const formats = [
  { format: 'csv', compression: 'gzip' },
  { format: 'ndjson', compression: 'zstd' },
  { format: 'parquet' },
] as const;

/** Rows through a dataset, a query, a file and a second dataset. */
async function through(
  { columns, given }: { readonly columns: Record<string, string>; readonly given: readonly object[] },
  target: (typeof formats)[number],
): Promise<unknown[]> {
  const world = memoryWorld();
  await attempt(world, { step: aStep('make') }, (step) => step.write('d', given, { columns }));
  await attempt(world, { step: aStep('query', { dependencies: ['make'] }) }, (step) =>
    step.write('d', step.sql('SELECT * FROM make.d')),
  );
  await attempt(world, { step: aStep('write', { dependencies: ['query'] }) }, (step) =>
    writeFile(step, 'file', step.rows('query.d'), { ...target, columns }),
  );
  const [file = ''] = (await keys(world.store)).filter((key) => key.endsWith('/file'));
  await world.store.put('sources/file', (await world.store.get(file))?.body ?? Buffer.alloc(0));
  const rows: unknown[] = [];
  await attempt(world, { step: aStep('load') }, (step) =>
    // The keys of nulls are in every object, but there may be no object at all.
    loadFiles(step, { dataset: 'd', columns, files: 'file', format: target.format }),
  );
  await attempt(world, { step: aStep('read', { dependencies: ['load'] }) }, async (step) => {
    for await (const batch of step.rows('load.d')) rows.push(...batch);
  });
  return rows;
}

/** Checks that rows of every column type are the same behind a dataset, a query and a file of each format. */
export async function checkFormats(numRuns: number): Promise<void> {
  const property = fc.asyncProperty(arbitraryDataset, async (dataset) => {
    for (const target of formats) expect(await through(dataset, target), target.format).toEqual(dataset.read);
  });
  await fc.assert(property, { numRuns });
}
