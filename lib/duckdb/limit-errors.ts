import { PermanentError } from '../contract/errors.ts';
import type { EngineLimits } from './engine-limits.ts';

/** Lambda's most. */
const maxMemoryMb = 10_240;
const maxScratchMb = 10_240;

const what = (name: string | null): string => (name === null ? 'a query' : `the query "${name}"`);

/** A query needs more memory than its function has. */
export const tooLittleMemory = (name: string | null, limits: EngineLimits, cause?: unknown): PermanentError => {
  const { functionMemoryMb, memoryLimitMb } = limits;
  const wanted = Math.min(maxMemoryMb, functionMemoryMb * 2);
  const way =
    functionMemoryMb < maxMemoryMb
      ? `set memory_mb: ${wanted} for its step, or make it hold less at once`
      : 'make it hold less at once';
  return new PermanentError(
    `${what(name)} needs more memory than its function has: of memory_mb: ${functionMemoryMb} it may use ${memoryLimitMb} MB; ${way} (median, quantile, list() and count(DISTINCT) keep every value)`,
    { cause },
  );
};

/** A query wrote more to local scratch than there is room for. */
export const scratchFull = (name: string | null, limits: EngineLimits, cause?: unknown): PermanentError => {
  const { scratchMb } = limits;
  const way =
    scratchMb < maxScratchMb
      ? `set ephemeral_storage_mb: ${Math.min(maxScratchMb, scratchMb * 2)} for its step, or a larger memory_mb, so that less has to be put aside`
      : 'set a larger memory_mb, so that less has to be put aside';
  return new PermanentError(
    `${what(name)} puts more aside than scratch has room for: ephemeral_storage_mb is ${scratchMb}; ${way}`,
    { cause },
  );
};
