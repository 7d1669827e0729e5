import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { LocalSetup, LocalSetupOptions } from '../../../lib/offline/engine/local-setup.ts';
import { hasToken, startServer } from '../loopback-server.ts';
import { generatedDemand, type StockItem } from './generated-demand.ts';

/** The first day is a Monday, and the last one a Sunday: 104 weeks. */
const firstDay = '2024-04-01';
const days = 728;

/** `local.setup` of inventory_forecast: sales as packed files in the store, one per month, and a warehouse, all generated. */
export async function start({ store, log }: LocalSetupOptions): Promise<LocalSetup> {
  const { stock, units } = generatedDemand(days);
  const dayOf = (index: number): string =>
    new Date(Date.parse(firstDay) + index * 86_400_000).toISOString().slice(0, 10);
  // A few days without sales have a return instead, booked as a negative sale.
  let returns = 3;
  const lines = [...units].flatMap(([product, own]) =>
    own.flatMap((sold, index) => {
      if (sold > 0) return [{ day: dayOf(index), product, sold }];
      returns -= 1;
      return returns < 0 ? [] : [{ day: dayOf(index), product, sold: -1 }];
    }),
  );
  for (const [month, rows] of Map.groupBy(lines, ({ day }) => day.slice(0, 7))) {
    const file = `day,product_id,units\n${rows.map(({ day, product, sold }) => `${day},${product},${sold}`).join('\n')}\n`;
    await store.put(`sources/sales/${month}.csv.gz`, gzipSync(file), { contentType: 'application/gzip' });
  }
  const token = randomUUID();
  const warehouse = await startWarehouse(stock, token);
  log(`${lines.length} days with sales of ${stock.length} products in ${Math.ceil(days / 30.44)} files`);
  return {
    environment: {
      WAREHOUSE_URL: warehouse.url,
      DAYBREAK_SECRET_WAREHOUSE_TOKEN: token,
      SYNTHETIC_FIGURES: 'demand',
    },
    input: { as_of: dayOf(days - 1) },
    stop: warehouse.stop,
  };
}

/** `GET /stock?offset=0&limit=50` with a bearer token answers `{items, total}`. Its second request hits a rate limit, as the real one does. */
const startWarehouse = (stock: readonly StockItem[], token: string) => {
  let requests = 0;
  return startServer((request) => {
    if (!hasToken(request, token)) return { status: 401, body: { error: 'a bearer token is needed' } };
    requests += 1;
    if (requests === 2) return { status: 429, retryAfter: 1, body: { error: 'too many requests' } };
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://warehouse');
    if (pathname !== '/stock') return { status: 404, body: { error: 'not found' } };
    const offset = Number(searchParams.get('offset') ?? '0');
    const limit = Number(searchParams.get('limit') ?? '50');
    return { status: 200, body: { items: stock.slice(offset, offset + limit), total: stock.length } };
  });
};
