import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { exportedModules } from '../../package/package-files.ts';

/**
 * Lets modules outside this package import `daybreak`, and its packages if their own folder has none. The bundler does the same for Lambda, so a project needs
 * no node_modules. `compiled` gives files that stand for modules of the package, by name.
 */
export function registerPackage(compiled: Readonly<Record<string, string>> = {}): void {
  const targets = { ...exportedModules(), ...compiled };
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const file = targets[specifier];
      if (file !== undefined) return { url: pathToFileURL(file).href, shortCircuit: true };
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
