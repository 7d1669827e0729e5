/** The types of events, one row each: the meaning, and the fields of its detail. `docs/events.md` is made of this table. */
import * as z from 'zod/mini';
import { incidentDetail } from './incident-detail.ts';

const text = z.string();
const texts = z.array(z.string());
const count = z.int();
const moment = z.string();
const open = z.record(z.string(), z.json());

const started = z.object({
  started_at: moment,
  scheduled_time: z.nullable(moment),
  /** Version of the pipeline. */
  version: text,
  /** Greater than 0 when a redrive continues the execution. */
  redrive_count: count,
});

const failedStep = z.object({ step: text, error: text, severity: text, failed_at: moment });

const ended = z.object({
  started_at: moment,
  ended_at: moment,
  /** Number of steps by outcome. */
  steps: z.record(z.string(), count),
  /** The failed steps, at most 50; optional ones too. */
  failed: z.array(failedStep),
  /** Names of blocked steps, at most 50. */
  blocked: texts,
  /** The command that resumes; null where nothing is to be resumed. */
  resume: z.nullable(text),
});

const stepEnd = z.object({
  started_at: z.nullable(moment),
  ended_at: moment,
  attempts: count,
});

const stepMade = z.extend(stepEnd, {
  /** Rows and bytes by dataset; never the rows themselves. Null where the outcome is too large to hold them. */
  datasets: z.nullable(z.record(z.string(), z.object({ rows: count, bytes: count }))),
  /** Number of files; null in the same case. */
  files: z.nullable(count),
});

const deadline = z.object({
  /** The moment that was promised. */
  ready_by: moment,
  /** The scheduled time that the deadline belongs to. */
  scheduled_time: z.nullable(moment),
  /** When the run is expected to end: the earliest and the latest moment (10 % and 90 %); null where no one can say. */
  expected: z.nullable(z.object({ from: moment, to: moment })),
  /** Step that holds the run up. */
  held_up_by: z.nullable(text),
  /** Seconds after `ready_by`, measured or expected. */
  late_seconds: z.nullable(z.number()),
});

const versionChange = z.object({
  /** Name of the partition; "" for a pipeline without partitions. */
  partition: text,
  /** The version that readers saw before, and the one that they see now; null for none. */
  before: z.nullable(count),
  after: z.nullable(count),
  /** Rows of all datasets of the version that they see now; null for none. */
  rows: z.nullable(count),
  /** Number of the change, from 1, without gaps. */
  change: count,
});

const byPerson = z.extend(versionChange, { by: text, reason: text });

interface EventTypeRow {
  /** One sentence for people. */
  readonly means: string;
  /** The severity, in words. */
  readonly severity: string;
  readonly detail: z.ZodMiniType;
  /** Part of the id after type, pipeline, run and execution. */
  readonly sentBy: string;
}

const row = <D extends z.ZodMiniType>(means: string, severity: string, sentBy: string, detail: D) =>
  ({ means, severity, sentBy, detail }) satisfies EventTypeRow;

const ofStep = 'of the step';
/** The type has a name and a form, and no part of Daybreak sends it yet. */
export const notYet = 'no one yet';

