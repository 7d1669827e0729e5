import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { StepHandler } from 'daybreak';
import { afterAll, expect, test } from 'vitest';
import type { Manifest } from '../../../lib/contract/records/manifest.ts';
import { dataPorts, readAll } from '../../data/data-ports.ts';
import { aStep, attempt, memoryWorld, stored } from '../fixtures.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const page = readFileSync(join(root, 'docs/data.md'), 'utf8');
/** Inside of the package, so that its name leads here; Node strips no types below node_modules. */
const folder = join(root, 'coverage', `docs-data-${process.pid}`);
mkdirSync(folder, { recursive: true });
afterAll(() => rmSync(folder, { recursive: true }));

test('the example under "Datasets" writes what it says', async () => {
  const [, section = ''] = page.split('## Datasets\n');
  const [, code = ''] = /^```ts\n(.*?)^```$/ms.exec(section) ?? [];
  writeFileSync(join(folder, 'example.ts'), code);
  const { handler } = (await import(pathToFileURL(join(folder, 'example.ts')).href)) as { handler: StepHandler };
  const world = memoryWorld();
  await attempt(world, { step: aStep('extract') }, (step) =>
    step.write(
      'orders',
      [
        { day: '2026-01-02', total: '2' },
        { day: '2026-01-01', total: '1.50' },
        { day: '2026-01-02', total: '3' },
      ],
      { columns: { day: 'DATE', total: 'DECIMAL(18,2)' } },
    ),
  );
  const { manifest } = await attempt(
    world,
    { step: aStep('sum', { dependencies: ['extract'] }) },
    handler.stepFunction,
  );
  const made = (await stored<Manifest>(world.store, manifest ?? '')) as Manifest;
  expect(made.result).toEqual({ orders: 5, days: 2 });
  const rows = async (name: string) =>
    readAll(dataPorts(world.store), made.datasets[name] as Manifest['datasets'][string]);
  expect(await rows('orders')).toEqual([
    { id: 1, day: '2026-01-31', total: '19.90', tags: ['new'] },
    { id: 2, day: null, total: '5.00', tags: null },
    { id: 3, day: null, total: null, tags: null },
    { id: 4, day: '2026-02-01', total: '0.10', tags: ['old'] },
    { id: 5, day: null, total: null, tags: null },
  ]);
  expect(await rows('days')).toEqual([
    { day: '2026-01-01', total: '1.50' },
    { day: '2026-01-02', total: '5.00' },
  ]);
});
