import { expect, test } from 'vitest';
import { cli } from './cli.ts';
import { deployed, stack } from './remote-project.ts';

test('reports a stack that is missing, is not a pipeline, or belongs to another one, and guesses nothing', async () => {
  const { root, aws } = await deployed();
  aws.stacks['daybreak-shared'] = { outputs: { StoreBucketName: 'b', AlarmTopichigh: 'arn' } };
  aws.stacks['daybreak-other'] = { outputs: aws.stacks[stack]?.outputs ?? {}, tags: { 'daybreak:pipeline': 'other' } };
  const said = async (...args: string[]) => (await cli(args, { cwd: root, env: aws.env })).stderr;
  process.env.AWS_ACCESS_KEY_ID ??= 'test';
  process.env.AWS_SECRET_ACCESS_KEY ??= 'test';
  expect(await said('status', 'demo', '--stack', 'gone')).toBe('error: there is no stack "gone" in us-east-1\n');
  expect(await said('status', 'demo', '--stack', 'daybreak-shared')).toBe(
    'error: stack "daybreak-shared" is not the stack of a pipeline: it has no output StateMachineArn, DeadLetterQueueUrl; its outputs are: AlarmTopichigh, StoreBucketName\n',
  );
  expect(await said('start', 'demo', '--stack', 'daybreak-other')).toBe(
    'error: stack "daybreak-other" is of pipeline "other", not of "demo"\n',
  );
  expect(await said('status', 'demo', '--stack', stack, '--store', 'x')).toContain('give one of them');
  expect(await said('start', 'demo')).toContain('start needs a deployed pipeline');
  const { AWS_REGION: _, ...nowhere } = aws.env;
  expect((await cli(['status', 'demo', '--stack', stack], { cwd: root, env: nowhere })).stderr).toContain(
    '--stack: AWS_REGION is not set',
  );
});
