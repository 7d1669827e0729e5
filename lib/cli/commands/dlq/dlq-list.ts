import {
  isOpen,
  type LetterState,
  letterStates,
  type OpenLetters,
  openLetters,
} from '../../../operate/letters/letter-states.ts';
import type { ObjectStore } from '../../../ports/ports.ts';
import type { Answer, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import { counted, moment } from '../../render/format.ts';
import { describeLetterState, letterJson, shortId } from '../../render/letter-json.ts';
import { renderTable } from '../../render/render-table.ts';
import { damagedRecords } from '../../render/run/results.ts';
import { commandLine, type TypedPlace } from '../../typed/command-line.ts';
import { openPlace, pipelineIn } from '../../typed/place.ts';

/** Lists a pipeline's dead letters, latest first. */
export async function dlqList({ args, option, flag }: Invocation, context: Context): Promise<Answer> {
  const place = await openPlace({ args, option, flag }, context);
  const { store, typed } = place;
  const { name } = await pipelineIn(place, args[0] ?? '', context);
  const found = flag('all') ? await everyLetter(store, name) : await openLetters(store, name, mostRows(context));
  const shown = found.states.toReversed();
  return {
    exitCode: 0,
    json: { pipeline: name, store: store.url, dead_letters: shown.map(letterJson), damaged: [...found.damaged] },
    text: [
      ...(shown.length > 0 ? [table(shown, flag('all'), context)] : [none(name, store.url, flag('all'), context)]),
      ...(found.older > 0 ? [`  and ${counted(found.older, 'older one')} (--json lists all)`] : []),
      ...closedOnes(found.closed, context),
      ...damagedRecords(found.damaged, { pipeline: name, place: typed }, context),
      ...wayOn(name, shown, typed, context),
    ].join('\n'),
  };
}

/** Each takes two requests, so that a list takes 20 at most; `--json` has all. */
const mostRows = ({ json }: Context): number => (json ? Number.POSITIVE_INFINITY : 8);

async function everyLetter(store: ObjectStore, pipeline: string): Promise<OpenLetters> {
  const damaged: string[] = [];
  return { states: await letterStates(store, pipeline, damaged), older: 0, closed: 0, damaged };
}

const none = (name: string, store: string, all: boolean, { paint }: Context): string =>
  `${paint(name, 'bold')} has no ${all ? '' : 'open '}dead letters in ${paint(store)}`;

const closedOnes = (closed: number, { paint }: Context): string[] =>
  closed > 0 ? [paint(`  and ${counted(closed, 'closed one')} (--all shows them)`, 'dim')] : [];

function table(states: readonly LetterState[], all: boolean, context: Context): string {
  const columns = [
    { title: 'run / execution / step' },
    { title: 'failed at (UTC)', drop: 2 },
    { title: 'severity', drop: 3 },
    { title: 'attempts', align: 'right', drop: 4 },
    ...(all ? [{ title: 'state' }] : []),
    { title: 'error', drop: 1 },
  ] as const;
  const rows = states.map((state) => [
    shortId(state.letter),
    moment(state.letter.failed_at),
    state.letter.severity,
    String(state.letter.attempts),
    ...(all ? [describeLetterState(state)] : []),
    { text: state.letter.failure.error, style: 'red' as const },
  ]);
  return renderTable(columns, rows, context.table);
}

function wayOn(name: string, [first]: readonly LetterState[], typed: TypedPlace, context: Context): string[] {
  if (!first) return [];
  const { paint } = context;
  const show = commandLine(['dlq', 'show', name, shortId(first.letter)], typed, context);
  if (!isOpen(first)) return ['', `In full: ${paint(show, 'cyan')}`];
  const redrive = commandLine(['dlq', 'redrive', name, '--all'], typed, context);
  return ['', `In full: ${paint(show, 'cyan')}`, `Resume:  ${paint(redrive, 'cyan')}`];
}
