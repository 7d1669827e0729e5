import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../lib/package/package-files.ts';
import { installLocked } from './locked-install.ts';
import { oldestNode } from './node-22.ts';

const scratch = mkdtempSync(join(tmpdir(), 'daybreak-package-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Variables that npm and Vitest set for this process must not reach the projects. */
const clean = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|VITEST|DAYBREAK_)/i.test(name)),
);

/** Runs a command in a folder, with the programs of `bin` first; a failure shows its output. */
function run(cwd: string, [program = '', ...args]: readonly string[], bin = dirname(process.execPath)): string {
  const env = { ...clean, PATH: `${bin}${delimiter}${process.env.PATH}`, CI: 'true', NO_COLOR: '1' };
  try {
    return execFileSync(program, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout?: string; readonly stderr?: string };
    throw new Error(`${program} ${args.join(' ')}\n${stdout}${stderr}`, { cause: error });
  }
}

const { exports, devDependencies } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
const [packed] = JSON.parse(run(packageRoot, ['npm', 'pack', '--json', '--pack-destination', scratch]));
const tarball = join(scratch, packed.filename);
const modules = Object.keys(exports)
  .filter((name) => !name.endsWith('.json'))
  .map((name) => `daybreak${name.slice(1)}`);

/** An existing project: all others share its node_modules. */
const app = join(scratch, 'app');
mkdirSync(app);
const pinned = (...names: string[]) => Object.fromEntries(names.map((name) => [name, devDependencies[name]]));
writeFileSync(
  join(app, 'package.json'),
  JSON.stringify({
    name: 'app',
    version: '1.0.0',
    type: 'module',
    dependencies: { daybreak: `file:${tarball}`, ...pinned('aws-cdk-lib', 'constructs') },
    devDependencies: pinned('aws-cdk', 'typescript', 'vitest'),
  }),
);
installLocked(app, tarball);

const node22 = oldestNode(join(scratch, 'node'));
const nodes = [
  ['24', dirname(process.execPath)],
  ['22', node22],
] as const;

test('the tarball holds the launcher, built files and texts, and nothing of tests, benchmarks and examples', () => {
  const paths = (packed.files as { readonly path: string }[]).map(({ path }) => path);
  expect(paths.filter((path) => !path.startsWith('dist/')).sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'bin/launch.js',
    'package.json',
    'template.schema.json',
  ]);
  const built = paths.filter((path) => path.startsWith('dist/'));
  const kinds = /^dist\/(bin|lib|lambdas\/platform|commonjs\/lib)\/.*\.(js|js\.map|d\.ts)$/;
  expect(built.filter((path) => !kinds.test(path))).toEqual([
    'dist/commonjs/package.json',
    'dist/locked-packages.json',
  ]);
  expect(built.filter((path) => /\.test\.|\/tests?\/|benchmark|stand-ins|lambdas\/steps/.test(path))).toEqual([]);
  expect(packed.size).toBeLessThan(3_000_000);
});

test('a source map holds the source, since the package has none', () => {
  const map = JSON.parse(readFileSync(join(app, 'node_modules/daybreak/dist/lib/runtime/define-step.js.map'), 'utf8'));
  expect(map.sourcesContent[0]).toBe(readFileSync(join(packageRoot, 'lib/runtime/define-step.ts'), 'utf8'));
});

