import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dashboardPage } from '../../lambdas/steps/customer_analytics/dashboard/dashboard-page.ts';
import { sized } from '../support/sized.ts';
import { customer, insightsOf, origin, product } from './dashboard-fixture.ts';

describe('the page', () => {
  const attacks = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '</style><script>alert(1)</script>',
    '<!--',
    '&lt;script&gt;',
    '\u202egnp.exe\u0000',
    '\ud800',
    '${1+1} {{7*7}}',
  ];

  test.each(attacks)('%j stays text wherever it appears', async (text) => {
    const insights = await insightsOf(
      [customer(text, '5.00', { email: text, country: text })],
      [product(text, '5.00', { name: text, days_of_stock: 1 })],
    );
    const page = dashboardPage(insights, { ...origin, run_id: text });
    const tags = new Set([...page.matchAll(/<(\/?[a-zA-Z!][^\s>/]*)/g)].map(([, name]) => name?.toLowerCase()));
    for (const hostile of ['script', 'img', '/script', '!--']) expect(tags).not.toContain(hostile);
    expect(page).not.toMatch(/<[^>]*\son\w+=/i);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
    expect(page.isWellFormed()).toBe(true);
  });

  test('any name gives the same tags as a harmless one', async () => {
    const tagsWith = async (name: string): Promise<string> => {
      const insights = await insightsOf(
        [customer('1', '5.00', { email: name })],
        [product('1', '5.00', { name, days_of_stock: 1 })],
      );
      return (dashboardPage(insights, origin).match(/<[^>]*>/g) ?? []).join('');
    };
    const harmless = await tagsWith('x');
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1 }), async (name) => {
        fc.pre(name.trim() !== '');
        expect(await tagsWith(name)).toBe(harmless);
      }),
      { numRuns: sized(3, 50) },
    );
  });

  test('loads nothing from the network, and its policy allows its own style alone', async () => {
    const page = dashboardPage(await insightsOf([customer('1', '5.00')], [product('1', '5.00')]), origin);
    expect(page).not.toMatch(/https?:|src=|href=|url\(|@import/);
    const css = /<style>([\s\S]*)<\/style>/.exec(page)?.[1] ?? '';
    const digest = createHash('sha256').update(css).digest('base64');
    expect(page).toContain(`content="default-src &#39;none&#39;; style-src &#39;sha256-${digest}&#39;`);
    expect(page).not.toMatch(/ style=/);
  });

  test('puts an alarm before everything else, and gives no all-clear beside it', async () => {
    const insights = await insightsOf([], []);
    const alarms = [{ kind: 'no_orders', title: 'No orders', detail: 'None.', numbers: {} }] as const;
    const page = dashboardPage(
      { ...insights, dashboard: { ...insights.dashboard, alarms, recommendations: [] } },
      origin,
    );
    expect(page).toMatch(/<title>ALARM: /);
    expect(page).toMatch(/<main>\s*<section class="alarm" role="alert"><h2>Alarm: No orders</);
    expect(page).not.toContain('calls for action');
  });

  test('marks made-up figures where they stand', async () => {
    const rows = [[customer('1', '5.00')], [product('1', '5.00', { days_of_stock: 1 })]] as const;
    const real = await insightsOf([...rows[0]], [...rows[1]]);
    const marked = { ...real, dashboard: { ...real.dashboard, synthetic: ['emails', 'stock'] as const } };
    const page = dashboardPage(marked, origin);
    expect(page).toContain('<strong>Made-up figures:</strong> e-mail addresses, stock.');
    expect(page).toMatch(/In stock <span class="made-up">made up</);
    expect(page).toMatch(/Low stock <span class="made-up">made up</);
    expect(page).toContain('data-title="In stock (made up)"');
    expect(page).toMatch(/E-mail addresses: <span class="made-up">made up</);
    expect(dashboardPage(real, origin)).not.toMatch(/made up<|Made-up/);
  });

  test('shows that products, shipping and fees make up the revenue', async () => {
    const page = dashboardPage(await insightsOf([customer('1', '5.00')], [product('1', '5.00')]), origin);
    const [, rows = ''] = /id="charges".*?<tbody>(.*?)<\/tbody>/s.exec(page) ?? [];
    // 90.004 + 10.001 = 100.005, of which each is rounded.
    expect([...rows.matchAll(/£[\d.]+/g)].map(([amount]) => amount)).toEqual(['£90.00', '£10.00', '£0.01', '£100.01']);
    expect(page).toContain('POSTAGE');
  });

  test('sets long headline figures in small type, so that no card cuts them', async () => {
    const insights = await insightsOf([], []);
    const { day } = insights.dashboard;
    const page = dashboardPage(
      { ...insights, dashboard: { ...insights.dashboard, day: { ...day, revenue: '1234567890.12' } } },
      origin,
    );
    expect(page).toContain('<dd class="value long">£1,234,567,890.12</dd>');
    expect(page).toContain('<dd class="value">£100.01</dd>');
  });

  test('gives each cell of a wide table its title, since a phone shows no head', async () => {
    const page = dashboardPage(await insightsOf([customer('1', '5.00')], [product('1', '5.00')]), origin);
    expect(page).toContain('<td data-title="Average order" class="number">£10.00</td>');
  });

  test('names its subject and its time', async () => {
    const page = dashboardPage(await insightsOf([], []), origin);
    for (const text of [
      'customer_analytics',
      'run-1',
      'Friday, 31 January 2025',
      '1 January 2025 – 31 January 2025',
      '1 February 2025, 01:00 UTC',
      '£100.01',
    ]) {
      expect(page).toContain(text);
    }
  });
});
