import { defineStep } from 'daybreak';
import { neededResult } from '../needed-result.ts';
import type { RiskInput } from './input.ts';
import { riskPage } from './report/risk-page.ts';
import type { Risk, RiskReport, Statement } from './report/risk-report.ts';

/** Writes `risk.html` and `risk.json`, and returns the figures of both desks together. */
export const handler = defineStep<RiskInput>(async (step) => {
  const { as_of, confidence, window } = step.input;
  const totals = neededResult<RiskReport['totals']>(step, 'value_at_risk');
  const { judged } = neededResult<Pick<RiskReport, 'judged'>>(step, 'judge_backtest');
  const portfolio = neededResult<RiskReport['portfolio']>(step, 'simulate');
  const risks: Risk[] = await step.sql<Risk>(`FROM "value_at_risk"."risks" ORDER BY desk = 'total' DESC, desk`);
  const statements: Statement[] = await step.sql<Statement>(
    `FROM "backtest"."statements" WHERE desk = 'total' ORDER BY day`,
  );
  const worst: { day: string; profit: string }[] = await step.sql<{ day: string; profit: string }>(
    `SELECT day, profit FROM (FROM "simulate"."scenarios" WHERE desk = 'total' ORDER BY day DESC LIMIT $window) ORDER BY profit, day LIMIT $worst`,
    { window, worst: risks[0]?.worst ?? 0 },
  );
  const figures = { as_of, confidence, portfolio, totals, risks, judged };
  await step.file('risk.json', `${JSON.stringify(figures, null, 2)}\n`, { contentType: 'application/json' });
  const page = riskPage({ ...figures, statements, worst }, step.run);
  await step.file('risk.html', page, { contentType: 'text/html; charset=utf-8' });
  const { value_at_risk, expected_shortfall } = totals;
  const total = judged.find(({ desk }) => desk === 'total');
  return {
    value_at_risk,
    expected_shortfall,
    exceedances: total?.exceedances ?? null,
    in_range: total?.inRange ?? null,
  };
});
