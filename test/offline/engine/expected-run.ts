import type { ScriptedAttempt } from '../../../lib/offline/simulate/scenario.ts';

/** The result that the semantics demand, calculated step by step without any machine. Times are milliseconds from the start. */
export interface ExpectedStep {
  readonly outcome: 'succeeded' | 'failed' | 'blocked';
  readonly attempts: number;
  readonly started: number | null;
  readonly ended: number;
}

export interface Script {
  readonly durationMs: number;
  readonly attempts: readonly ScriptedAttempt[];
}

/** A step's retries: attempts in all per kind of error, and the delays after its own errors. */
export interface Budgets {
  readonly step: number;
  readonly timeOut: number;
  readonly platform: number;
  readonly backoff: 'none' | 'linear' | 'exponential' | 'fibonacci';
  readonly initialSeconds: number;
  readonly maxSeconds: number;
  readonly jitter: 'full' | 'none';
}

/** The budgets of a step whose template says nothing about retries. */
const usualBudgets: Budgets = {
  step: 3,
  timeOut: 3,
  platform: 6,
  backoff: 'exponential',
  initialSeconds: 1,
  maxSeconds: 30,
  jitter: 'full',
};

export interface Retries {
  readonly budgets: readonly Budgets[];
  /** Share of the full jitter that every delay takes. */
  readonly jitter: number;
}

/** The number of times that each of these happened in all calculations, so that tests can show that they covered it. */
export const happened = {
  restedAsAsked: 0,
  exhaustedTogether: 0,
  exhaustedByCrash: 0,
  exhaustedByTimeOut: 0,
  grewByRecord: 0,
  grewOn: 0,
};

const functionLimitMs = 900_000;

/** A first attempt that dies before it has left its start is counted by the machine's retrier alone. */
const quietMs = 1_000;

export function expectedRun(
  dependencies: readonly (readonly number[])[],
  scripts: readonly Script[],
  retries: Retries = { budgets: [], jitter: 1 },
): ExpectedStep[] {
  const steps: ExpectedStep[] = [];
  dependencies.forEach((before, index) => {
    const upstream = before.map((dependency) => steps[dependency] as ExpectedStep);
    const ready = Math.max(0, ...upstream.map(({ ended }) => ended));
    const script = scripts[index] as Script;
    steps.push(
      upstream.some(({ outcome }) => outcome !== 'succeeded')
        ? { outcome: 'blocked', attempts: 0, started: null, ended: ready }
        : play(script, delaysOf(retries.budgets[index] ?? usualBudgets, retries.jitter, dependencies.length), ready),
    );
  });
  return steps;
}

