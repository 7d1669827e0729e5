import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { codeRoot, installationCache, ownModule, packageJson } from '../package/package-files.ts';
import { isBuildFailure } from './build-diagnostics.ts';
import { compileRuntime } from './compile-runtime.ts';
import { runtimeModules } from './function-entry.ts';
import { runtimeFile } from './runtime-file.ts';
import { isInstalled } from './source-reader.ts';

/** The runtime compiled for functions on this machine: few files, which load in a fifth of the processor time of their sources. */
export interface LocalRuntime {
  /** Absolute path of each compiled entry file, by the absolute path of its source. */
  readonly entries: ReadonlyMap<string, string>;
  /** Absolute path of each module that handlers import from the package, by name. */
  readonly modules: Readonly<Record<string, string>>;
}

/** The cache's record of its newest files. */
interface Made {
  readonly folder: string;
  /** Sources by path, relative to the package's root, each with the time of its last change and its size. */
  readonly sources: Readonly<Record<string, string>>;
}

/** Processes that load from an older folder have long done so. */
const keptMs = 24 * 3600 * 1000;

/**
 * Gives the compiled runtime with these entry files of the package, and compiles it first if a source has changed. Null if the cache cannot be written, as in a
 * package that belongs to another user: then the sources do.
 */
export async function localRuntime(
  entries: readonly string[],
  cache = installationCache,
): Promise<LocalRuntime | null> {
  const key = createHash('sha256')
    .update([codeRoot, packageJson().version, ...entries].join('\n'))
    .digest('hex')
    .slice(0, 12);
  const record = join(cache, `${key}.json`);
  const known = await readMade(record);
  const folder = known && (await isCurrent(known)) ? known.folder : await make(entries, { cache, record });
  if (folder === null) return null;
  return {
    entries: new Map(entries.map((entry, index) => [ownModule(entry), join(cache, folder, `platform-${index}.mjs`)])),
    modules: Object.fromEntries(
      Object.keys(runtimeModules).map((name) => [name, join(cache, folder, runtimeFile(name))]),
    ),
  };
}

const readMade = async (record: string): Promise<Made | null> => {
  try {
    return JSON.parse(await readFile(record, 'utf8')) as Made;
  } catch {
    return null;
  }
};

async function isCurrent({ sources }: Made): Promise<boolean> {
  const states = await Promise.all(
    Object.entries(sources).map(async ([path, state]) => (await stateOf(path)) === state),
  );
  return states.every(Boolean);
}

const stateOf = async (path: string): Promise<string | null> =>
  stat(resolve(codeRoot, path)).then(
    ({ mtimeMs, size }) => `${mtimeMs} ${size}`,
    () => null,
  );

async function make(
  entries: readonly string[],
  { cache, record }: { readonly cache: string; readonly record: string },
): Promise<string | null> {
  const begun = Date.now();
  try {
    await mkdir(cache, { recursive: true });
    await removeOld(cache);
    const made = await mkdtemp(join(cache, 'runtime-'));
    await chmod(made, 0o755);
    const { outputFiles, metafile } = await compileRuntime(entries);
    for (const { path, contents } of outputFiles) await writeForAll(join(made, basename(path)), contents);
    const sources: Record<string, string> = {};
    // Other packages change with an installation, which removes this cache.
    for (const path of Object.keys(metafile.inputs).filter((one) => !one.startsWith('..') && !isInstalled(one))) {
      const state = await stateOf(path);
      // Modules that a plugin makes are no files.
      if (state !== null) sources[path] = state;
    }
    const edited = Object.values(sources).some((state) => Number.parseFloat(state) >= begun);
    const whole: Made = { folder: basename(made), sources };
    if (!edited) {
      await writeForAll(`${record}.${process.pid}`, JSON.stringify(whole));
      await rename(`${record}.${process.pid}`, record);
    }
    return whole.folder;
  } catch (error) {
    if (isBuildFailure(error)) throw error;
    return null;
  }
}

/** The users of one installation share its cache. A strict umask would make the file readable only for its owner. */
async function writeForAll(file: string, content: Uint8Array | string): Promise<void> {
  await writeFile(file, content);
  await chmod(file, 0o644);
}

async function removeOld(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const path = join(cache, name);
    const old = name.startsWith('runtime-') && (await stat(path)).mtimeMs < Date.now() - keptMs;
    if (old) await rm(path, { recursive: true, force: true });
  }
}
