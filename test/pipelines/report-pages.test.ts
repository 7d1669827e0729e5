import { expect, test } from 'vitest';
import type { Reconciliation } from '../../lambdas/steps/daily_reconciliation/report/reconciliation.ts';
import { reconciliationPage } from '../../lambdas/steps/daily_reconciliation/report/reconciliation-page.ts';
import { forecastPage } from '../../lambdas/steps/inventory_forecast/report/forecast-page.ts';
import { judge } from '../../lambdas/steps/risk_calculation/report/kupiec.ts';
import { riskPage } from '../../lambdas/steps/risk_calculation/report/risk-page.ts';
import { sensorPage } from '../../lambdas/steps/sensor_aggregation/report/sensor-page.ts';

const origin = (text: string) => ({ pipeline: text, run_id: text, started_at: '2026-04-01T05:00:00.000Z' });

/** Each report with a foreign text wherever data can bring one. */
const pages: Readonly<Record<string, (text: string) => string>> = {
  daily_reconciliation: (text) => {
    const counts = { items: 2, matched: 1, within_tolerance: 0, open_items: 1, entries: 1, payments: 2 };
    const item = { provider: text, reference: text, entry_id: text, payment_id: text };
    const sides = { ledger_currency: text, provider_currency: text, ledger_amount: '1.00', provider_amount: '2.00' };
    const reconciliation: Reconciliation = {
      day: '2026-03-31',
      tolerance: '0.02',
      counts,
      open: [{ ...item, ...sides, status: 'amount_differs', difference: '1.00' }],
      totals: [
        { provider: text, currency: text, status: 'matched', items: 1, ledger_amount: '1.00', provider_amount: '1.00' },
      ],
    };
    return reconciliationPage(reconciliation, origin(text));
  },
  inventory_forecast: (text) => {
    const order = {
      product_id: text,
      name: text,
      stock_on_hand: 1,
      on_order: 2,
      lead_days: 3,
      protection_days: 10,
      expected: 4.5,
      safety_stock: 1,
      order_up_to: 6,
      quantity: 3,
      cost: '9.00',
      days_left: 1,
      runs_out: true,
    };
    const days = [
      { day: '2026-03-30', units: 3 },
      { day: '2026-03-31', units: 5 },
    ];
    return forecastPage(
      {
        as_of: '2026-03-31',
        currency: 'EUR',
        test: { products: 1, short_history: 1, error: 0.3, naive_error: 0.2, better: 0, origins: 26, horizon: 21 },
        totals: { products: 1, to_order: 1, running_out: 1, units: 3, cost: '9.00' },
        orders: [order],
        courses: [
          { product_id: text, name: text, sold: days, expected: days, deviation: 1, error: 0.3, naive_error: 0.2 },
        ],
      },
      origin(text),
    );
  },
  risk_calculation: (text) => {
    const statement = { desk: 'total', day: '2026-03-31', value_at_risk: '5.00', profit: '-9.00', exceeded: true };
    return riskPage(
      {
        as_of: '2026-03-31',
        confidence: '0.99',
        portfolio: { positions: 1, value: '100.00', equities: '100.00', bonds: '0' },
        totals: { value_at_risk: '5.00', expected_shortfall: '6.00', diversification: '0.00' },
        risks: [{ desk: text, scenarios: 500, worst: 5, value_at_risk: '5.00', expected_shortfall: '6.00' }],
        judged: [{ desk: text, ...judge(500, 40, 0.01) }],
        statements: [statement, { ...statement, profit: '1.00', exceeded: false }],
        worst: [{ day: '2026-03-31', profit: '-9.00' }],
      },
      origin(text),
    );
  },
  sensor_aggregation: (text) => {
    const quarter = (begins: string, mean: number | null) => ({ begins, mean, baseline: mean });
    const quarters = [quarter('2026-03-31T00:00:00.000Z', 1), quarter('2026-03-31T00:15:00.000Z', null)];
    const anomaly = {
      sensor_id: text,
      begins: '2026-03-31T00:00:00.000Z',
      ends: '2026-03-31T00:15:00.000Z',
      windows: 1,
    };
    return sensorPage(
      {
        day: '2026-03-31',
        verdicts: { readings: 3, good: 1, duplicates: 1, clock_ahead: 1, implausible: 0 },
        totals: { sensors: 1, readings: 1, expected: 1_440, late: 0, empty_windows: 95 },
        anomalies: [
          { ...anomaly, kind: 'spike', score: 9 },
          { ...anomaly, kind: 'silent', score: null },
        ],
        courses: [{ sensor_id: text, name: text, unit: text, quarters }],
      },
      origin(text),
    );
  },
};

const attacks = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style><script>alert(1)</script>',
  '<!--',
  '\u202egnp.exe\u0000',
  '\ud800',
];

const tagsOf = (page: string): string => (page.match(/<[^>]*>/g) ?? []).join('');

test.each(Object.keys(pages))('the page of %s keeps every foreign text a text', (name) => {
  const page = pages[name] ?? (() => '');
  const harmless = tagsOf(page('x'));
  expect(harmless).toContain('<h1>');
  for (const attack of attacks) {
    expect(tagsOf(page(attack)), attack).toBe(harmless);
    expect(page(attack).isWellFormed()).toBe(true);
  }
});

test.each(Object.keys(pages))('the page of %s loads nothing, runs nothing, and shows no broken figure', (name) => {
  const page = (pages[name] ?? (() => ''))('x');
  expect(page).not.toMatch(/https?:|src=|href=|url\(|@import|<script| style=/);
  expect(page).toContain('default-src &#39;none&#39;; style-src &#39;sha256-');
  expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
});
