import type { Columns, Step, StepWriter } from '../runtime/step.ts';

/** A dataset that takes whole rows of CSV (comma, `"` quotes, null is an empty field without quotes, no header, columns in their order), as well as objects. */
export interface CsvWriter extends StepWriter {
  appendCsv(bytes: Uint8Array, rows: number): Promise<void>;
}

/** Begins a dataset of a step for rows that are CSV already. */
export const csvWriter = (step: Pick<Step, 'writer'>, name: string, columns: Columns): CsvWriter =>
  step.writer(name, { columns }) as CsvWriter;
