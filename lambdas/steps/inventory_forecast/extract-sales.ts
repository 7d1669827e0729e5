import { defineStep } from 'daybreak';
import { loadFiles } from 'daybreak/sources';
import * as z from 'zod/mini';
import type { ForecastInput } from './input.ts';

const options = z.strictObject({ files: z.string() });

/** Columns of the dataset `sales`. */
export const salesColumns = { day: 'DATE', product_id: 'VARCHAR', units: 'BIGINT' };

/** Writes the dataset `sales` from all monthly files. The first line that cannot be read fails the step. */
export const handler = defineStep<ForecastInput>(async (step) => {
  const { files } = options.parse(step.config);
  const loaded = await loadFiles(step, { dataset: 'sales', columns: salesColumns, files });
  return { rows: loaded.rows, files: loaded.files.length };
});
