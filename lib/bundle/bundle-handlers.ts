import { resolve } from 'node:path';
import type { Plugin } from 'esbuild';
import type { SqlQueries } from '../contract/sql-queries.ts';
import type { Report } from '../diagnostics/diagnostic.ts';
import { diagnosticsOf, isBuildFailure } from './build-diagnostics.ts';
import { build } from './esbuild.ts';
import { requireForCommonJs, sharedOptions } from './esbuild-options.ts';
import { entryKey, type FunctionEntry, runtimeModules } from './function-entry.ts';
import { layeredPackages } from './layered-packages.ts';
import { lazyBuiltins } from './lazy-builtins.ts';
import { runtimeFile } from './runtime-file.ts';
import { handlerFile } from './shared-index.ts';

const namespace = 'daybreak-function';

/** Makes an entry point for each `<key>`: a module whose export `handler` is the export that the template names. The package's modules are files beside it. */
const entryWrappers = (root: string, entries: ReadonlyMap<string, FunctionEntry>): Plugin => ({
  name: namespace,
  setup(setup) {
    setup.onResolve({ filter: /^daybreak(\/|$)/ }, ({ path }) =>
      runtimeModules[path] === undefined ? null : { path: `./${runtimeFile(path)}`, external: true },
    );
    setup.onResolve({ filter: /^daybreak-function:/ }, ({ path }) => ({
      path: path.slice(namespace.length + 1),
      namespace,
    }));
    setup.onLoad({ filter: /.*/, namespace }, ({ path }) => {
      const entry = entries.get(path);
      if (!entry) throw new Error(`no function is called "${path}"`);
      return { contents: entry.sql ? sqlModule(entry.sql) : handlerModule(entry), resolveDir: root, loader: 'js' };
    });
  },
});

const handlerModule = ({ entry, export: name }: FunctionEntry): string =>
  `export { ${name} as handler } from ${JSON.stringify(`./${entry}`)};`;

const sqlModule = (queries: SqlQueries): string =>
  `import { defineSqlStep } from 'daybreak/sql'; export const handler = defineSqlStep(${JSON.stringify(queries)});`;

/** Files by name. */
export type BundleFiles = Readonly<Record<string, Uint8Array>>;

/** A handler's own code. */
export interface HandlerBundle {
  readonly files: BundleFiles;
  /** Modules of the package that the handler imports: `daybreak`, `daybreak/sources`. */
  readonly imports: readonly string[];
}

/**
 * Bundles step handlers, each into one file (`handlerFile`) with a source map, by `entryKey`. Each bundle depends only on its own sources, so adding or
 * removing another handler changes nothing. If a handler does not compile, the bundler reports it and bundles nothing.
 */
export async function bundleHandlers(
  entries: readonly FunctionEntry[],
  { root, report }: { readonly root: string; readonly report: Report },
): Promise<ReadonlyMap<string, HandlerBundle>> {
  const bundles = new Map<string, HandlerBundle>();
  const byKey = new Map(entries.map((entry) => [entryKey(entry), entry]));
  if (byKey.size === 0) return bundles;
  // esbuild never writes this folder. Its depth of two levels gives the relative paths in source maps.
  const outdir = resolve(root, '.daybreak/bundle');
  const numbered = [...byKey].map(([key, entry], index) => ({ key, out: `f${index}`, file: handlerFile(entry) }));
  const result = await build({
    ...sharedOptions(root),
    entryPoints: numbered.map(({ key, out }) => ({ in: `${namespace}:${key}`, out })),
    outdir,
    outExtension: { '.js': '.mjs' },
    banner: { js: requireForCommonJs },
    plugins: [entryWrappers(root, byKey), layeredPackages, lazyBuiltins({ splitting: false })],
    // If two modules have classes of the same name, esbuild renames one; but names of error classes matter.
    keepNames: true,
    sourcemap: 'external',
    sourcesContent: false,
  }).catch((error: unknown) => {
    if (!isBuildFailure(error)) throw error;
    for (const diagnostic of diagnosticsOf(error, entries[0]?.entry ?? root)) report(diagnostic);
    return null;
  });
  if (!result) return bundles;

  const outputs = new Map(result.outputFiles.map(({ path, contents }) => [path, contents]));
  for (const { key, out, file } of numbered) {
    const code = outputs.get(resolve(outdir, `${out}.mjs`));
    const map = outputs.get(resolve(outdir, `${out}.mjs.map`));
    if (!code || !map) throw new Error(`esbuild gave no output for "${key}"`);
    const imported = result.metafile.outputs[`.daybreak/bundle/${out}.mjs`]?.imports.map(({ path }) => path) ?? [];
    bundles.set(key, {
      files: {
        [file]: Buffer.concat([code, Buffer.from(`\n//# sourceMappingURL=${file}.map\n`)]),
        [`${file}.map`]: map,
      },
      imports: Object.keys(runtimeModules).filter((name) => imported.includes(`./${runtimeFile(name)}`)),
    });
  }
  return bundles;
}
