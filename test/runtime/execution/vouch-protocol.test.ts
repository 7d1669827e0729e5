import { beforeAll, describe, expect, test } from 'vitest';
import { sized } from '../../support/sized.ts';
import { type Explored, explore } from '../exploration/explore.ts';
import { unconditional } from '../exploration/unconditional.ts';
import { stoppedExecution, vouchScenario } from '../exploration/vouch-scenario.ts';

const report = (title: string, { states, interleavings, ends }: Explored) =>
  console.info(`vouching, ${title}: ${interleavings} interleavings through ${states} states to ${ends} ends`);

const kept: { before: ReadonlyMap<string, string> } = { before: new Map() };
beforeAll(async () => {
  kept.before = await stoppedExecution();
});

describe('a person vouches while a resume begins, every interleaving', () => {
  test('a word that was recorded spares the handler, one that was refused is nowhere, and no word wins against a working execution', async () => {
    const scenario = { persons: ['anna'], late: true, crashes: sized(0, 1), before: kept.before };
    const explored = await explore(vouchScenario(scenario));
    report('one person, a resume, a late attempt', explored);
    expect(explored.interleavings).toBeGreaterThan(1_000n);
    expect(explored.ends).toBeGreaterThanOrEqual(3);
  });

  test('of two persons with two results one is recorded', async () => {
    const scenario = { persons: ['anna', 'ben'], late: false, crashes: sized(0, 1), before: kept.before };
    const explored = await explore(vouchScenario(scenario));
    report('two persons and a resume', explored);
    expect(explored.ends).toBeGreaterThanOrEqual(3);
  });

  test('when the record between two executions can be written over, a recorded word is lost', async () => {
    const scenario = { persons: ['anna'], late: false, crashes: 0, before: kept.before };
    const broken = vouchScenario({ ...scenario, mutate: unconditional('/next.json') });
    await expect(explore(broken)).rejects.toThrow('a word was recorded, and the handler of arn:2 started');
  });

  test('when a word can be written over a commit, an outcome says another thing than its manifest', async () => {
    const scenario = { persons: ['anna'], late: true, crashes: 0, before: kept.before };
    const broken = vouchScenario({ ...scenario, mutate: unconditional('/manifests/') });
    await expect(explore(broken)).rejects.toThrow("settled another result than the manifest's");
  });
});
