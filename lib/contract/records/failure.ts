/** An error as Step Functions reports it: a name that retriers match, and a text. */
export interface Failure {
  readonly error: string;
  readonly cause: string;
  /** Place in the author's code where it was thrown: `lambdas/steps/orders/extract.ts:12:9`. Absent where it is not known. */
  readonly thrown_at?: string;
  /** Place of the step's code, from its plan: `lambdas/steps/orders/extract.ts:3:14`. It tells where to look when no error has a place: after a time-out, a crash, or `throw 'text'`. */
  readonly handler?: string;
  /** The errors behind it, the nearest first: `Error: connect ECONNREFUSED 127.0.0.1:5432`. Absent when there are none. */
  readonly caused_by?: readonly string[];
}

/** The place of an invocation's log lines in CloudWatch. */
export interface LogPointer {
  readonly group: string;
  readonly stream: string;
}
