import { expect, test } from 'vitest';
import { sized, slowTest } from '../../support/sized.ts';
import { playReaders } from './readers.ts';

/** Uniform from 0 to 1, from a seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const operations = sized(40, 420);

test('a reader that loops, and one that takes 24 hours, see one whole version each time while writers are killed', async () => {
  const counts = await playReaders({ operations, random: randomFrom(7), slowHours: 24 });
  console.info(`readers beside ${operations} operations: ${JSON.stringify(counts)}`);
  expect(counts.published).toBeGreaterThan(sized(10, 190));
  expect(counts.rolledBack).toBeGreaterThan(sized(0, 25));
  expect(counts.withdrawn).toBeGreaterThan(sized(0, 15));
  expect(counts.removedRuns).toBeGreaterThan(sized(0, 60));
  expect(counts.killed).toBeGreaterThan(sized(3, 80));
  expect(counts.readings).toBeGreaterThan(operations);
  expect(counts.slowReadings).toBeGreaterThan(sized(-1, 10));
});

slowTest(
  'a reader that takes longer than the promised 24 hours finds a missing object, so the play can notice one',
  async () => {
    await expect(playReaders({ operations: operations, random: randomFrom(7), slowHours: 60 })).rejects.toThrow(
      'is missing at',
    );
  },
);
