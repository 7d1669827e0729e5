import { describe, expect, test } from 'vitest';
import { commitScenario } from '../exploration/commit-scenario.ts';
import { type Explored, explore } from '../exploration/explore.ts';
import { unconditional } from '../exploration/unconditional.ts';

const report = (title: string, { states, interleavings, ends }: Explored) =>
  console.info(`${title}: ${interleavings} interleavings through ${states} states to ${ends} ends`);

describe('the commit protocol, every interleaving of an attempt that times out and continues beside the next', () => {
  test.each(['succeeds', 'fails'] as const)(
    'all readers agree on one outcome, whole data and one dead letter, when the last attempt %s',
    async (second) => {
      const explored = await explore(commitScenario({ second, crashes: 0, timeOuts: 1, twice: false }));
      report(`commit protocol, the last attempt ${second}`, explored);
      expect(explored.states).toBeGreaterThan(500);
      expect(explored.ends).toBeGreaterThan(10);
    },
  );

  test('when manifests can be written over, a reader gets data that the outcome does not mean', async () => {
    const broken = commitScenario({ second: 'succeeds', crashes: 0, mutate: unconditional('/steps/a/manifests/') });
    await expect(explore(broken)).rejects.toThrow(/two attempts|b has read|another digest/);
  });
});
