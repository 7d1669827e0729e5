import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { PlatformError } from '../../../contract/errors.ts';
import type { DaybreakEvent } from '../../../contract/events/event.ts';
import { eventSource } from '../../../contract/events/event-id.ts';
import type { Events, TransferOptions } from '../../ports.ts';
import { awsFault } from '../aws-faults.ts';

/** Limits of PutEvents: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html. All entries of a request together have 256 KB. */
const mostEntries = 10;
const mostBytes = 256 * 1024;

/** EventBridge sometimes refuses single entries of a request (throttling, internal errors); a second request takes most of them. */
const mostTries = 3;

/** Events on an EventBridge bus, up to 10 in a request. */
export class EventBridgeEvents implements Events {
  readonly #client: EventBridgeClient;
  readonly #bus: string;

  constructor(client: EventBridgeClient, bus: string) {
    this.#client = client;
    this.#bus = bus;
  }

  async open(): Promise<void> {
    await this.#client.config.credentials();
  }

  async send(events: readonly DaybreakEvent[], { signal }: TransferOptions = {}): Promise<void> {
    const entries = events.map((event) => entryOf(event, this.#bus));
    for (const batch of batchesOf(entries)) await this.#put(batch, signal);
  }

  async #put(batch: readonly PutEventsRequestEntry[], signal: AbortSignal | undefined): Promise<void> {
    let left = batch;
    let reason = '';
    for (let tries = 0; tries < mostTries && left.length > 0; tries += 1) {
      const command = new PutEventsCommand({ Entries: [...left] });
      const answer = await this.#client.send(command, signal && { abortSignal: signal }).catch((error: unknown) => {
        throw awsFault(error, `cannot send events to ${this.#bus}`);
      });
      const refused = (answer.Entries ?? []).map(
        ({ ErrorCode, ErrorMessage }) => ErrorCode && `${ErrorCode}: ${ErrorMessage}`,
      );
      reason = refused.find((one) => one !== undefined) ?? '';
      left = left.filter((_, index) => refused[index] !== undefined);
    }
    if (left.length > 0)
      throw new PlatformError(`${this.#bus} refused ${left.length} of ${batch.length} events: ${reason}`);
  }
}

const entryOf = (event: DaybreakEvent, bus: string): PutEventsRequestEntry => ({
  EventBusName: bus,
  Source: eventSource,
  DetailType: event.type,
  Time: new Date(event.time),
  Detail: JSON.stringify(event),
});

/** The size as AWS counts it: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html. */
const sizeOf = ({ Source = '', DetailType = '', Detail = '' }: PutEventsRequestEntry): number =>
  14 + Buffer.byteLength(Source) + Buffer.byteLength(DetailType) + Buffer.byteLength(Detail);

/** As few requests as the limits allow, in order. */
function batchesOf(entries: readonly PutEventsRequestEntry[]): PutEventsRequestEntry[][] {
  const batches: PutEventsRequestEntry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = sizeOf(entry);
    const last = batches.at(-1);
    if (last && last.length < mostEntries && bytes + size <= mostBytes) last.push(entry);
    else batches.push([entry]);
    bytes = batches.at(-1)?.length === 1 ? size : bytes + size;
  }
  return batches;
}
