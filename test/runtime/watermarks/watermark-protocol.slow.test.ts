import { describe, expect, test } from 'vitest';
import { explore } from '../exploration/explore.ts';
import { unconditional } from '../exploration/unconditional.ts';
import { watermarkViolation as violation, watermarkScenario } from '../exploration/watermark-scenario.ts';

describe('watermarks, every interleaving', () => {
  test.each<[string, Parameters<typeof watermarkScenario>[0]]>([
    [
      'an execution that is thought dead and goes on, and the next one; a crash of either',
      { stopped: true, crashes: 1 },
    ],
    ['a Finalize that is called once more, at any time', { late: true, stopped: true }],
    ['two attempts of one step', { twin: true, stopped: true }],
  ])('%s: no row is lost, none is published twice', async (_, options) => {
    const { interleavings, ends } = await explore(await watermarkScenario(options));
    expect(interleavings).toBeGreaterThan(1_000_000n);
    expect(ends).toBeGreaterThan(10);
  });

  test('without the compare-and-swap of the pointer, rows are lost or published twice', async () => {
    expect(await violation({ late: true, stopped: true, mutate: unconditional('/current.json') })).toMatch(
      /are published twice|are lost|rows are not published/,
    );
  });

  test('without one record per run, two attempts of it read two values', async () => {
    expect(await violation({ twin: true, stopped: true, mutate: unconditional('/watermarks/') })).toMatch(
      /two attempts of one run have read/,
    );
  });
});
