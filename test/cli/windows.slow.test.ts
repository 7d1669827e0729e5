import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli } from './cli.ts';
import { handlerOf, project } from './project.ts';

const files = {
  'pipelines/week.yaml': `name: week
version: 1.0.0
partition: { by: day, key: day, start: 2026-10-01 }
publish: { datasets: [extract.sales] }
steps:
  - name: extract
    handler: { callable: extract }
    outputs: { sales: { schema: { amount: DOUBLE } } }
  - name: last_days
    dependencies: [extract]
    needs: { dataset: extract.sales, from: -2d }
    sql:
      query: >-
        SELECT count(*) AS sales, sum(amount) AS amount
        FROM (FROM "extract"."sales" UNION ALL FROM "earlier"."sales")
  - name: listed
    dependencies: [extract]
    needs: { dataset: extract.sales, from: -2d }
    handler: { callable: listed }
`,
  // Day d sells d and 100 d.
  'lambdas/steps/week/extract.ts': handlerOf(
    "  const day = Number(step.partition.name.slice(8));\n  await step.write('sales', [{ amount: day }, { amount: 100 * day }], { columns: { amount: 'DOUBLE' } });\n  return {};",
  ),
  'lambdas/steps/week/listed.ts': handlerOf(
    "  let amount = 0;\n  for await (const rows of step.rows('earlier.sales')) for (const row of rows) amount += row.amount as number;\n  await step.write('sums', [{ amount }], { columns: { amount: 'DOUBLE' } });\n  return step.result('earlier');",
  ),
};

test('a step reads the published data of the days before, and runs again when one of them changes', async () => {
  const root = await project(files);
  const where = { cwd: root };
  const run = async (day: string) => {
    const answer = (await cli(['run', 'week', '--partition', `2026-10-${day}`, '--json'], where)).json();
    return answer as unknown as { readonly run_id: string; readonly status: string };
  };
  const rows = async (run_id: string, dataset: string) =>
    (await cli(['head', 'week', run_id, dataset, '--json'], where)).json().rows;
  expect((await cli(['check'], where)).code).toBe(0);

  const first = await run('01');
  expect(await rows(first.run_id, 'last_days.last_days')).toEqual([{ sales: 2, amount: 101 }]);
  expect(await rows(first.run_id, 'listed.sums')).toEqual([{ amount: 0 }]);
  await run('02');
  const third = await run('03');
  expect(await rows(third.run_id, 'last_days.last_days')).toEqual([{ sales: 6, amount: 606 }]);
  expect(await rows(third.run_id, 'listed.sums')).toEqual([{ amount: 303 }]);

  // The day before is missing: the step fails, and says what to do. A backfill of both makes it good.
  const fifth = await run('05');
  expect(fifth.status).toBe('FAILED');
  const letters = await cli(['dlq', 'list', 'week', '--json'], where);
  expect(letters.stdout).toContain('is not published for 2026-10-04; run them first');
  const filled = await cli(['backfill', 'week', '--to', '2026-10-05', '--missing', '--failed', '--json'], where);
  expect(filled.json()).toMatchObject({
    max_concurrency: 1,
    partitions: [{ outcome: 'succeeded' }, { run_id: fifth.run_id, outcome: 'succeeded' }],
  });
  expect(await rows(fifth.run_id, 'last_days.last_days')).toEqual([{ sales: 6, amount: 1212 }]);

  // Late data of the third day: the fifth day's window has other content, its own day has not.
  const plan = async () => {
    const answer = await cli(['resume', 'week', fifth.run_id, '--dry-run', '--json'], where);
    return (answer.json() as unknown as { readonly decisions: object }).decisions;
  };
  const reused = { decision: 'reuse' };
  expect(await plan()).toMatchObject({ extract: reused, last_days: reused, listed: reused });
  const file = join(root, 'lambdas/steps/week/extract.ts');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('100 * day }', '100 * day }, { amount: 0.5 }'));
  await cli(['resume', 'week', third.run_id], where);
  await writeFile(file, text);
  expect(await plan()).toMatchObject({
    extract: reused,
    last_days: { decision: 'run', reason: 'upstream changed: earlier' },
    listed: { decision: 'run' },
  });
  await cli(['resume', 'week', fifth.run_id], where);
  expect(await rows(fifth.run_id, 'last_days.last_days')).toEqual([{ sales: 7, amount: 1212.5 }]);
  expect((await cli(['doctor', 'week', '--json'], where)).json()).toMatchObject({ findings: [] });
});
