import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { cli, spawnCli } from './cli.ts';
import { handlerOf, project } from './project.ts';
import { deployed, stack } from './remote-project.ts';
import { files, outcomesOf, type Report, reasonsOf, rowsOf, runIn } from './resume-project.ts';

/** Every file of a folder with the digest of its bytes. */
async function digests(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile())
      found[path] = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
  }
  return found;
}

const storeOf = (root: string): string => join(root, '.daybreak/store/demo');

test('a failure is reproduced and fixed in a fork; the run and all that counts runs stay as they are', async () => {
  const root = await project(files);
  const { run_id } = (await runIn(root, ['run', 'demo'])).report;
  const [run, history, incidents] = ['runs', 'history.json', 'incidents'].map((name) => join(storeOf(root), name));
  const before = [await digests(run ?? ''), await readFile(history ?? ''), await digests(incidents ?? '')];

  const failed = await runIn(root, ['fork', 'demo', run_id]);
  expect([failed.code, outcomesOf(failed.report)]).toEqual([
    1,
    { users: 'failed', orders: 'reused', join: 'blocked', report: 'blocked' },
  ]);
  await writeFile(join(root, 'lambdas/steps/demo/users.ts'), rowsOf('users', "'users'"));
  const { stdout, code } = await cli(['fork', 'demo', run_id], { cwd: root });
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(
      new RegExp(`demo fork of run ${run_id}: 1 reused, 3 run\n[^]*users +run +failed before; code changed: users.ts`),
    ),
  ]);
  const fork = /run (fork-\S+), execution 2/.exec(stdout)?.[1] ?? '';
  const shown = (await cli(['status', 'demo', fork], { cwd: root })).stdout;
  expect(shown).toContain(`  a fork of run ${run_id}; it counts for nothing else\n`);
  const head = await runIn(root, ['head', 'demo', fork, 'orders.rows']);
  expect(head.report).toMatchObject({ rows: [{ made_by: 'orders' }] });
  // A resume of the fork reuses everything.
  const resumed = await runIn(root, ['resume', 'demo', fork]);
  expect(outcomesOf(resumed.report)).toEqual({ users: 'reused', orders: 'reused', join: 'reused', report: 'reused' });
  expect(await runIn(root, ['doctor', 'demo'])).toMatchObject({ code: 0 });
  // A fork that succeeded does not hide that the pipeline's last run failed.
  expect((await runIn(root, ['status'])).report).toMatchObject({
    pipelines: [{ last_run: run_id, status: 'FAILED' }],
  });
  expect((await runIn(root, ['status', 'demo'])).report).toMatchObject({
    runs: [{ run_id: fork, trial: true }, {}, {}],
  });

  const own = ([path]: [string, string]): boolean => path.includes(`/runs/${run_id}/`);
  const after = Object.fromEntries(Object.entries(await digests(run ?? '')).filter(own));
  expect([after, await readFile(history ?? ''), await digests(incidents ?? '')]).toEqual(before);
});

test('a step whose data is gone runs again in a fork, named steps run, and unknown ones are refused', async () => {
  const root = await project({ ...files, 'lambdas/steps/demo/users.ts': rowsOf('users', "'users'") });
  const { run_id } = (await runIn(root, ['run', 'demo'])).report;
  await rm(join(storeOf(root), 'runs', run_id, 'data/orders'), { recursive: true });
  const options = ['--steps', 'users,report'];
  const planned = await runIn(root, ['fork', 'demo', run_id, '--dry-run', ...options]);
  expect(reasonsOf(planned.report)).toEqual({
    users: 'run: asked for with --steps',
    orders: 'run: data missing: rows (part-00000.parquet)',
    join: 'may_run: depends on orders, users',
    report: 'run: asked for with --steps',
  });
  const forked = await runIn(root, ['fork', 'demo', run_id, ...options]);
  expect(outcomesOf(forked.report)).toEqual({
    users: 'succeeded',
    orders: 'succeeded',
    join: 'reused',
    report: 'succeeded',
  });
  for (const [args, message] of [
    [['fork', 'demo', run_id, '--steps', 'user'], '--steps: pipeline "demo" has no step "user"; did you mean "users"?'],
    [['fork', 'demo', `${run_id}x`], `pipeline "demo" has no run "${run_id}x"; did you mean "${run_id}"?`],
    [['fork', 'demo', run_id, '--input', '[]'], '--input'],
    [['fork', 'demo', run_id, '--into', 's3://bucket'], 'a run on this machine needs a folder'],
  ] as const) {
    const { code, stderr } = await cli(args, { cwd: root });
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  }
});

