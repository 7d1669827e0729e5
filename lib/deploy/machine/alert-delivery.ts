import { type IEventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { EventType } from '../../contract/events/event.ts';
import { eventSource } from '../../contract/events/event-id.ts';
import type { RuntimeFunction } from '../function/runtime-function.ts';

export interface AlertDeliveryProps {
  readonly pipeline: string;
  readonly alerts: RuntimeFunction;
  readonly eventBus: IEventBus;
}

/** Digests, escalations and messages that were not taken are at most this late. */
const sweepMinutes = 5;

/** The events after which someone may have to hear of something. A deadline and an alarm are changes of an incident too. */
const heard: readonly EventType[] = ['incident.opened', 'incident.updated', 'incident.resolved'];

/**
 * Calls the function that tells people: for each change of an incident, and every five minutes for what is due by the clock. No queue takes calls that failed: an event carries
 * nothing that the store does not have, so the next call does the work of a lost one.
 */
export class AlertDelivery extends Construct {
  constructor(scope: Construct, id: string, { pipeline, alerts, eventBus }: AlertDeliveryProps) {
    super(scope, id);
    const changes = new Rule(this, 'Rule', {
      description: `Changes of incidents of ${pipeline}: people hear of them`,
      eventBus,
      eventPattern: { source: [eventSource], detailType: [...heard], detail: { pipeline: [pipeline] } },
    });
    changes.addTarget(new LambdaFunction(alerts.fn, { maxEventAge: Duration.hours(1) }));
    const sweep = new Rule(this, 'Sweep', {
      description: `Every ${sweepMinutes} minutes: digests, escalations and messages of ${pipeline} that were not taken`,
      schedule: Schedule.rate(Duration.minutes(sweepMinutes)),
    });
    sweep.addTarget(new LambdaFunction(alerts.fn, { maxEventAge: Duration.minutes(sweepMinutes) }));
    alerts.fn.configureAsyncInvoke({ maxEventAge: Duration.minutes(15), retryAttempts: 2 });
  }
}
