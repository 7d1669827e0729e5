/** One maker per way in which a step can end, so that the rules for an outcome's fields stand in one place. */
import type { ExecutionRef } from '../../contract/object-keys.ts';
import { manifestKey } from '../../contract/object-keys.ts';
import type { Failure } from '../../contract/records/failure.ts';
import type { Manifest } from '../../contract/records/manifest.ts';
import type { Made, Outcome, Span } from '../../contract/records/outcome.ts';
import { sealed } from './seal.ts';
import type { Upstream } from './trigger-rule.ts';

/** A larger content stays in the manifest: every dependent would read it, and few lines of it. In bytes of JSON. */
const largestMade = 32 * 1024;

export interface Ending {
  readonly step: string;
  readonly ref: ExecutionRef;
  /** Outcomes that this one carries on. */
  readonly carried?: readonly Outcome[];
  /** Attempts whose handler was started in this execution. */
  readonly attempts: number;
  readonly startedAt: string | null;
  readonly endedAt: string;
}

type Facts = Pick<Outcome, 'outcome'> & Partial<Outcome>;

/** The outcome, with a seal if dependents read more from it than its kind. */
function outcomeOf({ step, ref, carried = [], attempts, startedAt, endedAt }: Ending, facts: Facts): Outcome {
  const outcome: Outcome = {
    step,
    execution: ref.execution,
    manifest: null,
    digest: null,
    failure: null,
    causes: [],
    attempts,
    started_at: startedAt,
    ended_at: endedAt,
    ...(carried.length > 0 && { carried }),
    ...facts,
  };
  return isSealed(outcome) ? sealed(outcome) : outcome;
}

/** True if dependents build on the content of an outcome, so it has a seal. */
export function isSealed({ made, carried }: Pick<Outcome, 'made' | 'carried'>): boolean {
  return made !== undefined || carried !== undefined;
}

/** `succeeded` if this execution made the manifest, else `reused`. `upstream`: outcomes of all dependencies. */
export function committed(ending: Ending, manifest: Manifest, upstream: Upstream): Outcome {
  const succeeded = manifest.execution === ending.ref.execution;
  const { result, datasets, files } = manifest;
  const made: Made = { result, datasets, files };
  return outcomeOf(ending, {
    outcome: succeeded ? 'succeeded' : 'reused',
    manifest: manifestKey(ending.ref, ending.step, manifest.fingerprint),
    digest: manifest.digest,
    ...(succeeded && wholeSuccess(ending, manifest, upstream)),
    ...(Buffer.byteLength(JSON.stringify(made)) <= largestMade && { made }),
  });
}

/** The facts of a success behind which all ancestors succeeded too. */
function wholeSuccess(
  ending: Ending,
  manifest: Manifest,
  upstream: Upstream,
): Pick<Outcome, 'all_succeeded' | 'spans'> {
  const before = [...upstream.values()];
  if (!before.every((one) => one?.all_succeeded)) return {};
  const spans = joinSpans(ending, manifest, before);
  return { all_succeeded: true, ...(spans && { spans }) };
}

/** `tried`: what failed, where it is known, so that a later resume can tell whether it is still the same. */
export function failed(ending: Ending, failure: Failure, tried?: Outcome['tried']): Outcome {
  return outcomeOf(ending, { outcome: 'failed', failure, ...(tried && { tried }), causes: [ending.step] });
}

export function blocked(ending: Ending, causes: readonly string[]): Outcome {
  return outcomeOf(ending, { outcome: 'blocked', causes });
}

export function skipped(ending: Ending): Outcome {
  return outcomeOf(ending, { outcome: 'skipped' });
}

/** An outcome is read by every dependent; with more spans than this it would be larger than the results that it carries. */
const mostSpans = 300;

/** Returns the spans of a step and of everything before it; null where they are too many, or one is not known. */
function joinSpans(
  ending: Ending,
  manifest: Pick<Manifest, 'datasets'>,
  before: readonly (Outcome | null)[],
): Record<string, Span> | null {
  const own = spanOf(ending, manifest);
  if (own === null) return null;
  const joined = Object.assign({}, ...before.map((one) => one?.spans), { [ending.step]: own }) as Record<string, Span>;
  return Object.keys(joined).length <= mostSpans ? joined : null;
}

/** Returns the span of a step that ended; null if its handler did not start. */
export function spanOf(
  { startedAt, endedAt, attempts }: Pick<Ending, 'startedAt' | 'endedAt' | 'attempts'>,
  { datasets }: Pick<Manifest, 'datasets'>,
): Span | null {
  if (startedAt === null) return null;
  const made = Object.values(datasets);
  const sum = (field: 'rows' | 'bytes'): number => made.reduce((total, dataset) => total + dataset[field], 0);
  return [Date.parse(startedAt), Date.parse(endedAt), attempts, sum('rows'), sum('bytes')];
}
