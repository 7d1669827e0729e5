import { defineStep } from 'daybreak';
import { loadFiles } from 'daybreak/sources';
import * as z from 'zod/mini';
import type { SensorInput } from './input.ts';

const options = z.strictObject({ file: z.string() });

/** Columns of the dataset `sensors`. Values from `lowest` to `highest` are plausible. */
export const sensorColumns = {
  sensor_id: 'VARCHAR',
  name: 'VARCHAR',
  unit: 'VARCHAR',
  interval_seconds: 'BIGINT',
  lowest: 'DOUBLE',
  highest: 'DOUBLE',
};

/** Writes the dataset `sensors`. The first wrong line fails the step. */
export const handler = defineStep<SensorInput>(async (step) => {
  const { file } = options.parse(step.config);
  return { sensors: (await loadFiles(step, { dataset: 'sensors', columns: sensorColumns, files: file })).rows };
});
