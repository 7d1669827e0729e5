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
  /** The store or another platform service did not answer; counts against the platform's budget, not the step's. */
  platform: 'PlatformError',
  /** The execution's input does not fit the input schema; nothing was started. */
  invalidInput: 'InvalidInput',
  /** At least one step that is not optional failed or is blocked. */
  pipelineFailed: 'PipelineFailed',
  /** Finalize found that a step had ended without a settled outcome: its failure could not be recorded. */
  outcomeMissing: 'OutcomeMissing',
} as const;

/** Errors after which the same attempt would only fail again: the step's Retry gives them no attempt. */
export const neverRetried = [
  errorNames.permanent,
  errorNames.validation,
  errorNames.blocked,
  errorNames.settled,
] as const;

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

/** A function that ran into its own time-out, and a state that ran into its TimeoutSeconds. */
export const timeOuts = ['Sandbox.Timedout', 'States.Timeout'] as const;
