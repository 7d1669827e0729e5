import { describe, expect, test } from 'vitest';
import type { DeadlineRecord, DeadlineState } from '../../../lib/contract/events/deadline-record.ts';
import type { DaybreakEvent } from '../../../lib/contract/events/event.ts';
import { parseEventDocument } from '../../../lib/contract/events/event.ts';
import {
  deadlinesKey,
  executionEndKey,
  executionKey,
  historyKey,
  outcomeKey,
} from '../../../lib/contract/object-keys.ts';
import type { DeadlinePipeline, DeadlineStep } from '../../../lib/operate/deadlines/deadline-pipeline.ts';
import { dueDeadlines } from '../../../lib/operate/deadlines/due-deadlines.ts';
import { withVerdict } from '../../../lib/operate/deadlines/keep-deadlines.ts';
import { lookAtDeadlines, lookAtStart } from '../../../lib/operate/deadlines/look-at-deadlines.ts';
import { onTimeOf } from '../../../lib/operate/deadlines/on-time.ts';
import { readIncidents, takeEvents } from '../../../lib/runtime/incidents/keep-incidents.ts';
import { memoryWorld, type StoppedClock, stored, type World } from '../../runtime/fixtures.ts';

const all = (count: number, first: number): number[] => Array.from({ length: count }, (_, index) => first + index);
const at = (time: string): number => Date.parse(`2026-01-${time}Z`);
const iso = (time: string): string => new Date(at(time)).toISOString();
const settings = (minutes: number, more: object = {}) =>
  ({ ready_by: minutes, timezone: 'UTC', severity: 'high', at_risk: 'team', ...more }) as const;

const step = (name: string, dependencies: readonly string[] = [], more: Partial<DeadlineStep> = {}): DeadlineStep => ({
  name,
  dependencies,
  optional: false,
  deadline: null,
  expectedMs: 60 * 60_000,
  ...more,
});

/** Starts at 01:00 on weekdays and is promised for 07:00; a step is expected to take an hour. 2026-01-12 is a Monday. */
const nightly = (more: Partial<DeadlinePipeline> = {}): DeadlinePipeline => ({
  name: 'sales',
  steps: [step('extract'), step('load', ['extract'])],
  schedule: {
    expression: 'cron(0 1 ? * 2-6 *)',
    timezone: 'UTC',
    times: { minutes: [0], hours: [1], daysOfMonth: all(31, 1), months: all(12, 1), daysOfWeek: [1, 2, 3, 4, 5] },
  },
  deadline: settings(7 * 60),
  expectedMs: null,
  ...more,
});

const runOf = (day: string): string => `sales-202601${day}T010000Z`;

class Night {
  readonly world: World = memoryWorld();
  readonly pipeline: DeadlinePipeline;

  constructor(pipeline: DeadlinePipeline = nightly()) {
    this.pipeline = pipeline;
    (this.world.clock as StoppedClock).time = at('12T00:30');
  }

  /** The pipeline is deployed before the first start, so someone looks then. */
  static async begin(pipeline?: DeadlinePipeline): Promise<Night> {
    const night = new Night(pipeline);
    await night.look('12T00:30');
    return night;
  }

  async look(time: string, ended: string | null = null): Promise<readonly DaybreakEvent[]> {
    this.world.clock.time = at(time);
    return lookAtDeadlines(this.pipeline, this.world, ended);
  }

  put(key: string, document: object): Promise<unknown> {
    return this.world.store.put(key, JSON.stringify(document));
  }

  start(time: string, execution = 1, day = '12'): Promise<unknown> {
    const facts = { execution_arn: `arn:${execution}`, redrive_count: 0, version: '1', input: {} };
    const key = executionKey({ pipeline: 'sales', run_id: runOf(day), execution });
    return this.put(key, { execution, started_at: iso(time), ...facts });
  }

  outcome(name: string, outcome: string, time: string, execution = 1, day = '12'): Promise<unknown> {
    const key = outcomeKey({ pipeline: 'sales', run_id: runOf(day), execution }, name);
    const facts = { step: name, outcome, execution, attempts: 1, causes: outcome === 'blocked' ? ['extract'] : [] };
    return this.put(key, { ...facts, started_at: iso('12T01:00'), ended_at: iso(time), failure: null, manifest: null });
  }

