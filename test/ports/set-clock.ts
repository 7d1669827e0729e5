import type { Clock } from '../../lib/ports/ports.ts';

/** A clock that advances only when set; its sleeps end at once. */
export class SetClock implements Clock {
  time = Date.parse('2026-01-31T12:00:00.000Z');
  now(): number {
    return this.time;
  }
  async sleep(ms: number): Promise<void> {
    this.time += ms;
  }
}
