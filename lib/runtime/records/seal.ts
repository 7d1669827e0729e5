import { PlatformError } from '../../contract/errors.ts';
import { digestOf } from '../../contract/fingerprint.ts';
import type { Json } from '../../contract/json.ts';

/** The record with its seal: a digest of everything else in it, so that nothing in it can change unseen. */
export function sealed<T extends object>(record: T): T & { readonly seal: string } {
  return { ...record, seal: sealOf(record) };
}

/** True if a record's seal is that of everything else in it. */
export function hasItsSeal({ seal, ...record }: { readonly seal?: string }): boolean {
  return seal === sealOf(record);
}

/** The error of a record whose seal is wrong. Another execution does not need the record. */
export function brokenSeal(address: string): PlatformError {
  return new PlatformError(
    `${address} is damaged: its seal does not match its content; resume the run, and the step runs again`,
  );
}

const sealOf = (record: object): string => digestOf(record as Json);
