import { open as openFile, readdir, readFile, truncate } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { errorNames } from '../../../lib/contract/error-names.ts';
import { S3ObjectStore } from '../../../lib/ports/aws/s3-object-store.ts';
import { newFolder } from '../folder/new-folder.ts';
import { fileWith, patterned } from '../object-transfers.conformance.ts';
import { s3Error, s3InMemory } from './s3-in-memory.ts';

const part = 8_388_608;

const open = () => {
  const s3 = s3InMemory();
  return { ...s3, store: new S3ObjectStore(s3.client, 'bucket') };
};

/** Lets other requests begin, as a network does. */
const passing = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

/** Holds each call until `count` are under way, then lets others begin; counts the maximum under way. */
const gathering = (count: number) => {
  const gathered = Promise.withResolvers<void>();
  const underWay = { now: 0, most: 0 };
  const enter = async (): Promise<void> => {
    underWay.now += 1;
    underWay.most = Math.max(underWay.most, underWay.now);
    if (underWay.now === count) gathered.resolve();
    await gathered.promise;
    await passing();
  };
  return { underWay, enter };
};

const writeAt = async (path: string, text: string, position: number): Promise<void> => {
  const file = await openFile(path, 'r+');
  await file.write(text, position);
  await file.close();
};

test.each([0, 1, part])('a file of %d bytes is one request', async (bytes) => {
  const { store, mock, items } = open();
  const content = patterned(bytes);
  await store.upload('k', await fileWith(content), { contentType: 'application/vnd.apache.parquet' });
  expect(mock.calls()).toHaveLength(1);
  const [call] = mock.commandCalls(PutObjectCommand);
  expect(call?.args[0].input).toMatchObject({ Bucket: 'bucket', Key: 'k' });
  expect(call?.args[0].input.ContentType).toBe('application/vnd.apache.parquet');
  expect(items.get('k')?.body.equals(content)).toBe(true);
});

