import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { handlerCode } from '../../../lib/bundle/handler-code.ts';
import { pinCode } from '../../../lib/offline/kept/pin-code.ts';
import { pruneCode } from '../../../lib/offline/kept/prune-code.ts';
import { recordExecution } from '../../../lib/ports/folder/folder-executions.ts';
import { projectOf, refuse } from '../../bundle/project.ts';

const day = 24 * 3600 * 1000;
const entry = { entry: 'lambdas/steps/p/a.ts', export: 'handler' };

test('code of no running execution is removed after a day, and what an execution pins again stays', async () => {
  const root = projectOf({ 'lambdas/steps/p/a.ts': 'export const handler = async () => 1;\n' });
  const folders = { code: join(root, 'store/code'), executions: join(root, 'store/executions') };
  const code = await handlerCode([entry], { root, report: refuse });
  const pinned = (await pinCode(code, folders.code))(entry);
  const age = () => {
    for (const name of readdirSync(folders.code))
      utimesSync(join(folders.code, name), 0, (Date.now() - 2 * day) / 1000);
  };
  writeFileSync(join(folders.code, 'older.mjs'), '');
  writeFileSync(join(folders.code, 'older.mjs.map'), '');
  age();
  const status = (arn: string, value: 'RUNNING' | 'SUCCEEDED') =>
    recordExecution(folders.executions, arn, { status: value, pid: process.pid });
  await status('arn:mine', 'RUNNING');
  await status('arn:other', 'RUNNING');
  expect((await pinCode(code, folders.code))(entry)).toBe(pinned);

  await pruneCode(folders, 'arn:mine');
  expect(readdirSync(folders.code)).toHaveLength(4);
  await status('arn:other', 'SUCCEEDED');
  await pruneCode(folders, 'arn:mine');
  expect(readdirSync(folders.code).map((name) => join(folders.code, name))).toEqual([pinned, `${pinned}.map`]);

  age();
  await pruneCode(folders, 'arn:mine');
  expect(readdirSync(folders.code)).toEqual([]);
  // The next execution writes it again.
  expect((await pinCode(code, folders.code))(entry)).toBe(pinned);
  expect(readdirSync(folders.code)).toHaveLength(2);
});
