import { Template } from 'aws-cdk-lib/assertions';
import { CfnManagedPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import type { FunctionSharing } from '../../lib/compiler/plan/plan.ts';
import type { StepTemplate } from '../../lib/compiler/template/template.ts';
import { type Grant, roleWith } from '../../lib/deploy/function/grant.ts';
import { sized } from '../support/sized.ts';
import { stepTemplate } from '../support/templates.ts';
import { newApp, pipelineOf, wideApp } from './fixture.ts';

describe('cdk-nag', () => {
  const findings = (grant: Grant): string[] => {
    const stack = new Stack(newApp(), 'stack');
    roleWith(stack, 'Role', { principal: 'lambda.amazonaws.com', grants: [grant] });
    return new AwsSolutionsChecks().validateScope(stack).violations.map(({ ruleName }) => ruleName);
  };

  test('refuses a wildcard without a reason, and takes one with it', () => {
    const wide = { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::bucket/*'] };
    expect(findings(wide)).toEqual(['AwsSolutions-IAM5[Resource::arn:aws:s3:::bucket/*]']);
    expect(findings({ ...wide, because: 'keys are not known before' })).toEqual([]);
    expect(findings({ actions: ['s3:Get*'], resources: ['arn:aws:s3:::bucket/key'] })).toEqual([
      'AwsSolutions-IAM5[Action::s3:Get*]',
    ]);
  });
});

/** A pipeline of handlers in layers, each with its own file and name. */
const wide = (
  steps: number,
  more: (index: number) => Partial<StepTemplate> = () => ({}),
  functions: FunctionSharing | null = null,
) => {
  const name = (index: number) => `transform_region_${index}`;
  const templates = Array.from({ length: steps }, (_, i) =>
    stepTemplate(name(i), i < 10 ? [] : [name(i - 10), name(i - 9 < 10 ? i - 10 : i - 9)].sort(), more(i)),
  );
  const pipeline = pipelineOf(templates, { name: 'wide', functions });
  return { app: wideApp(pipeline), machine: pipeline.machine };
};

describe('the quotas of AWS', () => {
  test.each([150, 400].slice(sized(1, 0)))(
    'hold for %i steps without any setting: 1 function for all of them',
    (steps) => {
      const { app, machine } = wide(steps);
      expect(machine.functions).toHaveLength(1);
      const stack = Template.fromJSON(app.synth().getStackByName('daybreak-wide').template);
      stack.resourceCountIs('AWS::Lambda::Function', 1 + 5);
      expect(Object.keys(stack.toJSON().Resources as object).length).toBeLessThan(60);
    },
  );

  test('hold for 400 steps with different time-outs: functions round up, and the runtime keeps the exact time', () => {
    const { app, machine } = wide(400, (index) => ({ timeoutMs: (30 + 2 * index) * 1000 }));
    expect(machine.functions.map(({ timeoutSeconds }) => timeoutSeconds)).toEqual([60, 300, 900]);
    const exact = Object.assign({}, ...machine.functions.map(({ timeouts }) => timeouts)) as Record<string, number>;
    expect(exact.transform_region_0).toBe(30);
    expect(exact.transform_region_399).toBe(828);
    expect(Object.keys(exact).length).toBe(400 - 2);
    expect(() => app.synth()).not.toThrow();
  });

  test('that are exceeded are reported before the deployment, with the count and the remedy', () => {
    const { app } = wide(150, () => ({}), 'separate');
    expect(() => app.synth()).toThrow(
      /the stack of "wide" would have \d+ resources, but CloudFormation takes 500; 150 functions run its steps\. Remove `functions: separate`, .* Or split the pipeline in two\./,
    );
  });

  test('of IAM: the machine may invoke each function, and its policies fit, for any names', () => {
    const { app } = wide(80, () => ({}), 'separate');
    // ARNs of versions at their longest; the rest has about its real length.
    const arn = `arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:${'x'.repeat(64)}:*`;
    const stack = app.node.findChild('daybreak-wide') as Stack;
    const machine = stack.node.findChild('Machine').node.findAll();
    const sized = (document: unknown): string =>
      JSON.stringify(stack.resolve(document)).replace(
        /\{"Fn::Join":\["",\[\{"Fn::GetAtt":\["Functions.*?\]\]\}/g,
        `"${arn}"`,
      );
    const roles = machine.filter((node) => node instanceof CfnRole).map((node) => sized(node.policies));
    const policies = machine
      .filter((node) => node instanceof CfnManagedPolicy)
      .map((node) => sized(node.policyDocument));
    const [role = ''] = roles;
    expect(role.split(arn).length - 1).toBe(60);
    expect(role.length).toBeLessThan(10_240);
    expect(policies.map((policy) => policy.split(arn).length - 1)).toEqual([80 + 4 - 60]);
    for (const policy of policies) expect(policy.length).toBeLessThan(6_144);
  });
});
