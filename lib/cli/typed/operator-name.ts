import { userInfo } from 'node:os';
import type { Context } from '../context.ts';

/** The person who gives the command: as they say it, else the user of this machine; `unknown` if the system has no name for the process's user. */
export function operatorName(option: string | null, { io: { env } }: Pick<Context, 'io'>): string {
  return option?.trim() || env.USER || env.LOGNAME || systemName() || 'unknown';
}

function systemName(): string | null {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number without a name.
    return null;
  }
}
