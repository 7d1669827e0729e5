import type { Plugin } from 'esbuild';

const namespace = 'daybreak-layer';

/**
 * Lets handlers import what lies in a layer: `import` statements do not look into `/opt/nodejs/node_modules` of Lambda (NODE_PATH), only `require` does. So each such
 * package becomes a module that requires it when it is first used.
 */
export const layeredPackages: Plugin = {
  name: namespace,
  setup(setup) {
    setup.onResolve({ filter: /^@duckdb\// }, ({ path }) => ({ path, namespace }));
    setup.onLoad({ filter: /.*/, namespace }, ({ path }) => ({
      // On the global object, where the banner put it: esbuild would resolve a plain `require`.
      contents: `module.exports = globalThis.require(${JSON.stringify(path)});`,
      loader: 'js',
    }));
  },
};
