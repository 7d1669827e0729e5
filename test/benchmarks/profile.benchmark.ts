/**
 * The processor time of a profile beside that of the write: `npm run benchmark:profile -- [rows] [rounds]`. Three ways to write: rows from a handler, CSV, and a query. Each round
 * writes a dataset and then profiles it, in this process, so that both have the same neighbours.
 */
import type { StepFunction } from '../../lib/runtime/step.ts';
import { aStep, attempt, memoryWorld } from '../runtime/fixtures.ts';

const [count, rounds] = [Number(process.argv[2] ?? 500_000), Number(process.argv[3] ?? 7)];
/** Share of the write that a profile may take. */
const target = 0.15;

const columns = {
  id: 'BIGINT',
  amount: 'DECIMAL(18,2)',
  share: 'DOUBLE',
  name: 'VARCHAR',
  at: 'TIMESTAMP',
  status: 'VARCHAR',
};

const line = (index: number): string =>
  `${index},${(index * 7919) % 100_000}.25,${(index % 997) / 7},name ${(index * 31) % 5000},2026-01-01 00:00:${String(index % 60).padStart(2, '0')},s${index % 4}\n`;

const batch = 10_000;

const ways: Readonly<Record<string, StepFunction>> = {
  'rows from a handler': async (step) => {
    const writer = step.writer('d', { columns });
    for (let from = 0; from < count; from += batch) {
      const rows = Array.from({ length: Math.min(batch, count - from) }, (_, offset) => {
        const [id, amount, share, name, at, status] = line(from + offset)
          .trim()
          .split(',');
        return { id: BigInt(id ?? 0), amount, share: Number(share), name, at: `${at?.replace(' ', 'T')}Z`, status };
      });
      await writer.append(rows as never);
    }
    return {};
  },
  'a query': async (step) => {
    await step.write(
      'd',
      step.sql(
        `SELECT range AS id, CAST((range * 7919) % 100000 + 0.25 AS DECIMAL(18,2)) AS amount, (range % 997) / 7 AS share, 'name ' || ((range * 31) % 5000) AS name, CAST('2026-01-01' AS TIMESTAMP) + to_seconds(range % 60) AS at, 's' || (range % 4) AS status FROM range(${count})`,
      ),
    );
    return {};
  },
};

async function seconds(handler: StepFunction, profiled: boolean): Promise<number> {
  const profiles = profiled ? { profiles: { d: { top_values: true } } } : {};
  const before = process.cpuUsage();
  await attempt(memoryWorld(), { step: aStep('made', profiles as never) }, handler);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const middle = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

for (const [name, handler] of Object.entries(ways)) {
  await seconds(handler, true);
  const shares: number[] = [];
  const writes: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    // Alternating, so that a busy neighbour meets both.
    const pair = round % 2 === 0 ? [false, true] : [true, false];
    const taken = new Map<boolean, number>();
    for (const profiled of pair) taken.set(profiled, await seconds(handler, profiled));
    const [plain, both] = [taken.get(false) ?? 0, taken.get(true) ?? 0];
    writes.push(plain);
    shares.push(both / plain - 1);
  }
  const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;
  console.log(
    `${name}: ${count} rows, write ${middle(writes).toFixed(2)} s of processor time; profile ${percent(middle(shares))} of it (${percent(Math.min(...shares))} to ${percent(Math.max(...shares))}; at most ${percent(target)} is wanted)`,
  );
}
