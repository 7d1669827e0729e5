import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { RowCosts } from './rows-process.ts';
import { spread, textTable } from './text-table.ts';

const program = fileURLToPath(new URL('rows-process.ts', import.meta.url));

/** Enough memory for a full core on AWS. */
const memoryMb = 1769;

const onOneCore = async (direction: string, orders: number): Promise<RowCosts> => {
  const env = { ...process.env, AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb), DAYBREAK_SCRATCH_MB: '10240' };
  const command = [process.execPath, program, direction, String(orders)];
  const { stdout } = await promisify(execFile)('taskset', ['-c', '0', ...command], { env });
  return JSON.parse(stdout) as RowCosts;
};

/** Measures how many nested rows (orders with 2.5 items) a handler reads and writes per second, in processes pinned to one core, and prints it. */
export async function benchmarkRows(orders: number, rounds: number): Promise<void> {
  const lines: string[][] = [];
  for (const [direction, title] of [
    ['in', 'rows in'],
    ['out', 'rows out'],
  ] as const) {
    const runs: RowCosts[] = [];
    for (let round = 0; round < rounds; round += 1) runs.push(await onOneCore(direction, orders));
    lines.push([
      title,
      String(orders),
      spread(
        runs.map(({ rows, cpuMs }) => rows / cpuMs),
        0,
      ),
      spread(
        runs.map(({ wallMs }) => wallMs),
        0,
      ),
      spread(
        runs.map(({ peakMb }) => peakMb),
        0,
      ),
    ]);
  }
  console.log(`\n${textTable(['handlers', 'orders', 'thousand rows per CPU second', 'wall ms', 'peak MB'], lines)}`);
}
