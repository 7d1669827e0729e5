import { profileKey, versionKey } from '../../../contract/object-keys.ts';
import type { Profile } from '../../../contract/profiles/profile.ts';
import type { PublishedVersion } from '../../../contract/published/published-version.ts';
import { didYouMean } from '../../../diagnostics/did-you-mean.ts';
import type { ObjectStore } from '../../../ports/ports.ts';
import { readJson } from '../../../runtime/records/json-objects.ts';
import type { Answer, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import { chosenDataset } from '../../typed/chosen/chosen-dataset.ts';
import { chosenRun } from '../../typed/chosen/chosen-run.ts';
import { openPlace, pipelineIn } from '../../typed/place.ts';
import { UsageError } from '../../typed/usage-error.ts';
import { wholeNumber } from '../../typed/whole-number.ts';
import { renderProfile } from './render-profile.ts';

/** The dataset that is shown, where its profile lies. */
interface Shown {
  readonly run_id: string;
  readonly step: string;
  readonly dataset: string;
  readonly content_digest: string;
}

/** Shows the profile of a dataset of a run, or of a published version. */
export async function profile({ args, option, flag }: Invocation, context: Context): Promise<Answer> {
  const [wanted = '', ...words] = args;
  const version = wholeNumber(option('version'), '--version');
  const most = version === null ? 2 : 1;
  if (words.length > most)
    throw new UsageError('profile takes a pipeline, a run (optional, not with --version) and a dataset');
  const place = await openPlace({ args, option, flag }, context);
  const pipeline = await pipelineIn(place, wanted, context);
  const name = words.at(-1) ?? '';
  const shown =
    version === null
      ? await ofRun(await chosenRun(pipeline, words.length > 1 ? (words[0] ?? null) : null, place), name, place.store)
      : await ofVersion(pipeline.name, version, { name, store: place.store });
  const { run_id, step, dataset, content_digest } = shown;
  const key = profileKey({ pipeline: pipeline.name, run_id }, step, dataset, content_digest);
  const found = await readJson<Profile>(place.store, key);
  if (!found)
    throw new UsageError(
      `${step}.${dataset} of run ${run_id} has no profile; set "profile: true" under "outputs" of step "${step}" for later runs`,
    );
  if (found.format !== 1) throw new UsageError(`${key} has format ${found.format}; this version of Daybreak knows 1`);
  return {
    exitCode: 0,
    json: { pipeline: pipeline.name, run_id, version, profile: JSON.parse(JSON.stringify(found)) },
    text: renderProfile(found, { run_id, version }, context),
  };
}

async function ofRun(report: Awaited<ReturnType<typeof chosenRun>>, name: string, store: ObjectStore): Promise<Shown> {
  const { step, dataset, entry } = await chosenDataset(report, name, store);
  return { run_id: report.run_id, step, dataset, content_digest: entry.content_digest };
}

async function ofVersion(
  pipeline: string,
  version: number,
  { name, store }: { readonly name: string; readonly store: ObjectStore },
): Promise<Shown> {
  const record = await readJson<PublishedVersion>(store, versionKey(pipeline, version));
  if (!record) throw new UsageError(`${pipeline} has no version ${version}`);
  const names = record.datasets.map(({ step, dataset }) => `${step}.${dataset}`);
  const found = record.datasets[names.indexOf(name)];
  if (!found)
    throw new UsageError(
      `version ${version} has no dataset "${name}"${didYouMean(name, names)} (its datasets are: ${names.join(', ')})`,
    );
  // A step that was reused from another run has its profile there.
  const manifest = record.steps.find(({ step }) => step === found.step)?.manifest ?? '';
  return { ...found, run_id: manifest.split('/')[2] ?? record.run_id };
}
