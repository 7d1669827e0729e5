/** A step's fingerprint: equal fingerprints mean that the result would be the same, so the first manifest under one serves every execution. */
import { contractVersion, digestOf, fingerprintOf } from '../../contract/fingerprint.ts';
import type { JsonObject } from '../../contract/json.ts';
import type { RunContext } from '../../contract/payloads.ts';
import type { FingerprintParts } from '../../contract/records/manifest.ts';
import type { StepSpec } from '../../contract/step-spec.ts';

/** The dependencies and the digests of their results. */
type Digests = ReadonlyMap<string, { readonly digest: string | null } | null>;

type Salted = Pick<RunContext, 'salts'>;

/** The fingerprint of a step with this input after these dependencies, in an execution with these salts. */
export function stepFingerprint(
  { salts }: Salted,
  { name, definition }: Pick<StepSpec, 'name' | 'definition'>,
  input: JsonObject,
  upstream: Digests,
): string {
  return fingerprintOf(definition, input, digests(upstream), salts?.[name]);
}

/** The parts of a fingerprint. */
export function fingerprintParts(
  { salts }: Salted,
  step: Pick<StepSpec, 'name' | 'code' | 'config'>,
  input: JsonObject,
  upstream: Digests,
): FingerprintParts {
  return {
    contract: contractVersion,
    code: step.code,
    config: step.config,
    input: Object.fromEntries(Object.entries(input).map(([key, value]) => [key, digestOf(value)])),
    upstream: digests(upstream),
    ...(salts?.[step.name] !== undefined && { salt: salts[step.name] }),
  };
}

const digests = (upstream: Digests): Record<string, string | null> =>
  Object.fromEntries([...upstream].map(([name, outcome]) => [name, outcome?.digest ?? null]));
