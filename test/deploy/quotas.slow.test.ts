import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { wide } from './wide.ts';

describe('the quotas of AWS', () => {
  test.each([150, 400])('hold for %i steps without any setting: 1 function for all of them', (steps) => {
    const { app, machine } = wide(steps);
    expect(machine.functions).toHaveLength(1);
    const stack = Template.fromJSON(app.synth().getStackByName('daybreak-wide').template);
    stack.resourceCountIs('AWS::Lambda::Function', 1 + 7);
    expect(Object.keys(stack.toJSON().Resources as object).length).toBeLessThan(60);
  });

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
});
