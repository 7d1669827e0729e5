import { expect, test } from 'vitest';
import { planPipeline } from '../../../lib/compiler/plan/plan-pipeline.ts';
import { executionKey, runKey } from '../../../lib/contract/object-keys.ts';
import { watchDeadlines } from '../../../lib/offline/engine/watch-deadlines.ts';
import { parseGood } from '../../compiler/template/parse.ts';
import { memoryWorld } from '../../runtime/fixtures.ts';
import { graphOf } from '../../support/graphs.ts';

const planOf = (deadline: string) =>
  planPipeline(
    parseGood(`name: p\nschedule: { cron: "0 1 * * *" }\n${deadline}\nsteps: [{ name: s0, handler: a }]\n`),
    graphOf([[]]),
  );
const run = { pipeline: 'p', run_id: 'p-20260201T010000Z' };

async function toldOf(deadline: string, scheduled: string | null, began: string, more: object = {}): Promise<string[]> {
  const world = memoryWorld();
  const put = (key: string, document: object) => world.store.put(key, JSON.stringify(document));
  await put(runKey(run), { ...run, created_at: began, input: {}, scheduled_time: scheduled, ...more });
  const facts = { execution_arn: 'a', redrive_count: 0, started_at: began, version: '1', input: {} };
  await put(executionKey({ ...run, execution: 1 }), { execution: 1, ...facts });
  world.clock.time = Date.parse('2026-02-01T07:10:00Z');
  const watcher = watchDeadlines(run, { plan: planOf(deadline), began: Date.parse(began) }, world);
  await watcher.finish();
  watcher.stop();
  return world.events.sent.map(({ type }) => type);
}

const scheduled = '2026-02-01T01:00:00.000Z';

test('a run of a scheduled time reports its deadline offline too', async () => {
  expect(await toldOf('deadline: { ready_by: "07:00" }', scheduled, '2026-02-01T06:00:00Z')).toEqual([
    'deadline.missed',
  ]);
});

test.each([
  ['without a deadline', '', scheduled, '2026-02-01T06:00:00Z'],
  ['that no schedule started', 'deadline: { ready_by: "07:00" }', null, '2026-02-01T06:00:00Z'],
  ['that began after its deadline', 'deadline: { ready_by: "07:00" }', scheduled, '2026-02-01T07:05:00Z'],
])('a run %s reports nothing', async (_, deadline, time, began) => {
  expect(await toldOf(deadline, time, began)).toEqual([]);
});

test('a fork of such a run reports nothing', async () => {
  const origin = { store: 's3://night', run_id: run.run_id, executions: 1 };
  expect(await toldOf('deadline: { ready_by: "07:00" }', scheduled, '2026-02-01T06:00:00Z', { origin })).toEqual([]);
});
