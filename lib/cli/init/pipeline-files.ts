import type { Files } from './new-project.ts';

const template = `# yaml-language-server: $schema=../node_modules/daybreak/template.schema.json
# One pipeline: its steps, and what each one needs. The steps run as soon as their dependencies have succeeded.
# Check it with \`npx daybreak check\`.
name: sales
version: 1.0.0
description: The revenue of each country on one day

# The input of a run. Without one, \`npm start\` takes the defaults.
input_schema:
  type: object
  properties:
    day: { type: string, format: date, default: "2026-01-31" }

# Deployed, it runs each night for the day before. On your machine it runs when you start it.
schedule:
  cron: "0 4 * * *"
  timezone: UTC
  input: { day: "{% $yesterday(scheduled_time) %}" }

steps:
  # A handler: lambdas/steps/sales/extract-orders.ts
  - name: extract_orders
    handler: { callable: extract_orders }
    retry: { max_attempts: 3, initial_delay: 2s }
    timeout: 5m
    outputs:
      orders: { schema: { order_id: VARCHAR, country: VARCHAR, amount: "DECIMAL(18,2)" } }

  # A query over the datasets of other steps: pipelines/sales/revenue_by_country.sql
  - name: revenue_by_country
    sql: { file: sales/revenue_by_country.sql }
    dependencies: [extract_orders]
`;

const query = `-- A dataset of another step is the table "step"."dataset". The dialect is DuckDB's.
SELECT country, count(*) AS orders, sum(amount) AS revenue
FROM "extract_orders"."orders"
GROUP BY country
ORDER BY country
`;

const handler = `import { defineStep } from 'daybreak';

/** These orders stand for your source: a database, an API, a file. \`daybreak/sources\` reads all three. */
const orders = [
  { order_id: 'A1', country: 'DE', amount: '12.50' },
  { order_id: 'A2', country: 'FR', amount: '99.90' },
  { order_id: 'A3', country: 'DE', amount: '7.25' },
];

/**
 * Writes the day's orders as the dataset \`orders\`. Other steps see it when this step has succeeded. The name of the step gives \`step\` its types: the
 * editor knows the input and the columns (lambdas/daybreak.d.ts).
 */
export const handler = defineStep('sales.extract_orders', async (step) => {
  await step.write('orders', orders, {
    columns: { order_id: 'VARCHAR', country: 'VARCHAR', amount: 'DECIMAL(18,2)' },
  });
  step.log.info('the orders are written', { day: step.input.day, orders: orders.length });
  return { orders: orders.length };
});
`;

const handlerFile = 'lambdas/steps/sales/extract-orders.ts';
const handlerFromTest = `../${handlerFile}`;

const test = `import { stepTest } from 'daybreak/testing';
import { expect, test } from 'vitest';
import { handler } from '${handlerFromTest}';

test('extract_orders writes the orders, and gives their number', async () => {
  const run = await stepTest(handler, { input: { day: '2026-01-31' } });
  expect(run.result).toEqual({ orders: 3 });
  expect(run.rows('orders')).toContainEqual({ order_id: 'A1', country: 'DE', amount: '12.50' });
});

test('revenue_by_country adds up the orders of each country', async () => {
  const orders = [
    { order_id: '1', country: 'DE', amount: '10.00' },
    { order_id: '2', country: 'DE', amount: '0.50' },
    { order_id: '3', country: 'FR', amount: '7.00' },
  ];
  const run = await stepTest('sales.revenue_by_country', { upstream: { extract_orders: { datasets: { orders } } } });
  expect(run.rows('revenue_by_country')).toEqual([
    { country: 'DE', orders: 2, revenue: '10.50' },
    { country: 'FR', orders: 1, revenue: '7.00' },
  ]);
});
`;

/** The files of the first pipeline. They are the same in a new project and in one that exists. */
export function pipelineFiles(): Files {
  return {
    'pipelines/sales.yaml': template,
    'pipelines/sales/revenue_by_country.sql': query,
    [handlerFile]: handler,
    'test/sales.test.ts': test,
  };
}
