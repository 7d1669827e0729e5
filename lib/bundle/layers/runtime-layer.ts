import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type PlatformFunction, platformFunctions } from '../../contract/platform-functions.ts';
import { compileRuntime } from '../compile-runtime.ts';
import { digestOfFolder } from './digest-of-folder.ts';
import type { Layer } from './duckdb-layer.ts';

/** The folder of the runtime in Lambda. */
export const runtimeFolder = '/opt/nodejs/daybreak';

const entries: readonly string[] = Object.values(platformFunctions).map(({ entry }) => entry);

/** Returns the file of a platform function in the layer. */
export function platformFile({ entry }: PlatformFunction): string {
  return `platform-${entries.indexOf(entry)}.mjs`;
}

/** Increase it if this file makes a different layer from the same sources. */
const recipe = 1;

/**
 * Returns the layer with the runtime and the platform functions, which all pipelines share. It includes the AWS SDK: the tested code is the code that runs, and
 * it loads faster than the many files of the SDK in Lambda's image. `sources` is the digest of Daybreak's own files: the layer is compiled once per value.
 */
export async function runtimeLayer(cache: string, sources: string): Promise<Layer> {
  const place = join(
    cache,
    `runtime-${createHash('sha256').update(`${recipe} ${sources}`).digest('hex').slice(0, 16)}`,
  );
  const kept = await known(place);
  if (kept) return kept;
  await mkdir(cache, { recursive: true });
  const staging = await mkdtemp(join(cache, 'making-'));
  try {
    const folder = join(staging, 'layer/nodejs/daybreak');
    await mkdir(folder, { recursive: true });
    const { outputFiles } = await compileRuntime(entries);
    for (const { path, contents } of outputFiles) await writeFile(join(folder, basename(path)), contents);
    // Lambda reads a layer as another user. A strict umask would make it readable only for its owner.
    for (const path of ['layer', 'layer/nodejs', 'layer/nodejs/daybreak']) await chmod(join(staging, path), 0o755);
    for (const { path } of outputFiles) await chmod(join(folder, basename(path)), 0o644);
    await writeFile(join(staging, 'digest'), await digestOfFolder(join(staging, 'layer'), recipe));
    await chmod(staging, 0o755);
    await rename(staging, place).catch((error: NodeJS.ErrnoException) => {
      // Another process was faster; its layer is the same.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  const layer = await known(place);
  if (!layer) throw new Error(`the layer was made, and is not at ${place}`);
  return layer;
}

const known = async (place: string): Promise<Layer | null> => {
  try {
    return { folder: join(place, 'layer'), digest: await readFile(join(place, 'digest'), 'utf8') };
  } catch {
    return null;
  }
};
