import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { faultKinds, faultNames } from '../../../lib/offline/faults/fault-kinds.ts';
import { faultlessRun, faultRun } from '../../../lib/offline/faults/fault-run.ts';
import { renderBench } from '../../../lib/offline/faults/render-bench.ts';
import { runBench } from '../../../lib/offline/faults/run-bench.ts';
import { generatedSubject } from '../../../lib/offline/faults/subjects/generated-subject.ts';
import { generatedSubjects } from '../../../lib/offline/faults/subjects/generated-subjects.ts';
import { sized } from '../../support/sized.ts';

describe('generated pipelines under faults', () => {
  test('every run under faults ends like a run without faults', async () => {
    const report = await runBench({ seed: 1, runs: sized(4, 8), subjectOf: generatedSubjects() });
    console.info(renderBench(report, (seed) => `npm run faults -- --runs 1 --seed ${seed}`));
    expect(report.broken.flatMap(({ seed, violations }) => violations.map((line) => `${seed}: ${line}`))).toEqual([]);
    expect(report.runs).toBe(sized(4, 8));
    expect(faultNames.filter((kind) => report.counts[kind] > 0).length).toBeGreaterThan(faultNames.length / 2);
  });

  test('the same seed gives the same run', async () => {
    for (const seed of [3]) {
      const [one, two] = [generatedSubject(seed), generatedSubject(seed)];
      const first = await faultRun(one, await faultlessRun(one), { seed });
      const second = await faultRun(two, await faultlessRun(two), { seed });
      expect(second.trace).toEqual(first.trace);
      expect(second.counts).toEqual(first.counts);
      expect(first.trace.length).toBeGreaterThan(50);
    }
  });

  test('another seed gives another run', async () => {
    const subject = generatedSubject(3);
    const expected = await faultlessRun(subject);
    const [one, two] = [await faultRun(subject, expected, { seed: 1 }), await faultRun(subject, expected, { seed: 2 })];
    expect(one.trace).not.toEqual(two.trace);
  });
});

test('the page on faults says what each kind is', async () => {
  const page = await readFile(new URL('../../../docs/faults.md', import.meta.url), 'utf8');
  for (const [kind, { what }] of Object.entries(faultKinds)) expect(page).toContain(`| \`${kind}\` | ${what} |`);
});
