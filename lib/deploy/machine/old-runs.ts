import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { RuntimeFunction } from '../function/runtime-function.ts';

/** Has the pipeline's old runs removed once a day. A day that fails loses nothing: the next one removes what is left. */
export class OldRuns extends Construct {
  constructor(scope: Construct, id: string, { prune }: { readonly prune: RuntimeFunction }) {
    super(scope, id);
    const daily = new Rule(this, 'Daily', {
      description: 'Daily: Prune removes old runs that nothing needs',
      schedule: Schedule.rate(Duration.days(1)),
    });
    daily.addTarget(new LambdaFunction(prune.fn, { maxEventAge: Duration.hours(1), retryAttempts: 2 }));
    // Two at once would only delete the same objects.
    prune.fn.configureAsyncInvoke({ maxEventAge: Duration.hours(1), retryAttempts: 0 });
  }
}
