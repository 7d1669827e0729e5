import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const killed = new Set<number>();

/** Waits for a child process of this one whose command line holds the text, and kills it as a machine short of memory does; gives up once the work is `over`. */
export async function killHelper(text: string, over: () => boolean = () => false): Promise<void> {
  while (!over()) {
    const [pid] = childrenWith(text).filter((one) => !killed.has(one));
    if (pid !== undefined) {
      killed.add(pid);
      process.kill(pid, 'SIGKILL');
      return;
    }
    await sleep(10);
  }
}

function childrenWith(text: string): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  return lines
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((found) => Number(found?.[2]) === process.pid && found?.[3]?.includes(text))
    .map((found) => Number(found?.[1]));
}
