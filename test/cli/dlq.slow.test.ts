import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, spawnCli } from './cli.ts';
import { bodiesIn, files, fix, folderOf, idsIn, list, queueOf, redrive, runFailing } from './dlq-project.ts';
import { handlerOf, project } from './project.ts';

test('a redrive resumes each run once, oldest first, and deletes the messages of closed letters from the queue', async () => {
  const root = await project(files);
  const runs = [await runFailing(root), await runFailing(root)];
  const letters = runs.map((run) => `demo/${run}/1/second`);
  expect(await idsIn(root)).toEqual(letters);
  const planned = await redrive(root, '--all', '--dry-run');
  expect(planned).toMatchObject({ code: 0, queue: null, runs: runs.map((run_id) => ({ run_id, result: 'planned' })) });
  expect((await list(root)).map(({ id }) => id)).toEqual(letters.toReversed());

  // Still broken: the new failure has a separate letter, which now stands for the step.
  const again = await redrive(root, runs[0] ? `${runs[0]}/1/second` : '');
  expect(again).toMatchObject({
    code: 1,
    runs: [{ result: 'resumed', status: 'FAILED', open: [`demo/${runs[0]}/2/second`] }],
  });
  expect(await idsIn(root)).toEqual([letters[1], `demo/${runs[0]}/2/second`]);

  await fix(root);
  const done = await redrive(root, '--all');
  expect(done).toMatchObject({
    code: 0,
    // The first run's open letter is now the younger one.
    runs: runs.toReversed().map((run_id) => ({ run_id, result: 'resumed', status: 'SUCCEEDED', open: [] })),
    queue: { deleted: 2, kept: 0, sent_again: [] },
  });
  expect(await bodiesIn(root)).toEqual([]);
  expect(await list(root)).toEqual([]);
  expect((await list(root, '--all')).map(({ open }) => open)).toEqual([false, false, false]);

  const twice = await redrive(root, '--all');
  expect(twice).toMatchObject({ code: 0, runs: [], queue: { deleted: 0, kept: 0 } });
  expect(await redrive(root, letters[0] ?? '')).toMatchObject({ code: 0, runs: [{ result: 'closed' }] });
});

test('a message that cannot be parsed stays and is reported, a copy is deleted, a lost message is sent again', async () => {
  const root = await project(files);
  const run = await runFailing(root);
  const [body = ''] = await bodiesIn(root);
  const queue = queueOf(root);
  const strange = [
    'not JSON \u001b[31m',
    '{"hello":1}',
    body.replaceAll('demo', 'other'),
    body.replaceAll(run, 'gone'),
  ];
  for (const each of [...strange, body]) await queue.send(each);
  const first = await redrive(root, '--step', 'nothing-of-that-name');
  expect(first).toMatchObject({ code: 0, runs: [], queue: { kept: 5, deleted: 1, sent_again: [] } });
  expect(first.queue?.not_understood).toEqual(strange.map((each) => ({ reason: expect.any(String), body: each })));
  expect((await bodiesIn(root)).sort()).toEqual([...strange, body].sort());
  const shown = await cli(['dlq', 'redrive', 'demo', '--step', 'x'], { cwd: root });
  expect(shown.stdout).toContain('not JSON');
  expect(shown.stdout).not.toContain('\u001b');

  await rm(folderOf(root), { recursive: true });
  const resent = await redrive(root, '--step', 'x');
  expect(resent.queue).toMatchObject({ sent_again: [`demo/${run}/1/second`], kept: 0 });
  expect(await bodiesIn(root)).toEqual([body]);
});

test('a redrive leaves a run alone that another execution holds: no error for --all, an error for ids', async () => {
  const root = await project(files);
  const run = await runFailing(root);
  const endless = '  await new Promise((resolve) => setTimeout(resolve, 600_000));\n  return {};';
  await writeFile(join(root, 'lambdas/steps/demo/second.ts'), handlerOf(endless));
  const holder = spawnCli(['dlq', 'redrive', 'demo', '--all'], { cwd: root });
  await holder.said('second attempt 1 started');
  expect(await redrive(root, '--all')).toMatchObject({ code: 0, runs: [{ run_id: run, result: 'held' }] });
  expect(await redrive(root, `${run}/1/second`)).toMatchObject({ code: 1, runs: [{ run_id: run, result: 'held' }] });
  holder.child.kill('SIGKILL');
  await holder.exited;

  // All concurrent commands see that the run was killed, but only one of them records it.
  const seen = await Promise.all(Array.from({ length: 4 }, () => cli(['status', 'demo', '--json'], { cwd: root })));
  for (const { json } of seen) expect(json().runs).toMatchObject([{ run_id: run, status: 'ABORTED', execution: 2 }]);
  expect((await list(root)).map(({ id }) => id)).toEqual([`demo/${run}/2/_execution`, `demo/${run}/1/second`]);
  expect(await idsIn(root)).toEqual([`demo/${run}/1/second`, `demo/${run}/2/_execution`]);
  await fix(root);
  expect(await redrive(root, '--all')).toMatchObject({ code: 0, runs: [{ status: 'SUCCEEDED', open: [] }] });
  expect(await list(root)).toEqual([]);
  expect(await readdir(folderOf(root))).toEqual(['tmp']);
});

test('one of several concurrent redrives resumes the run, and none leaves a message behind', async () => {
  const root = await project(files);
  const run = await runFailing(root);
  await fix(root);
  const command = ['dlq', 'redrive', 'demo', '--all', '--json'];
  const all = await Promise.all(Array.from({ length: 3 }, () => spawnCli(command, { cwd: root }).exited));
  expect(all.map(({ code }) => code)).toEqual([0, 0, 0]);
  const results = all.flatMap(({ json }) =>
    (json().runs as unknown as { result: string }[]).map(({ result }) => result),
  );
  expect(results.filter((result) => result === 'resumed')).toHaveLength(1);
  expect(results.filter((result) => !['resumed', 'held', 'closed'].includes(result))).toEqual([]);
  expect((await cli(['status', 'demo', run, '--json'], { cwd: root })).json()).toMatchObject({
    status: 'SUCCEEDED',
    execution: 2,
  });
  await redrive(root, '--all');
  expect(await bodiesIn(root)).toEqual([]);
});
