/** The one home of every default, each with its reason. */
export const defaults = {
  namespace: 'default',
  /** Three tries outlast most passing faults, and a step that fails three times wants a person. */
  maxAttempts: 3,
  backoff: 'exponential',
  /** Short, since most faults of a network or a database pass within seconds. */
  initialDelayMs: 1_000,
  /** Longer waits rarely help more, and they eat the time before the deadline. */
  maxDelayMs: 30_000,
  /** Steps that failed together should not come back together. */
  jitter: 'full',
  /** Lambda's own limit: a shorter time-out is a decision that the author should take. */
  timeoutMs: 15 * 60_000,
  /** Lambda gives CPU by memory: at 1,024 MB a step has about 0.6 of a core. */
  memoryMb: 1024,
  severity: 'medium',
  /** Readers were promised the data: the team should know at once. */
  deadlineSeverity: 'high',
  /** Before the miss the team can still do something; a page is for those who ask for it. */
  atRisk: 'team',
  triggerRule: 'all_success',
  /**
   * A function, a role and a log group for each step would fill a stack at 113 steps and an account's roles at 50 pipelines. Steps that share a function
   * have the same secrets and permissions, so that sharing gives none of them more, but for the names under which they write.
   */
  functions: 'shared',
  /** A week of nights: people notice wrong data on the next day of work, and want to compare with the same weekday. */
  keepVersions: 7,
  /** Of each partition: a partition gets a new version only when it is corrected, so the one before is the one to go back to. */
  keepPartitionVersions: 1,
  timezone: 'UTC',
  /** Two runs at once read and write the same outside systems, so a pipeline must ask for that. A skipped start says why, and the schedule starts the next one. */
  overlap: 'skip',
  /** A nightly run that is still going when the next night begins is stuck. */
  maxDurationMinutes: 24 * 60,
} as const;

/**
 * Four times the memory, within Lambda's limits: a query's spilled data and its input are a small multiple of its memory. Lambda gives at least 512 MB.
 */
export function defaultEphemeralStorageMb(memoryMb: number): number {
  return Math.min(10_240, Math.max(512, 4 * memoryMb));
}

/** Lambda ends every invocation after 15 minutes. */
export const longestFunctionSeconds = 15 * 60;

/** Faults of Lambda or the store: patient, since the step itself did nothing wrong. Six attempts cover about a minute of throttling. */
export const platformBudget = {
  attempts: 6,
  intervalSeconds: 2,
  backoff: 'exponential',
  maxDelaySeconds: 32,
  jitter: 'FULL',
} as const;
