import { basename, resolve } from 'node:path';
import type { Metafile } from 'esbuild';
import { codeRoot, ownModule } from '../package/package-files.ts';
import { build } from './esbuild.ts';
import { requireForCommonJs, sharedOptions } from './esbuild-options.ts';
import { entryKey, type FunctionEntry, runtimeModules } from './function-entry.ts';
import { lazyBuiltins } from './lazy-builtins.ts';

/** The files of a function's code by name. */
export type BundleFiles = Readonly<Record<string, Uint8Array>>;

export interface RuntimeBundle {
  /** By the name that handlers import: the module's file and everything that it needs, to lie beside those handlers. */
  readonly runtime: ReadonlyMap<string, BundleFiles>;
  /** The complete code of each platform function, by `entryKey`. */
  readonly platform: ReadonlyMap<string, BundleFiles>;
}

/** Returns the file name of a module of the package, which lies beside a handler: `daybreak-sources.mjs` for `daybreak/sources`. */
export function runtimeFile(name: string): string {
  return `${name.replaceAll('/', '-')}.mjs`;
}

/** Returns an output file and all files that it imports, statically or dynamically. */
const reachable = (outputs: Metafile['outputs'], start: string): string[] => {
  const found = new Set([start]);
  for (const path of found) {
    for (const imported of outputs[path]?.imports ?? []) if (outputs[imported.path]) found.add(imported.path);
  }
  return [...found];
};

/**
 * Bundles the runtime and the platform functions together, once for all pipelines, and splits them into chunks. So Lambda also loads lazy imports (the clients
 * of AWS services) lazily. The same sources give the same files for any pipelines.
 */
export async function bundleRuntime(platform: readonly FunctionEntry[]): Promise<RuntimeBundle> {
  const { outputFiles, metafile } = await compileRuntime(platform.map(({ entry }) => entry));
  const contents = new Map(outputFiles.map((file) => [file.path, file.contents]));
  const filesOf = (start: string, name: string): BundleFiles =>
    Object.fromEntries(
      reachable(metafile.outputs, `.daybreak/bundle/${start}`).map((path) => {
        const content = contents.get(resolve(codeRoot, path));
        if (!content) throw new Error(`esbuild gave no output for "${path}"`);
        return [path.endsWith(`/${start}`) ? name : basename(path), content];
      }),
    );
  return {
    runtime: new Map(Object.keys(runtimeModules).map((name) => [name, filesOf(runtimeFile(name), runtimeFile(name))])),
    platform: new Map(platform.map((fn, index) => [entryKey(fn), filesOf(`platform-${index}.mjs`, 'index.mjs')])),
  };
}

/** Compiles the package's modules (`runtimeFile` gives their files) and entry files of the package, `platform-0.mjs` and so on, with the chunks that they share. */
export function compileRuntime(entries: readonly string[]) {
  return build({
    ...sharedOptions(codeRoot),
    entryPoints: [
      ...Object.entries(runtimeModules).map(([name, module]) => ({
        in: module,
        out: basename(runtimeFile(name), '.mjs'),
      })),
      ...entries.map((entry, index) => ({ in: ownModule(entry), out: `platform-${index}` })),
    ],
    // esbuild never writes this folder.
    outdir: resolve(codeRoot, '.daybreak/bundle'),
    outExtension: { '.js': '.mjs' },
    splitting: true,
    chunkNames: 'chunk-[hash]',
    banner: { js: requireForCommonJs },
    plugins: [lazyBuiltins({ splitting: true })],
  });
}
