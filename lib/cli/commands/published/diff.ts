import { PermanentError } from '../../../contract/errors.ts';
import type { JsonObject } from '../../../contract/json.ts';
import type { DatasetEntry } from '../../../contract/records/dataset.ts';
import { previousVersion } from '../../../operate/published/previous-version.ts';
import { datasetIn, openVersion } from '../../../operate/published/snapshot.ts';
import { diffDatasets } from '../../../published/diff-datasets.ts';
import type { Answer, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import { chosenDataset } from '../../typed/chosen/chosen-dataset.ts';
import { chosenRun } from '../../typed/chosen/chosen-run.ts';
import type { KnownPipeline } from '../../typed/pipeline-ref.ts';
import { openPlace, type Place, pipelineIn } from '../../typed/place.ts';
import { UsageError } from '../../typed/usage-error.ts';
import { wholeNumber } from '../../typed/whole-number.ts';
import { diffAnswer, type Side } from './diff-answer.ts';

const usualSamples = 5;

/** Compares a dataset of two versions, or of two runs: columns, counts, and what differs. It changes nothing. */
export async function diff({ args, option, flag }: Invocation, context: Context): Promise<Answer> {
  const [wanted = '', name = '', first = null, second = null] = args;
  const samples = wholeNumber(option('rows'), '--rows') ?? usualSamples;
  const key = keyOf(option('key'));
  const partition = option('partition') ?? '';
  const place = await openPlace({ args, option, flag }, context);
  const pipeline = await pipelineIn(place, wanted, context);
  const numbers = { first: first ?? (await previousVersion(place.store, pipeline.name, partition)), second };
  const of = { pipeline, place, name, partition };
  const before = await side(numbers.first, of);
  const after = await side(numbers.second, of);
  const abort = new AbortController();
  const release = context.onInterrupt(() => abort.abort(new Error('interrupted')));
  const facts = { pipeline: pipeline.name, before: before.shown, after: after.shown, key };
  try {
    const found = await diffDatasets(place.store, {
      ...{ before: before.entry, after: after.entry, key, samples, signal: abort.signal },
    });
    return diffAnswer({ ...facts, dataset: before.shown.dataset, found }, context);
  } catch (error) {
    if (context.interrupted !== null)
      return { exitCode: context.interrupted, json: facts as unknown as JsonObject, text: '' };
    if (error instanceof PermanentError) throw new UsageError(error.message, { cause: error });
    throw error;
  } finally {
    release();
  }
}

function keyOf(typed: string | null): readonly string[] | null {
  if (typed === null) return null;
  const names = typed.split(',').map((name) => name.trim());
  if (names.every((name) => name !== '') && new Set(names).size === names.length) return names;
  throw new UsageError(`--key "${typed}" is not a list of different columns, like --key order_id,line`);
}

interface Chosen {
  readonly pipeline: KnownPipeline;
  readonly place: Place;
  readonly name: string;
  readonly partition: string;
}

/** A number is a version, any other word a run. Without one it is the current version. */
async function side(
  word: string | null,
  { pipeline, place, name, partition }: Chosen,
): Promise<{ readonly entry: DatasetEntry; readonly shown: Side }> {
  if (word === null || /^[1-9]\d{0,8}$/.test(word)) {
    const version = word === null ? null : Number(word);
    const record = await openVersion(place.store, pipeline.name, { partition, version, withdrawn: true });
    const entry = datasetIn(record, name);
    const shown = { version: record.version, run_id: record.run_id, dataset: `${entry.step}.${entry.dataset}` };
    return { entry, shown };
  }
  const report = await chosenRun(pipeline, word, place);
  const { step, dataset, entry } = await chosenDataset(report, name, place.store);
  return { entry, shown: { version: null, run_id: report.run_id, dataset: `${step}.${dataset}` } };
}
