/** Whatever a handler throws, as an error whose name the step's retriers understand. */
import { inspect } from 'node:util';
import { errorNames, timeOuts } from '../../contract/error-names.ts';
import {
  PermanentError,
  PlatformError,
  RetryableError,
  StepTimedOutError,
  ValidationError,
} from '../../contract/errors.ts';

/** Longest message in characters: Step Functions keeps 32 KiB of a cause, stack included. */
const longestMessage = 8 * 1024;

const classes = [
  [PermanentError, errorNames.permanent],
  [ValidationError, errorNames.validation],
  [RetryableError, errorNames.retryable],
  [PlatformError, errorNames.platform],
  [StepTimedOutError, errorNames.stepTimedOut],
] as const;

/** Names that handlers may use as they are, class or not: they mean what the class means. */
const public_: readonly string[] = [errorNames.permanent, errorNames.validation, errorNames.retryable];

/** Names that the machine gives a meaning of its own. A handler's error that has one by chance spends the step's own budget like any other. */
const reserved = new Set<string>(Object.values(errorNames).filter((name) => !public_.includes(name)));
const platformLike = /^(States|Lambda|Sandbox|Runtime|Extension|Function|Batch|DynamoDB|RetryAfter|Backoff)\./;
const plain = /^[A-Za-z_$][\w.$-]{0,79}$/;

/** What the machine calls an error that has no name of its own that it could use. */
const anonymous = 'Error';

/** An error as the step throws it; `retryAfter` is how many seconds it asks to be left alone, null when it does not ask. */
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
  const retryAfter = name === errorNames.retryable ? read(thrown, 'retryAfter') : null;
  if (typeof retryAfter === 'number' && retryAfter >= 0) error.retryAfter = retryAfter;
  error.stack = redact(`${error.name}: ${error.message}\n${framesOf(thrown)}`);
  return error;
}

const harmless = (name: string): string =>
  plain.test(name) && !reserved.has(name) && !platformLike.test(name) ? name : anonymous;

function nameOf(thrown: unknown): string {
  const name = read(thrown, 'name');
  return isA(thrown, Error) && typeof name === 'string' ? name : '';
}

function messageOf(thrown: unknown): string {
  const message = read(thrown, 'message');
  if (typeof message === 'string' && message !== '') return message;
  try {
    return typeof thrown === 'string' ? thrown : inspect(thrown, { depth: 3, breakLength: 120, getters: false });
  } catch {
    return 'a value that cannot be shown';
  }
}

function framesOf(thrown: unknown): string {
  const stack = read(thrown, 'stack');
  if (typeof stack !== 'string') return '';
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 20)
    .join('\n');
}

/** `instanceof` that a proxy's trap cannot break. */
function isA(value: unknown, type: abstract new (...args: never[]) => Error): boolean {
  try {
    return value instanceof type;
  } catch {
    return false;
  }
}

/** Reads a property of anything; a getter or proxy that throws has none. */
function read(value: unknown, key: string): unknown {
  try {
    return (value as Record<string, unknown> | null | undefined)?.[key];
  } catch {
    return undefined;
  }
}

const cut = (text: string): string => (text.length > longestMessage ? `${text.slice(0, longestMessage)}… (cut)` : text);
