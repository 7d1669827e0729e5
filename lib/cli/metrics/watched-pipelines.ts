import { readFile } from 'node:fs/promises';
import { compilePipeline } from '../../compiler/compile-pipeline.ts';
import { quietHours } from '../../compiler/plan/schedule-gap.ts';
import type { WatchedPipeline } from '../../operate/metrics/read-figures.ts';
import type { Context } from '../context.ts';
import { chosenPipelines } from '../typed/chosen/chosen-pipelines.ts';
import { findPipeline } from '../typed/find-pipeline.ts';
import type { Place } from '../typed/place.ts';

/** The pipelines whose figures a person asks for, with the time in which the schedule of their templates expects a success. */
export async function watchedPipelines(
  place: Place,
  wanted: string | null,
  context: Context,
): Promise<WatchedPipeline[]> {
  const names = [...new Set(await chosenPipelines(place, wanted, context))];
  return Promise.all(names.map(async (name) => ({ name, expectedWithin: await expectedWithin(name, context) })));
}

/** In seconds. Null without a template, without a schedule, and for a template with errors. */
async function expectedWithin(name: string, { root, io, environment }: Context): Promise<number | null> {
  const found = await findPipeline(name, { root, cwd: io.cwd }).catch(() => null);
  if (found === null) return null;
  const source = { file: found.path, text: await readFile(found.path, 'utf8') };
  const options = { environment, allowMissingHandlers: true, handlerExists: () => true };
  const plan = compilePipeline(source, options, () => undefined);
  const hours = plan ? quietHours(plan) : null;
  return hours === null ? null : hours * 3600;
}
