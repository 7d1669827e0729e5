import type { RunReport } from '../../../operate/runs/run-report.ts';
import type { Context } from '../../context.ts';

const words = { block: 'blocks', warn: 'warning', quarantine: 'set aside' } as const;

/** Checks of committed data that did not pass; nothing if all passed. A check that blocks stands in the failure of its step. */
export function describeChecks({ steps }: RunReport, { paint }: Context): string[] {
  const found = steps.flatMap(({ step, checks = [] }) =>
    checks.filter(({ passed }) => !passed).map((check) => ({ step, ...check })),
  );
  if (found.length === 0) return [];
  return [
    '',
    paint('Checks', 'bold'),
    ...found.map(({ step, dataset, check, measured, allowed, on_violation }) => {
      const where = dataset === null ? step : `${step}.${dataset}`;
      const what = `${where} ${check}: ${measured ?? 'nothing to measure'}; allowed: ${allowed}`;
      return `  ${paint(words[on_violation], 'yellow')}  ${paint(what)}`;
    }),
  ];
}
