import { expect, test } from 'vitest';
import { longDigest } from '../../../lib/contract/fingerprint.ts';
import { executionEndKey } from '../../../lib/contract/object-keys.ts';
import type { ExecutionEnd } from '../../../lib/contract/records/execution.ts';
import { partitionRange } from '../../../lib/operate/partitions/partition-range.ts';
import { readPartitions } from '../../../lib/operate/partitions/read-partitions.ts';
import { MemoryExecutions } from '../../../lib/ports/memory/memory-executions.ts';
import { MemoryObjectStore } from '../../../lib/ports/memory/memory-object-store.ts';
import type { ObjectStore } from '../../../lib/ports/ports.ts';
import { noteEnd, noteStart } from '../../../lib/runtime/partitions/note-turn.ts';
import { aRun } from '../../runtime/fixtures.ts';
import { countingStore } from '../counting-store.ts';

const rule = { by: 'day', key: 'day', timezone: 'UTC' } as const;
const now = Date.parse('2026-02-01T03:00:00Z');
const code = { extract: 'AAAA', report: 'BBBB' };
const factsOf = (digests: Readonly<Record<string, string>>) => ({
  pipeline: { name: 'sales', version: '1', partition: rule },
  steps: Object.entries(digests).map(([name, short]) => ({
    name,
    dependencies: [],
    definition: longDigest(short),
    code: '',
    config: null,
  })),
});
const turnOf = (name: string, fence = 1) =>
  aRun({
    run_id: `r-${name}-${fence}`,
    execution_arn: `arn:${name}-${fence}`,
    partition: { name, start: `${name}T00:00:00Z`, end: '' },
    lease: { key: name, fence },
  });
const endOf = (status: ExecutionEnd['status']): ExecutionEnd => ({
  execution: 1,
  status,
  ended_at: '2026-02-01T02:00:00.000Z',
  failed: [],
  blocked: [],
  failure: null,
});

async function world() {
  const [store, executions] = [new MemoryObjectStore(), new MemoryExecutions()];
  const ran = async (
    name: string,
    status: ExecutionEnd['status'],
    made: typeof code | object | null = code,
    fence = 1,
  ) => {
    await noteStart(store, turnOf(name, fence));
    await noteEnd(store, turnOf(name, fence), { end: endOf(status), code: made as typeof code });
  };
  const states = async (from: string | null, to: string | null, over: Partial<{ store: ObjectStore }> = {}) => {
    const range = await partitionRange({ from, to }, rule, { store, pipeline: 'sales', now });
    if ('problem' in range) throw new Error(range.problem);
    return readPartitions({ store, executions, ...over }, factsOf(code), range.partitions);
  };
  return { store, executions, ran, states };
}

test('each partition is good, stale with the changed steps, failed, missing or running', async () => {
  const { store, executions, ran, states } = await world();
  await ran('2026-01-20', 'SUCCEEDED');
  await ran('2026-01-21', 'SUCCEEDED', { ...code, report: 'CCCC' });
  await ran('2026-01-22', 'FAILED');
  await ran('2026-01-23', 'SUCCEEDED');
  await ran('2026-01-23', 'ABORTED', null, 2);
  await noteStart(store, turnOf('2026-01-25'));
  executions.set('arn:2026-01-25-1', 'RUNNING');
  // Its process died before an end, and a second one between the end and the ledger.
  await noteStart(store, turnOf('2026-01-26'));
  executions.set('arn:2026-01-26-1', 'ABORTED');
  await noteStart(store, turnOf('2026-01-27'));
  await store.put(executionEndKey(turnOf('2026-01-27')), JSON.stringify(endOf('FAILED')));
  await ran('2026-01-28', 'SUCCEEDED', { extract: 'AAAA', gone: 'DDDD' });
  const found = await states('2026-01-20', '2026-01-28');
  expect(found.map(({ partition, status, changed }) => [partition.name, status, ...changed])).toEqual([
    ['2026-01-20', 'good'],
    ['2026-01-21', 'stale', 'report'],
    ['2026-01-22', 'failed'],
    ['2026-01-23', 'failed'],
    ['2026-01-24', 'missing'],
    ['2026-01-25', 'running'],
    ['2026-01-26', 'failed'],
    ['2026-01-27', 'failed'],
    ['2026-01-28', 'stale', 'report', 'gone'],
  ]);
  expect(found[3]).toMatchObject({ good: { run_id: 'r-2026-01-23-1' }, last: { run_id: 'r-2026-01-23-2' } });
});

test('each has the version that readers see', async () => {
  const { store, ran, states } = await world();
  await ran('2026-01-20', 'SUCCEEDED');
  const partitions = [
    { partition: '2026-01-20', current: 7, fence: 1, versions: [] },
    { partition: '2026-01-21', current: null, fence: 1, versions: [] },
  ];
  await store.put(
    'sales/published/current.json',
    JSON.stringify({
      format: 1,
      pipeline: 'sales',
      greatest: 7,
      partitions,
      withdrawn: [],
      retired: [],
      changes: [],
    }),
  );
  expect((await states('2026-01-20', '2026-01-22')).map(({ version }) => version)).toEqual([7, null, null]);
});

test('the range goes from the first partition that a run worked on to the last complete one', async () => {
  const { store, ran } = await world();
  const range = (from: string | null, to: string | null, over = {}) =>
    partitionRange({ from, to }, { ...rule, ...over }, { store, pipeline: 'sales', now });
  const names = async (...given: Parameters<typeof range>) => {
    const found = await range(...given);
    return 'problem' in found ? found.problem : found.partitions.map(({ name }) => name);
  };
  expect(await names(null, null)).toEqual(['2026-01-31']);
  await ran('2026-01-29', 'FAILED');
  await ran('2026-01-30', 'FAILED');
  expect(await names(null, null)).toEqual(['2026-01-29', '2026-01-30', '2026-01-31']);
  expect(await names(null, null, { start: '2026-01-30' })).toEqual(['2026-01-30', '2026-01-31']);
  expect(await names('2026-01-05', '2026-01-06')).toEqual(['2026-01-05', '2026-01-06']);
  expect(await names('2026-01-06', '2026-01-05')).toBe('--from "2026-01-06" lies after --to "2026-01-05"');
  expect(await names('2026-02-30', null)).toBe('--from: "2026-02-30" is no day of the calendar');
  expect(await names(null, 'yesterday')).toBe('--to: "yesterday" is no day; write it like "2026-11-29"');
  expect(await names('2026-01-01', '2026-01-31', { start: '2026-01-30' })).toContain('lies before the first day');
});

test('3,650 partitions cost at most 20 requests', async () => {
  const { store, ran, states } = await world();
  for (const year of [2017, 2020, 2026]) await ran(`${year}-01-15`, 'SUCCEEDED');
  const { store: counting, counts } = countingStore(store);
  const found = await states('2016-02-04', '2026-01-31', { store: counting });
  expect(found.length).toBe(3650);
  expect(found.filter(({ status }) => status === 'good').length).toBe(3);
  expect(counts).toEqual({ get: 12, put: 0, list: 0 });
});
