import { randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Synthetic } from '../../lambdas/steps/synthetic.ts';
import type { LocalSetup, LocalSetupOptions } from '../../lib/offline/engine/local-setup.ts';
import { type ScriptedFault, startCrmServer } from './crm-server.ts';
import { generatedData } from './generated-data.ts';
import { importOrderLines } from './import-order-lines.ts';
import { openOrderDatabase, startOrderDatabase } from './order-database.ts';
import { productsCsv } from './products-csv.ts';
import type { SourceData } from './source-data.ts';

/** Key of the catalogue in the store; the templates name it. */
const productsKey = 'sources/products.csv';

/** The CRM is flaky on purpose: its second request fails, which costs an attempt; its fourth hits a rate limit, which costs a second. */
const faults: readonly ScriptedFault[] = [
  { request: 2, status: 503 },
  { request: 4, status: 429, retryAfter: 1 },
];

/**
 * Starts the sources of the example pipelines, unless the environment names real ones: orders in PostgreSQL (DATABASE_URL), users in a CRM (CRM_URL),
 * products as a file in the store.
 * SYNTHETIC_FIGURES names the figures that they invent. Messages go to an outbox file unless a Slack webhook is given (DAYBREAK_SECRET_SLACK_WEBHOOK). The data comes from a CSV file of order lines, or is
 * generated.
 */
export async function startSources(
  { store, data: file, log }: LocalSetupOptions,
  variables: NodeJS.ProcessEnv = process.env,
): Promise<{ readonly range: SourceData['range'] } & Omit<LocalSetup, 'input'>> {
  const data = file === null ? generatedData() : await imported(file, log);
  const { DATABASE_URL: url, CRM_URL: crmUrl } = variables;
  const database = url ? await openOrderDatabase(url, data, file !== null) : await startOrderDatabase(data);
  try {
    log(databaseLine(Boolean(url), database.filled, data));
    const environment: Record<string, string> = { DATABASE_URL: database.url };

    // A person with existing orders may also have an existing catalogue, which stays.
    const catalogue = productsCsv(data.products);
    const kept = database.filled ? null : await store.get(productsKey);
    if (kept === null) await store.put(productsKey, catalogue, { contentType: 'text/csv' });

    const synthetic = syntheticOf({
      orders: file === null && database.filled,
      customers: !crmUrl && file === null,
      emails: !crmUrl && file !== null,
      stock: kept === null || Buffer.from(kept.body).toString() === catalogue,
    });
    if (synthetic !== '') {
      environment.SYNTHETIC_FIGURES = synthetic;
      log(`made-up figures: ${synthetic}`);
    }

    if (!variables.DAYBREAK_SECRET_SLACK_WEBHOOK) {
      environment.DAYBREAK_OUTBOX = variables.DAYBREAK_OUTBOX ?? (await outboxFor(store.url));
      log(`messages go to ${environment.DAYBREAK_OUTBOX}`);
    }

    if (crmUrl) {
      log('users come from the CRM in CRM_URL');
      return { range: database.range, environment: { ...environment, CRM_URL: crmUrl }, stop: database.stop };
    }
    if (!database.filled)
      log('the stand-in CRM does not know the customers of these orders; CRM_URL can name one that does');
    const token = randomUUID();
    const crm = await startCrmServer({ users: data.users, token, faults, requestsPerSecond: 200 });
    log(`CRM at ${crm.url} with ${data.users.length} users; it fails now and then, as the real one does`);
    return {
      range: database.range,
      environment: { ...environment, CRM_URL: crm.url, DAYBREAK_SECRET_CRM_TOKEN: token },
      stop: async () => {
        await crm.stop();
        await database.stop();
      },
    };
  } catch (error) {
    await database.stop();
    throw error;
  }
}

/** The invented figures as the variable SYNTHETIC_FIGURES lists them. */
const syntheticOf = (invented: Readonly<Partial<Record<Synthetic, boolean>>>): string =>
  Object.entries(invented)
    .flatMap(([name, yes]) => (yes ? [name] : []))
    .join(',');

const imported = async (file: string, log: (line: string) => void): Promise<SourceData> => {
  const { data, counts } = await importOrderLines(file);
  const { lines, cancelled, rejected, disputed } = counts;
  const guests = data.orders.filter((order) => order.customer_id === null).length;
  log(`${file}: ${lines} lines, ${cancelled} cancelled, ${rejected} rejected (quantity or price not above zero)`);
  log(`${data.orders.length} orders, ${guests} of them without a customer`);
  if (disputed > 0) log(`${disputed} orders have lines of different customers; the first one named counts`);
  return data;
};

const databaseLine = (named: boolean, filled: boolean, data: SourceData): string => {
  if (!named) return `PostgreSQL (PGlite) with ${data.orders.length} orders`;
  return filled
    ? `DATABASE_URL holds the orders of ${data.origin}`
    : 'DATABASE_URL has its own orders: they are read, and nothing is written';
};

/** Beside the runs in a folder store; otherwise in a temporary folder. */
const outboxFor = async (storeUrl: string): Promise<string> => {
  const folder = storeUrl.startsWith('file:') ? fileURLToPath(storeUrl) : await mkdtemp(join(tmpdir(), 'daybreak-'));
  return join(folder, 'outbox', 'notifications.ndjson');
};