describe.each(['module', 'commonjs'])('in a project of type %s', (type) => {
  const root = join(scratch, type);
  mkdirSync(root);
  symlinkSync(join(app, 'node_modules'), join(root, 'node_modules'));
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: type, type }));
  const lines = modules.map((name, index) => `import * as m${index} from '${name}';`);
  const names = `[${modules.map((_, index) => `m${index}`).join(', ')}]`;
  writeFileSync(join(root, 'all.ts'), `${lines.join('\n')}\nexport const all = ${names};\n`);

  test.each([
    ['node16', 'node16'],
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])('the declarations have no error under module %s, resolution %s and skipLibCheck: false', (module, resolution) => {
    const options = ['--module', module, '--moduleResolution', resolution, '--target', 'es2023'];
    const strict = ['--noEmit', '--ignoreConfig', '--strict', '--skipLibCheck', 'false'];
    run(root, ['node_modules/.bin/tsc', ...strict, ...options, 'all.ts']);
  });

  test('a member that does not exist is an error, so the declarations are not any', () => {
    const wrong = "import { defineStep } from 'daybreak';\nexport const h = defineStep(async (step) => step.writ());\n";
    writeFileSync(join(root, 'wrong.ts'), wrong);
    const options = ['--noEmit', '--ignoreConfig', '--strict', '--module', 'node16', '--types', 'node'];
    expect(() => run(root, ['node_modules/.bin/tsc', ...options, 'wrong.ts'])).toThrow("'writ' does not exist");
  });

  describe.each(nodes)('under Node %s', (_, bin) => {
    test.skipIf(bin === null)('every module loads, by import and by require', () => {
      const load = `for (const name of ${JSON.stringify(modules)}) if (Object.keys(require(name)).length === 0) throw new Error(name);`;
      run(root, ['node', '--input-type=commonjs', '-e', load], bin ?? '');
      const imports = modules.map((name) => `import '${name}';`).join('');
      run(root, ['node', '--input-type=module', '-e', imports], bin ?? '');
    });
  });
});

describe.each(['module', 'commonjs'])('a project that init makes, of type %s', (type) => {
  const name = `new-${type}`;
  const root = join(scratch, name);
  const said = run(scratch, [
    join(app, 'node_modules/.bin/daybreak'),
    'init',
    name,
    ...(type === 'commonjs' ? ['--commonjs'] : []),
  ]);
  symlinkSync(join(app, 'node_modules'), join(root, 'node_modules'));

  test('depends on the tarball that Daybreak came from, and says what to type next', () => {
    expect(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies.daybreak).toBe(
      `file:vendor/${packed.filename}`,
    );
    expect(readFileSync(join(root, 'vendor', packed.filename)).equals(readFileSync(tarball))).toBe(true);
    expect(said).toMatch(/Next\n {2}cd new-\w+\n {2}npm install\n {2}npm start/);
  });

  test.each(nodes.filter(([, bin]) => bin !== null))('cdk synth makes a stack of it under Node %s', (_, bin) => {
    rmSync(join(root, 'cdk.out'), { recursive: true, force: true });
    run(root, [join(app, 'node_modules/.bin/cdk'), 'synth', '-q'], bin ?? '');
    const template = JSON.parse(readFileSync(join(root, `cdk.out/new${type}-sales.template.json`), 'utf8'));
    const types = Object.values<{ readonly Type: string }>(template.Resources).map(({ Type }) => Type);
    expect(types.filter((one) => one === 'AWS::StepFunctions::StateMachine')).toHaveLength(1);
    expect(types.filter((one) => one === 'AWS::Scheduler::Schedule')).toHaveLength(1);
  });

  describe.each(nodes)('under Node %s', (_, bin) => {
    test.skipIf(bin === null)('npm start, npm test and npm run check pass at once', () => {
      const started = run(root, ['npm', 'start'], bin ?? '');
      expect(started).toMatch(/^sales SUCCEEDED in /m);
      expect(started).toMatch(/^ {2}extract_orders +✔ succeeded +1 .* 3$/m);
      expect(started).toMatch(/^ {2}revenue_by_country +✔ succeeded +1 .* 2$/m);
      expect(run(root, ['npm', 'test'], bin ?? '')).toMatch(/Tests +\d+ passed \(\d+\)/);
      expect(run(root, ['npm', 'run', 'check'], bin ?? '')).toContain('ok  pipelines/sales.yaml  2 steps');
    });
  });
});

test.skipIf(node22 === null)('nothing is printed beside the answer and the progress under Node 22', () => {
  const env = { ...clean, PATH: `${node22}${delimiter}${process.env.PATH}` };
  const bin = join(app, 'node_modules/.bin/daybreak');
  const answer = execFileSync('sh', ['-c', `"${bin}" run sales 2>&1 >/dev/null`], {
    cwd: join(scratch, 'new-module'),
    env,
    encoding: 'utf8',
  });
  expect(answer.split('\n').filter((line) => !/^ +\d+\.\d{3} /.test(line))).toEqual(['']);
});
