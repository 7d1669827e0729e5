import { TaskFailure } from '../asl/api.ts';

/** Gives a function's error the form in which Step Functions sees it: the name is matched, the cause is Lambda's JSON. */
export async function asLambdaReports<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof TaskFailure || !(error instanceof Error)) throw error;
    const { name: errorType, message: errorMessage } = error;
    throw new TaskFailure(errorType, JSON.stringify({ errorType, errorMessage, trace: [] }));
  }
}
