import * as z from 'zod/mini';
import { PermanentError } from '../../lib/contract/errors.ts';
import { parseEventDocument } from '../../lib/contract/events/event.ts';
import { eventSource } from '../../lib/contract/events/event-id.ts';
import { tell } from '../../lib/runtime/events/tell.ts';
import { processPorts } from '../../lib/runtime/execution/platform-handler.ts';
import { alarmChange, alarmEvent } from '../../lib/runtime/incidents/alarm-event.ts';
import { takeEvents } from '../../lib/runtime/incidents/keep-incidents.ts';
import { parseEvent } from '../../lib/runtime/parse-event.ts';

const busEvent = z.object({ source: z.string(), detail: z.unknown() });

/** Lambda entry that takes events of the pipeline, and its alarms, into its incidents. `DAYBREAK_PIPELINE` names the pipeline. */
export async function handler(event: unknown) {
  const pipeline = process.env.DAYBREAK_PIPELINE;
  if (!pipeline) throw new PermanentError('DAYBREAK_PIPELINE is not set: it names the pipeline of the events');
  const ports = await processPorts();
  const { source, detail } = parseEvent(busEvent, event);
  const taken =
    source === eventSource ? parseEventDocument(detail) : alarmEvent(pipeline, parseEvent(alarmChange, event).detail);
  if (taken === null) return { changes: 0 };
  if (source !== eventSource) await tell(ports, () => [taken]);
  const changes = await takeEvents(ports, pipeline, [taken]);
  return { changes: changes.length };
}
