import { PlatformError } from '../contract/errors.ts';

/** The code of a file system error (`ENOENT`), or null for any other error. */
export const errnoOf = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;

/** Whether the error says that there is no such file. */
export const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '');

/** A file system's fault as a PlatformError that says what was being done; any other error unchanged. */
export const fromErrno = (error: unknown, doing: string): unknown =>
  errnoOf(error)?.startsWith('E') === true && error instanceof Error && 'syscall' in error
    ? new PlatformError(`${doing}: ${error.message}`, { cause: error })
    : error;
