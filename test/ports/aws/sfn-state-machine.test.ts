import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  type ExecutionStatus,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { errorNames } from '../../../lib/contract/error-names.ts';
import { SfnStateMachine } from '../../../lib/ports/aws/sfn-state-machine.ts';

const arn = 'arn:aws:states:eu-central-1:000000000000:stateMachine:demo';
const executionArn = 'arn:aws:states:eu-central-1:000000000000:execution:demo:night';
const date = new Date('2026-01-31T01:00:00.000Z');

const mocked = () => {
  const client = new SFNClient({ region: 'eu-central-1' });
  return { machine: new SfnStateMachine(client, arn), mock: mockClient(client) };
};
const named = (name: string) => Object.assign(new Error('no'), { name });

test('starts an execution by name and input', async () => {
  const { machine, mock } = mocked();
  mock.on(StartExecutionCommand).resolves({ executionArn, startDate: date });
  expect(await machine.start('night', '{"day":1}')).toEqual({ arn: executionArn, started_at: date.toISOString() });
  expect(mock.commandCalls(StartExecutionCommand)[0]?.args[0].input).toEqual({
    stateMachineArn: arn,
    name: 'night',
    input: '{"day":1}',
  });
});

test('a used name starts nothing; any other fault is a PlatformError', async () => {
  const { machine, mock } = mocked();
  mock.on(StartExecutionCommand).rejects(named('ExecutionAlreadyExists'));
  expect(await machine.start('night', '{}')).toBeNull();
  mock.onAnyCommand().rejects(named('AccessDeniedException'));
  for (const call of [machine.start('night', '{}'), machine.describe(executionArn), machine.definition()])
    await expect(call).rejects.toMatchObject({ name: errorNames.platform });
});

test.each<[ExecutionStatus, string]>([
  ['RUNNING', 'RUNNING'],
  ['PENDING_REDRIVE', 'RUNNING'],
  ['FAILED', 'FAILED'],
])('an execution that Step Functions calls %s is described as %s', async (status, expected) => {
  const { machine, mock } = mocked();
  mock.on(DescribeExecutionCommand).resolves({ status, startDate: date, error: 'E', cause: 'because' });
  expect(await machine.describe(executionArn)).toEqual({
    status: expected,
    started_at: date.toISOString(),
    ended_at: null,
    output: null,
    error: 'E',
    cause: 'because',
  });
});

test('an unknown execution is null, and the definition is that of the machine', async () => {
  const { machine, mock } = mocked();
  mock.on(DescribeExecutionCommand).rejects(named('ExecutionDoesNotExist'));
  mock.on(DescribeStateMachineCommand, { stateMachineArn: arn }).resolves({ definition: '{"States":{}}' });
  expect(await machine.describe(executionArn)).toBeNull();
  expect(await machine.definition()).toBe('{"States":{}}');
});
