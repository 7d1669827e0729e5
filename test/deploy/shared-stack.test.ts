import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { SharedStack } from '../../lib/deploy/shared-stack.ts';
import { metricRows } from '../../lib/metrics/metric-table.ts';
import { newApp } from './fixture.ts';
import { type Resource, resources } from './read-template.ts';

const stack = new SharedStack(newApp(), 'shared', { store: {} });
const shared = Template.fromStack(stack);

describe('the store', () => {
  test('is encrypted, versioned, closed to the public, kept forever, and logs each reader', () => {
    shared.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        VersioningConfiguration: { Status: 'Enabled' },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        LoggingConfiguration: { LogFilePrefix: 'store/' },
      },
    });
  });

  test('forgets old versions after 30 days, unfinished uploads after 7, and nothing else: only Prune knows which runs are needed', () => {
    shared.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: [
          {
            Id: 'tidy-up',
            Status: 'Enabled',
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
            NoncurrentVersionExpiration: { NoncurrentDays: 30 },
            ExpiredObjectDeleteMarker: true,
          },
        ],
      },
    });
  });

  test('answers over TLS only, and so does the bucket of its access logs', () => {
    const policies = resources(shared, 'AWS::S3::BucketPolicy');
    expect(policies.length).toBe(2);
    for (const [, policy] of policies) {
      expect(JSON.stringify(policy)).toContain(
        '"Action":"s3:*","Condition":{"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny"',
      );
    }
  });
});

describe('the alarm topics', () => {
  test('are four, encrypted with one key that CloudWatch may use', () => {
    const topics = resources(shared, 'AWS::SNS::Topic');
    expect(topics.map(([, { Properties }]) => Properties.DisplayName)).toEqual(
      ['critical', 'high', 'medium', 'low'].map((severity) => `Daybreak alarms: ${severity}`),
    );
    const keys = new Set(topics.map(([, { Properties }]) => JSON.stringify(Properties.KmsMasterKeyId)));
    expect(keys.size).toBe(1);
    const [[, key] = []] = resources(shared, 'AWS::KMS::Key');
    expect(key?.Properties.EnableKeyRotation).toBe(true);
    expect(key?.Properties.KeyPolicy).toMatchObject({
      Statement: expect.arrayContaining([
        expect.objectContaining({
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        }),
      ]),
    });
  });

  test('let the alarms of this account publish, and refuse any access without TLS', () => {
    const policies = resources(shared, 'AWS::SNS::TopicPolicy');
    expect(policies.length).toBe(4);
    for (const [, { Properties }] of policies) {
      expect(Properties.PolicyDocument).toMatchObject({
        Statement: expect.arrayContaining([
          expect.objectContaining({
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: 'sns:Publish',
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
          expect.objectContaining({
            Effect: 'Deny',
            Action: 'sns:Publish',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ]),
      });
    }
  });
});

test('all exports exist even if no pipeline uses them, so that no deployment removes an export in use', () => {
  const exported = Object.values(shared.toJSON().Outputs as Record<string, { Export?: unknown }>).filter(
    ({ Export }) => Export,
  );
  expect(exported.length).toBe(2 + 2 + 4);
});

test('deletion by accident is prevented', () => {
  expect(stack.terminationProtection).toBe(true);
});

test('one dashboard has a chart of every metric, for all pipelines of the store', () => {
  const [[, { Properties }], ...more] = resources(shared, 'AWS::CloudWatch::Dashboard') as [[string, Resource]];
  expect(more).toEqual([]);
  expect(Properties.DashboardName).toBe('shared-overview');
  for (const { name } of metricRows)
    expect(JSON.stringify(Properties.DashboardBody)).toContain(
      `Store=\\\\\\"shared\\\\\\" MetricName=\\\\\\"${name}\\\\\\"`,
    );
});
