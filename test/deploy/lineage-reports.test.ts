import { Match, Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { resourcesOf } from '../../lib/compiler/checks/check-functions.ts';
import { stepTemplate } from '../support/templates.ts';
import { appOf, pipelineOf } from './fixture.ts';
import { resources, type Statement } from './read-template.ts';
import { analytics } from './synthesized.ts';

const lineage = {
  namespace: 'night',
  url: 'https://lineage.example.com/api/v1/lineage',
  api_key: { service: 'ssm' as const, id: '/lineage/key' },
};
const compiled = pipelineOf([stepTemplate('only', [])], { name: 'orders', lineage });
// cdk-nag checks the app while it is synthesized.
const stack = Template.fromJSON(appOf([compiled]).synth().getStackByName('daybreak-orders').template);

test('the function that reports runs hears the end of each execution of its pipeline, and no step', () => {
  stack.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      source: ['daybreak'],
      'detail-type': ['run.completed', 'run.failed', 'run.stopped'],
      detail: { pipeline: ['orders'] },
    },
    Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('Lineage'), 'Arn'] } })],
  });
});

test('it may read runs and the one key, and write the events of executions', () => {
  type Policies = readonly { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }[];
  const [role] = resources(stack, 'AWS::IAM::Role').filter(([id]) => id.includes('LineageIdentity'));
  const statements = ((role?.[1].Properties.Policies ?? []) as Policies).flatMap(
    ({ PolicyDocument }) => PolicyDocument.Statement,
  );
  const text = (action: string) => JSON.stringify(statements.filter((one) => [one.Action].flat().includes(action)));
  expect(text('ssm:GetParameter')).toContain(':parameter/lineage/key');
  expect(text('s3:PutObject')).toContain('/orders/runs/*/executions/*/lineage.json');
  expect(text('s3:PutObject').match(/orders\//g)).toHaveLength(1);
  const actions = statements.flatMap(({ Action }) => [Action].flat());
  expect(actions.filter((action) => /^(states|sqs|events|lambda|secretsmanager):/.test(action))).toEqual([]);
});

test('neither key nor address stands in the template or in the machine', () => {
  const { Resources } = stack.toJSON() as { Resources: Record<string, { Type: string }> };
  const others = Object.values(Resources).filter(({ Type }) => Type !== 'AWS::IAM::Role');
  expect(JSON.stringify(others)).not.toMatch(/lineage\.example\.com|lineage\/key/);
  expect(JSON.stringify(compiled.machine.definition)).not.toMatch(/lineage/);
});

test('a pipeline without lineage has none of it', () => {
  expect(Object.keys(analytics.toJSON().Resources as object).join(' ')).not.toMatch(/Lineage/i);
});

test('check counts the resources of the stack as they are', () => {
  const counted = Object.keys(stack.toJSON().Resources as object).length;
  expect(Math.abs(resourcesOf(compiled.plan, compiled.machine) - counted)).toBeLessThanOrEqual(3);
});
