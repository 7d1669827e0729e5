import { basename } from 'node:path';
import { findPipelines } from '../../../compiler/find-pipelines.ts';
import type { Context } from '../../context.ts';
import { type Place, pipelineIn } from '../place.ts';

/** The names of the pipelines that a command is about: the one that a person names, that of the stack, or all templates of the project. */
export async function chosenPipelines(place: Place, wanted: string | null, context: Context): Promise<string[]> {
  if (wanted !== null) return [(await pipelineIn(place, wanted, context)).name];
  if (place.deployed?.pipeline) return [place.deployed.pipeline];
  const paths = await findPipelines(context.root);
  return Promise.all(
    paths.map(async (path) => {
      const stem = basename(path).replace(/\.ya?ml$/i, '');
      return (await pipelineIn(place, path, context).catch(() => ({ name: stem }))).name;
    }),
  );
}
