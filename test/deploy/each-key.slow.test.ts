import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { afterAll, describe, expect, test, vi } from 'vitest';
import type { z } from 'zod';
import { configSchema, type DaybreakConfig } from '../../lib/config/config.ts';
import { pipelineProps } from '../../lib/config/construct-props.ts';
import { deployments } from '../../lib/config/deployments.ts';
import { parseSettings } from '../../lib/config/parse-settings.ts';
import { addStacks } from '../../lib/deploy/app/add-deployment.ts';
import { Pipeline, type PipelineProps } from '../../lib/deploy/pipeline.ts';
import { PipelineStore } from '../../lib/deploy/store/pipeline-store.ts';
import { shapeOf } from '../config/settings-table.ts';
import { stepTemplate } from '../support/templates.ts';
import { newApp, pipelineOf } from './fixture.ts';
import { schedule } from './synthesized-schedule.ts';

// These tests compare templates; the CDK's own check of them takes seconds.
vi.stubEnv('CDK_VALIDATION', 'false');
afterAll(() => vi.unstubAllEnvs());

/** A failed run of a pipeline raises an alarm of its severity. */
const pipelineFor = (path: string) => {
  const severity = (['low', 'medium', 'high'] as const).find((one) => path.endsWith(`alerts.${one}`)) ?? 'critical';
  const more = { name: 'orders', schedule: { ...schedule, enabled: true } };
  const compiled = pipelineOf([stepTemplate('load', [], { severity })], more);
  return { ...compiled, plan: { ...compiled.plan, publish: { datasets: { load: ['orders'] }, keep: 1 } } };
};
const pipeline = pipelineFor('');
const topic = 'arn:aws:sns:eu-central-1:123456789012:pager';
const network = { subnets: ['subnet-1'], securityGroups: ['sg-1'] };

/** A value for each key of the configuration, and the configuration around it where a key alone means nothing. */
const samples: Readonly<Record<string, [value: unknown, beside?: object]>> = {
  prefix: ['acme'],
  environments: [{ staging: {} }],
  account: ['123456789012'],
  region: ['eu-central-1'],
  pipelines: [[]],
  environment: ['live'],
  'network.vpc': ['vpc-1', { network: { subnets: ['subnet-1'], vpc: 'vpc-2' } }],
  'network.subnets': [['subnet-2'], { network }],
  'network.securityGroups': [['sg-2'], { network }],
  permissionsBoundary: ['developers'],
  tags: [{ team: 'data' }],
  removalPolicy: ['destroy'],
  logRetention: [7],
  encryptionKey: ['arn:aws:kms:eu-central-1:123456789012:key/a'],
  'alerts.critical': [[topic]],
  'alerts.high': [[topic]],
  'alerts.medium': [[topic]],
  'alerts.low': [[topic]],
  'defaults.alerts': [{ high: { teams: 'ssm:/t' } }],
  reservedConcurrency: [5],
  startJitter: ['15m'],
  metrics: ['steps'],
  catalog: [false],
  dashboard: [true],
  architecture: ['x86_64'],
  'store.bucket': ['acme-lake'],
  'store.prefix': ['daybreak/'],
  'store.encryptionKey': ['arn:aws:kms:eu-central-1:123456789012:key/b'],
  'store.retention.runs': [7],
  'store.retention.oldVersions': [8],
  'store.retention.accessLogs': [9],
  'store.removalPolicy': ['destroy'],
  'store.dashboard': [false],
  'store.alerts.critical': [[topic]],
  'store.alerts.high': [[topic]],
  'store.alerts.medium': [[topic]],
  'store.alerts.low': [[topic]],
  'store.tags': [{ team: 'store' }],
};

/** The paths of all keys that have no keys below them. */
const leaves = (schema: z.ZodType, before = ''): string[] =>
  Object.entries(shapeOf(schema)).flatMap(([key, type]) => {
    const below = leaves(type, `${before}${key}.`);
    return below.length > 0 ? below : [`${before}${key}`];
  });

const withKey = (path: string, value: unknown, beside: object = {}): DaybreakConfig => {
  const config = structuredClone(beside) as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop() as string;
  let at = config;
  for (const key of keys) {
    at[key] ??= {};
    at = at[key] as Record<string, unknown>;
  }
  at[last] = value;
  return parseSettings(configSchema, config, 'test') as DaybreakConfig;
};

