import { createHash } from 'node:crypto';
import { type PlatformFunction, platformFunctions } from '../contract/platform-functions.ts';
import type { Report } from '../diagnostics/diagnostic.ts';
import { type BundleFiles, bundleHandlers } from './bundle-handlers.ts';
import { entryKey } from './function-entry.ts';
import { platformFile, runtimeFolder } from './layers/runtime-layer.ts';
import { runtimeFile } from './runtime-file.ts';
import { type SharedFunction, sharedIndex, sharedKey } from './shared-index.ts';

/** The code of Lambda functions: files by name. */
export interface FunctionBundle {
  readonly files: BundleFiles;
  /** SHA-256 of the files, hex. */
  readonly digest: string;
}

/** Increase it if unchanged files must be uploaded again. Version 3 moved the runtime into a layer. */
const recipe = 3;

/** Returns files as a bundle with its digest. */
export function bundleOf(files: BundleFiles): FunctionBundle {
  const hash = createHash('sha256').update(`${recipe}\0`);
  for (const name of Object.keys(files).sort()) hash.update(`${name}\0`).update(files[name] ?? '');
  return { files, digest: hash.digest('hex') };
}

/** Returns a file of one line for each module of the runtime, which leads to it in the layer. */
export function links(modules: Iterable<string>, runtime: string): BundleFiles {
  return Object.fromEntries(
    [...modules].map((name) => [
      runtimeFile(name),
      Buffer.from(`export * from ${JSON.stringify(`${runtime}/${runtimeFile(name)}`)};\n`),
    ]),
  );
}

/** Where the functions find the runtime; tests have another folder than Lambda. */
export interface RuntimePlace {
  readonly runtime?: string;
}

/**
 * Bundles functions that run steps for nodejs24.x, by `sharedKey`. A function has its handlers, an index, and one line for each module of the runtime that they
 * import: the runtime itself is in the layer. If a handler does not compile, the bundler reports it and bundles nothing.
 */
export async function bundleFunctions(
  functions: readonly SharedFunction[],
  { runtime = runtimeFolder, ...options }: RuntimePlace & { readonly root: string; readonly report: Report },
): Promise<ReadonlyMap<string, FunctionBundle>> {
  const entries = functions.flatMap(({ modules }) => modules.map(({ entry }) => entry));
  const handlers = await bundleHandlers(entries, options);
  if (handlers.size === 0 && entries.length > 0) return new Map();
  const filesOf = (fn: SharedFunction): BundleFiles => {
    const own = fn.modules.map(({ entry }) => handlers.get(entryKey(entry)) ?? { files: {}, imports: [] });
    const imports = new Set(['daybreak', 'daybreak/steps', ...own.flatMap((one) => one.imports)]);
    return Object.assign(
      { 'index.mjs': Buffer.from(sharedIndex(fn)) },
      links(imports, runtime),
      ...own.map(({ files }) => files),
    ) as BundleFiles;
  };
  return new Map(functions.map((fn) => [sharedKey(fn), bundleOf(filesOf(fn))] as const));
}

/** The code of all functions of the platform: for each a file with one line, which names its handler in the layer. Lambda calls `Prepare.handler` and so on. */
export function platformBundle({ runtime = runtimeFolder }: RuntimePlace = {}): FunctionBundle {
  const link = (fn: PlatformFunction) => [
    `${fn.placeholder}.mjs`,
    Buffer.from(`export { ${fn.export} } from ${JSON.stringify(`${runtime}/${platformFile(fn)}`)};\n`),
  ];
  return bundleOf(Object.fromEntries(Object.values(platformFunctions).map(link)) as BundleFiles);
}
