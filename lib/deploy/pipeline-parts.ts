import { dirname } from 'node:path';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { RemovalPolicy, Tags } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { minutesOf, type PipelineSettings } from '../config/pipeline-settings.ts';
import { alertActions } from './alarms/alert-actions.ts';
import { PipelineAlarms } from './alarms/pipeline-alarms.ts';
import type { CompiledTemplate } from './compile/compiled-template.ts';
import { defaultLogRetention } from './function/function-identity.ts';
import { functionNetwork, networkGrants } from './function/function-network.ts';
import type { Grant } from './function/grant.ts';
import { PipelineFunctions } from './function/pipeline-functions.ts';
import { PipelineLayers } from './function/pipeline-layers.ts';
import { deadLetterQueue } from './machine/dead-letter-queue.ts';
import { IncidentKeeping } from './machine/incident-keeping.ts';
import { PipelineMachine } from './machine/pipeline-machine.ts';
import { Reconciliation } from './machine/reconciliation.ts';
import { PipelineSchedule } from './schedule/pipeline-schedule.ts';
import { quietHours } from './schedule/schedule-gap.ts';
import type { PipelineStore } from './store/pipeline-store.ts';

export interface PipelinePartsProps {
  readonly compiled: CompiledTemplate;
  /** Begins the names of machine, log and alarms. */
  readonly name: string;
  /** The text for `--stack` that leads to this pipeline. */
  readonly stackOption: string;
  readonly settings: PipelineSettings;
  readonly store: PipelineStore;
}

/** The resources of a pipeline that others refer to. */
export interface PipelineParts {
  readonly stateMachine: StateMachine;
  readonly deadLetters: Queue;
  readonly schedule: CfnSchedule | undefined;
  readonly alarms: ReadonlyMap<string, Alarm>;
  readonly securityGroups: readonly ISecurityGroup[];
  readonly encryptionKey: IKey | null;
}

/** Makes everything that a pipeline consists of. */
export function pipelineParts(
  scope: Construct,
  { compiled, name, stackOption, settings, store }: PipelinePartsProps,
): PipelineParts {
  const { plan, machine } = compiled;
  applyToAll(
    scope,
    { ...settings.tags, 'daybreak:pipeline': plan.name, 'daybreak:namespace': plan.namespace },
    settings,
  );
  const encryptionKey = keyOf(scope, settings.encryptionKey);
  const network = functionNetwork(scope, settings.network);
  const architecture = settings.architecture ?? 'arm64';
  const logRetention = settings.logRetention ?? defaultLogRetention;
  const keyGrants: readonly Grant[] = encryptionKey
    ? [{ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [encryptionKey.keyArn] }]
    : [];
  const queues = {
    encryptionKey,
    removalPolicy: settings.removalPolicy === 'destroy' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
  };

  const deadLetters = deadLetterQueue(scope, 'DeadLetters', queues);
  const untaken = deadLetterQueue(scope, 'UntakenEvents', queues);
  const { eventBus } = store;
  const functions = new PipelineFunctions(scope, 'Functions', {
    compiled,
    name,
    stackOption,
    store: store.place,
    eventBusArn: eventBus.eventBusArn,
    deadLetters,
    untaken,
    layers: new PipelineLayers(scope, 'Layers', { architecture, layers: compiled.layers }),
    settings: { architecture, network, encryptionKey },
    identities: { logRetention, always: [...keyGrants, ...(network ? networkGrants : [])] },
    reservedConcurrency: settings.reservedConcurrency ?? null,
  });
  const { stateMachine } = new PipelineMachine(scope, 'Machine', {
    name,
    machine,
    functions: functions.invoked,
    logRetention,
    folder: dirname(compiled.code.platform.folder),
  });
  const { reconcile, incidents } = functions;
  const jitterMinutes = jitterOf(settings.startJitter);
  new Reconciliation(scope, 'Reconciliation', {
    stateMachine,
    reconcile,
    quietHours: quietHours(plan, jitterMinutes),
  });
  new IncidentKeeping(scope, 'Incidents', { pipeline: plan.name, name, incidents, eventBus, untaken });
  const schedule = plan.schedule
    ? new PipelineSchedule(scope, 'Schedule', {
        pipeline: plan.name,
        schedule: plan.schedule,
        stateMachine,
        undelivered: deadLetterQueue(scope, 'UndeliveredStarts', queues),
        jitterMinutes,
        grants: keyGrants,
      }).schedule
    : undefined;
  const { alarms } = new PipelineAlarms(scope, 'Alarms', {
    plan,
    name,
    stateMachine,
    reconcile,
    incidents,
    deadLetters,
    actions: alertActions(settings.alerts, store.alertActions),
  });
  return { stateMachine, deadLetters, schedule, alarms, securityGroups: network?.securityGroups ?? [], encryptionKey };
}

function applyToAll(
  scope: Construct,
  tags: Readonly<Record<string, string>>,
  { permissionsBoundary: boundary }: PipelineSettings,
): void {
  for (const [tag, value] of Object.entries(tags)) Tags.of(scope).add(tag, value);
  if (boundary === undefined) return;
  const policy =
    typeof boundary !== 'string'
      ? boundary
      : boundary.startsWith('arn:')
        ? ManagedPolicy.fromManagedPolicyArn(scope, 'PermissionsBoundary', boundary)
        : ManagedPolicy.fromManagedPolicyName(scope, 'PermissionsBoundary', boundary);
  PermissionsBoundary.of(scope).apply(policy);
}

const keyOf = (scope: Construct, key: PipelineSettings['encryptionKey']): IKey | null =>
  typeof key === 'string' ? Key.fromKeyArn(scope, 'EncryptionKey', key) : (key ?? null);

const jitterOf = (jitter: PipelineSettings['startJitter']): number => {
  if (jitter === undefined) return 0;
  return typeof jitter === 'string'
    ? minutesOf(jitter)
    : Math.max(1, Math.min(1440, Math.round(jitter.toMinutes({ integral: false }))));
};