  end(status: string, time: string, execution = 1, day = '12'): Promise<unknown> {
    const key = executionEndKey({ pipeline: 'sales', run_id: runOf(day), execution });
    return this.put(key, { execution, status, ended_at: iso(time), failed: [], blocked: [], failure: null });
  }

  get told(): string[] {
    for (const event of this.world.events.sent) parseEventDocument(structuredClone(event));
    return this.world.events.sent.map(({ type, time }) => `${type} ${time.slice(8, 16)}`);
  }
}

describe('a deadline', () => {
  test('that is met without trouble is noted, and no one hears of it', async () => {
    const night = await Night.begin();
    await night.start('12T01:00');
    await night.look('12T01:05');
    await night.outcome('extract', 'succeeded', '12T01:50');
    await night.outcome('load', 'succeeded', '12T02:50');
    await night.end('SUCCEEDED', '12T02:51');
    await night.look('12T02:55');
    await night.look('12T07:00');
    expect(night.told).toEqual([]);
    const state = await stored<DeadlineState>(night.world.store, deadlinesKey('sales'));
    expect(state?.deadlines).toEqual([
      expect.objectContaining({
        ready_by: iso('12T07:00'),
        met: { at: iso('12T02:51'), execution: 1, reported: true },
      }),
    ]);
    expect(onTimeOf(state as DeadlineState, at('12T08:00'))).toEqual([{ step: null, met: 1, of: 1, percent: 100 }]);
  });

  test('is in danger once, then missed once, then met once, however often someone looks', async () => {
    const night = await Night.begin();
    await night.start('12T01:00');
    await night.outcome('extract', 'succeeded', '12T06:20');
    // load takes an hour: about 07:20.
    for (const time of ['12T06:25', '12T06:30', '12T06:30', '12T06:55', '12T07:00', '12T07:00', '12T07:30'])
      await night.look(time);
    await night.outcome('load', 'succeeded', '12T07:40');
    await night.end('SUCCEEDED', '12T07:41');
    for (const time of ['12T07:41', '12T08:00', '13T00:10']) await night.look(time);
    expect(night.told).toEqual(['deadline.at_risk 12T06:25', 'deadline.missed 12T07:00', 'deadline.met 12T07:41']);
    expect(night.world.events.sent).toEqual([
      expect.objectContaining({
        id: `deadline.at_risk/sales/${runOf('12')}`,
        severity: 'high',
        run_id: runOf('12'),
        execution: 1,
        detail: expect.objectContaining({ held_up_by: 'load', ready_by: iso('12T07:00') }),
      }),
      expect.objectContaining({ severity: 'high', detail: expect.objectContaining({ held_up_by: 'load' }) }),
      expect.objectContaining({ severity: 'info', detail: expect.objectContaining({ late_seconds: 41 * 60 }) }),
    ]);
    const [{ detail }] = night.world.events.sent as [DaybreakEvent<'deadline.at_risk'>];
    // Expected at 07:20: 20 minutes late.
    expect(detail.late_seconds).toBeGreaterThan(15 * 60);
    expect(detail.late_seconds).toBeLessThan(26 * 60);
  });

  test('of a run that never started is in danger when the rest would no longer do, and missed at the moment itself', async () => {
    const night = await Night.begin();
    // Two hours are needed, give or take: safe at 04:30, hopeless at 05:35.
    for (const time of ['12T01:05', '12T04:30', '12T05:35', '12T07:00']) await night.look(time);
    expect(night.told).toEqual(['deadline.at_risk 12T05:35', 'deadline.missed 12T07:00']);
    expect(night.world.events.sent).toEqual([
      expect.objectContaining({ run_id: null, execution: null }),
      expect.objectContaining({
        run_id: null,
        cause: { error: 'Deadline', text: expect.stringContaining('no run has') },
      }),
    ]);
  });

  test('belongs to a scheduled start, so nothing is missed on Sunday', async () => {
    const night = new Night();
    await night.look('17T00:30');
    for (const day of ['17', '18']) await night.look(`${day}T07:00`);
    expect(night.told).toEqual([]);
  });

  test('of a start before the deployment does not count', async () => {
    const night = new Night();
    await night.look('12T06:50');
    await night.look('12T07:00');
    expect(night.told).toEqual([]);
    await night.look('13T07:00');
    expect(night.told).toEqual(['deadline.missed 13T07:00']);
  });

  test('that no one could look at is reported late, but not after the data has come', async () => {
    const missed = await Night.begin();
    await missed.look('12T09:00');
    expect(missed.told).toEqual(['deadline.missed 12T07:00']);
    const late = await Night.begin();
    await late.start('12T01:00');
    for (const name of ['extract', 'load']) await late.outcome(name, 'succeeded', '12T08:00');
    await late.end('SUCCEEDED', '12T08:00');
    await late.look('12T09:00');
    expect(late.told).toEqual([]);
    const state = await stored<DeadlineState>(late.world.store, deadlinesKey('sales'));
    expect(onTimeOf(state as DeadlineState, at('12T10:00'))).toEqual([{ step: null, met: 0, of: 1, percent: 0 }]);
  });

  test('that was missed days ago is met when its run makes its data', async () => {
    const night = await Night.begin();
    await night.look('12T07:00');
    await night.start('20T10:00');
    for (const name of ['extract', 'load']) await night.outcome(name, 'succeeded', '20T11:00');
    await night.end('SUCCEEDED', '20T11:00');
    await night.look('20T11:01', iso('12T01:00'));
    expect(night.told.filter((one) => one.startsWith('deadline.met'))).toEqual(['deadline.met 20T11:00']);
  });

  test('is reported again with the same id when the bus did not take it, and only then', async () => {
    const night = await Night.begin();
    const { send } = night.world.events;
    night.world.events.send = () => Promise.reject(new Error('no bus'));
    await night.look('12T07:00');
    expect(night.told).toEqual([]);
    night.world.events.send = send;
    for (const time of ['12T07:01', '12T07:02']) await night.look(time);
    expect(night.told).toEqual(['deadline.missed 12T07:00']);
  });

  test('with at_risk: none has no notice before the miss', async () => {
    const night = await Night.begin(nightly({ deadline: settings(7 * 60, { at_risk: 'none', severity: 'critical' }) }));
    for (const time of ['12T06:59', '12T07:00']) await night.look(time);
    expect(night.world.events.sent.map(({ type, severity }) => [type, severity])).toEqual([
      ['deadline.missed', 'critical'],
    ]);
  });

  test('without history and without an expected duration is not guessed at', async () => {
    const night = await Night.begin(nightly({ steps: [step('extract', [], { expectedMs: null })] }));
    for (const time of ['12T06:59', '12T07:00']) await night.look(time);
    expect(night.told).toEqual(['deadline.missed 12T07:00']);
  });

  test('uses the expected duration of the whole run where steps have none', async () => {
    const night = await Night.begin(
      nightly({ steps: [step('extract', [], { expectedMs: null })], expectedMs: 3 * 3_600_000 }),
    );
    await night.start('12T05:00');
    await night.look('12T05:05');
    expect(night.told).toEqual(['deadline.at_risk 12T05:05']);
  });

  test('of a step counts for the step alone', async () => {
    const own = step('extract', [], { deadline: settings(90, { severity: 'medium', at_risk: 'digest' }) });
    const night = await Night.begin(nightly({ steps: [own, step('load', ['extract'])] }));
    await night.start('12T01:00');
    await night.look('12T01:05');
    await night.look('12T01:30');
    await night.outcome('extract', 'succeeded', '12T01:45');
    await night.look('12T01:50');
    expect(night.world.events.sent.map(({ id, severity, step: name }) => [id, severity, name])).toEqual([
      [`deadline.at_risk/sales/${runOf('12')}/extract`, 'medium', 'extract'],
      [`deadline.missed/sales/${runOf('12')}/extract`, 'medium', 'extract'],
      [`deadline.met/sales/${runOf('12')}/extract`, 'info', 'extract'],
    ]);
  });

  test('is not in danger because a short step failed while a long one works', async () => {
    const night = await Night.begin(
      nightly({
        steps: [
          step('quick', [], { expectedMs: 60_000 }),
          step('long', [], { expectedMs: 5 * 3_600_000 }),
          step('join', ['quick', 'long'], { expectedMs: 60_000 }),
        ],
      }),
    );
    await night.start('12T01:00');
    await night.outcome('quick', 'failed', '12T01:10');
    await night.look('12T04:00');
    expect(night.told).toEqual([]);
  });
});

