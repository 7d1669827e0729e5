import { type FaultKind, faultNames } from './fault-kinds.ts';
import { type Expected, type FaultRun, faultlessRun, faultRun } from './fault-run.ts';
import type { FaultCounts } from './faults.ts';
import type { Mutation } from './mutation.ts';
import type { Subject } from './subjects/subject.ts';

/** The result of many runs under faults. */
export interface BenchReport {
  /** Seeds from this one on, one per run. */
  readonly seed: number;
  readonly runs: number;
  readonly executions: number;
  readonly seconds: number;
  /** The number of times that each kind of fault really happened. */
  readonly counts: FaultCounts;
  /** The parts that differ between runs without faults, so they are not compared: `<step> <part>`. */
  readonly varying: readonly string[];
  /** Runs that broke a promise, each with its seed and what happened in it. */
  readonly broken: readonly FaultRun[];
}

export interface BenchOptions {
  readonly seed: number;
  readonly runs: number;
  /** The pipeline of a seed; asked once per run, so that it may answer with the same one again. */
  readonly subjectOf: (seed: number) => Subject;
  readonly rates?: Partial<Record<FaultKind, number>>;
  readonly mutate?: Mutation;
  /** False takes the ledger away from sinks. */
  readonly guarded?: boolean;
  /** Stops after this many broken runs: one trace is enough to begin with. */
  readonly mostBroken?: number;
  readonly onRun?: (run: FaultRun) => void;
}

/** Runs pipelines under faults, one seed after the other, and adds up what happened. */
export async function runBench(options: BenchOptions): Promise<BenchReport> {
  const { seed, runs, subjectOf, rates, mutate, guarded, mostBroken = 5, onRun } = options;
  const began = performance.now();
  const expected = new WeakMap<Subject, Expected>();
  const varying = new Set<string>();
  const sums = new Map<FaultKind, number>();
  const broken: FaultRun[] = [];
  let executions = 0;
  let done = 0;
  for (; done < runs && broken.length < mostBroken; done++) {
    const subject = subjectOf(seed + done);
    const right = expected.get(subject) ?? (await faultlessRun(subject));
    expected.set(subject, right);
    for (const part of right.varying) varying.add(part);
    const run = await faultRun(subject, right, {
      seed: seed + done,
      ...(rates && { rates }),
      ...(mutate && { mutate }),
      ...(guarded !== undefined && { guarded }),
    });
    executions += run.executions;
    for (const kind of faultNames) sums.set(kind, (sums.get(kind) ?? 0) + run.counts[kind]);
    if (run.violations.length > 0) broken.push(run);
    onRun?.(run);
  }
  const counts = Object.fromEntries(faultNames.map((kind) => [kind, sums.get(kind) ?? 0])) as FaultCounts;
  const seconds = (performance.now() - began) / 1000;
  return { seed, runs: done, executions, seconds, counts, varying: [...varying].sort(), broken };
}
