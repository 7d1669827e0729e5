import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process here needs more than on Lambda before it has done anything: it strips types, and loads modules that a bundle would not hold. Measured at 30 MB; this much is allowed on top of `memory_mb`. */
const allowanceMb = 64;

const every = 100;

/** Calls `onOver` once with the resident megabytes of a process when it has more than its function may have. Stops with the returned function. Nothing is watched on Windows. */
export function watchMemory(pid: number, memoryMb: number, onOver: (residentMb: number) => void): () => void {
  if (process.platform === 'win32') return () => undefined;
  let stopped = false;
  const look = async (): Promise<void> => {
    const residentMb = await resident(pid);
    if (stopped) return;
    if (residentMb !== null && residentMb > memoryMb + allowanceMb) {
      stopped = true;
      clearInterval(timer);
      onOver(residentMb);
    }
  };
  const timer = setInterval(() => void look(), process.platform === 'linux' ? every : 10 * every);
  timer.unref();
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}

/** Megabytes of a process in memory; null if it has ended. */
async function resident(pid: number): Promise<number | null> {
  const kilobytes = process.platform === 'linux' ? fromProc(pid) : await fromPs(pid);
  return kilobytes === null ? null : kilobytes / 1024;
}

function fromProc(pid: number): number | null {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? null : Number(kilobytes);
  } catch {
    return null;
  }
}

const fromPs = (pid: number): Promise<number | null> =>
  new Promise((resolve) => {
    execFile('ps', ['-o', 'rss=', '-p', String(pid)], (error, output) => resolve(error ? null : Number(output)));
  });

/** Node's share of a function's memory, as on Lambda: a tenth for the young generation, the rest for the old. */
export function heapOptions(memoryMb: number): string[] {
  const whole = memoryMb + allowanceMb;
  return [`--max-semi-space-size=${Math.floor(whole / 20)}`, `--max-old-space-size=${Math.floor((whole * 9) / 10)}`];
}
