import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { PermanentError } from '../../contract/errors.ts';
import { reconcileKilled } from '../../offline/engine/reconcile-killed.ts';
import { portsFromEnvironment } from '../../ports/from-environment.ts';
import type { Events, Executions, ObjectStore } from '../../ports/ports.ts';
import type { Context } from '../context.ts';
import { UsageError } from './usage-error.ts';

/** The store's folder for runs on this machine. A path to anything but a folder is a UsageError. */
function storeFolder(option: string | null, { root, io }: Context): string {
  const folder = option === null ? join(root, '.daybreak', 'store') : resolve(io.cwd, option);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false)
    throw new UsageError(`--store "${option ?? folder}" is not a folder`);
  return folder;
}

/** The store to read: a folder, or a bucket as `s3://bucket`. Creates nothing, except to reconcile killed runs. */
export async function openStoreOption(
  option: string | null,
  context: Context,
): Promise<{ readonly store: ObjectStore; readonly executions: Executions; readonly events?: Events }> {
  const address = option !== null && /^[a-z][a-z0-9+.-]+:\/\//i.test(option) ? option : null;
  const url = address ?? pathToFileURL(storeFolder(option, context)).href;
  if (url.startsWith('file:///')) await reconcileKilled(fileURLToPath(url));
  try {
    return await portsFromEnvironment({ ...context.io.env, DAYBREAK_STORE: url });
  } catch (error) {
    if (error instanceof PermanentError) throw new UsageError(`--store: ${error.message}`);
    throw error;
  }
}

/** The store's folder for a run on this machine; a bucket is a UsageError. */
export function localFolder(option: string | null, context: Context): string {
  if (option !== null && /^[a-z][a-z0-9+.-]+:\/\//i.test(option))
    throw new UsageError(`--store "${option}": a run on this machine needs a folder`);
  return storeFolder(option, context);
}
