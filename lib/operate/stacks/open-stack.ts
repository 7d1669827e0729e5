import { awsClientSettings, type Environment } from '../../ports/aws/aws-client-settings.ts';
import { openEvents } from '../../ports/open-events.ts';
import { openQueue } from '../../ports/open-queue.ts';
import { openStore } from '../../ports/open-store.ts';
import type { DeadLetterQueue, Events, Executions, ObjectStore, StateMachine } from '../../ports/ports.ts';
import { parseStackOption, pipelineOutputs } from './pipeline-outputs.ts';
import { MissingStackError } from './stack-error.ts';

/** A deployed pipeline, opened from the outputs of its stack. */
export interface DeployedPipeline {
  /** As `--stack` names it. */
  readonly stack: string;
  /** Name of the pipeline, from the stack's output or tag; null if the stack has neither. */
  readonly pipeline: string | null;
  readonly machine: StateMachine;
  readonly executions: Executions;
  readonly store: ObjectStore;
  readonly queue: DeadLetterQueue;
  /** Absent for a stack from before there were events. */
  readonly events?: Events;
}

const pipelineTag = 'daybreak:pipeline';

/** Opens the pipeline that a CloudFormation stack deployed. `text` is the stack, or `<stack>/<pipeline>` if the stack has several. */
export async function openStack(text: string, env: Environment = process.env): Promise<DeployedPipeline> {
  const option = parseStackOption(text);
  const { outputs, tags } = await readDeployed(option.stack, env);
  const places = pipelineOutputs(option, outputs);
  const { SFNClient } = await import('@aws-sdk/client-sfn');
  const { SfnStateMachine } = await import('../../ports/aws/sfn-state-machine.ts');
  const { SfnExecutions } = await import('../../ports/aws/sfn-executions.ts');
  const client = new SFNClient(awsClientSettings(env, 'SFN'));
  const events = openEvents(places.storeUrl, { ...env, DAYBREAK_EVENT_BUS: places.eventBusArn });
  return {
    stack: text,
    // `cdk deploy --tags` replaces a stack's tags, so the output has priority.
    pipeline: places.pipeline ?? tags.get(pipelineTag) ?? null,
    machine: new SfnStateMachine(client, places.machineArn),
    executions: new SfnExecutions(client),
    store: await openStore(places.storeUrl, env),
    queue: await openQueue(places.queueUrl, env),
    ...(events && { events }),
  };
}

async function readDeployed(stack: string, env: Environment) {
  const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
  const { readStack } = await import('../../ports/aws/stacks/read-stack.ts');
  const settings = awsClientSettings(env, 'CLOUDFORMATION');
  const found = await readStack(new CloudFormationClient(settings), stack);
  if (!found) throw new MissingStackError(`there is no stack "${stack}" in ${settings.region}`);
  return found;
}
