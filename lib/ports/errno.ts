import { PlatformError } from '../contract/errors.ts';

/** Faults of the machine by code, in words for people. */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'permission denied',
  EPERM: 'the operation is not permitted',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  EEXIST: 'it already exists',
  ENOTEMPTY: 'the folder is not empty',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'it would be larger than the file system allows',
  EROFS: 'the file system is read-only',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links form a circle',
  EMFILE: 'this process has too many open files',
  ENFILE: 'the machine has too many open files',
  EAGAIN: 'the machine has no process or memory left for it',
  ENOMEM: 'the machine has no memory left',
  EIO: 'the disk or device reports an error',
  EPIPE: 'its reader has gone away',
  ETXTBSY: 'another process uses it',
  EBUSY: 'another process uses it',
};

/** Returns the code of a file system error (`ENOENT`), or null for any other error. */
export function errnoOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** True if the error says that the file does not exist. */
export function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '');
}

/** Returns why the machine refused an operation, in words ("the disk is full"); null for errors of another kind. */
export function machineReason(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const code = errnoOf(error) ?? '';
  if (code === 'ERR_SQLITE_ERROR') return error.message;
  if (!('syscall' in error) || !/^E[A-Z0-9]+$/.test(code)) return null;
  return Object.hasOwn(reasons, code) ? (reasons[code] ?? null) : error.message;
}

/** Returns a fault of the machine as a PlatformError that begins with the operation and names the file. Any other error stays unchanged. */
export function fromErrno(error: unknown, doing: string): unknown {
  const reason = machineReason(error);
  if (reason === null) return error;
  // Links and renames have two files, and either may be the one that is missing.
  const { path, dest } = error as { readonly path?: unknown; readonly dest?: unknown };
  const names = [path, dest].filter((name) => typeof name === 'string' && !doing.includes(name));
  const file = names.length === 0 ? '' : `${names.map((name) => `"${name}"`).join(' or ')}: `;
  return new PlatformError(`${doing}: ${file}${reason}`, { cause: error });
}
