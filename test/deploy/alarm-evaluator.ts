/**
 * CloudWatch's evaluation of an alarm, by its documentation alone: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html#alarm-evaluation
 * (M of N data points, in periods that begin at whole multiples of their length; `notBreaching` for periods without data).
 */
export interface Point {
  readonly namespace: string;
  readonly metric: string;
  /** Part of the logical id of the resource that the metric belongs to; empty for metrics of the account. */
  readonly of: string;
  /** Minutes from the beginning. */
  readonly at: number;
  readonly value: number;
}

type Properties = Readonly<Record<string, unknown>>;

/** The minutes at which an alarm goes from OK to ALARM, while these points come in. */
export function alarmedAt(alarm: Properties, points: readonly Point[], minutes: number): number[] {
  const period = Number(alarm.Period) / 60;
  const needed = Number(alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods);
  const looksAt = Number(alarm.EvaluationPeriods);
  if (alarm.TreatMissingData !== 'notBreaching') throw new Error(`no evaluation for ${String(alarm.TreatMissingData)}`);
  if (alarm.ComparisonOperator !== 'GreaterThanOrEqualToThreshold') throw new Error('no evaluation for this operator');
  const own = points.filter((point) => isOf(alarm, point));
  const breaches: boolean[] = [];
  const fired: number[] = [];
  let inAlarm = false;
  for (let end = period; end <= minutes; end += period) {
    const values = own.filter(({ at }) => at >= end - period && at < end).map(({ value }) => value);
    breaches.push(values.length > 0 && combined(alarm.Statistic, values) >= Number(alarm.Threshold));
    const now = breaches.slice(-looksAt).filter(Boolean).length >= needed;
    if (now && !inAlarm) fired.push(end);
    inAlarm = now;
  }
  return fired;
}

function isOf({ Namespace, MetricName, Dimensions }: Properties, { namespace, metric, of }: Point): boolean {
  return Namespace === namespace && MetricName === metric && JSON.stringify(Dimensions).includes(of);
}

function combined(statistic: unknown, values: readonly number[]): number {
  if (statistic === 'Sum') return values.reduce((sum, value) => sum + value, 0);
  if (statistic === 'Maximum') return Math.max(...values);
  throw new Error(`no evaluation for ${String(statistic)}`);
}
