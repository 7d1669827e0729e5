import { type BenchmarkProject, benchmarkSteps } from './benchmark-project.ts';
import { MemoryCgroup } from './memory-cgroup.ts';
import { textTable } from './text-table.ts';

/** Runs each transform in functions with less and less memory, a limit that the kernel enforces, and shows how each run ended. */
export async function benchmarkLimits(project: BenchmarkProject, limitsMb: readonly number[]): Promise<void> {
  const probe = MemoryCgroup.create(`daybreak-benchmark-probe-${process.pid}`, 64);
  if (probe === null) {
    console.log(
      '\nunder limits: not measured, since this machine lets us write no memory control groups (neither v1 nor v2)',
    );
    return;
  }
  probe.remove();
  const rows: string[][] = [];
  for (const step of benchmarkSteps) {
    for (const limitMb of limitsMb) {
      const run = await project.again(step, { memoryMb: limitMb, limitMb });
      const facts = run.facts.find((one) => one.step === step);
      const ended = run.code === 0 ? 'succeeded' : run.killed > 0 ? 'killed by the kernel' : errorIn(run.output);
      rows.push([
        step,
        `${limitMb} MB`,
        facts ? String(Math.round(facts.wallMs)) : '-',
        facts ? String(Math.round(facts.cpuMs)) : '-',
        facts ? String(Math.round(facts.peakMb)) : '-',
        facts ? `${Math.round((100 * facts.peakMb) / limitMb)}%` : '-',
        ended,
      ]);
    }
  }
  const head = ['step', 'limit', 'wall ms', 'CPU ms', 'peak MB', 'of the limit', 'it'];
  console.log(`\n${textTable(head, rows)}`);
}

const errorIn = (output: string): string => /"message": ?"((?:[^"\\]|\\.)*)"/.exec(output)?.[1] ?? 'failed';
