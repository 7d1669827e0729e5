import { generatedSubject } from './generated-subject.ts';
import type { Subject } from './subject.ts';

/** Runs in a row that have one pipeline: compiling it and running it without faults is half of the work. */
const runsPerPipeline = 4;

/** Generated pipelines by the seed of a run. */
export function generatedSubjects(): (seed: number) => Subject {
  let last: { readonly of: number; readonly subject: Subject } | null = null;
  return (seed) => {
    const of = Math.floor(seed / runsPerPipeline);
    if (last?.of !== of) last = { of, subject: generatedSubject(of) };
    return last.subject;
  };
}
