import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { StepHandler } from 'daybreak';
import * as daybreak from 'daybreak';
import { stepTest } from 'daybreak/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { aStep, attempt, memoryWorld, stored } from '../fixtures.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const page = readFileSync(join(root, 'docs/handlers.md'), 'utf8');
const [first = '', typed = '', long = '', setup = '', testing = '', sql = '', failing = '', ...more] = [
  ...page.matchAll(/^```ts\n(.*?)^```$/gms),
].map(([, code]) => code);
/** Inside of the package, so that its name leads here; git ignores it. */
const folder = join(root, '.daybreak', `docs-handlers-${process.pid}`);
mkdirSync(folder, { recursive: true });
afterAll(() => rmSync(folder, { recursive: true }));

async function load<T>(name: string, code: string): Promise<T> {
  const file = join(folder, `${name}.ts`);
  writeFileSync(file, code);
  return (await import(pathToFileURL(file).href)) as T;
}

describe('the page for authors of handlers', () => {
  test('has every member of `step` in its table, and no other', () => {
    const source = readFileSync(join(root, 'lib/runtime/step.ts'), 'utf8');
    const [, body = ''] = /^export interface Step<.*?> \{\n(.*?)^\}$/ms.exec(source) ?? [];
    const members = new Set([...body.matchAll(/^ {2}(?:readonly )?(\w+)[<(:?]/gm)].map(([, name]) => name));
    const [, table = ''] =
      /## Members of `step`\n(.*?)\n\n##? /s.exec(page.replace('\n\nColumns, their', '\n\n## ')) ?? [];
    const listed = new Set([...table.matchAll(/^\| `(\w+)/gm)].map(([, name]) => name));
    expect(members.size).toBeGreaterThan(20);
    expect([...listed].sort()).toEqual([...members].sort());
  });

  test('has every error class that the package exports', () => {
    const [, section = ''] = page.split('## Errors\n');
    const classes = Object.keys(daybreak).filter((name) => name.endsWith('Error'));
    expect(classes.length).toBeGreaterThan(2);
    for (const name of classes) expect(section).toContain(`\`${name}`);
  });

  test('has no example that is not executed here', () => expect(more).toEqual([]));

  test('its first example reads rows and a result, writes a dataset and gives a result', async () => {
    const { handler } = await load<{ handler: StepHandler }>('first', first);
    const world = memoryWorld();
    const count = aStep('count_orders');
    await attempt(world, { step: count }, () => ({ total: 4 }));
    await attempt(world, { step: aStep('extract') }, (step) =>
      step.write(
        'orders',
        [1, 2, 3, 4].map((order_id) => ({ order_id, late: order_id > 3 })),
        { columns: { order_id: 'BIGINT', late: 'BOOLEAN' } },
      ),
    );
    const late = aStep('late', { dependencies: ['count_orders', 'extract'] });
    const { manifest } = await attempt(world, { step: late }, handler.stepFunction);
    expect(await stored(world.store, manifest ?? '')).toMatchObject({
      result: { late: 1, share: 0.25 },
      datasets: { late_orders: { rows: 1 } },
    });
  });

  test('its typed example reads a result and writes a dataset', async () => {
    const { handler } = await load<{ handler: StepHandler }>('typed', typed);
    const world = memoryWorld();
    const columns = { id: 'BIGINT' };
    await attempt(world, { step: aStep('extract') }, async (step) => {
      await step.write('orders', [{ id: 1 }, { id: 2 }, { id: 3 }], { columns });
      return { found: 4 };
    });
    const report = aStep('report', { dependencies: ['extract'] });
    const { manifest } = await attempt(world, { step: report }, handler.stepFunction);
    expect(await stored(world.store, manifest ?? '')).toMatchObject({
      result: { orders: 3, share: 0.75 },
      datasets: { report: { rows: 1 } },
    });
  });

  test('its long step begins at the checkpoint', async () => {
    const { handler } = await load<{ handler: StepHandler }>('long-step', long);
    const run = await stepTest(handler, { config: { pages: 3 }, checkpoint: { page: 1 } });
    expect(run.result).toEqual({ pages: 2 });
    expect(run.rows('pages')).toEqual([{ page: 1 }, { page: 2 }]);
    expect(run.yields).toEqual([{ page: 1 }, { page: 2 }]);
  });

  test('its tests of a handler, of SQL and of a failure pass', async () => {
    await load('late-orders', first);
    await load('testing', testing);
    await load('failing', failing);
    const reference = readFileSync(join(root, 'docs/template-reference.md'), 'utf8');
    const template = /^```yaml\n(name: revenue\n.*?)^```$/ms.exec(reference)?.[1] ?? '';
    mkdirSync(join(folder, 'pipelines'));
    writeFileSync(join(folder, 'pipelines/revenue.yaml'), template);
    await load('sql', sql.replace("'revenue.revenue', {", `'revenue.revenue', { root: ${JSON.stringify(folder)},`));
  });

  test('its module for local.setup starts a server and stops it', async () => {
    const said: string[] = [];
    const { start } = await load<{
      start: (options: object) => Promise<{ environment: { API_URL: string }; stop: () => Promise<void> }>;
    }>('setup', setup);
    const { environment, stop } = await start({ log: (line: string) => said.push(line) });
    expect(await (await fetch(environment.API_URL)).json()).toEqual({ items: [] });
    expect(said).toHaveLength(1);
    await stop();
    await expect(fetch(environment.API_URL)).rejects.toThrow();
  });
});
