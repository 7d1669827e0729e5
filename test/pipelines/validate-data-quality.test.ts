import { expect, test } from 'vitest';
import { gateFailure, gateResult } from './quality-gate-step.ts';

test('data on the edge of every threshold passes, orders of guests too, and the result has what was measured', async () => {
  // Orders of guests have no customer: no limit holds for that column.
  expect(await gateResult([100, { email: 5 }], [50, { customer_id: 50, items: 2 }])).toEqual({
    thresholds: { min_customer_records: 100, max_null_percentage: 0.05, min_order_records: 50 },
    customer_records: 100,
    order_records: 50,
    null_percentages: {
      'extract_users.users': { user_id: 0, email: 0.05, country: 0, created_at: 0 },
      'extract_orders.orders': { order_id: 0, customer_id: 1, order_date: 0, total_amount: 0, items: 0.04 },
    },
  });
});

test('data below the thresholds fails for good, and each violation names what was measured and what is allowed', async () => {
  expect(await gateFailure([99, { email: 5 }], [49, { total_amount: 3 }])).toEqual({
    name: 'ValidationError',
    isRetried: false,
    violations: [
      'min_customer_records: extract_users.users: 99 rows; allowed: at least 100',
      'max_null_percentage: extract_users.users.email: 5 of 99 rows (0.050505050505050504); allowed: at most 0.05',
      'min_order_records: extract_orders.orders: 49 rows; allowed: at least 50',
      'max_null_percentage: extract_orders.orders.total_amount: 3 of 49 rows (0.061224489795918366); allowed: at most 0.05',
    ],
  });
});
