import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { packageRoot } from '../../lib/package/package-files.ts';

interface Locked {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly dev?: boolean;
}

const repository = JSON.parse(readFileSync(join(packageRoot, 'package-lock.json'), 'utf8')).packages as Record<
  string,
  Locked
>;

/** The place where npm finds a package for one that lies at `from`: the nearest `node_modules`. */
const placeOf = (name: string, from: string): string | null => {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const place = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    if (repository[place]) return place;
    if (at === '') return null;
  }
};

/** The entries of the repository's lock file that these packages need. */
function closure(names: readonly string[]): Record<string, Locked> {
  const found = new Map<string, Locked>();
  const add = (name: string, from: string): void => {
    const place = placeOf(name, from);
    if (place === null || found.has(place)) return;
    const { dev, ...entry } = repository[place] as Locked & { readonly peer?: boolean };
    found.set(place, entry);
    const { dependencies, optionalDependencies, peerDependencies } = entry;
    for (const one of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) add(one, place);
  };
  for (const name of names) add(name, '');
  return Object.fromEntries(found);
}

/**
 * Installs a project's dependencies with the versions of the repository's lock file, from npm's cache without a network. npm takes from the registry what the
 * cache lacks, and fails if it cannot.
 */
export function installLocked(root: string, tarball: string): void {
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { dependencies, peerDependencies, version, bin } = JSON.parse(
    readFileSync(join(packageRoot, 'package.json'), 'utf8'),
  );
  const { daybreak, ...others } = { ...own.dependencies, ...own.devDependencies };
  const integrity = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  const packages = {
    '': own,
    'node_modules/daybreak': { version, resolved: daybreak, integrity, dependencies, peerDependencies, bin },
    ...closure(Object.keys({ ...others, ...dependencies, ...peerDependencies })),
  };
  const lock = { name: basename(root), lockfileVersion: 3, requires: true, packages };
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lock, null, 2));
  const npm = (...more: string[]) =>
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error', ...more], { cwd: root, stdio: 'pipe' });
  try {
    npm('--offline');
  } catch (error) {
    if (!/ENOTCACHED|cache mode is 'only-if-cached'/.test(String((error as { stderr?: Buffer }).stderr))) throw error;
    npm('--prefer-offline');
  }
}
