import { awsClientSettings, type Environment } from '../../ports/aws/aws-client-settings.ts';
import { openQueue } from '../../ports/open-queue.ts';
import { openStore } from '../../ports/open-store.ts';
import type { DeadLetterQueue, Executions, ObjectStore, StateMachine } from '../../ports/ports.ts';
import { StackError } from './stack-error.ts';

/** A deployed pipeline, opened from the outputs of its stack. */
export interface DeployedPipeline {
  readonly stack: string;
  /** Name of the pipeline, from the stack's output or tag; null if the stack has neither. */
  readonly pipeline: string | null;
  readonly machine: StateMachine;
  readonly executions: Executions;
  readonly store: ObjectStore;
  readonly queue: DeadLetterQueue;
}

/** The outputs of a pipeline's stack (`lib/deploy/pipeline-outputs.ts`). */
const outputs = { machine: 'StateMachineArn', bucket: 'StoreBucketName', queue: 'DeadLetterQueueUrl' } as const;

const pipelineOutput = 'PipelineName';
const pipelineTag = 'daybreak:pipeline';

/** Opens the pipeline that a CloudFormation stack deployed. Guesses no names: a stack without the outputs is a StackError that lists the outputs it has. */
export async function openStack(stack: string, env: Environment = process.env): Promise<DeployedPipeline> {
  const { outputs: found, tags } = await readDeployed(stack, env);
  const missing = Object.values(outputs).filter((name) => !found.get(name));
  if (missing.length > 0) throw new StackError(lacks(stack, missing, [...found.keys()].sort()));
  const { SFNClient } = await import('@aws-sdk/client-sfn');
  const { SfnStateMachine } = await import('../../ports/aws/sfn-state-machine.ts');
  const { SfnExecutions } = await import('../../ports/aws/sfn-executions.ts');
  const client = new SFNClient(awsClientSettings(env, 'SFN'));
  return {
    stack,
    // `cdk deploy --tags` replaces a stack's tags, so the output has priority.
    pipeline: found.get(pipelineOutput) ?? tags.get(pipelineTag) ?? null,
    machine: new SfnStateMachine(client, found.get(outputs.machine) ?? ''),
    executions: new SfnExecutions(client),
    store: await openStore(`s3://${found.get(outputs.bucket)}`, env),
    queue: await openQueue(found.get(outputs.queue) ?? '', env),
  };
}

async function readDeployed(stack: string, env: Environment) {
  const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
  const { readStack } = await import('../../ports/aws/stacks/read-stack.ts');
  const settings = awsClientSettings(env, 'CLOUDFORMATION');
  const found = await readStack(new CloudFormationClient(settings), stack);
  if (!found) throw new StackError(`there is no stack "${stack}" in ${settings.region}`);
  return found;
}

const lacks = (stack: string, missing: readonly string[], there: readonly string[]): string =>
  `stack "${stack}" is not the stack of a pipeline: it has no output ${missing.join(', ')}; ${
    there.length > 0 ? `its outputs are: ${there.join(', ')}` : 'it has no outputs'
  }`;
