import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { packageRoot } from '../../package/package-files.ts';
import type { LockedPackage } from './locked-packages.ts';

export interface Installation {
  /** The package to install; `locked` has it with all its dependencies. */
  readonly name: string;
  readonly locked: ReadonlyMap<string, LockedPackage>;
  /** The processor as npm and Node name it. */
  readonly cpu: 'arm64' | 'x64';
}

/** The error from npm when it could not install packages. */
export class InstallFailed extends Error {
  override readonly name = 'InstallFailed';
}

/**
 * Makes npm unpack packages for Linux with glibc into an empty folder, on any machine. The packages come from npm's cache, or else from the registry. npm
 * checks each one against the checksum of the lock file. It runs none of their scripts.
 */
export async function installPackages(folder: string, { name, locked, cpu }: Installation): Promise<void> {
  const own = {
    name: 'layer',
    version: '1.0.0',
    dependencies: { [name]: locked.get(`node_modules/${name}`)?.version ?? '' },
  };
  const lock = { ...own, lockfileVersion: 3, requires: true, packages: { '': own, ...Object.fromEntries(locked) } };
  await writeFile(join(folder, 'package.json'), JSON.stringify(own));
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify(lock));
  // This file can set the project's registry.
  const settings = [process.cwd(), packageRoot].map((root) => join(root, '.npmrc')).find(existsSync);
  if (settings) await copyFile(settings, join(folder, '.npmrc'));

  const platform = ['--os=linux', `--cpu=${cpu}`, '--libc=glibc', '--omit=dev', '--include=optional'];
  // Without a network, npm would retry for minutes by default.
  const patience = ['--prefer-offline', '--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-timeout=60000'];
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];
  const npm = spawn('npm', ['ci', ...platform, ...patience, ...quiet], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    // On Windows npm is a script.
    shell: process.platform === 'win32',
  });
  const ended = once(npm, 'close').catch((error: Error) => {
    throw new InstallFailed(`npm cannot be started: ${error.message}`, { cause: error });
  });
  const [said, [code]] = await Promise.all([text(npm.stderr), ended]);
  if (code !== 0) throw new InstallFailed(reason(said) || `npm ended with ${code}`);
}

/** Returns the lines of npm's error that give the reason. */
const reason = (said: string): string =>
  said
    .split('\n')
    .filter((line) => /^npm err/i.test(line) && !/complete log|_logs/.test(line))
    .map((line) => line.replace(/^npm err\w*!? /i, '').trim())
    .filter((line) => line !== '' && !/^((code|syscall|errno|network)\b|at )/.test(line))
    .slice(0, 3)
    .join('; ');
