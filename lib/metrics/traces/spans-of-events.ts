import type { DaybreakEvent } from '../../contract/events/event.ts';
import type { TraceSpan } from './span.ts';

/**
 * The spans of a run from its events, in any order and with copies. An execution or a step that has not ended has none yet. An attempt reaches from the end of the one before it, so
 * the delay between them is in it; the first one from the start of the step.
 */
export function spansOfEvents(events: readonly DaybreakEvent[]): TraceSpan[] {
  const once = [...new Map(events.map((event) => [event.id, event])).values()];
  return once.flatMap((event) => [...executionSpans(event), ...stepSpans(event, once)]);
}

function executionSpans(event: DaybreakEvent): TraceSpan[] {
  if (event.type !== 'run.completed' && event.type !== 'run.failed' && event.type !== 'run.stopped') return [];
  const { pipeline, run_id, execution, cause, detail } = event;
  if (run_id === null || execution === null) return [];
  const [start, end] = [Date.parse(detail.started_at), Date.parse(detail.ended_at)];
  const facts = { end: event.type.slice('run.'.length), failed: detail.failed.length, blocked: detail.blocked.length };
  return [{ pipeline, run_id, execution, step: null, attempt: null, start, end, error: cause, facts }];
}

function stepSpans(event: DaybreakEvent, all: readonly DaybreakEvent[]): TraceSpan[] {
  if (event.type !== 'step.completed' && event.type !== 'step.failed') return [];
  const { pipeline, run_id, execution, step, cause, detail } = event;
  if (run_id === null || execution === null || step === null || detail.started_at === null) return [];
  const place = { pipeline, run_id, execution, step } as const;
  const [start, end] = [Date.parse(detail.started_at), Date.parse(detail.ended_at)];
  const { attempts } = detail;
  const datasets = 'datasets' in detail ? Object.values(detail.datasets ?? {}) : [];
  const sum = (field: 'rows' | 'bytes'): number => datasets.reduce((total, one) => total + one[field], 0);
  const facts = {
    outcome: event.type === 'step.completed' ? 'succeeded' : 'failed',
    attempts,
    rows: sum('rows'),
    bytes: sum('bytes'),
  };
  const whole: TraceSpan = { ...place, attempt: null, start, end, error: cause, facts };
  const retried = all
    .filter((one) => one.type === 'step.retrying' && one.step === step && one.execution === execution)
    .sort((a, b) => (a.attempt ?? 0) - (b.attempt ?? 0));
  const ends = [
    ...retried.map(({ attempt, time, cause: why }) => ({ attempt: attempt ?? 1, end: Date.parse(time), error: why })),
    { attempt: attempts, end, error: cause },
  ];
  const own = ends.map(({ attempt, end: ended, error }, index): TraceSpan => {
    const from = index === 0 ? start : (ends[index - 1]?.end ?? start);
    return { ...place, attempt, start: Math.min(from, ended), end: ended, error, facts: {} };
  });
  return [whole, ...own];
}
