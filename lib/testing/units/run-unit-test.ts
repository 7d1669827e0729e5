/** Runs one test of a file of tests through the runtime, as `stepTest` does, and compares. */
import type { TestRows, TestUpstream, UnitTest } from '../../compiler/unit-tests/unit-test.ts';
import type { Span } from '../../diagnostics/diagnostic.ts';
import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import type { StepHandler } from '../../runtime/define-step.ts';
import type { Given, GivenStep, StepFailure, StepRun } from '../given.ts';
import { attemptOf } from '../step-test.ts';
import { matchRows } from './match-rows.ts';
import { plain, sameJson } from './same-value.ts';

/** One difference from what the test expects, with the place in the file of tests that expects it. */
export interface Difference {
  readonly span: Span;
  readonly text: string;
}

export interface UnitTestOptions {
  readonly pipeline: string;
  readonly root: string;
  readonly env: string | null;
  /** The step's handler; null for SQL. */
  readonly handler: StepHandler | null;
}

/** The differences; none if the test passes. */
export async function runUnitTest(test: UnitTest, options: UnitTestOptions): Promise<Difference[]> {
  const ended = await endOf(test, options);
  if (typeof ended === 'string') return [{ span: test.span, text: ended }];
  const { error } = test.expected;
  if ('error' in ended)
    return error
      ? differingError(ended, test)
      : [{ span: test.span, text: `the step failed: ${ended.name}: ${ended.message}` }];
  if (error)
    return [
      {
        span: test.span,
        text: `the step succeeded, and the test expects that it fails; its result is ${shown(ended.result)}`,
      },
    ];
  return [
    ...differingResult(ended, test),
    ...[...test.expected.datasets.keys()].flatMap((name) => differingRows(name, ended, test)),
  ];
}

/** The end of the attempt, or the reason why there was none. */
async function endOf(test: UnitTest, { pipeline, root, env, handler }: UnitTestOptions) {
  const step = `${pipeline}.${test.step}`;
  const given: Given = {
    step,
    root,
    input: test.input,
    secrets: test.secrets,
    upstream: Object.fromEntries([...test.upstream].map(([name, one]) => [name, givenStep(one)])),
    ...(env !== null && { env }),
    ...(test.config && { config: test.config }),
  };
  try {
    return await attemptOf(handler ?? step, given);
  } catch (error) {
    // The given things do not fit: columns are unknown, or a value is not of its column's type.
    return error instanceof Error ? error.message : String(error);
  }
}

const givenStep = (given: TestUpstream): GivenStep =>
  typeof given === 'string'
    ? given
    : { ...(given.result !== undefined && { result: given.result }), datasets: copied(given.datasets) };

const copied = (datasets: Readonly<Record<string, TestRows>>) => ({ ...datasets });

function differingError({ name, message }: StepFailure, { expected, span }: UnitTest): Difference[] {
  const wanted = expected.error;
  return [
    ...(wanted?.name && wanted.name !== name
      ? [{ span, text: `the step failed with ${name}, and not with ${wanted.name}: ${message}` }]
      : []),
    ...(wanted?.message && !message.includes(wanted.message)
      ? [{ span, text: `the error is ${shown(message)}; expected it to contain ${shown(wanted.message)}` }]
      : []),
  ];
}

function differingResult({ result }: StepRun, { expected }: UnitTest): Difference[] {
  const wanted = expected.result;
  if (!wanted || sameJson(wanted.value, result, { tolerance: expected.tolerance, named: true })) return [];
  return [{ span: wanted.span, text: `the result is ${shown(result)}; expected ${shown(wanted.value)}` }];
}

/** The number of differences of a dataset that a person reads. */
const mostTold = 5;

function differingRows(name: string, run: StepRun, { expected }: UnitTest): Difference[] {
  const wanted = expected.datasets.get(name);
  if (!wanted) return [];
  if (!run.datasets.includes(name)) {
    const hint = didYouMean(name, run.datasets) || `; it wrote ${run.datasets.join(', ') || 'none'}`;
    return [{ span: wanted.span, text: `the step wrote no dataset "${name}"${hint}` }];
  }
  const columns = run.columns(name);
  for (const { values, span } of wanted.rows) {
    const unknown = Object.keys(values).find((column) => !Object.hasOwn(columns, column));
    if (unknown === undefined) continue;
    const names = Object.keys(columns);
    const hint = didYouMean(unknown, names) || `; its columns are ${names.join(', ')}`;
    return [{ span, text: `"${name}" has no column "${unknown}"${hint}` }];
  }
  const rows = run.rows(name) as readonly Readonly<Record<string, unknown>>[];
  const { missing, unexpected } = matchRows(wanted, rows, columns);
  const told = [
    ...missing.map(({ row, nearest }) => ({ span: row.span, text: missingText(name, row.values, nearest) })),
    ...(missing.length === 0
      ? unexpected.map((row) => ({
          span: wanted.span,
          text: `"${name}" has a row that is not expected: ${shown(plain(row))}`,
        }))
      : []),
    ...(rows.length === wanted.rows.length
      ? []
      : [{ span: wanted.span, text: `"${name}" has ${rows.length} rows, and ${wanted.rows.length} are expected` }]),
  ];
  const more = told.length - mostTold;
  return more > 0
    ? [...told.slice(0, mostTold), { span: wanted.span, text: `and ${more} more differences of "${name}"` }]
    : told;
}

function missingText(
  name: string,
  values: UnitTest['input'],
  nearest: { readonly row: Readonly<Record<string, unknown>>; readonly columns: readonly string[] } | null,
): string {
  const row = `"${name}" has no row ${shown(values)}`;
  if (nearest === null) return row;
  const found = nearest.columns.map((column) => `${column} is ${shown(plain(nearest.row[column] ?? null))}`);
  return `${row}; in the nearest one ${found.join(', ')}`;
}

/** Characters; a longer value says no more. */
const longest = 300;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
