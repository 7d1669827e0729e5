import { PlatformError } from '../../contract/errors.ts';

/** The name by which an AWS service reports an error (`NoSuchKey`), or null for what is no error at all. */
export function faultName(error: unknown): string | null {
  return error instanceof Error ? error.name : null;
}

/** The HTTP status of an AWS service's answer, or null where there was none. */
export function faultStatus(error: unknown): number | null {
  if (!(error instanceof Error) || !('$metadata' in error)) return null;
  const { httpStatusCode } = error.$metadata as { readonly httpStatusCode?: number };
  return httpStatusCode ?? null;
}

/** What is left of an AWS fault after the SDK's retries: a PlatformError that says what was being done and what was answered. */
export function awsFault(error: unknown, doing: string): PlatformError {
  const status = faultStatus(error);
  const text = error instanceof Error ? error.message : String(error);
  const answer = `${faultName(error) ?? 'fault'}${status === null ? '' : ` (HTTP ${status})`}`;
  return new PlatformError(`${doing}: ${answer}: ${text}`, { cause: error });
}
