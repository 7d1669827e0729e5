import { dismissLetter } from '../../../operate/letters/dismiss-letter.ts';
import { isOpen } from '../../../operate/letters/letter-states.ts';
import { tidyQueue } from '../../../operate/letters/tidy-queue.ts';
import type { Answer, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import { counted } from '../../render/format.ts';
import { chosenLetters } from '../../typed/chosen/chosen-letters.ts';
import { queueOf } from '../../typed/letter-queue.ts';
import { openPlace, pipelineIn } from '../../typed/place.ts';
import { UsageError } from '../../typed/usage-error.ts';

/** Dismisses dead letters: closes them without a run and deletes their messages from the queue. */
export async function dlqDismiss({ args, option, flag }: Invocation, context: Context): Promise<Answer> {
  const reason = option('reason')?.trim() ?? '';
  if (reason === '') throw new UsageError('dlq dismiss needs --reason <text>: it is kept with the letter');
  const place = await openPlace({ args, option, flag }, context);
  const { name } = await pipelineIn(place, args[0] ?? '', context);
  const chosen = await chosenLetters(args.slice(1), name, place.store);
  const open = chosen.filter(isOpen);
  for (const { letter } of open) await dismissLetter(place.store, letter, { reason, now: Date.now() });
  await tidyQueue(name, { ...place, queue: queueOf(place, name, context) });
  const ids = open.map(({ letter }) => letter.id);
  const closed = chosen.length - open.length;
  return {
    exitCode: 0,
    json: { pipeline: name, store: place.store.url, reason, dismissed: ids },
    text: `${counted(ids.length, 'dead letter')} dismissed${closed > 0 ? `; ${closed} closed already` : ''}`,
  };
}
