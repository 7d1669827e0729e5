import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DaybreakEvent } from '../../../lib/contract/events/event.ts';
import { sized } from '../../support/sized.ts';
import { runCompleted, runFailed, stepFailed, story } from './incident-fixtures.ts';

interface Execution {
  readonly run: number;
  /** Minutes after midnight. */
  readonly start: number;
  readonly lasts: number;
  /** Steps that fail in it; none: it succeeds. */
  readonly fails: readonly ('a' | 'b')[];
}

/** Executions of three runs, numbered in the order of their starts. */
const executions = fc
  .array(
    fc.record({
      run: fc.integer({ min: 1, max: 3 }),
      start: fc.integer({ min: 0, max: 1_000 }),
      lasts: fc.integer({ min: 2, max: 200 }),
      fails: fc.subarray(['a', 'b'] as const),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((list): (Execution & { readonly n: number })[] => {
    const sorted = [...list].sort((one, other) => one.start - other.start);
    return sorted.map((one, index) => ({
      ...one,
      n: sorted.slice(0, index + 1).filter(({ run }) => run === one.run).length,
    }));
  });

const clock = (minutes: number): string => `${Math.floor(minutes / 60)}:${minutes % 60}`;

function eventsOf({ run, n, start, lasts, fails }: Execution & { readonly n: number }): DaybreakEvent[] {
  const of = { run: `r${run}`, n };
  const end = clock(start + lasts);
  const failures = fails.map((step) => stepFailed(clock(start + 1), { ...of, step }));
  const ended = { ...of, started: clock(start) };
  return [
    ...failures,
    fails.length > 0
      ? runFailed(end, { ...ended, failed: fails, failedAt: clock(start + 1) })
      : runCompleted(end, ended),
  ];
}

/** Written from docs/incidents.md, not from the code: a cause is open if one of its failures has no success after it. */
function openCauses(all: readonly (Execution & { readonly n: number })[]): string[] {
  const successes = all.filter(({ fails }) => fails.length === 0);
  const isOpen = (step: 'a' | 'b') =>
    all
      .filter(({ fails }) => fails.includes(step))
      .some(
        (failed) =>
          !successes.some((success) =>
            success.run === failed.run ? success.n > failed.n : success.start >= failed.start + 1,
          ),
      );
  return (['a', 'b'] as const).filter(isOpen);
}

test('in any order, with any copies: one incident per cause, open exactly if a failure has no success after it', () => {
  fc.assert(
    fc.property(
      executions.chain((all) => {
        const events = all.flatMap(eventsOf);
        const heard = fc.shuffledSubarray([...events, ...events], { minLength: events.length });
        return fc.record({ all: fc.constant(all), heard: heard.map((some) => [...some, ...events]) });
      }),
      ({ all, heard }) => {
        const { state, open, lines } = story(...heard);
        const causes = state.incidents.map(({ causes: [cause] }) => cause?.step);
        expect([...new Set(causes)]).toHaveLength(causes.length);
        expect(open.map(({ causes: [cause] }) => cause?.step).sort()).toEqual(openCauses(all));
        // The events span less than 24 hours: four spans of six hours, for each of two causes.
        expect(lines.filter((line) => /opened loud/.test(line)).length).toBeLessThanOrEqual(8 * 2);
      },
    ),
    { numRuns: sized(500, 20_000) },
  );
});
