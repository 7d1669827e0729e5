import { PermanentError } from '../../contract/errors.ts';
import type { EngineLimits } from './engine-limits.ts';

/** Lambda's maximum. */
const maxScratchMb = 10_240;

const what = (name: string | null): string => (name === null ? 'a query' : `the query "${name}"`);

/** The error for a query that needs more memory than its function has. `wanted` is the memory that would be enough, or null if no function has it. */
export function tooLittleMemory(
  name: string | null,
  { functionMemoryMb, memoryLimitMb }: EngineLimits,
  wanted: number | null,
  cause: unknown,
): PermanentError {
  const less = 'make it keep less at once';
  const way = wanted === null ? `no function has enough: ${less}` : `memory_mb: ${wanted} would do, or ${less}`;
  return new PermanentError(
    `${what(name)} needs more memory than its step has: memory_mb is ${functionMemoryMb}, of which a query can use ${memoryLimitMb} MB; ${way} (median, quantile, list, string_agg and count(DISTINCT) keep every value)`,
    { cause },
  );
}

/** The error for a query that spilled more to local scratch than there is room for. */
export function scratchFull(
  name: string | null,
  { functionMemoryMb, scratchMb }: EngineLimits,
  cause: unknown,
): PermanentError {
  const more = `memory_mb: ${functionMemoryMb * 2}, with which it puts less aside`;
  const way =
    scratchMb < maxScratchMb
      ? `set ephemeral_storage_mb: ${Math.min(maxScratchMb, scratchMb * 2)}, or ${more}`
      : `set ${more}`;
  return new PermanentError(
    `${what(name)} spills more than scratch has room for: ephemeral_storage_mb is ${scratchMb}; ${way}`,
    { cause },
  );
}
