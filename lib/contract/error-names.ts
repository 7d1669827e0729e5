/**
 * Names of errors as Step Functions sees them. A class sets its `name` from here and the compiler puts the same constant
 * into Retry and Catch, so the two cannot drift apart.
 */
export const errorNames = {
  /** The handler says that trying again cannot help. */
  permanent: 'PermanentError',
  /** The handler says that trying again may help. */
  retryable: 'RetryableError',
  /** Data or input does not have the promised form; permanent. */
  validation: 'ValidationError',
  /** A dependency failed or was blocked, so the step does not run. Never retried, no dead letter. */
  blocked: 'Blocked',
  /** The step's failure was already settled in this execution; a late attempt obeys it. Never retried. */
  settled: 'AlreadySettled',
  /** The step's own budget is used up, by errors that several retriers counted. Its cause tells the last one. Never retried. */
  exhausted: 'AttemptsExhausted',
  /** The store or another platform service did not answer; counts against the platform's budget, not the step's. */
  platform: 'PlatformError',
  /** An attempt of a long step used up the step's time-out, which may hold many invocations; a time-out like Lambda's own. */
  stepTimedOut: 'StepTimedOut',
  /** The execution's input does not fit the input schema; nothing was started. */
  invalidInput: 'InvalidInput',
  /** At least one step that is not optional failed or is blocked. */
  pipelineFailed: 'PipelineFailed',
  /** The execution does not hold the pipeline's lease any more: another run went on in its place. */
  leaseLost: 'LeaseLost',
  /** Finalize found that a step had ended without a settled outcome: its failure could not be recorded. */
  outcomeMissing: 'OutcomeMissing',
} as const;

/** Errors after which the same attempt would only fail again: the step's Retry gives them no attempt. */
export const neverRetried = [
  errorNames.permanent,
  errorNames.validation,
  errorNames.blocked,
  errorNames.settled,
  errorNames.exhausted,
] as const;

/** Seconds that a step can be left alone before its next attempt, when an error's `retryAfter` asks for it: each has a retrier of its own. A wish is rounded up. */
export const retryAfterRungs = [2, 5, 10, 30, 60, 120, 300, 900] as const;

/** The error after which the next attempt waits for this many seconds, one of `retryAfterRungs`. */
export function retryAfterName(rung: number): string {
  return `RetryAfter.${rung}`;
}

/** The k-th error (from 1) of a step whose delays grow as Step Functions cannot count. */
export function backoffName(k: number): string {
  return `Backoff.${k}`;
}

/** Whether the error's name only steers the retriers; its cause then is the real error, as `Name: message`. */
export function carriesAnother(name: string): boolean {
  return /^(AttemptsExhausted$|(RetryAfter|Backoff)\.)/.test(name);
}

/**
 * Faults of Lambda itself, as AWS recommends retrying them for `lambda:invoke`
 * (https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html), and our own name for the store's faults.
 */
export const platformFaults = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.TooManyRequestsException',
  errorNames.platform,
] as const;

/** The one platform fault after which the handler certainly did not start. */
export const throttled = 'Lambda.TooManyRequestsException';

/** A function that ran into its own time-out, a state that ran into its TimeoutSeconds, and an attempt that ran into the step's. */
export const timeOuts = ['Sandbox.Timedout', 'States.Timeout', errorNames.stepTimedOut] as const;
