import type { JsonObject } from '../contract/json.ts';
import type { DeadLetter } from '../contract/records.ts';
import type { LetterState } from '../operate/letter-states.ts';

/** A dead letter as `--json` prints it: what is stored, and whether it is open. */
export const letterJson = ({ letter, closedBy }: LetterState): JsonObject => ({
  ...(letter as unknown as JsonObject),
  open: closedBy === null,
  closed_by_execution: closedBy,
});

/** A letter's id as a person types it: without the pipeline's name. */
export const shortId = ({ run_id, execution, step }: Pick<DeadLetter, 'run_id' | 'execution' | 'step'>): string =>
  `${run_id}/${execution}/${step}`;
