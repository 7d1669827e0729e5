import { fileURLToPath } from 'node:url';
import type { RunReport } from '../../operate/runs/run-report.ts';
import { openStackLogs } from '../../operate/stacks/open-stack-logs.ts';
import type { Answer, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { deployedLog } from '../logs/deployed-log.ts';
import { followLog } from '../logs/follow-log.ts';
import { keptLog } from '../logs/kept-log.ts';
import type { LogChunk, LogReader, LogWish } from '../logs/log-chunk.ts';
import { logHeading, logJson, logLines } from '../logs/render-log.ts';
import { behindLines, failureText } from '../render/failure-text.ts';
import { statusStyle } from '../render/outcome-style.ts';
import { describeVouched } from '../render/run/describe-vouched.ts';
import { chosenStep } from '../typed/chosen/chosen-run.ts';
import { commandLine } from '../typed/command-line.ts';
import { openPlace, type Place, pipelineIn } from '../typed/place.ts';
import { UsageError } from '../typed/usage-error.ts';
import { wholeNumber } from '../typed/whole-number.ts';

/** Lines of each attempt that a look at all steps shows, and a look at one step. */
const most = { all: 20, one: 1_000 };

/** Shows what the steps of a run printed, each attempt with its failure; with `--follow` until the run ends. */
export async function logs({ args, option, flag }: Invocation, context: Context): Promise<Answer> {
  const place = await openPlace({ args, option, flag }, context);
  const pipeline = await pipelineIn(place, args[0] ?? '', context);
  const { report, step } = await chosenStep(pipeline, args.slice(1), place);
  const attempt = wholeNumber(option('attempt'), '--attempt');
  const lines = wholeNumber(option('lines'), '--lines') ?? (step === null ? most.all : most.one);
  const wish = { pipeline: pipeline.name, runId: report.run_id, step, attempt, most: lines };
  const reader = await readerOf(place, report, wish);
  if (flag('follow')) return followLog({ pipeline, place, runId: report.run_id, reader }, context);
  const chunks = withFailures(await reader.read(), report, wish);
  return {
    exitCode: 0,
    json: {
      pipeline: report.pipeline,
      run_id: report.run_id,
      status: report.status,
      vouched: Object.fromEntries(
        vouchedFor(report, wish).steps.flatMap(({ step: name, vouched }) => (vouched ? [[name, { ...vouched }]] : [])),
      ),
      logs: chunks.map((chunk) => ({ ...logJson(chunk), failure: failureOf(chunk, report) as never })),
    },
    text: describe(chunks, { report, place, wish }, context),
  };
}

async function readerOf({ deployed, store, env }: Place, report: RunReport, wish: LogWish): Promise<LogReader> {
  if (deployed) return deployedLog(await openStackLogs(deployed.stack, env), report, wish);
  if (store.url.startsWith('file:')) return keptLog(fileURLToPath(store.url), wish);
  throw new UsageError('--store: a bucket has no logs; name the deployed pipeline with --deployed or --stack <name>');
}

/** A step that failed without a word, for example at a time-out, has an empty chunk. */
function withFailures(chunks: readonly LogChunk[], report: RunReport, { step, attempt }: LogWish): readonly LogChunk[] {
  const { execution } = report;
  const silent = report.steps.flatMap((one) => {
    const is = { step: one.step, execution, attempt: Math.max(1, one.attempts) };
    const wanted = one.failure && (step ?? one.step) === one.step && (attempt ?? is.attempt) === is.attempt;
    return wanted && !chunks.some((chunk) => failureOf(chunk, report) && chunk.step === one.step)
      ? [{ ...is, lines: [], cut: false }]
      : [];
  });
  const order = new Map(report.steps.map((one, index) => [one.step, index]));
  return [...chunks, ...silent].sort((a, b) => (order.get(a.step) ?? 0) - (order.get(b.step) ?? 0));
}

/** The failure of the attempt that ended its step. */
function failureOf({ step, execution, attempt }: LogChunk, report: RunReport): RunReport['failure'] {
  const found = report.steps.find((one) => one.step === step);
  return execution === report.execution && attempt === found?.attempts ? found.failure : null;
}

/** The steps that the command is about. */
const vouchedFor = (report: RunReport, { step }: LogWish): Pick<RunReport, 'steps'> => ({
  steps: report.steps.filter((one) => (step ?? one.step) === one.step),
});

interface Described {
  readonly report: RunReport;
  readonly place: Place;
  readonly wish: LogWish;
}

function describe(chunks: readonly LogChunk[], { report, place, wish }: Described, context: Context): string {
  const { paint } = context;
  const more = ['logs', report.pipeline, report.run_id];
  const head = `${paint(report.pipeline, 'bold')} run ${paint(report.run_id)} ${paint(report.status, statusStyle(report.status))}`;
  const words = describeVouched(vouchedFor(report, wish), context);
  if (chunks.length === 0)
    return [head, '', `${wish.step === null ? 'No step' : paint(wish.step)} printed anything.`, ...words].join('\n');
  return [
    head,
    ...chunks.flatMap((chunk) => {
      const failure = failureOf(chunk, report);
      const rest = commandLine([...more, chunk.step, '--lines', String(wish.most * 10)], place.typed, context);
      return [
        '',
        logHeading(chunk, paint),
        ...(failure
          ? [`  ${paint(failureText(failure), 'red')}`, ...behindLines(failure).map((line) => `  ${paint(line)}`)]
          : []),
        ...(chunk.cut ? [`  … earlier lines: ${paint(rest, 'cyan')}`] : []),
        ...(chunk.lines.length > 0 ? logLines(chunk, paint) : ['  it printed nothing']),
      ];
    }),
    ...words,
  ].join('\n');
}
