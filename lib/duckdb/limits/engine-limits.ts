export interface EngineResources {
  /** The function's memory. */
  readonly functionMemoryMb: number;
  /** Room in the scratch folder. */
  readonly scratchMb: number;
  /** Cores of the machine. */
  readonly cores: number;
  /** Resident memory of the process before its first query. */
  readonly residentMb: number;
}

export interface EngineLimits extends EngineResources {
  /** DuckDB's `memory_limit`. */
  readonly memoryLimitMb: number;
  readonly threads: number;
  /** DuckDB's `max_temp_directory_size`. */
  readonly spillMb: number;
  /** Resident memory above which a query is interrupted. */
  readonly interruptMb: number;
}

/** Lambda gives one vCPU per 1,769 MB (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html). */
const mbPerCore = 1769;

/** Share of a function's memory that Daybreak uses. The rest is for memory that DuckDB does not count, and for the handler's objects. */
const usedShare = 0.75;

/** Memory of Node, the runtime and an empty instance. The engine may open before the process has reached this size. */
const leastResidentMb = 110;

/**
 * DuckDB's memory beyond its own count, per thread: buffers of Parquet files and of compression, and pages on their way back. Measured at 15 to 40 MB for
 * joins, sorts and windows over 10 million orders.
 */
const uncountedMbPerThread = 40;

/** Less is too little for a Parquet row group and a sort. */
const leastLimitMb = 64;

/** An interrupted query frees its memory after a few milliseconds, and it can take some 20 MB between two checks. */
const interruptShare = 0.92;

/** Share of scratch that DuckDB may use to spill. The rest is for fetched and written datasets. */
const spillShare = 0.9;

const threadsOf = (functionMemoryMb: number, cores: number): number =>
  Math.max(1, Math.min(cores, Math.ceil(functionMemoryMb / mbPerCore)));

const besides = (residentMb: number, threads: number): number =>
  Math.max(residentMb, leastResidentMb) + threads * uncountedMbPerThread;

/** Returns the memory of a function in which DuckDB may use this much. */
export function memoryForLimit(memoryLimitMb: number, { residentMb, cores }: EngineResources): number {
  const few = (memoryLimitMb + besides(residentMb, 1)) / usedShare;
  return (memoryLimitMb + besides(residentMb, threadsOf(few, cores))) / usedShare;
}

/** Returns DuckDB's limits for a function, so that resident memory stays within three quarters of the function's memory. */
export function engineLimits(resources: EngineResources): EngineLimits {
  const { functionMemoryMb, scratchMb, cores, residentMb } = resources;
  const threads = threadsOf(functionMemoryMb, cores);
  const free = functionMemoryMb * usedShare - besides(residentMb, threads);
  return {
    ...resources,
    memoryLimitMb: Math.max(leastLimitMb, Math.floor(free)),
    threads,
    spillMb: Math.floor(scratchMb * spillShare),
    interruptMb: Math.floor(functionMemoryMb * interruptShare),
  };
}
