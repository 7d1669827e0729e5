/**
 * Runs queries like a function of this many megabytes, in a cgroup of that size if possible, and prints the peak of resident memory for each.
 * `node limited-process.ts <memory_mb> <cgroup, or -> <folder of orders> <queries as JSON>`
 */
import { linkSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [memoryMb = '', cgroup = '-', orders = '', queries = '{}'] = process.argv.slice(2);
if (cgroup !== '-') writeFileSync(join(cgroup, 'cgroup.procs'), String(process.pid));
process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE = memoryMb;

const { guardSql } = await import('../../lib/duckdb/guard/guard-sql.ts');
const { openEngine } = await import('../../lib/duckdb/open-engine.ts');
const { parseColumns } = await import('../../lib/columns/columns.ts');

const session = await (await openEngine()).session();
const files = readdirSync(orders).map((name) => {
  const path = join(session.folder, name);
  linkSync(join(orders, name), path);
  return path;
});
const columns = parseColumns('orders', {
  order_id: 'VARCHAR',
  customer_id: 'VARCHAR',
  items: 'STRUCT(product_id VARCHAR, quantity INTEGER)[]',
  total: 'DECIMAL(18,4)',
});
await session.defineView({ step: 'extract', dataset: 'orders', files, columns });

const peakMb = (): number => Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;

const results: Record<string, { peakMb: number; error: string | null }> = {};
for (const [name, text] of Object.entries(JSON.parse(queries) as Record<string, string>)) {
  // 5 resets the peak: proc(5).
  writeFileSync('/proc/self/clear_refs', '5');
  let error: string | null = null;
  try {
    const query = await session.query(
      await guardSql(session, { name, text }, [{ step: 'extract', dataset: 'orders' }]),
    );
    await query.copyTo(join(session.folder, 'out.parquet'), 'FORMAT parquet, COMPRESSION zstd');
  } catch (thrown) {
    error = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  }
  results[name] = { peakMb: Math.round(peakMb()), error };
}
await session.close();
console.log(JSON.stringify(results));
