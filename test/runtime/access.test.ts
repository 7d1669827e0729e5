import { describe, expect, test } from 'vitest';
import { deliverAlerts } from '../../lib/alerts/delivery/deliver-alerts.ts';
import { followPointer } from '../../lib/catalog/follow-pointer.ts';
import { type StoreAccess, stepAccess } from '../../lib/contract/access.ts';
import type { RunContext } from '../../lib/contract/payloads.ts';
import { platformFunctions } from '../../lib/contract/platform-functions.ts';
import { reportExecution } from '../../lib/operate/openlineage/report-execution.ts';
import { prune } from '../../lib/operate/prune/prune.ts';
import { openIndex } from '../../lib/operate/runs/pipeline-index.ts';
import type { ObjectStore } from '../../lib/ports/ports.ts';
import { finalize } from '../../lib/runtime/execution/finalize.ts';
import { prepare } from '../../lib/runtime/execution/prepare.ts';
import { reconcile } from '../../lib/runtime/execution/reconcile.ts';
import { recordFailure } from '../../lib/runtime/execution/record-failure.ts';
import { wait } from '../../lib/runtime/execution/wait.ts';
import { incident, keepIncidents, night, settings } from '../alerts/delivery/incidents.ts';
import { MemoryCatalog } from '../catalog/memory-catalog.ts';
import { contentOf, goes, now, oldRuns, pruneOptions } from '../operate/prune/old-runs.ts';
import { aStart, aStep, attempt, errorOf, memoryWorld, stored, type World } from './fixtures.ts';
import { runOnce } from './publish/world.ts';
import { begin, current, end, extract, newRows, runUpTo } from './watermarks/world.ts';

