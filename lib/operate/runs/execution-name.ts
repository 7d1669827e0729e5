import { randomBytes } from 'node:crypto';

/** A name for a new execution. Names sort by time, and two starts in one second still differ. */
export function executionName(now: number): string {
  const time = new Date(now).toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-');
  return `${time}-${randomBytes(3).toString('hex')}`;
}
