import * as z from 'zod';
import { DaybreakError } from '../../contract/errors.ts';
import type { Json } from '../../contract/json.ts';
import { didYouMean } from '../../diagnostics/did-you-mean.ts';

/** The kinds of attempt: ends well; fails and may be retried; fails for good; runs into the function's time-out; the process dies; Lambda refuses to start it. */
const attemptKinds = ['succeed', 'fail', 'permanent', 'timeout', 'crash', 'throttle'] as const;

/** A failure may also ask to be left alone for some seconds. */
const attempt = z.union([
  z.enum(attemptKinds),
  z.strictObject({ fail: z.strictObject({ retry_after: z.number().nonnegative() }) }),
]);
export type ScriptedAttempt = z.infer<typeof attempt>;

const duration = z.number().nonnegative();
const stepScenario = z.strictObject({
  /** Duration of each attempt; the last one of a list repeats. */
  duration_ms: z.union([duration, z.array(duration).min(1)]).optional(),
  /** One by one; attempts beyond the list succeed. */
  attempts: z.array(attempt).optional(),
});

const scenario = z.strictObject({
  start: z.iso.datetime({ offset: true }).default('2026-01-01T00:00:00.000Z'),
  /** Share of the full jitter that every delay takes: 1 is the longest delay. */
  jitter: z.number().min(0).max(1).default(1),
  input: z.record(z.string(), z.json()).default({}),
  default: stepScenario.default({}),
  steps: z.record(z.string(), stepScenario).default({}),
});
export type Scenario = z.infer<typeof scenario>;

/** A scenario does not fit the pipeline or the format; `violations` has every reason. */
class ScenarioError extends DaybreakError {
  override readonly name = 'ScenarioError';
  readonly code = 'INVALID_SCENARIO';
  readonly exitCode = 2;
  override readonly violations: readonly string[];
  constructor(violations: readonly string[]) {
    super(`the scenario does not fit:\n${violations.map((line) => `- ${line}`).join('\n')}`);
    this.violations = violations;
  }
}

/** Parses a scenario for a pipeline with these steps; throws a ScenarioError with all that is wrong. The format: docs/simulate.md. */
export function parseScenario(value: Json, steps: readonly string[]): Scenario {
  const parsed = scenario.safeParse(value);
  const violations = parsed.success ? [] : parsed.error.issues.map(describe);
  const named = (value as { steps?: unknown } | null)?.steps;
  if (typeof named === 'object' && named !== null)
    for (const step of Object.keys(named))
      if (!steps.includes(step))
        violations.push(`/steps/${step}: the pipeline has no such step${didYouMean(step, steps)}`);
  if (!parsed.success || violations.length > 0) throw new ScenarioError(violations);
  return parsed.data;
}

/** Of a union, what was wrong with the nearest form: a word is meant as a kind. */
const describe = (issue: z.core.$ZodIssue): string => {
  const { path, message } = issue;
  const nearest = issue.code === 'invalid_union' ? nearestOf(issue) : undefined;
  const inside = nearest ? nearest.path.map((key) => `/${String(key)}`).join('') : '';
  return `/${path.join('/')}${inside}: ${nearest?.message ?? message}`;
};

const nearestOf = ({ errors, input }: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue | undefined => {
  const issues = errors.flat();
  return issues.find((one) => one.path.length > 0) ?? issues[typeof input === 'object' ? 1 : 0];
};

/** The kind and the duration of one attempt (from 0) of a step. */
export function attemptOf({ steps, default: usual }: Scenario, step: string, attempt: number) {
  const own = Object.hasOwn(steps, step) ? steps[step] : undefined;
  const durations = [own?.duration_ms ?? usual.duration_ms ?? 1000].flat();
  const kinds = own?.attempts ?? usual.attempts ?? [];
  return {
    does: kinds[attempt] ?? ('succeed' as const),
    durationMs: durations[Math.min(attempt, durations.length - 1)] ?? 0,
  };
}
