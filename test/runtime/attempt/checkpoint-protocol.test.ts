import { describe, expect, test } from 'vitest';
import { checkpointScenario } from '../exploration/checkpoint-scenario.ts';
import { explore } from '../exploration/explore.ts';
import type { Operation } from '../exploration/process.ts';

describe('checkpoints, every interleaving of late, crashed and repeated invocations', () => {
  test('no checkpoint moves back, and each row is there once', async () => {
    const { states, interleavings, ends } = await explore(checkpointScenario());
    console.info(`checkpoints: ${interleavings} interleavings through ${states} states to ${ends} ends`);
    expect(states).toBeGreaterThan(100_000);
    expect(interleavings).toBeGreaterThan(1_000_000_000_000n);
    expect(ends).toBeGreaterThan(1_000);
  }, 300_000);

  test('when a checkpoint can be written over, an invocation that outlived its attempt moves it back', async () => {
    const unconditional = (operation: Operation) =>
      operation.kind === 'put' && operation.key.endsWith('/checkpoint.json')
        ? { operation: { kind: 'put', key: operation.key, body: operation.body } as const }
        : {};
    await expect(explore(checkpointScenario({ mutate: unconditional }))).rejects.toThrow(/moved back/);
  }, 300_000);
});
