/** Anything that a handler throws, as an error whose name the step's retriers understand. */
import { errorNames, timeOuts } from '../../contract/error-names.ts';
import {
  PermanentError,
  PlatformError,
  RetryableError,
  StepTimedOutError,
  ValidationError,
} from '../../contract/errors.ts';
import { causesOf, framesOf, messageOf, readProperty } from './error-trace.ts';

/** Longest message in characters: Step Functions keeps 32 KiB of a cause, stack included. */
const longestMessage = 8 * 1024;

const classes = [
  [PermanentError, errorNames.permanent],
  [ValidationError, errorNames.validation],
  [RetryableError, errorNames.retryable],
  [PlatformError, errorNames.platform],
  [StepTimedOutError, errorNames.stepTimedOut],
] as const;

/** Names that handlers may use, with or without the class: they mean the same as the class. */
const public_: readonly string[] = [errorNames.permanent, errorNames.validation, errorNames.retryable];

/** Names that have a meaning in the machine. A handler's error that has one by chance spends the step's budget like any other. */
const reserved = new Set<string>(Object.values(errorNames).filter((name) => !public_.includes(name)));
const platformLike = /^(States|Lambda|Sandbox|Runtime|Extension|Function|Batch|DynamoDB)\./;
const plain = /^[A-Za-z_$][\w.$-]{0,79}$/;

/** The machine's name for an error without a usable name. */
const anonymous = 'Error';

/** The error that the step throws; `retryAfter` is how many seconds it asks to be left alone, null when it does not ask. */
export class StepError extends Error {
  retryAfter: number | null = null;
}

/** The error to throw out of the step: its name decides which budget is spent, its message tells a person, and neither it nor its stack holds a secret. */
export function toStepError(
  thrown: unknown,
  { timedOut, redact }: { readonly timedOut: boolean; readonly redact: (text: string) => string },
): StepError {
  const own = nameOf(thrown);
  const kind = classes.find(([type]) => isA(thrown, type))?.[1];
  const permanent = kind === errorNames.permanent || kind === errorNames.validation;
  const late = kind === errorNames.stepTimedOut ? kind : timeOuts[0];
  const name = timedOut && !permanent ? late : (kind ?? harmless(own));
  const message = messageOf(thrown);
  const told = own === name || own === anonymous || own === '' ? message : `${own}: ${message}`;
  const error = new StepError(cut(redact(told)));
  error.name = redact(name) === name ? name : anonymous;
  const retryAfter = name === errorNames.retryable ? readProperty(thrown, 'retryAfter') : null;
  if (typeof retryAfter === 'number' && retryAfter >= 0) error.retryAfter = retryAfter;
  // Lambda hands the stack on, and records keep its first frame and the causes.
  error.stack = redact(
    [`${error.name}: ${error.message}`, ...framesOf(thrown), ...causesOf(thrown).map(cut)].join('\n'),
  );
  return error;
}

const harmless = (name: string): string =>
  plain.test(name) && !reserved.has(name) && !platformLike.test(name) ? name : anonymous;

function nameOf(thrown: unknown): string {
  const name = readProperty(thrown, 'name');
  return isA(thrown, Error) && typeof name === 'string' ? name : '';
}

/** `instanceof` that a proxy's trap cannot break. */
function isA(value: unknown, type: abstract new (...args: never[]) => Error): boolean {
  try {
    return value instanceof type;
  } catch {
    return false;
  }
}

const cut = (text: string): string => (text.length > longestMessage ? `${text.slice(0, longestMessage)}… (cut)` : text);
