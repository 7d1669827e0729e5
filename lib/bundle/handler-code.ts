import { realpath } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Metafile } from 'esbuild';
import type { Report } from '../diagnostics/diagnostic.ts';
import { diagnosticsOf, isBuildFailure, missingExport } from './build-diagnostics.ts';
import { build } from './esbuild.ts';
import { requireForCommonJs, sharedOptions } from './esbuild-options.ts';
import { entryKey, type FunctionEntry, runtimeModules } from './function-entry.ts';
import { moduleDigest, sha256 } from './module-digest.ts';
import { SourceReader } from './source-reader.ts';

/** The code of one handler, read once. */
export interface HandlerCode {
  /** 32 hex digits. */
  readonly digest: string;
  /** Where the entry file exports the handler: `:3:14`, line and column from 1. */
  readonly position: string;
  readonly module: ModuleCode;
  /** The files that the module is made of, installed packages included; relative to the project's root. */
  readonly sources: readonly string[];
}

/** One file with everything that a handler imports, apart from the modules of this package. Its map leads to the absolute paths of the sources. */
export interface ModuleCode {
  readonly code: Uint8Array;
  readonly map: Uint8Array;
}

/** Returns a path that is the same on every machine: relative to the root, or below node_modules from there. */
const stablePath = (path: string): string => {
  const packages = path.lastIndexOf('node_modules/');
  return packages < 0 ? path : path.slice(packages);
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
 * Returns each handler's code and its digest by `entryKey`, both from one reading of the files. They cover all imported modules without the runtime
 * (`daybreak`, `daybreak/sources`), so an update of Daybreak does not rerun every step. Equal code has an equal digest on every machine and next to any other
 * handlers. Comments and layout do not count in the digest. A handler that does not compile or lacks its export is reported and left out.
 */
export async function handlerCode(
  entries: readonly FunctionEntry[],
  { root, report }: { readonly root: string; readonly report: Report },
): Promise<ReadonlyMap<string, HandlerCode>> {
  const found = new Map<string, HandlerCode>();
  const files = [...new Set(entries.map(({ entry }) => entry))].sort();
  if (files.length === 0) return found;
  // esbuild names modules by their real paths, and a project's folders may be links.
  const home = await realpath(root);
  const moduleOf = new Map<string, string>();
  for (const file of files) {
    const real = await realpath(resolve(root, file));
    moduleOf.set(file, relative(home, real).split(sep).join('/'));
  }
  const sources = new SourceReader();
  const built = await compile(files, { root, home, sources }).catch((error: unknown) => {
    if (!isBuildFailure(error)) throw error;
    for (const diagnostic of diagnosticsOf(error, files[0] ?? root)) report(diagnostic);
    return null;
  });
  if (!built) return found;

  const digests = new Map<string, Promise<string>>();
  const lineOf = async (path: string): Promise<string> => {
    const digest = digests.get(path) ?? moduleDigest(sources, home, path);
    digests.set(path, digest);
    return `${stablePath(path)} ${await digest}`;
  };
  const outputOf = new Map(
    Object.entries(built.metafile.outputs).map(([path, output]) => [output.entryPoint ?? '', { path, ...output }]),
  );
  const contents = new Map(built.outputFiles.map((file) => [file.path, file.contents]));
  for (const entry of entries) {
    const module = moduleOf.get(entry.entry) ?? entry.entry;
    const output = outputOf.get(module);
    const exports = output?.exports ?? [];
    if (!output || !exports.includes(entry.export)) {
      report(missingExport(entry, exports));
      continue;
    }
    const modules = reachable(built.metafile.inputs, module);
    const lines = await Promise.all(modules.map(lineOf));
    const code = contents.get(resolve(home, output.path));
    const map = contents.get(resolve(home, `${output.path}.map`));
    if (!code || !map) throw new Error(`esbuild gave no output for "${entry.entry}"`);
    const digest = sha256([`export ${entry.export}`, ...lines.sort()].join('\n')).slice(0, 32);
    const text = new TextDecoder().decode(await sources.read(resolve(home, module)));
    found.set(entryKey(entry), {
      digest,
      position: positionOf(entry.export, text),
      module: { code, map },
      sources: modules,
    });
  }
  return found;
}

/** The position of an export's name in a text; the first line if it is exported in an unusual way. */
function positionOf(name: string, text: string): string {
  const found = new RegExp(`^(.*\\bexport\\b[^\\n]*?\\b)${name.replaceAll('$', '\\$')}\\b`, 'm').exec(text);
  if (!found) return ':1:1';
  return `:${text.slice(0, found.index).split('\n').length}:${(found[1] ?? '').length + 1}`;
}

interface Compilation {
  readonly root: string;
  /** The real path of the root. */
  readonly home: string;
  readonly sources: SourceReader;
}

/** Compiles each file of handlers into one module. */
function compile(files: readonly string[], { root, home, sources }: Compilation) {
  const options = sharedOptions(home);
  return build({
    ...options,
    entryPoints: files.map((file, index) => ({ in: file, out: `m${index}` })),
    // esbuild never writes this folder; the paths in source maps begin there.
    outdir: resolve(home, 'out'),
    sourceRoot: `${pathToFileURL(resolve(root, 'out')).href}/`,
    external: [...options.external, ...Object.keys(runtimeModules)],
    banner: { js: requireForCommonJs },
    plugins: [sources.plugin],
    // If two modules have classes of the same name, esbuild renames one; but names of error classes matter.
    keepNames: true,
    sourcemap: 'external',
    sourcesContent: false,
  });
}
