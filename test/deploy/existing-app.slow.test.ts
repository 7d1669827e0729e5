import { Template } from 'aws-cdk-lib/assertions';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { type IVpc, Port, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket, BucketEncryption, HttpMethods, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Construct } from 'constructs';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { Pipeline } from '../../lib/deploy/pipeline.ts';
import { PipelineStore } from '../../lib/deploy/store/pipeline-store.ts';
import { stepTemplate } from '../support/templates.ts';
import { pipelineOf } from './fixture.ts';
import { resources, statementsOf } from './read-template.ts';
import { schedule } from './synthesized-schedule.ts';

// The CDK's own check of templates takes seconds; synthesis with it is in daybreak-app.slow.test.ts.
vi.stubEnv('CDK_VALIDATION', 'false');
afterAll(() => vi.unstubAllEnvs());

const orders = pipelineOf([stepTemplate('load', []), stepTemplate('join', ['load'])], {
  name: 'orders',
  schedule: { ...schedule, enabled: true },
});
const stock = pipelineOf([stepTemplate('count', [])], { name: 'stock_levels' });
const users = pipelineOf([stepTemplate('read', [])], { name: 'users' });

/** An app as people have it, without any of Daybreak's flags: a network and a lake in one stack, pipelines in others. */
function existingApp() {
  const app = new App({ analyticsReporting: false, autoSynth: false });
  const stage = new Stage(app, 'Production', { env: { account: '123456789012', region: 'eu-central-1' } });
  const base = new Stack(stage, 'Base');
  // The casts are needed because the CDK does not support exactOptionalPropertyTypes.
  const vpc = new Vpc(base, 'Vpc', { maxAzs: 2, natGateways: 1 }) as IVpc;
  const key = new Key(base, 'LakeKey');
  const lake = new Bucket(base, 'Lake', {
    encryption: BucketEncryption.KMS,
    encryptionKey: key,
    cors: [{ allowedMethods: [HttpMethods.GET], allowedOrigins: ['https://acme.example'] }],
    enforceSSL: true,
  });
  const pager = new Topic(base, 'Pager');
  const database = new SecurityGroup(base, 'Database', { vpc });
  const store = new PipelineStore(base, 'Store', {
    bucket: lake as IBucket,
    prefix: 'daybreak/',
    alerts: { critical: [pager], high: [pager], medium: [pager], low: [] },
  });

  const platform = new Stack(stage, 'Platform');
  const first = new Pipeline(platform, 'Orders', {
    template: orders,
    store,
    network: { vpc },
    encryptionKey: key,
    logRetention: RetentionDays.THREE_MONTHS,
    permissionsBoundary: 'developers',
    tags: { team: 'data' },
    reservedConcurrency: 5,
    startJitter: '15m',
    removalPolicy: 'destroy',
  });
  const second = new Pipeline(platform, 'Stock', { template: stock, store, prefix: 'acme', stage: 'live' });
  const nested = new NestedStack(platform, 'Nested');
  const third = new Pipeline(nested, 'Users', { template: users, store });

  const reader = new Role(platform, 'Reader', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  first.grantStart(reader);
  first.grantRead(reader);
  const operator = new Role(platform, 'Operator', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  second.grantOperate(operator);
  first.connections.allowTo(database, Port.tcp(5432));
  first.onFailed('Tell', { target: new SnsTopic(pager) });
  new Alarm(platform, 'Slow', { metric: first.metricDuration(), threshold: 3_600_000, evaluationPeriods: 1 });
  return { app, stage, base, platform, nested, pipelines: [first, second, third] };
}

const made = existingApp();
const assembly = made.stage.synth();
const template = (stack: Stack) => Template.fromJSON(assembly.getStackArtifact(stack.artifactId).template);
const base = template(made.base);
const platform = template(made.platform);

describe('pipelines in an existing app', () => {
  test('leave an existing bucket as it is', () => {
    const [[, lake] = [], ...others] = resources(base, 'AWS::S3::Bucket');
    expect(others).toEqual([]);
    expect(Object.keys(lake?.Properties ?? {}).sort()).toEqual(['BucketEncryption', 'CorsConfiguration']);
    const [[, policy] = []] = resources(base, 'AWS::S3::BucketPolicy');
    expect(JSON.stringify(policy)).not.toMatch(/daybreak|lambda/i);
  });

  test('reach only keys below the prefix, and use the key of the bucket', () => {
    const statements = statementsOf(platform).filter(({ Action }) =>
      [Action].flat().some((one) => one.startsWith('s3:')),
    );
    expect(statements.length).toBeGreaterThan(10);
    for (const { Action, Resource, Condition } of statements) {
      if (Action === 's3:ListBucket') {
        const prefixes = Object.values(Object(Condition?.StringLikeIfExists)).flat() as string[];
        expect(prefixes.every((prefix) => prefix.startsWith('daybreak/'))).toBe(true);
      } else {
        const paths = JSON.stringify(Resource).match(/"\/[^"]*"/g) ?? [];
        expect(paths.length).toBeGreaterThan(0);
        expect(paths.filter((path) => !path.startsWith('"/daybreak/'))).toEqual([]);
      }
    }
    const decrypt = statementsOf(platform).filter(({ Action }) =>
      JSON.stringify(Action).includes('kms:GenerateDataKey'),
    );
    // Two pipelines: the identity of the steps and the six of the platform each; the keys of the queues besides.
    expect(decrypt.length).toBeGreaterThanOrEqual(12);
    for (const { Resource } of decrypt) expect(JSON.stringify(Resource)).toContain('LakeKey');
  });

  test('put each of their functions into the private subnets, and let Lambda alone make network interfaces', () => {
    const functions = resources(platform, 'AWS::Lambda::Function');
    const inVpc = functions.filter(([, { Properties }]) => Properties.VpcConfig);
    expect(inVpc.map(([id]) => id.slice(0, 6))).toEqual(Array(7).fill('Orders'));
    for (const [, { Properties }] of inVpc) {
      expect(JSON.stringify(Properties.VpcConfig)).toMatch(/VpcPrivateSubnet1Subnet.*VpcPrivateSubnet2Subnet/);
      expect(JSON.stringify(Properties.VpcConfig)).not.toContain('PublicSubnet');
    }
    const onInterfaces = statementsOf(platform).filter(({ Action }) =>
      [Action].flat().includes('ec2:CreateNetworkInterface'),
    );
    expect(onInterfaces.map(({ Effect }) => Effect).sort()).toEqual([
      ...Array(7).fill('Allow'),
      ...Array(7).fill('Deny'),
    ]);
    const denied = onInterfaces.find(({ Effect }) => Effect === 'Deny');
    expect(denied?.Condition).toEqual({ Null: { 'lambda:SourceFunctionArn': 'false' } });
    for (const [, { Properties }] of resources(platform, 'AWS::IAM::Role'))
      expect(Properties.ManagedPolicyArns).toBeUndefined();
  });

  test('let the security group of the functions reach a database', () => {
    const rules = JSON.stringify([base.toJSON(), platform.toJSON()]);
    expect(rules).toMatch(/AWS::EC2::SecurityGroupIngress/);
    expect(rules).toContain('"ToPort":5432');
  });

  test('have names of their stack and pipeline, or of prefix and stage', () => {
    const names = resources(platform, 'AWS::StepFunctions::StateMachine').map(
      ([, { Properties }]) => Properties.StateMachineName,
    );
    expect(names).toEqual(['Production-Platform-orders', 'acme-live--stock-levels']);
    const alarms = resources(platform, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) =>
      String(Properties.AlarmName),
    );
    expect(alarms).toContain('Production-Platform-orders-execution-failed');
    expect(alarms).toContain('acme-live--stock-levels-dead-letter-is-old');
    const outputs = Object.keys(platform.toJSON().Outputs as object);
    expect(outputs).toEqual(
      expect.arrayContaining(['OrdersStateMachineArn', 'OrdersStorePrefix', 'StockLevelsPipelineName']),
    );
  });

  test('have the settings that were given', () => {
    const own = (type: string) => resources(platform, type).filter(([id]) => id.startsWith('Orders'));
    for (const [, { Properties }] of own('AWS::Logs::LogGroup')) expect(Properties.RetentionInDays).toBe(90);
    for (const [, { Properties }] of own('AWS::IAM::Role')) {
      expect(JSON.stringify(Properties.PermissionsBoundary)).toContain(':policy/developers');
      expect(JSON.stringify(Properties.Tags)).toContain('{"Key":"team","Value":"data"}');
    }
    for (const [, queue] of own('AWS::SQS::Queue')) {
      expect(queue.DeletionPolicy).toBe('Delete');
      expect(JSON.stringify(queue.Properties.KmsMasterKeyId)).toContain('LakeKey');
    }
    const reserved = own('AWS::Lambda::Function').filter(
      ([, { Properties }]) => Properties.ReservedConcurrentExecutions === 5,
    );
    expect(reserved.map(([, { Properties }]) => Properties.Description)).toEqual(['Runs load, join (pipeline orders)']);
    for (const [, { Properties }] of own('AWS::Lambda::Function'))
      expect(JSON.stringify(Properties.KmsKeyArn)).toContain('LakeKey');
    platform.hasResourceProperties('AWS::Scheduler::Schedule', {
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 },
    });
  });

  test('send alarms to the given topic, and make neither topics nor a key', () => {
    expect(resources(base, 'AWS::SNS::Topic').map(([id]) => id.slice(0, 5))).toEqual(['Pager']);
    base.resourceCountIs('AWS::KMS::Key', 1);
    for (const [id, { Properties }] of resources(platform, 'AWS::CloudWatch::Alarm')) {
      if (id.startsWith('Slow')) continue;
      expect(JSON.stringify(Properties.AlarmActions), id).toContain('Pager');
    }
  });

  test('grant others what the names say, and no more', () => {
    const policies = resources(platform, 'AWS::IAM::Policy');
    const actions = (role: string) =>
      new Set(
        policies
          .filter(([id]) => id.startsWith(role))
          .flatMap(
            ([, { Properties }]) =>
              (Properties.PolicyDocument as { Statement: { Action: string | string[] }[] }).Statement,
          )
          .flatMap(({ Action }) => Action),
      );
    expect([...actions('Reader')].sort()).toEqual([
      'kms:Decrypt',
      's3:GetObject',
      's3:ListBucket',
      'states:DescribeExecution',
      'states:DescribeStateMachine',
      'states:GetExecutionHistory',
      'states:ListExecutions',
      'states:StartExecution',
    ]);
    expect([...actions('Operator')]).toEqual(
      expect.arrayContaining(['s3:PutObject', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'states:RedriveExecution']),
    );
    expect([...actions('Operator')].filter((action) => /Delete(?!Message)/.test(action))).toEqual([]);
  });

  test('have no finding of cdk-nag in any construct of Daybreak', () => {
    const within = (scope: Construct) => new AwsSolutionsChecks().validateScope(scope).violations;
    for (const pipeline of made.pipelines) expect(within(pipeline), pipeline.node.path).toEqual([]);
    expect(within(made.base.node.findChild('Store') as Construct)).toEqual([]);
  });
});

