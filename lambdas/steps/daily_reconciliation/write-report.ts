import { defineStep } from 'daybreak';
import * as z from 'zod/mini';
import { neededResult } from '../needed-result.ts';
import type { ReconciliationInput } from './input.ts';
import { bridgesOf } from './report/bridge.ts';
import type { Counts, Item, Total } from './report/reconciliation.ts';
import { reconciliationPage } from './report/reconciliation-page.ts';

const options = z.strictObject({ tolerance: z.string(), listed: z.int().check(z.positive()) });

/** Writes `reconciliation.html` and the audit record `audit.json`, and returns the counts. */
export const handler = defineStep<ReconciliationInput>(async (step) => {
  const { tolerance, listed } = options.parse(step.config);
  const counts = neededResult<Counts>(step, 'match_payments');
  const totals: Total[] = await step.sql<Total>('FROM "match_payments"."totals"');
  const open: Item[] = await step.sql<Item>(
    `FROM "match_payments"."items" WHERE status NOT IN ('matched', 'within_tolerance')
     ORDER BY greatest(abs(coalesce(difference, ledger_amount)), 0) DESC, provider, reference, entry_id, payment_id LIMIT $listed`,
    { listed },
  );
  const { day } = step.input;
  const audit = { day, run: step.run, tolerance, counts, bridges: bridgesOf(totals), open_items: open };
  await step.file('audit.json', `${JSON.stringify(audit, null, 2)}\n`, { contentType: 'application/json' });
  const page = reconciliationPage({ day, tolerance, counts, totals, open }, step.run);
  await step.file('reconciliation.html', page, { contentType: 'text/html; charset=utf-8' });
  return counts;
});
