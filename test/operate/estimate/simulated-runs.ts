/** Runs of a pipeline as nights make them. The estimator does not know these distributions. */
import type { RunSummary } from '../../../lib/contract/records/history.ts';
import type { Span } from '../../../lib/contract/records/outcome.ts';
import { randomFrom } from '../../support/graphs.ts';

/** The graph of customer_analytics, with the usual minutes of each step. */
const usual: Readonly<Record<string, readonly [minutes: number, ...dependencies: string[]]>> = {
  extract_orders: [6],
  extract_users: [3],
  extract_products: [2],
  transform_customer_metrics: [8, 'extract_orders', 'extract_users'],
  transform_product_metrics: [5, 'extract_orders', 'extract_products'],
  aggregate_metrics: [4, 'transform_customer_metrics', 'transform_product_metrics'],
  update_dashboard: [2, 'aggregate_metrics'],
  send_notifications: [1, 'aggregate_metrics'],
};

export const dependencies: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(usual).map(([name, [, ...before]]) => [name, before]),
);

const night = 86_400_000;

/** Trouble of a night: the start is late, all steps are slow, or some of them. */
export interface Trouble {
  readonly lateMs?: number;
  readonly pace?: number;
  readonly slow?: Readonly<Record<string, number>>;
}

/** Simulates runs, the earliest first: each night has its pace, each step its chance, a few steps need a second attempt, and the last third has more data. */
export function simulateRuns(
  count: number,
  seed: number,
  troubleOf: (number: number) => Trouble = () => ({}),
): RunSummary[] {
  const random = randomFrom(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Array.from({ length: count }, (_, number) => {
    const trouble = troubleOf(number);
    const begin = Date.UTC(2026, 0, 1) + number * night + (trouble.lateMs ?? 0);
    const pace = (trouble.pace ?? 1) * Math.exp(0.18 * normal()) * (number > (2 * count) / 3 ? 1.1 : 1);
    const steps: Record<string, Span> = {};
    for (const [name, [minutes, ...before]] of Object.entries(usual)) {
      const ready = Math.max(begin + 2_000, ...before.map((one) => steps[one]?.[1] ?? begin));
      const started = ready + 300 + 700 * random();
      const again = random() < 0.04 ? 1 + random() : 1;
      const ended = started + minutes * 60_000 * pace * (trouble.slow?.[name] ?? 1) * again * Math.exp(0.22 * normal());
      steps[name] = [Math.round(started), Math.round(ended), again > 1 ? 2 : 1, 1_000, 10_000];
    }
    const last = Math.max(...Object.values(steps).map(([, ended]) => ended));
    const times = { started_at: new Date(begin).toISOString(), ended_at: new Date(last + 1_500).toISOString() };
    return { run_id: `r${number}`, execution: 1, status: 'SUCCEEDED', ...times, steps };
  });
}
