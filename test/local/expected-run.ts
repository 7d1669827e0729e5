import type { AttemptKind } from '../../lib/local/scenario.ts';

/** What the semantics say must happen, calculated step by step without any machine. Times are milliseconds from the start. */
export interface ExpectedStep {
  readonly outcome: 'succeeded' | 'failed' | 'blocked';
  readonly attempts: number;
  readonly started: number | null;
  readonly ended: number;
}

export interface Script {
  readonly durationMs: number;
  readonly attempts: readonly AttemptKind[];
}

/** Budgets of every step in these tests: 3 attempts, 1 s doubling to at most 30 s; faults of the platform: 6 attempts, 2 s doubling to at most 30 s. */
const own = { retries: 2, delays: [1000, 2000] };
const platform = { retries: 5, delays: [2000, 4000, 8000, 16_000, 30_000] };
const functionLimitMs = 900_000;

export function expectedRun(dependencies: readonly (readonly number[])[], scripts: readonly Script[]): ExpectedStep[] {
  const steps: ExpectedStep[] = [];
  dependencies.forEach((before, index) => {
    const upstream = before.map((dependency) => steps[dependency] as ExpectedStep);
    const ready = Math.max(0, ...upstream.map(({ ended }) => ended));
    const script = scripts[index] as Script;
    steps.push(
      upstream.some(({ outcome }) => outcome !== 'succeeded')
        ? { outcome: 'blocked', attempts: 0, started: null, ended: ready }
        : play(script, ready),
    );
  });
  return steps;
}

function play({ durationMs, attempts }: Script, started: number): ExpectedStep {
  const spent = { step: 0, timeOut: 0, platform: 0 };
  let now = started;
  for (let attempt = 0; ; attempt++) {
    const kind = attempts[attempt] ?? 'succeed';
    const slow = durationMs >= functionLimitMs && kind !== 'throttle';
    now += slow || kind === 'timeout' ? functionLimitMs : kind === 'throttle' ? 0 : durationMs;
    const seen = slow ? 'timeout' : kind;
    if (seen === 'succeed') return { outcome: 'succeeded', attempts: attempt + 1, started, ended: now };
    const budget = seen === 'throttle' ? 'platform' : seen === 'timeout' ? 'timeOut' : 'step';
    const { retries, delays } = budget === 'platform' ? platform : own;
    if (seen === 'permanent' || spent[budget] === retries)
      return { outcome: 'failed', attempts: attempt + 1, started, ended: now };
    now += delays[spent[budget]] as number;
    spent[budget] += 1;
  }
}

/** Direct and indirect dependents. */
export function descendantsOf(dependencies: readonly (readonly number[])[], step: number): Set<number> {
  const found = new Set<number>();
  dependencies.forEach((before, index) => {
    if (before.some((dependency) => dependency === step || found.has(dependency))) found.add(index);
  });
  return found;
}
