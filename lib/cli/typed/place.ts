import { PermanentError } from '../../contract/errors.ts';
import { type DeployedPipeline, openStack } from '../../operate/stacks/open-stack.ts';
import { MissingStackError } from '../../operate/stacks/stack-error.ts';
import type { Environment } from '../../ports/aws/aws-client-settings.ts';
import type { Events, Executions, ObjectStore } from '../../ports/ports.ts';
import type { Context } from '../context.ts';
import type { TypedPlace } from './command-line.ts';
import { type KnownPipeline, pipelineRef, withoutTemplate } from './pipeline-ref.ts';
import { openStoreOption } from './store-option.ts';
import { type PlaceWords, stackEnvironment, type TypedStack, typedStack } from './typed-stack.ts';
import { UsageError } from './usage-error.ts';

/** The place that a command works on: a store alone, or a deployed pipeline with its store. */
export interface Place {
  readonly store: ObjectStore;
  readonly executions: Executions;
  /** Absent for a stack from before there were events. */
  readonly events?: Events;
  readonly deployed: DeployedPipeline | null;
  readonly typed: TypedPlace;
  /** The variables for further clients of AWS. */
  readonly env: Environment;
}

/** The place that `--store`, `--stack` or `--deployed` names. The first argument is the pipeline. */
export async function openPlace(words: PlaceWords, context: Context): Promise<Place> {
  const named = await typedStack(words, context);
  const { env } = context.io;
  if (named === null) {
    const store = words.option('store');
    return { ...(await openStoreOption(store, context)), deployed: null, typed: store, env };
  }
  const { stack, region } = named;
  context.stackPlace = { stack, region };
  const stackEnv = stackEnvironment(named, env);
  const deployed = await openNamed(named, stackEnv);
  const { store, executions, events } = deployed;
  return { store, executions, ...(events && { events }), deployed, typed: { stack, region }, env: stackEnv };
}

async function openNamed({ stack, deployHint }: TypedStack, env: Environment): Promise<DeployedPipeline> {
  try {
    return await openStack(stack, env);
  } catch (error) {
    if (error instanceof MissingStackError && deployHint !== null)
      throw new MissingStackError(`${error.message}; ${deployHint}`);
    if (error instanceof PermanentError)
      throw new UsageError(`${deployHint === null ? '--stack' : '--deployed'}: ${error.message}`);
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
  const known = deployed.pipeline === wanted ? withoutTemplate(wanted) : null;
  const pipeline = await pipelineRef(wanted, store, context).catch((error: unknown) => {
    if (known && error instanceof UsageError) return known;
    throw error;
  });
  if (deployed.pipeline !== null && pipeline.name !== deployed.pipeline)
    throw new UsageError(`stack "${deployed.stack}" is of pipeline "${deployed.pipeline}", not of "${pipeline.name}"`);
  return pipeline;
}
