import type { Json } from '../../contract/json.ts';
import type { StateFailure } from './state-failure.ts';
import type { Visit } from './visit.ts';

/** The data of the threads of one attempt of a Parallel or Map, and the names of their visits. */
export interface OpenThreads {
  readonly given: Json;
  readonly pathOf: (index: number) => string;
}

/**
 * Begins an attempt. The first attempt of a redrive continues the last one before the redrive, with the same values, so that ended threads stay ended. A retry starts all
 * threads again.
 */
export async function openThreads(visit: Visit, evaluate: () => Promise<Json>): Promise<OpenThreads> {
  const { journal } = visit.branch.execution;
  const earlier = journal.opening(visit.id);
  const goesOn = visit.retryCount === 0 && earlier !== null;
  if (goesOn && earlier.given !== undefined) {
    visit.attempt = earlier.attempt;
    return { given: earlier.given, pathOf: pathsOf(visit) };
  }
  const given = await evaluate();
  visit.attempt = goesOn ? earlier.attempt : nextAttempt(visit);
  journal.record({ type: 'opening', visit: visit.id, attempt: visit.attempt, given });
  return { given, pathOf: pathsOf(visit) };
}

/** As AWS redrives: a Parallel or Map that failed because of the size of data runs all its threads again. */
export function forgetThreads(visit: Visit, failure: StateFailure): void {
  if (visit.attempt === null || failure.error !== 'States.DataLimitExceeded') return;
  visit.branch.execution.journal.record({ type: 'opening', visit: visit.id, attempt: nextAttempt(visit) });
}

const nextAttempt = (visit: Visit): number =>
  (visit.attempt ?? visit.branch.execution.journal.opening(visit.id)?.attempt ?? -1) + 1;

const pathsOf = ({ id, attempt }: Visit) => {
  const path = `${id}.${attempt}`;
  return (index: number): string => `${path}.${index}/`;
};