/** Names, places, templates and the choice of pipelines: all that a deployment consists of. */
const synthesized = (config: DaybreakConfig, path = ''): string => {
  const app = newApp();
  const made = deployments(config, { env: null, pipeline: null, prefix: null, architecture: null });
  for (const deployment of made)
    addStacks(app, deployment, { pipelines: [pipelineFor(path)], names: ['orders'], subscribers: null });
  const stacks = app
    .synth()
    .stacks.map(({ stackName, environment, template }) => ({ stackName, environment, template }));
  return JSON.stringify([
    stacks,
    made.map(({ only, environment, settings }) => [only, environment, settings.defaults]),
  ]);
};

describe('each key of the configuration', () => {
  test('has a sample below', () => {
    expect(leaves(configSchema).sort()).toEqual(Object.keys(samples).sort());
  });

  const base = new Map<string, string>();
  test.each(Object.entries(samples))('%s changes the deployment', (path, [value, beside = {}]) => {
    const key = JSON.stringify([beside, pipelineFor(path).plan.steps[0]?.severity]);
    const without = base.get(key) ?? synthesized(parseSettings(configSchema, beside, 'test') as DaybreakConfig, path);
    base.set(key, without);
    expect(synthesized(withKey(path, value, beside), path)).not.toBe(without);
  });
});

describe('each prop of a Pipeline alone', () => {
  const template = (props: Partial<PipelineProps>): string => {
    const app = newApp();
    const stack = new Stack(app, 'Platform');
    const store = new PipelineStore(stack, 'Store', { bucket: Bucket.fromBucketName(stack, 'Lake', 'lake') });
    new Pipeline(stack, 'Orders', { template: pipeline, store, ...props });
    return JSON.stringify(app.synth().getStackByName('Platform').template);
  };
  const props: Readonly<Record<string, Partial<PipelineProps>>> = {
    template: { template: pipelineOf([stepTemplate('read', [])], { name: 'stock' }) },
    prefix: { prefix: 'acme' },
    stage: { stage: 'staging' },
    outputs: { outputs: false },
    startJitter: { startJitter: Duration.minutes(15) },
  };
  const without = template({});

  test.each(Object.entries(props))('%s changes the template', (_, own) => {
    expect(template(own)).not.toBe(without);
  });

  test('a Duration means the same as a text', () => {
    expect(template({ startJitter: Duration.minutes(15) })).toBe(template({ startJitter: '15m' }));
  });

  test.each<[string, object, string]>([
    [
      'an unknown one',
      { logRetentions: 7 },
      'Pipeline "Platform/Orders": "logRetentions" is not a key; did you mean "logRetention"?',
    ],
    [
      'a wrong value',
      { reservedConcurrency: 0 },
      'Pipeline "Platform/Orders": "reservedConcurrency" is 0, but it takes a whole number from 1 to 10,000',
    ],
    ['no template', { template: undefined }, 'Pipeline "Platform/Orders" needs "template", the path of a template'],
    ['no store', { store: undefined }, 'Pipeline "Platform/Orders" needs "store", a `PipelineStore`'],
    [
      'the id of a VPC alone',
      { network: { vpc: 'vpc-1' } },
      '"network" needs "subnets", a list of subnets, or "vpc", an `IVpc`',
    ],
    [
      'subnets alone',
      { network: { subnets: ['subnet-1'] } },
      '"network" needs "securityGroups", or "vpc" for a new security group',
    ],
    [
      'an id without effect',
      { network: { vpc: 'vpc-1', ...network } },
      '"network.vpc" is "vpc-1", but beside "network.securityGroups" an id has no effect; remove it',
    ],
  ])('%s is refused with the fix', (_, own, message) => {
    expect(() => template(own)).toThrow(message);
  });

  test('the props are those of the configuration, and these', () => {
    const own = Object.keys(shapeOf(pipelineProps)).filter(
      (key) => !(key in shapeOf(configSchema)) || key === 'store' || key === 'prefix',
    );
    expect(own.sort()).toEqual(['outputs', 'prefix', 'root', 'stage', 'store', 'template']);
  });
});