test('two pipelines of one name in one store are refused', () => {
  const stack = new Stack(new App({ analyticsReporting: false, autoSynth: false }), 'Platform');
  const store = new PipelineStore(stack, 'Store');
  new Pipeline(stack, 'A', { template: users, store });
  expect(() => new Pipeline(stack, 'B', { template: users, store })).toThrow(
    '"Platform/B" and "Platform/A" are both the pipeline "users", in the store "Platform/Store"',
  );
});

test('settings of a new bucket are refused beside an existing one', () => {
  const stack = new Stack(new App({ analyticsReporting: false, autoSynth: false }), 'Platform');
  expect(
    () => new PipelineStore(stack, 'Store', { bucket: 'arn:aws:s3:::lake', retention: { oldVersions: 7 } }),
  ).toThrow('"retention.oldVersions" is for a new bucket; Daybreak changes nothing of an existing one');
});

test('isolated subnets can be chosen', () => {
  const stack = new Stack(new App({ analyticsReporting: false, autoSynth: false }), 'Platform');
  const vpc = new Vpc(stack, 'Vpc', {
    maxAzs: 1,
    natGateways: 0,
    subnetConfiguration: [{ name: 'inner', subnetType: SubnetType.PRIVATE_ISOLATED }],
  }) as IVpc;
  const store = new PipelineStore(stack, 'Store');
  new Pipeline(stack, 'A', {
    template: users,
    store,
    network: { vpc, subnets: { subnetType: SubnetType.PRIVATE_ISOLATED } },
  });
  expect(() => new Pipeline(stack, 'B', { template: stock, store, network: { vpc } })).toThrow("no 'Private' subnet");
});
