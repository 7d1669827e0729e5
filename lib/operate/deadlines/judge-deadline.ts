import type { DeadlineNotice } from '../../contract/events/deadline-record.ts';
import { atRiskSeverity } from '../../contract/events/deadline-setting.ts';
import { mostOften, rangeOf } from '../estimate/estimate-run.ts';
import type { PlayedRun } from '../estimate/play-run.ts';
import type { DueDeadline } from './due-deadlines.ts';
import type { RunFacts } from './read-run-facts.ts';

/** A notice goes out when so large a share of the ways in which the run may go on end after the deadline. docs/deadlines.md has the measured rates. */
const certainEnough = 0.9;

/** The finding of a look about one deadline. */
export type Verdict =
  | { readonly kind: 'met'; readonly at: number; readonly execution: number }
  | { readonly kind: 'missed' | 'at_risk'; readonly notice: DeadlineNotice }
  | null;

/** Judges a deadline by the records of its run, and by the ways in which the run may go on. */
export function judgeDeadline({ record, setting }: DueDeadline, facts: RunFacts, played: PlayedRun): Verdict {
  const readyBy = Date.parse(record.ready_by);
  const { now } = facts.state;
  const readyAt = record.step === null ? facts.readyAt : (facts.stepsReady.get(record.step) ?? null);
  if (readyAt !== null) return { kind: 'met', at: readyAt, execution: facts.execution ?? 1 };
  const outlook = outlookOf(record.step, facts, played);
  if (now >= readyBy) {
    const notice = noticeOf(outlook, { readyBy, execution: facts.execution, severity: setting.severity });
    return { kind: 'missed', notice: { ...notice, at: record.ready_by } };
  }
  if (setting.at_risk === 'none' || outlook.ends === null) return null;
  const late = outlook.ends.filter((end) => end > readyBy).length / outlook.ends.length;
  if (late < certainEnough) return null;
  const severity = atRiskSeverity[setting.at_risk];
  const notice = noticeOf(outlook, { readyBy, execution: facts.execution, severity });
  return { kind: 'at_risk', notice: { ...notice, at: new Date(now).toISOString() } };
}

interface Outlook {
  /** Possible ends; null if no one can say. */
  readonly ends: readonly number[] | null;
  readonly heldUpBy: string | null;
}

/** When the step, or the run, will end. Of a run that failed the failed step holds it up, since it must run again. */
function outlookOf(step: string | null, { failed, execution, state }: RunFacts, { draws }: PlayedRun): Outlook {
  const ends = draws.map((draw) => (step === null ? draw.end : (draw.ends.get(step) ?? Number.NaN)));
  const firsts = draws.map(({ first, begins }) => (step === null ? first : (begins.get(step) ?? null)));
  const running = state.steps.find((one) => one.state === 'running')?.name ?? null;
  const first = mostOften(firsts);
  const guess = first !== null && (failed.length === 0 || failed.includes(first)) ? first : (failed[0] ?? running);
  return { ends: ends.some(Number.isNaN) ? null : ends, heldUpBy: execution === null ? null : guess };
}

function noticeOf(
  { ends, heldUpBy }: Outlook,
  { readyBy, ...facts }: Pick<DeadlineNotice, 'execution' | 'severity'> & { readonly readyBy: number },
): Omit<DeadlineNotice, 'at'> {
  const range = ends && rangeOf(ends);
  const middle = ends && ([...ends].sort((a, b) => a - b)[Math.floor(ends.length / 2)] ?? null);
  return {
    ...facts,
    expected: range && { from: moment(range.from), to: moment(range.to) },
    held_up_by: heldUpBy,
    late_seconds: middle === null ? null : Math.max(0, Math.round((middle - readyBy) / 1_000)),
    reported: false,
  };
}

const moment = (at: number): string => new Date(at).toISOString();
