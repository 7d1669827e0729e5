import { CfnManagedPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { addStacks } from '../../lib/deploy/add-stacks.ts';
import { type Grant, roleWith } from '../../lib/deploy/function/grant.ts';
import { stepTemplate } from '../support/templates.ts';
import { emptyLayer, inlineCode, newApp, newScratch, pipelineOf } from './fixture.ts';

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

describe('CloudFormation’s limit of 500 resources', () => {
  const appWith = (steps: number) => {
    const app = newApp();
    addStacks(app, {
      prefix: 'daybreak',
      environment: null,
      allPipelines: ['wide'],
      architecture: 'arm64',
      layer: emptyLayer(),
      code: inlineCode,
      scratch: newScratch(),
      pipelines: [
        pipelineOf(
          Array.from({ length: steps }, (_, i) => stepTemplate(`step_${i}`, [])),
          { name: 'wide' },
        ),
      ],
    });
    return app;
  };
  const problems = (steps: number) => appWith(steps).node.findChild('daybreak-wide').node.validate();

  test('is told before the deployment, with the count, the room that there is, and the way out', () => {
    expect(() => appWith(150).synth()).toThrow(
      /the stack of "wide" would have 641 resources, but CloudFormation takes 500: 150 step functions of 4 resources each, where there is room for 114\. Steps that agree in handler, .* split the pipeline in two\./,
    );
  });

  test('is where it is said to be', () => {
    expect(problems(115)).toEqual([]);
    expect(problems(116)).toEqual([expect.stringContaining('would have 504 resources')]);
  });

  test('is not preceded by that of a policy’s size, whatever the names are', () => {
    // ARNs of versions as they are at their longest; the rest is about as long as it will be.
    const arn = `arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:${'x'.repeat(64)}:*`;
    const stack = appWith(110).node.findChild('daybreak-wide') as Stack;
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
    expect(policies.map((policy) => policy.split(arn).length - 1)).toEqual([45, 9]);
    for (const policy of policies) expect(policy.length).toBeLessThan(6_144);
  });
});
