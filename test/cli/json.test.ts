import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { sampled } from '../support/sized.ts';
import { cli, spawnCli } from './cli.ts';
import { project, twoSteps } from './project.ts';

const good = '{"day":"2026-01-31","count":1}';

/** Arguments, the exit code, and the code of the error if there is one. */
const cases: readonly (readonly [args: readonly string[], exitCode: number, error: string | null])[] = [
  [['check'], 1, null],
  [['check', 'demo'], 0, null],
  [['check', 'pipelines/demo.yaml'], 0, null],
  [['check', 'demmo'], 2, 'USAGE'],
  [['check', 'pipelines/gone.yaml'], 2, 'USAGE'],
  [['check', 'pipelines/'], 2, 'USAGE'],
  [['check', 'broken'], 1, null],
  [['compile', 'demo'], 0, null],
  [['compile', 'broken'], 1, 'INVALID_PIPELINE'],
  [['compile'], 2, 'USAGE'],
  [['compile', 'demo', 'demo'], 2, 'USAGE'],
  [['compile', 'demo', '--out'], 2, 'USAGE'],
  [['compile', 'demo', '--out', 'pipelines/demo.yaml/x'], 2, 'FILE'],
  [['graph', 'demo'], 0, null],
  [['lineage', 'demo', 'first.result'], 0, null],
  [['lineage', 'demo', 'frist.result'], 2, 'USAGE'],
  [['lineage', 'demo', 'first.result', '--up', '--down'], 2, 'USAGE'],
  [['lineage', 'broken', 'x'], 1, 'INVALID_PIPELINE'],
  [['lineage', 'demo'], 2, 'USAGE'],
  [['simulate', 'demo'], 1, null],
  [['simulate', 'demo', '--scenario', 'gone.json'], 2, 'FILE'],
  [['simulate', 'demo', '--scenario', 'pipelines/demo.yaml'], 2, 'USAGE'],
  [['simulate', 'demo', '--scenario', 'scenario.json'], 2, 'INVALID_SCENARIO'],
  [['run', 'demo', '--input', '{"day":'], 2, 'USAGE'],
  [['run', 'demo', '--input', '@gone.json'], 2, 'FILE'],
  [['run', 'demo', '--input', '@pipelines'], 2, 'FILE'],
  [['run', 'demo', '--input', '[]'], 2, 'USAGE'],
  [['run', 'demo', '--input', '{"day":"2026-01-31","count":9007199254740993}'], 2, 'USAGE'],
  [['run', 'demo', '--input', '{"day":"2026-01-31","count":1,"count":2}'], 2, 'USAGE'],
  [['run', 'demo', '--input', '{"day":"2026-01-31","count":1e400}'], 2, 'USAGE'],
  [['dlq', 'dismiss', 'demo', 'x/1/first'], 2, 'USAGE'],
  [['dlq', 'dismiss', 'demo', 'x/1/first', '--reason', 'old'], 2, 'USAGE'],
  [['run', 'demo', '--input', '{}'], 1, 'INVALID_INPUT'],
  [['run', 'demo', '--data', 'gone.csv', '--input', good], 2, 'USAGE'],
  [['run', 'demo', '--only', 'first', '--scheduled-for', '2026-01-31'], 2, 'USAGE'],
  [['run', 'demo', '--only', 'frist', '--input', good], 2, 'USAGE'],
  [['run', 'demo', '--only', 'second', '--input', good], 2, 'USAGE'],
  [['run', 'demo', '--upstream', 'x', '--input', good], 2, 'USAGE'],
  [['test', 'demo', '--units'], 2, 'USAGE'],
  [['test', 'demo', '--units', '--faults', '1'], 2, 'USAGE'],
  [['test', 'demo', '--capture', 'gone', 'first'], 2, 'USAGE'],
  [['test', 'demo', '--capture', 'gone'], 2, 'USAGE'],
  [['test', 'demo', '--capture', 'gone', 'frist'], 2, 'USAGE'],
  [['fork', 'demo'], 2, 'USAGE'],
  [['fork', 'demo', 'gone'], 2, 'USAGE'],
  [['fork', 'demo', 'gone', '--into', 's3://bucket'], 2, 'USAGE'],
  [['run', 'demo', '--store', 's3://bucket', '--input', good], 2, 'USAGE'],
  [['run', 'demo', '--store', 'pipelines/demo.yaml', '--input', good], 2, 'USAGE'],
  [['status', 'demo', '--store', 'pipelines/demo.yaml'], 2, 'USAGE'],
  [['run', 'broken'], 1, 'INVALID_PIPELINE'],
  [['status', 'demo'], 0, null],
  [['status', 'demo', 'gone'], 2, 'USAGE'],
  [['status', 'demo', '../..'], 2, 'USAGE'],
  [['status', 'demo', '--store', 'ftp://x'], 2, 'USAGE'],
  [['plan-change', 'demo'], 0, null],
  [['plan-change', 'demmo'], 2, 'USAGE'],
  [['plan-change', 'broken'], 1, 'INVALID_PIPELINE'],
  [['plan-change', 'demo', '--against', 'x', '--store', 'y'], 2, 'USAGE'],
  [['openlineage', 'demo'], 2, 'USAGE'],
  [['openlineage', 'demo', '--to', 'x'], 2, 'USAGE'],
  [['openlineage', 'demo', '--to', 'http://me:secret@127.0.0.1'], 2, 'USAGE'],
  [['profile', 'demo', 'a', 'b', 'c'], 2, 'USAGE'],
  [['profile', 'demo', 'first.nope', '--version', '0'], 2, 'USAGE'],
  [['verify', 'demo'], 2, 'USAGE'],
  [['verify', 'demo', 'x'], 2, 'USAGE'],
  [['verify', 'demmo'], 2, 'USAGE'],
  [['dlq', 'list', 'demo'], 0, null],
  [['dlq', 'show', 'demo'], 2, 'USAGE'],
  [['dlq', 'show', 'demo', '../../x'], 2, 'USAGE'],
  [['dlq', 'redrive', 'demo'], 2, 'USAGE'],
  [['dlq', 'redrive', 'demo', '--all'], 0, null],
  [['dlq', 'redrive', 'demo', '--all', '--dry-run'], 0, null],
  [['dlq', 'redrive', 'demo', 'x/1/first'], 2, 'USAGE'],
  [['dlq'], 2, 'USAGE'],
  [['metrics'], 0, null],
  [['metrics', 'demo', '--prometheus'], 0, null],
  [['metrics', '--rules'], 0, null],
  [['traces', 'demo'], 2, 'USAGE'],
  [['traces'], 2, 'USAGE'],
  [['traces', 'demo', '--otlp', 'x'], 2, 'USAGE'],
  [['metrics', 'gone'], 2, 'USAGE'],
  [['metrics', '--port', '80'], 2, 'USAGE'],
  [['status', 'demo', '--watch'], 0, null],
  [['status', 'demo', 'gone', '--watch'], 2, 'USAGE'],
  [['status', 'demo', '--stack', 'x', '--store', 'y'], 2, 'USAGE'],
  [['status', 'demo', '--stack', 'x'], 2, 'USAGE'],
  [['alerts', 'test', 'demo'], 2, 'USAGE'],
  [['alerts', 'test', 'demmo'], 2, 'USAGE'],
  [['start', 'demo'], 2, 'USAGE'],
  [['stop', 'demo'], 2, 'USAGE'],
  [['stop', 'demmo', 'gone'], 2, 'USAGE'],
  [['stop', 'demo', 'gone'], 2, 'USAGE'],
  [['stop', 'demo', '../..'], 2, 'USAGE'],
  [['stop', 'demo', 'gone', '--reason', ' '], 2, 'USAGE'],
  [['stop', 'demo', 'gone', '--store', 's3://bucket'], 2, 'USAGE'],
  [['backfill'], 2, 'USAGE'],
  [['backfill', 'demo'], 2, 'USAGE'],
  [['backfill', 'demo', '--missing', '--max-concurrency', '0'], 2, 'USAGE'],
  [['partitions'], 2, 'USAGE'],
  [['partitions', 'demo'], 2, 'USAGE'],
  [['prune'], 2, 'USAGE'],
  [['prune', 'demo', '--keep-days', '0'], 2, 'USAGE'],
  [['prune', 'demmo', '--keep-days', '30'], 2, 'USAGE'],
  [['prune', 'demo', '--keep-days', '30', '--dry-run'], 0, null],
  [['prune', '--keep-days', '30'], 0, null],
  [['mark', 'demo', 'gone', 'first'], 2, 'USAGE'],
  [['mark', 'demo', 'gone', 'first', '--succeeded', '--reason', 'x'], 2, 'USAGE'],
  [['mark', 'demo', 'gone', 'first', '--succeeded', '--result', '@gone.json', '--reason', 'x'], 2, 'FILE'],
  [['mark', 'demo', 'gone', 'first', '--succeeded', '--result', '1', '--reason', 'x'], 2, 'USAGE'],
  [['read', 'demo'], 1, 'NOT_PUBLISHED'],
  [['read', 'demmo'], 2, 'USAGE'],
  [['read', 'demo', 'rows', '--version', '0'], 2, 'USAGE'],
  [['export', 'demo', 'rows'], 2, 'USAGE'],
  [['export', 'demo', 'rows', '--out', 'x.csv'], 1, 'NOT_PUBLISHED'],
  [['export', 'demo', 'rows', '--out', 'x.csv', '--format', 'xls'], 2, 'USAGE'],
  [['query', 'demo', '--published', 'SELECT 1'], 1, 'NOT_PUBLISHED'],
  [['diff', 'demo', 'rows'], 1, 'NOT_PUBLISHED'],
  [['diff', 'demo', 'rows', 'gone', 'gone'], 2, 'USAGE'],
  [['diff', 'demo', 'rows', '1', '2', '--key', 'a,,b'], 2, 'USAGE'],
  [['history', 'demo'], 0, null],
  [['history', 'demo', '-n', '301'], 2, 'USAGE'],
  [['rollback', 'demo'], 2, 'USAGE'],
  [['rollback', 'demo', '--reason', 'x'], 1, 'NOT_PUBLISHED'],
  [['withdraw', 'demo', 'x', '--reason', 'x'], 2, 'USAGE'],
  [['withdraw', 'demo', '1', '--reason', 'x'], 1, 'NOT_PUBLISHED'],
  [[], 2, 'USAGE'],
  [['chek'], 2, 'USAGE'],
  [['check', '--jsno'], 2, 'USAGE'],
  [['check', '--root', 'gone'], 2, 'USAGE'],
  [['--help'], 0, null],
  [['run', '--help'], 0, null],
  [['--version'], 0, null],
];

