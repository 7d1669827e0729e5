export interface EngineResources {
  /** The function's memory. */
  readonly functionMemoryMb: number;
  /** Room in the scratch folder. */
  readonly scratchMb: number;
  /** Of the machine. */
  readonly cores: number;
}

export interface EngineLimits extends EngineResources {
  /** DuckDB's `memory_limit`. */
  readonly memoryLimitMb: number;
  readonly threads: number;
  /** DuckDB's `max_temp_directory_size`. */
  readonly spillMb: number;
}

/** Lambda gives one vCPU per 1,769 MB (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html). */
const mbPerCore = 1769;

/** What a process has in memory before its first query: Node, the handler, the driver and an empty instance. Measured at 92 MB. */
const residentBaseMb = 100;

/** What DuckDB may use of a function: its resident memory stays within 75% of the function's. */
export const engineLimits = (resources: EngineResources): EngineLimits => {
  const { functionMemoryMb, scratchMb, cores } = resources;
  return {
    ...resources,
    memoryLimitMb: Math.max(64, Math.floor((functionMemoryMb * 0.75 - residentBaseMb) * 0.7)),
    threads: Math.max(1, Math.min(cores, Math.ceil(functionMemoryMb / mbPerCore))),
    spillMb: Math.floor(scratchMb * 0.9),
  };
};
