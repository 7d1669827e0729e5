/** Failures of functions in the words of Lambda and Step Functions. */
import { TaskFailure } from '../asl/api.ts';
import type { FunctionError } from './function-messages.ts';

/** As Step Functions reports a function's error: the type is matched, the rest is the cause. */
export function failureOf(error: FunctionError): TaskFailure {
  return new TaskFailure(error.errorType, JSON.stringify(error));
}

export function timeOutFailure(id: string, seconds: number): TaskFailure {
  const errorMessage = `RequestId: ${id} Error: Task timed out after ${seconds.toFixed(2)} seconds`;
  return failureOf({ errorType: 'Sandbox.Timedout', errorMessage, trace: [] });
}

/** The names that Lambda's own supervisor, which is written in Go, uses. */
const signalTexts: Readonly<Record<string, string>> = {
  SIGKILL: 'killed',
  SIGABRT: 'aborted',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
};

/** The failure of a process that ended without a request. */
export interface UnexpectedExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** In words for people, where it is known. */
  readonly because: string | null;
}

export function exitFailure(id: string, { code, signal, because }: UnexpectedExit): TaskFailure {
  const how = signal ? `signal: ${signalTexts[signal] ?? signal}` : `exit status ${code}`;
  const errorMessage = `RequestId: ${id} Error: Runtime exited with error: ${how}${because ? `: ${because}` : ''}`;
  return failureOf({ errorType: 'Runtime.ExitError', errorMessage, trace: [] });
}