describe('a deadline and the failure of its run', () => {
  const events = async (night: Night): Promise<void> => {
    await takeEvents({ store: night.world.store, clock: night.world.clock }, 'sales', night.world.events.sent);
  };
  const failed = (time: string): DaybreakEvent => ({
    version: 1,
    id: `step.failed/sales/${runOf('12')}/1/extract`,
    type: 'step.failed',
    time: iso(time),
    severity: 'high',
    pipeline: 'sales',
    run_id: runOf('12'),
    execution: 1,
    step: 'extract',
    attempt: 3,
    cause: { error: 'SourceDown', text: 'no answer' },
    detail: { started_at: null, ended_at: iso(time), attempts: 3, thrown_at: null, dead_letter: 'x', resume: 'resume' },
  });

  test('are one incident: the miss after the failure pages no one again', async () => {
    const night = await Night.begin();
    await night.start('12T01:00');
    await night.outcome('extract', 'failed', '12T01:30');
    await night.outcome('load', 'blocked', '12T01:30');
    await night.end('FAILED', '12T01:31');
    night.world.events.sent.push(failed('12T01:30'));
    for (const time of ['12T01:35', '12T05:40', '12T07:00']) await night.look(time);
    expect(night.told).toEqual(['step.failed 12T01:30', 'deadline.at_risk 12T05:40', 'deadline.missed 12T07:00']);
    expect(night.world.events.sent.at(-1)).toMatchObject({ detail: { held_up_by: 'extract' } });
    await events(night);
    const { incidents } = await readIncidents(night.world.store, 'sales');
    expect(incidents).toHaveLength(1);
    expect(incidents[0]?.story.map(({ change, loud }) => [change, loud])).toEqual([
      ['opened', true],
      ['joined', false],
      ['joined', false],
    ]);
  });

  test('are one incident in the other order too', async () => {
    const night = await Night.begin();
    await night.start('12T01:00');
    await night.look('12T06:50');
    night.world.events.sent.push(failed('12T06:55'));
    await events(night);
    const { incidents } = await readIncidents(night.world.store, 'sales');
    expect(incidents).toHaveLength(1);
    expect(incidents[0]?.story.filter(({ loud }) => loud)).toHaveLength(1);
  });

  test('a step that is ready does not close the incident of the run that is late', async () => {
    const own = step('extract', [], { deadline: settings(90) });
    const night = await Night.begin(nightly({ steps: [own, step('load', ['extract'])], deadline: settings(120) }));
    await night.start('12T01:00');
    await night.look('12T01:30');
    await night.look('12T01:45');
    await night.outcome('extract', 'succeeded', '12T01:50');
    await night.look('12T01:51');
    await night.look('12T02:00');
    expect(night.told.slice(-2)).toEqual(['deadline.met 12T01:50', 'deadline.missed 12T02:00']);
    await events(night);
    const { incidents } = await readIncidents(night.world.store, 'sales');
    expect(incidents.map(({ status }) => status)).toEqual(['open']);
    expect(incidents[0]?.story.map(({ change }) => change)).not.toContain('resolved');
  });
});

