import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { App } from 'aws-cdk-lib/core';
import { planPipeline } from '../../lib/compiler/plan/plan-pipeline.ts';
import { emitMachine } from '../../lib/compiler/states/emit-machine.ts';
import { eventBridgeCron, type TranslatedCron } from '../../lib/compiler/template/schedule/eventbridge-cron.ts';
import type { Template as PipelineTemplate, StepTemplate } from '../../lib/compiler/template/template.ts';
import { addStacks } from '../../lib/deploy/add-stacks.ts';
import { featureFlags } from '../../lib/deploy/feature-flags.ts';
import { graphOf } from '../support/graphs.ts';
import { stepTemplate, templateOf } from '../support/templates.ts';

/** A compiled pipeline without files. Steps stand after their dependencies. */
export function pipelineOf(steps: readonly StepTemplate[], more: Partial<PipelineTemplate> = {}) {
  const names = steps.map(({ name }) => name);
  const graph = {
    ...graphOf(steps.map(({ dependencies }) => dependencies.map((name) => names.indexOf(name)))),
    names,
    dependencies: new Map(steps.map(({ name, dependencies }) => [name, dependencies])),
  };
  const plan = planPipeline(templateOf(steps, more), graph);
  return { plan, machine: emitMachine(plan, () => 'c0de') };
}

/** Stands for a bundle; its text shows the code of a function. */
export function inlineCode(key: string): Code {
  return Code.fromInline(`// ${key}`);
}

/** Stands for the layer with DuckDB. */
export function emptyLayer() {
  const folder = newScratch();
  writeFileSync(join(folder, 'nothing'), '');
  return { folder, digest: 'd19e57' };
}

export function newApp(): App {
  return new App({ postCliContext: { ...featureFlags }, analyticsReporting: false, autoSynth: false });
}

export function newScratch(): string {
  return mkdtempSync(join(tmpdir(), 'daybreak-test-'));
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
      stepTemplate('extract_users', []),
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

/** An app with this pipeline, called `wide`, and the shared stack. */
export function wideApp(pipeline: ReturnType<typeof pipelineOf>): App {
  const app = newApp();
  addStacks(app, {
    prefix: 'daybreak',
    environment: null,
    allPipelines: ['wide'],
    architecture: 'arm64',
    layer: emptyLayer(),
    code: inlineCode,
    scratch: newScratch(),
    pipelines: [pipeline],
  });
  return app;
}
