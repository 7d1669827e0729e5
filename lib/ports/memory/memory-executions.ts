import type { Executions } from '../ports.ts';

type Status = Awaited<ReturnType<Executions['status']>>;

/** Executions of an engine in this process, which reports their states. */
export class MemoryExecutions implements Executions {
  readonly #statuses = new Map<string, Status>();

  set(arn: string, status: Status): void {
    this.#statuses.set(arn, status);
  }

  async status(arn: string): Promise<Status> {
    return this.#statuses.get(arn) ?? null;
  }
}