const files = {
  ...twoSteps,
  'pipelines/broken.yaml': 'name: broken\nsteps: []\n',
  'scenario.json': '{"steps": {"frist": {"attempts": ["explode"]}}}',
};

test('the help says what each command and each group of commands is for', async () => {
  const { stdout } = await cli(['--help'], { cwd: await project(files) });
  const [, list = ''] = stdout.split('Commands:\n');
  const lines = list.trimEnd().split('\n');
  expect(lines.length).toBeGreaterThan(25);
  expect(lines.filter((line) => !/^ {2}\S.* {2}\S/.test(line))).toEqual([]);
});

test.each(cases)('daybreak %j answers one JSON document and exits with %i', async (args, exitCode, error) => {
  const root = await project(files);
  const { code, json, stdout } = await cli([...args, '--json'], { cwd: root });
  expect(code).toBe(exitCode);
  const { diagnostics, error: said } = json();
  expect(diagnostics).toBeInstanceOf(Array);
  expect((said as { code: string } | undefined)?.code ?? null).toBe(error);
  expect(stdout.endsWith('}\n')).toBe(true);
});

test.each(sampled(cases, 4))(
  'daybreak %j shows people the same, without a stack trace',
  async (args, exitCode, error) => {
    const root = await project(files);
    const { code, stderr, stdout } = await cli(args, { cwd: root });
    expect(code).toBe(exitCode);
    expect(stderr + stdout).not.toMatch(/\n\s+at .*:\d+:\d+/);
    if (error !== null) expect(stderr).toContain('error: ');
  },
);

