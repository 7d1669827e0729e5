import type { Json } from '../../contract/json.ts';
import { TaskFailure } from '../asl/api.ts';

/** Gives a function's answer and error the form in which Step Functions sees them: the answer is JSON, the error's name is matched, and its cause is Lambda's JSON. */
export async function asLambdaAnswers(work: Promise<unknown>): Promise<Json> {
  try {
    return JSON.parse(JSON.stringify((await work) ?? null)) as Json;
  } catch (error) {
    if (error instanceof TaskFailure || !(error instanceof Error)) throw error;
    const { name: errorType, message: errorMessage } = error;
    throw new TaskFailure(errorType, JSON.stringify({ errorType, errorMessage, trace: [] }));
  }
}
