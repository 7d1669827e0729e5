import { createHash } from 'node:crypto';
import type { Report } from '../diagnostics/diagnostic.ts';
import { bundleHandlers } from './bundle-handlers.ts';
import { type BundleFiles, bundleRuntime } from './bundle-runtime.ts';
import type { FunctionEntry } from './function-entry.ts';

/** The code of one Lambda function: files by name, `index.mjs` with the export `handler` among them. */
export interface FunctionBundle {
  readonly files: BundleFiles;
  /** SHA-256 of the files, hex. */
  readonly digest: string;
}

/** Raised when the files stay the same and yet have to be uploaded again: 2 gave them rights that Lambda's user can read. */
const recipe = 2;

const bundleOf = (files: BundleFiles): FunctionBundle => {
  const hash = createHash('sha256').update(`${recipe}\0`);
  for (const name of Object.keys(files).sort()) hash.update(`${name}\0`).update(files[name] ?? '');
  return { files, digest: hash.digest('hex') };
};

/**
 * Bundles functions for nodejs24.x by `entryKey`: the runtime once, each step's handler beside those modules of it that it imports. Each function gets all that it needs, the AWS SDK
 * included: what is tested is what runs, and it loads faster than the many files of the SDK in Lambda's image (figures in docs/deployment.md).
 * Handlers that do not compile are reported and nothing is bundled.
 */
export async function bundleFunctions(
  functions: { readonly steps: readonly FunctionEntry[]; readonly platform: readonly FunctionEntry[] },
  options: { readonly root: string; readonly report: Report },
): Promise<ReadonlyMap<string, FunctionBundle>> {
  const [{ runtime, platform }, handlers] = await Promise.all([
    bundleRuntime(functions.platform),
    bundleHandlers(functions.steps, options),
  ]);
  if (handlers.size === 0 && functions.steps.length > 0) return new Map();
  return new Map([
    ...[...platform].map(([key, files]) => [key, bundleOf(files)] as const),
    ...[...handlers].map(([key, { files, imports }]) => {
      const beside = ['daybreak', ...imports].map((name) => runtime.get(name));
      return [key, bundleOf({ ...Object.assign({}, ...beside), ...files })] as const;
    }),
  ]);
}
