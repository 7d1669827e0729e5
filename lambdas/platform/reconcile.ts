import * as z from 'zod/mini';
import { PermanentError } from '../../lib/contract/errors.ts';
import { reconcilePayload } from '../../lib/contract/payloads.ts';
import { processPorts } from '../../lib/runtime/execution/platform-handler.ts';
import { reconcile } from '../../lib/runtime/execution/reconcile.ts';
import { parseEvent } from '../../lib/runtime/parse-event.ts';

const eventBridgeEvent = z.object({ detail: reconcilePayload.shape.detail });

/** Lambda entry of EventBridge's "Step Functions Execution Status Change" events; `DAYBREAK_PIPELINE` says whose machine they are of. */
export async function handler(event: unknown) {
  const pipeline = process.env.DAYBREAK_PIPELINE;
  if (!pipeline) throw new PermanentError('DAYBREAK_PIPELINE is not set: it names the pipeline of the events');
  const { queue, ...ports } = await processPorts();
  if (!queue) throw new PermanentError('DAYBREAK_QUEUE_URL is not set: it names the dead-letter queue');
  const { detail } = parseEvent(eventBridgeEvent, event);
  return reconcile({ pipeline, detail }, { ...ports, queue });
}
