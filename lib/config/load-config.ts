import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { compileFunction } from 'node:vm';
import { type BuildFailure, buildSync } from 'esbuild';
import { ownModule } from '../package/package-files.ts';
import { configSchema, type DaybreakConfig } from './config.ts';
import { ConfigError, parseSettings } from './parse-settings.ts';

const names = ['daybreak.config.ts', 'daybreak.config.mts', 'daybreak.config.js', 'daybreak.config.mjs'];

/** A checked configuration, and the file that it came from; null if the project has none. */
export interface LoadedConfig {
  readonly config: DaybreakConfig;
  readonly file: string | null;
}

/**
 * Reads daybreak.config.ts of a project; without one, the configuration is empty. Throws a ConfigError for a file that does not load, and for keys and values that
 * are not allowed.
 */
export function loadConfig(root: string): LoadedConfig {
  const found = names.filter((name) => existsSync(join(root, name)));
  const [file] = found;
  if (file === undefined) return { config: {}, file: null };
  if (found.length > 1) throw new ConfigError(`there are ${found.join(' and ')} in ${root}; keep one of them`);
  return { config: parseSettings(configSchema, contentOf(join(root, file), file), file) as DaybreakConfig, file };
}

function contentOf(path: string, file: string): unknown {
  const module: { exports: { readonly default?: unknown } } = { exports: {} };
  const code = compile(path, file);
  try {
    compileFunction(code, ['module', 'exports', 'require', '__filename', '__dirname'], { filename: path })(
      module,
      module.exports,
      createRequire(path),
      path,
      dirname(path),
    );
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new ConfigError(`${file} cannot be loaded: ${reason}`, { cause: error });
  }
  if (module.exports.default === undefined) {
    throw new ConfigError(`${file} has no default export; write \`export default defineConfig({ ... })\``);
  }
  return module.exports.default;
}

/**
 * The file as a CommonJS module, with the files of the project that it imports. Node alone would take it for CommonJS in such a project, and refuse its `import`;
 * constructors of the CDK cannot wait for an ES module.
 */
function compile(path: string, file: string): string {
  try {
    const { outputFiles } = buildSync({
      absWorkingDir: dirname(path),
      entryPoints: [path],
      bundle: true,
      write: false,
      format: 'cjs',
      platform: 'node',
      target: 'node22',
      packages: 'external',
      // A project needs no node_modules for it.
      alias: { 'daybreak/config': ownModule('lib/config/index.ts') },
      tsconfigRaw: {},
      logLevel: 'silent',
    });
    return outputFiles[0]?.text ?? '';
  } catch (error) {
    const { errors = [] } = error as Partial<BuildFailure>;
    if (errors.length === 0) throw error;
    const lines = errors.map(({ text, location }) =>
      location ? `${location.file}:${location.line}:${location.column + 1} ${text}` : text,
    );
    throw new ConfigError(`${file} cannot be loaded: ${lines.join('; ')}`, { cause: error });
  }
}
