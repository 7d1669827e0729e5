import { PlatformError } from '../../contract/errors.ts';

/** Returns the name of an AWS service's error (`NoSuchKey`), or null if the value is not an error. */
export function faultName(error: unknown): string | null {
  return error instanceof Error ? error.name : null;
}

/** Returns the HTTP status of an AWS service's answer, or null if there was no answer. */
export function faultStatus(error: unknown): number | null {
  if (!(error instanceof Error) || !('$metadata' in error)) return null;
  const { httpStatusCode } = error.$metadata as { readonly httpStatusCode?: number };
  return httpStatusCode ?? null;
}

/** Converts an AWS fault that remains after the SDK's retries into a PlatformError. It names the operation and the answer. */
export function awsFault(error: unknown, doing: string): PlatformError {
  const status = faultStatus(error);
  const text = error instanceof Error ? error.message : String(error);
  const answer = `${faultName(error) ?? 'fault'}${status === null ? '' : ` (HTTP ${status})`}`;
  return new PlatformError(`${doing}: ${answer}: ${text}`, { cause: error });
}
