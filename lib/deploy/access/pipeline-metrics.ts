import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { PipelineParts } from '../pipeline-parts.ts';

/** The metrics of a pipeline. Counts are sums, over five minutes by default. */
export class PipelineMetrics {
  readonly #parts: PipelineParts;

  constructor(parts: PipelineParts) {
    this.#parts = parts;
  }

  machine(metricName: string, options: MetricOptions = {}): Metric {
    const { stateMachineArn } = this.#parts.stateMachine;
    return new Metric({
      namespace: 'AWS/States',
      metricName,
      statistic: 'Sum',
      dimensionsMap: { StateMachineArn: stateMachineArn },
      ...options,
    }).attachTo(this.#parts.stateMachine);
  }

  deadLetters(options: MetricOptions = {}): Metric {
    return this.#parts.deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', ...options });
  }
}
