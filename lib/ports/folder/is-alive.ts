import { errnoOf } from '../errno.ts';

/** Whether a process with this id exists on this machine, ours or not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to somebody else.
    return errnoOf(error) === 'EPERM';
  }
}
