/** Nights of a pipeline with a deadline, as its records show them: the function that looks knows no more. */
import type { DeadlineSetting } from '../../../lib/contract/events/deadline-setting.ts';
import type { DaybreakEvent } from '../../../lib/contract/events/event.ts';
import {
  executionEndKey,
  executionKey,
  historyKey,
  outcomeKey,
  progressKey,
} from '../../../lib/contract/object-keys.ts';
import type { RunSummary } from '../../../lib/contract/records/history.ts';
import type { DeadlinePipeline } from '../../../lib/operate/deadlines/deadline-pipeline.ts';
import { lookAtDeadlines } from '../../../lib/operate/deadlines/look-at-deadlines.ts';
import { MemoryEvents } from '../../../lib/ports/memory/memory-events.ts';
import { MemoryObjectStore } from '../../../lib/ports/memory/memory-object-store.ts';
import { scheduledRunId } from '../../../lib/runtime/execution/run-identity.ts';
import { StoppedClock } from '../../runtime/fixtures.ts';
import { randomFrom } from '../../support/graphs.ts';
import { dependencies, simulateRuns, type Trouble } from '../estimate/simulated-runs.ts';

const minute = 60_000;
const night = 86_400_000;
const deadline: DeadlineSetting = { ready_by: 45, timezone: 'UTC', severity: 'high', at_risk: 'team' };

/** Starts at midnight; usually done after 27 minutes; promised for 00:45. */
const pipeline: DeadlinePipeline = {
  name: 'sales',
  steps: Object.entries(dependencies).map(([name, before]) => ({
    name,
    dependencies: before,
    optional: false,
    deadline: null,
    expectedMs: null,
  })),
  schedule: {
    expression: 'cron(0 0 * * ? *)',
    timezone: 'UTC',
    times: { minutes: [0], hours: [0], daysOfMonth: range(1, 31), months: range(1, 12), daysOfWeek: range(0, 6) },
  },
  deadline,
  expectedMs: null,
};

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** The kind of the nights that are judged; their history is that of usual nights. */
export type NightTrouble = keyof typeof shares;

/** The share of nights with trouble. */
const shares = { usual: 0.25, much: 1 } as const;

/** A slow platform, a source that is slow, a late start: from harmless to hopeless. */
function troubles(seed: number, trouble: NightTrouble): (number: number) => Trouble {
  const random = randomFrom(seed);
  return () => {
    const [kind, size] = [(random() * 0.25) / shares[trouble], random()];
    if (kind < 0.08) return { pace: 1.2 + 1.3 * size };
    if (kind < 0.2) {
      const names = Object.keys(dependencies);
      return { slow: { [names[Math.floor(random() * names.length)] ?? '']: 1.5 + 4 * size } };
    }
    if (kind < 0.25) return { lateMs: 45 * minute * size };
    return {};
  };
}

const lookMinutes = range(0, 50).filter((one) => one % 2 === 0 || one === 45);

export interface Night {
  /** The run ended after its deadline. */
  readonly slow: boolean;
  readonly trouble: NightTrouble;
  /** Minutes before the deadline; null without a notice. */
  readonly noticed: number | null;
  /** Minutes after the deadline; null where it was met. */
  readonly missed: number | null;
  readonly events: readonly DaybreakEvent[];
}

/** Plays nights and looks at each every two minutes and at the deadline itself; deployed it is every minute. `progress`: handlers report how far they are. */
export async function playNights(
  count: number,
  { seed, progress, trouble }: { readonly seed: number; readonly progress: boolean; readonly trouble: NightTrouble },
): Promise<Night[]> {
  const before = simulateRuns(count + 30, seed, troubles(seed, 'usual'));
  const runs = trouble === 'usual' ? before : simulateRuns(count + 30, seed, troubles(seed, trouble));
  const nights: Night[] = [];
  for (let number = 30; number < runs.length; number += 1)
    nights.push({
      ...(await playNight(runs[number] as RunSummary, before.slice(number - 30, number).reverse(), progress)),
      trouble,
    });
  return nights;
}

