import type { Context } from '../context.ts';

/** The person who gives the command: as they say it, else the user of this machine. */
export function operatorName(option: string | null, { io: { env } }: Pick<Context, 'io'>): string {
  return option?.trim() || env.USER || env.LOGNAME || 'unknown';
}
