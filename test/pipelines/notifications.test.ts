import { mkdtemp, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineStep } from 'daybreak';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { CustomerAnalyticsInput } from '../../lambdas/steps/customer_analytics/input.ts';
import { deliveryOf } from '../../lambdas/steps/customer_analytics/notifications/deliver.ts';
import { type DashboardResult, messageFor } from '../../lambdas/steps/customer_analytics/notifications/message.ts';
import { handler } from '../../lambdas/steps/customer_analytics/send-notifications.ts';
import { StepsInMemory } from './steps-in-memory.ts';

const figures = {
  day: '2025-03-01',
  orders: 1,
  revenue: '1234.50',
  average_order_value: '1234.50',
  customers: 1,
  orders_without_customer: 0,
};
const dashboard: DashboardResult = {
  alarms: [],
  synthetic: [],
  day: {
    ...figures,
    revenue_by_kind: { products: '1230.00', shipping_and_fees: '4.50', other: '0.00' },
    compared: [
      {
        ...figures,
        with: 'day_before',
        day: '2025-02-28',
        revenue: '1000.00',
        change: { revenue: 0.2345, orders: 0, customers: -0.5, average_order_value: 0.2345 },
      },
      {
        ...figures,
        with: 'same_weekday',
        day: '2025-02-22',
        orders: 0,
        revenue: '0.00',
        average_order_value: null,
        change: { revenue: null, orders: null, customers: null, average_order_value: null },
      },
    ],
  },
  history_days: 365,
  currency: 'GBP',
  low_stock: 2,
  recommendations: [{ priority: 'high', title: 'Reorder <!channel> & more' }],
};

const stepsFor = async (channels: readonly string[], secrets: Record<string, string> = {}): Promise<StepsInMemory> => {
  const date_range = { start_date: '2025-03-01', end_date: '2025-03-01' };
  const input = { date_range, history_days: 365, force_refresh: false, notification_channels: channels };
  const steps = await StepsInMemory.of('customer_analytics', { input, secrets });
  await steps.settle('update_dashboard', dashboard);
  return steps;
};

/** Does all its work, but never reports it. */
const diesAtTheEnd = defineStep<CustomerAnalyticsInput>(async (step) => {
  await handler.stepFunction(step);
  throw new Error('died');
});

describe('notifications', () => {
  afterEach(() => void vi.unstubAllEnvs());

  test('go to the outbox once per channel, however often the step runs', async () => {
    const outbox = join(await mkdtemp(join(tmpdir(), 'outbox-')), 'new folder', 'messages.ndjson');
    vi.stubEnv('DAYBREAK_OUTBOX', outbox);
    const steps = await stepsFor(['#a', '#b', '#a']);
    await expect(steps.run('send_notifications', diesAtTheEnd)).rejects.toThrow('died');
    const { result } = await steps.run('send_notifications', handler, 2);
    expect(result).toEqual({ channels: ['#a', '#b'], to: 'outbox', alarms: [] });
    const messages = (await readFile(outbox, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(messages.map(({ channel, text }) => [channel, text])).toEqual([
      ['#a', 'Customer analytics, Saturday, 1 March 2025: £1,234.50 from 1 order'],
      ['#b', 'Customer analytics, Saturday, 1 March 2025: £1,234.50 from 1 order'],
    ]);
  });

  test('are not written again by a step that was killed before it could mark its message', async () => {
    const outbox = join(await mkdtemp(join(tmpdir(), 'outbox-')), 'messages.ndjson');
    vi.stubEnv('DAYBREAK_OUTBOX', outbox);
    // Only the outbox remains of the first: as if it had been killed between the message and the mark.
    await (await stepsFor(['#a'])).run('send_notifications', handler);
    await (await stepsFor(['#a', '#b'])).run('send_notifications', handler);
    const channels = async () =>
      (await readFile(outbox, 'utf8'))
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).channel);
    expect(await channels()).toEqual(['#a', '#b']);
    const another = { run_id: 'another' };
    const nothing = async () => Promise.reject(new Error('not for the outbox'));
    const { deliver } = deliveryOf({ secret: nothing, fetch: nothing });
    await deliver(messageFor('#a', dashboard, another));
    expect(await channels()).toEqual(['#a', '#b', '#a']);
  });

  test('go to the webhook; after a fault only the remaining channels get their message', async () => {
    vi.stubEnv('DAYBREAK_OUTBOX', '');
    const told: string[] = [];
    let fault = true;
    const server = createServer(async (request, response) => {
      const { channel } = JSON.parse(Buffer.concat(await request.toArray()).toString());
      if (channel === '#b' && fault) {
        fault = false;
        return response.writeHead(500).end();
      }
      told.push(channel);
      return response.end('ok');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/T/B/X`;
      const steps = await stepsFor(['#a', '#b', '#c'], { slack_webhook: url });
      await expect(steps.run('send_notifications', handler)).rejects.toMatchObject({ name: 'RetryableError' });
      expect(told).toEqual(['#a']);
      await steps.run('send_notifications', handler, 2);
      expect(told).toEqual(['#a', '#b', '#c']);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test('put the day beside the day before and the same weekday', () => {
    const text = JSON.stringify(messageFor('#a', dashboard, { run_id: 'r' }));
    expect(text).toContain('*Revenue*\\n£1,234.50\\n+23.5% on Fri 28 Feb, no orders on Sat 22 Feb');
    expect(text).toContain('*Customers*\\n1\\n−50.0% on Fri 28 Feb');
    expect(text).toContain('*From the last 365 days*');
    expect(text).not.toContain('made up');
  });

  test('begin with the alarms, and say which figures are made up', () => {
    const alarms = [{ kind: 'no_orders', title: 'No orders on Saturday, 1 March 2025', detail: 'Check.' }] as const;
    const message = messageFor('#a', { ...dashboard, alarms, synthetic: ['emails', 'stock'] }, { run_id: 'r' });
    expect(message.text).toBe(
      'ALARM: No orders on Saturday, 1 March 2025. Customer analytics, Saturday, 1 March 2025: £1,234.50 from 1 order (with made-up figures)',
    );
    expect(JSON.stringify(message.blocks[0])).toContain('*ALARM: No orders on Saturday, 1 March 2025*\\nCheck.');
    expect(JSON.stringify(message.blocks)).toContain('Made-up figures, from stand-ins: e-mail addresses, stock');
    expect(JSON.stringify(message.blocks)).toContain('*Low stock (made up)*');
  });

  test('contain nothing that Slack would read as markup', () => {
    const run = { run_id: '<@U1>' };
    const text = JSON.stringify(messageFor('#a', dashboard, run));
    expect(text).toContain('Reorder &lt;!channel&gt; &amp; more');
    expect(text).not.toMatch(/<[!@#]/);
  });

  test('without the result of update_dashboard the step fails permanently', async () => {
    const steps = await stepsFor(['#a']);
    steps.outputs.clear();
    await expect(steps.run('send_notifications', handler)).rejects.toMatchObject({ name: 'PermanentError' });
  });
});
