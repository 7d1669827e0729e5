import { expect, test } from 'vitest';
import { cli } from '../cli.ts';
import { handlerOf, project } from '../project.ts';

const template = (columns: string, more = ''): string => `name: shop
version: 1.4.0
publish:
  datasets: [load.orders]
${more}
steps:
  - name: load
    handler: load
    outputs: { orders: { schema: { ${columns} } } }
`;

/** A version as another template published it: ids are required, and there is a total. */
const published = {
  'published/current.json': JSON.stringify({
    ...{ format: 1, pipeline: 'shop', greatest: 3, withdrawn: [], retired: [], changes: [] },
    partitions: [{ partition: '', current: 3, fence: 1, versions: [] }],
  }),
  'published/versions/3.json': JSON.stringify({
    ...{
      format: 1,
      pipeline: 'shop',
      pipeline_version: '1.3.0',
      version: 3,
      partition: '',
      run_id: 'r1',
      execution: 1,
    },
    datasets: [{ step: 'load', dataset: 'orders', columns: { id: 'BIGINT', total: 'DECIMAL(18,2)' } }],
    steps: [
      {
        step: 'load',
        checks: [{ dataset: 'orders', kind: 'not_null', on_violation: 'block', passed: true, columns: ['id'] }],
      },
    ],
    seal: 'x',
  }),
};

const files = (text: string, store: string) => ({
  'pipelines/shop.yaml': text,
  'lambdas/steps/shop/load.ts': handlerOf('  return {};'),
  'pipelines/other.yaml': 'name: other\nversion: 1.0.0\nsteps: [{ name: a, handler: a }]\n',
  'lambdas/steps/other/a.ts': handlerOf("  return { from: 'shop' };"),
  ...Object.fromEntries(Object.entries(published).map(([key, body]) => [`${store}/shop/${key}`, body])),
});

test('check --against reports what would break readers of the published version, and who names it', async () => {
  const cwd = await project(files(template('id: BIGINT'), 'prod'));
  const { code, stdout, stderr } = await cli(['check', '--against', 'prod'], { cwd });
  expect(code).toBe(1);
  const told = stdout + stderr;
  expect(told).toContain('BREAKING_CHANGE load.orders: column "total" (DECIMAL(18,2)) is gone (published version 3)');
  expect(told).toContain('column "id" may have nulls now, which a check forbade');
  expect(told).toContain('readers: lambdas/steps/other/a.ts');
  expect(told).toContain('pipelines/shop.yaml:4:');
  expect((await cli(['check'], { cwd })).code).toBe(0);
});

test('the local store is compared too, and only warns', async () => {
  const cwd = await project(files(template('id: INTEGER, total: DOUBLE'), '.daybreak/store'));
  const ran = await cli(['check', '--json'], { cwd });
  expect(ran.code).toBe(0);
  const found = ran.json().diagnostics.filter(({ code }) => code === 'BREAKING_CHANGE');
  expect(found.map(({ severity }) => severity)).toEqual(['warning', 'warning', 'warning']);
});

test('a schema that keeps the contract, and `breaking: true`, have no finding; a place that does not exist is an error', async () => {
  const kept = template('id: BIGINT, total: "DECIMAL(20,2)", note: VARCHAR').replace(
    'outputs: { orders: {',
    'outputs: { orders: { checks: [{ not_null: id }],',
  );
  const cwd = await project(files(kept, 'prod'));
  expect((await cli(['check', '--against', 'prod'], { cwd })).code).toBe(0);
  const wanted = await project(files(template('id: BIGINT', '  breaking: true'), 'prod'));
  expect((await cli(['check', '--against', 'prod'], { cwd: wanted })).code).toBe(0);
  const { code, stderr } = await cli(['check', '--against', './nowhere'], { cwd });
  expect([code, stderr]).toEqual([2, expect.stringContaining('--against "./nowhere" is no folder')]);
});
