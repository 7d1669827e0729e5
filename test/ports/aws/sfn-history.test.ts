import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  ListExecutionsCommand,
  SFNClient,
  StateMachineDoesNotExist,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { SfnHistory } from '../../../lib/ports/aws/sfn-history.ts';
import type { EndedExecution } from '../../../lib/ports/ports.ts';

const arn = 'arn:aws:states:eu-central-1:1:stateMachine:m';
const client = mockClient(SFNClient);
const history = new SfnHistory(new SFNClient({ region: 'eu-central-1' }), arn);
beforeEach(() => client.reset());

const listed = (name: string, status: EndedExecution['status'] | 'RUNNING' | 'PENDING_REDRIVE') => ({
  executionArn: `arn:${name}`,
  stateMachineArn: arn,
  name,
  status,
  startDate: new Date(1000),
  ...(status !== 'RUNNING' && { stopDate: new Date(2000) }),
});

describe('the history of a machine', () => {
  test('has the ended executions of all pages, in the order of Step Functions, and requests no page too many', async () => {
    client
      .on(ListExecutionsCommand)
      .resolvesOnce({ executions: [listed('a', 'FAILED'), listed('b', 'RUNNING')], nextToken: 'next' })
      .resolvesOnce({ executions: [listed('c', 'PENDING_REDRIVE'), { ...listed('d', 'SUCCEEDED'), redriveCount: 2 }] });
    const found: EndedExecution[] = [];
    for await (const one of history.executions()) found.push(one);
    expect(found).toEqual([
      { executionArn: 'arn:a', name: 'a', status: 'FAILED', startDate: 1000, stopDate: 2000, redriveCount: 0 },
      { executionArn: 'arn:d', name: 'd', status: 'SUCCEEDED', startDate: 1000, stopDate: 2000, redriveCount: 2 },
    ]);
    expect(client.commandCalls(ListExecutionsCommand).map(({ args }) => args[0].input)).toMatchObject([
      { stateMachineArn: arn },
      { stateMachineArn: arn, nextToken: 'next' },
    ]);
  });

  test('is read only as far as its reader goes', async () => {
    client.on(ListExecutionsCommand).resolves({ executions: [listed('a', 'FAILED')], nextToken: 'next' });
    for await (const _ of history.executions()) break;
    expect(client.commandCalls(ListExecutionsCommand)).toHaveLength(1);
  });

  test('knows when the machine was made, and the input and output of an execution', async () => {
    client.on(DescribeStateMachineCommand).resolves({ creationDate: new Date(5000) });
    client.on(DescribeExecutionCommand).resolves({ input: '{}', error: 'E' });
    expect(await history.createdAt()).toBe(5000);
    expect(await history.describe('arn:a')).toEqual({ input: '{}', output: null, error: 'E', cause: null });
  });

  test('names the machine in errors', async () => {
    client.on(ListExecutionsCommand).rejects(new StateMachineDoesNotExist({ message: 'no', $metadata: {} }));
    await expect(history.executions()[Symbol.asyncIterator]().next()).rejects.toThrow(arn);
  });
});
