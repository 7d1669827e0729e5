import * as z from 'zod/mini';
import { PermanentError } from '../../lib/contract/errors.ts';
import { eventSource } from '../../lib/contract/events/event-id.ts';
import { runKey } from '../../lib/contract/object-keys.ts';
import { deadlineSettings } from '../../lib/contract/payloads.ts';
import type { RunRecord } from '../../lib/contract/records/run.ts';
import { deadlinePipeline } from '../../lib/operate/deadlines/deadline-pipeline.ts';
import { readDeadlines } from '../../lib/operate/deadlines/keep-deadlines.ts';
import { lookAtDeadlines } from '../../lib/operate/deadlines/look-at-deadlines.ts';
import { onTimeOf } from '../../lib/operate/deadlines/on-time.ts';
import { processPorts } from '../../lib/runtime/execution/platform-handler.ts';
import { reportOnTime } from '../../lib/runtime/execution/report-metrics.ts';
import { parseEvent } from '../../lib/runtime/parse-event.ts';
import { processPlan } from '../../lib/runtime/read-plan.ts';
import { readIntact } from '../../lib/runtime/records/json-objects.ts';

/** An event of a run or a step on the bus; a look of the schedule has neither. */
const occasion = z.object({
  source: z.optional(z.string()),
  detail: z.optional(z.object({ run_id: z.nullish(z.string()) })),
});

/**
 * Lambda entry that looks at the pipeline's deadlines: at the times of a schedule, and when a run or a step with a deadline has made its data. `DAYBREAK_DEADLINES` holds the
 * schedule and the deadline of the pipeline.
 */
export async function handler(event: unknown) {
  const { DAYBREAK_PIPELINE: name, DAYBREAK_DEADLINES: text } = process.env;
  if (!name || !text)
    throw new PermanentError(
      'DAYBREAK_PIPELINE and DAYBREAK_DEADLINES are not set: they name the deadlines to look at',
    );
  const ports = await processPorts();
  const pipeline = deadlinePipeline(name, parseEvent(deadlineSettings, JSON.parse(text)), await processPlan());
  const { source, detail } = parseEvent(occasion, event);
  const run = source === eventSource && detail?.run_id ? { pipeline: name, run_id: detail.run_id } : null;
  const record = run && (await readIntact<RunRecord>(ports.store, runKey(run)));
  // A run that no schedule started has no deadline.
  if (run && !record?.scheduled_time) return { events: 0 };
  const events = await lookAtDeadlines(pipeline, ports, record?.scheduled_time ?? null);
  const state = await readDeadlines(ports.store, name);
  const ofRuns = state && onTimeOf(state, ports.clock.now()).find(({ step }) => step === null);
  await reportOnTime(ports.clock, name, ofRuns?.percent ?? null);
  return { events: events.length };
}
