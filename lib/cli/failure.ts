import { DaybreakError, PermanentError } from '../contract/errors.ts';
import { machineReason } from '../ports/errno.ts';

/** The reason why a command failed, for people and programs. */
export interface CliFailure {
  readonly code: string;
  readonly message: string;
  readonly violations?: readonly string[];
  readonly exitCode: 1 | 2;
}

/** Translates an error for the person at the command line. An error that is neither a DaybreakError nor a fault of the machine is a bug. */
export function describeFailure(error: unknown): CliFailure {
  if (error instanceof DaybreakError) {
    const { code, message, exitCode, violations } = error;
    return { code, message, exitCode, ...(violations && { violations }) };
  }
  // The store throws it if a retry cannot help.
  if (error instanceof PermanentError) return { code: 'STORE', message: error.message, exitCode: 2 };
  const reason = machineReason(error);
  if (reason !== null)
    return { code: 'FILE', message: machineMessage(error as NodeJS.ErrnoException, reason), exitCode: 2 };
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    code: 'BUG',
    message: `${text}\nThis is a bug in Daybreak, not a mistake of yours. Please report it with the output of the same command under --debug.`,
    exitCode: 2,
  };
}

const writing = /^(write|mkdir|rename|link|unlink|rmdir|ftruncate|fsync|copyfile)/;

function machineMessage({ syscall = '', path }: NodeJS.ErrnoException, reason: string): string {
  const verb = syscall.startsWith('spawn') ? 'start' : writing.test(syscall) ? 'write' : 'open';
  return `cannot ${verb} ${path === undefined ? 'a file or an output' : `"${path}"`}: ${reason}`;
}
