import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { Report } from '../source/diagnostic.ts';
import { diagnosticsOf, isBuildFailure } from './build-diagnostics.ts';
import { sharedOptions } from './esbuild-options.ts';
import { entryKey, type FunctionEntry, runtimeModule } from './function-entry.ts';

/** The code of one Lambda function: files by name, `index.mjs` with the export `handler` among them. */
export interface FunctionBundle {
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** SHA-256 of the files, hex. */
  readonly digest: string;
}

/** CommonJS dependencies (pg) call `require` for Node's own modules. Set on the global object: a constant would clash with modules that declare their own. */
const requireForCommonJs =
  "import{createRequire as daybreakCreateRequire}from'node:module';globalThis.require??=daybreakCreateRequire(import.meta.url);";

const namespace = 'daybreak-function';

/** Makes an entry point of each `<key>`: a module whose export `handler` is the one that the template names. */
const entryWrappers = (root: string, entries: ReadonlyMap<string, FunctionEntry>): Plugin => ({
  name: namespace,
  setup(setup) {
    setup.onResolve({ filter: /^daybreak-function:/ }, ({ path }) => ({
      path: path.slice(namespace.length + 1),
      namespace,
    }));
    setup.onLoad({ filter: /.*/, namespace }, ({ path }) => {
      const entry = entries.get(path);
      if (!entry) throw new Error(`no function is called "${path}"`);
      const module = JSON.stringify(`./${entry.entry}`);
      return { contents: `export { ${entry.export} as handler } from ${module};`, resolveDir: root, loader: 'js' };
    });
  },
});

const digestOf = (files: Readonly<Record<string, Uint8Array>>): string => {
  const hash = createHash('sha256');
  for (const name of Object.keys(files).sort()) hash.update(`${name}\0`).update(files[name] ?? '');
  return hash.digest('hex');
};

/**
 * Bundles functions for nodejs24.x in one go, by `entryKey`. Each gets all that it needs, the AWS SDK included: the one that is tested is the one that
 * runs, and it loads faster than the many files of the SDK in Lambda's image (figures in docs/deployment.md). The result depends on the sources alone.
 * Functions that do not compile are reported and nothing is bundled.
 */
export const bundleFunctions = async (
  entries: readonly FunctionEntry[],
  { root, report }: { readonly root: string; readonly report: Report },
): Promise<ReadonlyMap<string, FunctionBundle>> => {
  const bundles = new Map<string, FunctionBundle>();
  const byKey = new Map(entries.map((entry) => [entryKey(entry), entry]));
  if (byKey.size === 0) return bundles;
  // The folder is never written. Two levels deep, like the sources, for the paths in source maps.
  const outdir = resolve(root, '.daybreak/bundle');
  const numbered = [...byKey.keys()].map((key, index) => ({ key, out: `f${index}` }));
  const result = await build({
    ...sharedOptions(root),
    entryPoints: numbered.map(({ key, out }) => ({ in: `${namespace}:${key}`, out })),
    outdir,
    outExtension: { '.js': '.mjs' },
    alias: { daybreak: runtimeModule },
    banner: { js: requireForCommonJs },
    plugins: [entryWrappers(root, byKey)],
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
  for (const { key, out } of numbered) {
    const code = outputs.get(resolve(outdir, `${out}.mjs`));
    const map = outputs.get(resolve(outdir, `${out}.mjs.map`));
    if (!code || !map) throw new Error(`esbuild gave no output for "${key}"`);
    const files = {
      'index.mjs': Buffer.concat([code, Buffer.from('\n//# sourceMappingURL=index.mjs.map\n')]),
      'index.mjs.map': map,
    };
    bundles.set(key, { files, digest: digestOf(files) });
  }
  return bundles;
};
