import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Memory figures of a group of processes. */
export interface GroupMemory {
  /** The most memory charged to the group: resident memory, and files in the page cache, which the kernel reclaims before it kills. */
  readonly peakMb: number;
  readonly killed: number;
}

interface Version {
  readonly folder: string;
  readonly limit: string;
  readonly peak: string;
  readonly events: string;
}

const v1: Version = {
  folder: '/sys/fs/cgroup/memory',
  limit: 'memory.limit_in_bytes',
  peak: 'memory.max_usage_in_bytes',
  events: 'memory.oom_control',
};
const v2: Version = { folder: '/sys/fs/cgroup', limit: 'memory.max', peak: 'memory.peak', events: 'memory.events' };

const mb = 1024 * 1024;

/** Name prefix of the groups of the functions that a command line with this process id has started. */
export function groupPrefix(commandLine: number | undefined): string {
  return `daybreak-benchmark-${commandLine}-`;
}

/** A kernel limit on the memory of a group of processes, through either version of control groups that this machine lets us write. */
export class MemoryCgroup {
  readonly folder: string;
  readonly #version: Version;

  private constructor(folder: string, version: Version) {
    this.folder = folder;
    this.#version = version;
  }

  /** A new group; null, with nothing left behind, if this machine cannot make one. */
  static create(name: string, limitMb: number): MemoryCgroup | null {
    const version = existsSync(join(v1.folder, v1.limit)) ? v1 : v2;
    const group = new MemoryCgroup(join(version.folder, name), version);
    try {
      mkdirSync(group.folder);
    } catch {
      return null;
    }
    try {
      writeFileSync(join(group.folder, version.limit), String(limitMb * mb));
      return group;
    } catch {
      group.remove();
      return null;
    }
  }

  /** The groups whose names begin with this prefix. */
  static list(prefix: string): MemoryCgroup[] {
    return [v1, v2].flatMap((version) =>
      existsSync(version.folder)
        ? readdirSync(version.folder)
            .filter((name) => name.startsWith(prefix))
            .map((name) => new MemoryCgroup(join(version.folder, name), version))
        : [],
    );
  }

  /** Moves a process into the group; its later allocations count. */
  add(pid: number): void {
    writeFileSync(join(this.folder, 'cgroup.procs'), String(pid));
  }

  memory(): GroupMemory {
    const read = (name: string): string => readFileSync(join(this.folder, name), 'utf8');
    const killed = Number(/^oom_kill (\d+)$/m.exec(read(this.#version.events))?.[1] ?? 0);
    return { peakMb: Number(read(this.#version.peak)) / mb, killed };
  }

  /** Call it after its processes have ended. */
  remove(): void {
    rmdirSync(this.folder);
  }
}
