import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { planPipeline } from '../../lib/compiler/plan/plan-pipeline.ts';
import { emitMachine } from '../../lib/compiler/states/emit-machine.ts';
import { eventBridgeCron, type TranslatedCron } from '../../lib/compiler/template/schedule/eventbridge-cron.ts';
import type { Template as PipelineTemplate, StepTemplate } from '../../lib/compiler/template/template.ts';
import type { Deployment } from '../../lib/config/deployments.ts';
import { addStacks } from '../../lib/deploy/app/add-deployment.ts';
import { featureFlags } from '../../lib/deploy/app/feature-flags.ts';
import type { CompiledSubscribers, Subscription } from '../../lib/deploy/compile/compiled-subscriber.ts';
import type { CodeFolder, CompiledTemplate } from '../../lib/deploy/compile/compiled-template.ts';
import { graphOf } from '../support/graphs.ts';
import { stepTemplate, templateOf } from '../support/templates.ts';

/** A compiled pipeline without files. Steps stand after their dependencies. */
export function pipelineOf(steps: readonly StepTemplate[], more: Partial<PipelineTemplate> = {}): CompiledTemplate {
  const names = steps.map(({ name }) => name);
  const graph = {
    ...graphOf(steps.map(({ dependencies }) => dependencies.map((name) => names.indexOf(name)))),
    names,
    dependencies: new Map(steps.map(({ name, dependencies }) => [name, dependencies])),
  };
  const plan = planPipeline(templateOf(steps, more), graph);
  const machine = emitMachine(plan, () => 'c0de');
  const code = Object.fromEntries(machine.functions.map(({ placeholder }) => [placeholder, folderOf(placeholder)]));
  const layers = { runtime: folderOf('runtime'), queryEngine: folderOf('query engine') };
  return { plan, machine, code: { steps: code, platform: folderOf('platform') }, layers };
}

const scratch = mkdtempSync(join(tmpdir(), 'daybreak-test-'));

/** Stands for code or a layer: a folder with one small file. */
function folderOf(content: string): CodeFolder {
  const digest = createHash('sha256').update(content).digest('hex');
  const folder = join(scratch, digest);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'content'), content);
  return { folder, digest };
}

export function newApp(): App {
  return new App({ context: { ...featureFlags }, analyticsReporting: false, autoSynth: false });
}

/** The reference pipeline as far as the stack needs it: its graph, and one step with every setting of a function. */
export function customerAnalytics() {
  return pipelineOf(
    [
      stepTemplate('extract_orders', [], {
        timeoutMs: 840_000,
        memoryMb: 2048,
        severity: 'high',
        environment: { REGION_CODE: 'north' },
        secrets: {
          database: { service: 'secretsmanager', id: 'daybreak/orders' },
          token: { service: 'ssm', id: '/daybreak/crm-token' },
        },
        permissions: [
          {
            effect: 'Allow',
            actions: ['dynamodb:GetItem'],
            resources: ['arn:aws:dynamodb:*:*:table/limits'],
            conditions: null,
          },
        ],
      }),
      stepTemplate('extract_users', [], {
        deadline: { readyBy: 180, timezone: null, severity: null, atRisk: 'digest' },
      }),
      stepTemplate('extract_products', []),
      stepTemplate('transform_customer_metrics', ['extract_orders', 'extract_users']),
      stepTemplate('transform_product_metrics', ['extract_orders', 'extract_products']),
      stepTemplate('generate_insights', ['transform_customer_metrics', 'transform_product_metrics']),
      stepTemplate('update_dashboard', ['generate_insights']),
      stepTemplate('send_notifications', ['update_dashboard'], { optional: true, severity: 'critical' }),
    ],
    {
      name: 'customer_analytics',
      namespace: 'data_pipeline',
      deadline: { readyBy: 425, timezone: 'Asia/Kolkata', severity: 'critical', atRisk: null },
      schedule: {
        ...(eventBridgeCron('0 1 * * *') as TranslatedCron),
        timezone: 'Europe/Berlin',
        enabled: true,
        input: {},
      },
      inputSchema: {
        type: 'object',
        required: ['date_range', 'note'],
        properties: {
          date_range: {
            type: 'object',
            required: ['start_date', 'end_date'],
            properties: {
              start_date: { type: 'string', format: 'date' },
              end_date: { type: 'string', format: 'date' },
            },
          },
          note: { type: 'string', examples: ["it's fine"] },
          force_refresh: { type: 'boolean', default: false },
        },
      },
    },
  );
}

/** Compiled subscribers without files, by name. */
const subscribersOf = (subscriptions: Readonly<Record<string, Subscription>>): CompiledSubscribers => ({
  runtime: folderOf('runtime'),
  subscribers: Object.entries(subscriptions).map(([name, subscription]) => ({
    name,
    file: `lambdas/subscribers/${name}.ts`,
    subscription,
    code: folderOf(name),
  })),
});

/** Deployments without any setting. */
const plain: Deployment = {
  prefix: 'daybreak',
  stage: null,
  environment: null,
  plainInAny: false,
  env: {},
  only: null,
  store: {},
  settings: {},
};

/** An app with these pipelines and the shared stack, which cdk-nag checks. */
export function appOf(
  pipelines: readonly CompiledTemplate[],
  {
    names = pipelines.map(({ plan }) => plan.name),
    subscribers = {},
    ...own
  }: Partial<Deployment> & {
    names?: readonly string[];
    subscribers?: Readonly<Record<string, Subscription>>;
  } = {},
): App {
  const app = newApp();
  addStacks(app, { ...plain, ...own }, { pipelines, names, subscribers: subscribersOf(subscribers) });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
  return app;
}
