import { randomBytes } from 'node:crypto';

/** A name for a new execution: sorts by time, and two starts in one second still differ. */
export function executionName(now: number): string {
  const time = new Date(now).toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-');
  return `${time}-${randomBytes(3).toString('hex')}`;
}

/** What an offline execution is called where AWS has an ARN. */
export const localExecutionArn = (pipeline: string, name: string): string =>
  `arn:aws:states:local:000000000000:execution:${pipeline}:${name}`;
