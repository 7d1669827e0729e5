import { faultNames } from './fault-kinds.ts';
import type { BenchReport } from './run-bench.ts';

/** A violation is found at the end of a trace, so only the end is shown; the report has all of it. */
const lastLines = 80;

/** One line on what happened, and for each broken run its violations, the command that repeats it, and the end of its trace. */
export function renderBench(report: BenchReport, commandOf: (seed: number) => string): string {
  const { runs, executions, seconds, counts, varying, broken } = report;
  const faults = faultNames.filter((kind) => counts[kind] > 0).map((kind) => `${kind} ${counts[kind]}`);
  const verdict = broken.length === 0 ? 'every promise kept' : `${broken.length} broken`;
  return [
    `${runs} runs under faults, ${executions} executions, ${seconds.toFixed(1)} s: ${verdict}`,
    `faults that happened: ${faults.join(', ') || 'none'}`,
    ...(varying.length > 0 ? [`not compared, since it varies without faults: ${varying.join(', ')}`] : []),
    ...broken.flatMap(({ seed, violations, trace }) => [
      '',
      `seed ${seed} breaks a promise:`,
      ...violations.map((line) => `- ${line}`),
      `again: ${commandOf(seed)}`,
      ...(trace.length > lastLines ? [`... ${trace.length - lastLines} lines before`] : []),
      ...trace.slice(-lastLines),
    ]),
  ].join('\n');
}
