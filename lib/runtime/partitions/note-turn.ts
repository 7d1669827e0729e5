import { digestOf } from '../../contract/fingerprint.ts';
import { partitionLedgerKey } from '../../contract/object-keys.ts';
import type {
  CodeDigests,
  PartitionEntry,
  PartitionLedger,
  PartitionTurn,
} from '../../contract/partitions/partition-ledger.ts';
import type { RunContext } from '../../contract/payloads.ts';
import type { ExecutionEnd } from '../../contract/records/execution.ts';
import type { RunPartition } from '../../contract/records/run.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { swapJson } from '../records/swap-json.ts';

/** An execution that has a turn of a partition. */
type Turn = Pick<RunContext, 'pipeline' | 'run_id' | 'execution' | 'execution_arn' | 'started_at'> & {
  readonly partition?: RunPartition | undefined;
  readonly lease?: { readonly fence: number } | undefined;
  readonly trial?: unknown;
};

/** Notes that an execution works on its partition. Does nothing for a run without one, for a trial, and when a later turn has been noted. */
export async function noteStart(store: ObjectStore, run: Turn): Promise<void> {
  await note(store, run, (entry, turn) =>
    entry && entry.last.fence >= turn.fence ? null : { last: turn, good: entry?.good ?? null },
  );
}

/** Notes how a partition's execution ended, and with which code if it succeeded. A late or repeated note changes nothing that a later turn has noted. */
export async function noteEnd(
  store: ObjectStore,
  run: Turn,
  { end, code }: { readonly end: ExecutionEnd; readonly code: CodeDigests | null },
): Promise<void> {
  const codeName = code && nameOfCode(code);
  await note(
    store,
    run,
    (entry, turn) => {
      const last = { ...turn, status: end.status, ended_at: end.ended_at };
      const { run_id, execution, fence } = turn;
      const good = { run_id, execution, fence, ended_at: end.ended_at, code: codeName };
      const isLast =
        !entry || entry.last.fence < fence || (entry.last.fence === fence && entry.last.status === 'RUNNING');
      const isGood = end.status === 'SUCCEEDED' && (entry?.good?.fence ?? 0) < fence;
      if (!isLast && !isGood) return null;
      return { last: isLast ? last : entry.last, good: isGood ? good : (entry?.good ?? null) };
    },
    codeName && code ? { [codeName]: code } : {},
  );
}

/** The name under which a ledger keeps a version of a pipeline. */
export function nameOfCode(code: CodeDigests): string {
  return digestOf({ ...code }).slice(0, 16);
}

async function note(
  store: ObjectStore,
  run: Turn,
  change: (entry: PartitionEntry | null, turn: PartitionTurn) => PartitionEntry | null,
  codes: PartitionLedger['codes'] = {},
): Promise<void> {
  const { pipeline, partition, lease, trial } = run;
  if (!partition || !lease || trial) return;
  const { run_id, execution, execution_arn, started_at } = run;
  const turn = {
    run_id,
    execution,
    execution_arn,
    fence: lease.fence,
    status: 'RUNNING',
    started_at,
    ended_at: null,
  } as const;
  await swapJson<PartitionLedger, void>(store, partitionLedgerKey(pipeline, partition.name), (ledger) => {
    const entry = change(ledger?.partitions[partition.name] ?? null, turn);
    if (!entry) return { answer: undefined };
    const partitions = { ...ledger?.partitions, [partition.name]: entry };
    return { write: { partitions, codes: namedCodes({ ...ledger?.codes, ...codes }, partitions) }, answer: undefined };
  });
}

/** The codes that an entry names. */
function namedCodes(
  codes: PartitionLedger['codes'],
  partitions: PartitionLedger['partitions'],
): PartitionLedger['codes'] {
  const named = new Set(Object.values(partitions).flatMap(({ good }) => good?.code ?? []));
  return Object.fromEntries(Object.entries(codes).filter(([name]) => named.has(name)));
}
