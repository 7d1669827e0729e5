import { createHash } from 'node:crypto';
import type { Report } from '../diagnostics/diagnostic.ts';
import { bundleHandlers } from './bundle-handlers.ts';
import { type BundleFiles, bundleRuntime } from './bundle-runtime.ts';
import { entryKey, type FunctionEntry } from './function-entry.ts';
import { type SharedFunction, sharedIndex, sharedKey } from './shared-index.ts';

/** The code of one Lambda function: files by name, including `index.mjs` with the export `handler`. */
export interface FunctionBundle {
  readonly files: BundleFiles;
  /** SHA-256 of the files, hex. */
  readonly digest: string;
}

/** Increase it if unchanged files must be uploaded again. Version 2 made the files readable for Lambda's user. */
const recipe = 2;

const bundleOf = (files: BundleFiles): FunctionBundle => {
  const hash = createHash('sha256').update(`${recipe}\0`);
  for (const name of Object.keys(files).sort()) hash.update(`${name}\0`).update(files[name] ?? '');
  return { files, digest: hash.digest('hex') };
};

/**
 * Bundles functions for nodejs24.x: platform functions by `entryKey`, functions that run steps by `sharedKey`. The runtime is bundled once. A function of steps
 * contains its handlers, an index and the runtime modules that they import. Each function includes everything that it needs, even the AWS SDK: the tested code
 * is the code that runs. It also loads faster than the many files of the SDK in Lambda's image (figures in docs/deployment.md). If a handler does not compile,
 * the bundler reports it and bundles nothing.
 */
export async function bundleFunctions(
  functions: { readonly steps: readonly SharedFunction[]; readonly platform: readonly FunctionEntry[] },
  options: { readonly root: string; readonly report: Report },
): Promise<ReadonlyMap<string, FunctionBundle>> {
  const entries = functions.steps.flatMap(({ modules }) => modules.map(({ entry }) => entry));
  const [{ runtime, platform }, handlers] = await Promise.all([
    bundleRuntime(functions.platform),
    bundleHandlers(entries, options),
  ]);
  if (handlers.size === 0 && entries.length > 0) return new Map();
  const filesOf = (fn: SharedFunction): BundleFiles => {
    const own = fn.modules.map(({ entry }) => handlers.get(entryKey(entry)) ?? { files: {}, imports: [] });
    const imports = new Set(['daybreak', 'daybreak/steps', ...own.flatMap((one) => one.imports)]);
    const beside = [...imports].map((name) => runtime.get(name));
    const index = { 'index.mjs': Buffer.from(sharedIndex(fn)) };
    return Object.assign({}, ...beside, ...own.map(({ files }) => files), index) as BundleFiles;
  };
  return new Map([
    ...[...platform].map(([key, files]) => [key, bundleOf(files)] as const),
    ...functions.steps.map((fn) => [sharedKey(fn), bundleOf(filesOf(fn))] as const),
  ]);
}
