import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

/** The targets of the package's exports, as its package.json gives them. */
const exported: Readonly<Record<string, string>> = {
  daybreak: new URL('../../runtime/index.ts', import.meta.url).href,
  'daybreak/sources': new URL('../../connectors/sources.ts', import.meta.url).href,
  'daybreak/sinks': new URL('../../connectors/sinks.ts', import.meta.url).href,
  'daybreak/operate': new URL('../../operate/index.ts', import.meta.url).href,
};

/**
 * Lets modules outside this package import `daybreak`, and its packages if their own folder has none. The bundler does the same for Lambda, so a project needs
 * no node_modules. `compiled` gives files that stand for modules of the package, by name.
 */
export function registerPackage(compiled: Readonly<Record<string, string>> = {}): void {
  const targets = { ...exported };
  for (const [name, file] of Object.entries(compiled)) targets[name] = pathToFileURL(file).href;
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const url = targets[specifier];
      if (url !== undefined) return { url, shortCircuit: true };
      try {
        return nextResolve(specifier, context);
      } catch (error) {
        const isPackage = !/^(\.|\/|[a-z]+:)/.test(specifier);
        if (!isPackage || (error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
        return nextResolve(specifier, { ...context, parentURL: import.meta.url });
      }
    },
  });
}
