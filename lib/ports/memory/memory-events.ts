import type { DaybreakEvent } from '../../contract/events/event.ts';
import type { Events } from '../ports.ts';

/** Events in this process's memory, in the order of their arrival. */
export class MemoryEvents implements Events {
  readonly sent: DaybreakEvent[] = [];

  async open(): Promise<void> {}

  async send(events: readonly DaybreakEvent[]): Promise<void> {
    this.sent.push(...events);
  }
}
