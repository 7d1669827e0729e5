import type { JsonObject } from '../../../contract/json.ts';
import { rollBack, type Spoken, withdraw } from '../../../operate/published/roll-back.ts';
import { SystemClock } from '../../../ports/system-clock.ts';
import { changeEvent } from '../../../runtime/events/data-events.ts';
import { tell } from '../../../runtime/events/tell.ts';
import type { Answer, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import { counted } from '../../render/format.ts';
import { commandLine } from '../../typed/command-line.ts';
import { openPlace, type Place, pipelineIn } from '../../typed/place.ts';
import { UsageError } from '../../typed/usage-error.ts';
import { wholeNumber } from '../../typed/whole-number.ts';
import { personsWord } from './persons-word.ts';

/** Moves readers to an earlier version, or to the one that the person names. */
export async function rollBackVersion({ args, option, flag }: Invocation, context: Context): Promise<Answer> {
  const word = personsWord({ option }, context);
  const to = wholeNumber(option('to'), '--to');
  const partition = option('partition') ?? '';
  const place = await openPlace({ args, option, flag }, context);
  const { name } = await pipelineIn(place, args[0] ?? '', context);
  return spoken(name, await rollBack(place.store, name, { partition, to, ...word }), place, context);
}

/** Takes a version away from readers, for good. */
export async function withdrawVersion({ args, option, flag }: Invocation, context: Context): Promise<Answer> {
  const word = personsWord({ option }, context);
  const version = wholeNumber(args[1] ?? null, 'the version');
  if (version === null) throw new UsageError('withdraw takes a pipeline and the number of a version');
  const place = await openPlace({ args, option, flag }, context);
  const { name } = await pipelineIn(place, args[0] ?? '', context);
  return spoken(name, await withdraw(place.store, name, { version, ...word }), place, context);
}

/** Reports the change to subscribers, and answers it. */
async function spoken(pipeline: string, { change, run }: Spoken, place: Place, context: Context): Promise<Answer> {
  const ports = { clock: new SystemClock(), ...(place.events && { events: place.events }) };
  const warn = (line: string): void => context.io.stderr.write(`${line}\n`);
  await tell(ports, () => [changeEvent({ pipeline, ...run }, change)], warn);
  const { paint } = context;
  const { after, before, partition, summary, withdrawn } = change;
  const of = partition === '' ? '' : ` of ${paint(partition)}`;
  const now = summary
    ? `Readers see version ${after}${of}: run ${paint(summary.run_id)}, ${counted(summary.rows, 'row')}.`
    : `Readers see no version${of}: all were withdrawn. The next run that succeeds publishes one.`;
  const what =
    withdrawn === undefined ? `version ${before ?? 'none'} is no longer current` : `version ${withdrawn} is withdrawn`;
  const history = commandLine(['history', pipeline], place.typed, context);
  return {
    exitCode: 0,
    json: { pipeline, ...change } as unknown as JsonObject,
    text: `${paint(pipeline, 'bold')}: ${what}. ${now}\n    ${paint(history, 'cyan')}`,
  };
}
