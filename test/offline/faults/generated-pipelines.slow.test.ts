import { describe, expect, test } from 'vitest';
import { faultNames } from '../../../lib/offline/faults/fault-kinds.ts';
import { faultlessRun, faultRun } from '../../../lib/offline/faults/fault-run.ts';
import { renderBench } from '../../../lib/offline/faults/render-bench.ts';
import { runBench } from '../../../lib/offline/faults/run-bench.ts';
import { generatedSubject } from '../../../lib/offline/faults/subjects/generated-subject.ts';
import { generatedSubjects } from '../../../lib/offline/faults/subjects/generated-subjects.ts';
import { deafQueue } from './mutants.ts';

describe('generated pipelines under faults', () => {
  test('every run under faults ends like a run without faults', async () => {
    const report = await runBench({ seed: 1, runs: 60, subjectOf: generatedSubjects() });
    console.info(renderBench(report, (seed) => `npm run faults -- --runs 1 --seed ${seed}`));
    expect(report.broken.flatMap(({ seed, violations }) => violations.map((line) => `${seed}: ${line}`))).toEqual([]);
    expect(report.runs).toBe(60);
    // Not vacuous: each kind of fault really struck.
    expect(faultNames.filter((kind) => report.counts[kind] === 0)).toEqual([]);
  });

  test('no letter is lost while the queue hardly ever answers', async () => {
    const report = await runBench({ seed: 1, runs: 25, subjectOf: generatedSubjects(), rates: deafQueue });
    expect(report.broken.flatMap(({ seed, violations }) => violations.map((line) => `${seed}: ${line}`))).toEqual([]);
    expect(report.counts.queue_unavailable).toBeGreaterThan(100);
  });

  test('the same seed gives the same run', async () => {
    // An upload that fails stops others whose files are removed in real time, so the rest may shift.
    const rates = { store_full: 0, store_answer_lost: 0, store_unavailable: 0 };
    for (const seed of [3, 6, 11, 17, 30]) {
      const [one, two] = [generatedSubject(seed), generatedSubject(seed)];
      const expected = await faultlessRun(one);
      const first = await faultRun(one, expected, { seed, rates });
      const second = await faultRun(two, expected, { seed, rates });
      expect(second.trace).toEqual(first.trace);
      expect(second.counts).toEqual(first.counts);
      expect(first.trace.length).toBeGreaterThan(50);
    }
  });
});
