import type { JsonObject } from '../../contract/json.ts';
import type { RunRedrive } from '../../operate/letters/redrive-letters.ts';
import type { QueueReport } from '../../operate/letters/tidy-queue.ts';
import type { Answer } from '../command.ts';
import type { Context } from '../context.ts';
import { commandLine } from '../typed/command-line.ts';
import type { Place } from '../typed/place.ts';
import { cleanLine } from './clean-text.ts';
import { counted } from './format.ts';
import { statusStyle } from './outcome-style.ts';
import { renderTable } from './render-table.ts';
import { truncate } from './text-width.ts';

export interface Redriven {
  readonly pipeline: string;
  readonly place: Place;
  readonly runs: readonly RunRedrive[];
  /** Null after a dry run, which does not look into the queue. */
  readonly queue: QueueReport | null;
  /** True if a run counts as a success that another execution holds, or whose input a redrive cannot mend. */
  readonly lenient: boolean;
}

/** The answer of a redrive of dead letters. The command fails if a run did not succeed or could not be resumed. */
export function redriveAnswer(redriven: Redriven, context: Context): Answer {
  const { pipeline, place, runs, queue, lenient } = redriven;
  const well = runs.every(
    ({ result, status }) =>
      result === 'closed' ||
      result === 'planned' ||
      status === 'SUCCEEDED' ||
      (lenient && (result === 'held' || result === 'unfit')),
  );
  return {
    exitCode: context.interrupted ?? (well ? 0 : 1),
    json: {
      pipeline,
      store: place.store.url,
      dry_run: queue === null,
      runs: runs as unknown as JsonObject[],
      queue: queue as unknown as JsonObject | null,
    },
    text: [
      ...(runs.length > 0 ? [table(runs, context)] : [`${context.paint(pipeline, 'bold')} has nothing to redrive`]),
      ...reasons(runs, context),
      ...(queue ? describeQueue(queue, context) : []),
      ...failedRuns(redriven, context),
    ].join('\n'),
  };
}

function table(runs: readonly RunRedrive[], context: Context): string {
  const columns = [
    { title: 'run' },
    { title: 'dead letters', align: 'right' },
    { title: 'result' },
    { title: 'still open', align: 'right' },
  ] as const;
  const rows = runs.map((run) => [
    run.run_id,
    String(run.dead_letters.length),
    run.status === null
      ? words[run.result]
      : { text: `${run.status}, execution ${run.execution}`, style: statusStyle(run.status) },
    String(run.open.length),
  ]);
  return renderTable(columns, rows, context.table);
}

const words: Readonly<Record<RunRedrive['result'], string>> = {
  resumed: 'resumed',
  held: 'left alone: another execution works on it',
  closed: 'nothing to do: closed already',
  unfit: 'left alone: its input does not fit',
  failed: 'could not be resumed',
  planned: 'would be resumed',
};

function reasons(runs: readonly RunRedrive[], { paint }: Context): string[] {
  return runs.flatMap(({ run_id, reason }) => {
    const [first, ...others] = reason?.split('\n') ?? [];
    if (first === undefined) return [];
    return [`  ${paint(run_id)}: ${paint(cleanLine(first))}`, ...others.map((line) => `    ${paint(cleanLine(line))}`)];
  });
}

/** Columns of a message's body to show; `--json` has all of it. */
const bodyWidth = 200;

function describeQueue({ kept, deleted, sent_again, not_understood }: QueueReport, { paint }: Context): string[] {
  const parts = [
    `${counted(deleted, 'message')} deleted`,
    `${kept} kept`,
    ...(sent_again.length > 0 ? [`${sent_again.length} sent again that had expired or were lost`] : []),
  ];
  return [
    '',
    `Queue: ${parts.join(', ')}`,
    ...not_understood.flatMap(({ reason, body }) => [
      `  ${paint(`a message is not understood and was kept: ${reason}`, 'yellow')}`,
      `    ${paint(truncate(cleanLine(body), bodyWidth), 'dim')}`,
    ]),
  ];
}

function failedRuns({ runs, pipeline, place }: Redriven, context: Context): string[] {
  const failed = runs.filter(({ status }) => status !== null && status !== 'SUCCEEDED');
  if (failed.length === 0) return [];
  return [
    '',
    'Why:',
    ...failed.map(
      ({ run_id }) => `  ${context.paint(commandLine(['status', pipeline, run_id], place.typed, context), 'cyan')}`,
    ),
  ];
}
