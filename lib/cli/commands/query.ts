import type { Answer, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { showQuery } from '../tables/show-query.ts';
import { datasetsOf } from '../typed/chosen/chosen-dataset.ts';
import { chosenRun } from '../typed/chosen/chosen-run.ts';
import { openPlace, pipelineIn } from '../typed/place.ts';
import { UsageError } from '../typed/usage-error.ts';
import { wholeNumber } from '../typed/whole-number.ts';

/** Rows that fit a look. CSV has all. */
const usualRows = 100;

/** Runs a query over the datasets of a run, in the sandbox of SQL steps. It reads the run's datasets and changes nothing. */
export async function query({ args, option, flag }: Invocation, context: Context): Promise<Answer> {
  const [wanted = '', ...words] = args;
  const text = words.at(-1) ?? '';
  if (words.length > 2 || !/\s/.test(text.trim()))
    throw new UsageError(
      'query takes a pipeline, a run (optional), and a query in quotation marks: "SELECT * FROM step.dataset"',
    );
  const place = await openPlace({ args, option, flag }, context);
  const pipeline = await pipelineIn(place, wanted, context);
  const report = await chosenRun(pipeline, words.length > 1 ? (words[0] ?? null) : null, place);
  const datasets = await datasetsOf(report, place.store);
  const csv = flag('csv');
  const { paint } = context;
  return showQuery(
    {
      store: place.store,
      datasets,
      text,
      most: wholeNumber(option('rows'), '--rows') ?? (csv ? null : usualRows),
      all: null,
      csv,
      title: `${paint(report.pipeline, 'bold')} run ${paint(report.run_id)}`,
      facts: { pipeline: report.pipeline, run_id: report.run_id },
    },
    context,
  );
}
