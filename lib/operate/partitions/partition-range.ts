import { partitionLedgersPrefix } from '../../contract/object-keys.ts';
import type { PartitionLedger } from '../../contract/partitions/partition-ledger.ts';
import type { Partition, PartitionRule } from '../../input/partitions/partition.ts';
import { partitionsFrom } from '../../input/partitions/partition-list.ts';
import { lastComplete, partitionNamed } from '../../input/partitions/partition-names.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { eachOf } from '../../runtime/records/each-of.ts';
import { readJson } from '../../runtime/records/json-objects.ts';

/** A decade of hours is 87,660. */
const mostPartitions = 100_000;

/** The bounds of a list, as a person names them; null for a bound that is not given. */
export interface NamedRange {
  readonly from: string | null;
  readonly to: string | null;
}

/** The partitions of a range, or the reason why there are none. */
export type PartitionRange = { readonly partitions: readonly Partition[] } | { readonly problem: string };

/**
 * The partitions between two names, both included. Without `to` up to the last complete one; without `from` from the first of the rule, else from the first that a ledger has. A range that
 * ends before it begins is a problem.
 */
export async function partitionRange(
  { from, to }: NamedRange,
  rule: PartitionRule,
  { store, pipeline, now }: { readonly store: ObjectStore; readonly pipeline: string; readonly now: number },
): Promise<PartitionRange> {
  const last = to === null ? lastComplete(now, rule) : partitionNamed(to, rule);
  if ('problem' in last) return { problem: `--to: "${to}" ${last.problem}` };
  const first = from ?? rule.start ?? (await firstNoted(store, pipeline, rule)) ?? last.name;
  const begin = partitionNamed(first, rule);
  if ('problem' in begin) return { problem: `--from: "${first}" ${begin.problem}` };
  if (begin.start > last.start)
    return from === null || to === null
      ? { partitions: [] }
      : { problem: `--from "${begin.name}" lies after --to "${last.name}"` };
  const partitions: Partition[] = [];
  for (const partition of partitionsFrom(begin, last, rule)) {
    partitions.push(partition);
    if (partitions.length > mostPartitions)
      return { problem: `more than ${mostPartitions} partitions lie between "${begin.name}" and "${last.name}"` };
  }
  return { partitions };
}

/** The name of the first partition that a run has worked on. */
async function firstNoted(store: ObjectStore, pipeline: string, rule: PartitionRule): Promise<string | null> {
  const keys: string[] = [];
  for await (const { key } of store.list(partitionLedgersPrefix(pipeline))) keys.push(key);
  const ledgers = await eachOf(keys, 8, (key) => readJson<PartitionLedger>(store, key));
  const found = ledgers
    .flatMap((ledger) => Object.keys(ledger?.partitions ?? {}))
    // A ledger may hold names from before the rule was changed.
    .flatMap((name) => {
      const named = partitionNamed(name, rule);
      return 'problem' in named ? [] : [named];
    });
  return found.reduce<Partition | null>((a, b) => (a && a.start < b.start ? a : b), null)?.name ?? null;
}
