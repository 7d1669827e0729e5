import { PermanentError, ValidationError } from '../../../contract/errors.ts';
import { isRunId } from '../../../contract/object-keys.ts';
import type { Vouching } from '../../../contract/records/next.ts';
import { tidyQueue } from '../../../operate/letters/tidy-queue.ts';
import { vouchForStep } from '../../../operate/vouch/vouch-for-step.ts';
import { SystemClock } from '../../../ports/system-clock.ts';
import { vouchedEvent } from '../../../runtime/events/step-events.ts';
import { tell } from '../../../runtime/events/tell.ts';
import { readExecutions } from '../../../runtime/records/execution-number.ts';
import type { Answer, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import { unknownRun } from '../../typed/chosen/unknown-run.ts';
import { queueOf } from '../../typed/letter-queue.ts';
import { operatorName } from '../../typed/operator-name.ts';
import { openPlace, pipelineIn } from '../../typed/place.ts';
import { readJsonOption } from '../../typed/read-json.ts';
import { UsageError } from '../../typed/usage-error.ts';
import { markAnswer } from './mark-answer.ts';
import { markableStep } from './markable-step.ts';

/** Characters. The name and the reason have to fit an event of EventBridge. */
const longest = { by: 200, reason: 1_000 };

/** Records that a person vouches for a step: who, when, why, and the result. Settles the step's dead letters; the next `resume` reuses the result. */
export async function mark({ args, option, flag }: Invocation, context: Context): Promise<Answer> {
  if (!flag('succeeded')) throw new UsageError('mark needs --succeeded: a step can only be marked as succeeded');
  const typed = option('result');
  if (typed === null) throw new UsageError('mark needs --result <json|@file>: the steps after it read the result');
  const result = await readJsonOption(typed, '--result', context.io.cwd);
  const at = new Date().toISOString();
  const vouching: Vouching = {
    by: wordOf('by', operatorName(option('by'), context)),
    at,
    reason: wordOf('reason', option('reason')),
  };
  const place = await openPlace({ args, option, flag }, context);
  const { store, executions } = place;
  const { name } = await pipelineIn(place, args[0] ?? '', context);
  const run = { pipeline: name, run_id: args[1] ?? '' };
  const history = isRunId(run.run_id) ? await readExecutions(store, run) : [];
  if (history.length === 0) throw await unknownRun(run, place);
  const step = await markableStep({ wanted: args[0] ?? '', step: args[2] ?? '', run, history, place }, context);
  const vouched = await vouchForStep(run, { ...step, store, executions, history, result, vouching }).catch(wrongResult);
  const ports = { clock: new SystemClock(), ...(place.events && { events: place.events }) };
  await tell(ports, () => [vouchedEvent({ ...run, execution: history.length }, vouched.manifest)], warn(context));
  if (vouched.settled.length > 0) await tidyQueue(name, { store, executions, queue: queueOf(place, name, context) });
  return markAnswer(vouched, place.typed, context);
}

/** The errors of a step's own result, about the one that a person typed. */
function wrongResult(error: unknown): never {
  if (error instanceof ValidationError || error instanceof PermanentError)
    throw new UsageError(`--result: ${error.message}`, { cause: error });
  throw error;
}

function wordOf(name: 'by' | 'reason', option: string | null): string {
  const text = option?.trim().toWellFormed() ?? '';
  if (text === '') throw new UsageError(`mark needs --${name} <text>: everyone who looks at the run sees it`);
  if (text.length > longest[name])
    throw new UsageError(`--${name} has ${text.length} characters; at most ${longest[name]} are allowed`);
  return text;
}

const warn =
  ({ io }: Context) =>
  (line: string): void => {
    io.stderr.write(`${line}\n`);
  };
