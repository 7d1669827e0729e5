import { describe, expect, test } from 'vitest';
import { checkpointScenario } from '../exploration/checkpoint-scenario.ts';
import { explore } from '../exploration/explore.ts';
import type { Operation } from '../exploration/process.ts';

describe('checkpoints, every interleaving of late, crashed and repeated invocations', () => {
  test.each([
    ['one crash', { crashes: 1, timeOuts: 0, losses: 0 }],
    ['one time-out', { crashes: 0, timeOuts: 1, losses: 0 }],
    ['one lost answer', { crashes: 0, timeOuts: 0, losses: 1 }],
  ])('no checkpoint moves back, and each row is there once: %s', async (title, budget) => {
    const { states, interleavings, ends } = await explore(checkpointScenario(budget));
    console.info(`checkpoints, ${title}: ${interleavings} interleavings through ${states} states to ${ends} ends`);
    expect(states).toBeGreaterThan(300);
    expect(ends).toBeGreaterThan(10);
  });

  test('when a checkpoint can be written over, an invocation that outlived its attempt moves it back', async () => {
    const unconditional = (operation: Operation) =>
      operation.kind === 'put' && operation.key.endsWith('/checkpoint.json')
        ? { operation: { kind: 'put', key: operation.key, body: operation.body } as const }
        : {};
    await expect(explore(checkpointScenario({ crashes: 0, losses: 0, mutate: unconditional }))).rejects.toThrow(
      /moved back/,
    );
  });
});
