import type { Severity } from '../events/alert-settings.ts';

/** The last message about one incident that one destination has. */
export interface Told {
  readonly severity: Severity;
  readonly status: 'open' | 'acknowledged' | 'resolved';
  /** The incident's `loud_at` then: a later one asks for a new message. Empty if the first message was begun, and no one knows if it arrived. */
  readonly loud_at: string;
  /** The incident's failures then. */
  readonly failures: number;
  /** The deadline of the incident that it knew of then, as its moment; null, or absent, for none. */
  readonly late?: string | null;
  /** Handle of the first message at the vendor (Slack's `ts`); null where there is none. */
  readonly thread: string | null;
  readonly at: string;
}

/** `<pipeline>/alerts/state.json`: who has heard of which incident; changed by compare-and-swap only. */
export interface AlertState {
  readonly pipeline: string;
  /** By incident, then by destination. */
  readonly told: Readonly<Record<string, Readonly<Record<string, Told>>>>;
  /** The invocation that sends now; null between invocations. Times are milliseconds since 1970. */
  readonly claim: { readonly by: string; readonly until: number; readonly again: boolean } | null;
}

/** One cause of trouble that several pipelines have, as one destination heard of it. */
export interface SharedCause {
  /** Id of the incident that named it first. Vendors join the messages of all by it. */
  readonly id: string;
  /** The error and the external origin behind it. */
  readonly sign: string;
  /** Name of the destination. */
  readonly destination: string;
  /** When its message was taken, in milliseconds since 1970; null: no one has heard of it yet. */
  readonly told_at: number | null;
  /** Handle of that message at the vendor; null where there is none. */
  readonly thread: string | null;
  /** The incident that sends the first message now, and until when it may. */
  readonly claim: { readonly by: string; readonly until: number } | null;
  /** By incident. `ended`: what its end is to the others, decided once. */
  readonly members: Readonly<
    Record<string, { readonly pipeline: string; readonly ended: 'recovered' | 'resolved' | null }>
  >;
}

/** `shared/causes.json`: changed by compare-and-swap only. */
export interface SharedCauses {
  /** The latest last. */
  readonly causes: readonly SharedCause[];
}

/** One incident in a digest. */
export interface DigestLine {
  /** Of the incident and its opening: an incident that comes back is another line. */
  readonly key: string;
  readonly pipeline: string;
  readonly severity: Severity;
  /** The failed step, or the error where no step failed. */
  readonly what: string;
  readonly title: string;
}

/** The digest of several pipelines for one destination. */
export interface SharedDigest {
  /** Name of the destination. */
  readonly destination: string;
  /** Pipelines may add lines until then. Milliseconds since 1970, as all times here. */
  readonly send_at: number;
  readonly lines: readonly DigestLine[];
  /** The pipeline that sends it now, and until when it may. */
  readonly claim: { readonly by: string; readonly until: number } | null;
  /** When it was taken; null: it is still open. */
  readonly told_at: number | null;
  /** Handle of the message at the vendor; null where there is none. */
  readonly thread: string | null;
}

/** `shared/digests.json`: changed by compare-and-swap only. */
export interface SharedDigests {
  readonly digests: readonly SharedDigest[];
}
