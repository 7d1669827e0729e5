import { describe, expect, test } from 'vitest';
import { type Resource, resources, statementsOf } from './read-template.ts';
import { all, assembly, synthesized } from './synthesized.ts';

describe('every stack', () => {
  test('is the same at every synthesis', () => {
    expect(synthesized().stacks.map((stack) => stack.template)).toEqual(assembly.stacks.map((stack) => stack.template));
  });

  test.each(all)('%s does not name a partition, region or account', (_, stack) => {
    // The template's author wrote this ARN under `permissions`; it stays unchanged.
    const text = JSON.stringify(stack.toJSON()).replace('arn:aws:dynamodb:*:*:table/limits', '');
    expect(text).not.toMatch(/arn:aws/);
    expect(text).not.toMatch(/\b(af|ap|ca|cn|eu|il|me|mx|sa|us)-(gov-)?(north|south|east|west|central)[a-z]*-\d/);
    expect(text).not.toMatch(/\b\d{12}\b/);
  });

  test.each(all)('%s grants no action by wildcard, and every resource only if AWS knows no other form', (_, stack) => {
    const everywhere = ['xray:', 'logs:'];
    for (const { Action, Resource: on, Effect } of statementsOf(stack)) {
      if (Effect !== 'Allow') continue;
      for (const action of [Action].flat()) {
        expect(action).not.toContain('*');
        if ([on].flat().includes('*'))
          expect(
            everywhere.some((prefix) => action.startsWith(prefix)),
            action,
          ).toBe(true);
      }
    }
  });

  test.each(all)('%s uses no AWS managed policy', (_, stack) => {
    for (const [, { Properties }] of resources(stack, 'AWS::IAM::Role')) {
      expect(Properties.ManagedPolicyArns).toBeUndefined();
    }
  });

  // A reference to a resource, by the name that CloudFormation gave it.
  const refersTo = ['EventBusName'];
  test.each(all)(
    '%s leaves names to CloudFormation, but for alarms, dashboards, the state machine and its log group',
    (_, stack) => {
      const named = Object.values((stack.toJSON().Resources ?? {}) as Record<string, Resource>)
        .filter(({ Properties }) =>
          Object.keys(Properties ?? {}).some((key) => /^(.+Name)$/.test(key) && !refersTo.includes(key)),
        )
        .map(({ Type }) => Type);
      const allowed = [
        'AWS::CloudWatch::Alarm',
        'AWS::Lambda::EventInvokeConfig',
        'AWS::Lambda::Permission',
        'AWS::Lambda::Version',
        'AWS::Logs::LogGroup',
        'AWS::SNS::Topic',
        'AWS::StepFunctions::StateMachine',
        // People look for it by its name.
        'AWS::CloudWatch::Dashboard',
      ];
      expect([...new Set(named)].filter((type) => !allowed.includes(type))).toEqual([]);
    },
  );
});
