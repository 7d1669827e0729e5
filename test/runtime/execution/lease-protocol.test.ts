import { describe, expect, test } from 'vitest';
import { type Explored, explore } from '../exploration/explore.ts';
import { leaseScenario } from '../exploration/lease-scenario.ts';
import { unconditional } from '../exploration/unconditional.ts';

const report = (title: string, { states, interleavings, ends }: Explored) =>
  console.info(`lease protocol, ${title}: ${interleavings} interleavings through ${states} states to ${ends} ends`);

const unharmed = { first: [], crashes: 0, losses: 0 } as const;

describe('the lease protocol, every interleaving of executions that want one lease', () => {
  test('never two holders with one fence, never two that live, no execution blocked endlessly: one killed, one write unanswered', async () => {
    const explored = await explore(leaseScenario({ executions: ['a', 'b'], first: [], crashes: 1, losses: 1 }));
    report('one killed at any moment, one write unanswered', explored);
    expect(explored.interleavings).toBeGreaterThan(500_000n);
    expect(explored.ends).toBeGreaterThan(20);
  });

  test('when the lease can be written over, two executions hold it', async () => {
    const broken = leaseScenario({ ...unharmed, executions: ['a', 'b'], mutate: unconditional('/leases/') });
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
