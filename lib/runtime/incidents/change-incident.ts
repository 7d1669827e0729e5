/** The ways in which one incident changes. Each is pure and adds one line to the story. */
import type { IncidentChangeKind } from '../../contract/events/incident-detail.ts';
import type { Failing, Incident, StoryLine } from '../../contract/records/incident.ts';
import { between, most, quietFor } from './incident-policy.ts';
import type { Trouble } from './observe.ts';

/** The moment and the reason of a change. */
export interface Occasion {
  /** Id of the event, or `operator/<moment>`. */
  readonly event: string;
  readonly time: string;
  readonly run_id: string | null;
  readonly text: string;
}

const order = ['low', 'medium', 'high', 'critical'] as const;

/** True if the first severity is the higher. */
const isWorse = (one: Incident['severity'], other: Incident['severity']): boolean =>
  order.indexOf(one) > order.indexOf(other);

/** A new incident, still without a line in its story. */
export function newIncident(pipeline: string, number: number, trouble: Trouble): Incident {
  const { step, error, severity, at: time } = trouble;
  return {
    id: `${pipeline}-${number}`,
    number,
    pipeline,
    status: 'open',
    severity,
    title: step === null ? `${pipeline}: ${error}` : `${pipeline}: ${step} failed with ${error}`,
    causes: [{ step, error }],
    opened_at: time,
    last_failure_at: time,
    last_run: trouble.execution,
    failing: [],
    resolved_at: null,
    resolved_by: null,
    acknowledged: null,
    executions: [],
    failures: 0,
    blocked: [],
    reopened: 0,
    loud_at: null,
    loud: false,
    resume: null,
    late: null,
    revision: 0,
    story: [],
  };
}

/** The incident with one more line in its story. `loud` makes the line one that people should hear of. */
function withLine(
  incident: Incident,
  change: IncidentChangeKind,
  { event, time, run_id, text }: Occasion,
  loud: boolean,
): Incident {
  const revision = incident.revision + 1;
  const line: StoryLine = { event, time, run_id, change, revision, loud, text: text.slice(0, 300).toWellFormed() };
  const { story } = incident;
  const kept =
    story.length < most.firstLines + most.lastLines
      ? story
      : [...story.slice(0, most.firstLines), ...story.slice(most.firstLines + 1)];
  return { ...incident, revision, story: [...kept, line] };
}

/** The incident with everything that a sign of its cause adds; no line yet. */
function withTrouble(incident: Incident, trouble: Trouble): Incident {
  const { step, error, execution, at } = trouble;
  const name = execution && `${execution.run_id}/${execution.execution}`;
  const isNew = name === null || !incident.executions.includes(name);
  const isKnown = incident.causes.some((cause) => cause.step === step && cause.error === error);
  const isLater = between(incident.last_failure_at, at) >= 0;
  return {
    ...incident,
    severity: isWorse(trouble.severity, incident.severity) ? trouble.severity : incident.severity,
    causes: isKnown ? incident.causes : [...incident.causes, { step, error }].slice(0, most.causes),
    last_failure_at: isLater ? at : incident.last_failure_at,
    last_run: (isLater ? execution : null) ?? incident.last_run,
    executions: name !== null && isNew ? [...incident.executions, name].slice(-most.executions) : incident.executions,
    failures: incident.failures + (isNew ? 1 : 0),
    blocked: [...new Set([...incident.blocked, ...trouble.blocked])].slice(0, most.blocked),
    resume: trouble.resume ?? incident.resume,
    ...lateness(incident, trouble),
  };
}

/** The later deadline counts, and of one deadline the miss: a notice that comes after it says less. */
function lateness({ late: known }: Incident, { late: next }: Trouble): Pick<Incident, 'late'> {
  if (!next) return {};
  const apart = known ? between(known.ready_by, next.ready_by) : 1;
  return { late: known && (apart < 0 || (apart === 0 && known.missed && !next.missed)) ? known : next };
}

/** The incident with a failure that no success has ended. A failed step and the end of its run report the same one. */
function withFailing(incident: Incident, { step, execution, at }: Trouble): Incident {
  const same = ({ step: other, execution: its }: Failing): boolean =>
    step === other && execution !== null && its?.run_id === execution.run_id && its.execution === execution.execution;
  if (incident.failing.some(same)) return incident;
  return { ...incident, failing: [...incident.failing, { step, execution, at }].slice(-most.failing) };
}

/** Opens a new incident, or reopens one that was resolved. People hear of a cause at most once in `quietFor`. */
export function opened(
  incident: Incident,
  change: 'opened' | 'reopened',
  trouble: Trouble,
  occasion: Occasion,
): Incident {
  const loud = isDue(incident, occasion.time);
  const base = withFailing(withTrouble({ ...incident, severity: trouble.severity, late: null }, trouble), trouble);
  return withLine(
    {
      ...base,
      status: 'open',
      resolved_at: null,
      resolved_by: null,
      acknowledged: null,
      reopened: incident.reopened + (change === 'reopened' ? 1 : 0),
      loud,
      loud_at: loud ? occasion.time : incident.loud_at,
    },
    change,
    occasion,
    loud,
  );
}

/** Takes one more sign into an open incident. It is quiet, unless the severity rises, or the incident came back quietly and has not ended since. */
export function joined(incident: Incident, trouble: Trouble, occasion: Occasion): Incident {
  const more = withFailing(withTrouble(incident, trouble), trouble);
  const isRaised = isWorse(more.severity, incident.severity);
  const isOverdue = !incident.loud && incident.status === 'open' && isDue(incident, occasion.time);
  const loud = isRaised || isOverdue;
  const heard = loud ? { loud: true, loud_at: occasion.time } : {};
  return withLine({ ...more, ...heard }, isRaised ? 'raised' : 'joined', occasion, loud);
}

/** Ends the failures before a person's word. A later one, of which the person may not know, keeps the incident open. */
export function closed(incident: Incident, by: string, occasion: Occasion): Incident {
  const failing = incident.failing.filter(({ at }) => between(occasion.time, at) > 0);
  return failing.length === 0 ? resolved(incident, by, occasion) : { ...incident, failing };
}

/** Ends an incident. Those who heard of its beginning hear of its end. */
export function resolved(incident: Incident, by: string, occasion: Occasion): Incident {
  const ended = { ...incident, failing: [], status: 'resolved' as const, resolved_at: occasion.time, resolved_by: by };
  return withLine({ ...ended, loud: false }, 'resolved', occasion, incident.loud);
}

/** Notes a failure that is over already: it was reported after the success that followed it. */
export function late(incident: Incident, trouble: Trouble, occasion: Occasion): Incident {
  return withLine(withTrouble(incident, trouble), 'late', occasion, false);
}

/** A person takes it. */
export function acknowledged(incident: Incident, by: string, note: string, occasion: Occasion): Incident {
  const taken = { by, at: occasion.time, note };
  return withLine({ ...incident, status: 'acknowledged', acknowledged: taken }, 'acknowledged', occasion, false);
}

const isDue = ({ loud_at }: Incident, time: string): boolean => loud_at === null || between(loud_at, time) >= quietFor;
