import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, spawnCli } from './cli.ts';
import { handlerOf, project, twoSteps } from './project.ts';
import { here, input, onlyRun, runIdIn, untilMarked } from './redrive-project.ts';

test('a killed run is redriven from where it stopped, and again if the redrive is killed', async () => {
  const waiting = handlerOf(
    `  const { existsSync } = await import('node:fs');
  while (!existsSync(${here} + '/marker')) await new Promise((resolve) => setTimeout(resolve, 20));
  return {};`,
  );
  const root = await project({ ...untilMarked(here), 'lambdas/steps/demo/second.ts': waiting });
  const first = spawnCli(['run', 'demo', '--input', input], { cwd: root });
  await first.said('second attempt 1 started');
  first.child.kill('SIGKILL');
  await first.exited;
  const runId = await onlyRun(root);

  const second = spawnCli(['redrive', 'demo', runId], { cwd: root });
  await second.said('second attempt 1 started');
  const meanwhile = await cli(['redrive', 'demo', runId, '--json'], { cwd: root });
  expect(meanwhile.code).toBe(1);
  expect(meanwhile.json().error).toMatchObject({
    code: 'NOT_REDRIVABLE',
    message: expect.stringMatching(/is RUNNING: only an execution that has ended can be redriven$/),
  });
  second.child.kill('SIGKILL');
  expect((await second.exited).stderr).not.toContain('first attempt');

  await writeFile(join(root, 'marker'), '');
  const { code, json } = await cli(['redrive', 'demo', runId, '--json'], { cwd: root });
  expect(code).toBe(0);
  expect(json()).toMatchObject({
    status: 'SUCCEEDED',
    steps: { first: { outcome: 'reused' }, second: { outcome: 'reused' } },
  });
  expect(await readFile(join(root, 'ran'), 'utf8')).toBe('first\n');
});

test('an interrupted run is redriven, and a torn journal loses only its missing part', async () => {
  const root = await project(untilMarked(here));
  await writeFile(join(root, 'marker'), '');
  const slow = handlerOf('  await new Promise((resolve) => setTimeout(resolve, 1_500));\n  return {};');
  await writeFile(join(root, 'lambdas/steps/demo/second.ts'), slow);
  const first = spawnCli(['run', 'demo', '--input', input], { cwd: root });
  await first.said('second attempt 1 started');
  first.child.kill('SIGINT');
  await first.exited;
  const runId = await onlyRun(root);
  const kept = join(root, '.daybreak/store/.store/executions/kept/demo', runId);
  const journal = join(kept, (await readdir(kept))[0] ?? '', 'journal.ndjson');
  const lines = (await readFile(journal, 'utf8')).split('\n');
  expect(lines.length).toBeGreaterThan(2);
  await writeFile(journal, lines.join('\n').slice(0, -30));
  const { code, json } = await cli(['redrive', 'demo', runId, '--json'], { cwd: root });
  expect(code).toBe(0);
  expect(json()).toMatchObject({ status: 'SUCCEEDED', steps: { first: { outcome: 'reused' } } });
  expect(await readFile(join(root, 'ran'), 'utf8')).toBe('first\n');
});

test('a run that Step Functions would not redrive is refused with the reason and exit code 1', async () => {
  const root = await project(untilMarked(here));
  const failed = await cli(['run', 'demo', '--json', '--input', input], { cwd: root });
  const runId = runIdIn(failed.json());
  const refused = async (): Promise<string> => {
    const { code, json } = await cli(['redrive', 'demo', runId, '--json'], { cwd: root });
    expect(code).toBe(1);
    const { error } = json() as unknown as { error: { code: string; message: string } };
    expect(error.code).toBe('NOT_REDRIVABLE');
    return error.message;
  };
  const second = join(root, 'lambdas/steps/demo/second.ts');
  const before = await readFile(second, 'utf8');
  await writeFile(second, handlerOf('  return { fixed: true };'));
  expect(await refused()).toMatch(
    /its definition is not the one that it was started with: the code of second has changed.*npx daybreak resume demo /,
  );
  await writeFile(second, before);
  const template = join(root, 'pipelines/demo.yaml');
  await writeFile(template, twoSteps['pipelines/demo.yaml'].replace('1.0.0', '1.0.1'));
  expect(await refused()).toContain('the template, its environment (--env), or Daybreak has changed');
  await writeFile(template, twoSteps['pipelines/demo.yaml']);

  const kept = join(root, '.daybreak/store/.store/executions/kept/demo', runId);
  const end = join(kept, (await readdir(kept))[0] ?? '', 'ends/0.json');
  const ended = JSON.parse(await readFile(end, 'utf8'));
  const long = new Date(Date.now() - 15 * 86_400_000).toISOString();
  await writeFile(end, JSON.stringify({ ...ended, at: long }));
  expect(await refused()).toContain(
    'which is older than 14 days; to continue the run with the current code: npx daybreak resume',
  );
  await writeFile(end, JSON.stringify(ended));

  await writeFile(join(root, 'marker'), '');
  expect((await cli(['redrive', 'demo', runId], { cwd: root })).code).toBe(0);
  expect(await refused()).toMatch(
    /^run \S+ cannot be redriven: its execution \S+ SUCCEEDED: there is nothing to redrive$/,
  );
});

test('a redrive starts local.setup again, with the source data and the input of the start', async () => {
  const root = await project({
    ...untilMarked(here),
    'pipelines/demo.yaml': `${twoSteps['pipelines/demo.yaml']}local:\n  setup: setup.ts\n`,
    'setup.ts': `import { readFileSync } from 'node:fs';
export const start = async ({ data }) => ({
  environment: { SOURCE: readFileSync(data, 'utf8') },
  input: { day: '2026-03-01', count: 3 },
  stop: async () => undefined,
});
`,
    'lambdas/steps/demo/second.ts': handlerOf(
      `  const { existsSync } = await import('node:fs');
  if (!existsSync(${here} + '/marker')) throw new Error('no marker');
  return { source: process.env.SOURCE, count: step.input.count };`,
    ),
    'source.csv': 'from the file',
  });
  const failed = await cli(['run', 'demo', '--json', '--data', 'source.csv'], { cwd: root });
  expect(failed.code).toBe(1);
  await writeFile(join(root, 'marker'), '');
  const { json, stderr } = await cli(['redrive', 'demo', runIdIn(failed.json()), '--json'], { cwd: root });
  expect(json()).toMatchObject({ steps: { second: { result: { source: 'from the file', count: 3 } } } });
  expect(stderr).toMatch(/run \S+ redriven at /);
});
