/** The execution that works, of all runs of a pipeline that must not overlap. */
export interface LeaseHolder {
  readonly run_id: string;
  readonly execution_arn: string;
  readonly redrive_count: number;
  /** Of the execution: a name, and so an ARN, may be used again after 90 days. */
  readonly started_at: string;
  readonly taken_at: string;
}

/** `<pipeline>/leases/<key>.json`: changed by compare-and-swap only and never deleted, so that no fence comes twice. */
export interface Lease {
  /** Grows with every taking: tells a holder from all before it. */
  readonly fence: number;
  /** Null when the lease is free. */
  readonly holder: LeaseHolder | null;
}
