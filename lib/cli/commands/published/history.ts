import type { JsonObject } from '../../../contract/json.ts';
import type { Change } from '../../../contract/published/pointer.ts';
import { readHistory } from '../../../operate/published/read-history.ts';
import type { Answer, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import { count, moment } from '../../render/format.ts';
import { renderTable } from '../../render/render-table.ts';
import { openPlace, pipelineIn } from '../../typed/place.ts';
import { UsageError } from '../../typed/usage-error.ts';
import { wholeNumber } from '../../typed/whole-number.ts';

const usual = 20;
/** Changes. With more of them a look would need more than 20 requests. */
const most = 300;

/** Shows what readers saw and see: every publish, rollback and withdrawal, with its run, rows, checks and person. */
export async function history({ args, option, flag }: Invocation, context: Context): Promise<Answer> {
  const wanted = wholeNumber(option('rows'), '--rows') ?? usual;
  if (wanted > most) throw new UsageError(`--rows is ${wanted}; at most ${most} changes are shown`);
  const place = await openPlace({ args, option, flag }, context);
  const { name } = await pipelineIn(place, args[0] ?? '', context);
  const { pointer, changes, more } = await readHistory(place.store, name, wanted);
  const current = (pointer?.partitions ?? []).map((row) => ({ partition: row.partition, version: row.current }));
  const { paint, table } = context;
  const hasPartitions = changes.some(({ partition }) => partition !== '');
  const columns = [
    { title: 'change', align: 'right', drop: 3 },
    { title: 'when (UTC)' },
    ...(hasPartitions ? [{ title: 'partition' }] : []),
    { title: 'what', widest: 40 },
    { title: 'run', drop: 1 },
    { title: 'rows', align: 'right' },
    { title: 'checks', drop: 4 },
    { title: 'why', drop: 2, widest: 60 },
  ] as const;
  const rows = changes.map((change) => [
    String(change.change),
    moment(change.at),
    ...(hasPartitions ? [change.partition] : []),
    words(change),
    change.summary?.run_id ?? '-',
    change.summary ? count(change.summary.rows) : '-',
    checks(change),
    change.reason ?? '',
  ]);
  const title = `${paint(name, 'bold')} ${currentWords(current)}`;
  const end = more ? [paint(`  earlier changes: --rows ${Math.min(most, wanted * 2)}`, 'dim')] : [];
  return {
    exitCode: 0,
    json: { pipeline: name, current, changes, more } as unknown as JsonObject,
    text: changes.length === 0 ? title : [title, '', renderTable(columns, rows, table), ...end].join('\n'),
  };
}

function currentWords(current: readonly { readonly partition: string; readonly version: number | null }[]): string {
  const [only, ...others] = current;
  if (!only) return 'has published nothing';
  if (others.length > 0 || only.partition !== '')
    return `has published ${current.length} partition${current.length === 1 ? '' : 's'}`;
  return only.version === null ? 'has no current version: all were withdrawn' : `shows version ${only.version}`;
}

function words({ kind, after, before, withdrawn, by }: Change): string {
  if (kind === 'published') return `published ${after}`;
  if (kind === 'rolled_back') return `${by}: back from ${before ?? 'none'} to ${after}`;
  return `${by}: withdrew ${withdrawn}${before === after ? '' : `, back to ${after ?? 'none'}`}`;
}

function checks({ summary }: Change): string {
  if (!summary || summary.checks === 0) return '-';
  return summary.violated === 0 ? `${summary.checks} passed` : `${summary.violated} of ${summary.checks} violated`;
}
