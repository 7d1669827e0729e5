import { type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { EventType } from '../../contract/events/event.ts';
import { eventSource } from '../../contract/events/event-id.ts';
import type { RuntimeFunction } from '../function/runtime-function.ts';

export interface LineageReportsProps {
  readonly pipeline: string;
  readonly lineage: RuntimeFunction;
  readonly eventBus: IEventBus;
}

/** The ends of executions. */
const heard: readonly EventType[] = ['run.completed', 'run.failed', 'run.stopped'];

/** Calls the function that reports a run as OpenLineage events, once the run has ended. A receiver that takes nothing for an hour misses the run; `daybreak openlineage` sends it later. */
export class LineageReports extends Construct {
  constructor(scope: Construct, id: string, { pipeline, lineage, eventBus }: LineageReportsProps) {
    super(scope, id);
    const ends = new Rule(this, 'Rule', {
      description: `Ends of runs of ${pipeline}: they become OpenLineage events`,
      eventBus,
      eventPattern: { source: [eventSource], detailType: [...heard], detail: { pipeline: [pipeline] } },
    });
    ends.addTarget(new LambdaFunction(lineage.fn, { maxEventAge: Duration.hours(1) }));
    lineage.fn.configureAsyncInvoke({ maxEventAge: Duration.hours(1), retryAttempts: 2 });
  }
}
