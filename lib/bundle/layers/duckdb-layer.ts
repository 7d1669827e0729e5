import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, version as esbuildVersion } from 'esbuild';
import { downloadCache } from '../../package/package-files.ts';
import { digestOfFolder } from './digest-of-folder.ts';
import { InstallFailed, installPackages } from './install-packages.ts';
import { type LockedPackage, lockedPackages } from './locked-packages.ts';

/** A processor by Lambda's name for it. */
export type LambdaArchitecture = 'arm64' | 'x86_64';

/** The folder of a Lambda layer, in the layout that Lambda unpacks to `/opt`. */
export interface Layer {
  readonly folder: string;
  /** SHA-256 of names and contents, hex. */
  readonly digest: string;
}

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
  const kept = await known(place);
  if (kept) return kept;
  await mkdir(cache, { recursive: true });
  const staging = await mkdtemp(join(cache, 'making-'));
  try {
    await make(staging, locked, architecture);
    await rename(join(staging, 'made'), place).catch((error: NodeJS.ErrnoException) => {
      // Another process was faster; its layer is the same.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  const layer = await known(place);
  if (!layer) throw new Error(`the layer was made, and is not at ${place}`);
  return layer;
}

const known = async (place: string): Promise<Layer | null> => {
  try {
    return { folder: join(place, 'layer'), digest: await readFile(join(place, 'digest'), 'utf8') };
  } catch {
    return null;
  }
};

const make = async (
  staging: string,
  locked: ReadonlyMap<string, LockedPackage>,
  architecture: LambdaArchitecture,
): Promise<void> => {
  const cpu = cpus[architecture];
  await installPackages(staging, { name: driver, locked, cpu }).catch((error: unknown) => {
    if (!(error instanceof InstallFailed)) throw error;
    throw new LayerNotMade(notMade(architecture, locked, error.message), { cause: error });
  });
  const native = `${bindings}-linux-${cpu}`;
  const layer = join(staging, 'made/layer/nodejs/node_modules');
  await copy(staging, layer, { [native]: ['LICENSE', 'package.json', 'duckdb.node', 'libduckdb.so'] });
  await copy(staging, layer, { [bindings]: ['LICENSE', 'package.json'], [driver]: ['LICENSE', 'package.json'] });
  // The original detects the C library at every start; here it is known.
  await writeFile(join(layer, bindings, 'duckdb.js'), `module.exports = require('${native}/duckdb.node');\n`);
  // Make one file: the driver's 181 files take 20 ms more to load.
  await build({
    absWorkingDir: staging,
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
  await readableByAll(join(staging, 'made/layer'));
  await writeFile(join(staging, 'made/digest'), await digestOfFolder(join(staging, 'made/layer'), recipe));
};

const copy = async (staging: string, layer: string, packages: Readonly<Record<string, readonly string[]>>) => {
  for (const [name, files] of Object.entries(packages)) {
    await mkdir(join(layer, name), { recursive: true });
    for (const file of files) {
      await copyFile(join(staging, 'node_modules', name, file), join(layer, name, file));
    }
  }
};

/** Lambda reads a layer as another user. A strict umask would make new files readable only for their owner. */
const readableByAll = async (folder: string): Promise<void> => {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
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
