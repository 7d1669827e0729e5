import type { EventSeverity } from '../events/event.ts';
import type { IncidentChangeKind } from '../events/incident-detail.ts';

/** One line of an incident's story: an event that it took in, and the change that followed. */
export interface StoryLine {
  /** Id of the event, or `operator/<moment>`: an event is taken in once. */
  readonly event: string;
  /** The event's own time, so that the story can be read in order. */
  readonly time: string;
  readonly run_id: string | null;
  readonly change: IncidentChangeKind;
  /** The incident's revision after it. */
  readonly revision: number;
  readonly loud: boolean;
  readonly text: string;
}

/** One cause of trouble, from its first failure to the run that succeeded. */
export interface Incident {
  readonly id: string;
  readonly number: number;
  readonly pipeline: string;
  readonly status: 'open' | 'acknowledged' | 'resolved';
  readonly severity: Exclude<EventSeverity, 'info'>;
  readonly title: string;
  /** The signs of the cause. A step is null for a run that died as a whole, a missed deadline, or an alarm. */
  readonly causes: readonly { readonly step: string | null; readonly error: string }[];
  readonly opened_at: string;
  readonly last_failure_at: string;
  /** The execution of the last failure; null where no failure had one. */
  readonly last_run: { readonly run_id: string; readonly execution: number } | null;
  /** The failures that no success has ended yet: the incident is open as long as there is one. At most 50, the latest last. */
  readonly failing: readonly Failing[];
  readonly resolved_at: string | null;
  readonly resolved_by: string | null;
  readonly acknowledged: { readonly by: string; readonly at: string; readonly note: string } | null;
  /** The executions whose failures it holds, as `<run>/<number>`, the latest last; at most 20. */
  readonly executions: readonly string[];
  readonly failures: number;
  readonly blocked: readonly string[];
  readonly reopened: number;
  /** The time of the last opening that people should hear of. */
  readonly loud_at: string | null;
  /** People should know that it is open; so they should hear of its end. */
  readonly loud: boolean;
  readonly resume: string | null;
  /** The latest deadline that it holds up; null, or absent in records from before there were deadlines, for none. */
  readonly late?: Late | null;
  readonly revision: number;
  /** At most 60 lines: the first and the latest. */
  readonly story: readonly StoryLine[];
}

/** Data that will come, or came, after the moment that was promised. */
export interface Late {
  /** The promised moment, ISO 8601 in UTC: it names the deadline. */
  readonly ready_by: string;
  /** True once the moment has passed. */
  readonly missed: boolean;
  /** Seconds after `ready_by` at which the data is expected; null where no one can say. */
  readonly late_seconds: number | null;
  readonly held_up_by: string | null;
}

/** A failure in an incident. */
export interface Failing {
  readonly step: string | null;
  /** Null for alarms, and for deadlines of runs that never started. */
  readonly execution: { readonly run_id: string; readonly execution: number } | null;
  readonly at: string;
}

/** An execution that succeeded. */
export interface Success {
  readonly run_id: string;
  readonly execution: number;
  readonly started_at: string;
  readonly ended_at: string;
  /** Optional steps that failed in it all the same. */
  readonly failed: readonly string[];
}

/** `<pipeline>/incidents/state.json`: all open incidents of a pipeline and the latest closed ones; changed by compare-and-swap. */
export interface IncidentState {
  readonly pipeline: string;
  /** Number of the last incident. */
  readonly last: number;
  /** The latest runs that succeeded, at most 10: a failure that is reported late may be over already. */
  readonly successes: readonly Success[];
  readonly incidents: readonly Incident[];
}
