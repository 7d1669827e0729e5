import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { slowTest } from '../support/sized.ts';
import { cli } from './cli.ts';
import { handlerOf, project } from './project.ts';

const pipeline = (name: string) =>
  `name: ${name}\nversion: 1.0.0\nsteps:\n  - { name: only, handler: { callable: go } }\n`;

const files = {
  'pipelines/one.yaml': pipeline('one'),
  'pipelines/two.yaml': pipeline('two'),
  'lambdas/steps/one/go.ts': handlerOf('  return {};'),
  'lambdas/steps/two/go.ts': handlerOf('  return {};'),
};

interface Listed {
  readonly runs: readonly { readonly run_id: string; readonly status: string; readonly damaged: readonly string[] }[];
}

test('a torn record hides no other run, and is named', async () => {
  const root = await project(files);
  for (const _ of [1, 2]) expect((await cli(['run', 'one'], { cwd: root })).code).toBe(0);
  const [torn = '', whole] = readdirSync(join(root, '.daybreak/store/one/runs')).sort();
  writeFileSync(join(root, '.daybreak/store/one/runs', torn, 'executions/1.json'), '');
  const { runs } = (await cli(['status', 'one', '--json'], { cwd: root })).json() as unknown as Listed;
  expect(runs.map(({ run_id }) => run_id).sort()).toEqual([torn, whole]);
  expect(runs.find(({ run_id }) => run_id === torn)?.damaged).toEqual([`one/runs/${torn}/executions/1.json`]);
  const { code, stdout } = await cli(['status', 'one'], { cwd: root });
  expect(code).toBe(0);
  expect(stdout).toContain(`a record cannot be read: one/runs/${torn}/executions/1.json`);
  const shown = await cli(['status', 'one', torn, '--json'], { cwd: root });
  expect(shown.json()).toMatchObject({ status: 'SUCCEEDED', damaged: [`one/runs/${torn}/executions/1.json`] });
  const resumed = await cli(['resume', 'one', torn], { cwd: root });
  expect(resumed.stderr).toMatch(/executions\/1\.json is damaged: its 0 bytes .* `npx daybreak doctor one --repair`/);
  expect((await cli(['repair', 'one'], { cwd: root })).code).toBe(0);
  expect((await cli(['resume', 'one', torn], { cwd: root })).code).toBe(0);
});

slowTest('a torn status record of an execution stops no command of any pipeline', async () => {
  const root = await project(files);
  expect((await cli(['run', 'one'], { cwd: root })).code).toBe(0);
  const folder = join(root, '.daybreak/store/.store/executions');
  const [record = ''] = readdirSync(folder).filter((name) => name.endsWith('.json'));
  writeFileSync(join(folder, record), '{"arn":');
  for (const args of [
    ['status', 'one'],
    ['status', 'two'],
    ['run', 'two'],
    ['run', 'one'],
    ['dlq', 'list', 'two'],
  ])
    expect((await cli(args, { cwd: root })).code).toBe(0);
});

const failing = {
  'pipelines/bad.yaml': `name: bad
version: 1.0.0
steps:
  - { name: good, handler: { callable: good } }
  - { name: wrong, handler: { callable: wrong }, dependencies: [good], retry: { max_attempts: 1 } }
`,
  'lambdas/steps/bad/good.ts': handlerOf(
    "  await step.write('rows', [{ a: 1 }], { columns: { a: 'BIGINT' } });\n  return {};",
  ),
  'lambdas/steps/bad/wrong.ts': handlerOf("  throw new Error('it cannot be');"),
};

/** Every object below a folder, as a key. */
function keysBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

slowTest('commands name any damaged record and continue, and a doctor finds it', async () => {
  const root = await project(failing);
  expect((await cli(['run', 'bad'], { cwd: root })).code).toBe(1);
  const store = join(root, '.daybreak/store');
  const [run = ''] = readdirSync(join(store, 'bad/runs'));
  const records = keysBelow(store).filter((key) => /^bad\/(runs|leases)\//.test(key) && key.endsWith('.json'));
  expect(records.length).toBeGreaterThanOrEqual(10);
  const bodies = [() => '', (whole: string) => whole.slice(0, whole.length / 2), () => '{}', () => '[]'];
  for (const [index, key] of records.entries()) {
    const whole = readFileSync(join(store, key), 'utf8');
    writeFileSync(join(store, key), (bodies[index % bodies.length] ?? String)(whole));
    for (const args of [
      ['status', 'bad'],
      ['status', 'bad', run],
      ['dlq', 'list', 'bad'],
      ['dlq', 'redrive', 'bad', '--all', '--dry-run'],
    ]) {
      const { code, stdout, stderr } = await cli([...args, '--json'], { cwd: root });
      expect([code, stderr], `${args.join(' ')} with ${key}`).toEqual([0, '']);
      const shows =
        args.length === 3 && args[0] === 'status' && !/\/(sent|steps\/[^/]+\/progress|attempts|leases)/.test(key);
      if (shows) expect(stdout, key).toContain(key);
    }
    const { code, stdout } = await cli(['doctor', 'bad', '--json'], { cwd: root });
    expect([code, JSON.parse(stdout).findings.map((one: { key: string }) => one.key)], key).toEqual([1, [key]]);
    writeFileSync(join(store, key), whole);
  }
  expect((await cli(['doctor', 'bad'], { cwd: root })).code).toBe(0);
});

slowTest('a torn lease ends a start and names its file; after a repair the next one runs', async () => {
  const root = await project(files);
  expect((await cli(['run', 'one'], { cwd: root })).code).toBe(0);
  const lease = join(root, '.daybreak/store/one/leases/_all.json');
  writeFileSync(lease, '{"fence":');
  const torn = await cli(['run', 'one'], { cwd: root });
  expect(torn.code).not.toBe(0);
  expect(torn.stdout + torn.stderr).toContain('one/leases/_all.json is damaged: its 9 bytes are not whole JSON');
  expect((await cli(['doctor', 'one', '--repair'], { cwd: root })).code).toBe(0);
  expect((await cli(['run', 'one'], { cwd: root })).code).toBe(0);
});

slowTest('a doctor verifies the files of the offline engine too, and a run is resumed after the repair', async () => {
  const root = await project(failing);
  expect((await cli(['run', 'bad'], { cwd: root })).code).toBe(1);
  const store = join(root, '.daybreak/store');
  const [run = ''] = readdirSync(join(store, 'bad/runs'));
  const kept = keysBelow(store).filter(
    (key) => /^\.store\/executions\/.*\.json$/.test(key) && !/\/(plan|running\/.*)\.json$/.test(key),
  );
  expect(kept).toHaveLength(4);
  for (const key of kept) writeFileSync(join(store, key), '{"half":');
  const { code, stdout } = await cli(['doctor', 'bad', '--json'], { cwd: root });
  expect([
    code,
    JSON.parse(stdout)
      .findings.map((one: { key: string }) => one.key)
      .sort(),
  ]).toEqual([1, kept]);
  expect((await cli(['doctor', 'bad', '--repair'], { cwd: root })).code).toBe(0);
  expect((await cli(['doctor', 'bad'], { cwd: root })).code).toBe(0);
  expect((await cli(['status', 'bad'], { cwd: root })).stdout).toContain('FAILED');
  expect((await cli(['resume', 'bad', run, '--dry-run'], { cwd: root })).code).toBe(0);
});
