import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { FolderObjectStore } from '../../../lib/ports/folder/folder-object-store.ts';
import { slowTest } from '../../support/sized.ts';
import { keysOf, readAll } from '../object-store.conformance.ts';
import { newFolder } from './new-folder.ts';

const program = join(import.meta.dirname, 'folder-process.ts');

const start = (mode: string, folder: string, name: string): ChildProcess & { lines(): string[] } => {
  const child = spawn(process.execPath, [program, mode, folder, name], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout?.on('data', (data) => {
    out += data;
  });
  return Object.assign(child, { lines: () => out.split('\n').slice(0, -1) });
};

const ended = async (child: ChildProcess): Promise<void> => {
  const [code] = await once(child, 'close');
  expect(code).toBe(0);
};

test('of several processes that create the same keys, exactly one wins each', async () => {
  const folder = await newFolder();
  const names = ['a', 'b', 'c', 'd'];
  const children = names.map((name) => start('create', folder, name));
  await Promise.all(children.map(ended));
  const store = new FolderObjectStore(folder);
  const winners = new Map<string, string>();
  for (const [index, child] of children.entries()) {
    for (const key of child.lines()) {
      expect(winners.has(key)).toBe(false);
      winners.set(key, names[index] ?? '');
    }
  }
  expect(winners.size).toBe(50);
  for (const [key, winner] of winners) {
    expect(new TextDecoder().decode((await store.get(`created/${key}`))?.body)).toBe(winner);
  }
});

test('compare-and-swap by several processes loses no update', async () => {
  const folder = await newFolder();
  const store = new FolderObjectStore(folder);
  await store.put('counter', '0');
  await Promise.all(['a', 'b', 'c', 'd'].map((name) => ended(start('count', folder, name))));
  expect(new TextDecoder().decode((await store.get('counter'))?.body)).toBe('100');
});

slowTest(
  'processes that are killed in the middle of writes leave only whole objects, no lock, and nothing in a listing',
  async () => {
    const folder = await newFolder();
    const store = new FolderObjectStore(folder);
    // Not seeded: each run tries other instants. 14 kills of two processes at a time.
    for (let round = 0; round < 7; round += 1) {
      const children = ['a', 'b'].map((name) => start('churn', folder, `${name}${round}`));
      const going = children.map(async (child) => {
        while (child.lines().length === 0) await sleep(5);
        await sleep(Math.random() * 60);
        child.kill('SIGKILL');
        await once(child, 'close');
      });
      await Promise.all(going);
      const keys = await keysOf(store, '');
      expect(keys.length).toBeGreaterThan(0);
      for (const key of keys) {
        expect(key).toMatch(/^churn\/(streamed-\d|put-\d|created-[ab]\d-\d+)$/);
        const [digest, body = ''] = new TextDecoder().decode((await readAll(store, key)) ?? undefined).split('\n');
        expect(createHash('sha256').update(body).digest('hex'), key).toBe(digest);
      }
      // The lock of the dead process is free.
      const found = await store.get('churn/put-0');
      expect(await store.put('churn/put-0', found?.body ?? '', { ifMatch: found?.etag ?? '' })).toMatchObject({
        written: true,
      });
    }
    // The next process that writes removes the leftovers of the dead one.
    await new FolderObjectStore(folder).put('after', 'x');
    expect(await readdir(join(folder, '.store', 'tmp'))).toEqual([]);
  },
);
