/** Errors that cross the edge of a function. Each sets its `name` from error-names.ts, and Step Functions matches that name. */
import { errorNames } from './error-names.ts';

/**
 * An error whose message tells a person what to do. `code` names it for programs (`--json`), and a command that it ends has its exit code. An error of another class that ends a
 * command is a bug.
 */
export abstract class DaybreakError extends Error {
  abstract readonly code: string;
  abstract readonly exitCode: 1 | 2;
  /** Every mistake that the message lists, for errors that can have several. */
  readonly violations?: readonly string[];
}

/** Violations beyond this many are counted, not spelled out: an error's text has to fit a log line and a dead letter. */
const spelledOut = 20;

/** All that a person has to correct before a run can start; Step Functions keeps 32,768 characters of a cause. */
const spelledOutOfInput = 200;

const withViolations = (message: string, violations: readonly string[], most = spelledOut): string => {
  const lines = violations.slice(0, most).map((violation) => `\n- ${violation}`);
  const rest = violations.length - lines.length;
  return `${message}${lines.join('')}${rest > 0 ? `\n- and ${rest} more` : ''}`;
};

/** Another attempt cannot help: the step fails at once. */
export class PermanentError extends Error {
  override readonly name: string = errorNames.permanent;
}

/** Another attempt may help, within the step's own budget. */
export class RetryableError extends Error {
  override readonly name: string = errorNames.retryable;
  /** Seconds of rest that the other side asked for; null if it asked for none. */
  readonly retryAfter: number | null;
  constructor(message: string, options: ErrorOptions & { readonly retryAfter?: number } = {}) {
    super(message, options);
    this.retryAfter = options.retryAfter ?? null;
  }
}

/** Data or a result does not have the promised form: permanent. `message` ends with the violations. */
export class ValidationError extends Error {
  override readonly name: string = errorNames.validation;
  readonly violations: readonly string[];
  constructor(message: string, violations: readonly string[] = [], options?: ErrorOptions) {
    super(withViolations(message, violations), options);
    this.violations = violations;
  }
}

/** The store or another platform service did not answer, after its retries; counts against the platform's budget. */
export class PlatformError extends DaybreakError {
  override readonly name: string = errorNames.platform;
  readonly code: string = 'STORE_UNAVAILABLE';
  readonly exitCode = 2;
}

/** A record of the store cannot be read: it is empty, torn, or not of its kind. Another try reads the same, so nothing tries again. */
export class DamagedRecordError extends DaybreakError {
  override readonly name: string = errorNames.permanent;
  readonly code = 'DAMAGED_RECORD';
  readonly exitCode = 2;
  constructor(store: string, key: string, what: string, options?: ErrorOptions) {
    const pipeline = key.split('/', 1)[0] ?? '';
    super(
      `the record ${store}/${key} is damaged: ${what}; \`npx daybreak doctor ${pipeline} --repair\` rebuilds it, or sets it aside`,
      options,
    );
  }
}

/** An attempt, all its invocations together, has used up the step's time-out. */
export class StepTimedOutError extends Error {
  override readonly name: string = errorNames.stepTimedOut;
}

/** The step does not run because a dependency failed or is blocked. */
export class BlockedError extends Error {
  override readonly name: string = errorNames.blocked;
}

/** A late attempt found that the step's failure is already settled in this execution. */
export class AlreadySettledError extends Error {
  override readonly name: string = errorNames.settled;
}

/** The execution's input does not fit the input schema. `message` ends with every violation. */
export class InvalidInputError extends DaybreakError {
  override readonly name: string = errorNames.invalidInput;
  readonly code = 'INVALID_INPUT';
  readonly exitCode = 1;
  override readonly violations: readonly string[];
  constructor(message: string, violations: readonly string[], options?: ErrorOptions) {
    super(withViolations(message, violations, spelledOutOfInput), options);
    this.violations = violations;
  }
}

/** Ends an execution after another run has taken its place. */
export class LeaseLostError extends Error {
  override readonly name: string = errorNames.leaseLost;
}

/** Ends an execution in which a step that is not optional failed or is blocked. */
export class PipelineFailedError extends Error {
  override readonly name: string = errorNames.pipelineFailed;
}
