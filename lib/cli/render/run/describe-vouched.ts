import type { RunReport } from '../../../operate/runs/run-report.ts';
import type { Context } from '../../context.ts';
import { moment } from '../format.ts';
import { beginning } from '../text-width.ts';

/** The steps for which people vouched: who, when and why. Empty if there are none. */
export function describeVouched({ steps }: Pick<RunReport, 'steps'>, { paint }: Pick<Context, 'paint'>): string[] {
  const lines = steps.flatMap(({ step, outcome, vouched }) => {
    if (!vouched) return [];
    const later = outcome === 'reused' || outcome === 'succeeded' ? '' : '; the next execution reuses their result';
    return [
      `  ${paint(step, 'bold')}  by ${paint(beginning(vouched.by, 60))} at ${moment(vouched.at)} UTC${later}`,
      `    ${paint(beginning(vouched.reason, 240))}`,
    ];
  });
  return lines.length === 0 ? [] : ['', paint('Vouched for', 'bold'), ...lines];
}