/** A store that allows what IAM would allow, and refuses the rest. */
function guarded(store: ObjectStore, { reads, writes, deletes = [] }: StoreAccess): ObjectStore {
  const covers = (pattern: string, key: string) => {
    const parts = pattern.split('*').map((part) => part.replaceAll(/[.\\/-]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`, 's').test(key);
  };
  const demand = (what: string, patterns: readonly string[], key: string) => {
    if (!patterns.some((pattern) => covers(pattern, key))) throw new Error(`denied: ${what} ${key}`);
    return store;
  };
  return {
    url: store.url,
    get: async (key) => demand('read', reads, key).get(key),
    read: async (key) => demand('read', reads, key).read(key),
    put: async (key, body, options) => demand('write', writes, key).put(key, body, options),
    write: async (key, body, options) => demand('write', writes, key).write(key, body, options),
    upload: async (key, file, options) => demand('write', writes, key).upload(key, file, options),
    download: async (key, file, options) => demand('read', reads, key).download(key, file, options),
    list: (prefix) => demand('list', reads, prefix).list(prefix),
    delete: async (key) => demand('delete', deletes, key).delete(key),
  };
}
const as = (world: World, access: StoreAccess) =>
  ({ ...world, store: guarded(world.store, access) }) as unknown as World;

describe('every function does its work with the access that the table gives it', () => {
  test('through a run with data, a wait, a failure, an end and a reconciliation', async () => {
    const world = memoryWorld();
    const may = (fn: keyof typeof platformFunctions) => as(world, platformFunctions[fn].access('sales'));
    await world.store.put('sources/p.csv', 'x');
    const partition = { by: 'day', key: 'day', timezone: 'UTC' };
    const pipeline = { overlap: { policy: 'skip' }, partition };
    const start = aStart({ input: { daybreak: { run_id: 'r1' }, day: '2026-01-31' }, pipeline });
    const { run } = (await prepare(start, may('prepare'))) as { run: RunContext };

    const extract = aStep('extract', { wakes: { join: ['extract', 'broken'] } });
    const broken = aStep('broken', { wakes: { join: ['extract', 'broken'] } });
    await wait(
      { run, step: 'join', awaits: ['extract', 'broken'], token: 't', rank: [0, '2026-01-01T00:00:00Z', 0] },
      may('wait'),
    );
    await attempt(as(world, stepAccess('sales', 'extract')), { run, step: extract }, async (step) => {
      await step.object('p.csv');
      await step.write('orders', [{ id: 1 }], { columns: { id: 'BIGINT' } });
      await step.file('note', 'x');
      await step.once('k', () => undefined);
    });
    await errorOf(
      attempt(as(world, stepAccess('sales', 'broken')), { run, step: broken }, () => Promise.reject(new Error('x'))),
    );
    await recordFailure({ run, step: broken, failure: { Error: 'X' }, attempts: 1 }, may('recordFailure'));
    expect(world.answered).toEqual(['t']);
    const published = {
      format: 1,
      pipeline: 'sales',
      greatest: 0,
      partitions: [],
      withdrawn: [],
      retired: [],
      changes: [],
    };
    await world.store.put('sales/published/current.json', JSON.stringify(published));
    const rule = { by: 'day', timezone: 'UTC' } as const;
    const needs = { step: 'extract', dataset: 'orders', back: 2, missing: 'skip', rule } as const;
    const weekly = aStep('weekly', { dependencies: ['extract'], needs });
    await attempt(as(world, stepAccess('sales', 'weekly', true)), { run, step: weekly }, (step) => {
      expect(step.result('earlier')).toEqual([]);
      return {};
    });
    const join = aStep('join', { dependencies: ['extract', 'broken'], trigger_rule: 'all_done' });
    await attempt(as(world, stepAccess('sales', 'join')), { run, step: join }, async (step) => {
      for await (const _ of step.rows('extract.orders'));
      await step.readFile('extract', 'note');
    });
    const steps = [{ name: 'extract' }, { name: 'broken' }, { name: 'join' }, { name: 'lost' }];
    expect(await errorOf(finalize({ run, redrive_count: 0, steps }, may('finalize')))).toMatchObject({
      name: 'PipelineFailed',
    });
    const next = aStart({ arn: 'arn:2', input: { daybreak: { run_id: 'r2' }, day: '2026-01-31' }, pipeline });
    expect(await prepare(next, may('prepare'))).toMatchObject({ run: { lease: { fence: 2 } } });
    const startDate = Date.parse(next.execution.started_at);
    const detail = { executionArn: 'arn:2', name: 'n', status: 'ABORTED', startDate } as const;
    const input = '{"daybreak":{"run_id":"r2"}}';
    expect(await reconcile({ pipeline: 'sales', detail: { ...detail, input } }, may('reconcile'))).toEqual({
      execution: 1,
      dead_letters: ['sales/r2/1/_execution'],
    });
  });

  test('and a step reads a watermark, which the publish moves', async () => {
    const world = memoryWorld();
    await runUpTo(world, 'r0', 1);
    const run = await begin(world, 'r1');
    await extract(as(world, stepAccess('sales', 'load')), run, newRows(3));
    expect(await end(as(world, platformFunctions.finalize.access('sales', true)), run)).toBe('SUCCEEDED');
    expect(await current(world)).toEqual([{ step: 'load', name: 'row', value: 3 }]);
  });

  test('and the sweep keeps the index of a store of an older version', async () => {
    const world = memoryWorld();
    const record = { created_at: '2026-01-31T01:00:00.000Z', pipeline: 'sales', input: {}, scheduled_time: null };
    for (let run = 10; run < 30; run++)
      await world.store.put(`sales/runs/r${run}/run.json`, JSON.stringify({ ...record, run_id: `r${run}` }));
    await openIndex(as(world, platformFunctions.reconcile.access('sales')).store, 'sales');
    expect(await stored(world.store, 'sales/index/base.json')).toMatchObject({ runs: { length: 20 } });
  });

  test('and alerts are sent and marked', async () => {
    const world = memoryWorld();
    await keepIncidents(world.store, { ...incident(1), pipeline: 'sales' });
    const incidents = await world.store.get('orders/incidents/state.json');
    await world.store.put('sales/incidents/state.json', incidents?.body ?? '');
    const { store } = as(world, platformFunctions.alerts.access('sales'));
    const answer = async () => new Response('{"ok":true,"ts":"1.1"}');
    const outside = { secret: async () => 'x', publish: async () => {}, mail: async () => {}, pause: async () => {} };
    const options = { ...outside, store, settings, pipeline: 'sales', links: () => [], now: () => night };
    expect(await deliverAlerts({ ...options, fetch: answer as unknown as typeof fetch })).toMatchObject({
      sent: { length: 2 },
      failed: [],
    });
  });

  test('and lineage events are kept', async () => {
    const world = memoryWorld();
    await runOnce(world, 'r1', 'a');
    const { store } = as(world, platformFunctions.lineage.access('sales'));
    const file = { setting: { namespace: 'night', url: null, api_key: null }, sources: [] };
    const ref = { pipeline: 'sales', run_id: 'r1', execution: 1 };
    expect(await reportExecution(store, ref, { file, send: null })).toBe(6);
  });

  test('and old runs are removed', async () => {
    const world = await oldRuns();
    const { removed } = await prune(pruneOptions(as(world, platformFunctions.prune.access('sales'))));
    expect(removed.map(({ run_id }) => run_id).sort()).toEqual([...goes].sort());
    await prune(pruneOptions(as(world, platformFunctions.prune.access('sales')), { now: now + 25 * 3_600_000 }));
    expect([...(await contentOf(world.store)).keys()].filter((key) => key.includes('/removals/'))).toEqual([]);
  });

  test('and tables of published data follow the pointer', async () => {
    const world = memoryWorld();
    await runOnce(world, 'r1', 'a');
    const { store } = as(world, platformFunctions.catalog.access('sales'));
    const { changed } = await followPointer({ store, pipeline: 'sales', catalog: new MemoryCatalog(), names: [] });
    expect(changed).toEqual(['load__orders', 'join__revenue']);
  });

  test('and a step can write nothing under the name of another', async () => {
    const world = memoryWorld();
    const error = await errorOf(attempt(as(world, stepAccess('sales', 'other')), { step: aStep('extract') }, () => 1));
    expect(error.message).toMatch(/^denied: write sales\/runs\/r1\/steps\/extract\//);
  });
});
