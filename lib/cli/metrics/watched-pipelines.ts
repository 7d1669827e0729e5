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
  return Promise.all(names.map(async (name) => ({ name, ...(await expectationsOf(name, context)) })));
}

type Expectations = Omit<WatchedPipeline, 'name'>;

/** Without a template, and for one with errors, no time is known, and there may be deadlines. */
async function expectationsOf(name: string, { root, io, environment }: Context): Promise<Expectations> {
  const found = await findPipeline(name, { root, cwd: io.cwd }).catch(() => null);
  const source = found && { file: found.path, text: await readFile(found.path, 'utf8') };
  const options = { environment, allowMissingHandlers: true, handlerExists: () => true };
  const plan = source && compilePipeline(source, options, () => undefined);
  if (!plan) return { expectedWithin: null, mayHaveDeadlines: true };
  const hours = quietHours(plan);
  return {
    expectedWithin: hours === null ? null : hours * 3600,
    mayHaveDeadlines: plan.deadline !== null,
  };
}
