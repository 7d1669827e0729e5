import type { DeadLetter } from '../../../contract/records/dead-letter.ts';
import { type LetterState, letterIds } from '../../../operate/letters/letter-states.ts';
import { objectPath } from '../../../operate/runs/object-path.ts';
import type { ObjectStore } from '../../../ports/ports.ts';
import type { Answer, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import { cleanText } from '../../render/clean-text.ts';
import { behindLines } from '../../render/failure-text.ts';
import { moment } from '../../render/format.ts';
import { describeLetterState, letterJson } from '../../render/letter-json.ts';
import { renderPairs } from '../../render/render-table.ts';
import { chosenLetters } from '../../typed/chosen/chosen-letters.ts';
import { unknownLetter } from '../../typed/chosen/unknown-letter.ts';
import { commandLine, shortPath } from '../../typed/command-line.ts';
import { openPlace, type Place, pipelineIn } from '../../typed/place.ts';

/** Shows one dead letter in full: the failure, its reason and its input. */
export async function dlqShow({ args, option, flag }: Invocation, context: Context): Promise<Answer> {
  const place = await openPlace({ args, option, flag }, context);
  const { name } = await pipelineIn(place, args[0] ?? '', context);
  const state = await find(place.store, name, args[1] ?? null);
  return { exitCode: 0, json: { dead_letter: letterJson(state) }, text: describe(state, place, context) };
}

async function find(store: ObjectStore, pipeline: string, id: string | null): Promise<LetterState> {
  const wanted = id ?? (await letterIds(store, pipeline, 1))[0];
  if (wanted === undefined) throw await unknownLetter(null, pipeline, store);
  const [state] = await chosenLetters([wanted], pipeline, store);
  return state as LetterState;
}

function describe(state: LetterState, place: Place, context: Context): string {
  const { paint } = context;
  const { letter } = state;
  const manifests = Object.entries(letter.upstream_manifests).map(([step, key]) => [`from ${step}`, key] as const);
  return [
    `${paint(letter.step, 'bold')} ${paint(letter.failure.error, 'red')}`,
    '',
    ...cleanText(letter.failure.cause)
      .split('\n')
      .map((line) => `  ${line}`),
    ...behindLines(letter.failure).map((line) => `  ${paint(line)}`),
    '',
    renderPairs(
      [
        ['id', letter.id],
        ['run', letter.run_id],
        ['execution', `${letter.execution} (${letter.execution_arn})`],
        ['failed at', `${moment(letter.failed_at)} UTC`],
        ['state', describeLetterState(state)],
        ['attempts', String(letter.attempts)],
        ['severity', letter.severity],
        ['log', logOf(letter, place.store, context)],
        ...manifests,
        ['resume', commandLine(['resume', letter.pipeline, letter.run_id], place.typed, context)],
        ['input', JSON.stringify(letter.input)],
      ],
      paint,
    ),
  ].join('\n');
}

/** A file of the offline engine, or the CloudWatch log stream. */
function logOf({ logs }: DeadLetter, { url }: ObjectStore, context: Context): string {
  if (logs === null) return '-';
  return url.startsWith('file:')
    ? shortPath(objectPath(url, `${logs.group}/${logs.stream}`), context)
    : `${logs.group} / ${logs.stream}`;
}
