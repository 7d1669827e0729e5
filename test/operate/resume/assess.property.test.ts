import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Outcome } from '../../../lib/contract/records/outcome.ts';
import type { StepDecision } from '../../../lib/operate/resume/assess.ts';
import { repeatUntil } from '../../support/repeat-until.ts';
import { sized } from '../../support/sized.ts';
import { authors, oneIn } from '../changing-steps.ts';
import { Runs } from '../world-of-runs.ts';

/** The possible changes of one step from one execution to the next. */
const change = fc.record({ code: oneIn(4), size: oneIn(8), fails: oneIn(6), from: oneIn(10), loses: oneIn(10) });
const scenario = fc.integer({ min: 2, max: 5 }).chain((width) => {
  const perStep = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: width, maxLength: width });
  return fc.record({
    edges: perStep(perStep(fc.boolean())),
    /** True if the code of a step decides its output. */
    matters: perStep(fc.boolean()),
    executions: fc.array(
      fc.record({
        changes: perStep(change),
        otherDay: oneIn(8),
        until: fc.option(fc.integer({ min: 0, max: width }), { nil: undefined, freq: 3 }),
      }),
      { minLength: 3, maxLength: 5 },
    ),
  });
});
async function lose(runs: Runs, step: string): Promise<void> {
  for await (const { key } of runs.world.store.list(`test/runs/r/data/${step}/`)) await runs.world.store.delete(key);
}

/** The possible outcomes of a step with this decision. */
const allowed: Readonly<Record<StepDecision['decision'], readonly Outcome['outcome'][]>> = {
  reuse: ['reused'],
  run: ['succeeded', 'failed', 'blocked'],
  may_run: ['reused', 'succeeded', 'failed', 'blocked'],
  leave_out: [],
};

/** Every decision with every outcome that it may have, sorted. */
const possible = Object.entries(allowed)
  .flatMap(([decision, outcomes]) => outcomes.map((outcome) => `${decision} ${outcome}`))
  .sort();

test('after any change, failure, death or loss, the table predicts the next execution', async () => {
  const seen = new Set<string>();
  const property = fc.asyncProperty(scenario, async ({ executions, ...pipeline }) => {
    const runs = new Runs();
    for (const { changes, otherDay, until } of executions) {
      const steps = authors(pipeline, changes);
      const from = steps.flatMap(({ name }, index) => (changes[index]?.from ? [name] : []));
      for (const [index, { loses }] of changes.entries()) if (loses) await lose(runs, `s${index}`);
      const input = { day: otherDay ? 2 : 1 };
      const decisions = await runs.assess(steps, { input, from });
      const outcomes = await runs.execute(steps, { input, from, ...(until !== undefined && { until }) });
      for (const { step, decision, reason } of decisions) {
        const outcome = outcomes[step];
        if (outcome === undefined) continue;
        expect(allowed[decision], `${step} ${decision}: ${reason}`).toContain(outcome);
        seen.add(`${decision} ${outcome}`);
        const { dependencies = [] } = steps.find(({ name }) => name === step) ?? {};
        const sure = dependencies.every((name) =>
          decisions.some((one) => one.step === name && one.decision === 'reuse'),
        );
        expect(decision === 'may_run' && sure).toBe(false);
      }
    }
  });
  await repeatUntil(
    () => seen.size >= sized(possible.length - 2, possible.length),
    () => fc.assert(property, { numRuns: sized(8, 300) }),
  );
  expect(possible.filter((one) => !seen.has(one)).length).toBeLessThanOrEqual(sized(2, 0));
});
