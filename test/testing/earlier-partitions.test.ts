import { expect, test } from 'vitest';
import { stepTest } from '../../lib/testing/index.ts';
import { handlerOf, project } from '../cli/project.ts';

const files = {
  'pipelines/week.yaml': `name: week
partition: { by: day, key: day }
publish: { datasets: [extract.sales] }
steps:
  - name: extract
    handler: extract
    outputs: { sales: { schema: { amount: DOUBLE } } }
  - name: last_days
    dependencies: [extract]
    needs: { dataset: extract.sales, from: -2d }
    sql:
      query: >-
        SELECT $partition AS day, sum(amount) AS amount
        FROM (FROM "extract"."sales" UNION ALL FROM "earlier"."sales")
`,
  'lambdas/steps/week/extract.ts': handlerOf('  return step.partition.start;'),
};

test('a test of a step names its partition by the input, and gives earlier ones like a dependency', async () => {
  const root = await project(files);
  const upstream = {
    extract: { datasets: { sales: [{ amount: 1 }] } },
    earlier: { datasets: { sales: [{ amount: 20 }, { amount: 300 }] } },
  };
  const ran = await stepTest('week.last_days', { root, input: { day: '2026-10-05' }, upstream });
  expect(ran.rows('last_days')).toEqual([{ day: '2026-10-05', amount: 321 }]);
  await expect(stepTest('week.last_days', { root, input: { day: '2026-02-30' }, upstream })).rejects.toThrow(
    '/day: "2026-02-30" is no day of the calendar',
  );
});
