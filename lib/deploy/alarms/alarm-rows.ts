import type { PipelinePlan } from '../../compiler/plan/plan.ts';
import type { Severity } from '../../compiler/template/template.ts';
import { longestGapMinutes } from '../schedule/schedule-gap.ts';
import { severities } from './alarm-topics.ts';

/** What an alarm watches: the machine, or one of the pipeline's queues. */
export type AlarmSubject = 'machine' | 'deadLetters' | 'undeliveredEvents' | 'undeliveredStarts';

/** One alarm of a pipeline. It fires when the metric is at or above `atLeast` (or below `below`) in all of its periods. */
export interface AlarmRow {
  /** Part of the alarm's name. */
  readonly id: string;
  /** `pipeline`: as severe as the pipeline's most severe step. */
  readonly severity: Severity | 'pipeline';
  readonly subject: AlarmSubject;
  /** Name of the metric in AWS/States for the machine, in AWS/SQS for queues. */
  readonly metric: string;
  readonly statistic: 'Sum' | 'Maximum';
  readonly periodMinutes: number;
  readonly periods: number;
  readonly atLeast?: number;
  readonly below?: number;
  /** What a person who is woken by it needs to know: what happened, and what to do first. */
  readonly tells: string;
}

/** A dead letter is to be dealt with well before SQS drops its copy after 14 days. */
const oldestDeadLetterDays = 3;

const oneInFiveMinutes = { statistic: 'Sum', periodMinutes: 5, periods: 1, atLeast: 1 } as const;
const anyMessage = {
  metric: 'ApproximateNumberOfMessagesVisible',
  statistic: 'Maximum',
  periodMinutes: 5,
  periods: 1,
  atLeast: 1,
} as const;

const always: readonly AlarmRow[] = [
  {
    id: 'execution-failed',
    severity: 'pipeline',
    subject: 'machine',
    metric: 'ExecutionsFailed',
    ...oneInFiveMinutes,
    tells:
      'A run failed. Its failed and blocked steps are in the cause of the execution; each failed step has a dead letter with the command that resumes.',
  },
  {
    id: 'execution-timed-out',
    severity: 'pipeline',
    subject: 'machine',
    metric: 'ExecutionsTimedOut',
    ...oneInFiveMinutes,
    tells:
      'A run took longer than lifecycle.max_duration_minutes allows and was stopped. What it finished is kept; resuming goes on from there.',
  },
  {
    id: 'execution-aborted',
    severity: 'medium',
    subject: 'machine',
    metric: 'ExecutionsAborted',
    ...oneInFiveMinutes,
    tells: 'Somebody or something stopped a run. CloudTrail (StopExecution) says who; what it finished is kept.',
  },
  {
    id: 'execution-throttled',
    severity: 'high',
    subject: 'machine',
    metric: 'ExecutionThrottled',
    ...oneInFiveMinutes,
    tells:
      'Step Functions slows this pipeline down because the account is at its limit of state transitions. Runs go on, late; ask for a higher quota.',
  },
  {
    id: 'dead-letters',
    severity: 'medium',
    subject: 'deadLetters',
    ...anyMessage,
    tells: 'There are dead letters to deal with: "daybreak dlq list" shows them, with the command that resumes each.',
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
    tells: `A dead letter has been waiting for ${oldestDeadLetterDays} days. SQS drops messages after 14 days (the dead letter itself stays in the store).`,
  },
  {
    id: 'event-undelivered',
    severity: 'high',
    subject: 'undeliveredEvents',
    ...anyMessage,
    tells:
      "The end of a failed execution could not be reconciled: it may lack dead letters. Read the reconcile function's log, then invoke it with the message's event.",
  },
];

/** A schedule's alarms. The second exists only where CloudWatch can look back far enough: 7 days. */
const scheduled = (expression: string, maxDurationSeconds: number): AlarmRow[] => {
  // One interval, the time that the run may take, and an hour because periods are whole hours.
  const hours = Math.ceil((longestGapMinutes(expression) + maxDurationSeconds / 60) / 60) + 1;
  const undelivered: AlarmRow = {
    id: 'start-undelivered',
    severity: 'pipeline',
    subject: 'undeliveredStarts',
    ...anyMessage,
    tells:
      'A scheduled start was not delivered for a day, so that run never began. Start the machine with the input that is in the message.',
  };
  if (hours > 7 * 24) return [undelivered];
  return [
    undelivered,
    {
      id: 'no-successful-run',
      severity: 'pipeline',
      subject: 'machine',
      metric: 'ExecutionsSucceeded',
      statistic: 'Sum',
      periodMinutes: 60,
      periods: hours,
      below: 1,
      tells: `No run has succeeded for ${hours} hours, though one is scheduled at least that often: it failed, still runs, or never began. (After a first deployment this alarm rests in ALARM until the first success.)`,
    },
  ];
};

/** All alarms of a pipeline. */
export function alarmRows(plan: Pick<PipelinePlan, 'schedule' | 'maxDurationSeconds'>): readonly AlarmRow[] {
  return [...always, ...(plan.schedule?.enabled ? scheduled(plan.schedule.expression, plan.maxDurationSeconds) : [])];
}

/** The severity of the pipeline's most severe step that can fail a run. */
export function pipelineSeverity(plan: Pick<PipelinePlan, 'steps'>): Severity {
  return (
    severities.find((severity) => plan.steps.some((step) => !step.optional && step.severity === severity)) ?? 'low'
  );
}
