import type { Json, JsonObject } from '../../contract/json.ts';
import { type TaskCall, TaskFailure, type TaskRunner } from '../asl/api.ts';

/** Runs a function by its name; rejects with a TaskFailure. */
export type InvokeFunction = (name: string, event: Json, call: TaskCall) => Promise<Json>;

/** Runs the two kinds of Task that a compiled machine has, and answers as AWS does. */
export function localTasks(invokeFunction: InvokeFunction): TaskRunner {
  const services: Readonly<Record<string, (call: TaskCall, given: JsonObject) => Promise<Json>>> = {
    'states:::lambda:invoke': async (call, given) => ({
      ExecutedVersion: '1',
      Payload: await invokeFunction(String(given.FunctionName), given.Payload ?? null, call),
      StatusCode: 200,
    }),
    'states:::lambda:invoke.waitForTaskToken': (call, given) =>
      invokeFunction(String(given.FunctionName), given.Payload ?? null, call),
  };
  return async (call) => {
    const run = services[call.resource];
    if (!run) throw new TaskFailure('States.Runtime', `the offline engine has no service "${call.resource}"`);
    return run(call, call.arguments as JsonObject);
  };
}
