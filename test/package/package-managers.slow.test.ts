import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { packageRoot } from '../../lib/package/package-files.ts';

const scratch = mkdtempSync(join(tmpdir(), 'daybreak-managers-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Variables that npm and Vitest set for this process must not reach the projects. The variables that name the registry must. */
const clean = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(npm_(package|lifecycle|command|execpath|node)|NODE_(OPTIONS|ENV)|VITEST|DAYBREAK_)/i.test(name),
  ),
);

/** Milliseconds: without its registry a package manager tries for many minutes. */
const longest = 180_000;

interface Ran {
  readonly ok: boolean;
  readonly output: string;
}

function run(cwd: string, args: readonly string[], more: Readonly<Record<string, string>> = {}): Ran {
  const [program = '', ...rest] = args;
  const PATH = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`;
  const env = { ...clean, CI: '', NO_COLOR: '1', ...more, PATH };
  try {
    const output = execFileSync(program, rest, {
      cwd,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: longest,
    });
    return { ok: true, output };
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as { stdout?: string; stderr?: string; message: string };
    return { ok: false, output: `${message}\n${stdout}${stderr}` };
  }
}

function must(cwd: string, args: readonly string[], more: Readonly<Record<string, string>> = {}): string {
  const { ok, output } = run(cwd, args, more);
  if (!ok) throw new Error(output);
  return output;
}

/** The package, made once; null until a test needs it. */
const packed: { tarball: string | null } = { tarball: null };
function tarball(): string {
  if (packed.tarball === null) {
    const [{ filename }] = JSON.parse(must(packageRoot, ['npm', 'pack', '--json', '--pack-destination', scratch]));
    packed.tarball = join(scratch, filename);
  }
  return packed.tarball;
}

/** A project that `init` makes for this package manager. */
function newProject(name: string, userAgent: string): { readonly root: string; readonly said: string } {
  const init = [process.execPath, join(packageRoot, 'bin/launch.js'), 'init', name, '--package', tarball()];
  const said = must(scratch, init, { npm_config_user_agent: userAgent });
  return { root: join(scratch, name), said };
}

function checkProject(root: string, manager: readonly string[]): void {
  const started = must(root, [...manager, 'start']);
  expect(started).toMatch(/^sales SUCCEEDED in /m);
  expect(started).toMatch(/^ {2}revenue_by_country +✔ succeeded +1 .* 2$/m);
  expect(must(root, [...manager, 'test'])).toMatch(/Tests +2 passed \(2\)/);
  expect(must(root, [...manager, 'run', 'check'])).toContain('ok  pipelines/sales.yaml  2 steps');
}

/** The command of a package manager, from npm's cache or registry; null if neither has it. */
function managerOf(spec: string): readonly string[] | null {
  const command = ['npx', '--yes', '--prefer-offline', spec];
  return run(scratch, [...command, '--version']).ok ? command : null;
}

/** Reasons that are not Daybreak's: no network, or a registry that lacks a package. */
const withoutRegistry =
  /ENOTFOUND|ECONNREFUSED|spawnSync \S+ ETIMEDOUT|EAI_AGAIN|ETIMEDOUT|ERR_PNPM_NO_OFFLINE|ERR_PNPM_FETCH/;

test('a project installs, starts, tests and checks itself with pnpm, whose node_modules show only what package.json names', ({
  skip,
}) => {
  const pnpm = managerOf('pnpm@10');
  if (!pnpm) return skip('pnpm is neither in the cache of npm nor in its registry');
  const { root, said } = newProject('with-pnpm', 'pnpm/10.0.0 npm/? node/v24.0.0');
  expect(said).toMatch(/Next\n {2}cd with-pnpm\n {2}pnpm install\n {2}pnpm start/);
  const installed = run(root, [...pnpm, 'install', '--prefer-offline']);
  if (!installed.ok && withoutRegistry.test(installed.output)) return skip('pnpm cannot reach the registry');
  expect(installed.ok, installed.output).toBe(true);
  checkProject(root, pnpm);
});

/** Names in messages of Yarn for packages that the registry does not have. */
const lacking = /(?:YN0082|YN0035): │ ((?:@[^/\s]+\/)?[^@\s]+)@npm:[^:]*: (?:No candidates found|Package not found)/g;

/**
 * Yarn asks the registry for optional packages of other systems too, and for those that stand inside another package. A mirror may lack them; a project does without. Never one that
 * Daybreak itself names.
 */
function replaceLacking(root: string, output: string): boolean {
  const { dependencies } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  const names = [...output.matchAll(lacking)].map(([, name = '']) => name).filter((name) => !(name in dependencies));
  if (names.length === 0) return false;
  mkdirSync(join(root, 'vendor/empty'), { recursive: true });
  writeFileSync(join(root, 'vendor/empty/package.json'), '{"name":"empty","version":"0.0.0"}');
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const replaced = Object.fromEntries(names.map((name) => [name, 'file:./vendor/empty']));
  const resolutions = { ...own.resolutions, ...replaced };
  writeFileSync(join(root, 'package.json'), JSON.stringify({ ...own, resolutions }, null, 2));
  return true;
}

test('a project installs, starts, tests and checks itself with Yarn and its node-modules linker', ({ skip }) => {
  const yarn = managerOf('@yarnpkg/cli-dist@4');
  if (!yarn) return skip('Yarn is neither in the cache of npm nor in its registry');
  const { root, said } = newProject('with-yarn', 'yarn/4.0.0 npm/? node/v24.0.0');
  expect(said).toMatch(/Next\n {2}cd with-yarn\n {2}yarn install\n {2}yarn start/);
  writeFileSync(join(root, '.yarnrc.yml'), 'nodeLinker: node-modules\nenableTelemetry: false\nnpmMinimalAgeGate: 0\n');
  writeFileSync(join(root, 'yarn.lock'), '');
  const registry = must(scratch, ['npm', 'config', 'get', 'registry']).trim();
  const install = () => run(root, [...yarn, 'install'], { YARN_NPM_REGISTRY_SERVER: registry });
  let installed = install();
  for (let again = 0; again < 5 && !installed.ok && replaceLacking(root, installed.output); again++)
    installed = install();
  if (!installed.ok && withoutRegistry.test(installed.output)) return skip('Yarn cannot reach the registry');
  expect(installed.ok, installed.output).toBe(true);
  checkProject(root, yarn);
});
