import { basename, resolve } from 'node:path';
import { codeRoot, ownModule } from '../package/package-files.ts';
import { build } from './esbuild.ts';
import { requireForCommonJs, sharedOptions } from './esbuild-options.ts';
import { runtimeModules } from './function-entry.ts';
import { lazyBuiltins } from './lazy-builtins.ts';
import { runtimeFile } from './runtime-file.ts';

/**
 * Compiles the package's modules (`runtimeFile` gives their files) and entry files of the package, `platform-0.mjs` and so on, with the chunks that they share. So
 * Lambda also loads lazy imports (the clients of AWS services) lazily. The same sources give the same files.
 */
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