describe('offline', () => {
  const start = at('12T01:00');

  test('the run of a scheduled time tells the same', async () => {
    const night = new Night();
    const look = async (time: string): Promise<void> => {
      night.world.clock.time = at(time);
      await lookAtStart(night.pipeline, { start, began: at('12T06:00') }, night.world);
    };
    await night.start('12T06:00');
    await look('12T06:30');
    await look('12T07:00');
    for (const name of ['extract', 'load']) await night.outcome(name, 'succeeded', '12T08:00');
    await night.end('SUCCEEDED', '12T08:00');
    await look('12T08:00');
    expect(night.told).toEqual(['deadline.at_risk 12T06:30', 'deadline.missed 12T07:00', 'deadline.met 12T08:00']);
  });

  test('a run that fills in an old day tells nothing', async () => {
    const night = new Night();
    await night.start('15T09:00');
    night.world.clock.time = at('15T09:05');
    expect(await lookAtStart(night.pipeline, { start, began: at('15T09:00') }, night.world)).toEqual([]);
    expect(await stored(night.world.store, deadlinesKey('sales'))).toBe(null);
  });
});

test('a look reads few objects, and none outside of its window', async () => {
  const night = await Night.begin();
  await night.put(historyKey('sales'), { runs: [] });
  const gets: string[] = [];
  const { store } = night.world;
  const get = store.get.bind(store);
  store.get = (key) => {
    gets.push(key);
    return get(key);
  };
  await night.look('12T00:40');
  expect(gets).toEqual([deadlinesKey('sales')]);
  gets.length = 0;
  await night.start('12T01:00');
  await night.look('12T01:05');
  // State, history, two numbers of executions, an end, two for each of the two steps, and the state again to write it.
  expect(gets).toHaveLength(10);
});

