import { createHash } from 'node:crypto';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, version as esbuildVersion } from 'esbuild';
import { downloadCache } from '../../package/package-files.ts';
import { InstallFailed, installPackages } from './install-packages.ts';
import { keptLayer, type Layer } from './kept-layer.ts';
import { type LockedPackage, lockedPackages } from './locked-packages.ts';

/** A processor by Lambda's name for it. */
export type LambdaArchitecture = 'arm64' | 'x86_64';

/** The error when the layer cannot be made on this machine now. The message says how to fix it. */
export class LayerNotMade extends Error {
  override readonly name = 'LayerNotMade';
}

const driver = '@duckdb/node-api';
const bindings = '@duckdb/node-bindings';
const cpus = { arm64: 'arm64', x86_64: 'x64' } as const;

/** Increase it if this file makes a different layer from the same packages. */
const recipe = 2;

const cacheFolder = join(downloadCache, 'layers');

/**
 * Returns the layer with DuckDB for one architecture: `nodejs/node_modules/@duckdb/...`, in the version of the lock file. The layer is made once and kept. The
 * packages come from npm's cache, or else from the registry. Equal packages give an equal layer on every machine.
 */
export async function duckdbLayer(architecture: LambdaArchitecture, cache: string = cacheFolder): Promise<Layer> {
  const locked = lockedPackages(driver);
  const made = JSON.stringify([recipe, esbuildVersion, architecture, [...locked]]);
  const place = join(cache, `duckdb-${architecture}-${createHash('sha256').update(made).digest('hex').slice(0, 16)}`);
  return keptLayer(place, { recipe, make: (layer, scratch) => make(layer, scratch, { locked, architecture }) });
}

const make = async (
  folder: string,
  scratch: string,
  {
    locked,
    architecture,
  }: { readonly locked: ReadonlyMap<string, LockedPackage>; readonly architecture: LambdaArchitecture },
): Promise<void> => {
  const cpu = cpus[architecture];
  await installPackages(scratch, { name: driver, locked, cpu }).catch((error: unknown) => {
    if (!(error instanceof InstallFailed)) throw error;
    throw new LayerNotMade(notMade(architecture, locked, error.message), { cause: error });
  });
  const native = `${bindings}-linux-${cpu}`;
  const layer = join(folder, 'nodejs/node_modules');
  await copy(scratch, layer, { [native]: ['LICENSE', 'package.json', 'duckdb.node', 'libduckdb.so'] });
  await copy(scratch, layer, { [bindings]: ['LICENSE', 'package.json'], [driver]: ['LICENSE', 'package.json'] });
  // The original detects the C library at every start; here it is known.
  await writeFile(join(layer, bindings, 'duckdb.js'), `module.exports = require('${native}/duckdb.node');\n`);
  // Make one file: the driver's 181 files take 20 ms more to load.
  await build({
    absWorkingDir: scratch,
    entryPoints: [`node_modules/${driver}/lib/index.js`],
    outfile: join(layer, driver, 'lib/index.js'),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    external: [bindings],
    keepNames: true,
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'silent',
  });
};

const copy = async (scratch: string, layer: string, packages: Readonly<Record<string, readonly string[]>>) => {
  for (const [name, files] of Object.entries(packages)) {
    await mkdir(join(layer, name), { recursive: true });
    for (const file of files) {
      await copyFile(join(scratch, 'node_modules', name, file), join(layer, name, file));
    }
  }
};

const notMade = (
  architecture: LambdaArchitecture,
  locked: ReadonlyMap<string, LockedPackage>,
  reason: string,
): string => {
  const version = locked.get(`node_modules/${driver}`)?.version;
  return (
    `the Lambda layer with DuckDB ${version} for ${architecture} cannot be made: npm has its packages neither in its cache nor from its registry (${reason}). ` +
    'Run `npx cdk synth -q` once where the registry can be reached (`npm ping` tells): npm and Daybreak keep what they got, and later no network is needed. ' +
    `To fill npm's cache alone: \`npm cache add ${bindings}-linux-${cpus[architecture]}@${version}\``
  );
};
