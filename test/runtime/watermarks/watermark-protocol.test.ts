import { describe, expect, test } from 'vitest';
import { explore } from '../exploration/explore.ts';
import { watermarkViolation as violation, watermarkScenario } from '../exploration/watermark-scenario.ts';

describe('watermarks, every interleaving', () => {
  test('two executions, a crash between any two operations: no row is lost, none is published twice', async () => {
    const { interleavings, ends } = await explore(await watermarkScenario({ crashes: 1 }));
    expect(interleavings).toBeGreaterThan(100n);
    expect(ends).toBeGreaterThan(3);
  });

  test('without a look at the mark that is published, rows are published twice', async () => {
    expect(await violation({ stopped: true, blind: true })).toMatch(/rows 1 to 1 are published twice/);
  });
});
