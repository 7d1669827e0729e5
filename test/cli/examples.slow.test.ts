import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { shell } from './docs-session.ts';
import { project } from './project.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(repository, 'docs/examples.md'), 'utf8');

const rows = [...page.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name = '']) => name);
const commands = [...page.matchAll(/^```sh ([\w-]+)\n(.*?)^```$/gms)].map(([, name = '', text = '']) => ({
  name,
  text,
}));

/** A part of what each example prints. */
const prints: Readonly<Record<string, RegExp>> = {
  customer_analytics: /^customer_analytics SUCCEEDED in /m,
  analytics_pipeline: /^analytics_pipeline SUCCEEDED in /m,
  daily_reconciliation: /^daily_reconciliation SUCCEEDED in /m,
  risk_calculation: /^risk_calculation SUCCEEDED in /m,
  inventory_forecast: /^inventory_forecast SUCCEEDED in /m,
  sensor_aggregation: /^sensor_aggregation SUCCEEDED in /m,
  'pipeline-monitor': /"rows":2000/,
};

test('every template and subscriber of this repository is in the gallery, and every row has a command', () => {
  const named = ['pipelines', 'lambdas/subscribers'].flatMap((folder) =>
    readdirSync(join(repository, folder))
      .filter((name) => /\.(yaml|ts)$/.test(name))
      .map((name) => basename(name).replace(/\.(yaml|ts)$/, '')),
  );
  expect([...rows].sort()).toEqual(named.sort());
  expect(commands.map(({ name }) => name)).toEqual(rows);
  expect(Object.keys(prints).sort()).toEqual([...rows].sort());
});

/** A folder with the examples of this repository, and a separate store. */
const examples = async (): Promise<string> => {
  const root = await project({});
  for (const part of ['pipelines', 'lambdas', 'lib', 'node_modules', 'package.json'])
    await symlink(join(repository, part), join(root, part)).catch(() => undefined);
  return root;
};

test.each(commands)('the example $name runs as the page says', async ({ name, text }) => {
  const root = await examples();
  expect(await shell(text, root)).toMatch(prints[name] ?? /^$/);
});

const tested = readdirSync(join(repository, 'pipelines')).filter((name) =>
  existsSync(join(repository, 'pipelines', name, 'tests')),
);

test.each(tested)('the tests of %s in YAML pass', async (name) => {
  expect(await shell(`npx daybreak test ${name} --units`, await examples())).toContain(', all passed');
});

test('four examples have tests in YAML', () => expect(tested.length).toBeGreaterThanOrEqual(4));

test('a late reading makes a new version of its day, and a backfill makes the days of the ledger that are missing', async () => {
  const root = await examples();
  const sensors =
    'npx daybreak run sensor_aggregation > run.txt 2>&1 && npx daybreak read sensor_aggregation aggregate.windows --partition 2026-03-31 --csv';
  const readings = async (): Promise<number> => {
    const [head = '', ...rows] = (await shell(sensors, root)).trim().split('\n');
    const at = head.split(',').indexOf('readings');
    return rows.reduce((sum, row) => sum + Number(row.split(',')[at]), 0);
  };
  const first = await readings();
  expect(await readings()).toBeGreaterThan(first);
  expect(
    await shell('npx daybreak backfill daily_reconciliation --from 2026-03-30 --to 2026-03-31 --missing', root),
  ).toContain('2 succeeded');
  expect(await shell('npx daybreak history daily_reconciliation', root)).toContain('has published 2 partitions');
});
