import type { Plugin } from 'esbuild';

const namespace = 'daybreak-builtin';

/**
 * Loads some of Node's own modules with `require`, not as ES modules. An `import` reads every export, and some exports load code that Daybreak does not use.
 * `node:http` loads a browser's whole `fetch` (30 ms of a cold start), `node:process` opens the standard streams (5 ms), `node:util`, `node:tls`, `node:https`
 * and `node:fs` take 3 ms each. With `splitting`, dynamic imports stay as they are: esbuild would give them the default export alone.
 */
export function lazyBuiltins({ splitting }: { readonly splitting: boolean }): Plugin {
  return {
    name: namespace,
    setup(setup) {
      setup.onResolve({ filter: /^(node:)?(http|https|process|util|tls|fs)$/ }, ({ path, namespace: from, kind }) => {
        if (from === namespace || (splitting && kind === 'dynamic-import')) return null;
        return { path: `node:${path.replace(/^node:/, '')}`, namespace };
      });
      setup.onLoad({ filter: /.*/, namespace }, ({ path }) => ({
        contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
        loader: 'js',
      }));
    },
  };
}
