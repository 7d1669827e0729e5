import { pathToFileURL } from 'node:url';
import type { SqlQueries } from '../../lib/contract/sql-queries.ts';
import type { StepTable } from '../../lib/contract/step-table.ts';
import { defineSqlStep } from '../../lib/runtime/define-sql-step.ts';
import { type StepSource, sharedSteps } from '../../lib/runtime/shared-steps.ts';

/** The steps of an unbundled function; a variable maps each step to its work. On Lambda, the bundle has this map. */
const table = JSON.parse(process.env.DAYBREAK_STEPS ?? '{}') as StepTable;

const sourceOf = (row: StepTable[string]): StepSource => ({
  ...(row.timeout_seconds !== undefined && { timeoutSeconds: row.timeout_seconds }),
  load: async () => {
    if ('sql' in row) return defineSqlStep(JSON.parse(process.env[row.sql] ?? '') as SqlQueries);
    const module = (await import(pathToFileURL(row.entry).href)) as Record<string, unknown>;
    return module[row.export];
  },
});

export const handler = sharedSteps(
  Object.fromEntries(Object.entries(table).map(([step, row]) => [step, sourceOf(row)])),
);
