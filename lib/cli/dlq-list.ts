import type { JsonObject } from '../contract/json.ts';
import type { DeadLetter } from '../contract/records.ts';
import { listDeadLetters } from '../operate/dead-letters.ts';
import type { Command } from './command.ts';
import { commandLine } from './command-line.ts';
import type { Context } from './context.ts';
import { moment } from './format.ts';
import { pipelineRef } from './pipeline-ref.ts';
import { renderTable } from './render-table.ts';
import { openStoreOption, storeOption } from './store-option.ts';

/** Lists a pipeline's dead letters, the latest first. */
export const dlqList: Command = {
  name: 'dlq list',
  arguments: '<pipeline>',
  summary: "a pipeline's dead letters, the latest first",
  options: [storeOption],
  async run({ args, option }, context) {
    const { store } = await openStoreOption(option('store'), context);
    const { name } = await pipelineRef(args[0] ?? '', store, context);
    const letters = await listDeadLetters(store, name);
    return {
      exitCode: 0,
      json: { pipeline: name, store: store.url, dead_letters: letters as unknown as JsonObject[] },
      text:
        letters.length > 0
          ? describe(letters, option('store'), context)
          : `${context.paint(name, 'bold')} has no dead letters in ${context.paint(store.url)}`,
    };
  },
};

function describe(letters: readonly DeadLetter[], store: string | null, context: Context): string {
  const columns = [
    { title: 'run / execution / step' },
    { title: 'failed at (UTC)', drop: 2 },
    { title: 'severity', drop: 3 },
    { title: 'attempts', align: 'right', drop: 4 },
    { title: 'error', drop: 1 },
  ] as const;
  const rows = letters.map((letter) => [
    shortId(letter),
    moment(letter.failed_at),
    letter.severity,
    String(letter.attempts),
    { text: letter.failure.error, style: 'red' as const },
  ]);
  const { paint, table } = context;
  const [first] = letters;
  const example = first ? commandLine(['dlq', 'show', first.pipeline, shortId(first)], store, context) : '';
  return [renderTable(columns, rows, table), '', `In full: ${paint(example, 'cyan')}`].join('\n');
}

const shortId = ({ run_id, execution, step }: DeadLetter): string => `${run_id}/${execution}/${step}`;
