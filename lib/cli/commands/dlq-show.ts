import { type LetterState, letterStates, letterStatesOfRun } from '../../operate/letters/letter-states.ts';
import { readDeadLetter } from '../../operate/runs/dead-letters.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { cleanText } from '../render/clean-text.ts';
import { moment } from '../render/format.ts';
import { describeLetterState, letterJson } from '../render/letter-json.ts';
import { renderPairs } from '../render/render-table.ts';
import { commandLine, type TypedPlace } from '../typed/command-line.ts';
import { openPlace, pipelineIn, placeOptions } from '../typed/place.ts';
import { unknownLetter } from '../typed/unknown-letter.ts';

/** Shows one dead letter in full: what failed, why, with which input. */
export const dlqShow: Command = {
  name: 'dlq show',
  arguments: '<pipeline> [id]',
  summary: 'one dead letter in full; the latest unless an id is given',
  options: placeOptions,
  async run({ args, option }, context) {
    const place = await openPlace(option, context);
    const { name } = await pipelineIn(place, args[0] ?? '', context);
    const state = await find(place.store, name, args[1] ?? null);
    return { exitCode: 0, json: { dead_letter: letterJson(state) }, text: describe(state, place.typed, context) };
  },
};

async function find(store: ObjectStore, pipeline: string, id: string | null): Promise<LetterState> {
  const direct = id === null ? null : await readDeadLetter(store, pipeline, id);
  const states = direct ? await letterStatesOfRun(store, direct) : await letterStates(store, pipeline);
  const found = direct ? states.find(({ letter }) => letter.id === direct.id) : id === null ? states.at(-1) : undefined;
  if (found) return found;
  throw unknownLetter(id, pipeline, { states, store });
}

function describe(state: LetterState, place: TypedPlace, context: Context): string {
  const { paint } = context;
  const { letter } = state;
  const logs = letter.logs ? `${letter.logs.group} / ${letter.logs.stream}` : '-';
  const manifests = Object.entries(letter.upstream_manifests).map(([step, key]) => [`from ${step}`, key] as const);
  return [
    `${paint(letter.step, 'bold')} ${paint(letter.failure.error, 'red')}`,
    '',
    ...cleanText(letter.failure.cause)
      .split('\n')
      .map((line) => `  ${line}`),
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
        ['logs', logs],
        ...manifests,
        ['resume', commandLine(['resume', letter.pipeline, letter.run_id], place, context)],
        ['input', JSON.stringify(letter.input)],
      ],
      paint,
    ),
  ].join('\n');
}
