import { describe, expect, test } from 'vitest';
import { type Explored, explore } from '../exploration/explore.ts';
import { leaseScenario } from '../exploration/lease-scenario.ts';
import type { Operation } from '../exploration/process.ts';

const report = (title: string, { states, interleavings, ends }: Explored) =>
  console.info(`lease protocol, ${title}: ${interleavings} interleavings through ${states} states to ${ends} ends`);

const unharmed = { first: [], crashes: 0, losses: 0 } as const;

/** Takes the condition out of every write of the lease. */
const unconditional = (operation: Operation) =>
  operation.kind === 'put' && operation.key.includes('/leases/')
    ? { operation: { kind: 'put', key: operation.key, body: operation.body } as const }
    : {};

describe('the lease protocol, every interleaving of executions that want one lease', () => {
  test.each([
    ['three executions, one killed at any moment', ['a', 'b', 'c'], [], 1, 0, 10_000_000_000n],
    ['one killed at any moment, one write unanswered', ['a', 'b'], [], 1, 1, 500_000n],
    [
      'Prepare invoked twice, stopped, and the other killed',
      ['a', 'b'],
      ['prepared twice', 'stopped'],
      1,
      0,
      1_000_000_000n,
    ],
    [
      'stopped, Finalize goes on late, and the other killed',
      ['a', 'b'],
      ['finalized late', 'stopped'],
      1,
      0,
      1_000_000_000n,
    ],
    ['Finalize goes on late, with three', ['a', 'b', 'c'], ['finalized late'], 0, 0, 1_000_000_000n],
  ] as const)(
    'never two holders with one fence, never two that live, nobody blocked for ever: %s',
    async (title, executions, first, crashes, losses, atLeast) => {
      const explored = await explore(leaseScenario({ executions, first, crashes, losses }));
      report(title, explored);
      expect(explored.interleavings).toBeGreaterThan(atLeast);
      expect(explored.ends).toBeGreaterThan(20);
    },
  );

  test('when the lease can be written over, two executions hold it', async () => {
    const broken = leaseScenario({ ...unharmed, executions: ['a', 'b'], mutate: unconditional });
    await expect(explore(broken)).rejects.toThrow(/two holders with one fence|two live holders at once/);
  });

  test('when a Finalize gives the lease back without a look at the fence, it frees what another holds', async () => {
    const broken = leaseScenario({
      ...unharmed,
      executions: ['a', 'b', 'c'],
      first: ['finalized late'],
      blindTo: 'fence before the release',
    });
    await expect(explore(broken)).rejects.toThrow('two live holders at once');
  });

  test('when a Finalize judges without a look at the fence, an execution that was overtaken succeeds', async () => {
    const broken = leaseScenario({
      ...unharmed,
      executions: ['a', 'b'],
      first: ['finalized late', 'stopped'],
      blindTo: 'fence before the end',
    });
    await expect(explore(broken)).rejects.toThrow('was overtaken, and succeeds');
  });
});
