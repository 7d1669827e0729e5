/** Events of a whole run, made of its records. */
import type { DaybreakEvent, EventSeverity } from '../../contract/events/event.ts';
import { eventId } from '../../contract/events/event-id.ts';
import type { RunContext } from '../../contract/payloads.ts';
import type { ExecutionEnd, ExecutionRecord } from '../../contract/records/execution.ts';
import type { Outcome } from '../../contract/records/outcome.ts';
import { resumeCommand } from '../resume-command.ts';
import { eventCause } from './event-cause.ts';
import { ofStep } from './step-events.ts';

type Run = Pick<RunContext, 'pipeline' | 'run_id' | 'execution' | 'started_at'>;

const ofRun = (run: Omit<Run, 'started_at'>, time: string) => ofStep(run, null, null, time);

export function runStartedEvent(
  run: Run & Pick<RunContext, 'scheduled_time'>,
  { version, redrive_count }: Pick<ExecutionRecord, 'version' | 'redrive_count'>,
): DaybreakEvent<'run.started'> {
  const detail = { started_at: run.started_at, scheduled_time: run.scheduled_time, version, redrive_count };
  return {
    id: eventId('run.started', run, run.execution),
    type: 'run.started',
    ...ofRun(run, run.started_at),
    detail,
  };
}

/** A start that Prepare refused. It has no number; the execution's name tells it from others. */
export function runSkippedEvent(
  run: Omit<Run, 'execution'>,
  { name, reason }: { readonly name: string; readonly reason: string },
): DaybreakEvent<'run.skipped'> {
  return {
    id: eventId('run.skipped', run, name),
    type: 'run.skipped',
    ...ofRun({ ...run, execution: 0 }, run.started_at),
    execution: null,
    detail: { reason, execution_name: name },
  };
}

/** A failed step, with the severity that its dead letter has. */
interface FailedStep {
  readonly step: string;
  readonly severity: Exclude<EventSeverity, 'info'>;
}

export interface RunEndFacts {
  readonly end: ExecutionEnd;
  readonly outcomes: readonly (Pick<Outcome, 'step' | 'outcome' | 'failure'> & Partial<Pick<Outcome, 'ended_at'>>)[];
  readonly failed: readonly FailedStep[];
}

const mostNames = 50;

/** The end of an execution. Its severity is that of its most severe failed step, or high where no step failed: no one knows how bad it is. */
export function runEndEvent(run: Run, { end, outcomes, failed }: RunEndFacts): DaybreakEvent {
  const type = types[end.status];
  const settled = new Map(outcomes.map((outcome) => [outcome.step, outcome]));
  const severities = failed.map(({ severity }) => severity);
  const worst = order.find((one) => severities.includes(one)) ?? 'high';
  const bySeverity = { 'run.completed': 'info', 'run.failed': worst, 'run.stopped': 'low' } as const;
  const steps: Record<string, number> = {};
  for (const { outcome } of outcomes) steps[outcome] = (steps[outcome] ?? 0) + 1;
  return {
    id: eventId(type, run, run.execution),
    type,
    ...ofRun(run, end.ended_at),
    severity: bySeverity[type],
    cause: end.failure && eventCause(end.failure),
    detail: {
      started_at: run.started_at,
      ended_at: end.ended_at,
      steps,
      failed: failed.slice(0, mostNames).map(({ step, severity }) => ({
        step,
        error: settled.get(step)?.failure?.error ?? 'Error',
        severity,
        failed_at: settled.get(step)?.ended_at ?? end.ended_at,
      })),
      blocked: end.blocked.slice(0, mostNames),
      resume: end.status === 'SUCCEEDED' ? null : resumeCommand(run),
    },
  };
}

const order = ['critical', 'high', 'medium', 'low'] as const;

const types = {
  SUCCEEDED: 'run.completed',
  FAILED: 'run.failed',
  TIMED_OUT: 'run.failed',
  ABORTED: 'run.stopped',
} as const;
