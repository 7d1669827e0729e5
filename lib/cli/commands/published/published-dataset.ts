import type { PublishedDataset, PublishedVersion } from '../../../contract/published/published-version.ts';
import { datasetIn, openVersion } from '../../../operate/published/snapshot.ts';
import type { Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import { openPlace, type Place, pipelineIn } from '../../typed/place.ts';
import { wholeNumber } from '../../typed/whole-number.ts';

/** The version that a person means: the current one, or `--version`, of `--partition` if the pipeline has partitions. */
export async function chosenVersion(
  { args, option, flag }: Invocation,
  context: Context,
): Promise<{ readonly place: Place; readonly pipeline: string; readonly version: PublishedVersion }> {
  const number = wholeNumber(option('version'), '--version');
  const place = await openPlace({ args, option, flag }, context);
  const { name } = await pipelineIn(place, args[0] ?? '', context);
  const partition = option('partition') ?? '';
  return { place, pipeline: name, version: await openVersion(place.store, name, { partition, version: number }) };
}

/** The dataset of a version that a person names. */
export async function chosenPublished(
  invocation: Invocation,
  context: Context,
): Promise<Awaited<ReturnType<typeof chosenVersion>> & { readonly entry: PublishedDataset }> {
  const chosen = await chosenVersion(invocation, context);
  return { ...chosen, entry: datasetIn(chosen.version, invocation.args[1] ?? '') };
}

/** The facts of a version in JSON documents. */
export function versionFacts({ pipeline, partition, version, run_id, execution, written_at }: PublishedVersion) {
  return { pipeline, partition, version, run_id, execution, written_at };
}
