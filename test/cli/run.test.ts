import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunReport } from '../../lib/operate/runs/run-report.ts';
import { slowTest } from '../support/sized.ts';
import { cli, spawnCli } from './cli.ts';
import { handlerOf, project, twoSteps } from './project.ts';

const input = '{"day":"2026-01-31","count":1}';

test('wrong input lists every violation and starts nothing', async () => {
  const root = await project(twoSteps);
  const { code, json, stderr } = await cli(['run', 'demo', '--json', '--input', '{"day":"soon","count":0,"x":1}'], {
    cwd: root,
  });
  expect(code).toBe(1);
  expect(json().error).toMatchObject({
    code: 'INVALID_INPUT',
    violations: [expect.stringContaining('/x'), expect.stringContaining('/day'), expect.stringContaining('/count')],
  });
  expect(stderr).not.toContain('attempt');
  expect(existsSync(join(root, '.daybreak'))).toBe(false);
});

test('run --json prints the run with its steps, their results, and the paths of files', async () => {
  const root = await project({
    ...twoSteps,
    'lambdas/steps/demo/first.ts': handlerOf(
      "  await step.file('page.html', '<p>hello</p>');\n  return { n: step.input.count };",
    ),
    'input.json': input,
  });
  const { code, json, stderr } = await cli(['run', 'demo', '--json', '--input', '@input.json'], { cwd: root });
  expect(code).toBe(0);
  const report = json() as unknown as { run_id: string; steps: Record<string, RunReport['steps'][number]> };
  expect(report).toMatchObject({
    pipeline: 'demo',
    status: 'SUCCEEDED',
    execution: 1,
    exit: { code: 0, status: 'SUCCEEDED' },
    steps: {
      first: { outcome: 'succeeded', attempts: 1, result: { n: 1 } },
      second: { outcome: 'succeeded', attempts: 1, result: { seen: { n: 1 } } },
    },
  });
  expect(report.run_id).toMatch(/^\S+$/);
  expect(await readFile(report.steps.first?.files['page.html']?.path ?? '', 'utf8')).toBe('<p>hello</p>');
  expect(stderr).toContain('first succeeded');
});

test('a failed run exits with 1 and shows each failure with the command that shows its log', async () => {
  const root = await project({
    ...twoSteps,
    'lambdas/steps/demo/second.ts': handlerOf("  throw new Error('no\\u001b[31mluck');"),
  });
  const { code, stdout } = await cli(['run', 'demo', '--input', input], { cwd: root });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^demo FAILED in /);
  expect(stdout).toMatch(/second +✖ failed +1 /);
  const [, run = ''] = /npx daybreak logs demo (\S+) second$/m.exec(stdout) ?? [];
  const log = await cli(['logs', 'demo', run, 'second'], { cwd: root });
  expect(log.stdout).toContain('at lambdas/steps/demo/second.ts:3:9');
  const shown = await cli(['dlq', 'show', 'demo', `${run}/1/second`, '--json'], { cwd: root });
  expect(shown.json().dead_letter).toMatchObject({ step: 'second', failure: { error: 'Error' }, input: { count: 1 } });
  const listed = await cli(['dlq', 'list', 'demo', '--json'], { cwd: root });
  expect(listed.json().dead_letters).toHaveLength(1);
});

/** `first` ends at once, `second` never does. */
const endless = {
  ...twoSteps,
  'lambdas/steps/demo/second.ts': handlerOf(
    "  await step.file('half.txt', 'half');\n  await new Promise((resolve) => setTimeout(resolve, 600_000));\n  return {};",
  ),
};

test('a killed run is ABORTED, and only committed data is shown', async () => {
  const root = await project(endless);
  const { child, exited, said } = spawnCli(['run', 'demo', '--input', input], { cwd: root });
  await said('second attempt 1 started');
  const during = (await cli(['status', 'demo', '--json'], { cwd: root })).json();
  expect(during.runs).toMatchObject([{ status: 'RUNNING', ended_at: null }]);
  child.kill('SIGKILL');
  await exited;
  const { runs } = (await cli(['status', 'demo', '--json'], { cwd: root })).json() as unknown as {
    runs: { run_id: string }[];
  };
  expect(runs).toMatchObject([{ status: 'ABORTED', execution: 1 }]);
  const one = await cli(['status', 'demo', runs[0]?.run_id ?? '', '--json'], { cwd: root });
  expect(one.code).toBe(0);
  expect(one.json()).toMatchObject({
    status: 'ABORTED',
    ended_at: expect.any(String),
    failure: { error: 'Aborted', cause: expect.stringContaining('killed') },
    dead_letters: [{ step: '_execution' }],
    input: { count: 1 },
    steps: {
      first: { outcome: 'succeeded', result: { day: '2026-01-31' } },
      second: { outcome: 'pending', result: null, files: {}, datasets: {} },
    },
  });
});

