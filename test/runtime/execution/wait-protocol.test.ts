import { describe, expect, test } from 'vitest';
import { type Explored, explore } from '../exploration/explore.ts';
import type { Operation } from '../exploration/process.ts';
import { waitScenario } from '../exploration/wait-scenario.ts';

const isWaiter = (process: string) => process.startsWith('waiter');
const isAbout = (operation: Operation, part: string): operation is Extract<Operation, { key: string }> =>
  'key' in operation && operation.key.includes(part);
const report = (title: string, { states, interleavings, ends }: Explored) =>
  console.info(`${title}: ${interleavings} interleavings through ${states} states to ${ends} ends`);

describe('the wait protocol, every interleaving, without the backstop', () => {
  test.each([
    ['invoked twice', { attempts: 1 }],
    ['two attempts', { attempts: 2, twice: false }],
  ])('a wake-up is never lost and never early: %s', async (title, options) => {
    const explored = await explore(waitScenario(options));
    report(title, explored);
    expect(explored.states).toBeGreaterThan(500);
    expect(explored.ends).toBeGreaterThan(5);
  });

  test('without the look of the waiter a wake-up is lost', async () => {
    const blind = waitScenario({
      mutate: (operation, process) =>
        isWaiter(process) && isAbout(operation, '/outcomes/') ? { answer: { value: null } } : {},
    });
    await expect(explore(blind)).rejects.toThrow('lost wake-up');
  });

  test('without the look of the producers a wake-up is lost', async () => {
    const blind = waitScenario({
      mutate: (operation, process) =>
        !isWaiter(process) && isAbout(operation, '/waits/') ? { answer: { value: null } } : {},
    });
    await expect(explore(blind)).rejects.toThrow('lost wake-up');
  });

  test('without the rank a dead token covers the live one and a wake-up is lost', async () => {
    const rankless = waitScenario({
      mutate: (operation, process) => {
        if (!isWaiter(process) || !isAbout(operation, '/waits/')) return {};
        if (operation.kind !== 'put') return { answer: { value: null } };
        return { operation: { kind: 'put', key: operation.key, body: operation.body } };
      },
    });
    await expect(explore(rankless)).rejects.toThrow('lost wake-up');
  });

  test('a token that is answered before all outcomes are there is noticed', async () => {
    const hasty = waitScenario({
      mutate: (operation) =>
        isAbout(operation, '/outcomes/right') && operation.kind === 'get'
          ? { answer: { value: '{"step":"right","outcome":"skipped"}' } }
          : {},
    });
    await expect(explore(hasty)).rejects.toThrow('too early');
  });
});
