import type { Plugin } from 'esbuild';

const namespace = 'daybreak-layer';

/**
 * Lets handlers import packages of a layer. In Lambda only `require` searches `/opt/nodejs/node_modules` (NODE_PATH); `import` statements do not. So each such
 * package becomes a module that requires it at its first use.
 */
export const layeredPackages: Plugin = {
  name: namespace,
  setup(setup) {
    setup.onResolve({ filter: /^@duckdb\// }, ({ path }) => ({ path, namespace }));
    setup.onLoad({ filter: /.*/, namespace }, ({ path }) => ({
      // The banner put it on the global object; esbuild would resolve a plain `require`.
      contents: `module.exports = globalThis.require(${JSON.stringify(path)});`,
      loader: 'js',
    }));
  },
};
