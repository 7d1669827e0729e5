import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { describeObjectStore, readAll } from '../object-store.conformance.ts';
import { fileWith, patterned } from '../object-transfers.conformance.ts';
import { misbehavingS3 } from './misbehaving-s3.ts';

const { proxy, plan, open } = await misbehavingS3();

describeObjectStore("S3ObjectStore with the functions' own client", open, { utf8Order: false });

test('ranges that break, are refused or get no answer are requested again, and the file is right', async () => {
  const store = await open();
  const content = patterned(3 * 8_388_608 + 99);
  await store.upload('k', await fileWith(content));
  plan(/GET/, 'break the body', 'slow down', 'lose the answer', 'break the body', 'break the body');
  const file = `${await fileWith('')}.down`;
  proxy.seen.length = 0;
  expect(await store.download('k', file)).toBe(true);
  expect((await readFile(file)).equals(content)).toBe(true);
  // Four ranges, and one more request for each fault.
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
