import type { RunRef } from '../../contract/object-keys.ts';
import { RunRefusedError } from '../runs/run-refused-error.ts';

/** The error for a step that a person cannot vouch for. */
export function refusal(step: string, { pipeline, run_id }: RunRef, reason: string): RunRefusedError {
  return new RunRefusedError(`step "${step}" of ${pipeline} run ${run_id} cannot be marked: ${reason}`);
}
