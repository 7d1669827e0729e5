import type { JsonObject } from '../../contract/json.ts';
import { packageJson } from '../../package/package-files.ts';
import type { NewProject } from './new-project.ts';

/** Returns package.json for a new project. */
export function newPackageJson(project: NewProject): JsonObject {
  return {
    name: project.name,
    private: true,
    type: project.commonJs ? 'commonjs' : 'module',
    engines: { node: packageJson().engines.node },
    scripts: {
      start: 'daybreak run sales',
      test: 'vitest run --test-timeout 30000',
      check: 'daybreak check && tsc',
      deploy: 'cdk deploy --all',
    },
    dependencies: { daybreak: project.daybreak },
    devDependencies: {
      ...tested('@types/node', 'typescript', 'vitest', ...(project.bringsNode ? ['node'] : [])),
      ...cdk(),
    },
    // npm asks before it runs the scripts of these two. They fetch a program for this machine.
    allowScripts: { esbuild: true, ...(project.bringsNode && { node: true }) },
  };
}

/** Returns an existing package.json with what the first pipeline needs. Nothing that stands in it changes. */
export function extendedPackageJson(existing: JsonObject, project: NewProject): JsonObject {
  const known = { ...objectIn(existing, 'dependencies'), ...objectIn(existing, 'devDependencies') };
  const missing = Object.entries(tested('vitest')).filter(([name]) => !(name in known));
  return {
    ...existing,
    scripts: { test: 'vitest run --test-timeout 30000', ...objectIn(existing, 'scripts') },
    dependencies: {
      ...objectIn(existing, 'dependencies'),
      ...(!('daybreak' in known) && { daybreak: project.daybreak }),
    },
    ...(missing.length > 0 && {
      devDependencies: { ...objectIn(existing, 'devDependencies'), ...Object.fromEntries(missing) },
    }),
  };
}

/** True if a project depends on Daybreak. */
export function hasDaybreak(existing: JsonObject): boolean {
  return 'daybreak' in { ...objectIn(existing, 'dependencies'), ...objectIn(existing, 'devDependencies') };
}

const objectIn = (from: JsonObject, key: string): JsonObject => (from[key] ?? {}) as JsonObject;

/** The constructs that Daybreak has as peers, and the command line of the CDK. The newest one on npm may not fit the constructs, so it is exact. */
const cdk = (): Record<string, string> => ({
  ...packageJson().peerDependencies,
  'aws-cdk': packageJson().devDependencies['aws-cdk'] ?? '*',
});

/** The versions that Daybreak itself is tested with. */
const tested = (...names: string[]): Record<string, string> => {
  const { dependencies, devDependencies } = packageJson();
  const versions = { ...devDependencies, ...dependencies };
  return Object.fromEntries(names.map((name) => [name, caret(versions[name] ?? '*')]));
};

const caret = (version: string): string => (/^\d/.test(version) ? `^${version}` : version);
