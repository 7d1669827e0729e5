import * as esbuild from 'esbuild';
import { HelperDiedError } from '../contract/helper-died-error.ts';

/** `build` of esbuild. If esbuild's process is killed, it asks a new one, once; then it throws a HelperDiedError. */
export const build: typeof esbuild.build = (options) => askTwice(() => esbuild.build(options));

/** `transform` of esbuild, with the same patience. */
export const transform: typeof esbuild.transform = (input, options) =>
  askTwice(() => esbuild.transform(input, options));

/** Number of processes that have died. */
let deaths = 0;

async function askTwice<T>(ask: () => Promise<T>): Promise<T> {
  const before = deaths;
  try {
    return await ask();
  } catch (error) {
    if (!isDeath(error)) throw error;
  }
  // Several callers learn of the same death. Only the first may stop the process, since its successor may run already.
  if (before === deaths) {
    deaths += 1;
    await esbuild.stop();
  }
  return ask().catch((error: unknown) => {
    throw isDeath(error) ? new HelperDiedError('compiles handlers', (error as Error).message) : error;
  });
}

/** esbuild has no class for it. */
const isDeath = (error: unknown): boolean =>
  error instanceof Error && /^The service (was stopped|is no longer running)|\bwrite EPIPE\b/.test(error.message);
