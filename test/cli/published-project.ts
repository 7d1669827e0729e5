import { folderWith, handlerOf } from './project.ts';

/** A pipeline that publishes two datasets, whose rows name the value of its input. */
export function publishedProject(): Promise<string> {
  return folderWith({
    'pipelines/sales.yaml': `name: sales
version: 1.0.0
input_schema:
  type: object
  required: [value]
  properties: { value: { type: string } }
steps:
  - name: load
    handler: { callable: load }
    outputs: { orders: { checks: [{ row_count: { min: 1 } }] } }
  - { name: fail, handler: { callable: fail } }
  - { name: total, sql: { query: 'SELECT sum(amount) AS amount, any_value(big) AS big, min(value) AS value FROM load.orders' }, dependencies: [load] }
publish: { datasets: [load.orders, total.total], keep: 2 }
`,
    'lambdas/steps/sales/load.ts': handlerOf(`  const value = step.input.value as string;
  await step.write('orders', [
    { value, amount: '12.50', big: 9007199254740993n },
    { value, amount: '0.05', big: null },
  ], { columns: { value: 'VARCHAR', amount: 'DECIMAL(18,2)', big: 'BIGINT' } });
  return {};`),
    'lambdas/steps/sales/fail.ts': handlerOf(`  if (step.input.value === 'bad') throw new PermanentError('no');
  return {};`).replace('import { defineStep }', 'import { defineStep, PermanentError }'),
  });
}
