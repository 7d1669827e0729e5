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
  /** The execution of the last failure; a later one of the same run resolves. */
  readonly last_run: { readonly run_id: string; readonly execution: number } | null;
  readonly resolved_at: string | null;
  readonly resolved_by: string | null;
  readonly acknowledged: { readonly by: string; readonly at: string; readonly note: string } | null;
  readonly runs: readonly string[];
  readonly failures: number;
  readonly blocked: readonly string[];
  readonly reopened: number;
  /** The time of the last opening that people should hear of. */
  readonly loud_at: string | null;
  /** People should know that it is open; so they should hear of its end. */
  readonly loud: boolean;
  readonly resume: string | null;
  readonly revision: number;
  /** At most 60 lines: the first and the latest. */
  readonly story: readonly StoryLine[];
}

/** `<pipeline>/incidents/state.json`: all open incidents of a pipeline and the latest closed ones; changed by compare-and-swap. */
export interface IncidentState {
  readonly pipeline: string;
  /** Number of the last incident. */
  readonly last: number;
  readonly incidents: readonly Incident[];
}
