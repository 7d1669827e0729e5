import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { processScratch } from '../ports/folder/process-scratch.ts';
import type { EngineCore } from './engine-core.ts';
import { type EngineLimits, engineLimits } from './limits/engine-limits.ts';
import { MemoryWatch } from './limits/memory-watch.ts';
import { loadDuckDB } from './load-duckdb.ts';
import { quoteText } from './quote.ts';
import { Session, type SessionOptions } from './session.ts';

/** The instance, which opens sessions. */
export interface Engine extends EngineCore {
  /** Opens a separate place in the instance. The caller closes it. */
  session(options?: SessionOptions): Promise<Session>;
}

/** Tests and the command line have no function memory as a limit. */
const defaultMemoryMb = 1024;

/** Below this limit, the engine returns memory that queries leave as soon as it can. */
const smallLimitMb = 640;

/** Lambda's default scratch size. */
const defaultScratchMb = 512;

let opened: Promise<Engine> | null = null;
/** Counts the sessions of all engines of the process. Each session's folder has its number. */
let sessions = 0;

/** Returns the process's engine and opens it at the first call. If an opening fails, the next call tries again. */
export function openEngine(): Promise<Engine> {
  opened ??= open().catch((error) => {
    opened = null;
    throw error;
  });
  return opened;
}

const open = async (): Promise<Engine> => {
  const { AWS_LAMBDA_FUNCTION_MEMORY_SIZE: functionMemoryMb, DAYBREAK_SCRATCH_MB: scratchMb } = process.env;
  const folder = await processScratch();
  const { DuckDBInstance } = loadDuckDB();
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
  });
  const limits = engineLimits({
    functionMemoryMb: Number(functionMemoryMb ?? defaultMemoryMb),
    scratchMb: Number(scratchMb ?? defaultScratchMb),
    cores: availableParallelism(),
    residentMb: process.memoryUsage.rss() / 1024 / 1024,
  });
  const connection = await instance.connect();
  await mkdir(join(folder, 'spill'), { recursive: true });
  for (const [name, value] of settings(folder, limits)) await connection.run(`SET GLOBAL ${name} = ${value}`);
  const engine: Engine = {
    instance,
    limits,
    folder,
    memory: functionMemoryMb === undefined ? null : new MemoryWatch(limits.interruptMb),
    session: (options = {}) => {
      sessions += 1;
      return Session.open(engine, sessions, options);
    },
    retire: () => {
      opened = null;
    },
    administer: async (sql) => {
      await connection.run(sql);
    },
  };
  return engine;
};

/** The order matters: folders come while files may still be used, the spill limit counts only after opening, and the lock comes last. */
const settings = (folder: string, limits: EngineLimits): readonly (readonly [string, string])[] => [
  ['memory_limit', `'${limits.memoryLimitMb}MiB'`],
  ['threads', String(limits.threads)],
  // Free memory returns to the system even while nothing runs.
  ['allocator_background_threads', 'true'],
  // Trims the memory that queries leave in the C library's allocator when the next query needs room. By default DuckDB trims only from 512 MB on, which a small
  // function never reaches. A sort behind a grouped median, under a limit of 202 MB, then had 461 MB resident; at 1 MB it had 318. But 1 MB costs large scans
  // 13% of their time (over 10 million orders; no cost from 16 MB on). So larger functions use a larger threshold.
  [
    'allocator_bulk_deallocation_flush_threshold',
    `'${Math.max(1, Math.floor((limits.memoryLimitMb - smallLimitMb) / 16))}MB'`,
  ],
  // Files are local and never change, so caching them is not worth memory.
  ['enable_external_file_cache', 'false'],
  ['TimeZone', `'UTC'`],
  // Errors then include their kind and position.
  ['errors_as_json', 'true'],
  ['allowed_directories', `[${quoteText(folder)}]`],
  ['temp_directory', quoteText(join(folder, 'spill'))],
  ['max_temp_directory_size', `'${limits.spillMb}MiB'`],
  ['enable_external_access', 'false'],
  // Each connection must set this one for itself.
  ['allowed_configs', `['streaming_buffer_size']`],
  ['lock_configuration', 'true'],
];
