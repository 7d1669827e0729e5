import { describe, expect, test } from 'vitest';
import { type Explored, explore, type World } from '../exploration/explore.ts';
import type { Operation } from '../exploration/process.ts';
import { type WaitFacts, waitScenario } from '../exploration/wait-scenario.ts';

const isAbout = (operation: Operation, part: string): operation is Extract<Operation, { key: string }> =>
  'key' in operation && operation.key.includes(part);
const report = (title: string, { states, interleavings, ends }: Explored) =>
  console.info(`${title}: ${interleavings} interleavings through ${states} states to ${ends} ends`);

describe('the wait protocol, every interleaving, without the backstop', () => {
  test('a wake-up is never lost and never early: two attempts, invocations twice, both producers crashing', async () => {
    const explored = await explore(waitScenario({ attempts: 2 }));
    report('wait protocol', explored);
    expect(explored.interleavings).toBeGreaterThan(10n ** 12n);
    expect(explored.states).toBeGreaterThan(100_000);
    expect(explored.ends).toBeGreaterThan(10);
  });

  test('nor with a third attempt, which entered the state again', async () => {
    const explored = await explore(waitScenario({ attempts: 3, twice: false }));
    report('wait protocol, three attempts', explored);
    expect(explored.interleavings).toBeGreaterThan(10n ** 9n);
    expect(explored.states).toBeGreaterThan(10_000);
  });

  test('the reduction leaves out orders, not ends', async () => {
    const reduced = waitScenario({ attempts: 2, twice: false });
    const endsOf = async (one: typeof reduced) => {
      const found = new Set<string>();
      const checkEnd = ({ objects, tokens, facts }: World<WaitFacts>) => {
        found.add(JSON.stringify([[...objects].sort(), [...tokens].sort(), facts]));
        return null;
      };
      return { ...(await explore({ ...one, checkEnd })), found: [...found].sort() };
    };
    const whole = await endsOf({ ...reduced, writtenOnce: () => false });
    const less = await endsOf(reduced);
    expect(less.found).toEqual(whole.found);
    expect(less.found.length).toBeGreaterThan(10);
    expect(whole.states).toBeGreaterThan(less.states);
  });

  test('a rank that is looked at, but not held by a conditional write, is not enough', async () => {
    const racing = waitScenario({
      mutate: (operation) =>
        operation.kind === 'put' && isAbout(operation, '/waits/')
          ? { operation: { kind: 'put', key: operation.key, body: operation.body } }
          : {},
    });
    await expect(explore(racing)).rejects.toThrow('lost wake-up');
  });
});
