import { createHash } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { extname, relative, resolve, sep } from 'node:path';
import { build, type Loader, type Metafile, transform } from 'esbuild';
import type { Report } from '../diagnostics/diagnostic.ts';
import { diagnosticsOf, isBuildFailure, missingExport } from './build-diagnostics.ts';
import { sharedOptions } from './esbuild-options.ts';
import { entryKey, type FunctionEntry, runtimeModules } from './function-entry.ts';

/** Sources whose comments and layout do not count. All other files (a packaged library, an SQL text) count byte by byte. */
const loaders: Readonly<Record<string, Loader>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.js': 'js',
  '.mjs': 'js',
  '.json': 'json',
};

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** Returns a path that is the same on every machine: relative to the root, or below node_modules from there. */
const stablePath = (path: string): string => {
  const packages = path.lastIndexOf('node_modules/');
  return packages < 0 ? path : path.slice(packages);
};

const moduleDigest = async (root: string, path: string): Promise<string> => {
  const source = await readFile(resolve(root, path));
  const loader = path.includes('node_modules/') ? undefined : loaders[extname(path)];
  if (!loader) return sha256(source);
  const { code } = await transform(source, {
    loader,
    target: 'node24',
    tsconfigRaw: {},
    legalComments: 'none',
    minifySyntax: true,
    minifyWhitespace: true,
  });
  return sha256(code);
};

/** Returns every module that an entry file imports, directly or indirectly, including itself. */
const reachable = (inputs: Metafile['inputs'], entry: string): string[] => {
  const found = new Set([entry]);
  for (const path of found) {
    for (const imported of inputs[path]?.imports ?? []) {
      if (!imported.external && inputs[imported.path]) found.add(imported.path);
    }
  }
  return [...found];
};

/**
 * Returns the digest of each handler's code by `entryKey`. It covers all imported modules without the runtime (`daybreak`, `daybreak/sources`), so an update of
 * Daybreak does not rerun every step. Equal code has an equal digest on every machine and next to any other handlers. Comments and layout do not count. A
 * handler that does not compile or lacks its export is reported and has no digest.
 */
export async function codeDigests(
  entries: readonly FunctionEntry[],
  { root, report }: { readonly root: string; readonly report: Report },
): Promise<ReadonlyMap<string, string>> {
  const digests = new Map<string, string>();
  const files = [...new Set(entries.map(({ entry }) => entry))].sort();
  if (files.length === 0) return digests;
  // esbuild names modules by their real paths, and a project's folders may be links.
  const home = await realpath(root);
  const moduleOf = new Map<string, string>();
  for (const file of files) {
    const real = await realpath(resolve(root, file));
    moduleOf.set(file, relative(home, real).split(sep).join('/'));
  }
  const options = sharedOptions(home);
  const metafile = await build({
    ...options,
    entryPoints: files,
    outdir: resolve(home, 'out'),
    outbase: home,
    external: [...options.external, ...Object.keys(runtimeModules)],
  }).then(
    (result) => result.metafile,
    (error: unknown) => {
      if (!isBuildFailure(error)) throw error;
      for (const diagnostic of diagnosticsOf(error, files[0] ?? root)) report(diagnostic);
      return null;
    },
  );
  if (!metafile) return digests;

  const modules = new Map<string, Promise<string>>();
  const lineOf = async (path: string): Promise<string> => {
    const digest = modules.get(path) ?? moduleDigest(home, path);
    modules.set(path, digest);
    return `${stablePath(path)} ${await digest}`;
  };
  const exportsOf = new Map(
    Object.values(metafile.outputs).map(({ entryPoint, exports }) => [entryPoint ?? '', exports]),
  );
  for (const entry of entries) {
    const module = moduleOf.get(entry.entry) ?? entry.entry;
    const exports = exportsOf.get(module) ?? [];
    if (!exports.includes(entry.export)) {
      report(missingExport(entry, exports));
      continue;
    }
    const lines = await Promise.all(reachable(metafile.inputs, module).map(lineOf));
    digests.set(entryKey(entry), sha256([`export ${entry.export}`, ...lines.sort()].join('\n')).slice(0, 32));
  }
  return digests;
}