function play({ durationMs, attempts }: Script, retry: ReturnType<typeof delaysOf>, started: number): ExpectedStep {
  const { budgets } = retry;
  /** Errors of the step, and those of them that asked for the delay after them. */
  const errors = { all: 0, rested: 0 };
  let timeOuts = 0;
  /** The counts of the machine's retriers in this stay: they begin again when the machine comes back after a delay. */
  let stay = { throttled: 0, timeOuts: 0, errors: 0 };
  let cameBack = false;
  let now = started;
  /** The attempt whose crash or time-out used up a budget that the machine could not see: the next one to start notices, and does not run. */
  let last: number | null = null;
  const comeBack = (seconds: number): void => {
    now += 1000 * seconds;
    stay = { throttled: 0, timeOuts: 0, errors: 0 };
    cameBack = true;
  };
  for (let attempt = 1; ; attempt++) {
    const failed = (after = attempt): ExpectedStep => ({ outcome: 'failed', attempts: after, started, ended: now });
    const does = attempts[attempt - 1] ?? 'succeed';
    if (does === 'throttle') {
      if (++stay.throttled > retry.throttles) return failed();
      now += retry.afterThrottle(stay.throttled);
      continue;
    }
    if (last !== null) return failed(last);
    if (does === 'timeout' || durationMs >= functionLimitMs) {
      now += functionLimitMs;
      timeOuts += 1;
      if (++stay.timeOuts === budgets.timeOut) return failed();
      if (timeOuts === budgets.timeOut) last = attempt;
      if (timeOuts === budgets.timeOut) happened.exhaustedByTimeOut += 1;
      now += retry.afterTimeOut(stay.timeOuts);
      continue;
    }
    now += durationMs;
    if (does === 'succeed') return { outcome: 'succeeded', attempts: attempt, started, ended: now };
    if (does === 'permanent') return failed();
    const unseen = does === 'crash' && attempt === 1 && durationMs < quietMs && !retry.counted;
    errors.all += unseen ? 0 : 1;
    const usedUp = errors.all === budgets.step;
    if (does === 'crash') {
      if (++stay.errors === budgets.step) return failed();
      if (usedUp) last = attempt;
      if (usedUp) happened.exhaustedByCrash += 1;
      now += retry.afterError(retry.counted ? 1 : stay.errors);
      continue;
    }
    if (usedUp && cameBack) happened.exhaustedTogether += 1;
    if (usedUp) return failed();
    if (typeof does === 'object') {
      errors.rested += 1;
      happened.restedAsAsked += 1;
      comeBack(Math.min(86_400, Math.max(1, Math.ceil(does.fail.retry_after))));
    } else if (retry.counted) {
      happened.grewByRecord += 1;
      comeBack(retry.wholeSeconds(errors.all));
    } else if (cameBack && budgets.backoff === 'exponential') {
      happened.grewOn += 1;
      comeBack(retry.wholeSeconds(errors.all - errors.rested));
    } else {
      if (++stay.errors === budgets.step) return failed();
      now += retry.afterError(stay.errors);
    }
  }
}

/** The delays after the n-th error (from 1) of each kind, in milliseconds. */
function delaysOf(budgets: Budgets, jitter: number, steps: number) {
  const { backoff, initialSeconds, maxSeconds } = budgets;
  const factor = {
    none: () => 1,
    linear: (n: number) => n,
    exponential: (n: number) => 2 ** (n - 1),
    fibonacci: (n: number): number => [1, 1, 2, 3, 5, 8, 13, 21][n - 1] as number,
  };
  const growing = (n: number, kind: Budgets['backoff']) => Math.min(maxSeconds, initialSeconds * factor[kind](n));
  const share = (seconds: number, full: boolean) => Math.round(1000 * (full ? jitter * seconds : seconds));
  const full = budgets.jitter === 'full';
  const delays = Array.from({ length: budgets.step - 1 }, (_, index) => growing(index + 1, backoff));
  // Patience for an hour, in fewer and longer delays the more steps there are.
  const throttles = Math.min(60, Math.max(10, Math.floor(12_000 / (3 * steps))));
  const longestThrottle = Math.ceil(7_200 / throttles);
  return {
    budgets,
    throttles,
    /** True if the runtime calculates the delays: only if they grow in a way that the machine cannot count. */
    counted: (backoff === 'linear' || backoff === 'fibonacci') && new Set(delays).size > 1,
    afterError: (n: number) => share(growing(n, backoff), full),
    /** The same where the machine waits for it in a state: whole seconds. */
    wholeSeconds: (n: number) => Math.max(1, Math.round((full ? jitter : 1) * growing(n, backoff))),
    afterTimeOut: (n: number) => share(growing(n, backoff === 'exponential' ? 'exponential' : 'none'), full),
    afterThrottle: (n: number) => share(Math.min(longestThrottle, 2 ** (n - 1)), true),
  };
}

/** Direct and indirect dependents. */
export function descendantsOf(dependencies: readonly (readonly number[])[], step: number): Set<number> {
  const found = new Set<number>();
  dependencies.forEach((before, index) => {
    if (before.some((dependency) => dependency === step || found.has(dependency))) found.add(index);
  });
  return found;
}
