import { describe, expect, test } from 'vitest';
import { cli } from './cli.ts';
import { project } from './project.ts';
import { edit, files, run } from './sql-project.ts';

describe('a pipeline with SQL steps', () => {
  test('runs offline: queries read upstream datasets and their own, with parameters, and handlers read theirs', async () => {
    const { status, steps } = await run(await project(files));
    expect(status).toBe('SUCCEEDED');
    expect(steps.told?.result).toEqual({
      rows: [
        { customer: 7, spent: '30.50', share: 0.31 },
        { customer: 8, spent: '9.50', share: 0.1 },
      ],
      spent: { row_count: 2 },
      best: { customer: 7, share: 0.31, customers: 2, asked: 1 },
    });
  });

  test('does not start if a query is wrong', async () => {
    const root = await project(files);
    await edit(root, 'pipelines/sales/spent.sql', 'sum(total)', 'sum(amount)');
    const ran = await cli(['run', 'sales'], { cwd: root });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('pipelines/sales/spent.sql:1:22 UNKNOWN_COLUMN');
    expect(ran.stderr).toContain('1 | SELECT customer, sum(amount) AS spent');
  });

  test('compiles to the columns of each dataset', async () => {
    const { stdout } = await cli(['compile', 'sales', '--json'], { cwd: await project(files) });
    const { steps } = JSON.parse(stdout) as { steps: { name: string; datasets: object; sql?: object }[] };
    const of = (step: string) => steps.find(({ name }) => name === step);
    expect(of('spent')?.datasets).toEqual({
      customers: { customer: 'BIGINT', spent: 'DECIMAL(38,2)', orders: 'BIGINT' },
    });
    // `$all` is a result, so its type is known only in a run.
    expect(of('best')).toMatchObject({
      datasets: { shares: null, top: null },
      sql: [
        { dataset: 'shares', file: 'sales/shares.sql' },
        { dataset: 'top', file: null },
      ],
    });
    expect(of('told')?.datasets).toEqual({});
  });

  test('is simulated without running a query', async () => {
    const { stdout, code } = await cli(['simulate', 'sales', '--json'], { cwd: await project(files) });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'SUCCEEDED', steps: { best: { outcome: 'succeeded' } } });
  });
});
