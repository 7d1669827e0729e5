/** Incidents as a pure function: (state, event) -> (state, changes). docs/incidents.md is its policy in words. */
import type { DaybreakEvent } from '../../contract/events/event.ts';
import type { Failing, Incident, IncidentState, StoryLine, Success } from '../../contract/records/incident.ts';
import { joined, late, newIncident, type Occasion, opened, resolved } from './change-incident.ts';
import { between, comesBackWithin, forgetOld, most, symptomBelongsWithin } from './incident-policy.ts';
import { type Observation, observe, type Trouble } from './observe.ts';

/** A change of an incident: the incident as it is now, and the line of its story. Incident and revision name it for all readers. */
export interface IncidentChange {
  readonly incident: Incident;
  readonly line: StoryLine;
}

export interface Reduced {
  readonly state: IncidentState;
  readonly changes: readonly IncidentChange[];
}

/**
 * Takes an event in. An event that was taken in before changes nothing and gives its changes again, so that a crash between writing and reporting loses none. The end does
 * not depend on the order of events: an incident is open exactly if no known success came after its last failure.
 */
export function reduce(state: IncidentState, event: DaybreakEvent): Reduced {
  const again = changesOf(state, event.id);
  if (again.length > 0) return { state, changes: again };
  let next = state;
  for (const observation of observe(event)) next = take(next, observation, event);
  const incidents = forgetOld(next.incidents);
  return { state: next === state ? state : { ...next, incidents }, changes: changesOf(next, event.id) };
}

/** The changes that an event made. */
export function changesOf({ incidents }: IncidentState, event: string): IncidentChange[] {
  return incidents.flatMap((incident) =>
    incident.story.filter((line) => line.event === event).map((line) => ({ incident, line })),
  );
}

function take(state: IncidentState, observation: Observation, event: DaybreakEvent): IncidentState {
  const { id, time, run_id } = event;
  switch (observation.kind) {
    case 'trouble':
      return takeTrouble(state, observation, { event: id, time, run_id, text: observation.text });
    case 'success':
      return takeSuccess(state, observation.success, { event: id, time, run_id, text: `run ${run_id} succeeded` });
    case 'blocked':
      return replaceEach(state, (incident) => withBlocked(incident, observation));
    case 'symptom ended': {
      const occasion = { event: id, time, run_id, text: observation.text };
      return replaceEach(state, (incident) =>
        isOpen(incident) && incident.causes.every(({ step, error }) => step === null && error === observation.error)
          ? resolved(incident, id, occasion)
          : incident,
      );
    }
  }
}

function takeTrouble(state: IncidentState, trouble: Trouble, occasion: Occasion): IncidentState {
  const { incidents, successes } = state;
  const isOver = successes.some((success) => endsIt(success, trouble));
  const same = incidents.filter((incident) => isCauseOf(incident, trouble));
  const open = same.find(isOpen) ?? explained(incidents.filter(isOpen), trouble, occasion);
  if (open) return replace(state, isOver ? late(open, trouble, occasion) : joined(open, trouble, occasion));
  const last = same.findLast((incident) => !isOpen(incident));
  if (last && (isOver || isBeforeWord(last, trouble.at))) return replace(state, late(last, trouble, occasion));
  const sinceEnd = last ? between(last.resolved_at ?? '', trouble.at) : Number.POSITIVE_INFINITY;
  if (last && sinceEnd < comesBackWithin) return replace(state, opened(last, 'reopened', trouble, occasion));
  const crowded = incidents.filter(isOpen).length >= most.open ? incidents.findLast(isOpen) : undefined;
  if (crowded) return replace(state, joined(crowded, trouble, occasion));
  const fresh = newIncident(state.pipeline, state.last + 1, trouble);
  const made = isOver
    ? { ...late(fresh, trouble, occasion), ...overAt(occasion.time) }
    : opened(fresh, 'opened', trouble, occasion);
  return { ...state, last: fresh.number, incidents: [...incidents, made] };
}

