import type { ListedExecution } from '../../contract/index-keys.ts';
import type { ExecutionRecord } from '../../contract/records/execution.ts';
import type { Snapshot } from './snapshot.ts';

/** An execution as the offline engine keeps it, beside the store. */
export interface Remembered {
  readonly arn: string;
  readonly started_at: string;
  readonly input: ExecutionRecord['input'];
}

/** Everything that a record can be rebuilt from. */
export interface Sources {
  readonly snapshot: Snapshot;
  /** The run's executions in the index. */
  readonly listed: readonly ListedExecution[];
  /** The run's executions on this machine, in the order of their starts. */
  readonly remembered: readonly Remembered[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The parts of a record's key that its rebuilding needs. */
export interface RecordKeyParts {
  readonly execution: number;
  /** Of a record of a step. */
  readonly step: string;
}

/** Reads them from the key; without a match the execution is 0 and the step is empty. */
export function partsOfKey(key: string): RecordKeyParts {
  const [, execution = '0', step = ''] =
    /\/executions\/(\d+)(?:\.json$|\/[^/]+\/([^/]+)\.json$|\/end\.json$)/.exec(key) ?? [];
  return { execution: Number(execution), step };
}
