import { shortDigest } from '../../contract/fingerprint.ts';
import { executionEndKey, partitionLedgerKey, pointerKey } from '../../contract/object-keys.ts';
import type { CodeDigests, PartitionEntry, PartitionLedger } from '../../contract/partitions/partition-ledger.ts';
import type { Pointer } from '../../contract/published/pointer.ts';
import type { ExecutionEnd } from '../../contract/records/execution.ts';
import type { Partition } from '../../input/partitions/partition.ts';
import type { Executions, ObjectStore } from '../../ports/ports.ts';
import { nameOfCode } from '../../runtime/partitions/note-turn.ts';
import { readJson } from '../../runtime/records/json-objects.ts';
import type { DefinitionFacts } from '../resume/definition-facts.ts';
import type { PartitionState, PartitionStatus } from './partition-state.ts';

interface Places {
  readonly store: ObjectStore;
  readonly executions: Executions;
}

/**
 * Reads the state of partitions, compared with a definition. Costs one request for published versions, one per ledger (a year of days), and one or two for each partition that is being worked on: its end may have
 * been recorded without the ledger.
 */
export async function readPartitions(
  { store, executions }: Places,
  { pipeline, steps }: DefinitionFacts,
  partitions: readonly Partition[],
): Promise<PartitionState[]> {
  const current = codeOf(steps);
  const pointer = await readJson<Pointer>(store, pointerKey(pipeline.name));
  const versions = new Map(pointer?.partitions.map((one) => [one.partition, one.current]));
  const keys = [...new Set(partitions.map(({ name }) => partitionLedgerKey(pipeline.name, name)))];
  const ledgers = new Map(
    await Promise.all(keys.map(async (key) => [key, await readJson<PartitionLedger>(store, key)] as const)),
  );
  return Promise.all(
    partitions.map(async (partition): Promise<PartitionState> => {
      const version = versions.get(partition.name) ?? null;
      const ledger = ledgers.get(partitionLedgerKey(pipeline.name, partition.name));
      const noted =
        ledger && Object.hasOwn(ledger.partitions, partition.name) ? ledger.partitions[partition.name] : null;
      if (!noted) return { partition, status: 'missing', changed: [], last: null, good: null, version };
      const entry =
        noted.last.status === 'RUNNING' ? await settled(noted, { pipeline: pipeline.name, store, executions }) : noted;
      return { partition, version, ...entry, ...judge(entry, ledger?.codes ?? {}, current) };
    }),
  );
}

/** The digests of the current definition, as ledgers keep them. */
function codeOf(steps: DefinitionFacts['steps']): CodeDigests {
  return Object.fromEntries(steps.map(({ name, definition }) => [name, shortDigest(definition)]));
}

/** An entry whose execution has ended although the ledger does not say so: it died between the two records, or no one could write. */
async function settled(
  entry: PartitionEntry,
  { pipeline, store, executions }: Places & { readonly pipeline: string },
): Promise<PartitionEntry> {
  const { last, good } = entry;
  const { run_id, execution, fence } = last;
  const end = await readJson<ExecutionEnd>(store, executionEndKey({ pipeline, run_id, execution }));
  if (end) {
    const isGood = end.status === 'SUCCEEDED' && (good?.fence ?? 0) < fence;
    return {
      last: { ...last, status: end.status, ended_at: end.ended_at },
      good: isGood ? { run_id, execution, fence, ended_at: end.ended_at, code: null } : good,
    };
  }
  const status = await executions.status(last.execution_arn);
  return status === 'RUNNING' ? entry : { good, last: { ...last, status: 'ABORTED' } };
}

function judge(
  { last, good }: PartitionEntry,
  codes: PartitionLedger['codes'],
  current: CodeDigests,
): { readonly status: PartitionStatus; readonly changed: readonly string[] } {
  if (last.status === 'RUNNING') return { status: 'running', changed: [] };
  if (last.status !== 'SUCCEEDED') return { status: 'failed', changed: [] };
  if (good?.code === nameOfCode(current)) return { status: 'good', changed: [] };
  const made = good?.code && Object.hasOwn(codes, good.code) ? (codes[good.code] ?? {}) : null;
  return { status: 'stale', changed: made ? changedSteps(made, current) : [] };
}

/** Steps that are new, gone, or of another definition. */
function changedSteps(made: CodeDigests, current: CodeDigests): string[] {
  const [before, now] = [new Map(Object.entries(made)), new Map(Object.entries(current))];
  return [...new Set([...now.keys(), ...before.keys()])].filter((step) => before.get(step) !== now.get(step));
}
