export interface EngineResources {
  /** The function's memory. */
  readonly functionMemoryMb: number;
  /** Room in the scratch folder. */
  readonly scratchMb: number;
  /** Of the machine. */
  readonly cores: number;
  /** What the process has in memory before its first query. */
  readonly residentMb: number;
}

export interface EngineLimits extends EngineResources {
  /** DuckDB's `memory_limit`. */
  readonly memoryLimitMb: number;
  readonly threads: number;
  /** DuckDB's `max_temp_directory_size`. */
  readonly spillMb: number;
  /** Resident memory beyond which a query is interrupted. */
  readonly interruptMb: number;
}

/** Lambda gives one vCPU per 1,769 MB (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html). */
const mbPerCore = 1769;

/** Share of a function's memory that is used. What is above is for what DuckDB does not count, and for the handler's own objects. */
const usedShare = 0.75;

/** Node, the runtime and an empty instance. The process may be younger when the engine opens than when the first query runs. */
const leastResidentMb = 110;

/** What DuckDB has in memory beside what it counts, per thread: buffers of Parquet files, of compression, and pages on their way back. Measured at 15 to 40 MB for joins, sorts and windows over 10 million orders. */
const uncountedMbPerThread = 40;

/** Less is not enough for a Parquet row group and a sort. */
const leastLimitMb = 64;

/** A query stops being resident a few milliseconds after its interrupt, and can take some 20 MB between two looks. */
const interruptShare = 0.92;

/** Of scratch, what DuckDB may put aside; the rest is for the datasets that are fetched and written. */
const spillShare = 0.9;

const threadsOf = (functionMemoryMb: number, cores: number): number =>
  Math.max(1, Math.min(cores, Math.ceil(functionMemoryMb / mbPerCore)));

const besides = (residentMb: number, threads: number): number =>
  Math.max(residentMb, leastResidentMb) + threads * uncountedMbPerThread;

/** The memory of a function in which DuckDB may use this much. */
export function memoryForLimit(memoryLimitMb: number, { residentMb, cores }: EngineResources): number {
  const few = (memoryLimitMb + besides(residentMb, 1)) / usedShare;
  return (memoryLimitMb + besides(residentMb, threadsOf(few, cores))) / usedShare;
}

/** What DuckDB may use of a function, so that resident memory stays within three quarters of the function's. */
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
