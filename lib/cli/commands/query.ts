import type { Answer, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { showQuery } from '../tables/show-query.ts';
import { datasetsOf } from '../typed/chosen/chosen-dataset.ts';
import { chosenRun } from '../typed/chosen/chosen-run.ts';
import { openPlace, pipelineIn } from '../typed/place.ts';
import { UsageError } from '../typed/usage-error.ts';
import { wholeNumber } from '../typed/whole-number.ts';
import { chosenVersion, versionFacts } from './published/published-dataset.ts';

/** Rows that fit a look. CSV has all. */
const usualRows = 100;

/** Runs a query over the datasets of a run, in the sandbox of SQL steps. It reads the run's datasets and changes nothing. */
export async function query(invocation: Invocation, context: Context): Promise<Answer> {
  const { args, option, flag } = invocation;
  const [wanted = '', ...words] = args;
  const text = words.at(-1) ?? '';
  if (words.length > 2 || !/\s/.test(text.trim()))
    throw new UsageError(
      'query takes a pipeline, a run (optional), and a query in quotation marks: "SELECT * FROM step.dataset"',
    );
  const csv = flag('csv');
  const rows = wholeNumber(option('rows'), '--rows') ?? (csv ? null : usualRows);
  const { paint } = context;
  if (flag('published')) {
    if (words.length > 1) throw new UsageError('query --published takes no run: it reads the current version');
    const { place, version } = await chosenVersion(invocation, context);
    const datasets = version.datasets.map((entry) => ({ step: entry.step, dataset: entry.dataset, entry }));
    const title = `${paint(version.pipeline, 'bold')} version ${version.version}, run ${paint(version.run_id)}`;
    const asked = { text, most: rows, all: null, csv, title, facts: versionFacts(version) };
    return showQuery({ store: place.store, datasets, ...asked }, context);
  }
  const place = await openPlace({ args, option, flag }, context);
  const pipeline = await pipelineIn(place, wanted, context);
  const report = await chosenRun(pipeline, words.length > 1 ? (words[0] ?? null) : null, place);
  const datasets = await datasetsOf(report, place.store);
  return showQuery(
    {
      store: place.store,
      datasets,
      text,
      most: rows,
      all: null,
      csv,
      title: `${paint(report.pipeline, 'bold')} run ${paint(report.run_id)}`,
      facts: { pipeline: report.pipeline, run_id: report.run_id },
    },
    context,
  );
}
