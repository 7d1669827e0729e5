/**
 * Builds `dist`, the part of the package that users get, for `npm pack` (prepack): JavaScript with source maps, the declarations that the exports reach, and
 * the locked packages of the DuckDB layer. Nothing in the checkout needs `dist`.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { lockedPackages } from '../lib/bundle/layers/locked-packages.ts';
import { packageJson, packageRoot } from '../lib/package/package-files.ts';

const dist = join(packageRoot, 'dist');
/** Declarations for CommonJS projects: a file in a package of ES modules is one too, and `require` of its types is an error under node16. */
const commonJs = join(dist, 'commonjs');

rmSync(dist, { recursive: true, force: true });
execFileSync(process.execPath, [join(packageRoot, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: packageRoot,
  stdio: 'inherit',
});

const reached = declarationsBelow(exportedDeclarations());
// The declarations use Node's types. A strict node_modules (pnpm) has them beside this package only, and TypeScript 7 includes no types by itself.
for (const path of exportedDeclarations())
  writeFileSync(path, `/// <reference types="node" />\n${readFileSync(path, 'utf8')}`);
for (const file of globSync('**/*.d.ts', { cwd: dist })) {
  const path = join(dist, file);
  if (!reached.has(path)) rmSync(path);
}
for (const path of reached) {
  const copy = join(commonJs, relative(dist, path));
  mkdirSync(dirname(copy), { recursive: true });
  copyFileSync(path, copy);
}
writeFileSync(join(commonJs, 'package.json'), '{ "type": "commonjs" }\n');

const packages = Object.fromEntries(lockedPackages('@duckdb/node-api'));
writeFileSync(join(dist, 'locked-packages.json'), `${JSON.stringify({ packages }, null, 2)}\n`);

/** The declarations that `exports` in package.json names. */
function exportedDeclarations(): string[] {
  return Object.values(packageJson().exports).flatMap((conditions) =>
    typeof conditions !== 'string' && typeof conditions.types === 'string'
      ? [resolve(packageRoot, conditions.types)]
      : [],
  );
}

/** These declarations and all that they import. An import of a file that does not exist is an error. */
function declarationsBelow(starts: readonly string[]): ReadonlySet<string> {
  const found = new Set(starts);
  for (const file of found) {
    if (!existsSync(file)) throw new Error(`there is no ${relative(packageRoot, file)}`);
    for (const [, specifier] of readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*['"](\.[^'"]+)['"]/g))
      found.add(resolve(dirname(file), (specifier ?? '').replace(/\.[jt]s$/, '.d.ts')));
  }
  return found;
}
