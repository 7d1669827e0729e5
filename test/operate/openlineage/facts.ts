import type { QueryLineage } from '../../../lib/contract/lineage/column-lineage.ts';
import type { Manifest } from '../../../lib/contract/records/manifest.ts';
import type { Outcome } from '../../../lib/contract/records/outcome.ts';
import type { ExecutionFacts } from '../../../lib/operate/openlineage/execution-facts.ts';
import type { RunEventOptions } from '../../../lib/operate/openlineage/run-events.ts';

const at = (second: number): string => `2026-02-01T01:00:${String(second).padStart(2, '0')}.000Z`;

const outcome = (step: string, over: Partial<Outcome>): Outcome => ({
  step,
  outcome: 'succeeded',
  execution: 1,
  manifest: `shop/runs/r1/steps/${step}/manifests/f.json`,
  digest: 'd',
  failure: null,
  causes: [],
  attempts: 1,
  started_at: at(1),
  ended_at: at(2),
  ...over,
});

const dataset = (columns: Record<string, string>, rows: number) => ({
  columns,
  format: 'parquet' as const,
  rows,
  bytes: rows * 100,
  content_digest: 'c'.repeat(64),
  parts: [{ key: 'k', rows, bytes: rows * 100, sha256: 's' }],
});

const manifest = (step: string, over: Partial<Manifest>): Manifest => ({
  format: 1,
  pipeline: 'shop',
  run_id: 'r1',
  step,
  fingerprint: 'f',
  made_of: { contract: 3, code: `code of ${step}`, config: {}, input: {}, upstream: {} },
  execution: 1,
  attempt: 1,
  invocation: 'i',
  started_at: at(1),
  committed_at: at(2),
  result: {},
  datasets: {},
  files: {},
  digest: 'd',
  seal: 's',
  ...over,
});

const check = { dataset: 'orders', kind: 'row_count', allowed: 'at least 5 rows' } as const;

/** An execution of six steps: read, summed, failed, blocked, reused, and one that started late and makes nothing. */
export const facts: ExecutionFacts = {
  pipeline: 'shop',
  run_id: 'r1',
  execution: 1,
  scheduledTime: at(0),
  record: {
    execution: 1,
    execution_arn: 'arn:1',
    redrive_count: 0,
    started_at: at(0),
    version: '1.0.0',
    input: { secret: 'in the input' },
  },
  end: {
    execution: 1,
    status: 'FAILED',
    ended_at: at(9),
    failed: ['report'],
    blocked: ['mail'],
    failure: { error: 'PipelineFailed', cause: 'report failed' },
  },
  steps: [
    {
      outcome: outcome('extract', { started_at: at(1), ended_at: at(2) }),
      manifest: manifest('extract', {
        datasets: {
          orders: dataset({ country: 'VARCHAR', amount: 'INTEGER', 'odd "name"': 'DATE' }, 3),
          extra: dataset({ x: 'BIGINT' }, 1),
        },
        checks: [
          { ...check, check: 'row_count', on_violation: 'warn', passed: false, measured: '3 rows' },
          { ...check, check: 'newest', kind: 'freshness', on_violation: 'block', passed: true, measured: null },
          { ...check, dataset: null, check: 'own', kind: 'code', on_violation: 'block', passed: true, measured: null },
        ],
      }),
    },
    {
      outcome: outcome('revenue', { started_at: at(3), ended_at: at(4) }),
      manifest: manifest('revenue', {
        made_of: {
          contract: 3,
          code: 'code of revenue',
          config: {},
          input: {},
          upstream: { extract: 'd', users: 'd' },
        },
        datasets: { by_country: dataset({ country: 'VARCHAR', revenue: 'BIGINT', orders: 'BIGINT' }, 2) },
      }),
    },
    {
      outcome: outcome('report', {
        ...{ outcome: 'failed', manifest: null, started_at: at(5), ended_at: at(6), causes: ['report'] },
        failure: { error: 'PermanentError', cause: 'the printer is gone' },
      }),
      manifest: null,
    },
    {
      outcome: outcome('mail', {
        outcome: 'blocked',
        manifest: null,
        started_at: null,
        causes: ['report'],
        attempts: 0,
      }),
      manifest: null,
    },
    {
      outcome: outcome('users', { outcome: 'reused', started_at: null, attempts: 0 }),
      manifest: manifest('users', { datasets: { users: dataset({ id: 'VARCHAR' }, 7) } }),
    },
    {
      outcome: outcome('notify', { started_at: at(7), ended_at: at(8) }),
      manifest: manifest('notify', {
        made_of: { contract: 3, code: 'code of notify', config: {}, input: {}, upstream: { extract: 'd', users: 'd' } },
      }),
    },
  ],
};

const lineage: QueryLineage = {
  columns: [
    { name: 'country', inputs: [{ step: 'extract', dataset: 'orders', column: 'country', kinds: ['identity'] }] },
    {
      name: 'revenue',
      inputs: [{ step: 'extract', dataset: 'orders', column: 'amount', kinds: ['aggregation', 'conditional'] }],
    },
    { name: 'orders', inputs: [{ step: 'extract', dataset: 'orders', column: null, kinds: ['aggregation'] }] },
  ],
  rows: [{ step: 'extract', dataset: 'orders', column: 'country', kinds: ['group_by'] }],
  reads: [{ step: 'extract', dataset: 'orders' }],
};

export const options: RunEventOptions = {
  namespace: 'night',
  repository: { url: 'https://github.com/you/shop', commit: 'a'.repeat(40) },
  sourceOf: (step) =>
    step === 'revenue'
      ? {
          code: 'code of revenue',
          sql: 'SELECT 1',
          file: null,
          lineage: [['by_country', lineage] as const],
          reads: lineage.reads,
        }
      : { code: `code of ${step}`, sql: null, file: `lambdas/steps/shop/${step}.ts`, lineage: [], reads: null },
};
