import type { DuckDBConnection } from '@duckdb/node-api';

/** Short enough for a query that fills 1 GB/s, long enough to cost nothing. */
const everyMs = 20;

/** Watches the process's memory while queries run. It interrupts them before Lambda would kill the process: DuckDB does not count all its memory. */
export class MemoryWatch {
  readonly #limitMb: number;
  readonly #residentMb: () => number;
  readonly #running = new Set<DuckDBConnection>();
  readonly #interrupted = new WeakSet<DuckDBConnection>();
  #timer: NodeJS.Timeout | null = null;

  constructor(limitMb: number, residentMb: () => number = resident) {
    this.#limitMb = limitMb;
    this.#residentMb = residentMb;
  }

  /** Adds a connection to the watch. */
  enter(connection: DuckDBConnection): void {
    this.#interrupted.delete(connection);
    this.#running.add(connection);
    this.#timer ??= setInterval(() => this.#look(), everyMs).unref();
  }

  leave(connection: DuckDBConnection): void {
    this.#running.delete(connection);
    if (this.#running.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  /** True if the watch has interrupted this connection since it entered. */
  hasInterrupted(connection: DuckDBConnection): boolean {
    return this.#interrupted.has(connection);
  }

  #look(): void {
    if (this.#residentMb() <= this.#limitMb) return;
    for (const connection of this.#running) {
      this.#interrupted.add(connection);
      connection.interrupt();
    }
  }
}

const resident = (): number => process.memoryUsage.rss() / 1024 / 1024;
