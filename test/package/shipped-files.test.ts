import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../lib/package/package-files.ts';

const { dependencies, peerDependencies, devDependencies, engines, exports } = JSON.parse(
  readFileSync(join(packageRoot, 'package.json'), 'utf8'),
);

/** The sources that tsconfig.build.json compiles. */
const shipped = globSync(['bin/daybreak.ts', 'lib/**/*.ts', 'lambdas/platform/*.ts'], { cwd: packageRoot });

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

const written =
  /^(?:import|export|\}).*\bfrom '([^'.][^']*)'|\b(?:import|require|require\.resolve|\(import\.meta\.url\))\('([^'.$][^']*)'\)/gm;

/** The texts in this file are files of projects. */
const template = 'lib/cli/init/pipeline-files.ts';

const imported = new Set(
  shipped
    .filter((file) => file !== template)
    .flatMap((file) => [...readFileSync(join(packageRoot, file), 'utf8').matchAll(written)])
    .map(([, statement, call]) => packageOf(statement ?? call ?? ''))
    .filter((name) => !name.startsWith('node:') && name !== 'daybreak'),
);

test('users install exactly the packages that the shipped files import, and the types that the declarations name', () => {
  expect(shipped.length).toBeGreaterThan(500);
  const types = ['@types/node', '@types/pg'];
  expect(Object.keys({ ...dependencies, ...peerDependencies }).sort()).toEqual([...imported, ...types].sort());
});

test('each peer is a dev dependency too, in a version that the range of the peer allows', () => {
  for (const [name, range] of Object.entries<string>(peerDependencies)) expect(`^${devDependencies[name]}`).toBe(range);
});

test('each exported module has a source here, and a built file with declarations for both kinds of modules', () => {
  for (const [name, conditions] of Object.entries<string | Record<string, string>>(exports)) {
    if (typeof conditions === 'string') continue;
    const source = conditions['daybreak-source'] ?? '';
    expect(globSync(source, { cwd: packageRoot }), name).toHaveLength(1);
    const built = source.replace('./lib/', './dist/lib/').replace(/\.ts$/, '');
    expect(conditions, name).toEqual({
      'daybreak-source': source,
      require: { types: built.replace('./dist/', './dist/commonjs/').concat('.d.ts'), default: `${built}.js` },
      types: `${built}.d.ts`,
      default: `${built}.js`,
    });
  }
});

test('the launcher names the oldest Node that package.json allows', () => {
  const [, oldest] = /^>=(\d+\.\d+)\.0$/.exec(engines.node) ?? [];
  expect(readFileSync(join(packageRoot, 'bin/launch.js'), 'utf8')).toContain(`needs Node ${oldest} or newer`);
});
