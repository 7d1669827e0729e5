import type { PipelinePlan } from '../../compiler/plan/plan.ts';
import type { Severity } from '../../compiler/template/template.ts';
import { severities } from './alarm-topics.ts';

/** The resource that an alarm watches: the machine (metrics of AWS/States), the reconcile, alerts or deadlines function (AWS/Lambda), or a queue (AWS/SQS). Without alerts or deadlines there is no such function, and no alarm. */
export type AlarmSubject = 'machine' | 'reconcile' | 'alerts' | 'deadlines' | 'untakenEvents' | 'deadLetters';

/** One alarm of a pipeline. It fires when the metric is at or above `atLeast` in all of its periods. */
export interface AlarmRow {
  /** Part of the alarm's name. */
  readonly id: string;
  /** `pipeline`: as severe as the pipeline's most severe step. */
  readonly severity: Severity | 'pipeline';
  readonly subject: AlarmSubject;
  /** The name of the metric in the subject's namespace. */
  readonly metric: string;
  readonly statistic: 'Sum' | 'Maximum';
  readonly periodMinutes: number;
  readonly periods: number;
  readonly atLeast: number;
  /** True if `alerts` of the template tell people of the same thing: a pipeline with alerts does not have this alarm. */
  readonly toldByAlerts?: true;
  /** The text for the person whom the alarm wakes: the event, and the first thing to do. */
  readonly tells: string;
}

/** People should handle a dead letter well before SQS drops its copy after 14 days. */
const oldestDeadLetterDays = 3;

const oneInFiveMinutes = { statistic: 'Sum', periodMinutes: 5, periods: 1, atLeast: 1 } as const;

/**
 * All alarms of a pipeline; each one needs a person. A failed run raises one alarm: `execution-failed`, or none where `alerts` tell of it. Dead letters and stopped runs have no separate alarm. A
 * dead letter that stays too long raises `dead-letter-is-old`.
 */
export const alarmRows: readonly AlarmRow[] = [
  {
    id: 'execution-failed',
    severity: 'pipeline',
    subject: 'machine',
    metric: 'ExecutionsFailed',
    ...oneInFiveMinutes,
    toldByAlerts: true,
    tells:
      'A run failed. Its failed and blocked steps are in the cause of the execution; each failed step has a dead letter with the command that resumes.',
  },
  {
    id: 'execution-timed-out',
    severity: 'pipeline',
    subject: 'machine',
    metric: 'ExecutionsTimedOut',
    ...oneInFiveMinutes,
    toldByAlerts: true,
    tells:
      'A run took longer than lifecycle.max_duration_minutes allows and was stopped. Resume it: what it finished is kept.',
  },
  {
    id: 'needs-attention',
    severity: 'pipeline',
    subject: 'reconcile',
    metric: 'Errors',
    statistic: 'Sum',
    periodMinutes: 60,
    periods: 1,
    // Lambda tries an invocation three times; fewer errors mean that a later try succeeded.
    atLeast: 3,
    tells:
      "No run has succeeded for as long as the schedule allows (it failed, still runs, was refused, or never began), or the end of an execution could not be reconciled. The reconcile function's log says which. It tries again every hour, and the alarm ends by itself.",
  },
  {
    id: 'incidents-not-kept',
    severity: 'high',
    subject: 'untakenEvents',
    // Errors of the function would miss an event whose three tries fall into two hours.
    metric: 'ApproximateNumberOfMessagesVisible',
    statistic: 'Maximum',
    periodMinutes: 5,
    periods: 1,
    atLeast: 1,
    tells:
      'Events could not be taken into incidents, so notices may be missing. They wait in the queue UntakenEvents of the stack for 14 days; the log of the incidents function has the reason. The alarm ends when the queue is empty.',
  },
  {
    id: 'alerts-not-delivered',
    severity: 'high',
    subject: 'alerts',
    metric: 'Errors',
    statistic: 'Sum',
    periodMinutes: 60,
    periods: 1,
    // Lambda tries an invocation three times.
    atLeast: 3,
    tells:
      'A destination did not take an alert, so people may not know of an incident. The log of the alerts function names the destination, its answer and the likely fix; "daybreak alerts test" tries the routes. It tries again every five minutes.',
  },
  {
    id: 'deadlines-not-watched',
    severity: 'high',
    subject: 'deadlines',
    metric: 'Errors',
    statistic: 'Sum',
    periodMinutes: 60,
    periods: 1,
    // A look that fails once is made up for by the next one, five minutes later.
    atLeast: 3,
    tells:
      'Looks at deadlines fail, so a miss may go unnoticed. The log of the deadlines function has the reason; "daybreak status" shows how far the run is. Looks that failed are made up for within two days.',
  },
  {
    id: 'dead-letter-is-old',
    severity: 'high',
    subject: 'deadLetters',
    metric: 'ApproximateAgeOfOldestMessage',
    statistic: 'Maximum',
    periodMinutes: 60,
    periods: 1,
    atLeast: oldestDeadLetterDays * 24 * 60 * 60,
    tells: `A dead letter has been waiting for ${oldestDeadLetterDays} days: "daybreak dlq list" shows it, with the command that resumes. SQS drops messages after 14 days (the dead letter itself stays in the store).`,
  },
];

/** Returns the severity of the pipeline's most severe step that can fail a run. */
export function pipelineSeverity(plan: Pick<PipelinePlan, 'steps'>): Severity {
  return (
    severities.find((severity) => plan.steps.some((step) => !step.optional && step.severity === severity)) ?? 'low'
  );
}
