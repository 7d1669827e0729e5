import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../lib/contract/records/outcome.ts';
import { recordFailure } from '../../../lib/runtime/execution/record-failure.ts';
import { aRun, aStep, memoryWorld, stored } from '../fixtures.ts';

describe('a failure of a step that must not run', () => {
  test.each([
    ['failed', 'blocked', ['extract']],
    ['skipped', 'skipped', []],
  ])(
    'a dependency that %s makes it %s, without a dead letter: a throttled function was never reached',
    async (kind, outcome, causes) => {
      const world = memoryWorld();
      const before: Partial<Outcome> = {
        step: 'extract',
        outcome: kind as Outcome['outcome'],
        causes: kind === 'failed' ? ['extract'] : [],
      };
      await world.store.put('sales/runs/r1/executions/1/outcomes/extract.json', JSON.stringify(before));
      const result = await recordFailure(
        {
          run: aRun(),
          step: aStep('join', { dependencies: ['extract'] }),
          failure: { Error: 'Lambda.TooManyRequestsException', Cause: 'Rate Exceeded.' },
          attempts: 6,
        },
        world,
      );
      expect(result).toEqual({ outcome });
      const settled = await stored<Outcome>(world.store, 'sales/runs/r1/executions/1/outcomes/join.json');
      expect(settled).toMatchObject({ outcome, causes, attempts: 0, failure: null });
    },
  );
});
