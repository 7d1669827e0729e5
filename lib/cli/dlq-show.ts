import type { JsonObject } from '../contract/json.ts';
import type { DeadLetter } from '../contract/records.ts';
import { listDeadLetters, readDeadLetter } from '../operate/dead-letters.ts';
import type { ObjectStore } from '../ports/ports.ts';
import { didYouMean } from '../source/did-you-mean.ts';
import { cleanText } from './clean-text.ts';
import type { Command } from './command.ts';
import type { Context } from './context.ts';
import { moment } from './format.ts';
import { pipelineRef } from './pipeline-ref.ts';
import { renderPairs } from './render-table.ts';
import { openStoreOption, storeOption } from './store-option.ts';
import { UsageError } from './usage-error.ts';

/** Shows one dead letter in full: what failed, why, with which input. */
export const dlqShow: Command = {
  name: 'dlq show',
  arguments: '<pipeline> [id]',
  summary: 'one dead letter in full; the latest unless an id is given',
  options: [storeOption],
  async run({ args, option }, context) {
    const { store } = await openStoreOption(option('store'), context);
    const { name } = await pipelineRef(args[0] ?? '', store, context);
    const letter = await find(store, name, args[1] ?? null);
    return {
      exitCode: 0,
      json: { dead_letter: letter as unknown as JsonObject },
      text: describe(letter, context),
    };
  },
};

async function find(store: ObjectStore, pipeline: string, id: string | null): Promise<DeadLetter> {
  const direct = id === null ? null : await readDeadLetter(store, pipeline, id);
  if (direct) return direct;
  const letters = await listDeadLetters(store, pipeline);
  const [latest] = letters;
  if (!latest) throw new UsageError(`pipeline "${pipeline}" has no dead letters in ${store.url}`);
  if (id === null) return latest;
  const ids = letters.flatMap((letter) => [letter.id, letter.id.slice(pipeline.length + 1)]);
  throw new UsageError(`there is no dead letter "${id}"${didYouMean(id, ids)} (the latest is ${latest.id})`);
}

function describe(letter: DeadLetter, { paint }: Context): string {
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
        ['attempts', String(letter.attempts)],
        ['severity', letter.severity],
        ['logs', logs],
        ...manifests,
        ['resume', letter.resume],
        ['input', JSON.stringify(letter.input)],
      ],
      paint,
    ),
  ].join('\n');
}
