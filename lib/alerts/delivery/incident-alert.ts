import { type ExecutionRef, executionEndKey, outcomeKey, outcomesPrefix } from '../../contract/object-keys.ts';
import type { ExecutionEnd } from '../../contract/records/execution.ts';
import type { Incident } from '../../contract/records/incident.ts';
import type { Outcome } from '../../contract/records/outcome.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { readIntact } from '../../runtime/records/json-objects.ts';
import type { Alert, AlertKind, AlertLink } from '../alert.ts';

export interface AlertSource {
  readonly store: ObjectStore;
  /** Links for an execution: the console, the logs. */
  readonly links: (run: ExecutionRef | null) => readonly AlertLink[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Makes the alert of an incident: its record, and the records of the run that failed last. Sends at most two requests and one listing to the store. */
export async function incidentAlert(incident: Incident, kind: AlertKind, source: AlertSource): Promise<Alert> {
  const [cause] = incident.causes;
  const step = cause?.step ?? null;
  const run = incident.last_run && { pipeline: incident.pipeline, ...incident.last_run };
  const failing = kind !== 'resolved' && run !== null;
  const [failure, arrives] = failing
    ? await Promise.all([readCause(source.store, run, step), settled(source.store, run, incident)])
    : [null, []];
  return {
    id: `${incident.id}/${incident.revision}/${kind}`,
    incident: incident.id,
    kind,
    severity: incident.severity,
    sample: false,
    pipeline: incident.pipeline,
    title: incident.title,
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
    deadline: null,
    resume: incident.resume,
    links: source.links(run),
  };
}

async function readCause(store: ObjectStore, run: ExecutionRef, step: string | null) {
  if (step !== null) {
    const outcome = await readIntact<Outcome>(store, outcomeKey(run, step));
    return outcome && { cause: outcome.failure?.cause ?? '', attempts: outcome.attempts };
  }
  const end = await readIntact<ExecutionEnd>(store, executionEndKey(run));
  return end && { cause: end.failure?.cause ?? '', attempts: 0 };
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
