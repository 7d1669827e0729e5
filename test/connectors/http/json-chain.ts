import { sendBatches } from '../../../lib/connectors/sinks.ts';
import { byLink, httpPages } from '../../../lib/connectors/sources.ts';
import { aStep, attempt, memoryWorld } from '../../runtime/fixtures.ts';
import { serve } from '../web-server.ts';

/** A column of each type, with values in JSON's shortest exact form. DECIMALs have all digits of their scale. */
export const columns = {
  id: 'BIGINT',
  count: 'INTEGER',
  amount: 'DECIMAL(18,4)',
  large: 'DECIMAL(38,10)',
  ratio: 'DOUBLE',
  name: 'VARCHAR',
  is_new: 'BOOLEAN',
  day: 'DATE',
  at: 'TIMESTAMP',
  items: 'STRUCT(price DECIMAL(18,4), quantity BIGINT, tags VARCHAR[])[]',
};
const as = { amount: 'number', large: 'number', 'items.price': 'number' } as const;

const anything = { safeParse: (data: unknown) => ({ success: true as const, data: data as { items: object[] } }) };

/** Sends JSON from one API to another: source, dataset, SQL, dataset, sink. Returns the bodies that arrive, without the brackets of the batch. */
export async function through(items: string): Promise<string> {
  const arrived: string[] = [];
  const { url } = await serve(async (_, request) => {
    if (request.method === 'GET') return { text: `{"items":[${items}]}` };
    let text = '';
    for await (const chunk of request) text += chunk;
    arrived.push(text.slice(1, -1));
    return { status: 204 };
  });
  const world = memoryWorld();
  await attempt(world, { step: aStep('read') }, async (step) => {
    const writer = step.writer('rows', { columns });
    const source = {
      url,
      schema: anything,
      items: (body: { items: object[] }) => body.items,
      paging: byLink<{ items: object[] }>(),
    };
    for await (const page of httpPages(step, source)) await writer.append(page.items);
  });
  await attempt(world, { step: aStep('transform', { dependencies: ['read'] }) }, async (step) => {
    await step.write('rows', step.sql('SELECT * FROM read.rows'));
  });
  await attempt(world, { step: aStep('send', { dependencies: ['transform'] }) }, async (step) => {
    await sendBatches(step, step.rows('transform.rows'), { url, as, batchSize: 3 });
  });
  return arrived.join(',');
}
