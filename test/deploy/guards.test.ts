import { CfnManagedPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { type Grant, roleWith } from '../../lib/deploy/function/grant.ts';
import { newApp } from './fixture.ts';
import { wide } from './wide.ts';

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

describe('the quotas of AWS', () => {
  test('of IAM: the machine may invoke each function, and its policies fit, for any names', () => {
    const { app } = wide(80, () => ({}), 'separate');
    // ARNs of versions at their longest; the rest has about its real length.
    const arn = `arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:${'x'.repeat(64)}:*`;
    const stack = app.node.findChild('daybreak-wide') as Stack;
    const machine = stack.node.findChild('Default').node.findChild('Machine').node.findAll();
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
