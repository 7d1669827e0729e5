import type { Answer, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import type { ValidPipeline } from '../../load.ts';
import { counted } from '../../render/format.ts';
import { runAnswer } from '../../render/run/run-answer.ts';
import { type PreparedOnly, prepareOnly } from '../../trial/prepare-only.ts';
import { openPlace } from '../../typed/place.ts';
import { readInput } from '../../typed/read-json.ts';
import { localFolder } from '../../typed/store-option.ts';
import { UsageError } from '../../typed/usage-error.ts';

/** Runs the named steps of a pipeline on this machine, on the results of an earlier run. */
export async function runOnly(
  pipeline: ValidPipeline,
  { args, option, list, flag }: Invocation,
  context: Context,
): Promise<Answer> {
  if (option('scheduledFor') !== null)
    throw new UsageError('--only and --scheduled-for: a start of the schedule runs every step; leave one of them out');
  if (flag('sendAlerts'))
    throw new UsageError('--only and --send-alerts: a part of a pipeline alerts no one; leave one of them out');
  const store = option('store');
  const prepared = await prepareOnly(
    {
      pipeline,
      only: list('only'),
      upstream: option('upstream'),
      input: await readInput(option('input'), context),
      data: option('data'),
      storeFolder: localFolder(store, context),
      place: await openPlace({ args, option: (name) => (name === 'store' ? store : null), flag: () => false }, context),
    },
    context,
  );
  const note = noteOn(prepared, pipeline);
  if (!context.json) context.io.stdout.write(`${context.paint(note)}\n\n`);
  const answer = runAnswer(await prepared.start(), store, context);
  return { ...answer, json: { ...answer.json, notes: [note] } };
}

function noteOn({ only, taken, from }: PreparedOnly, { plan }: ValidPipeline): string {
  const rest = plan.steps.length - only.length - taken.length;
  const results = taken.length === 0 ? '' : `; ${taken.join(', ')} from run ${from}`;
  return `${plan.name}: only ${only.join(', ')}${results}${rest > 0 ? `; ${counted(rest, 'step')} left out` : ''}`;
}