slowTest('an interrupt stops the run cleanly: ABORTED, exit code 130, and nothing left running', async () => {
  const root = await project(endless);
  const { child, exited, said } = spawnCli(['run', 'demo', '--json', '--input', input], { cwd: root });
  await said('second attempt 1 started');
  child.kill('SIGINT');
  const { code, json, stderr } = await exited;
  expect(code).toBe(130);
  expect(json()).toMatchObject({ status: 'ABORTED', exit: { code: 130 }, dead_letters: [{ step: '_execution' }] });
  expect(stderr).toContain('stopping the run; interrupt once more to kill it');
});

/** A set-up that says that it runs, and then computes without an end. */
const busySetup = {
  ...twoSteps,
  'pipelines/demo.yaml': `${twoSteps['pipelines/demo.yaml']}local:\n  setup: setup.ts\n`,
  'setup.ts': "export const start = async () => { console.error('computing'); for (;;); };\n",
};

slowTest('the first interrupt ends a command that computes before its run has started', async () => {
  const root = await project(busySetup);
  const { child, exited, said } = spawnCli(['run', 'demo', '--input', input], { cwd: root });
  await said('computing');
  child.kill('SIGINT');
  await exited;
  expect(child.signalCode).toBe('SIGINT');
});

slowTest('a second interrupt ends the command while it computes', async () => {
  const root = await project({
    ...endless,
    'pipelines/demo.yaml': `${twoSteps['pipelines/demo.yaml']}local:\n  setup: setup.ts\n`,
    'setup.ts':
      "export const start = async () => ({ environment: {}, stop: async () => { console.error('computing'); for (;;); } });\n",
  });
  const { child, exited, said } = spawnCli(['run', 'demo', '--input', input], { cwd: root });
  await said('second attempt 1 started');
  child.kill('SIGINT');
  await said('computing');
  child.kill('SIGINT');
  await exited;
  expect(child.signalCode).toBe('SIGINT');
});

test('a local.setup module that fails is reported as the culprit, and its output stays off stdout', async () => {
  const root = await project({
    ...twoSteps,
    'pipelines/demo.yaml': `${twoSteps['pipelines/demo.yaml']}local:\n  setup: setup.ts\n`,
    'setup.ts': "export const start = async () => { console.log('noise'); throw new Error('port is taken'); };\n",
  });
  const { code, json } = await spawnCli(['run', 'demo', '--json', '--input', input], { cwd: root }).exited;
  expect(code).toBe(1);
  expect(json().error).toMatchObject({ code: 'LOCAL_SETUP_FAILED', message: expect.stringContaining('port is taken') });
});

test('compile --out writes the machine, and the values of its placeholders', async () => {
  const root = await project(twoSteps);
  const { code, json } = await cli(['compile', 'demo', '--out', 'out/deep', '--json'], { cwd: root });
  expect(code).toBe(0);
  expect(json().files).toEqual(
    ['demo.asl.json', 'plan.json', 'bindings.json'].map((name) => join(root, 'out/deep', name)),
  );
  const definition = await readFile(join(root, 'out/deep/demo.asl.json'), 'utf8');
  const bindings = JSON.parse(await readFile(join(root, 'out/deep/bindings.json'), 'utf8')) as object;
  const placeholders = new Set([...definition.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name));
  expect(Object.keys(bindings)).toEqual(expect.arrayContaining([...placeholders]));
  expect(bindings).toMatchObject({
    Steps1024Mb900SFunction: {
      kind: 'function',
      entry: expect.stringMatching(/lambdas\/platform\/steps\.ts$/),
      export: 'handler',
    },
  });
  const { Steps1024Mb900SFunction: fn } = bindings as Record<string, { environment: Record<string, string> }>;
  expect(JSON.parse(fn?.environment.DAYBREAK_STEPS ?? '')).toMatchObject({
    first: { entry: join(root, 'lambdas/steps/demo/first.ts'), export: 'handler' },
  });
  expect(fn?.environment.DAYBREAK_PLAN).toBe(join(root, 'out/deep/plan.json'));
  const plan = JSON.parse(await readFile(join(root, 'out/deep/plan.json'), 'utf8')) as object;
  expect(Object.keys(plan)).toEqual(['first', 'second']);
});
