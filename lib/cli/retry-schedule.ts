import type { RetryBudget } from '../plan/plan.ts';

/** Seconds before each retry, in order, at most: the jitter makes them shorter. */
export function retryDelays({ attempts, intervalSeconds, backoffRate, maxDelaySeconds }: RetryBudget): number[] {
  return Array.from({ length: Math.max(0, attempts - 1) }, (_, retry) =>
    Math.min(maxDelaySeconds, intervalSeconds * backoffRate ** retry),
  );
}

/** `3: ≤1s ≤2s`: the attempts, then the delays before the second, the third, ...; a delay that repeats is written once. */
export function renderSchedule(budget: RetryBudget): string {
  const delays = retryDelays(budget);
  if (delays.length === 0) return '1';
  const groups: { seconds: number; times: number }[] = [];
  for (const seconds of delays) {
    const last = groups.at(-1);
    if (last?.seconds === seconds) last.times += 1;
    else groups.push({ seconds, times: 1 });
  }
  const limit = budget.jitter === 'FULL' ? '≤' : '';
  const written = groups.map(({ seconds, times }) => `${limit}${seconds}s${times > 1 ? `×${times}` : ''}`);
  return `${budget.attempts}: ${written.join(' ')}`;
}
