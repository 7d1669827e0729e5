import { Template } from 'aws-cdk-lib/assertions';
import { stepTemplate } from '../support/templates.ts';
import { appOf, customerAnalytics, pipelineOf } from './fixture.ts';
import { schedule } from './synthesized-schedule.ts';

/** The stacks that the tests of this folder check: the reference pipeline, and one of each other kind. */
export function synthesized() {
  const callable = 'copy';
  const shared = {
    handler: { callable, entry: 'lambdas/steps/copies/copy.ts', export: 'handler', initialization: {} },
  };
  const app = appOf(
    [
      customerAnalytics(),
      pipelineOf(
        [
          stepTemplate('copy_a', [], { ...shared, handler: { ...shared.handler, initialization: { table: 'a' } } }),
          stepTemplate('copy_b', [], { ...shared, handler: { ...shared.handler, initialization: { table: 'b' } } }),
          stepTemplate('copy_c', [], { ...shared, memoryMb: 4096, ephemeralStorageMb: 600 }),
        ],
        { name: 'copies', schedule: { ...schedule, enabled: false } },
      ),
      pipelineOf(
        // Their definition is larger than what stands in a template.
        Array.from({ length: 80 }, (_, index) =>
          stepTemplate(`step_${index}`, index === 0 ? [] : [`step_${index - 1}`]),
        ),
        { name: 'large', schedule: { ...schedule, enabled: true } },
      ),
    ],
    {
      stage: 'staging',
      subscribers: {
        monitor: {
          on: ['step.failed', 'data.*', 'task.completed', 'task.*', 'step.failed'],
          pipelines: ['customer_analytics', 'copies'],
          secrets: { pager: 'daybreak/pager', token: 'ssm:/daybreak/token' },
        },
        archive: { on: ['*'], duplicates: 'deliver' },
      },
    },
  );
  return app.synth();
}
export const assembly = synthesized();
export function template(name: string): Template {
  return Template.fromJSON(assembly.getStackByName(`daybreak-staging--${name}`).template);
}
export const analytics = template('customer-analytics');
export const subscribers = template('subscribers');
export const all = assembly.stacks.map((stack) => [stack.stackName, Template.fromJSON(stack.template)] as const);
