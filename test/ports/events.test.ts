import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, test } from 'vitest';
import type { DaybreakEvent } from '../../lib/contract/events/event.ts';
import { EventBridgeEvents } from '../../lib/ports/aws/events/eventbridge-events.ts';
import { FolderEvents } from '../../lib/ports/folder/folder-events.ts';
import { readFolderEvents } from '../../lib/ports/folder/read-folder-events.ts';
import { newFolder } from './folder/new-folder.ts';

const anEvent = (id: string, message = ''): DaybreakEvent => ({
  version: 1,
  id,
  type: 'step.progress',
  time: '2026-02-01T01:00:00.000Z',
  severity: 'info',
  pipeline: 'sales',
  run_id: 'r1',
  execution: 1,
  step: 'extract',
  attempt: 1,
  cause: null,
  detail: { done: 1, total: null, message },
});
const run = { pipeline: 'sales', run_id: 'r1' };

describe('events on EventBridge', () => {
  const client = new EventBridgeClient({ region: 'eu-central-1' });
  const mock = mockClient(client);
  const events = new EventBridgeEvents(client, 'the-bus');
  const sent = () => mock.commandCalls(PutEventsCommand).map(({ args }) => args[0].input.Entries ?? []);

  test('ten go into one request; each says what it is, so that rules can match it', async () => {
    mock.reset().on(PutEventsCommand).resolves({ Entries: [] });
    await events.send(Array.from({ length: 23 }, (_, index) => anEvent(`${index}`)));
    expect(sent().map((entries) => entries.length)).toEqual([10, 10, 3]);
    expect(sent()[0]?.[0]).toEqual({
      EventBusName: 'the-bus',
      Source: 'daybreak',
      DetailType: 'step.progress',
      Time: new Date('2026-02-01T01:00:00.000Z'),
      Detail: JSON.stringify(anEvent('0')),
    });
  });

  test('a request stays below 256 KB, counted in bytes as AWS counts', async () => {
    mock.reset().on(PutEventsCommand).resolves({ Entries: [] });
    // 60,000 characters of three bytes each: two of them are more than 262,144 bytes.
    await events.send([anEvent('a', '€'.repeat(60_000)), anEvent('b', '€'.repeat(60_000)), anEvent('c')]);
    expect(sent().map((entries) => entries.length)).toEqual([1, 2]);
  });

  test('an entry that the bus refuses is sent again, and the others are not', async () => {
    mock
      .reset()
      .on(PutEventsCommand)
      .resolvesOnce({ FailedEntryCount: 1, Entries: [{ EventId: '1' }, { ErrorCode: 'ThrottlingException' }] })
      .resolves({ Entries: [{ EventId: '2' }] });
    await events.send([anEvent('a'), anEvent('b')]);
    const ids = sent().map((entries) => entries.map(({ Detail = '{}' }) => JSON.parse(Detail).id));
    expect(ids).toEqual([['a', 'b'], ['b']]);
  });

  test('an entry that the bus refuses three times is a PlatformError that gives the reason', async () => {
    mock
      .reset()
      .on(PutEventsCommand)
      .resolves({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure', ErrorMessage: 'no' }] });
    await expect(events.send([anEvent('a')])).rejects.toMatchObject({
      name: 'PlatformError',
      message: 'the-bus refused 1 of 1 events: InternalFailure: no',
    });
    expect(sent()).toHaveLength(3);
  });

  test('a fault of the service is a PlatformError that names the bus', async () => {
    mock
      .reset()
      .on(PutEventsCommand)
      .rejects(Object.assign(new Error('denied'), { name: 'AccessDeniedException' }));
    await expect(events.send([anEvent('a')])).rejects.toMatchObject({
      name: 'PlatformError',
      message: expect.stringContaining('cannot send events to the-bus: AccessDeniedException'),
    });
  });
});

describe('events in a folder', () => {
  test('one file per run; every id once, in the order of the times', async () => {
    const folder = await newFolder();
    const events = new FolderEvents(folder);
    const early = { ...anEvent('early'), time: '2026-02-01T00:00:00.000Z' };
    await events.send([anEvent('a'), { ...anEvent('other'), run_id: 'r2' }]);
    await events.send([anEvent('a'), early]);
    expect(await readFolderEvents(folder, run)).toEqual([early, anEvent('a')]);
    expect(await readFolderEvents(folder, { pipeline: 'sales', run_id: 'r2' })).toHaveLength(1);
    expect(await readFolderEvents(folder, { pipeline: 'sales', run_id: 'none' })).toEqual([]);
  });

  test('writers side by side lose no line', async () => {
    const folder = await newFolder();
    const writers = Array.from({ length: 8 }, () => new FolderEvents(folder));
    await Promise.all(
      writers.flatMap((events, writer) =>
        Array.from({ length: 25 }, (_, index) => events.send([anEvent(`${writer}-${index}`, 'x'.repeat(5_000))])),
      ),
    );
    expect(await readFolderEvents(folder, run)).toHaveLength(200);
  });

  test('a line that its writer could not finish counts as not written, and spoils no other', async () => {
    const folder = await newFolder();
    const events = new FolderEvents(folder);
    await events.send([anEvent('a')]);
    const file = join(folder, 'sales', 'r1.jsonl');
    await appendFile(file, (await readFile(file, 'utf8')).trim().slice(0, 40));
    await events.send([anEvent('b')]);
    expect((await readFolderEvents(folder, run)).map(({ id }) => id)).toEqual(['a', 'b']);
  });
});
