import { copyFile, mkdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isCheckout, packageJson, packageRoot } from '../../package/package-files.ts';
import { UsageError } from '../typed/usage-error.ts';

/** A project's dependency on Daybreak. */
export interface PackageSource {
  /** As package.json states it. */
  readonly spec: string;
  /** The tarball to copy into the project, and its path there; null for a package that npm gets elsewhere. */
  readonly tarball: { readonly from: string; readonly path: string } | null;
}

/** The source of a project that depends on Daybreak already. */
export const present: PackageSource = { spec: '*', tarball: null };

/**
 * Reads `--package`: where the project gets Daybreak from. A tarball is copied into the project, so that the project builds on other machines too; anything
 * else goes into package.json unchanged. The default is the package that runs: its tarball, or its version in the registry.
 */
export async function packageSource(option: string | null, cwd: string): Promise<PackageSource> {
  if (option === null) return ownSource();
  const path = resolve(cwd, option.replace(/^file:/, ''));
  const found = await stat(path).catch(() => null);
  if (found?.isFile()) return fromTarball(path);
  if (found)
    throw new UsageError(`--package "${option}" is a folder; run \`npm pack\` there, and name the file it makes`);
  if (/^(file:|[./])|\.tgz$/.test(option)) throw new UsageError(`--package "${option}" does not exist`);
  return { spec: option, tarball: null };
}

export async function copyTarball({ tarball }: PackageSource, root: string): Promise<void> {
  if (tarball === null) return;
  await mkdir(dirname(join(root, tarball.path)), { recursive: true });
  await copyFile(tarball.from, join(root, tarball.path));
}

const fromTarball = (from: string): PackageSource => {
  const path = `vendor/${basename(from)}`;
  return { spec: `file:${path}`, tarball: { from, path } };
};

async function ownSource(): Promise<PackageSource> {
  if (isCheckout) {
    throw new UsageError(
      'this is a checkout of Daybreak, and a project needs the package: run `npm pack` here, and add `--package <the file it makes>`',
    );
  }
  const tarball = await installedTarball().catch(() => null);
  return tarball === null ? { spec: `^${packageJson().version}`, tarball: null } : fromTarball(tarball);
}

/** The tarball that npm installed this package from; null if it came from a registry, or if that file is gone. */
async function installedTarball(): Promise<string | null> {
  const modules = dirname(packageRoot);
  const { packages } = JSON.parse(await readFile(join(modules, '.package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly resolved?: string }>>;
  };
  const resolved = packages[`node_modules/${basename(packageRoot)}`]?.resolved ?? '';
  if (!resolved.startsWith('file:') || !resolved.endsWith('.tgz')) return null;
  const path = resolve(dirname(modules), decodeURI(resolved.slice('file:'.length)));
  return (await stat(path)).isFile() ? path : null;
}
