import { describe, expect, test } from 'vitest';
import { cli, spawnCli } from './cli.ts';
import { project } from './project.ts';
import { dryRun, edit, files, type Report, run } from './sql-project.ts';

describe('a pipeline with SQL steps', () => {
  test('resumes after a change of a query or of its parameters, and reports the change', async () => {
    const root = await project(files);
    const { run_id } = await run(root);
    expect(await dryRun(root, run_id)).toEqual({ extract: 'reused', spent: 'reused', best: 'reused', told: 'reused' });
    await edit(root, 'pipelines/sales/shares.sql', '\n', ' -- by customer\n');
    expect((await dryRun(root, run_id)).best).toBe('code changed: shares.sql');
    await edit(root, 'pipelines/sales.yaml', 'region: "{% input.region %}"', 'region: north');
    expect((await dryRun(root, run_id)).spent).toMatch(/^configuration changed: initialization\.params\.region/);
    const { steps } = (await cli(['resume', 'sales', run_id, '--json'], { cwd: root })).json() as unknown as Report;
    // The queries give the same result, so their readers need not run again.
    expect(Object.fromEntries(Object.entries(steps).map(([name, { outcome }]) => [name, outcome]))).toEqual({
      extract: 'reused',
      spent: 'succeeded',
      best: 'succeeded',
      told: 'reused',
    });
  });

  test('fails permanently if a value does not fit, and reports query, line and column', async () => {
    const root = await project(files);
    await edit(root, 'pipelines/sales/spent.sql', 'WHERE region', 'WHERE CAST(day AS DATE) IS NOT NULL\n  AND region');
    const { status, steps } = await run(root);
    expect(status).toBe('FAILED');
    expect(steps.spent?.failure?.error).toBe('ValidationError');
    expect(steps.spent?.failure?.cause).toMatch(
      /^the query "sales\/spent\.sql \(step spent\)", line 3, column 7: .*"never".* from source column day/,
    );
  });

  test('holds under faults', async () => {
    const ran = await spawnCli(['test', 'sales', '--faults', '6', '--json'], { cwd: await project(files) }).exited;
    expect(ran.code, ran.stdout + ran.stderr).toBe(0);
  });
});
