import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { errorNames } from '../../../lib/contract/error-names.ts';
import { readStack } from '../../../lib/ports/aws/stacks/read-stack.ts';

const mocked = () => {
  const client = new CloudFormationClient({ region: 'eu-central-1' });
  return { client, mock: mockClient(client) };
};
const status = { StackStatus: 'CREATE_COMPLETE', CreationTime: new Date(), StackName: 's' } as const;

test('gives the outputs and tags of a stack by name', async () => {
  const { client, mock } = mocked();
  mock.on(DescribeStacksCommand, { StackName: 's' }).resolves({
    Stacks: [
      {
        ...status,
        Outputs: [{ OutputKey: 'A', OutputValue: '1' }],
        Tags: [{ Key: 'daybreak:pipeline', Value: 'demo' }],
      },
    ],
  });
  expect(await readStack(client, 's')).toEqual({
    outputs: new Map([['A', '1']]),
    tags: new Map([['daybreak:pipeline', 'demo']]),
  });
});

test('a missing stack is null; any other fault is a PlatformError that names the stack', async () => {
  const { client, mock } = mocked();
  const missing = Object.assign(new Error('Stack with id s does not exist'), { name: 'ValidationError' });
  mock.on(DescribeStacksCommand).rejects(missing);
  expect(await readStack(client, 's')).toBeNull();
  mock.on(DescribeStacksCommand).rejects(Object.assign(new Error('denied'), { name: 'AccessDenied' }));
  await expect(readStack(client, 's')).rejects.toMatchObject({
    name: errorNames.platform,
    message: expect.stringContaining('stack s: AccessDenied'),
  });
});