test('a larger file is sent in parts of 8 MB and a rest, four at once, each with a checksum', async () => {
  const { store, mock, items } = open();
  const content = patterned(6 * part + 5);
  const { underWay, enter } = gathering(4);
  const sent: Buffer[] = [];
  mock.on(UploadPartCommand).callsFake(async ({ PartNumber, Body }) => {
    await enter();
    // A copy, because the store reuses its four buffers.
    sent[PartNumber - 1] = Buffer.from(Body);
    underWay.now -= 1;
    return { ETag: `"e${PartNumber}"`, ChecksumCRC32: `c${PartNumber}` };
  });
  mock.on(CompleteMultipartUploadCommand).resolves({});
  await store.upload('k', await fileWith(content), { contentType: 'application/vnd.apache.parquet' });
  const begun = mock.commandCalls(CreateMultipartUploadCommand).map(({ args }) => args[0].input);
  expect(begun).toMatchObject([
    { Bucket: 'bucket', Key: 'k', ContentType: 'application/vnd.apache.parquet', ChecksumAlgorithm: 'CRC32' },
  ]);
  expect(begun[0]?.Metadata).toHaveProperty('daybreak-writer');
  const parts = mock.commandCalls(UploadPartCommand).map(({ args }) => args[0].input);
  // The file system may read the parts in any order.
  parts.sort((left, right) => (left.PartNumber ?? 0) - (right.PartNumber ?? 0));
  expect(parts.map(({ PartNumber }) => PartNumber)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(sent.map(({ length }) => length)).toEqual([part, part, part, part, part, part, 5]);
  expect(new Set(parts.map(({ Body }) => (Body as Buffer).buffer)).size).toBe(4);
  expect(new Set(parts.map(({ UploadId, Key }) => `${Key} ${UploadId}`))).toEqual(new Set(['k upload-1']));
  expect(Buffer.concat(sent).equals(content)).toBe(true);
  expect(underWay.most).toBe(4);
  const [completion] = mock.commandCalls(CompleteMultipartUploadCommand);
  expect(completion?.args[0].input.MultipartUpload?.Parts).toEqual(
    [1, 2, 3, 4, 5, 6, 7].map((PartNumber) => ({
      PartNumber,
      ETag: `"e${PartNumber}"`,
      ChecksumCRC32: `c${PartNumber}`,
    })),
  );
  expect(mock.calls()).toHaveLength(9);
  expect(items.size).toBe(0);
});

test('a part is read from the file at its turn', async () => {
  const { store, mock } = open();
  const file = await fileWith(Buffer.alloc(12 * part));
  const sent = new Map<number, string>();
  mock.on(UploadPartCommand).callsFake(async ({ PartNumber, Body }) => {
    sent.set(PartNumber, Buffer.from(Body.subarray(0, 4)).toString());
    if (sent.size === 1) await writeAt(file, 'late', 8 * part);
    await passing();
    return { ETag: '"e"' };
  });
  mock.on(CompleteMultipartUploadCommand).resolves({});
  await store.upload('k', file);
  expect([sent.size, sent.get(9)]).toEqual([12, 'late']);
});

test('a part that fails stops the others, and the upload is aborted', async () => {
  const { store, mock, uploads, items } = open();
  const failed = Promise.withResolvers<void>();
  mock.on(UploadPartCommand).callsFake(async ({ PartNumber }) => {
    if (PartNumber === 2) {
      failed.resolve();
      throw s3Error('SlowDown', 503);
    }
    await failed.promise;
    await passing();
    return { ETag: '"e"' };
  });
  await expect(store.upload('k', await fileWith(Buffer.alloc(20 * part)))).rejects.toMatchObject({
    name: errorNames.platform,
    message: 'cannot write s3://bucket/k: SlowDown (HTTP 503): SlowDown from S3',
  });
  expect(mock.commandCalls(UploadPartCommand).length).toBeLessThanOrEqual(4);
  expect(mock.commandCalls(AbortMultipartUploadCommand)).toHaveLength(1);
  expect([uploads.size, items.size]).toEqual([0, 0]);
});

test('a signal aborts an upload while its requests hang, and while it begins', async () => {
  const { store, mock, uploads, items } = open();
  const file = await fileWith(Buffer.alloc(20 * part));
  const reason = new Error('enough');
  const hanging = new AbortController();
  mock.on(UploadPartCommand).callsFake(() => {
    setTimeout(() => hanging.abort(reason), 20);
    return new Promise(() => {});
  });
  await expect(store.upload('k', file, { signal: hanging.signal })).rejects.toBe(reason);
  expect([uploads.size, items.size]).toEqual([0, 0]);

  const beginning = new AbortController();
  const late = Promise.withResolvers<{ UploadId: string }>();
  mock.on(CreateMultipartUploadCommand).callsFake(() => {
    setTimeout(() => beginning.abort(reason), 20);
    return late.promise;
  });
  await expect(store.upload('k', file, { signal: beginning.signal })).rejects.toBe(reason);
  late.resolve({ UploadId: 'late' });
  await passing();
  const aborted = mock.commandCalls(AbortMultipartUploadCommand).map(({ args }) => args[0].input.UploadId);
  expect(aborted).toEqual(['upload-1', 'late']);
});

test('an upload whose completion succeeded although its answer was lost counts as done', async () => {
  const { store, mock, items } = open();
  const file = await fileWith(Buffer.alloc(2 * part));
  mock.on(CompleteMultipartUploadCommand).callsFake(async ({ Key }) => {
    const { Metadata = {} } = mock.commandCalls(CreateMultipartUploadCommand).at(-1)?.args[0].input ?? {};
    items.set(Key, { body: Buffer.alloc(0), etag: '"e"', metadata: Metadata });
    throw s3Error('NoSuchUpload', 404);
  });
  await store.upload('k', file);
  mock.on(CompleteMultipartUploadCommand).rejects(s3Error('NoSuchUpload', 404));
  await expect(store.upload('k', file)).rejects.toMatchObject({ name: errorNames.platform });
});

test('a file that becomes shorter during its upload is an error, and there is no object', async () => {
  const { store, mock, uploads, items } = open();
  const file = await fileWith(Buffer.alloc(6 * part));
  mock.on(UploadPartCommand).callsFake(async () => {
    await truncate(file, part);
    return { ETag: '"e"' };
  });
  await expect(store.upload('k', file)).rejects.toMatchObject({
    name: errorNames.permanent,
    message: `${file} had 50331648 bytes and has become shorter while it was being uploaded`,
  });
  expect([uploads.size, items.size]).toEqual([0, 0]);
});

const requested = (mock: ReturnType<typeof open>['mock']) =>
  mock.commandCalls(GetObjectCommand).map(({ args }) => [args[0].input.Range, args[0].input.IfMatch]);

test('an object is read in ranges of 8 MB, four at once, all but the first with If-Match', async () => {
  const { store, mock, items } = open();
  const content = patterned(5 * part + 7);
  items.set('k', { body: content, etag: '"one"', metadata: {} });
  const { underWay, enter } = gathering(4);
  mock.on(GetObjectCommand).callsFake(async ({ Range }) => {
    const entered = enter();
    const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(Range) ?? [];
    const bytes = content.subarray(Number(start), Number(end) + 1);
    const body = async function* () {
      await entered;
      yield bytes;
      underWay.now -= 1;
    };
    return { Body: Readable.from(body()), ETag: '"one"', ContentRange: `bytes ${start}-${end}/${content.length}` };
  });
  const file = join(await newFolder(), 'file');
  expect(await store.download('k', file)).toBe(true);
  expect((await readFile(file)).equals(content)).toBe(true);
  expect(requested(mock)).toEqual([
    ['bytes=0-8388607', undefined],
    ['bytes=8388608-16777215', '"one"'],
    ['bytes=16777216-25165823', '"one"'],
    ['bytes=25165824-33554431', '"one"'],
    ['bytes=33554432-41943039', '"one"'],
    ['bytes=41943040-41943046', '"one"'],
  ]);
  expect(underWay).toEqual({ now: 0, most: 4 });
});

test('a small object and an empty one take one request', async () => {
  const { store, mock } = open();
  const file = join(await newFolder(), 'file');
  await store.put('k', 'abc');
  expect(await store.download('k', file)).toBe(true);
  await store.put('empty', '');
  expect(await store.download('empty', file)).toBe(true);
  expect(await readFile(file, 'utf8')).toBe('');
  expect(requested(mock)).toEqual([
    ['bytes=0-8388607', undefined],
    ['bytes=0-8388607', undefined],
  ]);
});

test('a range whose connection breaks is resumed at the same byte', async () => {
  const { store, mock, items } = open();
  const content = patterned(2 * part);
  items.set('k', { body: content, etag: '"one"', metadata: {} });
  let breaks = 0;
  mock.on(GetObjectCommand).callsFake(async ({ Range }) => {
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(Range) ?? [];
    const [start, end] = [Number(first), Number(last) + 1];
    const broken = Readable.from(
      (async function* () {
        yield content.subarray(start, start + 1000);
        throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
      })(),
    );
    breaks += 1;
    const Body = breaks <= 3 ? broken : Readable.from([content.subarray(start, end)]);
    return { Body, ETag: '"one"', ContentRange: `bytes ${start}-${end - 1}/${content.length}` };
  });
  const file = join(await newFolder(), 'file');
  expect(await store.download('k', file)).toBe(true);
  expect((await readFile(file)).equals(content)).toBe(true);
  expect(requested(mock).slice(2)).toEqual(
    expect.arrayContaining([
      ['bytes=1000-8388607', '"one"'],
      [expect.stringMatching(/^bytes=8389608-/), '"one"'],
    ]),
  );
});

test.each([
  ['replaced', 'PreconditionFailed', 412, 'cannot read s3://bucket/k: it was replaced while it was being read'],
  ['deleted', 'NoSuchKey', 404, 'cannot read s3://bucket/k: NoSuchKey (HTTP 404): NoSuchKey from S3'],
])(
  'an object that is %s between two ranges is a PlatformError, and no file is left',
  async (_, name, status, message) => {
    const { store, mock } = open();
    mock.on(GetObjectCommand).callsFake(async ({ IfMatch }) => {
      if (IfMatch !== undefined) throw s3Error(name, status);
      // The first range never ends: the download has to cancel it.
      const Body = new Readable({ read() {} });
      Body.push(Buffer.alloc(1000));
      return { Body, ETag: '"one"', ContentRange: `bytes 0-8388607/${3 * part}` };
    });
    const file = join(await newFolder(), 'file');
    await expect(store.download('k', file)).rejects.toMatchObject({ name: errorNames.platform, message });
    expect(await readdir(dirname(file))).toEqual([]);
  },
);

test('a signal cancels bodies that hang, and leaves no file', async () => {
  const { store, mock } = open();
  const reason = new Error('enough');
  const stop = new AbortController();
  const bodies: Readable[] = [];
  mock.on(GetObjectCommand).callsFake(async ({ Range }) => {
    const Body = new Readable({ read() {} });
    bodies.push(Body);
    if (bodies.length === 4) setTimeout(() => stop.abort(reason), 10);
    return { Body, ETag: '"one"', ContentRange: `${Range.replace('=', ' ')}/${20 * part}` };
  });
  const file = join(await newFolder(), 'file');
  await expect(store.download('k', file, { signal: stop.signal })).rejects.toBe(reason);
  expect(bodies.map(({ destroyed }) => destroyed)).toEqual([true, true, true, true]);
  expect(await readdir(dirname(file))).toEqual([]);
});
