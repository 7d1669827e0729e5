import { PermanentError } from '../../lib/contract/errors.ts';
import { prune } from '../../lib/operate/prune/prune.ts';
import { processPorts } from '../../lib/runtime/execution/platform-handler.ts';

/** It stops so long before its own end: the run at work, of some thousand objects, is finished by then. */
const reserveMs = 120_000;

/**
 * Lambda entry that EventBridge calls once a day: it removes the runs of the pipeline `DAYBREAK_PIPELINE` that ended more than `DAYBREAK_KEEP_DAYS` days ago and that nothing needs. It
 * answers how many it removed, and how many stay although they are old; its log names each.
 */
export async function handler(_event: unknown, context: { getRemainingTimeInMillis(): number }) {
  const { DAYBREAK_PIPELINE: pipeline, DAYBREAK_KEEP_DAYS: days } = process.env;
  if (!pipeline || !days || !/^[1-9]\d{0,4}$/.test(days))
    throw new PermanentError(
      `DAYBREAK_PIPELINE is "${pipeline ?? ''}" and DAYBREAK_KEEP_DAYS "${days ?? ''}": they name the pipeline, and the days that its runs stay`,
    );
  const { store, executions, clock } = await processPorts();
  const { removed, kept } = await prune({
    pipeline,
    store,
    executions,
    now: clock.now(),
    keepDays: Number(days),
    dryRun: false,
    hasTime: () => context.getRemainingTimeInMillis() > reserveMs,
    forget: async () => undefined,
  });
  for (const { run_id, objects } of removed) console.log(JSON.stringify({ removed: run_id, objects }));
  for (const { run_id, reason } of kept) console.log(JSON.stringify({ kept: run_id, reason }));
  return { removed: removed.length, kept: kept.length };
}
