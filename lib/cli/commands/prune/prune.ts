import { fileURLToPath } from 'node:url';
import { removeKept } from '../../../offline/kept/remove-kept.ts';
import { prune } from '../../../operate/prune/prune.ts';
import type { Answer, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import { chosenPipelines } from '../../typed/chosen/chosen-pipelines.ts';
import { openPlace } from '../../typed/place.ts';
import { UsageError } from '../../typed/usage-error.ts';
import { wholeNumber } from '../../typed/whole-number.ts';
import { type PrunedPipeline, pruneAnswer } from './prune-answer.ts';

/** Removes old runs from a store, each as a whole, and reports what it removed and what stays. A prune that was killed is continued by the next one. */
export async function pruneRuns({ args, option, flag }: Invocation, context: Context): Promise<Answer> {
  const keepDays = wholeNumber(option('keepDays'), '--keep-days');
  if (keepDays === null) throw new UsageError('prune needs --keep-days <n>: runs that ended later stay');
  const dryRun = flag('dryRun');
  const place = await openPlace({ args, option, flag }, context);
  const { store, executions } = place;
  const folder = store.url.startsWith('file:') ? fileURLToPath(store.url) : null;
  const now = Date.now();
  const pruned: PrunedPipeline[] = [];
  for (const pipeline of await chosenPipelines(place, args[0] ?? null, context)) {
    const forget = async (run: Parameters<typeof removeKept>[1]): Promise<void> => {
      if (folder !== null) await removeKept(folder, run);
    };
    pruned.push({ pipeline, ...(await prune({ pipeline, store, executions, now, keepDays, dryRun, forget })) });
  }
  return pruneAnswer(pruned, { keepDays, dryRun, place: place.typed, storeUrl: store.url }, context);
}
