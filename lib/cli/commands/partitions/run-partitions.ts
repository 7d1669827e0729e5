import type { JsonObject } from '../../../contract/json.ts';
import type { Backfill } from '../../../contract/partitions/backfill.ts';
import type { PartitionSetting } from '../../../input/partitions/decide-partition.ts';
import { runPipeline } from '../../../offline/engine/run-pipeline.ts';
import { isDone } from '../../../operate/partitions/keep-backfill.ts';
import type { PartitionState, PartitionStatus } from '../../../operate/partitions/partition-state.ts';
import { type BackfillRun, backfillRun } from '../../../operate/partitions/plan-backfill.ts';
import { readPartitions } from '../../../operate/partitions/read-partitions.ts';
import type { DefinitionFacts } from '../../../operate/resume/definition-facts.ts';
import { RunRefusedError } from '../../../operate/runs/run-refused-error.ts';
import { eachOf } from '../../../runtime/records/each-of.ts';
import type { Context } from '../../context.ts';
import type { ValidPipeline } from '../../load.ts';
import { duration } from '../../render/format.ts';
import type { Place } from '../../typed/place.ts';

/** The end of one partition. `done`: another command ran it meanwhile. `refused`: another run works on it. `stopped`: the person interrupted the backfill before its end. */
export interface PartitionRun {
  readonly partition: string;
  /** Its state before. */
  readonly status: PartitionStatus;
  readonly outcome: 'succeeded' | 'failed' | 'done' | 'refused' | 'stopped';
  readonly run_id: string | null;
  readonly kind: BackfillRun['kind'] | null;
  readonly ms: number | null;
  /** Null unless it failed or was refused. */
  readonly problem: string | null;
}

export interface PartitionWork {
  readonly backfill: Backfill;
  readonly chosen: readonly PartitionState[];
  /** Runs at the same time. */
  readonly width: number;
  readonly rule: PartitionSetting;
  readonly facts: DefinitionFacts;
  readonly pipeline: ValidPipeline;
  readonly storeFolder: string;
  /** Further fields of the input of new runs. */
  readonly input: JsonObject | null;
  readonly place: Place;
}

/** Runs the partitions in order, a few at a time, each in its own run. A failure ends no other. An interrupt stops the active ones; those that have not begun stay as they are. */
export async function runPartitions(work: PartitionWork, context: Context): Promise<PartitionRun[]> {
  const { chosen, width } = work;
  const abort = new AbortController();
  const release = context.onInterrupt(() => {
    context.io.stderr.write('stopping the runs; the same command continues later; interrupt once more to kill them\n');
    abort.abort();
  });
  let ended = 0;
  try {
    return await eachOf(chosen, width, async (state) => {
      const ran = await runPartition(state, work, { context, signal: abort.signal });
      ended += 1;
      context.io.stderr.write(`${lineOf(ran)} (${ended} of ${chosen.length})\n`);
      return ran;
    });
  } finally {
    release();
  }
}

const lineOf = ({ partition, outcome, ms, problem }: PartitionRun): string =>
  `${partition} ${outcome}${ms === null ? '' : ` in ${duration(ms)}`}${problem === null ? '' : `: ${problem}`}`;

async function runPartition(
  planned: PartitionState,
  work: PartitionWork,
  { context, signal }: { readonly context: Context; readonly signal: AbortSignal },
): Promise<PartitionRun> {
  const { backfill, facts, rule, pipeline, place, storeFolder } = work;
  const { partition, status } = planned;
  const not = { partition: partition.name, status, run_id: null, kind: null, ms: null, problem: null };
  if (signal.aborted) return { ...not, outcome: 'stopped' };
  // Hours may have passed since the list: the scheduled run, or a person, may have been here.
  const [state = planned] = await readPartitions(place, facts, [partition]);
  if (isDone(state, backfill)) return { ...not, outcome: 'done' };
  const run = await backfillRun(place.store, facts.pipeline.name, { state, backfill });
  const began = Date.now();
  const of = { ...not, run_id: run.run_id, kind: run.kind };
  try {
    const report = await runPipeline({
      pipeline,
      root: context.root,
      storeFolder,
      input: {
        ...(run.kind === 'new' && { ...work.input, [rule.key]: partition.name }),
        daybreak: { run_id: run.run_id, ...(run.from.length > 0 && { from: [...run.from] }) },
      },
      data: null,
      environment: context.environment,
      onProgress: () => undefined,
      signal,
    });
    const ms = Date.now() - began;
    if (report.status === 'SUCCEEDED') return { ...of, ms, outcome: 'succeeded' };
    return { ...of, ms, outcome: signal.aborted ? 'stopped' : 'failed', problem: mainLine(report.failure?.cause) };
  } catch (error) {
    const problem = mainLine(error instanceof Error ? error.message : String(error));
    return { ...of, outcome: error instanceof RunRefusedError ? 'refused' : 'failed', problem };
  }
}

/** The first finding of a text, which lists them below a line about all. */
const mainLine = (text = 'no reason is recorded'): string => {
  const lines = text.split('\n');
  return lines.find((line) => line.startsWith('- '))?.slice(2) ?? lines[0] ?? '';
};
