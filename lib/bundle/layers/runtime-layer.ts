import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type PlatformFunction, platformFunctions } from '../../contract/platform-functions.ts';
import { compileRuntime } from '../compile-runtime.ts';
import { keptLayer, type Layer } from './kept-layer.ts';

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
  return keptLayer(place, {
    recipe,
    make: async (layer) => {
      const folder = join(layer, 'nodejs/daybreak');
      await mkdir(folder, { recursive: true });
      const { outputFiles } = await compileRuntime(entries);
      for (const { path, contents } of outputFiles) await writeFile(join(folder, basename(path)), contents);
    },
  });
}
