import type { BuildOptions } from 'esbuild';
import { ownPackages } from '../package/package-files.ts';

/**
 * The options that the bundle and the digest of a handler share, so that both see the same modules. `root` must be the project's folder: every path in the
 * output is relative to it, which keeps machine paths out of both.
 */
export function sharedOptions(root: string) {
  return {
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // Prefer a package's ES module: esbuild can tree-shake it, but not its CommonJS twin.
    mainFields: ['module', 'main'],
    nodePaths: [...ownPackages],
    // pg loads its native twin only if it is installed. DuckDB comes as a layer: it is native, and ten times as large as all the rest.
    external: ['pg-native', '@duckdb/*'],
    // A tsconfig.json beside the handlers must not change their compiled code.
    tsconfigRaw: {},
    legalComments: 'none',
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'silent',
  } satisfies BuildOptions;
}

/** CommonJS dependencies (pg) call `require` for Node's own modules. It is a global: a constant would clash with modules that declare their own. */
export const requireForCommonJs =
  "import{createRequire as daybreakCreateRequire}from'node:module';globalThis.require??=daybreakCreateRequire(import.meta.url);";
