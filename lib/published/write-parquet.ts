import { copyFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PublishedDataset } from '../contract/published/published-version.ts';
import { quoteName, quoteText } from '../duckdb/quote.ts';
import type { ObjectStore } from '../ports/ports.ts';
import { SystemClock } from '../ports/system-clock.ts';
import { HandlerSessions } from '../runtime/handler/handler-sessions.ts';
import { UpstreamSql } from '../runtime/handler/upstream-sql.ts';

/** Writes a dataset as one Parquet file, with its types and its rows in order. The file gets its name when it is complete and every byte that it came from was checked. */
export async function writeParquet(
  store: ObjectStore,
  entry: PublishedDataset,
  file: string,
  signal: AbortSignal,
): Promise<void> {
  const ports = { store, clock: new SystemClock(), tokens: { succeed: async () => 'gone' as const } };
  const handler = () => Promise.reject(new Error('an export has no handler'));
  const sessions = new HandlerSessions({ ports, handler, invocationId: 'export' }, signal);
  const { step, dataset } = entry;
  const table = `${quoteName(step)}.${quoteName(dataset)}`;
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    const text = `SELECT * FROM ${table}`;
    const { checked } = await new UpstreamSql(sessions, [{ step, dataset, entry }]).open({ name: 'export', text }, {});
    const { session } = await sessions.readSession();
    const made = join(session.folder, 'export.parquet');
    await session.run(`COPY (${text}) TO ${quoteText(made)} (FORMAT parquet, COMPRESSION zstd)`);
    await checked;
    await copyFile(made, temporary);
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
    await sessions.close();
  }
}
