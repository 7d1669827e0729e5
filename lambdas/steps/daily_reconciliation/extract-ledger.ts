import { defineStep } from 'daybreak';
import { extractPostgres, sql } from 'daybreak/sources';
import { databaseUrl } from '../connectors/database-url.ts';
import type { ReconciliationInput } from './input.ts';

/** Columns of the dataset `ledger`. */
export const ledgerColumns = {
  entry_id: 'VARCHAR',
  provider: 'VARCHAR',
  reference: 'VARCHAR',
  booked_at: 'TIMESTAMP',
  amount: 'DECIMAL(18,2)',
  currency: 'VARCHAR',
};

/** Writes the dataset `ledger`: every entry that was booked on the day of the run. */
export const handler = defineStep<ReconciliationInput>(async (step) => ({
  entries: await extractPostgres(step, {
    url: await databaseUrl(step),
    dataset: 'ledger',
    columns: ledgerColumns,
    key: 'entry_id',
    query: sql`
      SELECT entry_id COLLATE "C" AS entry_id, provider, reference, booked_at, amount, currency::text AS currency
      FROM ledger_entries
      WHERE booked_at >= ${step.partition.start} AND booked_at < ${step.partition.end}`,
  }),
}));
