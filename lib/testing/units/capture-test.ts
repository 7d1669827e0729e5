import { stringify } from 'yaml';
import { parseColumnType } from '../../columns/parse-column-type.ts';
import type { Json, JsonObject } from '../../contract/json.ts';
import type { StepHandler } from '../../runtime/define-step.ts';
import type { Columns } from '../../runtime/step.ts';
import type { GivenStep } from '../given.ts';
import { attemptOf } from '../step-test.ts';
import { Mask } from './mask.ts';
import { plain } from './same-value.ts';

/** The first rows of a dataset, as JSON has them. */
export interface Sample {
  readonly columns: Columns;
  readonly rows: readonly JsonObject[];
}

/** A dependency as it ended in the run. */
export type SampledStep =
  | 'failed'
  | 'blocked'
  | 'skipped'
  | { readonly result: Json; readonly datasets: Readonly<Record<string, Sample>> };

export interface CaptureOptions {
  readonly pipeline: string;
  readonly step: string;
  readonly run_id: string;
  readonly root: string;
  readonly env: string | null;
  readonly handler: StepHandler | null;
  readonly input: JsonObject;
  readonly upstream: ReadonlyMap<string, SampledStep>;
  /** Columns whose texts are no secret of anyone: `region`, or `extract.orders.region`. */
  readonly shown: readonly string[];
}

/** The text of a file with one test: what the step makes today of these rows, with texts masked. The step must succeed or fail as a test can expect it. */
export async function captureTest(options: CaptureOptions): Promise<string> {
  const { pipeline, step, run_id, root, env, handler, input, upstream } = options;
  const how = { mask: new Mask(), shown: options.shown };
  const masked = new Map([...upstream].map(([name, sampled]) => [name, maskStep(name, sampled, how)]));
  const given = {
    step: `${pipeline}.${step}`,
    root,
    input,
    upstream: Object.fromEntries(masked),
    ...(env !== null && { env }),
  };
  const ended = await attemptOf(handler ?? given.step, given);
  const expect =
    'error' in ended
      ? { error: { name: ended.name, message: ended.message } }
      : {
          ...(ended.result !== null && { result: ended.result }),
          ...(ended.datasets.length > 0 && {
            datasets: Object.fromEntries(
              ended.datasets.map((name) => [name, ended.rows(name).map((row) => plain(row))]),
            ),
          }),
        };
  const test = {
    name: `what it made of the first rows of run ${run_id}`,
    ...(Object.keys(input).length > 0 && { input }),
    ...(masked.size > 0 && { upstream: given.upstream }),
    expect,
  };
  return `${comment}${stringify({ step, tests: [test] }, { lineWidth: 0 })}`;
}

const comment = `# Captured by \`daybreak test --units --capture\`. The expectation is what the step makes of these rows today: read it
# before you rely on it. Texts are masked, except where --show named their column; input, numbers and days are not.
`;

function maskStep(
  name: string,
  sampled: SampledStep,
  { mask, shown }: { readonly mask: Mask; readonly shown: readonly string[] },
): GivenStep {
  if (typeof sampled === 'string') return sampled;
  const result = shown.includes(`${name}.result`) ? sampled.result : mask.json(sampled.result);
  const datasets = Object.entries(sampled.datasets).map(([dataset, { columns, rows }]) => {
    const types = new Map(Object.entries(columns).map(([column, type]) => [column, parseColumnType(type)]));
    const isShown = (column: string) => shown.includes(column) || shown.includes(`${name}.${dataset}.${column}`);
    const cell = (column: string, value: Json): Json => {
      const type = types.get(column);
      return type === undefined || isShown(column) ? value : mask.value(value, type);
    };
    const maskedRows = rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([column, value]) => [column, cell(column, value)])),
    );
    return [dataset, { columns, rows: maskedRows }] as const;
  });
  return { ...(result !== null && { result }), datasets: Object.fromEntries(datasets) };
}
