import type { Json } from '../../contract/json.ts';
import type { HistoryEvent } from './history-event.ts';
import { longestHistory } from './limits.ts';
import { StateFailure } from './state-failure.ts';

/** The origin of an event: a thread of control remembers its last event, because the next one names it as its predecessor. */
export interface EventSource {
  lastEvent: number;
}

/** Numbers the events of one execution and emits them. After `close` nothing is added. */
export class History {
  readonly #now: () => number;
  readonly #onEvent: ((event: HistoryEvent) => void) | undefined;
  #count: number;
  #closed = false;

  constructor(now: () => number, onEvent: ((event: HistoryEvent) => void) | undefined, earlier = 0) {
    this.#count = earlier;
    this.#now = now;
    this.#onEvent = onEvent;
  }

  get count(): number {
    return this.#count;
  }

  /** True after the execution's last event. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Adds an event and gives its id. Fails with States.Runtime where Step Functions would end the execution for the length of its history. */
  add(source: EventSource, type: string, about: { readonly state?: string; readonly details?: Json } = {}): number {
    if (this.#closed) return source.lastEvent;
    if (this.#count >= longestHistory - 1) {
      throw new StateFailure(
        'States.Runtime',
        `The execution reached the maximum number of history events (${longestHistory}).`,
      );
    }
    return this.#append(source, type, about);
  }

  /** Adds the last event of the execution; false when it had one already. */
  end(source: EventSource, type: string, details?: Json): boolean {
    if (this.#closed) return false;
    this.#append(source, type, details === undefined ? {} : { details });
    this.#closed = true;
    return true;
  }

  #append(source: EventSource, type: string, about: { readonly state?: string; readonly details?: Json }): number {
    this.#count += 1;
    const id = this.#count;
    this.#onEvent?.({ id, previousEventId: source.lastEvent, type, timestamp: this.#now(), ...about });
    source.lastEvent = id;
    return id;
  }
}
