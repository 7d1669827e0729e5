import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TemporaryFiles } from '../../../lib/ports/folder/temporary-files.ts';
import { newFolder } from './new-folder.ts';

async function* content(): AsyncIterable<Uint8Array> {
  yield Buffer.from('x');
}

test("a file of another machine stays for a week, a running process's file stays, a dead process's file is deleted", async () => {
  const folder = await newFolder();
  let own = '';
  await new TemporaryFiles(folder).using(content(), async () => {
    own = (await readdir(folder))[0] ?? '';
    const host = own.split('.')[0] ?? '';
    // Process ids end at 2^22 on Linux.
    const names = ['elsewhere.1.fresh', 'elsewhere.1.old', `${host}.${process.pid}.mine`, `${host}.99999999.dead`];
    for (const name of names) await writeFile(join(folder, name), '');
    const weekBefore = Date.now() / 1000 - (7 * 24 + 1) * 60 * 60;
    await utimes(join(folder, 'elsewhere.1.old'), weekBefore, weekBefore);
    await new TemporaryFiles(folder).using(content(), async () => {});
    expect((await readdir(folder)).sort()).toEqual([own, `${host}.${process.pid}.mine`, 'elsewhere.1.fresh'].sort());
  });
  expect(await readdir(folder)).not.toContain(own);
});
