import { byAge, type LetterState, openLetters } from '../../../operate/letters/letter-states.ts';
import { redriveLetters } from '../../../operate/letters/redrive-letters.ts';
import { tidyQueue } from '../../../operate/letters/tidy-queue.ts';
import type { ObjectStore } from '../../../ports/ports.ts';
import type { Answer, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import { describeFailure } from '../../failure.ts';
import { counted } from '../../render/format.ts';
import { redriveAnswer } from '../../render/redrive-answer.ts';
import { prepareDeployed } from '../../resume/resume-deployed.ts';
import { prepareHere } from '../../resume/resume-here.ts';
import { chosenLetters } from '../../typed/chosen/chosen-letters.ts';
import { queueOf } from '../../typed/letter-queue.ts';
import { openPlace, pipelineIn } from '../../typed/place.ts';
import { UsageError } from '../../typed/usage-error.ts';

/** Resumes the runs of open dead letters and tidies the queue: only messages of open letters stay. */
export async function dlqRedrive(invocation: Invocation, context: Context): Promise<Answer> {
  const { args, flag } = invocation;
  const place = await openPlace(invocation, context);
  const pipeline = await pipelineIn(place, args[0] ?? '', context);
  const selected = await select(invocation, pipeline.name, place.store);
  const dryRun = flag('dryRun');
  const ports = { ...place, queue: queueOf(place, pipeline.name, context) };
  const before = dryRun ? null : await tidyQueue(pipeline.name, ports);
  // A run on this machine listens to interrupts itself.
  const release = place.deployed ? context.onInterrupt(() => undefined) : () => undefined;
  const runs = await redriveLetters(selected, {
    pipeline: pipeline.name,
    store: place.store,
    executions: place.executions,
    dryRun,
    resume: async (runId) => {
      const typed = { wanted: args[0] ?? '', runId, place, input: null, from: [], data: null };
      return (await (place.deployed ? prepareDeployed : prepareHere)(typed, context)).start();
    },
    explain,
    signal: context.interruption,
  }).finally(release);
  const resumed = runs.some(({ result }) => result === 'resumed');
  const after = before && resumed ? await tidyQueue(pipeline.name, ports) : before;
  const queue = before &&
    after && { ...after, deleted: before === after ? after.deleted : before.deleted + after.deleted };
  return redriveAnswer({ pipeline: pipeline.name, place, runs, queue, lenient: flag('all') }, context);
}

/** The letters that a person named. Closed letters stay in the list, so that the answer can report them as closed. */
async function select(
  { args, option, flag }: Invocation,
  pipeline: string,
  store: ObjectStore,
): Promise<readonly LetterState[]> {
  const ids = args.slice(1);
  const step = option('step');
  if (ids.length > 0 && flag('all')) throw new UsageError('give the ids of dead letters, or --all, not both');
  const states =
    ids.length > 0 ? await chosenLetters(ids, pipeline, store) : (await openLetters(store, pipeline)).states;
  if (ids.length === 0 && !flag('all') && step === null)
    throw new UsageError(`say which: ids, --step <name>, or --all (${counted(states.length, 'open dead letter')})`);
  return states.filter(({ letter }) => step === null || letter.step === step).toSorted(byAge);
}

/** The reason if a run cannot be resumed; the other runs then continue. A bug ends the command. */
function explain(error: unknown): string | null {
  const { code, message } = describeFailure(error);
  return code === 'BUG' ? null : message;
}
