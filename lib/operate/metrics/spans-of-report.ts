import type { TraceSpan } from '../../metrics/traces/span.ts';
import type { RunReport } from '../runs/run-report.ts';

/**
 * The spans of a run's latest execution from its records, where no events are kept. Records have the number of attempts and not their times, so only a step with one attempt has
 * a span for it.
 */
export function spansOfReport({
  pipeline,
  run_id,
  execution,
  status,
  started_at,
  ended_at,
  failure,
  steps,
}: RunReport): TraceSpan[] {
  const place = { pipeline, run_id, execution } as const;
  const named = (one: { readonly error: string; readonly cause: string } | null) =>
    one && { error: one.error, text: one.cause };
  const ended = ended_at === null ? [] : [{ start: Date.parse(started_at), end: Date.parse(ended_at) }];
  const whole = ended.map((times): TraceSpan => {
    const count = (outcome: string): number => steps.filter((step) => step.outcome === outcome).length;
    const facts = { end: status.toLowerCase(), failed: count('failed'), blocked: count('blocked') };
    return { ...place, step: null, attempt: null, ...times, error: named(failure), facts };
  });
  const ofSteps = steps.flatMap((step): TraceSpan[] => {
    if (step.started_at === null || step.ended_at === null) return [];
    if (step.outcome !== 'succeeded' && step.outcome !== 'failed') return [];
    const times = { start: Date.parse(step.started_at), end: Date.parse(step.ended_at) };
    const datasets = Object.values(step.datasets);
    const sum = (field: 'rows' | 'bytes'): number => datasets.reduce((total, one) => total + one[field], 0);
    const facts = { outcome: step.outcome, attempts: step.attempts, rows: sum('rows'), bytes: sum('bytes') };
    const span: TraceSpan = { ...place, step: step.step, attempt: null, ...times, error: named(step.failure), facts };
    return step.attempts === 1 ? [span, { ...span, attempt: 1, facts: {} }] : [span];
  });
  return [...whole, ...ofSteps];
}
