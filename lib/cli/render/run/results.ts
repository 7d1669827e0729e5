import { dirname } from 'node:path';
import { runPrefix } from '../../../contract/object-keys.ts';
import { objectPath } from '../../../operate/runs/object-path.ts';
import type { RunReport } from '../../../operate/runs/run-report.ts';
import type { Context } from '../../context.ts';
import { commandLine, shortPath, type TypedPlace } from '../../typed/command-line.ts';
import { bytes, count, counted } from '../format.ts';
import { pad, textWidth } from '../text-width.ts';

interface Line {
  readonly name: string;
  readonly size: string;
  readonly path: string;
}

/** Locations of a run's files and datasets. Paths are never cut, so that a person can copy them. */
export function describeResults(report: RunReport, context: Context): string[] {
  return [...describeFiles(report, context), ...describeDatasets(report, context)];
}

/** First pages for people, then the results of the last steps. */
function describeFiles({ steps }: RunReport, context: Context): string[] {
  const files = steps.toReversed().flatMap((step) =>
    Object.entries(step.files).map(([name, file]) => ({
      name,
      size: bytes(file.bytes),
      path: shortPath(file.path, context),
    })),
  );
  files.sort((a, b) => Number(b.name.endsWith('.html')) - Number(a.name.endsWith('.html')));
  return section('Files', files, context);
}

/** Paths relative to the run's folder: only their ends differ, and short paths are easier to read. */
function describeDatasets({ steps, store, pipeline, run_id }: RunReport, context: Context): string[] {
  const datasets = steps.flatMap(({ step, datasets }) =>
    Object.entries(datasets).map(([name, { rows, paths }]) => ({ name: `${step}.${name}`, rows, paths })),
  );
  const folder = objectPath(store, runPrefix({ pipeline, run_id }));
  const lines = datasets.map(({ name, rows, paths }) => ({
    name,
    size: counted(rows, 'row'),
    path: whereAre(paths, folder),
  }));
  return section(`Datasets in ${shortPath(folder, context)}`, lines, context);
}

function whereAre(paths: readonly string[], folder: string): string {
  const [first = '', ...others] = paths;
  const text = others.length === 0 ? first : `${dirname(first)}/ (${count(paths.length)} parts)`;
  return text.startsWith(folder) ? text.slice(folder.length) : text;
}

function section(title: string, lines: readonly Line[], { paint, table }: Context): string[] {
  if (lines.length === 0) return [];
  const names = Math.max(...lines.map(({ name }) => textWidth(name)));
  const sizes = Math.max(...lines.map(({ size }) => textWidth(size)));
  const fits = lines.every(({ path }) => names + sizes + textWidth(path) + 6 < table.width);
  const between = fits ? '  ' : '\n    ';
  return [
    '',
    paint(title, 'bold'),
    ...lines.map(
      ({ name, size, path }) =>
        `  ${paint(name)}${pad('', names - textWidth(name))}  ${pad(size, sizes, 'right')}${between}${paint(path, 'cyan')}`,
    ),
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
