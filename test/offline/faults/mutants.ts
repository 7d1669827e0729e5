import { expect } from 'vitest';
import type { FaultKind } from '../../../lib/offline/faults/fault-kinds.ts';
import type { Defect, Mutation } from '../../../lib/offline/faults/mutation.ts';
import { runBench } from '../../../lib/offline/faults/run-bench.ts';
import { generatedSubjects } from '../../../lib/offline/faults/subjects/generated-subjects.ts';

const writes =
  (part: string): Mutation =>
  ({ kind, key }) =>
    kind === 'put' && key.includes(part) ? 'unconditional' : null;

const reads =
  (part: string, by: (fn: string, own: boolean) => boolean, defect: Defect = 'unseen'): Mutation =>
  ({ kind, key }, { fn, step }) =>
    kind === 'get' && key.includes(part) && by(fn, key.includes(`/steps/${step}/`)) ? defect : null;

/** A protocol with a part taken out, where that shows soonest, and the report of the fault bench. */
type Mutant = readonly [
  defect: string,
  mutate: Mutation,
  seed: number,
  says: RegExp,
  rates?: Partial<Record<FaultKind, number>>,
];

/** The queue hardly ever answers, so that record-failure often gives up. */
export const deafQueue = { queue_unavailable: 0.95, queue_answer_lost: 0 } as const;

export const mutants: readonly Mutant[] = [
  ['outcomes are written without a condition', writes('/outcomes/'), 5, /outcomes\/s\d\.json was settled, and/],
  ['manifests are written without a condition', writes('/manifests/'), 20, /manifests\/\w+\.json was settled, and/],
  [
    'record-failure does not look for a manifest',
    reads('/manifests/', (fn) => fn === 'RecordFailure'),
    5,
    /settled \d+\/s\d as failed, though .* had committed it/,
  ],
  ['a waiter does not look', reads('/outcomes/', (fn) => fn === 'Wait'), 8, /a wake-up was lost/],
  ['a producer does not look', reads('/waits/', (fn) => fn !== 'Wait'), 8, /a wake-up was lost/],
  ['an effect is done without a look at its marker', reads('/once/', () => true), 1, /which was marked as done/],
  [
    'a step does not look for what it has committed',
    reads('/manifests/', (fn, own) => own && fn !== 'RecordFailure'),
    1,
    /does again what .* had committed/,
  ],
  [
    'Finalize takes every letter for sent',
    reads('/sent/', (fn) => fn === 'Finalize', 'imagined'),
    1,
    /the letter .* was never sent/,
    deafQueue,
  ],
  [
    'Reconcile takes every letter for sent',
    reads('/sent/', (fn) => fn === 'Reconcile', 'imagined'),
    1,
    /the letter .* was never sent/,
    deafQueue,
  ],
];

/** The fault bench must report the defect. */
export async function expectFound([, mutate, seed, says, rates]: Mutant): Promise<void> {
  const report = await runBench({
    seed,
    runs: 150,
    subjectOf: generatedSubjects(),
    mutate,
    mostBroken: 1,
    ...(rates && { rates }),
  });
  expect(report.broken.flatMap(({ violations }) => violations).join('\n')).toMatch(says);
}
