import { resolve } from 'node:path';
import { packageRoot } from '../bundle/function-entry.ts';
import type { StepWork } from '../contract/step-work.ts';
import { entryOf } from './states/step-functions.ts';

/** The module that does a step's work where its code is not bundled. An SQL step gets its queries as a variable of the environment. */
export function stepModule(
  work: StepWork,
  root: string,
): { readonly entry: string; readonly export: string; readonly environment: Readonly<Record<string, string>> } {
  const { entry, export: name, sql } = entryOf(work);
  return {
    entry: resolve(sql ? packageRoot : root, entry),
    export: name,
    environment: sql ? { DAYBREAK_SQL: JSON.stringify(sql) } : {},
  };
}
