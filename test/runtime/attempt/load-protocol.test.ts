import { describe, expect, test } from 'vitest';
import { explore } from '../exploration/explore.ts';
import { loadScenario } from '../exploration/load-scenario.ts';
import type { Operation } from '../exploration/process.ts';

const nothing = { answer: { value: null } } as const;

describe('an overtaken load and a resume that would reuse, every interleaving', () => {
  test('the table has the rows of the result that the run settled last', async () => {
    const { states, interleavings, ends } = await explore(await loadScenario());
    console.info(`loads: ${interleavings} interleavings through ${states} states to ${ends} ends`);
    expect(interleavings).toBeGreaterThan(1_000n);
    expect(ends).toBeGreaterThanOrEqual(3);
  });

  test.each<[string, (operation: Operation, process: string) => object]>([
    [
      'a load marks nothing',
      ({ kind, ...of }) =>
        kind === 'put' && 'key' in of && of.key.includes('/loads/') ? { operation: { kind: 'get', key: 'none' } } : {},
    ],
    [
      'a load does not look for a later execution',
      (operation, process) =>
        process === 'second' && operation.kind === 'get' && operation.key.endsWith('/executions/3.json') ? nothing : {},
    ],
    [
      'a resume does not look at the marks',
      (operation, process) => (process === 'third' && operation.kind === 'list' ? { answer: { value: '[]' } } : {}),
    ],
  ])('when %s, other rows stay', async (_, mutate) => {
    await expect(explore(await loadScenario(mutate))).rejects.toThrow(
      "the run's result is A, and the table has the rows B",
    );
  });
});
