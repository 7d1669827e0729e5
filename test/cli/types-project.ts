/** A project whose names try to break out of the generated declarations, whose steps share handlers, and whose environments change steps. */

const orders = `name: orders
description: "The day's */ orders"
input_schema:
  type: object
  required: [day]
  properties:
    day: { type: string, format: date }
    limit: { type: integer, default: 10 }
steps:
  - name: extract
    description: "reads */ } the source"
    handler: { callable: extract, initialization: { batch: 100, "we-ird'": [a, 1] } }
    outputs:
      orders:
        schema:
          order_id: BIGINT
          "it's */": "STRUCT(a INTEGER, \\"b c\\" VARCHAR[])"
          total: DECIMAL(18,2)
          at: TIMESTAMP
          tags: VARCHAR[]
      free: {}
  - name: class
    dependencies: [extract]
    sql: { query: "SELECT order_id, total * 2 AS twice FROM extract.orders" }
  - name: default
    dependencies: [extract]
    sql:
      datasets: { some: { query: SELECT order_id FROM extract.orders }, all: { query: FROM extract.orders } }
      result: { query: "SELECT count(*) AS orders, sum(total) AS total FROM extract.orders" }
  - name: load-all
    dependencies: [extract, class, default]
    handler: { callable: load_all }
    result_schema: { type: object, required: [n], properties: { n: { type: integer } } }
  - name: last
    dependencies: [load-all]
    trigger_rule: all_done
    handler: ../shared/count.ts#count
  - name: again
    dependencies: [last]
    handler: ../shared/count.ts#count
environments:
  staging:
    steps:
      - { name: extract, handler: { initialization: { batch: many } } }
`;

const refunds = `name: re-funds
steps:
  - { name: extract, handler: ../orders/extract.ts }
  - { name: last, dependencies: [extract], handler: ../shared/count.ts#count }
`;

const extract = `import { defineStep } from 'daybreak';
const columns = {
  order_id: 'BIGINT',
  "it's */": 'STRUCT(a INTEGER, "b c" VARCHAR[])',
  total: 'DECIMAL(18,2)',
  at: 'TIMESTAMP',
  tags: 'VARCHAR[]',
} as const;
export const handler = defineStep('orders.extract', async (step) => {
  const limit: number = step.input.limit;
  const batch: number | string = step.config.batch;
  const orders = step.writer('orders', { columns });
  await orders.append([{ order_id: '1', "it's */": { a: 1, 'b c': ['x', null] }, total: '1.50', at: new Date(), tags: [] }]);
  await step.write('free', [{ anything: 1 }], { columns: { anything: 'BIGINT' } });
  return { count: orders.rowCount + limit, at: new Date(), batch, missing: undefined };
});
`;

const loadAll = `import { defineStep } from 'daybreak';
export const handler = defineStep<'orders.load-all'>(async (step) => {
  const { count, at, batch }: { count: number; at: string; batch: string | number } = step.result('extract');
  for await (const rows of step.rows('class.class')) {
    for (const row of rows) void ((row satisfies { order_id: number | bigint | null; twice: string | null }));
  }
  for await (const rows of step.rows('default.all')) {
    for (const row of rows) void (row["it's */"]?.['b c']?.[0] satisfies string | null | undefined);
  }
  const sums: { orders: number | string | null; total: string | null } = step.result('default');
  const rowCount: number = step.result('class').row_count;
  return { n: count + rowCount, at, batch, sums };
});
`;

const count = `import { defineStep, type StepOf } from 'daybreak';
type Known = 'orders.last' | 'orders.again' | 're-funds.last';
export const count = defineStep<Known>(async (step) => helper(step));
const helper = async (step: StepOf<Known>): Promise<number> => Object.keys(step.input).length;
`;

const tests = `import { stepFailure, stepTest } from 'daybreak/testing';
import { handler } from './steps/orders/extract.ts';
export async function tests() {
  const orders = [{ order_id: 1, total: '1.00' }];
  const run = await stepTest('orders.class', { input: { day: 'x' }, upstream: { extract: { datasets: { orders } } } });
  void (run.rows('class')[0] satisfies { order_id: number | bigint | null; twice: string | null } | undefined);
  void (run.result.row_count satisfies number);
  const own = await stepTest(handler, { input: { day: 'x' }, upstream: {} });
  void (own.result.at satisfies string);
  void (await stepFailure('orders.last', { upstream: { 'load-all': 'failed' } }));
}
`;

export const typesProject = {
  'pipelines/orders.yaml': orders,
  'pipelines/re-funds.yaml': refunds,
  'lambdas/steps/orders/extract.ts': extract,
  'lambdas/steps/orders/load-all.ts': loadAll,
  'lambdas/steps/shared/count.ts': count,
  'lambdas/tests.ts': tests,
} as const;

/** Each line with a comment has the mistake that the comment names, as the compiler reports it. */
export const typeMistakes = `import { defineStep, type StepOf } from 'daybreak';
import { stepTest } from 'daybreak/testing';
declare const load: StepOf<'orders.load-all'>;
declare const extract: StepOf<'orders.extract'>;
declare const last: StepOf<'orders.last'>;
declare const shared: StepOf<'orders.last' | 'orders.again'>;
defineStep<'orders.extrct'>(() => 1); // TS2344: Type '"orders.extrct"' does not satisfy the constraint
defineStep('re-funds.nope', () => 1); // TS2345: Argument of type '"re-funds.nope"' is not assignable
load.result('nope'); // TS2345: Argument of type '"nope"' is not assignable to parameter of type '"class" | "default" | "extract"'
load.rows('class.clas'); // TS2345: Argument of type '"class.clas"' is not assignable to parameter of type '"class.class" | "default.all" | "default.some" | "extract.free" | "extract.orders"'
load.columns('orders'); // TS2345: Argument of type '"orders"' is not assignable
load.readFile('last', 'x'); // TS2345: Argument of type '"last"' is not assignable
load.writ(); // TS2551: Property 'writ' does not exist on type 'StepOf<"orders.load-all", any>'. Did you mean 'write'?
load.result('extract').cuont; // TS2551: Property 'cuont' does not exist
void (load.result('extract').at satisfies Date); // TS1360: Type 'string' does not satisfy the expected type 'Date'
extract.input.dya; // TS2339: Property 'dya' does not exist
void (extract.config.batch satisfies number); // TS1360: Type 'string | number' does not satisfy
extract.writer('order', { columns: {} }); // TS2345: Argument of type '"order"' is not assignable to parameter of type '"free" | "orders"'
extract.writer('orders', { columns: { order_id: 'VARCHAR' } }); // TS2322: Type '"VARCHAR"' is not assignable to type '"BIGINT"'
void extract.write('orders', [{ odrer_id: 1 }], {} as never); // TS2769: No overload matches this call
void extract.write('orders', [{ tags: 'x' }], {} as never); // TS2769: No overload matches this call
void (last.result('load-all') satisfies object); // TS1360: Type '{ readonly n: number; } | undefined' does not satisfy
shared.result('last'); // TS2345: Argument of type '"last"' is not assignable to parameter of type 'never'
void stepTest('orders.class', { upstream: { extrct: {} } }); // TS2769: No overload matches this call
void stepTest('orders.class').then((run) => run.rows('clas')); // TS2345: Argument of type '"clas"' is not assignable to parameter of type '"class"'
`;
