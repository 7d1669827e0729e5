import { errnoOf } from '../errno.ts';
import { type ProcessName, stillRuns } from './process-identity.ts';

/** `gone`: it has ended, even if a later process has its id. `elsewhere`: it belongs to another place. `unidentified`: the system does not tell when a process started. */
type Identified = 'here' | 'gone' | 'elsewhere' | 'unidentified';

/** Tells whether exactly this process runs here. */
export async function identifyProcess(name: ProcessName): Promise<Identified> {
  const runs = await stillRuns(name);
  if (runs === null) return 'elsewhere';
  if (!runs) return 'gone';
  return name.identity === null ? 'unidentified' : 'here';
}

/**
 * Sends SIGINT to exactly this process, or no signal. Returns null if the process got it or has ended by itself, and `forbidden` if it belongs to another user.
 */
export async function interruptProcess(
  name: ProcessName,
): Promise<Exclude<Identified, 'here' | 'gone'> | 'forbidden' | null> {
  const found = await identifyProcess(name);
  if (found !== 'here') return found === 'gone' ? null : found;
  try {
    process.kill(name.pid, 'SIGINT');
    return null;
  } catch (error) {
    if (errnoOf(error) === 'EPERM') return 'forbidden';
    if (errnoOf(error) === 'ESRCH') return null;
    throw error;
  }
}

/** Host of the process; null in a record of an older version. */
export function hostOf({ place }: ProcessName): string | null {
  return place?.split(' ')[0] || null;
}
