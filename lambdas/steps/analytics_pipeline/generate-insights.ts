import { defineStep } from 'daybreak';
import * as z from 'zod/mini';
import { neededResult } from '../needed-result.ts';
import { findInsights } from './find-insights.ts';
import type { AnalyticsInput } from './input.ts';
import type { AggregatedMetrics } from './results.ts';

const options = z.strictObject({ currency: z.string().check(z.length(3)) });

/** Returns the findings and the health score. */
export const handler = defineStep<AnalyticsInput>(async (step) =>
  findInsights(neededResult<AggregatedMetrics>(step, 'aggregate_metrics'), options.parse(step.config).currency),
);
