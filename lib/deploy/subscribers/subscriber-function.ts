import { type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Code, type LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { subscriberAccess } from '../../contract/access.ts';
import { subscriberFunction } from '../../contract/events/subscription.ts';
import { parseSecret } from '../../input/secret-source.ts';
import type { AlertActions } from '../alarms/alert-actions.ts';
import { unhandledEventsAlarm } from '../alarms/unhandled-events-alarm.ts';
import type { CompiledSubscriber, Subscription } from '../compile/compiled-subscriber.ts';
import type { functionBase } from '../function/function-base.ts';
import { FunctionIdentity } from '../function/function-identity.ts';
import type { Grant } from '../function/grant.ts';
import { RuntimeFunction } from '../function/runtime-function.ts';
import { secretGrants } from '../function/secret-access.ts';
import { type StorePlace, storeGrants, storeUrl } from '../function/store-access.ts';
import { deadLetterQueue } from '../machine/dead-letter-queue.ts';
import { heardEvents } from './heard-events.ts';

export interface SubscriberFunctionProps {
  readonly subscriber: CompiledSubscriber;
  readonly base: ReturnType<typeof functionBase>;
  readonly runtime: LayerVersion;
  readonly store: StorePlace;
  readonly eventBus: IEventBus;
  readonly alertActions: AlertActions;
}

/**
 * One subscriber: its function, the rule that sends it the events that it hears, and a queue with an alarm for events that it could not handle. EventBridge
 * retries a delivery for a day, and Lambda tries the function three times.
 */
export class SubscriberFunction extends Construct {
  constructor(scope: Construct, id: string, props: SubscriberFunctionProps) {
    super(scope, id);
    const { subscriber, base, store, eventBus } = props;
    const { name, subscription, code } = subscriber;
    const unhandled = deadLetterQueue(this, 'UnhandledEvents', base.queues);
    const { fn } = new RuntimeFunction(this, 'Run', {
      ...subscriberFunction,
      description: `Subscriber ${name}`.slice(0, 256),
      code: Code.fromAsset(code.folder, { assetHash: code.digest }),
      handler: 'index.handler',
      layers: [props.runtime],
      settings: base,
      environment: { DAYBREAK_STORE: storeUrl(store), DAYBREAK_SUBSCRIBER: name },
      identity: new FunctionIdentity(
        this,
        'Identity',
        [
          ...markGrants(subscriber, store),
          ...secretGrants(secretsOf(subscription)),
          { actions: ['sqs:SendMessage'], resources: [unhandled.queueArn] },
        ],
        base.identities,
      ),
    });
    const rule = new Rule(this, 'Rule', {
      description: `Events that the subscriber ${name} hears`.slice(0, 512),
      eventBus,
      eventPattern: heardEvents(subscription),
    });
    rule.addTarget(
      new LambdaFunction(fn, { maxEventAge: Duration.hours(24), retryAttempts: 185, deadLetterQueue: unhandled }),
    );
    fn.configureAsyncInvoke({
      maxEventAge: Duration.hours(6),
      retryAttempts: 2,
      onFailure: new SqsDestination(unhandled),
    });
    unhandledEventsAlarm(this, { subscriber: name, queue: unhandled, actions: props.alertActions.high });
  }
}

/** A subscriber that takes every copy of an event keeps no marks. */
const markGrants = ({ name, subscription }: CompiledSubscriber, store: StorePlace): Grant[] =>
  subscription.duplicates === 'deliver'
    ? []
    : storeGrants(store, subscriberAccess(name)).map((grant) =>
        grant.because ? { ...grant, because: 'names of marks are digests of the ids of events' } : grant,
      );

const secretsOf = ({ secrets = {} }: Subscription) =>
  Object.fromEntries(
    Object.entries(secrets).flatMap(([name, text]) => {
      const source = parseSecret(text);
      return source ? [[name, source]] : [];
    }),
  );
