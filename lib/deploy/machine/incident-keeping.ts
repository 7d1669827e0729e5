import { type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { eventSource } from '../../contract/events/event-id.ts';
import { observedOnBus } from '../../contract/events/observed-types.ts';
import type { RuntimeFunction } from '../function/runtime-function.ts';

export interface IncidentKeepingProps {
  readonly pipeline: string;
  readonly incidents: RuntimeFunction;
  /** Begins the names of the pipeline's alarms. */
  readonly name: string;
  readonly eventBus: IEventBus;
  /** Takes the events that the function could not take in. */
  readonly untaken: Queue;
}

/** Sends the events of a pipeline that tell of trouble or its end, and its CloudWatch alarms, to the function that keeps its incidents. */
export class IncidentKeeping extends Construct {
  constructor(scope: Construct, id: string, { pipeline, name, incidents, eventBus, untaken }: IncidentKeepingProps) {
    super(scope, id);
    const target = new LambdaFunction(incidents.fn, {
      maxEventAge: Duration.hours(24),
      retryAttempts: 185,
      deadLetterQueue: untaken,
    });
    const events = new Rule(this, 'Rule', {
      description: `Events of ${pipeline} that open, join or end incidents`,
      eventBus,
      eventPattern: { source: [eventSource], detailType: [...observedOnBus], detail: { pipeline: [pipeline] } },
    });
    events.addTarget(target);
    const alarms = new Rule(this, 'Alarms', {
      description: `Alarms of ${pipeline}: they join its incidents`,
      eventPattern: {
        source: ['aws.cloudwatch'],
        detailType: ['CloudWatch Alarm State Change'],
        detail: { alarmName: [{ prefix: `${name}-` }] },
      },
    });
    alarms.addTarget(target);
    incidents.fn.configureAsyncInvoke({
      maxEventAge: Duration.hours(6),
      retryAttempts: 2,
      onFailure: new SqsDestination(untaken),
    });
  }
}
