import { randomUUID } from 'node:crypto';
import type { LocalSetup, LocalSetupOptions } from '../../../lib/offline/engine/local-setup.ts';
import { insertRows } from '../insert-rows.ts';
import { startDatabase } from '../pglite-server.ts';
import { startCardServer } from './card-server.ts';
import { controlTotal, generatedPayments } from './generated-payments.ts';

/** The generated days: a week. A run without an input works on the last one. */
const days = [
  '2026-03-31',
  '2026-03-30',
  '2026-03-29',
  '2026-03-28',
  '2026-03-27',
  '2026-03-26',
  '2026-03-25',
] as const;

const tables = `
  CREATE TABLE ledger_entries (
    entry_id text PRIMARY KEY, provider text NOT NULL, reference text NOT NULL, booked_at timestamptz NOT NULL,
    amount numeric(18,2) NOT NULL, currency char(3) NOT NULL
  );
  CREATE INDEX ON ledger_entries (booked_at);`;

/** `local.setup` of daily_reconciliation: a ledger in PostgreSQL, a card provider, and the bank's files in the store, all generated. */
export async function start({ store, log }: LocalSetupOptions): Promise<LocalSetup> {
  const generated = days.map((day, index) => ({ day, ...generatedPayments(day, index + 1) }));
  const ledger = generated.flatMap((one) => one.ledger);
  const database = await startDatabase(async (client) => {
    await client.query(tables);
    await insertRows(client, 'ledger_entries', ledger, [
      ['text', (entry) => entry.entry_id],
      ['text', (entry) => entry.provider],
      ['text', (entry) => entry.reference],
      ['timestamptz', (entry) => entry.booked_at],
      ['numeric', (entry) => entry.amount],
      ['text', (entry) => entry.currency],
    ]);
  });
  const token = randomUUID();
  const cards = await startCardServer(new Map(generated.map(({ day, payments }) => [day, payments.cards])), token);
  for (const { day, payments } of generated) {
    const lines = payments.bank.map((one) => [one.payment_id, one.reference, one.amount, one.currency].join(','));
    const file = `payment_id,reference,amount,currency\n${lines.join('\n')}\n`;
    await store.put(`sources/bank/${day}.csv`, file, { contentType: 'text/csv' });
    const control = JSON.stringify({ payments: payments.bank.length, control_total: controlTotal(payments.bank) });
    await store.put(`sources/bank/${day}.control.json`, control, { contentType: 'application/json' });
  }
  log(`a ledger with ${ledger.length} entries of ${days.length} days, a card provider, and the bank's files`);
  return {
    environment: {
      DATABASE_URL: database.url,
      CARD_PROVIDER_URL: cards.url,
      DAYBREAK_SECRET_CARD_TOKEN: token,
      SYNTHETIC_FIGURES: 'payments',
    },
    input: { day: days[0] },
    stop: async () => {
      await cards.stop();
      await database.stop();
    },
  };
}
