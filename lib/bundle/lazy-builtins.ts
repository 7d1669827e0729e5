import type { Plugin } from 'esbuild';

const namespace = 'daybreak-builtin';

/**
 * Takes some of Node's own modules as they are, not as ES modules. An `import` of one reads all that it exports, and of these that loads what nobody uses: `node:http`
 * brings a whole browser's `fetch` along (30 ms of a cold start), `node:process` opens the standard streams (5 ms), `node:util`, `node:tls`, `node:https` and `node:fs` 3 ms each.
 */
export const lazyBuiltins: Plugin = {
  name: namespace,
  setup(setup) {
    setup.onResolve({ filter: /^(node:)?(http|https|process|util|tls|fs)$/ }, ({ path, namespace: from }) =>
      from === namespace ? null : { path: `node:${path.replace(/^node:/, '')}`, namespace },
    );
    setup.onLoad({ filter: /.*/, namespace }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
      loader: 'js',
    }));
  },
};
