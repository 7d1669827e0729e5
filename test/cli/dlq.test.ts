import { expect, test } from 'vitest';
import { cli } from './cli.ts';
import { bodiesIn, files, fix, idsIn, list, redrive, runFailing } from './dlq-project.ts';
import { project } from './project.ts';

test('a redrive resumes a run with the fix, and deletes the message of its closed letter from the queue', async () => {
  const root = await project(files);
  const run = await runFailing(root);
  const letter = `demo/${run}/1/second`;
  expect(await idsIn(root)).toEqual([letter]);
  const refused = async (...args: string[]) => (await cli(['dlq', 'redrive', 'demo', ...args], { cwd: root })).stderr;
  expect(await refused()).toBe('error: say which: ids, --step <name>, or --all (1 open dead letter)\n');
  expect(await refused('x/1/second')).toContain('there is no dead letter "x/1/second"');
  expect(await refused('x/1/second', '--all')).toContain('not both');

  await fix(root);
  expect(await redrive(root, '--all')).toMatchObject({
    code: 0,
    runs: [{ run_id: run, result: 'resumed', status: 'SUCCEEDED', open: [] }],
    queue: { deleted: 1, kept: 0, sent_again: [] },
  });
  expect(await bodiesIn(root)).toEqual([]);
  expect(await list(root)).toEqual([]);
  expect((await list(root, '--all')).map(({ open }) => open)).toEqual([false]);
  expect(await redrive(root, letter)).toMatchObject({ code: 0, runs: [{ result: 'closed' }] });
});
