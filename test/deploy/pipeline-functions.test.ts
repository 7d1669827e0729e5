import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { customerAnalytics } from './fixture.ts';
import { resources, type Statement, statementsOf } from './read-template.ts';
import { analytics, template } from './synthesized.ts';

/** Paths in the bucket, of resources that are the bucket's imported ARN and a path. */
function pathsOf(resource: unknown): string[] {
  return [resource].flat().map((one) => {
    const [, [bucket, path]] = (one as { 'Fn::Join': [string, [object, string]] })['Fn::Join'];
    expect(bucket).toEqual({ 'Fn::ImportValue': expect.stringContaining('Bucket') });
    return path;
  });
}

describe('the functions of a pipeline', () => {
  test('are one per step that differs, and the five of the platform, all nodejs24.x on arm64 with tracing', () => {
    analytics.resourceCountIs('AWS::Lambda::Function', 8 + 5);
    analytics.allResourcesProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      TracingConfig: { Mode: 'Active' },
    });
  });

  test('that run steps have the layer with DuckDB and room for files, which the platform has no use for', () => {
    const layers = resources(analytics, 'AWS::Lambda::LayerVersion');
    expect(layers.map(([, { Properties }]) => Properties)).toMatchObject([
      { CompatibleArchitectures: ['arm64'], CompatibleRuntimes: ['nodejs24.x'], LicenseInfo: 'MIT' },
    ]);
    const functions = resources(analytics, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties);
    const ofSteps = functions.filter(({ Description }) => String(Description).startsWith('Runs '));
    expect(ofSteps).toHaveLength(8);
    for (const { Layers, EphemeralStorage, Environment, MemorySize } of ofSteps) {
      expect(Layers).toEqual([{ Ref: layers[0]?.[0] }]);
      const room = MemorySize === 2048 ? 8192 : 4096;
      expect(EphemeralStorage).toEqual({ Size: room });
      expect(Environment).toMatchObject({ Variables: { DAYBREAK_SCRATCH_MB: String(room) } });
    }
    const ofPlatform = functions.filter((fn) => !ofSteps.includes(fn));
    expect(ofPlatform).toHaveLength(5);
    expect(JSON.stringify(ofPlatform)).not.toMatch(/Layers|EphemeralStorage|SCRATCH/);
  });

  test('have the room for files that their step asks for', () => {
    template('copies').hasResourceProperties('AWS::Lambda::Function', {
      Description: 'Runs copy_c (pipeline copies)',
      EphemeralStorage: { Size: 600 },
      Environment: { Variables: Match.objectLike({ DAYBREAK_SCRATCH_MB: '600' }) },
    });
  });

  test('are shared by steps that agree in all but their initialization', () => {
    const functions = resources(template('copies'), 'AWS::Lambda::Function').filter(([id]) => id.includes('Copy'));
    expect(functions.map(([, { Properties }]) => Properties.Description).sort()).toEqual([
      'Runs copy_a, copy_b (pipeline copies)',
      'Runs copy_c (pipeline copies)',
    ]);
  });

  test('have the time-out, memory and variables of their step, and learn where secrets are, not what they are', () => {
    analytics.hasResourceProperties('AWS::Lambda::Function', {
      Description: 'Runs extract_orders (pipeline customer_analytics)',
      Timeout: 840,
      MemorySize: 2048,
      Environment: {
        Variables: {
          REGION_CODE: 'north',
          DAYBREAK_STORE: { 'Fn::Join': ['', ['s3://', { 'Fn::ImportValue': Match.stringLikeRegexp('Store') }]] },
          DAYBREAK_SECRETS:
            '{"database":{"service":"secretsmanager","id":"daybreak/orders"},"token":{"service":"ssm","id":"/daybreak/crm-token"}}',
        },
      },
    });
  });

  test('of reconciliation learns its pipeline and queue, which no other function needs', () => {
    const withQueue = resources(analytics, 'AWS::Lambda::Function').filter(([, fn]) =>
      JSON.stringify(fn).includes('DAYBREAK_QUEUE_URL'),
    );
    expect(withQueue.map(([id]) => id)).toEqual([expect.stringContaining('Reconcile')]);
    expect(withQueue[0]?.[1].Properties.Environment).toMatchObject({
      Variables: {
        DAYBREAK_PIPELINE: 'customer_analytics',
        DAYBREAK_QUEUE_URL: { Ref: expect.stringMatching(/^DeadLetters/) },
      },
    });
  });

  test('have a log group each, kept for 30 days', () => {
    for (const [id, { Properties }] of resources(analytics, 'AWS::Lambda::Function')) {
      expect(Properties.LoggingConfig, id).toEqual({ LogGroup: { Ref: expect.any(String) } });
    }
    const groups = resources(analytics, 'AWS::Logs::LogGroup');
    expect(groups.length).toBe(13 + 1);
    for (const [, { Properties }] of groups) expect(Properties.RetentionInDays).toBe(30);
  });

  test('keep every version, so that an execution ends with the code that it began with', () => {
    const versions = resources(analytics, 'AWS::Lambda::Version');
    expect(versions.length).toBe(12);
    for (const [, version] of versions) {
      expect(version).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    }
  });

  test('reach the store below the runs of their own pipeline only, and never delete', () => {
    const onStore = statementsOf(analytics).filter(({ Action }) =>
      [Action].flat().some((action) => action.startsWith('s3:')),
    );
    expect(new Set(onStore.flatMap(({ Action }) => Action))).toEqual(
      new Set(['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:ListBucket']),
    );
    for (const { Action, Resource: on, Condition } of onStore) {
      if (Action === 's3:ListBucket') {
        expect(Condition).toEqual({ StringLikeIfExists: { 's3:prefix': ['customer_analytics/runs/*', 'sources/*'] } });
        continue;
      }
      for (const path of pathsOf(on)) {
        const below = path.startsWith('/customer_analytics/runs/*') || path === '/customer_analytics/leases/*.json';
        expect(below || (path === '/sources/*' && Action === 's3:GetObject'), path).toBe(true);
      }
    }
  });

  test('reach the leases only where runs begin and end', () => {
    const roles = resources(analytics, 'AWS::IAM::Role').filter(([, role]) =>
      JSON.stringify(role).includes('/customer_analytics/leases/*.json'),
    );
    const names = roles.map(([id]) => ['Prepare', 'Finalize'].find((name) => id.includes(name)));
    expect(names.sort()).toEqual(['Finalize', 'Prepare']);
  });

  test('of steps write under the name of their step alone', () => {
    const [[, role] = []] = resources(analytics, 'AWS::IAM::Role').filter(([id]) =>
      id.includes('ExtractUsersFunction'),
    );
    const policies = (role?.Properties.Policies ?? []) as { PolicyDocument: { Statement: Statement[] } }[];
    const writes = policies
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(({ Action }) => [Action].flat().includes('s3:PutObject'));
    expect(writes.flatMap(({ Resource: on }) => pathsOf(on)).sort()).toEqual([
      '/customer_analytics/runs/*/data/extract_users/*',
      '/customer_analytics/runs/*/executions/*/attempts/extract_users.json',
      '/customer_analytics/runs/*/executions/*/outcomes/extract_users.json',
      '/customer_analytics/runs/*/steps/extract_users/*',
    ]);
  });

  test.each([
    ['secretsmanager:GetSecretValue', ':secret:daybreak/orders-??????'],
    ['ssm:GetParameter', ':parameter/daybreak/crm-token'],
    ['dynamodb:GetItem', 'arn:aws:dynamodb:*:*:table/limits'],
  ])('may %s only where the step declares it', (action, on) => {
    const grants = resources(analytics, 'AWS::IAM::Role').filter(([, role]) =>
      JSON.stringify(role).includes(`"${action}"`),
    );
    expect(grants.map(([id]) => id)).toEqual([expect.stringContaining('ExtractOrdersFunction')]);
    expect(JSON.stringify(grants)).toContain(on);
  });

  test('may end waits only where the plan has waits for them', () => {
    const { plan } = customerAnalytics();
    const waking = plan.steps.filter(({ wakes }) => Object.keys(wakes).length > 0).map(({ name }) => name);
    expect(waking.length).toBeGreaterThan(0);
    const roles = resources(analytics, 'AWS::IAM::Role').filter(([, role]) =>
      JSON.stringify(role).includes('SendTaskSuccess'),
    );
    expect(roles.length).toBe(waking.length + 2);
  });
});
