import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import type { Severity } from '../../compiler/template/template.ts';
import type { AlertTarget, PipelineSettings } from '../../config/pipeline-settings.ts';

/** The actions of an alarm, by its severity. */
export type AlertActions = Readonly<Record<Severity, readonly IAlarmAction[]>>;

/** Returns the action that notifies a target. */
export function alertAction(target: AlertTarget): IAlarmAction {
  if (typeof target !== 'string' && 'bind' in target) return target;
  const alarmActionArn = typeof target === 'string' ? target : target.topicArn;
  return { bind: () => ({ alarmActionArn }) };
}

/** Returns the actions for each severity: those of `alerts` where it names the severity, otherwise those of `fallback`. */
export function alertActions(alerts: PipelineSettings['alerts'], fallback: AlertActions): AlertActions {
  const of = (severity: Severity) => alerts?.[severity]?.map(alertAction) ?? fallback[severity];
  return { critical: of('critical'), high: of('high'), medium: of('medium'), low: of('low') };
}
