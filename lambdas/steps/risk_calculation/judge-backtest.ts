import { defineStep } from 'daybreak';
import { neededResult } from '../needed-result.ts';
import type { RiskInput } from './input.ts';
import { judge } from './report/kupiec.ts';

/** The result of the step backtest. */
interface Exceedances {
  readonly desks: readonly { readonly desk: string; readonly days: number; readonly exceedances: number }[];
  readonly window: number;
  readonly worst: number;
}

/** Judges the exceedances of each desk. A count outside of its range is a warning: the model may be wrong, and the committee has to see it. */
export const handler = defineStep<RiskInput>(async (step) => {
  const { desks, window, worst } = neededResult<Exceedances>(step, 'backtest');
  const judged = desks.map(({ desk, days, exceedances }) => ({
    desk,
    ...judge(days, exceedances, worst / (window + 1)),
  }));
  for (const { desk, inRange, exceedances, days, range } of judged) {
    await step.check(`exceedances of ${desk}`, inRange, {
      measured: `${exceedances} of ${days} days`,
      allowed: `${range.low} to ${range.high}`,
      onViolation: 'warn',
    });
  }
  return { judged };
});
