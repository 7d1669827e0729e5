import { defineStep } from 'daybreak';
import { loadFiles } from 'daybreak/sources';
import * as z from 'zod/mini';
import { addDays } from '../quantities/days.ts';
import type { SensorInput } from './input.ts';

const options = z.strictObject({ folder: z.string() });

/** Columns of the datasets `readings` and `later_readings`. */
export const readingColumns = {
  sensor_id: 'VARCHAR',
  sequence: 'BIGINT',
  measured_at: 'TIMESTAMP',
  received_at: 'TIMESTAMP',
  value: 'DOUBLE',
};

/** Columns of the datasets of broken lines, as `loadFiles` has them. */
const rejectedColumns = { file: 'VARCHAR', line: 'BIGINT', reason: 'VARCHAR', text: 'VARCHAR' };

/** Broken lines are put aside, until there are too many for a day that anyone should trust. */
const quarantine = { maxErrors: 1_000, maxRatio: 0.01 };

/** Writes `readings` from the files of the day, and `later_readings` from those of the day after that exist by now. Lines that are no readings are put aside. */
export const handler = defineStep<SensorInput>(async (step) => {
  const { folder } = options.parse(step.config);
  const counts = { readings: 0, rejected: 0, files: 0 };
  const days = { readings: step.input.day, later_readings: addDays(step.input.day, 1) };
  for (const [dataset, day] of Object.entries(days)) {
    const load = { dataset, columns: readingColumns, files: `${folder}/${day}T*.ndjson`, quarantine };
    let hours = 0;
    for await (const _ of step.objects(`${folder}/${day}T`)) hours += 1;
    // The day itself needs files; the day after may have none yet. Every declared dataset is written, if only with no rows.
    if (hours === 0 && dataset === 'later_readings') {
      step.writer(dataset, { columns: readingColumns });
      step.writer(`${dataset}_rejected`, { columns: rejectedColumns });
      continue;
    }
    const loaded = await loadFiles(step, load);
    counts.readings += loaded.rows;
    counts.rejected += loaded.rejected;
    counts.files += loaded.files.length;
  }
  return counts;
});
