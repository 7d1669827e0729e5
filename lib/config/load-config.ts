import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { configSchema, type DaybreakConfig } from './config.ts';
import { ConfigError, parseSettings } from './parse-settings.ts';

const names = ['daybreak.config.ts', 'daybreak.config.mts', 'daybreak.config.js', 'daybreak.config.mjs'];

/** A checked configuration, and the file that it came from; null if the project has none. */
export interface LoadedConfig {
  readonly config: DaybreakConfig;
  readonly file: string | null;
}

/**
 * Reads daybreak.config.ts of a project; without one, the configuration is empty. Node runs the file with its own type stripping. Throws a ConfigError for a
 * file that does not load, and for keys and values that are not allowed.
 */
export function loadConfig(root: string): LoadedConfig {
  const found = names.filter((name) => existsSync(join(root, name)));
  const [file] = found;
  if (file === undefined) return { config: {}, file: null };
  if (found.length > 1) throw new ConfigError(`there are ${found.join(' and ')} in ${root}; keep one of them`);
  return { config: parseSettings(configSchema, read(join(root, file), file), file), file };
}

function read(path: string, file: string): unknown {
  let module: { readonly default?: unknown };
  try {
    // `require` loads ES modules and TypeScript too, and needs no `await`: constructors of the CDK cannot wait.
    module = createRequire(path)(path) as { readonly default?: unknown };
  } catch (error) {
    throw new ConfigError(`${file} cannot be loaded: ${reasonOf(error)}`, { cause: error });
  }
  if (module.default === undefined)
    throw new ConfigError(`${file} has no default export; write \`export default defineConfig({ ... })\``);
  return module.default;
}

const reasonOf = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ERR_REQUIRE_ASYNC_MODULE')
    return 'it has an `await` at its top level; constructs of the CDK cannot wait for it';
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX')
    return `${message}; Node strips types, and takes no enums, namespaces or parameter properties`;
  return error instanceof Error ? `${error.name}: ${message}` : String(error);
};
