import { expect, test } from 'vitest';
import { openEngine } from '../../lib/duckdb/open-engine.ts';

test('chunks do not stay in memory after they are read', async () => {
  const session = await (await openEngine()).session();
  const text = `SELECT i, 'a text that is longer than twelve characters ' || i AS t, [i, i + 1] AS l FROM range(3000000) r(i)`;
  let rows = 0;
  let mostMb = 0;
  const beforeMb = process.memoryUsage.rss() / 1024 / 1024;
  for await (const chunk of session.stream(text)) {
    rows += chunk.rowCount;
    mostMb = Math.max(mostMb, process.memoryUsage.rss() / 1024 / 1024 - beforeMb);
  }
  expect(rows).toBe(3_000_000);
  // All chunks together are 600 MB.
  expect(mostMb).toBeLessThan(250);
  await session.close();
});
