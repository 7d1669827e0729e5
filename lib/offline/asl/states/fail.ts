import type { StateReader } from '../load/state-reader.ts';
import type { State } from '../machine.ts';
import type { Payload } from '../payload.ts';
import { EvaluationFailure, StateFailure } from '../state-failure.ts';
import type { Visit } from '../visit.ts';

/** A Fail state: fails with the Error and Cause that it names. */
export function readFail(reader: StateReader): State {
  const error = reader.text('Error');
  const cause = reader.text('Cause');
  return {
    ...reader.common('Fail'),
    async run(visit) {
      const name = await textOf(visit, error, 'Error');
      throw new StateFailure(name, await textOf(visit, cause, 'Cause'));
    },
  };
}

const textOf = async (visit: Visit, payload: Payload | null, field: string): Promise<string | undefined> => {
  if (payload === null) return undefined;
  const value = await visit.evaluate(payload);
  if (typeof value === 'string') return value;
  throw new EvaluationFailure(field, `The field '${field}' must be a string, not ${JSON.stringify(value)}.`);
};