describe('a look that is cut off', () => {
  /** A world whose n-th request fails: before or after it has done its work. */
  function failing({ store, clock, events }: World, n: number, after: boolean) {
    let count = 0;
    const strike = async <T>(work: () => Promise<T>): Promise<T> => {
      count += 1;
      if (count !== n) return work();
      if (after) await work();
      throw new Error('cut off');
    };
    const cut = Object.create(store) as typeof store;
    cut.get = (key) => strike(() => store.get(key));
    cut.put = (key, body, options) => strike(() => store.put(key, body, options));
    const bus = Object.create(events) as typeof events;
    bus.send = (all) => strike(() => events.send(all));
    return { ports: { store: cut, clock, events: bus }, done: () => count < n };
  }

  test('at any request is made up for by the next one: nothing is lost, and nothing has two ids', async () => {
    let cuts = 0;
    for (const after of [false, true])
      for (let n = 1; ; n += 1) {
        const night = await Night.begin();
        await night.start('12T01:00');
        const { clock } = night.world;
        clock.time = at('12T07:00');
        const { ports, done } = failing(night.world, n, after);
        await lookAtDeadlines(night.pipeline, ports).catch(() => []);
        clock.time = at('12T07:01');
        await lookAtDeadlines(night.pipeline, night.world);
        const ids = new Set(night.world.events.sent.map(({ id }) => id));
        expect([...ids], `request ${n}`).toEqual([`deadline.missed/sales/${runOf('12')}`]);
        const { deadlines } = (await stored<DeadlineState>(night.world.store, deadlinesKey('sales'))) as DeadlineState;
        expect(deadlines).toMatchObject([{ missed: { reported: true, at: iso('12T07:00') } }]);
        if (done()) break;
        cuts += 1;
      }
    expect(cuts).toBeGreaterThan(20);
  });

  test('and judged before the data came, notes no miss after it', () => {
    const [due] = dueDeadlines({ pipeline: 'sales', schedule: '', since: iso('12T00:00'), deadlines: [] }, nightly(), {
      now: at('12T07:00'),
      ended: null,
    });
    const record = due?.record as DeadlineRecord;
    const met = withVerdict(record, { kind: 'met', at: at('12T06:59'), execution: 1 });
    const facts = { severity: 'high', execution: 1, expected: null, held_up_by: null, late_seconds: 0 } as const;
    const notice = { ...facts, at: record.ready_by, reported: false };
    expect(withVerdict(met, { kind: 'missed', notice })).toBe(met);
    expect(withVerdict(met, { kind: 'at_risk', notice })).toBe(met);
  });

  test('and several at once note each thing once', async () => {
    const night = await Night.begin();
    await night.start('12T01:00');
    night.world.clock.time = at('12T07:00');
    await Promise.all([1, 2, 3].map(() => lookAtDeadlines(night.pipeline, night.world)));
    await night.look('12T07:02');
    expect(new Set(night.world.events.sent.map(({ id }) => id)).size).toBe(1);
    const { deadlines } = (await stored<DeadlineState>(night.world.store, deadlinesKey('sales'))) as DeadlineState;
    expect(deadlines).toHaveLength(1);
  });
});
