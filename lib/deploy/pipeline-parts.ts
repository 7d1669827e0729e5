import { dirname } from 'node:path';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { quietHours } from '../compiler/plan/schedule-gap.ts';
import { ConfigError } from '../config/parse-settings.ts';
import { minutesOf, type PipelineSettings } from '../config/pipeline-settings.ts';
import { alertActions } from './alarms/alert-actions.ts';
import { PipelineAlarms } from './alarms/pipeline-alarms.ts';
import type { CompiledTemplate } from './compile/compiled-template.ts';
import { pipelineDashboard } from './dashboards/pipeline-dashboard.ts';
import { catalogPlace } from './function/catalog-access.ts';
import { functionBase } from './function/function-base.ts';
import { PipelineFunctions } from './function/pipeline-functions.ts';
import { PipelineLayers } from './function/pipeline-layers.ts';
import { AlertDelivery } from './machine/alert-delivery.ts';
import { deadLetterQueue } from './machine/dead-letter-queue.ts';
import { IncidentKeeping } from './machine/incident-keeping.ts';
import { LineageReports } from './machine/lineage-reports.ts';
import { OldRuns } from './machine/old-runs.ts';
import { PipelineMachine } from './machine/pipeline-machine.ts';
import { PublishedCatalog } from './machine/published-catalog.ts';
import { Reconciliation } from './machine/reconciliation.ts';
import { DeadlineWatch } from './schedule/deadline-watch.ts';
import { PipelineSchedule } from './schedule/pipeline-schedule.ts';
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
  const { metrics = 'pipeline' } = settings;
  const tags = { 'daybreak:pipeline': plan.name, 'daybreak:namespace': plan.namespace };
  const base = functionBase(scope, tags, settings);
  const { encryptionKey, network, architecture, logRetention, keyGrants, queues } = base;

  const deadLetters = deadLetterQueue(scope, 'DeadLetters', queues);
  const untaken = deadLetterQueue(scope, 'UntakenEvents', queues);
  const { eventBus } = store;
  const catalog = settings.catalog === false ? null : catalogPlace(plan, name);
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
    identities: base.identities,
    reservedConcurrency: settings.reservedConcurrency ?? null,
    metrics,
    metricsStore: store.metricsName,
    keepDays: store.keepDays,
    catalog,
  });
  const { stateMachine } = new PipelineMachine(scope, 'Machine', {
    name,
    machine,
    functions: functions.invoked,
    logRetention,
    folder: dirname(compiled.code.platform.folder),
  });
  const { reconcile, incidents, alerts, deadlines, lineage, prune } = functions;
  const jitterMinutes = jitterOf(settings.startJitter);
  new Reconciliation(scope, 'Reconciliation', {
    stateMachine,
    reconcile,
    quietHours: quietHours(plan, jitterMinutes),
  });
  new IncidentKeeping(scope, 'Incidents', { pipeline: plan.name, name, incidents, eventBus, untaken });
  if (alerts) new AlertDelivery(scope, 'Alerts', { pipeline: plan.name, alerts, eventBus });
  if (catalog && functions.catalog) {
    const { database } = catalog;
    new PublishedCatalog(scope, 'Catalog', { pipeline: plan.name, database, catalog: functions.catalog, eventBus });
  }
  if (lineage) new LineageReports(scope, 'Lineage', { pipeline: plan.name, lineage, eventBus });
  if (prune) new OldRuns(scope, 'OldRuns', { prune });
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
  if (deadlines && plan.schedule?.times) {
    const { schedule: starts } = plan;
    new DeadlineWatch(scope, 'Deadlines', {
      plan: { ...plan, schedule: { ...starts, times: plan.schedule.times } },
      deadlines,
      eventBus,
    });
  }
  const { alarms } = new PipelineAlarms(scope, 'Alarms', {
    plan,
    name,
    stateMachine,
    reconcile,
    untaken,
    alerts,
    deadlines,
    deadLetters,
    actions: alertActions(settings.alerts, store.alertActions),
  });
  if (settings.dashboard === true) {
    if (metrics === 'none') {
      throw new ConfigError(
        `pipeline "${plan.name}": "dashboard" shows metrics, and "metrics" is "none"; set it to "pipeline" or "steps", or remove "dashboard"`,
      );
    }
    pipelineDashboard(scope, 'Dashboard', {
      name,
      store: store.metricsName,
      pipeline: plan.name,
      level: metrics,
      alarms: [...alarms.values()],
      deadLetters: deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
    });
  }
  return { stateMachine, deadLetters, schedule, alarms, securityGroups: network?.securityGroups ?? [], encryptionKey };
}

const jitterOf = (jitter: PipelineSettings['startJitter']): number => {
  if (jitter === undefined) return 0;
  return typeof jitter === 'string'
    ? minutesOf(jitter)
    : Math.max(1, Math.min(1440, Math.round(jitter.toMinutes({ integral: false }))));
};
