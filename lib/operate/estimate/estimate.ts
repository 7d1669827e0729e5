/** The forms of an estimate: the state of a run, and when it will probably end. All times are milliseconds since 1970. */

/** The times that a template expects of its steps and of the whole run: milliseconds. It counts where history is missing. */
export interface ExpectedTimes {
  readonly run: number | null;
  readonly steps: ReadonlyMap<string, number>;
}

/** The expected times of a plan, or of the part of it that a reader has. */
export function expectedTimesOf(plan: {
  readonly expectedMs: number | null;
  readonly steps: readonly { readonly name: string; readonly expectedMs: number | null }[];
}): ExpectedTimes {
  const steps = plan.steps.flatMap(({ name, expectedMs }) =>
    expectedMs === null ? [] : [[name, expectedMs] as const],
  );
  return { run: plan.expectedMs, steps: new Map(steps) };
}

export interface EstimatedStep {
  readonly name: string;
  readonly dependencies: readonly string[];
  /** `ended`: nothing of it remains, for any reason. */
  readonly state: 'ended' | 'running' | 'pending';
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** It failed, or its execution has ended: it starts again at this moment at the earliest. */
  readonly restartsAt?: number;
  /** The handler did its work in this execution, so its time says how fast this run is. */
  readonly worked: boolean;
  readonly progress: { readonly done: number; readonly total: number | null } | null;
  /** The time that the template expects it to take, in milliseconds; counts only without history. */
  readonly expectedMs: number | null;
}

export interface RunState {
  readonly steps: readonly EstimatedStep[];
  readonly startedAt: number;
  readonly now: number;
  /** The same for the whole run: counts if a step has neither. */
  readonly expectedMs: number | null;
}

/** Between `from` and `to` lie eight of ten ends: 10 % are earlier, and 10 % are later. */
export interface EndRange {
  readonly from: number;
  readonly to: number;
}

export interface RunEstimate {
  /** Earlier runs that it is based on. */
  readonly runs: number;
  /** Null if a step that remains has no history, and the template expects nothing. */
  readonly end: EndRange | null;
  /** By step that remains and has history, as have all before it. */
  readonly steps: Readonly<Record<string, EndRange>>;
  /** The step on which the end depends most: it works now, or comes next, on the longest way through what remains. */
  readonly heldUpBy: string | null;
  /** Steps that remain and have too little history: the template's `expected_duration` stands in for it. */
  readonly assumed: readonly string[];
  /** Steps that remain and have neither. If there is an end all the same, it is that of the pipeline's `expected_duration`. */
  readonly unknown: readonly string[];
}
