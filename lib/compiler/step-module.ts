import type { FunctionEntry } from '../bundle/function-entry.ts';
import type { StepTable } from '../contract/step-table.ts';
import { ownModule } from '../package/package-files.ts';
import type { StepFunction } from './states/step-functions.ts';

/** The module that runs a function's steps where its code is not bundled, relative to the package's root. */
export const stepsEntry = 'lambdas/platform/steps.ts';

/** The module of a function whose code is not bundled: Daybreak's own module, which loads the work of each step by a table in its environment. `fileOf` gives the absolute path of a handler's file. */
export function stepModule(
  { modules, timeouts }: StepFunction,
  fileOf: (entry: FunctionEntry) => string,
): { readonly entry: string; readonly export: string; readonly environment: Readonly<Record<string, string>> } {
  const table: Record<string, StepTable[string]> = {};
  const queries: Record<string, string> = {};
  for (const [index, { work, steps }] of modules.entries()) {
    const variable = `DAYBREAK_SQL_${index}`;
    if (work.kind === 'sql') queries[variable] = JSON.stringify(work.queries);
    for (const step of steps) {
      const timeOut = timeouts[step];
      table[step] = {
        ...(work.kind === 'sql' ? { sql: variable } : { entry: fileOf(work), export: work.export }),
        ...(timeOut !== undefined && { timeout_seconds: timeOut }),
      };
    }
  }
  return {
    entry: ownModule(stepsEntry),
    export: 'handler',
    environment: { DAYBREAK_STEPS: JSON.stringify(table), ...queries },
  };
}
