import type { LogPointer } from './failure.ts';

/** `steps/<step>/progress.json`: what the step's handler is doing, or was doing last. */
export interface StepProgress {
  readonly step: string;
  readonly execution: number;
  readonly attempt: number;
  readonly invocation: string;
  /** The times at which the first attempt of this execution and this attempt started their handlers. */
  readonly first_started_at: string;
  readonly started_at: string;
  readonly updated_at: string;
  readonly done: number | null;
  readonly total: number | null;
  readonly message: string | null;
  readonly logs: LogPointer | null;
  /** The attempt's own note about an end that is no error of the step: its time-out was near, or the store did not answer. */
  readonly ended?: 'time-out' | 'platform';
}
