import type { JsonObject } from '../../contract/json.ts';
import type { DeadLetter } from '../../contract/records/dead-letter.ts';
import { isOpen, type LetterState } from '../../operate/letters/letter-states.ts';
import { moment } from './format.ts';

/** A dead letter as `--json` prints it: the stored record, and whether it is open. */
export function letterJson(state: LetterState): JsonObject {
  return {
    ...(state.letter as unknown as JsonObject),
    open: isOpen(state),
    closed_by_execution: state.closedBy,
    closed_because: state.closedBecause,
    ...(state.vouched && { vouched: { ...state.vouched } }),
    replaced_by: state.replacedBy,
  };
}

/** The state of a letter, in a few words. */
export function describeLetterState({ closedBy, closedBecause, vouched, replacedBy }: LetterState): string {
  if (closedBecause === 'dismissed') return 'closed: dismissed';
  if (vouched) return `closed: ${vouched.by} vouched for the step at ${moment(vouched.at)} UTC: ${vouched.reason}`;
  if (closedBecause === 'removed')
    return `closed: the step was removed, and execution ${closedBy} succeeded without it`;
  if (closedBy !== null) return `closed: it succeeded in execution ${closedBy}`;
  return replacedBy === null ? 'open' : `replaced: it failed again, see ${replacedBy}`;
}

/** A letter's id as a person types it: without the pipeline's name. */
export function shortId({ run_id, execution, step }: Pick<DeadLetter, 'run_id' | 'execution' | 'step'>): string {
  return `${run_id}/${execution}/${step}`;
}
