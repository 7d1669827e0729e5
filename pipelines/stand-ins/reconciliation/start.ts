import { randomUUID } from 'node:crypto';
import type { LocalSetup, LocalSetupOptions } from '../../../lib/offline/engine/local-setup.ts';
import { insertRows } from '../insert-rows.ts';
import { startDatabase } from '../pglite-server.ts';
import { startCardServer } from './card-server.ts';
import { controlTotal, generatedPayments } from './generated-payments.ts';

/** The generated day. */
const day = '2026-03-31';

const tables = `
  CREATE TABLE ledger_entries (
    entry_id text PRIMARY KEY, provider text NOT NULL, reference text NOT NULL, booked_at timestamptz NOT NULL,
    amount numeric(18,2) NOT NULL, currency char(3) NOT NULL
  );
  CREATE INDEX ON ledger_entries (booked_at);`;

/** `local.setup` of daily_reconciliation: a ledger in PostgreSQL, a card provider, and the bank's files in the store, all with one generated day. */
export async function start({ store, log }: LocalSetupOptions): Promise<LocalSetup> {
  const { ledger, payments } = generatedPayments(day);
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
  const cards = await startCardServer(day, payments.cards, token);
  const lines = payments.bank.map((one) => [one.payment_id, one.reference, one.amount, one.currency].join(','));
  const file = `payment_id,reference,amount,currency\n${lines.join('\n')}\n`;
  await store.put(`sources/bank/${day}.csv`, file, { contentType: 'text/csv' });
  const control = JSON.stringify({ payments: payments.bank.length, control_total: controlTotal(payments.bank) });
  await store.put(`sources/bank/${day}.control.json`, control, { contentType: 'application/json' });
  log(
    `a ledger with ${ledger.length} entries, ${payments.cards.length} card payments, ${payments.bank.length} bank transfers of ${day}`,
  );
  return {
    environment: {
      DATABASE_URL: database.url,
      CARD_PROVIDER_URL: cards.url,
      DAYBREAK_SECRET_CARD_TOKEN: token,
      SYNTHETIC_FIGURES: 'payments',
    },
    input: { day },
    stop: async () => {
      await cards.stop();
      await database.stop();
    },
  };
}
