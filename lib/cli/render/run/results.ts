import type { RunReport } from '../../../operate/runs/run-report.ts';
import type { Context } from '../../context.ts';
import { commandLine, type TypedPlace } from '../../typed/command-line.ts';
import { bytes, counted } from '../format.ts';
import { pad, textWidth } from '../text-width.ts';
import { runFiles } from './run-files.ts';

/** Names and sizes of a run's files and datasets, and the commands that show them. `--json` has the paths. */
export function describeResults(report: RunReport, place: TypedPlace, context: Context): string[] {
  const { pipeline, run_id } = report;
  const files = runFiles(report).map(({ name, bytes: size }) => ({ name, size: bytes(size) }));
  const datasets = report.steps.flatMap(({ step, datasets }) =>
    Object.entries(datasets).map(([name, { rows }]) => ({ name: `${step}.${name}`, size: counted(rows, 'row') })),
  );
  const show = (words: readonly string[]): string => commandLine([...words], place, context);
  const example = datasets.at(-1)?.name ?? '';
  return [
    ...section('Files', files, show(['open', pipeline, run_id]), context),
    ...section('Datasets', datasets, show(['head', pipeline, run_id, example]), context),
  ];
}

function section(
  title: string,
  lines: readonly { readonly name: string; readonly size: string }[],
  command: string,
  { paint }: Context,
): string[] {
  if (lines.length === 0) return [];
  const names = Math.max(...lines.map(({ name }) => textWidth(name)));
  const sizes = Math.max(...lines.map(({ size }) => textWidth(size)));
  return [
    '',
    paint(title, 'bold'),
    ...lines.map(
      ({ name, size }) => `  ${paint(name)}${pad('', names - textWidth(name))}  ${pad(size, sizes, 'right')}`,
    ),
    `    ${paint(command, 'cyan')}`,
  ];
}

/** Names damaged records and the command that repairs them; nothing if there are none. */
export function damagedRecords(
  keys: readonly string[],
  { pipeline, place }: { readonly pipeline: string; readonly place: TypedPlace },
  context: Context,
): string[] {
  const { paint } = context;
  if (keys.length === 0) return [];
  const repair = commandLine(['doctor', pipeline, '--repair'], place, context);
  return [
    ...keys.map((key) => `  a record cannot be read: ${paint(key, 'yellow')}`),
    `  Repair: ${paint(repair, 'cyan')}`,
  ];
}
