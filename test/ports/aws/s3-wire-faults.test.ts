import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { errorNames } from '../../../lib/contract/error-names.ts';
import { openStore } from '../../../lib/ports/open-store.ts';
import type { ObjectStore } from '../../../lib/ports/ports.ts';
import { describeObjectStore, readAll } from '../object-store.conformance.ts';
import { fileWith, patterned } from '../object-transfers.conformance.ts';
import { startServer } from './fauxqs.ts';
import { type Fault, startS3Proxy } from './s3-proxy.ts';

// The very client that functions get, with its real retries, against a server that misbehaves.
const server = await startServer();
const proxy = await startS3Proxy(server.address);
const environment = { AWS_ENDPOINT_URL: proxy.address, AWS_REGION: 'us-east-1' };
const plan = (at: RegExp, ...faults: readonly Fault[]): void => {
  proxy.faults.push(...faults.map((fault) => ({ fault, at })));
};
const open = (): Promise<ObjectStore> => openStore(`s3://${server.bucket()}`, environment);

beforeAll(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  // Full jitter's lower end: retries follow at once.
  vi.spyOn(Math, 'random').mockReturnValue(0);
});
beforeEach(() => {
  proxy.faults.length = 0;
  proxy.seen.length = 0;
});
afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await proxy.stop();
  await server.stop();
});

describeObjectStore("S3ObjectStore with the functions' own client", open, { utf8Order: false });

test('503 SlowDown is retried until it passes', async () => {
  const store = await open();
  plan(/PUT/, 'slow down', 'slow down');
  expect(await store.put('k', 'x')).toMatchObject({ written: true });
  expect(proxy.seen).toEqual(['PUT k', 'PUT k', 'PUT k']);
  plan(/GET/, 'slow down');
  expect(String(await readAll(store, 'k'))).toBe('x');
});

test('503 SlowDown that stays is a PlatformError after five tries', async () => {
  const store = await open();
  plan(/PUT/, ...Array.from({ length: 5 }, () => 'slow down' as const));
  await expect(store.put('k', 'x')).rejects.toMatchObject({
    name: errorNames.platform,
    message: expect.stringContaining('SlowDown'),
  });
  expect(proxy.seen).toHaveLength(5);
});

test('a conditional create whose answer was lost is retried, meets its own object, and counts as written', async () => {
  const store = await open();
  plan(/PUT/, 'lose the answer');
  const answer = await store.put('k', 'x', { ifNoneMatch: '*' });
  expect(answer).toEqual({ written: true, etag: (await store.get('k'))?.etag });
  expect(proxy.seen.slice(0, 3)).toEqual(['PUT k', 'PUT k', 'HEAD k']);
});

test('a compare-and-swap whose answer was lost counts as written, too', async () => {
  const store = await open();
  await store.put('k', 'one');
  const etag = (await store.get('k'))?.etag ?? '';
  plan(/PUT/, 'lose the answer');
  expect(await store.put('k', 'two', { ifMatch: etag })).toMatchObject({ written: true });
  expect(String((await store.get('k'))?.body)).toBe(String(Buffer.from('two').toJSON().data));
});

test('409 ConditionalRequestConflict is tried again', async () => {
  const store = await open();
  plan(/PUT/, 'conflict', 'conflict');
  expect(await store.put('k', 'x', { ifNoneMatch: '*' })).toMatchObject({ written: true });
  expect(proxy.seen).toEqual(['PUT k', 'PUT k', 'PUT k']);
});

test('403 for a missing key is a PlatformError that names s3:ListBucket', async () => {
  const store = await open();
  plan(/GET/, 'deny a missing key', 'deny a missing key');
  const denied = { name: errorNames.platform, message: expect.stringContaining('s3:ListBucket') };
  await expect(store.get('missing')).rejects.toMatchObject(denied);
  await expect(store.read('missing')).rejects.toMatchObject(denied);
});

test('a connection that breaks in the middle of a body is taken up again, and the bytes are right', async () => {
  const store = await open();
  const content = Buffer.from(Array.from({ length: 200_000 }, (_, index) => `${index}`).join());
  await store.put('k', content);
  plan(/GET/, 'break the body', 'break the body');
  expect(Buffer.compare(Buffer.from((await readAll(store, 'k')) ?? []), content)).toBe(0);
  expect(proxy.seen.filter((each) => each === 'GET k')).toHaveLength(3);
});

test('ranges that break, are refused or get no answer are asked for again, and the file is right', async () => {
  const store = await open();
  const content = patterned(3 * 8_388_608 + 99);
  await store.upload('k', await fileWith(content));
  plan(/GET/, 'break the body', 'slow down', 'lose the answer', 'break the body', 'break the body');
  const file = `${await fileWith('')}.down`;
  proxy.seen.length = 0;
  expect(await store.download('k', file)).toBe(true);
  expect((await readFile(file)).equals(content)).toBe(true);
  // Four ranges, and one request more for each fault.
  expect([proxy.faults.length, proxy.seen.length]).toEqual([0, 9]);
});

test.each([
  ['the beginning', /^POST .*uploads/],
  ['a part', /^PUT .*partNumber=2/],
  ['the completion', /^POST .*uploadId/],
])("a lost answer to %s of a file's upload does not lose the object", async (_, request) => {
  const store = await open();
  const content = patterned(17 * 1024 * 1024);
  plan(request, 'lose the answer');
  await store.upload('k', await fileWith(content));
  expect(proxy.faults).toEqual([]);
  expect(content.equals((await readAll(store, 'k')) ?? Buffer.alloc(0))).toBe(true);
});

test.each([
  ['the beginning', /^POST .*uploads/],
  ['a part', /^PUT .*partNumber=2/],
  ['the completion', /^POST .*uploadId/],
])('a lost answer to %s of a streamed upload does not lose the object', async (_, request) => {
  const store = await open();
  const body = async function* (): AsyncIterable<Uint8Array> {
    for (let index = 0; index < 17; index += 1) yield Buffer.alloc(1024 * 1024, index);
  };
  plan(request, 'lose the answer');
  await store.write('k', body());
  expect(proxy.faults).toEqual([]);
  expect((await readAll(store, 'k'))?.length).toBe(17 * 1024 * 1024);
});
