import * as z from 'zod/mini';
import { PermanentError } from '../../lib/contract/errors.ts';
import { reconcilePayload, sweepPayload } from '../../lib/contract/payloads.ts';
import { processPorts, withQueue } from '../../lib/runtime/execution/platform-handler.ts';
import { reconcile } from '../../lib/runtime/execution/reconcile.ts';
import { reportFreshness } from '../../lib/runtime/execution/report-metrics.ts';
import { sweep } from '../../lib/runtime/execution/sweep.ts';
import { parseEvent } from '../../lib/runtime/parse-event.ts';

const eventBridgeEvent = z.object({ detail: reconcilePayload.shape.detail });

/**
 * Lambda entry for EventBridge's "Step Functions Execution Status Change" events and for the hourly sweep.
 * `DAYBREAK_PIPELINE` and `DAYBREAK_MACHINE` name the pipeline and its machine.
 */
export async function handler(event: unknown) {
  const pipeline = variable('DAYBREAK_PIPELINE', 'it names the pipeline of the events');
  const ports = withQueue(await processPorts());
  if (!isSweep(event)) {
    const { detail } = parseEvent(eventBridgeEvent, event);
    return reconcile({ pipeline, detail }, ports);
  }
  const { openHistory } = await import('../../lib/ports/aws/sfn-history.ts');
  const { quiet_hours: quietHours } = parseEvent(sweepPayload, event).sweep;
  // A pipeline that no schedule starts has no age to watch, and costs nothing while it is idle.
  if (quietHours !== null) await reportFreshness(ports, pipeline);
  const sent = await sweep({
    pipeline,
    quietHours,
    now: ports.clock.now(),
    history: openHistory(variable('DAYBREAK_MACHINE', 'it is the ARN of the state machine')),
    reconcile: (payload) => reconcile(payload, ports),
  });
  // A store of an older version gets its index here, because a person who may only read cannot keep one.
  const { openIndex } = await import('../../lib/operate/runs/pipeline-index.ts');
  await openIndex(ports.store, pipeline);
  return { dead_letters: sent };
}

const isSweep = (event: unknown): boolean => typeof event === 'object' && event !== null && 'sweep' in event;

function variable(name: string, why: string): string {
  const value = process.env[name];
  if (!value) throw new PermanentError(`${name} is not set: ${why}`);
  return value;
}
