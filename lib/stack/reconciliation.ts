import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Policy } from 'aws-cdk-lib/aws-iam';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledgeWildcards, type Grant, statementOf } from './grant.ts';
import type { RuntimeFunction } from './runtime-function.ts';

export interface ReconciliationProps {
  readonly stateMachine: StateMachine;
  readonly reconcile: RuntimeFunction;
  /** Where events go that could not be delivered or handled within a day. */
  readonly undelivered: Queue;
}

/** Leads every unsuccessful end of an execution to the reconcile function, so that none goes without a dead letter. */
export class Reconciliation extends Construct {
  constructor(scope: Construct, id: string, { stateMachine, reconcile, undelivered }: ReconciliationProps) {
    super(scope, id);
    const rule = new Rule(this, 'Rule', {
      description: 'Executions that ended unsuccessfully: their dead letters are completed',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'], stateMachineArn: [stateMachine.stateMachineArn] },
      },
    });
    rule.addTarget(
      new LambdaFunction(reconcile.fn, {
        deadLetterQueue: undelivered,
        maxEventAge: Duration.hours(24),
        retryAttempts: 185,
      }),
    );
    // The target's queue holds what EventBridge could not hand over; this one what the function did not manage.
    reconcile.fn.configureAsyncInvoke({
      onFailure: new SqsDestination(undelivered),
      maxEventAge: Duration.hours(6),
      retryAttempts: 2,
    });
    attach(this, 'ReportsUnhandledEvents', reconcile, {
      actions: ['sqs:SendMessage'],
      resources: [undelivered.queueArn],
    });
  }
}

/** Lets a function ask whether an execution of this machine still runs. */
export const allowDescribe = (scope: Construct, stateMachine: StateMachine, asks: RuntimeFunction): void =>
  attach(scope, 'AsksForExecutions', asks, {
    actions: ['states:DescribeExecution'],
    resources: [
      Stack.of(scope).formatArn({
        service: 'states',
        resource: 'execution',
        resourceName: `${stateMachine.stateMachineName}:*`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    ],
    because: 'any execution of this one machine: their names are not known before',
  });

/** A policy beside the role: inside it, role, function and state machine would depend on each other in a circle. */
const attach = (scope: Construct, id: string, { role }: RuntimeFunction, grant: Grant): void => {
  const policy = new Policy(scope, id, { statements: [statementOf(grant)], roles: [role] });
  acknowledgeWildcards(policy, [grant]);
};
