import type { Ports } from '../../../ports/from-environment.ts';
import type { DeadLetterQueue, Executions, TaskTokens } from '../../../ports/ports.ts';
import { FaultyStore } from './faulty-store.ts';
import type { Scope } from './scope.ts';

/** The world as one invocation sees it. */
export function faultyPorts(scope: Scope): Ports {
  return {
    store: new FaultyStore(scope),
    tokens: faultyTokens(scope),
    executions: faultyExecutions(scope),
    clock: scope.clock,
    queue: faultyQueue(scope),
  };
}

const faultyTokens = (scope: Scope): TaskTokens => ({
  succeed: (token, output) =>
    scope.operate({ kind: 'succeed', key: token, fails: 'token_unavailable', loses: 'token_answer_lost' }, () =>
      scope.bench.world.tokens.succeed(token, output),
    ),
});

const faultyExecutions = (scope: Scope): Executions => ({
  status: (arn) =>
    scope.operate({ kind: 'status', key: arn, fails: 'store_unavailable' }, () =>
      scope.bench.world.executions.status(arn),
    ),
});

function faultyQueue(scope: Scope): DeadLetterQueue {
  const { queue } = scope.bench.world;
  return {
    send: (body) =>
      scope.operate(
        { kind: 'send', key: 'letter', fails: 'queue_unavailable', loses: 'queue_answer_lost' },
        async (id) => {
          await queue.send(body);
          if (scope.bench.faults.happens('queue_delivered_twice', id)) await queue.send(body);
        },
      ),
    receive: (max, hideSeconds) => queue.receive(max, hideSeconds),
    delete: (receipt) => queue.delete(receipt),
    release: (receipt) => queue.release(receipt),
  };
}
