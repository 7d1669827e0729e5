import { defineStep } from 'daybreak';
import * as z from 'zod/mini';
import { neededResult } from '../needed-result.ts';
import { syntheticFigures } from '../synthetic.ts';
import { findInsights } from './find-insights.ts';
import type { AnalyticsInput } from './input.ts';
import type { AggregatedMetrics } from './results.ts';

const options = z.strictObject({ currency: z.string().check(z.length(3)) });

/** Returns alarms, findings and the health score. */
export const handler = defineStep<AnalyticsInput>(async (step) => {
  const { currency } = options.parse(step.config);
  const metrics = neededResult<AggregatedMetrics>(step, 'aggregate_metrics');
  const report = findInsights(metrics, { currency, synthetic: syntheticFigures() });
  for (const alarm of report.alarms) step.log.warn(alarm);
  return report;
});
