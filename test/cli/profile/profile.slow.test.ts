import { expect, test } from 'vitest';
import { cli } from '../cli.ts';
import { handlerOf, project } from '../project.ts';

const files = {
  'pipelines/shop.yaml': `name: shop
version: 1.0.0
publish: { datasets: [load.orders] }
steps:
  - name: load
    handler: load
    outputs: { orders: {}, plain: {} }
`,
  'lambdas/steps/shop/load.ts': handlerOf(`  const rows = Array.from({ length: 40 }, (_, index) => ({
    id: index, status: index % 4 ? 'open' : 'paid', total: index === 7 ? null : index / 4, day: '2026-01-' + String(1 + (index % 28)).padStart(2, '0'),
  }));
  await step.write('orders', rows, { columns: { id: 'BIGINT', status: 'VARCHAR', total: 'DOUBLE', day: 'DATE' } });
  await step.write('plain', [{ id: 1 }], { columns: { id: 'BIGINT' } });
  return {};`),
};

test('profile shows a dataset of the newest run, of a version, and as JSON; 80 columns are enough', async () => {
  const cwd = await project(files);
  expect((await cli(['run', 'shop'], { cwd })).code).toBe(0);
  const shown = await cli(['profile', 'shop', 'load.orders'], { cwd, columns: 80 });
  if (process.env.SHOW_PROFILE) console.log(shown.stdout);
  expect(shown.code).toBe(0);
  expect(shown.stdout).toMatch(/status .*0 +2/);
  expect(shown.stdout).toMatch(/total .*2\.5% +39/);
  expect(shown.stdout).toContain('█');
  expect(shown.stdout).toContain('open 75.0% · paid 25.0%');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours
  const widths = shown.stdout.split('\n').map((line) => line.replace(/\u001b\[[0-9;]*m/g, '').length);
  expect(Math.max(...widths)).toBeLessThanOrEqual(80);
  const version = await cli(['profile', 'shop', '--version', '1', 'load.orders', '--json'], { cwd });
  expect(version.json()).toMatchObject({
    pipeline: 'shop',
    version: 1,
    profile: { rows: 40, columns: { id: { max: '39' } } },
  });
  for (const [args, word] of [
    [['load.plain'], 'has no profile'],
    [['load.nope'], 'has no dataset'],
    [['--version', '9', 'load.orders'], 'has no version 9'],
    [['--version', '1', 'load.plain'], 'version 1 has no dataset "load.plain"'],
  ] as const)
    expect((await cli(['profile', 'shop', ...args], { cwd })).stderr).toContain(word);
});
