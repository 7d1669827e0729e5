import type { FunctionEntry } from '../../bundle/function-entry.ts';
import type { SharedFunction } from '../../bundle/shared-index.ts';
import type { StepFunction } from '../../compiler/states/step-functions.ts';
import type { StepWork } from '../../contract/step-work.ts';

/** Converts a function of steps to the bundler's form. */
export function sharedFunction({ modules, timeouts }: StepFunction): SharedFunction {
  return {
    modules: modules.map(({ work, steps }) => ({ entry: entryOf(work), steps })),
    timeouts,
  };
}

/** Queries have no file; the bundler makes their module. */
const entryOf = (work: StepWork): FunctionEntry =>
  work.kind === 'sql'
    ? { entry: 'queries', export: 'handler', sql: work.queries }
    : { entry: work.entry, export: work.export };
