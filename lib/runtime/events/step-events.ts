/** Events of one step. Each is made of settled facts alone, so every report of the same thing is the same. */
import type { DaybreakEvent } from '../../contract/events/event.ts';
import { eventId, eventVersion } from '../../contract/events/event-id.ts';
import type { RunContext } from '../../contract/payloads.ts';
import type { VouchedManifest } from '../../contract/records/next.ts';
import type { Made, Outcome } from '../../contract/records/outcome.ts';
import type { StepProgress } from '../../contract/records/progress.ts';
import type { StepSpec } from '../../contract/step-spec.ts';
import { resumeCommand } from '../resume-command.ts';
import { eventCause } from './event-cause.ts';

type Run = Pick<RunContext, 'pipeline' | 'run_id' | 'execution'>;

/** The fields of every event of a step's attempt, or of a whole run: then without a step. */
export function ofStep(run: Run, step: string | null, attempt: number | null, time: string) {
  return {
    version: eventVersion,
    time,
    severity: 'info' as const,
    pipeline: run.pipeline,
    run_id: run.run_id,
    execution: run.execution,
    step,
    attempt,
    cause: null,
  };
}

/** The start of a step's first handler in this execution. */
function startedEvent(run: Run, step: string, at: string): DaybreakEvent<'step.started'> {
  const id = eventId('step.started', run, run.execution, step);
  return { id, type: 'step.started', ...ofStep(run, step, 1, at), detail: { started_at: at } };
}

export interface OutcomeFacts {
  readonly severity: StepSpec['severity'];
  /** The content of the manifest, where the outcome does not hold it. */
  readonly made?: Pick<Made, 'datasets' | 'files'> | undefined;
}

/** The end of a step, and before it the start of its handler, if one was started: both travel in one request. */
export function outcomeEvents(run: Run, outcome: Outcome, facts: OutcomeFacts): DaybreakEvent[] {
  const { step, started_at: startedAt, ended_at: endedAt, attempts } = outcome;
  const common = ofStep(run, step, attempts === 0 ? null : attempts, endedAt);
  const ended = { started_at: startedAt, ended_at: endedAt, attempts };
  const id = (type: DaybreakEvent['type']): string => eventId(type, run, run.execution, step);
  const start = startedAt === null ? [] : [startedEvent(run, step, startedAt)];
  switch (outcome.outcome) {
    case 'succeeded':
    case 'reused': {
      const type = outcome.outcome === 'succeeded' ? 'step.completed' : 'step.reused';
      const detail = { ...ended, ...madeFacts(outcome.made ?? facts.made) };
      return [...start, { id: id(type), type, ...common, detail }];
    }
    case 'failed': {
      const failure = outcome.failure ?? { error: 'Error', cause: '' };
      const letter = `${run.pipeline}/${run.run_id}/${run.execution}/${step}`;
      const detail = {
        ...ended,
        thrown_at: failure.thrown_at ?? null,
        dead_letter: letter,
        resume: resumeCommand(run),
      };
      const { severity } = facts;
      return [
        ...start,
        { id: id('step.failed'), type: 'step.failed', ...common, severity, cause: eventCause(failure), detail },
      ];
    }
    case 'blocked': {
      const detail = { ...ended, blocked_by: [...outcome.causes] };
      return [...start, { id: id('step.blocked'), type: 'step.blocked', ...common, detail }];
    }
    case 'skipped':
      return [...start, { id: id('step.skipped'), type: 'step.skipped', ...common, detail: ended }];
  }
}

/** The events of a failed step, with the severity that its dead letter has: so each function that reports the failure reports the same. */
export function failureEvents(
  run: Run,
  outcome: Outcome,
  letters: readonly { readonly step: string; readonly severity: StepSpec['severity'] }[],
): DaybreakEvent[] {
  const severity = letters.find(({ step }) => step === outcome.step)?.severity ?? 'medium';
  return outcomeEvents(run, outcome, { severity });
}

const madeFacts = (made: OutcomeFacts['made']) => ({
  datasets: made
    ? Object.fromEntries(Object.entries(made.datasets).map(([name, { rows, bytes }]) => [name, { rows, bytes }]))
    : null,
  files: made ? Object.keys(made.files).length : null,
});

/** A report of the handler, with the start of the step: a handler that reports runs for long. */
export function progressEvents(run: Run, record: StepProgress): DaybreakEvent[] {
  const { step, attempt, updated_at: at, first_started_at: firstStartedAt, done, total, message } = record;
  const id = eventId('step.progress', run, run.execution, step, attempt, at);
  const detail = { done, total, message };
  return [
    startedEvent(run, step, firstStartedAt),
    ...(done === null ? [] : [{ id, type: 'step.progress' as const, ...ofStep(run, step, attempt, at), detail }]),
  ];
}

/** The word of a person about a step, after the execution that it follows. */
export function vouchedEvent(run: Run, { step, vouched }: VouchedManifest): DaybreakEvent<'step.vouched'> {
  const id = eventId('step.vouched', run, run.execution, step);
  return { id, type: 'step.vouched', ...ofStep(run, step, null, vouched.at), detail: { ...vouched } };
}