/** Ends an incident that is heard of only after the success that followed its failure. */
const byEarlierSuccess = 'an earlier success';

const overAt = (time: string) => ({
  status: 'resolved' as const,
  resolved_at: time,
  resolved_by: byEarlierSuccess,
});

function takeSuccess(state: IncidentState, success: Success, occasion: Occasion): IncidentState {
  const known = state.successes.some((one) => one.run_id === success.run_id && one.execution === success.execution);
  const all = [...state.successes, success].sort((one, other) => between(other.started_at, one.started_at));
  const next = known ? state : { ...state, successes: all.slice(-most.successes) };
  return replaceEach(next, (incident) => {
    const failing = incident.failing.filter((one) => !endsIt(success, one));
    if (!isOpen(incident) || failing.length === incident.failing.length) return incident;
    return failing.length === 0 ? resolved(incident, occasion.event, occasion) : { ...incident, failing };
  });
}

const isOpen = ({ status }: Incident): boolean => status !== 'resolved';

const isCauseOf = ({ causes }: Incident, { step, error }: Trouble): boolean =>
  causes.some((cause) => cause.step === step && cause.error === error);

/** True if a person, or the end of an alarm or deadline, closed the incident after the failure happened. A success has its own rule: `endsIt`. */
const isBeforeWord = ({ resolved_at, resolved_by }: Incident, time: string): boolean =>
  resolved_by !== null &&
  between(time, resolved_at ?? '') >= 0 &&
  resolved_by !== byEarlierSuccess &&
  !resolved_by.startsWith('run.completed/');

/** The open incident that a symptom belongs to, or the open symptom that a failure explains: of the same run, or without a run and near in time. */
function explained(open: readonly Incident[], trouble: Trouble, { time }: Occasion): Incident | undefined {
  const near = (incident: Incident): boolean => {
    const sameRun =
      trouble.execution !== null &&
      incident.executions.some((name) => name.startsWith(`${trouble.execution?.run_id}/`));
    const withoutRun = trouble.execution === null || incident.executions.length === 0;
    const apart = Math.min(
      Math.abs(between(incident.opened_at, time)),
      Math.abs(between(incident.last_failure_at, time)),
    );
    return sameRun || (withoutRun && apart <= symptomBelongsWithin);
  };
  if (trouble.symptom) return open.findLast(near);
  return open.findLast((incident) => incident.causes.every(({ step }) => step === null) && near(incident));
}

/**
 * True if a success came after a failure: its execution started later, or it is a later execution of the same run. The step itself must not have failed in it. A run that was only
 * late ends that itself; and where no execution is known, an alarm for example, the moment of the success counts.
 */
function endsIt(success: Success, { step, execution, at }: Failing): boolean {
  if (step !== null && success.failed.includes(step)) return false;
  if (execution === null) return between(at, success.ended_at) >= 0;
  if (execution.run_id !== success.run_id) return between(at, success.started_at) >= 0;
  return step === null ? success.execution >= execution.execution : success.execution > execution.execution;
}

function withBlocked(
  incident: Incident,
  { step, by, run_id }: Extract<Observation, { readonly kind: 'blocked' }>,
): Incident {
  const concerns =
    isOpen(incident) &&
    incident.executions.some((name) => name.startsWith(`${run_id}/`)) &&
    incident.causes.some((cause) => cause.step !== null && by.includes(cause.step));
  if (!concerns || incident.blocked.includes(step) || incident.blocked.length >= most.blocked) return incident;
  return { ...incident, blocked: [...incident.blocked, step] };
}

const replace = (state: IncidentState, incident: Incident): IncidentState =>
  replaceEach(state, (one) => (one.number === incident.number ? incident : one));

function replaceEach(state: IncidentState, change: (incident: Incident) => Incident): IncidentState {
  const incidents = state.incidents.map(change);
  return incidents.some((incident, index) => incident !== state.incidents[index]) ? { ...state, incidents } : state;
}