test('a mistyped name gets the nearest one as a suggestion', async () => {
  const root = await project(files);
  const message = async (...args: string[]) => (await cli(args, { cwd: root })).stderr;
  expect(await message('chek')).toBe("error: unknown command 'chek'; did you mean check?\n");
  expect(await message('check', '--strct')).toBe("error: unknown option '--strct'; did you mean --strict?\n");
  expect(await message('run', 'demmo')).toBe(
    'error: there is no pipeline "demmo"; did you mean "demo"? (the pipelines are: broken, demo)\n',
  );
  expect(await message('simulate', 'demo', '--scenario', 'scenario.json')).toContain(
    '/steps/frist: the pipeline has no such step; did you mean "first"?',
  );
});

test('a template is also found by the name in it', async () => {
  const root = await project({
    ...twoSteps,
    'pipelines/other.yaml': twoSteps['pipelines/demo.yaml'].replace('demo', 'inner'),
  });
  const { json } = await cli(['compile', 'inner', '--json', '--allow-missing-handlers'], { cwd: root });
  expect(json()).toMatchObject({ name: 'inner', file: expect.stringContaining('other.yaml') });
});

test('a bug is reported as a bug, with the stack only under --debug', async () => {
  const root = await project(twoSteps);
  const bug = {
    get HOME(): string {
      throw new TypeError('broken on purpose');
    },
  };
  const io = { cwd: root, env: Object.defineProperty({}, 'NO_COLOR', { get: () => bug.HOME }), columns: 80 };
  const quiet = await cli(['check', '--json'], io);
  expect(quiet.code).toBe(2);
  expect(quiet.json()).toMatchObject({
    error: { code: 'BUG', message: expect.stringContaining('Please report it') },
    diagnostics: [],
  });
  expect(quiet.stderr).not.toContain('    at ');
  expect((await cli(['check', '--debug'], io)).stderr).toContain('    at ');
});

