import type { Clock, DeadLetterQueue, QueueMessage } from '../ports.ts';

interface Entry {
  readonly body: string;
  receipt: string;
  visibleAt: number;
}

/** A DeadLetterQueue in this process's memory, on an injected clock. */
export class MemoryDeadLetterQueue implements DeadLetterQueue {
  readonly #clock: Clock;
  #entries: Entry[] = [];
  #receipts = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async send(body: string): Promise<void> {
    this.#entries.push({ body, receipt: '', visibleAt: Number.NEGATIVE_INFINITY });
  }

  async receive(max: number, hideSeconds: number): Promise<readonly QueueMessage[]> {
    const now = this.#clock.now();
    const visible = this.#entries.filter((entry) => entry.visibleAt <= now).slice(0, max);
    return visible.map((entry) => {
      this.#receipts += 1;
      entry.receipt = `receipt-${this.#receipts}`;
      entry.visibleAt = now + hideSeconds * 1000;
      return { body: entry.body, receipt: entry.receipt };
    });
  }

  async delete(receipt: string): Promise<void> {
    this.#entries = this.#entries.filter((entry) => entry.receipt !== receipt);
  }

  async release(receipt: string): Promise<void> {
    for (const entry of this.#entries) if (entry.receipt === receipt) entry.visibleAt = Number.NEGATIVE_INFINITY;
  }
}
