import { PermanentError } from '../../contract/errors.ts';
import { type DeployedPipeline, openStack } from '../../operate/stacks/open-stack.ts';
import type { Events, Executions, ObjectStore } from '../../ports/ports.ts';
import type { Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import type { TypedPlace } from './command-line.ts';
import { type KnownPipeline, pipelineRef } from './pipeline-ref.ts';
import { openStoreOption } from './store-option.ts';
import { UsageError } from './usage-error.ts';

/** The place that a command works on: a store alone, or a deployed pipeline with its store. */
export interface Place {
  readonly store: ObjectStore;
  readonly executions: Executions;
  /** Absent for a stack from before there were events. */
  readonly events?: Events;
  readonly deployed: DeployedPipeline | null;
  readonly typed: TypedPlace;
}

/** The place that `--store` or `--stack` names. */
export async function openPlace(option: Invocation['option'], context: Context): Promise<Place> {
  const [stack, store] = [option('stack'), option('store')];
  if (stack === null) return { ...(await openStoreOption(store, context)), deployed: null, typed: store };
  if (store !== null) throw new UsageError('--stack and --store are two places: give one of them');
  const deployed = await openStackOption(stack, context);
  const { store: bucket, executions, events } = deployed;
  return { store: bucket, executions, ...(events && { events }), deployed, typed: { stack } };
}

/** The deployed pipeline that `--stack` names. */
async function openStackOption(stack: string, { io }: Context): Promise<DeployedPipeline> {
  try {
    return await openStack(stack, io.env);
  } catch (error) {
    if (error instanceof PermanentError) throw new UsageError(`--stack: ${error.message}`);
    throw error;
  }
}

/** The pipeline that a person names, in this place. A stack knows its pipeline: another name is a UsageError, and the template may be missing. */
export async function pipelineIn(
  { deployed, store }: Pick<Place, 'deployed' | 'store'>,
  wanted: string,
  context: Context,
): Promise<KnownPipeline> {
  if (!deployed) return pipelineRef(wanted, store, context);
  const known = deployed.pipeline === wanted ? { name: wanted, steps: [], dependencies: {} } : null;
  const pipeline = await pipelineRef(wanted, store, context).catch((error: unknown) => {
    if (known && error instanceof UsageError) return known;
    throw error;
  });
  if (deployed.pipeline !== null && pipeline.name !== deployed.pipeline)
    throw new UsageError(`stack "${deployed.stack}" is of pipeline "${deployed.pipeline}", not of "${pipeline.name}"`);
  return pipeline;
}
