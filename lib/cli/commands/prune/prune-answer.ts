import type { JsonObject } from '../../../contract/json.ts';
import type { Pruned, RemovedRun } from '../../../operate/prune/prune.ts';
import type { Answer } from '../../command.ts';
import type { Context } from '../../context.ts';
import { bytes, counted, moment } from '../../render/format.ts';
import { renderTable } from '../../render/render-table.ts';
import type { TypedPlace } from '../../typed/command-line.ts';

export interface PrunedPipeline extends Pruned {
  readonly pipeline: string;
}

interface Asked {
  readonly keepDays: number;
  readonly dryRun: boolean;
  readonly place: TypedPlace;
  readonly storeUrl: string;
}

/** Rows of each table; `--json` has all. */
const mostRows = 20;

/** The answer of `prune`: the runs that go with their sizes, and the old ones that stay with the reason. */
export function pruneAnswer(pruned: readonly PrunedPipeline[], asked: Asked, context: Context): Answer {
  const { keepDays, dryRun, storeUrl } = asked;
  const total = sum(pruned.flatMap(({ removed }) => removed));
  const kept = pruned.reduce((number, one) => number + one.kept.length, 0);
  const verb = dryRun ? 'would be removed' : 'removed';
  const summary = `${counted(total.runs, 'run')} ${verb}: ${counted(total.datasets, 'dataset')}, ${counted(total.objects, 'object')}, ${bytes(total.bytes)}`;
  return {
    exitCode: 0,
    json: {
      store: storeUrl,
      keep_days: keepDays,
      dry_run: dryRun,
      removed: total as unknown as JsonObject,
      kept,
      pipelines: pruned as unknown as JsonObject[],
    },
    text: [...pruned.flatMap((one) => describe(one, context)), summary, ...(kept > 0 ? [stayed(kept)] : [])].join('\n'),
  };
}

const stayed = (kept: number): string => `${counted(kept, 'old run')} ${kept === 1 ? 'stays' : 'stay'}.`;

function sum(removed: readonly RemovedRun[]) {
  const add = (field: 'objects' | 'bytes' | 'datasets'): number =>
    removed.reduce((total, run) => total + run[field], 0);
  return { runs: removed.length, datasets: add('datasets'), objects: add('objects'), bytes: add('bytes') };
}

function describe({ pipeline, removed, kept }: PrunedPipeline, { paint, table }: Context): string[] {
  const gone = [
    { title: 'run' },
    { title: 'ended (UTC)' },
    { title: 'datasets', align: 'right', drop: 2 },
    { title: 'objects', align: 'right', drop: 1 },
    { title: 'size', align: 'right' },
  ] as const;
  const stays = [{ title: 'stays' }, { title: 'ended (UTC)' }, { title: 'because' }] as const;
  const goneRows = removed
    .slice(0, mostRows)
    .map((run) => [
      run.run_id,
      run.ended_at === null ? 'begun before' : moment(run.ended_at),
      String(run.datasets),
      String(run.objects),
      bytes(run.bytes),
    ]);
  const staysRows = kept.slice(0, mostRows).map((run) => [run.run_id, moment(run.ended_at), run.reason]);
  return [
    ...(removed.length + kept.length > 0 ? [paint(pipeline, 'bold'), ''] : []),
    ...(removed.length > 0 ? [renderTable(gone, goneRows, table), ...more(removed.length), ''] : []),
    ...(kept.length > 0 ? [renderTable(stays, staysRows, table), ...more(kept.length), ''] : []),
  ];
}

const more = (number: number): string[] =>
  number > mostRows ? [`  and ${number - mostRows} more (--json lists all)`] : [];
