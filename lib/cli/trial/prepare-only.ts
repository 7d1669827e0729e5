import type { JsonObject } from '../../contract/json.ts';
import { isRunId } from '../../contract/object-keys.ts';
import type { RunReport } from '../../operate/runs/run-report.ts';
import { latestUsable, type Results, resultsOf } from '../../operate/trial/usable-run.ts';
import type { Context } from '../context.ts';
import type { ValidPipeline } from '../load.ts';
import { unknownRun } from '../typed/chosen/unknown-run.ts';
import { dataToResume } from '../typed/data-option.ts';
import type { Place } from '../typed/place.ts';
import { UsageError } from '../typed/usage-error.ts';
import { originalRun } from './original-run.ts';
import { startTrial } from './start-trial.ts';
import { typedSteps } from './typed-steps.ts';

/** `run --only` as it was typed. */
export interface TypedOnly {
  readonly pipeline: ValidPipeline;
  readonly only: readonly string[];
  /** The run whose results are taken; null: the last one that has them all. */
  readonly upstream: string | null;
  readonly input: JsonObject | null;
  readonly data: string | null;
  readonly storeFolder: string;
  readonly place: Place;
}

/** A planned run of some steps. */
export interface PreparedOnly {
  readonly only: readonly string[];
  /** Steps whose results are taken. */
  readonly taken: readonly string[];
  /** The run that they are taken from; null if none is. */
  readonly from: string | null;
  readonly start: () => Promise<RunReport>;
}

/** Plans a run of these steps only. Throws a UsageError if no run has a usable result of each dependency that does not run. */
export async function prepareOnly(typed: TypedOnly, context: Context): Promise<PreparedOnly> {
  const { pipeline, place, storeFolder } = typed;
  const { name, steps, localSetup: setup } = pipeline.plan;
  const only = typedSteps('--only', typed.only, { pipeline: name, steps: steps.map((step) => step.name) });
  const asked = steps.filter((step) => only.includes(step.name));
  const taken = [...new Set(asked.flatMap(({ dependencies }) => dependencies))].filter((step) => !only.includes(step));
  const results = taken.length > 0 || typed.upstream !== null ? await upstreamOf(taken, typed) : null;
  const original = results && (await originalRun(results.run, place));
  const data = await dataToResume(typed.data, original?.remembered?.data ?? null, { setup, context });
  const start = () =>
    startTrial(
      {
        pipeline,
        kind: 'only',
        storeFolder,
        original,
        // As any other run on this machine, it sends.
        trial: { of: results?.run.run_id ?? null, only, sends: true },
        taken: results?.usable ?? new Map(),
        input: typed.input,
        from: [],
        data,
        environment: context.environment ?? original?.remembered?.environment ?? null,
      },
      context,
    );
  return { only, taken, from: results?.run.run_id ?? null, start };
}

async function upstreamOf(taken: readonly string[], { pipeline, upstream, place }: TypedOnly): Promise<Results> {
  const { name } = pipeline.plan;
  const results =
    upstream === null ? await latestUsable(place.store, name, taken) : await named(upstream, taken, { name, place });
  if (!results)
    throw new UsageError(
      `--only: ${place.store.url} has no run of "${name}" that could give the results of ${taken.join(', ')}`,
    );
  if (results.unusable.size === 0) return results;
  const reasons = [...results.unusable].map(([step, reason]) => `${step} (${reason})`).join(', ');
  const { run_id } = results.run;
  const which = upstream === null ? `no run has all of these results; the latest, ${run_id},` : `run ${run_id}`;
  throw new UsageError(
    `--only: ${which} lacks ${reasons}; add ${results.unusable.size === 1 ? 'it' : 'them'} to --only`,
  );
}

async function named(
  run_id: string,
  taken: readonly string[],
  { name, place }: { readonly name: string; readonly place: Place },
): Promise<Results> {
  const run = { pipeline: name, run_id };
  const results = isRunId(run_id) ? await resultsOf(place.store, run, taken) : null;
  if (!results || results.history.length === 0) throw await unknownRun(run, place);
  return results;
}
