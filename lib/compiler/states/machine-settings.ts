import type { PipelinePlan, RetryBudget } from '../plan/plan.ts';

/** The settings that all states of a machine share: their patience. */
export interface MachineSettings {
  /** For throttled invocations. */
  readonly patience: RetryBudget;
  /** After this a wait looks again by itself. */
  readonly backstopSeconds: number;
}

export function machineSettings(plan: PipelinePlan): MachineSettings {
  return { patience: throttlePatience(plan), backstopSeconds: waitBackstop(plan) };
}

/** Events that may be spent on waiting for something to happen, of the 25,000 that an execution's history can hold. */
const share = { throttling: 12_000, waits: 8_000 } as const;

/** A failed invocation adds three events, and the end of a wait's backstop six. */
const eventsPer = { retry: 3, backstop: 6 } as const;

const seconds = { hour: 3_600, shortestBackstop: 900 } as const;

/**
 * The time in which a throttled invocation is repeated: about an hour, since a new account runs only ten functions at once. Full jitter halves a delay on average. The more steps
 * there are, the fewer and longer the delays, so that the history has room for all of them.
 */
function throttlePatience({ steps }: Pick<PipelinePlan, 'steps'>): RetryBudget {
  const room = Math.floor(share.throttling / (eventsPer.retry * steps.length));
  const retries = Math.min(60, Math.max(10, room));
  return {
    attempts: retries + 1,
    intervalSeconds: 1,
    backoff: 'exponential',
    maxDelaySeconds: Math.ceil((2 * seconds.hour) / retries),
    jitter: 'FULL',
  };
}

/**
 * Seconds after which a wait looks again by itself, which only a lost signal ever needs. A quarter of an hour, or more if many long waits would otherwise fill
 * the history.
 */
function waitBackstop({ steps, maxDurationSeconds }: Pick<PipelinePlan, 'steps' | 'maxDurationSeconds'>): number {
  const waits = steps.filter(({ awaits }) => awaits.length > 0).length;
  return Math.max(seconds.shortestBackstop, Math.ceil((eventsPer.backstop * waits * maxDurationSeconds) / share.waits));
}
