import { readFileSync } from 'node:fs';
import { lockFile } from '../../package/package-files.ts';

/** One package of the lock file, as npm wrote it. */
export interface LockedPackage {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Returns a package of Daybreak's lock file with all its dependencies, by path (`node_modules/pg`): the tested versions and checksums. */
export function lockedPackages(name: string): ReadonlyMap<string, LockedPackage> {
  const { packages } = JSON.parse(readFileSync(lockFile, 'utf8')) as {
    readonly packages: Readonly<Record<string, LockedPackage>>;
  };
  const found = new Map<string, LockedPackage>();
  const add = (wanted: string): void => {
    const path = `node_modules/${wanted}`;
    const locked = packages[path];
    if (!locked) throw new Error(`package-lock.json of Daybreak has no "${path}": run npm install there`);
    if (found.has(path)) return;
    found.set(path, locked);
    for (const needed of Object.keys({ ...locked.dependencies, ...locked.optionalDependencies })) add(needed);
  };
  add(name);
  return found;
}
