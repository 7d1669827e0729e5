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
  settled: 'Settled',
  /** A budget is used up that the machine's retriers did not count to its end. Its cause has the last error. Never retried. */
  exhausted: 'Exhausted',
  /** The next attempt must come after a delay that no retrier can count. The machine catches it and waits (`try-again.ts`). */
  tryAgain: 'TryAgain',
  /** The store or another platform service did not answer; counts against the platform's budget, not the step's. */
  platform: 'PlatformError',
  /** An attempt of a long step used up the step's time-out, which may hold many invocations; a time-out like Lambda's own. */
  stepTimedOut: 'StepTimedOut',
  /** The execution's input does not fit the input schema; nothing was started. */
  invalidInput: 'InvalidInput',
  /** At least one step that is not optional failed or is blocked. */
  pipelineFailed: 'PipelineFailed',
  /** The execution lost the pipeline's lease: another run has continued in its place. */
  leaseLost: 'LeaseLost',
  /** Finalize found that a step had ended without a settled outcome: its failure could not be recorded. */
  outcomeMissing: 'OutcomeMissing',
} as const;

/** Errors that no retrier of a step repeats: the same attempt would only fail again, or the machine does something else with them. */
export const neverRetried = [
  errorNames.permanent,
  errorNames.validation,
  errorNames.blocked,
  errorNames.settled,
  errorNames.exhausted,
  errorNames.tryAgain,
] as const;

/** True if the error's name only steers the machine; its cause is then the real error, as `Name: message`. */
export function carriesAnother(name: string): boolean {
  return name === errorNames.exhausted || name === errorNames.tryAgain;
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
  errorNames.platform,
] as const;

/** The one platform fault after which the handler certainly did not start. Its own retrier waits patiently. */
export const throttled = 'Lambda.TooManyRequestsException';

/** A function that ran into its own time-out, a state that ran into its TimeoutSeconds, and an attempt that ran into the step's. */
export const timeOuts = ['Sandbox.Timedout', 'States.Timeout', errorNames.stepTimedOut] as const;
