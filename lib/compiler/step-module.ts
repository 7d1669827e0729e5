import { resolve } from 'node:path';
import { packageRoot } from '../bundle/function-entry.ts';
import type { StepFunction } from './states/step-functions.ts';

/** What runs a step's function where its code is not bundled: a module, and, for SQL, its queries as a variable of the environment. */
export function stepModule(
  { entry, export: name, sql }: StepFunction,
  root: string,
): { readonly entry: string; readonly export: string; readonly environment: Readonly<Record<string, string>> } {
  return {
    entry: resolve(sql ? packageRoot : root, entry),
    export: name,
    environment: sql ? { DAYBREAK_SQL: JSON.stringify(sql) } : {},
  };
}
