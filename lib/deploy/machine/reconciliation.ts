import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { SweepPayload } from '../../contract/payloads.ts';
import type { RuntimeFunction } from '../function/runtime-function.ts';

export interface ReconciliationProps {
  readonly stateMachine: StateMachine;
  readonly reconcile: RuntimeFunction;
  /** A run must succeed at least once in this many hours; null for pipelines that do not start automatically. */
  readonly quietHours: number | null;
}

/**
 * Sends every unsuccessful end of an execution to the reconcile function, so that each one gets a dead letter. Step Functions delivers events with best effort,
 * so the function also searches once an hour. That search handles lost events and the function's own failures.
 */
export class Reconciliation extends Construct {
  constructor(scope: Construct, id: string, { stateMachine, reconcile, quietHours }: ReconciliationProps) {
    super(scope, id);
    const retries = { maxEventAge: Duration.hours(24), retryAttempts: 185 };
    const ends = new Rule(this, 'Rule', {
      description: 'Executions that ended unsuccessfully: Reconcile completes their dead letters',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'], stateMachineArn: [stateMachine.stateMachineArn] },
      },
    });
    ends.addTarget(new LambdaFunction(reconcile.fn, retries));
    const sweeps = new Rule(this, 'Sweep', {
      description: 'Hourly: Reconcile looks for executions without an event, and for a run that should have succeeded',
      schedule: Schedule.rate(Duration.hours(1)),
    });
    const input = RuleTargetInput.fromObject({ sweep: { quiet_hours: quietHours } } satisfies SweepPayload);
    sweeps.addTarget(new LambdaFunction(reconcile.fn, { event: input, maxEventAge: Duration.minutes(30) }));
    reconcile.fn.configureAsyncInvoke({ maxEventAge: Duration.hours(1), retryAttempts: 2 });
  }
}
