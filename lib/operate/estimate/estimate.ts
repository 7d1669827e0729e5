/** The forms of an estimate: the state of a run, and when it will probably end. All times are milliseconds since 1970. */

export interface EstimatedStep {
  readonly name: string;
  readonly dependencies: readonly string[];
  /** `ended`: nothing of it remains, for any reason. */
  readonly state: 'ended' | 'running' | 'pending';
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** The handler did its work in this execution, so its time says how fast this run is. */
  readonly worked: boolean;
  readonly progress: { readonly done: number; readonly total: number | null } | null;
}

export interface RunState {
  readonly steps: readonly EstimatedStep[];
  readonly startedAt: number;
  readonly now: number;
}

/** Between `from` and `to` lie eight of ten ends: 10 % are earlier, and 10 % are later. */
export interface EndRange {
  readonly from: number;
  readonly to: number;
}

export interface RunEstimate {
  /** Earlier runs that it is based on. */
  readonly runs: number;
  /** Null if a step that remains has no history. */
  readonly end: EndRange | null;
  /** By step that remains and has history, as have all before it. */
  readonly steps: Readonly<Record<string, EndRange>>;
  /** The step on which the end depends most: it works now, or comes next, on the longest way through what remains. */
  readonly heldUpBy: string | null;
  /** Steps that remain and have too little history. */
  readonly unknown: readonly string[];
}
