import { mostSeconds } from '../limits.ts';
import type { StateReader } from '../load/state-reader.ts';
import type { State } from '../machine.ts';
import type { Payload } from '../payload.ts';
import { runTask } from '../run-task.ts';
import { EvaluationFailure } from '../state-failure.ts';
import type { Visit } from '../visit.ts';

const integration = /^arn:[^:]+:(states:::[a-z0-9-]+:[A-Za-z0-9]+(?::[A-Za-z0-9]+)?(?:\.waitForTaskToken)?)$/;

/** A Task state on a service integration, answered at once or by its task token. */
export function readTask(reader: StateReader): State {
  const resource = integration.exec(reader.string('Resource') ?? '')?.[1] ?? '';
  if (resource === '') {
    reader.complain(
      'must be a service integration such as arn:aws:states:::lambda:invoke, with or without .waitForTaskToken; nothing else is implemented',
      'Resource',
    );
  }
  const given = reader.payload('Arguments');
  const timeout = reader.integer('TimeoutSeconds', { least: 1, most: mostSeconds });
  reader.refuse('HeartbeatSeconds', 'heartbeats are not implemented');
  reader.refuse('Credentials', 'other accounts are not implemented');
  const exit = reader.exit();
  return {
    ...reader.common('Task'),
    async run(visit) {
      const waits = resource.endsWith('.waitForTaskToken');
      visit.token = waits ? visit.branch.execution.tokens.make() : null;
      try {
        const args = given === null ? visit.input : await visit.evaluate(given);
        const timeoutSeconds = timeout === null ? null : await secondsOf(visit, timeout);
        const result = await runTask(visit, { resource, arguments: args, timeoutSeconds });
        return await visit.leave(exit, result, { result });
      } finally {
        visit.token = null;
      }
    },
  };
}

const secondsOf = async (visit: Visit, payload: Payload): Promise<number> => {
  const value = await visit.evaluate(payload);
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= mostSeconds) return value;
  throw new EvaluationFailure(
    'TimeoutSeconds',
    `The field 'TimeoutSeconds' must be a whole number from 1 to ${mostSeconds}, not ${JSON.stringify(value)}.`,
  );
};
