import { readdirSync, readFileSync } from 'node:fs';
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

test.each(commands)('the example $name runs as the page says', async ({ name, text }) => {
  const root = await project({});
  for (const part of ['pipelines', 'lambdas', 'lib', 'node_modules', 'package.json'])
    await symlink(join(repository, part), join(root, part)).catch(() => undefined);
  expect(await shell(text, root)).toMatch(prints[name] ?? /^$/);
});
