import { describe, expect, test } from 'vitest';
import { explore } from '../exploration/explore.ts';
import { publishScenario } from '../exploration/publish-scenario.ts';
import { unconditional } from '../exploration/unconditional.ts';

/** Explores a scenario that lacks a part of the protocol; answers the first violation. */
async function violation(options: Parameters<typeof publishScenario>[0]): Promise<string> {
  const found = await explore(await publishScenario(options)).then(
    () => 'none',
    (error: Error) => error.message,
  );
  return found.split('\n')[0] ?? '';
}

describe('the publish protocol, every interleaving', () => {
  test('an execution, a person who rolls back, and a reader: no mix, no missing object, no lost change', async () => {
    const { interleavings, ends } = await explore(
      await publishScenario({ executions: ['a'], people: ['rolls back'], readings: 1, crashes: 1, losses: 1 }),
    );
    expect(interleavings).toBeGreaterThan(1_000n);
    expect(ends).toBeGreaterThan(3);
  });

  test('without the compare-and-swap a change is lost', async () => {
    const options = { executions: ['a'], people: ['rolls back'], mutate: unconditional('/current.json') } as const;
    expect(await violation(options)).toMatch(/names version 3, which was not published/);
  });

  test('without the fence in the pointer an execution that was overtaken publishes over a later one', async () => {
    const options = { executions: ['a', 'b'], first: ['stopped'] } as const;
    expect(await violation({ ...options, blindTo: 'the fence of the pointer' })).toMatch(
      /was overtaken published over/,
    );
  });

  test('without a look for the execution among the versions it publishes twice', async () => {
    const options = { executions: ['a'], first: ['finalized late'] } as const;
    expect(await violation({ ...options, blindTo: 'the executions that published' })).toMatch(/published twice/);
  });

  test('without the grace a removal takes a record from a reader', async () => {
    const options = { executions: ['a'], removal: true, readings: 1, blindTo: 'the grace' } as const;
    expect(await violation(options)).toMatch(/the record of version 1 is missing/);
  });
});
