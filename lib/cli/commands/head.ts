import type { DatasetEntry } from '../../contract/records/dataset.ts';
import type { Answer, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { counted } from '../render/format.ts';
import { showQuery } from '../tables/show-query.ts';
import { chosenDataset } from '../typed/chosen/chosen-dataset.ts';
import { chosenRun } from '../typed/chosen/chosen-run.ts';
import { openPlace, pipelineIn } from '../typed/place.ts';
import { UsageError } from '../typed/usage-error.ts';
import { wholeNumber } from '../typed/whole-number.ts';

const usualRows = 10;

/** Shows the first rows of a dataset of a run. It fetches no more parts than these rows need. */
export async function head({ args, option, flag }: Invocation, context: Context): Promise<Answer> {
  const [wanted = '', ...words] = args;
  if (words.length > 2) throw new UsageError('head takes a pipeline, a run (optional) and a dataset');
  const place = await openPlace({ args, option, flag }, context);
  const pipeline = await pipelineIn(place, wanted, context);
  const report = await chosenRun(pipeline, words.length > 1 ? (words[0] ?? null) : null, place);
  const { step, dataset, entry } = await chosenDataset(report, words.at(-1) ?? '', place.store);
  const most = wholeNumber(option('rows'), '--rows') ?? usualRows;
  const { paint } = context;
  return showQuery(
    {
      store: place.store,
      datasets: [{ step, dataset, entry: beginning(entry, most + 1) }],
      text: `SELECT * FROM ${named(step)}.${named(dataset)} LIMIT ${most + 1}`,
      most,
      all: entry.rows,
      csv: flag('csv'),
      title: `${paint(`${step}.${dataset}`, 'bold')} of run ${paint(report.run_id)}, ${counted(entry.rows, 'row')}`,
      facts: { pipeline: report.pipeline, run_id: report.run_id, dataset: `${step}.${dataset}`, row_count: entry.rows },
    },
    context,
  );
}

/** The first parts of a dataset, until they have enough rows. */
function beginning(entry: DatasetEntry, rows: number): DatasetEntry {
  let have = 0;
  const parts = entry.parts.filter((part) => {
    const needed = have < rows;
    have += part.rows;
    return needed;
  });
  return { ...entry, parts };
}

const named = (name: string): string => `"${name.replaceAll('"', '""')}"`;
