import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { sized } from '../support/sized.ts';
import { stepTemplate } from '../support/templates.ts';
import { appOf, customerAnalytics, pipelineOf } from './fixture.ts';
import { resources, type Statement, statementsOf } from './read-template.ts';
import { analytics, template } from './synthesized.ts';

/** Paths in the bucket, from resources that consist of the bucket's imported ARN and a path. */
function pathsOf(resource: unknown): string[] {
  return [resource].flat().map((one) => {
    const [, [bucket, path]] = (one as { 'Fn::Join': [string, [object, string]] })['Fn::Join'];
    expect(bucket).toEqual({ 'Fn::ImportValue': expect.stringContaining('Bucket') });
    return path;
  });
}

describe('the functions of a pipeline', () => {
  test('are one for each set of settings, and the eight of the platform, all nodejs24.x on arm64 with tracing', () => {
    analytics.resourceCountIs('AWS::Lambda::Function', 2 + 8);
    analytics.allResourcesProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
    });
  });

  test('have the layer with the runtime; those that run steps also DuckDB and room for files', () => {
    const layers = resources(analytics, 'AWS::Lambda::LayerVersion');
    const versions = { CompatibleRuntimes: ['nodejs24.x'], LicenseInfo: 'MIT' };
    expect(layers.map(([, { Properties }]) => Properties)).toMatchObject([
      { ...versions, Description: "Daybreak's runtime" },
      { ...versions, Description: 'DuckDB for linux arm64', CompatibleArchitectures: ['arm64'] },
    ]);
    const [runtime, duckdb] = layers.map(([id]) => ({ Ref: id }));
    const functions = resources(analytics, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties);
    const ofSteps = functions.filter(({ Description }) => String(Description).startsWith('Runs '));
    expect(ofSteps).toHaveLength(2);
    for (const { Handler, Layers, EphemeralStorage, Environment, MemorySize } of ofSteps) {
      expect(Handler).toBe('index.handler');
      expect(Layers).toHaveLength(2);
      expect(Layers).toEqual(expect.arrayContaining([runtime, duckdb]));
      const room = MemorySize === 2048 ? 8192 : 4096;
      expect(EphemeralStorage).toEqual({ Size: room });
      expect(Environment).toMatchObject({ Variables: { DAYBREAK_SCRATCH_MB: String(room) } });
    }
    const ofPlatform = functions.filter((fn) => !ofSteps.includes(fn));
    expect(ofPlatform.map(({ Handler }) => Handler).sort()).toEqual(
      ['Deadlines', 'Finalize', 'Incidents', 'Prepare', 'Prune', 'Reconcile', 'RecordFailure', 'Wait'].map(
        (name) => `${name}.handler`,
      ),
    );
    for (const { Layers } of ofPlatform) expect(Layers).toEqual([runtime]);
    expect(JSON.stringify(ofPlatform)).not.toMatch(/EphemeralStorage|SCRATCH/);
  });

  test('have the room for files that their step demands', () => {
    template('copies').hasResourceProperties('AWS::Lambda::Function', {
      Description: 'Runs copy_c (pipeline copies)',
      EphemeralStorage: { Size: 600 },
      Environment: { Variables: Match.objectLike({ DAYBREAK_SCRATCH_MB: '600' }) },
    });
  });

  test('are shared by steps that agree in their settings', () => {
    const functions = resources(template('copies'), 'AWS::Lambda::Function').filter(([id]) => id.includes('Steps'));
    expect(functions.map(([, { Properties }]) => Properties.Description).sort()).toEqual([
      'Runs copy_a, copy_b (pipeline copies)',
      'Runs copy_c (pipeline copies)',
    ]);
  });

  test('have the time-out, memory and variables of their step, and the places of secrets, not their values', () => {
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

  test('know the queue only if they send dead letters; Reconcile also knows its pipeline', () => {
    const withQueue = resources(analytics, 'AWS::Lambda::Function').filter(([, fn]) =>
      JSON.stringify(fn).includes('DAYBREAK_QUEUE_URL'),
    );
    expect(withQueue.map(([id]) => id)).toEqual(
      ['RecordFailure', 'Finalize', 'Reconcile'].map((name) => expect.stringContaining(name)),
    );
    expect(withQueue[2]?.[1].Properties.Environment).toMatchObject({
      Variables: {
        DAYBREAK_PIPELINE: 'customer_analytics',
        DAYBREAK_QUEUE_URL: { Ref: expect.stringMatching(/^DeadLetters/) },
      },
    });
  });

  test('that send dead letters may send to the queue, and the machine and its steps may not', () => {
    const roles = resources(analytics, 'AWS::IAM::Role').filter(([, role]) =>
      /"sqs:SendMessage","Effect":"Allow","Resource":\{"Fn::GetAtt":\["DeadLetters/.test(JSON.stringify(role)),
    );
    expect(roles.map(([id]) => /RecordFailure|Finalize|Reconcile/.exec(id)?.[0]).sort()).toEqual([
      'Finalize',
      'Reconcile',
      'RecordFailure',
    ]);
  });

  test('have a log group for each set of permissions, kept for 30 days', () => {
    for (const [id, { Properties }] of resources(analytics, 'AWS::Lambda::Function')) {
      expect(Properties.LoggingConfig, id).toEqual({ LogGroup: { Ref: expect.any(String) } });
    }
    const groups = resources(analytics, 'AWS::Logs::LogGroup');
    expect(groups.length).toBe(2 + 8 + 1);
    for (const [, { Properties }] of groups) expect(Properties.RetentionInDays).toBe(30);
  });

  test('keep every version, so that an execution ends with the code that it began with', () => {
    const versions = resources(analytics, 'AWS::Lambda::Version');
    expect(versions.length).toBe(2 + 4);
    for (const [, version] of versions) {
      expect(version).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    }
  });

  test('reach only the runs of their pipeline in the store, and one alone deletes', () => {
    const isOfPrune = (id: string): boolean => id.startsWith('FunctionsPrune');
    const onStore = statementsOf(analytics, (id) => !isOfPrune(id)).filter(({ Action }) =>
      [Action].flat().some((action) => action.startsWith('s3:')),
    );
    const ofPrune = statementsOf(analytics, isOfPrune).filter(({ Action }) =>
      [Action].flat().includes('s3:DeleteObject'),
    );
    expect(ofPrune.map(({ Resource: on }) => pathsOf(on))).toEqual([
      ['index/*', 'removals/*.json', 'runs/*'].map((key) => `/customer_analytics/${key}`),
    ]);
    expect(new Set(onStore.flatMap(({ Action }) => Action))).toEqual(
      new Set(['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:ListBucket']),
    );
    for (const { Action, Resource: on, Condition } of onStore) {
      if (Action === 's3:ListBucket') {
        const prefixes = (Condition as { StringLikeIfExists: { 's3:prefix': string[] } }).StringLikeIfExists[
          's3:prefix'
        ];
        const own = [
          'customer_analytics/runs/*',
          'customer_analytics/leases/*',
          'sources/*',
          'customer_analytics/index/base.json*',
          'customer_analytics/incidents/state.json*',
          'customer_analytics/history.json*',
          'customer_analytics/deadlines.json*',
          'customer_analytics/removals/*',
          'customer_analytics/partitions/*',
          'customer_analytics/profiles/*',
          'customer_analytics/published/current.json*',
        ];
        expect(prefixes.filter((prefix) => !own.includes(prefix))).toEqual([]);
        continue;
      }
      const records = [
        'leases/*.json',
        'incidents/state.json',
        'history.json',
        'deadlines.json',
        'removals/*.json',
        'partitions/*.json',
        'profiles/*.json',
        ...(Action === 's3:GetObject' ? ['published/current.json'] : []),
      ].map((key) => `/customer_analytics/${key}`);
      for (const path of pathsOf(on)) {
        const below = path.startsWith('/customer_analytics/runs/*') || records.includes(path);
        const indexed =
          Action === 's3:GetObject'
            ? path === '/customer_analytics/index/base.json'
            : /^\/customer_analytics\/index\/((runs|letters)\/)?\*\.json$/.test(path);
        expect(below || indexed || (path === '/sources/*' && Action === 's3:GetObject'), path).toBe(true);
      }
    }
  });

  test('write leases only if they begin or end runs; steps read theirs', () => {
    const onLeases = (action: string) =>
      resources(analytics, 'AWS::IAM::Role')
        .filter(([, { Properties }]) => {
          const policies = (Properties.Policies ?? []) as { PolicyDocument: { Statement: Statement[] } }[];
          return policies
            .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
            .filter(({ Action }) => [Action].flat().includes(action))
            .some(({ Resource: on }) => JSON.stringify(on).includes('/customer_analytics/leases/*.json'));
        })
        .map(([id]) => ['Prepare', 'Finalize', 'Steps'].find((name) => id.includes(name)));
    expect(onLeases('s3:PutObject').sort()).toEqual(['Finalize', 'Prepare']);
    expect(onLeases('s3:GetObject').sort()).toEqual(['Finalize', 'Prepare', 'Steps', 'Steps']);
  });

  test('write only under the names of their steps', () => {
    const writes = (role: unknown): string[] => {
      const { Properties } = role as { Properties: { Policies?: { PolicyDocument: { Statement: Statement[] } }[] } };
      return (Properties.Policies ?? [])
        .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
        .filter(({ Action }) => [Action].flat().includes('s3:PutObject'))
        .flatMap(({ Resource: on }) => pathsOf(on));
    };
    const ofSteps = resources(analytics, 'AWS::IAM::Role').filter(([id]) => /Steps\w*Identity/.test(id));
    const stepsOf = ofSteps.map(([, role]) =>
      writes(role).flatMap((path) => /\/data\/(\w+)\/\*$/.exec(path)?.[1] ?? []),
    );
    const names = customerAnalytics().plan.steps.map(({ name }) => name);
    expect(stepsOf.map((steps) => steps.sort())).toEqual([
      ['extract_orders'],
      names.filter((name) => name !== 'extract_orders').sort(),
    ]);
    expect(writes(ofSteps[0]?.[1]).sort()).toEqual([
      '/customer_analytics/runs/*/data/extract_orders/*',
      '/customer_analytics/runs/*/executions/*/attempts/extract_orders.json',
      '/customer_analytics/runs/*/executions/*/outcomes/extract_orders.json',
      '/customer_analytics/runs/*/steps/extract_orders/*',
    ]);
  });

  test.each([
    ['secretsmanager:GetSecretValue', ':secret:daybreak/orders-??????'],
    ['ssm:GetParameter', ':parameter/daybreak/crm-token'],
    ['dynamodb:GetItem', 'arn:aws:dynamodb:*:*:table/limits'],
  ])('may %s only if the step declares it', (action, on) => {
    const grants = resources(analytics, 'AWS::IAM::Role').filter(([, role]) =>
      JSON.stringify(role).includes(`"${action}"`),
    );
    expect(grants.map(([id]) => id)).toEqual([expect.stringMatching(/^FunctionsSteps[0-9a-f]{8}Identity/)]);
    expect(JSON.stringify(grants)).toContain(on);
  });

  test('may end waits of their machine only, and only if the plan has waits for them', () => {
    const { plan } = customerAnalytics();
    expect(plan.steps.some(({ wakes }) => Object.keys(wakes).length > 0)).toBe(true);
    const signals = (stack: Template) =>
      statementsOf(stack).filter(({ Action }) => Action === 'states:SendTaskSuccess');
    expect(signals(analytics).length).toBeGreaterThan(2);
    for (const { Resource: on } of signals(analytics)) {
      expect(JSON.stringify(on)).toContain(':stateMachine:daybreak-staging--customer-analytics"');
    }
    // Wait and RecordFailure are the same for every pipeline; these steps wake no one.
    expect(signals(template('copies'))).toHaveLength(2);
  });
});

describe('the role of every function', () => {
  const rolesOf = (stack: Template) =>
    resources(stack, 'AWS::IAM::Role').map(([id, { Properties }]) => {
      const policies = (Properties.Policies ?? []) as { PolicyDocument: { Statement: Statement[] } }[];
      return { id, statements: policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement) };
    });

  test('may list each prefix below which it reads, since S3 otherwise answers 403 for a missing key', () => {
    let readers = 0;
    for (const { id, statements } of rolesOf(analytics)) {
      const mayRead = ({ Action }: Statement) => [Action].flat().includes('s3:GetObject');
      const read = statements.filter(mayRead).flatMap((one) => pathsOf(one.Resource));
      if (read.length === 0) continue;
      readers++;
      const list = statements.find(({ Action }) => Action === 's3:ListBucket');
      const prefixes = Object.values(Object(list?.Condition?.StringLikeIfExists)).flat();
      for (const path of read) expect(prefixes, `${id} reads ${path}`).toContain(`${path.slice(1).split('*')[0]}*`);
    }
    expect(readers).toBe(2 + 8);
  });

  // A bucket's ARN, a region and an account at their longest, in the partition with the longest names.
  const longest = (document: unknown): number =>
    JSON.stringify(document)
      .replace(
        /\{"Fn::ImportValue":"[^"]*"\}/g,
        '"arn:aws-us-gov:s3:::daybreak-shared-storebucket0123456789ab-0123456789ab"',
      )
      .replace(
        /\{"Fn::GetAtt":\["[^"]*Logs[^\]]*\]\}/g,
        `"arn:aws-us-gov:logs:us-gov-west-1:123456789012:log-group:${'x'.repeat(90)}:*"`,
      )
      .replace(/\{"Ref":"AWS::\w+"\}/g, '"us-gov-west-1"')
      .replace(/\{"Fn::Join":\["",\[(.*?)\]\]\}/g, '$1').length;

  test.each([21, 200, 1, 15, 19, 20, 60].slice(0, sized(1, 7)))(
    'fits into the 10,240 characters of IAM where %i steps share a function',
    (steps) => {
      const name = (i: number) => `transform_customer_metrics_by_region_and_channel_${i}`;
      const handler = { callable: 'copy', entry: 'lambdas/steps/wide/copy.ts', export: 'handler', initialization: {} };
      const templates = Array.from({ length: steps }, (_, i) => stepTemplate(name(i), [], { handler }));
      const app = appOf([pipelineOf(templates, { name: 'wide' })]);
      const wide = Template.fromJSON(app.synth().getStackByName('daybreak-wide').template);
      for (const { id, statements } of rolesOf(wide)) expect(longest(statements), id).toBeLessThan(10_240);
    },
  );
});
