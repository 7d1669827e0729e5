import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyDatabase } from '../../pipelines/stand-ins/empty-database.ts';

test('an empty database is kept, begins empty each time, and is made again when its file is damaged', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'daybreak-pglite-'));
  const tables = async () => {
    const database = await emptyDatabase(cache);
    const { rows } = await database.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
    await database.exec('CREATE TABLE orders (id int)');
    await database.close();
    return rows;
  };
  expect(await tables()).toEqual([]);
  const [file = ''] = readdirSync(cache);
  expect(file).toMatch(/^pglite-.*\.tar$/);
  expect(await tables()).toEqual([]);
  writeFileSync(join(cache, file), 'damaged');
  expect(await tables()).toEqual([]);
});
