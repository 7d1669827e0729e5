import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, expect, test } from 'vitest';
import { errorNames } from '../../lib/contract/error-names.ts';
import { SqsDeadLetterQueue } from '../../lib/ports/aws/sqs-dead-letter-queue.ts';
import { FolderDeadLetterQueue } from '../../lib/ports/folder/folder-dead-letter-queue.ts';
import { MemoryDeadLetterQueue } from '../../lib/ports/memory/memory-dead-letter-queue.ts';
import { sized } from '../support/sized.ts';
import { startServer } from './aws/fauxqs.ts';
import { describeDeadLetterQueue } from './dead-letter-queue.conformance.ts';
import { newFolder } from './folder/new-folder.ts';
import { SetClock } from './set-clock.ts';

const server = await startServer();
afterAll(() => server.stop());

// Its clock is the real one: the fast tier leaves it out.
if (sized(0, 1) === 1)
  describeDeadLetterQueue('SqsDeadLetterQueue on fauxqs', async () => ({
    queue: new SqsDeadLetterQueue(server.sqs, server.queue()),
    pass: (seconds) => sleep(seconds * 1000 + 50),
  }));

describeDeadLetterQueue('MemoryDeadLetterQueue', async () => {
  const clock = new SetClock();
  return { queue: new MemoryDeadLetterQueue(clock), pass: (seconds) => clock.sleep(seconds * 1000) };
});

describeDeadLetterQueue('FolderDeadLetterQueue', async () => {
  const clock = new SetClock();
  return { queue: new FolderDeadLetterQueue(await newFolder(), clock), pass: (seconds) => clock.sleep(seconds * 1000) };
});

test('a folder queue returns messages in the order of sending, and to other processes too', async () => {
  const folder = await newFolder();
  const clock = new SetClock();
  const sender = new FolderDeadLetterQueue(folder, clock);
  for (let index = 0; index < 10; index += 1) await sender.send(`${index}`);
  const messages = await new FolderDeadLetterQueue(folder, clock).receive(10, 30);
  expect(messages.map(({ body }) => body)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
});

test('a receipt of a folder queue is void once its message is received again, so a slow receiver deletes nothing', async () => {
  const clock = new SetClock();
  const queue = new FolderDeadLetterQueue(await newFolder(), clock);
  await queue.send('x');
  const [slow] = await queue.receive(1, 1);
  await clock.sleep(1000);
  const [quick] = await queue.receive(1, 1);
  await queue.delete(slow?.receipt ?? '');
  await clock.sleep(1000);
  expect(await queue.receive(1, 30)).toEqual([
    { body: 'x', receipt: expect.not.stringContaining(quick?.receipt ?? '') },
  ]);
});

test('a receipt that leads out of the folder is refused', async () => {
  const queue = new FolderDeadLetterQueue(await newFolder(), new SetClock());
  for (const receipt of ['../../etc/passwd', '', 'tmp']) {
    await expect(queue.delete(receipt)).rejects.toMatchObject({ name: errorNames.permanent });
  }
});

test('a folder queue is one file per message and nothing else', async () => {
  const folder = await newFolder();
  const queue = new FolderDeadLetterQueue(folder, new SetClock());
  await queue.send('x');
  const [message] = await queue.receive(1, 30);
  expect(await readdir(folder)).toEqual([message?.receipt, 'tmp']);
  expect(await readdir(join(folder, 'tmp'))).toEqual([]);
});

test('a fault of SQS is a PlatformError that names the queue', async () => {
  const client = new SQSClient({ region: 'eu-central-1' });
  const mock = mockClient(client);
  const fault = Object.assign(new Error('slow down'), {
    name: 'ThrottlingException',
    $metadata: { httpStatusCode: 400 },
  });
  mock.onAnyCommand().rejects(fault);
  const queue = new SqsDeadLetterQueue(client, 'https://sqs/queue');
  const expected = {
    name: errorNames.platform,
    message: expect.stringMatching(/https:\/\/sqs\/queue: ThrottlingException \(HTTP 400\)/),
  };
  await expect(queue.send('x')).rejects.toMatchObject(expected);
  await expect(queue.receive(1, 1)).rejects.toMatchObject(expected);
  await expect(queue.delete('r')).rejects.toMatchObject(expected);
});

test("SQS gets the receiver's number of messages and hiding time", async () => {
  const client = new SQSClient({ region: 'eu-central-1' });
  const mock = mockClient(client);
  mock.on(ReceiveMessageCommand).resolves({ Messages: [{ Body: 'b', ReceiptHandle: 'r' }] });
  mock.on(SendMessageCommand).resolves({});
  const queue = new SqsDeadLetterQueue(client, 'https://sqs/queue');
  expect(await queue.receive(7, 120)).toEqual([{ body: 'b', receipt: 'r' }]);
  expect(mock.commandCalls(ReceiveMessageCommand)[0]?.args[0].input).toMatchObject({
    MaxNumberOfMessages: 7,
    VisibilityTimeout: 120,
  });
  await queue.send('text');
  expect(mock.commandCalls(SendMessageCommand)[0]?.args[0].input).toEqual({
    QueueUrl: 'https://sqs/queue',
    MessageBody: 'text',
  });
});
