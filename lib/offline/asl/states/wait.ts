import { mostSeconds } from '../limits.ts';
import type { StateReader } from '../load/state-reader.ts';
import { instantOf, rfc3339 } from '../load/timestamp.ts';
import type { State } from '../machine.ts';
import type { Payload } from '../payload.ts';
import { EvaluationFailure } from '../state-failure.ts';
import type { Visit } from '../visit.ts';

/** A Wait state: sleeps for Seconds, or until Timestamp. */
export function readWait(reader: StateReader): State {
  const seconds = reader.integer('Seconds', { least: 0, most: mostSeconds });
  const timestamp = reader.text('Timestamp', (text) => (instantOf(text) === null ? `must be ${rfc3339}` : null));
  if ((seconds === null) === (timestamp === null)) reader.complain('needs exactly one of Seconds and Timestamp');
  const exit = reader.exit();
  return {
    ...reader.common('Wait'),
    async run(visit) {
      const { execution, signal } = visit.branch;
      const { clock } = execution.options;
      const ms =
        seconds === null ? (await until(visit, timestamp)) - clock.now() : (await secondsOf(visit, seconds)) * 1000;
      if (ms > 0) await clock.sleep(ms, signal);
      return visit.leave(exit, visit.input);
    },
  };
}

const secondsOf = async (visit: Visit, payload: Payload): Promise<number> => {
  const value = await visit.evaluate(payload);
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= mostSeconds) return value;
  throw new EvaluationFailure(
    'Seconds',
    `The field 'Seconds' must be a whole number from 0 to ${mostSeconds}, not ${JSON.stringify(value)}.`,
  );
};

const until = async (visit: Visit, payload: Payload | null): Promise<number> => {
  const value = payload === null ? null : await visit.evaluate(payload);
  const instant = typeof value === 'string' ? instantOf(value) : null;
  if (instant !== null) return instant;
  throw new EvaluationFailure('Timestamp', `The field 'Timestamp' must be ${rfc3339}, not ${JSON.stringify(value)}.`);
};
