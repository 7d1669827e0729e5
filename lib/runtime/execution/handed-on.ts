/** Facts that a run's executions hand on to the next one. */
import type { ExecutionRecord } from '../../contract/records/execution.ts';

/**
 * The salts of a new execution: those of the run's previous execution, so that earlier requests keep their effect, and a new one for each step that it is asked to run
 * again. The number of an execution is never used twice, so its salt is new.
 */
export function saltsOf(
  history: readonly ExecutionRecord[],
  from: readonly string[],
): { readonly salts?: Readonly<Record<string, string>> } {
  const salt = String(history.length + 1);
  const salts = { ...history.at(-1)?.salts, ...Object.fromEntries(from.map((step) => [step, salt])) };
  return Object.keys(salts).length > 0 ? { salts } : {};
}

/** The mark of a run that was made out of another one, as its next execution keeps it. */
export function trialOf(history: readonly ExecutionRecord[]): Pick<ExecutionRecord, 'trial'> {
  const trial = history.at(-1)?.trial;
  return trial ? { trial } : {};
}