async function playNight(
  run: RunSummary,
  history: readonly RunSummary[],
  progress: boolean,
): Promise<Omit<Night, 'trouble'>> {
  const [clock, store, events] = [new StoppedClock(), new MemoryObjectStore(), new MemoryEvents()];
  const begin = Math.floor(Date.parse(run.started_at) / night) * night;
  const readyBy = begin + 45 * minute;
  await store.put(historyKey('sales'), JSON.stringify({ runs: history }));
  // An hour before the start, as the schedule of the looks does.
  for (const at of [begin - 60 * minute, ...lookMinutes.map((one) => begin + one * minute)]) {
    clock.time = at;
    await record(store, run, { at, progress });
    await lookAtDeadlines(pipeline, { store, clock, events });
  }
  const timeOf = (type: DaybreakEvent['type']): number | null =>
    events.sent.filter((event) => event.type === type).map(({ time }) => Date.parse(time))[0] ?? null;
  const [atRisk, missed] = [timeOf('deadline.at_risk'), timeOf('deadline.missed')];
  return {
    slow: Date.parse(run.ended_at) > readyBy,
    noticed: atRisk === null ? null : (readyBy - atRisk) / minute,
    missed: missed === null ? null : (missed - readyBy) / minute,
    events: events.sent,
  };
}

/** Writes the records that a run has left by a moment. */
async function record(
  store: MemoryObjectStore,
  { started_at, ended_at, steps }: RunSummary,
  { at, progress }: { readonly at: number; readonly progress: boolean },
): Promise<void> {
  if (Date.parse(started_at) > at) return;
  const scheduled = new Date(Math.floor(Date.parse(started_at) / night) * night).toISOString();
  const ref = { pipeline: 'sales', run_id: scheduledRunId('sales', scheduled), execution: 1 };
  const put = (key: string, document: object): Promise<unknown> => store.put(key, JSON.stringify(document));
  const common = { execution: 1, attempts: 1, causes: [], failure: null, manifest: null, digest: null };
  const own = { execution: 1, execution_arn: 'arn:1', redrive_count: 0, started_at, version: '1', input: {} };
  await put(executionKey(ref), own);
  for (const [step, [from, to]] of Object.entries(steps)) {
    const [started, ended] = [new Date(from).toISOString(), new Date(to).toISOString()];
    if (to <= at)
      await put(outcomeKey(ref, step), {
        ...common,
        step,
        outcome: 'succeeded',
        started_at: started,
        ended_at: ended,
      });
    else if (from <= at) {
      const done = progress ? Math.round((1_000 * (at - from)) / (to - from)) : null;
      const times = { first_started_at: started, started_at: started, updated_at: new Date(at).toISOString() };
      const facts = { step, execution: 1, attempt: 1, invocation: 'i', ...times, message: null, logs: null };
      await put(progressKey(ref, step), { ...facts, done, total: progress ? 1_000 : null });
    }
  }
  if (Date.parse(ended_at) <= at)
    await put(executionEndKey(ref), { ...common, status: 'SUCCEEDED', ended_at, failed: [], blocked: [] });
}

/** The figures of nights, for people and for tests. */
export function ratesOf(nights: readonly Night[]) {
  const [slow, good] = [nights.filter((one) => one.slow), nights.filter((one) => !one.slow)];
  const ahead = slow.flatMap(({ noticed }) => (noticed !== null && noticed > 0 ? [noticed] : [])).sort((a, b) => a - b);
  return {
    slow: slow.length,
    /** Slow runs whose notice came before the miss. */
    noticed: ahead.length,
    /** Minutes between notice and deadline, the middle value. */
    lead: ahead[Math.floor(ahead.length / 2)] ?? 0,
    good: good.length,
    falseNotices: good.filter(({ noticed }) => noticed !== null).length,
    missed: slow.filter(({ missed }) => missed !== null).length,
    falseMisses: good.filter(({ missed }) => missed !== null).length,
    twice: nights.filter(({ events }) => new Set(events.map(({ type }) => type)).size < events.length).length,
  };
}
