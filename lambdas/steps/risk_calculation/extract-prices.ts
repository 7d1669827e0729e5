import { defineStep } from 'daybreak';
import { loadFiles } from 'daybreak/sources';
import * as z from 'zod/mini';
import type { RiskInput } from './input.ts';

const options = z.strictObject({ files: z.string() });

/** Columns of the dataset `prices`. */
export const priceColumns = { instrument: 'VARCHAR', day: 'DATE', price: 'DECIMAL(12,4)' };

/** Writes the dataset `prices`: the closing prices of all files. The first wrong line fails the step. */
export const handler = defineStep<RiskInput>(async (step) => {
  const { files } = options.parse(step.config);
  const loaded = await loadFiles(step, { dataset: 'prices', columns: priceColumns, files });
  return { prices: loaded.rows, files: loaded.files.length };
});
