import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli } from './cli.ts';
import { project } from './project.ts';

const tarball = { 'daybreak-0.1.0.tgz': 'a tarball' };
const withTarball = ['--package', 'daybreak-0.1.0.tgz'];
const read = (root: string, path: string) => readFileSync(join(root, path), 'utf8');
const filesIn = (root: string) =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();

const pipelineFiles = [
  'lambdas/daybreak.d.ts',
  'lambdas/steps/sales/extract-orders.ts',
  'pipelines/sales.yaml',
  'pipelines/sales/revenue_by_country.sql',
  'test/sales.test.ts',
];
const newFiles = [
  ...pipelineFiles,
  '.github/workflows/ci.yml',
  '.gitignore',
  'README.md',
  'bin/app.ts',
  'cdk.json',
  'daybreak.config.ts',
  'package.json',
  'tsconfig.json',
  'vendor/daybreak-0.1.0.tgz',
].sort();

describe('daybreak init', () => {
  test('makes a project in a new folder, says what it made, and its templates are valid', async () => {
    const root = await project(tarball);
    const { code, stdout, stderr } = await cli(['init', 'Shop Data', ...withTarball], { cwd: root });
    expect([code, stderr]).toEqual([0, '']);
    const folder = join(root, 'Shop Data');
    expect(filesIn(folder)).toEqual(newFiles);
    for (const file of newFiles) expect(stdout).toContain(`  ${file}\n`);
    expect(stdout).toContain("Next\n  cd 'Shop Data'\n  npm install\n");
    expect(JSON.parse(read(folder, 'package.json'))).toMatchObject({
      name: 'shop-data',
      type: 'module',
      dependencies: { daybreak: 'file:vendor/daybreak-0.1.0.tgz' },
      // The Node of these tests comes from the npm package, so the project's does too.
      devDependencies: { node: '^24.21.0' },
      allowScripts: { esbuild: true, node: true },
    });
    expect(read(folder, 'vendor/daybreak-0.1.0.tgz')).toBe('a tarball');
    expect((await cli(['check', '--strict'], { cwd: folder })).code).toBe(0);
  });

  test('makes a project of CommonJS modules with --commonjs', async () => {
    const root = await project(tarball);
    await cli(['init', '--commonjs', 'shop', ...withTarball], { cwd: root });
    expect(JSON.parse(read(root, 'shop/package.json')).type).toBe('commonjs');
    expect(JSON.parse(read(root, 'shop/tsconfig.json')).compilerOptions.verbatimModuleSyntax).toBeUndefined();
  });

  test('adds the pipeline to a project that has a package.json, and changes nothing that stands there', async () => {
    const existing = { name: 'cdk-app', scripts: { test: 'jest' }, dependencies: { zod: '4.0.0' }, license: 'MIT' };
    const root = await project({
      ...tarball,
      'package.json': JSON.stringify(existing),
      '.gitignore': 'node_modules',
      'README.md': 'mine',
    });
    const { json } = await cli(['init', '--json', '--package', '^1.2.3'], { cwd: root });
    expect(json()).toMatchObject({ changed: ['package.json', '.gitignore'] });
    expect(filesIn(root)).toEqual(
      [...pipelineFiles, '.gitignore', 'README.md', 'daybreak-0.1.0.tgz', 'package.json'].sort(),
    );
    const { devDependencies, ...rest } = JSON.parse(read(root, 'package.json'));
    expect(rest).toEqual({ ...existing, dependencies: { zod: '4.0.0', daybreak: '^1.2.3' } });
    expect(Object.keys(devDependencies)).toEqual(['vitest']);
    expect([read(root, '.gitignore'), read(root, 'README.md')]).toEqual(['node_modules\n.daybreak/\n', 'mine']);
  });

  test('names the commands of the package manager that runs it, and leaves a Daybreak that the project has', async () => {
    const root = await project({ 'package.json': '{ "devDependencies": { "daybreak": "^0.1.0" } }' });
    const env = { npm_config_user_agent: 'pnpm/10.34.8 npm/? node/v24.21.0 linux x64' };
    const { code, stdout } = await cli(['init'], { cwd: root, env });
    expect(code).toBe(0);
    expect(stdout).toContain('  pnpm install\n  pnpm exec daybreak run sales');
    const { dependencies, devDependencies } = JSON.parse(read(root, 'package.json'));
    expect([dependencies, devDependencies.daybreak]).toEqual([{}, '^0.1.0']);
    expect(existsSync(join(root, 'vendor'))).toBe(false);
  });

  test.each(['pipelines/sales.yaml', 'README.md', 'vendor/daybreak-0.1.0.tgz'])(
    'overwrites nothing: %s stays, and nothing else is written',
    async (path) => {
      const root = await project({ ...tarball, [`shop/${path}`]: 'mine' });
      const { code, stderr } = await cli(['init', 'shop', ...withTarball], { cwd: root });
      expect(code).toBe(2);
      expect(stderr).toBe(
        `error: ${path} exists in shop, and \`init\` overwrites nothing; choose a new folder: npx daybreak init <name>\n`,
      );
      expect(filesIn(join(root, 'shop'))).toEqual([path]);
      expect(read(root, `shop/${path}`)).toBe('mine');
    },
  );

  test('follows no link to write a file', async () => {
    const root = await project(tarball);
    symlinkSync(join(root, 'elsewhere'), join(root, 'README.md'));
    expect((await cli(['init', ...withTarball], { cwd: root })).code).toBe(2);
    expect(existsSync(join(root, 'elsewhere'))).toBe(false);
  });

  test.each([
    [['init', 'shop', '--package', 'gone.tgz'], '--package "gone.tgz" does not exist'],
    [['init', 'shop', '--package', '.'], '--package "." is a folder; run `npm pack` there'],
    [['init', 'shop'], 'this is a checkout of Daybreak, and a project needs the package'],
    [['init', 'file', ...withTarball], 'file is not a folder'],
    [['init', 'broken', ...withTarball], 'package.json is not JSON'],
  ])('%j is a mistake, and makes nothing', async (args, message) => {
    const root = await project({ ...tarball, file: '', 'broken/package.json': '{' });
    const before = filesIn(root);
    const { code, stderr } = await cli(args, { cwd: root });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(filesIn(root)).toEqual(before);
  });
});
