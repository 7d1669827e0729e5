import { errorNames } from '../contract/error-names.ts';
import { InvalidInputError, PlatformError } from '../contract/errors.ts';
import { NotRedrivableError } from '../offline/engine/not-redrivable-error.ts';
import { SubjectError } from '../offline/faults/subjects/subject-error.ts';
import { ScenarioError } from '../offline/simulate/scenario.ts';
import { RunRefusedError } from '../operate/runs/run-refused-error.ts';
import { StackError } from '../operate/runs/stack-error.ts';
import { SetupError } from './typed/setup-error.ts';
import { InvalidPipelineError, UsageError } from './typed/usage-error.ts';

/** Why a command could not do its work, for people and programs. */
export interface CliFailure {
  readonly code: string;
  readonly message: string;
  readonly violations?: readonly string[];
  readonly exitCode: 1 | 2;
}

type ErrorClass = new (...args: never[]) => Error;

/** Errors that say what to do by themselves; every other one is a bug. */
const known: readonly (readonly [type: ErrorClass, code: string, exitCode: 1 | 2])[] = [
  [UsageError, 'USAGE', 2],
  [ScenarioError, 'INVALID_SCENARIO', 2],
  [SubjectError, 'CANNOT_TEST', 1],
  [StackError, 'STACK', 2],
  [PlatformError, 'STORE_UNAVAILABLE', 2],
  [InvalidPipelineError, 'INVALID_PIPELINE', 1],
  [InvalidInputError, 'INVALID_INPUT', 1],
  [NotRedrivableError, 'NOT_REDRIVABLE', 1],
  [RunRefusedError, 'RUN_REFUSED', 1],
  [SetupError, 'LOCAL_SETUP_FAILED', 1],
];

/** What an error means to the person at the command line. */
export function describeFailure(error: unknown): CliFailure {
  const row = known.find(([type]) => error instanceof type) ?? byName(error);
  if (row && error instanceof Error) {
    const violations = violationsOf(error);
    return { code: row[1], message: error.message, exitCode: row[2], ...(violations && { violations }) };
  }
  if (isFileError(error)) return { code: 'FILE', message: fileMessage(error), exitCode: 2 };
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    code: 'BUG',
    message: `${text}\nThis is a bug in Daybreak, not a mistake of yours. Please report it with the output of the same command under --debug.`,
    exitCode: 2,
  };
}

/** The input is checked by Prepare too, whose error comes back from another process by its name alone. */
const byName = (error: unknown): (typeof known)[number] | undefined =>
  error instanceof Error && error.name === errorNames.invalidInput
    ? [InvalidInputError, 'INVALID_INPUT', 1]
    : undefined;

const violationsOf = (error: Error): readonly string[] | null =>
  error instanceof InvalidInputError || error instanceof ScenarioError ? error.violations : null;

interface FileError extends NodeJS.ErrnoException {
  readonly path: string;
}

const fileMessages: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be opened: permission denied',
  EPERM: 'may not be changed: operation not permitted',
  EISDIR: 'is a folder',
  ENOTDIR: 'lies below something that is not a folder',
  EEXIST: 'is there already, and is not a folder',
  ENOSPC: 'cannot be written: the disk is full',
  EROFS: 'cannot be written: the file system is read-only',
  ENAMETOOLONG: 'has a name that is too long',
  ELOOP: 'is a circle of links',
};

const isFileError = (error: unknown): error is FileError =>
  error instanceof Error && 'path' in error && 'code' in error && Object.hasOwn(fileMessages, String(error.code));

const fileMessage = ({ path, code }: FileError): string => `"${path}" ${fileMessages[code ?? '']}`;
