import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { endingOf } from '../exploration/check-commit.ts';
import { commitScenario, damagedBefore } from '../exploration/commit-scenario.ts';
import { type Explored, explore } from '../exploration/explore.ts';
import { unconditional } from '../exploration/unconditional.ts';

const report = (title: string, { states, interleavings, ends }: Explored) =>
  console.info(`${title}: ${interleavings} interleavings through ${states} states to ${ends} ends`);

describe('the commit protocol, every interleaving of late, crashed and repeated attempts', () => {
  test.each([
    ['succeeds', { crashes: 1 }, ['succeeded by twice']],
    ['fails', { crashes: 1 }, ['succeeded by twice']],
    ['succeeds', { twice: false }, []],
    ['fails', { twice: false }, []],
  ] as const)(
    'all readers agree on one outcome, whole data and one dead letter, when the last attempt %s, with %j',
    async (second, options, byTwin) => {
      const scenario = commitScenario({ second, ...options });
      const endings = new Set<string>();
      const explored = await explore({
        ...scenario,
        checkEnd: (world) => {
          endings.add(endingOf(world));
          return scenario.checkEnd(world);
        },
      });
      report(`commit protocol, the last attempt ${second}`, explored);
      expect(explored.interleavings).toBeGreaterThan(10_000_000_000_000n);
      expect(explored.states).toBeGreaterThan(300_000);
      expect(explored.ends).toBeGreaterThan(300);
      const bySecond = second === 'succeeds' ? ['succeeded by second'] : [];
      expect([...endings].sort()).toEqual(['failed', 'succeeded by first', ...bySecond, ...byTwin]);
    },
  );

  test('of several that find the data of an earlier execution damaged, one replaces it and all obey', async () => {
    const before = await damagedBefore();
    expect([...before.keys()]).toHaveLength(3);
    const scenario = commitScenario({ second: 'succeeds', crashes: 1, timeOuts: 1, before });
    const endings = new Set<string>();
    const explored = await explore({
      ...scenario,
      checkEnd: (world) => {
        endings.add(endingOf(world));
        return scenario.checkEnd(world);
      },
    });
    report('commit protocol, over damaged data', explored);
    expect(explored.ends).toBeGreaterThan(100);
    expect([...endings].sort()).toEqual(['failed', 'succeeded by first', 'succeeded by second', 'succeeded by twice']);
  });

  test('when a damaged manifest is replaced without a condition, a reader gets data that the outcome does not mean', async () => {
    const before = await damagedBefore();
    const mutate = unconditional('/steps/a/manifests/');
    const broken = commitScenario({ second: 'succeeds', crashes: 0, before, mutate });
    await expect(explore(broken)).rejects.toThrow(/two attempts|b has read|another digest/);
  });

  test('the reduction leaves out orders, not ends', async () => {
    const whole = commitScenario({ second: 'fails', crashes: 0, timeOuts: 1, twice: false });
    const endsOf = async (scenario: typeof whole) => {
      const found = new Set<string>();
      const collect = (world: Parameters<typeof endingOf>[0]) => {
        // This leaves out files of an attempt without a manifest: no one reads them, and the moment of a crash is an order.
        const objects = [...world.objects].filter(([key]) => !key.includes('/data/'));
        found.add(
          createHash('sha256')
            .update(JSON.stringify([objects.sort(), [...world.processes.keys()].sort()]))
            .digest('hex'),
        );
        return null;
      };
      await explore({ ...scenario, checkEnd: collect });
      return [...found].sort();
    };
    const all = await endsOf({ ...whole, writtenOnce: () => false, ownedByOne: () => false });
    expect(all.length).toBeGreaterThan(10);
    expect(await endsOf(whole)).toEqual(all);
  });

  test('when outcomes can be written over, a step both succeeds and has a dead letter', async () => {
    const broken = commitScenario({ second: 'fails', crashes: 0, mutate: unconditional('/outcomes/a') });
    await expect(explore(broken)).rejects.toThrow(/dead letters are|do not agree/);
  });
});
