import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadPipeline } from '../../../lib/compiler/load-pipeline.ts';
import { failureTable } from '../../../lib/offline/faults/failure-table.ts';
import { runBegins } from '../../../lib/offline/faults/run-begins.ts';
import { slowTest } from '../../support/sized.ts';

const partition = { by: 'day', key: 'day', timezone: 'Europe/Berlin' } as const;
const earliest = Date.parse('2026-02-03T01:00:00Z');

test('a run on a virtual clock begins when its partition is over, and not earlier than usual', () => {
  const at = (input: object, rule: typeof partition | null = partition): string =>
    new Date(runBegins({ partition: rule }, { ...input }, earliest)).toISOString();
  expect(at({ day: '2026-03-31' })).toBe('2026-03-31T22:00:00.000Z');
  expect(at({ day: '2026-01-31' })).toBe('2026-02-03T01:00:00.000Z');
  expect(at({ day: 'never' })).toBe('2026-02-03T01:00:00.000Z');
  expect(at({ day: '2026-03-31' }, null)).toBe('2026-02-03T01:00:00.000Z');
});

slowTest('the failures of a partitioned pipeline block what the graph says', async () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const options = { root, environment: null, allowMissingHandlers: false };
  const loaded = await loadPipeline(`${root}pipelines/sensor_aggregation.yaml`, options);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.diagnostics));
  const rows = await failureTable(loaded.plan, { day: '2026-03-31' });
  expect(rows.find(({ step }) => step === 'find_anomalies')?.blocked).toEqual(['write_report']);
  expect(rows.map(({ status }) => status)).toEqual(Array(6).fill('FAILED'));
});
