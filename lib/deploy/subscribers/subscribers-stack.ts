import { Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { PipelineSettings } from '../../config/pipeline-settings.ts';
import { alertActions } from '../alarms/alert-actions.ts';
import type { CompiledSubscribers } from '../compile/compiled-subscriber.ts';
import { functionBase } from '../function/function-base.ts';
import { runtimeLayerVersion } from '../function/pipeline-layers.ts';
import type { PipelineStore } from '../store/pipeline-store.ts';
import { SubscriberFunction } from './subscriber-function.ts';

export interface SubscribersStackProps extends StackProps {
  readonly compiled: CompiledSubscribers;
  readonly store: PipelineStore;
  readonly settings: PipelineSettings;
}

/**
 * The stack of a project's subscribers. It is the same for any subset of deployed pipelines. It is separate from the shared stack: a change of a subscriber
 * must not touch the store, and removing the stack must not need the removal of the store's protection.
 */
export class SubscribersStack extends Stack {
  constructor(scope: Construct, id: string, { compiled, store, settings, ...props }: SubscribersStackProps) {
    super(scope, id, { description: 'Daybreak: the subscribers of a project', ...props });
    const base = functionBase(this, {}, settings);
    const runtime = runtimeLayerVersion(this, compiled.runtime);
    const { place, eventBus } = store;
    const actions = alertActions(settings.alerts, store.alertActions);
    for (const subscriber of compiled.subscribers) {
      new SubscriberFunction(this, `Subscriber-${subscriber.name}`, {
        subscriber,
        base,
        runtime,
        store: place,
        eventBus,
        alertActions: actions,
      });
    }
    this.addStackDependency(Stack.of(store));
  }
}
