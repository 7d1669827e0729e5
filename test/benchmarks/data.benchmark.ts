/** The cost of the data path, beside the best possible cost and the cost of hand-written code: `npm run benchmark:data`, see docs/benchmarks.md. */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { benchmarkLimits } from './data/benchmark-limits.ts';
import { benchmarkOptions, benchmarkUsage } from './data/benchmark-options.ts';
import { BenchmarkProject } from './data/benchmark-project.ts';
import { benchmarkRows } from './data/benchmark-rows.ts';
import { benchmarkTransforms } from './data/benchmark-transforms.ts';

if (process.argv.includes('--help')) {
  console.log(benchmarkUsage);
  process.exit();
}
const options = benchmarkOptions(process.argv.slice(2));
console.log(
  `${availableParallelism()} cores, Node ${process.version}; every figure is of a process from its start to its end`,
);

for (const orders of options.orders) {
  if (!options.parts.includes('transforms') && !options.parts.includes('limits')) break;
  console.log(`\n${orders.toLocaleString('en')} orders`);
  const project = await BenchmarkProject.create(orders);
  try {
    await benchmarkTransforms(project, options.parts.includes('transforms') ? options.rounds : 0);
    if (options.parts.includes('limits')) await benchmarkLimits(project, options.limitsMb);
  } finally {
    await project.remove();
  }
}

/** A benchmark that runs as a separate program. */
const run = (program: string, ...args: readonly string[]): void => {
  console.log('');
  const path = fileURLToPath(new URL(program, import.meta.url));
  const { status } = spawnSync(process.execPath, [path, ...args], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
};

if (options.parts.includes('rows'))
  await benchmarkRows(Math.min(1_000_000, Math.max(...options.orders)), options.rounds);
if (options.parts.includes('cold-start')) run('cold-start.benchmark.ts', String(5 * options.rounds));
if (options.parts.includes('postgres')) run('postgres.benchmark.ts');
