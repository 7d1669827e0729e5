import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { RuntimeFunction } from '../function/runtime-function.ts';

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
  }
}
