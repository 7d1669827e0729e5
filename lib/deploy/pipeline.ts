import { resolve } from 'node:path';
import type { Alarm, Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { Connections, type IConnectable } from 'aws-cdk-lib/aws-ec2';
import type { OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import type { Grant as IamGrant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { projectAlerts } from '../compiler/project-alerts.ts';
import { pipelineProps } from '../config/construct-props.ts';
import { ConfigError, parseSettings } from '../config/parse-settings.ts';
import type { PipelineSettings } from '../config/pipeline-settings.ts';
import { stackName } from '../config/stack-names.ts';
import { onEnd } from './access/on-end.ts';
import { PipelineAccess } from './access/pipeline-access.ts';
import { PipelineMetrics } from './access/pipeline-metrics.ts';
import { compileTemplates } from './compile/compile-templates.ts';
import type { CompiledTemplate } from './compile/compiled-template.ts';
import { physicalStackName } from './physical-name.ts';
import { addOutputs } from './pipeline-outputs.ts';
import { type PipelineParts, pipelineParts } from './pipeline-parts.ts';
import { limitResources } from './resource-limit.ts';
import type { PipelineStore } from './store/pipeline-store.ts';

/** Props of a `Pipeline`. docs/constructs.md explains each one. */
export interface PipelineProps extends PipelineSettings {
  /** The path of a template, relative to `root`; or a template that was compiled before. */
  readonly template: string | CompiledTemplate;
  readonly store: PipelineStore;
  /** The folder with `lambdas/steps`; the working folder when left out. */
  readonly root?: string;
  /** Begins the names of the machine, its logs and its alarms; the stack's name when left out. */
  readonly prefix?: string;
  /** Stands between prefix and pipeline in these names, and chooses the template's environment of this name. */
  readonly stage?: string;
  /** True, or left out: the stack has outputs that lead `--stack` to the pipeline. */
  readonly outputs?: boolean;
}

/**
 * A pipeline: its functions, its state machine, its alarms and its schedule, in any stack of any app. The template is compiled while the construct is made; a
 * mistake in it is a PipelineError with the place.
 */
export class Pipeline extends Construct implements IConnectable {
  /** The pipeline's name, from its template. */
  readonly pipelineName: string;
  readonly store: PipelineStore;
  readonly stateMachine: StateMachine;
  /** Has one message per failed step. */
  readonly deadLetterQueue: Queue;
  /** Undefined if the template has no schedule. */
  readonly schedule: CfnSchedule | undefined;
  /** By id: without alerts `execution-failed` and `execution-timed-out`, then `needs-attention`, `incidents-not-kept`, with alerts `alerts-not-delivered`, with deadlines `deadlines-not-watched`, `dead-letter-is-old`. */
  readonly alarms: ReadonlyMap<string, Alarm>;
  /** The network connections of the functions; without `network` there are none to manage. */
  readonly connections: Connections;
  readonly #access: PipelineAccess;
  readonly #metrics: PipelineMetrics;

  constructor(scope: Construct, id: string, props: PipelineProps) {
    super(scope, id);
    parseSettings(pipelineProps, props, `Pipeline "${this.node.path}"`);
    requireProps(this.node.path, props);
    const compiled = typeof props.template === 'string' ? compileOne(props.template, props) : props.template;
    const { plan } = compiled;
    this.pipelineName = plan.name;
    this.store = props.store;
    this.store.register(plan.name, this);

    const stack = Stack.of(this);
    const name = stackName(plan.name, {
      prefix: props.prefix ?? physicalStackName(this, stack),
      environment: props.stage ?? null,
    });
    const isOwnStack = name === stack.stackName;
    const stackOption = isOwnStack ? stack.stackName : `${stack.stackName}/${plan.name}`;
    const parts: PipelineParts = pipelineParts(this, {
      compiled,
      name,
      stackOption,
      settings: props,
      store: this.store,
    });
    this.stateMachine = parts.stateMachine;
    this.deadLetterQueue = parts.deadLetters;
    this.schedule = parts.schedule;
    this.alarms = parts.alarms;
    this.connections = new Connections({ securityGroups: [...parts.securityGroups] });
    this.#access = new PipelineAccess(plan.name, this.store, parts);
    this.#metrics = new PipelineMetrics(parts);
    const { place, eventBus } = this.store;
    const { eventBusArn } = eventBus;
    if (props.outputs !== false) addOutputs(this, { plan, parts, store: place, eventBusArn, isOwnStack });
    limitResources(stack, plan.name, compiled.machine.functions.length);
  }

  /** Lets a principal start runs, and look at their state. */
  grantStart(grantee: IGrantable): IamGrant {
    return this.#access.grantStart(grantee);
  }

  /** Lets a principal read runs and results in the store, and the state of executions. */
  grantRead(grantee: IGrantable): IamGrant {
    return this.#access.grantRead(grantee);
  }

  /** Lets a principal do what `daybreak start`, `status`, `resume` and `dlq` do with `--stack`. */
  grantOperate(grantee: IGrantable): IamGrant {
    return this.#access.grantOperate(grantee);
  }

  /** A metric of the machine (namespace AWS/States), by its name: `ExecutionsAborted`. */
  metric(metricName: string, options?: MetricOptions): Metric {
    return this.#metrics.machine(metricName, options);
  }

  /** The number of executions that began. */
  metricStarted(options?: MetricOptions): Metric {
    return this.metric('ExecutionsStarted', options);
  }

  /** The number of executions that failed. A time-out counts in `metricTimedOut` alone. */
  metricFailed(options?: MetricOptions): Metric {
    return this.metric('ExecutionsFailed', options);
  }

  /** The number of executions that succeeded. */
  metricSucceeded(options?: MetricOptions): Metric {
    return this.metric('ExecutionsSucceeded', options);
  }

  /** The number of executions that Step Functions stopped at `lifecycle.max_duration_minutes`. */
  metricTimedOut(options?: MetricOptions): Metric {
    return this.metric('ExecutionsTimedOut', options);
  }

  /** The duration of executions in milliseconds; the average when no statistic is given. */
  metricDuration(options?: MetricOptions): Metric {
    return this.metric('ExecutionTime', { statistic: 'Average', ...options });
  }

  /** The number of dead letters in the queue. */
  metricDeadLetters(options?: MetricOptions): Metric {
    return this.#metrics.deadLetters(options);
  }

  /** Sends the event of each execution that failed, timed out or was aborted to a target of EventBridge. */
  onFailed(id: string, options: OnEventOptions = {}): Rule {
    return onEnd(this, id, { ...options, statuses: ['FAILED', 'TIMED_OUT', 'ABORTED'], machine: this.stateMachine });
  }

  /** Sends the event of each execution that succeeded to a target of EventBridge. */
  onSucceeded(id: string, options: OnEventOptions = {}): Rule {
    return onEnd(this, id, { ...options, statuses: ['SUCCEEDED'], machine: this.stateMachine });
  }
}

/** Programs in JavaScript can leave these out. */
function requireProps(path: string, { template, store }: Partial<PipelineProps>): void {
  if (template === undefined) throw new ConfigError(`Pipeline "${path}" needs "template", the path of a template`);
  if (store === undefined) throw new ConfigError(`Pipeline "${path}" needs "store", a \`PipelineStore\``);
}

/** Compiles one template. */
function compileOne(template: string, props: PipelineProps) {
  const { root = process.cwd(), environment, stage, architecture, defaults } = props;
  const request = {
    root: resolve(root),
    templates: [resolve(root, template)],
    only: null,
    environment: environment ?? stage ?? null,
    plainInAny: environment === undefined,
    architecture: architecture ?? ('arm64' as const),
    projectAlerts: projectAlerts(defaults?.alerts),
    subscribers: false,
  };
  const [compiled] = compileTemplates(request).pipelines;
  if (!compiled) throw new Error(`"${template}" gave no pipeline`);
  return compiled;
}
