import { registerHooks } from 'node:module';

/** Where the package's exports lead, as its package.json says. */
const exported: Readonly<Record<string, string>> = {
  daybreak: new URL('../../runtime/index.ts', import.meta.url).href,
  'daybreak/sources': new URL('../../connectors/sources.ts', import.meta.url).href,
  'daybreak/sinks': new URL('../../connectors/sinks.ts', import.meta.url).href,
  'daybreak/operate': new URL('../../operate/index.ts', import.meta.url).href,
};

/**
 * Lets modules outside this package import `daybreak`, and the packages that come with it where their own folder has none: the same as the bundler does
 * for Lambda, so a project needs no node_modules of its own.
 */
export function registerPackage(): void {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const url = exported[specifier];
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