export const eventTypes = {
  'run.started': row('An execution of a run began.', 'info', 'Prepare', started),
  'run.completed': row('All steps that count succeeded.', 'info', 'Finalize', ended),
  'run.failed': row(
    'An execution failed: a step that counts failed or is blocked, the input does not fit, or time ran out.',
    'of its most severe failed step',
    'Finalize, Reconcile',
    ended,
  ),
  'run.stopped': row('A person or a program stopped the execution.', 'low', 'Reconcile', ended),
  'run.skipped': row(
    'Prepare refused a start: another run has the turn, or the same run is active.',
    'info',
    'Prepare',
    z.object({ reason: text, execution_name: text }),
  ),
  'step.started': row('The handler began its first attempt.', 'info', 'the step', z.object({ started_at: moment })),
  'step.progress': row(
    'The handler reported progress; at most once a minute for each attempt.',
    'info',
    'the step',
    z.object({ done: z.nullable(z.number()), total: z.nullable(z.number()), message: z.nullable(text) }),
  ),
  'step.retrying': row(
    'An attempt failed, and another one follows.',
    'info',
    'the step',
    z.object({
      kind: text,
      /** The delay that the step asks for; null where the machine chooses it. */
      delay_seconds: z.nullable(z.number()),
    }),
  ),
  'step.completed': row('The step succeeded, and its data is committed.', 'info', 'the step', stepMade),
  'step.reused': row('The result of an earlier execution holds.', 'info', 'the step', stepMade),
  'step.failed': row(
    'All attempts are used up, or the error is permanent.',
    ofStep,
    'RecordFailure, Finalize',
    z.extend(stepEnd, {
      /** Place in the author's code. */
      thrown_at: z.nullable(text),
      dead_letter: text,
      /** The command that resumes. */
      resume: text,
    }),
  ),
  'step.blocked': row(
    'The step does not run, because a step before it failed.',
    'info',
    'the step',
    z.extend(stepEnd, {
      /** The failed steps behind it. */
      blocked_by: texts,
    }),
  ),
  'step.skipped': row('The step does not run, because a step before it was skipped.', 'info', 'the step', stepEnd),
  'step.vouched': row(
    'A person vouched for the step: the next execution reuses the result that they gave.',
    'info',
    '`daybreak mark`',
    z.object({ by: text, at: moment, reason: text }),
  ),
  'step.yielded': row(
    'The time of a function ended; a fresh invocation continues the attempt.',
    'info',
    'the step',
    z.object({ invocations: count }),
  ),
  'deadline.at_risk': row('The run will probably end after its deadline.', 'of the deadline', 'Deadlines', deadline),
  'deadline.missed': row('The deadline passed, and the data is not ready.', 'of the deadline', 'Deadlines', deadline),
  'deadline.met': row('The data is ready after a notice or a miss.', 'info', 'Deadlines', deadline),
  'alarm.raised': row(
    'A CloudWatch alarm of the pipeline fired.',
    'of the alarm',
    'Incidents',
    z.object({ alarm: text }),
  ),
  'alarm.cleared': row('The alarm ended.', 'info', 'Incidents', z.object({ alarm: text })),
  'incident.opened': row(
    'A new cause of trouble, or one that came back.',
    'of the incident',
    'Incidents',
    incidentDetail,
  ),
  'incident.updated': row(
    'More of the same cause, a higher severity, or a person who took it.',
    'of the incident',
    'Incidents',
    incidentDetail,
  ),
  'incident.resolved': row('A run succeeded, or a person closed the incident.', 'info', 'Incidents', incidentDetail),
  'data.check_failed': row(
    'Data does not keep a rule of `checks`. With `block` the step fails.',
    'of the step with `block`, otherwise low',
    'the step',
    z.object({
      /** Null for a check in code that is about no single one. */
      dataset: z.nullable(text),
      check: text,
      kind: text,
      on_violation: text,
      /** The finding in words, never with values of rows. Null where nothing could be measured. */
      measured: z.nullable(text),
      allowed: text,
    }),
  ),
  'data.published': row('Readers see a new version of the data.', 'info', 'Finalize', versionChange),
  'data.rolled_back': row('A person moved readers to another version.', 'low', '`daybreak rollback`', byPerson),
  'data.withdrawn': row(
    'A person withdrew a version: no reader gets it.',
    'low',
    '`daybreak withdraw`',
    z.extend(byPerson, { /** The version that is withdrawn. */ withdrawn: count }),
  ),
  'system.opened': row('A circuit breaker left an external system alone.', 'of the system', notYet, open),
  'system.closed': row('An external system works again.', 'info', notYet, open),
} as const;

export type EventDetails = { readonly [T in keyof typeof eventTypes]: z.infer<(typeof eventTypes)[T]['detail']> };
