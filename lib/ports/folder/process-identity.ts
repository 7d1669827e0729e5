import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { isAlive } from './is-alive.ts';

/** A process, as a record names it for processes of other containers and hosts. */
export interface ProcessName {
  readonly pid: number;
  /** Boot and start time, which distinguish the process from every other one with its id. Null if the system does not provide them. */
  readonly identity: string | null;
  /** The place where the id is valid: host, process-id namespace and boot. Absent in records of older versions, which knew one place only. */
  readonly place?: string | undefined;
}

/** The name of a process of this place. */
export async function nameProcess(pid: number): Promise<Required<ProcessName>> {
  return { pid, identity: await processIdentity(pid), place: await processPlace() };
}

/**
 * Returns boot and start time of a process. Null if the system does not provide them (not Linux). In a container, each start of the program tends to have the
 * same id.
 */
async function processIdentity(pid: number): Promise<string | null> {
  try {
    const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /s, '').split(' ');
    // Field 22 of proc(5), counted from the third: the second, a name in parentheses, may hold blanks. Z and X: the process has died, and its parent has not
    // collected it yet.
    return ['Z', 'X'].includes(fields[0] ?? '') ? 'dead' : `${await bootId()}:${fields[19]}`;
  } catch {
    return null;
  }
}

const bootId = async (): Promise<string> => (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();

let place: Promise<string> | undefined;

/** Names the place of this process: two processes of one place see each other's ids. Containers of one host have different namespaces, and two hosts different boots. */
function processPlace(): Promise<string> {
  place ??= Promise.all([readlink('/proc/self/ns/pid').catch(() => '-'), bootId().catch(() => '-')]).then(
    ([namespace, boot]) => `${hostname()} ${namespace} ${boot}`,
  );
  return place;
}

/** True if a process of this place still runs, false if it does not; null if it belongs to another place, which this process cannot look into. */
export async function stillRuns({ pid, identity, place: where }: ProcessName): Promise<boolean | null> {
  if (where !== undefined && where !== (await processPlace())) return null;
  return isAlive(pid) && (identity === null || (await processIdentity(pid)) === identity);
}
