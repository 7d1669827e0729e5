/** One message to people about one change of an incident: the facts, before any receiver's form. */
import type { Severity } from '../contract/events/alert-settings.ts';
import type { Late } from '../contract/records/incident.ts';

/**
 * `opened` and `escalated` ask for a person, and `late` warns stakeholders; the others tell those who heard before. `joined` and `recovered` are the beginning and the end of an
 * incident whose cause other pipelines have too.
 */
export type AlertKind =
  | 'opened'
  | 'updated'
  | 'joined'
  | 'escalated'
  | 'acknowledged'
  | 'recovered'
  | 'resolved'
  | 'late';

/** The team repairs; stakeholders wait for the data and want no error message. */
export type Audience = 'team' | 'stakeholders';

export interface AlertLink {
  readonly label: string;
  readonly url: string;
}

export interface Alert {
  /** Of the change: the same each time the change is sent. */
  readonly id: string;
  /** Key of the incident: equal for all changes of one incident. Vendors join messages by it. */
  readonly incident: string;
  readonly kind: AlertKind;
  readonly audience: Audience;
  readonly severity: Severity;
  /** A sample that `daybreak alerts test` sends. Its texts say so. */
  readonly sample: boolean;
  readonly pipeline: string;
  /** One line that names the trouble: `extract_orders failed with RetryableError`. */
  readonly title: string;
  /** Other pipelines that have the same cause now. */
  readonly same_cause?: readonly string[];
  readonly run_id: string | null;
  /** The step that failed first; null if a run failed in another way. */
  readonly step: string | null;
  readonly error: string;
  /** Failures with this cause, over all runs. */
  readonly failures: number;
  /** The error's message, of any length and content. */
  readonly cause: string;
  /** When the incident began and when it changed: ISO 8601 in UTC. */
  readonly since: string;
  readonly at: string;
  /** Attempts of the step; 0 if none started. */
  readonly attempts: number;
  /** Steps that cannot run because of it. */
  readonly blocks: readonly string[];
  /** Steps that run to their end in spite of it. */
  readonly arrives: readonly string[];
  /** The deadline that it holds up; null for none. */
  readonly late: Late | null;
  /** The person who took the incident; null if no one did. */
  readonly taken_by: string | null;
  /** Command that continues the run; null if there is nothing to continue. */
  readonly resume: string | null;
  readonly links: readonly AlertLink[];
}
