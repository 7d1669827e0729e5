import type { MeasuredValues } from './measured-values.ts';
import { namespace } from './metric-table.ts';

/** The library's warnings are not for the log: its lines are JSON. */
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * Reports values to CloudWatch: one line of the log in the embedded metric format for a pipeline, and one for each step. It costs no request and no permission. `store` tells the pipelines of one environment from those of another in the same account. The library is
 * loaded here, at the end of a run, so that it does not make a function's start longer.
 */
export async function printEmf(measured: readonly MeasuredValues[], store: string): Promise<void> {
  if (measured.length === 0) return;
  const { Metrics, MetricUnit } = await import('@aws-lambda-powertools/metrics');
  const units = {
    Count: MetricUnit.Count,
    Seconds: MetricUnit.Seconds,
    Bytes: MetricUnit.Bytes,
    Percent: MetricUnit.Percent,
  } as const;
  for (const { pipeline, step, at, values } of measured) {
    const metrics = new Metrics({ namespace, logger: silent });
    // The library's own dimension `service` would be one more metric for each value.
    metrics.clearDefaultDimensions();
    metrics.addDimension('Store', store);
    metrics.addDimension('Pipeline', pipeline);
    if (step !== null) metrics.addDimension('Step', step);
    metrics.setTimestamp(at);
    for (const { row, value } of values) metrics.addMetric(row.name, units[row.unit], value);
    metrics.publishStoredMetrics();
  }
}
