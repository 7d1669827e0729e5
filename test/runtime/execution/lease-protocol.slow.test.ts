import { describe, expect, test } from 'vitest';
import { type Explored, explore } from '../exploration/explore.ts';
import { leaseScenario } from '../exploration/lease-scenario.ts';

const report = (title: string, { states, interleavings, ends }: Explored) =>
  console.info(`lease protocol, ${title}: ${interleavings} interleavings through ${states} states to ${ends} ends`);

describe('the lease protocol, every interleaving of executions that want one lease', () => {
  test.each([
    [
      'three executions, one killed at any moment',
      { executions: ['a', 'b', 'c'], first: [], crashes: 1 },
      10_000_000_000n,
    ],
    [
      'Prepare invoked twice, stopped, and the other killed',
      { executions: ['a', 'b'], first: ['prepared twice', 'stopped'], crashes: 1 },
      1_000_000_000n,
    ],
    [
      'stopped, Finalize goes on late, and the other killed',
      { executions: ['a', 'b'], first: ['finalized late', 'stopped'], crashes: 1 },
      1_000_000_000n,
    ],
    [
      'Finalize goes on late, with three',
      { executions: ['a', 'b', 'c'], first: ['finalized late'], crashes: 0 },
      1_000_000_000n,
    ],
  ] as const)(
    'never two holders with one fence, never two that live, no execution blocked endlessly: %s',
    async (title, scenario, atLeast) => {
      const explored = await explore(leaseScenario({ losses: 0, ...scenario }));
      report(title, explored);
      expect(explored.interleavings).toBeGreaterThan(atLeast);
      expect(explored.ends).toBeGreaterThan(20);
    },
  );
});
