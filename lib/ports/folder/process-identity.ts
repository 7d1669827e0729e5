import { readFile } from 'node:fs/promises';
import { isAlive } from './is-alive.ts';

/**
 * Returns boot and start time, which distinguish a process from every other process with its id. Null if the system does not provide them (not Linux). In a
 * container, each start of the program tends to have the same id.
 */
export async function processIdentity(pid: number): Promise<string | null> {
  try {
    const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
    const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /s, '').split(' ');
    // Field 22 of proc(5), counted from the third: the second, a name in parentheses, may hold blanks. Z and X: the process has died, and its parent has not
    // collected it yet.
    return ['Z', 'X'].includes(fields[0] ?? '') ? 'dead' : `${boot}:${fields[19]}`;
  } catch {
    return null;
  }
}

/** True if the process that had this id and identity still runs. */
export async function stillRuns(pid: number, identity: string | null): Promise<boolean> {
  return isAlive(pid) && (identity === null || (await processIdentity(pid)) === identity);
}