test('a real process returns the exit code, and its whole document through a pipe', async () => {
  const root = await project(twoSteps);
  const { code, json } = await spawnCli(['compile', 'demo', '--json'], { cwd: root }).exited;
  expect([code, json().name]).toEqual([0, 'demo']);
  expect((await spawnCli(['nope', '--json'], { cwd: root }).exited).json()).toMatchObject({ error: { code: 'USAGE' } });
});

test('a reader that closes the pipe is no error', async () => {
  const root = await project(twoSteps);
  const { child, exited } = spawnCli(['compile', 'demo', '--json'], { cwd: root });
  child.stdout?.destroy();
  const { code, stderr } = await exited;
  expect([code, stderr]).toEqual([0, '']);
});

test('colours appear only on a terminal, and never with NO_COLOR or --no-color', async () => {
  const root = await project(twoSteps);
  const colored = async (args: string[], more: object) =>
    (await cli(args, { cwd: root, ...more })).stdout.includes('\u001b[');
  expect(await colored(['check'], { columns: 80 })).toBe(true);
  expect(await colored(['check'], {})).toBe(false);
  expect(await colored(['check', '--no-color'], { columns: 80 })).toBe(false);
  expect(await colored(['check'], { columns: 80, env: { NO_COLOR: '1' } })).toBe(false);
});

test('a Node without TypeScript support reports it in one line, and as JSON', async () => {
  const launch = fileURLToPath(new URL('../../bin/launch.js', import.meta.url));
  const { promise, resolve } = Promise.withResolvers<{ code: unknown; stdout: string; stderr: string }>();
  execFile(process.execPath, ['--no-strip-types', launch, 'check', '--json'], (error, stdout, stderr) =>
    resolve({ code: error?.code, stdout, stderr }),
  );
  const { code, stdout, stderr } = await promise;
  expect(code).toBe(2);
  expect(stderr).toMatch(/^error: daybreak needs Node 22\.18 or newer, and this is v[^\n]*\n$/);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'NODE_TOO_OLD' }, diagnostics: [] });
});
