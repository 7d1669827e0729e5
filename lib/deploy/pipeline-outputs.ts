import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Aws, CfnOutput } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { PipelinePlan } from '../compiler/plan/plan.ts';
import type { Store } from './function/store-access.ts';
import { exampleInput } from './schedule/example-input.ts';
import { shellQuoted } from './schedule/shell-quoted.ts';

/** Adds stack outputs for people at a console or with an SDK: the places of the resources, and a command that starts a run. */
export function addOutputs(
  scope: Construct,
  {
    plan,
    stateMachine,
    deadLetters,
    store,
  }: {
    readonly plan: PipelinePlan;
    readonly stateMachine: StateMachine;
    readonly deadLetters: Queue;
    readonly store: Store;
  },
): void {
  const start = [
    'aws stepfunctions start-execution',
    `--region ${Aws.REGION}`,
    `--state-machine-arn ${stateMachine.stateMachineArn}`,
    `--input ${shellQuoted(JSON.stringify(exampleInput(plan.inputSchema)))}`,
  ].join(' ');
  const rows = {
    PipelineName: [plan.name, 'The name of its template'],
    StateMachineArn: [stateMachine.stateMachineArn, `The state machine of ${plan.name}`],
    StoreBucketName: [store.name, `Runs, results and dead letters lie below ${plan.name}/`],
    DeadLetterQueueUrl: [deadLetters.queueUrl, 'One message per failed step'],
    StartCommand: [start, 'Starts a run; put your own input in'],
  } as const;
  for (const [id, [value, description]] of Object.entries(rows)) new CfnOutput(scope, id, { value, description });
}
