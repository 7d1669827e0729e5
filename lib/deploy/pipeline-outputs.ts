import { Aws, CfnOutput } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { PipelinePlan } from '../compiler/plan/plan.ts';
import type { StorePlace } from './function/store-access.ts';
import type { PipelineParts } from './pipeline-parts.ts';
import { exampleInput } from './schedule/example-input.ts';
import { shellQuoted } from './schedule/shell-quoted.ts';

export interface OutputsProps {
  readonly plan: PipelinePlan;
  readonly parts: Pick<PipelineParts, 'stateMachine' | 'deadLetters'>;
  readonly store: StorePlace;
  readonly eventBusArn: string;
  /** True: the stack is the pipeline's alone. Otherwise the pipeline's name begins the outputs. */
  readonly isOwnStack: boolean;
}

/**
 * Adds stack outputs for people, for the command line and for programs with an SDK: the places of the resources, and a command that starts a run. In a stack with
 * other things they begin with the pipeline's name (`OrdersStateMachineArn`), so several pipelines can share a stack.
 */
export function addOutputs(scope: Construct, { plan, parts, store, eventBusArn, isOwnStack }: OutputsProps): void {
  const { stateMachine, deadLetters } = parts;
  const start = [
    'aws stepfunctions start-execution',
    `--region ${Aws.REGION}`,
    `--state-machine-arn ${stateMachine.stateMachineArn}`,
    `--input ${shellQuoted(JSON.stringify(exampleInput(plan.inputSchema)))}`,
  ].join(' ');
  const rows = {
    PipelineName: [plan.name, 'The name of its template'],
    StateMachineArn: [stateMachine.stateMachineArn, `The state machine of ${plan.name}`],
    StoreBucketName: [store.name, `Runs, results and dead letters lie below ${store.prefix}${plan.name}/`],
    ...(store.prefix !== '' && { StorePrefix: [store.prefix, 'Begins all keys of the store'] as const }),
    DeadLetterQueueUrl: [deadLetters.queueUrl, 'One message per failed step'],
    EventBusArn: [eventBusArn, 'The bus with the events of all pipelines'],
    StartCommand: [start, 'Starts a run; put your own input in'],
  } as const;
  for (const [id, [value, description]] of Object.entries(rows)) {
    const output = new CfnOutput(scope, id, { value, description });
    output.overrideLogicalId(isOwnStack ? id : `${pascal(plan.name)}${id}`);
  }
}

/** `customer_analytics` becomes `CustomerAnalytics`: outputs take letters and digits only. */
const pascal = (name: string): string =>
  name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
