import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { expect, onTestFinished, test } from 'vitest';
import { CloudWatchFunctionLogs } from '../../../lib/ports/aws/stacks/cloudwatch-function-logs.ts';

/** Answers of the two services over their wire protocols: AWS Query, and JSON 1.1 with the operation in a header. */
async function startServices(answer: (operation: string, request: Record<string, unknown>) => object) {
  const seen: (readonly [operation: string, request: Record<string, unknown>])[] = [];
  const server = createServer(async (request, response) => {
    const body = await textOf(request);
    const target = request.headers['x-amz-target'];
    if (target === undefined) {
      expect(new URLSearchParams(body).get('Action')).toBe('ListStackResources');
      response.setHeader('content-type', 'text/xml').end(resources);
      return;
    }
    const operation = String(target).replace('Logs_20140328.', '');
    const parsed = JSON.parse(body) as Record<string, unknown>;
    seen.push([operation, parsed]);
    response.setHeader('content-type', 'application/x-amz-json-1.1').end(JSON.stringify(answer(operation, parsed)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const settings = {
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const clients = { stacks: new CloudFormationClient(settings), logs: new CloudWatchLogsClient(settings) };
  onTestFinished(() => {
    clients.stacks.destroy();
    clients.logs.destroy();
  });
  return { logs: new CloudWatchFunctionLogs('stack', clients), seen };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

const member = (type: string, id: string): string =>
  `<member><LogicalResourceId>x</LogicalResourceId><ResourceType>${type}</ResourceType><PhysicalResourceId>${id}</PhysicalResourceId><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member>`;

const resources = `<ListStackResourcesResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><ListStackResourcesResult><StackResourceSummaries>${[
  member('AWS::Logs::LogGroup', 'stack-Steps-Logs'),
  member('AWS::Logs::LogGroup', '/aws/vendedlogs/states/stack'),
  member('AWS::Lambda::Function', 'fn'),
].join('')}</StackResourceSummaries></ListStackResourcesResult></ListStackResourcesResponse>`;

const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
};

test('the groups are the log groups of the stack, without that of the machine', async () => {
  const { logs } = await startServices(() => ({}));
  expect(await logs.groups()).toEqual(['stack-Steps-Logs']);
});

test('a search goes on to the last page', async () => {
  const event = (at: number) => ({ logStreamName: 's', timestamp: at, message: `m${at}` });
  const { logs, seen } = await startServices((_, { nextToken }) =>
    nextToken === undefined ? { events: [event(1)], nextToken: 'more' } : { events: [event(2)] },
  );
  expect(await all(logs.matching('g', '{ $.run = "r" }', 5))).toEqual([
    { stream: 's', at: 1, message: 'm1' },
    { stream: 's', at: 2, message: 'm2' },
  ]);
  expect(seen).toEqual([
    ['FilterLogEvents', { logGroupName: 'g', filterPattern: '{ $.run = "r" }', startTime: 5 }],
    ['FilterLogEvents', { logGroupName: 'g', filterPattern: '{ $.run = "r" }', startTime: 5, nextToken: 'more' }],
  ]);
});

test('a stream is read from its head until CloudWatch repeats its token', async () => {
  const pages: Readonly<Record<string, object>> = {
    first: { events: [{ timestamp: 1, message: 'a' }], nextForwardToken: 'f1' },
    f1: { events: [{ timestamp: 2, message: 'b' }], nextForwardToken: 'f2' },
    f2: { events: [], nextForwardToken: 'f2' },
  };
  const { logs, seen } = await startServices((_, { nextToken }) => pages[String(nextToken ?? 'first')] ?? {});
  const events = await all(logs.stream('g', 's', { from: 1, to: 9 }));
  expect(events.map(({ message }) => message)).toEqual(['a', 'b']);
  expect(seen).toHaveLength(3);
  expect(seen[0]).toEqual([
    'GetLogEvents',
    { logGroupName: 'g', logStreamName: 's', startTime: 1, endTime: 9, startFromHead: true },
  ]);
});
