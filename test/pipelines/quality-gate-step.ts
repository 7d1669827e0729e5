import { stepFailure, stepTest } from 'daybreak/testing';
import { handler } from '../../lambdas/steps/customer_analytics/validate-data-quality.ts';

/** A number of rows, and the columns that are null in the first rows of them. */
export type Rows = readonly [count: number, nulls?: Readonly<Record<string, number>>];

const rowsOf = ([count, nulls = {}]: Rows, row: (index: number) => object): object[] =>
  Array.from({ length: count }, (_, index) => ({
    ...row(index),
    ...Object.fromEntries(Object.entries(nulls).flatMap(([column, rows]) => (index < rows ? [[column, null]] : []))),
  }));

function given(users: Rows, orders: Rows) {
  const at = '2025-03-01T10:00:00.000Z';
  return {
    step: 'customer_analytics.validate_data_quality',
    input: { date_range: { start_date: '2025-03-01', end_date: '2025-03-01' } },
    upstream: {
      extract_users: {
        datasets: {
          users: rowsOf(users, (index) => ({ user_id: `u${index}`, email: 'a@b', country: 'X', created_at: at })),
        },
      },
      extract_orders: {
        datasets: {
          orders: rowsOf(orders, (index) => ({
            order_id: `o${index}`,
            customer_id: 'u0',
            order_date: at,
            total_amount: '1.00',
            items: [],
          })),
        },
      },
    },
  };
}

/** The result of validate_data_quality, with the thresholds of the template, on so many users and orders. */
export async function gateResult(users: Rows, orders: Rows) {
  return (await stepTest(handler as never, given(users, orders) as never)).result;
}

/** The failure of the gate on them: its findings, and whether a retry repeats it. */
export async function gateFailure(users: Rows, orders: Rows) {
  const { error, name, isRetried } = await stepFailure(handler as never, given(users, orders) as never);
  return { name, isRetried, violations: (error as Error & { violations: readonly string[] }).violations };
}
