import { quoteText } from '../quote.ts';
import type { Running, Statements } from '../statements.ts';
import { type EngineLimits, memoryForLimit } from './engine-limits.ts';

/** Lambda's maximum. */
const maxMemoryMb = 10_240;

/** Suggested sizes are multiples of this. */
const stepMb = 256;

/**
 * Bytes per value that an aggregate needs if it keeps every value (median, list, count(DISTINCT)). DuckDB has 16 bytes for a text or for a position in a list.
 * Add the value's bytes in the file, and part of that again while the aggregate grows. Measured over 10 million orders at 65 to 85 bytes per row, for a key and
 * a value of 13 bytes each.
 */
const bytesPerValue = 16;
const growth = 1.5;

/** The amount of data that a query reads from its columns: values, including each element of a list, and bytes before compression. */
export interface ReadSize {
  readonly values: number;
  readonly bytes: number;
}

/**
 * Returns the `memory_mb` that would hold a query that was too large for its function. It follows from the size of the data, and is at least half as much
 * again. Null if no function has it.
 */
export function neededMemory(limits: EngineLimits, read: ReadSize | null): number | null {
  const { functionMemoryMb } = limits;
  const kept = read === null ? 0 : ((read.bytes + read.values * bytesPerValue) * growth) / 1024 / 1024;
  const least = read === null ? functionMemoryMb * 2 : functionMemoryMb * 1.5;
  const wanted = Math.ceil(Math.max(least, memoryForLimit(kept, limits)) / stepMb) * stepMb;
  if (wanted <= maxMemoryMb) return wanted;
  return functionMemoryMb < maxMemoryMb / 2 ? maxMemoryMb : null;
}

interface PlanNode {
  readonly children: readonly PlanNode[];
  readonly extra_info: { readonly Function?: string; readonly Projections?: string | readonly string[] };
}

/** Returns the names of the columns that the plan's scans read. */
const scanned = ({ children, extra_info: info }: PlanNode): string[] =>
  info.Function === undefined ? children.flatMap(scanned) : [info.Projections ?? []].flat();

/**
 * Asks DuckDB how much of these files a user's query reads, from the query's plan and the files' footers. Null if it is not a user's query, or DuckDB cannot
 * answer.
 */
export async function readSize(
  session: Statements,
  running: Running,
  files: readonly string[],
): Promise<ReadSize | null> {
  if (running.source === undefined || files.length === 0) return null;
  try {
    const { values, types, source } = running;
    const [plan] = await session.all(`EXPLAIN (FORMAT json)\n${source.text}`, { values, ...(types && { types }) });
    const columns = (JSON.parse(String(plan?.explain_value)) as PlanNode[]).flatMap(scanned);
    const list = `[${files.map(quoteText).join(', ')}]`;
    const [size] = await session.all(
      `SELECT sum(num_values) AS values, sum(total_uncompressed_size) AS bytes FROM parquet_metadata(${list})
       WHERE list_contains(string_split($columns, chr(10)), split_part(path_in_schema, ', ', 1))`,
      { values: { columns: columns.join('\n') } },
    );
    return { values: Number(size?.values ?? 0), bytes: Number(size?.bytes ?? 0) };
  } catch {
    // The answer is only advice inside another error, which must not be lost.
    return null;
  }
}
