import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../../contract/json.ts';
import { isRunId, runIdFromName } from '../../contract/object-keys.ts';
import type { Environment } from '../../ports/aws/aws-client-settings.ts';
import type { StateMachine } from '../../ports/ports.ts';
import { openStack } from '../stacks/open-stack.ts';
import { RunRefusedError } from './run-refused-error.ts';

/** Options of a start. `Input` is the type that the pipeline's `input_schema` describes. */
export interface Start<Input extends object = JsonObject> {
  readonly input?: Input;
  /** Name of the execution, which becomes the id of a new run; generated if absent. */
  readonly name?: string;
  /** A run to resume instead of a new one. Steps that succeeded are reused; without an `input` the run keeps its input. */
  readonly runId?: string;
  /** Steps of that run that must not be reused. */
  readonly from?: readonly string[];
  /** Expected number of that run's latest execution; the start is refused if a later one exists. */
  readonly after?: number;
}

/** An execution that was started. */
export interface StartedRun {
  readonly run_id: string;
  readonly execution_arn: string;
  /** ISO 8601 in UTC. */
  readonly started_at: string;
}

/** Starts or resumes a run of the pipeline that a CloudFormation stack deployed. Does not wait for its end. */
export async function startRun<Input extends object = JsonObject>(
  options: Start<Input> & {
    readonly stack: string;
    /** Region and endpoints; `process.env` by default. */
    readonly env?: Environment;
  },
): Promise<StartedRun> {
  const { machine } = await openStack(options.stack, options.env);
  return startOn(machine, options);
}

/** The limit of Step Functions for a name. */
const longestName = 80;

/** Starts an execution of a deployed machine. Throws a RunRefusedError if the name is already used. */
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

/** A name for a new execution. Names sort by time, and two starts in one second still differ. */
export function executionName(now: number): string {
  const time = new Date(now).toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-');
  return `${time}-${randomBytes(3).toString('hex')}`;
}
