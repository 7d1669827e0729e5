import { type ChildProcess, spawn } from 'node:child_process';

/** Reads `+ <pid>` and `- <pid>`; when its input ends, which is when the writer has died, it kills the groups that are left. */
const script = `groups=
while read -r verb pid; do
  case $verb in
    +) groups="$groups $pid" ;;
    -) kept=; for one in $groups; do [ "$one" = "$pid" ] || kept="$kept $one"; done; groups=$kept ;;
  esac
done
for one in $groups; do kill -9 "-$one" 2>/dev/null; done`;

/** True if a child process can lead a group that is killed as a whole. */
export const hasGroups = process.platform !== 'win32';

/**
 * Process groups that end with this process, even by `kill -9`, and even when their processes are too busy to notice. A shell in a separate session holds the list, because a
 * dead process cannot kill.
 */
export class ProcessGroups {
  #keeper: ChildProcess | null = null;

  /** From now on the group of this process dies with ours. The process must lead its group. */
  add(pid: number): void {
    this.#tell(`+ ${pid}`);
  }

  /** Kills the whole group: the process, and the programs that it started. */
  kill(pid: number): void {
    try {
      process.kill(hasGroups ? -pid : pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
  }

  /** For a process that has ended: kills the rest of its group and forgets it. */
  remove(pid: number): void {
    this.kill(pid);
    this.#tell(`- ${pid}`);
  }

  /** Ends the keeper, which kills the groups that are left. */
  close(): void {
    this.#keeper?.stdin?.end();
    this.#keeper = null;
  }

  #tell(line: string): void {
    if (!hasGroups) return;
    this.#keeper ??= startKeeper();
    this.#keeper.stdin?.write(`${line}\n`);
  }
}

function startKeeper(): ChildProcess {
  const keeper = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  // Without a keeper the groups still end with an engine that ends in order.
  keeper.on('error', () => undefined);
  keeper.stdin?.on('error', () => undefined);
  keeper.unref();
  return keeper;
}
