import { isDeepStrictEqual } from 'node:util';
import type { DeadlineRecord, DeadlineState } from '../../contract/events/deadline-record.ts';
import type { DaybreakEvent } from '../../contract/events/event.ts';
import { deadlinesKey } from '../../contract/object-keys.ts';
import type { Ports } from '../../ports/from-environment.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { unreportedEvents } from '../../runtime/events/deadline-events.ts';
import { tell } from '../../runtime/events/tell.ts';
import { swapJson } from '../../runtime/records/swap-json.ts';
import { playRun } from '../estimate/play-run.ts';
import { readHistory } from '../estimate/read-history.ts';
import type { DeadlinePipeline } from './deadline-pipeline.ts';
import { currentState, type DueDeadline, deadlinesOfStart, dueDeadlines } from './due-deadlines.ts';
import { judgeDeadline, type Verdict } from './judge-deadline.ts';
import { asReported, readDeadlines, recordIn, withRecords, withVerdict } from './keep-deadlines.ts';
import { readRunFacts } from './read-run-facts.ts';

type LookPorts = Pick<Ports, 'store' | 'clock' | 'events'>;

/**
 * Looks at the deadlines of a pipeline whose scheduled start has come, notes what it finds, and reports it: once in danger, once missed, once met after a notice. Every look may be
 * repeated, late or cut off: what is noted and not reported, the next one reports, with the same id.
 * `ended`: the scheduled time of a run that has just made data. Returns the events of this look.
 */
export async function lookAtDeadlines(
  pipeline: DeadlinePipeline,
  ports: LookPorts,
  ended: string | null = null,
): Promise<readonly DaybreakEvent[]> {
  const now = ports.clock.now();
  const found = await readDeadlines(ports.store, pipeline.name);
  const state = currentState(found, pipeline, now);
  const due = dueDeadlines(state, pipeline, { now, ended });
  if (due.length === 0 && state === found) return [];
  const changes = await judgeAll(due, pipeline, ports);
  return settle(pipeline, { changes, isNew: state !== found, now }, ports);
}

/** Looks at the deadlines of one start that has a run: offline no one else looks. A deadline that had passed `began` and has no notice stays unnoticed. */
export async function lookAtStart(
  pipeline: DeadlinePipeline,
  { start, began }: { readonly start: number; readonly began: number },
  ports: LookPorts,
): Promise<readonly DaybreakEvent[]> {
  const now = ports.clock.now();
  const found = await readDeadlines(ports.store, pipeline.name);
  const due = deadlinesOfStart(pipeline, start)
    .map((one) => (found ? { ...one, record: recordIn(found, one.record) } : one))
    .filter(({ record }) => record.met === null)
    .filter(({ record }) => Date.parse(record.ready_by) > began || record.at_risk !== null || record.missed !== null);
  if (due.length === 0) return [];
  const changes = await judgeAll(due, pipeline, ports);
  return settle(pipeline, { changes, isNew: false, now }, ports);
}

interface Change {
  readonly record: DeadlineRecord;
  readonly verdict: Verdict;
}

/** Judges deadlines; the records of each run are read once. */
async function judgeAll(
  due: readonly DueDeadline[],
  pipeline: DeadlinePipeline,
  { store, clock }: { readonly store: ObjectStore; readonly clock: LookPorts['clock'] },
): Promise<Change[]> {
  if (due.length === 0) return [];
  const history = await readHistory(store, pipeline.name);
  const changes: Change[] = [];
  for (const [runId, deadlines] of Map.groupBy(due, ({ record }) => record.run_id)) {
    const run = { pipeline: pipeline.name, run_id: runId };
    const facts = await readRunFacts(store, run, pipeline, clock.now());
    const played = playRun(facts.state, history);
    for (const one of deadlines) changes.push({ record: one.record, verdict: judgeDeadline(one, facts, played) });
  }
  return changes;
}

/** Notes the findings, reports what no one has reported, and notes that it was. */
async function settle(
  pipeline: DeadlinePipeline,
  { changes, isNew, now }: { readonly changes: readonly Change[]; readonly isNew: boolean; readonly now: number },
  ports: LookPorts,
): Promise<readonly DaybreakEvent[]> {
  const key = deadlinesKey(pipeline.name);
  const records = await swapJson<DeadlineState, readonly DeadlineRecord[]>(ports.store, key, (stored) => {
    const state = currentState(stored, pipeline, now);
    const next = changes.map(({ record, verdict }) => withVerdict(recordIn(state, record), verdict));
    const unchanged = next.every((record) => isDeepStrictEqual(recordIn(state, record), record));
    const known = next.every((record) => state.deadlines.includes(recordIn(state, record)));
    return unchanged && known && !isNew ? { answer: next } : { write: withRecords(state, next), answer: next };
  });
  const events = records.flatMap((record) => unreportedEvents(pipeline.name, record));
  if (events.length === 0 || !(await tell(ports, () => events))) return events;
  await swapJson<DeadlineState, null>(ports.store, key, (stored) => {
    const state = currentState(stored, pipeline, now);
    const told = records.map((record) => asToldIn(state, record));
    return { write: withRecords(state, told), answer: null };
  });
  return events;
}

/** Another look may have noted more since: only what this one reported counts as reported. */
function asToldIn(state: DeadlineState, record: DeadlineRecord): DeadlineRecord {
  const stored = recordIn(state, record);
  const reported = asReported(record);
  return {
    ...stored,
    at_risk: record.at_risk ? reported.at_risk : stored.at_risk,
    missed: record.missed ? reported.missed : stored.missed,
    met: record.met ? reported.met : stored.met,
  };
}
