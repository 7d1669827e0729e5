/** Deadlines in the store: one object per pipeline, changed by compare-and-swap. */

import type { DeadlineRecord, DeadlineState } from '../../contract/events/deadline-record.ts';
import { mostDeadlines } from '../../contract/events/deadline-setting.ts';
import { deadlinesKey } from '../../contract/object-keys.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { readIntact } from '../../runtime/records/json-objects.ts';
import type { Verdict } from './judge-deadline.ts';

/** A month and some days of each deadline, for the share that was met. */
const mostRecords = 35 * mostDeadlines;

/** The deadlines of a pipeline in one request; null if no one has looked at them, or the record is damaged: then the next look makes it again. */
export function readDeadlines(store: ObjectStore, pipeline: string): Promise<DeadlineState | null> {
  return readIntact<DeadlineState>(store, deadlinesKey(pipeline));
}

/** A record with what a look found. Once met it stays so; a miss is never followed by a warning; each is noted once. */
export function withVerdict(record: DeadlineRecord, verdict: Verdict): DeadlineRecord {
  if (verdict === null || record.met !== null) return record;
  if (verdict.kind === 'met') {
    // Without an earlier notice there is nothing to close.
    const reported = record.at_risk === null && record.missed === null;
    return { ...record, met: { at: new Date(verdict.at).toISOString(), execution: verdict.execution, reported } };
  }
  if (record.missed !== null) return record;
  if (verdict.kind === 'missed') return { ...record, missed: verdict.notice };
  return record.at_risk === null ? { ...record, at_risk: verdict.notice } : record;
}

/** The state with these records in the place of those of the same deadline; the latest starts first. */
export function withRecords(state: DeadlineState, records: readonly DeadlineRecord[]): DeadlineState {
  const changed = new Map(records.map((record) => [nameOf(record), record]));
  const known = new Set(state.deadlines.map(nameOf));
  const fresh = records.filter((record) => !known.has(nameOf(record)));
  const kept = state.deadlines.map((record) => changed.get(nameOf(record)) ?? record);
  const all = [...fresh, ...kept].sort((one, other) => other.scheduled_time.localeCompare(one.scheduled_time));
  return { ...state, deadlines: all.slice(0, mostRecords) };
}

/** The record of the same deadline in the state, or the given one if it has none. */
export function recordIn({ deadlines }: DeadlineState, record: DeadlineRecord): DeadlineRecord {
  const name = nameOf(record);
  return deadlines.find((one) => nameOf(one) === name) ?? record;
}

/** A record whose events the bus has taken. */
export function asReported(record: DeadlineRecord): DeadlineRecord {
  const { at_risk: atRisk, missed, met } = record;
  return {
    ...record,
    at_risk: atRisk && { ...atRisk, reported: true },
    missed: missed && { ...missed, reported: true },
    met: met && { ...met, reported: true },
  };
}

const nameOf = ({ step, scheduled_time }: DeadlineRecord): string => `${scheduled_time} ${step ?? ''}`;