test('a fork sends nothing unless it may, and what the run has sent is not sent again', async () => {
  const sender = (fails: string) =>
    handlerOf(
      `  const { appendFileSync } = await import('node:fs');\n  const first = await step.once('first', () => appendFileSync('%ROOT%/sent', 'first '));\n  ${fails}\n  await step.once('second', () => appendFileSync('%ROOT%/sent', 'second '));\n  return first;`,
    );
  const root = await project({
    'pipelines/demo.yaml':
      'name: demo\nversion: 1.0.0\nsteps:\n  - { name: send, handler: { callable: send }, retry: { max_attempts: 1 } }\n',
    'lambdas/steps/demo/send.ts': sender("throw new Error('half-way');"),
  });
  const { run_id } = (await runIn(root, ['run', 'demo'])).report;
  await writeFile(join(root, 'lambdas/steps/demo/send.ts'), sender('').replaceAll('%ROOT%', root));
  const silent = await runIn(root, ['fork', 'demo', run_id]);
  expect(silent.report).toMatchObject({
    status: 'FAILED',
    steps: { send: { attempts: 1, failure: { error: 'PermanentError' } } },
  });
  expect(JSON.stringify(silent.report)).toContain(`this run is a fork of ${run_id}, and a fork sends nothing`);
  expect(await readFile(join(root, 'sent'), 'utf8')).toBe('first ');
  const sending = await runIn(root, ['fork', 'demo', run_id, '--send']);
  expect(sending.report).toMatchObject({ status: 'SUCCEEDED', steps: { send: { result: false } } });
  expect(await readFile(join(root, 'sent'), 'utf8')).toBe('first second ');
});

/** S3 for credentials that may only read: everything else is denied. `read` has the keys of the objects that were fetched. */
async function readOnlyS3(behind: string) {
  const read: string[] = [];
  const server = createServer((incoming, answer) => {
    const { method = '', url = '' } = incoming;
    if (method !== 'GET' && method !== 'HEAD') {
      answer.writeHead(403, { 'content-type': 'application/xml' });
      answer.end('<Error><Code>AccessDenied</Code><Message>read only</Message></Error>');
      return;
    }
    if (method === 'GET' && !url.includes('list-type')) read.push(decodeURIComponent(url));
    const { port } = new URL(behind);
    const passed = request({ host: '127.0.0.1', port, method, path: url, headers: incoming.headers }, (got) => {
      answer.writeHead(got.statusCode ?? 500, got.headers);
      got.pipe(answer);
    });
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { read, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test('a deployed run is forked with the right to read alone, and only data that a step reads is fetched', async () => {
  const { root, aws, json } = await deployed({
    'pipelines/demo.yaml': `name: demo
version: 1.0.0
steps:
  - { name: first, handler: { callable: first } }
  - { name: aside, handler: { callable: aside } }
  - { name: second, handler: { callable: second }, dependencies: [first], retry: { max_attempts: 1 } }
`,
    'lambdas/steps/demo/first.ts': rowsOf('first', "'first'"),
    'lambdas/steps/demo/aside.ts': rowsOf('aside', "'aside'").replace(
      'return ',
      "await step.file('note.html', '<p>a note');\n  return ",
    ),
  });
  await json('start', 'demo', '--name', 'night-1');
  expect((await json('status', 'demo', 'night-1', '--watch')).document).toMatchObject({ status: 'FAILED' });
  await writeFile(
    join(root, 'lambdas/steps/demo/second.ts'),
    handlerOf(
      "  const rows = [];\n  for await (const batch of step.rows('first.rows')) rows.push(...batch);\n  return rows;",
    ),
  );
  const s3 = await readOnlyS3(aws.env.AWS_ENDPOINT_URL_S3);
  const env = { ...aws.env, AWS_ENDPOINT_URL_S3: s3.address };
  const forked = await spawnCli(['fork', 'demo', 'night-1', '--stack', stack, '--json'], { cwd: root, env }).exited;
  const report = forked.json() as unknown as Report;
  expect(forked.stderr).not.toContain('AccessDenied');
  expect(outcomesOf(report)).toEqual({ first: 'reused', aside: 'reused', second: 'succeeded' });
  expect(report).toMatchObject({
    steps: { second: { result: [{ made_by: 'first' }] } },
    origin: { store: `s3://${aws.bucket}`, region: 'us-east-1', run_id: 'night-1', executions: 1 },
  });
  expect(s3.read.filter((key) => key.includes('/data/')).map((key) => /data\/(\w+)\//.exec(key)?.[1])).toEqual([
    'first',
  ]);
  // Printed commands lead to the fork, which is here.
  const text = (await spawnCli(['fork', 'demo', 'night-1', '--stack', stack], { cwd: root, env }).exited).stdout;
  expect(text).toContain(`a fork of run night-1 in s3://${aws.bucket}; it counts for nothing else`);
  expect(text).toMatch(/npx daybreak head demo fork-\S+ aside.rows\n/);
  const late = await spawnCli(['head', 'demo', report.run_id, 'aside.rows', '--json'], { cwd: root, env }).exited;
  expect(late.json()).toMatchObject({ rows: [{ made_by: 'aside' }] });
  const opened = await spawnCli(['open', 'demo', report.run_id, 'note.html', '--json'], { cwd: root, env }).exited;
  expect(await readFile(String(opened.json().path), 'utf8')).toBe('<p>a note');
});
