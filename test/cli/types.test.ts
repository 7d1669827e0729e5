import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli } from './cli.ts';
import { project, twoSteps } from './project.ts';

const file = 'lambdas/daybreak.d.ts';

const demo = `// #region demo
declare module 'daybreak' {
  interface PipelineInputs {
    'demo': {
      readonly day: string;
      readonly count: number;
    };
  }
  interface PipelineSteps {
    'demo.first': {
      input: PipelineInputs['demo'];
      config: {};
      result: ResultOf<typeof import('./steps/demo/first.ts'), 'handler'>;
      outputs: { [dataset: string]: Dataset };
      upstream: {};
    };
    'demo.second': {
      input: PipelineInputs['demo'];
      config: {};
      result: ResultOf<typeof import('./steps/demo/second.ts'), 'handler'>;
      outputs: { [dataset: string]: Dataset };
      upstream: {
        first: PipelineSteps['demo.first'];
      };
    };
  }
}
// #endregion
`;

test('types are written once, and stay as they are until a template changes', async () => {
  const root = await project(twoSteps);
  expect(await cli(['types', '--check'], { cwd: root })).toMatchObject({ code: 1 });
  const first = await cli(['types'], { cwd: root });
  expect(first).toMatchObject({ code: 0, stdout: `${file} is written: 1 pipeline, 2 steps\n`, stderr: '' });
  expect((await readFile(join(root, file), 'utf8')).endsWith(`from 'daybreak';\n\n${demo}`)).toBe(true);
  const { mtimeMs } = await stat(join(root, file));
  const again = await cli(['types', '--json'], { cwd: root });
  expect(again.json()).toMatchObject({ file, status: 'up to date', pipelines: 1, steps: 2 });
  expect(await cli(['types', '--check'], { cwd: root })).toMatchObject({ code: 0 });
  expect((await stat(join(root, file))).mtimeMs).toBe(mtimeMs);
});

test('a project gets no file of types before it asks for one; then check keeps it true', async () => {
  const root = await project(twoSteps);
  expect(await cli(['check'], { cwd: root })).toMatchObject({ code: 0, stderr: '' });
  expect(await stat(join(root, file)).catch(() => null)).toBeNull();
  await cli(['types'], { cwd: root });
  const written = await readFile(join(root, file), 'utf8');
  await writeFile(
    join(root, 'pipelines/other.yaml'),
    'name: other\nsteps: [{ name: only, handler: ../demo/first.ts }]\n',
  );
  const checked = await cli(['check'], { cwd: root });
  expect(checked).toMatchObject({ code: 0, stderr: `${file} is brought up to date\n` });
  expect(await readFile(join(root, file), 'utf8')).toContain("'other.only'");
  await rm(join(root, 'pipelines/other.yaml'));
  await cli(['check', 'demo'], { cwd: root });
  expect(await readFile(join(root, file), 'utf8')).toContain("'other.only'");
  await cli(['check'], { cwd: root });
  expect(await readFile(join(root, file), 'utf8')).toBe(written);
});

test('a wrong template keeps the types that it had', async () => {
  const root = await project(twoSteps);
  await cli(['types'], { cwd: root });
  const written = await readFile(join(root, file), 'utf8');
  await writeFile(join(root, 'pipelines/demo.yaml'), 'name: demo\nsteps: [{ name: a, handlr: first }]\n');
  expect(await cli(['check'], { cwd: root })).toMatchObject({ code: 1 });
  const refused = await cli(['types'], { cwd: root });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('no types are written: the templates have 2 errors');
  expect(await readFile(join(root, file), 'utf8')).toBe(written);
});

test('line ends of another system are no change, and what a merge left is', async () => {
  const root = await project(twoSteps);
  await cli(['types'], { cwd: root });
  const written = await readFile(join(root, file), 'utf8');
  await writeFile(join(root, file), written.replaceAll('\n', '\r\n'));
  expect(await cli(['types', '--check'], { cwd: root })).toMatchObject({ code: 0 });
  await writeFile(join(root, file), written.replace('// #region demo\n', '<<<<<<< HEAD\n// #region demo\n'));
  await cli(['check', 'demo'], { cwd: root });
  expect(await readFile(join(root, file), 'utf8')).toBe(written);
});

test('types can be written before there is a handler', async () => {
  const { 'lambdas/steps/demo/second.ts': _, ...files } = twoSteps;
  const root = await project(files);
  expect(await cli(['types'], { cwd: root })).toMatchObject({ code: 0 });
  expect(await readFile(join(root, file), 'utf8')).toMatch(/'demo\.second': \{\n.*\n.*\n\s+result: Json;/);
});

test('a file that cannot be written fails no command that runs or checks', async () => {
  const root = await project(twoSteps);
  await cli(['types'], { cwd: root });
  await writeFile(join(root, file), 'old');
  // Nothing is read-only for the superuser; a folder stands where the new text would be written first.
  await mkdir(join(root, `${file}.${process.pid}.tmp`));
  const checked = await cli(['check'], { cwd: root });
  expect(checked.code).toBe(0);
  expect(checked.stderr).toContain(`${file} is out of date and cannot be written: `);
  expect(await readFile(join(root, file), 'utf8')).toBe('old');
});

test('types are those of all environments', async () => {
  const root = await project(twoSteps);
  const refused = await cli(['types', '--env', 'staging'], { cwd: root });
  expect(refused).toMatchObject({ code: 2, stderr: 'error: types are those of all environments: leave --env out\n' });
});
