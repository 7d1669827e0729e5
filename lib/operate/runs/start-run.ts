import type { JsonObject } from '../../contract/json.ts';
import { isRunId, runIdFromName } from '../../contract/object-keys.ts';
import type { Environment } from '../../ports/aws/aws-client-settings.ts';
import type { StateMachine } from '../../ports/ports.ts';
import { executionName } from './execution-name.ts';
import { openStack } from './open-stack.ts';
import { RunRefusedError } from './run-refused-error.ts';

/** What a start may say. `Input` is what the pipeline's `input_schema` describes. */
export interface Start<Input extends object = JsonObject> {
  readonly input?: Input;
  /** Name of the execution, and so the id of a new run; one is made up when there is none. */
  readonly name?: string;
  /** A run to go on with instead of a new one: steps that succeeded are reused, and without an `input` it keeps its own. */
  readonly runId?: string;
  /** Steps of that run that shall not be reused. */
  readonly from?: readonly string[];
  /** Number of that run's latest execution as it was seen: if there is a later one by then, the start is refused. */
  readonly after?: number;
}

/** An execution that was started. */
export interface StartedRun {
  readonly run_id: string;
  readonly execution_arn: string;
  /** ISO 8601 in UTC. */
  readonly started_at: string;
}

/** Starts a run of the pipeline that a CloudFormation stack deployed, or goes on with one, and does not wait for its end. */
export async function startRun<Input extends object = JsonObject>(
  options: Start<Input> & {
    readonly stack: string;
    /** Names region and endpoints; the process's own unless given. */
    readonly env?: Environment;
  },
): Promise<StartedRun> {
  const { machine } = await openStack(options.stack, options.env);
  return startOn(machine, options);
}

/** Step Functions takes no longer names. */
const longestName = 80;

/** Starts an execution of a deployed machine; a name that is used already is a RunRefusedError. */
export async function startOn(machine: StateMachine, start: Start<object>, now = Date.now()): Promise<StartedRun> {
  const name = start.name ?? executionName(now);
  if (!isRunId(name) || name.length > longestName)
    throw new RunRefusedError(
      `"${name}" cannot name a run: letters, digits, "_", ".", "-", at most ${longestName}, the first a letter or digit`,
    );
  const started = await machine.start(name, JSON.stringify(inputOf(start)));
  if (!started)
    throw new RunRefusedError(`an execution named ${name} was started before; names are free again after 90 days`);
  const { arn, started_at } = started;
  return { run_id: start.runId ?? runIdFromName(name), execution_arn: arn, started_at };
}

function inputOf({ input = {}, runId, from = [], after }: Start<object>): object {
  if (runId === undefined) return input;
  const about = { ...(from.length > 0 && { from: [...from] }), ...(after !== undefined && { after }) };
  return { ...input, daybreak: { run_id: runId, ...about } };
}
