import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { cli } from './cli.ts';
import { handlerOf, project, twoSteps } from './project.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const settings = {
  compilerOptions: {
    module: 'nodenext',
    target: 'es2024',
    lib: ['es2024', 'esnext.disposable', 'esnext.iterator'],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    customConditions: ['daybreak-source'],
    types: ['node'],
    // Neither may hide a handler, or leave a file behind.
    composite: true,
    outDir: 'out',
    rootDir: 'src',
  },
  include: ['src'],
};

/** A project in which `daybreak` and TypeScript are installed. */
async function installed(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await project({
    ...files,
    'tsconfig.json': JSON.stringify(settings),
    'package.json': '{"type":"module"}',
  });
  await mkdir(join(folder, 'node_modules'));
  await symlink(root, join(folder, 'node_modules/daybreak'));
  for (const name of ['typescript', '@typescript', '@types'])
    await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  return folder;
}

test('check --types reports the mistakes of handlers with the words of the compiler, also of handlers that tsconfig leaves out', async () => {
  const folder = await installed({
    ...twoSteps,
    'lambdas/steps/demo/second.ts': handlerOf('  step.writ();\n  return 1;'),
  });
  const sound = await cli(['check'], { cwd: folder });
  expect(sound).toMatchObject({ code: 0, stderr: '' });
  const wrong = await cli(['check', '--types', '--json'], { cwd: folder });
  expect(wrong.code).toBe(1);
  expect(wrong.json()).toMatchObject({
    ok: false,
    pipelines: [{ name: 'demo', ok: true }],
    types: { ok: false, handlers: 2, errors: 1, typescript: '7.0.2' },
  });
  const [found] = wrong.json().diagnostics;
  expect(found).toMatchObject({ code: 'TYPE_ERROR', severity: 'error', line: 3, column: 8 });
  expect(found?.file).toMatch(/lambdas\/steps\/demo\/second\.ts$/);
  expect(found?.message).toContain(
    "Property 'writ' does not exist on type 'Step<JsonObject, JsonObject, any>'. Did you mean 'write'? (TS2551)",
  );
  expect(wrong.stderr).toContain('step.writ();\n    |        ^^^^');
  expect((await readdir(folder)).sort()).toEqual([
    '.daybreak',
    'lambdas',
    'node_modules',
    'package.json',
    'pipelines',
    'tsconfig.json',
  ]);
  expect(await readdir(join(folder, '.daybreak'))).toEqual([]);

  await writeFile(join(folder, 'lambdas/steps/demo/second.ts'), twoSteps['lambdas/steps/demo/second.ts']);
  const good = await cli(['check', '--types'], { cwd: folder });
  expect(good).toMatchObject({ code: 0, stderr: '' });
  expect(good.stdout).toContain('ok  types  2 handlers by TypeScript 7.0.2');
});

test('a project without the compiler, or with one that is too old, is an error with the command that installs it', async () => {
  const folder = await installed(twoSteps);
  await rm(join(folder, 'node_modules/typescript'));
  const missing = await cli(['check', '--types'], { cwd: folder });
  expect(missing).toMatchObject({ code: 2 });
  expect(missing.stderr).toContain(
    'check --types needs TypeScript, and it is not installed in the project: npm install -D typescript',
  );
  await mkdir(join(folder, 'node_modules/typescript'));
  await writeFile(join(folder, 'node_modules/typescript/package.json'), '{"version":"4.9.5"}');
  const old = await cli(['check', '--types'], { cwd: folder });
  expect(old.stderr).toContain(
    'check --types needs TypeScript 5 or newer, and the project has 4.9.5: npm install -D typescript@latest',
  );
});
