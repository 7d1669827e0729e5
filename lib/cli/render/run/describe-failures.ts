import type { Failure } from '../../../contract/records/failure.ts';
import type { RunReport } from '../../../operate/runs/run-report.ts';
import type { Context } from '../../context.ts';
import { commandLine, type TypedPlace } from '../../typed/command-line.ts';
import { behindLines, failureText } from '../failure-text.ts';
import { beginning } from '../text-width.ts';

interface Shown {
  readonly title: string;
  readonly failure: Failure;
  /** The words of the command that shows more. */
  readonly command: readonly string[];
}

/** The failures of a run: each with its place, its causes, and the command that shows its log. */
export function describeFailures(report: RunReport, place: TypedPlace, context: Context): string[] {
  const { paint } = context;
  const shown = [...failedSteps(report), ...otherLetters(report)];
  if (shown.length === 0) return [];
  return [
    '',
    paint('Failures', 'bold'),
    ...shown.flatMap(({ title, failure, command }) => [
      `  ${paint(title, 'bold')}  ${paint(beginning(failureText(failure), 240), 'red')}`,
      ...behindLines(failure).map((line) => `    ${paint(beginning(line, 240))}`),
      `    ${paint(commandLine(command, place, context), 'cyan')}`,
    ]),
  ];
}

const failedSteps = ({ steps, pipeline, run_id }: RunReport): Shown[] =>
  steps.flatMap(({ step, outcome, failure }) =>
    outcome === 'failed' && failure ? [{ title: step, failure, command: ['logs', pipeline, run_id, step] }] : [],
  );

/** Letters without a failed step: the execution died as a whole, or the step is no longer in the template. */
const otherLetters = ({ steps, pipeline, dead_letters }: RunReport): Shown[] =>
  dead_letters
    .filter((letter) => !steps.some(({ step, outcome }) => step === letter.step && outcome === 'failed'))
    .map(({ id, step, failure }) => ({
      title: step === '_execution' ? 'the execution' : step,
      failure,
      command: ['dlq', 'show', pipeline, id.slice(pipeline.length + 1)],
    }));
