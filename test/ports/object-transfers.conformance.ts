import { readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { errorNames } from '../../lib/contract/error-names.ts';
import type { ObjectStore } from '../../lib/ports/ports.ts';
import { sampled, sized, slowTest } from '../support/sized.ts';
import { newFolder } from './folder/new-folder.ts';

const megabyte = 1024 * 1024;

/** Bytes that differ at every position from their neighbours and from the byte one part away. */
export function patterned(bytes: number): Buffer {
  const words = new Uint32Array(Math.floor(bytes / 4));
  for (let at = 0; at < words.length; at += 1) words[at] = Math.imul(4 * at + 1, 2_654_435_761);
  const content = Buffer.alloc(bytes);
  Buffer.from(words.buffer).copy(content);
  return content;
}

/** A file with this content, in a new folder. */
export async function fileWith(content: string | Uint8Array): Promise<string> {
  const file = join(await newFolder(), 'upload.bin');
  await writeFile(file, content);
  return file;
}

/** The contract of every ObjectStore for files. */
export function describeTransfers(make: () => Promise<ObjectStore>): void {
  test('upload makes an object of a file and replaces an existing one; the file may be deleted', async () => {
    const store = await make();
    await store.put('a/b', 'a longer old one');
    const file = await fileWith('content');
    await store.upload('a/b', file, { contentType: 'text/plain' });
    await rm(file);
    expect(Buffer.from((await store.get('a/b'))?.body ?? []).toString()).toBe('content');
    await store.upload('a/b', await fileWith('again'));
    expect(Buffer.from((await store.get('a/b'))?.body ?? []).toString()).toBe('again');
  });

  test('one file may be uploaded under several keys, and twice under one', async () => {
    const store = await make();
    const file = await fileWith('content');
    for (const key of ['one', 'two', 'two']) await store.upload(key, file);
    const listed: unknown[] = [];
    for await (const each of store.list('')) listed.push(each);
    expect(listed).toEqual([
      { key: 'one', bytes: 7 },
      { key: 'two', bytes: 7 },
    ]);
    expect(await readFile(file, 'utf8')).toBe('content');
  });

  test('download makes a file of an object and replaces an existing one', async () => {
    const store = await make();
    const folder = await newFolder();
    const file = join(folder, 'download.bin');
    await store.put('k', 'one');
    expect(await store.download('k', file)).toBe(true);
    expect(await readFile(file, 'utf8')).toBe('one');
    await store.put('k', 'two');
    expect(await readFile(file, 'utf8')).toBe('one');
    expect(await store.download('k', file)).toBe(true);
    expect(await store.download('k', file)).toBe(true);
    expect(await readFile(file, 'utf8')).toBe('two');
    expect(await readdir(folder)).toEqual(['download.bin']);
    await rm(file);
    expect(Buffer.from((await store.get('k'))?.body ?? []).toString()).toBe('two');
  });

  test('uploaded content returns byte for byte from download, get and read: empty, one byte, and several parts', async () => {
    const store = await make();
    const folder = await newFolder();
    for (const bytes of [0, 1, 8 * megabyte, 8 * megabyte + 1, sized(8, 25) * megabyte + 4321]) {
      const content = patterned(bytes);
      await store.upload('k', await fileWith(content));
      const file = join(folder, String(bytes));
      expect(await store.download('k', file)).toBe(true);
      expect((await stat(file)).size).toBe(bytes);
      expect((await readFile(file)).equals(content)).toBe(true);
      expect(content.equals((await store.get('k'))?.body ?? Buffer.from('none'))).toBe(true);
    }
  });

  test('an object of put or write can be downloaded too', async () => {
    const store = await make();
    const file = join(await newFolder(), 'file');
    const content = patterned(9 * megabyte);
    await store.write('k', Readable.from([content]));
    expect(await store.download('k', file)).toBe(true);
    expect((await readFile(file)).equals(content)).toBe(true);
    await store.put('empty', '');
    expect(await store.download('empty', file)).toBe(true);
    expect((await stat(file)).size).toBe(0);
  });

  test('download of a missing key is false and makes no file', async () => {
    const store = await make();
    const folder = await newFolder();
    await store.put('no/such/child', 'x');
    expect(await store.download('no/such', join(folder, 'file'))).toBe(false);
    expect(await store.download('nothing', join(folder, 'file'))).toBe(false);
    expect(await readdir(folder)).toEqual([]);
  });

  test('a link is uploaded as its target', async () => {
    const store = await make();
    const link = join(await newFolder(), 'link');
    await symlink(await fileWith('behind'), link);
    await store.upload('k', link);
    expect(Buffer.from((await store.get('k'))?.body ?? []).toString()).toBe('behind');
  });

  test('a missing file, or a path where none can be, is a PlatformError that names it; no object, no file', async () => {
    const store = await make();
    const folder = await newFolder();
    const missing = join(folder, 'missing', 'file');
    const fault = { name: errorNames.platform, message: expect.stringContaining(missing) };
    await expect(store.upload('k', missing)).rejects.toMatchObject(fault);
    expect(await store.get('k')).toBeNull();
    await store.put('k', 'x');
    await expect(store.download('k', missing)).rejects.toMatchObject(fault);
    expect(await readdir(folder)).toEqual([]);
  });

  test('a signal that has fired stops both before they begin, with its reason', async () => {
    const store = await make();
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    const file = await fileWith('content');
    await expect(store.upload('k', file, { signal })).rejects.toBe(reason);
    expect(await store.get('k')).toBeNull();
    await store.put('k', 'x');
    await expect(store.download('k', `${file}.down`, { signal })).rejects.toBe(reason);
    expect(await readdir(join(file, '..'))).toEqual(['upload.bin']);
  });

  slowTest(
    'a signal that fires meanwhile stops the work within a second of processor time: no object and no file, or all of it',
    async () => {
      const store = await make();
      const content = patterned(sized(12, 40) * megabyte);
      const file = await fileWith(content);
      for (const delay of sampled([0, 2, 10, 30], 2)) {
        const key = `k${delay}`;
        const reason = new Error('enough');
        expect(await stopped((signal) => store.upload(key, file, { signal }), delay, reason)).toBeLessThan(1000);
        const found = await store.get(key);
        if (found !== null) expect(content.equals(found.body)).toBe(true);
      }
      await store.upload('k', file);
      for (const delay of sampled([0, 2, 10, 30], 2)) {
        const target = join(await newFolder(), 'file');
        const reason = new Error('enough');
        expect(await stopped((signal) => store.download('k', target, { signal }), delay, reason)).toBeLessThan(1000);
        const names = await readdir(join(target, '..'));
        if (names.length > 0) expect((await readFile(target)).equals(content)).toBe(true);
        expect(names.length === 0 || names[0] === 'file').toBe(true);
      }
    },
  );

  slowTest(
    'an object that is replaced during its download comes complete, the old or the new one, or is a PlatformError',
    async () => {
      const store = await make();
      const large = sized(10, 30) * megabyte;
      const [before, after] = [patterned(large), patterned(large + 4).subarray(4)];
      const files = [await fileWith(before), await fileWith(after)] as const;
      await store.upload('k', files[0]);
      const target = join(await newFolder(), 'file');
      const replacing = store.upload('k', files[1]);
      const outcome = await store.download('k', target).catch((error: Error) => error.name);
      await replacing;
      if (outcome === true) {
        const found = await readFile(target);
        expect(found.equals(before) || found.equals(after)).toBe(true);
      } else {
        expect(outcome).toBe(errorNames.platform);
        expect(await readdir(join(target, '..'))).toEqual([]);
      }
    },
  );

  test.each(['', '../x', '.store/tmp/x'])('the key %j is refused for files too', async (key) => {
    const store = await make();
    const refused = { name: errorNames.permanent };
    const file = await fileWith('x');
    await expect(store.upload(key, file)).rejects.toMatchObject(refused);
    await expect(store.download(key, `${file}.down`)).rejects.toMatchObject(refused);
  });
}

/**
 * Milliseconds of processor time from the signal to the end of the work, which succeeds or fails with the signal's reason. The load of the machine does not
 * count.
 */
const stopped = async (work: (signal: AbortSignal) => Promise<unknown>, delay: number, reason: Error) => {
  const stop = new AbortController();
  let fired: NodeJS.CpuUsage | null = null;
  setTimeout(() => {
    fired = process.cpuUsage();
    stop.abort(reason);
  }, delay);
  await work(stop.signal).catch((error) => expect(error).toBe(reason));
  if (fired === null) return 0;
  const { user, system } = process.cpuUsage(fired);
  return (user + system) / 1000;
};
