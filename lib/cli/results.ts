import { dirname } from 'node:path';
import type { RunReport } from '../operate/run-report.ts';
import { commandLine, shortPath } from './command-line.ts';
import type { Context } from './context.ts';
import { failureLine } from './failure-text.ts';
import { bytes, count, counted } from './format.ts';
import type { Painter } from './painter.ts';
import { pad, textWidth, truncate } from './text-width.ts';

interface Line {
  readonly name: string;
  readonly size: string;
  readonly path: string;
}

/** Where a run's files and datasets are: pages for people first. Paths are never cut, so that they can be copied. */
export function describeResults({ steps }: RunReport, context: Context): string[] {
  const files = steps.flatMap(({ files }) =>
    Object.entries(files).map(([name, file]) => ({
      name,
      size: bytes(file.bytes),
      path: shortPath(file.path, context),
    })),
  );
  files.sort((a, b) => rank(a.name) - rank(b.name));
  const datasets = steps.flatMap(({ step, datasets }) =>
    Object.entries(datasets).map(([name, { rows, paths }]) => ({
      name: `${step}.${name}`,
      size: counted(rows, 'row'),
      path: whereAre(paths, context),
    })),
  );
  return [...section('Files', files, context.paint), ...section('Datasets', datasets, context.paint)];
}

const rank = (name: string): number => (name.endsWith('.html') ? 0 : name.endsWith('.json') ? 2 : 1);

const whereAre = (paths: readonly string[], context: Context): string => {
  const [first, ...others] = paths;
  if (first === undefined) return '';
  return shortPath(others.length === 0 ? first : `${dirname(first)}/ (${count(paths.length)} parts)`, context);
};

function section(title: string, lines: readonly Line[], paint: Painter): string[] {
  if (lines.length === 0) return [];
  const names = Math.max(...lines.map(({ name }) => textWidth(name)));
  const sizes = Math.max(...lines.map(({ size }) => textWidth(size)));
  return [
    '',
    paint(title, 'bold'),
    ...lines.map(
      ({ name, size, path }) =>
        `  ${paint(name)}${pad('', names - textWidth(name))}  ${pad(size, sizes, 'right')}  ${paint(path, 'cyan')}`,
    ),
  ];
}

/** A run's dead letters, each with the command that shows it. */
export function describeDeadLetters(
  { pipeline, dead_letters }: RunReport,
  store: string | null,
  context: Context,
): string[] {
  const { paint } = context;
  if (dead_letters.length === 0) return [];
  return [
    '',
    paint('Dead letters', 'bold'),
    ...dead_letters.flatMap(({ id, step, failure }) => [
      `  ${paint(step)}  ${paint(truncate(failureLine(failure), 160), 'red')}`,
      `    ${paint(commandLine(['dlq', 'show', pipeline, id.slice(pipeline.length + 1)], store, context), 'cyan')}`,
    ]),
  ];
}
