import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Json, JsonObject } from './json.ts';

/** Increase it if the meaning of a step's input or output changes, so that older manifests are not reused. */
export const contractVersion = 3;

/** SHA-256 in hex of a JSON value in its canonical form (RFC 8785): equal content, equal digest. */
export function digestOf(value: Json): string {
  return createHash('sha256')
    .update(canonicalize(value) ?? 'null')
    .digest('hex');
}

/** The part of a step's fingerprint that is known when the pipeline is compiled. */
export function definitionDigest(code: string, config: JsonObject): string {
  return digestOf({ contract: contractVersion, code, config }).slice(0, 32);
}

/**
 * A step's fingerprint: exactly the things that its result depends on. `upstream` maps each dependency to the content digest of its result, or null when it has none. A salt
 * makes another fingerprint of the same: a person asked for the step to run again.
 */
export function fingerprintOf(
  definition: string,
  input: JsonObject,
  upstream: Readonly<Record<string, string | null>>,
  salt?: string,
): string {
  return digestOf({ definition, input, upstream: { ...upstream }, ...(salt !== undefined && { salt }) }).slice(0, 40);
}

/** A digest in a third fewer characters, for definitions: Base64 instead of hexadecimal. */
export function shortDigest(digest: string): string {
  return Buffer.from(digest, 'hex').toString('base64url');
}

/** The digest of a short one. */
export function longDigest(short: string): string {
  return Buffer.from(short, 'base64url').toString('hex');
}
