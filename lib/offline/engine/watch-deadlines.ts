import type { PipelinePlan } from '../../compiler/plan/plan.ts';
import { type RunRef, runKey } from '../../contract/object-keys.ts';
import type { RunRecord } from '../../contract/records/run.ts';
import type { DeadlinePipeline } from '../../operate/deadlines/deadline-pipeline.ts';
import { lookAtStart } from '../../operate/deadlines/look-at-deadlines.ts';
import type { Ports } from '../../ports/from-environment.ts';
import { readIntact } from '../../runtime/records/json-objects.ts';

/** Milliseconds between two looks. On AWS they are a minute or five apart. */
const lookEvery = 5_000;

export interface DeadlineWatcher {
  /** Looks once more, after the end of the execution. */
  finish(): Promise<void>;
  stop(): void;
}

/** The plan as a look sees it; null without a deadline. */
function deadlinePipelineOf(plan: PipelinePlan): DeadlinePipeline | null {
  const { name, schedule, deadline, expectedMs, steps } = plan;
  if (!schedule?.times || (deadline === null && steps.every((step) => step.deadline === null))) return null;
  return { name, schedule: { ...schedule, times: schedule.times }, deadline, expectedMs, steps };
}

/**
 * Looks at the deadlines of a run on this machine while it works, as the function of deadlines does on AWS. Only a run of a scheduled time has deadlines. A deadline that passed before
 * this execution began and has no notice gets none: the run fills in an old day.
 */
export function watchDeadlines(
  run: RunRef,
  { plan, began }: { readonly plan: PipelinePlan; readonly began: number },
  ports: Pick<Ports, 'store' | 'clock' | 'events'>,
): DeadlineWatcher {
  const pipeline = deadlinePipelineOf(plan);
  if (!pipeline) return { finish: async () => undefined, stop: () => undefined };
  let last: Promise<unknown> = Promise.resolve();
  const look = async (): Promise<void> => {
    const record = await readIntact<RunRecord>(ports.store, runKey(run));
    // A fork of a scheduled run makes no one's data ready.
    if (!record?.scheduled_time || record.origin) return;
    await lookAtStart(pipeline, { start: Date.parse(record.scheduled_time), began }, ports);
  };
  const again = (): Promise<unknown> => {
    last = last.catch(() => undefined).then(look);
    return last;
  };
  // A look that fails changes nothing in the run, and the next one finds the same.
  const timer = setInterval(() => void again().catch(() => undefined), lookEvery);
  return {
    async finish() {
      clearInterval(timer);
      await last.catch(() => undefined);
      await look();
    },
    stop: () => clearInterval(timer),
  };
}
