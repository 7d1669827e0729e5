import {
  deadLetterKey,
  type ExecutionRef,
  executionEndKey,
  outcomeKey,
  outcomesPrefix,
  wholeExecution,
} from '../../contract/object-keys.ts';
import type { DeadLetter } from '../../contract/records/dead-letter.ts';
import type { ExecutionEnd } from '../../contract/records/execution.ts';
import type { LogPointer } from '../../contract/records/failure.ts';
import type { Incident } from '../../contract/records/incident.ts';
import type { Outcome } from '../../contract/records/outcome.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { readIntact } from '../../runtime/records/json-objects.ts';
import type { Alert, AlertLink } from '../alert.ts';
import type { Notice } from './plan-notices.ts';

/** The places in AWS that a failure names. */
export interface FailurePlaces {
  readonly execution_arn: string;
  readonly logs: LogPointer | null;
  readonly failed_at: string;
}

export interface AlertSource {
  readonly store: ObjectStore;
  /** Links for a failure: the console, the logs. */
  readonly links: (places: FailurePlaces) => readonly AlertLink[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Makes the alert of a notice: from the incident, and from the records of the run that failed last. Sends at most two requests and one listing to the store. */
export async function incidentAlert(
  { incident, kind, audience }: Pick<Notice, 'incident' | 'kind' | 'audience'>,
  source: AlertSource,
): Promise<Alert> {
  const [cause] = incident.causes;
  const step = cause?.step ?? null;
  const run = incident.last_run && { pipeline: incident.pipeline, ...incident.last_run };
  const failing = kind !== 'resolved' && run !== null;
  const [failure, arrives] = failing
    ? await Promise.all([readFailure(source.store, run, step), settled(source.store, run, incident)])
    : [null, []];
  return {
    id: `${incident.id}/${incident.revision}/${kind}`,
    incident: incident.id,
    kind,
    audience,
    severity: incident.severity,
    sample: false,
    pipeline: incident.pipeline,
    title: audience === 'stakeholders' ? wordsForStakeholders(incident) : wordsForTeam(incident),
    run_id: run?.run_id ?? null,
    step,
    error: cause?.error ?? 'unknown',
    failures: incident.failures,
    cause: failure?.cause ?? '',
    since: incident.opened_at,
    at: kind === 'resolved' ? (incident.resolved_at ?? incident.last_failure_at) : new Date(source.now).toISOString(),
    attempts: failure?.attempts ?? 0,
    blocks: incident.blocked,
    arrives,
    late: incident.late ?? null,
    taken_by: incident.acknowledged?.by ?? null,
    resume: incident.resume,
    links: failure?.places ? source.links(failure.places) : [],
  };
}

/** Titles of alerts begin with the pipeline; so do those of incidents. A deadline that no failure explains is named as what it is. */
function wordsForTeam({ title, pipeline, late, causes }: Incident): string {
  if (late && causes.every(({ error }) => error === 'Deadline'))
    return late.missed ? 'the deadline has passed' : 'the deadline is in danger';
  return title.startsWith(`${pipeline}: `) ? title.slice(pipeline.length + 2) : title;
}

function wordsForStakeholders({ status, resolved_by, late }: Incident): string {
  if (status !== 'resolved') return late?.missed ? 'the data is late' : 'the data will be late';
  // A person may close an incident without a run.
  return resolved_by?.startsWith('operator ') ? 'the team has closed the incident' : 'the data is ready';
}

interface FailureFacts {
  readonly cause: string;
  readonly attempts: number;
  readonly places: FailurePlaces | null;
}

/** The dead letter says most. A failure without one has an outcome or the end of its execution. */
async function readFailure(store: ObjectStore, run: ExecutionRef, step: string | null): Promise<FailureFacts | null> {
  const letter = await readIntact<DeadLetter>(store, deadLetterKey(run, step ?? wholeExecution));
  if (letter) return { cause: letter.failure.cause, attempts: letter.attempts, places: letter };
  if (step !== null) {
    const outcome = await readIntact<Outcome>(store, outcomeKey(run, step));
    return outcome && { cause: outcome.failure?.cause ?? '', attempts: outcome.attempts, places: null };
  }
  const end = await readIntact<ExecutionEnd>(store, executionEndKey(run));
  return end && { cause: end.failure?.cause ?? '', attempts: 0, places: null };
}

/** The steps of the run that have ended and are neither the cause nor blocked by it: their data is there, or comes from an earlier run. */
async function settled(store: ObjectStore, run: ExecutionRef, { causes, blocked }: Incident): Promise<string[]> {
  const without = new Set([...blocked, ...causes.map(({ step }) => step)]);
  const prefix = outcomesPrefix(run);
  const names: string[] = [];
  for await (const { key } of store.list(prefix)) {
    const name = key.slice(prefix.length).replace(/\.json$/, '');
    if (!without.has(name)) names.push(name);
  }
  return names;
}
