import type { Json } from '../../../contract/json.ts';
import type { PartitionSetting } from '../../../input/partitions/decide-partition.ts';
import { type DefinitionFacts, definitionFacts, machineFacts } from '../../../operate/resume/definition-facts.ts';
import type { Context } from '../../context.ts';
import type { ValidPipeline } from '../../load.ts';
import { type Place, pipelineIn } from '../../typed/place.ts';
import { UsageError } from '../../typed/usage-error.ts';
import { loadRunnable } from '../../watch/run-watched.ts';

/** A pipeline with partitions, as it is deployed or as its template is now. */
export interface PartitionedPipeline {
  readonly facts: DefinitionFacts;
  readonly rule: PartitionSetting;
  /** Null for a deployed one. */
  readonly loaded: ValidPipeline | null;
}

/** The pipeline that a person names. One without partitions is a UsageError. */
export async function partitionedPipeline(
  wanted: string,
  place: Place,
  context: Context,
): Promise<PartitionedPipeline> {
  const loaded = place.deployed ? null : await loadRunnable(wanted, context);
  if (place.deployed) await pipelineIn(place, wanted, context);
  const facts = loaded
    ? machineFacts(loaded.machine)
    : definitionFacts(JSON.parse((await place.deployed?.machine.definition()) ?? 'null') as Json);
  const rule = facts.pipeline.partition;
  if (!rule) throw new UsageError(`${facts.pipeline.name} has no partitions: its template has no key "partition"`);
  const { start, ...plain } = rule;
  return { facts, rule: { ...plain, ...(start !== undefined && { start }) }, loaded };
}
