import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { S3ObjectStore } from '../../../lib/ports/aws/s3-object-store.ts';
import { FolderObjectStore } from '../../../lib/ports/folder/folder-object-store.ts';
import { newFolder } from '../folder/new-folder.ts';
import { keysOf, readAll } from '../object-store.conformance.ts';
import { fileWith, patterned } from '../object-transfers.conformance.ts';
import { startServer } from './fauxqs.ts';

const program = join(import.meta.dirname, 'upload-process.ts');
const megabyte = 1024 * 1024;

/** Milliseconds that the process worked, at most `killAfter`. */
const upload = async (args: readonly string[], killAfter: number, env: NodeJS.ProcessEnv = {}): Promise<number> => {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const ended = once(child, 'close');
  await once(child.stdout, 'data');
  const began = performance.now();
  const kill = setTimeout(() => child.kill('SIGKILL'), killAfter);
  const [code, signal] = await ended;
  clearTimeout(kill);
  expect(signal === 'SIGKILL' || code === 0).toBe(true);
  return performance.now() - began;
};

/** A file of 1 GB. Each megabyte begins with its number. */
const gigabyte = async (folder: string): Promise<string> => {
  const path = join(folder, 'gigabyte');
  const file = await open(path, 'wx');
  const block = patterned(megabyte);
  for (let number = 0; number < 1024; number += 1) {
    block.writeUInt32LE(number);
    await file.write(block);
  }
  await file.close();
  return path;
};

/** Checks the size and each megabyte's number. */
const expectGigabyte = async (path: string): Promise<void> => {
  const file = await open(path, 'r');
  try {
    expect((await file.stat()).size).toBe(1024 * megabyte);
    const head = Buffer.alloc(8);
    const expected = patterned(8);
    for (let number = 0; number < 1024; number += 1) {
      await file.read(head, 0, 8, number * megabyte);
      expected.writeUInt32LE(number);
      expect(head).toEqual(expected);
    }
  } finally {
    await file.close();
  }
};

test.each([
  ['new', null],
  ['replaced', 'old'],
])('an object of 1 GB that is %s in a folder while its process is killed is whole, or as it was', async (_, before) => {
  const folder = await newFolder();
  const file = await gigabyte(folder);
  const root = join(folder, 'store');
  const store = new FolderObjectStore(root);
  // Not seeded: each run tries other instants of an upload.
  let duration = 2000;
  for (let round = 0; round < 6; round += 1) {
    const key = `data/${round}`;
    if (before !== null) await store.put(key, before);
    const took = await upload([store.url, file, key], round === 0 ? 60_000 : Math.random() * duration);
    if (round === 0) duration = took * 1.1;
    const sizes: Record<string, number> = {};
    for await (const each of store.list('data/')) sizes[each.key] = each.bytes;
    if (sizes[key] === 1024 * megabyte) await expectGigabyte(join(root, key));
    else expect(sizes[key]).toBe(before?.length);
    // The next process that writes removes the leftovers of the dead one.
    await new FolderObjectStore(root).put('after', 'x');
    expect(await readdir(join(root, '.store', 'tmp'))).toEqual([]);
    await rm(join(root, 'data'), { recursive: true, force: true });
  }
  await expectGigabyte(file);
});

test('an object on S3 whose process is killed during the upload is whole or absent, and the next upload works', async () => {
  const server = await startServer();
  onTestFinished(() => server.stop());
  const bucket = server.bucket();
  const store = new S3ObjectStore(server.s3, bucket);
  const content = patterned(40 * megabyte + 1);
  const file = await fileWith(content);
  const env = {
    AWS_ENDPOINT_URL: server.address,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  const duration = await upload([`s3://${bucket}`, file, 'first'], 60_000, env);
  const absent: boolean[] = [];
  for (let round = 0; round < 6; round += 1) {
    await upload([`s3://${bucket}`, file, `k${round}`], Math.random() * duration * 1.1, env);
    // Requests that were already sent may still take effect.
    await sleep(50);
    const found = await readAll(store, `k${round}`);
    absent.push(found === null);
    if (found !== null) expect(content.equals(found)).toBe(true);
  }
  await store.upload('k0', file);
  expect(content.equals((await readAll(store, 'k0')) ?? Buffer.alloc(0))).toBe(true);
  expect((await keysOf(store, 'k')).length).toBe(absent.filter((each) => !each).length + (absent[0] ? 1 : 0));
});
