import type { LocalSetup, LocalSetupOptions } from '../../../lib/offline/engine/local-setup.ts';
import { insertRows } from '../insert-rows.ts';
import { startServer } from '../loopback-server.ts';
import { startDatabase } from '../pglite-server.ts';
import { type GeneratedMarket, generatedMarket } from './generated-market.ts';

/** The day of valuation, a Tuesday. */
const asOf = '2026-03-31';

/** Enough for a window and a back-test of 500 days each, and one day before the first return. */
const days = 1_001;

const ratesPerPage = 500;

/** `local.setup` of risk_calculation: positions in PostgreSQL, prices as files in the store, and an API of exchange rates, all generated. */
export async function start({ store, log }: LocalSetupOptions): Promise<LocalSetup> {
  const market = generatedMarket(asOf, days);
  const database = await startDatabase(async (client) => {
    await client.query(
      'CREATE TABLE positions (as_of date, desk text, instrument text, currency char(3), quantity numeric(12,0), PRIMARY KEY (as_of, desk, instrument))',
    );
    await insertRows(client, 'positions', market.positions, [
      ['date', () => asOf],
      ['text', (position) => position.desk],
      ['text', (position) => position.instrument],
      ['text', (position) => position.currency],
      ['numeric', (position) => position.quantity],
    ]);
  });
  for (const [instrument, rows] of Map.groupBy(market.prices, (row) => row.instrument)) {
    const lines = rows.map(({ day, price }) => `${instrument},${day},${price}`);
    const file = `instrument,day,price\n${lines.join('\n')}\n`;
    await store.put(`sources/prices/${instrument}.csv`, file, { contentType: 'text/csv' });
  }
  const rates = await startRates(market.rates);
  log(`${market.positions.length} positions, ${market.prices.length} prices, ${market.rates.length} exchange rates`);
  return {
    environment: { DATABASE_URL: database.url, RATES_URL: rates.url, SYNTHETIC_FIGURES: 'positions' },
    input: { as_of: asOf },
    stop: async () => {
      await rates.stop();
      await database.stop();
    },
  };
}

/** `GET /rates?until=2026-01-31&page=1` answers `{rates, next_page, total}`, ordered by day and currency. */
const startRates = (rates: GeneratedMarket['rates']) =>
  startServer((request) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://rates');
    if (pathname !== '/rates') return { status: 404, body: { error: 'not found' } };
    const page = Number(searchParams.get('page') ?? '1');
    const found = rates.filter(({ day }) => day <= (searchParams.get('until') ?? ''));
    return {
      status: 200,
      body: {
        rates: found.slice((page - 1) * ratesPerPage, page * ratesPerPage),
        next_page: page * ratesPerPage < found.length ? page + 1 : null,
        total: found.length,
      },
    };
  });
