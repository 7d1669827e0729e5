import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { loadPipeline } from '../../lib/compiler/load-pipeline.ts';
import type { Json } from '../../lib/contract/json.ts';
import { packageRoot } from '../../lib/package/package-files.ts';
import { countExample, type ExampleCounts, example } from './price/example-run.ts';
import { listPrices } from './price/list-prices.ts';
import { priceTable } from './price/price-table.ts';

let run: ExampleCounts;
beforeAll(async () => {
  run = await countExample();
});

/** Names and types of all states, at any depth. */
function statesOf(value: Json, found: string[] = []): string[] {
  if (Array.isArray(value)) for (const item of value) statesOf(item, found);
  else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'States')
        for (const [name, state] of Object.entries(inner as object))
          found.push(`${name} ${(state as { Type: string }).Type}`);
      statesOf(inner as Json, found);
    }
  return found;
}

test('the machine that is counted has the states of the example', async () => {
  const options = { root: packageRoot, environment: null, allowMissingHandlers: false };
  const loaded = await loadPipeline('pipelines/customer_analytics.yaml', options);
  if (!loaded.ok) throw new Error('customer_analytics does not compile');
  expect(statesOf(example.machine.definition as unknown as Json).sort()).toEqual(
    statesOf(loaded.machine.definition as unknown as Json).sort(),
  );
});

test('one run sends these requests', () => {
  expect(run.counted.invocations).toEqual({ Prepare: 1, Wait: 1, Step: 9, Finalize: 1 });
  expect(run.counted.by).toMatchObject({
    // 11 datasets of one part each, and 3 files.
    'Step upload data': 11,
    'Step put data': 3,
    'Step put manifests': 9,
    'Step put outcomes': 9,
    // The three steps that may take longer than a function leave their start before their handlers begin.
    'Step put progress': 3,
    'Step get once': 1,
    'Step put once': 1,
    // One step waits, for one other.
    'Wait put waits': 1,
    'Step get waits': 1,
    'Finalize put history': 1,
  });
  // orders and users for the gate; orders, recent_orders and users; orders, recent_orders and products; the 7 datasets of both transforms; the 3 published ones for their profiles.
  expect(run.counted.by['Step download data']).toBe(2 + 3 + 3 + 7 + 3);
});

test('one run is billed for these units', () => {
  // Of each function one invocation, as above, and one of the function of incidents.
  expect(run.units.invocation).toBe(1 + 1 + 9 + 1 + 1);
  // A start and an end of the run, and of each of its 9 steps; the new version.
  expect(run.units.event).toBe(2 + 2 * 9 + 1);
  // database_url, crm_token and slack_webhook.
  expect(run.units.secretRequest).toBe(3);
  // Three steps ask which loads they have done. To publish, Finalize reads the pointer, the execution, and outcome and manifest of both transforms, the gate and the
  // three extracts: 14; it writes the version and the pointer. Profiles of the 3 published datasets: steps download and write 3; Finalize reads 2 outcomes, 7 profiles and 3 histories, and writes 3.
  expect(run.units).toMatchObject({
    transition: 23,
    s3Put: 46 + 2 + 3 + 3,
    s3Get: 46 + 3 + 14 + 3 + 2 + 7 + 3,
    sqsRequest: 0,
  });
  // The transforms have 2 GB, the other seven steps 1 GB: 2 x (0.592 + 0.473) + 1.9 + 3.0 + 0.867 + 0.373 + 0.358 + 0.052 + 0.059.
  expect(run.units.gbSecond).toBeGreaterThan(8.739);
  // The platform's functions have half a GB and wait for less than a second together.
  expect(run.units.gbSecond).toBeLessThan(8.739 + 0.5);
});

test('the sum is what a hand calculation gives', () => {
  const { gbSecond } = run.units;
  const dollars = 23 * 0.025 + 13 * 0.0002 + gbSecond * 0.0133334 + 54 * 0.005 + 78 * 0.0004 + 21 * 0.001 + 3 * 0.005;
  expect(priceTable(run.units).at(-1)).toBe(`| **sum** | | **${dollars.toFixed(2)}** |`);
  expect(listPrices.transition * 1_000_000).toBeCloseTo(25);
});

test('docs/costs.md has the table', () => {
  const page = new URL('../../docs/costs.md', import.meta.url);
  const place = /(<!-- table: price -->\n)((?:\|.*\n)*)/;
  const text = readFileSync(page, 'utf8');
  const wanted = `${priceTable(run.units).join('\n')}\n`;
  expect(text).toMatch(place);
  if (process.env.UPDATE_DOCS) writeFileSync(page, text.replace(place, `$1${wanted.replaceAll('$', '$$$$')}`));
  else expect(place.exec(text)?.[2]).toBe(wanted);
});
