/** A step's fingerprint: equal fingerprints mean that the result would be the same, so the first manifest under one is everybody's. */
import { contractVersion, digestOf, fingerprintOf } from '../contract/fingerprint.ts';
import type { JsonObject } from '../contract/json.ts';
import { manifestKey, type RunRef } from '../contract/object-keys.ts';
import type { StepSpec } from '../contract/payloads.ts';
import type { FingerprintParts, Manifest } from '../contract/records.ts';
import type { ObjectStore } from '../ports/ports.ts';
import { readJson } from './json-objects.ts';
import type { Upstream } from './trigger-rule.ts';

/** The fingerprint of a step with this input after these dependencies. */
export const stepFingerprint = (definition: string, input: JsonObject, upstream: Upstream): string =>
  fingerprintOf(definition, input, digests(upstream));

/** What a fingerprint was made of, part by part. */
export const fingerprintParts = (step: StepSpec, input: JsonObject, upstream: Upstream): FingerprintParts => ({
  contract: contractVersion,
  code: step.code,
  config: step.config,
  input: Object.fromEntries(Object.entries(input).map(([key, value]) => [key, digestOf(value)])),
  upstream: digests(upstream),
});

/** The manifest under a fingerprint, or null while nobody has committed. */
export const readManifest = (
  store: ObjectStore,
  run: RunRef,
  { step, fingerprint }: { readonly step: string; readonly fingerprint: string },
): Promise<Manifest | null> => readJson<Manifest>(store, manifestKey(run, step, fingerprint));

const digests = (upstream: Upstream): Record<string, string | null> =>
  Object.fromEntries([...upstream].map(([name, outcome]) => [name, outcome?.digest ?? null]));
