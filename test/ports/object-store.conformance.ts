import { describe, expect, test } from 'vitest';
import { errorNames } from '../../lib/contract/error-names.ts';
import { PermanentError } from '../../lib/contract/errors.ts';
import { byUtf8 } from '../../lib/ports/object-key.ts';
import type { ObjectStore } from '../../lib/ports/ports.ts';
import { describeTransfers } from './object-transfers.conformance.ts';

const text = (body: Uint8Array | undefined): string => new TextDecoder().decode(body);

async function* chunks(...parts: readonly (string | Error)[]): AsyncIterable<Uint8Array> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield new TextEncoder().encode(part);
  }
}

/** The whole content that `read` streams, or null. */
export async function readAll(store: ObjectStore, key: string): Promise<Uint8Array | null> {
  const stream = await store.read(key);
  if (stream === null) return null;
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

/** The keys below a prefix, in `list` order. */
export async function keysOf(store: ObjectStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys;
}

export interface ObjectStoreTraits {
  /** False for a server that ignores If-None-Match and If-Match on writes; the tests then skip those rules. */
  readonly conditionalWrites?: boolean;
  /** False for a server that lists in another order than S3. */
  readonly utf8Order?: boolean;
}

/** The contract of every ObjectStore. `make` returns an empty store. */
export function describeObjectStore(
  name: string,
  make: () => Promise<ObjectStore>,
  traits: ObjectStoreTraits = {},
): void {
  describe(`${name} is an ObjectStore`, () => {
    test('a missing key is null for get and read', async () => {
      const store = await make();
      expect(await store.get('no/such')).toBeNull();
      expect(await store.read('no/such')).toBeNull();
      await store.put('no/such/child', 'x');
      expect(await store.get('no/such')).toBeNull();
      expect(await store.read('no/such')).toBeNull();
    });

    test('get and read return the content of put: text and bytes, empty ones too', async () => {
      const store = await make();
      const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
      await store.put('a/bytes', bytes);
      await store.put('a/text', 'grüße €');
      await store.put('a/empty', '');
      expect([...((await store.get('a/bytes'))?.body ?? [])]).toEqual([...bytes]);
      expect([...((await readAll(store, 'a/bytes')) ?? [])]).toEqual([...bytes]);
      expect(text((await store.get('a/text'))?.body)).toBe('grüße €');
      expect((await store.get('a/empty'))?.body.length).toBe(0);
      expect((await readAll(store, 'a/empty'))?.length).toBe(0);
    });

    test('put and get return the same etag, and it changes with the content', async () => {
      const store = await make();
      const first = await store.put('k', 'one');
      expect(first).toEqual({ written: true, etag: (await store.get('k'))?.etag });
      const second = await store.put('k', 'two');
      expect(second).toEqual({ written: true, etag: (await store.get('k'))?.etag });
      expect(second).not.toEqual(first);
    });

    test('write streams an object of several chunks and replaces an existing one', async () => {
      const store = await make();
      await store.put('big', 'old');
      await store.write('big', chunks('a', 'b', '', 'c'));
      expect(text((await store.get('big'))?.body)).toBe('abc');
      await store.write('nothing', chunks());
      expect((await store.get('nothing'))?.body.length).toBe(0);
    });

    test('write of many megabytes comes back byte for byte', async () => {
      const store = await make();
      const piece = 'x'.repeat(1024 * 1024 - 7);
      const pieces = Array.from({ length: 12 }, (_, index) => piece + String(index).padStart(7, '0'));
      await store.write('huge', chunks(...pieces));
      const found = await readAll(store, 'huge');
      expect(found?.length).toBe(12 * 1024 * 1024);
      expect(Buffer.compare(found ?? new Uint8Array(), Buffer.from(pieces.join('')))).toBe(0);
    });

    test('an error of the stream leaves the object absent or unchanged, and reaches the caller unchanged', async () => {
      const store = await make();
      const fault = Object.assign(new Error('source broke'), { code: 'ECONNRESET', syscall: 'read' });
      await store.put('kept', 'old');
      await expect(store.write('kept', chunks('new', fault))).rejects.toBe(fault);
      await expect(store.write('fresh', chunks('x'.repeat(6_000_000), fault))).rejects.toBe(fault);
      expect(text((await store.get('kept'))?.body)).toBe('old');
      expect(await keysOf(store, '')).toEqual(['kept']);
    });

    test('list returns the keys below a prefix with their sizes, in the order of their UTF-8 bytes', async () => {
      const store = await make();
      const keys = ['a-b', 'a.b', 'a/b/c', 'a/z', 'a/ä', 'a/\uff5e', 'a/\u{1f600}', 'b'];
      for (const key of keys.toReversed()) await store.put(key, key);
      const inOrder = (found: string[]): string[] => (traits.utf8Order === false ? found.sort(byUtf8) : found);
      expect(inOrder(await keysOf(store, ''))).toEqual(keys);
      expect(inOrder(await keysOf(store, 'a/'))).toEqual(keys.slice(2, 7));
      expect(inOrder(await keysOf(store, 'a'))).toEqual(keys.slice(0, 7));
      expect(await keysOf(store, 'a/b')).toEqual(['a/b/c']);
      expect(await keysOf(store, 'none/')).toEqual([]);
      for await (const { key, bytes } of store.list('')) expect(bytes).toBe(Buffer.byteLength(key));
    });

    test('list continues past one page of a thousand keys', async () => {
      const store = await make();
      const keys = Array.from({ length: 1010 }, (_, index) => `many/${String(index).padStart(5, '0')}`);
      for (let at = 0; at < keys.length; at += 101) {
        await Promise.all(keys.slice(at, at + 101).map((key) => store.put(key, '')));
      }
      expect(await keysOf(store, 'many/')).toEqual(keys);
    });

    test('many changes at once are all made: overwrites, conditional writes and deletes', async () => {
      const store = await make();
      const keys = Array.from({ length: 40 }, (_, index) => `many/${index}`);
      await Promise.all(keys.map((key) => store.put(key, 'one')));
      const written = await Promise.all([
        ...keys.slice(0, 20).map((key) => store.put(key, 'two').then(({ written: done }) => done)),
        ...keys.slice(20).map((key) => store.delete(key).then(() => true)),
      ]);
      expect(written).toEqual(Array(40).fill(true));
      const left: string[] = [];
      for await (const { key } of store.list('many/')) left.push(key);
      expect(left).toEqual(keys.slice(0, 20).sort());
    });

    test('delete removes an object; deletion of a missing one is no error', async () => {
      const store = await make();
      await store.put('a/b', 'x');
      await store.delete('a/b');
      await store.delete('a/b');
      await store.delete('never/was');
      expect(await store.get('a/b')).toBeNull();
      expect(await keysOf(store, '')).toEqual([]);
    });

    test.each([
      ['', 'empty'],
      ['..', '".."'],
      ['a/../b', '".."'],
      ['a/./b', '"."'],
      ['/etc/passwd', 'empty segment'],
      ['a//b', 'empty segment'],
      ['a/', 'empty segment'],
      ['a\0b', 'control character'],
      ['a\nb', 'control character'],
      ['..\\x', 'backslash'],
      ['a/\ud800', 'surrogate'],
      ['.store/lock.db', 'own folder'],
      [`a/${'ü'.repeat(128)}`, '256 bytes'],
      [Array.from({ length: 6 }, () => 'x'.repeat(200)).join('/'), '1205 bytes'],
    ])('the key %j is refused by every method with the reason', async (key, reason) => {
      const store = await make();
      const refused = { name: errorNames.permanent, message: expect.stringContaining(reason) };
      await expect(store.get(key)).rejects.toMatchObject(refused);
      await expect(store.read(key)).rejects.toMatchObject(refused);
      await expect(store.put(key, 'x')).rejects.toMatchObject(refused);
      await expect(store.write(key, chunks('x'))).rejects.toMatchObject(refused);
      await expect(store.delete(key)).rejects.toMatchObject(refused);
    });

    test('a prefix that leads outside is refused', async () => {
      const store = await make();
      await expect(keysOf(store, '../')).rejects.toBeInstanceOf(PermanentError);
      await expect(keysOf(store, '/')).rejects.toBeInstanceOf(PermanentError);
    });

    describeTransfers(make);
    if (traits.conditionalWrites !== false) describeConditionalWrites(make);
  });
}

const describeConditionalWrites = (make: () => Promise<ObjectStore>): void => {
  test('ifNoneMatch writes only if no object exists', async () => {
    const store = await make();
    expect(await store.put('k', 'first', { ifNoneMatch: '*' })).toMatchObject({ written: true });
    expect(await store.put('k', 'second', { ifNoneMatch: '*' })).toEqual({ written: false });
    expect(await store.put('k', 'first', { ifNoneMatch: '*' })).toEqual({ written: false });
    expect(text((await store.get('k'))?.body)).toBe('first');
    await store.delete('k');
    expect(await store.put('k', 'third', { ifNoneMatch: '*' })).toMatchObject({ written: true });
  });

  test('ifMatch writes only over the object with that etag', async () => {
    const store = await make();
    expect(await store.put('k', 'x', { ifMatch: '"0123"' })).toEqual({ written: false });
    expect(await store.get('k')).toBeNull();
    await store.put('k', 'one');
    const one = await store.get('k');
    expect(await store.put('k', 'two', { ifMatch: one?.etag ?? '' })).toMatchObject({ written: true });
    expect(await store.put('k', 'late', { ifMatch: one?.etag ?? '' })).toEqual({ written: false });
    expect(text((await store.get('k'))?.body)).toBe('two');
  });

  test('of many that create the same key at once, exactly one wins, and its object stays', async () => {
    const store = await make();
    for (let round = 0; round < 5; round += 1) {
      const key = `race/${round}`;
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => store.put(key, `writer ${index}`, { ifNoneMatch: '*' })),
      );
      const winners = answers.flatMap((answer, index) => (answer.written ? [`writer ${index}`] : []));
      expect(winners).toEqual([text((await store.get(key))?.body)]);
    }
  });

  test('compare-and-swap by many at once loses no update', async () => {
    const store = await make();
    await store.put('counter', '0');
    const increment = async (): Promise<void> => {
      for (;;) {
        const found = await store.get('counter');
        if (found === null) throw new Error('the counter is gone');
        const next = String(Number(text(found.body)) + 1);
        if ((await store.put('counter', next, { ifMatch: found.etag })).written) return;
      }
    };
    await Promise.all(Array.from({ length: 20 }, increment));
    expect(text((await store.get('counter'))?.body)).toBe('20');
  });
};
