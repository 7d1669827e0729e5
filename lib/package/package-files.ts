import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds `lib` and `lambdas`: the checkout, or `dist` in an installed package. esbuild compiles the runtime from here. */
export const codeRoot = fileURLToPath(new URL('../../', import.meta.url));

/** True if these are the TypeScript sources; false if they are the built files of a package. */
export const isCheckout = import.meta.url.endsWith('.ts');

/** The folder with Daybreak's package.json. It does not depend on the project's folder. */
export const packageRoot = isCheckout ? codeRoot : join(codeRoot, '..');

/**
 * Returns the absolute path of a module of the package. `source` names its TypeScript file, relative to the checkout (`lambdas/platform/wait.ts`); in an
 * installed package that is the `.js` file which was built from it.
 */
export function ownModule(source: string): string {
  return join(codeRoot, isCheckout ? source : `${source.slice(0, -extname(source).length)}.js`);
}

/** The lock file with the tested versions and checksums. npm publishes no lock file, so the build copies the part that a deployment needs. */
export const lockFile = join(codeRoot, isCheckout ? 'package-lock.json' : 'locked-packages.json');

/** The folders in which the packages that come with Daybreak lie. Handlers find them even in a project without its own node_modules. */
export const ownPackages: readonly string[] = [
  join(packageRoot, 'node_modules'),
  // npm and pnpm put the dependencies of an installed package beside it.
  ...(basename(dirname(packageRoot)) === 'node_modules' ? [dirname(packageRoot)] : []),
];

/** A folder for compiled files of this installation. It lies below `node_modules`, where the packages of the runtime resolve, and goes with a new installation. */
export const installationCache = join(packageRoot, 'node_modules', '.cache', 'daybreak');

/** A folder for files that do not depend on the installation: a checkout's own, or the user's cache, which several projects share. */
export const downloadCache = isCheckout
  ? installationCache
  : join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'daybreak');

/** The exported modules as package.json lists them: the conditions of one name, each with a file, or with conditions again. */
type Conditions = { readonly [condition: string]: string | Conditions };

interface PackageJson {
  readonly version: string;
  readonly engines: { readonly node: string };
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | Conditions>>;
}

/** Reads Daybreak's package.json. */
export function packageJson(): PackageJson {
  return JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as PackageJson;
}

/** Returns the absolute path of each module that projects import by a name of the package (`daybreak/sources`), by that name. */
export function exportedModules(): Readonly<Record<string, string>> {
  const { exports } = packageJson();
  return Object.fromEntries(
    Object.entries(exports).flatMap(([name, conditions]) => {
      if (typeof conditions === 'string') return [];
      const file = conditions[isCheckout ? 'daybreak-source' : 'default'];
      return typeof file === 'string' ? [[`daybreak${name.slice(1)}`, join(packageRoot, file)]] : [];
    }),
  );
}
