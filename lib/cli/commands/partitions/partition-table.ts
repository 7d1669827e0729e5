import type { PartitionRule } from '../../../input/partitions/partition.ts';
import {
  type PartitionState,
  type PartitionStatus,
  partitionStatuses,
} from '../../../operate/partitions/partition-state.ts';
import type { Context } from '../../context.ts';
import type { Style } from '../../render/painter.ts';
import { renderTable } from '../../render/render-table.ts';

const styles: Readonly<Record<PartitionStatus, Style>> = {
  good: 'green',
  stale: 'yellow',
  failed: 'red',
  missing: 'dim',
  running: 'cyan',
};

/** The partitions in order, neighbours of one state in one line. */
export function partitionTable(
  states: readonly PartitionState[],
  { pipeline, rule }: { readonly pipeline: string; readonly rule: PartitionRule },
  context: Context,
): string {
  const { paint } = context;
  const head = `${paint(pipeline, 'bold')} by ${rule.by} in ${rule.timezone}: ${countsText(states)}`;
  if (states.length === 0) return head;
  const isPublished = states.some(({ version }) => version !== null);
  const rows = groupsOf(states).map((group) => {
    const [first, last] = [group[0], group.at(-1)] as [PartitionState, PartitionState];
    const name = first === last ? first.partition.name : `${first.partition.name} to ${last.partition.name}`;
    return [
      name,
      String(group.length),
      { text: first.status, style: styles[first.status] },
      ...(isPublished ? [first === last ? String(first.version ?? '-') : ''] : []),
      first === last ? (first.last?.run_id ?? '-') : '-',
      whyText(first),
    ];
  });
  const columns = [
    { title: rule.by },
    { title: 'count', align: 'right' as const },
    { title: 'status' },
    ...(isPublished ? [{ title: 'version', align: 'right' as const, drop: 3 }] : []),
    { title: 'last run', drop: 2 },
    { title: 'why', drop: 1 },
  ];
  return `${head}\n\n${renderTable(columns, rows, context.table)}`;
}

/** `7 good, 3 failed`. */
function countsText(states: readonly PartitionState[]): string {
  const counts = partitionStatuses.flatMap((status) => {
    const count = states.filter((state) => state.status === status).length;
    return count > 0 ? [`${count} ${status}`] : [];
  });
  return counts.join(', ') || 'none';
}

function groupsOf(states: readonly PartitionState[]): PartitionState[][] {
  const groups: PartitionState[][] = [];
  for (const state of states) {
    const group = groups.at(-1);
    if (group?.[0] && isAlike(group[0], state)) group.push(state);
    else groups.push([state]);
  }
  return groups;
}

/** A failed one has its own run to look at. */
const isAlike = (one: PartitionState, other: PartitionState): boolean =>
  one.status === other.status && one.status !== 'failed' && one.status !== 'running' && whyText(one) === whyText(other);

/** The reason of a state, for people. */
function whyText({ status, changed, good }: PartitionState): string {
  if (status === 'stale')
    return changed.length > 0 ? `changed: ${changed.join(', ')}` : 'made with code that no record names';
  if (status === 'failed' && good) return `good data of run ${good.run_id}`;
  return '';
}
