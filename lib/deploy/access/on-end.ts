import { type OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

export interface OnEndOptions extends OnEventOptions {
  /** Statuses of Step Functions. */
  readonly statuses: readonly string[];
  readonly machine: StateMachine;
}

/** Makes a rule for the ends of a machine's executions. The event is that of Step Functions, which sends it with best effort. */
export function onEnd(scope: Construct, id: string, { statuses, machine, target, ...options }: OnEndOptions): Rule {
  const rule = new Rule(scope, id, {
    ...options,
    eventPattern: {
      ...options.eventPattern,
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: { ...options.eventPattern?.detail, status: [...statuses], stateMachineArn: [machine.stateMachineArn] },
    },
  });
  rule.addTarget(target);
  return rule;
}
