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

/** The instance, and sessions in it. */
export interface Engine extends EngineCore {
  /** A separate place in the instance. Close it. */
  session(options?: SessionOptions): Promise<Session>;
}

/** Tests and the command line have no function's memory to keep to. */
const defaultMemoryMb = 1024;

/** Below it, memory that queries leave is given back at every chance. */
const smallLimitMb = 640;

/** What Lambda gives where nothing is asked for. */
const defaultScratchMb = 512;

let opened: Promise<Engine> | null = null;
/** Of all engines of the process: each session has a folder by its number. */
let sessions = 0;

/** The process's engine, opened at the first call. An opening that failed is tried again by the next call. */
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

/** In this order: folders are named while files may still be used, the spill limit counts only after opening, and the lock comes last. */
const settings = (folder: string, limits: EngineLimits): readonly (readonly [string, string])[] => [
  ['memory_limit', `'${limits.memoryLimitMb}MiB'`],
  ['threads', String(limits.threads)],
  // Memory that is free goes back to the system also while nothing runs.
  ['allocator_background_threads', 'true'],
  // What queries leave in the C library's allocator is trimmed when the next one needs room. By default only 512 MB at once are, which is never in a small function: a sort behind a
  // grouped median, under a limit of 202 MB, then had 461 MB resident; at 1 MB it had 318. But that costs large scans 13% of their time (measured over 10 million orders, against
  // none from 16 MB on): so functions that are large enough are spared it.
  [
    'allocator_bulk_deallocation_flush_threshold',
    `'${Math.max(1, Math.floor((limits.memoryLimitMb - smallLimitMb) / 16))}MB'`,
  ],
  // Files are local and change never; what they hold is not worth memory.
  ['enable_external_file_cache', 'false'],
  ['TimeZone', `'UTC'`],
  // Errors then come with their kind and position, instead of a text to guess from.
  ['errors_as_json', 'true'],
  ['allowed_directories', `[${quoteText(folder)}]`],
  ['temp_directory', quoteText(join(folder, 'spill'))],
  ['max_temp_directory_size', `'${limits.spillMb}MiB'`],
  ['enable_external_access', 'false'],
  // The one that each connection has to set for itself.
  ['allowed_configs', `['streaming_buffer_size']`],
  ['lock_configuration', 'true'],
];
