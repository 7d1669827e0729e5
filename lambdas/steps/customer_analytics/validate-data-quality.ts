import { defineStep, type Step, ValidationError } from 'daybreak';
import * as z from 'zod/mini';
import type { CustomerAnalyticsInput } from './input.ts';

const count = z.int().check(z.nonnegative());

const options = z.strictObject({
  quality_thresholds: z.strictObject({
    min_customer_records: count,
    /** A fraction: 0.05 is 5 %. */
    max_null_percentage: z.number().check(z.minimum(0), z.maximum(1)),
    min_order_records: count,
  }),
});

type Thresholds = z.infer<typeof options>['quality_thresholds'];

/** Rows of a dataset, and how many of them are null in each column. */
type Counts = { readonly rows: number; readonly nulls: Readonly<Record<string, number>> };

interface Finding {
  readonly check: string;
  readonly passed: boolean;
  readonly measured: string;
  readonly allowed: string;
}

/** Orders of guests have no customer: its nulls are measured, and have no limit. */
const unlimited: ReadonlySet<string> = new Set(['extract_orders.orders.customer_id']);

/**
 * The gate before the transforms: counts rows and nulls of orders and users exactly, and keeps a check for each figure. Throws a ValidationError with all
 * violations, which no retry repeats; then nothing is computed or published from the data. The result has the measured values.
 */
export const handler = defineStep<CustomerAnalyticsInput>(async (step) => {
  const { quality_thresholds: thresholds } = options.parse(step.config);
  const datasets = new Map([
    ['extract_users.users', await countUsers(step)],
    ['extract_orders.orders', await countOrders(step)],
  ]);
  const violations: string[] = [];
  // Goes on after a violation, so that the error below has all of them.
  for (const [dataset, counts] of datasets)
    for (const { check, passed, ...facts } of findingsOf(dataset, counts, thresholds))
      await step.check(check, passed, { dataset, ...facts }).catch((error: unknown) => {
        if (!(error instanceof ValidationError)) throw error;
        violations.push(...error.violations);
      });
  if (violations.length > 0)
    throw new ValidationError('no figures are computed from data that violates a quality threshold', violations);
  return {
    thresholds,
    customer_records: datasets.get('extract_users.users')?.rows,
    order_records: datasets.get('extract_orders.orders')?.rows,
    null_percentages: Object.fromEntries(
      [...datasets].map(([dataset, { rows, nulls }]) => [
        dataset,
        Object.fromEntries(Object.entries(nulls).map(([column, one]) => [column, shareOf(one, rows)])),
      ]),
    ),
  };
});

function findingsOf(dataset: string, { rows, nulls }: Counts, thresholds: Thresholds): Finding[] {
  const [name, least] =
    dataset === 'extract_users.users'
      ? (['min_customer_records', thresholds.min_customer_records] as const)
      : (['min_order_records', thresholds.min_order_records] as const);
  const most = thresholds.max_null_percentage;
  return [
    { check: `${name}: ${dataset}`, passed: rows >= least, measured: `${rows} rows`, allowed: `at least ${least}` },
    ...Object.entries(nulls).flatMap(([column, one]) =>
      unlimited.has(`${dataset}.${column}`)
        ? []
        : {
            check: `max_null_percentage: ${dataset}.${column}`,
            passed: shareOf(one, rows) <= most,
            measured: `${one} of ${rows} rows (${shareOf(one, rows)})`,
            allowed: `at most ${most}`,
          },
    ),
  ];
}

/** A fraction, the nearest double. No rows have no nulls. */
const shareOf = (nulls: number, rows: number): number => (rows === 0 ? 0 : nulls / rows);

const countUsers = (step: Step<CustomerAnalyticsInput>) =>
  counted(
    step.sql(`
      SELECT
        count(*) AS rows,
        count(*) - count(user_id) AS user_id,
        count(*) - count(email) AS email,
        count(*) - count(country) AS country,
        count(*) - count(created_at) AS created_at
      FROM "extract_users"."users"`),
  );

const countOrders = (step: Step<CustomerAnalyticsInput>) =>
  counted(
    step.sql(`
      SELECT
        count(*) AS rows,
        count(*) - count(order_id) AS order_id,
        count(*) - count(customer_id) AS customer_id,
        count(*) - count(order_date) AS order_date,
        count(*) - count(total_amount) AS total_amount,
        count(*) - count(items) AS items
      FROM "extract_orders"."orders"`),
  );

async function counted(query: PromiseLike<readonly Record<string, unknown>[]>): Promise<Counts> {
  const [{ rows, ...nulls } = { rows: 0 }] = (await query) as readonly Record<string, number>[];
  return { rows: rows ?? 0, nulls };
}
