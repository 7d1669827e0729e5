import { expect, test } from 'vitest';
import { cli } from './cli.ts';
import { project } from './project.ts';

const template = `name: orders
version: 1.0.0
steps:
  - name: extract_orders
    handler: { callable: extract_orders }
  - name: extract_users
    handler: { callable: extract_users }
    retry: { max_attempts: 3, initial_delay: 2s }
  - name: extract_products
    handler: { callable: extract_products }
  - name: customers
    handler: { callable: customers }
    dependencies: [extract_orders, extract_users]
  - name: stock
    handler: { callable: stock }
    dependencies: [extract_orders, extract_products]
`;

const simulate = async (scenario: object) => {
  const root = await project({ 'pipelines/orders.yaml': template, 's.json': JSON.stringify(scenario) });
  return cli(['simulate', 'orders', '--scenario', 's.json', '--json'], { cwd: root });
};

test('the answer matches docs/simulate.md, to the millisecond', async () => {
  const { code, json } = await simulate({
    start: '2026-01-31T01:00:00Z',
    default: { duration_ms: 1000 },
    steps: {
      extract_orders: { duration_ms: 10_000 },
      extract_users: { attempts: ['fail', 'fail'], duration_ms: [1000, 500] },
      extract_products: { attempts: ['permanent'] },
    },
  });
  expect(code).toBe(1);
  const { dead_letters, diagnostics, transitions, failure, ...rest } = json();
  expect(rest).toEqual({
    status: 'FAILED',
    started_at: '2026-01-31T01:00:00.000Z',
    ended_at: '2026-01-31T01:00:11.000Z',
    makespan_ms: 11_000,
    steps: {
      extract_orders: { outcome: 'succeeded', attempts: 1, invocations: 1, started_ms: 0, ended_ms: 10_000 },
      extract_users: { outcome: 'succeeded', attempts: 3, invocations: 3, started_ms: 0, ended_ms: 8_000 },
      extract_products: { outcome: 'failed', attempts: 1, invocations: 1, started_ms: 0, ended_ms: 1_000 },
      customers: { outcome: 'succeeded', attempts: 1, invocations: 1, started_ms: 10_000, ended_ms: 11_000 },
      stock: { outcome: 'blocked', attempts: 0, invocations: 0, started_ms: null, ended_ms: 10_000 },
    },
    failed: ['extract_products'],
    blocked: ['stock'],
  });
  expect(dead_letters).toMatchObject([{ step: 'extract_products', attempts: 1 }]);
  expect(diagnostics).toHaveLength(5);
  expect(transitions).toEqual(expect.any(Number));
  expect(failure).toMatchObject({ error: 'PipelineFailed' });
});

test('with jitter 0 no time passes between attempts, and a run that succeeds exits with 0', async () => {
  const { code, json } = await simulate({ jitter: 0, steps: { extract_users: { attempts: ['fail', 'throttle'] } } });
  expect(code).toBe(0);
  expect(json().steps).toMatchObject({
    extract_users: { outcome: 'succeeded', attempts: 3, invocations: 3, started_ms: 0, ended_ms: 2_000 },
  });
});
