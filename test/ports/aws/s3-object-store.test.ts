import { Readable } from 'node:stream';
import {
  CompleteMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { errorNames } from '../../../lib/contract/error-names.ts';
import { S3ObjectStore } from '../../../lib/ports/aws/s3-object-store.ts';
import { describeObjectStore, keysOf, readAll } from '../object-store.conformance.ts';
import { s3Error, s3InMemory } from './s3-in-memory.ts';

describeObjectStore('S3ObjectStore', async () => new S3ObjectStore(s3InMemory().client, 'bucket'));

/** A store on an in-memory S3 whose sleeps end at once; it records the delays. */
const open = () => {
  const s3 = s3InMemory();
  const slept: number[] = [];
  const clock = { now: () => 0, sleep: async (ms: number) => void slept.push(ms) };
  return { ...s3, slept, store: new S3ObjectStore(s3.client, 'bucket', { clock }) };
};

async function* megabytes(count: number, fault?: Error): AsyncIterable<Uint8Array> {
  for (let index = 0; index < count; index += 1) yield Buffer.alloc(1024 * 1024, index);
  if (fault !== undefined) throw fault;
}

test('a conflict with another conditional write is retried after a pause', async () => {
  const { mock, store, slept } = open();
  mock
    .on(PutObjectCommand)
    .rejectsOnce(s3Error('ConditionalRequestConflict', 409))
    .rejectsOnce(s3Error('ConditionalRequestConflict', 409))
    .resolves({ ETag: '"e"' });
  expect(await store.put('k', 'x', { ifNoneMatch: '*' })).toEqual({ written: true, etag: '"e"' });
  expect(slept).toHaveLength(2);
});

test('a conflict that does not end is a PlatformError after ten attempts', async () => {
  const { mock, store } = open();
  mock.on(PutObjectCommand).rejects(s3Error('ConditionalRequestConflict', 409));
  await expect(store.put('k', 'x', { ifNoneMatch: '*' })).rejects.toMatchObject({ name: errorNames.platform });
  expect(mock.commandCalls(PutObjectCommand)).toHaveLength(10);
});

test('a conditional write whose answer got lost counts as written if its retry meets its own object', async () => {
  const { mock, store, items } = open();
  // The SDK's retry inside one send: the first request is stored, its answer is lost, the second request gets 412.
  mock.on(PutObjectCommand).callsFake(async ({ Key, Body, Metadata }) => {
    items.set(Key, { body: Buffer.from(Body), etag: '"own"', metadata: Metadata });
    throw s3Error('PreconditionFailed', 412);
  });
  expect(await store.put('k', 'x', { ifNoneMatch: '*' })).toEqual({ written: true, etag: '"own"' });
  expect(await store.put('k', 'y', { ifMatch: '"before"' })).toEqual({ written: true, etag: '"own"' });
});

test("the same content by another writer does not count as one's own", async () => {
  const { store, client } = open();
  const other = new S3ObjectStore(client, 'bucket');
  expect(await other.put('k', 'same', { ifNoneMatch: '*' })).toMatchObject({ written: true });
  expect(await store.put('k', 'same', { ifNoneMatch: '*' })).toEqual({ written: false });
});

test.each([
  ['SlowDown', 503],
  ['InternalError', 500],
  ['TimeoutError', 0],
  ['NoSuchBucket', 404],
])('what remains of %s (%d) is a PlatformError that names the object and keeps the cause', async (name, status) => {
  const { mock, store } = open();
  const fault = status === 0 ? Object.assign(new Error('timed out'), { name }) : s3Error(name, status);
  mock.onAnyCommand().rejects(fault);
  const expected = {
    name: errorNames.platform,
    message: expect.stringMatching(new RegExp(`s3://bucket.*${name}`)),
    cause: fault,
  };
  await expect(store.get('k')).rejects.toMatchObject(expected);
  await expect(store.read('k')).rejects.toMatchObject(expected);
  await expect(store.put('k', 'x')).rejects.toMatchObject(expected);
  await expect(store.write('k', megabytes(1))).rejects.toMatchObject(expected);
  await expect(store.delete('k')).rejects.toMatchObject(expected);
  await expect(keysOf(store, 'k')).rejects.toMatchObject(expected);
});

test('a denied read names s3:ListBucket instead of treating the key as absent', async () => {
  const { mock, store } = open();
  mock.on(GetObjectCommand).rejects(s3Error('AccessDenied', 403));
  mock.on(HeadObjectCommand).rejects(s3Error('Forbidden', 403));
  mock.on(PutObjectCommand).rejects(s3Error('PreconditionFailed', 412));
  const denied = { name: errorNames.platform, message: expect.stringContaining('s3:GetObject and s3:ListBucket') };
  await expect(store.get('k')).rejects.toMatchObject(denied);
  await expect(store.read('k')).rejects.toMatchObject(denied);
  await expect(store.put('k', 'x', { ifNoneMatch: '*' })).rejects.toMatchObject(denied);
});

test('a broken body is resumed at the same byte', async () => {
  const { mock, store } = open();
  await store.put('k', 'abcdefghij');
  const breaking = (text: string): Readable =>
    Readable.from(
      (async function* () {
        yield Buffer.from(text);
        throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
      })(),
    );
  const asked: (string | undefined)[] = [];
  mock.on(GetObjectCommand).callsFake(async ({ Range, IfMatch }) => {
    asked.push(Range, IfMatch);
    if (asked.length === 2) return { Body: breaking('abc'), ETag: '"e"', ContentLength: 10 };
    // Ends early without an error: only the length shows it.
    if (asked.length === 4) return { Body: Readable.from([Buffer.from('de')]), ETag: '"e"', ContentLength: 7 };
    return { Body: Readable.from([Buffer.from('fghij')]), ETag: '"e"', ContentLength: 5 };
  });
  expect(String(await readAll(store, 'k'))).toBe('abcdefghij');
  expect(asked).toEqual([undefined, undefined, 'bytes=3-', '"e"', 'bytes=5-', '"e"']);
});

test('a body that gives nothing five times, or was replaced meanwhile, is a PlatformError', async () => {
  const { mock, store } = open();
  mock.on(GetObjectCommand).callsFake(async () => ({ Body: Readable.from([]), ETag: '"e"', ContentLength: 10 }));
  await expect(readAll(store, 'k')).rejects.toMatchObject({ name: errorNames.platform });
  expect(mock.commandCalls(GetObjectCommand)).toHaveLength(5);
  mock.on(GetObjectCommand).callsFake(async ({ Range }) => {
    if (Range !== undefined) throw s3Error('PreconditionFailed', 412);
    return { Body: Readable.from([Buffer.from('abc')]), ETag: '"e"', ContentLength: 10 };
  });
  await expect(readAll(store, 'k')).rejects.toMatchObject({
    name: errorNames.platform,
    message: expect.stringContaining('replaced'),
  });
});

test('a streamed upload that fails half-way is aborted and leaves nothing', async () => {
  const { mock, store, uploads, items } = open();
  const fault = new Error('source broke');
  await expect(store.write('k', megabytes(20, fault))).rejects.toBe(fault);
  mock.on(UploadPartCommand).rejects(s3Error('SlowDown', 503));
  await expect(store.write('k', megabytes(20))).rejects.toMatchObject({ name: errorNames.platform });
  expect(mock.commandCalls(UploadPartCommand).length).toBeGreaterThan(2);
  expect([uploads.size, items.size]).toEqual([0, 0]);
});

test('an upload whose completion has a lost answer counts as written', async () => {
  const { mock, store, items } = open();
  mock.on(CompleteMultipartUploadCommand).callsFake(async ({ Key }) => {
    const { Metadata = {} } = mock.call(0).args[0].input as { Metadata?: Record<string, string> };
    items.set(Key, { body: Buffer.alloc(0), etag: '"e"', metadata: Metadata });
    throw s3Error('NoSuchUpload', 404);
  });
  await store.write('k', megabytes(20));
  items.clear();
  mock.on(CompleteMultipartUploadCommand).rejects(s3Error('NoSuchUpload', 404));
  await expect(store.write('k', megabytes(20))).rejects.toMatchObject({ name: errorNames.platform });
});

test('a streamed upload reads at most three parts of its source ahead', async () => {
  const { mock, store } = open();
  let pulled = 0;
  let sent = 0;
  let ahead = 0;
  mock.on(UploadPartCommand).callsFake(async ({ Body, PartNumber }) => {
    ahead = Math.max(ahead, pulled - sent);
    await new Promise((resolve) => setTimeout(resolve, 2));
    sent += Body.length;
    return { ETag: `"${PartNumber}"` };
  });
  const source = async function* (): AsyncIterable<Uint8Array> {
    for await (const chunk of megabytes(100)) {
      pulled += chunk.length;
      yield chunk;
    }
  };
  mock.on(CompleteMultipartUploadCommand).resolves({});
  await store.write('k', source());
  expect(sent).toBe(100 * 1024 * 1024);
  expect(ahead).toBeLessThanOrEqual(3 * 8 * 1024 * 1024 + 4 * 1024 * 1024);
});
