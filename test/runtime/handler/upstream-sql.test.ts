import { expect, test } from 'vitest';
import { aStep, attempt, memoryWorld } from '../fixtures.ts';

test('a query may name many datasets of one step, which come side by side', async () => {
  const names = Array.from({ length: 6 }, (_, index) => `d${index}`);
  for (let round = 0; round < 8; round += 1) {
    const world = memoryWorld();
    await attempt(world, { step: aStep('made') }, async (step) => {
      for (const name of names) await step.write(name, [{ n: 1 }], { columns: { n: 'BIGINT' } });
    });
    const found: unknown[] = [];
    await attempt(world, { step: aStep('read', { dependencies: ['made'] }) }, async (step) => {
      const tables = names.map((name) => `SELECT n FROM made.${name}`).join(' UNION ALL ');
      for await (const rows of step.sql(`SELECT count(*) AS rows FROM (${tables})`)) found.push(...rows);
    });
    expect(found).toEqual([{ rows: names.length }]);
  }
});
