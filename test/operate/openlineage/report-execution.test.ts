import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../lib/contract/json.ts';
import { reportExecution } from '../../../lib/operate/openlineage/report-execution.ts';
import { errorOf, memoryWorld, stored } from '../../runtime/fixtures.ts';
import { end, runOnce, work } from '../../runtime/publish/world.ts';

const file = { setting: { namespace: 'night', url: null, api_key: null }, sources: [] };
const ref = { pipeline: 'sales', run_id: 'r1', execution: 1 };
const key = 'sales/runs/r1/executions/1/lineage.json';

describe('the report of an execution', () => {
  test('is kept before it is sent, and is the same in each report', async () => {
    const world = memoryWorld();
    await runOnce(world, 'r1', 'a');
    const { store } = world;
    const sent: JsonObject[] = [];
    const down = await errorOf(reportExecution(store, ref, { file, send: () => Promise.reject(new Error('down')) }));
    expect(down.message).toBe('down');
    const kept = await stored<{ events: JsonObject[] }>(world.store, key);
    const send = async (event: JsonObject) => sent.push(event);
    expect(await reportExecution(store, ref, { file, send })).toBe(6);
    expect(sent).toEqual(kept?.events);
    expect(
      sent.map(({ eventType, job }) => `${eventType} ${(job as JsonObject).namespace} ${(job as JsonObject).name}`),
    ).toEqual([
      'START night sales',
      // The clock of this world stands still.
      'START night sales.join',
      'COMPLETE night sales.join',
      'START night sales.load',
      'COMPLETE night sales.load',
      'COMPLETE night sales',
    ]);
    await reportExecution(store, ref, { file, send });
    expect(sent.slice(6)).toEqual(sent.slice(0, 6));
  });

  test('is empty while the execution works, and of a trial', async () => {
    const world = memoryWorld();
    const run = await work(world, 'r1', 'a');
    const send = () => Promise.reject(new Error('nothing is to be sent'));
    expect(await reportExecution(world.store, ref, { file, send })).toBe(0);
    await end(world, { ...run, trial: { of: null } });
    const record = await stored(world.store, 'sales/runs/r1/executions/1.json');
    await world.store.put('sales/runs/r1/executions/1.json', JSON.stringify({ ...record, trial: { of: null } }));
    expect(await reportExecution(world.store, ref, { file, send })).toBe(0);
    expect(await stored(world.store, key)).toBeNull();
  });
});
