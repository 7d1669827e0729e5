import { createHash, randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FunctionBundle } from '../../bundle/bundle-functions.ts';
import type { CodeFolder } from './compiled-template.ts';

/** The folder with a bundle and other files beside it (texts by name). Its name is its content, so one that exists is complete. */
export function codeFolder(
  bundle: FunctionBundle,
  beside: Readonly<Record<string, string>>,
  cache: string,
): CodeFolder {
  const digest = createHash('sha256')
    .update([bundle.digest, ...Object.values(beside)].join('\0'))
    .digest('hex');
  const folder = join(cache, digest);
  if (existsSync(folder)) return { folder, digest };
  const staging = join(cache, `making-${randomUUID()}`);
  mkdirSync(staging, { recursive: true });
  for (const [name, content] of Object.entries({ ...bundle.files, ...beside })) {
    writeFileSync(join(staging, name), content);
    // Lambda reads the code as another user. A strict umask would make the file readable only for its owner.
    chmodSync(join(staging, name), 0o644);
  }
  chmodSync(staging, 0o755);
  try {
    renameSync(staging, folder);
  } catch {
    // Another process was faster; its folder is the same.
    rmSync(staging, { recursive: true, force: true });
  }
  return { folder, digest };
}
