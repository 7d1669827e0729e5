/** One maker per way in which a step can end, so that the rules for an outcome's fields stand in one place. */
import type { ExecutionRef } from '../../contract/object-keys.ts';
import { manifestKey } from '../../contract/object-keys.ts';
import type { Failure } from '../../contract/records/failure.ts';
import type { Manifest } from '../../contract/records/manifest.ts';
import type { Outcome } from '../../contract/records/outcome.ts';

export interface Ending {
  readonly step: string;
  readonly ref: ExecutionRef;
  /** Attempts whose handler was started in this execution. */
  readonly attempts: number;
  readonly startedAt: string | null;
  readonly endedAt: string;
}

const base = ({ step, ref, attempts, startedAt, endedAt }: Ending) => ({
  step,
  execution: ref.execution,
  manifest: null,
  digest: null,
  failure: null,
  causes: [],
  attempts,
  started_at: startedAt,
  ended_at: endedAt,
});

/** `succeeded` if this execution made the manifest, else `reused`. */
export function committed(ending: Ending, manifest: Manifest): Outcome {
  return {
    ...base(ending),
    outcome: manifest.execution === ending.ref.execution ? 'succeeded' : 'reused',
    manifest: manifestKey(ending.ref, ending.step, manifest.fingerprint),
    digest: manifest.digest,
  };
}

/** `tried`: what failed, where it is known, so that a later resume can tell whether it is still the same. */
export function failed(ending: Ending, failure: Failure, tried?: Outcome['tried']): Outcome {
  return {
    ...base(ending),
    outcome: 'failed',
    failure,
    ...(tried && { tried }),
    causes: [ending.step],
  };
}

export function blocked(ending: Ending, causes: readonly string[]): Outcome {
  return {
    ...base(ending),
    outcome: 'blocked',
    causes,
  };
}

export function skipped(ending: Ending): Outcome {
  return { ...base(ending), outcome: 'skipped' };
}
